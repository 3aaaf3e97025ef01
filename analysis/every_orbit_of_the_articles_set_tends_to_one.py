"""A13, A16. Every orbit of (3.25, -3.51, 1.26) from (0, 1] tends to 1; right of its repelling fixed point orbits
escape.
"""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.claims import Converges, Escapes
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    limit, beyond = (prove(f"a13-{name}") for name in (
        "every-orbit-of-the-articles-set-tends-to-1", "beyond-the-repelling-fixed-point-orbits-escape"
    ))  # fmt: skip
    assert coefficients(limit) == coefficients(beyond) == ["13/4", "-351/100", "63/50"]
    assert isinstance(limit.claim, Converges)
    assert limit.claim.point == Interval.of(1)
    assert isinstance(beyond.claim, Escapes)
    assert 1 < limit.claim.upper < beyond.claim.start.lo


if __name__ == "__main__":
    main(study)
