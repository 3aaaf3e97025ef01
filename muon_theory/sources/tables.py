"""The tables of a file that has been followed: rows that it binds to names, in any of its scopes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from muon_theory.sources.found import Found, as_rows, bound_to, keyed_row, letters_from, shaped, typical
from muon_theory.sources.glance import FUNCTIONS
from muon_theory.sources.values import Class, Function, Instance, Items, Number, Place, Table

if TYPE_CHECKING:
    from muon_theory.sources.python import File

Names = dict[str, object]


def scopes(file: File) -> Iterator[tuple[str, Names, ast.AST]]:
    """Each scope that was followed: its qualified name with a dot at the end, its names, its node."""
    yield "", file.m.module.names, file.tree
    todo = [("", v) for v in file.m.module.names.values()]
    while todo:
        prefix, value = todo.pop(0)
        if isinstance(value, Class):
            inner = f"{prefix}{value.name}."
            yield inner, value.attributes, value.node
            todo += [(inner, v) for v in value.attributes.values() if isinstance(v, (Class, Function))]
    for code, scope in file.m.frames.items():
        if code in file.names:
            yield f"{file.names[code]}.", scope.names, code


def tables(file: File, every: bool = False) -> list[Found]:
    """The tables that the file binds to names, dictionaries by key; `every`: other names for one of them too."""
    out = [found for prefix, names, node in scopes(file) for found in _of_scope(file.path, prefix, names, node)]
    if every:
        return out
    unique: dict[tuple[object, ...], Found] = {}
    known: set[Place] = set()
    listed = {id(n) for t in out if len(t.rows) > 1 for row in t.rows for n in row}
    for t in out:
        if len(t.rows) == 1 and all(id(n) in listed for n in t.rows[0]):
            continue  # a name for one row of a list
        places = {row[0].place for row in t.rows}
        if t.name.count(".") and places <= known and (len(t.rows) > 1 or "," in t.name):
            continue  # a function's own name for a list that is bound elsewhere
        known |= places
        unique.setdefault((t.path, t.line, tuple(tuple(n.value for n in row) for row in t.rows)), t)
    return sorted(unique.values(), key=lambda t: (t.path, t.line))


def available(file: File) -> str:
    """One clause that names the tables of the file."""
    found = tables(file, every=True)
    names = [t.name for t in found if typical(t.rows)] or [t.name for t in found]
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"the file has {', '.join(names[:8])}{more}" if names else "the file has no table of coefficients"


def _of_scope(path: str, prefix: str, names: Names, node: ast.AST) -> Iterator[Found]:
    for name, value in list(names.items()):
        if isinstance(value, Instance):
            for attribute, inner in value.attributes.items():
                yield from _of_value(f"{prefix}{name}.{attribute}", inner)
        elif not (isinstance(node, ast.Module) and isinstance(value, Items) and value.place[0] != path):
            yield from _of_value(f"{prefix}{name}", value)
    yield from _of_numbers(prefix, names, node)


def _of_value(selector: str, value: object, depth: int = 0) -> Iterator[Found]:
    if isinstance(value, Table) and not value.changed and depth < 6:
        if row := keyed_row(value):
            yield bound_to(selector, [row])
            return
        for key, inner in value.items.items():
            yield from _of_value(f"{selector}[{key}]", inner, depth + 1)
    elif isinstance(value, Items) and (rows := as_rows(value)) and shaped(rows):
        yield bound_to(selector, rows, value.place[1])


def _of_numbers(prefix: str, names: Names, node: ast.AST) -> Iterator[Found]:
    """a, b, c = …, or names that differ in their last letter."""
    for statement in statements(node):
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) in (2, 3, 4, 5):
                together = {t.id: names.get(t.id) for t in target.elts if isinstance(t, ast.Name)}
                yield from _row(prefix, together, len(target.elts))
    plain = {t.id for s in statements(node) for t in _targets(s) if isinstance(t, ast.Name)}
    kept = {name: value for name, value in names.items() if name in plain}
    for name in kept:
        run = letters_from(name, kept)
        yield from _row(prefix, run, len(run))


def _row(prefix: str, names: Mapping[str, object], count: int) -> Iterator[Found]:
    row = [v for v in names.values() if isinstance(v, Number)]
    if len(row) == count and shaped([row]):
        yield bound_to(prefix + ",".join(names), [row])


def _children(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements directly below a statement."""
    for field in ("body", "orelse", "finalbody"):
        below = getattr(node, field, ())
        if isinstance(below, list):
            yield from below
    for field in ("handlers", "cases"):
        for part in getattr(node, field, ()):
            yield from part.body


def qualified(tree: ast.AST, prefix: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Each function and class with its qualified name."""
    for node in _children(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node, prefix + node.name
            yield from qualified(node, f"{prefix}{node.name}.")
        else:
            yield from qualified(node, prefix)


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a scope, those of its blocks included, those of functions in it not."""
    for child in _children(node):
        yield child
        if not isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield from statements(child)


def _targets(node: ast.stmt) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
