"""Slides of the executed notebooks, with reveal.js beside them, so that nothing comes from another host.

Here is decided where a slide begins; the browser makes it fit (slides.html.j2). Headings begin a slide, those of level
1 and 2 a new column. Below them a slide holds the text before a code cell, the cell, and what it prints. The title with
its text has a slide of its own, each drawing too, and so have the pictures of a cell. What `.compare` says comes on the
slide of its code, and the last text of a section on the slide of what it is about, but only at the next key: the room
can answer first. Hints, solutions and remarks in boxes are notes for the speaker. Where a cell has a
`slideshow.slide_type` in its metadata, that counts: "slide" and "subslide" begin one, "-" goes on, "fragment" goes on
at the next key, "notes" and "skip" take the cell off the slides.
"""

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import sphinx_revealjs
from bs4 import BeautifulSoup
from nbconvert import SlidesExporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from editions.run import NOTEBOOKS
from editions.sections import title

MOST_LINES, MOST_ROWS = 16, 12  # of an output and of a table that are shown
MOST_WORDS = 50  # of a last text that goes on below code
_REVEAL = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Code, what is folded away, a heading; what lies between is divided at empty lines.
_BLOCK = re.compile(r"(```.*?```|<details>.*?</details>|^#+ .*?$)|\n\s*\n", re.DOTALL | re.MULTILINE)
_DRAWING = "!["
# By beginnings.
_TYPES = [(("# ", "## "), "slide"), (("#", _DRAWING), "subslide"), ((">", "<details>"), "notes"), (("",), "-")]


def make(executed: Path, out: Path) -> None:
    """Write the slides of the notebooks that `run_notebooks` wrote to `executed`, replacing those that are in `out`."""
    shutil.copytree(_REVEAL, out / "reveal.js", dirs_exist_ok=True)
    shutil.copytree(NOTEBOOKS / "drawings", out / "drawings", dirs_exist_ok=True)
    exporter = SlidesExporter(
        raw_template=Path(__file__).with_name("slides.html.j2").read_text(encoding="utf-8"),
        config=Config({"CSSHTMLHeaderPreprocessor": {"style": "default"}}),  # another needs JupyterLab's style sheet
        reveal_url_prefix="reveal.js",
        reveal_theme="white",
    )
    for path in sorted(executed.glob("*.ipynb")):
        html, _ = exporter.from_notebook_node(on_slides(nbformat.read(path, 4)))
        (out / f"{path.stem}.html").write_text(html, encoding="utf-8")


def on_slides(notebook: NotebookNode) -> NotebookNode:
    """The notebook in pieces, each with the type of slide that nbconvert reads."""
    notebook, _ = CoalesceStreamsPreprocessor(enabled=True).preprocess(notebook, {})
    pieces: list[NotebookNode] = []
    section, before = "", "text"
    for cell, following in itertools.zip_longest(notebook.cells, notebook.cells[1:]):
        is_last = following is None or following.cell_type == "markdown"
        for number, (piece, slide_type) in enumerate(_pieces(cell, before, is_last)):
            piece.id = f"{cell.id}-{number}"
            piece.metadata.slideshow = nbformat.from_dict({"slide_type": slide_type})
            if piece.cell_type == "markdown" and (heading := re.match(r"#+ (.*)", piece.source)):
                section = re.sub(r"[`*]", "", heading[1])
            elif slide_type in ("slide", "subslide"):
                piece.metadata.slideshow.data = {"section": section}
            if slide_type != "notes":
                is_alone = cell.source.startswith("# ") or piece.source.startswith(_DRAWING)
                before = "what is alone" if is_alone else "code" if cell.cell_type == "code" else "text"
            pieces.append(piece)
    return new_notebook(cells=pieces, metadata={**notebook.metadata, "title": title(notebook)})


def _pieces(cell: NotebookNode, before: str, is_last: bool) -> list[tuple[NotebookNode, str]]:
    """The pieces of a cell with their types of slide: as the cell says, or by what is before it, and before code."""
    own = cell.metadata.get("slideshow", {}).get("slide_type")
    pieces = list(_code_pieces(cell) if cell.cell_type == "code" else _text_pieces(cell.source))
    if own in ("notes", "skip"):
        return [(piece, own) for piece, _ in pieces if own == "notes"]
    for number, (piece, slide_type) in enumerate(pieces):
        if slide_type != "notes":
            if slide_type == "-" and before != "text":
                slide_type = "fragment" if before == "code" and _is_reading(pieces, is_last) else "subslide"
            pieces[number] = piece, own or slide_type
            break
    return pieces


def _is_reading(pieces: list[tuple[NotebookNode, str]], is_last: bool) -> bool:
    """They begin with a short text that ends a section or stands before a drawing: about the code before it."""
    text = list(itertools.takewhile(lambda piece: piece[1] not in ("slide", "subslide"), pieces))
    words = sum(len(piece.source.split()) for piece, slide_type in text if slide_type == "-")
    return pieces[0][0].cell_type == "markdown" and (is_last or len(text) < len(pieces)) and words <= MOST_WORDS


def _text_pieces(source: str) -> Iterator[tuple[NotebookNode, str]]:
    source = _COMMENT.sub("", source)
    source = re.sub(r"\]\((\w+)\.ipynb", r"](\1.html", source)
    source = re.sub(r"\[([^\]]*)\]\(\w+\.md[^)]*\)", r"\1", source)  # not on slides
    is_behind_drawing = False
    for block in (block.strip("\n") for block in _BLOCK.split(source) if block):
        if block:
            slide_type = next(kind for start, kind in _TYPES if block.startswith(start))
            yield new_markdown_cell(block), "subslide" if is_behind_drawing and slide_type == "-" else slide_type
            if slide_type != "notes":
                is_behind_drawing = block.startswith(_DRAWING)


def _code_pieces(cell: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    yield new_code_cell(cell.source, execution_count=cell.execution_count), "-"
    before_pictures = True
    for number, output in enumerate(cell.outputs):
        is_answer = number == 0 and ".compare(" in cell.source
        slide_type = "fragment" if is_answer else "-"
        if before_pictures and "<img" in output.get("data", {}).get("text/html", ""):
            slide_type, before_pictures = "subslide", False
        _shorten(output)
        yield new_code_cell(outputs=[output], metadata={"transient": {"remove_source": True}}), slide_type


def _shorten(output: NotebookNode) -> None:
    """Leave of a long text or table what can be read from the back of a room."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = re.sub(r'(href="\w+)\.ipynb', r"\1.html", data["text/html"])
        page = BeautifulSoup(data["text/html"], "html.parser")
        for row in (more := page.select("tbody tr")[MOST_ROWS:]):
            row.decompose()
        if more:
            data["text/html"] = f"{page}<p>… (the notebook has {len(more)} rows more)</p>"
    else:
        holder, key = (output, "text") if "text" in output else (data, "text/plain")
        lines = holder[key].splitlines()
        if len(lines) > MOST_LINES:
            holder[key] = "\n".join([*lines[:MOST_LINES], "… (the notebook has the rest)"])
