"""Plain code that stands in the programs for the helpers of the lessons, each as short as it can be.

A helper checks its arguments, bounds its memory and names the file behind an error; its stand-in does none of it. A
lesson that introduces a helper as a recipe shows the same lines itself, and gets no stand-in for it.
"""

from typing import NamedTuple


class StandIn(NamedTuple):
    """What a helper is called in programs, the code with its imports, and the lesson in which it does not stand in."""

    name: str
    code: str
    not_in: str = ""


# Where the lessons get their photos; the programs get them from their command line.
FOLDERS = {"photos.folder()", "photos.without_numbers()", "photos.misfiled_copy()", "few_photos.folder()"}
FROM_FOLDER = """
import os
import sys
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "photos"
{folder} = Path(os.getenv("PHOTOS") or SAMPLE)
if len(sys.argv) > 1:
    {folder} = Path(sys.argv[1])
if not {folder}.is_dir():
    sys.exit(__doc__)
"""

SHOW_FIGURE = """
import itertools
from pathlib import Path
import matplotlib.pyplot as plt

picture_numbers = itertools.count(1)


def show_figure(figure, alt):
    name = f"{Path(__file__).stem}_{next(picture_numbers)}.png"
    figure.savefig(name)
    plt.close(figure)
    print(f"{name}: {alt}")
"""

SHOW_IMAGES = """
import matplotlib.pyplot as plt
import numpy as np

def show_images(images, titles=None, columns=8, value_range=(0, 255), alt=""):
    rows = -(-len(images) // columns)
    figure = plt.figure(figsize=(12, 1.8 * rows), layout="constrained")
    for number, image in enumerate(images):
        axis = figure.add_subplot(rows, columns, number + 1)
        pixels = np.clip(np.asarray(image) / value_range[1], 0, 1)
        axis.imshow(pixels, cmap="gray", vmin=0, vmax=1)
        axis.set_title("" if titles is None else list(titles)[number], size=9)
        axis.axis("off")
    show_figure(figure, alt)
"""

DECODE_IMAGE = """
import os
import tensorflow as tf

def decode_image(path, image_size):
    path = path if tf.is_tensor(path) else os.fspath(path)
    content = tf.io.read_file(path)
    image = tf.io.decode_image(content, channels=3, expand_animations=False)
    return tf.image.resize(image, image_size)
"""

COLLECT = """
import numpy as np

def collect(dataset):
    batches = list(dataset.as_numpy_iterator())
    return [np.concatenate(parts) for parts in zip(*batches)]
"""

IMAGE_DATASET = """
import tensorflow as tf

def image_dataset(paths, labels, image_size=(256, 256), shuffle=False):
    def read(path, label):
        content = tf.io.read_file(path)
        image = tf.io.decode_image(content, 3, expand_animations=False)
        return tf.image.resize(image, image_size), label, path

    files = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    if shuffle:
        files = files.shuffle(len(paths))
    return files.map(read).batch(32)
"""

PREDICT_WITH_LABELS = """
import numpy as np

def predict_with_labels(model, dataset):
    answers = []
    for images, labels, paths in dataset.as_numpy_iterator():
        answers.append((model.predict_on_batch(images), labels, paths))
    return [np.concatenate(parts) for parts in zip(*answers)]
"""

LIST_IMAGES = """
from collections import namedtuple
from pathlib import Path
import tensorflow as tf

Listing = namedtuple("Listing", "paths labels class_names")


def list_images(folder):
    dataset = tf.keras.utils.image_dataset_from_directory(
        folder, shuffle=False, verbose=False
    )
    paths, class_names = dataset.file_paths, dataset.class_names
    names = [Path(path).relative_to(folder).parts[0] for path in paths]
    labels = [class_names.index(name) for name in names]
    return Listing(paths, labels, class_names)
"""

WITHOUT_SMALL_CLASSES = """
def without_small_classes(table, at_least):
    return table.groupby("label").filter(lambda rows: len(rows) >= at_least)
"""

COMPARE = """
import time
import numpy as np

class PhotosPerSecond(dict):
    def ratio(self, name):  # to the first one
        return self[name] / next(iter(self.values()))


def compare(works, photos):
    seconds = {name: [] for name in works}
    for _ in range(5):
        for name, work in works.items():
            start = time.perf_counter()
            work() if callable(work) else list(work)
            seconds[name].append(time.perf_counter() - start)
    rates = PhotosPerSecond()
    for name in works:
        rates[name] = round(photos / np.median(seconds[name]))
    return rates
"""

LABEL_TABLE = """
import os
import tempfile
from pathlib import Path
import numpy as np
import pandas as pd
import tensorflow as tf

def make_table(photo_folder):  # instead of a CSV file of your own
    dataset = tf.keras.utils.image_dataset_from_directory(
        photo_folder, labels=None, shuffle=False, image_size=(64, 64)
    )
    images = np.concatenate(list(dataset.as_numpy_iterator()))
    red, green, blue = images.mean(axis=(1, 2)).T
    table = pd.DataFrame()
    paths = dataset.file_paths
    table["file"] = [os.path.relpath(path, photo_folder) for path in paths]
    table["brightness"] = images.mean(axis=(1, 2, 3))
    table["dark"] = table.brightness < table.brightness.median()
    table["reddish"] = red > blue
    csv_file = Path(tempfile.mkdtemp(), "labels.csv")
    table.sample(frac=1, random_state=0).to_csv(csv_file, index=False)
    return csv_file
"""

MASK_FOLDER = """
import os
import tempfile
import numpy as np
import tensorflow as tf

def make_masks(photo_folder):  # instead of your own: dark, medium, light
    dataset = tf.keras.utils.image_dataset_from_directory(
        photo_folder, labels=None, shuffle=False, image_size=(64, 64)
    )
    masks = tempfile.mkdtemp()
    images = dataset.unbatch().as_numpy_iterator()
    for path, image in zip(dataset.file_paths, images):
        tones = np.digitize(image.mean(axis=-1, keepdims=True), [85, 170])
        name = os.path.join(masks, os.path.relpath(path, photo_folder) + ".png")
        os.makedirs(os.path.dirname(name), exist_ok=True)
        tf.io.write_file(name, tf.io.encode_png(tones.astype("uint8")))
    return masks
"""

ODD_FILES = """
import tempfile
from pathlib import Path
import numpy as np
from PIL import ExifTags, Image

def make_odd_files():  # of the first photo
    zoo = Path(tempfile.mkdtemp())
    (zoo / "silent").mkdir()
    photo = Image.open(min(folder.glob("*/*.*")))
    photo = photo.convert("RGB").resize((300, 200))
    held_upright = Image.Exif()
    held_upright[ExifTags.Base.Orientation] = 6
    on_its_side = photo.crop((60, 0, 210, 200)).rotate(90, expand=True)
    on_its_side.save(zoo / "silent" / "turned_by_exif.jpg", exif=held_upright)
    gray = np.asarray(photo.convert("L"), np.uint16)
    Image.fromarray(gray * 8 + 39_000).save(zoo / "silent" / "16_bits.png")
    photo.paste("magenta", (0, 0, 150, 200))
    photo.putalpha(Image.fromarray(np.uint8([[0] * 150 + [255] * 150] * 200)))
    photo.save(zoo / "silent" / "transparent.png")
    return zoo
"""

# By the name of the helper. The code of one that stands further down may use those further up.
STAND_INS = {
    "show_figure": StandIn("show_figure", SHOW_FIGURE),
    "show_images": StandIn("show_images", SHOW_IMAGES),
    "decode_image": StandIn("decode_image", DECODE_IMAGE, not_in="03_to_numpy"),
    "collect": StandIn("collect", COLLECT, not_in="03_to_numpy"),
    "image_dataset": StandIn("image_dataset", IMAGE_DATASET),
    "predict_with_labels": StandIn("predict_with_labels", PREDICT_WITH_LABELS),
    "list_images": StandIn("list_images", LIST_IMAGES),
    "without_small_classes": StandIn("without_small_classes", WITHOUT_SMALL_CLASSES),
    "compare": StandIn("compare", COMPARE),
    "label_table": StandIn("make_table", LABEL_TABLE),
    "mask_folder": StandIn("make_masks", MASK_FOLDER),
    "odd_files": StandIn("make_odd_files", ODD_FILES),
}
