"""What is known of calls that leave the file: builtins, itertools, functools, arrays, control flow of jax; methods."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import rational
from muon_theory.sources import calls, flow, tensors
from muon_theory.sources.lookup import attribute, transposed
from muon_theory.sources.matrices import Even, one
from muon_theory.sources.operators import MATRIX, binary, lift
from muon_theory.sources.values import (
    Bound,
    Choice,
    Count,
    Foreign,
    Instance,
    Items,
    Key,
    Number,
    Partial,
    Refusal,
    Stream,
    Table,
    Unknown,
    because,
    kind,
    unfollowed,
)

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter

Arguments = list[object]
Named = dict[str, object]
Call = Callable[["Interpreter", Arguments, Named, ast.AST], object]


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


def _number(value: object) -> Number:
    if isinstance(value, Number):
        return value
    raise Refusal(because(value, f"{kind(value)} is no number"), value.place if isinstance(value, Unknown) else ("", 0))


def _iterated(m: Interpreter, value: object, node: ast.AST) -> list[object]:
    items = m.items(value)
    if items is None:
        where = value.place if isinstance(value, Unknown) else m.place(node)
        raise Refusal(because(value, f"{kind(value)} is not iterated over"), where)
    return items


def _range(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    ends = [v.whole for v in arguments if isinstance(v, Number) and v.whole is not None]
    if len(ends) < len(arguments) or not arguments:
        missing = next((v for v in arguments if not isinstance(v, Number)), None)
        return Count(because(missing, "its number is not known"), m.place(node))
    span = range(*ends) if len(ends) < 3 or ends[2] else range(0)
    m.within(len(span), node, "a range")
    return m.list_of([m.number(k, node) for k in span], node)


def _list(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST, fixed: bool = False) -> object:
    if not arguments:
        return m.list_of([], node, fixed)
    if isinstance(arguments[0], (Count, Stream)):
        return arguments[0]
    return m.list_of(list(_iterated(m, arguments[0], node)), node, fixed)


def _zip(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    finite = [m.items(v) for v in arguments if not isinstance(v, (Stream, Count))]
    if any(f is None for f in finite):
        bad = next(v for v in arguments if not isinstance(v, (Stream, Count)) and m.items(v) is None)
        return unfollowed(bad, m.place(node), kind(bad))
    if not finite:
        stream = next((v for v in arguments if isinstance(v, Stream)), None)
        count = next((v for v in arguments if isinstance(v, Count)), None)
        if stream is None or count is None:
            return m.unknown("zip of streams that do not end", node)
        length = len(stream.head) or len(stream.period)
        m.assume(f"{length} turns: one for each row ({count.why})", node)
        finite = [stream.take(length)]
    length = min(len(f) for f in finite if f is not None)
    longest = max(len(f) for f in finite if f is not None)
    if any(isinstance(v, Count) for v in arguments):
        m.assume(f"{length} turns: one for each row ({next(v.why for v in arguments if isinstance(v, Count))})", node)
    elif longest > length:
        m.short[m.place(node)] = (longest, length)
    columns = []
    for v in arguments:
        if isinstance(v, Stream):
            columns.append(v.take(length))
        elif isinstance(v, Count):
            columns.append([m.number(i, node) for i in range(length)])
        else:
            columns.append((m.items(v) or [])[:length])
    return m.list_of([m.list_of(list(row), node, True) for row in zip(*columns, strict=True)], node)


def _enumerate(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    start = named.get("start", arguments[1] if len(arguments) > 1 else None)
    first = int(_number(start).value) if start is not None else 0
    items = _iterated(m, arguments[0], node)
    return m.list_of([m.list_of([m.number(i, node), v], node, True) for i, v in enumerate(items, first)], node)


def _repeat(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    times = named.get("times", arguments[1] if len(arguments) > 1 else None)
    if times is None:
        return Stream([], [arguments[0]])
    if not isinstance(times, Number) or times.whole is None:
        return Count(because(times, "its number is not known"), m.place(node))
    m.within(times.whole, node)
    return m.list_of([arguments[0]] * max(times.whole, 0), node)


def _chain(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    head: list[object] = []
    for value in arguments:
        if isinstance(value, Stream):
            return Stream([*head, *value.head], value.period)
        head.extend(_iterated(m, value, node))
    return m.list_of(head, node)


def _from_iterable(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return _chain(m, _iterated(m, arguments[0], node), {}, node)


def _cycle(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    items = _iterated(m, arguments[0], node)
    return Stream([], list(items)) if items else m.unknown("a cycle of nothing", node)


def _islice(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    source, *ends = arguments
    numbers = [v.whole if isinstance(v, Number) else None for v in ends]
    if any(v is not None and k is None for v, k in zip(ends, numbers, strict=True)):
        missing = next((v for v in ends if v is not None and not isinstance(v, Number)), None)
        why = because(missing, "its number is not known")
        if isinstance(source, Stream):
            rows = source.take(len(source.head) or len(source.period))
            if len(rows) == 1:
                m.assume(f"5 steps ({why})", node)
                rows = source.take(5)
            else:
                m.assume(f"{len(rows)} steps: one for each row ({why})", node)
            return m.list_of(rows, node)
        return source
    bounds = slice(*numbers) if len(numbers) > 1 else slice(numbers[0])
    if isinstance(source, Stream):
        stop = bounds.stop or 0
        m.within(stop, node)
        length = len(source.head) or len(source.period)
        if stop > length > 1:
            mode = "repeat-last" if len(source.period) == 1 else "cycle"
            m.extended[m.place(node)] = (mode, stop, length)
        return m.list_of(source.take(stop)[bounds], node)
    items = _iterated(m, source, node)
    if bounds.stop is not None and bounds.stop > len(items):
        m.short[m.place(node)] = (bounds.stop, len(items))
    return m.list_of(items[bounds], node)


def _sum(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if isinstance(arguments[0], (*MATRIX, Unknown)):
        return NotImplemented
    total = arguments[1] if len(arguments) > 1 else m.number(0, node)
    for value in _iterated(m, arguments[0], node):
        total = binary(m, ast.Add(), total, value, node)
    return total


def _extreme(which: Callable[..., object]) -> Call:
    def call(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
        if arguments and isinstance(arguments[0], MATRIX):
            return NotImplemented
        values = _iterated(m, arguments[0], node) if len(arguments) == 1 else arguments
        if not values:
            return named.get("default", m.unknown("an extreme of nothing", node))
        return which((_number(v) for v in values), key=lambda v: v.value)

    return call


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
    return _number(value)


def _fraction(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if len(arguments) == 2:
        return binary(m, ast.Div(), _number(arguments[0]), _number(arguments[1]), node)
    return _float(m, arguments, named, node)


def _int(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    value = _float(m, arguments, named, node)
    return replace(value, value=Fraction(int(value.value))) if isinstance(value, Number) else value


def _round(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    places = arguments[1] if len(arguments) > 1 else named.get("ndigits")
    value = _number(arguments[0])
    if places is None:
        return replace(value, value=Fraction(round(value.value)))
    digits = _number(places).whole
    if digits is None or abs(digits) > 60:
        return m.unknown("a rounding that is not followed", node)
    return replace(value, value=Fraction(round(value.value, digits)))


def _len(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return m.number(len(_iterated(m, arguments[0], node)), node)


def _dict(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    made: dict[Key, object] = {}
    for value in arguments[:1]:
        if isinstance(value, Table):
            made.update(value.readable())
        else:
            for pair in _iterated(m, value, node):
                key, inner = _iterated(m, pair, node)
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


def _map(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    columns = [_iterated(m, v, node) for v in arguments[1:]]
    return m.list_of([calls.call(m, arguments[0], list(row), {}, node) for row in zip(*columns, strict=False)], node)


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
    "range": _range, "arange": _range, "list": _list, "zip": _zip, "enumerate": _enumerate, "repeat": _repeat,
    "tuple": lambda m, a, n, node: _list(m, a, n, node, True),
    "reversed": lambda m, a, n, node: m.list_of(_iterated(m, a[0], node)[::-1], node),
    "chain": _chain, "from_iterable": _from_iterable, "cycle": _cycle, "islice": _islice, "sum": _sum,
    "min": _extreme(min), "max": _extreme(max), "float": _float, "float32": _float, "float64": _float,
    "bfloat16": _float, "float16": _float, "int": _int, "round": _round, "Fraction": _fraction,
    "Decimal": _float, "mpf": _float,
    "Rational": _fraction, "len": _len, "dict": _dict, "OrderedDict": _dict, "array": _array, "asarray": _array,
    "tensor": _array, "as_tensor": _array, "constant": _array, "convert_to_tensor": _array, "stack": _stack,
    "vstack": _stack,
    "partial": _partial, "isinstance": _isinstance, "getattr": _getattr, "eye": _eye, "identity": _eye, "map": _map,
    "fori_loop": _fori_loop, "scan": _scan, "cond": _cond, "field": _field, "Factory": _field, "unbind": _unbind,
    "identity_decorator": _same, "print": lambda m, a, n, node: None,
    **dict.fromkeys(_PASS, _same),
}  # fmt: skip
