"""The checkup: each trap is named, no right pipeline is blamed, and the lines shown show the image."""

import functools
import os
import random
import re
import shutil
from collections import Counter
from pathlib import Path
from unittest import mock

from helpers import access, checkup
from helpers.checkup import recognise, traps
from helpers.decoding import decode_image
from helpers.files import list_images

import keras
import tensorflow as tf
import hypothesis
import hypothesis.strategies as st
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tests.material import cells, data_format, load, state

SIZE = (32, 40)
AUTOTUNE = tf.data.AUTOTUNE


def photos(folder, **options) -> tf.data.Dataset:
    return load(folder, **{"image_size": SIZE, "batch_size": 4, **options})


def of_images(function, **options):
    """A dataset with this done to the images."""
    return lambda folder: photos(folder, **options).map(lambda images, labels: (function(images), labels))


def channels_first(images):
    return tf.transpose(images, (0, 3, 1, 2))


def without_shape(images):
    return tf.numpy_function(np.copy, [images], tf.float32)


def with_labels(labels, **options):
    """Unshuffled photos with these labels beside them."""
    return lambda folder: tf.data.Dataset.zip(
        photos(folder, label_mode=None, shuffle=False, **options),
        tf.data.Dataset.from_tensor_slices(labels).batch(4),
    )


def with_third(make):
    return lambda folder: photos(folder).map(lambda images, labels: (images, labels, make(labels)))


def with_paths(folder):
    listing = list_images(folder)
    return access.image_dataset(listing.paths, listing.labels, image_size=SIZE, batch_size=4)


def with_numbers(folder):
    numbers = tf.data.Dataset.range(16).batch(4)
    return tf.data.Dataset.zip(photos(folder), numbers).map(lambda pair, number: (*pair, number))


def broken(folder, content=b"\xff\xd8 no photo"):
    """A copy of the folder with a broken file."""
    copy = folder.parent / f"{folder.name} broken {len(content)}"
    if not copy.exists():
        shutil.copytree(folder, copy)
        (copy / "cat" / "zzz.jpg").write_bytes(content)
    return copy


def twice(folder):
    """A copy of the folder with a file twice."""
    copy = folder.parent / f"{folder.name} twice"
    if not copy.exists():
        shutil.copytree(folder, copy)
        first = min((copy / "cat").iterdir())
        shutil.copy(first, first.with_stem("again"))
    return copy


def part(folder, name, **options):
    return photos(folder, validation_split=0.25, subset=name, **options)


def frozen(folder):
    return photos(folder, shuffle=True, seed=1).cache()


def gray(images):
    return tf.repeat(tf.reduce_mean(images, -1, keepdims=True), 3, axis=-1)


def only(folder, label):
    return photos(folder).unbatch().filter(lambda image, number: number == label).batch(4)


def six_channels(folder):
    return photos(folder).unbatch().map(lambda image, label: (tf.concat([image, image[::-1]], -1), label))


def raises(folder):
    return photos(folder).map(lambda images, labels: (images, tf.ensure_shape(tf.boolean_mask(labels, labels > 5), 4)))


def stops(folder):
    def generate():
        yield from photos(folder).take(2)
        raise OverflowError("too much")

    return tf.data.Dataset.from_generator(generate, output_signature=photos(folder).element_spec)


def breaks_later(folder, in_pass=1):
    """A dataset whose third batch of one pass fails, and not for a file, though one is broken."""
    count = Counter()

    def generate():
        count["passes"] += 1
        for number, batch in enumerate(photos(broken(folder)).ignore_errors()):
            if (number, count["passes"]) == (2, in_pass):
                raise KeyError("decode me")
            yield batch

    return tf.data.Dataset.from_generator(generate, output_signature=photos(folder).element_spec)


def read_once(folder):
    batches = iter(list(photos(folder)))
    return tf.data.Dataset.from_generator(lambda: batches, output_signature=photos(folder).element_spec)


def nothing_again(folder):
    passes = Counter()

    def is_first(*batch):
        passes["batches"] += 1
        return passes["batches"] <= 4

    return photos(folder).filter(lambda images, labels: tf.numpy_function(is_first, [labels], tf.bool))


def masked(factor):
    """Photos with masks of two values: 0 and this."""
    return lambda folder: masks(folder).map(lambda images, masks: (images, masks * factor))


MIXED = np.array([0, 1] * 8)
TRAPS = {  # kind -> datasets that are in the trap, as function of a folder
    "single images": [
        lambda folder: photos(folder, batch_size=None),
        lambda folder: photos(folder).unbatch(),
        six_channels,
    ],
    "batched twice": [
        lambda folder: photos(folder).batch(2),
        lambda folder: photos(folder, label_mode=None).batch(2, drop_remainder=True),
        lambda folder: photos(folder, batch_size=5).batch(4),  # stops: the last batch is shorter
    ],
    "channels first": [of_images(channels_first), of_images(lambda images: channels_first(images) / 255)],
    "shape unknown": [
        of_images(without_shape),
        of_images(lambda images: tf.ensure_shape(without_shape(images), (None, None, None, None))),
    ],
    "divided twice": [
        of_images(lambda images: images / 255 / 255),
        of_images(lambda images: (images / 127.5 - 1) / 127.5 - 1),
        of_images(lambda images: (images / 255 / 255 - 0.45) / 0.22),
        of_images(lambda images: images[..., ::-1] / 255 - [103.9, 116.8, 123.7]),
        of_images(lambda images: keras.layers.Rescaling(1 / 255)(images / 255), label_mode="binary"),
    ],
    "not finite": [
        of_images(lambda images: images / tf.zeros_like(images)),
        of_images(lambda images: images + tf.where(images < 1, np.inf, 0.0)),
        lambda folder: photos(folder).map(lambda images, labels: (images, tf.cast(labels, "float32") * np.nan)),
        with_third(lambda labels: tf.cast(labels, "float32") / 0.0),
    ],
    "one colour": [
        of_images(lambda images: tf.zeros_like(images)),
        of_images(lambda images: tf.ones_like(images) * [[[[10.0, 20.0, 30.0]]]]),
        of_images(lambda images: tf.cast(images / 256, tf.uint8)),
        of_images(lambda images: tf.cast(images / 255, tf.uint8)),
        of_images(lambda images: tf.cast(images > 99, tf.int32)),
    ],
    "labels out of range": [
        lambda folder: photos(folder).map(lambda images, labels: (images, labels + 1)),
        lambda folder: photos(folder).map(lambda images, labels: (images, tf.one_hot(labels, 3))),
        lambda folder: photos(folder).map(lambda images, labels: (images, labels - 1)),
        lambda folder: photos(folder).map(lambda images, labels: (images, 2 * labels - 1)),
    ],
    "masks up to 255": [masked(255), lambda folder: masked(255)(folder).map(lambda *pair: (pair[0] / 255, pair[1]))],
    "one class only": [lambda folder: only(folder, 0), lambda folder: photos(folder, class_names=["cat"])],
    "empty": [lambda folder: photos(folder).take(0), lambda folder: only(folder, 9)],
    "broken file": [
        lambda folder: photos(broken(folder)),
        lambda folder: photos(broken(folder, b"")).map(lambda images, labels: (images / 255, labels)),
    ],
    "stops with an error": [raises, stops, breaks_later, functools.partial(breaks_later, in_pass=2)],
    "one pass only": [read_once, nothing_again],
    "other number of labels": [
        lambda folder: tf.data.Dataset.zip(
            photos(folder, label_mode=None, shuffle=False, batch_size=5),
            tf.data.Dataset.from_tensor_slices(MIXED).batch(5).skip(1),
        ),
        of_images(lambda images: tf.concat([images, images[:1]], 0)),
    ],
    "third part": [
        with_paths,
        with_numbers,
        with_third(lambda labels: tf.strings.as_string(labels)),
        with_third(lambda labels: tf.ones((2,))),
        with_third(lambda labels: tf.ones((4, 8, 8, 1))),
        lambda folder: photos(folder).map(lambda images, labels: (images, labels, labels, labels)),
    ],
    "labels of other images": [
        with_labels(MIXED),
        with_labels(np.eye(2, dtype="float32")[MIXED]),
        with_labels(np.r_[[1], [0] * 7, [1] * 8]),
    ],
    "red and blue swapped": [
        of_images(lambda images: images[..., ::-1]),
        of_images(lambda images: tf.cast(images[..., ::-1], tf.uint8)),
        of_images(lambda images: images[..., ::-1] / 127.5 - 1),
    ],
    "leak": [
        lambda folder: (part(folder, "training", seed=1), part(folder, "validation", seed=3)),
        lambda folder: (photos(folder), of_images(lambda images: images / 255)(folder)),
        lambda folder: (photos(folder), of_images(lambda images: tf.cast(images, tf.uint8))(folder)),
    ],
    "values out of range": [
        lambda folder: photos(folder, interpolation="bicubic", image_size=(300, 300)),
        of_images(lambda images: images / 255 + 0.2),
    ],
    "endless": [lambda folder: photos(folder).repeat(), lambda folder: photos(folder, batch_size=None).repeat()],
    "no labels": [
        lambda folder: photos(folder).map(lambda images, labels: {"image": images, "label": labels}),
        lambda folder: photos(folder, label_mode=None),
        lambda folder: photos(folder, labels=None),
    ],
    "new order each pass": [
        photos,
        lambda folder: photos(folder, label_mode=None).map(lambda images: images / 255),
    ],
    "same order each pass": [frozen, lambda folder: photos(folder, validation_split=0.5, subset="both", seed=1)[1]],
    "sorted by class": [
        lambda folder: photos(folder, shuffle=False),
        lambda folder: photos(folder, shuffle=False, label_mode="categorical"),
    ],
    "length unknown": [lambda folder: photos(folder).unbatch().batch(4), lambda folder: photos(folder).ignore_errors()],
    "photos twice": [lambda folder: photos(folder).repeat(2), lambda folder: photos(twice(folder))],
    "gray in three channels": [of_images(gray), of_images(lambda images: gray(images) / 255)],
    "few images in a class": [photos, lambda folder: photos(folder, label_mode="categorical")],
    "text as labels": [
        lambda folder: photos(folder).map(lambda images, labels: (images, tf.strings.as_string(labels))),
        lambda folder: access.image_dataset(list_images(folder).paths, image_size=SIZE),
    ],
    "no channels": [
        of_images(lambda images: images[..., 0]),
        lambda folder: photos(folder, color_mode="grayscale").map(lambda images, labels: images[..., 0]),
    ],
}


def examined(made, folder, **options) -> checkup.Report:
    dataset, other = made if isinstance(made, tuple) else (made, None)
    return checkup.examine(dataset, folder, other=other, **options)


def kinds(report: checkup.Report, level: str | None = None) -> set[str]:
    return {finding.kind for finding in report.findings if level in (None, finding.level)}


CASES = [(kind, number) for kind, datasets in TRAPS.items() for number in range(len(datasets))]


@pytest.mark.parametrize(("kind", "number"), CASES)
def test_a_trap_is_named_and_no_other_fault(photo_folder, kind, number):
    report = examined(TRAPS[kind][number](photo_folder), photo_folder)
    assert kind in kinds(report)
    allowed = {kind, "single images"} if kind == "endless" else {kind}
    assert kinds(report, "fault") <= allowed
    text = str(report)
    assert text.count(f", {kind}: ") == 1


def test_each_trap_has_two_datasets():
    listed = {trap.kind for trap in traps.TRAPS}
    assert len(listed) == len(traps.TRAPS)
    assert {kind for kind, datasets in TRAPS.items() if len(datasets) > 1} == listed - {"channels last"}


def test_keras_set_to_channels_first_wants_them_there(photo_folder):
    before = photos(photo_folder)
    first = of_images(channels_first)(photo_folder)
    with data_format("channels_first"):
        assert kinds(checkup.examine(before), "fault") == {"channels last"}
        assert kinds(checkup.examine(first, photo_folder), "fault") == set()
        assert kinds(checkup.examine(photos(photo_folder), photo_folder), "fault") == set()


@pytest.mark.parametrize("trap", traps.TRAPS, ids=lambda trap: trap.kind)
def test_a_link_leads_to_a_heading(trap):
    stem, _, place = trap.see.partition(".ipynb#")
    text = "\n".join(cell.source for cell in cells(stem) if cell.cell_type == "markdown")
    assert place in [heading.replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    assert trap.level in ("fault", "note")


# No false alarms


def masks(folder):
    return tf.data.Dataset.zip(
        photos(folder, label_mode=None, shuffle=False),
        photos(folder, label_mode=None, shuffle=False, color_mode="grayscale", interpolation="nearest").map(
            lambda masks: tf.cast(masks > 99, tf.uint8)
        ),
    )


def grouped_by_hand(folder):
    listing = list_images(folder)
    dataset = tf.data.Dataset.from_tensor_slices((listing.paths, listing.labels)).shuffle(16)
    return dataset.map(lambda path, label: (decode_image(path, SIZE), label), num_parallel_calls=AUTOTUNE).batch(4)


def ages(folder):
    return photos(folder, labels=[20, 35, 35, 50] * 4, label_mode="int")


def with_black_photos(folder):
    black = tf.data.Dataset.from_tensors((tf.zeros((1, *SIZE, 3)), tf.constant([0]))).repeat(2)
    return photos(folder, shuffle=False).concatenate(black)


RIGHT = {
    "int": photos,
    "categorical": lambda folder: photos(folder, label_mode="categorical"),
    "binary": lambda folder: photos(folder, label_mode="binary"),
    "none": lambda folder: photos(folder, label_mode=None),
    "cached": lambda folder: photos(folder).cache().shuffle(4),
    "regression": with_labels(np.linspace(0, 9, 16, dtype="float32")),
    "regression of rows": with_labels(np.random.default_rng(0).normal(size=(16, 3)).astype("float32")),
    "ages as whole numbers": ages,
    "labels of a table": with_labels(np.random.default_rng(0).integers(0, 2, (16, 5))),
    "positions as labels": lambda folder: photos(folder, labels=list(range(16)), label_mode="int"),
    "positions as labels, mapped": lambda folder: photos(folder, labels=list(range(16)), label_mode="int").map(
        lambda images, labels: (images / 255, labels)
    ),
    "masks": masks,
    "autoencoder": lambda folder: photos(folder, label_mode=None).map(lambda images: (images, images)),
    "denoiser": lambda folder: photos(folder, label_mode=None).map(
        lambda images: (tf.clip_by_value(images + tf.random.normal(tf.shape(images), 0, 20), 0, 255), images)
    ),
    "images as targets": lambda folder: photos(folder, label_mode=None).map(
        lambda images: (tf.random.normal((tf.shape(images)[0], 7)), images)
    ),
    "standardised": of_images(tf.image.per_image_standardization),
    "as Caffe had it": of_images(lambda images: images[..., ::-1] - [103.939, 116.779, 123.68]),
    "siamese": lambda folder: tf.data.Dataset.zip(photos(folder, shuffle=False), photos(folder)).map(
        lambda one, two: ((one[0], two[0]), tf.cast(one[1] == two[1], tf.int32))
    ),
    "one class against the rest": lambda folder: photos(folder).map(
        lambda images, labels: (images, tf.cast(labels == 1, tf.int32))
    ),
    "batches of gray images": lambda folder: tf.data.Dataset.from_tensor_slices(
        (np.random.default_rng(0).integers(0, 256, (16, 28, 28), "uint8"), [0, 1] * 8)
    ).batch(4, drop_remainder=True),
    "captions": lambda folder: (
        photos(folder, batch_size=None)
        .map(lambda image, label: (image, tf.range(label + tf.random.uniform((), 1, 9, tf.int32))))
        .padded_batch(4)
    ),
    "boxes": lambda folder: photos(folder).map(
        lambda images, labels: (images, tf.random.uniform((tf.shape(labels)[0], 7, 4)))
    ),
    "two labels and their share": lambda folder: photos(folder).map(
        lambda images, labels: (images, (labels, labels[::-1], 0.3))
    ),
    "uint8 autoencoder": lambda folder: photos(folder, label_mode=None).map(
        lambda images: (tf.cast(images, tf.uint8),) * 2
    ),
    "one-hot masks": lambda folder: masks(folder).map(lambda images, masks: (images, tf.one_hot(masks[..., 0], 3))),
    "masks of classes": masked(2),
    "moved to around 0": of_images(lambda images: images / 255 - 0.5),
    "weights": with_third(lambda labels: tf.ones(tf.shape(labels))),
    "weights of classes": with_third(lambda labels: tf.where(labels == 0, 2, 1)),
    "weights of pixels": lambda folder: masks(folder).map(
        lambda images, masks: (images, masks, tf.ones_like(masks, tf.float32))
    ),
    "a dict of inputs": lambda folder: photos(folder).map(lambda images, labels: ({"photo": images}, labels)),
    "dicts of both": lambda folder: photos(folder).map(
        lambda images, labels: ({"size": labels, "photo": images}, {"a": labels, "b": labels})
    ),
    "a dict alone": lambda folder: photos(folder).map(lambda images, labels: {"photo": images}),
    "two images": lambda folder: photos(folder).map(lambda images, labels: ((images, images / 255), labels)),
    "mixed up": lambda folder: photos(folder, label_mode="categorical").map(
        lambda images, rows: (images * 0.7 + images[::-1] * 0.3, rows * 0.7 + rows[::-1] * 0.3)
    ),
    "bicubic": lambda folder: photos(folder, interpolation="bicubic"),
    "nearest": lambda folder: photos(folder, interpolation="nearest"),
    "cropped": lambda folder: photos(folder, crop_to_aspect_ratio=True),
    "padded": lambda folder: photos(folder, pad_to_aspect_ratio=True),
    "gray": lambda folder: photos(folder, color_mode="grayscale"),
    "other order of classes, mapped": lambda folder: photos(folder, class_names=["cat", "astronaut"]).map(
        lambda images, labels: (images, labels)
    ),
    "sorted and long": lambda folder: photos(folder, shuffle=False, batch_size=1),
    "other order of classes": lambda folder: photos(folder, class_names=["cat", "astronaut"]),
    "by hand": grouped_by_hand,
    "some are black": with_black_photos,
    "drop_remainder": lambda folder: photos(folder).rebatch(5, drop_remainder=True),
    "float16": of_images(lambda images: tf.cast(images / 255, tf.float16)),
    "bfloat16": of_images(lambda images: tf.cast(images / 255, tf.bfloat16)),
    "16 bits": of_images(lambda images: tf.cast(images * 257, tf.uint16)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_pipeline_has_no_fault(photo_folder, name):
    report = checkup.examine(RIGHT[name](photo_folder), photo_folder, most_batches=3 if "long" in name else 20)
    assert kinds(report, "fault") == set()
    assert kinds(report) <= {
        *("no labels", "new order each pass", "same order each pass", "sorted by class", "length unknown"),
        *(
            "few images in a class",
            "values out of range" if name == "bicubic" else "",
            "no channels" * ("gray" in name),
        ),
    }
    picture(report, RIGHT[name](photo_folder))


@hypothesis.settings(max_examples=25)
@hypothesis.given(data=st.data())
def test_no_right_pipeline_is_blamed(photo_folder, data):
    def choose(*values):
        return data.draw(st.sampled_from(values))

    scale = choose(
        lambda images: images,
        lambda images: images / 255,
        lambda images: images / 127.5 - 1,
        lambda images: tf.cast(images, tf.uint8),
        lambda images: tf.cast(tf.round(images), tf.uint8),
        lambda images: (images - tf.reduce_mean(images)) / tf.math.reduce_std(images),
        keras.layers.Rescaling(1 / 255),
    )
    label_mode = choose("int", "binary", "categorical", None)
    form = choose("as it is", "masks", "numbers", "dict", "weights") if label_mode else "as it is"
    batch_size = data.draw(st.integers(1, 8))

    def formed(images, *labels):
        images = scale(images)
        number = tf.shape(images)[0]
        if form == "masks":
            return images, tf.cast(images > 1, tf.int32)
        if form == "numbers":
            return images, tf.random.uniform((number, 1))
        if form == "dict":
            return {"photo": images, "when": tf.zeros((number, 2))}, *labels
        return (images, *labels, tf.ones((number,))) if form == "weights" else (images, *labels) if labels else images

    with data_format(choose("channels_last", "channels_first")):
        options = {"seed": data.draw(st.integers(0, 9)), "batch_size": batch_size, "label_mode": label_mode}
        parts = photos(
            photo_folder,
            shuffle=True,
            color_mode=choose("rgb", "grayscale"),
            validation_split=0.25,
            subset="both",
            **options,
        )
        if choose(True, False):
            flip = keras.layers.RandomFlip("horizontal")
            parts = [
                dataset.map(
                    lambda images, *labels: (
                        (flip(images, training=True), *labels) if labels else flip(images, training=True)
                    )
                )
                for dataset in parts
            ]
        parts = [dataset.map(formed) for dataset in parts]
        for change in (
            lambda dataset: dataset.cache(),
            lambda dataset: dataset.prefetch(1),
            lambda dataset: dataset.shuffle(3),
        ):
            if choose(True, False):
                parts = [change(dataset) for dataset in parts]
        if is_cut := choose(True, False):
            parts[0] = parts[0].rebatch(batch_size, drop_remainder=True)
        report = checkup.examine(
            parts[0], choose(photo_folder, None), other=parts[1], class_names=choose(None, ["a", "b"])
        )
        faults = [finding for finding in report.findings if finding.level == "fault"]
        may_be_one_class = is_cut and batch_size == 8  # the last four photos are dropped, whichever they are
        assert [finding for finding in faults if not (may_be_one_class and finding.kind == "one class only")] == []
        picture(report, parts[0])


# The lines


def picture(report: checkup.Report, dataset: tf.data.Dataset) -> np.ndarray:
    """What the lines hand to imshow, from 0 to 1, as Matplotlib takes it."""
    shown = []
    with mock.patch.object(plt, "imshow", lambda image, **options: shown.append((np.asarray(image), options))):
        exec(report.lines, {"tf": tf, "dataset": dataset})
    ((image, options),) = shown
    if image.ndim == 2:
        assert options["cmap"] == "gray"
        low, high = options.get("vmin", image.min()), options.get("vmax", image.max())
        return np.repeat((image.astype("float64") - low)[..., None] / ((high - low) or 1), 3, axis=-1)
    assert image.ndim == 3
    assert image.shape[-1] in (3, 4)
    if image.dtype.kind in "iu":
        return image / 255
    assert image.min() >= 0
    assert image.max() <= 1
    return image.astype("float64")


SCALES = {
    "0 to 255": lambda images: images,
    "uint8": lambda images: tf.cast(images, tf.uint8),
    "int32": lambda images: tf.cast(images, tf.int32),
    "0 to 1": lambda images: images / 255,
    "-1 to 1": lambda images: images / 127.5 - 1,
    "16 bits": lambda images: tf.cast(images * 257, tf.uint16),
    "divided twice": lambda images: images / 255 / 255,
    "standardised": lambda images: (images - 99) / 50,
}
FORMS = {
    "pairs": lambda images, labels: (images, labels),
    "alone": lambda images, labels: images,
    "a tuple of one": lambda images, labels: (images,),
    "dict": lambda images, labels: ({"photo": images, "number": labels}, labels),
    "dict alone": lambda images, labels: {"b": images},
    "two inputs": lambda images, labels: ((images, labels), labels),
    "weights": lambda images, labels: (images, labels, labels),
    "targets": lambda images, labels: (labels, images),
    "channels first": lambda images, labels: (tf.experimental.numpy.moveaxis(images, -1, -3), labels),
    "no channels": lambda images, labels: (images[..., 0], labels),
}
BATCHES = {"single": None, "batch": 4, "twice": 2}


SHOWN = {(form, "0 to 1", batch, "rgb") for form in FORMS for batch in BATCHES} - {
    ("no channels", "0 to 1", "single", "rgb"),  # two axes: they could be anything
    ("no channels", "0 to 1", "twice", "rgb"),  # four axes: a batch of images with channels
}
SHOWN |= {(form, scale, "batch", "grayscale") for form in ("pairs", "channels first") for scale in SCALES}
SHOWN |= {(form, scale, "batch", "rgb") for form in ("pairs", "channels first") for scale in SCALES}


@pytest.mark.parametrize(("form", "scale", "batch", "color_mode"), sorted(SHOWN))
def test_the_lines_show_the_first_image_rightly(photo_folder, color_mode, scale, form, batch):
    dataset = photos(photo_folder, shuffle=False, batch_size=BATCHES[batch], color_mode=color_mode)
    dataset = dataset.map(lambda images, labels: FORMS[form](SCALES[scale](images), labels))
    dataset = dataset.batch(2) if batch == "twice" else dataset
    expected = decode_image(list_images(photo_folder).paths[0], SIZE, color_mode=color_mode).numpy() / 255
    if form == "no channels":
        expected = expected[..., :1]
    shown = picture(checkup.examine(dataset, most_batches=9), dataset)
    if scale in ("16 bits", "divided twice", "standardised"):  # from the darkest to the brightest of this image
        expected = (expected - expected.min()) / (expected.max() - expected.min())
    np.testing.assert_allclose(shown, np.broadcast_to(expected, shown.shape), atol=0.006)


def test_the_lines_clip_what_imshow_would_not_take(photo_folder):
    dataset = photos(photo_folder, interpolation="bicubic", image_size=(300, 300))
    picture(checkup.examine(dataset), dataset)


# What the report says


def test_the_report_names_what_a_batch_is(photo_folder):
    report = checkup.examine(photos(photo_folder, shuffle=False), photo_folder)
    assert report.facts == {
        "images": "float32 of shape (4, 32, 40, 3), values from 0 to 255",
        "labels": "int32 of shape (4,), class numbers",
        "Length": "4 batches, 16 images",
        "Two passes": "the same order in both",
        "Loss to train with": "sparse_categorical_crossentropy",
        "Files": "16 of 16 images found again in the folder",
    }
    assert report.lines.splitlines()[1:] == ["images, labels = next(iter(dataset))", "plt.imshow(images[0] / 255)"]
    assert repr(report) == str(report)


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("int", "sparse_categorical_crossentropy"),
        ("categorical", "categorical_crossentropy"),
        ("binary", "binary_crossentropy"),
        ("none", None),
        ("regression", "mean_squared_error"),
        ("regression of rows", "mean_squared_error"),
        ("labels of a table", "binary_crossentropy"),
        ("masks", "binary_crossentropy"),
        ("autoencoder", "mean_squared_error"),
        ("images as targets", "mean_squared_error"),
        ("mixed up", "categorical_crossentropy"),
        ("positions as labels", None),
        ("uint8 autoencoder", "mean_squared_error"),
        ("one-hot masks", "categorical_crossentropy"),
        ("masks of classes", "sparse_categorical_crossentropy"),
        ("boxes", None),
    ],
)
def test_the_loss_fits_the_labels(photo_folder, name, loss):
    assert checkup.examine(RIGHT[name](photo_folder)).facts.get("Loss to train with") == loss


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest", "area", "bicubic"])
@pytest.mark.parametrize("options", [{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}])
def test_photos_are_recognised_as_the_loader_decodes_them(photo_folder, interpolation, options):
    if options and interpolation != "bilinear":
        options = {}
    dataset = photos(photo_folder, interpolation=interpolation, **options)
    report = checkup.examine(dataset, photo_folder)
    assert report.facts["Files"].startswith("16 of 16 images found again")


def test_a_broken_file_is_named(photo_folder):
    folder = broken(photo_folder)
    for dataset, place in [(photos(folder), None), (photos(folder).map(lambda images, labels: images), folder)]:
        (finding,) = [finding for finding in checkup.examine(dataset, place).findings if finding.level == "fault"]
        assert str(folder / "cat" / "zzz.jpg") in finding.text
        assert "\n" not in finding.text
    (finding,) = [
        finding
        for finding in checkup.examine(photos(folder).map(lambda images, labels: (images, labels))).findings
        if finding.level == "fault"
    ]
    assert "Pass the folder" in finding.text


def test_flips_are_no_new_order(photo_folder):
    """Some images come as before, at their places; the others cannot be told."""
    dataset = of_images(tf.image.random_flip_left_right, shuffle=False)(photo_folder)
    assert checkup.examine(dataset).facts["Two passes"] == "the same order in both"


def test_small_images_that_differ_in_a_pixel_are_no_copies():
    images = np.zeros((16, 16, 16, 3), "float32")
    images[np.arange(16), 5, np.arange(16), 0] = 255
    report = checkup.examine(tf.data.Dataset.from_tensor_slices(images).shuffle(16).batch(4))
    assert kinds(report) == {"no labels", "new order each pass"}


def test_misfits_are_counted(photo_folder):
    report = checkup.examine(with_labels(np.r_[[1], [0] * 7, [1] * 8])(photo_folder), photo_folder)
    (finding,) = [finding for finding in report.findings if finding.level == "fault"]
    assert "in 1 of 16 photos" in finding.text


def test_changed_pixels_are_not_guessed_at(photo_folder):
    dataset = with_labels(MIXED)(photo_folder).map(
        lambda images, labels: (tf.image.adjust_gamma(images / 255, 2), labels)
    )
    report = checkup.examine(dataset, photo_folder, other=photos(photo_folder, image_size=(8, 8)))
    assert report.facts["Files"].startswith("no image found again in the folder (changed pixels")
    assert "not compared" in report.facts["The other dataset"]
    assert kinds(report, "fault") == set()


def test_a_split_without_a_leak_says_so(photo_folder):
    parts = photos(photo_folder, validation_split=0.25, subset="both", seed=1)
    report = checkup.examine(parts[0], other=parts[1])
    assert report.facts["The other dataset"] == "no image is in both (12 and 4 compared)"
    assert "The other dataset" not in checkup.examine(parts[0], other=parts[0]).facts  # it is a finding


def test_neighbours_in_a_film_are_no_leak():
    """A camera that stands still: all images are of one scene, and only the noise differs."""
    rng = np.random.default_rng(0)
    scene = rng.integers(0, 200, (1, 64, 64, 3))
    images = np.clip(scene + rng.normal(0, 5, (40, 64, 64, 3)), 0, 255).astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices(images).batch(10)
    assert kinds(checkup.examine(dataset.take(3), other=dataset.skip(3)), "fault") == set()
    assert kinds(checkup.examine(dataset.take(3), other=dataset.skip(2)), "fault") == {"leak"}


def test_of_many_files_some_are_decoded_and_labels_still_fit(photo_folder, monkeypatch):
    monkeypatch.setattr(recognise, "_MOST_FILES", 5)
    report = checkup.examine(photos(photo_folder), photo_folder)
    assert report.facts["Files"] == "4 of 16 images found again in the folder"
    assert kinds(report, "fault") == set()


def test_labels_are_not_blamed_where_they_are_of_your_own(photo_folder):
    ours = photos(photo_folder, labels=[0, 1, 2, 2] * 4, label_mode="int")
    assert kinds(checkup.examine(ours, photo_folder), "fault") == set()
    assert kinds(checkup.examine(ours, class_names=["a", "b"]), "fault") == {"labels out of range"}


def test_a_long_sorted_folder_is_not_one_class_only(photo_folder):
    report = checkup.examine(photos(photo_folder, shuffle=False), most_batches=2)
    assert kinds(report) == {"sorted by class"}
    assert report.facts["Length"] == "4 batches; looked at the first 2 batches, 8 images"


def test_the_table_has_all_rows_and_links_and_no_colours(photo_folder):
    dataset = photos(photo_folder, batch_size=None).map(lambda image, label: ({"<photo>": image}, label))
    report = checkup.examine(dataset, photo_folder)
    page = report._repr_html_()
    assert "&lt;photo&gt;" in page
    assert "<photo>" not in page
    assert "color" not in page
    for finding in report.findings:
        assert f'href="{finding.see}"' in page
    assert "No trap found." in checkup.Report({}, "", [])._repr_html_()
    assert str(checkup.Report({}, "", [])) == "No trap found."


# Bounds, and what stays as it is


def test_no_more_is_read_than_asked_for():
    read = Counter()

    def generate():
        while True:
            read["batches"] += 1
            yield np.full((2, 8, 8, 3), read["batches"] % 200, "float32")

    dataset = tf.data.Dataset.from_generator(generate, output_signature=tf.TensorSpec((None, 8, 8, 3)))
    options = tf.data.Options()
    options.experimental_optimization.inject_prefetch = False
    report = checkup.examine(dataset.with_options(options), most_batches=15)
    assert read["batches"] == 15 + 8  # of a second pass
    assert report.facts["Length"].startswith("not known; looked at the first 15 batches")


@pytest.mark.parametrize("most_batches", [2, 4, 20])
@pytest.mark.parametrize("in_file", [True, False])
def test_a_cache_is_never_cut_short(photo_folder, tmp_path, most_batches, in_file):
    dataset = photos(photo_folder).cache(str(tmp_path / "cache") if in_file else "")
    checkup.examine(dataset, most_batches=most_batches)
    assert sum(len(labels) for _, labels in dataset) == 16


def test_nothing_is_changed(photo_folder):
    before = state(photo_folder)

    def drawn(between) -> tuple:
        keras.utils.set_random_seed(1)
        tf.random.get_global_generator().reset_from_seed(1)
        dataset = photos(photo_folder, shuffle=False).map(lambda images, labels: (images[..., ::-1], labels))
        between(dataset)
        return (
            random.random(),
            np.random.rand(),
            float(tf.random.uniform(())),
            float(tf.random.get_global_generator().uniform(())),
            float(keras.random.uniform(())),
            next(iter(photos(photo_folder)))[1].numpy().tolist(),
        )

    examine = functools.partial(checkup.examine, folder=photo_folder)
    assert drawn(lambda dataset: examine(dataset, other=dataset)) == drawn(lambda dataset: None)
    assert state(photo_folder) == before


# Bad input


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not NoneType.*image_dataset_from_directory"),
        ("photos", "not str.*image_dataset_from_directory"),
        (Path("photos"), "not PosixPath.*image_dataset_from_directory|not WindowsPath"),
        ([1, 2], "not list"),
        (np.zeros((2, 8, 8, 3)), "not ndarray.*from_tensor_slices"),
        (tf.zeros((2, 8, 8, 3)), "not EagerTensor.*from_tensor_slices"),
        ([tf.data.Dataset.range(2)] * 2, r"not list.*examine\(parts\[0\], other=parts\[1\]\)"),
        (iter(tf.data.Dataset.range(2)), "not OwnedIterator"),
        (keras.utils.PyDataset(), "not PyDataset"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_dataset_is_refused(value, words):
    with pytest.raises(TypeError, match=f"examine needs a tf.data.Dataset, {words}"):
        checkup.examine(value)
    if value is not None:  # which is no second dataset
        with pytest.raises(TypeError, match=f"examine needs a tf.data.Dataset, {words}"):
            checkup.examine(tf.data.Dataset.from_tensors(tf.zeros((2, 8, 8, 3))), other=value)


def test_a_grain_dataset_is_refused():
    dataset = type("BatchIterDataset", (), {"__module__": "grain.python"})()  # grain need not be installed
    with pytest.raises(TypeError, match="needs a tf.data.Dataset, not BatchIterDataset. Load with format"):
        checkup.examine(dataset)


RAGGED = tf.ragged.constant([[[1.0]], [[1.0], [2.0]]])


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        (tf.data.Dataset.from_tensor_slices(["a.jpg"]), "string of shape.*decode_image"),
        (tf.data.Dataset.range(3), "int64 of shape"),
        (tf.data.Dataset.from_tensor_slices((tf.zeros((3, 5)), tf.zeros(3))).batch(2), "float32 of shape"),
        (tf.data.Dataset.from_tensors(RAGGED), "an element is described by RaggedTensorSpec.*padded_batch"),
        (tf.data.Dataset.from_tensors((RAGGED, 1)), r"its part \[0\] is described by RaggedTensorSpec"),
        (tf.data.Dataset.from_tensors(tf.sparse.eye(3)), "SparseTensorSpec"),
        (tf.data.Dataset.range(3).window(2), "DatasetSpec"),
        (tf.data.Dataset.from_tensors((tf.zeros((2, 6, 8, 8, 3)), [1, 2])), "videos"),
        (
            tf.data.Dataset.range(3).map(lambda number: tf.numpy_function(lambda n: n, [number], tf.int64)),
            r"int64 of shape \(\)",
        ),
    ],
    ids=str,
)
def test_what_holds_no_images_is_refused(dataset, words):
    with pytest.raises(ValueError, match=f"^examine needs.*{words}"):
        checkup.examine(dataset)


def test_other_bad_arguments(photo_folder, tmp_path):
    dataset = photos(photo_folder)
    with pytest.raises(ValueError, match="most_batches must be a whole number above 0, not 0"):
        checkup.examine(dataset, most_batches=0)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        checkup.examine(dataset, tmp_path / "none")
    with pytest.raises(ValueError, match="There is no image"):
        checkup.examine(dataset, tmp_path)


def test_a_folder_without_classes_serves_to_recognise(photo_folder):
    folder = photo_folder / "cat"
    report = checkup.examine(photos(folder, labels=None), folder)
    assert report.facts["Files"].startswith("8 of 8")
    assert kinds(report, "fault") == set()


def test_an_image_that_may_be_two_files_is_not_blamed(tmp_path):
    """Copies in two class folders: either label can be right."""
    for name in "ab":
        (tmp_path / name).mkdir()
        for number in range(4):
            pixels = np.random.default_rng(number).integers(0, 256, (40, 40, 3), "uint8")
            Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    report = checkup.examine(load(tmp_path, image_size=(20, 20)), os.fspath(tmp_path))
    assert kinds(report) == {"photos twice", "new order each pass", "few images in a class"}
