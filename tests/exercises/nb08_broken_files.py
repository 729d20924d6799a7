"""Answers to the exercises of 08_broken_files."""

import os
import tempfile
from pathlib import Path

from helpers import access, bad_images, files

import tensorflow as tf
import cv2
import numpy as np
from PIL import Image

from tests.material import PNG, load

from_slices = tf.data.Dataset.from_tensor_slices


def by_decoding(paths, decode=None):
    """Of files that are there."""
    decode = decode or (lambda path: tf.io.decode_image(tf.io.read_file(path), channels=3))
    broken = []
    for path in paths:
        try:
            decode(path)
        except (tf.errors.OpError, OSError, SyntaxError):
            broken.append(path)
    return broken


def by_loader(paths):
    """Each file alone in a folder."""

    def loads(path):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, Path(path).name).write_bytes(Path(path).read_bytes())
            list(load(folder, labels=None))

    return by_decoding(paths, loads)


def by_missing(paths):
    def pair(path):
        return tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False), path

    good = from_slices(paths).map(pair).ignore_errors()
    names = {path.decode() for _, path in good.as_numpy_iterator()}
    return (path for path in paths if path not in names)


def and_deleted(paths):
    broken = by_decoding(paths)
    for path in broken:
        os.remove(path)
    return broken


def and_overwritten(paths):
    broken = by_decoding(paths)
    for path in broken:
        Path(path).write_bytes(PNG)
    return broken


def first_one(paths):
    return next(path for path in paths if by_decoding([path]))


def beside_missing(broken_files):
    """Both lists, of a function that is given the files that are there."""

    def broken_and_missing(paths):
        there = [path for path in paths if os.path.exists(path)]
        return broken_files(there), [path for path in paths if not os.path.exists(path)]

    return broken_and_missing


def by_two_errors(paths):
    broken, missing = [], []
    for path in paths:
        try:
            tf.io.decode_image(tf.io.read_file(path), channels=3)
        except tf.errors.NotFoundError:
            missing.append(path)
        except tf.errors.InvalidArgumentError:
            broken.append(path)
    return {"broken": broken, "missing": missing}


def broken_alone(paths):
    return by_decoding(path for path in paths if os.path.exists(path))


def removed_from_the_list(paths):
    both = beside_missing(by_decoding)(paths)
    paths.clear()
    return both


def trainable(directory, skip=lambda single: single.ignore_errors(), count=None, size=32, batch=8, **options):
    good = skip(load(directory, batch_size=None, image_size=(size, size), **options))
    count = count or sum(1 for _ in good)
    return good.apply(tf.data.experimental.assert_cardinality(count)).batch(batch)


def trainable_by_list(directory):
    listing = files.list_images(directory)
    rows = [row for row, path in enumerate(listing.paths) if not by_decoding([path])]
    paths, labels = ([values[row] for row in rows] for values in (listing.paths, listing.labels))
    dataset = access.image_dataset(paths, labels, image_size=(32, 32), batch_size=8)
    return dataset.map(lambda images, labels, paths: (images, labels))


def stated_batches(directory, count=None):
    batches = load(directory, batch_size=None, image_size=(32, 32)).ignore_errors().batch(8)
    return batches.apply(tf.data.experimental.assert_cardinality(count or sum(1 for _ in batches)))


def labels_of_all_files(directory):
    """The labels of the listing beside the images that are left."""
    single = load(directory, batch_size=None, image_size=(32, 32), shuffle=False)
    images = single.map(lambda image, label: image).ignore_errors()
    labels = from_slices(files.list_images(directory).labels)
    pairs = tf.data.Dataset.zip(images, labels)
    return pairs.apply(tf.data.experimental.assert_cardinality(17)).batch(8)


def without_broken_files(directory):
    for path in by_decoding(files.list_images(directory).paths):
        os.remove(path)
    return load(directory, batch_size=8, image_size=(32, 32))


def batches_skipped(directory):
    batches = load(directory, batch_size=8, image_size=(32, 32), shuffle=False).ignore_errors()
    return batches.apply(tf.data.experimental.assert_cardinality(sum(1 for _ in batches)))


def with_paths(directory, batch_size=None, size=32, shuffle=False):
    dataset = load(directory, labels=None, shuffle=shuffle, batch_size=batch_size, image_size=(size, size))
    return dataset, from_slices(dataset.file_paths)


def intact(directory, **options):
    return tf.data.Dataset.zip(*with_paths(directory, **options)).ignore_errors().batch(8)


def by_decoder(directory, resize=lambda image: tf.image.resize(image, (32, 32)), paths=None):
    """All files of the folder, whatever they are; what cannot be decoded is skipped."""
    paths = paths or [str(path) for path in sorted(Path(directory).iterdir())]

    def read(path):
        return resize(tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)), path

    return from_slices(paths).map(read).ignore_errors().batch(8)


def by_image_dataset(directory):
    paths = [path for path in files.list_images(directory, labels=None).paths if path not in by_decoding([path])]
    return access.image_dataset(paths, image_size=(32, 32), batch_size=8, shuffle=True)


def padded(directory):
    return by_decoder(directory, lambda image: tf.image.resize_with_pad(image, 32, 32))


def batched_first(directory, batch_size=8):
    images, paths = with_paths(directory, batch_size=batch_size)
    return tf.data.Dataset.zip(images, paths.batch(batch_size)).ignore_errors()


def skipped_first(directory):
    images, paths = with_paths(directory)
    return tf.data.Dataset.zip(images.ignore_errors(), paths).batch(8)


def all_files(directory):
    """Beside the images not the paths of the loader, but all files, of which one is no image."""
    images, _ = with_paths(directory)
    paths = from_slices(sorted(str(path) for path in Path(directory).iterdir()))
    return tf.data.Dataset.zip(images, paths).ignore_errors().batch(8)


def deleted(directory):
    for path in by_decoding([str(path) for path in Path(directory).iterdir()]):
        os.remove(path)
    return intact(directory)


def overwritten(directory):
    for path in by_decoding(files.list_images(directory, labels=None).paths):
        Path(path).write_bytes(b"")
    return intact(directory)


def with_names_alone(directory):
    images, paths = with_paths(directory)
    names = paths.map(lambda path: tf.strings.split(path, os.sep)[-1])
    return tf.data.Dataset.zip(images, names).ignore_errors().batch(8)


def with_a_new_folder(directory):
    Path(directory, "broken").mkdir()
    return intact(directory)


RIGHT = {
    "check_broken_and_missing": [
        *map(
            beside_missing,
            [
                by_decoding,
                by_missing,
                by_loader,
                lambda paths: {
                    problem.path for problem in bad_images.find_bad_images(paths) if problem.kind == "broken"
                },
                lambda paths: tuple(map(Path, by_decoding(paths))),
                lambda paths: np.array(by_decoding(paths)),
            ],
        ),
        lambda paths: list(by_two_errors(paths).values()),
    ],
    "check_intact": [
        intact,
        by_image_dataset,
        by_decoder,
        padded,
        lambda directory: by_decoder(directory, lambda image: tf.image.resize(image, (32, 32), "bicubic")),
        lambda directory: intact(Path(directory)).cache().prefetch(1),
    ],
    "check_trainable": [
        trainable,
        trainable_by_list,
        stated_batches,
        lambda directory: trainable(Path(directory), shuffle=False).prefetch(1),
        lambda directory: trainable(directory).cache(),
    ],
}
WRONG = {
    "check_broken_and_missing": [
        (beside_missing(wrong), hint)
        for wrong, hint in [
            (
                lambda paths: by_decoding(paths, lambda path: Image.open(path).verify()),
                "which verify and imread accept",
            ),
            (lambda paths: by_decoding(paths, lambda path: Image.open(path).load()), "a TIFF with the wrong extension"),
            (lambda paths: [path for path in paths if cv2.imread(path) is None], "which verify and imread accept"),
            (
                lambda paths: [path for path in paths if not os.path.getsize(path)],
                "a JPEG without its last two bytes",
            ),
            (lambda paths: by_decoding(paths)[:1], "5 of 6 broken files are not in the first list"),
            (lambda paths: [], "6 of 6 broken files are not in the first list: an empty file."),
            (lambda paths: [Path(path).name for path in by_decoding(paths)], "this is not one of them: 2.jpg"),
            (
                lambda paths: [path in by_decoding(paths) for path in paths],
                "exactly as passed in; this is a bool",
            ),
            (lambda paths: from_slices(by_decoding(paths)), "This should be a list; it is a dataset"),
            (
                lambda paths: by_decoding(
                    paths, lambda path: tf.io.decode_jpeg(tf.io.read_file(path), try_recover_truncated=True)
                ),
                "JPEG without",
            ),
            (lambda paths: [path for path in paths if "jpg" in path], "3.jpg can be decoded"),
            (
                lambda paths: [problem.path for problem in bad_images.find_bad_images(paths)],
                "an odd file is not a broken one",
            ),
            (lambda paths: by_decoding(paths, lambda path: tf.io.decode_image(tf.io.read_file(path))), "a WebP with"),
            (lambda paths: by_decoding(paths) * 2, "appear twice"),
            (lambda paths: [path for path in paths if path not in by_decoding(paths)], "1.png can be decoded"),
            (and_deleted, "Your answer deletes files. Only list what is broken"),
            (and_overwritten, "Your answer writes files to the folder"),
            (first_one, "This should be a list; it is a str"),
            (lambda paths: len(by_decoding(paths)), "This should be a list; it is an int"),
            (lambda paths: by_decoding(map(Path, paths)), "write str(path)"),
        ]
    ]
    + [
        (removed_from_the_list, "Your function changes the list it is called with"),
        (broken_alone, "This should be a pair"),
        (by_two_errors, "it is a dict"),
        (lambda paths: (by_decoding(paths), []), "There is no file 11.jpg, so it is missing, not broken"),
        (lambda paths: beside_missing(by_decoding)(paths)[::-1], "There is no file 11.jpg"),
        (lambda paths: (broken_alone(paths), []), "2 files are missing; the second list has 0"),
        (
            lambda paths: (broken_alone(paths), broken_alone(paths)),
            "exists, so it does not belong in the second list",
        ),
        (lambda paths: (broken_alone(paths), ["13.jpg"]), "this is not one of them: 13.jpg"),
        (lambda paths: (broken_alone(paths), 2), "This should be a list; it is an int"),
    ],
    "check_intact": [
        (batched_first, "you also lost good neighbours"),
        (lambda directory: batched_first(directory, batch_size=32), "you have 0: you also lost good neighbours"),
        (skipped_first, "pair before you skip"),
        (all_files, "Some paths belong to other images"),
        (deleted, "Your answer deletes files"),
        (overwritten, "Your answer writes files to the folder"),
        (with_names_alone, "The paths should include the folder, as in file_paths; one of yours is a0.png"),
        (with_a_new_folder, "Your answer writes files to the folder"),
        (lambda directory: intact(directory).map(lambda images, paths: images), "one TensorSpec"),
        (lambda directory: intact(directory).unbatch(), "the first element is (32, 32, 3): batch is missing"),
        (lambda directory: intact(directory).rebatch(4), "The first batch has 4 images"),
        (lambda directory: intact(directory).take(1).concatenate(intact(directory).skip(1).rebatch(4)), "[8, 4, 4, 1]"),
        (lambda directory: intact(directory, size=64), "32 by 32 pixels"),
        (lambda directory: intact(directory, shuffle=True), "Some paths belong to other images"),
        (lambda directory: tf.data.Dataset.zip(*with_paths(directory)).batch(8), "still stops the dataset"),
        (lambda directory: intact(directory).concatenate(intact(directory)), "some appear twice"),
        (lambda directory: intact(directory).rebatch(8, drop_remainder=True), "a short last batch"),
        (lambda directory: intact(directory).map(lambda images, paths: (images / 255, paths)), "between 0 and 1"),
        (lambda directory: intact(directory).map(lambda images, paths: (images[..., ::-1], paths)), "Red and blue"),
        (
            lambda directory: by_decoder(directory, lambda i: tf.image.random_crop(i, (32, 32, 3))),
            "photos were cropped",
        ),
        (lambda directory: intact(directory).enumerate().map(lambda n, pair: (pair[0], [n] * 8)), "text; these are"),
        (lambda directory: intact(directory).repeat(), "This never ends"),
        (lambda directory: load(directory, image_size=(32, 32)), "the loader needs labels=None"),
        (lambda directory: list(intact(directory)), "This should be a dataset; it is a list"),
    ],
    "check_trainable": [
        (batches_skipped, "you also lost good neighbours"),
        (lambda directory: load(directory, batch_size=8, image_size=(32, 32)), "still stops the dataset"),
        (lambda directory: trainable(directory, lambda single: single, count=20), "still stops the dataset"),
        (lambda directory: trainable(directory, count=20), "is not the number that arrives"),
        (
            lambda directory: stated_batches(directory, count=17),
            "state it before batch: afterwards, a dataset counts batches",
        ),
        (
            lambda directory: load(directory, batch_size=None, image_size=(32, 32)).ignore_errors().batch(8),
            "The length is still unknown",
        ),
        (labels_of_all_files, "Some labels belong to other images"),
        (without_broken_files, "Your answer deletes files"),
        (lambda directory: trainable(directory, label_mode=None), "one TensorSpec"),
        (lambda directory: trainable(directory, label_mode="categorical"), "your labels are float32 of shape (17, 2)"),
        (lambda directory: trainable(directory, size=64), "32 by 32 pixels"),
        (lambda directory: trainable(directory).unbatch(), "the first element is (32, 32, 3): batch is missing"),
        (lambda directory: trainable(directory, batch=4), "The first batch has 4 images"),
        (lambda directory: trainable(directory).rebatch(8, drop_remainder=True), "a short last batch"),
        (lambda directory: trainable(directory).concatenate(trainable(directory)), "some appear twice"),
        (lambda directory: trainable(directory).repeat(), "This never ends"),
        (lambda directory: trainable(directory).map(lambda images, labels: (images / 255, labels)), "between 0 and 1"),
        (lambda directory: list(trainable(directory)), "This should be a dataset; it is a list"),
    ],
}
