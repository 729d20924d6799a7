"""Notebook 09 starts processes. Three things end them, whatever happens to the notebook, and each does it alone."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from editions.run import checked_run
from tests.material import ROOT

NOTEBOOK = ROOT / "notebooks/09_beyond_one_machine.ipynb"
RUNNING = "assert len(processes) == 3 and all(process.poll() is None for process in processes.values())"
ENDED = "assert all(process.wait(10) is not None for process in processes.values())"
CLOSED = "for process in processes.values(): process.stdin.close()"  # as when the kernel ends, whichever way


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("whole", "then", "finding"),
    [
        pytest.param(True, [], "", id="by stop_all in the notebook"),
        pytest.param(
            False,
            [new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})],
            r"cell \d+ \(1 / 0\): an error: ZeroDivisionError: division by zero",  # and no other
            id="by a cell that fails",
        ),
        pytest.param(False, [new_code_cell(CLOSED)], "", id="by the end of the kernel"),
    ],
)
def test_the_servers_run_and_are_ended(monkeypatch, whole, then, finding):
    monkeypatch.setenv("TF_DATA_SERVICE", "1")
    notebook = nbformat.read(NOTEBOOK, 4)
    cells = notebook.cells
    (place,) = [n for n, cell in enumerate(cells, 1) if re.search(r"^ +start\(", cell.source, re.MULTILINE)]
    rest = cells[place:] if whole else []
    notebook.cells = [*cells[:place], new_code_cell(RUNNING), *rest, *then, new_code_cell(ENDED)]
    assert re.fullmatch(finding, trace := checked_run(NOTEBOOK, 170, notebook).trace), trace
