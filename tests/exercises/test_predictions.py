"""A prediction beside what comes out, both as a reader would write them."""

import math

from helpers.exercises import predict

import tensorflow as tf
import numpy as np
import pytest


def printed(capsys, guess, result) -> list[str]:
    predict("a question", guess).compare(result)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("guess", "result", "shown"),
    [
        ((2, 3), tf.TensorShape([2, 3]), "(2, 3)"),
        ([2, 3], (2, 3), "(2, 3)"),
        ((None, 3), tf.TensorShape([None, 3]), "(None, 3)"),
        ("float32", tf.float32, "float32"),
        (tf.uint8, np.dtype("uint8"), "uint8"),
        (np.uint8, tf.uint8, "uint8"),
        (104, tf.constant(104), "104"),
        (255, np.uint8(255), "255"),
        (True, np.bool_(True), "True"),
        ("dataset", "dataset", "dataset"),
        (0.5, np.float64(0.5), "0.5"),
        (0.29, np.float32(0.29), "0.29"),
        (0.29, tf.constant(0.29), "0.29"),
        (32.0, 32.0, "32.0"),
    ],
)
def test_what_came_true(capsys, guess, result, shown):
    assert printed(capsys, guess, result) == [
        "a question",
        f"  you predicted: {shown}",
        f"  it is:         {shown}   as you predicted",
    ]


@pytest.mark.parametrize(
    ("guess", "result", "shown"),
    [
        ("Dataset", "dataset", "dataset"),
        (" dataset ", "dataset", "dataset"),
        ("32", 32, "32"),
        (32, 32.0, "32.0"),
        ("(2, 3)", tf.TensorShape([2, 3]), "(2, 3)"),
        ("true", np.bool_(True), "True"),
    ],
)
def test_what_came_true_in_other_words(capsys, guess, result, shown):
    assert printed(capsys, guess, result)[-1] == f"  it is:         {shown}   as you predicted"


@pytest.mark.parametrize(
    ("guess", "result", "shown"),
    [
        (0.33, 0.29, "0.29"),
        (0.33, np.float32(0.29), "0.29"),
        (102, 104, "104"),
        (30, 40, "40"),
        (50, 40, "40"),
        (-15, tf.constant(-18.9), "-18.9"),
        (np.float64(90.5), 100, "100"),
    ],
)
def test_what_is_close(capsys, guess, result, shown):
    assert printed(capsys, guess, result)[-1] == f"  it is:         {shown}   close"


@pytest.mark.parametrize(
    ("guess", "result"),
    [
        (29, 40),
        (51, 40),
        (1, 2),
        (3, 2),
        (0, 1),
        (0.01, 0),
        (-40, 40),
        (0, math.nan),
        (math.inf, 10),
        (10, math.inf),
        ("32", 33),
        ("float32", tf.uint8),
        ((2, 3), tf.TensorShape([3, 2])),
        ((2, 3), (2, 4)),
        (True, False),
        (4, True),
        (1, np.array([1, 1])),
    ],
)
def test_what_did_not(capsys, guess, result):
    _, guessed, came_out = printed(capsys, guess, result)
    assert not came_out.endswith(("as you predicted", "close"))
    assert guessed != came_out


def test_an_array_is_a_list_of_numbers(capsys):
    assert printed(capsys, ..., np.array([1, 2]))[-1] == "  it is:         [1, 2]"


def test_the_dots_are_no_prediction(capsys):
    assert printed(capsys, ..., 32) == ["a question", "  you predicted: (nothing yet)", "  it is:         32"]


def test_a_prediction_shows_itself():
    assert repr(predict("shape", tf.TensorShape([2]))) == "shape: (2,)"
    assert repr(predict("shape", ...)) == "shape: no prediction yet"
