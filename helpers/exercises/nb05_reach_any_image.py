"""Exercises of 05_reach_any_image."""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.decoding import decode_image
from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, full_range, kind_of
from helpers.exercises.running import Mistake, call, listed
from helpers.quiet import tensorflow as tf

import keras
import numpy as np
from PIL import Image

_IN_A_CLASS = 20
_NUMBER = 33  # in the second batch and the second class


def _nth(paths_of: Callable[[str], list[str]], shift: int = 0) -> Callable[..., np.ndarray]:
    """A function (directory, i) -> image, from one that lists the paths."""
    return lambda directory, i: np.asarray(decode_image(paths_of(directory)[i + shift], (32, 32)))


def _in_order(directory) -> list[str]:
    return keras.utils.image_dataset_from_directory(directory, shuffle=False, verbose=False).file_paths


def _by_number(directory) -> list[str]:
    return sorted(_in_order(directory), key=lambda path: (int(Path(path).parent.name), int(Path(path).stem)))


@exercise(
    "This is the right image, and no other file was read.",
    right=_nth(_in_order),
    impostors={
        "The first image is number 0. Count from 0.": _nth(_in_order, shift=-1),
        "Folders and files are sorted as text, so '10' comes before '2'.": _nth(_by_number),
    },
)
def check_nth_image(nth_image) -> Rows:
    """A function that takes a directory and a number and returns one image."""
    with tempfile.TemporaryDirectory() as directory:
        for name in ("10", "2"):
            Path(directory, name).mkdir()
            _write_grids(str(Path(directory, name)), _IN_A_CLASS, first=0 if name == "10" else _IN_A_CLASS)
        image = call(nth_image, directory, _NUMBER)
        yield from _not_one_image(image)
        yield from full_range(image)
        paths = _in_order(directory)
        alike = [k for k, path in enumerate(paths) if _same_image(image, decode_image(path, (32, 32)))]
        yield from check_nth_image.compare(
            image,
            directory,
            _NUMBER,
            same=_same_image,
            otherwise=(
                f"This is image number {alike[0]}, not {_NUMBER}. file_paths is in order only with shuffle=False."
                if alike
                else "These are not the loader's pixels: decode as it does, and resize with tf.image.resize."
            ),
        )
        for k, path in enumerate(paths):
            if k != _NUMBER:
                Path(path).write_bytes(b"no image, so whoever decodes it fails")
        try:
            again = call(nth_image, directory, _NUMBER)
        except Mistake as mistake:
            raise Mistake(f"The image is right, but your answer also reads other files. {mistake}") from mistake
        yield (
            not _same_image(again, image),
            "The image is right, but only if all other files are intact. Look up its path, and read only that file.",
        )
        yield (
            mistakes.uses(nth_image, "image_at"),
            "The image is right. Now do it without access.image_at, in TensorFlow.",
        )


def _not_one_image(image) -> Rows:
    shape = np.shape(image)
    yield (
        not isinstance(image, np.ndarray) and not tf.is_tensor(image),
        f"This should be an image; it is {kind_of(image)}.",
    )
    yield np.asarray(image).dtype.kind not in "fiu", "This is not an image. Decode the file: tf.io.decode_image."
    yield len(shape) == 4, f"This should be one image; it is a batch, of shape {shape}."
    yield shape != (32, 32, 3), f"The image should have the shape (32, 32, 3); it has {shape}."


def _same_image(one, other) -> bool:
    return np.shape(one) == np.shape(other) and np.allclose(one, other, atol=1)


def _numbered(names_of: Callable[[str, list], list[str]]) -> Callable[..., list[int]]:
    """A function (directory, paths) -> labels, from one that gives the names of the classes in order."""

    def labels_of(directory, paths) -> list[int]:
        names = names_of(directory, paths)
        return [names.index(_class_of(path, directory)) for path in paths]

    return labels_of


def _class_of(path, directory) -> str:
    return Path(path).relative_to(directory).parts[0]


def _visible(paths) -> list[str]:
    return sorted(path.name for path in paths if not path.name.startswith("."))


def _folders(directory) -> list[Path]:
    return [path for path in Path(directory).iterdir() if path.is_dir()]


def _as_numbers(name: str) -> tuple[int, str]:
    return (int(name) if name.isdigit() else 99 if name[0].isalpha() else 0), name


_right_labels = _numbered(lambda directory, _: _visible(_folders(directory)))


@exercise(
    "The first folder gives the class, and no image was decoded.",
    right=_right_labels,
    impostors={
        ("One class of the folder has no path in the list. Number all class folders, not just those of the paths."): (
            _numbered(lambda directory, paths: sorted({_class_of(path, directory) for path in paths}))
        ),
        "A folder whose name begins with a dot is hidden, and is not a class.": (
            _numbered(lambda directory, _: sorted(path.name for path in _folders(directory)))
        ),
        "There is a file next to the class folders. Number only folders.": (
            _numbered(lambda directory, _: _visible(Path(directory).iterdir()))
        ),
        "There are a file and a hidden folder next to the class folders. Number only folders, and no hidden ones.": (
            _numbered(lambda directory, _: sorted(path.name for path in Path(directory).iterdir()))
        ),
        "A folder inside a class is not a class. Number those directly in the directory.": (
            _numbered(lambda directory, _: _visible(path for path in Path(directory).rglob("*") if path.is_dir()))
        ),
        "Classes are sorted as text, so '10' comes before '2'.": (
            _numbered(lambda directory, _: sorted(_visible(_folders(directory)), key=_as_numbers))
        ),
        "Classes are sorted as text, with capitals first: 'Zoo' before 'bee'.": (
            _numbered(lambda directory, _: sorted(_visible(_folders(directory)), key=str.lower))
        ),
        "The first class is number 0. Count from 0.": (
            lambda directory, paths: [number + 1 for number in _right_labels(directory, paths)]
        ),
    },
)
def check_labels_of(labels_of) -> Rows:
    """A function that takes a directory and a list of paths and returns a list, the class number of each path."""
    names = ["bee/a/2.jpg", "2/1.jpg", "(other)/1.jpg", "bee/1.jpg", "Zoo/3.jpg"]
    with tempfile.TemporaryDirectory() as folder:
        directory = os.path.realpath(folder)  # it may lie behind a link
        for name in (*names, "10/1.jpg", ".ipynb_checkpoints/1.jpg", "README.txt"):
            Path(directory, name).parent.mkdir(parents=True, exist_ok=True)
            Path(directory, name).write_bytes(b"no image, so whoever decodes it fails")
        paths = [str(Path(directory, name)) for name in names]
        labels = _labels(labels_of, directory, paths)
        yield from _not_numbers(labels, names)
        yield len(labels) != len(paths), f"There are {len(paths)} paths but {len(labels)} labels."
        labels = [int(label) for label in labels]
        truth = _right_labels(directory, paths)
        classes = [_class_of(path, directory) for path in paths]
        yield (
            labels != truth and sorted(labels) == sorted(truth),
            "The numbers are right, but their order is not: the first label belongs to the first path.",
        )
        yield from check_labels_of.compare(
            labels,
            directory,
            paths,
            same=list.__eq__,
            otherwise=f"For paths in the folders {classes}, the labels should be {truth}; yours are {labels}.",
        )


_NESTED = "'a' is a folder inside a class: the class is the first folder below the directory."


def _not_numbers(labels: list, names: list[str]) -> Rows:
    texts = [label for label in labels if isinstance(label, str)]
    is_name = not all(text.isdigit() for text in texts)
    yield is_name, "These are names. The number of a class is its position in the sorted list of class folders."
    yield texts, "These are numbers as text. Convert them to whole numbers: int(…)."
    missing = [name for name, label in zip(names, labels, strict=False) if label is None]
    yield missing, f"The label of {missing[0] if missing else ''} is None. {_NESTED}"
    strange = [label for label in labels if not _is_whole(label)]
    yield strange, f"Labels are whole numbers. One of yours is {strange[0] if strange else ''}."


def _is_whole(label) -> bool:
    return np.ndim(label) == 0 and np.asarray(label).dtype.kind in "iuf" and float(label).is_integer()


def _labels(labels_of, directory: str, paths: list[str]) -> list:
    """What the learner's function returns. A name that is not among its classes is that of the nested folder."""
    try:
        result = call(labels_of, directory, paths)
        if isinstance(result, Mapping):
            raise Mistake("This should be a list, with one number for each path, in their order; it is a dict.")
        return listed(result)
    except Mistake as mistake:
        if isinstance(mistake.__cause__, ValueError | KeyError) and re.search(r"'a'|not in list", str(mistake)):
            raise Mistake(f"{mistake}. {_NESTED}") from mistake
        raise


def _means(directory, part: Callable = np.asarray, **options) -> dict[str, float]:
    """File name -> mean of the image, as the loader reads it, or of a part of it."""
    options = {"labels": None, "shuffle": False, "image_size": (32, 32), "batch_size": None, **options}
    dataset = keras.utils.image_dataset_from_directory(directory, verbose=False, **options)
    means = [float(np.mean(part(image))) for image in dataset.as_numpy_iterator()]
    return {Path(path).name: mean for path, mean in zip(dataset.file_paths, means, strict=True)}


def _write_grids(directory: str, count: int, first: int = 0) -> None:
    """Write black photos with a dot in each 3 by 3 pixels, darker on the left; at 32 by 32 only dots are left.

    They are square, so nothing is padded or cut.
    """
    for number in range(count):
        pixels = np.zeros((96, 96, 3))
        pixels[1::3, 1::3] = np.multiply([1, 0.6, 0.1], 5 * (first + number) + 40)
        pixels[:, :48] /= 2
        Image.fromarray(pixels.astype(np.uint8)).save(Path(directory, f"{number:02}.png"))


def _same_means(one: Mapping, other: Mapping) -> bool:
    return all(abs(one[name] - other[name]) < 1 for name in other)


@exercise(
    "Each name has the brightness of its own photo.",
    right=_means,
    impostors={
        (
            "These are not the means at 32 by 32 pixels as the loader resizes. "
            "Pass it image_size=(32, 32) and no interpolation: area and Pillow resize differently."
        ): (lambda directory: _means(directory, image_size=(96, 96))),
        "These are the means of gray images, in which green counts most. Take the mean of all three colours.": (
            lambda directory: _means(directory, color_mode="grayscale")
        ),
        "These are the means of red only. Take the mean of all three colours.": (
            lambda directory: _means(directory, lambda image: image[..., 0])
        ),
    },
)
def check_brightness(brightness) -> Rows:
    """A function that takes a flat folder and returns a dict, file name: mean of all values of the image."""
    count = 35  # more than a batch
    with tempfile.TemporaryDirectory() as directory:
        _write_grids(directory, count)
        means = call(brightness, directory)
        yield not isinstance(means, Mapping), f"This should be a dict, file name: brightness; it is {kind_of(means)}."
        truth = _means(directory)
        named = len(set(means) & set(truth))
        what = f"The folder has {count} photos; your dict has {named}"
        yield set(means) < set(truth), f"{what}. A batch holds 32: go over all batches."
        yield set(means) != set(truth), f"{what} of their names. The keys are names like '01.png'."
        means = dict(means)
        is_number = all(np.ndim(mean) == 0 for mean in means.values())
        yield not is_number, "Each photo should have one number: the mean of the whole image."
        is_small = max(means.values()) <= 1
        yield is_small, "The values are between 0 and 1. The loader's images go from 0 to 255."
        yield (
            not _same_means(means, truth) and np.allclose(sorted(means.values()), sorted(truth.values()), atol=1),
            "Names and means do not match. The images come in the order of file_paths only with shuffle=False.",
        )
        yield from check_brightness.compare(
            means, directory, same=_same_means, otherwise="These are not the means of all values at 32 by 32 pixels."
        )
