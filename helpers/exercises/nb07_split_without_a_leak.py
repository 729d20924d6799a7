"""Exercises of 07_split_without_a_leak."""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, kind_of
from helpers.exercises.running import Mistake, call, listed
from helpers.files import list_images

import numpy as np
from PIL import Image


@exercise("No photo is in two parts, none is missing, and each part has the same mix of classes.")
def check_three_parts(three_parts) -> Rows:
    """A function that takes paths and labels and returns three lists of paths: 70, 20 and 10 percent, stratified."""
    for second in (20, 50, 30):  # a lucky split without stratify is not lucky three times
        paths = [f"photos/a/{number:03}.jpg" for number in range(100 - second)]
        paths += [f"photos/b/{number:03}.jpg" for number in range(second)]
        random.Random(second).shuffle(paths)
        parts = _parts(call(three_parts, paths, [int("/b/" in path) for path in paths]))
        yield len(parts) != 3, f"There should be three lists; there are {len(parts)}."
        yield from _each_path_once(parts, paths)
        sizes = [len(part) for part in parts]
        is_swapped = sizes != [70, 20, 10] and sorted(sizes) == [10, 20, 70]
        yield is_swapped, f"The parts have {sizes} photos. The order is training, validation, test."
        rest = (
            "The second split divides only what the first has left: 20 of 90 photos, for instance, are not 0.2 of them."
        )
        yield sizes != [70, 20, 10], f"The parts have {sizes} photos instead of [70, 20, 10]. {rest}"
        seconds = [sum("/b/" in path for path in part) for part in parts]
        counts = "{}, {} and {}".format(*seconds)
        yield (
            seconds != [second * 7 // 10, second // 5, second // 10],
            f"Of the {second} photos in the second class, the parts have {counts}. Split with stratify both times.",
        )


def _parts(result) -> list[list]:
    if isinstance(result, Mapping):
        raise Mistake("This should be three lists, one after the other; it is a dict.")
    parts = [listed(part) for part in listed(result)]
    return [[path.as_posix() if isinstance(path, Path) else path for path in part] for part in parts]


def _each_path_once(parts: list[list], paths: list[str]) -> Rows:
    together = sum(parts, [])
    strange = [path for path in together if not isinstance(path, str) or path not in paths]
    first = strange[0] if strange else ""
    what = repr(first) if isinstance(first, str) else kind_of(first)
    yield strange, f"The lists should hold the paths you were passed, without labels; this is not one of them: {what}."
    is_repeated = any(len(part) > len(set(part)) for part in parts)
    yield is_repeated, "Some photos are in the same part twice. Use each path once."
    twice = len(together) - len(set(together))
    yield twice, f"{twice} photos are in more than one part. Divide the rest, not the whole list again."
    missing = len(paths) - len(together)
    yield missing, f"{missing} of the photos are in no part."


@exercise("No patient is in both lists, and no photo is missing.")
def check_by_patient(by_patient) -> Rows:
    """A function that takes paths and returns two lists of paths, for training and testing, no patient in both."""
    for seed in range(3):
        paths = _x_rays(random.Random(seed))
        parts = _parts(call(by_patient, paths))
        yield len(parts) != 2, f"There should be two lists, for training and for testing; there are {len(parts)}."
        yield from _each_path_once(parts, paths)
        train, test = parts
        folders = {path.rpartition("_")[0] for path in train} & {path.rpartition("_")[0] for path in test}
        shared = sorted({_patient(path) for path in train} & {_patient(path) for path in test})
        examples = [next(path for path in part if _patient(path) in shared[:1]) for part in parts if shared]
        both = f"{len(shared)} patients are in both lists, for example in {' and '.join(examples)}."
        yield shared and not folders, f"{both} Their photos are in two class folders: go by the file name alone."
        yield shared, f"{both} Draw patients, and take all their photos along."
        share = round(100 * len(test) / len(paths))
        yield share > 50, f"The second list has {share} % of the photos. Training comes first, then the test."
        wanted = "it should have about 20: a fifth of the patients"
        yield not 8 <= share <= 35, f"The test has {share} % of the photos; {wanted}."


def _x_rays(rng: random.Random) -> list[str]:
    """Paths of 40 patients with 1 to 6 photos each, some of them in both class folders."""
    paths = []
    for patient in range(1, 41):
        folders = rng.choice([["healthy"], ["sick"], ["healthy", "sick"]])
        for photo in range(max(len(folders), rng.randint(1, 6))):
            paths.append(f"x-rays/{folders[photo % len(folders)]}/p{patient}_{photo + 1}.png")
    rng.shuffle(paths)
    return paths


def _patient(path: str) -> str:
    return path.rpartition("/")[2].partition("_")[0]


def _balanced(directory) -> dict:
    return _from_counts(directory, lambda n, total, classes: total / (classes * n))


def _from_counts(directory, weight: Callable[[int, int, int], float]) -> dict:
    """The weight of each class, from its number of photos, the number of all photos and the number of classes."""
    labels = list_images(directory).labels
    count = Counter(labels)
    return {label: weight(n, len(labels), len(count)) for label, n in sorted(count.items())}


def _by_name(directory) -> dict:
    return dict(zip(list_images(directory).class_names, _balanced(directory).values(), strict=True))


def _from_one(directory) -> dict:
    return {label + 1: weight for label, weight in _balanced(directory).items()}


def _sorted_as_numbers(directory) -> dict:
    names = list_images(directory).class_names
    weight_of = _by_name(directory)
    return {number: weight_of[name] for number, name in enumerate(sorted(names, key=lambda name: (len(name), name)))}


def _of_all_files(directory) -> dict:
    folders = sorted(path for path in Path(directory).iterdir() if path.is_dir())
    counts = [sum(path.is_file() for path in folder.iterdir()) for folder in folders]
    return {number: sum(counts) / (len(counts) * n) for number, n in enumerate(counts)}


@exercise(
    "Photos in small classes count more, so that each class counts the same overall.",
    right=_balanced,
    impostors={
        "The largest class has the largest weight. Turn the fraction upside down.": (
            lambda directory: _from_counts(directory, lambda n, total, classes: classes * n / total)
        ),
        "The keys are class names. fit needs class numbers.": _by_name,
        "Class numbers begin at 0.": _from_one,
        "The weights are on the wrong classes. Class names are sorted as text: 10 comes before 2.": _sorted_as_numbers,
        "You also counted files that are not photos, such as notes.txt. list_images leaves them out.": _of_all_files,
        "The proportions are right. Divide by the number of classes as well.": (
            lambda directory: _from_counts(directory, lambda n, total, classes: total / n)
        ),
        "The proportions are right. Multiply by the number of photos, and divide by the number of classes.": (
            lambda directory: _from_counts(directory, lambda n, total, classes: 1 / n)
        ),
        "These are the counts. A weight is photos / (classes · photos of the class).": (
            lambda directory: _from_counts(directory, lambda n, total, classes: n)
        ),
    },
)
def check_weights_of(weights_of) -> Rows:
    """A function that takes a directory and returns a dict: the number of each class, and its weight."""
    with tempfile.TemporaryDirectory() as directory:
        for name, count in {"2": 12, "10": 3, "11": 5}.items():
            Path(directory, name).mkdir()
            for number in range(count):
                Image.new("RGB", (8, 8)).save(Path(directory, name, f"{number}.png"))
            Path(directory, name, "notes.txt").touch()
        result = call(weights_of, directory)
        is_dict = isinstance(result, Mapping)
        yield not is_dict, f"This should be a dict, {{0: …, 1: …, 2: …}}; it is {kind_of(result)}."
        otherwise = "A weight is photos / (classes · photos of the class), and the keys are 0, 1, 2."
        yield from check_weights_of.compare(result, directory, same=_same_weights, otherwise=otherwise)


def _same_weights(one: Mapping, other: Mapping) -> bool:
    return one.keys() == other.keys() and np.allclose(
        [float(one[key]) for key in other], [float(weight) for weight in other.values()], rtol=0.01
    )
