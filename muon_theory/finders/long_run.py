"""Where the orbits of one map go when it is repeated without end: what `certify` says of it beside the steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TypeVar

from muon_theory.answer import Answer, established
from muon_theory.certificate import Certificate
from muon_theory.claims import AnyClaim, Escapes
from muon_theory.errors import UndecidedError
from muon_theory.exact.orbit import settled
from muon_theory.exact.roots import fixed_points
from muon_theory.finders import limits, search
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

K = TypeVar("K", bound=AnyClaim)


def found(find: Callable[[], Certificate[K]]) -> Answer[K] | None:
    """What the checker says of what a finder finds; None where the finder gives up."""
    try:
        return established(find())
    except UndecidedError:
        return None


def long_run(schedule: Schedule, upper: Fraction) -> list[Answer[AnyClaim]]:
    """The positive fixed points of the one map, and where the orbits of (0, upper] go."""
    answers: list[Answer[AnyClaim]] = []
    points = fixed_points(schedule.steps[0])
    for p in points:
        kind = found(partial(limits.multiplier_kind, schedule, p))
        answers.append(kind or established(limits.fixes(schedule, p)))
    if points and (basin := found(partial(limits.basin, schedule, points[0]))):
        return [*answers, basin]
    ends = (_escape(schedule, upper), _cycle(schedule, upper))
    return [*answers, *(a for a in ends if a is not None)]


def _escape(schedule: Schedule, upper: Fraction) -> Answer[AnyClaim] | None:
    """An escaping start in (0, upper], sought along the highest values of the first steps."""
    long = replace(schedule, steps=schedule.steps[:1] * 6)

    def escaping(step: int) -> Certificate[Escapes]:
        x = search.extreme_start(long, Interval(Fraction(0), upper), step, highest=True)
        near = Interval(upper / 10**9, upper)
        return limits.escapes(schedule, search.simple_near(x, near, lambda x: _escapes(schedule, x)))

    return next((answer for step in range(1, 7) if (answer := found(partial(escaping, step)))), None)


def _escapes(schedule: Schedule, x: Fraction) -> bool:
    try:
        limits.escapes(schedule, x, horizon=12)
    except UndecidedError:
        return False
    return True


def _cycle(schedule: Schedule, upper: Fraction) -> Answer[AnyClaim] | None:
    """An attracting cycle that a typical orbit reaches, of period up to 16."""
    f = schedule.steps[0]
    if max(upper, *map(abs, f.coefficients)) > 10**100:  # beyond what floats follow
        return None
    points = settled([float(c) for c in f.coefficients], float(upper) / 2, 4000)
    return found(lambda: limits.cycles(schedule, len(points), Fraction(str(points[-1])))) if points else None
