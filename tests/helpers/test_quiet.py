"""TensorFlow's start-up log: out of sight, and at hand when the start fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.material import ROOT

LOGS = 'import os\nos.write(2, b"words of the start\\n")\n'
STANDS_IN = LOGS + "from unittest.mock import MagicMock\n\ndef __getattr__(name): return MagicMock()\n"


@pytest.fixture
def python(tmp_path):
    """Runs a script with a copy of the helpers and a module that stands in for TensorFlow."""
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers")

    def run(script: str, tensorflow: str, **variables: str) -> subprocess.CompletedProcess:
        (tmp_path / "tensorflow.py").write_text(tensorflow)
        environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
        environment |= {"PYTHONPATH": str(tmp_path), **variables}
        command = [sys.executable, "-c", script]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)

    return run


def log_in(folder: Path) -> str:
    return (folder / "data" / "tensorflow_start.log").read_text()


def test_the_log_goes_to_a_file_and_later_words_do_not(python, tmp_path):
    script = "import os; from helpers.quiet import tensorflow; os.write(2, b'later'); print(tensorflow.__name__)"
    run = python(script, LOGS)
    assert run.stdout == "tensorflow\n"
    assert run.stderr == "later"
    assert log_in(tmp_path) == "words of the start\n"


def test_who_wants_the_log_gets_it(python, tmp_path):
    run = python("import helpers.quiet", LOGS, TF_CPP_MIN_LOG_LEVEL="0")
    assert run.stderr == "words of the start\n"
    assert not (tmp_path / "data").exists()


def test_a_start_that_fails_says_why(python):
    run = python("import helpers.quiet", f"{LOGS}raise ImportError('a library is missing')")
    assert run.returncode == 1
    assert "ImportError: a library is missing" in run.stderr
    assert "words of the start" in run.stderr.partition("ImportError: a library is missing")[2]


def test_of_a_start_that_aborts_the_last_words_are_kept(python, tmp_path):
    run = python("import helpers.quiet", f"{LOGS}os.abort()")
    assert run.returncode != 0
    assert log_in(tmp_path).startswith("words of the start\n")


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(python, tmp_path):
    (tmp_path / "data").write_text("a file in its place")
    run = python("from helpers.quiet import tensorflow; print(tensorflow.__name__)", LOGS)
    assert (run.stdout, run.stderr) == ("tensorflow\n", "")


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


def test_whichever_module_comes_first_the_log_is_not_seen(python, tmp_path):
    (tmp_path / "keras.py").write_text("import tensorflow\n\ndef __getattr__(name): return getattr(tensorflow, name)\n")
    run = python(EACH_ALONE, STANDS_IN)
    assert run.returncode == 0, run.stderr
    assert "helpers.access" in run.stderr
    assert "words of the start" not in run.stderr
