"""The gate: which findings count.  Rules are selected or ignored, a source excuses its lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.rules import RULES, rule
from muon_theory.errors import UsageError

FORMAT = "muon-theory/baseline/1"
_INLINE = re.compile(r"muon-theory:\s*ignore(?:\[([\w\-, ]*)\])?")


@dataclass(frozen=True, slots=True)
class Gate:
    """Which rules run, which findings are excused, and how grave a finding fails."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    known: frozenset[str] = frozenset()

    def fails(self, severity: Severity) -> bool:
        return severity.rank <= self.fail_on.rank


def excused(finding: Finding, lines: Iterable[int], texts: Mapping[str, Sequence[str]]) -> bool:
    """Does the source say `muon-theory: ignore[RULE]` on one of the lines, or on the line above it?"""
    source = texts.get(finding.path or "")
    if not source:
        return False
    for line in lines:
        for number in (line, line - 1):
            if 0 < number <= len(source) and (match := _INLINE.search(source[number - 1])):
                named = [name.strip() for name in (match[1] or "").split(",") if name.strip()]
                if match[1] is None or finding.rule in named:
                    return True
                for name in named:
                    if name not in RULES:
                        raise UsageError(f"{finding.path}:{number}: there is no rule {name!r} to ignore: the rules are "
                                         f"{', '.join(RULES)}")  # fmt: skip
    return False


def severity(name: str) -> Severity:
    """'note', 'warning' or 'error'."""
    try:
        return {s.value: s for s in (Severity.NOTE, Severity.WARNING, Severity.ERROR)}[name]
    except KeyError:
        raise UsageError(f"--fail-on={name!r} is unknown: use note, warning or error") from None


def rule_names(option: str, names: str | Sequence[str] | None) -> tuple[str, ...]:
    """Ids of rules, as a list or with commas between."""
    found = [n.strip() for part in ([names] if isinstance(names, str) else names or ()) for n in part.split(",")]
    for name in found:
        if name != "all" or option == "ignore":
            rule(name)
    return tuple(found)


def read_baseline(path: Path) -> frozenset[str]:
    """The fingerprints of a baseline file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise UsageError(f"{path}: its format is {data['format']!r}, not {FORMAT!r}")
        return frozenset(str(f["fingerprint"]) for f in data["findings"])
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file: write a baseline with `audit --write-baseline {path}`") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path}: not a baseline: write one with `audit --write-baseline {path}`") from None


def baseline(found: Iterable[tuple[str, Finding]]) -> str:
    """The text of a baseline file: a fingerprint for each finding, with what it says."""
    entries = [{"fingerprint": print_, "rule": f.rule, "path": f.path, "message": f.message} for print_, f in found]
    return json.dumps({"format": FORMAT, "findings": entries}, indent=1, ensure_ascii=False) + "\n"
