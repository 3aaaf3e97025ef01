"""What an expression of a program may denote: exact numbers with their places, lists, dictionaries, functions.

Matrices are in `matrices`.  A number keeps the place where it was written, so that a finding about a computed row can
point at the literal behind it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from muon_theory.sources.matrices import Odd
    from muon_theory.sources.scope import Scope

Place = tuple[str, int]
"""A file and a line, from 1."""

LONGEST = 10_000
"""Items a list may have: longer ones are not followed."""

LARGEST = 4096
"""Bits that a numerator or denominator may have."""


Key: TypeAlias = "Fraction | str | bool | tuple[Key, ...] | None"
"""What keys a dictionary of a program may have."""

Content = TypeVar("Content")


class Refusal(Exception):
    """Something that cannot be followed, with its place."""

    def __init__(self, why: str, place: Place) -> None:
        super().__init__(why)
        self.why, self.place = why, place


class Exhausted(Refusal):
    """The bound on work is reached."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number and where it was written; arithmetic keeps the place of the first operand that has digits."""

    value: Fraction
    place: Place = field(compare=False)

    @property
    def whole(self) -> int | None:
        """The number as an integer, None where it is none."""
        return int(self.value) if self.value.denominator == 1 else None


class Default(str):
    """The text that a parameter has by default: other texts may be passed, so comparisons with it are remembered."""

    __slots__ = ("parameter",)
    parameter: str

    @classmethod
    def of(cls, text: str, parameter: str) -> Default:
        made = cls(text)
        made.parameter = parameter
        return made


@dataclass(eq=False, slots=True)
class Box(Generic[Content]):
    """What a program may change in place.  `changed` says where that was done in a way that nobody can follow."""

    items: Content
    place: Place
    fixed: bool = False
    array: bool = False
    name: str = ""
    level: int = 0
    changed: Refusal | None = None

    def readable(self) -> Content:
        """The items; raises the refusal of what was changed."""
        if self.changed:
            raise self.changed
        return self.items


class Items(Box[list[object]]):
    """A list or, `fixed`, a tuple; or an array."""

    __slots__ = ()


class Table(Box[dict[Key, object]]):
    """A dictionary; keys are texts, numbers, truth values or None."""

    __slots__ = ()


@dataclass(eq=False, slots=True)
class Stream:
    """An iterator without end: the head once, then the period for ever."""

    head: list[object]
    period: list[object]

    def take(self, count: int) -> list[object]:
        return [self.head[i] if i < len(self.head) else self.period[(i - len(self.head)) % len(self.period)]
                for i in range(count)]  # fmt: skip


@dataclass(eq=False, slots=True)
class Count:
    """`range(n)` with an n that is not known: `assumed` turns are followed, and that is said."""

    why: str
    place: Place


@dataclass(eq=False, slots=True)
class Unknown:
    """Something that is not followed; `matrix` is what it is as a matrix, once it is used as one."""

    why: str
    place: Place
    parameter: str = ""
    matrix: Odd | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """A name of another package, such as torch.bfloat16."""

    path: str
    place: Place

    @property
    def last(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(eq=False, slots=True)
class Function:
    """A function of the file, with the scope it was defined in and its default values."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    defaults: dict[str, object]
    name: str
    me: object = None
    owner: Class | None = None
    kind: str = ""


@dataclass(eq=False, slots=True)
class Partial:
    """functools.partial: a function and some of its arguments."""

    function: object
    arguments: list[object]
    named: dict[str, object]


@dataclass(eq=False, slots=True)
class Class:
    """A class of the file: its attributes, its bases, whether it is a dataclass."""

    node: ast.ClassDef
    attributes: dict[str, object]
    bases: list[object]
    name: str
    fields: list[str] = field(default_factory=list)

    def find(self, name: str) -> object:
        """The attribute, here or in a base of the file; KeyError where there is none."""
        if name in self.attributes:
            return self.attributes[name]
        for base in self.bases:
            if isinstance(base, Class):
                try:
                    return base.find(name)
                except KeyError:
                    continue
        raise KeyError(name)

    def method(self, name: str) -> Function | None:
        """The attribute, where it is a function."""
        try:
            found = self.find(name)
        except KeyError:
            return None
        return found if isinstance(found, Function) else None


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the file."""

    cls: Class
    attributes: dict[str, object]


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of a value, before it is called."""

    value: object
    name: str
    node: ast.expr = field(compare=False)


@dataclass(eq=False, slots=True)
class Choice:
    """One of several values: which one depends on what the program is given."""

    values: list[object]
    why: str
    place: Place


MOST_CHOICES = 32


def alternatives(value: object) -> Iterator[object]:
    """The values of a choice, or the one value."""
    if isinstance(value, Choice):
        for one in value.values:
            yield from alternatives(one)
    else:
        yield value


def same(a: object, b: object) -> bool:
    """Are two values equal as far as a program can see?"""
    if a is b:
        return True
    if isinstance(a, Items) and isinstance(b, Items):
        return (not a.changed and not b.changed and len(a.items) == len(b.items)
                and all(same(p, q) for p, q in zip(a.items, b.items, strict=True)))  # fmt: skip
    if isinstance(a, (str, bool, type(None), Number, Foreign, Fraction)):
        return (type(a) in (type(b), Default) and bool(a == b)) or (
            isinstance(a, str) and isinstance(b, str) and a == b
        )
    equal = getattr(a, "same", None)
    return bool(equal(b)) if equal and type(a) is type(b) else False


def because(value: object, otherwise: str) -> str:
    """Why a value is not followed, where it says so."""
    return value.why if isinstance(value, (Unknown, Count, Choice)) else otherwise


def unfollowed(value: object, place: Place, otherwise: str) -> Unknown:
    """What is made of a value that is not followed."""
    return Unknown(because(value, otherwise), place, value.parameter if isinstance(value, Unknown) else "")


def kind(value: object) -> str:
    """What a value is, for a message."""
    match value:
        case Items():
            return f"a list of {len(value.items)}"
        case Table():
            return f"a dictionary of {len(value.items)}"
        case str():
            return f"the text {str(value)[:40]!r}"
        case Number():
            return f"the number {value.value}"[:60]
        case Function() | Partial():
            return "a function"
        case Class():
            return "a class"
        case Foreign():
            return value.path
        case Unknown() | Count() | Choice():
            return value.why
        case None | bool():
            return str(value)
    return "a matrix" if type(value).__name__ in ("Odd", "Even") else "something that is not followed"
