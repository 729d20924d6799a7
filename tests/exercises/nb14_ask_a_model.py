"""Answers to the exercises of 14_ask_a_model."""

from pathlib import Path

from helpers import access

import tensorflow as tf
import cv2
import numpy as np
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from tests.material import load


def pixels_of(path, size=64, **options):
    return access.decode_image(path, (size, size), **options)


def answered(model, pixels):
    return model(pixels[None])[0].numpy()


def by_loader(path, size=64, **options):
    return access.image_dataset([path], image_size=(size, size), **options)


def first_of_the_folder(model, path):
    return model.predict(load(Path(path).parent, labels=None, image_size=(64, 64), shuffle=False), verbose=0)[0]


def as_stored(path, size=64):
    return tf.image.resize(tf.io.decode_image(tf.io.read_file(path), expand_animations=False), (size, size))


def in_color_at_least(path):
    pixels = as_stored(path)
    return tf.image.grayscale_to_rgb(pixels) if pixels.shape[-1] == 1 else pixels


def on_white(path):
    pixels = in_color_at_least(path)
    return pixels[..., :3] + (255 - pixels[..., 3:]) if pixels.shape[-1] == 4 else pixels


def by_opencv(path):
    return tf.image.resize(cv2.imread(path), (64, 64))


def by_opencv_in_rgb(path):
    return by_opencv(path)[..., ::-1]


def by_pillow(path):
    return tf.image.resize(np.asarray(Image.open(path).convert("RGB")), (64, 64))


def reversed_channels(path):
    return pixels_of(path)[..., ::-1]


def by_load_img(path, **options):
    return tf.keras.utils.img_to_array(tf.keras.utils.load_img(path, target_size=(64, 64), **options))


def from_zero_to_one(path):
    image = tf.io.decode_image(tf.io.read_file(path), 3, tf.float32, expand_animations=False)
    return tf.image.resize(image, (64, 64))


def reading_with(read, **options):
    return lambda model, path: answered(model, read(path, **options))


def nearest_of_sklearn(embeddings, row, n):
    return NearestNeighbors(n_neighbors=n).fit(embeddings).kneighbors()[1][row]


def nearest_one_by_one(embeddings, row, n):
    others = [number for number in range(len(embeddings)) if number != row]
    return sorted(others, key=lambda number: np.square(embeddings[number] - embeddings[row]).sum())[:n]


def nearest_by_largest(embeddings, row, n):
    distances = tf.norm(embeddings - embeddings[row], axis=1)
    order = tf.argsort(distances)
    return order[order != row][:n]


def sorted_distances(embeddings, row, n):
    return np.sort(np.linalg.norm(embeddings - embeddings[row], axis=1))[1 : n + 1]


def without_class_folders(folder, **options):
    return load(folder, **{"labels": None, "image_size": (64, 64), **options})


def predicted(model, folder, **options):
    dataset = without_class_folders(folder, **options)
    names = [Path(path).name for path in dataset.file_paths]
    return list(zip(names, model.predict(dataset, verbose=0), strict=True))


def in_order(model, folder):
    return predicted(model, folder, shuffle=False)


def one_by_one(model, folder, read=pixels_of):
    return [[path, answered(model, read(path))] for path in Path(folder).glob("*.jpg")]


def in_another_order(model, folder):
    names, rows = zip(*in_order(model, folder), strict=True)
    return list(zip(names, [*rows[1:], rows[0]], strict=True))


def folder_with(read):
    return lambda model, folder: one_by_one(model, folder, read)


WRONG = {
    "check_predict_file": [
        (reading_with(by_load_img, interpolation="bilinear"), "which resizes differently"),
        (reading_with(from_zero_to_one), "You divided by 255"),
        (reading_with(by_opencv), "Red and blue"),
        (reading_with(reversed_channels), "Red and blue"),
        (reading_with(by_opencv_in_rgb), "decode a JPEG a little differently"),
        (reading_with(by_pillow), "decode a JPEG a little differently"),
        (reading_with(pixels_of, interpolation="area"), "different pixels of new.jpg"),
        (reading_with(pixels_of, crop_to_aspect_ratio=True), "different pixels of new.jpg"),
        (reading_with(pixels_of, pad_to_aspect_ratio=True), "different pixels of new.jpg"),
        (first_of_the_folder, "different pixels of new.jpg"),
        (lambda model, path: model(pixels_of(path)[None]), "Take the row with [0]"),
        (lambda model, path: answered(model, pixels_of(path)).argmax(), "its shape is ()"),
        (lambda model, path: answered(model, pixels_of(path))[:3], "its shape is (3,)"),
        (
            lambda model, path: model.predict(pixels_of(path), verbose=0),
            "got one image; a model takes a batch: [None]",
        ),
        (lambda model, path: model(pixels_of(path)), "got one image; a model takes a batch: [None]"),
        (reading_with(pixels_of, size=32), "got images of 32 by 32; this model takes 64 by 64"),
        (lambda model, path: model.predict(as_stored(path, 32)[None])[0], "; this model takes 64 by 64"),
        (reading_with(as_stored), "expected 3 channels, got 1 (a gray file?): decode with channels=3"),
        (reading_with(in_color_at_least), "expected 3 channels, got 4: decode with channels=3"),
        (lambda model, path: np.zeros(5), "Probabilities are positive and sum to 1. Yours sum to 0."),
        (lambda model, path: np.arange(5), "Yours sum to 10."),
        (lambda model, path: np.full(5, 0.2), "different pixels of new.jpg"),
        (reading_with(lambda path: tf.image.grayscale_to_rgb(as_stored(path)[..., :1])), "different pixels of new.jpg"),
        (reading_with(on_white), "different pixels of see_through.png"),
        (lambda model, path: model.predict(path), "Your answer raised"),
    ],
    "check_nearest": [
        (lambda embeddings, row, n: nearest_of_sklearn(embeddings, row, n + 1), "there should be five row numbers"),
        (lambda embeddings, row, n: nearest_of_sklearn(embeddings, row, n)[0], "This should be a list; it is an int64"),
        (sorted_distances, "Row numbers are whole numbers"),
        (
            lambda embeddings, row, n: [nearest_of_sklearn(embeddings, row, n)] * 5,
            "This should be a list of row numbers",
        ),
        (
            lambda embeddings, row, n: np.abs(embeddings - embeddings[row]).sum(axis=1).argsort()[-n:],
            "the wrong photos",
        ),
        (lambda embeddings, row, n: range(n), "These are the wrong photos"),
        (lambda embeddings, row, n: nearest_of_sklearn(embeddings.T, row, n), "Your answer raised"),
    ],
    "check_predict_folder": [
        (in_another_order, "the loader shuffles. Pass shuffle=False"),
        (lambda model, folder: dict(in_order(model, folder)), "This should be a list of pairs; it is a dict."),
        (lambda model, folder: in_order(model, folder)[1:], "6 images in the folder; you have 5 pairs"),
        (lambda model, folder: [in_order(model, folder)[0]] * 6, "One file appears twice"),
        (lambda model, folder: in_order(model, folder)[::-1][1:] + [("d.jpg", 0)], "There is no image d.jpg"),
        (lambda model, folder: [(name, row.argmax()) for name, row in in_order(model, folder)], "you have ()"),
        (lambda model, folder: [(name, row[None]) for name, row in in_order(model, folder)], "you have (1, 5)"),
        (lambda model, folder: predicted(model, folder, shuffle=False, image_size=(32, 32)), "this model takes 64"),
        (lambda model, folder: predicted(model, folder, shuffle=False, interpolation="area"), "different pixels of"),
        (folder_with(by_load_img), "These are the pixels from load_img"),
        (folder_with(by_opencv), "Red and blue"),
        (folder_with(by_pillow), "decode a JPEG a little differently"),
        (lambda model, folder: model.predict(without_class_folders(folder), verbose=0), "This should be a pair"),
        (lambda model, folder: model.predict(load(folder), verbose=0), "needs labels=None"),
    ],
}
RIGHT = {
    "check_predict_file": [
        reading_with(pixels_of),
        lambda model, path: model.predict(in_color_at_least(path)[None, ..., :3], verbose=0)[0],
        lambda model, path: model.predict_on_batch(np.asarray(pixels_of(path))[None])[0].tolist(),
        lambda model, path: model.predict(by_loader(path), verbose=0)[0],
        lambda model, path: tf.squeeze(model(tf.expand_dims(pixels_of(Path(path)), 0))),
    ],
    "check_nearest": [nearest_of_sklearn, nearest_one_by_one, nearest_by_largest],
    "check_predict_folder": [in_order, one_by_one],
}
