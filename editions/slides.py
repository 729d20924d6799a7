"""Slides of the executed notebooks, with reveal.js beside them, so that nothing comes from another host.

A slide is a part of a notebook that fits on a screen. Headings begin a slide, those of level 1 and 2 a new column. Below
them paragraphs, lists, tables, code and outputs follow each other as long as there is room; what does not fit goes to the
next slide, and what is taller than a slide is divided (tables) or cut (outputs; the slide says so). A question stays with
the cell that asks for a prediction, and what comes out begins a slide of its own, so that the room can answer first.
Hints, solutions and remarks in boxes are notes for the speaker. Where a cell has a `slideshow.slide_type` in its
metadata, that counts: "slide" and "subslide" begin one, "-" and "fragment" go on as long as there is room, "notes" and
"skip" take the cell off the slides.
"""

import base64
import math
import re
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import sphinx_revealjs
from nbconvert import SlidesExporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from traitlets.config import Config

WIDTH, HEIGHT = 1280, 720  # reveal.js scales a slide of this size to the screen, so what fits here fits everywhere
_FULL = HEIGHT - 40 - 20  # without its padding, and with something to spare: heights are estimates
_LABEL = 30  # the section's name, above what goes on with it
_IMAGE_WIDTH, _LARGER = WIDTH - 60, 1.3  # pictures grow by this at most
_OUTPUT_LINES = 20

_REVEAL = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
_REVEAL_FILES = ("LICENSE", "dist/reveal.js", "dist/reveal.css", "dist/theme/white.css",
                 "dist/theme/fonts/source-sans-pro/*", "plugin/notes/notes.js")  # fmt: skip

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE_OR_DETAILS = re.compile(r"(```.*?```|(?:<details>.*?</details>\s*)+)", re.DOTALL)


@dataclass
class Piece:
    """A part of a cell: what it holds, its height in pixels, and that of all that should stay on its slide."""

    cell: NotebookNode
    height: int
    slide_type: str = "-"
    heading: str = ""
    together: int = 0


def make(executed: Path, out: Path) -> None:
    """Write the slides of each notebook in `executed` to `out`, and reveal.js beside them.

    Args:
        executed: A folder of notebooks with their outputs, as `executed.run_notebooks` makes it.
        out: May be there already; then its slides are replaced.
    """
    for pattern in _REVEAL_FILES:
        for source in _REVEAL.glob(pattern):
            target = out / "reveal.js" / source.relative_to(_REVEAL)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    exporter = SlidesExporter(
        raw_template=Path(__file__).with_name("slides.html.j2").read_text(encoding="utf-8"),
        config=Config({"CSSHTMLHeaderPreprocessor": {"style": "default"}}),  # JupyterLab's needs JupyterLab's style sheet
        reveal_url_prefix="reveal.js", reveal_theme="white", reveal_width=str(WIDTH), reveal_height=str(HEIGHT),
    )  # fmt: skip
    for path in sorted(executed.glob("*.ipynb")):
        html, _ = exporter.from_notebook_node(on_slides(nbformat.read(path, 4)))
        (out / f"{path.stem}.html").write_text(html, encoding="utf-8")


def on_slides(notebook: NotebookNode) -> NotebookNode:
    """The notebook in pieces, each with the type of slide that nbconvert reads."""
    notebook, _ = CoalesceStreamsPreprocessor(enabled=True).preprocess(notebook, {})
    cells, room, section = [], 0, ""
    for cell, after in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        own = cell.metadata.get("slideshow", {}).get("slide_type")
        pieces = (
            [] if own == "skip" else list(_code_pieces(cell) if cell.cell_type == "code" else _text_pieces(cell.source))
        )
        asks = after and after.cell_type == "code" and "predict(" in after.source
        if asks and len(pieces) > 1 and not pieces[-2].heading:  # the question stays with the cell that asks it
            pieces[-1].together = pieces[-1].height + _code_height(after.source)
        for number, piece in enumerate(pieces):
            if own == "notes" or (own and number == 0):
                piece.slide_type = own
            labels = {}
            if piece.slide_type != "notes":
                needed = piece.together if piece.height <= piece.together <= _FULL - _LABEL else piece.height
                begins = piece.slide_type in ("slide", "subslide")
                if needed > room and not begins:
                    begins, piece.slide_type = True, "subslide"
                if begins:
                    labels = {"section": section} if section and not piece.heading else {}
                    room = _FULL - (_LABEL if labels else 0)
                room -= piece.height
                section = piece.heading or section
            piece.cell.metadata.slideshow = nbformat.from_dict({"slide_type": piece.slide_type, "data": labels})
            piece.cell.id = f"{cell.id}-{number}"
            cells.append(piece.cell)
    return nbformat.v4.new_notebook(cells=cells, metadata={**notebook.metadata, "title": cells[0].source.strip("# ")})


def _lines(text: str, width: int) -> int:
    """How many lines of at most `width` characters."""
    return sum(max(1, math.ceil(len(line) / width)) for line in text.splitlines())


def _text_pieces(source: str) -> Iterator[Piece]:
    source = _COMMENT.sub("", source)
    source = re.sub(r"\]\((\w+)\.ipynb[^)]*\)", r"](\1.html)", source)
    source = re.sub(r"\[([^\]]*)\]\(\w+\.md[^)]*\)", r"\1", source)  # not on slides
    for part in _FENCE_OR_DETAILS.split(source):
        if part.startswith("<details>"):
            yield _text(part, 0, "notes")
        elif part.startswith("```"):
            yield _text(part, _code_height(part.strip("`")))
        else:
            for block in re.split(r"\n\s*\n", part.strip()):
                yield from _block_pieces(block)


def _text(source: str, height: int, slide_type: str = "-", heading: str = "") -> Piece:
    return Piece(nbformat.v4.new_markdown_cell(source), height, slide_type, heading)


def _block_pieces(block: str) -> Iterator[Piece]:
    if not block.strip():
        return
    if heading := re.match(r"(#+) (.*)", block):
        slide_type = "slide" if len(heading[1]) < 3 else "subslide"
        yield _text(heading[0], 70 * _lines(heading[2], 55), slide_type, re.sub(r"[`*]", "", heading[2]))
        yield from _block_pieces(block[heading.end() :])
    elif block.startswith(">"):
        yield _text(block, 0, "notes")
    elif block.startswith("|"):
        header, line, *rows = block.splitlines()
        heights = _row_heights([row.strip("| ").split(" | ") for row in (header, *rows)])
        for start, end in _chunks(heights[1:], _FULL - 100 - heights[0]):
            yield _text(
                "\n".join([header, line, *rows[start:end]]), heights[0] + sum(heights[1 + start : 1 + end]) + 12
            )
    else:
        visible = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", block)
        yield _text(block, 37 * _lines(visible, 98) + 14)


def _row_heights(rows: list[list[str]]) -> list[int]:
    widest = [max(len(cell) for cell in column) for column in zip(*rows)]
    share = min(1, 95 / sum(widest))
    return [
        29 * max(math.ceil(len(cell) / max(6, share * width)) for cell, width in zip(row, widest)) + 12 for row in rows
    ]


def _chunks(heights: list[int], most: int) -> Iterator[tuple[int, int]]:
    start = 0
    for end in range(1, len(heights) + 1):
        if end == len(heights) or sum(heights[start : end + 1]) > most:
            yield start, end
            start = end


def _code_height(source: str) -> int:
    return 28 * _lines(source, 85) + 28


def _code_pieces(cell: NotebookNode) -> Iterator[Piece]:
    source = nbformat.v4.new_code_cell(cell.source, execution_count=cell.execution_count)
    source = Piece(source, _code_height(cell.source))
    outputs = [_output_piece(output) for output in cell.outputs]
    if outputs and ".compare(" in cell.source:
        outputs[0].slide_type = "subslide"
        outputs[0].together = sum(piece.height for piece in outputs)
    else:
        source.together = sum(piece.height for piece in (source, *outputs))
    yield from (source, *outputs)


def _output_piece(output: NotebookNode) -> Piece:
    html = output.get("data", {}).get("text/html", "")
    if "<img" in html:
        png = base64.b64decode(re.search(r"base64,([^\"]*)", html)[1])
        width, height = struct.unpack(">II", png[16:24])
        scale = min(_LARGER, _IMAGE_WIDTH / width, (_FULL - _LABEL - 12) / height)
        width, height = round(scale * width), round(scale * height)
        output.data["text/html"] = re.sub(r'style="[^"]*"', f'style="width: {width}px; height: {height}px"', html)
        height += 12
    elif html:
        output.data["text/html"], height = _cut_table(html)
    else:
        text = output.text if output.output_type == "stream" else output.data["text/plain"]
        kept = text.rstrip("\n").splitlines()
        while _lines("\n".join(kept), 95) > _OUTPUT_LINES:
            kept.pop()
        if len(kept) < len(text.rstrip("\n").splitlines()):
            kept += ["… (the notebook has the rest)"]
        text = "\n".join(kept)
        if output.output_type == "stream":
            output.text = text
        else:
            output.data["text/plain"] = text
        height = 25 * _lines(text, 95) + 28
    cell = nbformat.v4.new_code_cell(outputs=[output], metadata={"transient": {"remove_source": True}})
    return Piece(cell, height)


def _cut_table(html: str) -> tuple[str, int]:
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    heights = _row_heights([re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows])
    _, end = next(_chunks(heights, _FULL - _LABEL - 60))
    for row in rows[end:]:
        html = html.replace(row, "", 1)
    if rows[end:]:
        html += f"<p>… (the notebook has {len(rows) - end} rows more)</p>"
    return html, sum(heights[:end]) + 60
