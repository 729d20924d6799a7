"""Longer runs of the notebooks: twice in one kernel, and on two other folders of photos."""

import copy
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from editions.outputs import tags
from editions.run import checked_run
from tests.material import NOTEBOOKS, odd_photos
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
    return odd_photos(tmp_path_factory.mktemp("other photos"))


@pytest.fixture(scope="module")
def smallest_folder(tmp_path_factory) -> Path:
    """As little as is allowed: 16 gray photos of one size, 15 of them in one class."""
    folder = tmp_path_factory.mktemp("smallest")
    for number in range(16):
        (folder / "ab"[number > 0]).mkdir(exist_ok=True)
        gray = np.linspace(10 * number, 100 + 10 * number, 28 * 28).reshape(28, 28).astype(np.uint8)
        Image.fromarray(gray).save(folder / "ab"[number > 0] / f"{number}.png")
    return folder
