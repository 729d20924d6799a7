"""The benchmarks run, and their report says what was measured; how fast anything is, is not tested."""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import report
from tests.benchmarks.measure import Row

ROOT = Path(__file__).parents[1]
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


def test_the_section_has_a_line_for_each_row_and_tells_what_the_plot_shows():
    text = report.section({"date": "2026-11-24 17:00", "machine": "2 cores"}, ROWS, "picture.png")
    table, picture, notes = text.split("\n\n")
    assert table.splitlines()[2:] == [
        r"| image\_at: speed at 9 / at 0 | 0.8 | 0.7 to 0.9 | at least 0.9 | NOT MET |",
        r"| memory of a \| b | 1.15 | 1 to 1.3 | at most 1.2 | met |",
        r"| Pillow: speed / the loader's | 0.5 | 0.25 to 0.75 |  |  |",
    ]
    assert re.fullmatch(r"!\[Bars: [^:]* rounds\. Pillow: 0\.50 \(0\.25 to 0\.75\)\.\]\(picture\.png\)", picture)
    assert notes.splitlines()[:2] == ["Date: 2026-11-24 17:00.  ", "Machine: 2 cores.  "] and "at most 3%" in notes


def test_the_plot_has_a_bar_for_each_row_that_wants_one(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda figure, *_, **__: drawn.extend(figure.axes))
    rows = [dataclasses.replace(ROWS[2], ratios=[2.0, 2.5], bar="OpenCV"), *ROWS]
    report.draw(rows, tmp_path / "picture.png")
    (axis,) = drawn
    assert [label.get_text() for label in axis.get_yticklabels()] == ["Pillow", "OpenCV"]
    assert [bar.get_width() for bar in axis.patches] == [0.5, 2.25]


def test_the_writer_keeps_all_else_byte_for_byte(tmp_path):
    readme = tmp_path / "README.md"
    before, after = "# Ünten\r\n\r\n".encode(), b"\nno end of line,  two blanks"
    start, end = report.START.encode(), report.END.encode()
    readme.write_bytes(before + start + b"\nold\nlines\n" + end + after)
    for text in ("new", "newer \\1 …"):
        report.put_between_marks(readme, text)
        assert readme.read_bytes() == before + start + b"\n" + text.encode() + b"\n" + end + after


@pytest.mark.parametrize(
    "text",
    ["", report.START, report.END, f"{report.END}{report.START}", f"{report.START}{report.END}" * 2,
     f"{report.START}{report.END}{report.END}"],
)  # fmt: skip
def test_the_writer_refuses_a_file_without_the_marks(tmp_path, text):
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(ValueError, match=r"README\.md should have the lines .* once each"):
        report.put_between_marks(readme, "new")
    assert readme.read_text() == text


def test_the_readme_has_what_a_run_wrote():
    before, after = report.around_marks(ROOT / "README.md")
    text = (ROOT / "README.md").read_text(encoding="utf-8").removeprefix(before).removesuffix(after)
    assert re.search(r"^Date: 20\d\d-\d\d-\d\d \d\d:\d\d\.", text, re.MULTILINE)
    assert text.count("\n| ") > 10 and "](tests/benchmarks/performance.png)" in text


@pytest.mark.thorough
def test_a_quick_run_prints_and_writes_the_same_rows(tmp_path):
    from tests.benchmarks.__main__ import BENCHMARKS

    path = tmp_path / "report.json"
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--json", str(path)]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    written = json.loads(path.read_text(encoding="utf-8"))
    _, table, _ = run.stdout.split("\n\n")
    printed = table.splitlines()[1:]
    for line, row in zip(printed, written["rows"], strict=True):
        assert line.startswith(row["what"]) and f" {row['median']:.3g} " in line
        assert row["verdict"] in line
        assert (
            "memory" in row["what"] or min(row["ratios"]) > 0
        )  # memory: a difference, which may be none with few photos
    assert list(dict.fromkeys(row["benchmark"] for row in written["rows"])) == [b.__name__ for b in BENCHMARKS]
    assert [row["bar"] for row in written["rows"] if row["bar"]]
    assert list(written["machine"])[:4] == ["date", "machine", "packages", "measured"]


@pytest.mark.thorough
def test_a_quick_run_does_not_go_into_the_readme():
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--readme"]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 2 and "not allowed with" in run.stderr and not run.stdout
