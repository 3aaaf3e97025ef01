"""`audit`: is this list what it claims to be, and is it safe as it is used?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import Parameter

from muon_theory.cli.output import Out, emit
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps, schedule_of
from muon_theory.errors import UsageError

LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def audit(
    *subjects: Annotated[str, Parameter(help="presets, JSON files, file.py::NAME[key]")],
    all: Annotated[bool, Parameter(help="audit the whole catalogue", negative="")] = False,
    coefficients: Coefficients = None,
    steps: Steps = None,
    dtype: Annotated[str | None, Parameter(help="the number format it runs in, such as bfloat16")] = None,
    reading: ReadingName = "decimal",
    format: Literal["text", "json", "github", "sarif"] = "text",
    out: Out = None,
) -> int:
    """Findings with a witness and a fix, for presets, coefficients, JSON files and lists in source files.

    Exit status 1 where a finding is an error.
    """
    from muon_theory import audits as rules

    named = [
        word for word, given in (("--all", all), ("a subject", subjects), ("--coefficients", coefficients)) if given
    ]
    if len(named) > 1:
        raise UsageError(f"{named[0]} and {named[1]} both say what to audit: give one of them")
    if all and (steps is not None or dtype is not None):
        raise UsageError("--all audits the catalogue as it is run: leave out --steps and --dtype, or name a subject")
    if dtype is not None and rules.format_of(dtype) is None:
        raise UsageError(f"there is no number format {dtype!r}: use bf16, fp16, fp32, tf32 or fp64")
    if all:
        audits = rules.audit_all()
    elif subjects:
        audits = [rules.audit(schedule_of(name, None, steps, reading), dtype, file=_file(name)) for name in subjects]
    elif coefficients is not None:
        audits = [rules.audit(schedule_of(None, coefficients, steps, reading), dtype)]
    else:
        raise UsageError("name a subject, such as `audit jordan` or `audit optimizer.py::COEFFS`, or say --all")
    data = {"subjects": [a.to_json() for a in audits]}
    if format == "sarif":
        emit(_sarif(data), "", "json", out)
    else:
        emit(data, lambda: _github(data) if format == "github" else _text(data), format, out)
    return int(any(f["severity"] == "error" for s in data["subjects"] for f in s["findings"]))


def _file(name: str) -> str | None:
    return name.partition("::")[0] if "::" in name or name.endswith(".json") else None


def _text(data: dict[str, Any]) -> str:
    blocks = []
    for s in data["subjects"]:
        image = f"[{s['image'][0]}, {s['image'][1]}]" if s["image"] else "none"
        lines = [f"{s['name']}: safe σ_max {s['safe_sigma_max'] or 'none'}, band {image}, slope {s['slope']}"]
        for f in s["findings"]:
            lines.append(f"  {f['severity']:8} {f['rule']}: {f['message']}")
            lines += [f"           {key}: {f[key]}" for key in ("witness", "fix") if f[key]]
        blocks.append("\n".join(lines if s["findings"] else [*lines, "  nothing to report"]))
    return "\n\n".join(blocks)


def _github(data: dict[str, Any]) -> str:
    lines = []
    for s in data["subjects"]:
        for f in s["findings"]:
            place = "".join(f",{k}={f[k]}" for k in ("file", "line") if f.get(k))
            body = f"{f['message']}{'; ' + f['fix'] if f['fix'] else ''}".replace("%", "%25").replace("\n", "%0A")
            lines.append(f"::{LEVELS[f['severity']]} title={f['rule']}{place}::{s['name']}: {body}")
    return "\n".join(lines)


def _sarif(data: dict[str, Any]) -> dict[str, Any]:
    from muon_theory import __version__

    results, rules = [], {}
    for s in data["subjects"]:
        for f in s["findings"]:
            rules[f["rule"]] = {"id": f["rule"]}
            result: dict[str, Any] = {
                "ruleId": f["rule"],
                "level": f["severity"],
                "message": {"text": f"{s['name']}: {f['message']}{'; ' + f['fix'] if f['fix'] else ''}"},
            }
            if f.get("file"):
                region = {"region": {"startLine": f["line"]}} if f.get("line") else {}
                result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": f["file"]}, **region}}]
            results.append(result)
    driver = {"name": "muon-theory", "version": __version__, "rules": list(rules.values())}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
