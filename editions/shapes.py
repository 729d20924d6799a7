"""What a drawing is made of: boxes, arrows and text, each a piece of SVG, 640 units to the width of a drawing."""

import re
from collections.abc import Iterator
from html import escape
from math import atan2, degrees
from typing import NamedTuple

Parts = Iterator[str]
Point = tuple[float, float]
INK, PANEL, EDGE = "#1a2230", "#fbfbf8", "#7c8594"


class Look(NamedTuple):
    """How a box looks. What stands out or is missing has another edge, too, so colour is never the only sign."""

    fill: str
    ink: str = INK
    edge: str = INK
    width: float = 1.5
    dashes: str = "none"


PATHS, PHOTOS, BATCHES, PLAIN = Look("#d3e5fb"), Look("#d8f0d6"), Look("#fde2b3"), Look("#ffffff")
LIT = Look("#17375e", ink="#ffffff", edge="#e8590c", width=5)
WRONG = Look("#fcdcdc", edge="#b00020", width=4)
ABSENT = Look(PANEL, ink="#555d6b", edge="#555d6b", dashes="6 4")


def svg(title: str, height: int, parts: Parts) -> str:
    """The whole drawing, on a light panel of its own: an image does not know whether the page is light or dark."""
    size = f'width="640" height="{height}" viewBox="0 0 640 {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" role="img">'
    panel = f'<rect x="1" y="1" width="638" height="{height - 2}" rx="16" fill="{PANEL}" stroke="{EDGE}"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", panel, *parts, "</svg>\n"])


def text(x: float, y: float, words: str, size: int = 18, at: str = "start", bold: bool = False, ink: str = INK) -> str:
    """A line of text, whose baseline is at y. What stands between backticks is code."""
    words = re.sub("`(.+?)`", r'<tspan font-family="monospace">\1</tspan>', escape(words, quote=False))
    weight = "bold" if bold else "normal"
    style = f'font-size="{size}" font-weight="{weight}" text-anchor="{at}" fill="{ink}"'
    return f'<text x="{x:g}" y="{y:g}" {style}>{words}</text>'


def box(x: float, y: float, width: float, height: float, words: str = "", look: Look = PLAIN, size: int = 18) -> str:
    """A box with lines of text in its middle."""
    edge = f'stroke="{look.edge}" stroke-width="{look.width:g}" stroke-dasharray="{look.dashes}"'
    shape = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="7" fill="{look.fill}" {edge}/>'
    lines = words.split("\n") if words else []
    first = y + height / 2 + 0.36 * size - (len(lines) - 1) * 0.58 * size
    for k, line in enumerate(lines):
        shape += text(x + width / 2, round(first + k * 1.16 * size, 1), line, size, "middle", ink=look.ink)
    return f"<g>{shape}</g>"


def tiles(x: float, y: float, words: str, look: Look = PHOTOS, step: float = 46, wrong: str = "") -> Parts:
    """Small boxes in a row, one for each word. Those that `wrong` has, too, look wrong."""
    for k, word in enumerate(words.split()):
        yield box(x + k * step, y, step - 6, 40, word, WRONG if word in wrong.split() else look)


def line(*points: Point, dashes: str = "none") -> str:
    route = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{route}" fill="none" stroke="{INK}" stroke-width="2" stroke-dasharray="{dashes}"/>'


def arrow(*points: Point) -> str:
    """A line through the points, with its head at the last one."""
    (x0, y0), (x, y) = points[-2:]
    turned = f"translate({x:g} {y:g}) rotate({degrees(atan2(y - y0, x - x0)):.0f})"
    return line(*points) + f'<path d="M1 0L-11 -6V6Z" transform="{turned}" fill="{INK}"/>'


def bracket(left: float, right: float, y: float, words: str, above: bool = False) -> Parts:
    """A bracket below (or above) some boxes, and words for what they have in common."""
    tick = 6 if above else -6
    yield line((left, y + tick), (left, y), (right, y), (right, y + tick))
    yield text((left + right) / 2, y - 8 if above else y + 22, words, at="middle")


def sign(x: float, y: float, good: bool) -> str:
    """A tick or a cross, 16 wide, around x and y."""
    route, colour = ("M-8 1L-2 7L8 -7", "#1b6e2d") if good else ("M-7 -7L7 7M-7 7L7 -7", "#b00020")
    return f'<path d="{route}" transform="translate({x:g} {y:g})" fill="none" stroke="{colour}" stroke-width="4"/>'


def heading(y: float, words: str, good: bool | None = None) -> Parts:
    """What a row shows, in bold. `good` puts a tick or a cross before it."""
    if good is not None:
        yield sign(34, y - 7, good)
    yield text(24 if good is None else 52, y, words, 20, bold=True)
