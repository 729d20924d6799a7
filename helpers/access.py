"""Getting at images: one file, or a whole dataset as arrays."""

import os

import keras
import numpy as np
import psutil
import tensorflow as tf

_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}


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
        crop_to_aspect_ratio: Cut the longer side instead of squashing it.
        pad_to_aspect_ratio: Add black bars instead of squashing.

    Returns:
        Shape (height, width, channels), float32 in 0…255; uint8 with "nearest", as in the loader. The
        cubic and Lanczos methods leave the range 0…255 a little.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file cannot be decoded, or an argument is wrong. (In a graph, TensorFlow's own errors at iteration.)

    Introduced in notebook 03_to_numpy.

    >>> from helpers import access
    >>> image = access.decode_image(photo_path, (96, 128))
    >>> image.shape.as_list(), image.dtype.name
    ([96, 128, 3], 'float32')
    """
    if color_mode not in _CHANNELS:
        raise ValueError(f"color_mode is one of {sorted(_CHANNELS)}, not {color_mode!r}.")
    if len(image_size) != 2 or not all(isinstance(side, int) and side > 0 for side in image_size):
        raise ValueError(f"image_size is (height, width), two whole numbers above 0, not {image_size!r}.")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("Either crop_to_aspect_ratio or pad_to_aspect_ratio, not both.")
    if isinstance(path, os.PathLike):
        path = os.fspath(path)
    channels = _CHANNELS[color_mode]
    try:
        image = tf.io.decode_image(tf.io.read_file(path), channels=channels, expand_animations=False)
    except tf.errors.NotFoundError:
        raise FileNotFoundError(f"There is no file {_text(path)}.") from None
    except tf.errors.OpError as error:
        raise ValueError(f"{_text(path)} cannot be decoded: {error.message.splitlines()[0]}") from None
    if pad_to_aspect_ratio:
        image = tf.image.resize_with_pad(image, *image_size, method=interpolation)
    elif crop_to_aspect_ratio:
        image = keras.preprocessing.image.smart_resize(image, image_size, interpolation=interpolation)
    else:
        image = tf.image.resize(image, image_size, method=interpolation)
    image.set_shape((*image_size, channels))  # known to us, not to the graph: decode_image promises no shape
    return image


def _text(path) -> str:
    return path.numpy().decode() if isinstance(path, tf.Tensor) else str(path)


def collect(dataset: tf.data.Dataset, *, max_bytes: int | None = None):
    """All images and labels of a batched dataset as arrays, from one pass over it.

    One pass, so that images and labels belong together, shuffled or not. Each batch is copied to its place
    in arrays that are allocated once: at the end nothing is joined, which would need the memory twice.

    Args:
        dataset: Batches: tensors, or tuples (or other nests) of tensors with a batch axis first.
        max_bytes: How large the arrays may grow, in bytes. By default half of the memory that is free now.

    Returns:
        The structure of one element, each tensor replaced by an array of all its rows: ``(images, labels)`` with
        shapes (n, height, width, channels) and (n,) or (n, classes), or ``images`` alone. dtypes as in the dataset.

    Raises:
        MemoryError: The arrays would be larger than `max_bytes`. Told after the first batch where the dataset
            knows its length, and else before the arrays grow past it.
        TypeError: `dataset` is not a `tf.data.Dataset`.
        ValueError: The dataset is empty, endless, or gives single images instead of batches.

    Introduced in notebook 03_to_numpy.

    >>> import keras
    >>> from helpers import access
    >>> dataset = keras.utils.image_dataset_from_directory(photo_folder, image_size=(32, 32), verbose=False)
    >>> images, labels = access.collect(dataset)
    >>> images.shape, labels.shape, images.dtype.name
    ((16, 32, 32, 3), (16,), 'float32')
    """
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(f"collect wants a tf.data.Dataset, not {type(dataset).__name__}.")
    if tf.nest.flatten(dataset.element_spec)[0].shape.rank == 3:
        raise ValueError("The dataset gives single images. Make batches of them first: collect(dataset.batch(32)).")
    batches = int(dataset.cardinality())
    if batches == tf.data.INFINITE_CARDINALITY:
        raise ValueError("The dataset is endless. Say how much of it you want: collect(dataset.take(10)).")
    limit = psutil.virtual_memory().available // 2 if max_bytes is None else max_bytes
    arrays, filled = [], 0
    for element in dataset.as_numpy_iterator():
        parts = tf.nest.flatten(element)
        end = filled + len(parts[0])
        if not arrays:
            rows = len(parts[0]) * max(batches, 1)  # one batch, where the number of batches is unknown
            _refuse_above(limit, rows, parts)
            arrays = [np.empty((rows, *part.shape[1:]), part.dtype) for part in parts]
        elif end > len(arrays[0]):
            rows = max(end, len(arrays[0]) * 3 // 2)
            _refuse_above(limit, end, parts)
            _set_rows(arrays, rows)
        for array, part in zip(arrays, parts, strict=True):
            array[filled:end] = part
        filled = end
    if not arrays:
        raise ValueError("The dataset is empty: it gave no batch.")
    _set_rows(arrays, filled)
    return tf.nest.pack_sequence_as(dataset.element_spec, arrays)


def _set_rows(arrays: list[np.ndarray], rows: int) -> None:
    for array in arrays:
        array.resize((rows, *array.shape[1:]), refcheck=False)  # in place; nobody else has seen them yet


def _refuse_above(limit: int, rows: int, parts: list[np.ndarray]) -> None:
    needed = rows * sum(part[0].nbytes for part in parts)
    if needed > limit:
        raise MemoryError(
            f"Up to {rows:,} rows like the first, {parts[0][0].shape} {parts[0].dtype}, need {needed / 1e9:.3g} GB; "
            f"the limit is {limit / 1e9:.3g} GB. Load a smaller image_size, or collect(dataset.take(...)), "
            "or work on one batch at a time."
        )
