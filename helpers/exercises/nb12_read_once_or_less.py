"""Exercises of 12_read_once_or_less."""

import tempfile
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.graphs import nodes
from helpers.exercises.rows import Rows, number, pair
from helpers.exercises.running import Mistake, call, elements
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


@exercise("Each file is read once, and each epoch has its own order.")
def check_cached(cached) -> Rows:
    """A function from a folder with class folders to a cached dataset of uint8 images and their labels."""
    with tempfile.TemporaryDirectory() as folder:
        truth = _write_two_classes(folder)
        dataset = call(cached, folder)
        first = elements(dataset)
    yield from pair(dataset.element_spec, "images", "labels")
    yield not first, "This dataset is empty."
    later = _after_the_files_are_gone(dataset)
    yield not all(later), _READ_AGAIN
    images = first[0][0]
    yield images.ndim == 3, "These are single images. Add batch(8) as the last step."
    sizes = [len(images) for images, _ in first]
    yield sorted(sizes) != [4, 8, 8, 8, 8], f"36 photos make batches of 8, 8, 8, 8 and 4; yours hold {sizes}."
    kind = f"{images.dtype}, {images.shape[1:]}"
    is_kind = images.dtype == np.uint8 and images.shape[1:] == (64, 64, 3)
    yield not is_kind, f"The images should be uint8, of 64 by 64 pixels; they are {kind}."
    yield (
        max(images.max() for images, _ in first) <= 1,
        "All values are 0 or 1. For uint8, leave the images at 0 to 255.",
    )
    middle = images[:, 16:48, 16:48, 1]  # between _GREENS, however they were resized
    yield middle.mean() < sum(_GREENS) / 2 - 0.25, "The photos are slightly too dark: round before you cast."
    epochs = [[_photos_of(batch) for batch in epoch] for epoch in (first, *later)]
    is_whole = all(sorted(sum(epoch, [])) == truth for epoch in epochs)
    yield not is_whole, "An epoch should have each photo once, with its own label."
    frozen = "All epochs have the same order: the cache froze it, or shuffle is set to keep it."
    yield epochs[0] == epochs[1], f"{frozen} Put shuffle after cache."
    members = [set(map(frozenset, epoch)) for epoch in epochs]
    hint = "The batches move, but always hold the same photos. Shuffle photos, before they are batched."
    yield members[0] == members[1], hint
    kinds = [
        kind for node in nodes(dataset) if node.op.startswith("Cache") for kind in node.attr["output_types"].list.type
    ]
    if tf.float32.as_datatype_enum in kinds:
        return "But your cache holds floats: uint8 before the cache takes a quarter of the memory."
    return None


_READ_AGAIN = "The second epoch reads the files again: nothing is cached, or the cache is a file in that folder."


_GREENS = (100, 101)  # in columns that take turns: resizing gives values between them, which a cast alone cuts off


def _write_two_classes(folder: str) -> list[tuple[int, int]]:
    """22 and 14 photos, each with its own red. Returns the pairs of red and class number, sorted."""
    reds = {f"{'abcd'[number % 4]}{number:02d}.png": 6 * number for number in range(36)}
    labels = {name: int(red >= 132) for name, red in reds.items()}
    for name, label in labels.items():
        Path(folder, "ab"[label]).mkdir(exist_ok=True)
        pixels = np.zeros((60, 40, 3), np.uint8)
        pixels[..., 0], pixels[:, ::2, 1], pixels[:, 1::2, 1] = reds[name], *_GREENS
        Image.fromarray(pixels).save(Path(folder, "ab"[label], name))
    return sorted((reds[name], labels[name]) for name in reds)


def _after_the_files_are_gone(dataset: tf.data.Dataset) -> list[list]:
    try:
        return [elements(dataset), elements(dataset)]
    except Mistake as mistake:
        if isinstance(mistake.__cause__, tf.errors.OpError):
            raise Mistake(_READ_AGAIN) from mistake
        raise


def _photos_of(batch) -> list[tuple[int, int]]:
    """The red in the middle, where padding does not reach, and the label of each photo."""
    images, labels = batch
    if labels.ndim == 2 and labels.shape[1] > 1:  # one-hot
        labels = labels.argmax(axis=1)
    return list(zip(images[:, 32, 32, 0].tolist(), labels.ravel().astype(int).tolist(), strict=True))


@exercise("As small as possible, and no smaller.")
def check_ratio_for(ratio_for) -> Rows:
    """A function (shape, size) -> the ratio at which a JPEG is decoded: 1, 2, 4 or 8."""
    for (shape, size), (right, reason) in _RATIOS.items():
        ratio = call(ratio_for, shape, size)
        yield from number(ratio, "This should be a number: 1, 2, 4 or 8")
        yield ratio != right, f"{shape} for {size} gives {ratio}, not {right}: {reason}."


_RATIOS = {  # (shape of the JPEG, size of the picture): (ratio, reason)
    ((100, 100), (128, 128)): (1, "it is already too small, so nothing may be thrown away"),
    ((3024, 4032), (128, 128)): (8, "at 1/8, 378 by 504 are left"),
    ((1000, 4032), (128, 128)): (4, "at 1/8 the height would be 125"),
    ((4032, 1000), (128, 128)): (4, "at 1/8 the width would be 125"),
    ((1024, 1024), (128, 128)): (8, "at 1/8, 128 are left, exactly enough"),
    ((1024, 2048), (128, 256)): (8, "at 1/8, 128 by 256 are left, and both are (height, width)"),
    ((600, 800), (128, 256)): (2, "1/4 would leave 200 of the width"),
    ((768, 768), (256, 256)): (2, "3 is not a JPEG ratio; 1, 2, 4 and 8 are"),
    ((9000, 9000), (128, 128)): (8, "8 is the largest ratio"),
    ((100, 4032), (128, 128)): (1, "the height is already too small"),
}


_LONGEST = 128
_TO_SHRINK = {  # file -> (width, height); two have the same name, and two are small already
    "a/one.jpg": (600, 400),
    "a/two.png": (200, 512),
    "a/three.jpg": (60, 40),
    "b/one.jpg": (257, 300),
    "b/two.jpeg": (128, 90),
    "b/été 4.jpg": (1000, 130),
}


@exercise("Each photo is in the folder of its class, and its longer side has at most 128 pixels.")
def check_shrink_folder(shrink_folder) -> Rows:
    """A function (source, target) that writes small copies of all photos and returns how many there are."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "source"), Path(place, "target")
        target.mkdir()
        _write_large_photos(source)
        before = _contents(source)
        count = call(shrink_folder, str(source), str(target))
        yield _contents(source) != before, "The large photos have changed. Write only to `target`."
        yield from _written(_contents(target))
        for name, size in _TO_SHRINK.items():
            yield from _shrunk(name, size, Path(source, name), Path(target, name))
    yield from number(count, "The photos are right. What you return should be their number")
    yield count != len(_TO_SHRINK), f"The photos are right, but there are {len(_TO_SHRINK)} of them, not {count}."


def _write_large_photos(source: Path) -> None:
    for seed, (name, size) in enumerate(_TO_SHRINK.items()):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        colours = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
        Image.fromarray(colours).resize(size, Image.Resampling.BICUBIC).save(path)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _written(found: dict[str, bytes]) -> Rows:
    yield not found, "Nothing was written to `target`."
    flat = [name for name in found if "/" not in name]
    yield flat, f"{flat[:1]} is not in a class folder: its path should be `target`, then the class, then its name."
    missing = [name for name in _TO_SHRINK if name not in found]
    yield missing, f"{len(missing)} of {len(_TO_SHRINK)} photos are missing, such as {missing[:1]}. Keep the names."
    others = [name for name in found if name not in _TO_SHRINK]
    yield others, f"There are also other files, such as {others[:1]}."


def _shrunk(name: str, size: tuple[int, int], large_path: Path, small_path: Path) -> Rows:
    try:
        with Image.open(small_path) as opened:
            small = opened.convert("RGB")
    except OSError:
        yield True, f"{name} cannot be opened. Save it with Pillow: photo.save(path)."
    scale = min(1, _LONGEST / max(size))
    wanted = [side * scale for side in size]
    became = f"{name}, {size[0]} by {size[1]} pixels (width by height), became {small.width} by {small.height}"
    is_enlarged = max(size) <= _LONGEST and small.width > size[0]
    yield is_enlarged, f"{became}: a photo that is already smaller should keep its size."
    yield max(small.size) > _LONGEST, f"{became}. The longer side should have at most {_LONGEST} pixels."
    off = max(abs(got - side) for got, side in zip(small.size, wanted, strict=True))
    yield off > 1, f"{became}. It should be about {wanted[0]:.0f} by {wanted[1]:.0f}: keep the proportions."
    with Image.open(large_path) as large:
        reference = np.asarray(large.convert("RGB").resize(small.size), np.float32)
    hint = f"{name} in `target` does not show the same as {name} in `source`."
    yield np.abs(np.asarray(small, np.float32) - reference).mean() > 20, hint
