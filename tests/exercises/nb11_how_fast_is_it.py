"""Answers to the exercises of 11_how_fast_is_it."""

import functools

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.material import names_of


@functools.cache
def slow_of_the_lesson():
    return names_of("11_how_fast_is_it")["slow"]


def decoded(path):
    return tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)


def is_wide_and_large(height, width):
    return (width > height) & (height >= 100)


def size_of_the_photo(photo, picture):
    return tf.shape(photo)[:2]


def fast(paths, chosen=is_wide_and_large, resize=tf.image.resize, size=size_of_the_photo, **options):
    options = {"num_parallel_calls": tf.data.AUTOTUNE, **options}
    photos = tf.data.Dataset.from_tensor_slices(paths).map(decoded, **options)
    photos = photos.filter(lambda photo: chosen(*tf.unstack(tf.shape(photo)[:2])))

    def picture_and_size(photo):
        picture = resize(photo, (64, 64))
        return picture, size(photo, picture)

    return photos.map(picture_and_size).batch(8)


def one_at_a_time(paths):
    return fast(paths, num_parallel_calls=None)


def decoded_twice(paths):
    def is_chosen(path):
        return is_wide_and_large(*tf.unstack(tf.shape(decoded(path))[:2]))

    def picture_and_size(path):
        photo = decoded(path)
        return tf.image.resize(photo, (64, 64)), tf.shape(photo)[:2]

    files = tf.data.Dataset.from_tensor_slices(paths).filter(is_chosen)
    return files.map(picture_and_size, num_parallel_calls=tf.data.AUTOTUNE).batch(8)


def is_higher(height, width):
    return (width > height) & (height > 100)


def is_square_or_wide(height, width):
    return (width >= height) & (height >= 100)


def is_any(*parts):
    return True


def smaller(pictures, sizes):
    return pictures[:, ::2, ::2], sizes


def as_arrays(paths, slow):
    pictures, sizes = zip(*slow(paths), strict=True)
    return tf.data.Dataset.from_tensor_slices((np.concatenate(pictures), np.concatenate(sizes))).batch(8)


def chosen_by_headers(paths):
    chosen = []
    for path in paths:
        width, height = Image.open(path).size
        if width > height >= 100:
            chosen.append(path)
    return fast(chosen)


def sizes_from_headers(paths):
    sizes = [Image.open(path).size[::-1] for path in paths]
    sizes = [(height, width) for height, width in sizes if width > height >= 100]
    known = tf.data.Dataset.from_tensor_slices(sizes * 2)
    pictures = fast(paths).map(lambda pictures, sizes: pictures).unbatch()
    return tf.data.Dataset.zip(pictures, known).batch(8)


def nearest(photo, size):
    return tf.cast(tf.image.resize(photo, size, "nearest"), tf.float32)


def rounded(photo, size):
    return tf.round(tf.image.resize(photo, size))


def in_bytes(photo, size):
    return tf.cast(rounded(photo, size), tf.uint8)


GIVEN = {"check_fast": lambda folder: (slow_of_the_lesson(),)}
WRONG = {
    "check_fast": [
        (lambda slow: lambda paths: slow(paths).prefetch(tf.data.AUTOTUNE), "times as fast: not yet twice"),
        (lambda slow: lambda paths: slow(paths).cache(), "something was kept. Without a cache"),
        (lambda slow: lambda paths: as_arrays(paths, slow), "something was kept. Without a cache"),
        (lambda slow: lambda paths: fast(paths).cache(), "something was kept. Without a cache"),
        (lambda slow: chosen_by_headers, "You chose the files when you made the dataset"),
        (lambda slow: sizes_from_headers, "not everything you yield changed with them"),
        (lambda slow: lambda paths: fast(paths).repeat(), "This never ends"),
        (lambda slow: lambda paths: fast(paths).unbatch().repeat().filter(is_any).batch(8), "This goes on after"),
        (lambda slow: lambda paths: fast(paths, resize=in_bytes), "or rounded"),
        (lambda slow: lambda paths: fast(paths, resize=rounded), "or rounded"),
        (lambda slow: lambda paths: fast(paths, resize=nearest), "Pixels changed"),
        (lambda slow: lambda paths: fast(paths, chosen=lambda height, width: width > height), "Keep what is wide and"),
        (lambda slow: lambda paths: fast(paths, chosen=lambda height, width: height >= 100), "Keep what is wide and"),
        (lambda slow: lambda paths: fast(paths, chosen=is_higher), "Keep what is wide and large"),
        (lambda slow: lambda paths: fast(paths, chosen=is_square_or_wide), "Keep what is wide and large"),
        (lambda slow: lambda paths: fast(paths).unbatch().batch(8).map(smaller), "yours [(8, 32, 32, 3)"),
        (lambda slow: lambda paths: fast(paths).unbatch(), "in batches of 8"),
        (lambda slow: lambda paths: fast(paths[::-1]), "the right pictures in a different order"),
        (lambda slow: lambda paths: fast(paths, deterministic=False), "does not keep the order"),
        (
            lambda slow: lambda paths: fast(paths, size=lambda photo, picture: tf.shape(picture)[:2]),
            "the sizes are not",
        ),
        (lambda slow: lambda paths: fast(paths, size=lambda photo, picture: tf.shape(photo)[1::-1]), "height first"),
        (lambda slow: lambda paths: fast(paths).map(lambda pictures, sizes: pictures), "one TensorSpec"),
        (lambda slow: lambda paths: list(fast(paths)), "This should be a dataset"),
    ],
    "check_most_saved": [
        (
            lambda photos, steps, elsewhere: 0,
            "20 s of photos and 50 s of steps on the CPU: your answer is 0, but the saving is 20",
        ),
        (
            lambda photos, steps, elsewhere: min(photos, steps),
            "on another device: your answer is 20, but the saving is 0",
        ),
        (lambda photos, steps, elsewhere: "20", "This should be a number of seconds; it is a str"),
        (lambda photos, steps, elsewhere: (photos, steps), "it is a tuple"),
    ],
}
RIGHT = {
    "check_fast": [
        lambda slow: fast,
        lambda slow: one_at_a_time,
        lambda slow: decoded_twice,
        lambda slow: (
            lambda paths: fast(paths).map(lambda pictures, sizes: (pictures, tf.cast(sizes, tf.int64))).prefetch(1)
        ),
    ],
    "check_most_saved": [
        lambda photos, steps, elsewhere: np.float32(max(photos, steps) - steps if elsewhere else photos),
        lambda photos, steps, elsewhere: tf.maximum(photos - steps, 0) if elsewhere else tf.constant(photos),
    ],
}
