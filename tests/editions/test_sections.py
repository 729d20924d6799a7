"""A notebook is divided at its headings, and only there."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from editions.sections import sections

FENCED = "<details>\n\n   ```python\n# a comment\n   ```\n\n</details>"


def divided(*sources: str) -> list[tuple[str, int, list[str]]]:
    """The sections of a notebook with these cells, of which those that begin with `code` are code."""
    cells = [new_code_cell(text) if text.startswith("code") else new_markdown_cell(text) for text in sources]
    found = sections(new_notebook(cells=cells))
    return [(heading, level, [cell.source for cell in cells]) for heading, level, cells in found]


def test_a_cell_is_divided_before_each_heading():
    assert divided("# 1 · A", "code\n# no heading", "so\n\n## B \nb\n\n### C", "code 2") == [
        ("1 · A", 1, ["# 1 · A", "code\n# no heading", "so\n\n"]),
        ("B", 2, ["## B \nb\n\n"]),
        ("C", 3, ["### C", "code 2"]),
    ]


def test_what_stands_before_the_first_heading_has_none():
    assert divided("code", "# A") == [("", 0, ["code"]), ("A", 1, ["# A"])]


def test_a_comment_in_a_block_of_code_is_no_heading():
    assert divided("# A", FENCED) == [("A", 1, ["# A", FENCED])]


def test_code_cells_are_the_same_objects():
    notebook = new_notebook(cells=[new_markdown_cell("# A"), new_code_cell("1")])
    assert sections(notebook)[0].cells[1] is notebook.cells[1]
