"""The website, opened from a file in Chromium: `uv run --extra editions --extra browser pytest -m browser`."""

import html
import json
import re
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import nbformat
import pytest

from tests.documents.questions import MESSAGES, QUESTIONS, is_found
from tests.material import NOTEBOOKS, ROOT

DOCUMENTS = sorted((ROOT / "notebooks").glob("*.md"))
CHAIN = ["index", *(f"notebooks/{path.stem}" for path in NOTEBOOKS + DOCUMENTS), "one_page", "programs", "further"]
CHAIN += ["CONTRIBUTING", "tests/benchmarks/RESULTS", "run_times", "LICENSE", "LICENSE-text"]
PAGES = [*CHAIN, "search"]
AXE = ROOT / "data/npm/node_modules/axe-core/axe.min.js"
DESKTOP, PHONE = {"width": 1300, "height": 900}, {"width": 390, "height": 844}

pytestmark = pytest.mark.browser
for_each_page = pytest.mark.parametrize("name", PAGES)
for_each_width = pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
for_each_lesson = pytest.mark.parametrize("lesson", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def page(chromium):
    """An empty page, in a profile of its own."""
    context = chromium.new_context(viewport=DESKTOP)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def website(chromium, editions) -> Path:  # Chromium first: without it nothing need be made
    return editions / "website"


@pytest.fixture
def visit(page, website):
    """A function that opens a page of the site by its name."""

    def go(name: str, query: str = ""):
        page.goto(f"{(website / name).as_uri()}.html{query}")
        return page

    return go


def executed(website: Path, lesson: Path) -> nbformat.NotebookNode:
    return nbformat.read(website.parent / "executed" / lesson.name, 4)


def code_cells(notebook: nbformat.NotebookNode) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_pages_are_these(website):
    built = {path.relative_to(website).with_suffix("").as_posix() for path in website.rglob("*.html")}
    assert built == set(PAGES)


@for_each_page
def test_page_loads_without_a_server_and_without_another_host(name, page, visit):
    wrong, requested = [], []
    page.on("console", lambda message: message.type in ("error", "warning") and wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(f"not loaded: {request.url[:200]}"))
    page.on("request", lambda request: requested.append(request.url))
    visit(name, "?q=map" if name == "search" else "")
    page.wait_for_timeout(500)  # one time in thirty, Playwright's "networkidle" never comes
    assert not wrong
    assert "file" in {urlsplit(url).scheme for url in requested}
    assert {urlsplit(url).scheme for url in requested} <= {"file", "data"}


@for_each_page
@for_each_width
def test_page_and_its_tables_are_no_wider_than_the_window(name, width, page, visit):
    page.set_viewport_size(width)
    visit(name)
    widths = page.eval_on_selector_all("html, .content", "boxes => boxes.map(box => box.scrollWidth)")
    assert len(widths) == 2
    assert max(widths) <= width["width"]
    cut = page.eval_on_selector_all(
        ".table-wrapper", "all => all.filter(box => box.scrollWidth > box.clientWidth).length"
    )
    assert cut == (name == "further" and width == PHONE)  # the table of versions has eight columns


@for_each_lesson
def test_words_in_pictures_can_be_read_on_a_phone(lesson, page, visit):
    page.set_viewport_size(PHONE)
    visit(f"notebooks/{lesson.stem}")
    pictures = page.eval_on_selector_all(
        "article img",
        "all => all.map(picture => [picture.alt, picture.src.endsWith('.svg') ? 15 : 12.5,"  # smallest letters
        " picture.getBoundingClientRect().width / picture.naturalWidth,"
        " picture.getBoundingClientRect().right < innerWidth || getComputedStyle(picture.parentElement).overflowX])",
    )
    assert pictures
    assert [alt for alt, letters, scale, _ in pictures if letters * scale < 9.5 - 0.01] == []
    assert {is_in_sight for *_, is_in_sight in pictures} <= {True, "auto"}


# Of what has the focus: its place in the page, whether one sees so, whether a box has a reason to have it, its HTML.
FOCUS = """async () => {
  const focused = document.activeElement;
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  const signs = focused.type == "checkbox" ? document.querySelectorAll(`.page [for="${focused.id}"]`) : [focused];
  const isSeen = [...signs].some((sign) => {
    const box = sign.getBoundingClientRect(), style = getComputedStyle(sign);
    const isInView = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
    return box.width && isInView && style.opacity == 1 && style.outlineStyle == "solid";
  });
  const isUseful = !["PRE", "DIV", "P"].includes(focused.tagName) || focused.scrollWidth > focused.clientWidth;
  return [[...document.all].indexOf(focused), isSeen, isUseful, focused.outerHTML.slice(0, 100)];
}"""


@pytest.mark.parametrize(
    "name", ["index", "notebooks/01_take_one_batch", "notebooks/QUESTIONS", "one_page", "programs"]
)
@for_each_width
def test_tab_goes_through_a_page_and_one_sees_where(name, width, page, visit):
    page.set_viewport_size(width)
    visit(name)
    stops = []
    while page.keyboard.press("Tab") or page.evaluate("document.activeElement != document.body"):
        stops.append(page.evaluate(FOCUS))
        assert len({place for place, *_ in stops}) == len(stops), f"a trap: {stops[-1]}"
    assert len(stops) > 50
    assert [html for _, is_seen, _, html in stops if not is_seen] == []
    assert [html for _, _, is_useful, html in stops if not is_useful] == []


def test_keys_open_the_drawers_of_a_phone(page, visit):
    page.set_viewport_size(PHONE)
    visit("notebooks/01_take_one_batch")
    for inside in (page.get_by_placeholder("Search"), page.locator(".toc-drawer a").last):
        assert not inside.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert inside.is_visible()


def test_a_link_leads_at_once_to_a_section_below_the_header(page, visit):
    page.set_viewport_size(PHONE)
    visit("notebooks/QUESTIONS")
    with page.expect_navigation():
        page.locator("article a[href*='01_take_one_batch.html#']").last.click()
    section = page.locator(":target :is(h2, h3), :target + :is(h2, h3)").first
    heading, header = section.bounding_box(), page.locator("header").bounding_box()
    assert header["height"] <= heading["y"] < 200


def test_what_leads_to_a_program_says_to_which(visit):
    names = visit("programs").eval_on_selector_all(
        "article :is(a:not(.headerlink), summary)", "all => all.map(one => one.innerText)"
    )
    assert len(set(names)) == len(names) == 3 * len(NOTEBOOKS)


@cache
def ids(path: Path) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))


@for_each_page
def test_links_lead_somewhere(name, visit):
    links = visit(name).eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    inside = [urlsplit(link) for link in links if not link.startswith("http")]
    assert len(inside) > len(PAGES) - 2
    for link in inside:
        target = Path(unquote(link.path))
        assert (link.scheme, target.is_file()) == ("file", True), f"{name} links to {link.geturl()}, which is not there"
        anchor = unquote(link.fragment)
        assert not anchor or anchor in ids(target), f"{name} links to {link.geturl()}: no such place in that page"


def test_questions_lead_to_the_headings_that_they_name(visit):
    wanted = re.findall(r"\]\((\w+)\.ipynb#([^)]+)\)", QUESTIONS)
    page = visit("notebooks/QUESTIONS")
    links = page.eval_on_selector_all("article a.reference[href*='.html#']", "links => links.map(link => link.href)")
    assert len(links) == len(wanted) > 50
    for link, (lesson, anchor) in zip(links, wanted, strict=True):
        target = urlsplit(link)
        assert Path(target.path).stem == lesson
        heading = re.search(
            rf'<section id="{re.escape(target.fragment)}">.*?<h\d>(.*?)<a class="headerlink"',
            Path(target.path).read_text(encoding="utf-8"),
            re.DOTALL,
        )
        text = html.unescape(re.sub("<[^>]+>", "", heading[1]))
        assert text.replace(" ", "-") == unquote(anchor)


@for_each_lesson
def test_figures_are_those_of_the_run_with_their_words(lesson, visit, website):
    cells = code_cells(executed(website, lesson))
    wanted = [
        html.unescape(alt)
        for cell in cells
        for output in cell.outputs
        for alt in re.findall(r'<img alt="([^"]*)"', output.get("data", {}).get("text/html", ""))
    ]
    page = visit(f"notebooks/{lesson.stem}")
    drawn_always = re.compile(r"^show_(images|figure)\(", re.MULTILINE)  # what is indented may depend on a switch
    assert wanted or not any(drawn_always.search(cell.source) for cell in cells)
    assert page.eval_on_selector_all(".cell_output img", "images => images.map(image => image.alt)") == wanted


@for_each_page
def test_every_picture_is_there_and_has_alt_text(name, visit):
    page = visit(name)
    pictures = page.eval_on_selector_all("img", "images => images.map(image => [image.alt, image.naturalWidth])")
    assert pictures or name not in ("index", "tests/benchmarks/RESULTS")
    assert all(alt.strip() and width for alt, width in pictures), pictures


@for_each_page
def test_axe_finds_nothing(name, page, visit):
    """The theme's checkboxes, which open drawers, are left out: CSS wants them in front of all landmarks."""
    if not AXE.exists():
        pytest.skip("needs axe-core: npm install --prefix data/npm axe-core")
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        visit(name, "?q=map" if name == "search" else "")
        page.eval_on_selector_all("details", "all => all.forEach(details => details.open = true)")
        page.add_script_tag(path=AXE)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            # Until the page has been drawn anew, and website.js has seen it.
            page.evaluate(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
            )
            result = page.evaluate("axe.run({exclude: '.sidebar-toggle'}, {resultTypes: ['violations']})")
            assert "color-contrast" in {rule["id"] for rule in result["passes"]}
            found = [f"{rule['id']}: {node['html'][:200]}" for rule in result["violations"] for node in rule["nodes"]]
            assert not found, f"{scheme}, {size['width']} px: " + "\n".join(found)
    assert len(grounds) == 2, "light and dark look the same"


ERROR = re.compile(r"^(?:[\w.]+(?:Error|Exception)|cv2\.error): .+", re.MULTILINE)


@for_each_lesson
def test_each_message_that_a_lesson_shows_is_found_whole(lesson, website):
    """A learner pastes what the notebook has printed; what is not the same for all of us is left out."""
    teaching = [cell for cell in code_cells(executed(website, lesson)) if "with show_error(" in cell.source]
    shown = [
        message
        for cell in teaching
        for output in cell.outputs
        if output.get("name") == "stdout"
        for message in ERROR.findall(output.text)
    ]
    assert len(shown) == sum(cell.source.count("with show_error(") for cell in teaching)
    for line in shown:
        assert any(is_found(line, message) for message in MESSAGES), f"not in QUESTIONS: {line}"


def test_search_field_leads_from_an_error_message_to_questions(visit):
    page = visit("index")
    page.get_by_placeholder("Search").first.fill("TypeError: '_PrefetchDataset' object is not subscriptable")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Find your question or error message").nth(
        1
    ).click()  # the first one is in the sidebar
    assert "not subscriptable" in page.inner_text("article")


def test_search_finds_every_error_message_of_questions(visit):
    """By its words: one of two letters, which Sphinx does not index, can make the search find nothing."""
    lost = "Use a.any() or a.all()"  # with these words of its message, Sphinx finds no page; without "Use" it does
    errors = [message for message in MESSAGES if ERROR.match(message) and not message.endswith(lost)]
    assert len(errors) > 100
    for error in errors:
        words = " ".join(re.findall(r"\w{3,}", error))
        page = visit("search", f"?q={quote(words)}")
        page.wait_for_function("document.querySelector('#search-results p')?.textContent.includes('finished')")
        found = page.eval_on_selector_all("#search-results li a", "links => links.map(link => link.pathname)")
        assert any(path.endswith("QUESTIONS.html") for path in found), error


@for_each_lesson
def test_hints_and_solutions_are_folded_and_unfold(lesson, visit, website):
    text = "".join(cell.source for cell in executed(website, lesson).cells)
    page = visit(f"notebooks/{lesson.stem}")
    folded = page.locator("details").all()
    assert len(folded) == text.count("<details>") > 3
    for details in folded:
        inside = details.locator(":scope > :not(summary)").first
        assert not inside.is_visible()
        details.locator("summary").click()
        assert inside.is_visible()
    assert page.locator("details pre").count() >= text.count("<summary>Solution</summary>") > 1


def test_next_and_previous_go_through_all_pages(visit, website):
    page = visit("index")

    def name() -> str:
        return Path(unquote(urlsplit(page.url).path)).relative_to(website).with_suffix("").as_posix()

    there = [name()]
    while page.locator("a.next-page").count():
        with page.expect_navigation():
            page.locator("a.next-page").click()
        there.append(name())
    back = [name()]
    while page.locator("a.prev-page").count():
        with page.expect_navigation():
            page.locator("a.prev-page").click()
        back.append(name())
    assert there == CHAIN
    assert back == CHAIN[::-1]


@for_each_lesson
def test_code_can_be_copied_and_output_not(lesson, visit, website):
    cells = code_cells(executed(website, lesson))
    page = visit(f"notebooks/{lesson.stem}")
    page.wait_for_selector("button.copybtn", state="attached")
    assert page.locator(".cell_output pre").count()
    assert not page.locator(".cell_output button.copybtn").count()
    buttons = page.locator(".cell_input button.copybtn")
    assert buttons.count() == len(cells)
    buttons.last.click()
    page.evaluate("document.querySelector('article').prepend(document.createElement('textarea'))")
    page.focus("textarea")
    page.keyboard.press("Control+v")
    assert page.input_value("textarea").strip() == cells[-1].source.strip()


@for_each_page
def test_comments_are_not_visible(name, visit):
    page = visit(name)
    page.eval_on_selector_all("details", "all => all.forEach(details => details.open = true)")
    # CONTRIBUTING tells of a comment.
    page.eval_on_selector_all(":not(pre) > code", "all => all.forEach(code => code.remove())")
    assert not re.search(r"<!--|-->|check: ", page.inner_text("body"))


def test_neither_site_nor_slides_name_a_folder_of_the_machine_that_built_them(website):
    places = {str(ROOT), sys.prefix, tempfile.gettempdir()} - {"/tmp"}
    pages = [page for folder in (website, website.parent / "slides") for page in folder.rglob("*.*") if page.is_file()]
    texts = {page: page.read_text(encoding="utf-8") for page in pages if page.suffix in (".html", ".js", ".txt")}
    assert len(texts) > len(PAGES)
    assert [page.name for page, text in texts.items() if any(place in text for place in places)] == []
    assert any("/path/to/project/data/photos" in text for text in texts.values())


def test_run_times_are_those_of_the_run(visit, website):
    run = json.loads((website.parent / "executed/measured.json").read_text(encoding="utf-8"))
    measured = run["notebooks"]
    page = visit("run_times")
    assert f"{run['when']}, {run['setting']}" in page.inner_text("article")
    rows = page.eval_on_selector_all("tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")
    assert [figures["notebook"] for figures in measured] == [path.stem for path in NOTEBOOKS]
    shown = [
        [str(one["cells"]), str(one["code_lines"]), f"{one['seconds']:.1f}", f"{one['peak_mb']:.0f}"]
        for one in measured
    ]
    assert [row[1:] for row in rows[:-1]] == shown


def test_a_link_that_leads_nowhere_stops_the_build_and_leaves_the_last_site(editions, tmp_path):
    from editions import website

    broken = shutil.copytree(editions / "executed", tmp_path / "executed")
    lesson = broken / NOTEBOOKS[0].name
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("(QUESTIONS.md)", "(ANSWERS.md)"), encoding="utf-8")
    last = tmp_path / "site"
    last.mkdir()
    (last / "stale.html").touch()
    with pytest.raises(RuntimeError, match="Sphinx warned"):
        website.make(broken, last)
    assert [path.name for path in last.iterdir()] == ["stale.html"]
    website.make(editions / "executed", last)
    assert (last / "index.html").exists()
    assert not (last / "stale.html").exists()


def test_what_is_no_page_is_not_linked_and_pictures_come_along(tmp_path):
    pytest.importorskip("sphinx", reason="needs uv run --extra editions pytest …")
    from editions.website import linked_text

    text = (
        "[a](../LICENSE) [b](../README.md#x) [c](../CITATION.cff) [d](NOTHING.md) ![e](../notebooks/first_picture.jpg)"
    )
    plain = "[a](../LICENSE) b c [d](NOTHING.md) ![e](../notebooks/first_picture.jpg)"
    assert linked_text(text, "tests/PAGE", {"LICENSE", "tests/PAGE"}, tmp_path) == plain
    assert [path.name for path in tmp_path.rglob("*.*")] == ["first_picture.jpg"]
