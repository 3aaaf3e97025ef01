"""A symbolic interpreter of Python source: statements in order, from the syntax tree alone.

Nothing is imported and nothing is executed.  Where a condition is not known both branches are followed and joined;
what is changed under such a condition is no longer read.  Every step of the work is counted, and ends at a bound.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, partial
from typing import Any

from muon_theory.sources import matrices
from muon_theory.sources.glance import children
from muon_theory.sources.matrices import Odd
from muon_theory.sources.values import (
    MOST_CHOICES,
    Bound,
    Choice,
    Class,
    Count,
    Default,
    Exhausted,
    Foreign,
    Function,
    Instance,
    Items,
    Number,
    Partial,
    Place,
    Refusal,
    Table,
    Unknown,
    alternatives,
    kind,
    same,
)

WORK = 8_000
"""Expressions and statements that are followed in one function."""

STATEMENT_WORK = 6_000
"""The same in one statement of a module."""

ALL_WORK = 60_000
"""The same for one file."""

DEPTH = 120
"""How deep expressions and calls may be nested."""

TURNS = 5
"""Turns that are followed of a loop whose number is not known."""

MOST_ASSUMED = 40

MOST_TURNS = 2000


class Return(Exception):
    """The value of a return statement, on the way out of a function whose path is known."""


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, class or function; the scope it was written in."""

    names: dict[str, object]
    parent: Scope | None
    kind: str
    outer: dict[str, Scope] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    returns: list[object] = field(default_factory=list)
    yields: list[object] | None = None

    def find(self, name: str) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.outer:
                scope = scope.outer[name]
            if name in scope.names and (scope is self or scope.kind != "class"):
                return scope.names[name]
            scope = scope.parent
        raise KeyError(name)


# How a block ends.
ON, OUT, BREAK, CONTINUE, DEAD = "on", "out", "break", "continue", "dead"


class Interpreter:
    """One file.  `end` of a chain of steps is reported to `seen`, with the call stack's outermost function."""

    def __init__(self, path: str, text: str, tree: ast.Module, load: Callable[[str, int, str], object] | None = None):
        self.path, self.text, self.tree, self.load = path, text, tree, load
        self.lines: list[bytes] | None = None
        self.module = Scope({}, None, "module")
        self.builtin_scope: dict[str, object] = {}
        self.work, self.all_work = WORK, ALL_WORK
        self.depth = 0
        self.doubts: list[str] = []
        self.stack: list[ast.AST] = []
        self.called: set[ast.AST] = set()
        self.frames: dict[ast.AST, Scope] = {}
        self.assumed: dict[tuple[str, int], str] = {}
        self.tested: dict[str, set[str]] = {}
        self.ends: list[tuple[Odd, ast.AST | None, tuple[str, ...]]] = []
        self.short: dict[Place, tuple[int, int]] = {}
        self.extended: dict[Place, tuple[str, int, int]] = {}
        self.read: list[tuple[list[object], Odd, ast.AST, ast.AST | None]] = []
        self.lost: list[Refusal] = []
        self.tainted = False
        self.indexed = 0
        self.targets: set[int] = set()
        self.known_calls: dict[object, object] = {}
        self.choosers: dict[ast.AST, bool] = {}

    # work and places

    def place(self, node: object) -> Place:
        return self.path, getattr(node, "lineno", 1)

    def tick(self, node: ast.AST) -> None:
        self.work -= 1
        self.all_work -= 1
        if self.work < 0 or self.all_work < 0:
            raise Exhausted("too much work: this is not followed to its end", self.place(node))

    def unknown(self, why: str, node: ast.AST) -> Unknown:
        return Unknown(why, self.place(node))

    def assume(self, what: str, node: ast.AST) -> None:
        self.assumed.setdefault((what, getattr(node, "lineno", 1)), what)

    @contextmanager
    def doubt(self, why: str) -> Iterator[None]:
        self.doubts.append(why)
        try:
            yield
        finally:
            self.doubts.pop()

    # changing lists and dictionaries in place

    def change(self, target: Items | Table, node: ast.AST, through: str = "") -> bool:
        """May the object be changed here?  If not, it is marked so that nobody reads it any more."""
        place = self.place(node)
        if through and target.name and through != target.name and target.level == 0 and "." not in through:
            why = f"it is changed in place through another name, {through!r}, on line {place[1]}"
        elif target.level < len(self.doubts):
            why = f"it is changed in place on line {place[1]}, {self.doubts[-1]}"
        else:
            return True
        if target.changed is None:
            target.changed = Refusal(why, place)
            self.tainted = self.tainted or target.level == 0
        return False

    # statements

    def run_module(self) -> None:
        """Follow the module's own statements; one that takes too much work leaves its names unread."""
        for statement in self.tree.body:
            self.work, self.depth = STATEMENT_WORK, 0
            try:
                how = self.block([statement], self.module)
            except Exhausted as stop:
                self.stack, self.doubts = [], []
                for name in _bound_names(statement):
                    self.module.names[name] = Unknown(stop.why, stop.place)
                for name in _used_names(statement):
                    value = self.module.names.get(name)
                    if isinstance(value, (Items, Table)) and not isinstance(statement, (ast.Assign, ast.AnnAssign)):
                        value.changed = value.changed or Refusal(stop.why, stop.place)
                if self.all_work < 0:
                    return
                continue
            if how == DEAD:
                return

    def block(self, body: Sequence[ast.stmt], scope: Scope) -> str:
        for statement in body:
            self.tick(statement)
            try:
                how = self.statement(statement, scope)
            except Exhausted:
                raise
            except Refusal as refusal:  # of something that the statement changes: what it binds is not known
                for name in _bound_names(statement):
                    scope.names[name] = Unknown(refusal.why, refusal.place)
                how = ON
            if how != ON:
                return how
        return ON

    def statement(self, node: ast.stmt, scope: Scope) -> str:
        match node:
            case ast.Expr(value=value):
                self.eval(value, scope)
            case ast.Assign(targets=targets, value=value):
                result = self.eval(value, scope)
                for target in targets:
                    self.bind(target, result, scope, node)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self.bind(target, self.eval(value, scope), scope, node)
                elif scope.kind == "class" and isinstance(target, ast.Name):
                    scope.names.setdefault(target.id, self.unknown(f"{target.id!r} has no value", node))
            case ast.AugAssign():
                self.augmented(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope_value = self.define(node, scope)
                self.set_name(node.name, scope_value, scope, node)
            case ast.ClassDef():
                self.set_name(node.name, self.define_class(node, scope), scope, node)
            case ast.Return(value=value):
                scope.returns.append(self.eval(value, scope) if value else None)
                return OUT
            case ast.If(test=test, body=body, orelse=orelse):
                return self.branches(test, [(True, body), (False, orelse)], scope, node)
            case ast.For() | ast.AsyncFor():
                return self.loop(node, scope)
            case ast.While():
                return self.while_loop(node, scope)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value = self.eval(item.context_expr, scope)
                    if item.optional_vars is not None:
                        why = f"it is bound by 'with … as' on line {node.lineno}"
                        self.bind(
                            item.optional_vars,
                            self.unknown(why, node) if not isinstance(value, Odd) else value,
                            scope,
                            node,
                        )
                return self.block(node.body, scope)
            case ast.Try():
                return self.attempt(node, scope)
            case ast.Match():
                return self.match(node, scope)
            case ast.Import() | ast.ImportFrom():
                self.imports(node, scope)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                home = self.module if isinstance(node, ast.Global) else scope.parent
                if home is not None and home is not scope:
                    scope.outer.update(dict.fromkeys(names, home))
            case ast.Delete(targets=targets):
                for target in targets:
                    self.delete(target, scope, node)
            case ast.Raise():
                return DEAD
            case ast.Break():
                return BREAK
            case ast.Continue():
                return CONTINUE
        return ON

    def branches(
        self, test: ast.expr | None, arms: Sequence[tuple[bool, Sequence[ast.stmt]]], scope: Scope, node: ast.AST
    ) -> str:
        """One arm where the condition is known; else all of them, joined."""
        value = self.truth(self.eval(test, scope)) if test is not None else None
        if value is not None:
            return self.block(next((b for when, b in arms if when is value), []), scope)
        why = f"only if the condition of line {getattr(node, 'lineno', 0)} holds"
        return self.fork([partial(self.block, b, scope) for _, b in arms], scope, why, node)

    def fork(self, paths: Sequence[Callable[[], str]], scope: Scope, why: str, node: ast.AST) -> str:
        """Follow each path from the same names; join the names of those that go on."""
        before = dict(scope.names)
        ends: list[dict[str, object]] = []
        outcomes: list[str] = []
        for path in paths:
            scope.names = dict(before)
            with self.doubt(why):
                outcome = path()
            outcomes.append(outcome)
            if outcome == ON or outcome in (BREAK, CONTINUE):
                ends.append(scope.names)
        if not ends:
            scope.names = before
            return OUT if OUT in outcomes else DEAD
        scope.names = ends[0]
        for other in ends[1:]:
            scope.names = self.join(scope.names, other, why, node)
        going = [o for o in outcomes if o not in (OUT, DEAD)]
        return going[0] if len(set(going)) == 1 and len(going) == len(outcomes) else ON

    def join(self, a: dict[str, object], b: dict[str, object], why: str, node: ast.AST) -> dict[str, Any]:
        return {k: self.either(a.get(k, b.get(k)), b.get(k, a.get(k)), why, node) for k in {**a, **b}}

    def either(self, p: Any, q: Any, why: str, node: ast.AST) -> Any:
        """The value where two paths meet."""
        if same(p, q):
            return p.joined(q) if isinstance(p, Odd) else p
        if isinstance(p, Unknown) and isinstance(q, Unknown):
            return p
        for one, other in ((p, q), (q, p)):
            if (
                isinstance(one, Odd)
                and isinstance(other, Unknown)
                and other.matrix is not None
                and same(one, other.matrix)
            ):
                return one.joined(other.matrix)
        found: list[Any] = []
        for v in (*alternatives(p), *alternatives(q)):
            twin = next((i for i, w in enumerate(found) if same(v, w)), None)
            if twin is None:
                found.append(v)
            elif isinstance(v, Odd):
                found[twin] = found[twin].joined(v)
        if len(found) == 1:
            return found[0]
        if all(isinstance(v, Unknown) or (isinstance(v, Odd) and not v.followed) for v in found):
            return self.unknown("it is one of several matrices that the program is given", node)
        if len(found) > MOST_CHOICES:
            return self.unknown(f"it has more than {MOST_CHOICES} possible values", node)
        return Choice(
            found, f"which value it has depends on the condition of line {getattr(node, 'lineno', 0)}", self.place(node)
        )

    def attempt(self, node: ast.Try, scope: Scope) -> str:
        def body() -> str:
            how = self.block(node.body, scope)
            return self.block(node.orelse, scope) if how == ON else how

        if not node.handlers:
            outcome = body()
        else:
            why = f"only if what line {node.lineno} tries does not fail"
            names = _bound_names(node)
            if any(isinstance(scope.names.get(n), (Items, Table)) for n in names) or _binds_data(node):
                handlers = [partial(self.block, h.body, scope) for h in node.handlers]
                outcome = self.fork([body, *handlers], scope, why, node)
            else:
                outcome = body()
        self.block(node.finalbody, scope)
        return outcome

    def match(self, node: ast.Match, scope: Scope) -> str:
        subject = self.eval(node.subject, scope)
        paths: list[Callable[[], str]] = []
        for case in node.cases:
            fits = self.fits(case.pattern, subject, scope) if case.guard is None else None
            if fits is False:
                continue
            paths.append(partial(self.block, case.body, scope))
            if fits:
                break
        if len(paths) == 1 and fits:
            return paths[0]()
        if not fits:
            paths.append(lambda: ON)
        return self.fork(paths, scope, f"only in some case of line {node.lineno}", node)

    def fits(self, pattern: ast.pattern, subject: object, scope: Scope) -> bool | None:
        match pattern:
            case ast.MatchValue(value=value):
                return self.truth(self.compare(ast.Eq(), subject, self.eval(value, scope), pattern))
            case ast.MatchSingleton(value=value):
                return subject is value if not isinstance(subject, (Unknown, Choice)) else None
            case ast.MatchOr(patterns=patterns):
                found = [self.fits(p, subject, scope) for p in patterns]
                return True if True in found else None if None in found else False
            case ast.MatchAs(pattern=None, name=name):
                if name:
                    scope.names[name] = subject
                return True
        return None

    def loop(self, node: ast.For | ast.AsyncFor, scope: Scope) -> str:
        source = self.eval(node.iter, scope)
        if isinstance(source, Choice):

            def path(one: object) -> Callable[[], str]:
                return lambda: self.turns(node, one, scope)

            return self.fork([path(v) for v in source.values], scope, source.why, node)
        return self.turns(node, source, scope)

    def turns(self, node: ast.For | ast.AsyncFor, source: object, scope: Scope) -> str:
        items = self.items(source)
        how = ON
        if items is not None:
            before, start = _longest(scope.names), normalised(scope)
            for item in items[:MOST_TURNS]:
                self.bind(node.target, item, scope, node, loop=True)
                how = self.block(node.body, scope)
                if how in (BREAK, OUT, DEAD):
                    break
            if start is not None and _longest(scope.names) <= before and _passes(node):
                self.read.append((items, start, node, self.stack[-1] if self.stack else None))
            if how in (ON, CONTINUE, BREAK):
                self.finish(scope)
                return ON if how == BREAK else self.block(node.orelse, scope)
            return how
        why = source.why if isinstance(source, (Count, Unknown)) else f"{kind(source)} is not followed"

        def turn(k: int) -> str:
            value: object = (
                Number(Fraction(k), self.place(node))
                if isinstance(source, Count)
                else Unknown(
                    why if isinstance(source, Unknown) else f"it is bound by the loop of line {node.lineno}",
                    self.place(node),
                )
            )
            self.bind(node.target, value, scope, node, loop=True)
            return self.block(node.body, scope)

        self.unknown_turns(turn, node, scope, why)
        return ON

    def while_loop(self, node: ast.While, scope: Scope) -> str:
        for _ in range(MOST_TURNS):
            value = self.truth(self.eval(node.test, scope))
            if value is None:
                self.unknown_turns(
                    lambda _: self.block(node.body, scope),
                    node,
                    scope,
                    f"the condition of line {node.lineno} is not known",
                )
                return ON
            if not value:
                self.finish(scope)
                return ON
            how = self.block(node.body, scope)
            if how == BREAK:
                self.finish(scope)
                return ON
            if how in (OUT, DEAD):
                return how
        raise Exhausted(f"the loop of line {node.lineno} does not end within {MOST_TURNS} turns", self.place(node))

    def unknown_turns(self, turn: Callable[[int], str], node: ast.AST, scope: Scope, why: str) -> None:
        """A loop of an unknown number of turns: one turn, and more where a turn is a step of an iteration.

        There are as many as the longest list that the first turn takes an item of has rows, or `TURNS`.
        """
        before = dict(scope.names)
        depth = _longest(before)
        line = getattr(node, "lineno", 0)
        with self.doubt(f"in the loop of line {line}, whose number of turns is not known"):
            indexed, self.indexed = self.indexed, 0
            turn(0)
            turns, self.indexed = self.indexed if self.indexed > 3 else TURNS, indexed
            if _longest(scope.names) > depth:
                self.assume(f"{turns} turns of the loop of line {line} ({why})", node)
                for k in range(1, min(turns, MOST_ASSUMED)):
                    turn(k)
        self.finish(scope)
        for name, value in list(scope.names.items()):
            if name in before and not same(before[name], value) and not isinstance(value, (Odd, matrices.Even)):
                if isinstance(value, (Items, Table)) and value is before[name]:
                    continue
                scope.names[name] = self.unknown(
                    f"{name!r} is bound in the loop of line {line}, whose number of turns is not known", node
                )

    def finish(self, scope: Scope) -> None:
        """Remember the matrices that a loop leaves behind."""
        for value in scope.names.values():
            self.keep(value)

    def keep(self, value: object) -> None:
        for one in alternatives(value):
            if isinstance(one, Odd) and (len(one.terms) > 1 or one.base.parent is not None):
                one.rebased()
                self.ends.append((one, self.stack[-1] if self.stack else None, tuple(self.assumed.values())))

    def imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                name = alias.asname or alias.name.partition(".")[0]
                path = alias.name if alias.asname else name
            else:
                name, path = alias.asname or alias.name, f"{node.module or ''}.{alias.name}"
            value: object = Foreign(path, self.place(node))
            if isinstance(node, ast.ImportFrom) and self.load is not None and alias.name != "*":
                loaded = self.load(node.module or "", node.level, alias.name)
                value = value if loaded is None else loaded
            self.set_name(name, value, scope, node)

    def delete(self, target: ast.expr, scope: Scope, node: ast.AST) -> None:
        if isinstance(target, ast.Name):
            scope.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            box, key = self.eval(target.value, scope), self.eval(target.slice, scope)
            if isinstance(box, (Items, Table)) and self.change(box, node, _root(target)):
                index = key.whole if isinstance(key, Number) else key
                try:
                    if isinstance(box, Table):
                        del box.items[self.key(key)]
                    else:
                        del box.items[index]  # type: ignore[arg-type]
                except (KeyError, IndexError, TypeError):
                    box.changed = Refusal(f"it is changed in place on line {self.place(node)[1]}", self.place(node))

    # binding

    def set_name(self, name: str, value: object, scope: Scope, node: ast.AST) -> None:
        home = scope.outer.get(name, scope)
        if home is not scope and self.doubts and home.kind == "module":
            why = f"{name!r} is bound again on line {getattr(node, 'lineno', 0)}, {self.doubts[0]}"
            if not isinstance(home.names.get(name), Unknown):
                self.tainted = True
            value = self.unknown(why, node)
        if isinstance(value, (Items, Table)) and not value.name:
            value.name = name
        home.names[name] = value

    def bind(self, target: ast.expr, value: object, scope: Scope, node: ast.AST, loop: bool = False) -> None:
        match target:
            case ast.Name(id=name):
                old = scope.names.get(name)
                again = loop and scope.kind == "module" and isinstance(old, (Items, Table)) and old.name == name
                if again and id(node) not in self.targets:
                    why = f"{name!r} is bound again by the loop of line {self.place(node)[1]}"
                    value = self.unknown(why, node)
                elif loop:
                    self.targets.add(id(node))
                self.set_name(name, value, scope, node)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self.unpack(parts, value, scope, node, loop)
            case ast.Starred(value=inner):
                self.bind(inner, value, scope, node, loop)
            case ast.Attribute(value=owner, attr=attr):
                box = self.eval(owner, scope)
                if isinstance(box, Instance):
                    if self.doubts and attr in box.attributes and len(self.doubts) > 1:
                        value = self.either(box.attributes[attr], value, self.doubts[-1], node)
                    box.attributes[attr] = value
                elif isinstance(box, Class):
                    box.attributes[attr] = value
            case ast.Subscript(value=owner, slice=index):
                box, key = self.eval(owner, scope), self.eval(index, scope)
                if isinstance(box, (Items, Table)) and self.change(box, node, _root(target)):
                    self.store(box, key, value, node)

    def store(self, box: Items | Table, key: object, value: object, node: ast.AST) -> None:
        try:
            if isinstance(box, Table):
                box.items[self.key(key)] = value
                return
            whole = key.whole if isinstance(key, Number) else None
            if whole is not None and not box.fixed:
                box.items[whole] = value
                return
        except (Refusal, IndexError):
            pass
        box.changed = Refusal(f"it is changed in place on line {self.place(node)[1]}", self.place(node))

    def unpack(self, parts: Sequence[ast.expr], value: object, scope: Scope, node: ast.AST, loop: bool) -> None:
        if isinstance(value, Choice):
            rows = [self.items(v) for v in value.values]
            if all(r is not None and len(r) == len(parts) for r in rows):
                for i, part in enumerate(parts):
                    joined = rows[0][i]  # type: ignore[index]
                    for row in rows[1:]:
                        joined = self.either(joined, row[i], value.why, node)  # type: ignore[index]
                    self.bind(part, joined, scope, node, loop)
                return
        items = self.items(value)
        star = next((i for i, p in enumerate(parts) if isinstance(p, ast.Starred)), None)
        if items is not None and star is not None and len(items) >= len(parts) - 1:
            after = len(parts) - star - 1
            middle = Items(items[star : len(items) - after], self.place(node), level=len(self.doubts))
            items = [*items[:star], middle, *items[len(items) - after :]]
        for i, part in enumerate(parts):
            if items is not None and len(items) == len(parts):
                self.bind(part, items[i], scope, node, loop)
            else:
                why = value.why if isinstance(value, Unknown) else f"{kind(value)} does not have {len(parts)} parts"
                parameter = value.parameter if isinstance(value, Unknown) else ""
                self.bind(part, Unknown(why, self.place(node), parameter), scope, node, loop)

    def augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self.eval(node.value, scope)
        target = node.target
        old = self.eval(target, scope)
        if isinstance(old, Items) and not old.fixed and isinstance(node.op, (ast.Add, ast.Mult)):
            new = self.binary(node.op, old, value, node)
            if isinstance(new, Items) and self.change(old, node, _root(target)):
                old.items = new.items
            elif not isinstance(new, Items):
                old.changed = Refusal(f"it is changed in place on line {node.lineno}", self.place(node))
            return
        self.bind(target, self.binary(node.op, old, value, node), scope, node)

    # functions and classes

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope) -> Any:
        a = node.args
        defaults: dict[str, object] = {}
        positional = [*a.posonlyargs, *a.args]
        for arg, value in zip(positional[len(positional) - len(a.defaults) :], a.defaults, strict=True):
            defaults[arg.arg] = self.default(arg.arg, self.eval(value, scope))
        for arg, stated in zip(a.kwonlyargs, a.kw_defaults, strict=True):
            if stated is not None:
                defaults[arg.arg] = self.default(arg.arg, self.eval(stated, scope))
        name = getattr(node, "name", "lambda")
        marks = {_last(d) for d in getattr(node, "decorator_list", [])}
        mode = next((k for k in ("staticmethod", "classmethod", "property", "cached_property") if k in marks), "")
        return Function(node, scope, defaults, name, kind=mode)

    def default(self, name: str, value: object) -> Any:
        return Default.of(value, name) if isinstance(value, str) else value

    def define_class(self, node: ast.ClassDef, scope: Scope) -> Class:
        inner = Scope({}, scope, "class")
        self.block(node.body, inner)
        cls = Class(node, inner.names, [self.eval(b, scope) for b in node.bases], node.name)
        for value in cls.attributes.values():
            if isinstance(value, Function):
                value.owner = cls
        marks = {_last(d) for d in node.decorator_list}
        bases = {b.last for b in cls.bases if isinstance(b, Foreign)}
        if marks & {"dataclass", "define", "frozen", "chex_dataclass"} or "NamedTuple" in bases:
            inherited = [f for b in cls.bases if isinstance(b, Class) for f in b.fields]
            own = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
            cls.fields = [*inherited, *own]
        return cls

    def call(self, function: object, arguments: list[object], named: dict[str, object], node: ast.AST) -> Any:
        """The value of a call of a function, class or partial of the file."""
        match function:
            case Partial(function=inner, arguments=first, named=more):
                return self.call(inner, [*first, *arguments], {**more, **named}, node)
            case Choice(values=values):
                results = [self.call(v, arguments, named, node) for v in values]
                joined = results[0]
                for r in results[1:]:
                    joined = self.either(joined, r, function.why, node)
                return joined
            case Class():
                return self.instantiate(function, arguments, named, node)
            case Function():
                return self.enter(function, arguments, named, node)
            case Instance(cls=cls):
                for special in ("__call__", "forward"):
                    try:
                        return self.call(replace(cls.find(special), me=function), arguments, named, node)
                    except (KeyError, TypeError):
                        continue
        from muon_theory.sources.library import call_foreign

        return call_foreign(self, function, arguments, named, node)

    def instantiate(self, cls: Class, arguments: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        made = Instance(cls, {})
        if cls.fields:
            from muon_theory.sources.library import field_default

            given = dict(zip(cls.fields, arguments, strict=False)) | named
            for name in cls.fields:
                fallback = self.unknown(f"{cls.name}.{name} has no default", cls.node)
                try:
                    stated = field_default(self, cls.find(name), node)
                except KeyError:
                    stated = fallback
                made.attributes[name] = given.get(name, stated)
            if "__post_init__" in cls.attributes:
                self.enter(replace(cls.attributes["__post_init__"], me=made), [], {}, node)
            return made
        try:
            start = cls.find("__init__")
        except KeyError:
            return made
        if isinstance(start, Function):
            self.enter(replace(start, me=made), arguments, named, node)
        return made

    def enter(self, function: Function, arguments: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """Follow a call."""
        code = function.node
        if len(self.stack) > 24 or self.stack.count(code) > 1:
            return self.unknown(f"{function.name} calls itself", node)
        self.called.add(code)
        signature = self.signature(function, arguments, named)
        if signature is not None and signature in self.known_calls:
            return self.known_calls[signature]
        result = self.entered(function, arguments, named, node)
        if signature is not None:
            self.known_calls[signature] = result
        return result

    def signature(self, function: Function, arguments: list[object], named: dict[str, object]) -> Any:
        """What a call depends on, if it depends on plain values and matrices that are given; else None."""
        try:
            parts = [_signature(v) for v in (function.me, *arguments, *named.values())]
        except Refusal:
            return None
        return function.node, id(function.scope), tuple(named), tuple(parts)

    def entered(self, function: Function, arguments: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        code = function.node
        scope = Scope(self.parameters(function, arguments, named, node), function.scope, "function")
        if isinstance(code, ast.Lambda):
            return self.eval(code.body, scope)
        makes = _yields(code)
        scope.yields = [] if makes else None
        self.stack.append(code)
        try:
            how = self.block(code.body, scope)
            self.finish(scope)
            for value in scope.returns:
                self.keep(value)
        finally:
            self.stack.pop()
        self.frames[code] = scope
        if makes:
            return Items(scope.yields or [], self.place(code), level=len(self.doubts))
        if how == DEAD and not scope.returns:
            return self.unknown(f"{function.name} raises an error", node)
        results = scope.returns if how in (OUT, DEAD) else [*scope.returns, None]
        joined = results[0] if results else None
        for r in results[1:]:
            joined = self.either(joined, r, "", node)
        return joined

    def parameters(
        self, function: Function, arguments: list[Any], named: dict[str, Any], node: ast.AST
    ) -> dict[str, Any]:
        a = function.node.args
        positional = [p.arg for p in (*a.posonlyargs, *a.args)]
        me = function.me if function.kind != "staticmethod" else None
        if function.kind == "classmethod" and function.owner is not None:
            me = function.owner
        given = [me, *arguments] if me is not None else arguments
        star = next((i for i, v in enumerate(given) if isinstance(v, Bound) and v.name == "*"), len(given))
        names: dict[str, Any] = dict(zip(positional, given[:star], strict=False))
        if a.vararg:
            names[a.vararg.arg] = Items(list(given[len(positional) :]), self.place(node), True, level=len(self.doubts))
        keywords = {*positional, *(p.arg for p in a.kwonlyargs)}
        names |= {k: v for k, v in named.items() if k in keywords}
        if a.kwarg:
            rest = {k: v for k, v in named.items() if k not in keywords}
            names[a.kwarg.arg] = Table(dict(rest), self.place(node), level=len(self.doubts))
        for name in keywords:
            if name not in names:
                missing = Unknown(
                    f"the parameter {name!r} of {function.name} has no default", self.place(function.node), name
                )
                names[name] = function.defaults.get(name, missing)
        return names

    # expressions: see `expressions`

    def eval(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression; what is not followed is `Unknown`, with the reason."""
        from muon_theory.sources.expressions import evaluate

        self.tick(node)
        self.depth += 1
        try:
            if self.depth > DEPTH:
                raise Exhausted("it is nested too deep to be followed", self.place(node))
            return evaluate(self, node, scope)
        except Exhausted:
            raise
        except Refusal as refusal:
            return Unknown(refusal.why, refusal.place)
        except (ArithmeticError, LookupError, TypeError, ValueError):  # arguments that the known function does not take
            return self.unknown("it is called in a way that is not followed", node)
        finally:
            self.depth -= 1

    def binary(self, op: ast.operator, left: object, right: object, node: ast.AST) -> Any:
        from muon_theory.sources.expressions import binary

        return binary(self, op, left, right, node)

    def compare(self, op: ast.cmpop, left: object, right: object, node: ast.AST) -> Any:
        from muon_theory.sources.expressions import compare

        return compare(self, op, left, right, node)

    def truth(self, value: object) -> bool | None:
        """Is it true?  None where that is not known."""
        match value:
            case None:
                return False
            case bool():
                return value
            case Default():
                return bool(value)
            case str():
                return bool(value)
            case Number():
                return value.value != 0
            case Items() | Table():
                return None if value.changed else bool(value.items)
            case Function() | Class() | Partial():
                return True
        return None

    def key(self, value: object) -> Any:
        """A dictionary key; Refusal where it is not known."""
        if isinstance(value, Number):
            return value.value
        if isinstance(value, (str, bool, type(None))):
            return str(value) if isinstance(value, Default) else value
        if isinstance(value, Items) and value.fixed:
            return tuple(self.key(v) for v in value.readable())
        raise Refusal(
            value.why if isinstance(value, Unknown) else "a key that is not known",
            value.place if isinstance(value, Unknown) else (self.path, 1),
        )

    def items(self, value: object) -> list[Any] | None:
        """What iterating over a value gives; None where that is not known."""
        match value:
            case Items(changed=None, items=items):
                return items
            case Table(changed=None, items=items):
                return [Number(k, value.place) if isinstance(k, Fraction) else k for k in items]
            case str():
                return list(value)[:100]
            case Instance(cls=cls, attributes=attributes) if cls.fields:
                return [attributes[f] for f in cls.fields]
        return None

    def list_of(self, items: list[object], node: ast.AST, fixed: bool = False) -> Items:
        from muon_theory.sources.values import LONGEST

        if len(items) > LONGEST:
            raise Refusal(f"a list of more than {LONGEST} items", self.place(node))
        return Items(items, self.place(node), fixed, level=len(self.doubts))


def _signature(value: object) -> Any:
    """What identifies a plain value or a matrix that is given; Refusal for what may be changed."""
    match value:
        case None | bool() | str() | Foreign():
            return value
        case Number():
            return value.value
        case Unknown():
            return "unknown", value.parameter
        case Odd() if not value.followed:
            return "matrix", value.dtype
        case Items() if not value.changed and 0 < len(value.items) <= MOST_CHOICES:
            return "list", value.fixed, value.place, tuple(_signature(v) for v in value.items)
        case Choice():
            return "choice", tuple(_signature(v) for v in value.values)
    raise Refusal("it may be changed", ("", 0))


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


def normalised(scope: Scope) -> Odd | None:
    """A matrix of the scope that has been divided by a norm and is no step yet."""
    found = [v for v in scope.names.values() if isinstance(v, Odd) and v.base.normal and len(v.terms) == 1]
    return found[-1] if found else None


def _passes(node: ast.For | ast.AsyncFor) -> bool:
    """Does the body pass at least two of the loop's own names to calls or products?"""
    names = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    used = {
        n.id
        for s in node.body
        for c in ast.walk(s)
        if isinstance(c, (ast.Call, ast.BinOp))
        for n in ast.walk(c)
        if isinstance(n, ast.Name)
    }
    return len(names & used) >= 2


def _bound_names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _used_names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _binds_data(node: ast.Try) -> bool:
    return any(
        isinstance(n, (ast.List, ast.Tuple, ast.Dict))
        for h in node.handlers
        for s in h.body
        for n in ast.walk(s)
        if not isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Raise))
    )


def _last(node: ast.expr) -> str:
    """The last part of a decorator's name."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _root(node: ast.AST) -> str:
    dotted = ""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Attribute):
            dotted = "." + node.attr
        node = node.value
    return node.id + dotted if isinstance(node, ast.Name) else ""


@cache
def _yields(node: ast.AST) -> bool:
    """Is it a generator?"""
    todo = list(children(node))
    while todo:
        child = todo.pop()
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(children(child))
    return False
