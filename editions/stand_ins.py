"""Plain code that stands in the programs for the helpers of the lessons, each as short as it can be.

A program takes from here what it needs. A helper checks its arguments, bounds its memory and names the file behind an
error; its stand-in does none of it.
"""

import itertools
import os
import sys
import tempfile
import time
from collections import namedtuple
from pathlib import Path

import tensorflow as tf
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from PIL import ExifTags, Image


def given_folder():
    """The folder of the command line, else of PHOTOS, else the sample."""
    sample = Path(__file__).parent.parent / "photos"
    folder = Path(os.getenv("PHOTOS") or sample)
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
    if not folder.is_dir():
        sys.exit(f"{folder} is no folder.\n{__doc__}")
    return folder


picture_numbers = itertools.count(1)


def show_figure(figure, alt):
    """Save a figure in the current folder."""
    name = f"{Path(__file__).stem}_{next(picture_numbers)}.png"
    figure.savefig(name)
    plt.close(figure)
    print(f"{name}: {alt}")


def show_images(images, titles=None, columns=8, alt=""):
    """Draw images with values from 0 to 255 in a grid."""
    rows = -(-len(images) // columns)
    figure = plt.figure(figsize=(12, 1.8 * rows), layout="constrained")
    for number, image in enumerate(images):
        axis = figure.add_subplot(rows, columns, number + 1)
        pixels = np.clip(np.asarray(image) / 255, 0, 1)
        axis.imshow(pixels, cmap="gray", vmin=0, vmax=1)
        if titles is not None:
            axis.set_title(list(titles)[number], size=9)
        axis.axis("off")
    show_figure(figure, alt)


def decode_image(path, image_size):
    """The loader's pixels of one file."""
    path = path if tf.is_tensor(path) else os.fspath(path)
    content = tf.io.read_file(path)
    image = tf.io.decode_image(content, channels=3, expand_animations=False)
    return tf.image.resize(image, image_size)


def collect(dataset):
    """All batches as arrays, from one pass."""
    batches = list(dataset.as_numpy_iterator())
    return [np.concatenate(parts) for parts in zip(*batches, strict=True)]


def image_dataset(paths, labels, image_size=(256, 256), shuffle=False):
    """Batches of images, labels and paths."""

    def read(path, label):
        return decode_image(path, image_size), label, path

    files = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    if shuffle:
        files = files.shuffle(len(paths))
    return files.map(read).batch(32)


def predict_with_labels(model, dataset):
    """Predictions, labels and paths, from one pass."""
    answers = []
    for images, labels, paths in dataset.as_numpy_iterator():
        answers.append((model.predict_on_batch(images), labels, paths))
    return [np.concatenate(parts) for parts in zip(*answers, strict=True)]


Listing = namedtuple("Listing", "paths labels class_names")


def list_images(folder):
    """The files of the loader, and their labels, without reading them."""
    load = tf.keras.utils.image_dataset_from_directory
    dataset = load(folder, shuffle=False, verbose=False)
    paths, class_names = dataset.file_paths, dataset.class_names
    names = [Path(path).relative_to(folder).parts[0] for path in paths]
    labels = [class_names.index(name) for name in names]
    return Listing(paths, labels, class_names)


def without_small_classes(table, at_least):
    """The rows whose class has enough of them."""
    return table.groupby("label").filter(lambda rows: len(rows) >= at_least)


class PhotosPerSecond(dict):
    """What `compare` returns: a rate for each name."""

    def rate(self, name):
        return self[name]

    def ratio(self, name):  # to the first one
        return self.rate(name) / next(iter(self.values()))


def seconds_of(work):
    """How long a function, or a pass over a dataset, takes."""
    start = time.perf_counter()
    work() if callable(work) else list(work)
    return time.perf_counter() - start


def compare(works, photos):
    """Time functions or datasets, in five rounds."""
    rounds = [list(map(seconds_of, works.values())) for _ in range(5)]
    rates = (photos / np.median(rounds, axis=0)).round(1).tolist()
    return PhotosPerSecond(zip(works, rates, strict=True))


Repeats = namedtuple("Repeats", "new_in_each_epoch same_in_the_next_run")


def repeats(make, calls):
    """When the random numbers of a dataset repeat."""

    def two_epochs():
        tf.keras.utils.set_random_seed(1)
        means = make(calls).map(tf.reduce_mean)
        return [list(means.as_numpy_iterator()) for _ in range(2)]

    first, second = two_epochs()
    is_new = sorted(first) != sorted(second)
    return Repeats(is_new, two_epochs() == [first, second])


def small_photos(photo_folder):
    """Where the photos are in their folder, and their pixels, 64 by 64."""
    load = tf.keras.utils.image_dataset_from_directory
    options = {"labels": None, "shuffle": False, "image_size": (64, 64)}
    dataset = load(photo_folder, **options)
    paths = dataset.file_paths
    files = [os.path.relpath(path, photo_folder) for path in paths]
    return files, np.concatenate(list(dataset.as_numpy_iterator()))


def label_table(photo_folder):
    """A CSV file in place of yours: how bright and how red photos are."""
    files, images = small_photos(photo_folder)
    red, _, blue = images.mean(axis=(1, 2)).T
    table = pd.DataFrame({"file": files})
    table["brightness"] = images.mean(axis=(1, 2, 3))
    table["dark"] = table.brightness < table.brightness.median()
    table["reddish"] = red > blue
    csv_file = Path(tempfile.mkdtemp(), "labels.csv")
    table.sample(frac=1, random_state=0).to_csv(csv_file, index=False)
    return csv_file


def tones(images):
    """The class of each pixel: 0 for dark, 1 for medium, 2 for light."""
    means = images.mean(axis=-1, keepdims=True)
    return np.digitize(means, [85, 170]).astype("uint8")


def make_masks(photo_folder):
    """A folder of masks in place of yours: the tones of each photo."""
    masks = Path(tempfile.mkdtemp())
    for file, image in zip(*small_photos(photo_folder), strict=True):
        path = masks / f"{file}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        tf.io.write_file(str(path), tf.io.encode_png(tones(image)))
    return masks


def odd_files():
    """A folder of odd files in place of yours, made of one photo."""
    zoo = Path(tempfile.mkdtemp())
    silent = zoo / "silent"
    silent.mkdir()
    load = tf.keras.utils.image_dataset_from_directory
    paths = load(given_folder(), shuffle=False, verbose=False).file_paths
    photo = Image.open(paths[0]).convert("RGB").resize((300, 200))
    held_upright = Image.Exif()
    held_upright[ExifTags.Base.Orientation] = 6
    on_its_side = photo.crop((60, 0, 210, 200)).rotate(90, expand=True)
    on_its_side.save(silent / "turned_by_exif.jpg", exif=held_upright)
    gray = np.asarray(photo.convert("L"), np.uint16)
    Image.fromarray(gray * 8 + 39_000).save(silent / "16_bits.png")
    left_half = (0, 0, 150, 200)
    photo.paste("magenta", left_half)
    alpha = Image.new("L", photo.size, 255)
    alpha.paste(0, left_half)
    photo.putalpha(alpha)
    photo.save(silent / "transparent.png")
    return zoo
