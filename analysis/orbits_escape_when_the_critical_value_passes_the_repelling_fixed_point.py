"""A12. Below the threshold the critical value lies below x_r and all orbits converge; past it, it lies above and
its orbit escapes.
"""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.article.a11_threshold import agrees
from muon_theory.article.a12_mechanism import PAST, critical_point, top_and_gate
from muon_theory.article.sets import ARTICLE, LINE, SLOPE
from muon_theory.claims import Escapes, Threshold
from muon_theory.polynomial import OddPolynomial


def study(prove: Prove) -> None:
    below, past = ARTICLE.steps[0], LINE.at(a=PAST)
    threshold = prove("a11-threshold-for-slope-at-one-minus-49-over-50").claim
    assert isinstance(threshold, Threshold)
    assert threshold.critical == "fixed-point"
    assert below.slope < agrees(SLOPE) < past.slope
    top, gate = top_and_gate(below)
    assert 1 < top < gate
    top, gate = top_and_gate(past)
    assert top > gate > 1
    escape = prove("a12-past-the-threshold-the-critical-point-escapes")
    assert OddPolynomial.of(*coefficients(escape)) == past
    assert isinstance(escape.claim, Escapes)
    assert escape.claim.start.lo == critical_point(past) < 1


if __name__ == "__main__":
    main(study)
