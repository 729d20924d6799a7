"""Processes: the servers of lesson 16, whose end is certain, and the job of lesson 15, which is killed."""

import re
import subprocess
import sys
import time
from collections import Counter

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from editions.run import checked_run
from tests.material import ROOT, cells

NOTEBOOK = ROOT / "notebooks/16_devices_and_workers.ipynb"
RUNNING = "assert len(servers.processes) == 3 and all(p.poll() is None for p in servers.processes.values())"
ENDED = "assert all(process.wait(10) is not None for process in servers.processes.values())"
CLOSED = "for process in servers.processes.values(): process.stdin.close()"  # as when the kernel ends, whichever way

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(
    ("whole", "then", "finding"),
    [
        pytest.param(True, [], "", id="by stop in the notebook"),
        pytest.param(
            False,
            [new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})],
            r"cell \d+ \(1 / 0\): an error: ZeroDivisionError: division by zero",  # and no other
            id="by a cell that fails",
        ),
        pytest.param(False, [new_code_cell(CLOSED)], "", id="by the end of the kernel"),
    ],
)
def test_the_servers_run_and_are_ended(whole, then, finding):
    notebook = nbformat.read(NOTEBOOK, 4)
    (place,) = [n for n, cell in enumerate(notebook.cells, 1) if "processes.Servers(" in cell.source]
    rest = notebook.cells[place:] if whole else []
    notebook.cells = [*notebook.cells[:place], new_code_cell(RUNNING), *rest, *then, new_code_cell(ENDED)]
    assert re.fullmatch(finding, trace := checked_run(NOTEBOOK, 170, notebook, servers=True).trace), trace


def job_program() -> str:
    """The job of lesson 15 that saves position and results together, as a program with a folder as its argument."""
    sources = [cell.source for cell in cells("15_beyond_one_machine") if cell.cell_type == "code"]
    needed = [
        source for source in sources if re.search(r"^def (numbered_batches|restored|job_3)\(", source, re.MULTILINE)
    ]
    assert len(needed) == 3
    return "\n\n".join([sources[0], *needed, "import sys", "job_3(Path(sys.argv[1]))"])


def test_a_job_that_is_killed_does_each_photo_once(tmp_path):
    program, results = job_program(), tmp_path / "results.txt"
    for lines in (10, 30):  # killed when there are so many: somewhere, also between two files
        with subprocess.Popen(
            [sys.executable, "-c", program, tmp_path], cwd=ROOT, stdout=subprocess.DEVNULL
        ) as process:
            while not results.exists() or len(results.read_text().split()) < lines:
                assert process.poll() is None
                time.sleep(0.001)
            process.kill()
    done = len(results.read_text().split())
    subprocess.run([sys.executable, "-c", program, tmp_path], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    times = Counter(results.read_text().split())
    assert done < len(times) == 300
    assert set(times.values()) == {1}
