"""Other folders than those in which the answers of `nb13_find_the_misfiled_photos` are tried."""

import tempfile
from pathlib import Path

from helpers import exercises, photos

from PIL import Image


def test_moves_behind_a_link(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "link"))  # as on macOS

    def resolved(approved, folder):
        names = ["1_3.jpg", "2.png", "1_4.jpg", "3.jpg", "3.jpg", "IMG.jpg", "img_2.JPG", "old_2.png"]
        return [
            (Path(old).resolve(), Path(folder, class_name, name).resolve())
            for (old, class_name), name in zip(approved, names, strict=True)
        ]

    assert exercises.check_moves(resolved).outcome == "right"


def test_a_copy_in_which_nothing_was_moved(tmp_path, monkeypatch):
    for number in range(16):
        (tmp_path / f"photos/{number}").mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / f"photos/{number}/photo.png")
    monkeypatch.setenv("PHOTOS", str(tmp_path / "photos"))
    monkeypatch.setattr(photos, "DATA", tmp_path / "data")
    verdict = exercises.check_misfiled([], photos.misfiled_copy())
    assert verdict.outcome == "not right yet"
    assert "No photo was moved" in verdict.message


def test_a_folder_that_is_no_misfiled_copy(photo_folder):
    verdict = exercises.check_misfiled(["photo_0001"], photo_folder)
    assert verdict.outcome == "not right yet"
    assert "Nothing is known about misfiled photos in" in verdict.message
