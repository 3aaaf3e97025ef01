"""ε_1, …, ε_T for a whole schedule: the outward interval and the Frobenius norm carried through the steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.bound import Order, Relative, StepBound, Tier, worst_step
from muon_theory.precision.format import Accumulation, Arithmetic, Format, format_named, root_up, round_up
from muon_theory.precision.image import CEILING, largest_value, next_interval
from muon_theory.precision.probable import probable_step, results
from muon_theory.precision.spectral import typical_step
from muon_theory.precision.summation import Summation, summation_named
from muon_theory.schedule import Schedule

FAILURE = Fraction(1, 1000)
MEAN_ZERO = (
    "each rounding error, of a stored number and of an addition, has mean zero given what was computed before: a "
    "theorem under stochastic rounding, a MODEL under rounding to nearest",
)


@dataclass(frozen=True, slots=True)
class StepError:
    """One step's ε with where it comes from.

    `error` ≥ ‖fl(f(X)) - f(X)‖₂ for every X that the step can read; `frobenius` bounds the Frobenius norm (tiers W and
    A).  `before` holds the singular values of X, `after` those of the computed result; `measured`: not by the chain
    alone, but by an enclosure of that very result (tier A).  `constants` are the numbers of the derivation by name;
    `assumptions` is what the bound rests on, one line each.
    """

    error: Fraction
    frobenius: Fraction
    tier: Tier
    before: Interval
    after: Interval
    constants: dict[str, Fraction]
    assumptions: tuple[str, ...]
    measured: bool = False
    relative: Relative | None = None

    def __str__(self) -> str:
        what = {
            Tier.W: "worst case",
            Tier.S: "with a stated confidence",
            Tier.P: "model, not a bound",
            Tier.A: "for this input",
        }[self.tier]
        return f"ε = {decimal(self.error, 4, +1)} (tier {self.tier.value}, {what})"


def arithmetic_named(
    dtype: str | Format, accumulate: str | Accumulation | None = None, sums: str | int | Summation | None = None
) -> Arithmetic:
    """The arithmetic of a format, with its usual accumulation unless another is named, and sums in any order.

    Raises UsageError for an unknown name, and for sums kept in fp8.
    """
    format = format_named(dtype)
    if accumulate is None:
        return Arithmetic(format, format.accumulation, summation_named(sums))
    try:
        arithmetic = Arithmetic(format, Accumulation(accumulate), summation_named(sums))
    except ValueError:
        names = ", ".join(a.value for a in Accumulation)
        raise UsageError(f"there is no accumulation {accumulate!r}: use one of {names}") from None
    if format.scaled and arithmetic.accumulation is Accumulation.STORAGE:
        raise UsageError(f"sums kept in {format.name} have no bound, because no one scale fits them: use fp32")
    return arithmetic


def order_named(order: str | Order) -> Order:
    """The order of operations of that name."""
    try:
        return Order(order)
    except ValueError:
        raise UsageError(
            f"there is no order of operations {order!r}: use {', '.join(o.value for o in Order)}"
        ) from None


def step_errors(
    schedule: Schedule,
    dtype: str | Format,
    shape: tuple[int, int],
    start: Interval,
    tier: str | Tier = Tier.W,
    order: str | Order = Order.FUSED,
    accumulate: str | Accumulation | None = None,
    frobenius: Fraction | None = None,
    coefficients: Reading | None = None,
    sums: str | int | Summation | None = None,
    failure: Fraction = FAILURE,
) -> tuple[StepError, ...]:
    """ε_t for each step: what a `robust-band` claim takes as its errors.

    Parameters
    ----------
    schedule : Schedule
        Exact steps; the difference to the coefficients that run is part of ε.
    dtype : str
        bf16, fp16, fp32, tf32, fp64, e4m3 or e5m2 (or torch's name).
    shape : (int, int)
        Rows and columns, in either order: the iteration runs on the short side.
    start : Interval
        The singular values of the *stored* input (see `normalised` for what normalising and casting do to them).
    tier : {"W", "S", "P"}
        Worst case, with a confidence, or the model.  Tier A needs the matrix: `muon_theory.confirmation.a_posteriori`.
    order : {"fused", "unfused", "shifted"}
        The order of operations; the Gram form bounds whole segments: `gram_errors`.
    accumulate : {"fp32", "fp64", "fp32-truncating", "storage"}, optional
        How sums inside products are formed; the format's usual way unless said.
    frobenius : Fraction, optional
        A bound of the input's Frobenius norm, 1 + margin for a normalised one; √m·start.hi unless said.
    coefficients : Reading, optional
        The format in which coefficients run; fp32 (fp64 for fp64) unless said.
    sums : str or int, optional
        In which order products form their sums (`Summation`): any unless said.
    failure : Fraction, optional
        Tier S: all bounds hold together with probability ≥ 1 - failure; 1/1000 unless said.

    Raises
    ------
    UsageError
        An unknown name, or a shape that is no matrix.
    UndecidedError
        The bounds grow past 2⁴⁰, or overflow cannot be excluded: the tier says nothing about this schedule, size
        and format.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., §3; Blanchard, Higham, Lopez, Mary and Pranesh,
    SIAM J. Sci. Comput. 42 (2020).  The derivation: docs/precision.md.

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> errors = step_errors(jordan, "fp32", (64, 64), Interval.of("1/100", 1), frobenius=Fraction(1))
    >>> print(errors[0]); print(errors[-1].after)
    ε = 0.00007009 (tier W, worst case)
    [0.678374317033, 1.14139471207]
    """
    arithmetic, order = arithmetic_named(dtype, accumulate, sums), order_named(order)
    m, n = checked_shape(shape)
    tier = Tier(tier)
    if tier is Tier.A:
        raise UsageError("tier A needs the matrix: use muon_theory.confirmation.a_posteriori(X, schedule)")
    if order is Order.GRAM:
        raise UsageError("the Gram form has one error a segment, not one a step: use gram_errors(schedule, …)")
    if tier is Tier.S and (order is Order.SHIFTED or not 0 < failure < 1):
        raise UsageError(
            "tier S bounds the fused and the unfused order of operations, with a probability of failure between 0 and 1"
        )
    interval, F = start, input_norm(m, start, frobenius)
    out = []
    for t, f in enumerate(schedule.steps):
        if tier is Tier.P:
            bound = typical_step(f, arithmetic, interval.hi)
            why: tuple[str, ...] = ("MODEL, NOT A BOUND: rounding errors are independent, with log-uniform mantissas",)
        elif tier is Tier.S:
            share = failure * results(f, order) / sum(results(g, order) for g in schedule.steps)
            bound = probable_step(f, arithmetic, (m, n), interval.hi, F, share, order)
            bound = replace(bound, constants={**bound.constants, "failure": failure})
            why = (*MEAN_ZERO, f"all of it together with probability ≥ 1 - {failure}", *arithmetic.assumptions())
        else:
            bound = worst_step(f, arithmetic, (m, n), interval.hi, F, order, coefficients)
            why = arithmetic.assumptions()
        apart = bound.relative
        after = next_interval(f, interval, bound.error, *((apart.share, apart.rest) if apart else ()))
        if after.hi > CEILING:
            raise vacuous(schedule, arithmetic, t, tier)
        said = (bound.error, bound.frobenius, tier, interval, after, bound.constants, why)
        out.append(StepError(*said, relative=apart))
        F = next_norm(f, interval, F, bound, after, m)
        interval = after
    return tuple(out)


def checked_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """(short side, long side)."""
    if len(shape) != 2 or min(shape) < 1:
        raise UsageError(f"{shape} is no matrix shape: give two numbers ≥ 1, rows and columns")
    return min(shape), max(shape)


def input_norm(m: int, start: Interval, frobenius: Fraction | None) -> Fraction:
    """F₀ = min(√m·s, what the caller knows)."""
    most = round_up(root_up(Fraction(m), 2) * start.hi)
    return most if frobenius is None else min(most, frobenius)


def next_norm(f: OddPolynomial, before: Interval, F: Fraction, bound: StepBound, after: Interval, m: int) -> Fraction:
    """‖X⁺‖_F ≤ min(max|g|·F + ε, √m·s⁺): f(X) = g(XXᵀ)X, and no more than m singular values ≤ s⁺."""
    grown = largest_value(f.coefficients, Fraction(0), before.hi**2) * F + bound.frobenius
    return round_up(min(grown, root_up(Fraction(m), 2) * after.hi))


def vacuous(schedule: Schedule, arithmetic: Arithmetic, t: int, tier: Tier = Tier.W) -> UndecidedError:
    """What to say when the errors outgrow everything."""
    return UndecidedError(
        f"tier {tier.value} says nothing about {schedule.name!r} in {arithmetic.format.name}: its bound leaves 2^40 at "
        f"step {t + 1}; bound this input (tier A, confirm), or use a wider format or a smaller matrix"
    )


def deviation_bound(schedule: Schedule, steps: tuple[StepError, ...], initial: Fraction = Fraction(0)) -> Fraction:
    """‖X_T - φ(X_0)‖_F ≤ Σ_t ε_t·∏_{r>t} K_r, K_r = max |f_r'| on [0, s_r]; `initial` is an error of X_0.

    An odd f acts on X with the Lipschitz constant max |f'| in the Frobenius norm: with the Jordan-Wielandt matrix
    [[0, X], [Xᵀ, 0]], f acts on eigenvalues ±σ, and divided differences of f are values of f'.  Unlike the band, this
    bounds vectors too, and pays for the steep slope near 0.
    """
    total = initial
    for f, step in zip(schedule.steps, steps, strict=True):
        s = max(step.before.hi, step.before.hi + total)
        total = largest_value(f.derivative_in_y, Fraction(0), s**2) * total + step.frobenius
        total = round_up(total)
    return total


def normalised(
    spectrum: Interval,
    dtype: str | Format,
    shape: tuple[int, int],
    cast: str = "cast-then-normalise",
    additions: str | int | Summation | None = None,
    accumulate: str | Accumulation | None = None,
) -> tuple[Interval, Fraction]:
    """(the singular values of the stored X_0, a bound of ‖X_0‖_F) when those of M/‖M‖_F lie in `spectrum`.

    X_0 = κ(Y + E), Y = M/‖M‖_F, ‖E‖_F ≤ e.  cast-then-normalise: M' = fl(M), ν = fl(‖M'‖_F) stored, X_0 = fl(M'/ν);
    e = (1 + u)(1 + u') - 1, u' the error of a stored quotient, and |κ - 1| ≤ η: ‖M'‖_F errs by ≤ u, the sum of squares
    by γ_k, its root by ≤ γ_k(1 + γ_k)/2 (k - 1 additions in the order `additions`, any unless said), rooting and
    storing by u' each.
    normalise-then-cast: the same with fp32 in place of the storage format, and one rounding u at the end.

    Assumes ‖M‖_F above the clamp of the implementation and no underflow of M's larger entries.

    >>> print(normalised(Interval.of("1/100", 1), "fp16", (64, 64))[0])
    [0.00900883336975, 1.00256894245]
    """
    m, n = checked_shape(shape)
    format = format_named(dtype).of_size(m * n)
    wide = format if cast == "cast-then-normalise" or format.precision >= 24 else format_named("fp32")
    if cast not in ("cast-then-normalise", "normalise-then-cast"):
        raise UsageError(f"there is no {cast!r}: use cast-then-normalise or normalise-then-cast")
    gamma = arithmetic_named(wide, accumulate).gamma(summation_named(additions).additions(m * n) + 1)
    point = wide.elementwise
    first = wide.roundoff if cast == "cast-then-normalise" else Fraction(0)
    last = Fraction(0) if cast == "cast-then-normalise" else format.roundoff
    e = (1 + first) * (1 + point) * (1 + last) - 1
    eta = (1 + first) * (1 + gamma * (1 + gamma) / 2) * (1 + point) ** 2 - 1  # √(1 - γ) ≥ 1 - γ(1 + γ)/2
    if eta >= 1:
        raise UndecidedError(
            f"the norm's rounding has no bound below 1 in {wide.name} at this size and with sums in "
            "any order: name the order of additions (--additions=torch)"
        )
    kappa = 1 / (1 - eta)
    low = max(Fraction(0), (spectrum.lo - e) / (1 + eta))
    high = round_up((spectrum.hi + e) * kappa)
    return Interval(min(low, high), high), round_up((1 + point) * (1 + last) * kappa)
