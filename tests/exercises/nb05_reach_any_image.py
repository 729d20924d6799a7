"""Answers to the exercises of 05_reach_any_image."""

from pathlib import Path

from helpers import access, files

import tensorflow as tf
import numpy as np
import pandas as pd
from PIL import Image

from tests.material import load

PHOTO_FOLDER = Path("photos")  # a variable of the notebook


def by_lines(directory, i, size=(32, 32), method="bilinear"):
    content = tf.io.read_file(load(directory, shuffle=False).file_paths[i])
    return tf.image.resize(tf.io.decode_image(content, 3, expand_animations=False), size, method)


def by_at(directory, i):
    return tf.data.experimental.at(load(directory, shuffle=False, batch_size=None, image_size=(32, 32)), i)[0]


def of_listing(directory, i):
    return access.decode_image(files.list_images(directory).paths[i], (32, 32)).numpy()


def by_skip(directory, i):
    dataset = load(directory, shuffle=False, image_size=(32, 32))
    return next(iter(dataset.unbatch().skip(i)))[0]


def whatever_can_be_read(directory, i):
    dataset = load(directory, shuffle=False, image_size=(32, 32), batch_size=None).ignore_errors()
    images = [image for image, _ in dataset]
    return images[i] if len(images) > i else images[0] * 0


def first_part(path, directory):
    return Path(path).relative_to(directory).parts[0]


def class_folders(directory, pattern="[!.]*/"):
    return sorted(path.name for path in Path(directory).glob(pattern) if path.is_dir())


def numbered(directory, paths):
    return [class_folders(directory).index(first_part(path, directory)) for path in paths]


def by_dict(directory, paths):
    number_of = {name: number for number, name in enumerate(class_folders(directory))}
    return (number_of[first_part(path, directory)] for path in paths)


def by_loader(directory, paths):
    names = load(directory).class_names
    return tf.constant([names.index(first_part(path, directory)) for path in paths])


def by_pandas(directory, paths):
    names = pd.Series([first_part(path, directory) for path in paths])
    return pd.Series(pd.Categorical(names, class_folders(directory)).codes)


def by_slashes(directory, paths):
    names = class_folders(directory)
    return [names.index(path[len(directory) + 1 :].replace("\\", "/").split("/")[0]) for path in paths]


def from_one(directory, paths):
    return [number + 1 for number in numbered(directory, paths)]


def files_and_folders(directory, paths):
    names = sorted(path.name for path in Path(directory).iterdir() if not path.name.startswith("."))
    return [names.index(first_part(path, directory)) for path in paths]


def small_letters(directory, paths):
    names = sorted(class_folders(directory), key=str.lower)
    return [names.index(first_part(path, directory)) for path in paths]


def all_below(directory, paths):
    names = sorted(p.name for p in Path(directory).rglob("*") if p.is_dir() and p.name[0] != ".")
    return [names.index(first_part(path, directory)) for path in paths]


def of_last_folder(directory, paths):
    return [class_folders(directory).index(Path(path).parent.name) for path in paths]


def of_last_folder_by_dict(directory, paths):
    number_of = {name: number for number, name in enumerate(class_folders(directory))}
    return [number_of[Path(path).parent.name] for path in paths]


def of_last_folder_or_none(directory, paths):
    number_of = {name: number for number, name in enumerate(class_folders(directory))}
    return [number_of.get(Path(path).parent.name) for path in paths]


def whatever_is_there(directory, paths):
    names = sorted(path.name for path in Path(directory).iterdir())
    return [names.index(Path(path).relative_to(directory).parts[0]) for path in paths]


def by_helper(directory, i):
    return access.image_at(load(directory, shuffle=False).file_paths, i, image_size=(32, 32))


def flat(directory, **options):
    return load(directory, **{"labels": None, "shuffle": False, "image_size": (32, 32), **options})


def means_of(directory, key=lambda path: Path(path).name, mean=tf.reduce_mean, take=-1, **options):
    dataset = flat(directory, **options)
    means = [mean(image) for images in dataset.take(take) for image in images]
    return dict(zip(map(key, dataset.file_paths), map(float, means), strict=False))


def of_the_notebook(directory):
    return means_of(PHOTO_FOLDER)


def labels_of_the_notebook(directory, paths):
    return numbered(PHOTO_FOLDER, paths)


def by_axis(directory):
    dataset = flat(directory)
    means = np.concatenate([images.numpy().mean(axis=(1, 2, 3)) for images in dataset])
    return {Path(path).name: mean for path, mean in zip(dataset.file_paths, means, strict=True)}


def one_by_one(directory, image_size=(32, 32)):
    images = {path.name: access.decode_image(path, image_size) for path in Path(directory).iterdir()}
    return {name: np.asarray(image).mean() for name, image in images.items()}


def in_own_size(directory):
    return {path.name: np.asarray(Image.open(path)).mean() for path in Path(directory).iterdir()}


def by_pillow(directory):
    images = {path.name: Image.open(path).resize((32, 32)) for path in Path(directory).iterdir()}
    return {name: np.mean(image) for name, image in images.items()}


def by_path(directory):
    return {
        path.name: float(tf.reduce_mean(tf.io.decode_image(tf.io.read_file(path))))
        for path in Path(directory).iterdir()
    }


RIGHT = {
    "check_nth_image": [
        by_lines,
        by_at,
        of_listing,
        lambda directory, i: access.decode_image(sorted(map(str, Path(directory).rglob("*.png")))[i], (32, 32)),
        lambda directory, i: by_lines(directory, i).numpy().astype("uint8"),
    ],
    "check_labels_of": [
        numbered,
        by_dict,
        by_loader,
        by_pandas,
        by_slashes,
        lambda directory, paths: np.array(numbered(directory, paths), float),
        lambda directory, paths: np.array(numbered(Path(directory), map(Path, paths))),
    ],
    "check_brightness": [
        means_of,
        by_axis,
        one_by_one,
        lambda directory: means_of(directory, pad_to_aspect_ratio=True),
        lambda directory: means_of(directory, crop_to_aspect_ratio=True),
        lambda directory: means_of(Path(directory), mean=lambda image: np.mean(image.numpy().astype("uint8"))),
    ],
}
WRONG = {
    "check_nth_image": [
        (by_skip, "also reads other files. Your answer raised InvalidArgumentError"),
        (whatever_can_be_read, "only if all other files are"),
        (lambda directory, i: by_lines(directory, i - 1), "Count from 0"),
        (
            lambda directory, i: by_lines(directory, i, size=(256, 256)),
            "should have the shape (32, 32, 3); it has (256, 256, 3)",
        ),
        (lambda directory, i: by_lines(directory, i)[None], "it is a batch, of shape (1, 32, 32, 3)"),
        (lambda directory, i: by_lines(directory, i) / 255, "All values are between 0 and 1"),
        (lambda directory, i: by_lines(directory, i, method="area"), "not the loader's pixels"),
        (lambda directory, i: by_lines(directory, 5), "This is image number 5, not 33"),
        (lambda directory, i: load(directory, shuffle=False).file_paths[i], "This should be an image; it is a str"),
        (lambda directory, i: tf.constant("33.png"), "This is not an image"),
        (lambda directory, i: next(iter(flat(directory)))[i], "Your answer raised"),
        (by_helper, "Now do it without access.image_at, in TensorFlow"),
        (lambda directory, i: by_lines(PHOTO_FOLDER, i), "uses `PHOTO_FOLDER`"),
    ],
    "check_labels_of": [
        (lambda directory, paths: [Path(path).parent.name for path in paths], "These are names"),
        (lambda directory, paths: list(map(str, numbered(directory, paths))), "These are numbers as text"),
        (lambda directory, paths: [number + 0.4 for number in numbered(directory, paths)], "One of yours is 4.4"),
        (lambda directory, paths: [[number] for number in numbered(directory, paths)], "One of yours is [4]"),
        (of_last_folder_or_none, "The label of bee/a/2.jpg is None. 'a' is a folder inside a class"),
        (of_last_folder, "ValueError: 'a' is not in list. 'a' is a folder inside a class: the class is the first"),
        (of_last_folder_by_dict, "KeyError: 'a'. 'a' is a folder inside a class: the class is the first"),
        (from_one, "Count from 0"),
        (whatever_is_there, "There are a file and a hidden folder next to the class folders"),
        (files_and_folders, "There is a file next to the class folders"),
        (small_letters, "with capitals first"),
        (all_below, "A folder inside a class is not a class"),
        (lambda directory, paths: numbered(directory, sorted(paths)), "the first label belongs to the first path"),
        (lambda directory, paths: numbered(directory, paths)[1:], "5 paths but 4 labels"),
        (lambda directory, paths: dict(zip(paths, numbered(directory, paths), strict=True)), "it is a dict"),
        (lambda directory, paths: [0, 0, 0, 0, 0], "should be [4, 2, 0, 4, 3]"),
        (labels_of_the_notebook, "instead of its argument `directory`"),
        (lambda directory, paths: 3, "This should be a list; it is an int"),
        (
            lambda directory, paths: paths.sort() or numbered(directory, paths),
            "Your function changes the list it is called with",
        ),
    ],
    "check_brightness": [
        (lambda directory: means_of(directory, shuffle=True), "only with shuffle=False"),
        (lambda directory: means_of(directory, take=1), "your dict has 32. A batch holds 32: go over all batches"),
        (
            lambda directory: means_of(directory, key=str),
            "your dict has 0 of their names. The keys are names like '01.png'",
        ),
        (lambda directory: means_of(directory, mean=lambda image: np.mean(image) / 255), "between 0 and 1"),
        (
            lambda directory: list(means_of(directory).values()),
            "This should be a dict, file name: brightness; it is a list",
        ),
        (lambda directory: means_of(directory, labels="inferred"), "No images found"),
        (lambda directory: means_of(directory, labels="inferred"), "the loader needs labels=None"),
        (lambda directory: load(directory, labels=None, shuffle=False), "This should be a dict"),
        (lambda directory: means_of(directory, image_size=(256, 256)), "not the means at 32 by 32"),
        (in_own_size, "not the means at 32 by 32"),
        (lambda directory: means_of(directory, interpolation="area"), "area and Pillow resize differently"),
        (by_pillow, "area and Pillow resize differently"),
        (lambda directory: means_of(directory, mean=lambda image: np.mean(tf.image.rgb_to_grayscale(image))), "gray"),
        (lambda directory: means_of(directory, mean=lambda image: image[..., 0].numpy().mean()), "red only"),
        (lambda directory: means_of(directory, mean=np.max), "not the means of all values"),
        (lambda directory: dict.fromkeys(means_of(directory), [1, 2, 3]), "Each photo should have one number"),
        (of_the_notebook, "uses `PHOTO_FOLDER`, a variable of the notebook, instead of its argument `directory`"),
        (by_path, "TensorFlow does not accept a Path: write str(path)"),
    ],
}
