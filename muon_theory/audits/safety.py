"""Rules about the map: what it does to the singular values that its normalisation and its format admit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from muon_theory.audits.case import SMALL, Case
from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.orbit import ESCAPED, Orbit, first_unsafe, grid, orbit
from muon_theory.audits.subjects import format_of
from muon_theory.claims.words import about
from muon_theory.number import Reading, decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.upper import margin
from muon_theory.verification import Verdict


def sign_unsafe(case: Case) -> Iterator[Finding]:
    """Some admissible input becomes negative in some step: its singular direction is pushed the wrong way."""
    found = case.unsafe
    if found and found.flips:
        yield Finding(
            Severity.ERROR,
            f"step {len(found.values)} makes some inputs from (0, {decimal(case.bound, 6, +1)}] negative",
            found.story(),
            _remedy(case),
        )


def above_cap(case: Case) -> Iterator[Finding]:
    """Some admissible input ends above the cap, or grows without bound."""
    found = case.unsafe
    if found and not found.flips:
        far = f"are beyond {ESCAPED} after step {len(found.values)}"
        where = f"end above {case.limits.cap}" if found.complete else far
        yield Finding(
            Severity.ERROR,
            f"some inputs from (0, {decimal(case.bound, 6, +1)}] {where}",
            found.story(),
            _remedy(case),
        )


def _remedy(case: Case) -> str:
    if case.safe and case.safe.lo > 0:
        return f"keep inputs ≤ {decimal(case.safe.lo, 6, -1)}: divide by a larger norm or fold a safety factor in"
    return "use another schedule, such as polar_express_101"


def outside_target(case: Case) -> Iterator[Finding]:
    """Some input from [lower, 1] ends outside the band that was asked for."""
    if case.limits.target is None:
        return
    for x in (case.limits.lower, *(x for x in grid(case.bound) if x >= case.limits.lower)):
        o = orbit(case.schedule, x)
        if o.complete and (o.end.hi < case.limits.target.lo or o.end.lo > case.limits.target.hi):
            yield Finding(
                Severity.ERROR,
                f"some inputs from [{decimal(case.limits.lower, 6)}, {decimal(case.bound, 6, +1)}] end outside "
                f"[{decimal(case.limits.target.lo, 6)}, {decimal(case.limits.target.hi, 6)}]",
                o.story(),
                "more steps, a steeper schedule, or a wider target",
            )
            return
    image = case.certified.image if case.certified else None
    if image and not (case.limits.target.lo <= image.lo and image.hi <= case.limits.target.hi):
        yield Finding(
            Severity.WARNING,
            f"the image {image} is not inside the target",
            None,
            "more steps, a steeper schedule, or a wider target",
        )


def not_proved(case: Case) -> Iterator[Finding]:
    """The certifier does not prove safety, and no point of the grid explains why."""
    verdict = Verdict.UNDECIDED if case.open_question else case.certified.verdict if case.certified else None
    if case.unsafe or case.unsafe_rounded or verdict in (None, Verdict.PROVED):
        return
    refuted = verdict is Verdict.REFUTED
    yield Finding(
        Severity.ERROR if refuted else Severity.WARNING,
        f"safety on (0, {decimal(case.upper, 6, +1)}] is {verdict.value}",
        case.open_question or (f"safe σ_max in {case.safe}" if case.safe else None),
        _remedy(case) if refuted else "certify with more digits, or a smaller upper end",
    )


def normalisation(case: Case) -> Iterator[Finding]:
    """The normalisation admits inputs that the schedule is not safe for, or promises nothing."""
    bound, words = case.subject.bound, case.schedule.normalisation.name
    if bound is None:
        yield Finding(
            Severity.NOTE,
            f"the normalisation {words!r} guarantees no bound of σ₁; the audit takes σ₁ ≤ 1",
            f"safe σ_max in {case.safe}" if case.safe else None,
            "divide by the Frobenius norm, or bound the estimate's error",
        )
        return
    if case.safe and case.safe.hi < bound:
        factor = decimal(bound / case.safe.lo, 4, +1) if case.safe.lo > 0 else None
        yield Finding(
            Severity.ERROR,
            f"{words} normalisation lets σ₁ reach {decimal(bound, 6, -1)}, but the schedule is safe to less",
            f"safe σ_max ≤ {decimal(case.safe.hi, 6, +1)}",
            f"divide by a norm {factor} times larger" if factor else "use another schedule",
        )


def no_margin(case: Case) -> Iterator[Finding]:
    """In low precision a normalised matrix comes out slightly too large, and the schedule has no room for it."""
    if case.unsafe or case.subject.bound is None:
        return
    name = case.format.name if case.format else "bf16"
    witness, certain = None, True
    if case.unsafe_rounded:
        witness = case.unsafe_rounded.story()
    elif case.format and case.safe and case.safe.hi >= case.bound and case.safe.lo < case.upper:
        witness, certain = f"safe σ_max in {case.safe}", case.safe.hi < case.upper
    if witness:
        reach = decimal(case.bound * (1 + margin(case.format or format_of(name))), 7, +1)
        yield Finding(
            Severity.WARNING if certain and not case.unused else Severity.NOTE,
            f"in {name} a normalised input may reach {reach}, and the schedule is "
            + ("not safe there" if certain else "not known to be safe so far"),
            witness,
            "multiply the norm by 1.01, or fold that factor into all rows but the last",
        )


def small_values(case: Case) -> Iterator[Finding]:
    """A singular value of 1/1000 ends below 1/2: its direction is nearly dropped from the update."""
    if "steps" in case.subject.assumed and case.schedule.constant:
        return  # how far it comes depends on a number of steps that is not known
    o = orbit(case.schedule, SMALL)
    if o.complete and o.end.lo > 0 and o.end.hi < Fraction(1, 2):
        yield Finding(
            Severity.NOTE,
            f"σ = {SMALL} ends at ≈ {decimal(o.end.midpoint, 6)}; φ'(0) is {about(case.schedule.slope, 6)}",
            o.story(),
            "more steps, or a steeper schedule such as polar_express_101, if small singular values matter",
        )


def reading(case: Case) -> Iterator[Finding]:
    """Rounding the coefficients to the working format makes a safe schedule unsafe."""
    to = case.coefficient_reading
    composed = case.entry is not None and bool(case.entry.evaluation)  # no code holds the coefficients of these
    if case.unsafe or case.unsafe_rounded or composed or case.schedule.reading is not Reading.DECIMAL:
        return
    steps = tuple(OddPolynomial(tuple(map(to.round, f.coefficients))) for f in case.schedule.steps)
    rounded = replace(case.schedule, steps=steps, reading=to)
    witness: Orbit | None = first_unsafe(rounded, case.upper, case.limits.cap)
    worse = case.certify is not None and case.certified is not None and case.certified.verdict is Verdict.PROVED
    verdict = (
        case.certify(rounded, case.limits.lower, case.upper, case.limits.cap).verdict
        if worse and case.certify and not witness
        else None
    )
    if witness or verdict not in (None, Verdict.PROVED):
        yield Finding(
            Severity.WARNING,
            f"with its coefficients rounded to {to.value} the schedule is no longer safe",
            witness.story() if witness else f"verdict {verdict.value if verdict else 'unknown'} after rounding",
            "hold the coefficients in fp32 (a Python number times a 16-bit tensor does), not in the tensor's format",
        )
