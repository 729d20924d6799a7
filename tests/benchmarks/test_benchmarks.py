"""The benchmarks run, and their report says what was measured; how fast anything is, is not tested."""

import dataclasses
import itertools
import re
import subprocess
import sys

from helpers.decoding import decode_image

import tensorflow as tf
import numpy as np
import pytest
import skimage.data
from PIL import Image

from tests.benchmarks import growth, peers, pixels, recipe, report
from tests.benchmarks.measure import Row
from tests.benchmarks.setting import SIZE
from tests.material import ROOT, encoded

ROWS = [
    Row("image_at: speed at 9 / at 0", [0.7, 0.9, 0.8], at_least=0.9, others=0.031),
    Row("memory of a | b", [1.0, 1.3], at_most=1.2),
    Row("Pillow: speed / the loader's", [0.5, 0.25, 0.75], others=0.02, bar="Pillow"),
]


@pytest.mark.parametrize(
    ("target", "words", "verdict"),
    [
        ({}, "", ""),
        ({"at_least": 2}, "at least 2", "met"),
        ({"at_least": 2.01}, "at least 2.01", "NOT MET"),
        ({"at_most": 2}, "at most 2", "met"),
        ({"at_most": 1.99}, "at most 1.99", "NOT MET"),
        ({"at_least": 1, "at_most": 1.5}, "at least 1 at most 1.5", "NOT MET"),
    ],
)
def test_the_median_is_held_against_the_target(target, words, verdict):
    row = Row("what", [9, 1, 2], **target)
    assert (row.median, row.target, row.verdict) == (2, words, verdict)


def test_the_page_has_a_line_for_each_row_and_tells_what_the_plot_shows():
    page = report.page({"date": "2026-11-24 17:00", "machine": "2 cores"}, ROWS)
    *head, table, picture, notes = page.split("\n\n")
    assert "\n\n".join(head) == report.HEAD.rstrip()
    assert table.splitlines()[2:] == [
        r"| image\_at: speed at 9 / at 0 | 0.8 | 0.7 to 0.9 | at least 0.9 | NOT MET |",
        r"| memory of a \| b | 1.15 | 1 to 1.3 | at most 1.2 | met |",
        r"| Pillow: speed / the loader's | 0.5 | 0.25 to 0.75 |  |  |",
    ]
    assert re.fullmatch(r"!\[Bars: [^:]* rounds\. Pillow: 0\.50 \(0\.25 to 0\.75\)\.\]\(performance\.png\)", picture)
    *facts, others = notes.splitlines()
    assert facts == ["- Date: 2026-11-24 17:00.", "- Machine: 2 cores."]
    assert "at most 3%" in others


def test_the_page_tells_how_work_grows():
    rows = [
        *ROWS,
        Row("decoding: speed on 2 cores / on one", [2.0, 1.8, 1.6], cores=2),
        Row("one array: memory / bytes of the pixels", [1.1, 1.0, 1.0], photo=49_152),
    ]
    section = report.page({"date": "2026-11-24 17:00"}, rows).split("## As work grows")[1]
    assert "| Cores | 1 | 2, measured | 8, calculated | 64, calculated |" in section
    assert "| Decoding | 1 | 1.6 to 2 | 2.91 to 8 | 3.82 to 64 |" in section
    assert "| One array | 49,152 |" in section


def test_bytes_alone_make_no_table_of_cores():
    section = growth.section([Row("one array: memory / bytes of the pixels", [1.0], photo=49_152)])
    assert not any("one core" in line for line in section)
    assert "| One array | 49,152 |" in section


def test_the_recipe_makes_the_pixels_of_decode_image(tmp_path):
    photo = Image.fromarray(skimage.data.coffee())
    for width, image_format in (
        (600, "JPEG"),
        (300, "JPEG"),
        (1100, "JPEG"),
        (150, "JPEG"),
        (600, "PNG"),
        (100, "GIF"),
    ):
        path = tmp_path / f"{width}.{image_format.lower()}"
        photo.resize((width, 2 * width // 3)).save(path)
        expected = tf.round(decode_image(path, SIZE, shrink="decoder"))
        for image in (
            recipe.shrunk(str(path), 0)[0],
            *recipe.in_blocks(one_file(path)).map(lambda images, _: images[0]),
        ):
            np.testing.assert_array_equal(image, expected)


def one_file(path) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensors((str(path), 0))


@pytest.mark.parametrize(
    ("ratio", "cores", "more", "times"), [(2, 2, 64, 64), (2.1, 2, 8, 8), (1, 2, 8, 1), (0.9, 2, 8, 1), (3, 4, 8, 4.5)]
)
def test_more_cores_by_amdahls_law(ratio, cores, more, times):
    assert growth.times_as_fast(ratio, cores, more) == pytest.approx(times)


def test_the_recipe_reads_a_jpeg_at_the_smallest_size_that_is_enough(tmp_path):
    sides = {(127, 300): 1, (128, 128): 1, (255, 900): 1, (256, 256): 2, (511, 600): 2, (512, 700): 4, (1100, 1024): 8}
    for (width, height), ratio in sides.items():
        (tmp_path / "photo").write_bytes(encoded(Image.new("RGB", (width, height)), "JPEG"))
        assert recipe.read_smaller(str(tmp_path / "photo")).shape[:2] == (-(-height // ratio), -(-width // ratio))
    for image_format in ("PNG", "GIF", "BMP"):
        (tmp_path / "photo").write_bytes(encoded(Image.new("RGB", (600, 600), "red"), image_format))
        image, label = recipe.shrunk(str(tmp_path / "photo"), 1)
        assert (image.dtype.name, image.shape.as_list(), label) == ("uint8", [128, 128, 3], 1)
        assert (image.numpy() == (255, 0, 0)).all()


def test_each_epoch_of_the_recipe_has_each_photo_once(tmp_path):
    for number in range(70):
        (tmp_path / "photos" / str(number % 2)).mkdir(parents=True, exist_ok=True)
        photo = Image.new("RGB", (140, 140), (number, number, number))
        photo.save(tmp_path / "photos" / str(number % 2) / f"{number}.png")
    batches = recipe.recommended(tmp_path / "photos").take(9).as_numpy_iterator()
    epochs = [list(itertools.islice(batches, 3)) for _ in range(3)]
    orders = [np.concatenate([images[:, 0, 0, 0] for images, _ in epoch]).tolist() for epoch in epochs]
    assert [sorted(order) for order in orders] == [list(range(70))] * 3
    assert len(set(map(tuple, orders))) == 3
    assert all((images[:, 0, 0, 0] % 2 == labels).all() for epoch in epochs for images, labels in epoch)


def test_the_plot_has_a_bar_for_each_row_that_wants_one(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda figure, *_, **__: drawn.extend(figure.axes))
    rows = [dataclasses.replace(ROWS[2], ratios=[2.0, 2.5], bar="OpenCV"), *ROWS]
    report.draw(rows, tmp_path / "picture.png")
    (axis,) = drawn
    assert [label.get_text() for label in axis.get_yticklabels()] == ["Pillow", "OpenCV"]
    assert [bar.get_width() for bar in axis.patches] == [0.5, 2.25]


@pytest.mark.parametrize("peer", peers.installed(), ids=lambda peer: peer.name)
def test_a_peer_makes_the_picture(peer, tmp_path):
    path = tmp_path / "photo.jpg"
    Image.fromarray(skimage.data.coffee()).save(path, quality=95)
    assert np.shape(peer.picture(str(path))) == (*SIZE, 3)
    assert pixels.distances(peer.picture, [str(path)]) < 6  # red and blue exchanged: more than 20


@pytest.mark.parametrize(("shape", "number"), [((100, 500), 1), ((375, 500), 2), ((512, 600), 4), ((4000, 3000), 8)])
def test_a_jpeg_is_decoded_no_smaller_than_the_picture(shape, number):
    assert peers.fraction(*shape) == number


def test_the_page_in_the_repository_is_of_this_form():
    page = (ROOT / "tests/benchmarks/RESULTS.md").read_text(encoding="utf-8")
    assert page.startswith(report.HEAD)
    assert re.search(r"^- Date: 20\d\d-\d\d-\d\d \d\d:\d\d\.$", page, re.MULTILINE)


@pytest.mark.thorough
def test_a_quick_run_prints_and_writes_the_same_rows(tmp_path):
    kept = {path: path.read_bytes() for path in (ROOT / "tests/benchmarks").iterdir() if path.suffix in (".md", ".png")}
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--out", str(tmp_path)]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    about, table, _ = run.stdout.split("\n\n")
    assert [fact.partition(":")[0] for fact in about.splitlines()][:4] == ["date", "machine", "packages", "measured"]
    written = (tmp_path / report.RESULTS).read_text(encoding="utf-8").partition("## As work grows")[0]
    rows = [line.replace("\\", "")[2:].split(" | ") for line in written.splitlines() if line.startswith("| ")]
    for printed, (what, median, spread, *_) in zip(table.splitlines()[1:], rows[1:], strict=True):
        assert printed.startswith(what)
        assert f" {median}  {spread} " in printed
        assert "memory" in what or float(spread.split()[0]) > 0  # a difference of memory may be none with few photos
    assert Image.open(tmp_path / report.PICTURE).width == 800
    assert {path: path.read_bytes() for path in kept} == kept
