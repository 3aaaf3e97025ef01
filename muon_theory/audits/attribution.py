"""Whose rows they are: each row of a list, and where the catalogue has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from muon_theory import catalogue
from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding, Severity, row_text
from muon_theory.audits.near import near_miss
from muon_theory.audits.published import Home, row_homes
from muon_theory.polynomial import OddPolynomial


def homes_of(steps: tuple[OddPolynomial, ...]) -> tuple[tuple[Home, ...], ...]:
    """Where the catalogue has each row of a list; () where it has not."""
    return tuple(row_homes().get(f.coefficients, ()) for f in steps)


def main_entry(homes: tuple[tuple[Home, ...], ...]) -> str | None:
    """The entry that most of the rows are of, at their positions; None where it is fewer than two, or half.

    >>> main_entry(homes_of(catalogue.get("you5").steps))
    'you5'
    """
    counts = Counter(entry for t, here in enumerate(homes) for entry, position in here if position == t)
    best, count = next(iter(counts.most_common(1)), ("", 0))
    return best if count >= max(2, (len(homes) + 1) // 2) else None


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
        Severity.WARNING,
        f"row {t + 1} is row {home[1] + 1} of {home[0]}; the others are rows of {main}",
        f"({row_text(case.schedule.steps[t].coefficients)})",
        right,
        row=t,
    )


def _mixed(case: Case) -> tuple[str | None, list[int], tuple[tuple[Home, ...], ...]]:
    """The entry that most rows are of, the rows that are not its own, and the homes of each row."""
    steps = case.schedule.steps
    homes = homes_of(steps)
    main = main_entry(homes)
    if case.entry or case.schedule.constant or main is None:
        return None, [], ()
    if sorted(f.coefficients for f in steps) == sorted(f.coefficients for f in catalogue.entry(main).published()):
        return None, [], ()  # the same rows in another order: `truncated` says so
    last = max(t for t, here in enumerate(homes) if (main, t) in here)
    other = [t for t, here in enumerate(homes) if (main, t) not in here]
    if all(t > last and steps[t] == steps[last] for t in other):
        return None, [], ()  # its last row, repeated
    return main, other, homes


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
        Severity.NOTE,
        f"rows {spans(mine)} are those of {main}; row{'s' * many} {spans(other)} {'are' if many else 'is'} in no "
        "list of the catalogue",
        f"row {other[0] + 1}: ({row_text(case.schedule.steps[other[0]].coefficients)})",
        f"say where row{'s' * many} {spans(other)} come{'s' * (not many)} from",
        row=other[0],
    )


def spans(rows: list[int]) -> str:
    """'1–4, 6' for [0, 1, 2, 3, 5]."""
    out: list[list[int]] = []
    for t in rows:
        if out and t == out[-1][1] + 1:
            out[-1][1] = t
        else:
            out.append([t, t])
    return ", ".join(str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in out)
