"""Verbs about real matrices: `confirm` and `orthogonalize` (they need torch), `conform`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from muon_theory.errors import MissingDependencyError, UsageError
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, number, reading_named, shape_of

if TYPE_CHECKING:
    from muon_theory.confirmation import Confirmation, Record
    from muon_theory.confirmation.inputs import Dtype, Tensor
    from muon_theory.conformance import Conformance
    from muon_theory.schedule import Schedule

Progress = Callable[[int, int, str], None]


def confirm(
    subject: Subject,
    *,
    steps: int | None = None,
    lower: Number = "1/100",
    upper: Number = 1,
    shape: str | Sequence[int] | Sequence[str | Sequence[int]] | None = None,
    dtype: str | Sequence[str] | None = None,
    order: str = "fused",
    arithmetic: str = "auto",
    grid: str = "usual",
    seconds: float | None = None,
    device: str = "cpu",
    seed: int = 0,
    reading: str | Reading = "decimal",
    progress: Progress | None = None,
) -> Confirmation:
    """Compare matrices after the real iteration with U diag(φ(s)) Vᵀ and the band: CONFIRMED, never proved.

    Parameters
    ----------
    subject, steps, reading
        As for `certify`.
    lower, upper
        The singular values of the inputs.
    shape, dtype
        One of them or several; a few usual ones unless said.
    order
        Of operations: fused, unfused, shifted or gram.
    arithmetic
        "native", "emulated", or "auto": native where the device has instructions for the format.
    grid, seconds
        Which shapes and dtypes, "usual" or "full", where none are named; no case is begun after so many seconds.
    device, seed
        Where it runs, and which random inputs.
    progress
        Called with (done, total, text) after every case.
    """
    from muon_theory import confirmation

    schedule = schedule_of(subject, steps, reading_named(reading))
    start = Interval(number("--lower", lower), number("--upper", upper))
    options = _runs(shape, dtype, order, arithmetic, grid)
    return confirmation.confirm(
        schedule,
        start=start,
        band=_band(start)(schedule),
        device=device,
        seed=seed,
        seconds=seconds,
        progress=progress,
        **options,
    )


def record(
    subjects: Sequence[Subject] = (),
    *,
    lower: Number = "1/100",
    upper: Number = 1,
    order: str = "fused",
    arithmetic: str = "auto",
    grid: str = "full",
    seconds: float | None = None,
    device: str = "cpu",
    seed: int = 0,
    progress: Progress | None = None,
) -> Record:
    """What `confirm` says of the reference schedules on a whole grid: one call, and a record of this machine.

    Parameters
    ----------
    subjects
        Jordan's set, the article's and Polar Express unless said.
    lower, upper, order, arithmetic, grid, device, seed, progress
        As for `confirm`.
    seconds
        For all of them together; what was not run is said.
    """
    from muon_theory import confirmation
    from muon_theory.confirmation.run import REFERENCE

    start = Interval(number("--lower", lower), number("--upper", upper))
    schedules = [schedule_of(subject, None) for subject in (subjects or REFERENCE)]
    options = _runs(None, None, order, arithmetic, grid)
    return confirmation.record(
        schedules, _band(start), start=start, grid=grid, device=device, seconds=seconds, seed=seed,
        progress=progress, order=options["order"], emulate=options["emulate"],
    )  # fmt: skip


def _band(start: Interval) -> Callable[[Schedule], Interval | None]:
    from muon_theory.finders import certify as find

    return lambda schedule: find(schedule, start.lo, start.hi).image


class Runs(TypedDict):
    """The options of a run."""

    order: str
    emulate: bool | None
    shapes: Sequence[tuple[int, ...]]
    dtypes: Sequence[str]


def _runs(
    shape: str | Sequence[int] | Sequence[str | Sequence[int]] | None,
    dtype: str | Sequence[str] | None,
    order: str,
    arithmetic: str,
    grid: str,
) -> Runs:
    """The options of a run, checked."""
    from muon_theory.confirmation.run import GRIDS

    emulate = {"auto": None, "native": False, "emulated": True}
    if arithmetic not in emulate:
        raise UsageError(f"--arithmetic={arithmetic!r}: use {', '.join(emulate)}")
    if grid not in GRIDS:
        raise UsageError(f"--grid={grid!r}: use {' or '.join(GRIDS)}")
    shapes, dtypes = GRIDS[grid]
    return Runs(
        order=order,
        emulate=emulate[arithmetic],
        shapes=_shapes(shape) if shape else shapes,
        dtypes=[dtype] if isinstance(dtype, str) else list(dtype or dtypes),
    )


def _shapes(shape: str | Sequence[int] | Sequence[str | Sequence[int]]) -> list[tuple[int, ...]]:
    if isinstance(shape, str) or isinstance(shape[0], int):
        return [shape_of("--shape", shape)]  # type: ignore[arg-type]
    return [shape_of("--shape", one) for one in shape]  # type: ignore[arg-type]


def conform(
    function: str | Callable[..., object],
    subject: Subject | None = None,
    *,
    steps: int | None = None,
    dtype: str = "fp32",
    computes: str | None = None,
    returns: str = "input",
    normalisation: str | None = None,
    within: float | None = None,
    eps: float | None = None,
    gram: str | Sequence[int] | None = None,
    argument: Mapping[str, object] | None = None,
    law: str | Sequence[str] | None = None,
    xfails: str | os.PathLike[str] | None = None,
    examples: int = 50,
    library: str | None = None,
    device: str = "cpu",
    seed: int = 0,
    reading: str | Reading = "decimal",
    progress: Progress | None = None,
) -> Conformance:
    """Somebody's Newton-Schulz function against the laws that such a function obeys: CONFIRMED or CONTRADICTED.

    Parameters
    ----------
    function
        The function, "module:function" or "file.py:function"; it takes and returns an array of
        torch, numpy, JAX, MLX, …
    subject, steps, reading
        The coefficients that it declares, as for `certify`; the default of its own parameter unless said.
    dtype, computes, returns
        Of its inputs; in which it computes, if its results are wider; of its results, if not that of its input.
    normalisation, within, eps
        What it does first, "detect" to find out; how good a spectral estimate is; what is passed as eps, or known to
        be added to the norm: its own default unless said.
    gram
        It runs in the Gram form: after which steps XXᵀ is formed anew, or "never".
    argument
        Passed to every call, by name.
    law
        Only this law, or these.
    xfails
        A TOML file of failures that are known, each with a reason and a version.
    examples, seed
        Inputs a law; which ones.
    library, device
        Whose arrays it takes, found out unless said: torch, numpy, jax, mlx, or a module with an array namespace; where
        they are (torch).
    progress
        Called with (done, total, text) before every law.
    """
    try:
        from muon_theory.conformance.engine import conform as examine
    except ModuleNotFoundError as error:
        raise MissingDependencyError.of(str(error.name), "conform") from error

    if examples < 1:
        raise UsageError(f"--examples={examples}: ask for 1 or more")
    declared = None if subject is None else schedule_of(subject, steps, reading_named(reading))
    published = isinstance(subject, str) and not set(",;") & set(subject)
    return examine(
        function,
        declared,
        arguments=argument,
        laws=[law] if isinstance(law, str) else law,
        xfails=None if xfails is None else Path(xfails),
        examples=examples,
        seed=seed,
        progress=progress,
        steps=steps if declared is None else None,
        dtype=dtype,
        computes=computes,
        returns=returns,
        normalisation=normalisation or (None if published else "detect"),
        within=within,
        eps=eps,
        device=device,
        library=library,
        restarts=None if gram is None else _restarts(gram),
    )


def _restarts(gram: str | Sequence[int]) -> tuple[int, ...]:
    if gram == "never":
        return ()
    parts = gram.split(",") if isinstance(gram, str) else list(map(str, gram))
    if not all(p.strip().isdecimal() and p.isascii() and 0 < int(p) < 1000 for p in parts):
        how = "write the steps after which XXᵀ is formed anew, such as 2 or 2,4, or never"
        raise UsageError(f"--gram={str(gram)!r}: {how}")
    return tuple(sorted(map(int, parts)))


def orthogonalize(
    X: Tensor,
    subject: Subject,
    *,
    steps: int | None = None,
    dtype: Dtype | None = None,
    form: str = "direct",
    restarts: Sequence[int] | None = None,
    eps: float = 1e-7,
    emulate: bool | None = None,
) -> Tensor:
    """φ(X/‖X‖) ≈ UVᵀ for X = U diag(s) Vᵀ of shape (…, rows, columns): the reference iteration.

    Parameters
    ----------
    X
        One matrix, or a batch in any number of leading dimensions.
    subject, steps
        As for `certify`; the preset's normalisation is applied.
    dtype
        The format of the iteration, X's own unless said.
    form, restarts
        "gram" iterates on XXᵀ, formed anew after these steps.
    eps
        The norm is clamped at this from below.
    emulate
        16-bit formats by fp32 products and one rounding; unless said, where a CPU has no instructions for them.

    Examples
    --------
    `mt.orthogonalize(torch.randn(64, 32), "polar-express")`
    """
    from muon_theory.confirmation import orthogonalize as run

    return run(X, schedule_of(subject, steps), dtype=dtype, form=form, restarts=restarts, eps=eps, emulate=emulate)
