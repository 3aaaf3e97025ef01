"""Thresholds of families with f(1) = 1 in one parameter: what `derive` finds, with what `certify` proves of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from muon_theory.bifurcations.listing import Threshold, Thresholds
from muon_theory.certificate import AnyCertificate, Certificate
from muon_theory.claims import Threshold as ThresholdClaim
from muon_theory.derivations.thresholds import ParameterThreshold
from muon_theory.derivations.thresholds import thresholds as derived_thresholds
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.algebraic import AlgebraicNumber, real_roots
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import CUBIC, QUINTIC, Family
from muon_theory.finders import families
from muon_theory.interval import Interval
from muon_theory.number import simplest_between
from muon_theory.verification import verdict_on, verify

CERTIFIED_DIGITS = 1900
"""To which a certificate isolates a threshold at most: the checker reads no longer number.  More are printed."""

FAR = Fraction(10**6)
"""Up to where a statement about every a is certified; beyond, it rests on its derivation."""


def family_thresholds(name: str, slope_at_one: str | None = None, digits: int = 50) -> Thresholds:
    """Of the cubic or the quintic family with f(1) = 1, in the parameter a ≥ 1, each with its certificates."""
    found = derived_thresholds(name, slope_at_one)
    family = CUBIC if slope_at_one is None else QUINTIC.fix(s=slope_at_one)
    return Thresholds(family.name, tuple(_with_proof(family, t, digits) for t in found))


def expression_thresholds(
    family: Family, extent: Interval, digits: int = 50, others: Mapping[str, Interval] | None = None
) -> Thresholds:
    """Of any family with f(1) = 1, in its first parameter, sought in (extent.lo, extent.hi]: certified, or undecided.

    The other parameters, at most two, run through the intervals of `others`; each threshold is then one certificate
    about a curve or a surface, and a polynomial stands in the place of a value.  Divergence: up to it every orbit of
    (0, 1] converges to 1 (or, where 1 does not attract, stays bounded), above it some orbit escapes.  Sign-flip: up to
    it no step makes an orbit of (0, 1] negative, above it some second step does.  Stability: f'(1) passes 1 or -1.

    Raises UsageError if f(1) = 1 does not hold identically, or a parameter has neither a value nor an interval.

    >>> from muon_theory.family import SEPTIC
    >>> found = expression_thresholds(SEPTIC.fix(s=0, d="1/4"), Interval.of(1, 4), 12)
    >>> [(t.kind, t.value, t.verdict.value) for t in found][2:]
    [('sign-flip', None, 'proved'), ('divergence', '2.80305503218', 'proved')]
    """
    boxes = dict(others or {})
    if not family.parameters:
        raise UsageError(f"family {family.name!r} has no parameter left: leave one free")
    names = family.parameters[1:]
    if missing := [n for n in names if n not in boxes]:
        raise UsageError(f"family {family.name!r} has the parameters {', '.join(family.parameters)}: set all but one, "
                         f"as --set={missing[0]}=0, or to an interval, as --set={missing[0]}=0,1")  # fmt: skip
    box = tuple(boxes[n] for n in names)
    flip, divergence = (
        (("sign-safe", "zero"),),
        (("converges", "fixed-point"), ("bounded", "fixed-point"), ("bounded", "antipode")),
    )
    found = [
        *(_stability(family, kind, at, extent, box, digits) for kind, at in STABILITY.items()),
        _no_flip(family, extent, box) or _sought(family, "sign-flip", flip, extent, box, digits),
        _sought(family, "divergence", divergence, extent, box, digits),
    ]
    return Thresholds(family.name, tuple(found))


STABILITY = {"stability-lower": 1, "stability-upper": -1}
KINDS = ("attracting", "multiplier-above-1", "multiplier-below-minus-1")
"""What 1 may be, of a hyperbolic fixed point."""


def _stability(
    family: Family, kind: str, at: int, extent: Interval, box: tuple[Interval, ...], digits: int
) -> Threshold:
    """Where f'(1) = `at`: the roots in one parameter, the equation in several, or nowhere."""
    zero = ParameterPolynomial(())
    slopes = (c.scaled(Fraction(2 * i + 1)) for i, c in enumerate(family.coefficients))
    equation = sum(slopes, zero) + ParameterPolynomial.of({(0,) * len(family.parameters): -at})
    if any(e[0] for e, _ in equation.terms):
        roots = [r for r, _ in real_roots(_dense(equation))] if not box else []
        if inside := [r for r in roots if extent.lo <= r <= extent.hi]:
            said = f"f'(1) = {at} there"
            return Threshold.of(kind, inside[0], digits, tuple(_on_both_sides(family, inside[0])), derived=said)
        if box:
            reason = f"f'(1) = {at} where {equation.text(family.parameters)} = 0"
            return Threshold(kind, Standing.DERIVED, derived=reason, curve=equation)
        return Threshold.of(kind, None, digits, derived=f"f'(1) is not {at} in {extent}")
    reason = f"f'(1) does not depend on {family.parameters[0]}: its stability has no threshold there"
    whole = Interval(extent.lo, max(extent.hi, FAR))
    for name in KINDS:
        if certificate := _region(family, name, (whole, *box), bool(box)):
            return Threshold.of(kind, None, digits, (certificate,), derived=reason)
    return Threshold.of(kind, None, digits, derived=reason)


def _on_both_sides(family: Family, threshold: AlgebraicNumber) -> list[AnyCertificate]:
    """How 1 attracts or repels below and above a rational threshold of stability, within 1 of it."""
    if not threshold.isolating.is_point:
        return []
    q = threshold.isolating.lo
    sides = Interval(q - 1, q), Interval(q, q + 1)
    found = [c for side in sides for name in KINDS if (c := _region(family, name, (side,), True))]
    return found if len(found) == 2 else []


def _no_flip(family: Family, extent: Interval, box: tuple[Interval, ...]) -> Threshold | None:
    """No step makes any orbit of (0, 1] negative: sign-safe up to some middle, and f > 0 everywhere from there on."""
    far = max(extent.hi, FAR)
    for k in range(1, 9):
        middle = extent.lo + extent.width * Fraction(k, 8)
        above = _region(family, "positive", (Interval(middle, far), *box), False)
        below = above and _region(family, "sign-safe", (Interval(extent.lo, middle), *box), True)
        if above and below:
            return Threshold.of("sign-flip", None, 12, (below, above))
        if above:
            return None
    return None


def _region(family: Family, name: str, box: tuple[Interval, ...], interior: bool) -> AnyCertificate | None:
    try:
        certificate = families.region(family, name, box, interior)
    except UndecidedError:
        return None
    return certificate if verify(certificate).proved else None


def _dense(polynomial: ParameterPolynomial) -> list[Fraction]:
    """The coefficients in one parameter, lowest first."""
    terms = dict(polynomial.terms)
    return [terms.get((k,), Fraction(0)) for k in range(max(e for (e,) in terms) + 1)]


def _sought(
    family: Family, kind: str, pairs: tuple[tuple[str, str], ...], extent: Interval, box: tuple[Interval, ...],
    digits: int,
) -> Threshold:  # fmt: skip
    reasons = []
    for name, critical in pairs:
        try:
            certificate = families.threshold(family, name, critical, extent, box, digits=min(digits, CERTIFIED_DIGITS))
        except UndecidedError as error:
            reasons.append(f"{name}, {critical}: {error}")
            continue
        if (seen := verify(certificate)).proved:
            return _located(kind, certificate, digits)
        reasons.append(f"{name}, {critical}: the checker refuses: {seen.reason}")
    return Threshold.of(kind, None, digits, derived="; ".join(reasons), open=True)


def _located(kind: str, certificate: Certificate[ThresholdClaim], digits: int) -> Threshold:
    """The algebraic number, or the curve or surface on which it moves."""
    claim = certificate.claim
    if claim.isolating is None:
        count, degree = len(claim.polynomial.terms), max(e[0] for e, _ in claim.polynomial.terms)
        reason = f"one for each value of the others: a root of a polynomial of degree {degree}, {count} terms"
        verdict = verdict_on([certificate])
        return Threshold(kind, verdict, (certificate,), multiplicity=1, derived=reason, curve=claim.polynomial)
    roots = [v for v, _ in real_roots(_dense(claim.polynomial)) if claim.isolating.lo <= v <= claim.isolating.hi]
    return Threshold.of(kind, roots[0], digits, (certificate,))


def _with_proof(family: Family, threshold: ParameterThreshold, digits: int) -> Threshold:
    try:
        certificates = tuple(_proofs(family, threshold, digits))
    except UndecidedError:
        certificates = ()
    return Threshold.of(
        threshold.kind,
        threshold.value,
        digits,
        certificates,
        multiplicity=threshold.multiplicity,
        derived=threshold.reason,
        open=not threshold.decided,
    )


def _proofs(family: Family, threshold: ParameterThreshold, digits: int) -> list[AnyCertificate]:
    """The certificates that together say what the threshold says."""
    if threshold.value is None:
        return _absence(family, threshold.kind)

    if threshold.kind in STABILITY:
        return _on_both_sides(family, threshold.value)
    above = threshold.value.enclose(12).hi
    extent = Interval(Fraction(1), simplest_between(above + Fraction(1, 8), above + Fraction(1, 2)))
    name, critical = {
        ("cubic", "sign-flip"): ("sign-safe", "zero"),
        ("cubic", "divergence"): ("bounded", "antipode"),
        ("quintic", "divergence"): ("converges", "fixed-point"),
    }[family.name.split(",")[0], threshold.kind]
    return [families.threshold(family, name, critical, extent, digits=min(digits, CERTIFIED_DIGITS))]


def _absence(family: Family, kind: str) -> list[AnyCertificate]:
    """Why there is no threshold, certified for 1 ≤ a ≤ 10⁶."""
    if kind == "sign-flip":
        middle = Fraction(5, 2)
        below = families.region(family, "sign-safe", [Interval(Fraction(1), middle)], interior=True)
        return [below, families.region(family, "positive", [Interval(middle, FAR)])]
    if kind.startswith("stability"):
        multiplier = family.at(a=1).derivative(1)
        if abs(multiplier) == 1:
            return []
        name = "attracting" if abs(multiplier) < 1 else f"multiplier-{'above' if multiplier > 1 else 'below-minus'}-1"
        return [families.region(family, name, [Interval(Fraction(1), FAR)])]
    return []
