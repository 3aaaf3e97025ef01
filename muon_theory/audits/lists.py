"""Rules about the list: is it what it seems to be, is it whole, is it another list under a new name?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

from muon_theory import catalogue
from muon_theory.audits.case import SMALL, Case
from muon_theory.audits.finding import Finding, Severity, row_text
from muon_theory.audits.near import NearMiss, Slip, near_miss
from muon_theory.audits.orbit import orbit
from muon_theory.audits.published import published_lists
from muon_theory.catalogue import Divides, Entry
from muon_theory.claims.words import about
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading, decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Extension, Schedule


def near(case: Case) -> Iterator[Finding]:
    """A row is a published row with a sign, a digit, the decimal point or the order changed."""
    if case.schedule.reading is not Reading.DECIMAL:
        return  # rounded coefficients are no slips
    first = {f.coefficients: t for t, f in reversed(list(enumerate(case.schedule.steps)))}
    length = 1 if case.schedule.constant else len(case.schedule.steps)
    rows = sorted(first.items(), key=lambda item: item[1])
    misses = [(t, miss) for row, t in rows if (miss := near_miss(row, t, length))]
    rounded = [(t, miss) for t, miss in misses if miss.slip is Slip.ROUNDED]
    for t, miss in misses:
        if miss.slip is not Slip.ROUNDED:
            yield _near_finding(t, miss)
    if rounded:
        entries = ", ".join(sorted({miss.known.entry for _, miss in rounded}))
        size = decimal(max(miss.size for _, miss in rounded), 2, +1)
        yield Finding(
            Severity.NOTE,
            f"{len(rounded)} of the rows agree with {entries} but for their last digits",
            f"rows {', '.join(str(t + 1) for t, _ in rounded)}: relative difference ≤ {size}",
            "take the published digits, or say where these come from",
            row=rounded[0][0],
        )


def _near_finding(t: int, miss: NearMiss) -> Finding:
    known = miss.known
    severity = Severity.NOTE if not miss.matters else Severity.ERROR if miss.slip is Slip.SIGN else Severity.WARNING
    return Finding(
        severity,
        f"row {t + 1} is row {known.position + 1} of {known.entry} with {miss.slip.value}",
        f"({row_text(miss.row)}) instead of ({', '.join(known.texts)})",
        f"if {known.entry} is meant, write {', '.join(known.texts)}",
        row=t,
    )


def truncated(case: Case) -> Iterator[Finding]:
    """The rows are a part of a published list, or the list in another order: such lists are made to run whole."""
    steps = case.schedule.steps
    if case.schedule.constant:
        return
    if any(rows == steps for e, rows in published_lists() if case.entry in (None, e)):
        return
    for e, rows in published_lists():
        if found := _part(steps, rows):
            severity, how, fix = found
            yield Finding(
                severity,
                f"the {len(steps)} rows are the {len(rows)} rows of {e.id} {how}",
                f"φ'(0) is {about(case.schedule.slope, 6)} instead of {_slope(rows)}",
                fix,
            )
            return


@cache
def _digests() -> tuple[tuple[Entry, str], ...]:
    return tuple((e, e.schedule().digest) for e in catalogue.entries())


def _slope(rows: Sequence[OddPolynomial]) -> str:
    return decimal(Schedule(tuple(rows)).slope, 6)


def _part(steps: tuple[OddPolynomial, ...], rows: tuple[OddPolynomial, ...]) -> tuple[Severity, str, str] | None:
    have, want = len(steps), len(rows)
    if 1 < have < want:
        if steps == rows[-have:]:
            return Severity.WARNING, f"without the first {want - have}", f"slice from the other end: rows[:{have}]"
        if steps == rows[:have]:
            return (
                Severity.NOTE,
                f"without the last {want - have}",
                "run the whole list, or a list made for fewer steps",
            )
        if have == want - 1:
            missing = next(k for k in range(want) if k >= have or steps[k] != rows[k])
            if steps == rows[:missing] + rows[missing + 1 :]:
                return Severity.WARNING, f"without row {missing + 1}", f"put row {missing + 1} back"
    if have == want and steps != rows:
        if steps == rows[::-1]:
            return Severity.ERROR, "in reverse order", "reverse the list: the steepest row runs first"
        if sorted(f.coefficients for f in steps) == sorted(f.coefficients for f in rows):
            return Severity.ERROR, "in another order", "restore the published order"
    return None


def extension(case: Case) -> Iterator[Finding]:
    """Implementations disagree about what runs when another number of steps is asked for."""
    if not case.entry:
        return
    for user in case.entry.users:
        if user.extension and user.extension is not case.entry.extension:
            yield Finding(
                Severity.NOTE,
                f"{user.where} extends the list by {user.extension.value!r}, the entry by "
                f"{case.entry.extension.value!r}: with another number of steps they run different schedules",
                _extension_witness(case.entry, user.extension),
                f"ask for exactly {case.entry.length} steps",
            )


def _extension_witness(e: Entry, how: Extension) -> str:
    count = e.length - 1 if how in (Extension.SLICE_FIRST, Extension.SLICE_LAST) else e.length + 1
    other = replace(e.schedule(e.length), extension=how).with_steps(count)
    end = orbit(other, SMALL).end if how is Extension.SLICE_LAST else orbit(other, Fraction(1)).end
    return f"{count} steps take σ = {SMALL if how is Extension.SLICE_LAST else 1} to {decimal(end.midpoint, 6)}"


def double_safety(case: Case) -> Iterator[Finding]:
    """A safety factor is in the norm and in the rows: the inputs are scaled down twice."""
    e = case.entry
    if not e:
        return
    folded = e.safety.factor if e.safety else e.embedded_safety
    users: list[tuple[str, Normalisation]] = [(e.id, e.normalisation)]
    users += [(u.where, u.normalisation) for u in e.users if u.normalisation]
    for where, kind in users:
        if folded and kind.factor != 1:
            factor = kind.factor
            inner = Fraction(1) if e.safety and e.safety.divides is Divides.VALUE else folded
            yield Finding(
                Severity.NOTE,
                f"{where}: the factor {decimal(folded)} is folded into the rows and {decimal(factor)} into the norm",
                f"a rank-one input starts at {decimal(1 / (inner * factor), 6)} of the range the rows were made for",
                "meant so by Polar Express: one guards the norm, the other the rounding of each step",
            )


def safety_missing(case: Case) -> Iterator[Finding]:
    """The rows are those of an entry before the safety factor that its implementation divides out."""
    if case.entry and case.entry.safety:
        return
    steps = case.schedule.steps
    for e, rows in published_lists():
        if (
            e.safety
            and len(steps) > 1
            and steps == rows[: len(steps)]
            and steps != e.schedule(e.length).steps[: len(steps)]
        ):
            yield Finding(
                Severity.NOTE,
                f"these are rows of {e.id} before its safety factor {decimal(e.safety.factor)} is divided out",
                f"φ'(0) is {about(case.schedule.slope, 6)}",
                f"use the preset {e.id}, or divide by the factor: a/s, b/s³, c/s⁵",
            )


def duplicate(case: Case) -> Iterator[Finding]:
    """The steps are those of a catalogue entry under another name."""
    own = case.entry.id if case.entry else None
    digest = case.schedule.digest
    for e, known in _digests():
        if e.id != own and digest == known:
            yield Finding(
                Severity.NOTE,
                f"the steps are those of {e.id} ({e.title})",
                f"digest {digest[:12]}",
                f"use the preset {e.id}",
            )


def misprint(case: Case) -> Iterator[Finding]:
    """The entry is a known misprint, kept to show what it does."""
    if case.entry and case.entry.misprint_of:
        yield Finding(
            Severity.ERROR,
            f"{case.entry.id} is a misprint of {case.entry.misprint_of}",
            None,
            f"use the preset {case.entry.misprint_of}",
        )
