"""The page to keep: what it says to write is written in the lessons, and it prints on two sides."""

import doctest
import re

import nbformat
import pytest

from editions import matching
from editions.matching import is_written
from editions.page import GROUPS, RECAP, code_of, is_python, markdown, rows, sections
from tests.material import NOTEBOOKS, load

LESSONS = {path.stem: nbformat.read(path, 4) for path in NOTEBOOKS}
SOURCES = {stem: "\n".join(sections(lesson).values()) for stem, lesson in LESSONS.items()}
NO_CODE = {"try"}
# Said in the text of a lesson alone, and run below.
ONLY_SAID = {"fit(…, class_weight=…)", 'interpolation="area"'}
A4 = {"width": 718, "height": 1049}  # in pixels of 1/96 inch, without margins
for_each_lesson = pytest.mark.parametrize("stem", LESSONS)


def test_examples_of_what_is_written():
    failed, attempted = doctest.testmod(matching)
    assert failed == 0 < attempted


def test_each_lesson_is_in_one_group():
    assert sorted(stem for stems in GROUPS.values() for stem in stems) == list(LESSONS)


@for_each_lesson
def test_each_row_can_be_written(stem):
    """In the lesson, or, where a row reminds of an earlier one, in another."""
    recap = list(rows(LESSONS[stem]))
    assert len(recap) >= 4
    assert unwritten(stem, [row.written for row in recap]) == []


def unwritten(stem: str, written: list[str]) -> list[str]:
    """What of the code of rows is nowhere in the lesson, nor in those before it."""
    before = "\n".join(source for other, source in SOURCES.items() if other <= stem)
    pieces = [code for row in written for code in code_of(row) if code not in NO_CODE | ONLY_SAID]
    return [code for code in pieces if not is_python(code) or not is_written(code, before)]


def test_a_row_that_does_not_run_is_found():
    right = [code_of(row.written)[0] for row in rows(LESSONS["08_broken_files"])]
    assert unwritten("08_broken_files", [f"`{code}`" for code in right]) == []
    wrong = [
        "tf.io.decode_jpg(content, 3)",
        ".ignore_error()",
        "zip(single, paths",
        "batch_sise=None",
    ]
    assert unwritten("08_broken_files", [f"`{code}`" for code in wrong]) == wrong


def test_what_is_only_said_runs(photo_folder):
    import tensorflow as tf

    images = load(photo_folder, image_size=(8, 8), interpolation="area")
    model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images, class_weight={0: 1.0, 1: 2.0}, verbose=0, shuffle=False)
    said = {code for lesson in LESSONS.values() for row in rows(lesson) for code in code_of(row.written)}
    assert said >= ONLY_SAID


@for_each_lesson
def test_each_line_leads_to_a_section(stem):
    recap = list(rows(LESSONS[stem]))
    headings = set(sections(LESSONS[stem]))
    assert {row.section for row in recap} <= headings | {RECAP}
    text = markdown(NOTEBOOKS)
    for row in recap:
        place = f"notebooks/{stem}.ipynb#{row.section.replace(' ', '-')}"
        assert f"[{row.wanted}]({place}) | {row.written.partition('[')[0]}" in text


def test_most_lines_lead_to_cells_that_show_them():
    """The others are words, or code that is made of several sections: they lead to the recap."""
    recap = [row.section == RECAP for lesson in LESSONS.values() for row in rows(lesson)]
    assert sum(recap) < len(recap) / 5


@pytest.mark.browser
def test_it_prints_on_two_sides_and_nothing_is_cut(chromium, editions, tmp_path):
    page = chromium.new_page(viewport=A4)
    page.goto((editions / "website/one_page.html").as_uri())
    page.emulate_media(media="print")
    # A column has this width on paper, where columns cannot be looked into.
    page.add_style_tag(content="article { columns: 1 !important; width: 90mm !important }")
    cells = page.eval_on_selector_all(
        "article td, article td *, article h2",
        "parts => parts.map(part => [part.innerText, parseFloat(getComputedStyle(part).fontSize),"
        " part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display != 'inline'])",
    )
    assert len(cells) > 300
    assert [text for text, size, is_cut in cells if is_cut or size < 8 * 96 / 72 - 0.01] == []
    page.reload()
    pdf = page.pdf(path=tmp_path / "one_page.pdf", prefer_css_page_size=True)
    page.close()
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
    count = sum(len(list(rows(lesson))) for lesson in LESSONS.values())
    assert len(re.findall(rb"/Subtype\s*/Link\b", pdf)) >= count  # each line is on it, with its link
