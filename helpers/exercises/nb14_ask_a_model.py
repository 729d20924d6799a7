"""Exercises of 14_ask_a_model."""

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path

from helpers.exercises.check import exercise
from helpers.exercises.rows import Rows, pair
from helpers.exercises.running import call, listed
from helpers.quiet import tensorflow as tf

import numpy as np
from PIL import Image


class Model(tf.keras.Sequential):  # learners read the name
    """A model that says in plain words what is wrong with a batch; Keras talks about ranks and graphs."""

    def __call__(self, images, **options):
        shape = tf.TensorShape(np.shape(images))
        if shape.rank in (None, 3):  # in predict, the rank of a single image is unknown
            raise ValueError("got one image; a model takes a batch: [None]")
        if shape.rank == 4 and shape[1:3] != (64, 64):
            is_known = shape[1:3].is_fully_defined()  # not in a later predict
            size = f"{shape[1]} by {shape[2]}" if is_known else "another size"
            raise ValueError(f"got images of {size}; this model takes 64 by 64")
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


def _probabilities(model: tf.keras.Model, path: str) -> tf.Tensor:
    return model(_decoded(path)[None])[0]


_LOAD_IMG = "These are the pixels from load_img, which resizes differently from the loader. Use tf.image.resize."
_BLUE_FIRST = "Red and blue are swapped. OpenCV reads blue first; use tf.io.decode_image."
_OTHER_PIXELS = {  # hint -> a function from a path to pixels
    _LOAD_IMG: _loaded,
    "You divided by 255. This model takes 0 to 255, as the loader yields it.": lambda path: _decoded(path) / 255,
    _BLUE_FIRST: lambda path: _decoded(path)[..., ::-1],
    "Pillow and OpenCV decode a JPEG a little differently. Use tf.io.decode_image.": _by_pillow,
    "The pixels became whole numbers. Keep the floats that tf.image.resize returns.": lambda path: tf.floor(
        _decoded(path)
    ),
}


def _asked_with(read: Callable) -> Callable:
    return lambda model, path: model(read(path)[None])[0]


@exercise(
    "The same pixels as in training, and one row of probabilities.",
    right=_probabilities,
    impostors={hint: _asked_with(read) for hint, read in _OTHER_PIXELS.items()}
    | {
        "The model already returns probabilities. Leave out softmax.": lambda model, path: tf.nn.softmax(
            _probabilities(model, path)
        )
    },
)
def check_predict_file(predict_file) -> Rows:
    """A function (model, path) -> what the model predicts for one file, shape (classes,)."""
    model = _attentive_model()
    with tempfile.TemporaryDirectory() as folder:
        for path in _write_three_kinds(folder):
            result = np.asarray(call(predict_file, model, path))
            yield result.shape == (1, 5), "This is a batch of one row, shape (1, 5). Take the row with [0]."
            yield result.shape != (5,), f"This should be one row, shape (5,); its shape is {result.shape}."
            is_share = (result > 0).all() and abs(result.sum() - 1) < 0.01
            yield not is_share, f"Probabilities are positive and sum to 1. Yours sum to {result.sum():.3g}."
            if not _same_row(result, _probabilities(model, path)):
                for pixels, hint in _pixels_of_others(path):
                    yield _same_row(result, model(pixels[None])[0]), hint
            other_pixels = f"The model saw different pixels of {Path(path).name} than in training."
            yield from check_predict_file.compare(
                result,
                model,
                path,
                same=_same_row,
                otherwise=f"{other_pixels} Read, decode and resize as pixels_of does.",
            )


def _pixels_of_others(path: str) -> list[tuple]:
    """Other ways to make the mistakes of the impostors: pixels and hint."""
    loaded = [(_loaded(path, method), _LOAD_IMG) for method in ("bilinear", "bicubic", "lanczos")]
    return [*loaded, (_by_pillow(path)[..., ::-1], _BLUE_FIRST)]


@functools.cache  # with a new model for each try, TensorFlow would warn of retracing
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


def _nearest(embeddings: np.ndarray, row: int, n: int) -> np.ndarray:
    distances = np.linalg.norm(embeddings - embeddings[row], axis=1)
    distances[row] = np.inf
    return distances.argsort()[:n]


def _sorted_by_distance(embeddings: np.ndarray, row: int) -> np.ndarray:
    return np.linalg.norm(embeddings - embeddings[row], axis=1).argsort(kind="stable")


def _nearest_by_angle(embeddings: np.ndarray, row: int, n: int) -> np.ndarray:
    return _nearest(embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True), row, n)


def _largest_product(embeddings: np.ndarray, row: int, n: int) -> np.ndarray:
    return np.delete((embeddings @ embeddings[row]).argsort()[::-1], row)[:n]


@exercise(
    "The nearest comes first, and the photo itself is never included.",
    right=_nearest,
    impostors={
        "The photo itself is among them: nothing is nearer to it. Leave out its own row.": lambda embeddings, row, n: (
            _sorted_by_distance(embeddings, row)[:n]
        ),
        "The first of the sorted rows need not be the photo itself: a copy of it is just as near. "
        "Leave out the row, not the first.": lambda embeddings, row, n: _sorted_by_distance(embeddings, row)[1 : n + 1],
        "These are the farthest. argsort begins with the smallest distance.": lambda embeddings, row, n: (
            _sorted_by_distance(embeddings, row)[::-1][:n]
        ),
        "The nearest comes first; yours comes last.": lambda embeddings, row, n: _nearest(embeddings, row, n)[::-1],
        "This compares directions (cosine similarity). Use the distance here: np.linalg.norm of the difference.": (
            _nearest_by_angle
        ),
        "This is the largest product, which favours long rows. Use the distance: np.linalg.norm of the difference.": (
            _largest_product
        ),
    },
)
def check_nearest(nearest) -> Rows:
    """A function (embeddings, row, n) -> the row numbers of the n photos nearest to that row, nearest first."""
    rng = np.random.default_rng(2)
    embeddings = rng.normal(size=(30, 6)) * rng.uniform(0.3, 3, size=(30, 1))
    embeddings[4] = embeddings[17]  # a photo that is there twice
    rows = listed(call(nearest, embeddings, 17, 5))
    yield len(rows) != 5, f"With n=5, there should be five row numbers; you have {len(rows)}."
    numbers = np.array(rows)
    yield numbers.shape != (5,), "This should be a list of row numbers."
    is_whole = numbers.dtype.kind in "iu"
    yield not is_whole, "Row numbers are whole numbers: argsort returns them, sort returns the distances."
    yield from check_nearest.compare(
        numbers,
        embeddings,
        17,
        5,
        same=np.array_equal,
        otherwise="These are the wrong photos. Take the distance from each row to the one asked for, and sort.",
    )


@exercise("Each file has its own probabilities.")
def check_predict_folder(predict_folder) -> Rows:
    """A function (model, folder) -> for each image in a flat folder a pair: file name, probabilities."""
    model = _attentive_model()
    with tempfile.TemporaryDirectory() as folder:
        paths = _write_flat_folder(folder)
        result = call(predict_folder, model, folder)
        yield isinstance(result, dict), "This should be a list of pairs; it is a dict."
        pairs = listed(result)
        for both in pairs:
            yield from pair(both, "the file name", "the probabilities")
        names = [Path(str(name)).name for name, _ in pairs]
        yield len(names) != len(paths), f"There are {len(paths)} images in the folder; you have {len(names)} pairs."
        unknown = sorted(set(names) - {path.name for path in paths})
        yield unknown, f"There is no image {''.join(unknown[:1]):.40} in the folder."
        yield len(set(names)) < len(names), "One file appears twice."
        rows = {name: np.asarray(row) for name, (_, row) in zip(names, pairs, strict=True)}
        shapes = {row.shape for row in rows.values()}
        other_shapes = sorted(shapes - {(5,)})
        yield (
            other_shapes,
            f"Each file should have a row of shape (5,); you have {''.join(map(str, other_shapes[:1]))}.",
        )
        for path in map(str, paths):
            yield from _row_of_another(rows[Path(path).name], path, paths, model)


def _row_of_another(row: np.ndarray, path: str, paths: list[Path], model: tf.keras.Model) -> Rows:
    """Rows for probabilities that are not those of the file."""
    if _same_row(row, _probabilities(model, path)):
        return
    name = Path(path).name
    others = [other.name for other in paths if _same_row(row, _probabilities(model, str(other)))]
    yield others, f"{name} has the probabilities of {''.join(others[:1])}: the loader shuffles. Pass shuffle=False."
    for pixels, hint in _pixels_of_others(path):
        yield _same_row(row, model(pixels[None])[0]), hint
    for hint, read in _OTHER_PIXELS.items():
        yield _same_row(row, model(read(path)[None])[0]), hint
    yield True, f"The model saw different pixels of {name} than in training. Let the loader read the files."


def _write_flat_folder(folder: str) -> list[Path]:
    """Six photos of noise in no class folder, and a file that is no photo. Returns the paths of the photos."""
    rng = np.random.default_rng(1)
    Path(folder, "notes.txt").write_text("no photo")
    paths = [Path(folder, f"{name}.jpg") for name in ("b", "IMG_2", "a", "IMG_10", "IMG_1", "c")]
    for path in paths:
        coarse = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((160, 120)).save(path)
    return paths
