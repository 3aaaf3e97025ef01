"""Records: frozen dataclasses that read and write the certificate's JSON by the types of their fields.

A rational is a string in lowest terms, an interval a pair, a tuple a list, a polynomial its monomials.  A field whose
default is None is left out where it is None; every other field is a key.  Unknown and missing keys are refused.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, dataclass, fields
from fractions import Fraction
from types import UnionType
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from muon_theory.errors import UsageError
from muon_theory.expression import ParameterPolynomial
from muon_theory.interval import Interval
from muon_theory.number import lowest_terms

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | None"

MAX_ROWS, MAX_COEFFICIENTS, MAX_PARAMETERS, MAX_EXPONENT, MAX_DIGITS = 64, 33, 3, 64, 2000


@dataclass(frozen=True, slots=True)
class Within:
    """How many items a list has, or between which numbers an integer lies: for the schema."""

    least: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The words that may stand in a field: for the schema."""

    words: tuple[str, ...]


T = TypeVar("T")
OnePerStep = Annotated[tuple[T, ...], Within(1, MAX_ROWS)]
Several = Annotated[tuple[T, ...], Within(1)]

Line: TypeAlias = tuple[Fraction, ...]
"""Points that cut an interval, in increasing order."""

Grid: TypeAlias = Annotated[tuple[Line, ...], Within(2, MAX_PARAMETERS + 1)]
"""Cuts for each parameter, then for the last variable."""

Cuts: TypeAlias = Line | Grid
"""A grid where the subject has a box of parameters, else cuts of one interval."""

_RATIONAL = re.compile(r"-?[0-9]{1,2000}(/[0-9]{1,2000})?")


def to_json(value: object) -> Json:
    """Rationals as strings in lowest terms, intervals as pairs, tuples as lists: the certificate's JSON."""
    match value:
        case Fraction():
            return lowest_terms(value)
        case Interval():
            return [lowest_terms(value.lo), lowest_terms(value.hi)]
        case ParameterPolynomial():
            return [[lowest_terms(c), list(e)] for e, c in value.terms]
        case Record():
            return value.to_json()
        case dict():
            return {k: to_json(v) for k, v in value.items()}
        case tuple() | list():
            return [to_json(v) for v in value]
        case None | str() | int():  # bool is an int
            return value
    raise TypeError(f"{value!r} has no place in a certificate")


@dataclass(frozen=True, slots=True)
class Record:
    """Base of claims, witnesses and their parts."""

    type: ClassVar[str] = ""

    def to_json(self) -> dict[str, Json]:
        """The object with its type, where it has one, and its fields in their order."""
        head: dict[str, Json] = {"type": self.type} if self.type else {}
        values = ((f, getattr(self, f.name)) for f in fields(self))
        return head | {f.name: to_json(v) for f, v in values if not (v is None and optional(f))}

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """The record whose JSON this is.  Raises UsageError, which names the key."""
        given = dict(_mapping(value, cls.__name__))
        if cls.type and given.pop("type", None) != cls.type:
            raise UsageError(f"an object of type {cls.type!r} is expected")
        hints, found = hints_of(cls), {}
        for field in fields(cls):
            if field.name in given:
                found[field.name] = read(hints[field.name], given.pop(field.name), field.name)
            elif not optional(field):
                raise UsageError(f"the key {field.name!r} is missing")
        if given:
            raise UsageError(f"unknown key {next(iter(given))[:40]!r}")
        return cls(**found)


def optional(field: Field[object]) -> bool:
    """May the key be left out?"""
    return field.default is None and field.default is not MISSING


_HINTS: dict[type[object], dict[str, object]] = {}


def hints_of(record: type[Any]) -> dict[str, Any]:
    """The types of a record's fields, without their roles and limits."""
    if record not in _HINTS:
        _HINTS[record] = get_type_hints(record)
    return _HINTS[record]


def rational(value: Json) -> Fraction:
    """The number of a certificate's text; nothing but p or p/q is read."""
    if not isinstance(value, str) or not _RATIONAL.fullmatch(value):
        raise UsageError(f"a rational such as '-17/25' is expected, found {str(value)[:40]!r}")
    try:
        return Fraction(value)
    except ZeroDivisionError:
        raise UsageError(f"the denominator of {value[:40]!r} is 0") from None


def read(hint: Any, value: Json, key: str) -> Any:
    """The value of a field by its type.  Raises UsageError."""
    if get_origin(hint) in (Union, UnionType):
        return _one_of(get_args(hint), value, key)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value, key)
    if hint is Fraction:
        return rational(value)
    if hint is Interval:
        return Interval(*map(rational, _list(value, key, 2)))
    if hint is ParameterPolynomial:
        monomials = (_list(monomial, key, 2) for monomial in _list(value, key))
        terms = ((tuple(_whole(k, key) for k in _list(e, key)), rational(c)) for c, e in monomials)
        return ParameterPolynomial(tuple(terms))  # in the order of the file, so that its bytes come back
    if hint is bool or hint is str:
        if not isinstance(value, hint):
            raise UsageError(f"{key} is not {'true or false' if hint is bool else 'a word'}: {str(value)[:40]!r}")
        return value
    if hint is int:
        return _whole(value, key)
    return hint.from_json(value)


def _one_of(options: tuple[object, ...], value: Json, key: str) -> object:
    """Null or another type; flat cuts or a grid of them."""
    if type(None) in options:
        return None if value is None else read(next(o for o in options if o is not type(None)), value, key)
    flat, nested = options
    return read(nested if isinstance(value, list) and value and isinstance(value[0], list) else flat, value, key)


def _tuple(items: tuple[object, ...], value: Json, key: str) -> tuple[object, ...]:
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(read(items[0], v, key) for v in _list(value, key))
    return tuple(read(item, v, key) for item, v in zip(items, _list(value, key, len(items)), strict=True))


def _mapping(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise UsageError(f"{what}: an object is expected, found {str(value)[:40]!r}")
    return value


def _list(value: Json, key: str, length: int | None = None) -> list[Json]:
    if not isinstance(value, list) or length not in (None, len(value)):
        raise UsageError(f"{key}: a list{f' of {length}' if length else ''} is expected, found {str(value)[:40]!r}")
    return value


def _whole(value: Json, key: str) -> int:
    if type(value) is not int:
        raise UsageError(f"{key}: an integer is expected, found {str(value)[:40]!r}")
    return value
