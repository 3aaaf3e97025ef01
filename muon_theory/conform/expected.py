"""What f(X) must be, in fp64, and by how much an honest implementation may differ from it.

The bound is tier W of `muon_theory.precision`, carried through the steps for *this* spectrum:

    δ_0 = ‖X_0 - X/ν‖_F,    δ_t = K_t·δ_{t-1} + ε_t,    K_t ≥ max(|f_t'|, |f_t(x)/x|) on [σ_min - δ, σ_max + δ].

Every matrix between the exact and the computed iterate has its singular values in that interval (Weyl), and the divided
differences of f_t there are values of f_t' or, for opposite signs and for zero, means of values of f_t(x)/x.  ε_t is
the larger of the fused and the unfused order of operations; in the Gram form, a whole segment has one ε.  Where δ
passes 1 the bound is of no use.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import torch

from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order, format_named, gram_errors, normalised, worst_step
from muon_theory.precision.format import Arithmetic, round_up
from muon_theory.precision.image import largest_value
from muon_theory.schedule import Normalisation, Schedule

Tensor = torch.Tensor

USEFUL = Fraction(1)
FACTORS = {
    Normalisation.FROBENIUS: Fraction(1),
    Normalisation.FROBENIUS_101: Fraction(101, 100),
    Normalisation.FROBENIUS_102: Fraction(102, 100),
    Normalisation.NONE: Fraction(1),
}
OURS = Fraction(1, 10**12)  # of our own SVD and evaluation in fp64, a step, for matrices of side ≤ 100 and norm ≤ 2
GRID = 16  # arguments of the bounds are rounded outward to multiples of 1/16, so that few differ


@dataclass(frozen=True, slots=True)
class Expected:
    """The exact value (fp64) and a bound of the Frobenius distance of what an implementation may return (or None)."""

    value: Tensor
    bound: Fraction | None


def divisor(X: Tensor, normalisation: Normalisation) -> float:
    """ν: what X is divided by."""
    if normalisation is Normalisation.NONE:
        return 1.0
    return float(X.norm()) * float(FACTORS[normalisation])


def expected(
    X: Tensor,
    steps: tuple[OddPolynomial, ...],
    normalisation: Normalisation,
    arithmetic: str,
    eps: float,
    restarts: tuple[int, ...] | None = None,
) -> Expected:
    """φ(X/ν) for one fp64 matrix, of any shape and rank; the zero matrix gives zero, exactly.

    `restarts`: the Gram form is allowed as well, with XXᵀ formed anew after these steps (None: the direct form alone).
    """
    nu = divisor(X, normalisation)
    if nu == 0:
        return Expected(torch.zeros_like(X), OURS)
    U, s, Vh = torch.linalg.svd(X / nu, full_matrices=False)
    start = start_error(X, normalisation, arithmetic, Fraction(eps) / Fraction(nu))
    shape = (min(X.shape), max(X.shape))
    forms: list[list[tuple[OddPolynomial, ...]]] = [[(f,) for f in steps]]
    if restarts is not None:
        cuts = [0, *(r for r in restarts if r < len(steps)), len(steps)]
        forms.append([steps[i:j] for i, j in pairwise(cuts)])
    deltas, value = [], s
    for segments in forms:
        delta, value = start, s
        for segment in segments:
            if delta is not None:
                delta = _carried(segment, arithmetic, shape, value.abs(), delta, segments is not forms[0])
            for f in segment:
                value = evaluate(f, value)
        deltas.append(delta)
    last = format_named(arithmetic).roundoff * Fraction(float(value.norm()))  # a result that is stored once more
    known = [delta + last for delta in deltas if delta is not None]
    useful = len(known) == len(deltas) and max(known) <= USEFUL
    return Expected((U * value) @ Vh, max(known) if useful else None)


def evaluate(f: OddPolynomial, x: Tensor) -> Tensor:
    """f entry by entry, Horner in fp64."""
    value = torch.zeros_like(x)
    for c in reversed(f.coefficients):
        value = value * x * x + float(c)
    return value * x


def start_error(X: Tensor, normalisation: Normalisation, arithmetic: str, eps: Fraction) -> Fraction | None:
    """δ_0: casting, the norm, the factor and eps (added to the norm, or a clamp that is not reached).

    X_0 = κ(Y + E) with Y = X/ν: `normalised` bounds ‖X_0‖ ≤ hi for ‖Y‖_F = 1, and ‖X_0 - Y‖_F ≤ hi - 1 by the same
    terms; the factor, its product with the norm and the sum with eps are at most three roundings more.
    """
    u = format_named(arithmetic).elementwise
    if normalisation is Normalisation.NONE:
        return u * Fraction(float(X.norm())) + OURS
    top = _normalised(arithmetic, tuple(X.shape))
    if top is None or eps > Fraction(1, 8):
        return None
    return round_up((top * (1 + u) ** 6 * (1 + 2 * eps) - 1) / FACTORS[normalisation] + OURS)


@lru_cache(maxsize=1024)
def _normalised(arithmetic: str, shape: tuple[int, int]) -> Fraction | None:
    one = Interval.of(1)
    try:
        orders = ("cast-then-normalise", "normalise-then-cast")
        return max(normalised(one, arithmetic, shape, cast)[0].hi for cast in orders)
    except UndecidedError:
        return None


def _carried(
    segment: tuple[OddPolynomial, ...], arithmetic: str, shape: tuple[int, int], s: Tensor, delta: Fraction, gram: bool
) -> Fraction | None:
    """δ after a segment (one step, unless in the Gram form) from δ before it and the exact singular values there."""
    most, F = Fraction(float(s.max())) + delta, Fraction(float(s.norm())) + delta
    epsilon = (
        gram_error(segment, arithmetic, shape, most, F) if gram else step_error(segment[0], arithmetic, shape, most, F)
    )
    if epsilon is None:
        return None
    for f in segment:
        if delta > 1:
            return None
        delta = lipschitz(f, Fraction(float(s.min())) - delta, Fraction(float(s.max())) + delta) * delta + OURS
        s = evaluate(f, s).abs()
    return round_up(delta + epsilon)


def lipschitz(f: OddPolynomial, lo: Fraction, hi: Fraction) -> Fraction:
    """K ≥ max(|f'|, |f(x)/x|) on [lo, hi] ∩ [0, ∞)."""
    a, b = max(Fraction((lo * GRID).__floor__(), GRID), Fraction(0)), Fraction((hi * GRID).__ceil__(), GRID)
    return max(largest_value(f.derivative_in_y, a * a, b * b), largest_value(f.coefficients, a * a, b * b))


def step_error(f: OddPolynomial, arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction) -> Fraction | None:
    """ε ≥ ‖fl(f(X)) - f(X)‖_F by tier W in either order of operations, ‖X‖₂ ≤ s, ‖X‖_F ≤ F.

    The bound grows with the sides, s and F, so each may be rounded up.
    """
    m, n = (-(-side // 4) * 4 for side in shape)
    return _step_error(f, arithmetic, (m, n), *(Fraction((x * GRID).__ceil__(), GRID) for x in (s, F)))


@lru_cache(maxsize=8192)
def _step_error(f: OddPolynomial, arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction) -> Fraction | None:
    fmt = format_named(arithmetic)
    model = Arithmetic(fmt, fmt.accumulation)
    try:
        return max(worst_step(f, model, shape, s, F, order).frobenius for order in (Order.FUSED, Order.UNFUSED))
    except UndecidedError:
        return None


def gram_error(
    segment: tuple[OddPolynomial, ...], arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction
) -> Fraction | None:
    """The same for a segment in the Gram form."""
    m, n = (-(-side // 4) * 4 for side in shape)
    return _gram_error(segment, arithmetic, (m, n), *(Fraction((x * GRID).__ceil__(), GRID) for x in (s, F)))


@lru_cache(maxsize=8192)
def _gram_error(
    segment: tuple[OddPolynomial, ...], arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction
) -> Fraction | None:
    try:
        return gram_errors(Schedule(segment), arithmetic, shape, Interval(Fraction(0), s), frobenius=F)[-1].frobenius
    except UndecidedError:
        return None


def one_step(before: Tensor, f: OddPolynomial, arithmetic: str) -> Expected:
    """f(Y) for the *observed* iterate Y, and how far the next observed one may be from it: no error is inherited.

    The observed iterate may itself be the computed one, rounded once more when it was returned: K·u·‖Y‖_F.
    """
    U, s, Vh = torch.linalg.svd(before, full_matrices=False)
    value = (U * evaluate(f, s)) @ Vh
    hi, F = Fraction(float(s.max())), Fraction(float(s.norm()))
    if hi > 4:  # an iterate that has left every useful band
        return Expected(value, None)
    u = format_named(arithmetic).roundoff
    epsilon = step_error(f, arithmetic, (min(before.shape), max(before.shape)), hi * (1 + u), F * (1 + u))
    if epsilon is None:
        return Expected(value, None)
    K = lipschitz(f, Fraction(float(s.min())) - u * F, hi + u * F)
    return Expected(value, round_up(epsilon + (K * F + Fraction(float(value.norm()))) * u + OURS))
