"""Exercises of 03_to_numpy."""

from collections.abc import Callable

from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, array, full_range, pair
from helpers.exercises.running import Mistake, call, mapped
from helpers.quiet import tensorflow as tf

import cv2
import numpy as np

_COUNT = 20


@exercise("One pass, so images and labels match.")
def check_to_arrays(to_arrays) -> Rows:
    """A function from a shuffled dataset to two arrays, images and labels."""
    numbers = np.arange(_COUNT)
    images = np.random.default_rng(4).uniform(0, 255, (_COUNT, 4, 5, 3)).astype(np.float32)
    images[:, 0, 0, 0] = numbers  # image i tells its number
    result = call(to_arrays, tf.data.Dataset.from_tensor_slices((images, numbers)).shuffle(_COUNT).batch(6))
    yield from pair(result, "images", "labels")
    kinds = " and ".join(type(part).__name__ for part in result)
    lists = [part for part in result if isinstance(part, list | tuple)]
    is_joined = all(len(part) == _COUNT for part in lists)
    advice = "np.array converts a list to an array." if is_joined else "Join the batches."
    yield lists, f"These should be arrays; they are {kinds}. {advice}"
    for part in result:
        yield from array(part)
        is_number = part.dtype.kind in "iuf"
        yield not is_number, f"The arrays should hold numbers, as the dataset does; one of yours holds {part.dtype}."
    pictures, labels = result
    shapes = f"{pictures.shape} and {labels.shape}"
    has_shapes = pictures.shape[1:] == images.shape[1:] and labels.ndim == 1
    yield not has_shapes, f"The shapes should be {images.shape} and ({_COUNT},); they are {shapes}."
    count = f"{len(pictures)} and {len(labels)} labels"
    is_whole = len(pictures) == len(labels) == _COUNT
    yield not is_whole, f"The dataset has {_COUNT} images, and the last batch is short; you have {count}."
    found = pictures[:, 0, 0, 0].astype(int)
    is_changed = not np.isin(found, numbers).all() or not np.allclose(pictures, images[found], atol=1)
    yield is_changed, "The pixels are not those of the dataset. Join the batches and change nothing."
    yield not np.array_equal(found, labels), mistakes.TWO_PASSES
    yield sorted(labels) != list(numbers), "Some images appear twice, others not at all."
    yield (
        mistakes.uses(to_arrays, "collect"),
        "X and y are right. Now do it without access.collect: one loop, in NumPy.",
    )


def _whole(image) -> np.ndarray:
    return np.clip(image, 0, 255).astype("uint8")


def _blue_first(image) -> np.ndarray:
    return cv2.cvtColor(_whole(image), cv2.COLOR_RGB2BGR)


@exercise(
    "Blue first, uint8 and contiguous: OpenCV can draw on it and save it.",
    right=_blue_first,
    impostors={
        "The order is still red, green, blue. OpenCV reads blue first.": _whole,
        "You reversed the rows, not the colours: those are on the last axis.": lambda image: _whole(image)[::-1],
        "You reversed the columns, not the colours: those are on the last axis.": (
            lambda image: _whole(image)[:, ::-1]
        ),
    },
)
def check_for_opencv(for_opencv) -> Rows:
    """A function from one image of the loader to the array that OpenCV expects."""
    image = np.random.default_rng(2).uniform(0, 255, (13, 11, 3)).astype(np.float32)
    image[0, 0], image[0, 1] = (200, 50, 10), (262, -6, 10)
    image[-1, -1] = 10, -6, 262  # tf.cast saturates, but for the last few
    picture = call(for_opencv, tf.constant(image))
    yield from array(picture)
    yield picture.shape != image.shape, f"The shape was {image.shape} and is now {picture.shape}."
    yield picture.dtype != np.uint8, f"The dtype is {picture.dtype}; OpenCV's pictures are uint8."
    yield from full_range(picture)
    is_inside = ((image >= 0) & (image <= 255)).all(axis=-1)
    right = _blue_first(image)
    is_off = np.abs(picture.astype(int) - right).max(axis=-1) > 1

    def same(one, other) -> bool:
        return np.allclose(one[is_inside], other[is_inside], atol=1)

    otherwise = _came_out(image, picture, is_off & is_inside, "; it should be {wanted}.")
    yield from check_for_opencv.compare(picture, tf.constant(image), same=same, otherwise=otherwise)
    yield is_off.any(), _came_out(image, picture, is_off, ": clip before you change the dtype.")
    hint = "This array is not contiguous in memory, so OpenCV cannot draw on it. np.ascontiguousarray helps."
    yield not picture.flags.c_contiguous, hint
    hint = "This array is read-only, so OpenCV cannot draw on it. Copy it with np.array."
    yield not picture.flags.writeable, hint


def _came_out(image: np.ndarray, picture: np.ndarray, is_off: np.ndarray, advice: str) -> str:
    """What became of the first pixel that is off."""
    if not is_off.any():
        return ""
    place = tuple(np.argwhere(is_off)[0])
    red, green, blue = image[place].round().astype(int)
    wanted = _blue_first(image)[place].tolist()
    came_out = f"Red {red}, green {green}, blue {blue} came out as {picture[place].tolist()}"
    return came_out + advice.format(wanted=wanted)


def _mapping(blur_batch: Callable[[np.ndarray], np.ndarray]) -> Callable:
    """A function for map that applies one for arrays."""

    def function(images, labels):
        result = tf.numpy_function(blur_batch, [images], tf.float32)
        result.set_shape(images.shape)
        return result, labels

    return function


def _blurred(batch: np.ndarray, size: int = 5) -> np.ndarray:
    return np.stack([cv2.GaussianBlur(image, (size, size), 0) for image in batch])


_SYMBOLS = (
    "Inside map there are only symbols, which have no values yet: put the Python code in tf.numpy_function, which "
    "calls it with arrays."
)


def _same_images(one, other) -> bool:
    return np.allclose(one[0], other[0], atol=1)


@exercise(
    "OpenCV works on each image, and the dataset still knows its shapes.",
    right=_mapping(_blurred),
    impostors={
        "You blurred only the first image. OpenCV takes one image at a time: loop over the batch.": _mapping(
            lambda batch: np.concatenate([_blurred(batch[:1]), batch[1:]])
        ),
        "You blurred the images with (9, 9), as above; use (5, 5) here.": _mapping(lambda batch: _blurred(batch, 9)),
    },
)
def check_blur(blur) -> Rows:
    """A function for map that blurs each image with OpenCV and keeps labels and shapes."""
    rng = np.random.default_rng(3)
    batches = [(rng.uniform(0, 255, (n, 9, 8, 3)).astype(np.float32), np.arange(n)) for n in (3, 2)]
    try:
        spec, results = mapped(blur, *batches)
    except Mistake as mistake:  # of the two ways out, this exercise wants the other one
        raise Mistake(str(mistake).replace(mistakes.SYMBOLS, _SYMBOLS)) from mistake
    yield from pair(spec, "images", "labels")
    otherwise = "These are not the images as blurred by cv2.GaussianBlur(image, (5, 5), 0)."
    for result, (images, labels) in zip(results, batches, strict=True):
        is_kept = np.shape(result[0]) == images.shape and np.array_equal(result[1], labels)
        yield not is_kept, "The labels and the shape of the images should not change."
        yield from check_blur.compare(result, images, labels, same=_same_images, otherwise=otherwise)
    image_shape, label_shape = (part.shape for part in spec)
    hint = "The dataset has lost the shape of its labels. Keep them out of the Python function."
    yield label_shape.rank is None, hint
    is_lost = image_shape.rank is None or None in image_shape[1:]
    yield (
        is_lost,
        (
            f"The dataset has lost the shape of its images ({image_shape}); a model could not use it. "
            "set_shape restores it."
        ),
    )
