"""Checks: the set-up of the machine, your predictions, and your answers to the exercises."""

import functools
import importlib.metadata
import json
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import tensorflow as tf
import cv2
import numpy as np
import psutil
from packaging.requirements import Requirement
from PIL import ExifTags, Image

from helpers import timing
from helpers.photos import _encoded

_PROJECT = "image-dataset-notebooks"
_GB_NEEDED = 2
_BATCHES = 3  # to see whether random numbers are drawn anew for each


def check_setup(folder: Path) -> None:
    """Print, line by line, whether this machine is ready: "OK", or "TO DO" and what to do.

    Looks at the interpreter of the kernel, the versions of the packages that pyproject.toml asks for,
    the free memory (2 GB) and the photos.

    Args:
        folder: The folder of photos, as ``photos.folder()`` gives it.

    Introduced in notebook 00_start_here.

    >>> from helpers import exercises
    >>> exercises.check_setup(photo_folder)  # doctest: +ELLIPSIS
    OK     Python 3...
    """
    print("\n".join(_setup_lines(folder)))


def _setup_lines(folder: Path) -> list[str]:
    restart = "Close JupyterLab and start it again with the command of the README."
    try:
        requirements = [Requirement(line) for line in importlib.metadata.requires(_PROJECT)]
        requirements = [
            r for r in requirements if not r.marker or r.marker.evaluate({"extra": ""})
        ]  # not the optional ones
    except importlib.metadata.PackageNotFoundError:
        return [f"TO DO  The kernel runs {sys.prefix}, where this project is not installed. {restart}"]
    # What uv, venv or conda made and activated, in the process that started JupyterLab; its kernels inherit it.
    conda = os.environ.get("CONDA_PREFIX") if Path(sys.prefix, "conda-meta").is_dir() else None
    environment = os.environ.get("VIRTUAL_ENV") or conda or sys.prefix
    if os.path.realpath(environment) != os.path.realpath(sys.prefix):
        lines = [f"TO DO  The kernel runs {sys.prefix}, JupyterLab was started from {environment}. {restart}"]
    else:
        lines = [f"OK     Python {sys.version.split()[0]} in {sys.prefix}"]
    versions = {requirement.name: _version(requirement.name) for requirement in requirements}
    unfit = [r for r in requirements if not r.specifier.contains(versions[r.name] or "0", prereleases=True)]
    for requirement in unfit:
        version = versions[requirement.name]
        state = f"{version} is installed" if version else "is not installed"
        lines.append(f"TO DO  {requirement.name} {state}, {requirement.specifier} is needed. {restart}")
    if not unfit:
        shown = ", ".join(f"{name} {versions[name]}" for name in ("tensorflow", "keras", "numpy"))
        lines.append(f"OK     {len(versions)} packages, among them {shown}")
    free = psutil.virtual_memory().available / 1e9
    wrong = "" if free >= _GB_NEEDED else f"; {_GB_NEEDED} GB are needed: close other programs or notebooks"
    lines.append(f"{'TO DO' if wrong else 'OK   '}  {free:.1f} GB of memory are free{wrong}")
    counts = _photos_per_class(folder)
    lines.append(f"OK     {sum(counts.values())} photos in {len(counts)} classes in {folder}")
    return lines


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _photos_per_class(folder: Path) -> dict[str, int]:
    dataset = tf.keras.utils.image_dataset_from_directory(folder, shuffle=False, verbose=False)
    return dict(Counter(Path(path).relative_to(folder).parts[0] for path in dataset.file_paths))


class Prediction:
    """What you expect of a cell, to be set beside what comes out. Made by `predict`."""

    def __init__(self, question: str, guess):
        self.question, self.guess = question, guess

    def __repr__(self) -> str:
        return f"{self.question}: {'no prediction yet' if self.guess is ... else _plain(self.guess)}"

    def compare(self, result) -> None:
        """Print prediction and result, one below the other."""
        same = _plain(self.guess) == _plain(result)
        print(f"{self.question}")
        print(f"  you predicted: {'(nothing yet)' if self.guess is ... else _plain(self.guess)}")
        print(f"  it is:         {_plain(result)}{'   as you predicted' if same else ''}")


def predict(question: str, guess) -> Prediction:
    """Write down what you expect before you run a cell.

    Args:
        question: What is asked.
        guess: Your answer: number, text, shape, dtype; ``...`` for none.

    Returns:
        An object whose ``compare(result)`` prints your prediction beside the result.

    Introduced in notebook 00_start_here.

    >>> from helpers.exercises import predict
    >>> shape_guess = predict("shape of images", (32, 128, 128, 3))
    >>> shape_guess.compare(tf.TensorShape([32, 128, 128, 3]))
    shape of images
      you predicted: (32, 128, 128, 3)
      it is:         (32, 128, 128, 3)   as you predicted
    """
    return Prediction(question, guess)


def _plain(value):
    """Shapes, dtypes, tensors and NumPy values as Python writes them, so that they compare as a reader would."""
    if isinstance(value, tf.TensorShape):
        return tuple(value)
    if isinstance(value, tf.DType | np.dtype):
        return value.name
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, tf.Tensor | np.ndarray | np.generic):
        return np.asarray(value).tolist()
    return tuple(value) if isinstance(value, list) else value


class Verdict:
    """The outcome of a check: "not tried yet", "not right yet" or "right", and a line that says more."""

    def __init__(self, outcome: str, message: str):
        self.outcome, self.message = outcome, message

    def __repr__(self) -> str:
        return f"{self.outcome.capitalize()}. {self.message}"


class _NotTried(Exception):
    pass


def _check(right: str):
    """Make a check of a function that looks at an answer and returns a hint, or None if the answer is right."""

    def decorate(find_mistake):
        @functools.wraps(find_mistake)
        def check(answer, *given) -> Verdict:
            try:
                if answer is ...:
                    raise _NotTried
                hint = find_mistake(answer, *given)
            except _NotTried:
                return Verdict("not tried yet", "Put your answer in place of the dots and run the cell again.")
            except Exception as error:
                lines = str(error).strip().splitlines() or ["(no message)"]
                # TensorFlow puts the message of an error in a traced function last, below "in user code:"
                reason = (
                    lines[-1 if lines[0] == "in user code:" else 0].strip().removeprefix(f"{type(error).__name__}: ")
                )
                reason = re.sub(r"{{.*?}} ?", "", reason)  # where in a graph
                hint = f"Your answer raised {type(error).__name__}: {reason}"
                if "has no attribute 'numpy'" in reason:
                    hint += ". In map there are only symbols, which have no values yet: use TensorFlow operations."
            return Verdict("not right yet", hint) if hint else Verdict("right", right)

        return check

    return decorate


def _call(function, *values):
    if not callable(function):
        raise TypeError(f"a function is wanted here, this is a {type(function).__name__}")
    result = function(*values)
    if result is ...:
        raise _NotTried
    return result


def _map(function, *batches: tuple) -> list:
    """The `element_spec` and the elements after `function` was mapped over a dataset of `batches`."""
    dataset = tf.data.Dataset.from_tensors(batches[0])
    for batch in batches[1:]:
        dataset = dataset.concatenate(tf.data.Dataset.from_tensors(batch))
    mapped = dataset.map(lambda *batch: _call(function, *batch))
    return [mapped.element_spec, *mapped.as_numpy_iterator()]


def _write_photos(folder: str, count: int, extension: str = "png") -> dict[str, int]:
    """Write photos of one colour, the number 6 · i as red. Returns file name -> red value."""
    values = {f"{'abcd'[number % 4]}{number:02d}.{extension}": 6 * number for number in range(count)}
    for name, red in values.items():
        Image.new("RGB", (40, 60), (red, 0, 0)).save(Path(folder, name), quality=100)
    return values


def _no_epoch(dataset) -> str | None:
    if not isinstance(dataset, tf.data.Dataset):
        return f"A dataset is wanted, this is a {type(dataset).__name__}."
    if dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
        return "This never ends; an epoch should. Leave repeat out."
    return None


def _pair(value, first: str, second: str) -> str | None:
    if isinstance(value, tuple | list) and len(value) == 2:
        return None
    got = (
        f"{len(value)} value{'s' * (len(value) != 1)}"
        if isinstance(value, tuple | list)
        else f"one {type(value).__name__}"
    )
    return f"Two things are wanted, {first} and {second}; this gives {got}."


# 00_start_here


@_check("96 high, 64 wide, four at a time.")
def check_portrait(dataset) -> str | None:
    """Exercise of notebook 00: photos 96 pixels high and 64 wide, in batches of 4.

    Introduced in notebook 00_start_here.

    >>> from helpers import exercises
    >>> exercises.check_portrait(...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    if not isinstance(dataset, tf.data.Dataset):
        return f"A dataset is wanted, as the loader returns it; this is a {type(dataset).__name__}."
    shape = tf.nest.flatten(dataset.element_spec)[0].shape
    if shape.rank != 4:
        return "These are single images. Give a batch_size of 4."
    height, width = shape[1:3]
    if (height, width) == (64, 96):
        return "These are 64 high and 96 wide: image_size is (height, width)."
    if (height, width) != (96, 64):
        return f"These are {height} high and {width} wide. Say image_size=(height, width)."
    count = len(tf.nest.flatten(next(iter(dataset)))[0])
    return None if count == 4 else f"A batch holds {count} images here. batch_size is 32 unless you say otherwise."


@_check("And no photo was opened: the names of the files were enough.")
def check_counts(counts, folder: Path) -> str | None:
    """Exercise of notebook 00: a dict from class name to the number of photos in `folder`.

    Introduced in notebook 00_start_here.

    >>> from helpers import exercises
    >>> exercises.check_counts({"cat": 32}, photo_folder)
    Not right yet. The classes are ['astronaut', 'cat'], yours are ['cat'].
    """
    truth = _photos_per_class(folder)
    if isinstance(counts, int | np.integer):
        total = sum(truth.values())
        return f"One number for each class is wanted, in a dict; {counts} is {'the total' if counts == total else 'one number'}."
    if not isinstance(counts, dict):
        return f"A dict is wanted, class name: number; this is a {type(counts).__name__}."
    counts = {name: count for name, count in counts.items() if count}  # a class may be empty
    if set(counts) != set(truth):
        return f"The classes are {sorted(truth)}, yours are {sorted(map(str, counts))}."
    wrong = {name: counts[name] for name in truth if counts[name] != truth[name]}
    if not wrong:
        return None
    if sum(counts.values()) < sum(truth.values()):
        return f"You counted {sum(counts.values())} photos, and there are more. A batch is not the folder: count file_paths."
    return f"These numbers are not right: {wrong}. Count the paths in dataset.file_paths."


# 01_take_one_batch


@_check("Images and labels of one batch, and they stay the same however often you look at them.")
def check_one_batch(batch) -> str | None:
    """Exercise of notebook 01: images and labels of one batch of 8, kept in a variable.

    Introduced in notebook 01_take_one_batch.

    >>> from helpers import exercises
    >>> exercises.check_one_batch(tf.data.Dataset.range(8))
    Not right yet. This is still a dataset: nothing has been read. Ask an iterator for its next element.
    """
    if isinstance(batch, tf.data.Dataset):
        return "This is still a dataset: nothing has been read. Ask an iterator for its next element."
    if isinstance(batch, list) and len(batch) == 1:
        return "This is a list with one batch in it. Take the batch out of the list with [0]."
    if isinstance(batch, list) and len(batch) > 2:
        return f"This is a list of {len(batch)} batches: the whole dataset was read. One is wanted."
    if hint := _pair(batch, "images", "labels"):
        return hint
    if isinstance(batch[0], tuple):
        return "This is a list of two batches, not the images and labels of one."
    images, labels = map(np.asarray, batch)
    if images.ndim == 3:
        return "This is a single image with its label. The whole batch is wanted."
    if images.ndim != 4 or labels.ndim != 1:
        return f"Images first, then labels: these have the shapes {images.shape} and {labels.shape}."
    if len(images) != 8 or len(labels) != 8:
        return f"This batch holds {len(images)} images; a batch of the dataset named in the exercise holds 8."
    return None


@_check("Clipped first, rounded or cut, and uint8: no value wraps round.")
def check_to_picture(to_picture) -> str | None:
    """Exercise of notebook 01: a function from a float image, perhaps out of range, to a uint8 array in 0…255.

    Introduced in notebook 01_take_one_batch.

    >>> import numpy as np
    >>> from helpers import exercises
    >>> exercises.check_to_picture(lambda image: image.numpy())  # doctest: +ELLIPSIS
    Not right yet. The dtype is float32...
    """
    image = np.linspace(0, 255, 60, dtype=np.float32).reshape(4, 5, 3)
    image[0, 0], image[1, 1] = -20, 280
    picture = _call(to_picture, tf.constant(image))
    if isinstance(picture, tf.Tensor):
        return "This is still a tensor. Matplotlib takes it; OpenCV and Pillow want an array: .numpy()."
    if not isinstance(picture, np.ndarray) or picture.shape != image.shape:
        return f"An array of shape {image.shape} is wanted, as the image that was given."
    if picture.dtype != np.uint8:
        return f"The dtype is {picture.dtype}. A picture of whole numbers 0…255 is uint8."
    low, high = int(picture[0, 0, 0]), int(picture[1, 1, 0])
    if (low, high) != (0, 255):
        return f"-20 became {low} and 280 became {high}: uint8 wraps round. Clip to 0…255 before you change the dtype."
    return (
        None
        if np.abs(picture - image.clip(0, 255)).max() < 1.01
        else "The values in between are not those of the image."
    )


@_check("The same photos in the same order, each time.")
def check_first_photos(first_photos) -> str | None:
    """Exercise of notebook 01: a function (directory, n) -> n pictures in file order, and their class names.

    Introduced in notebook 01_take_one_batch.

    >>> from helpers import exercises
    >>> exercises.check_first_photos(lambda directory, n: ...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    class_names, wanted = ["ant", "bee", "elk"], 35
    with tempfile.TemporaryDirectory() as directory:
        for number in range(42):  # photo number i is a red of strength 6 · i
            path = Path(directory, class_names[number // 14], f"{number:02d}.png")
            path.parent.mkdir(exist_ok=True)
            Image.new("RGB", (40, 60), (6 * number, 0, 0)).save(path)
        result = _call(first_photos, directory, wanted)
    if hint := _pair(result, "pictures", "names"):
        return hint
    pictures, names = np.asarray(result[0]), list(result[1])
    if len(pictures) != wanted:
        return f"Of 42 photos the first {wanted} were asked for, this gives {len(pictures)}. A batch is 32 by default."
    if pictures.shape[1:] != (64, 64, 3):
        return f"Pictures of shape (64, 64, 3) are wanted, these have {pictures.shape[1:]}."
    if pictures.dtype != np.uint8:
        return f"The pictures are {pictures.dtype}. Make them uint8, ready to show."
    if pictures[:, 0, 0, 0].tolist() != [6 * number for number in range(wanted)]:
        return "These are not the first files. The loader shuffles unless you say shuffle=False."
    if not all(isinstance(name, str) for name in names):
        return "The labels are numbers. Look them up in class_names."
    if names != [class_names[number // 14] for number in range(wanted)]:
        return f"The names do not belong to the pictures: {names}."
    return None


# 02_map_a_function


@_check("0…255 became 0…1, once, and the labels came along.")
def check_rescale(rescale) -> str | None:
    """Exercise of notebook 02: a function for map that brings the images from 0…255 to 0…1 and keeps the labels.

    Introduced in notebook 02_map_a_function.

    >>> from helpers import exercises
    >>> exercises.check_rescale(lambda images, labels: images / 255)
    Not right yet. Two things are wanted, images and labels; this gives one ndarray.
    """
    images = np.random.default_rng(0).uniform(0, 255, (3, 4, 4, 3)).astype(np.float32)
    _, result = _map(rescale, (images, [2, 0, 1]))
    if hint := _pair(result, "images", "labels"):
        return hint
    scaled, labels = result
    if np.shape(scaled) != images.shape:
        return "The first thing that comes out should be the images."
    if np.shape(labels) != (3,) or list(labels) != [2, 0, 1]:
        return f"The labels were [2, 0, 1] and came out as {np.asarray(labels).tolist()}."
    if np.allclose(scaled, images):
        return "The images are still 0…255. convert_image_dtype and cast do not divide a float."
    if np.allclose(scaled, images / 255**2):
        return "The images were divided twice: the largest value is 0.004."
    return None if np.allclose(scaled, images / 255, atol=1e-4) else "The images are not the given ones divided by 255."


@_check("Every image gets its own number, a new one in every batch.")
def check_jitter(jitter) -> str | None:
    """Exercise of notebook 02: a function for map that makes each image of a batch brighter or darker by its own amount.

    Introduced in notebook 02_map_a_function.

    >>> from helpers import exercises
    >>> one_for_all = lambda images, labels: (images + tf.random.uniform([], -50, 50), labels)
    >>> exercises.check_jitter(one_for_all)  # doctest: +ELLIPSIS
    Not right yet. One number was added to all images of the batch...
    """
    images, labels = np.full((6, 4, 4, 3), 128, np.float32), np.arange(6)
    _, *results = _map(jitter, *[(images, labels)] * _BATCHES)
    if hint := _pair(results[0], "images", "labels"):
        return hint
    if np.shape(results[0][0]) != images.shape or not np.array_equal(results[0][1], labels):
        return "The shape of the images, and the labels, should come out as they went in."
    added = np.array([brighter - images for brighter, _ in results])  # axes: pass, image, height, width, channel
    amounts = added[:, :, 0, 0, 0]
    if np.ptp(added, axis=(2, 3, 4)).max() > 0.01:
        return "Within an image the amount differs from pixel to pixel. One number for an image: shape (n, 1, 1, 1)."
    if np.ptp(amounts, axis=1).max() < 0.01:
        return "One number was added to all images of the batch. Draw n of them: shape (n, 1, 1, 1)."
    if np.allclose(amounts[0], amounts[1]):
        return "Every batch gets the same numbers: NumPy's are drawn once, when map traces. Use tf.random."
    if amounts.min() > 0 or amounts.max() < 0 or not 25 < np.abs(amounts).max() <= 50:
        return "The amounts should lie between -50 and 50, on the scale 0…255: darker as well as brighter."
    extremes = [(np.full((n, 4, 4, 3), value, np.float32), np.arange(n)) for n, value in ((32, 250), (20, 5))]
    _, *results = _map(jitter, *extremes)
    lowest, highest = (limit(brighter) for limit, (brighter, _) in zip((np.min, np.max), results[::-1], strict=True))
    return None if lowest >= 0 and highest <= 255 else f"Values went from {lowest:.0f} to {highest:.0f}. Clip to 0…255."


@_check("Noise goes in, the clean image is the target.")
def check_noisy_pair(noisy_pair) -> str | None:
    """Exercise of notebook 02: a function for map, images -> (images with noise, clean images), to train a denoiser.

    Introduced in notebook 02_map_a_function.

    >>> from helpers import exercises
    >>> exercises.check_noisy_pair(lambda images: (images, images + tf.random.normal(tf.shape(images), stddev=20)))
    Not right yet. The noise is in the target. The model gets the first of the two and should give the second.
    """
    images = np.random.default_rng(1).uniform(0, 255, (4, 8, 8, 3)).astype(np.float32)
    _, *results = _map(noisy_pair, *[(images,)] * _BATCHES)
    if hint := _pair(results[0], "noisy images", "clean images"):
        return hint
    noise = [np.asarray(noisy) - images for noisy, _ in results]
    if any(np.shape(part) != images.shape for part in results[0]):
        return "Both parts should have the shape of the images."
    if not np.allclose(results[0][1], images):
        swapped = np.allclose(results[0][0], images)
        return (
            "The noise is in the target. The model gets the first of the two and should give the second."
            if swapped
            else "The target is not the clean image. Add the noise to the first of the two only."
        )
    if np.allclose(noise[0], noise[1]):
        if not noise[0].any():
            return "There is no noise."
        return "Every batch gets the same noise: it was drawn once, when map traced. Use tf.random.normal."
    if np.allclose(noise[0][0], noise[0][1], atol=1e-3):
        return "All images of a batch get the same noise. Draw it in the shape of the batch."
    if min(np.ptp(noise[0][0], axis=axis).max() for axis in range(3)) < 0.01:
        return "The noise is the same for several pixels, or for all colours. Draw it in the shape of the batch."
    if abs(np.mean(noise)) > 3:
        return f"The noise makes the images brighter or darker, by {np.mean(noise):.0f}. Its mean should be 0."
    spread = float(np.std(noise))
    if not 15 < spread < 25:
        return f"The noise has a standard deviation of {spread:.2g}, 20 was asked for."
    _map(noisy_pair, (images,), (images[:3],))  # raises if the function counts on one size of batch
    return None


# 03_to_numpy


@_check("One pass, so images and labels belong together.")
def check_to_arrays(to_arrays) -> str | None:
    """Exercise of notebook 03: a function from a shuffled dataset to two arrays, images and labels.

    Introduced in notebook 03_to_numpy.

    >>> from helpers import access, exercises
    >>> exercises.check_to_arrays(access.collect)
    Right. One pass, so images and labels belong together.
    """
    numbers = np.arange(20)
    images = np.broadcast_to(numbers[:, None, None, None], (20, 4, 4, 3)).astype(np.float32)  # image i is filled with i
    result = _call(to_arrays, tf.data.Dataset.from_tensor_slices((images, numbers)).shuffle(20).batch(6))
    if hint := _pair(result, "images", "labels"):
        return hint
    if not all(isinstance(part, np.ndarray) for part in result):
        return (
            f"Arrays are wanted; these are {type(result[0]).__name__} and {type(result[1]).__name__}. Join the batches."
        )
    pictures, labels = result
    if pictures.shape[1:] != (4, 4, 3) or labels.ndim != 1:
        return f"Shapes (20, 4, 4, 3) and (20,) are wanted, these are {pictures.shape} and {labels.shape}."
    if len(pictures) != 20 or len(labels) != 20:
        return f"The dataset has 20 images, the last batch is short; you have {len(pictures)} and {len(labels)} labels."
    if not np.array_equal(pictures[:, 0, 0, 0], labels):
        return "The labels belong to other images: they come from two passes, and each pass shuffles anew."
    return None if sorted(labels) == list(numbers) else "Some images are there twice, others not at all."


@_check("Blue first, uint8, and in one piece: OpenCV can draw on it and save it.")
def check_for_opencv(for_opencv) -> str | None:
    """Exercise of notebook 03: a function from one image of the loader to the array that OpenCV expects.

    Introduced in notebook 03_to_numpy.

    >>> from helpers import exercises
    >>> exercises.check_for_opencv(lambda image: image.numpy())
    Not right yet. The dtype is float32, OpenCV's pictures are uint8.
    """
    image = np.random.default_rng(2).uniform(0, 255, (5, 7, 3)).astype(np.float32)
    image[0, 0], image[0, 1] = (200, 50, 10), (262, -6, 10)
    picture = _call(for_opencv, tf.constant(image))
    if not isinstance(picture, np.ndarray):
        return f"OpenCV wants an array, this is a {type(picture).__name__}. Call .numpy()."
    if picture.shape != image.shape:
        return f"The shape was {image.shape} and is now {picture.shape}."
    if picture.dtype != np.uint8:
        return f"The dtype is {picture.dtype}, OpenCV's pictures are uint8."
    pixel = picture[0, 0].tolist()
    if pixel == [200, 50, 10]:
        return "The order is still red, green, blue. OpenCV reads blue first."
    if pixel != [10, 50, 200]:
        return f"Red 200, green 50, blue 10 came out as {pixel}; [10, 50, 200] is wanted."
    if picture[0, 1].tolist() != [10, 0, 255]:
        return f"Red 262, green -6 came out as {picture[0, 1, 2]} and {picture[0, 1, 1]}: clip before you change the dtype."
    if not picture.flags.c_contiguous:
        return "This array is not in one piece in memory; OpenCV cannot draw on it. np.ascontiguousarray helps."
    if not picture.flags.writeable:
        return "This array cannot be written to, so OpenCV cannot draw on it. Copy it with np.array."
    return None


@_check("OpenCV works on each image, and the dataset still knows its shapes.")
def check_blur(blur) -> str | None:
    """Exercise of notebook 03: a function for map that blurs each image with OpenCV and keeps labels and shapes.

    Introduced in notebook 03_to_numpy.

    >>> from helpers import exercises
    >>> exercises.check_blur(lambda images, labels: ...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    rng = np.random.default_rng(3)
    batches = [(rng.uniform(0, 255, (n, 9, 8, 3)).astype(np.float32), np.arange(n)) for n in (3, 2)]
    spec, *results = _map(blur, *batches)
    if hint := _pair(spec, "images", "labels"):
        return hint
    for (blurred, labels), (images, labels_before) in zip(results, batches, strict=True):
        if np.shape(blurred) != images.shape or not np.array_equal(labels, labels_before):
            return "The shape of the images, and the labels, should come out as they went in."
        wanted = np.stack([cv2.GaussianBlur(image, (5, 5), 0) for image in images])
        if np.allclose(blurred[0], wanted[0], atol=1) and not np.allclose(blurred, wanted, atol=1):
            return "Only the first image is blurred. OpenCV takes one image at a time: loop over the batch."
        if not np.allclose(blurred, wanted, atol=1):
            return "These are not the images blurred by cv2.GaussianBlur(image, (5, 5), 0)."
    if spec[1].shape.rank is None:
        return "The dataset has lost the shape of its labels. Leave them out of the Python function."
    if spec[0].shape.rank is None or None in spec[0].shape[1:]:
        return f"The dataset has lost the shape of its images ({spec[0].shape}); a model could not use it. set_shape brings it back."
    return None


# 04_which_image_is_this


@_check("One pass, every image counted once.")
def check_accuracy(accuracy) -> str | None:
    """Exercise of notebook 04: a function (model, shuffled dataset) -> share of right predictions.

    Introduced in notebook 04_which_image_is_this.

    >>> from helpers import exercises
    >>> exercises.check_accuracy(lambda model, dataset: 74)
    Not right yet. The accuracy is a share, from 0 to 1; this is 74.
    """
    numbers, passes = np.arange(23), 0

    def shuffled():
        nonlocal passes
        passes += 1
        for number in np.random.default_rng(passes).permutation(numbers):
            yield np.full((2, 2, 3), number, np.float32), number % 3

    def model(images):  # right for the images 0 to 16
        seen = np.asarray(images)[:, 0, 0, 0].astype(int)
        return np.where(seen < 17, seen % 3, (seen + 1) % 3)

    signature = (tf.TensorSpec((2, 2, 3)), tf.TensorSpec((), tf.int32))
    dataset = tf.data.Dataset.from_generator(shuffled, output_signature=signature)
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(numbers))).batch(5)
    result = float(_call(accuracy, model, dataset))
    if not 0 <= result <= 1:
        return f"The accuracy is a share, from 0 to 1; this is {result:.3g}."
    if passes > 1:
        return (
            f"You went over the dataset {passes} times. It shuffles each time, so the labels are those of other images."
        )
    if not np.isclose(result, 17 / 23):
        return "Count the right ones of all batches and divide by the number of images: the last batch is short."
    return None


@_check("The first folder tells the class, and no file was opened.")
def check_labels_of(labels_of) -> str | None:
    """Exercise of notebook 04: a function (directory, paths) -> the class number of each path.

    Introduced in notebook 04_which_image_is_this.

    >>> from helpers import exercises
    >>> exercises.check_labels_of(lambda directory, paths: ["bee"] * len(paths))
    Not right yet. These are names. The place of a name in the sorted list of class folders is its number.
    """
    with tempfile.TemporaryDirectory() as directory:
        for name in (".ipynb_checkpoints/1.jpg", "10/1.jpg", "2/1.jpg", "bee/1.jpg", "bee/big/2.jpg"):
            Path(directory, name).parent.mkdir(parents=True, exist_ok=True)
            Path(directory, name).touch()
        paths = [str(Path(directory, name)) for name in ("bee/big/2.jpg", "2/1.jpg", "bee/1.jpg")]
        labels = [label if isinstance(label, str) else int(label) for label in _call(labels_of, directory, paths)]
    if any(isinstance(label, str) for label in labels):
        return "These are names. The place of a name in the sorted list of class folders is its number."
    if len(labels) != len(paths):
        return f"There are {len(paths)} paths and {len(labels)} labels."
    if labels == [1, 0, 1]:
        return "The folder has a class none of whose paths is in the list. Number all class folders, not those of the paths."
    if labels == [3, 2, 3]:
        return "A folder whose name begins with a dot is hidden, and no class."
    if labels == [2, 0, 2]:
        return "Classes are in the order of text, so '10' comes before '2'."
    if sorted(labels) == [1, 2, 2] and labels != [2, 1, 2]:
        return "The numbers are right, their order is not: the first label belongs to the first path."
    return None if labels == [2, 1, 2] else f"[2, 1, 2] is wanted for the classes ['10', '2', 'bee'], this is {labels}."


@_check("Each name has the brightness of its own photo.")
def check_brightness(brightness) -> str | None:
    """Exercise of notebook 04: a function from a flat folder to a dict, file name -> mean of all values of the image.

    Introduced in notebook 04_which_image_is_this.

    >>> from helpers import exercises
    >>> exercises.check_brightness(lambda directory: {"a.png": 0.5})
    Not right yet. The folder has 35 photos, this has 0 of their names. The keys are names like '01.png'.
    """
    truth = {f"{number:02d}.png": 3 * number for number in range(35)}
    with tempfile.TemporaryDirectory() as directory:
        for name, value in truth.items():
            Image.new("RGB", (40, 20), (2 * value, value, 0)).save(Path(directory, name))
        means = _call(brightness, directory)
    if not isinstance(means, dict):
        return f"A dict is wanted, file name: brightness; this is a {type(means).__name__}."
    if set(means) != set(truth):
        return f"The folder has 35 photos, this has {len(set(means) & set(truth))} of their names. The keys are names like '01.png'."
    if max(means.values()) <= 1:
        return "The values lie between 0 and 1. The images of the loader go from 0 to 255."
    if not all(np.isclose(means[name], value, atol=1) for name, value in truth.items()):
        return "Names and means do not fit. The images come in the order of file_paths only with shuffle=False."
    return None


# 05_labels_and_splits


@_check("Each price belongs to its photo, and photos without a price are left out.")
def check_priced(priced) -> str | None:
    """Exercise of notebook 05: a function (folder, csv) -> dataset of images and the prices of a table.

    Introduced in notebook 05_labels_and_splits.

    >>> from helpers import exercises
    >>> exercises.check_priced(lambda folder, csv: [0.5])
    Not right yet. A dataset is wanted, this is a list.
    """
    with tempfile.TemporaryDirectory() as folder:
        values = _write_photos(folder, 40)  # each has the price 0.5 · its red value
        rows = random.Random(0).sample(list(values.items()), 35)
        csv = Path(folder, "prices.csv")
        csv.write_text("file,price\n" + "".join(f"{name},{0.5 * red}\n" for name, red in rows))
        dataset = _call(priced, folder, str(csv))
        if hint := _no_epoch(dataset) or _pair(dataset.element_spec, "images", "prices"):
            return hint
        batches = list(dataset.as_numpy_iterator())
    if batches[0][0].ndim != 4 or batches[0][0].shape[1:3] != (32, 32):
        return (
            f"Batches of images of 32 by 32 pixels are wanted; the first element has the shape {batches[0][0].shape}."
        )
    reds, prices = (np.concatenate(part) for part in ([b[0][:, 0, 0, 0] for b in batches], [b[1] for b in batches]))
    if len(reds) != len(rows):
        return f"The table has {len(rows)} rows, the folder 40 photos; you have {len(reds)} pairs. Go from the rows to the paths."
    if reds.max() <= 1:
        return "The values lie between 0 and 1. Leave the images at 0 to 255."
    if prices.ndim != 1:
        return f"One price for each photo is wanted, shape (batch,); these are {batches[0][1].shape}."
    return (
        None
        if np.allclose(0.5 * reds, prices, atol=0.5)
        else "The prices belong to other photos. Make each path from its own row."
    )


@_check("No photo in two parts, none forgotten, and the same mix of classes in each.")
def check_three_parts(three_parts) -> str | None:
    """Exercise of notebook 05: a function (paths, labels) -> three lists of paths, 70, 20 and 10 percent, stratified.

    Introduced in notebook 05_labels_and_splits.

    >>> from helpers import exercises
    >>> exercises.check_three_parts(lambda paths, labels: (paths[:70], paths[70:90], paths[90:]))
    Not right yet. Of the 20 photos of the second class, 0, 10 and 10 are in the parts. Split with stratify, both times.
    """
    for second in (20, 50, 30):  # a lucky split without stratify is not lucky three times
        labels = [0] * (100 - second) + [1] * second
        paths = [f"photos/{'ab'[label]}/{number:03}.jpg" for number, label in enumerate(labels)]
        result = [list(part) for part in _call(three_parts, list(paths), list(labels))]
        if len(result) != 3:
            return f"Three lists are wanted, these are {len(result)}."
        together = sum(result, [])
        if strange := [path for path in together if path not in paths]:
            return (
                f"Lists of the paths that were given are wanted, without labels; this is none of them: {strange[0]!r}."
            )
        if twice := len(together) - len(set(together)):
            return f"{twice} photos are in more than one part. Divide the rest, not the whole list again."
        if len(together) < len(paths):
            return f"{len(paths) - len(together)} of the photos are in no part."
        if (sizes := [len(part) for part in result]) != [70, 20, 10]:
            return f"The parts have {sizes} photos, wanted are [70, 20, 10]. Count in whole photos: the second share is one of the rest."
        seconds = [sum("/b/" in path for path in part) for part in result]
        if seconds != [second * 7 // 10, second // 5, second // 10]:
            return (
                f"Of the {second} photos of the second class, {seconds[0]}, {seconds[1]} and {seconds[2]} are in the parts. "
                "Split with stratify, both times."
            )
    return None


@_check("Each photo has its own mask, and a mask holds class numbers only.")
def check_pairs(pairs) -> str | None:
    """Exercise of notebook 05: a function (photo_dir, mask_dir) -> dataset of photos and masks that belong together.

    Introduced in notebook 05_labels_and_splits.

    >>> from helpers import exercises
    >>> exercises.check_pairs(lambda photo_dir, mask_dir: ...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    with tempfile.TemporaryDirectory() as photo_dir, tempfile.TemporaryDirectory() as mask_dir:
        values = _write_photos(photo_dir, 40, extension="jpg")
        for name, red in list(values.items())[:4] + list(values.items())[6:]:  # two have none
            stripes = np.where(np.arange(50) % 2, red, 0).astype(np.uint8)  # values in between were mixed
            Image.fromarray(np.tile(stripes, (50, 1))).save(Path(mask_dir, f"{Path(name).stem}_mask.png"))
        dataset = _call(pairs, photo_dir, mask_dir)
        if hint := _no_epoch(dataset) or _pair(dataset.element_spec, "images", "masks"):
            return hint
        batches = list(dataset.as_numpy_iterator())
    if [part.shape[1:] for part in batches[0]] != [(32, 32, 3), (32, 32, 1)]:
        return f"Images (batch, 32, 32, 3) and masks (batch, 32, 32, 1) are wanted; these are {[part.shape for part in batches[0]]}."
    images, masks = (np.concatenate(part) for part in zip(*batches, strict=True))
    if any(len(np.unique(mask)) > 2 for mask in masks):
        return "The masks hold values that are no class: they were mixed by resizing. Use the method nearest."
    if images.max() <= 1:
        return "The values lie between 0 and 1. Leave the images at 0 to 255."
    if len(images) != len(masks) or not np.allclose(images[:, 0, 0, 0], masks.max(axis=(1, 2, 3)), atol=3):
        return "Some photos have the mask of another. Where one is missing, all behind it move up: pair by name."
    return None if len(images) == 38 else f"38 photos have a mask, this gives {len(images)} pairs."


# 06_odd_and_broken_files


@_check("TensorFlow was asked, so it is what the loader will do.")
def check_broken_files(broken_files) -> str | None:
    """Exercise of notebook 06: a function from a list of paths to those of them that TensorFlow cannot decode.

    Introduced in notebook 06_odd_and_broken_files.

    >>> from helpers import exercises
    >>> exercises.check_broken_files(lambda paths: [])
    Not right yet. 6 of 6 broken files are missing: an empty file.
    """
    photo = Image.effect_noise((40, 30), 60)
    jpeg, png, tiff = (_encoded(photo, image_format) for image_format in ("JPEG", "PNG", "TIFF"))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    see_through = Image.merge("LA", (photo, photo)).convert("RGBA")
    contents = {
        "1.png": (png, ""),
        "2.jpg": (b"", "an empty file"),
        "3.jpg": (jpeg, ""),
        "4.jpg": (jpeg[:-2], "a JPEG that lacks its last two bytes, which verify and imread let pass"),
        "5.jpg": (b"<html>not found</html>", "a web page"),
        "6.jpg": (png, ""),  # TensorFlow looks inside
        "7.png": (png[: len(png) // 2], "half a PNG"),
        "8.jpg": (tiff, "a TIFF with a wrong name, which Pillow and imread can read"),
        "9.jpg": (_encoded(photo, "JPEG", exif=exif), ""),
        "10.jpg": (_encoded(see_through, "WEBP"), "a WebP with transparency, which fails with three channels"),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, (content, _) in contents.items():
            Path(folder, name).write_bytes(content)
        given = [str(Path(folder, name)) for name in contents]
        found = [os.fspath(path) for path in _call(broken_files, list(given))]
    if strange := [path for path in found if path not in given]:
        return f"The paths themselves are wanted, as they were given; this is none of them: {strange[0]}."
    if len(found) > len(set(found)):
        return "Some paths are there twice."
    found = {Path(path).name for path in found}
    if fine := [name for name in sorted(found) if not contents[name][1]]:
        return f"{fine[0]} can be decoded. The first bytes count, not the name, and odd is not broken."
    missing = [what for name, (_, what) in contents.items() if what and name not in found]
    return f"{len(missing)} of 6 broken files are missing: {missing[0]}." if missing else None


@_check("Only the broken ones are gone, every path is right, and the folder is as it was.")
def check_intact(intact) -> str | None:
    """Exercise of notebook 06: a function from a flat folder to a dataset of its good photos and their paths.

    Introduced in notebook 06_odd_and_broken_files.

    >>> from helpers import exercises
    >>> exercises.check_intact(lambda directory: ...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    with tempfile.TemporaryDirectory() as folder:
        values = _write_photos(folder, 20)
        broken = sorted(values)[3::6]
        for name in broken:
            Path(folder, name).write_bytes(b"broken")
        dataset = _call(intact, folder)
        if hint := _no_epoch(dataset) or _pair(dataset.element_spec, "images", "paths"):
            return hint
        try:
            batches = list(dataset.as_numpy_iterator())
        except tf.errors.InvalidArgumentError:
            return "A broken file still stops the dataset. ignore_errors is missing, or comes too early."
        if len(os.listdir(folder)) < 20:
            return "Files are gone from the folder. Skip them, and leave the folder as it is."
    if batches and batches[0][0].shape[1:] != (32, 32, 3):
        return f"Batches of images of 32 by 32 pixels are wanted; the first element is {batches[0][0].shape}."
    pairs = [pair for batch in batches for pair in zip(*batch, strict=True)]
    if len(pairs) < 20 - len(broken):
        return f"{20 - len(broken)} of 20 photos are good, you have {len(pairs)}: good neighbours went with them, or a short last batch. Skip before you batch."
    if any(abs(image[0, 0, 0] - values[Path(path.decode()).name]) > 1 for image, path in pairs):
        return "Some paths belong to other images. Load with shuffle=False, and pair before you skip: behind a gap all are a place off."
    if len(pairs) > 20 - len(broken):
        return f"{20 - len(broken)} photos are good, and you have {len(pairs)}: some are there twice."
    return None if len(batches[0][0]) == 8 else f"The first batch has {len(batches[0][0])} images, 8 are wanted."


@_check("Upright, on white, three channels.")
def check_repaired(repaired) -> str | None:
    """Exercise of notebook 06: a function from a path to a uint8 array: turned as EXIF says, blended with white.

    Introduced in notebook 06_odd_and_broken_files.

    >>> import numpy as np
    >>> from helpers import exercises
    >>> from PIL import Image
    >>> exercises.check_repaired(lambda path: np.asarray(Image.open(path)))
    Not right yet. The photo was turned by EXIF orientation 6; it should be (40, 30, 3) and is (30, 40, 3).
    """
    stored = Image.fromarray(np.linspace(0, 255, 40 * 30 * 3).reshape(30, 40, 3).astype(np.uint8))
    pixels = np.asarray(stored)
    gray = stored.convert("L")
    palette = gray.quantize(2)
    turns = {6: np.rot90(pixels, -1), 8: np.rot90(pixels), 3: np.rot90(pixels, 2)}
    turns |= {1: pixels, 2: pixels[:, ::-1], 5: pixels.swapaxes(0, 1)}
    blended = {  # what: (image, options, meant)
        "RGBA": (Image.merge("RGBA", (*stored.split(), gray.point(lambda _: 128))), {}, (pixels / 2 + 127.5)),
        "gray with alpha": (Image.merge("LA", (gray, gray.point(lambda _: 0))), {}, np.full((30, 40, 3), 255)),
        "palette with transparency": (
            palette,
            {"transparency": 0},
            np.where(np.asarray(palette)[..., None] == 0, 255, np.asarray(palette.convert("RGB"))),
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "photo.png"))
        for turn, wanted in turns.items():
            exif = Image.Exif()
            exif[ExifTags.Base.Orientation] = turn
            stored.save(path, exif=exif)
            result = _call(repaired, path)
            if not isinstance(result, np.ndarray | tf.Tensor) or result.dtype != np.uint8:
                return f"An array of uint8 is wanted, this is: {type(result).__name__} of {getattr(result, 'dtype', 'pixels')}."
            result = np.asarray(result)
            if result.shape != wanted.shape:
                return f"The photo was turned by EXIF orientation {turn}; it should be {wanted.shape} and is {result.shape}."
            if not np.array_equal(result, wanted):
                return f"EXIF orientation {turn}: the shape is right, the pixels are not. exif_transpose knows all eight cases."
        for what, (image, options, wanted) in blended.items():
            image.save(path, **options)
            result = np.asarray(_call(repaired, path))
            if result.shape != wanted.shape:
                return f"{what}: it should be {wanted.shape} and is {result.shape}."
            if np.abs(result - wanted).max() > 3:
                return f"{what}: what is transparent should be blended with white. convert('RGBA') knows all kinds of alpha."
    return None


# 07_how_fast_is_it


@_check("Twice as fast or more, and each pixel as it was.")
def check_fast(fast, slow) -> str | None:
    """Exercise of notebook 07: as the function `slow`, from paths to a dataset of (images, sizes), in half the time.

    Introduced in notebook 07_how_fast_is_it.

    >>> from helpers import exercises
    >>> exercises.check_fast(lambda paths: ..., lambda paths: ...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    with tempfile.TemporaryDirectory() as folder:
        rng, paths = np.random.default_rng(0), []
        for number in range(16):
            width, height = [(1200, 900 + number), (900, 1200), (150, 90)][0 if number % 5 else 1 if number % 2 else 2]
            small = Image.fromarray(rng.integers(0, 256, (12, 18, 3), np.uint8))
            paths.append(str(Path(folder, f"{number}.jpg")))
            small.resize((width, height), Image.Resampling.BICUBIC).save(paths[-1])
        answer, reference = _call(fast, paths), slow(paths)
        if hint := _no_epoch(answer) or _pair(answer.element_spec, "pictures", "sizes"):
            return hint
        got, expected = list(answer), list(reference)
        shapes, wanted = ([tuple(part.shape) for pair in pairs for part in pair] for pairs in (got, expected))
        if shapes != wanted:
            return f"The pictures and sizes of the slow one have the shapes {wanted}, yours {shapes}. Keep what is wide and large, in batches of 8."
        difference = max(
            float(np.abs(np.float32(ours) - theirs).max()) for (ours, _), (theirs, _) in zip(got, expected, strict=True)
        )
        if difference:
            return f"Pixels changed, by up to {difference:.3g}: another resizing, another order, or rounded. Do the same work, less often."
        if not all(np.array_equal(ours, theirs) for (_, ours), (_, theirs) in zip(got, expected, strict=True)):
            return "The pictures are right, the sizes are not: they are those of the original photos, height first."
        times = timing.compare({"slow": reference, "fast": answer}, rounds=3).seconds
        ratio = min(times["slow"]) / min(times["fast"])  # the best rounds: a check should not fail on a busy machine
        for path in paths[2:]:
            shutil.copy(paths[1], path)
        again, expected = list(answer), list(reference)
        if len(again) != len(expected) or not all(
            np.array_equal(ours, theirs) for (ours, _), (theirs, _) in zip(again, expected, strict=True)
        ):
            return "The files changed, and the pictures did not: something was kept. Without a cache, each pass reads the files."
    return (
        None
        if ratio >= 2
        else f"The same pixels, {ratio:.1f} times as fast: not twice yet. How often is each photo decoded, and how many at a time?"
    )


@_check("Files are read once, and each epoch has an order of its own.")
def check_cached(cached) -> str | None:
    """Exercise of notebook 07: a function from a folder with class folders to a cached dataset of uint8 images.

    Introduced in notebook 07_how_fast_is_it.

    >>> from helpers import exercises
    >>> exercises.check_cached(lambda directory: ...)
    Not tried yet. Put your answer in place of the dots and run the cell again.
    """
    with tempfile.TemporaryDirectory() as folder:
        for class_name in "ab":
            Path(folder, class_name).mkdir()
            _write_photos(str(Path(folder, class_name)), 18)
        dataset = _call(cached, folder)
        if hint := _no_epoch(dataset) or _pair(dataset.element_spec, "images", "labels"):
            return hint
        first = list(dataset.as_numpy_iterator())
    try:  # the files are gone
        epochs = [first, list(dataset.as_numpy_iterator()), list(dataset.as_numpy_iterator())]
    except tf.errors.OpError:
        return "The second epoch reads the files again: nothing is cached, or in a file of that folder."
    sizes = [len(images) for images, _ in first]
    if sorted(sizes) != [4, 8, 8, 8, 8]:
        return f"36 photos make batches of 8, 8, 8, 8 and 4; yours have {sizes}."
    images = first[0][0]
    if images.dtype != np.uint8 or images.shape[1:] != (64, 64, 3):
        return f"uint8 of 64 by 64 pixels is wanted, this is {images.dtype}, {images.shape[1:]}."

    def photos_of(batch):
        return [(int(image[0, 0, 0]), int(label)) for image, label in zip(*batch, strict=True)]

    epochs = [[photos_of(batch) for batch in epoch] for epoch in epochs]
    every = sorted((6 * number, label) for number in range(18) for label in (0, 1))
    if any(sorted(sum(epoch, [])) != every for epoch in epochs):
        return "An epoch should have each photo once, with its own label."
    if epochs[0] == epochs[1]:
        return "All epochs have the same order: the cache froze it, or shuffle was told to keep it. shuffle comes after cache."
    members = [set(map(frozenset, epoch)) for epoch in epochs]
    if members[0] == members[1]:
        return "The batches move, and always hold the same photos. Shuffle photos, before they are batched."
    return None


@_check("As small as it may be, and no smaller.")
def check_ratio_for(ratio_for) -> str | None:
    """Exercise of notebook 07: a function (shape, size) -> the ratio at which a JPEG is decoded: 1, 2, 4 or 8.

    Introduced in notebook 07_how_fast_is_it.

    >>> from helpers import exercises
    >>> exercises.check_ratio_for(lambda shape, size: 8)
    Not right yet. (100, 100) for (128, 128) gives 8, not 1: it is too small already, so nothing may be thrown away.
    """
    cases = {
        ((100, 100), (128, 128)): (1, "it is too small already, so nothing may be thrown away"),
        ((3024, 4032), (128, 128)): (8, "378 by 504 are left"),
        ((1000, 4032), (128, 128)): (4, "at 1/8 the height would be 125"),
        ((4032, 1000), (128, 128)): (4, "at 1/8 the width would be 125"),
        ((1024, 1024), (128, 128)): (8, "128 are left, as many as wanted"),
        ((600, 800), (128, 256)): (2, "1/4 would leave 200 of the width"),
        ((768, 768), (256, 256)): (2, "3 is no ratio of a JPEG; 1, 2, 4 and 8 are"),
        ((9000, 9000), (128, 128)): (8, "8 is the largest there is"),
    }
    for (shape, size), (right, reason) in cases.items():
        ratio = _call(ratio_for, shape, size)
        if ratio != right:
            return f"{shape} for {size} gives {ratio}, not {right}: {reason}."
    return None


# 08_find_the_misfiled_photos


@_check("All that were moved, and no other.")
def check_misfiled(misfiled, folder: Path) -> str | None:
    """Exercise of notebook 08: the names of the photos that lie in a wrong folder of ``photos.misfiled_copy()``.

    Introduced in notebook 08_find_the_misfiled_photos.

    >>> from helpers import exercises, photos
    >>> exercises.check_misfiled(["photo_0001"], photos.misfiled_copy())
    Not right yet. Moved photos in your list: 0 of 6. Photos in it that lie where they belong: 1.
    """
    truth_file = Path(folder).parent / "truth.json"
    if not truth_file.is_file():
        return f"Nobody knows what is misfiled in {folder}: photos.misfiled_copy() did not make it."
    truth = {
        Path(name): Path(original) for name, original in json.loads(truth_file.read_text(encoding="utf-8")).items()
    }
    moved = {name.stem for name, original in truth.items() if name.parts[0] != original.parts[0]}
    if not moved:
        return f"No photo was moved in {folder}, since each class has only one."
    if isinstance(misfiled, str | os.PathLike):
        return "A list of names is wanted, also if it is a single one."
    names = {
        (re.findall(r"photo_\d{4}", str(name)) or [str(name)])[-1] for name in misfiled
    }  # also of a title or a path
    if unknown := sorted(names - {name.stem for name in truth}):
        return f"There is no photo {unknown[0]} in this folder. Give only the name, such as {min(name.stem for name in truth)!r}."
    wrong = len(names - moved)
    hint = f"Moved photos in your list: {len(names & moved)} of {len(moved)}."
    if wrong:
        return f"{hint} Photos in it that lie where they belong: {wrong}."
    return f"{hint} Look again, and further down the list." if names != moved else None


class _PlainSpoken(tf.keras.Sequential):
    """A model that says in plain words what is wrong with a batch; Keras speaks of ranks and of graphs."""

    def __call__(self, images, **options):
        shape = tf.TensorShape(np.shape(images))
        if shape.rank in (None, 3):  # in predict, the rank of a single image is unknown
            raise ValueError("one image came; a model takes a batch: [None]")
        if shape.rank == 4 and shape[1:3] != (64, 64):
            raise ValueError(f"images of {shape[1]} by {shape[2]} came; this model takes 64 by 64")
        if shape.rank == 4 and shape[3] != 3:
            raise ValueError(
                "images came that have not 3 channels, but those of a gray file, say. Decode with 3 channels"
            )
        return super().__call__(images, **options)


@_check("The same pixels as in training, and one row of probabilities.")
def check_predict_file(predict_file) -> str | None:
    """Exercise of notebook 08: a function (model, path) -> what the model says about one file, shape (classes,).

    Introduced in notebook 08_find_the_misfiled_photos.

    >>> from helpers import exercises
    >>> exercises.check_predict_file(lambda model, path: model.predict(path))  # doctest: +ELLIPSIS
    Not right yet. Your answer raised ...
    """
    rng = np.random.default_rng(0)
    layers = tf.keras.layers
    model = _PlainSpoken([tf.keras.Input((64, 64, 3)), layers.Flatten(), layers.Dense(5)], name="model")
    model.layers[-1].set_weights([rng.normal(size=(64 * 64 * 3, 5)), np.zeros(5)])
    photo = Image.fromarray(rng.integers(0, 256, (97, 143, 3), dtype=np.uint8)).resize((430, 290))
    see_through = Image.merge("RGBA", (*photo.split(), photo.convert("L")))
    with tempfile.TemporaryDirectory() as folder:
        for name, image in {"new.jpg": photo, "gray.png": photo.convert("L"), "see_through.png": see_through}.items():
            path = str(Path(folder, name))
            image.save(path)
            result = np.asarray(_call(predict_file, model, path))
            if result.shape == (1, 5):
                return "This is a batch of one row, shape (1, 5). Take the row out with [0]."
            if result.shape != (5,):
                return f"One row is wanted, shape (5,); this has the shape {result.shape}."
            if hint := _other_pixels(model, path, result):
                return hint
    return None


def _other_pixels(model, path: str, result: np.ndarray) -> str | None:
    def is_from(pixels):
        return np.allclose(result, model(pixels[None])[0], rtol=1e-3, atol=5)

    pixels = tf.image.resize(tf.io.decode_png(tf.io.read_file(path), channels=3), (64, 64)).numpy()
    by_load_img = (
        tf.keras.utils.img_to_array(tf.keras.utils.load_img(path, target_size=(64, 64), interpolation=method))
        for method in ("nearest", "bilinear", "bicubic", "lanczos")
    )
    if is_from(pixels):
        return None
    if any(map(is_from, by_load_img)):
        return "These are the pixels of load_img, which resizes in another way than the loader. Use tf.image.resize."
    if is_from(pixels / 255):
        return "Divided by 255. This model takes 0 to 255, as the loader gives it."
    if is_from(pixels[..., ::-1]):
        return "Red and blue have changed places. OpenCV reads blue first; use tf.io.decode_image."
    return (
        f"The model saw other pixels of {Path(path).name} than in training. Read, decode and resize as pixels_of does."
    )


@_check("Each photo has a place of its own, and none was moved.")
def check_moves(moves) -> str | None:
    """Exercise of notebook 08: a function (approved, folder) -> pairs of an old and a new path, none of them taken.

    Introduced in notebook 08_find_the_misfiled_photos.

    >>> from helpers import exercises
    >>> exercises.check_moves(lambda approved, folder: [])
    Not right yet. 7 pairs are wanted, one for each photo of the list, also if it stays; you have 0.
    """
    approved = {
        "ant/1.jpg": "bee",
        "ant/2.png": "bee",
        "cat/1.jpg": "bee",
        "bee/3.jpg": "ant",
        "cat/3.jpg": "cat",
        "ant/IMG.jpg": "bee",
        "cat/img.JPG": "bee",
    }
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)  # it may lie behind a link
        for name in (*approved, "bee/1.jpg", "bee/1_2.jpg"):
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_text(name)
        approved = [(str(Path(folder, name)), class_name) for name, class_name in approved.items()]

        def contents():
            return {path: path.is_file() and path.read_bytes() for path in Path(folder).rglob("*")}

        before = contents()
        pairs = list(_call(moves, list(approved), folder))
        if contents() != before:
            return "Files were moved or written. Only propose: whoever owns the folder moves them."
    if len(pairs) != len(approved):
        return f"{len(approved)} pairs are wanted, one for each photo of the list, also if it stays; you have {len(pairs)}."
    if hint := next(filter(None, (_pair(pair, "the old path", "the new one") for pair in pairs)), None):
        return hint
    pairs = [(Path(old), Path(new)) for old, new in pairs]
    if [old for old, _ in pairs] != [Path(old) for old, _ in approved]:
        return "The old paths are those of the list, in its order."
    for (old, new), (_, class_name) in zip(pairs, approved, strict=True):
        if new.parent != Path(folder, class_name):
            return f"{old.parent.name}/{old.name} belongs in the folder {class_name}; your new path is {new}."
        if new.suffix != old.suffix:
            return f"{old.name} becomes {new.name}: the ending should stay."
        if new.parent == old.parent and new != old:
            return f"{old.parent.name}/{old.name} lies in the right folder already: its new path is the old one."
    if taken := [new for old, new in pairs if new in before and new != old]:
        return f"{taken[0].parent.name}/{taken[0].name} is there already, and would be overwritten."
    targets = Counter(f"{new.parent.name}/{new.name}".lower() for _, new in pairs)
    if twice := [target for target, count in targets.items() if count > 1]:
        return f"Two photos go to {twice[0]}, in small or capital letters: one would overwrite the other."
    kept = all(new.name == old.name for old, new in pairs if old.name in ("2.png", "3.jpg"))  # these are free
    return None if kept else "Names that are free should stay as they are."


# 09_beyond_one_machine


@_check("Each path belongs to one host, in whatever order they got the list.")
def check_shard_of(shard_of) -> str | None:
    """Exercise of notebook 09: a function (paths, index, hosts) -> the paths of one of several hosts.

    Introduced in notebook 09_beyond_one_machine.

    >>> from helpers import exercises
    >>> exercises.check_shard_of(lambda paths, index, hosts: paths)
    Not right yet. With 2 hosts and 11 paths, they have 11 and 11: each should have its own part.
    """
    for hosts, count in ((2, 11), (3, 10), (4, 9)):
        paths = [f"photos/{name}.jpg" for name in "abcdefghijk"[:count]]
        lists = [random.Random(index).sample(paths, len(paths)) for index in range(hosts)]
        given = [list(own) for own in lists]
        shards = [
            [Path(str(path)).as_posix() for path in _call(shard_of, own, index, hosts)]
            for index, own in enumerate(given)
        ]
        if strange := [path for shard in shards for path in shard if path not in paths]:
            return f"A list of paths is wanted, of those that were given; this is none of them: {strange[0]}."
        sizes = " and ".join(str(len(shard)) for shard in shards)
        if given != lists:
            return "The list that was given has changed. Sort a copy: sorted(paths)."
        if sum(map(len, shards)) > len(paths):
            return f"With {hosts} hosts and {len(paths)} paths, they have {sizes}: each should have its own part."
        if max(map(len, shards)) - min(map(len, shards)) > 1:
            return f"With {hosts} hosts and {len(paths)} paths, they have {sizes}. Their numbers should differ by one at most."
        if len({path for shard in shards for path in shard}) < sum(map(len, shards)):
            return "Some paths are with two hosts. The hosts got the list in different orders: sort it first."
        if sum(map(len, shards)) < len(paths):
            return f"With {hosts} hosts and {len(paths)} paths, they have {sizes}: some are with nobody."
    return None


@_check("Nothing twice, nothing forgotten.")
def check_left_to_do(left_to_do) -> str | None:
    """Exercise of notebook 09: a function (paths, text of the results) -> the paths that are still to be done.

    Introduced in notebook 09_beyond_one_machine.

    >>> from helpers import exercises
    >>> exercises.check_left_to_do(lambda paths, text: paths)
    Not right yet. photos/a.jpg is done, and would be done again.
    """
    names = ("photos/b", "photos/a", "photos/c, d", "photos/ab", "old/photos/b", "photos/b.jpg", "other/b")
    paths = [f"{name}.jpg" for name in names]
    cases = {
        "nothing is done yet": ("", []),
        "only photos/b.jpg and photos/a.jpg are done": ("photos/b.jpg,cat\nphotos/a.jpg,dog\n", paths[:2]),
        "the line of photos/a.jpg was cut off": ("photos/b.jpg,cat\nphotos/a.jpg,do", paths[:1]),
        "a path was cut off": ("photos/a.jpg,cat\nphotos/b.jp", paths[1:2]),
        "a path has a comma": ("photos/c, d.jpg,cat\n", paths[2:3]),
        "the results are in another order": ("photos/ab.jpg,cat\nphotos/b.jpg,cat\n", [paths[0], paths[3]]),
        "only old/photos/b.jpg and photos/b.jpg.jpg are done": (
            "old/photos/b.jpg,cat\nphotos/b.jpg.jpg,cat\nphotos/b.jpg.jpg,cat\nphotos/gone.jpg,cat\n",
            paths[4:6],
        ),
        "all is done": ("".join(f"{path},cat\n" for path in paths), paths),
    }
    for case, (text, done) in cases.items():
        right = [path for path in paths if path not in done]
        left = [Path(path).as_posix() for path in _call(left_to_do, list(paths), text)]
        if again := [path for path in left if path not in right and path in paths]:
            twice = "photos/a.jpg" if "photos/a.jpg" in again else again[0]
            return f"{twice} is done, and would be done again."
        if missing := [path for path in right if path not in left]:
            return f"{missing[0]} would be forgotten: {case}."
        if left != right:
            return f"{left} is not {right}: each path as it was given, once, in their order."
    return None
