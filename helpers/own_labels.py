"""Labels that do not come from folders, to work on: a table, masks, folders with other class names.

All of them are made anew, in temporary folders, from photos that stay unchanged.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from helpers import access

import keras
import numpy as np
import pandas as pd
from PIL import Image

_SIZE = (64, 64)  # height and width at which a photo is measured


def label_table(photo_folder: str | os.PathLike) -> Path:
    """Write a CSV file with a row for each photo, in random order.

    Its columns: ``file``, the path within `photo_folder`; ``brightness``, the mean of its pixels at 64 by 64, from 0 to
    255; ``dark``, whether it is darker than half of the photos; ``reddish``, whether it has more red than blue.

    Args:
        photo_folder: The photos: all images below it, as the loader finds them without labels.

    Returns:
        The path of the file.

    Introduced in notebook 06_your_own_labels.

    >>> import pandas as pd
    >>> from helpers import own_labels
    >>> table = pd.read_csv(own_labels.label_table(photo_folder))
    >>> table.columns.tolist(), len(table), int(table.dark.sum())
    (['file', 'brightness', 'dark', 'reddish'], 16, 8)
    """
    files, images = _measured(photo_folder)
    brightness = images.mean(axis=(1, 2, 3))
    red, blue = (images[..., channel].mean(axis=(1, 2)) for channel in (0, 2))
    columns = {"file": files, "brightness": brightness, "dark": brightness < np.median(brightness)}
    table = pd.DataFrame({**columns, "reddish": red > blue}).sample(frac=1, random_state=0)
    csv_file = Path(tempfile.mkdtemp(), "labels.csv")
    table.to_csv(csv_file, index=False)
    return csv_file


def mask_folder(photo_folder: str | os.PathLike) -> Path:
    """Make a mask for each photo, a PNG of 64 by 64 pixels that holds the class of each pixel, as in `tones`.

    The mask of ``cat/cat_026.jpg`` is ``cat/cat_026.jpg.png``.

    Args:
        photo_folder: The photos: all images below it, as the loader finds them without labels.

    Returns:
        The path of the folder.

    Introduced in notebook 06_your_own_labels.

    >>> import numpy as np
    >>> from PIL import Image
    >>> from helpers import own_labels
    >>> masks = sorted(own_labels.mask_folder(photo_folder).glob("*/*.png"))
    >>> len(masks), set(np.unique(Image.open(masks[0]))) <= {0, 1, 2}
    (16, True)
    """
    folder = Path(tempfile.mkdtemp())
    for file, mask in zip(*_measured(photo_folder, tones), strict=True):
        path = folder / f"{file}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(mask[..., 0]).save(path)
    return folder


def tones(images) -> np.ndarray:
    """The class of each pixel: 0 for dark, 1 for medium, 2 for light.

    Args:
        images: Shape (height, width, channels), or with axes before them; values in 0…255. Tensor or array.

    Returns:
        uint8, of the same shape, with one channel.

    Introduced in notebook 06_your_own_labels.

    >>> from helpers import own_labels
    >>> own_labels.tones([[[0, 0, 0], [0, 255, 255], [200, 200, 200]]]).tolist()
    [[[0], [2], [2]]]
    """
    return np.digitize(np.mean(images, axis=-1, keepdims=True), [85, 170]).astype(np.uint8)


def class_folders(class_names: Sequence[str]) -> Path:
    """Make a folder with a sub-folder for each class, and one small black picture in each.

    Args:
        class_names: The names of the sub-folders.

    Returns:
        The path of the folder.

    Introduced in notebook 06_your_own_labels.

    >>> from helpers import own_labels
    >>> folder = own_labels.class_folders(["cat", "dog"])
    >>> sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*"))
    ['cat/1.png', 'dog/1.png']
    """
    folder = Path(tempfile.mkdtemp())
    for name in class_names:
        (folder / name).mkdir()
        Image.new("RGB", (8, 8)).save(folder / name / "1.png")
    return folder


def _measured(photo_folder, measure=lambda images: images) -> tuple[list[str], np.ndarray]:
    """The path of each photo within the folder, and its pixels at 64 by 64, or what `measure` makes of them."""
    dataset = keras.utils.image_dataset_from_directory(
        photo_folder, labels=None, shuffle=False, image_size=_SIZE, verbose=False, data_format="channels_last"
    )
    files = [os.path.relpath(path, photo_folder) for path in dataset.file_paths]
    return files, measure(access.collect(dataset))
