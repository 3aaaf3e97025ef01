"""After finitely many steps: the largest parameter for which φ_T((0, 1]) stays below a cap."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.bifurcations.listing import Threshold, Thresholds
from muon_theory.certificate import AnyCertificate
from muon_theory.claims.words import exact
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.family import Family
from muon_theory.finders import stays_below
from muon_theory.interval import Interval
from muon_theory.number import decimal, simplest_between
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verdict_on


def horizon_threshold(family: Family, steps: int, cap: Fraction, extent: Interval, digits: int = 12) -> Thresholds:
    """About the largest parameter for which φ_T((0, 1]) ⊆ [0, cap] after T steps, between two proved sides.

    At the lower end of the bracket φ_T((0, 1]) ⊆ [0, cap] is proved, at the upper end it is refuted.  The certificates
    do not say that there is only one change between the two; for the quintic with |f'(1)| ≤ 1 and a ≥ 1 that is derived
    in docs/dynamics.md, with the limit as T grows: the divergence threshold a* if the cap is at least the fixed point
    that the critical value meets there, else the same value for every T.

    Raises UndecidedError unless the property holds at extent.lo and fails at extent.hi.
    """
    if len(family.parameters) != 1:
        raise UsageError(f"family {family.name!r} has {len(family.parameters)} parameters: set all but one")
    name = family.parameters[0]

    proofs: dict[Fraction, AnyCertificate] = {}

    def holds(value: Fraction) -> bool:
        schedule = Schedule((family.at(**{name: value}),) * steps, f"{family.name}, {name} = {value}")
        answer = stays_below(schedule, Fraction(1), cap)
        if answer.certificate is None:
            raise UndecidedError(f"φ at {name} = {value} could not be told from the cap {cap}: ask for fewer digits")
        proofs[value] = answer.certificate
        return answer.verdict is Verdict.PROVED

    lo, hi = extent.lo, extent.hi
    if not holds(lo):
        raise UndecidedError(
            f"φ((0, 1]) leaves [0, {cap}] at {name} = {lo} already: ask for another range, --range=lo,hi"
        )
    if holds(hi):
        raise UndecidedError(f"φ((0, 1]) stays in [0, {cap}] at {name} = {hi} still: raise the upper end of --range")
    while hi - lo > Fraction(1, 10**digits):
        middle = simplest_between(lo + (hi - lo) * Fraction(2, 5), hi - (hi - lo) * Fraction(2, 5))
        lo, hi = (middle, hi) if holds(middle) else (lo, middle)
    bracket = (proofs[lo], proofs[hi])
    found = Threshold(
        "horizon",
        verdict_on(bracket),
        bracket,
        decimal(lo, digits, -1),
        isolating=Interval(lo, hi),
        multiplicity=1,
        derived=f"the first is about {name} = {exact(lo)}, the second about {name} = {exact(hi)}",
        others={"steps": str(steps), "cap": exact(cap)},
    )
    return Thresholds(family.name, (found,))
