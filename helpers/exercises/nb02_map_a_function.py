"""Exercises of 02_map_a_function."""

import tempfile
from pathlib import Path

from helpers.checkup import examine
from helpers.exercises import mistakes
from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, full_range, pair
from helpers.exercises.running import Mistake, call, elements, mapped
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image

_BATCHES = 5  # to see whether random numbers are drawn anew for each


def _same_images(result, other) -> bool:
    return np.allclose(result[0], other[0], atol=1e-4)


@exercise(
    "0…255 became 0…1, just once, and the labels stayed with the images.",
    right=lambda images, labels: (images / 255, labels),
    impostors={
        "The images are still 0…255. convert_image_dtype and cast do not divide a float.": lambda images, labels: (
            tf.image.convert_image_dtype(images, tf.float32),
            labels,
        ),
        "The images were divided twice: the largest value is 0.004.": lambda images, labels: (
            images / 255 / 255,
            labels,
        ),
        "The images go from -1 to 1. Only divide by 255.": lambda images, labels: (images / 127.5 - 1, labels),
        "// cuts off the decimals, so nearly everything is 0. Divide with /.": lambda images, labels: (
            images // 255,
            labels,
        ),
        "Each batch was divided by its own largest value. Divide by the largest that an image can have.": (
            lambda images, labels: (images / tf.reduce_max(images), labels)
        ),
    },
)
def check_rescale(rescale) -> Rows:
    """A function for map that rescales the images from 0…255 to 0…1 and keeps the labels."""
    images = np.random.default_rng(0).uniform(0, 250, (3, 4, 5, 3)).astype(np.float32)
    labels = np.array([2, 0, 1])
    _, (result, _) = mapped(rescale, (images, labels), (images[:2], labels[:2]))
    yield from pair(result, "images", "labels")
    yield np.shape(result[0]) != images.shape, "The first thing you return should be the images."
    came_out = np.asarray(result[1]).tolist()
    yield came_out != labels.tolist(), f"The labels were [2, 0, 1] and came out as {came_out}."
    yield from check_rescale.compare(
        result, images, labels, same=_same_images, otherwise="These are not the original images divided by 255."
    )


def _loaded(folder, **options) -> tf.data.Dataset:
    return tf.keras.utils.image_dataset_from_directory(folder, image_size=(64, 64), verbose=False, **options)


def _small(images, labels):
    return tf.image.resize(tf.image.central_crop(images, 0.8), (16, 16)) / 255, labels


def _with_borders(images, labels):
    return tf.image.resize(images, (16, 16)) / 255, labels


def _not_divided(images, labels):
    return _small(images * 255, labels)


def _same_photos(found: list, other: tf.data.Dataset) -> bool:
    mine, right = _by_brightness(found), _by_brightness(list(other.as_numpy_iterator()))
    return all(_are_close(*parts) for parts in zip(mine, right, strict=True))


def _are_close(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, atol=1e-4)


def _by_brightness(batches: list) -> tuple[np.ndarray, np.ndarray]:
    """The images and labels of all batches, from the darkest photo to the brightest: in the order of their names."""
    images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    order = images.mean(axis=tuple(range(1, images.ndim))).argsort()
    return images[order], labels[order]


@exercise(
    "No fault is left, and each photo is there, with its own label.",
    right=lambda folder: _loaded(folder).map(_small),
    impostors={
        "There is no fault left, but the images go from 0 to 255. Keep one of the two divisions.": lambda folder: (
            _loaded(folder).map(_not_divided)
        ),
        "There is no fault left, but make_small cuts off the borders, and here they are. Keep .map(make_small).": (
            lambda folder: _loaded(folder).map(_with_borders)
        ),
    },
)
def check_fixed_photos(fixed_photos) -> Rows:
    """A function from a folder to a dataset as the lesson's make_small makes it, in which examine finds no fault."""
    with tempfile.TemporaryDirectory() as folder:
        _write_photos(Path(folder))
        dataset, found = _made(fixed_photos, folder)
        yield from pair(dataset.element_spec, "images", "labels")
        as_it_came = tf.data.Dataset.from_generator(lambda: iter(found), output_signature=dataset.element_spec)
        for finding in examine(as_it_came, folder).findings:
            cure = _CURES.get(finding.kind, finding.text)
            yield finding.level == "fault", f'examine still finds a fault, "{finding.kind}". {cure}'
        images, labels = _by_brightness(found)
        yield (
            len(images) < 40,
            f"{40 - len(images)} of 40 photos are missing. Does drop_remainder or take leave them out?",
        )
        height, width = images.shape[1:3]
        yield (
            (height, width) != (16, 16),
            f"Your images have {height} x {width} pixels, and make_small gives 16 x 16. Keep .map(make_small).",
        )
        right_images, right_labels = _by_brightness(list(_loaded(folder).map(_small).as_numpy_iterator()))
        is_mixed_up = labels.shape == right_labels.shape and (labels != right_labels).any()
        yield _are_close(images, right_images) and is_mixed_up, mistakes.TWO_PASSES
        otherwise = "There is no fault left, but these are not the images that make_small gives, with their labels."
        yield from check_fixed_photos.compare(found, folder, same=_same_photos, otherwise=otherwise)
    sizes = [len(images) for images, _ in found]
    yield sorted(sizes) != [8, 32], f"40 photos make batches of 32 and 8; yours hold {sizes}."


_CURES = {
    "single images": "Let the loader make batches, or add batch(32) as the last step.",
    "divided twice": "Look into make_small: it divides, too.",
    "batched twice": "The loader makes batches unless you load with batch_size=None. Batch only once.",
}


# Words of the errors that come of it.
_BATCHED_TWICE = ("Cannot batch tensors", "Cannot add tensor to the batch", "Had rank = 5")


def _made(fixed_photos, folder: str) -> tuple[tf.data.Dataset, list]:
    """The learner's dataset and its elements."""
    try:
        dataset = call(fixed_photos, folder)
        return dataset, elements(dataset)
    except Mistake as mistake:
        if any(words in str(mistake) for words in _BATCHED_TWICE):
            raise Mistake(f"These are batched twice. {_CURES['batched twice']}") from mistake
        raise


def _write_photos(folder: Path) -> None:
    """40 photos in three classes, each brighter than the one before, and with a border that differs from the rest."""
    for number in range(40):
        pixels = np.full((60, 80, 3), 40 + 3 * number, np.uint8)
        pixels[:4], pixels[:, 40:, 1] = 255, 20
        class_folder = folder / "abc"[number * 3 // 40]
        class_folder.mkdir(exist_ok=True)
        Image.fromarray(pixels).save(class_folder / f"{number:02}.png")


@exercise("Noise goes in, the clean image is the target.")
def check_noisy_pair(noisy_pair) -> Rows:
    """A function for map from images to (images with noise, clean images), to train a denoiser."""
    images = np.random.default_rng(1).uniform(80, 175, (4, 8, 9, 3)).astype(np.float32)  # so that clipping cuts little
    _, results = mapped(noisy_pair, *[(images,)] * _BATCHES)
    yield from pair(results[0], "noisy images", "clean images")
    has_shapes = all(np.shape(part) == images.shape for part in results[0])
    yield not has_shapes, "Both parts should have the shape of the images."
    for part in results[0]:
        yield from full_range(part)
    noise = np.array([noisy for noisy, _ in results]) - images
    if not np.allclose(results[0][1], images):
        hint = "The noise is in the target. The model gets the first of the two and should return the second."
        yield np.allclose(results[0][0], images), hint
        yield True, "The target is not the clean image. Add noise only to the first of the two."
    yield from _not_white(noise)
    mean, spread = np.mean(noise), np.std(noise)
    chance = 4 * spread / np.sqrt(noise.size)
    yield (
        abs(mean) > max(3, chance),
        f"The noise makes the images brighter or darker, by {mean:.0f}. Its mean should be 0.",
    )
    yield not 18 < spread < 22, f"The noise has a standard deviation of {spread:.2g}; it should be 20."
    most = np.abs(noise).max()
    yield most < 2 * spread, f"The noise never goes beyond {most:.0f}. Draw it from a normal distribution."
    mapped(noisy_pair, (images,), (images[:3],))  # raises if the function counts on one size of batch


def _not_white(noise: np.ndarray) -> Rows:
    """The axes of `noise`: batch, image, height, width, colour."""
    yield not noise.any(), "There is no noise."
    yield np.allclose(noise[0], noise[1]), mistakes.DRAWN_ONCE.format(what="noise", function="normal")
    is_shared = np.allclose(noise[0][0], noise[0][1], atol=1e-3)
    yield is_shared, "All images of a batch get the same noise. Draw it in the shape of the batch."
    is_repeated = min(np.ptp(noise[0][0], axis=axis).max() for axis in range(3)) < 0.01
    hint = "Several pixels, or all colours, get the same noise. Draw it in the shape of the batch."
    yield is_repeated, hint
