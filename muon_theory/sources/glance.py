"""What the functions of a program have to do with an iteration, at a glance: one pass over its syntax tree.

Only functions that multiply matrices in a loop, or write rows of coefficients, are followed, and those that lead there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

Code = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_CHANGING = {"append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "update", "setdefault"}
_COMMON = {"__init__", "step", "forward", "main"}
_PRODUCTS = {"matmul", "mm", "bmm", "addmm", "baddbmm", "addbmm", "dot", "einsum"}
_METHOD = re.compile(r"newton|schulz|zero_?power|polar|orthogonal|msign|\bns_|_ns_|iterat", re.I)


@dataclass(slots=True)
class Facts:
    """Of one function, with the functions in it: the names it uses, whether it changes things, multiplies, iterates."""

    names: set[str] = field(default_factory=set)
    changes: bool = False
    multiplies: bool = False
    steps: bool = False
    rows: bool = False
    gram: bool = False

    def include(self, other: Facts) -> None:
        self.names |= other.names
        self.changes |= other.changes
        self.multiplies |= other.multiplies
        self.steps |= other.steps
        self.rows |= other.rows
        self.gram |= other.gram


@dataclass(frozen=True, slots=True)
class Glance:
    """`direct`: the functions that iterate or write rows; `wanted`: these and those that call them, whatever the way.

    `_reach` has, for each that is wanted, the direct ones that it leads to, as bits in the order of `direct`.
    """

    direct: tuple[Code, ...] = ()
    iterates: frozenset[ast.AST] = frozenset()
    _reach: Mapping[ast.AST, int] = field(default_factory=dict)

    @property
    def wanted(self) -> Collection[ast.AST]:
        return self._reach.keys()

    def reach(self, code: ast.AST) -> set[ast.AST]:
        """The direct functions that a function leads to, itself among them if it is one."""
        bits = self._reach.get(code, 0)
        return {d for i, d in enumerate(self.direct) if bits >> i & 1}


def glance(facts: dict[Code, Facts], lists: set[str]) -> Glance:
    """The functions that are worth following; `lists` are the names of the program's lists, which they may change."""
    direct: list[Code] = []
    for f, seen in facts.items():
        named = bool(_METHOD.search(f.name)) and seen.multiplies
        if seen.rows or seen.gram or seen.steps or named or (seen.changes and seen.names & lists):
            direct.append(f)
    iterates: frozenset[ast.AST] = frozenset(f for f, seen in facts.items() if seen.gram or _METHOD.search(f.name))
    users: dict[str, list[Code]] = {}
    for f, seen in facts.items():
        for name in seen.names:
            users.setdefault(name, []).append(f)
    reach: dict[ast.AST, int] = {d: 1 << i for i, d in enumerate(direct)}
    todo = list(direct)
    while todo:
        at = todo.pop()
        for f in users.get(at.name, ()):
            joined = reach.get(f, 0) | reach[at]
            if joined != reach.get(f):
                reach[f] = joined
                todo.append(f)
    return Glance(tuple(direct), iterates, reach)


def facts_of(tree: ast.Module) -> dict[Code, Facts]:
    """What each function of a program says of itself."""
    facts: dict[Code, Facts] = {}
    inside: dict[Code, Code] = {}
    todo: list[tuple[ast.AST, Code | None, bool]] = [(tree, None, False)]
    while todo:
        node, home, looped = todo.pop()
        if isinstance(node, FUNCTIONS):
            if home is not None:
                inside[node] = home
            home, looped = node, False
            facts[node] = Facts()
        elif isinstance(node, _LOOPS):
            looped = True
        if home is not None:
            _look(node, facts[home], looped)
        todo += [(child, home, looped) for child in children(node)]
    for f in reversed(facts):  # inner functions come after the outer ones
        if f in inside:
            facts[inside[f]].include(facts[f])
    return facts


def _look(node: ast.AST, seen: Facts, looped: bool) -> None:
    """What one node says of the function that it is in."""
    match node:
        case ast.Name(id=name):
            seen.names.add(name)
            if name in _PRODUCTS:
                seen.multiplies = True
        case ast.Attribute(value=value, attr=attr):
            if isinstance(value, ast.Name) and value.id in ("self", "cls"):
                seen.names |= {attr} - _COMMON
            seen.changes |= attr in _CHANGING
            seen.multiplies |= attr in _PRODUCTS
            seen.steps |= looped and attr in _PRODUCTS
        case ast.BinOp(op=ast.MatMult()):
            seen.multiplies = True
            seen.steps |= looped
            seen.gram |= _gram(node)
        case ast.List() | ast.Tuple() | ast.Dict():
            seen.rows |= _row(node)
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Global() | ast.AugAssign():
            seen.changes = True


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below a node, as `ast.iter_child_nodes` has them, in a third of the time."""
    for value in node.__dict__.values():
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item


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
            minus |= isinstance(at, ast.USub)
            todo += children(at)
        count += points
    return count >= 2 and broken and minus
