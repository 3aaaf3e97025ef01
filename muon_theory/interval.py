"""Closed rational intervals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.number import decimal, rational


@dataclass(frozen=True, slots=True)
class Interval:
    """[lo, hi] with rational ends, lo ≤ hi.

    Laws: `a in i` iff lo ≤ a ≤ hi; `i <= j` iff every point of i lies in j; widening and hull contain what they widen.
    Ends are exact; `str` prints decimals rounded outward.

    >>> Interval.of("1/3", 1)
    Interval(lo=Fraction(1, 3), hi=Fraction(1, 1))
    >>> print(Interval.of("1/3", 1))
    [0.333333333333, 1]
    """

    lo: Fraction
    hi: Fraction

    def __post_init__(self) -> None:
        if self.lo > self.hi:
            raise UsageError(f"the interval's lower end {self.lo} is above its upper end {self.hi}: swap them")

    @classmethod
    def of(cls, lo: str | int | Fraction, hi: str | int | Fraction | None = None) -> Interval:
        """The interval between two exact numbers, or the point `lo`."""
        low = rational(lo)
        return cls(low, low if hi is None else rational(hi))

    def __contains__(self, x: Fraction | int) -> bool:
        return self.lo <= x <= self.hi

    def __le__(self, other: Interval) -> bool:
        """Is every point of this interval in the other?"""
        return other.lo <= self.lo and self.hi <= other.hi

    def outward(self, digits: int = 12) -> list[str]:
        """Both ends as decimals, rounded so that an interval that contains something still does."""
        return [decimal(self.lo, digits, -1), decimal(self.hi, digits, +1)]

    def inward(self, digits: int = 12) -> list[str]:
        """Both ends as decimals, rounded so that what holds on the interval holds between them."""
        return [decimal(self.lo, digits, +1), decimal(self.hi, digits, -1)]

    def text(self, digits: int = 12) -> str:
        """[lo, hi], rounded outward."""
        return f"[{', '.join(self.outward(digits))}]"

    def __str__(self) -> str:
        return self.text()

    @property
    def width(self) -> Fraction:
        return self.hi - self.lo

    @property
    def midpoint(self) -> Fraction:
        return (self.lo + self.hi) / 2

    @property
    def is_point(self) -> bool:
        return self.lo == self.hi

    def hull(self, other: Interval) -> Interval:
        """The least interval that contains both."""
        return Interval(min(self.lo, other.lo), max(self.hi, other.hi))

    def widen(self, by: Fraction) -> Interval:
        """[lo - by, hi + by], by ≥ 0."""
        return Interval(self.lo - by, self.hi + by)

    def disjoint(self, other: Interval) -> bool:
        return self.hi < other.lo or other.hi < self.lo
