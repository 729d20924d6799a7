"""The sample: always the same photos, of many sizes, each with its number on it, which is its place in the loader."""

import shutil
from collections import Counter
from pathlib import Path

from helpers import sample

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.material import load, state


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return sample.made_in(tmp_path_factory.mktemp("data") / "photos")


def test_the_number_in_a_file_name_is_its_place_in_the_loader(made):
    dataset = load(made, shuffle=False, batch_size=None, image_size=(8, 8))
    assert [int(Path(path).stem[-3:]) for path in dataset.file_paths] == list(range(300))
    sizes = Counter(Path(path).parent.name for path in dataset.file_paths)
    assert [*sizes] == dataset.class_names
    assert (len(sizes), min(sizes.values()), max(sizes.values())) == (9, 20, 56)
    names_of_labels = [dataset.class_names[label] for _, label in dataset]
    assert [Path(path).stem[:-4] for path in dataset.file_paths] == names_of_labels


def test_photos_differ_in_size_and_orientation(made):
    sizes = [Image.open(path).size for path in made.rglob("*.jpg")]
    assert max(map(max, sizes)) <= 420
    assert len(set(sizes)) > 100
    assert {np.sign(width - height) for width, height in sizes} == {-1, 0, 1}


def test_photos_are_not_made_again(made):
    before = state(made)
    assert sample.made_in(made) == made
    assert state(made) == before


@pytest.mark.parametrize("lose", [Path.unlink, lambda photo: photo.write_bytes(b"")], ids=["gone", "empty"])
def test_when_a_photo_is_lost_they_are_made_again_the_same_to_the_byte(made, tmp_path, lose):
    copy = shutil.copytree(made, tmp_path / "copy")
    lose(copy / "cat" / "cat_026.jpg")
    sample.made_in(copy)
    contents = [{path.relative_to(root): row and row[2] for path, row in state(root).items()} for root in (made, copy)]
    assert contents[0] == contents[1]


def as_learners_see_it(photo: Image.Image) -> np.ndarray:
    return np.asarray(photo.convert("L").resize((128, 128)))


def test_each_photo_has_a_white_tag_at_the_lower_left(made):
    for path in made.rglob("*.jpg"):
        tag = as_learners_see_it(Image.open(path))[-16:, :40]
        assert (tag > 200).mean() > 0.4, path
        assert (tag < 60).mean() > 0.05, path


def test_without_numbers_they_are_the_same_crops_without_a_tag(made, tmp_path):
    bare = sample.made_in(tmp_path / "bare", with_numbers=False)
    for path in sorted(bare.rglob("*.jpg"))[::20]:
        with Image.open(path) as photo, Image.open(made / path.relative_to(bare)) as tagged:
            differs = np.abs(np.asarray(photo, int) - np.asarray(tagged, int)).max(axis=-1) > 60
        assert differs[-16:, :40].any()
        assert not differs[: photo.height // 2].any()
        assert not differs[:, photo.width * 3 // 4 :].any()


def digits(number: int, size: tuple[int, int]) -> np.ndarray:
    """A number as it would look in a photo of that size, cut out."""
    image = Image.new("L", size, "white")
    font = ImageFont.load_default(size=0.27 * min(size))
    ImageDraw.Draw(image).text((size[0] // 4, size[1] // 2), f"{number:03d}", font=font, fill="black")
    seen = as_learners_see_it(image)
    rows, columns = np.nonzero(seen < 128)
    return seen[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("number", range(0, 300, 37))
def test_the_number_can_be_read_at_128_by_128(made, number):
    """Among the numbers around it, the right one looks most like what stands in the corner of the photo."""
    (path,) = made.rglob(f"*_{number:03d}.jpg")
    photo = Image.open(path)
    corner = as_learners_see_it(photo)[64:, :64]
    candidates = range(max(0, number - 10), number + 11)
    likeness = [
        cv2.matchTemplate(corner, digits(candidate, photo.size), cv2.TM_CCOEFF_NORMED).max() for candidate in candidates
    ]
    assert candidates[np.argmax(likeness)] == number
    assert min(digits(number, photo.size).shape) >= 16
