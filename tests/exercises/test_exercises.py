"""Each exercise: the stub, the folded solution, right answers, impostors, wrong answers, and whatever else comes.

The modules ``nbNN_….py`` beside this one hold further answers to the exercises of a notebook:

- ``RIGHT``: check -> right answers in another idiom than the solution;
- ``WRONG``: check -> pairs of a wrong answer and words of the hint that it should get;
- ``GIVEN``: check -> a function from the folder of photos to what else the check is given; the answers to such an
  exercise are functions of the same, which make the answer.
"""

import importlib
import math
import pkgutil
import re

from helpers import exercises
from helpers.exercises import check as check_module
from helpers.exercises import running
from helpers.exercises.check import Exercise

import pytest

from tests import exercises as answers
from tests.material import cells, load, names_of, run_source, state

CHECKS = {name: value for name, value in vars(exercises).items() if isinstance(value, Exercise)}
TABLES = [
    importlib.import_module(f"{answers.__name__}.{module.name}")
    for module in pkgutil.iter_modules(answers.__path__)
    if module.name.startswith("nb")
]
RIGHT = {name: group for table in TABLES for name, group in table.RIGHT.items()}
WRONG = {name: group for table in TABLES for name, group in table.WRONG.items()}
GIVEN = {name: given for table in TABLES for name, given in getattr(table, "GIVEN", {}).items()}
each_check = pytest.mark.parametrize("name", CHECKS)


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """No answer here runs without end, so none is to be stopped because the machine is busy."""
    monkeypatch.setattr(running, "MOST_SECONDS", 60)
    monkeypatch.setattr(running, "MOST_WAITING", 120)


def verdict(name: str, answer, folder, *, is_made: bool = True) -> check_module.Verdict:
    """What the check says of an answer; one that depends on the folder is made first."""
    given = GIVEN[name](folder) if name in GIVEN else ()
    is_function = name not in GIVEN or not is_made
    return CHECKS[name](answer if is_function else answer(*given), *given)


def parameters(groups: dict, words) -> list:
    return [
        pytest.param(name, answer, id=f"{name.removeprefix('check_')}-{number}-{words(answer)}")
        for name, group in groups.items()
        for number, answer in enumerate(group, 1)
    ]


def test_every_exercise_has_a_module_and_answers():
    modules = {f"nb{check.lesson}" for check in CHECKS.values()}
    assert modules == {table.__name__.rpartition(".")[2] for table in TABLES}
    assert set(CHECKS) == set(RIGHT) == set(WRONG)


@pytest.mark.parametrize(("name", "hint"), [(name, hint) for name, check in CHECKS.items() for hint in check.impostors])
def test_an_impostor_gets_its_own_hint(name, hint, photo_folder):
    """So no two of them give the same on the case, and none gives what is right."""
    result = verdict(name, CHECKS[name].impostors[hint], photo_folder)
    assert (result.outcome, result.message) == ("not right yet", hint)


@pytest.mark.parametrize(("name", "wrong"), parameters(WRONG, lambda pair: pair[1][:50]))
def test_a_wrong_answer_is_told_why(name, wrong, photo_folder):
    answer, hint = wrong
    result = verdict(name, answer, photo_folder)
    assert result.outcome == "not right yet"
    assert hint in result.message


@pytest.mark.parametrize(("name", "answer"), parameters(RIGHT, lambda answer: ""))
def test_a_right_answer_in_another_idiom_is_right(name, answer, photo_folder):
    assert verdict(name, answer, photo_folder).outcome == "right", verdict(name, answer, photo_folder)


@each_check
def test_the_right_answer_of_the_check_is_right(name, photo_folder):
    if CHECKS[name].right:
        assert verdict(name, CHECKS[name].right, photo_folder).outcome == "right"


@each_check
def test_the_stub_is_not_tried_and_the_folded_solution_is_right(name, photo_folder):
    notebook = CHECKS[name].lesson
    (number,) = [n for n, cell in enumerate(cells(notebook)) if cell.cell_type == "code" and f".{name}(" in cell.source]
    stub = cells(notebook)[number].source
    solution = re.search(
        r"<summary>Solution</summary>\n\n```python\n(.*?)```\n\n</details>",
        cells(notebook)[number + 1].source,
        re.DOTALL,
    )[1]
    given = GIVEN[name](photo_folder) if name in GIVEN else ()
    names = names_of(notebook, number) | {"photo_folder": photo_folder, "dataset": load(photo_folder), "load": load}
    names["folder"] = given[0] if given else photo_folder
    *_, call = stub.strip().splitlines()
    run_source(stub, notebook, names)
    assert eval(call, names).outcome == "not tried yet"
    run_source(solution, notebook, names)
    assert eval(call, names).outcome == "right", eval(call, names)


of_functions = pytest.mark.parametrize("name", sorted(set(CHECKS) - {n for n in GIVEN if n != "check_fast"}))


@of_functions
def test_an_answer_that_raises_is_told_its_own_error(name, photo_folder):
    def answer(*values):
        raise KeyError("my own mistake")

    result = verdict(name, answer, photo_folder, is_made=False)
    assert result.outcome == "not right yet"
    assert result.message == "Your answer raised KeyError: 'my own mistake'"


@of_functions
def test_a_forgotten_return_is_told(name, photo_folder):
    result = verdict(name, lambda *values: None, photo_folder, is_made=False)
    assert (result.outcome, result.message) == (
        "not right yet",
        "Your function returned nothing here. Is a `return` missing?",
    )


class Evil:
    """Whatever one asks of it, it raises."""

    __hash__ = None

    def _refuse(self, *values):
        raise RuntimeError("not with me")

    __eq__ = __iter__ = __len__ = __bool__ = __repr__ = _refuse


ANYTHING = {
    "None": None,
    "a class": Evil,
    "a module": math,
    "a million characters": "x" * 10**6,
    "an object that can be asked nothing": Evil(),
    "an empty list": [],
    "a number": 3,
}


@each_check
@pytest.mark.parametrize("what", [*ANYTHING, "a generator without end"])
def test_anything_at_all_gets_an_answer(name, what, photo_folder):
    answer = iter(int, 1) if what == "a generator without end" else ANYTHING[what]
    result = verdict(name, answer, photo_folder, is_made=False)
    assert result.outcome == "not right yet"
    assert len(result.message) < 1000
    assert "Your answer raised" not in result.message or what in ("a class", "an object that can be asked nothing")


@of_functions
@pytest.mark.parametrize("what", [*ANYTHING, "a generator without end"])
def test_a_function_may_give_anything_at_all(name, what, photo_folder):
    result = verdict(
        name,
        lambda *values: iter(int, 1) if what == "a generator without end" else ANYTHING[what],
        photo_folder,
        is_made=False,
    )
    assert result.outcome == "not right yet"
    assert len(result.message) < 1000
    assert "Your answer raised" not in result.message or what == "an object that can be asked nothing"


@pytest.mark.parametrize("name", GIVEN)
def test_nothing_in_the_folder_is_changed(name, photo_folder):
    before = state(photo_folder)
    verdict(name, RIGHT[name][0], photo_folder)
    assert state(photo_folder) == before
