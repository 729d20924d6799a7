"""Exercises of 11_how_fast_is_it."""

import atexit
import functools
import math
import shutil
import tempfile
from pathlib import Path

from helpers import timing
from helpers.exercises.check import exercise
from helpers.exercises.graphs import nodes
from helpers.exercises.rows import Rows, number, pair
from helpers.exercises.running import call, elements
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


def _most_saved(photos, steps, elsewhere):
    return max(photos - steps, 0) if elsewhere else photos


@exercise(
    "Right on both devices, with slow photos and with slow steps.",
    right=_most_saved,
    impostors={
        "On another device, steps and photos overlap: an epoch takes the longer of the two, and without its photos "
        "still all the steps.": lambda photos, steps, elsewhere: photos,
        "On the CPU, the times of photos and steps add up. So you can save all the time the photos take.": (
            lambda photos, steps, elsewhere: max(photos - steps, 0)
        ),
        "The two devices are swapped: True means that steps and photos overlap.": (
            lambda photos, steps, elsewhere: photos if elsewhere else max(photos - steps, 0)
        ),
        "If the steps take longer than the photos, you save nothing, and no epoch gets longer: return 0 then.": (
            lambda photos, steps, elsewhere: photos - steps if elsewhere else photos
        ),
        "If the steps take longer than the photos, training does not wait for the photos: return 0 then.": (
            lambda photos, steps, elsewhere: abs(photos - steps) if elsewhere else photos
        ),
        "This is how long an epoch takes now. The saving is the difference to the steps alone.": (
            lambda photos, steps, elsewhere: max(photos, steps) if elsewhere else photos + steps
        ),
        "This is how long an epoch takes without its photos. The saving is the difference to now.": (
            lambda photos, steps, elsewhere: steps
        ),
    },
)
def check_most_saved(most_saved) -> Rows:
    """A function (photos, steps, elsewhere) -> by how many seconds an epoch gets shorter if photos take no time."""
    cases = [(photos, steps, elsewhere) for photos, steps in _EPOCHS for elsewhere in (True, False)]
    saved = [call(most_saved, *case) for case in cases]
    for seconds in saved:
        yield from number(seconds, "This should be a number of seconds")
    expected = [_most_saved(*case) for case in cases]
    if np.allclose(saved, expected):
        return
    for hint, impostor in check_most_saved.impostors.items():
        yield np.allclose(saved, [impostor(*case) for case in cases]), hint
    for (photos, steps, elsewhere), seconds, right in zip(cases, saved, expected, strict=True):
        where = "another device" if elsewhere else "the CPU"
        what = f"{photos:g} s of photos and {steps:g} s of steps on {where}"
        yield not np.isclose(seconds, right), f"{what}: your answer is {seconds:g}, but the saving is {right:g}."


_EPOCHS = [(20.0, 50.0), (50.0, 20.0), (30.0, 30.0), (0.0, 7.0)]  # seconds of the photos, and of the steps

# Width and height: wide and large, or not so by one pixel.
_CHOSEN = [(150, 100), (101, 100), (160, 120), (180, 101), (151, 150)]
_MIXED = [*_CHOSEN, (100, 150), (120, 120), (150, 99), *_CHOSEN, (149, 150), (90, 60), (160, 130)]
_LATER = [*_CHOSEN, *_CHOSEN, *_CHOSEN, (130, 110)]  # the sizes after the files have changed


@exercise("At least twice as fast, and every pixel is the same.")
def check_fast(fast, slow) -> Rows:
    """A function from paths to a dataset of the pictures and sizes that `slow` yields, in half the time."""
    expected, expected_later = _references(slow)
    with tempfile.TemporaryDirectory() as folder:
        paths = _write_jpegs(folder, _MIXED)
        answer = call(fast, paths)
        got = elements(answer, most=len(paths))
        yield from pair(answer.element_spec, "pictures", "sizes")
        yield _is_unordered(answer), "deterministic=False does not keep the order. Leave it out."
        yield from _other_pictures(expected, got)
        _write_jpegs(folder, _LATER, seed=1)
        yield from _kept(got, expected_later, elements(answer, most=len(paths)))
    paths = _large_photos()
    ratio = _times_as_fast(slow(paths), call(fast, paths))
    is_slow = f"The same pixels, {ratio:.1f} times as fast: not yet twice."
    yield ratio < 2, f"{is_slow} How often is each photo decoded, and how many at a time?"
    return f"Yours is {ratio:.1f} times as fast."


def _times_as_fast(slow: tf.data.Dataset, fast: tf.data.Dataset) -> float:
    """By the best rounds, and measured again if it is close: a check should not fail on a busy machine."""
    best = {"slow": math.inf, "fast": math.inf}
    for _ in range(5):
        seconds = timing.compare({"slow": slow, "fast": fast}, rounds=3).seconds
        best = {name: min(best[name], *seconds[name]) for name in best}
        if not 1.2 < best["slow"] / best["fast"] < 2:
            break
    return best["slow"] / best["fast"]


def _write_jpegs(folder: str, sizes: list[tuple[int, int]], seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    paths = [str(Path(folder, f"{number}.jpg")) for number in range(len(sizes))]
    for path, size in zip(paths, sizes, strict=True):
        small = Image.fromarray(rng.integers(0, 256, (12, 18, 3), np.uint8))
        small.resize(size, Image.Resampling.BICUBIC).save(path)
    return paths


@functools.cache
def _references(slow) -> tuple[list, list]:
    """What the slow dataset yields, before and after the files change."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = slow(_write_jpegs(folder, _MIXED))
        before = list(dataset.as_numpy_iterator())
        _write_jpegs(folder, _LATER, seed=1)
        return before, list(dataset.as_numpy_iterator())


@functools.cache
def _large_photos() -> list[str]:
    """Photos whose decoding takes most of the time. They are deleted when Python ends."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _write_jpegs(folder, [(width * 6, height * 6) for width, height in _CHOSEN * 2])


def _other_pictures(expected: list, got: list) -> Rows:
    wanted, shapes = ([part.shape for batch in batches for part in batch] for batches in (expected, got))
    differ = f"The pictures and sizes from slow have the shapes {wanted}, yours {shapes[:4]}."
    yield shapes != wanted, f"{differ} Keep what is wide and large, in batches of 8."
    (theirs, their_sizes), (ours, our_sizes) = _joined(expected), _joined(got)
    is_changed = not _same(ours, theirs)
    is_moved = is_changed and np.allclose(_sums(ours), _sums(theirs), rtol=1e-7)
    yield is_moved, "These are the right pictures in a different order. Keep the order of the paths."
    difference = np.abs(np.float32(ours) - theirs).max()
    changed = f"Pixels changed, by up to {difference:.3g}: resized differently, in another order, or rounded."
    yield is_changed, f"{changed} Do the same work, less often."
    hint = "The pictures are right, but the sizes are not: they should be those of the original photos, height first."
    yield not np.array_equal(our_sizes, their_sizes), hint


def _joined(batches: list) -> tuple[np.ndarray, np.ndarray]:
    pictures, sizes = zip(*batches, strict=True)
    return np.concatenate(pictures), np.concatenate(sizes)


def _same(pictures: np.ndarray, others: np.ndarray) -> bool:
    return pictures.shape == others.shape and np.allclose(pictures, others, rtol=0, atol=0.01)


def _sums(pictures: np.ndarray) -> np.ndarray:
    return np.sort(pictures.sum(axis=(1, 2, 3), dtype=np.float64))


def _kept(before: list, expected: list, got: list) -> Rows:
    """Rows for what a second pass yields, after the files have changed."""
    (old, _), (new, new_sizes), (ours, our_sizes) = map(_joined, (before, expected, got))
    hint = "The files changed, but the pictures did not: something was kept."
    yield _same(ours, old), f"{hint} Without a cache, each pass reads the files."
    chosen_early = "You chose the files when you made the dataset. Choose inside it, since files may change."
    yield len(ours) < len(new), chosen_early
    is_new = _same(ours, new) and np.array_equal(our_sizes, new_sizes)
    hint = "The files changed, but not everything you yield changed with them: something was kept."
    yield not is_new, f"{hint} Each pass reads the files."


def _is_unordered(dataset: tf.data.Dataset) -> bool:
    return dataset.options().deterministic is False or any(
        node.attr["deterministic"].s == b"false" for node in nodes(dataset)
    )
