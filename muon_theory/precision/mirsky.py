"""All singular values but k: what the Frobenius norm of the errors says, where the spectral norm says too little.

Mirsky (1960): Σ_i (σ_i(X⁺) - σ_i(f(X)))² ≤ ‖X⁺ - f(X)‖_F² ≤ e², in the same order as Weyl's inequality.  So for every
δ > 0 fewer than e²/δ² + 1 of the singular values move by more than δ.  Follow each of them through the steps, call it
exceptional if it moves by more than δ_t in some step t, and let k_t be the largest number with k_t·δ_t² < e_t²: all but
k_1 + … + k_T end where the chain with δ_t in place of ε_t ends.  No dimension enters.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.interval import Interval
from muon_theory.precision.bound import Tier
from muon_theory.precision.format import root_up
from muon_theory.precision.image import next_interval
from muon_theory.precision.steps import StepError
from muon_theory.schedule import Schedule


def all_but(schedule: Schedule, errors: Sequence[StepError], count: int) -> Interval:
    """Where all but `count` of the singular values end, under errors of tier W or A.

    k_t is count/T, rounded down, and one more in the first steps: δ_t = e_t/√(k_t + 1).  From the stored input's
    interval on, each step is widened by min(ε_t, δ_t); relative errors, and enclosures of an iterate, hold for all.

    Raises UsageError for tiers P and S, which bound no Frobenius norm, and for a negative count.

    >>> from muon_theory.precision import step_errors
    >>> steps = step_errors(Schedule.parse("15/8,-5/4,3/8"), "bf16", (64, 64), Interval.of("1/10", 1))
    >>> print(steps[-1].after.lo < all_but(Schedule.parse("15/8,-5/4,3/8"), steps, 8).lo)
    True
    """
    if count < 0 or any(e.tier not in (Tier.W, Tier.A) for e in errors):
        raise UsageError(f"all but {count}: a number ≥ 0, and errors of tier W or A, whose Frobenius norms are bounds")
    total, interval = len(errors), errors[0].before
    for t, (f, e) in enumerate(zip(schedule.steps, errors, strict=True)):
        k = count // total + (t < count % total)
        delta = min(e.error, e.frobenius * root_up(Fraction(1, k + 1), 2))
        apart = (e.relative.share, e.relative.rest) if e.relative else ()
        interval = next_interval(f, interval, delta, *apart)
        if e.measured:  # this iterate's own singular values, all of them
            low, high = max(interval.lo, e.after.lo), min(interval.hi, e.after.hi)
            interval = Interval(min(low, high), high)
    return interval
