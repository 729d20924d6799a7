"""One pass over a dataset of images: of each image a few numbers, and what comes with it. No pixels are kept."""

import dataclasses
import functools
import sys
from typing import Any, NamedTuple

from helpers.decoding import channel_axis
from helpers.files import CHANNELS
from helpers.quiet import tensorflow as tf

import numpy as np
import tqdm

BAR: dict[str, Any] = {"file": sys.stdout, "delay": 3}  # of progress
_LONGEST = 1000  # numbers in a label; longer ones, such as masks, are not kept
_GRID = 8  # a digest is the means of so many parts down and across


class Layout(NamedTuple):
    """Where the images are in an element, and which of their axes is which.

    Attributes:
        place: The keys that lead to them, for example ``(0,)`` or ``(0, "photo")``; ``()`` if they are all there is.
        axes: How many axes come before those of an image: 0 for single images, 1 for a batch, 2 for a batch of batches.
        channels: The axis of an image that holds its channels, -1 or -3; None if it has only height and width.
        targets: The places of what comes as labels.
    """

    place: tuple
    axes: int
    channels: int | None
    targets: list[tuple]


class Image(NamedTuple):
    """What is kept of an image: its shape, channels last, and what its values are."""

    shape: tuple[int, ...]
    key: int  # a hash of some pixels: the same image has the same
    digest: np.ndarray  # the means of 8 by 8 parts, flat: an image with nearly the same pixels has nearly the same
    lowest: float  # not a number if one value is not
    highest: float
    is_one_colour: bool
    is_gray: bool


@dataclasses.dataclass
class Part:
    """What is kept of labels, or of another part: the shape of the first, which numbers came; if short, all of them."""

    shape: tuple[int, ...]
    is_for_each: bool = True  # as many of it as images, in each batch
    lowest: float = np.inf
    highest: float = -np.inf
    is_whole: bool = True
    is_finite: bool = True
    values: list[np.ndarray] = dataclasses.field(default_factory=list)

    @property
    def rows(self) -> np.ndarray | None:
        """The values of all batches, if they are short and of one shape."""
        return np.concatenate(self.values) if len({array.shape[1:] for array in self.values}) == 1 else None

    def add(self, array: np.ndarray) -> None:
        if array.dtype.kind in "biuf" and array.size:
            finite = array[np.isfinite(array)]
            self.is_finite = self.is_finite and finite.size == array.size
            self.is_whole = self.is_whole and bool((finite == np.floor(finite)).all())
            if finite.size:
                self.lowest, self.highest = min(self.lowest, finite.min()), max(self.highest, finite.max())
            if array.ndim <= 2 and array[0].size <= _LONGEST:
                self.values.append(array)


@dataclasses.dataclass
class Pass:
    """What a pass gathered.

    Attributes:
        specs: What TensorFlow knows of each part of an element, by its place.
        layout: Where the images are.
        batches: How many elements came.
        images, parts: What is kept of each image, and of each other part of the elements by its place.
        has_ended: Whether these were all batches.
        error: What stopped the pass.
    """

    specs: dict[tuple, tf.TensorSpec]
    layout: Layout
    batches: int = 0
    images: list[Image] = dataclasses.field(default_factory=list)
    parts: dict[tuple, Part] = dataclasses.field(default_factory=dict)
    has_ended: bool = False
    error: Exception | None = None

    def add(self, element) -> None:
        arrays = {place: _array(part) for place, part in leaves(element)}
        if not self.batches:
            shapes = {place: array.shape for place, array in arrays.items()}
            self.layout = layout_of(self.specs, shapes)
            self.parts = {place: Part(shape) for place, shape in shapes.items()}
        self.batches += 1
        place, axes, channels, _ = self.layout
        images = arrays.pop(place)
        batch, count = images.shape[:axes], int(np.prod(images.shape[:axes]))
        images = np.moveaxis(images, channels, -1) if channels else images[..., None]
        images = images.reshape(count, *images.shape[axes:])
        self.images += map(_seen, images, digest(images).numpy())
        for other, array in arrays.items():
            if array.shape[:axes] == batch:
                self.parts[other].add(array.reshape(count, *array.shape[axes:]))
            elif array.shape:
                self.parts[other].is_for_each = False


def walk(dataset: tf.data.Dataset, most_batches: int) -> Pass:
    """One pass over a dataset of images, one batch in memory at a time.

    Args:
        dataset: Of images, in whichever structure.
        most_batches: Where the pass ends at the latest. Of single images, 32 count as a batch.

    Raises:
        ValueError: It holds no images, or tensors that are ragged or sparse.
    """
    specs = dict(leaves(dataset.element_spec))
    for place, spec in specs.items():
        if not isinstance(spec, tf.TensorSpec):
            where = f"its part {list(place)}" if place else "an element"
            raise ValueError(
                f"examine needs ordinary tensors; {where} is described by {type(spec).__name__}. "
                "Make images of different sizes equal, with tf.image.resize or padded_batch, before you batch them."
            )
    shapes = {place: (None,) * 4 if spec.shape.rank is None else tuple(spec.shape) for place, spec in specs.items()}
    found, length = Pass(specs, layout_of(specs, shapes)), int(dataset.cardinality())
    most = most_batches if found.layout.axes else 32 * most_batches
    # Ended with take and never broken off: that can leave a cache which passes for whole.
    part = dataset if 0 <= length <= most else dataset.take(most)
    try:
        for element in tqdm.tqdm(part, "Looking at images", most if length < 0 else min(length, most), **BAR):
            found.add(element)
        found.has_ended = found.batches < most or length == most
    except tf.errors.OpError as error:
        found.error = error
    return found


def leaves(element, place: tuple = ()) -> list[tuple[tuple, Any]]:
    """The parts of a nested element or specification with the keys that lead to them."""
    if isinstance(element, dict):
        pairs = list(element.items())
    elif isinstance(element, tuple):
        pairs = list(enumerate(element))
    else:
        return [] if element is None or isinstance(element, tf.NoneTensorSpec) else [(place, element)]
    return [leaf for key, part in pairs for leaf in leaves(part, (*place, key))]


def layout_of(specs: dict[tuple, tf.TensorSpec], shapes: dict[tuple, tuple]) -> Layout:
    """Where the images are, by what is announced and the shapes that came: in the inputs, or else in the targets.

    Raises:
        ValueError: Nothing has the shape of images.
    """
    candidates = [
        ((place[:1] == (1,), (4, 5, 3).index(len(shape))), place)
        for place, shape in shapes.items()
        if len(shape) in (3, 4, 5)
        and (specs[place].dtype.is_floating or specs[place].dtype.is_integer)
        and (not place or isinstance(place[0], str) or place[0] < 2)
    ]
    if not candidates:
        parts = ", ".join(f"{spec.dtype.name} of shape {shapes[place]}" for place, spec in specs.items())
        cure = "Decode the files first: dataset.map(decode_image). " if "string" in parts else ""
        raise ValueError(
            f"examine needs a dataset of images. Each element of this one is {parts}. {cure}"
            "A batch of images has 4 axes: images, height, width, channels."
        )
    place = min(candidates, key=lambda candidate: candidate[0])[1]
    targets = [other for other in shapes if other[:1] == (1,) and other != place]
    shape, label = shapes[place], shapes[targets[0]] if targets else None
    if len(shape) == 5 and label and label[:2] != shape[:2]:
        raise ValueError(f"examine needs a dataset of images. This one seems to hold videos, of shape {shape}.")
    first, last = shape[-3] in CHANNELS.values(), shape[-1] in CHANNELS.values()
    is_short = label is not None and len(label) < 3 and label[:1] == shape[:1]  # one label for each of a batch
    if len(shape) == 3 and not (
        last or label == () or (first and specs[place].shape[:1] == shape[:1] and not is_short)
    ):
        return Layout(place, 1, None, targets)  # gray images; the length of a batch is seldom announced
    return Layout(place, len(shape) - 3, channel_axis() if first == last else -3 if first else -1, targets)


def digest(images) -> tf.Tensor:
    """The means of 8 by 8 parts of each image, float32, flat. A photo is recognised by them.

    Args:
        images: Array or tensor of shape (…, height, width, channels). Of a large image, every so many pixels count.

    Returns:
        Shape (…, 8 * 8 * channels).
    """
    channels = images.shape[-1]
    some = tf.cast(_sample(images), tf.float32)
    down, across = (_means_of(length) for length in some.shape[-3:-1])
    means = tf.einsum("gh,...hwc,kw->...gkc", down, some, across)
    return tf.reshape(means, (*images.shape[:-3], _GRID * _GRID * channels))


def _sample(images):
    """All pixels of a small image; of a large one, 64 to 127 in each row and column."""
    down, across = (max(1, length // 64) for length in images.shape[-3:-1])
    return images[..., ::down, ::across, :]


@functools.cache
def _means_of(length: int) -> np.ndarray:
    """A matrix that makes so many numbers the means of 8 parts. A part has one number at least."""
    starts = np.linspace(0, length, _GRID, endpoint=False, dtype=int)
    ends = np.maximum(np.append(starts[1:], length), starts + 1)
    places = np.arange(length)
    is_in = (starts[:, None] <= places) & (places < ends[:, None])
    return (is_in / is_in.sum(axis=1, keepdims=True)).astype(np.float32)


def _seen(image: np.ndarray, digest_of_it: np.ndarray) -> Image:
    some = image[::8, ::8]  # most images differ there, and need not be compared in full
    is_one_colour = all((pixels == image[:1, :1]).all() for pixels in (some, image))
    is_gray = image.shape[-1] == 3 and all((pixels == pixels[..., :1]).all() for pixels in (some, image))
    low, high = float(image.min()), float(image.max())
    return Image(image.shape, hash(_sample(image).tobytes()), digest_of_it, low, high, is_one_colour, is_gray)


def _array(part) -> np.ndarray:
    array = np.asarray(part.numpy() if hasattr(part, "numpy") else part)  # a string alone comes as bytes
    return array.astype(np.float32) if array.dtype.kind == "V" else array  # bfloat16
