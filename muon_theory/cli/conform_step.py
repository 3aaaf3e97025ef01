"""`conform-step module:Class`: whole steps of somebody's optimizer against the laws that a step obeys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.conform import arguments_of
from muon_theory.cli.output import Format, Out, answer, progress
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps, subject_of, whole
from muon_theory.errors import UsageError


def conform_step(
    optimizer: Annotated[str, Parameter(help="module:Class or file.py:factory; it is imported and called")],
    /,
    *,
    coefficients: Coefficients = None,
    preset: Annotated[str | None, Parameter(help="its coefficients, by the name of a subject")] = None,
    steps: Steps = None,
    contract: Annotated[
        Path | None,
        Parameter(help="a JSON file of what is declared (docs/optimizers); the rest is found out"),
    ] = None,
    argument: Annotated[list[str] | None, Parameter(help="NAME=VALUE, passed to the class; may be repeated")] = None,
    law: Annotated[list[str] | None, Parameter(help="only this law; may be repeated")] = None,
    examples: Annotated[int, whole("inputs a law")] = 25,
    compiled: Annotated[bool, Parameter(help="try torch.compile as well")] = False,
    sharded: Annotated[
        str | None, Parameter(help="numbers of processes, such as 2,4, over which the same steps must give the same")
    ] = None,
    split: Annotated[
        list[str] | None, Parameter(help='rows, columns (DTensor), "rows by hand", "columns by hand"; may be repeated')
    ] = None,
    seed: Annotated[int, whole("of the random inputs", 0, 2**32 - 1)] = 0,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Find out what a step does, compare it with a contract, and shrink what breaks a law (never proved).

    Exit status 1 where a law is contradicted.
    """
    from muon_theory.api.steps import conform_step as examine

    if preset is not None and coefficients is not None:
        raise UsageError("--preset and --coefficients both name the coefficients: give one of them")
    with progress("laws") as step:
        found = examine(
            optimizer,
            None if preset is None and coefficients is None else subject_of(preset, coefficients),
            steps=steps,
            contract=contract,
            argument=arguments_of(argument or []),
            law=law,
            examples=examples,
            compiled=compiled,
            sharded=sharded,
            split=split,
            seed=seed,
            reading=reading,
            progress=step,
        )
    return answer(found, format, out)
