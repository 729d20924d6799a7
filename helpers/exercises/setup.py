"""The set-up check of the first notebook."""

import importlib.metadata
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from helpers.quiet import tensorflow as tf

import psutil
from packaging.requirements import Requirement

PROJECT = "image-dataset-notebooks"
_GB_NEEDED = 2
_RESTART = "Close JupyterLab and start it again with the command of the README."


def check_setup(folder: Path) -> None:
    """Print, line by line, whether this machine is ready: "OK", or "TO DO" and what to do.

    Looks at the interpreter of the kernel, the versions of the packages that pyproject.toml asks for,
    the free memory (2 GB) and the photos.

    Args:
        folder: The folder of photos, as ``photos.folder()`` gives it.

    Introduced in notebook 00_start_here.

    >>> from helpers import exercises
    >>> exercises.check_setup(photo_folder)  # doctest: +ELLIPSIS
    OK     Python 3...
    """
    try:
        requirements = [Requirement(line) for line in importlib.metadata.requires(PROJECT) or []]
    except importlib.metadata.PackageNotFoundError:
        print(f"TO DO  The kernel runs {sys.prefix}, where this project is not installed. {_RESTART}")
        return
    needed = [r for r in requirements if not r.marker or r.marker.evaluate({"extra": ""})]  # not the optional ones
    print(_interpreter(), *_packages(needed), _memory(), _photos(folder), sep="\n")


def _interpreter() -> str:
    # What uv, venv or conda made and activated, in the process that started JupyterLab; its kernels inherit it.
    conda = os.environ.get("CONDA_PREFIX") if Path(sys.prefix, "conda-meta").is_dir() else None
    environment = os.environ.get("VIRTUAL_ENV") or conda or sys.prefix
    if os.path.realpath(environment) != os.path.realpath(sys.prefix):
        return f"TO DO  The kernel runs {sys.prefix}, JupyterLab was started from {environment}. {_RESTART}"
    return f"OK     Python {sys.version.split()[0]} in {sys.prefix}"


def _packages(requirements: list[Requirement]) -> Iterator[str]:
    versions = {requirement.name: _version(requirement.name) for requirement in requirements}
    unfit = [r for r in requirements if not r.specifier.contains(versions[r.name] or "0", prereleases=True)]
    for requirement in unfit:
        version = versions[requirement.name]
        state = f"{version} is installed" if version else "is not installed"
        yield f"TO DO  {requirement.name} {state}, {requirement.specifier} is needed. {_RESTART}"
    if not unfit:
        shown = ", ".join(f"{name} {versions[name]}" for name in ("tensorflow", "keras", "numpy"))
        yield f"OK     {len(versions)} packages, among them {shown}"


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _memory() -> str:
    free = psutil.virtual_memory().available / 1e9
    wrong = "" if free >= _GB_NEEDED else f"; {_GB_NEEDED} GB are needed: close other programs or notebooks"
    return f"{'TO DO' if wrong else 'OK   '}  {free:.1f} GB of memory are free{wrong}"


def _photos(folder: Path) -> str:
    dataset = tf.keras.utils.image_dataset_from_directory(folder, shuffle=False, verbose=False)
    counts = Counter(Path(path).relative_to(folder).parts[0] for path in dataset.file_paths)
    return f"OK     {counts.total()} photos in {len(counts)} classes in {folder}"
