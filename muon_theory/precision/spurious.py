"""What rounding does to R of the Gram form in one step, in the spectral norm: tier W and tier P.

spec(R) ⊆ [-w², s²], Z = fl(p(R)), H = fl(aR + RZ), R⁺ = fl(aH + ZᵀH) with its lower triangle mirrored.  Then

    Z = p(R) + E₂,   H = R(aI + Z) + E₃,   R⁺ = (aI + Z)ᵀR(aI + Z) + E,   ‖E‖ ≤ κ·(‖aI + Z‖·e₃ + e₄),

e_i ≥ ‖E_i‖, κ = 1 in tier P and √2 in tier W, where norms are Frobenius norms and mirroring counts an entry twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.polynomial import OddPolynomial, horner
from muon_theory.precision.bound import StepData, Tier, coefficients_of, modelled_unit
from muon_theory.precision.format import Arithmetic, root_up, round_up
from muon_theory.precision.gram import MIRROR, formed


@dataclass(frozen=True, slots=True)
class Read:
    """The R that a step reads: spec(R) ⊆ [-w², s²], ‖R‖_F ≤ rho (tier W), made with an error ≤ `error`."""

    w: Fraction
    s: Fraction
    rho: Fraction
    error: Fraction


def _read(low: Fraction, high: Fraction, rho: Fraction, error: Fraction) -> Read:
    return Read(root_up(low + error, 2), root_up(high + error, 2), round_up(rho), error)


@dataclass(frozen=True, slots=True)
class GramRounding:
    """The arithmetic, the tier and the size that a bound is for."""

    u: Arithmetic
    tier: Tier
    m: int
    n: int

    @property
    def unit(self) -> Fraction:
        """q of tier P."""
        return modelled_unit(self.u)

    def first(self, s: Fraction, F: Fraction) -> Read:
        """R = fl(XXᵀ) for ‖X‖₂ ≤ s, ‖X‖_F ≤ F."""
        gram = StepData(self.u, (), self.m, self.n, s, F).gram
        error = round_up(self.unit * s**2 if self.tier is Tier.P else MIRROR * gram())
        return _read(Fraction(0), s**2, s * F + error, error)

    def following(self, f: OddPolynomial, at: Read, v: Fraction, M: Fraction) -> tuple[Fraction, Read]:
        """(e₂, what the next step reads), for v ≥ |f̃| on [0, w] and M ≥ |f| on [0, s]."""
        c, deltas = coefficients_of(f, self.u.format.coefficients)
        r = max(at.w, at.s)
        step = StepData(self.u, c, self.m, self.n, r, at.rho / r, at.w**2)
        inner, error, grown = self._modelled(step) if self.tier is Tier.P else self._worst(step, at.rho)
        inner, error = round_up(inner + horner(deltas, r * r)), round_up(error)
        low, high = (v + at.w * inner) ** 2, (M + at.s * inner) ** 2
        rho = min(root_up(Fraction(self.m), 2) * max(low, high), grown**2 * at.rho) + error
        return inner, _read(low, high, rho, error)

    def _modelled(self, step: StepData) -> tuple[Fraction, Fraction, Fraction]:
        """Tier P: each stored result errs by q of its norm, Z too where it is more than an elementwise multiple."""
        c, q = step.coefficients, self.unit
        e2 = q * step.on(step.p) if len(c) > 1 else Fraction(0)
        grown = step.on(c) + e2
        half = step.on([Fraction(0), *c]) + step.s**2 * e2
        e3 = q * half
        return e2, e3 * grown + q * (half + e3) * grown, grown

    def _worst(self, step: StepData, rho: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """Tier W: the sums of the three products, as in `worst_step`."""
        u, c, m = self.u, step.coefficients, self.m
        a, (e2, Z) = abs(c[0]), formed(step, Fraction(0), rho)
        grown = step.on(c) + e2
        terms = u.gamma_product(m + 2) * Z + u.gamma(m + 2) * a
        e3 = step.store(grown * rho, terms * rho + u.underflow(m * m, m, a, max(rho, Z)))
        half = grown * rho + e3
        e4 = step.store(grown * half, terms * half + u.underflow(m * m, m, a, max(half, Z)))
        return e2, MIRROR * (e3 * grown + e4), grown
