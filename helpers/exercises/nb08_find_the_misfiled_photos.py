"""Exercises of 08_find_the_misfiled_photos."""

import json
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, pair
from helpers.exercises.running import call, listed
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


@exercise("All that were moved, and no other.")
def check_misfiled(misfiled, folder) -> Rows:
    """A list of the names of the photos that lie in a wrong folder of ``photos.misfiled_copy()``."""
    truth_file = Path(folder).parent / "truth.json"
    unknown_folder = f"Nobody knows what is misfiled in {folder}: photos.misfiled_copy() did not make it."
    yield not truth_file.is_file(), unknown_folder
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    places = [(Path(name), Path(original)) for name, original in truth.items()]
    moved = {name.stem for name, original in places if name.parts[0] != original.parts[0]}
    yield not moved, f"No photo was moved in {folder}, since each class has only one."
    is_single = isinstance(misfiled, str | os.PathLike)
    yield is_single, "A list of names is wanted, also if it is a single one."
    names = {_name_in(text) for text in map(str, listed(misfiled))}
    everything = sorted(name.stem for name, _ in places)
    unknown = sorted(names - set(everything))
    first = unknown[0] if unknown else ""
    hint = f"There is no photo {first:.40} in this folder. Give only the name, such as {everything[0]!r}."
    yield unknown, hint
    wrong = len(names - moved)
    counted = f"Moved photos in your list: {len(names & moved)} of {len(moved)}."
    yield wrong, f"{counted} Photos in it that lie where they belong: {wrong}."
    yield names != moved, f"{counted} Look again, and further down the list."


def _name_in(text: str) -> str:
    """The name of a photo, also out of a title or a path."""
    return (re.findall(r"photo_\d{4}", text) or [text])[-1]


class Model(tf.keras.Sequential):  # learners read the name
    """A model that says in plain words what is wrong with a batch; Keras speaks of ranks and of graphs."""

    def __call__(self, images, **options):
        shape = tf.TensorShape(np.shape(images))
        if shape.rank in (None, 3):  # in predict, the rank of a single image is unknown
            raise ValueError("one image came; a model takes a batch: [None]")
        if shape.rank == 4 and shape[1:3] != (64, 64):
            raise ValueError(f"images of {shape[1]} by {shape[2]} came; this model takes 64 by 64")
        if shape.rank == 4 and shape[3] != 3:
            file = " (a gray file?)" if shape[3] == 1 else ""
            raise ValueError(f"expected 3 channels, got {shape[3]}{file}: decode with channels=3")
        return super().__call__(images, **options)


def _decoded(path: str) -> tf.Tensor:
    return tf.image.resize(tf.io.decode_image(tf.io.read_file(path), 3, expand_animations=False), (64, 64))


def _loaded(path: str, interpolation: str = "nearest") -> np.ndarray:
    image = tf.keras.utils.load_img(path, target_size=(64, 64), interpolation=interpolation)
    return tf.keras.utils.img_to_array(image)


def _by_pillow(path: str) -> tf.Tensor:
    return tf.image.resize(np.asarray(Image.open(path).convert("RGB")), (64, 64))


def _right(model: tf.keras.Model, path: str) -> tf.Tensor:
    return model(_decoded(path)[None])[0]


_LOAD_IMG = "These are the pixels of load_img, which resizes in another way than the loader. Use tf.image.resize."
_BLUE_FIRST = "Red and blue have changed places. OpenCV reads blue first; use tf.io.decode_image."


@exercise(
    "The same pixels as in training, and one row of probabilities.",
    right=_right,
    impostors={
        _LOAD_IMG: lambda model, path: model(_loaded(path)[None])[0],
        "Divided by 255. This model takes 0 to 255, as the loader gives it.": lambda model, path: model(
            _decoded(path)[None] / 255
        )[0],
        _BLUE_FIRST: lambda model, path: model(_decoded(path)[None, ..., ::-1])[0],
        "Pillow and OpenCV decode a JPEG a little differently. Use tf.io.decode_image.": lambda model, path: model(
            _by_pillow(path)[None]
        )[0],
        "The pixels became whole numbers. Leave the floats that tf.image.resize gives.": lambda model, path: model(
            tf.floor(_decoded(path)[None])
        )[0],
        "The model gives probabilities already. Leave softmax out.": lambda model, path: tf.nn.softmax(
            model(_decoded(path)[None])[0]
        ),
    },
)
def check_predict_file(predict_file) -> Rows:
    """A function (model, path) -> what the model says about one file, shape (classes,)."""
    model = _attentive_model()
    with tempfile.TemporaryDirectory() as folder:
        for path in _write_three_kinds(folder):
            result = np.asarray(call(predict_file, model, path))
            yield result.shape == (1, 5), "This is a batch of one row, shape (1, 5). Take the row out with [0]."
            yield result.shape != (5,), f"One row is wanted, shape (5,); this has the shape {result.shape}."
            is_share = (result > 0).all() and abs(result.sum() - 1) < 0.01
            yield not is_share, f"Probabilities are positive and sum to 1. Yours sum to {result.sum():.3g}."
            if not _same_row(result, _right(model, path)):
                for pixels, hint in _pixels_of_others(path):
                    yield _same_row(result, model(pixels[None])[0]), hint
            other_pixels = f"The model saw other pixels of {Path(path).name} than in training."
            yield from check_predict_file.compare(
                result,
                model,
                path,
                same=_same_row,
                otherwise=f"{other_pixels} Read, decode and resize as pixels_of does.",
            )


def _pixels_of_others(path: str) -> list[tuple]:
    """Further ways to the mistakes of the impostors: pixels and hint."""
    loaded = [(_loaded(path, method), _LOAD_IMG) for method in ("bilinear", "bicubic", "lanczos")]
    return [*loaded, (_by_pillow(path)[..., ::-1], _BLUE_FIRST)]


def _attentive_model() -> tf.keras.Model:
    """A model that notices every pixel."""
    layers = [tf.keras.Input((64, 64, 3)), tf.keras.layers.Flatten(), tf.keras.layers.Dense(5, "softmax")]
    model = Model(layers, name="model")
    weights = np.random.default_rng(0).normal(scale=0.0003, size=(64 * 64 * 3, 5))
    model.layers[-1].set_weights([weights, np.zeros(5)])
    return model


def _write_three_kinds(folder: str) -> list[str]:
    """A photo in colours, one in gray and one with alpha, all of one picture. Returns their paths."""
    pixels = np.random.default_rng(0).integers(0, 256, (97, 143, 3), dtype=np.uint8)
    photo = Image.fromarray(pixels).resize((430, 290))
    see_through = Image.merge("RGBA", (*photo.split(), photo.convert("L")))
    images = {"new.jpg": photo, "gray.png": photo.convert("L"), "see_through.png": see_through}
    for name, image in images.items():
        image.save(Path(folder, name))
    return [str(Path(folder, name)) for name in images]


def _same_row(probabilities, others) -> bool:
    return np.allclose(np.log(probabilities), np.log(others), rtol=0, atol=1e-3)


@exercise("Each photo has a place of its own, and none was moved.")
def check_moves(moves) -> Rows:
    """A function (approved, folder) -> pairs of an old and a new path, none of them taken."""
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)  # it may lie behind a link
        approved = _write_class_folders(folder)
        before = _contents(folder)
        pairs = listed(call(moves, approved, folder))
        hint = "Files were moved or written. Only propose: whoever owns the folder moves them."
        yield _contents(folder) != before, hint
    wanted = f"{len(approved)} pairs are wanted, one for each photo of the list, also if it stays"
    yield len(pairs) != len(approved), f"{wanted}; you have {len(pairs)}."
    for proposed in pairs:
        yield from pair(proposed, "the old path", "the new one")
    moved = [(Path(old), Path(new)) for old, new in pairs]
    in_order = [old for old, _ in moved] == [Path(old) for old, _ in approved]
    yield not in_order, "The old paths are those of the list, in its order."
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
    yield new.suffix != old.suffix, f"{old.name} becomes {new.name}: the ending should stay."
    is_renamed = new.parent == old.parent and new != old
    yield is_renamed, f"{photo} lies in the right folder already: its new path is the old one."


def _taken_names(moved: list[tuple[Path, Path]], before: dict) -> Rows:
    taken = {_in_its_class(path).lower(): path for path in before}
    for old, new in moved:
        other = taken.get(_in_its_class(new).lower(), old)
        yield other == new != old, f"{_in_its_class(new)} is there already, and would be overwritten."
        capitals = f"{_in_its_class(new)} would overwrite {_in_its_class(other)} on systems that do not tell"
        yield new != old != other, f"{capitals} capital letters from small ones. Compare in lower case."
    targets = Counter(_in_its_class(new).lower() for _, new in moved)
    target, count = targets.most_common(1)[0]
    yield count > 1, f"Two photos go to {target}, in small or capital letters: one would overwrite the other."


def _in_its_class(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
