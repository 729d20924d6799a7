"""Errors in words for a reader: one line, no places in a graph; numbers agree with their nouns."""

from helpers.errors import counted, one_line

import tensorflow as tf
import cv2
import numpy as np
import pytest


@pytest.mark.parametrize(
    ("error", "text", "line"),
    [
        (ValueError("no such class"), "", "no such class"),
        (ValueError("\n  first line \nsecond line"), "", "first line"),
        (ValueError("first line\n  second line"), "second", "second line"),
        (ValueError("one line"), "words that are not there", "one line"),
        (ValueError("{{function_node f}} {{node Map/g}} the reason [Op:Map] name: "), "", "the reason"),
        (ValueError("in user code:\n\n    File 1, line 2\n\n    ValueError: the reason\n"), "", "the reason"),
        (ValueError("in user code:\n\n    ValueError: the reason\n    and more\n"), "the reason", "the reason"),
        (ValueError("outer_factory.<locals>.inner_factory.<locals>.tf__f() takes 1"), "", "f() takes 1"),
        (
            ValueError("Error in user-defined function passed to MapDataset:4 transformation with iterator: Root: no"),
            "",
            "no",
        ),
        (ValueError("\x1b[1mbold\x1b[0m type"), "", "bold type"),
        (ValueError("TypeError: is another type"), "", "TypeError: is another type"),
        (ValueError("-1 is not a size"), "", "-1 is not a size"),
        (ValueError(), "", "(no message)"),
    ],
)
def test_of_a_message_the_line_that_says_why_is_left(error, text, line):
    assert one_line(error, text) == line


def test_an_error_of_a_graph_is_told_without_the_graph():
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        list(tf.data.Dataset.from_tensors(b"not an image").map(tf.io.decode_image))
    assert "{{" in str(error.value)
    assert "Unknown image file format." in one_line(error.value)
    assert "{{" not in one_line(error.value)


def test_a_line_of_opencv_is_told_without_its_bullet():
    with pytest.raises(cv2.error) as error:
        cv2.cvtColor([1], cv2.COLOR_RGB2BGR)
    assert one_line(error.value, "src is not") == "src is not a numpy array, neither a scalar"


@pytest.mark.parametrize(("number", "words"), [(0, "0 paths"), (1, "1 path"), (2, "2 paths"), (np.int64(1), "1 path")])
def test_a_number_agrees_with_its_noun(number, words):
    assert counted(number, "path") == words
