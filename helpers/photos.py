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
        ValueError: ``PHOTOS`` has fewer than 2 classes or 16 images, or an image that TensorFlow cannot
            decode. Images are decoded in random order for 1.5 seconds: of a large folder, a part.

    Introduced in notebook 00_start_here.

    >>> from helpers import photos
    >>> sorted(path.name for path in photos.folder().iterdir())[:3]
    ['astronaut', 'cat', 'coffee']
    """
    own_folder = os.environ.get("PHOTOS")
    if own_folder:
        return _checked(Path(own_folder).expanduser().absolute())
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
    return all(len(list(target.glob(f"{name}/*.jpg"))) == _PER_CLASS for name in _SOURCES)


def _make_sample(target: Path) -> None:
    total = len(_SOURCES) * _PER_CLASS
    with tqdm.tqdm(total=total, desc="Making photos", unit="photo", file=sys.stdout, delay=1) as progress:
        for class_number, (class_name, load) in enumerate(_SOURCES.items()):
            source = Image.fromarray(load())
            source.thumbnail((800, 800))
            (target / class_name).mkdir()
            for number in range(class_number * _PER_CLASS, (class_number + 1) * _PER_CLASS):
                photo = _numbered(_random_crop(source, np.random.default_rng(number)), number)
                photo.save(target / class_name / f"{class_name}_{number:03d}.jpg", quality=88)
                progress.update()


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
    classes = {path.name: _images_below(path) for path in own_folder.iterdir() if not path.name.startswith(".")}
    classes = {name: images for name, images in classes.items() if images}
    images = sum(classes.values(), [])
    if not classes:
        beside = sum(path.name.lower().endswith(EXTENSIONS) for path in own_folder.iterdir())
        if not beside:
            raise ValueError(f"PHOTOS: there is no image in {own_folder}. {_WANTED}")
        raise ValueError(
            f"PHOTOS: {own_folder} holds {beside} images but no class folders. "
            f"Move each image into a sub-folder named after its class. {_WANTED}"
        )
    if len(classes) == 1:
        raise ValueError(f"PHOTOS: {own_folder} has only one class, {next(iter(classes))!r}. {_WANTED}")
    if len(images) < _MIN_IMAGES:
        raise ValueError(f"PHOTOS: {own_folder} has only {len(images)} images. {_WANTED}")
    _decode_some(images)
    return own_folder


def _images_below(class_folder: Path) -> list[str]:
    found = ((folder, name) for folder, _, names in os.walk(class_folder) for name in names)
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
