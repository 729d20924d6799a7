"""What is broken in a folder of images, and what is read differently from what was meant."""

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from helpers import headers, signatures
from helpers.each_file import batches_of_files, may_hang
from helpers.errors import one_line
from helpers.files import CHANNELS, Problem, list_images
from helpers.quiet import tensorflow as tf

import numpy as np
import tqdm
from PIL import ExifTags, Image

_HEAD_BYTES = 16_384  # bytes of a file that are looked at, such as those of a JPEG among which its EXIF data begin
_LONGEST = 128  # times as long as wide
_NOT_KNOWN_TO_PILLOW = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


def find_bad_images(
    images: str | os.PathLike | Sequence[str | os.PathLike], *, color_mode: str = "rgb"
) -> list[Problem]:
    """Decode every image as the loader would, and report which are broken and which are not what they seem.

    Several files at a time, a few in memory, with a progress bar on long runs. Nothing in the folder is changed.

    What TensorFlow refuses is "broken". What it reads without complaint, but not as it was meant, is "odd": a turn in
    the EXIF data (within the first 16 KB), transparency, more than 8 bits, a BMP with a palette or with masks, an
    animation, a GIF whose first picture is not as large as its canvas. Anything more than 128 times as long as wide is
    also "odd", because `pad_to_aspect_ratio` fails on it. "Not tried" is anything that announces more than 89 million
    pixels that TensorFlow would decode, or is not a file but a pipe, a device or a socket. A JPEG with damaged bytes in
    the middle decodes to wrong pixels without an error, so it is not found.

    Args:
        images: A folder with class folders (the problems that `list_images` finds come first), or a list of paths.
        color_mode: "rgb", "grayscale" or "rgba". What can be decoded depends on it.

    Returns:
        Problems, those of images in the order of `images`. Empty if all is well.

    Raises:
        FileNotFoundError, NotADirectoryError, PermissionError, ValueError: As from `list_images`, for a folder.
        ValueError: `color_mode` is not one of the three.

    Introduced in notebook 09_odd_files.

    >>> from helpers.bad_images import find_bad_images
    >>> find_bad_images(photo_folder)
    []
    """
    if color_mode not in CHANNELS:
        raise ValueError(f"color_mode must be one of {', '.join(CHANNELS)}; not {color_mode!r}.")
    problems = []
    if isinstance(images, str | os.PathLike):
        listing = list_images(images)
        problems, paths = listing.problems, listing.paths
        for extension, count in listing.skipped.items():
            what = f"files with the extension {extension}" if extension else "files without an extension"
            reason = f"{what}: {count}. The loader leaves out such files, too."
            problems.append(Problem(os.path.abspath(images), "folder", reason))
    else:
        paths = [os.fspath(path) for path in images]
    arrived = 0
    with tqdm.tqdm(total=len(paths), desc="Decoding", unit="image", file=sys.stdout, delay=3) as bar:
        for number, pixels, size, head in _decoded(paths, CHANNELS[color_mode]):
            problems += [_refused(path, color_mode) for path in paths[arrived:number]]  # those in between did not come
            problems += _problems(paths[number], pixels, size, head, color_mode)
            arrived = number + 1
            bar.update(arrived - bar.n)
        problems += [_refused(path, color_mode) for path in paths[arrived:]]
        bar.update(len(paths) - bar.n)
    return problems


def _decoded(paths: list[str], channels: int) -> Iterator[tuple[int, int, list[int], bytes]]:
    """For each file TensorFlow does not refuse, in order: number, pixels if too many to try, size, first bytes."""
    for numbers, pixels, sizes, heads in batches_of_files(paths, range(len(paths)), _decoder(channels)):
        yield from zip(numbers.tolist(), pixels.tolist(), sizes.tolist(), heads, strict=True)


@functools.cache  # so that it is traced once
def _decoder(channels: int) -> Callable:
    @tf.function(input_signature=[tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.string)], autograph=False)
    def decode(number, path):
        content = tf.io.read_file(path)
        pixels = tf.cond(
            tf.strings.substr(content, 0, 2) == b"\xff\xd8",
            lambda: _too_many_pixels_of_jpeg(content),
            lambda: tf.ensure_shape(tf.numpy_function(_too_many_pixels, [content], tf.int64), []),
        )
        size = tf.cond(
            pixels > 0,
            lambda: tf.ones(2, tf.int32),
            lambda: tf.shape(tf.io.decode_image(content, channels=channels, expand_animations=False))[:2],
        )
        return number, pixels, size, tf.strings.substr(content, 0, _HEAD_BYTES)

    return decode


def _too_many_pixels(content: bytes | np.ndarray) -> np.int64:
    """In TensorFlow's debug mode, an array without axes arrives instead of bytes, and the output keeps its type."""
    return np.int64(headers.too_many_pixels(np.asarray(content, dtype=object).item()))


def _too_many_pixels_of_jpeg(content: tf.Tensor) -> tf.Tensor:
    """Like `too_many_pixels` for the other formats, without Python."""
    pixels = tf.reduce_prod(tf.cast(tf.image.extract_jpeg_shape(content)[:2], tf.int64))
    is_to_try = (pixels <= headers.MOST_PIXELS) | (pixels >= headers.REFUSED_PIXELS)
    return tf.where(is_to_try, tf.constant(0, tf.int64), pixels)


def _refused(path: str, color_mode: str) -> Problem:
    if may_hang(path):
        return Problem(path, "not tried", "is a pipe, a device or a socket, so it was not read. Take it out.")
    reason = "its header cannot be read"
    try:
        tf.io.decode_image(tf.io.read_file(os.fsencode(path)), channels=CHANNELS[color_mode], expand_animations=False)
    except tf.errors.OpError as error:
        reason = one_line(error).strip(" .")
    return Problem(path, "broken", f"cannot be decoded ({reason}). {_advice(path)}")


def _advice(path: str) -> str:
    """What is inside a file that TensorFlow refuses, and what to do."""
    try:
        with open(path, "rb") as file:
            content = file.read(2**20)
    except OSError:
        return "Is it there, and may you read it?"
    opened, is_whole = None, False
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            opened = image.format
            image.load()
            is_whole = True
    except Image.DecompressionBombError:
        return "If it is real, save it smaller."
    except _NOT_KNOWN_TO_PILLOW:
        pass  # what is known by then is reported
    return signatures.advice(content, opened, is_whole)


def _problems(path: str, pixels: int, size: list[int], head: bytes, color_mode: str) -> Iterator[Problem]:
    """What TensorFlow silently does to an image it decodes, or why it was not tried."""
    if pixels:
        millions = f"{pixels / 1e6:,.0f} million pixels"
        reason = f"has {millions} according to its header, so it was not decoded here. If it is real, save it smaller."
        yield Problem(path, "not tried", reason)
        return
    found = []
    if max(size) > _LONGEST * min(size):
        found = [f"{max(size)} by {min(size)} pixels, so thin that pad_to_aspect_ratio fails. Take it out."]
    is_ordinary = head.startswith(b"\xff\xd8") and b"Exif" not in head
    if not is_ordinary:  # to open each JPEG with Pillow would cost a tenth of the time
        found += [*_seen_by_pillow(path, color_mode), *_told_by_header(path, head)]
    yield from (Problem(path, "odd", what) for what in found)


def _seen_by_pillow(path: str, color_mode: str) -> Iterator[str]:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            if image.width * image.height > headers.MOST_PIXELS:
                return  # the canvas of a GIF, which TensorFlow does not make
            turn = image.getexif().get(ExifTags.Base.Orientation, 1)
            if turn in range(2, 9):
                what = f"turned by EXIF orientation {turn}, which TensorFlow ignores."
                yield f"{what} ImageOps.exif_transpose turns the pixels."
            if image.format == "BMP" and image.mode in ("P", "1"):
                yield "a BMP with a palette, which TensorFlow reads in the wrong colours. Save it again as PNG."
            second_picture = image.format == "MPO"  # in a phone's JPEG
            if getattr(image, "is_animated", False) and not second_picture:
                yield "an animation; only its first frame is read."
            if color_mode != "rgba" and _is_partly_transparent(image):
                shows = "these parts are black" if image.format == "GIF" else "the hidden pixels show"
                yield f"partly transparent: alpha is dropped, and {shows}. Blend it with a background."
    except _NOT_KNOWN_TO_PILLOW:
        pass  # Pillow does not know, or refuses, what TensorFlow decodes


def _is_partly_transparent(image: Image.Image) -> bool:
    return image.has_transparency_data and bool(np.asarray(image.convert("RGBA"))[..., 3].min() < 255)


def _told_by_header(path: str, head: bytes) -> Iterator[str]:
    if head.startswith(b"\x89PNG") and head[24] == 16:
        what = "16 bits per channel, but only the upper 8 are read."
        yield f"{what} Read them all in your own map: tf.io.decode_png(..., dtype=tf.uint16)."
    if head.startswith(b"GIF8"):
        width, height = (int.from_bytes(head[place : place + 2], "little") for place in (6, 8))
        frames = headers.gif_frames(Path(path).read_bytes())
        if frames[:1] != [(0, 0, width, height)] or any(frame[2] > width or frame[3] > height for frame in frames):
            what = f"a GIF whose canvas, {width:,} by {height:,} pixels, does not match its first picture"
            yield f"{what}: TensorFlow returns a different size than viewers show, or adds black. Save it again as PNG."
    if headers.has_other_masks(head):
        what = "a BMP with masks, which TensorFlow ignores, so the colours are swapped."
        yield f"{what} Save it again as PNG."
    if header := headers.jpeg_xl(head):
        if header.bits > 8:
            yield f"{header.bits} bits per channel, but only 8 are kept. To read them all, save it as a 16-bit PNG."
        if header.is_animated:
            yield "an animation; only its first frame is read."
