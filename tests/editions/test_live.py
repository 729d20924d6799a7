"""The edition for live coding: typed in, it is the full one again, and nothing else of a notebook is changed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from editions import live

# What stays beside imports, predictions and cells with a check, and why.
STAYS = {"652836ea": "checks the set-up", "d413558c": "the slow pipeline of an exercise"}
LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("editions") / "live"
    live.make(folder)
    return folder


def stays(cell) -> bool:
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(cell.source).body)
    return cell.cell_type == "markdown" or imports or "exercises.check_" in cell.source or cell.id in STAYS


@pytest.mark.parametrize("path", sorted(live.NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_typed_in_it_is_the_full_notebook(path, folder):
    full, ours = nbformat.read(path, 4), nbformat.read(folder / path.name, 4)
    emptied = [cell.id for cell in full.cells if cell.cell_type == "code" and not stays(cell)]
    assert len(emptied) > 5
    code = {cell.id: cell.source for cell in full.cells}
    for cell in ours.cells:
        if cell.id in emptied:
            left = cell.source.splitlines()
            assert left == [line for line in code[cell.id].splitlines() if re.match(r"\w+ = predict\(", line)]
            assert left or not cell.source
            cell.source = code[cell.id]
    assert ours == full
    texts = [file.read_text(encoding="utf-8") for file in (path, folder / path.name)]
    assert texts[0].count(" predict(") == texts[1].count(" predict(") >= 3


def test_links_and_helpers_work_in_the_folder_of_the_edition(folder):
    documents = [*folder.glob("*.ipynb"), *folder.glob("*.md")]
    assert len(documents) > 10
    for document in documents:
        for link in LINK.findall(document.read_text(encoding="utf-8")):
            assert link.startswith("http") or (folder / link).exists(), f"{document.name} links to {link}"
    found = "import importlib.util; assert importlib.util.find_spec('helpers.photos')"  # importing it takes long
    subprocess.run([sys.executable, "-c", found], cwd=folder, check=True)


def test_what_was_typed_is_not_overwritten(folder):
    live.make(folder)  # as it was made: nothing to lose
    notebook = min(folder.glob("*.ipynb"))
    was = notebook.read_text(encoding="utf-8")
    notebook.write_text(typed := was.replace('"source": []', '"source": ["mine"]', 1), encoding="utf-8")
    assert typed != was
    with pytest.raises(FileExistsError, match=notebook.name):
        live.make(folder)
    assert notebook.read_text(encoding="utf-8") == typed
    notebook.write_text(was, encoding="utf-8")
