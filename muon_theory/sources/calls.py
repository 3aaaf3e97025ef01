"""Functions and classes of the file: how they are defined, and how a call is followed."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from muon_theory.sources import flow
from muon_theory.sources.matrices import Even, Odd, Scale, Squares
from muon_theory.sources.scope import DEAD, OUT, Scope
from muon_theory.sources.values import (
    MOST_CHOICES,
    Bound,
    Choice,
    Class,
    Default,
    Exhausted,
    Foreign,
    Function,
    Instance,
    Items,
    Number,
    Partial,
    Refusal,
    Table,
    Unknown,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter

_DEPTH, _FEW = 3, 20
"""How deep, and how far, an argument is looked into for numbers."""


def define(m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope) -> object:
    a = node.args
    defaults: dict[str, object] = {}
    positional = [*a.posonlyargs, *a.args]
    for arg, value in zip(positional[len(positional) - len(a.defaults) :], a.defaults, strict=True):
        defaults[arg.arg] = default(m, arg.arg, m.eval(value, scope))
    for arg, stated in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        if stated is not None:
            defaults[arg.arg] = default(m, arg.arg, m.eval(stated, scope))
    name = getattr(node, "name", "lambda")
    marks = {_last(d) for d in getattr(node, "decorator_list", [])}
    mode = next((k for k in ("staticmethod", "classmethod", "property", "cached_property") if k in marks), "")
    return Function(node, scope, defaults, name, kind=mode)


def default(m: Interpreter, name: str, value: object) -> object:
    return Default.of(value, name) if isinstance(value, str) else value


def define_class(m: Interpreter, node: ast.ClassDef, scope: Scope) -> Class:
    inner = Scope({}, scope, "class")
    m.block(node.body, inner)
    cls = Class(node, inner.names, [m.eval(b, scope) for b in node.bases], node.name)
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


def call(m: Interpreter, function: object, arguments: list[object], named: dict[str, object], node: ast.AST) -> object:
    """The value of a call of a function, class or partial of the file."""
    match function:
        case Partial(function=inner, arguments=first, named=more):
            return call(m, inner, [*first, *arguments], {**more, **named}, node)
        case Choice(values=values):
            results = [call(m, v, arguments, named, node) for v in values]
            return flow.together(m, results, function.why, node)
        case Class():
            return instantiate(m, function, arguments, named, node)
        case Function():
            return enter(m, function, arguments, named, node)
        case Instance(cls=cls):
            for special in ("__call__", "forward"):
                if method := cls.method(special):
                    return call(m, replace(method, me=function), arguments, named, node)
    from muon_theory.sources.library import call_foreign

    return call_foreign(m, function, arguments, named, node)


def instantiate(m: Interpreter, cls: Class, arguments: list[object], named: dict[str, object], node: ast.AST) -> object:
    made = Instance(cls, {})
    if cls.fields:
        from muon_theory.sources.library import field_default

        given = dict(zip(cls.fields, arguments, strict=False)) | named
        for name in cls.fields:
            fallback = m.unknown(f"{cls.name}.{name} has no default", cls.node)
            try:
                stated = field_default(m, cls.find(name), node)
            except KeyError:
                stated = fallback
            made.attributes[name] = given.get(name, stated)
        if isinstance(after := cls.attributes.get("__post_init__"), Function):
            enter(m, replace(after, me=made), [], {}, node)
    elif start := cls.method("__init__"):
        enter(m, replace(start, me=made), arguments, named, node)
    return made


def enter(
    m: Interpreter, function: Function, arguments: list[object], named: dict[str, object], node: ast.AST
) -> object:
    """Follow a call."""
    code = function.node
    if len(m.stack) > 24 or m.stack.count(code) > 1:
        return m.unknown(f"{function.name} calls itself", node)
    m.called.add(code)
    if m.glance.needless(code) and not any(matters(v) for v in (function.me, *arguments, *named.values())):
        return m.unknown(f"what {function.name} gives is not followed", node)
    if code in m.endless:
        return m.unknown(f"{function.name} does not end, as far as it is followed", node)
    key = signature(m, function, arguments, named)
    if key is not None and key in m.known_calls:
        return m.known_calls[key]
    result = entered(m, function, arguments, named, node)
    if key is not None:
        m.known_calls[key] = result
    return result


def matters(value: object, depth: int = 0) -> bool:
    """Is it a matrix that has been followed, or does it hold a row of numbers?"""
    match value:
        case Odd() | Even() | Scale() | Squares():
            return True
        case Items(items=parts):
            return any(isinstance(v, Number) and v.whole is None for v in parts[:_FEW]) or (
                depth < _DEPTH and any(matters(v, depth + 1) for v in parts[:_FEW])
            )
        case Table(items=entries):
            return depth < _DEPTH and any(matters(v, depth + 1) for v in list(entries.values())[:_FEW])
        case Choice(values=parts):
            return any(matters(v, depth) for v in parts)
    return False


def signature(m: Interpreter, function: Function, arguments: list[object], named: dict[str, object]) -> object:
    """What a call depends on, if it depends on plain values and matrices that are given; else None."""
    try:
        parts = [_signature(v) for v in (function.me, *arguments, *named.values())]
    except Refusal:
        return None
    return function.node, id(function.scope), tuple(named), tuple(parts)


def entered(
    m: Interpreter, function: Function, arguments: list[object], named: dict[str, object], node: ast.AST
) -> object:
    code = function.node
    scope = Scope(parameters(m, function, arguments, named, node), function.scope, "function")
    if isinstance(code, ast.Lambda):
        return m.eval(code.body, scope)
    makes = m.glance.facts[code].yields
    scope.yields = [] if makes else None
    m.stack.append(code)
    try:
        how = m.block(code.body, scope)
        m.finish(scope)
        for value in scope.returns:
            m.keep(value)
    except Exhausted:
        if makes:
            m.endless.add(code)
        raise
    finally:
        m.stack.pop()
    m.frames[code] = scope
    if makes:
        return m.list_of(scope.yields or [], code)
    if how == DEAD and not scope.returns:
        return m.unknown(f"{function.name} raises an error", node)
    results = scope.returns if how in (OUT, DEAD) else [*scope.returns, None]
    return flow.together(m, results, "", node) if results else None


def parameters(
    m: Interpreter, function: Function, arguments: list[object], named: dict[str, object], node: ast.AST
) -> dict[str, object]:
    a = function.node.args
    positional = [p.arg for p in (*a.posonlyargs, *a.args)]
    me = function.me if function.kind != "staticmethod" else None
    if function.kind == "classmethod" and function.owner is not None:
        me = function.owner
    given = [me, *arguments] if me is not None else arguments
    star = next((i for i, v in enumerate(given) if isinstance(v, Bound) and v.name == "*"), len(given))
    names: dict[str, object] = dict(zip(positional, given[:star], strict=False))
    if a.vararg:
        names[a.vararg.arg] = m.list_of(list(given[len(positional) :]), node, True)
    keywords = {*positional, *(p.arg for p in a.kwonlyargs)}
    names |= {k: v for k, v in named.items() if k in keywords}
    if a.kwarg:
        names[a.kwarg.arg] = m.table_of({k: v for k, v in named.items() if k not in keywords}, node)
    for name in keywords:
        if name not in names:
            missing = Unknown(f"the parameter {name!r} of {function.name} has no default", m.place(function.node), name)
            names[name] = function.defaults.get(name, missing)
    return names


def _signature(value: object) -> object:
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


def _last(node: ast.expr) -> str:
    """The last part of a decorator's name."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
