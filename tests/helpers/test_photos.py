"""The photos: made whole or not at all, always the same; a folder of one's own is checked and never touched."""

import functools
import http.server
import io
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from helpers import photos

import keras
import numpy as np
import pytest
from PIL import Image

from tests.test_exercises import moved, truth_of

WANTED = "at least 2 classes and 16 images"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch) -> Path:
    """A place for made data, still empty."""
    monkeypatch.setattr(photos, "DATA", tmp_path / "data")
    return tmp_path / "data"


def made_apart(make: Callable[[], Path], tmp_path_factory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(photos, "DATA", tmp_path_factory.mktemp("data"))
        patch.delenv("PHOTOS", raising=False)
        return make()


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    """The photos, made once for the tests that only look at them."""
    return made_apart(photos.folder, tmp_path_factory)


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


def number_of(path) -> int:
    return int(Path(path).stem[-3:])


# The sample


def test_the_number_in_a_file_name_is_its_place_in_the_loader(sample):
    dataset = keras.utils.image_dataset_from_directory(sample, shuffle=False, batch_size=None, verbose=False)
    assert [number_of(path) for path in dataset.file_paths] == list(range(240))
    assert len(dataset.class_names) == 8
    names_of_labels = [dataset.class_names[label] for _, label in dataset]
    assert [Path(path).stem[:-4] for path in dataset.file_paths] == names_of_labels


def test_photos_differ_in_size_and_orientation(sample):
    sizes = [Image.open(path).size for path in sample.rglob("*.jpg")]
    assert max(map(max, sizes)) <= 420
    assert len(set(sizes)) > 100
    assert {np.sign(width - height) for width, height in sizes} == {-1, 0, 1}


def as_learners_see_it(photo: Image.Image) -> np.ndarray:
    return np.asarray(photo.convert("L").resize((128, 128)), float)


def drawn_on_white(number: int, size: tuple[int, int]) -> np.ndarray:
    return as_learners_see_it(photos._numbered(Image.new("RGB", size, "white"), number))


def test_each_photo_has_a_white_tag_at_the_lower_left(sample):
    for path in sample.rglob("*.jpg"):
        tag = as_learners_see_it(Image.open(path))[-16:, :40]
        assert (tag > 200).mean() > 0.4, path
        assert (tag < 60).mean() > 0.05, path


@pytest.mark.parametrize("number", range(0, 240, 29))
def test_the_number_can_be_read_at_128_by_128(sample, number):
    """Among the numbers around it, the right one looks most like what stands in the photo."""
    (path,) = sample.rglob(f"*_{number:03d}.jpg")
    photo = Image.open(path)
    rows, columns = np.nonzero(drawn_on_white(888, photo.size) < 128)
    digits = slice(rows.min(), None), slice(columns.max())
    seen = as_learners_see_it(photo)[digits]
    candidates = range(max(0, number - 10), number + 11)
    distances = [np.abs(drawn_on_white(candidate, photo.size)[digits] - seen).mean() for candidate in candidates]
    assert candidates[np.argmin(distances)] == number
    assert seen.shape[0] >= 16
    assert seen.shape[1] >= 36


def test_photos_made_again_are_the_same_to_the_byte(sample):
    assert contents(photos.folder()) == contents(sample)


def test_complete_photos_are_not_made_again(data, sample, monkeypatch):
    shutil.copytree(sample, data / "photos")
    monkeypatch.setattr(photos, "_make_sample", lambda target: pytest.fail("made again"))
    assert photos.folder() == data / "photos"


def lose_a_photo(data: Path) -> None:
    (data / "photos/cat/cat_030.jpg").unlink()


def be_killed_half_way(data: Path) -> None:
    shutil.rmtree(data / "photos/tissue")
    (data / "photos/cat/cat_030.jpg").write_bytes(b"half a phot")
    (data / "photos/cat/cat_030.jpg.tmp").touch()
    (data / "photos").rename(data / ".photos.unfinished")
    (data / ".photos.lock").touch()


@pytest.mark.parametrize("mishap", [lose_a_photo, be_killed_half_way])
def test_incomplete_photos_are_made_anew(data, sample, mishap):
    shutil.copytree(sample, data / "photos")
    mishap(data)
    assert contents(photos.folder()) == contents(sample)


def test_an_interrupted_making_leaves_no_photos(data, sample, monkeypatch):
    def interrupted(photo, number, numbered=photos._numbered):
        if number == 100:
            raise KeyboardInterrupt
        return numbered(photo, number)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(photos, "_numbered", interrupted)
        photos.folder()
    assert not (data / "photos").exists()
    assert contents(photos.folder()) == contents(sample)


def test_three_processes_at_once_all_get_complete_photos(data, sample):
    # Making photos does without TensorFlow, whose import would take most of the time of this test.
    script = """
import pathlib, sys, unittest.mock
sys.modules.update(keras=unittest.mock.Mock(), tensorflow=unittest.mock.Mock())
from helpers import photos
photos.DATA = pathlib.Path(sys.argv[1])
print("ready", flush=True)
input()
print(len(list(photos.folder().glob("*/*.jpg"))))
"""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", script, str(data)]
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        seen, deadline = set(), time.monotonic() + 60
        while time.monotonic() < deadline and None in [process.poll() for process in processes]:
            if (data / "photos").exists():
                seen.add(len(contents(data / "photos")))
        for process in processes:
            said, errors = process.communicate(timeout=1)
            assert said.splitlines()[-1:] == ["240"], errors
    finally:
        for process in processes:
            process.kill()
    assert seen <= {240}  # never a half
    assert contents(data / "photos") == contents(sample)


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


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_changes_in_a_folder_of_ones_own(own, broken):
    def state():
        times = {path: path.stat().st_mtime_ns for path in (own, *own.rglob("*"))}
        return times, contents(own)

    if broken:
        (own / "Bäume" / "broken.jpg").touch()
    before = state()
    try:
        photos.folder()
    except ValueError:
        assert broken
    assert state() == before


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


def link_a_class(own: Path) -> Path:
    moved = (own / "two words").rename(own.parent / "elsewhere")
    try:
        (own / "two words").symlink_to(moved, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets its users make no links")
    return own


BAD_FOLDERS = [
    (link_a_class, ValueError, "two words is a link"),
    (add_an_empty_class, ValueError, "there is no image in"),
    (remove, FileNotFoundError, "There is no folder"),
    (replace_by_a_file, NotADirectoryError, "is a file"),
    (empty, ValueError, "There is no image"),
    (keep_no_images, ValueError, "There is no image"),
    (flatten, ValueError, "16 images, and none in a sub-folder"),
    (keep_one_class, ValueError, "only one class, 'Bäume'"),
    (take_one_image, ValueError, "only 15 images"),
    (leave_one_image_outside_the_classes, ValueError, "only 15 images"),
    (hide_a_class, ValueError, "only one class, 'Bäume'"),
]


@pytest.mark.parametrize(("spoil", "error_type", "problem"), BAD_FOLDERS)
def test_a_folder_that_cannot_serve_is_refused(own, spoil, error_type, problem):
    spoil(own)
    start = time.monotonic()
    with pytest.raises(error_type) as error:
        photos.folder()
    assert time.monotonic() - start < 10  # a second or two, and room for a busy machine
    for words in ("PHOTOS", str(own), problem, WANTED, "Without PHOTOS"):
        assert words in str(error.value)


def encoded(image_format: str) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((100, 100), 50).convert("RGB").save(stream, image_format)
    return stream.getvalue()


BROKEN_FILES = {
    "zero bytes.jpg": b"",
    "text.jpg": b"not an image",
    "truncated.jpeg": encoded("jpeg")[:2000],
    "truncated.PNG": encoded("png")[:2000],
    "another format.bmp": encoded("tiff"),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_an_image_that_cannot_be_decoded_is_named(own, name):
    broken = own / "two words" / name
    broken.write_bytes(BROKEN_FILES[name])
    start = time.monotonic()
    with pytest.raises(ValueError, match="cannot be decoded") as error:
        photos.folder()
    assert time.monotonic() - start < 10  # a second or two, and room for a busy machine
    for words in ("PHOTOS", str(broken)):
        assert words in str(error.value)
    assert "\n" not in str(error.value)


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
    dataset = keras.utils.image_dataset_from_directory(data / "flower_photos", verbose=False)
    assert dataset.class_names == ["daisy", "roses"]


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


def test_an_empty_photo_is_made_anew_and_other_files_stay(data):
    folder = photos.folder()
    photo, note = folder / "cat" / "cat_030.jpg", folder / "cat" / "my note.txt"
    note.write_text("mine")
    assert photos.folder() == folder and note.exists()
    photo.write_bytes(b"")
    assert photos.folder() == folder
    assert photo.stat().st_size


# The copy in which some lie wrong


@pytest.fixture(scope="module")
def misfiled(tmp_path_factory) -> Path:
    return made_apart(photos.misfiled_copy, tmp_path_factory)


def test_one_photo_in_forty_is_moved_and_the_truth_is_told_beside_the_copy(misfiled):
    truth, original, copy = truth_of(misfiled), contents(photos.folder()), contents(misfiled)
    assert {original[old] for old in truth.values()} == set(original.values())
    assert len(copy) == len(truth) == 240
    assert all(copy[name] == original[old] for name, old in truth.items())
    assert len(moved(misfiled)) == 6


def test_the_names_of_the_copy_tell_nothing(misfiled):
    truth = truth_of(misfiled)
    names = sorted(Path(name).stem for name in truth)
    assert names == [f"photo_{number:04d}" for number in range(240)]
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
    assert truth_of(photos.misfiled_copy()) == truth_of(misfiled)
    assert photos.misfiled_copy() == photos.misfiled_copy()


def test_of_a_folder_of_ones_own_a_copy_is_made_and_no_class_is_left_empty(own):
    shutil.copytree(own / "Bäume", own / "a third")
    for photo in sorted((own / "a third").iterdir())[1:]:
        photo.unlink()
    before = contents(own)
    for seed in range(8):
        copy = photos.misfiled_copy(seed)
        assert len(moved(copy)) == 1
        assert {path.name for path in copy.iterdir()} == {"Bäume", "two words", "a third"}
        assert all(any(folder.iterdir()) for folder in copy.iterdir())
    assert contents(own) == before


def test_a_folder_that_changed_is_copied_anew(own):
    first = photos.misfiled_copy()
    shutil.copy(own / "Bäume/é 0.jpg", own / "two words/one more.jpg")
    assert len(contents(photos.misfiled_copy())) == len(contents(first)) + 1
    before = photos.misfiled_copy()
    Image.new("RGB", (90, 70)).save(own / "Bäume/é 2.jpg")  # no other name, and another size
    assert photos.misfiled_copy() != before


def put_right(photo: Path) -> None:
    photo.rename(photo.parent.parent / "Bäume" / f"moved {photo.name}")


@pytest.mark.parametrize("change", [Path.unlink, put_right])
def test_a_copy_that_was_changed_is_made_anew(own, change):
    copy = photos.misfiled_copy()
    before = contents(copy)
    change(copy / moved(copy)[0])
    assert contents(copy) != before
    assert photos.misfiled_copy() == copy
    assert contents(copy) == before


def test_of_a_large_folder_a_part_is_copied(own, monkeypatch):
    monkeypatch.setattr(photos, "_MOST_COPIED", 10)
    assert len(contents(photos.misfiled_copy())) == 10
