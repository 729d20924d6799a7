"""Files: listed as the loader lists them, without opening one; what is odd in a folder is said, with its path."""

import os
import subprocess
import sys
from pathlib import Path

from helpers.files import EXTENSIONS, list_images

import hypothesis
import hypothesis.strategies as st
import pytest

from tests.material import load, make_files, pipe_at, state


@pytest.fixture
def root(tmp_path) -> Path:
    return tmp_path / "é photos"  # not yet there


# The same as the loader


def assert_listed_as_loaded(root: Path, **options) -> None:
    listing = list_images(root, **options)
    loaded = load(root, shuffle=False, batch_size=None, image_size=(1, 1), **options)
    assert listing.paths == loaded.file_paths
    assert listing.class_names == (loaded.class_names or [])
    assert listing.labels == ([int(label) for _, label in loaded] if listing.class_names else [])


ORDINARY = {  # with their images in the order they are to be listed in
    "numbers": ["0/9.png", "1/1.png", "10/1.png", "10/10.png", "10/2.png", "2/1.png"],
    "upper and lower case": ["B/IMG_3.png", "B/img_1.png", "a/img_10.png", "a/img_2.png"],
    "extensions": ["a/1.PNG", "a/2.Jpg", "a/3.jpeg", "a/4.GIF", "a/5.bmp", "a/6.txt.png", "b/png.JPEG"],
    "names": [
        "Bäume/é 1.png",
        "[x] {y}/100%.png",
        "two words/ a.png",
        "two words/a, b;c.png",
        "木/😀.png",
        "😀/木.png",
    ],
    "sub-folders": ["a/z.png", "a/b/y.png", "a/b-1/x.png", "a/b/c/w.png", "a-b/1.png", "b/c/d/1.png"],
}


@pytest.mark.parametrize("names", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_folder_is_listed_as_the_loader_lists_it(root, names):
    make_files(root, *reversed(names))
    listing = list_images(root)
    assert listing.paths == [str(root / name) for name in names]
    assert listing.skipped == {}
    assert all("contains folders" in problem.reason for problem in listing.problems)
    for class_names in (None, listing.class_names[::-1], listing.class_names[1:]):
        assert_listed_as_loaded(root, class_names=class_names)
    assert_listed_as_loaded(root, labels=None)


NAMES = st.text("aB10é木😀 _-[", min_size=1, max_size=4).filter(lambda name: not name.endswith(" "))
FILES = st.builds(
    lambda folders, stem, extension: "/".join([*folders, stem + extension]),
    st.lists(NAMES, max_size=2),
    NAMES,
    st.sampled_from([*EXTENSIONS, ".PNG", ".Jpg", ".webp", ""]),
)


@hypothesis.settings(max_examples=12)
@hypothesis.given(tree=st.dictionaries(NAMES, st.lists(FILES, max_size=4), min_size=1, max_size=4), data=st.data())
def test_any_folder_is_listed_as_the_loader_lists_it(tmp_path_factory, tree, data):
    class_names = data.draw(st.lists(st.sampled_from(sorted(tree)), min_size=1, unique=True))
    hypothesis.assume(any(name.lower().endswith(EXTENSIONS) for chosen in class_names for name in tree[chosen]))
    root = tmp_path_factory.mktemp("tree")
    for class_name, names in tree.items():
        # A file without an extension may be called like a folder.
        folders = {str(parent) for name in names for parent in Path(name).parents}
        make_files(root / class_name, "./", *(name for name in names if name not in folders))
    for options in ({}, {"class_names": class_names}, {"labels": None}):
        assert_listed_as_loaded(root, **options)


def test_links_to_images_and_to_class_folders_are_followed_as_by_the_loader(root):
    make_files(root, "a/1.png", "a/2.png -> 1.png", "../elsewhere/3.png", "b -> ../elsewhere")
    assert list_images(root).paths == [str(root / name) for name in ("a/1.png", "a/2.png", "b/3.png")]
    assert_listed_as_loaded(root)


def test_a_relative_folder_gives_absolute_paths(root, monkeypatch):
    make_files(root, "a/1.png")
    monkeypatch.chdir(root)
    assert list_images(".").paths == list_images("../é photos/").paths == [str(root / "a" / "1.png")]


# What is refused, and what is said

WITHOUT_IMAGES = [
    ([], FileNotFoundError, "no folder {root} (looked up from {cwd})"),
    ([""], NotADirectoryError, "{root} is a file"),
    (["./"], ValueError, "{root}; found instead: nothing"),
    (["a/", "b/__pycache__/"], ValueError, "{root}; found instead: nothing"),
    (["a/1.webp", "a/2.WebP", "b/3.tif", "b/n"], ValueError, "found instead: 1 without extension, 1 .tif, 2 .webp."),
    (["a/._1.png"], ValueError, "{root}; found instead: {root}/a/._1.png: hidden"),
]
REFUSED = [
    *((names, {"labels": labels}, *error) for names, *error in WITHOUT_IMAGES for labels in ("inferred", None)),
    (["1.png", "2.JPG"], {}, ValueError, "{root} holds 2 images, but none in a sub-folder. Move the images into one"),
    (["1.png", "a/", "a.txt"], {}, ValueError, "{root} holds 1 image, but none in a sub-folder"),
    (["a/1.png"], {"class_names": ["a", "é"]}, ValueError, "['é']; the sub-folders of {root} are ['a']"),
    ([".a/1.png", "b/2.png"], {"class_names": [".a"]}, ValueError, "['.a']; the sub-folders of {root} are ['b']"),
    (["a/1.png", "b/2.png"], {"class_names": ["a", "b", "a"]}, ValueError, "['a'] more than once"),
    (["a/1.png"], {"labels": None, "class_names": ["a"]}, ValueError, "so leave out class_names"),
    (["a/1.png"], {"labels": [0]}, ValueError, 'labels must be "inferred" or None, not [0]'),
]


@pytest.mark.parametrize(("names", "options", "error_type", "words"), REFUSED)
def test_a_folder_that_cannot_be_listed_is_refused(root, names, options, error_type, words):
    make_files(root, *names)
    with pytest.raises(error_type) as error:
        list_images(root, **options)
    assert words.replace("/", os.sep).format(root=root, cwd=os.getcwd()) in str(error.value)


IMAGES = ["a/1.png", "b/2.png"]
ALL = {"labels": None}
ODD = [  # images that are listed, what lies beside them, options, what the one problem names and says
    (IMAGES, ["3.PNG"], {}, "3.PNG", "an image outside the class folders"),
    (IMAGES, [".hidden/3.png"], {}, ".hidden", "hidden"),
    (IMAGES, [".hidden/3.png"], ALL, ".hidden", "hidden"),
    (IMAGES, ["a/.ipynb_checkpoints/1-checkpoint.png"], {}, "a/.ipynb_checkpoints", "the loader reads it"),
    (IMAGES, ["a/._1.png"], {}, "a/._1.png", "the loader reads it"),
    (IMAGES, ["a/._1.png"], ALL, "a/._1.png", "the loader reads it"),
    (IMAGES, ["empty/"], {}, "empty", "contains no image, yet is a class"),
    (IMAGES, ["__pycache__/code.pyc"], {}, "__pycache__", "contains no image, yet is a class"),
    (IMAGES[1:], IMAGES[:1], {"class_names": ["b"]}, "a", "not among class_names"),
    ([*IMAGES, "b/more/3.png"], [], {}, "b", "contains folders; their images count towards the class 'b'"),
    ([*IMAGES, "c/deeper/3.png"], [], {}, "c", "contains folders; their images count towards the class 'c'"),
    (["test/a/1.png", "train/a/2.png"], [], {}, ".", "one level deeper than the class folders ['test', 'train']"),
    (IMAGES, ["a/3.png -> nowhere.png"], {}, "a/3.png", "a link that leads nowhere"),
    (IMAGES, ["a/3.png -> 3.png"], {}, "a/3.png", "a link that leads nowhere"),
    (IMAGES, ["a/up -> .."], {}, "a/up", "a link to a folder, which is not followed"),
    (IMAGES, ["a/b -> ../b"], {}, "a/b", "a link to a folder, which is not followed"),
    (IMAGES, ["up -> ."], ALL, "up", "a link to a folder, which is not followed"),
    (IMAGES, ["a/caf\udce9.png"], {}, "a/caf\udce9.png", "not UTF-8"),
    (IMAGES, ["caf\udce9/"], {}, "caf\udce9", "contains no image, yet is a class"),
]


@pytest.mark.parametrize(("images", "beside", "options", "odd", "words"), ODD)
def test_what_is_odd_is_said_with_its_path(root, images, beside, options, odd, words):
    make_files(root, *images, *beside)
    listing = list_images(root, **options)
    assert listing.paths == [str(root / image) for image in images]
    (problem,) = [problem for problem in listing.problems if words in problem.reason]
    path = str(root / odd).encode(errors="backslashreplace").decode()  # as it can be printed
    assert (problem.path, problem.kind) == (path, "unreadable name" if words == "not UTF-8" else "folder")
    assert str(problem) == f"{path}: {problem.reason}"
    assert len(listing.problems) == 1 or "level deeper" in words  # which goes with a word about each class folder


def test_a_pipe_is_passed_over_though_the_loader_would_read_it(root):
    make_files(root, *IMAGES)
    with pipe_at(root / "a" / "3.png"):
        for labels in ("inferred", None):
            listing = list_images(root, labels=labels)
            assert listing.paths == [str(root / image) for image in IMAGES]
            (problem,) = listing.problems
            assert problem[:2] == (str(root / "a" / "3.png"), "folder")
            assert problem.reason == (
                "a pipe, a device or a socket, so it is left out here; the loader tries to read it."
            )
        assert str(root / "a" / "3.png") in load(root).file_paths


def test_a_link_to_a_device_is_no_image(root):
    if not os.path.exists("/dev/zero"):
        pytest.skip("this system has no such device")
    make_files(root, *IMAGES)
    (root / "a" / "3.png").symlink_to("/dev/zero")
    listing = list_images(root)
    assert len(listing.paths) == 2
    assert [problem.reason[:17] for problem in listing.problems] == ["a pipe, a device "]


def test_other_files_are_counted_by_extension(root):
    make_files(root, *IMAGES, "a/1.webp", "a/2.WebP", "b/3.tif", "b/c/4.jfif", "b/5.png.bak", "b/notes")
    listing = list_images(root)
    assert listing.skipped == {".webp": 2, ".tif": 1, ".jfif": 1, ".bak": 1, "": 1}
    assert listing.problems == []


def test_hidden_files_that_are_no_images_are_not_worth_a_word(root):
    make_files(root, *IMAGES, ".DS_Store", "a/.DS_Store", "b/.gitkeep")
    for labels in ("inferred", None):
        listing = list_images(root, labels=labels)
        assert listing.problems == []
        assert listing.skipped == {}


# How it is done


@pytest.fixture
def odd_root(root) -> Path:
    """Everything odd at once, on a system that can make it."""
    names = {name for images, beside, *_ in ODD for name in images + beside if name != "a/3.png -> 3.png"}
    return make_files(root, *names)


@pytest.mark.parametrize("labels", ["inferred", None])
def test_nothing_in_the_folder_changes(odd_root, labels):
    before = state(odd_root)
    list_images(odd_root, labels=labels)
    assert state(odd_root) == before


def test_problems_come_in_the_order_of_their_paths(odd_root):
    paths = [problem.path for problem in list_images(odd_root).problems]
    assert len(paths) > 10
    assert paths == sorted(paths)


def test_the_standard_library_is_enough():
    script = "import sys; before = {*sys.modules}; import helpers.files; print(*{*sys.modules} - before)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in run.stdout.split()}
    assert "helpers" in imported
    assert imported - {"helpers"} <= sys.stdlib_module_names
