"""A17: what training runs say, read from a record; and why the learning rate has to move.

The record (`training.json` beside this file, format `muon-theory/training/1`) lists runs::

    {"format": "muon-theory/training/1", "task": "…", "command": "…",
     "runs": [{"set": "article", "learning_rate": "0.02", "seed": 0, "loss": "3.281"}, …]}

with sets "article" and "jordan", and several seeds for every learning rate.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from muon_theory.errors import UsageError
from muon_theory.evidence import Evidence, Standing
from muon_theory.number import decimal, rational
from muon_theory.report.ledger import variance
from muon_theory.report.ledger.kit import section, span
from muon_theory.report.model import Badge, Section, Table

FORMAT = "muon-theory/training/1"
COMMAND = "muon-theory report"


@dataclass(frozen=True, slots=True)
class Arm:
    """One coefficient set at its best learning rate: the losses of its seeds, lowest first."""

    name: str
    learning_rate: Fraction
    losses: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        return sum(self.losses, Fraction(0)) / len(self.losses)

    @property
    def spread(self) -> Fraction:
        return self.losses[-1] - self.losses[0]


def read(path: Path | None = None) -> dict[str, Any] | None:
    """The record, or None where there is none yet.

    Raises UsageError if the file is no such record.
    """
    place = path or resources.files(__package__).joinpath("training.json")
    if not place.is_file():
        return None
    record: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    if record.get("format") != FORMAT:
        raise UsageError(f"{place}: the format is {record.get('format')!r}, not {FORMAT!r}")
    return record


def best_arm(record: dict[str, Any], name: str) -> Arm:
    """The learning rate with the lowest mean loss over its seeds."""
    by_rate: dict[Fraction, list[Fraction]] = {}
    for run in record["runs"]:
        if run["set"] == name:
            by_rate.setdefault(rational(run["learning_rate"]), []).append(rational(run["loss"]))
    arms = [Arm(name, rate, tuple(sorted(losses))) for rate, losses in by_rate.items()]
    if not arms or min(len(arm.losses) for arm in arms) < 2:
        raise UsageError(f"the training record has no two seeds of every learning rate for {name!r}: add runs")
    return min(arms, key=lambda arm: arm.mean)


def why() -> str:
    """The remark on learning rates, with the certified means."""
    his, ms = variance.jordan_mean(), variance.mean_square("article", variance.AT)
    larger = decimal((1 / his.midpoint - 1) * 100, 2)
    return (
        "Why the learning rate has to move: the update is U φ(Σ) Vᵀ, and its size follows the mean of φ. Over a "
        f"spectrum spread evenly on [{decimal(variance.AT)}, 1] the mean of Jordan's φ lies in {span(his, 3)}, that of "
        f"the article's within √{decimal(ms.hi, 2, +1)} of 1, so the same learning rate takes larger steps with the "
        f"article's set, by about {larger} %. For singular values near 0 it is the other way round, by the ratio of "
        "the slopes (A15)."
    )


def a17(path: Path | None = None) -> Section:
    """A17: the training record, or that there is none yet."""
    record = read(path)
    head = (
        "A17",
        "Training",
        "With a slightly tuned learning rate the article's set trains as well as Jordan's.",
        "The best mean loss over a sweep of learning rates, several seeds each, differs by no more than the spread "
        "of seeds.",
    )
    files = (variance.FILES["article", variance.AT], variance.FILES["jordan", variance.AT], variance.A14[-1])
    if record is None:
        return section(
            *head,
            Badge.OPEN,
            "Experiment not yet run: no training record is part of this report.",
            files,
            remarks=(why(),),
            command=COMMAND,
        )
    ours, his = (best_arm(record, name) for name in ("article", "jordan"))
    difference, spread = abs(ours.mean - his.mean), max(ours.spread, his.spread)
    agree = difference <= spread
    rows = tuple(
        (arm.name, decimal(arm.learning_rate), str(len(arm.losses)), decimal(arm.mean, 5), decimal(arm.spread, 3))
        for arm in (ours, his)
    )
    finding = (
        f"the best mean losses are {decimal(ours.mean, 5)} (article) and {decimal(his.mean, 5)} (Jordan); they differ "
        f"by {decimal(difference, 2)}, and seeds by up to {decimal(spread, 2)}"
    )
    standing = Standing.CONFIRMED if agree else Standing.CONTRADICTED
    return section(
        *head,
        Badge.CONFIRMED if agree else Badge.OPEN,
        f"{'Confirmed' if agree else 'Contradicted'} on {record['task']}: {finding}.",
        files,
        tables=(
            Table("Each set at its best learning rate", ("set", "learning rate", "seeds", "mean loss", "spread"), rows),
        ),
        evidence=(Evidence(finding, standing, {"runs": len(record["runs"])}, record["command"]),),
        remarks=(why(),),
        command=record["command"],
    )
