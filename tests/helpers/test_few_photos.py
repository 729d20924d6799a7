"""The photos to measure with: of all classes, not too many, made once; and one that shows what resizing passes over."""

import shutil
from pathlib import Path

from helpers import few_photos

import numpy as np
import pytest
from PIL import Image

from tests.material import load, state


@pytest.fixture
def folder_of(tmp_path, monkeypatch):
    """A function that makes 20 noisy photos in two classes, and lets PHOTOS name them."""
    monkeypatch.setattr(few_photos, "DATA", tmp_path / "data")

    def make(height: int = 30, brightness: int = 60) -> Path:
        source = tmp_path / f"photos of {height} and {brightness}"
        for number in range(20):
            path = source / "ab"[number > 14] / "sub-folder" / f"été {number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = np.random.default_rng(number).integers(brightness, brightness + 40, (height, 40, 3), np.uint8)
            Image.fromarray(pixels).save(path)
        monkeypatch.setenv("PHOTOS", str(source))
        return source

    return make


def test_few_photos_are_of_all_classes_and_in_order(folder_of, monkeypatch):
    source = folder_of()
    monkeypatch.setattr(few_photos, "_FOR_EACH_CORE", 10)
    monkeypatch.setattr(few_photos.os, "cpu_count", lambda: 1)
    before = state(source)
    dataset = load(few_photos.folder(), shuffle=False)
    assert dataset.class_names == ["a", "b"]
    assert [Path(path).stem for path in dataset.file_paths] == [f"{number:06d}" for number in range(0, 20, 2)]
    originals = load(source, shuffle=False).file_paths
    assert [Path(path).read_bytes() for path in dataset.file_paths] == [
        Path(path).read_bytes() for path in originals[::2]
    ]
    assert state(source) == before


def test_of_large_photos_there_are_fewer(folder_of, monkeypatch):
    folder_of()
    monkeypatch.setattr(few_photos, "_MOST_BYTES", 1)
    assert len(list(few_photos.folder().rglob("*.png"))) == 8


def test_of_a_small_folder_all_are_taken(folder_of):
    folder_of()
    assert len(list(few_photos.folder().rglob("*.png"))) == 20


@pytest.mark.parametrize("make", [few_photos.folder, few_photos.from_cameras])
def test_they_are_made_once_and_again_if_one_is_lost(make, folder_of):
    folder_of()
    first = make()
    before = state(first)
    assert make() == first
    assert state(first) == before
    next(path for path in first.rglob("*") if path.is_file()).unlink()
    assert make() == first
    assert [path.name for path in state(first)] == [path.name for path in before]


@pytest.mark.parametrize("make", [few_photos.folder, few_photos.from_cameras])
def test_another_folder_gives_other_photos(make, folder_of):
    folder_of()
    first = make()
    folder_of(height=31)
    assert make() != first
    shutil.rmtree(first)
    assert make().is_dir()


@pytest.mark.parametrize("brightness", [0, 110, 215])
def test_the_screen_shows_before_any_photo(folder_of, brightness):
    folder_of(brightness=brightness)
    sizes = {path.name: Image.open(path).size for path in few_photos.from_cameras().iterdir()}
    assert sizes == {"1_camera.jpg": (4032, 3024), "2_web.jpg": (1024, 768), "3_icon.jpg": (400, 300)}
    camera = np.asarray(Image.open(few_photos.from_cameras() / "1_camera.jpg"), np.float32)
    wires, photo = camera[0::6, 4::6], camera[3::6, 4::6]
    assert np.abs(wires.mean() - photo.mean()) > 60
