"""Each public function of the helpers has an example that runs, and a notebook that introduces it."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import helpers

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
MODULES = [importlib.import_module(f"helpers.{module.name}") for module in pkgutil.iter_modules(helpers.__path__)]
FUNCTIONS = {
    f"{module.__name__}.{name}": function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
}
EXAMPLES = {test.name for module in MODULES for test in doctest.DocTestFinder().find(module) if test.examples}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_has_an_example(name):
    assert name in EXAMPLES


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_introduced_by_a_notebook(name):
    introduced = re.search(r"Introduced in notebook (0\d_\w+)\.", inspect.getdoc(FUNCTIONS[name]))
    assert introduced, "the docstring names no notebook: Introduced in notebook 0X_name."
    path = NOTEBOOKS / f"{introduced[1]}.ipynb"
    if path.exists():
        code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
        assert re.search(rf"\b{FUNCTIONS[name].__name__}\b", code), f"{path.name} does not use it"


def test_examples_are_run_by_default(request):
    assert request.config.getoption("doctestmodules")
    assert "helpers" in request.config.getini("testpaths")
