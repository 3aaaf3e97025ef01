"""What an examination of an optimizer found."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from muon_theory.display import Block, Lines, Page, Shown, Table
from muon_theory.evidence import Standing
from muon_theory.optimizers.contract import Reading
from muon_theory.optimizers.recover import Recovered


@dataclass(frozen=True, slots=True)
class StepLaw:
    """One law: `examples` cases were compared, on `silent` more rounding explains too much to say anything.

    `verdict` is confirmed, contradicted, undecided, note (`seen` says from where on the law ends, or which convention
    breaks it), skipped (it does not apply, for the `reason`) or vacuous (nothing was compared).  `expected`: why
    a failure is one that the project knows.
    """

    law: str
    statement: str
    verdict: str
    examples: int = 0
    silent: int = 0
    counterexample: str | None = None
    seen: str | None = None
    reason: str | None = None
    expected: str | None = None

    def to_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True, repr=False)
class StepConformance(Shown):
    """All laws, and what was found out; CONTRADICTED if a law is.  Never PROVED."""

    optimizer: str
    recovered: Recovered
    declared: dict[str, object]
    laws: tuple[StepLaw, ...]
    seed: int
    tiers: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> Standing:
        bad = any(law.verdict == "contradicted" and not law.expected for law in self.laws)
        return Standing.CONTRADICTED if bad else Standing.CONFIRMED

    def __getitem__(self, law: str) -> StepLaw:
        return next(r for r in self.laws if r.law == law)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The names of the laws that were broken."""
        return tuple(r.law for r in self.laws if r.verdict == "contradicted")

    def to_json(self) -> dict[str, object]:
        """The machine interface of the command line."""
        return {
            "verdict": self.verdict.value,
            "optimizer": self.optimizer,
            "declared": self.declared,
            "recovered": self.recovered.to_json(),
            "laws": [law.to_json() for law in self.laws],
            "seed": self.seed,
            "environment": {"torch": torch.__version__, "device": "cpu"},
        }

    def page(self) -> Page:
        """What was found out, a row a law, and what broke."""
        rows = tuple((law.law, law.verdict, str(law.examples or ""), law.statement) for law in self.laws)
        details = [d for law in self.laws for d in _details(law)]
        blocks: list[Block] = [
            Lines(("found out", *_found(self.recovered))),
            Table(rows, ("law", "verdict", "cases", "statement")),
        ]
        blocks += [Lines(tuple(details))] if details else []
        return Page(f"{self.verdict.value.upper()}  {self.optimizer}", tuple(blocks))


def _found(recovered: Recovered) -> list[str]:
    contract, it = recovered.contract, recovered.iteration
    lines = []
    if it is not None:
        lines.append(
            f"  orthogonalises: {len(it.schedule.steps)} steps of {it.schedule.name}, {it.normaliser.name}, "
            f"computing in {it.arithmetic}"
        )
    if contract.momentum is not None:
        beta = "" if contract.beta is None else f", β = {contract.beta:g}"
        kept = f", kept in {contract.kept}" if contract.kept else ""
        lines.append(f"  momentum: {contract.momentum.value}{beta}{', Nesterov' if contract.nesterov else ''}{kept}")
    if contract.decay is not None:
        lines.append(f"  weight decay: {contract.decay.value}")
    if contract.scale is not None:
        lines.append(f"  scale of an m×n update: {contract.scale}")
    if recovered.norms is not None:
        lines.append(f"  norm of an m×n update: {recovered.norms}·η")
    groups: dict[str, list[str]] = {}
    for name, reading in recovered.readings.items():
        if reading is Reading.REFUSED:
            continue
        rows = contract.blocks.get(name)
        how = reading.value + (f", {len(rows)} blocks of {rows[0]} rows" if rows else "")
        groups.setdefault(how, []).append(name)
    lines += [f"  read as {how}: {', '.join(names)}" for how, names in groups.items()]
    return lines + [f"  {remark}" for remark in recovered.remarks]


def _details(law: StepLaw) -> list[str]:
    if law.verdict == "contradicted":
        known = f" (expected: {law.expected})" if law.expected else ""
        return [f"{law.law} CONTRADICTED{known} by", f"  {law.counterexample}", f"  {law.seen}"]
    if law.expected:
        return [f"{law.law} {law.verdict}, though a failure is expected: {law.expected}"]
    if law.verdict == "note":
        return [f"{law.law}: {law.seen}"]
    if law.reason:
        return [f"{law.law} {law.verdict}: {law.reason}"]
    return [f"{law.law}: on {law.silent} more inputs there was nothing to compare"] if law.silent else []
