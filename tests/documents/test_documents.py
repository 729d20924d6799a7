"""README, CONTRIBUTING, QUESTIONS, TEACHING: what they name is there, and what they say holds."""

import functools
import importlib.metadata
import os
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from packaging.requirements import Requirement

from editions.sections import anchor
from tests import material
from tests.documents.questions import QUESTIONS, ROWS
from tests.material import NOTEBOOKS, ROOT

README, CONTRIBUTING, TEACHING, RESULTS = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "notebooks/TEACHING.md", "tests/benchmarks/RESULTS.md")
)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = [path for place in ("*.md", "notebooks/*.md", "tests/**/*.md") for path in sorted(ROOT.glob(place))]
STEMS = [path.stem for path in NOTEBOOKS]


def without_fences(text: str) -> str:
    return re.sub(r"^( *)```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)


def headings(text: str) -> list[str]:
    return [heading.strip() for heading in re.findall(r"^#+ (.*)$", without_fences(text), re.MULTILINE)]


def source_of(stem: str, cell_type: str) -> str:
    return "\n\n".join(cell.source for cell in material.cells(stem) if cell.cell_type == cell_type)


@functools.cache
def text_of(path: Path) -> str:
    return source_of(path.stem, "markdown") if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*DOCUMENTS, *NOTEBOOKS], ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)\s]+)\)", without_fences(text_of(path))):
        if link.startswith("http"):
            continue
        name, _, place = link.partition("#")
        target = (path.parent / unquote(name)).resolve() if name else path
        assert target.exists(), f"{link} is not there"
        anchors = map(anchor, headings(text_of(target))) if place else [place]
        assert unquote(place) in anchors, f"{link}: there is no such heading"


def test_each_question_leads_to_a_cell_that_runs():
    assert len(ROWS) > 100
    for row in ROWS:
        link = re.search(r"\]\((\w+)\.ipynb#([^)]+)\) \|$", row)
        assert link, f"leads to no cell: {row}"
        cells = [s.cells for s in material.sections(link[1]) if anchor(s.heading) == link[2]]
        assert "code" in {cell.cell_type for cell in sum(cells, [])}, f"leads to no cell that runs: {row}"


def test_the_lines_to_paste_from_questions_examine_a_dataset(photo_folder):
    (lines,) = re.findall(r"```python\n(.*?)```", QUESTIONS, re.DOTALL)
    imports, call = lines.replace("path/to/your/images", str(photo_folder)).strip().split("\n\n")
    names = {"dataset": material.load(photo_folder, batch_size=None)}
    exec(imports, names)
    assert "single images" in [finding.kind for finding in eval(call, names).findings]


@pytest.mark.parametrize("stem", STEMS)
def test_each_error_that_is_taught_is_found_from_questions(stem):
    code = source_of(stem, "code")
    taught = re.findall(r'show_error\([\w.]+, "([^"]+)"\)', code)
    assert len(taught) == code.count("with show_error(")
    assert [words for words in taught if words not in QUESTIONS] == []


def test_the_minutes_of_the_notebooks_are_in_the_readme_and_their_sums_in_teaching():
    rows = re.findall(r"^\| (\d\d) \| \[.+\]\(notebooks/(\w+)\.ipynb\) \|.*\| (\d+) \|$", README, re.MULTILINE)
    pattern = r"\*\*Time:\*\* (\d+) minutes, and about (\d+) for the exercises"
    times = [re.search(pattern, source_of(stem, "markdown")).groups() for stem in STEMS]
    assert rows == [(stem[:2], stem, minutes) for stem, (minutes, _) in zip(STEMS, times, strict=True)]
    lessons, exercises = (sum(map(int, minutes)) for minutes in zip(*times, strict=True))
    sums = f"{lessons} minutes, and about {exercises} more for the exercises"
    assert sums in README
    assert sums in TEACHING


# Commands that are run in another form than .ci/run would: by whom.
RUN_IN_ANOTHER_FORM = {
    "pip install uv && uv run jupyter lab notebooks/00_start_here.ipynb": "tests/editions/test_jupyterlab.py",
    "PHOTOS=/path/to/my/photos uv run jupyter lab notebooks/00_start_here.ipynb": "test_runs_on_another_folder",
    "pip install -e . && jupyter lab notebooks/00_start_here.ipynb": "the step with pip of .ci/run",
    "conda env create -f environment.yml && conda activate image-dataset-notebooks"
    " && jupyter lab notebooks/00_start_here.ipynb": "nobody: test_environment_yml_installs_what_pyproject_declares",
    "uv run --extra editions python -m editions": "tests/editions/conftest.py",
    "uv run --extra frameworks --extra peers python -m tests.benchmarks": (
        "test_a_quick_run_prints_and_writes_the_same_rows"
    ),
    "uv run ruff format": ".ci/run, with --check",
}


def test_each_command_is_run_by_ci_or_a_test():
    blocks = re.findall(r"^```bash\n(.*?)^```", README + CONTRIBUTING, re.DOTALL | re.MULTILINE)
    commands = {command for block in blocks for command in block.splitlines()}
    in_ci = {line.strip() for line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()}
    assert commands - in_ci == set(RUN_IN_ANOTHER_FORM)


def test_contributing_names_tests_that_exist():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", CONTRIBUTING)
    assert len(named) > 5
    assert [name for name in named if f"def {name}(" not in source] == []
    files = re.findall(r"`(tests/\S+\.\w+)`", CONTRIBUTING)
    assert len(files) > 5
    assert [name for name in files if "…" not in name and not (ROOT / name).is_file()] == []


def test_environment_yml_installs_what_pyproject_declares():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, from_pip = environment["dependencies"]
    assert environment["name"] == PYPROJECT["project"]["name"]
    assert [pip, from_pip] == ["pip", {"pip": ["-e ."]}]
    minor = python.removeprefix("python=")
    assert Requirement(f"python{PYPROJECT['project']['requires-python']}").specifier.contains(minor)


def test_the_version_to_cite_is_that_of_the_project():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PYPROJECT["project"]["version"]


def versions_table() -> tuple[list[str], list[list[str]]]:
    """The packages of the table in the README, and its rows: the Python, and a version of each package."""
    table = README.split("## Tested with")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return header[1:], rows


def test_tested_with_table_has_a_row_for_each_python_and_one_for_the_oldest_packages():
    packages, rows = versions_table()
    assert [row[0] for row in rows] == ["3.11", "3.12", "3.13", "3.11, oldest packages"]
    requirements = {r.name: r.specifier for r in map(Requirement, PYPROJECT["project"]["dependencies"])}
    for _, *versions in rows:
        for name, version in zip(packages, versions, strict=True):
            assert requirements[name].contains(version), f"{name} {version} is outside of pyproject.toml"


@pytest.mark.skipif("UV" not in os.environ, reason="only uv run gives everybody the same versions")
def test_tested_with_table_names_the_versions_of_this_run():
    packages, rows = versions_table()
    installed = [importlib.metadata.version(name) for name in packages]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    listed = [row[1:] for row in rows if row[0].split(",")[0] == python]
    assert installed in listed, f"on Python {python}: {dict(zip(packages, installed, strict=True))}"


@pytest.mark.parametrize(
    ("words", "row", "least"),
    [
        ("hundreds of times faster", "image\\_at(paths, 1,999): times faster than", 200),
        ("a hundred times faster", "labels from list\\_images: times faster than", 100),
        ("more than forty times as fast", "the recommended pipeline: speed of a later epoch / the loader's with", 40),
        (
            "nearly as fast in its first epoch",
            "the recommended pipeline: speed of a first epoch / that of decoding",
            0.85,
        ),
    ],
)
def test_what_the_readme_says_about_speed_was_measured(words, row, least):
    assert words in " ".join(README.split("## How fast")[1].split())
    assert measured(row) >= least


def measured(row: str) -> float:
    return float(re.search(rf"^\| {re.escape(row)}[^|]* \| ([\d.]+) \|", RESULTS, re.MULTILINE)[1])


@pytest.mark.parametrize(
    "setting",
    [
        'decode\\_jpeg(dct\\_method="INTEGER\\_ACCURATE")',
        'decode\\_jpeg(dct\\_method="INTEGER\\_FAST")',
        "decode\\_jpeg(fancy\\_upscaling=False)",
        "deterministic = False",
        "private\\_threadpool\\_size",
        "prefetch(2)",
        "prefetch(10)",
    ],
)
def test_what_lesson_12_says_of_no_use_gained_nothing_beyond_the_spread(setting):
    row = re.search(
        rf"^\| decoding and resizing, {re.escape(setting)}[^|]*\|[^|]*\| ([\d.]+) to ([\d.]+) ", RESULTS, re.MULTILINE
    )
    assert float(row[1]) <= 1 <= float(row[2])


def test_what_lesson_12_says_about_antialias_was_measured():
    assert 0.3 <= measured("decoding and resizing, resize(antialias=True)") <= 0.6
