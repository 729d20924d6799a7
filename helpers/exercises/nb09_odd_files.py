"""Exercises of 09_odd_files."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.folders import state_of, unchanged
from helpers.exercises.rows import Rows, array, kind_of
from helpers.exercises.running import call, listed
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import ExifTags, Image


def _exif(turn: int) -> Image.Exif:
    """EXIF data with an orientation, or with the name of a camera alone."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "a camera"
    if turn:
        exif[ExifTags.Base.Orientation] = turn
    return exif


def _listed_turned(is_turned: Callable[[Image.Image], bool]) -> Callable[[list[str]], list[str]]:
    def turned(paths: list[str]) -> list[str]:
        found = []
        for path in paths:
            with Image.open(path) as image:
                if is_turned(image):
                    found.append(path)
        return found

    return turned


def _orientation(image: Image.Image, default: int | None = 1) -> int | None:
    return image.getexif().get(ExifTags.Base.Orientation, default)


def _write_turned(folder: str) -> list[str]:
    """Photos with and without a mark, of both shapes; the names reveal nothing."""
    wide, tall = Image.new("RGB", (40, 30), "teal"), Image.new("RGB", (30, 40), "teal")
    marks = [(wide, None), (wide, 1), (wide, 6), (tall, None), (wide, 3), (tall, 8), (wide, 0), (wide, 2), (tall, 1)]
    paths = []
    for number, (image, turn) in enumerate(marks):
        paths.append(str(Path(folder, f"IMG_{number}.jpg")))
        image.save(paths[-1], exif=Image.Exif() if turn is None else _exif(turn))
    return paths


@exercise(
    "You found every orientation except 1, and a photo without a mark is upright.",
    right=_listed_turned(lambda image: _orientation(image) != 1),
    impostors={
        "A photo without a mark is upright: get(…, 1) returns 1 if there is none.": _listed_turned(
            lambda image: _orientation(image, None) != 1
        ),
        "6 is only one of the orientations; every one except 1 is a turn or a mirror image.": _listed_turned(
            lambda image: _orientation(image) == 6
        ),
        "EXIF data holds much more, such as the camera. Look at the orientation.": _listed_turned(
            lambda image: bool(image.getexif())
        ),
        "The shape does not tell you: a photo may be wide and marked, or tall and upright.": _listed_turned(
            lambda image: image.height > image.width
        ),
        "This is the list of all paths.": _listed_turned(lambda image: True),
        "These are the upright photos.": _listed_turned(lambda image: _orientation(image) == 1),
        "2, 4, 5 and 7 are mirrored: they need exif_transpose as well.": _listed_turned(
            lambda image: _orientation(image) in (3, 6, 8)
        ),
    },
)
def check_turned(turned) -> Rows:
    """A function that takes a list of paths and returns a list, those of them that EXIF data marks as turned."""
    with tempfile.TemporaryDirectory() as folder:
        paths = _write_turned(folder)
        before = state_of(folder)
        found = listed(call(turned, paths))
        yield from unchanged(folder, before, "Only list them")
        strange = [value for value in found if str(value) not in paths]
        wanted = "The list should hold the paths themselves, exactly as passed in; this is"
        yield strange, f"{wanted} {kind_of(strange[0]) if strange else ''}, not one of them."
        yield len(found) > len({*map(str, found)}), "Some paths appear twice."
        otherwise = f"This is not the right list: yours has {len(found)} paths."
        yield from check_turned.compare(
            found,
            paths,
            same=lambda one, other: {*map(str, one)} == {*map(str, other)},
            otherwise=otherwise,
        )


def _metres(path: str) -> np.ndarray:
    return tf.io.decode_png(tf.io.read_file(path), dtype=tf.uint16).numpy().astype(np.float32) / 1000


def _of_8_bits(path: str) -> np.ndarray:
    return tf.io.decode_png(tf.io.read_file(path)).numpy().astype(np.float32)


@exercise(
    "Every value in the file is there, in metres.",
    right=_metres,
    impostors={
        "These are millimetres: divide by 1000.": lambda path: _metres(path) * 1000,
        "These are whole metres. Convert to floats first, then divide.": lambda path: np.floor(_metres(path)),
        "All values are between 0 and 1, as if the largest possible one were 1 m. Divide the millimetres by 1000.": (
            lambda path: _metres(path) / 65.535
        ),
        "Only the upper 8 bits were read. decode_png takes a dtype.": lambda path: _of_8_bits(path) / 1000,
        "Only the upper 8 bits were read, and not divided. decode_png takes a dtype.": _of_8_bits,
        "Only the upper 8 bits were read, and divided by 255. decode_png takes a dtype.": (
            lambda path: _of_8_bits(path) / 255
        ),
    },
)
def check_metres(metres) -> Rows:
    """A function that takes the path of a 16-bit PNG in millimetres and returns float32 metres, (height, width, 1)."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "depth.png"))
        millimetres = np.linspace(300, 9876, 30 * 40).reshape(30, 40).astype(np.uint16)
        Image.fromarray(millimetres).save(path)
        before = state_of(folder)
        result = call(metres, path)
        yield from unchanged(folder, before, "Return the values")
        is_tensor = isinstance(result, tf.Tensor | np.ndarray)
        yield not is_tensor, f"This should be a tensor or an array; it is {kind_of(result)}."
        values = np.asarray(result)
        yield values.dtype != np.float32, f"The values should be float32; they are {values.dtype.name}."
        yield values.shape != (30, 40, 1), f"The shape should be (30, 40, 1), as from decode_png; it is {values.shape}."
        yield from check_metres.compare(
            values, path, same=lambda one, other: np.allclose(one, other, atol=1e-4), otherwise="The values differ."
        )


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
    """Write images; yield the path of each, its intended pixels, and the hints for a wrong shape and wrong pixels."""
    across, down = np.meshgrid(np.linspace(0, 255, 40), np.linspace(0, 255, 30))
    pixels = np.dstack([across, down, np.full_like(down, 128)]).astype(np.uint8)
    photo, gray, alpha = (Image.fromarray(part.astype(np.uint8)) for part in (pixels, down, across))
    for turn, upright in _TURNS.items():
        path = Path(folder, f"turned_{turn}.jpg")
        photo.save(path, exif=_exif(turn), quality=95, subsampling=0)
        hint = (
            f"EXIF orientation {turn}: the shape is right, the pixels are not. exif_transpose handles all eight cases."
        )
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
        hint = "transparent areas should be blended with white. convert('RGBA') handles all kinds of alpha."
        yield path, meant, f"{what}: it", f"{what}: {hint}"
    path = Path(folder, "gray.png")
    gray.save(path)
    yield path, grays, "gray: it", "gray: the pixels are not those of the file."


def _differ(pixels: np.ndarray, others: np.ndarray) -> bool:
    return bool(np.abs(pixels - others).max() > 8)  # decoders of JPEG differ a little


@exercise("Upright, on white, three channels.")
def check_repaired(repaired) -> Rows:
    """A function that takes a path and returns a uint8 array of the image, upright and blended with white."""
    with tempfile.TemporaryDirectory() as folder:
        for path, meant, shape_hint, pixels_hint in _write_odd_images(folder):
            before = state_of(folder)
            result = call(repaired, str(path))
            yield from unchanged(folder, before, "Return the pixels")
            yield from array(result)
            yield (
                result.dtype != np.uint8,
                f"This should be an array of uint8; it is an ndarray of {result.dtype.name}.",
            )
            pixels = np.asarray(result, int)
            yield pixels.shape != meant.shape, f"{shape_hint} should be {meant.shape} but is {pixels.shape}."
            is_blue_first = not _differ(pixels[..., ::-1], meant) and _differ(pixels, meant)
            yield is_blue_first, "Red and blue are swapped. OpenCV reads blue first."
            yield _differ(pixels, meant), pixels_hint
