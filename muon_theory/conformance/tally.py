"""One law and what became of it; all laws and their conjunction; the cases of a search, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, TypeVar

from muon_theory.conformance.law import Broken, Noted, Silent
from muon_theory.display import Shown
from muon_theory.evidence import Standing
from muon_theory.number import decimal

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class LawResult:
    """One law: `examples` cases were checked; of `silent` more rounding explains too much to say anything.

    `verdict` is confirmed, contradicted, undecided, skipped (the law does not apply, for the `reason`), vacuous (on no
    case was there anything to say), or note (the law ends somewhere, or a convention breaks it, as `seen` says).
    `counterexample` is the smallest case found that breaks the law, `seen` what happened there, `bound` the largest
    tolerance used, where one was stated.  `expected`: why a failure is one that the project knows.
    """

    law: str
    statement: str
    verdict: str
    examples: int = 0
    silent: int = 0
    counterexample: str | None = None
    seen: str = ""
    reason: str = ""
    expected: str = ""
    bound: Fraction | None = None

    @property
    def standing(self) -> Standing | None:
        """CONFIRMED or CONTRADICTED, None where it is neither."""
        return {"confirmed": Standing.CONFIRMED, "contradicted": Standing.CONTRADICTED}.get(self.verdict)

    @property
    def severity(self) -> str | None:
        """Defect, known (a failure that is expected), or note."""
        if self.verdict == "contradicted":
            return "known" if self.expected else "defect"
        return "note" if self.verdict == "note" else None

    def details(self, unsaid: str, apart: bool = False) -> tuple[str, ...]:
        """What the row of a table leaves out: the counterexample, or why there is no verdict.

        `unsaid` is what is to be said of silent cases; `apart`: the counterexample has a line of its own.
        """
        if self.verdict == "contradicted":
            known = f" (expected: {self.expected})" if self.expected else ""
            if apart:
                return f"{self.law} CONTRADICTED{known} by", f"  {self.counterexample}", f"  {self.seen}"
            return f"{self.law} CONTRADICTED by {self.counterexample}{known}", f"  {self.seen}"
        if self.expected:
            return (f"{self.law} {self.verdict}, though a failure is expected: {self.expected}",)
        if self.verdict == "note":
            return (f"{self.law}: {self.seen}",)
        if self.reason:
            return (f"{self.law} {self.verdict}: {self.reason}",)
        return (f"{self.law}: on {self.silent} more inputs {unsaid}",) if self.silent else ()

    def to_json(self) -> dict[str, object]:
        """The machine form."""
        return {
            "law": self.law,
            "verdict": self.verdict,
            "severity": self.severity,
            "statement": self.statement,
            "examples": self.examples,
            "silent": self.silent,
            **({} if self.bound is None else {"bound": decimal(self.bound, 4, +1)}),
            "counterexample": self.counterexample,
            "seen": self.seen or None,
            "reason": self.reason or None,
            "expected": self.expected or None,
        }


class Examination(Shown):
    """All laws and their conjunction: CONTRADICTED where a failure is one that nobody expects.  Never PROVED."""

    __slots__ = ()
    laws: tuple[LawResult, ...]

    @property
    def verdict(self) -> Standing:
        bad = any(law.severity == "defect" for law in self.laws)
        return Standing.CONTRADICTED if bad else Standing.CONFIRMED

    def __getitem__(self, law: str) -> LawResult:
        return next(r for r in self.laws if r.law == law)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The names of the laws that were broken."""
        return tuple(r.law for r in self.laws if r.verdict == "contradicted")


@dataclass(slots=True)
class Tally(Generic[Case]):
    """The cases that were tried of a law; `check` returns the tolerance that it used, if it states one."""

    law: str
    statement: str
    check: Callable[[Case], Fraction | None]
    failures: type[Exception]
    checked: int = 0
    silent: int = 0
    bound: Fraction | None = None
    broken: dict[Case, str] = field(default_factory=dict)
    noted: dict[Case, str] = field(default_factory=dict)

    def breaks(self, case: Case) -> bool:
        """Is the law broken by this case, now or before?"""
        try:
            used = self.check(case)
        except Silent:
            self.silent += 1
            return False
        except Noted as note:
            self.noted[case] = str(note)
        except (Broken, self.failures) as error:
            self.broken[case] = str(error) or "it is broken"
        else:
            self.bound = None if used is None else max(used, self.bound or used)
        self.checked += 1
        return case in self.broken

    def result(self, worst: Case | None, size: Callable[[Case], tuple[int, ...]], where: str = "") -> LawResult:
        """What became of the law; `worst` breaks it.  Of cases that are noted the least by `size` is named."""

        def found(verdict: str, case: Case | None = None, seen: str = "", reason: str = "") -> LawResult:
            at = None if case is None else str(case)
            return LawResult(
                self.law, self.statement, verdict, self.checked, self.silent, at, seen, reason, bound=self.bound
            )

        if worst is not None:
            return found("contradicted", worst, self.broken[worst])
        if self.noted:
            least = min(self.noted, key=size)
            return found("note", least, self.noted[least])
        if self.checked:
            return found("confirmed")
        many = f" on all of {self.silent} inputs" if self.silent > 1 else ""
        return found("vacuous", reason=f"rounding explains too much{where}{many}")
