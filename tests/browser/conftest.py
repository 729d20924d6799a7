"""Chromium, and the executed notebooks, for the tests that open what a reader would open."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

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
def executed(tmp_path_factory) -> Path:
    """The notebooks with their outputs. It takes minutes, so `-n 0` saves a second run."""
    pytest.importorskip("sphinx_revealjs", reason="needs reveal.js: uv run --extra editions pytest …")
    from editions.executed import run_notebooks

    folder = tmp_path_factory.mktemp("executed")
    run_notebooks(folder)
    return folder
