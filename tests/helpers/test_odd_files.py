"""The zoo of odd files: each is what its name says, always the same, and the loader treats it as the lesson tells."""

import io
from pathlib import Path

from helpers import odd_files
from helpers.bad_images import find_bad_images
from helpers.decoding import decode_image
from helpers.files import list_images

import tensorflow as tf
import numpy as np
import pytest
from PIL import Image

from tests.material import load, state


@pytest.fixture(scope="module")
def zoo(tmp_path_factory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(odd_files, "DATA", tmp_path_factory.mktemp("data"))
        return odd_files.odd_files()


IN_THE_ZOO = [
    ("cover.jpg", "folder", "an image outside the class folders"),
    ("hidden/._photo.jpg", "folder", "hidden"),
    ("hidden/.ipynb_checkpoints", "folder", "hidden"),
    ("nothing_yet", "folder", "contains no image"),
    (".", "folder", "files with the extension .jfif: 1. The loader leaves out such files, too."),
    (".", "folder", "files with the extension .tif: 1. The loader leaves out such files, too."),
    (".", "folder", "files with the extension .webp: 1. The loader leaves out such files, too."),
    ("broken/checksum.png", "broken", "Invalid PNG data"),
    ("broken/empty.jpg", "broken", "Input is empty"),
    ("broken/huge_header.png", "broken", "PNG size too large for int: 40000 by 40000"),
    ("broken/tiff_inside.jpg", "broken", "Inside it is a TIFF"),
    ("broken/truncated.bmp", "broken", "Inside it is a BMP"),
    ("broken/truncated.gif", "broken", "Inside it is a GIF"),
    ("broken/truncated.jpg", "broken", "Inside it is a JPEG"),
    ("broken/truncated.png", "broken", "Inside it is a PNG"),
    ("broken/two_bytes_short.jpg", "broken", "Inside it is a JPEG"),
    ("broken/web_page.jpg", "broken", "Inside it is a web page"),
    ("silent/16_bits.png", "odd", "16 bits per channel"),
    ("silent/animated.gif", "odd", "an animation"),
    ("silent/palette.bmp", "odd", "a BMP with a palette"),
    ("silent/transparent.png", "odd", "partly transparent"),
    ("silent/turned_by_exif.jpg", "odd", "turned by EXIF orientation 6"),
]


def test_all_that_is_odd_in_the_zoo_is_found_in_order_and_nothing_else(zoo):
    problems = find_bad_images(zoo)
    assert [problem[:2] for problem in problems] == [(str(zoo / name), kind) for name, kind, _ in IN_THE_ZOO]
    for problem, (_, _, words) in zip(problems, IN_THE_ZOO, strict=True):
        assert words in problem.reason
    assert problems[:4] == list_images(zoo).problems


@pytest.mark.parametrize(("name", "count"), [("good", 8), ("silent", 10), ("formats", 1)])
def test_the_loader_reads_what_is_good_silent_or_of_a_known_format(zoo, name, count):
    images = list(load(zoo / name, labels=None, batch_size=None))
    assert len(images) == count


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("16_bits.png", True),
        ("animated.gif", False),
        ("cmyk.jpg", False),
        ("damaged_inside.jpg", True),
        ("palette.bmp", True),
        ("palette.png", False),
        ("png_inside.jpg", False),
        ("transparent.png", True),
        ("turned_by_exif.jpg", True),
        ("webp_inside.jpg", False),
    ],
)
def test_a_silent_file_is_the_photo_or_shows_what_went_wrong_with_it(zoo, name, differs):
    image, whole = (decode_image(zoo / path, (200, 300)).numpy() for path in (f"silent/{name}", "cover.jpg"))
    assert (np.abs(image - whole).mean() > 8) == differs
    assert (image[100, 50] == [255, 0, 255]).all() == (name == "transparent.png")


def names_in(name: str) -> list[str]:
    return [path.removeprefix(f"{name}/") for path, _, _ in IN_THE_ZOO if path.startswith(f"{name}/")]


@pytest.mark.parametrize("name", names_in("broken"))
def test_the_loader_fails_at_iteration_on_each_broken_file_alone(zoo, tmp_path, name):
    (tmp_path / name).write_bytes((zoo / "broken" / name).read_bytes())
    dataset = load(tmp_path, labels=None, image_size=(8, 8))
    with pytest.raises(tf.errors.InvalidArgumentError):
        next(iter(dataset))


def test_the_loader_reads_what_is_hidden_and_makes_a_class_of_nothing(zoo):
    dataset = load(zoo, shuffle=False)
    assert dataset.class_names == ["broken", "formats", "good", "hidden", "nothing_yet", "silent"]
    names = [path.relative_to(zoo).as_posix() for path in map(Path, dataset.file_paths)]
    assert [name for name in names if name.startswith("hidden/")] == [
        "hidden/._photo.jpg",
        "hidden/photo.jpg",
        "hidden/.ipynb_checkpoints/photo-checkpoint.jpg",
    ]
    assert not any(name.startswith("nothing_yet/") for name in names)
    assert sorted(path.name for path in (zoo / "broken").iterdir()) == names_in("broken")


def test_the_zoo_is_always_the_same(zoo, tmp_path, monkeypatch):
    monkeypatch.setattr(odd_files, "DATA", tmp_path)
    again = odd_files.odd_files()
    contents = [{path.relative_to(root): row and row[2] for path, row in state(root).items()} for root in (zoo, again)]
    assert contents[0] == contents[1]


def test_the_zoo_is_made_once(zoo, monkeypatch):
    before = state(zoo)
    monkeypatch.setattr(odd_files, "DATA", zoo.parent)
    assert odd_files.odd_files() == zoo
    assert state(zoo) == before


IN_THE_INHERITED_FOLDER = [
    ("monday/._IMG_0006.jpg", "folder", "hidden"),
    (".", "folder", "files with the extension .tif: 1. The loader leaves out such files, too."),
    ("monday/IMG_0003.jpg", "odd", "turned by EXIF orientation 6"),
    ("monday/IMG_0005.jpg", "broken", "It is cut off or damaged"),
    ("monday/IMG_0011.png", "odd", "partly transparent"),
    ("tuesday/IMG_0019.png", "odd", "16 bits per channel"),
    ("tuesday/IMG_0021.jpg", "broken", "Inside it is a TIFF"),
    ("tuesday/IMG_0025.bmp", "odd", "a BMP with a palette"),
    ("tuesday/IMG_0027.png", "not tried", "has 100 million pixels"),
]


def test_of_ten_files_in_the_inherited_folder_nine_are_found_and_one_is_damaged_in_the_middle(zoo, monkeypatch):
    monkeypatch.setattr(odd_files, "DATA", zoo.parent)
    folder = odd_files.inherited()
    problems = find_bad_images(folder)
    assert [problem[:2] for problem in problems] == [
        (str(folder / name), kind) for name, kind, _ in IN_THE_INHERITED_FOLDER
    ]
    for problem, (_, _, words) in zip(problems, IN_THE_INHERITED_FOLDER, strict=True):
        assert words in problem.reason
    damaged = decode_image(folder / "monday/IMG_0009.jpg", (200, 300)).numpy()
    assert np.abs(damaged - decode_image(zoo / "cover.jpg", (200, 300))).mean() > 8
    assert sum(path.is_file() for path in folder.rglob("*")) == 16 + 10


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_encoded_is_a_file_of_the_format(image_format):
    image = Image.new("RGB", (5, 4), "red")
    with Image.open(io.BytesIO(odd_files.encoded(image, image_format))) as again:
        assert (again.format, again.size) == (image_format, (5, 4))


def test_encoded_passes_options_on():
    image = Image.radial_gradient("L")
    assert len(odd_files.encoded(image, "JPEG", quality=5)) < len(odd_files.encoded(image, "JPEG", quality=95)) / 3
