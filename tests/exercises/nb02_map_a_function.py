"""Answers to the exercises of 02_map_a_function."""

import random

import tensorflow as tf
import numpy as np

LAYER = tf.keras.layers.RandomBrightness(50 / 255)
GENERATOR = tf.random.Generator.from_seed(1)


def jitter_with(draw, low=0, high=255):
    """An answer that adds what `draw(images)` gives, and clips."""
    return lambda images, labels: (tf.clip_by_value(images + draw(images), low, high), labels)


def amounts(images):
    return tf.random.uniform([tf.shape(images)[0], 1, 1, 1], -50, 50)


def amounts_of_fixed_seed(images):
    return tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], (1, 2), -50, 50)


def multiplied(images, labels):
    factors = tf.random.uniform([tf.shape(images)[0], 1, 1, 1], 0.65, 1.35)
    return tf.clip_by_value(images * factors, 0, 255), labels


def size_of_the_trace(images, labels):
    drawn = tf.random.uniform((images.shape[0], 1, 1, 1), -50, 50)
    return tf.clip_by_value(images + drawn, 0, 255), labels


def clip_of_numpy(images, labels):
    return np.clip(images + amounts(images), 0, 255), labels


def collected_in_a_list(images, labels):
    result = []
    for image in images:
        result.append(tf.clip_by_value(image + tf.random.uniform([], -50, 50), 0, 255))
    return tf.stack(result), labels


def listed_images(images, labels):
    return tf.stack([image + random.uniform(-50, 50) for image in images]), labels


def written_into(images, labels):
    images[0] += random.uniform(-50, 50)
    return images, labels


def python_if(images, labels):
    brighter = images + amounts(images)
    if bool(tf.reduce_max(brighter) > 255):
        brighter = tf.minimum(brighter, 255)
    return brighter, labels


def clipped_before(images, labels):
    return tf.clip_by_value(images, 0, 255) + amounts(images), labels


def for_each_image(images, labels):
    def brighter(image):
        return tf.clip_by_value(tf.image.random_brightness(image, 50), 0, 255)

    return tf.map_fn(brighter, images), labels


def drawn_by_numpy_for_each_batch(images, labels):
    def draw(batch):
        return np.random.uniform(-50, 50, (len(batch), 1, 1, 1)).astype("float32")

    return tf.clip_by_value(images + tf.numpy_function(draw, [images], tf.float32), 0, 255), labels


def jitter_without_return(images, labels):
    tf.clip_by_value(images + amounts(images), 0, 255), labels


def noise(images):
    return tf.random.normal(tf.shape(images), stddev=20)


def noise_for_the_batch(images):
    return images + tf.random.normal(tf.shape(images[:1]), stddev=20)


def noise_of_fixed_seed(images):
    return images + tf.random.stateless_normal(tf.shape(images), (1, 2), stddev=20), images


def noisy_list(images):
    result = []
    for image in images:
        result.append(image + noise(image))
    return tf.stack(result), images


def uniform_noise(images):
    width = 20 * np.sqrt(3)
    return images + tf.random.uniform(tf.shape(images), -width, width), images


def scaled_pair(images):
    images = images / 255
    return images + tf.random.normal(tf.shape(images), stddev=20 / 255), images


RIGHT = {
    "check_rescale": [
        lambda images, labels: (tf.cast(images, tf.float32) / 255.0, labels),
        lambda pictures, numbers: (tf.keras.layers.Rescaling(1 / 255)(pictures), numbers),
        lambda images, labels: [tf.multiply(images, 1 / 255), tf.identity(labels)],
        lambda images, labels: (tf.map_fn(lambda image: image / 255, images), labels),
        lambda *batch: (tf.math.divide(batch[0], 255), batch[1]),
    ],
    "check_jitter": [
        for_each_image,
        lambda images, labels: (tf.minimum(tf.maximum(images + amounts(images), 0), 255), labels),
        jitter_with(lambda images: tf.random.uniform([len(images), 1, 1, 1], -50, 50)),
        jitter_with(lambda images: GENERATOR.uniform([tf.shape(images)[0], 1, 1, 1], -50, 50)),
        lambda images, labels: (LAYER(images, training=True), labels),
        drawn_by_numpy_for_each_batch,
    ],
    "check_noisy_pair": [
        lambda images: (images + 20 * tf.random.normal(tf.shape(images)), images),
        lambda images: (tf.clip_by_value(images + noise(images), 0, 255), images),
        lambda images: (tf.add(images, noise(images)), tf.identity(images)),
        lambda images: (tf.map_fn(lambda image: image + noise(image), images), images),
    ],
}
WRONG = {
    "check_rescale": [
        (lambda images, labels: images / 255, "one ndarray"),
        (lambda images, labels: (images, labels), "still 0…255"),
        (lambda images, labels: (images / 256, labels), "divided by 255"),
        (lambda images, labels: (images / 255, labels / 255), "The labels were [2, 0, 1]"),
        (lambda images, labels: (images[0] / 255, labels), "should be the images"),
        (lambda images, labels: (labels, images / 255), "should be the images"),
        (lambda images, labels: (images.numpy() / 255, labels), "which have no values yet"),
        (lambda images, labels: (np.divide(images, 255), labels), "which have no values yet"),
        (lambda images, labels: (images.astype("float32") / 255, labels), "which have no values yet"),
        (lambda images, labels: (images[:3] / tf.fill([3, 4, 5, 3], 255.0), labels), "Incompatible shapes"),
    ],
    "check_jitter": [
        (jitter_with(lambda images: tf.random.uniform([], -50, 50)), "One number was added to all"),
        (jitter_with(lambda images: random.uniform(-50, 50)), "One number was added to all"),
        (lambda images, labels: (tf.image.random_brightness(images, 50), labels), "One number was added to all"),
        (jitter_with(lambda images: np.random.uniform(-50, 50, (8, 1, 1, 1))), "drawn once"),
        (jitter_with(amounts_of_fixed_seed), "a fixed seed repeats itself"),
        (jitter_with(lambda images: tf.random.uniform(tf.shape(images), -50, 50)), "pixel to pixel"),
        (jitter_with(lambda images: tf.random.uniform([tf.shape(images)[0], 1, 1, 3], -50, 50)), "colour to colour"),
        (jitter_with(lambda images: amounts(images) / 255), "on the scale 0…255"),
        (jitter_with(lambda images: 2 * amounts(images)), "between -50 and 50"),
        (jitter_with(lambda images: tf.abs(amounts(images))), "darker as well as brighter"),
        (jitter_with(lambda images: 50 * tf.sign(amounts(images))), "Only the largest amounts"),
        (jitter_with(amounts, high=1), "between 0 and 1"),
        (jitter_with(amounts, high=200), "Values went from 0 to 200. Dark and bright images should reach"),
        (multiplied, "The images were multiplied by a number. Add one"),
        (lambda images, labels: (images * tf.random.uniform([], 0.65, 1.35), labels), "were multiplied"),
        (lambda images, labels: (tf.minimum(images + amounts(images), 255), labels), "Clip to 0…255"),
        (lambda images, labels: (images + amounts(images), labels), "Clip to 0…255"),
        (clipped_before, "Clip to 0…255"),
        (lambda images, labels: tf.clip_by_value(images + amounts(images), 0, 255), "one ndarray"),
        (lambda images, labels: (images, labels + 1), "as they went in"),
        (size_of_the_trace, "the size of a batch is None: take tf.shape(images)[0]"),
        (
            jitter_with(lambda images: np.random.uniform(-50, 50, (images.shape[0], 1, 1, 1))),
            "take tf.shape(images)[0]",
        ),
        (jitter_with(lambda images: tf.random.uniform([8, 1, 1, 1], -50, 50)), "for one size of batch only"),
        (jitter_with(lambda images: tf.random.uniform([8], -50, 50)), "the shape (n, 1, 1, 1), to spread"),
        (jitter_with(lambda images: tf.random.uniform([len(images)], -50, 50)), "the shape (n, 1, 1, 1), to spread"),
        (clip_of_numpy, "which have no values yet"),
        (jitter_with(lambda images: np.random.uniform(-50, 50, tf.shape(images)[0])), "which have no values yet"),
        (written_into, "which have no values yet"),
        (collected_in_a_list, "A Python list cannot collect in map"),
        (listed_images, "Python cannot loop over what has no values yet"),
        (python_if, "use tf.where or tf.cond"),
        (
            lambda images, labels: (tf.keras.layers.RandomBrightness(0.2)(images), labels),
            "A Keras layer must be made once, outside",
        ),
        (jitter_without_return, "is `return` missing"),
    ],
    "check_noisy_pair": [
        (lambda images: (images, images + noise(images)), "The noise is in the target"),
        (lambda images: (images + noise(images), images + noise(images)), "not the clean image"),
        (lambda images: (images, images), "There is no noise"),
        (lambda images: images + noise(images), "one ndarray"),
        (lambda images: (images + np.random.normal(0, 20, (4, 8, 9, 3)), images), "drawn once, when map traces"),
        (noise_of_fixed_seed, "a fixed seed repeats itself"),
        (lambda images: (noise_for_the_batch(images), images), "All images of a batch"),
        (lambda images: (images + tf.random.normal([len(images), 1, 1, 1], stddev=20), images), "for several pixels"),
        (lambda images: (images + tf.random.normal([4, 8, 9, 1], stddev=20), images), "for all colours"),
        (lambda images: (images + tf.random.normal([4, 8, 9, 3], stddev=20), images), "for one size of batch only"),
        (lambda images: (images + tf.abs(noise(images)), images), "Its mean should be 0"),
        (lambda images: (images + tf.random.normal(tf.shape(images), 20), images), "brighter or darker, by 20"),
        (lambda images: (images + noise(images) / 20, images), "20 was asked for"),
        (lambda images: (images + tf.random.normal(tf.shape(images), stddev=400), images), "20 was asked for"),
        (uniform_noise, "Draw it from a normal distribution"),
        (lambda images: (images[0] + noise(images[0]), images), "the shape of the images"),
        (lambda images: (images + tf.random.normal(images.shape, stddev=20), images), "take tf.shape(images)[0]"),
        (lambda images: (images + np.random.normal(0, 20, images.shape), images), "take tf.shape(images)[0]"),
        (lambda images: (np.clip(images + noise(images), 0, 255), images), "which have no values yet"),
        (noisy_list, "A Python list cannot collect in map"),
        (lambda images: (tf.clip_by_value(images + noise(images), 0, 1), images), "between 0 and 1"),
        (scaled_pair, "between 0 and 1"),
    ],
}
