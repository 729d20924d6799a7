"""Pictures and their words: values, colours, grids, alt text, class names of labels, expected errors."""

import base64
import io

from helpers import show

import keras
import tensorflow as tf
import bs4
import hypothesis
import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tests.material import data_format

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


class Shown(list):
    """All that was displayed, as (alt text, pixels)."""

    def __call__(self, output):
        (image,) = bs4.BeautifulSoup(output.data, "html.parser")
        assert image.name == "img"
        png = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
        self.append((image["alt"], np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))))


@pytest.fixture
def shown(monkeypatch) -> Shown:
    shown = Shown()
    monkeypatch.setattr(show, "display", shown)
    return shown


def solid(colour, height: int = 8, width: int = 8) -> np.ndarray:
    return np.full((height, width, len(colour)), colour, "float32")


def share(pixels: np.ndarray, colour) -> float:
    """How much of a picture has this colour (Matplotlib's gray is one off here and there)."""
    return (np.abs(pixels.astype(int) - colour) <= 1).all(-1).mean()


# to_uint8


@pytest.mark.filterwarnings("ignore:.*will look black")
@hypothesis.given(
    images=arrays.arrays(
        st.sampled_from(["float16", "float32", "float64"]),
        arrays.array_shapes(max_dims=4, max_side=4),
        elements=st.floats(-1000, 1000, width=16),
    ),
    value_range=st.sampled_from([(0, 255), (0, 1), (-1, 1)]),
)
def test_to_uint8_rounds_and_never_wraps(images, value_range):
    low, high = value_range
    exact = (images.astype("float64") - low) / (high - low) * 255
    result = show.to_uint8(images, value_range)
    assert result.dtype == np.uint8
    assert result.shape == images.shape
    assert (np.abs(result - exact.clip(0, 255)) <= 0.5 + 1e-9).all()


@hypothesis.given(arrays.arrays("uint8", arrays.array_shapes(max_dims=4, max_side=4)))
def test_to_uint8_leaves_uint8_unchanged(images):
    np.testing.assert_array_equal(show.to_uint8(images), images)
    np.testing.assert_array_equal(show.to_uint8(images, (0, 1)), images)


@pytest.mark.parametrize(
    ("images", "error_type", "words"),
    [
        ([0.0, np.nan], ValueError, "NaN or infinity"),
        ([np.inf], ValueError, "NaN or infinity"),
        (np.float16([-np.inf]), ValueError, "NaN or infinity"),
        (tf.constant([np.nan], tf.bfloat16), ValueError, "NaN or infinity"),
        ([1, 2], TypeError, "int64"),
        (np.int32([300]), TypeError, "int32"),
        (tf.constant([1], tf.uint16), TypeError, "uint16"),
        ([True], TypeError, "bool"),
        (["image.jpg"], TypeError, "U9"),
    ],
)
def test_to_uint8_refuses_what_is_no_image(images, error_type, words):
    with pytest.raises(error_type, match=words):
        show.to_uint8(images)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_to_uint8_takes_short_floats(dtype):
    images = tf.constant([-2, 0, 0.5, 99.5, 128, 255, 300], dtype)
    assert show.to_uint8(images).tolist() == show.to_uint8(tf.cast(images, "float32")).tolist()
    assert (
        show.to_uint8(images / 256, (0, 1)).tolist() == show.to_uint8(tf.cast(images / 256, "float64"), (0, 1)).tolist()
    )


PHOTO = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3)).astype("float32")
EDGE = np.zeros((8, 8, 1), "float32")
EDGE[:, 4:] = 255
ENLARGED = [tf.image.resize(EDGE, (50, 50), method) for method in ("bicubic", "lanczos3", "lanczos5")]
BLACK = "All values are between 0 and 1 and will look black.* value_range=\\(0, 1\\)"
HALF_BLACK = "All values are between -1 and 1, and those below 0 will look black.* value_range=\\(-1, 1\\)"
NOT_UNDONE = "Values far below 0 will look black.* as they were before"


@pytest.mark.parametrize(
    ("images", "value_range", "words"),
    [
        ([0.0, 0.5, 1.0], (0, 255), BLACK),
        ([0.2], (0, 255), BLACK),
        (tf.constant([0.0, 0.5], tf.bfloat16), (0, 255), BLACK),
        (keras.applications.mobilenet_v2.preprocess_input(PHOTO.copy()), (0, 255), HALF_BLACK),
        (keras.applications.mobilenet_v2.preprocess_input(PHOTO.copy()), (0, 1), HALF_BLACK),
        ([-1.0, -0.5], (0, 1), HALF_BLACK),
        (keras.applications.resnet50.preprocess_input(PHOTO.copy()), (0, 255), NOT_UNDONE),
        (keras.applications.resnet50.preprocess_input(PHOTO.copy()), (-1, 1), NOT_UNDONE),
        (keras.applications.densenet.preprocess_input(PHOTO.copy()), (0, 255), NOT_UNDONE),
        (tf.image.per_image_standardization(PHOTO), (0, 255), NOT_UNDONE),
        (tf.image.per_image_standardization(PHOTO), (0, 1), NOT_UNDONE),
    ],
)
def test_to_uint8_warns_of_values_of_another_range(images, value_range, words):
    with pytest.warns(UserWarning, match=words) as caught:
        show.to_uint8(images, value_range)
    assert len(caught) == 1


def test_the_range_that_the_warning_names_gives_the_image_back():
    prepared = keras.applications.mobilenet_v2.preprocess_input(PHOTO.copy())
    np.testing.assert_array_equal(show.to_uint8(prepared, (-1, 1)), PHOTO)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("images", "value_range"),
    [
        ([0.0, 0.5, 1.0], (0, 1)),
        ([-1.0, 0.0, 1.0], (-1, 1)),
        ([0.0, 1.5], (0, 255)),
        ([0.0, 0.0], (0, 255)),  # black, in either range
        (np.uint8([0, 1]), (0, 255)),
        (np.zeros((0, 8, 8, 3)), (0, 255)),
        (PHOTO, (0, 255)),
        (PHOTO * 1.5, (0, 255)),
        *((darkened, (0, 255)) for darkened in (PHOTO - 80, PHOTO / 4 - 80, np.full((8, 8, 3), -7.0))),
        *((image, (0, 255)) for image in ENLARGED),
        *((image / 255, (0, 1)) for image in ENLARGED),
    ],
)
def test_to_uint8_does_not_warn_of_values_that_leave_the_range_a_little(images, value_range):
    show.to_uint8(images, value_range)


# label_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (0, "cat"),
        (2, "eel"),
        (np.int64(1), "dog"),
        (np.float32(2), "eel"),
        (tf.constant(1), "dog"),
        ([1.0], "dog"),
        (tf.constant([0.0]), "cat"),
        ([0.0, 0.0, 1.0], "eel"),
        (tf.one_hot(1, 3), "dog"),
        (np.array([True, False, False]), "cat"),
    ],
)
def test_label_name(label, name):
    assert show.label_name(label, ["cat", "dog", "eel"]) == name


NO_LABELS_OF_THREE_CLASSES = [
    *(3, -1, 0.5, np.nan, [2.5], [-1.0], []),
    *([0, 0, 0], [1, 1, 0], [0.2, 0.8, 0.0], [-1, 0, 1], [0, 1], [1, 0, 0, 0], [[1]]),
]


@pytest.mark.parametrize("label", NO_LABELS_OF_THREE_CLASSES, ids=str)
def test_label_name_refuses_what_is_no_label(label):
    with pytest.raises(ValueError, match="is not a label of 3 classes: a number from 0 to 2, or a one-hot vector of 3"):
        show.label_name(label, ["cat", "dog", "eel"])


# show_images


GRADIENT = np.arange(256, dtype="float32").reshape(16, 16, 1)


@pytest.mark.parametrize(
    ("image", "value_range", "colour"),
    [
        (solid(RED), (0, 255), RED),
        (solid(RED).astype("uint8"), (0, 255), RED),
        (solid(RED) / 255, (0, 1), RED),
        (solid(RED, height=40), (0, 255), RED),  # a tall image gets a tall picture
        (tf.constant(solid(RED)), (0, 255), RED),
        (solid([200.4, 99.6, 30]), (0, 255), (200, 100, 30)),
        (solid([300, -20, 0]), (0, 255), RED),
        (solid([128]), (0, 255), (128, 128, 128)),
        (solid([*BLUE, 255]), (0, 255), BLUE),
        (solid([*BLUE, 0]), (0, 255), WHITE),  # fully transparent, on white paper
    ],
)
def test_an_image_is_drawn_in_its_colours(shown, image, value_range, colour):
    show.show_images([image], alt="One colour.", value_range=value_range)
    ((_, pixels),) = shown
    assert share(pixels, colour) > 0.5


def test_one_channel_is_drawn_gray_in_its_own_range(shown):
    show.show_images([GRADIENT, GRADIENT / 2], alt="Two gradients.")
    ((_, pixels),) = shown
    assert (pixels == pixels[..., :1]).all()
    left, right = np.array_split(pixels, 2, axis=1)
    assert len(np.unique(left)) > 200
    assert set(right.flat) & set(range(140, 240)) == set()  # stretched to its own maximum, it would have them


def test_images_stand_in_reading_order(shown):
    show.show_images([solid(RED), solid(BLUE), solid(BLUE), solid(RED)], alt="A chessboard.", columns=2)
    ((_, pixels),) = shown
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    quarters = pixels[:height, :width], pixels[:height, -width:], pixels[-height:, :width], pixels[-height:, -width:]
    for quarter, colour in zip(quarters, (RED, BLUE, BLUE, RED), strict=True):
        assert share(quarter, colour) > 0.5


@pytest.mark.parametrize(
    ("count", "columns", "wider_than_high"),
    [(1, None, False), (8, None, True), (16, None, True), (3, 1, False), (3, 2, False), (5, 8, True)],
)
def test_every_image_is_drawn(shown, count, columns, wider_than_high):
    show.show_images([solid(RED)] * count, alt="Red squares.", columns=columns)
    ((_, pixels),) = shown
    drawn = (pixels == RED).all(-1)
    starts = np.diff(drawn.astype(int), axis=1, prepend=0) == 1
    row_starts = np.diff(drawn.any(1).astype(int), prepend=0) == 1
    assert starts[row_starts].sum() == count
    assert (pixels.shape[1] > 1.5 * pixels.shape[0]) == wider_than_high


@pytest.mark.parametrize("title", ["", "one", "a long title that " * 5, "$5 and 10$ or $x_$", "<b>", "é_1.jpg"])
def test_any_title_can_be_drawn(shown, title):
    show.show_images([solid(RED)] * 2, [title, "two"], alt="Two squares.")
    ((alt, pixels),) = shown
    assert (title or "untitled") in alt
    assert share(pixels, RED) > 0.3


@pytest.mark.parametrize(
    ("images", "titles", "words"),
    [
        ([solid(RED)], None, "1 image of 8 by 8 pixels (height by width)."),
        ([solid(RED, 4, 6)] * 2, None, "2 images of 4 by 6 pixels (height by width)."),
        ([solid(RED, 4, 6), solid([9], 5, 5)], None, "2 images of different sizes."),
        ([solid(RED)] * 2, ["cat", 7], "2 images of 8 by 8 pixels (height by width): cat, 7."),
        ([solid(RED)] * 2, ["cat", ""], "2 images of 8 by 8 pixels (height by width): cat, untitled."),
        (np.zeros((3, 4, 6, 3)), None, "3 images of 4 by 6 pixels (height by width)."),
        (tf.zeros((3, 4, 6, 1)), range(3), "3 images of 4 by 6 pixels (height by width): 0, 1, 2."),
    ],
)
def test_the_alt_text_tells_number_sizes_and_titles(shown, images, titles, words):
    show.show_images(images, titles, alt="Some squares.")
    ((alt, _),) = shown
    assert alt == f"Some squares. {words}"


@pytest.fixture
def channels_first():
    with data_format("channels_first"):
        yield


def test_images_are_drawn_in_the_data_format_of_keras(shown, channels_first):
    images = np.stack([solid(RED, 4, 6), solid(BLUE, 4, 6)]).transpose(0, 3, 1, 2)
    show.show_images(images, alt="A red and a blue image.")
    ((alt, pixels),) = shown
    assert alt.endswith("2 images of 4 by 6 pixels (height by width).")
    for half, colour in zip(np.array_split(pixels, 2, axis=1), (RED, BLUE), strict=True):
        assert share(half, colour) > 0.5
    with pytest.raises(ValueError, match=r"shape \(1, 3 or 4, height, width\); this one has \(8, 8, 3\)"):
        show.show_images([solid(RED)], alt="A red square.")


def test_titles_may_be_paths_of_a_dataset(shown):
    show.show_images([solid(RED)], tf.constant(["é.jpg"]), alt="A square.")
    ((alt, _),) = shown
    assert alt.endswith(": é.jpg.")


@pytest.mark.parametrize(
    ("images", "options", "words"),
    [
        ([], {}, "no image"),
        (np.zeros((0, 8, 8, 3)), {}, "no image"),
        (solid(RED), {}, r"put it in a list: show_images\(\[image\]"),
        (np.zeros((2, 8, 8)), {}, r"this one has \(8, 8\)"),
        (np.zeros((2, 8, 8, 2)), {}, r"this one has \(8, 8, 2\)"),
        (np.zeros((2, 3, 8, 8)), {}, r"shape \(height, width, 1, 3 or 4\); this one has \(3, 8, 8\)"),
        (np.zeros((2, 2, 8, 8, 3)), {}, r"this one has \(2, 8, 8, 3\)"),
        ([solid(RED)] * 2, {"titles": ["one"]}, "2 images but 1 title"),
        ([solid(RED)], {"titles": []}, "1 image but 0 titles"),
        ([solid(RED)], {"alt": ""}, "alt text is empty"),
        ([solid(RED)], {"alt": " \n"}, "alt text is empty"),
        ([solid([np.nan])], {}, "NaN"),
    ],
)
def test_show_images_refuses(shown, images, options, words):
    with pytest.raises(ValueError, match=words):
        show.show_images(images, **{"alt": "A square.", **options})
    assert shown == []


# show_figure


@pytest.mark.parametrize("alt", ["A line.", 'A "red" line & <b>more</b>.', "It's 5 > 3.", '"><script>run()</script>'])
def test_show_figure_keeps_every_character_of_the_alt_text(shown, alt):
    figure, axis = plt.subplots()
    axis.plot([1, 3, 2], color="red")
    show.show_figure(figure, alt)
    ((shown_alt, pixels),) = shown
    assert shown_alt == alt
    assert share(pixels, RED) > 0.001


def test_show_figure_closes_its_figure_and_no_other(shown):
    other, figure = plt.figure(), plt.figure()
    show.show_figure(figure, "An empty figure.")
    assert plt.get_fignums() == [other.number]
    plt.close(other)


@pytest.mark.parametrize("alt", ["", " \n"])
def test_show_figure_wants_an_alt_text(shown, alt):
    with pytest.raises(ValueError, match="describe what the picture shows"):
        show.show_figure(plt.figure(), alt)
    plt.close()
    assert shown == []


# show_error


@pytest.mark.parametrize(
    ("error", "text", "line"),
    [
        (ValueError("no such class"), "no such", "ValueError: no such class"),
        (ValueError("\n  first line \nsecond line"), "first", "ValueError: first line"),
        (ValueError("Traceback\nthe reason"), "reason", "ValueError: the reason"),
        (ValueError("{{function_node f}} the reason [Op:Map] name: "), "reason", "ValueError: the reason"),
        (ValueError("in user code:\n\n    ValueError: the reason\n"), "reason", "ValueError: the reason"),
        (ValueError(), "", "ValueError: (no message)"),
        (UnicodeError("of a more special type"), "special", "UnicodeError: of a more special type"),
    ],
)
def test_show_error_prints_type_and_line(capsys, error, text, line):
    with show.show_error(ValueError, text):
        raise error
    assert capsys.readouterr().out.strip() == line


def test_show_error_cuts_a_long_line(capsys):
    with show.show_error(ValueError, "word"):
        raise ValueError("word " * 1000)
    assert len(capsys.readouterr().out) < 250


@pytest.mark.parametrize(
    ("error", "raised", "words"),
    [
        (None, AssertionError, "ValueError was expected here, but no error was raised"),
        (ValueError("other words"), AssertionError, "should contain 'these words', but it is: other words"),
        (TypeError("these words"), TypeError, "these words"),
    ],
)
def test_show_error_fails_where_the_error_is_not_the_expected_one(capsys, error, raised, words):
    def run():
        with show.show_error(ValueError, "these words"):
            if error is not None:
                raise error

    with pytest.raises(raised, match=words):
        run()
    assert capsys.readouterr().out == ""


def test_a_title_in_a_script_that_the_font_lacks_gives_no_warning(shown, recwarn):
    show.show_images([solid(RED)], ["猫"], alt="A square.")
    ((alt, _),) = shown
    assert "猫" in alt
    assert not list(recwarn)
