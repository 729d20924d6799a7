"""The glossary: each term is linked from the section of a lesson that first explains it, and leads back there."""

import re
from collections import defaultdict

import pytest

from tests import material
from tests.material import NOTEBOOKS, ROOT

GLOSSARY = (ROOT / "notebooks/GLOSSARY.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^### (.+)$", GLOSSARY, re.MULTILINE)
MOST_WORDS = 30


def anchor(heading: str) -> str:
    """What JupyterLab, and our website, make of a heading."""
    return heading.replace(" ", "-")


def entry(term: str) -> tuple[str, str, str]:
    """What stands below a term: its sentence, the number of a lesson, and the place to which the link leads."""
    below = re.split(r"^#+ ", GLOSSARY.split(f"\n### {term}\n")[1], maxsplit=1, flags=re.MULTILINE)[0].strip()
    found = re.fullmatch(r"(.+) \[Lesson (\d+)\]\((\S+)\)", below)
    assert found, f"{term}: not a sentence and a link, but {below}"
    return found[1], found[2], found[3]


def sections_with_links() -> dict[str, list[str]]:
    """For each place in the glossary, the sections of lessons that link to it; above its first section, the lesson."""
    found = defaultdict(list)
    for path in NOTEBOOKS:
        section = path.name
        for cell in material.cells(path.stem):
            text = cell.source if cell.cell_type == "markdown" else ""
            prose = re.sub(r"^( *)```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
            for heading, place in re.findall(r"^##+ (.*)$|\]\(GLOSSARY\.md#([^)\s]+)\)", prose, re.MULTILINE):
                if heading:
                    section = f"{path.name}#{anchor(heading.strip())}"
                else:
                    found[place].append(section)
    return dict(found)


LINKED_FROM = sections_with_links()


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
    sections = LINKED_FROM.get(anchor(term), [])
    assert sections == [place], f"{term}: linked from {sections}, leads to {place}"
    assert place.startswith(f"{int(number):02}_")


def test_each_link_to_the_glossary_has_a_term():
    assert [place for place in LINKED_FROM if place not in map(anchor, TERMS)] == []
