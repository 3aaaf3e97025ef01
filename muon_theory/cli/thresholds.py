"""`thresholds SUBJECT` and `thresholds --family F`: where the behaviour changes, as algebraic numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, columns, emit, note
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Subject, number, pair, schedule_of
from muon_theory.errors import UsageError
from muon_theory.family import CUBIC, FAMILIES, QUINTIC, Family
from muon_theory.interval import Interval

if TYPE_CHECKING:
    from muon_theory.thresholds import Thresholds

Values = dict[str, Fraction | Interval]
MOST_STEPS = 64


def thresholds(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    family: Annotated[
        str | None,
        Parameter(help='cubic, quintic, septic, or coefficients such as "a; (5-s)/2 - 2a; a - (3-s)/2" with f(1) = 1'),
    ] = None,
    set: Annotated[
        list[str] | None, Parameter(help="d=1/4: fix a parameter; d=0,1: one certificate for the whole interval")
    ] = None,
    range: Annotated[str, Parameter(help="lo,hi: where to look, with --horizon, expressions and intervals")] = "1,4",
    slope_at_one: Annotated[
        Number | None, Parameter(help="s = f'(1) of a quintic or septic: a number, or lo,hi for a whole interval")
    ] = None,
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
    from muon_theory.derive.algebraic import MOST_DIGITS
    from muon_theory.thresholds import map_thresholds

    if digits is not None and not 1 <= digits <= MOST_DIGITS:
        raise UsageError(f"--digits {digits}: ask for 1 to {MOST_DIGITS} digits")
    if family is not None:
        if subject is not None or coefficients is not None:
            raise UsageError("give a family or a subject, not both")
        found = _of_family(family, _values(set or [], slope_at_one), pair("--range", range), horizon, cap, digits)
    else:
        for option, given in (("--slope-at-one", slope_at_one), ("--set", set), ("--horizon", horizon)):
            if given is not None:
                raise UsageError(f"{option} belongs to --family")
        found = map_thresholds(schedule_of(subject, coefficients, None, reading), digits or 50)
    data = found.to_json()
    if out is not None:
        write(out, bundle(found.certificates))
        note(f"wrote {out}: check it with `python3 -I muon_theory/check.py {out}`")
    emit(data, lambda: _text(data), format)
    return 3 if any(t.data["verdict"] == "undecided" for t in found.thresholds) else 0


def _of_family(
    name: str, values: Values, extent: Interval, horizon: int | None, cap: str, digits: int | None
) -> Thresholds:
    """The finite horizon; the article's families from their derivation; any other by search alone."""
    from muon_theory.thresholds import expression_thresholds, family_thresholds, horizon_threshold

    numbers = {n: v for n, v in values.items() if isinstance(v, Fraction)}
    intervals = {n: v for n, v in values.items() if isinstance(v, Interval)}
    if horizon is not None:
        if intervals:
            raise UsageError(f"--horizon is about one line: set {next(iter(intervals))} to a number")
        if not 1 <= horizon <= MOST_STEPS:
            raise UsageError(f"--horizon {horizon}: ask for 1 to {MOST_STEPS} steps")
        one = _family(name, numbers, ())
        return horizon_threshold(one, horizon, number("--cap", cap), extent, digits or 9)
    many = digits or 50
    if name == CUBIC.name or (name == QUINTIC.name and not intervals):
        if extra := [n for n in values if n != "s" or name == CUBIC.name]:
            raise UsageError(f"the {name} has no parameter {extra[0]!r} to set: leave it out")
        return family_thresholds(name, str(numbers["s"]) if "s" in numbers else None, many)
    return expression_thresholds(_family(name, numbers, tuple(intervals)), extent, many, intervals)


def _values(settings: list[str], slope_at_one: str | None) -> Values:
    """name=value and name=lo,hi; --slope-at-one is the same for s."""
    named = [("--slope-at-one", "s", slope_at_one)] if slope_at_one is not None else []
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {setting!r}: write name=value, such as s=-49/50, or name=lo,hi")
        named.append(("--set", name.strip(), text))
    values: Values = {}
    for option, name, text in named:
        if name in values:
            raise UsageError(f"{option} {text}: {name} is set twice; give it once")
        values[name] = pair(option, text) if "," in text else number(option, text)
        here = values[name]
        if isinstance(here, Interval) and here.is_point:
            values[name] = here.lo
    return values


def _family(name: str, numbers: dict[str, Fraction], intervals: tuple[str, ...]) -> Family:
    """With the numbers put in, and the parameters that run through intervals last."""
    if name in FAMILIES:
        return FAMILIES[name].fix(**numbers)
    if ";" not in name:
        raise UsageError(f"there is no family {name!r}: ask for {', '.join(FAMILIES)}, or write coefficients such as "
                         "'a; 1-a'")  # fmt: skip
    family = Family.parse(name)
    if unknown := [n for n in (*numbers, *intervals) if n not in family.parameters]:
        raise UsageError(f"family {name!r} has no parameter {unknown[0]!r}: it has {', '.join(family.parameters)}")
    free = [n for n in family.parameters if n not in intervals]
    return Family.parse(name, (*free, *intervals)).fix(**numbers)


def _text(data: dict[str, object]) -> str:
    entries = data["thresholds"]
    assert isinstance(entries, list)
    rows: list[tuple[str, ...]] = []
    for t in entries:
        extra = [f"{k.replace('_', ' ')} {t[k]}" for k in ("multiplier", "critical_value", "partner") if k in t]
        if t["minimal_polynomial"] is not None:
            extra.append(f"root of {t['minimal_polynomial']}")
        value = t["value"] or ("curve" if "polynomial" in t else "none")
        rows.append((str(t["kind"]), str(value), str(t["verdict"]), "; ".join([*extra, *_reason(t)])))
    return f"{data['subject']}\n\n{columns(rows)}"


def _reason(entry: dict[str, object]) -> list[str]:
    return [str(entry["reason"])] if entry.get("reason") else []
