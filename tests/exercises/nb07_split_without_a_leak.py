"""Answers to the exercises of 07_split_without_a_leak."""

from collections import Counter
from pathlib import Path

from helpers import splits
from helpers.files import list_images

import numpy as np
import pandas as pd
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    StratifiedGroupKFold,
    StratifiedShuffleSplit,
    train_test_split,
)
from sklearn.utils.class_weight import compute_class_weight

from tests.material import load


def three_parts(paths, labels, second=2 / 9, stratify=True, stratify_rest=True):
    rest, test, rest_labels, _ = train_test_split(
        paths, labels, test_size=10, stratify=labels if stratify else None, random_state=0
    )
    rest_labels = rest_labels if stratify_rest else None
    return *train_test_split(rest, test_size=second, stratify=rest_labels, random_state=0), test


def with_labels(paths, labels):
    rest, test, rest_labels, _ = train_test_split(paths, labels, test_size=10, stratify=labels, random_state=0)
    train, validation, *_ = train_test_split(rest, rest_labels, test_size=20, stratify=rest_labels, random_state=0)
    labels_of = dict(zip(paths, labels, strict=True))
    return [([*part], [labels_of[path] for path in part]) for part in (train, validation, test)]


def two_splits(paths, labels):
    train, rest = train_test_split(paths, test_size=30, stratify=labels, random_state=0)
    return train, *(train_test_split(paths, test_size=n, stratify=labels, random_state=1)[1] for n in (20, 10))


def swapped(paths, labels):
    train, validation, test = three_parts(paths, labels)
    return train, test, validation


def repeated(paths, labels):
    train, validation, test = three_parts(paths, labels)
    return train[:-1] + train[:1], validation, test


def sample(frame, n, count):
    return frame.groupby("label", group_keys=False).sample(frac=n / count, random_state=0)


def by_pandas(paths, labels):
    frame = pd.DataFrame({"path": paths, "label": labels})
    test = sample(frame, 10, 100)
    validation = sample(frame.drop(test.index), 20, 90)
    return frame.drop(test.index).drop(validation.index).path, validation.path, test.path


def by_class(paths, labels):
    """Cut each class by itself."""
    parts = [[], [], []]
    for name in sorted(set(labels)):
        own = [path for path, label in zip(paths, labels, strict=True) if label == name]
        n = len(own)
        cuts = (own[: n * 7 // 10], own[n * 7 // 10 : n * 9 // 10], own[n * 9 // 10 :])
        for part, cut in zip(parts, cuts, strict=True):
            part.extend(cut)
    return parts


def as_if_sorted(paths, labels):
    """Takes for granted that the first class comes first."""
    first = labels.count(0)
    return by_class(paths, [0] * first + [1] * (len(paths) - first))


def by_shuffle_split(paths, labels):
    paths, labels = np.array(paths), np.array(labels)
    ((rest, test),) = StratifiedShuffleSplit(1, test_size=10, random_state=0).split(paths, labels)
    ((train, validation),) = StratifiedShuffleSplit(1, test_size=20, random_state=0).split(rest, labels[rest])
    return paths[rest[train]], paths[rest[validation]], paths[test]


def patient_of(path):
    return Path(path).name.split("_")[0]


def by_groups(paths, group_of=patient_of, test_size=0.2):
    groups = [group_of(path) for path in paths]
    train, test = next(GroupShuffleSplit(test_size=test_size, random_state=0).split(paths, groups=groups))
    return [paths[row] for row in train], [paths[row] for row in test]


def by_first_fold(paths):
    classes = ["/sick/" in path for path in paths]
    folds = StratifiedGroupKFold(n_splits=5, shuffle=True, random_state=0)
    train, test = next(folds.split(paths, classes, [patient_of(path) for path in paths]))
    return np.array(paths)[train], np.array(paths)[test]


def by_group_fold(paths):
    train, test = next(GroupKFold(n_splits=5).split(paths, groups=[patient_of(path) for path in paths]))
    return (np.array(paths)[rows].tolist() for rows in (train, test))


def by_drawn_patients(paths):
    chosen = set(sorted({patient_of(path) for path in paths})[::5])
    is_test = [patient_of(path) in chosen for path in paths]
    frame = pd.DataFrame({"path": paths, "is_test": is_test})
    return frame.path[~frame.is_test], frame.path[frame.is_test]


def labels_in(directory):
    return np.concatenate([labels for _, labels in load(directory)])


def by_sklearn(directory):
    labels = labels_in(directory)
    classes = np.unique(labels)
    return dict(zip(classes, compute_class_weight("balanced", classes=classes, y=labels), strict=True))


def by_bincount(directory):
    counts = np.bincount(list_images(directory).labels)
    return dict(enumerate(counts.sum() / (len(counts) * counts)))


RIGHT = {
    "check_three_parts": [
        three_parts,
        by_pandas,
        by_class,
        by_shuffle_split,
        lambda paths, labels: [np.array(part) for part, _ in splits.split_paths(paths, labels, (0.7, 0.2, 0.1))],
        lambda paths, labels: tuple(map(tuple, three_parts(paths, labels))),
        lambda paths, labels: (map(Path, part) for part in three_parts(paths, labels)),
    ],
    "check_by_patient": [
        by_groups,
        by_first_fold,
        by_group_fold,
        by_drawn_patients,
        lambda paths: by_groups(paths, test_size=0.25),
        lambda paths: [[Path(path) for path in part] for part in by_groups(paths)],
    ],
    "check_weights_of": [
        by_sklearn,
        by_bincount,
        lambda directory: {int(number): round(float(weight), 2) for number, weight in by_sklearn(directory).items()},
    ],
}
WRONG = {
    "check_three_parts": [
        (lambda paths, labels: (paths[:70], paths[70:90], paths[90:]), "Split with stratify both times"),
        (lambda paths, labels: three_parts(paths, labels, stratify=False), "Split with stratify both times"),
        (lambda paths, labels: three_parts(paths, labels, stratify_rest=False), "Split with stratify both times"),
        (as_if_sorted, "Split with stratify both times"),
        (
            lambda paths, labels: splits.split_paths(paths, labels, (0.7, 0.2, 0.1)),
            "without labels; this is not one of them",
        ),
        (with_labels, "without labels; this is not one of them: a list"),
        (lambda paths, labels: [labels[:70], labels[70:90], labels[90:]], "this is not one of them: an int"),
        (lambda paths, labels: [["photos/x.jpg"], paths, []], "this is not one of them: 'photos/x.jpg'"),
        (
            lambda paths, labels: three_parts(paths, labels, second=0.2),
            "[72, 18, 10] photos instead of [70, 20, 10]. The second split divides only what the first has left",
        ),
        (swapped, "[70, 10, 20] photos. The order is training, validation, test."),
        (two_splits, "in more than one part"),
        (repeated, "in the same part twice"),
        (lambda paths, labels: train_test_split(paths, test_size=0.3), "there are 2"),
        (lambda paths, labels: train_test_split(paths, labels, test_size=0.3), "there are 4"),
        (lambda paths, labels: (*three_parts(paths, labels)[:2], []), "10 of the photos are in no part"),
        (lambda paths, labels: dict(enumerate(three_parts(paths, labels))), "it is a dict"),
        (lambda paths, labels: labels.clear() or three_parts(paths, labels), "Your answer raised"),
    ],
    "check_by_patient": [
        (lambda paths: train_test_split(paths, test_size=0.2, random_state=0), "Draw patients, and take"),
        (lambda paths: by_groups(paths, lambda path: path.split("_")[0]), "go by the file name alone"),
        (lambda paths: by_groups(paths, lambda path: Path(path).parent.name), "go by the file name alone"),
        (lambda paths: by_groups(paths)[::-1], "Training comes first"),
        (lambda paths: by_groups(paths, test_size=0.45), "it should have about 20"),
        (lambda paths: (paths, []), "The test has 0 %"),
        (lambda paths: (by_groups(paths)[0], by_groups(paths)[0][:9]), "in more than one part"),
        (lambda paths: (by_groups(paths)[0], by_groups(paths)[1][1:]), "1 of the photos are in no part"),
        (lambda paths: next(GroupShuffleSplit().split(paths, groups=paths)), "this is not one of them: an int"),
        (lambda paths: [paths[rows] for rows in np.split(np.arange(len(paths)), [9])], "[paths[row] for row in rows]"),
        (lambda paths: (*by_groups(paths), []), "There should be two lists"),
    ],
    "check_weights_of": [
        (lambda directory: list(by_bincount(directory).values()), "This should be a dict"),
        (lambda directory: dict(Counter(list_images(directory).labels)), "These are the counts"),
        (lambda directory: {0: 1.0, 1: 1.0, 2: 1.0}, "A weight is photos / (classes"),
        (lambda directory: {0: by_bincount(directory)[0]}, "A weight is photos / (classes"),
    ],
}
