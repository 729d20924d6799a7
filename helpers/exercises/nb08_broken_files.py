"""Exercises of 08_broken_files."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.folders import state_of, unchanged
from helpers.exercises.framed_photos import as_loaded, reds_of, write_framed_photos
from helpers.exercises.rows import Rows, kind_of, pair
from helpers.exercises.running import Mistake, call, elements, listed
from helpers.odd_files import encoded
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


def _contents() -> dict[str, tuple[bytes, str]]:
    """Name -> (content of the file, why it is broken; empty if it is not)."""
    photo = Image.radial_gradient("L").resize((40, 30))  # noise would differ in how much its last bytes matter
    jpeg, png, tiff = (encoded(photo, image_format) for image_format in ("JPEG", "PNG", "TIFF"))
    see_through = Image.merge("LA", (photo, photo)).convert("RGBA")
    return {
        "1.png": (png, ""),
        "2.jpg": (b"", "an empty file"),
        "3.jpg": (jpeg, ""),
        "4.jpg": (jpeg[:-2], "a JPEG without its last two bytes, which verify and imread accept"),
        "5.jpg": (b"<html>not found</html>", "a web page"),
        "6.jpg": (png, ""),  # TensorFlow looks inside
        "7.png": (png[: len(png) // 2], "half a PNG"),
        "8.jpg": (tiff, "a TIFF with the wrong extension, which Pillow and imread can read"),
        "9.png": (encoded(see_through, "PNG"), ""),
        "10.jpg": (encoded(see_through, "WEBP"), "a WebP with transparency, which fails with three channels"),
    }


_MISSING = ("11.jpg", "12.png")


def _first(words: list[str]) -> str:
    return words[0] if words else ""


def _paths_among(given: list[str], values) -> Rows:
    """Rows for a list of anything other than the paths passed in."""
    wanted = "The list should hold the paths themselves, exactly as passed in; this is"
    other = [kind_of(value) for value in values if not isinstance(value, str | Path)]
    yield other, f"{wanted} {_first(other)}."
    strange = [value for value in map(str, values) if value not in given]
    yield strange, f"{wanted} not one of them: {_first(strange)}."
    yield len(values) > len({*map(str, values)}), "Some paths appear twice."


@exercise("You asked TensorFlow, so the loader will agree, and no missing file is called broken.")
def check_broken_and_missing(broken_and_missing) -> Rows:
    """A function that takes a list of paths and returns two lists: those TensorFlow cannot decode, and missing ones."""
    contents = _contents()
    with tempfile.TemporaryDirectory() as folder:
        for name, (content, _) in contents.items():
            Path(folder, name).write_bytes(content)
        before = state_of(folder)
        given = [str(Path(folder, name)) for name in [*contents, *_MISSING]]
        result = call(broken_and_missing, given)
        yield isinstance(result, Mapping), "This should be two lists of paths; it is a dict."
        yield from pair(result, "a list of broken files", "a list of missing files, in this order")
        found, without_file = map(listed, result)
        yield from unchanged(folder, before, "Only list what is broken")
    yield from _paths_among(given, found)
    yield from _paths_among(given, without_file)
    names, absent = ({Path(path).name for path in paths} for paths in (found, without_file))
    mixed = sorted(names & set(_MISSING))
    yield mixed, f"There is no file {_first(mixed)}, so it is missing, not broken: tf.errors.NotFoundError tells you."
    fine = [name for name in sorted(names) if not contents[name][1]]
    yield (
        fine,
        f"{_first(fine)} can be decoded. The first bytes count, not the name; and an odd file is not a broken one.",
    )
    broken = {name: reason for name, (_, reason) in contents.items() if reason}
    missed = [reason for name, reason in broken.items() if name not in names]
    yield missed, f"{len(missed)} of {len(broken)} broken files are not in the first list: {_first(missed)}."
    there = sorted(absent & set(contents))
    yield there, f"{_first(there)} exists, so it does not belong in the second list."
    yield absent != set(_MISSING), f"{len(_MISSING)} files are missing; the second list has {len(absent)}."


def _without_broken(dataset) -> list:
    try:
        return elements(dataset)
    except Mistake as mistake:
        if isinstance(mistake.__cause__, tf.errors.InvalidArgumentError):
            hint = "A broken file still stops the dataset. ignore_errors is missing or comes too early."
            raise Mistake(hint) from mistake
        if isinstance(mistake.__cause__, tf.errors.FailedPreconditionError):
            hint = (
                "The number you stated is not the number that arrives. Count what is left after skipping, and "
                "state it before batch: afterwards, a dataset counts batches."
            )
            raise Mistake(hint) from mistake
        raise


def _break_some(folder: str, reds: dict[str, int]) -> None:
    """Break some of the photos, and remove them from `reds`."""
    for name in sorted(reds)[3::6]:
        Path(folder, name).write_bytes(b"broken")
        del reds[name]


_TOO_FEW = "you also lost good neighbours or a short last batch. Skip before you batch."


@exercise("Only the broken photos are gone, every path is right, and the folder is as it was.")
def check_intact(intact) -> Rows:
    """A function that takes a flat folder and returns a dataset of batches, its good photos and their paths."""
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)  # it may lie behind a link
        reds = write_framed_photos(folder, 20)
        _break_some(folder, reds)
        Path(folder, "b2.txt").write_text("no photo, so whoever lists all files is off by one")
        before = state_of(folder)
        dataset = call(intact, folder)
        batches = _without_broken(dataset)
        yield from unchanged(folder, before, "Skip them")
    yield from pair(dataset.element_spec, "images", "paths")
    good = len(reds)
    yield not batches, f"{good} of 20 photos are good, but you have 0: {_TOO_FEW}"
    yield from _of_the_size(batches)
    images, paths = (np.concatenate(part) for part in zip(*batches, strict=True))
    yield paths.dtype != object, f"Each image should come with its path, as text; these are {paths.dtype}."
    files = [Path(os.fsdecode(path)) for path in paths]
    strange = [file.name for file in files if file.absolute().parent != Path(folder)]
    yield strange, f"The paths should include the folder, as in file_paths; one of yours is {_first(strange)}."
    names = [file.name for file in files]
    yield len(set(names)) < good, f"{good} of 20 photos are good, but you have {len(set(names))}: {_TOO_FEW}"
    yield from as_loaded(images)
    wanted_reds = [reds.get(name, -1) for name in names]
    yield (
        not np.allclose(reds_of(images), wanted_reds, atol=1),
        "Some paths belong to other images. Load with shuffle=False, and pair before you skip: after a gap, every path "
        "belongs to the previous file.",
    )
    yield len(names) > good, f"{good} photos are good, but you have {len(names)}: some appear twice."
    yield from _in_batches_of_8(batches)


def _of_the_size(batches: list) -> Rows:
    shape = batches[0][0].shape
    wanted = "These should be batches of images of 32 by 32 pixels"
    is_single = ": batch is missing" if shape == (32, 32, 3) else ""
    yield shape[1:] != (32, 32, 3), f"{wanted}; the first element is {shape}{is_single}."


def _in_batches_of_8(batches: list) -> Rows:
    """Rows for batches other than those that the 17 good photos make."""
    sizes = [len(images) for images, _ in batches]
    yield sizes[0] != 8, f"The first batch has {sizes[0]} images instead of 8."
    yield sizes != [8, 8, 1], f"The batches have {sizes} images instead of {[8, 8, 1]}."


@exercise("Only the broken photos are gone, each photo has its own label, and Keras knows how many batches to expect.")
def check_trainable(trainable) -> Rows:
    """A function from a folder with class folders to batches of its good photos and labels, of known length."""
    with tempfile.TemporaryDirectory() as folder:
        reds = write_framed_photos(folder, 20)
        _break_some(folder, reds)
        label_of_red = {red: int(red % 18 == 0) for red in reds.values()}
        for label in range(2):
            Path(folder, f"class_{label}").mkdir()
        for path in [path for path in Path(folder).iterdir() if path.is_file()]:
            path.rename(Path(folder, f"class_{label_of_red.get(reds.get(path.name, -1), 0)}", path.name))
        before = state_of(folder)
        dataset = call(trainable, folder)
        batches = _without_broken(dataset)
        length = int(dataset.cardinality())
        yield from unchanged(folder, before, "Skip them")
    yield from pair(dataset.element_spec, "images", "labels")
    good = len(reds)
    yield not batches, f"{good} of 20 photos are good, but you have 0: {_TOO_FEW}"
    yield from _of_the_size(batches)
    images, labels = (np.concatenate(part) for part in zip(*batches, strict=True))
    yield (
        labels.ndim != 1 or labels.dtype.kind not in "iu",
        f"Each image should have one whole number, as from the loader; your labels are {labels.dtype} of shape "
        f"{labels.shape}.",
    )
    yield len(images) < good, f"{good} of 20 photos are good, but you have {len(images)}: {_TOO_FEW}"
    yield len(images) > good, f"{good} photos are good, but you have {len(images)}: some appear twice."
    yield from as_loaded(images)
    wanted = [label_of_red.get(round(float(red)), -1) for red in reds_of(images)]
    yield wanted != labels.tolist(), "Some labels belong to other images: skip pairs of image and label."
    unknown = "The length is still unknown, so Keras would warn. Count what is left and state it: assert_cardinality."
    yield length == tf.data.UNKNOWN_CARDINALITY, unknown
    yield from _in_batches_of_8(batches)
