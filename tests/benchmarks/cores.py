"""Photos per second on all cores and on one: each in fresh processes, which are bound to their cores."""

import os
from collections.abc import Iterator
from pathlib import Path

from helpers import files, timing

import tensorflow as tf

from tests.benchmarks.measure import Row, on_cores
from tests.benchmarks.recipe import first_epoch
from tests.benchmarks.setting import Setting, decoded

NAMES = ("decoding alone", "the recommended pipeline, first epoch")


def _photos_per_second(folder: Path, rounds: int) -> list[float]:
    paths = files.list_images(folder).paths
    works = (decoded(paths, tf.data.AUTOTUNE), first_epoch(folder, rounds))
    comparison = timing.compare(dict(zip(NAMES, works, strict=True)), photos=len(paths), rounds=rounds)
    return [comparison.rate(name) for name in NAMES]


def more_cores(setting: Setting) -> Iterator[Row]:
    """One process at a time. Where processes cannot be bound to cores, this is left out."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if cores == 1:
        return
    arguments = (_photos_per_second, setting.folder, 3)
    pairs = [(on_cores(cores, *arguments), on_cores(1, *arguments)) for _ in range(setting.processes)]
    for place, name in enumerate(NAMES):
        ratios = [together[place] / alone[place] for together, alone in pairs]
        yield Row(f"{name}: speed on {cores} cores / on one", ratios, cores=cores)


BENCHMARKS = [more_cores]
