"""Exercises of 04_which_file_is_it."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of
from helpers.exercises.running import call, listed
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


def _of_32(model, dataset) -> float:
    batches = _in_batches(model, dataset)
    return sum(right for right, _ in batches) / (32 * len(batches))


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
    """Batches of 5 in a new order in each pass, each with as many right as before. `passes` records each pass."""

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
    "Every image is counted once, with its own label.",
    right=_accuracy,
    impostors={
        "Count the right ones in all batches and divide by the number of images: the last batch is short.": (
            _mean_of_means
        ),
        "You divided by too many: the last batch is short. Count the images as well.": _of_full_batches,
        "You counted 32 images per batch, but here a batch holds 5 or fewer. Count the images as well.": _of_32,
        "This is the accuracy of the first batch. Count over all batches, and divide at the end.": _of_one_batch(0),
        "This is the accuracy of the last batch. Count over all batches, and divide at the end.": _of_one_batch(-1),
        "This is the share of wrong predictions.": lambda model, dataset: 1 - _accuracy(model, dataset),
    },
)
def check_accuracy(accuracy) -> Rows:
    """A function that takes a model and a shuffled dataset and returns the share of right predictions, a number."""
    passes: list[int] = []
    dataset = _shuffled(passes)
    result = call(accuracy, _model, dataset)
    times = len(passes)
    is_number = np.ndim(result) == 0 and np.asarray(result).dtype.kind in "fiu"
    yield not is_number, f"This should be a number; it is {kind_of(result)}."
    yield not 0 <= result <= 1, f"The accuracy is a share, from 0 to 1; yours is {float(result):.3g}."

    def same(one, other) -> bool:
        return abs(float(one) - float(other)) < 0.004  # it may be rounded

    yield (
        times > 1 and not same(result, _accuracy(_model, dataset)),
        f"You went over the dataset {times} times. It shuffles each time, so the labels belong to other images.",
    )
    hint = "None is right? For two lists, == is a single False. Compare arrays, or use np.equal."
    yield result == 0, hint
    yield from check_accuracy.compare(
        result, _model, dataset, same=same, otherwise="Count the right ones and the images in all batches, and divide."
    )


_MISFILED = {3: "b", 9: "c", 20: "a", 36: "a", 38: "b"}  # file number -> the class of its colour
_COUNT = 40  # more than a batch


def _of_colour(images) -> np.ndarray:
    """The class of each image by its strongest colour: red, green, blue."""
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1:] != (32, 32, 3):
        raise ValueError(f"The model takes batches of shape (n, 32, 32, 3), but got {images.shape}")
    return images.mean(axis=(1, 2)).argmax(axis=1)


def _write_colours(directory: str) -> None:
    """Write photos of one colour into the folders a, b and c, a few of them into a wrong one."""
    for number in range(_COUNT):
        folder = Path(directory, "abc"[3 * number // _COUNT])
        folder.mkdir(exist_ok=True)
        colour = np.full(3, 10)
        colour["abc".index(_MISFILED.get(number, folder.name))] = 200
        Image.fromarray(np.full((40, 50, 3), colour, np.uint8)).save(folder / f"{number:02}.png")


def _named(choose: Callable, batches: int = -1) -> Callable[..., list[str]]:
    """A function (model, directory) -> names of the files for which `choose(predictions, labels)` is true."""

    def wrong_files(model, directory) -> list[str]:
        dataset = keras.utils.image_dataset_from_directory(directory, image_size=(32, 32), shuffle=False, verbose=False)
        passed = dataset.take(batches).as_numpy_iterator()
        chosen = np.concatenate([choose(model(images), labels) for images, labels in passed])
        return [Path(path).name for path, wanted in zip(dataset.file_paths, chosen, strict=False) if wanted]

    return wrong_files


@exercise(
    "Each name belongs to a photo the model gets wrong, and none is missing.",
    right=_named(np.not_equal),
    impostors={
        "These are the files the model gets right.": _named(np.equal),
        "This is the list for the first batch. Go over all batches.": _named(np.not_equal, batches=1),
        "These are all files. Compare the predictions with the labels.": _named(np.full_like),
    },
)
def check_wrong_files(wrong_files) -> Rows:
    """A function that takes a model and a directory and returns a list, the names of the files the model gets wrong."""
    with tempfile.TemporaryDirectory() as directory:
        _write_colours(directory)
        result = listed(call(wrong_files, _of_colour, directory))
        yield from _not_names(result)
        names = sorted(map(str, result))
        yield len(set(names)) < len(names), "A name appears in your list more than once."
        known = {path.name for path in Path(directory).rglob("*.png")}
        unknown = next((name for name in names if name not in known), None)
        yield unknown, f"No file is called {unknown!r}. The names look like '03.png'."
        truth = {f"{number:02}.png" for number in _MISFILED}
        yield (
            len(names) == len(truth) and set(names) != truth,
            "That many are wrong, but not these. file_paths is in the order of the images only with shuffle=False.",
        )
        yield from check_wrong_files.compare(
            names,
            _of_colour,
            directory,
            same=lambda one, other: sorted(one) == sorted(other),
            otherwise=_difference(set(names), truth),
        )


def _not_names(values: list) -> Rows:
    values = [value.numpy() if tf.is_tensor(value) else value for value in values]
    is_bytes = any(isinstance(value, bytes) for value in values)
    yield is_bytes, "These are bytes, as TensorFlow returns text. decode() converts them to str."
    other = [value for value in values if not isinstance(value, str | Path)]
    yield other, f"These should be names; one of yours is {kind_of(other[0]) if other else ''}."
    paths = [value for value in values if Path(value).name != str(value)]
    yield paths, "These are paths. Path(path).name is the name alone."


def _difference(names: set[str], truth: set[str]) -> str:
    too_many = min(names - truth, default="")
    what = f"The model gets {too_many} right." if too_many else f"{min(truth - names, default='')} is missing."
    return f"{what} Predictions, labels and paths match only if they are in the same order."
