"""`certify SUBJECT`: prove or refute that a schedule is safe, with certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.certificate import write
from muon_theory.cli.output import Format, columns, emit, note
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, Subject, number, pair, schedule_of


def certify(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    lower: Number = "1/1000",
    upper: Number = "1",
    cap: Number = "3/2",
    target: Annotated[
        str | None, Parameter(help="m,M: require φ([lower, upper]) ⊆ [m, M]", allow_leading_hyphen=True)
    ] = None,
    digits: int = 12,
    reading: ReadingName = "decimal",
    out: Annotated[Path | None, Parameter(help="write the certificates to this file")] = None,
    format: Format = "text",
) -> int:
    """Prove or refute: every step > 0 on (0, upper], output ≤ cap there, and the target band where one is given.

    Beside it: slope, band, safe σ_max, what happens to small singular values, and for one map repeated its limits.
    Exit status 0 proved, 1 refuted, 3 undecided.
    """
    from muon_theory.certify import certify as find

    result = find(
        schedule_of(subject, coefficients, steps, reading),
        number("--lower", lower),
        number("--upper", upper),
        number("--cap", cap),
        pair("--target", target) if target is not None else None,
        digits,
    )
    if out is not None:
        write(out, result.certificate)
    emit(result.to_json(str(out) if out else None), lambda: _text(result.to_json(str(out) if out else None)), format)
    if out is not None:
        note(f"wrote {out}: check it with `python3 -I muon_theory/check.py {out}`")
    return result.verdict.exit_status


def _text(data: dict[str, object]) -> str:
    schedule, claims, small = data["schedule"], data["claims"], data["small"]
    assert isinstance(schedule, dict)
    assert isinstance(claims, list)
    assert isinstance(small, dict)
    image, interval = data["image"], data["interval"]
    facts = [
        ("schedule", f"{schedule['name']}  ({len(schedule['steps'])} steps, digest {schedule['digest'][:16]})"),
        ("slope φ'(0)", str(data["slope"])),
        ("safe σ_max", f"{data['safe_sigma_max'] or 'none'}  (cap {data['cap']})"),
        ("band", f"φ({_band(interval)}) ⊆ {_band(image)}"),
        *((f"φ({x})", _band(value)) for x, value in small.items()),
    ]
    rows = [(("* " if c["required"] else "  ") + str(c["verdict"]), str(c["statement"]) + _more(c)) for c in claims]
    return f"{str(data['verdict']).upper()}\n\n{columns(facts)}\n\n{columns(rows)}\n\n* required for the verdict"


def _band(ends: object) -> str:
    return f"[{ends[0]}, {ends[1]}]" if isinstance(ends, list) else "not enclosed"


def _more(claim: dict[str, object]) -> str:
    parts = [str(claim[k]) for k in ("refuted_by", "note") if k in claim]
    return f"\n      {'; '.join(parts)}".rstrip() if parts else ""
