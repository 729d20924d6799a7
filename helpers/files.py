"""What is in a folder of images: a listing by one rule, without opening any file. Standard library only."""

import dataclasses
import os
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from helpers.errors import counted

EXTENSIONS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")  # what image_dataset_from_directory looks for
CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}  # of each colour mode
Kind = Literal["folder", "unreadable name", "broken", "odd", "not tried"]


class Problem(NamedTuple):
    """Something about a file or folder that you should know or fix.

    Attributes:
        path: The file or folder, absolute.
        kind: "folder" for where files are, "unreadable name" for a name that TensorFlow refuses, "broken" for an
            image that it refuses, "odd" for one that it reads differently from what was meant, "not tried" for one
            that is too large to decode for a check, or is not a regular file.
        reason: What is wrong, and what to do.
    """

    path: str
    kind: Kind
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclasses.dataclass(frozen=True)
class Listing:
    """What `list_images` found.

    Attributes:
        paths: Absolute paths of the images, in the order of the loader with ``shuffle=False``.
        labels: For each path the number of its class, its position in `class_names`. Empty without classes.
        class_names: The names of the classes. Empty without classes.
        skipped: Extension -> how many files with it were skipped, because the loader does not look for it.
        problems: What is odd in the folder, in the order of the paths. Empty if all is well.
    """

    paths: list[str]
    labels: list[int]
    class_names: list[str]
    skipped: dict[str, int]
    problems: list[Problem]


def list_images(
    directory: str | os.PathLike,
    *,
    labels: str | None = "inferred",
    class_names: Sequence[str] | None = None,
) -> Listing:
    """List the images of a folder by one rule, without opening any of them.

    The rule: class by class, folder by folder, then by name, in plain string order. Names that begin with a dot
    are skipped everywhere. Links to files and to class folders are followed, links to folders further down
    are not. If nothing is odd in a folder, these are the loader's files, in its order.

    Args:
        directory: A folder with one sub-folder for each class; with ``labels=None`` any folder.
        labels: "inferred" for one class for each sub-folder, or None for all images below `directory`.
        class_names: The classes to use, in the order of their numbers. By default all sub-folders.

    Raises:
        FileNotFoundError: `directory` does not exist.
        NotADirectoryError: `directory` is a file.
        PermissionError: A folder cannot be read.
        ValueError: There are no images, or `class_names` names a folder that does not exist, or names one twice.

    Introduced in notebook 05_reach_any_image.

    >>> from helpers.files import list_images
    >>> listing = list_images(photo_folder)
    >>> len(listing.paths), listing.class_names, listing.labels[-1], listing.problems
    (16, ['astronaut', 'cat'], 1, [])
    """
    root = os.path.abspath(directory)
    if labels not in ("inferred", None):
        raise ValueError(f'labels must be "inferred" or None, not {labels!r}.')
    if labels is None and class_names is not None:
        raise ValueError("With labels=None there are no classes, so leave out class_names.")
    if not os.path.exists(root):
        raise FileNotFoundError(f"There is no folder {root} (looked up from {os.getcwd()}).")
    if not os.path.isdir(root):
        raise NotADirectoryError(f"{root} is a file; it should be a folder.")
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
    if not paths:
        raise ValueError(_nothing_found(root, labels, found))
    return Listing(paths, numbers, class_names, dict(sorted(found.skipped.items())), found.problems)


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
            f"{root} holds {counted(found.beside, 'image')}, but none in a sub-folder. "
            "Move the images into one sub-folder for each class, or use labels=None."
        )
    skipped = [f"{count} {extension or 'without extension'}" for extension, count in sorted(found.skipped.items())]
    instead = ", ".join([*skipped, *map(str, found.problems[:3])]).rstrip(".") or "nothing"
    where = "the sub-folders of " if labels else ""
    return f"There is no image ({' '.join(EXTENSIONS)}) in {where}{root}; found instead: {instead}."


def _is_folder(entry: os.DirEntry) -> bool:
    return os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir()  # is_dir fails on a link to itself


def _has_extension(name: str) -> bool:
    return name.lower().endswith(EXTENSIONS)


class _Found:
    """What a walk finds apart from the images."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.beside = 0

    def note(self, path: str, reason: str, kind: Kind = "folder") -> None:
        printable = path.encode(errors="backslashreplace").decode()  # what is not UTF-8 is escaped
        self.problems.append(Problem(printable, kind, reason))

    def class_folders(self, root: str) -> list[str]:
        """The names of the class folders; anything else in the root is a problem."""
        names = []
        with os.scandir(root) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    self._note_hidden(entry, "so it is ignored.")
                elif _is_folder(entry):
                    names.append(entry.name)
                elif _has_extension(entry.name):
                    self.beside += 1
                    self.note(entry.path, "an image outside the class folders, so it has no class.")
        return names

    def walk(self, top: str) -> list[str]:
        """Paths of the images below `top`, folder by folder."""
        places, folders = [], [top]
        while folders:
            folder = folders.pop()
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        self._note_hidden(entry, "so it is left out here; the loader reads it.")
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
        if not (os.path.isfile(entry.path) if entry.is_symlink() else entry.is_file()):
            what = "a pipe, a device or a socket" if os.path.exists(entry.path) else "a link that leads nowhere"
            self.note(entry.path, f"{what}, so it is left out here; the loader tries to read it.")
            return False
        try:
            entry.path.encode()
        except UnicodeEncodeError:
            self.note(entry.path, "a name that is not UTF-8, which TensorFlow refuses. Rename it.", "unreadable name")
            return False
        return True

    def judge_classes(self, root: str, class_names: list[str], by_class: list[list[str]]) -> None:
        deeper = []
        for name, images in zip(class_names, by_class, strict=True):
            folder = os.path.join(root, name)
            if not images:
                self.note(folder, "contains no image, yet is a class with a number.")
            direct = sum(os.path.dirname(path) == folder for path in images)
            if images and not direct:
                deeper.append(name)
            if direct < len(images):
                self.note(folder, f"contains folders; their images count towards the class {name!r}.")
        if deeper and len(deeper) == sum(map(bool, by_class)):
            self.note(
                root,
                f"all images are one level deeper than the class folders {deeper}. "
                f"Is it the parent folder? Then use {os.path.join(root, deeper[0])}.",
            )
