"""What a user would take instead of the loader: each tool at its best setting, which its name tells.

All do the same work: the same files, decoded, resized to 128 x 128, stacked to batches. The resize is the tool's own
default or bilinear. Its numbers come as the tool gives them: uint8 from all but TensorFlow and the loader, which give
float32, four times the bytes. So a pipeline that ends in uint8 is the one to compare the peers with.

Tried, and no better on these photos: simplejpeg's fast DCT, more threads than cores. Not among them: SPDL, whose wheel
brings no FFmpeg, so it does not import where the system has none.
"""

import dataclasses
import functools
import importlib.util
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers import timing

import tensorflow as tf
import cv2
import numpy as np
from PIL import Image

from tests.benchmarks.measure import Row, quiet_compare
from tests.benchmarks.pixels import distances, loaders
from tests.benchmarks.recipe import first_epoch, recommended
from tests.benchmarks.setting import BATCH, SIZE, Setting, load, new_each_time, run_through

OPTIONAL = ("torch", "torchvision", "grain", "simplejpeg", "pyvips")
CORES = os.cpu_count() or 1
REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
OURS = "the recommended pipeline, first epoch"
Picture = Callable[[str], np.ndarray]


# One picture, of the file at a path.


def with_tensorflow(path: str) -> tf.Tensor:
    """The loader's own operations, so its own picture as well."""
    return tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), channels=3), SIZE)


def with_pillow(path: str) -> np.ndarray:
    """Its bilinear takes the mean over what it shrinks, as torchvision's does. A copy: PyTorch wants to write."""
    return np.array(Image.open(path).convert("RGB").resize(SIZE[::-1], Image.Resampling.BILINEAR))


def with_pillow_draft(path: str) -> np.ndarray:
    image = Image.open(path)
    image.draft("RGB", SIZE[::-1])
    return np.asarray(image.resize(SIZE[::-1], Image.Resampling.BILINEAR))


def with_opencv(path: str) -> np.ndarray:
    return cv2.cvtColor(cv2.resize(cv2.imread(path), SIZE[::-1]), cv2.COLOR_BGR2RGB)


def fraction(height: int, width: int) -> int:
    """A JPEG decoder is fast at 1/1, 1/2, 1/4, 1/8: the smallest that is no smaller than SIZE, as 1, 2, 4 or 8."""
    fits = min(height // SIZE[0], width // SIZE[1])
    return max(number for number in REDUCED if number <= max(1, fits))


def with_opencv_reduced(path: str) -> np.ndarray:
    """OpenCV tells no size before it decodes; simplejpeg reads it from the header in a few microseconds."""
    import simplejpeg

    content = Path(path).read_bytes()
    height, width, *_ = simplejpeg.decode_jpeg_header(content)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), REDUCED[fraction(height, width)])
    return cv2.cvtColor(cv2.resize(image, SIZE[::-1]), cv2.COLOR_BGR2RGB)


def with_simplejpeg(path: str) -> np.ndarray:
    """Without our fraction it would decode at 3/8 and the like, which is slower."""
    import simplejpeg

    content = Path(path).read_bytes()
    height, width, *_ = simplejpeg.decode_jpeg_header(content)
    number = fraction(height, width)
    image = simplejpeg.decode_jpeg(content, min_height=height // number, min_width=width // number)
    return cv2.resize(image, SIZE[::-1])


def with_pyvips(path: str) -> np.ndarray:
    """Large JPEGs it decodes at a fraction; then comes Lanczos, a third of its time. Its own threads change nothing."""
    import pyvips

    pyvips.cache_set_max(0)  # with its cache, a second pass would read no file
    return pyvips.Image.thumbnail(path, SIZE[1], height=SIZE[0], size="force").numpy()


def with_torchvision(path: str) -> np.ndarray:
    sys.modules.setdefault("triton", None)  # import no Triton: after TensorFlow, its LLVM ends the process
    from torchvision.io import decode_jpeg, read_file
    from torchvision.transforms.v2 import functional

    return functional.resize(decode_jpeg(read_file(path)), SIZE).permute(1, 2, 0).numpy()


# One pass over files.


def in_batches(images: Iterable, batch: int) -> None:
    images = iter(images)
    while pictures := list(itertools.islice(images, batch)):
        np.stack(pictures)


def in_a_loop(picture: Picture, paths: list[str], batch: int) -> Callable:
    return lambda: in_batches(map(picture, paths), batch)


def in_threads(picture: Picture, paths: list[str], batch: int) -> Callable:
    """A thread for each core: all these tools let go of Python's lock while they decode."""
    cv2.setNumThreads(1)  # our threads share the photos; its own would share a photo

    def one_pass():
        with ThreadPoolExecutor(CORES) as threads:
            in_batches(threads.map(picture, paths), batch)

    return one_pass


@dataclasses.dataclass
class Photos:
    """For PyTorch: a sequence is a dataset."""

    picture: Picture
    paths: list[str]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, place: int) -> np.ndarray:
        return self.picture(self.paths[place])


def in_dataloader(picture: Picture, paths: list[str], batch: int) -> Callable:
    """Its workers stay from pass to pass, so their start is in no pass that counts."""
    from torch.utils.data import DataLoader

    workers = {"num_workers": CORES, "persistent_workers": True, "multiprocessing_context": "spawn"}
    return functools.partial(run_through, DataLoader(Photos(picture, paths), batch_size=batch, **workers))


@dataclasses.dataclass(frozen=True)
class Peer:
    """A tool and how it is used.

    Attributes:
        name: With its setting.
        picture: Path -> picture.
        start: From `picture`, paths and a size of batches, what makes one pass.
        needs: The packages that not everybody has.
        decodes_smaller: Whether it decodes a large JPEG at a fraction of its size.
    """

    name: str
    picture: Picture
    start: Callable[[Picture, list[str], int], Callable]
    needs: tuple[str, ...] = ()
    decodes_smaller: bool = False


ALL = [
    Peer(f"OpenCV, {CORES} threads", with_opencv, in_threads),
    Peer(f"OpenCV at 1/2 to 1/8, {CORES} threads", with_opencv_reduced, in_threads, ("simplejpeg",), True),
    Peer(f"simplejpeg at 1/2 to 1/8, {CORES} threads", with_simplejpeg, in_threads, ("simplejpeg",), True),
    Peer(f"pyvips.Image.thumbnail, {CORES} threads", with_pyvips, in_threads, ("pyvips",), True),
    Peer(f"Pillow in draft mode, {CORES} threads", with_pillow_draft, in_threads, (), True),
    Peer(f"torchvision in a DataLoader, {CORES} workers", with_torchvision, in_dataloader, ("torchvision",)),
    Peer(f"Pillow in a DataLoader, {CORES} workers", with_pillow, in_dataloader, ("torch",)),
    Peer("Pillow in a Python loop", with_pillow, in_a_loop),
    Peer("TensorFlow in a Python loop", with_tensorflow, in_a_loop),
]


def is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def installed() -> list[Peer]:
    return [peer for peer in ALL if all(map(is_installed, peer.needs))]


def works(peers: list[Peer], paths: list[str], batch: int = BATCH) -> dict[str, Callable]:
    """For `quiet_compare`: the peer's name -> one pass over the files."""
    return {peer.name: peer.start(peer.picture, paths, batch) for peer in peers}


def against_the_fastest(photos: str, comparison: timing.Comparison, others: float) -> Row:
    fastest = max(set(comparison.seconds) - {OURS, "the loader"}, key=comparison.rate)
    ratios = dataclasses.replace(comparison, baseline=fastest).ratios(OURS)
    return Row(f"{photos}{OURS}: speed / that of the fastest peer, {fastest}", ratios, at_least=0.9, others=others)


def speeds(setting: Setting) -> Iterator[Row]:
    """The usual photos. grain also lists the folder itself, so it is not among the peers that take paths."""
    compared: dict = {"the loader": load(setting.folder, image_size=SIZE)}
    compared |= {OURS: first_epoch(setting.folder, setting.rounds), **works(installed(), setting.listing.paths)}
    if is_installed("grain"):
        grains = load(setting.folder, image_size=SIZE, format="grain")
        compared['the loader with format="grain"'] = functools.partial(run_through, grains)
    comparison, others = quiet_compare(compared, "the loader", setting.rounds)
    for name in list(compared)[1:]:
        yield Row(f"{name}: speed / the loader's", comparison.ratios(name), others=others, bar=name)
    yield against_the_fastest("", comparison, others)


def likeness(setting: Setting) -> Iterator[Row]:
    """One row for each kind of picture, whoever makes it; the loader's own needs none."""
    against = distances(loaders, setting.sample)
    names = {peer.picture: peer.name for peer in installed() if peer.picture is not with_tensorflow}
    for picture, name in names.items():
        what = f"{name}: mean difference to Pillow's Lanczos / the loader's"
        yield Row(what, (distances(picture, setting.sample) / against).tolist())


def camera_speeds(setting: Setting) -> Iterator[Row]:
    """Photos as cameras make them, and the peers that decode them smaller. Small batches give each core some."""
    loaded = load(setting.camera_folder, image_size=SIZE, batch_size=4)
    smaller = [peer for peer in installed() if peer.decodes_smaller]
    make = functools.partial(recommended, setting.camera_folder, batch=4)
    ours = new_each_time(make, len(loaded), setting.rounds)
    compared = {"the loader": loaded, OURS: ours, **works(smaller, loaded.file_paths, 4)}
    comparison, others = quiet_compare(compared, "the loader", setting.rounds)
    photos = "photos of 8 to 24 megapixels, "
    for name in list(compared)[1:]:
        yield Row(f"{photos}{name}: speed / the loader's", comparison.ratios(name), others=others)
    yield against_the_fastest(photos, comparison, others)


BENCHMARKS = [speeds, likeness, camera_speeds]
