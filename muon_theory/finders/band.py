"""Finders for the claims about finite schedules: maps-into, attains, robust-band, all-but, sign-safe, flips, slope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isqrt

from flint import fmpq

from muon_theory.certificate import Certificate
from muon_theory.claims import (
    AllBut,
    Attains,
    Band,
    Bands,
    Ceiling,
    Ceilings,
    Chain,
    Flips,
    MapsInto,
    NoWitness,
    Outer,
    Reach,
    Reaches,
    RobustBand,
    SignSafe,
    Slope,
    Widened,
)
from muon_theory.errors import UndecidedError
from muon_theory.exact.positivity import NotPositive, splits
from muon_theory.exact.ranges import Range, as_interval, as_range, slack_of, step_inner, step_outer
from muon_theory.exact.rationals import dense, exact, fraction, poly, precision
from muon_theory.interval import Interval
from muon_theory.number import simplest_between
from muon_theory.schedule import Schedule

GUARD = 3
"""Extra digits that each step is rounded to, so that what later steps amplify stays below the slack asked for."""


LARGEST = fmpq(10) ** 400
"""Values beyond this are not followed: their texts grow longer than the checker reads, and nothing useful is left."""


def slope(schedule: Schedule) -> Certificate[Slope]:
    """φ'(0) = ∏ a_t."""
    return Certificate(schedule, Slope(schedule.slope), NoWitness())


Margins = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]


def outer_steps(schedule: Schedule, start: Interval, digits: int) -> tuple[Interval, list[Outer]]:
    """The chain of outward-rounded intervals from `start`, with its split points."""
    band, steps, _ = widened_steps(schedule, start, digits)
    return band, steps


def widened_steps(
    schedule: Schedule, start: Interval, digits: int, margins: Sequence[Sequence[Margins]] = ()
) -> tuple[Interval, list[Outer], list[tuple[int, int]]]:
    """As `outer_steps`, the ends of each step widened by a share of the value and by a number.

    `margins`: for each step one or more ways to do that; at each end the way that says most is taken, by its number.
    """
    here, slack = as_range(start), slack_of(digits + GUARD)
    steps: list[Outer] = []
    taken = []
    for t, f in enumerate(schedule.steps):
        (lo, hi), cuts = step_outer(dense(f), here, slack)
        if margins:  # cuts for f ≥ lo are those for (1 - r)·f ≥ (1 - r)·lo
            lows = [lo * (1 - exact(r)) - exact(e) for (r, e), _ in margins[t]]
            tops = [hi * (1 + exact(r)) + exact(e) for _, (r, e) in margins[t]]
            lo, hi = max(lows), min(tops)
            taken.append((lows.index(lo), tops.index(hi)))
        here = lo, hi
        if max(-here[0], here[1]) > LARGEST:
            raise UndecidedError(f"step {t + 1} takes the band beyond 10^400: certify a smaller interval")
        steps.append(Outer(as_interval(here), cuts))
    return as_interval(here), steps, taken


def absolute(error: Fraction) -> Margins:
    """± error at both ends."""
    return (Fraction(0), error), (Fraction(0), error)


def bands(steps: Iterable[Outer]) -> Bands:
    """A chain from outside as the witness of maps-into."""
    return Bands(tuple(Band(step.outer, step.splits) for step in steps))


def maps_into(
    schedule: Schedule, start: Interval, target: Interval | None = None, digits: int = 12
) -> Certificate[MapsInto]:
    """φ(start) ⊆ target; without a target, the tightest band to `digits` digits.

    Raises UndecidedError if the band found is not inside the target (it may be too wide by 10^-digits).
    """
    precision(digits)
    band, steps = outer_steps(schedule, start, digits)
    if target is not None and not band <= target:
        raise UndecidedError(f"φ({start}) is {band} to {digits} digits, which is not inside {target}: widen the target")
    return Certificate(schedule, MapsInto(start, target or band), bands(steps))


def attains(schedule: Schedule, start: Interval, digits: int = 12) -> Certificate[Attains]:
    """φ(start) ⊇ an interval that falls short of the band by at most about 10^-digits."""
    precision(digits)
    here: Range = as_range(start)
    steps: list[Reach] = []
    for t, f in enumerate(schedule.steps):
        here, (p, q) = step_inner(dense(f), here, slack_of(digits + GUARD))
        if max(-here[0], here[1]) > LARGEST:
            raise UndecidedError(f"step {t + 1} takes the band beyond 10^400: certify a smaller interval")
        steps.append(Reach(as_interval(here), (fraction(p), fraction(q))))
    return Certificate(schedule, Attains(start, as_interval(here)), Reaches(tuple(steps)))


def robust_band(
    schedule: Schedule, start: Interval, errors: Sequence[Fraction], target: Interval | None = None, digits: int = 12
) -> Certificate[RobustBand]:
    """The band if step t errs by at most errors[t].

    Raises UndecidedError if a lower end is not > 0 (then Weyl's inequality proves nothing) or the target is missed.
    """
    precision(digits)
    if len(errors) != len(schedule.steps):
        raise UndecidedError(f"{len(schedule.steps)} steps need {len(schedule.steps)} error bounds, not {len(errors)}")
    band, steps, _ = widened_steps(schedule, start, digits, [[absolute(e)] for e in errors])
    for t, step in enumerate(steps, 1):
        if step.outer.lo <= 0:
            raise UndecidedError(
                f"after step {t} the lower end is {step.outer}: not > 0; take a larger lower end or a smaller error"
            )
    if target is not None and not band <= target:
        raise UndecidedError(f"the robust band is {band}, which is not inside {target}")
    return Certificate(schedule, RobustBand(start, target or band, tuple(errors)), Chain(tuple(steps)))


def noisy_band(schedule: Schedule, start: Interval, noise: Fraction, digits: int = 12) -> Certificate[RobustBand]:
    """The band if each step may err by `noise` times its largest value on the band before it.

    The claim names these errors as numbers: errors[t] is `noise` times hi - errors[t], where hi is the upper end of the
    t-th interval of the chain, which shows that f_t ≤ hi - errors[t] on the one before.

    Raises UndecidedError if a lower end is not > 0.
    """
    precision(digits)
    here, slack, share = as_range(start), slack_of(digits + GUARD), exact(noise)
    steps, errors = [], []
    for t, f in enumerate(schedule.steps, 1):
        (lo, hi), cuts = step_outer(dense(f), here, slack)
        here = lo - share * hi, hi + share * hi
        if here[0] <= 0:
            raise UndecidedError(
                f"errors of {noise} times its largest value may take step {t} to 0: take a smaller error"
            )
        errors.append(fraction(share * hi))
        steps.append(Outer(as_interval(here), cuts))
    return Certificate(schedule, RobustBand(start, as_interval(here), tuple(errors)), Chain(tuple(steps)))


def all_but(
    schedule: Schedule,
    start: Interval,
    errors: Sequence[Fraction],
    relative: Sequence[tuple[Fraction, Fraction]] = (),
    norms: Sequence[Fraction] = (),
    counts: Sequence[int] = (),
    digits: int = 12,
) -> Certificate[AllBut]:
    """The band if step t moves |f_t(x)| by at most errors[t], and by at most a share of it and a rest, relative[t].

    With norms: of all values but the sum of the counts, as in step t at most counts[t] of them can move by more than
    norms[t]/√(counts[t] + 1).

    Raises UndecidedError if a lower end is not > 0.
    """
    precision(digits)
    counts = counts or [0] * len(errors)
    widths = [
        min(e, root_above(norms[t] ** 2 / (k + 1))) if norms else e
        for t, (e, k) in enumerate(zip(errors, counts, strict=True))
    ]
    ways = [[absolute(w)] for w in widths]
    for way, shared in zip(ways, relative, strict=False):
        way.append((shared, shared))
    band, steps, taken = widened_steps(schedule, start, digits, ways)
    for t, step in enumerate(steps, 1):
        if step.outer.lo <= 0:
            raise UndecidedError(f"after step {t} the lower end is {step.outer}: not > 0; take a larger lower end")
    shares, rests = zip(*relative, strict=True) if relative else ((), ())
    claim = AllBut(start, band, tuple(errors), shares, rests, tuple(norms), sum(counts))
    ends = tuple((bool(low), bool(top)) for low, top in taken) if relative else ()
    return Certificate(schedule, claim, Widened(tuple(widths), tuple(counts), ends, tuple(steps)))


def root_above(q: Fraction) -> Fraction:
    """A simple number ≥ √q, larger by about one in 10⁶.

    >>> root_above(Fraction(1, 3))
    Fraction(1351, 2340)
    """
    if q == 0:
        return q
    scale = 1 << (60 + q.denominator.bit_length())
    root = Fraction(isqrt(-(-q.numerator * scale**2 // q.denominator) - 1) + 1, scale)
    return simplest_between(root, root * (1 + Fraction(1, 10**6)))


def sign_safe(schedule: Schedule, upper: Fraction, digits: int = 12) -> Certificate[SignSafe]:
    """Every step is > 0 on the orbits of (0, upper].

    Raises NotPositive at the first step that is not; its `step` and `at` say where.
    """
    precision(digits)
    here = exact(upper)
    steps: list[Ceiling] = []
    for t, f in enumerate(schedule.steps, 1):
        p = dense(f)
        try:
            positive = splits(poly(f.coefficients), fmpq(0), here * here, (True, True))
        except NotPositive as error:
            error.add_note(f"step {t}")
            raise
        (_, top), (_, below) = step_outer(p, (fmpq(0), here), slack_of(digits + GUARD), floor=fmpq(0))
        if top > LARGEST:
            raise UndecidedError(f"step {t} takes (0, {upper}] beyond 10^400: certify a smaller interval")
        steps.append(Ceiling(fraction(top), (positive, below)))
        here = top
    return Certificate(schedule, SignSafe(upper), Ceilings(tuple(steps)))


def point_chain(schedule: Schedule, x: Fraction, steps: int, digits: int = 12) -> list[Outer]:
    """The rational intervals that the orbit of x runs through, rounded outward to simple ends."""
    here, out = (exact(x), exact(x)), list[Outer]()
    for t in range(steps):
        if max(-here[0], here[1]) > LARGEST:
            raise UndecidedError(f"step {t} takes {x} beyond 10^400: take a start that escapes more slowly")
        f = dense(schedule.steps[t] if t < len(schedule.steps) else schedule.steps[0])
        here, cuts = step_outer(f, here, slack_of(digits))
        out.append(Outer(as_interval(here), cuts))
    return out


def reaches(schedule: Schedule, x: Fraction, digits: int = 12) -> Certificate[MapsInto]:
    """Where x ends: maps-into from the point x to an interval of about 10^-digits."""
    precision(digits)
    steps = point_chain(schedule, x, len(schedule.steps), digits)
    return Certificate(schedule, MapsInto(Interval(x, x), steps[-1].outer), bands(steps))


def misses(schedule: Schedule, x: Fraction, target: Interval, digits: int = 12) -> Certificate[MapsInto]:
    """x ends outside the target: maps-into from x to an interval beside it, whose ends are simple.

    Raises UndecidedError where the end of x cannot be told from the target.
    """
    precision(digits)
    steps = point_chain(schedule, x, len(schedule.steps), digits)
    end = steps[-1].outer
    if not end.disjoint(target):
        raise UndecidedError(f"the end of x = {x} is not told from {target}: ask for more digits")
    beyond = min(end.lo - target.hi if end.lo > target.hi else target.lo - end.hi, Fraction(1)) / 8
    wide = Interval(simplest_between(end.lo - beyond, end.lo), simplest_between(end.hi, end.hi + beyond))
    return Certificate(schedule, MapsInto(Interval(x, x), wide), bands(steps))


def flips(schedule: Schedule, x: Fraction, step: int, digits: int = 12) -> Certificate[Flips]:
    """Step number `step` takes the orbit of x below 0."""
    precision(digits)
    steps = point_chain(schedule, x, step, digits)
    return Certificate(schedule, Flips(Interval(x, x), step), Chain(tuple(steps)))
