"""How many exercises are solved: kept in a folder, shown, forgotten; and in nobody's way where it cannot be kept."""

from helpers.exercises.check import exercise
from helpers.exercises.progress import progress, register, solved, standing

import pytest

register("99_made_up", "check_one")
register("99_made_up", "check_two")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("EXERCISES_PROGRESS", str(tmp_path / "below/progress"))
    return tmp_path / "below/progress"


def printed(capsys, **options) -> dict[str, str]:
    """What `progress` prints: lesson -> count."""
    progress(**options)
    return dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()[:-1])


def test_the_standing_counts_here_and_in_all(folder):
    assert standing("99_made_up").startswith("Exercises solved: 0 of 2 in this lesson, 0 of ")
    solved("check_two")
    solved("check_two")
    assert standing("99_made_up").startswith("Exercises solved: 1 of 2 in this lesson, 1 of ")
    assert standing("00_start_here").startswith("Exercises solved: 0 of 2 in this lesson, 1 of ")
    assert [path.name for path in folder.iterdir()] == ["check_two"]


def test_progress_has_a_line_for_each_lesson_and_one_for_all(folder, capsys):
    solved("check_one")
    progress()
    *lessons, everything = capsys.readouterr().out.splitlines()
    assert lessons == sorted(lessons)
    assert ["99_made_up", "1", "of", "2"] in [line.split() for line in lessons]
    assert everything.split()[:3] == ["overall", "1", "of"]


def test_forget(folder, capsys):
    solved("check_one")
    (folder / "notes.txt").touch()
    assert printed(capsys)["99_made_up"] == "1 of 2"
    assert printed(capsys, forget=True)["99_made_up"] == "0 of 2"
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]  # what is not ours stays


def test_a_folder_that_cannot_be_written(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("EXERCISES_PROGRESS", str(tmp_path / "file/progress"))
    solved("check_one")
    assert standing("99_made_up").startswith("Exercises solved: 0 of 2 in this lesson")
    assert printed(capsys, forget=True)["99_made_up"] == "0 of 2"


def test_only_a_right_answer_counts_and_the_verdict_tells_it(folder):
    @exercise("Praise.")
    def check_true(value):
        """True."""
        yield value is not True, "This is not true."

    def here(answer):
        return check_true(answer).standing.partition(" in this")[0]

    assert here(...) == here(False) == "Exercises solved: 0 of 1"
    assert here(True) == here(False) == "Exercises solved: 1 of 1"
