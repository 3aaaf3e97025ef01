"""`orbits SUBJECT --x0 x`: one orbit, and where it goes; `orbits SUBJECT --basin`: all orbits that go to one place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import CertificatesOut, Format, Out, columns, emit, note
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Subject, number, schedule_of, whole
from muon_theory.errors import UsageError
from muon_theory.schedule import Schedule


def orbits(
    subject: Subject = None,
    /,
    *,
    x0: Annotated[Number | None, Parameter(help="the starting point, such as 1/2", allow_leading_hyphen=True)] = None,
    basin: Annotated[bool, Parameter(negative=(), help="instead: the basin (0, β) of the first fixed point")] = False,
    coefficients: Coefficients = None,
    steps: Annotated[int | None, whole("how many steps are followed, with --x0", 1, 10_000)] = None,
    digits: Annotated[int, whole("of what is printed", 1, 4000)] = 30,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
    certificates: Annotated[
        CertificatesOut, Parameter(help="with --basin: write the certificates to this file")
    ] = None,
) -> int:
    """Follow the orbit of x0 and classify it (OBSERVED); or find a basin, its end certified from both sides."""
    if basin == (x0 is not None):
        raise UsageError(
            "give a starting point, as --x0 1/2, or --basin" if not basin else "give --x0 or --basin, not both"
        )
    if certificates is not None and not basin:
        raise UsageError("--certificates belongs to --basin: an orbit is observed, not proved")
    if basin and steps is not None:
        raise UsageError("--steps belongs to --x0: a basin is about repetition without end")
    if basin:
        return _basin(schedule_of(subject, coefficients, steps, reading), digits, format, out, certificates)
    from muon_theory.trajectories import orbit_report

    assert x0 is not None
    number("--x0", x0)
    schedule = schedule_of(subject, coefficients, steps, reading)
    report = orbit_report(schedule, x0, steps, digits, name=subject or coefficients)
    data = report.to_json()
    emit(data, lambda: _text(data), format, out)
    return 3 if report.classification is not None and report.classification.kind.value == "undecided" else 0


MOST_CERTIFIED = 200


def _basin(schedule: Schedule, digits: int, format: Format, out: Out, certificates: Path | None) -> int:
    from muon_theory.bifurcations import basin
    from muon_theory.certificate import bundle, write

    if not 1 <= digits <= MOST_CERTIFIED:
        raise UsageError(f"--digits {digits}: a basin is certified to 1 to {MOST_CERTIFIED} digits")
    found = basin(schedule, digits)
    data = found.to_json(digits)
    if certificates is not None:
        write(certificates, bundle((found.inside, found.beyond)))
        note(f"wrote {certificates}: check it with `python3 -I muon_theory/check.py {certificates}`")
    title = f"{data['subject']}: the basin of {data['fixed_point']} from 0 is (0, {found.end.decimal(digits)})"
    text = f"{title}, whose end is a {found.kind}"
    emit(data, lambda: "\n".join([text, "", *(f"proved  {line}" for line in data["proves"])]), format, out)
    return 0


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
