"""Exercises of 01_take_one_batch."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, array, full_range, kind_of, pair
from helpers.exercises.running import call, listed
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


@exercise("Images and labels of one batch, and they stay the same however often you look.")
def check_one_batch(one_batch) -> Rows:
    """A function from a dataset to the images and the labels of one batch."""
    numbers = np.arange(24)
    images = np.broadcast_to(numbers[:, None, None, None], (24, 4, 4, 3)).astype(np.float32)  # image i is filled with i
    batch = call(one_batch, tf.data.Dataset.from_tensor_slices((images, numbers)).shuffle(24).batch(8))
    yield from _not_a_batch(batch)
    images, labels = map(np.asarray, batch)
    yield images.ndim == 3, "This is a single image with its label. Return the whole batch."
    shapes = f"{images.shape} and {labels.shape}"
    yield images.ndim != 4 or labels.ndim != 1, f"Images come first, then labels: yours have the shapes {shapes}."
    is_whole = len(images) == len(labels) == 8
    yield not is_whole, f"This batch holds {len(images)} images; a batch of the dataset passed in holds 8."
    values = images.reshape(8, -1)
    is_as_given = np.isin(values, numbers).all() and np.isin(labels, numbers).all() and not np.ptp(values, axis=1).any()
    yield not is_as_given, "Return images and labels as the dataset yields them."
    yield not np.array_equal(values[:, 0], labels), mistakes.TWO_PASSES


def _not_a_batch(batch) -> Rows:
    parts = batch if isinstance(batch, tuple | list) else [batch]
    is_dataset = any(isinstance(part, tf.data.Dataset) for part in parts)
    yield is_dataset, "This is still a dataset: nothing has been read. Ask an iterator for its next element."
    yield (
        isinstance(batch, Iterator),
        "This is an iterator, and nothing has been taken from it yet: next(…) takes an element.",
    )
    if isinstance(batch, list):
        yield len(batch) == 1, "This is a list with one batch in it. Take the batch from the list with [0]."
        yield len(batch) > 2, f"This is a list of {len(batch)} batches: it reads the whole dataset. Return one batch."
    yield from pair(batch, "images", "labels")
    yield isinstance(batch[0], tuple), "This is a list of two batches, not the images and labels of one."


def _clipped(image) -> np.ndarray:
    return np.clip(image, 0, 255).astype("uint8")


def _stretched(image) -> np.ndarray:
    lowest, highest = np.min(image), np.max(image)
    return ((image - lowest) / (highest - lowest) * 255).numpy().astype("uint8")


def _is_in_range(image) -> np.ndarray:
    return (image >= 0) & (image <= 255)


@exercise(
    "Clipped first, rounded or truncated, and uint8: no value wraps around.",
    right=_clipped,
    impostors={
        "The values were stretched so that the smallest is 0 and the largest is 255. Clip them instead.": _stretched,
    },
)
def check_to_picture(to_picture) -> Rows:
    """A function from a float image, perhaps out of range, to a uint8 array in 0…255."""
    image = (20 + np.arange(13 * 11 * 3).reshape(13, 11, 3) * 3 / 10).astype(np.float32)
    image[0, 0], image[1, 1], image[-1, -1] = -20, 280, (-20, -20, 280)  # tf.cast saturates, but for the last few
    picture = call(to_picture, tf.constant(image))
    yield from array(picture)
    yield picture.shape != image.shape, f"The array should have the shape {image.shape}, like the image passed in."
    yield picture.dtype != np.uint8, f"The dtype is {picture.dtype}. A picture of whole numbers in 0…255 is uint8."
    yield from full_range(picture)

    def same(one, other) -> bool:
        return set((one.astype(int) - other)[_is_in_range(image)].flat) <= {0, 1}  # rounded, or cut as these

    otherwise = "The values in between are not those of the image."
    yield from check_to_picture.compare(picture, tf.constant(image), same=same, otherwise=otherwise)
    is_whole = _is_in_range(image) & (image % 1 == 0)
    yield (picture != image)[is_whole].any(), otherwise
    is_up = _is_in_range(image) & (picture > np.floor(image + 0.5))
    yield is_up.any(), "All decimals were rounded up. Round to the nearest whole number, or cut off the decimals."
    yield from _out_of_range(dict(zip(image[~_is_in_range(image)], picture[~_is_in_range(image)], strict=True)))


def _out_of_range(became: dict[float, int]) -> Rows:
    """Rows for what became of the out-of-range values."""
    wrong = {before: after for before, after in became.items() if after != np.clip(before, 0, 255)}
    what = " and ".join(f"{before:.0f} became {after}" for before, after in wrong.items())
    has_wrapped = any(after == int(before) % 256 for before, after in wrong.items())
    yield has_wrapped, f"{what}: uint8 wraps around. Clip to 0…255 before you change the dtype."
    yield wrong, f"{what}. Values outside 0…255 should become the nearer end: clip to 0…255."


_CLASSES = {"Elk": 9, "ant": 20, "bee": 13}  # in the order of the loader
_TOTAL, _WANTED = sum(_CLASSES.values()), 35  # more than a batch, fewer than all


def _write_numbered_photos(directory: str) -> None:
    """Photo number i is 6 · i in red, has a band without green above and below, and a corner without blue."""
    Path(directory, "notes.txt").write_text("no class")
    places = [(name, place) for name, count in _CLASSES.items() for place in range(count)]
    for number, (name, place) in enumerate(places):
        photo = Image.new("RGB", (120, 90), (6 * number, 0, 200))
        photo.paste((6 * number, 100, 200), (0, 23, 120, 67))
        photo.paste((6 * number, 0, 0), (0, 0, 60, 23))
        path = Path(directory, name, f"{place:02d}.png")
        path.parent.mkdir(exist_ok=True)
        photo.save(path)


def _numbers(pictures: np.ndarray) -> np.ndarray:
    return np.round(pictures[:, 32, 32, 0] / 6).astype(int)


def _first_by_loader(directory, n):
    dataset = tf.keras.utils.image_dataset_from_directory(
        directory, image_size=(64, 64), batch_size=n, shuffle=False, verbose=False
    )
    images, labels = next(dataset.as_numpy_iterator())
    return images.astype("uint8"), [dataset.class_names[label] for label in labels]


def _first_sorted_by(key: Callable[[Path], Any]) -> Callable:
    def first_photos(directory, n):
        paths = sorted(Path(directory).glob("*/*.png"), key=key)[:n]
        pictures = [np.asarray(Image.open(path).resize((64, 64))) for path in paths]
        return np.stack(pictures), [path.parent.name for path in paths]

    return first_photos


def _same_photos(one, other) -> bool:
    return np.array_equal(_numbers(one[0]), _numbers(other[0])) and one[1] == other[1]


@exercise(
    "The same photos in the same order, each time.",
    right=_first_by_loader,
    impostors={
        "The files are sorted by their own names only. They should come class by class.": _first_sorted_by(
            lambda path: path.name
        ),
        "Your order ignores capitals. The loader sorts uppercase before lowercase.": _first_sorted_by(
            lambda path: str(path).lower()
        ),
    },
)
def check_first_photos(first_photos) -> Rows:
    """A function from a directory and n to n pictures in file order, and their class names."""
    with tempfile.TemporaryDirectory() as directory:
        _write_numbered_photos(directory)
        result = call(first_photos, directory, _WANTED)
        yield from pair(result, "pictures", "names")
        pictures, names = result[0], listed(result[1])
        yield from _not_pictures(pictures)
        yield from _not_names(names)
        is_first = _numbers(pictures).tolist() == list(range(_WANTED))
        otherwise = "These are not the first files. The loader shuffles unless you pass shuffle=False."
        if is_first:
            right_names = _first_by_loader(directory, _WANTED)[1]
            wrong = next((n for n in range(_WANTED) if names[n] != right_names[n]), 0)
            otherwise = (
                f"The names do not belong to the pictures: picture {wrong} is {right_names[wrong]}, "
                f"but you have {names[wrong]}."
            )
        yield from check_first_photos.compare(
            (pictures, names), directory, _WANTED, same=_same_photos, otherwise=otherwise
        )


def _not_pictures(pictures) -> Rows:
    yield from array(pictures)
    count = len(pictures)
    hint = f"This should be the first {_WANTED} of {_TOTAL} photos, but you have {count}. A batch holds 32 by default."
    yield count != _WANTED, hint
    shape = pictures.shape[1:]
    yield shape != (64, 64, 3), f"The pictures should have the shape (64, 64, 3); they have {shape}."
    yield pictures.dtype != np.uint8, f"The pictures are {pictures.dtype}. Convert them to uint8, ready to show."
    yield from full_range(pictures)
    red, green, blue = np.moveaxis(pictures[:, 32, 32].astype(int), 1, 0)
    is_off = np.abs(np.stack([red - 6 * _numbers(pictures), green - 100, blue - 200])).max() > 1
    hint = "The pixels are not those of the photos in the directory passed in. Only resize them."
    yield is_off or red.max() >= 6 * _TOTAL, hint
    bands = pictures[:, [12, 51], 32, 1]  # also in pictures that are padded
    yield bands.max() > 50, "These are parts of the photos. Resize whole photos to 64 by 64."
    corners = pictures[:, [12, 12, 51, 51], [16, 48, 16, 48], 2]
    yield corners.argmin(axis=1).any(), "The photos were rotated or mirrored. Leave them as the loader yields them."


def _not_names(names: list) -> Rows:
    yield len(names) != _WANTED, f"There are {_WANTED} pictures but {len(names)} names."
    first = names[0]
    is_number = isinstance(first, int | np.integer) or tf.is_tensor(first) and first.dtype.is_integer
    yield is_number, "The labels are numbers. Look them up in class_names."
    yield not isinstance(first, str), f"The names should be text (str); the first one is {kind_of(first)}."
