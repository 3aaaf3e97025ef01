"""What an examination of an optimizer found."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from muon_theory.conformance.tally import Examination, LawResult
from muon_theory.display import Block, Lines, Page, Table
from muon_theory.optimizers.contract import Reading
from muon_theory.optimizers.recover import Recovered

UNSAID = "there was nothing to compare"


@dataclass(frozen=True, slots=True, repr=False)
class StepConformance(Examination):
    """All laws that an optimizer was held to, and what was found out."""

    optimizer: str
    recovered: Recovered
    declared: dict[str, object]
    laws: tuple[LawResult, ...]
    seed: int

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
        details = [d for law in self.laws for d in law.details(UNSAID, apart=True)]
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
