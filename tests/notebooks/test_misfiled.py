"""Notebook 13 finds what was misfiled: its own functions, run on ten copies in which other photos were moved."""

import json
from pathlib import Path

from helpers import access, photos

import tensorflow as tf
import numpy as np
import pytest

from tests.material import load, names_of

LESSON = "13_find_the_misfiled_photos"


def was_moved(copy: Path, paths: list[str]) -> np.ndarray:
    """Of each photo of the copy: whether its folder is not that of the file that it was."""
    originals = json.loads((copy.parent / "truth.json").read_text("utf-8"))
    names = [Path(path).relative_to(copy).as_posix() for path in paths]
    return np.array([Path(name).parts[0] != Path(originals[name]).parts[0] for name in names])


def places_of_the_moved(seed: int) -> list[int]:
    """Where the photos that were moved stand in the ranking, the first place being 1."""
    copy = photos.misfiled_copy(seed)
    dataset = load(copy, image_size=(32, 32), shuffle=False)  # the size that the model of the lesson takes
    images, labels = access.collect(dataset)
    paths = dataset.file_paths
    lesson = names_of(LESSON, also=("layers",))
    lesson.update(images=images, labels=labels, paths=paths, class_names=dataset.class_names)
    tf.keras.utils.set_random_seed(seed)
    probabilities = lesson["out_of_fold"](seed) + lesson["out_of_fold"](seed + 1)
    ranked = probabilities[np.arange(len(paths)), labels].argsort()
    return [int(place) for place in 1 + np.flatnonzero(was_moved(copy, paths)[ranked])]


@pytest.mark.thorough
def test_those_that_were_moved_are_among_the_first():
    """Nearly all: it depends on the rounding of the processor. Measured: all 70, the last at place 10."""
    places = {seed: places_of_the_moved(seed) for seed in range(10)}
    print(places)
    assert all(len(found) == 7 for found in places.values())
    assert sum(place <= 14 for found in places.values() for place in found) >= 68, places  # twice as many as were moved
