"""The page to keep: it has each row of the recaps, with its links, and prints on two sides."""

import re

import pytest

from editions.one_page import GROUPS, markdown, rows
from tests.material import NOTEBOOKS, ROOT

A4 = {"width": 725, "height": 1058}  # in pixels of 1/96 inch, without margins
PAGE = markdown(NOTEBOOKS).replace("`<wbr>`", "")


def test_each_lesson_is_in_one_group():
    assert [stem for stems in GROUPS.values() for stem in stems] == [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_row_is_on_it_and_links_to_its_section(path):
    for row in rows(path):
        words, place, written = re.match(r"\| \[(.+?)\]\((.+?)\) (\| .+)", row).groups()
        link = f"{path.name}{place}" if place.startswith("#") else place
        assert f"| [{words}](notebooks/{link}) {written.partition('[')[0]}" in PAGE


def test_links_are_those_of_the_folder_above_the_notebooks():
    links = re.findall(r"\]\(([^)#]*)", PAGE)
    assert len(links) > sum(len(rows(path)) for path in NOTEBOOKS)  # in some rows there are two
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_long_code_can_be_broken_and_is_the_same_when_copied():
    text = markdown(NOTEBOOKS)
    assert "| `tf.gather(`<wbr>`images, [0, 2])`, or `images`<wbr>`.numpy()[[0, 2]]` |" in text
    assert "`tf.data.experimental.at`" in PAGE


@pytest.mark.browser
def test_it_prints_on_two_sides_and_nothing_is_cut(chromium, editions, tmp_path):
    page = chromium.new_page(viewport=A4)
    page.goto((editions / "website/one_page.html").as_uri())
    page.emulate_media(media="print")
    cells = page.eval_on_selector_all(
        "article td, article td *, article h2, section > p",
        "parts => parts.map(part => [part.innerText, parseFloat(getComputedStyle(part).fontSize),"
        " part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display != 'inline',"
        " part.className == 'pre' && part.getClientRects().length > 1])",
    )
    assert len(cells) > 300
    assert [text for text, size, *_ in cells if size < 8 * 96 / 72 - 0.01] == []
    assert [text for text, _, is_cut, _ in cells if is_cut] == []
    assert [text for text, *_, is_broken_word in cells if is_broken_word] == []
    pdf = page.pdf(path=tmp_path / "one_page.pdf", prefer_css_page_size=True)
    page.close()
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
    # Each line is on it, with its link.
    assert len(re.findall(rb"/Subtype\s*/Link\b", pdf)) >= sum(len(rows(path)) for path in NOTEBOOKS)
