"""Rows for exercises that work on files: whether a folder is as it was."""

import os
from collections.abc import Mapping
from pathlib import Path

from helpers.exercises.rows import Rows


def state_of(folder: str | os.PathLike) -> dict[Path, bytes | None]:
    """Everything in a folder: path -> content of a file, None for a folder."""
    return {path: path.read_bytes() if path.is_file() else None for path in Path(folder).rglob("*")}


def unchanged(folder: str | os.PathLike, before: Mapping[Path, bytes | None], instead: str) -> Rows:
    """Rows for a folder in which something was deleted or written; `instead` says what to do, without a full stop."""
    after = state_of(folder)
    yield set(before) - set(after), f"Your answer deletes files. {instead}, and leave the folder as it is."
    yield after != before, "Your answer writes files to the folder. Leave it as it is."
