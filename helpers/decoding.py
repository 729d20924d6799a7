"""One image file as a tensor, as the loader would decode it."""

import operator
import os

from helpers.errors import one_line
from helpers.files import CHANNELS
from helpers.quiet import tensorflow as tf

import keras

_INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")


def decode_image(
    path,
    image_size: tuple[int, int] = (256, 256),
    *,
    color_mode: str = "rgb",
    interpolation: str = "bilinear",
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
) -> tf.Tensor:
    """One image file as a tensor: bit for bit the pixels that `image_dataset_from_directory` gives.

    The arguments are those of the loader, with its defaults. Works on a path as well as, inside
    `tf.data.Dataset.map` or a `tf.function`, on a string tensor.

    Args:
        path: Path of a JPEG, PNG, GIF, BMP or WebP file; str, `pathlib.Path` or scalar string tensor.
        image_size: (height, width) in pixels.
        color_mode: "rgb", "grayscale" or "rgba".
        interpolation: "bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian" or "mitchellcubic".
        crop_to_aspect_ratio: Cut off what sticks out beyond the new shape, instead of squashing.
        pad_to_aspect_ratio: Add black bars instead of squashing.

    Returns:
        Shape (height, width, channels), float32 in 0…255; uint8 with "nearest", as in the loader. The
        cubic and Lanczos methods leave the range 0…255 a little.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file cannot be decoded, or an argument is wrong. (In a graph, TensorFlow's own errors at
            iteration.)

    Introduced in notebook 03_to_numpy.

    >>> from helpers import access
    >>> image = access.decode_image(photo_path, (96, 128))
    >>> image.shape.as_list(), image.dtype.name
    ([96, 128, 3], 'float32')
    """
    height, width = _checked_size(image_size)
    if color_mode not in CHANNELS:
        raise ValueError(f"color_mode is one of {', '.join(CHANNELS)}; not {color_mode!r}.")
    if interpolation not in _INTERPOLATIONS:
        raise ValueError(f"interpolation is one of {', '.join(_INTERPOLATIONS)}; not {interpolation!r}.")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("Either crop_to_aspect_ratio or pad_to_aspect_ratio, not both.")
    if isinstance(path, str | os.PathLike):
        path = os.fsencode(path)  # a name may not be UTF-8
    try:
        image = tf.io.decode_image(tf.io.read_file(path), channels=CHANNELS[color_mode], expand_animations=False)
        if pad_to_aspect_ratio:
            return tf.image.resize_with_pad(image, height, width, method=interpolation)
        if crop_to_aspect_ratio:
            return keras.preprocessing.image.smart_resize(image, (height, width), interpolation=interpolation)
        return tf.image.resize(image, (height, width), method=interpolation)
    except tf.errors.NotFoundError:
        raise FileNotFoundError(f"There is no file {_text(path)}.") from None
    except tf.errors.OpError as error:
        what = f"{_text(path)} cannot be decoded and resized to {height} by {width} pixels"
        reason = one_line(error).strip(" .")
        raise ValueError(f"{what} ({reason}). Save it anew as JPEG or PNG.") from None


def _checked_size(image_size) -> tuple[int, int]:
    try:
        height, width = (operator.index(side) for side in image_size)
    except (TypeError, ValueError):
        height = width = 0
    if height < 1 or width < 1:
        raise ValueError(f"image_size is (height, width), two whole numbers above 0; not {image_size!r}.")
    return height, width


def _text(path) -> str:
    return os.fsdecode(path.numpy() if isinstance(path, tf.Tensor) else path)
