"""TEACHING: each path takes the minutes that it states, and has time for what it shows; notes fit the lessons."""

import builtins
import re
from typing import NamedTuple

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from editions.slicing import Names
from tests import material
from tests.material import NOTEBOOKS, ROOT
from tests.notebooks.house_rules import reading_minutes

README, TEACHING = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "notebooks/TEACHING.md"))
STEMS = [path.stem for path in NOTEBOOKS]
PATHS = {"## A 90-minute path": 90, "## A half-day path": 240, "### Day one": 360, "### Day two": 360}
PREDICTION = re.compile(r'predict\("([^"]+)", \.\.\.\)')


class Row(NamedTuple):
    """A step of a path, and its minutes."""

    step: str
    talk: int
    exercises: int
    pause: int


class Part(NamedTuple):
    """The cells of a lesson that a step shows, and the numbers of the exercises that it names."""

    stem: str
    cells: list[NotebookNode]
    exercises: list[str]


def below(heading: str) -> str:
    """What stands in TEACHING below a heading, to the next one of its level or above."""
    level = heading.index(" ")
    return re.split(rf"^#{{1,{level}}} ", TEACHING.split(f"\n{heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows_of(heading: str) -> list[Row]:
    header, _, *lines = [line for line in below(heading).splitlines() if line.startswith("|")]
    assert header == "| Step | Talk | Exercises | Pause |"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [Row(step, *(int(minutes or 0) for minutes in rest)) for step, *rest in rows]


ROWS = {f"{heading.strip('# ')}, row {n}": row for heading in PATHS for n, row in enumerate(rows_of(heading), 1)}


def parts_of(step: str) -> list[Part]:
    """The parts of lessons among which a step lets the class choose: one, or more with ", or " between them."""
    parts = []
    for choice in step.split(", or "):
        if links := re.findall(r"\]\((\w+)\.ipynb(?:#([^)\s]+))?\)", choice):
            (stem, first), (_, last) = links[0], links[-1]
            exercises = re.findall(r"\d", choice.partition(", exercise")[2])
            cells = material.cells_between(stem, first, last) if first else material.cells(stem)
            parts.append(Part(stem, cells, exercises))
    return parts


def least_talk(part: Part) -> float:
    """Minutes to read and run it alone, and half a minute more for a prediction, which is discussed in a class."""
    predictions = sum(len(PREDICTION.findall(cell.source)) for cell in part.cells)
    return reading_minutes(new_notebook(cells=part.cells)) + predictions / 2


def least_exercises(part: Part) -> int:
    """The share of the minutes that the lesson states for all of its exercises."""
    first, *_ = cells = material.cells(part.stem)
    stated = re.search(r"and about (\d+) for the exercises", first.source)
    return round(int(stated[1]) * len(part.exercises) / len(exercises_in(cells)))


def exercises_in(cells: list[NotebookNode]) -> list[str]:
    return re.findall(r"^### Exercise (\d)", "\n".join(cell.source for cell in cells), re.MULTILINE)


@pytest.mark.parametrize(("heading", "minutes"), PATHS.items())
def test_minutes_of_a_path_for_teachers_add_up(heading, minutes):
    rows = rows_of(heading)
    assert len(rows) > 5
    assert sum(row.talk + row.exercises + row.pause for row in rows) == minutes
    assert f"{minutes} minutes" in below(heading)
    assert f"{minutes} minutes" in " ".join(README.split("\n## For teachers\n")[1].split("\n## ")[0].split())


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_step_has_time_for_what_it_shows(row):
    for part in parts_of(row.step):
        assert set(part.exercises) <= set(exercises_in(part.cells)), part.stem
        assert row.talk >= least_talk(part), part.stem
        assert row.exercises >= least_exercises(part), part.stem


@pytest.mark.parametrize("heading", PATHS)
def test_a_path_makes_each_name_that_it_uses(heading):
    parts = [part for row in rows_of(heading) for part in parts_of(row.step)]
    for stem in {part.stem for part in parts}:
        imports = next(cell for cell in material.cells(stem) if cell.cell_type == "code")
        cells = [imports, *(cell for part in parts if part.stem == stem for cell in part.cells)]
        needs = Names("\n".join(cell.source for cell in cells if cell.cell_type == "code")).needs
        assert needs <= set(dir(builtins)), f"{stem}: names that are made in a cell that the path leaves out"


def test_the_two_days_forget_no_lesson():
    named = re.findall(r"\]\((\w+)\.ipynb", below("## A two-day path"))
    assert sorted(set(named)) == STEMS


def lesson_by_lesson() -> dict[str, str]:
    heading = r"^### (\d\d) · \[([^\]]+)\]\((\w+)\.ipynb\)$"
    _, *parts = re.split(heading, below("## Lesson by lesson"), flags=re.MULTILINE)
    in_readme = re.findall(r"^\| (\d\d) \| \[([^\]]+)\]\(notebooks/(\w+)\.ipynb\)", README, re.MULTILINE)
    assert list(zip(parts[::4], parts[1::4], parts[2::4], strict=True)) == in_readme
    return dict(zip(parts[2::4], parts[3::4], strict=True))


def test_teaching_has_each_notebook_with_its_points_and_predictions():
    for stem, text in lesson_by_lesson().items():
        assert re.findall(r"^(\d)\. ", text, re.MULTILINE) == ["1", "2", "3"], stem
        asked = re.findall(r"^\| `([^`]+)` \| .+: .+ \|$", text, re.MULTILINE)
        assert len(asked) == text.count("\n| `"), f"{stem}: a wrong answer without what it betrays"
        predictions = PREDICTION.findall("\n".join(cell.source for cell in material.cells(stem)))
        assert len(asked) >= 3
        assert set(asked) <= set(predictions), f"{stem} asks: {predictions}"
        assert "**Pause:**" in text, stem
        assert "**If a cell fails:**" in text, stem


@pytest.mark.parametrize("stem", STEMS)
def test_teaching_says_what_to_ask_about_each_drawing(stem):
    drawn = [s.heading for s in material.sections(stem) if any("](drawings/" in cell.source for cell in s.cells)]
    question = r"^\*\*Drawing:\*\* in \[([^\]]+)\]\((\w+)\.ipynb\S+\)\. Ask: .*\?"
    asked = re.findall(question, lesson_by_lesson()[stem], re.MULTILINE)
    assert asked == [(heading, stem) for heading in drawn]
