"""What an examination found."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import torch

from muon_theory.conformance.subject import Subject
from muon_theory.evidence import Standing
from muon_theory.number import decimal
from muon_theory.precision import format_named
from muon_theory.precision.format import Arithmetic

NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class LawResult:
    """One law: `examples` inputs were checked, `silent` had no useful bound, `bound` is the largest tolerance used.

    `counterexample` is the smallest input found that breaks the law, `seen` what happened there; `standing` is None
    where the law does not apply, for the `reason` given.
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

    @property
    def verdict(self) -> str:
        return self.standing.value if self.standing else NOT_APPLICABLE

    def to_json(self) -> dict[str, Any]:
        return {
            "law": self.law,
            "verdict": self.verdict,
            "statement": self.statement,
            "examples": self.examples,
            "silent": self.silent,
            "bound": decimal(self.bound, 4, +1),
            "counterexample": self.counterexample,
            "seen": self.seen or None,
            "reason": self.reason or None,
        }


@dataclass(frozen=True, slots=True)
class Conformance:
    """All laws and their conjunction: CONFIRMED if none is contradicted.  Never PROVED."""

    subject: Subject
    laws: tuple[LawResult, ...]
    seed: int

    @property
    def verdict(self) -> Standing:
        bad = any(law.standing is Standing.CONTRADICTED for law in self.laws)
        return Standing.CONTRADICTED if bad else Standing.CONFIRMED

    def __getitem__(self, law: str) -> LawResult:
        return next(r for r in self.laws if r.law == law)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The names of the laws that were broken."""
        return tuple(r.law for r in self.laws if r.standing is Standing.CONTRADICTED)

    def to_json(self) -> dict[str, Any]:
        s = self.subject
        fmt = format_named(s.arithmetic)
        return {
            "verdict": self.verdict.value,
            "function": s.adapter.name,
            "schedule": {"name": s.schedule.name, "digest": s.schedule.digest, "steps": s.schedule.rows()},
            "dtype": s.dtype,
            "arithmetic": s.arithmetic,
            "normalisation": s.normaliser.name,
            "normalisation_origin": s.origin,
            "eps": repr(s.eps),
            "seed": self.seed,
            "laws": [law.to_json() for law in self.laws],
            "tier": "W",
            "assumptions": list(Arithmetic(fmt, fmt.accumulation).assumptions()),
            "environment": {"torch": torch.__version__, "device": s.device},
        }
