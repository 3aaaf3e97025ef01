"""Assertions for the test suites of users: a schedule is certified, or it is not."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.finders import Result, certify
from muon_theory.interval import Interval
from muon_theory.number import rational
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

Number = str | int | Fraction


def _certified(
    schedule: Schedule | str, lower: Number, upper: Number, cap: Number, target: tuple[Number, Number] | None
) -> Result:
    subject = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
    band = Interval.of(*target) if target else None
    return certify(subject, rational(lower), rational(upper), rational(cap), band)


def assert_certified(
    schedule: Schedule | str,
    *,
    lower: Number = "1/1000",
    upper: Number = 1,
    cap: Number = "3/2",
    target: tuple[Number, Number] | None = None,
) -> Result:
    """Fail unless the checker proves the schedule sign-safe and ≤ cap on (0, upper], and inside the target band.

    >>> str(assert_certified("15/8,-5/4,3/8", lower="1/10", target=("9/10", 1)).image)
    '[0.995848815519, 1]'
    """
    __tracebackhide__ = True
    result = _certified(schedule, lower, upper, cap, target)
    if result.verdict is not Verdict.PROVED:
        failing = [a for a in result.answers if a.required and a.verdict is not Verdict.PROVED]
        raise AssertionError("; ".join(f"{a.verdict.value}: {a.statement} ({a.note})" for a in failing))
    return result


def assert_refuted(schedule: Schedule | str, *, upper: Number = 1, cap: Number = "3/2") -> Result:
    """Fail unless the checker proves that the schedule flips a sign or exceeds the cap somewhere on (0, upper]."""
    __tracebackhide__ = True
    result = _certified(schedule, rational(upper) / 1000, upper, cap, None)
    if result.verdict is not Verdict.REFUTED:
        raise AssertionError(f"{result.verdict.value}, not refuted: {result.schedule.name}")
    return result
