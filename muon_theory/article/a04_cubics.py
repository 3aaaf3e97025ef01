"""A4: the feasible cubics f = a·x + (1 - a)·x³, and what happens outside."""

from __future__ import annotations

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, coq, down, settle
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations import cubic_thresholds, regions
from muon_theory.document import Badge, Section
from muon_theory.evidence import Derivation
from muon_theory.family import CUBIC
from muon_theory.finders import families
from muon_theory.interval import Interval


def derivation() -> Derivation:
    """A4: the cubic is feasible iff 1 < a < 2."""
    return regions.feasible_region(3).derivation


DERIVATIONS = {"a4": derivation, "a11-cubic": cubic_thresholds}
FAR = 1000
"""How far the certified boxes of the parameter plane reach; f'(1) is affine, so nothing new happens beyond."""


def _region(name: str, low: int, high: int) -> AnyCertificate:
    return families.region(CUBIC, name, [Interval.of(low, high)], True)


PROOFS = (
    add("a4-attracting-for-a-in-1-2", _region, "attracting", 1, 2),
    add("a4-multiplier-above-1-for-a-below-1", _region, "multiplier-above-1", -FAR, 1),
    add("a4-multiplier-below-minus-1-for-a-above-2", _region, "multiplier-below-minus-1", 2, FAR),
    add("a4-sign-flip-threshold", families.threshold, CUBIC, "sign-safe", "zero", Interval.of(1, 4)),
    add("a4-divergence-threshold", families.threshold, CUBIC, "bounded", "antipode", Interval.of(1, 4)),
)


def section() -> Section:
    """A4: the feasible cubics, and what happens outside."""
    flip, divergence = claim(PROOFS[3]).isolating, claim(PROOFS[4]).isolating
    return settle(
        "A4",
        "The feasible cubics",
        "For the cubic, b = 1 − a, and the parameters are feasible when 1 < a < 2.",
        "Let f(1) = 1. Then f'(1) = 3 − 2a, and |f'(1)| < 1 if and only if 1 < a < 2.",
        Badge.PARTLY,
        "True. What happens outside: at a = 2 the point 1 still attracts (A3); every orbit from (0, 1] stays positive "
        f"for 1 < a < 3√3/2 = {down(flip.lo, 12)}…, and stays bounded for 1 < a < {down(divergence.lo)}; beyond, some "
        "do not.",
        PROOFS,
        clauses=(
            (f"|f'(1)| < 1 for 1 < a < 2, f'(1) > 1 for −{FAR} < a < 1, f'(1) < −1 for 2 < a < {FAR}", CERTIFICATES),
            ("f'(1) = 3 − 2a, and all of this for every a", coq("cubic_multiplier")),
            ("orbits from (0, 1] stay positive below 3√3/2 and bounded below 3, not above, on 1 < a ≤ 4", CERTIFICATES),
            ("for every a ≥ 4 the orbit of 1/2 leaves every bound, with alternating signs", coq("steep_cubics_escape")),
            ("what happens at a = 3√3/2 and at a = 3", DERIVED),
        ),
        derivations=(derivation(), cubic_thresholds()),
        remarks=(
            "Feasible is not the same as useful: at a = 2.3 the point 1 repels, and yet five steps bring [1/100, 1] "
            "closer to 1 than with a = 1.99 (A8 has both numbers).",
        ),
        command="muon-theory thresholds --family cubic --digits 50",
    )
