"""Exercises of 05_labels_and_splits."""

import random
import tempfile
from collections.abc import Mapping
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
from helpers.exercises.rows import Rows, kind_of, pair
from helpers.exercises.running import Mistake, call, elements, listed

import numpy as np
from PIL import Image


@exercise("Each price belongs to its photo, and photos without a price are left out.")
def check_priced(priced) -> Rows:
    """A function of a folder and a CSV file that gives a dataset of batches, images and their prices."""
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
    wanted = "Batches of images of 32 by 32 pixels are wanted"
    yield len(shape) != 4 or shape[1:3] != (32, 32), f"{wanted}; the first element has the shape {shape}."
    yield shape[3] != 3, f"The images have {shape[3]} channels, 3 are wanted: decode with channels=3."
    images, prices = (np.concatenate(part) for part in zip(*batches, strict=True))
    counts = f"The table has {len(rows)} rows, the folder {len(reds)} photos; you have {len(images)} pairs."
    yield len(images) > len(rows), f"{counts} Go from the rows to the paths."
    yield len(images) < len(rows), f"{counts} Keep them all, also those of a short last batch."
    yield prices.ndim != 1, f"One price for each photo is wanted, shape (batch,); these are {batches[0][1].shape}."
    yield from as_loaded(images)
    is_whole = not (prices % 1).any()
    yield is_whole, "The prices are whole numbers, and those of the table are not. Leave the prices as they are."
    yield (
        not np.allclose(_price(reds_of(images)), prices, atol=0.1),
        "The prices belong to other photos. Make each path from its own row.",
    )
    is_repeated = not np.allclose(sorted(prices), sorted(_price(red) for _, red in rows), atol=0.1)
    yield is_repeated, f"{counts} Some are there several times, others not at all: each row is wanted once."


def _price(red):
    return 0.5 * red + 0.25


@exercise("No photo in two parts, none forgotten, and the same mix of classes in each.")
def check_three_parts(three_parts) -> Rows:
    """A function of paths and labels that gives three lists of paths: 70, 20 and 10 percent, stratified."""
    for second in (20, 50, 30):  # a lucky split without stratify is not lucky three times
        paths = [f"photos/a/{number:03}.jpg" for number in range(100 - second)]
        paths += [f"photos/b/{number:03}.jpg" for number in range(second)]
        random.Random(second).shuffle(paths)
        parts = _parts(call(three_parts, paths, [int("/b/" in path) for path in paths]))
        yield len(parts) != 3, f"Three lists are wanted, these are {len(parts)}."
        yield from _each_path_once(parts, paths)
        sizes = [len(part) for part in parts]
        is_swapped = sizes != [70, 20, 10] and sorted(sizes) == [10, 20, 70]
        yield is_swapped, f"The parts have {sizes} photos. The order is training, validation, test."
        wanted = "wanted are [70, 20, 10]. Count in whole photos: the second share is one of the rest."
        yield sizes != [70, 20, 10], f"The parts have {sizes} photos, {wanted}"
        seconds = [sum("/b/" in path for path in part) for part in parts]
        counts = "{}, {} and {}".format(*seconds)
        yield (
            seconds != [second * 7 // 10, second // 5, second // 10],
            f"Of the {second} photos of the second class, {counts} are in the parts. Split with stratify, both times.",
        )


def _parts(result) -> list[list]:
    if isinstance(result, Mapping):
        raise Mistake("Three lists are wanted, one after the other; this is a dict.")
    parts = [listed(part) for part in listed(result)]
    return [[path.as_posix() if isinstance(path, Path) else path for path in part] for part in parts]


def _each_path_once(parts: list[list], paths: list[str]) -> Rows:
    together = sum(parts, [])
    strange = [path for path in together if not isinstance(path, str) or path not in paths]
    first = strange[0] if strange else ""
    what = repr(first) if isinstance(first, str) else kind_of(first)
    yield strange, f"Lists of the paths that were given are wanted, without labels; this is none of them: {what}."
    is_repeated = any(len(part) > len(set(part)) for part in parts)
    yield is_repeated, "Some photos are in the same part twice. Each path is wanted once."
    twice = len(together) - len(set(together))
    yield twice, f"{twice} photos are in more than one part. Divide the rest, not the whole list again."
    missing = len(paths) - len(together)
    yield missing, f"{missing} of the photos are in no part."


@exercise("Each photo has its own mask, and a mask holds class numbers only.")
def check_pairs(pairs) -> Rows:
    """A function of a folder of photos and one of masks that gives a dataset of batches, images and their masks."""
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
    wanted = "Images (batch, 32, 32, 3) and masks (batch, 32, 32, 1) are wanted"
    yield [shape[1:] for shape in shapes] != [(32, 32, 3), (32, 32, 1)], f"{wanted}; these are {shapes}."
    images, masks = (np.concatenate(part) for part in zip(*batches, strict=True))
    yield len(images) != len(masks), _MASK_OF_ANOTHER
    yield from as_loaded(images)
    yield from _masks_are_good(masks, len(have_mask))
    numbers = _class_number(np.rint(reds_of(images)))
    is_repeated = len(set(np.rint(numbers))) < len(numbers)
    is_wrong = not np.allclose(numbers, _highest(masks), atol=0.5)
    yield (
        is_wrong and is_repeated,
        "Some photos have several masks. b1_mask.png is that of b1.jpg, b13_mask.png is not: compare whole names.",
    )
    yield is_wrong, _MASK_OF_ANOTHER
    counts = f"{len(have_mask)} photos have a mask, this gives {len(images)} pairs"
    yield len(images) != len(have_mask), f"{counts}."
    yield is_repeated, f"{counts}, and some are there several times, others not at all."
    apart = (frames_of(images) != _frames_of_masks(masks)).sum(axis=1).max()
    is_apart = apart > 6 or _is_flipped(stripes_of(images), _stripes_of_masks(masks))
    yield is_apart, "Photo and mask do not line up. Resize, pad, cut and flip both in the same way."


_MASK_OF_ANOTHER = "Some photos have the mask of another. Where one is missing, all behind it move up: pair by name."


def _class_number(red):
    """The class of the middle of a photo, by its red value."""
    return red / 6 + 3


def _mask(number: float) -> np.ndarray:
    """In the middle, each second column is 0, so whatever mixes neighbours makes other values."""
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
    """Whether a photo fits its mask better if it is mirrored or stands on its head."""
    flipped = [photos[:, :, ::-1], photos[:, ::-1], photos[:, ::-1, ::-1]]
    apart, *others = ((one != masks).sum(axis=(1, 2)) for one in (photos, *flipped))
    return bool((np.min(others, axis=0) < apart).any())


def _masks_are_good(masks: np.ndarray, count: int) -> Rows:
    yield (
        masks.max() <= 1,
        "The values of the masks lie between 0 and 1. They are class numbers: leave them as they are.",
    )
    mixed = [set(np.unique(mask)) - {0, GREEN, CYAN, mask.max()} for mask in masks]
    yield any(mixed), "The masks hold values that are no class: they were mixed by resizing. Use the method nearest."
    has_empty = _highest(masks).min() == 0
    yield has_empty, f"{count} photos have a mask, this gives {len(masks)} pairs: leave out those without one."
    yield not are_whole(_frames_of_masks(masks)), "The masks were cut. Make the whole mask smaller: tf.image.resize."
