"""Exercises of 09_beyond_one_machine."""

import os
import random
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows
from helpers.exercises.running import call, listed
from helpers.quiet import tensorflow as tf


def _strange(paths: list[str], given: list[str]) -> Rows:
    strange = [path for path in paths if path not in given]
    first = strange[0] if strange else ""
    yield strange, f"A list of paths is wanted, of those that were given; this is none of them: {first}."


def _text_of(path) -> str:
    """A path, which may be text, bytes, a tensor or a Path, with slashes."""
    value = path.numpy() if isinstance(path, tf.Tensor) else path
    return Path(os.fsdecode(value)).as_posix() if isinstance(value, str | bytes | os.PathLike) else str(value)


@exercise("Each path belongs to one host, in whatever order they got the list.")
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
        sizes = f"With {hosts} hosts and {count} paths, they have {' and '.join(map(str, lengths))}"
        yield len(together) > count, f"{sizes}: each should have its own part."
        yield max(lengths) - min(lengths) > 1, f"{sizes}. Their numbers should differ by one at most."
        hint = "Some paths are with two hosts. The hosts got the list in different orders: sort it first."
        yield len(set(together)) < len(together), hint
        yield len(together) < count, f"{sizes}: some are with nobody."


_NAMES = ("photos/b", "photos/a", "photos/c, d", "photos/ab", "old/photos/b", "photos/b.jpg", "other/b")
_PATHS = [f"{name}.jpg" for name in _NAMES]
_RESULTS = {  # what is said of a case: (text of the results, paths that are done)
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


@exercise("Nothing twice, nothing forgotten.")
def check_left_to_do(left_to_do) -> Rows:
    """A function (paths, text of the results) -> the paths that are still to be done."""
    for case, (text, done) in _RESULTS.items():
        result = call(left_to_do, list(_PATHS), text)
        left, right = [_text_of(path) for path in listed(result)], [path for path in _PATHS if path not in done]
        again = [path for path in left if path in done]
        first = "photos/a.jpg" if "photos/a.jpg" in again else "".join(again[:1])
        yield again, f"{first} is done, and would be done again."
        missing = [path for path in right if path not in left]
        yield missing, f"{''.join(missing[:1])} would be forgotten: {case}."
        yield from _strange(left, _PATHS)
        yield len(left) > len(right), "A path is in your list twice. Give each path as it was given, once."
        yield left != right, "The paths are right, their order is not: keep that of the list."
