"""What the functions of a program have to do with an iteration, at a glance: one pass over its syntax tree.

Only functions that multiply matrices in a loop, or write rows of coefficients, are followed, and those that lead there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Code = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_CHANGING = {"append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "update", "setdefault"}
_PRODUCTS = {"matmul", "mm", "bmm", "addmm", "baddbmm", "addbmm", "dot", "einsum"}
_METHOD = re.compile(r"newton|schulz|zero_?power|polar|orthogonal|msign|\bns_|_ns_|iterat", re.I)


_LARGE = 100
"""Nodes of a function from which on it is worth knowing whether anything in it matters."""


@dataclass(slots=True)
class Facts:
    """Of one function, with the functions in it: what it uses, whether it changes things, multiplies, iterates.

    `names` are the names that it reads, `own` the attributes of its object; `method_of` is the class that it is written
    in, `size` the number of its nodes, and `yields` says that it is a generator.
    """

    names: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    changes: bool = False
    multiplies: bool = False
    steps: bool = False
    rows: bool = False
    gram: bool = False
    norm: bool = False
    yields: bool = False
    method_of: ast.ClassDef | None = None
    size: int = 0

    def include(self, other: Facts) -> None:
        """Add what a function in this one says."""
        self.names |= other.names
        self.own |= other.own
        self.changes |= other.changes
        self.multiplies |= other.multiplies
        self.steps |= other.steps
        self.rows |= other.rows
        self.gram |= other.gram
        self.norm |= other.norm
        self.size += other.size


@dataclass(frozen=True, slots=True)
class Glance:
    """`direct`: the functions that iterate or write rows; `wanted`: these and those that call them, whatever the way.

    `classes` hold a function that is wanted.  `_reach` has, for each that is wanted, the direct ones that it leads to,
    as bits in the order of `direct`.
    """

    facts: Mapping[Any, Facts] = field(default_factory=dict)
    direct: tuple[Code, ...] = ()
    iterates: frozenset[ast.AST] = frozenset()
    classes: frozenset[ast.AST] = frozenset()
    _reach: Mapping[ast.AST, int] = field(default_factory=dict)

    @property
    def wanted(self) -> Collection[ast.AST]:
        return self._reach.keys()

    def reach(self, code: ast.AST) -> set[ast.AST]:
        """The direct functions that a function leads to, itself among them if it is one."""
        bits = self._reach.get(code, 0)
        return {d for i, d in enumerate(self.direct) if bits >> i & 1}

    def needless(self, code: ast.AST) -> bool:
        """Is it a long function that has nothing to do with an iteration, a norm or a product?"""
        seen = self.facts.get(code)
        if seen is None or seen.size < _LARGE or code in self._reach or seen.multiplies or seen.norm:
            return False
        return seen.method_of is None or seen.method_of not in self.classes


def glance(tree: ast.Module) -> Glance:
    """The functions of a program that are worth following."""
    facts = facts_of(tree)
    lists = set(_lists(tree))
    direct: list[Code] = []
    for f, seen in facts.items():
        named = bool(_METHOD.search(f.name)) and seen.multiplies
        if seen.rows or seen.gram or seen.steps or named or (seen.changes and seen.names & lists):
            direct.append(f)
    iterates: frozenset[ast.AST] = frozenset(f for f, seen in facts.items() if seen.gram or _METHOD.search(f.name))
    users: dict[str, list[Code]] = {}
    owners: dict[str, list[Code]] = {}
    for f, seen in facts.items():
        for name in seen.names:
            users.setdefault(name, []).append(f)
        for name in seen.own:
            owners.setdefault(name, []).append(f)
    reach: dict[ast.AST, int] = {d: 1 << i for i, d in enumerate(direct)}
    classes: set[ast.AST] = set()
    todo = list(direct)
    while todo:
        at = todo.pop()
        home = facts[at].method_of
        callers = owners.get(at.name, []) if home else users.get(at.name, [])
        if home is not None:
            classes.add(home)
            callers = [*callers, *users.get(home.name, [])]
        for f in callers:
            joined = reach.get(f, 0) | reach[at]
            if joined != reach.get(f):
                reach[f] = joined
                todo.append(f)
    return Glance(facts, tuple(direct), iterates, frozenset(classes), reach)


def _lists(tree: ast.Module) -> Iterator[str]:
    """The names of the module that are bound to something with numbers in it: functions may change these."""
    for statement in tree.body:
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            continue
        parts = list(ast.walk(statement))
        numbers = any(isinstance(n, ast.Constant) and type(n.value) in (int, float) for n in parts)
        if numbers and any(isinstance(n, (ast.List, ast.Tuple, ast.Dict)) for n in parts):
            yield from (n.id for n in parts if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def facts_of(tree: ast.Module) -> dict[Code, Facts]:
    """What each function of a program says of itself."""
    facts: dict[Code, Facts] = {}
    inside: dict[Code, Code] = {}
    todo: list[tuple[ast.AST, Code | None, ast.ClassDef | None, bool]] = [(tree, None, None, False)]
    while todo:
        node, home, box, looped = todo.pop()
        if isinstance(node, FUNCTIONS):
            if home is not None:
                inside[node] = home
            facts[node] = Facts(method_of=box)
            home, box, looped = node, None, False
        elif isinstance(node, _LOOPS):
            looped = True
        elif isinstance(node, ast.ClassDef):
            box = node
        if home is not None:
            facts[home].size += 1
            if look := _LOOKS.get(type(node)):
                look(node, facts[home], looped)
        if type(node) not in _LEAVES:
            todo += [(child, home, box, looped) for child in children(node)]
    for f in reversed(facts):  # inner functions come after the outer ones
        if f in inside:
            facts[inside[f]].include(facts[f])
    return facts


def _name(node: ast.Name, seen: Facts, looped: bool) -> None:
    if isinstance(node.ctx, ast.Load):
        seen.names.add(node.id)
        seen.multiplies |= node.id in _PRODUCTS


def _attribute(node: ast.Attribute, seen: Facts, looped: bool) -> None:
    if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
        seen.own.add(node.attr)
    seen.changes |= node.attr in _CHANGING
    seen.norm |= "norm" in node.attr
    if node.attr in _PRODUCTS:
        seen.multiplies = True
        seen.steps |= looped


def _operation(node: ast.BinOp, seen: Facts, looped: bool) -> None:
    if isinstance(node.op, ast.MatMult):
        seen.multiplies = True
        seen.steps |= looped
        seen.gram |= _gram(node)


def _box(node: ast.List | ast.Tuple | ast.Dict, seen: Facts, looped: bool) -> None:
    seen.rows = seen.rows or _row(node)


def _store(node: ast.Subscript | ast.AugAssign, seen: Facts, looped: bool) -> None:
    seen.changes |= not isinstance(getattr(node, "ctx", None), ast.Load)


def _global(node: ast.Global, seen: Facts, looped: bool) -> None:
    seen.changes = True
    seen.names.update(node.names)


def _yield(node: ast.Yield | ast.YieldFrom, seen: Facts, looped: bool) -> None:
    seen.yields = True


_LOOKS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Name: _name, ast.Attribute: _attribute, ast.BinOp: _operation, ast.List: _box, ast.Tuple: _box, ast.Dict: _box,
    ast.Subscript: _store, ast.AugAssign: _store, ast.Global: _global, ast.Yield: _yield, ast.YieldFrom: _yield,
}  # fmt: skip
"""What a node of each kind says of the function that it is in, and whether it stands in a loop."""

_LEAVES = frozenset((ast.Name, ast.Constant, ast.alias, ast.Pass, ast.Break, ast.Continue, ast.Global))
_MARKS = (ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below a node, as `ast.iter_child_nodes` has them but for marks, in a third of the time."""
    for value in node.__dict__.values():
        if type(value) is list:
            for item in value:
                if isinstance(item, ast.AST) and not isinstance(item, _MARKS):
                    yield item
        elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
            yield value


def _gram(node: ast.BinOp) -> bool:
    """X @ X.T or X.T @ X?"""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, ast.Name) and isinstance(other, ast.Attribute) and other.attr in ("T", "mT", "H", "mH"):
            return isinstance(other.value, ast.Name) and other.value.id == one.id
    return False


def _row(node: ast.List | ast.Tuple | ast.Dict) -> bool:
    """Two or more numbers with a point in one literal, not all of them whole, and one with a minus, as b has it?"""
    parts = (node.values if isinstance(node, ast.Dict) else node.elts)[:12]
    count, broken, minus = 0, False, False
    for part in parts:
        points = False
        todo: list[ast.AST] = [part]
        while todo:
            at = todo.pop()
            if isinstance(at, ast.Constant) and isinstance(at.value, float):
                points = True
                broken |= not at.value.is_integer()
            minus |= isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.USub)
            todo += children(at)
        count += points
    return count >= 2 and broken and minus
