"""The rules by name.  Each takes a case and yields findings; its docstring is what `explain` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muon_theory.audits import lists, safety
from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding

Rule = Callable[[Case], Iterator[Finding]]

RULES: dict[str, Rule] = {
    "misprint": lists.misprint,
    "near-miss": lists.near,
    "sign-unsafe": safety.sign_unsafe,
    "above-cap": safety.above_cap,
    "not-proved": safety.not_proved,
    "normalisation": safety.normalisation,
    "no-margin": safety.no_margin,
    "truncated": lists.truncated,
    "safety-missing": lists.safety_missing,
    "double-safety": lists.double_safety,
    "extension": lists.extension,
    "small-singular-values": safety.small_values,
    "reading": safety.reading,
    "duplicate": lists.duplicate,
}
"""All rules by name, in the order in which their findings are listed."""
