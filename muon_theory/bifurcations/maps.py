"""Thresholds of one map: fixed points, critical points, 2-cycles, escape and sign flip, as algebraic numbers."""

from __future__ import annotations

from muon_theory.bifurcations.listing import Threshold, Thresholds
from muon_theory.certificate import AnyCertificate
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact import dynamics
from muon_theory.exact.algebraic import AlgebraicNumber
from muon_theory.finders import limits
from muon_theory.schedule import Schedule

CERTIFIED_DIGITS = 900
"""To which a certificate isolates a fixed point at most: the checker reads no longer number, and squares it."""


def map_thresholds(schedule: Schedule, digits: int = 50) -> Thresholds:
    """Of one map: its fixed points, critical points, 2-cycles, escape radius and sign flip, as algebraic numbers.

    A fixed point is proved, to as many digits, with the side of 1 on which its multiplier lies; the rest is derived.
    """
    if not schedule.constant:
        raise UsageError(f"{schedule.name!r} has different steps: thresholds belong to one map; give a single row")
    f = schedule.steps[0]
    found = [
        Threshold.of(
            "fixed-point",
            p.point,
            digits,
            fixed_point(schedule, p.point, digits),
            multiplicity=p.multiplicity,
            others={"multiplier": p.multiplier.decimal(digits)},
        )
        for p in dynamics.fixed_points(f)
    ]
    found += [
        Threshold.of(
            "critical-point",
            c.point,
            digits,
            multiplicity=c.multiplicity,
            others={"critical_value": c.value.decimal(digits)},
        )
        for c in dynamics.critical_points(f)
    ]
    for cycle in dynamics.two_cycles(f):
        others = {"multiplier": cycle.multiplier.decimal(digits), "partner": cycle.points[1].decimal(digits)}
        found.append(Threshold.of("two-cycle", cycle.points[0], digits, multiplicity=cycle.multiplicity, others=others))
    for kind, value in (("escape", dynamics.escape_radius(f)), ("sign-flip", dynamics.first_zero(f))):
        found.append(Threshold.of(kind, value, digits, derived="" if value else ABSENT[kind]))
    return Thresholds(schedule.name, tuple(found))


ABSENT = {"escape": "no orbit escapes: |f(x)| ≤ |x| far out", "sign-flip": "f has no zero above 0"}


def fixed_point(schedule: Schedule, point: AlgebraicNumber, digits: int = 12) -> tuple[AnyCertificate, ...]:
    """`attracts` or `repels`, else `fixes`, of the point to so many digits; nothing where not even that is shown."""
    where = point.enclose(min(digits, CERTIFIED_DIGITS) + 2)
    try:
        return (limits.multiplier_kind(schedule, where),)
    except UndecidedError:
        pass
    try:
        return (limits.fixes(schedule, where),)
    except UndecidedError:
        return ()
