"""One run of a notebook: nbmake's, in a kernel without a network, with checks of what came out."""

import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import nbformat
from nbclient.exceptions import DeadKernelError
from nbmake.nb_result import NotebookError, NotebookResult
from nbmake.nb_run import NotebookRun

from tests import notebook_checks

_COLOUR = re.compile(r"\x1b\[[\d;]*m")  # of tracebacks; a log shows the codes
STARTUP = Path(__file__).with_name("kernel_startup.py")


class CheckedRun(NotebookRun):
    """After `execute`, `measured` holds the name of the notebook, cells run, seconds and peak memory in MB."""

    def read(self) -> nbformat.NotebookNode:
        return nbformat.read(self.filename, 4)

    def execute(self) -> NotebookResult:
        notebook = notebook_checks.with_claims(self.read())
        start = time.perf_counter()
        # nbmake reads the file by itself: hand it the notebook that holds the claims as well
        with _kernel_environment() as report, mock.patch.object(nbformat, "read", lambda *_: notebook):
            try:
                error = super().execute().error
            except DeadKernelError:  # nbmake would call it an internal error, and name no cell
                error = NotebookError("The kernel died.", "The kernel died.", self._get_timeout_cell(notebook))
            no_report = {"prefix": "an unknown place, without our start-up file", "peak_mb": 0}
            kernel = json.loads(report.read_text()) if report.exists() else no_report
        seconds = time.perf_counter() - start
        if error:
            number = notebook_checks.cell_number(notebook, error.failing_cell_index)
            summary, trace = (_COLOUR.sub("", text) for text in (error.summary, error.trace))
            summary = f"cell {number}: {summary}"
            error = NotebookError(summary, f"{summary}\n{trace}", number - 1)
        notebook = notebook_checks.without_claims(notebook)
        cells_run = sum(cell.get("execution_count") is not None for cell in notebook.cells)
        self.measured = (self.filename.stem, cells_run, seconds, kernel["peak_mb"])
        findings = notebook_checks.output_findings(notebook) + notebook_checks.budget_findings(*self.measured[2:])
        if kernel["prefix"] != sys.prefix:
            findings.append(f"the kernel ran in {kernel['prefix']}; the tests run in {sys.prefix}")
        if findings and not error:
            error = NotebookError(findings[0], "\n".join(findings), -1)
        return NotebookResult(notebook, error)


@contextlib.contextmanager
def _kernel_environment() -> Iterator[Path]:
    """What the kernel inherits; gives the path of the report that our start-up file writes."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ):
        startup = Path(folder, "profile_default", "startup")
        startup.mkdir(parents=True)
        shutil.copy(STARTUP, startup)
        report = Path(folder, "report.json")
        os.environ.update(IPYTHONDIR=folder, KERNEL_REPORT=str(report), CUDA_VISIBLE_DEVICES="-1")
        # A learner has not set them, and sees what they would hide: with the last, ipykernel hides what C libraries write.
        for name in ("TF_CPP_MIN_LOG_LEVEL", "MPLBACKEND", "PYTEST_CURRENT_TEST"):
            os.environ.pop(name, None)
        yield report
