"""Verbs about maps and families of maps: `thresholds`, `orbits`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.errors import UsageError
from muon_theory.family import CUBIC, FAMILIES, QUINTIC, Family, family_named, recognised
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, Pair, number, pair, reading_named

if TYPE_CHECKING:
    from muon_theory.bifurcations import Basin, Thresholds
    from muon_theory.trajectories import OrbitReport

Values = dict[str, Fraction | Interval]
EXTENT = "1,4"
MOST_CERTIFIED = 200  # digits of a basin


def thresholds(
    subject: Subject | Family,
    *,
    set: Mapping[str, Number | Pair] | None = None,
    range: Pair | None = None,
    slope_at_one: Number | Pair | None = None,
    horizon: int | None = None,
    cap: Number | None = None,
    digits: int | None = None,
    reading: str | Reading = "decimal",
) -> Thresholds:
    """Where behaviour changes: of one map, as algebraic numbers; of a family with f(1) = 1, in its first parameter.

    Parameters
    ----------
    subject
        A map as for `certify`; or a family: cubic, quintic, septic, or its coefficients such as "a; 1-a".
    set
        Parameters of a family that are fixed, as {"d": "1/4"}, or run through an interval, as {"d": (0, 1)}.
    range
        Where to look, with a horizon, expressions and intervals; (1, 4) unless said.
    slope_at_one
        s = f'(1) of a quintic or septic: a number, or an interval.
    horizon, cap
        After so many steps instead: the largest a with φ((0, 1]) ≤ cap, 2 unless said.
    digits
        50 unless said; 9 with a horizon.
    reading
        As for `certify`.

    >>> found = thresholds("quintic", slope_at_one="-49/50", digits=12)
    >>> [t.value for t in found if t.kind == "divergence"]
    ['3.34241542085']
    """
    from muon_theory.bifurcations import map_thresholds

    if cap is not None and horizon is None:
        raise UsageError("--cap belongs to --horizon: say after how many steps, such as --horizon=5")
    family = family_meant(subject)
    if family is None:
        of_families = {"--slope-at-one": slope_at_one, "--set": set, "--horizon": horizon, "--range": range}
        if extra := [option for option, given in of_families.items() if given is not None]:
            raise UsageError(f"{extra[0]} is about a family, such as quintic, and this is a map: leave it out")
        return map_thresholds(schedule_of(subject, None, reading_named(reading)), digits or 50)  # type: ignore[arg-type]
    family, fixed = recognised(family)
    values = {**fixed, **_values(set or {}, slope_at_one)}
    if range is not None and horizon is None and _derived(family, values):
        why = f"the {family.name} is solved on all of its line"
        raise UsageError(f"--range: {why}; leave it out, or ask with --horizon")
    extent = pair("--range", EXTENT if range is None else range)
    return _of_family(family, values, extent, horizon, 2 if cap is None else cap, digits)


def family_meant(subject: object) -> Family | None:
    """The family that a subject names: by its name, or by coefficients with a parameter in them; None for a map."""
    if isinstance(subject, Family):
        return subject
    if not isinstance(subject, str) or "::" in subject:
        return None
    if subject.strip() in FAMILIES:
        return family_named(subject)
    if ";" not in subject or ("," in subject and "=" not in subject):
        return None
    family = Family.parse(subject)
    return family if family.parameters else None


def _of_family(
    family: Family, values: Values, extent: Interval, horizon: int | None, cap: Number, digits: int | None
) -> Thresholds:
    """The finite horizon; the article's families from their derivation; any other by search alone."""
    from muon_theory.bifurcations import expression_thresholds, family_thresholds, horizon_threshold

    numbers = {n: v for n, v in values.items() if isinstance(v, Fraction)}
    intervals = {n: v for n, v in values.items() if isinstance(v, Interval)}
    if horizon is not None:
        if intervals:
            raise UsageError(f"--horizon is about one line: set {next(iter(intervals))} to a number")
        most = number("--cap", cap)
        if most <= 0:
            raise UsageError(f"--cap={cap}: the largest output you allow is > 0, such as 2")
        return horizon_threshold(_set(family, numbers, ()), horizon, most, extent, digits or 9)
    if (at_one := family.at_one()) is not None:
        raise UsageError(
            f"family {family.name!r} does not fix 1 (f(1) = {at_one}), so there is no fixed point to follow: ask what "
            f"holds after so many steps, as --horizon=5 --range=3,4, or for one of its maps, as --coefficients=a,b,c"
        )
    many = digits or 50
    if _derived(family, values):
        if extra := [n for n in values if n != "s" or family == CUBIC]:
            raise UsageError(f"the {family.name} has no parameter {extra[0]!r} to set: leave it out")
        return family_thresholds(family.name, str(numbers["s"]) if "s" in numbers else None, many)
    return expression_thresholds(_set(family, numbers, tuple(intervals)), extent, many, intervals)


def _derived(family: Family, values: Values) -> bool:
    """Is it one of the article's families, whose thresholds are derived once for all?"""
    return family == CUBIC or (family == QUINTIC and not any(isinstance(v, Interval) for v in values.values()))


def _values(settings: Mapping[str, Number | Pair], slope_at_one: Number | Pair | None) -> Values:
    """The parameters' values; the slope at one is that of s."""
    given = [("--slope-at-one", "s", slope_at_one)] if slope_at_one is not None else []
    given += [("--set", name, value) for name, value in settings.items()]
    values: Values = {}
    for option, name, value in given:
        if name in values:
            raise UsageError(f"{option}={value}: {name} is set twice; give it once")
        values[name] = _value(option, value)
    return values


def _value(option: str, value: Number | Pair) -> Fraction | Interval:
    several = "," in value if isinstance(value, str) else isinstance(value, (Interval, Sequence))
    if not several:
        return number(option, value)  # type: ignore[arg-type]
    between = pair(option, value)  # type: ignore[arg-type]
    return between.lo if between.is_point else between


def _set(family: Family, numbers: dict[str, Fraction], intervals: tuple[str, ...]) -> Family:
    """With the numbers put in, and the parameters that run through intervals last."""
    if family in FAMILIES.values():
        return family.fix(**numbers)
    if unknown := [n for n in (*numbers, *intervals) if n not in family.parameters]:
        known = ", ".join(family.parameters)
        raise UsageError(f"family {family.name!r} has no parameter {unknown[0]!r}: it has {known}")
    free = [n for n in family.parameters if n not in intervals]
    return family.ordered((*free, *intervals)).fix(**numbers)


def orbits(
    subject: Subject,
    x0: Number | None = None,
    *,
    basin: bool = False,
    steps: int | None = None,
    digits: int = 30,
    reading: str | Reading = "decimal",
) -> OrbitReport | Basin:
    """Follow the orbit of x0 and classify it (OBSERVED); or find a basin, its end certified from both sides.

    Parameters
    ----------
    subject, reading
        As for `certify`.
    x0
        The starting point.
    basin
        Instead: the basin (0, β) of the first fixed point.
    steps
        How many steps are followed.
    digits
        Of what is printed.

    >>> orbits("jordan", 1/3, steps=2).classification.period
    4
    """
    if basin == (x0 is not None):
        raise UsageError(
            "give a starting point, as --x0=1/2, or --basin" if not basin else "give --x0 or --basin, not both"
        )
    if basin and steps is not None:
        raise UsageError("--steps belongs to --x0: a basin is about repetition without end")
    if basin or x0 is None:
        from muon_theory.bifurcations import basin as find

        if not 1 <= digits <= MOST_CERTIFIED:
            raise UsageError(f"--digits={digits}: a basin is certified to 1 to {MOST_CERTIFIED} digits")
        return find(schedule_of(subject, steps, reading_named(reading)), digits)
    from muon_theory.trajectories import orbit_report

    start = number("--x0", x0)
    schedule = schedule_of(subject, steps, reading_named(reading))
    return orbit_report(schedule, start, steps, digits, name=subject if isinstance(subject, str) else None)
