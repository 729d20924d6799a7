"""Each exercise: the stub is not tried yet, the folded solution is right, and each wrong answer gets the hint for it.

WRONG holds, for each check, what learners plausibly answer, and the words of the hint they should get.
OTHER_RIGHT holds right answers in another idiom than the solution.
"""

import ast
import functools
import inspect
import json
import os
import random
import re
import tempfile
from pathlib import Path

import tensorflow as tf
import cv2
import nbformat
import numpy as np
import pandas as pd
import pytest
from PIL import ExifTags, Image, ImageOps
from sklearn.model_selection import train_test_split

from helpers import access, exercises, files, photos

ROOT = Path(__file__).parent.parent
CHECKS = {name: check for name, check in inspect.getmembers(exercises) if name.startswith("check_")}
del CHECKS["check_setup"]
load = tf.keras.utils.image_dataset_from_directory


def blurred(batch):
    return np.stack([cv2.GaussianBlur(image, (5, 5), 0) for image in batch])


def through_python(function, images):
    result = tf.numpy_function(function, [images], tf.float32)
    result.set_shape(images.shape)
    return result


def first_photos(directory, n, shuffle=False, size=64, batch_size=None, dtype="uint8", names=True):
    dataset = load(directory, image_size=(size, size), batch_size=batch_size or n, shuffle=shuffle, verbose=False)
    images, labels = next(iter(dataset))
    labels = labels.numpy().tolist()
    return images.numpy().astype(dtype), [dataset.class_names[label] for label in labels] if names else labels


def one_pass(dataset):
    pairs = list(dataset.unbatch())
    return np.array([image for image, _ in pairs]), np.array([label for _, label in pairs])


def noise(images):
    return tf.random.normal(tf.shape(images), stddev=20)


def noise_for_the_batch(images):
    return images + tf.random.normal(tf.shape(images[:1]), stddev=20)


def amounts(images):
    return tf.random.uniform([tf.shape(images)[0], 1, 1, 1], -50, 50)


def whole(image):
    return image.numpy().clip(0, 255).astype("uint8")


def in_two_passes(model, dataset):
    predictions = np.concatenate([model(images) for images, _ in dataset])
    return np.mean(predictions == np.concatenate([labels for _, labels in dataset]))


def of_batches(model, dataset):
    return [np.mean(model(images) == labels) for images, labels in dataset.as_numpy_iterator()]


def counted(model, dataset):
    return sum(np.sum(model(images) == labels) for images, labels in dataset.as_numpy_iterator())


def numbered(paths, names, part):
    return [names.index(part(Path(path))) for path in paths]


def class_folders(directory, pattern="[!.]*/"):
    return sorted(path.name for path in Path(directory).glob(pattern))


def means_of(directory, key=lambda path: Path(path).name, scale=1, take=-1, **options):
    options = {"labels": None, "shuffle": False, "image_size": (32, 32), **options}
    dataset = load(directory, verbose=False, **options)
    means = [float(tf.reduce_mean(image)) / scale for images in dataset.take(take) for image in images]
    return dict(zip(map(key, dataset.file_paths), means, strict=False))


def priced(folder, csv, size=32, how="right", order=lambda table: table.price):
    table = pd.read_csv(csv).merge(
        pd.DataFrame({"file": sorted(f for f in os.listdir(folder) if f != "prices.csv")}), how=how
    )
    paths = [os.path.join(folder, name) for name in table.file]
    prices = order(table).fillna(0).to_numpy()
    return access.image_dataset(paths, prices, image_size=(size, size)).map(lambda images, prices, _: (images, prices))


def from_rows(folder, csv, **options):
    return priced(folder, csv, how="inner", **options)


def three_parts(paths, labels, second=2 / 9, stratify=True, stratify_rest=True):
    labels_of = dict(zip(paths, labels, strict=True))
    rest, test = train_test_split(paths, test_size=10, stratify=labels if stratify else None, random_state=0)
    rest_labels = [labels_of[path] for path in rest] if stratify and stratify_rest else None
    return *train_test_split(rest, test_size=second, stratify=rest_labels, random_state=0), test


def two_splits(paths, labels):
    train, rest = train_test_split(paths, test_size=30, stratify=labels, random_state=0)
    return train, *(train_test_split(paths, test_size=n, stratify=labels, random_state=1)[1] for n in (20, 10))


def zipped(photo_dir, mask_dir, method="nearest", **options):
    options = {"labels": None, "image_size": (32, 32), **options}
    photos = load(photo_dir, verbose=False, **options)
    return tf.data.Dataset.zip(
        photos, load(mask_dir, color_mode="grayscale", interpolation=method, verbose=False, **options)
    )


def mask_pairs(photo_dir, mask_dir, method="nearest", color_mode="grayscale", keep=None):
    masks = sorted(Path(mask_dir).iterdir())[:keep]
    photos = [Path(photo_dir, mask.name.removesuffix("_mask.png") + ".jpg") for mask in masks]
    first = access.image_dataset(photos, image_size=(32, 32))
    second = access.image_dataset(masks, image_size=(32, 32), color_mode=color_mode, interpolation=method)
    return tf.data.Dataset.zip(first, second).map(lambda photo, mask: (photo[0], mask[0]))


def whole_lines(text):
    return [line for line in text.splitlines(True) if line.endswith("\n")]


def taken_away(paths, text):
    for line in whole_lines(text):
        paths.remove(line.rpartition(",")[0])
    return paths


def chunk(paths, index, size):
    return sorted(paths)[index * size :][:size]


def still(paths, lines, part=lambda line: line.rpartition(",")[0]):
    done = set(map(part, lines))
    return [path for path in paths if path not in done]


def truth_of(folder):
    return json.loads((folder.parent / "truth.json").read_text("utf-8"))


def moved(folder):
    return [name for name, original in truth_of(folder).items() if Path(name).parts[0] != Path(original).parts[0]]


def not_moved(folder):
    return [name for name in truth_of(folder) if name not in moved(folder)]


def by_load_img(path, **options):
    return tf.keras.utils.img_to_array(tf.keras.utils.load_img(path, target_size=(64, 64), **options))


def as_stored(path, size=64):
    return tf.image.resize(tf.io.decode_image(tf.io.read_file(path), expand_animations=False), (size, size))


def in_color_at_least(path):
    pixels = as_stored(path)
    return tf.image.grayscale_to_rgb(pixels) if pixels.shape[-1] == 1 else pixels


def on_white(path):
    pixels = in_color_at_least(path)
    return pixels[..., :3] + (255 - pixels[..., 3:]) if pixels.shape[-1] == 4 else pixels


def predicted(model, pixels):
    return model.predict(pixels[None], verbose=0)[0]


def one_file(model, path, read=lambda path: access.decode_image(path, (64, 64))):
    return model(read(path)[None])[0].numpy()


def free_places(approved, folder, taken_counts=True, stays=True, seen=str.lower, rename=False, suffix=None):
    pairs = []
    for old, class_name in approved:
        old, taken = Path(old), [seen(str(new)) for _, new in pairs] if taken_counts else []
        names = (f"{old.stem}{'_' * n}{old.suffix if suffix is None else suffix}" for n in range(9))
        places = [Path(folder, class_name, name) for name in names]
        free = (
            place for place in places if (stays and place == old) or not (place.exists() or seen(str(place)) in taken)
        )
        pairs.append((old, next(free)))
        if rename:
            os.rename(*pairs[-1])
    return pairs


def second_names(approved, folder):
    pairs = [(Path(old), Path(folder, class_name, Path(old).name)) for old, class_name in approved]
    return [(old, new.with_stem(f"{new.stem}_2") if new.exists() and new != old else new) for old, new in pairs]


def all_new_names(approved, folder):
    pairs = free_places(approved, folder)
    return [(old, new if new == old else new.with_stem(f"new_{n}")) for n, (old, new) in enumerate(pairs)]


def by_decoding(paths, decode=None):
    decode = decode or (lambda path: tf.io.decode_image(tf.io.read_file(path), channels=3))
    broken = []
    for path in paths:
        try:
            decode(path)
        except (tf.errors.OpError, OSError, SyntaxError):
            broken.append(path)
    return broken


def with_paths(directory, batch_size=None, size=32, shuffle=False):
    dataset = load(
        directory, labels=None, shuffle=shuffle, batch_size=batch_size, image_size=(size, size), verbose=False
    )
    return dataset, tf.data.Dataset.from_tensor_slices(dataset.file_paths)


def intact(directory, **options):
    return tf.data.Dataset.zip(*with_paths(directory, **options)).ignore_errors().batch(8)


def batched_first(directory, batch_size=8):
    images, paths = with_paths(directory, batch_size=batch_size)
    return tf.data.Dataset.zip(images, paths.batch(batch_size)).ignore_errors()


def skipped_first(directory):
    images, paths = with_paths(directory)
    return tf.data.Dataset.zip(images.ignore_errors(), paths).batch(8)


def deleted(directory):
    for path in by_decoding([str(path) for path in Path(directory).iterdir()]):
        os.remove(path)
    return intact(directory)


def decoded(path):
    return tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)


def fast(
    paths,
    size=(64, 64),
    size_of=lambda image, picture: image,
    chosen=lambda height, width: (width > height) & (height >= 100),
    calls=tf.data.AUTOTUNE,
    method="bilinear",
):
    images = tf.data.Dataset.from_tensor_slices(paths).map(decoded, num_parallel_calls=calls)
    images = images.filter(lambda image: chosen(*tf.unstack(tf.shape(image)[:2])))

    def picture_and_size(image):
        picture = tf.image.resize(image, size, method)
        return picture, tf.shape(size_of(image, picture))[:2]

    return images.map(picture_and_size).batch(8)


def wide_and_large(path):
    height, width, _ = decoded(path).shape
    return width > height >= 100


def as_slow(paths):
    return lesson_of("check_fast")[2]["slow"](paths)


def cached(directory, **options):
    return to_bytes(directory, **options).cache().shuffle(100).batch(8)


def to_bytes(directory, dtype=tf.uint8, size=64, **options):
    options = {"batch_size": None, "shuffle": False, "verbose": False, **options}
    dataset = load(directory, image_size=(size, size), **options)
    return dataset.map(lambda image, label: (tf.cast(tf.round(image), dtype), label))


def ratio_for(shape, size, choose=min, ratios=(8, 4, 2, 1)):
    return next((r for r in ratios if choose(shape[0] / size[0], shape[1] / size[1]) >= r), 1)


def repaired(path, turn=ImageOps.exif_transpose, background="white", only=None):
    image = turn(Image.open(path))
    image = image.convert("RGB" if only and image.mode != only else "RGBA").convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", image.size, background), image).convert("RGB"))


def turned_clockwise(image):
    return image.rotate(-90, expand=True) if image.getexif().get(ExifTags.Base.Orientation, 1) != 1 else image


# Answers that need the photos are functions of the folder; the others are the answers themselves.
OF_THE_FOLDER = {"check_portrait", "check_counts", "check_one_batch", "check_misfiled"}
WRONG = {
    "check_portrait": [
        (lambda folder: load(folder, image_size=(64, 96), batch_size=4, verbose=False), "64 high and 96 wide"),
        (lambda folder: load(folder, image_size=(96, 96), batch_size=4, verbose=False), "96 high and 96 wide"),
        (lambda folder: load(folder, image_size=(96, 64), verbose=False), "batch_size is 32 unless"),
        (lambda folder: load(folder, image_size=(96, 64), batch_size=None, verbose=False), "single images"),
        (
            lambda folder: next(iter(load(folder, image_size=(96, 64), batch_size=4, verbose=False))),
            "A dataset is wanted",
        ),
    ],
    "check_counts": [
        (lambda folder: 16, "16 is the total"),
        (lambda folder: [8, 8], "A dict is wanted"),
        (lambda folder: {0: 8, 1: 8}, "The classes are ['astronaut', 'cat'], yours are ['0', '1']"),
        (lambda folder: {"astronaut": 1, "cat": 1}, "You counted 2 photos"),
        (lambda folder: {"astronaut": 8, "cat": 9}, "not right: {'cat': 9}"),
    ],
    "check_one_batch": [
        (lambda folder: load(folder, batch_size=8, verbose=False).take(1), "still a dataset"),
        (lambda folder: list(load(folder, batch_size=8, verbose=False).take(1)), "[0]"),
        (lambda folder: list(load(folder, batch_size=8, verbose=False)), "two batches"),
        (lambda folder: list(load(folder, batch_size=4, verbose=False)), "4 batches"),
        (lambda folder: next(iter(load(folder, batch_size=8, verbose=False)))[0], "one EagerTensor"),
        (lambda folder: [part[0] for part in next(iter(load(folder, batch_size=8, verbose=False)))], "a single image"),
        (lambda folder: next(iter(load(folder, batch_size=4, verbose=False))), "holds 4 images"),
        (lambda folder: next(iter(load(folder, batch_size=8, verbose=False)))[::-1], "Images first, then labels"),
    ],
    "check_to_picture": [
        (lambda image: image, "still a tensor"),
        (lambda image: image.numpy(), "dtype is float32"),
        # by way of int, since what uint8 makes of a float out of range depends on the processor
        (lambda image: image.numpy().astype(int).astype("uint8"), "uint8 wraps round"),
        (lambda image: image.numpy().astype(int).astype("uint8").clip(0, 255), "Clip to 0…255 before"),
        (lambda image: (image / 255).numpy().clip(0, 255).astype("uint8"), "280 became 1"),
        (lambda image: (image / 255).numpy().clip(0, 1), "dtype is float32"),
        (lambda image: (image.numpy().clip(0, 255) // 2 * 255 // 127).astype("uint8"), "values in between"),
        (lambda image: image.numpy().clip(0, 255).astype("uint8")[0], "shape (4, 5, 3)"),
    ],
    "check_first_photos": [
        (lambda directory, n: first_photos(directory, n, shuffle=True), "shuffle=False"),
        (lambda directory, n: first_photos(directory, n, batch_size=32), "this gives 32"),
        (lambda directory, n: first_photos(directory, n)[0], "one ndarray"),
        (lambda directory, n: first_photos(directory, n, size=256), "(64, 64, 3)"),
        (lambda directory, n: first_photos(directory, n, dtype="float32"), "float32"),
        (lambda directory, n: first_photos(directory, n, names=False), "class_names"),
        (lambda directory, n: (first_photos(directory, n)[0], ["ant"] * n), "do not belong"),
    ],
    "check_rescale": [
        (lambda images, labels: images / 255, "one ndarray"),
        (lambda images, labels: (images, labels), "still 0…255"),
        (lambda images, labels: (tf.image.convert_image_dtype(images, tf.float32), labels), "still 0…255"),
        (lambda images, labels: (images / 255 / 255, labels), "divided twice"),
        (lambda images, labels: (images / 127.5 - 1, labels), "divided by 255"),
        (lambda images, labels: (images / 255, labels / 255), "The labels were [2, 0, 1]"),
        (lambda images, labels: (images[0] / 255, labels), "should be the images"),
        (lambda images, labels: (images.numpy() / 255, labels), "which have no values yet"),
    ],
    "check_jitter": [
        (lambda images, labels: (images + tf.random.uniform([], -50, 50), labels), "One number was added to all"),
        (lambda images, labels: (images + random.uniform(-50, 50), labels), "One number was added to all"),
        (lambda images, labels: (images + np.random.uniform(-50, 50, (6, 1, 1, 1)), labels), "drawn once"),
        (lambda images, labels: (images + tf.random.uniform(tf.shape(images), -50, 50), labels), "pixel to pixel"),
        (lambda images, labels: (images + amounts(images) / 255, labels), "on the scale 0…255"),
        (lambda images, labels: (images + 2 * amounts(images), labels), "between -50 and 50"),
        (lambda images, labels: (images + tf.abs(amounts(images)), labels), "darker as well as brighter"),
        (lambda images, labels: (tf.minimum(images + amounts(images), 255), labels), "Clip to 0…255"),
        (lambda images, labels: (images + amounts(images), labels), "Clip to 0…255"),
        (lambda images, labels: tf.clip_by_value(images + amounts(images), 0, 255), "one ndarray"),
        (
            lambda images, labels: (images + tf.random.uniform([6, 1, 1, 1], -50, 50), labels),
            "raised InvalidArgumentError",
        ),
        (lambda images, labels: (images, labels + 1), "as they went in"),
    ],
    "check_noisy_pair": [
        (lambda images: (images, images + noise(images)), "The noise is in the target"),
        (lambda images: (images + noise(images), images + noise(images)), "not the clean image"),
        (lambda images: (images, images), "There is no noise"),
        (lambda images: images + noise(images), "one ndarray"),
        (lambda images: (images + np.random.normal(0, 20, (4, 8, 8, 3)), images), "drawn once, when map traced"),
        (lambda images: (noise_for_the_batch(images), images), "All images of a batch"),
        (lambda images: (images + tf.random.normal([len(images), 1, 1, 1], stddev=20), images), "for several pixels"),
        (lambda images: (images + tf.random.normal([4, 8, 8, 1], stddev=20), images), "for all colours"),
        (lambda images: (images + tf.abs(noise(images)), images), "Its mean should be 0"),
        (lambda images: (images + noise(images) / 20, images), "20 was asked for"),
        (lambda images: (images[0] + noise(images[0]), images), "the shape of the images"),
        (lambda images: (images + tf.random.normal(images.shape, stddev=20), images), "partially known TensorShape"),
    ],
    "check_to_arrays": [
        (
            lambda dataset: (np.concatenate([i for i, _ in dataset]), np.concatenate([n for _, n in dataset])),
            "two passes",
        ),
        (lambda dataset: [list(part) for part in zip(*dataset.as_numpy_iterator(), strict=True)], "Join the batches"),
        (lambda dataset: next(dataset.as_numpy_iterator()), "the last batch is short; you have 6"),
        (lambda dataset: access.collect(dataset.rebatch(6, drop_remainder=True)), "you have 18"),
        (lambda dataset: access.collect(dataset)[0], "one ndarray"),
        (lambda dataset: access.collect(dataset)[::-1], "Shapes (20, 4, 4, 3) and (20,)"),
        (lambda dataset: access.collect(dataset.take(2).repeat(2).unbatch().take(20).batch(6)), "twice"),
    ],
    "check_for_opencv": [
        (lambda image: image, "Call .numpy()"),
        (lambda image: image.numpy()[..., ::-1], "dtype is float32"),
        (lambda image: whole(image), "still red, green, blue"),
        (lambda image: whole(image)[..., ::-1], "np.ascontiguousarray"),
        (lambda image: cv2.cvtColor(image.numpy().astype("uint8"), cv2.COLOR_RGB2BGR), "clip before"),
        (lambda image: cv2.cvtColor((image.numpy() / 255).astype("uint8"), cv2.COLOR_RGB2BGR), "came out as [0, 0, 0]"),
        (lambda image: whole(image)[None], "The shape was (5, 7, 3)"),
        (lambda image: np.asarray(tf.constant(whole(image)[..., ::-1])), "cannot be written to"),
    ],
    "check_blur": [
        (lambda images, labels: (tf.numpy_function(blurred, [images], tf.float32), labels), "lost the shape"),
        (lambda images, labels: through_python(blurred, images), "one TensorSpec"),
        (lambda images, labels: (blurred(images.numpy()), labels), "which have no values yet"),
        (lambda images, labels: (cv2.GaussianBlur(images, (5, 5), 0), labels), "raised error"),
        (lambda images, labels: (images, labels), "not the images blurred"),
        (
            lambda images, labels: (
                through_python(lambda batch: np.concatenate([blurred(batch[:1]), batch[1:]]), images),
                labels,
            ),
            "Only the first image",
        ),
        (lambda images, labels: (through_python(blurred, images), labels + 1), "as they went in"),
        (
            lambda images, labels: (
                through_python(blurred, images),
                tf.numpy_function(lambda numbers: numbers, [labels], tf.int64),
            ),
            "the shape of its labels",
        ),
    ],
    "check_accuracy": [
        (in_two_passes, "You went over the dataset 2 times"),
        (lambda model, dataset: np.mean(of_batches(model, dataset)), "the last batch is short"),
        (lambda model, dataset: of_batches(model, dataset)[0], "all batches"),
        (counted, "from 0 to 1; this is 17"),
        (lambda model, dataset: 100 * counted(model, dataset) / 23, "from 0 to 1; this is 73.9"),
        (lambda model, dataset: 1.0, "Count the right ones"),
    ],
    "check_labels_of": [
        (lambda directory, paths: [Path(path).parent.name for path in paths], "These are names"),
        (
            lambda directory, paths: numbered(paths, class_folders(directory), lambda path: path.parent.name),
            "ValueError",
        ),
        (
            lambda directory, paths: numbered(paths, ["2", "bee"], lambda path: path.parts[-2].replace("big", "bee")),
            "all class folders",
        ),
        (
            lambda directory, paths: numbered(
                paths, class_folders(directory, "*/"), lambda path: path.relative_to(directory).parts[0]
            ),
            "is hidden, and no class",
        ),
        (lambda directory, paths: [2, 0, 2], "'10' comes before '2'"),
        (lambda directory, paths: [1, 2, 2], "the first label belongs to the first path"),
        (lambda directory, paths: [2, 1], "3 paths and 2 labels"),
        (lambda directory, paths: [0, 0, 0], "[2, 1, 2] is wanted"),
    ],
    "check_brightness": [
        (lambda directory: means_of(directory, shuffle=True), "only with shuffle=False"),
        (lambda directory: means_of(directory, take=1), "this has 32 of their names"),
        (lambda directory: means_of(directory, key=str), "names like '01.png'"),
        (lambda directory: means_of(directory, scale=255), "between 0 and 1"),
        (lambda directory: list(means_of(directory).values()), "A dict is wanted"),
        (lambda directory: means_of(directory, labels="inferred"), "No images found"),
    ],
}
WRONG |= {
    "check_priced": [
        (
            lambda folder, csv: load(folder, labels=pd.read_csv(csv).price.tolist(), verbose=False),
            "Expected the lengths",
        ),
        (priced, "you have 40 pairs"),
        (
            lambda folder, csv: from_rows(folder, csv, order=lambda table: table.price.sort_values()),
            "belong to other photos",
        ),
        (lambda folder, csv: from_rows(folder, csv).map(lambda images, prices: images), "one TensorSpec"),
        (lambda folder, csv: from_rows(folder, csv).unbatch(), "the first element has the shape (32, 32, 3)"),
        (lambda folder, csv: from_rows(folder, csv, size=64), "32 by 32 pixels"),
        (lambda folder, csv: from_rows(folder, csv).take(1), "you have 32 pairs"),
        (lambda folder, csv: from_rows(folder, csv).map(lambda i, p: (i, p[:, None])), "these are (32, 1)"),
        (lambda folder, csv: from_rows(folder, csv).map(lambda i, p: (i / 255, p)), "between 0 and 1"),
        (lambda folder, csv: next(iter(from_rows(folder, csv))), "A dataset is wanted"),
    ],
    "check_three_parts": [
        (lambda paths, labels: (paths[:70], paths[70:90], paths[90:]), "0, 10 and 10 are in the parts"),
        (lambda paths, labels: three_parts(paths, labels, stratify=False), "Split with stratify, both times"),
        (lambda paths, labels: three_parts(paths, labels, stratify_rest=False), "Split with stratify, both times"),
        (lambda paths, labels: files.split_paths(paths, labels, (0.7, 0.2, 0.1)), "without labels"),
        (lambda paths, labels: three_parts(paths, labels, second=0.2), "[72, 18, 10] photos"),
        (two_splits, "in more than one part"),
        (lambda paths, labels: train_test_split(paths, test_size=0.3), "these are 2"),
        (lambda paths, labels: (*three_parts(paths, labels)[:2], []), "10 of the photos are in no part"),
    ],
    "check_pairs": [
        (lambda photo_dir, mask_dir: zipped(photo_dir, mask_dir, shuffle=False), "pair by name"),
        (lambda photo_dir, mask_dir: zipped(photo_dir, mask_dir, seed=1), "pair by name"),
        (lambda photo_dir, mask_dir: mask_pairs(photo_dir, mask_dir, method="bilinear"), "Use the method nearest"),
        (lambda photo_dir, mask_dir: mask_pairs(photo_dir, mask_dir).map(lambda i, m: (i / 255, m)), "between 0 and 1"),
        (lambda photo_dir, mask_dir: mask_pairs(photo_dir, mask_dir, color_mode="rgb"), "masks (batch, 32, 32, 1)"),
        (lambda photo_dir, mask_dir: mask_pairs(photo_dir, mask_dir).unbatch(), "Images (batch, 32, 32, 3)"),
        (lambda photo_dir, mask_dir: mask_pairs(photo_dir, mask_dir, keep=30), "this gives 30 pairs"),
        (lambda photo_dir, mask_dir: load(photo_dir, labels=None, verbose=False), "one TensorSpec"),
    ],
}
WRONG |= {
    "check_broken_files": [
        (lambda paths: by_decoding(paths, lambda path: Image.open(path).verify()), "which verify and imread let pass"),
        (lambda paths: by_decoding(paths, lambda path: Image.open(path).load()), "a TIFF with a wrong name"),
        (lambda paths: [path for path in paths if cv2.imread(path) is None], "which verify and imread let pass"),
        (lambda paths: [path for path in paths if not os.path.getsize(path)], "a JPEG that lacks its last two bytes"),
        (lambda paths: by_decoding(paths)[:1], "5 of 6 broken files are missing"),
        (lambda paths: [Path(path).name for path in by_decoding(paths)], "The paths themselves are wanted"),
        (lambda paths: [path not in by_decoding(paths) for path in paths], "raised TypeError"),
        (
            lambda paths: by_decoding(
                paths, lambda path: tf.io.decode_jpeg(tf.io.read_file(path), try_recover_truncated=True)
            ),
            "JPEG that lacks",
        ),
        (lambda paths: [path for path in paths if "jpg" in path], "3.jpg can be decoded"),
        (lambda paths: [problem.path for problem in files.find_bad_images(paths)], "odd is not broken"),
        (
            lambda paths: by_decoding(paths, lambda path: tf.io.decode_image(tf.io.read_file(path))),
            "a WebP with transparency",
        ),
        (lambda paths: by_decoding(paths) * 2, "there twice"),
    ],
    "check_intact": [
        (batched_first, "good neighbours went with them"),
        (lambda directory: batched_first(directory, batch_size=32), "you have 0: good neighbours"),
        (skipped_first, "pair before you skip"),
        (deleted, "Files are gone from the folder"),
        (lambda directory: intact(directory).map(lambda images, paths: images), "one TensorSpec"),
        (lambda directory: intact(directory).unbatch(), "the first element is (32, 32, 3)"),
        (lambda directory: intact(directory).rebatch(4), "The first batch has 4 images"),
        (lambda directory: intact(directory, size=64), "32 by 32 pixels"),
        (lambda directory: intact(directory, shuffle=True), "Some paths belong to other images"),
        (lambda directory: tf.data.Dataset.zip(*with_paths(directory)).batch(8), "still stops the dataset"),
        (lambda directory: intact(directory).concatenate(intact(directory)), "some are there twice"),
        (lambda directory: intact(directory).rebatch(8, drop_remainder=True), "a short last batch"),
    ],
    "check_repaired": [
        (lambda path: np.asarray(Image.open(path).convert("RGB")), "EXIF orientation 6; it should be (40, 30, 3)"),
        (lambda path: repaired(path, turned_clockwise), "orientation 8: the shape is right"),
        (
            lambda path: np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")),
            "RGBA: what is transparent",
        ),
        (lambda path: np.asarray(ImageOps.exif_transpose(Image.open(path))), "RGBA: it should be (30, 40, 3)"),
        (lambda path: repaired(path, background="black"), "blended with white"),
        (lambda path: repaired(path, only="RGBA"), "gray with alpha: what is transparent"),
        (lambda path: repaired(path).astype("float32"), "ndarray of float32"),
        (lambda path: Image.fromarray(repaired(path)), "An array of uint8 is wanted"),
        (lambda path: tf.io.decode_image(tf.io.read_file(path), channels=3), "EXIF orientation 6"),
    ],
}
WRONG |= {
    "check_fast": [
        (as_slow, "times as fast: not twice yet"),
        (lambda paths: as_slow(paths).cache(), "something was kept"),
        (
            lambda paths: tf.data.Dataset.from_tensor_slices(tuple(map(np.concatenate, zip(*as_slow(paths))))).batch(8),
            "something was kept",
        ),
        (lambda paths: fast(paths, calls=2).cache(), "something was kept"),
        (lambda paths: fast([path for path in paths if wide_and_large(path)]), "something was kept"),
        (lambda paths: fast(paths).repeat(), "This never ends"),
        (lambda paths: fast(paths).map(lambda i, s: (tf.cast(tf.round(i), tf.uint8), s)), "or rounded"),
        (lambda paths: as_slow(paths).prefetch(tf.data.AUTOTUNE), "times as fast: not twice yet"),
        (lambda paths: fast(paths, chosen=lambda height, width: width > height), "Keep what is wide and large"),
        (lambda paths: fast(paths, chosen=lambda height, width: height >= 100), "Keep what is wide and large"),
        (lambda paths: fast(paths, size=(32, 32)), "yours [(8, 32, 32, 3)"),
        (lambda paths: fast(paths).unbatch(), "batches of 8"),
        (lambda paths: fast(paths, method="nearest").map(lambda i, s: (tf.cast(i, tf.float32), s)), "Pixels changed"),
        (lambda paths: fast(paths[::-1]), "another order"),
        (lambda paths: fast(paths).map(lambda i, s: (tf.round(i), s)), "or rounded"),
        (lambda paths: fast(paths, size_of=lambda image, picture: picture), "the sizes are not"),
        (lambda paths: fast(paths).map(lambda i, s: (i, s[:, ::-1])), "height first"),
        (lambda paths: fast(paths).map(lambda i, s: i), "one TensorSpec"),
        (lambda paths: list(fast(paths)), "A dataset is wanted"),
    ],
    "check_cached": [
        (lambda folder: to_bytes(folder).shuffle(100).batch(8), "nothing is cached"),
        (lambda folder: to_bytes(folder).shuffle(100).batch(8).cache(), "the cache froze it"),
        (
            lambda folder: to_bytes(folder).cache().shuffle(36, reshuffle_each_iteration=False).batch(8),
            "was told to keep it",
        ),
        (lambda folder: to_bytes(folder).cache(f"{folder}/kept").shuffle(36).batch(8), "in a file of that folder"),
        (lambda folder: to_bytes(folder).cache().shuffle(36).repeat().batch(8), "This never ends"),
        (lambda folder: to_bytes(folder, batch_size=8, shuffle=True).cache(), "the cache froze it"),
        (lambda folder: to_bytes(folder, batch_size=8).cache().shuffle(100), "always hold the same photos"),
        (lambda folder: cached(folder, dtype=tf.float32), "this is float32"),
        (lambda folder: cached(folder, size=32), "(32, 32, 3)"),
        (lambda folder: cached(folder).unbatch().batch(32), "yours have [32, 4]"),
        (lambda folder: cached(folder).rebatch(8, drop_remainder=True), "yours have [8, 8, 8, 8]"),
        (lambda folder: cached(folder, labels=None), "raised TypeError"),
        (lambda folder: cached(folder).map(lambda images, labels: images), "one TensorSpec"),
        (lambda folder: list(cached(folder)), "A dataset is wanted"),
        (
            lambda folder: to_bytes(folder).cache().repeat().shuffle(100).batch(8).take(5).rebatch(8),
            "36 photos make batches",
        ),
    ],
    "check_ratio_for": [
        (lambda shape, size: 8, "(100, 100) for (128, 128) gives 8, not 1"),
        (lambda shape, size: 1, "378 by 504 are left"),
        (functools.partial(ratio_for, choose=max), "at 1/8 the height would be 125"),
        (lambda shape, size: ratio_for(shape[:1] * 2, size), "at 1/8 the width would be 125"),
        (functools.partial(ratio_for, ratios=(8, 7, 6, 5, 4, 3, 2, 1)), "gives 7, not 4"),
        (lambda shape, size: max(1, min(shape[0] // size[0], shape[1] // size[1])), "not 8"),
        (functools.partial(ratio_for, ratios=(16, 8, 4, 2, 1)), "gives 16, not 8"),
        (
            lambda shape, size: next((r for r in (8, 4, 2) if shape[0] / r > size[0] and shape[1] / r > size[1]), 1),
            "as many as wanted",
        ),
    ],
    "check_shard_of": [
        (lambda paths, index, hosts: paths, "each should have its own part"),
        (lambda paths, index, hosts: paths[index::hosts], "sort it first"),
        (lambda paths, index, hosts: sorted(paths)[: len(paths) // hosts], "sort it first"),
        (lambda paths, index, hosts: chunk(paths, index, 5), "some are with nobody"),
        (lambda paths, index, hosts: chunk(paths, index, len(paths) // hosts), "some are with nobody"),
        (lambda paths, index, hosts: chunk(paths, index, -(-len(paths) // hosts)), "have 4 and 4 and 2. Their numbers"),
        (
            lambda paths, index, hosts: list(range(len(paths)))[index::hosts],
            "of those that were given; this is none of them: 0",
        ),
        (
            lambda paths, index, hosts: [Path(path).stem for path in sorted(paths)][index::hosts],
            "this is none of them: a",
        ),
        (
            lambda paths, index, hosts: tf.data.Dataset.from_tensor_slices(sorted(paths)).shard(hosts, index),
            "A list of paths is wanted",
        ),
        (lambda paths, index, hosts: sorted(paths)[index + 1 :: hosts], "some are with nobody"),
        (lambda paths, index, hosts: sorted(paths) if index == 0 else [], "should differ by one at most"),
        (lambda paths, index, hosts: paths.sort() or paths[index::hosts], "Sort a copy"),
    ],
    "check_left_to_do": [
        (lambda paths, text: paths, "photos/a.jpg is done, and would be done again"),
        (
            lambda paths, text: [path for path in paths if path not in text],
            "photos/a.jpg would be forgotten: the line of photos/a.jpg was cut off",
        ),
        (
            lambda paths, text: still(paths, text.splitlines()),
            "would be forgotten: the line of photos/a.jpg was cut off",
        ),
        (lambda paths, text: still(paths, text.splitlines()[:-1]), "photos/a.jpg is done, and would be done again"),
        (
            lambda paths, text: still(paths, whole_lines(text), part=lambda line: line.split(",")[0]),
            "photos/c, d.jpg is done",
        ),
        (lambda paths, text: paths[len(whole_lines(text)) :], "photos/a.jpg is done, and would be done again"),
        (lambda paths, text: sorted(still(paths, whole_lines(text))), "in their order"),
        (
            lambda paths, text: [p for p in paths if p not in "".join(whole_lines(text))],
            "photos/b.jpg would be forgotten: only old/photos/b.jpg",
        ),
        (
            lambda paths, text: [p for p in paths if f"{p}," not in "".join(whole_lines(text))],
            "photos/b.jpg would be forgotten: only old/photos/b.jpg",
        ),
        (
            lambda paths, text: [p for p in paths if not any(line.startswith(p) for line in whole_lines(text))],
            "photos/b.jpg would be forgotten: only old/photos/b.jpg",
        ),
        (
            lambda paths, text: [
                p for p in paths if f"{Path(p).name}," not in [Path(line).name[:-4] for line in whole_lines(text)]
            ],
            "old/photos/b.jpg would be forgotten: only photos/b.jpg and photos/a.jpg are done",
        ),
        (taken_away, "x not in list"),
    ],
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
        (lambda model, path: one_file(model, path, by_load_img), "which resizes in another way"),
        (
            lambda model, path: one_file(model, path, functools.partial(by_load_img, interpolation="bilinear")),
            "which resizes in another way",
        ),
        (
            lambda model, path: one_file(model, path, lambda path: access.decode_image(path, (64, 64)) / 255),
            "Divided by 255",
        ),
        (
            lambda model, path: one_file(model, path, lambda path: access.decode_image(path, (64, 64))[..., ::-1]),
            "Red and blue",
        ),
        (
            lambda model, path: one_file(
                model, path, lambda path: access.decode_image(path, (64, 64), interpolation="area")
            ),
            "other pixels",
        ),
        (
            lambda model, path: one_file(
                model, path, lambda path: access.decode_image(path, (64, 64), crop_to_aspect_ratio=True)
            ),
            "other pixels",
        ),
        (lambda model, path: model(access.decode_image(path, (64, 64))[None]), "Take the row out with [0]"),
        (lambda model, path: one_file(model, path).argmax(), "this has the shape ()"),
        (
            lambda model, path: model.predict(access.decode_image(path, (64, 64)), verbose=0),
            "one image came; a model takes a batch: [None]",
        ),
        (
            lambda model, path: model(access.decode_image(path, (64, 64))),
            "one image came; a model takes a batch: [None]",
        ),
        (
            lambda model, path: one_file(model, path, lambda path: access.decode_image(path, (32, 32))),
            "images of 32 by 32 came; this model takes 64 by 64",
        ),
        (lambda model, path: predicted(model, as_stored(path, size=32)), "images of 32 by 32 came"),
        (lambda model, path: predicted(model, as_stored(path)), "Decode with 3 channels"),
        (
            lambda model, path: one_file(model, path, lambda path: tf.image.grayscale_to_rgb(as_stored(path)[..., :1])),
            "other pixels of new.jpg",
        ),
        (lambda model, path: predicted(model, in_color_at_least(path)), "Decode with 3 channels"),
        (lambda model, path: one_file(model, path, on_white), "other pixels of see_through.png"),
    ],
    "check_moves": [
        (
            lambda approved, folder: [(old, Path(folder, name, Path(old).name)) for old, name in approved],
            "is there already",
        ),
        (lambda approved, folder: free_places(approved, folder, taken_counts=False), "one would overwrite the other"),
        (lambda approved, folder: free_places(approved, folder, rename=True), "Files were moved or written"),
        (lambda approved, folder: free_places(approved, folder, suffix=""), "the ending should stay"),
        (lambda approved, folder: free_places(approved, folder)[1:], "7 pairs are wanted"),
        (
            lambda approved, folder: [pair for pair in free_places(approved, folder) if pair[0] != pair[1]],
            "also if it stays; you have 6",
        ),
        (
            lambda approved, folder: free_places(approved, folder, stays=False),
            "cat/3.jpg lies in the right folder already",
        ),
        (
            lambda approved, folder: free_places(approved, folder, seen=str),
            "Two photos go to bee/img.jpg, in small or capital letters",
        ),
        (second_names, "bee/1_2.jpg is there already"),
        (
            lambda approved, folder: Path(folder, "moves").write_text("x") and free_places(approved, folder),
            "Files were moved or written",
        ),
        (
            lambda approved, folder: Path(folder, "dog").mkdir() or free_places(approved, folder),
            "Files were moved or written",
        ),
        (
            lambda approved, folder: [pair[: 2 - n % 2] for n, pair in enumerate(free_places(approved, folder))],
            "this gives 1 value.",
        ),
        (lambda approved, folder: free_places(approved, folder)[::-1], "The old paths are those of the list"),
        (lambda approved, folder: [(old, Path(folder, name)) for old, name in approved], "belongs in the folder bee"),
        (
            lambda approved, folder: [
                (old, Path(old).with_stem(f"{name}_{n}")) for n, (old, name) in enumerate(approved)
            ],
            "belongs in the folder bee",
        ),
        (all_new_names, "Names that are free"),
        (lambda approved, folder: [str(new) for _, new in free_places(approved, folder)], "Two things are wanted"),
    ],
}
OTHER_RIGHT = {
    "check_shard_of": [
        lambda paths, index, hosts: [path for n, path in enumerate(sorted(paths)) if n % hosts == index],
        lambda paths, index, hosts: np.array_split(np.sort(paths), hosts)[index],
        lambda paths, index, hosts: sorted(paths)[len(paths) * index // hosts : len(paths) * (index + 1) // hosts],
        lambda paths, index, hosts: sorted(map(Path, paths))[index::hosts],
    ],
    "check_left_to_do": [
        lambda paths, text: still(paths, whole_lines(text)),
        lambda paths, text: still(paths, text.split("\n")[:-1]),
        lambda paths, text: tuple(map(Path, still(paths, whole_lines(text)))),
    ],
    "check_misfiled": [
        lambda folder: {Path(folder, name) for name in moved(folder)},
        lambda folder: np.array([Path(name).stem for name in moved(folder)]),
        lambda folder: [f"{Path(name).stem} in {Path(name).parent}" for name in moved(folder)],  # as in the titles
    ],
    "check_predict_file": [
        one_file,
        lambda model, path: predicted(model, in_color_at_least(path)[..., :3]),
        lambda model, path: model.predict_on_batch(np.asarray(access.decode_image(path, (64, 64)))[None])[0],
    ],
    "check_moves": [
        free_places,
        lambda approved, folder: tuple(
            [
                str(old),
                os.path.join(
                    folder,
                    name,
                    f"from_{Path(old).parent.name}_" * (Path(old).stem.lower() in "1 img") + Path(old).name,
                ),
            ]
            for old, name in approved
        ),
    ],
    "check_fast": [
        fast,
        lambda paths: fast(paths, calls=2).prefetch(1),
        lambda paths: fast(paths).map(lambda i, s: (i, tf.cast(s, tf.int64))),
    ],
    "check_cached": [
        cached,
        lambda folder: (
            to_bytes(folder, size=64)
            .cache(str(Path(folder).parent / f"{Path(folder).name}.cache"))
            .shuffle(36)
            .batch(8)
        ),
    ],
    "check_ratio_for": [
        ratio_for,
        lambda shape, size: np.int64(min(8, max(1, 2 ** int(np.log2(min(np.divide(shape, size)) or 1))))),
    ],
    "check_broken_files": [
        by_decoding,
        lambda paths: {problem.path for problem in files.find_bad_images(paths) if problem.kind == "broken"},
    ],
    "check_intact": [
        intact,
        lambda directory: access.image_dataset(
            [path for path in files.list_images(directory, labels=None).paths if path not in by_decoding([path])],
            image_size=(32, 32),
            batch_size=8,
            shuffle=True,
        ),
    ],
    "check_repaired": [
        repaired,
        lambda path: tf.constant(repaired(path)),
    ],
    "check_priced": [from_rows, lambda folder, csv: from_rows(Path(folder), Path(csv)).rebatch(7)],
    "check_three_parts": [
        three_parts,
        lambda paths, labels: [np.array(part) for part, _ in files.split_paths(paths, labels, (0.7, 0.2, 0.1))],
    ],
    "check_pairs": [mask_pairs, lambda photo_dir, mask_dir: mask_pairs(Path(photo_dir), Path(mask_dir)).shuffle(2)],
    "check_portrait": [
        lambda folder: load(folder, image_size=(96, 64), batch_size=None, verbose=False).batch(4),
        lambda folder: load(folder, labels=None, image_size=[96, 64], batch_size=4, verbose=False),
    ],
    "check_counts": [
        lambda folder: {path.name: len(list(path.iterdir())) for path in folder.iterdir()},
        lambda folder: {path.name: np.int64(len(list(path.iterdir()))) for path in folder.iterdir()} | {"empty": 0},
    ],
    "check_one_batch": [
        lambda folder: list(load(folder, batch_size=8, verbose=False).take(1))[0],
        lambda folder: next(load(folder, batch_size=8, verbose=False).as_numpy_iterator()),
        lambda folder: list(load(folder, batch_size=8, verbose=False).take(1).get_single_element()),
    ],
    "check_to_picture": [
        lambda image: tf.saturate_cast(image, tf.uint8).numpy(),
        lambda image: np.clip(np.round(image), 0, 255).astype(np.uint8),
    ],
    "check_first_photos": [
        lambda directory, n: tuple(np.array(part) for part in first_photos(directory, n)),
        lambda directory, n: (tf.constant(first_photos(directory, n)[0]), tuple(first_photos(directory, n)[1])),
    ],
    "check_rescale": [
        lambda images, labels: (tf.cast(images, tf.float32) / 255.0, labels),
        lambda pictures, numbers: (tf.keras.layers.Rescaling(1 / 255)(pictures), numbers),
    ],
    "check_jitter": [
        lambda images, labels: (
            tf.map_fn(lambda image: tf.clip_by_value(tf.image.random_brightness(image, 50), 0, 255), images),
            labels,
        ),
        lambda images, labels: (tf.minimum(tf.maximum(images + amounts(images), 0), 255), labels),
    ],
    "check_noisy_pair": [
        lambda images: (images + 20 * tf.random.normal(tf.shape(images)), images),
        lambda images: (tf.clip_by_value(images + noise(images), 0, 255), images),
    ],
    "check_to_arrays": [access.collect, one_pass],
    "check_for_opencv": [
        lambda image: np.ascontiguousarray(whole(image)[..., ::-1]),
        lambda image: cv2.cvtColor(tf.saturate_cast(image, tf.uint8).numpy(), cv2.COLOR_RGB2BGR),
    ],
    "check_blur": [
        lambda images, labels: (
            tf.ensure_shape(tf.numpy_function(blurred, [images], tf.float32), images.shape),
            labels,
        ),
        lambda images, labels: (
            tf.map_fn(lambda image: through_python(lambda i: cv2.GaussianBlur(i, (5, 5), 0), image), images),
            labels,
        ),
    ],
    "check_accuracy": [
        lambda model, dataset: counted(model, dataset) / (len(dataset) * 5 - 2),
        lambda model, dataset: float(
            tf.reduce_mean(tf.concat([tf.cast(model(images) == labels, tf.float64) for images, labels in dataset], 0))
        ),
    ],
    "check_labels_of": [
        lambda directory, paths: np.array(
            numbered(paths, class_folders(directory), lambda path: path.relative_to(directory).parts[0])
        ),
        lambda directory, paths: (
            {name: k for k, name in enumerate(class_folders(directory))}[Path(path).relative_to(directory).parts[0]]
            for path in paths
        ),
    ],
    "check_brightness": [
        means_of,
        lambda directory: {
            path.name: np.asarray(access.decode_image(path, (32, 32))).mean() for path in Path(directory).iterdir()
        },
    ],
}


def given(check: str, folder: Path) -> tuple:
    if check == "check_fast":
        return (lesson_of(check)[2]["slow"],)
    if check == "check_misfiled":
        return (photos.misfiled_copy(),)
    return (folder,) if check == "check_counts" else ()


def answer_of(check: str, answer, folder: Path):
    folder = photos.misfiled_copy() if check == "check_misfiled" else folder
    return answer(folder) if check in OF_THE_FOLDER else answer


@pytest.mark.parametrize("check", CHECKS)
def test_wrong_answers_are_told_why(check, photo_folder, record_property):
    assert len(WRONG[check]) >= 3
    rejected = 0
    for number, (answer, hint) in enumerate(WRONG[check], 1):
        verdict = CHECKS[check](answer_of(check, answer, photo_folder), *given(check, photo_folder))
        assert verdict.outcome == "not right yet", f"wrong answer {number} ({hint}) was told: {verdict}"
        assert hint in verdict.message, f"wrong answer {number} should be told {hint!r}"
        rejected += 1
    record_property("wrong answers", (check.removeprefix("check_"), rejected, len(WRONG[check])))


@pytest.mark.parametrize("check", CHECKS)
def test_right_answers_in_another_idiom_are_right(check, photo_folder):
    assert len(OTHER_RIGHT[check]) >= 2
    for number, answer in enumerate(OTHER_RIGHT[check], 1):
        verdict = CHECKS[check](answer_of(check, answer, photo_folder), *given(check, photo_folder))
        assert verdict.outcome == "right", f"right answer {number} was told: {verdict}"


@pytest.mark.parametrize("check", sorted(set(CHECKS) - OF_THE_FOLDER))
def test_answer_that_raises_is_told_its_own_error(check, photo_folder):
    def answer(*values):
        raise KeyError("my own mistake")

    verdict = CHECKS[check](answer, *given(check, photo_folder))
    assert verdict.outcome == "not right yet"
    assert "my own mistake" in verdict.message


@pytest.mark.parametrize("check", sorted(set(CHECKS) - OF_THE_FOLDER))
def test_no_function_at_all(check, photo_folder):
    assert "a function is wanted here, this is a str" in CHECKS[check]("my answer", *given(check, photo_folder)).message


@functools.cache
def lesson_of(check: str) -> tuple[str, str, dict]:
    """Source of the stub's cell, of the folded solution below it, and what the notebook imports and defines before."""
    notebook_name = re.search(r"notebook (0\d_\w+)\.", inspect.getdoc(CHECKS[check]))[1]
    cells = nbformat.read(ROOT / f"notebooks/{notebook_name}.ipynb", 4).cells
    (number,) = [n for n, cell in enumerate(cells) if cell.cell_type == "code" and f".{check}(" in cell.source]
    solution = re.search(
        r"<summary>Solution</summary>\n\n```python\n(.*?)```\n\n</details>", cells[number + 1].source, re.DOTALL
    )
    imports, *others = [cell.source for cell in cells[:number] if cell.cell_type == "code"]
    names = {"load": load}
    for node in ast.parse(imports).body:
        if isinstance(
            node, ast.Import | ast.ImportFrom | ast.Assign
        ):  # what sets up TensorFlow is not for this process
            exec(compile(ast.Module([node], []), notebook_name, "exec"), names)
    for node in ast.parse("\n".join(others)).body:  # what is timed or shown is not run
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            exec(compile(ast.Module([node], []), notebook_name, "exec"), names)
    return cells[number].source, solution[1], names


@pytest.mark.parametrize("check", CHECKS)
def test_stub_is_not_tried_and_folded_solution_is_right(check, photo_folder):
    stub, solution, names = lesson_of(check)
    names = {**names, "photo_folder": photo_folder, "dataset": load(photo_folder, verbose=False)}
    names["folder"] = photos.misfiled_copy()
    *_, call = stub.strip().splitlines()
    exec(stub, names)
    assert eval(call, names).outcome == "not tried yet"
    exec(solution, names)
    assert eval(call, names).outcome == "right"


def test_moves_behind_a_link(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "link"))  # as on macOS

    def resolved(approved, folder):
        return [(old.resolve(), new.resolve()) for old, new in free_places(approved, folder)]

    assert exercises.check_moves(resolved).outcome == "right"


def test_a_copy_in_which_nothing_was_moved(tmp_path, monkeypatch):
    for number in range(16):
        (tmp_path / f"photos/{number}").mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / f"photos/{number}/photo.png")
    monkeypatch.setenv("PHOTOS", str(tmp_path / "photos"))
    monkeypatch.setattr(photos, "DATA", tmp_path / "data")
    verdict = exercises.check_misfiled([], photos.misfiled_copy())
    assert (verdict.outcome, "No photo was moved" in verdict.message) == ("not right yet", True)
