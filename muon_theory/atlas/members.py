"""Layers of maps whose parameters lie in a box, shown by chains of intervals: bands, bounds, sign flips, cycles.

Each box has certificates of its own, whose subject is the box: what they claim holds for every member.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isfinite, prod
from typing import Any

from flint import fmpq

from muon_theory.atlas.chains import Maps, chain, grid, last, midpoint_map, near, steps_json
from muon_theory.atlas.explore import Leaf
from muon_theory.atlas.plane import Box, Plane
from muon_theory.certificate import Certificate, bundle
from muon_theory.certify.positivity import exact, fraction, simplest
from muon_theory.claim import Claim, Cycles, Escapes, Flips, MapsInto, SignSafe
from muon_theory.errors import UndecidedError
from muon_theory.family import Family, Members
from muon_theory.interval import Interval

STARTS = 64
PERIODS = (1, 2, 3, 4, 6, 8)
SETTLED, CLOSE = 400, 1e-7
FLIP_STEPS, ESCAPE_STEPS = 6, 12

BAND = Interval(Fraction(2, 3), Fraction(4, 3))

Proof = tuple[Claim, dict[str, Any]]
"""A claim about all members of a box, with its witness."""


class NotHere(Exception):
    """The middle of the box does not have the layer's property, so the search is given up."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of the maps of a family, each repeated `steps` times.  Laws: see `explore.Prover`.

    `band`: φ([lower, 1]) ⊆ target · `leaves-band`: φ(x) is outside the target for some x in [lower, 1] ·
    `bounded-positive`: every orbit from (0, 1] stays in some (0, M] · `flips`: an orbit from (0, 1) turns negative ·
    `escapes`: an orbit from (0, 1) leaves every bound ·
    `attracting-cycle`: there is one, other than the fixed point 1.

    Where a box has one interval more than the family has parameters, the first is that of the lower end.
    """

    family: Family
    layers: tuple[str, ...]
    steps: int = 5
    lower: Fraction = Fraction(1, 100)
    target: Interval = BAND
    slack: Fraction = Fraction(1, 1000)

    def begin(self, box: Box) -> dict[str, Box]:
        """Nothing is shown yet."""
        return dict.fromkeys(self.layers, box)

    def half(self, state: dict[str, Box], axis: int, upper: bool) -> dict[str, Box]:
        """One half of the box."""
        halved = {}
        for layer, box in state.items():
            side = box[axis]
            part = Interval(side.midpoint, side.hi) if upper else Interval(side.lo, side.midpoint)
            halved[layer] = (*box[:axis], part, *box[axis + 1 :])
        return halved

    def prove(self, state: dict[str, Box], path: str) -> tuple[dict[str, Any], dict[str, Box]]:
        """What is shown for the whole box, and the layers that its parts may have."""
        found: dict[str, Any] = {}
        left: dict[str, Box] = {}
        for layer, box in state.items():
            try:
                found[layer] = [[claim.to_json(), witness] for claim, witness in self.proofs(layer, box)]
            except UndecidedError:
                left[layer] = box
            except NotHere:
                continue
        return found, left

    def proofs(self, layer: str, box: Box) -> list[Proof]:
        """What shows a layer on a box.  Raises UndecidedError or NotHere where nothing does."""
        return PROVERS[layer](self, *self.split(box))

    def split(self, box: Box) -> tuple[Box, Interval]:
        """The parameters' box, and the interval of lower ends."""
        if len(box) == len(self.family.parameters):
            return box, Interval(self.lower, self.lower)
        return box[1:], box[0]

    def certificates(self, box: Box, proofs: Sequence[Proof]) -> list[Certificate]:
        """The certificates of one box: maps-into is about as many steps as its chain has, the others about one map."""
        parameters, _ = self.split(box)
        found = []
        for claim, witness in proofs:
            steps = len(witness["steps"]) if isinstance(claim, MapsInto) else 1
            found.append(Certificate(Members.of(self.family, parameters, steps), claim, witness))
        return found

    def files(self, plane: Plane, layer: str, leaves: Sequence[Leaf]) -> bytes:
        """One file that claims the layer on all these boxes: a bundle."""
        every: list[Certificate] = []
        for leaf in leaves:
            proofs = [(claim_from_json(claim), witness) for claim, witness in leaf.evidence]
            every += self.certificates(plane.box(leaf.path), proofs)
        return bundle(every)


def claim_from_json(data: dict[str, Any]) -> Claim:
    """The claim of a box, as the answers of tasks carry it."""
    match data["type"]:
        case "maps-into":
            return MapsInto(_interval(data["start"]), _interval(data["target"]))
        case "sign-safe":
            return SignSafe(Fraction(data["upper"]))
        case "flips":
            return Flips(_interval(data["start"]), data["step"])
        case "escapes":
            return Escapes(_interval(data["start"]))
        case _:
            return Cycles(tuple(map(_interval, data["intervals"])))


def _interval(ends: Sequence[str]) -> Interval:
    return Interval(Fraction(ends[0]), Fraction(ends[1]))


@lru_cache(maxsize=8)
def _maps(family: Family, box: Box) -> Maps:
    return Maps.of(family.coefficients, box)


def _images(f: Callable[[float], float], x: float, steps: int) -> list[float]:
    orbit = [x]
    for _ in range(steps):
        x = f(x)
        if not abs(x) < 1e6:
            return [*orbit, float("inf")]
        orbit.append(x)
    return orbit


def _starts(lower: float) -> list[float]:
    return [lower + (1 - lower) * i / STARTS for i in range(STARTS + 1)]


def _band(layers: Layers, box: Box, lower: Interval) -> list[Proof]:
    """φ([l, 1]) ⊆ target for the least l: then for the others as well."""
    f, target = midpoint_map(layers.family.coefficients, box), layers.target
    ends = [_images(f, x, layers.steps)[-1] for x in _starts(float(lower.hi))]
    if not all(float(target.lo) <= x <= float(target.hi) for x in ends):
        raise NotHere
    start = Interval(lower.lo, Fraction(1))
    steps = chain([_maps(layers.family, box)] * layers.steps, (start.lo, start.hi), layers.slack)
    low, high = last(steps)
    if low < target.lo or high > target.hi:
        raise UndecidedError("the chain ends outside the target: halve the box")
    return [(MapsInto(start, target), {"type": "chain", "steps": steps_json(steps, len(box))})]


def _leaves_band(layers: Layers, box: Box, lower: Interval) -> list[Proof]:
    """Some x of [l, 1], for every l, has φ(x) outside the target."""
    f, target = midpoint_map(layers.family.coefficients, box), layers.target
    starts = _starts(float(lower.hi))
    ends = [_images(f, x, layers.steps)[-1] for x in starts]
    outside = [max(x - float(target.hi), float(target.lo) - x) for x in ends]
    if max(outside) <= 0:
        raise NotHere
    for i in sorted(range(len(ends)), key=lambda i: -outside[i] if isfinite(outside[i]) else 0)[:2]:
        place = max(near(starts[i], 1e-6), lower.hi)
        steps = chain([_maps(layers.family, box)] * layers.steps, (place, place), layers.slack)
        low, high = last(steps)
        if target.disjoint(Interval(low, high)):
            proof = MapsInto(Interval(place, place), Interval(low, high))
            return [(proof, {"type": "chain", "steps": steps_json(steps, len(box))})]
    raise UndecidedError("the chain meets the target: halve the box")


def _bounded_positive(layers: Layers, box: Box, lower: Interval) -> list[Proof]:
    """f((0, M]) ⊆ (0, M] for one M ≥ 1 and all members."""
    f, slack = _maps(layers.family, box), exact(layers.slack)
    bound = fmpq(1)
    for _ in range(4):
        _, most = f.sampled(fmpq(0), bound)
        if most <= bound - slack / 2 or most > 10:
            break
        bound = simplest(most + slack, most + 2 * slack)
    g = f.over_x()
    middle, top = midpoint_map(layers.family.coefficients, box), float(fraction(bound))
    if not all(0 < middle(top * i / STARTS) <= top for i in range(1, STARTS + 1)):
        raise NotHere
    below, above = f.cuts(fmpq(0), bound), f.plus(bound, -1).cuts(fmpq(0), bound)
    positive, k = g.cuts(fmpq(0), bound**2, strict=True), len(box)
    upper = fraction(bound)
    whole = Interval(Fraction(0), upper)
    into = {"outer": ["0", str(upper)], "splits": [grid(below, k), grid(above, k)]}
    safe = {"upper": str(upper), "splits": [grid(positive, k), grid(above, k)]}
    return [
        (MapsInto(whole, whole), {"type": "chain", "steps": [into]}),
        (SignSafe(upper), {"type": "uppers", "steps": [safe]}),
    ]


def _flips(layers: Layers, box: Box, lower: Interval) -> list[Proof]:
    """The orbit of one x in (0, 1) is positive, and then negative, for all members."""
    f = midpoint_map(layers.family.coefficients, box)
    best: tuple[float, float, int] | None = None
    for x in _starts(0.0)[1:-1]:
        orbit = _images(f, x, FLIP_STEPS)
        step = next((t for t, value in enumerate(orbit) if value < 0), None)
        if step is not None and (best is None or orbit[step] < best[0]):
            best = orbit[step], x, step
    if best is None:
        raise NotHere
    _, start, step = best
    place = near(start, 1e-6)
    steps = chain([_maps(layers.family, box)] * step, (place, place), layers.slack)
    if not all(fraction(s["outer"][0]) > 0 for s in steps[:-1]) or last(steps)[1] >= 0:
        raise UndecidedError("the sign differs between the members: halve the box")
    return [(Flips(Interval(place, place), step), {"type": "chain", "steps": steps_json(steps, len(box))})]


def _escapes(layers: Layers, box: Box, lower: Interval) -> list[Proof]:
    """The orbit of one x in (0, 1) comes past a radius from which all members grow."""
    f, k = midpoint_map(layers.family.coefficients, box), len(box)
    orbits = {x: _images(f, x, ESCAPE_STEPS) for x in _starts(0.0)[1:-1]}
    away = {x: next((t for t, v in enumerate(orbit) if abs(v) > 1e3), None) for x, orbit in orbits.items()}
    fastest = min((x for x in away if away[x] is not None), key=lambda x: (away[x], x), default=None)
    if fastest is None:
        raise NotHere
    maps, ratio = _maps(layers.family, box), fmpq(101, 100)
    radius = _radius(maps, ratio)
    g = maps.over_x()
    sign = 1 if g.coefficients[0, g.coefficients.ncols() - 1] > 0 else -1
    beyond = g.plus(-ratio, sign).from_infinity(radius**2).cuts(fmpq(0), fmpq(1))
    x = near(fastest, 1e-6)
    steps: list[dict[str, Any]] = []
    interval = exact(x), exact(x)
    while not (interval[0] >= radius or interval[1] <= -radius):
        if len(steps) == ESCAPE_STEPS:
            raise UndecidedError("the interval does not pass the radius: halve the box")
        steps += chain([maps], (fraction(interval[0]), fraction(interval[1])), layers.slack)
        interval = steps[-1]["outer"]
    witness = {
        "type": "escape",
        "steps": steps_json(steps, k),
        "radius": str(radius),
        "ratio": str(ratio),
        "splits": grid(beyond, k),
    }
    return [(Escapes(Interval(x, x)), witness)]


def _radius(maps: Maps, ratio: fmpq) -> fmpq:
    """A radius from which |g| ≥ ratio for all members, by trial; UndecidedError where the leading sign differs."""
    g = maps.over_x().coefficients
    lead = [g[i, g.ncols() - 1] for i in range(g.nrows())]
    if min(lead) <= 0 <= max(lead):
        raise UndecidedError("the leading coefficient changes sign: halve the box")
    sign = 1 if lead[0] > 0 else -1
    radius = fmpq(1)
    while radius < 64:
        beyond = Maps(g).plus(-ratio, sign).from_infinity(radius**2)
        if min(beyond.sampled(fmpq(0), fmpq(1))) >= 0:
            return radius * fmpq(33, 32)
        radius *= fmpq(17, 16)
    raise UndecidedError("no radius up to 64 is one of escape: halve the box")


def _attracting_cycle(layers: Layers, box: Box, lower: Interval) -> list[Proof]:
    """Intervals around a cycle of the middle map, each mapped into the next by all members, where they contract."""
    cycle = _cycle(layers.family, box)
    slopes, widths = _spread(layers.family, box, cycle)
    rate, push = prod(slopes), 0.0
    for d, e in zip(slopes, widths, strict=True):
        push = push * d + e
    if rate >= 0.98:
        raise UndecidedError("the cycle attracts too weakly: halve the box")
    radius = 1.1 * push / (1 - rate) + 1e-6
    through = []
    for p, d, e in zip(cycle, slopes, widths, strict=True):
        through.append(Interval(near(p - radius, radius / 50), near(p + radius, radius / 50)))
        radius = 1.04 * (radius * d + e)
    if any(p.lo <= 0 for p in through) or not all(p.disjoint(q) for i, p in enumerate(through) for q in through[:i]):
        raise UndecidedError("the intervals of the cycle meet: halve the box")
    f, bounds, cuts = _maps(layers.family, box), [], []
    for here, there in zip(through, [*through[1:], through[0]], strict=True):
        lo, hi = exact(here.lo), exact(here.hi)
        least, most = f.derivative().sampled(lo, hi)
        steep = max(abs(least), abs(most))
        bound = simplest(steep * fmpq(101, 100) + fmpq(1, 1000), steep * fmpq(103, 100) + fmpq(2, 1000))
        bounds.append(bound)
        wanted = (
            f.plus(-exact(there.lo)), f.plus(exact(there.hi), -1),
            f.derivative().plus(bound), f.derivative().plus(bound, -1),
        )  # fmt: skip
        cuts.append([grid(p.cuts(lo, hi), len(box)) for p in wanted])
    if prod(bounds, start=fmpq(1)) >= 1:
        raise UndecidedError("the slopes along the cycle are not shown to contract: halve the box")
    return [(Cycles(tuple(through)), {"type": "cycle", "splits": cuts, "bounds": [str(b) for b in bounds]})]


def _cycle(family: Family, box: Box) -> list[float]:
    """The cycle of the middle map that a critical point's orbit, or another, settles on."""
    f = midpoint_map(family.coefficients, box)
    for start in (0.3, 0.5, 0.7, 0.9):
        x = _images(f, start, SETTLED)[-1]
        if not isfinite(x) or abs(x) < CLOSE or x < 0:
            continue
        orbit = _images(f, x, max(PERIODS))
        period = next((k for k in PERIODS if k < len(orbit) and abs(orbit[k] - x) < CLOSE), None)
        if period is not None and not (period == 1 and abs(x - 1) < 1e-3) and min(orbit[:period]) > 0:
            return orbit[:period]
    raise NotHere


def _spread(family: Family, box: Box, cycle: Sequence[float]) -> tuple[list[float], list[float]]:
    """At each point of the cycle: the greatest |f'|, and how far f's members miss the next point."""
    maps = _maps(family, box).coefficients.tolist()
    rows = [[float(fraction(c)) for c in row] for row in maps]
    slopes, misses = [], []
    for p, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        slopes.append(max(abs(sum(i * c * p ** (i - 1) for i, c in enumerate(row) if i)) for row in rows))
        misses.append(max(abs(sum(c * p**i for i, c in enumerate(row)) - following) for row in rows))
    return slopes, misses


PROVERS: dict[str, Callable[[Layers, Box, Interval], list[Proof]]] = {
    "band": _band,
    "leaves-band": _leaves_band,
    "bounded-positive": _bounded_positive,
    "flips": _flips,
    "escapes": _escapes,
    "attracting-cycle": _attracting_cycle,
}
