"""Answers to the exercises of 00_start_here."""

import collections
from pathlib import Path

import numpy as np
from PIL import Image

from tests.material import load


def portraits(folder, **options):
    return load(folder, **{"image_size": (96, 64), "batch_size": 4, **options})


def class_of(path, folder):
    return Path(path).relative_to(folder).parts[0]


def counted(folder):
    return collections.Counter(class_of(path, folder) for path in load(folder).file_paths)


def divided(folder):
    dataset = load(folder)
    return {name: len(dataset.file_paths) // len(dataset.class_names) for name in dataset.class_names}


def anywhere_in_the_path(folder):
    dataset = load(folder)
    return {name: sum(name in path for path in dataset.file_paths) for name in dataset.class_names}


def by_folders(folder, pattern="*", number=int):
    folders = [path for path in Path(folder).iterdir() if path.name[0] != "."]
    return {path.name: number(len(list(path.glob(pattern)))) for path in folders}


def of_a_batch(folder):
    return collections.Counter(class_of(path, folder) for path in load(folder, shuffle=False).file_paths[:32])


def by_opening(folder):
    return collections.Counter(int(label) for _, labels in load(folder) for label in labels)


def by_pillow(folder):
    return collections.Counter(class_of(path, folder) for path in load(folder).file_paths if Image.open(path).size)


GIVEN = {"check_portrait": lambda folder: (folder,)}
WRONG = {
    "check_portrait": [
        (lambda folder: portraits(folder, image_size=(64, 96)), "64 high and 96 wide"),
        (lambda folder: portraits(folder, image_size=(96, 96)), "96 high and 96 wide"),
        (lambda folder: portraits(folder, batch_size=32), "batch_size is 32 unless"),
        (lambda folder: portraits(folder, batch_size=None), "single images"),
        (lambda folder: portraits(folder).batch(4), "batches of batches: set batch_size=4"),
        (lambda folder: portraits(folder).take(1), "16 photos, but 4 are in your dataset"),
        (lambda folder: portraits(folder).take(1).cache().repeat(4), "Only 4 of your 16 photos are different"),
        (lambda folder: portraits(folder, color_mode="grayscale"), "three channels; these have 1"),
        (lambda folder: portraits(folder, color_mode="rgba"), "three channels; these have 4"),
        (lambda folder: portraits(folder, labels=None), "The labels are missing"),
        (lambda folder: portraits(folder).repeat(), "This never ends"),
        (lambda folder: next(iter(portraits(folder))), "This should be a dataset"),
        (lambda folder: portraits, "it is a function"),
    ],
    "check_counts": [
        (lambda folder: 47, "47 is the total"),
        (lambda folder: [5, 2, 40], "This should be a dict"),
        (lambda folder: {0: 5, 1: 2, 2: 40}, "classes are ['ant', 'bee', 'elephant']; yours are ['0', '1', '2']"),
        (lambda folder: {"ant": 0, "bee": 1, "elephant": 2}, "the labels of the classes"),
        (lambda folder: {"ant": 0, "bee": 2, "elephant": 40}, "You counted 42 photos"),
        (lambda folder: {"bee": 2, "elephant": 40}, "yours are ['bee', 'elephant']"),
        (of_a_batch, "You counted 32 photos"),
        (lambda folder: {"ant": 5, "bee": 2, "elephant": 41}, "wrong: {'elephant': 41}"),
        (divided, "count, do not divide"),
        (by_opening, "Your answer raised InvalidArgumentError"),
        (by_opening, ". Your function opens photos, but none of these can be opened: count the paths"),
        (by_pillow, "Your function opens photos"),
        (anywhere_in_the_path, "'ant' is also part of 'elephant'"),
        (by_folders, "There is a file, notes.txt"),
        (lambda folder: {path.name: 1 for path in Path(folder).iterdir()}, ".ipynb_checkpoints is not a class"),
    ],
}
RIGHT = {
    "check_portrait": [
        lambda folder: portraits(folder, batch_size=None).batch(4),
        lambda folder: portraits(folder, image_size=[96, 64], label_mode="categorical"),
        lambda folder: portraits(folder, batch_size=None).filter(lambda image, label: True).batch(4),
    ],
    "check_counts": [
        counted,
        lambda folder: {**counted(folder), "no class": 0},
        lambda folder: by_folders(folder, "*.jpg"),
        lambda folder: by_folders(folder, "*.jpg", np.int64),
        lambda folder: collections.Counter(path.split("/")[-2] for path in load(folder).file_paths),
    ],
}
