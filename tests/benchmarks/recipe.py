"""The pipeline that lesson 12 recommends, in plain TensorFlow, and its first epoch."""

import dataclasses
import functools
import itertools
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers import files as listings

import tensorflow as tf
import numpy as np

from tests.benchmarks.measure import Row, quiet_compare
from tests.benchmarks.setting import BATCH, SIZE, Setting, load, new_each_time, without_autotune

WINDOW = 256


def times_as_large(content):
    if tf.io.is_jpeg(content):
        height_and_width = tf.image.extract_jpeg_shape(content)[:2]
        times = tf.reduce_min(height_and_width // SIZE)
    else:
        times = 1
    return times


def read_smaller(path):
    content = tf.io.read_file(path)
    times = times_as_large(content)
    if times >= 8:
        image = tf.io.decode_jpeg(content, 3, ratio=8)
    elif times >= 4:
        image = tf.io.decode_jpeg(content, 3, ratio=4)
    elif times >= 2:
        image = tf.io.decode_jpeg(content, 3, ratio=2)
    else:
        image = tf.io.decode_image(content, 3, expand_animations=False)
    return tf.ensure_shape(image, (None, None, 3))


def shrunk(path, label):
    image = tf.image.resize(read_smaller(path), SIZE)
    return tf.cast(tf.round(image), tf.uint8), label


def mixed(folder: Path) -> tf.data.Dataset:
    """Paths and labels, mixed once: that costs nothing."""
    listing = listings.list_images(folder)
    order = np.random.default_rng(0).permutation(len(listing.paths))
    return tf.data.Dataset.from_tensor_slices((np.array(listing.paths)[order], np.array(listing.labels)[order]))


def in_blocks(files: tf.data.Dataset, photo: Callable = shrunk, batch: int = BATCH) -> tf.data.Dataset:
    """What is kept: a few large blocks of memory."""
    return files.map(photo, num_parallel_calls=tf.data.AUTOTUNE).batch(batch)


def endless(kept: tf.data.Dataset, batch: int = BATCH) -> tf.data.Dataset:
    """The first epoch in the order of the files, later ones shuffled; an epoch is ``len(kept)`` batches."""
    singles = kept.flat_map(lambda *parts: tf.data.Dataset.from_tensor_slices(parts))  # they share the blocks' memory
    later = singles.shuffle(2048).batch(batch)
    return kept.concatenate(later.repeat()).prefetch(tf.data.AUTOTUNE)


def recommended(folder: Path, photo: Callable = shrunk, batch: int = BATCH) -> tf.data.Dataset:
    return endless(in_blocks(mixed(folder), photo, batch).cache(), batch)


def first_epoch(folder: Path, rounds: int, make: Callable = recommended) -> Callable:
    """A work for `quiet_compare`: the recipe's first epoch, or that of what `make` makes of a folder."""
    batches = len(mixed(folder).batch(BATCH))
    return new_each_time(functools.partial(make, folder), batches, rounds)


def at_one_half(path, label):
    image = tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), channels=3, ratio=2), SIZE)
    return tf.cast(tf.round(image), tf.uint8), label


def by_area(path, label):
    image = tf.image.resize(read_smaller(path), SIZE, method="area")
    return tf.cast(tf.round(image), tf.uint8), label


def single_photos(folder: Path) -> tf.data.Dataset:
    """Kept one by one, and shuffled within a window."""
    kept = mixed(folder).map(shrunk, num_parallel_calls=tf.data.AUTOTUNE).cache()
    return kept.shuffle(WINDOW).batch(BATCH).prefetch(tf.data.AUTOTUNE)


def decoded_and_resized(folder: Path) -> tf.data.Dataset:
    """In full, and nothing else."""

    def decode(path, _):
        return tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), channels=3), SIZE)

    return in_blocks(mixed(folder), decode)


def first_epochs(setting: Setting) -> Iterator[Row]:
    folder, (_, decoding) = setting.folder, setting.decoding
    variants = {
        "as it is": (recommended, {"at_least": 0.9}),
        "with ratio=2 for all": (functools.partial(recommended, photo=at_one_half), {"at_least": 0.95}),
        'with "area"': (functools.partial(recommended, photo=by_area), {}),
        "without autotune": (lambda folder: without_autotune(recommended(folder)), {}),
        f"single photos, shuffle({WINDOW})": (single_photos, {}),
    }
    works = {name: first_epoch(folder, setting.rounds, make) for name, (make, _) in variants.items()}
    resized = decoded_and_resized(folder)
    works |= {"decoding": decoding, "resized": resized, "loader": load(folder, image_size=SIZE, batch_size=BATCH)}
    comparison, others = quiet_compare(works, "decoding", setting.rounds)
    for name, (_, target) in variants.items():
        words = "" if name == "as it is" else f", {name}"
        what = f"the recommended pipeline{words}: speed of a first epoch / that of decoding alone"
        yield Row(what, comparison.ratios(name), others=others, **target)
    what = "decoding in full and resizing, and nothing else: speed / that of decoding alone"
    yield Row(what, comparison.ratios("resized"), others=others)
    for name, words, target in (("as it is", "", 1.15), ("with ratio=2 for all", ", with ratio=2 for all", None)):
        ratios = dataclasses.replace(comparison, baseline="loader").ratios(name)
        what = f"the recommended pipeline{words}: speed of a first epoch / the loader's"
        yield Row(what, ratios, at_least=target, others=others)


def first_batch(setting: Setting) -> Iterator[Row]:
    """Both in one pass, after one that warms up."""
    shares = []
    for _ in range(1 + setting.rounds):
        dataset = recommended(setting.folder)
        start = time.perf_counter()
        moments = [time.perf_counter() - start for _ in itertools.islice(dataset, math.ceil(setting.photos / BATCH))]
        shares.append(moments[0] / moments[-1])
    yield Row("the recommended pipeline: time to the first batch / of the first epoch", shares[1:], at_most=0.1)


BENCHMARKS = [first_epochs, first_batch]
