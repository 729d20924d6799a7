"""Which file an image of a dataset is, and which images two datasets share, by their digests."""

import dataclasses
import os
from collections.abc import Sequence

from helpers.decoding import channel_axis, decode_image
from helpers.files import CHANNELS
from helpers.quiet import tensorflow as tf
from helpers.walk import BAR, Pass, digest

import numpy as np
import tqdm

MOST_FILES = 5000  # are decoded
_SAMPLE = 60  # files that show how the loader was told to decode
_ROUNDED = 1.01  # of 0 to 255; so far a cast to uint8 moves a mean
_EQUAL = 0.05
_DECODINGS: list[dict] = [
    {},
    {"crop_to_aspect_ratio": True},
    {"pad_to_aspect_ratio": True},
    {"interpolation": "nearest"},
    {"interpolation": "area"},
    {"interpolation": "bicubic"},
    {"shrink": "decoder"},
]


@dataclasses.dataclass(frozen=True)
class Recognised:
    """Which files the images of a pass are.

    Attributes:
        tried: How many files were decoded.
        exact: How many images are a file's to the last digit or so, and not rounded.
        files: For each image the positions of the files that it may be; more than one for copies, none if not known.
        is_swapped: For each image, whether it is such a file with red and blue swapped.
    """

    tried: int
    exact: int
    files: list[list[int]]
    is_swapped: list[bool]

    @property
    def number(self) -> int:
        return sum(map(bool, self.files))


def value_range(found: Pass) -> tuple[float, float, tuple[int, int] | None]:
    """The lowest and the highest finite value, and what black and white are; None where that cannot be told.

    >>> import tensorflow as tf
    >>> from helpers.recognise import value_range
    >>> from helpers.walk import walk
    >>> value_range(walk(tf.data.Dataset.from_tensors([[[[-1.0], [0.5]]]]), 1))
    (-1.0, 0.5, (-1, 1))
    """
    bounds = zip(found.lowest, found.highest, strict=True)
    finite = [pair for pair in bounds if np.isfinite(pair).all()] or [(0.0, 0.0)]
    low, high = min(pair[0] for pair in finite), max(pair[1] for pair in finite)
    if is_around_zero(low, high):
        return low, high, (-1, 1) if low >= -1.02 and -0.98 < high <= 1.02 else None
    if 0.02 < high <= 1.5:
        return low, high, (0, 1)
    return low, high, (0, 255) if 16 < high <= 400 else None


def is_around_zero(low: float, high: float) -> bool:
    """Whether values were moved, as by a standardisation. Enlarged or darkened, photos do not go so far below 0.

    >>> from helpers.recognise import is_around_zero
    >>> is_around_zero(-2.1, 2.6), is_around_zero(-9.0, 264.0)
    (True, False)
    """
    return low < -max(high / 4, 0.4)


def recognise(found: Pass, paths: Sequence[str]) -> Recognised:
    """Find the file of each image, by decoding files as the loader does, at the size of the images.

    Images are known as they are, rounded or cast to uint8, from 0 to 1 or from -1 to 1; with red and blue swapped;
    and under several arguments of the loader, one at a time. Images of one colour are left out.

    Args:
        found: A pass over the images.
        paths: The files; up to 5,000 of them are decoded, evenly chosen.

    >>> import keras
    >>> from helpers.files import list_images
    >>> from helpers.recognise import recognise
    >>> from helpers.walk import walk
    >>> images = keras.utils.image_dataset_from_directory(photo_folder, label_mode=None, shuffle=False, verbose=False)
    >>> recognise(walk(images, 1), list_images(photo_folder).paths).files[:3]
    [[0], [1], [2]]
    """
    numbers = range(0, len(paths), -(-len(paths) // MOST_FILES))
    wanted = _digests(found)
    size = next(iter(found.sizes)) if len(found.sizes) == 1 else (0, 0, 0)
    modes = [mode for mode, channels in CHANNELS.items() if channels == size[-1]]
    nothing = Recognised(len(numbers), 0, [[] for _ in wanted], [False] * len(wanted))
    if not modes or all(image is None for image in wanted):
        return nothing
    # With which arguments, is seen on a few files first; bilinear and bicubic pixels can be similar.
    sample, best, chosen = numbers[:: -(-len(numbers) // _SAMPLE)], nothing, {}
    for decoding in _DECODINGS:
        options = {"image_size": size[:2], "color_mode": modes[0], **decoding}
        result = _compared(wanted, _decoded(paths, sample, options), len(numbers))
        if (result.exact, result.number) > (best.exact, best.number):
            best, chosen = result, options
        if 2 * result.exact > result.number:
            break
    if len(sample) == len(numbers) or not best.number:
        return best
    return _compared(wanted, _decoded(paths, numbers, chosen), len(numbers))


def shared(found: Pass, other: Pass) -> list[int] | None:
    """The positions of the images that another pass holds, too; None if they cannot be compared.

    >>> import tensorflow as tf
    >>> from helpers.recognise import shared
    >>> from helpers.walk import walk
    >>> images = tf.random.stateless_uniform((4, 16, 16, 3), (1, 2), 0, 255)
    >>> dataset = tf.data.Dataset.from_tensor_slices(images)
    >>> shared(walk(dataset.batch(4), 1), walk(dataset.skip(3).batch(2), 1))
    [3]
    """
    images, others = _digests(found), _digests(other)
    known = {number: image for number, image in enumerate(others) if image is not None}
    if found.sizes != other.sizes or len(found.sizes) != 1 or not known or all(image is None for image in images):
        return None
    return [number for number, files in enumerate(_compared(images, known, 0).files) if files]


def _digests(found: Pass) -> list[np.ndarray | None]:
    """From 0 to 255; None for what cannot be known."""
    nominal = value_range(found)[2]
    if nominal is None:
        return [None] * len(found.digests)
    black, white = nominal
    return [
        None if is_one_colour or not np.isfinite(image).all() else (image - black) * np.float32(255 / (white - black))
        for image, is_one_colour in zip(found.digests, found.is_one_colour, strict=True)
    ]


def _decoded(paths: Sequence[str], numbers: Sequence[int], options: dict) -> dict[int, np.ndarray]:
    """Number of a file -> its digest, of files that can be decoded."""
    names = [os.fsencode(paths[number]) for number in numbers]
    dataset = tf.data.Dataset.from_tensor_slices((list(numbers), names))
    dataset = dataset.map(
        lambda number, path: (number, decode_image(path, **options)), num_parallel_calls=2 * (os.cpu_count() or 1)
    )
    digests = {}
    with tqdm.tqdm(desc="Decoding files", unit="image", total=len(names), **BAR) as bar:
        for some, images in dataset.ignore_errors().batch(32).prefetch(1).as_numpy_iterator():
            for number, image in zip(some.tolist(), images, strict=True):
                digests[number] = digest(np.moveaxis(image, channel_axis(), -1))
            bar.update(len(some))
    return digests


def _compared(wanted: list[np.ndarray | None], known: dict[int, np.ndarray], tried: int) -> Recognised:
    numbers, rows = np.array(list(known), int), np.array(list(known.values()), np.float32)
    means = rows.mean(axis=1) if len(rows) else rows
    files, is_swapped, exact = [], [], 0
    for image in wanted:
        candidates = [] if image is None else [image]
        if image is not None and len(image) == 3 * 64:
            candidates.append(image.reshape(-1, 3)[:, ::-1].ravel())
        for candidate in candidates:
            near = np.flatnonzero(np.abs(means - candidate.mean()) <= _ROUNDED)
            distances = np.abs(rows[near] - candidate).max(axis=1, initial=0)
            if len(near) and distances.min() <= _ROUNDED:
                reach = _EQUAL if distances.min() <= _EQUAL else _ROUNDED  # copies; or all that it may be
                files.append(numbers[near[distances <= reach]].tolist())
                is_swapped.append(candidate is not image)
                exact += reach == _EQUAL
                break
        else:
            files.append([])
            is_swapped.append(False)
    return Recognised(tried, exact, files, is_swapped)
