"""`confirm SUBJECT`: run the iteration on real matrices and compare with the certified band."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, columns, emit, progress
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, Subject, number, schedule_of
from muon_theory.errors import UsageError
from muon_theory.interval import Interval

EXIT = {"confirmed": 0, "contradicted": 1}


def confirm(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    lower: Number = "1/100",
    upper: Number = "1",
    shape: Annotated[list[str] | None, Parameter(help="m,n of the matrices; may be repeated")] = None,
    dtype: Annotated[
        list[str] | None, Parameter(help="bf16, fp16, fp32, tf32, fp64, e4m3, e5m2; may be repeated")
    ] = None,
    order: Annotated[str, Parameter(help="of operations: fused, unfused or gram")] = "fused",
    device: str = "cpu",
    seed: int = 0,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Compare matrices after the real iteration with U diag(φ(s)) Vᵀ and the band (CONFIRMED, never proved)."""
    from muon_theory import confirm as matrices
    from muon_theory.certify import certify as find

    schedule = schedule_of(subject, coefficients, steps, reading)
    start = Interval(number("--lower", lower), number("--upper", upper))
    options: dict[str, object] = {"order": order}
    if shape:
        options["shapes"] = [_shape(text) for text in shape]
    if dtype:
        options["dtypes"] = dtype
    band = find(schedule, start.lo, start.hi).image
    with progress("matrices") as step:
        found = matrices.confirm(schedule, start=start, band=band, device=device, seed=seed, progress=step, **options)  # type: ignore[arg-type]
    data = found.to_json()
    emit(data, lambda: _text(data), format, out)
    return EXIT[found.verdict.value]


def _shape(text: str) -> tuple[int, ...]:
    parts = text.replace("x", ",").split(",")
    if len(parts) < 2 or not all(p.strip().isdigit() and int(p) > 0 for p in parts):
        raise UsageError(f"--shape {text!r}: write rows,columns such as 256,64 (batch,rows,columns for a batch)")
    return tuple(map(int, parts))


def _text(data: dict[str, object]) -> str:
    cases = data["cases"]
    assert isinstance(cases, list)
    header = ("shape", "dtype", "spectrum", "observed", "certified", "deviation", "verdict")
    rows = [header, *(tuple(_cell(case[key]) for key in header) for case in cases)]
    return f"{str(data['verdict']).upper()}\n\n{columns(rows)}"


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ("×" if all(isinstance(v, int) for v in value) else ", ").join(map(str, value))
    return "-" if value is None else str(value)
