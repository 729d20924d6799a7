"""Which file an image of a dataset is, and which images two datasets share, by their digests."""

from collections.abc import Sequence
from typing import NamedTuple

from helpers.checkup.walk import BAR, Pass, digest
from helpers.decoding import channel_axis, decode_image
from helpers.each_file import batches_of_files
from helpers.files import CHANNELS
from helpers.quiet import tensorflow as tf

import numpy as np
import tqdm

_MOST_FILES = 5000  # are decoded
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
        is_scaled = low >= -1.02 and -0.98 < high <= 1.02 and max(-low, high) > 0.75
        return low, high, (-1, 1) if is_scaled else None
    if 0.02 < high <= 1.5:
        return low, high, (0, 1)
    return low, high, (0, 255) if 16 < high <= 400 else None


def is_around_zero(low: float, high: float) -> bool:
    """Whether values were moved, as by a standardisation. Enlarged or darkened, photos do not go so far below 0."""
    return low < -max(high / 4, 0.4)


def match_files(found: Pass, paths: Sequence[str]) -> list[Match]:
    """Find the file of each image, by decoding files as the loader does, at the size of the images.

    Images are known as they are, rounded or cast to uint8, from 0 to 1 or from -1 to 1; with red and blue swapped;
    and under several arguments of the loader, one at a time. Images of one colour are left out.

    Args:
        found: A pass over the images.
        paths: The files; at most 5,000 of them are decoded, evenly chosen.
    """
    images, shapes = _digests(found), {image.shape for image in found.images}
    modes = [mode for mode, channels in CHANNELS.items() if {shape[2] for shape in shapes} == {channels}]
    if len(shapes) != 1 or not modes or not any(image is not None for image in images):
        return [Match([]) for _ in images]
    always = {"image_size": shapes.pop()[:2], "color_mode": modes[0]}
    numbers, sample = (range(0, len(paths), -(-len(paths) // most)) for most in (_MOST_FILES, _SAMPLE))

    def fit(arguments: dict) -> tuple[int, int]:
        matches = _matches(images, _decoded(paths, sample, always | arguments))
        return sum(match.is_exact for match in matches), sum(bool(match.files) for match in matches)

    matches = _matches(images, _decoded(paths, numbers, always))
    if all(match.is_exact or image is None for match, image in zip(matches, images, strict=True)):
        return matches
    arguments = max(_ARGUMENTS, key=fit)
    return _matches(images, _decoded(paths, numbers, always | arguments)) if arguments else matches


def shared(found: Pass, other: Pass) -> list[int] | None:
    """The positions of the images that another pass holds, too; None if they cannot be compared."""
    images, others = _digests(found), dict(enumerate(_digests(other)))
    known = {number: image for number, image in others.items() if image is not None}
    shapes = {image.shape for image in found.images + other.images}
    if len(shapes) != 1 or not known or not any(image is not None for image in images):
        return None
    # Of two datasets of one kind, an image that is in both is so to the last digit or so.
    are_alike = len({passed.specs[passed.layout.place].dtype.is_floating for passed in (found, other)}) == 1
    matches = _matches(images, known, _EQUAL if are_alike else _ROUNDED)
    return [number for number, match in enumerate(matches) if match.files]


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


def _decoded(paths: Sequence[str], numbers: range, arguments: dict) -> dict[int, np.ndarray]:
    """Position of a path -> its digest, of files that can be decoded."""

    def digest_of(number, path):
        image = decode_image(path, **arguments)
        return number, digest(image if channel_axis() == -1 else tf.transpose(image, (1, 2, 0)))

    batches = batches_of_files(paths, numbers, digest_of)
    batches = tqdm.tqdm(batches, "Decoding files", -(-len(numbers) // 64), unit="batch", **BAR)
    return {number: digest for pair in batches for number, digest in zip(pair[0].tolist(), pair[1], strict=True)}


def _matches(
    images: Sequence[np.ndarray | None], known: dict[int, np.ndarray], farthest: float = _ROUNDED
) -> list[Match]:
    numbers, digests = np.array(list(known), int), np.array(list(known.values()), np.float32)
    means = digests.mean(axis=1) if known else numbers

    def match(image: np.ndarray) -> Match:
        swapped = image.reshape(-1, 3)[:, ::-1].ravel() if len(image) == 3 * 64 else None
        near = np.abs(means - image.mean()) <= _ROUNDED  # the others are farther off, too
        for candidate in (image, swapped):
            if candidate is None or not near.any():
                break
            distances = np.abs(digests[near] - candidate).max(axis=1)
            if distances.min() <= farthest:
                is_exact = bool(distances.min() <= _EQUAL)
                may_be = distances <= (_EQUAL if is_exact else farthest)  # copies; or all that it may be
                return Match(numbers[near][may_be].tolist(), candidate is swapped, is_exact)
        return Match([])

    return [Match([]) if image is None else match(image) for image in images]
