"""The photos and folders that the benchmarks share, and what several of them do with a folder."""

import dataclasses
import functools
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers import files

import tensorflow as tf
import cv2
import numpy as np
import skimage.data
import sklearn.datasets
from PIL import Image, ImageChops, ImageOps

from tests import material
from tests.benchmarks.measure import ATTEMPTS, Row, speed

SOURCES = ["astronaut", "chelsea", "coffee", "hubble_deep_field", "immunohistochemistry", "retina", "rocket"]
CAMERAS = [(3264, 2448), (4032, 3024), (2448, 3264), (4608, 3456), (6000, 4000), (3024, 4032), (4000, 6000)]
SIZE = (128, 128)
BATCH = 32
CALLS = 2 * (os.cpu_count() or 1)  # more than cores, so that none waits while a batch is handed over
load = functools.partial(material.load, shuffle=False)


@dataclasses.dataclass(eq=False)
class Setting:
    """How much is measured; and the photos and folders, made in `workplace` when they are first wanted."""

    workplace: Path
    photos: int = 2000
    large_photos: int = 24
    camera_photos: int = 16
    rounds: int = 7
    processes: int = 3  # fresh ones, for each peak of memory
    entries: tuple[int, int, int] = (1_000, 10_000, 100_000)

    @functools.cached_property
    def folder(self) -> Path:
        """JPEGs of about 500 x 375 pixels, cropped at random from scikit-image's photographs."""
        folder, rng = self.workplace / "photos", np.random.default_rng(0)
        for place, name in enumerate(SOURCES):
            source = Image.fromarray(getattr(skimage.data, name)())
            scale = max(1, 600 / source.width, 450 / source.height)
            source = source.resize((round(scale * source.width), round(scale * source.height)))
            (folder / name).mkdir(parents=True)
            for number in range(place, self.photos, len(SOURCES)):
                width, height = rng.integers([480, 360], [521, 391])
                left, top = rng.integers([source.width - width, source.height - height])
                photo = source.crop((left, top, left + width, top + height))
                photo.save(folder / name / f"{number:04d}.jpg", quality=88)
        return folder

    @functools.cached_property
    def large_folder(self) -> Path:
        """JPEGs of 4032 x 3024 pixels, each put together from 64 of the photos: detail down to the single pixel."""
        folder, rng = self.workplace / "large_photos", np.random.default_rng(0)
        (folder / "mosaics").mkdir(parents=True)
        for number in range(self.large_photos):
            mosaic = Image.new("RGB", (4032, 3024))
            for place, path in enumerate(rng.choice(self.listing.paths, 64, replace=False)):
                row, column = divmod(place, 8)
                mosaic.paste(Image.open(path).resize((504, 378)), (504 * column, 378 * row))
            mosaic.save(folder / "mosaics" / f"{number:02d}.jpg", quality=88)
        return folder

    @functools.cached_property
    def camera_folder(self) -> Path:
        """JPEGs of 8 to 24 megapixels, upright and lying: photographs, enlarged, with a camera's noise and detail."""
        folder, noise = self.workplace / "camera_photos", camera_noise()
        photographs = [getattr(skimage.data, name)() for name in SOURCES]
        photographs += sklearn.datasets.load_sample_images().images
        (folder / "photos").mkdir(parents=True)
        for number in range(self.camera_photos):
            size, source = CAMERAS[number % len(CAMERAS)], photographs[number % len(photographs)]
            photo = ImageOps.fit(Image.fromarray(source), size, Image.Resampling.BICUBIC)
            photo = ImageChops.add(photo, noise.crop((0, 0, *size)), offset=-128)
            photo.save(folder / "photos" / f"{number:02d}.jpg", quality=90)
        return folder

    @functools.cached_property
    def listing(self) -> files.Listing:
        return files.list_images(self.folder)

    @property
    def sample(self) -> list[str]:
        """About a hundred of the photos, of each kind, to look at their pixels."""
        return self.listing.paths[:: max(1, self.photos // 100)]

    @functools.cached_property
    def decoding(self) -> tuple[Row, tf.data.Dataset]:
        """A dataset that decodes all photos and does no more, as fast as tf.data can; and the row that tells how."""
        tuned, fixed = (decoded(self.listing.paths, calls).prefetch(2) for calls in (tf.data.AUTOTUNE, CALLS))
        row = speed("decoding alone: speed with AUTOTUNE / with two calls for each core", tuned, fixed, self.rounds)
        return row, tuned if row.median > 1 else fixed

    @functools.cache  # noqa: B019  there is one Setting
    def empty_files(self, count: int) -> Path:
        """A folder of empty files in ten classes: a listing opens none."""
        folder = self.workplace / f"empty_{count}"
        for name in range(10):
            (folder / str(name)).mkdir(parents=True)
            for number in range(count // 10):
                (folder / str(name) / f"{number:05d}.jpg").touch()
        return folder


def camera_noise() -> Image.Image:
    """6144 x 6144 pixels around 128, with detail of 1, 2, 4 and 8 pixels: a JPEG then has 0.2 to 0.4 bytes a pixel."""
    rng, side = np.random.default_rng(0), 1024
    tile = np.full((side, side, 3), 128.0)
    for pixels, strength in ((1, 6), (2, 5), (4, 4), (8, 4)):
        grains = rng.normal(0, strength, (side // pixels, side // pixels, 3))
        tile += cv2.resize(grains, (side, side), interpolation=cv2.INTER_CUBIC)
    return Image.fromarray(np.tile(tile.clip(0, 255).astype(np.uint8), (6, 6, 1)))


def decoded(paths: list[str], parallel_calls: int, ratio: int = 1) -> tf.data.Dataset:
    """Decodes all photos, in full or at 1 / `ratio` of their size, and does no more."""

    def decode(path: tf.Tensor) -> tf.Tensor:
        return tf.size(tf.io.decode_jpeg(tf.io.read_file(path), channels=3, ratio=ratio))

    return tf.data.Dataset.from_tensor_slices(paths).map(decode, num_parallel_calls=parallel_calls).batch(BATCH)


def run_through(dataset, batches: int | None = None) -> Iterator:
    """One pass, or so many batches; keeps nothing. Gives the iterator back, for the clock to stop before it ends."""
    iterator = iter(dataset)
    for _ in itertools.islice(iterator, batches):
        pass
    return iterator


def new_each_time(make: Callable[[], tf.data.Dataset], batches: int, rounds: int) -> Callable[[], object]:
    """A work for `quiet_compare`: each call goes through so many batches of a dataset that was not used before.

    The datasets are made beforehand, so that no clock runs.
    """
    datasets = [make() for _ in range(ATTEMPTS * (rounds + 2))]  # two more for the warm-up

    def work() -> object:
        dataset = datasets.pop()
        return dataset, run_through(dataset, batches)

    return work


def without_autotune(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """The same dataset, as fast, whose iterators end at once: what ends within a function is timed."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
