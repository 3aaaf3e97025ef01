"""Where the Gram form restarts: the fewest times for which its spurious eigenvalues stay above a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.interval import Interval
from muon_theory.normalisation import Kind, Normalisation
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.bound import StepBound, Tier
from muon_theory.precision.format import Accumulation, Format, round_up
from muon_theory.precision.gram import segment_error
from muon_theory.precision.image import CEILING, largest_value, next_interval
from muon_theory.precision.placement import GramPlacement, GramStep, conjugate
from muon_theory.precision.spectral import typical_step
from muon_theory.precision.spurious import GramRounding, Read
from muon_theory.precision.steps import arithmetic_named, checked_shape, input_norm, next_norm, normalised
from muon_theory.schedule import Schedule

TOLERANCE = Fraction(1, 2)
SLACK = 1 + Fraction(1, 2**10)  # a range is stated this much too wide, so that few cuts prove it


def gram_placement(
    schedule: Schedule,
    dtype: str | Format,
    shape: tuple[int, int] | None = None,
    tolerance: Fraction = TOLERANCE,
    tier: str | Tier = Tier.P,
    upper: Fraction | None = None,
    accumulate: str | Accumulation | None = None,
) -> GramPlacement:
    """The fewest restarts of the Gram form with λ_min(R) ≥ -tolerance for every R that a step reads.

    Of several placements with as few restarts, the one whose lowest eigenvalue is highest.

    Parameters
    ----------
    dtype : str
        bf16, fp16, fp32, tf32, fp64 (tier P: not tf32).
    shape : (int, int), optional
        Rows and columns; tier W needs them, and takes the next powers of two.  Tier P knows no dimension.
    tolerance : Fraction
        How far below 0 an eigenvalue of R may be where a step reads it; those of XXᵀ lie in [0, 1].
    tier : {"P", "W"}
        Where the rounding errors come from.  P is a model, and says so; W is rigorous under its assumptions.
    upper : Fraction, optional
        ≥ ‖X‖₂ of the stored input.  Unless said: what the schedule's normalisation guarantees (1 if nothing), after
        normalising and casting.

    Raises
    ------
    UndecidedError
        The tier allows not even a restart after every step.

    Notes
    -----
    At a restart, ‖X‖₂ is bounded by the direct form's band in tier P, and by the segment's own tier W error in tier W.

    >>> polar = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> found = gram_placement(polar, "fp16")
    >>> found.restarts, found.verification().proved
    ((3,), True)
    """
    tier = Tier(tier)
    if tier is Tier.A:
        raise UsageError("restarts are placed before there is an input: use tier P or W")
    if tier is Tier.W and shape is None:
        raise UsageError("tier W depends on the size: give shape=(rows, columns), or use tier P")
    m, n = (1, 1) if shape is None or tier is Tier.P else map(_power_of_two, checked_shape(shape))
    rounding = GramRounding(arithmetic_named(dtype, accumulate).of_size(m * n), tier, m, n)
    return _place(schedule, rounding, tolerance, upper)


def _power_of_two(k: int) -> int:
    return 1 << (k - 1).bit_length()


@dataclass(frozen=True, slots=True)
class _Path:
    """A placement of the steps so far: where the next segment's X is, and the segments with their inputs."""

    interval: Interval
    F: Fraction
    inputs: tuple[Fraction, ...] = ()
    segments: tuple[tuple[GramStep, ...], ...] = ()

    @property
    def position(self) -> int:
        return self.segments[-1][-1].step if self.segments else 0

    @property
    def lowest(self) -> Fraction:
        """The largest w: how far below 0 an eigenvalue may be."""
        return max(at.w for segment in self.segments for at in segment)


@lru_cache(maxsize=256)
def _place(schedule: Schedule, rounding: GramRounding, tolerance: Fraction, upper: Fraction | None) -> GramPlacement:
    """One segment more at a time, keeping for each step the path to it whose lowest eigenvalue is highest.

    In tier P where X is after a step does not depend on the path, so no better placement is lost; in tier W it does a
    little, through the ε of the segments.
    """
    count, start = len(schedule.steps), _input(schedule.normalisation, rounding, upper)
    paths = {0: start}
    while paths and count not in paths:
        longer: dict[int, _Path] = {}
        for path in paths.values():
            for j in range(path.position + 1, count + 1):
                following = _extended(path, schedule, j, rounding, tolerance)
                if following and (j not in longer or following.lowest < longer[j].lowest):
                    longer[j] = following
        paths = longer
    if not paths:
        raise UndecidedError(
            f"tier {rounding.tier.value} places no restarts of the Gram form of {schedule.name!r} in "
            f"{rounding.u.format.name}: use the direct form, a wider format, a larger tolerance or a smaller upper end"
        )
    found = paths[count]
    restarts = tuple(segment[-1].step for segment in found.segments[:-1])
    why = _assumptions(rounding, start.interval.hi)
    return GramPlacement(schedule, restarts, found.segments, found.inputs, rounding.tier, tolerance, why)


def _input(normalisation: Normalisation, rounding: GramRounding, upper: Fraction | None) -> _Path:
    """Where the normalised, stored input is; `upper` in its place, if it is given."""
    if upper is not None:
        interval, F = Interval(Fraction(0), upper), None
    else:
        whole = Interval(Fraction(0), normalisation.bound or Fraction(1))
        shape, additions = (rounding.m, rounding.n), 1 if rounding.tier is Tier.P else None
        interval, most = normalised(whole, rounding.u.format, shape, additions=additions)
        F = most if normalisation.kind is Kind.FROBENIUS else None
    return _Path(interval, input_norm(rounding.m, interval, F))


def _extended(path: _Path, schedule: Schedule, j: int, rounding: GramRounding, tolerance: Fraction) -> _Path | None:
    """The path with a segment up to step j, or None where that passes the tolerance or 2⁴⁰."""
    i, top = path.position, path.interval.hi
    segment = _segment(schedule.steps[i:j], i, rounding, top, path.F, tolerance)
    if segment is None:
        return None
    interval, F = path.interval, path.F
    if j < len(schedule.steps):
        interval, F = _restart(schedule.steps[i:j], rounding, interval, F)
        if interval.hi > CEILING:
            return None
    return _Path(interval, F, (*path.inputs, top), (*path.segments, segment))


@lru_cache(maxsize=4096)
def _segment(
    steps: tuple[OddPolynomial, ...], i: int, rounding: GramRounding, s: Fraction, F: Fraction, tolerance: Fraction
) -> tuple[GramStep, ...] | None:
    at: Read = rounding.first(s, F)
    out = []
    for t, f in enumerate(steps, i + 1):
        w, top = round_up(at.w, 24), round_up(at.s, 24)
        if w**2 > tolerance or top > CEILING:
            return None
        at = Read(w, top, at.rho, at.error)
        v, M = (
            round_up(largest_value(map_.dense(), Fraction(0), x) * SLACK, 24)
            for map_, x in ((conjugate(f), w), (f, top))
        )
        inner, following = rounding.following(f, at, v, M)
        out.append(GramStep(t, at.error, w, top, inner, v, M))
        at = following
    return tuple(out)


@lru_cache(maxsize=4096)
def _restart(
    steps: tuple[OddPolynomial, ...], rounding: GramRounding, interval: Interval, F: Fraction
) -> tuple[Interval, Fraction]:
    """(where the singular values of X are, ≥ ‖X‖_F) after a segment."""
    u, worst = rounding.u, rounding.tier is Tier.W
    error = segment_error(steps, u, rounding.m, rounding.n, interval.hi, F)[0] if worst else Fraction(0)
    for t, f in enumerate(steps):
        own = error if t == len(steps) - 1 else Fraction(0)
        bound = StepBound(own, own, {}) if worst else typical_step(f, u, interval.hi)
        after = next_interval(f, interval, bound.error)
        F = next_norm(f, interval, F, bound, after, rounding.m)
        interval = after
        if interval.hi > CEILING:
            break
    return interval, F


def _assumptions(rounding: GramRounding, s: Fraction) -> tuple[str, ...]:
    input_ = f"the stored input has ‖X‖₂ ≤ {decimal(s, 8, +1)}"
    links = "w² ≥ (v + w·e₂)² + e and s² ≥ (M + s·e₂)² + e from one step to the next (compared by `verification`)"
    form = "R is made symmetric (its lower triangle mirrored) whenever it is formed, and R⁺ is (aI + Z)ᵀR(aI + Z)"
    if rounding.tier is Tier.W:
        size = f"the e are tier W for matrices up to {rounding.m}×{rounding.n}"
        return (links, size, *rounding.u.assumptions(), input_, form)
    model = "the e are tier P, a MODEL, NOT A BOUND: each stored result errs by 0.849·u of its norm"
    band = "at a restart, ‖X‖₂ is within the band of the direct form under the same model"
    return (links, model, input_, band, form)
