"""House rules of the notebooks as they are."""

import nbformat
import pytest

from tests.material import NOTEBOOKS
from tests.notebooks import house_rules


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_house_rules(path):
    notebook = nbformat.read(path, 4)
    findings = house_rules.cell_findings(notebook) + house_rules.lesson_findings(notebook)
    assert not findings, "\n".join(findings)


def test_no_function_is_defined_in_two_notebooks():
    findings = house_rules.duplicate_functions({path.stem: nbformat.read(path, 4) for path in NOTEBOOKS})
    assert not findings, "\n".join(findings)
