"""A dataset of images and what two passes over it tell: its range, its labels, its order."""

import dataclasses
import functools
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from helpers.files import Listing
from helpers.quiet import tensorflow as tf
from helpers.recognise import Recognised, value_range
from helpers.walk import Layout, Pass, leaves

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
        layout: Where its images are.
        first, second: Two passes over it; the second may be shorter.
        class_names: In the order of their numbers, if they are known.
        listing: What is in the folder.
        recognised: Which files the images are.
        shared: Positions of the images that the other dataset holds, too.
        broken: What is wrong with files that may have stopped the pass.
    """

    spec: object
    length: int
    layout: Layout
    first: Pass
    second: Pass
    class_names: Sequence[str] | None = None
    listing: Listing | None = None
    recognised: Recognised | None = None
    shared: list[int] | None = None
    broken: Sequence[str] = ()

    @functools.cached_property
    def labels(self) -> Labels:
        return _labels(self)

    @functools.cached_property
    def range(self) -> tuple[float, float, tuple[int, int] | None]:
        return value_range(self.first)

    @property
    def stopped(self) -> Pass | None:
        """The pass that an error stopped."""
        return next((found for found in (self.first, self.second) if found.error), None)

    @property
    def images(self) -> int:
        return len(self.first.digests)

    @functools.cached_property
    def order(self) -> Literal["same", "new"] | None:
        """Whether the second pass had the order of the first; None if it cannot be told."""
        first, second = ([image.tobytes() for image in found.digests] for found in (self.first, self.second))
        if first[: len(second)] == second:  # which may be shorter
            return "same" if second else None
        copies = Counter(first)  # each could be the other
        place = {image: number for number, image in enumerate(first) if copies[image] == 1}
        if known := [place[image] == number for number, image in enumerate(second) if image in place]:
            return "same" if all(known) else "new"
        pairs = zip(self.first.labels, self.second.labels, strict=False)
        return None if all(np.array_equal(*pair) for pair in pairs) else "new"

    @functools.cached_property
    def is_sorted(self) -> bool:
        """Whether each class comes after the other, in all that was looked at."""
        classes = self.labels.classes
        if classes is None or self.order == "new" or (np.diff(classes) < 0).any():
            return False
        return 1 < len(set(classes)) < len(classes) or (len(set(classes)) == 1 and not self.first.has_ended)

    @functools.cached_property
    def pairs(self) -> list[tuple[int, set[int]]]:
        """Of each recognised photo the class of its label, and the classes of the files that it may be."""
        if not (self.recognised and self.listing and self.listing.labels and self.class_names):
            return []
        if self.labels.classes is None:
            return []
        names, known = list(self.class_names), self.listing.class_names
        numbers = (
            [names.index(name) if name in names else -1 for name in known]
            if set(names) <= set(known)
            else range(len(known))
        )
        of_file = [numbers[label] for label in self.listing.labels]
        both = zip(self.labels.classes.tolist(), self.recognised.files, strict=True)
        return [(label, {of_file[file] for file in files}) for label, files in both if files]

    @functools.cached_property
    def misfits(self) -> int:
        """How many recognised photos have the label of another class; 0 if the labels are not those of the folder."""
        wrong = sum(label not in classes for label, classes in self.pairs)
        of_files = set().union(*(classes for _, classes in self.pairs))
        is_comparable = 2 * wrong <= len(self.pairs) or {label for label, _ in self.pairs} == of_files
        return wrong if is_comparable else 0

    @functools.cached_property
    def renumbered(self) -> dict[int, int]:
        """Number of a class by its folder -> its label, if each class has one label, and some another number."""
        pairs = {(min(classes), label) for label, classes in self.pairs if len(classes) == 1}
        labels = dict(pairs)
        is_one_to_one = len(pairs) == len(labels) == len(set(labels.values())) < len(self.pairs)
        return {number: label for number, label in labels.items() if number != label} if is_one_to_one else {}


def _labels(case: Case) -> Labels:
    found, targets = case.first, case.layout.targets
    if not targets:
        return Labels("images", "mean_squared_error") if case.layout.place[:1] == (1,) else Labels("none")
    if len(targets) > 1:
        return Labels("several parts", "one for each part, by its name")
    dtype = dict(leaves(case.spec))[targets[0]].dtype
    if dtype == tf.string:
        return Labels("text")
    if not found.batches or found.highest_label < found.lowest_label:
        return Labels("not seen")
    is_01 = found.labels_are_whole and found.lowest_label >= 0 and found.highest_label <= 1
    if not found.labels:
        is_mask = found.labels_are_whole and (found.shapes[targets[0]][-1] not in (3, 4) or dtype.is_integer)
        if is_mask:
            return Labels("masks", "binary_crossentropy" if is_01 else "sparse_categorical_crossentropy")
        return Labels("images", "mean_squared_error")
    return _short_labels(np.concatenate(found.labels), is_01)


def _short_labels(rows: np.ndarray, is_01: bool) -> Labels:
    """Of shape (n,) or (n, numbers)."""
    if rows.ndim == 1 or rows.shape[1] == 1:
        values = rows.ravel()
        if values.dtype.kind != "f" and len(set(values.tolist())) == len(values) >= 10:
            return Labels("a whole number for each image, no two the same")
        if values.dtype.kind != "f":
            return Labels("class numbers", "sparse_categorical_crossentropy", values.astype(int))
        return (
            Labels("0 or 1", "binary_crossentropy", values.astype(int))
            if is_01
            else Labels("numbers", "mean_squared_error")
        )
    if is_01 and (rows.sum(axis=1) == 1).all():
        return Labels("one-hot rows", "categorical_crossentropy", rows.argmax(axis=1))
    if is_01:
        return Labels("several yes or no for each image", "binary_crossentropy")
    if rows.min() >= 0 and np.allclose(rows.sum(axis=1), 1, atol=1e-3):
        return Labels("shares of the classes", "categorical_crossentropy")
    return Labels("several numbers for each image", "mean_squared_error")
