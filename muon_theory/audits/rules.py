"""The rules: ids that stay, a title, a page each (`pages/ID.md`), and the function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from muon_theory.audits import attribution, lists, running, safety, said
from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding, Severity
from muon_theory.errors import UsageError


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.  A quiet one is silent unless it is selected: what it finds is true, and seldom news."""

    id: str
    find: Callable[[Case], Iterator[Finding]]
    quiet: bool = False

    @property
    def page(self) -> str:
        """The rule's page, in Markdown: its first line is its title."""
        return resources.files("muon_theory.audits").joinpath("pages", f"{self.id}.md").read_text(encoding="utf-8")

    @property
    def title(self) -> str:
        return self.page.partition("\n")[0].removeprefix("# ").partition(": ")[2]


def _silent(case: Case) -> Iterator[Finding]:
    return iter(())


def _known(case: Case) -> Iterator[Finding]:
    """Which generator makes the list, or that none that is known does."""
    from muon_theory.audits.provenance import provenance

    found = provenance(case.schedule.steps)
    said = str(found) if found else "unknown: no list of the catalogue, and no generator that is tried makes it"
    yield Finding(Severity.NOTE, said)


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("misprint", lists.misprint),
        Rule("near-miss", lists.near),
        Rule("partial-safety", running.partial_safety),
        Rule("foreign-row", attribution.foreign_row),
        Rule("repeated-row", running.repeated),
        Rule("sign-unsafe", safety.sign_unsafe),
        Rule("above-cap", safety.above_cap),
        Rule("outside-target", safety.outside_target),
        Rule("not-proved", safety.not_proved),
        Rule("normalisation", safety.normalisation),
        Rule("no-margin", safety.no_margin),
        Rule("cycle", running.cycle),
        Rule("fewer-steps", running.fewer),
        Rule("truncated", lists.truncated),
        Rule("safety-missing", lists.safety_missing),
        Rule("double-safety", lists.double_safety),
        Rule("contradiction", said.contradiction),
        Rule("attribution", attribution.attributed),
        Rule("extension", lists.extension),
        Rule("small-singular-values", safety.small_values),
        Rule("reading", safety.reading),
        Rule("not-certifiable", _silent),
        Rule("not-followed", _silent),
        Rule("duplicate", lists.duplicate, quiet=True),
        Rule("provenance", _known, quiet=True),
    )
}
"""All rules by id, in the order in which their findings are listed."""


def rule(name: str) -> Rule:
    """The rule of that id.

    Raises UsageError that lists the ids.

    >>> rule("cycle").title
    'the list starts again'
    """
    if name not in RULES:
        raise UsageError(f"there is no rule {name!r}: the rules are {', '.join(RULES)}")
    return RULES[name]


@cache
def chosen(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules that run: all that are not quiet, or those selected; without those ignored."""
    for name in (*select, *ignore):
        if name != "all":
            rule(name)
    every = "all" in select
    wanted = [r for r in RULES.values() if every or (r.id in select if select else not r.quiet)]
    return tuple(r for r in wanted if r.id not in ignore)
