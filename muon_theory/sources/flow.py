"""Branches, loops and matches: where paths part, and what a name is where they meet."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from muon_theory.sources import binding, kernels, matrices
from muon_theory.sources.matrices import Odd
from muon_theory.sources.operators import compare
from muon_theory.sources.scope import BREAK, CONTINUE, DEAD, ON, OUT, Scope
from muon_theory.sources.values import (
    MOST_CHOICES,
    Choice,
    Count,
    Exhausted,
    Items,
    Table,
    Unknown,
    alternatives,
    because,
    kind,
    same,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter


TURNS = 5
"""Turns that are followed of a loop whose number is not known."""

MOST_ASSUMED = 40

MOST_TURNS = 2000

_TRIED = 8
"""Turns of a loop after which its work is judged."""


def branches(
    m: Interpreter, test: ast.expr | None, arms: Sequence[tuple[bool, Sequence[ast.stmt]]], scope: Scope, node: ast.AST
) -> str:
    """One arm where the condition is known; else all of them, joined."""
    value = m.truth(m.eval(test, scope)) if test is not None else None
    if value is not None:
        return m.block(next((b for when, b in arms if when is value), []), scope)
    why = f"only if the condition of line {getattr(node, 'lineno', 0)} holds"
    return fork(m, [partial(m.block, b, scope) for _, b in arms], scope, why, node)


def fork(m: Interpreter, paths: Sequence[Callable[[], str]], scope: Scope, why: str, node: ast.AST) -> str:
    """Follow each path from the same names; join the names of those that go on."""
    before = dict(scope.names)
    ends: list[dict[str, object]] = []
    outcomes: list[str] = []
    for path in paths:
        scope.names = dict(before)
        with m.doubt(why):
            outcome = path()
        outcomes.append(outcome)
        if outcome == ON or outcome in (BREAK, CONTINUE):
            ends.append(scope.names)
    if not ends:
        scope.names = before
        return OUT if OUT in outcomes else DEAD
    scope.names = ends[0]
    for other in ends[1:]:
        scope.names = join(m, scope.names, other, why, node)
    going = [o for o in outcomes if o not in (OUT, DEAD)]
    return going[0] if len(set(going)) == 1 and len(going) == len(outcomes) else ON


def join(m: Interpreter, a: dict[str, object], b: dict[str, object], why: str, node: ast.AST) -> dict[str, object]:
    return {k: either(m, a.get(k, b.get(k)), b.get(k, a.get(k)), why, node) for k in {**a, **b}}


def together(m: Interpreter, values: Sequence[object], why: str, node: ast.AST) -> object:
    """The value where several paths meet."""
    joined, *others = values
    for value in others:
        joined = either(m, joined, value, why, node)
    return joined


def either(m: Interpreter, p: object, q: object, why: str, node: ast.AST) -> object:
    """The value where two paths meet."""
    if same(p, q):
        return p.joined(q) if isinstance(p, Odd) and isinstance(q, Odd) else p
    if isinstance(p, Unknown) and isinstance(q, Unknown):
        return p
    for one, other in ((p, q), (q, p)):
        if isinstance(one, Odd) and isinstance(other, Unknown) and other.matrix is not None and same(one, other.matrix):
            return one.joined(other.matrix)
    found: list[object] = []
    for v in (*alternatives(p), *alternatives(q)):
        twin = next((i for i, w in enumerate(found) if same(v, w)), None)
        if twin is None:
            found.append(v)
        elif isinstance(v, Odd):
            found[twin] = v if not isinstance(known := found[twin], Odd) else known.joined(v)
    if len(found) == 1:
        return found[0]
    if all(isinstance(v, Unknown) or (isinstance(v, Odd) and not v.followed) for v in found):
        return m.unknown("it is one of several matrices that the program is given", node)
    if len(found) > MOST_CHOICES:
        return m.unknown(f"it has more than {MOST_CHOICES} possible values", node)
    return Choice(
        found, f"which value it has depends on the condition of line {getattr(node, 'lineno', 0)}", m.place(node)
    )


def attempt(m: Interpreter, node: ast.Try, scope: Scope) -> str:
    def body() -> str:
        how = m.block(node.body, scope)
        return m.block(node.orelse, scope) if how == ON else how

    if not node.handlers:
        outcome = body()
    else:
        why = f"only if what line {node.lineno} tries does not fail"
        names = binding.bound_names(node)
        if any(isinstance(scope.names.get(n), (Items, Table)) for n in names) or _binds_data(node):
            handlers = [partial(m.block, h.body, scope) for h in node.handlers]
            outcome = fork(m, [body, *handlers], scope, why, node)
        else:
            outcome = body()
    m.block(node.finalbody, scope)
    return outcome


def match(m: Interpreter, node: ast.Match, scope: Scope) -> str:
    subject = m.eval(node.subject, scope)
    paths: list[Callable[[], str]] = []
    for case in node.cases:
        fits = fitting(m, case.pattern, subject, scope) if case.guard is None else None
        if fits is False:
            continue
        paths.append(partial(m.block, case.body, scope))
        if fits:
            break
    if len(paths) == 1 and fits:
        return paths[0]()
    if not fits:
        paths.append(lambda: ON)
    return fork(m, paths, scope, f"only in some case of line {node.lineno}", node)


def fitting(m: Interpreter, pattern: ast.pattern, subject: object, scope: Scope) -> bool | None:
    match pattern:
        case ast.MatchValue(value=value):
            return m.truth(compare(m, ast.Eq(), subject, m.eval(value, scope), pattern))
        case ast.MatchSingleton(value=value):
            return subject is value if not isinstance(subject, (Unknown, Choice)) else None
        case ast.MatchOr(patterns=patterns):
            found = [fitting(m, p, subject, scope) for p in patterns]
            return True if True in found else None if None in found else False
        case ast.MatchAs(pattern=None, name=name):
            if name:
                scope.names[name] = subject
            return True
    return None


def loop(m: Interpreter, node: ast.For | ast.AsyncFor, scope: Scope) -> str:
    source = m.eval(node.iter, scope)
    if isinstance(source, Choice):

        def path(one: object) -> Callable[[], str]:
            return lambda: turns(m, node, one, scope)

        return fork(m, [path(v) for v in source.values], scope, source.why, node)
    return turns(m, node, source, scope)


def turns(m: Interpreter, node: ast.For | ast.AsyncFor, source: object, scope: Scope) -> str:
    items = m.items(source)
    how = ON
    if items is not None:
        before, start = _longest(scope.names), kernels.start(m, scope)
        first, work = items[:MOST_TURNS], m.work
        for k, item in enumerate(first):
            if k == _TRIED and (work - m.work) * (len(first) - k) > _TRIED * m.work:
                raise Exhausted(f"the loop of line {node.lineno} is too much work to be followed", m.place(node))
            binding.bind(m, node.target, item, scope, node, loop=True)
            how = m.block(node.body, scope)
            if how in (BREAK, OUT, DEAD):
                break
        if start is not None and _longest(scope.names) <= before:
            kernels.read(m, node, items, start, scope)
        if how in (ON, CONTINUE, BREAK):
            m.finish(scope)
            return ON if how == BREAK else m.block(node.orelse, scope)
        return how
    why = because(source, f"{kind(source)} is not followed")

    def turn(k: int) -> str:
        bound = why if isinstance(source, Unknown) else f"it is bound by the loop of line {node.lineno}"
        value = m.number(k, node) if isinstance(source, Count) else m.unknown(bound, node)
        binding.bind(m, node.target, value, scope, node, loop=True)
        return m.block(node.body, scope)

    unknown_turns(m, turn, node, scope, why)
    return ON


def while_loop(m: Interpreter, node: ast.While, scope: Scope) -> str:
    always = isinstance(node.test, ast.Constant) and node.test.value
    if always and not any(isinstance(n, (ast.Break, ast.Return, ast.Raise)) for s in node.body for n in ast.walk(s)):
        raise Exhausted(f"the loop of line {node.lineno} does not end", m.place(node))
    for _ in range(MOST_TURNS):
        value = m.truth(m.eval(node.test, scope))
        if value is None:
            why = f"the condition of line {node.lineno} is not known"
            unknown_turns(m, lambda _: m.block(node.body, scope), node, scope, why)
            return ON
        if not value:
            m.finish(scope)
            return ON
        how = m.block(node.body, scope)
        if how == BREAK:
            m.finish(scope)
            return ON
        if how in (OUT, DEAD):
            return how
    raise Exhausted(f"the loop of line {node.lineno} does not end within {MOST_TURNS} turns", m.place(node))


def unknown_turns(m: Interpreter, turn: Callable[[int], str], node: ast.AST, scope: Scope, why: str) -> None:
    """A loop of an unknown number of turns: one turn, and more where a turn is a step of an iteration.

    There are as many as the longest list that the first turn takes an item of has rows, or `TURNS`.
    """
    before = dict(scope.names)
    depth, start = _longest(before), kernels.start(m, scope)
    line = getattr(node, "lineno", 0)
    with m.doubt(f"in the loop of line {line}, whose number of turns is not known"):
        indexed, m.indexed = m.indexed, 0
        turn(0)
        turns, m.indexed = m.indexed if m.indexed > 3 else TURNS, indexed
        if _longest(scope.names) > depth:
            m.assume(f"{turns} turns of the loop of line {line} ({why})", node)
            for k in range(1, min(turns, MOST_ASSUMED)):
                turn(k)
        elif start is not None and isinstance(node, ast.For) and kernels.read(m, node, [None] * TURNS, start, scope):
            m.assume(f"{TURNS} turns of the loop of line {line} ({why})", node)
    m.finish(scope)
    for name, value in list(scope.names.items()):
        if name in before and not same(before[name], value) and not isinstance(value, (Odd, matrices.Even)):
            if isinstance(value, (Items, Table)) and value is before[name]:
                continue
            scope.names[name] = m.unknown(
                f"{name!r} is bound in the loop of line {line}, whose number of turns is not known", node
            )


def _longest(names: dict[str, object]) -> int:
    """The number of steps behind the longest chain that a scope holds."""
    longest = 0
    for value in names.values():
        for one in alternatives(value):
            if isinstance(one, Odd):
                count, at = int(len(one.terms) > 1), one.base.parent
                while at is not None:
                    count, at = count + 1, at.base.parent
                longest = max(longest, count)
    return longest


def _binds_data(node: ast.Try) -> bool:
    return any(
        isinstance(n, (ast.List, ast.Tuple, ast.Dict))
        for h in node.handlers
        for s in h.body
        for n in ast.walk(s)
        if not isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Raise))
    )
