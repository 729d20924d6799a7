"""The photos of the notebooks: random crops of photographs that scikit-image installs, each with its number on it."""

import sys
from pathlib import Path

from helpers.made_once import made_once

import numpy as np
import skimage.data
import tqdm
from PIL import Image, ImageDraw, ImageFont

# Class name -> photograph that scikit-image installs. In alphabetical order, as the loader numbers them.
_SOURCES = {
    "astronaut": skimage.data.astronaut,
    "cat": skimage.data.chelsea,
    "coffee": skimage.data.coffee,
    "galaxy": skimage.data.hubble_deep_field,
    "motorcycle": lambda: skimage.data.stereo_motorcycle()[0],
    "retina": skimage.data.retina,
    "rocket": skimage.data.rocket,
    "tissue": skimage.data.immunohistochemistry,
}
_PER_CLASS = 30


def made_in(target: Path) -> Path:
    """The photos, in the folder `target`: 30 in each of 8 classes, always the same. Made once, and anew if one is lost.

    >>> from helpers import DATA, sample
    >>> sorted(path.name for path in sample.made_in(DATA / "photos").iterdir())[:3]
    ['astronaut', 'cat', 'coffee']
    """
    return made_once(target, _make, _is_complete)


def _is_complete(target: Path) -> bool:
    expected = [target / class_name / name for class_name, _, name in _names()]
    return all(path.is_file() and path.stat().st_size for path in expected)


def _names() -> list[tuple[str, int, str]]:
    """(class name, number, file name) of each photo of the sample."""
    return [
        (class_name, number, f"{class_name}_{number:03d}.jpg")
        for place, class_name in enumerate(_SOURCES)
        for number in range(place * _PER_CLASS, (place + 1) * _PER_CLASS)
    ]


def _make(target: Path) -> None:
    sources = {}
    for class_name, load in _SOURCES.items():
        sources[class_name] = Image.fromarray(load())
        sources[class_name].thumbnail((800, 800))
        (target / class_name).mkdir()
    for class_name, number, name in tqdm.tqdm(_names(), desc="Making photos", unit="photo", file=sys.stdout, delay=1):
        photo = numbered(_random_crop(sources[class_name], np.random.default_rng(number)), number)
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
    """Write the number on a white tag at the lower left of a photo, large enough to be read at 128 × 128.

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
