"""Notebook 08 finds what was misfiled: its own functions, run on ten copies in which other photos were moved."""

import ast
from pathlib import Path

from helpers import files, photos

import tensorflow as tf
import nbformat
import numpy as np
import pytest

from tests.test_exercises import moved

NOTEBOOK = Path(__file__).parent.parent / "notebooks/08_find_the_misfiled_photos.ipynb"


def places_of_the_moved(seed: int) -> list[int]:
    """Where the photos that were moved stand in the ranking, the first place being 1."""
    copy = photos.misfiled_copy(seed)
    listing = files.list_images(copy)
    names = [Path(path).relative_to(copy).as_posix() for path in listing.paths]
    is_moved = np.isin(names, moved(copy))
    lesson = {"paths": np.array(listing.paths), "labels": np.array(listing.labels), "class_names": listing.class_names}
    imports, *others = [cell.source for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code"]
    exec(imports, lesson)
    for node in ast.parse("\n".join(others)).body:
        is_read = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in (
            "SIZE",
            "listed",
            "decoded",
            "by_loader",
        )
        if isinstance(node, ast.FunctionDef) or is_read:
            exec(compile(ast.Module([node], []), NOTEBOOK.name, "exec"), lesson)
    tf.keras.utils.set_random_seed(seed)
    believed = lesson["out_of_fold"](seed) + lesson["out_of_fold"](seed + 1)
    ranked = believed[np.arange(len(names)), listing.labels].argsort()
    return [place for place, row in enumerate(ranked, 1) if is_moved[row]]


@pytest.mark.thorough
def test_those_that_were_moved_are_among_the_first():
    """Nearly all: which of the hardest crops comes 12th and which 13th depends on the processor's rounding."""
    places = {seed: places_of_the_moved(seed) for seed in range(10)}
    print(places)
    assert all(len(found) == 6 for found in places.values())
    assert sum(place <= 12 for found in places.values() for place in found) >= 58, places  # twice as many as were moved
