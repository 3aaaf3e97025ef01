"""Formulas: where a best cubic has a given error, Padé's (Kovarik's) polynomials, the relaxed cubic.

Each schedule's first source is the call that regenerates it.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from flint import arb, ctx

from muon_theory.errors import UsageError
from muon_theory.exact.rationals import exact, fraction, midpoint
from muon_theory.number import rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule


def nearest(ball: arb, digits: int) -> Fraction:
    """The ball's midpoint to so many decimals."""
    return Fraction(round(fraction(midpoint(ball)) * 10**digits), 10**digits)


def _bits(q: Fraction) -> int:
    return q.numerator.bit_length() + q.denominator.bit_length()


def cubic_lower_end(delta: Fraction, digits: int = 20) -> Fraction:
    """The l at which the best cubic on [l, 1] has error δ: l = (√3·tan(arccos(-ρ)/3) - 1)/2, ρ = (1-δ)/(1+δ).

    (The best cubic is 2(3e²x - x³)/(2e³ + s), e² = (l² + l + 1)/3, s = l² + l, and its error (2e³ - s)/(2e³ + s): CANS,
    arXiv 2506.10935, Prop. 2.  So s = 2ρe³; squared, with 3e² = 1/σ, it reads σ(1-σ)² = 4ρ²/27, and
    σ = (4/3)·cos²φ makes that cos² 3φ = ρ².  An explicit form of CANS, Prop. 4.)

    >>> float(cubic_lower_end(Fraction(3, 10), 12))
    0.249108046714
    """
    if not 0 < delta < 1:
        raise UsageError(f"δ lies in (0, 1), not {delta}")
    with ctx.workprec(64 + 8 * digits + 2 * _bits(delta)):
        rho = arb(exact((1 - delta) / (1 + delta)))
        return nearest((arb(3).sqrt() * ((-rho).acos() / 3).tan() - 1) / 2, digits)


def pade(order: int, steps: int = 1) -> Schedule:
    """p_κ(x) = x·Σ_{s≤κ} c_s(1-x²)^s, c_s = (2s)!/(4^s s!²), `steps` times: degree 2κ + 1, f(1) = 1, contact κ + 1.

    0 ≤ 1 - p_κ(x) ≤ (1-x²)^(κ+1) on [0, 1], so the error after T steps is at most (1-l²)^((κ+1)^T).  It is the limit of
    the best polynomial on [l, u] as l, u → 1.  (Kovarik 1970; Higham, Functions of Matrices, ch. 8; κ = 1 is
    Newton-Schulz, κ = 2 the classical quintic.)

    Raises UsageError if κ < 1.

    >>> [str(p) for p in (pade(1).steps[0], pade(2).steps[0])]
    ['3/2 x - 1/2 x³', '15/8 x - 5/4 x³ + 3/8 x⁵']
    """
    if order < 1:
        raise UsageError(f"κ = {order} gives no iteration: write 1 (cubic), 2 (quintic), …")
    coefficients = [Fraction(0)] * (order + 1)
    for s in range(order + 1):
        for i in range(s + 1):
            coefficients[i] += Fraction(comb(2 * s, s), 4**s) * comb(s, i) * (-1) ** i
    call = f"muon_theory.designs.pade({order}, {steps})"
    return Schedule((OddPolynomial(tuple(coefficients)),), f"pade-{order}", sources=(call, "Kovarik 1970")).repeated(
        steps
    )


def relaxed_cubic(
    steps: int, lower: str | int | Fraction, peak: str | int | Fraction = "1.3", digits: int = 7
) -> Schedule:
    """f_t(x) = (u/2)(3αx - α³x³), α = 1/k, k² = (r² + r·l + l²)/3: cubics whose maximum is u at every step.

    r is the upper end before the step (1, then u) and l the lower end (`lower`, then f_t(l)); f_t(l) = f_t(r).
    (arXiv 2606.00371, with u = 1.3.)  Coefficients are rounded to `digits` decimals; the recursion is not.

    Raises UsageError unless 0 < lower < 1 ≤ peak and steps ≥ 1.

    >>> relaxed_cubic(1, "0.007").rows()
    [['262942/78125', '-522203/156250']]
    """
    l, r, u = rational(lower), Fraction(1), rational(peak)
    if not (0 < l < 1 <= u and steps >= 1):
        raise UsageError(f"a relaxed cubic needs 0 < l < 1 ≤ u and a step, not l = {l}, u = {u}, {steps} steps")
    rows = []
    for _ in range(steps):
        with ctx.workprec(64 + 8 * digits + 4 * _bits(l)):
            alpha = (arb(3) / arb(exact(r * r + r * l + l * l))).sqrt()
            half = arb(exact(u)) / 2
            a, b = 3 * alpha * half, -(alpha**3) * half
            rows.append(OddPolynomial((nearest(a, digits), nearest(b, digits))))
            l, r = nearest(a * arb(exact(l)) + b * arb(exact(l)) ** 3, 3 * digits + 10), u
    call = f"muon_theory.designs.relaxed_cubic({steps}, {str(lower)!r}, {str(peak)!r}, {digits})"
    return Schedule(tuple(rows), "relaxed-cubic", sources=(call, "arXiv 2606.00371"))
