"""A11, in degree seven. With x⁷/4 every slope s at 1, -1 ≤ s ≤ 1, has one threshold a*(s); on the article's slope every
coefficient of x⁷ from 0 to 1 has one.  Below all orbits of (0, 1] converge, above some escape; no sign changes.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.certificate import Certificate
from muon_theory.certify.families import region, threshold
from muon_theory.claim import Region, Threshold
from muon_theory.derive import divergence_threshold
from muon_theory.family import QUINTIC, SEPTIC
from muon_theory.interval import Interval

STRIP, DS = Interval.of(-1, 1), Interval.of(0, 1)
HALF, WIDE, MIDDLE = Interval.of(0, "1/2"), Interval.of(-1000, 1000), Fraction(7, 3)
NARROW = Interval.of("-21/8", "-13/5")


def study(prove: Prove) -> None:
    line = prove("d-septic-threshold-for-all-s-at-d-1-over-4", convergence).claim
    assert isinstance(line, Threshold)
    assert (line.property, line.critical, line.others) == ("converges", "fixed-point", (STRIP,))
    across = prove("d-septic-threshold-for-all-d-at-s-minus-49-over-50", across_d).claim
    assert isinstance(across, Threshold)
    assert (across.property, across.critical, across.others) == ("converges", "fixed-point", (DS,))
    meet(line, across)
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


def meet(line: Threshold, across: Threshold) -> None:
    """At s = -49/50, d = 1/4 both change sign at the same a; at d = 0 the second one does at the quintic threshold."""
    threshold_there = Interval.of("3.0984", "3.0985")
    assert changes(line, threshold_there, Fraction(-49, 50))
    assert changes(across, threshold_there, Fraction(1, 4))
    assert changes(across, divergence_threshold("-49/50").enclose(12), Fraction(0))


def changes(claim: Threshold, inside: Interval, other: Fraction) -> bool:
    low, high = (claim.polynomial.at((a, other)) for a in (inside.lo, inside.hi))
    return low * high < 0


def convergence() -> Certificate:
    """Every orbit converges to 1 for a in (1, α(s)), some orbit escapes for a in (α(s), 1000]."""
    window = Interval.of(2, 4)
    return threshold(SEPTIC.fix(d="1/4"), "converges", "fixed-point", Interval.of(1, 1000), (STRIP,), window)


def across_d() -> Certificate:
    """The same for a in (1, α(d)) and (α(d), 1000], on the article's slope."""
    window = Interval.of(2, 4)
    return threshold(SEPTIC.fix(s="-49/50"), "converges", "fixed-point", Interval.of(1, 1000), (DS,), window)


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
