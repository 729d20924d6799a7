"""Exercises of 15_beyond_one_machine."""

import os
import random
import tempfile
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of, pair
from helpers.exercises.running import call, elements, listed
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


def _strange(paths: list[str], given: list[str]) -> Rows:
    strange = [path for path in paths if path not in given]
    first = strange[0] if strange else ""
    yield strange, f"This should be a list of the paths you were passed; this is not one of them: {first}."


def _text_of(path) -> str:
    """A path, which may be text, bytes, a tensor or a Path, with slashes."""
    value = path.numpy() if isinstance(path, tf.Tensor) else path
    return Path(os.fsdecode(value)).as_posix() if isinstance(value, str | bytes | os.PathLike) else str(value)


@exercise("Each path belongs to one host, whatever order the hosts get the list in.")
def check_shard_of(shard_of) -> Rows:
    """A function (paths, index, hosts) -> the paths of one of several hosts."""
    for hosts, count in ((2, 11), (3, 10), (4, 9), (5, 3)):
        paths = [f"photos/{'ab'[number % 2]}/{number // 2}.jpg" for number in range(count)]
        shards = []
        for index in range(hosts):
            shard = call(shard_of, random.Random(index).sample(paths, count), index, hosts)
            shards.append([_text_of(path) for path in listed(shard)])
        together = sum(shards, [])
        yield from _strange(together, paths)
        lengths = [len(shard) for shard in shards]
        sizes = f"With {hosts} hosts and {count} paths, the hosts have {' and '.join(map(str, lengths))}"
        yield len(together) > count, f"{sizes}: each should have its own part."
        yield max(lengths) - min(lengths) > 1, f"{sizes}. Their numbers should differ by at most one."
        hint = "Two hosts have some of the same paths. The hosts get the list in different orders: sort it first."
        yield len(set(together)) < len(together), hint
        yield len(together) < count, f"{sizes}: no host has the others."


_NAMES = ("photos/b", "photos/a", "photos/c, d", "photos/ab", "old/photos/b", "photos/b.jpg", "other/b")
_PATHS = [f"{name}.jpg" for name in _NAMES]
_RESULTS = {  # description of a case: (text of the results, paths that are done)
    "nothing is done yet": ("", []),
    "only photos/b.jpg and photos/a.jpg are done": ("photos/b.jpg,cat\nphotos/a.jpg,dog\n", _PATHS[:2]),
    "the line of photos/a.jpg was cut off": ("photos/b.jpg,cat\nphotos/a.jpg,do", _PATHS[:1]),
    "a path was cut off": ("photos/a.jpg,cat\nphotos/b.jp", _PATHS[1:2]),
    "a path has a comma": ("photos/c, d.jpg,cat\n", _PATHS[2:3]),
    "the results are in another order": ("photos/ab.jpg,cat\nphotos/b.jpg,cat\n", [_PATHS[0], _PATHS[3]]),
    "only old/photos/b.jpg and photos/b.jpg.jpg are done": (
        "old/photos/b.jpg,cat\nphotos/b.jpg.jpg,cat\nphotos/b.jpg.jpg,cat\nphotos/gone.jpg,cat\n",
        _PATHS[4:6],
    ),
    "all is done": ("".join(f"{path},cat\n" for path in _PATHS), _PATHS),
}


@exercise("Nothing is done twice, and nothing is forgotten.")
def check_left_to_do(left_to_do) -> Rows:
    """A function (paths, text of the results) -> the paths still to do."""
    for case, (text, done) in _RESULTS.items():
        result = call(left_to_do, list(_PATHS), text)
        left, right = [_text_of(path) for path in listed(result)], [path for path in _PATHS if path not in done]
        again = [path for path in left if path in done]
        first = "photos/a.jpg" if "photos/a.jpg" in again else "".join(again[:1])
        yield again, f"{first} is done, and would be done again{': its path has a comma' if ',' in first else ''}."
        missing = "".join([path for path in right if path not in left][:1])
        yield missing, f"{missing} would be forgotten: {case.replace(f'the line of {missing}', 'its line')}."
        yield from _strange(left, _PATHS)
        yield len(left) > len(right), "A path is in your list twice. List each path once, as it was passed in."
        yield left != right, "The paths are right, but their order is not: keep that of the list."


_COPIED = {"ant": 2, "bee": 5, "elk": 1}  # class: number of its photos; the second class has more than the others


def _photos_in(folder: str) -> dict[bytes, str]:
    """Tiny photos in a folder, each in its own colour: content -> name of the class."""
    photos: dict[bytes, str] = {}
    for name, count in _COPIED.items():
        Path(folder, name).mkdir()
        for number in range(count):
            path = Path(folder, name, f"{number}.jpg")
            Image.new("RGB", (8, 8), (20 * number, 30 * len(photos), 90)).save(path)
            photos[path.read_bytes()] = name
    return photos


@exercise("Saved, loaded without the folder, and each file's content still has its class.")
def check_to_save(to_save) -> Rows:
    """A function from a folder to a dataset of pairs: name of the class, content of the file."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as place:
        with tempfile.TemporaryDirectory(dir=folder) as photo_folder:
            photos = _photos_in(photo_folder)
            dataset = call(to_save, photo_folder)
            yield not isinstance(dataset, tf.data.Dataset), f"This should be a dataset; it is {kind_of(dataset)}."
            elements(dataset)
            dataset.save(place)
        loaded = elements(tf.data.Dataset.load(place))
    yield not loaded, "Your dataset is empty."
    first = loaded[0]
    yield from pair(first, "the name of the class", "the content of the file")
    name, content = first
    shapes = f"{np.shape(name)} and {np.shape(content)}"
    yield (
        max(np.ndim(name), np.ndim(content)) >= 3,
        "These are pixels. Save the content of the file, unchanged: tf.io.read_file.",
    )
    yield bool(np.shape(name) or np.shape(content)), f"Each pair should hold one photo; the shapes are {shapes}."
    yield (
        isinstance(name, np.number | int),
        f"The class is {name} here. Whoever loads the dataset has no class_names: save the name.",
    )
    are_bytes = isinstance(name, bytes) and isinstance(content, bytes)
    yield not are_bytes, f"To TensorFlow, both should be text; they are {kind_of(name)} and {kind_of(content)}."
    yield name in photos, "Name and content are swapped: the name of the class comes first."
    is_path = content.startswith(os.fsencode(folder)) or content.endswith(b".jpg")
    yield is_path, "This is the path of the file, but the folder is gone. Save the content: tf.io.read_file."
    got = {content: name.decode(errors="replace") for name, content in loaded}
    strange = [name for name in got.values() if name not in _COPIED]
    yield strange, f"The classes are {', '.join(_COPIED)}; one of yours is {''.join(strange[:1])}."
    yield len(loaded) < len(photos), f"The folder has {len(photos)} photos, but {len(loaded)} were saved."
    yield len(loaded) > len(got), "A photo appears twice."
    hint = "A photo has the class of another. Are both lists in the same order? By default, the loader shuffles."
    yield set(got) == set(photos) and got != photos, hint
    yield got != photos, "The contents are not those of the files. Save them unchanged."
