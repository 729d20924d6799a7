"""What an exercise is.

An exercise is one right answer, its impostors, and a case that tells them apart. Its check is a generator of rows
``(is it wrong?, hint)``, read from top to bottom; the first row that is true gives the hint. A row may rely on the
rows above it. What the generator returns, if anything, is added to the praise for a right answer.

Calling and judging are two phases. What the learner wrote runs in the module `running` alone, and only that module
reports "Your answer raised …". An error anywhere else means an unexpected result, and is reported as such.
"""

import contextlib
import dataclasses
import functools
import html
from collections.abc import Callable, Mapping
from typing import Any, Literal

from helpers.exercises import mistakes, progress
from helpers.exercises.rows import Rows
from helpers.exercises.running import Mistake, NotTried, copies, validated

Outcome = Literal["not tried yet", "not right yet", "right"]

_MOST_CHARACTERS = 600
_COLOURS = {  # text and background; the contrast is above 7 in each
    "not tried yet": ("#3c4043", "#eef0f2"),
    "not right yet": ("#5f2b00", "#fdf0e1"),
    "right": ("#0b4a22", "#e4f5e9"),
}


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check reports: a box in JupyterLab, text elsewhere.

    Attributes:
        outcome: "not tried yet", "not right yet" or "right".
        message: A hint or, for a right answer, what was checked.
        standing: How many exercises are solved, in this lesson and overall.
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


class Exercise:
    """The check of an exercise. Called with an answer, it returns a `Verdict`.

    Attributes:
        right: A right answer, or None for a property check, which has no impostors either.
        impostors: Hint -> a plausible wrong answer.
        lesson: The notebook with the exercise, for example "00_start_here".
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
            with contextlib.closing(self._rows(validated(answer), *given)) as rows:
                hint, remark = _first(rows)
        except Mistake as mistake:
            hint = str(mistake)
        except Exception as error:
            if isinstance(error, NotTried):
                raise
            asked = (self.__doc__ or "").partition("\n")[0]
            hint = f"This is not what the exercise asks for: {asked[:1].lower()}{asked[1:]}"
        if hint and (other := mistakes.global_for_argument(answer)):
            hint = other
        return hint, remark

    def compare(self, result, *case, same: Callable[[Any, Any], bool], otherwise: str) -> Rows:
        """Rows that compare `result` with what the right answer and the impostors return for the same case.

        Args:
            result: What the learner's function returned for the case.
            *case: The arguments.
            same: Whether two results are the same.
            otherwise: The hint for a result that matches none of them.
        """
        if self.right is None or same(result, self.right(*copies(case))):
            return
        for hint, impostor in self.impostors.items():
            yield same(result, impostor(*copies(case))), hint
        yield True, otherwise


def _first(rows: Rows) -> tuple[str | None, str | None]:
    """The hint of the first true row; if there is none, what the generator returns."""
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
    """Make an `Exercise` from a generator of rows; its docstring says in one sentence what the exercise asks for.

    Args:
        praise: What was checked; shown for a right answer.
        right: A right answer, for `Exercise.compare`.
        impostors: Hint -> a plausible wrong answer, for `Exercise.compare`.
    """
    return lambda rows: Exercise(rows, praise, right, impostors)


def _shortened(hint: str) -> str:
    return hint if len(hint) <= _MOST_CHARACTERS else f"{hint[: _MOST_CHARACTERS - 2]} …"
