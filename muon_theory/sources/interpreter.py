"""A symbolic interpreter of Python source: statements in order, from the syntax tree alone.

Nothing is imported and nothing is executed.  Where a condition is not known both branches are followed and joined;
what is changed under such a condition is no longer read.  Every step of the work is counted, and ends at a bound.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

from muon_theory.sources import binding, calls, expressions, flow
from muon_theory.sources.glance import Glance
from muon_theory.sources.matrices import Odd
from muon_theory.sources.scope import BREAK, CONTINUE, DEAD, ON, OUT, Scope
from muon_theory.sources.values import (
    LONGEST,
    Class,
    Default,
    Exhausted,
    Function,
    Instance,
    Items,
    Key,
    Number,
    Partial,
    Place,
    Refusal,
    Table,
    Unknown,
    alternatives,
    because,
)

WORK = 8_000
"""Expressions and statements that are followed in one function."""

STATEMENT_WORK = 6_000
"""The same in one statement of a module."""

PASSING_WORK = 3_000
"""The same in a function that only leads to one with an iteration, and in a statement of a module that calls one."""

ALL_WORK = 60_000
"""The same for one file."""

DEPTH = 120
"""How deep expressions and calls may be nested."""


class Interpreter:
    """One file.  `end` of a chain of steps is reported to `seen`, with the call stack's outermost function."""

    def __init__(
        self,
        path: str,
        text: str,
        tree: ast.Module,
        glance: Glance,
        load: Callable[[str, int, str], object] | None = None,
    ):
        self.path, self.text, self.tree, self.glance, self.load = path, text, tree, glance, load
        self.lines: list[bytes] | None = None
        self.module = Scope({}, None, "module")
        self.all_work = ALL_WORK
        self.depth = 0
        self.doubts: list[str] = []
        self.stack: list[ast.AST] = []
        self.called: set[ast.AST] = set()
        self.frames: dict[ast.AST, Scope] = {}
        self.tainted = False
        self.indexed = 0
        self.targets: set[int] = set()
        self.choosers: dict[ast.AST, bool] = {}
        self.endless: set[ast.AST] = set()
        self.begin(WORK)

    def begin(self, work: int) -> None:
        """Forget what was seen on the way from another root."""
        self.work = work
        self.assumed: dict[tuple[str, int], str] = {}
        self.tested: dict[str, set[str]] = {}
        self.ends: list[tuple[Odd, ast.AST | None, tuple[str, ...]]] = []
        self.short: dict[Place, tuple[int, int]] = {}
        self.extended: dict[Place, tuple[str, int, int]] = {}
        self.read: list[tuple[list[object], Odd, ast.AST, ast.AST | None]] = []
        self.known_calls: dict[object, object] = {}

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
            self.tainted = self.tainted or (target.level == 0 and calls.matters(target))
        return False

    def spoil(self, target: Items | Table, node: ast.AST) -> None:
        """Mark what is changed in a way that is not followed."""
        place = self.place(node)
        target.changed = Refusal(f"it is changed in place on line {place[1]}", place)

    # statements

    def run_module(self) -> None:
        """Follow the module's own statements; one that takes too much work leaves its names unread."""
        for statement in self.tree.body:
            binds = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.For, ast.While))
            self.work, self.depth = STATEMENT_WORK if binds else PASSING_WORK, 0
            try:
                how = self.block([statement], self.module)
            except Exhausted as stop:
                self.stack, self.doubts = [], []
                for name in binding.bound_names(statement):
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
                for name in binding.bound_names(statement):
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
                    binding.bind(self, target, result, scope, node)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    binding.bind(self, target, self.eval(value, scope), scope, node)
                elif scope.kind == "class" and isinstance(target, ast.Name):
                    scope.names.setdefault(target.id, self.unknown(f"{target.id!r} has no value", node))
            case ast.AugAssign():
                binding.augmented(self, node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope_value = calls.define(self, node, scope)
                binding.set_name(self, node.name, scope_value, scope, node)
            case ast.ClassDef():
                binding.set_name(self, node.name, calls.define_class(self, node, scope), scope, node)
            case ast.Return(value=value):
                scope.returns.append(self.eval(value, scope) if value else None)
                return OUT
            case ast.If(test=test, body=body, orelse=orelse):
                return flow.branches(self, test, [(True, body), (False, orelse)], scope, node)
            case ast.For() | ast.AsyncFor():
                return flow.loop(self, node, scope)
            case ast.While():
                return flow.while_loop(self, node, scope)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    entered = self.eval(item.context_expr, scope)
                    if item.optional_vars is not None:
                        unsure = self.unknown(f"it is bound by 'with … as' on line {node.lineno}", node)
                        held = entered if isinstance(entered, Odd) else unsure
                        binding.bind(self, item.optional_vars, held, scope, node)
                return self.block(node.body, scope)
            case ast.Try():
                return flow.attempt(self, node, scope)
            case ast.Match():
                return flow.match(self, node, scope)
            case ast.Import() | ast.ImportFrom():
                binding.imports(self, node, scope)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                home = self.module if isinstance(node, ast.Global) else scope.parent
                if home is not None and home is not scope:
                    scope.outer.update(dict.fromkeys(names, home))
            case ast.Delete(targets=targets):
                for target in targets:
                    binding.delete(self, target, scope, node)
            case ast.Raise():
                return DEAD
            case ast.Break():
                return BREAK
            case ast.Continue():
                return CONTINUE
        return ON

    def finish(self, scope: Scope) -> None:
        """Remember the matrices that a loop leaves behind."""
        for value in scope.names.values():
            self.keep(value)

    def keep(self, value: object) -> None:
        for one in alternatives(value):
            if isinstance(one, Odd) and (len(one.terms) > 1 or one.base.parent is not None):
                one.rebased()
                self.ends.append((one, self.stack[-1] if self.stack else None, tuple(self.assumed.values())))

    # expressions: see `expressions`

    def eval(self, node: ast.expr, scope: Scope) -> object:
        """The value of an expression; what is not followed is `Unknown`, with the reason."""
        self.tick(node)
        self.depth += 1
        try:
            if self.depth > DEPTH:
                raise Exhausted("it is nested too deep to be followed", self.place(node))
            return expressions.evaluate(self, node, scope)
        except Exhausted:
            raise
        except Refusal as refusal:
            return Unknown(refusal.why, refusal.place)
        except (ArithmeticError, LookupError, TypeError, ValueError):  # arguments that the known function does not take
            return self.unknown("it is called in a way that is not followed", node)
        finally:
            self.depth -= 1

    def truth(self, value: object) -> bool | None:
        """Is it true?  None where that is not known."""
        match value:
            case None:
                return False
            case bool() | str():
                return bool(value)
            case Number():
                return value.value != 0
            case Items() | Table():
                return None if value.changed else bool(value.items)
            case Function() | Class() | Partial():
                return True
        return None

    def key(self, value: object) -> Key:
        """A dictionary key; Refusal where it is not known."""
        if isinstance(value, Number):
            return value.value
        if isinstance(value, (str, bool, type(None))):
            return str(value) if isinstance(value, Default) else value
        if isinstance(value, Items) and value.fixed:
            return tuple(self.key(v) for v in value.readable())
        where = value.place if isinstance(value, Unknown) else (self.path, 1)
        raise Refusal(because(value, "a key that is not known"), where)

    def items(self, value: object) -> list[object] | None:
        """What iterating over a value gives; None where that is not known."""
        match value:
            case Items(changed=None, items=items):
                return items
            case Table(changed=None, items=items):
                return [Number(k, value.place) if isinstance(k, Fraction) else k for k in items]
            case str():
                return [*value[:100]]
            case Instance(cls=cls, attributes=attributes) if cls.fields:
                return [attributes[f] for f in cls.fields]
        return None

    # what the program makes

    def number(self, value: Fraction | int, node: ast.AST) -> Number:
        return Number(Fraction(value), self.place(node))

    def list_of(self, items: list[object], node: ast.AST, fixed: bool = False, array: bool = False) -> Items:
        self.within(len(items), node)
        return Items(items, self.place(node), fixed, array, level=len(self.doubts))

    def table_of(self, items: dict[Key, object], node: ast.AST) -> Table:
        return Table(items, self.place(node), level=len(self.doubts))

    def within(self, count: int, node: ast.AST, what: str = "a list") -> None:
        """Refuse what is longer than is followed."""
        if count > LONGEST:
            raise Refusal(f"{what} of more than {LONGEST} items", self.place(node))


def _used_names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
