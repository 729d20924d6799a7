"""Predictions: what you expect, next to what comes out."""

import math

from helpers.quiet import tensorflow as tf

import numpy as np

_CLOSE = 0.25  # of the result


class Prediction:
    """What you expect from a cell, to compare with what comes out. Made by `predict`."""

    def __init__(self, question: str, guess):
        self.question, self.guess = question, guess

    def __repr__(self) -> str:
        return f"{self.question}: {'no prediction yet' if self.guess is ... else _plain(self.guess)}"

    def compare(self, result) -> None:
        """Print the prediction above the result, and whether they are the same or close.

        A number is close if it differs from the result by at most a quarter of it. Capitals, quotation marks and
        brackets around a value do not matter.
        """
        guess, result = _plain(self.guess), _plain(result)
        print(self.question)
        print(f"  you predicted: {'(nothing yet)' if guess is ... else guess}")
        print(f"  it is:         {result}{_credit(guess, result)}")


def predict(question: str, guess) -> Prediction:
    """Write down what you expect before you run a cell.

    Args:
        question: What you are asked.
        guess: Your answer: a number, text, a shape, a dtype; ``...`` for none.

    Returns:
        An object whose ``compare(result)`` prints your prediction and the result, and whether they are close.

    Introduced in notebook 00_start_here.

    >>> from helpers.exercises import predict
    >>> shape_guess = predict("shape of images", (32, 128, 128, 3))
    >>> shape_guess.compare(tf.TensorShape([32, 128, 128, 3]))
    shape of images
      you predicted: (32, 128, 128, 3)
      it is:         (32, 128, 128, 3)   as you predicted
    >>> predict("accuracy", 0.33).compare(0.29)
    accuracy
      you predicted: 0.33
      it is:         0.29   close
    """
    return Prediction(question, guess)


def _credit(guess, result) -> str:
    if guess == result or _text(guess) == _text(result):
        return "   as you predicted"
    if _is_number(guess) and _is_number(result) and abs(guess - result) <= _CLOSE * abs(result):
        return "   close"
    return ""


def _text(value) -> str:
    return str(value).strip("()[] ").casefold()


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain(value):
    """Shapes, dtypes, tensors and NumPy values as Python writes them, so that they compare the way a reader would."""
    if isinstance(value, tf.TensorShape):
        return tuple(value)
    if isinstance(value, tf.DType | np.dtype):
        return value.name
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, tf.Tensor | np.ndarray | np.generic):
        array = np.asarray(value)
        return array.tolist() if array.ndim else _plain(array.item())
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.6g}")  # 0.29, where float32 has 0.28999999165534973
    return tuple(value) if isinstance(value, list) else value
