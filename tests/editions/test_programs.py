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
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from editions import programs, slicing
from editions.outputs import KEEP, tags
from editions.run import without_places
from tests.material import NOTEBOOKS, ROOT, odd_photos, run_source, state
from tests.notebooks.house_rules import VARIES

for_each_lesson = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
SECONDS = 300  # many times what one takes

# Runs the program that it is given, and writes to the file NOTED what came out while which of its lines ran: of the
# lines that stand in no function, so that what a function prints counts for the cell that calls it.
NOTING = """
import inspect, json, os, runpy, sys

program, write, noted = sys.argv[1], sys.stdout.write, []


def write_and_note(text):
    frame, number = inspect.currentframe(), None
    while frame:
        number = frame.f_lineno if frame.f_code.co_filename == program else number
        frame = frame.f_back
    if not noted or noted[-1][0] != number or noted[-1][1].endswith("\\n"):
        noted.append([number, ""])
    noted[-1][1] += text
    return write(text)


sys.stdout.write = write_and_note
sys.argv = sys.argv[1:]
runpy.run_path(program, run_name="__main__")
with open(os.environ["NOTED"], "w") as file:
    json.dump(noted, file)
"""
SIZES = re.compile(r" \d+ images? of (different sizes|\d+ by \d+ pixels).*")  # what `show_images` adds to an alt text
TABLE = re.compile(r"^ +photos/s  times as fast.*?\nMedians of .*?\n.*?$", re.MULTILINE | re.DOTALL)


def lines_of(path: Path) -> list[programs.Line]:
    return programs.program(path.stem, nbformat.read(path, 4))


@for_each_lesson
def test_it_is_short_and_plain(path):
    lines = lines_of(path)
    assert 10 <= sum(bool(line.text.strip()) for line in lines if line.cell) <= 90
    assert sum(bool(line.text.strip()) for line in lines) <= 140
    assert max(len(line.text) for line in lines) <= 76
    source = "\n".join(line.text for line in lines)
    assert not re.search(r"\b(helpers\.|exercises|show_error|timing)\b|_guess\b|(?<!\.)\bpredict\(", source)
    lesson = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
    brought = imported(source) - set(sys.stdlib_module_names)
    assert brought <= imported(lesson) | {"tensorflow", "numpy", "matplotlib"}


@for_each_lesson
def test_nothing_in_it_is_unused(path):
    """Each import, function, class and assignment is used further down. (What is assigned to _ is not meant to be.)"""
    needed, unused = set(), []
    for node in reversed(ast.parse("\n".join(line.text for line in lines_of(path))).body):
        its = slicing.Names(ast.unparse(node))
        is_used = its.binds <= needed if isinstance(node, ast.Import | ast.ImportFrom) else its.binds & needed
        is_definition = isinstance(node, ast.Assign | ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
        if is_definition and its.binds - {"_"} and not is_used:
            unused.append(ast.unparse(node))
        needed = needed - its.binds | its.needs
    assert not unused


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


def test_made_as_files_that_look_like_our_code(tmp_path):
    programs.make(tmp_path / "programs")
    assert [path.stem for path in sorted((tmp_path / "programs").iterdir())] == [path.stem for path in NOTEBOOKS]
    pytest.importorskip("ruff", reason="only those who change the code have it")
    for command in (["format", "--check"], ["check", "--ignore", "B007,B905"]):  # as for notebooks
        options = ["--config", ROOT / "notebooks/ruff.toml", tmp_path / "programs"]
        ran = subprocess.run([sys.executable, "-m", "ruff", *command, *options], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr


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
        ([new_code_cell('g = predict("Fails", ...)'), kept('# so\ng.compare("error")\nprint(1)')], ["print(1)"]),
        ([kept("print(1)\nwith show_error(ValueError, 'x'):\n    int('x')")], ["print(1)"]),
        ([kept("rate = timing.speed(load)\nprint(rate)\nprint(1)")], ["print(1)"]),
        ([kept("pixels = np.zeros(3)\npixels.shape")], ["pixels = np.zeros(3)", "print(pixels.shape)"]),
        ([kept("a = [1]\n# a is short\na")], ["a = [1]", "# a is short", "print(a)"]),
        (
            [kept("X, y = access.collect(load(photo_folder))")],
            ["photo_folder = given_folder()", LOAD, "X, y = collect(load(photo_folder))"],
        ),
        (
            [
                kept(
                    'g = predict("It is", ...)\n# g.compare(2), é\nfor n in range(2):\n    g.compare(timing.compare(n))'
                )
            ],
            ["# g.compare(2), é", "for n in range(2):", '    print("It is:", compare(n))'],
        ),
        ([kept("folder = np.zeros(3)\nprint(folder)")], ["folder = np.zeros(3)", "print(folder)"]),
        ([kept("load.cache()")], [LOAD, "load.cache()"]),
        ([*EXERCISE, kept("print(1)")], ["print(1)"]),
        ([kept("# why\nprint(1)  # so")], ["# why", "print(1)  # so"]),
    ],
)
def test_what_is_left_of_cells(cells, wanted):
    assert made_of(*cells) == wanted


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([kept("print(a)")], "nothing binds a"),
        ([*EXERCISE, kept("print(a)")], "nothing binds a"),
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

        (tmp_path / "photos/cats").mkdir(parents=True)
        Image.fromarray(skimage.data.chelsea()).resize((300, 200)).save(tmp_path / "photos/cats/cat.png")
        return tmp_path / "photos"
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
    """Run the program of a lesson; gives the lines that it wrote, each with the line of the program that ran."""
    lines = lines_of(path)
    program = where / f"{path.stem}.py"
    program.write_text("".join(f"{line.text}\n" for line in lines), encoding="utf-8")
    environment = {**os.environ, "MPLBACKEND": "Agg", "NOTED": str(where / "noted.json")}
    command = [sys.executable, "-c", NOTING, str(program), str(folder)]
    before = state(folder)
    ran = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == 0, ran.stderr
    assert state(folder) == before
    pictures = re.findall(rf"^({path.stem}_\d+\.png): ", ran.stdout, re.MULTILINE)
    assert sorted(pictures) == sorted(picture.name for picture in where.glob("*.png"))
    noted = [(lines[number - 1], text) for number, text in json.loads((where / "noted.json").read_text()) if number]
    return [(line, re.sub(rf"^{path.stem}_\d+\.png: ", "picture: ", text)) for line, text in noted]


def differences(
    printed: list[tuple[programs.Line, str]], executed: nbformat.NotebookNode, classes: list[str]
) -> tuple[int, list[str]]:
    """Of how many kept cells all that they show is compared, and where program and lesson differ.

    Of a cell that varies, only what does not vary is compared.
    """
    same, unlike = 0, []
    for cell in executed.cells:
        if KEEP in tags(cell):
            ours = [(line.text.strip(), text) for line, text in printed if line.cell and line.cell.id == cell.id]
            texts = "".join(text for _, text in ours), shown_by(cell)
            same += bool(texts[0]) and VARIES not in tags(cell)
            if VARIES in tags(cell):
                texts = in_general(texts[0], classes), in_general(texts[1], classes)
            if texts[0].split() != texts[1].split():
                lines = dict.fromkeys(line for line, text in ours if text.strip() not in shown_by(cell))
                unlike.append(f"cell {cell.id}: {'; '.join(lines)}\nprogram: {texts[0]}\nlesson: {texts[1]}")
    return same, unlike


def shown_by(cell: nbformat.NotebookNode) -> str:
    """What a cell shows, as the program would print it."""
    text = ""
    for output in cell.outputs:
        data = output.get("data", {})
        if image := BeautifulSoup(data.get("text/html", ""), "html.parser").img:
            text += f"picture: {SIZES.sub('', image['alt'])}\n"
        elif output.get("name") != "stderr":
            text += output.get("text") or data.get("text/plain", "")
    text = re.sub(r"\n  you predicted: .*\n  it is:         (.*)", r": \1", text)
    left_out = r"WARNING:tensorflow|\w+Error" if "show_error(" in cell.source else "WARNING:tensorflow"
    return re.sub(rf"^({left_out}): ?.*\n", "", text, flags=re.MULTILINE)


def in_general(text: str, classes: list[str]) -> str:
    """A text of a cell that varies, without what may: values after a colon, numbers, names, a table of speeds."""
    text = TABLE.sub("{'a name': 1}", text)
    text = re.sub(r"(?<!picture): .*", ":", text)
    return re.sub("|".join([r"'[^'\n]*'", r"\S*\d\S*", "True", "False", *classes]), "#", text)


@pytest.mark.browser  # which needs none, but the run of the notebooks that the website shows
@for_each_lesson
def test_it_runs_and_gives_what_the_lesson_gives(path, executed, tmp_path):
    (where := tmp_path / "where").mkdir()
    folder = photos_of(path, tmp_path)
    classes = [place.name for place in folder.iterdir() if place.is_dir()]
    printed = [(line, without_places(text)) for line, text in run(path, folder, where)]
    same, unlike = differences(printed, nbformat.read(executed / path.name, 4), classes)
    assert not unlike, "\n".join(unlike)
    assert same


@pytest.mark.thorough
@for_each_lesson
def test_it_runs_on_another_folder(path, tmp_path):
    (where := tmp_path / "where").mkdir()
    (folder := tmp_path / "photos").mkdir()
    assert run(path, odd_photos(folder), where)


@pytest.mark.thorough
def test_where_the_photos_come_from(tmp_path, monkeypatch):
    """From the command line, else from PHOTOS, else from a folder beside that of the programs."""
    monkeypatch.delenv("PHOTOS", raising=False)
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
