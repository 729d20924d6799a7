"""Exercises of 04_which_image_is_this."""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of
from helpers.exercises.running import Mistake, call, listed
from helpers.quiet import tensorflow as tf

import keras
import numpy as np
from PIL import Image

_IN_BATCHES = ["RRRWR", "RRRRR", "RWRRR", "RRWWR", "WRR"]  # R where the model is right, W where it is wrong
_COUNTS = {letter: "".join(_IN_BATCHES).count(letter) for letter in "RW"}


def _in_batches(model, dataset) -> list[tuple[int, int]]:
    """(right ones, images) of each batch, from one pass."""
    return [(int(np.sum(model(images) == labels)), len(labels)) for images, labels in dataset.as_numpy_iterator()]


def _accuracy(model, dataset) -> float:
    right, count = map(sum, zip(*_in_batches(model, dataset), strict=True))
    return right / count


def _mean_of_means(model, dataset) -> float:
    return float(np.mean([right / count for right, count in _in_batches(model, dataset)]))


def _of_full_batches(model, dataset) -> float:
    batches = _in_batches(model, dataset)
    return sum(right for right, _ in batches) / (len(batches) * batches[0][1])


def _of_one_batch(number: int) -> Callable[..., float]:
    def accuracy(model, dataset) -> float:
        right, count = _in_batches(model, dataset)[number]
        return right / count

    return accuracy


def _model(images) -> np.ndarray:
    """Right for the images with a number below the count of R."""
    numbers = np.asarray(images)[:, 0, 0, 0].astype(int)
    return np.where(numbers < _COUNTS["R"], numbers % 3, (numbers + 1) % 3)


def _shuffled(passes: list[int]) -> tf.data.Dataset:
    """Batches of 5 in a new order in each pass; as many are right in a batch as before. A pass is noted in `passes`."""

    def images():
        passes.append(len(passes))
        order = np.random.default_rng(len(passes))
        numbers = {
            "R": order.permutation(_COUNTS["R"]).tolist(),
            "W": (_COUNTS["R"] + order.permutation(_COUNTS["W"])).tolist(),
        }
        for letter in "".join(_IN_BATCHES):
            number = numbers[letter].pop()
            yield np.full((2, 2, 3), number, np.float32), number % 3

    signature = (tf.TensorSpec((2, 2, 3)), tf.TensorSpec((), tf.int32))
    dataset = tf.data.Dataset.from_generator(images, output_signature=signature)
    return dataset.apply(tf.data.experimental.assert_cardinality(sum(_COUNTS.values()))).batch(5)


@exercise(
    "Every image counted once, with its own label.",
    right=_accuracy,
    impostors={
        "Count the right ones of all batches and divide by the number of images: the last batch is short.": (
            _mean_of_means
        ),
        "You divided by too many: the last batch is short. Count the images, too.": _of_full_batches,
        "This is the accuracy of the first batch. Count in all batches, and divide at the end.": _of_one_batch(0),
        "This is the accuracy of the last batch. Count in all batches, and divide at the end.": _of_one_batch(-1),
        "This is the share of wrong predictions.": lambda model, dataset: 1 - _accuracy(model, dataset),
    },
)
def check_accuracy(accuracy) -> Rows:
    """A function of a model and a shuffled dataset that gives the share of right predictions, a number."""
    passes: list[int] = []
    dataset = _shuffled(passes)
    result = call(accuracy, _model, dataset)
    times = len(passes)
    is_number = np.ndim(result) == 0 and np.asarray(result).dtype.kind in "fiu"
    yield not is_number, f"A number is wanted, this is {kind_of(result)}."
    yield not 0 <= result <= 1, f"The accuracy is a share, from 0 to 1; this is {float(result):.3g}."

    def same(one, other) -> bool:
        return abs(float(one) - float(other)) < 0.004  # it may be rounded

    yield (
        times > 1 and not same(result, _accuracy(_model, dataset)),
        f"You went over the dataset {times} times. It shuffles each time, so the labels are those of other images.",
    )
    yield from check_accuracy.compare(
        result, _model, dataset, same=same, otherwise="Count the right ones and the images of all batches, and divide."
    )


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
    "The first folder tells the class, and no image was decoded.",
    right=_right_labels,
    impostors={
        (
            "The folder has a class none of whose paths is in the list. "
            "Number all class folders, not those of the paths."
        ): (_numbered(lambda directory, paths: sorted({_class_of(path, directory) for path in paths}))),
        "A folder whose name begins with a dot is hidden, and no class.": (
            _numbered(lambda directory, _: sorted(path.name for path in _folders(directory)))
        ),
        "There is a file beside the class folders. Number folders only.": (
            _numbered(lambda directory, _: _visible(Path(directory).iterdir()))
        ),
        "A folder within a class is no class. Number those directly in the directory.": (
            _numbered(lambda directory, _: _visible(path for path in Path(directory).rglob("*") if path.is_dir()))
        ),
        "Classes are in the order of text, so '10' comes before '2'.": (
            _numbered(lambda directory, _: sorted(_visible(_folders(directory)), key=_as_numbers))
        ),
        "Classes are in the order of text, in which capitals come first: 'Zoo' before 'bee'.": (
            _numbered(lambda directory, _: sorted(_visible(_folders(directory)), key=str.lower))
        ),
        "The first class has the number 0. Count from 0.": (
            lambda directory, paths: [number + 1 for number in _right_labels(directory, paths)]
        ),
    },
)
def check_labels_of(labels_of) -> Rows:
    """A function of a directory and a list of paths that gives a list, the class number of each path."""
    names = ["bee/a/2.jpg", "2/1.jpg", "(other)/1.jpg", "bee/1.jpg", "Zoo/3.jpg"]
    with tempfile.TemporaryDirectory() as folder:
        directory = os.path.realpath(folder)  # it may lie behind a link
        for name in (*names, "10/1.jpg", ".ipynb_checkpoints/1.jpg", "README.txt"):
            Path(directory, name).parent.mkdir(parents=True, exist_ok=True)
            Path(directory, name).write_bytes(b"no image, so whoever decodes it fails")
        paths = [str(Path(directory, name)) for name in names]
        labels = _labels(labels_of, directory, paths)
        yield from _not_numbers(labels, names)
        yield len(labels) != len(paths), f"There are {len(paths)} paths and {len(labels)} labels."
        labels = [int(label) for label in labels]
        truth = _right_labels(directory, paths)
        classes = [_class_of(path, directory) for path in paths]
        yield (
            labels != truth and sorted(labels) == sorted(truth),
            "The numbers are right, their order is not: the first label belongs to the first path.",
        )
        yield from check_labels_of.compare(
            labels,
            directory,
            paths,
            same=list.__eq__,
            otherwise=f"{truth} is wanted for paths in the folders {classes}, this is {labels}.",
        )


_NESTED = "'a' is a folder within a class: the class is the first folder below the directory."


def _not_numbers(labels: list, names: list[str]) -> Rows:
    texts = [label for label in labels if isinstance(label, str)]
    is_name = not all(text.isdigit() for text in texts)
    yield is_name, "These are names. The place of a name in the sorted list of class folders is its number."
    yield texts, "These are numbers as text. Give them as whole numbers: int(…)."
    missing = [name for name, label in zip(names, labels, strict=False) if label is None]
    yield missing, f"The label of {missing[0] if missing else ''} is None. {_NESTED}"
    strange = [label for label in labels if not _is_whole(label)]
    yield strange, f"Labels are whole numbers. One of yours is {strange[0] if strange else ''}."


def _is_whole(label) -> bool:
    return np.ndim(label) == 0 and np.asarray(label).dtype.kind in "iuf" and float(label).is_integer()


def _labels(labels_of, directory: str, paths: list[str]) -> list:
    """What the learner's function gives. A name that is not among its classes is that of the nested folder."""
    try:
        result = call(labels_of, directory, paths)
        if isinstance(result, Mapping):
            raise Mistake("A list is wanted, one number for each path in their order; this is a dict.")
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


def _write_grids(directory: str, count: int) -> None:
    """Write black photos with a dot in each 3 by 3 pixels, darker on the left; at 32 by 32 only dots are left.

    They are square, so nothing is padded or cut.
    """
    for number in range(count):
        pixels = np.zeros((96, 96, 3))
        pixels[1::3, 1::3] = np.multiply([1, 0.6, 0.1], 6 * number + 20)
        pixels[:, :48] /= 2
        Image.fromarray(pixels.astype(np.uint8)).save(Path(directory, f"{number:02}.png"))


def _same_means(one: Mapping, other: Mapping) -> bool:
    return all(abs(one[name] - other[name]) < 1 for name in other)


@exercise(
    "Each name has the brightness of its own photo.",
    right=_means,
    impostors={
        (
            "These are not the means at 32 by 32 pixels as the loader makes them. "
            "Give it image_size=(32, 32), and no interpolation: area and Pillow resize in another way."
        ): (lambda directory: _means(directory, image_size=(96, 96))),
        "These are the means of gray images, in which green counts most. Take the mean of all three colours.": (
            lambda directory: _means(directory, color_mode="grayscale")
        ),
        "These are the means of red alone. Take the mean of all three colours.": (
            lambda directory: _means(directory, lambda image: image[..., 0])
        ),
    },
)
def check_brightness(brightness) -> Rows:
    """A function of a flat folder that gives a dict, file name: mean of all values of the image."""
    count = 35  # more than a batch
    with tempfile.TemporaryDirectory() as directory:
        _write_grids(directory, count)
        means = call(brightness, directory)
        yield not isinstance(means, Mapping), f"A dict is wanted, file name: brightness; this is {kind_of(means)}."
        truth = _means(directory)
        named = len(set(means) & set(truth))
        what = f"The folder has {count} photos, this has {named} of their names."
        yield set(means) != set(truth), f"{what} The keys are names like '01.png'."
        means = dict(means)
        is_number = all(np.ndim(mean) == 0 for mean in means.values())
        yield not is_number, "One number for each photo is wanted: the mean of the whole image."
        is_small = max(means.values()) <= 1
        yield is_small, "The values lie between 0 and 1. The images of the loader go from 0 to 255."
        yield (
            not _same_means(means, truth) and np.allclose(sorted(means.values()), sorted(truth.values()), atol=1),
            "Names and means do not fit. The images come in the order of file_paths only with shuffle=False.",
        )
        yield from check_brightness.compare(
            means, directory, same=_same_means, otherwise="These are not the means of all values at 32 by 32 pixels."
        )
