"""The rows of the recaps, and what is written in the section to which a row links.

A recap is shorter than the cells, so code is compared by the facts in it (see `facts`). A variable stands for any
value, a number for any number, … for anything; the order of calls and of arguments by position is not compared.
"""

import ast
import contextlib
import functools
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from nbformat import NotebookNode

from editions import one_page
from tests import material
from tests.material import NOTEBOOKS

STEMS = [path.stem for path in NOTEBOOKS]
ANY = "any_"  # stands for …
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Row(NamedTuple):
    """The pieces of code in a row, and the lesson and the anchor to which it links."""

    code: list[str]
    stem: str
    anchor: str


def rows(stem: str) -> list[Row]:
    return [_row(line, stem) for line in one_page.rows(NOTEBOOKS[STEMS.index(stem)])]


def _row(line: str, stem: str) -> Row:
    parts = re.match(r"\| \[[^\]]+\]\((?:(\w+)\.ipynb)?#([^)]+)\) \| (.+) \|$", line)
    assert parts, f"{stem}: links to no section: {line}"
    return Row(re.findall(r"`([^`]+)`", parts[3]), parts[1] or stem, parts[2])


def is_in(piece: str, written: set[str]) -> bool:
    """Whether all facts in a piece of code of a recap are among those that are written somewhere."""
    return all(
        fact in written or ANY in fact and any(fnmatchcase(other, fact.replace(ANY, "*")) for other in written)
        for fact in _needed(piece)
    )


def parsed(piece: str) -> ast.AST:
    """A piece of code of a recap; `shuffle=False` is an argument, `.batch(8)` called on anything, a loop without body.

    Raises:
        SyntaxError: The piece is not Python.
    """
    code = re.sub(r"\[…\]|…", ANY, piece).removeprefix("@")
    if re.match(r"\w+=", code):
        code = f"{ANY}({code})"
    return ast.parse(f"{ANY if code.startswith('.') else ''}{code}{'pass' if code.endswith(':') else ''}")


def _needed(piece: str) -> set[str]:
    """The facts in a piece of code of a recap; of a name alone and an expression without any, the piece itself."""
    tree = parsed(piece)
    return facts(tree) or {ast.unparse(tree)}


def facts(tree: ast.AST) -> set[str]:
    """What code says: the names that are called, reached by a dot, imported, defined or given as arguments; how many
    arguments a function gets, and which by name, with True, False, None or a text; and other texts of one word."""
    return {fact for node in ast.walk(tree) for fact in _facts(node)} - {ANY}


def _facts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.alias(name):
            yield from name.split(".")
        case ast.FunctionDef(name) | ast.ClassDef(name):
            yield name
        case ast.Attribute():
            yield from _names(node)
        case ast.Constant(str(word)) if " " not in word:
            yield repr(word)
        case ast.Assign([ast.Attribute(_, name)], value):
            yield from _given(name, value)
        case ast.Call(function, arguments, keywords):
            name = _names(function)[-1]
            given = [fact for keyword in keywords for fact in _given(keyword.arg, keyword.value)]
            yield from [name, *given]
            if name != ANY:
                yield from [f"{name}({fact})" for fact in given]
                if not any(isinstance(one, ast.Starred) or ast.unparse(one) == ANY for one in arguments):
                    yield f"{name}({len(arguments)})"


def _given(name: str | None, value: ast.expr) -> list[str]:
    is_exact = isinstance(value, ast.Constant) and isinstance(value.value, bool | str | None)
    return [f"{name}", f"{name}={ast.unparse(value)}"] if is_exact else [f"{name}"]


def _names(node: ast.expr) -> list[str]:
    """Of `tf.io.read_file` also `io.read_file` and `read_file`; of a method of a variable its name alone."""
    first, *others = re.search(r"[\w.]*$", ast.unparse(node))[0].split(".")
    names = [first, *others] if not others or first in _imported() else others
    return [".".join(names[start:]) for start in range(len(names))]


@functools.cache
def _imported() -> set[str]:
    """The names that lessons import."""
    sources = [cell.source for stem in STEMS for cell in material.cells(stem) if cell.cell_type == "code"]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    return {node.asname or node.name for node in nodes if isinstance(node, ast.alias)}


def section(stem: str, anchor: str) -> str:
    """A section of a lesson, down to the next heading of its level, with code cells in fences."""
    return _text(material.cells_between(stem, anchor, anchor))


def _text(cells: list[NotebookNode]) -> str:
    return "\n\n".join(f"```python\n{c.source}\n```" if c.cell_type == "code" else c.source for c in cells)


def code_in(text: str) -> set[str]:
    """The facts in the code of a section, solutions included, and all its expressions."""
    tree = ast.parse("".join(code for language, code in _FENCE.findall(text) if language == "python"))
    return facts(tree) | {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.expr)}


def said_in(text: str) -> set[str]:
    """The facts in the pieces of code that stand in the sentences of a section."""
    found = set()
    for piece in re.findall(r"`([^`\n]+)`", _FENCE.sub("", text)):
        with contextlib.suppress(SyntaxError):  # it may be a message, or a shape
            found |= _needed(piece)
    return found


@functools.cache
def run_until(stem: str) -> set[str]:
    """The facts in the code of a lesson and of those before it."""
    return set().union(*[code_in(_text(material.cells(other))) for other in STEMS if other <= stem])
