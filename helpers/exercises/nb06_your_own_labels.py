"""Exercises of 06_your_own_labels."""

import random
import tempfile
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.framed_photos import (
    CYAN,
    GREEN,
    HEIGHT,
    WIDTH,
    are_whole,
    as_loaded,
    frames_of,
    reds_of,
    stripes,
    stripes_of,
    write_framed_photos,
)
from helpers.exercises.rows import Rows, pair
from helpers.exercises.running import call, elements

import numpy as np
from PIL import Image


@exercise("Each price belongs to its photo, and photos without a price are left out.")
def check_priced(priced) -> Rows:
    """A function that takes a folder and a CSV file and returns a dataset of batches, images and their prices."""
    with tempfile.TemporaryDirectory() as folder:
        reds = write_framed_photos(folder, 40)
        rows = random.Random(0).sample(list(reds.items()), 35)
        csv = Path(folder, "prices.csv")
        csv.write_text("file,price\n" + "".join(f"{name},{_price(red)}\n" for name, red in rows))
        dataset = call(priced, folder, str(csv))
        batches = elements(dataset)
    yield from pair(dataset.element_spec, "images", "prices")
    yield not batches, "The dataset is empty."
    shape = batches[0][0].shape
    wanted = "These should be batches of images of 32 by 32 pixels"
    is_single = ": batch is missing" if shape == (32, 32, 3) else ""
    yield len(shape) != 4 or shape[1:3] != (32, 32), f"{wanted}; the first element has the shape {shape}{is_single}."
    yield shape[3] != 3, f"The images have {shape[3]} channels instead of 3: decode with channels=3."
    images, prices = (np.concatenate(part) for part in zip(*batches, strict=True))
    counts = f"The table has {len(rows)} rows and the folder {len(reds)} photos; you have {len(images)} pairs."
    yield len(images) > len(rows), f"{counts} Go from the rows to the paths."
    yield len(images) < len(rows), f"{counts} Keep them all, including those in a short last batch."
    yield prices.ndim != 1, f"Each photo should have one price, shape (batch,); yours have {batches[0][1].shape}."
    yield from as_loaded(images)
    is_whole = not (prices % 1).any()
    yield is_whole, "Your prices are whole numbers, but those in the table are not. Leave the prices as they are."
    yield (
        not np.allclose(_price(reds_of(images)), prices, atol=0.1),
        "The prices belong to other photos. Make each path from its own row.",
    )
    is_repeated = not np.allclose(sorted(prices), sorted(_price(red) for _, red in rows), atol=0.1)
    yield is_repeated, f"{counts} Some rows appear several times, others not at all: use each once."


def _price(red):
    return 0.5 * red + 0.25


@exercise("Each photo has its own mask, and the masks hold only class numbers.")
def check_pairs(pairs) -> Rows:
    """A function that takes folders of photos and of masks and returns a dataset of batches, images and masks."""
    with tempfile.TemporaryDirectory() as photo_dir, tempfile.TemporaryDirectory() as mask_dir:
        reds = write_framed_photos(photo_dir, 40, extension="jpg")
        names = list(reds)
        have_mask = names[:4] + names[6:]
        for name in have_mask:
            mask = Image.fromarray(_mask(_class_number(reds[name])))
            mask.save(Path(mask_dir, f"{Path(name).stem}_mask.png"))
        dataset = call(pairs, photo_dir, mask_dir)
        batches = elements(dataset)
    yield from pair(dataset.element_spec, "images", "masks")
    yield not batches, "The dataset is empty."
    shapes = [part.shape for part in batches[0]]
    wanted = "These should be images (batch, 32, 32, 3) and masks (batch, 32, 32, 1)"
    yield [shape[1:] for shape in shapes] != [(32, 32, 3), (32, 32, 1)], f"{wanted}; they are {shapes}."
    images, masks = (np.concatenate(part) for part in zip(*batches, strict=True))
    yield len(images) != len(masks), _MASK_OF_ANOTHER
    yield from as_loaded(images)
    yield from _masks_are_good(masks, len(have_mask))
    numbers = _class_number(np.rint(reds_of(images)))
    is_repeated = len(set(np.rint(numbers))) < len(numbers)
    is_wrong = not np.allclose(numbers, _highest(masks), atol=0.5)
    yield (
        is_wrong and is_repeated,
        "Some photos have several masks. b1_mask.png belongs to b1.jpg, b13_mask.png does not: compare whole names.",
    )
    yield is_wrong, _MASK_OF_ANOTHER
    counts = f"{len(have_mask)} photos have a mask; you have {len(images)} pairs"
    yield len(images) != len(have_mask), f"{counts}."
    yield is_repeated, f"{counts}, and some appear several times, others not at all."
    apart = (frames_of(images) != _frames_of_masks(masks)).sum(axis=1).max()
    is_apart = apart > 6 or _is_flipped(stripes_of(images), _stripes_of_masks(masks))
    yield is_apart, "Photo and mask do not line up. Resize, pad, crop and flip both in the same way."


_MASK_OF_ANOTHER = (
    "Some photos have another photo's mask. If one is missing, every photo after it gets the wrong one: pair by name."
)


def _class_number(red):
    """The class of the middle of a photo, by its red value."""
    return red / 6 + 3


def _mask(number: float) -> np.ndarray:
    """In the middle, every other column is 0, so mixing neighbours produces other values."""
    middle = np.zeros((HEIGHT, WIDTH), np.uint8)
    middle[:, 1::2] = number
    return np.where(stripes(), stripes(), middle).astype(np.uint8)


def _highest(masks: np.ndarray) -> np.ndarray:
    return masks.max(axis=(1, 2, 3))


def _frames_of_masks(masks: np.ndarray) -> np.ndarray:
    return _stripes_of_masks(masks)[:, masks.shape[1] // 2]


def _stripes_of_masks(masks: np.ndarray) -> np.ndarray:
    return np.where(masks <= CYAN, masks, 0)[..., 0]


def _is_flipped(photos: np.ndarray, masks: np.ndarray) -> bool:
    """Whether a photo fits its mask better when mirrored or upside down."""
    flipped = [photos[:, :, ::-1], photos[:, ::-1], photos[:, ::-1, ::-1]]
    apart, *others = ((one != masks).sum(axis=(1, 2)) for one in (photos, *flipped))
    return bool((np.min(others, axis=0) < apart).any())


def _masks_are_good(masks: np.ndarray, count: int) -> Rows:
    yield (
        masks.max() <= 1,
        "The values of the masks are between 0 and 1. They should be class numbers: leave them as they are.",
    )
    mixed = [set(np.unique(mask)) - {0, GREEN, CYAN, mask.max()} for mask in masks]
    yield any(mixed), "The masks hold values that are not classes: resizing mixed them. Use the method nearest."
    has_empty = _highest(masks).min() == 0
    yield has_empty, f"{count} photos have a mask; you have {len(masks)} pairs: leave out photos without one."
    yield (
        not are_whole(_frames_of_masks(masks)),
        "The masks were cropped. Make the whole mask smaller: tf.image.resize.",
    )
