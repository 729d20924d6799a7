"""Exercises of 00_start_here."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of
from helpers.exercises.running import Mistake, call, elements
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import UnidentifiedImageError


@exercise("96 high, 64 wide, four at a time, and all photos are there.")
def check_portrait(dataset, folder) -> Rows:
    """A dataset of all photos in the folder with their labels, 96 pixels high and 64 wide, in batches of 4."""
    is_dataset = isinstance(dataset, tf.data.Dataset)
    yield not is_dataset, f"This should be a dataset, as the loader returns it; it is {kind_of(dataset)}."
    parts = tf.nest.flatten(dataset.element_spec)
    shape = parts[0].shape
    yield shape.rank == 5, "These are batches of batches: set batch_size=4 in the loader."
    yield shape.rank != 4, "These are single images. Set batch_size to 4."
    height, width = shape[1:3]
    yield (height, width) == (64, 96), "These images are 64 high and 96 wide: image_size is (height, width)."
    is_portrait = (height, width) == (96, 64)
    yield not is_portrait, f"These images are {height} high and {width} wide. Set image_size=(height, width)."
    yield shape[3] != 3, f"Colour photos have three channels; these have {shape[3]}. Leave out color_mode."
    yield len(parts) == 1, "The labels are missing. Leave out labels=None."
    total = len(tf.keras.utils.image_dataset_from_directory(folder, batch_size=None, verbose=False))
    batches = elements(dataset, most=total)
    images = [tf.nest.flatten(batch)[0] for batch in batches]
    counts = [len(batch) for batch in images]
    first = counts[0] if counts else 0
    yield first != min(4, total), f"A batch holds {first} images here. batch_size is 32 unless you set it."
    yield sum(counts) != total, f"The folder has {total} photos, but {sum(counts)} are in your dataset. Use them all."
    different = _different(images)
    hint = f"Only {different} of your {total} photos are different: some come up repeatedly, others not at all."
    yield different < total and different < _different(_all_images(folder)), hint


def _different(batches: Iterable[np.ndarray]) -> int:
    return len({image.tobytes() for images in batches for image in images})


def _all_images(folder) -> Iterator[np.ndarray]:
    dataset = tf.keras.utils.image_dataset_from_directory(folder, labels=None, image_size=(96, 64), verbose=False)
    return dataset.as_numpy_iterator()


def _class_folders(folder) -> list[Path]:
    return sorted(path for path in Path(folder).iterdir() if path.is_dir() and not path.name.startswith("."))


def _counted(folder, pattern: str = "*.jpg") -> dict[str, int]:
    return {path.name: len(list(path.glob(pattern))) for path in _class_folders(folder)}


def _divided(folder) -> dict[str, int]:
    counts = _counted(folder)
    return dict.fromkeys(counts, sum(counts.values()) // len(counts))


def _numbered(folder) -> dict[str, int]:
    return {path.name: number for number, path in enumerate(_class_folders(folder))}


def _with_name_anywhere(folder) -> dict[str, int]:
    paths = [str(path) for path in Path(folder).glob("[!.]*/*.jpg")]
    return {path.name: sum(path.name in other for other in paths) for path in _class_folders(folder)}


@exercise(
    "The counts are right, and you opened no photo: the file names were enough.",
    right=_counted,
    impostors={
        "The classes differ in size, but you have 15 for each: count, do not divide.": _divided,
        "0, 1 and 2 are the labels of the classes. Count the photos of each.": _numbered,
        "'ant' is also part of 'elephant'. Compare the whole name of the folder that a photo is in.": (
            _with_name_anywhere
        ),
        "There is a file, notes.txt, among the photos. Count the paths in dataset.file_paths.": (
            lambda folder: _counted(folder, "*")
        ),
    },
)
def check_counts(photos_per_class) -> Rows:
    """A function from a folder to a dict, from class name to number of photos."""
    truth = {"ant": 5, "bee": 2, "elephant": 40}  # more than a batch
    with tempfile.TemporaryDirectory() as folder:
        for name, count in truth.items():
            _write(Path(folder, name), *(f"{number}.jpg" for number in range(count)))
        _write(Path(folder, "ant"), "notes.txt")
        _write(Path(folder, _HIDDEN), "0.jpg")
        counts = _called(photos_per_class, folder)
        yield from _not_counts(counts, truth)
        counts = {name: counts[name] for name in truth}
        counted = sum(counts.values())
        wrong = {name: count for name, count in counts.items() if count != truth[name]}
        otherwise = f"These numbers are wrong: {wrong}. Count the paths in dataset.file_paths."
        if counted < sum(truth.values()):
            otherwise = (
                f"You counted {counted} photos, but there are more. A batch is not the folder: count file_paths."
            )
        yield from check_counts.compare(counts, folder, same=dict.__eq__, otherwise=otherwise)


_HIDDEN = ".ipynb_checkpoints"


def _write(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"no photo, so whoever opens it fails")


def _called(photos_per_class, folder: str):
    try:
        return call(photos_per_class, folder)
    except Mistake as mistake:
        if isinstance(mistake.__cause__, tf.errors.InvalidArgumentError | UnidentifiedImageError):
            why = "Your function opens photos, but none of these can be opened: count the paths in dataset.file_paths."
            raise Mistake(f"{mistake}. {why}") from mistake
        raise


def _not_counts(counts, truth: dict[str, int]) -> Rows:
    total = sum(truth.values())
    is_number = isinstance(counts, int | np.integer)
    what = "the total" if is_number and counts == total else "one number"
    yield is_number, f"This should be a dict with one number for each class; {counts} is {what}."
    is_dict = isinstance(counts, Mapping)
    yield not is_dict, f"This should be a dict, from class name to number; it is {kind_of(counts)}."
    yield _HIDDEN in counts, f"{_HIDDEN} is not a class: its name begins with a dot. Leave out such folders."
    names = sorted(str(name) for name, count in counts.items() if count or name in truth)  # a class may be empty
    yield names != sorted(truth), f"The classes are {sorted(truth)}; yours are {names}."
