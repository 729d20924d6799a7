"""A browser for the tests that are marked `browser`, and what they look at."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """Chromium as Debian installs it, without a window, by Playwright."""
    path = shutil.which("chromium")
    if not path:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs --extra browser")
    with sync_api.sync_playwright() as playwright:
        # Root has no sandbox; the others keep the browser from asking its maker for anything.
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def executed(tmp_path_factory) -> Path:
    """The notebooks with their outputs: run once, also if several workers want them."""
    from editions.executed import run_notebooks

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "executed"
    with FileLock(f"{folder}.lock"):
        if not folder.with_name("executed.done").exists():
            run_notebooks(folder)
            folder.with_name("executed.done").touch()
    return folder
