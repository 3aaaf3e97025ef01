"""A11, in degree seven. For every slope s at 1, -1 ≤ s ≤ 1, and every coefficient d of x⁷, 0 ≤ d ≤ 1, there is one
threshold a*(s, d): below it all orbits of (0, 1] converge, above it some escape; no sign changes. For -1/4 ≤ d ≤ 0
too, where above it some orbit lands on another fixed point.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.extensions.t3_septics import ABOVE, BELOW, DS, EDGES, ES, PS, STRIP, above, below
from muon_theory.certificate import Certificate
from muon_theory.claims import Region, Threshold
from muon_theory.derivations import divergence_threshold
from muon_theory.family import QUINTIC, SEPTIC
from muon_theory.finders.families import region, threshold
from muon_theory.interval import Interval

HALF, WIDE, MIDDLE = Interval.of(0, "1/2"), Interval.of(-1000, 1000), Fraction(7, 3)
NARROW = Interval.of("-21/8", "-13/5")
SLOW = True
"""The two surfaces take a minute; by default the stored certificates are checked."""


def study(prove: Prove) -> None:
    whole = prove(ABOVE, above).claim
    assert isinstance(whole, Threshold)
    assert (whole.property, whole.critical, whole.others) == ("converges", "fixed-point", (DS, DS))
    negative = prove(BELOW, below).claim
    assert isinstance(negative, Threshold)
    assert (negative.property, negative.critical, negative.others) == ("converges", "landing", (PS, ES))
    before = prove("d-septic-converges-before-t-begins").claim
    assert isinstance(before, Region)
    assert before.boxes[0][0].hi >= 1 + Fraction(1 - STRIP.lo, 2)  # t > 0 is a > 1 + p, and p ≤ 1
    for name, (_, box) in EDGES.items():
        edge = prove(f"d-septic-converges-at-{name}").claim
        assert isinstance(edge, Region)
        assert edge.boxes == (box,)
    line = prove("d-septic-threshold-for-all-s-at-d-1-over-4", convergence_on_a_slice).claim
    assert isinstance(line, Threshold)
    assert (line.property, line.critical, line.others) == ("converges", "fixed-point", (STRIP,))
    meet(whole, negative, line)
    stability = {
        "attracting": attracting,
        "multiplier-above-1": repelling_above,
        "multiplier-below-minus-1": repelling_below,
    }
    for name, make in {**stability, "sign-safe": sign_safe, "positive": positive}.items():
        claim = prove(f"d-septic-{name}", make).claim
        assert isinstance(claim, Region)
        assert claim.property == name
    flips = prove("d-quintic-sign-flip-for-s-in-an-interval", quintic_sign_flip).claim
    assert isinstance(flips, Threshold)
    assert (flips.property, flips.critical, flips.others) == ("sign-safe", "zero", (NARROW,))
    single = prove("d-septic-sign-flip-at-s-minus-5-over-2", septic_sign_flip).claim
    assert isinstance(single, Threshold)
    assert single.isolating is not None
    assert Fraction(178, 100) < single.isolating.lo < single.isolating.hi < Fraction(180, 100)


def meet(whole: Threshold, negative: Threshold, line: Threshold) -> None:
    """At s = -49/50 two change sign at the same a for d = 1/4; at d = 0 both surfaces at the quintic threshold."""
    threshold_there, p = Interval.of("3.0984", "3.0985"), Fraction(99, 100)
    assert changes(line, threshold_there, Fraction(-49, 50))
    for a, d in ((threshold_there, Fraction(1, 4)), (divergence_threshold("-49/50").enclose(12), Fraction(0))):
        inside = Interval(a.lo - 1 - p, a.hi - 1 - p)
        assert changes(whole, inside, p, d)
        assert d or changes(negative, inside, p, d)


def changes(claim: Threshold, inside: Interval, *others: Fraction) -> bool:
    low, high = (claim.polynomial.at((q, *others)) for q in (inside.lo, inside.hi))
    return low * high < 0


def convergence_on_a_slice() -> Certificate:
    """The same in the coordinates a and s, for a in (1, α(s)) and (α(s), 1000]."""
    window = Interval.of(2, 4)
    return threshold(SEPTIC.fix(d="1/4"), "converges", "fixed-point", Interval.of(1, 1000), (STRIP,), window)


def attracting() -> Certificate:
    return region(SEPTIC, "attracting", (WIDE, STRIP, WIDE), interior=True)


def repelling_above() -> Certificate:
    return region(SEPTIC, "multiplier-above-1", (WIDE, Interval.of(1, 1000), WIDE), interior=True)


def repelling_below() -> Certificate:
    return region(SEPTIC, "multiplier-below-minus-1", (WIDE, Interval.of(-1000, -1), WIDE), interior=True)


def sign_safe() -> Certificate:
    return region(SEPTIC, "sign-safe", (Interval.of(1, MIDDLE), STRIP, HALF), interior=True)


def positive() -> Certificate:
    return region(SEPTIC, "positive", (Interval.of(MIDDLE, 10**6), STRIP, DS))


def quintic_sign_flip() -> Certificate:
    """Below the strip signs flip on an interval of a; its lower end, for all s in NARROW."""
    window = Interval.of("4/3", "7/4")
    return threshold(QUINTIC, "sign-safe", "zero", Interval.of(1, "15/8"), (NARROW,), window)


def septic_sign_flip() -> Certificate:
    return threshold(SEPTIC.fix(s="-5/2", d="1/4"), "sign-safe", "zero", Interval.of(1, "9/4"))


REGIONS = {
    "attracting": attracting,
    "multiplier-above-1": repelling_above,
    "multiplier-below-minus-1": repelling_below,
    "sign-safe": sign_safe,
    "positive": positive,
}


if __name__ == "__main__":
    main(study)
