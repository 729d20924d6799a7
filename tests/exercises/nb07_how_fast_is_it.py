"""Answers to the exercises of 07_how_fast_is_it."""

import functools
from pathlib import Path

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.material import load, names_of


@functools.cache
def slow_of_the_lesson():
    return names_of("07_how_fast_is_it")["slow"]


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


def to_bytes(directory, dtype=tf.uint8, size=64, scale=1, **options):
    dataset = load(directory, **{"image_size": (size, size), "batch_size": None, "shuffle": False, **options})
    return dataset.map(lambda image, label: (tf.cast(tf.round(image * scale), dtype), label))


def cached(directory, **options):
    return to_bytes(directory, **options).cache().shuffle(100).batch(8)


def bytes_behind_the_cache(directory):
    floats = load(directory, image_size=(64, 64), batch_size=None, shuffle=False).cache()
    return floats.map(lambda image, label: (tf.cast(image, tf.uint8), label)).shuffle(36).batch(8)


def cached_beside(directory):
    return to_bytes(directory).cache(f"{directory}.cache").shuffle(36).batch(8)


def photos_and_labels_shuffled_apart(directory):
    images, labels = (to_bytes(directory).map(lambda *pair, part=part: pair[part]) for part in (0, 1))
    return tf.data.Dataset.zip(images.cache().shuffle(36), labels.cache().shuffle(36)).batch(8)


def ratio_for(shape, size, choose=min, ratios=(8, 4, 2, 1)):
    worse = choose(shape[0] / size[0], shape[1] / size[1])
    return next((ratio for ratio in ratios if worse >= ratio), 1)


def ratio_that_leaves_more(shape, size):
    for ratio in (8, 4, 2):
        if shape[0] / ratio > size[0] and shape[1] / ratio > size[1]:
            return ratio
    return 1


def by_logarithm(shape, size):
    worse = min(np.divide(shape, size))
    return np.clip(2 ** np.floor(np.log2(worse)), 1, 8)


def in_an_array(shape, size):
    return np.array(float(ratio_for(shape, size)))


def in_a_tensor(shape, size):
    worse = tf.reduce_min(tf.constant(shape) // tf.constant(size))
    return tf.constant(2) ** tf.math.count_nonzero(worse >= [2, 4, 8], dtype=tf.int32)


GIVEN = {"check_fast": lambda folder: (slow_of_the_lesson(),)}
WRONG = {
    "check_fast": [
        (lambda slow: lambda paths: slow(paths).prefetch(tf.data.AUTOTUNE), "times as fast: not twice yet"),
        (lambda slow: lambda paths: slow(paths).cache(), "something was kept. Without a cache"),
        (lambda slow: lambda paths: as_arrays(paths, slow), "something was kept. Without a cache"),
        (lambda slow: lambda paths: fast(paths).cache(), "something was kept. Without a cache"),
        (lambda slow: chosen_by_headers, "You chose the files when the dataset was made"),
        (lambda slow: sizes_from_headers, "not all that you give changed with them"),
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
        (lambda slow: lambda paths: fast(paths[::-1]), "the right pictures in another order"),
        (lambda slow: lambda paths: fast(paths, deterministic=False), "The order is not kept"),
        (
            lambda slow: lambda paths: fast(paths, size=lambda photo, picture: tf.shape(picture)[:2]),
            "the sizes are not",
        ),
        (lambda slow: lambda paths: fast(paths, size=lambda photo, picture: tf.shape(photo)[1::-1]), "height first"),
        (lambda slow: lambda paths: fast(paths).map(lambda pictures, sizes: pictures), "one TensorSpec"),
        (lambda slow: lambda paths: list(fast(paths)), "A dataset is wanted"),
    ],
    "check_cached": [
        (lambda folder: to_bytes(folder).shuffle(100).batch(8), "nothing is cached"),
        (lambda folder: to_bytes(folder).shuffle(100).batch(8).ignore_errors(), "nothing is cached"),
        (lambda folder: to_bytes(folder).shuffle(100).batch(8).cache(), "the cache froze it"),
        (
            lambda folder: to_bytes(folder).cache().shuffle(36, reshuffle_each_iteration=False).batch(8),
            "was told to keep it",
        ),
        (lambda folder: to_bytes(folder).cache(f"{folder}/kept").shuffle(36).batch(8), "in a file of that folder"),
        (lambda folder: to_bytes(folder).cache().shuffle(36).repeat().batch(8), "This never ends"),
        (lambda folder: to_bytes(folder).cache().shuffle(36).batch(8).repeat().filter(is_any), "This goes on after"),
        (lambda folder: to_bytes(folder, batch_size=8, shuffle=True).cache(), "the cache froze it"),
        (lambda folder: to_bytes(folder, batch_size=8).cache().shuffle(100), "always hold the same photos"),
        (lambda folder: cached(folder).take(0), "This dataset is empty"),
        (lambda folder: to_bytes(folder).cache().shuffle(36), "These are single images"),
        (lambda folder: cached(folder, dtype=tf.float32), "this is float32"),
        (lambda folder: cached(folder, size=32), "(32, 32, 3)"),
        (lambda folder: cached(folder, scale=1 / 255), "leave the images at 0 to 255"),
        (lambda folder: cached(folder).unbatch().batch(32), "yours have [32, 4]"),
        (lambda folder: cached(folder).rebatch(8, drop_remainder=True), "yours have [8, 8, 8, 8]"),
        (lambda folder: cached(folder, labels=None), "raised TypeError"),
        (lambda folder: cached(folder).map(lambda images, labels: images), "one TensorSpec"),
        (lambda folder: cached(folder).map(lambda images, labels: (images, 1 - labels)), "with its own label"),
        (photos_and_labels_shuffled_apart, "with its own label"),
        (lambda folder: list(cached(folder)), "A dataset is wanted"),
        (
            lambda folder: to_bytes(folder).cache().repeat().shuffle(100).batch(8).take(5).rebatch(8),
            "36 photos make batches",
        ),
    ],
    "check_ratio_for": [
        (lambda shape, size: 8, "(100, 100) for (128, 128) gives 8, not 1"),
        (lambda shape, size: 1, "378 by 504 are left"),
        (functools.partial(ratio_for, choose=max), "at 1/8 the height would be 125"),
        (lambda shape, size: ratio_for(shape[:1] * 2, size), "at 1/8 the width would be 125"),
        (lambda shape, size: ratio_for(shape, size[::-1]), "both are (height, width)"),
        (functools.partial(ratio_for, ratios=(8, 7, 6, 5, 4, 3, 2, 1)), "gives 7, not 4"),
        (lambda shape, size: max(1, min(shape[0] // size[0], shape[1] // size[1])), "not 8"),
        (functools.partial(ratio_for, ratios=(16, 8, 4, 2, 1)), "gives 16, not 8"),
        (ratio_that_leaves_more, "as many as wanted"),
        (lambda shape, size: max(ratio for ratio in (1, 2, 4, 8) if ratio * size[0] <= shape[0]), "a default"),
        (lambda shape, size: next(ratio for ratio in (8, 4, 2, 1) if ratio * size[0] <= shape[0]), "a default"),
        (lambda shape, size: str(ratio_for(shape, size)), "this is a str"),
        (lambda shape, size: complex(ratio_for(shape, size)), "this is a complex"),
        (lambda shape, size: np.complex64(ratio_for(shape, size)), "this is a complex64"),
        (lambda shape, size: np.str_(ratio_for(shape, size)), "this is a str"),
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
    "check_cached": [
        cached,
        bytes_behind_the_cache,
        cached_beside,
        lambda folder: cached(Path(folder), pad_to_aspect_ratio=True),
        lambda folder: cached(folder, crop_to_aspect_ratio=True, label_mode="categorical"),
        lambda folder: cached(folder, label_mode="binary").prefetch(1),
    ],
    "check_ratio_for": [ratio_for, by_logarithm, in_a_tensor, in_an_array],
}
