"""Coefficients in Python source code, read from the syntax tree: nothing is imported, nothing is executed.

Understood: literals, nested lists and tuples, dictionaries, names of other constants, signs, + - * / ** of numbers,
+ of lists and list * int.  A number is the text that stands in the file.  Constants of a function or class are reached
as `function.NAME`; `a, b, c = …` and `for a, b, c in …` as `a,b,c`.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from muon_theory.errors import UsageError
from muon_theory.number import rational

Value = Fraction | str | list["Value"]
"""What an expression may denote."""

_SELECTOR = re.compile(r"(?P<scope>(?:\w+\.)*)(?P<name>\w+(?:\s*,\s*\w+)*)(?P<keys>(?:\[[^\[\]]*\])*)")
_DEPTH = 60
_LONGEST = 10_000
_LARGEST_EXPONENT = 64
_Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of coefficients found in a file: the selector that names them, the line, the exact numbers."""

    selector: str
    line: int
    rows: list[list[Fraction]]


@dataclass(frozen=True, slots=True)
class Source:
    """One file of Python source and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: Path) -> Source:
        """Read and parse a file.  Raises UsageError with the line where it is no Python."""
        try:
            text = path.read_text(encoding="utf-8")
            return cls(path, text, ast.parse(text))
        except FileNotFoundError:
            raise UsageError(f"{path}: no such file") from None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from None
        except SyntaxError as error:
            raise UsageError(f"{path}: line {error.lineno}: not Python ({error.msg})") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise UsageError(f"{path}: not Python ({error})") from None

    def table(self, selector: str) -> Table:
        """The rows that `NAME`, `NAME[key]`, `function.NAME` or `function.a,b,c` denotes."""
        match = _SELECTOR.fullmatch(selector.strip())
        if not match:
            raise UsageError(f"{self.path}::{selector}: write NAME, NAME[key] or function.NAME after '::'")
        reader = _Reader(self, self._scope(match["scope"]))
        node = reader.binding(re.sub(r"\s", "", match["name"]))
        for key in re.findall(r"\[([^\[\]]*)\]", match["keys"]):
            reader, node = reader.item(node, key)
        reader, node = reader.resolve(node)
        if isinstance(node, ast.Dict):
            keys = ", ".join(reader.keys(node)) or "nothing"
            raise UsageError(f"{self.path}:{node.lineno}: {selector} has several tables: add [key], key one of {keys}")
        value = reader.value(node)
        if rows := _as_rows(value):
            return Table(selector, node.lineno, rows)
        raise UsageError(f"{self.path}:{node.lineno}: {selector} is {_kind(value)}, not a row or a list of rows")

    def tables(self) -> list[Table]:
        """All tables of coefficients of the file (dictionaries by key), in the order of the file."""
        return [table for scope, prefix in self._scopes() for table in self._tables(_Reader(self, scope), prefix)]

    def available(self) -> str:
        """One clause that names the tables of the file."""
        names = [t.selector for t in self.tables()]
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        return f"the file has {', '.join(names[:8])}{more}" if names else "the file has no table of coefficients"

    def _tables(self, outer: _Reader, prefix: str) -> Iterator[Table]:
        for name in outer.assigned:
            try:
                reader, node = outer.resolve(outer.binding(name))
            except UsageError:
                continue
            keys = [f"[{key}]" for key in reader.keys(node)] if isinstance(node, ast.Dict) else [""]
            for key in keys:
                with contextlib.suppress(UsageError):
                    yield self.table(f"{prefix}{name}{key}")

    def _scopes(self) -> Iterator[tuple[_Scope, str]]:
        def below(node: ast.AST, prefix: str) -> Iterator[tuple[_Scope, str]]:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    yield child, f"{prefix}{child.name}."
                    yield from below(child, f"{prefix}{child.name}.")
                else:
                    yield from below(child, prefix)

        yield self.tree, ""
        yield from below(self.tree, "")

    def _scope(self, prefix: str) -> _Scope:
        found = [scope for scope, name in self._scopes() if name == prefix]
        if not found:
            raise UsageError(f"{self.path}: there is no function or class {prefix[:-1]!r}; {self.available()}")
        return found[-1]


@dataclass(slots=True)
class _Reader:
    """Evaluates the constants that one scope of a file sees."""

    source: Source
    scope: _Scope
    assigned: dict[str, list[ast.expr]] = field(init=False)

    def __post_init__(self) -> None:
        self.assigned = {}
        for name, value in _bindings(self.scope):
            self.assigned.setdefault(name, []).append(value)

    def binding(self, name: str) -> ast.expr:
        """The one expression that `name` is assigned.  Refuses names that are assigned again or changed in place."""
        nodes = self.assigned.get(name, [])
        path = self.source.path
        if not nodes:
            raise UsageError(f"{path}: nothing is assigned to {name!r} there; {self.source.available()}")
        if len(nodes) > 1:
            lines = ", ".join(str(n.lineno) for n in nodes)
            raise UsageError(
                f"{path}: {name!r} is assigned more than once (lines {lines}): which one runs is not clear"
            )
        for part in name.split(","):
            if line := _changed(self.scope, part):
                raise UsageError(
                    f"{path}: {name!r} (line {nodes[0].lineno}) is changed in place on line {line}: what runs differs "
                    f"from what is written; give the final numbers as JSON"
                )
        return nodes[0]

    def resolve(self, node: ast.expr, depth: int = 0) -> tuple[_Reader, ast.expr]:
        """The expression behind names, and the reader of the scope it stands in."""
        if not isinstance(node, ast.Name):
            return self, node
        if depth > _DEPTH:
            self._refuse(node, f"{node.id!r} is defined in a circle")
        if node.id in self.assigned:
            return self.resolve(self.binding(node.id), depth + 1)
        if self.scope is self.source.tree:
            self._refuse(node, f"{node.id!r} is not assigned in the file")
        return _Reader(self.source, self.source.tree).resolve(node, depth + 1)

    def keys(self, node: ast.Dict) -> list[str]:
        """The constant keys of a dictionary, as texts."""
        return [str(key.value) for key in node.keys if isinstance(key, ast.Constant)]

    def item(self, node: ast.expr, text: str) -> tuple[_Reader, ast.expr]:
        """The expression of `node[text]`; quotes around a text key may be left out."""
        reader, node = self.resolve(node)
        key, where = text.strip().strip("'\""), f"{self.source.path}:{node.lineno}"
        if isinstance(node, ast.Dict):
            found = [
                v
                for k, v in zip(node.keys, node.values, strict=True)
                if isinstance(k, ast.Constant) and str(k.value) == key
            ]
            if not found:
                raise UsageError(
                    f"{where}: there is no key {key!r}: the keys are {', '.join(reader.keys(node)) or 'none'}"
                )
            return reader, found[-1]
        if isinstance(node, (ast.List, ast.Tuple)) and re.fullmatch(r"-?\d{1,9}", key):
            if -len(node.elts) <= int(key) < len(node.elts):
                return reader, node.elts[int(key)]
            raise UsageError(f"{where}: there is no item {key}: {len(node.elts)} are there, the first is [0]")
        raise UsageError(f"{where}: [{text}] does not select from {type(node).__name__.lower()}")

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        """The exact value of a constant expression."""
        if depth > _DEPTH:
            self._refuse(node, "constants that lead too deep, or in a circle")
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.List() | ast.Tuple():
                return [self.value(item, depth + 1) for item in node.elts]
            case ast.Name():
                reader, inner_node = self.resolve(node)
                return reader.value(inner_node, depth + 1)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                inner = self.value(node.operand, depth + 1)
                if isinstance(inner, Fraction):
                    return -inner if isinstance(node.op, ast.USub) else inner
            case ast.BinOp():
                return self._operation(node, self.value(node.left, depth + 1), self.value(node.right, depth + 1))
        self._refuse(node, f"{type(node).__name__.lower()} is no constant")

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            return Fraction(node.value)
        if isinstance(node.value, float):
            text = ast.get_source_segment(self.source.text, node) or ""
            return rational(text.replace("_", ""))
        self._refuse(node, f"{node.value!r} is no real number")

    def _operation(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        match node.op, left, right:
            case ast.Add(), list(), list():
                return left + right
            case ast.Mult(), list(), Fraction() if right.denominator == 1 and right * len(left) <= _LONGEST:
                return left * int(right)
            case ast.Add(), Fraction(), Fraction():
                return left + right
            case ast.Sub(), Fraction(), Fraction():
                return left - right
            case ast.Mult(), Fraction(), Fraction():
                return left * right
            case ast.Div(), Fraction(), Fraction() if right:
                return left / right
            case ast.Pow(), Fraction(), Fraction() if right.denominator == 1 and abs(right) <= _LARGEST_EXPONENT:
                if left or right >= 0:
                    return left ** int(right)
        self._refuse(node, f"{type(node.op).__name__.lower()} of {_kind(left)} and {_kind(right)}")

    def _refuse(self, node: ast.expr, why: str) -> NoReturn:
        raise UsageError(
            f"{self.source.path}:{node.lineno}: {why}: only written-out numbers, lists and tuples are read"
        )


def _bindings(scope: _Scope) -> Iterator[tuple[str, ast.expr]]:
    """All names a scope assigns, those inside its if, with, for and try blocks included."""
    for node in _own(scope):
        match node:
            case ast.Assign():
                for target in node.targets:
                    yield from _unpack(target, node.value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _unpack(target, value)
            case ast.For(target=ast.Tuple() as target, iter=rows):
                yield from ((name, rows) for name, _ in _unpack(target, rows) if "," in name)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield child
            yield from _own(child)


def _unpack(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names a target binds: `a, b, c = …` binds each of them, and the joined name 'a,b,c' to the whole."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        names = [item.id for item in target.elts if isinstance(item, ast.Name)]
        if len(names) == len(target.elts):
            yield ",".join(names), value
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(names):
                yield from zip(names, value.elts, strict=True)


_CHANGING = {"append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "update", "setdefault"}


def _changed(scope: ast.AST, name: str) -> int | None:
    """The first line that changes `name` after its definition: an item, an augmented assignment, a changing method."""
    for node in ast.iter_child_nodes(scope):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _shadows(node, name):
                continue
            case ast.AugAssign(target=target) if _root(target) == name:
                return node.lineno
            case ast.Assign(targets=targets) if any(isinstance(t, ast.Subscript) and _root(t) == name for t in targets):
                return node.lineno
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _CHANGING and _root(value) == name:
                return node.lineno
            case ast.Delete(targets=targets) if any(_root(t) == name for t in targets):
                return node.lineno
        if line := _changed(node, name):
            return line
    return None


def _shadows(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> bool:
    """Does the name mean something of the function's own inside it?"""
    a = function.args
    parameters = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    return name in {p.arg for p in parameters} or any(name == bound for bound, _ in _bindings(function))


def _root(node: ast.expr) -> str | None:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _row(value: Value) -> list[Fraction] | None:
    if not isinstance(value, list):
        return None
    cells = [cell for cell in value if isinstance(cell, Fraction)]
    return cells if cells and len(cells) == len(value) else None


def _as_rows(value: Value) -> list[list[Fraction]] | None:
    """The value as rows: a list of numbers is one row."""
    if row := _row(value):
        return [row]
    items = value if isinstance(value, list) else []
    rows = [row for item in items if (row := _row(item))]
    return rows if rows and len(rows) == len(items) else None


def _kind(value: Value) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"the text {value!r}" if isinstance(value, str) else f"the number {value}"
