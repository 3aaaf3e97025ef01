"""What an audit found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from muon_theory.audits.case import Certified, Limits
from muon_theory.audits.finding import Finding, Severity
from muon_theory.audits.gate import Gate
from muon_theory.audits.subjects import Audited
from muon_theory.display import Lines, Page, Shown
from muon_theory.display.plots import Figure, images
from muon_theory.display.stepwise import stepwise
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.sources import Refused


@dataclass(frozen=True, slots=True, repr=False)
class Audit(Shown):
    """The findings about one subject, with the numbers that stand beside them."""

    name: str
    subject: Audited | None
    findings: tuple[Finding, ...]
    limits: Limits
    certified: Certified | None = None

    @property
    def worst(self) -> Severity | None:
        """The gravest severity found."""
        return min((f.severity for f in self.findings), key=lambda s: s.rank, default=None)

    @property
    def verdict(self) -> Severity:
        """The gravest severity found; CLEAN where there is nothing to report."""
        return self.worst or Severity.CLEAN

    @property
    def exit_status(self) -> int:
        return int(Gate().fails(self.verdict))

    def page(self) -> Page:
        return Page("", (Lines(tuple(self.lines(set())), whole=True),))

    def plot(self) -> Figure:
        """φ, its error, and each step's error."""
        return super(Audit, self).plot() if self.subject is None else stepwise(self.subject.schedule, self.range, {})

    @property
    def range(self) -> Interval:
        """The singular values that matter."""
        return Interval(self.limits.lower, Fraction(1))

    def fingerprint(self, finding: Finding) -> str:
        """What a baseline remembers of a finding."""
        return finding.fingerprint(self.name, self.subject.schedule.digest if self.subject else "")

    def lines(self, told: set[Finding]) -> list[str]:
        """For people: where it stands, the numbers, how it was read, each finding with its witness and its fix.

        A witness and a fix that were told before, of the same steps elsewhere, are not told again.
        """
        said = []
        if self.subject is not None:
            place = f"{self.subject.path}:{self.subject.line}: " if self.subject.path else ""
            count = len(self.subject.schedule.steps)
            said.append(
                f"{place}{self.name}: {count} step{'s' * (count > 1)}, safe σ_max {self.safe_sigma_max or 'none'}, "
                f"band {self.image_text}, slope {decimal(self.subject.schedule.slope)}"
            )
            read = ", ".join(v if k != "steps" else f"{v} steps" for k, v in self.subject.read.items())
            limits = ("cap", "target")
            assumed = [f"{k} {v}" if k in limits else v for k, v in self.assumed.items()]
            said.append("  " + (f"read: {read}; " if read else "") + f"assumed: {', '.join(assumed)}")
        else:
            said.append(self.name)
        for f in self.findings:
            where = f"{f.path}:{f.line}: " if f.path and f.line else ""
            said.append(f"  {where}{f.severity.value} {f.rule}: {f.message}")
            anywhere = replace(f, path=None, line=None)
            if anywhere not in told:
                said += [f"      {key}: {text}" for key, text in (("witness", f.witness), ("fix", f.fix)) if text]
            told.add(anywhere)
        return said if self.findings else [*said, "  nothing to report"]

    @property
    def safe_sigma_max(self) -> str | None:
        """What is certified of it, rounded so that it stays a bound."""
        safe = self.certified.safe_sigma_max if self.certified else None
        return decimal(safe.lo, toward=-1) if safe else None

    @property
    def image(self) -> list[str] | None:
        """The ends of the certified band, rounded outward."""
        image = self.certified.image if self.certified else None
        return image.outward() if image else None

    @property
    def image_text(self) -> str:
        return f"[{', '.join(self.image)}]" if self.image else "none"

    @property
    def assumed(self) -> dict[str, str]:
        """What was assumed where nothing is written, and the limits."""
        target = self.limits.target
        limits = {"cap": str(self.limits.cap)} | ({"target": f"[{target.lo}, {target.hi}]"} if target else {})
        return {**self.subject.assumed, **limits} if self.subject else {}

    def to_json(self) -> dict[str, object]:
        """The machine form."""
        subject = self.subject
        return {
            "name": self.name,
            "path": subject.path if subject else None,
            "line": subject.line if subject else None,
            "steps": subject.schedule.rows() if subject else [],
            "read": dict(subject.read) if subject else {},
            "assumed": self.assumed,
            "safe_sigma_max": self.safe_sigma_max,
            "image": self.image,
            "slope": decimal(subject.schedule.slope) if subject else None,
            "findings": [f.to_json() for f in self.findings],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Audits(Shown):
    """The audits of several subjects, and what could not be followed."""

    subjects: tuple[Audit, ...]
    refused: tuple[Refused, ...] = ()
    gate: Gate = field(default_factory=Gate)
    hidden: int = 0
    tests: int = 0

    @property
    def verdict(self) -> Severity:
        """The gravest severity found; CLEAN where there is nothing to report."""
        worst = [a.worst for a in self.subjects if a.worst] + [Severity.NOTE for _ in self.refused]
        return min(worst, key=lambda s: s.rank, default=Severity.CLEAN)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for a in self.subjects for f in a.findings)

    @property
    def exit_status(self) -> int:
        return int(self.gate.fails(self.verdict))

    def __iter__(self) -> Iterator[Audit]:
        return iter(self.subjects)

    def to_json(self) -> dict[str, object]:
        refused = [{"path": r.path, "line": r.line, "why": r.why} for r in self.refused]
        return {
            "subjects": [a.to_json() for a in self.subjects],
            "refused": refused,
            "hidden": self.hidden,
            "tests_left_out": self.tests,
        }

    def page(self) -> Page:
        told: set[Finding] = set()
        every = [Lines(tuple(a.lines(told)), whole=True) for a in self.subjects]
        if self.refused:
            lost = tuple(f"{r.path}:{r.line}: note not-followed: {r.why}" for r in self.refused)
            every.append(Lines(lost, whole=True))
        if not every:
            every.append(Lines(("no schedule was found",)))
        tail = []
        if self.hidden:
            tail.append(f"{self.hidden} finding{'s' * (self.hidden > 1)} excused by the source or the baseline")
        if self.tests:
            tail.append(f"{self.tests} test file{'s' * (self.tests > 1)} left out: name them to audit them")
        return Page("", (*every, *([Lines(tuple(tail))] if tail else ())))

    def plot(self) -> Figure:
        """φ of the schedules, each with its name."""
        drawn = [(a, a.subject.schedule) for a in self.subjects if a.subject is not None]
        if not drawn:
            return super(Audits, self).plot()
        return images({a.name: schedule for a, schedule in drawn}, drawn[0][0].range)
