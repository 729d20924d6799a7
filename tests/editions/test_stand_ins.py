"""What stands in the programs for the helpers gives what the helpers give."""

import ast
import re
import sys
import time
from pathlib import Path

from helpers import access, files, maps, odd_files, own_labels, photos, splits, timing

import tensorflow as tf
import numpy as np
import pandas as pd
import pytest
import skimage.data
from PIL import Image

from editions import programs, stand_ins
from tests.material import load, odd_photos


@pytest.fixture(scope="module")
def folder() -> Path:
    return photos.folder()


@pytest.fixture(scope="module")
def paths(folder) -> list[str]:
    return files.list_images(folder).paths[:40]


def equal(ours, theirs) -> bool:
    """Whether two rows of arrays are the same."""
    return all(np.array_equal(our, their) for our, their in zip(ours, theirs, strict=True))


def test_each_of_them_stands_in_some_program(tmp_path):
    programs.make(tmp_path)
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    names = [node.name for node in ast.parse(Path(stand_ins.__file__).read_text()).body if hasattr(node, "name")]
    assert [name for name in names if not re.search(rf"^(def|class) {name}\b", written, re.MULTILINE)] == []


def test_given_folder(tmp_path, monkeypatch):
    (named := tmp_path / "named").mkdir()
    monkeypatch.setattr(sys, "argv", ["program.py"])
    monkeypatch.setenv("PHOTOS", str(tmp_path))
    assert stand_ins.given_folder() == tmp_path
    monkeypatch.setattr(sys, "argv", ["program.py", str(named)])
    assert stand_ins.given_folder() == named
    monkeypatch.setattr(stand_ins, "__file__", "/program.py")  # at the top of a disk
    assert stand_ins.given_folder() == named
    named.rmdir()
    with pytest.raises(SystemExit, match="named is no folder.\nPlain code"):
        stand_ins.given_folder()


@pytest.mark.parametrize("form", [str, Path, tf.constant])
def test_decode_image(paths, form):
    ours = stand_ins.decode_image(form(paths[0]), (50, 60))
    assert np.array_equal(ours, access.decode_image(paths[0], (50, 60)))


def test_collect(folder):
    dataset = load(folder, image_size=(20, 30), batch_size=8, shuffle=False).take(3)
    assert equal(stand_ins.collect(dataset), access.collect(dataset))


def test_image_dataset(paths):
    numbers = list(range(len(paths)))
    ours = stand_ins.image_dataset(paths, numbers, image_size=(20, 30))
    theirs = access.image_dataset(paths, numbers, image_size=(20, 30))
    assert [len(labels) for _, labels, _ in ours] == [32, 8]
    for our_batch, their_batch in zip(ours, theirs, strict=True):
        assert equal(our_batch, their_batch)
    shuffled = stand_ins.image_dataset(paths, numbers, image_size=(20, 30), shuffle=True)
    labels = np.concatenate([labels for _, labels, _ in shuffled]).tolist()
    assert sorted(labels) == numbers != labels


def test_predict_with_labels(paths):
    model = tf.keras.Sequential([tf.keras.layers.GlobalAveragePooling2D()])
    dataset = access.image_dataset(paths, range(len(paths)), image_size=(20, 30))
    assert equal(stand_ins.predict_with_labels(model, dataset), access.predict_with_labels(model, dataset))


@pytest.mark.parametrize("is_odd", [False, True])
def test_list_images(folder, tmp_path, is_odd):
    folder = odd_photos(tmp_path) if is_odd else folder
    ours, theirs = stand_ins.list_images(folder), files.list_images(folder)
    assert [Path(path).resolve() for path in ours.paths] == [Path(path).resolve() for path in theirs.paths]
    assert (ours.labels, ours.class_names) == (theirs.labels, theirs.class_names)


def test_without_small_classes():
    table = pd.DataFrame({"path": list("abcdef"), "label": [1, 2, 1, 3, 2, 1]})
    ours = stand_ins.without_small_classes(table, at_least=2)
    pd.testing.assert_frame_equal(ours, splits.without_small_classes(table, at_least=2))


def test_compare():
    works = {"slow": lambda: time.sleep(0.04), "fast": tf.data.Dataset.range(10)}
    ours, theirs = stand_ins.compare(works, photos=8), timing.compare(works, photos=8, rounds=3)
    assert list(ours) == list(works)
    assert 20 < ours.rate("slow") <= 200
    assert ours.ratio("slow") == theirs.ratio("slow") == 1
    assert min(ours.ratio("fast"), theirs.ratio("fast")) > 1
    assert ours.ratio("fast") == ours.rate("fast") / ours.rate("slow")


@pytest.mark.parametrize("seed", [None, 4])
@pytest.mark.parametrize("rerandomize", [False, True])
def test_repeats(seed, rerandomize):
    def make(calls):
        return tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=rerandomize).take(calls)

    assert stand_ins.repeats(make, 9) == maps.repeats(make, 9)


def test_labels_and_masks(folder):
    ours, theirs = (pd.read_csv(module.label_table(folder)) for module in (stand_ins, own_labels))
    pd.testing.assert_frame_equal(ours, theirs)
    our_masks, their_masks = stand_ins.make_masks(folder), own_labels.mask_folder(folder)
    assert len(list(our_masks.glob("*/*.png"))) == len(theirs)
    for file in theirs.file[:40]:
        mask = np.array(Image.open(their_masks / f"{file}.png"))
        assert np.array_equal(np.array(Image.open(our_masks / f"{file}.png")), mask)
        assert set(np.unique(mask)) <= {0, 1, 2}


def test_odd_files(tmp_path, monkeypatch):
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats/.DS_Store").touch()  # on a Mac
    Image.fromarray(skimage.data.chelsea()).resize((300, 200)).save(tmp_path / "cats/cat.png")
    monkeypatch.setattr(sys, "argv", ["program.py", str(tmp_path)])
    ours = stand_ins.odd_files() / "silent"
    for path in ours.iterdir():
        theirs = odd_files.odd_files() / "silent" / path.name
        assert np.array_equal(np.array(Image.open(path)), np.array(Image.open(theirs)))
        assert Image.open(path).getexif() == Image.open(theirs).getexif()
    assert len(list(ours.iterdir())) == 3


def test_show_images(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    images = np.linspace(-9, 270, 3 * 8 * 8 * 3).reshape(3, 8, 8, 3)
    for titles in (None, ["a", "b", "c"]):
        stand_ins.show_images(images, titles, columns=2, alt="Three squares.")
    first, second = re.findall(r"^(stand_ins_\d+\.png): Three squares\.$", capsys.readouterr().out, re.MULTILINE)
    untitled, titled = np.array(Image.open(first)), np.array(Image.open(second))
    assert first != second
    assert untitled.std() > 10
    assert not np.array_equal(untitled, titled)
