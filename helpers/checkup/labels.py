"""What the labels of a dataset are, and the loss that fits them."""

from typing import NamedTuple

from helpers.checkup.walk import Part, Pass
from helpers.quiet import tensorflow as tf

import numpy as np

MASKS_OF_255 = "masks with values up to 255"


class Labels(NamedTuple):
    """What the labels are: in words, the loss that fits, and the class number of each image where they have one."""

    words: str
    loss: str | None = None
    classes: np.ndarray | None = None


def labels_of(found: Pass) -> Labels:
    """What comes as labels in a pass, and which loss fits."""
    place, targets = found.layout.place, found.layout.targets
    if not targets:
        return Labels("images", "mean_squared_error") if place[:1] == (1,) else Labels("none")
    if len(targets) > 1:
        return Labels("several parts")
    part = found.parts.get(targets[0])
    if found.specs[targets[0]].dtype == tf.string:
        return Labels("text")
    if part is None or part.highest < part.lowest:
        return Labels("not seen")
    if not part.is_for_each:
        return Labels("not one for each image")
    is_01 = part.is_whole and part.lowest >= 0 and part.highest <= 1
    if part.rows is not None:
        return _short_labels(part.rows, is_01)
    return _long_labels(part, found, is_01)


def _long_labels(part: Part, found: Pass, is_01: bool) -> Labels:
    """Of as many numbers as an image has pixels, or of other numbers in each batch."""
    shape, (height, width, _) = part.shape[found.layout.axes :], found.images[0].shape
    if height not in shape or width not in shape:
        return Labels("several numbers for each image")
    if is_01:
        channels = shape[found.layout.channels or -1] if len(shape) > 2 else 1
        return Labels("masks", "binary_crossentropy" if channels == 1 else "categorical_crossentropy")
    if not part.is_whole or (part.shape == found.parts[found.layout.place].shape and part.highest > 100):
        return Labels("images", "mean_squared_error")
    return Labels(MASKS_OF_255) if part.highest == 255 else Labels("masks", "sparse_categorical_crossentropy")


def _short_labels(rows: np.ndarray, is_01: bool) -> Labels:
    """Of shape (n,) or (n, numbers)."""
    if rows.ndim == 1 or rows.shape[1] == 1:
        values = rows.ravel()
        if values.dtype.kind == "f":
            if is_01:
                return Labels("0 or 1", "binary_crossentropy", values.astype(int))
            return Labels("numbers", "mean_squared_error")
        if len(set(values.tolist())) == len(values) >= 10 or values.max() > max(1000, len(values)):
            return Labels("whole numbers, no classes")
        return Labels("class numbers", "sparse_categorical_crossentropy", values.astype(int))
    sums = rows.sum(axis=1)
    if is_01 and (sums == 1).all():
        return Labels("one-hot rows", "categorical_crossentropy", rows.argmax(axis=1))
    if is_01:
        return Labels("several yes or no for each image", "binary_crossentropy")
    if rows.min() >= 0 and np.allclose(sums, 1, atol=1e-3):
        return Labels("shares of the classes", "categorical_crossentropy")
    return Labels("several numbers for each image", "mean_squared_error")
