"""The programs to carry home: of each lesson its patterns, in plain TensorFlow, as a file that runs by itself.

The author gives the tag `keep` to the code cells whose results the program is to show. The rest follows from that:

- What a kept statement needs comes along: of each name the last statement before that binds it, and nothing else of
  its cell. A statement that only changes a value, such as `model.add(…)`, binds no name: its cell needs the tag, too.
- Left out are exercises, predictions, `with show_error(…)`, and what uses a helper or depends on one, unless plain code
  stands in for it (`stand_ins`). `guess.compare(value)` prints the question and the value. A value at the end of a cell
  is printed.
- Instead of the photos of the helpers, the program takes the folder of its command line.
"""

import ast
import builtins
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from editions.outputs import KEEP, tags
from editions.run import NOTEBOOKS
from editions.slicing import Names, Statement, sliced, without
from editions.stand_ins import FOLDERS, FROM_FOLDER, STAND_INS, StandIn

_NO_HEADING = re.compile(r"```.*?```|<details>.*?</details>", re.DOTALL)
_HEADING = re.compile(r"^#{2,3} (.*)", re.MULTILINE)
_FOLDER_NAMES = {"photo_folder", "folder"}  # what lessons call the folder of photos
_GIVEN = {*dir(builtins), "__file__", "__doc__"}
# At the end of a cell, what these return is shown; other calls are made for what they do.
_SHOWN_CALLS = {"array_equal", "compare", "head", "list", "round", "value_counts"}
_WIDTH = 79


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
    imports = _imports(cell.source for cell in notebook.cells if cell.cell_type == "code")
    helpers = {name for name, (module, _) in imports.items() if module.partition(".")[0] == "helpers"}
    imports = {name: imports[name] for name in imports if name not in helpers}
    stand_ins = {helper: one for helper, one in STAND_INS.items() if one.not_in != stem}
    statements = _Plain(helpers, stand_ins).statements(notebook)
    kept = sliced(without(statements, helpers - set(stand_ins)), given=_FOLDER_NAMES)
    for cell in notebook.cells:
        if KEEP in tags(cell) and not any(statement.origin[0] is cell for statement in kept):
            raise ValueError(f"{stem}: of this cell nothing can be kept:\n{cell.source}")

    of_lesson = [Names(statement.code) for statement in kept]
    needs = {name for its in of_lesson for name in its.needs}
    frame = FROM_FOLDER.format(folder="photo_folder" if "photo_folder" in needs else "folder")
    blocks = [frame]
    for one in reversed(stand_ins.values()):
        if one.name in needs:
            blocks.insert(1, one.code)
            needs |= Names(_without_imports(one.code)).needs
    needs |= Names(_without_imports(frame)).needs
    imports |= _imports(blocks)
    bound = {name for its in [*of_lesson, *map(Names, blocks)] for name in its.binds}
    if missing := needs - bound - set(imports) - _GIVEN:
        raise ValueError(f"{stem}: nothing binds {', '.join(sorted(missing))}")

    used = [one.name for one in stand_ins.values() if one.code in blocks]
    top = [*_docstring(notebook.cells[0].source, stem, used), *_import_lines(imports, needs)]
    for block in blocks:
        top += ["", "", *_without_imports(block).splitlines()]
    return [Line(text) for text in "\n".join(top).split("\n")] + list(_body(kept))


def _docstring(first_cell: str, stem: str, used: list[str]) -> Iterator[str]:
    title = first_cell.partition("\n")[0].partition(" · ")[2]
    yield f'"""{title}: the code of lesson {int(stem[:2])}.'
    yield f"\n    python {stem}.py [folder]\n"
    text = "The folder has a sub-folder for each class. Without it, the program takes the one that PHOTOS names,"
    text += " or else the sample photos, which the lessons make."
    text += " Pictures are saved in the current folder." if "show_figure" in used else ""
    text += f" Not from TensorFlow, but defined below: {', '.join(used)}." if used else ""
    yield textwrap.fill(text, _WIDTH)
    yield '"""\n'


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
            yield from (Line(""), Line(""), Line(f"# {section}"), *[Line("")] * is_block)
        else:
            yield from [Line("")] * (2 if is_block or was_block or not before[1] else 1)
        yield from (Line(text, cell) for text in statement.code.splitlines())
        was_block = is_block


class _Plain:
    """Statements of lessons in the form that they have in a program."""

    def __init__(self, helpers: set[str], stand_ins: dict[str, StandIn]):
        self.names = {helper: one.name for helper, one in stand_ins.items()}
        modules = "|".join(sorted(helpers)) or "-"
        self.helper = re.compile(rf"(?<![\w.])(?:{modules})\.({'|'.join(stand_ins)})(?=\()")
        self.questions: dict[str, str] = {}  # by the name of the prediction

    def statements(self, notebook: NotebookNode) -> Iterator[Statement]:
        """All of them, without exercises, imports, predictions, and errors that are shown."""
        heading = ""
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                heading = [heading, *_HEADING.findall(_NO_HEADING.sub("", cell.source))][-1]
            elif not heading.startswith("Exercise"):
                lines, end = cell.source.splitlines(), 0
                body = ast.parse(cell.source).body
                for node in body:
                    code, end = "\n".join(lines[end : node.end_lineno]).strip("\n"), node.end_lineno or 0
                    if not self._is_left_out(node) and (code := self._plain(code, node is body[-1])):
                        yield Statement(code, (cell, heading), KEEP in tags(cell))

    def _is_left_out(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.With):
            return ast.unparse(node.items[0].context_expr).startswith("show_error(")
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            name, call = ast.unparse(node.targets[0]), node.value
            if ast.unparse(call.func) == "predict":
                self.questions[name] = ast.literal_eval(call.args[0])
                return True
            return name in _FOLDER_NAMES and ast.unparse(call) in FOLDERS
        return isinstance(node, ast.Import | ast.ImportFrom)

    def _plain(self, code: str, is_last: bool) -> str:
        """The code of a statement with `print` for what a cell shows, and without the modules of helpers."""
        tree = ast.parse(code)
        shown = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr):
                source = ast.get_source_segment(code, node) or ""
                value = node.value
                if isinstance(value, ast.Call) and ast.unparse(value.func).removesuffix(".compare") in self.questions:
                    question = self.questions[ast.unparse(value.func).removesuffix(".compare")]
                    shown[source] = self._printed(f'"{question}:"', code, value.args[0], node.col_offset)
                elif is_last and node is tree.body[-1] and self._is_shown(value):
                    shown[source] = f"print({source})"
        for source, printed in shown.items():
            code = code.replace(source, printed)
        return self.helper.sub(lambda called: self.names[called[1]], code).strip("\n")

    @staticmethod
    def _printed(label: str, code: str, value: ast.expr, indent: int) -> str:
        if isinstance(value, ast.Constant):
            return ""  # the lesson told what came out
        source = ast.get_source_segment(code, value)
        line = f"print({label}, {source})"
        inner = "\n" + " " * (indent + 4)
        return line if indent + len(line) <= _WIDTH else f"print({inner}{label},{inner}{source},{inner[:-4]})"

    @staticmethod
    def _is_shown(value: ast.expr) -> bool:
        return not isinstance(value, ast.Call) or ast.unparse(value.func).rpartition(".")[2] in _SHOWN_CALLS


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


def _without_imports(block: str) -> str:
    lines = [line for line in block.splitlines() if not line.startswith(("import ", "from "))]
    return "\n".join(lines).strip("\n")
