"""Verbs about what surrounds the iteration (they need torch): `conform_step`, `spectrum`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, number, pair, reading_named

if TYPE_CHECKING:
    from muon_theory.optimizers import Contract, StepConformance
    from muon_theory.spectra import Spectrum

Progress = Callable[[int, int, str], None]


def conform_step(
    optimizer: str | Callable[..., object],
    subject: Subject | None = None,
    *,
    steps: int | None = None,
    contract: str | os.PathLike[str] | Mapping[str, object] | Contract | None = None,
    argument: Mapping[str, object] | None = None,
    law: str | Sequence[str] | None = None,
    examples: int = 25,
    compiled: bool = False,
    sharded: str | Sequence[int] | None = None,
    split: str | Sequence[str] | None = None,
    xfails: str | os.PathLike[str] | None = None,
    seed: int = 0,
    reading: str | Reading = "decimal",
    progress: Progress | None = None,
) -> StepConformance:
    """Whole steps of an optimizer against the laws that a step obeys: CONFIRMED or CONTRADICTED, never proved.

    Parameters
    ----------
    optimizer
        The class, "module:Class" or "file.py:factory"; or what makes an optimizer of a list of parameters.
    subject, steps, reading
        Its coefficients, as for `certify`; its own settings, else the published list that explains its steps.
    contract
        What it declares: a JSON file, or a mapping with any of reading, blocks, momentum, beta, nesterov, decay, scale,
        coefficients, steps, computes, state.  What is not said is found out, and reported.
    argument
        Passed to the class, by name.
    law
        Only this law, or these.
    examples, seed
        Inputs a law; which ones.
    compiled
        Try torch.compile as well.
    sharded, split
        Numbers of processes, such as "2,4", over which the same steps must give the same; how parameters are spread:
        rows, columns (DTensor), fsdp2 (fully_shard), which are tried unless said, "rows by hand", "columns by hand".
    xfails
        A TOML file of failures that are known, each with a reason and a version.
    progress
        Called with (done, total, text) before every law.
    """
    from muon_theory.optimizers import Contract
    from muon_theory.optimizers import conform_step as examine
    from muon_theory.optimizers.processes import BY_TORCH

    if examples < 1:
        raise UsageError(f"--examples={examples}: ask for 1 or more")
    said = Contract.read(Path(contract)) if isinstance(contract, str | os.PathLike) else contract
    return examine(
        optimizer,
        None if subject is None else schedule_of(subject, steps, reading_named(reading)),
        contract=said,
        arguments=argument,
        laws=[law] if isinstance(law, str) else law,
        examples=examples,
        seed=seed,
        compiled=compiled,
        sharded=_counts(sharded),
        splits=BY_TORCH if split is None else [split] if isinstance(split, str) else split,
        xfails=None if xfails is None else Path(xfails),
        progress=progress,
    )


def _counts(sharded: str | Sequence[int] | None) -> tuple[int, ...]:
    parts = [] if sharded is None else sharded.split(",") if isinstance(sharded, str) else [str(n) for n in sharded]
    if not all(p.strip().isascii() and p.strip().isdecimal() for p in parts):
        raise UsageError(f"--sharded={str(sharded)!r}: write numbers of processes, such as 2,4")
    return tuple(int(p) for p in parts)


def spectrum(
    source: object,
    schedule: Subject = "jordan",
    *,
    key: str | None = None,
    steps: int | None = None,
    dtype: str | None = None,
    normalisation: str | None = None,
    lower: Number | None = None,
    share: Number = "0.99",
    band: str | Sequence[Number] = "0.7,1.3",
    reading: str | Reading = "decimal",
) -> Spectrum:
    """Where the singular values of real matrices lie, what φ makes of them, and which schedule would serve them.

    Parameters
    ----------
    source
        A .npy, .npz, .safetensors or .pt file, which is read without executing anything; an array, a tensor, or a
        mapping from names to these.
    schedule, steps, reading
        What is applied, as for `certify`.
    key
        Only the matrices whose names match this pattern, or contain this text.
    dtype
        Certify each matrix's band in this format, a posteriori.
    normalisation
        Before the first step; the schedule's unless said.
    lower
        One more edge below which the share of singular values is counted.
    share, band
        The advice is the fewest steps that bring this share into this band.
    """
    from muon_theory.spectra import spectrum as find

    inside = pair("--band", band)
    return find(
        source,
        schedule_of(schedule, steps, reading_named(reading)),
        key=key,
        dtype=dtype,
        normalisation=normalisation,
        lower=None if lower is None else float(number("--lower", lower)),
        share=float(number("--share", share)),
        band=(float(inside.lo), float(inside.hi)),
    )
