"""The rules.  Each takes a case and yields findings; its docstring is what `explain` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

from muon_theory import catalogue
from muon_theory.audit.case import SMALL, Case, format_of, margin
from muon_theory.audit.finding import Finding, Severity
from muon_theory.audit.near import NearMiss, Slip, near_miss
from muon_theory.audit.orbit import ESCAPED, Orbit, first_unsafe, orbit
from muon_theory.catalogue import Divides, Entry
from muon_theory.evidence import Verdict
from muon_theory.number import Reading, decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Extension, Normalisation, Schedule

Rule = Callable[[Case], Iterator[Finding]]

_SAFETY_IN_NORM = {Normalisation.FROBENIUS_101: Fraction(101, 100), Normalisation.FROBENIUS_102: Fraction(102, 100)}


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
            "near-miss",
            Severity.NOTE,
            f"{len(rounded)} of the rows agree with {entries} but for their last digits",
            f"rows {', '.join(str(t + 1) for t, _ in rounded)}: relative difference ≤ {size}",
            "take the published digits, or say where these come from",
        )


def _near_finding(t: int, miss: NearMiss) -> Finding:
    known = miss.known
    severity = Severity.NOTE if not miss.matters else Severity.ERROR if miss.slip is Slip.SIGN else Severity.WARNING
    return Finding(
        "near-miss",
        severity,
        f"row {t + 1} is row {known.position + 1} of {known.entry} with {miss.slip.value}",
        f"({_row(miss.row)}) instead of ({', '.join(known.texts)})",
        f"if {known.entry} is meant, write {', '.join(known.texts)}",
    )


def _row(coefficients: Sequence[Fraction]) -> str:
    return ", ".join(decimal(c, 17) for c in coefficients)


def sign_unsafe(case: Case) -> Iterator[Finding]:
    """Some admissible input becomes negative in some step: its singular direction is pushed the wrong way."""
    found = case.unsafe
    if found and found.flips:
        yield Finding(
            "sign-unsafe",
            Severity.ERROR,
            f"step {len(found.values)} makes some inputs from (0, {decimal(case.bound, 6, +1)}] negative",
            found.story(),
            _remedy(case),
        )


def above_cap(case: Case) -> Iterator[Finding]:
    """Some admissible input ends above the cap, or grows without bound."""
    found = case.unsafe
    if found and not found.flips:
        where = f"end above {case.cap}" if found.complete else f"are beyond {ESCAPED} after step {len(found.values)}"
        yield Finding(
            "above-cap",
            Severity.ERROR,
            f"some inputs from (0, {decimal(case.bound, 6, +1)}] {where}",
            found.story(),
            _remedy(case),
        )


def _remedy(case: Case) -> str:
    if case.safe and case.safe.lo > 0:
        return f"keep inputs ≤ {decimal(case.safe.lo, 6, -1)}: divide by a larger norm or fold a safety factor in"
    return "use another schedule, such as polar_express_101"


def not_proved(case: Case) -> Iterator[Finding]:
    """The certifier does not prove safety, and no point of the grid explains why."""
    if not case.certified or case.unsafe or case.unsafe_rounded or case.certified.verdict is Verdict.PROVED:
        return
    refuted = case.certified.verdict is Verdict.REFUTED
    yield Finding(
        "not-proved",
        Severity.ERROR if refuted else Severity.WARNING,
        f"safety on (0, {decimal(case.upper, 6, +1)}] is {case.certified.verdict.value}",
        f"safe σ_max in {case.safe}" if case.safe else None,
        _remedy(case) if refuted else "certify with more digits, or a smaller upper end",
    )


def normalisation(case: Case) -> Iterator[Finding]:
    """The normalisation admits inputs that the schedule is not safe for, or promises nothing."""
    kind = case.schedule.normalisation
    if kind.bound is None:
        yield Finding(
            "normalisation",
            Severity.NOTE,
            f"the normalisation {kind.value!r} guarantees no bound of σ₁; the audit assumes σ₁ ≤ 1",
            None,
            "divide by the Frobenius norm, or bound the estimate's error",
        )
        return
    if case.safe and case.safe.hi < kind.bound:
        factor = decimal(kind.bound / case.safe.lo, 4, +1) if case.safe.lo > 0 else None
        yield Finding(
            "normalisation",
            Severity.ERROR,
            f"{kind.value} normalisation lets σ₁ reach {decimal(kind.bound, 6, +1)}, but the schedule is safe to less",
            f"safe σ_max ≤ {decimal(case.safe.hi, 6, +1)}",
            f"divide by a norm {factor} times larger" if factor else "use another schedule",
        )


def no_margin(case: Case) -> Iterator[Finding]:
    """In low precision a normalised matrix comes out slightly too large, and the schedule has no room for it."""
    if case.unsafe or case.schedule.normalisation.bound is None:
        return
    name = case.format.name if case.format else "bf16"
    witness, certain = None, True
    if case.unsafe_rounded:
        witness = case.unsafe_rounded.story()
    elif case.format and case.safe and case.safe.hi >= case.bound and case.safe.lo < case.upper:
        witness, certain = f"safe σ_max in {case.safe}", case.safe.hi < case.upper
    if witness:
        reach = decimal(case.bound * (1 + margin(case.format or format_of(name))), 7, +1)
        yield Finding(
            "no-margin",
            Severity.WARNING if certain else Severity.NOTE,
            f"in {name} a normalised input may reach {reach}, and the schedule is "
            + ("not safe there" if certain else "not known to be safe so far"),
            witness,
            "multiply the norm by 1.01, or fold that factor into all rows but the last",
        )


def truncated(case: Case) -> Iterator[Finding]:
    """The rows are a part of a published list, or the list in another order: such lists are made to run whole."""
    steps = case.schedule.steps
    if case.schedule.constant:
        return
    if any(rows == steps for e, rows in _lists() if case.entry in (None, e)):
        return
    for e, rows in _lists():
        if found := _part(steps, rows):
            severity, how, fix = found
            yield Finding(
                "truncated",
                severity,
                f"the {len(steps)} rows are the {len(rows)} rows of {e.id} {how}",
                f"φ'(0) = {decimal(case.schedule.slope, 6)} instead of {_slope(rows)}",
                fix,
            )
            return


@cache
def _lists() -> tuple[tuple[Entry, tuple[OddPolynomial, ...]], ...]:
    """Every list as published, and as it runs where a safety factor is divided out."""
    sound = [e for e in catalogue.entries() if not e.misprint_of]
    folded = ((e, e.schedule(e.length).steps) for e in sound if e.safety)
    return (*((e, e.published()) for e in sound), *folded)


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
                "extension",
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


def small_values(case: Case) -> Iterator[Finding]:
    """A singular value of 1/1000 ends below 1/2: its direction is nearly dropped from the update."""
    o = orbit(case.schedule, SMALL)
    if o.complete and o.end.lo > 0 and o.end.hi < Fraction(1, 2):
        yield Finding(
            "small-singular-values",
            Severity.NOTE,
            f"σ = {SMALL} ends at {decimal(o.end.midpoint, 6)}; φ'(0) = {decimal(case.schedule.slope, 6)}",
            o.story(),
            "more steps, or a steeper schedule such as polar_express_101, if small singular values matter",
        )


def double_safety(case: Case) -> Iterator[Finding]:
    """A safety factor is in the norm and in the rows: the inputs are scaled down twice."""
    e = case.entry
    if not e:
        return
    folded = e.safety.factor if e.safety else e.embedded_safety
    users: list[tuple[str, Normalisation]] = [(e.id, e.normalisation)]
    users += [(u.where, u.normalisation) for u in e.users if u.normalisation]
    for where, kind in users:
        if folded and kind in _SAFETY_IN_NORM:
            factor = _SAFETY_IN_NORM[kind]
            inner = Fraction(1) if e.safety and e.safety.divides is Divides.VALUE else folded
            yield Finding(
                "double-safety",
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
    for e, rows in _lists():
        if (
            e.safety
            and len(steps) > 1
            and steps == rows[: len(steps)]
            and steps != e.schedule(e.length).steps[: len(steps)]
        ):
            yield Finding(
                "safety-missing",
                Severity.NOTE,
                f"these are rows of {e.id} before its safety factor {decimal(e.safety.factor)} is divided out",
                f"φ'(0) = {decimal(case.schedule.slope, 6)}",
                f"use the preset {e.id}, or divide by the factor: a/s, b/s³, c/s⁵",
            )


def reading(case: Case) -> Iterator[Finding]:
    """Rounding the coefficients to the working format makes a safe schedule unsafe."""
    to = case.coefficient_reading
    composed = case.entry is not None and bool(case.entry.evaluation)  # no code holds the coefficients of these
    if case.unsafe or case.unsafe_rounded or composed or case.schedule.reading is not Reading.DECIMAL:
        return
    steps = tuple(OddPolynomial(tuple(map(to.round, f.coefficients))) for f in case.schedule.steps)
    rounded = replace(case.schedule, steps=steps, reading=to)
    witness: Orbit | None = first_unsafe(rounded, case.upper, case.cap)
    worse = case.certify is not None and case.certified is not None and case.certified.verdict is Verdict.PROVED
    verdict = case.certify(rounded, case.upper, case.cap).verdict if worse and case.certify and not witness else None
    if witness or verdict not in (None, Verdict.PROVED):
        yield Finding(
            "reading",
            Severity.WARNING,
            f"with its coefficients rounded to {to.value} the schedule is no longer safe",
            witness.story() if witness else f"verdict {verdict.value if verdict else 'unknown'} after rounding",
            "hold the coefficients in fp32 (a Python number times a 16-bit tensor does), not in the tensor's format",
        )


def duplicate(case: Case) -> Iterator[Finding]:
    """The steps are those of a catalogue entry under another name."""
    own = case.entry.id if case.entry else None
    digest = case.schedule.digest
    for e, known in _digests():
        if e.id != own and digest == known:
            yield Finding(
                "duplicate",
                Severity.NOTE,
                f"the steps are those of {e.id} ({e.title})",
                f"digest {digest[:12]}",
                f"use the preset {e.id}",
            )


def misprint(case: Case) -> Iterator[Finding]:
    """The entry is a known misprint, kept to show what it does."""
    if case.entry and case.entry.misprint_of:
        yield Finding(
            "misprint",
            Severity.ERROR,
            f"{case.entry.id} is a misprint of {case.entry.misprint_of}",
            None,
            f"use the preset {case.entry.misprint_of}",
        )


RULES: dict[str, Rule] = {
    "misprint": misprint,
    "near-miss": near,
    "sign-unsafe": sign_unsafe,
    "above-cap": above_cap,
    "not-proved": not_proved,
    "normalisation": normalisation,
    "no-margin": no_margin,
    "truncated": truncated,
    "safety-missing": safety_missing,
    "double-safety": double_safety,
    "extension": extension,
    "small-singular-values": small_values,
    "reading": reading,
    "duplicate": duplicate,
}
"""All rules by name, in the order in which their findings are listed."""
