"""What is known of calls that leave the file: numbers, arrays, functools, dataclasses, control flow of jax."""

from __future__ import annotations

import ast
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import rational
from muon_theory.sources import calls, flow, tensors
from muon_theory.sources.lookup import attribute, transposed
from muon_theory.sources.matrices import Even, one
from muon_theory.sources.operators import MATRIX, binary, lift
from muon_theory.sources.sequences import SEQUENCES, Arguments, Call, Named, iterated, number_in
from muon_theory.sources.values import (
    Bound,
    Choice,
    Foreign,
    Instance,
    Items,
    Key,
    Number,
    Partial,
    Refusal,
    Table,
    Unknown,
    because,
    kind,
    unfollowed,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter


def call_foreign(m: Interpreter, function: object, arguments: Arguments, named: Named, node: ast.AST) -> object:
    """A call of something that is not in the file."""
    if isinstance(function, Bound):
        return m.unknown(f"the method {function.name!r} of {kind(function.value)}", node)
    if not isinstance(function, Foreign):
        if isinstance(function, Unknown):
            return Unknown(function.why, function.place)
        return m.unknown(f"a call of {kind(function)}", node)
    name = function.last
    if any(isinstance(v, Choice) for v in arguments) and name not in (
        "isinstance",
        "print",
        "partial",
        "zip",
        "fori_loop",
    ):
        return lift(m, lambda *v: call_foreign(m, function, list(v), named, node), node, *arguments)
    known = CALLS.get(name)
    try:
        if known is not None:
            result = known(m, arguments, named, node)
            if result is not NotImplemented:
                return result
        result = tensors.function(m, name, function.path, arguments, named, node)
    except Refusal as refusal:
        return Unknown(refusal.why, refusal.place)
    if result is not None:
        return result
    for value in (*arguments, *named.values()):  # what is passed out of the file may be changed there
        if isinstance(value, Unknown) and value.parameter and name not in ("print",):
            return Unknown(value.why, value.place, value.parameter)
    return m.unknown(f"{function.path.removeprefix('builtins.')}(…) is not followed", node)


def _float(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    value = arguments[0] if arguments else named.get("object")
    if isinstance(value, MATRIX):
        return value
    if isinstance(value, str):
        try:
            return m.number(rational(str(value).replace("_", "")), node)
        except (ParseError, UsageError):
            return m.unknown(f"{str(value)[:40]!r} is no number", node)
    if isinstance(value, Items) and len(value.items) == 2 and all(isinstance(v, Number) for v in value.items):
        return NotImplemented
    return number_in(value)


def _fraction(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if len(arguments) == 2:
        return binary(m, ast.Div(), number_in(arguments[0]), number_in(arguments[1]), node)
    return _float(m, arguments, named, node)


def _int(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    value = _float(m, arguments, named, node)
    return replace(value, value=Fraction(int(value.value))) if isinstance(value, Number) else value


def _round(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    places = arguments[1] if len(arguments) > 1 else named.get("ndigits")
    value = number_in(arguments[0])
    if places is None:
        return replace(value, value=Fraction(round(value.value)))
    digits = number_in(places).whole
    if digits is None or abs(digits) > 60:
        return m.unknown("a rounding that is not followed", node)
    return replace(value, value=Fraction(round(value.value, digits)))


def _dict(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    made: dict[Key, object] = {}
    for value in arguments[:1]:
        if isinstance(value, Table):
            made.update(value.readable())
        else:
            for pair in iterated(m, value, node):
                key, inner = iterated(m, pair, node)
                made[m.key(key)] = inner
    made.update(named.items())
    return m.table_of(made, node)


def _array(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if not arguments:
        return NotImplemented
    value = arguments[0]
    if isinstance(value, Number):
        return value
    if isinstance(value, Items):
        return m.list_of(list(value.readable()), node, array=True)
    return NotImplemented


def _stack(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    items = m.items(arguments[0])
    if items is not None and all(isinstance(v, (Items, Number)) for v in items):
        axis = named.get("axis", named.get("dim", arguments[1] if len(arguments) > 1 else None))
        made = m.list_of(list(items), node, array=True)
        return transposed(m, made, node) if isinstance(axis, Number) and axis.value in (1, -1) else made
    return NotImplemented


def _partial(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if not arguments:
        return NotImplemented
    function = arguments[0]
    if isinstance(function, Foreign) and function.last in _PASS:
        return Foreign("identity_decorator", m.place(node))
    return Partial(function, arguments[1:], named)


def _same(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    """A call that gives back its first argument, or a decorator that does."""
    return arguments[0] if arguments else Foreign("identity_decorator", m.place(node))


def _isinstance(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if len(arguments) != 2:
        return NotImplemented
    value, wanted = arguments
    classes = wanted.items if isinstance(wanted, Items) else [wanted]
    names = {c.last for c in classes if isinstance(c, Foreign)}
    own = {str: {"str"}, Number: {"int", "float", "Number", "Real"}, Table: {"dict", "Mapping", "MutableMapping"}}
    if isinstance(value, Items):
        mine = {"Sequence", "Iterable", "Collection", "tuple" if value.fixed else "list"}
    elif value is None:
        mine = {"NoneType"}
    else:
        mine = next((v for k, v in own.items() if isinstance(value, k)), set())
    if isinstance(value, (Items, Table, str, Number, type(None))) and not isinstance(value, bool):
        return bool(mine & names)
    if isinstance(value, Instance) and any(c is value.cls for c in classes):
        return True
    return m.unknown("a type that is not known", node)


def _getattr(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if len(arguments) < 2 or not isinstance(arguments[1], str):
        return NotImplemented
    made = ast.Attribute(ast.Constant(None), str(arguments[1]), ast.Load(), lineno=m.place(node)[1], col_offset=0)
    return attribute(m, arguments[0], str(arguments[1]), made)


def _eye(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return Even(None, (one(m.place(node)),))


def _fori_loop(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    start, stop, body, value = (*arguments, *(named.get(k) for k in ("lower", "upper", "body_fun", "init_val")))[:4]
    if isinstance(start, Number) and isinstance(stop, Number) and stop.whole is not None and start.whole is not None:
        turns = range(start.whole, min(stop.whole, start.whole + 200))
    else:
        why = because(stop, "their number is not known")
        m.assume(f"{flow.TURNS} turns of the loop of line {m.place(node)[1]} ({why})", node)
        turns = range(flow.TURNS)
    for i in turns:
        value = calls.call(m, body, [m.number(i, node), value], {}, node)
    m.keep(value)
    return value


def _scan(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    body, value, rows = (*arguments, None, None, None)[:3]
    value, rows = named.get("init", value), named.get("xs", rows)
    items = m.items(rows)
    if items is None:
        made = unfollowed(rows, m.place(node), "what is scanned is not known")
        if isinstance(rows, Unknown):
            result = calls.call(m, body, [value, made], {}, node)
            parts = m.items(result)
            return m.list_of([parts[0] if parts else made, made], node, True)
        return made
    for row in items:
        parts = m.items(calls.call(m, body, [value, row], {}, node))
        if parts is None or len(parts) != 2:
            return m.unknown("a scan whose body gives no pair", node)
        value = parts[0]
    for part in m.items(value) or [value]:
        m.keep(part)
    return m.list_of([value, None], node, True)


def _cond(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if len(arguments) < 3:
        return NotImplemented
    test, yes, no, *operands = arguments
    value = m.truth(test)
    if value is not None:
        return calls.call(m, yes if value else no, operands, {}, node)
    return flow.either(m, calls.call(m, yes, operands, {}, node), calls.call(m, no, operands, {}, node), "", node)


def _field(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return Partial("field", [], named)


def field_default(m: Interpreter, value: object, node: ast.AST) -> object:
    """The default of a dataclass's field."""
    if isinstance(value, Partial) and value.function == "field":
        if "default" in value.named:
            return value.named["default"]
        if "default_factory" in value.named or "factory" in value.named:
            return calls.call(m, value.named.get("default_factory", value.named.get("factory")), [], {}, node)
        return m.unknown("a field without a default", node)
    return value


def _unbind(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return arguments[0] if isinstance(arguments[0], Items) else NotImplemented


_PASS = {"jit", "compile", "vmap", "checkpoint", "remat", "custom_jvp", "no_grad", "lru_cache", "cache", "wraps",
         "script", "deepcopy", "MappingProxyType", "cast_to", "freeze", "FrozenDict", "Final", "shard_map",
         "iter"}  # fmt: skip
CALLS: dict[str, Call] = {
    **SEQUENCES,
    "float": _float, "float32": _float, "float64": _float, "bfloat16": _float, "float16": _float, "int": _int,
    "round": _round, "Fraction": _fraction, "Decimal": _float, "mpf": _float, "Rational": _fraction, "dict": _dict,
    "OrderedDict": _dict, "array": _array, "asarray": _array, "tensor": _array, "as_tensor": _array,
    "constant": _array, "convert_to_tensor": _array, "stack": _stack, "vstack": _stack, "partial": _partial,
    "isinstance": _isinstance, "getattr": _getattr, "eye": _eye, "identity": _eye, "fori_loop": _fori_loop,
    "scan": _scan, "cond": _cond, "field": _field, "Factory": _field, "unbind": _unbind, "identity_decorator": _same,
    "print": lambda m, a, n, node: None,
    **dict.fromkeys(_PASS, _same),
}  # fmt: skip
