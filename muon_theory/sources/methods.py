"""Methods of values: of lists, dictionaries, texts, numbers, matrices, objects of the file and of its bases."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from muon_theory.sources import binding, calls, tensors
from muon_theory.sources.choices import remember
from muon_theory.sources.library import call_foreign
from muon_theory.sources.lookup import attribute, item, transposed
from muon_theory.sources.operators import MATRIX, binary, each, lift
from muon_theory.sources.sequences import Arguments, Named
from muon_theory.sources.values import (
    Choice,
    Class,
    Foreign,
    Function,
    Instance,
    Items,
    Number,
    Refusal,
    Table,
    Unknown,
    kind,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter
    from muon_theory.sources.scope import Scope


def method(
    m: Interpreter, value: object, func: ast.Attribute, arguments: Arguments, named: Named, scope: Scope, node: ast.Call
) -> object:
    """value.name(arguments); a method that ends in '_' changes the matrix that the receiver's name stands for."""
    name = func.attr
    if isinstance(value, Choice) and not isinstance(value.values[0], (Function, Class)):
        return lift(m, lambda v: method(m, v, func, arguments, named, scope, node), node, value)
    result = _method(m, value, func, arguments, named, node)
    changes = name.endswith("_") and not name.startswith("_")
    if changes and isinstance(func.value, ast.Name) and isinstance(value, (*MATRIX, Unknown)):
        binding.set_name(m, func.value.id, result, scope, node)
    return result


def _method(
    m: Interpreter, value: object, func: ast.Attribute, arguments: Arguments, named: Named, node: ast.AST
) -> object:
    name = func.attr
    match value:
        case Foreign(path=path):
            return call_foreign(
                m, Foreign(f"{path}.{name}".removeprefix("builtins."), value.place), arguments, named, node
            )
        case Instance() | Class() | Function():
            if isinstance(value, Function):
                return m.unknown(f"the attribute {name!r} of a function", node)
            return calls.call(m, attribute(m, value, name, func), arguments, named, node)
        case Items():
            return _of_items(m, value, name, arguments, named, func, node)
        case Table():
            return _of_table(m, value, name, arguments, func, node)
        case str():
            texts: dict[str, Callable[[], object]] = {
                "lower": value.lower, "upper": value.upper, "strip": value.strip, "casefold": value.casefold,
            }  # fmt: skip
            if name in texts and not arguments:
                made = texts[name]()
                parameter = getattr(value, "parameter", "")
                return calls.default(m, parameter, made) if parameter else made
            return m.unknown(f"the method {name!r} of a text", node)
        case Number():
            same = name in ("item", "to", "astype", "float", "cuda")
            return value if same else m.unknown(f"{name!r} of a number", node)
    if isinstance(value, MATRIX) or (isinstance(value, Unknown) and name.rstrip("_") in tensors.KNOWN):
        receiver = tensors.as_matrix(m, value)

        def operation(*given: object) -> object:
            return tensors.function(m, name.rstrip("_"), "", [receiver, *given], named, node)

        unsure = any(isinstance(v, Choice) for v in arguments)
        result = lift(m, operation, node, *arguments) if unsure else operation(*arguments)
        if result is not None:
            return result
    if isinstance(value, Unknown):
        return Unknown(value.why, value.place)
    return m.unknown(f"the method {name!r} of {kind(value)}", node)


def _of_items(
    m: Interpreter, value: Items, name: str, arguments: Arguments, named: Named, func: ast.Attribute, node: ast.AST
) -> object:
    first = arguments[0] if arguments else None
    if name in ("append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "__setitem__", "add"):
        old = list(value.items)
        if not m.change(value, node, binding.root(func.value)):
            return m.unknown("a list that is changed in place", node)
        match name:
            case "append" | "add":
                value.items.append(first)
            case "extend":
                items = m.items(first)
                if items is None:
                    value.changed = Refusal(
                        f"it is extended on line {m.place(node)[1]} by what is not known", m.place(node)
                    )
                else:
                    value.items.extend(items)
            case "insert" if isinstance(first, Number) and first.whole is not None and len(arguments) == 2:
                value.items.insert(first.whole, arguments[1])
            case "pop" if value.items and (first is None or isinstance(first, Number)):
                return value.items.pop(first.whole if isinstance(first, Number) and first.whole is not None else -1)
            case "reverse":
                value.items.reverse()
            case "clear":
                value.items.clear()
            case _:
                value.items = old
                m.spoil(value, node)
        m.within(len(value.items), node)
        return None
    if name in ("copy", "tolist", "astype", "to", "float", "numpy", "unbind", "cuda", "type", "bfloat16", "double",
                "half", "contiguous", "clone", "detach", "view", "reshape", "block_until_ready", "item",
                "cpu"):  # fmt: skip
        if name in ("view", "reshape"):
            return m.unknown("a reshaped array", node)
        return m.list_of(list(value.readable()), node, value.fixed, value.array and name != "tolist")
    if name in ("T", "transpose", "t") and value.array:
        return transposed(m, value, node)
    if name == "index":
        return m.unknown("an index that is not known", node)
    if value.array and name in ("div", "mul", "div_", "mul_") and first is not None:
        op = ast.Div() if name.startswith("div") else ast.Mult()
        return each(m, value, lambda v: binary(m, op, v, first, node), node)
    return m.unknown(f"the method {name!r} of a list", node)


def _of_table(
    m: Interpreter, value: Table, name: str, arguments: Arguments, func: ast.Attribute, node: ast.AST
) -> object:
    items = value.readable()
    match name:
        case "get":
            remember(m, arguments[0], value) if arguments else None
            try:
                key = m.key(arguments[0])
            except Refusal:
                return item(m, value, arguments[0], node)
            return items.get(key, arguments[1] if len(arguments) > 1 else None)
        case "items":
            pairs = zip(m.items(value) or [], items.values(), strict=True)
            return m.list_of([m.list_of([k, v], node, True) for k, v in pairs], node)
        case "values":
            return m.list_of(list(items.values()), node)
        case "keys":
            return m.list_of(list(m.items(value) or []), node)
        case "copy":
            return m.table_of(dict(items), node)
        case "update" | "setdefault" | "pop" | "clear" | "popitem" | "__setitem__":
            if m.change(value, node, binding.root(func.value)):
                if name == "update" and arguments and isinstance(arguments[0], Table):
                    items.update(arguments[0].readable())
                    return None
                if name == "setdefault" and len(arguments) == 2:
                    return items.setdefault(m.key(arguments[0]), arguments[1])
                if name == "pop" and arguments and m.key(arguments[0]) in items:
                    return items.pop(m.key(arguments[0]))
                if name != "pop":
                    m.spoil(value, node)
            return arguments[1] if name == "pop" and len(arguments) > 1 else m.unknown("a changed dictionary", node)
    return m.unknown(f"the method {name!r} of a dictionary", node)


def is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def call_super(m: Interpreter, name: str, arguments: Arguments, named: Named, scope: Scope, node: ast.AST) -> object:
    """super().name(…): a base of the file, or torch's Optimizer, which keeps its defaults as a group of parameters."""
    me = next((v for v in scope.names.values() if isinstance(v, Instance)), None)
    if me is None:
        return m.unknown("super() outside a method", node)
    code = m.stack[-1] if m.stack else None
    home: Class = me.cls
    todo = [me.cls]
    while todo:
        at = todo.pop()
        if any(isinstance(v, Function) and v.node is code for v in at.attributes.values()):
            home = at
        todo.extend(b for b in at.bases if isinstance(b, Class))
    for base in home.bases:
        if isinstance(base, Class) and (found := base.method(name)):
            return calls.enter(m, replace(found, me=me), arguments, named, node)
    if name == "__init__":
        defaults = next((v for v in (*arguments, named.get("defaults")) if isinstance(v, Table)), None)
        if defaults is not None and not defaults.changed:
            unknown = m.unknown("the parameters that the optimizer is given", node)
            group = Table(defaults.items | {"params": unknown}, defaults.place, level=len(m.doubts))
            me.attributes["defaults"] = defaults
            me.attributes["param_groups"] = m.list_of([group], node)
    return None
