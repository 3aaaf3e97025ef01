"""δ-orthogonalisation: the largest slope at 0 that a band [1-δ, 1+δ] allows (CANS, arXiv 2506.10935, Theorem 1).

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

from muon_theory.designs.ends import lower_end
from muon_theory.designs.rounding import rounded_up
from muon_theory.errors import UsageError


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
