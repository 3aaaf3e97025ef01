"""Greedy composition (Polar Express, arXiv 2505.16932, Theorem 3.1), with what generators of schedules add to it.

Step t is the best odd polynomial to 1 on [l_t, u_t]; its image is [l_{t+1}, u_{t+1}] = [p_t(l_t), 2 - p_t(l_t)], and no
composition of those degrees ends closer to 1.  Departures, which make schedules that low precision survives:

- *cushion* κ: step t is best on [max(l_t, κ·u_t), u_t].
- *recentring*: a step is scaled by 2/(p(l_t) + max p), so that the image of [l_t, u_t] is centred on 1; it goes with a
  cushion unless said otherwise.  (The paper scales by 2/(p(l) + p(u)).  p(u) = max p for degrees 5, 9, 13, …; for
  degrees 3, 7, 11, … p(u) is the minimum 1 - E, and the paper's formula would put iterates above the u that it goes on
  with.)
- *safety factor* s: x ↦ p_t(x/s) for every step but the last, or for all; then u_{t+1} = 2 - l_{t+1} as in the paper.
  In the norm, it divides the input once: the first interval is [l/s, u].
- *noise* ε: each step may move its values by ε times the largest; the next one starts from what that leaves.  The best
  for this model is a plain composition that allows for it (docs/trust.md, Composition with errors).
- *relaxed last step*: the steepest polynomial at 0 whose band is [1-δ, 1+δ], in place of the closest one to 1.
- *rounding*: see `muon_theory.designs.rounding`.

Where the interval that a step starts from is so near 1 that the best polynomial is its limit, Padé's polynomial, to
all digits that are asked for, the list ends with that row: every later one would be the same.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, log10
from typing import Any

from flint import ctx

from muon_theory.designs.ends import PUBLISHED, lower_end, published_cushion
from muon_theory.designs.families import pade
from muon_theory.designs.rounding import Rounding, magnitude, short, significant
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import above, below, extremes
from muon_theory.exact.rationals import dense, exact, fraction
from muon_theory.finders.alternation import best
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Extension, Schedule

DIGITS = 12
"""Unrounded coefficients are kept so long that the final level is right to about so many digits."""

ENOUGH_DIGITS = 60
"""Unless more are asked for: an interval within 10^-60 of 1 is one point, for every arithmetic there is."""


class SafetyOn(enum.Enum):
    """Which steps divide their argument by the safety factor; or the norm does, once."""

    ALL = "all"
    ALL_BUT_LAST = "all-but-last"
    NORM = "norm"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a greedy composition departs from the plain one.

    safety : s ≥ 1.    safety_on : where it stands.
    cushion : 0 ≤ κ < 1, or "published": `published_cushion` of each step's degree.
    recentre : None does so where a cushion is at work.
    relaxed_last : δ of the last step, or None for the best polynomial.
    noise : ε ≥ 0 of the model in which each step may err by ε times its largest value.
    centre : what the last step is multiplied by, so that its image is centred there.
    """

    rounding: Rounding = field(default_factory=Rounding)
    safety: Fraction = Fraction(1)
    safety_on: SafetyOn = SafetyOn.ALL_BUT_LAST
    cushion: Fraction | str = Fraction(0)
    recentre: bool | None = None
    relaxed_last: Fraction | None = None
    noise: Fraction = Fraction(0)
    centre: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if self.safety < 1:
            raise UsageError(
                f"a safety factor is ≥ 1, not {self.safety}: write such as 1.01 (the argument is divided by it)"
            )
        if self.cushion != PUBLISHED and not (isinstance(self.cushion, Fraction) and 0 <= self.cushion < 1):
            raise UsageError(
                f"a cushion is a fraction of u, 0 ≤ κ < 1, not {self.cushion}: write such as 0.02, or {PUBLISHED}"
            )
        if not 0 <= self.noise < 1:
            raise UsageError(
                f"noise is a share of a step's largest value, 0 ≤ ε < 1, not {self.noise}: write such as 1/256"
            )
        if self.relaxed_last is not None and not 0 < self.relaxed_last < 1:
            raise UsageError(f"the last step's δ lies in (0, 1), not {self.relaxed_last}: its band is [1-δ, 1+δ]")

    def cushion_of(self, degree: int) -> Fraction:
        """κ of a step."""
        return self.cushion if isinstance(self.cushion, Fraction) else published_cushion(degree)

    def spare(self, last: bool) -> Fraction:
        """What the argument of a step is divided by."""
        on = self.safety_on is SafetyOn.ALL or (self.safety_on is SafetyOn.ALL_BUT_LAST and not last)
        return self.safety if on else Fraction(1)

    @property
    def norm_factor(self) -> Fraction:
        """What the norm is multiplied by."""
        return self.safety if self.safety_on is SafetyOn.NORM else Fraction(1)


@dataclass(frozen=True, slots=True)
class Composition:
    """Steps, and the intervals [l_0, u_0], …, [l_T, u_T] that the construction ran through (not yet certified).

    `limit` : the last step is Padé's polynomial, and every further step would be.
    """

    schedule: Schedule
    intervals: tuple[Interval, ...]
    limit: bool = False

    @property
    def levels(self) -> tuple[Fraction, ...]:
        """How far from 1 each step's interval reaches."""
        return tuple(reach(i) for i in self.intervals[1:])


def reach(image: Interval) -> Fraction:
    """max |1 - x| over the interval."""
    return max(1 - image.lo, image.hi - 1)


def compose(
    degrees: Sequence[int], lower: Fraction, upper: Fraction = Fraction(1), recipe: Recipe | None = None, **fields: Any
) -> Composition:
    """The greedy composition on [lower, upper]: one odd degree a step.

    Parameters
    ----------
    degrees : odd numbers, first step first.
    lower, upper : 0 < lower < upper, the interval that is sent close to 1.
    recipe : rounding, safety, cushion, recentring, relaxed last step; or the fields of one.  Unrounded coefficients are
        decimals long enough for about `DIGITS` correct digits of the final level.

    Raises
    ------
    UsageError
        An argument is outside its domain.
    UndecidedError
        Rounding leaves an image that is not > 0, or the last step cannot meet its δ.

    >>> greedy = compose((5, 5), Fraction(1, 10))
    >>> [f"{float(level):.6f}" for level in greedy.levels]
    ['0.453417', '0.062675']
    """
    if not degrees:
        raise UsageError("a composition needs at least one step")
    recipe = Recipe(**fields) if recipe is None else recipe
    kept = max(DIGITS, recipe.rounding.digits or 0)
    guard = kept + 3 + ceil(sum(log10(d + 1) for d in degrees if d > 0))
    near_enough = Fraction(1, 10 ** (max(kept, 0 if recipe.rounding.digits else ENOUGH_DIGITS) + 5))
    here = Interval(lower / recipe.norm_factor, upper)
    intervals, steps, limit = [here], [], False
    for t, degree in enumerate(degrees, 1):
        last = t == len(degrees)
        spare = recipe.spare(last)
        limit = here.width < near_enough * here.hi and not recipe.relaxed_last and spare == recipe.centre == 1
        p, tolerance, level = _limit(degree, here) if limit else _step(degree, here, guard, recipe, spare, last)
        if recipe.rounding.on_grid:
            step, here = _rounded(p, here, recipe, tolerance, spare, last)
        else:
            digits = recipe.rounding.digits
            step = short(p, here.hi, tolerance) if digits is None else significant(p, digits)
            limit = limit or (digits is not None and step == significant(_pade(degree), digits))
            here = (
                Interval(1 - level, 1 + level) if level else _following(p if digits else step, here, tolerance, spare)
            )
        here = Interval(here.lo - recipe.noise * here.hi, here.hi + recipe.noise * here.hi)
        if here.lo <= 0 < recipe.noise:
            raise UndecidedError(
                f"errors of {float(recipe.noise):.3g} times its largest value may take step {t} to 0: take a larger "
                "lower end, a smaller cushion, or less noise"
            )
        if here.lo <= 0:
            raise UndecidedError(
                f"step {t}, rounded, maps [{float(intervals[-1].lo):.6g}, {float(intervals[-1].hi):.6g}] down to "
                f"{float(here.lo):.3g}, which is not > 0: keep more digits"
            )
        steps.append(step)
        intervals.append(here)
        if limit:
            break
    extension = Extension.REPEAT_LAST if limit else Extension.EXACT
    schedule = Schedule(tuple(steps), reading=recipe.rounding.reading, extension=extension)
    return Composition(schedule, tuple(intervals), limit)


def _limit(degree: int, here: Interval) -> tuple[OddPolynomial, Fraction, Fraction]:
    """Padé's polynomial of x/centre, and what its error is below: |1 - p(x)| ≤ |1 - x²|^(q+1) (2 + ε)^…, generously."""
    q, centre = degree // 2, here.midpoint
    level = (4 * here.width / centre) ** (q + 1)
    return _pade(degree).scaled(inner=1 / centre), level, level


def _pade(degree: int) -> OddPolynomial:
    return pade(degree // 2).steps[0] if degree > 1 else OddPolynomial.of(1)


def _step(
    degree: int, here: Interval, guard: int, recipe: Recipe, spare: Fraction, last: bool
) -> tuple[OddPolynomial, Fraction, Fraction | None]:
    """One step for [l, u], unrounded but for guard digits, the error that it forgives, and its level if that is all.

    The level stands where the image of [l, u] is [1-E, 1+E]: with nothing added to the best polynomial.
    """
    ratio, cushion = here.lo / here.hi, recipe.cushion_of(degree)
    start = max(ratio, cushion)
    if last and recipe.relaxed_last is not None:
        start = lower_end(degree, recipe.relaxed_last, guard)
        if start > ratio:
            raise UndecidedError(
                f"the last step cannot send [{float(here.lo):.6g}, {float(here.hi):.6g}] into 1 ± "
                f"{float(recipe.relaxed_last):.6g}: relax it further, or take more steps"
            )
    # of an interval that is not yet its limit no step makes less than 10^-most
    most = (degree // 2 + 2) * (guard + ENOUGH_DIGITS)
    p, error = best(degree, Interval(start, Fraction(1)), guard, most)
    least, greatest = 1 - error, 1 + error
    if ratio < start or spare != 1:
        least = min(least, p(ratio / spare))
    centre = Fraction(1)
    if recipe.recentre if recipe.recentre is not None else ratio < cushion:
        # by default for the argument before it is divided by the safety factor, as the field does
        centre = 2 / ((least if recipe.recentre else min(1 - error, p(ratio))) + greatest)
    if last:
        centre *= recipe.centre
    level = (greatest - least) / (greatest + least)
    alone = start == ratio and spare == 1 and centre == 1
    scaled = p.scaled(inner=1 / (here.hi * spare), outer=centre)
    return scaled, min(level, 1 - level) / 10**guard, error if alone else None


def _rounded(
    p: OddPolynomial, here: Interval, recipe: Recipe, tolerance: Fraction, spare: Fraction, last: bool
) -> tuple[OddPolynomial, Interval]:
    """The best rounding of p to the grid, and the interval that it leads to."""
    centre = recipe.centre

    def merit(step: OddPolynomial) -> tuple[bool, Fraction]:
        image = _following(step, here, tolerance, Fraction(1))
        positive = image.lo > 0
        return positive, image.lo / image.hi if positive and not last else -max(centre - image.lo, image.hi - centre)

    step = recipe.rounding.best(p, merit)
    return step, _following(step, here, tolerance, spare)


def _following(step: OddPolynomial, here: Interval, tolerance: Fraction, spare: Fraction) -> Interval:
    """The step's image of [l, u], outward; with a safety factor up to the paper's 2 - l."""
    with ctx.workprec(max(64, 64 - 4 * magnitude(tolerance))):
        e = extremes(dense(step), (exact(here.lo), exact(here.hi)))
        lo, hi = fraction(below(e.low, exact(tolerance))), fraction(above(e.high, exact(tolerance)))
    return Interval(lo, hi if spare == 1 else max(hi, 2 - lo))
