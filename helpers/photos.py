"""Material to work with: a folder of photographs with one sub-folder for each class."""

import functools
import json
import os
import random
import shutil
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from helpers import DATA, sample
from helpers.bad_images import find_bad_images
from helpers.files import EXTENSIONS, Listing, list_images
from helpers.headers import MOST_PIXELS
from helpers.made_once import made_once

import keras
from PIL import Image

FLOWERS = "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz"
BYTES_TO_DECODE = 50e6  # of a folder named by PHOTOS, to check it

_MIN_IMAGES = 16
_MOST_LOOKED_AT = 1000  # of those that are not decoded
_LONGEST = 96  # times as long as wide: notebook 01 pads to 96 by 192 pixels
_TOO_LARGE = "has too many pixels to try. Save it smaller."
_READ_BY_BOTH = ("BMP", "GIF", "JPEG", "MPO", "PNG", "WEBP")  # by TensorFlow and Pillow
_MOST_COPIED = 1000
_WANTED = (
    f"PHOTOS should name a folder with one sub-folder for each class: at least 2 classes and {_MIN_IMAGES} "
    f"images in all ({' '.join(EXTENSIONS)}). Without PHOTOS the notebooks use their own photos."
)


def folder() -> Path:
    """The folder of photos that the notebooks use, one sub-folder for each class.

    Without the environment variable ``PHOTOS``: 300 numbered JPEGs in 9 classes of 20 to 56, cropped at random from
    photographs that scikit-image and scikit-learn install, and made once, in two or three seconds, under
    ``data/photos``. In both orientations, with a longer side of at most 420 pixels. The number in the corner of a photo
    is the number in its file name, and its position when the loader reads the folder with ``shuffle=False``.

    With ``PHOTOS=/path/to/folder``: that folder, after a check. Nothing is written to it.

    Returns:
        The absolute path of the folder.

    Raises:
        FileNotFoundError: ``PHOTOS`` names nothing that exists.
        NotADirectoryError: ``PHOTOS`` names a file.
        ValueError: ``PHOTOS`` has fewer than 2 classes or 16 images, an empty class folder, or an image that the
            notebooks cannot use: TensorFlow or Pillow cannot read it, it is too large to try, or too thin to pad. In
            a folder larger than 50 MB, images drawn at random are decoded, and only the headers of up to 1,000 others
            are read.

    Introduced in notebook 00_start_here.

    >>> from helpers import photos
    >>> sorted(path.name for path in photos.folder().iterdir())[:3]
    ['astronaut', 'cat', 'coffee']
    """
    own_folder = os.environ.get("PHOTOS")
    if own_folder:
        return _checked(Path(os.path.abspath(Path(own_folder).expanduser())))
    return sample.made_in(DATA / "photos")


def without_numbers() -> Path:
    """The photos of `folder` without numbers in their corners.

    For models that learn from photos: files are numbered class by class, so a model could tell the class by the
    number. The same crops under the same names. With ``PHOTOS=/path/to/folder``: that folder.

    Returns:
        The absolute path of the folder.

    Raises:
        FileNotFoundError, NotADirectoryError, ValueError: As from `folder`.

    Introduced in notebook 14_ask_a_model.

    >>> from helpers import photos
    >>> sorted(path.name for path in photos.without_numbers().iterdir())[:3]
    ['astronaut', 'cat', 'coffee']
    """
    if os.environ.get("PHOTOS"):
        return folder()
    return sample.made_in(DATA / "photos_without_numbers", with_numbers=False)


def flowers(origin: str = FLOWERS) -> Path:
    """The 3,670 flower photos (5 classes, 218 MB) from the official TensorFlow tutorial, for those who are online.

    They are downloaded once, into ``data/flower_photos``. To use them in the notebooks, set ``PHOTOS`` to that folder.

    Args:
        origin: Address of a ``.tgz`` archive of one folder that contains the class folders.

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

    return made_once(DATA / "flower_photos", download, Path.is_dir)


def _checked(own_folder: Path) -> Path:
    try:
        listing = list_images(own_folder)
    except (OSError, ValueError) as error:
        raise type(error)(f"PHOTOS: {error} {_WANTED}") from None
    filled = [listing.class_names[number] for number in sorted(set(listing.labels))]
    if len(filled) == 1:
        raise ValueError(f"PHOTOS: {own_folder} has only one class, {filled[0]!r}. {_WANTED}")
    if empty := [name for name in listing.class_names if name not in filled]:
        raise ValueError(
            f"PHOTOS: there is no image in {own_folder / empty[0]}, but the loader would make it a class. "
            f"Remove the folder. {_WANTED}"
        )
    if links := [name for name in filled if (own_folder / name).is_symlink()]:
        raise ValueError(
            f"PHOTOS: {own_folder / links[0]} is a link, which the loader does not follow when it loads without "
            f"labels. Put the folder itself there. {_WANTED}"
        )
    if len(listing.paths) < _MIN_IMAGES:
        raise ValueError(f"PHOTOS: {own_folder} has only {len(listing.paths)} images. {_WANTED}")
    if unusable := [problem for problem in listing.problems if problem.kind == "unreadable name"]:
        raise ValueError(f"PHOTOS: {unusable[0]} {_WANTED}")
    # The loader also reads hidden images and, without labels, those outside of the class folders.
    load = functools.partial(keras.utils.image_dataset_from_directory, own_folder, shuffle=False, verbose=False)
    paths = sorted({*load().file_paths, *load(labels=None).file_paths})
    random.Random(0).shuffle(paths)
    if objection := next(_objections(paths), None):
        raise ValueError(f"PHOTOS: {objection}")
    return own_folder


def _objections(paths: list[str]) -> Iterator[str]:
    """Why the notebooks cannot use an image: some are decoded, of others only the header is read."""
    decoded, others = [], []
    room = BYTES_TO_DECODE
    for path in paths:
        size = os.path.getsize(path) if os.path.isfile(path) else 0  # of a pipe, or of a link that leads nowhere
        if size <= room:
            decoded.append(path)
            room -= size
        else:
            others.append(path)
    yield from (str(problem) for problem in find_bad_images(decoded) if problem.kind in ("broken", "not tried"))
    for path in [*decoded, *others[:_MOST_LOOKED_AT]]:
        if objection := _objection_by_header(path):
            yield f"{path}: {objection}"


def _objection_by_header(path: str) -> str:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            shorter, longer = sorted(image.size)
            image_format = image.format
    except Image.DecompressionBombError:
        return _TOO_LARGE
    except (OSError, SyntaxError, ValueError):
        return "cannot be opened with Pillow, as notebooks 03 and 14 do. Save it again as JPEG or PNG."
    if image_format not in _READ_BY_BOTH:
        return f"Inside it is a {image_format}, which TensorFlow does not read. Save it again as JPEG or PNG."
    if shorter * longer > MOST_PIXELS:
        return _TOO_LARGE
    if longer > _LONGEST * shorter:
        return f"{longer} by {shorter} pixels, too thin for pad_to_aspect_ratio in notebook 01. Take it out."
    return ""


def misfiled_copy(seed: int = 0) -> Path:
    """A copy of the photos in which a few, one in forty, are in the folder of the wrong class.

    Made once for each seed, under ``data``, and again if one of its files is no longer in its place: from the
    notebooks' photos, without numbers in their corners, or from the folder that ``PHOTOS`` names; from more than 1,000
    photos, 1,000 drawn at random. Names are replaced, so they reveal nothing. The truth is next to the copy, not in it:
    ``truth.json`` in the folder above maps each file of the copy to the original file. (Paths within the two
    folders, with ``/``.)

    Args:
        seed: Chooses the photos that are moved, and where to.

    Returns:
        The absolute path of the copy: a folder with one sub-folder for each class (of the photos drawn), none of
        them empty.

    Raises:
        FileNotFoundError, NotADirectoryError, ValueError: As from `folder`.

    Introduced in notebook 13_find_the_misfiled_photos.

    >>> from helpers import photos
    >>> copy = photos.misfiled_copy()
    >>> len(list(copy.glob("*/*.jpg"))), (copy.parent / "truth.json").is_file()
    (300, True)
    """
    source = without_numbers()
    listing = list_images(source)
    sizes = [os.path.getsize(path) for path in listing.paths]
    key = zlib.crc32(repr((listing.paths, sizes, seed)).encode())  # a folder that changed is copied anew
    make = functools.partial(_misfile, source, listing, random.Random(seed))
    return made_once(DATA / f"misfiled_{key:08x}", make, _copy_is_complete) / "photos"


def _copy_is_complete(target: Path) -> bool:
    truth = target / "truth.json"
    return truth.is_file() and all(
        (target / "photos" / name).is_file() for name in json.loads(truth.read_text("utf-8"))
    )


def _misfile(source: Path, listing: Listing, rng: random.Random, target: Path) -> None:
    total = len(listing.paths)
    rows = rng.sample(range(total), min(total, _MOST_COPIED))
    numbers = rng.sample(range(len(rows)), len(rows))
    count = Counter(listing.labels[row] for row in rows)
    to_move, truth = max(1, len(rows) // 40), {}
    for row, number in zip(rows, numbers, strict=True):
        path, label = Path(listing.paths[row]), listing.labels[row]
        if to_move and count[label] > 1 and len(count) > 1:  # no class is left empty
            count[label] -= 1
            label = rng.choice([listing.labels[other] for other in rows if listing.labels[other] != label])
            to_move -= 1
        name = Path(listing.class_names[label], f"photo_{number:04d}{path.suffix}")
        truth[name.as_posix()] = path.relative_to(source).as_posix()
        (target / "photos" / name.parent).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / "photos" / name)
    (target / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
