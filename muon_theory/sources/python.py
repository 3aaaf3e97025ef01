"""Python files: the schedules that their loops run, and the tables that no loop of the file runs.

Functions are followed as they are called in the file, and with their default arguments; where a text chooses among
lists, each text is followed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from muon_theory.errors import UsageError
from muon_theory.sources import calls
from muon_theory.sources.found import LIKELY, Found, Reading, Refused, as_rows, shaped, typical
from muon_theory.sources.glance import FUNCTIONS, glance
from muon_theory.sources.interpreter import ALL_WORK, PASSING_WORK, WORK, Interpreter
from muon_theory.sources.matrices import Normal, Run, run_of
from muon_theory.sources.values import (
    Choice,
    Class,
    Exhausted,
    Function,
    Instance,
    Items,
    Number,
    Place,
    Table,
    Unknown,
    kind,
)

MOST_TEXTS = 40
LONGEST_PROGRAM = 1_000_000
_SELECTOR = re.compile(r"(?P<scope>(?:\w+\.)*)(?P<name>\w+(?:\s*,\s*\w+)*)(?P<keys>(?:\[[^\[\]]*\])*)")


def parse(path: str, text: str) -> ast.Module:
    """The syntax tree.  Raises UsageError, one line with the place."""
    if len(text) > LONGEST_PROGRAM:
        raise UsageError(
            f"{path}:1: a program of more than {LONGEST_PROGRAM // 1000} thousand characters is not followed"
        )
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
        self.names = dict(_qualified(self.tree))
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
            for parameter, texts in self._follow(replace(method, me=instance), {}, "").items():
                tested.setdefault(parameter, set()).update(texts)
        start = cls.attributes.get("__init__")
        usual = start.defaults if isinstance(start, Function) else {}
        for parameter in sorted(tested.keys() & usual.keys()):
            for text in sorted(tested[parameter])[:MOST_TEXTS]:
                if text != usual[parameter] and self.m.all_work > 0:
                    instance, _ = self._instance(cls, {parameter: text})
                    for method in methods:
                        self._follow(replace(method, me=instance), {}, f"{parameter}={text!r}")

    def _instance(self, cls: Class, named: dict[str, object]) -> tuple[object, dict[str, set[str]]]:
        self._start()
        with self.m.doubt(f"in {cls.name}, which may be made any number of times"):
            try:
                made = calls.instantiate(self.m, cls, [], named, cls.node)
            except Exhausted:
                made = Instance(cls, {})
        return made, dict(self.m.tested)

    def _start(self, work: int = WORK) -> None:
        m = self.m
        m.work, m.ends, m.assumed, m.tested, m.short, m.extended, m.read = work, [], {}, {}, {}, {}, []
        m.known_calls = {}

    def _function(self, function: Function, wanted: Collection[ast.AST], called: set[ast.AST]) -> None:
        tested = self._follow(function, {}, "")
        a = function.node.args
        for parameter in sorted(tested.keys() & {p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs)}):
            if parameter in function.defaults:  # what else it is compared with, once the default does not fit
                any_text = Unknown("any text", self.m.place(function.node), parameter)
                found = self._follow(function, {parameter: any_text}, "", record=False)
                tested[parameter] |= found.get(parameter, set())
            usual = function.defaults.get(parameter)
            for text in sorted(tested[parameter])[:MOST_TEXTS]:
                if text != usual and self.m.all_work > 0:
                    self._follow(function, {parameter: text}, f"{parameter}={text!r}")
        frame = self.m.frames.get(function.node)
        for inner in list(frame.names.values()) if frame else ():
            if isinstance(inner, Function) and inner.node not in self.m.called:
                self._root(inner, wanted, called)

    def _follow(
        self, function: Function, forced: dict[str, object], label: str, record: bool = True
    ) -> dict[str, set[str]]:
        root = function.node, repr(forced)
        if refused := self.exhausted.get(root):
            self._lose(function, refused, record)
            return {}
        self._start(WORK if function.node in self.glance.direct else PASSING_WORK)
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
        tables = [t for t in self.tables() if not any(row[0].place in used for row in t.rows)]
        sharing: dict[Place, list[Found]] = {}
        for t in (*tables, *found):
            sharing.setdefault(t.rows[0][0].place, []).append(t)
        tables = [t for t in tables if not any(_made_of(t, u) for u in sharing[t.rows[0][0].place][:50])]
        good = {f.where for f in found}
        lost = [((self.glance.reach(code) or {code}) if code else {None}, r) for code, r in reversed(self.lost)]
        unique = {(r.path, r.line): r for codes, r in lost if not codes <= self.covered}
        rest = [r for place, r in unique.items() if place not in good]
        refused = [*self.refused, *sorted(rest, key=lambda r: r.line)]
        return Reading([*sorted(found, key=lambda f: (f.path, f.line)), *tables], refused)

    def _inner(self, found: Found) -> bool:
        return any(found.where == (self.path, getattr(c, "lineno", 0)) for c in self.covered)

    def scopes(self) -> Iterator[tuple[str, dict[str, object], ast.AST]]:
        """Each scope that was followed: its qualified name with a dot at the end, its names, its node."""
        yield "", self.m.module.names, self.tree
        todo = [("", v) for v in self.m.module.names.values()]
        while todo:
            prefix, value = todo.pop(0)
            if isinstance(value, Class):
                yield f"{prefix}{value.name}.", value.attributes, value.node
                todo += [
                    (f"{prefix}{value.name}.", v) for v in value.attributes.values() if isinstance(v, (Class, Function))
                ]
        for code, scope in self.m.frames.items():
            if code in self.names:
                yield f"{self.names[code]}.", scope.names, code

    def tables(self, every: bool = False) -> list[Found]:
        """The tables that the file binds to names, dictionaries by key; `every`: other names for one of them too."""
        out: list[Found] = []
        for prefix, names, node in self.scopes():
            seen: list[Found] = []
            for name, value in list(names.items()):
                if isinstance(value, Instance):
                    for attribute, inner in value.attributes.items():
                        seen += self._tables(f"{prefix}{name}.{attribute}", inner, 0)
                elif not (isinstance(node, ast.Module) and isinstance(value, Items) and value.place[0] != self.path):
                    seen += self._tables(f"{prefix}{name}", value, 0)
            out += [*seen, *self._scalars(prefix, names, node)]
        if every:
            return out
        unique: dict[tuple[object, ...], Found] = {}
        known: set[Place] = set()
        listed = {id(n) for t in out if len(t.rows) > 1 for row in t.rows for n in row}
        for t in out:
            if len(t.rows) == 1 and all(id(n) in listed for n in t.rows[0]):
                continue  # a name for one row of a list
            places = {row[0].place for row in t.rows}
            if t.name.count(".") and places <= known and (len(t.rows) > 1 or "," in t.name):
                continue  # a function's own name for a list that is bound elsewhere
            known |= places
            unique.setdefault((t.path, t.line, tuple(tuple(n.value for n in row) for row in t.rows)), t)
        return sorted(unique.values(), key=lambda t: (t.path, t.line))

    def _tables(self, selector: str, value: object, depth: int) -> Iterator[Found]:
        if isinstance(value, Table) and not value.changed and depth < 6:
            if row := _keyed(value):
                yield Found(
                    selector, value.place[0], row[0].place[1], [row], "table", evidence=bool(LIKELY.search(selector))
                )
                return
            for key, inner in value.items.items():
                yield from self._tables(f"{selector}[{key}]", inner, depth + 1)
        elif isinstance(value, Items) and not value.changed:
            rows = as_rows(value)
            if rows and shaped(rows):
                place = rows[0][0].place
                likely = bool(LIKELY.search(selector))
                yield Found(selector, *place, rows, "table", evidence=likely, bound=value.place[1])

    def _scalars(self, prefix: str, names: dict[str, object], node: ast.AST) -> Iterator[Found]:
        """a, b, c = …, or three names that differ in their last letter."""
        for statement in _statements(node):
            for target in statement.targets if isinstance(statement, ast.Assign) else ():
                if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) in (2, 3, 4, 5):
                    parts = [t.id for t in target.elts if isinstance(t, ast.Name)]
                    row = [names.get(p) for p in parts]
                    if len(row) == len(target.elts) and all(isinstance(v, Number) for v in row) and shaped([row]):  # type: ignore[list-item]
                        yield self._scalar(prefix, parts, row)  # type: ignore[arg-type]
        plain = {t.id for s in _statements(node) for t in _targets(s) if isinstance(t, ast.Name)}
        for name, value in names.items():
            if isinstance(value, Number) and name[-1:] in ("a", "A") and name in plain:
                stem, upper = name[:-1], name[-1] == "A"
                parts = [stem + (c.upper() if upper else c) for c in "abcdefg"]
                numbers: list[Number] = []
                for p in parts:
                    number = names.get(p)
                    if not isinstance(number, Number) or p not in plain:
                        break
                    numbers.append(number)
                if len(numbers) >= 2 and shaped([numbers]):
                    yield self._scalar(prefix, parts[: len(numbers)], numbers)

    def _scalar(self, prefix: str, parts: list[str], row: list[Number]) -> Found:
        selector = prefix + ",".join(parts)
        return Found(selector, row[0].place[0], row[0].place[1], [row], "table", evidence=bool(LIKELY.search(selector)))

    # one table by name

    def table(self, selector: str) -> Found:
        """The rows that NAME, NAME[key], function.NAME or function.a,b,c denotes.

        Raises UsageError: one line that says which line binds or changes it otherwise.
        """
        match = _SELECTOR.fullmatch(selector.strip())
        if not match:
            raise UsageError(f"{self.path}::{selector}: write NAME, NAME[key] or function.NAME after '::'")
        scope = match["scope"]
        self._follow_scope(scope[:-1])
        names, node = next(((n, c) for prefix, n, c in self.scopes() if prefix == scope), (None, None))
        if names is None or node is None:
            raise UsageError(f"{self.path}: there is no function or class {scope[:-1]!r}; {self.available()}")
        parts = re.sub(r"\s", "", match["name"]).split(",")
        value = self._looped(node, parts) if len(parts) > 1 else self._value(names, parts[0], scope)
        if value is None:
            values = [self._value(names, part, scope) for part in parts]
            value = Items(values, getattr(values[0], "place", (self.path, 1)))
        line = getattr(value, "place", (self.path, 1))[1]
        for key in re.findall(r"\[([^\[\]]*)\]", match["keys"]):
            value = self._item(value, key.strip().strip("'\""), line)
        return self._found(value, selector, line)

    def _follow_scope(self, name: str) -> None:
        """Follow a function that nothing led to before."""
        code = next((c for c, n in self.names.items() if n == name), None)
        if isinstance(code, FUNCTIONS) and code not in self.m.frames:
            found = next(
                (
                    v
                    for _, names, _ in self.scopes()
                    for v in names.values()
                    if isinstance(v, Function) and v.node is code
                ),
                None,
            )
            if found is not None:
                self._follow(found, {}, "")

    def _looped(self, node: ast.AST, parts: list[str]) -> object:
        """The rows of `for a, b, c in …`."""
        for statement in _statements(node):
            target = statement.target if isinstance(statement, ast.For) else None
            if isinstance(target, (ast.Tuple, ast.List)) and [getattr(t, "id", "") for t in target.elts] == parts:
                assert isinstance(statement, ast.For)
                self._start()
                value = self.m.eval(statement.iter, self.m.frames.get(node, self.m.module))
                return replace(value, place=self.m.place(statement)) if isinstance(value, Items) else value
        return None

    def _found(self, value: object, selector: str, line: int) -> Found:
        if isinstance(value, (Unknown, Choice)):
            raise UsageError(f"{self.path}:{value.place[1]}: {selector}: {value.why}")
        if isinstance(value, (Items, Table)) and value.changed:
            why, place = value.changed.why, value.changed.place
            raise UsageError(
                f"{self.path}:{place[1]}: {selector} (line {value.place[1]}): {why}: what runs differs from what "
                f"is written; give the final numbers as JSON"
            )
        if isinstance(value, Table):
            if row := _keyed(value):
                return Found(selector, self.path, line, [row], "table", evidence=True)
            keys = ", ".join(map(str, value.items)) or "nothing"
            raise UsageError(
                f"{self.path}:{value.place[1]}: {selector} has several tables: add [key], key one of {keys}"
            )
        if isinstance(value, (Function, Class)):
            line = value.node.lineno
        if isinstance(value, Items):
            for part in value.items:
                if isinstance(part, (Unknown, Choice)):
                    raise UsageError(f"{self.path}:{part.place[1]}: {selector}: {part.why}")
                for cell in part.items if isinstance(part, Items) else ():
                    if isinstance(cell, (Unknown, Choice)):
                        raise UsageError(
                            f"{self.path}:{cell.place[1]}: {selector}: {cell.why}: only written-out numbers are read"
                        )
            if rows := as_rows(value):
                return Found(selector, rows[0][0].place[0], value.place[1], rows, "table", evidence=True)
        raise UsageError(f"{self.path}:{line}: {selector} is {kind(value)}, not a row or a list of rows")

    def _value(self, names: dict[str, object], name: str, scope: str) -> object:
        if name not in names:
            raise UsageError(f"{self.path}: nothing is assigned to {scope + name!r} there; {self.available()}")
        return names[name]

    def _item(self, value: object, key: str, line: int) -> object:
        where = f"{self.path}:{line}"
        if isinstance(value, Table):
            if value.changed:
                return value
            for k, v in value.items.items():
                if str(k) == key:
                    return v
            keys = ", ".join(map(str, value.items)) or "none"
            raise UsageError(f"{where}: there is no key {key!r}: the keys are {keys}")
        if isinstance(value, Items) and re.fullmatch(r"-?\d{1,9}", key):
            if value.changed:
                return value
            if -len(value.items) <= int(key) < len(value.items):
                return value.items[int(key)]
            raise UsageError(f"{where}: there is no item {key}: {len(value.items)} are there, the first is [0]")
        raise UsageError(f"{where}: [{key}] does not select from {kind(value)}")

    def available(self) -> str:
        """One clause that names the tables of the file."""
        tables = self.tables(every=True)
        names = [t.name for t in tables if typical(t.rows)] or [t.name for t in tables]
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        return f"the file has {', '.join(names[:8])}{more}" if names else "the file has no table of coefficients"


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


def _keyed(value: Table) -> list[Number] | None:
    """{"a": …, "b": …, "c": …} as a row."""
    keys = list(value.items)
    if 2 <= len(keys) <= 9 and keys == list("abcdefghi"[: len(keys)]):
        row = [v for v in value.items.values() if isinstance(v, Number)]
        return row if len(row) == len(keys) else None
    return None


def _children(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements directly below a statement."""
    for field in ("body", "orelse", "finalbody"):
        below = getattr(node, field, ())
        if isinstance(below, list):
            yield from below
    for field in ("handlers", "cases"):
        for part in getattr(node, field, ()):
            yield from part.body


def _qualified(tree: ast.AST, prefix: str = "") -> Iterator[tuple[ast.AST, str]]:
    for node in _children(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node, prefix + node.name
            yield from _qualified(node, f"{prefix}{node.name}.")
        else:
            yield from _qualified(node, prefix)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a scope, those of its blocks included, those of functions in it not."""
    for child in _children(node):
        yield child
        if not isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield from _statements(child)


def _targets(node: ast.stmt) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
