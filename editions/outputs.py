"""What is wrong with what came out of a notebook. Findings are lines that say what, and in which cell."""

import base64
import io
import os
from collections.abc import Iterator

from bs4 import BeautifulSoup
from nbformat import NotebookNode
from PIL import Image, ImageStat

WARNS = "warns"  # a tag: the lesson is about a warning that a learner meets in red, so here it must come
MOST_SECONDS, MOST_MB = 300, 3072  # the aim is 20 s and 2048 MB, more is a warning; this is a notebook gone wrong


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def cell_name(number: int, cell: NotebookNode) -> str:
    """How a finding calls a cell: its number in the file, and how it begins."""
    first_line = cell.source.strip().partition("\n")[0]
    return f"cell {number} ({first_line[:40]})"


def output_findings(notebook: NotebookNode) -> list[str]:
    """What is wrong with the outputs of a notebook that ran."""
    return [
        f"{cell_name(number, cell)}: {finding}"
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code"
        for finding in _cell_findings(cell)
    ]


def _cell_findings(cell: NotebookNode) -> Iterator[str]:
    if cell.execution_count is None:
        yield "did not run"
    red = [output.text for output in cell.outputs if output.get("name") == "stderr"]
    # On Windows, ipykernel does not show what C libraries write.
    if WARNS in tags(cell) and not red and os.name == "posix":
        yield "the warning that it is about does not come"
    if WARNS not in tags(cell) and red:
        yield f"a learner would see this in red: {red[0][:200]}"
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"an error: {output.ename}: {output.evalue}"
        data = output.get("data", {})
        if any(kind.startswith("image/") for kind in data):
            yield "a figure without alt text"
        for image in BeautifulSoup(data.get("text/html", ""), "html.parser").find_all("img"):
            yield from _image_findings(str(image.get("alt", "")), str(image.get("src", "")))


def _image_findings(alt: str, source: str) -> Iterator[str]:
    if len(alt.split()) < 5:
        yield f"alt text of fewer than five words: {alt!r}"
    try:
        png = source.removeprefix("data:image/png;base64,")
        image = Image.open(io.BytesIO(base64.b64decode(png, validate=True))).convert("RGB")
    except (ValueError, OSError):
        yield f"not a PNG picture within the page: {source[:50]}"
        return
    if image.width < 60:
        yield f"a picture only {image.width} pixels wide"
    if max(ImageStat.Stat(image).stddev) <= 2:
        yield "a blank picture"


def budget_findings(seconds: float, peak_mb: float) -> list[str]:
    findings = [f"took {seconds:.0f} s, the limit is {MOST_SECONDS}"] if seconds > MOST_SECONDS else []
    return findings + ([f"took {peak_mb:.0f} MB, the limit is {MOST_MB}"] if peak_mb > MOST_MB else [])
