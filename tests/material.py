"""What several test modules need: places, the loader, files to make, and the functions of a notebook."""

import ast
import functools
import io
import linecache
import zlib
from pathlib import Path

import nbformat
from PIL import Image

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

    Imports and constants of the first code cell, functions without a decorator, and assignments to the names in `also`.
    """
    first, *others = [cell.source for cell in cells(stem)[:cell_count] if cell.cell_type == "code"]
    names = run_source(first, stem, {}, lambda node: isinstance(node, ast.Import | ast.ImportFrom | ast.Assign))

    def is_wanted(node: ast.stmt) -> bool:
        if isinstance(node, ast.FunctionDef):
            return not node.decorator_list
        return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in also

    for source in others:
        run_source(source, stem, names, is_wanted)
    return names
