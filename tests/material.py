"""What several test modules need: places, the loader, files to make, and the functions of a notebook."""

import ast
import functools
import io
import linecache
import struct
import zlib
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import ExifTags, Image

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def load(directory, **options):
    """The loader, in a few lines less: nothing printed. (TensorFlow is imported by whoever calls it.)"""
    import tensorflow as tf

    return tf.keras.utils.image_dataset_from_directory(directory, **{"verbose": False, **options})


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
    """A PNG, GIF or JPEG, with another size in its header."""
    if content.startswith(b"\x89PNG"):
        header = struct.pack(">II", width, height) + content[24:29]
        return content[:8] + chunk(b"IHDR", header) + content[33:]
    if content.startswith(b"GIF"):
        return content[:6] + struct.pack("<HH", width, height) + content[10:]
    size = content.index(b"\xff\xc0") + 5
    return content[:size] + struct.pack(">HH", height, width) + content[size + 4 :]


def half_clear() -> Image.Image:
    """The photo, its left half transparent."""
    image = photo()
    image.putalpha(Image.fromarray(np.repeat(np.array([0, 255], "uint8"), 20)[None].repeat(30, axis=0)))
    return image


RGB = photo()
JPEG, PNG, GIF, BMP = (encoded(RGB, image_format) for image_format in ("JPEG", "PNG", "GIF", "BMP"))
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
