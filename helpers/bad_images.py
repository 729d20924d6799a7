"""What is broken in a folder of images, and what is read otherwise than it was meant."""

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence

from helpers.errors import one_line
from helpers.files import CHANNELS, Problem, list_images
from helpers.quiet import tensorflow as tf

import numpy as np
import tqdm
from PIL import ExifTags, Image

_MOST_PIXELS = 89_478_485  # from here on Pillow warns of a bomb
_HEAD_BYTES = 16_384  # bytes of a JPEG among which its EXIF data begin


def find_bad_images(
    images: str | os.PathLike | Sequence[str | os.PathLike], *, color_mode: str = "rgb"
) -> list[Problem]:
    """Decode every image as the loader would, and tell which are broken, and which are not what they seem.

    Several files at a time, a few in memory, with a progress bar on long runs. Nothing in the folder is changed.

    What TensorFlow refuses is "broken". What it reads without a word, and otherwise than it was meant, is "odd": a
    turn in the EXIF data (within the first 16 KB), transparency, 16 bits, a BMP with a palette, an animation. A PNG,
    JPEG or GIF whose header announces more than 89 million pixels is "odd", and is not decoded. A JPEG with damaged
    bytes in the middle decodes to wrong pixels without an error, so it is not found.

    Args:
        images: A folder with class folders, then what `list_images` finds odd comes first; or a list of paths.
        color_mode: "rgb", "grayscale" or "rgba". What can be decoded depends on it.

    Returns:
        Problems, those of images in the order of `images`. Empty if all is well.

    Raises:
        FileNotFoundError, NotADirectoryError, PermissionError, ValueError: As from `list_images`, for a folder.
        ValueError: `color_mode` is none of the three.

    Introduced in notebook 06_odd_and_broken_files.

    >>> from helpers.bad_images import find_bad_images
    >>> find_bad_images(photo_folder)
    []
    """
    if color_mode not in CHANNELS:
        raise ValueError(f"color_mode is one of {', '.join(CHANNELS)}; not {color_mode!r}.")
    problems = []
    if isinstance(images, str | os.PathLike):
        listing = list_images(images)
        problems, paths = listing.problems, listing.paths
        for extension, count in listing.skipped.items():
            what = f"files with the extension {extension}" if extension else "files without an extension"
            reason = f"{what}, passed over by the loader too: {count}."
            problems.append(Problem(os.path.abspath(images), "folder", reason))
    else:
        paths = [os.fspath(path) for path in images]
    arrived = 0
    with tqdm.tqdm(total=len(paths), desc="Decoding", unit="image", file=sys.stdout, delay=3) as bar:
        for number, pixels, head in _decoded(paths, CHANNELS[color_mode]):
            problems += [_broken(path, color_mode) for path in paths[arrived:number]]  # those in between did not come
            problems += [Problem(paths[number], "odd", what) for what in _odd(paths[number], pixels, head, color_mode)]
            arrived = number + 1
            bar.update(arrived - bar.n)
        problems += [_broken(path, color_mode) for path in paths[arrived:]]
        bar.update(len(paths) - bar.n)
    return problems


def _decoded(paths: list[str], channels: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, pixels and first bytes of each file that TensorFlow decodes, in order; what it refuses is left out."""
    if paths:
        numbered = tf.data.Dataset.from_tensor_slices([os.fsencode(path) for path in paths]).enumerate()
        calls = 2 * (os.cpu_count() or 1)  # more than cores, so that none waits while a batch is handed over
        decoded = numbered.map(_decoder(channels), num_parallel_calls=calls).ignore_errors().batch(64).prefetch(2)
        options = tf.data.Options()
        options.autotune.enabled = False  # its thread would keep the iterator from ending
        decoded = decoded.with_options(options)
        for numbers, pixels, heads, _ in decoded.as_numpy_iterator():
            yield from zip(numbers.tolist(), pixels.tolist(), heads, strict=True)


@functools.cache  # so that it is traced once
def _decoder(channels: int) -> Callable:
    @tf.function(input_signature=[tf.TensorSpec([], tf.int64), tf.TensorSpec([], tf.string)], autograph=False)
    def decode(number, path):
        content = tf.io.read_file(path)
        pixels = _announced_pixels(content)
        values = tf.cond(
            pixels > _MOST_PIXELS,
            lambda: 0,
            lambda: tf.size(tf.io.decode_image(content, channels=channels, expand_animations=False)),
        )
        return number, pixels, tf.strings.substr(content, 0, _HEAD_BYTES), values

    return decode


def _announced_pixels(content: tf.Tensor) -> tf.Tensor:
    """Width times height by the header, without decoding: a small file can announce a large image."""

    def two_numbers(position: int, dtype: tf.DType, little_endian: bool) -> tf.Tensor:
        both = tf.strings.substr(content, position, 2 * dtype.size)
        return tf.cast(tf.io.decode_raw(both, dtype, little_endian), tf.int32)

    start = tf.strings.substr(content, 0, 2)
    size = tf.case(
        [
            (start == b"\xff\xd8", lambda: tf.image.extract_jpeg_shape(content)[:2]),
            (start == b"\x89P", lambda: two_numbers(16, tf.int32, little_endian=False)),
            (start == b"GI", lambda: two_numbers(6, tf.uint16, little_endian=True)),
        ],
        default=lambda: tf.constant([0, 0]),
    )
    return tf.cast(size[0], tf.int64) * tf.cast(size[1], tf.int64)


def _broken(path: str, color_mode: str) -> Problem:
    reason = "its header cannot be read"
    try:
        tf.io.decode_image(tf.io.read_file(os.fsencode(path)), channels=CHANNELS[color_mode], expand_animations=False)
    except tf.errors.OpError as error:
        reason = one_line(error).strip(" .")
    inside, advice = "", "Fetch it again, or take it out."
    try:
        with Image.open(path) as image:
            inside = f" Inside it is a {image.format}."
            advice = "It is cut off or damaged: fetch it again, or save what is there."
            image.load()
            advice = "Save it anew as JPEG or PNG."
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass  # what is known by then is said
    return Problem(path, "broken", f"cannot be decoded ({reason}).{inside} {advice}")


def _odd(path: str, pixels: int, head: bytes, color_mode: str) -> list[str]:
    """What TensorFlow does silently to an image that it decodes."""
    if pixels > _MOST_PIXELS:
        millions = f"{pixels / 1e6:,.0f} million pixels"
        return [f"has {millions} by its header, so it was not decoded here. If it is real, save it smaller."]
    if head.startswith(b"\xff\xd8") and b"Exif" not in head:
        return []  # an ordinary JPEG; to open each with Pillow would cost a tenth of the time
    found = []
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            turn = image.getexif().get(ExifTags.Base.Orientation, 1)
            if turn in range(2, 9):
                what = f"turned by EXIF orientation {turn}, which TensorFlow ignores."
                found.append(f"{what} ImageOps.exif_transpose turns the pixels.")
            if image.format == "BMP" and image.mode in ("P", "1"):
                found.append("a BMP with a palette, which TensorFlow reads in wrong colours. Save it anew as PNG.")
            second_picture = image.format == "MPO"  # in a phone's JPEG
            if getattr(image, "is_animated", False) and not second_picture:
                found.append("an animation, of which the first frame is read.")
            if color_mode != "rgba" and _is_partly_transparent(image):
                shows = "these parts are black" if image.format == "GIF" else "what was hidden shows"
                found.append(f"partly transparent: alpha is dropped, and {shows}. Blend it with a background.")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass  # Pillow does not know, or refuses, what TensorFlow decodes
    if head.startswith(b"\x89PNG") and head[24] == 16:
        what = "16 bits a channel, of which the upper 8 are read."
        found.append(f"{what} Own map: tf.io.decode_png(..., dtype=tf.uint16).")
    return found


def _is_partly_transparent(image: Image.Image) -> bool:
    return image.has_transparency_data and bool(np.asarray(image.convert("RGBA"))[..., 3].min() < 255)
