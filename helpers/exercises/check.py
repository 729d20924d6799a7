"""What an exercise is, and the words that checks share.

An exercise is one right answer, its impostors, and a case that tells them apart. Its check is a generator of rows
``(is it wrong?, hint)``, read from top to bottom; the first row that is true gives the hint. What stands below a row
may rely on it. What the generator returns, if anything, is said of a right answer behind the praise.

Calling and judging are two phases. What the learner wrote runs in `call`, `mapped`, `elements` and `listed` alone, and
only there "Your answer raised …" is said. An error anywhere else is a result that nobody expected, and told as such.
"""

import contextlib
import copy
import dataclasses
import functools
import html
import itertools
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from helpers.exercises import mistakes, progress

import tensorflow as tf
import numpy as np
from PIL import Image

Rows = Generator[tuple[object, str], None, Any]
Outcome = Literal["not tried yet", "not right yet", "right"]

MOST_SECONDS = 10  # for a call or a pass; what is right takes a tenth of one
_MOST_CHARACTERS = 600
_COLOURS = {  # text and background; the contrast is above 7 in each
    "not tried yet": ("#3c4043", "#eef0f2"),
    "not right yet": ("#5f2b00", "#fdf0e1"),
    "right": ("#0b4a22", "#e4f5e9"),
}


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check says. In JupyterLab a box, elsewhere text.

    Attributes:
        outcome: "not tried yet", "not right yet" or "right".
        message: A hint; for what is right, what was looked at.
        standing: How many exercises are solved, here and in all.
    """

    outcome: Outcome
    message: str
    standing: str = ""

    def __repr__(self) -> str:
        return "\n".join(filter(None, (f"{self.outcome.capitalize()}. {self.message}", self.standing)))

    def _repr_html_(self) -> str:
        text, background = _COLOURS[self.outcome]
        style = f"color: {text}; background: {background}; border-left: 4px solid {text}; padding: 0.5em 1em"
        message, standing = (html.escape(part).replace("\n", "<br>") for part in (self.message, self.standing))
        below = f"<br><small>{standing}</small>" if standing else ""
        return f'<div style="{style}"><strong>{self.outcome.capitalize()}.</strong> {message}{below}</div>'


class NotTried(Exception):
    """The dots are still there."""


class Mistake(Exception):
    """The answer is not right; the message is the hint."""


class Exercise:
    """The check of an exercise: called with an answer, it gives a `Verdict`.

    Attributes:
        right: A right answer, or None for a property check, which has no impostors either.
        impostors: Hint -> a plausible wrong answer.
        lesson: The notebook of the exercise, for example "00_start_here".
    """

    def __init__(
        self,
        rows: Callable[..., Rows],
        praise: str,
        right: Callable | None = None,
        impostors: Mapping[str, Callable] | None = None,
    ):
        functools.update_wrapper(self, rows)
        self._rows, self._praise = rows, praise
        self.right, self.impostors = right, dict(impostors or {})
        self.lesson = rows.__module__.rpartition(".")[2].removeprefix("nb")
        progress.register(self.lesson, self.__name__)

    __name__: str

    def __call__(self, answer, *given) -> Verdict:
        try:
            hint, remark = self._hint(answer, *given)
        except NotTried:
            hint = "Put your answer in place of the dots and run the cell again."
            return Verdict("not tried yet", hint, progress.standing(self.lesson))
        if hint:
            return Verdict("not right yet", _shortened(hint), progress.standing(self.lesson))
        progress.solved(self.__name__)
        return Verdict("right", " ".join(filter(None, (self._praise, remark))), progress.standing(self.lesson))

    def _hint(self, answer, *given) -> tuple[str | None, str | None]:
        """The hint for a wrong answer, the remark on a right one."""
        remark = None
        try:
            if answer is None:
                raise Mistake(mistakes.NOTHING_HERE)
            with contextlib.closing(self._rows(_tried(answer), *given)) as rows:
                hint, remark = _first(rows)
        except Mistake as mistake:
            hint = str(mistake)
        except Exception as error:
            if isinstance(error, NotTried):
                raise
            asked = (self.__doc__ or "").partition("\n")[0]
            hint = f"This is not of the kind that was asked for: {asked[:1].lower()}{asked[1:]}"
        if hint and (other := mistakes.variable_of_the_page(answer)):
            hint = other
        return hint, remark

    def compare(self, result, *case, same: Callable[[Any, Any], bool], otherwise: str) -> Rows:
        """Rows that set `result` beside what the right answer and the impostors give for the same case.

        Args:
            result: What the learner's function gave for the case.
            *case: The arguments.
            same: Whether two results are the same.
            otherwise: The hint for a result that nobody gives.
        """
        if self.right is None or same(result, self.right(*copies(case))):
            return
        for hint, impostor in self.impostors.items():
            yield same(result, impostor(*copies(case))), hint
        yield True, otherwise


def _first(rows: Rows) -> tuple[str | None, str | None]:
    """The hint of the first row that is true; if there is none, what the rows return."""
    while True:
        try:
            is_wrong, hint = next(rows)
        except StopIteration as end:
            return None, end.value
        if is_wrong:
            return hint, None


def exercise(
    praise: str, *, right: Callable | None = None, impostors: Mapping[str, Callable] | None = None
) -> Callable[[Callable[..., Rows]], Exercise]:
    """Make an `Exercise` of a generator of rows; its docstring says in one sentence what is asked for.

    Args:
        praise: What was looked at, said of a right answer.
        right: A right answer, for `Exercise.compare`.
        impostors: Hint -> a plausible wrong answer, for `Exercise.compare`.
    """
    return lambda rows: Exercise(rows, praise, right, impostors)


def copies(values: Iterable) -> list:
    """The values, with copies of lists, dicts and arrays, so that nobody's change reaches another."""
    return [copy.deepcopy(value) if isinstance(value, list | dict | np.ndarray) else value for value in values]


def _tried(result):
    """`result`, unless it is the dots or nothing, as a whole or in a part."""
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
        raise Mistake(f"A function is wanted here, this is {kind_of(value)}.")


def _run(work: Callable[[], Any]) -> Any:
    """Run what the learner wrote. What it raises is theirs, and what does not end is told so."""
    ended: list[tuple[Any, BaseException | None]] = []

    def target() -> None:
        try:
            ended.append((work(), None))
        except BaseException as error:
            ended.append((None, error))

    thread = threading.Thread(target=target, daemon=True)  # TensorFlow's loops listen to no signal
    thread.start()
    thread.join(MOST_SECONDS)
    if not ended:
        raise Mistake(mistakes.NO_END.format(seconds=MOST_SECONDS))
    result, error = ended[0]
    if error is None:
        return result
    if isinstance(error, NotTried | Mistake | _AfterReturn):
        raise error
    raise Mistake(mistakes.raised(error)) from error


def call(function, *arguments) -> Any:
    """What the learner's function gives. It is handed copies, and told if it changes them."""
    _require_function(function)
    handed = copies(arguments)
    result = _tried(_run(lambda: function(*handed)))
    for argument, after in zip(arguments, handed, strict=True):
        if _differ(after, argument):
            raise Mistake(f"The {type(argument).__name__} that was given has changed. Work on a copy of it.")
    return result


def _differ(one, other) -> bool:
    return not np.array_equal(one, other) if isinstance(one, np.ndarray) else one is not other and one != other


class _AfterReturn(Exception):
    """TensorFlow does not take what the function returned."""


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
                _tried(returned[-1])
                if not mistakes.advice(error):
                    raise _AfterReturn from error
            raise
        _tried(returned[-1])
        return dataset.element_spec, list(dataset.as_numpy_iterator())

    return _run(work)


def _dataset_of(batches: tuple[tuple, ...]) -> tf.data.Dataset:
    parts = [np.asarray(part) for part in batches[0]]
    signature = tuple(tf.TensorSpec((None, *part.shape[1:]), part.dtype) for part in parts)
    return tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=signature)


def elements(dataset, most: int = 200) -> list:
    """One pass over the learner's dataset, as arrays; a mistake if there are more than `most` elements."""
    if not isinstance(dataset, tf.data.Dataset):
        raise Mistake(f"A dataset is wanted, this is {kind_of(dataset)}.")
    if _run(dataset.cardinality) == tf.data.INFINITE_CARDINALITY:
        raise Mistake("This never ends; an epoch should. Leave repeat out.")
    found = _run(lambda: list(itertools.islice(dataset.as_numpy_iterator(), most + 1)))
    if len(found) > most:
        raise Mistake(f"This goes on after {most} elements; an epoch should end. Leave repeat out.")
    return found


def listed(values, most: int = 1000) -> list:
    """The learner's list, tuple, array, tensor or generator as a list; a mistake if it has more than `most` values."""
    if isinstance(values, str | bytes | tf.data.Dataset) or not isinstance(values, Iterable):
        raise Mistake(f"A list is wanted, this is {kind_of(values)}.")
    found = _run(lambda: list(itertools.islice(iter(values), most + 1)))
    if len(found) > most:
        raise Mistake(f"This goes on after {most} values; a list is wanted.")
    return found


def kind_of(value) -> str:
    """ "a list", "an int", "a dataset", "the class Path", "the module os", for a hint."""
    name = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, Image.Image):
        return "a Pillow image"
    if name == "module":
        return f"the module {value.__name__}"
    if isinstance(value, tf.data.Dataset):
        return "a dataset"
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def pair(value, first: str, second: str) -> Rows:
    """A row for what is not a pair."""
    is_sequence = isinstance(value, tuple | list)
    count = len(value) if is_sequence else 1
    got = f"{count} value{'s' * (count != 1)}" if is_sequence else f"one {type(value).__name__}"
    yield not is_sequence or count != 2, f"Two things are wanted, {first} and {second}; this gives {got}."


def array(value) -> Rows:
    """Rows for what is no array."""
    yield tf.is_tensor(value), mistakes.STILL_A_TENSOR
    yield not isinstance(value, np.ndarray), f"An array is wanted, this is {kind_of(value)}: np.array makes one of it."


def full_range(images) -> Rows:
    """A row for images that were brought from 0…255 to 0…1."""
    yield np.max(images) <= 1, "All values lie between 0 and 1. Leave the images at 0 to 255."


def write_photos(folder: str, count: int, extension: str = "png") -> dict[str, int]:
    """Write photos of one colour, the number 6 · i as red. Returns file name -> red value."""
    values = {f"{'abcd'[number % 4]}{number:02d}.{extension}": 6 * number for number in range(count)}
    for name, red in values.items():
        Image.new("RGB", (40, 60), (red, 0, 0)).save(Path(folder, name), quality=100)
    return values


def _shortened(hint: str) -> str:
    return hint if len(hint) <= _MOST_CHARACTERS else f"{hint[: _MOST_CHARACTERS - 2]} …"
