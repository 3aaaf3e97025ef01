"""Audits: is this list what it claims to be, is it safe as it is used, and what should its user know?

The rules work on a schedule and on what the catalogue knows; numbers that need a proof come from a certifier, a
function of the caller's choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from muon_theory import catalogue
from muon_theory.audits.case import Case, Certified, Certifier, format_of, with_proofs
from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.rules import RULES
from muon_theory.catalogue import Entry
from muon_theory.display import Lines, Page, Shown
from muon_theory.number import decimal
from muon_theory.precision.upper import margin
from muon_theory.schedule import Schedule

__all__ = [
    "RULES",
    "Audit",
    "Audits",
    "Case",
    "Certified",
    "Certifier",
    "Finding",
    "Severity",
    "audit",
    "audit_all",
    "format_of",
    "margin",
    "with_proofs",
]

CAP = Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class Audit:
    """The findings about one subject, with the numbers that stand beside them."""

    name: str
    findings: tuple[Finding, ...]
    slope: Fraction | None = None
    certified: Certified | None = None

    @property
    def worst(self) -> Severity | None:
        """The gravest severity found."""
        return next((s for s in Severity if any(f.severity is s for f in self.findings)), None)

    def lines(self) -> list[str]:
        """For people: the numbers, and each finding with its witness and its fix."""
        data = self.to_json()
        image = f"[{data['image'][0]}, {data['image'][1]}]" if data["image"] else "none"
        said = [f"{self.name}: safe σ_max {data['safe_sigma_max'] or 'none'}, band {image}, slope {data['slope']}"]
        for f in self.findings:
            said.append(f"  {f.severity.value:8} {f.rule}: {f.message}")
            said += [f"           {key}: {text}" for key, text in (("witness", f.witness), ("fix", f.fix)) if text]
        return said if self.findings else [*said, "  nothing to report"]

    def to_json(self) -> dict[str, Any]:
        """The machine form; `safe_sigma_max` and the image are rounded so that they stay bounds."""
        image = self.certified.image if self.certified else None
        safe = self.certified.safe_sigma_max if self.certified else None
        return {
            "name": self.name,
            "safe_sigma_max": decimal(safe.lo, toward=-1) if safe else None,
            "image": [decimal(image.lo, toward=-1), decimal(image.hi, toward=+1)] if image else None,
            "slope": None if self.slope is None else decimal(self.slope),
            "findings": [f.to_json() for f in self.findings],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Audits(Shown):
    """The audits of several subjects."""

    subjects: tuple[Audit, ...]

    @property
    def verdict(self) -> Severity:
        """The gravest severity found; CLEAN where there is nothing to report."""
        return next((s for s in Severity if any(a.worst is s for a in self.subjects)), Severity.CLEAN)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for a in self.subjects for f in a.findings)

    @property
    def exit_status(self) -> int:
        return int(self.verdict is Severity.ERROR)

    def __iter__(self) -> Iterator[Audit]:
        return iter(self.subjects)

    def to_json(self) -> dict[str, Any]:
        return {"subjects": [a.to_json() for a in self.subjects]}

    def page(self) -> Page:
        every = tuple(Lines(tuple(a.lines())) for a in self.subjects)
        return Page("", every)


def audit(
    subject: Schedule | Entry | str,
    dtype: str | None = None,
    cap: Fraction = CAP,
    certify: Certifier | None = with_proofs,
    file: str | None = None,
    line: int | None = None,
) -> Audit:
    """Run every rule.

    Parameters
    ----------
    subject
        A schedule, a catalogue entry, or the name of one.  A schedule that `catalogue.get` made is judged with what is
        known of its entry.
    dtype
        The number format it runs in, such as 'bfloat16'; the entry's own unless said.  It widens the input range by
        its `margin`.
    cap
        The largest acceptable output.
    certify
        (schedule, upper, cap) ↦ what is certified of it.  With None the rules that need a bracket of the safe σ_max
        are silent, and the others rest on exact evaluation at the points of a grid.
    file, line
        Where the schedule was read, for the findings.

    >>> [f.message for f in audit(Schedule.parse("3.4445,-4.7750,2.3015")).findings][0]
    'row 1 is row 1 of jordan with two digits swapped'
    """
    if isinstance(subject, str):
        subject = catalogue.entry(subject)
    if isinstance(subject, Entry) and not subject.certifiable:
        reason = f"related, not certifiable: {subject.not_certifiable}"
        return Audit(subject.id, (Finding("not-certifiable", Severity.NOTE, reason),))
    schedule = subject.schedule() if isinstance(subject, Entry) else subject
    entry = next((e for e in catalogue.entries() if (e.id, e.sources) == (schedule.name, schedule.sources)), None)
    case = Case.of(schedule, entry, dtype, cap, certify)
    findings = [finding for rule in RULES.values() for finding in rule(case)]
    placed = tuple(replace(f, file=file, line=line) for f in findings)
    return Audit(schedule.name, placed, schedule.slope, case.certified)


def audit_all(certify: Certifier | None = with_proofs, cap: Fraction = CAP) -> list[Audit]:
    """Audit the whole catalogue, related entries included."""
    return [audit(e, cap=cap, certify=certify) for e in [*catalogue.entries(), *catalogue.related()]]
