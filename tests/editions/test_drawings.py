"""The drawings: as the module writes them now, and legible on any page, at any width, with any usual font."""

import re
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from editions.drawings import DRAWINGS, FOLDER
from tests.material import NOTEBOOKS, cells

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "g", "rect", "text", "tspan", "polyline", "path"}
PLACE = {"x", "y", "width", "height", "viewBox", "rx", "points", "d", "transform"}
LOOK = {"fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor"}


class Area(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    name: str
    colour: str

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def points(self) -> list[tuple[float, float]]:
        """Its upper and lower edge, at five places each."""
        across = [self.left + k * (self.right - self.left) / 4 for k in range(5)]
        return [(x, y) for x in across for y in (self.top, self.bottom)]


def width(element, em: float) -> float:
    """How wide a text is, at `em` units for a letter, and 0.69 for one of code."""
    of_children = sum(width(child, 0.69) + em * len(child.tail or "") for child in element)
    return em * len(element.text or "") + of_children


def area_of(element) -> Area:
    number = {name: float(element.get(name, 0)) for name in ("x", "y", "width", "height", "font-size")}
    x, y, size, colour = number["x"], number["y"], number["font-size"], element.get("fill")
    if element.tag == SVG + "rect":
        return Area(x, y, x + number["width"], y + number["height"], "box", colour)
    # DejaVu, the widest of the usual fonts, needs 0.6 for code, 0.58 for other letters, 0.65 if bold; and 15 % of room
    wide = size * width(element, 0.75 if element.get("font-weight") == "bold" else 0.67)
    left = x - {"start": 0, "middle": wide / 2}[element.get("text-anchor")]
    return Area(left, y - 0.75 * size, left + wide, y + 0.2 * size, "".join(element.itertext()), colour)


def areas(name: str, tag: str) -> list[Area]:
    """All boxes ("rect") or texts ("text") of a drawing, the lowest first."""
    return [area_of(element) for element in ElementTree.fromstring(DRAWINGS[name].svg).iter(SVG + tag)]


def luminance(colour: str) -> float:
    """Of WCAG 2.2: from 0 for black to 1 for white."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_files_are_what_the_module_writes():
    written = {path.name: path.read_bytes() for path in FOLDER.glob("*.svg")}
    assert written == {f"{name}.svg": drawn.svg.encode() for name, drawn in DRAWINGS.items()}, (
        "run: uv run python -m editions.drawings"
    )


# What these lessons are about has a way, an order or a division that a drawing shows at a glance.
DRAWN = {0, 1, 2, 4, 5, 7, 8, 10, 11, 12, 13, 15, 16, 17}


def test_each_stands_in_its_lesson_with_its_alt_text():
    stands = {}
    for path in NOTEBOOKS:
        for cell in cells(path.stem):
            for alt, name in re.findall(r"!\[([^\]]*)\]\(drawings/(\w+)\.svg\)", cell.source):
                stands[name] = path.stem, alt
    assert stands == {name: (drawn.lesson, drawn.alt) for name, drawn in DRAWINGS.items()}
    assert {int(stem[:2]) for stem, *_ in DRAWINGS.values()} >= DRAWN


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_sentence_before_it_says_what_to_look_at(name):
    text = "\n\n".join(cell.source for cell in cells(DRAWINGS[name].lesson) if cell.cell_type == "markdown")
    before = text.split(f"![{DRAWINGS[name].alt}](drawings/{name}.svg)")[0].rstrip().splitlines()[-1]
    assert re.fullmatch(r"[A-Z0-9*`].+:", before)


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_is_plain_svg_with_a_title(name):
    root = ElementTree.fromstring(DRAWINGS[name].svg)
    assert root.findtext(SVG + "title")
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS  # no script, style or image
        assert set(element.attrib) <= PLACE | LOOK | {"role"}  # no reference, nothing that runs
        assert not re.search(r"url|//", " ".join(element.attrib.values()))
        assert element.get("font-family", "sans-serif") in ("sans-serif", "monospace")


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_alt_text_tells_what_is_in_it(name):
    alt = DRAWINGS[name].alt
    assert 20 <= len(alt.split()) <= 60
    assert re.fullmatch(r"[A-Z][^\[\]*`]+\.", alt)  # whole sentences, with nothing that Markdown reads


@pytest.mark.parametrize("name", DRAWINGS)
def test_text_is_large_and_runs_into_nothing(name):
    for element in ElementTree.fromstring(DRAWINGS[name].svg).iter(SVG + "text"):
        assert float(element.get("font-size")) >= 15
    boxes = areas(name, "rect")
    for text in areas(name, "text"):
        beneath = [[box for box in boxes if box.holds(x, y)][-1:] for x, y in text.points()]
        assert [] not in beneath, f"{text.name!r} leaves the drawing"
        assert beneath.count(beneath[0]) == len(beneath), f"{text.name!r} does not fit into its box"
    for one, other in combinations(areas(name, "text"), 2):
        is_beside = one.right <= other.left or other.right <= one.left
        assert is_beside or one.bottom <= other.top or other.bottom <= one.top, (one.name, other.name)


@pytest.mark.parametrize("name", DRAWINGS)
def test_text_stands_out_from_what_is_beneath(name):
    boxes = areas(name, "rect")
    for text in areas(name, "text"):
        beneath = [box for box in boxes if box.holds(*text.points()[5])][-1]  # its middle, below
        darker, lighter = sorted([luminance(text.colour), luminance(beneath.colour)])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, text.name
