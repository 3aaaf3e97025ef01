"""What is to be shown on a plane, and how deep: the survey of a family, or of one step of a schedule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from muon_theory.atlases.explore import Prover
from muon_theory.atlases.members import BAND, Layers
from muon_theory.atlases.plane import Plane, Strip
from muon_theory.atlases.properties import Properties
from muon_theory.atlases.together import Together
from muon_theory.errors import UsageError
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import Family
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

STABLE = Interval(Fraction(-1), Fraction(1))
SHALLOW, OBLIQUE, CYCLES = 4, 22, 14
"""Layers that do not decide about the strip are halved so much less often.  A strip whose sides no box can follow
needs a greater depth, for the layer that ends at them."""

DECIDING = ("converges", "escapes")
LAYERS = (*DECIDING, "escapes-alternating", "flips", "multiplier-above-1", "multiplier-below-minus-1")
FREE_LAYERS = ("bounded-positive", "escapes", "flips", "attracting-cycle")
SOLID_LAYERS = FREE_LAYERS[:3]
"""In three parameters, where cycles that attract everywhere in a box are too few to look for."""

BAND_LAYERS, SCHEDULE_LAYERS = ("band", "leaves-band"), ("bounded-positive", "flips")
WINDOWS = {"a": Interval.of(1, 4), "b": Interval.of(-6, 2), "s": Interval.of(-2, 2), "l": Interval.of("1/128", "1/2")}
AROUND = Fraction(1, 4)
"""The default window of a schedule's coefficient is so wide to either side."""

MOST_PARAMETERS, MOST_STEPS, DEEPEST = 3, 64, 40
"""The first two are the checker's limits."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A plane with what is to be shown on it, and how deep each layer is halved."""

    prover: Prover
    plane: Plane
    strip: Strip | None
    depths: dict[str, int]

    def at_depth(self, depth: int) -> Survey:
        """The same with another greatest depth."""
        if not 1 <= depth <= DEEPEST:
            raise UsageError(f"the depth {depth} is not from 1 to {DEEPEST}: each level halves every open box")
        change = depth - max(self.depths.values())
        return replace(self, depths={layer: max(1, d + change) for layer, d in self.depths.items()})

    def over(self, window: dict[str, Interval]) -> Survey:
        """The same over other intervals of some axes."""
        default = dict(zip(self.plane.axes, self.plane.window, strict=True))
        return replace(self, plane=_plane(self.plane.axes, default, window))


@dataclass(frozen=True, slots=True)
class Band:
    """φ([lower, 1]) is to lie in the target after so many steps."""

    target: Interval = BAND
    lower: Fraction = Fraction(1, 100)
    steps: int = 5

    def __post_init__(self) -> None:
        if not 0 < self.lower < 1:
            raise UsageError(f"the lower end {self.lower} is not between 0 and 1")
        if not 1 <= self.steps <= MOST_STEPS:
            raise UsageError(f"{self.steps} steps: ask for 1 to {MOST_STEPS}, as many as the checker takes")


def survey(
    family: Family,
    axes: tuple[str, ...],
    window: dict[str, Interval] | None = None,
    band: Band | None = None,
) -> Survey:
    """The survey of a family over the parameters named; the default window where none is given.

    With f(1) = 1 the layers are the properties of `region`, and of cycles; otherwise those of `members.Layers`.  With a
    band they are where the band holds and where not; an axis `l` is then its lower end.

    Raises UsageError if an axis is no parameter, a parameter is no axis, or a window is no axis's.
    """
    with_lower = axes[:1] == ("l",)
    _same(family, axes[with_lower:])
    if band is not None or with_lower:
        of = band or Band()
        layers = Layers(family, BAND_LAYERS, of.steps, of.lower, of.target)
        return _survey(layers, _plane(axes, WINDOWS, window), None, 14 if len(axes) == 2 else 12)
    plane = _plane(axes, WINDOWS, window)
    at_one = reduce(ParameterPolynomial.__add__, family.coefficients)
    if at_one != ParameterPolynomial.of({(0,) * len(axes): 1}):
        return _survey(Layers(family, FREE_LAYERS if len(axes) < 3 else SOLID_LAYERS), plane, None, 12)
    strip = _strip(family, axes)
    prover = Together((Properties(family, LAYERS), Layers(family, ("attracting-cycle",))))
    found = _survey(prover, plane, strip, 16)
    found = replace(found, depths={**found.depths, "attracting-cycle": CYCLES})
    if strip is not None and all(strip.slopes):
        return replace(found, depths={**found.depths, "converges": OBLIQUE, "escapes": OBLIQUE - SHALLOW})
    return found


def schedule_survey(
    schedule: Schedule,
    step: int,
    axes: tuple[str, ...],
    window: dict[str, Interval] | None = None,
    band: Band | None = None,
) -> Survey:
    """The survey of a schedule over some coefficients of one step: a, b, c, … for x, x³, x⁵, and so on.

    The layers are where every step is positive and where some orbit from (0, 1) turns negative; with a band, where
    φ([l, 1]) lies in it and where not.  The default window is 1/4 to either side of the schedule's own coefficients.

    Raises UsageError if there is no such step or coefficient.
    """
    if not 1 <= step <= len(schedule.steps):
        raise UsageError(f"{schedule.name!r} has no step {step}: its steps are 1 to {len(schedule.steps)}")
    own = schedule.steps[step - 1].coefficients
    names = "abcdefghijk"[: len(own)]
    if unknown := [axis for axis in axes if axis not in names]:
        has = ", ".join(names)
        raise UsageError(f"step {step} of {schedule.name!r} has no coefficient {unknown[0]!r}: it has {has}")
    constant, k = (0,) * len(axes), len(axes)
    units = {axis: tuple(int(i == j) for j in range(k)) for i, axis in enumerate(axes)}
    free = tuple(
        ParameterPolynomial.of({units[name]: 1} if name in units else {constant: c})
        for name, c in zip(names, own, strict=True)
    )
    rows = [tuple(ParameterPolynomial.of({constant: c}) for c in f.coefficients) for f in schedule.steps]
    rows[step - 1] = free
    family = Family(f"{schedule.name}, step {step}", axes, free)
    of = band or Band()
    layers = BAND_LAYERS if band is not None else SCHEDULE_LAYERS
    prover = Layers(family, layers, len(rows), of.lower, of.target, schedule=tuple(rows))
    default = {name: Interval.of(c).widen(AROUND) for name, c in zip(names, own, strict=True)}
    return _survey(prover, _plane(axes, default, window), None, 14 if k == 2 else 12)


def _same(family: Family, axes: tuple[str, ...]) -> None:
    if axes != family.parameters:
        given, wanted = ",".join(axes), ",".join(family.parameters)
        raise UsageError(f"the plane {given} has not the parameters of {family.name!r}: write {wanted}, or fix some")
    if len(axes) > MOST_PARAMETERS:
        raise UsageError(f"{len(axes)} parameters are more than the checker's {MOST_PARAMETERS}: fix some")


def _plane(axes: tuple[str, ...], default: dict[str, Interval], window: dict[str, Interval] | None) -> Plane:
    given = window or {}
    if unknown := [name for name in given if name not in axes]:
        raise UsageError(f"there is a window for {unknown[0]!r}, which is no axis: the axes are {', '.join(axes)}")
    named = {**default, **given}
    if missing := [a for a in axes if a not in named]:
        raise UsageError(f"there is no default window for {missing[0]}: give one, such as {missing[0]}=0,1")
    if "l" in axes and not 0 < named["l"].lo < named["l"].hi < 1:
        raise UsageError(f"the window {named['l']} of l does not lie between 0 and 1")
    return Plane(axes, tuple(named[a] for a in axes))


def _survey(prover: Prover, plane: Plane, strip: Strip | None, depth: int) -> Survey:
    deciding = DECIDING if strip else prover.layers
    depths = {layer: depth if layer in deciding else depth - SHALLOW for layer in prover.layers}
    return Survey(prover, plane, strip, depths)


def _strip(family: Family, axes: tuple[str, ...]) -> Strip | None:
    """|f'(1)| ≤ 1, where f'(1) is affine in the two parameters."""
    terms: dict[tuple[int, ...], Fraction] = {}
    for i, p in enumerate(family.coefficients):
        for e, c in p.terms:
            terms[e] = terms.get(e, Fraction(0)) + (2 * i + 1) * c
    if len(axes) != 2 or any(sum(e) > 1 and c for e, c in terms.items()):
        return None
    slopes = terms.get((1, 0), Fraction(0)), terms.get((0, 1), Fraction(0))
    return Strip("strip |f'(1)| <= 1", terms.get((0, 0), Fraction(0)), slopes, STABLE)
