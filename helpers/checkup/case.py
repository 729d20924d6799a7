"""A dataset of images and what two passes over it tell: its range, its labels, its order."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Literal, NamedTuple

from helpers.checkup.recognise import Match, shared, value_range
from helpers.checkup.walk import Pass
from helpers.files import Listing
from helpers.quiet import tensorflow as tf

import numpy as np


class Labels(NamedTuple):
    """What the labels are: in words, the loss that fits, and the class number of each image where they have one."""

    words: str
    loss: str | None = None
    classes: np.ndarray | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    """A dataset, and what is known of it.

    Attributes:
        spec: Its `element_spec`.
        length: Its `cardinality()`.
        first, second: Two passes over it; the second may be shorter.
        class_names: In the order of their numbers, if they were given, or kept by the loader.
        listing: What is in the folder whose classes the labels are.
        matches: Which file each image is, with a folder.
        other: A pass over the dataset that should share no image with it.
        broken: What is wrong with files that may have stopped a pass.
    """

    spec: object
    length: int
    first: Pass
    second: Pass
    class_names: Sequence[str] | None = None
    listing: Listing | None = None
    matches: Sequence[Match] = ()
    other: Pass | None = None
    broken: Sequence[str] = ()

    @functools.cached_property
    def labels(self) -> Labels:
        return _labels_of(self.first)

    @functools.cached_property
    def range(self) -> tuple[float, float, tuple[int, int] | None]:
        return value_range(self.first)

    @functools.cached_property
    def shared(self) -> list[int] | None:
        """Positions of the images that the other dataset holds, too; None if that cannot be told."""
        return None if self.other is None else shared(self.first, self.other)

    @property
    def stopped(self) -> Pass | None:
        """The pass that an error stopped."""
        return next((found for found in (self.first, self.second) if found.error), None)

    @property
    def recognised(self) -> int:
        """How many images are files of the folder."""
        return sum(bool(match.files) for match in self.matches)

    @functools.cached_property
    def order(self) -> Literal["same", "new"] | None:
        """Whether the second pass had the order of the first; None if it cannot be told."""
        first, second = ([image.digest.tobytes() for image in found.images] for found in (self.first, self.second))
        known = set(first)  # random changes make some images new ones
        pairs = zip(first, second, strict=False)  # the second may be shorter
        if is_same := [image == before for before, image in pairs if image in known]:
            return "same" if all(is_same) else "new"
        labels = zip(_values(self.first), _values(self.second), strict=False)
        return None if all(np.array_equal(before, now) for before, now in labels) else "new"

    @functools.cached_property
    def is_sorted(self) -> bool:
        """Whether each class comes after the other, in all that was looked at."""
        classes = self.labels.classes
        if classes is None or self.order == "new" or (np.diff(classes) < 0).any():
            return False
        return 1 < len(set(classes)) < len(classes) or (len(set(classes)) == 1 and not self.first.has_ended)

    @property
    def names(self) -> Sequence[str]:
        """The names of the classes, in the order of their numbers; empty if they are not known."""
        return self.class_names or (self.listing.class_names if self.listing else ())

    @functools.cached_property
    def misfits(self) -> int:
        """How many recognised photos have the label of another class than their folder's."""
        classes, listing = self.labels.classes, self.listing
        if classes is None or not listing or not listing.labels or not set(self.names) <= set(listing.class_names):
            return 0
        number = {name: position for position, name in enumerate(self.names)}
        of_file = [number.get(listing.class_names[label], -1) for label in listing.labels]
        pairs = [
            (label, {of_file[file] for file in match.files})
            for label, match in zip(classes.tolist(), self.matches, strict=True)
            if match.files
        ]
        if self.class_names is None and _is_renumbered([(label, min(of)) for label, of in pairs if len(of) == 1]):
            return 0
        return sum(label not in of for label, of in pairs)


def _is_renumbered(pairs: list[tuple]) -> bool:
    """Whether each class of the folder has a label of its own, as with `class_names` in an order that is not known."""
    different = set(pairs)
    sides = zip(*different, strict=True)
    return len(different) < len(pairs) and all(len(set(side)) == len(different) for side in sides)


def _values(found: Pass) -> list[np.ndarray]:
    targets = found.layout.targets
    return found.parts[targets[0]].values if targets and found.parts else []


def _labels_of(found: Pass) -> Labels:
    place, targets = found.layout.place, found.layout.targets
    if not targets:
        return Labels("images", "mean_squared_error") if place[:1] == (1,) else Labels("none")
    if len(targets) > 1:
        return Labels("several parts")
    dtype, part = found.specs[targets[0]].dtype, found.parts.get(targets[0])
    if dtype == tf.string:
        return Labels("text")
    if part is None or part.highest < part.lowest:
        return Labels("not seen")
    if not part.is_for_each:
        return Labels("not one for each image")
    is_01 = part.is_whole and part.lowest >= 0 and part.highest <= 1
    if part.values:
        return _short_labels(np.concatenate(part.values), is_01)
    if not part.is_whole or (dtype.is_floating and part.shape[-1] in (3, 4)):
        return Labels("images", "mean_squared_error")
    return Labels("masks", "binary_crossentropy" if is_01 else "sparse_categorical_crossentropy")


def _short_labels(rows: np.ndarray, is_01: bool) -> Labels:
    """Of shape (n,) or (n, numbers)."""
    if rows.ndim == 1 or rows.shape[1] == 1:
        values = rows.ravel()
        if values.dtype.kind == "f":
            words = ("0 or 1", "binary_crossentropy", values.astype(int))
            return Labels(*words) if is_01 else Labels("numbers", "mean_squared_error")
        if len(set(values.tolist())) == len(values) >= 10:
            return Labels("a whole number for each image, no two the same")
        return Labels("class numbers", "sparse_categorical_crossentropy", values.astype(int))
    sums = rows.sum(axis=1)
    if is_01 and (sums == 1).all():
        return Labels("one-hot rows", "categorical_crossentropy", rows.argmax(axis=1))
    if is_01:
        return Labels("several yes or no for each image", "binary_crossentropy")
    if rows.min() >= 0 and np.allclose(sums, 1, atol=1e-3):
        return Labels("shares of the classes", "categorical_crossentropy")
    return Labels("several numbers for each image", "mean_squared_error")
