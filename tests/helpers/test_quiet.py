"""TensorFlow's start-up log: out of sight, and at hand when the start fails."""

import os
import runpy
import shutil
import subprocess
import sys

import helpers

import pytest

from tests.material import ROOT

LOGS = 'import os\nos.write(2, b"words of the start\\n")\n'


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts a module that stands in for TensorFlow, as a learner's first import would; made data go to tmp_path."""
    monkeypatch.setattr(helpers, "START_LOG", tmp_path / "data" / "start.log")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)

    def start(source: str):
        (tmp_path / "tensorflow.py").write_text(source)
        monkeypatch.setitem(sys.modules, "tensorflow", None)  # noted, to be put back
        del sys.modules["tensorflow"]
        return runpy.run_path(str(ROOT / "helpers" / "quiet.py"))["tensorflow"]

    return start


def test_the_log_goes_to_a_file_and_later_words_do_not(start, tmp_path, capfd):
    assert start(LOGS).__file__ == str(tmp_path / "tensorflow.py")
    os.write(2, b"later")
    assert capfd.readouterr().err == "later"
    assert helpers.START_LOG.read_text() == f"words of the start\n{helpers.STARTED}"


def test_the_log_is_that_of_the_last_start(start, monkeypatch):
    start(LOGS)
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")  # set by that start
    start("")
    assert helpers.START_LOG.read_text() == helpers.STARTED


def test_who_wants_the_log_gets_it(start, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    start(LOGS)
    assert capfd.readouterr().err == "words of the start\n"
    assert not (tmp_path / "data").exists()


def test_a_start_that_fails_says_why(start, capfd):
    with pytest.raises(ImportError, match="a library is missing") as error:
        start(f"{LOGS}raise ImportError('a library is missing')")
    assert error.value.__notes__ == ["Before that, TensorFlow wrote:\nwords of the start\n"]
    assert helpers.START_LOG.read_text() == "words of the start\n"
    os.write(2, b"later")
    assert capfd.readouterr().err == "later"


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(start, tmp_path, capfd):
    (tmp_path / "data").write_text("a file in its place")
    start(LOGS)
    assert capfd.readouterr().err == ""


@pytest.fixture
def python(tmp_path):
    """Runs a script with a copy of the helpers and modules that stand in for others."""
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    environment["PYTHONPATH"] = str(tmp_path)

    def run(script: str, **modules: str) -> subprocess.CompletedProcess:
        for name, source in modules.items():
            (tmp_path / f"{name}.py").write_text(source)
        command = [sys.executable, "-c", script]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)

    return run


def test_of_a_start_that_aborts_the_last_words_are_kept(python, tmp_path):
    run = python("import helpers.quiet", tensorflow=f"{LOGS}os.abort()")
    assert run.returncode != 0
    log = (tmp_path / "data" / helpers.START_LOG.name).read_text()
    assert log.startswith("words of the start\n")
    assert not log.endswith(helpers.STARTED)  # by which the set-up check knows


EACH_ALONE = """
import os, pkgutil, sys
import helpers
for module in [module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers.")]:
    for name in [name for name in sys.modules if name.partition(".")[0] in ("helpers", "keras", "tensorflow")]:
        del sys.modules[name]
    os.environ.pop("TF_CPP_MIN_LOG_LEVEL", None)
    os.write(2, f"{module}\\n".encode())
    __import__(module)
"""


def test_whichever_module_comes_first_the_log_is_not_seen(python):
    anything = "from unittest.mock import MagicMock\n\ndef __getattr__(name): return MagicMock()\n"
    run = python(EACH_ALONE, tensorflow=LOGS + anything, keras=f"import tensorflow\n{anything}")
    assert run.returncode == 0, run.stderr
    assert "helpers.access" in run.stderr
    assert "words of the start" not in run.stderr
