"""JupyterLab in Chromium: a newcomer's way, from the README's first command to an exercise that is solved.

The command runs in a folder that holds a copy of the notebooks, because JupyterLab saves what it opens. The
environment, and with it `helpers`, is that of the repository: nothing is installed a second time.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from editions.outputs import output_findings
from tests.material import ROOT

COMMAND = re.search(r"pip install uv && (uv run .*)", (ROOT / "README.md").read_text(encoding="utf-8"))[1]
SECONDS_TO_START, SECONDS_TO_RUN = 120, 600  # many times what it takes: the machine may be busy


@pytest.fixture
def address(tmp_path, monkeypatch) -> Iterator[str]:
    """Start JupyterLab with the README's command; gives the address that it would open in the browser."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))  # no settings but those of a newcomer
    for name in ("TF_CPP_MIN_LOG_LEVEL", "MPLBACKEND", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_PROJECT", str(ROOT))
    monkeypatch.setenv("BROWSER", "echo %s")
    opened = tmp_path / "opened"
    with opened.open("w") as output:
        as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        server = subprocess.Popen([*COMMAND.split(), *as_root], cwd=tmp_path, stdout=output)
    try:
        end = time.monotonic() + SECONDS_TO_START
        while not (printed := opened.read_text()).endswith("\n"):
            assert server.poll() is None, "JupyterLab has ended"
            assert time.monotonic() < end, "JupyterLab has opened no page"
            time.sleep(0.2)
        yield printed.strip()
    finally:
        server.terminate()
        psutil.wait_procs(_started_by(tmp_path), timeout=60)
        for process in (left := _started_by(tmp_path)):
            process.kill()
        server.wait()
    assert not left, "JupyterLab ended and left processes behind"


def _started_by(folder: Path) -> list[psutil.Process]:
    """JupyterLab and its kernels: each has the environment that it was started with."""
    processes = psutil.process_iter(["environ"])
    return [p for p in processes if str(folder) in (p.info["environ"] or {}).get("JUPYTER_RUNTIME_DIR", "")]


# JupyterLab asks each kernel about debugging, and complains where a page is left before a slow one has answered.
NOT_WAITED_FOR = "Canceled future for debug_request message before replies were done"


@pytest.fixture
def page(chromium, address, tmp_path) -> Iterator:
    """A page of Chromium with that address. The end of the test tells what Chromium complained of."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(SECONDS_TO_START * 1000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page
    page.screenshot(path=tmp_path / "last.png")
    page.close()
    assert [text for text in complaints if not text.endswith(NOT_WAITED_FOR)] == []


@pytest.mark.browser
@pytest.mark.skipif("UV" not in os.environ, reason="the README's command begins with uv run")
def test_a_newcomer_runs_two_notebooks_and_solves_an_exercise(page, tmp_path):
    lab = _Lab(page, tmp_path / "notebooks")
    lab.has_in_front("00_start_here")
    page.get_by_role("button", name="No", exact=True).click()  # "… get notified about official Jupyter news?"
    lab.choose("Run", "Run All Cells")
    lab.has_run("00_start_here")

    lab.notebook.get_by_role("link", name="Take one batch").click()
    lab.has_in_front("01_take_one_batch")
    lab.choose("Kernel", "Restart Kernel and Run All Cells…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    cells = lab.has_run("01_take_one_batch")

    (number,) = [n for n, cell in enumerate(cells) if "check_one_batch(" in cell.source]
    exercise, below = lab.cell(number), lab.cell(number + 1)
    assert "Not tried yet." in exercise.inner_text()
    lab.answer(exercise, "return batches.take(1)")
    exercise.get_by_text("Not right yet. This is still a dataset").wait_for()
    solution = below.locator("details", has=page.get_by_text("Solution", exact=True))
    code = solution.locator("pre")
    assert not code.is_visible()
    solution.locator("summary").click()
    code.wait_for()
    lab.answer(exercise, code.inner_text().strip().splitlines()[-1].strip())
    exercise.get_by_text("Right. Images and labels of one batch").wait_for()


class _Lab:
    """What a newcomer does in JupyterLab, and sees. Only cells in view are drawn, so cells are scrolled to."""

    def __init__(self, page, folder: Path):
        self.page, self.folder = page, folder
        self.notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def has_in_front(self, name: str) -> None:
        self.page.locator(".lm-TabBar-tab.jp-mod-current", has_text=f"{name}.ipynb").wait_for()
        # Whoever runs a cell before the kernel is there is asked for one.
        self.page.locator("#jp-main-statusbar").get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def choose(self, menu: str, item: str) -> None:
        for name in (menu, item):
            self.page.get_by_role("menuitem", name=name, exact=True).click()

    def cell(self, number: int):
        cell = self.notebook.locator(".jp-Cell").nth(number)
        cell.scroll_into_view_if_needed()
        return cell

    def has_run(self, name: str) -> list[nbformat.NotebookNode]:
        """Wait for the end of the run, save. The notebook shows what it should. Gives its cells."""
        idle = self.notebook.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        has_run = idle.filter(has_text=re.compile(r"Executed \d+ cells"))
        dialog = self.page.get_by_role("dialog")
        has_run.or_(dialog).first.wait_for(timeout=SECONDS_TO_RUN * 1000)
        assert dialog.all_inner_texts() == []
        self.page.keyboard.press("Control+s")
        self.page.locator(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)").wait_for()
        saved = nbformat.read(self.folder / f"{name}.ipynb", 4)
        assert output_findings(saved) == []
        pictures = {number: str(cell.get("outputs")).count("<img ") for number, cell in enumerate(saved.cells)}
        assert any(pictures.values())
        for number, count in pictures.items():
            shown = self.cell(number).locator(".jp-OutputArea-output").get_by_role("img", name=re.compile(r"\w"))
            if count:
                shown.nth(count - 1).wait_for()
            assert shown.count() == count
            # It fails for what is no picture.
            shown.evaluate_all("images => Promise.all(images.map(image => image.decode()))")
        return saved.cells

    def answer(self, cell, line: str) -> None:
        """Put `line` in place of the line that begins with the same word, and run the cell."""
        cell.locator(".cm-line", has_text=line.partition(" ")[0]).first.click()
        for keys in ("Home", "Shift+End"):
            self.page.keyboard.press(keys)
        self.page.keyboard.type(line)
        self.page.keyboard.press("Shift+Enter")
