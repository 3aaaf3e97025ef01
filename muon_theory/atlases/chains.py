"""Chains of intervals for all maps of a box at once: exact ranges of f_θ over an interval, and the cuts that show them.

For θ in a box, the coefficients of f_θ lie in the hull of their Bernstein coefficients in θ: one row of a matrix for
each.  Times the matrix that takes powers of x to the Bernstein basis of an interval, its entries bound f_θ there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from flint import fmpq, fmpq_mat

from muon_theory.atlases.plane import Box
from muon_theory.claims import Grid, Outer
from muon_theory.errors import UndecidedError
from muon_theory.exact.bernstein import to_bernstein
from muon_theory.exact.rationals import exact, fraction, simplest
from muon_theory.expression import ParameterPolynomial
from muon_theory.interval import Interval
from muon_theory.number import simplest_between

SAMPLES = 64
MAX_DEPTH = 8
"""An interval of x is halved so often, at most, before the box of parameters is."""

Row = tuple[ParameterPolynomial, ...]


@dataclass(frozen=True)
class Maps:
    """All f_θ for θ in a box; `coefficients`: a row for each Bernstein index in θ, a column for each power of x."""

    coefficients: fmpq_mat

    @classmethod
    def of(cls, row: Row, box: Box) -> Maps:
        """The polynomials Σ row[i](θ)·x^(2i+1), with θ in the box."""
        degrees = [max((e[j] for p in row for e, _ in p.terms), default=0) for j in range(len(box))]
        powers = {e: i for i, e in enumerate(product(*(range(d + 1) for d in degrees)))}
        table = [[fmpq(0)] * (2 * len(row)) for _ in powers]
        for i, p in enumerate(row):
            for e, c in p.terms:
                table[powers[e]][2 * i + 1] = exact(c)
        change = [[fmpq(1)]]
        for d, side in zip(degrees, box, strict=True):
            lines = to_bernstein(d + 1, exact(side.lo), exact(side.hi)).transpose().tolist()
            change = [[x * y for x in left for y in right] for left in change for right in lines]
        return cls(fmpq_mat(change) * fmpq_mat(table))

    def derivative(self) -> Maps:
        """All f_θ'."""
        rows = self.coefficients.tolist()
        return Maps(fmpq_mat([[c * i for i, c in enumerate(row)][1:] for row in rows]))

    def over_x(self) -> Maps:
        """All g_θ, as polynomials in y = x²."""
        return Maps(fmpq_mat([row[1::2] for row in self.coefficients.tolist()]))

    def plus(self, constant: fmpq, sign: int = 1) -> Maps:
        """sign·f + constant."""
        rows = [[c * sign for c in row] for row in self.coefficients.tolist()]
        return Maps(fmpq_mat([[row[0] + constant, *row[1:]] for row in rows]))

    def from_infinity(self, scale: fmpq) -> Maps:
        """t^n·p(scale/t): on (0, 1] it has the sign of p on [scale, ∞)."""
        rows = [[c * scale**i for i, c in enumerate(row)] for row in self.coefficients.tolist()]
        return Maps(fmpq_mat([row[::-1] for row in rows]))

    def sampled(self, lo: fmpq, hi: fmpq) -> tuple[fmpq, fmpq]:
        """The least and the greatest value at some points of [lo, hi]: inside the range, and close to it."""
        n = self.coefficients.ncols()
        points = [lo + (hi - lo) * fmpq(i, SAMPLES) for i in range(SAMPLES + 1)] if lo < hi else [lo]
        values = (self.coefficients * fmpq_mat([[x**i for x in points] for i in range(n)])).entries()
        return min(values), max(values)

    def cuts(self, lo: fmpq, hi: fmpq, strict: bool = False, depth: int = 0) -> list[fmpq]:
        """Points between which all coefficients are ≥ 0 (> 0).  Raises UndecidedError where there are none."""
        entries = (self.coefficients * to_bernstein(self.coefficients.ncols(), lo, hi)).entries()
        if min(entries) > 0 or (min(entries) == 0 and not strict):
            return []
        if depth == MAX_DEPTH or lo == hi:
            raise UndecidedError("not positive for all parameters of the box: halve it")
        at = simplest(lo + (hi - lo) * fmpq(3, 8), lo + (hi - lo) * fmpq(5, 8))
        return [*self.cuts(lo, at, strict, depth + 1), at, *self.cuts(at, hi, strict, depth + 1)]


def outer_step(f: Maps, lo: fmpq, hi: fmpq, slack: Fraction, parameters: int) -> Outer:
    """One step of a chain: an interval that contains every f_θ([lo, hi]), and the cuts that show it."""
    least, most = f.sampled(lo, hi)
    low = simplest(least - 2 * exact(slack), least - exact(slack))
    high = simplest(most + exact(slack), most + 2 * exact(slack))
    below, above = f.plus(-low).cuts(lo, hi), f.plus(high, -1).cuts(lo, hi)
    return Outer(Interval(fraction(low), fraction(high)), (grid(below, parameters), grid(above, parameters)))


def chain(maps: Sequence[Maps], start: Interval, slack: Fraction, parameters: int) -> list[Outer]:
    """Intervals O_t ⊇ f_t(O_{t-1}) for all parameters of the box.  Raises UndecidedError where none is shown."""
    steps: list[Outer] = []
    here = start
    for f in maps:
        steps.append(outer_step(f, exact(here.lo), exact(here.hi), slack, parameters))
        here = steps[-1].outer
    return steps


def grid(cuts: Sequence[fmpq], parameters: int) -> Grid:
    """Cuts of the last variable alone."""
    return (*(() for _ in range(parameters)), tuple(map(fraction, cuts)))


def near(x: float, within: float) -> Fraction:
    """The simplest number near a float."""
    unit = 2**60
    return simplest_between(Fraction(round((x - within) * unit), unit), Fraction(round((x + within) * unit), unit))
