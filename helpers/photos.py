"""Material to work on: a folder of photographs with one sub-folder for each class."""

import os
import random
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import filelock
import keras
import numpy as np
import skimage.data
import tensorflow as tf
import tqdm
from PIL import Image, ImageDraw, ImageFont

DATA = Path(__file__).resolve().parent.parent / "data"
FLOWERS = "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz"
EXTENSIONS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")  # what image_dataset_from_directory looks for

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
_MIN_IMAGES = 16
_SECONDS_OF_DECODING = 1.5
_WANTED = (
    f"PHOTOS should name a folder that holds one sub-folder for each class: at least 2 classes and {_MIN_IMAGES} "
    f"images in all ({' '.join(EXTENSIONS)}). Without PHOTOS the notebooks use their own photos."
)


def folder() -> Path:
    """The folder of photos that the notebooks work on, one sub-folder for each class.

    Without the environment variable ``PHOTOS``: 240 numbered JPEGs in 8 classes, cropped at random from
    photographs that scikit-image installs and made once, in a second or two, under ``data/photos``. Both
    orientations, longer side at most 420 pixels. The number in the corner of a photo is the number in its
    file name, and its place when the loader reads the folder with ``shuffle=False``.

    With ``PHOTOS=/path/to/folder``: that folder, after a check. Nothing is written to it.

    Returns:
        The absolute path of the folder.

    Raises:
        FileNotFoundError: ``PHOTOS`` names nothing that exists.
        NotADirectoryError: ``PHOTOS`` names a file.
        ValueError: ``PHOTOS`` has fewer than 2 classes or 16 images, an empty class folder, or an image that
            TensorFlow cannot decode. Images are decoded in random order for 1.5 seconds: of a large folder, a part.

    Introduced in notebook 00_start_here.

    >>> from helpers import photos
    >>> sorted(path.name for path in photos.folder().iterdir())[:3]
    ['astronaut', 'cat', 'coffee']
    """
    own_folder = os.environ.get("PHOTOS")
    if own_folder:
        return _checked(Path(os.path.abspath(Path(own_folder).expanduser())))
    return _made_once(DATA / "photos", _make_sample, _sample_is_complete)


def flowers(origin: str = FLOWERS) -> Path:
    """The 3,670 flower photos (5 classes, 218 MB) of the official TensorFlow tutorial, for those who are online.

    They are downloaded once, into ``data/flower_photos``. To use them in the notebooks, set ``PHOTOS`` to that folder.

    Args:
        origin: Address of a ``.tgz`` archive that holds one folder with the class folders in it.

    Returns:
        The absolute path of the folder.

    Raises:
        ConnectionError: The archive could not be downloaded.

    Introduced in notebook 00_start_here.

    >>> from helpers import photos
    >>> photos.flowers("http://localhost:9/flower_photos.tgz")  # nothing listens there  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ConnectionError: Could not download http://localhost:9/flower_photos.tgz (...
    """

    def download(target: Path) -> None:
        workplace = target / "download"
        workplace.mkdir()  # where cache_dir is not there, get_file goes elsewhere
        try:
            keras.utils.get_file(origin=origin, extract=True, cache_dir=workplace, cache_subdir="")
            found = {path.parent.parent for path in workplace.rglob("*.jpg")}
            if len(found) != 1:
                raise ValueError("it is not an archive of class folders")
        except Exception as error:  # get_file raises bare Exception for a failed download
            raise ConnectionError(
                f"Could not download {origin} ({error}). These photos need the internet once; "
                "photos.folder() needs none."
            ) from error
        for path in found.pop().iterdir():
            path.rename(target / path.name)
        shutil.rmtree(workplace)

    return _made_once(DATA / "flower_photos", download, Path.is_dir)


def _made_once(target: Path, make: Callable[[Path], None], is_complete: Callable[[Path], bool]) -> Path:
    """Make the folder `target` unless it is complete. Other processes wait; none ever sees half of it."""
    if is_complete(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(target.with_name(f".{target.name}.lock")):
        if not is_complete(target):
            unfinished = target.with_name(f".{target.name}.unfinished")
            for leftover in (unfinished, target):
                shutil.rmtree(leftover, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(target)
    return target


def _sample_is_complete(target: Path) -> bool:
    expected = [target / class_name / name for class_name, _, name in _sample_names()]
    return all(path.is_file() and path.stat().st_size for path in expected)


def _sample_names() -> list[tuple[str, int, str]]:
    """(class name, number, file name) of each photo of the sample."""
    return [
        (class_name, number, f"{class_name}_{number:03d}.jpg")
        for place, class_name in enumerate(_SOURCES)
        for number in range(place * _PER_CLASS, (place + 1) * _PER_CLASS)
    ]


def _make_sample(target: Path) -> None:
    sources = {}
    for class_name, load in _SOURCES.items():
        sources[class_name] = Image.fromarray(load())
        sources[class_name].thumbnail((800, 800))
        (target / class_name).mkdir()
    for class_name, number, name in tqdm.tqdm(
        _sample_names(), desc="Making photos", unit="photo", file=sys.stdout, delay=1
    ):
        photo = _numbered(_random_crop(sources[class_name], np.random.default_rng(number)), number)
        photo.save(target / class_name / name, quality=88)


def _random_crop(source: Image.Image, rng: np.random.Generator) -> Image.Image:
    aspect = rng.choice([4 / 3, 3 / 4, 1, 3 / 2])
    longer = rng.integers(240, 421)
    width, height = (longer, longer / aspect) if aspect >= 1 else (longer * aspect, longer)
    scale = min(1, source.width / width, source.height / height)
    width, height = int(width * scale), int(height * scale)
    left = rng.integers(source.width - width + 1)
    top = rng.integers(source.height - height + 1)
    return source.crop((left, top, left + width, top + height))


def _numbered(photo: Image.Image, number: int) -> Image.Image:
    """Write the number on a white tag at the lower left, large enough to be read at 128 × 128."""
    font = ImageFont.load_default(size=0.27 * min(photo.size))
    draw = ImageDraw.Draw(photo)
    place = (0, photo.height)
    left, top, right, bottom = draw.textbbox(place, f"{number:03d}", font=font, anchor="lb")
    draw.rectangle((left, top - 6, right + 6, bottom), fill="white")
    draw.text(place, f"{number:03d}", font=font, anchor="lb", fill="black")
    return photo


def _checked(own_folder: Path) -> Path:
    if not own_folder.exists():
        raise FileNotFoundError(f"PHOTOS: there is no folder {own_folder}. {_WANTED}")
    if not own_folder.is_dir():
        raise NotADirectoryError(f"PHOTOS: {own_folder} is a file. {_WANTED}")
    # The rules of the loader: class folders may be links, hidden ones do not count, and neither do images beside them.
    folders = [path for path in own_folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    classes = {path.name: _images_below(path) for path in folders}
    images = [path for paths in classes.values() for path in paths]
    if not images:
        beside = sum(path.name.lower().endswith(EXTENSIONS) for path in own_folder.iterdir())
        if not beside:
            raise ValueError(f"PHOTOS: there is no image in {own_folder}. {_WANTED}")
        raise ValueError(
            f"PHOTOS: {own_folder} holds {beside} images but no class folders. "
            f"Move each image into a sub-folder named after its class. {_WANTED}"
        )
    filled = [name for name in classes if classes[name]]
    if len(filled) == 1:
        raise ValueError(f"PHOTOS: {own_folder} has only one class, {filled[0]!r}. {_WANTED}")
    if empty := [path for path in folders if not classes[path.name]]:
        raise ValueError(
            f"PHOTOS: there is no image in {empty[0]}, and the loader would make a class of it. "
            f"Take the folder away. {_WANTED}"
        )
    if len(images) < _MIN_IMAGES:
        raise ValueError(f"PHOTOS: {own_folder} has only {len(images)} images. {_WANTED}")
    # Those outside of the class folders, too: without labels, the loader reads them.
    _decode_some(sorted({*images, *_images_below(own_folder)}))
    return own_folder


def _images_below(top: Path) -> list[str]:
    found = ((folder, name) for folder, _, names in os.walk(top) for name in names)
    return [os.path.join(folder, name) for folder, name in found if name.lower().endswith(EXTENSIONS)]


def _decode_some(paths: list[str]) -> None:
    """Raise ValueError for the first image that TensorFlow cannot decode, as far as the time allows."""
    random.Random(0).shuffle(paths)
    start = time.monotonic()
    sizes = iter(
        tf.data.Dataset.from_tensor_slices(paths).map(
            lambda path: tf.shape(tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)),
            num_parallel_calls=tf.data.AUTOTUNE,
        )
    )
    for path in paths:
        try:
            next(sizes)
        except tf.errors.OpError as error:
            reason = re.sub(r"{{.*?}} |\[Op.*", "", error.message).split("\n")[0].strip()
            raise ValueError(
                f"PHOTOS: {path} cannot be decoded ({reason}). Take it out of the folder or save it anew as JPEG or PNG."
            ) from None
        if time.monotonic() - start > _SECONDS_OF_DECODING:
            return
