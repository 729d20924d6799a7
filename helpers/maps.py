"""What becomes of a function mapped over a dataset, for those who want proof."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from helpers.quiet import tensorflow as tf

import numpy as np


def operations(dataset: tf.data.Dataset) -> Counter[str]:
    """Count the operations in the functions that a dataset runs for its elements, in TensorFlow's own record of it.

    Args:
        dataset: Made with TensorFlow alone; a function that calls Python has no record.

    Returns:
        Name of an operation, such as "Mul" -> how often it occurs. Two counters can be subtracted.

    Introduced in notebook 10_where_tf_function_helps.

    >>> import tensorflow as tf
    >>> from helpers import maps
    >>> maps.operations(tf.data.Dataset.range(4).map(tf.square))["Square"]
    1
    """
    variant = tf.data.experimental.to_variant(dataset)
    record = tf.raw_ops.DatasetToGraphV2(input_dataset=variant).numpy()
    functions = tf.compat.v1.GraphDef.FromString(record).library.function
    in_record = (node.op for function in functions for node in function.node_def)
    return Counter(sorted(in_record))  # the record's own order is not always the same


def runs_in_parallel(function: Callable, **options) -> bool:
    """Whether `map` works on several elements at a time with this function.

    Asks TensorFlow itself, which raises an error if the next step of the dataset is not a parallel map.

    Args:
        function: For ``map`` over a dataset of whole numbers; from a scalar int64 to anything.
        **options: Options of ``map``, such as ``num_parallel_calls=2``.

    Introduced in notebook 10_where_tf_function_helps.

    >>> import tensorflow as tf
    >>> from helpers import maps
    >>> maps.runs_in_parallel(tf.square)
    True
    >>> maps.runs_in_parallel(lambda number: tf.random.normal([]))
    False
    """
    numbers = tf.data.Dataset.range(4)
    asking = tf.raw_ops.AssertNextDataset(
        input_dataset=tf.data.experimental.to_variant(numbers),
        transformations=["ParallelMap"],
        output_types=[tf.int64],
        output_shapes=[[]],
    )
    asked = tf.data.experimental.from_variant(asking, numbers.element_spec).map(function, **options)
    try:
        for _ in asked:
            pass
    except tf.errors.InvalidArgumentError as error:
        if "Asserted transformation" not in str(error):
            raise
        return False
    return True


class Repeats(NamedTuple):
    """When the random numbers of a dataset repeat."""

    new_in_each_epoch: bool
    same_in_the_next_run: bool


def repeats(make: Callable[..., tf.data.Dataset], *arguments, seed: int = 1) -> Repeats:
    """Whether a dataset draws new random numbers in its second epoch, and the same ones in a second run.

    A run sets the seed, as a program does when it starts, makes the dataset, and goes through it twice. A different
    order does not count as a difference between epochs, since parallel calls change it; between runs it does.

    Args:
        make: Makes the dataset anew; its elements are images, or anything else that has a mean.
        *arguments: What `make` is called with.
        seed: For ``tf.keras.utils.set_random_seed``.

    Introduced in notebook 10_where_tf_function_helps.

    >>> import tensorflow as tf
    >>> from helpers import maps
    >>> numbers = tf.data.Dataset.range(100)
    >>> maps.repeats(lambda: numbers.map(lambda number: tf.random.uniform([])))
    Repeats(new_in_each_epoch=False, same_in_the_next_run=True)
    """

    def two_epochs() -> list[list[float]]:
        tf.keras.utils.set_random_seed(seed)
        dataset = make(*arguments)
        return [[float(np.mean(element)) for element in dataset.as_numpy_iterator()] for _ in range(2)]

    first, second = two_epochs()
    return Repeats(sorted(first) != sorted(second), two_epochs() == [first, second])
