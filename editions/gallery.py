"""A picture of each lesson, with its title: on the first page of the website, and in the README as a contact sheet.

`uv run --extra editions --extra browser python -m editions.gallery` takes the contact sheet in Chromium from the
website in data/, and writes notebooks/lessons.jpg.
"""

import base64
import re
import shutil
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from editions.outputs import COVER, tags
from editions.run import NOTEBOOKS
from editions.sections import title

SHEET = NOTEBOOKS / "lessons.jpg"
WIDTH = 1200  # of the contact sheet, in pixels
_DRAWING = re.compile(r"!\[([^\]]*)\]\((drawings/\w+\.svg)\)")


def cover(notebook: NotebookNode) -> tuple[str, str]:
    """Alt text and address of a lesson's picture: the last one of the cell with the tag, or its first drawing.

    Raises:
        ValueError: The lesson has neither.
    """
    outputs = [output for cell in notebook.cells if COVER in tags(cell) for output in cell.outputs]
    for output in reversed(outputs):
        if picture := BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser").img:
            return str(picture["alt"]), str(picture["src"])
    for cell in notebook.cells:
        if drawing := _DRAWING.search(cell.source):
            return drawing[1], drawing[2]
    raise ValueError(f"{notebook.cells[0].source[:40]}: no cell with the tag {COVER} shows a picture, and no drawing")


def markdown(lessons: list[Path], sources: Path) -> str:
    """The gallery, as a part of the first page of the website. Pictures from outputs are written to `sources`."""
    (sources / "covers").mkdir()
    cards = []
    for path in lessons:
        notebook = nbformat.read(path, 4)
        alt, address = cover(notebook)
        place = f"notebooks/{address}"
        if address.startswith("data:"):
            place = f"covers/{path.stem}.png"
            (sources / place).write_bytes(base64.b64decode(address.partition(",")[2]))
        cards.append(f"- ![{alt}]({place})\n  [{title(notebook)}](notebooks/{path.name})")
    return "\n".join(["```{container} gallery", *cards, "```"])


def take_contact_sheet(browser, website: Path, target: Path) -> None:
    """Write a picture of the gallery of the website to `target`, as a JPEG. `browser` is one of Playwright's."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
    page.goto((website / "index.html").as_uri())
    page.evaluate("document.body.replaceChildren(document.querySelector('.gallery'))")
    page.locator(".gallery").screenshot(path=target, type="jpeg", quality=70)
    page.close()


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take_contact_sheet(chromium, NOTEBOOKS.parent / "data/website", SHEET)
    print(SHEET)
