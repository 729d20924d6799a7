"""The harness: notebooks are run as tests by nbmake, each in a CheckedRun; what they took is told at the end."""

import os
import shutil
from collections import Counter
from pathlib import Path
from unittest import mock

import hypothesis
import nbmake.pytest_plugin
import pytest
from nbmake.pytest_items import NotebookFailedException, NotebookItem

from tests.checked_run import CheckedRun

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # the same run with and without a GPU

# The time of an example says nothing on a machine that runs two kernels besides.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

NOTEBOOKS = Path(__file__).with_name("notebooks")
AIM_SECONDS, AIM_MB = 20, 2048
# The canaries must fail, tests/test_canaries.py runs them. The start-up file would cut the network of the tests.
collect_ignore = ["tests/canaries", "tests/kernel_startup.py"]

nbmake.pytest_plugin.print = lambda _: None  # its one print is an advertisement below the summary


def _run_notebook(item: NotebookItem) -> None:
    option = item.config.option
    run = CheckedRun(Path(item.filename), option.nbmake_timeout, kernel=option.nbmake_kernel)
    result = run.execute()
    item.user_properties.append(("notebook", run.measured))
    if result.error:
        raise NotebookFailedException(result)


NotebookItem.runtest = _run_notebook


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
    if measured := sorted(value for name, value in properties if name == "notebook"):
        terminalreporter.section("notebooks")
        terminalreporter.line(f"{'notebook':32} {'cells run':>9} {'seconds':>9} {'peak MB':>9}")
        for name, cells, seconds, peak_mb in measured:
            too_much = seconds > AIM_SECONDS or peak_mb > AIM_MB
            warning = f"  WARNING: over {AIM_SECONDS} s or {AIM_MB} MB" if too_much else ""
            terminalreporter.line(f"{name:32} {cells:9} {seconds:9.1f} {peak_mb:9.0f}{warning}")
    rejected, tried = Counter(), Counter()
    for exercise, n_rejected, n_total in (value for name, value in properties if name == "wrong answers"):
        rejected[exercise] += n_rejected
        tried[exercise] += n_total
    if tried:
        terminalreporter.section("wrong answers")
        for exercise in sorted(tried):
            terminalreporter.line(f"{exercise}: {rejected[exercise]} of {tried[exercise]} wrong answers rejected")
        terminalreporter.line(f"all: {rejected.total()} of {tried.total()} wrong answers rejected")
