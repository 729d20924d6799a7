"""Mistakes that are made in any exercise: each is made here as a learner makes it, and gets its hint."""

from pathlib import Path

from helpers import access
from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.running import Mistake, call, mapped

import tensorflow as tf
import cv2
import numpy as np
import pytest
from PIL import ExifTags, Image

NO_SIZE = (
    "While map traces your function, the size of a batch is None. Use tf.shape(images) for the whole shape, or "
    "tf.shape(images)[0] for the size of the batch."
)
NO_SIZE_FOR_NUMPY = (
    "While map traces your function, the size of a batch is None, and neither Python nor NumPy can use it. "
    "TensorFlow can: use tf.random instead of np.random, with tf.shape(images) for the whole shape, or "
    "tf.shape(images)[0] for the size of the batch."
)
NO_SHAPE = "This should be a shape, but it is one number: tf.shape(images), without [0]."
SYMBOLS = mistakes.SYMBOLS
NO_VALUE = "While map traces your function, a tensor has no value for Python to look at: use tf.where or tf.cond."
BRANCHES = (
    "Both branches of an if on a tensor become part of the graph: set or return the same things in both, with one "
    "dtype, or use tf.where."
)
PARTS = (
    "A function for map is handed over, dataset.map(function), and called with the parts of an element; a pair inside "
    "it, as after zip, is one part."
)
LOOP = "Python cannot loop over a tensor without values: work on the whole batch at once, or use tf.map_fn."
OPENCV = "OpenCV needs an array: image.numpy(), or, inside map, where there are only symbols, tf.numpy_function."
ONE_PATH = "This reads one path, but you passed a batch of them: map first, then batch."
BY_NAME = "The folder is text, so `/` cannot join it with a name: Path(folder, name)."
ROWS = "A list takes one number at a time, not an array of them: [paths[row] for row in rows]."
NO_MARK = "A photo without a mark has no such key: get(key, 1) gives a default."
DIFFERENT_SIZES = "These differ in size; the last batch may be short. Join batches with np.concatenate."
NOTHING_LEFT = "There was nothing to choose from: give max, min or next a default."


def with_the_size_of_the_batch(images, labels):
    return images + tf.random.uniform((images.shape[0], 1, 1, 1)), labels


def with_a_whole_shape(images, labels):
    return images + tf.zeros(images.shape), labels


def if_without_else(images, labels):
    if tf.reduce_mean(images) > 5:
        return images, labels


def if_with_another_dtype(images, labels):
    if tf.reduce_mean(images) > 5:
        return images, labels
    else:
        return tf.cast(images, tf.uint8), labels


def if_with_another_name(images, labels):
    if tf.reduce_mean(images) > 5:
        factor = 2
    return images * factor, labels


def collected(images, labels):
    results = []
    for image in images:
        results.append(image * 2)
    return tf.stack(results), labels


@pytest.mark.parametrize(
    ("function", "advice"),
    [
        (with_the_size_of_the_batch, NO_SIZE),
        (with_a_whole_shape, NO_SIZE),
        (lambda images, labels: (images + np.zeros(images.shape), labels), NO_SIZE_FOR_NUMPY),
        (lambda images, labels: ([images for _ in range(images.shape[0])], labels), NO_SIZE_FOR_NUMPY),
        (lambda images, labels: (images + tf.random.normal(tf.shape(images)[0]), labels), NO_SHAPE),
        (lambda images, labels: (images.numpy() / 2, labels), SYMBOLS),
        (lambda images, labels: (np.divide(images, 255), labels), SYMBOLS),
        (lambda images, labels: (np.clip(images, 0, 255), labels), SYMBOLS),
        (lambda images, labels: (images, bool(labels[0] > 1)), NO_VALUE),
        (if_without_else, BRANCHES),
        (if_with_another_dtype, BRANCHES),
        (if_with_another_name, BRANCHES),
        (lambda images, labels: (list(images), labels), LOOP),
        (
            collected,
            "Inside map, a Python list cannot collect results: work on the whole batch at once, or use tf.map_fn.",
        ),
        (lambda images, labels: (cv2.GaussianBlur(images, (5, 5), 0), labels), OPENCV),
        (lambda images, labels: (tf.numpy_function(print, [images], tf.float32), labels), mistakes.NO_RETURN),
        (lambda images: images, f"The stub shows which arguments your function is called with. {PARTS}"),
    ],
)
def test_in_map(function, advice):
    batch = np.full((3, 4, 4, 3), 9, np.float32), np.arange(3)
    with pytest.raises(Mistake, match=r"^Your answer raised \w+: .+") as caught:
        mapped(function, batch)
    assert str(caught.value).endswith(f". {advice}")


@pytest.mark.parametrize(
    ("function", "advice"),
    [
        (lambda: cv2.cvtColor(tf.zeros((4, 4, 3)), cv2.COLOR_RGB2BGR), OPENCV),
        (lambda: tf.io.read_file(Path("a.jpg")), "TensorFlow does not accept a Path: write str(path)."),
        (
            lambda: tf.data.Dataset.from_tensor_slices([]).map(tf.io.read_file),
            "Your list of paths is empty, so TensorFlow took it for a list of floats.",
        ),
        (lambda: tf.data.Dataset.from_tensor_slices(["a"]).batch(2).map(tf.io.read_file), ONE_PATH),
        (lambda: tf.data.Dataset.from_tensor_slices(["a"]).batch(2).map(tf.io.decode_jpeg), ONE_PATH),
        (lambda: tf.io.read_file(["a", "b"]), ONE_PATH),
        (lambda: tf.io.decode_jpeg([b"a", b"b"]), ONE_PATH),
        (lambda: "photos" / Path("a.jpg").name, BY_NAME),
        (lambda: ["a.jpg", "b.jpg"][np.array([0, 1])], ROWS),
        (lambda: ["a.jpg", "b.jpg"][list(range(2))], ROWS),
        (lambda: Image.Exif()[ExifTags.Base.Orientation], NO_MARK),
        (lambda: np.array([np.ones((2, 4)), np.ones((1, 4))]), DIFFERENT_SIZES),
        (
            lambda: Path(tf.constant("a.jpg")),
            "A path in a dataset is a tensor: path.numpy().decode() converts it to a str.",
        ),
        (lambda: max([]), NOTHING_LEFT),
        (lambda: min(number for number in [1] if number > 1), NOTHING_LEFT),
        (lambda: next(number for number in [1] if number > 1), NOTHING_LEFT),
    ],
)
def test_anywhere(function, advice):
    with pytest.raises(Mistake, match=r"^Your answer raised \w+: .+") as caught:
        call(function)
    assert str(caught.value).endswith(f". {advice}")


def test_an_error_without_advice_is_told_as_it_is():
    assert mistakes.raised(KeyError("ant")) == "Your answer raised KeyError: 'ant'"
    assert mistakes.raised(ValueError("x" * 10**6)).startswith("Your answer raised ValueError: ")
    assert len(mistakes.raised(ValueError("word " * 10**6))) < 400


def test_a_part_that_is_nothing():
    with pytest.raises(Mistake, match="One of the things your function returns is None. set_shape, append and"):
        mapped(lambda images: (images.set_shape((None, 4)), images), (np.ones((2, 4)),))


def double(image):
    return 2 * image


image_of_the_page = np.ones(3)
SCALE, SIZE = 255.0, (64, 64)


def without_its_argument(image):
    return double(image_of_the_page)


def without_an_argument_that_it_needs(image, directory):
    return image + image_of_the_page


def with_constants_alone(image):
    return SCALE * np.ones(SIZE)


def with_a_constant_of_the_page(image):
    return image + image_of_the_page


@exercise("Praise.")
def check_double(function):
    """A function that doubles an image."""
    yield call(function, np.zeros(3)).any(), "Zero should stay zero."


@pytest.mark.parametrize(
    ("function", "unused"),
    [
        (without_its_argument, "image"),
        (without_an_argument_that_it_needs, "directory"),
        (with_a_constant_of_the_page, None),
        (with_constants_alone, None),
        (double, None),
        (lambda image: double(image), None),
        (lambda image: 3, None),
        (print, None),
        (3, None),
    ],
)
def test_a_global_for_argument_in_place_of_an_argument(function, unused):
    hint = mistakes.global_for_argument(function)
    if unused is None:
        assert hint is None
    else:
        words = "Your function uses `image_of_the_page`, a variable of the notebook, instead of its argument"
        assert hint == f"{words} `{unused}`."


def test_a_function_that_uses_another():
    def through_its_module(dataset):
        return access.collect(dataset)

    assert mistakes.uses(access.collect, "collect")
    assert mistakes.uses(through_its_module, "collect")
    assert not mistakes.uses(through_its_module, "image_at")
    assert not mistakes.uses(print, "collect")


def test_a_global_for_argument_comes_before_the_hint_of_the_check():
    assert check_double(without_its_argument).message.startswith("Your function uses `image_of_the_page`")
    assert check_double(with_a_constant_of_the_page).message == "Zero should stay zero."
