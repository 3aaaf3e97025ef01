"""`audit`: is this list what it claims to be, and is it safe as it is used?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import Parameter

from muon_theory.cli.output import Out, answer, emit
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps, subject_of
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
    from muon_theory.api.schedules import audit as find

    if coefficients is not None and (subjects or all):
        raise UsageError(
            f"{'--all' if all else 'a subject'} and --coefficients both say what to audit: give one of them"
        )
    named = subjects if coefficients is None else (subject_of(None, coefficients),)
    found = find(*named, all=all, steps=steps, dtype=dtype, reading=reading)
    if format == "sarif":
        emit(_sarif(found.to_json()), "", "json", out)
    elif format == "github":
        emit({}, _github(found.to_json()), "text", out)
    else:
        return answer(found, format, out)
    return found.exit_status


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
