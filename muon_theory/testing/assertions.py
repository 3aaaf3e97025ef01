"""Assertions for the test suites of users: a schedule is certified, or it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from muon_theory.api.certification import CertifyOptions, certify
from muon_theory.subject import Subject
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.api.certification import Certification


def assert_certified(subject: Subject, **options: Unpack[CertifyOptions]) -> Certification:
    """Fail unless the checker proves the schedule sign-safe and ≤ cap on (0, upper], and inside the target band.

    Takes whatever `muon_theory.certify` takes.

    >>> str(assert_certified("15/8,-5/4,3/8", lower="1/10", target=("9/10", 1)).image)
    '[0.995848815519, 1]'
    """
    __tracebackhide__ = True
    result = certify(subject, **options)
    if result.verdict is not Verdict.PROVED:
        failing = [a for a in result.answers if a.required and a.verdict is not Verdict.PROVED]
        raise AssertionError(
            "; ".join(f"{a.verdict.value}: {a.statement} ({a.note})" for a in failing) or result.heading
        )
    return result


def assert_refuted(subject: Subject, **options: Unpack[CertifyOptions]) -> Certification:
    """Fail unless the checker proves that the schedule flips a sign, exceeds the cap or misses the target somewhere."""
    __tracebackhide__ = True
    result = certify(subject, **options)
    if result.verdict is not Verdict.REFUTED:
        raise AssertionError(f"{result.verdict.value}, not refuted: {result.schedule.name}")
    return result
