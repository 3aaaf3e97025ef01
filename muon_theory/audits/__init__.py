"""Audits: is this list what it claims to be, is it safe as it is used, and what should its user know?

The rules work on a schedule as it runs and on what the catalogue knows; numbers that need a proof come from a
certifier, a function of the caller's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from muon_theory import catalogue
from muon_theory.audits.case import Case, Certified, Certifier, Limits, with_proofs
from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.gate import Gate, excused
from muon_theory.audits.gather import Gathered, gather
from muon_theory.audits.result import Audit, Audits
from muon_theory.audits.rules import RULES, Rule, chosen, rule
from muon_theory.audits.subjects import Audited, Overrides, format_of, of_found, of_schedule
from muon_theory.catalogue import Entry
from muon_theory.precision.upper import margin
from muon_theory.schedule import Schedule

__all__ = [
    "RULES",
    "Audit",
    "Audited",
    "Audits",
    "Case",
    "Certified",
    "Certifier",
    "Finding",
    "Gate",
    "Gathered",
    "Limits",
    "Overrides",
    "Rule",
    "Severity",
    "audit",
    "audit_all",
    "audit_each",
    "format_of",
    "gather",
    "margin",
    "of_found",
    "of_schedule",
    "rule",
    "with_proofs",
]


def audit(
    subject: Audited | Schedule | Entry | str,
    limits: Limits | None = None,
    certify: Certifier | None = with_proofs,
    gate: Gate | None = None,
    says: Overrides | None = None,
) -> Audit:
    """Run the rules on one subject.

    Parameters
    ----------
    subject
        What `of_found` or `of_schedule` gives; or a schedule, a catalogue entry, or the name of one.
    limits
        The least singular value that matters, the largest acceptable output, a band for the image.
    certify
        (schedule, lower, upper, cap) ↦ what is certified of it.  With None the rules that need a bracket of the safe
        σ_max are silent, and the others rest on exact evaluation at the points of a grid.
    gate
        Which rules run.
    says
        What the caller says of the normalisation, the number format and the steps.

    >>> [f.message for f in audit(Schedule.parse("3.4445,-4.7750,2.3015")).findings][0]
    'row 1 is row 1 of jordan with two digits swapped'
    """
    limits, gate, says = limits or Limits(), gate or Gate(), says or Overrides()
    if isinstance(subject, str):
        subject = catalogue.entry(subject)
    if isinstance(subject, Entry) and not subject.certifiable:
        reason = f"related, not certifiable: {subject.not_certifiable}"
        return Audit(subject.id, None, (Finding(Severity.NOTE, reason, rule="not-certifiable"),), limits)
    if isinstance(subject, Entry):
        subject = subject.schedule()
    if isinstance(subject, Schedule):
        subject = of_schedule(subject, says)
    case = Case.of(subject, limits, certify)
    rules = chosen(gate.select, gate.ignore)
    findings = tuple(_placed(replace(f, rule=r.id), subject) for r in rules for f in r.find(case))
    return Audit(subject.name, subject, findings, limits, case.certified)


def _placed(finding: Finding, subject: Audited) -> Finding:
    """The finding with its own place, that of its row, or that of the list."""
    if finding.line is not None:
        return replace(finding, path=subject.path)
    if finding.row is not None and finding.row < len(subject.places):
        path, line = subject.places[finding.row]
        return replace(finding, path=path, line=line)
    return replace(finding, path=subject.path, line=subject.line)


def audit_each(
    subjects: Iterable[Audited | Schedule | Entry],
    limits: Limits | None = None,
    certify: Certifier | None = with_proofs,
    gate: Gate | None = None,
    says: Overrides | None = None,
    gathered: Gathered | None = None,
) -> Audits:
    """Audit several subjects, and leave out the findings that their sources or a baseline excuse."""
    gate = gate or Gate()
    texts = {path: text.split("\n") for path, text in (gathered.texts if gathered else {}).items()}
    found: list[Audit] = []
    hidden = 0
    for subject in subjects:
        one = audit(subject, limits, certify, gate, says)
        kept = tuple(
            f for f in one.findings if one.fingerprint(f) not in gate.known and not excused(f, _lines(f, one), texts)
        )
        hidden += len(one.findings) - len(kept)
        found.append(replace(one, findings=kept))
    refused = tuple(gathered.refused) if gathered and "not-followed" not in gate.ignore else ()
    if gate.select and not {"all", "not-followed"} & set(gate.select):
        refused = ()
    return Audits(tuple(found), refused, gate, hidden, gathered.tests if gathered else 0)


def _lines(finding: Finding, one: Audit) -> Sequence[int]:
    lines = [finding.line, one.subject.line if one.subject else None]
    return [n for n in lines if n is not None]


def audit_all(
    certify: Certifier | None = with_proofs, limits: Limits | None = None, gate: Gate | None = None
) -> Audits:
    """Audit the whole catalogue, related entries included."""
    gate = gate or Gate()
    every = [*catalogue.entries(), *catalogue.related()]
    return Audits(tuple(audit(e, limits, certify, gate) for e in every), (), gate)
