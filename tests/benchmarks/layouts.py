"""Later epochs: what the small photos are kept in, how fast they come back, and the memory that they take."""

import dataclasses
import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers import access

import tensorflow as tf
import numpy as np

from tests.benchmarks.measure import Row, peak_bytes, quiet_compare
from tests.benchmarks.recipe import endless, in_blocks, mixed, read_smaller, recommended, shrunk
from tests.benchmarks.setting import BATCH, SIZE, Setting, load, run_through

EPOCHS = 20  # in one call: what was prefetched before the clock started hardly counts
PIXELS = 3 * math.prod(SIZE)  # of one photo; as uint8 its bytes


def usual(folder: Path) -> tf.data.Dataset:
    """What many tutorials show: the loader, and a mapped tf.function."""
    dataset = load(folder, image_size=SIZE, batch_size=BATCH, shuffle=True)

    @tf.function
    def process_images(images, labels):
        images = tf.image.central_crop(images, central_fraction=0.8)
        return images, labels

    return dataset.map(process_images)


def as_float32(path, label):
    return tf.image.resize(read_smaller(path), SIZE), label


def later_epochs_of(dataset: tf.data.Dataset, batches: int) -> Callable[[], None]:
    """The first epoch now; each call goes through EPOCHS more, with one iterator that stays, as `fit` does it."""
    iterator = run_through(dataset, batches)

    def work() -> None:
        for _ in range(EPOCHS * batches):
            next(iterator)

    return work


def by_numpy(images: np.ndarray, labels: np.ndarray) -> Callable[[], None]:
    rng = np.random.default_rng(0)

    def work() -> None:
        for _ in range(EPOCHS):
            order = rng.permutation(len(images))
            for k in range(0, len(order), BATCH):
                chosen = order[k : k + BATCH]
                images[chosen], labels[chosen]

    return work


def by_gather(images: np.ndarray, labels: np.ndarray) -> tf.data.Dataset:
    pixels, numbers = tf.constant(images), tf.constant(labels)

    def at(places):
        return tf.gather(pixels, places), tf.gather(numbers, places)

    order = tf.data.Dataset.range(len(images)).shuffle(len(images)).batch(BATCH).repeat()
    return order.map(at, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def later_epochs(setting: Setting) -> Iterator[Row]:
    blocks = in_blocks(mixed(setting.folder))
    arrays, last = access.collect(blocks), functools.partial(later_epochs_of, batches=len(blocks))
    train = recommended(setting.folder)
    cast = train.map(lambda images, labels: (tf.cast(images, tf.float32), labels))
    works = {
        "usual": usual(setting.folder),
        "the recommended pipeline": last(train),
        "the recommended pipeline, cast to float32 last": last(cast.prefetch(tf.data.AUTOTUNE)),
        "one uint8 array, as NumPy arrays": by_numpy(*arrays),
        "one uint8 array, gathered by tf.data": last(by_gather(*arrays)),
        "float32": last(recommended(setting.folder, as_float32)),
    }
    targets = {"the recommended pipeline": 50, "one uint8 array, as NumPy arrays": 60}
    comparison, others = quiet_compare(works, "usual", setting.rounds)
    for name in list(works)[1:-1]:
        ratios = [EPOCHS * ratio for ratio in comparison.ratios(name)]
        what = f"{name}: speed of a later epoch / the loader's with a mapped tf.function"
        yield Row(what, ratios, at_least=targets.get(name), others=others)
    for name in targets:
        ratios = dataclasses.replace(comparison, baseline="float32").ratios(name)
        yield Row(f"{name}: speed of a later epoch / with float32 kept", ratios, at_least=1.5, others=others)


def _without(blocks: tf.data.Dataset) -> Iterator:
    return run_through(blocks.prefetch(tf.data.AUTOTUNE))


def _cached(blocks: tf.data.Dataset) -> Iterator:
    """A first epoch and a later one."""
    return run_through(endless(blocks.cache()), 2 * len(blocks))


def _kept(keep: Callable, folder: Path, photo: Callable):
    """In a fresh process."""
    return keep(in_blocks(mixed(folder), photo))


def memory(setting: Setting) -> Iterator[Row]:
    """The peak of a process that keeps the photos, less that of one that makes the same and keeps none, divided by the
    bytes of the pixels kept."""
    layouts = {
        "the recommended pipeline": (_cached, shrunk, PIXELS),
        "one uint8 array": (access.collect, shrunk, PIXELS),
        "the same pipeline with float32 kept": (_cached, as_float32, 4 * PIXELS),
    }
    calls = [(_kept, keep, setting.folder, photo) for own, photo, _ in layouts.values() for keep in (_without, own)]
    peaks = np.array(peak_bytes(calls * setting.processes)).reshape(-1, len(layouts), 2)
    for place, (name, (_, photo, size)) in enumerate(layouts.items()):
        extra = (peaks[:, place, 1] - peaks[:, place, 0]) / size / len(setting.listing.paths)
        what = f"{name}: extra peak memory / bytes of the pixels"
        yield Row(what, extra.tolist(), at_most=1.1 if photo is shrunk else None, photo=size)


BENCHMARKS = [later_epochs, memory]
