"""Exercises of 02_map_a_function."""

import tensorflow as tf
import numpy as np

from helpers.exercises.check import Rows, exercise, mapped, pair


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
    },
)
def check_rescale(rescale) -> Rows:
    """A function for map that brings the images from 0…255 to 0…1 and keeps the labels."""
    case = np.random.default_rng(0).uniform(0, 255, (3, 4, 4, 3)).astype(np.float32), np.array([2, 0, 1])
    images, labels = case
    _, (result,) = mapped(rescale, case)
    yield from pair(result, "images", "labels")
    yield np.shape(result[0]) != images.shape, "The first thing that comes out should be the images."
    came_out = np.asarray(result[1]).tolist()
    yield came_out != labels.tolist(), f"The labels were [2, 0, 1] and came out as {came_out}."
    yield from check_rescale.compare(
        result, *case, same=_same_images, otherwise="The images are not the given ones divided by 255."
    )
