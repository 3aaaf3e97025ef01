"""What a step is allowed, value by value: a share, a rest, and a sum of squares; and where all values but k end.

Mirsky (1960): Σ_i (σ_i(X⁺) - σ_i(f(X)))² ≤ ‖X⁺ - f(X)‖_F² ≤ σ², in the same order as Weyl's inequality.  So at most k_t
values move by more than δ_t where (k_t + 1)·δ_t² ≥ σ_t².  Follow each of them through the steps: all but k_1 + … + k_T
end where the chain with δ_t in place of ε_t ends.  No dimension enters.  A certificate `all-but` proves it of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.precision.bound import Tier
from muon_theory.precision.format import root_up
from muon_theory.precision.image import next_interval
from muon_theory.precision.steps import StepError
from muon_theory.schedule import Schedule

DIGITS = 6
"""Of an ε, a share or a norm, rounded up so that a certificate can be printed whole."""


@dataclass(frozen=True, slots=True)
class Premise:
    """What is allowed d_i = σ_i(X⁺) - σ_i(f(X)): |d_i| ≤ `error` for every i, and √(Σ d_i²) ≤ `norm`.

    `relative`, a share and a rest: |d_i| ≤ share·σ_i(f(X)) + rest.  All but `count` of the |d_i| are at most
    norm/√(count + 1); `after` holds where these values are then.
    """

    error: Fraction
    norm: Fraction
    relative: tuple[Fraction, Fraction] | None
    count: int
    after: Interval


def _short(q: Fraction) -> Fraction:
    return rational(decimal(q, DIGITS, +1))


def premises(schedule: Schedule, errors: Sequence[StepError], count: int = 0) -> tuple[Premise, ...]:
    """What errors of tier W or A allow.

    `count` is shared among the steps, so that the last band is narrow: see `shares`.

    Raises UsageError for tiers P and S, whose norms are no bounds, and for a negative count.
    """
    if count < 0 or any(e.tier not in (Tier.W, Tier.A) for e in errors):
        raise UsageError(f"all but {count}: a number ≥ 0, and errors of tier W or A, whose Frobenius norms are bounds")
    tried = (_premises(schedule, errors, counts) for counts in shares(schedule, errors, count))
    return min(tried, key=lambda found: found[-1].after.width)


def _premises(schedule: Schedule, errors: Sequence[StepError], counts: Sequence[int]) -> tuple[Premise, ...]:
    interval, found = errors[0].before, list[Premise]()
    for f, e, k in zip(schedule.steps, errors, counts, strict=True):
        error, norm = _short(e.error), _short(e.frobenius)
        relative = None if e.relative is None else (_short(e.relative.share), _short(e.relative.rest))
        delta = norm * root_up(Fraction(1, k + 1), 2)
        interval = next_interval(f, interval, min(error, delta), *(relative or ()))
        found.append(Premise(error, norm, relative, k if delta < error else 0, interval))
    return tuple(found)


def shares(schedule: Schedule, errors: Sequence[StepError], count: int) -> list[tuple[int, ...]]:
    """How many exceptions each step may get: evenly, and as the upper, the lower and both ends of the chain would have.

    To first order an end moves by Σ w_t·σ_t/√(k_t + 1), w_t the product of the later slopes |f_r'| along it, which is
    least, for a given Σ k_t, where k_t + 1 is proportional to (w_t·σ_t)^(2/3).  A choice: whatever it is, it is proved.
    """
    total = len(errors)
    found = [tuple(count // total + (t < count % total) for t in range(total))]
    if not count or total == 1:
        return found
    along = {end: _weights(schedule, errors, end) for end in ("lo", "hi")}
    both = [x + y for x, y in zip(*along.values(), strict=True)]
    norms = [float(e.frobenius) for e in errors]
    found += [_shared([w * e for w, e in zip(ws, norms, strict=True)], count) for ws in (*along.values(), both)]
    return list(dict.fromkeys(found))


def _weights(schedule: Schedule, errors: Sequence[StepError], end: str) -> list[float]:
    """∏_{r > t} |f_r'| at that end of the interval before step r."""
    weights, slope = list[float](), 1.0
    for f, e in zip(reversed(schedule.steps), reversed(errors), strict=True):
        weights.insert(0, slope)
        y = float(getattr(e.before, end)) ** 2
        slope *= abs(sum((2 * i + 1) * float(c) * y**i for i, c in enumerate(f.coefficients)))
    return weights


def _shared(weights: Sequence[float], count: int) -> tuple[int, ...]:
    """`count` as whole numbers k_t ≥ 0 with k_t + 1 about proportional to weights^(2/3)."""
    parts = dict(enumerate(w ** (2 / 3) if any(weights) else 1.0 for w in weights))
    while True:  # what would get fewer than none takes no part
        whole = (count + len(parts)) / sum(parts.values())
        if not (small := [t for t, v in parts.items() if whole * v < 1]):
            break
        for t in small:
            del parts[t]
    ideal = {t: whole * v - 1 for t, v in parts.items()}
    given = {t: int(k) for t, k in ideal.items()}
    for t in sorted(ideal, key=lambda t: given[t] - ideal[t])[: count - sum(given.values())]:
        given[t] += 1
    return tuple(given.get(t, 0) for t in range(len(weights)))


def all_but(schedule: Schedule, errors: Sequence[StepError], count: int) -> Interval:
    """Where all but `count` of the singular values end, under errors of tier W or A.

    From the last iterate on that was `measured`, if one was: there all values are enclosed anew.

    Raises UsageError as `premises`.

    >>> from muon_theory.precision import step_errors
    >>> steps = step_errors(Schedule.parse("15/8,-5/4,3/8"), "bf16", (64, 64), Interval.of("1/10", 1))
    >>> print(steps[-1].after.lo < all_but(Schedule.parse("15/8,-5/4,3/8"), steps, 8).lo)
    True
    """
    first = max((t for t, e in enumerate(errors[:-1], 1) if e.measured), default=0)
    return premises(Schedule(schedule.steps[first:]), errors[first:], count)[-1].after
