"""A17: what training runs say, read from a record; and why the learning rate has to move.

The record (`training.json` beside this file, format `muon-theory/training/1`) lists runs::

    {"format": "muon-theory/training/1", "task": "…", "command": "…",
     "runs": [{"set": "article", "rescaled": false, "learning_rate": "0.02", "seed": 0, "loss": "3.281"}, …]}

A loss of null is a run that diverged.  `rescaled` (false where absent) marks runs whose updates were all scaled to one
size.  The sets "article" and "jordan" must be there, with several seeds at every learning rate; others are listed too.
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

    def row(self) -> tuple[str, ...]:
        count = str(len(self.losses))
        return self.name, decimal(self.learning_rate), count, decimal(self.mean, 5), decimal(self.spread, 3)


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


def best_arm(record: dict[str, Any], name: str, rescaled: bool = False) -> Arm:
    """The learning rate with the lowest mean loss over its seeds, among those at which no seed diverged.

    Raises UsageError where there is none, or a learning rate has a single seed.
    """
    by_rate: dict[Fraction, list[Fraction | None]] = {}
    for run in record["runs"]:
        if (run["set"], run.get("rescaled", False)) == (name, rescaled):
            loss = None if run["loss"] is None else rational(run["loss"])
            by_rate.setdefault(rational(run["learning_rate"]), []).append(loss)
    title = f"{name}, rescaled" if rescaled else name
    if not by_rate or min(map(len, by_rate.values())) < 2:
        raise UsageError(f"the training record has no two seeds at every learning rate for {title!r}: add runs")
    arms = []
    for rate, losses in by_rate.items():
        kept = tuple(sorted(loss for loss in losses if loss is not None))
        if len(kept) == len(losses):
            arms.append(Arm(title, rate, kept))
    if not arms:
        raise UsageError(f"in the training record {title!r} diverges at every learning rate: add smaller ones")
    return min(arms, key=lambda arm: arm.mean)


def arms_of(record: dict[str, Any]) -> list[tuple[str, bool]]:
    """The (set, rescaled) pairs of the record, in order of appearance."""
    return list(dict.fromkeys((run["set"], run.get("rescaled", False)) for run in record["runs"]))


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
    ours, his = best_arm(record, "article"), best_arm(record, "jordan")
    difference, spread = abs(ours.mean - his.mean), max(ours.spread, his.spread)
    agree = difference <= spread
    finding = (
        f"the best mean losses are {decimal(ours.mean, 5)} (article, learning rate {decimal(ours.learning_rate)}) and "
        f"{decimal(his.mean, 5)} (Jordan, {decimal(his.learning_rate)}); they differ by {decimal(difference, 2)}, and "
        f"seeds by up to {decimal(spread, 2)}"
    )
    header = ("set", "learning rate", "seeds", "mean loss", "spread")
    rows = tuple(best_arm(record, name, rescaled).row() for name, rescaled in arms_of(record))
    return section(
        *head,
        Badge.CONFIRMED if agree else Badge.OPEN,
        f"{'Confirmed' if agree else 'Contradicted'} on {record['task']}: {finding}.",
        files,
        tables=(Table("Each set at its best learning rate", header, rows),),
        evidence=(
            Evidence(
                finding,
                Standing.CONFIRMED if agree else Standing.CONTRADICTED,
                {"runs": len(record["runs"])},
                record["command"],
            ),
        ),
        remarks=(why(),),
        command=record["command"],
    )
