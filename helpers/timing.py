"""Honest comparison of running times: side by side in one run, with spread, and no ranking without a difference."""

import dataclasses
import functools
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

from helpers.quiet import tensorflow as tf

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

_TURN = 0.02  # seconds; work that is shorter is repeated within its turn
_LONG = 1  # second; a first run that takes longer is not taken for a short one that starts slowly
_TOO_SHORT = 1e-5  # seconds; below, a call in Python is a good part of what is timed
_SMALLEST = 1.1  # less than 10 % apart is no rank: it changes from run to run, and is hardly worth a line of code


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What `compare` measured; printed, it is a table.

    Attributes:
        seconds: Name -> seconds of one call in each round.
        baseline: The name that the ratios are relative to.
        photos: How many photos one call goes through; None if unknown.
    """

    seconds: dict[str, list[float]]
    baseline: str
    photos: int | None

    def ratios(self, name: str) -> list[float]:
        """How many times as fast as the baseline, in each round. NaN if one of the two is too short to time."""
        rounds = zip(self.seconds[self.baseline], self.seconds[name], strict=True)
        too_short = min(map(statistics.median, (self.seconds[self.baseline], self.seconds[name]))) < _TOO_SHORT
        return [math.nan if too_short else base / own for base, own in rounds]

    def ratio(self, name: str) -> float:
        """The median of `ratios`."""
        return statistics.median(self.ratios(name))

    def verdict(self, name: str) -> str:
        """ "faster" or "slower" than the baseline, "too close to call" or "too short to time".

        A ranking needs all rounds to agree and a median at least 10 % off.
        """
        ratios, middle = self.ratios(name), self.ratio(name)
        if math.isnan(middle):
            return "too short to time"
        if middle >= _SMALLEST and min(ratios) > 1:
            return "faster"
        return "slower" if middle <= 1 / _SMALLEST and max(ratios) < 1 else "too close to call"

    @property
    def faster(self) -> list[str]:
        """The names whose verdict is "faster"."""
        return [name for name in self.seconds if self.verdict(name) == "faster"]

    def rate(self, name: str) -> float:
        """Photos per second, or calls per second if the number of photos is unknown."""
        return (self.photos or 1) / statistics.median(self.seconds[name])

    def __str__(self) -> str:
        unit = "photos/s" if self.photos else "calls/s"
        width = max(map(len, self.seconds))
        lines = [f"{'':{width}}  {unit:>9}  times as fast (lowest to highest)"]
        for name in self.seconds:
            words, ratios = self.verdict(name), self.ratios(name)
            if words != "too short to time":
                words = f"{self.ratio(name):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), {words}"
            if name == self.baseline:
                words = "1"
            lines.append(f"{name:{width}}  {self.rate(name):9,.{0 if self.rate(name) >= 10 else 2}f}  {words}")
        rounds = len(self.seconds[self.baseline])
        return "\n".join([*lines, f"Medians of {rounds} rounds, taken in turn, on", machine()])

    __repr__ = __str__

    def figure(self) -> tuple[Figure, str]:
        """A bar for each name, with its spread, and its alt text: ``show_figure(*comparison.figure())``."""
        unit = "photos per second" if self.photos else "calls per second"
        figure, axis = plt.subplots(figsize=(7, 0.5 * len(self.seconds) + 0.9), layout="constrained")
        names = list(self.seconds)[::-1]
        rates = [sorted((self.photos or 1) / second for second in self.seconds[name]) for name in names]
        middle = [statistics.median(rate) for rate in rates]
        spread = [
            [m - rate[0] for m, rate in zip(middle, rates, strict=True)],
            [rate[-1] - m for m, rate in zip(middle, rates, strict=True)],
        ]
        axis.barh(names, middle, xerr=spread, capsize=3)
        axis.set_xlabel(unit)
        values = "; ".join(f"{name}: {self.rate(name):,.0f}" for name in self.seconds)
        return figure, f"Bars, {unit}, with the spread of the rounds: {values}."


def compare(
    works: Mapping[str, Callable[[], object] | tf.data.Dataset],
    *,
    photos: int | None = None,
    baseline: str | None = None,
    rounds: int = 7,
) -> Comparison:
    """Time functions, or passes over datasets, against each other.

    Each one runs before anything is measured, because first runs trace and fill system caches. Then come the
    rounds: in each, everything takes its turn, in reverse order every other round. Ratios are taken within a round,
    so a machine that changes its speed does no harm. Work shorter than 20 ms is repeated within its turn. What a
    function returns is deleted after the clock has stopped, and so is the iterator of a dataset: ending it may take
    longer than a short pass, because tf.data waits for the thread that tunes it. A function that goes through a
    dataset should therefore return the iterator.

    Args:
        works: Name -> function without arguments, or dataset to go through once; at least two.
        photos: How many photos one run goes through, for a table of photos per second.
        baseline: The name that the others are compared with. By default the first.
        rounds: How often each takes its turn; at least 3.

    Returns:
        A `Comparison`; its text is a table, ``figure()`` draws bars.

    Raises:
        ValueError: Fewer than two works or three rounds, no photo, an empty or endless dataset, or a baseline that is
            not among the names.
        TypeError: A value of `works` is neither a function nor a dataset.
        Errors from a function pass through, with a note of its name.

    Introduced in notebook 02_map_a_function.

    >>> import time
    >>> from helpers import timing
    >>> result = timing.compare({"one": lambda: time.sleep(0.01), "two": lambda: time.sleep(0.1)}, rounds=3)
    >>> result.verdict("two")
    'slower'
    """
    baseline = next(iter(works), "") if baseline is None else baseline
    _check(works, photos, baseline, rounds)
    functions = {name: _function(name, work) for name, work in works.items()}
    repeats = {name: _repeats(name, function) for name, function in functions.items()}
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for number in range(rounds):
        for name in list(functions)[:: -1 if number % 2 else 1]:
            seconds[name].append(_seconds(name, functions[name], repeats[name]))
    return Comparison(seconds, baseline, photos)


def with_steps(
    batches: tf.data.Dataset, step: Callable[[], object], *, photos: int | None = None, rounds: int = 3
) -> Comparison:
    """Time the photos of an epoch, the training steps, and both: a step after each batch.

    Args:
        batches: A dataset whose length is known.
        step: What training does with a batch, as a function without arguments.
        photos: How many photos `batches` holds.
        rounds: As in `compare`.

    Returns:
        A `Comparison` of "photos", "steps" and "both"; the first is the baseline.

    Raises:
        ValueError: `batches` is empty or has no end, or there are fewer than three rounds.

    Introduced in notebook 11_how_fast_is_it.

    >>> import time
    >>> from helpers import timing
    >>> from helpers.quiet import tensorflow as tf
    >>> result = timing.with_steps(tf.data.Dataset.range(3), lambda: time.sleep(0.05))
    >>> list(result.seconds)
    ['photos', 'steps', 'both']
    >>> result.verdict("both")
    'slower'
    """

    def steps() -> None:
        for _ in range(len(batches)):
            step()

    def both() -> Iterator:
        iterator = iter(batches)
        for _ in iterator:
            step()
        return iterator

    return compare({"photos": batches, "steps": steps, "both": both}, photos=photos, rounds=rounds)


def _check(works: Mapping[str, object], photos: int | None, baseline: str, rounds: int) -> None:
    if len(works) < 2:
        raise ValueError(f"There is nothing to compare: works has {len(works)}, but needs at least two.")
    if rounds < 3:
        raise ValueError(f"A spread needs at least 3 rounds, not {rounds}.")
    if photos is not None and photos < 1:
        raise ValueError(f"photos, the number of photos one run goes through, must be at least 1, not {photos}.")
    if baseline not in works:
        raise ValueError(f"baseline must be one of {list(works)}, not {baseline!r}.")


def _function(name: str, work: Callable[[], object] | tf.data.Dataset) -> Callable[[], object]:
    if isinstance(work, tf.data.Dataset):
        if work.cardinality() == tf.data.INFINITE_CARDINALITY:
            raise ValueError(f"{name!r} never ends, so there is no pass to time. Leave out repeat(), or take() a part.")
        return functools.partial(_pass, work)
    if not callable(work):
        raise TypeError(f"{name!r} is of type {type(work).__name__}. Pass a dataset or a function: lambda: ...")
    return work


def _repeats(name: str, function: Callable[[], object]) -> int:
    """How often a function runs within its turn. The first run traces and fills caches."""
    if _seconds(name, function, 1) >= _LONG:
        return 1
    return max(1, round(_TURN / max(_seconds(name, function, 1), 1e-7)))


def _pass(dataset: tf.data.Dataset) -> Iterator:
    iterator = iter(dataset)
    if next(iterator, None) is None:
        raise ValueError("This dataset is empty: there is nothing to time.")
    for _ in iterator:
        pass
    return iterator


def _seconds(name: str, function: Callable[[], object], repeats: int) -> float:
    seconds = 0.0
    try:
        for _ in range(repeats):
            start = time.perf_counter()
            kept = function()
            seconds += time.perf_counter() - start
            del kept  # after the clock has stopped: see compare
    except Exception as error:
        error.add_note(f"This came from {name!r}, while it was timed.")
        raise
    return seconds / repeats


def machine() -> str:
    """This machine in a line: cores, processor, versions.

    Introduced in notebook 11_how_fast_is_it.

    >>> from helpers import timing
    >>> timing.machine()  # doctest: +ELLIPSIS
    '... cores, ..., Python 3..., TensorFlow 2...'
    """
    return f"{os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}, TensorFlow {tf.__version__}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
