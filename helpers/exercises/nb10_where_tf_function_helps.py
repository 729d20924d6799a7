"""Exercises of 10_where_tf_function_helps."""

from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, full_range, pair
from helpers.exercises.running import call, elements, mapped
from helpers.quiet import tensorflow as tf

import numpy as np

_BATCHES = 5  # to see whether random numbers are drawn anew for each
_MANY_BATCHES = 60  # so that parallel calls do not end in the same order twice


@exercise("Every image gets its own number, and a new one in every batch.")
def check_jitter(jitter) -> Rows:
    """A function for map that makes each image of a batch brighter or darker by its own amount."""
    images, labels = np.full((8, 4, 5, 3), 100, np.float32), np.arange(8)
    images[:, :, 2:] = 150  # two levels tell what is added from what is multiplied
    _, results = mapped(jitter, *[(images, labels)] * _BATCHES)
    yield from pair(results[0], "images", "labels")
    is_kept = np.shape(results[0][0]) == images.shape and np.array_equal(results[0][1], labels)
    yield not is_kept, "The labels and the shape of the images should not change."
    brighter = np.array([images for images, _ in results], np.float32)
    yield from full_range(brighter)
    is_multiplied = np.ptp(brighter / images, axis=(2, 3)).max() < 0.001 < np.ptp(brighter - images, axis=(2, 3)).max()
    yield (
        is_multiplied,
        "You multiplied the images by a number. Add one instead: as much in dark places as in bright ones.",
    )
    yield from _not_own_amounts(brighter - images)
    extremes = [(np.full((n, 4, 5, 3), value, np.float32), np.arange(n)) for n, value in ((32, 250), (40, 5))]
    _, ((bright, _), (dark, _)) = mapped(jitter, *extremes)
    lowest, highest = dark.min(), bright.max()
    went = f"Values went from {lowest:.0f} to {highest:.0f}."
    yield lowest < 0 or highest > 255, f"{went} Clip to 0…255."
    yield (
        (lowest, highest) != (0, 255),
        f"{went} Dark and bright images should reach 0 and 255: clip no more than that.",
    )


def _not_own_amounts(added: np.ndarray) -> Rows:
    """The axes of `added`: batch, image, height, width, colour."""
    amounts = added[..., 0, 0, 0]
    hint = "The amount differs from pixel to pixel within an image. Draw one number per image: shape (n, 1, 1, 1)."
    yield np.ptp(added, axis=(2, 3)).max() > 0.01, hint
    hint = "The amount differs from colour to colour within an image. Draw one number per image: shape (n, 1, 1, 1)."
    yield np.ptp(added, axis=4).max() > 0.01, hint
    hint = "You added one number to all images of the batch. Draw n of them: shape (n, 1, 1, 1)."
    yield np.ptp(amounts, axis=1).max() < 0.01, hint
    yield np.allclose(amounts[0], amounts[1]), mistakes.DRAWN_ONCE.format(what="numbers", function="uniform")
    sizes = np.abs(amounts)
    is_one_sided = amounts.min() > 0 or amounts.max() < 0
    hint = "The amounts should be between -50 and 50, on the scale 0…255: darker as well as brighter."
    yield is_one_sided or not 25 < sizes.max() <= 50, hint
    yield sizes.min() > 25, "You draw only the largest amounts. Any number between -50 and 50 should be possible."


@exercise("One trace serves batches of all sizes, and all numbers.")
def check_darken(darken) -> Rows:
    """A tf.function that subtracts a number from images, sets values below 0 to 0, and is traced once."""
    images = np.random.default_rng(0).uniform(5, 250, (6, 4, 5, 3)).astype(np.float32)
    cases = [(images[:size], amount) for size, amount in [(6, 20), (6, 21), (3, 40.5), (1, 60)]]
    results = [call(darken, tf.constant(batch), amount) for batch, amount in cases]
    for (batch, amount), result in zip(cases, results, strict=True):
        yield not tf.is_tensor(result), "Your function should return one tensor, the darker images."
        darker = np.asarray(result)
        yield darker.shape != batch.shape, "The shape of the images should not change."
        yield darker.min() < 0, f"Values went down to {darker.min():.0f}. Set values below 0 to 0."
        yield np.allclose(darker, batch + amount, atol=0.01), "The images became brighter. Subtract the amount."
        is_right = np.allclose(darker, np.maximum(batch - amount, 0), atol=0.01)
        yield not is_right, "These are not the original images minus the amount, with values below 0 set to 0."
    has_traces = hasattr(darken, "experimental_get_tracing_count")
    yield not has_traces, "The values are right, but this is a plain function: make it a tf.function."
    count = darken.experimental_get_tracing_count()
    hint = "Describe both in input_signature: a tf.TensorSpec for each, with None for the size of a batch."
    yield count != 1, f"The values are right, after {count} traces. {hint}"


@exercise("The changes are new in each epoch and the same in the next run, and each image keeps its label.")
def check_repeatable(repeatable) -> Rows:
    """A function that changes the brightness of batches at random, anew in each epoch, and can be repeated."""
    images = np.full((_MANY_BATCHES, 2, 4, 5, 3), 100, np.float32)
    images[..., 2:, :] = 150  # two levels tell what is added from what is multiplied
    labels = np.arange(_MANY_BATCHES * 2).reshape(-1, 2)
    batches = tf.data.Dataset.from_tensor_slices((images, labels))
    first, second = _two_epochs(repeatable, batches)
    yield len(first) != _MANY_BATCHES, f"{_MANY_BATCHES} batches went in, but {len(first)} came out."
    yield from pair(first[0], "images", "labels")
    is_kept = all(np.shape(part) == images.shape[1:] for part, _ in first)
    is_kept = is_kept and np.array_equal([part for _, part in first], labels)
    yield not is_kept, "The labels, the shape of the images and their order should not change."
    brighter = np.array([part for part, _ in first], np.float32)
    yield from full_range(brighter)
    added = brighter - images
    yield not added.any(), "Nothing has changed."
    hint = "The amount differs from pixel to pixel within an image. Add one number to the whole image."
    yield np.ptp(added, axis=(2, 3, 4)).max() > 0.01, hint
    amounts = added[:, 0, 0, 0, 0]
    hint = "All batches change by the same amount. Give each its own seed, or draw for each."
    yield np.ptp(amounts) < 0.01, hint
    most = np.abs(amounts).max()
    yield not 25 < most < 50.01, f"The largest change is {most:.2g}. It should be at most 50, on the scale 0…255."
    is_one_sided = amounts.min() > 0 or amounts.max() < 0
    yield is_one_sided, "Some batches should become darker, others brighter."
    hint = "After set_random_seed, tf.image.random_… starts over in each pass; so do seeds from Dataset.random, unless "
    hint += "you pass rerandomize_each_iteration=True."
    yield _means(first) == _means(second), f"The second epoch has the same changes as the first. {hint}"
    again = [_means(epoch) for epoch in _two_epochs(repeatable, batches)]
    hint = "Parallel calls get their numbers in a random order, and a generator outside your function goes on drawing."
    yield again != [_means(first), _means(second)], f"The next run has other changes. {hint}"


def _two_epochs(repeatable, batches: tf.data.Dataset) -> list[list]:
    """A run: set the seed, make the dataset, go through it twice."""
    tf.keras.utils.set_random_seed(1)
    changed = call(repeatable, batches)
    return [elements(changed) for _ in range(2)]


def _means(epoch: list) -> list[float]:
    return [float(np.mean(images)) for images, _ in epoch]
