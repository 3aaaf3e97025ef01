"""What an examination found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.conformance.subject import PLAIN, Subject
from muon_theory.display import Lines, Page, Shown, Table
from muon_theory.evidence import Standing
from muon_theory.number import decimal
from muon_theory.precision import format_named
from muon_theory.precision.format import Arithmetic

OF_VALUES = ("normalisation", "coefficients", "bias", "sums", "steps", "polar", "rank-one", "sign")
"""Laws that wrong values break together, those first that say most of the cause."""
NAMED = ("it is what", "solved from the outputs", "stop growing", "it would be right for")
"""Words with which a law says what runs instead."""


@dataclass(frozen=True, slots=True)
class LawResult:
    """One law: `examples` inputs were checked, `silent` had no useful bound, `bound` is the largest tolerance used.

    `counterexample` is the smallest input found that breaks the law, `seen` what happened there.  Where `standing` is
    None, `word` is the verdict: skipped (the law does not apply, for the `reason`), vacuous (on no input does a bound
    say anything), or note (the law ends somewhere, or a convention breaks it, as `seen` says).  `expected`: why a
    failure is one that the project knows.
    """

    law: str
    statement: str
    standing: Standing | None
    examples: int = 0
    silent: int = 0
    bound: Fraction = Fraction(0)
    counterexample: str | None = None
    seen: str = ""
    reason: str = ""
    word: str = "skipped"
    expected: str = ""

    @property
    def verdict(self) -> str:
        return self.standing.value if self.standing else self.word

    @property
    def severity(self) -> str | None:
        """Defect, known (a failure that is expected), or note."""
        if self.standing is Standing.CONTRADICTED:
            return "known" if self.expected else "defect"
        return "note" if self.word == "note" and self.standing is None else None

    @property
    def details(self) -> tuple[str, ...]:
        """What the row of a table leaves out: the counterexample, or why there is no verdict."""
        if self.standing is Standing.CONTRADICTED:
            known = f" (expected: {self.expected})" if self.expected else ""
            return f"{self.law} CONTRADICTED by {self.counterexample}{known}", f"  {self.seen}"
        if self.expected:
            return (f"{self.law} {self.verdict}, though a failure is expected: {self.expected}",)
        if self.word == "note" and self.standing is None:
            return (f"{self.law}: {self.seen}",)
        if self.reason:
            return (f"{self.law} {self.verdict}: {self.reason}",)
        return (f"{self.law}: on {self.silent} more inputs the worst-case bound says nothing",) if self.silent else ()

    def to_json(self) -> dict[str, object]:
        return {
            "law": self.law,
            "verdict": self.verdict,
            "severity": self.severity,
            "statement": self.statement,
            "examples": self.examples,
            "silent": self.silent,
            "bound": decimal(self.bound, 4, +1),
            "counterexample": self.counterexample,
            "seen": self.seen or None,
            "reason": self.reason or None,
            "expected": self.expected or None,
        }


@dataclass(frozen=True, slots=True, repr=False)
class Conformance(Shown):
    """All laws and their conjunction: CONFIRMED if none is contradicted.  Never PROVED."""

    subject: Subject
    laws: tuple[LawResult, ...]
    seed: int

    @property
    def verdict(self) -> Standing:
        bad = any(law.standing is Standing.CONTRADICTED and not law.expected for law in self.laws)
        return Standing.CONTRADICTED if bad else Standing.CONFIRMED

    def __getitem__(self, law: str) -> LawResult:
        return next(r for r in self.laws if r.law == law)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The names of the laws that were broken."""
        return tuple(r.law for r in self.laws if r.standing is Standing.CONTRADICTED)

    @property
    def cause(self) -> LawResult | None:
        """The law that says most of why values are wrong, where several laws see it: their defects have one root.

        A normalisation or a polynomial that is named comes first, then a change, then the order of `OF_VALUES`.
        """
        seen = [r for r in self.laws if r.law in OF_VALUES and r.severity == "defect"]
        return min(
            seen, key=lambda r: (not any(word in r.seen for word in NAMED), OF_VALUES.index(r.law)), default=None
        )

    def _details(self) -> Iterator[str]:
        """The root of wrong values in full, and which other laws see them; everything else by itself."""
        cause = self.cause
        if cause is not None:
            yield from cause.details
            same = [r for r in self.laws if r.law in OF_VALUES and r.severity == "defect" and r is not cause]
            if same:
                yield f"  the same values, and so perhaps the same cause, contradict {', '.join(r.law for r in same)}"
        for r in self.laws:
            if cause is None or not (r.law in OF_VALUES and r.severity == "defect"):
                yield from r.details

    def page(self) -> Page:
        s = self.subject
        fmt = format_named(s.arithmetic)
        head = (
            f"{self.verdict.value.upper()}  {s.adapter.name}, {len(s.schedule.steps)} steps of {s.schedule.name}, "
            f"{s.dtype} in, computing in {s.arithmetic}, normalisation {s.normaliser.name} ({s.origin})"
            + (f", scale {s.scale} (found in the outputs)" if s.scale != PLAIN else "")
            + (f", {', '.join(map(str, s.refused))} steps refused" if s.refused else "")
        )
        rows = tuple((r.law, r.verdict, str(r.examples), decimal(r.bound, 4, +1), r.statement) for r in self.laws)
        foot = "; ".join(Arithmetic(fmt, fmt.accumulation).assumptions())
        bounds = f"Bounds: tier W (worst case), in 16 bits a model where that is nearer; assuming that {foot}"
        blocks = [Table(rows, ("law", "verdict", "inputs", "bound", "statement"))]
        details = tuple(self._details())
        more = [Lines(details)] if details else []
        return Page(
            head,
            (
                *blocks,
                *more,
                Lines((bounds,)),
            ),
        )

    def to_json(self) -> dict[str, object]:
        s = self.subject
        fmt = format_named(s.arithmetic)
        return {
            "verdict": self.verdict.value,
            "cause": None if self.cause is None else self.cause.law,
            "function": s.adapter.name,
            "schedule": {"name": s.schedule.name, "digest": s.schedule.digest, "steps": s.schedule.rows()},
            "dtype": s.dtype,
            "refused_steps": list(s.refused),
            "arithmetic": s.arithmetic,
            "normalisation": s.normaliser.name,
            "normalisation_origin": s.origin,
            "scale": str(s.scale),
            "eps": repr(s.eps),
            "seed": self.seed,
            "laws": [law.to_json() for law in self.laws],
            "tier": "W",
            "assumptions": list(Arithmetic(fmt, fmt.accumulation).assumptions()),
            "environment": {
                "torch": s.library.version if s.library.name == "torch" else None,
                "library": s.library.name,
                "version": s.library.version,
                "device": s.device,
            },
        }
