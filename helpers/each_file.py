"""Many files, several at a time, through a function of TensorFlow."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from helpers.quiet import tensorflow as tf

import numpy as np


def batches_of_files(
    paths: Sequence[str], numbers: Iterable[int], function: Callable
) -> Iterator[tuple[np.ndarray, ...]]:
    """What a function gives of each file, in order, 64 files in a batch. Files on which it fails are left out.

    Pipes, devices and sockets are left out, too: reading one might never end.

    Args:
        paths: Paths of files.
        numbers: Positions in `paths`.
        function: For ``tf.data.Dataset.map``, called with a number and a path; returns a tuple of tensors.

    >>> from helpers.each_file import batches_of_files
    >>> [numbers.tolist() for numbers, _ in batches_of_files([str(photo_path)], [0], lambda *pair: pair)]
    [[0]]
    """
    numbered = [(number, os.fsencode(paths[number])) for number in numbers if not may_hang(paths[number])]
    if numbered:
        calls = 2 * (os.cpu_count() or 1)  # more than cores, so that none waits while a batch is handed over
        dataset = tf.data.Dataset.from_tensor_slices(tuple(map(list, zip(*numbered, strict=True))))
        dataset = dataset.map(function, num_parallel_calls=calls).ignore_errors().batch(64).prefetch(2)
        options = tf.data.Options()
        options.autotune.enabled = False  # its thread would keep the iterator from ending
        yield from dataset.with_options(options).as_numpy_iterator()


def may_hang(path: str) -> bool:
    """Whether it is a pipe, a device or a socket: reading one might never end.

    >>> from helpers.each_file import may_hang
    >>> may_hang(str(photo_path))
    False
    """
    return not os.path.isfile(path) and os.path.exists(path) and not os.path.isdir(path)
