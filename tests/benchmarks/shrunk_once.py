"""Photos saved once as small JPEGs, in a folder or one TFRecord: what each first epoch over them costs.

Those of the size wanted need no resizing; those that keep their proportions do, or a crop.
"""

import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers import files as listings

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.benchmarks.measure import Row, quiet_compare
from tests.benchmarks.recipe import endless, first_epoch, mixed, recommended
from tests.benchmarks.setting import BATCH, SIZE, Setting, new_each_time


def one_record(folder: Path) -> Path:
    """The files of a folder in a mixed order, each with its label, in one file beside it."""
    record = folder.with_suffix(".tfrecord")
    with tf.io.TFRecordWriter(str(record)) as writer:
        for path, label in mixed(folder).as_numpy_iterator():
            writer.write(np.int32(label).tobytes() + Path(path.decode()).read_bytes())
    return record


def as_it_is(content):
    """A JPEG that has the size wanted."""
    return tf.ensure_shape(tf.io.decode_jpeg(content, channels=3), (*SIZE, 3))


def resized(content):
    return tf.cast(tf.round(tf.image.resize(tf.io.decode_jpeg(content, channels=3), SIZE)), tf.uint8)


def read_folder(folder: Path, decode: Callable) -> tf.data.Dataset:
    return recommended(folder, lambda path, label: (decode(tf.io.read_file(path)), label))


def read_record(record: Path, decode: Callable) -> tf.data.Dataset:
    def photo(content):
        label = tf.io.decode_raw(tf.strings.substr(content, 0, 4), tf.int32)[0]
        return decode(tf.strings.substr(content, 4, -1)), label

    photos = tf.data.TFRecordDataset(str(record)).map(photo, num_parallel_calls=tf.data.AUTOTUNE)
    return endless(photos.batch(BATCH).cache())


def shrink(setting: Setting, name: str, whole: bool) -> Path:
    """The photos saved once more, at the size wanted, or (whole) so that the shorter side is as long as wanted."""
    folder = setting.workplace / name
    for path in map(Path, setting.listing.paths):
        photo, size = Image.open(path), SIZE[::-1]
        if whole:
            scale = max(new / old for new, old in zip(size, photo.size, strict=True))
            size = (round(scale * photo.width), round(scale * photo.height))
        (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
        photo.resize(size, Image.Resampling.LANCZOS).save(folder / path.parent.name / path.name, quality=90)
    return folder


def shrunk_once(setting: Setting) -> Iterator[Row]:
    _, decoding = setting.decoding
    sizes = {"shorter side 128": shrink(setting, "whole", True), "128 x 128": shrink(setting, "squashed", False)}
    works = {"decoding": decoding}
    for decode, (name, folder) in zip((resized, as_it_is), sizes.items(), strict=True):
        make = functools.partial(read_folder, decode=decode)
        works[f"{name}, a folder"] = first_epoch(folder, setting.rounds, make)
        make = functools.partial(read_record, one_record(folder), decode)
        works[f"{name}, one TFRecord"] = new_each_time(make, math.ceil(setting.photos / BATCH), setting.rounds)
    comparison, others = quiet_compare(works, "decoding", setting.rounds)
    for name in list(works)[1:]:
        what = f"shrunk once, {name}: speed of a first epoch / that of decoding the originals alone"
        yield Row(what, comparison.ratios(name), at_least=3, others=others)
    old = sizes_on_disk(setting.folder).mean()
    for name, folder in sizes.items():
        what = f"shrunk once, {name}, on disk: mean bytes of a photo / of the originals"
        yield Row(what, [sizes_on_disk(folder).mean() / old], photo=old)


def sizes_on_disk(folder: Path) -> np.ndarray:
    return np.array([Path(path).stat().st_size for path in listings.list_images(folder).paths])


BENCHMARKS = [shrunk_once]
