"""What an exercise is: outcomes, calling apart from judging, bounds, and how a verdict looks."""

import itertools
import math
import re
import threading
import time
from pathlib import Path

from helpers.exercises import running
from helpers.exercises.check import Verdict, exercise
from helpers.exercises.rows import kind_of, pair
from helpers.exercises.running import Mistake, call, elements, listed, mapped

import tensorflow as tf
import numpy as np
import pytest
from bs4 import BeautifulSoup


@pytest.fixture(autouse=True)
def _progress_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("EXERCISES_PROGRESS", str(tmp_path / "progress"))


def half(number):
    return number / 2


def whole_half(number):
    return number // 2


def none_of_both(number):
    return 0


HINTS = {"This is the half without its rest.": whole_half, "Half of it, not all of it.": lambda number: number}


@exercise("Seven was halved.", right=half, impostors=HINTS)
def check_half(function):
    """A function that halves a number."""
    result = call(function, 7)
    yield isinstance(result, str), f"This should be a number; it is {kind_of(result)}."
    yield from check_half.compare(result, 7, same=lambda one, other: one == other, otherwise="This is not the half.")
    return "It is 3.5." if result == 3.5 else "It is about that."


@pytest.mark.parametrize(
    ("answer", "outcome", "message"),
    [
        (..., "not tried yet", "Put your answer in place of the dots and run the cell again."),
        (lambda number: ..., "not tried yet", "Put your answer in place of the dots and run the cell again."),
        (lambda number: (1, ...), "not tried yet", "Put your answer in place of the dots and run the cell again."),
        ([1, ...], "not tried yet", "Put your answer in place of the dots and run the cell again."),
        (half, "right", "Seven was halved. It is 3.5."),
        (whole_half, "not right yet", "This is the half without its rest."),
        (lambda number: number, "not right yet", "Half of it, not all of it."),
        (none_of_both, "not right yet", "This is not the half."),
        (lambda number: "3.5", "not right yet", "This should be a number; it is a str."),
        (lambda number: number / 0, "not right yet", "Your answer raised ZeroDivisionError: division by zero"),
        (lambda number: None, "not right yet", "Your function returned nothing here. Is a `return` missing?"),
        (None, "not right yet", "This is None. Where does it come from? A function without `return` returns None."),
        (3.5, "not right yet", "This should be a function; it is a float."),
    ],
)
def test_outcomes(answer, outcome, message):
    verdict = check_half(answer)
    assert (verdict.outcome, verdict.message) == (outcome, message)


def test_an_error_of_the_rows_is_not_blamed_on_the_learner():
    @exercise("Praise.")
    def check_first(function):
        """A function that gives a list of numbers."""
        yield call(function)[0] < 0, "The first one is negative."

    assert check_first(lambda: [1]).outcome == "right"
    verdict = check_first(lambda: {})
    hint = "This is not what the exercise asks for: a function that gives a list of numbers."
    assert (verdict.outcome, verdict.message) == ("not right yet", hint)


@pytest.mark.parametrize("is_quiet", [True, False])
def test_keras_is_as_quiet_in_a_check_as_in_the_notebook(is_quiet):
    was_loud = tf.keras.config.is_interactive_logging_enabled()
    try:
        (tf.keras.config.disable_interactive_logging if is_quiet else tf.keras.config.enable_interactive_logging)()
        assert call(tf.keras.config.is_interactive_logging_enabled) != is_quiet
    finally:
        (tf.keras.config.enable_interactive_logging if was_loud else tf.keras.config.disable_interactive_logging)()


def test_a_long_hint_is_cut():
    @exercise("Praise.")
    def check_short(value):
        """A short text."""
        yield len(value) > 10, f"Too long: {value}"

    assert len(check_short("x" * 10**6).message) < 1000


@pytest.mark.parametrize(
    "change",
    [
        lambda values, table, array: values.append(1),
        lambda values, table, array: values[1].append(1),
        lambda values, table, array: table.update(b=1),
        lambda values, table, array: array.fill(0),
    ],
)
def test_a_change_of_what_was_handed_is_told(change):
    values, table, array = [1, [2]], {"a": 0}, np.ones(3)

    def function(*arguments):
        change(*arguments)
        return 1

    with pytest.raises(
        Mistake, match=r"Your function changes the (list|dict|ndarray) it is called with. Work on a copy."
    ):
        call(function, values, table, array)
    assert (values, table, array.tolist()) == ([1, [2]], {"a": 0}, [1, 1, 1])


def test_arguments_that_stay_as_they_are():
    assert call(lambda *arguments: len(arguments), [1], {"a": [2]}, Path("a"), np.ones(3)) == 4


def loop():
    while True:
        pass


def repeated():
    return [element for element in tf.data.Dataset.range(3).repeat()]  # noqa: C416  as learners write it


def stopped_in_vain():
    try:
        loop()
    except SystemExit:
        loop()  # as after a `__del__`, which lets out nothing that is raised in it


@pytest.mark.parametrize("endless", [loop, repeated, stopped_in_vain])
def test_what_does_not_end_is_told_and_stopped(endless, monkeypatch):
    monkeypatch.setattr(running, "MOST_SECONDS", 0.5)
    threads = threading.active_count()
    with pytest.raises(Mistake, match=r"still running after 0.5 seconds of computing. Does something never end"):
        call(endless)
    for _ in range(100):
        if threading.active_count() > threads:
            time.sleep(0.1)
    assert threading.active_count() == threads


def test_what_waits_is_told(monkeypatch):
    monkeypatch.setattr(running, "MOST_SECONDS", -1)  # as if it had computed for too long
    end = threading.Event()
    with pytest.raises(Mistake, match="Does something never end"):
        call(end.wait)
    end.set()


def test_an_interrupted_check_leaves_no_thread(monkeypatch):
    threads = threading.active_count()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupt)
    with pytest.raises(KeyboardInterrupt):
        call(loop)
    for _ in range(100):
        if threading.active_count() > threads:
            time.sleep(0.1)
    assert threading.active_count() == threads


def test_a_batch_has_no_size_while_map_traces():
    sizes = []

    def function(images, labels):
        sizes.append(images.shape[0])
        return images * 2, labels

    spec, results = mapped(function, (np.ones((2, 4)), np.zeros(2)), (np.ones((3, 4)), np.zeros(3)))
    assert sizes == [None]
    assert spec[0].shape.as_list() == [None, 4]
    assert [images.shape for images, _ in results] == [(2, 4), (3, 4)]
    assert results[1][0].max() == 2


NUMBERS = tf.data.Dataset.range(5)


def test_as_many_elements_as_there_may_be():
    assert elements(NUMBERS, most=5) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("dataset", "hint"),
    [
        (NUMBERS.repeat(), "This never ends, but an epoch should. Leave out repeat."),
        (NUMBERS.repeat().filter(lambda number: True), "This goes on after 4 elements, but an epoch should end."),
        (NUMBERS, "This goes on after 4 elements, but an epoch should end. Leave out repeat."),
        ([1, 2], "This should be a dataset; it is a list."),
        (NUMBERS.map(lambda number: 1 // (number - 2)), "Your answer raised InvalidArgumentError"),
    ],
)
def test_no_epoch(dataset, hint):
    with pytest.raises(Mistake, match=re.escape(hint)):
        elements(dataset, most=4)


@pytest.mark.parametrize(
    "values", [[0, 1, 2], (0, 1, 2), range(3), np.arange(3), tf.range(3), {0: "a", 1: "b", 2: "c"}, iter([0, 1, 2])]
)
def test_lists(values):
    assert [int(value) for value in listed(values, most=3)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        (itertools.count(), "This should be a list, but it goes on after 3 values."),
        ([0, 1, 2, 3], "This should be a list, but it goes on after 3 values."),
        ("abc", "This should be a list; it is a str."),
        (b"abc", "This should be a list; it is a bytes."),
        (NUMBERS, "This should be a list; it is a dataset."),
        (3, "This should be a list; it is an int."),
        ((1 // number for number in (1, 0)), "Your answer raised ZeroDivisionError"),
    ],
)
def test_no_lists(values, hint):
    with pytest.raises(Mistake, match=re.escape(hint)):
        listed(values, most=3)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([], "a list"),
        (1, "an int"),
        (None, "None"),
        (Path, "the class Path"),
        (math, "the module math"),
        (NUMBERS, "a dataset"),
        (np.ones(1), "an ndarray"),
    ],
)
def test_kinds(value, kind):
    assert kind_of(value) == kind


@pytest.mark.parametrize(
    ("value", "got"),
    [
        ((1, 2), None),
        ([1, 2], None),
        ((1,), "has 1 value."),
        ((1, 2, 3), "has 3 values."),
        (np.ones(2), "is only one thing."),
    ],
)
def test_pairs(value, got):
    ((is_wrong, hint),) = pair(value, "images", "labels")
    assert is_wrong == bool(got)
    assert not got or hint == f"This should be a pair, images and labels; it {got}"


def test_a_verdict_in_text():
    assert repr(Verdict("right", "It is.")) == "Right. It is."
    assert repr(Verdict("not right yet", "It is not.", "0 of 1.")) == "Not right yet. It is not.\n0 of 1."


@pytest.mark.parametrize("outcome", ["not tried yet", "not right yet", "right"])
def test_a_verdict_in_a_box(outcome):
    html = Verdict(outcome, "It is <b>.\nReally.", "1 of 2.")._repr_html_()
    (box,) = BeautifulSoup(html, "html.parser").find_all("div")
    assert box.get_text("|") == f"{outcome.capitalize()}.| It is <b>.|Really.|1 of 2."
    text, background = (
        luminance(colour) for colour in re.findall(r"(?:^|; )(?:color|background): (#\w+)", box["style"])
    )
    assert (max(text, background) + 0.05) / (min(text, background) + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Of WCAG 2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
