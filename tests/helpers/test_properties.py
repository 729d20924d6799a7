"""Properties: in any folder, whatever comes with a path is the image, the label, the prediction of that very file."""

from pathlib import Path

from helpers import access
from helpers.bad_images import find_bad_images
from helpers.files import list_images

import keras
import hypothesis
import hypothesis.strategies as st
import numpy as np
from PIL import Image

from tests.material import load, state

NAMES = st.text("aB1é ü木😀_-[", min_size=1, max_size=4).filter(lambda name: not name.endswith(" "))
FILES = st.builds(
    lambda folders, stem, ending: "/".join([*folders, stem + ending]),
    st.lists(NAMES, max_size=1),
    NAMES,
    st.sampled_from([".png", ".jpg", " 1.PNG", ".JPEG"]),
)
SIZES = st.tuples(st.integers(1, 24), st.integers(1, 24))
NO_IMAGE = None
CLASSES = st.dictionaries(
    NAMES, st.dictionaries(FILES, SIZES | SIZES | st.just(NO_IMAGE), min_size=1, max_size=6), min_size=1, max_size=3
)
DECODING = st.fixed_dictionaries(
    {
        "image_size": st.tuples(st.integers(1, 20), st.integers(1, 20)),
        "color_mode": st.sampled_from(["rgb", "grayscale"]),
        "interpolation": st.sampled_from(["bilinear", "nearest", "area", "bicubic"]),
        "crop_to_aspect_ratio": st.booleans(),
    }
)
Loaded = dict[str, tuple[np.ndarray, str]]  # path -> image and name of its class, as the loader gives them


def make(root: Path, classes: dict[str, dict[str, tuple[int, int] | None]], decoding: dict) -> Loaded:
    """The folder, whole. It is loaded before the files that are no images are there, which would stop the loader."""
    broken = []
    for class_name, names in classes.items():
        (root / class_name).mkdir(parents=True)
        for number, (name, size) in enumerate(names.items()):
            path = root / class_name / name
            path.parent.mkdir(exist_ok=True)
            if size is NO_IMAGE:
                broken.append(path)
            else:
                pixels = np.random.default_rng(number).integers(0, 256, (*size, 3), "uint8")
                Image.fromarray(pixels).save(path)
    dataset = load(root, shuffle=False, batch_size=None, **decoding)
    loaded = [(image, dataset.class_names[label]) for image, label in dataset.as_numpy_iterator()]
    for path in broken:
        path.write_bytes(b"\x89PNG" * (len(path.name) % 2))
    return dict(zip(dataset.file_paths, loaded, strict=True))


def assert_each_its_own(images, paths, loaded: Loaded) -> None:
    paths = [path.decode() for path in paths]
    assert sorted(paths) == sorted(loaded)
    for path, image in zip(paths, images, strict=True):
        np.testing.assert_array_equal(image, loaded[path][0], err_msg=path)


@hypothesis.settings(max_examples=8)
@hypothesis.given(
    classes=CLASSES,
    decoding=DECODING,
    batch_size=st.integers(1, 20),
    shuffle=st.booleans(),
    seed=st.none() | st.integers(0, 2**31),
    data=st.data(),
)
def test_whatever_comes_with_a_path_belongs_to_that_file(
    tmp_path_factory, classes, decoding, batch_size, shuffle, seed, data
):
    hypothesis.assume(any(size for names in classes.values() for size in names.values()))
    root = tmp_path_factory.mktemp("tree") / "é root"
    loaded = make(root, classes, decoding)
    before = state(root)

    broken = {problem.path for problem in find_bad_images(root) if problem.kind == "broken"}
    listing = list_images(root)
    label_of = dict(zip(listing.paths, listing.labels, strict=True))
    paths = [path for path in listing.paths if path not in broken]
    labels = [label_of[path] for path in paths]
    assert paths == list(loaded)
    for path, label in zip(paths, labels, strict=True):
        image, class_name = loaded[path]
        np.testing.assert_array_equal(access.decode_image(path, **decoding), image)
        assert listing.class_names[label] == class_name
    i = data.draw(st.integers(-len(paths), len(paths) - 1))
    np.testing.assert_array_equal(access.image_at(paths, i, **decoding), loaded[paths[i]][0])

    options = {"batch_size": batch_size, "shuffle": shuffle, "seed": seed, **decoding}
    images, found = access.collect(access.image_dataset(paths, **options))
    assert_each_its_own(images, found, loaded)
    labelled = access.image_dataset(paths, labels, **options)
    pixels_themselves = keras.Sequential([keras.layers.Flatten()])
    for rows, found_labels, found in (
        access.collect(labelled),
        access.predict_with_labels(pixels_themselves, labelled),
    ):
        assert_each_its_own(rows.reshape(images.shape), found, loaded)
        assert found_labels.tolist() == [label_of[path.decode()] for path in found]
        assert shuffle or [path.decode() for path in found] == paths
    assert state(root) == before
