"""The planes one asks for by name: which family, which window, which layers, which strip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from muon_theory.atlas.explore import Prover
from muon_theory.atlas.members import BAND, Layers
from muon_theory.atlas.plane import Plane, Strip
from muon_theory.atlas.properties import Properties
from muon_theory.atlas.together import Together
from muon_theory.certificate import Certificate
from muon_theory.certify.families import threshold
from muon_theory.errors import UsageError
from muon_theory.family import QUINTIC, QUINTIC_AB, Family, ParameterPolynomial
from muon_theory.interval import Interval

STABLE = Interval(Fraction(-1), Fraction(1))
SHALLOW, OBLIQUE, CYCLES = 4, 22, 12
"""Layers that do not decide about the strip are halved so much less often.  A strip whose sides no box can follow
needs a greater depth, for the layer that ends at them."""

DECIDING = ("converges", "escapes")
LAYERS = (*DECIDING, "escapes-alternating", "flips", "multiplier-above-1", "multiplier-below-minus-1")
FREE_LAYERS = ("bounded-positive", "escapes", "flips", "attracting-cycle")
WINDOWS = {"a": Interval.of(1, 4), "b": Interval.of(-6, 2), "s": Interval.of(-2, 2), "l": Interval.of("1/128", "1/2")}


@dataclass(frozen=True, slots=True)
class Survey:
    """A plane with what is to be shown on it, and how deep each layer is halved."""

    prover: Prover
    plane: Plane
    strip: Strip | None
    depths: dict[str, int]

    def at_depth(self, depth: int) -> Survey:
        """The same with another greatest depth."""
        if not 1 <= depth <= 40:
            raise UsageError(f"the depth {depth} is not from 1 to 40: each level halves every open box")
        change = depth - max(self.depths.values())
        return replace(self, depths={layer: max(1, d + change) for layer, d in self.depths.items()})


@dataclass(frozen=True, slots=True)
class Band:
    """φ([lower, 1]) is to lie in the target after so many steps."""

    target: Interval = BAND
    lower: Fraction = Fraction(1, 100)
    steps: int = 5


def survey(
    family: Family,
    axes: tuple[str, ...],
    window: dict[str, Interval] | None = None,
    band: Band | None = None,
) -> Survey:
    """The survey of a family over the parameters named; the default window where none is given.

    With f(1) = 1 the layers are the properties of `region`, and of cycles; otherwise those of `members.Layers`.  With a
    band they are where the band holds and where not; an axis `l` is then its lower end.

    Raises UsageError if an axis is no parameter, or a parameter is no axis.
    """
    named = {**WINDOWS, **(window or {})}
    if band is not None or axes[:1] == ("l",):
        of = band or Band()
        _same(family, axes[axes[:1] == ("l",) :])
        layers = Layers(family, ("band", "leaves-band"), of.steps, of.lower, of.target)
        return _survey(layers, axes, named, None, 14 if len(axes) == 2 else 12)
    _same(family, axes)
    at_one = reduce(ParameterPolynomial.__add__, family.coefficients)
    if at_one != ParameterPolynomial.of({(0,) * len(axes): 1}):
        return _survey(Layers(family, FREE_LAYERS), axes, named, None, 12)
    strip = _strip(family, axes)
    prover = Together((Properties(family, LAYERS), Layers(family, ("attracting-cycle",))))
    found = _survey(prover, axes, named, strip, 16)
    found = replace(found, depths={**found.depths, "attracting-cycle": CYCLES})
    if strip is not None and all(strip.slopes):
        return replace(found, depths={**found.depths, "converges": OBLIQUE, "escapes": OBLIQUE - SHALLOW})
    return found


def _same(family: Family, axes: tuple[str, ...]) -> None:
    if axes != family.parameters:
        given, wanted = ",".join(axes), ",".join(family.parameters)
        raise UsageError(f"the plane {given} has not the parameters of {family.name!r}: write {wanted}, or fix some")


def _survey(
    prover: Prover, axes: tuple[str, ...], named: dict[str, Interval], strip: Strip | None, depth: int
) -> Survey:
    if missing := [a for a in axes if a not in named]:
        raise UsageError(f"there is no default window for {missing[0]}: give one, such as {missing[0]}=0,1")
    plane = Plane(axes, tuple(named[a] for a in axes))
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


def quintic_plane() -> Survey:
    """The (a, s) plane of the quintics with f(1) = 1 and f'(1) = s."""
    return survey(QUINTIC, ("a", "s"))


def coefficient_plane() -> Survey:
    """The (a, b) plane of the quintics with f(1) = 1."""
    return survey(QUINTIC_AB, ("a", "b"))


def strip_theorem() -> Certificate:
    """The strip |s| ≤ 1, 1 ≤ a ≤ 4, as one statement: every orbit tends to 1 below a*(s), one escapes above."""
    extent, window = Interval.of(1, 4), Interval.of("5/2", 4)
    return threshold(QUINTIC, "converges", "fixed-point", extent, [STABLE], window)
