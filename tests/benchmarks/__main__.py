"""Prints a table of ratios, each measured side by side in this run. A target that is not met is no error."""

import argparse
import dataclasses
import datetime
import importlib.metadata
import json
import tempfile
from pathlib import Path

from helpers import timing
from tests.benchmarks import cases, pipelines, report
from tests.benchmarks.measure import Row
from tests.benchmarks.setting import Setting

README = Path(__file__).parents[2] / "README.md"
PICTURE = Path(__file__).with_name("performance.png")
PACKAGES = ("keras", "numpy", "pillow", "opencv-python-headless")
QUICK = {"photos": 210, "large_photos": 4, "rounds": 3, "processes": 1, "entries": (100, 200, 1_000)}
BENCHMARKS = [*cases.BENCHMARKS, *pipelines.BENCHMARKS]


def about(setting: Setting) -> dict[str, str]:
    there = [*PACKAGES, *filter(pipelines.is_there, pipelines.OPTIONAL)]
    facts = {
        "date": datetime.datetime.now().isoformat(" ", "minutes"),
        "machine": timing.machine(),
        "packages": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in there),
        "measured": f"{setting.rounds} rounds, {setting.photos:,} photos of about 500 x 375 pixels, to 128 x 128",
    }
    if absent := [name for name in pipelines.OPTIONAL if name not in there]:
        facts["left out"] = f"{' and '.join(absent)}, not installed; uv run --extra peers … gets what is optional"
    return facts


def line(row: Row) -> str:
    others = "" if row.others is None else f"{row.others:.0%}"
    return f"{row.what:91} {row.median:>6.3g}  {report.spread(row):16} {row.target:13} {row.verdict:8}{others:>6}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file as well")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="few photos and rounds: shows that it works, no more")
    how.add_argument("--readme", action="store_true", help="write the table and the plot into the README as well")
    arguments = parser.parse_args()
    if arguments.readme:
        report.around_marks(README)  # told now, not after all is measured
    with tempfile.TemporaryDirectory() as workplace:
        setting = Setting(Path(workplace), **(QUICK if arguments.quick else {}))
        facts, rows, records = about(setting), [], []
        print(*(f"{name}: {value}" for name, value in facts.items()), sep="\n", end="\n\n")
        print(f"{'what':91} {'median':>6}  {'lowest, highest':16} {'target':13} {'':8}{'others':>6}")
        for benchmark in BENCHMARKS:
            for row in benchmark(setting):
                print(line(row), flush=True)
                rows.append(row)
                extra = {"benchmark": benchmark.__name__, "median": row.median, "verdict": row.verdict}
                records.append({**dataclasses.asdict(row), **extra})
    print("\nothers: the share of the machine that other processes took. Above 10 %, run it again.")
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": facts, "rows": records}, indent=1) + "\n", encoding="utf-8")
    if arguments.readme:
        report.draw(rows, PICTURE)
        picture = PICTURE.relative_to(README.parent).as_posix()
        report.put_between_marks(README, report.section(facts, rows, picture))


if __name__ == "__main__":
    main()
