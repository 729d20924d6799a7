"""Slides fit on their screen, need no other host, and hold every code cell of the lesson."""

import html
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.material import NOTEBOOKS, ROOT

pytestmark = pytest.mark.browser
AXE = ROOT / "data/npm/node_modules/axe-core/axe.min.js"
SMALLEST_TEXT = 14  # pixels, on a screen of 1280 by 720

# Goes through all slides, and tells of each what sticks out of it and how large its smallest text is, by pixels of the
# screen. How large an em is on the screen, only something that is one em high can tell.
LOOK = """async () => {
  await document.fonts.ready;
  const em = document.createElement('span');
  em.style = 'display: inline-block; height: 1em; width: 0';
  const emOf = part => {
    part.append(em);
    const {height} = em.getBoundingClientRect();
    em.remove();
    return height;
  };
  const hasText = part => [...part.childNodes].some(node => node.nodeType == Node.TEXT_NODE && node.data.trim());
  const slides = [];
  for (const slide of Reveal.getSlides()) {
    const at = Reveal.getIndices(slide);
    Reveal.slide(at.h, at.v);
    const area = document.querySelector('.slides').getBoundingClientRect();
    const all = [...slide.querySelectorAll('*')];
    const parts = all.filter(part => !part.closest('aside') && part.getClientRects().length);
    const boxes = parts.map(part => part.getBoundingClientRect());
    const {zoom} = slide.style;
    slide.style.zoom = zoom * 1 + 0.02;
    const bottom_if_larger = Math.max(...parts.map(part => part.getBoundingClientRect().bottom)) - area.top;
    slide.style.zoom = zoom;
    const [own, label] = [null, '::before'].map(part => parseFloat(getComputedStyle(slide, part).fontSize));
    slides.push({
      right: Math.max(...boxes.map(box => box.right)) - area.right,
      bottom: Math.max(...boxes.map(box => box.bottom)) - area.bottom,
      left: area.left - Math.min(...boxes.map(box => box.left)),
      hidden: parts.filter(part =>
        part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX != 'visible').length,
      on_screen: area.left >= 0 && area.top >= 0 && area.right <= innerWidth && area.bottom <= innerHeight,
      needlessly_small: zoom < 1 && bottom_if_larger < area.height * 0.94,
      text_size: Math.min(emOf(slide) * label / own, ...parts.filter(hasText).map(emOf)),
      nothing: slide.innerText.trim() == '' && !slide.querySelector('img'),
      cells: [...slide.querySelectorAll('.jp-Cell')].map(cell => cell.id.replace(/cell-id=|-\\d+$/g, '')),
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
    """The alt texts of all drawings and figures. (Where one is missing, nbconvert puts in words that say nothing.)"""
    alts = []
    for cell in nbformat.read(path, 4).cells:
        alts += re.findall(r"!\[([^\]]+)\]\(drawings/", cell.source)
        for output in cell.get("outputs", []):
            page = output.get("data", {}).get("text/html", "")
            alts += [html.unescape(alt) for alt in re.findall(r'<img alt="([^"]+)"', page)]
    return alts


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
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
            where = f"slide {number} at {width} x {height}, cells {set(slide['cells'])} ({slide['text']!r})"
            assert slide["on_screen"], where
            assert not slide["nothing"], where
            assert not slide["needlessly_small"], where
            too_large = {side: slide[side] for side in ("left", "right", "bottom") if slide[side] > 1}
            assert not too_large, f"{where}: sticks out by {too_large}"
            assert not slide["hidden"], f"{where}: {slide['hidden']} parts are cut"
            smallest = SMALLEST_TEXT * height / 720
            assert slide["text_size"] >= smallest, f"{where}: text of {slide['text_size']:.1f} px, too long for a slide"
    assert not [url for url in requests if not url.startswith(("file:", "data:"))]
    assert not errors
    figures = page.evaluate("[...document.images].map(image => [image.alt, image.naturalWidth > 0])")
    assert figures == [[alt, True] for alt in described(executed / f"{name}.ipynb")]
    ids = page.evaluate("[...document.querySelectorAll('.jp-CodeCell')].map(cell => cell.id)")
    code_cells = [cell for cell in nbformat.read(executed / f"{name}.ipynb", 4).cells if cell.cell_type == "code"]
    assert [cell.id for cell in code_cells if f"cell-id={cell.id}-0" not in ids] == []
    shown = page.evaluate("[...document.querySelectorAll('.highlight pre')].map(code => code.textContent)")
    words = re.sub(r"\s+", "", "".join(shown))
    assert all(re.sub(r"\s+", "", cell.source) in words for cell in code_cells)
    page.close()


def pieces(*cells) -> list[nbformat.NotebookNode]:
    pytest.importorskip("sphinx_revealjs", reason="needs uv run --extra editions pytest …")
    from editions.slides import on_slides

    return on_slides(new_notebook(cells=[new_markdown_cell("## Section"), *cells])).cells[1:]


def slide_types(*cells) -> list[tuple[str, str]]:
    return [(cell.source, cell.metadata.slideshow.slide_type) for cell in pieces(*cells)]


@pytest.mark.parametrize("own", ["slide", "subslide", "fragment", "-", "notes"])
def test_slide_type_of_a_cell_wins(own):
    code = new_code_cell("1")
    text = new_markdown_cell("Some words.", metadata={"slideshow": {"slide_type": own}})
    assert slide_types(code, text) == [("1", "-"), ("Some words.", own)]
    text.metadata.slideshow.slide_type = "skip"
    assert slide_types(code, text) == [("1", "-")]
    assert slide_types(code, new_markdown_cell("Some words."), new_code_cell("2"))[1] == ("Some words.", "subslide")


def test_what_is_folded_away_or_in_a_box_is_for_the_speaker():
    folded = "<details><summary>Hint</summary>\n\nLook.\n\n</details>"
    text = new_markdown_cell(f"Words.\n\n> **A box.**\n\n{folded}\n\n## Next\nMore.\n\n### Below")
    assert [kind for _, kind in slide_types(text)] == ["-", "notes", "notes", "slide", "-", "subslide"]


def test_code_stays_with_the_text_before_it_and_what_follows_begins_a_slide():
    fence = "```python\n# no heading\n\n1 + 1\n```"
    note = new_markdown_cell("> For the speaker.\n\nText.")
    cells = [new_markdown_cell(f"Text.\n\n{fence}"), new_code_cell("1"), new_code_cell("2"), note, new_code_cell("3")]
    assert slide_types(*cells) == [
        ("Text.", "-"),
        (fence, "-"),
        ("1", "-"),
        ("2", "subslide"),
        ("> For the speaker.", "notes"),
        ("Text.", "subslide"),
        ("3", "-"),
    ]


def test_question_stays_with_its_cell_and_the_answer_comes_at_the_next_key():
    question = new_markdown_cell("What was before.\n\nHow many?")
    answer = new_code_cell(
        'guess = predict("How many", ...)\nguess.compare(3)', outputs=[new_output("stream", text="3")]
    )
    assert [kind for _, kind in slide_types(question, answer)] == ["-", "-", "-", "fragment"]


def test_short_text_at_the_end_of_a_section_comes_on_the_slide_of_its_code_at_the_next_key():
    code, more_code = new_code_cell("1"), new_code_cell("2")
    short, long = new_markdown_cell("One.\n\nTwo."), new_markdown_cell("word " * 60)
    heading = new_markdown_cell("Text.\n\n## Next")
    drawing = new_markdown_cell("Text.\n\n![A drawing.](drawings/a.svg)")
    assert [kind for _, kind in slide_types(code, short)] == ["-", "fragment", "-"]
    assert [kind for _, kind in slide_types(code, heading, more_code)] == ["-", "fragment", "slide", "-"]
    assert [kind for _, kind in slide_types(code, drawing, more_code)] == ["-", "fragment", "subslide", "subslide"]
    assert [kind for _, kind in slide_types(code, long)] == ["-", "subslide"]
    assert [kind for _, kind in slide_types(code, short, more_code)] == ["-", "subslide", "-", "-"]


def test_the_title_has_a_slide_of_its_own():
    title, code = new_markdown_cell("# Title\n\nWhat you'll do."), new_code_cell("import os")
    assert [kind for _, kind in slide_types(title, code)] == ["slide", "-", "subslide"]


def test_the_pictures_of_a_cell_have_a_slide_of_their_own():
    printed, shown = new_output("stream", text="3"), new_output("display_data", {"text/html": "<img>"})
    code = new_code_cell("1", outputs=[printed, shown, shown])
    assert [kind for _, kind in slide_types(code)] == ["-", "-", "subslide", "-"]


def test_a_drawing_has_a_slide_of_its_own():
    text = new_markdown_cell("Words.\n\n![A drawing.](drawings/a.svg)\n\n> A box.\n\nMore.")
    assert [kind for _, kind in slide_types(text)] == ["-", "subslide", "notes", "subslide"]
    drawing = new_markdown_cell("<!-- check: True -->\n![A drawing.](drawings/a.svg)")
    assert [kind for _, kind in slide_types(drawing, new_code_cell("1"))] == ["subslide", "subslide"]


def test_section_is_named_on_the_slides_that_have_no_heading():
    cells = pieces(new_markdown_cell("## The `map`\n\nText."), new_code_cell("1"), new_code_cell("2"))
    assert [cell.metadata.slideshow.get("data") for cell in cells] == [None, None, None, {"section": "The map"}]


def test_long_output_is_cut_and_says_so():
    lines = new_output("stream", text="".join(f"line {number}\n" for number in range(100)))
    rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(100))
    table = f"<table><thead><tr><th>n</th></tr></thead><tbody>{rows}</tbody></table>"
    outputs = [lines, new_output("execute_result", {"text/html": table})]
    _, printed, shown = pieces(new_code_cell("1", outputs=outputs))
    assert printed.outputs[0].text == "".join(f"line {n}\n" for n in range(16)) + "… (the notebook has the rest)"
    html = shown.outputs[0].data["text/html"]
    assert "row 11<" in html
    assert "row 12<" not in html
    assert "… (the notebook has 88 rows more)" in html


def test_slides_of_the_same_run_are_the_same(executed, slides, tmp_path):
    from editions.slides import make

    (tmp_path / "executed").mkdir()
    first = min(executed.glob("*.ipynb"))
    shutil.copy(first, tmp_path / "executed")
    make(tmp_path / "executed", tmp_path / "again")
    assert (tmp_path / f"again/{first.stem}.html").read_bytes() == (slides / f"{first.stem}.html").read_bytes()


def test_links_to_sections_lead_to_their_slides(slides, chromium):
    page = chromium.new_page()
    page.goto((slides / "04_which_file_is_it.html").as_uri())
    links = page.eval_on_selector_all("td a", "links => links.map(link => link.href)")
    assert {Path(urlsplit(link).path).stem for link in links} >= {"02_map_a_function", "04_which_file_is_it"}
    for link in links:
        page.goto(link)
        page.wait_for_function(
            "id => window.Reveal?.isReady() && Reveal.getCurrentSlide().querySelector('h1, h2, h3')?.id == id",
            arg=unquote(urlsplit(link).fragment),
            timeout=10_000,
        )
    page.close()


def test_small_pictures_are_enlarged_to_the_width_of_the_slide(slides, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto((slides / "00_start_here.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    picture = "Reveal.getSlides().find(slide => slide.querySelector('.jp-OutputArea-output img'))"
    page.evaluate(f"at = Reveal.getIndices({picture}); Reveal.slide(at.h, at.v)")
    assert page.locator(".present img").bounding_box()["width"] > 1200
    page.close()


def test_the_keyboard_reaches_only_what_is_on_the_slide(slides, chromium):
    page = chromium.new_page()
    page.goto(f"{(slides / '01_take_one_batch.html').as_uri()}#Recap")
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('section.present section.present') != null")
    page.close()


def test_axe_finds_nothing_serious(slides, chromium):
    if not AXE.is_file():
        pytest.skip("needs axe-core: npm install --prefix data/npm axe-core")
    page = chromium.new_page()
    page.goto((slides / "07_split_without_a_leak.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("n => { const at = Reveal.getIndices(Reveal.getSlides()[n]); Reveal.slide(at.h, at.v); }", number)
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
        assert [(rule["id"], rule["nodes"]) for rule in found if rule["impact"] in ("serious", "critical")] == []
    page.close()
