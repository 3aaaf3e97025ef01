"""Expressions: each kind of node of the syntax tree, and what it denotes."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import rational
from muon_theory.sources import binding, calls, flow
from muon_theory.sources.lookup import attribute, subscript
from muon_theory.sources.operators import binary, compare, unary
from muon_theory.sources.scope import Scope
from muon_theory.sources.values import (
    LARGEST,
    LONGEST,
    Foreign,
    Items,
    Key,
    Refusal,
    Table,
    Unknown,
    because,
    kind,
    unfollowed,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter

T = TypeVar("T")
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
            return pairs if isinstance(pairs, Unknown) else m.table_of(dict(pairs), node)
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
        m.within(len(home.yields), node, "a generator")


def constant(m: Interpreter, node: ast.Constant) -> object:
    value = node.value
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if value.bit_length() > LARGEST:
            raise Refusal("a number too long to be a coefficient", m.place(node))
        return m.number(value, node)
    if isinstance(value, float):
        try:
            return m.number(rational(segment(m, node).replace("_", "")), node)
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
                raise Refusal(because(value, f"*{kind(value)}"), m.place(part))
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
            raise Refusal(because(result, f"**{kind(result)}"), m.place(value))
    return m.table_of(made, node)


def comprehension(
    m: Interpreter, generators: list[ast.comprehension], scope: Scope, make: Callable[[Scope], T]
) -> list[T] | Unknown:
    inner = Scope({}, scope, "function")
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
            failed.append(unfollowed(source, m.place(generator.iter), f"{kind(source)} is not iterated over"))
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
    m.within(len(out), generators[0].iter)
    return failed[0] if failed else out


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
