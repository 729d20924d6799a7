"""Exercises of 17_other_frameworks."""

import tempfile
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, array, kind_of, pair
from helpers.exercises.running import call
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


def _turned(images: np.ndarray) -> np.ndarray:
    return np.transpose(images, (0, 3, 1, 2)).astype(np.float32) / 255


def _reshaped(images: np.ndarray) -> np.ndarray:
    count, height, width, channels = images.shape
    return images.reshape(count, channels, height, width).astype(np.float32) / 255


def _turned_over(images: np.ndarray) -> np.ndarray:
    return np.transpose(images, (0, 3, 2, 1)).astype(np.float32) / 255


def _undivided(images: np.ndarray) -> np.ndarray:
    return _turned(images) * 255


def _around_zero(images: np.ndarray) -> np.ndarray:
    return _turned(images) * 2 - 1


def _mirrored_colours(images: np.ndarray) -> np.ndarray:
    return _turned(images)[:, ::-1]


def _are_close(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, atol=0.002)


@exercise(
    "Each value is where PyTorch looks for it, from 0 to 1.",
    right=_turned,
    impostors={
        "The shape is right, but the photos are garbled: reshape does not reorder axes. Use np.transpose.": _reshaped,
        "Height and width are swapped. The axes should be in the order 0, 3, 1, 2.": _turned_over,
        "The axes are right, but the values still go up to 255.": _undivided,
        "The axes are right, but the values are between -1 and 1; they should go from 0 to 1.": _around_zero,
        "The colours are in a different order: red and blue are swapped.": _mirrored_colours,
    },
)
def check_for_torch(for_torch) -> Rows:
    """A function from a batch with the channels last to one with the channels first, float32, from 0 to 1."""
    images = np.random.default_rng(0).uniform(0, 255, (4, 6, 9, 3)).astype(np.float32)
    result = call(for_torch, images)
    yield from array(result)
    yield result.dtype != np.float32, f"This should be float32; it is {result.dtype}."
    is_last = result.shape == images.shape
    yield is_last, "The channels are still last. np.transpose puts the axes in a new order."
    otherwise = f"The shape is {result.shape}; it should be (4, 3, 6, 9)."
    if result.shape == (4, 3, 6, 9):
        otherwise = "The shape is right, but the values are not. Change only the order of the axes and the range."
    yield from check_for_torch.compare(result, images, same=_are_close, otherwise=otherwise)


_SIZES = {
    "bee": [(6, 4), (5, 8)],
    "ant": [(7, 7), (3, 9), (8, 2)],
    "cow": [],
    "elk": [(4, 4)],
}  # class: height and width of photos; one has none
_NUMBERS = {"ant": 0, "bee": 1, "cow": 2, "elk": 3}


def _make(folder: str) -> dict[bytes, tuple[str, int]]:
    """Photos of different sizes, two of them gray: pixels and shape -> where it is, and the number of its class."""
    made = {}
    rng = np.random.default_rng(0)
    for name, sizes in _SIZES.items():
        Path(folder, name).mkdir()
        for number, (height, width) in enumerate(sizes):
            photo = Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))
            photo = photo.convert("L") if number == 1 else photo
            path = Path(folder, name, f"{number}.png")
            photo.save(path)
            made[_key(np.asarray(photo.convert("RGB")))] = (f"{name}/{path.name}", _NUMBERS[name])
    return made


def _key(picture: np.ndarray) -> bytes:
    return repr(picture.shape).encode() + picture.tobytes()


@exercise("Each photo once, in its own size, with the number of its class.")
def check_labelled_photos(labelled_photos) -> Rows:
    """A class whose objects have a length and return pairs (picture, number of the class), made from a folder."""
    with tempfile.TemporaryDirectory() as folder:
        made = _make(folder)
        photos = call(labelled_photos, folder)
        has_both = hasattr(photos, "__len__") and hasattr(photos, "__getitem__") and not isinstance(photos, type)
        yield not has_both, f"This should be an object with __len__ and __getitem__; it is {kind_of(photos)}."
        count = call(lambda: photos.__len__())
        yield count != len(made), f"The folder has {len(made)} photos, but the length is {count}."
        found = {}
        for number in range(len(made)):
            element = call(lambda number: photos[number], number)
            yield from pair(element, "a picture", "the number of its class")
            yield from _one_photo(*element)
            picture, label = element
            yield _key(picture) not in made, f"The pixels of element {number} match none of the files."
            name, wanted = made[_key(picture)]
            is_missed = name.startswith("elk") and label == wanted - 1
            yield is_missed, f"{name} has the class {label}. It should be {wanted}: cow has no photos but still counts."
            yield label != wanted, f"{name} has the class {label}; by sorted names it should be {wanted}."
            found[name] = number
        yield len(found) < len(made), "One photo appears twice, another not at all."


def _one_photo(picture, label) -> Rows:
    yield (
        tf.is_tensor(picture),
        "The picture is a TensorFlow tensor, which does not suit PyTorch's workers: decode with Pillow.",
    )
    yield isinstance(picture, Image.Image), "This is a Pillow picture. np.array converts it to an array."
    yield not isinstance(picture, np.ndarray), f"The first part should be an array; it is {kind_of(picture)}."
    yield picture.ndim == 2, "A gray photo has no channels here: convert('RGB')."
    is_uint8 = picture.dtype == np.uint8
    yield not is_uint8, f"The picture should be uint8; it is {picture.dtype}."
    yield isinstance(label, str), f"The second part should be a number; it is the name {label!r}."
    is_numpy = isinstance(label, np.integer)  # a loss of PyTorch takes an int, and not an int32
    yield is_numpy, f"The label should be a Python int; it is {kind_of(label)} from NumPy: int(…) converts it."
    yield not isinstance(label, int), f"The second part should be a whole number; it is {kind_of(label)}."
