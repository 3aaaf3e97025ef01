"""Where φ(x)/x is least and greatest: sought in floats, then in balls.  Nothing is claimed of what is found here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from math import prod

from flint import arb, ctx

from muon_theory.errors import UndecidedError
from muon_theory.exact.rationals import exact, fraction
from muon_theory.finders.models import interpolation
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.polynomial import horner
from muon_theory.schedule import Schedule


def value(schedule: Schedule, x: Fraction) -> Fraction:
    """φ(x)/x, to about 50 digits."""
    with ctx.workprec(400):
        start = arb(exact(x))
        y = start
        for f in schedule.steps:
            y = y * horner([arb(exact(c)) for c in f.coefficients], y * y)
        found = y / start
        if not found.is_finite():
            raise UndecidedError(f"φ({x}) is too large to be followed")
        return rational(found.mid().str(50, radius=False))


POINTS, CANDIDATES, DEEPEST = 4000, 40, 5
"""Of a scan; how many of its least values are zoomed in on; and how many of those to all digits."""


@cache
def _cardinal(degree: int) -> tuple[list[float], list[tuple[float, list[float]]]]:
    """The nodes in floats; points between them, each with the weights that interpolation gives the nodes there."""
    nodes = [float(fraction(u)) for u in interpolation(degree, at_end=False)[0]]
    points = [(2 * k + 1) / (6 * degree + 6) for k in range(3 * degree + 3)]
    return nodes, [(u, [prod((u - b) / (a - b) for b in nodes if b != a) for a in nodes]) for u in points]


@dataclass(frozen=True)
class Landscape:
    """φ(x)/x over an interval: in floats and, where it matters, to 50 digits."""

    schedule: Schedule
    over: Interval

    @cached_property
    def rows(self) -> list[list[float]]:
        """The coefficients in floats."""
        return [list(map(float, f.coefficients)) for f in self.schedule.steps]

    def rough(self, x: float) -> float:
        """φ(x)/x in floats."""
        r = 1.0
        for row in self.rows:
            r *= horner(row, (x * r) ** 2)
            if abs(r) > 1e100:
                raise UndecidedError("the orbits leave every bound: φ(x)/x has none that is of use")
        return r

    def least(self, sign: int = 1) -> Fraction:
        """About where sign·φ(x)/x is least: from a scan of x and of log x."""
        low, high = self._ends
        even, odd = range(POINTS + 1), (high / low) ** (1 / POINTS)
        xs = sorted({*(low + (high - low) * i / POINTS for i in even), *(min(low * odd**i, high) for i in even), high})
        values = [sign * self.rough(x) for x in xs]
        turns = [i for i, v in enumerate(values) if v <= min(values[max(i - 1, 0)], values[min(i + 1, len(xs) - 1)])]
        wells = sorted(turns, key=lambda i: values[i])[:CANDIDATES]
        found = [self._zoomed(xs[i], max(xs[min(i + 1, len(xs) - 1)] - xs[i], xs[i] - xs[i - 1]), sign) for i in wells]
        lowest = sorted(found, key=lambda at: sign * self.rough(at[0]))[:DEEPEST]
        return min((self._bottom(*at, sign) for at in lowest), key=lambda x: sign * value(self.schedule, x))

    def near(self, x: Fraction, sign: int = 1) -> Fraction:
        """The same, close to x."""
        return self._bottom(*self._zoomed(float(x), 1e-3 * float(x), sign), sign)

    def forbids(self, cell: Interval, degree: int, least: float, most: float) -> bool:
        """Do floats show that no model of this degree stays between the bounds on the cell?  What they leave is tried.

        A model's error is at least what interpolation leaves at points between the nodes.
        """
        nodes, between = _cardinal(degree)
        low, width = float(cell.lo), float(cell.width)
        known = [self.rough(low + width * u) for u in nodes]
        model = [sum(w * v for w, v in zip(weights, known, strict=True)) for _, weights in between]
        error = max(abs(p - self.rough(low + width * u)) for p, (u, _) in zip(model, between, strict=True))
        slack = 1e-10 * max(map(abs, known))
        return min(model) - error < least - slack or max(model) + error > most + slack

    @property
    def _ends(self) -> tuple[float, float]:
        return float(self.over.lo) or 1e-9 * float(self.over.hi), float(self.over.hi)

    def _zoomed(self, x: float, width: float, sign: int) -> tuple[float, float]:
        """To the least value among 40 points, as long as floats tell the points apart; and how far away it may be."""
        low, high = self._ends
        while width > 1e-9 * x:
            around = (min(max(x + width * k / 20, low), high) for k in range(-20, 21))
            x, width = min(around, key=lambda x: sign * self.rough(x)), width / 10
        return x, width

    def _bottom(self, x: float, width: float, sign: int) -> Fraction:
        """Where the value near x is least, to 50 digits of the value."""
        ends = Interval(self.over.lo or rational(repr(self._ends[0])), self.over.hi)
        best, step = rational(repr(x)), rational(decimal(rational(repr(width)), 1))
        while step > ends.hi / 10**14:
            around = (min(max(best + step * k, ends.lo), ends.hi) for k in range(-4, 5))
            best, step = min(around, key=lambda x: sign * value(self.schedule, x)), step / 4
            best = min(max(rational(decimal(best, 16)), ends.lo), ends.hi)
        return best
