"""A11. For every s in [-1, 1] there is one threshold a*(s) in (5/2, 4): convergence of all of (0, 1] below,
escape above.  On six lines, to 50 digits.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.a11_threshold import PROOFS, SLOPES
from muon_theory.claims import Threshold
from muon_theory.derivations import divergence_threshold, supremum_of_thresholds
from muon_theory.family import QUINTIC
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    strip = prove("a11-one-threshold-on-every-line-of-the-strip")
    assert strip.subject == QUINTIC
    assert isinstance(strip.claim, Threshold)
    assert strip.claim.others == (Interval.of(-1, 1),)
    assert strip.claim.range == Interval.of(1, 4)
    assert (strip.claim.property, strip.claim.critical) == ("converges", "fixed-point")
    previous = None
    for s, name in zip(SLOPES, PROOFS[1:], strict=True):
        claim = prove(name).claim
        assert isinstance(claim, Threshold)
        assert claim.isolating is not None
        assert claim.isolating.lo <= divergence_threshold(s) <= claim.isolating.hi
        assert previous is None or claim.isolating.hi < previous.lo, "a* falls in s"
        previous = claim.isolating
    assert SLOPES[0] == Fraction(-1)
    assert supremum_of_thresholds() == divergence_threshold(-1)


if __name__ == "__main__":
    main(study)
