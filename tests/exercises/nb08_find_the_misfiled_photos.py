"""Answers to the exercises of 08_find_the_misfiled_photos."""

import functools
import json
import os
from pathlib import Path

from helpers import access, photos

import tensorflow as tf
import cv2
import numpy as np
import pandas as pd
from PIL import Image

from tests.material import load


def places(folder):
    return json.loads((folder.parent / "truth.json").read_text("utf-8")).items()


def moved(folder):
    return [name for name, original in places(folder) if Path(name).parts[0] != Path(original).parts[0]]


def not_moved(folder):
    return [name for name, original in places(folder) if Path(name).parts[0] == Path(original).parts[0]]


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


def proposed(approved, folder, is_taken, suffix=None):
    """Pairs of an old path and the first new one that is not taken, or the old one."""
    pairs = []
    for old, class_name in approved:
        old = Path(old)
        ending = old.suffix if suffix is None else suffix
        new, number = Path(folder, class_name, old.stem + ending), 1
        while new != old and is_taken(new, [new for _, new in pairs]):
            number += 1
            new = new.with_name(f"{old.stem}_{number}{ending}")
        pairs.append((old, new))
    return pairs


def in_lower_case(paths):
    return [str(path).lower() for path in paths]


def is_taken(new, proposed):
    return str(new).lower() in in_lower_case([*new.parent.iterdir(), *proposed])


def is_taken_on_disk(new, proposed):
    return str(new).lower() in in_lower_case(new.parent.iterdir())


def is_taken_by_a_pair(new, proposed):
    return str(new).lower() in in_lower_case(proposed)


def is_taken_with_these_capitals(new, proposed):
    return new.exists() or new in proposed


def is_taken_with_these_capitals_on_disk(new, proposed):
    return new.exists() or str(new).lower() in in_lower_case(proposed)


def free_places(approved, folder, is_taken=is_taken, **options):
    return proposed(approved, folder, is_taken, **options)


def taking_with(is_taken):
    return lambda approved, folder: free_places(approved, folder, is_taken)


def same_names(approved, folder):
    return [(old, Path(folder, class_name, Path(old).name)) for old, class_name in approved]


def second_names(approved, folder):
    pairs = [(Path(old), new) for old, new in same_names(approved, folder)]
    return [(old, new.with_stem(f"{new.stem}_2") if new.exists() and new != old else new) for old, new in pairs]


def without_a_look_where_they_lie(approved, folder):
    return [(old, new.with_stem(f"{new.stem}_{n}")) for n, (old, new) in enumerate(same_names(approved, folder))]


def new_names(approved, folder):
    pairs = free_places(approved, folder)
    return [(old, new if new == old else new.with_stem(f"new_{n}")) for n, (old, new) in enumerate(pairs)]


def moved_at_once(approved, folder):
    pairs = free_places(approved, folder)
    for old, new in pairs:
        os.rename(old, new)
    return pairs


def written_down(approved, folder):
    Path(folder, "moves.txt").write_text("moves")
    return free_places(approved, folder)


def with_a_new_folder(approved, folder):
    Path(folder, "dog").mkdir()
    return free_places(approved, folder)


def one_by_one(approved, folder):
    yield from free_places(approved, folder)


def named_after_their_folder(approved, folder):
    pairs = []
    for old, class_name in approved:
        old = Path(old)
        is_busy = old.stem.lower() in ("1", "img", "old")
        name = f"from_{old.parent.name}_{old.name}" if is_busy else old.name
        pairs.append([str(old), os.path.join(folder, class_name, name)])
    return tuple(pairs)


GIVEN = {"check_misfiled": lambda folder: (photos.misfiled_copy(),)}
WRONG = {
    "check_misfiled": [
        (lambda folder: moved(folder)[:4], "in your list: 4 of 6. Look again"),
        (
            lambda folder: [*moved(folder), *not_moved(folder)[:2]],
            "6 of 6. Photos in it that lie where they belong: 2.",
        ),
        (
            lambda folder: [*moved(folder)[1:], not_moved(folder)[0]],
            "5 of 6. Photos in it that lie where they belong: 1.",
        ),
        (lambda folder: moved(folder)[0], "A list of names is wanted"),
        (lambda folder: [Path(name).parts[0] for name in moved(folder)], "There is no photo"),
        (lambda folder: range(6), "There is no photo 0 in this folder. Give only the name, such as 'photo_0000'"),
        (lambda folder: [], "0 of 6"),
    ],
    "check_predict_file": [
        (reading_with(by_load_img, interpolation="bilinear"), "which resizes in another way"),
        (reading_with(from_zero_to_one), "Divided by 255"),
        (reading_with(by_opencv), "Red and blue"),
        (reading_with(reversed_channels), "Red and blue"),
        (reading_with(by_opencv_in_rgb), "decode a JPEG a little differently"),
        (reading_with(by_pillow), "decode a JPEG a little differently"),
        (reading_with(pixels_of, interpolation="area"), "other pixels of new.jpg"),
        (reading_with(pixels_of, crop_to_aspect_ratio=True), "other pixels of new.jpg"),
        (reading_with(pixels_of, pad_to_aspect_ratio=True), "other pixels of new.jpg"),
        (first_of_the_folder, "other pixels of new.jpg"),
        (lambda model, path: model(pixels_of(path)[None]), "Take the row out with [0]"),
        (lambda model, path: answered(model, pixels_of(path)).argmax(), "this has the shape ()"),
        (lambda model, path: answered(model, pixels_of(path))[:3], "this has the shape (3,)"),
        (
            lambda model, path: model.predict(pixels_of(path), verbose=0),
            "one image came; a model takes a batch: [None]",
        ),
        (lambda model, path: model(pixels_of(path)), "one image came; a model takes a batch: [None]"),
        (reading_with(pixels_of, size=32), "images of 32 by 32 came; this model takes 64 by 64"),
        (lambda model, path: model.predict(as_stored(path, 32)[None])[0], "images of 32 by 32 came"),
        (reading_with(as_stored), "expected 3 channels, got 1 (a gray file?): decode with channels=3"),
        (reading_with(in_color_at_least), "expected 3 channels, got 4: decode with channels=3"),
        (lambda model, path: np.zeros(5), "Probabilities are positive and sum to 1. Yours sum to 0."),
        (lambda model, path: np.arange(5), "Yours sum to 10."),
        (lambda model, path: np.full(5, 0.2), "other pixels of new.jpg"),
        (reading_with(lambda path: tf.image.grayscale_to_rgb(as_stored(path)[..., :1])), "other pixels of new.jpg"),
        (reading_with(on_white), "other pixels of see_through.png"),
        (lambda model, path: model.predict(path), "Your answer raised"),
    ],
    "check_moves": [
        (same_names, "bee/1.jpg is there already"),
        (second_names, "bee/1_2.jpg is there already"),
        (taking_with(is_taken_on_disk), "one would overwrite the other"),
        (taking_with(is_taken_by_a_pair), "bee/1.jpg is there already"),
        (
            taking_with(is_taken_with_these_capitals_on_disk),
            "bee/old.png would overwrite bee/OLD.png on systems that do not tell capital letters",
        ),
        (taking_with(is_taken_with_these_capitals), "Compare in lower case"),
        (moved_at_once, "Files were moved or written"),
        (written_down, "Files were moved or written"),
        (with_a_new_folder, "Files were moved or written"),
        (functools.partial(free_places, suffix=""), "the ending should stay"),
        (functools.partial(free_places, suffix=".jpg"), "2.png becomes 2.jpg: the ending should stay"),
        (lambda approved, folder: free_places(approved, folder)[1:], "8 pairs are wanted"),
        (
            lambda approved, folder: [pair for pair in free_places(approved, folder) if pair[0] != pair[1]],
            "also if it stays; you have 7",
        ),
        (without_a_look_where_they_lie, "cat/3.jpg lies in the right folder already"),
        (
            lambda approved, folder: [pair[: 2 - n % 2] for n, pair in enumerate(free_places(approved, folder))],
            "this gives 1 value.",
        ),
        (lambda approved, folder: dict(free_places(approved, folder)), "Two things are wanted, the old path and"),
        (lambda approved, folder: free_places(approved, folder)[::-1], "The old paths are those of the list"),
        (lambda approved, folder: [(old, Path(folder, name)) for old, name in approved], "belongs in the folder bee"),
        (lambda approved, folder: [(old, name) for old, name in approved], "belongs in the folder bee"),
        (new_names, "Names that are free"),
        (lambda approved, folder: [str(new) for _, new in free_places(approved, folder)], "Two things are wanted"),
        (
            lambda approved, folder: approved.sort() or free_places(approved, folder),
            "The list that was given has changed",
        ),
    ],
}
RIGHT = {
    "check_misfiled": [
        lambda folder: {Path(folder, name) for name in moved(folder)},
        lambda folder: np.array([Path(name).stem for name in moved(folder)]),
        lambda folder: pd.Series(moved(folder)),
        lambda folder: (name for name in moved(folder)),
        lambda folder: [f"{Path(name).stem} in {Path(name).parent}" for name in moved(folder)],  # as in the titles
    ],
    "check_predict_file": [
        reading_with(pixels_of),
        lambda model, path: model.predict(in_color_at_least(path)[None, ..., :3], verbose=0)[0],
        lambda model, path: model.predict_on_batch(np.asarray(pixels_of(path))[None])[0].tolist(),
        lambda model, path: model.predict(by_loader(path), verbose=0)[0],
        lambda model, path: tf.squeeze(model(tf.expand_dims(pixels_of(Path(path)), 0))),
    ],
    "check_moves": [free_places, one_by_one, named_after_their_folder],
}
