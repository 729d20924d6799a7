"""House rules of the notebooks, and runs that take longer: twice in one kernel, and on another folder of photos."""

import copy
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from tests import notebook_checks
from tests.checked_run import CheckedRun

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
for_each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@for_each_notebook
def test_house_rules(path):
    notebook = nbformat.read(path, 4)
    findings = notebook_checks.cell_findings(notebook) + notebook_checks.lesson_findings(notebook)
    assert not findings, "\n".join(findings)


def test_no_function_is_defined_in_two_notebooks():
    findings = notebook_checks.duplicate_functions({path.stem: nbformat.read(path, 4) for path in NOTEBOOKS})
    assert not findings, "\n".join(findings)


def test_notebooks_are_run_by_default(request):
    assert "notebooks" in request.config.getini("testpaths")


def test_table_in_readme_lists_all_notebooks():
    rows = re.findall(r"^\|\s*(\d\d)\s*\|([^|]*)(.*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [number for number, *_ in rows] == [f"{number:02}" for number in range(10)]
    linked = []
    for number, name, rest in rows:
        if link := re.search(r"\]\(notebooks/(\w+\.ipynb)\)", name):
            assert link[1].startswith(number)
            linked.append(link[1])
        else:
            assert "coming" in name + rest, f"{number} is neither linked nor marked as coming"
    assert linked == [path.name for path in NOTEBOOKS]


class _TwiceInOneKernel(CheckedRun):
    def read(self) -> nbformat.NotebookNode:
        notebook = super().read()
        notebook.cells += copy.deepcopy(notebook.cells)
        return notebook


@pytest.mark.thorough
@for_each_notebook
def test_cells_can_be_run_again(path):
    result = _TwiceInOneKernel(path, 120, kernel="python3").execute()
    assert not result.error, result.error.trace
    cells = result.nb.cells
    half = len(cells) // 2
    for number, (first, second) in enumerate(zip(cells[:half], cells[half:], strict=True), 1):
        if notebook_checks.VARIES not in notebook_checks.tags(first):
            assert _text(first) == _text(second), f"cell {number} gives another text the second time"


def _text(cell: nbformat.NotebookNode) -> str:
    """What it printed and showed. A stream may come in other pieces another time, and stderr at another moment."""
    outputs = [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


@pytest.mark.thorough
@pytest.mark.parametrize("folder", ["odd_folder", "smallest_folder"])
@for_each_notebook
def test_runs_on_another_folder(path, folder, request, monkeypatch):
    monkeypatch.setenv("PHOTOS", str(request.getfixturevalue(folder)))
    result = CheckedRun(path, 120, kernel="python3").execute()
    assert not result.error, result.error.trace


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
