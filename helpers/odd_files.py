"""A zoo of files like those in real folders: broken ones, odd ones, hidden ones."""

import io
import zlib
from pathlib import Path

from helpers import DATA
from helpers.made_once import made_once
from helpers.sample import numbered

import numpy as np
import skimage.data
from PIL import ExifTags, Image


def odd_files() -> Path:
    """A zoo of files like those in real folders: broken ones, and some that TensorFlow reads in its own way.

    Made once, under ``data/odd_files``. Each file is named after what it is. The class folders:

    - ``good``: eight photos with their numbers.
    - ``broken``: what TensorFlow refuses: an empty file, a web page, truncated files, a wrong checksum, a TIFF called
      .jpg, a header that announces 1.6 billion pixels.
    - ``silent``: what it reads without an error: turned by EXIF, transparent, 16 bits, palettes, CMYK, an animation,
      damaged in the middle, PNG and WebP called .jpg.
    - ``formats``: extensions that the loader skips.
    - ``hidden``: what macOS and Jupyter leave behind.
    - ``nothing_yet``: no files at all. Next to the class folders is ``cover.jpg``.

    Returns:
        The absolute path of the folder.

    Introduced in notebook 08_broken_files.

    >>> from helpers import odd_files
    >>> sorted(path.name for path in odd_files.odd_files().iterdir())
    ['broken', 'cover.jpg', 'formats', 'good', 'hidden', 'nothing_yet', 'silent']
    """
    return made_once(DATA / "odd_files", _make_zoo, Path.is_dir)


def inherited() -> Path:
    """A folder as you might inherit it: 16 good photos in two classes, with odd and broken ones among them.

    Made once, under ``data/inherited``. Here the names reveal nothing. Next to the good photos, ``monday`` and
    ``tuesday`` hold nine others that the loader would try to read: two that it refuses, five that it reads in its own
    way, one that announces 100 million pixels, and one that macOS left behind. It skips one more.

    Returns:
        The absolute path of the folder.

    Introduced in notebook 09_odd_files.

    >>> from helpers import odd_files
    >>> [len(list(folder.iterdir())) for folder in sorted(odd_files.inherited().iterdir())]
    [13, 13]
    """
    return made_once(DATA / "inherited", _make_inherited, Path.is_dir)


def _make_inherited(target: Path) -> None:
    cat = Image.fromarray(skimage.data.chelsea()).resize((300, 200))
    for day, first in (("monday", 0), ("tuesday", 8)):
        (target / day).mkdir(parents=True)
        for number in range(first, first + 8):
            content = encoded(numbered(cat.rotate(3 * number), number), "JPEG")
            (target / day / f"IMG_{2 * number:04}.jpg").write_bytes(content)
    zoo = odd_files()
    others = {
        "monday/IMG_0003.jpg": "silent/turned_by_exif.jpg",
        "monday/IMG_0005.jpg": "broken/truncated.jpg",
        "monday/IMG_0009.jpg": "silent/damaged_inside.jpg",
        "monday/IMG_0011.png": "silent/transparent.png",
        "monday/._IMG_0006.jpg": "hidden/._photo.jpg",
        "tuesday/IMG_0019.png": "silent/16_bits.png",
        "tuesday/IMG_0021.jpg": "broken/tiff_inside.jpg",
        "tuesday/IMG_0025.bmp": "silent/palette.bmp",
        "tuesday/IMG_0029.tif": "formats/scan.tif",
    }
    for name, source in others.items():
        (target / name).write_bytes((zoo / source).read_bytes())
    png = encoded(cat, "PNG")
    (target / "tuesday/IMG_0027.png").write_bytes(_announcing(png, 10_000))


def _announcing(png: bytes, side: int) -> bytes:
    """The same PNG, with a header that announces a square with sides of so many pixels."""
    header = b"IHDR" + side.to_bytes(4) * 2 + png[24:29]
    return png[:12] + header + zlib.crc32(header).to_bytes(4) + png[33:]


def _make_zoo(target: Path) -> None:
    cat = Image.fromarray(skimage.data.chelsea()).resize((300, 200))
    jpeg, png = encoded(cat, "JPEG"), encoded(cat, "PNG")
    damaged = jpeg[: len(jpeg) // 2] + bytes(range(100, 140)) + jpeg[len(jpeg) // 2 + 40 :]
    checksum = png.index(b"IDAT") + 4 + int.from_bytes(png[png.index(b"IDAT") - 4 : png.index(b"IDAT")])
    held_upright = Image.Exif()  # as a phone writes it: the picture lies on its side, to be turned clockwise
    held_upright[ExifTags.Base.Orientation] = 6
    on_its_side = cat.crop((60, 0, 210, 200)).transpose(Image.Transpose.ROTATE_90)
    see_through = cat.copy()
    see_through.paste("magenta", (0, 0, 150, 200))  # what lies below the transparent half
    see_through.putalpha(Image.fromarray(np.repeat(np.array([0, 255], "uint8"), 150)[None].repeat(200, axis=0)))
    contents = {
        **{f"good/photo_{n}.jpg": encoded(numbered(cat.rotate(3 * n), n), "JPEG") for n in range(8)},
        "broken/empty.jpg": b"",
        "broken/web_page.jpg": b"<!DOCTYPE html><title>404 Not Found</title>",
        "broken/truncated.jpg": jpeg[: len(jpeg) // 2],
        "broken/two_bytes_short.jpg": jpeg[:-2],
        "broken/truncated.png": png[: len(png) // 2],
        "broken/checksum.png": png[:checksum] + bytes([png[checksum] ^ 255]) + png[checksum + 1 :],
        "broken/truncated.gif": encoded(cat, "GIF")[:2000],
        "broken/truncated.bmp": encoded(cat, "BMP")[:9000],
        "broken/tiff_inside.jpg": encoded(cat, "TIFF"),
        "broken/huge_header.png": _announcing(png, 40_000),
        "silent/turned_by_exif.jpg": encoded(on_its_side, "JPEG", exif=held_upright),
        "silent/transparent.png": encoded(see_through, "PNG"),
        "silent/16_bits.png": encoded(Image.fromarray(np.asarray(cat.convert("L"), np.uint16) * 8 + 39_000), "PNG"),
        "silent/palette.bmp": encoded(cat.quantize(64), "BMP"),
        "silent/palette.png": encoded(cat.quantize(64), "PNG"),
        "silent/cmyk.jpg": encoded(cat.convert("CMYK"), "JPEG"),
        "silent/animated.gif": encoded(cat, "GIF", save_all=True, append_images=[cat.rotate(180)]),
        "silent/damaged_inside.jpg": damaged,
        "silent/png_inside.jpg": png,
        "silent/webp_inside.jpg": encoded(cat, "WEBP"),
        "formats/photo.jpg": jpeg,
        "formats/photo.webp": encoded(cat, "WEBP"),
        "formats/scan.tif": encoded(cat, "TIFF"),
        "formats/download.jfif": jpeg,
        "hidden/photo.jpg": jpeg,
        "hidden/._photo.jpg": b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60),
        "hidden/.ipynb_checkpoints/photo-checkpoint.jpg": jpeg,
        "cover.jpg": jpeg,
    }
    (target / "nothing_yet").mkdir()
    for name, content in contents.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def encoded(image: Image.Image, image_format: str, **options) -> bytes:
    """An image as the bytes of a file.

    >>> from PIL import Image
    >>> from helpers.odd_files import encoded
    >>> encoded(Image.new("RGB", (8, 8)), "PNG")[:4]
    b'\x89PNG'
    """
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()
