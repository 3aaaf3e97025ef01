"""A8, carried on. Five times on [1/100, 1], and as steep as the article's map (f'(0) = 13/4): it errs by 0.175, another
quintic by 0.107, and none with |f| ≤ 1 somewhere by less than 0.1039. At Jordan's slope 0.318, 0.188 and 0.185.

What that says of the article's idea. Of the quintics with its slope that fix 1 with |f'(1)| ≤ 1 (and |f| ≤ 1 somewhere)
none errs by less than 0.1655: as long as 1 is to attract, its map is within a fifteenth of the best. It is that wish
which costs: the better map at its slope repels from its fixed point near 1. Of all slopes the best map errs by 0.0304,
and fixing 1 with |f'(1)| < 1 costs no more than a hundredth of it.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.claims import Attains, ConstantBound, MapsInto, Repels
from muon_theory.designs.front import STEEPEST
from muon_theory.finders.band import maps_into
from muon_theory.finders.constant_bound import constant_bound
from muon_theory.finders.limits import fixed_points, multiplier_kind
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

SLOW = True
LOWER = Fraction(1, 100)
OVER = Interval(LOWER, Fraction(1))
ONE, ATTRACTS = Interval.of(1, 1), Interval.of(-1, 1)
CASES = {  # a map of few digits, the best one known with its slope, what none as steep beats, the published map's band
    "article": ("3.25,-3.52,1.25", "3.25,-3.5115,1.2431", "1039/10000", "a14-band-article-from-0.01-attained"),
    "jordan": ("3.4445,-3.96,1.43", "3.4445,-3.934,1.4108", "185/1000", "a14-band-jordan-from-0.01-attained"),
}
FEW, LEAST = Schedule.parse("2.673,-3.235,1.562", 5), Schedule.parse("2.67297,-3.23411,1.56114", 5)
CONVERGENT = Schedule.parse("3.25,-3.5,1.25", 5)


def study(prove: Prove) -> None:
    for name, (few, best, error, published) in CASES.items():
        ours, known = Schedule.parse(few, 5), Schedule.parse(best, 5)
        slope = Interval(ours.steps[0].slope, STEEPEST)
        band = prove(f"d-closer-at-the-slope-of-{name}", lambda ours=ours: maps_into(ours, OVER)).claim
        bound = prove(
            f"d-none-as-steep-as-{name}",
            lambda known=known, error=error, slope=slope: constant_bound(known, 5, LOWER, Fraction(error), slope=slope),
        ).claim
        theirs = prove(published).claim
        assert isinstance(bound, ConstantBound)
        assert bound.slope == slope
        assert bound.range is bound.multiplier is None
        assert bound.error < reached(band) < Fraction(103, 100) * bound.error
        assert isinstance(theirs, Attains)
        assert reached(band) < Fraction(2, 3) * max(1 - theirs.contains.lo, theirs.contains.hi - 1)
        near = min(fixed_points(ours.steps[0], 12), key=lambda p: abs(p.lo - 1))
        one = Schedule(ours.steps[:1], ours.name)
        fixed = prove(f"d-closer-at-the-slope-of-{name}-repels", lambda one=one, near=near: multiplier_kind(one, near))
        assert isinstance(fixed.claim, Repels)

    slope = Interval.of("13/4", "13/4")
    attracting = prove(
        "d-none-attracts-one-at-the-slope-of-article",
        lambda: constant_bound(CONVERGENT, 5, LOWER, Fraction(1655, 10_000), ONE, slope, ATTRACTS),
    ).claim
    theirs = prove("a14-band-article-from-0.01").claim
    assert isinstance(attracting, ConstantBound)
    assert attracting.error < reached(theirs) < Fraction(16, 15) * attracting.error

    few = prove("d-best-quintic-five-times-few-digits", lambda: maps_into(FEW, OVER)).claim
    assert reached(few) < Fraction(307, 10_000)
    fixing = prove("d-best-quintic-five-times-fixing-one", lambda: maps_into(LEAST, OVER)).claim
    assert LEAST.steps[0](1) == 1
    assert abs(LEAST.steps[0].derivative(1)) < 1
    assert reached(fixing) < Fraction(101, 100) * Fraction(3033, 100_000)


def reached(claim: object) -> Fraction:
    assert isinstance(claim, MapsInto)
    return max(1 - claim.target.lo, claim.target.hi - 1)


if __name__ == "__main__":
    main(study)
