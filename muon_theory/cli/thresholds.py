"""`thresholds SUBJECT` and `thresholds --family F`: where the behaviour changes, as algebraic numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, columns, emit, note
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Subject, number, pair, schedule_of
from muon_theory.errors import UsageError
from muon_theory.family import FAMILIES, Family


def thresholds(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    family: Annotated[
        str | None,
        Parameter(help='cubic, quintic, or coefficients such as "a; (5-s)/2 - 2a; a - (3-s)/2" with f(1) = 1'),
    ] = None,
    set: Annotated[list[str] | None, Parameter(help="s=0: fix a parameter of a family of expressions")] = None,
    range: Annotated[str, Parameter(help="lo,hi: where to look, with --horizon or expressions")] = "1,4",
    slope_at_one: Annotated[Number | None, Parameter(help="s = f'(1), which fixes the quintic's other freedom")] = None,
    horizon: Annotated[
        int | None, Parameter(help="after so many steps instead: the largest a with φ((0, 1]) ≤ cap")
    ] = None,
    cap: Annotated[Number, Parameter(help="for --horizon")] = "2",
    digits: Annotated[int | None, Parameter(help="50 unless said; 9 with --horizon")] = None,
    reading: ReadingName = "decimal",
    out: Annotated[Path | None, Parameter(help="write the certificates to this file")] = None,
    format: Format = "text",
) -> int:
    """Fixed points, critical points, 2-cycles, escape and sign flip of a map; or a family's thresholds in a."""
    from muon_theory.certificate import bundle, write
    from muon_theory.thresholds import expression_thresholds, family_thresholds, horizon_threshold, map_thresholds

    if digits is not None and digits < 1:
        raise UsageError(f"--digits {digits}: ask for 1 digit or more")
    many = digits or 50
    if family is not None:
        if subject is not None or coefficients is not None:
            raise UsageError("give a family or a subject, not both")
        if horizon is not None:
            one = _family(family, set or [], slope_at_one)
            found = horizon_threshold(one, horizon, number("--cap", cap), pair("--range", range), digits or 9)
        elif ";" in family:
            found = expression_thresholds(_family(family, set or [], None), pair("--range", range), many)
        else:
            found = family_thresholds(family, slope_at_one, many)
    else:
        if slope_at_one is not None:
            raise UsageError("--slope-at-one belongs to --family quintic")
        if horizon is not None:
            raise UsageError("--horizon belongs to --family")
        found = map_thresholds(schedule_of(subject, coefficients, None, reading), many)
    data = found.to_json()
    if out is not None:
        write(out, bundle(found.certificates))
        note(f"wrote {out}: check it with `python3 -I muon_theory/check.py {out}`")
    emit(data, lambda: _text(data), format)
    return 0


def _family(text: str, settings: list[str], slope_at_one: str | None) -> Family:
    family = FAMILIES[text] if text in FAMILIES else Family.parse(text)
    if slope_at_one is not None:
        family = family.fix(s=number("--slope-at-one", slope_at_one))
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(f"--set {setting!r}: write name=value, such as s=-49/50")
        family = family.fix(**{name.strip(): number("--set", value)})
    return family


def _text(data: dict[str, object]) -> str:
    entries = data["thresholds"]
    assert isinstance(entries, list)
    rows: list[tuple[str, ...]] = []
    for t in entries:
        extra = [f"{k.replace('_', ' ')} {t[k]}" for k in ("multiplier", "critical_value", "partner") if k in t]
        if t["minimal_polynomial"] is not None:
            extra.append(f"root of {t['minimal_polynomial']}")
        rows.append((str(t["kind"]), str(t["value"] or "none"), str(t["verdict"]), "; ".join([*extra, *_reason(t)])))
    return f"{data['subject']}\n\n{columns(rows)}"


def _reason(entry: dict[str, object]) -> list[str]:
    return [str(entry["reason"])] if entry.get("reason") else []
