"""`orbits SUBJECT --x0 x`: one orbit at a precision that raises itself, and where it goes."""

from __future__ import annotations

from muon_theory.cli.output import Format, Out, columns, emit
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, Subject, schedule_of


def orbits(
    subject: Subject = None,
    /,
    *,
    x0: Number,
    coefficients: Coefficients = None,
    steps: Steps = None,
    digits: int = 30,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Follow the orbit of x0 and classify it: converges, cycle, escapes, or undecided (OBSERVED)."""
    from muon_theory.orbits import orbit_report

    schedule = schedule_of(subject, coefficients, steps, reading)
    report = orbit_report(schedule, x0, steps, digits, name=subject or coefficients)
    data = report.to_json()
    emit(data, lambda: _text(data), format, out)
    return 3 if report.classification is not None and report.classification.kind.value == "undecided" else 0


def _text(data: dict[str, object]) -> str:
    orbit, found = data["orbit"], data["classification"]
    assert isinstance(orbit, list)
    rows = [(str(n), str(x)) for n, x in enumerate(orbit)]
    verdict = "several different steps: no classification" if found is None else _found(found)
    title = f"{data['subject']}, x0 = {data['x0']}: {verdict}  (observed)"
    return f"{title}\n\n{columns(rows)}\n\nworking digits: {data['working_digits']}"


def _found(found: object) -> str:
    assert isinstance(found, dict)
    parts = [f"{key} {found[key]}" for key in ("limit", "period", "multiplier") if found.get(key) is not None]
    return ", ".join([str(found["kind"]), *parts])
