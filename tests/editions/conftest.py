"""Chromium, and what `python -m editions` makes, for the tests that open what a reader would open."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock

from tests.material import ROOT

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """Debian's Chromium, started once, in a fresh profile: a Browser of Playwright's synchronous API."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: uv run --extra browser pytest …")
    if not (path := shutil.which("chromium")):
        pytest.skip("needs Chromium: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def editions(tmp_path_factory) -> Path:
    """The folder data/, as the command leaves it. Notebooks are run if cells or helpers have changed."""
    pytest.importorskip("myst_nb", reason="needs Sphinx and MyST-NB: uv run --extra editions pytest …")
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # of the workers: one makes the folder, the others wait
    with FileLock(shared / "editions.lock"):
        if not (done := shared / "editions.done").exists():
            command = [sys.executable, "-m", "editions"]
            executed = ROOT / "data/executed"
            helpers = max(path.stat().st_mtime for path in (ROOT / "helpers").rglob("*.py"))
            report = executed / "measured.json"
            is_newer = report.exists() and report.stat().st_mtime > helpers
            if is_newer and _cells(executed) == _cells(ROOT / "notebooks"):
                command.append("--as-executed")
            subprocess.run(command, check=True, cwd=ROOT)
            done.touch()
    return ROOT / "data"


@pytest.fixture(scope="session")
def executed(editions) -> Path:
    """The notebooks with their outputs."""
    return editions / "executed"


def _cells(folder: Path) -> dict[str, list[str]]:
    return {path.name: [cell.source for cell in nbformat.read(path, 4).cells] for path in folder.glob("*.ipynb")}
