"""Each row of a recap leads to the section that shows it, and the code that it says to write runs in a cell."""

import ast

import pytest

from tests.documents.recaps import ANY, STEMS, code_in, is_in, parsed, rows, run_until, said_in, section
from tests.material import load

NO_CODE = {"try"}
# What a row adds to what its section shows; cells of the lesson, or of one before, have it.
REMINDERS = {
    'plt.imshow(image.numpy().clip(0, 255).astype("uint8"))',  # the section clips, and shows by a helper
    "zip",  # lesson 4, on the class names: a link to lesson 2, where `map` loses them
    "tf.print",
    "num_parallel_calls=tf.data.AUTOTUNE",  # written `AUTOTUNE`
}
# In the sentences of a section alone; a test below runs it.
ONLY_SAID = {"fit(…, class_weight=…)", 'interpolation="area"'}
for_each_lesson = pytest.mark.parametrize("stem", STEMS)


def is_shown(piece: str, stem: str, anchor: str) -> bool:
    text = section(stem, anchor)
    return is_in(piece, code_in(text)) or is_in(piece, said_in(text))


def code_of(stem: str) -> list[tuple[str, str, str]]:
    return [(piece, row.stem, row.anchor) for row in rows(stem) for piece in row.code if piece not in NO_CODE]


@for_each_lesson
def test_each_row_can_be_written(stem):
    """Solutions, which other tests run, are cells as well."""
    assert len(rows(stem)) >= 4
    code = [piece for piece, *_ in code_of(stem) if piece not in ONLY_SAID]
    assert [piece for piece in code if not is_in(piece, run_until(stem))] == []
    names = {node.id for piece in code for node in ast.walk(parsed(piece)) if isinstance(node, ast.Name)}
    assert {name for name in names if ANY not in name} - run_until(stem) == set()


@for_each_lesson
def test_each_row_leads_to_the_section_that_shows_it(stem):
    assert all(section(row.stem, row.anchor) for row in rows(stem))  # of rows without code, too
    code = [(piece, *place) for piece, *place in code_of(stem) if piece not in REMINDERS]
    assert [(piece, *place) for piece, *place in code if not is_shown(piece, *place)] == []


def test_each_exception_is_one():
    code = {(piece, *place): stem for stem in STEMS for piece, *place in code_of(stem)}
    assert {piece for piece, *place in code if not is_shown(piece, *place)} >= REMINDERS
    assert {piece for (piece, *_), stem in code.items() if not is_in(piece, run_until(stem))} >= ONLY_SAID


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("tf.io.decode_jpeg(content, 3)", "tf.io.decode_jpg(content, 3)"),
        ("tf.io.decode_jpeg(content, 3)", "tf.image.decode_jpeg(content, 3)"),
        ("tf.io.decode_jpeg(content, 3)", "tf.io.decode_jpeg(content)"),
        ("decode_jpeg(…, try_recover_truncated=True)", "decode_jpeg(…, try_recover_truncated=False)"),
        ("decode_jpeg(…, try_recover_truncated=True)", "decode_jpeg(…, try_recover=True)"),
        ("decode_jpeg(…, try_recover_truncated=True)", "read_file(…, try_recover_truncated=True)"),
        ("show_images([…], …)", "show_image([…], …)"),
        ("decode_…", "decod_e…"),
    ],
)
def test_a_row_that_would_not_run_is_found(right, wrong):
    place = "08_broken_files", "What-is-left-of-it?"
    assert is_shown(right, *place)
    assert not is_shown(wrong, *place)
    assert not is_in(wrong, run_until("08_broken_files"))


def test_a_row_that_leads_to_another_section_is_found():
    assert is_shown(".ignore_errors()", "08_broken_files", "Skip-only-that-one")
    assert not is_shown(".ignore_errors()", "08_broken_files", "What-is-left-of-it?")


def test_an_expression_is_there_as_it_is():
    place = "09_odd_files", "What-lies-under-the-transparent-half?"
    assert is_shown("colour * alpha + 255 * (1 - alpha)", *place)
    assert not is_shown("colour * alpha + 255 * (1 + alpha)", *place)


def test_what_is_only_said_runs(photo_folder):
    import tensorflow as tf

    images = load(photo_folder, image_size=(8, 8), interpolation="area")
    model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images, class_weight={0: 1.0, 1: 2.0}, verbose=0, shuffle=False)
