"""Parts of a list of files: for training, validation and testing."""

import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import helpers.quiet  # noqa: F401, TensorFlow before scikit-learn, see pyproject.toml
from helpers.errors import counted
from helpers.sequences import as_list, path_list

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_ADVICE = "Leave out small classes, make the small part larger, or split without labels."


def split_paths(
    paths: Sequence[str | os.PathLike],
    labels: Sequence | None = None,
    shares: Sequence[float] = (0.8, 0.2),
    *,
    seed: int = 0,
) -> list[tuple[list, list | None]]:
    """Split files at random into two or three parts, each with the same mix of classes.

    Every file goes into one part, so nothing leaks, unless several files hold the same photo.
    scikit-learn's `train_test_split` does the work.

    Args:
        paths: Paths of the files, for example ``list_images(folder).paths``: a list, array, tensor, column of a table.
        labels: The class of each path, in any of these forms. None for a split that ignores classes.
        shares: Two or three shares that sum to 1, for example ``(0.7, 0.2, 0.1)`` for training, validation and test.
        seed: The same seed gives the same split.

    Returns:
        For each share ``(paths, labels)``, in their original order; labels are None if you pass none.

    Raises:
        ValueError: A part would be empty, a class has too few images to be in each part, a path appears twice, paths
            and labels differ in number, or `shares` are not two or three numbers above 0 that sum to 1.

    Introduced in notebook 07_split_without_a_leak.

    >>> from helpers.files import list_images
    >>> from helpers.splits import split_paths
    >>> listing = list_images(photo_folder)
    >>> (train, train_labels), (test, test_labels) = split_paths(listing.paths, listing.labels, (0.75, 0.25))
    >>> train_labels.count(0), train_labels.count(1), test_labels, set(train) & set(test)
    (6, 6, [0, 0, 1, 1], set())
    """
    paths = path_list(paths)
    if labels is not None:
        labels = as_list(labels)
    _check(paths, labels, shares, seed)
    counts = [round(share * len(paths)) for share in shares[1:]]
    counts = [len(paths) - sum(counts), *counts]
    if min(counts) < 1:
        images = counted(len(paths), "image")
        raise ValueError(f"Shares of {shares!r} make parts of {counts} out of {images}: one would be empty.")
    parts = _random_parts(counts, labels, seed)
    if labels is None:
        return [([paths[number] for number in part], None) for part in parts]
    for part in parts:
        if missing := set(labels) - {labels[number] for number in part}:
            name = min(missing, key=str)
            images, path = counted(len(part), "image"), paths[labels.index(name)]
            raise ValueError(f"The part with {images} has none of class {name!r} ({path}). {_ADVICE}")
    return [([paths[number] for number in part], [labels[number] for number in part]) for part in parts]


def without_small_classes(table: "pd.DataFrame", *, at_least: int) -> "pd.DataFrame":
    """Leave out the rows of classes too small to be in each part of a split.

    Args:
        table: A row for each photo; its column ``label`` is the class.
        at_least: How many photos a class needs to stay.

    Returns:
        The rows of the other classes, in their order. If all classes are small: all rows, as one class, label 0.

    Introduced in notebook 07_split_without_a_leak.

    >>> import pandas as pd
    >>> from helpers.splits import without_small_classes
    >>> table = pd.DataFrame({"path": ["a.png", "b.png", "c.png"], "label": [0, 1, 1]})
    >>> without_small_classes(table, at_least=2).path.tolist()
    ['b.png', 'c.png']
    """
    large = table.groupby("label").filter(lambda rows: len(rows) >= at_least)
    return table.assign(label=0) if large.empty else large


def _check(paths: list, labels: list | None, shares: Sequence[float], seed: int) -> None:
    if labels is not None and len(labels) != len(paths):
        raise ValueError(f"There are {counted(len(paths), 'path')} but {counted(len(labels), 'label')}.")
    if len(shares) not in (2, 3) or not all(0 < share < 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"shares must be two or three numbers above 0 that sum to 1, not {shares!r}.")
    if not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise ValueError(f"seed must be a whole number from 0 to 2**32 - 1, not {seed!r}.")
    if repeated := [path for path, count in Counter(paths).items() if count > 1]:
        more = counted(len(repeated), "path")
        raise ValueError(f"{more} listed more than once would be in several parts: {repeated[0]} ...")


def _random_parts(counts: list[int], labels: list | None, seed: int) -> list[list[int]]:
    """Numbers of files, so many in each part; the last part is drawn first."""
    from sklearn.model_selection import train_test_split

    parts: list[list[int]] = []
    rest = np.arange(sum(counts))
    for count in counts[:0:-1]:
        classes = None if labels is None else [labels[number] for number in rest]
        try:
            rest, part = train_test_split(rest, test_size=count, stratify=classes, random_state=seed)
        except ValueError as error:
            images = counted(sum(counts), "image")
            raise ValueError(f"{images} cannot be split into {counts} by class ({error}). {_ADVICE}") from error
        parts.insert(0, sorted(part))
    return [sorted(rest), *parts]
