"""decode_image: the loader's own pixels, from one file."""

import functools
import importlib.util
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

from helpers.access import image_dataset
from helpers.decoding import decode_image

import tensorflow as tf
import hypothesis
import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
import pytest
from PIL import Image

from tests.material import BMP, JPEG, PNG, announcing, data_format, encoded, load, photo, top_down

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")
FITS = {"squash": {}, "crop": {"crop_to_aspect_ratio": True}, "pad": {"pad_to_aspect_ratio": True}}


def picture(height: int, width: int, mode: str) -> Image.Image:
    """Colours, gradients and hard edges."""
    image = np.random.default_rng(height).integers(0, 60, (height, width, 4))
    image += np.linspace(0, 195, width, dtype=int)[None, :, None]
    image[: height // 2, : width // 3] = 250, 10, 10, 90
    return Image.fromarray(image.astype("uint8"), "RGBA").convert(mode)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    """Smaller and lying, larger and upright than (24, 40); in `alpha`, what can be read as RGBA: PNG only."""
    folder = tmp_path_factory.mktemp("pictures")
    modes_of = {"plain/jpg": ["RGB", "L"], "plain/png": ["RGB"], "alpha/png": ["RGBA", "RGB", "L"]}
    for sub_folder, modes in modes_of.items():
        (folder / sub_folder).mkdir(parents=True)
        for mode, (height, width) in itertools.product(modes, [(9, 14), (133, 61)]):
            path = folder / sub_folder / f"{mode} {height} × {width}"
            picture(height, width, mode).save(path.with_suffix("." + path.parent.name))
    return folder


def combinations():
    """All; those that are not thorough are a third, in which each two values meet."""
    axes = enumerate(INTERPOLATIONS), enumerate(["rgb", "grayscale", "rgba"]), enumerate(FITS)
    for (i, interpolation), (j, color_mode), (k, fit) in itertools.product(*axes):
        if fit == "crop" and interpolation in ("gaussian", "mitchellcubic"):
            continue  # the loader refuses it
        yield pytest.param(interpolation, color_mode, fit, marks=[pytest.mark.thorough] if (i + j + k) % 3 else [])


@pytest.mark.parametrize(("interpolation", "color_mode", "fit"), [*combinations()])
def test_decode_image_gives_the_pixels_of_the_loader(pictures, interpolation, color_mode, fit):
    options = {"image_size": (24, 40), "interpolation": interpolation, "color_mode": color_mode, **FITS[fit]}
    directory = pictures / ("alpha" if color_mode == "rgba" else "plain")
    loaded = load(directory, labels=None, batch_size=None, shuffle=False, **options)
    decode = functools.partial(decode_image, **options)
    mapped = tf.data.Dataset.from_tensor_slices(loaded.file_paths).map(decode)
    assert mapped.element_spec == loaded.element_spec
    assert len(loaded) == 6
    for path, expected, in_graph in zip(loaded.file_paths, loaded, mapped, strict=True):
        for image in (decode(path), in_graph):
            assert image.dtype == expected.dtype
            np.testing.assert_array_equal(image, expected, err_msg=path)


@pytest.mark.parametrize("interpolation", ["gaussian", "mitchellcubic"])
def test_decode_image_crops_with_every_interpolation_which_the_loader_does_not(pictures, tmp_path, interpolation):
    with pytest.raises(ValueError, match=interpolation):
        load(pictures, interpolation=interpolation, crop_to_aspect_ratio=True)
    picture(20, 60, "RGB").save(tmp_path / "wide.png")
    picture(20, 60, "RGB").crop((20, 0, 40, 20)).save(tmp_path / "middle.png")
    cropped = decode_image(tmp_path / "wide.png", (9, 9), interpolation=interpolation, crop_to_aspect_ratio=True)
    np.testing.assert_array_equal(cropped, decode_image(tmp_path / "middle.png", (9, 9), interpolation=interpolation))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@hypothesis.settings(max_examples=15)
@hypothesis.given(
    image=arrays.arrays("uint8", st.tuples(st.integers(1, 30), st.integers(1, 30), st.just(3))),
    image_size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    suffix=st.sampled_from([".png", ".jpg"]),
    crop=st.booleans(),
)
def test_decode_image_gives_the_pixels_of_the_loader_for_any_image(scratch, image, image_size, suffix, crop):
    for leftover in scratch.iterdir():
        leftover.unlink()
    Image.fromarray(image).save(scratch / f"image{suffix}")
    options = {"image_size": image_size, "crop_to_aspect_ratio": crop}
    (expected,) = load(scratch, labels=None, batch_size=None, **options)
    np.testing.assert_array_equal(decode_image(scratch / f"image{suffix}", **options), expected)


@pytest.fixture
def channels_first():
    with data_format("channels_first"):
        yield


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("color_mode", ["rgb", "grayscale"])
def test_channels_come_first_where_the_loader_gives_them_first(pictures, channels_first, fit, color_mode):
    options = {"image_size": (24, 40), "color_mode": color_mode, **FITS[fit]}
    loaded = load(pictures / "plain", labels=None, batch_size=None, shuffle=False, **options)
    mapped = image_dataset(loaded.file_paths, **options).unbatch()
    assert mapped.element_spec[0] == loaded.element_spec
    assert loaded.element_spec.shape == (3 if color_mode == "rgb" else 1, 24, 40)
    for path, expected, (in_graph, _) in zip(loaded.file_paths, loaded, mapped, strict=True):
        for image in (decode_image(path, **options), in_graph):
            np.testing.assert_array_equal(image, expected, err_msg=path)


COMPARE = """
import itertools, sys
import keras  # PyTorch aborts if TensorFlow comes before it
import numpy as np
from helpers.access import decode_image, image_dataset, predict_with_labels

assert keras.backend.backend() == sys.argv[2]
compared = 0
for data_format, interpolation, fit in itertools.product(
    ["channels_first", "channels_last"], ["bilinear", "nearest", "bicubic", "area"], ["crop", "pad", "squash"]
):
    keras.config.set_image_data_format(data_format)
    options = {"image_size": (24, 40), "interpolation": interpolation}
    options |= {} if fit == "squash" else {f"{fit}_to_aspect_ratio": True}
    loaded = keras.utils.image_dataset_from_directory(
        sys.argv[1], labels=None, shuffle=False, batch_size=None, verbose=False, **options
    )
    paths = loaded.file_paths
    for path, expected, (in_graph, _) in zip(paths, loaded, image_dataset(paths, **options).unbatch(), strict=True):
        for image in (decode_image(path, **options), in_graph):
            assert image.dtype == expected.dtype
            np.testing.assert_array_equal(image, expected)
            compared += 1
means = keras.Sequential([keras.layers.GlobalAveragePooling2D()])
colours, labels, _ = predict_with_labels(means, image_dataset(paths, range(len(paths)), image_size=(8, 8)))
np.testing.assert_allclose(colours, [np.mean(decode_image(path, (8, 8)), (0, 1)) for path in paths], rtol=1e-5)
assert type(colours) is np.ndarray and labels.tolist() == list(range(len(paths)))
print(compared)
"""


@pytest.mark.thorough
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_pixels_are_those_of_the_loader_with_each_backend(pictures, backend):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    command = [sys.executable, "-c", COMPARE, str(pictures / "plain"), backend]
    run = subprocess.run(command, env=os.environ | {"KERAS_BACKEND": backend}, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) == 2 * 4 * 3 * 6 * 2


def test_decode_image_takes_a_path_in_any_form(pictures):
    path = next(pictures.rglob("*.png"))
    images = [decode_image(form) for form in (path, str(path), tf.constant(str(path)))]
    images.append(tf.function(decode_image)(tf.constant(str(path))))
    for image in images:
        assert image.shape == (256, 256, 3)
        np.testing.assert_array_equal(image, images[0])


@pytest.mark.parametrize("image_size", [(8, 9), [8, 9], (np.int64(8), np.int32(9))])
def test_decode_image_takes_an_image_size_in_any_form(pictures, image_size):
    assert decode_image(next(pictures.rglob("*.png")), image_size).shape == (8, 9, 3)


def test_a_name_that_is_not_utf_8_can_be_decoded(tmp_path):
    path = tmp_path / "caf\udce9.png"
    try:
        Image.new("RGB", (4, 4), (7, 0, 0)).save(path, "PNG")
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    assert decode_image(path, (4, 4)).numpy()[0, 0].tolist() == [7, 0, 0]


def test_a_bmp_from_top_to_bottom_is_read_as_by_others(tmp_path):
    path = tmp_path / "a.bmp"
    path.write_bytes(top_down(BMP))
    with Image.open(path) as by_pillow:
        pixels = np.asarray(by_pillow)
    [loaded] = load(tmp_path, labels=None, batch_size=None, image_size=pixels.shape[:2])
    np.testing.assert_array_equal(loaded, pixels)
    np.testing.assert_array_equal(decode_image(path, pixels.shape[:2]), pixels)
    np.testing.assert_array_equal(pixels, np.asarray(photo())[::-1])


def test_decode_image_takes_the_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "film.gif", save_all=True, append_images=frames[1:])
    assert decode_image(tmp_path / "film.gif", (8, 8)).numpy()[4, 4].tolist() == [255, 0, 0]


@pytest.mark.parametrize("form", [str, Path, tf.constant])
def test_a_missing_file_is_named(form):
    with pytest.raises(FileNotFoundError, match=r"no file .*nowhere.é 1\.jpg"):
        decode_image(form(str(Path("nowhere", "é 1.jpg"))))


@pytest.mark.parametrize("content", [b"", b"not an image", "half"], ids=["zero bytes", "text", "truncated"])
@pytest.mark.parametrize("form", [str, Path, tf.constant])
def test_a_file_that_cannot_be_decoded_is_named(pictures, tmp_path, content, form):
    path = tmp_path / "é 1.jpg"
    path.write_bytes(next(pictures.rglob("*133*.jpg")).read_bytes()[:900] if content == "half" else content)
    with pytest.raises(ValueError, match=re.escape(f"{path} cannot be decoded and resized to 256 by 256")) as error:
        decode_image(form(str(path)))
    assert str(error.value).endswith("). Save it again as JPEG or PNG.")
    for noise in ("\n", "{{", "[Op", ".)"):
        assert noise not in str(error.value)


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (announcing(PNG, 40_000, 40_000), {}, "40000 by 40000"),
        (
            encoded(photo(1, 3000), "PNG"),
            {"pad_to_aspect_ratio": True},
            r"output dimensions must be positive\)\. It is too thin to be padded: leave it out\.",
        ),
        (JPEG, {"color_mode": "rgba"}, "JPEG does not support 4 channels"),
        (BMP, {"color_mode": "grayscale"}, "but got 1"),
    ],
    ids=["too large", "too thin to be padded", "JPEG as RGBA", "BMP in gray"],
)
def test_what_cannot_be_decoded_or_resized_is_named_with_the_reason(tmp_path, content, options, words):
    path = tmp_path / "é 1.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words) as error:
        decode_image(path, (8, 8), **options)
    assert str(error.value).startswith(f"{path} cannot be decoded and resized to 8 by 8 pixels (")


@pytest.mark.parametrize("path", ["nowhere.jpg", tf.constant("nowhere.jpg")])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"image_size": (0, 8)}, "image_size"),
        ({"image_size": (8, -1)}, "image_size"),
        ({"image_size": (8.0, 8)}, "image_size"),
        ({"image_size": np.float32([8, 8])}, "image_size"),
        ({"image_size": (8, 8, 3)}, "image_size"),
        ({"image_size": 8}, "image_size"),
        ({"image_size": None}, "image_size"),
        ({"color_mode": "bgr"}, "color_mode"),
        ({"color_mode": None}, "color_mode"),
        ({"interpolation": "cubic"}, "interpolation"),
        ({"interpolation": None}, "interpolation"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "not both"),
    ],
)
def test_decode_image_refuses_bad_arguments_before_it_reads(path, options, words):
    with pytest.raises(ValueError, match=words):
        decode_image(path, **options)
