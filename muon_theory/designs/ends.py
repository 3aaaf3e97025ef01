"""Where a best polynomial, or a composition, has a given error: the inverse of the level, and the published cushion.

Newton's method for log ρ against log l, ρ = (1-E)/(1+E), inside a bracket; E is the level of `alternation`, and
dE/dl = -μ·p'(l), μ the share of l in the functional that annihilates the odd polynomials.

δ-orthogonalisation (CANS, arXiv 2506.10935, Theorem 1): what starts lowest and ends within δ of 1 is steepest at 0.
Among the odd polynomials p of degree 2q + 1 with p ≤ 1+δ on [0, 1] and p ≥ 1-δ on [a, 1], p'(0) is largest for the
best approximation p* to 1 on [a*, 1], where a* is the number at which its error is δ, whenever a* ≤ a ≤ x_2, the second
interior point of its alternation a* < x_1 < … < x_{q+1} = 1.  For suppose p'(0) > p*'(0), and let d = p - p* = x·D(x²),
D of degree ≤ q.  Then d > 0 near 0, d ≤ 0 at x_1, d ≥ 0 at x_2, and so on to x_{q+1}: q + 1 changes of sign on (0, 1],
counted with the zeros at the x_i, one more than D can have.  For a < a* there is no such p.  If a ≤ x_1, p ≤ 1+δ is
needed on [a, 1] only.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from flint import arb, ctx

from muon_theory.designs.families import cubic_lower_end
from muon_theory.designs.rounding import leading_zeros, rounded_up
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


def least_lower_end(
    degrees: Sequence[int], delta: Fraction, digits: int = 15, noise: Fraction = Fraction(0)
) -> Fraction:
    """The least l such that some composition of these degrees sends [l, 1] to within δ of 1; rounded up a little.

    Found backwards: the last step must end at δ, so it starts from a ratio ρ_T = lower_end(d_T, δ), so the step before
    ends at (1-ρ_T)/(1+ρ_T), and so on.  Where each step may err by ε times its largest value, it ends at
    (1+δ)/(1+ε) - 1 before it errs; with δ = 1, l is the infimum of the lower ends from which 0 is not reached.

    Raises UsageError unless ε < δ < 1 (or δ = 1 with ε > 0) and there is a step.

    >>> round(float(least_lower_end((5,) * 5, Fraction(1), noise=Fraction(1, 256))), 6)
    0.001202
    """
    if not degrees:
        raise UsageError("a composition needs at least one degree, such as 3,3,3")
    for degree in reversed(degrees):
        if 0 < noise >= delta:
            raise UsageError(
                f"errors of {float(noise):.3g} times the largest value alone leave no 1 ± {float(delta):.3g}"
            )
        ratio = lower_end(degree, (1 + delta) / (1 + noise) - 1, digits + len(degrees))
        delta = (1 - ratio) / (1 + ratio)
    return rounded_up(ratio, digits)


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
