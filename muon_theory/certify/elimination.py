"""Elimination of y from a critical polynomial, and the root that is left: a threshold as an algebraic number."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly, fmpq_poly

from muon_theory.certify.band import precision
from muon_theory.certify.positivity import fraction, midpoint, real_roots, simplest
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval


def sign_at(p: fmpq_mpoly, point: Sequence[fmpq]) -> int:
    """-1, 0 or 1."""
    value = p(*point)
    return (value > 0) - (value < 0)


def eliminate(a: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
    """U·A + V·∂A/∂y = last, free of y: Euclid's algorithm with pseudo-division, cofactors and contents removed."""
    axis = a.context().nvars() - 1
    one, zero = a.context().from_dict({(0,) * (axis + 1): fmpq(1)}), a.context().from_dict({})
    rows = [(a, one, zero), (a.derivative(axis), zero, one)]
    while rows[1][0].degrees()[axis] > 0:
        (r, u, v), (s, p, q) = rows
        while r != 0 and r.degrees()[axis] >= s.degrees()[axis]:
            lead_r, lead_s = _leading(r, axis), _leading(s, axis)
            common = lead_r.gcd(lead_s)
            left, right = lead_s / common, lead_r / common
            shift = a.context().gens()[axis] ** (r.degrees()[axis] - s.degrees()[axis])
            r, u, v = (left * x - right * shift * z for x, z in ((r, s), (u, p), (v, q)))
        content = zero
        for x in (r, u, v):
            for c in _in_powers(x, axis):
                content = content.gcd(c)
        rows = [rows[1], _primitive((r / content, u / content, v / content))]
    r, u, v = rows[1]
    if r == 0:
        raise UndecidedError("the critical polynomial has a double root for every parameter: choose another condition")
    return u, v, r


def _primitive(parts: tuple[fmpq_mpoly, ...]) -> tuple[fmpq_mpoly, ...]:
    """The same up to a common factor: all coefficients integers without a common divisor."""
    coefficients = [c for p in parts for c in p.coeffs()]
    top = gcd(*(int(c.p) for c in coefficients))
    bottom = lcm(*(int(c.q) for c in coefficients))
    return tuple(p * fmpq(bottom, top) for p in parts)


def _in_powers(p: fmpq_mpoly, axis: int) -> list[fmpq_mpoly]:
    parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for e, c in p.to_dict().items():
        parts.setdefault(int(e[axis]), {})[(*e[:axis], 0, *e[axis + 1 :])] = c
    return [p.context().from_dict(part) for part in parts.values()]


def _leading(p: fmpq_mpoly, axis: int) -> fmpq_mpoly:
    degree = p.degrees()[axis]
    terms = {(*e[:axis], 0, *e[axis + 1 :]): c for e, c in p.to_dict().items() if e[axis] == degree}
    return p.context().from_dict(terms)


def threshold_factor(p: fmpq_mpoly, box: Sequence[tuple[fmpq, fmpq]]) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """The factor that changes sign across the window (in the first parameter), and the product of the others."""
    _, factors = p.factor()
    rest = [(lo + hi) / 2 for lo, hi in box[1:]]
    (w0, w1) = box[0]
    crossing = [f for f, _ in factors if sign_at(f, [w0, *rest, fmpq(0)]) * sign_at(f, [w1, *rest, fmpq(0)]) < 0]
    if len(crossing) != 1:
        raise UndecidedError(
            f"{len(crossing)} factors of the elimination change sign on the window: narrow it around α"
        )
    m = crossing[0]
    return m, p / m


def isolate(m: fmpq_mpoly, w0: fmpq, w1: fmpq, digits: int) -> tuple[Interval, int]:
    """The root of m in the window to so many digits, and the sign of m' there."""
    precision(digits)
    p = fmpq_poly([m.to_dict().get((i, 0), fmpq(0)) for i in range(m.degrees()[0] + 1)])
    rising = 1 if p(w1) > 0 else -1
    root = real_roots(p, w0, w1)[0]
    lo, hi = midpoint(root.lower()), midpoint(root.upper())
    slack = fmpq(1, 10**digits) / 2
    inside = Interval(fraction(simplest(lo - slack, lo)), fraction(simplest(hi, hi + slack)))
    whole = simplest(lo - slack, hi + slack)
    return (Interval(fraction(whole), fraction(whole)) if p(whole) == 0 else inside), rising
