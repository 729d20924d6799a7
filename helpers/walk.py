"""What a pass over a dataset of images yields: where its images are, and of each image a few numbers."""

import dataclasses
import functools
import sys
from typing import Any

from helpers.decoding import channel_axis
from helpers.quiet import tensorflow as tf

import numpy as np
import tqdm

CHANNEL_NUMBERS = (1, 3, 4)
BAR: dict[str, Any] = {"file": sys.stdout, "delay": 3}  # of progress
_LONGEST_LABEL = 10_000  # numbers; longer ones are not kept
_GRID = 8  # a digest is the means of so many parts down and across


@dataclasses.dataclass(frozen=True)
class Layout:
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


@dataclasses.dataclass
class Pass:
    """What one pass over at most so many batches gathered: of each image a few numbers, no pixels.

    Attributes:
        batches: How many elements came.
        shapes: Place of a part -> its shape in the first element.
        sizes: The shapes of the images, channels last.
        digests: For each image the means of 8 by 8 parts, float32, flat; channels last.
        lowest, highest: For each image.
        is_one_colour, is_gray: For each image; gray in three channels.
        labels: The labels of each batch, if they are short: shape (n,) or (n, numbers).
        labels_are_whole, lowest_label, highest_label: Over all labels that are numbers, masks among them.
        thirds: Third parts of each batch that have one number for each image.
        has_ended: Whether these were all batches.
        error: What stopped the pass.
    """

    layout: Layout
    batches: int = 0
    shapes: dict[tuple, tuple[int, ...]] = dataclasses.field(default_factory=dict)
    sizes: set[tuple[int, ...]] = dataclasses.field(default_factory=set)
    digests: list[np.ndarray] = dataclasses.field(default_factory=list)
    lowest: list[float] = dataclasses.field(default_factory=list)
    highest: list[float] = dataclasses.field(default_factory=list)
    is_one_colour: list[bool] = dataclasses.field(default_factory=list)
    is_gray: list[bool] = dataclasses.field(default_factory=list)
    labels: list[np.ndarray] = dataclasses.field(default_factory=list)
    labels_are_whole: bool = True
    lowest_label: float = np.inf
    highest_label: float = -np.inf
    thirds: list[np.ndarray] = dataclasses.field(default_factory=list)
    has_ended: bool = False
    error: Exception | None = None

    def add(self, element) -> None:
        layout, parts = self.layout, {place: _array(part) for place, part in leaves(element)}
        self.batches += 1
        images = parts[layout.place]
        count = int(np.prod(images.shape[: layout.axes]))
        for image in images.reshape(count, *images.shape[layout.axes :]):
            self._add_image(np.moveaxis(image, layout.channels, -1) if layout.channels else image[..., None])
        for place, part in parts.items():
            if part.dtype.kind not in "biuf" or part.shape[: layout.axes] != images.shape[: layout.axes] or not count:
                continue
            if place in layout.targets:
                self._add_labels(part.reshape(count, *part.shape[layout.axes :]))
            if place[:1] == (2,) and part.size == count:
                self.thirds.append(part.ravel())

    def _add_image(self, image: np.ndarray) -> None:
        self.sizes.add(image.shape)
        self.digests.append(digest(image))
        self.lowest.append(float(image.min()))  # not a number if one of them is not
        self.highest.append(float(image.max()))
        some, corner = image[::8, ::8], image[:1, :1]  # by some pixels, most images need not be compared in full
        self.is_one_colour.append(bool((some == corner).all() and (image == corner).all()))
        is_gray = image.shape[-1] == 3 and (some == some[..., :1]).all() and (image == image[..., :1]).all()
        self.is_gray.append(bool(is_gray))

    def _add_labels(self, labels: np.ndarray) -> None:
        self.labels_are_whole &= bool((labels == np.floor(labels)).all())
        self.lowest_label = min(self.lowest_label, float(labels.min()))
        self.highest_label = max(self.highest_label, float(labels.max()))
        if labels.ndim <= 2 and labels[0].size <= _LONGEST_LABEL:
            self.labels.append(labels)


def walk(dataset: tf.data.Dataset, most_batches: int) -> Pass:
    """One pass over a dataset of images, one batch in memory at a time.

    Args:
        dataset: Of images, in whichever structure.
        most_batches: Where the pass ends at the latest. Of single images, 32 count as a batch.

    Raises:
        ValueError: It holds no images, or tensors that are ragged or sparse.

    >>> import tensorflow as tf
    >>> from helpers.walk import walk
    >>> found = walk(tf.data.Dataset.from_tensors(tf.zeros((2, 8, 8, 3))), 1)
    >>> found.batches, found.layout.axes, found.lowest, found.has_ended
    (1, 1, [0.0, 0.0], True)
    """
    _refuse_other_tensors(dataset.element_spec)
    specs = dict(leaves(dataset.element_spec))
    announced = {place: (None,) * 4 if spec.shape.rank is None else tuple(spec.shape) for place, spec in specs.items()}
    found, length = Pass(layout_of(specs, announced)), int(dataset.cardinality())
    most = most_batches if found.layout.axes else 32 * most_batches
    # Ended with take and never broken off: that can leave a cache which passes for whole.
    part = dataset if 0 <= length <= most else dataset.take(most)
    try:
        for element in tqdm.tqdm(part, "Looking at images", most if length < 0 else min(length, most), **BAR):
            if not found.batches:
                found.shapes = {place: tuple(part.shape) for place, part in leaves(element)}
                found.layout = layout_of(specs, found.shapes)
            found.add(element)
        found.has_ended = found.batches < most or length == most
    except tf.errors.OpError as error:
        found.error = error
    return found


def leaves(element, place: tuple = ()) -> list[tuple[tuple, Any]]:
    """The parts of a nested element or specification with the keys that lead to them.

    >>> from helpers.walk import leaves
    >>> leaves(({"photo": 1, "size": 2}, 3))
    [((0, 'photo'), 1), ((0, 'size'), 2), ((1,), 3)]
    """
    if isinstance(element, dict):
        pairs = list(element.items())
    elif isinstance(element, tuple):
        pairs = list(enumerate(element))
    else:
        return [] if element is None or isinstance(element, tf.NoneTensorSpec) else [(place, element)]
    return [leaf for key, part in pairs for leaf in leaves(part, (*place, key))]


def digest(image: np.ndarray) -> np.ndarray:
    """The means of 8 by 8 parts of an image (height, width, channels), float32, flat. A photo is recognised by them.

    >>> import numpy as np
    >>> from helpers.walk import digest
    >>> digest(np.zeros((16, 24, 3), "uint8")).shape, digest(np.zeros((16, 24, 1), "uint8")).max()
    ((192,), np.float32(0.0))
    """
    height, width, channels = image.shape
    with np.errstate(invalid="ignore"):  # infinity, which is told of later
        across = (_means_of(height) @ image.reshape(height, -1)).reshape(_GRID, width, channels)
        return (_means_of(width) @ across).astype(np.float32).ravel()


@functools.cache
def _means_of(length: int) -> np.ndarray:
    """A matrix that makes so many numbers the means of 8 parts. A part has one number at least."""
    starts = np.linspace(0, length, _GRID, endpoint=False, dtype=int)
    ends = np.maximum(np.append(starts[1:], length), starts + 1)
    places = np.arange(length)
    is_in = (starts[:, None] <= places) & (places < ends[:, None])
    return (is_in / is_in.sum(axis=1, keepdims=True)).astype(np.float32)


def _array(part) -> np.ndarray:
    array = part.numpy() if hasattr(part, "numpy") else np.asarray(part)
    array = np.asarray(array)  # a string alone comes as bytes
    return array.astype(np.float32) if array.dtype.kind == "V" else array  # bfloat16


def _refuse_other_tensors(spec) -> None:
    for place, part in leaves(spec):
        if not isinstance(part, tf.TensorSpec):
            raise ValueError(
                f"examine needs ordinary tensors; {_named(place)} is described by {type(part).__name__}. "
                "Make images of different sizes equal, with tf.image.resize or padded_batch, before you batch them."
            )


def layout_of(specs: dict[tuple, tf.TensorSpec], shapes: dict[tuple, tuple]) -> Layout:
    """Where the images are, by what is announced and what came.

    Raises:
        ValueError: Nothing has the shape of images.

    >>> import tensorflow as tf
    >>> from helpers.walk import layout_of
    >>> layout_of({(): tf.TensorSpec((None, 8, 8, 3))}, {(): (2, 8, 8, 3)})
    Layout(place=(), axes=1, channels=-1, targets=[])
    """
    candidates = [
        (place[0] if place and isinstance(place[0], int) else 0, (4, 5, 3).index(len(shape)), number)
        for number, (place, shape) in enumerate(shapes.items())
        if len(shape) in (3, 4, 5) and (specs[place].dtype.is_floating or specs[place].dtype.is_integer)
    ]
    if not candidates or min(candidates)[0] > 1:
        parts = ", ".join(f"{spec.dtype.name} of shape {shapes[place]}" for place, spec in specs.items())
        cure = "Decode the files first: dataset.map(decode_image). " if "string" in parts else ""
        raise ValueError(
            f"examine needs a dataset of images. Each element of this one is {parts}. {cure}"
            "A batch of images has 4 axes: images, height, width, channels."
        )
    place = list(shapes)[min(candidates)[2]]
    shape, announced = shapes[place], specs[place].shape
    targets = [other for other in shapes if other[:1] == (1,) and other != place]
    label = shapes[targets[0]] if targets else None
    if len(shape) == 5 and announced.rank == 5 and announced[1] is not None and label and label[:2] != shape[:2]:
        raise ValueError(f"examine needs a dataset of images. This one seems to hold videos, of shape {shape}.")
    if len(shape) == 3 and not _is_single(shape, announced, label):
        return Layout(place, 1, None, targets)
    return Layout(place, len(shape) - 3, _channels(shape), targets)


def _is_single(shape: tuple, announced: tf.TensorShape, label: tuple | None) -> bool:
    """Whether three axes are those of one image, and not of a batch of gray ones. A batch's length is often unknown."""
    if announced.rank == 3 and announced[0] is None and announced[1] is not None:
        return False
    if shape[-1] in CHANNEL_NUMBERS or label == ():
        return True
    return shape[0] in CHANNEL_NUMBERS and label != (shape[0],)


def _channels(shape: tuple) -> int:
    first, last = shape[-3] in CHANNEL_NUMBERS, shape[-1] in CHANNEL_NUMBERS
    return channel_axis() if first == last else (-3 if first else -1)


def _named(place: tuple) -> str:
    return f"its part {list(place)}" if place else "an element"
