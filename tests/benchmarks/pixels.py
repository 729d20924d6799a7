"""How near the small photos are to those that Pillow makes with its Lanczos filter; and the recipe on large photos."""

import functools
from collections.abc import Callable, Iterator

from helpers import access

import tensorflow as tf
import numpy as np
from PIL import Image

from tests.benchmarks.measure import Row, speed
from tests.benchmarks.recipe import by_area, first_epoch, in_blocks, mixed, shrunk
from tests.benchmarks.setting import BATCH, CALLS, SIZE, Setting, decoded, load

loaders = functools.partial(access.decode_image, image_size=SIZE)  # bit for bit the loader's pixels


def recipes(path: str):
    return shrunk(path, 0)[0]


def recipes_by_area(path: str):
    return by_area(path, 0)[0]


def distances(small: Callable[[str], np.ndarray], paths: list[str]) -> np.ndarray:
    """For each file, the mean absolute difference of a picture to full decoding and Pillow's Lanczos, in 1/255."""
    return np.array([np.abs(np.float32(small(path)) - with_lanczos(path)).mean() for path in paths])


def with_lanczos(path: str) -> np.ndarray:
    return np.float32(Image.open(path).convert("RGB").resize(SIZE[::-1], Image.Resampling.LANCZOS))


def ordinary_photos(setting: Setting) -> Iterator[Row]:
    against = distances(loaders, setting.sample)
    for name, small, target in (
        ("the recommended pipeline", recipes, 1),
        ('the recommended pipeline, with "area"', recipes_by_area, None),
        ('the loader with "area"', functools.partial(loaders, interpolation="area"), None),
    ):
        ratios = distances(small, setting.sample) / against
        yield Row(f"{name}: mean difference to Pillow's Lanczos / the loader's", ratios.tolist(), at_most=target)


def large_photos(setting: Setting) -> Iterator[Row]:
    folder, what = setting.large_folder, "JPEGs of 4032 x 3024, the recommended pipeline"
    loaded = load(folder, image_size=SIZE, batch_size=BATCH)
    work = first_epoch(folder, setting.rounds)
    yield speed(f"{what}: speed of a first epoch / the loader's", work, loaded, setting.rounds, at_least=2.5)
    paths = loaded.file_paths
    smaller, in_full = (decoded(paths, CALLS, ratio=ratio) for ratio in (8, 1))
    yield speed("JPEGs of 4032 x 3024, decoding alone: speed at 1/8 / in full", smaller, in_full, setting.rounds)
    plain = in_blocks(mixed(folder)).prefetch(tf.data.AUTOTUNE)
    yield speed("JPEGs of 4032 x 3024, read smaller and not kept: speed / the loader's", plain, loaded, setting.rounds)
    ratios = distances(recipes, paths) / distances(loaders, paths)
    yield Row(f"{what}: mean difference to Pillow's Lanczos / the loader's", ratios.tolist(), at_most=1)


BENCHMARKS = [ordinary_photos, large_photos]
