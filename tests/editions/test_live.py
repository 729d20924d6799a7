"""The edition for live coding: typed in, it is the full one again, and nothing else of a notebook is changed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from editions import live
from tests.material import NOTEBOOKS

LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("editions") / "live"
    live.make(folder)
    return folder


def is_set_up(source: str) -> bool:
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(source).body)
    return imports


def lesson_code(notebook) -> list:
    """The code cells that neither set up nor stand under the heading of an exercise."""
    code, heading = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#+ .*", re.sub(r"(?s)```.*?```", "", cell.source), re.MULTILINE) or [heading])[-1]
        elif "Exercise" not in heading and not is_set_up(cell.source):
            code.append(cell)
    return code


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_typed_in_it_is_the_full_notebook(path, folder):
    full, ours = nbformat.read(path, 4), nbformat.read(folder / path.name, 4)
    code = {cell.id: cell.source for cell in lesson_code(full)}
    assert len(code) > 5
    predictions = 0
    for cell in ours.cells:
        if cell.id in code:
            assert cell.source in code[cell.id]
            left = ast.parse(cell.source).body
            assert all(ast.unparse(statement.value.func) == "predict" for statement in left)
            predictions += len(left)
            cell.source = code[cell.id]
    assert ours == full
    assert predictions == sum(source.count(" predict(") for source in code.values()) >= 3


def test_a_prediction_over_several_lines_stays():
    cells = [nbformat.v4.new_code_cell("import os"), nbformat.v4.new_markdown_cell("How many?")]
    guess = 'guess = predict(\n    "How many",\n    ...,\n)'
    cells.append(nbformat.v4.new_code_cell(f"{guess}\nguess.compare(model.predict(3))\nfirst = model.predict(3)"))
    assert live.emptied(nbformat.v4.new_notebook(cells=cells)).cells[-1].source == guess


def test_links_and_helpers_work_in_the_folder_of_the_edition(folder):
    documents = [*folder.glob("*.ipynb"), *folder.glob("*.md")]
    assert len(documents) > 10
    for document in documents:
        for link in LINK.findall(document.read_text(encoding="utf-8")):
            assert link.startswith("http") or (folder / link).exists(), f"{document.name} links to {link}"
    found = (
        "import importlib.util; assert importlib.util.find_spec('helpers')"  # of its modules: TensorFlow comes along
    )
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
