"""What a learner's dataset is made of."""

from helpers.quiet import tensorflow as tf


def nodes(dataset: tf.data.Dataset) -> list:
    """The nodes of a dataset's graph."""
    variant = tf.data.experimental.to_variant(dataset)
    ignore_state = 1  # such as the Python functions in it, which no graph can hold
    written = tf.raw_ops.DatasetToGraphV2(input_dataset=variant, external_state_policy=ignore_state)
    return list(tf.compat.v1.GraphDef.FromString(written.numpy()).node)
