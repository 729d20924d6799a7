"""Answers to the exercises of 06_odd_and_broken_files."""

import os
import tempfile
from pathlib import Path

from helpers import access, bad_images, files

import tensorflow as tf
import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps

from tests.material import PNG, load

from_slices = tf.data.Dataset.from_tensor_slices


def by_decoding(paths, decode=None):
    decode = decode or (lambda path: tf.io.decode_image(tf.io.read_file(path), channels=3))
    broken = []
    for path in paths:
        try:
            decode(path)
        except (tf.errors.OpError, OSError, SyntaxError):
            broken.append(path)
    return broken


def by_loader(paths):
    """Each file alone in a folder."""

    def loads(path):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, Path(path).name).write_bytes(Path(path).read_bytes())
            list(load(folder, labels=None))

    return by_decoding(paths, loads)


def by_missing(paths):
    def pair(path):
        return tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False), path

    good = from_slices(paths).map(pair).ignore_errors()
    names = {path.decode() for _, path in good.as_numpy_iterator()}
    return (path for path in paths if path not in names)


def and_deleted(paths):
    broken = by_decoding(paths)
    for path in broken:
        os.remove(path)
    return broken


def and_overwritten(paths):
    broken = by_decoding(paths)
    for path in broken:
        Path(path).write_bytes(PNG)
    return broken


def first_one(paths):
    for path in paths:
        if by_decoding([path]):
            return path
    return None


def with_paths(directory, batch_size=None, size=32, shuffle=False):
    dataset = load(directory, labels=None, shuffle=shuffle, batch_size=batch_size, image_size=(size, size))
    return dataset, from_slices(dataset.file_paths)


def intact(directory, **options):
    return tf.data.Dataset.zip(*with_paths(directory, **options)).ignore_errors().batch(8)


def by_decoder(directory, resize=lambda image: tf.image.resize(image, (32, 32)), paths=None):
    """All files of the folder, whatever they are; what cannot be decoded is skipped."""
    paths = paths or [str(path) for path in sorted(Path(directory).iterdir())]

    def read(path):
        return resize(tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)), path

    return from_slices(paths).map(read).ignore_errors().batch(8)


def by_image_dataset(directory):
    paths = [path for path in files.list_images(directory, labels=None).paths if path not in by_decoding([path])]
    return access.image_dataset(paths, image_size=(32, 32), batch_size=8, shuffle=True)


def padded(directory):
    return by_decoder(directory, lambda image: tf.image.resize_with_pad(image, 32, 32))


def batched_first(directory, batch_size=8):
    images, paths = with_paths(directory, batch_size=batch_size)
    return tf.data.Dataset.zip(images, paths.batch(batch_size)).ignore_errors()


def skipped_first(directory):
    images, paths = with_paths(directory)
    return tf.data.Dataset.zip(images.ignore_errors(), paths).batch(8)


def all_files(directory):
    """Beside the images not the paths of the loader, but all files, of which one is no image."""
    images, _ = with_paths(directory)
    paths = from_slices(sorted(str(path) for path in Path(directory).iterdir()))
    return tf.data.Dataset.zip(images, paths).ignore_errors().batch(8)


def deleted(directory):
    for path in by_decoding([str(path) for path in Path(directory).iterdir()]):
        os.remove(path)
    return intact(directory)


def overwritten(directory):
    for path in by_decoding(files.list_images(directory, labels=None).paths):
        Path(path).write_bytes(b"")
    return intact(directory)


def with_names_alone(directory):
    images, paths = with_paths(directory)
    names = paths.map(lambda path: tf.strings.split(path, os.sep)[-1])
    return tf.data.Dataset.zip(images, names).ignore_errors().batch(8)


def with_a_new_folder(directory):
    Path(directory, "broken").mkdir()
    return intact(directory)


def repaired(path, turn=ImageOps.exif_transpose, background="white", only=None):
    image = turn(Image.open(path))
    image = image.convert("RGB" if only and image.mode != only else "RGBA").convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", image.size, background), image).convert("RGB"))


def pasted(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return np.array(white)


def by_arithmetic(path):
    pixels = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGBA"), float)
    alpha = pixels[..., 3:] / 255
    return np.round(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype("uint8")


def yes_or_no(path):
    """Takes alpha for yes or no."""
    pixels = np.array(ImageOps.exif_transpose(Image.open(path)).convert("RGBA"))
    pixels[pixels[..., 3] < 128] = 255
    return pixels[..., :3]


kept = {}


def remembered(path):
    """A path that was seen is not read again."""
    return kept.setdefault(path, repaired(path))


def two_tones(path):
    """Of a gray image, black and white are left."""
    pixels = repaired(path)
    is_gray = Image.open(path).mode == "L"
    return np.where(pixels < 128, 0, 255).astype("uint8") if is_gray else pixels


def turned_clockwise(image):
    return image.rotate(-90, expand=True) if image.getexif().get(ExifTags.Base.Orientation, 1) != 1 else image


def in_place(path):
    pixels = repaired(path)
    Image.fromarray(pixels).save(path)
    return pixels


def turned_only(image):
    """Without the four that are mirrored."""
    degrees = {3: 180, 6: -90, 8: 90}.get(image.getexif().get(ExifTags.Base.Orientation, 1), 0)
    return image.rotate(degrees, expand=True)


RIGHT = {
    "check_broken_files": [
        by_decoding,
        by_missing,
        by_loader,
        lambda paths: {problem.path for problem in bad_images.find_bad_images(paths) if problem.kind == "broken"},
        lambda paths: tuple(map(Path, by_decoding(paths))),
        lambda paths: np.array(by_decoding(paths)),
    ],
    "check_intact": [
        intact,
        by_image_dataset,
        by_decoder,
        padded,
        lambda directory: by_decoder(directory, lambda image: tf.image.resize(image, (32, 32), "bicubic")),
        lambda directory: intact(Path(directory)).cache().prefetch(1),
    ],
    "check_repaired": [
        repaired,
        pasted,
        by_arithmetic,
        remembered,
        lambda path: repaired(path)[:, ::-1][:, ::-1],
    ],
}
WRONG = {
    "check_broken_files": [
        (lambda paths: by_decoding(paths, lambda path: Image.open(path).verify()), "which verify and imread let pass"),
        (lambda paths: by_decoding(paths, lambda path: Image.open(path).load()), "a TIFF with a wrong name"),
        (lambda paths: [path for path in paths if cv2.imread(path) is None], "which verify and imread let pass"),
        (lambda paths: [path for path in paths if not os.path.getsize(path)], "a JPEG that lacks its last two bytes"),
        (lambda paths: by_decoding(paths)[:1], "5 of 6 broken files are missing"),
        (lambda paths: [], "6 of 6 broken files are missing: an empty file."),
        (lambda paths: [Path(path).name for path in by_decoding(paths)], "this is none of them: 2.jpg"),
        (lambda paths: [path in by_decoding(paths) for path in paths], "as they were given; this is a bool"),
        (lambda paths: from_slices(by_decoding(paths)), "A list is wanted, this is a dataset"),
        (
            lambda paths: by_decoding(
                paths, lambda path: tf.io.decode_jpeg(tf.io.read_file(path), try_recover_truncated=True)
            ),
            "JPEG that lacks",
        ),
        (lambda paths: [path for path in paths if "jpg" in path], "3.jpg can be decoded"),
        (lambda paths: [problem.path for problem in bad_images.find_bad_images(paths)], "odd is not broken"),
        (lambda paths: by_decoding(paths, lambda path: tf.io.decode_image(tf.io.read_file(path))), "a WebP with"),
        (lambda paths: by_decoding(paths) * 2, "there twice"),
        (lambda paths: [path for path in paths if path not in by_decoding(paths)], "1.png can be decoded"),
        (and_deleted, "Files are gone from the folder. Only list what is broken"),
        (and_overwritten, "Files were written in the folder"),
        (lambda paths: dict.fromkeys(by_decoding(paths), "broken"), "this is a dict"),
        (first_one, "A list is wanted, this is a str"),
        (lambda paths: len(by_decoding(paths)), "A list is wanted, this is an int"),
        (lambda paths: [paths.remove(path) or path for path in by_decoding(paths)], "has changed"),
        (lambda paths: by_decoding(map(Path, paths)), "write str(path)"),
    ],
    "check_intact": [
        (batched_first, "good neighbours went with them"),
        (lambda directory: batched_first(directory, batch_size=32), "you have 0: good neighbours"),
        (skipped_first, "pair before you skip"),
        (all_files, "Some paths belong to other images"),
        (deleted, "Files are gone from the folder"),
        (overwritten, "Files were written in the folder"),
        (with_names_alone, "Whole paths are wanted, with the folder, as in file_paths; one of yours is a0.png"),
        (with_a_new_folder, "Files were written in the folder"),
        (lambda directory: intact(directory).map(lambda images, paths: images), "one TensorSpec"),
        (lambda directory: intact(directory).unbatch(), "the first element is (32, 32, 3)"),
        (lambda directory: intact(directory).rebatch(4), "The first batch has 4 images"),
        (lambda directory: intact(directory).take(1).concatenate(intact(directory).skip(1).rebatch(4)), "[8, 4, 4, 1]"),
        (lambda directory: intact(directory, size=64), "32 by 32 pixels"),
        (lambda directory: intact(directory, shuffle=True), "Some paths belong to other images"),
        (lambda directory: tf.data.Dataset.zip(*with_paths(directory)).batch(8), "still stops the dataset"),
        (lambda directory: intact(directory).concatenate(intact(directory)), "some are there twice"),
        (lambda directory: intact(directory).rebatch(8, drop_remainder=True), "a short last batch"),
        (lambda directory: intact(directory).map(lambda images, paths: (images / 255, paths)), "between 0 and 1"),
        (lambda directory: intact(directory).map(lambda images, paths: (images[..., ::-1], paths)), "Red and blue"),
        (lambda directory: by_decoder(directory, lambda i: tf.image.random_crop(i, (32, 32, 3))), "photos were cut"),
        (lambda directory: intact(directory).enumerate().map(lambda n, pair: (pair[0], [n] * 8)), "text; these are"),
        (lambda directory: intact(directory).repeat(), "This never ends"),
        (lambda directory: load(directory, image_size=(32, 32)), "the loader needs labels=None"),
        (lambda directory: list(intact(directory)), "A dataset is wanted, this is a list"),
    ],
    "check_repaired": [
        (lambda path: tf.constant(repaired(path)), "still a tensor"),
        (lambda path: np.asarray(Image.open(path).convert("RGB")), "EXIF orientation 6; it should be (40, 30, 3)"),
        (lambda path: repaired(path, turned_clockwise), "orientation 8: the shape is right"),
        (lambda path: repaired(path, turned_only), "orientation 2: the shape is right"),
        (
            lambda path: np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")),
            "RGBA: what is transparent",
        ),
        (lambda path: np.asarray(ImageOps.exif_transpose(Image.open(path))), "RGBA: it should be (30, 40, 3)"),
        (lambda path: repaired(path, background="black"), "RGBA: what is transparent should be blended with white"),
        (in_place, "Files were written in the folder"),
        (two_tones, "gray: the pixels are not those of the file"),
        (lambda path: repaired(path)[..., :1] if "gray.png" in path else repaired(path), "gray: it should be"),
        (yes_or_no, "RGBA: what is transparent should be blended with white"),
        (lambda path: repaired(path, only="RGBA"), "gray with alpha: what is transparent"),
        (lambda path: repaired(path).astype("float32"), "ndarray of float32"),
        (lambda path: Image.fromarray(repaired(path)), "a Pillow image: np.array makes one of it"),
        (lambda path: repaired(path).tolist(), "An array is wanted, this is a list"),
        (lambda path: tf.io.decode_image(tf.io.read_file(path), channels=3).numpy(), "EXIF orientation 6"),
        (lambda path: cv2.imread(path), "Red and blue have changed places"),
    ],
}
