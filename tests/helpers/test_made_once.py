"""A folder that is made once: whole or not at all, whoever else wants it, and whatever happens on the way."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.made_once import made_once

import pytest


def make(folder: Path) -> None:
    (folder / "whole").touch()


def is_complete(folder: Path) -> bool:
    return (folder / "whole").exists()


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "data" / "made"


def test_a_folder_is_made_with_the_folders_above_it(target):
    assert made_once(target, make, is_complete) == target
    assert is_complete(target)


def test_what_is_complete_is_not_made_again_and_other_files_stay(target):
    made_once(target, make, is_complete)
    (target / "note").touch()
    made_once(target, lambda folder: pytest.fail("made again"), is_complete)
    assert (target / "note").exists()


def test_what_is_incomplete_is_made_anew(target):
    target.mkdir(parents=True)
    (target / "a part").touch()
    made_once(target, make, is_complete)
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_what_is_left_of_a_making_that_was_killed_is_no_part_of_the_next(target):
    target.parent.mkdir()
    (target.parent / ".made.unfinished").mkdir()
    (target.parent / ".made.unfinished" / "a part").touch()
    (target.parent / ".made.lock").touch()
    made_once(target, make, is_complete)
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_a_making_that_is_interrupted_leaves_no_folder(target):
    def interrupted(folder: Path) -> None:
        make(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once(target, interrupted, is_complete)
    assert not target.exists()
    assert is_complete(made_once(target, make, is_complete))


def test_who_had_to_wait_does_not_make_it_again(target):
    both_have_looked, made = threading.Barrier(2), []

    def look(folder: Path) -> bool:
        if not hasattr(looked, "once"):
            looked.once = True
            both_have_looked.wait()
            return False
        return is_complete(folder)

    def make_and_count(folder: Path) -> None:
        made.append(folder)
        make(folder)

    looked = threading.local()
    with ThreadPoolExecutor(2) as threads:
        folders = [threads.submit(made_once, target, make_and_count, look) for _ in range(2)]
        assert [folder.result() for folder in folders] == [target, target]
    assert len(made) == 1


SLOW = """
import sys, time, uuid
from pathlib import Path
from helpers.made_once import made_once

def make(folder):
    (folder / str(uuid.uuid4())).touch()
    time.sleep(0.3)
    (folder / "whole").touch()

print("ready", flush=True)
input()
made_once(Path(sys.argv[1]), make, lambda folder: (folder / "whole").exists())
"""


def test_three_processes_at_once_all_get_the_folder_that_one_of_them_made(target):
    command = [sys.executable, "-c", SLOW, str(target)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, **pipes) for _ in range(3)]
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        sizes, deadline = set(), time.monotonic() + 60
        while time.monotonic() < deadline and None in [process.poll() for process in processes]:
            if target.exists():
                sizes.add(len([*target.iterdir()]))
            time.sleep(0.002)
        for process in processes:
            _, errors = process.communicate(timeout=1)
            assert process.returncode == 0, errors
    finally:
        for process in processes:
            process.kill()
    assert sizes <= {2}  # never a half
    assert len([*target.iterdir()]) == 2  # one of them made it
