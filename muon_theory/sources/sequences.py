"""What is known of calls that make and combine sequences: builtins and itertools, streams without end among them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from muon_theory.sources import calls
from muon_theory.sources.operators import MATRIX, binary
from muon_theory.sources.values import Count, Number, Refusal, Stream, Unknown, because, kind, unfollowed

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter

Arguments = list[object]
Named = dict[str, object]
Call = Callable[["Interpreter", Arguments, Named, ast.AST], object]


def number_in(value: object) -> Number:
    if isinstance(value, Number):
        return value
    raise Refusal(because(value, f"{kind(value)} is no number"), value.place if isinstance(value, Unknown) else ("", 0))


def iterated(m: Interpreter, value: object, node: ast.AST) -> list[object]:
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
    return m.list_of(list(iterated(m, arguments[0], node)), node, fixed)


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
    first = int(number_in(start).value) if start is not None else 0
    items = iterated(m, arguments[0], node)
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
        head.extend(iterated(m, value, node))
    return m.list_of(head, node)


def _from_iterable(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return _chain(m, iterated(m, arguments[0], node), {}, node)


def _cycle(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    items = iterated(m, arguments[0], node)
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
    items = iterated(m, source, node)
    if bounds.stop is not None and bounds.stop > len(items):
        m.short[m.place(node)] = (bounds.stop, len(items))
    return m.list_of(items[bounds], node)


def _sum(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    if isinstance(arguments[0], (*MATRIX, Unknown)):
        return NotImplemented
    total = arguments[1] if len(arguments) > 1 else m.number(0, node)
    for value in iterated(m, arguments[0], node):
        total = binary(m, ast.Add(), total, value, node)
    return total


def _extreme(which: Callable[..., object]) -> Call:
    def call(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
        if arguments and isinstance(arguments[0], MATRIX):
            return NotImplemented
        values = iterated(m, arguments[0], node) if len(arguments) == 1 else arguments
        if not values:
            return named.get("default", m.unknown("an extreme of nothing", node))
        return which((number_in(v) for v in values), key=lambda v: v.value)

    return call


def _len(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    return m.number(len(iterated(m, arguments[0], node)), node)


def _map(m: Interpreter, arguments: Arguments, named: Named, node: ast.AST) -> object:
    columns = [iterated(m, v, node) for v in arguments[1:]]
    return m.list_of([calls.call(m, arguments[0], list(row), {}, node) for row in zip(*columns, strict=False)], node)


SEQUENCES: dict[str, Call] = {
    "range": _range, "arange": _range, "list": _list, "tuple": lambda m, a, n, node: _list(m, a, n, node, True),
    "zip": _zip, "enumerate": _enumerate, "repeat": _repeat, "chain": _chain, "from_iterable": _from_iterable,
    "cycle": _cycle, "islice": _islice, "sum": _sum, "min": _extreme(min), "max": _extreme(max), "len": _len,
    "map": _map, "reversed": lambda m, a, n, node: m.list_of(iterated(m, a[0], node)[::-1], node),
}  # fmt: skip
