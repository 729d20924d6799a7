"""Answers to the exercises of 01_take_one_batch."""

from pathlib import Path

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.material import load

ANOTHER_DATASET = tf.data.Dataset.from_tensors((tf.zeros((32, 8, 8, 3)), tf.zeros(32)))  # a variable of the page


def zero_outside(image):
    return np.where((image >= 0) & (image <= 255), image, 0).astype("uint8")


def first_in_a_loop(batches):
    for images, labels in batches:
        return images, labels


def in_two_passes(batches):
    return next(iter(batches))[0], next(iter(batches))[1]


def two_datasets(batches):
    return batches.map(lambda images, labels: images), batches.map(lambda images, labels: labels)


def of_another_dataset(batches):
    return next(iter(ANOTHER_DATASET))


def divided_batch(batches):
    images, labels = next(iter(batches))
    return images / 255, labels


def first_photos(directory, n, *, dtype="uint8", batch_size=None, **options):
    dataset = load(directory, **{"image_size": (64, 64), "batch_size": batch_size or n, "shuffle": False, **options})
    images, labels = next(iter(dataset))
    return images.numpy().astype(dtype), [dataset.class_names[label] for label in labels]


def sheet(**options):
    return lambda directory, n: first_photos(directory, n, **options)


def by_pillow(directory, n):
    paths = sorted(Path(directory).glob("*/*.png"))[:n]
    return np.array([Image.open(path).resize((64, 64)) for path in paths]), [path.parent.name for path in paths]


def with_labels(directory, n):
    images, labels = next(load(directory, image_size=(64, 64), batch_size=n, shuffle=False).as_numpy_iterator())
    return images.astype("uint8"), labels


def from_single_images(directory, n):
    dataset = load(directory, image_size=(64, 64), batch_size=None, shuffle=False)
    pairs = list(dataset.take(n))
    names = np.array(dataset.class_names)[[label for _, label in pairs]]
    return tf.saturate_cast(tf.stack([image for image, _ in pairs]), tf.uint8).numpy(), names


def upside_down(directory, n):
    pictures, names = first_photos(directory, n)
    return pictures[:, ::-1], names


def mirrored(directory, n):
    pictures, names = first_photos(directory, n)
    return pictures[:, :, ::-1], names


def divided_sheet(directory, n):
    pictures, names = first_photos(directory, n, dtype="float32")
    return (pictures / 255).astype("uint8"), names


def corners(directory, n):
    return first_photos(directory, n, image_size=(90, 120))[0][:, :64, :64], first_photos(directory, n)[1]


def blue_first_sheet(directory, n):
    pictures, names = first_photos(directory, n)
    return pictures[..., ::-1], names


def of_first_class(directory, n):
    return first_photos(directory, n)[0], ["Elk"] * n


def names_of_another_pass(directory, n):
    return first_photos(directory, n)[0], first_photos(directory, n, shuffle=True, seed=1)[1]


PHOTO_FOLDER = Path("a folder of the page")


def of_the_page(directory, n):
    return first_photos(PHOTO_FOLDER, n)


def minimum_alone(image):
    return tf.minimum(image, 255).numpy().astype(int).astype("uint8")


RIGHT = {
    "check_one_batch": [
        first_in_a_loop,
        lambda batches: list(batches.take(1))[0],
        lambda batches: next(batches.as_numpy_iterator()),
        lambda batches: list(batches.take(1).get_single_element()),
    ],
    "check_to_picture": [
        lambda image: tf.saturate_cast(image, tf.uint8).numpy(),
        lambda image: (image.numpy().clip(0, 255) + 0.5).clip(0, 255).astype("uint8"),
        lambda image: np.clip(np.round(image), 0, 255).astype(np.uint8),
        lambda image: tf.cast(tf.clip_by_value(image, 0, 255), tf.uint8).numpy(),
        lambda image: np.array(Image.fromarray(image.numpy().clip(0, 255).astype("uint8"))),
    ],
    "check_first_photos": [
        lambda directory, n: tuple(np.array(part) for part in first_photos(directory, n)),
        lambda directory, n: (first_photos(directory, n)[0], iter(first_photos(directory, n)[1])),
        sheet(pad_to_aspect_ratio=True),
        sheet(crop_to_aspect_ratio=True),
        *(sheet(interpolation=method) for method in ("nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian")),
        sheet(interpolation="lanczos5", pad_to_aspect_ratio=True),
        sheet(interpolation="bicubic", crop_to_aspect_ratio=True),
        by_pillow,
        from_single_images,
    ],
}
WRONG = {
    "check_one_batch": [
        (lambda batches: batches.take(1), "still a dataset"),
        (two_datasets, "still a dataset"),
        (lambda batches: iter(batches), "This is an iterator"),
        (lambda batches: list(batches.take(1)), "[0]"),
        (lambda batches: list(batches.take(2)), "two batches"),
        (lambda batches: list(batches), "3 batches"),
        (lambda batches: next(iter(batches))[0], "one EagerTensor"),
        (lambda batches: [part[0] for part in next(iter(batches))], "a single image"),
        (lambda batches: next(iter(batches.unbatch().batch(4))), "holds 4 images"),
        (lambda batches: next(iter(batches))[::-1], "Images come first, then labels"),
        (in_two_passes, "Images and labels come from two passes"),
        (divided_batch, "as the dataset yields them"),
        (of_another_dataset, "uses `ANOTHER_DATASET`, a variable of the notebook"),
        (lambda batches: batches[0], "not subscriptable"),
        (lambda batches: next(batches), "not an iterator"),
    ],
    "check_to_picture": [
        (lambda image: image, "still a tensor"),
        (lambda image: tf.saturate_cast(image, tf.uint8), "still a tensor"),
        (lambda image: image.numpy(), "dtype is float32"),
        # by way of int, since what uint8 makes of a float out of range depends on the processor
        (
            lambda image: image.numpy().astype(int).astype("uint8"),
            "-20 became 236 and 280 became 24: uint8 wraps around",
        ),
        (lambda image: image.numpy().astype(int).astype("uint8").clip(0, 255), "Clip to 0…255 before"),
        (lambda image: tf.cast(image, tf.uint8).numpy(), "uint8 wraps around"),
        (lambda image: np.abs(image).clip(0, 255).astype("uint8"), "-20 became 20. Values outside"),
        (lambda image: image.numpy().clip(0, 254).astype("uint8"), "280 became 254. Values outside"),
        (zero_outside, "280 became 0. Values outside"),
        (lambda image: tf.saturate_cast(tf.math.ceil(image), tf.uint8).numpy(), "rounded up"),
        (minimum_alone, "-20 became 236: uint8 wraps around"),
        (lambda image: (image / 255).numpy().clip(0, 255).astype("uint8"), "between 0 and 1"),
        (lambda image: image.numpy().clip(0, 1).astype("uint8"), "between 0 and 1"),
        (lambda image: (image / 255).numpy().clip(0, 1), "dtype is float32"),
        (lambda image: (image.numpy().clip(0, 255) // 2 * 255 // 127).astype("uint8"), "values in between"),
        (lambda image: image.numpy().clip(0, 255).astype("uint8")[0], "shape (13, 11, 3)"),
        (lambda image: image.numpy().clip(0, 254).astype("uint8") + np.uint8(1), "values in between"),
        (lambda image: image.clip(0, 255), ".numpy() converts it to an array"),
        (lambda image: Image.fromarray(image.numpy().clip(0, 255).astype("uint8")), "a Pillow image. np.array"),
        (lambda image: image.numpy().clip(0, 255).astype("uint8").tolist(), "it is a list. np.array"),
    ],
    "check_first_photos": [
        (sheet(shuffle=True), "shuffle=False"),
        (sheet(batch_size=32), "but you have 32"),
        (lambda directory, n: first_photos(directory, n)[0], "is only one thing"),
        (sheet(image_size=(256, 256)), "(64, 64, 3)"),
        (sheet(dtype="float32"), "float32"),
        (with_labels, "class_names"),
        (of_first_class, "picture 9 is ant, but you have Elk"),
        (names_of_another_pass, "do not belong"),
        (divided_sheet, "between 0 and 1"),
        (corners, "parts of the photos"),
        (upside_down, "rotated or mirrored"),
        (mirrored, "rotated or mirrored"),
        (blue_first_sheet, "not those of the photos in the directory"),
        (of_the_page, "uses `PHOTO_FOLDER`, a variable of the notebook, instead of its argument `directory`"),
        (lambda directory, n: (tf.constant(first_photos(directory, n)[0]), ["ant"] * n), "still a tensor"),
        (lambda directory, n: (list(first_photos(directory, n)[0]), ["ant"] * n), "it is a list. np.array"),
        (lambda directory, n: (first_photos(directory, n)[0], tf.constant(["ant"] * n)), "should be text (str)"),
        (lambda directory, n: (first_photos(directory, n)[0], ["Elk", "ant", "bee"]), "35 pictures but 3 names"),
        (lambda directory, n: (first_photos(directory, n)[0], "ant"), "This should be a list; it is a str"),
    ],
}
