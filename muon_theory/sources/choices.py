"""Texts that choose among lists: what a parameter is compared with, so that each can be followed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from muon_theory.sources.values import MOST_CHOICES, Default, Items, Number, Table, Unknown

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter


def remember(m: Interpreter, value: object, against: object) -> None:
    """Note the texts that a parameter is compared with, so that each can be followed."""
    parameter = value.parameter if isinstance(value, (Default, Unknown)) else ""
    if parameter and (isinstance(against, Table) or chooses_rows(m)):
        if isinstance(against, str):
            m.tested.setdefault(parameter, set()).add(str(against))
        elif isinstance(against, (Items, Table)):
            if isinstance(against, Table) and not _numeric(against):
                return
            texts = [str(v) for v in against.items if isinstance(v, str)]
            m.tested.setdefault(parameter, set()).update(texts[:MOST_CHOICES])


def chooses_rows(m: Interpreter) -> bool:
    """Does the function that is followed have two lists of numbers to choose from?"""
    code = m.stack[-1] if m.stack else None
    if code is None:
        return False
    if code not in m.choosers:
        lists = {id(n) for n in ast.walk(code) if isinstance(n, (ast.List, ast.Tuple)) and len(n.elts) > 1
                 and all(_float(e) for e in n.elts[:2])}  # fmt: skip
        names = {n.id for n in ast.walk(code) if isinstance(n, ast.Name) and _numeric(m.module.names.get(n.id))}
        m.choosers[code] = len(lists) + len(names) > 1
    return m.choosers[code]


def _float(node: ast.AST) -> bool:
    return any(isinstance(c, ast.Constant) and type(c.value) in (int, float) for c in ast.walk(node))


def _numeric(value: object, depth: int = 0) -> bool:
    if isinstance(value, (Items, Table)) and depth < 4:
        inner = list(value.items.values()) if isinstance(value, Table) else value.items
        return bool(inner) and _numeric(inner[0], depth + 1)
    return depth > 1 and isinstance(value, Number)
