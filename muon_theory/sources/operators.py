"""What operators make of values: numbers exactly, lists, arrays element by element, choices one by one."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.sources import matrices, tensors
from muon_theory.sources.choices import remember
from muon_theory.sources.matrices import Even, Odd, Scale, Squares
from muon_theory.sources.values import (
    LARGEST,
    MOST_CHOICES,
    Choice,
    Count,
    Foreign,
    Items,
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

MATRIX = (Odd, Even, Scale, Squares)
_LARGEST_EXPONENT = 64
_ARITHMETIC: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_ORDER: dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


def unary(m: Interpreter, op: ast.unaryop, value: object, node: ast.AST) -> object:
    if isinstance(value, Choice):
        return lift(m, lambda v: unary(m, op, v, node), node, value)
    if isinstance(op, ast.Not):
        known = m.truth(value)
        return m.unknown("a condition that is not known", node) if known is None else not known
    if isinstance(value, Number):
        return value if isinstance(op, ast.UAdd) else replace(value, value=-value.value)
    if isinstance(op, ast.USub) and isinstance(value, (Odd, Even)):
        return matrices.times(m.number(-1, node), value)
    if isinstance(op, ast.USub) and isinstance(value, Items) and value.array:
        return each(m, value, lambda v: unary(m, op, v, node), node)
    return value if isinstance(value, Unknown) else m.unknown(f"a sign of {kind(value)}", node)


def each(m: Interpreter, value: Items, function: Callable[[object], object], node: ast.AST) -> Items:
    return m.list_of([function(_array(v)) for v in value.readable()], node, array=True)


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
                m.within(number.whole * len(box.readable()), node)
                return m.list_of(box.readable() * number.whole, node, box.fixed)
        case ast.Add(), str(), str():
            return (str(left) + str(right))[:1000]
        case ast.BitOr(), Table(), Table():
            return m.table_of(left.readable() | right.readable(), node)
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
    pairs = zip(left.items, right.items, strict=True)
    return m.list_of([binary(m, op, _array(p), _array(q), node) for p, q in pairs], node, array=True)


def _array(value: object) -> object:
    if isinstance(value, Items):
        value.array = True
    return value


def _depth(value: object) -> int:
    return 1 + _depth(value.items[0]) if isinstance(value, Items) and value.items else int(isinstance(value, Items))


def arithmetic(m: Interpreter, op: ast.operator, left: Number, right: Number, node: ast.AST) -> object:
    p, q = left.value, right.value
    power, whole = isinstance(op, ast.Pow), q.denominator == 1
    try:
        if power and not (whole and abs(q) <= _LARGEST_EXPONENT):
            raise ArithmeticError
        result = Fraction(_ARITHMETIC[type(op)](p, q))
    except (ArithmeticError, KeyError):
        if power and whole:
            return m.unknown(f"{p} to the power {q} is too large to be a coefficient"[:90], node)
        return m.unknown(f"{type(op).__name__.lower()} of {p} and {q} is no rational number"[:80], node)
    if max(result.numerator.bit_length(), result.denominator.bit_length()) > LARGEST:
        raise Refusal("a number too long to be a coefficient", m.place(node))
    without_digits = (isinstance(op, ast.Mult) and abs(p) == 1) or (isinstance(op, ast.Div) and p == 1)
    return Number(result, right.place if without_digits else left.place)


def compare(m: Interpreter, op: ast.cmpop, left: object, right: object, node: ast.AST) -> object:
    """left ∘ right for a comparison: true, false or not known."""
    remember(m, left, right)
    remember(m, right, left)
    unsure = (Unknown, Choice, Count, Stream)
    if isinstance(op, (ast.Is, ast.IsNot)):
        if isinstance(left, unsure) or isinstance(right, unsure):
            return m.unknown("a comparison that is not known", node)
        equal = left is right if not isinstance(left, Foreign) else left == right
        return equal == isinstance(op, ast.Is)
    if isinstance(op, (ast.In, ast.NotIn)):
        items = m.items(right)
        if items is None or isinstance(left, unsure) or any(isinstance(v, unsure) for v in items):
            return m.unknown("a membership that is not known", node)
        return any(same(left, v) for v in items) == isinstance(op, ast.In)
    if isinstance(left, Number) and isinstance(right, Number):
        return _ORDER[type(op)](left.value, right.value)
    if isinstance(op, (ast.Eq, ast.NotEq)):
        plain = (str, bool, type(None), Items, Number, Table)
        if isinstance(left, plain) and isinstance(right, plain):
            return same(left, right) == isinstance(op, ast.Eq)
        if isinstance(left, Foreign) and isinstance(right, Foreign):
            return (left.path == right.path) == isinstance(op, ast.Eq)
    return m.unknown("a comparison that is not known", node)
