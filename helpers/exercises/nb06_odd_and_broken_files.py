"""Exercises of 06_odd_and_broken_files."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.framed_photos import as_loaded, reds_of, write_framed_photos
from helpers.exercises.rows import Rows, array, kind_of, pair
from helpers.exercises.running import Mistake, call, elements, listed
from helpers.odd_files import encoded
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import ExifTags, Image


def _exif(turn: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    return exif


def _contents() -> dict[str, tuple[bytes, str]]:
    """Name -> (what the file holds, why it is broken or nothing)."""
    photo = Image.radial_gradient("L").resize((40, 30))  # noise would differ in how much its last bytes matter
    jpeg, png, tiff = (encoded(photo, image_format) for image_format in ("JPEG", "PNG", "TIFF"))
    see_through = Image.merge("LA", (photo, photo)).convert("RGBA")
    return {
        "1.png": (png, ""),
        "2.jpg": (b"", "an empty file"),
        "3.jpg": (jpeg, ""),
        "4.jpg": (jpeg[:-2], "a JPEG that lacks its last two bytes, which verify and imread let pass"),
        "5.jpg": (b"<html>not found</html>", "a web page"),
        "6.jpg": (png, ""),  # TensorFlow looks inside
        "7.png": (png[: len(png) // 2], "half a PNG"),
        "8.jpg": (tiff, "a TIFF with a wrong name, which Pillow and imread can read"),
        "9.jpg": (encoded(photo, "JPEG", exif=_exif(6)), ""),
        "10.jpg": (encoded(see_through, "WEBP"), "a WebP with transparency, which fails with three channels"),
    }


def _first(words: list[str]) -> str:
    return words[0] if words else ""


@exercise("TensorFlow was asked, so it is what the loader will do.")
def check_broken_files(broken_files) -> Rows:
    """A function of a list of paths that gives a list, those of them that TensorFlow cannot decode."""
    contents = _contents()
    with tempfile.TemporaryDirectory() as folder:
        for name, (content, _) in contents.items():
            Path(folder, name).write_bytes(content)
        before = _state(folder)
        given = [str(Path(folder, name)) for name in contents]
        result = call(broken_files, given)
        yield isinstance(result, Mapping), "A list of paths is wanted, this is a dict."
        found = listed(result)
        yield from _has_changed(folder, before, "Only list what is broken")
    wanted = "The paths themselves are wanted, as they were given; this is"
    other = [kind_of(path) for path in found if not isinstance(path, str | Path)]
    yield other, f"{wanted} {_first(other)}."
    strange = [path for path in map(str, found) if path not in given]
    yield strange, f"{wanted} none of them: {_first(strange)}."
    names = {Path(path).name for path in found}
    yield len(found) > len(names), "Some paths are there twice."
    fine = [name for name in sorted(names) if not contents[name][1]]
    yield fine, f"{_first(fine)} can be decoded. The first bytes count, not the name, and odd is not broken."
    broken = {name: reason for name, (_, reason) in contents.items() if reason}
    missing = [reason for name, reason in broken.items() if name not in names]
    yield missing, f"{len(missing)} of {len(broken)} broken files are missing: {_first(missing)}."


def _state(folder: str) -> dict[Path, object]:
    return {path: path.is_file() and path.read_bytes() for path in Path(folder).rglob("*")}


def _has_changed(folder: str, before: dict[Path, object], instead: str) -> Rows:
    after = _state(folder)
    yield set(before) - set(after), f"Files are gone from the folder. {instead}, and leave the folder as it is."
    yield after != before, "Files were written in the folder. Leave it as it is."


def _without_broken(dataset) -> list:
    try:
        return elements(dataset)
    except Mistake as mistake:
        if isinstance(mistake.__cause__, tf.errors.InvalidArgumentError):
            hint = "A broken file still stops the dataset. ignore_errors is missing, or comes too early."
            raise Mistake(hint) from mistake
        raise


@exercise("Only the broken ones are gone, every path is right, and the folder is as it was.")
def check_intact(intact) -> Rows:
    """A function of a flat folder that gives a dataset of batches, its good photos and their paths."""
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)  # it may lie behind a link
        reds = write_framed_photos(folder, 20)
        for name in sorted(reds)[3::6]:
            Path(folder, name).write_bytes(b"broken")
            del reds[name]
        Path(folder, "b2.txt").write_text("no photo, so whoever lists all files is off by one")
        before = _state(folder)
        dataset = call(intact, folder)
        batches = _without_broken(dataset)
        yield from _has_changed(folder, before, "Skip them")
    yield from pair(dataset.element_spec, "images", "paths")
    good = len(reds)
    too_few = "good neighbours went with them, or a short last batch. Skip before you batch."
    yield not batches, f"{good} of 20 photos are good, you have 0: {too_few}"
    shape = batches[0][0].shape
    wanted = "Batches of images of 32 by 32 pixels are wanted"
    yield shape[1:] != (32, 32, 3), f"{wanted}; the first element is {shape}."
    images, paths = (np.concatenate(part) for part in zip(*batches, strict=True))
    yield paths.dtype != object, f"Paths are wanted beside the images, as text; these are {paths.dtype}."
    files = [Path(os.fsdecode(path)) for path in paths]
    strange = [file.name for file in files if file.absolute().parent != Path(folder)]
    yield strange, f"Whole paths are wanted, with the folder, as in file_paths; one of yours is {_first(strange)}."
    names = [file.name for file in files]
    yield len(set(names)) < good, f"{good} of 20 photos are good, you have {len(set(names))}: {too_few}"
    yield from as_loaded(images)
    wanted_reds = [reds.get(name, -1) for name in names]
    yield (
        not np.allclose(reds_of(images), wanted_reds, atol=1),
        "Some paths belong to other images. Load with shuffle=False, and pair before you skip: behind a gap all are a "
        "place off.",
    )
    yield len(names) > good, f"{good} photos are good, and you have {len(names)}: some are there twice."
    sizes = [len(images) for images, _ in batches]
    yield sizes[0] != 8, f"The first batch has {sizes[0]} images, 8 are wanted."
    yield sizes != [8, 8, 1], f"The batches have {sizes} images; {[8, 8, 1]} are wanted."


_TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {  # EXIF orientation -> what makes the photo upright
    6: lambda pixels: np.rot90(pixels, -1),
    8: np.rot90,
    3: lambda pixels: np.rot90(pixels, 2),
    1: lambda pixels: pixels,
    2: np.fliplr,
    4: np.flipud,
    5: lambda pixels: pixels.swapaxes(0, 1),
    7: lambda pixels: np.rot90(pixels, 2).swapaxes(0, 1),
}


def _write_odd_images(folder: str) -> Iterator[tuple[Path, np.ndarray, str, str]]:
    """Write images; for each its path, the pixels that are meant, and the hints for another shape and other pixels."""
    across, down = np.meshgrid(np.linspace(0, 255, 40), np.linspace(0, 255, 30))
    pixels = np.dstack([across, down, np.full_like(down, 128)]).astype(np.uint8)
    photo, gray, alpha = (Image.fromarray(part.astype(np.uint8)) for part in (pixels, down, across))
    for turn, upright in _TURNS.items():
        path = Path(folder, f"turned_{turn}.jpg")
        photo.save(path, exif=_exif(turn), quality=95, subsampling=0)
        hint = f"EXIF orientation {turn}: the shape is right, the pixels are not. exif_transpose knows all eight cases."
        yield path, upright(pixels), f"The photo was turned by EXIF orientation {turn}; it", hint

    def on_white(values: np.ndarray) -> np.ndarray:
        return 255 + (values - 255.0) * (across / 255)[..., None]

    grays = np.dstack([down] * 3)
    palette = gray.quantize(2)
    is_first = np.asarray(palette)[..., None] == 0
    see_through = Image.merge("RGBA", (*photo.split(), alpha))
    images: dict[str, tuple[Image.Image, dict, np.ndarray]] = {  # what: (image, options, meant)
        "RGBA": (see_through, {}, on_white(pixels)),
        "gray with alpha": (Image.merge("LA", (gray, alpha)), {}, on_white(grays)),
        "palette with transparency": (
            palette,
            {"transparency": 0},
            np.where(is_first, 255, np.asarray(palette.convert("RGB"))),
        ),
        "RGBA, turned by EXIF": (see_through, {"exif": _exif(6)}, np.rot90(on_white(pixels), -1)),
    }
    for what, (image, options, meant) in images.items():
        path = Path(folder, f"{what}.png")
        image.save(path, **options)
        hint = "what is transparent should be blended with white. convert('RGBA') knows all kinds of alpha."
        yield path, meant, f"{what}: it", f"{what}: {hint}"
    path = Path(folder, "gray.png")
    gray.save(path)
    yield path, grays, "gray: it", "gray: the pixels are not those of the file."


def _differ(pixels: np.ndarray, others: np.ndarray) -> bool:
    return bool(np.abs(pixels - others).max() > 8)  # decoders of JPEG differ a little


@exercise("Upright, on white, three channels.")
def check_repaired(repaired) -> Rows:
    """A function of a path that gives a uint8 array of the image, upright and blended with white."""
    with tempfile.TemporaryDirectory() as folder:
        for path, meant, shape_hint, pixels_hint in _write_odd_images(folder):
            before = _state(folder)
            result = call(repaired, str(path))
            yield from _has_changed(folder, before, "Return the pixels")
            yield from array(result)
            yield result.dtype != np.uint8, f"An array of uint8 is wanted, this is: ndarray of {result.dtype.name}."
            pixels = np.asarray(result, int)
            yield pixels.shape != meant.shape, f"{shape_hint} should be {meant.shape} and is {pixels.shape}."
            is_blue_first = not _differ(pixels[..., ::-1], meant) and _differ(pixels, meant)
            yield is_blue_first, "Red and blue have changed places. OpenCV reads blue first."
            yield _differ(pixels, meant), pixels_hint
