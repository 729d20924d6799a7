"""The notebooks with their outputs: what the website and the slides show."""

import datetime
import json
import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

import nbformat

from tests.checked_run import CheckedRun

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
MEASURED = "measured.json"  # in the folder of the executed notebooks


def run_notebooks(folder: Path) -> None:
    """Run each notebook as the tests do, and write it with what came out to `folder`, which is made anew.

    `measured.json` beside them tells of the run: when and on what, and name, number of cells run, seconds and peak
    memory in MB of each notebook.

    Raises:
        RuntimeError: A cell of a notebook failed, or the tests would find something wrong with what came out.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    measured = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        run = CheckedRun(path, 120, kernel="python3")
        result = run.execute()
        if result.error:
            raise RuntimeError(f"{path}: {result.error.trace}")
        nbformat.write(result.nb, folder / path.name)
        measured.append(run.measured)
    setting = f"{os.cpu_count()} cores, no GPU, Python {platform.python_version()}, TensorFlow {version('tensorflow')}"
    report = {"when": f"{datetime.datetime.now():%Y-%m-%d %H:%M}", "setting": setting, "notebooks": measured}
    (folder / MEASURED).write_text(json.dumps(report, indent=1), encoding="utf-8")
