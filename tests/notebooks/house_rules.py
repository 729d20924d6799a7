"""What is asked of a notebook. Functions of findings return lines that say what is wrong, and in which cell."""

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from editions.outputs import COVER, KEEP, WARNS, cell_name, tags
from editions.run import claims

VARIES = "varies"  # what the cell prints differs between runs: random order, timings
PREDICTIONS = 3
CODE_CELLS_IN_A_ROW = 2
LINES_AT_A_GLANCE = 8

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_FENCE = re.compile(r"^( *)(```|~~~).*?^ *\2", re.DOTALL | re.MULTILINE)
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
# Private attributes are found by ruff, private imports are not.
_UNWANTED_CODE = {r"\bsys\.path\b": "sys.path", r"\bplt\.show\(": "plt.show", r"\bimport _": "a private name"}
_FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
_PREDICTION = re.compile(r"(?<![\w.])(?:exercises\.)?predict\(")
_LOCAL_PATH = re.compile(r"(?<!\w)/(home|Users|root|work)/")


def cell_findings(notebook: NotebookNode) -> list[str]:
    """House rules of the file and of each cell."""
    findings = []
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        findings.append(f"not a valid notebook: {error.message}")
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        findings.append("the kernelspec is not named python3")
    if "allow_errors" in notebook.metadata.get("execution", {}):
        findings.append("allow_errors lets a broken notebook pass")
    for is_code, group in itertools.groupby(enumerate(notebook.cells, 1), lambda pair: pair[1].cell_type == "code"):
        cells = list(group)
        if is_code and len(cells) > CODE_CELLS_IN_A_ROW:
            findings.append(f"{cell_name(*cells[0])}: {len(cells)} code cells without a word between them")
        for number, cell in cells:
            rules = (_any_cell_findings, _code_findings if is_code else _markdown_findings)
            findings += [f"{cell_name(number, cell)}: {finding}" for rule in rules for finding in rule(cell)]
    return findings


def _any_cell_findings(cell: NotebookNode) -> Iterator[str]:
    if not cell.source.strip():
        yield "empty"
    if unknown := set(tags(cell)) - {COVER, KEEP, VARIES, WARNS}:
        yield f"unknown tag {', '.join(sorted(unknown))}"
    if "nbmake" in cell.metadata:
        yield "orders for nbmake: the test would run something else than the learner"
    if path := _LOCAL_PATH.search(cell.source):
        yield f"a path of one machine: {path[0]}"


def _code_findings(cell: NotebookNode) -> Iterator[str]:
    if cell.outputs or cell.execution_count is not None:
        yield "stored output or execution count"
    for pattern, what in _UNWANTED_CODE.items():
        if re.search(pattern, cell.source):
            yield f"uses {what}"
    try:
        tree = _parsed(cell)
    except SyntaxError as error:
        yield f"does not parse: {error}"
        return
    have_titles = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func).rpartition(".")[2]
        named = {keyword.arg for keyword in call.keywords}
        unpacked = any(isinstance(argument, ast.Starred) for argument in call.args)  # (figure, alt)
        has_alt = "alt" in named or (name == "show_figure" and (len(call.args) > 1 or unpacked))
        if name in ("show_images", "show_figure") and not has_alt:
            yield f"{name} without alt text"
        if name == "show_error" and len(call.args) + len(named) < 2:
            yield "show_error without a type and a part of the message"
        if name == "show_images":
            have_titles.append("titles" in named or len(call.args) > 1)
    if len(have_titles) > 1 and not all(have_titles):
        yield "two pictures, and no titles that tell them apart"


def _parsed(cell: NotebookNode) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(cell.source))  # %magic lines become calls


def _markdown_findings(cell: NotebookNode) -> Iterator[str]:
    for comment in _COMMENT.findall(cell.source):
        if not comment.strip().startswith("check:"):  # a mistyped check would check nothing
            yield f"a comment that is no check: {comment.strip()}"
    for claim in claims(cell):
        try:
            ast.parse(claim, mode="eval")
        except SyntaxError:
            yield f"a check that does not parse: {claim}"
    prose = _FENCE.sub("", _COMMENT.sub("", cell.source))
    if "!" in re.sub(r"`[^`]*`|!(?=\[)", "", prose):
        yield "an exclamation mark"
    if emoji := _EMOJI.search(prose):
        yield f"an emoji: {emoji[0]}"


def lesson_findings(notebook: NotebookNode) -> list[str]:
    """House rules of a whole lesson."""
    findings = []
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    predictions = sum(len(_PREDICTION.findall(source)) for source in code)
    if not notebook.cells or not re.match(r"# \S", notebook.cells[0].source):
        findings.append("the first cell does not begin with a level-1 heading")
    if predictions < PREDICTIONS:
        findings.append(f"{predictions} predictions, a lesson asks for {PREDICTIONS} or more")
    stated = re.search(r"\*\*Time:\*\* (\d+) minutes", notebook.cells[0].source) if notebook.cells else None
    if (minutes := reading_minutes(notebook)) != (stated and int(stated[1])):
        findings.append(f"states {stated and stated[0]}, by its words and cells it takes {minutes} minutes")
    return findings


def reading_minutes(notebook: NotebookNode) -> int:
    """Minutes to read and run a lesson, without its exercises.

    180 words a minute, 20 seconds for a cell of code, 60 for one of more than `LINES_AT_A_GLANCE`, and 20 for a
    prediction. An exercise goes from its heading to the end of its folded solution.
    """
    in_exercise, words, seconds = False, 0, 0
    for cell in notebook.cells:
        if cell.cell_type == "code" and not in_exercise:
            lines = sum(bool(line.strip()) for line in cell.source.splitlines())
            seconds += 60 if lines > LINES_AT_A_GLANCE else 20
            seconds += 20 * len(_PREDICTION.findall(cell.source))
        elif cell.cell_type == "markdown":
            for part in re.split(r"(?m)^(?=#+ )", _FENCE.sub("", _FOLDED.sub("", _COMMENT.sub("", cell.source)))):
                if heading := re.match(r"#+ (.*)", part):
                    in_exercise = heading[1].startswith("Exercise")
                words += 0 if in_exercise else len(part.split())
            in_exercise = in_exercise and "<details>" not in cell.source
    return round((words / 3 + seconds) / 60)


def duplicate_functions(notebooks: dict[str, NotebookNode]) -> list[str]:
    """A function that two notebooks define."""
    defined_in = defaultdict(set)
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            for node in ast.walk(_parsed(cell)) if cell.cell_type == "code" else ():
                if isinstance(node, ast.FunctionDef):
                    defined_in[node.name].add(name)
    return [f"{name} is defined in {' and '.join(sorted(at))}" for name, at in defined_in.items() if len(at) > 1]
