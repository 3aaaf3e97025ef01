"""Layers shown by chains of intervals for all members of a part at once: bands, bounds, sign flips, escapes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf, isfinite

from flint import fmpq

from muon_theory.atlases.chains import Maps, chain, grid, near, outer_step
from muon_theory.atlases.part import STARTS, NotHere, Part, Proof, Steps, orbit, starts
from muon_theory.claims import Band, Bands, Ceiling, Ceilings, Chain, Escape, Escapes, Flips, MapsInto, Outer, SignSafe
from muon_theory.errors import UndecidedError
from muon_theory.exact.orbit import value
from muon_theory.exact.rationals import exact, fraction, simplest
from muon_theory.finders.band import bands
from muon_theory.interval import Interval

FLIP_STEPS, ESCAPE_STEPS = 6, 12
BOUND_ROUNDS, HIGHEST = 4, 10
RATIO = fmpq(101, 100)
"""Beyond the radius of escape every member grows by this factor at least."""


def _first(part: Part, has: Callable[[Steps], bool]) -> None:
    """Go on if the member in the middle has a property; a corner alone asks for halves, no member gives up."""
    for i, member in enumerate(part.members()):
        if has(member):
            if i:
                raise UndecidedError("a corner has the property and the middle has not: halve the box")
            return
    raise NotHere


def band(part: Part) -> list[Proof]:
    """φ([l, 1]) ⊆ target for the least l of the part: then for the others as well."""
    low, high = float(part.target.lo), float(part.target.hi)
    places, steps = starts(float(part.lower.hi)), len(part.rows)
    _first(part, lambda member: all(low <= orbit(member, x, steps)[-1] <= high for x in places))
    start = Interval(part.lower.lo, Fraction(1))
    shown = _chain(part, steps, start)
    if not shown[-1].outer <= part.target:
        raise UndecidedError("the chain ends outside the target: halve the box")
    return [(MapsInto(start, part.target), bands(shown))]


def leaves_band(part: Part) -> list[Proof]:
    """Some x of [l, 1], for every l, has φ(x) outside the target."""
    places, steps = starts(float(part.lower.hi)), len(part.rows)

    def beyond(member: Steps, x: float) -> float:
        end = orbit(member, x, steps)[-1]
        return max(end - float(part.target.hi), float(part.target.lo) - end)

    _first(part, lambda member: any(beyond(member, x) > 0 for x in places))
    middle = next(part.members())
    far = [beyond(middle, x) for x in places]
    for i in sorted(range(len(far)), key=lambda i: -far[i] if isfinite(far[i]) else 0)[:2]:
        place = Interval.of(max(near(places[i], 1e-6), part.lower.hi))
        shown = _chain(part, steps, place)
        end = shown[-1].outer
        if part.target.disjoint(end):
            return [(MapsInto(place, end), bands(shown))]
    raise UndecidedError("the chain meets the target: halve the box")


def bounded_positive(part: Part) -> list[Proof]:
    """One map: f((0, M]) ⊆ (0, M] for one M ≥ 1.  A schedule: every step is > 0 on the orbits from (0, 1]."""
    _first(part, _stays)
    return _trapped(part) if len(part.rows) == 1 else _safe(part)


def _stays(member: Steps) -> bool:
    """Are the orbits from (0, 1] of one member positive, and in bounds, as far as samples show?"""
    top = 1.0
    for t in range(max(len(member), BOUND_ROUNDS)):
        images = [value(member[t % len(member)], top * i / STARTS) for i in range(1, STARTS + 1)]
        if min(images) <= 0:
            return False
        if len(member) == 1:
            if max(images) <= top + 1e-12:
                return True
            top = max(images)
        else:
            top = max(images)
        if top > HIGHEST:
            return False
    return len(member) > 1


def _trapped(part: Part) -> list[Proof]:
    f, slack = part.maps(0), exact(part.slack)
    bound = fmpq(1)
    for _ in range(BOUND_ROUNDS):
        _, most = f.sampled(fmpq(0), bound)
        if most <= bound - slack / 2 or most > HIGHEST:
            break
        bound = simplest(most + slack, most + 2 * slack)
    below, above = f.cuts(fmpq(0), bound), f.plus(bound, -1).cuts(fmpq(0), bound)
    positive, k = f.over_x().cuts(fmpq(0), bound**2, strict=True), len(part.box)
    upper = fraction(bound)
    whole = Interval(Fraction(0), upper)
    return [
        (MapsInto(whole, whole), Bands((Band(whole, (grid(below, k), grid(above, k))),))),
        (SignSafe(upper), Ceilings((Ceiling(upper, (grid(positive, k), grid(above, k))),))),
    ]


def _safe(part: Part) -> list[Proof]:
    upper, k = fmpq(1), len(part.box)
    steps: list[Ceiling] = []
    for f in part.chain(len(part.rows)):
        positive = f.over_x().cuts(fmpq(0), upper**2, strict=True)
        _, most = f.sampled(fmpq(0), upper)
        following = simplest(most + exact(part.slack), most + 2 * exact(part.slack))
        above = f.plus(following, -1).cuts(fmpq(0), upper)
        steps.append(Ceiling(fraction(following), (grid(positive, k), grid(above, k))))
        upper = following
    return [(SignSafe(Fraction(1)), Ceilings(tuple(steps)))]


def flips(part: Part) -> list[Proof]:
    """The orbit of one x in (0, 1) is positive, and then negative, for all members."""
    horizon = FLIP_STEPS if len(part.rows) == 1 else len(part.rows)

    def deepest(member: Steps) -> tuple[float, float, int]:
        """The most negative first negative value, its start and its step."""
        best = inf, 0.0, 0
        for x in starts(0.0)[1:-1]:
            path = orbit(member, x, horizon)
            step = next((t for t, image in enumerate(path) if image < 0), None)
            if step is not None:
                best = min(best, (path[step], x, step))
        return best

    _first(part, lambda member: deepest(member)[2] > 0)
    _, start, step = deepest(next(part.members()))
    place = Interval.of(near(start, 1e-6))
    shown = _chain(part, step, place)
    if not all(s.outer.lo > 0 for s in shown[:-1]) or shown[-1].outer.hi >= 0:
        raise UndecidedError("the sign differs between the members: halve the box")
    return [(Flips(place, step), Chain(tuple(shown)))]


def escapes(part: Part) -> list[Proof]:
    """The orbit of one x in (0, 1) comes past a radius from which all members grow."""

    def fastest(member: Steps) -> tuple[int, float]:
        """The fewest steps past 1000, and the start."""
        best = ESCAPE_STEPS + 1, 0.0
        for x in starts(0.0)[1:-1]:
            away = next((t for t, image in enumerate(orbit(member, x, ESCAPE_STEPS)) if abs(image) > 1e3), None)
            if away is not None:
                best = min(best, (away, x))
        return best

    _first(part, lambda member: fastest(member)[0] <= ESCAPE_STEPS)
    maps = part.maps(0)
    radius = _radius(maps)
    sign = 1 if maps.over_x().coefficients[0, maps.over_x().coefficients.ncols() - 1] > 0 else -1
    beyond = maps.over_x().plus(-RATIO, sign).from_infinity(radius**2).cuts(fmpq(0), fmpq(1))
    x = near(fastest(next(part.members()))[1], 1e-6)
    steps: list[Outer] = []
    lo = hi = exact(x)
    while not (lo >= radius or hi <= -radius):
        if len(steps) == ESCAPE_STEPS:
            raise UndecidedError("the interval does not pass the radius: halve the box")
        steps.append(outer_step(maps, lo, hi, part.slack, len(part.box)))
        lo, hi = exact(steps[-1].outer.lo), exact(steps[-1].outer.hi)
    witness = Escape(tuple(steps), fraction(radius), fraction(RATIO), grid(beyond, len(part.box)))
    return [(Escapes(Interval(x, x)), witness)]


def _radius(maps: Maps) -> fmpq:
    """A radius from which |g| ≥ the ratio for all members, by trial."""
    g = maps.over_x()
    lead = [g.coefficients[i, g.coefficients.ncols() - 1] for i in range(g.coefficients.nrows())]
    if min(lead) <= 0 <= max(lead):
        raise UndecidedError("the leading coefficient changes sign: halve the box")
    grows = g.plus(-RATIO, 1 if lead[0] > 0 else -1)
    radius = fmpq(1)
    while radius < 64:
        if min(grows.from_infinity(radius**2).sampled(fmpq(0), fmpq(1))) >= 0:
            return radius * fmpq(33, 32)
        radius *= fmpq(17, 16)
    raise UndecidedError("no radius up to 64 is one of escape: halve the box")


def _chain(part: Part, steps: int, start: Interval) -> list[Outer]:
    return chain(part.chain(steps), start, part.slack, len(part.box))
