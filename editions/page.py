"""One page to keep: the recap tables of all lessons, grouped as a person asks, to print on two sides of paper."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from editions.matching import is_written

NAME, RECAP = "one_page", "Recap"
GROUPS = {
    "load and look": ("00_start_here", "01_take_one_batch"),
    "change the images, train": ("02_map_a_function",),
    "take them out of TensorFlow": ("03_to_numpy", "17_other_frameworks"),
    "know which file it is": ("04_which_file_is_it",),
    "reach any image": ("05_reach_any_image",),
    "use my own labels": ("06_your_own_labels",),
    "split": ("07_split_without_a_leak",),
    "find bad files, and fix them": ("08_broken_files", "09_odd_files"),
    "know what runs": ("10_where_tf_function_helps",),
    "be fast": ("11_how_fast_is_it", "12_read_once_or_less"),
    "find wrong labels": ("13_find_the_misfiled_photos",),
    "ask a model": ("14_ask_a_model",),
    "go beyond one device": ("15_beyond_one_machine", "16_devices_and_workers"),
}
_TABLE = re.compile(r"^\| you (?:want|meet) \| you (?:write|do) \|\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)
_ROW = re.compile(r"^\| (.*?) \| (.*) \|$", re.MULTILINE)
_HEADING = re.compile(r"^##+ (.*)", re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"```.*?```", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class Row(NamedTuple):
    """A row of a recap: what is wanted, what is written, and the heading of the section that shows it, or "Recap"."""

    wanted: str
    written: str
    section: str


def code_of(written: str) -> list[str]:
    """The pieces of code in a row."""
    return re.findall(r"`([^`]+)`", written)


def sections(notebook: NotebookNode) -> dict[str, str]:
    """The code below each heading of a lesson, that of folded solutions too."""
    found: dict[str, str] = {}
    heading = RECAP  # what stands before the first heading is shown again by the recap
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[heading] = f"{found.get(heading, '')}{cell.source}\n\n"
            continue
        found[heading] = f"{found.get(heading, '')}{''.join(_PYTHON.findall(cell.source))}\n"
        heading = [heading, *_HEADING.findall(_FENCE.sub("", cell.source))][-1]
    return found


def rows(notebook: NotebookNode) -> Iterator[Row]:
    """The rows of the recap of a lesson."""
    written_in = sections(notebook)
    for cell in notebook.cells:
        for table in _TABLE.findall(f"{cell.source}\n"):
            for wanted, written in _ROW.findall(table):
                yield Row(wanted, written, _section_of(written, written_in))


def _section_of(written: str, written_in: dict[str, str]) -> str:
    """The heading below which most of the code of a row is written, with the same names, the first of several.

    A name alone that is in many sections, such as `map`, leads nowhere. Exercises count where nothing else has it.
    """
    score: defaultdict[str, float] = defaultdict(float)
    for code in filter(is_python, code_of(written)):
        headings = [heading for heading, source in written_in.items() if heading != RECAP and is_written(code, source)]
        headings = [heading for heading in headings if not heading.startswith("Exercise")] or headings
        if len(headings) <= 2 or not code.isidentifier():
            words = set(re.findall(r"\w+", code))
            for heading in headings:
                score[heading] += 1 / len(headings) + len(words & _variables(written_in[heading])) / len(words)
    return max(score, key=lambda heading: score[heading], default=RECAP)


def _variables(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def is_python(code: str) -> bool:
    """Whether a piece of code can be looked for: it may be words, or a part of a name."""
    try:
        is_written(code, "")
    except SyntaxError:
        return False
    return True


def markdown(lessons: list[Path]) -> str:
    """The page, as a source of the website."""
    notebooks = {path.stem: nbformat.read(path, 4) for path in lessons}
    parts = ["# One page to keep", "What you want, and what you write. Each line leads to the cells that show it."]
    for group, stems in GROUPS.items():
        table = ["| I want … | I write … |", "|---|---|"]
        for stem in stems:
            for row in rows(notebooks[stem]):
                link = f"[{row.wanted}](notebooks/{stem}.ipynb#{row.section.replace(' ', '-')})"
                table.append(f"| {link} | {_LINK.sub(lambda words: words[1], row.written)} |")
        parts += [f"## I want to {group}", "\n".join(table)]
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return "\n\n".join([*parts, f"```{{raw}} html\n<style>\n{style}</style>\n```\n"])
