"""Answers to the exercises of 06_your_own_labels."""

from pathlib import Path

from helpers import access

import tensorflow as tf
import cv2
import numpy as np
import pandas as pd

from tests.material import load

from_slices = tf.data.Dataset.from_tensor_slices


def decoded(path, channels=3):
    return tf.io.decode_image(tf.io.read_file(path), channels, expand_animations=False)


def small(path):
    return tf.image.resize(decoded(path), (32, 32))


def by_rows(folder, csv, read=small, as_path=str):
    """As the solution: one path for each row of the table."""
    table = pd.read_csv(csv)
    paths = [as_path(Path(folder, name)) for name in table.file]
    return from_slices((paths, table.price)).map(lambda path, price: (read(path), price)).batch(32)


def without_paths(images, prices, paths):
    return images, prices


def by_image_dataset(folder, csv, **options):
    table = pd.read_csv(csv)
    paths = [Path(folder, name) for name in table.file]
    return access.image_dataset(paths, table.price, **{"image_size": (32, 32), **options}).map(without_paths)


def by_loader(folder, csv):
    """The labels of the loader, for a folder into which only the photos with a price are copied."""
    table = pd.read_csv(csv).sort_values("file")
    target = Path(folder, "with_price", "all")
    target.mkdir(parents=True)
    for name in table.file:
        (target / name).write_bytes(Path(folder, name).read_bytes())
    return load(target, labels=table.price.tolist(), image_size=(32, 32), shuffle=False).cache()


def from_files(folder, csv):
    """The wrong way round: a pair for each file, also where the table has no row."""
    names = pd.DataFrame({"file": sorted(path.name for path in Path(folder).glob("*.png"))})
    table = names.merge(pd.read_csv(csv), how="left").fillna(0)
    return from_slices(([f"{folder}/{name}" for name in table.file], table.price)).map(with_small).batch(32)


def with_small(path, price):
    return small(path), price


def of_other_rows(folder, csv):
    names = pd.read_csv(csv).file.sort_values()
    paths = [str(Path(folder, name)) for name in names]
    return from_slices((paths, pd.read_csv(csv).price)).map(with_small).batch(32)


def batch_before_map(folder, csv):
    table = pd.read_csv(csv)
    paths = [str(Path(folder, name)) for name in table.file]
    return from_slices((paths, table.price)).batch(32).map(with_small)


def one_photo_again(folder, csv):
    return by_rows(folder, csv).unbatch().take(1).repeat(35).batch(32)


def by_opencv(folder, csv, code=None):
    table = pd.read_csv(csv)
    images = [cv2.resize(cv2.imread(str(Path(folder, name))), (32, 32)) for name in table.file]
    images = images if code is None else [cv2.cvtColor(image, code) for image in images]
    return from_slices((np.array(images), table.price)).batch(32)


def mask_of(path):
    return path.with_name(path.name.removesuffix(".jpg") + "_mask.png")


def by_names(photo_dir, mask_dir):
    """Pairs of paths: a photo and its own mask."""
    masks = sorted(Path(mask_dir).iterdir())
    return [(Path(photo_dir, mask.name.removesuffix("_mask.png") + ".jpg"), mask) for mask in masks]


def by_prefix(photo_dir, mask_dir):
    photos = sorted(Path(photo_dir).iterdir())
    return [
        (photo, mask)
        for mask in sorted(Path(mask_dir).iterdir())
        for photo in photos
        if mask.name.startswith(photo.stem)
    ]


def first_by_prefix(photo_dir, mask_dir):
    found = {mask: photo for photo, mask in reversed(by_prefix(photo_dir, mask_dir))}
    return [(photo, mask) for mask, photo in found.items()]


def none_by_name(photo_dir, mask_dir):
    names = {photo.name for photo in Path(photo_dir).iterdir()}
    return [(Path(photo_dir, mask.name), mask) for mask in Path(mask_dir).iterdir() if mask.name in names]


def squashed(image, method="bilinear"):
    return tf.image.resize(image, (32, 32), method)


def padded(image, method="bilinear"):
    return tf.image.resize_with_pad(image, 32, 32, method)


def cut(image, method=None):
    return tf.image.resize_with_crop_or_pad(image, 32, 32)


def read_pairs(photo_dir, mask_dir, match=by_names, photo=squashed, mask=squashed, method="nearest", as_path=str):
    paths = match(photo_dir, mask_dir)
    columns = [as_path(path) for path, _ in paths], [as_path(path) for _, path in paths]
    dataset = from_slices(columns)
    return dataset.map(lambda one, other: (photo(decoded(one)), mask(decoded(other, 1), method))).batch(32)


def by_image_datasets(photo_dir, mask_dir, **options):
    photos, masks = zip(*by_names(photo_dir, mask_dir), strict=True)
    options = {"image_size": (32, 32), **options}
    first = access.image_dataset(photos, **options)
    second = access.image_dataset(masks, color_mode="grayscale", interpolation="nearest", **options)
    return tf.data.Dataset.zip(first, second).map(lambda photo, mask: (photo[0], mask[0]))


def zipped(photo_dir, mask_dir, method="nearest", **options):
    options = {"labels": None, "image_size": (32, 32), **options}
    masks = load(mask_dir, color_mode="grayscale", interpolation=method, **options)
    return tf.data.Dataset.zip(load(photo_dir, **options), masks)


def copied(photo_dir, mask_dir, **options):
    """The photos that have a mask in a folder of their own, in which the names sort as those of the masks do."""
    target = Path(mask_dir, "photos")
    target.mkdir()
    masks = sorted(Path(mask_dir).glob("*.png"))
    for mask in masks:
        photo = Path(photo_dir, mask.name.removesuffix("_mask.png") + ".jpg")
        (target / mask.name).write_bytes(photo.read_bytes())
    photos = load(target, labels=None, image_size=(32, 32), shuffle=False, **options)
    others = access.image_dataset(
        masks, image_size=(32, 32), color_mode="grayscale", interpolation="nearest", **options
    )
    return tf.data.Dataset.zip(photos, others.map(lambda images, paths: images)).cache()


def flipped_alone(function, folders):
    """Photos that are flipped without their masks."""
    return read_pairs(*folders).map(lambda photos, masks: (function(photos), masks))


def with_empty_masks(photo_dir, mask_dir):
    photos = sorted(Path(photo_dir).iterdir())
    masks = [
        squashed(decoded(str(path), 1), "nearest").numpy() if path.exists() else np.zeros((32, 32, 1), np.uint8)
        for path in (Path(mask_dir, mask_of(photo).name) for photo in photos)
    ]
    return from_slices(([str(photo) for photo in photos], masks)).map(with_small).batch(32)


RIGHT = {
    "check_priced": [
        by_rows,
        by_image_dataset,
        by_loader,
        lambda folder, csv: by_rows(Path(folder), Path(csv)).rebatch(7),
        lambda folder, csv: by_rows(folder, csv, read=lambda path: tf.image.resize_with_pad(decoded(path), 32, 32)),
        lambda folder, csv: by_image_dataset(folder, csv, pad_to_aspect_ratio=True),
        lambda folder, csv: by_image_dataset(folder, csv, crop_to_aspect_ratio=True, shuffle=True),
        lambda folder, csv: by_image_dataset(folder, csv, interpolation="lanczos5"),
        lambda folder, csv: by_opencv(folder, csv, cv2.COLOR_BGR2RGB),
    ],
    "check_pairs": [
        read_pairs,
        by_image_datasets,
        copied,
        lambda photo_dir, mask_dir: read_pairs(Path(photo_dir), Path(mask_dir)).shuffle(2),
        lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, photo=padded, mask=padded),
        lambda photo_dir, mask_dir: by_image_datasets(photo_dir, mask_dir, pad_to_aspect_ratio=True),
        lambda photo_dir, mask_dir: by_image_datasets(photo_dir, mask_dir, crop_to_aspect_ratio=True),
        lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).map(
            lambda photo, mask: (photo[:, :, ::-1], tf.cast(mask, tf.int64)[:, :, ::-1])
        ),
    ],
}
WRONG = {
    "check_priced": [
        (lambda folder, csv: load(folder, labels=pd.read_csv(csv).price.tolist()), "Expected the lengths"),
        (from_files, "the folder 40 photos; you have 40 pairs. Go from the rows"),
        (of_other_rows, "belong to other photos"),
        (one_photo_again, "you have 35 pairs. Some rows appear several times"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda i, p: (i, tf.cast(p, tf.int32))), "are whole numbers"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda i, p: (i, tf.round(p))), "are whole numbers"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda images, prices: images), "one TensorSpec"),
        (
            lambda folder, csv: by_rows(folder, csv).unbatch(),
            "the first element has the shape (32, 32, 3): batch is missing",
        ),
        (lambda folder, csv: by_image_dataset(folder, csv, image_size=(64, 64)), "32 by 32 pixels"),
        (lambda folder, csv: by_image_dataset(folder, csv, color_mode="grayscale"), "1 channels instead of 3"),
        (lambda folder, csv: by_rows(folder, csv).take(1), "you have 32 pairs. Keep them all"),
        (lambda folder, csv: by_rows(folder, csv).filter(lambda images, prices: False), "The dataset is empty"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda i, p: (i, p[:, None])), "yours have (32, 1)"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda i, p: (i / 255, p)), "between 0 and 1"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda i, p: (i / 127.5 - 1, p)), "between -1 and 1"),
        (lambda folder, csv: by_rows(folder, csv).map(lambda i, p: (i - 120, p)), "between -120 and 135"),
        (lambda folder, csv: next(iter(by_rows(folder, csv))), "This should be a dataset"),
        (lambda folder, csv: by_rows(folder, csv).repeat(), "This never ends"),
        (by_opencv, "Red and blue are swapped"),
        (lambda folder, csv: by_rows(folder, csv, lambda p: tf.image.random_crop(decoded(p), (32, 32, 3))), "cropped"),
        (lambda folder, csv: by_rows(folder, csv, read=lambda path: cut(decoded(path))), "The photos were cropped"),
        (batch_before_map, "map first, then batch"),
        (lambda folder, csv: by_rows(folder, csv, as_path=Path), "TensorFlow does not accept a Path: write str(path)"),
        (lambda folder, csv: [folder / file for file in pd.read_csv(csv).file], "Path(folder, name)"),
        (lambda folder, csv: [0.5], "This should be a dataset; it is a list"),
    ],
    "check_pairs": [
        (lambda photo_dir, mask_dir: zipped(photo_dir, mask_dir, shuffle=False), "pair by name"),
        (lambda photo_dir, mask_dir: zipped(photo_dir, mask_dir, seed=1), "pair by name"),
        (
            lambda photo_dir, mask_dir: zipped(photo_dir, mask_dir, shuffle=False, batch_size=None).batch(8),
            "every photo after it gets",
        ),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, by_prefix), "compare whole names"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, first_by_prefix), "compare whole names"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, none_by_name), "Your list of paths is empty"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, as_path=Path), "write str(path)"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, method="bilinear"), "Use the method nearest"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, mask=cut), "The masks were cropped"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, photo=cut), "The photos were cropped"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir, photo=padded), "do not line up"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).map(lambda i, m: (i / 255, m)), "between 0 and 1"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).map(lambda i, m: (i, m / 255)), "class numbers"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).map(lambda i, m: (i[..., ::-1], m)), "Red and"),
        (with_empty_masks, "38 photos have a mask; you have 40 pairs: leave out photos without one"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).unbatch(), "images (batch, 32, 32, 3)"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).map(lambda i, m: (i, m[..., 0])), "masks (batch,"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).take(1), "you have 32 pairs"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).repeat(2), "you have 76 pairs"),
        (
            lambda *folders: read_pairs(*folders).unbatch().take(1).repeat(38).batch(32),
            "you have 38 pairs, and some appear several times",
        ),
        (lambda *folders: flipped_alone(tf.image.flip_left_right, folders), "do not line up"),
        (lambda *folders: flipped_alone(tf.image.flip_up_down, folders), "do not line up"),
        (lambda *folders: flipped_alone(tf.image.random_flip_left_right, folders), "do not line up"),
        (lambda *folders: flipped_alone(lambda photos: tf.image.rot90(photos, 2), folders), "do not line up"),
        (lambda photo_dir, mask_dir: load(photo_dir, labels=None), "one TensorSpec"),
        (lambda photo_dir, mask_dir: read_pairs(photo_dir, mask_dir).take(0), "The dataset is empty"),
    ],
}
