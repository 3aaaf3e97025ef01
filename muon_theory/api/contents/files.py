"""The report on files of source code: what an audit of the schedules in them finds."""

from __future__ import annotations

from muon_theory.api.audits import audit
from muon_theory.audits import Severity
from muon_theory.document import Badge, Report, Section, Table
from muon_theory.number import decimal


def audit_report(path: str) -> Report:
    """What an audit of files found: a section for each schedule, and one for what could not be followed."""
    found = audit(path)
    sections = []
    for n, one in enumerate(found, 1):
        subject = one.subject
        grave = [f for f in one.findings if f.severity in (Severity.ERROR, Severity.WARNING)]
        rows = tuple(f.cells for f in one.findings)
        facts = (
            ("where", f"`{subject.path}:{subject.line}`" if subject else "—"),
            ("steps", str(len(subject.schedule.steps) if subject else 0)),
            ("safe σ_(max)", one.safe_sigma_max or "none"),
            ("band", one.image_text),
            ("slope", decimal(subject.schedule.slope) if subject else "—"),
            ("assumed", ", ".join(one.assumed.values()) or "nothing"),
        )
        tables = (
            Table("", ("", ""), facts),
            *([Table("", ("", "rule", "finding", "witness and remedy"), rows)] if rows else []),
        )
        said = "; ".join(f.message for f in grave) or "Nothing to mend."
        sections.append(
            Section(str(n), one.name, "", "", Badge.FINDINGS if grave else Badge.CLEAN, said, tables=tables)
        )
    if found.refused:
        places = tuple((f"`{r.path}:{r.line}`", r.why) for r in found.refused)
        sections.append(
            Section(str(len(sections) + 1), "What could not be followed", "", "", Badge.OPEN,
                    f"{len(places)} places are named here, so that nothing is passed over in silence.",
                    tables=(Table("", ("where", "why"), places),))
        )  # fmt: skip
    mend = sum(s.badge is Badge.FINDINGS for s in sections)
    return Report(
        f"Audit of {path}",
        "Every schedule of Newton–Schulz coefficients in it, as the loops there run it",
        ("Bands and safe σ_(max) are certified, rounded outward; the findings name a witness and a remedy.",),
        tuple(sections),
        f"muon-theory report {path}",
        findings=(f"{len(found.subjects)} schedules, {mend} of them with something to mend.",),
    )
