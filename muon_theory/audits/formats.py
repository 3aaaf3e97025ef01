"""Findings in the forms that other tools read: GitHub's workflow commands, and SARIF 2.1.0."""

from __future__ import annotations

from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.result import Audits
from muon_theory.audits.rules import RULES

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(found: Audits) -> str:
    """One workflow command a finding, which GitHub shows at its line."""
    lines = []
    for a in found.subjects:
        for f in a.findings:
            body = f"{a.name}: {f.message}{'; ' + f.fix if f.fix else ''}"
            lines.append(_command(_LEVELS[f.severity], f.rule, f.path, f.line, body))
    lines += [_command("notice", "not-followed", r.path, r.line, r.why) for r in found.refused]
    return "\n".join(lines)


def _command(level: str, rule: str, path: str | None, line: int | None, body: str) -> str:
    place = "".join(f"{key}={_property(str(v))}," for key, v in (("file", path), ("line", line)) if v is not None)
    return f"::{level} {place}title={_property(rule)}::{_data(body)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(found: Audits, version: str) -> dict[str, object]:
    """One run: the rules with their pages as help, a result a finding with its place and its fingerprint."""
    used = sorted(
        {f.rule for f in found.findings} | ({"not-followed"} if found.refused else set()), key=list(RULES).index
    )
    index = {rule: i for i, rule in enumerate(used)}
    results = [
        _result(f, index, f"{a.name}: {f.message}{'; ' + f.fix if f.fix else ''}", a.fingerprint(f))
        for a in found.subjects
        for f in a.findings
    ]
    for r in found.refused:
        finding = Finding(Severity.NOTE, r.why, path=r.path, line=r.line, rule="not-followed")
        results.append(_result(finding, index, r.why, finding.fingerprint("", "")))
    driver = {
        "name": "muon-theory",
        "version": version,
        "rules": [
            {
                "id": name,
                "shortDescription": {"text": RULES[name].title},
                "fullDescription": {"text": RULES[name].title},
                "help": {"text": RULES[name].page, "markdown": RULES[name].page},
            }
            for name in used
        ],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(f: Finding, index: dict[str, int], text: str, fingerprint: str) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": f.rule,
        "ruleIndex": index[f.rule],
        "level": f.severity.value,
        "message": {"text": text},
        "partialFingerprints": {"muonTheory/v1": fingerprint},
    }
    if f.path:
        region = {"region": {"startLine": f.line}} if f.line else {}
        result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": f.path}, **region}}]
    return result
