"""Bad input: for each row of the table of what goes wrong, the helper that is meant for it does what a good one should.

A row is a kind of input, in the words of the table. Where the loader says nothing, or says it late or misleadingly, a
helper says it; where the loader's own error is clear, the row holds that it still comes.
"""

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from helpers.access import collect, decode_image, image_at, image_dataset
from helpers.files import find_bad_images, list_images, split_paths

import keras
import tensorflow as tf
import numpy as np
import pytest
from PIL import Image

from tests.test_bad_images import (
    BAD_CHECKSUM,
    BMP,
    DAMAGED,
    GIF,
    HALF_CLEAR,
    HALF_JPEG,
    JPEG,
    PALETTE,
    PNG,
    RGB,
    TWO_FRAMES,
    announcing,
    encoded,
    photo,
    png,
    turned,
)

TABLE = [
    "missing folder, inferred",
    "missing folder, labels/label_mode None",
    "a file instead of a folder",
    "empty folder; only unsupported types",
    "flat folder (no class folders)",
    "parent folder given (train/, test/)",
    "stray image in root",
    "hidden dir in root",
    "hidden dir in a class (.ipynb_checkpoints)",
    "`._x.jpg` (macOS)",
    "`__pycache__`, empty class folder",
    "unreadable class folder",
    "unreadable file",
    "broken symlink; file removed after creation",
    "file replaced after creation",
    "symlink loop, follow_links=True",
    "class missing in test/",
    "class_names: unknown name",
    "class_names: subset / duplicates",
    "class_names with labels None / list",
    "binary with 3 classes (or 1)",
    "validation_split without subset; without seed; ≥ 1",
    'tiny split, subset="validation"',
    'tiny split, subset="training"/"both"',
    "two calls with different seeds",
    "shuffle=False + split",
    "labels list of wrong length",
    "labels tuple",
    "labels np.array",
    "labels list used twice",
    "labels [3,7,…] categorical / binary",
    "unsupported extension (.webp .tif .jfif)",
    "zero-byte file",
    "text/HTML named .jpg; TIFF, AVIF, JPEG2000 named .jpg",
    "truncated JPEG (also by 2 bytes), header only",
    "JPEG with damaged bytes in the middle",
    "truncated PNG, bad CRC",
    "truncated GIF / BMP",
    "PNG named .jpg, JPEG named .png, WebP named .jpg; trailing garbage",
    "GIF with grayscale or rgba",
    "BMP grayscale; JPEG rgba; CMYK JPEG grayscale",
    "palette BMP",
    "16-bit PNG",
    "RGBA in rgb mode",
    "animated GIF",
    "EXIF rotation",
    "1×1, 1×3000 images",
    "PNG header 40000×40000 or more",
    "non-UTF-8 name",
    "spaces, accents, emoji, newline, `*[]?`",
    "image_size with a 0",
    "image_size with floats",
    "batch_size 0 / −1",
    "os.chdir after creation, relative folder",
    "gaussian/mitchellcubic + crop",
]
ROWS = {}


def row(words: str):
    """The function below tries this row of the table. It gets a folder that is not yet there."""

    def keep(function):
        assert words not in ROWS
        ROWS[words] = function

    return keep


@pytest.mark.parametrize("words", TABLE)
def test_the_helper_meant_for_it_does_what_a_good_one_should(words, tmp_path):
    ROWS[words](tmp_path / "photos")


def test_each_row_of_the_table_is_covered():
    assert set(ROWS) == set(TABLE)
    assert len(TABLE) == len(set(TABLE)) == 55


# What the rows are made of


def make(root: Path, *names: str) -> Path:
    """A folder with these images in it; a name that ends with a slash is a folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(PNG)
    return root


def two_classes(root: Path) -> list[str]:
    """Ten images in a, five in b; red is the place in the listing."""
    for place in range(15):
        folder = root / "aab"[place // 5]
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4), (place, 0, 0)).save(folder / f"{place:02}.png")
    return list_images(root).paths


def places(images) -> list[int]:
    return np.asarray(images)[:, 0, 0, 0].astype(int).tolist()


def load(directory, **options) -> tf.data.Dataset:
    return keras.utils.image_dataset_from_directory(directory, verbose=False, image_size=(8, 8), **options)


def assert_listing_fails(error_type, *words, root, **options) -> None:
    for function in (list_images, find_bad_images)[: 1 if options else 2]:
        with pytest.raises(error_type) as error:
            function(root, **options)
        for word in words:
            assert str(word) in str(error.value)


def assert_said_of(path: Path, words: str, listing) -> None:
    assert str(path) not in listing.paths
    assert [words in problem.reason for problem in listing.problems if problem.path == str(path)] == [True]


def one_image(root: Path, name: str, content: bytes) -> Path:
    """A folder with this file and, before and after it, a good one."""
    make(root / "a", "0.png", "z.png")
    (root / "a" / name).write_bytes(content)
    return root / "a" / name


def assert_broken(root: Path, words: str, *contents: bytes, extension: str = "jpg", color_mode: str = "rgb") -> None:
    """Each of them is found by find_bad_images, and named by what decodes one file."""
    paths = [one_image(root, f"é {number}.{extension}", content) for number, content in enumerate(contents)]
    for images in (root, paths):
        problems = find_bad_images(images, color_mode=color_mode)
        assert [problem[:2] for problem in problems] == [(str(path), "broken") for path in paths]
        assert all(words in problem.reason for problem in problems)
    for path in paths:
        for decode in (decode_image, lambda path, **options: image_dataset([path], **options)):
            with pytest.raises(ValueError, match="cannot be decoded") as error:
                decode(path, color_mode=color_mode)
            assert str(path) in str(error.value)


def assert_odd(root: Path, *words: str, name: str, content: bytes) -> None:
    """The loader reads it, find_bad_images says what the loader does."""
    path = one_image(root, name, content)
    assert len(list(load(path.parent, labels=None, batch_size=None))) == 3
    (problem,) = find_bad_images(root)
    assert problem[:2] == (str(path), "odd")
    for word in words:
        assert word in problem.reason


@contextlib.contextmanager
def somebody_who_may_not_read_all():
    """A folder, and, where the user of the tests is root, nobody to try it as."""
    folder = Path(tempfile.mkdtemp())  # nobody cannot reach the folders that pytest makes
    folder.chmod(0o755)
    find_bad_images([make(folder / "warm up", "1.png") / "1.png"])  # what is imported late is imported by now
    try:
        yield folder
    finally:
        if hasattr(os, "geteuid") and os.geteuid() != os.getuid():
            os.seteuid(os.getuid())
        for path in folder.rglob("*"):
            path.chmod(stat.S_IRWXU)
        shutil.rmtree(folder)


def take_away_the_right_to_read(path: Path) -> None:
    path.chmod(0)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.seteuid(65_534)
    with contextlib.suppress(OSError):
        os.listdir(path) if path.is_dir() else path.read_bytes()
        pytest.skip("this system does not know what is unreadable")


# Which folder


@row("missing folder, inferred")
def _(root):
    make(root)
    with contextlib.chdir(root):
        for form in ("nowhere", "../photos/nowhere", root / "nowhere"):
            assert_listing_fails(FileNotFoundError, root / "nowhere", f"looked up from {root}", root=form)


@row("missing folder, labels/label_mode None")
def _(root):
    with pytest.raises(ValueError, match="No images found"):
        load(root, labels=None)
    assert_listing_fails(FileNotFoundError, root, os.getcwd(), root=root, labels=None)


@row("a file instead of a folder")
def _(root):
    root.write_bytes(JPEG)
    assert_listing_fails(NotADirectoryError, root, "a folder is wanted", root=root)
    assert_listing_fails(NotADirectoryError, root, "a folder is wanted", root=root, labels=None)


@row("empty folder; only unsupported types")
def _(root):
    make(root)
    for labels in ("inferred", None):
        assert_listing_fails(ValueError, root, "found instead: nothing", root=root, labels=labels)
    make(root, "a/1.webp", "a/2.webp", "a/3.tif")
    for labels in ("inferred", None):
        assert_listing_fails(ValueError, root, "found instead: 1 .tif, 2 .webp", root=root, labels=labels)


@row("flat folder (no class folders)")
def _(root):
    make(root, "1.png", "2.png")
    assert_listing_fails(ValueError, root, "holds 2 images", "one sub-folder for each class", "labels=None", root=root)
    assert list_images(root, labels=None).paths == [str(root / "1.png"), str(root / "2.png")]


@row("parent folder given (train/, test/)")
def _(root):
    make(root, "train/a/1.png", "train/b/2.png", "test/a/3.png", "test/b/4.png")
    assert load(root).class_names == ["test", "train"]
    (problem,) = [problem for problem in list_images(root).problems if problem.path == str(root)]
    assert "Is it the parent folder?" in problem.reason
    assert str(root / "test") in problem.reason


@row("stray image in root")
def _(root):
    make(root, "a/1.png", "stray.png")
    assert_said_of(root / "stray.png", "outside of the class folders", list_images(root))
    assert list_images(root, labels=None).paths == [str(root / "stray.png"), str(root / "a" / "1.png")]


@row("hidden dir in root")
def _(root):
    make(root, "a/1.png", ".hidden/2.png")
    for labels in ("inferred", None):
        listing = list_images(root, labels=labels)
        assert listing.paths == [str(root / "a" / "1.png")]
        assert_said_of(root / ".hidden", "hidden", listing)


@row("hidden dir in a class (.ipynb_checkpoints)")
def _(root):
    make(root, "a/1.png", "a/.ipynb_checkpoints/1-checkpoint.png")
    assert len(load(root).file_paths) == 2
    for labels in ("inferred", None):
        listing = list_images(root, labels=labels)
        assert listing.paths == [str(root / "a" / "1.png")]
        assert_said_of(root / "a" / ".ipynb_checkpoints", "the loader would read it", listing)


@row("`._x.jpg` (macOS)")
def _(root):
    make(root, "a/1.png", "a/._1.png")
    (root / "a" / "._1.png").write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60))
    with pytest.raises(tf.errors.InvalidArgumentError):
        list(load(root))
    for labels in ("inferred", None):
        listing = list_images(root, labels=labels)
        assert listing.paths == [str(root / "a" / "1.png")]
        assert_said_of(root / "a" / "._1.png", "hidden", listing)
    assert [problem.kind for problem in find_bad_images(root)] == ["folder"]


@row("`__pycache__`, empty class folder")
def _(root):
    make(root, "a/1.png", "__pycache__/", "empty/")
    listing = list_images(root)
    for name in ("__pycache__", "empty"):
        assert name in listing.class_names
        assert_said_of(root / name, "no image in it", listing)


@row("unreadable class folder")
def _(_root):
    with somebody_who_may_not_read_all() as root:
        make(root, "a/1.png", "locked/2.png")
        take_away_the_right_to_read(root / "locked")
        assert not any("locked" in path for path in load(root).file_paths)
        for labels in ("inferred", None):
            assert_listing_fails(PermissionError, root / "locked", root=root, labels=labels)


@row("unreadable file")
def _(_root):
    with somebody_who_may_not_read_all() as root:
        make(root, "a/1.png", "a/2.png", "a/3.png")
        take_away_the_right_to_read(root / "a" / "2.png")
        (problem,) = [problem for problem in find_bad_images(root) if problem.kind == "broken"]
        assert problem.path == str(root / "a" / "2.png")
        assert "Permission denied" in problem.reason


@row("broken symlink; file removed after creation")
def _(root):
    make(root, "a/1.png", "a/2.png")
    (root / "a" / "link.png").symlink_to(root / "nowhere.png")
    listing = list_images(root)
    assert_said_of(root / "a" / "link.png", "leads nowhere", listing)
    (root / "a" / "1.png").unlink()
    (problem,) = find_bad_images(listing.paths)
    assert problem.path == str(root / "a" / "1.png")
    assert "No such file" in problem.reason
    for use in (image_dataset, lambda paths: image_at(paths, 0), lambda paths: decode_image(paths[0])):
        with pytest.raises(FileNotFoundError, match="There is no file") as error:
            use(listing.paths)
        assert str(root / "a" / "1.png") in str(error.value)


@row("file replaced after creation")
def _(root):
    paths = two_classes(root)
    dataset = image_dataset(paths, batch_size=15, image_size=(4, 4))
    assert places(collect(dataset)[0]) == list(range(15))
    Image.new("RGB", (4, 4), (200, 0, 0)).save(paths[0])
    assert places(collect(dataset)[0]) == [200, *range(1, 15)]


@row("symlink loop, follow_links=True")
def _(root):
    make(root, "a/1.png")
    (root / "a" / "loop").symlink_to(root / "a", target_is_directory=True)
    assert len(load(root, follow_links=True).file_paths) > 10
    for labels in ("inferred", None):
        listing = list_images(root, labels=labels)
        assert listing.paths == [str(root / "a" / "1.png")]
        assert_said_of(root / "a" / "loop", "not followed", listing)


# Which classes


@row("class missing in test/")
def _(root):
    make(root / "train", "cat/1.png", "dog/2.png", "eel/3.png")
    make(root / "test", "cat/1.png", "eel/3.png")
    class_names = list_images(root / "train").class_names
    assert load(root / "test", shuffle=False).class_names.index("eel") == 1
    assert_listing_fails(ValueError, "['dog']", root / "test", root=root / "test", class_names=class_names)
    (root / "test" / "dog").mkdir()
    listing = list_images(root / "test", class_names=class_names)
    assert listing.labels == [0, 2]
    assert_said_of(root / "test" / "dog", "no image in it", listing)


@row("class_names: unknown name")
def _(root):
    make(root, "a/1.png", "b/2.png")
    assert_listing_fails(ValueError, "['é']", "['a', 'b']", root=root, class_names=["a", "é"])


@row("class_names: subset / duplicates")
def _(root):
    make(root, "a/1.png", "b/2.png")
    listing = list_images(root, class_names=["b"])
    assert listing.paths == [str(root / "b" / "2.png")]
    assert_said_of(root / "a", "left out", listing)
    assert_listing_fails(ValueError, "['b'] more than once", root=root, class_names=["b", "a", "b"])


@row("class_names with labels None / list")
def _(root):
    make(root, "a/1.png", "b/2.png")
    assert_listing_fails(ValueError, "class_names cannot be given", root=root, labels=None, class_names=["a", "b"])
    assert_listing_fails(ValueError, '"inferred" or None, not [0, 1]', root=root, labels=[0, 1], class_names=["a", "b"])


@row("binary with 3 classes (or 1)")
def _(root):
    for class_names in ("a", "abc"):
        for class_name in class_names:
            make(root / class_names, f"{class_name}/1.png")
        with pytest.raises(ValueError, match="there must be exactly 2 class_names"):
            load(root / class_names, label_mode="binary")


# Splits


@row("validation_split without subset; without seed; ≥ 1")
def _(root):
    two_classes(root)
    for options, words in [
        ({"validation_split": 0.2}, "If `subset` is set, `validation_split` must be set, and inversely"),
        ({"validation_split": 0.2, "subset": "training"}, "you must provide a `seed` argument"),
        ({"validation_split": 1.0, "subset": "training", "seed": 1}, "`validation_split` must be between 0 and 1"),
    ]:
        with pytest.raises(ValueError, match=words):
            load(root, **options)


@row('tiny split, subset="validation"')
def _(root):
    paths = two_classes(root)
    assert len(load(root, validation_split=0.01, subset="validation", seed=1).file_paths) == 15
    for labels in (None, [0] * 10 + [1] * 5):
        with pytest.raises(ValueError, match=r"15 images .* parts of \[15, 0\]: one would be empty"):
            split_paths(paths, labels, (0.99, 0.01))


@row('tiny split, subset="training"/"both"')
def _(root):
    paths = two_classes(root)
    for subset in ("training", "both"):
        with pytest.raises(ValueError, match=r"No (training )?images found"):
            load(root, validation_split=0.01, subset=subset, seed=1)
    with pytest.raises(ValueError, match=r"15 images .* parts of \[14, 1, 0\]: one would be empty"):
        split_paths(paths, None, (0.95, 0.04, 0.01))


@row("two calls with different seeds")
def _(root):
    paths = two_classes(root)
    for seed in range(5):
        (train, _), (test, _) = split_paths(paths, seed=seed)
        assert sorted(train + test) == paths


@row("shuffle=False + split")
def _(root):
    listing = list_images(Path(two_classes(root)[0]).parents[1])
    _, labels = collect(load(root, shuffle=False, validation_split=0.2, subset="validation"))
    assert set(labels) == {1}
    (_, train_labels), (_, test_labels) = split_paths(listing.paths, listing.labels, (0.8, 0.2))
    assert [train_labels.count(0), train_labels.count(1), test_labels.count(0), test_labels.count(1)] == [8, 4, 2, 1]


# Labels of one's own


@row("labels list of wrong length")
def _(root):
    paths = two_classes(root)
    with pytest.raises(ValueError, match="Expected the lengths of `labels` to match the number of files"):
        load(root, labels=[0] * 14)
    for use in (image_dataset, split_paths):
        with pytest.raises(ValueError, match="There are 15 paths and 14 labels"):
            use(paths, [0] * 14)


def assert_labels_stay_with_their_images(root: Path, labels) -> None:
    paths = two_classes(root)
    for shuffle in (False, True):
        dataset = image_dataset(paths, labels, shuffle=shuffle, image_size=(4, 4))
        images, found, _ = collect(dataset)
        assert found.tolist() == [labels[place] for place in places(images)]
    for part, part_labels in split_paths(paths, labels, (0.6, 0.4)):
        assert part_labels == [labels[paths.index(path)] for path in part]


@row("labels tuple")
def _(root):
    assert_labels_stay_with_their_images(root, (0, 1, 2) * 5)


@row("labels np.array")
def _(root):
    assert_labels_stay_with_their_images(root, np.array([0, 1, 2] * 5))


@row("labels list used twice")
def _(root):
    labels = list(range(15))
    paths = two_classes(root)
    training, validation = (image_dataset(paths, labels, shuffle=True, seed=seed, image_size=(4, 4)) for seed in (1, 2))
    for images, found, _ in (collect(training), collect(validation)):
        assert found.tolist() == places(images) != list(range(15))
    split_paths(paths, labels=[0, 1, 2] * 5)
    assert labels == list(range(15))


@row("labels [3,7,…] categorical / binary")
def _(root):
    paths = two_classes(root)
    labels = [3, 7, 3] * 5
    _, vectors = collect(load(root, labels=[*labels], label_mode="categorical"))
    assert not vectors.any()
    _, found, _ = collect(image_dataset(paths, labels, image_size=(4, 4)))
    assert found.tolist() == labels
    assert list_images(root).labels == [0] * 10 + [1] * 5


# Files that are passed over, or broken


@row("unsupported extension (.webp .tif .jfif)")
def _(root):
    make(root, "a/1.png", "a/2.webp", "a/3.webp", "a/4.tif", "a/5.jfif")
    assert list_images(root).skipped == {".jfif": 1, ".tif": 1, ".webp": 2}
    said = [problem.reason for problem in find_bad_images(root)]
    assert said == [
        f"files with the extension {extension}, passed over by the loader too: {count}."
        for extension, count in [(".jfif", 1), (".tif", 1), (".webp", 2)]
    ]


@row("zero-byte file")
def _(root):
    assert_broken(root, "Input is empty", b"")


@row("text/HTML named .jpg; TIFF, AVIF, JPEG2000 named .jpg")
def _(root):
    avif = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(60)
    images = encoded(RGB, "TIFF"), avif, encoded(RGB, "JPEG2000")
    assert_broken(root, "Unknown image file format", b"not an image", b"<!DOCTYPE html>", *images)


@row("truncated JPEG (also by 2 bytes), header only")
def _(root):
    assert_broken(root, "cannot be decoded", HALF_JPEG, JPEG[:-2], JPEG[:300])


@row("JPEG with damaged bytes in the middle")
def _(root):
    path = one_image(root, "damaged.jpg", DAMAGED)
    (root / "good.jpg").write_bytes(JPEG)
    difference = np.abs(decode_image(path, (30, 40)) - decode_image(root / "good.jpg", (30, 40)))
    assert difference.max() > 50
    assert find_bad_images([path]) == []
    said = " ".join(find_bad_images.__doc__.split())
    assert "damaged bytes in the middle decodes to wrong pixels without an error, so it is not found" in said


@row("truncated PNG, bad CRC")
def _(root):
    assert_broken(root, "Invalid PNG data", PNG[: len(PNG) // 2], BAD_CHECKSUM, extension="png")


@row("truncated GIF / BMP")
def _(root):
    assert_broken(root / "gif", "Invalid GIF data", GIF[: len(GIF) // 2], extension="gif")
    assert_broken(root / "bmp", "Input size should match", BMP[: len(BMP) // 2], extension="bmp")


# Files that are read, each in its way


@row("PNG named .jpg, JPEG named .png, WebP named .jpg; trailing garbage")
def _(root):
    contents = {
        "1.jpg": PNG,
        "2.png": JPEG,
        "3.jpg": encoded(RGB, "WEBP"),
        "4.jpg": JPEG + b"garbage" * 20,
        "5.png": PNG + b"garbage" * 20,
    }
    for name, content in contents.items():
        one_image(root, name, content)
    listing = list_images(root)
    assert len(listing.paths) == 7
    assert find_bad_images(root) == []
    for path in listing.paths:
        image = decode_image(path, (30, 40))
        assert np.abs(image - np.asarray(RGB, float)).mean() < 20


@row("GIF with grayscale or rgba")
def _(root):
    for color_mode, channels in [("grayscale", 1), ("rgba", 4)]:
        words = f"channels must be 0 or 3 for GIF, got {channels}"
        assert_broken(root, words, GIF, extension="gif", color_mode=color_mode)
    assert find_bad_images(root) == []


@row("BMP grayscale; JPEG rgba; CMYK JPEG grayscale")
def _(root):
    for color_mode, content, words in [
        ("grayscale", BMP, "`channels` must be 0, 3 or 4 for BMP, but got 1"),
        ("rgba", JPEG, "JPEG does not support 4 channels"),
        ("grayscale", encoded(RGB.convert("CMYK"), "JPEG"), "jpeg::Uncompress failed"),
    ]:
        assert_broken(root, words, content, color_mode=color_mode)
        assert find_bad_images(root) == []


@row("palette BMP")
def _(root):
    assert_odd(root, "wrong colours", "as PNG", name="1.bmp", content=encoded(PALETTE, "BMP"))


@row("16-bit PNG")
def _(root):
    content = png([40_000], bits=16, colour_type=0)
    assert_odd(root, "16 bits", "upper 8", name="1.png", content=content)
    assert decode_image(root / "a" / "1.png", (1, 1)).numpy().tolist() == [[[40_000 // 256] * 3]]


@row("RGBA in rgb mode")
def _(root):
    assert_odd(root, "alpha is dropped", "Blend it with a background", name="1.png", content=encoded(HALF_CLEAR, "PNG"))


@row("animated GIF")
def _(root):
    assert_odd(root, "the first frame is read", name="1.gif", content=encoded(RGB, "GIF", **TWO_FRAMES))


@row("EXIF rotation")
def _(root):
    content = encoded(RGB, "JPEG", exif=turned(6))
    assert_odd(root, "EXIF orientation 6", "ImageOps.exif_transpose", name="1.jpg", content=content)


@row("1×1, 1×3000 images")
def _(root):
    for name, size in {"1.png": (1, 1), "2.png": (1, 3000), "3.jpg": (3000, 1)}.items():
        path = one_image(root, name, encoded(photo(*size), "PNG" if name.endswith("png") else "JPEG"))
        for crop in (False, True):
            assert decode_image(path, (8, 9), crop_to_aspect_ratio=crop).shape == (8, 9, 3)
    assert find_bad_images(root) == []


@row("PNG header 40000×40000 or more")
def _(root):
    path = one_image(root, "1.png", announcing(PNG, 40_000, 40_000))
    with pytest.raises(tf.errors.InvalidArgumentError):
        list(load(path.parent, labels=None))
    with pytest.raises(ValueError, match="40000 by 40000"):
        decode_image(path)
    one_image(root, "2.png", announcing(PNG, 14_000, 14_000))
    problems = find_bad_images(root)
    assert [Path(problem.path).name for problem in problems] == ["1.png", "2.png"]
    for problem, pixels in zip(problems, ("1,600", "196"), strict=True):
        assert problem.kind == "odd"
        assert f"{pixels} million pixels by its header, so it was not decoded here" in problem.reason


# Names


@row("non-UTF-8 name")
def _(root):
    make(root, "a/1.png")
    try:
        make(root, "a/caf\udce9.png")
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    for labels in ("inferred", None):
        listing = list_images(root, labels=labels)
        assert listing.paths == [str(root / "a" / "1.png")]
        (problem,) = listing.problems
        assert problem.path == str(root / "a" / r"caf\udce9.png")
        assert "not UTF-8" in problem.reason
        problem.path.encode()


@row("spaces, accents, emoji, newline, `*[]?`")
def _(root):
    names = [" a b ", "é ü", "漢字 😀", "new\nline", "*[1]?", "a%20b", "quote'\""]
    for place, name in enumerate(names):
        try:
            make(root, f"{name}/")
            Image.new("RGB", (4, 4), (place, 0, 0)).save(root / name / f"{name}.png")
        except OSError:
            assert os.name == "nt"
    listing = list_images(root)
    assert sorted(listing.class_names) == sorted(path.name for path in root.iterdir())
    assert find_bad_images(root) == []
    images, found = collect(image_dataset(listing.paths, image_size=(4, 4)))
    assert [path.decode() for path in found] == listing.paths
    assert [names[place] for place in places(images)] == [Path(path).stem for path in listing.paths]


# Arguments


def assert_refused_at_the_call(root: Path, error_type, words: str, **options) -> None:
    path = one_image(root, "1.png", PNG)
    for use in (decode_image, lambda path, **options: image_at([path], 0, **options)):
        if "batch_size" not in options:
            with pytest.raises(error_type, match=words):
                use(path, **options)
    with pytest.raises(error_type, match=words):
        image_dataset([path], **options)


@row("image_size with a 0")
def _(root):
    for size in ((0, 8), (8, 0), (0, 0), (-8, 8)):
        assert_refused_at_the_call(root, ValueError, "two whole numbers above 0", image_size=size)


@row("image_size with floats")
def _(root):
    for size in ((8.0, 8.0), (8, 8.5), np.float32([8, 8])):
        assert_refused_at_the_call(root, ValueError, "two whole numbers above 0", image_size=size)


@row("batch_size 0 / −1")
def _(root):
    for batch_size in (0, -1):
        words = f"batch_size is a whole number above 0, not {batch_size}"
        assert_refused_at_the_call(root, ValueError, words, batch_size=batch_size)


@row("os.chdir after creation, relative folder")
def _(root):
    two_classes(root)
    with contextlib.chdir(root):
        listing = list_images(".")
        dataset = image_dataset(listing.paths, listing.labels, image_size=(4, 4))
    assert places(collect(dataset)[0]) == list(range(15))
    assert image_at(listing.paths, 3, image_size=(4, 4)).numpy()[0, 0, 0] == 3
    assert find_bad_images(listing.paths) == []


@row("gaussian/mitchellcubic + crop")
def _(root):
    for interpolation in ("gaussian", "mitchellcubic"):
        assert_refused_at_the_call(
            root, ValueError, interpolation, interpolation=interpolation, crop_to_aspect_ratio=True
        )


# What the table does not say, and a helper has to do all the same


def test_a_strip_that_is_too_thin_to_be_padded_is_named(tmp_path):
    path = one_image(tmp_path / "photos", "strip.png", encoded(photo(1, 3000), "PNG"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="output dimensions must be positive"):
        list(load(path.parent, labels=None, pad_to_aspect_ratio=True))
    for use in (decode_image, lambda path, **options: image_at([path], 0, **options)):
        with pytest.raises(ValueError, match=r"strip\.png cannot be decoded and resized to 8 by 8"):
            use(path, image_size=(8, 8), pad_to_aspect_ratio=True)


@pytest.fixture
def not_utf_8(tmp_path) -> list[Path]:
    paths = [tmp_path / name for name in ("1.png", "2 caf\udce9.png")]
    try:
        for place, path in enumerate(paths):
            Image.new("RGB", (4, 4), (place, 0, 0)).save(path, "PNG")
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    return paths


def test_a_name_that_is_not_utf_8_can_be_in_a_list_of_paths(not_utf_8):
    images, found = collect(image_dataset(not_utf_8, image_size=(4, 4)))
    assert [os.fsdecode(path) for path in found] == [str(path) for path in not_utf_8]
    assert places(images) == [0, 1]


def test_one_image_whose_name_is_not_utf_8_can_be_had(not_utf_8):
    for image in (decode_image(not_utf_8[1], (4, 4)), image_at(not_utf_8, 1, image_size=(4, 4))):
        assert image.numpy()[0, 0, 0] == 1
