"""Isolation of the real roots of an irreducible integer polynomial, and ever narrower intervals around one of them.

python-flint's balls say where the roots are; every interval is then shown by exact signs of integers.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from flint import arb, ctx, fmpq, fmpz_poly

from muon_theory.exact.rationals import fraction, midpoint
from muon_theory.interval import Interval

Integers = tuple[int, ...]


def isolate(minimal: Integers) -> list[Interval]:
    """For each real root, in order, an interval that holds no other: [n, n + 1], divided at mediants where it must be.

    The polynomial is irreducible, lowest coefficient first, of degree 2 or more: no end is a root.

    >>> [str(cell) for cell in isolate((27, 7, 0, -24, -22, 21))]
    ['[-2, -1]', '[1, 1.33333333334]', '[1.33333333333, 1.5]']
    """
    bits = 64
    while True:
        with ctx.workprec(bits):
            found = _cells(fmpz_poly(list(minimal)))
        if found is not None:
            return found
        bits *= 2


def _cells(p: fmpz_poly) -> list[Interval] | None:
    """None where the balls are too wide to tell on which side of an end a root lies."""
    roots = sorted((root.real for root, _ in p.complex_roots() if root.imag == 0), key=midpoint)
    cells = []
    for root in roots:
        whole = root.floor().unique_fmpz()
        if whole is None:
            return None
        lo, hi = fmpq(whole), fmpq(whole + 1)
        while sum(not (other < arb(lo) or other > arb(hi)) for other in roots) > 1:
            middle = fmpq(lo.p + hi.p, lo.q + hi.q)
            if root > arb(middle):
                lo = middle
            elif root < arb(middle):
                hi = middle
            else:
                return None
        cells.append(Interval(fraction(lo), fraction(hi)))
    return cells


def homogeneous(p: Integers, q: Fraction) -> int:
    """p(q)·denominator^degree."""
    value, power = 0, 1
    for c in reversed(p):
        value = value * q.numerator + c * power
        power *= q.denominator
    return value


def sign_at(p: Integers, q: Fraction) -> int:
    """-1, 0 or 1."""
    value = homogeneous(p, q)
    return (value > 0) - (value < 0)


@lru_cache(maxsize=4096)
def refine(p: Integers, lo: Fraction, hi: Fraction, width: Fraction) -> Interval:
    """The root between ends of opposite sign, in an interval of at most that width, by quadratic interval refinement.

    (Abbott 2014.)  The root's place in a grid of 2^k cells is guessed by the secant.  A right guess (the sign changes
    across the cell) squares the number of cells, a wrong one halves k; so the digits double from step to step, and
    every interval is checked by exact signs.
    """
    start, bits = sign_at(p, lo), 2
    while hi - lo > width:
        low, high = (Fraction(homogeneous(p, q), q.denominator ** (len(p) - 1)) for q in (lo, hi))
        cells = 2**bits
        at = min(cells - 1, int(cells * low / (low - high)))
        step = (hi - lo) / cells
        cells_near = ((lo + k * step, lo + (k + 1) * step) for k in (at, at - 1, at + 1) if 0 <= k < cells)
        cell = next((c for c in cells_near if sign_at(p, c[0]) == start == -sign_at(p, c[1])), None)
        if cell is not None:
            (lo, hi), bits = cell, 2 * bits
        else:
            middle = (lo + hi) / 2
            lo, hi = (middle, hi) if sign_at(p, middle) == start else (lo, middle)
            bits = max(1, bits // 2)
    return Interval(lo, hi)
