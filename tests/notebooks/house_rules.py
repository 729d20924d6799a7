"""What is asked of a notebook. Functions of findings return lines that say what is wrong, and in which cell."""

import ast
import base64
import copy
import io
import itertools
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from PIL import Image, ImageStat

VARIES = "varies"  # what the cell prints differs between runs: random order, timings
WARNS = "warns"  # the lesson is about a warning that a learner meets in red: here it must come
CELLS = (25, 45)
WORDS = (600, 1700)
PREDICTIONS = 3
LINES_OF_CODE = 15
CODE_CELLS_IN_A_ROW = 2
MOST_SECONDS, MOST_MB = 300, 3072  # the aim is 20 s and 2048 MB, more is a warning; this is a notebook gone wrong

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_FENCE = re.compile(r"^( *)(```|~~~).*?^ *\2", re.DOTALL | re.MULTILINE)
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
_UNWANTED_CODE = {r"\bsys\.path\b": "sys.path", r"\bplt\.show\(": "plt.show", r"\._[a-z]|import _": "a private name"}
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
            findings.append(f"{_where(*cells[0])}: {len(cells)} code cells without a word between them")
        for number, cell in cells:
            rules = (_any_cell_findings, _code_findings if is_code else _markdown_findings)
            findings += [f"{_where(number, cell)}: {finding}" for rule in rules for finding in rule(cell)]
    return findings


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _where(number: int, cell: NotebookNode) -> str:
    first_line = cell.source.strip().partition("\n")[0]
    return f"cell {number} ({first_line[:40]})"


def _any_cell_findings(cell: NotebookNode) -> Iterator[str]:
    if not cell.source.strip():
        yield "empty"
    if unknown := set(tags(cell)) - {VARIES, WARNS}:
        yield f"unknown tag {', '.join(sorted(unknown))}"
    if "nbmake" in cell.metadata:
        yield "orders for nbmake: the test would run something else than the learner"
    if path := _LOCAL_PATH.search(cell.source):
        yield f"a path of one machine: {path[0]}"


def _code_findings(cell: NotebookNode) -> Iterator[str]:
    if cell.outputs or cell.execution_count is not None:
        yield "stored output or execution count"
    if (lines := sum(bool(line.strip()) for line in cell.source.splitlines())) > LINES_OF_CODE:
        yield f"{lines} lines of code, at most {LINES_OF_CODE} are easy to follow"
    for pattern, what in _UNWANTED_CODE.items():
        if re.search(pattern, cell.source):
            yield f"uses {what}"
    try:
        tree = _parsed(cell)
    except SyntaxError as error:
        yield f"does not parse: {error}"
        return
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func).rpartition(".")[2]
        given = len(call.args) + len(call.keywords)
        named_alt = any(keyword.arg == "alt" for keyword in call.keywords)
        unpacked = any(isinstance(argument, ast.Starred) for argument in call.args)  # (figure, alt)
        has_alt = named_alt or (name == "show_figure" and (len(call.args) > 1 or unpacked))
        if name in ("show_images", "show_figure") and not has_alt:
            yield f"{name} without alt text"
        if name == "show_error" and given < 2:
            yield "show_error without a type and a part of the message"


def _parsed(cell: NotebookNode) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(cell.source))  # %magic lines become calls


def _markdown_findings(cell: NotebookNode) -> Iterator[str]:
    for comment in _COMMENT.findall(cell.source):
        if not re.match(r"check:|claim A\d+$", comment.strip()):  # a mistyped check would check nothing
            yield f"neither a check nor the number of a claim: {comment.strip()}"
    for claim in claims(cell):
        try:
            ast.parse(claim, mode="eval")
        except SyntaxError:
            yield f"a check that does not parse: {claim}"
    prose = _prose(cell)
    if "!" in re.sub(r"`[^`]*`|!(?=\[)", "", prose):
        yield "an exclamation mark"
    if emoji := _EMOJI.search(prose):
        yield f"an emoji: {emoji[0]}"


def _prose(cell: NotebookNode) -> str:
    return _FENCE.sub("", _COMMENT.sub("", cell.source))


def lesson_findings(notebook: NotebookNode) -> list[str]:
    """House rules of a whole lesson."""
    findings = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    words = sum(len(_prose(cell).split()) for cell in notebook.cells if cell.cell_type == "markdown")
    predictions = sum(len(re.findall(r"(?<![\w.])(?:exercises\.)?predict\(", cell.source)) for cell in code)
    if not notebook.cells or not re.match(r"# \S", notebook.cells[0].source):
        findings.append("the first cell does not begin with a level-1 heading")
    for what, count, (least, most) in (("cells", len(notebook.cells), CELLS), ("words of text", words, WORDS)):
        if not least <= count <= most:
            findings.append(f"{count} {what}, a lesson has {least} to {most}")
    if predictions < PREDICTIONS:
        findings.append(f"{predictions} predictions, a lesson asks for {PREDICTIONS} or more")
    return findings


def duplicate_functions(notebooks: dict[str, NotebookNode]) -> list[str]:
    """A function that two notebooks define."""
    defined_in = defaultdict(set)
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            for node in ast.walk(_parsed(cell)) if cell.cell_type == "code" else ():
                if isinstance(node, ast.FunctionDef):
                    defined_in[node.name].add(name)
    return [f"{name} is defined in {' and '.join(sorted(at))}" for name, at in defined_in.items() if len(at) > 1]


def claims(cell: NotebookNode) -> list[str]:
    """The expressions of comments like `<!-- check: len(images) == 32 -->`: they hold the text to the run."""
    return [claim.strip() for claim in re.findall(r"<!--\s*check:(.*?)-->", cell.source, re.DOTALL)]


def with_claims(notebook: NotebookNode) -> NotebookNode:
    """A copy in which the claims of a Markdown cell are code cells behind it."""
    notebook = copy.deepcopy(notebook)
    for number, cell in reversed(list(enumerate(notebook.cells, 1))):
        if cell.cell_type == "markdown":
            sources = [f"assert ({claim}), {'false claim: ' + claim!r}" for claim in claims(cell)]
            notebook.cells[number:number] = [
                nbformat.v4.new_code_cell(source, metadata={"is_claim": True}) for source in sources
            ]
    return notebook


def without_claims(notebook: NotebookNode) -> NotebookNode:
    notebook = copy.copy(notebook)
    notebook.cells = [cell for cell in notebook.cells if "is_claim" not in cell.metadata]
    return notebook


def cell_number(notebook: NotebookNode, index: int) -> int:
    """Number, in the file, of the cell at `index` of a notebook with claims; of a claim, that of its Markdown cell."""
    return len([cell for cell in notebook.cells[: index + 1] if "is_claim" not in cell.metadata])


def output_findings(notebook: NotebookNode) -> list[str]:
    """What is wrong with the outputs of a notebook that ran."""
    return [
        f"{_where(number, cell)}: {finding}"
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code"
        for finding in _cell_output_findings(cell)
    ]


def _cell_output_findings(cell: NotebookNode) -> Iterator[str]:
    if cell.execution_count is None:
        yield "did not run"
    red = [output.text for output in cell.outputs if output.get("name") == "stderr"]
    if (
        WARNS in tags(cell) and not red and os.name == "posix"
    ):  # on Windows, ipykernel does not show what C libraries write
        yield "the warning that it is about does not come"
    if WARNS not in tags(cell) and red:
        yield f"a learner would see this in red: {red[0][:200]}"
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"an error: {output.ename}: {output.evalue}"
        data = output.get("data", {})
        if any(kind.startswith("image/") for kind in data):
            yield "a figure without alt text"
        for image in _Images(data.get("text/html", "")).found:
            yield from _image_findings(image.get("alt") or "", image.get("src") or "")


class _Images(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.found.append(dict(attributes))


def _image_findings(alt: str, source: str) -> Iterator[str]:
    if len(alt.split()) < 5:
        yield f"alt text of fewer than five words: {alt!r}"
    try:
        png = source.removeprefix("data:image/png;base64,")
        image = Image.open(io.BytesIO(base64.b64decode(png, validate=True))).convert("RGB")
    except (ValueError, OSError):
        yield f"not a PNG picture within the page: {source[:50]}"
        return
    if image.width < 60:
        yield f"a picture only {image.width} pixels wide"
    if max(ImageStat.Stat(image).stddev) <= 2:
        yield "a blank picture"


def budget_findings(seconds: float, peak_mb: float) -> list[str]:
    findings = [f"took {seconds:.0f} s, the limit is {MOST_SECONDS}"] if seconds > MOST_SECONDS else []
    return findings + ([f"took {peak_mb:.0f} MB, the limit is {MOST_MB}"] if peak_mb > MOST_MB else [])
