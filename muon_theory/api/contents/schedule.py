"""The report on one schedule: is it safe, what does it do, step by step, in the long run, in a format, near the best?

Content only; `reports` draws it.  Every number comes from a certificate, but for what a section calls derived, modelled
or a drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from muon_theory.answer import Answer
from muon_theory.api.certification import Certification
from muon_theory.api.contents.sections import (
    audited,
    behaviour,
    entry_of,
    formats,
    long_run,
    optimum,
    safety,
    said,
    step_by_step,
)
from muon_theory.claims import AnyClaim, Attains, MapsInto, SignSafe, Slope
from muon_theory.claims.words import about
from muon_theory.claims.words import exact as shortest
from muon_theory.designs.greedy import reach
from muon_theory.designs.products import cost
from muon_theory.document import Report, Section
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

SAFETY = (SignSafe, Slope)


def schedule_report(found: Certification, command: str) -> Report:
    """What `certify` found of a schedule, and what belongs beside it."""
    schedule, result = found.schedule, found.exact
    tight = [a for a in found.answers if isinstance(a.claim, MapsInto | Attains) and not a.required and not _safe(a)]
    safe = [a for a in found.answers if a.required or isinstance(a.claim, SAFETY) or _safe(a)]
    rest = [a for a in found.answers if a not in safe and a not in tight]
    sections = [
        safety(found, safe),
        behaviour(found, tight),
        step_by_step(found),
        *([long_run(schedule, rest, result.interval)] if schedule.constant else []),
        formats(found),
        *optimum(schedule, result.interval, result.image),
        audited(schedule),
    ]
    entry = entry_of(schedule)
    return Report(
        title=f"{schedule.name}: {found.heading}",
        subtitle=entry.title if entry else f"{len(schedule.steps)} steps, digest {schedule.digest[:16]}",
        introduction=(
            f"φ is the composition of {_count(schedule)}, applied to the singular values of a normalised matrix. What "
            "is certified was handed to an independent checker, with exact arithmetic and one rule; its certificates "
            "lie beside this report. Printed bounds are rounded outward.",
        ),
        sections=tuple(_numbered(sections)),
        command=command,
        findings=tuple(_findings(found)),
        references=entry.sources if entry else schedule.sources,
    )


def _numbered(sections: Iterable[Section]) -> Iterator[Section]:
    from dataclasses import replace

    for n, section in enumerate(sections, 1):
        yield replace(section, id=str(n))


def _count(schedule: Schedule) -> str:
    f, many = schedule.steps[0], len(schedule.steps)
    if schedule.constant:
        return f"one odd polynomial with itself, {many} times: $f(x) = {f}$"
    degrees = sorted({step.degree for step in schedule.steps})
    return f"{many} odd polynomials of degree {' and '.join(map(str, degrees))}"


def _safe(answer: Answer[AnyClaim]) -> bool:
    """Is it about all of (0, u], or about the end of the safe inputs?"""
    return isinstance(answer.claim, MapsInto) and (answer.claim.start.lo == 0 or answer.claim.target.lo == 0)


def _findings(found: Certification) -> Iterator[str]:
    result = found.exact
    l, u = shortest(result.interval.lo), shortest(result.interval.hi)
    yield said([a for a in found.answers if a.required])
    if (safe := result.safe_sigma_max) is not None:
        yield (
            f"Inputs up to σ_(max) = {decimal(safe.lo, 12, -1)} are safe: every step positive, the output at most "
            f"{shortest(result.cap)}. At {decimal(safe.hi, 12, +1)} they are not."
        )
    if result.image is not None:
        yield (
            f"Every singular value from {l} on ends within {decimal(reach(result.image), 6, +1)} of 1: "
            f"φ([{l}, {u}]) ⊆ {result.image}."
        )
    yield f"Small ones grow by φ'(0), which is {about(result.slope)}, in {cost(found.schedule)} matrix products."
