"""What a learner gets wrong while typing, and the message that comes: each message is found in QUESTIONS, whole.

`slips.txt` is the table: a line of code as a learner might type it, and below it, indented, the message as it stands in
QUESTIONS. There `…` stands for what differs from one learner to the next: a path, a number, a shape.
"""

import functools
import re
import warnings
from pathlib import Path

from helpers import access, files

import tensorflow as tf
import cv2
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from skimage.color import rgb2gray
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split

from tests import material
from tests.documents.questions import MESSAGES, is_found
from tests.material import run_source

TABLE = Path(__file__).with_name("slips.txt").read_text(encoding="utf-8")
SLIPS = re.findall(r"^(\S.*)\n    (.*)$", TABLE, re.MULTILINE)
NOISE = re.compile(r"{{.*?}} ?|\x1b\[[\d;]*m| *\[Op:.*")  # a place in a graph, bold type, an operation


def shown(error: BaseException) -> list[str]:
    """The lines that a learner sees below a cell, and may paste into the search field."""
    kind = type(error).__name__
    lines = [line.strip() for line in NOISE.sub("", str(error)).splitlines()]
    return [*lines, *(f"{kind}: {line}" for line in lines), f"{kind}: {' '.join(lines)}"]


def raised(code: str, names: dict) -> BaseException:
    """What a cell with this code raises."""
    with warnings.catch_warnings(action="ignore"), pytest.raises(Exception) as caught:  # noqa: PT011
        run_source(code, "slip", names)
    return caught.value


def small_model(loss="sparse_categorical_crossentropy"):
    layers = [tf.keras.Input((128, 128, 3)), tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(3)]
    model = tf.keras.Sequential(layers)
    model.compile(loss=loss)
    return model


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """What the cells above have made: four photos of each of three classes, and datasets of them."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(12):
        path = folder / ["cat", "dog", "eel"][number // 4] / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        tf.keras.utils.save_img(path, np.full((8, 8, 3), 20.0 * (number + 1)), scale=False)

    load = functools.partial(material.load, image_size=(128, 128), batch_size=5)
    listing = files.list_images(folder)
    dataset = load(folder)
    images, labels = next(iter(dataset))
    return {
        "__name__": "__main__",
        "folder": folder,
        "load": load,
        "dataset": dataset,
        "unlabelled": load(folder, labels=None),
        "categorical": load(folder, label_mode="categorical"),
        "gray": load(folder, color_mode="grayscale"),
        "with_paths": access.image_dataset(listing.paths, listing.labels, image_size=(128, 128)),
        "class_names": dataset.class_names,
        "images": images,
        "labels": labels,
        "whole": tf.cast(images, tf.uint8),
        "pictures": images.numpy().astype("uint8"),
        "names": tf.constant(dataset.file_paths),
        "true_labels": listing.labels,
        "frame": pd.DataFrame({"path": listing.paths, "label": listing.labels}),
        "from_rows": tf.data.Dataset.from_tensor_slices,
        "small_model": small_model,
        **{"cv2": cv2, "np": np, "pd": pd, "plt": plt, "tf": tf, "Image": Image, "Path": Path},
        **{function.__name__: function for function in (rgb2gray, confusion_matrix, train_test_split)},
    }


@pytest.mark.parametrize(("code", "message"), SLIPS, ids=[code for code, _ in SLIPS])
def test_a_slip_gives_a_message_that_questions_has(code, message, made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def crop(images, labels):
        return tf.image.central_crop(images, 0.8), labels

    error = raised(code, {**made, "crop": crop})
    plt.close("all")  # the one into which it could not draw
    assert any(is_found(line, message) for line in shown(error)), shown(error)
    assert message in MESSAGES, "QUESTIONS has no row with this message"


def test_the_table_has_many_different_messages():
    assert len(SLIPS) == TABLE.count("\n    ")
    assert len({message for _, message in SLIPS}) >= 80
