"""What f(X) must be, in fp64, and by how much an honest implementation may differ from it.

The bound is tier W of `muon_theory.precision`, carried through the steps for *this* spectrum:

    δ_0 = ‖X_0 - X/ν‖_F,    δ_t = K_t·δ_{t-1} + ε_t,    K_t ≥ max(|f_t'|, |f_t(x)/x|) on [σ_min - δ, σ_max + δ].

Every matrix between the exact and the computed iterate has its singular values in that interval (Weyl), and the divided
differences of f_t there are values of f_t' or, for opposite signs and for zero, means of values of f_t(x)/x.  ε_t is
the larger of the fused and the unfused order of operations; in the Gram form, a whole segment has one ε.  Where δ
passes 1 the bound is of no use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, reduce, wraps
from itertools import pairwise

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.conformance.normaliser import OURS, Normaliser, coarse, gram_constant
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.normalisation import Kind
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order, format_named, gram_errors, worst_step
from muon_theory.precision.bound import StepData, executed
from muon_theory.precision.format import Arithmetic, round_up
from muon_theory.precision.image import largest_value
from muon_theory.schedule import Schedule

USEFUL = Fraction(1)
Steps = tuple[OddPolynomial, ...]


def evaluate(f: OddPolynomial, x: Array) -> Array:
    """f entry by entry, Horner in fp64; what escapes becomes infinite, or NaN."""
    value = np.zeros_like(x)
    with np.errstate(over="ignore", invalid="ignore"):
        for c in reversed(f.coefficients):
            value = value * x * x + float(c)
        return value * x


def applied(steps: Iterable[OddPolynomial], x: Array) -> Array:
    """φ entry by entry."""
    return reduce(lambda value, f: evaluate(f, value), steps, x)


@dataclass(frozen=True, slots=True)
class Expected:
    """The exact value (fp64) and a bound of the Frobenius distance of what an implementation may return (or None).

    `start` is X_0, the normalised matrix from which the first step goes.
    """

    value: Array
    bound: Fraction | None
    start: Array
    tier: str = "W"

    def narrowed(self, model: Fraction) -> Expected:
        """With the model's distance where that is less."""
        if self.bound is not None and self.bound <= model:
            return self
        return replace(self, bound=model if model <= USEFUL else None, tier="model")


def expected(
    X: Array,
    steps: Steps,
    normaliser: Normaliser,
    arithmetic: str,
    eps: float,
    restarts: tuple[int, ...] | None = None,
    seen: Array | None = None,
) -> Expected:
    """φ(X_0) for one fp64 matrix, of any shape and rank; the zero matrix gives zero, exactly.

    `restarts`: the Gram form is allowed as well, with XXᵀ formed anew after these steps (None: the direct form alone).
    `seen`: a result; where ν is an estimate, that ν within its range is taken which explains the result best.
    """
    if not X.any():
        return Expected(np.zeros_like(X), OURS, np.zeros_like(X))
    start, U, s, Vh, best = _decomposed(X, steps, normaliser, seen)
    first = normaliser.error(X, arithmetic, eps)
    shape = (min(X.shape), max(X.shape))
    reused = normaliser.kind is Kind.AOL
    within = float(normaliser.within) if normaliser.estimated else None
    scales = [best, 1 / within, within] if within else [best]
    bounds = [_total(s * t, first and first * Fraction(t), steps, arithmetic, shape, restarts, reused) for t in scales]
    known = [b for b in bounds if b is not None]
    bound = max(known) if len(known) == len(bounds) and max(known) <= USEFUL else None
    return Expected(_carried_out(U, s * best, Vh, steps), bound, start * best)


def value(X: Array, steps: Steps, normaliser: Normaliser, seen: Array | None = None) -> Array:
    """φ(X_0) as `expected` has it, without the bound, which is what takes long."""
    if not X.any():
        return np.zeros_like(X)
    _, U, s, Vh, best = _decomposed(X, steps, normaliser, seen)
    return _carried_out(U, s * best, Vh, steps)


def _decomposed(
    X: Array, steps: Steps, normaliser: Normaliser, seen: Array | None
) -> tuple[Array, Array, Array, Array, float]:
    """X/ν, its singular value decomposition, and by what it is rescaled to explain a result, where ν is an estimate."""
    start = normaliser.apply(X)
    U, s, Vh = np.linalg.svd(start, full_matrices=False)
    best = _best_scale(U, s, Vh, steps, float(normaliser.within), seen) if normaliser.estimated else 1.0
    return start, U, s, Vh, best


def exactly(start: Array, steps: Sequence[OddPolynomial]) -> Array:
    """U φ(S) Vᵀ of X_0 = U S Vᵀ."""
    return _carried_out(*np.linalg.svd(start, full_matrices=False), steps)


def _carried_out(U: Array, s: Array, Vh: Array, steps: Sequence[OddPolynomial]) -> Array:
    s = applied(steps, s)
    with np.errstate(invalid="ignore"):  # where φ escapes there is no value
        image: Array = (U * s) @ Vh
    return image


def _best_scale(U: Array, s: Array, Vh: Array, steps: Steps, within: float, seen: Array | None) -> float:
    """t in [1/within, within] with U φ(t·S) Vᵀ nearest to `seen`: a grid, refined five times around its best point."""
    if seen is None or seen.shape != (len(U), Vh.shape[1]) or not np.isfinite(seen).all():
        return 1.0
    wanted = np.diagonal(U.T @ seen @ Vh.T)
    grid = np.linspace(1 / within, within, 2001)
    best = 1.0
    for _ in range(5):
        values = applied(steps, grid[:, None] * s)
        best = float(grid[np.nan_to_num(np.linalg.norm(values - wanted, axis=1), nan=np.inf).argmin()])
        width = 2 * float(grid[1] - grid[0])
        low, high = max(best - width, 1 / within), min(best + width, within)
        grid = np.linspace(low, high, 41)
    return best


def _total(
    s: Array,
    first: Fraction | None,
    steps: Steps,
    arithmetic: str,
    shape: tuple[int, int],
    restarts: tuple[int, ...] | None,
    reused: bool,
) -> Fraction | None:
    """The larger bound of the direct form and, where it is allowed, the Gram form, for the singular values s of X_0."""
    forms: list[list[Steps]] = [[(f,) for f in steps]]
    if restarts is not None:
        cuts = [0, *(r for r in restarts if r < len(steps)), len(steps)]
        forms.append([steps[i:j] for i, j in pairwise(cuts)])
    bounds = []
    for segments in forms:
        delta, value = first, s
        for i, segment in enumerate(segments):
            if delta is None:
                return None
            form = "gram" if segments is not forms[0] else "reused" if reused and i == 0 else "direct"
            delta = _carried(segment, arithmetic, shape, np.abs(value), delta, form)
            value = applied(segment, value)
        if delta is None:
            return None
        stored = format_named(arithmetic).roundoff * Fraction(float(np.linalg.norm(value)))  # once more
        bounds.append(delta + stored)
    return max(bounds)


def _carried(
    segment: Steps, arithmetic: str, shape: tuple[int, int], s: Array, delta: Fraction, form: str
) -> Fraction | None:
    """δ after a segment (one step, unless in the Gram form) from δ before it and the exact singular values there."""
    if not np.isfinite(s).all():
        return None
    most, F = Fraction(float(s.max())) + delta, Fraction(float(np.linalg.norm(s))) + delta
    epsilon = FORMS[form](segment, arithmetic, shape, most, F)
    if epsilon is None:
        return None
    for f in segment:
        if delta > 1:
            return None
        delta = lipschitz(f, Fraction(float(s.min())) - delta, Fraction(float(s.max())) + delta) * delta + OURS
        s = np.abs(evaluate(f, s))
    return round_up(delta + epsilon)


def lipschitz(f: OddPolynomial, lo: Fraction, hi: Fraction) -> Fraction:
    """K ≥ max(|f'|, |f(x)/x|) on [lo, hi] ∩ [0, ∞)."""
    a, b = max(-coarse(-lo), Fraction(0)), coarse(hi)
    return max(largest_value(f.derivative_in_y, a * a, b * b), largest_value(f.coefficients, a * a, b * b))


Bound = Callable[[Steps, str, tuple[int, int], Fraction, Fraction], Fraction | None]


def coarsely(bound: Bound) -> Bound:
    """Kept for arguments that are rounded up, so that few differ: a bound grows with the sides, s and F."""
    kept = lru_cache(maxsize=8192)(bound)

    @wraps(bound)
    def rounded(steps: Steps, arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction) -> Fraction | None:
        m, n = (-(-side // 4) * 4 for side in shape)
        return kept(steps, arithmetic, (m, n), coarse(s), coarse(F))

    return rounded


@coarsely
def step_error(steps: Steps, arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction) -> Fraction | None:
    """ε ≥ ‖fl(f(X)) - f(X)‖_F of one step by tier W in either order of operations, ‖X‖₂ ≤ s, ‖X‖_F ≤ F."""
    fmt = format_named(arithmetic)
    model = Arithmetic(fmt, fmt.accumulation)
    try:
        return max(worst_step(steps[0], model, shape, s, F, order).frobenius for order in (Order.FUSED, Order.UNFUSED))
    except UndecidedError:
        return None


@coarsely
def reused_error(steps: Steps, arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction) -> Fraction | None:
    """The same for the first step after AOL, which may rescale the XXᵀ that it already has: A_ij·t_i·t_j for YYᵀ.

    ‖A' - YYᵀ‖_F ≤ e by the errors of XXᵀ and two roundings more; the rest of the step sees an A of norm ≤ sF + e,
    which the bound for s(1 + κ), F(1 + κ), 2κsF ≥ e, covers.
    """
    fmt = format_named(arithmetic)
    model, u = Arithmetic(fmt, fmt.accumulation), fmt.elementwise
    r, c = gram_constant(arithmetic, shape[1])
    e = (1 + u) ** 8 * (((1 + u) ** 2 * (1 + r) - 1) * s * F + ((1 + u) ** 4 * (1 + c) - 1) * F * F)
    grow = 1 + (e / (2 * s * F) if s * F else Fraction(0))
    plain = step_error(steps, arithmetic, shape, s * grow, F * grow)
    if plain is None:
        return None
    coefficients = executed(steps[0], fmt.coefficients).coefficients
    step = StepData(model, coefficients, *shape, s, F)
    return round_up(plain + s * step.drift(step.p, e))


@coarsely
def gram_error(steps: Steps, arithmetic: str, shape: tuple[int, int], s: Fraction, F: Fraction) -> Fraction | None:
    """The same for a segment in the Gram form."""
    try:
        return gram_errors(Schedule(steps), arithmetic, shape, Interval(Fraction(0), s), frobenius=F)[-1].frobenius
    except UndecidedError:
        return None


FORMS = {"direct": step_error, "reused": reused_error, "gram": gram_error}


def one_step(before: Array, f: OddPolynomial, arithmetic: str) -> Expected:
    """f(Y) for the *observed* iterate Y, and how far the next observed one may be from it: no error is inherited.

    The observed iterate may itself be the computed one, rounded once more when it was returned: K·u·‖Y‖_F.
    """
    U, s, Vh = np.linalg.svd(before, full_matrices=False)
    value = _carried_out(U, s, Vh, (f,))
    hi, F = Fraction(float(s.max())), Fraction(float(np.linalg.norm(s)))
    if hi > 4:  # an iterate that has left every useful band
        return Expected(value, None, before)
    u = format_named(arithmetic).roundoff
    epsilon = step_error((f,), arithmetic, (min(before.shape), max(before.shape)), hi * (1 + u), F * (1 + u))
    if epsilon is None:
        return Expected(value, None, before)
    K = lipschitz(f, Fraction(float(s.min())) - u * F, hi + u * F)
    return Expected(value, round_up(epsilon + (K * F + Fraction(float(np.linalg.norm(value)))) * u + OURS), before)
