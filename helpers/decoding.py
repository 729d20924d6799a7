"""One image file as a tensor, as the loader would decode it."""

import functools
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
    shrink: str = "never",
) -> tf.Tensor:
    """One image file as a tensor: bit for bit the pixels of `image_dataset_from_directory`, unless `shrink` is set.

    The arguments but the last are those of the loader, with its defaults. Works on a path and, inside
    `tf.data.Dataset.map` or a `tf.function`, on a string tensor, and with every Keras backend.

    Args:
        path: Path of a JPEG, PNG, GIF, BMP, WebP or JPEG XL file; str, `pathlib.Path` or scalar string tensor.
        image_size: (height, width) in pixels.
        color_mode: "rgb", "grayscale" or "rgba".
        interpolation: "bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian" or "mitchellcubic".
        crop_to_aspect_ratio: Crop whatever does not fit the new shape, instead of squashing.
        pad_to_aspect_ratio: Add black bars instead of squashing.
        shrink: "never", or "decoder": a JPEG at least 2, 4 or 8 times as high and wide as `image_size` is decoded at
            1/2, 1/4 or 1/8 of its size. That is faster, and nearer to an antialiased picture, but the pixels are not
            the loader's: use it in training and prediction alike. Other files are decoded in full (lesson 12).

    Returns:
        Shape (height, width, channels), or (channels, height, width) if ``keras.config.image_data_format()`` is
        "channels_first". float32 in 0…255; uint8 with "nearest", as in the loader. The cubic and Lanczos methods go
        slightly beyond 0…255.

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
        raise ValueError(f"color_mode must be one of {', '.join(CHANNELS)}; not {color_mode!r}.")
    if interpolation not in _INTERPOLATIONS:
        raise ValueError(f"interpolation must be one of {', '.join(_INTERPOLATIONS)}; not {interpolation!r}.")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("Choose either crop_to_aspect_ratio or pad_to_aspect_ratio, not both.")
    if shrink not in ("never", "decoder"):
        raise ValueError(f'shrink must be "never" or "decoder"; not {shrink!r}.')
    if isinstance(path, str | os.PathLike):
        path = os.fsencode(path)  # a name may not be UTF-8
    try:
        content, channels = tf.io.read_file(path), CHANNELS[color_mode]
        if shrink == "decoder" and color_mode != "rgba":  # no JPEG is read as that
            image = _decoded_smaller(content, channels, (height, width))
        else:
            image = _decoded(content, channels)
        if pad_to_aspect_ratio:
            image = tf.image.resize_with_pad(image, height, width, method=interpolation)
        else:
            image = _cropped(image, height, width) if crop_to_aspect_ratio else image
            image = tf.image.resize(image, (height, width), method=interpolation)
        return image if channel_axis() == -1 else tf.transpose(image, (2, 0, 1))
    except tf.errors.NotFoundError:
        raise FileNotFoundError(f"There is no file {_text(path)}.") from None
    except tf.errors.OpError as error:
        what = f"{_text(path)} cannot be decoded and resized to {height} by {width} pixels"
        reason = one_line(error).strip(" .")
        too_thin = "output dimensions must be positive" in reason
        advice = "It is too thin to be padded: leave it out." if too_thin else "Save it again as JPEG or PNG."
        raise ValueError(f"{what} ({reason}). {advice}") from None


def _checked_size(image_size) -> tuple[int, int]:
    try:
        height, width = (operator.index(side) for side in image_size)
    except (TypeError, ValueError):
        height = width = 0
    if height < 1 or width < 1:
        raise ValueError(f"image_size must be (height, width), two whole numbers above 0; not {image_size!r}.")
    return height, width


def _decoded(content: tf.Tensor, channels: int) -> tf.Tensor:
    return tf.io.decode_image(content, channels=channels, expand_animations=False)


def _decoded_smaller(content: tf.Tensor, channels: int, size: tuple[int, int]) -> tf.Tensor:
    """A JPEG at the largest of 1/2, 1/4, 1/8 that fits; all else in full, and so is what has no such size."""

    def times_as_large() -> tf.Tensor:
        return tf.reduce_min(tf.image.extract_jpeg_shape(content)[:2] // size)

    times = tf.cond(tf.io.is_jpeg(content), times_as_large, lambda: tf.constant(1))
    number = tf.math.count_nonzero(times >= [2, 4, 8], dtype=tf.int32)
    in_full = functools.partial(_decoded, content, channels)
    smaller = [functools.partial(tf.io.decode_jpeg, content, channels=channels, ratio=ratio) for ratio in (2, 4, 8)]
    return tf.ensure_shape(tf.switch_case(number, [in_full, *smaller]), (None, None, channels))


def _cropped(image: tf.Tensor, height: int, width: int) -> tf.Tensor:
    """The largest centred part that has the new shape. Rounded like the loader, which calculates in float32."""
    size, new = tf.shape(image)[:2], tf.constant([height, width])
    cut = tf.cast(tf.cast(size[::-1] * new, tf.float32) / tf.cast(new[::-1], tf.float32), tf.int32)
    cut = tf.clip_by_value(cut, 1, size)
    start = (size - cut) // 2
    end = start + cut
    return image[start[0] : end[0], start[1] : end[1]]


def channel_axis() -> int:
    """The axis of an image that holds its channels in Keras' data format: -1 if they come last, -3 if first.

    >>> from helpers.decoding import channel_axis
    >>> channel_axis()
    -1
    """
    return -3 if keras.config.image_data_format() == "channels_first" else -1


def _text(path) -> str:
    return os.fsdecode(path.numpy() if isinstance(path, tf.Tensor) else path)
