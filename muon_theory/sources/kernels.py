"""Loops whose products are made by functions that are not in the file: which rows they are given, turn by turn."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from muon_theory.sources.found import as_rows, letters_from, shaped, typical
from muon_theory.sources.matrices import Base, Odd, one
from muon_theory.sources.values import Items, Number

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter
    from muon_theory.sources.scope import Scope


def start(m: Interpreter, scope: Scope) -> Odd | None:
    """The matrix that a loop begins with: one of the scope that has been divided by a norm and is no step yet.

    In a function that is named like an iteration any matrix will do: what divides it is then not known.
    """
    found = [v for v in scope.names.values() if isinstance(v, Odd) and v.base.normal and len(v.terms) == 1]
    if found:
        return found[-1]
    code = m.stack[-1] if m.stack else None
    return Odd(Base(), (one(m.place(code)),)) if code in m.glance.iterates else None


def read(m: Interpreter, node: ast.For | ast.AsyncFor, turns: Sequence[object], begin: Odd, scope: Scope) -> bool:
    """Keep the rows that a loop gives to what is not in the file: its own items, or a, b, c in each of its turns."""
    used = _used(node)
    own = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    rows: list[object] | None = None
    if len(own & used) >= 2:
        known = begin.base.normal is not None and begin.base.normal.kind != "unknown"
        rows = list(turns) if known else None
    elif row := _letters(scope, used):
        rows = [Items(list(row), row[0].place)] * len(turns)
    if rows is None or as_rows(Items(rows, (m.path, 1))) is None:
        return False
    m.read.append((rows, begin, node, m.stack[-1] if m.stack else None))
    return True


def _used(node: ast.For | ast.AsyncFor) -> set[str]:
    """The names that stand in calls or products of the body, and are not bound there."""
    within = [n for s in node.body for n in ast.walk(s)]
    uses = (c for c in within if isinstance(c, (ast.Call, ast.BinOp)))
    names = {n.id for c in uses for n in ast.walk(c) if isinstance(n, ast.Name)}
    return names - {n.id for n in within if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _letters(scope: Scope, used: set[str]) -> list[Number] | None:
    """The numbers a, b, c of a scope, whatever stands before the letters, if the body uses them and they are a row."""
    for name in used:
        run = letters_from(name, scope.names)
        row = list(run.values())
        if run.keys() <= used and len(row) >= 2 and shaped([row]) and typical([row]):
            return row
    return None
