"""Access to images: image number i, images with their paths, a whole dataset as arrays."""

import math
import os
from collections.abc import Sequence

from helpers.decoding import decode_image
from helpers.errors import counted
from helpers.quiet import tensorflow as tf
from helpers.sequences import as_list, path_list

import keras
import numpy as np
import psutil


def collect(dataset: tf.data.Dataset, *, max_bytes: int | None = None):
    """All images and labels of a batched dataset as arrays, from one pass over it.

    One pass, so images and labels match, shuffled or not. Each batch is copied straight to its final place: joining
    the batches at the end would need the memory twice.

    Args:
        dataset: Batches: tensors, or tuples (or other nests) of tensors with a batch axis first.
        max_bytes: How large the arrays may grow, in bytes. By default half of the free memory.

    Returns:
        The structure of one element, each tensor replaced by an array of all its rows: ``(images, labels)`` with
        shapes (n, height, width, channels) and (n,) or (n, classes), or ``images`` alone. dtypes as in the dataset.

    Raises:
        MemoryError: The arrays would be larger than `max_bytes`. Raised after the first batch if the dataset
            knows its length (allowing for a short last batch), otherwise before the arrays grow past the limit.
        TypeError: `dataset` is not a `tf.data.Dataset`.
        ValueError: The dataset is empty or endless, or yields single images instead of batches.

    Introduced in notebook 03_to_numpy.

    >>> import keras
    >>> from helpers import access
    >>> dataset = keras.utils.image_dataset_from_directory(photo_folder, image_size=(32, 32), verbose=False)
    >>> images, labels = access.collect(dataset)
    >>> images.shape, labels.shape, images.dtype.name
    ((16, 32, 32, 3), (16,), 'float32')
    """
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(f"collect needs a tf.data.Dataset, not {type(dataset).__name__}.")
    batches = int(dataset.cardinality())
    if batches == tf.data.INFINITE_CARDINALITY:
        raise ValueError("The dataset is endless. Choose how much of it you want: collect(dataset.take(10)).")
    limit = psutil.virtual_memory().available // 2 if max_bytes is None else max_bytes
    rows = None
    for element in dataset.as_numpy_iterator():
        parts = tf.nest.flatten(element)
        if rows is None:
            _refuse_single_images(tf.nest.flatten(dataset.element_spec), [np.shape(part) for part in parts])
            rows = _Rows(parts, batches, limit)
        rows.append(parts)
    if rows is None:
        raise ValueError("The dataset is empty: it yielded no batch.")
    return tf.nest.pack_sequence_as(dataset.element_spec, rows.whole())


def _refuse_single_images(specs: list[tf.TypeSpec], shapes: list[tuple[int, ...]]) -> None:
    """Single images, in either data format: they would be joined along their first axis."""
    parts = list(zip(specs, shapes, strict=True))
    # How long a batch is, by what does not come with a single image: several images, a row of whole numbers.
    lengths = {shape[0] for spec, shape in parts if len(shape) > 3 or (len(shape) == 1 and spec.dtype.is_integer)}
    images = [shape for spec, shape in parts if _is_like_an_image(spec.shape, shape)]
    if () in shapes or any(shape[0] not in lengths for shape in images):
        raise ValueError(
            f"The dataset yields single images, judging by the shapes {shapes}. Batch them first: "
            "collect(dataset.batch(32)). If they are already batches, make them without drop_remainder."
        )


def _is_like_an_image(announced: tf.TensorShape, shape: tuple[int, ...]) -> bool:
    """Whether it has channels, first or last. A batch's length is usually unknown beforehand; its height is known."""
    if len(shape) != 3 or (announced[0] is None and announced[1] is not None):
        return False
    return shape[-1] in (1, 3, 4) or shape[0] in (1, 3, 4)


class _Rows:
    """Arrays that take in batch after batch, each copied to its final place, and never grow past a limit."""

    def __init__(self, first_parts: list[np.ndarray], batches: int, limit: int):
        self.arrays = [np.empty((0, *part.shape[1:]), part.dtype) for part in first_parts]
        self.filled = 0
        self.limit = limit
        self.bytes_of_a_row = max(1, sum(math.prod(part.shape[1:]) * part.itemsize for part in first_parts))
        self.expected = len(first_parts[0]) * max(batches, 1)  # the number of batches may be unknown
        self.least = self.expected - len(first_parts[0]) + 1  # the last batch may be short

    def append(self, parts: list[np.ndarray]) -> None:
        end = self.filled + len(parts[0])
        self._make_room(end)
        for array, part in zip(self.arrays, parts, strict=True):
            if part.shape[1:] != array.shape[1:]:
                raise ValueError(f"The batches hold rows of different shapes, {array.shape[1:]} and {part.shape[1:]}.")
            array[self.filled : end] = part
        self.filled = end

    def whole(self) -> list[np.ndarray]:
        self._resize(self.filled)
        return self.arrays

    def _make_room(self, end: int) -> None:
        rows, room = max(self.expected, end), len(self.arrays[0])
        if max(self.least, end) * self.bytes_of_a_row > self.limit:
            raise MemoryError(
                f"Up to {rows:,} rows of {self.bytes_of_a_row:,} bytes need {rows * self.bytes_of_a_row / 1e9:.3g} GB; "
                f"the limit is {self.limit / 1e9:.3g} GB. Use a smaller image_size or collect(dataset.take(...)), "
                "or work on one batch at a time."
            )
        if end > room:
            self._resize(min(max(rows, room * 3 // 2), self.limit // self.bytes_of_a_row))

    def _resize(self, rows: int) -> None:
        if not self.filled:  # new memory comes in large pages; growing takes small ones, and fills them with 0
            self.arrays = [np.empty((rows, *array.shape[1:]), array.dtype) for array in self.arrays]
            return
        for array in self.arrays:
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
    """Batches like the loader's, each image with the path of its file, from a list of paths.

    The path travels with its image, so it stays correct when shuffled. Shuffling covers all paths (the loader's is
    within a window), anew in each pass; it holds only paths, no images.

    Args:
        paths: Paths of the files, for example ``list_images(folder).paths``: a list, array, tensor or table column.
        labels: One for each path: numbers, strings or vectors, in any of these forms. None for no labels.
        batch_size: Images per batch; the last batch may be short.
        shuffle: Whether each pass has a new random order.
        seed: Makes the orders of the first, second, … pass the same in the next run, provided that
            `tf.random.set_seed` gets the same number in both or is not called.
        **decoding: Arguments of `decode_image`: image_size, color_mode, interpolation, crop_to_aspect_ratio, …

    Returns:
        Elements ``(images, labels, paths)``, or ``(images, paths)`` without labels: images as from `decode_image`,
        with a batch axis first, paths string tensors of shape (batch,). For `fit` and `evaluate`
        map them to ``(images, labels)``: Keras takes a third element for sample weights.

    Raises:
        FileNotFoundError, ValueError: The first file is missing or cannot be decoded, paths and labels differ in
            number, there is no path, or an argument is wrong. Errors in later files are raised at iteration.

    Introduced in notebook 04_which_file_is_it.

    >>> from helpers import access, files
    >>> listing = files.list_images(photo_folder)
    >>> dataset = access.image_dataset(listing.paths, listing.labels, shuffle=True, image_size=(32, 32))
    >>> images, labels, paths = next(iter(dataset))
    >>> images.shape.as_list(), labels.dtype.name, paths.dtype.name
    ([16, 32, 32, 3], 'int32', 'string')
    """
    names = [os.fsencode(path) for path in path_list(paths)]  # which may not be UTF-8
    if not names:
        raise ValueError("There are no paths.")
    if not isinstance(labels, np.ndarray | tf.Tensor | None) or getattr(labels, "dtype", None) == np.object_:
        labels = as_list(labels)  # a tuple would be taken for several columns, an array of objects for strings
    if labels is not None and len(labels) != len(names):
        raise ValueError(f"There are {counted(len(names), 'path')} but {counted(len(labels), 'label')}.")
    if batch_size < 1:
        raise ValueError(f"batch_size must be a whole number above 0, not {batch_size!r}.")
    decode_image(names[0], **decoding)  # wrong arguments raise their error now
    columns = (names,) if labels is None else (names, labels)
    dataset = tf.data.Dataset.from_tensor_slices(columns)
    if shuffle:
        try:
            dataset = dataset.shuffle(len(names), seed=seed)
        except RuntimeError:  # with enable_op_determinism it wants a seed: one is drawn, as in the loader
            dataset = dataset.shuffle(len(names), seed=np.random.randint(2**31))
    dataset = dataset.map(
        lambda path, *label: (decode_image(path, **decoding), *label, path), num_parallel_calls=tf.data.AUTOTUNE
    )
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def image_at(paths: Sequence[str | os.PathLike], i: int, **decoding) -> tf.Tensor:
    """Image number i of a list of paths: only one file is read, whatever i is.

    Args:
        paths: Paths of the files, for example ``list_images(folder).paths``: a list, array, tensor or table column.
        i: Position in `paths`, whatever index a table has; a negative number counts from the end.
        **decoding: Arguments of `decode_image`.

    Returns:
        The image, as from `decode_image`.

    Raises:
        IndexError: There is no image number i.
        FileNotFoundError, ValueError: As from `decode_image`.

    Introduced in notebook 05_reach_any_image.

    >>> from helpers import access, files
    >>> paths = files.list_images(photo_folder).paths
    >>> access.image_at(paths, -1, image_size=(96, 128)).shape.as_list()
    [96, 128, 3]
    """
    paths = as_list(paths)
    if not -len(paths) <= i < len(paths):
        raise IndexError(f"There is no image number {i}: there are {len(paths)}, numbered 0 to {len(paths) - 1}.")
    return decode_image(paths[i], **decoding)


def predict_with_labels(model: keras.Model, dataset: tf.data.Dataset):
    """Predictions with their labels and paths, from one pass over a dataset.

    Args:
        model: Takes the images of a batch.
        dataset: Batches ``(images, labels)`` or, as from `image_dataset`, ``(images, labels, paths)`` or
            ``(images, paths)``.

    Returns:
        The predictions, then whatever came with the images, in the order of the pass, each in its own structure: for
        a model with several outputs, what `model.predict` returns; for a dict of labels, a dict of arrays. Paths are
        bytes.

    Raises:
        TypeError: `dataset` is not a `tf.data.Dataset`.
        ValueError: The dataset has only images, or is empty.

    Introduced in notebook 04_which_file_is_it.

    >>> import keras
    >>> from helpers import access
    >>> model = keras.Sequential([keras.layers.GlobalAveragePooling2D()])
    >>> dataset = keras.utils.image_dataset_from_directory(photo_folder, image_size=(8, 8), verbose=False)
    >>> predictions, labels = access.predict_with_labels(model, dataset)
    >>> predictions.shape, labels.shape
    ((16, 3), (16,))
    """
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(f"predict_with_labels needs a tf.data.Dataset, not {type(dataset).__name__}.")
    if not isinstance(dataset.element_spec, tuple):
        raise ValueError("The dataset has only images. Load it with labels, or use model.predict(dataset).")
    # As arrays, which a model of any backend takes.
    batches = [(model.predict_on_batch(images), *rest) for images, *rest in dataset.as_numpy_iterator()]
    if not batches:
        raise ValueError("The dataset is empty: it yielded no batch.")
    return tf.nest.map_structure(lambda *parts: np.concatenate(parts), *batches)
