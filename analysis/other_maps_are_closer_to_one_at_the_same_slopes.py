"""T7. Quintics with the slopes of the article's set and of Jordan's whose five steps are closer to 1 on [1/100, 1]."""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.article.extensions.t7_same_slopes import BANDS, SAFE


def study(prove: Prove) -> None:
    for word in BANDS:
        safe, ours = prove(SAFE[word]), prove(BANDS[word])
        prove(f"{BANDS[word]}-attained")
        theirs = prove(f"a14-band-{word}-from-0.01-attained")
        assert coefficients(ours)[0] == coefficients(theirs)[0]
        assert coefficients(safe) == coefficients(ours)
        assert safe.claim.upper == 1
        reached, most = theirs.claim.contains, ours.claim.target
        assert max(1 - most.lo, most.hi - 1) < max(1 - reached.lo, reached.hi - 1)


if __name__ == "__main__":
    main(study)
