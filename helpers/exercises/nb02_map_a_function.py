"""Exercises of 02_map_a_function."""

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, full_range, pair
from helpers.exercises.running import mapped
from helpers.quiet import tensorflow as tf

import numpy as np

_BATCHES = 5  # to see whether random numbers are drawn anew for each
_DRAWN_ONCE = (
    "Every batch gets the same {what}. What NumPy or Python draw is drawn once, when map traces, and a fixed seed "
    "repeats itself: use tf.random.{function}."
)


def _same_images(result, other) -> bool:
    return np.allclose(result[0], other[0], atol=1e-4)


@exercise(
    "0…255 became 0…1, once, and the labels came along.",
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
        "The images go from -1 to 1. Divide by 255 alone.": lambda images, labels: (images / 127.5 - 1, labels),
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
    """A function for map that brings the images from 0…255 to 0…1 and keeps the labels."""
    images = np.random.default_rng(0).uniform(0, 250, (3, 4, 5, 3)).astype(np.float32)
    labels = np.array([2, 0, 1])
    _, (result, _) = mapped(rescale, (images, labels), (images[:2], labels[:2]))
    yield from pair(result, "images", "labels")
    yield np.shape(result[0]) != images.shape, "The first thing that comes out should be the images."
    came_out = np.asarray(result[1]).tolist()
    yield came_out != labels.tolist(), f"The labels were [2, 0, 1] and came out as {came_out}."
    yield from check_rescale.compare(
        result, images, labels, same=_same_images, otherwise="The images are not the given ones divided by 255."
    )


@exercise("Every image gets its own number, a new one in every batch.")
def check_jitter(jitter) -> Rows:
    """A function for map that makes each image of a batch brighter or darker by its own amount."""
    images, labels = np.full((8, 4, 5, 3), 100, np.float32), np.arange(8)
    images[:, :, 2:] = 150  # two levels tell what is added from what is multiplied
    _, results = mapped(jitter, *[(images, labels)] * _BATCHES)
    yield from pair(results[0], "images", "labels")
    is_kept = np.shape(results[0][0]) == images.shape and np.array_equal(results[0][1], labels)
    yield not is_kept, "The shape of the images, and the labels, should come out as they went in."
    brighter = np.array([images for images, _ in results], np.float32)
    yield from full_range(brighter)
    is_multiplied = np.ptp(brighter / images, axis=(2, 3)).max() < 0.001 < np.ptp(brighter - images, axis=(2, 3)).max()
    yield is_multiplied, "The images were multiplied by a number. Add one: as much in dark as in bright places."
    yield from _not_own_amounts(brighter - images)
    extremes = [(np.full((n, 4, 5, 3), value, np.float32), np.arange(n)) for n, value in ((32, 250), (40, 5))]
    _, ((bright, _), (dark, _)) = mapped(jitter, *extremes)
    lowest, highest = dark.min(), bright.max()
    went = f"Values went from {lowest:.0f} to {highest:.0f}."
    yield lowest < 0 or highest > 255, f"{went} Clip to 0…255."
    yield (lowest, highest) != (0, 255), f"{went} Dark and bright images should reach 0 and 255: clip no further."


def _not_own_amounts(added: np.ndarray) -> Rows:
    """The axes of `added`: batch, image, height, width, colour."""
    amounts = added[..., 0, 0, 0]
    hint = "Within an image the amount differs from pixel to pixel. One number for an image: shape (n, 1, 1, 1)."
    yield np.ptp(added, axis=(2, 3)).max() > 0.01, hint
    hint = "Within an image the amount differs from colour to colour. One number for an image: shape (n, 1, 1, 1)."
    yield np.ptp(added, axis=4).max() > 0.01, hint
    hint = "One number was added to all images of the batch. Draw n of them: shape (n, 1, 1, 1)."
    yield np.ptp(amounts, axis=1).max() < 0.01, hint
    yield np.allclose(amounts[0], amounts[1]), _DRAWN_ONCE.format(what="numbers", function="uniform")
    sizes = np.abs(amounts)
    is_one_sided = amounts.min() > 0 or amounts.max() < 0
    hint = "The amounts should lie between -50 and 50, on the scale 0…255: darker as well as brighter."
    yield is_one_sided or not 25 < sizes.max() <= 50, hint
    yield sizes.min() > 25, "Only the largest amounts are drawn. Any number between -50 and 50 may come."


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
        hint = "The noise is in the target. The model gets the first of the two and should give the second."
        yield np.allclose(results[0][0], images), hint
        yield True, "The target is not the clean image. Add the noise to the first of the two only."
    yield from _not_white(noise)
    mean, spread = np.mean(noise), np.std(noise)
    chance = 4 * spread / np.sqrt(noise.size)
    yield (
        abs(mean) > max(3, chance),
        f"The noise makes the images brighter or darker, by {mean:.0f}. Its mean should be 0.",
    )
    yield not 18 < spread < 22, f"The noise has a standard deviation of {spread:.2g}, 20 was asked for."
    most = np.abs(noise).max()
    yield most < 2 * spread, f"The noise never goes beyond {most:.0f}. Draw it from a normal distribution."
    mapped(noisy_pair, (images,), (images[:3],))  # raises if the function counts on one size of batch


def _not_white(noise: np.ndarray) -> Rows:
    """The axes of `noise`: batch, image, height, width, colour."""
    yield not noise.any(), "There is no noise."
    yield np.allclose(noise[0], noise[1]), _DRAWN_ONCE.format(what="noise", function="normal")
    is_shared = np.allclose(noise[0][0], noise[0][1], atol=1e-3)
    yield is_shared, "All images of a batch get the same noise. Draw it in the shape of the batch."
    is_repeated = min(np.ptp(noise[0][0], axis=axis).max() for axis in range(3)) < 0.01
    hint = "The noise is the same for several pixels, or for all colours. Draw it in the shape of the batch."
    yield is_repeated, hint
