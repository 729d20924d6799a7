"""What lies in a folder of images: a listing by one rule, what is broken or odd, and splits by file."""

import dataclasses
import functools
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import tensorflow as tf
import numpy as np
import tqdm
from PIL import ExifTags, Image
from sklearn.model_selection import train_test_split

EXTENSIONS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")  # what image_dataset_from_directory looks for
CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
_MOST_PIXELS = Image.MAX_IMAGE_PIXELS  # 89 million; from here on Pillow warns of a bomb
_SMALL_CLASSES = "Leave small classes out, make the small part larger, or split without labels."
_HEAD = 16_384  # bytes of a JPEG among which its EXIF data begin


class Problem(NamedTuple):
    """Something about a file or folder that should be known, or repaired.

    Attributes:
        path: The file or folder, absolute.
        kind: "folder" for where things lie, "broken" for an image that TensorFlow refuses, "odd" for one that it
            reads otherwise than it was meant.
        reason: What is wrong, and what to do.
    """

    path: str
    kind: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclasses.dataclass(frozen=True)
class Listing:
    """What `list_images` found.

    Attributes:
        paths: Absolute paths of the images, in the order of the loader with ``shuffle=False``.
        labels: For each path the number of its class, which is its place in `class_names`. Empty without classes.
        class_names: The names of the classes. Empty without classes.
        skipped: Extension -> how many files with it were passed over, because the loader does not look for it.
        problems: What is odd in the folder, in the order of the paths. Empty if all is well.
    """

    paths: list[str]
    labels: list[int]
    class_names: list[str]
    skipped: dict[str, int]
    problems: list[Problem]


def _reason(error: tf.errors.OpError) -> str:
    """What TensorFlow says about a file, without the names of operations around it."""
    return re.sub(r"{{.*?}} |\[Op.*", "", error.message).split("\n")[0].strip(" .")


def list_images(
    directory: str | os.PathLike,
    *,
    labels: str | None = "inferred",
    class_names: Sequence[str] | None = None,
) -> Listing:
    """List the images of a folder by one rule, without opening any of them.

    The rule: class by class, folder by folder, then by name, in plain string order. Names that begin with a dot
    are passed over everywhere. Links to files and to class folders are followed, links to folders further down
    are not. Where nothing is odd in a folder, these are the files of the loader, in its order.

    Args:
        directory: A folder with one sub-folder for each class; with ``labels=None`` any folder.
        labels: "inferred" for one class for each sub-folder, or None for all images below `directory`.
        class_names: The classes wanted, in the order of their numbers. By default all sub-folders.

    Raises:
        FileNotFoundError: `directory` is not there.
        NotADirectoryError: `directory` is a file.
        PermissionError: A folder cannot be read.
        ValueError: There is no image, or `class_names` names a folder that is not there, or names one twice.

    Introduced in notebook 04_which_image_is_this.

    >>> from helpers.files import list_images
    >>> listing = list_images(photo_folder)
    >>> len(listing.paths), listing.class_names, listing.labels[-1], listing.problems
    (16, ['astronaut', 'cat'], 1, [])
    """
    root = os.path.abspath(directory)
    if labels not in ("inferred", None):
        raise ValueError(f'labels is "inferred" or None, not {labels!r}.')
    if labels is None and class_names is not None:
        raise ValueError("With labels=None there are no classes, so class_names cannot be given.")
    if not os.path.exists(root):
        raise FileNotFoundError(f"There is no folder {root} (looked up from {os.getcwd()}).")
    if not os.path.isdir(root):
        raise NotADirectoryError(f"{root} is a file; a folder is wanted.")
    found = _Found()
    if labels is None:
        paths, numbers, class_names = found.walk(root), [], []
    else:
        sub_folders = found.class_folders(root)
        class_names = _checked_classes(root, sub_folders, class_names)
        for name in sub_folders:
            if name not in class_names:
                found.note(os.path.join(root, name), "not among class_names, so its images are left out.")
        by_class = [found.walk(os.path.join(root, name)) for name in class_names]
        paths = [path for images in by_class for path in images]
        numbers = [number for number, images in enumerate(by_class) for _ in images]
        if paths:
            found.judge_classes(root, class_names, by_class)
    found.problems.sort()  # the system lists a folder in any order
    found.skipped = dict(sorted(found.skipped.items()))
    if not paths:
        raise ValueError(_nothing_found(root, labels, found))
    return Listing(paths, numbers, class_names, found.skipped, found.problems)


def _checked_classes(root: str, sub_folders: list[str], class_names: Sequence[str] | None) -> list[str]:
    if class_names is None:
        return sub_folders
    class_names = list(class_names)
    if missing := [name for name in class_names if name not in sub_folders]:
        raise ValueError(f"class_names names {missing}; the sub-folders of {root} are {sub_folders}.")
    if twice := [name for name, count in Counter(class_names).items() if count > 1]:
        raise ValueError(f"class_names names {twice} more than once: its files would be counted twice.")
    return class_names


def _nothing_found(root: str, labels: str | None, found: "_Found") -> str:
    if labels and found.beside:
        return (
            f"{root} holds {found.beside} images, and none in a sub-folder. "
            "Move them into one sub-folder for each class, or use labels=None."
        )
    instead = [f"{count} {extension or 'without extension'}" for extension, count in found.skipped.items()]
    instead = ", ".join([*instead, *map(str, found.problems[:3])]).rstrip(".") or "nothing"
    where = "the sub-folders of " if labels else ""
    return f"There is no image ({' '.join(EXTENSIONS)}) in {where}{root}; found instead: {instead}."


def _is_folder(entry: os.DirEntry) -> bool:
    return os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir()  # is_dir fails on a link to itself


def _has_extension(name: str) -> bool:
    return name.lower().endswith(EXTENSIONS)


class _Found:
    """What a walk meets beside the images."""

    def __init__(self):
        self.skipped, self.problems, self.beside = Counter(), [], 0

    def note(self, path: str, reason: str) -> None:
        printable = path.encode(errors="backslashreplace").decode()  # what is not UTF-8 is escaped
        self.problems.append(Problem(printable, "folder", reason))

    def class_folders(self, root: str) -> list[str]:
        """The names of the class folders; what else lies in the root is a problem."""
        names = []
        with os.scandir(root) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    self._note_hidden(entry, "so it is passed over.")
                elif _is_folder(entry):
                    names.append(entry.name)
                elif _has_extension(entry.name):
                    self.beside += 1
                    self.note(entry.path, "an image outside of the class folders, so it has no class.")
        return names

    def walk(self, top: str) -> list[str]:
        """Paths of the images below `top`, folder by folder."""
        places, folders = [], [top]
        while folders:
            folder = folders.pop()
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        self._note_hidden(entry, "so it is passed over; the loader would read it.")
                    elif _is_folder(entry):
                        if entry.is_symlink():
                            self.note(entry.path, "a link to a folder, which is not followed.")
                        else:
                            folders.append(entry.path)
                    elif self._is_image(entry):
                        places.append((folder, entry.name))
        return [os.path.join(*place) for place in sorted(places)]

    def _note_hidden(self, entry: os.DirEntry, words: str) -> None:
        if _is_folder(entry) or _has_extension(entry.name):  # and not .DS_Store and the like
            self.note(entry.path, f"hidden, {words}")

    def _is_image(self, entry: os.DirEntry) -> bool:
        if not _has_extension(entry.name):
            self.skipped[os.path.splitext(entry.name)[1].lower()] += 1
            return False
        if entry.is_symlink() and not os.path.isfile(entry.path):
            self.note(entry.path, "a link that leads nowhere, so it is passed over.")
            return False
        try:
            entry.path.encode()
        except UnicodeEncodeError:
            self.note(entry.path, "a name that is not UTF-8, which TensorFlow refuses. Rename it.")
            return False
        return True

    def judge_classes(self, root: str, class_names: list[str], by_class: list[list[str]]) -> None:
        deeper = []
        for name, images in zip(class_names, by_class, strict=True):
            folder = os.path.join(root, name)
            if not images:
                self.note(folder, "no image in it, and yet a class with a number.")
            direct = sum(os.path.dirname(path) == folder for path in images)
            if images and not direct:
                deeper.append(name)
            if direct < len(images):
                self.note(folder, f"has folders in it; their images count for the class {name!r}.")
        if deeper and len(deeper) == sum(map(bool, by_class)):
            self.note(
                root,
                f"all images lie a level deeper than the class folders {deeper}. "
                f"Is it the parent folder? Then give {os.path.join(root, deeper[0])}.",
            )


def find_bad_images(
    images: str | os.PathLike | Sequence[str | os.PathLike], *, color_mode: str = "rgb"
) -> list[Problem]:
    """Decode every image as the loader would, and tell which are broken, and which are not what they seem.

    Several files at a time, a few in memory, with a progress bar on long runs. Nothing in the folder is changed.

    What TensorFlow refuses is "broken". What it reads without a word, and otherwise than it was meant, is "odd": a
    turn in the EXIF data (within the first 16 KB), transparency, 16 bits, a BMP with a palette, an animation. A PNG,
    JPEG or GIF whose header announces more than 89 million pixels is "odd", and is not decoded. A JPEG with damaged
    bytes in the middle decodes to wrong pixels without an error, so it is not found.

    Args:
        images: A folder with class folders, then what `list_images` finds odd comes first; or a list of paths.
        color_mode: "rgb", "grayscale" or "rgba". What can be decoded depends on it.

    Returns:
        Problems, those of images in the order of `images`. Empty if all is well.

    Raises:
        FileNotFoundError, NotADirectoryError, PermissionError, ValueError: As from `list_images`, for a folder.
        ValueError: `color_mode` is none of the three.

    Introduced in notebook 06_odd_and_broken_files.

    >>> from helpers.files import find_bad_images
    >>> find_bad_images(photo_folder)
    []
    """
    if color_mode not in CHANNELS:
        raise ValueError(f"color_mode is one of {', '.join(CHANNELS)}; not {color_mode!r}.")
    problems, paths = [], images
    if isinstance(images, str | os.PathLike):
        listing = list_images(images)
        problems, paths = listing.problems, listing.paths
        for extension, count in listing.skipped.items():
            what = f"files with the extension {extension}" if extension else "files without an extension"
            problems.append(
                Problem(os.path.abspath(images), "folder", f"{what}, passed over by the loader too: {count}.")
            )
    paths = [os.fspath(path) for path in paths]
    arrived = 0
    with tqdm.tqdm(total=len(paths), desc="Decoding", unit="image", file=sys.stdout, delay=3) as bar:
        for number, pixels, head in _decoded(paths, CHANNELS[color_mode]):
            problems += [_broken(path, color_mode) for path in paths[arrived:number]]  # those in between did not come
            problems += [Problem(paths[number], "odd", what) for what in _odd(paths[number], pixels, head, color_mode)]
            arrived = number + 1
            bar.update(arrived - bar.n)
        problems += [_broken(path, color_mode) for path in paths[arrived:]]
        bar.update(len(paths) - bar.n)
    return problems


def _decoded(paths: list[str], channels: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, pixels and first bytes of each file that TensorFlow decodes, in order; those that it refuses are left out."""
    if paths:
        numbered = tf.data.Dataset.from_tensor_slices([os.fsencode(path) for path in paths]).enumerate()
        calls = 2 * os.cpu_count()  # more than cores, so that none waits while a batch is handed over
        decoded = numbered.map(_decoder(channels), num_parallel_calls=calls).ignore_errors().batch(64).prefetch(2)
        options = tf.data.Options()
        options.autotune.enabled = False  # its thread would keep the iterator from ending
        decoded = decoded.with_options(options)
        for numbers, pixels, heads, _ in decoded.as_numpy_iterator():
            yield from zip(numbers.tolist(), pixels.tolist(), heads, strict=True)


@functools.cache  # so that it is traced once
def _decoder(channels: int) -> Callable:
    @tf.function(input_signature=[tf.TensorSpec([], tf.int64), tf.TensorSpec([], tf.string)], autograph=False)
    def decode(number, path):
        content = tf.io.read_file(path)
        pixels = _announced_pixels(content)
        values = tf.cond(
            pixels > _MOST_PIXELS,
            lambda: 0,
            lambda: tf.size(tf.io.decode_image(content, channels=channels, expand_animations=False)),
        )
        return number, pixels, tf.strings.substr(content, 0, _HEAD), values

    return decode


def _announced_pixels(content: tf.Tensor) -> tf.Tensor:
    """Width times height by the header, without decoding: a small file can announce a large image."""

    def two_numbers(position: int, dtype: tf.DType, little_endian: bool) -> tf.Tensor:
        both = tf.strings.substr(content, position, 2 * dtype.size)
        return tf.cast(tf.io.decode_raw(both, dtype, little_endian), tf.int32)

    start = tf.strings.substr(content, 0, 2)
    size = tf.case(
        [
            (start == b"\xff\xd8", lambda: tf.image.extract_jpeg_shape(content)[:2]),
            (start == b"\x89P", lambda: two_numbers(16, tf.int32, little_endian=False)),
            (start == b"GI", lambda: two_numbers(6, tf.uint16, little_endian=True)),
        ],
        default=lambda: tf.constant([0, 0]),
    )
    return tf.cast(size[0], tf.int64) * tf.cast(size[1], tf.int64)


def _broken(path: str, color_mode: str) -> Problem:
    reason = "its header cannot be read"
    try:
        tf.io.decode_image(tf.io.read_file(os.fsencode(path)), channels=CHANNELS[color_mode], expand_animations=False)
    except tf.errors.OpError as error:
        reason = _reason(error)
    inside, advice = "", "Fetch it again, or take it out."
    try:
        with Image.open(path) as image:
            inside, advice = (
                f" Inside it is a {image.format}.",
                "It is cut off or damaged: fetch it again, or save what is there.",
            )
            image.load()
            advice = "Save it anew as JPEG or PNG."
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass  # what is known by then is said
    return Problem(path, "broken", f"cannot be decoded ({reason}).{inside} {advice}")


def _odd(path: str, pixels: int, head: bytes, color_mode: str) -> list[str]:
    """What TensorFlow does silently to an image that it decodes."""
    if pixels > _MOST_PIXELS:
        return [
            f"has {pixels / 1e6:,.0f} million pixels by its header, so it was not decoded here. If it is real, save it smaller."
        ]
    if head.startswith(b"\xff\xd8") and b"Exif" not in head:
        return []  # an ordinary JPEG; to open each with Pillow would cost a tenth of the time
    found = []
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            turn = image.getexif().get(ExifTags.Base.Orientation, 1)
            if turn in range(2, 9):
                found.append(
                    f"turned by EXIF orientation {turn}, which TensorFlow ignores. ImageOps.exif_transpose turns the pixels."
                )
            if image.format == "BMP" and image.mode in ("P", "1"):
                found.append("a BMP with a palette, which TensorFlow reads in wrong colours. Save it anew as PNG.")
            if image.format != "MPO" and getattr(
                image, "is_animated", False
            ):  # MPO: a phone's JPEG with a second picture
                found.append("an animation, of which the first frame is read.")
            if color_mode != "rgba" and image.has_transparency_data and image.convert("RGBA").getextrema()[3][0] < 255:
                shows = "these parts are black" if image.format == "GIF" else "what was hidden shows"
                found.append(f"partly transparent: alpha is dropped, and {shows}. Blend it with a background.")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass  # Pillow does not know, or refuses, what TensorFlow decodes
    if head.startswith(b"\x89PNG") and head[24] == 16:
        found.append(
            "16 bits a channel, of which the upper 8 are read. Own map: tf.io.decode_png(..., dtype=tf.uint16)."
        )
    return found


def split_paths(
    paths: Sequence[str | os.PathLike],
    labels: Sequence | None = None,
    shares: Sequence[float] = (0.8, 0.2),
    *,
    seed: int = 0,
) -> list[tuple[list, list | None]]:
    """Split files at random into two or three parts, each with the same mix of classes.

    Every file comes into one part, so nothing leaks, unless a photo is there in several files.
    scikit-learn's `train_test_split` does the work.

    Args:
        paths: Paths of the files, for example ``list_images(folder).paths``.
        labels: The class of each path. None for a split that looks at no class.
        shares: Two or three shares that make 1, for example ``(0.7, 0.2, 0.1)`` for training, validation and test.
        seed: The same seed gives the same split.

    Returns:
        For each share ``(paths, labels)``, in the order in which they were given; labels are None if none were given.

    Raises:
        ValueError: A part would be empty, a class has too few images to be in each part, a path is there twice, paths
            and labels differ in number, or `shares` are not two or three numbers above 0 that make 1.

    Introduced in notebook 05_labels_and_splits.

    >>> from helpers.files import list_images, split_paths
    >>> listing = list_images(photo_folder)
    >>> (train, train_labels), (test, test_labels) = split_paths(listing.paths, listing.labels, (0.75, 0.25))
    >>> train_labels.count(0), train_labels.count(1), test_labels, set(train) & set(test)
    (6, 6, [0, 0, 1, 1], set())
    """
    paths = [os.fspath(path) for path in paths]
    if labels is not None:  # a Series would look numbers up in its index
        labels = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    if labels is not None and len(labels) != len(paths):
        raise ValueError(f"There are {len(paths)} paths and {len(labels)} labels.")
    if len(shares) not in (2, 3) or not all(0 < share < 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"shares are two or three numbers above 0 that make 1, not {shares!r}.")
    if not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is a whole number from 0 to 2**32 - 1, not {seed!r}.")
    if twice := [path for path, count in Counter(paths).items() if count > 1]:
        raise ValueError(f"{len(twice)} paths are there twice, and would be in two parts: {twice[0]} ...")
    counts = [round(share * len(paths)) for share in shares[1:]]
    counts = [len(paths) - sum(counts), *counts]
    if min(counts) < 1:
        raise ValueError(f"{len(paths)} images in shares of {shares!r} make parts of {counts}: one would be empty.")
    parts, rest = [], np.arange(len(paths))
    for count in counts[:0:-1]:
        classes = None if labels is None else [labels[number] for number in rest]
        try:
            rest, part = train_test_split(rest, test_size=count, stratify=classes, random_state=seed)
        except ValueError as error:
            raise ValueError(
                f"{len(paths)} images cannot be split into {counts} by class ({error}). {_SMALL_CLASSES}"
            ) from error
        parts.insert(0, part)
    parts = [sorted(part) for part in (rest, *parts)]
    for part in parts if labels is not None else []:
        if missing := set(labels) - {labels[number] for number in part}:
            name = min(missing, key=str)
            path = paths[labels.index(name)]
            raise ValueError(f"The part of {len(part)} images has none of class {name!r} ({path}). {_SMALL_CLASSES}")
    return [
        ([paths[number] for number in part], None if labels is None else [labels[number] for number in part])
        for part in parts
    ]
