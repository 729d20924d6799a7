"""Answers to the exercises of 13_find_the_misfiled_photos."""

import functools
import json
import os
from pathlib import Path

from helpers import photos

import tensorflow as tf
import numpy as np
import pandas as pd


def places(folder):
    return json.loads((folder.parent / "truth.json").read_text("utf-8")).items()


def moved(folder):
    return [name for name, original in places(folder) if Path(name).parts[0] != Path(original).parts[0]]


def not_moved(folder):
    return [name for name, original in places(folder) if Path(name).parts[0] == Path(original).parts[0]]


def belief(probabilities, labels):
    return probabilities[np.arange(len(labels)), labels]


def suspect_by_table(probabilities, labels):
    return pd.Series(belief(probabilities, labels)).groupby(labels).idxmin()


def suspect_by_order(probabilities, labels):
    ranked = belief(probabilities, labels).argsort()
    return [next(row for row in ranked if labels[row] == label) for label in range(probabilities.shape[1])]


def suspect_by_mask(probabilities, labels):
    own = np.where(np.eye(4)[labels] == 1, probabilities, 2)
    return tf.argmin(own, axis=0)


def proposed(approved, folder, is_taken, suffix=None):
    """Pairs of an old path and the first new one that is not taken, or the old one."""
    pairs = []
    for old, class_name in approved:
        old = Path(old)
        ending = old.suffix if suffix is None else suffix
        new, number = Path(folder, class_name, old.stem + ending), 1
        while new != old and is_taken(new, [new for _, new in pairs]):
            number += 1
            new = new.with_name(f"{old.stem}_{number}{ending}")
        pairs.append((old, new))
    return pairs


def in_lower_case(paths):
    return [str(path).lower() for path in paths]


def is_taken(new, proposed):
    return str(new).lower() in in_lower_case([*new.parent.iterdir(), *proposed])


def is_taken_on_disk(new, proposed):
    return str(new).lower() in in_lower_case(new.parent.iterdir())


def is_taken_by_a_pair(new, proposed):
    return str(new).lower() in in_lower_case(proposed)


def is_taken_with_these_capitals(new, proposed):
    return new.exists() or new in proposed


def is_taken_with_these_capitals_on_disk(new, proposed):
    return new.exists() or str(new).lower() in in_lower_case(proposed)


def free_places(approved, folder, is_taken=is_taken, **options):
    return proposed(approved, folder, is_taken, **options)


def taking_with(is_taken):
    return lambda approved, folder: free_places(approved, folder, is_taken)


def same_names(approved, folder):
    return [(old, Path(folder, class_name, Path(old).name)) for old, class_name in approved]


def second_names(approved, folder):
    pairs = [(Path(old), new) for old, new in same_names(approved, folder)]
    return [(old, new.with_stem(f"{new.stem}_2") if new.exists() and new != old else new) for old, new in pairs]


def without_a_look_where_they_lie(approved, folder):
    return [(old, new.with_stem(f"{new.stem}_{n}")) for n, (old, new) in enumerate(same_names(approved, folder))]


def new_names(approved, folder):
    pairs = free_places(approved, folder)
    return [(old, new if new == old else new.with_stem(f"new_{n}")) for n, (old, new) in enumerate(pairs)]


def moved_at_once(approved, folder):
    pairs = free_places(approved, folder)
    for old, new in pairs:
        os.rename(old, new)
    return pairs


def written_down(approved, folder):
    Path(folder, "moves.txt").write_text("moves")
    return free_places(approved, folder)


def with_a_new_folder(approved, folder):
    Path(folder, "dog").mkdir()
    return free_places(approved, folder)


def one_by_one(approved, folder):
    yield from free_places(approved, folder)


def named_after_their_folder(approved, folder):
    pairs = []
    for old, class_name in approved:
        old = Path(old)
        is_busy = old.stem.lower() in ("1", "img", "old")
        name = f"from_{old.parent.name}_{old.name}" if is_busy else old.name
        pairs.append([str(old), os.path.join(folder, class_name, name)])
    return tuple(pairs)


GIVEN = {"check_misfiled": lambda folder: (photos.misfiled_copy(),)}
WRONG = {
    "check_suspect_of_each_class": [
        (lambda probabilities, labels: belief(probabilities, labels).argmin(), "This should be a list"),
        (lambda probabilities, labels: [belief(probabilities, labels).argmin()], "4 classes; you have 1."),
        (lambda probabilities, labels: belief(probabilities, labels).argsort(), "4 classes; you have 24."),
        (
            lambda probabilities, labels: pd.Series(belief(probabilities, labels)).groupby(labels).min(),
            "Row numbers are whole numbers",
        ),
        (lambda probabilities, labels: suspect_by_order(probabilities, labels)[::-1], "not in the order 0 to 3"),
        (
            lambda probabilities, labels: list(enumerate(suspect_by_order(probabilities, labels))),
            "This should be a list of row numbers",
        ),
        (lambda probabilities, labels: [0, 1, 2, 3], "These are the wrong photos"),
        (lambda probabilities, labels: np.unique(labels, return_index=True)[1], "These are the wrong photos"),
    ],
    "check_misfiled": [
        (lambda folder: moved(folder)[:4], "in your list: 4 of 7. Look again"),
        (
            lambda folder: [*moved(folder), *not_moved(folder)[:2]],
            "7 of 7. Photos in it that are where they belong: 2.",
        ),
        (
            lambda folder: [*moved(folder)[1:], not_moved(folder)[0]],
            "6 of 7. Photos in it that are where they belong: 1.",
        ),
        (lambda folder: moved(folder)[0], "This should be a list of names"),
        (lambda folder: [Path(name).parts[0] for name in moved(folder)], "There is no photo"),
        (lambda folder: range(7), "There is no photo 0 in this folder. List only names, such as 'photo_0000'"),
        (lambda folder: [], "0 of 7"),
    ],
    "check_moves": [
        (same_names, "bee/1.jpg already exists"),
        (second_names, "bee/1_2.jpg already exists"),
        (taking_with(is_taken_on_disk), "one would overwrite the other"),
        (taking_with(is_taken_by_a_pair), "bee/1.jpg already exists"),
        (
            taking_with(is_taken_with_these_capitals_on_disk),
            "bee/old.png would overwrite bee/OLD.png on systems that do not distinguish capital letters",
        ),
        (taking_with(is_taken_with_these_capitals), "Compare in lowercase"),
        (moved_at_once, "Your answer moves or writes files"),
        (written_down, "Your answer moves or writes files"),
        (with_a_new_folder, "Your answer moves or writes files"),
        (functools.partial(free_places, suffix=""), "the extension should stay"),
        (functools.partial(free_places, suffix=".jpg"), "2.png becomes 2.jpg: the extension should stay"),
        (lambda approved, folder: free_places(approved, folder)[1:], "There should be 8 pairs"),
        (
            lambda approved, folder: [pair for pair in free_places(approved, folder) if pair[0] != pair[1]],
            "even if it stays; you have 7",
        ),
        (without_a_look_where_they_lie, "cat/3.jpg is already in the right folder"),
        (
            lambda approved, folder: [pair[: 2 - n % 2] for n, pair in enumerate(free_places(approved, folder))],
            "it has 1 value.",
        ),
        (lambda approved, folder: dict(free_places(approved, folder)), "This should be a list of pairs; it is a dict."),
        (lambda approved, folder: free_places(approved, folder)[::-1], "The old paths should be those in the list"),
        (lambda approved, folder: [(old, Path(folder, name)) for old, name in approved], "belongs in the folder bee"),
        (lambda approved, folder: [(old, name) for old, name in approved], "belongs in the folder bee"),
        (new_names, "Names that are free"),
        (lambda approved, folder: [str(new) for _, new in free_places(approved, folder)], "This should be a pair"),
        (
            lambda approved, folder: approved.sort() or free_places(approved, folder),
            "Your function changes the list it is called with",
        ),
    ],
}
RIGHT = {
    "check_suspect_of_each_class": [suspect_by_table, suspect_by_order, suspect_by_mask],
    "check_misfiled": [
        lambda folder: {Path(folder, name) for name in moved(folder)},
        lambda folder: np.array([Path(name).stem for name in moved(folder)]),
        lambda folder: pd.Series(moved(folder)),
        lambda folder: (name for name in moved(folder)),
        lambda folder: [f"{Path(name).stem} in {Path(name).parent}" for name in moved(folder)],  # as in the titles
    ],
    "check_moves": [free_places, one_by_one, named_after_their_folder],
}
