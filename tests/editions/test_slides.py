"""Slides fit on their screen, need no other host, and hold every code cell of the lesson."""

import html
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from editions.executed import NOTEBOOKS

pytestmark = pytest.mark.browser

# Goes through all slides, and tells of each what sticks out of it, by pixels of the screen.
LOOK = """async () => {
  await document.fonts.ready;
  const slides = [];
  for (const slide of Reveal.getSlides()) {
    const at = Reveal.getIndices(slide);
    Reveal.slide(at.h, at.v);
    const area = document.querySelector('.slides').getBoundingClientRect();
    const parts = [...slide.querySelectorAll('*')].filter(part => !part.closest('aside') && part.getClientRects().length);
    const boxes = parts.map(part => part.getBoundingClientRect());
    const code = parts.filter(part => part.closest('.highlight') && part.tagName == 'PRE');
    slides.push({
      right: Math.max(...boxes.map(box => box.right)) - area.right,
      bottom: Math.max(...boxes.map(box => box.bottom)) - area.bottom,
      left: area.left - Math.min(...boxes.map(box => box.left)),
      hidden: parts.filter(part =>
        part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX != 'visible').length,
      on_screen: area.left >= 0 && area.top >= 0 && area.right <= innerWidth && area.bottom <= innerHeight,
      code: Math.min(...code.map(part => parseFloat(getComputedStyle(part).fontSize) * Reveal.getScale())),
      nothing: slide.innerText.trim() == '' && !slide.querySelector('img'),
      text: slide.innerText.slice(0, 60),
    });
  }
  return slides;
}"""


@pytest.fixture(scope="session")
def slides(chromium, executed, tmp_path_factory) -> Path:  # Chromium first: without it nothing need be made
    from editions.slides import make

    folder = tmp_path_factory.mktemp("slides")
    make(executed, folder)
    return folder


def described(path: Path) -> list[str]:
    """The alt texts of all figures of a notebook. (Where one is missing, nbconvert puts in words that say nothing.)"""
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    pages = [output.get("data", {}).get("text/html", "") for output in outputs]
    return [html.unescape(alt) for page in pages for alt in re.findall(r'<img alt="([^"]+)"', page)]


@pytest.mark.parametrize("name", [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))])
def test_slides(name, slides, executed, chromium):
    page = chromium.new_page()
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(f"not found: {request.url}"))
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto((slides / f"{name}.html").as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        found = page.evaluate(LOOK)
        assert len(found) > 10
        for number, slide in enumerate(found, 1):
            where = f"slide {number} at {width} x {height} ({slide['text']!r})"
            assert slide["on_screen"] and not slide["nothing"], where
            too_large = {side: slide[side] for side in ("left", "right", "bottom") if slide[side] > 1}
            assert not too_large and not slide["hidden"], (
                f"{where}: sticks out by {too_large}, {slide['hidden']} parts are cut"
            )
            assert slide["code"] >= 14, f"{where}: code of {slide['code']} px"
    assert not [url for url in requests if not url.startswith(("file:", "data:"))]
    assert not errors
    figures = page.evaluate("[...document.images].map(image => [image.alt, image.naturalWidth > 0])")
    assert figures == [[alt, True] for alt in described(executed / f"{name}.ipynb")]
    ids = page.evaluate("[...document.querySelectorAll('.jp-CodeCell')].map(cell => cell.id)")
    code_cells = [cell for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells if cell.cell_type == "code"]
    assert [cell.id for cell in code_cells if f"cell-id={cell.id}-0" not in ids] == []
    shown = page.evaluate("[...document.querySelectorAll('.highlight pre')].map(code => code.textContent)")
    words = re.sub(r"\s+", "", "".join(shown))
    assert all(re.sub(r"\s+", "", cell.source) in words for cell in code_cells)
    page.close()


def slide_types(*cells) -> list[tuple[str, str]]:
    pytest.importorskip("sphinx_revealjs", reason="needs uv run --extra editions pytest …")
    from editions.slides import on_slides

    notebook = on_slides(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), *cells]))
    return [(cell.source, cell.metadata.slideshow.slide_type) for cell in notebook.cells[1:]]


@pytest.mark.parametrize("own", ["slide", "subslide", "fragment", "-", "notes"])
def test_slide_type_of_a_cell_wins(own):
    text = nbformat.v4.new_markdown_cell("Some words.", metadata={"slideshow": {"slide_type": own}})
    assert slide_types(text) == [("Some words.", own)]
    text.metadata.slideshow.slide_type = "skip"
    assert slide_types(text) == []
    assert slide_types(nbformat.v4.new_markdown_cell("Some words.")) == [("Some words.", "-")]


def test_what_is_folded_away_or_in_a_box_is_for_the_speaker():
    folded = "<details><summary>Hint</summary>\n\nLook.\n\n</details>"
    text = nbformat.v4.new_markdown_cell(f"Words.\n\n> **A box.**\n\n{folded}\n\n## Next")
    assert [kind for _, kind in slide_types(text)] == ["-", "notes", "notes", "slide"]


def test_long_output_is_cut_and_says_so():
    pytest.importorskip("sphinx_revealjs", reason="needs uv run --extra editions pytest …")
    from editions.slides import on_slides

    output = nbformat.v4.new_output("stream", text="".join(f"line {number}\n" for number in range(100)))
    cell = nbformat.v4.new_code_cell("print(1)", outputs=[output])
    shown = (
        on_slides(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), cell]))
        .cells[-1]
        .outputs[0]
        .text
    )
    assert shown.startswith("line 0\n") and "line 50" not in shown and shown.endswith("\n… (the notebook has the rest)")


def test_slides_of_the_same_run_are_the_same(executed, slides, tmp_path):
    from editions.slides import make

    (tmp_path / "executed").mkdir()
    first = min(executed.glob("*.ipynb"))
    shutil.copy(first, tmp_path / "executed")
    make(tmp_path / "executed", tmp_path / "again")
    assert (tmp_path / f"again/{first.stem}.html").read_bytes() == (slides / f"{first.stem}.html").read_bytes()


def test_question_stays_with_its_cell_and_the_answer_comes_on_the_next_slide():
    question = nbformat.v4.new_markdown_cell("What was before.\n\n" + "How many? " * 30)
    output = nbformat.v4.new_output("stream", text="3")
    code = 'guess = predict("How many", ...)\n' + "guess.compare(3)\n" * 12
    types = slide_types(question, nbformat.v4.new_code_cell(code, outputs=[output]))
    assert [kind for _, kind in types] == ["-", "subslide", "-", "subslide"]
