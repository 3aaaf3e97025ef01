"""Reports as folders: on the article, on a schedule, on a family, on what an audit found in files."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muon_theory.api.certification import certify
from muon_theory.api.maps import family_meant
from muon_theory.certificate import AnyCertificate
from muon_theory.display import Page, Shown, Table
from muon_theory.document import Badge, Report
from muon_theory.errors import UsageError
from muon_theory.family import Family
from muon_theory.interval import Interval
from muon_theory.languages import ENGLISH, Language, translated
from muon_theory.number import Reading, exact_decimal
from muon_theory.reports import needs_typst
from muon_theory.schedule import Schedule
from muon_theory.subject import Subject
from muon_theory.subject.arguments import Number, Pair

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
        from muon_theory.api.contents.explorers import article_explorer
        from muon_theory.article import article_report

        _only_schedules(options)
        made = article_report(progress=lambda what, fraction: tell(what, 0.85 * fraction))
        made = translated(made, spoken)
        tell("explorer", 0.88)
        files = article_explorer()
    elif (family := family_meant(subject)) is not None:
        from muon_theory.api.contents.family import family_report

        _only_schedules(options)
        tell("thresholds", 0.1)
        made = family_report(family)
    elif isinstance(subject, (str, os.PathLike)) and _is_source(os.fspath(subject)):
        from muon_theory.api.contents.files import audit_report

        _only_schedules(options)
        tell("audit", 0.1)
        made = audit_report(os.fspath(subject))
    else:
        from muon_theory.api.contents.explorers import subject_explorer
        from muon_theory.api.contents.schedule import schedule_report

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
        again = _command(subject, found.schedule, {**options, "lower": lower, "cap": cap, "reading": reading})
        made = schedule_report(found, again)
        tell("explorer", 0.8)
        files = subject_explorer(found.schedule)
    tell("writing", 0.9)
    data = write_report(made, folder, pdf, files)
    return Written(folder, made, data, markdown(made))


def _only_schedules(options: Mapping[str, object]) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        raise UsageError(f"--{given[0]} belongs to a report on a schedule: name one, such as `report jordan`")


USUAL = {"lower": "1/1000", "cap": "3/2", "reading": "decimal"}


def _command(subject: object, schedule: Schedule, options: Mapping[str, object]) -> str:
    """The command line that writes the same report: by the name that was given, else by the rows that ran."""
    named = os.fspath(subject) if isinstance(subject, str | os.PathLike) else None
    if named is None:
        rows = schedule.steps[:1] if schedule.constant else schedule.steps
        named = ";".join(",".join(map(exact_decimal, row.coefficients)) for row in rows)
        options = {**options, "steps": len(schedule.steps)}
    a_file = os.path.exists(named.partition("::")[0])
    is_name = a_file or (all(c.isalnum() or c in "_-.:/[]" for c in named) and not named[:1].isdigit())
    words = [shlex.quote(named) if is_name else f'--coefficients "{named}"']
    words += [f"--{k} {_typed(v)}" for k, v in options.items() if v is not None and USUAL.get(k) != _typed(v)]
    return " ".join(["muon-theory report", *words])


def _typed(value: object) -> str:
    """An option's value, as it is typed."""
    if isinstance(value, Interval):
        return f"{value.lo},{value.hi}"
    if isinstance(value, Reading):
        return value.value
    return ",".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _is_source(text: str) -> bool:
    """A folder, or a file of source code, all of whose schedules are meant."""
    return "::" not in text and (os.path.isdir(text) or (os.path.isfile(text) and not text.endswith(".json")))
