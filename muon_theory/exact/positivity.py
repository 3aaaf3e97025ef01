"""Split points that make the checker's one rule succeed: the search that the checker never does.

A polynomial is ≥ 0 on [lo, hi] if its Bernstein coefficients are.  Where they are not, one split close to each interior
local minimum is enough: on both sides of a minimum the polynomial rises, and there the coefficients soon agree with
it.  How close is a window whose width is governed by the value at the minimum (the slack); the simplest rational in
the widest admissible window keeps certificates short (`docs/decisions/0003-simple-split-points.md`).
"""

from __future__ import annotations

from fractions import Fraction

from flint import ctx, fmpq, fmpq_poly

from muon_theory.errors import UndecidedError
from muon_theory.exact.bernstein import bernstein
from muon_theory.exact.rationals import fraction, midpoint, simplest
from muon_theory.exact.roots import real_roots

MAX_DEPTH = 40
"""Splits nested deeper than this mean that the polynomial is negative, or zero where it must not be."""


class NotPositive(UndecidedError):
    """No split points were found; `at` is where the search gave up, which is where to look for a counterexample."""

    def __init__(self, at: fmpq) -> None:
        super().__init__(f"the sign could not be shown near {float(Fraction(int(at.p), int(at.q))):.9g}")
        self.at = at


def splits(p: fmpq_poly, lo: fmpq, hi: fmpq, strict: tuple[bool, bool] | None = None) -> tuple[Fraction, ...]:
    """Points between which all Bernstein coefficients of p are ≥ 0.

    With `strict`, p is also shown > 0 inside, and at each end for which `strict` says so.

    Raises NotPositive where the polynomial is negative, or touches zero where it must not.

    >>> splits(fmpq_poly([1, -3, 3]), fmpq(0), fmpq(1))
    (Fraction(1, 2),)
    """
    if strict is not None and any(wanted and p(end) <= 0 for end, wanted in zip((lo, hi), strict, strict=True)):
        raise NotPositive(lo if strict[0] and p(lo) <= 0 else hi)
    points = sorted(_split(p, lo, hi, 0))
    for at in points:
        if strict is not None and p(at) <= 0:
            raise NotPositive(at)
    if strict is not None and p.degree() < 0:
        raise NotPositive(lo)
    return tuple(map(fraction, points))


def _split(p: fmpq_poly, lo: fmpq, hi: fmpq, depth: int) -> list[fmpq]:
    if lo == hi or min(bernstein(p, lo, hi)[0]) >= 0:
        if lo == hi and p(lo) < 0:
            raise NotPositive(lo)
        return []
    at = _next_split(p, lo, hi)
    if depth >= MAX_DEPTH or p(at) < 0 or p(lo) < 0 or p(hi) < 0:
        raise NotPositive(at)
    return [*_split(p, lo, at, depth + 1), at, *_split(p, at, hi, depth + 1)]


def _next_split(p: fmpq_poly, lo: fmpq, hi: fmpq) -> fmpq:
    """The simplest point that both sides can live with: near the lowest interior minimum, else near the middle."""
    third = (hi - lo) / 3
    slope = p.derivative()
    inside = [r for r in real_roots(slope, lo, hi) if lo < midpoint(r) < hi]
    if not inside:
        return simplest(lo + third, hi - third)
    lowest = min((midpoint(r) for r in inside), key=p)
    n, value, bend = p.degree(), p(lowest), slope.derivative()(lowest)
    left, right = (lowest - lo) / 2, (hi - lowest) / 2
    if value >= 0 and bend > 0:  # where p ≈ value + bend·t²/2, the tangents stay above zero for t in this window
        left, right = min(left, n * value / (bend * (hi - lowest))), min(right, n * value / (bend * (lowest - lo)))
    for _ in range(ctx.prec):
        at = simplest(lowest - left, lowest + right)
        rise, height = slope(at), p(at)
        # b_1 on the right piece and b_{n-1} on the left one
        if height >= 0 and height * n + rise * (hi - at) >= 0 and height * n - rise * (at - lo) >= 0:
            return at
        left, right = left / 4, right / 4
    return lowest
