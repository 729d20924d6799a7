"""Settings that are often recommended: each beside the same pipeline without it. Decoded in full, and resized."""

import dataclasses
import functools
import os
from collections.abc import Iterator

import tensorflow as tf

from tests.benchmarks.measure import Row, quiet_compare
from tests.benchmarks.setting import BATCH, SIZE, Setting

MIDDLE = 0.8  # of height and width


def pipeline(paths: list[str], prefetched: int = tf.data.AUTOTUNE, resize=tf.image.resize, **decoding):
    def shrunk(path):
        return resize(tf.io.decode_jpeg(tf.io.read_file(path), channels=3, **decoding), SIZE)

    files = tf.data.Dataset.from_tensor_slices(paths)
    return files.map(shrunk, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(prefetched)


def of_the_middle(paths: list[str], photo) -> tf.data.Dataset:
    def shrunk(path):
        content = tf.io.read_file(path)
        size = tf.image.extract_jpeg_shape(content)[:2]
        new = tf.cast(MIDDLE * tf.cast(size, tf.float32), tf.int32)
        return tf.image.resize(photo(content, (size - new) // 2, new), SIZE)

    files = tf.data.Dataset.from_tensor_slices(paths)
    return files.map(shrunk, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(tf.data.AUTOTUNE)


def decoded_and_sliced(content, start, size):
    return tf.slice(tf.io.decode_jpeg(content, channels=3), [*tf.unstack(start), 0], [*tf.unstack(size), 3])


def decoded_and_cropped(content, start, size):
    return tf.io.decode_and_crop_jpeg(content, tf.concat([start, size], axis=0), channels=3)


def no_gain(setting: Setting) -> Iterator[Row]:
    paths, cores = setting.listing.paths, os.cpu_count()
    plain, threads, any_order = (pipeline(paths), tf.data.Options(), tf.data.Options())
    threads.threading.private_threadpool_size = cores
    any_order.deterministic = False
    antialiased = functools.partial(tf.image.resize, antialias=True)
    changed = {
        'decode_jpeg(dct_method="INTEGER_ACCURATE")': pipeline(paths, dct_method="INTEGER_ACCURATE"),
        'decode_jpeg(dct_method="INTEGER_FAST")': pipeline(paths, dct_method="INTEGER_FAST"),
        "decode_jpeg(fancy_upscaling=False)": pipeline(paths, fancy_upscaling=False),
        "resize(antialias=True)": pipeline(paths, resize=antialiased),
        f"private_threadpool_size = {cores}": plain.with_options(threads),
        "deterministic = False": plain.with_options(any_order),
        "prefetch(2)": pipeline(paths, prefetched=2),
        "prefetch(10)": pipeline(paths, prefetched=10),
    }
    cropped, sliced = (of_the_middle(paths, photo) for photo in (decoded_and_cropped, decoded_and_sliced))
    comparison, others = quiet_compare(
        {"plain": plain, **changed, "cropped": cropped, "sliced": sliced}, "plain", setting.rounds
    )
    for name in changed:
        yield Row(f"decoding and resizing, {name}: speed / without it", comparison.ratios(name), others=others)
    ratios = dataclasses.replace(comparison, baseline="sliced").ratios("cropped")
    what = f"decode_and_crop_jpeg of the middle {MIDDLE:.0%}: speed / that of decoding all of it and slicing"
    yield Row(what, ratios, others=others)


BENCHMARKS = [no_gain]
