"""What an examination found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.conformance.subject import PLAIN, Subject
from muon_theory.conformance.tally import Examination, LawResult
from muon_theory.display import Lines, Page, Table
from muon_theory.number import decimal
from muon_theory.precision import format_named
from muon_theory.precision.format import Arithmetic

OF_VALUES = ("normalisation", "coefficients", "bias", "sums", "steps", "polar", "rank-one", "sign")
"""Laws that wrong values break together, those first that say most of the cause."""
NAMED = ("it is what", "solved from the outputs", "stop growing", "it would be right for")
"""Words with which a law says what runs instead."""
UNSAID = "the worst-case bound says nothing"


@dataclass(frozen=True, slots=True, repr=False)
class Conformance(Examination):
    """All laws that a function was held to, and the function."""

    subject: Subject
    laws: tuple[LawResult, ...]
    seed: int

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
            yield from cause.details(UNSAID)
            same = [r for r in self.laws if r.law in OF_VALUES and r.severity == "defect" and r is not cause]
            if same:
                yield f"  the same values, and so perhaps the same cause, contradict {', '.join(r.law for r in same)}"
        for r in self.laws:
            if cause is None or not (r.law in OF_VALUES and r.severity == "defect"):
                yield from r.details(UNSAID)

    def page(self) -> Page:
        s = self.subject
        fmt = format_named(s.arithmetic)
        head = (
            f"{self.verdict.value.upper()}  {s.adapter.name}, {len(s.schedule.steps)} steps of {s.schedule.name}, "
            f"{s.dtype} in, computing in {s.arithmetic}, normalisation {s.normaliser.name} ({s.origin})"
            + (f", scale {s.scale} (found in the outputs)" if s.scale != PLAIN else "")
            + (f", {', '.join(map(str, s.refused))} steps refused" if s.refused else "")
        )
        used = [decimal(r.bound or Fraction(0), 4, +1) for r in self.laws]
        rows = tuple((r.law, r.verdict, str(r.examples), b, r.statement) for r, b in zip(self.laws, used, strict=True))
        foot = "; ".join(Arithmetic(fmt, fmt.accumulation).assumptions())
        bounds = f"Bounds: tier W (worst case), in 16 bits a model where that is nearer; assuming that {foot}"
        table = Table(rows, ("law", "verdict", "inputs", "bound", "statement"))
        details = tuple(self._details())
        return Page(head, (table, *([Lines(details)] if details else []), Lines((bounds,))))

    def to_json(self) -> dict[str, object]:
        s = self.subject
        fmt = format_named(s.arithmetic)
        return {
            "verdict": self.verdict.value,
            "cause": None if self.cause is None else self.cause.law,
            "function": s.adapter.name,
            "schedule": s.schedule.to_json(),
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
