"""The notebooks for live coding: the code of the lesson is emptied, so that the room types along."""

import ast
import itertools
import re
import shutil
from pathlib import Path

import nbformat

from editions.run import NOTEBOOKS
from editions.sections import sections

_LINK = re.compile(r"\]\(([^)#]+)")


def make(out: Path) -> None:
    """Write all notebooks to `out`, with the code cells of the lesson emptied, and beside them what they link to.

    Predictions stay, and so do the first cells, which import and set up, and all that stands under the heading of an
    exercise. Nothing else of a notebook is changed.

    Raises:
        FileExistsError: A notebook in `out` is not as it would be made now. Somebody may have typed into it.
    """
    out.mkdir(parents=True, exist_ok=True)
    notebooks = {path.name: nbformat.read(path, 4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    texts = {out / name: nbformat.writes(emptied(notebook)) + "\n" for name, notebook in notebooks.items()}
    for target, text in texts.items():
        if target.exists() and target.read_text(encoding="utf-8") != text:
            raise FileExistsError(
                f"{target} has been changed, or is of another version: move the folder away, and run this again."
            )
    for target, text in texts.items():
        target.write_text(text, encoding="utf-8")
        for link in _LINK.findall("\n".join(cell.source for cell in nbformat.reads(text, 4).cells)):
            if (linked := NOTEBOOKS / link).is_file() and linked.suffix != ".ipynb":
                (out / link).parent.mkdir(exist_ok=True)
                shutil.copy(linked, out / link)


def emptied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook, changed in place: of a code cell of the lesson only its predictions are left."""
    set_up = False
    for section in sections(notebook):
        is_exercise = section.heading.startswith("Exercise")
        for kind, cells in itertools.groupby(section.cells, lambda cell: cell.cell_type):
            if kind == "code":
                for cell in cells if set_up and not is_exercise else ():
                    cell.source = "\n".join(_predictions(cell.source))
                set_up = True
    return notebook


def _predictions(source: str) -> list[str]:
    """The statements like `guess = predict(…)`, as they are written."""
    assigned = [node for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    predictions = [node for node in assigned if ast.unparse(node.value).startswith("predict(")]
    return [ast.get_source_segment(source, node) or "" for node in predictions]
