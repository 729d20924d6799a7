"""Predictions: what you expect, beside what comes out."""

from helpers.quiet import tensorflow as tf

import numpy as np


class Prediction:
    """What you expect of a cell, to be set beside what comes out. Made by `predict`."""

    def __init__(self, question: str, guess):
        self.question, self.guess = question, guess

    def __repr__(self) -> str:
        return f"{self.question}: {'no prediction yet' if self.guess is ... else _plain(self.guess)}"

    def compare(self, result) -> None:
        """Print prediction and result, one below the other."""
        same = _plain(self.guess) == _plain(result)
        print(f"{self.question}")
        print(f"  you predicted: {'(nothing yet)' if self.guess is ... else _plain(self.guess)}")
        print(f"  it is:         {_plain(result)}{'   as you predicted' if same else ''}")


def predict(question: str, guess) -> Prediction:
    """Write down what you expect before you run a cell.

    Args:
        question: What is asked.
        guess: Your answer: number, text, shape, dtype; ``...`` for none.

    Returns:
        An object whose ``compare(result)`` prints your prediction beside the result.

    Introduced in notebook 00_start_here.

    >>> from helpers.exercises import predict
    >>> shape_guess = predict("shape of images", (32, 128, 128, 3))
    >>> shape_guess.compare(tf.TensorShape([32, 128, 128, 3]))
    shape of images
      you predicted: (32, 128, 128, 3)
      it is:         (32, 128, 128, 3)   as you predicted
    """
    return Prediction(question, guess)


def _plain(value):
    """Shapes, dtypes, tensors and NumPy values as Python writes them, so that they compare as a reader would."""
    if isinstance(value, tf.TensorShape):
        return tuple(value)
    if isinstance(value, tf.DType | np.dtype):
        return value.name
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, tf.Tensor | np.ndarray | np.generic):
        return np.asarray(value).tolist()
    return tuple(value) if isinstance(value, list) else value
