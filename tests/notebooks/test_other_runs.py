"""Longer runs of the notebooks: twice in one kernel, and on two other folders of photos."""

import copy
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from editions.outputs import tags
from editions.run import checked_run
from tests.material import NOTEBOOKS
from tests.notebooks import house_rules

pytestmark = pytest.mark.thorough
for_each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@for_each_notebook
def test_cells_can_be_run_again(path):
    notebook = nbformat.read(path, 4)
    notebook.cells += copy.deepcopy(notebook.cells)
    run = checked_run(path, notebook=notebook)
    assert not run.trace, run.trace
    cells = run.notebook.cells
    half = len(cells) // 2
    for number, (first, second) in enumerate(zip(cells[:half], cells[half:], strict=True), 1):
        if house_rules.VARIES not in tags(first):
            assert _text(first) == _text(second), f"cell {number} gives another text the second time"


def _text(cell: nbformat.NotebookNode) -> str:
    """What it printed and showed. A stream may come in other pieces another time, and stderr at another moment."""
    outputs = [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


@pytest.mark.parametrize("folder", ["odd_folder", "smallest_folder"])
@for_each_notebook
def test_runs_on_another_folder(path, folder, request, monkeypatch):
    monkeypatch.setenv("PHOTOS", str(request.getfixturevalue(folder)))
    run = checked_run(path)
    assert not run.trace, run.trace


@pytest.fixture(scope="module")
def odd_folder(tmp_path_factory) -> Path:
    """Unlike our sample in all that a notebook might take for granted."""
    folder = tmp_path_factory.mktemp("other photos")
    classes = ["crème brûlée"] * 5 + ["São Paulo by night"] * 9 + ["猫"] * 13
    sizes = {0: (30, 30), 1: (900, 900), 2: (900, 60)}  # (width, height); the last one is much wider than tall
    for number, class_name in enumerate(classes):
        rng = np.random.default_rng(number)
        width, height = sizes.get(number, rng.integers(30, 901, size=2))
        x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
        waves = [np.sin(2 * np.pi * (a * x + b * y + c)) for a, b, c in rng.uniform(0.3, 1.5, size=(3, 3))]
        photo = Image.fromarray((127.5 + 127.5 * np.stack(waves, axis=-1)).astype(np.uint8))
        if number == 3:
            photo = photo.convert("L")
        place = folder / class_name / ("sub-folder" if number % 5 == 0 else "")
        place.mkdir(parents=True, exist_ok=True)
        photo.save(place / f"été n° {number}.{['png', 'jpg', 'gif'][number % 3]}")
    (folder / ".hidden").mkdir()
    (folder / "zebra.txt").write_text("not a photo")
    photo.save(folder / "outside of the classes.jpg")
    return folder / ".." / folder.name


@pytest.fixture(scope="module")
def smallest_folder(tmp_path_factory) -> Path:
    """As little as is allowed: 16 gray photos of one size, 15 of them in one class."""
    folder = tmp_path_factory.mktemp("smallest")
    for number in range(16):
        (folder / "ab"[number > 0]).mkdir(exist_ok=True)
        gray = np.linspace(10 * number, 100 + 10 * number, 28 * 28).reshape(28, 28).astype(np.uint8)
        Image.fromarray(gray).save(folder / "ab"[number > 0] / f"{number}.png")
    return folder
