"""One picture of each lesson on the first page of the website, and the README's contact sheet of them."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from editions import gallery
from editions.outputs import COVER, tags
from editions.sections import title
from tests.material import NOTEBOOKS, ROOT
from tests.notebooks.house_rules import VARIES

TITLES = [title(nbformat.read(path, 4)) for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_has_one_cover(path):
    notebook = nbformat.read(path, 4)
    tagged = [cell for cell in notebook.cells if COVER in tags(cell)]
    assert len(tagged) <= 1
    if not tagged:
        alt, place = gallery.cover(notebook)
        assert (ROOT / "notebooks" / place).is_file()
        assert alt


def shown(alt: str) -> nbformat.NotebookNode:
    return new_output("display_data", {"text/html": f'<img alt="{alt}" src="data:image/png;base64,{alt}">'})


def test_a_cover_is_the_last_picture_of_the_tagged_cell_or_else_the_first_drawing():
    title, drawing = new_markdown_cell("# 1 · A"), new_markdown_cell("![d](drawings/d.svg) ![e](drawings/e.svg)")
    other, tagged = (new_code_cell("1", outputs=[shown("a"), shown("b"), shown(name)]) for name in "xc")
    tagged.outputs.append(new_output("stream", text="3"))
    tagged.metadata.tags = [COVER]
    assert gallery.cover(new_notebook(cells=[title, drawing, other, tagged])) == ("c", "data:image/png;base64,c")
    assert gallery.cover(new_notebook(cells=[title, other, drawing])) == ("d", "drawings/d.svg")
    with pytest.raises(ValueError, match="1 · A: no cell with the tag cover"):
        gallery.cover(new_notebook(cells=[title, other]))


def test_the_contact_sheet_is_small_and_the_readme_tells_what_is_on_it():
    assert gallery.SHEET.stat().st_size < 200_000
    (alt,) = re.findall(r"!\[([^\]]+)\]\(notebooks/lessons\.jpg\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert alt.endswith(".")
    assert len(alt.split()) > 20


@pytest.mark.browser
def test_the_first_page_shows_a_picture_of_each_lesson_above_its_link(chromium, editions):
    page = chromium.new_page()
    page.goto((editions / "website/index.html").as_uri())
    cards = page.eval_on_selector_all(
        ".gallery li",
        "cards => cards.map(card => [card.innerText.trim(), card.querySelector('a').getAttribute('href'),"
        " card.querySelector('img').naturalWidth > 100, card.querySelector('img').alt.length > 20])",
    )
    page.close()
    assert cards == [
        [title, f"notebooks/{path.stem}.html", True, True] for title, path in zip(TITLES, NOTEBOOKS, strict=True)
    ]


@pytest.mark.browser
def test_the_contact_sheet_is_that_of_these_lessons(chromium, editions, tmp_path):
    """Cards are compared at 20 by 20 pixels, since fonts differ; those of cells that vary are left out."""
    gallery.take_contact_sheet(chromium, editions / "website", tmp_path / "now.jpg")
    differences = np.abs(cards(tmp_path / "now.jpg") - cards(gallery.SHEET)).mean(axis=(1, 2))
    lessons = zip(NOTEBOOKS, differences, strict=False)  # the last row may have room for more
    stale = [path.stem for path, difference in lessons if difference > 6 and not varies(path)]
    assert not stale, "make it anew: uv run --extra editions --extra browser python -m editions.gallery"


def cards(sheet: Path) -> np.ndarray:
    """The cards of a contact sheet, row by row, each of 20 by 20 gray pixels."""
    columns, rows = 6, -(-len(NOTEBOOKS) // 6)
    pixels = np.asarray(Image.open(sheet).convert("L").resize((20 * columns, 20 * rows), Image.Resampling.BOX), float)
    return pixels.reshape(rows, 20, columns, 20).swapaxes(1, 2).reshape(-1, 20, 20)


def varies(path: Path) -> bool:
    return any({COVER, VARIES} <= set(tags(cell)) for cell in nbformat.read(path, 4).cells)
