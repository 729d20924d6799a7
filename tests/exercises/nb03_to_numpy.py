"""Answers to the exercises of 03_to_numpy."""

from helpers import access

import tensorflow as tf
import cv2
import numpy as np
from PIL import Image


def in_two_passes(dataset):
    images = np.concatenate([images for images, _ in dataset])
    return images, np.concatenate([labels for _, labels in dataset])


def one_pass(dataset):
    pairs = list(dataset.unbatch())
    return np.array([image for image, _ in pairs]), np.array([label for _, label in pairs])


def single_lists(dataset):
    pairs = list(dataset.unbatch())
    return [image for image, _ in pairs], [label for _, label in pairs]


def by_appending(dataset):
    images, labels = np.empty((0, 4, 5, 3)), np.empty(0, int)
    for image_batch, label_batch in dataset:
        images, labels = np.append(images, image_batch, axis=0), np.append(labels, label_batch)
    return images, labels


def in_one_large_batch(dataset):
    return next(dataset.unbatch().batch(10_000).as_numpy_iterator())


def joined_tensors(dataset):
    return [tf.concat(parts, axis=0) for parts in zip(*dataset, strict=True)]


def stacked(dataset):
    images, labels = zip(*dataset.as_numpy_iterator(), strict=True)
    return np.array(images), np.array(labels)


def reshaped(dataset):
    images, labels = access.collect(dataset)
    return images.reshape(20, 5, 4, 3).swapaxes(1, 2), labels


def labels_as_text(dataset):
    images, labels = access.collect(dataset)
    return images, labels.astype(str)


def as_bytes(dataset):
    images, labels = access.collect(dataset)
    return (images / 255).astype("uint8"), labels


def whole(image):
    return image.numpy().clip(0, 255).astype("uint8")


def blue_first(pixels):
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)


def blurred(batch):
    return np.stack([cv2.GaussianBlur(image, (5, 5), 0) for image in batch])


def through_python(function, images):
    result = tf.numpy_function(function, [images], tf.float32)
    result.set_shape(images.shape)
    return result


def blur_with(function):
    """An answer that calls `function` with the array of a batch, and keeps labels and shapes."""
    return lambda images, labels: (through_python(function, images), labels)


def image_by_image(images, labels):
    def blur_one(image):
        return through_python(lambda pixels: cv2.GaussianBlur(pixels, (5, 5), 0), image)

    return tf.map_fn(blur_one, images), labels


def by_py_function(images, labels):
    result = tf.py_function(lambda batch: blurred(batch.numpy()), [images], tf.float32)
    return tf.reshape(result, tf.shape(images)), labels


def value_of_set_shape(images, labels):
    result = tf.numpy_function(blurred, [images], tf.float32).set_shape(images.shape)
    return result, labels


def labels_through_python(images, labels):
    return through_python(blurred, images), tf.numpy_function(lambda numbers: numbers, [labels], tf.int64)


RIGHT = {
    "check_to_arrays": [one_pass, by_appending, in_one_large_batch],
    "check_for_opencv": [
        lambda image: np.ascontiguousarray(whole(image)[..., ::-1]),
        lambda image: blue_first(tf.saturate_cast(image, tf.uint8).numpy()),
        lambda image: blue_first(np.clip(np.round(image), 0, 255).astype(np.uint8)),
        lambda image: cv2.merge(cv2.split(whole(image))[::-1]),
        lambda image: tf.reverse(tf.saturate_cast(image, tf.uint8), [-1]).numpy().copy(),
    ],
    "check_blur": [
        lambda images, labels: (
            tf.ensure_shape(tf.numpy_function(blurred, [images], tf.float32), images.shape),
            labels,
        ),
        image_by_image,
        by_py_function,
    ],
}
WRONG = {
    "check_to_arrays": [
        (in_two_passes, "two passes"),
        (lambda dataset: [list(part) for part in zip(*dataset.as_numpy_iterator(), strict=True)], "Join the batches"),
        (labels_as_text, "one of yours holds <U"),
        (single_lists, "they are list and list. np.array converts a list to an array"),
        (joined_tensors, "still a tensor"),
        (lambda dataset: next(dataset.as_numpy_iterator()), "the last batch is short; you have 6"),
        (lambda dataset: access.collect(dataset.rebatch(6, drop_remainder=True)), "you have 18"),
        (lambda dataset: access.collect(dataset)[0], "is only one thing"),
        (lambda dataset: access.collect(dataset)[::-1], "should be (20, 4, 5, 3) and (20,)"),
        (lambda dataset: access.collect(dataset.take(2).repeat(2).unbatch().take(20).batch(6)), "twice"),
        (reshaped, "The pixels are not those of the dataset"),
        (as_bytes, "The pixels are not those of the dataset"),
        (lambda dataset: dataset, "one _BatchDataset"),
        (access.collect, "Now do it without access.collect"),
        (lambda dataset: access.collect(dataset), "Now do it without access.collect"),
        (stacked, "Join batches with np.concatenate"),
    ],
    "check_for_opencv": [
        (lambda image: image, "an array: .numpy()"),
        (lambda image: image.numpy()[..., ::-1], "dtype is float32"),
        (lambda image: whole(image)[..., ::-1], "np.ascontiguousarray"),
        (lambda image: whole(image)[..., [2, 1, 0]], "np.ascontiguousarray"),
        (lambda image: blue_first(image.numpy().astype(int).astype("uint8")), "came out as [10, 250, 6]: clip before"),
        (lambda image: blue_first(tf.cast(image, tf.uint8).numpy()), "clip before"),
        (lambda image: image.numpy().astype(int).astype("uint8"), "still red, green, blue"),
        (lambda image: blue_first((image.numpy() / 255).astype("uint8")), "between 0 and 1"),
        (lambda image: whole(image)[..., [1, 0, 2]], "came out as [50, 200, 10]; it should be [10, 50, 200]"),
        (lambda image: whole(image)[None], "The shape was (13, 11, 3)"),
        (lambda image: np.asarray(tf.constant(whole(image)[..., ::-1])), "is read-only"),
        (lambda image: Image.fromarray(whole(image)), "it is a Pillow image. np.array"),
        (lambda image: cv2.cvtColor(image, cv2.COLOR_RGB2BGR), "OpenCV needs an array: image.numpy()"),
        (lambda image: image.clip(0, 255), ".numpy() converts it to an array"),
    ],
    "check_blur": [
        (lambda images, labels: (tf.numpy_function(blurred, [images], tf.float32), labels), "lost the shape"),
        (lambda images, labels: through_python(blurred, images), "one TensorSpec"),
        (lambda images, labels: (blurred(images.numpy()), labels), "put the Python code in tf.numpy_function"),
        (lambda images, labels: (cv2.GaussianBlur(images, (5, 5), 0), labels), "OpenCV needs an array"),
        (lambda images, labels: (images, labels), "not the images as blurred"),
        (blur_with(lambda batch: cv2.GaussianBlur(batch, (5, 5), 0)), "one image at a time: loop over the batch"),
        (blur_with(lambda batch: [cv2.GaussianBlur(image, (5, 5), 0) for image in batch]), "np.stack"),
        (blur_with(lambda batch: blurred(batch.astype("uint8"))), "is uint8, but expects float"),
        (lambda images, labels: (through_python(blurred, images), labels + 1), "should not change"),
        (labels_through_python, "the shape of its labels"),
        (value_of_set_shape, "call them on a separate line"),
        (lambda images, labels: (tf.py_function(blurred, [images], tf.float32), labels), "OpenCV needs an array"),
    ],
}
