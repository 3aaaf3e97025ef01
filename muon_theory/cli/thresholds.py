"""`thresholds SUBJECT` and `thresholds --family F`: where the behaviour changes, as algebraic numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from muon_theory.cli.output import CertificatesOut, Format, columns, emit, note
from muon_theory.cli.subjects import (
    Coefficients,
    Number,
    ReadingName,
    Subject,
    family_of,
    number,
    pair,
    schedule_of,
    whole,
)
from muon_theory.errors import UsageError
from muon_theory.family import CUBIC, FAMILIES, QUINTIC, Family
from muon_theory.interval import Interval

if TYPE_CHECKING:
    from muon_theory.bifurcations import Thresholds

Values = dict[str, Fraction | Interval]
MOST_STEPS = 64
MOST_DIGITS = 4000  # as derive.algebraic has it, which is slow to import


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
    range: Annotated[
        Number | None,
        Parameter(help="lo,hi: where to look, with --horizon, expressions and intervals; 1,4 unless said"),
    ] = None,
    slope_at_one: Annotated[
        Number | None, Parameter(help="s = f'(1) of a quintic or septic: a number, or lo,hi for a whole interval")
    ] = None,
    horizon: Annotated[
        int | None, whole("after so many steps instead: the largest a with φ((0, 1]) ≤ cap", 1, MOST_STEPS)
    ] = None,
    cap: Annotated[Number | None, Parameter(help="for --horizon: 2 unless said")] = None,
    digits: Annotated[int | None, whole("50 unless said; 9 with --horizon", 1, MOST_DIGITS)] = None,
    reading: ReadingName = "decimal",
    out: CertificatesOut = None,
    format: Format = "text",
) -> int:
    """Fixed points, critical points, 2-cycles, escape and sign flip of a map; or a family's thresholds in a."""
    from muon_theory.bifurcations import map_thresholds
    from muon_theory.certificate import bundle, write

    if cap is not None and horizon is None:
        raise UsageError("--cap belongs to --horizon: say after how many steps, such as --horizon 5")
    if family is not None:
        if subject is not None or coefficients is not None:
            raise UsageError("give a family or a subject, not both")
        values = _values(set or [], slope_at_one)
        if range is not None and horizon is None and _derived(family, values):
            raise UsageError(f"--range: the {family} is solved on all of its line; leave it out, or ask with --horizon")
        extent = pair("--range", "1,4" if range is None else range)
        found = _of_family(family, values, extent, horizon, "2" if cap is None else cap, digits)
    else:
        for option, given in (
            ("--slope-at-one", slope_at_one),
            ("--set", set),
            ("--horizon", horizon),
            ("--range", range),
        ):
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
    from muon_theory.bifurcations import expression_thresholds, family_thresholds, horizon_threshold

    numbers = {n: v for n, v in values.items() if isinstance(v, Fraction)}
    intervals = {n: v for n, v in values.items() if isinstance(v, Interval)}
    if horizon is not None:
        if intervals:
            raise UsageError(f"--horizon is about one line: set {next(iter(intervals))} to a number")
        one, most = _family(name, numbers, ()), number("--cap", cap)
        if most <= 0:
            raise UsageError(f"--cap {cap}: the largest output you allow is > 0, such as 2")
        return horizon_threshold(one, horizon, most, extent, digits or 9)
    many = digits or 50
    if _derived(name, values):
        if extra := [n for n in values if n != "s" or name == CUBIC.name]:
            raise UsageError(f"the {name} has no parameter {extra[0]!r} to set: leave it out")
        return family_thresholds(name, str(numbers["s"]) if "s" in numbers else None, many)
    return expression_thresholds(_family(name, numbers, tuple(intervals)), extent, many, intervals)


def _derived(name: str, values: Values) -> bool:
    """Is it one of the article's families, whose thresholds are derived once for all?"""
    return name == CUBIC.name or (name == QUINTIC.name and not any(isinstance(v, Interval) for v in values.values()))


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
    family = family_of(name)
    if name in FAMILIES:
        return family.fix(**numbers)
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
