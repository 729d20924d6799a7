"""The helpers. A benchmark is a function that takes a Setting and gives rows; BENCHMARKS lists them."""

import contextlib
import functools
import io
from collections.abc import Iterator
from pathlib import Path

from helpers import access, bad_images, checkup, files

import tensorflow as tf
import numpy as np

from tests.benchmarks.measure import Row, peak_bytes, speed
from tests.benchmarks.setting import SIZE, Setting, load, run_through, without_autotune


def image_by_number(setting: Setting) -> Iterator[Row]:
    paths, dataset = setting.listing.paths, load(setting.folder)
    last = len(paths) - 1

    def skip():
        iterator = iter(dataset.unbatch().skip(last))
        return next(iterator), iterator

    find = functools.partial(access.image_at, paths, last)
    what = f"image_at(paths, {last:,}): times faster than next(iter(dataset.unbatch().skip({last:,})))"
    yield speed(what, find, skip, setting.rounds, at_least=300)
    ends_alike = [*paths[:-1], paths[0]]
    first, find = (functools.partial(access.image_at, ends_alike, place) for place in (0, last))
    what = f"image_at: speed at {last:,} / at 0"
    yield speed(what, find, first, setting.rounds, at_least=0.8)


def labels(setting: Setting) -> Iterator[Row]:
    dataset = load(setting.folder, image_size=SIZE)

    def one_pass():
        iterator = iter(dataset)
        return np.concatenate([labels for _, labels in iterator]), iterator

    what = "labels from list_images: times faster than one pass over the dataset"
    yield speed(what, lambda: files.list_images(setting.folder).labels, one_pass, setting.rounds, at_least=100)


def image_dataset(setting: Setting) -> Iterator[Row]:
    for shuffle in (False, True):
        loaded = load(setting.folder, image_size=SIZE, shuffle=shuffle, seed=1)
        ours = access.image_dataset(setting.listing.paths, setting.listing.labels, image_size=SIZE, shuffle=shuffle)
        one_pass, loaders_pass = (functools.partial(run_through, dataset) for dataset in (ours, loaded))
        what = f"image_dataset(shuffle={shuffle}): speed of a pass / the loader's"
        yield speed(what, one_pass, loaders_pass, setting.rounds, at_least=0.97)


def concatenate(dataset: tf.data.Dataset) -> np.ndarray:
    return np.concatenate([images for images, _ in dataset])


def quick_batches(folder: Path) -> tf.data.Dataset:
    """As from the loader, new memory for each, but without reading and decoding, which is most of a pass."""
    kept = load(folder, image_size=SIZE).map(lambda images, labels: (tf.cast(images, tf.uint8), labels)).cache()
    return kept.map(lambda images, labels: (tf.cast(images, tf.float32), labels))


def _after_warm_up(function, folder: Path):
    """In a fresh process: what a first pass needs once is there in each."""
    dataset = load(folder, image_size=SIZE)
    function(dataset.take(3))
    return function(dataset)


def collect(setting: Setting) -> Iterator[Row]:
    """Memory: the peak of a process that collects, less that of a process that passes over the same dataset and keeps
    nothing, divided by the bytes of the arrays. So it is what the arrays cost, without TensorFlow and the pipeline."""
    dataset = without_autotune(load(setting.folder, image_size=SIZE))
    size = sum(array.nbytes for array in access.collect(dataset))
    functions = [run_through, access.collect, concatenate]
    peaks = peak_bytes([(_after_warm_up, function, setting.folder) for function in functions * setting.processes])
    alone, ours, usual = (np.array(peaks[place :: len(functions)]) for place in range(len(functions)))
    what = "collect: extra peak memory / size of the arrays"
    yield Row(what, ((ours - alone) / size).tolist(), at_most=1.1)
    what = "np.concatenate([images for images, _ in dataset]): the same"
    yield Row(what, ((usual - alone) / size).tolist())
    quick = without_autotune(quick_batches(setting.folder))
    for words, batches in (("", dataset), (", of batches that cost little", quick)):
        what = f"collect{words}: speed / that of np.concatenate"
        calls = (functools.partial(function, batches) for function in (access.collect, concatenate))
        yield speed(what, *calls, 2 * setting.rounds + 1, at_least=0.97)


def _find_bad(paths: list[str]) -> list[files.Problem]:
    with contextlib.redirect_stdout(io.StringIO()):  # the progress bar
        return bad_images.find_bad_images(paths)


def find_bad_images(setting: Setting) -> Iterator[Row]:
    paths = setting.listing.paths
    row, alone = setting.decoding
    yield row
    what = "find_bad_images: speed / that of decoding alone"
    yield speed(what, functools.partial(_find_bad, paths), alone, setting.rounds, at_least=0.9)
    few = paths[::4]
    peaks = np.array(peak_bytes([(_find_bad, paths), (_find_bad, few)] * setting.processes))
    what = f"find_bad_images: peak memory of the process, {len(paths):,} / {len(few):,} files"
    yield Row(what, (peaks[::2] / peaks[1::2]).tolist(), at_most=1.1)


def listing(setting: Setting) -> Iterator[Row]:
    few, *more = setting.entries
    for count in more:
        short = functools.partial(files.list_images, setting.empty_files(few))
        long = functools.partial(files.list_images, setting.empty_files(count))
        row = speed("", short, long, setting.rounds)
        ratios = [ratio * few / count for ratio in row.ratios]
        what = f"list_images: time for a file, among {count:,} / among {few:,}"
        yield Row(what, ratios, at_most=1.5, others=row.others)
    for count in (few, more[-1]):
        folder = setting.empty_files(count)
        what = f"list_images: speed / that of creating the loader's dataset, {count:,} files"
        ours, loaders = (functools.partial(function, folder) for function in (files.list_images, load))
        yield speed(what, ours, loaders, setting.rounds, at_least=1)


def _examine(folder: Path) -> checkup.Report:
    with contextlib.redirect_stdout(io.StringIO()):  # the progress bars
        return checkup.examine(load(folder), folder)


def examine(setting: Setting) -> Iterator[Row]:
    """With the folder, so it also decodes the files to recognise the photos."""
    one_pass = functools.partial(run_through, load(setting.folder))
    what = "examine(dataset, folder): time / of one pass over the loader's dataset"
    yield speed(what, one_pass, functools.partial(_examine, setting.folder), setting.rounds, at_most=2.5)
    calls = [(_examine, setting.folder), (_one_pass, setting.folder)]
    peaks = np.array(peak_bytes(calls * setting.processes))
    what = "examine(dataset, folder): extra peak memory, beyond that of one pass / 200 MB"
    yield Row(what, ((peaks[::2] - peaks[1::2]) / 200e6).tolist(), at_most=1)


def _one_pass(folder: Path) -> None:
    run_through(load(folder))


BENCHMARKS = [image_by_number, labels, image_dataset, collect, find_bad_images, listing, examine]
