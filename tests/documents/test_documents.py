"""README, QUESTIONS, TEACHING and the claims of the source article: what they name is there, and what they say holds."""

import importlib.metadata
import os
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUESTIONS = (ROOT / "notebooks/QUESTIONS.md").read_text(encoding="utf-8")
TEACHING = (ROOT / "notebooks/TEACHING.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = {path.stem: nbformat.read(path, 4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
LINK = re.compile(r"\]\(([^)\s]+)\)")

# What the source article says, and the heading under which each claim is shown true or put right. A29 tells of
# experience and cannot be tested; 07 measures what it is about.
CLAIMS = {
    1: ("it is the TensorFlow Datasets API", "00_start_here", "What does the function return?"),
    2: ("it returns no list of files but a Dataset", "00_start_here", "What does the function return?"),
    3: ("the structure is highly optimized", "07_how_fast_is_it", "The limit of your machine"),
    4: ("an element is a tuple", "01_take_one_batch", "Labels in every mode"),
    5: ("images have the shape (batch, height, width, channels)", "01_take_one_batch", "One batch"),
    6: ("labels are one-hot or else integers", "01_take_one_batch", "Labels in every mode"),
    7: ("(dtype and range are not told)", "01_take_one_batch", "The white picture"),
    8: ("there is no simple indexing", "01_take_one_batch", "Three ways to the same batch"),
    9: ("next() needs a tf.function", "01_take_one_batch", "Three ways to the same batch"),
    10: ("standard Python iteration works", "01_take_one_batch", "Three ways to the same batch"),
    11: ("take(1) takes the first batch", "01_take_one_batch", "Every look shows different images"),
    12: ("a batch has 32 images", "01_take_one_batch", "What an element is"),
    13: ("images[0] has the shape (128, 128, 3)", "01_take_one_batch", "One batch"),
    14: ("Matplotlib can show the tensor", "01_take_one_batch", "The white picture"),
    15: ("taking single batches is less efficient", "01_take_one_batch", "Three ways to the same batch"),
    16: ("tf.function makes the mapped function faster", "02_map_a_function", "Does map need a tf.function?"),
    17: ("it was five times faster", "07_how_fast_is_it", "The factor of five"),
    18: ("tf.function compiles to a graph", "02_map_a_function", "Does map need a tf.function?"),
    19: ("it runs on GPUs and TPUs", "02_map_a_function", "Does map need a tf.function?"),
    20: ("central_crop is an augmentation", "02_map_a_function", "One function for all images"),
    21: ("dataset.map applies the function", "02_map_a_function", "What is lost"),
    22: ("take(5) processes 5 batches", "02_map_a_function", "What is lost"),
    23: ("other libraries need NumPy", "03_to_numpy", "Three pictures that are wrong without an error"),
    24: ("numpy() converts", "03_to_numpy", "A batch as an array"),
    25: ("OpenCV and scikit-image process the arrays", "03_to_numpy", "Three pictures that are wrong without an error"),
    26: ("there are three approaches", "03_to_numpy", "Recap"),
    27: ("the path is 'path/to/your/images'", "00_start_here", "The whole way at once"),
    28: ("import numpy is needed", "03_to_numpy", "A batch as an array"),
    29: ("(experience in projects)", "07_how_fast_is_it", "The factor of five"),
    30: ("(the title: how to access images)", "04_which_image_is_this", "Which file is it?"),
}

# Numbers of the questions that were found in public threads; each stands in a comment of its row.
ASKED = {*range(1, 10), *range(11, 23), *range(24, 28), 30, 31, *range(33, 37), *range(38, 42), 43, 44}
ASKED |= {*range(48, 53), 56, 58, *range(61, 67)}


def sections(notebook: nbformat.NotebookNode) -> dict[str, list]:
    """Heading -> its cells, those of deeper headings not included. A heading may stand inside a cell."""
    found, heading = {}, ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[heading].append(cell)
            continue
        for part in re.split(r"^(?=#+ )", cell.source, flags=re.MULTILINE):
            if match := re.match(r"#+ (.*)", part):
                heading = match[1].strip()
            found.setdefault(heading, []).append(nbformat.v4.new_markdown_cell(part))
    return found


SECTIONS = {name: sections(notebook) for name, notebook in NOTEBOOKS.items()}


def has_code(cells: list) -> bool:
    return any(cell.cell_type == "code" for cell in cells)


def documents() -> list[tuple[str, str, Path]]:
    """(name, text, folder) of everything that has links."""
    texts = [
        (f"{name}.ipynb", "\n".join(c.source for c in nb.cells), ROOT / "notebooks") for name, nb in NOTEBOOKS.items()
    ]
    guides = [("QUESTIONS.md", QUESTIONS, ROOT / "notebooks"), ("TEACHING.md", TEACHING, ROOT / "notebooks")]
    return [("README.md", README, ROOT), *guides, *texts]


@pytest.mark.parametrize(("name", "text", "folder"), documents(), ids=[name for name, *_ in documents()])
def test_links_lead_somewhere(name, text, folder):
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for link in LINK.findall(text):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (folder / unquote(path)).resolve()
        assert target.exists(), f"{name} links to {link}, which is not there"
        if anchor:
            headings = {heading.replace(" ", "-") for heading in SECTIONS[target.stem]}
            assert unquote(anchor) in headings, f"{name} links to {link}, there is no such heading"


def test_each_question_leads_to_a_cell_that_runs():
    links = re.findall(r"\]\((\w+)\.ipynb#([^)]+)\) \|$", QUESTIONS, re.MULTILINE)
    rows = re.findall(r"^\| (?!You ask)(?!-).*$", QUESTIONS, re.MULTILINE)
    assert len(links) == len(rows) > 30
    for notebook, anchor in links:
        heading = anchor.replace("-", " ")
        assert any(has_code(cells) for title, cells in SECTIONS[notebook].items() if title.replace("-", " ") == heading)


def test_no_question_that_was_asked_is_left_without_a_row():
    in_rows = re.findall(r"^\|.*$", QUESTIONS, re.MULTILINE)
    assert {int(number) for row in in_rows for number in re.findall(r"<!-- Q(\d\d) -->", row)} == ASKED


def test_each_error_that_is_taught_is_found_from_questions():
    for name, notebook in NOTEBOOKS.items():
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        taught = re.findall(r'show_error\([\w.]+, "([^"]+)"\)', code)
        assert len(taught) == code.count("with show_error(")
        missing = [words for words in taught if words not in QUESTIONS]
        assert not missing, f"{name} teaches errors that QUESTIONS.md does not name: {missing}"


@pytest.mark.parametrize(("heading", "minutes"), [("A 90-minute path", 90), ("A half-day path", 240)])
def test_minutes_of_a_path_for_teachers_add_up(heading, minutes):
    text = TEACHING.split(f"## {heading}\n")[1].split("\n## ")[0]
    header, _, *rows = [re.split(r" *\| *", line.strip("| ")) for line in text.splitlines() if line.startswith("|")]
    columns = [number for number, name in enumerate(header) if name in ("Talk", "Exercises", "Pause")]
    assert len(columns) >= 2 and len(rows) > 5
    assert sum(int(row[column]) for row in rows for column in columns) == minutes
    assert f"{minutes}" in heading + text


def test_teaching_has_each_notebook_of_the_readme_with_its_points_and_predictions():
    in_readme = re.findall(r"^\| (\d\d) \| \[([^\]]+)\]\(notebooks/(\w+)\.ipynb\)", README, re.MULTILINE)
    parts = re.split(r"^### (\d\d) · \[([^\]]+)\]\((\w+)\.ipynb\)$", TEACHING, flags=re.MULTILINE)[1:]
    assert list(zip(parts[::4], parts[1::4], parts[2::4], strict=True)) == in_readme
    for name, text in zip(parts[2::4], parts[3::4], strict=True):
        assert re.findall(r"^(\d)\. ", text, re.MULTILINE) == ["1", "2", "3"], name
        asked = re.findall(r"^\| `([^`]+)` \| .+: .+ \|$", text, re.MULTILINE)
        assert len(asked) == text.count("\n| `"), f"{name}: a wrong answer without what it betrays"
        predictions = re.findall(
            r'predict\("([^"]+)", \.\.\.\)', "\n".join(cell.source for cell in NOTEBOOKS[name].cells)
        )
        assert len(asked) >= 3 and set(asked) <= set(predictions), f"{name} asks: {predictions}"
        assert "**Pause:**" in text and "**If a cell fails:**" in text, name


def test_teaching_is_read_in_an_evening():
    assert 1500 <= len(TEACHING.split()) <= 2500


def test_minutes_of_the_readme_are_those_of_the_notebooks():
    in_readme = re.findall(r"\(notebooks/(\w+)\.ipynb\) \|.*\| (\d+) \|$", README, re.MULTILINE)
    sources = {name: "\n".join(cell.source for cell in notebook.cells) for name, notebook in NOTEBOOKS.items()}
    assert dict(in_readme) == {
        name: re.search(r"\*\*Time:\*\* (\d+) minutes", text)[1] for name, text in sources.items()
    }


@pytest.mark.parametrize("number", CLAIMS)
def test_claim_is_dealt_with(number):
    claim, notebook, heading = CLAIMS[number]
    if notebook not in NOTEBOOKS:
        assert heading is None, f"{notebook} is not there yet"
        return
    cells = SECTIONS[notebook][heading]
    assert any(f"<!-- claim A{number} -->" in cell.source for cell in cells), f"A{number}: {claim}"
    assert has_code(cells) or heading == "Recap"


def test_no_claim_is_unknown_or_forgotten():
    marked = re.findall(r"<!-- claim A(\d+) -->", "".join(text for _, text, _ in documents()))
    assert sorted(map(int, marked)) == sorted(n for n, (_, notebook, _) in CLAIMS.items() if notebook in NOTEBOOKS)
    assert list(CLAIMS) == list(range(1, 31))


def test_ci_runs_the_commands_of_the_readme():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "pip install uv && uv run jupyter lab notebooks/00_start_here.ipynb" in README
    for command in (
        "uv run pytest\n",
        "uv run pytest -m thorough",
        "uv run --extra editions --extra browser pytest -m browser",
    ):
        assert command in README and command in script


def test_environment_yml_installs_what_pyproject_declares():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, from_pip = environment["dependencies"]
    assert environment["name"] == PYPROJECT["project"]["name"]
    assert pip == "pip" and from_pip == {"pip": ["-e ."]}
    minor = python.removeprefix("python=")
    assert Requirement(f"python{PYPROJECT['project']['requires-python']}").specifier.contains(minor)


def versions_table() -> list[list[str]]:
    table = README.split("## Tested with")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")
    ]


def test_tested_with_table_has_a_row_for_each_python_and_one_for_the_oldest_packages():
    header, _, *rows = versions_table()
    assert [row[0] for row in rows] == ["3.11", "3.12", "3.13", "3.11, oldest packages"]
    requirements = {r.name: r.specifier for r in map(Requirement, PYPROJECT["project"]["dependencies"])}
    for row in rows:
        for name, version in zip(header[1:], row[1:], strict=True):
            assert requirements[name].contains(version), f"{name} {version} is outside of pyproject.toml"


@pytest.mark.skipif("UV" not in os.environ, reason="only uv run gives everybody the same versions")
def test_tested_with_table_names_the_versions_of_this_run():
    header, _, *rows = versions_table()
    installed = [importlib.metadata.version(name) for name in header[1:]]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    listed = [row[1:] for row in rows if row[0].split(",")[0] == python]
    assert installed in listed, f"on Python {python}: {dict(zip(header[1:], installed, strict=True))}"


def test_nothing_names_a_host_of_packages():
    folders = ("helpers", "editions", "tests", "notebooks", ".ci")
    tracked = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    tracked += [path for path in ROOT.iterdir() if path.is_file() and path.name != "uv.lock"]
    suffixes = (".py", ".md", ".ipynb", ".toml", ".yml", "")
    texts = {path: path.read_text(encoding="utf-8") for path in tracked if path.suffix in suffixes}
    hosts = re.compile("files\\.pythonhosted|pypi\\." + "org|index-" + "url", re.IGNORECASE)
    assert not [str(path) for path, text in texts.items() if hosts.search(text)]
