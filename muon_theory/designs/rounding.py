"""How coefficients are written: so many correct digits, or numbers of a grid that low precision can hold.

*Correct digits* are digits of the ideal coefficients: the next step goes on from the ideal ones, so every digit that is
printed belongs to the greedy composition.  *Grids* (decimals, a binary format, a common denominator) change the
schedule: of the neighbours on the grid those are taken that end best, and the next step starts from what they lead to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil, log10

from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial

MOST_TERMS = 5
"""Polynomials of more terms are rounded to nearest: the neighbours double with each term."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """At most one way of rounding decimal numbers, and a binary format (after the decimals, where both are given).

    digits : so many correct significant digits of the ideal coefficients.
    decimals : so many decimals after the point.
    denominator : multiples of 1/denominator.
    reading : numbers of a binary format.

    Raises UsageError for two at once, and for numbers out of their domain.
    """

    digits: int | None = None
    decimals: int | None = None
    denominator: int | None = None
    reading: Reading = Reading.DECIMAL

    def __post_init__(self) -> None:
        given = list(self._given())
        if len(given) > 1 or (given == ["digits"] and self.reading is not Reading.DECIMAL):
            other = given[1] if len(given) > 1 else f"numbers of {self.reading.value}"
            raise UsageError(f"{given[0]} and {other} are two ways of rounding: choose one")
        if self.digits is not None and self.digits < 1:
            raise UsageError(f"{self.digits} correct digits say nothing: ask for 1 or more")
        if self.decimals is not None and self.decimals < 0:
            raise UsageError(f"{self.decimals} decimals cannot be kept: write 0 or more")
        if self.denominator is not None and self.denominator < 1:
            raise UsageError(f"a common denominator is a whole number ≥ 1, not {self.denominator}")

    def _given(self) -> dict[str, object]:
        numbers = {"digits": self.digits, "decimals": self.decimals, "denominator": self.denominator}
        return {name: value for name, value in numbers.items() if value is not None}

    @property
    def on_grid(self) -> bool:
        """Do the coefficients lie on a grid, so that rounding is part of the schedule?"""
        return self.decimals is not None or self.denominator is not None or self.reading is not Reading.DECIMAL

    def finer(self, by: int) -> Rounding | None:
        """With so many digits or decimals more; None where it is not by them that is rounded."""
        for name in ("digits", "decimals"):
            if (kept := getattr(self, name)) is not None:
                return replace(self, **{name: kept + by})
        return None

    def to_json(self) -> dict[str, object]:
        """What was asked for, as the machine interface says it."""
        return self._given() | ({"coefficients_in": self.reading.value} if self.reading is not Reading.DECIMAL else {})

    def words(self) -> list[str]:
        """The arguments of a call that asks for it."""
        kept = [f"{name}={value}" for name, value in self._given().items()]
        return kept + ([f"reading={self.reading}"] if self.reading is not Reading.DECIMAL else [])

    def best(self, p: OddPolynomial, merit: Callable[[OddPolynomial], tuple[bool, Fraction]]) -> OddPolynomial:
        """Of the roundings of p to the grid, the one of greatest merit."""
        around = [self._around(c) for c in p.coefficients]
        if len(around) > MOST_TERMS:
            around = [near[:1] for near in around]
        return max((OddPolynomial(row) for row in product(*around)), key=merit)

    def _around(self, c: Fraction) -> list[Fraction]:
        """The nearest number of the grid, and the nearest on the other side of c."""
        unit = self.denominator or (None if self.decimals is None else 10**self.decimals)
        nearest = c if unit is None else Fraction(round(c * unit), unit)
        quantum = Fraction(1, unit) if unit else abs(nearest) / 2 ** ((self.reading.precision or 1) - 1)
        near = self.reading.round(nearest)
        other = self.reading.round(nearest + quantum if near < c else nearest - quantum)
        return [near] if other == near else [near, other]


def magnitude(q: Fraction) -> int:
    """⌈log₁₀ |q|⌉ or so, for rationals far outside the range of floats."""
    return ceil(log10(abs(q.numerator)) - log10(q.denominator))


def leading_zeros(q: Fraction) -> int:
    """How many zeros stand after the point, for 0 < q < 1."""
    return max(0, 1 - magnitude(q)) if q > 0 else 0


def rounded_up(q: Fraction, digits: int) -> Fraction:
    """Up to so many significant digits."""
    if q == 0:
        return q
    unit = Fraction(10) ** (magnitude(q) - digits)
    return (q / unit).__ceil__() * unit


def significant(p: OddPolynomial, digits: int) -> OddPolynomial:
    """Each coefficient to so many significant digits.

    >>> str(significant(OddPolynomial.of("3.44451", "-0.0477502"), 4))
    '689/200 x - 191/4000 x³'
    """
    return OddPolynomial(tuple(_significant(c, digits) for c in p.coefficients))


def _significant(c: Fraction, digits: int) -> Fraction:
    if c == 0:
        return c
    places = magnitude(c)
    exponent = places if abs(c) >= Fraction(10) ** places else places - 1  # 10^exponent ≤ |c| < 10^(exponent + 1)
    quantum = Fraction(10) ** (exponent - digits + 1)
    return round(c / quantum) * quantum


def short(p: OddPolynomial, upper: Fraction, tolerance: Fraction) -> OddPolynomial:
    """Coefficients as short decimals that change p on [0, u] by less than the tolerance."""
    out = []
    for i, c in enumerate(p.coefficients):
        quantum = Fraction(10) ** (magnitude(tolerance / ((p.degree + 1) * upper ** (2 * i + 1))) - 1)
        out.append(round(c / quantum) * quantum)
    return OddPolynomial(tuple(out))
