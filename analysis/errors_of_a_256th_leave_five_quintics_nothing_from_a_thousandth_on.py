"""A8, carried on. Where each step may err by 1/256 of its largest value, any five quintics may lose x = 1/1000.

Where a step may err by 1/2048 of it, the best of them keep [1/1000, 1] within 0.1511 of 1, and where by 2^-24, within
0.1135; no others do better.  The errors are a model (docs/trust.md, Composition with errors).  For a number format it
is no lower bound: five quintics run in bfloat16 end closer to 1 from 1/1000 on, as rounding is mostly smaller, and
chosen by nobody.
"""

from fractions import Fraction

from _study import Prove, main

from muon_theory.certificate import Certificate
from muon_theory.claims import NoisyCompositionBound, RobustBand
from muon_theory.designs import compose, published_cushion
from muon_theory.finders.alternation import noisy_composition_bound
from muon_theory.finders.band import noisy_band
from muon_theory.interval import Interval

SHAPE = (5,) * 5
HUNDREDTH, THOUSANDTH = Fraction(1, 100), Fraction(1, 1000)
# the share of the largest value, l, and the floor, rounded down
KEPT = {
    "a-256th-from-a-hundredth": (Fraction(1, 256), HUNDREDTH, "0.003915"),
    "a-2048th-from-a-thousandth": (Fraction(1, 2048), THOUSANDTH, "0.15106"),
    "2-to-the-minus-24-from-a-thousandth": (Fraction(1, 2**24), THOUSANDTH, "0.11345"),
}


def floor(share: Fraction, lower: Fraction) -> Certificate[NoisyCompositionBound]:
    return noisy_composition_bound(SHAPE, Interval(lower, Fraction(1)), [share] * len(SHAPE))


def best(share: Fraction, lower: Fraction) -> Certificate[RobustBand]:
    """Of the composition that allows for the errors."""
    return noisy_band(compose(SHAPE, lower, noise=share).schedule, Interval(lower, Fraction(1)), share)


def published(share: Fraction, lower: Fraction) -> Certificate[RobustBand]:
    """Of the recipe of Polar Express: cushion 0.024…, and x/1.01 in all steps but the last."""
    steps = compose(SHAPE, lower, cushion=published_cushion(5), safety=Fraction("1.01")).schedule
    return noisy_band(steps, Interval(lower, Fraction(1)), share)


def study(prove: Prove) -> None:
    lost = prove("d-errors-of-a-256th-from-a-thousandth", lambda: floor(Fraction(1, 256), THOUSANDTH)).claim
    assert isinstance(lost, NoisyCompositionBound)
    assert (lost.degrees, lost.interval, lost.error) == (SHAPE, Interval(THOUSANDTH, Fraction(1)), 1)
    for name, (share, lower, least) in KEPT.items():
        bound = prove(f"d-errors-of-{name}", lambda share=share, lower=lower: floor(share, lower)).claim
        band = prove(f"d-best-for-errors-of-{name}", lambda share=share, lower=lower: best(share, lower)).claim
        assert isinstance(bound, NoisyCompositionBound)
        assert isinstance(band, RobustBand)
        assert set(bound.errors) == {share}
        assert bound.error > Fraction(least)
        assert reach(band) < bound.error * (1 + Fraction(1, 10**8))
    for name, (share, lower, least) in list(KEPT.items())[:2]:
        cushioned = prove(
            f"d-published-for-errors-of-{name}", lambda share=share, lower=lower: published(share, lower)
        ).claim
        assert isinstance(cushioned, RobustBand)
        # safe there, and not far from the best
        assert reach(cushioned) < Fraction(least) * Fraction(8, 5)


def reach(band: RobustBand) -> Fraction:
    return max(1 - band.target.lo, band.target.hi - 1)


if __name__ == "__main__":
    main(study)
