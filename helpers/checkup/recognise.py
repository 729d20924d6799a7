"""Which file an image of a dataset is, and which images two datasets share, by their digests."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from helpers.checkup.walk import BAR, Pass, digest
from helpers.decoding import channel_axis, decode_image
from helpers.files import CHANNELS
from helpers.quiet import tensorflow as tf

import numpy as np
import tqdm

MOST_FILES = 5000  # are decoded
_SAMPLE = 60  # files that show how the loader was told to decode
_ROUNDED = 1.01  # of 0 to 255; so far a cast to uint8 moves a mean
_EQUAL = 0.05
_ARGUMENTS: list[dict] = [
    {},
    {"crop_to_aspect_ratio": True},
    {"pad_to_aspect_ratio": True},
    {"interpolation": "nearest"},
    {"interpolation": "area"},
    {"interpolation": "bicubic"},
    {"shrink": "decoder"},
]


class Match(NamedTuple):
    """The positions of the files that an image may be, more than one for copies; and how they are alike."""

    files: list[int]
    is_swapped: bool = False  # red and blue
    is_exact: bool = False  # to the last digit or so, and not rounded


def value_range(found: Pass) -> tuple[float, float, tuple[int, int] | None]:
    """The lowest and the highest finite value, and what black and white are; None where that cannot be told."""
    finite = [image for image in found.images if np.isfinite([image.lowest, image.highest]).all()]
    low, high = min((image.lowest for image in finite), default=0), max((image.highest for image in finite), default=0)
    if is_around_zero(low, high):
        return low, high, (-1, 1) if low >= -1.02 and -0.98 < high <= 1.02 else None
    if 0.02 < high <= 1.5:
        return low, high, (0, 1)
    return low, high, (0, 255) if 16 < high <= 400 else None


def is_around_zero(low: float, high: float) -> bool:
    """Whether values were moved, as by a standardisation. Enlarged or darkened, photos do not go so far below 0."""
    return low < -max(high / 4, 0.4)


def recognise(found: Pass, paths: Sequence[str]) -> list[Match]:
    """Find the file of each image, by decoding files as the loader does, at the size of the images.

    Images are known as they are, rounded or cast to uint8, from 0 to 1 or from -1 to 1; with red and blue swapped;
    and under several arguments of the loader, one at a time. Images of one colour are left out.

    Args:
        found: A pass over the images.
        paths: The files to decode.
    """
    images, shapes = _digests(found), {image.shape for image in found.images}
    modes = [mode for mode, channels in CHANNELS.items() if {shape[2] for shape in shapes} == {channels}]
    if len(shapes) != 1 or not modes or not any(image is not None for image in images):
        return [Match([]) for _ in images]
    always = {"image_size": shapes.pop()[:2], "color_mode": modes[0]}
    sample = paths[:: -(-len(paths) // _SAMPLE)]

    def fit(arguments: dict) -> tuple[int, int]:
        matches = _matches(images, _decoded(sample, always | arguments))
        return sum(match.is_exact for match in matches), sum(bool(match.files) for match in matches)

    return _matches(images, _decoded(paths, always | max(_ARGUMENTS, key=fit)))


def shared(found: Pass, other: Pass) -> list[int] | None:
    """The positions of the images that another pass holds, too; None if they cannot be compared."""
    images, others = _digests(found), dict(enumerate(_digests(other)))
    known = {number: image for number, image in others.items() if image is not None}
    shapes = {image.shape for image in found.images + other.images}
    if len(shapes) != 1 or not known or not any(image is not None for image in images):
        return None
    return [number for number, match in enumerate(_matches(images, known)) if match.files]


def _digests(found: Pass) -> list[np.ndarray | None]:
    """From 0 to 255; None for what cannot be known."""
    nominal = value_range(found)[2]
    if nominal is None:
        return [None] * len(found.images)
    black, white = nominal
    return [
        None
        if image.is_one_colour or not np.isfinite(image.digest).all()
        else (image.digest - black) * np.float32(255 / (white - black))
        for image in found.images
    ]


def _decoded(paths: Sequence[str], arguments: dict) -> dict[int, np.ndarray]:
    """Position of a path -> its digest, of files that can be decoded."""
    dataset = tf.data.Dataset.from_tensor_slices([os.fsencode(path) for path in paths]).enumerate()
    dataset = dataset.map(
        lambda number, path: (number, decode_image(path, **arguments)), num_parallel_calls=2 * (os.cpu_count() or 1)
    )
    pairs = dataset.ignore_errors().as_numpy_iterator()
    return {
        int(number): digest(np.moveaxis(image, channel_axis(), -1))
        for number, image in tqdm.tqdm(pairs, "Decoding files", len(paths), unit="image", **BAR)
    }


def _matches(images: Sequence[np.ndarray | None], known: dict[int, np.ndarray]) -> list[Match]:
    numbers, digests = list(known), np.array(list(known.values()))
    return [Match([]) if image is None or not numbers else _match(image, numbers, digests) for image in images]


def _match(image: np.ndarray, numbers: list[int], digests: np.ndarray) -> Match:
    swapped = image.reshape(-1, 3)[:, ::-1].ravel() if len(image) == 3 * 64 else image
    for is_swapped, candidate in enumerate((image, swapped)):
        distances = np.abs(digests - candidate).max(axis=1)
        if distances.min() <= _ROUNDED:
            is_exact = bool(distances.min() <= _EQUAL)
            near = np.flatnonzero(distances <= (_EQUAL if is_exact else _ROUNDED))  # copies; or all that it may be
            return Match([numbers[position] for position in near], bool(is_swapped), is_exact)
    return Match([])
