"""The tags of cells, and what is wrong with what came out of a notebook, in lines that say what, and in which cell."""

import base64
import io
import os
from collections.abc import Iterator

from bs4 import BeautifulSoup
from nbformat import NotebookNode
from PIL import Image, ImageStat

from editions.sections import sections

WARNS = "warns"  # a tag: the cell is about a warning that a learner meets in red, so in its section it must come
KEEP = "keep"  # a tag: what the cell shows is also shown by the lesson's program to carry home
COVER = "cover"  # a tag: the last picture of the cell stands for the lesson on the first page of the website
MOST_SECONDS, MOST_MB = 300, 3072  # the aim is 20 s and 2048 MB, more is a warning; this is a notebook gone wrong


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def cell_name(number: int, cell: NotebookNode) -> str:
    """How a finding calls a cell: its number in the file, and how it begins."""
    first_line = cell.source.strip().partition("\n")[0]
    return f"cell {number} ({first_line[:40]})"


def output_findings(notebook: NotebookNode) -> list[str]:
    """What is wrong with the outputs of a notebook that ran."""
    findings = []
    names = {id(cell): cell_name(number, cell) for number, cell in enumerate(notebook.cells, 1)}
    for section in sections(notebook):
        code = {names[id(cell)]: cell for cell in section.cells if cell.cell_type == "code"}
        findings += [f"{name}: {finding}" for name, cell in code.items() for finding in _cell_findings(cell)]
        findings += _red_findings(code)
    return findings


def _red_findings(section: dict[str, NotebookNode]) -> Iterator[str]:
    """Red lines are judged by the section: what a C library writes comes by a thread, perhaps in the next cell."""
    red = [
        (name, output.text)
        for name, cell in section.items()
        for output in cell.outputs
        if output.get("name") == "stderr"
    ]
    warns = [name for name, cell in section.items() if WARNS in tags(cell)]
    # On Windows, ipykernel does not show what C libraries write.
    if warns and not red and os.name == "posix":
        yield f"{warns[0]}: the warning that it is about does not come"
    if red and not warns:
        name, text = red[0]
        yield f"{name}: a learner would see this in red: {text[:200]}"


def _cell_findings(cell: NotebookNode) -> Iterator[str]:
    if cell.execution_count is None:
        yield "did not run"
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
    if not os.environ.get("PHOTOS") and max(ImageStat.Stat(image).stddev) <= 2:  # a photo of one's own may be all white
        yield "a blank picture"


def budget_findings(seconds: float, peak_mb: float) -> list[str]:
    findings = [f"took {seconds:.0f} s, the limit is {MOST_SECONDS}"] if seconds > MOST_SECONDS else []
    return findings + ([f"took {peak_mb:.0f} MB, the limit is {MOST_MB}"] if peak_mb > MOST_MB else [])
