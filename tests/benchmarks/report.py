"""The section "How fast" of the README: a table of all rows, and a plot of those that do the loader's work."""

import re
from pathlib import Path

import matplotlib

from tests.benchmarks.measure import Row

START = "<!-- performance: made by python -m tests.benchmarks --readme -->"
END = "<!-- end of performance -->"


def around_marks(readme: Path) -> tuple[str, str]:
    """What stands before and after the place of the section, with the marks."""
    before, *rest = readme.read_bytes().decode().split(START)
    if len(rest) != 1 or rest[0].count(END) != 1:
        raise ValueError(f"{readme.name} should have the lines {START} and, below, {END}, once each.")
    return before + START, END + rest[0].partition(END)[2]


def put_between_marks(readme: Path, text: str) -> None:
    """All else in the file stays as it is, byte for byte."""
    before, after = around_marks(readme)
    readme.write_bytes(f"{before}\n{text}\n{after}".encode())


def section(about: dict[str, str], rows: list[Row], picture: str) -> str:
    lines = ["| What | Median | Lowest to highest | Target | |", "|---|---|---|---|---|"]
    for row in rows:
        what = re.sub(r"([_*|])", r"\\\1", row.what)
        lines.append(f"| {what} | {row.median:.3g} | {spread(row)} | {row.target} | {row.verdict} |")
    others = max(row.others for row in rows if row.others is not None)
    about = about | {"other processes": f"at most {others:.0%} of the machine, while one row was measured"}
    notes = "  \n".join(f"{name.capitalize()}: {value}." for name, value in about.items())
    return "\n".join([*lines, "", f"![{in_words(rows)}]({picture})", "", notes])


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
