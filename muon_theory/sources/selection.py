"""One table of a file by its name: NAME, NAME[key], function.NAME or function.a,b,c."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from muon_theory.errors import UsageError
from muon_theory.sources.found import Found, as_rows, keyed_row
from muon_theory.sources.glance import FUNCTIONS
from muon_theory.sources.tables import available, scopes, statements
from muon_theory.sources.values import Choice, Class, Function, Items, Table, Unknown, kind

if TYPE_CHECKING:
    from muon_theory.sources.python import File

_SELECTOR = re.compile(r"(?P<scope>(?:\w+\.)*)(?P<name>\w+(?:\s*,\s*\w+)*)(?P<keys>(?:\[[^\[\]]*\])*)")


def selected(file: File, selector: str) -> Found:
    """The rows that a name denotes.

    Raises UsageError: one line that says which line binds or changes it otherwise.
    """
    match = _SELECTOR.fullmatch(selector.strip())
    if not match:
        raise UsageError(f"{file.path}::{selector}: write NAME, NAME[key] or function.NAME after '::'")
    scope = match["scope"]
    _follow(file, scope[:-1])
    names, node = next(((n, c) for prefix, n, c in scopes(file) if prefix == scope), (None, None))
    if names is None or node is None:
        raise UsageError(f"{file.path}: there is no function or class {scope[:-1]!r}; {available(file)}")
    parts = re.sub(r"\s", "", match["name"]).split(",")
    value = _looped(file, node, parts) if len(parts) > 1 else _value(file, names, parts[0], scope)
    if value is None:
        values = [_value(file, names, part, scope) for part in parts]
        value = Items(values, getattr(values[0], "place", (file.path, 1)))
    line = getattr(value, "place", (file.path, 1))[1]
    for key in re.findall(r"\[([^\[\]]*)\]", match["keys"]):
        value = _item(value, key.strip().strip("'\""), f"{file.path}:{line}")
    return _found(file.path, value, selector, line)


def _follow(file: File, name: str) -> None:
    """Follow a function that nothing led to before."""
    code = next((c for c, n in file.names.items() if n == name), None)
    if isinstance(code, FUNCTIONS) and code not in file.m.frames:
        bound = (v for _, names, _ in scopes(file) for v in names.values())
        if found := next((v for v in bound if isinstance(v, Function) and v.node is code), None):
            file.follow(found)


def _looped(file: File, node: ast.AST, parts: list[str]) -> object:
    """The rows of `for a, b, c in …`."""
    for statement in statements(node):
        targets = getattr(statement.target, "elts", ()) if isinstance(statement, ast.For) else ()
        if isinstance(statement, ast.For) and [getattr(t, "id", "") for t in targets] == parts:
            value = file.value(statement.iter, node)
            return replace(value, place=file.m.place(statement)) if isinstance(value, Items) else value
    return None


def _value(file: File, names: dict[str, object], name: str, scope: str) -> object:
    if name not in names:
        raise UsageError(f"{file.path}: nothing is assigned to {scope + name!r} there; {available(file)}")
    return names[name]


def _item(value: object, key: str, where: str) -> object:
    if isinstance(value, (Items, Table)) and value.changed:
        return value
    if isinstance(value, Table):
        for k, v in value.items.items():
            if str(k) == key:
                return v
        keys = ", ".join(map(str, value.items)) or "none"
        raise UsageError(f"{where}: there is no key {key!r}: the keys are {keys}")
    if isinstance(value, Items) and re.fullmatch(r"-?\d{1,9}", key):
        if -len(value.items) <= int(key) < len(value.items):
            return value.items[int(key)]
        raise UsageError(f"{where}: there is no item {key}: {len(value.items)} are there, the first is [0]")
    raise UsageError(f"{where}: [{key}] does not select from {kind(value)}")


def _found(path: str, value: object, selector: str, line: int) -> Found:
    def refuse(line: int, why: str) -> NoReturn:
        raise UsageError(f"{path}:{line}: {selector}{why}")

    if isinstance(value, (Unknown, Choice)):
        refuse(value.place[1], f": {value.why}")
    if isinstance(value, (Items, Table)) and value.changed:
        why = f"{value.changed.why}: what runs differs from what is written; give the final numbers as JSON"
        refuse(value.changed.place[1], f" (line {value.place[1]}): {why}")
    if isinstance(value, Table):
        if row := keyed_row(value):
            return Found(selector, path, line, [row], "table", evidence=True)
        keys = ", ".join(map(str, value.items)) or "nothing"
        refuse(value.place[1], f" has several tables: add [key], key one of {keys}")
    if isinstance(value, Items):
        for part in value.items:
            if isinstance(part, (Unknown, Choice)):
                refuse(part.place[1], f": {part.why}")
            for cell in part.items if isinstance(part, Items) else ():
                if isinstance(cell, (Unknown, Choice)):
                    refuse(cell.place[1], f": {cell.why}: only written-out numbers are read")
        if rows := as_rows(value):
            return Found(selector, rows[0][0].place[0], value.place[1], rows, "table", evidence=True)
    line = value.node.lineno if isinstance(value, (Function, Class)) else line
    refuse(line, f" is {kind(value)}, not a row or a list of rows")
