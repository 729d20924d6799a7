"""Answers to the exercises of 12_read_once_or_less."""

import functools
from pathlib import Path

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.material import load


def is_any(*parts):
    return True


def to_bytes(directory, dtype=tf.uint8, size=64, scale=1, to_whole=tf.round, **options):
    dataset = load(directory, **{"image_size": (size, size), "batch_size": None, "shuffle": False, **options})
    return dataset.map(lambda image, label: (tf.cast(to_whole(image * scale), dtype), label))


def cached(directory, **options):
    return to_bytes(directory, **options).cache().shuffle(100).batch(8)


def bytes_behind_the_cache(directory):
    floats = load(directory, image_size=(64, 64), batch_size=None, shuffle=False).cache()
    return floats.map(lambda image, label: (tf.cast(tf.round(image), tf.uint8), label)).shuffle(36).batch(8)


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


def shrink(source, target, size=(128, 128), change=Image.Image.thumbnail, place=Path.relative_to):
    paths = sorted(Path(source).glob("*/*"))
    for path in paths:
        small_path = Path(target, place(path, source))
        small_path.parent.mkdir(exist_ok=True)
        with Image.open(path) as photo:
            small = change(photo, size) or photo  # thumbnail changes the photo itself
            small.save(small_path)
    return len(paths)


def shrink_with_tensorflow(source, target):
    paths = load(source, labels=None).file_paths
    for path in paths:
        image = tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)
        if max(image.shape) > 128:
            image = tf.image.resize(image, (128, 128), method="area", preserve_aspect_ratio=True)
        small_path = Path(target, Path(path).relative_to(source))
        small_path.parent.mkdir(exist_ok=True)
        tf.keras.utils.save_img(small_path, image, scale=False)
    return tf.constant(len(paths))


def to_the_right_size(photo, size):
    scale = size[0] / max(photo.size)
    return photo.resize([round(side * scale) for side in photo.size])


def to_a_shorter_side(photo, size):
    return (
        photo.resize([round(side * size[0] / min(photo.size)) for side in photo.size])
        if min(photo.size) > 128
        else photo
    )


def shrink_and(then):
    def answer(source, target):
        count = shrink(source, target)
        return then(Path(source), Path(target), count)

    return answer


def exchange(source, target, count):
    (target / "b/one.jpg").write_bytes(b"no photo")
    return count


def exchange_two(source, target, count):
    small = Image.open(target / "a/one.jpg").transpose(Image.Transpose.ROTATE_180)
    small.save(target / "a/one.jpg")
    return count


WRONG = {
    "check_cached": [
        (lambda folder: to_bytes(folder).shuffle(100).batch(8), "nothing is cached"),
        (lambda folder: to_bytes(folder).shuffle(100).batch(8).ignore_errors(), "nothing is cached"),
        (lambda folder: to_bytes(folder).shuffle(100).batch(8).cache(), "the cache froze it"),
        (
            lambda folder: to_bytes(folder).cache().shuffle(36, reshuffle_each_iteration=False).batch(8),
            "is set to keep it",
        ),
        (lambda folder: to_bytes(folder).cache(f"{folder}/kept").shuffle(36).batch(8), "a file in that folder"),
        (lambda folder: to_bytes(folder).cache().shuffle(36).repeat().batch(8), "This never ends"),
        (lambda folder: to_bytes(folder).cache().shuffle(36).batch(8).repeat().filter(is_any), "This goes on after"),
        (lambda folder: to_bytes(folder, batch_size=8, shuffle=True).cache(), "the cache froze it"),
        (lambda folder: to_bytes(folder, batch_size=8).cache().shuffle(100), "always hold the same photos"),
        (lambda folder: cached(folder).take(0), "This dataset is empty"),
        (lambda folder: to_bytes(folder).cache().shuffle(36), "These are single images"),
        (lambda folder: cached(folder, dtype=tf.float32), "they are float32"),
        (lambda folder: cached(folder, size=32), "(32, 32, 3)"),
        (lambda folder: cached(folder, scale=1 / 255), "leave the images at 0 to 255"),
        (lambda folder: cached(folder, to_whole=tf.identity), "round before you cast"),
        (lambda folder: cached(folder, to_whole=tf.identity, pad_to_aspect_ratio=True), "round before you cast"),
        (lambda folder: cached(folder, to_whole=tf.identity, crop_to_aspect_ratio=True), "round before you cast"),
        (lambda folder: cached(folder, to_whole=tf.identity, interpolation="bicubic"), "round before you cast"),
        (lambda folder: cached(folder).unbatch().batch(32), "yours hold [32, 4]"),
        (lambda folder: cached(folder).rebatch(8, drop_remainder=True), "yours hold [8, 8, 8, 8]"),
        (lambda folder: cached(folder, labels=None), "raised TypeError"),
        (lambda folder: cached(folder).map(lambda images, labels: images), "one TensorSpec"),
        (lambda folder: cached(folder).map(lambda images, labels: (images, 1 - labels)), "with its own label"),
        (photos_and_labels_shuffled_apart, "with its own label"),
        (lambda folder: list(cached(folder)), "This should be a dataset"),
        (
            lambda folder: to_bytes(folder).cache().repeat().shuffle(100).batch(8).take(5).rebatch(8),
            "36 photos make batches",
        ),
    ],
    "check_ratio_for": [
        (lambda shape, size: 8 if size[0] < shape[0] else None, "Is a `return` missing?"),
        (lambda shape, size: 8, "(100, 100) for (128, 128) gives 8, not 1"),
        (lambda shape, size: 1, "at 1/8, 378 by 504 are left"),
        (functools.partial(ratio_for, choose=max), "at 1/8 the height would be 125"),
        (lambda shape, size: ratio_for(shape[:1] * 2, size), "at 1/8 the width would be 125"),
        (lambda shape, size: ratio_for(shape, size[::-1]), "both are (height, width)"),
        (functools.partial(ratio_for, ratios=(8, 7, 6, 5, 4, 3, 2, 1)), "gives 7, not 4"),
        (lambda shape, size: max(1, min(shape[0] // size[0], shape[1] // size[1])), "not 8"),
        (functools.partial(ratio_for, ratios=(16, 8, 4, 2, 1)), "gives 16, not 8"),
        (ratio_that_leaves_more, "exactly enough"),
        (lambda shape, size: max(ratio for ratio in (1, 2, 4, 8) if ratio * size[0] <= shape[0]), "a default"),
        (lambda shape, size: next(ratio for ratio in (8, 4, 2, 1) if ratio * size[0] <= shape[0]), "a default"),
        (lambda shape, size: str(ratio_for(shape, size)), "it is a str"),
        (lambda shape, size: complex(ratio_for(shape, size)), "it is a complex"),
        (lambda shape, size: np.complex64(ratio_for(shape, size)), "it is a complex64"),
        (lambda shape, size: np.str_(ratio_for(shape, size)), "it is a str"),
    ],
    "check_shrink_folder": [
        (lambda source, target: 6, "Nothing was written"),
        (lambda source, target: shrink(source, source), "The large photos have changed"),
        (functools.partial(shrink, place=lambda path, source: path.name), "is not in a class folder"),
        (functools.partial(shrink, place=lambda path, source: f"all/{path.name}"), "6 of 6 photos are missing"),
        (functools.partial(shrink, place=lambda path, source: path.relative_to(source).with_suffix(".jpg")), "2 of 6"),
        (functools.partial(shrink, place=lambda path, source: f"{path.parent.name}/{path.stem}.png"), "Keep the names"),
        (functools.partial(shrink, change=Image.Image.resize), "keep the proportions"),
        (functools.partial(shrink, change=to_the_right_size), "a photo that is already smaller should keep its size"),
        (functools.partial(shrink, change=to_a_shorter_side), "The longer side should have at most 128"),
        (functools.partial(shrink, change=lambda photo, size: photo), "The longer side should have at most 128"),
        (functools.partial(shrink, size=(64, 64)), "keep the proportions"),
        (shrink_and(exchange), "b/one.jpg cannot be opened"),
        (shrink_and(exchange_two), "a/one.jpg in `target` does not show the same"),
        (shrink_and(lambda source, target, count: f"{count} photos"), "What you return should be their number"),
        (shrink_and(lambda source, target, count: count - 1), "there are 6 of them, not 5"),
        (
            shrink_and(lambda source, target, count: (target / "a/log.txt").write_text("six") and count),
            "There are also other files",
        ),
    ],
}
RIGHT = {
    "check_cached": [
        cached,
        bytes_behind_the_cache,
        cached_beside,
        lambda folder: cached(Path(folder), pad_to_aspect_ratio=True),
        lambda folder: cached(folder, crop_to_aspect_ratio=True, label_mode="categorical"),
        lambda folder: cached(folder, label_mode="binary").prefetch(1),
        *[lambda folder, way=way: cached(folder, interpolation=way) for way in ("nearest", "bicubic", "area")],
    ],
    "check_ratio_for": [ratio_for, by_logarithm, in_a_tensor, in_an_array],
    "check_shrink_folder": [shrink, shrink_with_tensorflow],
}
