"""Sharded = unsharded: the same steps on parameters that are spread over processes must leave the same parameters.

Processes are started by this module and talk over loopback (gloo); they end with it, at the latest after `SECONDS`.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import torch

from muon_theory.conformance.law import number, shown
from muon_theory.errors import UsageError
from muon_theory.optimizers.case import nested
from muon_theory.optimizers.recover import Recovered, fit
from muon_theory.optimizers.reference import evaluated, moved_by, wanted
from muon_theory.optimizers.result import StepLaw
from muon_theory.optimizers.specimen import Specimen, StepError, step

Tensor = torch.Tensor
SECONDS = 120.0
SHAPES = ((2, 2), (4, 4), (8, 2), (2, 8), (6, 5))
SPLITS = ("rows", "columns", "rows by hand", "columns by hand")
"""DTensor with Shard(0) or Shard(1); or each process holds its rows or columns as a parameter of its own."""
Runs = dict[str, Tensor | str]


@dataclass(frozen=True, slots=True)
class Job:
    """What each process does."""

    optimizer: str
    arguments: Mapping[str, Any]
    splits: tuple[str, ...]
    size: int
    store: str
    answers: str


def gradients(shape: Sequence[int]) -> list[Tensor]:
    """Two of small integers."""
    generator = torch.Generator().manual_seed(sum(shape))
    return [torch.randint(-9, 10, tuple(shape), generator=generator).float() for _ in range(2)]


def key(shape: Sequence[int]) -> str:
    """4×4."""
    return "×".join(map(str, shape))


def place(split: str, shape: Sequence[int]) -> str:
    """The name of an answer."""
    return f"{split}, {key(shape)}"


def run_sharded(job: Job, seconds: float = SECONDS) -> Runs:
    """The whole parameters after the steps, by split and shape; a text where a process says why there is none."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_work, args=(job, rank), daemon=True) for rank in range(job.size)]
    deadline = time.monotonic() + seconds
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.join(max(0.0, deadline - time.monotonic()))
        late = [p for p in processes if p.is_alive()]
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()
                process.join()
    answers = Path(job.answers)
    if not answers.is_file():
        why = f"the processes did not finish in {seconds:g} s" if late else "a process ended without an answer"
        return {place(split, shape): why for split in job.splits for shape in SHAPES}
    found: Runs = torch.load(answers, weights_only=True)
    return found


def _work(job: Job, rank: int) -> None:
    """One process: every shape in turn; the first process writes the answers."""
    import torch.distributed as dist

    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{job.store}", rank=rank, world_size=job.size)
    specimen = Specimen.named(job.optimizer, job.arguments)
    found: Runs = {}
    for split, shape in product(job.splits, SHAPES):
        try:
            found[place(split, shape)] = _steps(specimen, shape, split, rank, job.size)
        except (StepError, RuntimeError, NotImplementedError, ValueError) as error:
            found[place(split, shape)] = " ".join(str(error).split())[:160]
        dist.barrier()
    if rank == 0:
        torch.save(found, f"{job.answers}.partial")
        os.replace(f"{job.answers}.partial", job.answers)
    dist.barrier()
    dist.destroy_process_group()


def _steps(specimen: Specimen, shape: Sequence[int], split: str, rank: int, size: int) -> Tensor:
    """The whole parameter after the steps, from zero."""
    import torch.distributed as dist
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Shard, distribute_tensor

    axis = 1 if split.startswith("columns") else 0
    whole = torch.zeros(*shape)
    by_hand = split.endswith("by hand")
    mesh = None if by_hand else init_device_mesh("cpu", (size,))

    def part(X: Tensor) -> Tensor:
        return (
            X.tensor_split(size, axis)[rank].contiguous() if mesh is None else distribute_tensor(X, mesh, [Shard(axis)])
        )

    P = torch.nn.Parameter(part(whole))
    optimizer = specimen.build([P])
    for G in gradients(shape):
        P.grad = part(G)
        step(optimizer, {"P": P}, {"P": part(G)})
    if not by_hand:
        full: Tensor = P.full_tensor().detach()  # type: ignore[attr-defined]
        return full
    pieces = [torch.empty_like(p) for p in whole.tensor_split(size, axis)]
    every: list[Any] = [None] * size
    dist.all_gather_object(every, P.detach())
    return torch.cat([p.reshape(q.shape) for p, q in zip(every, pieces, strict=True)], axis)


def examine_sharded(
    optimizer: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    found: Recovered,
    processes: Sequence[int] = (2, 4),
    splits: Sequence[str] = SPLITS[:2],
    seconds: float = SECONDS,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[StepLaw, ...]:
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
    if bad := [n for n in processes if not 1 <= n <= 8]:
        raise UsageError(f"{bad[0]} processes: start from 1 to 8")
    specimen = Specimen.named(optimizer, arguments)
    plain = {shape: _alone(specimen, shape) for shape in SHAPES}
    laws = []
    for i, n in enumerate(processes):
        if progress:
            progress(i, len(processes), f"sharded over {n} processes")
        with tempfile.TemporaryDirectory() as folder:
            job = Job(optimizer, dict(arguments or {}), tuple(splits), n, f"{folder}/store", f"{folder}/answers.pt")
            seen = run_sharded(job, seconds)
        laws += [_verdict(split, n, seen, plain, found) for split in splits]
    return tuple(laws)


def _alone(specimen: Specimen, shape: Sequence[int]) -> Tensor:
    zero = torch.zeros(*shape)
    trace = specimen.run({"P": zero}, [{"P": G} for G in gradients(shape)])
    return trace.parameters[-1]["P"]


def _verdict(split: str, n: int, seen: Runs, plain: Mapping[tuple[int, int], Tensor], found: Recovered) -> StepLaw:
    law = StepLaw(f"sharded {split} ×{n}", f"{split} over {n} processes: the step of the whole", "confirmed")
    compared, refused = 0, []
    for shape, right in plain.items():
        got = seen[place(split, shape)]
        if isinstance(got, str):
            refused.append(f"{key(shape)}: {got}")
            continue
        compared += 1
        off = float((got.double() - right.double()).norm())
        if off > _tolerance(shape, found, right):
            return StepLaw(
                law.law, law.statement, "contradicted", compared, 0, _case(shape),
                f"P is {shown(got.double())}, and {shown(right.double())} unsharded: they differ by {number(off)}"
                f"{_named(split, n, shape, got, found)}",
            )  # fmt: skip
    why = "; ".join(refused)
    if not compared:
        return StepLaw(law.law, law.statement, "skipped", reason=f"refused: {why}")
    return StepLaw(law.law, law.statement, "confirmed", compared, reason=f"refused: {why}" if why else None)


def _case(shape: Sequence[int]) -> str:
    first, second = (nested([int(x) for x in G.flatten()], shape) for G in gradients(shape))
    return f"P = zeros({', '.join(map(str, shape))}), G1 = {first}, G2 = {second}"


def _tolerance(shape: Sequence[int], found: Recovered, right: Tensor) -> float:
    """Two steps' worth of what rounding explains; a hundredth where nothing is known."""
    if found.iteration is None or found.contract.scale is None:
        return 0.01 * float(right.norm())
    reference, P, M, total = found.step(), torch.zeros(*shape), None, 0.0
    for G in gradients(shape):
        want = wanted(reference, "", P, M, G)
        P, M, total = want.parameter.float(), want.momentum, total + 2 * want.tolerance
    return total


def _named(split: str, n: int, shape: Sequence[int], got: Tensor, found: Recovered) -> str:
    """Which mistake explains the result of the steps, if one does."""
    if found.iteration is None or found.contract.scale is None:
        return ""
    axis = 1 if split.startswith("columns") else 0
    s, total = found.contract.scale, torch.zeros(*shape, dtype=torch.float64)
    M = None
    for G in gradients(shape):
        want = wanted(found.step(), "", torch.zeros(*shape), M, G)
        X = moved_by(found.step(), M, G.double())[1]
        M = want.momentum
        parts = [
            evaluated(part, found.iteration) * s.of(*part.shape) for part in X.tensor_split(n, axis) if part.numel()
        ]
        total -= found.rate * torch.cat(parts, axis)
    if fit(got.double(), total).misfit < 0.1:
        return ": each process orthogonalises its own part alone, so that the update depends on how many there are"
    return ""
