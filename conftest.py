"""The harness: nbmake collects the notebooks, `editions.run` runs them; their figures stand at the end."""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

import hypothesis
import pytest
from nbmake.nb_result import NotebookError, NotebookResult
from nbmake.pytest_items import NotebookFailedException, NotebookFile, NotebookItem

from editions.run import NOTEBOOKS, Figures, checked_run

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # the same run with and without a GPU
_progress = tempfile.TemporaryDirectory()  # gone with this process: the learner's is not touched
os.environ["EXERCISES_PROGRESS"] = _progress.name
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(NOTEBOOKS.parent / "data/hypothesis")

# The time of an example says nothing on a machine that runs two kernels besides.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

AIM_SECONDS, AIM_MB = 20, 2048
# Only those who change the code have coverage.
pytest_plugins = ["tests.coverage_of_helpers"] if importlib.util.find_spec("coverage") else []
# The canaries must fail, test_canaries.py runs them; the plugin holds no example.
collect_ignore = ["tests/notebooks/canaries", "tests/coverage_of_helpers.py"]


class CheckedFile(NotebookFile):
    def collect(self):
        yield CheckedItem.from_parent(self, filename=str(self.path))


class CheckedItem(NotebookItem):
    def runtest(self) -> None:
        run = checked_run(self.path, self.config.option.nbmake_timeout)
        self.user_properties.append(("notebook", tuple(run.figures)))
        if run.trace:
            raise NotebookFailedException(NotebookResult(run.notebook, NotebookError(run.summary, run.trace, -1)))


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    collectors = yield
    return [
        CheckedFile.from_parent(parent, path=file_path) if isinstance(collector, NotebookFile) else collector
        for collector in collectors
    ]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Nothing forgotten: the notebooks collected are those on disk."""
    report = yield
    if collector.path == NOTEBOOKS and report.passed:
        collected = {node.path for node in report.result}
        if missing := sorted(path.name for path in NOTEBOOKS.glob("*.ipynb") if path not in collected):
            report.outcome = "failed"
            report.longrepr = f"On disk, but not collected as tests: {', '.join(missing)}"
    return report


def pytest_collection_modifyitems(items) -> None:
    """Notebooks first, and of them the later ones, which take longer: at the end short tests keep both cores busy."""
    notebooks = [item for item in items if isinstance(item, CheckedItem)]
    items[:] = notebooks[::-1] + [item for item in items if not isinstance(item, CheckedItem)]


@pytest.fixture(scope="session")
def photo_folder(tmp_path_factory) -> Path:
    """16 of our photos, in 2 classes."""
    from helpers import photos  # here, so that a run without it need not wait for TensorFlow

    folder = tmp_path_factory.mktemp("photos")
    with mock.patch.dict(os.environ):
        os.environ.pop("PHOTOS", None)
        ours = photos.folder()
    for class_folder in sorted(ours.iterdir())[:2]:
        (folder / class_folder.name).mkdir()
        for photo in sorted(class_folder.iterdir())[:8]:
            shutil.copy(photo, folder / class_folder.name)
    return folder


@pytest.fixture(autouse=True)
def _our_own_photos(request, monkeypatch) -> None:
    """Unit tests and doctests know our photos. (Notebooks use no fixture, and keep PHOTOS.)"""
    monkeypatch.delenv("PHOTOS", raising=False)
    if isinstance(request.node, pytest.DoctestItem):
        folder = request.getfixturevalue("photo_folder")
        photo_path = str(min(folder.glob("*/*")))
        request.getfixturevalue("doctest_namespace").update(photo_folder=folder, photo_path=photo_path)


def pytest_terminal_summary(terminalreporter) -> None:
    reports = [report for group in terminalreporter.stats.values() for report in group]
    calls = [report for report in reports if getattr(report, "when", "") == "call"]
    properties = [pair for report in calls for pair in report.user_properties]
    if figures := sorted(Figures(*value) for name, value in properties if name == "notebook"):
        terminalreporter.section("notebooks")
        terminalreporter.line(f"{'':32} {'cells':>7} {'words':>7} {'lines':>7} {'seconds':>9} {'peak MB':>9}")
        for name, cells, words, lines, seconds, peak_mb in figures:
            too_much = seconds > AIM_SECONDS or peak_mb > AIM_MB
            warning = f"  WARNING: over {AIM_SECONDS} s or {AIM_MB} MB" if too_much else ""
            terminalreporter.line(f"{name:32} {cells:7} {words:7} {lines:7} {seconds:9.1f} {peak_mb:9.0f}{warning}")
