"""Exercises of 07_how_fast_is_it."""

import atexit
import functools
import math
import numbers
import shutil
import tempfile
from pathlib import Path

from helpers import timing
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of, pair
from helpers.exercises.running import Mistake, call, elements
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image

# Width and height: wide and large, or not so by one pixel.
_CHOSEN = [(150, 100), (101, 100), (160, 120), (180, 101), (151, 150)]
_MIXED = [*_CHOSEN, (100, 150), (120, 120), (150, 99), *_CHOSEN, (149, 150), (90, 60), (160, 130)]
_LATER = [*_CHOSEN, *_CHOSEN, *_CHOSEN, (130, 110)]  # the sizes after the files have changed


@exercise("Twice as fast or more, and each pixel as it was.")
def check_fast(fast, slow) -> Rows:
    """A function from paths to a dataset of the pictures and sizes that `slow` gives, in half the time."""
    expected, expected_later = _references(slow)
    with tempfile.TemporaryDirectory() as folder:
        paths = _write_jpegs(folder, _MIXED)
        answer = call(fast, paths)
        got = elements(answer, most=len(paths))
        yield from pair(answer.element_spec, "pictures", "sizes")
        yield _is_unordered(answer), "The order is not kept with deterministic=False. Leave it out."
        yield from _other_pictures(expected, got)
        _write_jpegs(folder, _LATER, seed=1)
        yield from _kept(got, expected_later, elements(answer, most=len(paths)))
    paths = _large_photos()
    ratio = _times_as_fast(slow(paths), call(fast, paths))
    is_slow = f"The same pixels, {ratio:.1f} times as fast: not twice yet."
    yield ratio < 2, f"{is_slow} How often is each photo decoded, and how many at a time?"
    return f"Yours is {ratio:.1f} times as fast."


def _times_as_fast(slow: tf.data.Dataset, fast: tf.data.Dataset) -> float:
    """By the best rounds, and measured again where it is close: a check should not fail on a busy machine."""
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
    """What the slow one gives, before and after the files change."""
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
    differ = f"The pictures and sizes of the slow one have the shapes {wanted}, yours {shapes[:4]}."
    yield shapes != wanted, f"{differ} Keep what is wide and large, in batches of 8."
    (theirs, their_sizes), (ours, our_sizes) = _joined(expected), _joined(got)
    is_changed = not _same(ours, theirs)
    is_moved = is_changed and np.allclose(_sums(ours), _sums(theirs), rtol=1e-7)
    yield is_moved, "These are the right pictures in another order. Keep that of the paths."
    difference = np.abs(np.float32(ours) - theirs).max()
    changed = f"Pixels changed, by up to {difference:.3g}: another resizing, another order, or rounded."
    yield is_changed, f"{changed} Do the same work, less often."
    hint = "The pictures are right, the sizes are not: they are those of the original photos, height first."
    yield not np.array_equal(our_sizes, their_sizes), hint


def _joined(batches: list) -> tuple[np.ndarray, np.ndarray]:
    pictures, sizes = zip(*batches, strict=True)
    return np.concatenate(pictures), np.concatenate(sizes)


def _same(pictures: np.ndarray, others: np.ndarray) -> bool:
    return pictures.shape == others.shape and np.allclose(pictures, others, rtol=0, atol=0.01)


def _sums(pictures: np.ndarray) -> np.ndarray:
    return np.sort(pictures.sum(axis=(1, 2, 3), dtype=np.float64))


def _kept(before: list, expected: list, got: list) -> Rows:
    """Rows for what a second pass gives, after the files have changed."""
    (old, _), (new, new_sizes), (ours, our_sizes) = map(_joined, (before, expected, got))
    hint = "The files changed, and the pictures did not: something was kept."
    yield _same(ours, old), f"{hint} Without a cache, each pass reads the files."
    chosen_early = "You chose the files when the dataset was made. Choose inside it, since files may change."
    yield len(ours) < len(new), chosen_early
    is_new = _same(ours, new) and np.array_equal(our_sizes, new_sizes)
    hint = "The files changed, and not all that you give changed with them: something was kept."
    yield not is_new, f"{hint} Each pass reads the files."


def _is_unordered(dataset: tf.data.Dataset) -> bool:
    return dataset.options().deterministic is False or any(
        step.attr["deterministic"].s == b"false" for step in _steps(dataset)
    )


def _steps(dataset: tf.data.Dataset) -> list:
    """The nodes of a dataset's graph."""
    variant = tf.data.experimental.to_variant(dataset)
    ignore_state = 1  # such as the Python functions in it, which no graph can hold
    written = tf.raw_ops.DatasetToGraphV2(input_dataset=variant, external_state_policy=ignore_state)
    return list(tf.compat.v1.GraphDef.FromString(written.numpy()).node)


@exercise("Files are read once, and each epoch has an order of its own.")
def check_cached(cached) -> Rows:
    """A function from a folder with class folders to a cached dataset of uint8 images and their labels."""
    with tempfile.TemporaryDirectory() as folder:
        truth = _write_two_classes(folder)
        dataset = call(cached, folder)
        first = elements(dataset)
    yield from pair(dataset.element_spec, "images", "labels")
    yield not first, "This dataset is empty."
    later = _after_the_files_are_gone(dataset)
    yield not all(later), _READ_AGAIN
    images = first[0][0]
    yield images.ndim == 3, "These are single images. Say batch(8) as the last step."
    sizes = [len(images) for images, _ in first]
    yield sorted(sizes) != [4, 8, 8, 8, 8], f"36 photos make batches of 8, 8, 8, 8 and 4; yours have {sizes}."
    kind = f"{images.dtype}, {images.shape[1:]}"
    is_kind = images.dtype == np.uint8 and images.shape[1:] == (64, 64, 3)
    yield not is_kind, f"uint8 of 64 by 64 pixels is wanted, this is {kind}."
    yield (
        max(images.max() for images, _ in first) <= 1,
        "All values are 0 or 1. For uint8, leave the images at 0 to 255.",
    )
    epochs = [[_photos_of(batch) for batch in epoch] for epoch in (first, *later)]
    is_whole = all(sorted(sum(epoch, [])) == truth for epoch in epochs)
    yield not is_whole, "An epoch should have each photo once, with its own label."
    frozen = "All epochs have the same order: the cache froze it, or shuffle was told to keep it."
    yield epochs[0] == epochs[1], f"{frozen} shuffle comes after cache."
    members = [set(map(frozenset, epoch)) for epoch in epochs]
    hint = "The batches move, and always hold the same photos. Shuffle photos, before they are batched."
    yield members[0] == members[1], hint
    kinds = [
        kind for step in _steps(dataset) if step.op.startswith("Cache") for kind in step.attr["output_types"].list.type
    ]
    if tf.float32.as_datatype_enum in kinds:
        return "But your cache holds floats: uint8 before the cache takes a quarter of the memory."
    return None


_READ_AGAIN = "The second epoch reads the files again: nothing is cached, or in a file of that folder."


def _write_two_classes(folder: str) -> list[tuple[int, int]]:
    """22 and 14 photos, each with a red of its own. Returns the pairs of red and class number, sorted."""
    reds = {f"{'abcd'[number % 4]}{number:02d}.png": 6 * number for number in range(36)}
    labels = {name: int(red >= 132) for name, red in reds.items()}
    for name, label in labels.items():
        Path(folder, "ab"[label]).mkdir(exist_ok=True)
        Image.new("RGB", (40, 60), (reds[name], 0, 0)).save(Path(folder, "ab"[label], name))
    return sorted((reds[name], labels[name]) for name in reds)


def _after_the_files_are_gone(dataset: tf.data.Dataset) -> list[list]:
    try:
        return [elements(dataset), elements(dataset)]
    except Mistake as mistake:
        if isinstance(mistake.__cause__, tf.errors.OpError):
            raise Mistake(_READ_AGAIN) from mistake
        raise


def _photos_of(batch) -> list[tuple[int, int]]:
    """The red in the middle, where padding does not reach, and the label of each photo."""
    images, labels = batch
    if labels.ndim == 2 and labels.shape[1] > 1:  # one-hot
        labels = labels.argmax(axis=1)
    return list(zip(images[:, 32, 32, 0].tolist(), labels.ravel().astype(int).tolist(), strict=True))


@exercise("As small as it may be, and no smaller.")
def check_ratio_for(ratio_for) -> Rows:
    """A function (shape, size) -> the ratio at which a JPEG is decoded: 1, 2, 4 or 8."""
    for (shape, size), (right, reason) in _RATIOS.items():
        ratio = call(ratio_for, shape, size)
        is_number = isinstance(ratio, numbers.Real) or np.ndim(ratio) == 0 and np.asarray(ratio).dtype.kind in "iuf"
        yield not is_number, f"A number is wanted, 1, 2, 4 or 8; this is {kind_of(ratio)}."
        yield ratio != right, f"{shape} for {size} gives {ratio}, not {right}: {reason}."


_RATIOS = {  # (shape of the JPEG, size of the picture): (ratio, reason)
    ((100, 100), (128, 128)): (1, "it is too small already, so nothing may be thrown away"),
    ((3024, 4032), (128, 128)): (8, "378 by 504 are left"),
    ((1000, 4032), (128, 128)): (4, "at 1/8 the height would be 125"),
    ((4032, 1000), (128, 128)): (4, "at 1/8 the width would be 125"),
    ((1024, 1024), (128, 128)): (8, "128 are left, as many as wanted"),
    ((1024, 2048), (128, 256)): (8, "128 by 256 are left, and both are (height, width)"),
    ((600, 800), (128, 256)): (2, "1/4 would leave 200 of the width"),
    ((768, 768), (256, 256)): (2, "3 is no ratio of a JPEG; 1, 2, 4 and 8 are"),
    ((9000, 9000), (128, 128)): (8, "8 is the largest there is"),
    ((100, 4032), (128, 128)): (1, "the height is too small already"),
}
