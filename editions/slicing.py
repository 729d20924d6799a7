"""Which statements a result needs: the names that a statement takes and binds, and a slice from back to front."""

import ast
from collections.abc import Iterable
from typing import Any, NamedTuple


class Statement(NamedTuple):
    """A statement, where it comes from, and whether its result is wanted."""

    code: str
    origin: Any
    is_wanted: bool


class Names(ast.NodeVisitor):
    """The names that code needs from what ran before it, and those that it binds, in the order in which it runs.

    >>> names = Names("for image in images: total += sum(image[k] for k in kept)")
    >>> sorted(names.needs), sorted(names.binds)
    (['images', 'kept', 'sum', 'total'], ['image', 'total'])
    >>> sorted(Names("for batch in batch: print(batch)").needs)
    ['batch', 'print']
    >>> sorted(Names("@traced\\ndef first(dataset, n=n): return next(iter(dataset))[n:axis]").needs)
    ['axis', 'iter', 'n', 'next', 'traced']
    """

    def __init__(self, code: str = ""):
        self.needs: set[str] = set()
        self.binds: set[str] = set()
        self.visit(ast.parse(code))

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.binds.add(node.id)
        elif node.id not in self.binds:
            self.needs.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._visit_all(node.value, *node.targets)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit_Name(ast.Name(node.target.id, ast.Load()))
        self._visit_all(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        self._visit_all(node.iter, node.target, *node.body, *node.orelse)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.binds |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.binds |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_all(*node.decorator_list, *node.args.defaults, *node.args.kw_defaults)
        self.binds.add(node.name)
        self._visit_inside(node.args, *node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_inside(node.args, node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all(*node.decorator_list, *node.bases)
        self.binds.add(node.name)
        self._visit_inside(*node.body)

    def visit_arg(self, node: ast.arg) -> None:
        self.binds.add(node.arg)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._visit_inside(*node.generators, node.elt)

    visit_SetComp = visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._visit_inside(*node.generators, node.key, node.value)

    def _visit_all(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _visit_inside(self, *nodes: ast.AST) -> None:
        """What stands in a scope of its own: a name that it binds anywhere is its own."""
        inside = Names()
        inside._visit_all(*nodes)
        self.needs |= inside.needs - inside.binds - self.binds


def without(statements: Iterable[Statement], names: Iterable[str]) -> list[Statement]:
    """The statements that can run without these names, and without what depends on them.

    >>> lines = ["report = examine(dataset)", "print(report)", "report = 3", "print(report)"]
    >>> [left.code for left in without([Statement(line, None, True) for line in lines], ["examine"])]
    ['report = 3', 'print(report)']
    """
    missing, left = set(names), []
    for statement in statements:
        its = Names(statement.code)
        if its.needs & missing:
            missing |= its.binds
        else:
            missing -= its.binds
            left.append(statement)
    return left


def sliced(statements: list[Statement]) -> list[Statement]:
    """The wanted statements, and those that they need: of each name the last binding before.

    >>> lines = ["size = 3", "size = 4", "other = 5", "def area(): return size * size", "print(area())"]
    >>> [kept.code for kept in sliced([Statement(line, None, "print" in line) for line in lines])]
    ['size = 4', 'def area(): return size * size', 'print(area())']
    """
    missing: set[str] = set()
    kept = []
    for statement in reversed(statements):
        its = Names(statement.code)
        if statement.is_wanted or its.binds & missing:
            missing = (missing - its.binds) | its.needs
            kept.append(statement)
    return kept[::-1]
