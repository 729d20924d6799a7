"""decode_image(…, shrink="decoder"): JPEGs at a fraction of their size, all else as without it."""

import io
from pathlib import Path

from helpers.access import image_at, image_dataset
from helpers.decoding import decode_image

import tensorflow as tf
import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
import skimage.data
from PIL import Image

from tests.material import BMP, GIF, JPEG_XL, PNG, data_format, encoded

SIZE = (24, 40)
PHOTO = Image.fromarray(skimage.data.coffee())  # 400 high, 600 wide
JPEGS = {
    "colour": encoded(PHOTO, "JPEG"),
    "gray": encoded(PHOTO.convert("L"), "JPEG"),
    "four inks": encoded(PHOTO.convert("CMYK"), "JPEG"),
    "progressive": encoded(PHOTO, "JPEG", progressive=True),
    "full colours": encoded(PHOTO, "JPEG", subsampling=0),
    "odd sides": encoded(PHOTO.crop((0, 0, 487, 331)), "JPEG"),
}
OTHERS = {
    "PNG": encoded(PHOTO, "PNG"),
    "PNG, transparent": encoded(PHOTO.convert("RGBA"), "PNG"),
    "PNG with a palette": encoded(PHOTO.convert("P"), "PNG"),
    "GIF": encoded(PHOTO.convert("P"), "GIF"),
    "BMP": encoded(PHOTO, "BMP"),
    "WebP": encoded(PHOTO, "WEBP", lossless=True),
    "JPEG XL": JPEG_XL["rgb"],
    "tiny PNG": PNG,
    "tiny GIF": GIF,
    "tiny BMP": BMP,
    "small JPEG": encoded(PHOTO.resize((60, 40)), "JPEG"),
    "JPEG smaller than wanted": encoded(PHOTO.resize((30, 20)), "JPEG"),
    "JPEG that is wide, not high": encoded(PHOTO.resize((600, 40)), "JPEG"),
}


def at_ratio(content: bytes, ratio: int, size: tuple[int, int], channels: int = 3) -> tf.Tensor:
    return tf.image.resize(tf.io.decode_jpeg(content, channels=channels, ratio=ratio), size)


def in_a_graph(path: Path, **options) -> tf.Tensor:
    (image,) = tf.data.Dataset.from_tensors(str(path)).map(lambda path: decode_image(path, SIZE, **options))
    return image


@pytest.mark.parametrize("name", JPEGS)
def test_a_large_jpeg_is_decoded_at_the_largest_ratio_that_leaves_enough(tmp_path, name):
    path = tmp_path / "large.jpg"
    path.write_bytes(JPEGS[name])
    expected = at_ratio(JPEGS[name], 8, SIZE)  # 400 by 600 would do for 9.9 times (24, 40)
    for image in (decode_image(path, SIZE, shrink="decoder"), in_a_graph(path, shrink="decoder")):
        np.testing.assert_array_equal(image, expected)
    in_full = decode_image(path, SIZE)
    assert not np.array_equal(in_full, expected)
    assert np.abs(np.mean(in_full - expected, axis=(0, 1))).max() < 3  # the same colours


def test_a_large_jpeg_is_decoded_smaller_in_gray_as_well(tmp_path):
    path = tmp_path / "large.jpg"
    path.write_bytes(JPEGS["colour"])
    image = decode_image(path, SIZE, color_mode="grayscale", shrink="decoder")
    np.testing.assert_array_equal(image, at_ratio(JPEGS["colour"], 8, SIZE, channels=1))


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_large_jpeg_is_decoded_as_the_loader_does(tmp_path, name):
    path = tmp_path / "named.jpg"
    path.write_bytes(OTHERS[name])
    expected = decode_image(path, SIZE)
    for image in (decode_image(path, SIZE, shrink="decoder"), in_a_graph(path, shrink="decoder")):
        np.testing.assert_array_equal(image, expected)


def test_what_is_read_with_transparency_is_no_jpeg(tmp_path):
    path = tmp_path / "transparent.png"
    PHOTO.convert("RGBA").save(path)
    image = decode_image(path, SIZE, color_mode="rgba", shrink="decoder")
    np.testing.assert_array_equal(image, decode_image(path, SIZE, color_mode="rgba"))


@hypothesis.settings(max_examples=40)
@hypothesis.given(
    height=st.integers(1, 300), width=st.integers(1, 300), size=st.tuples(st.integers(1, 100), st.integers(1, 100))
)
def test_the_ratio_leaves_both_sides_at_least_as_long_as_wanted(tmp_path_factory, height, width, size):
    content = encoded(PHOTO.resize((width, height)), "JPEG")
    path = tmp_path_factory.getbasetemp() / "any.jpg"
    path.write_bytes(content)
    ratio = max([r for r in (1, 2, 4, 8) if r * size[0] <= height and r * size[1] <= width], default=1)
    np.testing.assert_array_equal(decode_image(path, size, shrink="decoder"), at_ratio(content, ratio, size))


@pytest.mark.parametrize("fit", ["crop_to_aspect_ratio", "pad_to_aspect_ratio"])
@pytest.mark.parametrize("interpolation", ["nearest", "area", "lanczos3"])
def test_the_other_arguments_hold_for_the_smaller_picture(tmp_path, fit, interpolation):
    (tmp_path / "large.jpg").write_bytes(JPEGS["colour"])
    smaller = tf.io.decode_jpeg(JPEGS["colour"], channels=3, ratio=8)
    (tmp_path / "smaller.png").write_bytes(tf.io.encode_png(smaller).numpy())
    options = {fit: True, "interpolation": interpolation}
    image = decode_image(tmp_path / "large.jpg", SIZE, shrink="decoder", **options)
    np.testing.assert_array_equal(image, decode_image(tmp_path / "smaller.png", SIZE, **options))


@pytest.mark.parametrize("length", [2, 3, 20, 200, 1000, 15_000, -2])
def test_a_broken_file_is_an_error_of_the_same_kind(tmp_path, length):
    path = tmp_path / "broken.jpg"
    path.write_bytes(JPEGS["colour"][:length])
    for shrink in ("never", "decoder"):
        with pytest.raises(ValueError, match=r"broken\.jpg cannot be decoded.* Save it again as JPEG or PNG"):
            decode_image(path, SIZE, shrink=shrink)
        with pytest.raises(tf.errors.InvalidArgumentError):
            in_a_graph(path, shrink=shrink)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.jpg"):
        decode_image(tmp_path / "absent.jpg", SIZE, shrink="decoder")


@pytest.mark.parametrize("shrink", ["always", None, True, 2])
def test_another_way_to_shrink_is_refused(tmp_path, shrink):
    with pytest.raises(ValueError, match="shrink must be"):
        decode_image(tmp_path / "any.jpg", SIZE, shrink=shrink)


def test_a_dataset_and_a_single_image_take_the_option(tmp_path):
    paths = []
    for name, content in (JPEGS | OTHERS).items():
        paths.append(tmp_path / f"{name}.jpg")
        paths[-1].write_bytes(content)
    dataset = image_dataset(paths, image_size=SIZE, shrink="decoder", batch_size=4)
    assert dataset.element_spec[0].shape == (None, *SIZE, 3)
    images = np.concatenate([images for images, _ in dataset])
    assert len(images) == len(paths)
    for number, path in enumerate(paths):
        np.testing.assert_array_equal(images[number], decode_image(path, SIZE, shrink="decoder"), err_msg=str(path))
        np.testing.assert_array_equal(images[number], image_at(paths, number, image_size=SIZE, shrink="decoder"))


def test_it_is_nearer_to_an_antialiased_picture_than_the_loader(tmp_path):
    path = tmp_path / "large.jpg"
    path.write_bytes(JPEGS["colour"])
    with Image.open(io.BytesIO(JPEGS["colour"])) as photo:
        reference = np.asarray(photo.resize((96, 64), Image.Resampling.LANCZOS), np.float32)
    smaller, in_full = (
        np.abs(decode_image(path, (64, 96), shrink=way) - reference).mean() for way in ("decoder", "never")
    )
    assert smaller < 0.8 * in_full


def test_channels_come_first_where_keras_is_set_so(tmp_path):
    path = tmp_path / "large.jpg"
    path.write_bytes(JPEGS["colour"])
    last = decode_image(path, SIZE, shrink="decoder")
    with data_format("channels_first"):
        first = decode_image(path, SIZE, shrink="decoder")
        in_map = in_a_graph(path, shrink="decoder")
    for image in (first, in_map):
        np.testing.assert_array_equal(image, tf.transpose(last, (2, 0, 1)))


def test_it_is_the_same_where_functions_run_eagerly(tmp_path):
    expected = {}
    for name, content in (JPEGS | OTHERS).items():
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(content)
        expected[path] = decode_image(path, SIZE, shrink="decoder")
    tf.config.run_functions_eagerly(True)
    try:
        for path, image in expected.items():
            decode = tf.function(lambda path: decode_image(path, SIZE, shrink="decoder"))
            np.testing.assert_array_equal(decode(str(path)), image)
    finally:
        tf.config.run_functions_eagerly(False)
