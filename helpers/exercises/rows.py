"""Rows and words that several checks share."""

import numbers
from collections.abc import Generator
from typing import Any

from helpers.exercises import mistakes
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image

Rows = Generator[tuple[object, str], None, Any]


def kind_of(value) -> str:
    """ "a list", "an int", "a dataset", "the class Path", "the module os", for a hint."""
    name = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, Image.Image):
        return "a Pillow image"
    if name == "module":
        return f"the module {value.__name__}"
    if isinstance(value, tf.data.Dataset):
        return "a dataset"
    return f"{'an' if name[0].lower() in 'aeiou' or name == 'ndarray' else 'a'} {name}"


def pair(value, first: str, second: str) -> Rows:
    """A row for anything that is not a pair."""
    is_sequence = isinstance(value, tuple | list)
    count = len(value) if is_sequence else 1
    is_array = isinstance(value, np.ndarray)  # what was a tensor in map
    kind = "is only one thing" if is_array else f"is one {type(value).__name__}"
    got = f"has {count} value{'s' * (count != 1)}" if is_sequence else kind
    yield not is_sequence or count != 2, f"This should be a pair, {first} and {second}; it {got}."


def array(value) -> Rows:
    """Rows for anything that is not an array."""
    yield tf.is_tensor(value), mistakes.STILL_A_TENSOR
    yield not isinstance(value, np.ndarray), f"This should be an array; it is {kind_of(value)}. np.array converts it."


def full_range(images) -> Rows:
    """A row for images that were rescaled from 0…255 to 0…1."""
    yield np.max(images) <= 1, "All values are between 0 and 1. Leave the images at 0 to 255."


def number(value, wanted: str) -> Rows:
    """A row for anything that is not a number, be it Python's or an array or tensor without axes."""
    is_number = isinstance(value, numbers.Real) or np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf"
    yield not is_number, f"{wanted}; it is {kind_of(value)}."
