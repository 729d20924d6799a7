"""The programs to carry home: short, plain, they run by themselves, and what they print is what the lesson prints."""

import ast
import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from editions import programs, slicing
from editions.outputs import KEEP, tags
from editions.run import checked_run
from tests.material import NOTEBOOKS, odd_photos, run_source
from tests.notebooks.house_rules import VARIES

for_each_lesson = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
SECONDS = 300  # many times what one takes

# Runs the program that it is given, and writes which line printed what to the file NOTED.
NOTING = """
import builtins, inspect, json, os, runpy, sys

say, program = print, sys.argv[1]
noted = []


def print_and_note(*values, **options):
    say(*values, **options)
    line = inspect.currentframe().f_back
    if line.f_code.co_filename == program and not options.get("file"):
        noted.append((line.f_lineno, " ".join(map(str, values))))


builtins.print = print_and_note
sys.argv = sys.argv[1:]
runpy.run_path(program, run_name="__main__")
with open(os.environ["NOTED"], "w") as file:
    json.dump(noted, file)
"""


def lines_of(path: Path) -> list[programs.Line]:
    return programs.program(path.stem, nbformat.read(path, 4))


@for_each_lesson
def test_it_is_short_and_plain(path):
    lines = lines_of(path)
    assert 10 <= sum(bool(line.text.strip()) for line in lines if line.cell) <= 90
    assert sum(bool(line.text.strip()) for line in lines) <= 130
    assert max(len(line.text) for line in lines) <= 80
    source = "\n".join(line.text for line in lines)
    assert not re.search(r"\b(helpers\.|exercises|show_error|timing)\b|_guess\b|(?<!\.)\bpredict\(", source)
    lesson = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
    brought = imported(source) - set(sys.stdlib_module_names)
    assert brought <= imported(lesson) | {"tensorflow", "numpy", "matplotlib"}


def imported(source: str) -> set[str]:
    """The packages that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_examples_of_slices():
    failed, attempted = doctest.testmod(slicing)
    assert failed == 0 < attempted


def test_made_as_files(tmp_path):
    programs.make(tmp_path / "programs")
    assert [path.stem for path in sorted((tmp_path / "programs").iterdir())] == [path.stem for path in NOTEBOOKS]


LOAD = "load = tf.keras.utils.image_dataset_from_directory"
SET_UP = f"""
from helpers import access, photos, timing
from helpers.exercises import predict
from helpers.show import show_error, show_images
import tensorflow as tf
import numpy as np

photo_folder = photos.folder()
{LOAD}
"""


def made_of(*cells: nbformat.NotebookNode) -> list[str]:
    """The lines of the program of a lesson with these cells, those that come from its cells."""
    notebook = new_notebook(cells=[new_markdown_cell("# 1 · A lesson"), new_code_cell(SET_UP), *cells])
    return [line.text for line in programs.program("01_a_lesson", notebook) if line.cell]


EXERCISE = [new_markdown_cell("### Exercise 1: a"), new_code_cell("a = ..."), new_markdown_cell("## B")]


def kept(source: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": [KEEP]})


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ([new_code_cell("a = 1\nb = 2\nc = a + 1"), kept("print(c)")], ["a = 1", "c = a + 1", "print(c)"]),
        ([new_code_cell("a = 1\na = 2"), kept("print(a)")], ["a = 2", "print(a)"]),
        ([kept('g = predict("How many", ...)\nprint(1)\ng.compare(2 + 3)')], ["print(1)", 'print("How many:", 2 + 3)']),
        ([new_code_cell('g = predict("Fails", ...)'), kept('g.compare("error")\nprint(1)')], ["print(1)"]),
        ([kept("print(1)\nwith show_error(ValueError, 'x'):\n    int('x')")], ["print(1)"]),
        ([kept("rate = timing.speed(load)\nprint(rate)\nprint(1)")], ["print(1)"]),
        ([kept("pixels = np.zeros(3)\npixels.shape")], ["pixels = np.zeros(3)", "print(pixels.shape)"]),
        ([kept("X, y = access.collect(load(photo_folder))")], [LOAD, "X, y = collect(load(photo_folder))"]),
        ([kept("load.cache()")], [LOAD, "load.cache()"]),
        (
            [*EXERCISE, kept("print(1)")],
            ["print(1)"],
        ),
        ([kept("# why\nprint(1)  # so")], ["# why", "print(1)  # so"]),
    ],
)
def test_what_is_left_of_cells(cells, wanted):
    assert made_of(*cells) == wanted


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([kept("print(a)")], "nothing binds a"),
        (
            [*EXERCISE, kept("print(a)")],
            "nothing binds a",
        ),
        ([kept("timing.speed(load)")], "of this cell nothing can be kept:\ntiming.speed"),
    ],
)
def test_what_cannot_be_kept_is_an_error(cells, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        made_of(*cells)


def photos_of(path: Path, tmp_path: Path) -> Path:
    """The folder that the lesson takes, made as the lesson makes it."""
    sources = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    if path.stem == "08_broken_files":  # nine files, one of them broken
        return Path(run_source("\n".join(sources[:2]), path.stem, {})["folder"])
    if path.stem == "09_odd_files":  # the photo that all of its files are made of, here as good as it was
        import skimage.data

        (tmp_path / "cats").mkdir()
        Image.fromarray(skimage.data.chelsea()).resize((300, 200)).save(tmp_path / "cats/cat.png")
        return tmp_path
    from helpers import few_photos, photos

    ours = {
        "= photos.folder()": photos.folder,
        "= photos.without_numbers()": photos.without_numbers,
        "= photos.misfiled_copy()": photos.misfiled_copy,
        "= few_photos.folder()": few_photos.folder,
    }
    (folder,) = [folder for call, folder in ours.items() if call in "\n".join(sources)]
    return folder()


def run(path: Path, folder: Path, where: Path) -> list[tuple[programs.Line, str]]:
    """Run the program of a lesson; gives what it printed, with the line that did."""
    lines = lines_of(path)
    program = where / f"{path.stem}.py"
    program.write_text("".join(f"{line.text}\n" for line in lines), encoding="utf-8")
    environment = {**os.environ, "MPLBACKEND": "Agg", "NOTED": str(where / "noted.json")}
    command = [sys.executable, "-c", NOTING, str(program), str(folder)]
    ran = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == 0, ran.stderr
    shown = re.findall(rf"^({path.stem}_\d+\.png): ", ran.stdout, re.MULTILINE)
    assert len(shown) == len(list(where.glob("*.png")))
    assert ("show_figure(" in program.read_text()) == bool(shown)
    return [(lines[number - 1], text) for number, text in json.loads((where / "noted.json").read_text())]


def differences(printed: list[tuple[programs.Line, str]], executed: nbformat.NotebookNode) -> tuple[int, list[str]]:
    """How many results of cells that do not vary could be compared, and those that the lesson did not print."""
    outputs = {cell.id: outputs_of(cell) for cell in executed.cells if cell.cell_type == "code"}
    known = [(line.cell, text) for line, text in printed if line.cell and VARIES not in tags(line.cell)]
    unlike = []
    for cell, text in known:
        if " ".join(text.split()) not in outputs[cell.id]:
            unlike.append(f"{text!r} is not in what the lesson printed: {outputs[cell.id]!r}")
    return len(known), unlike


def outputs_of(cell: nbformat.NotebookNode) -> str:
    """What a cell printed and showed as text, in one line; a comparison with a prediction as the program prints it."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    text = re.sub(r"\n  you predicted: .*\n  it is:         (.*)", r": \1", "".join(texts))
    return " ".join(text.split())


@pytest.mark.thorough
@for_each_lesson
def test_it_runs_and_gives_what_the_lesson_gives(path, tmp_path):
    executed = checked_run(path)
    assert not executed.trace, executed.trace
    (where := tmp_path / "where").mkdir()
    printed = run(path, photos_of(path, tmp_path), where)
    compared, unlike = differences(printed, executed.notebook)
    assert not unlike, "\n".join(unlike)
    assert compared


@pytest.mark.thorough
@for_each_lesson
def test_it_runs_on_another_folder(path, tmp_path):
    (where := tmp_path / "where").mkdir()
    (folder := tmp_path / "photos").mkdir()
    assert run(path, odd_photos(folder), where)


@pytest.mark.thorough
def test_where_the_photos_come_from(tmp_path):
    """From the command line, else from PHOTOS, else from a folder beside that of the programs."""
    from helpers import photos

    programs.make(tmp_path / "data/programs")
    shutil.copytree(photos.folder(), tmp_path / "data/photos")
    (tmp_path / "others").mkdir()
    sample, others = tmp_path / "data/photos", odd_photos(tmp_path / "others")
    command = [sys.executable, tmp_path / "data/programs/00_start_here.py"]

    def printed(*arguments: Path, **environment: str) -> str:
        settings = {**os.environ, "MPLBACKEND": "Agg", **environment}
        ran = subprocess.run([*command, *arguments], cwd=tmp_path, env=settings, capture_output=True, text=True)
        return ran.stdout or ran.stderr

    assert printed().startswith(f"{sample}\n")
    assert printed(PHOTOS=str(others)).startswith(f"{others}\n")
    assert printed(sample, PHOTOS=str(others)).startswith(f"{sample}\n")
    assert "python 00_start_here.py [folder]" in printed(tmp_path / "nothing")
