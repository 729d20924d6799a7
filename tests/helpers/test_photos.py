"""The photos: made whole or not at all, always the same; a folder of one's own is checked and never touched."""

import functools
import http.server
import io
import json
import shutil
import socket
import tarfile
import threading
from pathlib import Path

from helpers import DATA, photos, sample

import pytest
from PIL import Image

from tests.material import (
    BMP,
    JPEG,
    JPEG_XL,
    PNG,
    RGB,
    announcing,
    encoded,
    gif,
    load,
    make_files,
    masked_bmp,
    photo,
    pipe_at,
    state,
)

WANTED = "at least 2 classes and 16 images"


@pytest.fixture(scope="module")
def made() -> Path:
    """Our photos, to be copied."""
    return sample.made_in(DATA / "photos")


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch) -> Path:
    """A place for made data, still empty."""
    monkeypatch.setattr(photos, "DATA", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """A folder of one's own that can serve, named by PHOTOS."""
    folder = tmp_path / "my photos"
    for class_name in ("Bäume", "two words"):
        (folder / class_name).mkdir(parents=True)
        for number in range(8):
            Image.new("RGB", (9 + number, 7)).save(folder / class_name / f"é {number}.{('jpg', 'PNG')[number % 2]}")
    monkeypatch.setenv("PHOTOS", str(folder))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# The sample


def test_without_photos_of_ones_own_the_sample_is_made(data, made):
    assert photos.folder() == data / "photos"
    assert contents(data / "photos") == contents(made)


# A folder of one's own


def test_photos_names_the_folder_to_use(own, data):
    assert photos.folder() == own
    assert not data.exists()


@pytest.mark.parametrize("given", ["~/my photos", "my photos", "../my photos/../my photos/"])
def test_photos_may_be_relative_to_home_or_the_working_directory(own, monkeypatch, given):
    (own.parent / "elsewhere").mkdir()
    monkeypatch.chdir(own.parent / "elsewhere" if given.startswith("..") else own.parent)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(own.parent))
    monkeypatch.setenv("PHOTOS", given)
    folder = photos.folder()
    assert folder.is_absolute()
    assert folder.samefile(own)


def test_nothing_changes_in_a_folder_of_ones_own(own):
    before = state(own)
    photos.folder()
    assert state(own) == before


def test_nothing_changes_in_a_folder_of_ones_own_that_is_refused(own):
    (own / "Bäume" / "broken.jpg").touch()
    before = state(own)
    with pytest.raises(ValueError, match="cannot be decoded"):
        photos.folder()
    assert state(own) == before


def remove(own: Path) -> Path:
    shutil.rmtree(own)
    return own


def replace_by_a_file(own: Path) -> Path:
    remove(own).write_text("a file")
    return own


def empty(own: Path) -> Path:
    remove(own).mkdir()
    return own


def keep_no_images(own: Path) -> Path:
    for path in own.glob("*/*"):
        path.rename(path.with_suffix(".txt"))
    return own


def flatten(own: Path) -> Path:
    for path in own.glob("*/*"):
        path.rename(own / f"{path.parent.name} {path.name}")
    return own


def keep_one_class(own: Path) -> Path:
    for path in own.glob("two words/*"):
        path.rename(own / "Bäume" / f"more {path.name}")
    return own


def take_one_image(own: Path) -> Path:
    (own / "two words" / "é 0.jpg").unlink()
    return own


def leave_one_image_outside_the_classes(own: Path) -> Path:
    (own / "two words" / "é 0.jpg").rename(own / "é 0.jpg")
    return own


def hide_a_class(own: Path) -> Path:
    (own / "two words").rename(own / ".two words")  # the loader reads no folder whose name begins with a dot
    return own


def add_an_empty_class(own: Path) -> Path:
    (own / "cache").mkdir()
    return own


def give_a_name_that_is_not_utf_8(own: Path) -> Path:
    try:
        shutil.copy(own / "Bäume" / "é 0.jpg", own / "Bäume" / "caf\udce9.jpg")
    except OSError:
        pytest.skip("this system has no such names")
    return own


def link_a_class(own: Path) -> Path:
    moved = (own / "two words").rename(own.parent / "elsewhere")
    try:
        (own / "two words").symlink_to(moved, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets its users make no links")
    return own


BAD_FOLDERS = [
    (link_a_class, ValueError, "two words is a link"),
    (give_a_name_that_is_not_utf_8, ValueError, r"caf\udce9.jpg: a name that is not UTF-8"),
    (add_an_empty_class, ValueError, "there is no image in"),
    (remove, FileNotFoundError, "There is no folder"),
    (replace_by_a_file, NotADirectoryError, "is a file"),
    (empty, ValueError, "There is no image"),
    (keep_no_images, ValueError, "There is no image"),
    (flatten, ValueError, "16 images, but none in a sub-folder"),
    (keep_one_class, ValueError, "only one class, 'Bäume'"),
    (take_one_image, ValueError, "only 15 images"),
    (leave_one_image_outside_the_classes, ValueError, "only 15 images"),
    (hide_a_class, ValueError, "only one class, 'Bäume'"),
]


@pytest.mark.parametrize(("spoil", "error_type", "problem"), BAD_FOLDERS)
def test_a_folder_that_cannot_serve_is_refused(own, spoil, error_type, problem):
    spoil(own)
    with pytest.raises(error_type) as error:
        photos.folder()
    for words in ("PHOTOS", str(own), problem, WANTED, "Without PHOTOS"):
        assert words in str(error.value)


BROKEN_FILES = {
    "zero bytes.jpg": b"",
    "text.jpg": b"not an image",
    "truncated.jpeg": JPEG[:-2],
    "truncated.PNG": PNG[: len(PNG) // 2],
    "truncated.bmp": BMP[: len(BMP) // 2],
    "another format.bmp": encoded(RGB, "TIFF"),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_an_image_that_cannot_be_decoded_is_named(own, name):
    broken = own / "two words" / name
    broken.write_bytes(BROKEN_FILES[name])
    with pytest.raises(ValueError, match="cannot be decoded") as error:
        photos.folder()
    for words in ("PHOTOS", str(broken)):
        assert words in str(error.value)
    assert "\n" not in str(error.value)


NOT_FOR_ALL_NOTEBOOKS = {  # what the loader reads, with what is said
    "97 times as high.png": (encoded(photo(97, 1), "PNG"), "97 by 1 pixels, too thin for pad_to_aspect_ratio"),
    "97 times as wide.gif": (encoded(photo(2, 194), "GIF"), "194 by 2 pixels, too thin for pad_to_aspect_ratio"),
    "jpeg xl.jpg": (JPEG_XL["rgb"], "cannot be opened with Pillow, as notebooks 03 and 14 do. Save it again"),
    "masks.bmp": (masked_bmp(0xFF, 0xFF00, 0xFF0000, header_bytes=40), "cannot be opened with Pillow"),
    "not tried.gif": (
        gif((9, 9), (0, 0, 10_000, 10_000)),
        "has 100 million pixels according to its header, so it was not",
    ),
}


@pytest.mark.parametrize("name", NOT_FOR_ALL_NOTEBOOKS)
def test_an_image_that_a_notebook_cannot_take_is_named(own, name):
    content, words = NOT_FOR_ALL_NOTEBOOKS[name]
    (own / "two words" / name).write_bytes(content)
    with pytest.raises(ValueError, match="PHOTOS") as error:
        photos.folder()
    assert f"{own / 'two words' / name}: {words}" in str(error.value)


@pytest.mark.parametrize(("height", "width"), [(96, 1), (1, 96)])
def test_an_image_that_can_just_be_padded_is_accepted(own, height, width):
    (own / "two words" / "thin.png").write_bytes(encoded(photo(height, width), "PNG"))
    assert photos.folder() == own
    list(load(own, image_size=(96, 192), pad_to_aspect_ratio=True))  # as in notebook 01


def test_a_pipe_is_named_and_not_read(own):
    with pipe_at(own / "two words" / "pipe.jpg"), pytest.raises(ValueError, match=r"pipe\.jpg: is a pipe, a device"):
        photos.folder()


def test_a_link_that_leads_nowhere_is_named(own):
    make_files(own, "two words/link.jpg -> nowhere.jpg")  # the loader would read it
    with pytest.raises(ValueError, match=r"PHOTOS: .*link\.jpg: cannot be decoded .*No such file"):
        photos.folder()


# Of a large folder, a part is decoded


def test_one_large_file_does_not_keep_others_from_being_decoded(own, monkeypatch):
    monkeypatch.setattr(photos, "BYTES_TO_DECODE", 40_000)
    (own / "two words" / "large.png").write_bytes(encoded(photo(200, 200), "PNG"))
    assert (own / "two words" / "large.png").stat().st_size > 40_000
    assert photos.folder() == own
    for path in sorted(own.glob("*/é*")):  # they come before it and behind it
        content = path.read_bytes()
        path.write_bytes(content[:-4])
        with pytest.raises(ValueError, match=path.name):
            photos.folder()
        path.write_bytes(content)


def test_no_more_is_decoded_than_is_said(own, monkeypatch):
    decoded = []
    monkeypatch.setattr(photos, "find_bad_images", lambda paths: decoded.extend(paths) or [])
    size = sum(path.stat().st_size for path in own.glob("*/*"))
    monkeypatch.setattr(photos, "BYTES_TO_DECODE", size // 2)
    assert photos.folder() == own
    assert 0.4 * size < sum(Path(path).stat().st_size for path in decoded) <= size // 2


LARGE = {  # of which the header is read
    "text.jpg": (b"no image", "cannot be opened with Pillow"),
    "tiff.jpg": (encoded(RGB, "TIFF"), "Inside it is a TIFF, which TensorFlow does not read. Save it again"),
    "thin.png": (encoded(photo(97, 1), "PNG"), "97 by 1 pixels, too thin"),
    "pixels.png": (announcing(PNG, 10_000, 10_000), "has too many pixels to try. Save it smaller"),
    "bomb.png": (announcing(PNG, 20_000, 20_000), "has too many pixels to try. Save it smaller"),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_header_of_a_large_file_is_read(own, monkeypatch, name):
    monkeypatch.setattr(photos, "BYTES_TO_DECODE", 0)
    assert photos.folder() == own
    content, words = LARGE[name]
    (own / "two words" / name).write_bytes(content)
    with pytest.raises(ValueError, match="PHOTOS") as error:
        photos.folder()
    assert f"{own / 'two words' / name}: {words}" in str(error.value)


# The flower photos, from a small copy of their archive on this machine


def archive(folder: Path, pattern: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for path in sorted(folder.rglob(pattern)):
            tar.add(path, path.relative_to(folder.parent))
    return stream.getvalue()


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Address of a web server on this machine that offers a good archive and bad ones; `.requests` counts."""
    flower_photos, site = tmp_path / "flower_photos", tmp_path / "site"
    for class_name in ("daisy", "roses"):
        (flower_photos / class_name).mkdir(parents=True)
        for number in range(2):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(flower_photos / class_name / f"{number}.jpg")
    (flower_photos / "LICENSE.txt").write_text("free")
    site.mkdir()
    whole = archive(flower_photos, "*.*")
    (site / "flower_photos.tgz").write_bytes(whole)
    (site / "truncated.tgz").write_bytes(whole[: len(whole) // 2])
    (site / "page.tgz").write_text("<html>Please log in to the network of this hotel.</html>")
    (site / "without_photos.tgz").write_bytes(archive(flower_photos, "*.txt"))

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words):
            web.requests += 1

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site))
    web.requests = 0
    web.address = f"http://127.0.0.1:{web.server_port}"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
    yield web
    web.shutdown()
    web.server_close()


def test_flowers_are_downloaded_once(server, data, tmp_path):
    for _ in range(2):
        assert photos.flowers(f"{server.address}/flower_photos.tgz") == data / "flower_photos"
    assert server.requests == 1
    assert contents(data / "flower_photos") == contents(tmp_path / "flower_photos")
    assert load(data / "flower_photos").class_names == ["daisy", "roses"]


@pytest.mark.filterwarnings("ignore:Could not extract archive")
@pytest.mark.parametrize("name", ["missing.tgz", "truncated.tgz", "page.tgz", "without_photos.tgz"])
def test_a_failed_download_is_told_and_can_be_tried_again(server, data, name):
    with pytest.raises(ConnectionError, match=f"{server.address}/{name}.*photos.folder\\(\\) needs none"):
        photos.flowers(f"{server.address}/{name}")
    assert not (data / "flower_photos").exists()
    assert photos.flowers(f"{server.address}/flower_photos.tgz").is_dir()


def test_no_connection_is_told(data):
    with socket.socket() as deaf:  # bound, so that nobody else takes the port, but not listening
        deaf.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/flower_photos.tgz"
        with pytest.raises(ConnectionError, match=f"{address}.*photos.folder\\(\\) needs none"):
            photos.flowers(address)
    assert not (data / "flower_photos").exists()


def test_a_broken_image_outside_of_the_classes_is_named(own):
    (own / "._1.jpg").write_bytes(b"not an image")  # with label_mode=None the loader reads it
    with pytest.raises(ValueError, match=r"\._1\.jpg: cannot be decoded"):
        photos.folder()


def test_a_path_with_dots_is_made_plain(own, monkeypatch):
    monkeypatch.setenv("PHOTOS", str(own / ".." / own.name))
    assert photos.folder() == own


# The photos for a model


def test_without_numbers_they_have_the_same_names_and_other_pixels(data, made):
    plain = photos.without_numbers()
    assert plain != photos.folder()
    assert contents(plain).keys() == contents(made).keys()
    assert all(contents(plain)[name] != content for name, content in contents(made).items())


def test_a_folder_of_ones_own_is_taken_as_it_is(own):
    assert photos.without_numbers() == photos.folder() == own


# The copy in which some lie wrong


def truth_of(copy: Path) -> dict[str, str]:
    """Of each file of a copy the file that it was."""
    return json.loads((copy.parent / "truth.json").read_text("utf-8"))


def moved(copy: Path) -> list[str]:
    return [name for name, original in truth_of(copy).items() if Path(name).parts[0] != Path(original).parts[0]]


@pytest.fixture
def misfiled(data, made) -> Path:
    shutil.copytree(made, data / "photos_without_numbers")
    return photos.misfiled_copy()


def test_one_photo_in_forty_is_moved_and_the_truth_is_told_beside_the_copy(misfiled, made):
    truth, original, copy = truth_of(misfiled), contents(made), contents(misfiled)
    assert {original[old] for old in truth.values()} == set(original.values())
    assert len(copy) == len(truth) == 300
    assert all(copy[name] == original[old] for name, old in truth.items())
    assert len(moved(misfiled)) == 7


def test_the_names_of_the_copy_tell_nothing(misfiled):
    truth = truth_of(misfiled)
    names = sorted(Path(name).stem for name in truth)
    assert names == [f"photo_{number:04d}" for number in range(300)]
    places = {
        folder.name: [p.relative_to(misfiled).as_posix() for p in sorted(folder.iterdir())]
        for folder in misfiled.iterdir()
    }
    ranks = [places[name.split("/")[0]].index(name) for name in moved(misfiled)]
    assert len(set(ranks)) > 3  # neither the first nor the last of their folder
    by_name = [truth[name] for name in sorted(truth, key=lambda name: Path(name).name)]
    assert by_name != sorted(by_name)


def test_another_seed_moves_others(misfiled):
    here = {truth_of(misfiled)[name] for name in moved(misfiled)}
    other = photos.misfiled_copy(seed=1)
    assert {truth_of(other)[name] for name in moved(other)} != here


def test_the_same_seed_gives_the_same_copy(misfiled):
    truth = truth_of(misfiled)
    shutil.rmtree(misfiled.parent)
    assert photos.misfiled_copy() == misfiled
    assert truth_of(misfiled) == truth


def test_of_a_folder_of_ones_own_a_copy_is_made_and_no_class_is_left_empty(own):
    for path in sorted((own / "two words").iterdir())[1:]:  # half of the photos are alone in their class
        (own / path.stem).mkdir()
        path.rename(own / path.stem / path.name)
    classes = {folder.name for folder in own.iterdir()}
    before = contents(own)
    for seed in range(4):
        copy = photos.misfiled_copy(seed)
        assert len(moved(copy)) == 1
        assert {folder.name for folder in copy.iterdir()} == classes
        assert all(any(folder.iterdir()) for folder in copy.iterdir())
    assert contents(own) == before


def test_a_folder_that_changed_is_copied_anew(own):
    first = photos.misfiled_copy()
    shutil.copy(own / "Bäume/é 0.jpg", own / "two words/one more.jpg")
    assert len(contents(photos.misfiled_copy())) == len(contents(first)) + 1
    before = photos.misfiled_copy()
    Image.new("RGB", (90, 70)).save(own / "Bäume/é 2.jpg")  # no other name, and another size
    assert photos.misfiled_copy() != before


def move(photo: Path) -> None:
    photo.rename(photo.parent.parent / "Bäume" / f"moved {photo.name}")


@pytest.mark.parametrize("change", [Path.unlink, move])
def test_a_copy_that_was_changed_is_made_anew(own, change):
    copy = photos.misfiled_copy()
    before = contents(copy)
    change(copy / moved(copy)[0])
    assert contents(copy) != before
    assert photos.misfiled_copy() == copy
    assert contents(copy) == before


def test_of_a_large_folder_a_part_is_copied(own):
    for number in range(1000):
        shutil.copy(own / "Bäume" / "é 0.jpg", own / "Bäume" / f"{number}.jpg")
    assert len(contents(photos.misfiled_copy())) == 1000
