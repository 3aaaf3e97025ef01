"""The verb `audit`, and the pages of its rules."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muon_theory import catalogue
from muon_theory.display import Lines, Page, Unjudged
from muon_theory.errors import UsageError
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading
from muon_theory.schedule import Extension
from muon_theory.subject import Subject, parse_subject, schedule_of
from muon_theory.subject.arguments import Number, Pair, number, pair, reading_named

if TYPE_CHECKING:
    from muon_theory.audits import Audited, Audits, Gathered, Overrides
    from muon_theory.audits.rules import Rule
    from muon_theory.schedule import Schedule


def audit(
    *subjects: Subject,
    all: bool = False,
    steps: int | None = None,
    extension: str | Extension | None = None,
    normalisation: str | Normalisation | None = None,
    dtype: str | None = None,
    reading: str | Reading = "decimal",
    lower: Number | None = None,
    cap: Number | None = None,
    target: Pair | None = None,
    select: str | Sequence[str] | None = None,
    ignore: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    fail_on: str | None = None,
    baseline: str | os.PathLike[str] | None = None,
) -> Audits:
    """Is a list what it claims to be, and safe as it is used?  Findings with a place, a witness and a fix.

    Parameters
    ----------
    subjects
        Files, folders, patterns such as 'src/**/*.py', '-' for standard input: every schedule in them is audited as
        the loops there run it.  Or as for `certify`, any number of them.
    all
        The whole catalogue instead.
    steps, extension, normalisation, dtype
        How every list runs, whatever is read: how many steps; what happens where they are not as many as the rows;
        what the matrix is divided by; the number format.
    reading
        As for `certify`, for subjects that are no files.
    lower, cap, target
        The least singular value that matters (1/1000), the largest output (3/2), the band for the image of [lower, 1].
    select, ignore
        Ids of rules: only these, or all but these.  `select="all"` has the quiet ones speak, too.
    exclude
        Patterns of files in folders that are not read.
    fail_on
        'note', 'warning' or 'error' (unless said): how grave a finding makes `exit_status` 1.
    baseline
        A file of known findings, which are not listed again.

    >>> audit("3.4445,-4.7750,2.3015").findings[0].message
    'row 1 is row 1 of jordan with two digits swapped'
    """
    from muon_theory import audits as rules
    from muon_theory.audits import gate as gates

    if all and subjects:
        raise UsageError("--all and a subject both say what to audit: give one of them")
    if all and any(v is not None for v in (steps, dtype, extension, normalisation)):
        raise UsageError("--all audits the catalogue as it is run: leave out --steps and --dtype, or name a subject")
    if dtype is not None and rules.format_of(dtype) is None:
        raise UsageError(f"there is no number format {dtype!r}: use bf16, fp16, fp32, tf32 or fp64")
    gate = rules.Gate(
        gates.rule_names("select", select),
        gates.rule_names("ignore", ignore),
        gates.severity(fail_on or "error"),
        gates.read_baseline(Path(baseline)) if baseline is not None else frozenset(),
    )
    limits = rules.Limits(
        number("--lower", "1/1000" if lower is None else lower),
        number("--cap", "3/2" if cap is None else cap),
        None if target is None else pair("--target", target),
    )
    if all:
        return rules.audit_all(limits=limits, gate=gate)
    if not subjects:
        raise UsageError("name what to audit, such as `audit .`, `audit jordan` or `audit m.py::COEFFS`, or say --all")
    says = rules.Overrides(
        steps,
        _extension(extension),
        None if normalisation is None else Normalisation.named(normalisation),
        dtype,
    )
    patterns = [exclude] if isinstance(exclude, str) else list(exclude or ())
    every, gathered = _subjects(subjects, says, reading_named(reading), patterns)
    return rules.audit_each(every, limits, gate=gate, says=says, gathered=gathered)


def _extension(name: str | Extension | None) -> Extension | None:
    if name is None or isinstance(name, Extension):
        return name
    for member in Extension:
        if member.value == name:
            return member
    raise UsageError(f"--extension={name!r} is unknown: use {', '.join(m.value for m in Extension)}")


def _subjects(
    subjects: Sequence[Subject], says: Overrides, reading: Reading, exclude: Sequence[str]
) -> tuple[list[Audited], Gathered]:
    from muon_theory.audits import Gathered, gather, of_schedule
    from muon_theory.audits.gather import selected

    every: list[Audited] = []
    gathered = Gathered()
    for subject in subjects:
        text = os.fspath(subject) if isinstance(subject, (str, os.PathLike)) else None
        file, mark, selector = (text or "").partition("::")
        if text is not None and mark and os.path.isfile(file):
            every += selected(file, selector, says)
        elif text is not None and _is_path(text):
            if text.endswith(".json") and (schedule := _json(text, says.steps, reading)):
                every.append(of_schedule(schedule, says, text))
                continue
            more = gather([text], says, exclude)
            every += more.subjects
            gathered.refused += more.refused
            gathered.texts |= more.texts
            gathered.tests += more.tests
        else:
            every.append(of_schedule(schedule_of(subject, says.steps, reading), says))
    if len(subjects) == 1 and not every and len(gathered.refused) == 1 and not gathered.texts:
        only = gathered.refused[0]
        raise UsageError(f"{only.path}:{only.line}: {only.why}")
    return every, gathered


def _is_path(text: str) -> bool:
    if text == "-" or os.path.exists(text):
        return True
    if catalogue.known(text):
        return False
    looks = (
        os.sep in text or glob.has_magic(text) or os.path.splitext(text)[1] in (".py", ".json", ".md", ".yaml", ".toml")
    )
    return looks and not set(text) <= set("0123456789+-./, ;eE")


def _json(path: str, steps: int | None, reading: Reading) -> Schedule | None:
    """The schedule of a JSON file of rows, None where it is a configuration with other things in it."""
    try:
        return parse_subject(path, None, steps, reading)
    except UsageError:
        return None


@dataclass(frozen=True, slots=True, repr=False)
class RulePage(Unjudged):
    """The page of one rule of `audit`."""

    rule: Rule

    def to_json(self) -> dict[str, object]:
        return {"rule": self.rule.id, "title": self.rule.title, "page": self.rule.page}

    def page(self) -> Page:
        return Page("", (Lines(tuple(self.rule.page.rstrip().split("\n"))),))
