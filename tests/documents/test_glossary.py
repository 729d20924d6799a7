"""The glossary: each term is linked from the section of a lesson that first explains it, and leads back there."""

import re
from collections.abc import Iterator
from itertools import takewhile

import pytest

from editions.sections import anchor
from tests import material
from tests.material import NOTEBOOKS, ROOT

GLOSSARY = (ROOT / "notebooks/GLOSSARY.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^### (.+)$", GLOSSARY, re.MULTILINE)
MOST_WORDS = 30


def entry(term: str) -> tuple[str, str, str]:
    """What stands below a term: its sentence, the number of a lesson, and the place to which the link leads."""
    below = re.split(r"^#+ ", GLOSSARY.split(f"\n### {term}\n")[1], maxsplit=1, flags=re.MULTILINE)[0].strip()
    found = re.fullmatch(r"(.+) \[Lesson (\d+)\]\((\S+)\)", below)
    assert found, f"{term}: not a sentence and a link, but {below}"
    return found[1], found[2], found[3]


def lines_of_lessons() -> Iterator[tuple[str, str, bool]]:
    """Each line of prose: its section, or the lesson where there is none yet; the line; does it only announce things?

    The first cell of a lesson says what will be in it, and its last line what comes next.
    """
    for path in NOTEBOOKS:
        for heading, level, cells in material.sections(path.stem):
            section = path.name if level == 1 else f"{path.name}#{anchor(heading)}"
            for number, cell in enumerate(cells):
                text = cell.source if cell.cell_type == "markdown" else ""
                prose = re.sub(r"^( *)```.*?^ *```|<!--.*?-->", "", text, flags=re.DOTALL | re.MULTILINE)
                is_first = level == 1 and number == 0
                for line in prose.splitlines():
                    yield section, line, is_first or line.startswith(("#", "**Next:**"))


LINES = list(lines_of_lessons())
LINKS = [(place, line[0]) for line in LINES for place in re.findall(r"\]\(GLOSSARY\.md#([^)\s]+)\)", line[1])]

USED_EARLIER = {
    "cache": "lessons 2 and 11 say in a few words what it does",
    "class": "the overview of lesson 0 has the names of classes, as titles of pictures",
    "dataset": "the overview of lesson 0 has it as a variable",
    "embedding": "lesson 13 says in a few words what it is, and links to lesson 14",
    "loss": "a row in what `examine` prints, where lesson 1 links to lesson 6",
    "model": "lesson 1 says that one does not train on single images",
    "tf.function": "lesson 1 quotes what others say about it, and links to lesson 2",
    "uint8": "lesson 1 says in a few words what it does, and links to its section",
}


def test_terms_are_in_alphabetical_order_and_below_their_letters():
    assert len(TERMS) > 50
    assert sorted({term.casefold() for term in TERMS}) == [term.casefold() for term in TERMS]
    groups = re.findall(r"^## ([A-Z]) to ([A-Z])$(.*?)(?=^## |\Z)", GLOSSARY, re.DOTALL | re.MULTILINE)
    assert "".join(text for *_, text in groups).count("\n### ") == len(TERMS)
    for first, last, text in groups:
        assert f"[{first} to {last}](#{first}-to-{last})" in GLOSSARY
        initials = {term[0].upper() for term in re.findall(r"^### (.+)$", text, re.MULTILINE)}
        assert first <= min(initials) <= max(initials) <= last


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_one_short_sentence(term):
    sentence, _, _ = entry(term)
    assert re.fullmatch(r"[A-Z](?:(?![.?!;] ).)+\.", sentence), sentence
    assert len(sentence.split()) <= MOST_WORDS


@pytest.mark.parametrize("term", TERMS)
def test_a_term_leads_to_the_one_section_that_links_to_it(term):
    _, number, place = entry(term)
    sections = [section for linked, section in LINKS if linked == anchor(term)]
    assert sections == [place], f"{term}: linked from {sections}, leads to {place}"
    assert place.startswith(f"{int(number):02}_")


@pytest.mark.parametrize("term", sorted({*TERMS, *USED_EARLIER}))
def test_a_term_is_not_used_before_the_section_that_links_to_it(term):
    word = re.compile(rf"(?<![\w./#-]){re.escape(term)}(?:s|es|d|ed)?\b", re.IGNORECASE)  # not in the target of a link
    before = takewhile(lambda line: line[0] != entry(term)[2], LINES)
    used = [f"{section}: {line}" for section, line, announces in before if not announces and word.search(line)]
    assert bool(used) == (term in USED_EARLIER), "\n".join(used)


def test_each_link_to_the_glossary_has_a_term():
    assert [place for place, _ in LINKS if place not in map(anchor, TERMS)] == []
