"""Answers to the exercises of 04_which_file_is_it."""

from pathlib import Path

from helpers import access

import keras
import tensorflow as tf
import numpy as np

from tests.material import load

PHOTO_FOLDER = Path("photos")  # a variable of the notebook


def in_two_passes(model, dataset):
    predictions = np.concatenate([model(images) for images, _ in dataset])
    return np.mean(predictions == np.concatenate([labels for _, labels in dataset]))


def counted_in_a_pass_of_its_own(model, dataset):
    count = sum(len(labels) for _, labels in dataset)
    return right_ones(model, dataset) / count


def of_batches(model, dataset):
    return [np.mean(model(images) == labels) for images, labels in dataset.as_numpy_iterator()]


def right_ones(model, dataset):
    return sum(np.sum(model(images) == labels) for images, labels in dataset.as_numpy_iterator())


def of_lists(model, dataset):
    predictions, true_labels = [], []
    for images, labels in dataset.as_numpy_iterator():
        predictions.extend(model(images))
        true_labels.extend(labels)
    return np.mean(predictions == true_labels)


def joined(model, dataset):
    right = [tf.cast(model(images) == labels, tf.float64) for images, labels in dataset]
    return float(tf.reduce_mean(tf.concat(right, 0)))


def by_keras(model, dataset):
    metric = keras.metrics.Accuracy()
    for images, labels in dataset:
        metric.update_state(labels, model(images))
    return metric.result()


def with_python_numbers(model, dataset):
    hits = [
        int(guess) == int(label)
        for images, labels in dataset
        for guess, label in zip(model(images), labels, strict=True)
    ]
    return sum(hits) / len(hits)


def printed(model, dataset):
    print(joined(model, dataset))


def wrong_of(model, directory, *, name=lambda path: Path(path).name, take=-1, wrong=np.not_equal, **options):
    dataset = load(directory, **{"shuffle": False, "image_size": (32, 32), **options})
    is_wrong = [row for images, labels in dataset.take(take) for row in wrong(model(images), labels)]
    return [name(path) for path, row in zip(dataset.file_paths, is_wrong, strict=False) if row]


def with_paths(model, directory):
    dataset = load(directory, shuffle=False, image_size=(32, 32))
    paths = tf.data.Dataset.from_tensor_slices(dataset.file_paths).batch(32)
    names = set()
    for (images, labels), batch_of_paths in tf.data.Dataset.zip(dataset, paths):
        for path, predicted, label in zip(batch_of_paths.numpy(), model(images), labels, strict=True):
            if predicted != label:
                names.add(Path(path.decode()).name)
    return names


def with_path_of_a_tensor(model, directory):
    dataset = load(directory, shuffle=False, image_size=(32, 32))
    return [Path(path).name for path in tf.data.Dataset.from_tensor_slices(dataset.file_paths)]


def by_numbers(model, directory):
    paths = load(directory, labels=None, shuffle=False).file_paths
    classes = sorted(path.name for path in Path(directory).iterdir())
    for images, numbers in load(directory, labels=list(range(len(paths))), image_size=(32, 32)):
        for number, predicted in zip(numbers, model(images.numpy()), strict=True):
            if Path(paths[number]).parent.name != classes[predicted]:
                yield Path(paths[number]).name


def by_helper(model, directory):
    ordered = load(directory, shuffle=False)
    labels = np.concatenate([labels for _, labels in ordered])
    dataset = access.image_dataset(ordered.file_paths, labels, shuffle=True, image_size=(32, 32))
    names = [
        Path(path.decode()).name
        for images, labels, paths in dataset.as_numpy_iterator()
        for path in paths[model(images) != labels]
    ]
    return np.array(names)


def shuffled_pairs(model, directory):
    return wrong_of(model, directory, shuffle=True, seed=1)


def tensors(model, directory):
    return tf.constant(wrong_of(model, directory))


RIGHT = {
    "check_accuracy": [
        lambda model, dataset: right_ones(model, dataset) / (len(dataset) * 5 - 2),
        lambda model, dataset: round(joined(model, dataset), 2),
        counted_in_a_pass_of_its_own,
        joined,
        by_keras,
        with_python_numbers,
    ],
    "check_wrong_files": [
        wrong_of,
        with_paths,
        by_numbers,
        by_helper,
        lambda model, directory: map(Path, wrong_of(model, directory)),
        lambda model, directory: tuple(reversed(wrong_of(model, Path(directory)))),
    ],
}
WRONG = {
    "check_accuracy": [
        (in_two_passes, "You went over the dataset 2 times"),
        (lambda model, dataset: np.mean(of_batches(model, dataset)), "the last batch is short"),
        (lambda model, dataset: of_batches(model, dataset)[0], "accuracy of the first batch"),
        (of_batches, "This should be a number; it is a list"),
        (right_ones, "from 0 to 1; yours is 18"),
        (lambda model, dataset: 100 * joined(model, dataset), "from 0 to 1; yours is 78.3"),
        (lambda model, dataset: right_ones(model, dataset) / len(dataset), "from 0 to 1; yours is 3.6"),
        (lambda model, dataset: f"{joined(model, dataset):.0%}", "This should be a number; it is a str"),
        (lambda model, dataset: float("nan"), "from 0 to 1; yours is nan"),
        (
            lambda model, dataset: right_ones(model, dataset) / (32 * len(dataset)),
            "You counted 32 images per batch",
        ),
        (of_lists, "For two lists, == is a single False"),
        (lambda model, dataset: 1.0, "Count the right ones"),
        (lambda model, dataset: 0.29, "Count the right ones"),
        (printed, "Is a `return` missing?"),
    ],
    "check_wrong_files": [
        (shuffled_pairs, "only with shuffle=False"),
        (lambda model, directory: wrong_of(model, directory, take=1), "the first batch"),
        (lambda model, directory: wrong_of(model, directory, wrong=np.equal), "the files the model gets right"),
        (lambda model, directory: wrong_of(model, directory, name=str), "These are paths"),
        (with_path_of_a_tensor, "A path in a dataset is a tensor: path.numpy().decode()"),
        (lambda model, directory: wrong_of(model, directory, name=lambda path: Path(path).stem), "is called '03'"),
        (lambda model, directory: wrong_of(model, directory) * 2, "more than once"),
        (lambda model, directory: wrong_of(model, directory)[1:], "03.png is missing"),
        (lambda model, directory: [*wrong_of(model, directory), "00.png"], "The model gets 00.png right"),
        (lambda model, directory: wrong_of(model, directory, image_size=(64, 64)), "but got (32, 64, 64, 3)"),
        (lambda model, directory: len(wrong_of(model, directory)), "This should be a list; it is an int"),
        (lambda model, directory: [3, 9, 20], "one of yours is an int"),
        (tensors, "These are bytes"),
        (lambda model, directory: [], "03.png is missing"),
        (lambda model, directory: wrong_of(model, PHOTO_FOLDER), "uses `PHOTO_FOLDER`"),
    ],
}
