"""Names, and what is assigned to them: targets, unpacking, items, imports, deletion."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from muon_theory.sources import flow
from muon_theory.sources.operators import binary
from muon_theory.sources.scope import Scope
from muon_theory.sources.values import (
    Choice,
    Class,
    Foreign,
    Instance,
    Items,
    Number,
    Refusal,
    Table,
    Unknown,
    kind,
    unfollowed,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter


def set_name(m: Interpreter, name: str, value: object, scope: Scope, node: ast.AST) -> None:
    home = scope.outer.get(name, scope)
    if home is not scope and m.doubts and home.kind == "module":
        why = f"{name!r} is bound again on line {getattr(node, 'lineno', 0)}, {m.doubts[0]}"
        if not isinstance(home.names.get(name), Unknown):
            m.tainted = True
        value = m.unknown(why, node)
    if isinstance(value, (Items, Table)) and not value.name:
        value.name = name
    home.names[name] = value


def bind(m: Interpreter, target: ast.expr, value: object, scope: Scope, node: ast.AST, loop: bool = False) -> None:
    match target:
        case ast.Name(id=name):
            old = scope.names.get(name)
            again = loop and scope.kind == "module" and isinstance(old, (Items, Table)) and old.name == name
            if again and id(node) not in m.targets:
                why = f"{name!r} is bound again by the loop of line {m.place(node)[1]}"
                value = m.unknown(why, node)
            elif loop:
                m.targets.add(id(node))
            set_name(m, name, value, scope, node)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            unpack(m, parts, value, scope, node, loop)
        case ast.Starred(value=inner):
            bind(m, inner, value, scope, node, loop)
        case ast.Attribute(value=owner, attr=attr):
            box = m.eval(owner, scope)
            if isinstance(box, Instance):
                if m.doubts and attr in box.attributes and len(m.doubts) > 1:
                    value = flow.either(m, box.attributes[attr], value, m.doubts[-1], node)
                box.attributes[attr] = value
            elif isinstance(box, Class):
                box.attributes[attr] = value
        case ast.Subscript(value=owner, slice=index):
            box, key = m.eval(owner, scope), m.eval(index, scope)
            if isinstance(box, (Items, Table)) and m.change(box, node, root(target)):
                store(m, box, key, value, node)


def store(m: Interpreter, box: Items | Table, key: object, value: object, node: ast.AST) -> None:
    try:
        if isinstance(box, Table):
            box.items[m.key(key)] = value
            return
        whole = key.whole if isinstance(key, Number) else None
        if whole is not None and not box.fixed:
            box.items[whole] = value
            return
    except (Refusal, IndexError):
        pass
    m.spoil(box, node)


def unpack(m: Interpreter, parts: Sequence[ast.expr], value: object, scope: Scope, node: ast.AST, loop: bool) -> None:
    if isinstance(value, Choice):
        rows = [m.items(v) for v in value.values]
        if all(r is not None and len(r) == len(parts) for r in rows):
            for i, part in enumerate(parts):
                joined = rows[0][i]  # type: ignore[index]
                for row in rows[1:]:
                    joined = flow.either(m, joined, row[i], value.why, node)  # type: ignore[index]
                bind(m, part, joined, scope, node, loop)
            return
    items = m.items(value)
    star = next((i for i, p in enumerate(parts) if isinstance(p, ast.Starred)), None)
    if items is not None and star is not None and len(items) >= len(parts) - 1:
        after = len(parts) - star - 1
        middle = m.list_of(items[star : len(items) - after], node)
        items = [*items[:star], middle, *items[len(items) - after :]]
    for i, part in enumerate(parts):
        if items is not None and len(items) == len(parts):
            bind(m, part, items[i], scope, node, loop)
        else:
            why = f"{kind(value)} does not have {len(parts)} parts"
            bind(m, part, unfollowed(value, m.place(node), why), scope, node, loop)


def augmented(m: Interpreter, node: ast.AugAssign, scope: Scope) -> None:
    value = m.eval(node.value, scope)
    target = node.target
    old = m.eval(target, scope)
    if isinstance(old, Items) and not old.fixed and isinstance(node.op, (ast.Add, ast.Mult)):
        new = binary(m, node.op, old, value, node)
        if isinstance(new, Items) and m.change(old, node, root(target)):
            old.items = new.items
        elif not isinstance(new, Items):
            m.spoil(old, node)
        return
    bind(m, target, binary(m, node.op, old, value, node), scope, node)


def imports(m: Interpreter, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else name
        else:
            name, path = alias.asname or alias.name, f"{node.module or ''}.{alias.name}"
        value: object = Foreign(path, m.place(node))
        if isinstance(node, ast.ImportFrom) and m.load is not None and alias.name != "*":
            loaded = m.load(node.module or "", node.level, alias.name)
            value = value if loaded is None else loaded
        set_name(m, name, value, scope, node)


def delete(m: Interpreter, target: ast.expr, scope: Scope, node: ast.AST) -> None:
    if isinstance(target, ast.Name):
        scope.names.pop(target.id, None)
    elif isinstance(target, ast.Subscript):
        box, key = m.eval(target.value, scope), m.eval(target.slice, scope)
        if isinstance(box, (Items, Table)) and m.change(box, node, root(target)):
            index = key.whole if isinstance(key, Number) else key
            try:
                if isinstance(box, Table):
                    del box.items[m.key(key)]
                else:
                    del box.items[index]  # type: ignore[arg-type]
            except (KeyError, IndexError, TypeError):
                m.spoil(box, node)


def bound_names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def root(node: ast.AST) -> str:
    dotted = ""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Attribute):
            dotted = "." + node.attr
        node = node.value
    return node.id + dotted if isinstance(node, ast.Name) else ""
