"""Attributes, items and slices of values."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from muon_theory.sources import calls, tensors
from muon_theory.sources.choices import remember
from muon_theory.sources.found import as_rows
from muon_theory.sources.matrices import Even, Odd, Scale
from muon_theory.sources.operators import MATRIX, lift
from muon_theory.sources.values import (
    MOST_CHOICES,
    Bound,
    Choice,
    Class,
    Foreign,
    Function,
    Instance,
    Items,
    Number,
    Table,
    Unknown,
    kind,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter
    from muon_theory.sources.scope import Scope


def attribute(m: Interpreter, value: object, attr: str, node: ast.Attribute) -> object:
    match value:
        case Choice():
            return lift(m, lambda v: attribute(m, v, attr, node), node, value)
        case Instance():
            if attr in value.attributes:
                return value.attributes[attr]
            try:
                found = value.cls.find(attr)
            except KeyError:
                return m.unknown(f"{value.cls.name}.{attr} is not bound in the file", node)
            if isinstance(found, Function):
                if found.kind in ("property", "cached_property"):
                    return calls.enter(m, replace(found, me=value), [], {}, node)
                return replace(found, me=value)
            return found
        case Class():
            try:
                found = value.find(attr)
            except KeyError:
                return m.unknown(f"{value.name}.{attr} is not bound in the file", node)
            return replace(found, me=value) if isinstance(found, Function) and found.kind == "classmethod" else found
        case Foreign(path=path):
            return Foreign(f"{path}.{attr}".removeprefix("builtins."), m.place(node))
        case Odd() | Even() | Scale():
            return tensors.attribute(m, value, attr, node)
        case Unknown():
            if attr in tensors.TRANSPOSED:
                return tensors.attribute(m, tensors.as_matrix(m, value), attr, node)
            return Unknown(value.why, value.place, "")
        case Items(array=True) if attr in ("T", "mT"):
            return transposed(m, value, node)
    return Bound(value, attr, node)


def transposed(m: Interpreter, value: Items, node: ast.AST) -> object:
    rows = [m.items(v) for v in value.readable()]
    if not rows or any(r is None or len(r) != len(rows[0] or []) for r in rows):
        return m.unknown("a transposed array", node)
    columns = zip(*rows, strict=True)
    return m.list_of([m.list_of(list(column), node) for column in columns], node, array=True)


def subscript(m: Interpreter, box: object, index: ast.expr, scope: Scope, node: ast.AST) -> object:
    if isinstance(box, Choice):
        return lift(m, lambda v: subscript(m, v, index, scope, node), node, box)
    if isinstance(box, MATRIX):
        return tensors.indexed(m, box, index, node)
    if isinstance(index, ast.Slice):
        return sliced(m, box, index, scope, node)
    key = m.eval(index, scope)
    if isinstance(key, Choice):
        return lift(m, lambda k: item(m, box, k, node), node, key)
    return item(m, box, key, node)


def item(m: Interpreter, box: object, key: object, node: ast.AST) -> object:
    """box[key]."""
    remember(m, key, box)
    match box:
        case Table():
            entries = box.readable()
            if isinstance(key, (Unknown, Foreign)):
                if 0 < len(entries) <= MOST_CHOICES and all(
                    isinstance(v, (Items, Table, Number)) for v in entries.values()
                ):
                    return Choice(list(entries.values()), "which key is meant is not known", m.place(node))
                return m.unknown("a key that is not known", node)
            try:
                return entries[m.key(key)]
            except KeyError:
                return m.unknown(f"there is no key {m.key(key)!r}", node)
        case Items():
            items = box.readable()
            if isinstance(key, Number) and key.whole is not None:
                m.indexed = max(m.indexed, len(items))
                if -len(items) <= key.whole < len(items):
                    return items[key.whole]
                m.assume(f"item {key.whole} of a list of {len(items)} is asked for", node)
                return m.unknown(f"item {key.whole} of a list of {len(items)}: an IndexError", node)
            if isinstance(key, Items) and box.array:
                value: object = box
                for part in key.items:
                    value = item(m, value, part, node)
                return value
            return m.unknown("an index that is not known", node)
        case Foreign():
            return box  # a generic type
        case Unknown():
            return Unknown(box.why, box.place, "")
        case Instance(cls=cls) if cls.fields and isinstance(key, Number) and key.whole is not None:
            return box.attributes[cls.fields[key.whole]]
    return m.unknown(f"an item of {kind(box)}", node)


def sliced(m: Interpreter, box: object, index: ast.Slice, scope: Scope, node: ast.AST) -> object:
    if not isinstance(box, (Items, str)):
        return box if isinstance(box, (Unknown, Odd, Even, Scale)) else m.unknown(f"a slice of {kind(box)}", node)
    ends: list[int | None] = []
    for part in (index.lower, index.upper, index.step):
        value = m.eval(part, scope) if part is not None else None
        if isinstance(value, Unknown) and isinstance(box, Items):
            if as_rows(box) is None:
                return Unknown(value.why, value.place)
            m.assume(f"all {len(box.items)} rows (how many are sliced on line {m.place(node)[1]} is not known: "
                     f"{value.why})", node)  # fmt: skip
            return box
        if value is not None and (not isinstance(value, Number) or value.whole is None):
            return m.unknown("a slice that is not known", node)
        ends.append(value.whole if value is not None else None)
    if ends[2] == 0:
        return m.unknown("a slice of step 0", node)
    if isinstance(box, str):
        return box[slice(*ends)]
    items = box.readable()
    for end in ends[:2]:
        if end is not None and abs(end) > len(items) and ends[2] in (None, 1):
            m.short[(m.path, m.place(node)[1])] = (abs(end), len(items))
    return m.list_of(items[slice(*ends)], node, box.fixed, box.array)
