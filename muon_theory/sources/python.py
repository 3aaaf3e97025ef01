"""Python files: the schedules that their loops run, and the tables that no loop of the file runs.

Functions are followed as they are called in the file, and with their default arguments; where a text chooses among
lists, each text is followed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from muon_theory.errors import UsageError
from muon_theory.sources import calls
from muon_theory.sources.found import Found, Reading, Refused, as_rows, shaped
from muon_theory.sources.glance import FUNCTIONS, glance
from muon_theory.sources.interpreter import ALL_WORK, PASSING_WORK, WORK, Interpreter
from muon_theory.sources.matrices import Normal, Run, run_of
from muon_theory.sources.selection import selected
from muon_theory.sources.tables import qualified, tables
from muon_theory.sources.values import Choice, Class, Exhausted, Function, Instance, Items, Number, Place, Unknown

MOST_TEXTS = 40
LONGEST_PROGRAM = 1_000_000


def parse(path: str, text: str) -> ast.Module:
    """The syntax tree.  Raises UsageError, one line with the place."""
    if len(text) > LONGEST_PROGRAM:
        most = LONGEST_PROGRAM // 1000
        raise UsageError(f"{path}:1: a program of more than {most} thousand characters is not followed")
    try:
        return ast.parse(text)
    except SyntaxError as error:
        version = ".".join(map(str, sys.version_info[:2]))
        raise UsageError(f"{path}:{error.lineno or 1}: not Python {version} ({error.msg})") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"{path}:1: not Python ({str(error) or 'nested too deep'})") from None


class File:
    """A file that has been followed.  `found` are its schedules, `refused` what could not be followed."""

    def __init__(self, path: str, text: str, load: Callable[[str, int, str], object] | None = None) -> None:
        self.path, self.tree = path, parse(path, text)
        self.glance = glance(self.tree)
        self.m = Interpreter(path, text, self.tree, self.glance, load)
        self.names = dict(qualified(self.tree))
        self.runs: list[tuple[Run, Found]] = []
        self.lost: list[tuple[ast.AST | None, Refused]] = []
        self.done: set[ast.AST] = set()
        self.covered: set[ast.AST] = set()
        self.refused: list[Refused] = []
        self.exhausted: dict[tuple[ast.AST, str], Refused] = {}
        try:
            self._module()
            for _ in range(2):  # once more where something was found to change what had been read
                self.runs, self.lost, self.done, self.covered, self.m.tainted = [], [], set(), set(), False
                self._collect(None, "", None)
                self._roots()
                if not self.m.tainted:
                    break
        except RecursionError:
            self.refused.append(Refused(path, 1, "it is nested too deep to be followed"))

    # following

    def _module(self) -> None:
        self.m.run_module()
        self.module_ends = self.m.ends
        self.m.all_work = ALL_WORK

    def _roots(self) -> None:
        wanted = self.glance.wanted
        called = set(self.m.called)
        values = list(self.m.module.names.values())
        classes = [v for v in values if isinstance(v, Class)]
        rest = [v for v in reversed(values) if not isinstance(v, Class)]  # callers before what they call
        for value in (*classes, *rest):
            if self.m.all_work > 0:
                self._root(value, wanted, called)

    def _root(self, value: object, wanted: Collection[ast.AST], called: set[ast.AST]) -> None:
        if isinstance(value, Choice):
            for one in value.values:
                self._root(one, wanted, called)
        elif isinstance(value, Class) and value.node not in self.done:
            self.done.add(value.node)
            if value.node in self.glance.classes:
                self._class(value, wanted)
        elif isinstance(value, Function) and value.node not in self.done and not isinstance(value.node, ast.Lambda):
            self.done.add(value.node)
            alone = not value.node.args.args
            if value.node in wanted and not (value.node in called and alone) and not self._needless(value):
                self._function(value, wanted, called)

    def _needless(self, function: Function) -> bool:
        """Has it been followed from a caller, and does it have no defaults of its own to be followed with?"""
        a = function.node.args
        required = {p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs)} - set(function.defaults)
        reached = self.glance.reach(function.node)
        return len(required) > 1 and (function.node in self.covered or (bool(reached) and reached <= self.covered))

    def _class(self, cls: Class, wanted: Collection[ast.AST]) -> None:
        """Each method, of an object that is made with the default arguments; and of each that a text chooses."""
        instance, tested = self._instance(cls, {})
        methods = [
            v for v in cls.attributes.values() if isinstance(v, Function) and v.node in wanted and v.name != "__init__"
        ]
        for method in methods:
            for parameter, texts in self.follow(replace(method, me=instance)).items():
                tested.setdefault(parameter, set()).update(texts)
        start = cls.attributes.get("__init__")
        usual = start.defaults if isinstance(start, Function) else {}
        for parameter in sorted(tested.keys() & usual.keys()):
            for text in sorted(tested[parameter])[:MOST_TEXTS]:
                if text != usual[parameter] and self.m.all_work > 0:
                    instance, _ = self._instance(cls, {parameter: text})
                    for method in methods:
                        self.follow(replace(method, me=instance), {}, f"{parameter}={text!r}")

    def _instance(self, cls: Class, named: dict[str, object]) -> tuple[object, dict[str, set[str]]]:
        self.m.begin(WORK)
        with self.m.doubt(f"in {cls.name}, which may be made any number of times"):
            try:
                made = calls.instantiate(self.m, cls, [], named, cls.node)
            except Exhausted:
                made = Instance(cls, {})
        return made, dict(self.m.tested)

    def _function(self, function: Function, wanted: Collection[ast.AST], called: set[ast.AST]) -> None:
        tested = self.follow(function)
        a = function.node.args
        for parameter in sorted(tested.keys() & {p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs)}):
            if parameter in function.defaults:  # what else it is compared with, once the default does not fit
                any_text = Unknown("any text", self.m.place(function.node), parameter)
                found = self.follow(function, {parameter: any_text}, record=False)
                tested[parameter] |= found.get(parameter, set())
            usual = function.defaults.get(parameter)
            for text in sorted(tested[parameter])[:MOST_TEXTS]:
                if text != usual and self.m.all_work > 0:
                    self.follow(function, {parameter: text}, f"{parameter}={text!r}")
        frame = self.m.frames.get(function.node)
        for inner in list(frame.names.values()) if frame else ():
            if isinstance(inner, Function) and inner.node not in self.m.called:
                self._root(inner, wanted, called)

    def follow(
        self, function: Function, forced: Mapping[str, object] | None = None, label: str = "", record: bool = True
    ) -> dict[str, set[str]]:
        """Follow a call of a function with these arguments; the texts that each parameter is compared with."""
        forced = dict(forced or {})
        root = function.node, repr(forced)
        if refused := self.exhausted.get(root):
            self._lose(function, refused, record)
            return {}
        self.m.begin(WORK if function.node in self.glance.direct else PASSING_WORK)
        before = set(self.m.called)
        self.m.called = set()
        with self.m.doubt(f"in {function.name}, which may be called any number of times"):
            try:
                calls.enter(self.m, function, [], forced, function.node)
            except Exhausted as stop:
                self.exhausted[root] = Refused(self.path, function.node.lineno, f"{function.name}: {stop.why}")
                self._lose(function, self.exhausted[root], record)
                self.m.ends, self.m.read = [], []
        entered, self.m.called = self.m.called, before | self.m.called
        if record and self._collect(function.node, label, entered - {function.node}):
            self.covered |= entered - {function.node}
        return {k: set(v) for k, v in self.m.tested.items()}

    def _lose(self, function: Function, refused: Refused, record: bool) -> None:
        """Say that a function that iterates was not followed to its end."""
        if record and function.node in self.glance.direct and function.node in self.glance.iterates:
            self.lost.append((function.node, refused))

    def _collect(self, root: ast.AST | None, label: str, entered: set[ast.AST] | None) -> bool:
        """Turn the chains of matrices that were seen into schedules; says whether one of them is wholly known."""
        ends = self.module_ends if root is None else self.m.ends
        chains: list[tuple[Run, ast.AST | None, tuple[str, ...]]] = []
        for odd, code, assumed in ends:
            run = run_of(odd)
            if run and not any(_prefix(run, r) for r, _, _ in chains):
                chains = [(r, c, a) for r, c, a in chains if not _prefix(r, run)]
                chains.append((run, code, assumed))
        good = False
        for run, code, assumed in chains:
            unknown = next((c for row in run.steps for c in row if isinstance(c, Unknown)), None)
            if unknown is None:
                good = True
                self._add(run, code, label, list(assumed))
            elif any(isinstance(c, Number) for row in run.steps for c in row) or code is not None:
                where = self.names.get(code, "the module") if code else "the module"
                line = getattr(code, "lineno", unknown.place[1])
                why = f"what the coefficients of {where} are was not followed: {unknown.why}"
                self.lost.append((code, Refused(self.path, line, why)))
        for items, start, node, code in self.m.read if root is not None else []:
            rows = as_rows(Items(list(items), (self.path, 1)))
            if rows and shaped(rows):
                good = True
                run = Run(tuple(map(tuple, rows)), start.base.normal, start.dtype, start.base)
                order = (
                    "each row holds the coefficients of x, x³, x⁵, … in this order (not every product of the loop of "
                    f"line {getattr(node, 'lineno', 0)} was followed)"
                )
                self._add(run, code, label, [*self.m.assumed.values(), order])
        return good

    def _add(self, run: Run, code: ast.AST | None, label: str, assumed: list[str]) -> None:
        rows = [[c for c in row if isinstance(c, Number)] for row in run.steps]
        place = rows[0][0].place
        where = self.names.get(code, "") if code is not None else ""
        found = Found(
            name=f"{where or '<module>'}" + (f"({label})" if label else ""),
            path=place[0],
            line=place[1],
            rows=rows,
            kind="run",
            normal=run.normal,
            dtype=run.dtype,
            assumed=tuple(assumed),
            where=(self.path, getattr(code, "lineno", place[1])),
            evidence=True,
            short=next(iter(self.m.short.values()), None),
            extended=next(iter(self.m.extended.values()), None),
            doc=_docstring(code),
        )
        for i, (other, known) in enumerate(self.runs):
            alike = other.key == run.key and _alike(other.normal, run.normal) and other.dtype == run.dtype
            if alike and (known.path, known.line) == (found.path, found.line):
                if len(known.assumed) > len(found.assumed):
                    self.runs[i] = (run, found)
                return
        self.runs.append((run, found))

    # results

    def reading(self) -> Reading:
        """The schedules of the file, in the order of its lines, and what could not be followed."""
        found = _distinct([f for _, f in self.runs if not (len(f.rows) == 1 and self._inner(f))])
        used = {n.place for f in found for row in f.rows for n in row}
        raw = [t for t in tables(self) if not any(row[0].place in used for row in t.rows)]
        sharing: dict[Place, list[Found]] = {}
        for t in (*raw, *found):
            sharing.setdefault(t.rows[0][0].place, []).append(t)
        raw = [t for t in raw if not any(_made_of(t, u) for u in sharing[t.rows[0][0].place][:50])]
        good = {f.where for f in found}
        lost = [((self.glance.reach(code) or {code}) if code else {None}, r) for code, r in reversed(self.lost)]
        unique = {(r.path, r.line): r for codes, r in lost if not codes <= self.covered}
        rest = [r for place, r in unique.items() if place not in good]
        refused = [*self.refused, *sorted(rest, key=lambda r: r.line)]
        return Reading([*sorted(found, key=lambda f: (f.path, f.line)), *raw], refused)

    def _inner(self, found: Found) -> bool:
        return any(found.where == (self.path, getattr(c, "lineno", 0)) for c in self.covered)

    def value(self, node: ast.expr, scope: ast.AST) -> object:
        """What an expression of a scope that was followed denotes."""
        self.m.begin(WORK)
        return self.m.eval(node, self.m.frames.get(scope, self.m.module))

    def table(self, selector: str) -> Found:
        """The rows that NAME, NAME[key], function.NAME or function.a,b,c denotes.  Raises UsageError."""
        return selected(self, selector)


def _docstring(code: ast.AST | None) -> tuple[int, str] | None:
    """The docstring of a function, and its first line."""
    first = next(iter(getattr(code, "body", ())), None) if isinstance(code, FUNCTIONS) else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first.lineno, first.value.value
    return None


def _alike(p: Normal | None, q: Normal | None) -> bool:
    """The same normalisation, but perhaps for ε?"""
    return (p is None) == (q is None) and (p is None or q is None or (p.kind, p.factor) == (q.kind, q.factor))


def _prefix(shorter: Run, longer: Run) -> bool:
    """Is one chain the beginning of another, or equal to it?"""
    k = len(shorter.steps)
    return k <= len(longer.steps) and shorter.key == longer.key[:k] and shorter.normal == longer.normal


def _distinct(found: list[Found]) -> list[Found]:
    """Without runs that rest on more assumptions than another one of the same rows in the same function."""
    sure = {(f.line, f.where) for f in found if not f.assumed}
    found = [f for f in found if not f.assumed or (f.line, f.where) not in sure]

    def key(f: Found) -> tuple[object, ...]:
        return f.where, f.dtype, tuple(tuple(n.value for n in row) for row in f.rows)

    chosen = {key(f) for f in found if f.name.endswith(")")}  # a text chose the list: that run has the list's own place
    return [f for f in found if f.name.endswith(")") or key(f) not in chosen]


def _made_of(raw: Found, made: Found) -> bool:
    """Is a list computed from another one, row by row?  Then the other one is only its raw material."""
    values = [[n.value for n in row] for row in raw.rows] != [[n.value for n in row] for row in made.rows]
    return values and made.bound > raw.bound and {r[0].place for r in raw.rows} <= {r[0].place for r in made.rows}
