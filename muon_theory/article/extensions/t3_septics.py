"""T3: degree seven: one threshold for every slope at 1 and every coefficient of x⁷ from -1/4 to 1."""

from __future__ import annotations

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, stored, theorem
from muon_theory.certificate import Certificate
from muon_theory.claims import Region, Threshold
from muon_theory.document import Badge, Section
from muon_theory.family import SEPTIC, Family
from muon_theory.finders.families import region, threshold
from muon_theory.interval import Interval

SHEARED = Family.parse("1 + p + t; d - 2t - p; t - 2d; d", ("t", "p", "d"))
"""The septic with p = (1 - s)/2 and t = a - 1 - p, in which w = p + (1 - y)(t + dy) and the elimination are sparse."""
POWERS = Family.parse("1 + p + q + e; -p - 2q - 3e; q + 3e; -e", ("q", "p", "e"))
"""For d = -e ≤ 0: g = 1 + p(1 - y) + q(1 - y)² + e(1 - y)³ and a = 1 + p + q + e, so that w > 0 for p > 0, q, e ≥ 0."""
STRIP, DS = Interval.of(-1, 1), Interval.of(0, 1)
SMALL = Interval.of(1, "33/16")
PS, ES = Interval.of("1/200", 1), Interval.of(0, "1/4")
"""-1 ≤ s ≤ 99/100, and -1/4 ≤ d ≤ 0."""


def above() -> Certificate[Threshold]:
    """d ≥ 0: every orbit converges to 1 for t in (0, α(p, d)), some orbit escapes for t in (α(p, d), 100]."""
    window = Interval.of("1/3", "7/4")
    return threshold(SHEARED, "converges", "fixed-point", Interval.of(0, 100), (DS, DS), window)


def below() -> Certificate[Threshold]:
    """d ≤ 0: every orbit converges to 1 for q in (0, α(p, e)), some orbit lands elsewhere for q in (α(p, e), 100]."""
    window = Interval.of("5/4", "7/4")
    return threshold(POWERS, "converges", "landing", Interval.of(0, 100), (PS, ES), window)


def for_small_slopes() -> Certificate[Region]:
    """And it does for 1 < a < 33/16 and -1 < s < 1, 0 < d < 1, where t may be negative."""
    return region(SEPTIC, "converges", (SMALL, STRIP, DS), interior=True)


EDGES: dict[str, tuple[Family, tuple[Interval, ...]]] = {
    "s-minus-1": (SEPTIC.fix(s=-1), (SMALL, DS)),
    "d-1": (SEPTIC.fix(d=1), (SMALL, STRIP)),
    "s-minus-1-and-d-1": (SEPTIC.fix(s=-1, d=1), (SMALL,)),
}
"""The sides of the box that an open region leaves out."""


ABOVE, BELOW = stored("d-septic-threshold-for-all-s-and-d"), stored("d-septic-threshold-for-negative-d")
PROOFS = (
    ABOVE,
    BELOW,
    add("d-septic-converges-before-t-begins", for_small_slopes),
    "a11-one-threshold-on-every-line-of-the-strip",
    *(
        add(f"d-septic-converges-at-{word}", region, family, "converges", box, interior=True)
        for word, (family, box) in EDGES.items()
    ),
)


def section() -> Section:
    """T3: degree seven."""
    return theorem(
        "T3",
        "Degree seven has thresholds too",
        "The article stops at degree five. Does a term d·x⁷ change the picture?",
        "Let f be the septic with f(1) = 1, f'(1) = s, f'(0) = a and coefficient d of x⁷. For −1 ≤ s ≤ 1 and 0 ≤ d ≤ "
        "1, and for −1 ≤ s ≤ 99/100 and −1/4 ≤ d ≤ 0, there is one a*(s, d): for a between 1 (or 1 + (1 − s)/2 − d, "
        "where d < 0) and a*(s, d) every orbit from (0, 1] tends to 1, above it some does not.",
        Badge.PARTLY,
        "One threshold for each s and d. For d ≥ 0 orbits escape above it, as in degree five. For d < 0 there may be a "
        "second fixed point right of 1, beyond which f falls below x again: orbits past the first need not escape, but "
        "one of them lands on it and so does not tend to 1.",
        PROOFS,
        clauses=(
            ("0 ≤ d ≤ 1, −1 ≤ s ≤ 1: every orbit tends to 1 for 1 < a < a*(s, d); some orbit escapes for a*(s, d) < "
             "a ≤ 101 + p, p = (1 − s)/2", CERTIFICATES),
            ("−1/4 ≤ d ≤ 0, −1 ≤ s ≤ 99/100: every orbit tends to 1 for 1 + p − d < a < a*(s, d); f(f(x)) = f(x) ≠ 1 "
             "for some x in (0, 1), for a*(s, d) < a ≤ 101 + p − d", CERTIFICATES),
            ("above these a: the slope exceeds the degree, and some orbit is unbounded (T1)", DERIVED),
        ),
        remarks=(
            "At s = −1 the threshold rises as d falls, to about 4.90 at d ≈ −0.95 (T2); from d ≈ −1/2 on, 2-cycles "
            "appear and vanish again below it, so that convergence is no longer an interval of a.",
            "For d < 0 and smaller a, f(x) < x is possible below 1, and then another fixed point attracts: the range "
            "begins where that cannot be.",
            "With d = 0 both surfaces are the quintic threshold of A11; the certificates are in coordinates in which "
            "the elimination is sparse, a = 1 + p + t for d ≥ 0 and a = 1 + p + q − d for d ≤ 0.",
        ),
        command="muon-theory thresholds --family septic --set d=1/4 --slope-at-one=0 --digits 12",
    )  # fmt: skip
