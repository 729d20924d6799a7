"""Whether code is written somewhere in a lesson, in the short form in which a table of its recap writes it."""

import ast
import copy
import re
from collections.abc import Callable
from fnmatch import fnmatchcase

_ANY = "any_"  # stands for …
# What lessons import stands for itself, other names for any value.
_IMPORTED = {"tf", "np", "cv2", "skimage", "jnp", "access", "bad_images", "timing", "Path", "Image", "ImageOps"}


def is_written(short: str, source: str) -> bool:
    """Whether the code `short` occurs in `source`, in one piece or in several.

    Functions, attributes, arguments by name and texts must be the same. `…` stands for anything, a variable for any
    value, a number for any number, and further arguments by name may follow. `shuffle=False, labels=None` are arguments
    of one call, or entries of a dict; `.batch(8)` is called on anything, and `fit(…)` may be a method. What stands in
    brackets or before a dot may be written elsewhere, as it is where the source keeps it in a variable.

    >>> is_written('load(folder, seed=1)', 'images = tools.load(my_photos, seed=7, labels=None)')
    True
    >>> is_written('for images, labels in dataset.take(1):', 'for a, b in photos.map(f).take(3): print(a)')
    True
    >>> is_written('rows.map(read).batch(32)', 'pairs = rows.map(read); batches = pairs.batch(8)')
    True
    >>> is_written('shuffle=False', 'load(folder, shuffle=True)'), is_written('dataset.tkae(1)', 'dataset.take(1)')
    (False, False)

    Raises:
        SyntaxError: `short` is not Python.
    """
    pattern = _pattern(short)
    nodes = list(ast.walk(ast.parse(source)))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    whole = any(_is_like(pattern, node) for node in nodes)
    return (
        whole
        or all(any(_is_like(part, node) for node in nodes) for part in _parts(pattern))
        and _texts(pattern) <= texts
    )


class _Opened(ast.NodeTransformer):
    """Takes the calls and elements out of a pattern, and leaves … in their places."""

    def __init__(self) -> None:
        self.parts: list[ast.AST] = []

    def generic_visit(self, node: ast.AST) -> ast.AST:
        is_part = isinstance(node, ast.Call | ast.Subscript)
        node = super().generic_visit(node)
        if is_part:
            self.parts.append(node)
        return ast.Name(_ANY) if is_part else node


def _parts(pattern: ast.AST) -> list[ast.AST]:
    """The pattern in pieces: each call and each element for itself."""
    opened = _Opened()
    rest = opened.visit(copy.deepcopy(pattern))
    return [*opened.parts, rest]


def _texts(pattern: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(pattern)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
    }


def _pattern(short: str) -> ast.AST:
    code = re.sub(r"\[…\]|…", _ANY, short).removesuffix(":").removeprefix("@")
    if short.startswith("."):
        code = _ANY + code
    if short.endswith(":"):
        code += ": pass"
    elif re.search(r"\w=", code) and (keywords := _keywords(code)):
        return keywords
    statement = ast.parse(code).body[0]
    pattern = statement.value if isinstance(statement, ast.Expr) else statement
    return ast.alias(pattern.id) if isinstance(pattern, ast.Name) else pattern  # a name alone is looked for as such


def _keywords(code: str) -> ast.stmt | None:
    """`a=1, b=2` as the arguments of no function in particular: of a class, since no lesson's table has one."""
    try:
        (pattern,) = ast.parse(f"class {_ANY}({code}): pass").body
    except SyntaxError:
        return None
    return pattern if isinstance(pattern, ast.ClassDef) and not pattern.bases and " = " not in code else None


def _is_like(pattern: ast.AST, node: ast.AST) -> bool:
    return _KINDS.get(type(pattern), _is_like_in_all)(pattern, node)


def _is_like_in_all(pattern: ast.AST, node: ast.AST) -> bool:
    return type(pattern) is type(node) and all(
        _are_like(value, getattr(node, name)) for name, value in ast.iter_fields(pattern) if name != "ctx"
    )


def _are_like(pattern, field) -> bool:
    if isinstance(pattern, list):
        return len(pattern) == len(field) and all(map(_are_like, pattern, field))
    return _is_like(pattern, field) if isinstance(pattern, ast.AST) and isinstance(field, ast.AST) else pattern == field


def _is_called(pattern: str, name: str) -> bool:
    return fnmatchcase(name, pattern.replace(_ANY, "*"))


def _is_any_value(pattern: ast.Name, node: ast.AST) -> bool:
    if pattern.id in _IMPORTED:
        return isinstance(node, ast.Name) and node.id == pattern.id
    return pattern.id == _ANY or isinstance(node, ast.expr)


def _is_a_name_there(pattern: ast.alias, node: ast.AST) -> bool:
    match node:
        case ast.Name(name) | ast.Attribute(_, name) | ast.alias(name) | ast.FunctionDef(name) | ast.keyword(name):
            return name is not None and _is_called(pattern.name, name)
    return False


def _is_the_attribute(pattern: ast.Attribute, node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return _is_called(pattern.attr, node.attr) and _is_like(pattern.value, node.value)
    return isinstance(node, ast.Name) and node.id == pattern.attr and node.id.isupper()  # a constant of a module


def _is_the_constant(pattern: ast.Constant, node: ast.AST) -> bool:
    wanted = pattern.value
    if isinstance(wanted, str) and " " in wanted:  # words for what stands there
        return isinstance(node, ast.expr)
    if isinstance(node, ast.Name):  # a name for it
        return isinstance(wanted, str | int | float) and not isinstance(wanted, bool)
    if not isinstance(node, ast.Constant):
        return False
    numbers = [one for one in (wanted, node.value) if isinstance(one, int | float) and not isinstance(one, bool)]
    return len(numbers) == 2 or wanted == node.value


def _is_the_loop(pattern: ast.For, node: ast.AST) -> bool:
    return isinstance(node, ast.For) and _are_like([pattern.target, pattern.iter], [node.target, node.iter])


def _is_the_call(pattern: ast.Call, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(pattern.func, ast.Name):
        is_function = _is_called(pattern.func.id, ast.unparse(node.func).rpartition(".")[2])
    else:
        is_function = _is_like(pattern.func, node.func)
    is_open = any(isinstance(one, ast.Name) and one.id == _ANY for one in pattern.args)
    has_arguments = is_open or _are_like(pattern.args, node.args)
    return is_function and has_arguments and _has_keywords(pattern.keywords, node)


def _is_a_call_with(pattern: ast.ClassDef, node: ast.AST) -> bool:
    return isinstance(node, ast.Call | ast.Dict) and _has_keywords(pattern.keywords, node)


def _has_keywords(keywords: list[ast.keyword], node: ast.Call | ast.Dict) -> bool:
    """Whether a call has these arguments by name, or a dict these entries: a lesson may keep arguments in one."""
    if isinstance(node, ast.Call):
        given: dict = {one.arg: one.value for one in node.keywords}
    else:
        pairs = zip(node.keys, node.values, strict=True)
        given = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
    return all(one.arg in given and _is_like(one.value, given[one.arg]) for one in keywords)


_KINDS: dict[type, Callable] = {
    ast.Name: _is_any_value,
    ast.alias: _is_a_name_there,
    ast.Attribute: _is_the_attribute,
    ast.Constant: _is_the_constant,
    ast.Call: _is_the_call,
    ast.ClassDef: _is_a_call_with,
    ast.For: _is_the_loop,
    ast.Slice: lambda pattern, node: isinstance(node, ast.Slice),
}
