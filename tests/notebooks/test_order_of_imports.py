"""TensorFlow comes before pandas and scikit-learn: the other way round, `fit` hangs on Apple silicon (keras#23083)."""

import ast
import functools
import re
import subprocess
import sys

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tests.material import NOTEBOOKS, ROOT

FIRST, LATER = {"keras", "tensorflow"}, {"pandas", "sklearn"}  # Keras gets TensorFlow before it looks for the others
MODULES = [path for folder in ("helpers", "editions", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("notebooks/*.md"), *ROOT.glob("tests/**/*.md")})


def imports(node: ast.AST, function: ast.AST | None = None) -> list[tuple[int, ast.AST | None, str]]:
    """Line, innermost function and package of each import, in the order of the lines."""
    found = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            found += [(child.lineno, function, alias.name) for alias in child.names]
        elif isinstance(child, ast.ImportFrom) and not child.level:
            names = [f"{child.module}.{alias.name}" for alias in child.names]
            found += [(child.lineno, function, name) for name in names]
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        found += imports(child, child if is_function else function)
    return found


@functools.cache
def is_first(name: str) -> bool:
    """Does this import bring TensorFlow, perhaps by way of helpers? `name` is of a module, or of something in it."""
    names, read = [name], set()
    while names:
        package, *parts = names.pop().split(".")
        if package in FIRST:
            return True
        for path in [ROOT.joinpath(package, *some) for some in (parts, parts[:-1]) if some and package == "helpers"]:
            for file in {path.with_suffix(".py"), path / "__init__.py"} - read:
                read.add(file)
                if file.is_file():
                    found = imports(ast.parse(file.read_text("utf-8")))
                    names += [other for _, function, other in found if function is None]
    return False


def too_early(source: str, *, alone: bool) -> list[str]:
    """What of pandas and scikit-learn is imported when nothing has imported TensorFlow before.

    Args:
        source: The code.
        alone: Whether it must import TensorFlow itself. Otherwise it is only wrong if TensorFlow comes after it.
    """
    found = imports(ast.parse(source))
    findings = []
    for line, function, name in found:
        if name.partition(".")[0] not in LATER:
            continue
        # What stands in a function is run after what stands outside, and only then.
        before = [
            other
            for other_line, other_function, other in found
            if is_first(other) and other_function in (None, function)
            if other_line < line or (other_function is None and function is not None)
        ]
        if not before and (alone or any(is_first(other) for _, _, other in found)):
            findings.append(f"line {line}: {name}")
    return findings


def code_of(notebook: nbformat.NotebookNode) -> str:
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return "\n".join(TransformerManager().transform_cell(cell) for cell in cells)


def blocks_of(text: str) -> list[str]:
    """The Python in a text, folded solutions too."""
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_order_in_a_notebook(path):
    notebook = nbformat.read(path, 4)
    assert too_early(code_of(notebook), alone=True) == []
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert [finding for block in blocks_of(text) for finding in too_early(block, alone=False)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_order_in_a_module(path):
    assert too_early(path.read_text("utf-8"), alone=True) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_order_in_the_code_of_a_page(path):
    blocks = blocks_of(path.read_text("utf-8"))
    assert [finding for block in blocks for finding in too_early(block, alone=False)] == []


@pytest.mark.parametrize(
    ("source", "alone", "findings"),
    [
        ("import pandas as pd\nimport tensorflow as tf", False, ["line 1: pandas"]),
        ("import sklearn.svm, keras", True, ["line 1: sklearn.svm"]),
        ("from helpers import bad_images\nimport pandas", True, []),
        ("from helpers import show\nimport pandas", True, []),
        ("from helpers.files import list_images\nimport pandas", True, ["line 2: pandas"]),
        ("from sklearn.svm import SVC\nimport keras", True, ["line 1: sklearn.svm.SVC"]),
        ("import tensorflow as tf\nimport pandas as pd", True, []),
        ("import pandas", False, []),
        ("import pandas", True, ["line 1: pandas"]),
        ("from helpers.quiet import tensorflow as tf\nimport pandas", True, []),
        ("def f():\n    import pandas\nimport keras", True, []),
        ("def f():\n    import pandas\n    import keras", True, ["line 2: pandas"]),
        ("def f():\n    import keras\n    import pandas", True, []),
        ("def f():\n    import keras\ndef g():\n    import pandas", True, ["line 4: pandas"]),
        ("def f():\n    import keras\nimport pandas", True, ["line 3: pandas"]),
        ("try:\n    import keras\nexcept ImportError:\n    pass\nimport pandas", True, []),
    ],
)
def test_what_is_too_early(source, alone, findings):
    assert too_early(source, alone=alone) == findings


EACH_ALONE = """
import pkgutil, sys

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in ("pandas", "sklearn") and "tensorflow" not in sys.modules:
            print(f"{module} imports {name} before TensorFlow")

sys.meta_path.insert(0, Watch())
import helpers
for module in [module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers.")]:
    for name in [name for name in sys.modules if name.partition(".")[0] in STANDING_IN]:
        del sys.modules[name]
    __import__(module)
    print(module)
"""


def test_order_of_all_that_a_helper_brings(tmp_path):
    """Each helper as the first import of a program, with modules that stand in for the large ones."""
    anything = "from unittest.mock import MagicMock\n__path__ = []\ndef __getattr__(name): return MagicMock()\n"
    for name in FIRST | LATER:
        (tmp_path / f"{name}.py").write_text(f"import tensorflow\n{anything}" if name == "keras" else anything)
    script = EACH_ALONE.replace("STANDING_IN", str(("helpers", *FIRST, *LATER)))
    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    run = subprocess.run([sys.executable, "-c", path + script], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert "helpers.access\n" in run.stdout
    assert [line for line in run.stdout.splitlines() if " before " in line] == []


def test_keras_gets_tensorflow_before_the_others():
    """What the other tests take for granted, with the real packages."""
    watch = EACH_ALONE.partition("import helpers")[0].replace("{module}", "keras")
    run = subprocess.run(
        [sys.executable, "-c", f"{watch}import keras\nprint(*sys.modules)"], capture_output=True, text=True
    )
    assert "before TensorFlow" not in run.stdout
    assert {"keras", "tensorflow"} <= set(run.stdout.split())
