"""A folder that is made once, whole or not at all, however many processes want it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import filelock


def made_once(target: Path, make: Callable[[Path], object], is_complete: Callable[[Path], bool]) -> Path:
    """Make the folder `target` unless it is complete. Other processes wait; none ever sees half of it.

    Args:
        target: The folder. Anything incomplete in its place is deleted.
        make: Fills an empty folder, which is then renamed into place.
        is_complete: Whether a folder, which may not exist, is complete.

    Returns:
        `target`.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from helpers.made_once import made_once
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = made_once(Path(place, "made"), lambda folder: (folder / "1.txt").touch(), Path.is_dir)
    ...     [path.name for path in folder.iterdir()]
    ['1.txt']
    """
    if is_complete(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(target.with_name(f".{target.name}.lock")):
        if not is_complete(target):
            unfinished = target.with_name(f".{target.name}.unfinished")
            for leftover in (unfinished, target):
                shutil.rmtree(leftover, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(target)
    return target
