"""Rules about the loop: does it run the list that was written, all of it, once, with each number where it belongs?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding, Severity, row_text
from muon_theory.audits.orbit import orbit
from muon_theory.audits.published import known_rows, published_lists
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

FACTORS = tuple(Fraction(100 + k, 100) for k in (1, 2, 5, 10))
"""Safety factors that published lists are divided by."""

_CLOSE = Fraction(1, 10**4)


def cycle(case: Case) -> Iterator[Finding]:
    """More steps are asked for than the list has rows, and its first row runs again, on a matrix that is done."""
    extended = case.subject.found.extended if case.subject.found else None
    if extended and extended[0] == "cycle" and not case.schedule.constant:
        _, asked, rows = extended
        before = orbit(_first(case, rows), Fraction(1)).end
        after = orbit(_first(case, rows + 1), Fraction(1)).end
        yield Finding(
            Severity.WARNING,
            f"{asked} steps of {rows} rows: after the last row the first one runs again",
            f"σ = 1 is at {decimal(before.midpoint, 6)} after {rows} steps and at {decimal(after.midpoint, 6)} after "
            f"{rows + 1}",
            f"ask for {rows} steps, or repeat the last row",
        )


def _first(case: Case, count: int) -> Schedule:
    return replace(case.schedule, steps=case.schedule.steps[:count])


def fewer(case: Case) -> Iterator[Finding]:
    """More steps are asked for than the list has rows, and the loop ends with the list, without a word."""
    short = case.subject.found.short if case.subject.found else None
    if short and short[1] == len(case.schedule.steps) and short[0] > short[1]:
        yield Finding(
            Severity.WARNING,
            f"{short[0]} steps are asked for, the list has {short[1]} rows, and {short[1]} steps run",
            f"len(rows) = {short[1]}",
            f"ask for {short[1]} steps, or raise an error where more are asked for",
        )


def repeated(case: Case) -> Iterator[Finding]:
    """Two neighbouring rows are the same, though the list is no repetition: one of them may be a slip of the editor."""
    steps = case.schedule.steps
    if case.schedule.constant or _published(case):
        return
    last = len(steps) - 1
    while last and steps[last] == steps[last - 1]:
        last -= 1  # a repeated last row is an extension
    first = 0
    while steps[first] == steps[first + 1]:
        first += 1  # as is a list that begins with one row many times
    places = case.subject.places or tuple(("", t) for t in range(len(steps)))
    for t in range(first + 1, last):
        if steps[t] == steps[t + 1] and places[t] != places[t + 1]:
            yield Finding(
                Severity.WARNING,
                f"row {t + 2} is row {t + 1} again, between rows that differ",
                f"({row_text(steps[t].coefficients)}) twice",
                "remove one of them, unless both are meant",
                row=t + 1,
            )


def _published(case: Case) -> bool:
    return any(rows[: len(case.schedule.steps)] == case.schedule.steps for _, rows in published_lists())


def partial_safety(case: Case) -> Iterator[Finding]:
    """A safety factor s is divided out of a published row (a/s, b/s³, c/s⁵), but not out of every coefficient."""
    for t, step in enumerate(case.schedule.steps):
        row = step.coefficients
        for known in known_rows():
            if len(known.row) != len(row) or len(row) < 2 or row == known.row:
                continue
            if found := _forgotten(row, known.row):
                factor, which = found
                letter = "abcdefghi"[which]
                power = 2 * which + 1
                right = known.row[which] / factor**power
                yield Finding(
                    Severity.ERROR,
                    f"row {t + 1} is row {known.position + 1} of {known.entry} with {decimal(factor, 6)} divided out "
                    f"of every coefficient but {letter}",
                    f"{letter} = {decimal(row[which], 17)}, and {known.texts[which]}/{decimal(factor, 6)}^{power} = "
                    f"{decimal(right, 12)}",
                    f"write {letter}/s**{power} for {letter}" if power > 1 else "write a/s for a",
                    row=t,
                )
                break


def _forgotten(row: tuple[Fraction, ...], known: tuple[Fraction, ...]) -> tuple[Fraction, int] | None:
    """(s, i): every coefficient is the known one over s^(2k+1), but the i-th is the known one itself."""
    same = [i for i, (p, q) in enumerate(zip(row, known, strict=True)) if p == q]
    if len(same) != 1 or 0 in row or 0 in known:
        return None
    which = same[0]
    candidates = FACTORS if which == 0 else (known[0] / row[0],)
    for s in candidates:
        if not 1 + 10 * _CLOSE < s < Fraction(3, 2):
            continue  # another rounding
        others = [i for i in range(len(row)) if i != which]
        if all(abs(row[i] * s ** (2 * i + 1) / known[i] - 1) < _CLOSE for i in others):
            return s, which
    return None
