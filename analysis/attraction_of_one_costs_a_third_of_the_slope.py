"""A11, carried on.  With f(1) = 1 attracting and all of (0, 1] tending to it, the slope at 0 is less than 2 in degree
3, 3.351 in degree 5 and 4.91 in degree 7, and reaches nearly so far: the price of attraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from _study import Prove, main

from muon_theory.article.extensions.t2_price import ABOVE, BELOW, BOXES, COUNTS, CUBICS, REPELS, covers, names_of
from muon_theory.claims import Attracts, Converges, Region
from muon_theory.interval import Interval

Box = tuple[Interval, ...]
SLOW = True
"""The search of the septic boxes takes half a minute; by default the stored certificates are checked."""


def study(prove: Prove) -> None:
    for degree, schedule in BELOW.items():
        converges, attracts = (prove(f"d-price-{degree}-{word}") for word in ("converges", "attracts"))
        assert isinstance(converges.claim, Converges)
        assert converges.claim.point == Interval.of(1)
        assert converges.claim.upper >= 1
        assert isinstance(attracts.claim, Attracts)
        assert converges.subject == attracts.subject == schedule
        assert schedule.steps[0](1) == 1
        assert ABOVE[degree] - Fraction(1, 100) <= schedule.slope < ABOVE[degree]
    cubics, repels = prove(CUBICS).claim, prove(REPELS).claim
    assert isinstance(cubics, Region)
    assert (cubics.property, cubics.boxes, cubics.open) == ("converges", ((Interval.of(1, 2),),), True)
    assert isinstance(repels, Region)
    assert repels.boxes[0][0].lo == 2
    for word, (_, box, interior) in BOXES.items():
        parts = []
        for i, name in enumerate(names_of(word, COUNTS[word])):
            certificate = prove(name, lambda i=i, word=word: covers(word)[i])
            assert isinstance(certificate.claim, Region)
            assert certificate.claim.property in ("lands", "returns")
            assert certificate.claim.open == interior
            parts += certificate.claim.boxes
        assert covered(box, parts, box, interior)


def covered(part: Box, by: Sequence[Box], whole: Box, interior: bool) -> bool:
    """Every point of the part, inside `whole` if `interior`, lies in one of these boxes (their insides)."""
    near = [b for b in by if all(i.lo <= j.hi and j.lo <= i.hi for i, j in zip(b, part, strict=True))]
    for box in near:
        if all(holds(*sides, interior) for sides in zip(box, part, whole, strict=True)):
            return True
    axis = max(range(len(part)), key=lambda i: part[i].width)
    side = part[axis]
    halves = (Interval(side.lo, side.midpoint), Interval(side.midpoint, side.hi))
    return (
        bool(near)
        and side.width > Fraction(1, 2**20)
        and all(covered((*part[:axis], half, *part[axis + 1 :]), near, whole, interior) for half in halves)
    )


def holds(outer: Interval, inner: Interval, whole: Interval, interior: bool) -> bool:
    """One side of a box contains one of a part; if `interior`, strictly, but for the ends of the whole."""
    left = outer.lo < inner.lo or (outer.lo == inner.lo and (not interior or inner.lo == whole.lo))
    return left and (inner.hi < outer.hi or (inner.hi == outer.hi and (not interior or inner.hi == whole.hi)))


if __name__ == "__main__":
    main(study)
