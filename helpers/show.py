"""Pictures that people can read, with words for those who cannot see them."""

import base64
import contextlib
import html
import io
import math
import os
import textwrap
import warnings
from collections.abc import Iterator, Sequence

from helpers.decoding import channel_axis
from helpers.errors import counted, one_line
from helpers.sequences import as_list

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, display
from matplotlib.figure import Figure


def show_images(
    images,
    titles: Sequence[str] | None = None,
    *,
    alt: str,
    columns: int | None = None,
    value_range: tuple[float, float] = (0, 255),
) -> None:
    """Draw images in a grid, as one picture with alt text.

    Args:
        images: A batch (tensor or array) of shape (n, height, width, channels), or a list of images of shape
            (height, width, channels), which may differ in size. 1, 3 or 4 channels. uint8, or floats in `value_range`.
            If ``keras.config.image_data_format()`` is "channels_first", channels come before height and width.
        titles: A line above each image, by position; anything that `str` can convert.
        alt: What the picture shows, in a full sentence. Number, sizes and titles are added to it.
        columns: Images per row; by default up to 8, in rows of equal length if possible.
        value_range: What black and white are in a float image, as in `to_uint8`. Values outside are clipped.

    Raises:
        ValueError: There is no image, an image is not (height, width, 1, 3 or 4), titles and images differ in number,
            or there is no alt text.

    Introduced in notebook 00_start_here.

    >>> import numpy as np
    >>> from helpers.show import show_images
    >>> show_images(np.zeros((2, 8, 8, 3)), ["first", "second"], alt="Two black squares.")
    <IPython.core.display.HTML object>
    """
    _require(alt)
    images = [to_uint8(image, value_range) for image in images]
    if not images:
        raise ValueError("There is no image to show.")
    for image in images:
        if image.ndim != 3 or image.shape[channel_axis()] not in (1, 3, 4):
            shape = "(height, width, 1, 3 or 4)" if channel_axis() == -1 else "(1, 3 or 4, height, width)"
            raise ValueError(
                f"An image has the shape {shape}; this one has {image.shape}. "
                "To show a single image, put it in a list: show_images([image], ...)."
            )
    images = [np.moveaxis(image, channel_axis(), -1) for image in images]
    titles = [""] * len(images) if titles is None else [_text(title) for title in as_list(titles)]
    if len(titles) != len(images):
        raise ValueError(f"There are {counted(len(images), 'image')} but {counted(len(titles), 'title')}.")
    columns = columns or math.ceil(len(images) / math.ceil(len(images) / 8))
    rows = math.ceil(len(images) / columns)
    size = min(3, 9 / columns)
    wrapped = [textwrap.wrap(title, int(14 * size)) for title in titles]
    lines = max(map(len, wrapped))
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    figure = Figure(figsize=(size * columns, (size * tallest + 0.2 * lines) * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axis in axes:
        axis.set_axis_off()
    for axis, image, title_lines in zip(axes, images, wrapped, strict=False):
        axis.imshow(image, cmap="gray", vmin=0, vmax=255)  # cmap and limits count for one channel only
        axis.set_title("\n".join(title_lines), fontsize=9, parse_math=False)
    show_figure(figure, f"{alt} {_description(images, titles)}")


def _text(title) -> str:
    return os.fsdecode(title) if isinstance(title, bytes) else str(title)  # paths of a dataset are bytes


def _description(images: list[np.ndarray], titles: list[str]) -> str:
    sizes = {f"{image.shape[0]} by {image.shape[1]} pixels (height by width)" for image in images}
    size = sizes.pop() if len(sizes) == 1 else "different sizes"
    named = f": {', '.join(title or 'untitled' for title in titles)}" if any(titles) else ""
    return f"{counted(len(images), 'image')} of {size}{named}."


def show_figure(figure: Figure, alt: str) -> None:
    """Show a Matplotlib figure as a picture with alt text.

    Only an ``<img alt="...">`` reaches the reader, in JupyterLab and on a web page; the alt text that
    `IPython.display.Image` takes is stored in the notebook but shown by neither.

    Args:
        figure: From ``plt.figure()`` or ``plt.subplots()``. If pyplot holds it, it is closed, so that it is not
            drawn a second time.
        alt: What the figure shows, in full sentences.

    Raises:
        ValueError: There is no alt text.

    Introduced in notebook 01_take_one_batch.

    >>> import matplotlib.pyplot as plt
    >>> from helpers.show import show_figure
    >>> figure, axis = plt.subplots()
    >>> show_figure(figure, "An empty plot.")
    <IPython.core.display.HTML object>
    """
    _require(alt)
    png = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a title in a script the font lacks; alt has it
        figure.savefig(png, format="png", dpi=100, facecolor="white")
    plt.close(figure)
    source = base64.b64encode(png.getvalue()).decode()
    style = "max-width: 100%; height: auto"
    display(HTML(f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{source}" style="{style}">'))


def _require(alt: str) -> None:
    if not alt.strip():
        raise ValueError("The alt text is empty: describe what the picture shows, for those who cannot see it.")


def to_uint8(images, value_range: tuple[float, float] = (0, 255)) -> np.ndarray:
    """Images as uint8 in 0…255, ready for Matplotlib, Pillow and OpenCV.

    Args:
        images: Tensor or array of any shape; uint8 comes back unchanged.
        value_range: What black and white are in a float image: (0, 255), as the loader yields it, (0, 1) or (-1, 1).

    Returns:
        A uint8 array of the same shape: rounded, and clipped to 0…255 first, so that nothing wraps around.

    Raises:
        TypeError: `images` are neither uint8 nor floats.
        ValueError: `images` hold NaN or infinity.

    Warns:
        UserWarning: The values are not in the range you gave, and many of them would be drawn black.

    Introduced in notebook 01_take_one_batch.

    >>> from helpers.show import to_uint8
    >>> to_uint8([-20.0, 99.6, 300.0]).tolist()
    [0, 100, 255]
    >>> to_uint8([0.0, 0.5, 1.0], value_range=(0, 1)).tolist()
    [0, 128, 255]
    """
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    if "float" not in images.dtype.name:  # NumPy does not count bfloat16 among its own
        raise TypeError(f"Images should be uint8 or floats; these are {images.dtype}.")
    values = images.astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError("The images hold NaN or infinity.")
    low, high = value_range
    if values.size and (advice := _misfit(values.min(), values.max(), low, high)):
        warnings.warn(advice, stacklevel=2)
    return ((values - low) * (255 / (high - low))).round().clip(0, 255).astype(np.uint8)


def _misfit(lowest: float, highest: float, low: float, high: float) -> str | None:
    """What to do if values from `lowest` to `highest` do not match the announced range from `low` to `high`."""
    are_standardized = high > 1 and highest < 16 and -16 < lowest < -highest / 4 < 0
    if are_standardized or lowest < low - 0.4 * (high - low):  # enlarged or darkened, photos do not go below so far
        if lowest < -1 or highest > 1:
            return (
                "Values far below 0 will look black. Did a preprocess_input or a normalization make them? What it does "
                "to means and colours is not undone here: show the images as they were before."
            )
        return (
            "All values are between -1 and 1, and those below 0 will look black. Did a preprocess_input make them? "
            "Then pass value_range=(-1, 1)."
        )
    if high > 1 and 0 < highest <= 1:
        return (
            "All values are between 0 and 1 and will look black. Were they divided by 255? "
            "Then pass value_range=(0, 1)."
        )
    return None


def label_name(label, class_names: Sequence[str]) -> str:
    """The class name of one label, in whichever form `label_mode` produced.

    Args:
        label: A whole number ("int", a Python int or a scalar), shape (1,) ("binary") or a one-hot vector
            of shape (number of classes,) ("categorical"). Tensor or array.
        class_names: As in ``dataset.class_names``: names by position.

    Raises:
        ValueError: The label has none of these forms.

    Introduced in notebook 01_take_one_batch.

    >>> from helpers.show import label_name
    >>> [label_name(label, ["cat", "dog"]) for label in (1, [1.0], [0.0, 1.0])]
    ['dog', 'dog', 'dog']
    """
    class_names = as_list(class_names)
    values, count = np.asarray(label), len(class_names)
    if values.shape == (count,) and np.array_equal(np.sort(values), [0] * (count - 1) + [1]):
        values = np.asarray(values.argmax())
    if values.shape not in ((), (1,)) or values.item() not in range(count):
        raise ValueError(
            f"{values.tolist()} is not a label of {count} classes: "
            f"a number from 0 to {count - 1}, or a one-hot vector of {count} values."
        )
    return class_names[int(values.item())]


@contextlib.contextmanager
def show_error(expected: type[BaseException], text: str) -> Iterator[None]:
    """Run lines that must fail, and show the type of their error and the line of its message that explains it.

    Args:
        expected: The type of the error.
        text: Words that must appear in one line of its message.

    Raises:
        AssertionError: No error was raised, or its message does not contain `text`. Errors of other types pass through.

    Introduced in notebook 00_start_here.

    >>> from helpers.show import show_error
    >>> with show_error(ZeroDivisionError, "division by zero"):
    ...     1 / 0
    ZeroDivisionError: division by zero
    """
    try:
        yield
    except expected as error:
        if text not in str(error):
            raise AssertionError(f"The message should contain {text!r}, but it is: {error}") from error
        name = type(error).__name__
        name = name if name[0].isupper() else f"{type(error).__module__}.{name}"  # cv2.error
        print(f"{name}: {textwrap.shorten(one_line(error, text), 240, placeholder=' …')}")
    else:
        raise AssertionError(f"{expected.__name__} was expected here, but no error was raised.")
