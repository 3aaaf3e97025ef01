"""Bands in finite precision: a `robust-band` certificate, and the origin of its ε_t, which no certificate proves.

What the checker proves is "if step t errs by at most ε_t, then …".  Where the ε_t come from is another matter, in
tiers: W, a worst case that is rigorous under printed assumptions; A, bounds of one input's errors, rigorous under
printed assumptions too (`muon_theory.confirmation`); P, a model and no bound.  Tier and assumptions stand beside the
claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from muon_theory import claims
from muon_theory.certificate import Certificate
from muon_theory.errors import UndecidedError
from muon_theory.finders import band
from muon_theory.finders.result import outward
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.precision import Order, StepError, Tier, gram_errors, gram_placement, normalised, step_errors
from muon_theory.precision.steps import order_named
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verdict_on

MEANING = {
    Tier.W: "worst case: every input of this size",
    Tier.A: "a posteriori: this input alone",
    Tier.P: "a model of typical rounding, not a bound",
}


@dataclass(frozen=True, slots=True)
class RobustBand:
    """φ's band in finite precision: `certificate` proves it for steps that err by at most `errors`.

    `errors` bound ‖fl(f_t(X)) - f_t(X)‖₂; by Weyl's inequality the band holds for the singular values that come out.
    `allowed` are the ε_t of the claim: those bounds, rounded up to decimals that can be printed whole.
    """

    errors: tuple[StepError, ...]
    certificate: Certificate[claims.RobustBand]
    allowed: tuple[Fraction, ...]

    @property
    def tier(self) -> Tier:
        return self.errors[-1].tier

    @property
    def start(self) -> Interval:
        """The singular values of the stored input."""
        return self.certificate.claim.start

    @property
    def image(self) -> Interval:
        return self.certificate.claim.target

    @property
    def statement(self) -> str:
        """What the certificate says: the ε_t are a list, and each step has its own."""
        return self.certificate.statement

    def to_json(self) -> dict[str, Any]:
        # a model is one of its premises; that they imply the band is not the point, and is not said
        verdict = "model" if self.tier is Tier.P else verdict_on([self.certificate]).value
        return {
            "tier": self.tier.value,
            "meaning": MEANING[self.tier],
            "verdict": verdict,
            "if": "step t errs by at most errors[t - 1], in the spectral norm, for every t",
            "statement": self.statement,
            "interval": outward(self.start),
            "image": outward(self.image),
            "errors": [decimal(e, DIGITS) for e in self.allowed],
            "assumptions": list(self.errors[-1].assumptions),
        }


DIGITS = 6  # of an ε_t, rounded up before it is certified


def shortened(i: Interval) -> Interval:
    """The least interval around i whose ends are decimals of 12 digits, so that they are printed whole."""
    return Interval(*map(rational, outward(i, 12)))


def robust_band(schedule: Schedule, errors: Sequence[StepError], **origin: str) -> RobustBand:
    """The band of the stored input under errors of any tier, with their origin as the certificate's provenance.

    Raises
    ------
    UndecidedError
        A lower end is not > 0: singular values do not show a sign, and Weyl's inequality proves nothing below.

    >>> from muon_theory.precision import step_errors
    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> found = robust_band(jordan, step_errors(jordan, "fp64", (512, 512), Interval.of("1/100", 1)))
    >>> found.tier, str(found.image)
    (<Tier.W: 'W'>, '[0.681831461527, 1.13435726588]')
    """
    tier, start = errors[-1].tier, shortened(errors[0].before)
    allowed = tuple(rational(decimal(e.error, DIGITS, +1)) for e in errors)
    why = {"tier": f"{tier.value}, {MEANING[tier]}", **origin, "notChecked": list(errors[-1].assumptions)}
    made = band.robust_band(schedule, start, allowed)
    return RobustBand(tuple(errors), Certificate(schedule, made.claim, made.witness, {"errors": why}), allowed)


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
) -> RobustBand:
    """The band of normalised matrices in a format: of those stored with their singular values ≥ `lower`.

    What is stored may have singular values above `upper`, which normalising guarantees in exact arithmetic; by how much
    is part of the start (`muon_theory.precision.normalised`).

    Parameters
    ----------
    dtype, shape, order
        As in `muon_theory.precision.step_errors`; the Gram form restarts where `gram_placement` says.
    tier : {"W", "P"}
    largest
        The largest stored singular value, if it is not what normalising leaves.

    Raises
    ------
    UndecidedError
        The tier says nothing: the errors outgrow the band, or overflow cannot be excluded.

    >>> relaxed = Schedule.parse("15/8,-5/4,3/8")
    >>> str(in_format(relaxed, "fp32", (64, 64), Fraction(1, 10)).image)
    '[0.994952310499, 1.00081411746]'
    """
    order = order_named(order)
    stored, frobenius = normalised(Interval(lower, upper), dtype, shape)
    start = Interval(lower, stored.hi if largest is None else largest)
    if order is Order.GRAM:
        if Tier(tier) is not Tier.W:
            raise UndecidedError("the Gram form has no model of typical rounding: use tier W, or confirm (tier A)")
        restarts = gram_placement(schedule, dtype, shape, tier=tier, upper=start.hi).restarts
        errors = gram_errors(schedule, dtype, shape, start, restarts, frobenius=frobenius)
    else:
        errors = step_errors(schedule, dtype, shape, start, tier, order, frobenius=frobenius)
    return robust_band(schedule, errors, format=dtype, shape="×".join(map(str, shape)), order=order.value)


def stored_upper(dtype: str, shape: tuple[int, int]) -> Fraction | None:
    """How large a stored singular value may be after normalising in a format, rounded up; None without a bound.

    >>> stored_upper("fp32", (64, 64))
    Fraction(100012245787, 100000000000)
    """
    try:
        stored, _ = normalised(Interval(Fraction(1, 2), Fraction(1)), dtype, shape)
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
            said += [f"        not checked: {line}" for line in data["assumptions"]]
        return said


def attempts(
    schedule: Schedule,
    dtype: str,
    shape: tuple[int, int],
    lower: Fraction,
    upper: Fraction = Fraction(1),
    order: str | Order = Order.FUSED,
    largest: Fraction | None = None,
) -> tuple[Attempt, ...]:
    """What tiers W and P say about a format and a size, from `lower` on or from the least multiple of it that works.

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> for a in attempts(jordan, "fp16", (64, 64), Fraction(1, 100)):
    ...     print(a.tier.value, a.band and a.band.start, a.band and a.band.image)
    W [0.01, 1.00256894245] [0.471206462177, 7.39978678258]
    P [0.01, 1.00256894245] [0.676439942177, 1.14514961295]
    """
    tiers = (Tier.W,) if order_named(order) is Order.GRAM else (Tier.W, Tier.P)
    return tuple(_attempt(schedule, dtype, shape, lower, upper, tier, order, largest) for tier in tiers)


def _attempt(
    schedule: Schedule,
    dtype: str,
    shape: tuple[int, int],
    lower: Fraction,
    upper: Fraction,
    tier: Tier,
    order: str | Order,
    largest: Fraction | None,
) -> Attempt:
    reason = ""
    for start in (lower * k for k in LADDER if lower * k <= upper / 2):
        try:
            band = in_format(schedule, dtype, shape, start, upper, tier, order, largest)
            return Attempt(tier, lower, band, reason)
        except UndecidedError as error:
            reason = reason or str(error)
    return Attempt(tier, lower, None, reason or f"[{lower}, {upper}] leaves no room for a band: lower the lower end")
