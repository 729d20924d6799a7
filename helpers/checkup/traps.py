"""The traps a dataset of images can be in: one small function for each, which reads what a walk has gathered.

A trap is a generator: what it yields first, if anything, says what is wrong and what to do.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from helpers.checkup.case import Case
from helpers.checkup.labels import MASKS_OF_255
from helpers.decoding import channel_axis
from helpers.errors import counted, one_line
from helpers.quiet import tensorflow as tf

import numpy as np

Level = Literal["fault", "note"]

_FEW = 10  # images in a class


class Trap(NamedTuple):
    """One trap: its name, how bad it is, where it is explained, and the function that yields what to do."""

    kind: str
    level: Level
    see: str
    tell: Callable[[Case], Iterator[str]]


TRAPS: list[Trap] = []


def tell_all(case: Case) -> Iterator[tuple[Trap, str]]:
    """The traps that a dataset is in, faults first, each with what is wrong and what to do."""
    for trap in sorted(TRAPS, key=lambda trap: trap.level):
        if text := next(trap.tell(case), ""):
            yield trap, text


def _trap(kind: str, level: Level, see: str) -> Callable:
    def keep(tell: Callable[[Case], Iterator[str]]) -> Callable:
        TRAPS.append(Trap(kind, level, see, tell))
        return tell

    return keep


@_trap("empty", "fault", "08_broken_files.ipynb#How-many-are-left?")
def _empty(case: Case) -> Iterator[str]:
    if case.first.has_ended and not case.first.images:
        yield "The dataset yields no image. Look at what filter, skip, take or ignore_errors leave over."


@_trap("broken file", "fault", "08_broken_files.ipynb#Which-file-is-it?")
def _broken_file(case: Case) -> Iterator[str]:
    if case.is_about_a_file:
        more = f" And {len(case.broken) - 3} more." if len(case.broken) > 3 else ""
        files = " ".join(case.broken[:3]) + more
        cure = "" if case.paths else " Pass the folder to examine, and it names the file."
        yield files or f"{_stops(case)}{cure}"


@_trap("stops with an error", "fault", "08_broken_files.ipynb#One-file-stops-everything")
def _stops_with_an_error(case: Case) -> Iterator[str]:
    if case.stopped and case.first.layout.axes < 2 and not case.is_about_a_file:
        yield f"{_stops(case)} Try the steps that make it one by one."


def _stops(case: Case) -> str:
    found = case.stopped or case.first
    where = f"{counted(found.batches, 'batch')}{' of a second pass' if found is case.second else ''}"
    return f"The dataset stops after {where}, with this error: {one_line(found.error or ValueError()).strip(' .')}."


@_trap("one pass only", "fault", "03_to_numpy.ipynb#Python-code-inside-map")
def _one_pass_only(case: Case) -> Iterator[str]:
    if case.first.images and not case.second.images and not case.stopped:
        yield "A second pass yields nothing, so a second epoch would not. Let the generator function begin anew."


@_trap("other number of labels", "fault", "06_your_own_labels.ipynb#Can-two-calls-share-one-list?")
def _other_number_of_labels(case: Case) -> Iterator[str]:
    parts = case.first.parts
    if not all(parts[place].is_for_each for place in case.first.layout.targets if parts):
        yield "A batch has more labels than images, or fewer. List the files once, and take paths and labels from it."


@_trap("single images", "fault", "02_map_a_function.ipynb#Map-first-and-batch-afterwards")
def _single_images(case: Case) -> Iterator[str]:
    if case.first.layout.axes == 0:
        yield "Each element is one image, and Keras wants batches. Add `dataset.batch(32)`."


@_trap("batched twice", "fault", "02_map_a_function.ipynb#Map-first-and-batch-afterwards")
def _batched_twice(case: Case) -> Iterator[str]:
    if case.first.layout.axes == 2:
        yield "Each element is a batch of batches, since the loader already makes batches. Leave out `batch()`."


@_trap("channels first", "fault", "17_other_frameworks.ipynb#Transpose-or-reshape?")
def _channels_first(case: Case) -> Iterator[str]:
    if case.first.layout.channels == -3 != channel_axis():
        yield "The channels come first, and Keras is set to have them last. Transpose each batch to (0, 2, 3, 1)."


@_trap("channels last", "fault", "17_other_frameworks.ipynb#Transpose-or-reshape?")
def _channels_last(case: Case) -> Iterator[str]:
    if case.first.layout.channels == -1 != channel_axis():
        yield "The channels come last, and Keras is set to have them first. Transpose each batch to (0, 3, 1, 2)."


@_trap("shape unknown", "fault", "03_to_numpy.ipynb#Python-code-inside-map")
def _shape_unknown(case: Case) -> Iterator[str]:
    place, _, channels, _ = case.first.layout
    shape = case.first.specs[place].shape
    if shape.rank is None or (channels and shape[channels] is None):
        known = "anything about their shape" if shape.rank is None else "the number of channels"
        yield f"TensorFlow does not know {known}, which a model needs. Use `tf.ensure_shape` in map."


@_trap("divided twice", "fault", "14_ask_a_model.ipynb#Where-do-you-divide-by-255?")
def _divided_twice(case: Case) -> Iterator[str]:
    low, high, _ = case.range
    if low < high and (0 <= low < high <= 1.5 / 255 or (-1.01 <= low < high <= -0.98) or high < -1.5):
        yield f"All values are between {low:.3g} and {high:.3g}, as if they had been divided by 255 twice. Divide once."


@_trap("not finite", "fault", "01_take_one_batch.ipynb#Can-values-go-outside-0-to-255?")
def _not_finite(case: Case) -> Iterator[str]:
    images = case.first.images
    if number := sum(not np.isfinite([image.lowest, image.highest]).all() for image in images):
        yield (
            f"NaN or infinity is in {number} of {counted(len(images), 'image')}, and one spoils the training. "
            "Was something divided by 0?"
        )
    if not all(part.is_finite for part in case.first.parts.values()):
        yield "NaN or infinity is in what comes with the images, and one spoils the training."


@_trap("one colour", "fault", "01_take_one_batch.ipynb#Why-is-the-picture-white?")
def _one_colour(case: Case) -> Iterator[str]:
    images, dtype = case.first.images, case.first.specs[case.first.layout.place].dtype
    if dtype.is_integer and case.range[1] == 1 and images[0].shape[-1] > 1:
        yield "All values are whole numbers, 0 or 1, which show as black. Were values from 0 to 1 cast to uint8?"
    if images and all(image.is_one_colour for image in images):
        yield (
            "Every image is all of one colour. Were values from 0 to 1 cast to uint8, or values up to 255 clipped to 1?"
        )


@_trap("labels out of range", "fault", "06_your_own_labels.ipynb#Which-number-does-a-class-get?")
def _labels_out_of_range(case: Case) -> Iterator[str]:
    classes, names = case.labels.classes, case.names
    if classes is not None and classes.min() < 0:
        yield f"Labels such as {classes.min()} are no class. Count from 0."
    if classes is None or not names:
        return
    shape = case.first.parts[case.first.layout.targets[0]].shape
    if case.labels.words == "one-hot rows" and shape[-1] != len(names):
        yield f"A label is a row of {shape[-1]} numbers, and there are {counted(len(names), 'class')}."
    wrong = sorted({label for label in classes.tolist() if label not in range(len(names))})
    if wrong:
        are = f"{len(names)} classes have the numbers 0 to {len(names) - 1}"
        yield f"Labels such as {wrong[0]} are no class: {are}. Count from 0."


@_trap("masks up to 255", "fault", "06_your_own_labels.ipynb#Photos-and-masks")
def _masks_up_to_255(case: Case) -> Iterator[str]:
    if case.labels.words == MASKS_OF_255:
        yield "The masks have values up to 255, and no loss fits that. Make them class numbers: `masks > 0`, for two."


@_trap("one class only", "fault", "07_split_without_a_leak.ipynb#Two-bad-splits")
def _one_class_only(case: Case) -> Iterator[str]:
    classes = case.labels.classes
    if classes is not None and case.first.has_ended and len(classes) > 1 and len(set(classes)) == 1:
        yield (
            f"All {len(classes)} images have the label {classes[0]}: there is nothing to tell apart. If there are more "
            "classes, shuffle the files before you split them."
        )


@_trap("third part", "fault", "04_which_file_is_it.ipynb#Keep-the-path-when-you-shuffle")
def _third_part(case: Case) -> Iterator[str]:
    if not isinstance(case.spec, tuple) or len(case.spec) < 3:
        return
    if len(case.spec) > 3:
        yield f"An element has {len(case.spec)} parts, and Keras takes three at most. Drop some with map."
    found, cure = case.first, "Keras takes a third part for weights. Drop it with map before you train."
    axes, parts = found.layout.axes, found.parts
    # One number for each image; or, with images as labels, for each pixel.
    most_axes = max(
        [axes, *(len(part.shape) for place, part in parts.items() if place[0] == 1 and len(part.shape) > axes + 1)]
    )
    for part, dtype in [(part, found.specs[place].dtype) for place, part in parts.items() if place[0] == 2]:
        is_image = part.shape == parts[found.layout.place].shape and found.images[0].shape[-1] > 1
        is_too_large = len(part.shape) > most_axes and part.shape[axes:] != (1,)
        if (part.highest < part.lowest and part.is_finite) or is_too_large or is_image:
            yield f"The third part, {dtype.name} of shape {part.shape}, is not one weight for each image. {cure}"
        values = part.rows.ravel().tolist() if dtype.is_integer and part.rows is not None else []
        if len(set(values)) == len(values) > 3:
            yield f"The third part is a whole number for each image, no two the same: no weights. {cure}"


@_trap("labels of other images", "fault", "04_which_file_is_it.ipynb#Keep-the-path-when-you-shuffle")
def _labels_of_other_images(case: Case) -> Iterator[str]:
    if case.misfits:
        yield (
            f"The label is not the class of the folder in {case.misfits} of {case.recognised} photos found again. "
            "Pair images and labels before you shuffle or skip. If the labels are no classes, leave out `folder`."
        )


@_trap("red and blue swapped", "fault", "03_to_numpy.ipynb#Which-form-does-each-library-want?")
def _swapped(case: Case) -> Iterator[str]:
    if 2 * sum(match.is_swapped for match in case.matches) > case.recognised:
        yield "Red and blue are swapped, as in images from cv2.imread. Turn the channels round: `images[..., ::-1]`."


@_trap("leak", "fault", "07_split_without_a_leak.ipynb#Do-two-calls-share-photos?")
def _leak(case: Case) -> Iterator[str]:
    if case.shared:
        images = counted(len(case.first.images), "image")
        yield f"{len(case.shared)} of {images} are in the other dataset, too. Split the list of files, then load."


@_trap("values out of range", "note", "01_take_one_batch.ipynb#Can-values-go-outside-0-to-255?")
def _out_of_range(case: Case) -> Iterator[str]:
    low, high, nominal = case.range
    if nominal and nominal[0] == 0 and (low < -nominal[1] / 1000 or high > nominal[1] * 1.001):
        yield f"Values go from {low:.4g} to {high:.4g}, beyond 0 to {nominal[1]}. Clip them before you show them."


@_trap("endless", "note", "07_split_without_a_leak.ipynb#Draw-small-classes-more-often")
def _endless(case: Case) -> Iterator[str]:
    if case.length == tf.data.INFINITE_CARDINALITY:
        yield "The dataset never ends. Give fit a number of `steps_per_epoch`, and `take(...)` before a loop."


@_trap("length unknown", "note", "08_broken_files.ipynb#How-many-are-left?")
def _length_unknown(case: Case) -> Iterator[str]:
    if case.length == tf.data.UNKNOWN_CARDINALITY:
        yield "TensorFlow does not know the length, so `len(dataset)` fails. State it with `assert_cardinality`."


@_trap("no labels", "note", "01_take_one_batch.ipynb#What-does-a-label-look-like?")
def _no_labels(case: Case) -> Iterator[str]:
    if case.labels.words == "none":
        if isinstance(case.spec, dict) and len(case.spec) > 1:
            yield "An element is one dict, and fit wants a pair. Make it with map, of the images and the labels."
        yield "There are no labels: fit needs them, predict does not. An element is no pair, so do not unpack it."


@_trap("text as labels", "note", "06_your_own_labels.ipynb#Which-number-does-a-class-get?")
def _text_as_labels(case: Case) -> Iterator[str]:
    if case.labels.words == "text":
        yield "What comes with the images is text, which fit refuses. Train on numbers, and keep paths for looking."


@_trap("no channels", "note", "02_map_a_function.ipynb#What-the-model-wants")
def _no_channels(case: Case) -> Iterator[str]:
    if case.first.layout.channels is None:
        yield "The images have no axis for channels, and a `Conv2D` needs one. Add it in map: `images[..., None]`."


@_trap("new order each pass", "note", "01_take_one_batch.ipynb#Do-you-see-the-same-images-twice?")
def _new_order(case: Case) -> Iterator[str]:
    if case.order == "new":
        yield "Each pass has a new order. Take what belongs together, such as images and labels, from one pass."


@_trap("same order each pass", "note", "12_read_once_or_less.ipynb#What-does-a-cache-keep?")
def _same_order(case: Case) -> Iterator[str]:
    classes = case.labels.classes
    if case.order == "same" and classes is not None and len(set(classes)) > 1 and not case.is_sorted:
        yield "Each pass has the same mixed order, as is right for validation. To train, shuffle behind any `cache()`."


@_trap("sorted by class", "note", "12_read_once_or_less.ipynb#How-large-a-window?")
def _sorted(case: Case) -> Iterator[str]:
    if case.is_sorted:
        yield "One class comes after the other. That is right for looking; to train, load with `shuffle=True`."


@_trap("photos twice", "note", "07_split_without_a_leak.ipynb#Which-photos-belong-together?")
def _photos_twice(case: Case) -> Iterator[str]:
    if case.length == tf.data.INFINITE_CARDINALITY:
        return
    times = Counter(image.key for image in case.first.images if not image.is_one_colour)
    if again := sum(number - 1 for number in times.values()):
        yield f"{counted(again, 'image')} came before in the same pass. Keep copies in one part of a split."


@_trap("gray in three channels", "note", "09_odd_files.ipynb#Another-colour-mode")
def _gray(case: Case) -> Iterator[str]:
    images = case.first.images
    if all(image.is_gray for image in images) and not all(image.is_one_colour for image in images):
        yield 'All images are gray, in three equal channels. With `color_mode="grayscale"` one does.'


@_trap("few images in a class", "note", "07_split_without_a_leak.ipynb#What-helps-with-uneven-classes?")
def _few_images(case: Case) -> Iterator[str]:
    classes = case.labels.classes
    if case.listing and case.listing.labels:  # of which the dataset may be a part
        numbers = Counter(case.listing.class_names[label] for label in case.listing.labels)
    elif case.first.has_ended and classes is not None and not case.other:  # or this one is a part
        numbers = Counter(classes.tolist())
    else:
        return
    name, least = min(numbers.items(), key=lambda item: item[1])
    if least < _FEW:
        yield f"Class {name} has {counted(least, 'image')}. Weigh the classes, or draw small ones more often."
