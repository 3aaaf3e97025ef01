"""Whose rows they are: each row of a list, and where the catalogue has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from muon_theory import catalogue
from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.near import near_miss
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial


@dataclass(frozen=True, slots=True)
class Attribution:
    """Each row (from 0) of a list, and where the catalogue has it: (entry, position); None where it has not."""

    rows: tuple[tuple[tuple[str, int], ...], ...]

    @property
    def main(self) -> str | None:
        """The entry that most of the rows are of, at their positions; None where it is fewer than two, or half."""
        counts: dict[str, int] = {}
        for t, homes in enumerate(self.rows):
            for entry, position in homes:
                counts[entry] = counts.get(entry, 0) + (position == t)
        best = max(counts, key=lambda e: counts[e], default=None)
        return best if best and counts[best] >= max(2, (len(self.rows) + 1) // 2) else None


@cache
def _homes() -> dict[tuple[Fraction, ...], tuple[tuple[str, int], ...]]:
    found: dict[tuple[Fraction, ...], tuple[tuple[str, int], ...]] = {}
    for e in catalogue.entries():
        if e.misprint_of:
            continue
        for rows in {e.published(), e.schedule(e.length).steps}:
            for t, f in enumerate(rows):
                found[f.coefficients] = (*found.get(f.coefficients, ()), (e.id, t))
    return found


def known_row(row: tuple[Fraction, ...]) -> bool:
    """Does some entry publish or run this row?"""
    return OddPolynomial(row).coefficients in _homes()


def attribution(steps: tuple[OddPolynomial, ...]) -> Attribution:
    """Where the catalogue has each row of a list.

    >>> attribution(catalogue.get("you5").steps).main
    'you5'
    """
    return Attribution(tuple(_homes().get(f.coefficients, ()) for f in steps))


def foreign_row(case: Case) -> Iterator[Finding]:
    """All rows but one are those of one published list, and that one is a row of another."""
    main, other, homes = _mixed(case)
    if main is None or len(other) != 1:
        return
    t = other[0]
    home = next((h for h in homes[t] if h[0] != main), None)
    if home is None:
        return
    rows = catalogue.entry(main).rows
    right = f"if {main} is meant, write {', '.join(rows[t])}" if t < len(rows) else f"remove row {t + 1}"
    yield Finding(
        "foreign-row",
        Severity.WARNING,
        f"row {t + 1} is row {home[1] + 1} of {home[0]}; the others are rows of {main}",
        f"({row_text(case.schedule.steps[t])})",
        right,
        row=t,
    )


def _mixed(case: Case) -> tuple[str | None, list[int], tuple[tuple[tuple[str, int], ...], ...]]:
    """The entry that most rows are of, the rows that are not its own, and the homes of each row."""
    steps = case.schedule.steps
    found = attribution(steps)
    main = found.main
    if case.entry or case.schedule.constant or main is None:
        return None, [], ()
    if sorted(f.coefficients for f in steps) == sorted(f.coefficients for f in catalogue.entry(main).published()):
        return None, [], ()  # the same rows in another order: `truncated` says so
    last = max(t for t, homes in enumerate(found.rows) if (main, t) in homes)
    other = [t for t, homes in enumerate(found.rows) if (main, t) not in homes]
    if all(t > last and steps[t] == steps[last] for t in other):
        return None, [], ()  # its last row, repeated
    return main, other, found.rows


def attributed(case: Case) -> Iterator[Finding]:
    """Most rows are those of a published list and the others are in none: the list is neither that one nor new."""
    main, other, homes = _mixed(case)
    if main is None or any(homes[t] for t in other):
        return
    if any(near_miss(case.schedule.steps[t].coefficients, t, len(homes)) for t in other):
        return  # `near-miss` says more
    mine = [t for t in range(len(homes)) if t not in other]
    many = len(other) > 1
    yield Finding(
        "attribution",
        Severity.NOTE,
        f"rows {spans(mine)} are those of {main}; row{'s' * many} {spans(other)} {'are' if many else 'is'} in no "
        "list of the catalogue",
        f"row {other[0] + 1}: ({row_text(case.schedule.steps[other[0]])})",
        f"say where row{'s' * many} {spans(other)} come{'s' * (not many)} from",
        row=other[0],
    )


def row_text(step: OddPolynomial) -> str:
    """The coefficients, for a message."""
    return ", ".join(decimal(c, 17) for c in step.coefficients)


def spans(rows: list[int]) -> str:
    """'1–4, 6' for [0, 1, 2, 3, 5]."""
    out: list[list[int]] = []
    for t in rows:
        if out and t == out[-1][1] + 1:
            out[-1][1] = t
        else:
            out.append([t, t])
    return ", ".join(str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in out)
