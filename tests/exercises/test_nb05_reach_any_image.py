"""Exercises of 05_reach_any_image: what needs more than an answer."""

import tempfile
from pathlib import Path

from helpers import exercises


def test_labels_of_paths_behind_a_link(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "link"))  # as on macOS

    def labels_of(directory, paths):
        names = sorted(path.name for path in Path(directory).iterdir() if path.is_dir() and path.name[0] != ".")
        return [names.index(Path(path).resolve().relative_to(directory).parts[0]) for path in paths]

    assert exercises.check_labels_of(labels_of).outcome == "right"
