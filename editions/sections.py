"""A notebook from heading to heading. What looks like a heading in a block of code is none."""

import itertools
import re
from typing import NamedTuple

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

_FENCE_OR_HEADING = re.compile(r"^( *)```.*?^ *```|^(?P<heading>#+ )", re.DOTALL | re.MULTILINE)


class Section(NamedTuple):
    """A heading, its level, which is 1 for the title, and the cells down to the next heading of any level."""

    heading: str
    level: int
    cells: list[NotebookNode]


def sections(notebook: NotebookNode) -> list[Section]:
    """All of them. A Markdown cell is divided before each of its headings; what comes before the first has none."""
    found = [Section("", 0, [])]
    for cell in notebook.cells:
        for part in _divided(cell.source) if cell.cell_type == "markdown" else ():
            if heading := re.match(r"(#+) (.*)", part):
                found.append(Section(heading[2].strip(), len(heading[1]), []))
            found[-1].cells.append(new_markdown_cell(part))
        if cell.cell_type != "markdown":
            found[-1].cells.append(cell)
    return found if found[0].cells else found[1:]


def title(notebook: NotebookNode) -> str:
    """What the notebook is called, with its number."""
    return sections(notebook)[0].heading


def anchor(heading: str) -> str:
    """The part of a link behind #, as JupyterLab makes it, and our website, too."""
    return heading.replace(" ", "-")


def _divided(text: str) -> list[str]:
    starts = [found.start() for found in _FENCE_OR_HEADING.finditer(text) if found["heading"]]
    return [text[start:end] for start, end in itertools.pairwise([0, *starts, len(text)]) if end > start]
