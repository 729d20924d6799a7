"""Photos with a frame, which shows whether a photo is still whole, and which one it is, padded or not."""

from pathlib import Path

from helpers.exercises.rows import Rows

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 80, 120
LEFT_WIDTH, RIGHT_WIDTH, CORNER_HEIGHT = 20, 10, 50  # so that a mirrored photo is another one
GREEN, CYAN = 1, 2


def write_framed_photos(folder: str, count: int, extension: str = "png") -> dict[str, int]:
    """Write photos that are red, 6 · i, between a stripe on the left and one on the right, as in `stripes`.

    Sorted as text, their names do not count up. Returns file name -> red value.
    """
    reds = {f"{'abcd'[number % 4]}{number}.{extension}": 6 * number for number in range(count)}
    for name, red in reds.items():
        colours = np.array([(red, 0, 0), (0, 255, 0), (0, 255, 255)], np.uint8)
        Image.fromarray(colours[stripes()]).save(Path(folder, name), quality=100)
    return reds


def stripes() -> np.ndarray:
    """Where a photo is green or cyan, or 0: green on the left, cyan on the right and in the upper left corner."""
    places = np.zeros((HEIGHT, WIDTH), np.uint8)
    places[:, :LEFT_WIDTH], places[:, -RIGHT_WIDTH:] = GREEN, CYAN
    places[:CORNER_HEIGHT, :LEFT_WIDTH] = CYAN
    return places


def stripes_of(images: np.ndarray) -> np.ndarray:
    """Where each image is green or cyan, or 0."""
    return np.where(images[..., 1] > 128, np.where(images[..., 2] > 128, CYAN, GREEN), 0)


def reds_of(images: np.ndarray) -> np.ndarray:
    """The red value in the middle of each image, where nothing is padded."""
    return images[:, images.shape[1] // 2, images.shape[2] // 2, 0]


def frames_of(images: np.ndarray) -> np.ndarray:
    """The stripes in the middle row of each image: (images, width)."""
    return stripes_of(images[:, images.shape[1] // 2])


def are_whole(frames: np.ndarray) -> bool:
    """Whether each has a stripe on the left and one on the right."""
    middle = frames.shape[1] // 2
    return bool((frames[:, :middle].any(axis=1) & frames[:, middle:].any(axis=1)).all())


def as_loaded(images: np.ndarray) -> Rows:
    """Rows for images that differ from the loader's: rescaled, cut or blue first."""
    low, high = images.min(), images.max()
    is_rescaled = high <= 1 or low < -60  # bicubic resizing leaves 0 to 255 by less
    yield is_rescaled, f"The values are between {low:.0f} and {high:.0f}. Leave the images at 0 to 255."
    yield not are_whole(frames_of(images)), "The photos were cropped. Make the whole photo smaller: tf.image.resize."
    is_blue = reds_of(images).max() < reds_of(images[..., ::-1]).max()
    yield is_blue, "Red and blue are swapped. OpenCV reads blue first."
