"""Whole folders: what a user would take instead of the loader."""

import functools
import importlib.util
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import tensorflow as tf
import cv2
import numpy as np
from PIL import Image

from tests.benchmarks.measure import Row, quiet_compare
from tests.benchmarks.setting import BATCH, SIZE, Setting, load, run_through

OPTIONAL = ("torch", "grain")


def in_batches(images: Iterable) -> None:
    images = iter(images)
    while batch := list(itertools.islice(images, BATCH)):
        np.stack(batch)


def with_pillow(path: str) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB").resize(SIZE[::-1], Image.Resampling.BILINEAR), np.float32)


def with_opencv(path: str) -> np.ndarray:
    image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
    return cv2.resize(image, SIZE[::-1]).astype(np.float32)


def with_tensorflow(path: str) -> tf.Tensor:
    return tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), channels=3), SIZE)


class PillowPhotos:
    """For PyTorch: a sequence is a dataset."""

    def __init__(self, paths: list[str]):
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, place: int) -> np.ndarray:
        return with_pillow(self.paths[place])


def torch_loader(paths: list[str]):
    """Its workers stay from pass to pass, so their start is in no pass that counts."""
    from torch.utils.data import DataLoader

    workers = {"num_workers": os.cpu_count(), "persistent_workers": True, "multiprocessing_context": "spawn"}
    return DataLoader(PillowPhotos(paths), batch_size=BATCH, **workers)


def is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def peers(setting: Setting) -> Iterator[Row]:
    """The same files, the same work: decoded, resized to 128 x 128 bilinearly, in batches of 32 as float32.

    Pillow's bilinear takes the mean over what it shrinks, the others' does not, so it has more to do. OpenCV's counts
    in uint8.
    """
    paths, cores = setting.listing.paths, os.cpu_count()
    works: dict[str, tf.data.Dataset | Callable] = {"the loader": load(setting.folder, image_size=SIZE)}
    cv2.setNumThreads(1)  # our threads share the photos; its own would share a photo
    with ThreadPoolExecutor(cores) as threads:
        works[f"OpenCV, {cores} threads"] = lambda: in_batches(threads.map(with_opencv, paths))
        works["TensorFlow in a Python loop"] = lambda: in_batches(map(with_tensorflow, paths))
        works["Pillow in a Python loop"] = lambda: in_batches(map(with_pillow, paths))
        if is_installed("torch"):
            torchs = torch_loader(paths)
            works[f"PyTorch's DataLoader with Pillow, {cores} workers"] = functools.partial(run_through, torchs)
        if is_installed("grain"):
            grains = load(setting.folder, image_size=SIZE, format="grain")
            works['the loader with format="grain"'] = functools.partial(run_through, grains)
        comparison, others = quiet_compare(works, "the loader", setting.rounds)
    for name in list(works)[1:]:
        yield Row(f"{name}: speed / the loader's", comparison.ratios(name), others=others, bar=name)


BENCHMARKS = [peers]
