"""Exercises of 02_map_a_function."""

from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, full_range, pair
from helpers.exercises.running import mapped
from helpers.quiet import tensorflow as tf

import numpy as np

_BATCHES = 5  # to see whether random numbers are drawn anew for each


def _same_images(result, other) -> bool:
    return np.allclose(result[0], other[0], atol=1e-4)


@exercise(
    "0…255 became 0…1, just once, and the labels stayed with the images.",
    right=lambda images, labels: (images / 255, labels),
    impostors={
        "The images are still 0…255. convert_image_dtype and cast do not divide a float.": lambda images, labels: (
            tf.image.convert_image_dtype(images, tf.float32),
            labels,
        ),
        "The images were divided twice: the largest value is 0.004.": lambda images, labels: (
            images / 255 / 255,
            labels,
        ),
        "The images go from -1 to 1. Only divide by 255.": lambda images, labels: (images / 127.5 - 1, labels),
        "// cuts off the decimals, so nearly everything is 0. Divide with /.": lambda images, labels: (
            images // 255,
            labels,
        ),
        "Each batch was divided by its own largest value. Divide by the largest that an image can have.": (
            lambda images, labels: (images / tf.reduce_max(images), labels)
        ),
    },
)
def check_rescale(rescale) -> Rows:
    """A function for map that rescales the images from 0…255 to 0…1 and keeps the labels."""
    images = np.random.default_rng(0).uniform(0, 250, (3, 4, 5, 3)).astype(np.float32)
    labels = np.array([2, 0, 1])
    _, (result, _) = mapped(rescale, (images, labels), (images[:2], labels[:2]))
    yield from pair(result, "images", "labels")
    yield np.shape(result[0]) != images.shape, "The first thing you return should be the images."
    came_out = np.asarray(result[1]).tolist()
    yield came_out != labels.tolist(), f"The labels were [2, 0, 1] and came out as {came_out}."
    yield from check_rescale.compare(
        result, images, labels, same=_same_images, otherwise="These are not the original images divided by 255."
    )


@exercise("Noise goes in, the clean image is the target.")
def check_noisy_pair(noisy_pair) -> Rows:
    """A function for map from images to (images with noise, clean images), to train a denoiser."""
    images = np.random.default_rng(1).uniform(80, 175, (4, 8, 9, 3)).astype(np.float32)  # so that clipping cuts little
    _, results = mapped(noisy_pair, *[(images,)] * _BATCHES)
    yield from pair(results[0], "noisy images", "clean images")
    has_shapes = all(np.shape(part) == images.shape for part in results[0])
    yield not has_shapes, "Both parts should have the shape of the images."
    for part in results[0]:
        yield from full_range(part)
    noise = np.array([noisy for noisy, _ in results]) - images
    if not np.allclose(results[0][1], images):
        hint = "The noise is in the target. The model gets the first of the two and should return the second."
        yield np.allclose(results[0][0], images), hint
        yield True, "The target is not the clean image. Add noise only to the first of the two."
    yield from _not_white(noise)
    mean, spread = np.mean(noise), np.std(noise)
    chance = 4 * spread / np.sqrt(noise.size)
    yield (
        abs(mean) > max(3, chance),
        f"The noise makes the images brighter or darker, by {mean:.0f}. Its mean should be 0.",
    )
    yield not 18 < spread < 22, f"The noise has a standard deviation of {spread:.2g}; it should be 20."
    most = np.abs(noise).max()
    yield most < 2 * spread, f"The noise never goes beyond {most:.0f}. Draw it from a normal distribution."
    mapped(noisy_pair, (images,), (images[:3],))  # raises if the function counts on one size of batch


def _not_white(noise: np.ndarray) -> Rows:
    """The axes of `noise`: batch, image, height, width, colour."""
    yield not noise.any(), "There is no noise."
    yield np.allclose(noise[0], noise[1]), mistakes.DRAWN_ONCE.format(what="noise", function="normal")
    is_shared = np.allclose(noise[0][0], noise[0][1], atol=1e-3)
    yield is_shared, "All images of a batch get the same noise. Draw it in the shape of the batch."
    is_repeated = min(np.ptp(noise[0][0], axis=axis).max() for axis in range(3)) < 0.01
    hint = "Several pixels, or all colours, get the same noise. Draw it in the shape of the batch."
    yield is_repeated, hint
