"""The errors of a format and a size, tier by tier, and the bands that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders import CAP
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.precision import Order, Summation, Tier, chain, gram_errors, gram_placement, normalised, step_errors
from muon_theory.precision.steps import FAILURE, order_named
from muon_theory.precision.summation import TORCH, summation_named
from muon_theory.robust.bands import DERIVED, MEANING, NARROWER, RobustBand, robust_band, shortened
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verdict_on


def in_format(
    schedule: Schedule,
    dtype: str,
    shape: tuple[int, int],
    lower: Fraction,
    upper: Fraction = Fraction(1),
    tier: str | Tier = Tier.W,
    order: str | Order = Order.FUSED,
    largest: Fraction | None = None,
    additions: str | int | Summation | None = None,
    sums: str | int | Summation | None = None,
    failure: Fraction = FAILURE,
    exceptions: int | None = None,
) -> RobustBand:
    """The band of normalised matrices in a format: of those stored with their singular values ≥ `lower`.

    What is stored may have singular values above `upper`, which normalising guarantees in exact arithmetic; by how much
    is part of the start (`muon_theory.precision.normalised`).

    Parameters
    ----------
    dtype, shape, order
        As in `muon_theory.precision.step_errors`; the Gram form restarts where `gram_placement` says.
    tier : {"W", "S", "P"}
    largest
        The largest stored singular value, if it is not what normalising leaves.
    additions : str or int, optional
        In which order the norm's squares are added (`muon_theory.precision.Summation`): torch's on a CPU unless said.
    sums, failure
        As in `step_errors`.
    exceptions : int, optional
        Of tier W: say as well where all singular values but so many end (`RobustBand.most`).

    Raises
    ------
    UndecidedError
        The tier says nothing: the errors outgrow the band, its upper end is beyond the cap 3/2 (and a tenth beyond the
        exact one), or overflow cannot be excluded.

    >>> relaxed = Schedule.parse("15/8,-5/4,3/8")
    >>> str(in_format(relaxed, "fp32", (64, 64), Fraction(1, 10)).image)
    '[0.995150666329, 1.00062747327]'
    """
    order, adds = order_named(order), summation_named(additions, TORCH)
    stored, frobenius = normalised(Interval(lower, upper), dtype, shape, additions=adds)
    start = shortened(Interval(lower, stored.hi if largest is None else largest))
    if order is Order.GRAM:
        if Tier(tier) is not Tier.W:
            raise UndecidedError("the Gram form has no model of typical rounding: use tier W, or confirm (tier A)")
        restarts = gram_placement(schedule, dtype, shape, tier=tier, upper=start.hi).restarts
        errors = gram_errors(schedule, dtype, shape, start, restarts, frobenius=frobenius)
    else:
        given = {"frobenius": frobenius, "sums": sums, "failure": failure}
        errors = step_errors(schedule, dtype, shape, start, tier, order, **given)  # type: ignore[arg-type]
    line = f"the squares of the norm are added {adds.assumption}"
    errors = tuple(replace(e, assumptions=(*e.assumptions, line)) for e in errors)
    # an upper end beyond the cap, and a tenth beyond the exact one, excludes nothing that matters
    size, limit = "×".join(map(str, shape)), max(CAP, chain(schedule, start)[-1].hi * Fraction(11, 10))
    found = robust_band(schedule, errors, exceptions, format=dtype, shape=size, order=order.value)
    certificate = found.certificate if found.certificate and found.certificate.claim.target.hi <= limit else None
    most = found.most if found.most and found.most.claim.target.hi <= limit else None
    found = replace(found, certificate=certificate, most=most, limit=limit)
    if found.vacuous and most is None:
        top = decimal(found.derived.hi, 4, +1)
        raise UndecidedError(
            f"tier {found.tier.value} ends at {top}, beyond the cap 3/2, which excludes nothing that matters: bound "
            "this input (tier A, confirm), or use a wider format, a smaller matrix or another order of sums"
        )
    return found


def stored_upper(dtype: str, shape: tuple[int, int], additions: str | int | Summation | None = None) -> Fraction | None:
    """How large a stored singular value may be after normalising in a format, rounded up; None without a bound.

    >>> stored_upper("fp32", (64, 64))
    Fraction(100001582601, 100000000000)
    """
    try:
        adds = summation_named(additions, TORCH)
        stored, _ = normalised(Interval(Fraction(1, 2), Fraction(1)), dtype, shape, additions=adds)
    except UndecidedError:
        return None
    return rational(decimal(stored.hi, 12, +1))


LADDER = (1, 2, 5, 10, 20, 50, 100)
"""Where a tier says nothing from `lower` on, these multiples of it are tried."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one tier says: a band, or only a reason.  With both, the band begins above the lower end asked for."""

    tier: Tier
    asked: Fraction
    band: RobustBand | None
    reason: str = ""

    def to_json(self) -> dict[str, object]:
        none = {"tier": self.tier.value, "meaning": MEANING[self.tier], "verdict": Verdict.UNDECIDED.value}
        said = none if self.band is None else self.band.to_json()
        return {**said, "asked": decimal(self.asked, 30), **({"reason": self.reason} if self.reason else {})}

    def lines(self) -> list[str]:
        """For people: the band and the errors it allows, or why there is none; what is not checked."""
        said = [f"tier {self.tier.value}  {MEANING[self.tier]}"]
        if self.reason:
            where = f" from {decimal(self.asked, 30)} on" if self.band else ""
            said.append(f"        undecided{where}: {self.reason}")
        if self.band is not None:
            said.append(f"        {self.band.verdict}: {self.band.statement}")
            if self.band.most is not None and not self.band.vacuous:
                said.append(f"        {verdict_on([self.band.most]).value}: {self.band.most.statement}")
            if not self.band.vacuous and self.band.derived.width < NARROWER * self.band.image.width:
                said.append(f"        {DERIVED}: {self.band.sharper}")
            said += [f"        not checked: {line}" for line in self.band.assumptions]
        return said


def attempts(
    schedule: Schedule,
    dtype: str,
    shape: tuple[int, int],
    lower: Fraction,
    upper: Fraction = Fraction(1),
    order: str | Order = Order.FUSED,
    **options: Any,
) -> tuple[Attempt, ...]:
    """What tiers W, S and P say about a format and a size, from `lower` on or from the least multiple of it that works.

    Further options are those of `in_format`.

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> for a in attempts(jordan, "fp16", (64, 64), Fraction(1, 100)):
    ...     print(a.tier.value, a.band and a.band.start, a.band and a.band.image)
    W [0.01, 1.00246173598] [0.642534262177, 1.20829745343]
    S [0.01, 1.00246173598] [0.655883690142, 1.18797828202]
    P [0.01, 1.00246173598] [0.678048445024, 1.14241012692]
    """
    order = order_named(order)
    if not 0 < options.get("failure", FAILURE) < 1:
        raise UsageError("--failure: a probability between 0 and 1, such as 1/1000")

    def attempt(tier: Tier) -> Attempt:
        reason = ""
        for start in (lower * k for k in LADDER if lower * k <= upper / 2):
            try:
                found = in_format(schedule, dtype, shape, start, upper, tier, order, **options)
                return Attempt(tier, lower, found, reason)
            except UndecidedError as error:
                reason = reason or error.typed
            except UsageError as error:  # a format that the tier has no model of; the options have been read by tier W
                if tier is Tier.W:
                    raise
                return Attempt(tier, lower, None, error.typed)
        return Attempt(
            tier, lower, None, reason or f"[{lower}, {upper}] leaves no room for a band: lower the lower end"
        )

    tiers = {Order.SHIFTED: (Tier.W, Tier.P), Order.GRAM: (Tier.W,)}.get(order, (Tier.W, Tier.S, Tier.P))
    return tuple(map(attempt, tiers))
