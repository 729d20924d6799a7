"""Prints ratios, each measured side by side in this run, and writes RESULTS.md. A missed target is no error."""

import argparse
import datetime
import importlib.metadata
import tempfile
from pathlib import Path

from helpers import timing

from tests.benchmarks import cases, cores, layouts, no_gain, peers, pixels, recipe, report, shrunk_once
from tests.benchmarks.measure import Row
from tests.benchmarks.setting import Setting

HERE = Path(__file__).parent
PACKAGES = ("keras", "numpy", "pillow", "opencv-python-headless")
QUICK = {
    "photos": 210,
    "large_photos": 4,
    "camera_photos": 4,
    "rounds": 3,
    "processes": 1,
    "entries": (100, 200, 1_000),
}
MODULES = (cases, recipe, pixels, layouts, shrunk_once, no_gain, cores, peers)
BENCHMARKS = [benchmark for module in MODULES for benchmark in module.BENCHMARKS]


def about(setting: Setting) -> dict[str, str]:
    installed = [*PACKAGES, *filter(peers.is_installed, peers.OPTIONAL)]
    facts = {
        "date": datetime.datetime.now().isoformat(" ", "minutes"),
        "machine": timing.machine(),
        "packages": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in installed),
        "measured": f"{setting.rounds} rounds, {setting.photos:,} photos of about 500 x 375 pixels, to 128 x 128",
    }
    if absent := [name for name in peers.OPTIONAL if name not in installed]:
        facts["left out"] = (
            f"{', '.join(absent)}, not installed; --extra frameworks --extra peers gets what is optional"
        )
    return facts


def line(row: Row) -> str:
    others = "" if row.others is None else f"{row.others:.0%}"
    return f"{row.what:111} {row.median:>6.3g}  {report.spread(row):16} {row.target:13} {row.verdict:8}{others:>6}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="few photos and rounds: shows that it works, and writes only where --out says",
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write RESULTS.md and its picture to this folder")
    arguments = parser.parse_args()
    out = arguments.out or (None if arguments.quick else HERE)
    with tempfile.TemporaryDirectory() as workplace:
        setting = Setting(Path(workplace), **(QUICK if arguments.quick else {}))
        facts, rows = about(setting), []
        print(*(f"{name}: {value}" for name, value in facts.items()), sep="\n", end="\n\n")
        print(f"{'what':111} {'median':>6}  {'lowest, highest':16} {'target':13} {'':8}{'others':>6}")
        for benchmark in BENCHMARKS:
            for row in benchmark(setting):
                print(line(row), flush=True)
                rows.append(row)
    print("\nothers: the share of the machine that other processes took. Above 10 %, run it again.")
    if out:
        report.write(out, facts, rows)


if __name__ == "__main__":
    main()
