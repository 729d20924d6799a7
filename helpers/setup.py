"""The set-up check: the first thing that the first notebook does.

It does not import TensorFlow, because importing TensorFlow is what fails if the set-up is wrong.
"""

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers import START_LOG, STARTED

import psutil
from packaging.requirements import Requirement

PROJECT = "image-dataset-notebooks"
_GB_NEEDED = 2
_RESTART = "Close JupyterLab and start it again with the command of the README."
_KERAS_SETTINGS = {"backend": "tensorflow", "image_data_format": "channels_last", "floatx": "float32"}


def check_setup() -> None:
    """Print, line by line, whether this machine is ready: "OK", or "TO DO" and what to do.

    Looks at the interpreter of the kernel, at where ``helpers`` comes from, the versions of the packages that
    pyproject.toml asks for, the settings of Keras in ``keras.json`` and in environment variables, and the free memory
    (2 GB). TensorFlow is tried in a separate process if it has never started, or if it ended Python the last time.

    Introduced in notebook 00_start_here.

    >>> from helpers.setup import check_setup
    >>> check_setup()  # doctest: +ELLIPSIS
    OK     Python 3...
    """
    try:
        requirements = [Requirement(line) for line in importlib.metadata.requires(PROJECT) or []]
    except importlib.metadata.PackageNotFoundError:
        print(f"TO DO  The kernel runs {sys.prefix}, where this project is not installed. {_RESTART}")
        return
    needed = [r for r in requirements if not r.marker or r.marker.evaluate({"extra": ""})]  # not the optional ones
    lines = [_interpreter(), *_other_helpers(), *_packages(needed), *_keras(), _memory()]
    print(*lines, sep="\n")
    if not any(line.startswith("TO DO") for line in lines):
        print(_start_of_tensorflow())


def _interpreter() -> str:
    # What uv, venv or conda made and activated, in the process that started JupyterLab; its kernels inherit it.
    conda = os.environ.get("CONDA_PREFIX") if Path(sys.prefix, "conda-meta").is_dir() else None
    environment = os.environ.get("VIRTUAL_ENV") or conda or sys.prefix
    if os.path.realpath(environment) != os.path.realpath(sys.prefix):
        return f"TO DO  The kernel runs {sys.prefix}, but JupyterLab was started from {environment}. {_RESTART}"
    return f"OK     Python {sys.version.split()[0]} in {sys.prefix}"


def _other_helpers() -> Iterator[str]:
    for name in set(importlib.metadata.packages_distributions().get("helpers", [])) - {PROJECT}:
        cure = f"Type `uv pip uninstall {name}` in the terminal (without uv: `pip uninstall {name}`). {_RESTART}"
        yield f"TO DO  The installed package {name} contains other helpers under the same name. {cure}"
    ours, beside = Path(__file__).resolve().parent, Path.cwd().parent / "helpers"
    if (beside / "setup.py").is_file() and beside.resolve() != ours:
        cure = f"Close JupyterLab and start it in {beside.parent} with the command of the README."
        yield f"TO DO  This notebook is in {Path.cwd()}, but its helpers come from {ours}. {cure}"


def _packages(requirements: list[Requirement]) -> Iterator[str]:
    versions = {requirement.name: _version(requirement.name) for requirement in requirements}
    unfit = [r for r in requirements if not r.specifier.contains(versions[r.name] or "0", prereleases=True)]
    for requirement in unfit:
        version = versions[requirement.name]
        state = f"{version} is installed" if version else "is not installed"
        yield f"TO DO  {requirement.name} {state}, but {requirement.specifier} is needed. {_RESTART}"
    if not unfit:
        shown = ", ".join(f"{name} {versions[name]}" for name in ("tensorflow", "keras", "numpy"))
        yield f"OK     {len(versions)} packages, among them {shown}"


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):  # ValueError: no name of a package
        return None


def _keras() -> Iterator[str]:
    wrong = [*_keras_variables(), *_keras_file()]
    yield from wrong or [f"OK     Keras is set to {', '.join(_KERAS_SETTINGS.values())}"]


def _keras_variables() -> Iterator[str]:
    if os.environ.get("TF_USE_LEGACY_KERAS") in ("true", "True", "1"):
        cure = _without("TF_USE_LEGACY_KERAS")
        yield f"TO DO  TF_USE_LEGACY_KERAS is set, so tf.keras is Keras 2; the notebooks need Keras 3. {cure}"
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend != "tensorflow":
        yield f"TO DO  KERAS_BACKEND is {_backend(backend)}; the notebooks need tensorflow. {_without('KERAS_BACKEND')}"


def _backend(name: str) -> str:
    return name if _version(str(name)) else f"{name}, which is not installed"


def _without(variable: str) -> str:
    command = f'$env:{variable} = ""' if os.name == "nt" else f"unset {variable}"
    return f"Close JupyterLab, type `{command}` in the terminal, and start it again with the command of the README."


def _keras_file() -> Iterator[str]:
    home = os.path.expanduser("~")
    folder = os.environ.get("KERAS_HOME", os.path.join(home if os.access(home, os.W_OK) else "/tmp", ".keras"))
    path = Path(os.path.expanduser(folder), "keras.json")
    try:
        settings = {**json.loads(path.read_text())} if path.exists() else {}
    except ValueError:  # no JSON: Keras passes over it as well
        settings = {}
    except (OSError, TypeError) as error:
        yield f"TO DO  Keras cannot read {path} ({error}). Delete it and restart the kernel."
        return
    if os.environ.get("KERAS_BACKEND"):
        settings.pop("backend", None)  # the variable goes first
    for key, needed in _KERAS_SETTINGS.items():
        found = settings.get(key, needed)
        if found != needed:
            state = _backend(found) if key == "backend" else found
            cure = f'Set "{key}": "{needed}" in that file, and restart the kernel (Kernel → Restart Kernel…).'
            yield f"TO DO  In {path}, {key} is {state}; the notebooks need {needed}. {cure}"


def _memory() -> str:
    free = psutil.virtual_memory().available / 1e9
    wrong = "" if free >= _GB_NEEDED else f"; {_GB_NEEDED} GB are needed: close other programs or notebooks"
    return f"{'TO DO' if wrong else 'OK   '}  {free:.1f} GB of memory is free{wrong}"


def _start_of_tensorflow() -> str:
    """Tried only if the last start did not finish: it takes as long as the import that follows."""
    if START_LOG.is_file() and START_LOG.read_text("utf-8", "replace").endswith(STARTED):
        return "OK     TensorFlow started when it was last tried"
    command = [sys.executable, "-c", "import tensorflow; tensorflow.keras.utils"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if run.returncode == 0:
        return "OK     TensorFlow starts"
    cure = (
        "Look these words up in QUESTIONS. If they are not there, reinstall TensorFlow: close JupyterLab and start "
        "it again with the command of the README, with `uv run --reinstall-package tensorflow` for `uv run`."
    )
    last_words = run.stderr.strip().splitlines()[-5:]
    first = f"TO DO  TensorFlow does not start (exit code {run.returncode}). Its last words:"
    return "\n       ".join([first, *last_words, cure])
