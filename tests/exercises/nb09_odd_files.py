"""Answers to the exercises of 09_odd_files."""

from pathlib import Path

import tensorflow as tf
import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps


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


def turned(paths, is_turned=lambda mark: mark in range(2, 9)):
    return [path for path in paths if is_turned(Image.open(path).getexif().get(ExifTags.Base.Orientation))]


def by_transposing(paths):
    """The tag is gone from what exif_transpose gives, and without a tag it gives the same."""
    return (path for path in paths if ImageOps.exif_transpose(Image.open(path)).getexif() != Image.open(path).getexif())


def metres(path, read=lambda path: tf.io.decode_png(tf.io.read_file(path), dtype=tf.uint16)):
    return tf.cast(read(path), tf.float32) / 1000


def by_pillow(path):
    return (np.asarray(Image.open(path)) / 1000)[..., None].astype("float32")


def by_opencv(path):
    return (cv2.imread(path, cv2.IMREAD_UNCHANGED)[..., None] / 1000).astype("float32")


RIGHT = {
    "check_turned": [
        turned,
        by_transposing,
        lambda paths: {Path(path) for path in turned(paths)},
    ],
    "check_metres": [
        metres,
        by_pillow,
        by_opencv,
        lambda path: (
            tf.image.convert_image_dtype(tf.io.decode_png(tf.io.read_file(path), dtype=tf.uint16), tf.float32) * 65.535
        ),
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
    "check_turned": [
        (lambda paths: turned(paths, lambda mark: mark != 1), "A photo without a mark is upright"),
        (lambda paths: [path for path in paths if Image.open(path).getexif()[274] != 1], "get(key, 1) gives a default"),
        (lambda paths: turned(paths, lambda mark: mark == 8), "yours has 1 paths"),
        (lambda paths: [], "yours has 0 paths"),
        (lambda paths: [Path(path).name for path in turned(paths)], "exactly as passed in; this is a str"),
        (lambda paths: turned(paths) * 2, "appear twice"),
        (lambda paths: len(turned(paths)), "This should be a list; it is an int"),
        (lambda paths: [Image.open(path).save(path) for path in paths], "Your answer writes files to the folder"),
    ],
    "check_metres": [
        (lambda path: np.asarray(Image.open(path)), "The values should be float32; they are uint16"),
        (lambda path: by_pillow(path)[..., 0], "it is (30, 40)"),
        (lambda path: Image.open(path), "it is a Pillow image"),
        (lambda path: metres(path, lambda path: tf.io.decode_image(tf.io.read_file(path), 3)), "it is (30, 40, 3)"),
        (lambda path: metres(path, lambda path: tf.io.decode_image(tf.io.read_file(path), 1)), "upper 8 bits"),
        (lambda path: metres(path) + 1, "The values differ"),
        (lambda path: cv2.imwrite(path, by_opencv(path)) and metres(path), "Your answer writes files"),
    ],
    "check_repaired": [
        (lambda path: tf.constant(repaired(path)), "still a tensor"),
        (lambda path: np.asarray(Image.open(path).convert("RGB")), "EXIF orientation 6; it should be (40, 30, 3)"),
        (lambda path: repaired(path, turned_clockwise), "orientation 8: the shape is right"),
        (lambda path: repaired(path, turned_only), "orientation 2: the shape is right"),
        (
            lambda path: np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")),
            "RGBA: transparent areas",
        ),
        (lambda path: np.asarray(ImageOps.exif_transpose(Image.open(path))), "RGBA: it should be (30, 40, 3)"),
        (lambda path: repaired(path, background="black"), "RGBA: transparent areas should be blended with white"),
        (in_place, "Your answer writes files to the folder"),
        (two_tones, "gray: the pixels are not those of the file"),
        (lambda path: repaired(path)[..., :1] if "gray.png" in path else repaired(path), "gray: it should be"),
        (yes_or_no, "RGBA: transparent areas should be blended with white"),
        (lambda path: repaired(path, only="RGBA"), "gray with alpha: transparent areas"),
        (lambda path: repaired(path).astype("float32"), "ndarray of float32"),
        (lambda path: Image.fromarray(repaired(path)), "a Pillow image. np.array converts it"),
        (lambda path: repaired(path).tolist(), "This should be an array; it is a list"),
        (lambda path: tf.io.decode_image(tf.io.read_file(path), channels=3).numpy(), "EXIF orientation 6"),
        (lambda path: cv2.imread(path), "Red and blue are swapped"),
    ],
}
