"""What a law is, and how results are compared.

A check returns the tolerance that it used, raises `Broken` with what was seen, or `Silent` where the bound has nothing
to say.  Two results that must agree are compared with the sum of their bounds; equality bit for bit always suffices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import numpy as np

from muon_theory.conformance.case import Case
from muon_theory.conformance.emulated import Array
from muon_theory.conformance.subject import Subject
from muon_theory.errors import UsageError
from muon_theory.number import decimal

Check = Callable[[Subject, Case], Fraction]


class Broken(Exception):
    """The law does not hold for this case; the text says what was seen."""


class Noted(Exception):
    """The law holds up to an end that the text names, or is broken by a convention that users should know."""


class Silent(Exception):
    """The error bound says nothing about this case."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law that a Newton-Schulz function obeys.

    `kind` is the sort of matrix it is tried on (matrix, rank-one, diagonal, zero, batch, not-finite; spread and long,
    of many singular values and of many columns), `draws` what else varies (steps, exponent, tiny, huge, rotation,
    layout, either-layout, dtype; fixed: nothing).  `reason` says why it does not apply to a subject, or "".
    """

    name: str
    statement: str
    check: Check
    kind: str = "matrix"
    draws: tuple[str, ...] = ("steps",)
    reason: Callable[[Subject], str] = lambda subject: ""


class HasName(Protocol):
    """What is chosen by its name."""

    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=HasName)


def chosen(laws: tuple[Named, ...], names: Sequence[str] | None) -> tuple[Named, ...]:
    """Those of these names, in the order of the names; all of them for None.  Raises UsageError."""
    known = {law.name: law for law in laws}
    if unknown := [n for n in names or () if n not in known]:
        raise UsageError(f"there is no law {unknown[0]!r}: use {', '.join(known)}")
    return tuple(known[n] for n in names) if names else laws


def number(x: float | Fraction) -> str:
    """Four digits, for people."""
    return decimal(Fraction(x), 4) if isinstance(x, Fraction) or math.isfinite(x) else str(x)


def shown(X: Any) -> str:
    """A result as it prints, six digits."""
    return f"{float(X):.6g}" if X.ndim == 0 else "[" + ", ".join(map(shown, X)) + "]"


def compare(seen: Array, wanted: Array, bound: Fraction | None, what: str) -> Fraction:
    """‖seen - wanted‖_F ≤ bound."""
    if not np.isfinite(seen).all():
        raise Broken(f"{what}: the result is {shown(seen)}")
    if bound is None:
        raise Silent
    distance = float(np.linalg.norm(seen - wanted))
    if distance > bound:
        raise Broken(
            f"{what}: the result is {shown(seen)}, not {shown(wanted)}; they differ by {number(distance)}, "
            f"and rounding explains at most {number(bound)}"
        )
    return bound


def agree(
    subject: Subject, A: Array, fA: Array, B: Array, fB: Array, move: Callable[[Array], Array], k: int | None
) -> Fraction:
    """f(A) = move(f(B)), where exactly A = move(B): within both bounds and what storing A and B changed."""
    wanted = move(fB)
    if np.array_equal(fA, wanted):
        return Fraction(0)
    a, b = subject.reference(A, k, fA), subject.reference(B, k, fB)
    stored = Fraction(float(np.linalg.norm(a.value - move(b.value))))
    bound = None if a.bound is None or b.bound is None else a.bound + b.bound + stored
    return compare(fA, wanted, bound, "the two results differ")
