"""Exercises of 16_devices_and_workers."""

import contextlib
import math
from collections.abc import Iterator
from unittest import mock

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of, pair
from helpers.exercises.running import Mistake, call, elements
from helpers.quiet import tensorflow as tf

import numpy as np


def _mean_of_all(parts: tuple[np.ndarray, ...]) -> float:
    return float(np.concatenate(parts).mean())


def _mean_of_means(parts: tuple[np.ndarray, ...]) -> float:
    return float(np.mean([part.mean() for part in parts if len(part)]))


def _divided_by_devices(parts: tuple[np.ndarray, ...]) -> float:
    return sum(float(part.sum()) for part in parts) / len(parts)


def _sum_of_all(parts: tuple[np.ndarray, ...]) -> float:
    return float(np.concatenate(parts).sum())


def _first_device(parts: tuple[np.ndarray, ...]) -> float:
    return float(parts[0].mean())


def _are_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-4)


@exercise(
    "Each photo counts the same, whichever device it is on.",
    right=_mean_of_all,
    impostors={
        "This is the mean of the means: a photo in a small part counts more than one in a large part.": _mean_of_means,
        "This divides by the number of devices. How many photos are there?": _divided_by_devices,
        "This is a sum. Divide it by the number of all photos.": _sum_of_all,
        "This is the mean of the first device only.": _first_device,
    },
)
def check_global_mean(global_mean) -> Rows:
    """A function from a tuple of arrays, one for each device, to the mean of all their numbers."""
    uneven = np.array([10.0, 20.0, 30.0, 40.0]), np.array([70.0, 80.0, 90.0])
    for parts in (uneven, (np.array([3.0, 5.0]), np.array([]))):
        mean = call(global_mean, parts)
        is_number = np.ndim(_as_array(mean)) == 0 and np.issubdtype(_as_array(mean).dtype, np.number)
        yield not is_number, f"This should be one number; it is {kind_of(mean)}."
        value = float(_as_array(mean))
        yield math.isnan(value), "This is nan: the mean for a device without a photo. Add up sums instead."
        wanted = _mean_of_all(parts)
        yield from check_global_mean.compare(
            value, parts, same=_are_close, otherwise=f"The mean of {[part.tolist() for part in parts]} is {wanted:.4g}."
        )


def _as_array(value) -> np.ndarray:
    try:
        return np.asarray(value)
    except Exception:
        raise Mistake(f"This should be one number; it is {kind_of(value)}.") from None


def _shared(dataset: tf.data.Dataset, devices: int, batch_size: int) -> list[list[int]]:
    return _batches(dataset.take(len(dataset) // devices * devices).batch(batch_size))


def _batches(dataset: tf.data.Dataset) -> list[list[int]]:
    return [np.asarray(batch).tolist() for batch in dataset.as_numpy_iterator()]


@exercise("Each batch can be shared, and no photo is left out that could be in one.")
def check_even_batches(even_batches) -> Rows:
    """A function (dataset, devices, batch size) -> a dataset of batches that the devices can share evenly."""
    for count, devices, batch_size in ((23, 4, 8), (21, 2, 4), (16, 4, 8), (7, 2, 10)):
        photos = tf.data.Dataset.range(count)
        case = f"With {count} photos, {devices} devices and a batch size of {batch_size}"
        found = elements(call(even_batches, photos, devices, batch_size))
        yield (
            any(not isinstance(batch, np.ndarray) for batch in found),
            "These should be batches of photos: batch(batch_size).",
        )
        yield (
            any(batch.ndim != 1 for batch in found),
            "These are batches of batches. The dataset passed in yields single photos.",
        )
        batches = [batch.tolist() for batch in found]
        sizes = " and ".join(str(len(batch)) for batch in batches) or "none"
        got = f"{case}, your batches hold {sizes}."
        wanted = _shared(photos, devices, batch_size)
        yield any(len(batch) % devices for batch in batches), f"{got} The devices cannot share each of them evenly."
        yield any(len(batch) > batch_size for batch in batches), f"{got} That is more than the batch size."
        numbers: list[int] = sum(batches, [])
        yield len(set(numbers)) < len(numbers), f"{got} A photo appears twice."
        yield len(numbers) < len(sum(wanted, [])), f"{got} {len(sum(wanted, []))} photos could be in batches."
        yield numbers != sorted(numbers), "The photos are in a different order. Keep that of the dataset."
        yield batches != wanted, f"{got} Only the last batch should hold fewer than {batch_size}."


@contextlib.contextmanager
def _watched() -> Iterator[set[str]]:
    """What a dataset is made of: which of these three methods are called inside, and whether with a seed."""
    used: set[str] = set()
    dataset_zip, from_generator, dataset_shuffle = (
        getattr(tf.data.Dataset, name) for name in ("zip", "from_generator", "shuffle")
    )

    def zip_(*datasets, **named):
        used.add("zip")
        return dataset_zip(*datasets, **named)

    def generator(*given, **named):
        used.add("from_generator")
        return from_generator(*given, **named)

    def shuffle(self, buffer_size, seed=None, *given, **named):
        used.add("shuffle without a seed" if seed is None else "shuffle with a seed")
        return dataset_shuffle(self, buffer_size, seed, *given, **named)

    with mock.patch.multiple(tf.data.Dataset, zip=zip_, from_generator=generator, shuffle=shuffle):
        yield used


@exercise("One dataset, so nothing gets mixed up, and a new order in each pass.")
def check_for_workers(for_workers) -> Rows:
    """A function (paths, labels) -> a dataset of pairs that can go through tf.data service."""
    count = 60
    paths, labels = [f"photos/{number}.jpg" for number in range(count)], list(range(count))
    with _watched() as used:
        dataset = call(for_workers, paths, labels)
    passes = [elements(dataset) for _ in range(3)]
    yield not passes[0], "Your dataset is empty."
    first = passes[0][0]
    yield from pair(first, "a path", "a label")
    path, label = first
    yield bool(np.shape(path) or np.shape(label)), "These should be single pairs, not batches."
    yield not isinstance(path, bytes), f"The first part should be a path, as text; it is {kind_of(path)}."
    yield isinstance(label, bytes), "The second part should be a label, as it was passed in."
    found = [(path.decode(), int(label)) for path, label in passes[0]]
    yield len(found) != count, f"There are {count} paths, but {len(found)} are in a pass."
    yield sorted(found) != sorted(zip(paths, labels, strict=True)), "A path has another path's label."
    hint = (
        "On one machine, each label stays right. "
        "But you zip two datasets, and the dispatcher deals out each on its own: labels get mixed up."
    )
    yield "zip" in used, hint
    hint = "On one machine, it works. But a generator is Python, and the workers do not have yours."
    yield "from_generator" in used, hint
    orders = [[int(label) for _, label in one_pass] for one_pass in passes]
    yield orders[0] == labels, "The pairs come in the order of the lists. Shuffle them."
    yield (
        orders[0] == orders[1] == orders[2],
        "Each pass has the same order. Shuffle with the dataset, so that each pass gets a new one.",
    )
    hint = "On one machine, each pass has a new order. But through the workers, a seed repeats its order: set none."
    yield "shuffle with a seed" in used, hint
    furthest = max(label - place for place, label in enumerate(orders[0]))
    yield furthest < count // 3, f"No pair moves more than {furthest} places to the front: shuffle over all of them."
