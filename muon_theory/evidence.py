"""Derivations and numerical evidence: what a result is worth travels with it.

Words that are never mixed.  PROVED, REFUTED and UNDECIDED belong to `verification`; here is what is not checked.
DERIVED is symbolic work, OBSERVED a high-precision computation, CONFIRMED and CONTRADICTED a floating-point experiment,
VACUOUS one that could not have failed.
"""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass, field


class Standing(enum.Enum):
    """What a statement that is not checked rests on."""

    DERIVED = "derived"
    OBSERVED = "observed"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    VACUOUS = "vacuous"


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula in three notations."""

    text: str
    latex: str
    mathml: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation: what is stated, why it follows, and the formula."""

    statement: str
    reason: str
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A chain of steps to a conclusion; `checks` counts the random rational points at which it was re-checked."""

    title: str
    steps: tuple[Step, ...]
    conclusion: str
    checks: int = 0
    standing: Standing = Standing.DERIVED

    def text(self) -> str:
        """Plain text, one numbered step a paragraph."""
        lines = [self.title]
        for n, step in enumerate(self.steps, 1):
            lines.append(f"{n}. {step.statement}")
            if step.formula:
                lines.append(f"     {step.formula.text}")
            lines.append(f"     because {step.reason}")
        lines.append(f"Hence: {self.conclusion}")
        if self.checks:
            lines.append(f"(re-checked at {self.checks} random rational points)")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """The derivation with its formulas in all three notations."""
        return asdict(self) | {"standing": self.standing.value}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numerical finding: what was seen, where it stands, and what would reproduce it."""

    statement: str
    standing: Standing
    data: dict[str, object] = field(default_factory=dict)
    command: str = ""
