"""Thresholds of maps and families: the algebraic numbers that `derive` finds, with what `certify` proves of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from muon_theory.certificate import Certificate
from muon_theory.certify import families, limits, stays_below
from muon_theory.claim import Threshold as ThresholdClaim
from muon_theory.derive import dynamics
from muon_theory.derive.algebraic import AlgebraicNumber, real_roots
from muon_theory.derive.thresholds import ParameterThreshold
from muon_theory.derive.thresholds import thresholds as derived_thresholds
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Verdict
from muon_theory.family import CUBIC, QUINTIC, Family
from muon_theory.interval import Interval
from muon_theory.number import decimal, simplest_between
from muon_theory.schedule import Schedule
from muon_theory.verify import verify

FAR = Fraction(10**6)
"""Up to where a statement about every a is certified; beyond, it rests on its derivation."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One entry of the listing: the data of the machine interface, and the certificates that prove it."""

    data: dict[str, Any]
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds of a subject."""

    subject: str
    thresholds: tuple[Threshold, ...]

    def to_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "thresholds": [t.data for t in self.thresholds]}

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        return tuple(c for t in self.thresholds for c in t.certificates)


def map_thresholds(schedule: Schedule, digits: int = 50) -> Thresholds:
    """Of one map: its fixed points, critical points, 2-cycles, escape radius and sign flip, as algebraic numbers.

    A fixed point is proved with the side of 1 on which its multiplier lies; the rest is derived.
    """
    if not schedule.constant:
        raise UsageError(f"{schedule.name!r} has different steps: thresholds belong to one map; give a single row")
    f, found = schedule.steps[0], []
    for p in dynamics.fixed_points(f):
        certificate = _fixed_point(schedule, p.point)
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
    certificate: Certificate | None = None,
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
    empty = dict.fromkeys(("value", "minimal_polynomial", "isolating"))
    return Threshold({"kind": kind, **empty, "multiplicity": 0, "verdict": "derived", "reason": reason})


def _fixed_point(schedule: Schedule, point: AlgebraicNumber) -> Certificate | None:
    exact = point.rational
    where = Interval(exact, exact) if exact is not None else point.enclose(12)
    try:
        return limits.multiplier_kind(schedule, where)
    except UndecidedError:
        pass
    try:
        return limits.fixes(schedule, where)
    except UndecidedError:
        return None


def family_thresholds(name: str, slope_at_one: str | None = None, digits: int = 50) -> Thresholds:
    """Of the cubic or the quintic family with f(1) = 1, in the parameter a ≥ 1, each with its certificates."""
    found = derived_thresholds(name, slope_at_one)
    family = CUBIC if slope_at_one is None else QUINTIC.fix(s=slope_at_one)
    return Thresholds(family.name, tuple(_with_proof(family, t, digits) for t in found))


def expression_thresholds(family: Family, extent: Interval, digits: int = 50) -> Thresholds:
    """Of any family with f(1) = 1 in one parameter, sought in (extent.lo, extent.hi]: certified, or undecided.

    Divergence: up to it every orbit of (0, 1] converges to 1 (or, where 1 does not attract, stays bounded), above it
    some orbit escapes.  Sign-flip: up to it no step makes an orbit of (0, 1] negative, above it some second step does.

    Raises UsageError if f(1) = 1 does not hold identically, or there is more than one parameter.
    """
    if len(family.parameters) != 1:
        names = ", ".join(family.parameters)
        raise UsageError(f"family {family.name!r} has the parameters {names}: set all but one, as --set s=0")
    attempts = {
        "divergence": (("converges", "fixed-point"), ("bounded", "fixed-point"), ("bounded", "antipode")),
        "sign-flip": (("sign-safe", "zero"), ("converges", "zero")),
    }
    found = [_sought(family, kind, pairs, extent, digits) for kind, pairs in attempts.items()]
    return Thresholds(family.name, tuple(found))


def _sought(family: Family, kind: str, pairs: tuple[tuple[str, str], ...], extent: Interval, digits: int) -> Threshold:
    reasons = []
    for name, critical in pairs:
        try:
            certificate = families.threshold(family, name, critical, extent, digits=digits)
        except UndecidedError as error:
            reasons.append(f"{name}, {critical}: {error}")
            continue
        claim = certificate.claim
        if isinstance(claim, ThresholdClaim) and claim.isolating is not None and verify(certificate).proved:
            terms = dict(claim.polynomial.terms)
            polynomial = [terms.get((k,), Fraction(0)) for k in range(max(e for (e,) in terms) + 1)]
            value = next(v for v, _ in real_roots(polynomial) if claim.isolating.lo <= v <= claim.isolating.hi)
            data = {"kind": kind, **value.to_json(digits), "multiplicity": 1, "verdict": "proved"}
            return Threshold({**data, "proves": [claim.statement()]}, (certificate,))
    empty = dict.fromkeys(("value", "minimal_polynomial", "isolating"))
    return Threshold({"kind": kind, **empty, "multiplicity": 0, "verdict": "undecided", "reason": "; ".join(reasons)})


def _with_proof(family: Family, threshold: ParameterThreshold, digits: int) -> Threshold:
    try:
        certificates = tuple(make() for make in _proofs(family, threshold, digits))
    except UndecidedError:
        certificates = ()
    data = threshold.to_json(digits)
    if certificates and all(verify(c).proved for c in certificates):
        return Threshold(
            {**data, "verdict": "proved", "proves": [c.claim.statement() for c in certificates]}, certificates
        )
    return Threshold(data)


def _proofs(family: Family, threshold: ParameterThreshold, digits: int) -> list[Callable[[], Certificate]]:
    """The certificates that together say what the threshold says."""
    if threshold.value is None:
        return _absence(family, threshold.kind)

    def region(name: str, lo: int, hi: int) -> Callable[[], Certificate]:
        return lambda: families.region(family, name, [Interval(Fraction(lo), Fraction(hi))], interior=True)

    above = threshold.value.enclose(12).hi
    extent = Interval(Fraction(1), simplest_between(above + Fraction(1, 8), above + Fraction(1, 2)))
    exact: dict[tuple[str, str], tuple[str, str]] = {
        ("cubic", "sign-flip"): ("sign-safe", "zero"),
        ("cubic", "divergence"): ("bounded", "antipode"),
        ("quintic", "divergence"): ("converges", "fixed-point"),
    }
    if threshold.kind == "stability-lower":
        return [region("multiplier-above-1", 0, 1), region("attracting", 1, 2)]
    if threshold.kind == "stability-upper":
        return [region("attracting", 1, 2), region("multiplier-below-minus-1", 2, 3)]
    name, critical = exact[family.name.split(",")[0], threshold.kind]
    return [lambda: families.threshold(family, name, critical, extent, digits=digits)]


def _absence(family: Family, kind: str) -> list[Callable[[], Certificate]]:
    """Why there is no threshold, certified for 1 ≤ a ≤ 10⁶."""
    middle, whole = Fraction(5, 2), Interval(Fraction(1), FAR)

    def stays(name: str, box: Interval, interior: bool = False) -> Callable[[], Certificate]:
        return lambda: families.region(family, name, [box], interior)

    if kind == "sign-flip":
        return [stays("sign-safe", Interval(Fraction(1), middle), True), stays("positive", Interval(middle, FAR))]
    if kind.startswith("stability"):
        multiplier = family.at(a=1).derivative(1)
        if abs(multiplier) == 1:
            return []
        name = "attracting" if abs(multiplier) < 1 else f"multiplier-{'above' if multiplier > 1 else 'below-minus'}-1"
        return [stays(name, whole)]
    return []


def horizon_threshold(family: Family, steps: int, cap: Fraction, extent: Interval, digits: int = 12) -> Thresholds:
    """About the largest parameter for which φ_T((0, 1]) ⊆ [0, cap] after T steps, between two proved sides.

    At the lower end of the bracket φ_T((0, 1]) ⊆ [0, cap] is proved, at the upper end it is refuted.  The certificates
    do not say that there is only one change between the two; for the quintic with |f'(1)| ≤ 1 and a ≥ 1 that is derived
    in docs/dynamics.md, with the limit as T grows: the divergence threshold a* if the cap is at least the fixed point
    that the critical value meets there, else the same value for every T.

    Raises UndecidedError unless the property holds at extent.lo and fails at extent.hi.
    """
    if len(family.parameters) != 1:
        raise UsageError(f"family {family.name!r} has {len(family.parameters)} parameters: set all but one")
    name = family.parameters[0]

    proofs: dict[Fraction, Certificate] = {}

    def holds(value: Fraction) -> bool:
        schedule = Schedule((family.at(**{name: value}),) * steps, f"{family.name}, {name} = {value}")
        answer = stays_below(schedule, Fraction(1), cap)
        if answer.certificate is None:
            raise UndecidedError(f"φ at {name} = {value} could not be told from the cap {cap}: ask for fewer digits")
        proofs[value] = answer.certificate
        return answer.verdict is Verdict.PROVED

    lo, hi = extent.lo, extent.hi
    if not holds(lo) or holds(hi):
        raise UndecidedError(f"φ must stay ≤ {cap} at {name} = {lo} and exceed it at {name} = {hi}: change the range")
    while hi - lo > Fraction(1, 10**digits):
        middle = simplest_between(lo + (hi - lo) * Fraction(2, 5), hi - (hi - lo) * Fraction(2, 5))
        lo, hi = (middle, hi) if holds(middle) else (lo, middle)
    data = {
        "kind": "horizon",
        "steps": steps,
        "cap": str(cap),
        "value": decimal(lo, digits, -1),
        "minimal_polynomial": None,
        "isolating": [str(lo), str(hi)],
        "multiplicity": 1,
        "verdict": "proved",
        "reason": f"φ_{steps}((0, 1]) stays ≤ {cap} at the lower end and exceeds it at the upper end",
    }
    return Thresholds(family.name, (Threshold(data, (proofs[lo], proofs[hi])),))
