"""The notebooks' photos: random crops of photographs that two packages install, each with its number on it."""

import importlib.metadata
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from helpers.made_once import made_once

import numpy as np
import skimage.data
import tqdm
from PIL import Image, ImageDraw, ImageFont


class _Class(NamedTuple):
    load: Callable[[], np.ndarray]  # the photograph
    size: int  # how many crops of it


def _flower() -> np.ndarray:
    package = importlib.metadata.distribution("scikit-learn")  # to import it would take a second
    return np.asarray(Image.open(str(package.locate_file("sklearn/datasets/images/flower.jpg"))))


# In alphabetical order, as the loader numbers them.
_CLASSES = {
    "astronaut": _Class(skimage.data.astronaut, 26),
    "cat": _Class(skimage.data.chelsea, 42),
    "coffee": _Class(skimage.data.coffee, 20),
    "flower": _Class(_flower, 38),
    "galaxy": _Class(skimage.data.hubble_deep_field, 30),
    "motorcycle": _Class(lambda: skimage.data.stereo_motorcycle()[0], 24),
    "retina": _Class(skimage.data.retina, 34),
    "rocket": _Class(skimage.data.rocket, 56),
    "tissue": _Class(skimage.data.immunohistochemistry, 30),
}


def made_in(target: Path, *, with_numbers: bool = True) -> Path:
    """The photos, in the folder `target`: 300 in 9 classes of 20 to 56, always the same.

    Made once, and again if one is lost.

    Args:
        target: Where they are made.
        with_numbers: Whether each photo carries its number in the corner.

    >>> from helpers import DATA, sample
    >>> sorted(path.name for path in sample.made_in(DATA / "photos").iterdir())[:3]
    ['astronaut', 'cat', 'coffee']
    """
    return made_once(target, lambda target: _make(target, with_numbers), _is_complete)


def _is_complete(target: Path) -> bool:
    expected = [target / class_name / name for class_name, _, name in _names()]
    return all(path.is_file() and path.stat().st_size for path in expected)


def _names() -> list[tuple[str, int, str]]:
    """(class name, number, file name) of each photo of the sample."""
    in_order = itertools.chain.from_iterable([name] * size for name, (_, size) in _CLASSES.items())
    return [(name, number, f"{name}_{number:03d}.jpg") for number, name in enumerate(in_order)]


def _make(target: Path, with_numbers: bool) -> None:
    sources = {}
    for class_name, (load, _) in _CLASSES.items():
        sources[class_name] = Image.fromarray(load())
        sources[class_name].thumbnail((800, 800))
        (target / class_name).mkdir()
    for class_name, number, name in tqdm.tqdm(_names(), desc="Making photos", unit="photo", file=sys.stdout, delay=1):
        photo = _random_crop(sources[class_name], np.random.default_rng(number))
        if with_numbers:
            photo = numbered(photo, number)
        photo.save(target / class_name / name, quality=88)


def _random_crop(source: Image.Image, rng: np.random.Generator) -> Image.Image:
    aspect = rng.choice([4 / 3, 3 / 4, 1, 3 / 2])
    longer = rng.integers(240, 421)
    width, height = (longer, longer / aspect) if aspect >= 1 else (longer * aspect, longer)
    scale = min(1, source.width / width, source.height / height)
    width, height = int(width * scale), int(height * scale)
    left = int(rng.integers(source.width - width + 1))
    top = int(rng.integers(source.height - height + 1))
    return source.crop((left, top, left + width, top + height))


def numbered(photo: Image.Image, number: int) -> Image.Image:
    """Write the number on a white tag at the lower left of a photo, large enough to read at 128 × 128.

    >>> from PIL import Image
    >>> from helpers.sample import numbered
    >>> photo = numbered(Image.new("RGB", (128, 128), "navy"), 7)
    >>> photo.getpixel((0, 127)), photo.getpixel((127, 0))
    ((255, 255, 255), (0, 0, 128))
    """
    font = ImageFont.load_default(size=0.27 * min(photo.size))
    draw = ImageDraw.Draw(photo)
    place = (0, photo.height)
    left, top, right, bottom = draw.textbbox(place, f"{number:03d}", font=font, anchor="lb")
    draw.rectangle((left, top - 6, right + 6, bottom), fill="white")
    draw.text(place, f"{number:03d}", font=font, anchor="lb", fill="black")
    return photo
