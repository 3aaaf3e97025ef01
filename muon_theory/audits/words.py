"""Rules about what is said: names, keys and comments that stand beside a list, compared with what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from muon_theory import catalogue
from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.near import near_miss
from muon_theory.audits.orbit import grid, orbit
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial

FAMILIES = {
    r"polar[ _-]?express": ("Polar Express", ("polar_express", "dao_polar", "nvidia_polar", "modded_polar",
                                              "timm_polar", "polora", "degree17")),
    r"\bcans\b|chebyshev": ("CANS", ("cans", "nvidia_cans")),
    r"\bdeepseek": ("DeepSeek-V4", ("deepseekv4", "jordan", "stable_quintic")),
    r"\bjordan\b|\bkeller\b": ("Keller Jordan", ("jordan",)),
    r"\bqwen": ("Qwen", ("qwen",)),
}  # fmt: skip
"""What a name or a key may promise, and the entries that keep the promise."""

_CLAIM = re.compile(
    r"(?:singular values?|range|band|image|interval|maps?|into|within|between|converge\w*)[^\[(\n]{0,40}[\[(]\s*"
    r"(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*[\])]",
    re.I,
)
_FIXES_ONE = re.compile(r"\b[fpφ]\(1(?:\.0*)?\)\s*={1,2}\s*1\b")
_COUNT = re.compile(r"\bnum_(?:iters|steps)\s*=\s*(\d+)")
_NOT = re.compile(r"\bnot?\b|n't|\bnever\b|\bfails?\b", re.I)


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
        f"({_row(case.schedule.steps[t])})",
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
        f"rows {_spans(mine)} are those of {main}; row{'s' * many} {_spans(other)} {'are' if many else 'is'} in no "
        "list of the catalogue",
        f"row {other[0] + 1}: ({_row(case.schedule.steps[other[0]])})",
        f"say where row{'s' * many} {_spans(other)} come{'s' * (not many)} from",
        row=other[0],
    )


def _row(step: OddPolynomial) -> str:
    return ", ".join(decimal(c, 17) for c in step.coefficients)


def _spans(rows: list[int]) -> str:
    """'1–4, 6' for [0, 1, 2, 3, 5]."""
    out: list[list[int]] = []
    for t in rows:
        if out and t == out[-1][1] + 1:
            out[-1][1] = t
        else:
            out.append([t, t])
    return ", ".join(str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in out)


def contradiction(case: Case) -> Iterator[Finding]:
    """A name, a key or a comment beside the list says of it what is not so."""
    yield from _named_otherwise(case)
    yield from _false_bound(case)
    steps = case.schedule.steps
    for line in case.subject.comments:
        if _FIXES_ONE.search(line) and not _NOT.search(line):
            wrong = next((t for t, f in enumerate(steps) if sum(f.coefficients) != 1), None)
            if wrong is not None:
                value = decimal(sum(steps[wrong].coefficients, Fraction(0)), 12)
                yield Finding(
                    "contradiction",
                    Severity.WARNING,
                    f"{line.strip()[:60]!r} is said beside the list, but row {wrong + 1} takes 1 to {value}",
                    f"f_{wrong + 1}(1) = {value}",
                    "correct the comment, or the row",
                    row=wrong,
                )
        rows = len(case.subject.found.rows) if case.subject.found else 0
        count = _COUNT.search(line)
        if count and case.subject.found and case.subject.found.kind == "table" and int(count[1]) != rows > 1:
            yield Finding(
                "contradiction",
                Severity.WARNING,
                f"{count[0]!r} is said beside a list of {rows} rows",
                f"len(rows) = {rows}",
                "correct the comment, or the list",
            )


def _named_otherwise(case: Case) -> Iterator[Finding]:
    homes = {entry for row in attribution(case.schedule.steps).rows for entry, _ in row}
    exact = all(attribution(case.schedule.steps).rows)
    if not homes or not exact:
        return
    name = " ".join(case.subject.names)
    for pattern, (title, keeps) in FAMILIES.items():
        match = re.search(pattern, name, re.I)
        if match and not any(entry.startswith(k) for entry in homes for k in keeps):
            others = ", ".join(sorted(homes)[:3])
            yield Finding(
                "contradiction",
                Severity.WARNING,
                f"the name {match[0]!r} stands over the rows of {others}, which are not of {title}",
                f"row 1: ({_row(case.schedule.steps[0])})",
                f"name the list {others.split(',')[0]}, or take the rows of the list that is named",
                row=0,
            )


def _false_bound(case: Case) -> Iterator[Finding]:
    """An upper end that some input from (0, 1] exceeds."""
    for line in case.subject.comments:
        claim = _CLAIM.search(line)
        if not claim or _NOT.search(line):
            continue
        said = Fraction(claim[2])
        if not Fraction(1) <= said <= 3 or Fraction(claim[1]) >= said:
            continue
        beyond = [o for x in grid(case.bound) if (o := orbit(case.schedule, x)).complete and o.end.lo > said]
        if beyond:
            worst = max(beyond, key=lambda o: o.end.lo)
            yield Finding(
                "contradiction",
                Severity.NOTE,
                f"{claim[0]!r} is said beside the list, but some inputs end above {claim[2]}",
                worst.story(),
                f"write an upper end of at least {decimal(worst.end.hi, 6, +1)}",
            )
