"""The report on a family: its thresholds, each with what is certified and what is derived of it."""

from __future__ import annotations

from muon_theory.api.maps import thresholds
from muon_theory.document import Badge, Proof, Report, Section
from muon_theory.family import Family, recognised
from muon_theory.verification import verify


def family_report(family: Family) -> Report:
    """Where a family's behaviour changes: its thresholds, each with what is certified and what is derived of it."""
    found, letter = thresholds(family), recognised(family)[0].parameters[0]
    sections = []
    for n, entry in enumerate(found, 1):
        kind, value, _, said = entry.row
        made = tuple(Proof(f"{n}-{i}-{c.claim.type}.json", c, verify(c)) for i, c in enumerate(entry.certificates, 1))
        known = made and all(p.verification.proved for p in made)
        sections.append(
            Section(str(n), kind.replace("-", " ").capitalize(), "", "\n\n".join(said.split("\n")),
                    Badge.PROVED if known else Badge.DERIVED, f"{letter} = {value}." if entry.value else f"{value}.",
                    proofs=made)
        )  # fmt: skip
    return Report(
        f"Thresholds of the family {family.name}",
        "In its first parameter, as algebraic numbers",
        ("What is certified was handed to an independent checker. Polynomials and multiplicities are derived.",),
        tuple(sections),
        f'muon-theory report --family "{family.name}"',
    )
