"""What the loader does with odd folders, labels and files, and what several helpers meet at once."""

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from helpers.access import collect, image_at, image_dataset
from helpers.bad_images import find_bad_images
from helpers.files import list_images

import tensorflow as tf
import numpy as np
import pytest
from PIL import Image

from tests.material import (
    JPEG,
    PNG,
    RGB,
    TWO_FRAMES,
    announcing,
    encoded,
    half_clear,
    load,
    make_files,
    photo,
    png,
    turned,
)


@pytest.fixture
def root(tmp_path) -> Path:
    return tmp_path / "photos"  # not yet there


def names_of(dataset, root: Path) -> list[str]:
    return [Path(path).relative_to(root).as_posix() for path in dataset.file_paths]


def places(images) -> list[int]:
    """The place in the listing, which is the red of an image of `two_classes`."""
    return np.asarray(images)[:, 0, 0, 0].astype(int).tolist()


@pytest.fixture
def two_classes(root) -> Path:
    """Ten images in a, five in b."""
    for place in range(15):
        folder = root / "aab"[place // 5]
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4), (place, 0, 0)).save(folder / f"{place:02}.png")
    return root


# Which files and which classes


def test_a_missing_folder_without_labels_holds_no_images(root):
    with pytest.raises(ValueError, match="No images found"):
        load(root, labels=None)


@pytest.mark.parametrize(
    ("files", "loaded", "class_names"),
    [
        (["train/a/1.png", "test/a/2.png"], ["test/a/2.png", "train/a/1.png"], ["test", "train"]),
        (["a/1.png", "1.png"], ["a/1.png"], ["a"]),
        (["a/1.png", ".b/2.png"], ["a/1.png"], ["a"]),
        (["a/1.png", "a/.ipynb_checkpoints/2.png"], ["a/1.png", "a/.ipynb_checkpoints/2.png"], ["a"]),
        (["a/1.png", "a/._1.png"], ["a/._1.png", "a/1.png"], ["a"]),
        (["a/1.png", "__pycache__/"], ["a/1.png"], ["__pycache__", "a"]),
        (["a/1.png", "a/2.webp", "a/3.tif", "a/4.jfif"], ["a/1.png"], ["a"]),
        (["a/1.png", "a/up -> ../b", "b/2.png"], ["a/1.png", "b/2.png"], ["a", "b"]),
    ],
    ids=["parent folder", "outside", "hidden class", "hidden below", "macOS", "empty", "other formats", "link below"],
)
def test_what_the_loader_reads_and_numbers(root, files, loaded, class_names):
    make_files(root, *files)
    dataset = load(root, shuffle=False)
    assert names_of(dataset, root) == loaded
    assert dataset.class_names == class_names


def test_a_link_to_the_folder_above_is_followed_over_and_over_if_links_are(root):
    make_files(root, "a/1.png", "a/loop -> ../a")
    assert len(load(root, follow_links=True).file_paths) > 10


def test_a_class_that_is_missing_in_the_test_folder_shifts_the_numbers(root):
    make_files(root, "train/cat/1.png", "train/dog/2.png", "train/eel/3.png", "test/cat/1.png", "test/eel/3.png")
    assert [load(root / part).class_names.index("eel") for part in ("train", "test")] == [2, 1]


@pytest.mark.parametrize("classes", ["a", "abc"])
def test_binary_labels_want_two_classes(root, classes):
    make_files(root, *(f"{name}/1.png" for name in classes))
    with pytest.raises(ValueError, match="there must be exactly 2 class_names"):
        load(root, label_mode="binary")


# Splits and labels of one's own


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"validation_split": 0.2}, "If `subset` is set, `validation_split` must be set, and inversely"),
        ({"validation_split": 0.2, "subset": "training"}, "you must provide a `seed` argument"),
        ({"validation_split": 1.0, "subset": "training", "seed": 1}, "`validation_split` must be between 0 and 1"),
        ({"validation_split": 0.01, "subset": "training", "seed": 1}, "No images found"),
        ({"validation_split": 0.01, "subset": "both", "seed": 1}, "No training images found"),
        ({"labels": [0] * 14}, "Expected the lengths of `labels` to match the number of files"),
    ],
)
def test_the_loader_refuses(two_classes, options, words):
    with pytest.raises(ValueError, match=words):
        load(two_classes, **options)


def test_a_tiny_share_for_validation_gets_all_files(two_classes):
    assert len(load(two_classes, validation_split=0.01, subset="validation", seed=1).file_paths) == 15


def test_a_split_in_order_cuts_off_the_last_classes(two_classes):
    _, labels = collect(load(two_classes, shuffle=False, validation_split=0.2, subset="validation"))
    assert set(labels) == {1}


def test_labels_beyond_the_number_of_classes_become_vectors_of_zeros(two_classes):
    _, vectors = collect(load(two_classes, labels=[3, 7, 3] * 5, label_mode="categorical"))
    assert vectors.shape == (15, 2)
    assert not vectors.any()


# Files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("palette.bmp", encoded(RGB.quantize(16), "BMP")),
        ("16 bits.png", png([40_000], bits=16, colour_type=0)),
        ("transparent.png", encoded(half_clear(), "PNG")),
        ("animated.gif", encoded(RGB, "GIF", **TWO_FRAMES)),
        ("turned.jpg", encoded(RGB, "JPEG", exif=turned(6))),
        ("png inside.jpg", PNG),
        ("jpeg inside.png", JPEG),
        ("webp inside.jpg", encoded(RGB, "WEBP")),
        ("garbage behind.jpg", JPEG + b"garbage" * 20),
    ],
)
def test_an_odd_file_is_read_without_a_word(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert len(list(load(tmp_path, labels=None, batch_size=None))) == 1


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60), {}),
        (announcing(PNG, 40_000, 40_000), {}),
        (encoded(photo(1, 3000), "PNG"), {"pad_to_aspect_ratio": True, "image_size": (8, 8)}),
    ],
    ids=["macOS", "a header that announces too much", "too thin to be padded"],
)
def test_what_cannot_be_read_stops_the_loader_and_is_not_named(tmp_path, content, options):
    (tmp_path / "1.png").write_bytes(content)
    dataset = load(tmp_path, labels=None, **options)
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        list(dataset)
    assert "1.png" not in str(error.value)


# What several helpers meet


@pytest.fixture
def readable():
    """A folder for somebody who may not read all: where the user of the tests is root, nobody is put in his place."""
    folder = Path(tempfile.mkdtemp())  # nobody cannot reach the folders that pytest makes
    folder.chmod(0o755)
    find_bad_images(
        [make_files(folder, "warm up/1.png") / "warm up" / "1.png"]
    )  # what is imported late is imported now
    shutil.rmtree(folder / "warm up")
    yield folder
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


@pytest.mark.parametrize("locked", ["b", "b/deeper"])
def test_a_folder_that_cannot_be_read_is_left_out_by_the_loader_and_named_by_the_helpers(readable, locked):
    make_files(readable, "a/1.png", "b/2.png", "b/deeper/3.png")
    take_away_the_right_to_read(readable / locked)
    assert not any(f"{locked}/" in name for name in names_of(load(readable), readable))
    for look in (list_images, find_bad_images, lambda root: list_images(root, labels=None)):
        with pytest.raises(PermissionError) as error:
            look(readable)
        assert str(readable / locked) in str(error.value)


def test_a_file_that_cannot_be_read_is_broken(readable):
    make_files(readable, "a/1.png", "a/2.png", "a/3.png")
    take_away_the_right_to_read(readable / "a" / "2.png")
    (problem,) = find_bad_images(readable)
    assert problem[:2] == (str(readable / "a" / "2.png"), "broken")
    assert "Permission denied" in problem.reason


def test_odd_names_are_no_obstacle(root):
    names = [" a b ", "é ü", "漢字 😀", "new\nline", "*[1]?", "a%20b", "quote'\""]
    for place, name in enumerate(names):
        with contextlib.suppress(OSError):  # Windows
            make_files(root, f"{name}/")
            Image.new("RGB", (4, 4), (place, 0, 0)).save(root / name / f"{name}.png")
    listing = list_images(root)
    assert sorted(listing.class_names) == sorted(path.name for path in root.iterdir())
    assert find_bad_images(root) == []
    images, found = collect(image_dataset(listing.paths, image_size=(4, 4)))
    assert [path.decode() for path in found] == listing.paths
    assert [names[place] for place in places(images)] == [Path(path).stem for path in listing.paths]


def test_paths_of_a_relative_folder_stay_right_when_the_working_directory_changes(two_classes):
    with contextlib.chdir(two_classes):
        listing = list_images(".")
        dataset = image_dataset(listing.paths, listing.labels, image_size=(4, 4))
    assert places(collect(dataset)[0]) == list(range(15))
    assert image_at(listing.paths, 3, image_size=(4, 4)).numpy()[0, 0, 0] == 3
    assert find_bad_images(listing.paths) == []
