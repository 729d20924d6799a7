"""Access: image number i, images beside labels and paths, whole datasets as arrays."""

import itertools
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

from helpers import access

import keras
import tensorflow as tf
import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tests.material import load

# collect


@pytest.fixture(scope="module")
def id_folder(tmp_path_factory) -> Path:
    """Twenty images of one colour, which no resizing changes: red is the number, number % 3 the class."""
    folder = tmp_path_factory.mktemp("ids")
    for number in range(20):
        class_folder = folder / "abc"[number % 3]
        class_folder.mkdir(exist_ok=True)
        Image.new("RGB", (9, 12), (number, 0, 0)).save(class_folder / f"{number}.png")
    return folder


def numbers(images: np.ndarray) -> list[int]:
    return images[:, 0, 0, 0].astype(int).tolist()


LENGTHS = {
    "known": lambda dataset: dataset,
    "unknown": lambda dataset: dataset.unbatch().batch(5),
    "unknown, errors skipped": lambda dataset: dataset.ignore_errors(),
}


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("batch_size", [1, 7, 20, 32])
@pytest.mark.parametrize(
    ("label_mode", "label_type", "labels_of"),
    [("int", "int32", np.asarray), ("categorical", "float32", lambda classes: np.eye(3)[classes]), (None, None, None)],
)
def test_collect_keeps_images_and_labels_together(id_folder, length, batch_size, label_mode, label_type, labels_of):
    dataset = load(id_folder, image_size=(6, 5), batch_size=batch_size, label_mode=label_mode, seed=1)
    collected = access.collect(LENGTHS[length](dataset))
    images, *labels = collected if label_mode else [collected]
    assert images.shape == (20, 6, 5, 3)
    assert images.dtype == np.float32
    assert sorted(numbers(images)) == list(range(20)) != numbers(images)
    for array in labels:
        assert array.dtype == label_type
        np.testing.assert_array_equal(array, labels_of(np.array(numbers(images)) % 3))
    assert len(labels) == bool(label_mode)


def test_collect_keeps_paths_beside_images(id_folder):
    dataset = load(id_folder, batch_size=7, image_size=(6, 5), shuffle=False, labels=None)
    paths = tf.data.Dataset.from_tensor_slices(dataset.file_paths).batch(7)
    for length in LENGTHS.values():
        images, collected_paths = access.collect(length(tf.data.Dataset.zip(dataset, paths)))
        assert [int(Path(path.decode()).stem) for path in collected_paths] == numbers(images)
        assert [path.decode() for path in collected_paths] == dataset.file_paths


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float16", "float64", "bool"])
@pytest.mark.parametrize("length", LENGTHS)
def test_collect_keeps_dtypes_and_gives_arrays_to_write_to(dtype, length):
    dataset = tf.data.Dataset.from_tensor_slices(np.ones((5, 2, 2, 1), dtype)).batch(2)
    array = access.collect(LENGTHS[length](dataset))
    assert array.dtype == dtype
    array[:] = 0
    assert not array.any()


def test_collect_keeps_the_structure():
    rows = {"image": np.zeros((5, 2, 2, 3)), "target": (np.arange(5), np.arange(10).reshape(5, 2))}
    collected = access.collect(tf.data.Dataset.from_tensor_slices(rows).batch(2))
    tf.nest.map_structure(np.testing.assert_array_equal, collected, rows)


@hypothesis.settings(max_examples=30)
@hypothesis.given(count=st.integers(1, 40), batch_size=st.integers(1, 9), known=st.booleans())
def test_collect_is_the_concatenation_of_one_pass(count, batch_size, known):
    rows = np.arange(count * 12, dtype="float32").reshape(count, 2, 2, 3), np.arange(count)
    dataset = tf.data.Dataset.from_tensor_slices(rows).batch(batch_size)
    if not known:
        dataset = dataset.ignore_errors()
    assert (dataset.cardinality() == tf.data.UNKNOWN_CARDINALITY) != known
    one_pass = list(dataset.as_numpy_iterator())
    for collected, batches in zip(access.collect(dataset), zip(*one_pass, strict=True), strict=True):
        np.testing.assert_array_equal(collected, np.concatenate(batches))


class Batches:
    """A dataset of equal batches that counts those which were read. A batch has 10 images, 10,000 bytes."""

    def __init__(self, count: int | None, known: bool):
        self.read = 0
        self.dataset = tf.data.Dataset.from_generator(
            self.generate, args=[-1 if count is None else count], output_signature=tf.TensorSpec((None, 10, 25, 1))
        )
        options = tf.data.Options()
        options.experimental_optimization.inject_prefetch = False  # else TensorFlow reads ahead, and the count is off
        self.dataset = self.dataset.with_options(options)
        if known:
            self.dataset = self.dataset.apply(tf.data.experimental.assert_cardinality(count))

    def generate(self, count):
        for number in itertools.count():
            if number == count:
                return
            self.read += 1
            yield np.full((10, 10, 25, 1), number, "float32")


@pytest.mark.parametrize(
    ("count", "known", "most_read"),
    [(11, True, 1), (11, False, 11), (None, False, 11)],
    ids=["known length", "unknown length", "endless without a sign"],
)
def test_collect_refuses_more_than_max_bytes(count, known, most_read):
    batches = Batches(count, known)
    with pytest.raises(MemoryError, match=r"the limit is 0\.0001 GB.*image_size"):
        access.collect(batches.dataset, max_bytes=100_000)
    assert batches.read <= most_read


@pytest.mark.parametrize("rows", [10, 11, 19, 20])
def test_collect_fills_max_bytes_to_the_last_row(rows):
    dataset = tf.data.Dataset.from_tensor_slices(np.zeros((rows, 1000), "uint8")).batch(10)
    assert access.collect(dataset, max_bytes=1000 * rows).shape == (rows, 1000)
    with pytest.raises(MemoryError):
        access.collect(dataset, max_bytes=1000 * rows - 1)


@pytest.mark.parametrize("known", [True, False])
def test_collect_uses_no_more_than_max_bytes(known):
    batches = Batches(80, known)
    tracemalloc.start()
    images = access.collect(batches.dataset, max_bytes=800_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(images) == 800
    assert peak < 1.25 * 800_000  # beside the arrays, a batch or two and what Python needs


def test_collect_takes_half_of_the_free_memory_by_default(monkeypatch):
    for available, fits in [(200_000, True), (199_999, False)]:
        memory = access.psutil.virtual_memory()._replace(available=available)
        monkeypatch.setattr(access.psutil, "virtual_memory", lambda memory=memory: memory)
        if fits:
            assert len(access.collect(Batches(10, True).dataset)) == 100
        else:
            with pytest.raises(MemoryError):
                access.collect(Batches(10, True).dataset)


@pytest.mark.parametrize("shape", [(5,), (5, 4), (5, 6, 7), (5, 6, 3), (5, 6, 7, 1), (5, 2, 6, 7, 3)])
def test_collect_takes_batches_of_any_rank(shape):
    rows = np.random.default_rng(0).random(shape)
    np.testing.assert_array_equal(access.collect(tf.data.Dataset.from_tensor_slices(rows).batch(2)), rows)


def test_collect_takes_batches_of_different_lengths_even_none():
    rows = np.array([0, 0, 0, 1, 0, 1, 1, 1, 1])
    ones = tf.data.Dataset.from_tensor_slices(rows).batch(3).map(lambda batch: batch[batch == 1])
    np.testing.assert_array_equal(access.collect(ones), [1] * 5)


def of_shapes(*shapes):
    """A dataset of six random rows of these shapes; those without an axis are whole numbers."""
    parts = [np.random.default_rng(0).random((6, *shape)).astype("float32" if shape else "int32") for shape in shapes]
    return tf.data.Dataset.from_tensor_slices(parts[0] if len(parts) == 1 else tuple(parts))


def of_unknown_shape(dataset, shape=None):
    """The same dataset, as after a function of which TensorFlow does not know what it gives."""
    return dataset.map(lambda image: tf.ensure_shape(tf.numpy_function(np.copy, [image], tf.float32), shape))


@pytest.mark.parametrize(
    "dataset",
    [
        of_shapes((8, 9, 3)),
        of_shapes((8, 9, 1)),
        of_shapes((3, 8, 9)),
        of_shapes((4, 8, 9)),
        of_shapes((8, 9, 3), (8, 9, 1)),  # with its mask
        of_shapes((8, 9, 3), (3,)),  # with a vector for its label
        of_shapes((3, 8, 9), (3,)),
        of_shapes((8, 9, 3), (8,)),
        of_shapes((8, 9, 3), ()),
        of_unknown_shape(of_shapes((8, 9, 3))),
        of_unknown_shape(of_shapes((8, 9, 3)), (None, None, 3)),
        of_unknown_shape(of_shapes((3, 8, 9)), (3, None, None)),
    ],
    ids=lambda dataset: str(dataset.element_spec),
)
def test_collect_is_not_fooled_by_single_images(dataset):
    with pytest.raises(
        ValueError, match=r"yields single images, judging by the shapes .*collect\(dataset\.batch\(32\)\)"
    ):
        access.collect(dataset)


@pytest.mark.parametrize(
    "dataset",
    [
        of_shapes((9, 3)).batch(2),
        of_shapes((8, 9)).batch(3),
        of_shapes((8, 9)).batch(2, drop_remainder=True),
        of_shapes((8, 9, 3), (5, 4)).batch(2, drop_remainder=True),  # with boxes
        of_shapes((3, 8, 9), (5, 4)).batch(2, drop_remainder=True),
        of_shapes((5, 3), ()).batch(2, drop_remainder=True),  # key points alone, and labels
        of_unknown_shape(of_shapes((8, 9, 3)).batch(2)),
    ],
    ids=lambda dataset: str(dataset.element_spec),
)
def test_collect_takes_batches_that_look_like_an_image(dataset):
    batches = map(tf.nest.flatten, dataset.as_numpy_iterator())
    expected = [np.concatenate(parts) for parts in zip(*batches, strict=True)]
    for array, rows in zip(tf.nest.flatten(access.collect(dataset)), expected, strict=True):
        np.testing.assert_array_equal(array, rows)


@pytest.mark.parametrize("data_format", ["channels_first", "channels_last"])
def test_collect_joins_batches_in_either_data_format_and_no_single_images(id_folder, data_format):
    options = {"labels": None, "image_size": (6, 5), "data_format": data_format}
    shape = (3, 6, 5) if data_format == "channels_first" else (6, 5, 3)
    assert access.collect(load(id_folder, **options)).shape == (20, *shape)
    with pytest.raises(ValueError, match="single images"):
        access.collect(load(id_folder, batch_size=None, **options))


IMAGES = tf.data.Dataset.from_tensor_slices(np.zeros((6, 2, 2, 3)))


@pytest.mark.parametrize(
    ("dataset", "error_type", "words"),
    [
        ([np.zeros((6, 2, 2, 3))], TypeError, "needs a tf.data.Dataset, not list"),
        ("photos", TypeError, "needs a tf.data.Dataset, not str"),
        (IMAGES, ValueError, r"collect\(dataset\.batch\(32\)\)"),
        (tf.data.Dataset.zip(IMAGES, tf.data.Dataset.range(6)), ValueError, r"collect\(dataset\.batch\(32\)\)"),
        (tf.data.Dataset.range(6), ValueError, r"collect\(dataset\.batch\(32\)\)"),
        (IMAGES.batch(2).take(0), ValueError, "empty"),
        (IMAGES.filter(lambda image: False).batch(2), ValueError, "empty"),
        (IMAGES.batch(2).repeat(), ValueError, r"endless.*collect\(dataset\.take\(10\)\)"),
        (IMAGES.batch(1).concatenate(IMAGES.batch(1).map(lambda image: image[:, :1, :1])), ValueError, "different"),
    ],
)
def test_collect_refuses(dataset, error_type, words):
    with pytest.raises(error_type, match=words):
        access.collect(dataset, max_bytes=10_000)  # so that an endless one, let through, ends


MEASURE_PEAK = """
import resource, sys
import numpy as np, psutil, tensorflow as tf
from helpers.access import collect

def concatenate(dataset):
    return np.concatenate([batch for batch in dataset.as_numpy_iterator()])

dataset = tf.data.Dataset.range(4096).map(lambda i: tf.fill((64, 64, 3), tf.cast(i, tf.float32))).batch(32)
function = {"collect": collect, "concatenate": concatenate}[sys.argv[1]]
function(dataset.take(2))  # what a first call needs once is not what is measured
before = psutil.Process().memory_info().rss
images = function(dataset)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print((peak - before) / images.nbytes)
"""


@pytest.mark.thorough
@pytest.mark.parametrize(("function", "least", "most"), [("collect", 0.9, 1.25), ("concatenate", 1.8, 2.4)])
def test_collect_needs_the_memory_once(function, least, most):
    pytest.importorskip("resource", reason="peak memory is read the Unix way")
    run = subprocess.run([sys.executable, "-c", MEASURE_PEAK, function], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert least < float(run.stdout) < most


# image_dataset, image_at, predict_with_labels


@pytest.fixture(scope="module")
def listed(id_folder):
    dataset = load(id_folder, shuffle=False)
    return dataset.file_paths, [int(label) for _, labels in dataset for label in labels]


@hypothesis.settings(max_examples=10)
@hypothesis.given(
    batch_size=st.integers(1, 25),
    shuffle=st.booleans(),
    size=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    interpolation=st.sampled_from(["bilinear", "nearest", "area"]),
    labelled=st.booleans(),
)
def test_image_dataset_pairs_each_image_with_its_own_file(listed, batch_size, shuffle, size, interpolation, labelled):
    paths, labels = listed
    options = {"image_size": size, "interpolation": interpolation}
    given = labels if labelled else None
    dataset = access.image_dataset(paths, given, batch_size=batch_size, shuffle=shuffle, **options)
    images, *rest, found = access.collect(dataset)
    found = [path.decode() for path in found]
    assert sorted(found) == sorted(paths)
    assert shuffle or found == list(paths)
    for image, path in zip(images, found, strict=True):
        np.testing.assert_array_equal(image, access.decode_image(path, **options))
    if labelled:
        assert rest[0].tolist() == [labels[paths.index(path)] for path in found]


@pytest.mark.parametrize("options", [{}, {"color_mode": "grayscale"}, {"pad_to_aspect_ratio": True, "batch_size": 7}])
def test_image_dataset_is_the_loaders_with_paths(id_folder, listed, options):
    paths, labels = listed
    loaded = load(id_folder, shuffle=False, image_size=(9, 6), **options)
    dataset = access.image_dataset(paths, labels, image_size=(9, 6), **options)
    assert dataset.element_spec[:2] == loaded.element_spec
    assert dataset.element_spec[2] == tf.TensorSpec((None,), tf.string)
    for ours, theirs in zip(dataset, loaded, strict=True):
        for our_part, their_part in zip(ours, theirs, strict=False):
            np.testing.assert_array_equal(our_part, their_part)


def test_image_dataset_shuffles_all_paths_anew_and_a_seed_repeats_it(listed):
    paths, _ = listed

    def passes(seed, count=2):
        dataset = access.image_dataset(paths, shuffle=True, seed=seed, image_size=(2, 2))
        return [[path for _, names in dataset for path in names.numpy()] for _ in range(count)]

    (first, second), again, other = passes(1), passes(1), passes(2)
    assert first != second
    assert again == [first, second] != other
    far = [passes(seed, 1)[0].index(paths[-1].encode()) for seed in range(10)]
    assert min(far) < 5  # not held back by a window: the last path comes among the first


DETERMINISM = """
import sys
import tensorflow as tf
from helpers import access
tf.config.experimental.enable_op_determinism()
dataset = access.image_dataset(sys.argv[1:], shuffle=True, image_size=(2, 2))
for _ in range(2):
    print(*[path.decode() for _, paths in dataset for path in paths.numpy()])
"""


@pytest.mark.thorough
def test_image_dataset_shuffles_under_op_determinism(listed):
    paths, _ = listed
    run = subprocess.run([sys.executable, "-c", DETERMINISM, *paths], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    first, second = (line.split() for line in run.stdout.splitlines())
    assert sorted(first) == sorted(second) == sorted(paths)
    assert first != second != paths != first


def test_image_dataset_draws_a_seed_where_tensorflow_wants_one(listed, monkeypatch):
    """As after `enable_op_determinism`, which only a process of its own can try."""
    paths, _ = listed
    shuffle, seeds = tf.data.Dataset.shuffle, []

    def refusing(dataset, buffer_size, seed=None):
        seeds.append(seed)
        if seed is None:
            raise RuntimeError("Random ops require a seed to be set when determinism is enabled.")
        return shuffle(dataset, buffer_size, seed=seed)

    monkeypatch.setattr(tf.data.Dataset, "shuffle", refusing)
    for seed in (None, None, 5):
        access.image_dataset(paths, shuffle=True, seed=seed, image_size=(2, 2))
    first_try, first, second_try, second, given = seeds
    assert (first_try, second_try, given) == (None, None, 5)
    assert first != second


def test_the_seed_of_tensorflow_decides_on_the_orders_too(listed):
    def order(global_seed):
        tf.random.set_seed(global_seed)
        return access.collect(access.image_dataset(listed[0], shuffle=True, seed=1, image_size=(2, 2)))[1].tolist()

    try:
        assert order(1) == order(1) != order(2)
    finally:
        keras.utils.set_random_seed(0)


@pytest.mark.parametrize(
    ("labels", "dtype"),
    [
        (np.arange(20), "int64"),
        (tuple(range(20)), "int32"),
        (tf.range(20), "int32"),
        (pd.Series(range(20), index=range(20, 0, -1)), "int32"),
        ([f"name {i}" for i in range(20)], "string"),
        (np.eye(20), "float64"),
        (pd.DataFrame(np.eye(20), index=range(20, 0, -1)), "float32"),
        ([(i, 0.5) for i in range(20)], "float32"),
    ],
    ids=["array", "tuple", "tensor", "Series", "strings", "vectors", "table", "tuples"],
)
def test_image_dataset_takes_labels_of_any_kind(listed, labels, dtype):
    ((_, found, _),) = access.image_dataset(listed[0], labels, batch_size=20, image_size=(2, 2))
    assert found.dtype.name == dtype
    np.testing.assert_array_equal(found, tf.convert_to_tensor(labels))


@pytest.mark.parametrize(
    ("arguments", "options", "error_type", "words"),
    [
        (([],), {}, ValueError, "no path"),
        ((["a.png"], [1, 2]), {}, ValueError, "1 path but 2 labels"),
        ((["nowhere.png"],), {}, FileNotFoundError, r"nowhere\.png"),
        ((["nowhere.png"],), {"batch_size": 0}, ValueError, "batch_size must be a whole number above 0, not 0"),
        ((["nowhere.png"],), {"batch_size": -1}, ValueError, "batch_size must be a whole number above 0, not -1"),
        ((["nowhere.png"],), {"image_size": 8}, ValueError, "image_size"),
        ((["nowhere.png"],), {"size": 8}, TypeError, "size"),
    ],
)
def test_image_dataset_refuses_at_the_call(arguments, options, error_type, words):
    with pytest.raises(error_type, match=words):
        access.image_dataset(*arguments, **options)


def test_image_dataset_reads_the_files_anew_on_each_pass(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for number, path in enumerate(paths):
        Image.new("RGB", (4, 4), (number, 0, 0)).save(path)
    dataset = access.image_dataset(paths, image_size=(4, 4))
    assert numbers(access.collect(dataset)[0]) == [0, 1, 2]
    Image.new("RGB", (4, 4), (200, 0, 0)).save(paths[1])
    assert numbers(access.collect(dataset)[0]) == [0, 200, 2]


def test_a_name_that_is_not_utf_8_can_be_in_a_list_of_paths(tmp_path):
    paths = [tmp_path / name for name in ("1.png", "2 caf\udce9.png")]
    try:
        for number, path in enumerate(paths):
            Image.new("RGB", (4, 4), (number, 0, 0)).save(path, "PNG")
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    images, found = access.collect(access.image_dataset(paths, image_size=(4, 4)))
    assert [os.fsdecode(path) for path in found] == [str(path) for path in paths]
    assert numbers(images) == [0, 1]
    assert numbers(access.image_at(paths, 1, image_size=(4, 4))[None].numpy()) == [1]


@pytest.mark.parametrize("i", [0, 7, 19, -1, -20, np.int64(3)])
def test_image_at(listed, i):
    image = access.image_at(listed[0], i, image_size=(4, 4))
    np.testing.assert_array_equal(image, access.decode_image(listed[0][i], (4, 4)))


@pytest.mark.parametrize("i", [20, -21])
def test_image_at_refuses_what_is_not_there(listed, i):
    with pytest.raises(IndexError, match=f"no image number {i}: there are 20, numbered 0 to 19"):
        access.image_at(listed[0], i)


def test_image_at_reads_one_file(listed, monkeypatch):
    read, real = [], tf.io.read_file
    monkeypatch.setattr(tf.io, "read_file", lambda path: read.append(path) or real(path))
    access.image_at(listed[0], 19)
    assert [os.fsdecode(path) for path in read] == [listed[0][19]]


def test_predict_with_labels_keeps_together_what_belongs_together(listed):
    paths, labels = listed
    model = keras.Sequential([keras.layers.GlobalAveragePooling2D()])  # the mean colour: red is the number of the image
    dataset = access.image_dataset(paths, labels, shuffle=True, batch_size=6, image_size=(4, 4))
    colours, found_labels, found_paths = access.predict_with_labels(model, dataset)
    assert len(colours) == 20
    for colour, label, path in zip(colours, found_labels, found_paths, strict=True):
        assert round(float(colour[0])) == int(Path(path.decode()).stem)
        assert label == labels[paths.index(path.decode())]


INPUT = keras.Input((4, 4, 3))
MEANS = keras.layers.GlobalAveragePooling2D()(INPUT)
OUTPUTS = {
    "one": MEANS,
    "list": [MEANS[:, :1], MEANS[:, 1:]],
    "tuple": (MEANS[:, :1], MEANS[:, 1:]),
    "dict": {"red": MEANS[:, :1], "others": MEANS[:, 1:]},
    "nested": {"red": MEANS[:, :1], "others": [MEANS[:, 1:2], MEANS[:, 2:]]},
}


@pytest.mark.parametrize("outputs", OUTPUTS.values(), ids=OUTPUTS)
@pytest.mark.parametrize("count", [8, 7])  # batches of the same length, and a short last one
def test_predictions_have_the_structure_that_predict_gives(outputs, count):
    images = np.random.default_rng(0).random((count, 4, 4, 3)).astype("float32")
    model = keras.Model(INPUT, outputs)
    dataset = tf.data.Dataset.from_tensor_slices((images, np.arange(count))).batch(4)
    predictions, labels = access.predict_with_labels(model, dataset)
    expected = model.predict(images, verbose=0)
    assert type(predictions) is type(expected)
    keras.tree.map_structure(np.testing.assert_array_equal, predictions, expected)
    assert labels.tolist() == list(range(count))


def test_labels_keep_their_structure():
    labels = {"age": np.arange(7), "others": (np.arange(14).reshape(7, 2), np.array(list("abcdefg")))}
    dataset = tf.data.Dataset.from_tensor_slices((np.zeros((7, 4, 4, 3)), labels, np.arange(7))).batch(4)
    _, found, places = access.predict_with_labels(keras.Model(INPUT, MEANS), dataset)
    assert list(found) == ["age", "others"]
    assert found["age"].tolist() == places.tolist() == list(range(7))
    np.testing.assert_array_equal(found["others"][0], labels["others"][0])
    assert b"".join(found["others"][1]) == b"abcdefg"


@pytest.mark.parametrize(
    ("dataset", "error_type", "words"),
    [
        ([1], TypeError, "tf.data.Dataset, not list"),
        (IMAGES.batch(2), ValueError, "only images"),
        (tf.data.Dataset.zip(IMAGES, IMAGES).batch(2).take(0), ValueError, "dataset is empty: it yielded no batch"),
    ],
)
def test_predict_with_labels_refuses(dataset, error_type, words):
    with pytest.raises(error_type, match=words):
        access.predict_with_labels(None, dataset)
