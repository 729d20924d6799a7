"""Prints a table of ratios, each measured side by side in this run. For information: a target that is not met is no error."""

import argparse
import dataclasses
import datetime
import importlib.metadata
import json
import os
import platform
import re
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row

PACKAGES = ("tensorflow", "keras", "numpy")
QUICK = {"photos": 210, "rounds": 2, "processes": 1, "entries": (100, 200, 1_000)}


def machine() -> dict[str, str]:
    try:
        processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())[1]
    except (FileNotFoundError, TypeError):
        processor = platform.processor() or platform.machine()
    versions = {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in PACKAGES}}
    return {
        "date": datetime.datetime.now().isoformat(" ", "minutes"),
        "processor": f"{processor}, {os.cpu_count()} cores",
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }


def line(row: Row) -> str:
    spread = f"{min(row.ratios):.3g} to {max(row.ratios):.3g}"
    others = "" if row.others is None else f"{row.others:.0%}"
    return f"{row.what:86} {row.median:>6.3g}  {spread:16} {row.target:13} {row.verdict:8}{others:>6}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file as well")
    parser.add_argument("--quick", action="store_true", help="few photos and rounds: shows that it works, no more")
    arguments = parser.parse_args()
    about = machine()
    print(*(f"{name}: {value}" for name, value in about.items()), sep="\n", end="\n\n")
    print(f"{'what':86} {'median':>6}  {'lowest, highest':16} {'target':13} {'':8}{'others':>6}")
    from tests.benchmarks import cases  # TensorFlow takes seconds

    rows = []
    with tempfile.TemporaryDirectory() as workplace:
        setting = cases.Setting(Path(workplace), **(QUICK if arguments.quick else {}))
        for benchmark in cases.BENCHMARKS:
            for row in benchmark(setting):
                print(line(row), flush=True)
                rows.append({**dataclasses.asdict(row), "median": row.median, "verdict": row.verdict})
    print("\nothers: the share of the machine that other processes took, in the worst of the rounds. Above 10 %, run it again.")
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
