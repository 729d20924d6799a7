"""Material to work on: a folder of photographs with one sub-folder for each class."""

import functools
import io
import itertools
import json
import os
import random
import shutil
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import keras
import filelock
import numpy as np
import skimage.data
import tqdm
from PIL import ExifTags, Image, ImageDraw, ImageFont

from helpers import files

DATA = Path(__file__).resolve().parent.parent / "data"
FLOWERS = "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz"

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
_BYTES_TO_DECODE = 50e6
_MOST_COPIED = 1000
_WANTED = (
    f"PHOTOS should name a folder that holds one sub-folder for each class: at least 2 classes and {_MIN_IMAGES} "
    f"images in all ({' '.join(files.EXTENSIONS)}). Without PHOTOS the notebooks use their own photos."
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
            TensorFlow cannot decode. Of a folder larger than 50 MB, images drawn at random are decoded.

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
    try:
        listing = files.list_images(own_folder)
    except (OSError, ValueError) as error:
        raise type(error)(f"PHOTOS: {error} {_WANTED}") from None
    filled = [listing.class_names[number] for number in sorted(set(listing.labels))]
    if len(filled) == 1:
        raise ValueError(f"PHOTOS: {own_folder} has only one class, {filled[0]!r}. {_WANTED}")
    if empty := [name for name in listing.class_names if name not in filled]:
        raise ValueError(
            f"PHOTOS: there is no image in {own_folder / empty[0]}, and the loader would make a class of it. "
            f"Take the folder away. {_WANTED}"
        )
    if links := [name for name in filled if (own_folder / name).is_symlink()]:
        raise ValueError(
            f"PHOTOS: {own_folder / links[0]} is a link, which the loader does not follow when it loads without labels. "
            f"Put the folder itself there. {_WANTED}"
        )
    if len(listing.paths) < _MIN_IMAGES:
        raise ValueError(f"PHOTOS: {own_folder} has only {len(listing.paths)} images. {_WANTED}")
    if unusable := [problem for problem in listing.problems if "UTF-8" in problem.reason]:
        raise ValueError(f"PHOTOS: {unusable[0]} {_WANTED}")
    # The loader also reads hidden images and, without labels, those outside of the class folders.
    load = functools.partial(keras.utils.image_dataset_from_directory, own_folder, shuffle=False, verbose=False)
    paths = sorted({*load().file_paths, *load(labels=None).file_paths})
    random.Random(0).shuffle(paths)
    sizes = itertools.accumulate(os.path.getsize(path) for path in paths)
    sample = [path for path, size in zip(paths, sizes, strict=True) if size <= _BYTES_TO_DECODE]
    if broken := [problem for problem in files.find_bad_images(sample) if problem.kind == "broken"]:
        raise ValueError(f"PHOTOS: {broken[0]}")
    return own_folder


def misfiled_copy(seed: int = 0) -> Path:
    """A copy of the photos in which a few, one in forty, lie in the folder of a class that is not theirs.

    Made once for each seed, under ``data``, from the folder that `folder` gives, and anew if one of its files is not
    in its place any more; of more than 1,000 photos, 1,000 drawn at random. Names are replaced, so that they tell
    nothing. The truth lies beside the copy, not in it: ``truth.json`` in the folder above has, for each file of the
    copy, the file that it was. (Paths within the two folders, with ``/``.)

    Args:
        seed: Chooses the photos that are moved, and where to.

    Returns:
        The absolute path of the copy: a folder with one sub-folder for each class, none of them empty (of those 1,000, if it is a part).

    Raises:
        FileNotFoundError, NotADirectoryError, ValueError: As from `folder`.

    Introduced in notebook 08_find_the_misfiled_photos.

    >>> from helpers import photos
    >>> copy = photos.misfiled_copy()
    >>> len(list(copy.glob("*/*.jpg"))), (copy.parent / "truth.json").is_file()
    (240, True)
    """
    source = folder()
    listing = files.list_images(source)
    sizes = [os.path.getsize(path) for path in listing.paths]
    key = zlib.crc32(repr((listing.paths, sizes, seed)).encode())  # a folder that changed is copied anew
    make = functools.partial(_misfile, source, listing, random.Random(seed))
    return _made_once(DATA / f"misfiled_{key:08x}", make, _copy_is_complete) / "photos"


def _copy_is_complete(target: Path) -> bool:
    truth = target / "truth.json"
    return truth.is_file() and all(
        (target / "photos" / name).is_file() for name in json.loads(truth.read_text("utf-8"))
    )


def _misfile(source: Path, listing: files.Listing, rng: random.Random, target: Path) -> None:
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


def odd_files() -> Path:
    """A zoo of files as one meets them in real folders: broken ones, and those that TensorFlow reads in its own way.

    Made once, under ``data/odd_files``. The name of a file says what it is. The class folders:

    - ``good``: eight photos with their numbers.
    - ``broken``: what TensorFlow refuses: an empty file, a web page, truncated files, a wrong checksum, a TIFF called
      .jpg, a header that announces 1.6 billion pixels.
    - ``silent``: what it reads without a word: turned by EXIF, transparent, 16 bits, palettes, CMYK, an animation,
      damaged in the middle, PNG and WebP called .jpg.
    - ``formats``: extensions that the loader passes over.
    - ``hidden``: what macOS and Jupyter leave behind.
    - ``nothing_yet``: no file at all. Beside the class folders lies ``cover.jpg``.

    Returns:
        The absolute path of the folder.

    Introduced in notebook 06_odd_and_broken_files.

    >>> from helpers import photos
    >>> sorted(path.name for path in photos.odd_files().iterdir())
    ['broken', 'cover.jpg', 'formats', 'good', 'hidden', 'nothing_yet', 'silent']
    """
    return _made_once(DATA / "odd_files", _make_zoo, Path.is_dir)


def _make_zoo(target: Path) -> None:
    cat = Image.fromarray(skimage.data.chelsea()).resize((300, 200))
    jpeg, png = _encoded(cat, "JPEG"), _encoded(cat, "PNG")
    damaged = jpeg[: len(jpeg) // 2] + bytes(range(100, 140)) + jpeg[len(jpeg) // 2 + 40 :]
    checksum = png.index(b"IDAT") + 4 + int.from_bytes(png[png.index(b"IDAT") - 4 : png.index(b"IDAT")])
    header = b"IHDR" + (40_000).to_bytes(4) * 2 + png[24:29]
    held_upright = Image.Exif()  # as a phone writes it: the picture lies on its side, to be turned clockwise
    held_upright[ExifTags.Base.Orientation] = 6
    on_its_side = cat.crop((60, 0, 210, 200)).transpose(Image.Transpose.ROTATE_90)
    see_through = cat.copy()
    see_through.paste("magenta", (0, 0, 150, 200))  # what lies below the transparent half
    see_through.putalpha(Image.fromarray(np.repeat(np.uint8([0, 255]), 150)[None].repeat(200, axis=0)))
    contents = {
        **{f"good/photo_{n}.jpg": _encoded(_numbered(cat.rotate(3 * n), n), "JPEG") for n in range(8)},
        "broken/empty.jpg": b"",
        "broken/web_page.jpg": b"<!DOCTYPE html><title>404 Not Found</title>",
        "broken/truncated.jpg": jpeg[: len(jpeg) // 2],
        "broken/two_bytes_short.jpg": jpeg[:-2],
        "broken/truncated.png": png[: len(png) // 2],
        "broken/checksum.png": png[:checksum] + bytes([png[checksum] ^ 255]) + png[checksum + 1 :],
        "broken/truncated.gif": _encoded(cat, "GIF")[:2000],
        "broken/truncated.bmp": _encoded(cat, "BMP")[:9000],
        "broken/tiff_inside.jpg": _encoded(cat, "TIFF"),
        "broken/huge_header.png": png[:12] + header + zlib.crc32(header).to_bytes(4) + png[33:],
        "silent/turned_by_exif.jpg": _encoded(on_its_side, "JPEG", exif=held_upright),
        "silent/transparent.png": _encoded(see_through, "PNG"),
        "silent/16_bits.png": _encoded(Image.fromarray(np.asarray(cat.convert("L"), np.uint16) * 8 + 39_000), "PNG"),
        "silent/palette.bmp": _encoded(cat.quantize(64), "BMP"),
        "silent/palette.png": _encoded(cat.quantize(64), "PNG"),
        "silent/cmyk.jpg": _encoded(cat.convert("CMYK"), "JPEG"),
        "silent/animated.gif": _encoded(cat, "GIF", save_all=True, append_images=[cat.rotate(180)]),
        "silent/damaged_inside.jpg": damaged,
        "silent/png_inside.jpg": png,
        "silent/webp_inside.jpg": _encoded(cat, "WEBP"),
        "formats/photo.jpg": jpeg,
        "formats/photo.webp": _encoded(cat, "WEBP"),
        "formats/scan.tif": _encoded(cat, "TIFF"),
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


def _encoded(image: Image.Image, image_format: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()
