"""What follows from steps that err by so much: a certificate where that is a bound, and what is derived beside it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from muon_theory import claims
from muon_theory.certificate import AnyCertificate, Certificate
from muon_theory.errors import UndecidedError
from muon_theory.evidence import Standing
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.precision import Premise, StepError, Tier, premises
from muon_theory.schedule import Schedule
from muon_theory.verification import verdict_on

MEANING = {
    Tier.W: "worst case: every input of this size",
    Tier.S: "with a stated confidence, where roundings have mean zero",
    Tier.A: "a posteriori: this input alone",
    Tier.P: "a model of typical rounding, not a bound",
}
DERIVED = Standing.DERIVED.value
NARROWER = Fraction(99, 100)
"""A band is worth saying beside a simpler one, or in its place, where its width is less than so much of the other's."""


@dataclass(frozen=True, slots=True)
class RobustBand:
    """φ's band in finite precision, from the stored input's singular values in `start`.

    `certificate` proves a band for steps that err by at most `allowed` (the `errors`, rounded up to decimals that can
    be printed whole; they bound ‖fl(f_t(X)) - f_t(X)‖₂, and by Weyl's inequality the band holds for the singular values
    that come out), or by a share of each value and a rest, where that is narrower.  None in tiers S and P, whose
    premises are no worst case.  `derived` is where the chain ends that takes the nearer end of both bounds at every
    step: not proved, and seldom narrower.  `most`: what is proved of all values but a few, where that was asked.
    `limit`: an upper end past it excludes nothing that matters.
    """

    errors: tuple[StepError, ...]
    start: Interval
    derived: Interval
    certificate: Certificate[claims.RobustBand] | Certificate[claims.AllBut] | None
    allowed: tuple[Fraction, ...]
    most: Certificate[claims.AllBut] | None = None
    limit: Fraction | None = None

    @property
    def tier(self) -> Tier:
        return self.errors[-1].tier

    @property
    def image(self) -> Interval:
        """Where the singular values end, or most of them: what is proved, or else what is derived."""
        return self.derived if self.best is None else self.best.claim.target

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """What is proved of all values, and of all but a few."""
        return tuple(c for c in (self.certificate, self.most) if c is not None)

    @property
    def premise(self) -> str:
        """What the statement assumes of the steps."""
        if self.best is None or isinstance(self.best.claim, claims.RobustBand):
            return "step t errs by at most errors[t - 1], in the spectral norm, for every t"
        return "step t multiplies each singular value by 1 ± ρ_t and adds ± ε_t, for every t, as the statement says"

    @property
    def statement(self) -> str:
        """What is proved, each step with its own numbers, of all values or at least of most; else what is derived."""
        return self.sharper if self.best is None else self.best.statement

    @property
    def best(self) -> Certificate[claims.RobustBand] | Certificate[claims.AllBut] | None:
        """The certificate of all values; of all but a few, where nothing is said of all."""
        return self.most if self.vacuous else self.certificate

    @property
    def vacuous(self) -> bool:
        """Is nothing said of all values: no certificate, and a derived end that is 0 or past the limit?"""
        if self.certificate is not None:
            return False
        return self.derived.lo <= 0 or (self.limit is not None and self.derived.hi > self.limit)

    @property
    def sharper(self) -> str:
        """The derived band, in words; the shares and rests are in `to_json`."""
        start, derived = (str(i) for i in (self.start, self.derived))
        failure = self.errors[-1].constants.get("failure")
        chance = "" if failure is None else f", with probability ≥ {decimal(1 - failure, 12, -1)}"
        return f"{start} → {derived} by relative errors{chance}"

    @property
    def verdict(self) -> str:
        """Of a model's premises that they imply the band is not the point, and is not said."""
        if self.tier is Tier.P:
            return "model"
        return DERIVED if self.best is None else verdict_on([self.best]).value

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is not checked."""
        return tuple(self.errors[-1].assumptions)

    def to_json(self) -> dict[str, object]:
        data: dict[str, object] = {
            "tier": self.tier.value,
            "meaning": MEANING[self.tier],
            "verdict": self.verdict,
            "if": self.premise,
            "statement": self.statement,
            "interval": self.start.outward(15),
            "image": self.image.outward(15),
            "derived": self.derived.outward(15),
            "errors": [decimal(e, DIGITS) for e in self.allowed],
            "assumptions": list(self.assumptions),
        }
        if self.most is not None:
            said = {"count": self.most.claim.exceptions, "image": self.most.claim.target.outward(15)}
            data["all_but"] = {**said, "statement": self.most.statement}
        if (failure := self.errors[-1].constants.get("failure")) is not None:
            data["confidence"] = decimal(1 - failure, 12, -1)
        apart = [e.relative for e in self.errors]
        if all(apart):
            data["relative"] = [[decimal(x, 12, +1) for x in (r.share, r.rest)] for r in apart if r]
        return data


DIGITS = 6  # of an ε_t, rounded up before it is certified


def shortened(i: Interval) -> Interval:
    """The least interval around i whose ends are decimals of 12 digits, so that they are printed whole."""
    return Interval(*map(rational, i.outward()))


def robust_band(
    schedule: Schedule, errors: Sequence[StepError], exceptions: int | None = None, **origin: str
) -> RobustBand:
    """The band of the stored input under errors of any tier, with their origin as the certificate's provenance.

    With `exceptions` (tiers W and A) `most` is the band of all singular values but so many, where a lower end > 0 is
    left.

    Raises
    ------
    UndecidedError
        A lower end is not > 0, by relative errors either: singular values do not show a sign, and nothing is proved
        below.

    >>> from muon_theory.precision import step_errors
    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> found = robust_band(jordan, step_errors(jordan, "fp64", (512, 512), Interval.of("1/100", 1)))
    >>> found.tier, str(found.image)
    (<Tier.W: 'W'>, '[0.681831461794, 1.13435726534]')
    """
    tier, start, derived = errors[-1].tier, shortened(errors[0].before), errors[-1].after
    allowed = tuple(rational(decimal(e.error, DIGITS, +1)) for e in errors)
    why = {"tier": f"{tier.value}, {MEANING[tier]}", **origin, "notChecked": list(errors[-1].assumptions)}
    bounds = tier in (Tier.W, Tier.A)
    made: Certificate[claims.RobustBand] | Certificate[claims.AllBut] | None = None
    most, reason = None, None
    if bounds and exceptions is not None:
        with suppress(UndecidedError):
            most = replace(all_but(schedule, start, premises(schedule, errors, exceptions)), provenance={"errors": why})
    if bounds or derived.lo <= 0:
        try:
            made = band.robust_band(schedule, start, allowed)
        except UndecidedError as error:  # says where the lower end is lost
            reason = error
    if bounds and any(e.relative for e in errors):
        with suppress(UndecidedError):
            shared = all_but(schedule, start, premises(schedule, errors))
            if made is None or shared.claim.target.width < NARROWER * made.claim.target.width:
                made = shared
    if reason is not None and derived.lo <= 0 and most is None:
        raise reason
    made = replace(made, provenance={"errors": why}) if made is not None and bounds else None
    return RobustBand(tuple(errors), start, derived, made, allowed, most)


def all_but(schedule: Schedule, start: Interval, allowed: Sequence[Premise]) -> Certificate[claims.AllBut]:
    """What follows for all values but so many as the premises count; raises UndecidedError as `robust_band`."""
    shared = [p.relative or (Fraction(0), p.error) for p in allowed] if any(p.relative for p in allowed) else []
    counts = [p.count for p in allowed]
    norms = [p.norm for p in allowed] if any(counts) else []
    return band.all_but(schedule, start, [p.error for p in allowed], shared, norms, counts)


def stretches(
    schedule: Schedule, errors: Sequence[StepError], exceptions: int | None = None, **origin: str
) -> tuple[RobustBand, ...]:
    """Robust bands that join: one from the stored input, or several where tier A enclosed an iterate anew (`measured`).

    Each starts where the one before it ends or, at a measured iterate, inside; with what was measured there, which
    stands in the provenance, they say together where the last one ends.  The last has the `exceptions`.

    Raises UndecidedError as `robust_band`.
    """
    cuts = [0, *(t for t, e in enumerate(errors[:-1], 1) if e.measured), len(errors)]
    out = []
    for i, j in pairwise(cuts):
        part = Schedule(schedule.steps[i:j], schedule.name)
        where = {"from": f"the computed iterate after step {i}, whose singular values were enclosed"} if i else {}
        most = exceptions if j == len(errors) else None
        out.append(robust_band(part, errors[i:j], most, **origin, **where, steps=f"{i + 1} to {j}"))
    return tuple(out)
