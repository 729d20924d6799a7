"""Whole folders: the pipeline we recommend, and large photos."""

import functools
from collections.abc import Iterator
from pathlib import Path

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.benchmarks.measure import ATTEMPTS, Row, peak_bytes, speed
from tests.benchmarks.peers import with_tensorflow
from tests.benchmarks.setting import BATCH, SIZE, Setting, load, run_through


def single_images(folder: Path, dtype: str) -> tf.data.Dataset:
    """One by one, cropped, in 0…255; with "uint8" rounded, a quarter of the bytes."""

    def same_each_time(image, label):
        return tf.cast(tf.round(tf.image.central_crop(image, 0.8)), dtype), label

    return load(folder, batch_size=None, image_size=SIZE).map(same_each_time)


def recommended(setting: Setting, dtype: str = "uint8") -> tf.data.Dataset:
    """The pipeline of lesson 12 with a window as long as the folder, doing what `usual` does."""

    def new_each_time(images, labels):
        return tf.cast(images, tf.float32), labels

    kept = single_images(setting.folder, dtype).cache()
    train = kept.shuffle(len(kept)).batch(BATCH).map(new_each_time, num_parallel_calls=tf.data.AUTOTUNE)
    return train.prefetch(tf.data.AUTOTUNE)


def usual(folder: Path) -> tf.data.Dataset:
    """What many tutorials show: the loader, and a mapped tf.function."""
    dataset = load(folder, image_size=SIZE, batch_size=BATCH, shuffle=True)

    @tf.function
    def process_images(images, labels):
        images = tf.image.central_crop(images, central_fraction=0.8)
        return images, labels

    return dataset.map(process_images)


def recipe(setting: Setting) -> Iterator[Row]:
    _, decoding = setting.decoding
    fresh = [recommended(setting) for _ in range(ATTEMPTS * (setting.rounds + 2))]  # two more for the warm-up

    def first_epoch():
        dataset = fresh.pop()
        return dataset, run_through(dataset)

    what = "the recommended pipeline: speed of a first epoch / that of decoding alone"
    yield speed(what, first_epoch, decoding, setting.rounds, at_least=0.85)
    paths = tf.data.Dataset.from_tensor_slices(setting.listing.paths)
    resized = paths.map(with_tensorflow, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH)
    yield speed(
        "decoding and resizing, and nothing else: speed / that of decoding alone", resized, decoding, setting.rounds
    )
    what = "the recommended pipeline: speed of a later epoch / the loader's with a mapped tf.function"
    ours = recommended(setting)
    yield speed(what, ours, usual(setting.folder), setting.rounds, at_least=5)
    what = "the recommended pipeline: speed of a later epoch / that with float32 in the cache"
    yield speed(what, ours, recommended(setting, "float32"), setting.rounds)
    calls = [(_fill_cache, setting.folder, dtype) for dtype in ("", "uint8", "float32")]
    peaks = peak_bytes(calls * setting.processes)
    alone, of_uint8, of_float32 = (np.array(peaks[place :: len(calls)]) for place in range(len(calls)))
    what = "the recommended pipeline: extra peak memory by its cache / by one with float32"
    yield Row(what, ((of_uint8 - alone) / (of_float32 - alone)).tolist(), at_most=0.26)
    small, large = (bytes_of_images(single_images(setting.folder, dtype)) for dtype in ("uint8", "float32"))
    yield Row("the recommended pipeline: bytes of the images in its cache / with float32", [small / large])


def bytes_of_images(images: tf.data.Dataset) -> int:
    return sum(image.nbytes for image, _ in images.as_numpy_iterator())


def _fill_cache(folder: Path, dtype: str) -> Iterator:
    """In a fresh process: one pass, with a cache or ("") without."""
    images = single_images(folder, dtype or "uint8")
    return run_through((images.cache() if dtype else images).batch(BATCH))


def decode_smaller(path: tf.Tensor) -> tf.Tensor:
    """A JPEG read at the smallest of 1/1, 1/2, 1/4, 1/8 that is no smaller than SIZE, then resized."""
    content = tf.io.read_file(path)
    fits = tf.reduce_min(tf.image.extract_jpeg_shape(content)[:2] // SIZE)
    decoders = [functools.partial(tf.io.decode_jpeg, content, channels=3, ratio=ratio) for ratio in (1, 2, 4, 8)]
    image = tf.switch_case(tf.reduce_sum(tf.cast(fits >= [2, 4, 8], tf.int32)), decoders)
    return tf.image.resize(image, SIZE)


def large_photos(setting: Setting) -> Iterator[Row]:
    loaded = load(setting.large_folder, image_size=SIZE, batch_size=BATCH)
    paths = tf.data.Dataset.from_tensor_slices(loaded.file_paths)
    smaller = paths.map(decode_smaller, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(tf.data.AUTOTUNE)
    what = "JPEGs of 4032 x 3024, decoded at 1/8: speed / the loader's"
    yield speed(what, smaller, loaded, setting.rounds, at_least=1.5)
    reference = np.stack([Image.open(path).resize(SIZE[::-1], Image.Resampling.LANCZOS) for path in loaded.file_paths])
    ours, loaders = (
        np.abs(np.concatenate(list(batches.as_numpy_iterator())) - reference).mean(axis=(1, 2, 3))
        for batches in (smaller, loaded.map(lambda images, _: images))
    )
    what = "JPEGs of 4032 x 3024, decoded at 1/8: mean difference to Pillow's Lanczos / the loader's"
    yield Row(what, (ours / loaders).tolist(), at_most=1)


BENCHMARKS = [recipe, large_photos]
