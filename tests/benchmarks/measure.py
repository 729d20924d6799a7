"""Two functions side by side in interleaved rounds, and the peak memory of a fresh process."""

import concurrent.futures
import dataclasses
import multiprocessing
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import psutil

QUIET = 0.1  # share of the processors that other processes may take in a round
ATTEMPTS = 3  # how often as many rounds as wanted, to find so many quiet ones


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What is divided by what.
        ratios: One for each round.
        at_least: The target, where the ratio should be large.
        at_most: The target, where the ratio should be small. With neither, the row is for information.
        others: The share of the processors that other processes took, in the worst of the rounds.
    """

    what: str
    ratios: list[float]
    at_least: float | None = None
    at_most: float | None = None
    others: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.ratios)

    @property
    def target(self) -> str:
        targets = {"at least": self.at_least, "at most": self.at_most}
        return " ".join(f"{words} {number:g}" for words, number in targets.items() if number is not None)

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        low, high = self.at_least or 0, self.at_most or float("inf")
        return "met" if low <= self.median <= high else "NOT MET"


def speed(
    what: str, function: Callable, against: Callable, rounds: int, *, calls: tuple[int, int] = (1, 1), **target
) -> Row:
    """How many times faster `function` is than `against`, each called `calls` times in a round.

    Each is called once before. Every second round begins with the other one. The clock stops before what a function
    returned is deleted: the end of an iterator of tf.data can take as long again as the pass before it (Model::
    OptimizeLoop misses that it is cancelled, and sleeps on), so a pass that returns its iterator is timed without that.
    A round in which other processes took much of the machine is measured again, a few times at most.
    """
    function(), against()
    measured = []
    for number in range(ATTEMPTS * rounds):
        before, start = _busy_seconds_of_others(), time.perf_counter()
        pair = [(function, calls[0]), (against, calls[1])]
        seconds = {called: _seconds(*called) for called in (pair if number % 2 else reversed(pair))}
        others = (_busy_seconds_of_others() - before) / (time.perf_counter() - start) / os.cpu_count()
        measured.append((max(0, others), seconds[pair[1]] / seconds[pair[0]]))
        if sum(others <= QUIET for others, _ in measured) == rounds:
            break
    quietest = sorted(measured)[:rounds]
    return Row(what, [ratio for _, ratio in quietest], others=quietest[-1][0], **target)


def _seconds(function: Callable, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        kept = function()
    seconds = (time.perf_counter() - start) / calls
    del kept
    return seconds


def _busy_seconds_of_others() -> float:
    """Processor seconds up to now, without those of this process."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # guest is a part of user
    return sum(seconds for name, seconds in times.items() if name not in idle) - time.process_time()


def peak_bytes(calls: list[tuple]) -> list[int]:
    """Peak memory of fresh processes, one for each (function of a module, *arguments), two of them at a time."""
    fresh = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=fresh, max_tasks_per_child=1) as processes:
        return list(processes.map(_peak_after, *zip(*calls, strict=True)))


def _peak_after(function: Callable, *arguments) -> int:
    kept = function(*arguments)
    try:  # not getrusage: on Linux its peak includes that of the process which started this one
        peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
    except FileNotFoundError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    del kept
    return peak
