"""The programs to carry home: of each lesson its patterns, in plain TensorFlow, as a file that runs by itself.

The author gives the tag `keep` to the code cells whose results the program is to show. The rest follows from that:

- What a kept statement needs comes along, from the lesson or from `stand_ins`, where plain code stands in for helpers:
  of each name the last statement before that binds it, and nothing else of its cell. A statement that only changes a
  value, such as `model.add(…)`, binds no name: its cell needs the tag, too.
- Left out are exercises, predictions, `with show_error(…)`, and what uses a helper that has no stand-in or depends on
  one. `guess.compare(value)` prints the question and the value. A value at the end of a cell is printed.
- Instead of the folder of photos with which a lesson begins, the program takes the folder of its command line, and
  writes nothing in it. Folders that the lesson makes later stay as they are.
"""

import ast
import builtins
import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

from editions.outputs import KEEP, tags
from editions.run import NOTEBOOKS
from editions.sections import sections, title
from editions.slicing import Names, Statement, sliced, without

_STAND_INS = Path(__file__).with_name("stand_ins.py").read_text(encoding="utf-8")
_STAND_IN_NAMES = {node.name for node in ast.parse(_STAND_INS).body if isinstance(node, ast.FunctionDef)}
_OTHER_NAMES = {"mask_folder": "make_masks"}  # of the stand-in, as the lesson has a variable of the helper's name
_FOLDER_NAMES = {"photo_folder", "folder"}  # what lessons call the folder of photos
_GIVEN = {*dir(builtins), "__file__", "__doc__"}
# At the end of a cell, what these return is shown; other calls are made for what they do.
_SHOWN_CALLS = {"array_equal", "compare", "list", "round"}
_WIDTH = 76  # as in notebooks


class Line(NamedTuple):
    """A line of a program, and the cell of the lesson that it comes from: None for what stands around them."""

    text: str
    cell: NotebookNode | None = None


def make(out: Path) -> None:
    """Write the program of each lesson to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        lines = program(path.stem, nbformat.read(path, 4))
        (out / f"{path.stem}.py").write_text("".join(f"{line.text}\n" for line in lines), encoding="utf-8")


def program(stem: str, notebook: NotebookNode) -> list[Line]:
    """The lines of the program of a lesson.

    Raises:
        ValueError: Of a kept cell nothing is left, or something needs a name that nothing binds.
    """
    imports = _imports([_STAND_INS, *(cell.source for cell in notebook.cells if cell.cell_type == "code")])
    helpers = {name for name, (module, _) in imports.items() if module.partition(".")[0] == "helpers"}
    imports = {name: imports[name] for name in imports if name not in helpers}
    stand_ins = [Statement(code, (None, ""), False) for code in _split(_STAND_INS)]
    lesson = without(_Plain(helpers).statements(notebook), helpers - _STAND_IN_NAMES)
    kept = sliced(stand_ins + lesson)
    for cell in notebook.cells:
        if KEEP in tags(cell) and not any(statement.origin[0] is cell for statement in kept):
            raise ValueError(f"{stem}: of this cell nothing can be kept:\n{cell.source}")
    names = [Names(statement.code) for statement in kept]
    needs = {name for its in names for name in its.needs}
    if missing := needs.difference(imports, _GIVEN, *(its.binds for its in names)):
        raise ValueError(f"{stem}: nothing binds {', '.join(sorted(missing))}")
    top = "\n".join([_docstring(title(notebook), stem), *_import_lines(imports, needs)])
    return [*map(Line, top.splitlines()), *_body(kept)]


def _docstring(heading: str, stem: str) -> str:
    return f'''"""{heading.partition(" · ")[2]}.

The code of lesson {int(stem[:2])}, notebooks/{stem}.ipynb.

    python {stem}.py [folder]

The folder has a sub-folder for each class. Without it, the program takes
the one that PHOTOS names, or else the sample photos, which lessons make.
"""
'''


def _body(kept: list[Statement]) -> Iterator[Line]:
    """The statements, with a comment where a section begins, and empty lines between them."""
    section, cell, was_block = "", None, False
    for statement in kept:
        before = section, cell
        cell, section = statement.origin
        is_block = re.match(r"(#.*\n)*(@|def |class )", statement.code) is not None
        if (section, cell) == before:
            yield from [Line("")] * (2 if is_block or was_block else 0)
        elif section and section != before[0]:
            yield from (Line(""), Line(""), Line(f"# {section}"), *[Line("")] * (2 if is_block else 0))
        else:
            yield from [Line("")] * (2 if is_block or was_block or not before[1] else 1)
        yield from (Line(text, cell) for text in statement.code.splitlines())
        was_block = is_block


def _split(source: str) -> Iterator[str]:
    """The statements, each with the comments above it, but without imports."""
    lines, end = source.splitlines(), 0
    for node in ast.parse(source).body:
        code, end = "\n".join(lines[end : node.end_lineno]).strip("\n"), node.end_lineno or 0
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield code


class _Plain:
    """Statements of a lesson in the form that they have in its program."""

    def __init__(self, helpers: set[str]):
        self.helpers = helpers
        self.questions: dict[str, str] = {}  # by what compares with the prediction: `guess.compare`
        self.has_folder = False

    def statements(self, notebook: NotebookNode) -> Iterator[Statement]:
        """All of them, without exercises, imports, predictions, and errors that are shown."""
        for section in sections(notebook):
            heading = section.heading if section.level > 1 else ""
            cells = [] if heading.startswith("Exercise") else section.cells
            for cell in (cell for cell in cells if cell.cell_type == "code"):
                split = list(_split(cell.source))
                for number, code in enumerate(split, 1):
                    if ast.parse(plain := self._plain(code, number == len(split))).body:
                        yield Statement(plain, (cell, heading), KEEP in tags(cell))

    def _plain(self, code: str, is_last: bool) -> str:
        """The code of a statement, with stand-ins for helpers, and with `print` for what a cell shows; or nothing."""
        (statement,) = ast.parse(code).body
        match statement:
            case ast.With([ast.withitem(ast.Call(ast.Name("show_error")))]):
                return ""
            case ast.Assign([ast.Name(name)], ast.Call(ast.Name("predict"), [ast.Constant(str(question)), *_])):
                self.questions[f"{name}.compare"] = question
                return ""
            case ast.Assign([ast.Name(name)]) if name in _FOLDER_NAMES and not self.has_folder:
                self.has_folder = True
                return f"{name} = given_folder()"
        code = _replaced(code, {node: name for node in ast.walk(statement) if (name := self._stand_in(node))})
        (statement,) = ast.parse(code).body
        calls = [node for node in ast.walk(statement) if _called(node) in self.questions]
        if calls:
            code = _replaced(code, {call: self._printed(call, code) for call in calls})
        elif is_last and isinstance(statement, ast.Expr) and _is_shown(statement.value):
            code = _replaced(code, {statement: f"print({ast.get_source_segment(code, statement)})"})
        return code.strip("\n")

    def _stand_in(self, node: ast.AST) -> str:
        """What a helper is called in programs: for `access.collect`, `collect`; '' for anything else."""
        if not isinstance(node, ast.Attribute) or ast.unparse(node.value) not in self.helpers:
            return ""
        name = _OTHER_NAMES.get(node.attr, node.attr)
        return name if name in _STAND_IN_NAMES else ""

    def _printed(self, comparison: Any, code: str) -> str:
        """What stands for a comparison with a prediction."""
        (value,) = comparison.args
        if isinstance(value, ast.Constant):
            return ""  # the lesson told what came out
        parts = f'"{self.questions[_called(comparison)]}:"', ast.get_source_segment(code, value) or ""
        line, indent = f"print({', '.join(parts)})", "\n" + " " * comparison.col_offset
        if len(indent + line) > _WIDTH + 1:
            line = f"print({indent}    {parts[0]},{indent}    {parts[1]},{indent})"
        return line


def _is_shown(value: ast.expr) -> bool:
    return not isinstance(value, ast.Call) or _called(value).rpartition(".")[2] in _SHOWN_CALLS


def _called(value: ast.AST) -> str:
    """The function that an expression calls, else ''."""
    return ast.unparse(value.func) if isinstance(value, ast.Call) else ""


def _replaced(code: str, texts: dict[Any, str]) -> str:
    """The code with texts in place of some of its nodes, of which none is part of another."""
    content = code.encode()  # positions are in bytes
    starts = [0, *itertools.accumulate(len(line) for line in content.splitlines(keepends=True))]
    for node in sorted(texts, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        content = content[:start] + texts[node].encode() + content[end:]
    return content.decode()


def _imports(sources: Iterable[str]) -> dict[str, tuple[str, str]]:
    """For each imported name its module, and what is written: `import …`, or what comes after `from … import`."""
    imports = {}
    for source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    imports[alias.asname or alias.name.partition(".")[0]] = alias.name, f"import {ast.unparse(alias)}"
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    imports[alias.asname or alias.name] = node.module or "", ast.unparse(alias)
    return imports


def _import_lines(imports: dict[str, tuple[str, str]], names: set[str]) -> Iterator[str]:
    """What of the imports is needed: the standard library first, then TensorFlow, then the others."""
    lines: list[tuple[str, str]] = []
    parts: dict[str, list[str]] = {}
    for name in sorted(names & set(imports)):
        module, written = imports[name]
        if written.startswith("import "):
            lines.append((module, written))
        else:
            parts.setdefault(module, []).append(written)
    for module, some in parts.items():
        line = f"from {module} import {', '.join(some)}"
        inner = "".join(f"    {one},\n" for one in some)
        lines.append((module, line if len(line) <= _WIDTH else f"from {module} import (\n{inner})"))
    lines.sort(key=lambda line: (_rank(line[0]), line[1].startswith("from "), line[1]))
    for number, (module, line) in enumerate(lines):
        if number and _rank(module) and not _rank(lines[number - 1][0]):
            yield ""  # behind the standard library
        yield line


def _rank(module: str) -> int:
    package = module.partition(".")[0]
    return 0 if package in sys.stdlib_module_names else 1 if package == "tensorflow" else 2
