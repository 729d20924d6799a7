"""A dataset of images and what two passes over it tell: its range, its labels, its order."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Literal

from helpers.bad_images import find_bad_images
from helpers.checkup.labels import Labels, labels_of
from helpers.checkup.recognise import Match, shared, value_range
from helpers.checkup.walk import Pass
from helpers.files import CHANNELS, EXTENSIONS, Listing
from helpers.quiet import tensorflow as tf

import numpy as np


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
        paths: The files that the images may come from.
    """

    spec: object
    length: int
    first: Pass
    second: Pass
    class_names: Sequence[str] | None = None
    listing: Listing | None = None
    matches: Sequence[Match] = ()
    other: Pass | None = None
    paths: Sequence[str] = ()

    @functools.cached_property
    def labels(self) -> Labels:
        return labels_of(self.first)

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
    def is_about_a_file(self) -> bool:
        """Whether the error that stopped a pass is that a file cannot be read or decoded."""
        words = str(self.stopped.error).lower() if self.stopped else ""
        is_gone = "no such file" in words and any(extension in words for extension in EXTENSIONS)
        return is_gone or any(word in words for word in ("decodeimage", "decode_", "jpeg", "png", "image file format"))

    @functools.cached_property
    def broken(self) -> list[str]:
        """What is wrong with the files that may have stopped a pass."""
        if not self.stopped or not self.is_about_a_file:
            return []
        place, _, axis, _ = self.first.layout
        channels = self.first.specs[place].shape[axis or -1]
        mode = next((mode for mode, number in CHANNELS.items() if number == channels), "rgb")
        problems = find_bad_images(self.paths, color_mode=mode)
        return [str(problem) for problem in problems if problem.kind == "broken"]

    @property
    def recognised(self) -> int:
        """How many images are files of the folder."""
        return sum(bool(match.files) for match in self.matches)

    @functools.cached_property
    def order(self) -> Literal["same", "new"] | None:
        """Whether the second pass had the order of the first; None if it cannot be told."""
        first, second = ([image.key for image in found.images] for found in (self.first, self.second))
        if self.length == tf.data.INFINITE_CARDINALITY:
            return None
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
        return 1 < len(set(classes)) < len(classes) or (
            len(set(classes)) == 1 != len(self.names) and not self.first.has_ended
        )

    @property
    def names(self) -> Sequence[str]:
        """The names of the classes, in the order of their numbers; empty if they are not known."""
        return self.class_names or (self.listing.class_names if self.listing else ())

    @property
    def has_several_images(self) -> bool:
        """Whether an element has more than one image as input. Then a label may say whether they belong together."""
        parts, (place, _, _, targets) = self.first.parts, self.first.layout
        alike = [other for other in parts if len(parts[other].shape) == len(parts[place].shape)]
        return len(set(alike) - set(targets)) > 1

    @functools.cached_property
    def misfits(self) -> int:
        """How many recognised photos have the label of another class than their folder's."""
        classes, listing = self.labels.classes, self.listing
        if classes is None or self.has_several_images or not listing or not listing.labels:
            return 0
        if not set(self.names) <= set(listing.class_names):
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
    """Whether each class of the folder has one label, as with `class_names` in an order that is not known."""
    different = set(pairs)
    return len(different) < len(pairs) and len({folder for _, folder in different}) == len(different)


def _values(found: Pass) -> list[np.ndarray]:
    targets = found.layout.targets
    return found.parts[targets[0]].values if targets and found.parts else []
