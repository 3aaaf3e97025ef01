"""Tier S: the error of a step with a stated confidence, in the spectral norm, where roundings have mean zero.

Assumption (M): given all that was computed before it, each rounding error has mean zero.  Under stochastic rounding
that is a theorem; of rounding to nearest it is a model, as in tier P, from which the rest follows, constants and all.

A stored result errs by E = Σ η_kl e_k e_lᵀ, η_kl of mean zero in an interval of length ≤ 2a_kl, a_kl = u|M_kl|.  By
Hoeffding's lemma E exp(θη_kl H) ≼ exp(θ²a_kl²H²/2), and by the matrix Laplace transform (Tropp 2012, Theorem 7.1)

    P(‖E‖₂ ≥ τσ) ≤ (m + n)·exp(-τ²/2),     σ² = max(largest row sum, largest column sum of a_kl²) ≤ u²‖M‖₂².

A sum of products x_i·y_i through K levels of additions errs by additive errors ≤ v·|partial sum|, whose squares add up
to ≤ (K + 1)|x|²|y|² (Cauchy, level by level).  So for fl(PQ) - PQ

    σ ≤ v(1 + γ)√(K + 1)·max(‖P‖₂‖Q‖_F, ‖P‖_F‖Q‖₂):

√K and one Frobenius norm, where tier W has K and two.  The union bound over all results gives a whole run's confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial, horner
from muon_theory.precision.bound import Order, StepBound, StepData, coefficients_of
from muon_theory.precision.format import Arithmetic, root_up, round_up
from muon_theory.precision.image import largest_value
from muon_theory.precision.spectral import carried, shared, spectral_drift

LN_2 = Fraction(693147181, 10**9)  # ≥ ln 2


def ln_up(x: Fraction) -> Fraction:
    """A number ≥ ln x, x ≥ 1, larger by at most 0.011.

    >>> 6.9 < ln_up(Fraction(1000)) < 6.93
    True
    """
    return Fraction((x**64).__ceil__().bit_length(), 64) * LN_2


def quantile(m: int, n: int, failure: Fraction) -> Fraction:
    """τ with (m + n)·exp(-τ²/2) ≤ failure."""
    return root_up(2 * ln_up((m + n) / failure), 2)


def results(f: OddPolynomial, order: Order = Order.FUSED) -> int:
    """How many matrices a step stores.

    Fused: XXᵀ, the stages of p(A), X⁺.  Unfused: XXᵀ, c_qA, three a stage (a product, a scaling, their sum), and three
    for X⁺.
    """
    q = len(f.coefficients)
    if q == 1:
        return 1
    return 5 + 3 * (q - 2) if order is Order.UNFUSED else max(q, 2)


@dataclass(frozen=True, slots=True)
class Sized:
    """Bounds of a computed matrix: its spectral and its Frobenius norm."""

    two: Fraction
    frobenius: Fraction


@dataclass(frozen=True, slots=True)
class Chance:
    """The arithmetic and the quantile that every stored result is held to."""

    u: Arithmetic
    tau: Fraction
    m: int
    n: int

    def summed(self, k: int, *terms: tuple[Fraction, Sized, Sized]) -> Fraction:
        """τσ of sums of α·PQ, k terms and scalings each: Σ|α|·max(‖P‖₂‖Q‖_F, ‖P‖_F‖Q‖₂)."""
        levels = self.u.sums.additions(k) + 3
        unit = self.u.unit * (1 + self.u.gamma(k + 3)) * root_up(Fraction(levels), 2)
        sizes = (a * max(P.two * Q.frobenius, P.frobenius * Q.two) for a, P, Q in terms)
        return round_up(self.tau * unit * sum(sizes, Fraction(0)))

    def stored(self, two: Fraction, summed: Fraction) -> Fraction:
        """The whole error of a result ‖·‖₂ ≤ two: its sums, and their rounding where they are wider than the format."""
        return round_up(summed + self.tau * self.u.store * (two + summed))

    def pointwise(self, two: Fraction) -> Fraction:
        """The error of a stored elementwise result ‖·‖₂ ≤ two."""
        return round_up(self.tau * self.u.format.elementwise * two)


def probable_step(
    f: OddPolynomial,
    arithmetic: Arithmetic,
    shape: tuple[int, int],
    s: Fraction,
    F: Fraction,
    failure: Fraction,
    order: Order = Order.FUSED,
) -> StepBound:
    """ε ≥ ‖fl(f(X)) - f(X)‖₂ with probability ≥ 1 - failure for ‖X‖₂ ≤ s, ‖X‖_F ≤ F, under (M); fused or unfused.

    Raises UsageError where a format's operands are cut or scaled (tf32, fp8), UndecidedError where overflow cannot be
    excluded.
    """
    m, n = min(shape), max(shape)
    if arithmetic.format.operand or arithmetic.format.scaled:
        raise UsageError(
            f"tier S has roundings of mean zero, and {arithmetic.format.name} cuts or rescales: use tier W"
        )
    c, deltas = coefficients_of(f, arithmetic.format.coefficients)
    step = StepData(arithmetic, c, m, n, s, min(F, round_up(root_up(Fraction(m), 2) * s)))
    chance = Chance(arithmetic, quantile(m, n, failure / (2 * results(f, order))), m, n)
    X, rank, a, q = Sized(s, step.F), step.rank, abs(c[0]), len(c)
    f_two = largest_value(f.dense(), Fraction(0), s)
    rounded = horner(deltas, s * s) * s
    below = arithmetic.underflow(m * n, n, max(map(abs, c)), max(Fraction(1), s, rank * s * s))
    tiny = below * (results(f, order) + 1) * max(Fraction(1), s * s)
    if q == 1:
        whole = chance.pointwise(a * s) + tiny + rounded
        return StepBound(round_up(whole), round_up(rank * whole), {"s": s, "tau": chance.tau})
    e1 = chance.stored(s * s, chance.summed(n, (Fraction(1), X, X)))
    A = Sized(s * s + e1, s * step.F + rank * e1)
    if order is Order.UNFUSED:
        e2, P = inner_unfused(step, chance, A, e1)
        wide = carried(step, e1) + s * e2
        total = f_two + wide
        parts = chance.pointwise(a * s) + chance.stored(P.two * s, chance.summed(m, (Fraction(1), P, X)))
        e3 = parts + chance.pointwise(total + parts) + tiny
    else:
        e2, P, scale = inner(step, chance, A, e1)
        wide = carried(step, e1) + s * e2
        total = f_two + wide
        e3 = chance.stored(total, chance.summed(m, (scale, P, X), (a, Sized(Fraction(1), Fraction(1)), X))) + tiny
    if max(A.two, P.two, total + e3) > arithmetic.format.largest:
        raise UndecidedError(
            f"tier S cannot exclude overflow in {arithmetic.format.name} from singular values up to {decimal(s, 4, +1)}"
        )
    error = round_up(wide + e3 + rounded)
    constants = {"s": s, "F": step.F, "e1": e1, "e2": e2, "e3": e3, "tau": chance.tau}
    share = shared(step, e1, e2)
    relative = None if share is None else step.apart(share, e3, deltas)
    return StepBound(error, round_up(rank * error), constants, relative)


def inner(step: StepData, chance: Chance, A: Sized, e1: Fraction) -> tuple[Fraction, Sized, Fraction]:
    """(e₂, the sizes of P, the scale of its product with X): Horner as in `bound.inner_fused`."""
    c = step.coefficients
    if len(c) == 2:
        return Fraction(0), A, abs(c[1])
    tail: tuple[Fraction, ...] = (Fraction(0), c[-1])
    H, error, scale = A, Fraction(0), abs(c[-1])
    one = Sized(Fraction(1), Fraction(1))
    for cj in reversed(c[1:-1]):
        tail = (Fraction(0), cj, *tail[1:])
        before = A.two * error
        two = sized(step, tail, e1, before).two
        error = round_up(before + chance.stored(two, chance.summed(step.m, (scale, A, H), (abs(cj), one, A))))
        H, scale = sized(step, tail, e1, error), Fraction(1)
    return error, H, Fraction(1)


def inner_unfused(step: StepData, chance: Chance, A: Sized, e1: Fraction) -> tuple[Fraction, Sized]:
    """(e₂, the sizes of P) where c·A, each product with A and each sum are stored, as in `bound.inner_unfused`."""
    c = step.coefficients
    tail: tuple[Fraction, ...] = (Fraction(0), c[-1])
    error = chance.pointwise(abs(c[-1]) * A.two)
    H = sized(step, tail, e1, error)
    for cj in reversed(c[1:-1]):
        tail = (Fraction(0), cj, *tail[1:])
        made = chance.stored(A.two * H.two, chance.summed(step.m, (Fraction(1), H, A)))
        before = A.two * error + made + chance.pointwise(abs(cj) * A.two)
        error = round_up(before + chance.pointwise(sized(step, tail, e1, before).two))
        H = sized(step, tail, e1, error)
    return error, H


def sized(step: StepData, p: tuple[Fraction, ...], e1: Fraction, error: Fraction) -> Sized:
    """Of p(A) + E, ‖E‖₂ ≤ error, p(0) = 0: ‖p(A₀)‖_F ≤ max|p(t)/t|·‖A₀‖_F, and √m times what is added to it."""
    added = spectral_drift(p, step.s**2, e1) + error
    two = round_up(step.on(p) + added)
    return Sized(two, round_up(min(step.rank * two, step.on(p[1:]) * step.s * step.F + step.rank * added)))
