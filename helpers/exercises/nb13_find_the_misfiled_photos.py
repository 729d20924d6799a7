"""Exercises of 13_find_the_misfiled_photos."""

import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, pair
from helpers.exercises.running import call, listed

import numpy as np


def _belief(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return probabilities[np.arange(len(labels)), labels]


def _of_each_class(choose: Callable) -> Callable:
    """An answer that chooses for each class: (rows of the class, belief of all photos) -> a row."""

    def answer(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
        belief = _belief(probabilities, labels)
        return np.array([choose(np.flatnonzero(labels == label), belief) for label in np.unique(labels)])

    return answer


def _least_sure(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    surest = probabilities.max(axis=1)
    return _of_each_class(lambda rows, _: rows[surest[rows].argmin()])(probabilities, labels)


def _first_of_all(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return _belief(probabilities, labels).argsort()[: len(np.unique(labels))]


def _by_answer(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    answers = probabilities.argmax(axis=1)
    belief = _belief(probabilities, labels)
    groups = [np.flatnonzero(answers == label) for label in np.unique(labels)]
    return np.array([rows[belief[rows].argmin()] for rows in groups])


_right = _of_each_class(lambda rows, belief: rows[belief[rows].argmin()])


@exercise(
    "One suspect from each class, the one whose label the model believes least.",
    right=_right,
    impostors={
        "This is how sure the model is of its own prediction. Take the probability of the label: "
        "probabilities[np.arange(len(labels)), labels].": _least_sure,
        "These are the photos whose label the model believes most. The suspect has the smallest probability.": (
            _of_each_class(lambda rows, belief: rows[belief[rows].argmax()])
        ),
        "These are positions within a class. rows[position] is the row among all photos.": _of_each_class(
            lambda rows, belief: belief[rows].argmin()
        ),
        "These are the top suspects overall. One class appears twice, and another is missing.": _first_of_all,
        "You looked for each class among all photos. Look only among those in its folder: labels == label.": (
            lambda probabilities, labels: probabilities.argmin(axis=0)
        ),
        "Here the class is what the model predicts. A photo belongs to the folder it is in: labels == label.": (
            _by_answer
        ),
    },
)
def check_suspect_of_each_class(suspect_of_each_class) -> Rows:
    """A function (probabilities, labels) -> for each class, the row of the photo whose label is believed least."""
    probabilities, labels = _doubtful_case()
    rows = listed(call(suspect_of_each_class, probabilities, labels))
    yield len(rows) != 4, f"There should be one row number for each of the 4 classes; you have {len(rows)}."
    numbers = np.array(rows)
    yield numbers.shape != (4,), "This should be a list of row numbers, one for each class."
    is_whole = numbers.dtype.kind in "iu"
    yield not is_whole, "Row numbers are whole numbers: argmin returns a position, min returns the probability."
    right = _right(probabilities, labels)
    yield (
        sorted(numbers) == sorted(right) and any(numbers != right),
        "These are the right photos, but not in the order 0 to 3.",
    )
    yield from check_suspect_of_each_class.compare(
        numbers,
        probabilities,
        labels,
        same=np.array_equal,
        otherwise="These are the wrong photos. For each class: its rows, their belief, and the row with the smallest.",
    )


def _doubtful_case() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels of 24 photos of 4 classes, mixed. The four least believed are not from four classes."""
    rng = np.random.default_rng(5)
    labels = rng.permutation(np.repeat(np.arange(4), [9, 4, 6, 5]))
    probabilities = rng.dirichlet(np.ones(4), size=24)
    return probabilities, labels


@exercise("All the photos that were moved, and no others.")
def check_misfiled(misfiled, folder) -> Rows:
    """A list of the names of the photos that are in the wrong folder of ``photos.misfiled_copy()``."""
    truth_file = Path(folder).parent / "truth.json"
    unknown_folder = f"Nothing is known about misfiled photos in {folder}: photos.misfiled_copy() did not make it."
    yield not truth_file.is_file(), unknown_folder
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    places = [(Path(name), Path(original)) for name, original in truth.items()]
    moved = {name.stem for name, original in places if name.parts[0] != original.parts[0]}
    yield not moved, f"No photo was moved in {folder}, because each class has only one."
    is_single = isinstance(misfiled, str | os.PathLike)
    yield is_single, "This should be a list of names, even for a single name."
    names = {_name_in(text) for text in map(str, listed(misfiled))}
    everything = sorted(name.stem for name, _ in places)
    unknown = sorted(names - set(everything))
    first = unknown[0] if unknown else ""
    hint = f"There is no photo {first:.40} in this folder. List only names, such as {everything[0]!r}."
    yield unknown, hint
    wrong = len(names - moved)
    counted = f"Moved photos in your list: {len(names & moved)} of {len(moved)}."
    yield wrong, f"{counted} Photos in it that are where they belong: {wrong}."
    yield names != moved, f"{counted} Look again, further down the list."


def _name_in(text: str) -> str:
    """The name of a photo, also out of a title or a path."""
    return (re.findall(r"photo_\d{4}", text) or [text])[-1]


@exercise("Each photo has its own place, and none was moved.")
def check_moves(moves) -> Rows:
    """A function (approved, folder) -> pairs of an old and a new path, none of them taken."""
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)  # it may lie behind a link
        approved = _write_class_folders(folder)
        before = _contents(folder)
        result = call(moves, approved, folder)
        yield isinstance(result, dict), "This should be a list of pairs; it is a dict."
        pairs = listed(result)
        hint = "Your answer moves or writes files. Only propose: the owner of the folder moves them."
        yield _contents(folder) != before, hint
    wanted = f"There should be {len(approved)} pairs, one for each photo in the list, even if it stays"
    yield len(pairs) != len(approved), f"{wanted}; you have {len(pairs)}."
    for proposed in pairs:
        yield from pair(proposed, "the old path", "the new one")
    moved = [(Path(old), Path(new)) for old, new in pairs]
    in_order = [old for old, _ in moved] == [Path(old) for old, _ in approved]
    yield not in_order, "The old paths should be those in the list, in its order."
    for (old, new), (_, class_name) in zip(moved, approved, strict=True):
        yield from _wrong_place(old, new, Path(folder, class_name))
    yield from _taken_names(moved, before)
    kept = all(new.name == old.name for old, new in moved if old.name in ("2.png", "3.jpg"))  # these are free
    yield not kept, "Names that are free should stay as they are."


def _write_class_folders(folder: str) -> list[tuple[str, str]]:
    """Files, among them some whose names are taken in the class where they belong. Returns the approved pairs."""
    approved = {
        "ant/1.jpg": "bee",
        "ant/2.png": "bee",
        "cat/1.jpg": "bee",
        "bee/3.jpg": "ant",
        "cat/3.jpg": "cat",
        "ant/IMG.jpg": "bee",
        "cat/img.JPG": "bee",
        "cat/old.png": "bee",
    }
    for name in (*approved, "bee/1.jpg", "bee/1_2.jpg", "bee/OLD.png"):
        Path(folder, name).parent.mkdir(exist_ok=True)
        Path(folder, name).write_text(name)
    return [(str(Path(folder, name)), class_name) for name, class_name in approved.items()]


def _contents(folder: str) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in Path(folder).rglob("*")}


def _wrong_place(old: Path, new: Path, class_folder: Path) -> Rows:
    photo = _in_its_class(old)
    yield new.parent != class_folder, f"{photo} belongs in the folder {class_folder.name}; your new path is {new}."
    yield new.suffix != old.suffix, f"{old.name} becomes {new.name}: the extension should stay."
    is_renamed = new.parent == old.parent and new != old
    yield is_renamed, f"{photo} is already in the right folder: its new path should be the old one."


def _taken_names(moved: list[tuple[Path, Path]], before: dict) -> Rows:
    taken = {_in_its_class(path).lower(): path for path in before}
    for old, new in moved:
        other = taken.get(_in_its_class(new).lower(), old)
        yield other == new != old, f"{_in_its_class(new)} already exists and would be overwritten."
        capitals = f"{_in_its_class(new)} would overwrite {_in_its_class(other)} on systems that do not distinguish"
        yield new != old != other, f"{capitals} capital letters from small ones. Compare in lowercase."
    targets = Counter(_in_its_class(new).lower() for _, new in moved)
    target, count = targets.most_common(1)[0]
    yield count > 1, f"Two photos go to {target}, ignoring case: one would overwrite the other."


def _in_its_class(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
