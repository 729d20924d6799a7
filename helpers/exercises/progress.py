"""Which exercises are solved: an empty file for each in ``data/progress``, or in the folder EXERCISES_PROGRESS."""

import contextlib
import os
from collections import defaultdict
from pathlib import Path

from helpers import DATA

_exercises: dict[str, list[str]] = defaultdict(list)  # lesson -> names of its checks


def register(lesson: str, check: str) -> None:
    """Add a check to its lesson."""
    _exercises[lesson].append(check)


def solved(check: str) -> None:
    """Record that an exercise is solved. If the record cannot be written, it is lost."""
    with contextlib.suppress(OSError):
        _folder().mkdir(parents=True, exist_ok=True)
        (_folder() / check).touch()


def standing(lesson: str) -> str:
    """How many exercises are solved, in one lesson and overall."""
    everywhere = [check for checks in _exercises.values() for check in checks]
    here, in_all = (f"{_count(checks)} of {len(checks)}" for checks in (_exercises[lesson], everywhere))
    return f"Exercises solved: {here} in this lesson, {in_all} overall."


def progress(*, forget: bool = False) -> None:
    """Print how many exercises of each lesson are solved.

    Args:
        forget: Start over, with no exercise solved.

    Introduced in notebook 00_start_here.
    """
    if forget:
        for checks in _exercises.values():
            for check in checks:
                with contextlib.suppress(OSError):
                    (_folder() / check).unlink()
    for lesson, checks in sorted(_exercises.items()):
        print(f"{lesson:28} {_count(checks)} of {len(checks)}")
    everywhere = [check for checks in _exercises.values() for check in checks]
    print(f"{'overall':28} {_count(everywhere)} of {len(everywhere)}")


def _count(checks: list[str]) -> int:
    return sum(os.path.exists(_folder() / check) for check in checks)


def _folder() -> Path:
    return Path(os.environ.get("EXERCISES_PROGRESS") or DATA / "progress")
