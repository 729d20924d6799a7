"""What several test modules need: places, the loader, files to make, and the functions of a notebook."""

import ast
import contextlib
import functools
import io
import itertools
import linecache
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_notebook
from PIL import ExifTags, Image

import editions.sections
from editions.sections import Section, anchor

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def load(directory, **options):
    """The loader, in a few lines less: nothing printed. (TensorFlow is imported by whoever calls it.)"""
    import tensorflow as tf

    return tf.keras.utils.image_dataset_from_directory(directory, **{"verbose": False, **options})


@contextlib.contextmanager
def data_format(name: str) -> Iterator[None]:
    """Keras set to a data format for some lines. (Keras is imported by whoever calls it.)"""
    import keras

    before = keras.config.image_data_format()
    keras.config.set_image_data_format(name)
    try:
        yield
    finally:
        keras.config.set_image_data_format(before)


def encoded(image: Image.Image, image_format: str, **options) -> bytes:
    """The bytes of an image file."""
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


def state(folder: Path) -> dict:
    """All that lies in a folder, to see that nothing was changed: path -> (size, time, bytes), of a folder None."""
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns, path.read_bytes()) if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@functools.cache
def cells(stem: str) -> list[nbformat.NotebookNode]:
    """The cells of a notebook, by its name without extension."""
    return nbformat.read(ROOT / f"notebooks/{stem}.ipynb", 4).cells


@functools.cache
def sections(stem: str) -> list[Section]:
    return editions.sections.sections(new_notebook(cells=cells(stem)))


def cells_between(stem: str, first: str, last: str) -> list[nbformat.NotebookNode]:
    """The cells from the heading with one anchor to the end of the section of another, with what is below that one."""
    anchors = [anchor(section.heading) for section in sections(stem)]
    start, end = anchors.index(first), anchors.index(last)
    below = itertools.takewhile(lambda section: section.level > sections(stem)[end].level, sections(stem)[end + 1 :])
    return [cell for section in [*sections(stem)[start : end + 1], *below] for cell in section.cells]


def run_source(source: str, name: str, names: dict, keep=lambda node: True) -> dict:
    """Execute the statements of `source` that `keep` wants, in `names`, which is also returned.

    The source stays where `inspect` looks for it, so AutoGraph sees what it sees in a notebook.
    """
    filename = f"<{name}, {zlib.crc32(source.encode()):08x}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    kept = [node for node in ast.parse(source).body if keep(node)]
    exec(compile(ast.Module(kept, []), filename, "exec"), names)
    return names


def names_of(stem: str, cell_count: int | None = None, also: tuple[str, ...] = ()) -> dict:
    """What a notebook imports and defines in its first cells: nothing is timed, trained or shown.

    Imports, constants of the first code cell, functions without a decorator, and assignments to the names in `also`.
    """
    first, *others = [cell.source for cell in cells(stem)[:cell_count] if cell.cell_type == "code"]
    names = run_source(first, stem, {}, lambda node: isinstance(node, ast.Import | ast.ImportFrom | ast.Assign))

    def is_wanted(node: ast.stmt) -> bool:
        if isinstance(node, ast.FunctionDef):
            return not node.decorator_list
        if isinstance(node, ast.Import | ast.ImportFrom):
            return True
        return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in also

    for source in others:
        run_source(source, stem, names, is_wanted)
    return names


# Image files of all kinds


def photo(height: int = 30, width: int = 40) -> Image.Image:
    """A gradient, with some noise, so that no format makes it tiny."""
    image = np.linspace(0, 180, width)[None, :, None] + np.random.default_rng(0).integers(0, 70, (height, width, 3))
    return Image.fromarray(image.astype("uint8"))


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif


def chunk(name: bytes, content: bytes, checksum_off_by: int = 0) -> bytes:
    """A part of a PNG."""
    checksum = zlib.crc32(name + content) ^ checksum_off_by
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def png(pixel, *, bits=8, colour_type, size=(20, 20), palette=None, transparent=None) -> bytes:
    """A PNG of any sort, all of one pixel."""
    width, height = size
    row = b"\0" + np.asarray([pixel] * width, ">u2" if bits == 16 else "u1").tobytes()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0))]
    parts += [(name, bytes(content)) for name, content in [(b"PLTE", palette), (b"tRNS", transparent)] if content]
    parts += [(b"IDAT", zlib.compress(row * height)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def announcing(content: bytes, width: int, height: int) -> bytes:
    """A PNG, GIF, WebP (plain and lossy) or JPEG, with another size in its header."""
    if content.startswith(b"\x89PNG"):
        header = struct.pack(">II", width, height) + content[24:29]
        return content[:8] + chunk(b"IHDR", header) + content[33:]
    if content.startswith(b"GIF"):
        size = struct.pack("<HH", width, height)
        frame = content.index(b",", 13 + 3 * 2 ** (content[10] % 8 + 1))
        return content[:6] + size + content[10 : frame + 5] + size + content[frame + 9 :]
    if content.startswith(b"RIFF"):
        return content[:26] + struct.pack("<HH", width, height) + content[30:]
    size = content.index(b"\xff\xc0") + 5
    return content[:size] + struct.pack(">HH", height, width) + content[size + 4 :]


def gif(screen: tuple[int, int], *frames: tuple[int, int, int, int], transparent: bool = False) -> bytes:
    """A GIF of one colour, all written by hand: a screen, and frames with left, top, width and height.

    A frame of more than 10,000 pixels is announced only: its pixels are left out.
    """
    parts = [b"GIF89a", struct.pack("<HHBBB", *screen, 0xF7, 0, 0), b"\0\0\0\xff\x80\x20", bytes(762)]
    for left, top, width, height in frames:
        pixels = width * height if width * height <= 10_000 else 0
        codes = [code for n in range(pixels) for code in ([256, 1] if n % 200 == 0 else [1])]  # 256 starts anew
        data = sum(code << 9 * place for place, code in enumerate([*codes, 257]))
        data = data.to_bytes((9 * len(codes) + 9 + 7) // 8, "little")
        blocks = [data[start : start + 255] for start in range(0, len(data), 255)]
        parts += [b"!\xf9\4\1\0\0\1\0"] * transparent
        parts += [b",", struct.pack("<HHHHB", left, top, width, height, 0), b"\x08"]
        parts += [bytes([len(block)]) + block for block in blocks] + [b"\0"]
    return b"".join([*parts, b";"])


def top_down(bmp: bytes) -> bytes:
    """The same rows from top to bottom, as a negative height says: the picture of a BMP upside down."""
    (height,) = struct.unpack_from("<i", bmp, 22)
    return bmp[:22] + struct.pack("<i", -height) + bmp[26:]


def masked_bmp(red: int, green: int, blue: int, header_bytes: int = 108) -> bytes:
    """A BMP of 8 by 8 pixels with 32 bits and masks: its left half red, its right half blue."""
    row = red.to_bytes(4, "little") * 4 + blue.to_bytes(4, "little") * 4
    header = struct.pack("<IiiHHIIiiII", header_bytes, 8, 8, 1, 32, 3, 256, 2835, 2835, 0, 0)
    masks = struct.pack("<IIII", red, green, blue, 0)
    rest = masks + b"BGRs" + bytes(48) if header_bytes == 108 else masks[:12]
    offset = 14 + len(header) + len(rest)
    return b"BM" + struct.pack("<IHHI", offset + 256, 0, 0, offset) + header + rest + row * 8


@contextlib.contextmanager
def pipe_at(path: Path) -> Iterator[None]:
    """A pipe that nobody may read. Who does so is let go after some seconds, and the test fails."""
    try:
        os.mkfifo(path)
    except (AttributeError, OSError) as error:
        pytest.skip(f"this system cannot make a pipe: {error}")

    readers = []

    def let_go() -> None:
        with contextlib.suppress(OSError):  # nobody reads
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            readers.append("somebody")

    timers = [threading.Timer(seconds, let_go) for seconds in (4, 5, 6, 7)]  # for each who reads it
    for timer in timers:
        timer.start()
    yield
    for timer in timers:
        timer.cancel()
    assert not readers


def half_clear() -> Image.Image:
    """The photo, its left half transparent."""
    image = photo()
    image.putalpha(Image.fromarray(np.repeat(np.array([0, 255], "uint8"), 20)[None].repeat(30, axis=0)))
    return image


RGB = photo()
JPEG, PNG, GIF, BMP = (encoded(RGB, image_format) for image_format in ("JPEG", "PNG", "GIF", "BMP"))
JPEG_XL = {  # 8 by 8 black pixels of each sort, made with libjxl 0.11
    "rgb": bytes.fromhex("ff0a414024080401001c004b188b15820300"),
    "gray": bytes.fromhex("ff0a414050dc080804010018004b188b158201"),
    "10 bit": bytes.fromhex("ff0a415040d122080401001c004b188b15820300"),
    "16 bit": bytes.fromhex(
        "0000000c4a584c200d0a870a00000014667479706a786c20000000006a786c20000000096a786c6c0a"
        "0000001d6a786c63ff0a41f00350b408080401001c004b188b15820300"
    ),
    "float": bytes.fromhex(
        "0000000c4a584c200d0a870a00000014667479706a786c20000000006a786c20000000096a786c6c0a"
        "0000001c6a786c63ff0a41c801142d020804010018004b188b158201"
    ),
    "animated": bytes.fromhex("ff0a41044d002026080401001c004b188b15820300080405001c004b188b15820300"),
}
TWO_FRAMES = {"save_all": True, "append_images": [RGB.rotate(180)]}


def make_files(root: Path, *names: str) -> Path:
    """A folder with these images in it; a name that ends with a slash is a folder, `link -> target` a link."""
    for name in names:
        link, _, target = name.partition(" -> ")
        path = root / link
        try:
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if target:
                path.symlink_to(target, target_is_directory=(path.parent / target).is_dir())
            elif not name.endswith("/"):
                path.write_bytes(PNG)
        except OSError as error:
            pytest.skip(f"this system cannot make {name!a}: {error}")
    return root


def odd_photos(folder: Path) -> Path:
    """Fill the folder with photos unlike our sample in all that a notebook might take for granted."""
    classes = ["crème brûlée"] * 5 + ["São Paulo by night"] * 9 + ["猫"] * 13
    sizes = {0: (30, 30), 1: (900, 900), 2: (900, 60)}  # (width, height); the last one is much wider than tall
    for number, class_name in enumerate(classes):
        rng = np.random.default_rng(number)
        width, height = sizes.get(number, rng.integers(30, 901, size=2))
        x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
        waves = [np.sin(2 * np.pi * (a * x + b * y + c)) for a, b, c in rng.uniform(0.3, 1.5, size=(3, 3))]
        image = Image.fromarray((127.5 + 127.5 * np.stack(waves, axis=-1)).astype(np.uint8))
        if number == 3:
            image = image.convert("L")
        place = folder / class_name / ("sub-folder" if number % 5 == 0 else "")
        place.mkdir(parents=True, exist_ok=True)
        image.save(place / f"été n° {number}.{['png', 'jpg', 'gif'][number % 3]}")
    (folder / ".hidden").mkdir()
    (folder / "zebra.txt").write_text("not a photo")
    image.save(folder / "outside of the classes.jpg")
    return folder / ".." / folder.name
