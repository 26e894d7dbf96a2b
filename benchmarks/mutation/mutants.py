"""Small faults, one at a time: every way to change one node of a module's syntax tree.

Comparisons, arithmetic, ``and``/``or``, ``not``, signs, numbers, truth values, one-word texts,
returned values, conditions and bare calls. Left alone: annotations, docstrings, messages (texts of
more than one word, f-strings, what an error is raised with besides its kind) and ``__all__``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Div, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        name: the line, what stood there and what stands there now.
        tree: the module with the fault in it.
    """

    name: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every fault of a module, in the order of its lines."""
    tree = ast.parse(source)
    skipped = _skipped(tree)
    nodes = list(ast.walk(tree))
    found = []
    for i, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for change in _changes(node):
            faulty = copy.deepcopy(tree)
            there = list(ast.walk(faulty))[i]
            before = _short(there)
            shown = change(there)
            after = _short(shown if shown is not None else there)
            where = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
            ast.fix_missing_locations(faulty)
            found.append((where, Mutant(f"{where[0]}:{where[1]} {before} -> {after}", faulty)))
    yield from (m for _, m in sorted(found, key=lambda pair: pair[0]))


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _skipped(tree: ast.Module) -> set[int]:
    """The nodes in which no fault is made."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            if getattr(node, field, None) is not None:
                roots.append(getattr(node, field))
        if isinstance(node, ast.JoinedStr):
            roots.append(node)
        if isinstance(node, ast.Assign):
            names = [t.id for t in node.targets if isinstance(t, ast.Name)]
            if names == ["__all__"] or (names and isinstance(node.value, ast.Subscript)):
                roots.append(node.value)  # what is exported, and names of types
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            roots.append(node)  # docstrings
    return {id(inner) for root in roots for inner in ast.walk(root)}


def _changes(node: ast.AST) -> list[Callable[[Any], ast.AST | None]]:
    """The faults that this node can have, each as a function that makes it in place."""
    changes: list[Callable[[Any], ast.AST | None]] = []
    if isinstance(node, ast.Compare):
        for k, op in enumerate(node.ops):
            changes.append(lambda n, k=k, op=op: n.ops.__setitem__(k, COMPARE[type(op)]()))
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in ARITHMETIC:
        changes.append(lambda n: setattr(n, "op", ARITHMETIC[type(n.op)]()))
    elif isinstance(node, ast.BoolOp):
        changes.append(
            lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
        )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        changes.append(lambda n: setattr(n, "op", ast.UAdd()) if _minus(n) else _drop_not(n))
    elif isinstance(node, ast.Constant):
        changes += _constants(node)
    elif isinstance(node, ast.Return) and node.value is not None and not _none(node.value):
        changes.append(lambda n: setattr(n, "value", ast.Constant(None)))
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)) and isinstance(
        node.test, (ast.Name, ast.Call, ast.Attribute)
    ):
        changes.append(_negate)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        changes.append(lambda n: setattr(n, "value", ast.Constant(...)))
    return changes


def _minus(node: ast.UnaryOp) -> bool:
    return isinstance(node.op, ast.USub)


def _none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _drop_not(node: ast.UnaryOp) -> None:
    # `not x` -> `not not x`: the same place in the tree, the other truth
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _negate(node: ast.If | ast.IfExp | ast.While) -> ast.AST:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node.test


def _constants(node: ast.Constant) -> list[Callable[[Any], None]]:
    value = node.value
    if isinstance(value, bool):
        return [lambda n: setattr(n, "value", not n.value)]
    if isinstance(value, (int, float)):
        return [lambda n: setattr(n, "value", n.value + 1)]
    if isinstance(value, str) and value.isidentifier():
        return [lambda n: setattr(n, "value", "XX" + n.value)]
    return []
