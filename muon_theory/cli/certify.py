"""`certify SUBJECT`: prove or refute that a schedule is safe, with certificates."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from muon_theory.certificate import bundle, write
from muon_theory.cli.output import CertificatesOut, Format, columns, emit, note
from muon_theory.cli.subjects import (
    Coefficients,
    Number,
    ReadingName,
    Steps,
    Subject,
    matrix_shape,
    number,
    pair,
    schedule_of,
    whole,
)
from muon_theory.errors import UsageError

if TYPE_CHECKING:
    from muon_theory.robust import Attempt
    from muon_theory.schedule import Schedule


def certify(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    lower: Annotated[Number, Parameter(help="the least singular value of the band")] = "1/1000",
    upper: Annotated[
        Number | None, Parameter(help="1 unless said; with --dtype, 1 + 2u/(1 - u), u its roundoff")
    ] = None,
    cap: Annotated[Number, Parameter(help="the largest output that is allowed")] = "3/2",
    target: Annotated[
        str | None, Parameter(help="m,M: require φ([lower, upper]) ⊆ [m, M]", allow_leading_hyphen=True)
    ] = None,
    digits: Annotated[int, whole("how tightly what is found is enclosed", 1, 200)] = 12,
    reading: ReadingName = "decimal",
    dtype: Annotated[
        str | None, Parameter(help="say what rounding does, too: bf16, fp16, fp32, tf32, fp64, e4m3 or e5m2")
    ] = None,
    shape: Annotated[str | None, Parameter(help="m,n of the matrices, for --dtype: 1024,1024 unless said")] = None,
    order: Annotated[
        str | None, Parameter(help="of operations, for --dtype: fused (unless said), unfused or gram")
    ] = None,
    out: CertificatesOut = None,
    format: Format = "text",
) -> int:
    """Prove or refute: every step > 0 on (0, upper], output ≤ cap there, and the target band where one is given.

    Beside it: slope, band, safe σ_max, what happens to small singular values, and for one map repeated its limits.
    With --dtype and --shape: what rounding adds, in tiers whose worth is said; they do not change the verdict.
    Exit status 0 proved, 1 refuted, 3 undecided.
    """
    from muon_theory.finders import certify as find

    for option, given in (("--shape", shape), ("--order", order)):
        if given is not None and dtype is None:
            raise UsageError(f"{option} belongs to --dtype: say which number format, such as --dtype bf16")
    shape, order = "1024,1024" if shape is None else shape, "fused" if order is None else order
    schedule, least = schedule_of(subject, coefficients, steps, reading), number("--lower", lower)
    result = find(
        schedule,
        least,
        number("--upper", upper) if upper is not None else 1 + _margin(dtype),
        number("--cap", cap),
        pair("--target", target) if target is not None else None,
        digits,
    )
    data, certificates = result.to_json(str(out) if out else None), list(result.certificates)
    if dtype is not None:
        said = _rounding(schedule, dtype, shape, least, order)
        data["rounding"] = {"dtype": dtype, "shape": shape, "order": order, "tiers": [a.to_json() for a in said]}
        certificates += [a.band.certificate for a in said if a.band is not None and a.tier.value == "W"]
    if out is not None:
        write(out, bundle(certificates))
    emit(data, lambda: _text(data), format)
    if out is not None:
        note(f"wrote {out}: check it with `python3 -I muon_theory/check.py {out}`")
    return result.verdict.exit_status


def _margin(dtype: str | None) -> Fraction:
    """How far storing the norm and the quotients may take a singular value above 1; the norm's sum is left out."""
    if dtype is None:
        return Fraction(0)
    from muon_theory.audits import format_of, margin

    return margin(format_of(dtype))


def _rounding(schedule: Schedule, dtype: str, shape: str, lower: Fraction, order: str) -> tuple[Attempt, ...]:
    from muon_theory.robust import attempts

    rows, columns_ = matrix_shape(shape)[-2:]
    return attempts(schedule, dtype, (rows, columns_), lower, order=order)


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
    exact = f"{str(data['verdict']).upper()}\n\n{columns(facts)}\n\n{columns(rows)}\n\n* required for the verdict"
    return f"{exact}\n\n{_rounding_text(data['rounding'])}" if "rounding" in data else exact


def _rounding_text(rounding: Any) -> str:
    size = "×".join(part.strip() for part in rounding["shape"].split(","))
    lines = [f"Rounding in {rounding['dtype']}, {size}, {rounding['order']}:"]
    for said in rounding["tiers"]:
        lines.append(f"  tier {said['tier']}  {said['meaning']}")
        if "reason" in said:
            where = f" from {said['asked']} on" if "image" in said else ""
            lines.append(f"          undecided{where}: {said['reason']}")
        if "image" in said:
            lines.append(f"          {said['verdict']}: {said['statement']}")
        lines += [f"          not checked: {line}" for line in said.get("assumptions", ())]
    again = f"muon-theory confirm SUBJECT --dtype {rounding['dtype']} --shape {rounding['shape']}"
    return "\n".join([*lines, f"  tier A  bounds the errors on given inputs: {again}"])


def _band(ends: object) -> str:
    return f"[{ends[0]}, {ends[1]}]" if isinstance(ends, list) else "not enclosed"


def _more(claim: dict[str, object]) -> str:
    parts = [str(claim[k]) for k in ("refuted_by", "note") if k in claim]
    return f"\n      {'; '.join(parts)}".rstrip() if parts else ""
