"""Answers to the exercises of 02_map_a_function."""

import tensorflow as tf
import numpy as np

from tests.material import load


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


def colleagues(folder, **options):
    return load(folder, **{"image_size": (64, 64), "batch_size": None, **options})


def make_small(images, labels):
    return tf.image.resize(tf.image.central_crop(images, 0.8), (16, 16)) / 255, labels


def divided(images, labels):
    return images / 255, labels


def crop_alone(images, labels):
    return tf.image.resize(tf.image.central_crop(images, 0.8), (16, 16)), labels


def from_two_passes(folder):
    images = colleagues(folder, batch_size=32, label_mode=None).map(lambda images: make_small(images, 0)[0])
    labels = colleagues(folder, batch_size=32).map(lambda images, labels: labels)
    return tf.data.Dataset.zip(images, labels)


def without_shape(images, labels):
    return tf.numpy_function(np.copy, [images], tf.float32), labels


RIGHT = {
    "check_fixed_photos": [
        lambda folder: colleagues(folder).map(make_small).batch(32),
        lambda folder: colleagues(folder).batch(32).map(make_small),
        lambda folder: (
            colleagues(folder, batch_size=32, shuffle=False).map(crop_alone).map(divided).cache().prefetch(1)
        ),
        lambda folder: colleagues(folder, batch_size=8).map(make_small).rebatch(32),
        lambda folder: (
            colleagues(folder)
            .map(crop_alone)
            .map(lambda image, label: (tf.keras.layers.Rescaling(1 / 255)(image), label))
            .batch(32)
        ),
        lambda folder: (
            colleagues(folder).map(make_small).map(divided).batch(32).map(lambda images, labels: (images * 255, labels))
        ),
    ],
    "check_rescale": [
        lambda images, labels: (tf.cast(images, tf.float32) / 255.0, labels),
        lambda pictures, numbers: (tf.keras.layers.Rescaling(1 / 255)(pictures), numbers),
        lambda images, labels: [tf.multiply(images, 1 / 255), tf.identity(labels)],
        lambda images, labels: (tf.map_fn(lambda image: image / 255, images), labels),
        lambda *batch: (tf.math.divide(batch[0], 255), batch[1]),
    ],
    "check_noisy_pair": [
        lambda images: (images + 20 * tf.random.normal(tf.shape(images)), images),
        lambda images: (tf.clip_by_value(images + noise(images), 0, 255), images),
        lambda images: (tf.add(images, noise(images)), tf.identity(images)),
        lambda images: (tf.map_fn(lambda image: image + noise(image), images), images),
    ],
}
WRONG = {
    "check_fixed_photos": [
        (lambda folder: colleagues(folder).map(make_small).map(divided), '"single images"'),
        (lambda folder: colleagues(folder).map(make_small), "add batch(32) as the last step"),
        (lambda folder: colleagues(folder).map(make_small).map(divided).batch(32), "Look into make_small"),
        (lambda folder: colleagues(folder, batch_size=32).map(make_small).batch(32), "These are batched twice"),
        (lambda folder: colleagues(folder, batch_size=8).map(make_small).batch(5), '"batched twice"'),
        (lambda folder: colleagues(folder, batch_size=32).map(crop_alone), "from 0 to 255"),
        (lambda folder: colleagues(folder, batch_size=32).map(divided), "Keep .map(make_small)"),
        (lambda folder: colleagues(folder, batch_size=32, image_size=(16, 16)).map(divided), "cuts off the borders"),
        (lambda folder: make_small(colleagues(folder, batch_size=32)), "dataset.map(function)"),
        (
            lambda folder: (
                colleagues(folder).map(crop_alone).map(lambda image, label: (image / 127.5 - 1, label)).batch(32)
            ),
            "not the images that make_small gives",
        ),
        (lambda folder: colleagues(folder).map(make_small).batch(8), "make batches of 32 and 8; yours hold [8, 8"),
        (lambda folder: colleagues(folder).map(make_small).batch(32).repeat(), "never ends"),
        (lambda folder: colleagues(folder, batch_size=32).map(make_small).take(0), '"empty"'),
        (
            lambda folder: (
                colleagues(folder, batch_size=32).map(make_small).map(lambda images, labels: (images, labels + 1))
            ),
            '"labels out of range"',
        ),
        (lambda folder: colleagues(folder, batch_size=32).map(make_small).map(without_shape), '"shape unknown"'),
        (from_two_passes, "come from two passes"),
        (
            lambda folder: colleagues(folder).map(make_small).batch(32, drop_remainder=True),
            "8 of 40 photos are missing",
        ),
        (lambda folder: colleagues(folder, batch_size=32).map(make_small).skip(1), "of 40 photos are missing"),
        (lambda folder: colleagues(folder, batch_size=32).batch(2).map(make_small), "These are batched twice"),
        (lambda folder: colleagues(folder, batch_size=32).map(lambda *batch: make_small(*batch)[0]), "one TensorSpec"),
        (lambda folder: next(iter(colleagues(folder, batch_size=32).map(make_small))), "should be a dataset"),
        (
            lambda folder: colleagues(folder, batch_size=32).map(lambda images, labels: (images.numpy(), labels)),
            "which have no values yet",
        ),
    ],
    "check_rescale": [
        (lambda images, labels: images / 255, "is only one thing"),
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
    "check_noisy_pair": [
        (lambda images: (images, images + noise(images)), "The noise is in the target"),
        (lambda images: (images + noise(images), images + noise(images)), "not the clean image"),
        (lambda images: (images, images), "There is no noise"),
        (lambda images: images + noise(images), "is only one thing"),
        (lambda images: (images + np.random.normal(0, 20, (4, 8, 9, 3)), images), "only once, when map traces"),
        (noise_of_fixed_seed, "a fixed seed repeats them"),
        (lambda images: (noise_for_the_batch(images), images), "All images of a batch"),
        (lambda images: (images + tf.random.normal([len(images), 1, 1, 1], stddev=20), images), "Several pixels"),
        (lambda images: (images + tf.random.normal([4, 8, 9, 1], stddev=20), images), "all colours"),
        (lambda images: (images + tf.random.normal([4, 8, 9, 3], stddev=20), images), "for one batch size only"),
        (lambda images: (images + tf.abs(noise(images)), images), "Its mean should be 0"),
        (lambda images: (images + tf.random.normal(tf.shape(images), 20), images), "brighter or darker, by 20"),
        (lambda images: (images + noise(images) / 20, images), "it should be 20"),
        (lambda images: (images + tf.random.normal(tf.shape(images), stddev=400), images), "it should be 20"),
        (uniform_noise, "Draw it from a normal distribution"),
        (lambda images: (images[0] + noise(images[0]), images), "the shape of the images"),
        (lambda images: (images + tf.random.normal(images.shape, stddev=20), images), "Use tf.shape(images) for the"),
        (
            lambda images: (images + np.random.normal(0, 20, images.shape), images),
            "tf.random instead of np.random, with",
        ),
        (
            lambda images: (images + np.random.normal(0, 20, tf.shape(images)), images),
            "tf.random instead of np.random",
        ),
        (lambda images: (images + tf.random.normal(tf.shape(images)[0], 0, 20), images), "without [0]"),
        (lambda images: (np.clip(images + noise(images), 0, 255), images), "which have no values yet"),
        (noisy_list, "Inside map, a Python list cannot collect results"),
        (lambda images: (tf.clip_by_value(images + noise(images), 0, 1), images), "between 0 and 1"),
        (scaled_pair, "between 0 and 1"),
    ],
}
