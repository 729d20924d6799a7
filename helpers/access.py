"""Getting at images: one file, image number i, images with their paths, a whole dataset as arrays."""

import math
import operator
import os
from collections.abc import Sequence

import keras
import tensorflow as tf
import numpy as np
import psutil

from helpers.files import CHANNELS, _reason

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
        ValueError: The file cannot be decoded, or an argument is wrong. (In a graph, TensorFlow's own errors at iteration.)

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
        raise ValueError(f"{what} ({_reason(error)}). Save it anew as JPEG or PNG.") from None


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


def collect(dataset: tf.data.Dataset, *, max_bytes: int | None = None):
    """All images and labels of a batched dataset as arrays, from one pass over it.

    One pass, so that images and labels belong together, shuffled or not. Each batch is copied to its final place:
    at the end nothing is joined, which would need the memory twice.

    Args:
        dataset: Batches: tensors, or tuples (or other nests) of tensors with a batch axis first.
        max_bytes: How large the arrays may grow, in bytes. By default half of the memory that is free now.

    Returns:
        The structure of one element, each tensor replaced by an array of all its rows: ``(images, labels)`` with
        shapes (n, height, width, channels) and (n,) or (n, classes), or ``images`` alone. dtypes as in the dataset.

    Raises:
        MemoryError: The arrays would be larger than `max_bytes`. Told after the first batch where the dataset
            knows its length (a short last batch is allowed for), and else before the arrays grow past it.
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
    if any(_is_single(spec.shape) for spec in tf.nest.flatten(dataset.element_spec)):
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
            arrays = [np.empty((0, *part.shape[1:]), part.dtype) for part in parts]
            bytes_of_a_row = max(1, sum(math.prod(part.shape[1:]) * part.itemsize for part in parts))
            expected = len(parts[0]) * max(batches, 1)  # the number of batches may be unknown
            least = expected - len(parts[0]) + 1  # the last batch may be short
        rows = max(expected, end)
        if max(least, end) * bytes_of_a_row > limit:
            raise MemoryError(
                f"Up to {rows:,} rows of {bytes_of_a_row:,} bytes need {rows * bytes_of_a_row / 1e9:.3g} GB; "
                f"the limit is {limit / 1e9:.3g} GB. Load a smaller image_size, or collect(dataset.take(...)), "
                "or work on one batch at a time."
            )
        if end > len(arrays[0]):
            _set_rows(arrays, min(max(rows, len(arrays[0]) * 3 // 2), limit // bytes_of_a_row))
        for array, part in zip(arrays, parts, strict=True):
            if part.shape[1:] != array.shape[1:]:
                raise ValueError(f"The batches hold rows of different shapes, {array.shape[1:]} and {part.shape[1:]}.")
            array[filled:end] = part
        filled = end
    if not arrays:
        raise ValueError("The dataset is empty: it gave no batch.")
    _set_rows(arrays, filled)
    return tf.nest.pack_sequence_as(dataset.element_spec, arrays)


def _is_single(shape: tf.TensorShape) -> bool:
    """Whether a tensor of this shape has no batch axis: it is a number, or an image of known size."""
    return shape.rank == 0 or (shape.rank == 3 and shape[0] is not None and shape[-1] in (1, 3, 4))


def _set_rows(arrays: list[np.ndarray], rows: int) -> None:
    for array in arrays:
        array.resize((rows, *array.shape[1:]), refcheck=False)  # in place; nobody else has seen them yet


def image_dataset(
    paths: Sequence[str | os.PathLike],
    labels=None,
    *,
    batch_size: int = 32,
    shuffle: bool = False,
    seed: int | None = None,
    **decoding,
) -> tf.data.Dataset:
    """Batches like those of the loader, each image with the path of its file, from a list of paths.

    The path travels along with its image, so it stays right through shuffling. Shuffling is over all paths (the
    loader's is within a window), anew on each pass; it holds paths only, no images.

    Args:
        paths: Paths of the files, for example ``list_images(folder).paths``.
        labels: One for each path: numbers, strings or vectors, as a list or array. None for no labels.
        batch_size: Images in a batch; the last one may be short.
        shuffle: Whether each pass is in a new random order.
        seed: Makes the orders of the first, second, … pass the same in the next run.
        **decoding: What `decode_image` takes: image_size, color_mode, interpolation, crop_to_aspect_ratio, …

    Returns:
        Elements ``(images, labels, paths)``, or ``(images, paths)`` without labels: images float32 of shape
        (batch, height, width, channels) in 0…255, paths string tensors of shape (batch,). For `fit` and `evaluate`
        map them to ``(images, labels)``: Keras takes a third part for weights of the images.

    Raises:
        FileNotFoundError, ValueError: The first file is not there or cannot be decoded, paths and labels differ in
            number, there is no path, or an argument is wrong. What is wrong with later files comes at iteration.

    Introduced in notebook 04_which_image_is_this.

    >>> from helpers import access, files
    >>> listing = files.list_images(photo_folder)
    >>> dataset = access.image_dataset(listing.paths, listing.labels, shuffle=True, image_size=(32, 32))
    >>> images, labels, paths = next(iter(dataset))
    >>> images.shape.as_list(), labels.dtype.name, paths.dtype.name
    ([16, 32, 32, 3], 'int32', 'string')
    """
    if isinstance(paths, str | os.PathLike):
        raise TypeError(f"image_dataset wants a list of paths, not one: {paths}. list_images makes one of a folder.")
    paths = [os.fsencode(path) for path in paths]  # a name may not be UTF-8
    if not paths:
        raise ValueError("There is no path.")
    if labels is not None and len(labels) != len(paths):
        raise ValueError(f"There are {len(paths)} paths and {len(labels)} labels.")
    if batch_size < 1:
        raise ValueError(f"batch_size is a whole number above 0, not {batch_size!r}.")
    decode_image(paths[0], **decoding)  # what is wrong with the arguments is told now
    if not isinstance(labels, np.ndarray | tf.Tensor | None):
        labels = list(labels)  # a tuple would be taken for several columns
    columns = (paths,) if labels is None else (paths, labels)
    dataset = tf.data.Dataset.from_tensor_slices(columns)
    if shuffle:
        dataset = dataset.shuffle(len(paths), seed=seed)
    dataset = dataset.map(
        lambda path, *label: (decode_image(path, **decoding), *label, path), num_parallel_calls=tf.data.AUTOTUNE
    )
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def image_at(paths: Sequence[str | os.PathLike], i: int, **decoding) -> tf.Tensor:
    """Image number i of a list of paths: one file is read, whatever i is.

    Args:
        paths: Paths of the files, for example ``list_images(folder).paths``.
        i: Place in `paths`; negative counts from the end.
        **decoding: What `decode_image` takes.

    Returns:
        The image, as from `decode_image`.

    Raises:
        IndexError: There is no image number i.
        FileNotFoundError, ValueError: As from `decode_image`.

    Introduced in notebook 04_which_image_is_this.

    >>> from helpers import access, files
    >>> paths = files.list_images(photo_folder).paths
    >>> access.image_at(paths, -1, image_size=(96, 128)).shape.as_list()
    [96, 128, 3]
    """
    if not -len(paths) <= i < len(paths):
        raise IndexError(f"There is no image number {i}: there are {len(paths)}, from 0 to {len(paths) - 1}.")
    return decode_image(paths[i], **decoding)


def predict_with_labels(model: keras.Model, dataset: tf.data.Dataset):
    """Predictions with the labels, and the paths, that belong to them, from one pass over a dataset.

    Args:
        model: Takes the images of a batch.
        dataset: Batches ``(images, labels)`` or, as from `image_dataset`, ``(images, labels, paths)`` or ``(images, paths)``.

    Returns:
        Arrays: the predictions, then what stood beside the images, in the order of the pass. Paths are bytes.

    Raises:
        TypeError: `dataset` is not a `tf.data.Dataset`.
        ValueError: The dataset has images alone.

    Introduced in notebook 04_which_image_is_this.

    >>> import keras
    >>> from helpers import access
    >>> model = keras.Sequential([keras.layers.GlobalAveragePooling2D()])
    >>> dataset = keras.utils.image_dataset_from_directory(photo_folder, image_size=(8, 8), verbose=False)
    >>> predictions, labels = access.predict_with_labels(model, dataset)
    >>> predictions.shape, labels.shape
    ((16, 3), (16,))
    """
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(f"predict_with_labels wants a tf.data.Dataset, not {type(dataset).__name__}.")
    if not isinstance(dataset.element_spec, tuple):
        raise ValueError("The dataset has images only. Load it with labels, or use model.predict(dataset).")
    batches = [(model.predict_on_batch(images), *(part.numpy() for part in rest)) for images, *rest in dataset]
    return tuple(np.concatenate(parts) for parts in zip(*batches, strict=True))
