"""Expressions: each kind of node of the syntax tree, and what it denotes."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import rational
from muon_theory.sources import binding, calls, flow, matrices, tensors
from muon_theory.sources.found import as_rows
from muon_theory.sources.matrices import Even, Odd, Scale, Squares
from muon_theory.sources.values import (
    LARGEST,
    LONGEST,
    MOST_CHOICES,
    Bound,
    Choice,
    Class,
    Count,
    Default,
    Foreign,
    Function,
    Instance,
    Items,
    Key,
    Number,
    Refusal,
    Stream,
    Table,
    Unknown,
    alternatives,
    kind,
    same,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter
    from muon_theory.sources.scope import Scope

T = TypeVar("T")
MATRIX = (Odd, Even, Scale, Squares)
_LARGEST_EXPONENT = 64
_BUILTINS = frozenset((*dir(builtins), "__file__", "__name__", "reveal_type"))


def evaluate(m: Interpreter, node: ast.expr, scope: Scope) -> object:
    match node:
        case ast.Constant():
            return constant(m, node)
        case ast.Name(id=name):
            try:
                return scope.find(name)
            except KeyError:
                if name not in _BUILTINS:
                    return m.unknown(f"{name!r} is not assigned in the file", node)
                return Foreign(f"builtins.{name}", m.place(node))
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return m.list_of(list(elements(m, parts, scope)), node, not isinstance(node, ast.List))
        case ast.Dict():
            return dictionary(m, node, scope)
        case ast.UnaryOp(op=op, operand=operand):
            return unary(m, op, m.eval(operand, scope), node)
        case ast.BinOp(left=left, op=op, right=right):
            return binary(m, op, m.eval(left, scope), m.eval(right, scope), node)
        case ast.Compare():
            return comparison(m, node, scope)
        case ast.BoolOp():
            return boolean(m, node, scope)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            value = m.truth(m.eval(test, scope))
            if value is not None:
                return m.eval(body if value else orelse, scope)
            return flow.either(m, m.eval(body, scope), m.eval(orelse, scope), "", node)
        case ast.Attribute(value=value, attr=attr):
            return attribute(m, m.eval(value, scope), attr, node)
        case ast.Subscript(value=value, slice=index):
            return subscript(m, m.eval(value, scope), index, scope, node)
        case ast.Call():
            return call(m, node, scope)
        case (
            ast.ListComp(elt=elt, generators=generators)
            | ast.GeneratorExp(elt=elt, generators=generators)
            | ast.SetComp(elt=elt, generators=generators)
        ):
            found = comprehension(m, generators, scope, lambda inner: m.eval(elt, inner))
            return found if isinstance(found, Unknown) else m.list_of(found, node)
        case ast.DictComp(key=label, value=content, generators=generators):
            pairs = comprehension(m, generators, scope, lambda s: (m.key(m.eval(label, s)), m.eval(content, s)))
            return pairs if isinstance(pairs, Unknown) else Table(dict(pairs), m.place(node), level=len(m.doubts))
        case ast.Lambda():
            return calls.define(m, node, scope)
        case ast.NamedExpr(target=target, value=value):
            result = m.eval(value, scope)
            if isinstance(scope.names.get(target.id), (Items, Table)) and scope.names[target.id] is not result:
                result = m.unknown(f"{target.id!r} is bound again by ':=' on line {node.lineno}", node)
            binding.set_name(m, target.id, result, scope, node)
            return result
        case ast.Starred(value=value):
            return m.eval(value, scope)
        case ast.Yield(value=value):
            produce(m, [m.eval(value, scope) if value else None], scope, node)
            return None
        case ast.YieldFrom(value=value):
            source = m.eval(value, scope)
            items = m.items(source)
            produce(m, items if items is not None else [m.unknown(kind(source), node)], scope, node)
            return None
        case ast.Await(value=value):
            return m.eval(value, scope)
        case ast.Slice():
            return m.unknown("a slice", node)
    return m.unknown(f"{type(node).__name__.lower()} is not followed", node)


def produce(m: Interpreter, items: list[object], scope: Scope, node: ast.AST) -> None:
    home: Scope | None = scope
    while home is not None and home.yields is None:
        home = home.parent
    if home is not None and home.yields is not None:
        home.yields.extend(items)
        if len(home.yields) > LONGEST:
            raise Refusal(f"a generator of more than {LONGEST} items", m.place(node))


def constant(m: Interpreter, node: ast.Constant) -> object:
    value = node.value
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if value.bit_length() > LARGEST:
            raise Refusal("a number too long to be a coefficient", m.place(node))
        return Number(Fraction(value), m.place(node))
    if isinstance(value, float):
        try:
            return Number(rational(segment(m, node).replace("_", "")), m.place(node))
        except (ParseError, UsageError):
            raise Refusal("a number that is too long, or too large", m.place(node)) from None
    return m.unknown(f"{value!r} is no real number"[:60], node)


def segment(m: Interpreter, node: ast.expr) -> str:
    """The text of a number, which stands on one line."""
    if m.lines is None:
        m.lines = m.text.encode("utf-8", "surrogatepass").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return m.lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()


def elements(m: Interpreter, parts: list[ast.expr], scope: Scope) -> Iterator[object]:
    for part in parts:
        value = m.eval(part, scope)
        if isinstance(part, ast.Starred):
            items = m.items(value)
            if items is None:
                raise Refusal(value.why if isinstance(value, Unknown) else f"*{kind(value)}", m.place(part))
            yield from items
        else:
            yield value


def dictionary(m: Interpreter, node: ast.Dict, scope: Scope) -> Table:
    made: dict[Key, object] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        result = m.eval(value, scope)
        if key is not None:
            made[m.key(m.eval(key, scope))] = result
        elif isinstance(result, Table):
            made |= result.readable()
        else:
            raise Refusal(result.why if isinstance(result, Unknown) else f"**{kind(result)}", m.place(value))
    return Table(made, m.place(node), level=len(m.doubts))


def comprehension(
    m: Interpreter, generators: list[ast.comprehension], scope: Scope, make: Callable[[Scope], T]
) -> list[T] | Unknown:
    from muon_theory.sources.scope import Scope as Names

    inner = Names({}, scope, "function")
    out: list[T] = []
    failed: list[Unknown] = []

    def run(depth: int) -> None:
        if failed or len(out) > LONGEST:
            return
        if depth == len(generators):
            out.append(make(inner))
            return
        generator = generators[depth]
        source = m.eval(generator.iter, inner if depth else scope)
        items = m.items(source)
        if items is None:
            why = source.why if isinstance(source, (Unknown, Count, Choice)) else f"{kind(source)} is not iterated over"
            failed.append(Unknown(why, m.place(generator.iter),
                                  source.parameter if isinstance(source, Unknown) else ""))  # fmt: skip
            return
        for item in list(items):
            m.tick(generator.iter)
            binding.bind(m, generator.target, item, inner, generator.iter)
            tests = [m.truth(m.eval(test, inner)) for test in generator.ifs]
            if None in tests:
                failed.append(m.unknown("a condition that is not known", generator.iter))
                return
            if all(tests):
                run(depth + 1)

    run(0)
    if len(out) > LONGEST:
        raise Refusal(f"a list of more than {LONGEST} items", (m.path, 1))
    return failed[0] if failed else out


def unary(m: Interpreter, op: ast.unaryop, value: object, node: ast.AST) -> object:
    if isinstance(value, Choice):
        return lift(m, lambda v: unary(m, op, v, node), node, value)
    if isinstance(op, ast.Not):
        known = m.truth(value)
        return m.unknown("a condition that is not known", node) if known is None else not known
    if isinstance(value, Number):
        return value if isinstance(op, ast.UAdd) else replace(value, value=-value.value)
    if isinstance(op, ast.USub) and isinstance(value, (Odd, Even)):
        return matrices.times(Number(Fraction(-1), m.place(node)), value)
    if isinstance(op, ast.USub) and isinstance(value, Items) and value.array:
        return each(m, value, lambda v: unary(m, op, v, node), node)
    return value if isinstance(value, Unknown) else m.unknown(f"a sign of {kind(value)}", node)


def each(m: Interpreter, value: Items, function: Callable[[object], object], node: ast.AST) -> Items:
    made = m.list_of([function(_array(v)) for v in value.readable()], node)
    made.array = True
    return made


def lift(m: Interpreter, function: Callable[..., object], node: ast.AST, *values: object) -> object:
    """A function of values of which some are choices."""
    combined: list[list[object]] = [[]]
    for value in values:
        options = list(alternatives(value))
        combined = [[*c, o] for c in combined for o in options]
        if len(combined) > MOST_CHOICES:
            return m.unknown(f"more than {MOST_CHOICES} possible values", node)
    why = next(v.why for v in values if isinstance(v, Choice))
    results: list[object] = []
    for one in combined:
        m.tick(node)
        value = function(*one)
        if not any(same(value, r) for r in results):
            results.append(value)
    return results[0] if len(results) == 1 else Choice(results, why, m.place(node))


def binary(m: Interpreter, op: ast.operator, left: object, right: object, node: ast.AST) -> object:
    if isinstance(left, Choice) or isinstance(right, Choice):
        return lift(m, lambda p, q: binary(m, op, p, q, node), node, left, right)
    if isinstance(left, Number) and isinstance(right, Number):
        return arithmetic(m, op, left, right, node)
    if isinstance(left, MATRIX) or isinstance(right, MATRIX) or isinstance(op, ast.MatMult):
        return tensors.operate(m, op, left, right, node)
    match op, left, right:
        case ast.Add(), Items(array=False), Items(array=False):
            return m.list_of([*left.readable(), *right.readable()], node, left.fixed)
        case (ast.Mult(), Items(array=False) as box, Number() as number) | (
            ast.Mult(),
            Number() as number,
            Items(array=False) as box,
        ):
            if number.whole is not None:
                if number.whole * len(box.readable()) > LONGEST:
                    raise Refusal(f"a list of more than {LONGEST} items", m.place(node))
                return m.list_of(box.readable() * number.whole, node, box.fixed)
        case ast.Add(), str(), str():
            return (str(left) + str(right))[:1000]
        case ast.BitOr(), Table(), Table():
            return Table(left.readable() | right.readable(), m.place(node), level=len(m.doubts))
    if (isinstance(left, Items) and left.array) or (isinstance(right, Items) and right.array):
        return broadcast(m, op, left, right, node)
    for value in (left, right):
        if isinstance(value, Unknown):
            return Unknown(value.why, value.place, value.parameter)
    return m.unknown(f"{type(op).__name__.lower()} of {kind(left)} and {kind(right)}", node)


def broadcast(m: Interpreter, op: ast.operator, left: object, right: object, node: ast.AST) -> object:
    """Arrays, elementwise: with a number, an array of that shape, or a row for each row."""
    if isinstance(left, Items) and _depth(left) > _depth(right):
        return each(m, left, lambda v: binary(m, op, v, right, node), node)
    if isinstance(right, Items) and _depth(right) > _depth(left):
        return each(m, right, lambda v: binary(m, op, left, v, node), node)
    if not isinstance(left, Items) or not isinstance(right, Items) or len(left.items) != len(right.items):
        return m.unknown("arrays of different shapes", node)
    made = m.list_of(
        [binary(m, op, _array(p), _array(q), node) for p, q in zip(left.items, right.items, strict=True)], node
    )
    made.array = True
    return made


def _array(value: object) -> object:
    if isinstance(value, Items):
        value.array = True
    return value


def _depth(value: object) -> int:
    return 1 + _depth(value.items[0]) if isinstance(value, Items) and value.items else int(isinstance(value, Items))


def arithmetic(m: Interpreter, op: ast.operator, left: Number, right: Number, node: ast.AST) -> object:
    p, q = left.value, right.value
    place = left.place
    result: Fraction | None = None
    match op:
        case ast.Add():
            result = p + q
        case ast.Sub():
            result = p - q
        case ast.Mult():
            result, place = p * q, left.place if abs(p) != 1 else right.place
        case ast.Div() if q:
            result, place = p / q, left.place if p != 1 else right.place
        case ast.FloorDiv() if q:
            result = Fraction(p // q)
        case ast.Mod() if q:
            result = p % q
        case ast.Pow() if q.denominator == 1 and abs(q) <= _LARGEST_EXPONENT and (p or q >= 0):
            result = p ** int(q)
    if result is None and isinstance(op, ast.Pow) and q.denominator == 1:
        return m.unknown(f"{p} to the power {q} is too large to be a coefficient"[:90], node)
    if result is None:
        return m.unknown(f"{type(op).__name__.lower()} of {p} and {q} is no rational number"[:80], node)
    if max(result.numerator.bit_length(), result.denominator.bit_length()) > LARGEST:
        raise Refusal("a number too long to be a coefficient", m.place(node))
    return Number(result, place)


def comparison(m: Interpreter, node: ast.Compare, scope: Scope) -> object:
    left = m.eval(node.left, scope)
    answer: object = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = m.eval(right_node, scope)
        result = compare(m, op, left, right, node)
        known = m.truth(result)
        if known is False:
            return False
        if known is None:
            answer = m.unknown("a comparison that is not known", node)
        left = right
    return answer


def compare(m: Interpreter, op: ast.cmpop, left: object, right: object, node: ast.AST) -> object:
    remember(m, left, right)
    remember(m, right, left)
    unsure = (Unknown, Choice, Count, Stream)
    if isinstance(op, (ast.Is, ast.IsNot)):
        if isinstance(left, unsure) or isinstance(right, unsure):
            return m.unknown("a comparison that is not known", node)
        equal = left is right if not isinstance(left, Foreign) else left == right
        return equal if isinstance(op, ast.Is) else not equal
    if isinstance(op, (ast.In, ast.NotIn)):
        items = m.items(right)
        if items is None or isinstance(left, unsure) or any(isinstance(v, unsure) for v in items):
            return m.unknown("a membership that is not known", node)
        found = any(same(left, v) for v in items)
        return found if isinstance(op, ast.In) else not found
    if isinstance(left, Number) and isinstance(right, Number):
        p, q = left.value, right.value
        match op:
            case ast.Eq():
                return p == q
            case ast.NotEq():
                return p != q
            case ast.Lt():
                return p < q
            case ast.LtE():
                return p <= q
            case ast.Gt():
                return p > q
            case ast.GtE():
                return p >= q
    plain = (str, bool, type(None), Items, Number, Table)
    if isinstance(op, (ast.Eq, ast.NotEq)) and isinstance(left, plain) and isinstance(right, plain):
        return same(left, right) == isinstance(op, ast.Eq)
    if isinstance(op, (ast.Eq, ast.NotEq)) and isinstance(left, Foreign) and isinstance(right, Foreign):
        equal = left.path == right.path
        return equal == isinstance(op, ast.Eq)
    return m.unknown("a comparison that is not known", node)


def remember(m: Interpreter, value: object, against: object) -> None:
    """Note the texts that a parameter is compared with, so that each can be followed."""
    parameter = value.parameter if isinstance(value, (Default, Unknown)) else ""
    if parameter and (isinstance(against, Table) or chooses_rows(m)):
        if isinstance(against, str):
            m.tested.setdefault(parameter, set()).add(str(against))
        elif isinstance(against, (Items, Table)):
            if isinstance(against, Table) and not _numeric(against):
                return
            texts = [str(v) for v in against.items if isinstance(v, str)]
            m.tested.setdefault(parameter, set()).update(texts[:MOST_CHOICES])


def chooses_rows(m: Interpreter) -> bool:
    """Does the function that is followed have two lists of numbers to choose from?"""
    code = m.stack[-1] if m.stack else None
    if code is None:
        return False
    if code not in m.choosers:
        lists = {id(n) for n in ast.walk(code) if isinstance(n, (ast.List, ast.Tuple)) and len(n.elts) > 1
                 and all(_float(e) for e in n.elts[:2])}  # fmt: skip
        names = {n.id for n in ast.walk(code) if isinstance(n, ast.Name) and _numeric(m.module.names.get(n.id))}
        m.choosers[code] = len(lists) + len(names) > 1
    return m.choosers[code]


def _float(node: ast.AST) -> bool:
    return any(isinstance(c, ast.Constant) and type(c.value) in (int, float) for c in ast.walk(node))


def _numeric(value: object, depth: int = 0) -> bool:
    if isinstance(value, (Items, Table)) and depth < 4:
        inner = list(value.items.values()) if isinstance(value, Table) else value.items
        return bool(inner) and _numeric(inner[0], depth + 1)
    return depth > 1 and isinstance(value, Number)


def boolean(m: Interpreter, node: ast.BoolOp, scope: Scope) -> object:
    stops = isinstance(node.op, ast.Or)
    unsure: list[object] = []
    value: object = None
    for part in node.values:
        value = m.eval(part, scope)
        known = m.truth(value)
        if known is None:
            unsure.append(value)
        elif known is stops:
            break
    if not unsure:
        return value
    for other in unsure:
        value = flow.either(m, other, value, "", node) if other is not value else value
    return value


def attribute(m: Interpreter, value: object, attr: str, node: ast.Attribute) -> object:
    match value:
        case Choice():
            return lift(m, lambda v: attribute(m, v, attr, node), node, value)
        case Instance():
            if attr in value.attributes:
                return value.attributes[attr]
            try:
                found = value.cls.find(attr)
            except KeyError:
                return m.unknown(f"{value.cls.name}.{attr} is not bound in the file", node)
            if isinstance(found, Function):
                if found.kind in ("property", "cached_property"):
                    return calls.enter(m, replace(found, me=value), [], {}, node)
                return replace(found, me=value)
            return found
        case Class():
            try:
                found = value.find(attr)
            except KeyError:
                return m.unknown(f"{value.name}.{attr} is not bound in the file", node)
            return replace(found, me=value) if isinstance(found, Function) and found.kind == "classmethod" else found
        case Foreign(path=path):
            return Foreign(f"{path}.{attr}".removeprefix("builtins."), m.place(node))
        case Odd() | Even() | Scale():
            return tensors.attribute(m, value, attr, node)
        case Unknown():
            if attr in tensors.TRANSPOSED:
                return tensors.attribute(m, tensors.as_matrix(m, value), attr, node)
            return Unknown(value.why, value.place, "")
        case Items(array=True) if attr in ("T", "mT"):
            return transposed(m, value, node)
    return Bound(value, attr, node)


def transposed(m: Interpreter, value: Items, node: ast.AST) -> object:
    rows = [m.items(v) for v in value.readable()]
    if not rows or any(r is None or len(r) != len(rows[0] or []) for r in rows):
        return m.unknown("a transposed array", node)
    made = m.list_of([m.list_of(list(column), node) for column in zip(*rows, strict=True)], node)
    made.array = True
    return made


def subscript(m: Interpreter, box: object, index: ast.expr, scope: Scope, node: ast.AST) -> object:
    if isinstance(box, Choice):
        return lift(m, lambda v: subscript(m, v, index, scope, node), node, box)
    if isinstance(box, MATRIX):
        return tensors.indexed(m, box, index, node)
    if isinstance(index, ast.Slice):
        return sliced(m, box, index, scope, node)
    key = m.eval(index, scope)
    if isinstance(key, Choice):
        return lift(m, lambda k: item(m, box, k, node), node, key)
    return item(m, box, key, node)


def item(m: Interpreter, box: object, key: object, node: ast.AST) -> object:
    """box[key]."""
    remember(m, key, box)
    match box:
        case Table():
            entries = box.readable()
            if isinstance(key, (Unknown, Foreign)):
                if 0 < len(entries) <= MOST_CHOICES and all(
                    isinstance(v, (Items, Table, Number)) for v in entries.values()
                ):
                    return Choice(list(entries.values()), "which key is meant is not known", m.place(node))
                return m.unknown("a key that is not known", node)
            try:
                return entries[m.key(key)]
            except KeyError:
                return m.unknown(f"there is no key {m.key(key)!r}", node)
        case Items():
            items = box.readable()
            if isinstance(key, Number) and key.whole is not None:
                m.indexed = max(m.indexed, len(items))
                if -len(items) <= key.whole < len(items):
                    return items[key.whole]
                m.assume(f"item {key.whole} of a list of {len(items)} is asked for", node)
                return m.unknown(f"item {key.whole} of a list of {len(items)}: an IndexError", node)
            if isinstance(key, Items) and box.array:
                value: object = box
                for part in key.items:
                    value = item(m, value, part, node)
                return value
            return m.unknown("an index that is not known", node)
        case Foreign():
            return box  # a generic type
        case Unknown():
            return Unknown(box.why, box.place, "")
        case Instance(cls=cls) if cls.fields and isinstance(key, Number) and key.whole is not None:
            return box.attributes[cls.fields[key.whole]]
    return m.unknown(f"an item of {kind(box)}", node)


def sliced(m: Interpreter, box: object, index: ast.Slice, scope: Scope, node: ast.AST) -> object:
    if not isinstance(box, (Items, str)):
        return box if isinstance(box, (Unknown, Odd, Even, Scale)) else m.unknown(f"a slice of {kind(box)}", node)
    ends: list[int | None] = []
    for part in (index.lower, index.upper, index.step):
        value = m.eval(part, scope) if part is not None else None
        if isinstance(value, Unknown) and isinstance(box, Items):
            if as_rows(box) is None:
                return Unknown(value.why, value.place)
            m.assume(f"all {len(box.items)} rows (how many are sliced on line {m.place(node)[1]} is not known: "
                     f"{value.why})", node)  # fmt: skip
            return box
        if value is not None and (not isinstance(value, Number) or value.whole is None):
            return m.unknown("a slice that is not known", node)
        ends.append(value.whole if value is not None else None)
    if ends[2] == 0:
        return m.unknown("a slice of step 0", node)
    if isinstance(box, str):
        return box[slice(*ends)]
    items = box.readable()
    for end in ends[:2]:
        if end is not None and abs(end) > len(items) and ends[2] in (None, 1):
            m.short[(m.path, m.place(node)[1])] = (abs(end), len(items))
    made = m.list_of(items[slice(*ends)], node, box.fixed)
    made.array = box.array
    return made


def call(m: Interpreter, node: ast.Call, scope: Scope) -> object:
    from muon_theory.sources import methods

    func = node.func
    arguments: list[object] = []
    for part in node.args:
        value = m.eval(part, scope)
        if isinstance(part, ast.Starred):
            items = m.items(value)
            if items is None:
                arguments.append(Unknown("*arguments that are not known", m.place(part)))
            else:
                arguments.extend(items)
        else:
            arguments.append(value)
    named: dict[str, object] = {}
    for keyword in node.keywords:
        value = m.eval(keyword.value, scope)
        if keyword.arg is not None:
            named[keyword.arg] = value
        elif isinstance(value, Table) and not value.changed:
            named |= {str(k): v for k, v in value.items.items() if isinstance(k, str)}
    if isinstance(func, ast.Attribute):
        if methods.is_super(func.value):
            result = methods.call_super(m, func.attr, arguments, named, scope, node)
        else:
            receiver = m.eval(func.value, scope)
            result = methods.method(m, receiver, func, arguments, named, scope, node)
    else:
        result = calls.call(m, m.eval(func, scope), arguments, named, node)
    for keyword in node.keywords:
        if keyword.arg == "out" and isinstance(keyword.value, ast.Name):
            binding.set_name(m, keyword.value.id, result, scope, node)
    return result
