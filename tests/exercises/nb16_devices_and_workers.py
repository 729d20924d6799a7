"""Answers to the exercises of 16_devices_and_workers."""

import tensorflow as tf
import numpy as np


def in_a_loop(parts):
    total, count = 0, 0
    for part in parts:
        for value in part:
            total, count = total + value, count + 1
    return total / count


def weighted(parts):
    lengths = [len(part) for part in parts]
    means = [part.mean() if len(part) else 0 for part in parts]
    return np.average(means, weights=lengths)


def filtered(dataset, devices, batch_size):
    even = dataset.batch(batch_size).map(lambda batch: batch[: tf.shape(batch)[0] // devices * devices])
    return even.filter(lambda batch: tf.shape(batch)[0] > 0)


def without_the_rest(dataset, devices, batch_size):
    rest = int(dataset.cardinality()) % devices
    return dataset.take(int(dataset.cardinality()) - rest).batch(batch_size)


def groups(dataset, devices, batch_size):
    return dataset.batch(devices, drop_remainder=True).unbatch().batch(batch_size)


def filled_up(dataset, devices, batch_size):
    missing = -len(dataset) % batch_size
    return dataset.concatenate(dataset.take(missing)).batch(batch_size)


def pairs_of(paths, labels):
    return tf.data.Dataset.from_tensor_slices((paths, labels))


def zipped(paths, labels):
    slices = tf.data.Dataset.from_tensor_slices
    return tf.data.Dataset.zip(slices(paths), slices(labels)).shuffle(len(paths))


def from_a_generator(paths, labels):
    types = (tf.TensorSpec((), tf.string), tf.TensorSpec((), tf.int32))
    dataset = tf.data.Dataset.from_generator(lambda: zip(paths, labels, strict=True), output_signature=types)
    return dataset.shuffle(len(paths))


def shuffled_each_by_itself(paths, labels):
    rng = np.random.default_rng(0)
    return pairs_of(rng.permutation(paths), rng.permutation(labels)).shuffle(len(paths))


def shuffled_once(paths, labels):
    order = np.random.default_rng(0).permutation(len(paths))
    return pairs_of(np.array(paths)[order], np.array(labels)[order])


def numbers_then_pairs(paths, labels):
    all_paths, all_labels = tf.constant(paths), tf.constant(labels)
    numbers = tf.data.Dataset.range(len(paths)).shuffle(len(paths))
    return numbers.map(lambda number: (all_paths[number], all_labels[number]))


def by_its_length(paths, labels):
    dataset = pairs_of(paths, labels)
    return dataset.shuffle(len(dataset))


WRONG = {
    "check_global_mean": [
        (lambda parts: np.mean([part.mean() for part in parts]), "This is the mean of the means"),
        (lambda parts: sum(part.sum() for part in parts), "This is a sum"),
        (lambda parts: [part.mean() for part in parts], "This should be one number; it is a list"),
        (lambda parts: np.median(np.concatenate(parts)), "is 48.57"),
        (lambda parts: parts[1].mean(), "is 48.57"),
        (lambda parts: np.nan, "This is nan"),
        (lambda parts: "48.57", "This should be one number; it is a str"),
    ],
    "check_even_batches": [
        (lambda dataset, devices, batch_size: dataset.batch(batch_size), "cannot share each of them evenly"),
        (
            lambda dataset, devices, batch_size: dataset.batch(batch_size, drop_remainder=True),
            "your batches hold 8 and 8. 20 photos could be in batches",
        ),
        (filled_up, "A photo appears twice"),
        (lambda dataset, devices, batch_size: dataset, "These should be batches of photos"),
        (lambda dataset, devices, batch_size: groups(dataset, devices, devices), "Only the last batch"),
        (lambda dataset, devices, batch_size: groups(dataset, devices, 2 * batch_size), "more than the batch size"),
        (lambda dataset, devices, batch_size: groups(dataset, devices, 4).batch(2), "batches of batches"),
        (
            lambda dataset, devices, batch_size: groups(dataset.shuffle(23, seed=1), devices, batch_size),
            "a different order",
        ),
        (lambda dataset, devices, batch_size: dataset.take(20).batch(8), "With 21 photos"),
        (lambda dataset, devices, batch_size: list(groups(dataset, devices, batch_size)), "This should be a dataset"),
    ],
    "check_for_workers": [
        (pairs_of, "in the order of the lists"),
        (zipped, "On one machine, each label stays right. But you zip two datasets"),
        (from_a_generator, "On one machine, it works. But a generator is Python"),
        (shuffled_each_by_itself, "A path has another path's label"),
        (shuffled_once, "Each pass has the same order"),
        (
            lambda paths, labels: pairs_of(paths, labels).shuffle(60, seed=1),
            "But through the workers, a seed repeats its order",
        ),
        (lambda paths, labels: pairs_of(paths, labels).shuffle(60, reshuffle_each_iteration=False), "the same order"),
        (lambda paths, labels: pairs_of(paths, labels).shuffle(4), "shuffle over all of them"),
        (lambda paths, labels: pairs_of(paths, labels).shuffle(60).batch(8), "not batches"),
        (lambda paths, labels: pairs_of(labels, paths).shuffle(60), "The first part should be a path"),
        (lambda paths, labels: pairs_of(paths, paths).shuffle(60), "The second part should be a label"),
        (lambda paths, labels: tf.data.Dataset.from_tensor_slices(paths), "This should be a pair"),
        (lambda paths, labels: pairs_of(paths, labels).shuffle(60).repeat(), "This never ends"),
        (lambda paths, labels: pairs_of(paths, labels).shuffle(60).take(10), "There are 60 paths, but 10"),
        (lambda paths, labels: pairs_of(paths, labels).take(0), "Your dataset is empty"),
    ],
}
RIGHT = {
    "check_global_mean": [
        in_a_loop,
        weighted,
        lambda parts: tf.reduce_mean(tf.concat(parts, 0)),
        lambda parts: np.concatenate(parts).mean(),
    ],
    "check_even_batches": [filtered, without_the_rest, groups],
    "check_for_workers": [
        lambda paths, labels: pairs_of(paths, labels).shuffle(60),
        by_its_length,
        numbers_then_pairs,
        lambda paths, labels: pairs_of(np.array(paths), np.array(labels)).shuffle(10_000).prefetch(1),
    ],
}
