"""Where a best polynomial has a given error: the inverse of the level, and the published cushion.

Newton's method for log ρ against log l, ρ = (1-E)/(1+E), inside a bracket; E is the level of `alternation`, and
dE/dl = -μ·p'(l), μ the share of l in the functional that annihilates the odd polynomials.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from flint import arb, ctx

from muon_theory.designs.families import cubic_lower_end
from muon_theory.designs.rounding import leading_zeros
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.rationals import exact, fraction, midpoint
from muon_theory.finders.alternation import Alternation, alternation
from muon_theory.interval import Interval

PUBLISHED = "published"
"""The name of the cushion under which one step's image has its ends as 1 to 10."""


def lower_end(degree: int, delta: Fraction, digits: int = 15) -> Fraction:
    """The l at which the best odd polynomial of that degree on [l, 1] has error δ, to `digits` significant digits.

    Raises UsageError unless 0 < δ < 1.

    >>> float(lower_end(5, Fraction(9, 11)))
    0.024073274241827595
    """
    if not 0 < delta < 1:
        raise UsageError(f"δ lies in (0, 1), not {delta}: the band is [1-δ, 1+δ]")
    if degree == 1:
        return (1 - delta) / (1 + delta)
    if degree == 3:
        return cubic_lower_end(delta, digits + leading_zeros((1 - delta) / 4))
    target, least, greatest = (1 - delta) / (1 + delta), Fraction(0), Fraction(1)
    here, close = target / (degree // 2 + 2), Fraction(1, 10**digits)
    for _ in range(60):
        best = alternation(degree, Interval(here, Fraction(1)), digits + 3)
        ratio = (1 - best.level) / (1 + best.level)
        if abs(ratio - target) <= close * min(target, 1 - target):
            return here
        least, greatest = (max(least, here), greatest) if ratio < target else (least, min(greatest, here))
        with ctx.workprec(64 + 8 * digits):
            step = (arb(exact(target / ratio)).log() / arb(exact(_elasticity(best)))).exp()
            following = _significant(here * fraction(midpoint(step)), digits + 3)
        between = (least + greatest) / 2 if least else greatest / 10
        here = following if least < following < greatest else between
    raise UndecidedError(f"the lower end for degree {degree} and δ = {float(delta):.6g} did not settle: fewer digits")


@cache
def published_cushion(degree: int) -> Fraction:
    """κ with which the image of [κu, u] has its ends as 1 to 10: `lower_end(degree, 9/11)`, to 16 digits.

    For quintics the number in the Polar Express code (arXiv 2505.16932, Appendix G; see docs/theory-notes.md), a double
    that is right to 16 digits; for other degrees what the same condition gives.

    >>> [float(published_cushion(d)) for d in (3, 5)]
    [0.03932719322443936, 0.02407327424182761]
    """
    if degree == 5:
        return Fraction("0.02407327424182761")
    return _significant(lower_end(degree, Fraction(9, 11), 20), 16)


def _elasticity(best: Alternation) -> Fraction:
    """d log ρ / d log l, ρ = (1-E)/(1+E)."""
    weights = []
    for i, x in enumerate(best.points):
        w = 1 / x
        for j, other in enumerate(best.points):
            if i != j:
                w /= x * x - other * other
        weights.append(abs(w))
    share = weights[0] / sum(weights)
    l, e = best.interval.lo, best.level
    return 2 * l * share * best.polynomial.derivative(l) / (1 - e * e)


def _significant(q: Fraction, digits: int) -> Fraction:
    quantum = Fraction(10) ** (-leading_zeros(q) - digits)
    return round(q / quantum) * quantum
