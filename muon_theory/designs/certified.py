"""A composition with every claim that could be proved about it; what to say of one that is of no use."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

from muon_theory.answer import Answer, attempt, refuted, undecided
from muon_theory.claims import AnyClaim, CompositionBound, MapsInto
from muon_theory.designs.greedy import Composition, Recipe, compose, reach
from muon_theory.designs.noise import under_noise
from muon_theory.designs.result import Band, Design, band, safe
from muon_theory.designs.rounding import leading_zeros
from muon_theory.errors import UndecidedError
from muon_theory.finders.alternation import MOST_DIGITS, BelowReach, composition_bound
from muon_theory.finders.band import attains
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

INWARD = 12, 30, 60
"""Digits with which values are sought that a useless schedule attains."""


def certified(schedule: Schedule, asked: tuple[int, ...], composition: Composition, recipe: Recipe) -> Design:
    """The design with every claim that could be proved about it."""
    interval, degrees = composition.intervals[0], asked[: len(schedule.steps)]
    depth = max(leading_zeros(min(reach(i), i.lo)) for i in composition.intervals[1:])
    image = band(schedule, interval, 12 + min(depth, MOST_DIGITS))
    bound = _bound(schedule, degrees, interval)
    noise = under_noise(schedule, degrees, interval, recipe.noise) if recipe.noise else None
    disturbed = () if noise is None else (noise.band, noise.bound)
    return Design(
        schedule,
        asked,
        interval,
        recipe,
        image.interval,
        image.levels or composition.levels,
        bound.claim.error if bound.proved else None,
        (
            image.proof,
            bound,
            safe(schedule, interval.hi),
            *disturbed,
            *_useless(schedule, degrees, interval, image, recipe),
        ),
        composition.limit,
        noise=noise,
    )


def _bound(schedule: Schedule, degrees: tuple[int, ...], interval: Interval) -> Answer[CompositionBound]:
    """`composition-bound`; nothing depends on one that no arithmetic shows."""
    asked = CompositionBound(degrees, interval, Fraction(1, 10**MOST_DIGITS))
    try:
        composition_bound(degrees, interval)
    except BelowReach as error:
        return undecided(schedule, asked, str(error))
    return attempt(schedule, asked, partial(composition_bound, degrees, interval)).needed()


def _useless(
    schedule: Schedule, degrees: tuple[int, ...], interval: Interval, image: Band, recipe: Recipe
) -> list[Answer[AnyClaim]]:
    """Nothing where the band is closer to 1 than the interval is; else that it is not, shown by values it attains."""
    away = reach(interval)
    if image.error is None or image.error < away:
        return []
    closer = MapsInto(interval, Interval(1 - away, 1 + away))
    note = f"the schedule leaves {interval} no closer to 1 than it is: {_more(degrees, interval, recipe)}"
    for digits in INWARD:  # what the first steps lose to rounding, the later ones enlarge
        try:
            contrary = attains(schedule, interval, digits)
        except UndecidedError:
            break
        if reach(contrary.claim.contains) > away:
            return [refuted(closer, contrary, note).needed()]
    return [undecided(schedule, closer, note).needed()]


def _more(degrees: tuple[int, ...], interval: Interval, recipe: Recipe) -> str:
    """How many digits or decimals would do, of those that were tried."""
    lower, what = interval.lo * recipe.norm_factor, "digits" if recipe.rounding.decimals is None else "decimals"
    for by in (1, 2, 4, 8, 16, 32):
        finer = recipe.rounding.finer(by)
        if finer is None:
            break
        try:
            made = compose(degrees, lower, interval.hi, replace(recipe, rounding=finer))
        except UndecidedError:
            continue
        found = band(made.schedule, interval).error
        if found is not None and found < reach(interval):
            kept = getattr(finer, what)
            return f"keep {kept} {what} in place of {kept - by}"
    return "keep more digits"
