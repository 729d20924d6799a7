"""Labels that are not those of the folders: each belongs to its photo, and the photos stay as they are."""

from pathlib import Path

from helpers import access, own_labels

import numpy as np
import pandas as pd
from PIL import Image

from tests.material import load, state


def test_each_row_is_about_its_own_photo(photo_folder):
    before = state(Path(photo_folder))
    table = pd.read_csv(own_labels.label_table(photo_folder))
    assert state(Path(photo_folder)) == before
    files = [Path(photo_folder, file) for file in table.file]
    assert sorted(map(str, files)) == sorted(load(photo_folder, labels=None).file_paths)
    assert table.file.tolist() != sorted(table.file)
    for row, path in zip(table.itertuples(), files, strict=True):
        image = access.decode_image(path, (64, 64)).numpy()
        assert np.isclose(row.brightness, image.mean(), atol=0.01)
        assert row.reddish == (image[..., 0].mean() > image[..., 2].mean())
    darker = table.brightness[table.dark]
    assert darker.max() < table.brightness[~table.dark].min()


def test_each_mask_is_that_of_its_own_photo_and_in_the_same_place(photo_folder):
    before = state(Path(photo_folder))
    masks = own_labels.mask_folder(photo_folder)
    assert state(Path(photo_folder)) == before
    options = {"labels": None, "shuffle": False}
    photos = [Path(path).relative_to(photo_folder) for path in load(photo_folder, **options).file_paths]
    paths = load(masks, **options).file_paths
    assert [Path(path).relative_to(masks) for path in paths] == [Path(f"{photo}.png") for photo in photos]
    for photo, path in zip(photos, paths, strict=True):
        with Image.open(path) as mask:
            image = access.decode_image(Path(photo_folder, photo), (64, 64))
            np.testing.assert_array_equal(np.asarray(mask), own_labels.tones(image)[..., 0])


def test_tones_are_those_of_the_mean_of_the_colours():
    gray = np.array([0, 84.9, 85, 169.9, 170, 255])[:, None, None, None] * np.ones((1, 2, 2, 3))
    assert own_labels.tones(gray).shape == (6, 2, 2, 1)
    assert own_labels.tones(gray)[:, 0, 0, 0].tolist() == [0, 0, 1, 1, 2, 2]


def test_class_folders_are_classes_for_the_loader():
    folder = own_labels.class_folders(["1", "2", "10"])
    dataset = load(folder)
    assert dataset.class_names == ["1", "10", "2"]
    assert len(dataset.file_paths) == 3
