"""The notebooks with their outputs: what the website and the slides show."""

from pathlib import Path

import nbformat

from tests.checked_run import CheckedRun

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def run_notebooks(folder: Path) -> list[tuple[str, int, float, float]]:
    """Run each notebook as the tests do, and write it to `folder` with what came out.

    Returns:
        Name, number of cells run, seconds and peak memory in MB of each notebook.

    Raises:
        RuntimeError: A cell of a notebook failed, or the tests would find something wrong with what came out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    measured = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        run = CheckedRun(path, 120, kernel="python3")
        result = run.execute()
        if result.error:
            raise RuntimeError(f"{path}: {result.error.trace}")
        nbformat.write(result.nb, folder / path.name)
        measured.append(run.measured)
    return measured
