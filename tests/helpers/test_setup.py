"""The set-up check of notebook 00: each thing that can be wrong is told with what to do about it."""

import importlib.metadata
import json
import os
import subprocess
import sys

from helpers import STARTED, setup

import psutil
import pytest

from tests.material import NOTEBOOKS, ROOT, cells

RESTART = "Close JupyterLab and start it again with the command of the README."


@pytest.fixture(autouse=True)
def in_order(tmp_path, monkeypatch):
    """A machine where everything is in place, and TensorFlow was started before."""
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for variable in ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(setup, "START_LOG", tmp_path / "start.log")
    setup.START_LOG.write_text(f"words of the start\n{STARTED}")


@pytest.fixture
def lines(capsys):
    def lines() -> list[str]:
        setup.check_setup()
        return capsys.readouterr().out.splitlines()

    return lines


@pytest.fixture
def to_do(lines):
    """The one thing to do."""

    def to_do() -> str:
        (line,) = [line.removeprefix("TO DO  ") for line in lines() if line.startswith("TO DO  ")]
        return line

    return to_do


def test_everything_is_in_place(lines):
    python, packages, keras, memory, start = found = lines()
    assert all(line.startswith("OK     ") for line in found)
    assert sys.prefix in python
    assert f"tensorflow {importlib.metadata.version('tensorflow')}" in packages
    assert keras == "OK     Keras is set to tensorflow, channels_last, float32"
    assert memory.endswith(" GB of memory is free")
    assert start == "OK     TensorFlow started when it was last tried"


def test_a_kernel_of_another_environment_is_told(to_do, monkeypatch, tmp_path):
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))
    assert to_do() == f"The kernel runs {sys.prefix}, but JupyterLab was started from {tmp_path}. {RESTART}"


def test_a_project_that_is_not_installed_is_told(lines, monkeypatch):
    monkeypatch.setattr(setup, "PROJECT", "no-such-project")
    assert lines() == [f"TO DO  The kernel runs {sys.prefix}, where this project is not installed. {RESTART}"]


@pytest.mark.parametrize("name", ["tensorflow", "numpy"])
def test_a_package_of_the_wrong_version_is_told(to_do, monkeypatch, name):
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda asked: "1.0" if asked == name else real(asked))
    assert (wrong := to_do()).startswith(f"{name} 1.0 is installed, ")
    assert "is needed" in wrong


def test_a_package_that_is_missing_is_told(to_do, monkeypatch):
    real = importlib.metadata.version

    def without_tqdm(name):
        if name == "tqdm":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", without_tqdm)
    assert (wrong := to_do()).startswith("tqdm is not installed, ")
    assert "is needed" in wrong


def test_too_little_memory_is_told(to_do, monkeypatch):
    memory = psutil.virtual_memory()._replace(available=1_500_000_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert to_do() == "1.5 GB of memory is free; 2 GB are needed: close other programs or notebooks"


# What lies outside of the project


def unset(variable: str) -> str:
    command = f'$env:{variable} = ""' if os.name == "nt" else f"unset {variable}"
    return f"Close JupyterLab, type `{command}` in the terminal, and start it again with the command of the README."


@pytest.mark.parametrize("value", ["1", "True", "true"])
def test_keras_2_is_told(to_do, monkeypatch, value):
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", value)
    told = to_do()
    assert told.startswith("TF_USE_LEGACY_KERAS is set, so tf.keras is Keras 2; the notebooks need Keras 3.")
    assert told.endswith(unset("TF_USE_LEGACY_KERAS"))


@pytest.mark.parametrize(("variable", "value"), [("TF_USE_LEGACY_KERAS", "0"), ("KERAS_BACKEND", "")])
def test_a_variable_that_changes_nothing_is_no_matter(lines, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    assert all(line.startswith("OK") for line in lines())


BACKENDS = [("no_such_backend", "no_such_backend, which is not installed"), ("numpy", "numpy")]


@pytest.mark.parametrize(("value", "told"), BACKENDS)
def test_another_backend_is_told(to_do, monkeypatch, value, told):
    monkeypatch.setenv("KERAS_BACKEND", value)
    assert to_do() == f"KERAS_BACKEND is {told}; the notebooks need tensorflow. {unset('KERAS_BACKEND')}"


@pytest.mark.parametrize(
    ("key", "value", "told", "needed"),
    [
        ("image_data_format", "channels_first", "channels_first", "channels_last"),
        ("floatx", "float16", "float16", "float32"),
        ("backend", "numpy", "numpy", "tensorflow"),
        ("backend", "no_such_backend", "no_such_backend, which is not installed", "tensorflow"),
        ("backend", "", ", which is not installed", "tensorflow"),
    ],
)
def test_a_setting_of_keras_is_told_with_its_file(to_do, tmp_path, key, value, told, needed):
    settings = {"image_data_format": "channels_last", "backend": "tensorflow", "floatx": "float32", "epsilon": 1e-7}
    (tmp_path / "keras.json").write_text(json.dumps(settings | {key: value}))
    assert to_do() == (
        f"In {tmp_path / 'keras.json'}, {key} is {told}; the notebooks need {needed}. "
        f'Set "{key}": "{needed}" in that file, and restart the kernel (Kernel → Restart Kernel…).'
    )


def test_the_file_of_keras_is_that_of_the_home_folder(to_do, tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras/keras.json").write_text('{"floatx": "float64"}')
    assert to_do().startswith(f"In {tmp_path / '.keras' / 'keras.json'}, floatx is float64; ")


def test_the_variable_goes_before_the_file(lines, tmp_path, monkeypatch):
    (tmp_path / "keras.json").write_text('{"backend": "no_such_backend"}')
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    assert all(line.startswith("OK") for line in lines())


def test_a_file_that_keras_passes_over_is_no_matter(lines, tmp_path):
    (tmp_path / "keras.json").write_text("floatx = float64")
    assert all(line.startswith("OK") for line in lines())


def test_a_file_that_keras_cannot_read_is_told(to_do, tmp_path):
    (tmp_path / "keras.json").mkdir()
    told = to_do()
    assert told.startswith(f"Keras cannot read {tmp_path / 'keras.json'} (")
    assert told.endswith("). Delete it and restart the kernel.")


def test_an_installed_package_of_the_same_name_is_told(to_do, tmp_path, monkeypatch):
    information = tmp_path / "other_helpers-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: other-helpers\nVersion: 1.0\n")
    (information / "RECORD").write_text("helpers/__init__.py,,\n")
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers/__init__.py").touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert to_do() == (
        "The installed package other-helpers contains other helpers under the same name. Type "
        f"`uv pip uninstall other-helpers` in the terminal (without uv: `pip uninstall other-helpers`). {RESTART}"
    )


def test_a_page_with_the_helpers_of_another_copy_is_told(to_do, tmp_path, monkeypatch):
    for folder in ("notebooks", "helpers"):
        (tmp_path / folder).mkdir()
    (tmp_path / "helpers/setup.py").touch()
    monkeypatch.chdir(tmp_path / "notebooks")
    told = to_do()
    assert told.startswith(
        f"This notebook is in {tmp_path / 'notebooks'}, but its helpers come from {ROOT / 'helpers'}."
    )
    assert told.endswith(f"Close JupyterLab and start it in {tmp_path} with the command of the README.")


def test_other_helpers_beside_a_page_are_no_matter(lines, tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "helpers").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert all(line.startswith("OK") for line in lines())


# Whether TensorFlow starts


@pytest.fixture
def start_of(lines, tmp_path, monkeypatch):
    """The lines about the start of a module that stands in for TensorFlow, of which a log may have been left."""

    def start_of(source: str, log: str | None) -> list[str]:
        setup.START_LOG.unlink()
        if log is not None:
            setup.START_LOG.write_text(log)
        (tmp_path / "tensorflow.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return lines()[4:]

    return start_of


ABORTS = 'import os; os.write(2, b"first\\nof its last words\\n"); os.abort()'
never_or_not_to_its_end = pytest.mark.parametrize("log", [None, "", "words of the start\n"])


@never_or_not_to_its_end
def test_a_tensorflow_that_ends_python_is_told_with_its_last_words(start_of, log):
    first, *rest = start_of(ABORTS, log)
    assert first.startswith("TO DO  TensorFlow does not start (exit code ")
    assert [line.strip() for line in rest[:2]] == ["first", "of its last words"]
    assert rest[-1].strip().startswith("Look these words up in QUESTIONS.")
    assert all(line.startswith(" " * 7) for line in rest)


@never_or_not_to_its_end
def test_a_tensorflow_that_starts_is_told(start_of, log):
    assert start_of("class keras: utils = None", log) == ["OK     TensorFlow starts"]


def test_a_tensorflow_without_keras_is_told(start_of):
    start = start_of("def __getattr__(name): raise ImportError('Keras cannot be imported.')", None)
    assert start[-2].strip() == "ImportError: Keras cannot be imported."


def test_a_tensorflow_that_started_before_is_not_tried(start_of):
    assert start_of(ABORTS, f"words of the start\n{STARTED}") == ["OK     TensorFlow started when it was last tried"]


def test_tensorflow_is_tried_when_all_else_is_in_order(start_of, monkeypatch):
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    assert start_of(ABORTS, None) == []


# Where it stands


def test_it_is_the_first_cell_and_what_may_fail_comes_after_it():
    first = next(cell.source for cell in cells(NOTEBOOKS[0].stem) if cell.cell_type == "code")
    assert first == "from helpers.setup import check_setup\n\ncheck_setup()"


@pytest.fixture
def first_cell(tmp_path):
    """Runs the first cell in a process of its own, with nothing but it."""

    def first_cell(**variables: str) -> subprocess.CompletedProcess:
        code = next(cell.source for cell in cells(NOTEBOOKS[0].stem) if cell.cell_type == "code")
        code += "\nimport sys; assert not {'tensorflow', 'keras', 'numpy'} & {*sys.modules}"
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | variables)

    return first_cell


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TF_USE_LEGACY_KERAS", "1"), ("KERAS_BACKEND", "torch"), ("KERAS_BACKEND", "jax"), ("KERAS_HOME", "{}/first")],
)
def test_the_first_cell_tells_what_to_do_and_imports_nothing_that_fails(first_cell, tmp_path, variable, value):
    (tmp_path / "first").mkdir()
    (tmp_path / "first/keras.json").write_text('{"image_data_format": "channels_first"}')
    run = first_cell(**{variable: value.format(tmp_path)})
    assert run.returncode == 0, run.stderr
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("TO DO")]
    assert variable in line or "first/keras.json, image_data_format is channels_first" in line
