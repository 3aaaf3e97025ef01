"""The Gram form: errors of a whole segment of steps.

Within a segment the iteration runs on R ≈ X_tX_tᵀ and Q with X_t = QX, from R = fl(XXᵀ), Q = I:

    Z = fl(p(R)),  Q ← fl(aQ + ZᵀQ),  R ← fl(aH + ZᵀH) with H = fl(aR + RZ),  and at the end X⁺ = fl(QX).

An error of R is no longer that of a matrix that is read again: each step multiplies it by |h'|, h(t) = t·g(t)², which
is a² near 0, and it may be a negative eigenvalue.  So the bound follows D_t ≥ ‖R - X_tX_tᵀ‖_F and d_t ≥ ‖Q - Q_t‖_F
against the exact iterates, and a restart (forming XXᵀ anew) sets D back.  It holds for any order of the factors, and
whether or not R is made symmetric by mirroring a triangle, which counts an entry's error twice: √2 in the norm.
Where to restart: `restarts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial, horner, product
from muon_theory.precision.bound import StepBound, StepData, Tier, coefficients_of, inner_fused
from muon_theory.precision.format import Accumulation, Arithmetic, Format, root_up, round_up
from muon_theory.precision.image import CEILING, largest_value, next_interval
from muon_theory.precision.steps import StepError, arithmetic_named, checked_shape, input_norm, next_norm, vacuous
from muon_theory.schedule import Schedule

MIRROR = root_up(Fraction(2), 2)
"""≥ √2, by which mirroring a triangle can raise the Frobenius norm of an error."""


@dataclass(frozen=True, slots=True)
class _State:
    """Exact bounds (s, F of X_t; q ≥ ‖Q_t‖₂) and error bounds (D of R, d of Q) after t steps of a segment."""

    s: Fraction
    F: Fraction
    q: Fraction
    D: Fraction
    d: Fraction


def formed(step: StepData, D: Fraction, A: Fraction) -> tuple[Fraction, Fraction]:
    """(e₂, ≥ ‖Z‖_F) of Z = fl(p(R)), ‖R‖_F ≤ A, R off by D."""
    c, u = step.coefficients, step.arithmetic
    if len(c) == 1:
        return Fraction(0), Fraction(0)
    if len(c) > 2:
        return inner_fused(step, D, A)
    e2 = u.format.elementwise * abs(c[1]) * A + u.format.underflow * step.m * (1 + abs(c[1]))
    return e2, abs(c[1]) * A + e2


def _advance(state: _State, f: OddPolynomial, u: Arithmetic, m: int, n: int, first: bool, last: bool) -> _State:
    c, deltas = coefficients_of(f, u.format.coefficients)
    step = StepData(u, c, m, n, state.s, state.F)
    a, p, root = abs(c[0]), step.p, root_up(Fraction(m), 2)
    point, tiny = u.format.elementwise, u.format.underflow * m
    delta = horner(deltas, state.s**2)
    A = round_up(state.s * state.F + state.D)  # ≥ ‖R‖_F as computed
    e2, Z = formed(step, state.D, A)
    drift = step.drift(p, state.D)
    off = drift + e2  # ≥ ‖Z - p(R_t)‖_F
    grown = step.on(c) + off  # ≥ ‖aI + Z‖₂
    Q = root * state.q + state.d
    if first:
        made = off + point * a * root + tiny * (1 + a)
        d = made + point * (root * step.on(c) + made) + 3 * tiny
    else:
        summed = u.gamma_product(m + 2) * Q * Z + u.gamma(m + 2) * a * Q + u.underflow(m * m, m, a, max(Q, Z))
        d = state.d * grown + state.q * off + step.store(Q * grown, summed)
    d += delta * state.q * root
    D = Fraction(0) if last else MIRROR * _square(step, state, A, Z, e2, grown, delta)
    s = next_interval(f, Interval(Fraction(0), state.s), Fraction(0)).hi
    G = largest_value(f.coefficients, Fraction(0), state.s**2)
    return _State(s, round_up(min(G * state.F, root * s)), round_up(state.q * G), round_up(D), round_up(d))


def _square(
    step: StepData, state: _State, A: Fraction, Z: Fraction, e2: Fraction, grown: Fraction, delta: Fraction
) -> Fraction:
    """D after R ← (aI + Z)ᵀR(aI + Z): drift of h, the error of Z, two stored products, the coefficients' rounding."""
    u, m, c = step.arithmetic, step.m, step.coefficients
    a = abs(c[0])
    h = [Fraction(0), *product(c, c)]
    two = state.s**2 + state.D

    def stored(R: Fraction) -> Fraction:
        """The error of fl(aR + RZ) for ‖R‖_F ≤ R."""
        below = u.underflow(m * m, m, a, max(R, Z))
        return step.store(R * grown, u.gamma_product(m + 2) * R * Z + u.gamma(m + 2) * a * R + below)

    first = stored(A)
    second = stored(A * grown + first)
    through = two * (2 * grown * e2 + e2**2)
    rounding = 2 * delta * (step.on(c) + delta) * state.s * state.F
    return step.drift(h, state.D) + through + first * grown + second + rounding


def segment_error(
    steps: tuple[OddPolynomial, ...], u: Arithmetic, m: int, n: int, s: Fraction, F: Fraction
) -> tuple[Fraction, _State]:
    """(ε of the segment, the exact bounds after it); ε is above 2⁴⁰ where it says nothing."""
    c, _ = coefficients_of(steps[0], u.format.coefficients)
    state = _State(s, F, Fraction(1), MIRROR * StepData(u, c, m, n, s, F).gram(), Fraction(0))
    for t, f in enumerate(steps):
        state = _advance(state, f, u, m, n, t == 0, t == len(steps) - 1)
        if max(state.D, state.d) > CEILING:
            return CEILING * 2, state
    Q = root_up(Fraction(m), 2) * state.q + state.d
    summed = u.gamma_product(m) * Q * F + u.underflow(m * n, m, Fraction(1), max(Q, s))
    final = summed + u.store * (state.F + state.d * s + summed)
    return round_up(state.d * s + final), state


def gram_errors(
    schedule: Schedule,
    dtype: str | Format,
    shape: tuple[int, int],
    start: Interval,
    restarts: tuple[int, ...] = (),
    accumulate: str | Accumulation | None = None,
    frobenius: Fraction | None = None,
) -> tuple[StepError, ...]:
    """ε_t of the Gram form, tier W: 0 inside a segment, the whole segment's error at its last step.

    Arguments, assumptions and errors as in `step_errors`; `restarts` are the steps after which XXᵀ is formed anew.
    With these ε_t a `robust-band` claim speaks of the Gram form: a segment is φ_seg(X) + E, ‖E‖₂ ≤ ε.

    >>> relaxed = Schedule.parse("15/8,-5/4,3/8")
    >>> errors = gram_errors(relaxed, "fp64", (64, 256), Interval.of("1/100", 1), restarts=(3,))
    >>> [e.error > 0 for e in errors], errors[-1].error < Fraction(1, 10**7)
    ([False, False, True, False, True], True)
    """
    m, n = checked_shape(shape)
    u = arithmetic_named(dtype, accumulate).of_size(m * n)
    interval, F = start, input_norm(m, start, frobenius)
    cuts, out = [0, *restarts, len(schedule.steps)], []
    for i, j in pairwise(cuts):
        error, state = segment_error(schedule.steps[i:j], u, m, n, interval.hi, F)
        for t in range(i, j):
            own = error if t == j - 1 else Fraction(0)
            after = next_interval(schedule.steps[t], interval, own)
            if after.hi > CEILING:
                raise vacuous(schedule, u, t)
            bound = StepBound(own, own, {})
            constants = {"s": interval.hi, "F": F, "Q": state.q, "d": state.d} if own else {}
            out.append(StepError(own, own, Tier.W, interval, after, constants, u.assumptions()))
            F = next_norm(schedule.steps[t], interval, F, bound, after, m)
            interval = after
    return tuple(out)
