"""`certify`: what holds for a schedule, with a certificate for each answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from muon_theory.answer import Answer, established, refuted, undecided
from muon_theory.certificate import AnyCertificate, dump
from muon_theory.claims import AnyClaim, MapsInto, SignSafe
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders import band
from muon_theory.finders.long_run import found, long_run
from muon_theory.finders.search import (
    WITNESS_DIGITS,
    explain_step,
    extreme_start,
    flips_at,
    orbit_chain,
    safe_upper,
    simple_near,
)
from muon_theory.interval import Interval
from muon_theory.number import decimal, simplest_between
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

CAP = Fraction(3, 2)
"""The largest output that is of use, unless said."""

SMALL = tuple(Fraction(1, 10**k) for k in (4, 3, 2))
"""Where φ is always evaluated: what happens to small singular values."""


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What `certify` found.  `verdict` is the conjunction of the required answers."""

    schedule: Schedule
    interval: Interval
    cap: Fraction
    answers: tuple[Answer[AnyClaim], ...]
    image: Interval | None
    safe_sigma_max: Interval | None
    small: dict[Fraction, Interval | None] = field(default_factory=dict)
    """φ(x) for small x, as certified; None where it is not enclosed."""

    def __repr__(self) -> str:
        return f"<Result {self.verdict.value}: {self.schedule!r} on {self.interval}>"

    @property
    def verdict(self) -> Verdict:
        return Verdict.worst(*(a.verdict for a in self.answers if a.required))

    @property
    def slope(self) -> Fraction:
        return self.schedule.slope

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(a.certificate for a in self.answers if a.certificate is not None)

    @property
    def certificate(self) -> bytes:
        """The bytes of one file with every certificate found."""
        return dump(self.certificates)

    def to_json(self, file: str | None = None) -> dict[str, object]:
        """The machine interface of the command line; bounds are decimals rounded outward."""
        safe = self.safe_sigma_max
        return {
            "verdict": self.verdict.value,
            "schedule": self.schedule.to_json(),
            "interval": self.interval.inward(30),  # of the image
            "cap": decimal(self.cap, 30, +1),
            "image": self.image and self.image.outward(15),
            "slope": decimal(self.slope, 15),
            "safe_sigma_max": decimal(safe.lo, 12, -1) if safe else None,
            "safe_sigma_max_bracket": safe and safe.outward(15),
            "small": {decimal(x): value and value.outward(15) for x, value in self.small.items()},
            "claims": [a.to_json() for a in self.answers],
            "certificate": file,
        }


def certify(
    schedule: Schedule,
    lower: Fraction = Fraction(1, 1000),
    upper: Fraction = Fraction(1),
    cap: Fraction = CAP,
    target: Interval | None = None,
    digits: int = 12,
) -> Result:
    """Prove or refute what a user of the schedule needs, and measure it exactly.

    Required: every step > 0 on the orbits of (0, upper]; the output ≤ cap there; φ([lower, upper]) ⊆ target where a
    target is given.  Beside it: the slope φ'(0), the band of [lower, upper] from outside and inside, the safe σ_max
    from below and above, φ at small arguments, and for one map repeated its limits, cycles or escapes.

    >>> from muon_theory.schedule import Schedule
    >>> result = certify(Schedule.parse("3.25,-3.51,1.26"), lower=Fraction(1, 100))
    >>> result.verdict, str(result.image)
    (<Verdict.PROVED: 'proved'>, '[0.92916572547, 1.17548959056]')
    """
    if not 0 < lower <= upper:
        raise UsageError(f"the interval [{lower}, {upper}] is not usable: 0 < lower ≤ upper is needed")
    if cap <= 0:
        raise UsageError(f"the cap {cap} is not > 0: give the largest output you allow, such as 3/2")
    whole, tight = Interval(Fraction(0), upper), Interval(lower, upper)
    bracket, edge = safe_sigma_max(schedule, cap)
    required = [_sign_safe(schedule, whole, digits), _cap(schedule, whole, cap, bracket, digits)]
    if target is not None:
        required.append(_inside(schedule, tight, target, digits))
    outer, both = _band(schedule, tight, digits)
    values = {x: found(partial(band.reaches, schedule, x, 15)) for x in SMALL}
    others = [established(band.slope(schedule)), *both, *edge, *(v for v in values.values() if v is not None)]
    if schedule.constant:
        others += long_run(schedule, upper)
    small = {x: _target(v) for x, v in values.items()}
    answers = (*(a.needed() for a in required), *others)
    return Result(schedule, tight, cap, answers, outer, bracket, small)


def safety(schedule: Schedule, lower: Fraction, upper: Fraction, cap: Fraction) -> Result:
    """What `certify` requires, the band from outside and the safe σ_max, and nothing beside them.

    Where (0, upper] lies below the safe σ_max, the proofs for that larger interval are the required answers.
    """
    bracket, edge = safe_sigma_max(schedule, cap)
    if bracket is None or upper > bracket.lo:
        return certify(schedule, lower, upper, cap)
    *below, _ = edge
    required = [a.needed() for a in below]
    tight = Interval(lower, upper)
    outer = _target(found(lambda: band.maps_into(schedule, tight, digits=12)))
    return Result(schedule, tight, cap, tuple(required), outer, bracket)


def _band(schedule: Schedule, tight: Interval, digits: int) -> tuple[Interval | None, list[Answer[AnyClaim]]]:
    """The band from outside, and the two answers; none where the values leave every useful range."""
    outer = found(lambda: band.maps_into(schedule, tight, digits=digits))
    inner = found(lambda: band.attains(schedule, tight, digits)) if outer is not None else None
    if outer is None or inner is None:
        return None, []
    return _target(outer), [outer, inner]


def _target(answer: Answer[MapsInto] | None) -> Interval | None:
    """Where the values end, if that is proved."""
    return answer.claim.target if answer is not None and answer.proved else None


def _sign_safe(schedule: Schedule, whole: Interval, digits: int) -> Answer[AnyClaim]:
    claim = SignSafe(whole.hi)
    for step, f in enumerate(schedule.steps, 1):
        if not any(f.coefficients):
            zero = band.maps_into(schedule, Interval(whole.hi, whole.hi), Interval.of(0))
            return refuted(claim, zero, f"step {step} is 0 everywhere")
    try:
        return established(band.sign_safe(schedule, whole.hi, digits))
    except UndecidedError as error:
        note = str(error)
    for step in range(1, len(schedule.steps) + 1):
        try:
            x = extreme_start(schedule, whole, step, highest=False)
            inside = Interval(whole.hi / 10**12, whole.hi)
            x = simple_near(x, inside, lambda x, step=step: flips_at(schedule, x) == step)  # type: ignore[misc]
            return refuted(claim, band.flips(schedule, x, step, WITNESS_DIGITS), explain_step(schedule, whole, step))
        except UndecidedError:
            continue
    return undecided(schedule, claim, f"{note}; no flipping start was found: ask for more digits")


def stays_below(schedule: Schedule, upper: Fraction, cap: Fraction) -> Answer[AnyClaim]:
    """φ((0, upper]) ⊆ [0, cap], proved, or refuted by a point."""
    return _cap(schedule, Interval(Fraction(0), upper), cap, safe_sigma_max(schedule, cap)[0], 12)


def _cap(schedule: Schedule, whole: Interval, cap: Fraction, safe: Interval | None, digits: int) -> Answer[AnyClaim]:
    """The output is ≤ cap on [0, upper]; if not, a simple witness, or the point just past the safe σ_max."""
    target = Interval(Fraction(0), cap)
    answer = _inside(schedule, whole, target, digits)
    if answer.verdict is Verdict.UNDECIDED and safe is not None and safe.hi <= whole.hi:
        try:
            contrary = band.misses(schedule, safe.hi, target, WITNESS_DIGITS)
        except UndecidedError:
            return answer
        return refuted(answer.claim, contrary, explain_step(schedule, whole, len(schedule.steps)))
    return answer


def _inside(schedule: Schedule, start: Interval, target: Interval, digits: int) -> Answer[AnyClaim]:
    """φ(start) ⊆ target, or a point whose orbit ends outside."""
    claim, last = MapsInto(start, target), len(schedule.steps)
    try:
        return established(band.maps_into(schedule, start, target, digits))
    except UndecidedError as error:
        note = str(error)
    for highest in (True, False):
        try:
            x = extreme_start(schedule, start, last, highest)
            x = simple_near(x, start, lambda x: orbit_chain(schedule, x)[-1].outer.disjoint(target))
            contrary = band.misses(schedule, x, target, WITNESS_DIGITS)
            return refuted(claim, contrary, explain_step(schedule, start, last))
        except UndecidedError:
            continue
    return undecided(schedule, claim, note)


def safe_sigma_max(schedule: Schedule, cap: Fraction) -> tuple[Interval | None, list[Answer[AnyClaim]]]:
    """The largest u such that on (0, u] every step stays > 0 and the output ≤ cap: a bracket and its certificates."""
    about = safe_upper(schedule, cap)
    if about is None or about <= 0:
        return None, []
    for digits in (12, 9, 6, 3):
        gap = about / 10**digits
        lo, hi = (simplest_between(about + a * gap, about + b * gap) for a, b in ((-2, -1), (1, 2)))
        try:
            whole, allowed = Interval(Fraction(0), lo), Interval(Fraction(0), cap)
            below: list[Answer[AnyClaim]] = [
                established(band.sign_safe(schedule, lo, digits + 6)),
                established(band.maps_into(schedule, whole, allowed, digits + 6)),
            ]
            flip = flips_at(schedule, hi)
            contrary: AnyCertificate = (
                band.flips(schedule, hi, flip, WITNESS_DIGITS)
                if flip
                else band.misses(schedule, hi, allowed, WITNESS_DIGITS)
            )
            above = established(contrary)
        except UndecidedError:
            continue
        if all(a.verdict is Verdict.PROVED for a in (*below, above)):
            return Interval(lo, hi), [*below, above]
    return None, []
