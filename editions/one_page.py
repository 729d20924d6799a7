"""One page to keep: the recap tables of all lessons, grouped as a person asks, to print on two sides of paper."""

import re
from pathlib import Path

import nbformat

GROUPS = {
    "load and look": ("00_start_here", "01_take_one_batch"),
    "change the images, train": ("02_map_a_function",),
    "take them out of TensorFlow": ("03_to_numpy",),
    "know which file it is": ("04_which_file_is_it",),
    "reach any image": ("05_reach_any_image",),
    "use my own labels": ("06_your_own_labels",),
    "split": ("07_split_without_a_leak",),
    "find bad files, and fix them": ("08_broken_files", "09_odd_files"),
    "know what runs": ("10_where_tf_function_helps",),
    "be fast": ("11_how_fast_is_it", "12_read_once_or_less"),
    "find wrong labels": ("13_find_the_misfiled_photos",),
    "ask a model": ("14_ask_a_model",),
    "go beyond one device": ("15_beyond_one_machine", "16_devices_and_workers"),
    "use another framework": ("17_other_frameworks",),
}
TITLE = """# One page to keep

What you want, and what you write: the recaps of the lessons *Get at the images of image_dataset_from_directory*. They
are notebooks in the folder `notebooks`, and `00_start_here.ipynb` is the first. Each line links to the section that
shows it. `load` stands for `tf.keras.utils.image_dataset_from_directory`."""
_TABLE = re.compile(r"^\| you (?:want|meet) \| you (?:write|do) \|\n\|[-|]+\|\n((?:\|.*\n?)+)", re.MULTILINE)
_CODE = re.compile(r"`[^`]+`")
# Where a line of code may end: behind a bracket with much in it, and before a method.
_BREAK = re.compile(r"(?<=\w\()(?=[^)]{8})|((?<=\w{3})|(?<=[)\]]))(?=\.[a-z])")


def rows(lesson: Path) -> list[str]:
    """The rows of the recap of a lesson, as they are written there."""
    cells = [cell.source for cell in nbformat.read(lesson, 4).cells if cell.cell_type == "markdown"]
    return [row for cell in cells for table in _TABLE.findall(cell) for row in table.splitlines()]


def markdown(lessons: list[Path]) -> str:
    """The page, as a source of the website."""
    paths = {path.stem: path for path in lessons}
    parts = [TITLE]
    for group, stems in GROUPS.items():
        lesson = "lesson" if len(stems) == 1 else "lessons"
        numbers = " and ".join(str(int(stem[:2])) for stem in stems)
        table = ["| I want … | I write … |", "|---|---|"]
        table += [_moved(row, stem) for stem in stems for row in rows(paths[stem])]
        parts += [f"## I want to {group} ({lesson} {numbers})", "\n".join(table)]
    style = Path(__file__).with_name("one_page.css").read_text(encoding="utf-8")
    return "\n\n".join([*parts, f"```{{raw}} html\n<style>\n{style}</style>\n```\n"])


def _moved(row: str, stem: str) -> str:
    """A row with its links as they are from the folder above, and with places where long code can be broken."""
    row = row.replace("](#", f"]({stem}.ipynb#")
    row = re.sub(r"\]\((?=\w+\.ipynb)", "](notebooks/", row)
    return _CODE.sub(lambda code: _BREAK.sub("`<wbr>`", code[0]), row)
