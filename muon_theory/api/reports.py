"""Reports as folders: on the article, on a schedule, on a family, on what an audit found in files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from muon_theory.api.maps import family_meant, thresholds
from muon_theory.api.schedules import certify
from muon_theory.certificate import AnyCertificate
from muon_theory.display import Page, Shown, Table
from muon_theory.document import Badge, Proof, Report, Section
from muon_theory.document import Table as Drawn
from muon_theory.errors import UsageError
from muon_theory.family import Family
from muon_theory.languages import ENGLISH, Language, translated
from muon_theory.number import Reading, decimal
from muon_theory.reports import needs_typst
from muon_theory.schedule import Schedule
from muon_theory.subject import Subject
from muon_theory.subject.arguments import Number, Pair
from muon_theory.verification import verify

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, repr=False)
class Written(Shown):
    """A report that was written: `data` is what its `report.json` holds, `markdown` what its `report.md` does."""

    folder: Path
    report: Report
    data: dict[str, object]
    markdown: str

    @property
    def verdict(self) -> Badge:
        """Of its first section."""
        return self.report.sections[0].badge if self.report.sections else Badge.OPEN

    @property
    def exit_status(self) -> int:
        return 0

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(p.certificate for p in self.report.proofs)

    def to_json(self) -> dict[str, object]:
        return self.data

    def page(self) -> Page:
        return Page("", (Table(tuple((s.id, s.badge.value, s.title) for s in self.report.sections)),))


def report(
    subject: Subject | Family | None = None,
    out: str | os.PathLike[str] = "out",
    *,
    pdf: bool = False,
    steps: int | None = None,
    lower: Number = "1/1000",
    upper: Number | None = None,
    cap: Number = "3/2",
    target: Pair | None = None,
    reading: str | Reading = "decimal",
    dtype: str | None = None,
    shape: str | None = None,
    language: str = ENGLISH,
    progress: Progress | None = None,
) -> Written:
    """Write a report to a folder: `index.html`, `report.md`, `report.json`, certificates, explorer, and a PDF.

    Parameters
    ----------
    subject
        None: the claims A1-A17 of the article.  A schedule as for `certify`, a family as for `thresholds`, or a file or
        folder of source code, whose schedules are audited.
    out
        The folder; an older report there is replaced.
    pdf
        Write `report.pdf` too.
    steps, lower, upper, cap, target, reading, dtype, shape
        Of a schedule, as for `certify`.
    language
        "en", or "zh": the article's report in Chinese, with the same numbers and certificates.  It has no PDF.
    progress
        Called with (what, fraction).

    Returns
    -------
    Written
        `.folder`, `.report`, `.data`, `.markdown`.

    Raises
    ------
    UsageError
        The subject or an argument cannot be read, or the folder holds something else.
    """
    from muon_theory.reports import write_report
    from muon_theory.reports.markdown import markdown

    tell = progress or (lambda what, fraction: None)
    spoken = Language.of(language)
    if spoken.code != ENGLISH and (pdf or subject is not None):
        what = "no font for a PDF" if pdf else "the article's report only"
        raise UsageError(f"--language={language} has {what}: leave {'--pdf' if pdf else 'the subject'} out")
    if pdf:
        needs_typst()
    folder, files = Path(out), None
    options = {"steps": steps, "upper": upper, "target": target, "dtype": dtype, "shape": shape}
    if subject is None:
        from muon_theory.article import article_report

        _only_schedules(options)
        made = article_report(progress=lambda what, fraction: tell(what, 0.85 * fraction))
        made = translated(made, spoken)
        tell("explorer", 0.88)
        files = article_explorer()
    elif (family := family_meant(subject)) is not None:
        _only_schedules(options)
        tell("thresholds", 0.1)
        made = family_report(family)
    elif isinstance(subject, (str, os.PathLike)) and _is_source(os.fspath(subject)):
        _only_schedules(options)
        tell("audit", 0.1)
        made = audit_report(os.fspath(subject))
    else:
        from muon_theory.api.subject_report import schedule_report

        tell("certificates", 0.1)
        found = certify(
            subject,  # type: ignore[arg-type]  # a Family was recognised above
            steps=steps,
            lower=lower,
            upper=upper,
            cap=cap,
            target=target,
            reading=reading,
            dtype=dtype,
            shape=shape,
        )
        tell("sections", 0.5)
        made = schedule_report(found, _command(subject, options | {"lower": lower, "cap": cap}))
        tell("explorer", 0.8)
        files = subject_explorer(found.schedule)
    tell("writing", 0.9)
    data = write_report(made, folder, pdf, files)
    return Written(folder, made, data, markdown(made))


def _only_schedules(options: Mapping[str, object]) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        raise UsageError(f"--{given[0]} belongs to a report on a schedule: name one, such as `report jordan`")


USUAL = {"lower": "1/1000", "cap": "3/2"}


def _command(subject: object, options: Mapping[str, object]) -> str:
    """The command line that writes the same report."""
    more = [f" --{k} {v}" for k, v in options.items() if v is not None and USUAL.get(k) != str(v)]
    return _named(subject) + "".join(more)


def _named(subject: object) -> str:
    if isinstance(subject, str):
        plain = all(c.isalnum() or c in "_-.:/[]" for c in subject)
        named = subject if plain and not subject[:1].isdigit() else f'--coefficients "{subject}"'
        return f"muon-theory report {named}"
    return f"muon-theory report {os.fspath(subject)}" if isinstance(subject, os.PathLike) else "muon-theory report"


def _is_source(text: str) -> bool:
    """A folder, or a file of source code, all of whose schedules are meant."""
    return "::" not in text and (os.path.isdir(text) or (os.path.isfile(text) and not text.endswith(".json")))


def article_explorer() -> dict[str, bytes]:
    """`explorer.html` and the certificates of the published schedules; those of the plane are the report's own."""
    from muon_theory.article import phase, proof
    from muon_theory.article.a11_threshold import STRIP
    from muon_theory.reports import explorer

    plane = explorer.plane(phase.swept("strip"), phase.bundles("strip"), proof(STRIP))
    return explorer.files(explorer.presets(), plane)


def subject_explorer(schedule: Schedule) -> dict[str, bytes]:
    """`explorer.html` that begins with this schedule, beside the best known ones."""
    from muon_theory.reports import explorer

    others = [c for c in explorer.presets(("jordan", "article")) if c.schedule.digest != schedule.digest]
    return explorer.files([explorer.choice(schedule, "subject", schedule.name), *others])


def family_report(family: Family) -> Report:
    """Where a family's behaviour changes: its thresholds, each with what is certified and what is derived of it."""
    found = thresholds(family)
    sections = []
    for n, entry in enumerate(found, 1):
        kind, value, _, said = entry.row
        made = tuple(Proof(f"{n}-{i}-{c.claim.type}.json", c, verify(c)) for i, c in enumerate(entry.certificates, 1))
        known = made and all(p.verification.proved for p in made)
        sections.append(
            Section(str(n), kind.replace("-", " ").capitalize(), "", "\n\n".join(said.split("\n")),
                    Badge.PROVED if known else Badge.DERIVED, f"a = {value}." if entry.value else f"{value}.",
                    proofs=made)
        )  # fmt: skip
    return Report(
        f"Thresholds of the family {family.name}",
        "In its first parameter, as algebraic numbers",
        ("What is certified was handed to an independent checker. Polynomials and multiplicities are derived.",),
        tuple(sections),
        f'muon-theory report --family "{family.name}"',
    )


def audit_report(path: str) -> Report:
    """What an audit of files found: a section for each schedule, and one for what could not be followed."""
    from muon_theory.api.audits import audit
    from muon_theory.audits import Severity

    found = audit(path)
    sections = []
    for n, one in enumerate(found, 1):
        subject = one.subject
        grave = [f for f in one.findings if f.severity in (Severity.ERROR, Severity.WARNING)]
        rows = tuple(
            (f.severity.value, f.rule, f.message, "; ".join(filter(None, (f.witness, f.fix)))) for f in one.findings
        )
        facts = (
            ("where", f"`{subject.path}:{subject.line}`" if subject else "—"),
            ("steps", str(len(subject.schedule.steps) if subject else 0)),
            ("safe σ_(max)", one.safe_sigma_max or "none"),
            ("band", one.image_text),
            ("slope", decimal(subject.schedule.slope) if subject else "—"),
            ("assumed", ", ".join(one.assumed.values()) or "nothing"),
        )
        tables = (
            Drawn("", ("", ""), facts),
            *([Drawn("", ("", "rule", "finding", "witness and remedy"), rows)] if rows else []),
        )
        said = "; ".join(f.message for f in grave) or "Nothing to mend."
        sections.append(
            Section(str(n), one.name, "", "", Badge.FINDINGS if grave else Badge.CLEAN, said, tables=tables)
        )
    if found.refused:
        places = tuple((f"`{r.path}:{r.line}`", r.why) for r in found.refused)
        sections.append(
            Section(str(len(sections) + 1), "What could not be followed", "", "", Badge.OPEN,
                    f"{len(places)} places are named here, so that nothing is passed over in silence.",
                    tables=(Drawn("", ("where", "why"), places),))
        )  # fmt: skip
    mend = sum(s.badge is Badge.FINDINGS for s in sections)
    return Report(
        f"Audit of {path}",
        "Every schedule of Newton–Schulz coefficients in it, as the loops there run it",
        ("Bands and safe σ_(max) are certified, rounded outward; the findings name a witness and a remedy.",),
        tuple(sections),
        f"muon-theory report {path}",
        findings=(f"{len(found.subjects)} schedules, {mend} of them with something to mend.",),
    )
