"""The harness must be able to fail: what is broken is found, each for its own reason, and what is good passes."""

import base64
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from editions.outputs import budget_findings, output_findings
from editions.run import checked_run, with_claims, without_claims
from tests.material import encoded
from tests.notebooks import house_rules

CANARIES = Path(__file__).with_name("canaries")
GOOD = CANARIES / "good.ipynb"
KERNEL = {"name": "python3", "display_name": "Python 3"}


@pytest.mark.parametrize("path", sorted(set(CANARIES.glob("*.ipynb")) - {GOOD}), ids=lambda path: path.stem)
def test_broken_notebook_fails_for_its_reason(path):
    notebook = nbformat.read(path, 4)
    assert house_rules.cell_findings(notebook) == []  # only a run finds what is wrong
    run = checked_run(path)
    assert notebook.metadata.canary.fails_with in run.summary


def test_good_notebook_passes():
    assert house_rules.cell_findings(nbformat.read(GOOD, 4)) == []
    run = checked_run(GOOD)
    assert run.trace == run.summary == ""
    assert run.figures[:4] == ("good", 4, 7, 13)
    assert run.figures.seconds > 0
    assert 20 < run.figures.peak_mb < 1000


def test_kernel_of_another_environment_is_noticed(monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/another/environment")
    assert re.fullmatch("the kernel ran in .*; the tests run in /another/environment", checked_run(GOOD).summary)


def test_cell_that_takes_too_long_is_named():
    cells = [new_code_cell("1"), new_markdown_cell("Text."), new_code_cell("import time; time.sleep(60)")]
    run = checked_run(GOOD, timeout=1, notebook=_notebook(cells))
    assert run.summary == "cell 3: A cell timed out while it was being executed, after 1 seconds."
    assert "time.sleep(60)" in run.trace


BROKEN_CELLS = [
    (new_code_cell(" "), "empty"),
    (new_code_cell("1", metadata={"tags": ["vaires"]}), "unknown tag vaires"),
    (new_code_cell("1", metadata={"tags": ["raises-exception"]}), "unknown tag raises-exception"),
    (new_code_cell("1", metadata={"nbmake": {"mock": {"epochs": 1}}}), "orders for nbmake"),
    (new_code_cell('open("/home/you/a.jpg")'), "a path of one machine: /home/"),
    (new_code_cell("1", execution_count=1), "stored output"),
    (new_code_cell("1", outputs=[new_output("stream", text="1")]), "stored output"),
    (new_code_cell('sys.path.append("..")'), "uses sys.path"),
    (new_code_cell("from keras import _tf_keras"), "uses a private name"),
    (new_code_cell("plt.show()"), "uses plt.show"),
    (new_code_cell("images ="), "does not parse"),
    (new_code_cell("show_images(images, titles)"), "show_images without alt text"),
    (new_code_cell('show_images(a, ["a"], alt="A.")\nshow_images(b, alt="B.")'), "two pictures, and no titles that"),
    (new_code_cell("show.show_figure(figure)"), "show_figure without alt text"),
    (new_code_cell("with show_error(ValueError):\n    1"), "show_error without"),
    (new_markdown_cell("<!-- chek: 1 == 1 -->"), "a comment that is no check: chek"),
    (new_markdown_cell("<!-- claim A7 -->"), "a comment that is no check: claim A7"),
    (new_markdown_cell("<!-- check: 1 == -->"), "a check that does not parse"),
    (new_markdown_cell("Done!"), "an exclamation mark"),
    (new_markdown_cell("Done \U0001f389"), "an emoji"),
]


@pytest.mark.parametrize(("cell", "reason"), BROKEN_CELLS, ids=[reason for _, reason in BROKEN_CELLS])
def test_house_rules_find_what_is_wrong_with_a_cell(cell, reason):
    (finding,) = house_rules.cell_findings(_notebook([cell]))
    assert finding.startswith("cell 1 ")
    assert reason in finding


@pytest.mark.parametrize(
    "cell",
    [
        new_code_cell("%timeit -n 1 images != 0", metadata={"tags": ["varies"]}),
        new_code_cell('show_figure(figure, f"{n} bars.")\nshow_images(images, alt=text)\nmodel.__class__'),
        new_code_cell('show_images(a, ["a"], alt="A.")\nshow.show_images(b, titles=["b"], alt="B.")'),
        new_markdown_cell("<!-- check: a != b --> <!-- check: 1 -->"),
        new_markdown_cell("`a != b` and ![two cats](cats.png)\n\n```python\na != b\n```"),
    ],
)
def test_house_rules_leave_alone_what_is_right(cell):
    assert house_rules.cell_findings(_notebook([cell])) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metadata": {}}, "the kernelspec is not named python3"),
        ({"metadata": {"kernelspec": KERNEL, "execution": {"allow_errors": True}}}, "allow_errors"),
        ({"cells": [new_code_cell("1") for _ in range(3)]}, "3 code cells without a word"),
        ({"metadata": {"kernelspec": {"name": "python3"}}}, "not a valid notebook"),
    ],
)
def test_house_rules_find_what_is_wrong_with_the_file(changes, reason):
    (finding,) = house_rules.cell_findings(nbformat.from_dict({**_notebook([]), **changes}))
    assert reason in finding


def test_house_rules_of_a_lesson():
    cells = [new_markdown_cell("# A lesson\n\n**Time:** 1 minutes"), new_code_cell("predict(1, ...)\n" * 3)]
    assert house_rules.lesson_findings(_notebook(cells)) == []
    title, predictions, minutes = house_rules.lesson_findings(_notebook([new_code_cell("model.predict(1)")]))
    assert "level-1 heading" in title
    assert predictions.startswith("0 predictions")
    assert minutes == "states None, by its words and cells it takes 0 minutes"


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        ([new_markdown_cell("word " * 360)], 2),
        ([new_markdown_cell("<!-- check: 1 --><details>" + "word " * 360 + "</details>")], 0),
        ([new_code_cell("a = 1\n\n" * 8)] * 6, 2),
        ([new_code_cell("a = 1\n" * 9)] * 2, 2),
        ([new_code_cell('predict("How many?", ...)')] * 6, 4),
        ([new_markdown_cell("# Exercise 1: count"), *[new_code_cell("a = ...")] * 6], 0),
        ([new_markdown_cell("# Exercise 1"), new_markdown_cell("<details></details>"), *[new_code_cell("a")] * 6], 2),
        ([new_markdown_cell("# Exercise 1"), new_markdown_cell("## Recap"), *[new_code_cell("a")] * 6], 2),
    ],
)
def test_minutes_to_read_a_lesson(cells, minutes):
    assert house_rules.reading_minutes(nbformat.NotebookNode(cells=cells)) == minutes


def test_house_rules_find_a_function_that_is_defined_twice():
    notebook = _notebook([new_code_cell("def load(path):\n    return path")])
    findings = house_rules.duplicate_functions({"00_a": notebook, "01_b": notebook, "02_c": _notebook([])})
    assert findings == ["load is defined in 00_a and 01_b"]


def _notebook(cells: list) -> nbformat.NotebookNode:
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _source(picture: Image.Image) -> str:
    return "data:image/png;base64," + base64.b64encode(encoded(picture, "PNG")).decode()


def _image(alt: str, width: int = 100, source: str = "") -> nbformat.NotebookNode:
    source = source or _source(Image.linear_gradient("L").resize((width, 100)))
    return new_output("display_data", {"text/html": f'<p><img alt="{alt}" src="{source}"></p>'})


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (new_output("error", ename="ValueError", evalue="too late"), "an error: ValueError: too late"),
        (new_output("stream", name="stderr", text="careful"), "in red: careful"),
        (new_output("execute_result", {"image/png": "", "text/plain": "<Figure>"}), "a figure without alt text"),
        (_image("A grey ramp."), "fewer than five words: 'A grey ramp.'"),
        (_image("A ramp from black to white.", width=59), "only 59 pixels wide"),
        (_image("A ramp from black to white.", source="https://example.org/a.png"), "not a PNG picture"),
        (_image("A ramp from black to white.", source="data:image/png;base64,AAAA"), "not a PNG picture"),
    ],
)
def test_outputs_that_are_not_right(output, reason):
    (finding,) = output_findings(_notebook([new_code_cell("1", outputs=[output], execution_count=1)]))
    assert reason in finding


def test_a_picture_of_one_colour_is_a_fault_with_our_photos_but_not_with_others(monkeypatch):
    output = _image("A page that is white.", source=_source(Image.new("RGB", (100, 100), "white")))
    notebook = _notebook([new_code_cell("1", outputs=[output], execution_count=1)])
    monkeypatch.delenv("PHOTOS", raising=False)
    (finding,) = output_findings(notebook)
    assert finding.endswith("a blank picture")
    monkeypatch.setenv("PHOTOS", "photos/of/my/own")
    assert output_findings(notebook) == []


RED = new_output("stream", name="stderr", text="careful")
TAUGHT, NO_WARNING = new_markdown_cell("## What warns"), new_markdown_cell("Of this:\n\n```\n# no heading\n```")


def _ran(source: str, *outputs, tag: str = "varies") -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=[*outputs], execution_count=1, metadata={"tags": [tag]})


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ([_ran("a", RED, tag="warns")], None),
        ([_ran("a", tag="warns")], "cell 1 (a): the warning that it is about does not come"),
        ([TAUGHT, _ran("a", tag="warns"), NO_WARNING, _ran("b", RED)], None),  # late, and of the same section
        ([_ran("b", RED), _ran("a", tag="warns")], None),
        ([_ran("a", RED)], "cell 1 (a): a learner would see this in red: careful"),
        ([_ran("a", RED, tag="warns"), TAUGHT, _ran("b", RED)], "cell 3 (b): a learner would see this in red: careful"),
        ([_ran("b", RED), TAUGHT, _ran("a", RED, tag="warns")], "cell 1 (b): a learner would see this in red: careful"),
        ([_ran("a", RED, tag="warns"), TAUGHT, _ran("b", tag="warns")], "cell 3 (b): the warning that it is about"),
    ],
)
def test_red_lines_come_in_the_section_that_is_about_them_and_nowhere_else(cells, finding):
    found = output_findings(_notebook(cells))
    assert len(found) == (finding is not None)
    assert finding is None or found[0].startswith(finding)


LAST_WORDS = """
import os, sys, time
write = sys.stderr.write  # called by the thread that reads what C libraries write

def write_slowly(text):
    time.sleep(0.3 if text == "first line" else 0)
    return write(text)

sys.stderr.write = write_slowly
os.write(2, b"first line")
time.sleep(0.05)  # the thread has read this, and is busy with it
size = os.write(2, b", last words")
"""


@pytest.mark.skipif(os.name != "posix", reason="on Windows, ipykernel does not show what C libraries write")
def test_the_run_waits_for_what_a_c_library_writes_at_the_end_of_a_cell():
    sources = [LAST_WORDS, "1", LAST_WORDS, "1"]
    notebook = checked_run(GOOD, notebook=_notebook([new_code_cell(source) for source in sources])).notebook
    outputs = [[output for output in cell.outputs if output.get("name") == "stderr"] for cell in notebook.cells]
    red = ["".join(output.text for output in of_cell) for of_cell in outputs]
    assert red == ["first line, last words", "", "first line, last words", ""]


def test_what_comes_late_while_a_claim_is_checked_goes_to_the_cell_before():
    cells = [new_code_cell("a"), new_markdown_cell("<!-- check: write() -->")]
    given = with_claims(_notebook([new_markdown_cell("<!-- check: 1 -->"), *cells]))
    for claim in (given.cells[1], given.cells[-1]):
        claim.outputs = [RED]
    title, code, text = without_claims(given).cells
    assert code.outputs == [RED]
    assert "check: write()" in text.source


def test_cell_that_did_not_run():
    (finding,) = output_findings(_notebook([new_code_cell("1")]))
    assert "did not run" in finding


def test_budget():
    assert budget_findings(299, 3000) == []
    assert len(budget_findings(301, 3100)) == 2
