"""What the learner wrote runs here, in `call`, `mapped`, `elements` and `listed`, and nowhere else.

What it raises becomes a `Mistake`, "Your answer raised …". Code that does not end is stopped and reported. What it
returns is judged elsewhere.
"""

import copy
import ctypes
import itertools
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from helpers.exercises import mistakes
from helpers.exercises.rows import kind_of
from helpers.quiet import tensorflow as tf

import numpy as np

MOST_SECONDS = (
    5  # of computing, for a call or a pass; what is right takes a fifth of it, the first one in a kernel a half
)
MOST_WAITING = 20  # seconds on the clock, for what waits and computes nothing


class NotTried(Exception):
    """The dots are still there."""


class Mistake(Exception):
    """The answer is not right; the message is the hint."""


def copies(values: Iterable) -> list:
    """The values, with lists, dicts and arrays copied, so that a change to one copy affects no other."""
    return [copy.deepcopy(value) if isinstance(value, list | dict | np.ndarray) else value for value in values]


def validated(result):
    """`result`, unless all or part of it is the dots or None."""
    parts = result if isinstance(result, tuple | list) else ()
    if result is ... or any(part is ... for part in parts):
        raise NotTried
    if result is None:
        raise Mistake(mistakes.NO_RETURN)
    if isinstance(result, tuple) and any(part is None for part in parts):
        raise Mistake(mistakes.NOTHING_IN_A_PART)
    return result


def _require_function(value) -> None:
    if not callable(value):
        raise Mistake(f"This should be a function; it is {kind_of(value)}.")


def _run(work: Callable[[], Any]) -> Any:
    """Run what the learner wrote. Its errors are their mistakes; code that does not end is stopped and reported."""
    ended: list[tuple[Any, BaseException | None]] = []
    is_quiet = not tf.keras.config.is_interactive_logging_enabled()

    def target() -> None:
        if is_quiet:  # Keras keeps this for each thread
            tf.keras.config.disable_interactive_logging()
        try:
            ended.append((work(), None))
        except BaseException as error:
            ended.append((None, error))

    thread = threading.Thread(target=target, daemon=True)  # TensorFlow's loops listen to no signal
    thread.start()
    try:
        _wait_for(thread)
        in_time = ended[:]
    finally:  # also if somebody interrupts the kernel
        _stop(thread)
    if not in_time:
        raise Mistake(mistakes.NO_END.format(seconds=MOST_SECONDS))
    result, error = in_time[0]
    if error is None:
        return result
    if isinstance(error, NotTried | Mistake | _AfterReturn):
        raise error
    raise Mistake(mistakes.raised(error)) from error


def _wait_for(thread: threading.Thread) -> None:
    """Return when it has ended or computed for too long; the clock would blame the answer for a busy machine."""
    computed, began = time.process_time(), time.monotonic()
    while thread.is_alive():
        thread.join(0.05)
        if time.process_time() - computed > MOST_SECONDS or time.monotonic() - began > MOST_WAITING:
            return


def _stop(thread: threading.Thread) -> None:
    """End a thread at its next step in Python; try again if that is lost, as in a `__del__`, which swallows errors."""
    for _ in range(20):
        if not thread.is_alive() or not thread.ident:
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        thread.join(0.05)


def call(function, *arguments) -> Any:
    """What the learner's function returns. It is called with copies; changing them is a mistake."""
    _require_function(function)
    handed = copies(arguments)
    result = validated(_run(lambda: function(*handed)))
    for argument, after in zip(arguments, handed, strict=True):
        if _differ(after, argument):
            raise Mistake(f"Your function changes the {type(argument).__name__} it is called with. Work on a copy.")
    return result


def _differ(one, other) -> bool:
    return not np.array_equal(one, other) if isinstance(one, np.ndarray) else one is not other and one != other


class _AfterReturn(Exception):
    """TensorFlow does not accept what the function returned."""


def mapped(function, *batches: tuple) -> tuple[Any, list]:
    """The `element_spec` and the elements after the learner's function was mapped over a dataset of `batches`.

    As with the loader, the size of a batch is unknown while the function is traced.
    """
    _require_function(function)
    returned: list[Any] = []

    def traced(*batch):
        result = function(*batch)
        returned.append(result)  # AutoGraph would change the message of what is raised here
        return result

    def work():
        try:
            dataset = _dataset_of(batches).map(traced)
        except Exception as error:
            if returned:
                validated(returned[-1])
                if not mistakes.advice(error):
                    raise _AfterReturn from error
            raise
        validated(returned[-1])
        return dataset.element_spec, list(dataset.as_numpy_iterator())

    return _run(work)


def _dataset_of(batches: tuple[tuple, ...]) -> tf.data.Dataset:
    parts = [np.asarray(part) for part in batches[0]]
    signature = tuple(tf.TensorSpec((None, *part.shape[1:]), part.dtype) for part in parts)
    return tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=signature)


def elements(dataset, most: int = 200) -> list:
    """One pass over the learner's dataset, as arrays; a mistake if there are more than `most` elements."""
    if not isinstance(dataset, tf.data.Dataset):
        raise Mistake(f"This should be a dataset; it is {kind_of(dataset)}.")
    if _run(dataset.cardinality) == tf.data.INFINITE_CARDINALITY:
        raise Mistake("This never ends, but an epoch should. Leave out repeat.")
    found = _run(lambda: list(itertools.islice(dataset.as_numpy_iterator(), most + 1)))
    if len(found) > most:
        raise Mistake(f"This goes on after {most} elements, but an epoch should end. Leave out repeat.")
    return found


def listed(values, most: int = 1000) -> list:
    """The learner's list, tuple, array, tensor or generator as a list; a mistake if it has more than `most` values."""
    if isinstance(values, str | bytes | tf.data.Dataset) or not isinstance(values, Iterable):
        raise Mistake(f"This should be a list; it is {kind_of(values)}.")
    found = _run(lambda: list(itertools.islice(iter(values), most + 1)))
    if len(found) > most:
        raise Mistake(f"This should be a list, but it goes on after {most} values.")
    return found
