"""RESULTS.md: a table of all rows, a plot of those that do the loader's work in another way, and how work grows."""

import re
from pathlib import Path

import matplotlib

from tests.benchmarks import growth
from tests.benchmarks.measure import Row

RESULTS, PICTURE = "RESULTS.md", "performance.png"
HEAD = """# How fast

`uv run --extra frameworks --extra peers python -m tests.benchmarks` writes this page. Each row is a ratio of two things
that were measured side by side in one run: the median of the rounds, and the lowest and highest of them. A row without
a target is there for information. How many photos a second a ratio stands for depends on the machine.

"Decoding alone" is `tf.io.decode_jpeg` at the full size of each photo, on all cores, and nothing else. The recommended
pipeline is that of lesson 12: it decodes a JPEG at the smallest of 1/1, 1/2, 1/4 and 1/8 of its size that is no smaller
than the photo wanted, resizes, rounds to uint8, and keeps batches in memory. So its pixels are not the loader's.

Other tools give uint8, as that pipeline does, and the loader float32, four times the bytes. Each resizes in its own
way, so see how near it comes to Pillow's Lanczos. The photos of 8 to 24 megapixels are enlarged photographs with the
noise and the detail of a camera added, 0.26 to 0.29 bytes for a pixel.
"""


def write(folder: Path, about: dict[str, str], rows: list[Row]) -> None:
    """RESULTS.md and its picture, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    draw(rows, folder / PICTURE)
    (folder / RESULTS).write_text(page(about, rows), encoding="utf-8")


def page(about: dict[str, str], rows: list[Row]) -> str:
    table = ["| What | Median | Lowest to highest | Target | |", "|---|---|---|---|---|"]
    for row in rows:
        what = re.sub(r"([_*|])", r"\\\1", row.what)
        table.append(f"| {what} | {row.median:.3g} | {spread(row)} | {row.target} | {row.verdict} |")
    others = max(row.others for row in rows if row.others is not None)
    about = about | {"other processes": f"at most {others:.0%} of the machine, while one row was measured"}
    notes = [f"- {name.capitalize()}: {value}." for name, value in about.items()]
    picture = f"![{in_words(rows)}]({PICTURE})"
    return "\n".join([HEAD, *table, "", picture, "", *growth.section(rows), *notes, ""])


def spread(row: Row) -> str:
    return f"{min(row.ratios):.3g} to {max(row.ratios):.3g}"


def in_words(rows: list[Row]) -> str:
    """What the plot shows: its alternative text."""
    values = "; ".join(f"{row.bar}: {row.median:.2f} ({spread(row)})" for row in rows if row.bar)
    return f"Bars: photos per second, where the loader is 1, with the lowest and highest of the rounds. {values}."


def draw(rows: list[Row], path: Path) -> None:
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    bars = sorted((row for row in rows if row.bar), key=lambda row: row.median)
    middle = [row.median for row in bars]
    reach = [[row.median - min(row.ratios) for row in bars], [max(row.ratios) - row.median for row in bars]]
    figure, axis = plt.subplots(figsize=(8, 0.5 * len(bars) + 0.9), layout="constrained")
    axis.barh([row.bar for row in bars], middle, xerr=reach, capsize=3)
    axis.axvline(1, color="black", linestyle="dashed")
    axis.set_xlabel("photos per second, where image_dataset_from_directory is 1")
    figure.savefig(path, dpi=100)
    plt.close(figure)
