"""The set-up check of notebook 00: each thing that can be wrong is told with what to do about it."""

import importlib.metadata
import sys

from helpers import exercises
from helpers.exercises import setup

import psutil
import pytest


def lines(capsys, folder) -> list[str]:
    exercises.check_setup(folder)
    return capsys.readouterr().out.splitlines()


def to_do(capsys, folder) -> list[str]:
    return [line for line in lines(capsys, folder) if line.startswith("TO DO  ")]


def test_everything_is_in_place(capsys, photo_folder, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    python, packages, memory, found = lines(capsys, photo_folder)
    assert all(line.startswith("OK     ") for line in (python, packages, memory, found))
    assert sys.prefix in python
    assert f"tensorflow {importlib.metadata.version('tensorflow')}" in packages
    assert found == f"OK     16 photos in 2 classes in {photo_folder}"


def test_a_kernel_of_another_environment_is_told(capsys, photo_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))
    first, *rest = lines(capsys, photo_folder)
    assert first.startswith(f"TO DO  The kernel runs {sys.prefix}, JupyterLab was started from {tmp_path}. Close")
    assert all(line.startswith("OK") for line in rest)


def test_a_project_that_is_not_installed_is_told(capsys, photo_folder, monkeypatch):
    monkeypatch.setattr(setup, "PROJECT", "no-such-project")
    (line,) = lines(capsys, photo_folder)
    assert line.startswith(f"TO DO  The kernel runs {sys.prefix}, where this project is not installed. Close")
    assert line.endswith("with the command of the README.")


@pytest.mark.parametrize("name", ["tensorflow", "numpy"])
def test_a_package_of_the_wrong_version_is_told(capsys, photo_folder, monkeypatch, name):
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda asked: "1.0" if asked == name else real(asked))
    (wrong,) = to_do(capsys, photo_folder)
    assert wrong.startswith(f"TO DO  {name} 1.0 is installed, ")
    assert "is needed" in wrong


def test_a_package_that_is_missing_is_told(capsys, photo_folder, monkeypatch):
    real = importlib.metadata.version

    def without_tqdm(name):
        if name == "tqdm":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", without_tqdm)
    (wrong,) = to_do(capsys, photo_folder)
    assert wrong.startswith("TO DO  tqdm is not installed, ")
    assert "is needed" in wrong


def test_too_little_memory_is_told(capsys, photo_folder, monkeypatch):
    memory = psutil.virtual_memory()._replace(available=1_500_000_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    (wrong,) = to_do(capsys, photo_folder)
    assert wrong == "TO DO  1.5 GB of memory are free; 2 GB are needed: close other programs or notebooks"
