"""Elimination of y from a critical polynomial, and the root that is left: a threshold as an algebraic number."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly, fmpq_poly

from muon_theory.errors import UndecidedError
from muon_theory.exact.rationals import fraction, midpoint, precision, simplest
from muon_theory.exact.roots import real_roots
from muon_theory.interval import Interval


def sign_at(p: fmpq_mpoly, point: Sequence[fmpq]) -> int:
    """-1, 0 or 1."""
    value = p(*point)
    return (value > 0) - (value < 0)


def eliminate(
    p: fmpq_mpoly, h: fmpq_mpoly, g: fmpq_mpoly, slope: fmpq_mpoly
) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
    """U·A + V·∂A/∂y = last, free of y, for A = P(Z)/h, Z = y·g²: least degrees in y, no common factor, U's lead > 0.

    Euclid's algorithm on A and ∂A/∂y gives the same, slowly: A has degree 12 and more in y.  The chain rule gives it
    from polynomials of low degree, f' = `slope` among them (all are polynomials in the parameters and y):

        α·P + β·P' = D, free of y              so  E := α(Z)·Z'·A·h + β(Z)·(A·h)' = D·Z' = D·g·f'
        P(Z) = P(0) + g·q                      so  P(0)·D·f' = D·f'·A·h - q·E
        S·f' + T·A = M, free of y              so  M·P(0)·D = S·(D·f'·A·h - q·E) + T·P(0)·D·A

    There -S·q·β(Z)·h is the coefficient of ∂A/∂y; V is what it is modulo A, and U what is left.
    """
    axis = p.context().nvars() - 1
    first = p.subs({"y": 0})
    image = _at_square(p, g)
    a = image / h
    if min(q.degrees()[axis] for q in (p, slope, a)) < 1:
        raise UndecidedError("the critical polynomial does not depend on y: choose another condition")
    _, beta, d = _combination(p, p.derivative(axis))
    s, _, m = _combination(slope, a)
    scale, _, v = _pseudo_division((first - image) / g * _at_square(beta, g) * h, a, axis)
    v, scale = _without_content((v, scale), axis)
    more, _, v = _pseudo_division(s * v, a, axis)
    v, last = _without_content((v, m * first * d * scale * more), axis)
    if last == 0:
        raise UndecidedError("the critical polynomial has a double root for every parameter: choose another condition")
    u, v, last = _primitive(((last - v * a.derivative(axis)) / a, v, last))
    return (u, v, last) if u.leading_coefficient() > 0 else (-u, -v, -last)


def _at_square(p: fmpq_mpoly, g: fmpq_mpoly) -> fmpq_mpoly:
    """p with Z = y·g² in the place of y."""
    *names, y = p.context().gens()
    return p.compose(*names, y * g * g, ctx=p.context())


def _combination(p: fmpq_mpoly, q: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
    """S·p + T·q = m, free of the last variable: Euclid's algorithm, every row without its content."""
    axis = p.context().nvars() - 1
    zero = p * 0
    rows = [(p, zero + 1, zero), (q, zero, zero + 1)]
    if p.degrees()[axis] < q.degrees()[axis]:
        rows.reverse()
    while rows[1][0].degrees()[axis] > 0:
        (r, *above), (divisor, *below) = rows
        scale, quotient, rest = _pseudo_division(r, divisor, axis)
        cofactors = (scale * x - quotient * z for x, z in zip(above, below, strict=True))
        last, s, t = _primitive(_without_content((rest, *cofactors), axis))
        rows = [rows[1], (last, s, t)]
    m, s, t = rows[1]
    return s, t, m


def _pseudo_division(r: fmpq_mpoly, divisor: fmpq_mpoly, axis: int) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
    """scale·r = quotient·divisor + rest, of lower degree in that variable, `scale` free of it."""
    quotient, scale, y = r * 0, r * 0 + 1, r.context().gens()[axis]
    lead, degree = _leading(divisor, axis), divisor.degrees()[axis]
    while r != 0 and r.degrees()[axis] >= degree:
        top = _leading(r, axis)
        common = top.gcd(lead)
        left, right = lead / common, top / common * y ** (r.degrees()[axis] - degree)
        r, quotient, scale = left * r - right * divisor, left * quotient + right, left * scale
    return scale, quotient, r


def _without_content(parts: tuple[fmpq_mpoly, ...], axis: int) -> tuple[fmpq_mpoly, ...]:
    """The parts without the common factor of all their coefficients in that variable."""
    content = parts[0] * 0
    for part in parts:
        for c in _in_powers(part, axis):
            content = content.gcd(c)
    return tuple(part / content for part in parts)


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
