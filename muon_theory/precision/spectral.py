"""Errors of a step in the spectral norm: how one of XXᵀ and one of p(A) pass through, and tier P, a model.

For degree 5, p = bt + ct², the first-order part of p(A₀ + E) - p(A₀) is (b/2 + cA₀)E + E(b/2 + cA₀), so that its
spectral norm is ≤ 2·max|b/2 + cλ|·‖E‖₂, and beside X or g(A₀)⁻¹ the right-hand half is bounded together with it.
"""

from __future__ import annotations

from fractions import Fraction

from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.bound import Relative, StepBound, StepData, executed, modelled_unit
from muon_theory.precision.format import Arithmetic, round_up
from muon_theory.precision.image import largest_value


def spectral_drift(p: tuple[Fraction, ...], y: Fraction, e: Fraction) -> Fraction:
    """≥ ‖p(A₀ + E) - p(A₀)‖₂ for ‖A₀‖₂ ≤ y, ‖E‖₂ ≤ e: Σ|p_j|((y + e)^j - y^j)."""
    return round_up(sum((abs(c) * ((y + e) ** j - y**j) for j, c in enumerate(p)), Fraction(0)))


def halves(step: StepData) -> tuple[Fraction, Fraction] | None:
    """(b/2, c) where p = bt + ct²: its first-order part is (b/2 + cA)E + E(b/2 + cA)."""
    return (step.p[1] / 2, step.p[2]) if len(step.p) == 3 else None


def carried(step: StepData, e: Fraction) -> Fraction:
    """≥ ‖(p(A₀ + E) - p(A₀))X‖₂: for degree 5, e(max|b/2 + cσ²|·s + max|(b/2 + cσ²)σ|) + |c|e²s."""
    s = step.s
    if (half := halves(step)) is None:
        return round_up(s * spectral_drift(step.p, s * s, e))
    h, c = half
    left, right = step.on((h, c)) * s, largest_value((Fraction(0), h, Fraction(0), c), Fraction(0), s)
    return round_up(e * (left + right) + s * step.second(e))


def shared(step: StepData, e1: Fraction, e2: Fraction) -> Fraction | None:
    """≥ ‖(p(A₀ + E) - p(A₀) + E₂)·g(A₀)⁻¹‖₂ for ‖E‖₂ ≤ e₁, ‖E₂‖₂ ≤ e₂, or None where g may reach 0."""
    least = step.least()
    if least <= 0:
        return None
    share = (spectral_drift(step.p, step.s**2, e1) + e2) / least
    if (half := halves(step)) is not None:
        h, c = half
        first = step.on((h, c)) / least + step.quotient(h, c)
        share = min(share, first * e1 + (step.second(e1) + e2) / least)
    return round_up(share)


def typical_step(f: OddPolynomial, arithmetic: Arithmetic, s: Fraction) -> StepBound:
    """Tier P: ε with ‖rounding of M‖₂ read as q‖M‖₂, q = 0.849u, once for each stored result.  A model, not a bound.

    The relative error of rounding a number with log-uniform mantissa to nearest has mean square u²/(8 ln 2); a matrix
    of independent such errors has norm about 2·sqrt(1/(8 ln 2))·u·(largest row or column norm) (Bandeira and van
    Handel), so 2·0.4247u = 0.849u.  The errors of sums are left out; in fp32 and fp64, where they are as large, the
    same q was seen to cover sums formed in blocks, at the sizes recorded in docs/precision.md.

    Raises UsageError where more than one rounding makes a result by design: tf32, and sums kept in the storage format.
    """
    unit = modelled_unit(arithmetic)
    step = StepData(arithmetic, executed(f, arithmetic.format.coefficients).coefficients, 1, 1, s, s)
    e1 = unit * s**2
    e2 = unit * step.on(step.p) if len(step.coefficients) > 2 else Fraction(0)
    e3 = unit * largest_value(f.dense(), Fraction(0), s)
    if len(step.coefficients) == 1:
        return StepBound(round_up(e3), round_up(e3), {"s": s, "e3": e3, "q": unit}, Relative(unit, Fraction(0)))
    error = round_up(carried(step, e1) + s * e2 + e3)
    constants = {"s": s, "e1": e1, "e2": e2, "e3": e3, "q": unit}
    share = shared(step, e1, e2)
    return StepBound(error, error, constants, None if share is None else step.apart(share, e3, ()))
