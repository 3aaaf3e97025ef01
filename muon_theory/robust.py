"""Bands in finite precision: what a certificate proves of them, what is derived, and where their errors come from.

What the checker proves is "if step t errs by at most ε_t, then …".  Where the ε_t come from is another matter, in
tiers: W, a worst case that is rigorous under printed assumptions; S, bounds with a stated confidence; A, bounds of one
input's errors, rigorous under printed assumptions too (`muon_theory.confirmation`); P, a model and no bound.  Tier and
assumptions stand beside the claim.  Beside the certificate there is the chain of relative errors, which is derived:
a step multiplies singular values by 1 ± a share and adds a rest, so that small ones are not drowned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from muon_theory import claims
from muon_theory.certificate import Certificate
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.finders import band
from muon_theory.finders.result import outward
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.precision import (
    Order,
    StepError,
    Summation,
    Tier,
    chain,
    gram_errors,
    gram_placement,
    normalised,
    step_errors,
)
from muon_theory.precision.steps import FAILURE, order_named
from muon_theory.precision.summation import TORCH, summation_named
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verdict_on

MEANING = {
    Tier.W: "worst case: every input of this size",
    Tier.S: "with a stated confidence, where roundings have mean zero",
    Tier.A: "a posteriori: this input alone",
    Tier.P: "a model of typical rounding, not a bound",
}
CAP = Fraction(3, 2)
DERIVED = Standing.DERIVED.value


@dataclass(frozen=True, slots=True)
class RobustBand:
    """φ's band in finite precision, from the stored input's singular values in `start`.

    `certificate` proves a band for steps that err by at most `allowed` (the `errors`, rounded up to decimals that can
    be printed whole; they bound ‖fl(f_t(X)) - f_t(X)‖₂, and by Weyl's inequality the band holds for the singular values
    that come out).  None where a lower end reaches 0 that way, and in tiers S and P, whose premises are no worst case.
    `derived` is where the chain of relative errors ends: narrower, and not proved.
    """

    errors: tuple[StepError, ...]
    start: Interval
    derived: Interval
    certificate: Certificate[claims.RobustBand] | None
    allowed: tuple[Fraction, ...]

    @property
    def tier(self) -> Tier:
        return self.errors[-1].tier

    @property
    def image(self) -> Interval:
        """Where the singular values end: what is proved, or else what is derived."""
        return self.derived if self.certificate is None else self.certificate.claim.target

    @property
    def statement(self) -> str:
        """What the certificate says, each step with its own ε_t; without one, what is derived."""
        return self.certificate.statement if self.certificate is not None else self.sharper

    @property
    def sharper(self) -> str:
        """The derived band, in words; the shares and rests are in `to_json`."""
        start, derived = (f"[{', '.join(outward(i, 12))}]" for i in (self.start, self.derived))
        failure = self.errors[-1].constants.get("failure")
        chance = "" if failure is None else f", with probability ≥ {decimal(1 - failure, 12, -1)}"
        return f"{start} → {derived} by relative errors{chance}"

    def to_json(self) -> dict[str, Any]:
        if self.tier is Tier.P:
            verdict = "model"  # of its premises; that they imply the band is not the point, and is not said
        else:
            verdict = DERIVED if self.certificate is None else verdict_on([self.certificate]).value
        data: dict[str, object] = {
            "tier": self.tier.value,
            "meaning": MEANING[self.tier],
            "verdict": verdict,
            "if": "step t errs by at most errors[t - 1], in the spectral norm, for every t",
            "statement": self.statement,
            "interval": outward(self.start),
            "image": outward(self.image),
            "derived": outward(self.derived),
            "errors": [decimal(e, DIGITS) for e in self.allowed],
            "assumptions": list(self.errors[-1].assumptions),
        }
        if (failure := self.errors[-1].constants.get("failure")) is not None:
            data["confidence"] = decimal(1 - failure, 12, -1)
        apart = [e.relative for e in self.errors]
        if all(apart):
            data["relative"] = [[decimal(x, 12, +1) for x in (r.share, r.rest)] for r in apart if r]
        return data


DIGITS = 6  # of an ε_t, rounded up before it is certified


def shortened(i: Interval) -> Interval:
    """The least interval around i whose ends are decimals of 12 digits, so that they are printed whole."""
    return Interval(*map(rational, outward(i, 12)))


def robust_band(schedule: Schedule, errors: Sequence[StepError], **origin: str) -> RobustBand:
    """The band of the stored input under errors of any tier, with their origin as the certificate's provenance.

    Raises
    ------
    UndecidedError
        A lower end is not > 0, by relative errors either: singular values do not show a sign, and Weyl's inequality
        proves nothing below.

    >>> from muon_theory.precision import step_errors
    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> found = robust_band(jordan, step_errors(jordan, "fp64", (512, 512), Interval.of("1/100", 1)))
    >>> found.tier, str(found.image)
    (<Tier.W: 'W'>, '[0.681831461794, 1.13435726534]')
    """
    tier, start, derived = errors[-1].tier, shortened(errors[0].before), errors[-1].after
    allowed = tuple(rational(decimal(e.error, DIGITS, +1)) for e in errors)
    why = {"tier": f"{tier.value}, {MEANING[tier]}", **origin, "notChecked": list(errors[-1].assumptions)}
    made: Certificate[claims.RobustBand] | None = None
    if tier in (Tier.W, Tier.A) or derived.lo <= 0:
        try:
            found = band.robust_band(schedule, start, allowed)
            made = Certificate(schedule, found.claim, found.witness, {"errors": why})
        except UndecidedError:
            if derived.lo <= 0:
                raise
    return RobustBand(tuple(errors), start, derived, made if tier in (Tier.W, Tier.A) else None, allowed)


def stretches(schedule: Schedule, errors: Sequence[StepError], **origin: str) -> tuple[RobustBand, ...]:
    """Robust bands that join: one from the stored input, or several where tier A enclosed an iterate anew (`measured`).

    Each starts where the one before it ends or, at a measured iterate, inside; with what was measured there, which
    stands in the provenance, they say together where the last one ends.  Raises UndecidedError as `robust_band`.
    """
    cuts = [0, *(t for t, e in enumerate(errors[:-1], 1) if e.measured), len(errors)]
    out = []
    for i, j in pairwise(cuts):
        part = Schedule(schedule.steps[i:j], schedule.name)
        where = {"from": f"the computed iterate after step {i}, whose singular values were enclosed"} if i else {}
        out.append(robust_band(part, errors[i:j], **origin, **where, steps=f"{i + 1} to {j}"))
    return tuple(out)


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
    found = robust_band(schedule, errors, format=dtype, shape="×".join(map(str, shape)), order=order.value)
    limit = max(CAP, chain(schedule, start)[-1].hi * Fraction(11, 10))
    if found.derived.hi > limit:
        top = decimal(found.derived.hi, 4, +1)
        raise UndecidedError(
            f"tier {found.tier.value} ends at {top}, beyond the cap 3/2, which excludes nothing that matters: bound "
            "this input (tier A, confirm), or use a wider format, a smaller matrix or another order of sums"
        )
    return replace(found, certificate=None) if found.image.hi > limit else found


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

    def to_json(self) -> dict[str, Any]:
        said = {"tier": self.tier.value, "meaning": MEANING[self.tier], "verdict": Verdict.UNDECIDED.value}
        if self.band is not None:
            said = self.band.to_json()
        return {**said, "asked": decimal(self.asked, 30), **({"reason": self.reason} if self.reason else {})}

    def lines(self) -> list[str]:
        """For people: the band and the errors it allows, or why there is none; what is not checked."""
        said = [f"tier {self.tier.value}  {MEANING[self.tier]}"]
        if self.reason:
            where = f" from {decimal(self.asked, 30)} on" if self.band else ""
            said.append(f"        undecided{where}: {self.reason}")
        if self.band is not None:
            data = self.band.to_json()
            said.append(f"        {data['verdict']}: {self.band.statement}")
            if self.band.certificate is not None and self.band.derived.width < self.band.certificate.claim.target.width:
                said.append(f"        {DERIVED}: {self.band.sharper}")
            said += [f"        not checked: {line}" for line in data["assumptions"]]
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
    S [0.01, 1.00246173598] [0.655883689786, 1.18797828918]
    P [0.01, 1.00246173598] [0.678048445024, 1.14241012692]
    """
    order = order_named(order)
    if not 0 < options.get("failure", FAILURE) < 1:
        raise UsageError("--failure: a probability between 0 and 1, such as 1/1000")
    tiers = {Order.FUSED: (Tier.W, Tier.S, Tier.P), Order.GRAM: (Tier.W,)}.get(order, (Tier.W, Tier.P))
    return tuple(_attempt(schedule, dtype, shape, lower, upper, tier, order, options) for tier in tiers)


def _attempt(
    schedule: Schedule,
    dtype: str,
    shape: tuple[int, int],
    lower: Fraction,
    upper: Fraction,
    tier: Tier,
    order: Order,
    options: dict[str, Any],
) -> Attempt:
    reason = ""
    for start in (lower * k for k in LADDER if lower * k <= upper / 2):
        try:
            found = in_format(schedule, dtype, shape, start, upper, tier, order, **options)
            return Attempt(tier, lower, found, reason)
        except UndecidedError as error:
            reason = reason or str(error)
        except UsageError as error:  # a format that the tier has no model of; the options have been read by tier W
            if tier is Tier.W:
                raise
            return Attempt(tier, lower, None, str(error))
    return Attempt(tier, lower, None, reason or f"[{lower}, {upper}] leaves no room for a band: lower the lower end")
