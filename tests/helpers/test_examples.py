"""Each public function of the core has an example that runs, and is introduced by the notebook that it names."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re

import helpers

import pytest

from tests.material import NOTEBOOKS, cells

MODULES = [
    importlib.import_module(f"helpers.{module.name}")
    for module in pkgutil.iter_modules(helpers.__path__)
    if module.name != "exercises"  # tests/exercises tries those
]
FUNCTIONS = {
    f"{module.__name__}.{name}": function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
}
EXAMPLES = {test.name for module in MODULES for test in doctest.DocTestFinder().find(module) if test.examples}
FOR_OTHER_HELPERS = {
    "helpers.decoding.channel_axis",
    "helpers.each_file.batches_of_files",
    "helpers.each_file.may_hang",
    "helpers.errors.counted",
    "helpers.errors.one_line",
    "helpers.headers.gif_frames",
    "helpers.headers.has_other_masks",
    "helpers.headers.jpeg_xl",
    "helpers.headers.too_many_pixels",
    "helpers.made_once.made_once",
    "helpers.odd_files.encoded",
    "helpers.sample.made_in",
    "helpers.sample.numbered",
    "helpers.sequences.as_list",
    "helpers.sequences.path_list",
    "helpers.signatures.advice",
}


def helpers_of(stem: str) -> list:
    """What the notebook imports from a module of helpers, or takes of one, as in `photos.folder`."""
    code = "\n".join(cell.source for cell in cells(stem) if cell.cell_type == "code")
    imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    names = [(node.module.removeprefix("helpers."), alias.name) for node in imports for alias in node.names]
    names += re.findall(r"\b(\w+)\.(\w+)", code)  # in a comment, too
    return [getattr(getattr(helpers, module, None), name, None) for module, name in names]


USED = {path.stem: helpers_of(path.stem) for path in NOTEBOOKS}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_an_example(name):
    assert name in EXAMPLES


def test_the_examples_were_collected(request):
    if "helpers" not in request.config.args:
        pytest.skip("this run was not asked for examples")
    collected = {item.name for item in request.session.items if isinstance(item, pytest.DoctestItem)}
    assert EXAMPLES - collected == set()


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - FOR_OTHER_HELPERS))
def test_a_function_is_introduced_by_the_first_notebook_that_uses_it(name):
    introduced = re.search(r"Introduced in notebook (\d\d_\w+)\.", inspect.getdoc(FUNCTIONS[name]))
    assert introduced, "the docstring names no notebook: Introduced in notebook NN_name."
    assert introduced[1] == next(stem for stem in USED if FUNCTIONS[name] in USED[stem])


@pytest.mark.parametrize("name", sorted(FOR_OTHER_HELPERS))
def test_a_function_for_other_helpers_names_no_notebook(name):
    assert "Introduced in" not in inspect.getdoc(FUNCTIONS[name])
