"""One run of a notebook, in a kernel without a network, with checks of what came out; and the run of all of them."""

import copy
import datetime
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from editions import outputs

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
MEASURED = "measured.json"  # in the folder of the executed notebooks
_STARTUP = Path(__file__).with_name("kernel_startup.py")
# A learner has not set them, and sees what they would hide: with the last, ipykernel hides what C libraries write.
_OF_THE_TESTS = ("TF_CPP_MIN_LOG_LEVEL", "MPLBACKEND", "PYTEST_CURRENT_TEST")
# What pages show in place of the folders of the machine that built them. The environment may lie in the project.
PLACES = {
    sys.prefix: "/path/to/project/.venv",
    str(NOTEBOOKS.parent): "/path/to/project",
    tempfile.gettempdir(): "/tmp",
}
_NO_PROSE = re.compile(r"<!--.*?-->|<details>.*?</details>|```.*?```", re.DOTALL)
_COLOUR = re.compile(r"\x1b\[[\d;]*m")  # of tracebacks; a log shows the codes


class Figures(NamedTuple):
    """Of a notebook and its run: words of text without folded solutions, lines of code without empty ones."""

    notebook: str
    cells: int
    words: int
    code_lines: int
    seconds: float
    peak_mb: float


class CheckedRun(NamedTuple):
    """The notebook with what came out, its figures, and what is wrong, in a line and whole: empty if all is well."""

    notebook: NotebookNode
    figures: Figures
    summary: str
    trace: str


def checked_run(
    path: Path, timeout: int = 120, notebook: NotebookNode | None = None, *, servers: bool = False
) -> CheckedRun:
    """Run the notebook of a file, and check what came out.

    Args:
        path: The file; its folder is the working directory.
        timeout: Seconds for a cell.
        notebook: What to run instead of what the file holds.
        servers: Whether notebook 16 starts the servers of tf.data service, which listen on all network addresses of
            this machine while it runs.
    """
    notebook = with_claims(notebook or nbformat.read(path, 4))
    client = NotebookClient(notebook, timeout=timeout, kernel_name="python3", record_timing=False)
    started = [0]  # indices of cells
    client.on_cell_execute = lambda cell, cell_index: started.append(cell_index)
    error = ""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        try:
            client.execute(cwd=path.parent, env=_kernel_environment(Path(folder), report, servers))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as raised:
            what = f"{raised.ename}: {raised.evalue}" if isinstance(raised, CellExecutionError) else str(raised)
            summary = f"cell {cell_number(notebook, started[-1])}: {what.partition(chr(10))[0]}"
            error = f"{summary}\n{_COLOUR.sub('', str(raised))}"
        kernel: dict = {"prefix": "an unknown place, without our start-up file", "peak_mb": 0}
        if report.exists():
            kernel = json.loads(report.read_text())
    seconds, peak_mb = time.perf_counter() - start, kernel["peak_mb"]
    notebook = without_claims(notebook)
    findings = outputs.output_findings(notebook) + outputs.budget_findings(seconds, peak_mb)
    if kernel["prefix"] != sys.prefix:
        findings.append(f"the kernel ran in {kernel['prefix']}; the tests run in {sys.prefix}")
    trace = error or "\n".join(findings)
    figures = Figures(path.stem, *_sizes(notebook), seconds, peak_mb)
    return CheckedRun(notebook, figures, trace.partition("\n")[0], trace)


def _kernel_environment(folder: Path, report: Path, servers: bool) -> dict[str, str]:
    """Our start-up file, which writes `report`, and progress of its own; nothing that a learner has not set."""
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    shutil.copy(_STARTUP, startup)
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_TESTS}
    return environment | {
        "IPYTHONDIR": str(folder),
        "KERNEL_REPORT": str(report),
        "EXERCISES_PROGRESS": str(folder / "progress"),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_DATA_SERVICE": str(int(servers)),
    }


def _sizes(notebook: NotebookNode) -> tuple[int, int, int]:
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    words = sum(len(_NO_PROSE.sub("", text).split()) for text in texts)
    return len(notebook.cells), words, sum(bool(line.strip()) for source in code for line in source.splitlines())


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
    """A copy without the claims. What a C library wrote so late that a claim was being checked goes to the cell before.

    (Its lines come by a thread; a claim of its own writes nothing.)
    """
    notebook = copy.copy(notebook)
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        if "is_claim" not in cell.metadata:
            cells.append(cell)
        elif before := [other for other in cells if other.cell_type == "code"]:
            before[-1].outputs += [output for output in cell.outputs if output.get("name") == "stderr"]
    notebook.cells = cells
    return notebook


def cell_number(notebook: NotebookNode, index: int) -> int:
    """Number, in the file, of the cell at `index` of a notebook with claims; of a claim, that of its Markdown cell."""
    return len([cell for cell in notebook.cells[: index + 1] if "is_claim" not in cell.metadata])


def run_notebooks(folder: Path, *, servers: bool = True) -> None:
    """Run each notebook as the tests do, and write it with what came out to `folder`, which is made anew.

    `measured.json` beside them tells of the run: when and on what, and the figures of each notebook.

    Args:
        folder: Where the notebooks go.
        servers: As for `checked_run`. Without them half of notebook 16 has nothing to show.

    Raises:
        RuntimeError: A cell of a notebook failed, or the tests would find something wrong with what came out.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    figures = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        run = checked_run(path, servers=servers)
        if run.trace:
            raise RuntimeError(f"{path}: {run.trace}")
        text = without_places(nbformat.writes(run.notebook))
        (folder / path.name).write_text(text + "\n", encoding="utf-8")
        figures.append(run.figures._asdict())
    setting = f"{os.cpu_count()} cores, no GPU, Python {platform.python_version()}, TensorFlow {version('tensorflow')}"
    report = {"when": f"{datetime.datetime.now():%Y-%m-%d %H:%M}", "setting": setting, "notebooks": figures}
    (folder / MEASURED).write_text(json.dumps(report, indent=1), encoding="utf-8")


def without_places(written: str, places: dict[str, str] = PLACES) -> str:
    """The JSON of a notebook with other names for the folders of this machine, and with its pictures as they are."""
    for place, name in places.items():
        pattern = r"\\+".join(map(re.escape, place.split("\\")))  # JSON and Python write a backslash twice
        written = re.sub(rf"(?:(?<=\\n)|(?<![\w+/])){pattern}(?![\w+])", name, written)
    return written
