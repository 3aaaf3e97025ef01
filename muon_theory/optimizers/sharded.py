"""Sharded = unsharded: the same steps on parameters that are spread over processes must leave the same parameters.

`muon_theory.optimizers.processes` starts the processes; here their answers are judged, and what went wrong is named.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import torch

from muon_theory.conformance.case import nested, sides
from muon_theory.conformance.law import number, shown
from muon_theory.conformance.tally import LawResult
from muon_theory.errors import UsageError
from muon_theory.optimizers.iteration import fit
from muon_theory.optimizers.processes import (
    BY_TORCH,
    SECONDS,
    SHAPES,
    SPLITS,
    Job,
    Runs,
    Unanswered,
    axis_of,
    gradients,
    place,
    run_sharded,
)
from muon_theory.optimizers.recover import Recovered
from muon_theory.optimizers.reference import evaluated, moved_by, wanted
from muon_theory.optimizers.specimen import Specimen

Tensor = torch.Tensor
MOST = 8
"""Processes that are started at once."""


def examine_sharded(
    optimizer: str,
    arguments: Mapping[str, object] | None = None,
    *,
    found: Recovered,
    processes: Sequence[int] = (2, 4),
    splits: Sequence[str] = BY_TORCH,
    seconds: float = SECONDS,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[LawResult, ...]:
    """The law of each split and number of processes.

    Parameters
    ----------
    optimizer : str
        "module:Class" or "file.py:factory": every process imports it.
    found : Recovered
        What is known of the unsharded step; it says how much rounding explains, and names what went wrong.
    processes : sequence of int
        How many, from 1 to 8.
    splits : sequence of str
        Of `SPLITS`.

    Raises
    ------
    UsageError
        Another split, or too many processes.
    """
    if unknown := [s for s in splits if s not in SPLITS]:
        raise UsageError(f"there is no split {unknown[0]!r}: use {', '.join(SPLITS)}")
    if bad := [n for n in processes if not 1 <= n <= MOST]:
        raise UsageError(f"{bad[0]} processes: start from 1 to {MOST}")
    specimen = Specimen.named(optimizer, arguments)
    plain = {shape: _alone(specimen, shape) for shape in SHAPES}
    laws = []
    for i, n in enumerate(processes):
        if progress:
            progress(i, len(processes), f"sharded over {n} processes")
        with tempfile.TemporaryDirectory() as folder:
            job = Job(optimizer, dict(arguments or {}), tuple(splits), n, folder, seconds)
            try:
                seen = run_sharded(job)
            except Unanswered as why:
                laws += [replace(_law(split, n), verdict="undecided", reason=str(why)) for split in splits]
            else:
                laws += [_verdict(split, n, seen, plain, found) for split in splits]
    return tuple(laws)


def _alone(specimen: Specimen, shape: Sequence[int]) -> Tensor:
    zero = torch.zeros(*shape)
    trace = specimen.run({"P": zero}, [{"P": G} for G in gradients(shape)])
    return trace.parameters[-1]["P"]


def _verdict(split: str, n: int, seen: Runs, plain: Mapping[tuple[int, int], Tensor], found: Recovered) -> LawResult:
    law = _law(split, n)
    compared, refused = 0, []
    for shape, right in plain.items():
        got = seen[place(split, shape)]
        if isinstance(got, str):
            refused.append(f"{sides(shape)}: {got}")
            continue
        compared += 1
        off = float((got.double() - right.double()).norm())
        if off > _tolerance(shape, found, right):
            return LawResult(
                law.law, law.statement, "contradicted", compared, 0, _case(shape),
                f"P is {shown(got.double())}, and {shown(right.double())} unsharded: they differ by {number(off)}"
                f"{_named(split, n, shape, got, found)}",
            )  # fmt: skip
    why = "; ".join(refused)
    if not compared:
        return LawResult(law.law, law.statement, "skipped", reason=f"refused: {why}")
    return LawResult(law.law, law.statement, "confirmed", compared, reason=f"refused: {why}" if why else "")


def _law(split: str, n: int) -> LawResult:
    return LawResult(f"sharded {split} ×{n}", f"{split} over {n} processes: the step of the whole", "confirmed")


def _case(shape: Sequence[int]) -> str:
    first, second = (nested([int(x) for x in G.flatten()], shape) for G in gradients(shape))
    return f"P = zeros({', '.join(map(str, shape))}), G1 = {first}, G2 = {second}"


def _tolerance(shape: Sequence[int], found: Recovered, right: Tensor) -> float:
    """Two steps' worth of what rounding explains; a hundredth where nothing is known."""
    if found.iteration is None or found.contract.scale is None:
        return 0.01 * float(right.norm())
    reference, P, M, total = found.step(), torch.zeros(*shape), None, 0.0
    for t, G in enumerate(gradients(shape), 1):
        want = wanted(reference, "", P, M, G, t)
        P, M, total = want.parameter.float(), want.momentum, total + 2 * want.tolerance
    return total


def _named(split: str, n: int, shape: Sequence[int], got: Tensor, found: Recovered) -> str:
    """Which mistake explains the result of the steps, if one does."""
    if found.iteration is None or found.contract.scale is None:
        return ""
    axis = axis_of(split)
    s, total = found.contract.scale, torch.zeros(*shape, dtype=torch.float64)
    M = None
    for t, G in enumerate(gradients(shape), 1):
        want = wanted(found.step(), "", torch.zeros(*shape), M, G, t)
        X = moved_by(found.step(), M, G.double(), t)[1]
        M = want.momentum
        parts = [
            evaluated(part, found.iteration) * s.of(*part.shape) for part in X.tensor_split(n, axis) if part.numel()
        ]
        total -= found.rate * torch.cat(parts, axis)
    if fit(got.double(), total).misfit < 0.1:
        return ": each process orthogonalises its own part alone, so that the update depends on how many there are"
    return ""
