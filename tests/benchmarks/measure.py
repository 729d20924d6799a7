"""Two functions side by side in interleaved rounds, and the peak memory of a fresh process."""

import concurrent.futures
import contextlib
import dataclasses
import multiprocessing
import operator
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from helpers import timing

from tensorflow.data import Dataset
import psutil

QUIET = 0.1  # share of the processors that other processes may take
ATTEMPTS = 3  # to find the machine quiet


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What is divided by what.
        ratios: One for each round, process or photo.
        at_least: The target, where the ratio should be large.
        at_most: The target, where the ratio should be small. With neither, the row is for information.
        others: The share of the processors that other processes took meanwhile.
        bar: Its name in the plot, if it is there: how fast the same work is, done in another way.
        cores: Where the ratio is the speed on several cores / on one: how many.
        photo: Where the ratio is of bytes: how many bytes of one photo a ratio of 1 stands for.
    """

    what: str
    ratios: list[float]
    at_least: float | None = None
    at_most: float | None = None
    others: float | None = None
    bar: str = ""
    cores: int = 0
    photo: float = 0

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


def speed(what: str, function: Callable | Dataset, against: Callable | Dataset, rounds: int, **target) -> Row:
    """How many times faster `function` (or a pass over that dataset) is than `against`."""
    comparison, others = quiet_compare({"function": function, "against": against}, "against", rounds)
    return Row(what, comparison.ratios("function"), others=others, **target)


def quiet_compare(works: dict, baseline: str, rounds: int) -> tuple[timing.Comparison, float]:
    """`timing.compare`, and the share of the processors that other processes took meanwhile.

    Where they took much, it is measured again, a few times at most; the quietest counts.
    """
    measured = []
    for _ in range(ATTEMPTS):
        before, start = _busy_seconds_of_others(), time.perf_counter()
        comparison = timing.compare(works, baseline=baseline, rounds=rounds)
        others = (_busy_seconds_of_others() - before) / (time.perf_counter() - start) / os.cpu_count()
        measured.append((comparison, max(0, others)))
        if others <= QUIET:
            break
    return min(measured, key=operator.itemgetter(1))


def _busy_seconds_of_others() -> float:
    """Processor seconds up to now, without those of this process and of those it started."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # guest is a part of user
    busy = sum(seconds for name, seconds in times.items() if name not in idle)
    here = psutil.Process()
    ours = []
    for process in (here, *here.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
            ours.append(process.cpu_times())
    return busy - sum(t.user + t.system + t.children_user + t.children_system for t in ours)


def peak_bytes(calls: list[tuple]) -> list[int]:
    """Peak memory of fresh processes, one for each (function of a module, *arguments), two of them at a time."""
    with _fresh_processes(2) as processes:
        return list(processes.map(_peak_after, *zip(*calls, strict=True)))


def on_cores(cores: int, function: Callable, *arguments):
    """What a function of a module gives in a fresh process that is bound to so many cores."""
    with _fresh_processes(1, os.sched_setaffinity, (0, sorted(os.sched_getaffinity(0))[:cores])) as processes:
        return processes.submit(function, *arguments).result()


def _fresh_processes(at_once: int, *first) -> concurrent.futures.ProcessPoolExecutor:
    fresh = multiprocessing.get_context("spawn")
    return concurrent.futures.ProcessPoolExecutor(at_once, fresh, *first, max_tasks_per_child=1)


def _peak_after(function: Callable, *arguments) -> int:
    kept = function(*arguments)
    try:  # not getrusage: on Linux its peak includes that of the process which started this one
        peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
    except FileNotFoundError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    del kept
    return peak
