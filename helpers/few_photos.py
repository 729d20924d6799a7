"""Photos to measure with: few enough to go through many times, and one as large as a camera takes it."""

import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

from helpers import DATA, photos
from helpers.files import list_images
from helpers.made_once import made_once

import numpy as np
from PIL import Image

_FOR_EACH_CORE = 64
_MOST_CORES = 8
_MOST_BYTES = 20e6  # a pass over more than that would take seconds
_FEWEST = 8
_SIZES = {"1_camera.jpg": (4032, 3024), "2_web.jpg": (1024, 768), "3_icon.jpg": (400, 300)}  # width, height


def folder() -> Path:
    """A copy of some of the notebooks' photos, few enough to go through many times.

    64 per core of the machine, at most 512 and about 20 MB, but at least 8, spread evenly over the folder.
    Made once, under ``data``.

    Returns:
        The absolute path of a folder with one sub-folder for each class.

    Raises:
        FileNotFoundError, NotADirectoryError, ValueError: As from `helpers.photos.folder`.

    Introduced in notebook 11_how_fast_is_it.

    >>> from helpers import few_photos
    >>> sorted(path.name for path in few_photos.folder().iterdir())[:2]
    ['astronaut', 'cat']
    """
    source = photos.folder()
    listing = list_images(source)
    sizes = [os.path.getsize(path) for path in listing.paths]
    most = _FOR_EACH_CORE * min(os.cpu_count() or 1, _MOST_CORES)
    most = min(most, len(sizes), max(_FEWEST, int(_MOST_BYTES / np.mean(sizes))))
    chosen = [number * len(sizes) // most for number in range(most)]

    def copy_to(target: Path) -> None:
        for number in chosen:
            name = Path(
                listing.class_names[listing.labels[number]], f"{number:06d}{Path(listing.paths[number]).suffix}"
            )
            (target / name.parent).mkdir(exist_ok=True)
            shutil.copyfile(listing.paths[number], target / name)

    key = zlib.crc32(repr((listing.paths, sizes, most)).encode())  # a folder that changed is copied anew
    return made_once(DATA / f"few_photos_{key:08x}", copy_to, _has(most))


def from_cameras() -> Path:
    """One of the notebooks' photos behind a fine fly screen, as a camera, a web page and an icon would have it.

    Three JPEGs: ``1_camera.jpg`` of 4032 by 3024 pixels (width by height), ``2_web.jpg`` of 1024 by 768 and
    ``3_icon.jpg`` of 400 by 300. Made once, under ``data``; the photo is enlarged, the screen is not. Its wires are
    two pixels wide, white before a dark photo and black before a bright one, so resizing that skips pixels shows as
    stripes.

    Returns:
        The absolute path of the folder. It has no class folders.

    Raises:
        FileNotFoundError, NotADirectoryError, ValueError: As from `helpers.photos.folder`.

    Introduced in notebook 12_read_once_or_less.

    >>> from helpers import few_photos
    >>> sorted(path.name for path in few_photos.from_cameras().iterdir())
    ['1_camera.jpg', '2_web.jpg', '3_icon.jpg']
    """
    path = list_images(photos.folder()).paths[0]

    def make(target: Path) -> None:
        with Image.open(path) as photo:
            large = np.array(photo.convert("RGB").resize(_SIZES["1_camera.jpg"]))
        wire = 255 if large.mean() < 128 else 0
        for offset in (0, 1):
            large[offset::6] = large[:, offset::6] = wire
        for name, size in _SIZES.items():
            Image.fromarray(large).resize(size, Image.Resampling.LANCZOS).save(target / name, quality=85)

    key = zlib.crc32(repr((path, os.path.getsize(path))).encode())
    return made_once(DATA / f"from_cameras_{key:08x}", make, _has(len(_SIZES)))


def _has(count: int) -> Callable[[Path], bool]:
    return lambda target: sum(path.is_file() for path in target.rglob("*")) == count
