"""Chromium, for the tests that open what a reader would open."""

import shutil
from collections.abc import Iterator

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
