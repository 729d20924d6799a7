"""By position: whatever holds paths, labels or names, number i is the one that stands there."""

from pathlib import Path

from helpers import access, show
from helpers.bad_images import find_bad_images
from helpers.sequences import as_list, path_list
from helpers.splits import split_paths

import tensorflow as tf
import numpy as np
import pandas as pd
import pytest
from PIL import Image

COUNT = 12
SHUFFLED = [*range(5, COUNT), *range(5)]  # an index under which each number leads to another place
FORMS = {
    "list": list,
    "tuple": tuple,
    "array": np.array,
    "array of objects": lambda values: np.array(values, object),
    "generator": iter,
    "column of a shuffled table": lambda values: pd.Series(values, index=SHUFFLED),
    "column of categories": lambda values: pd.Series(values, index=SHUFFLED, dtype="category"),
    "tensor": tf.constant,
    "list of tensors": lambda values: [tf.constant(value) for value in values],
}
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@pytest.fixture(scope="module")
def paths(tmp_path_factory) -> list[str]:
    """Images whose red is their place."""
    folder = tmp_path_factory.mktemp("places")
    made = [str(folder / f"é {place}.png") for place in range(COUNT)]
    for place, path in enumerate(made):
        Image.new("RGB", (4, 4), (place, 0, 0)).save(path)
    return made


def places(images) -> list[int]:
    return [int(image[0, 0, 0]) for image in images]


@every_form
def test_image_at_takes_paths_by_position(paths, form):
    assert places([access.image_at(form(paths), i, image_size=(4, 4)) for i in (0, 5, -1)]) == [0, 5, COUNT - 1]


@every_form
def test_image_dataset_takes_paths_and_labels_by_position(paths, form):
    dataset = access.image_dataset(form(paths), form(range(100, 100 + COUNT)), image_size=(4, 4))
    images, labels, found = access.collect(dataset)
    assert places(images) == list(range(COUNT))
    assert labels.tolist() == list(range(100, 100 + COUNT))
    assert [path.decode() for path in found] == paths


@every_form
@pytest.mark.parametrize("names", ["ab", [0, 1]], ids=["names", "numbers"])
def test_split_paths_takes_paths_and_labels_by_position(paths, form, names):
    labels = [names[place % 2] for place in range(COUNT)]
    expected = split_paths(paths, labels, (0.5, 0.5))
    found = split_paths(form(paths), form(labels), (0.5, 0.5))
    decoded = [(part, [getattr(label, "decode", lambda label=label: label)() for label in own]) for part, own in found]
    assert decoded == expected


@pytest.mark.parametrize("form", [form for name, form in FORMS.items() if "tensor" not in name])
def test_find_bad_images_takes_paths_by_position(paths, tmp_path, form):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"")
    assert [Path(problem.path) for problem in find_bad_images(form([*paths[1:], str(bad)]))] == [bad]


@every_form
def test_class_names_are_taken_by_position(form):
    names = [f"name {place}" for place in range(COUNT)]
    found = [show.label_name(label, form(names)) for label in (0, 5, tf.one_hot(11, COUNT))]
    assert [name.decode() if isinstance(name, bytes) else name for name in found] == [names[0], names[5], names[11]]


@every_form
@pytest.mark.parametrize("titles", [range(COUNT), [f"é {place}" for place in range(COUNT)]], ids=["numbers", "names"])
def test_titles_are_taken_by_position(monkeypatch, form, titles):
    shown = []
    monkeypatch.setattr(show, "display", lambda html: shown.append(html.data))
    show.show_images(np.zeros((COUNT, 2, 2, 1)), form(titles), alt="Black.")
    (words,) = shown
    assert f"(height by width): {', '.join(map(str, titles))}." in words


@pytest.mark.parametrize("values", [tf.range(3), np.arange(3), pd.Series([0, 1, 2], index=[2, 1, 0])])
def test_values_are_those_of_python(values):
    assert [(type(value), value) for value in as_list(values)] == [(int, 0), (int, 1), (int, 2)]


def test_rows_of_a_table_are_vectors():
    table = pd.DataFrame({"round": [1, 0], "red": [0, 1]}, index=[1, 0])
    assert as_list(table) == [[1, 0], [0, 1]]


@pytest.mark.parametrize("path", ["a.png", b"a.png", Path("a.png")])
@pytest.mark.parametrize("function", [path_list, access.image_dataset, split_paths])
def test_one_path_is_no_list(function, path):
    with pytest.raises(TypeError, match=r"list of paths, not one path: a\.png\. list_images lists"):
        function(path)
