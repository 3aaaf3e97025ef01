"""Every certificate that differs from a given one in one field: numbers, list elements, words and keys."""

import copy
import re
from collections.abc import Iterator
from fractions import Fraction as Q
from typing import Any

WORDS = {
    "property": ("converges", "sign-safe", "bounded", "attracting", "multiplier-above-1", "multiplier-below-minus-1"),
    "critical": ("fixed-point", "landing", "antipode", "zero", "w", "N"),
}
RATIONAL = re.compile(r"-?\d+(/\d+)?")
Path = tuple[str | int, ...]


def of_rational(text: str) -> Iterator[Any]:
    """A bit more and less, swapped, the other sign, other digits, other texts."""
    q = Q(text)
    for other in (q + Q(1, 10**6), q - Q(1, 10**6), q + Q(1, 50), q - Q(1, 50), -q, 2 * q, Q(0), q + 1):
        yield str(other)
    if q:
        yield str(1 / q)
    for i, digit in enumerate(text):
        if digit.isdigit() and i in (0, len(text) - 1):
            yield text[:i] + str((int(digit) + 1) % 10) + text[i + 1 :]
    yield text + "0"
    yield f"{2 * q.numerator}/{2 * q.denominator}"
    yield f" {text}"
    yield float(q)
    yield None


def of_leaf(value: Any, key: str | int) -> Iterator[Any]:
    if isinstance(value, bool):
        yield from (not value, int(value), "true")
    elif isinstance(value, int):
        yield from (value + 1, value - 1, value + 2, -value, 0, True, float(value), str(value), 10**30)
    elif value is None:
        yield from (["0", "1"], "0", [], False)
    elif RATIONAL.fullmatch(value):
        yield from of_rational(value)
    else:
        yield from (value + "x", value.upper(), "", None, [value], *WORDS.get(str(key), ()))


def of_list(value: list[Any]) -> Iterator[list[Any]]:
    """An element dropped, doubled, or swapped with the next; nothing; too much."""
    for i in range(len(value)):
        yield value[:i] + value[i + 1 :]
        yield value[: i + 1] + value[i:]
        if i + 1 < len(value):
            yield [*value[:i], value[i + 1], value[i], *value[i + 2 :]]
    yield []
    yield [*value, "1/3"]
    yield [*value, []]
    yield [value]


def of_object(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A key dropped, renamed, added."""
    for key in value:
        rest = {k: v for k, v in value.items() if k != key}
        yield rest
        yield {**rest, key + "s": value[key]}
        yield {**rest, key.upper(): value[key]}
    yield {**value, "note": "1"}


def mutants(certificate: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each mutant with where it differs.  Provenance is free text and stays."""
    body = {k: v for k, v in certificate.items() if k != "provenance"}

    def walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
        if isinstance(value, dict):
            for other in of_object(value):
                yield path, other
            for key, inner in value.items():
                yield from walk(inner, (*path, key))
        elif isinstance(value, list):
            for others in of_list(value):
                yield path, others
            for i, inner in enumerate(value):
                yield from walk(inner, (*path, i))
        else:
            for leaf in of_leaf(value, path[-1]):
                yield path, leaf

    for path, other in walk(body, ()):
        mutant = replaced(body, path, other)
        if mutant != body or type(other) is bool or isinstance(other, float):
            yield f"{'/'.join(map(str, path))} ← {str(other)[:60]}", mutant


def replaced(body: Any, path: Path, other: Any) -> Any:
    if not path:
        return other
    result = copy.copy(body)
    result[path[0]] = replaced(body[path[0]], path[1:], other)  # type: ignore[index]
    return result
