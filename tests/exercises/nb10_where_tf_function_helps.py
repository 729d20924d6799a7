"""Answers to the exercises of 10_where_tf_function_helps."""

import random

import tensorflow as tf
import numpy as np

LAYER = tf.keras.layers.RandomBrightness(50 / 255)
GENERATOR = tf.random.Generator.from_seed(1)
ANY_IMAGES, A_NUMBER = tf.TensorSpec((None, None, None, 3)), tf.TensorSpec(())
once = tf.function(input_signature=[ANY_IMAGES, A_NUMBER])


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


def set_in_one_branch(images, labels):
    if tf.reduce_max(images) > 255:
        amount = -9.0
    return images + amount, labels


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


@tf.function
def traced_for_each(images, amount):
    return tf.maximum(images - amount, 0)


def brightness_of_three(images, labels, seed):
    return tf.image.stateless_random_brightness(images, 50, seed), labels


def brightness(batch, seed, most=50):
    images, labels = batch
    return tf.image.stateless_random_brightness(images, most, seed), labels


def change_by_seeds(change, *, batches_of=2, rerandomize=True, calls=2, seed=4):
    """An answer that zips seeds to the batches, and maps `change`."""

    def repeatable(batches):
        seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=rerandomize).batch(batches_of)
        return tf.data.Dataset.zip(batches, seeds).map(change, num_parallel_calls=calls)

    return repeatable


def change_by_layer(calls):
    """An answer with a Keras layer of its own."""

    def repeatable(batches):
        layer = tf.keras.layers.RandomBrightness(50 / 255)
        return batches.map(lambda images, labels: (layer(images), labels), num_parallel_calls=calls)

    return repeatable


def change_by_function(change):
    return lambda batches: batches.map(lambda images, labels: (change(images), labels))


def by_hand(batch, seed):
    images, labels = batch
    return images + tf.random.stateless_uniform([], seed, -50, 50), labels


def one_for_each_image(batch, seed):
    images, labels = batch
    amounts = tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], seed, -50, 50)
    return images + amounts, labels


def one_for_each_pixel(batch, seed):
    images, labels = batch
    return images + tf.random.stateless_uniform(tf.shape(images), seed, -50, 50), labels


def contrast(batch, seed):
    images, labels = batch
    return tf.image.stateless_random_contrast(images, 0.7, 1.3, seed), labels


def brighter_only(batch, seed):
    images, labels = batch
    return images + tf.random.stateless_uniform([], seed, 0, 50), labels


def images_alone(batch, seed):
    return brightness(batch, seed)[0]


RIGHT = {
    "check_jitter": [
        for_each_image,
        lambda images, labels: (tf.minimum(tf.maximum(images + amounts(images), 0), 255), labels),
        jitter_with(lambda images: tf.random.uniform([len(images), 1, 1, 1], -50, 50)),
        jitter_with(lambda images: GENERATOR.uniform([tf.shape(images)[0], 1, 1, 1], -50, 50)),
        lambda images, labels: (LAYER(images, training=True), labels),
        drawn_by_numpy_for_each_batch,
    ],
    "check_darken": [
        once(lambda images, amount: tf.nn.relu(images - amount)),
        once(lambda pictures, number: tf.clip_by_value(pictures - number, 0, 255)),
        once(lambda images, amount: tf.where(images > amount, images - amount, 0.0)),
        tf.function(lambda images, amount: tf.maximum(images - amount, 0), input_signature=(ANY_IMAGES, A_NUMBER)),
    ],
    "check_repeatable": [
        change_by_seeds(brightness),
        change_by_seeds(by_hand, calls=None),
        change_by_seeds(one_for_each_image),
        change_by_seeds(brightness, seed=None),
        change_by_layer(None),
    ],
}
WRONG = {
    "check_jitter": [
        (jitter_with(lambda images: tf.random.uniform([], -50, 50)), "You added one number to all"),
        (jitter_with(lambda images: random.uniform(-50, 50)), "You added one number to all"),
        (lambda images, labels: (tf.image.random_brightness(images, 50), labels), "You added one number to all"),
        (jitter_with(lambda images: np.random.uniform(-50, 50, (8, 1, 1, 1))), "only once"),
        (jitter_with(amounts_of_fixed_seed), "a fixed seed repeats them"),
        (jitter_with(lambda images: tf.random.uniform(tf.shape(images), -50, 50)), "pixel to pixel"),
        (jitter_with(lambda images: tf.random.uniform([tf.shape(images)[0], 1, 1, 3], -50, 50)), "colour to colour"),
        (jitter_with(lambda images: amounts(images) / 255), "on the scale 0…255"),
        (jitter_with(lambda images: 2 * amounts(images)), "between -50 and 50"),
        (jitter_with(lambda images: tf.abs(amounts(images))), "darker as well as brighter"),
        (jitter_with(lambda images: 50 * tf.sign(amounts(images))), "only the largest amounts"),
        (jitter_with(amounts, high=1), "between 0 and 1"),
        (jitter_with(amounts, high=200), "Values went from 0 to 200. Dark and bright images should reach"),
        (multiplied, "You multiplied the images by a number. Add one"),
        (lambda images, labels: (images * tf.random.uniform([], 0.65, 1.35), labels), "You multiplied"),
        (lambda images, labels: (tf.minimum(images + amounts(images), 255), labels), "Clip to 0…255"),
        (lambda images, labels: (images + amounts(images), labels), "Clip to 0…255"),
        (clipped_before, "Clip to 0…255"),
        (lambda images, labels: tf.clip_by_value(images + amounts(images), 0, 255), "is only one thing"),
        (lambda images, labels: (images, labels + 1), "should not change"),
        (size_of_the_trace, "the size of a batch is None. Use tf.shape(images)"),
        (
            jitter_with(lambda images: np.random.uniform(-50, 50, (images.shape[0], 1, 1, 1))),
            "tf.shape(images)[0]",
        ),
        (jitter_with(lambda images: tf.random.uniform([8, 1, 1, 1], -50, 50)), "for one batch size only"),
        (jitter_with(lambda images: tf.random.uniform([8], -50, 50)), "the shape (n, 1, 1, 1), to broadcast"),
        (jitter_with(lambda images: tf.random.uniform([len(images)], -50, 50)), "the shape (n, 1, 1, 1), to broadcast"),
        (clip_of_numpy, "which have no values yet"),
        (jitter_with(lambda images: np.random.uniform(-50, 50, tf.shape(images)[0])), "which have no values yet"),
        (written_into, "which have no values yet"),
        (collected_in_a_list, "Inside map, a Python list cannot collect results"),
        (listed_images, "Python cannot loop over a tensor without values"),
        (python_if, "use tf.where or tf.cond"),
        (set_in_one_branch, "Both branches of an if on a tensor"),
        (
            lambda images, labels: (tf.keras.layers.RandomBrightness(0.2)(images), labels),
            "Create a Keras layer once, outside",
        ),
        (jitter_without_return, "Is a `return` missing?"),
    ],
    "check_darken": [
        (traced_for_each, "The values are right, after"),
        (tf.function(traced_for_each.python_function, reduce_retracing=True), "The values are right, after"),
        (lambda images, amount: tf.maximum(images - amount, 0), "this is a plain function"),
        (once(lambda images, amount: images - amount), "Set values below 0 to 0"),
        (once(lambda images, amount: tf.maximum(images + amount, 0)), "became brighter"),
        (once(lambda images, amount: tf.maximum(images - amount / 255, 0)), "not the original images minus"),
        (once(lambda images, amount: tf.maximum(images[0] - amount, 0)), "The shape of the images should not change"),
        (lambda images, amount: np.maximum(images - amount, 0), "should return one tensor"),
        (once(lambda images, amount: (images - amount, amount)), "should return one tensor"),
    ],
    "check_repeatable": [
        (change_by_function(lambda images: tf.image.random_brightness(images, 50)), "the same changes as the first"),
        (change_by_seeds(brightness, rerandomize=False), "the same changes as the first"),
        (
            change_by_function(lambda images: images + GENERATOR.uniform([], -50, 50)),
            "The next run has other changes",
        ),
        (change_by_function(lambda images: images + random.uniform(-50, 50)), "by the same amount"),
        (
            change_by_function(lambda images: tf.image.stateless_random_brightness(images, 50, (1, 2))),
            "by the same amount",
        ),
        (lambda batches: batches, "Nothing has changed"),
        (change_by_seeds(lambda batch, seed: brightness(batch, seed, 50 / 255)), "on the scale 0…255"),
        (change_by_seeds(lambda batch, seed: brightness(batch, seed, 90)), "at most 50"),
        (change_by_seeds(brighter_only), "others brighter"),
        (change_by_seeds(one_for_each_pixel), "differs from pixel to pixel"),
        (change_by_seeds(contrast), "differs from pixel to pixel"),
        (change_by_seeds(images_alone), "This should be a pair, images and labels"),
        (change_by_seeds(brightness, batches_of=3), "Your answer raised"),
        (change_by_seeds(brightness_of_three), "a pair inside it, as after zip, is one part"),
        (lambda batches: change_by_seeds(brightness)(batches.shuffle(9)), "their order should not change"),
        (lambda batches: change_by_seeds(brightness)(batches.repeat(2)), "60 batches went in, but 120 came out"),
        (lambda batches: change_by_seeds(brightness)(batches.repeat()), "This never ends"),
        (lambda batches: list(batches), "This should be a dataset"),
    ],
}
