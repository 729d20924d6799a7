"""Notebook 09 starts processes: none is left, whatever happens to the notebook."""

import time
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.checked_run import CheckedRun

NOTEBOOK = Path(__file__).parent.parent / "notebooks/09_beyond_one_machine.ipynb"


class _Run(CheckedRun):
    """A run of the notebook, with a cell put in behind the one that starts the servers."""

    extra = "assert len(processes) == 3 and all(process.poll() is None for process in processes.values())"

    def read(self) -> nbformat.NotebookNode:
        notebook = super().read()
        (place,) = [n for n, cell in enumerate(notebook.cells) if "\n        start(name" in cell.source]
        notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(self.extra))
        return notebook


class _FailingRun(_Run):
    extra = "1 / 0"


def servers() -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if "DispatchServer" in " ".join(process.info["cmdline"] or [])]


def wait_until_none_is_left(seconds: float = 10) -> list[psutil.Process]:
    end = time.monotonic() + seconds
    while (left := servers()) and time.monotonic() < end:
        time.sleep(0.2)
    return left


@pytest.mark.thorough
def test_the_service_runs_and_no_process_is_left(monkeypatch):  # one test: two at a time would see each other's servers
    monkeypatch.setenv("TF_DATA_SERVICE", "1")
    result = _Run(NOTEBOOK, 170, kernel="python3").execute()
    assert not result.error, result.error.trace
    assert not wait_until_none_is_left()
    result = _FailingRun(NOTEBOOK, 170, kernel="python3").execute()
    assert "ZeroDivisionError" in result.error.summary
    assert not wait_until_none_is_left()
