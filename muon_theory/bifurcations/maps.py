"""Thresholds of one map: fixed points, critical points, 2-cycles, escape and sign flip, as algebraic numbers."""

from __future__ import annotations

from typing import Any

from muon_theory.bifurcations.listing import Threshold, Thresholds, empty
from muon_theory.certificate import AnyCertificate
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact import dynamics
from muon_theory.exact.algebraic import AlgebraicNumber
from muon_theory.finders import limits
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.verification import verify


def map_thresholds(schedule: Schedule, digits: int = 50) -> Thresholds:
    """Of one map: its fixed points, critical points, 2-cycles, escape radius and sign flip, as algebraic numbers.

    A fixed point is proved with the side of 1 on which its multiplier lies; the rest is derived.
    """
    if not schedule.constant:
        raise UsageError(f"{schedule.name!r} has different steps: thresholds belong to one map; give a single row")
    f, found = schedule.steps[0], []
    for p in dynamics.fixed_points(f):
        certificate = fixed_point(schedule, p.point)
        found.append(_entry("fixed-point", p.point, p.multiplicity, digits, certificate, multiplier=p.multiplier))
    found += [
        _entry("critical-point", c.point, c.multiplicity, digits, critical_value=c.value)
        for c in dynamics.critical_points(f)
    ]
    for cycle in dynamics.two_cycles(f):
        partner = cycle.points[1].decimal(digits)
        entry = _entry("two-cycle", cycle.points[0], cycle.multiplicity, digits, multiplier=cycle.multiplier)
        found.append(Threshold({**entry.data, "partner": partner}, entry.certificates))
    for kind, value in (("escape", dynamics.escape_radius(f)), ("sign-flip", dynamics.first_zero(f))):
        found.append(_entry(kind, value, 1, digits) if value else _absent(kind))
    return Thresholds(schedule.name, tuple(found))


def _entry(
    kind: str,
    value: AlgebraicNumber,
    multiplicity: int,
    digits: int,
    certificate: AnyCertificate | None = None,
    **others: AlgebraicNumber,
) -> Threshold:
    proved = certificate is not None and verify(certificate).proved
    data: dict[str, Any] = {
        "kind": kind,
        **value.to_json(digits),
        "multiplicity": multiplicity,
        **{name: number.decimal(digits) for name, number in others.items()},
        "verdict": "proved" if proved else "derived",
    }
    return Threshold(data, (certificate,) if certificate is not None and proved else ())


def _absent(kind: str) -> Threshold:
    reason = {"escape": "no orbit escapes: |f(x)| ≤ |x| far out", "sign-flip": "f has no zero above 0"}[kind]
    return Threshold({**empty(kind), "verdict": "derived", "reason": reason})


def fixed_point(schedule: Schedule, point: AlgebraicNumber) -> AnyCertificate | None:
    """`attracts` or `repels`, else `fixes`; None where not even that is shown."""
    where = interval(point)
    try:
        return limits.multiplier_kind(schedule, where)
    except UndecidedError:
        pass
    try:
        return limits.fixes(schedule, where)
    except UndecidedError:
        return None


def interval(point: AlgebraicNumber) -> Interval:
    """The number itself where it is rational, else its enclosure to 12 digits."""
    exact = point.rational
    return Interval(exact, exact) if exact is not None else point.enclose(12)
