"""`conform-step module:Class`: whole steps of somebody's optimizer against the laws that a step obeys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.examined import Arguments, Examples, Laws, Preset, Seed, Xfails, arguments_of, declared
from muon_theory.cli.output import Format, Out, answer, ask
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps


def conform_step(
    optimizer: Annotated[str, Parameter(help="module:Class or file.py:factory; it is imported and called")],
    /,
    *,
    coefficients: Coefficients = None,
    preset: Preset = None,
    steps: Steps = None,
    contract: Annotated[
        Path | None,
        Parameter(help="a JSON file of what is declared (docs/optimizers); the rest is found out"),
    ] = None,
    argument: Arguments = None,
    law: Laws = None,
    xfails: Xfails = None,
    examples: Examples = 25,
    compiled: Annotated[bool, Parameter(help="try torch.compile as well")] = False,
    sharded: Annotated[
        str | None, Parameter(help="numbers of processes, such as 2,4, over which the same steps must give the same")
    ] = None,
    split: Annotated[
        list[str] | None,
        Parameter(help='rows, columns (DTensor), fsdp2, "rows by hand", "columns by hand"; may be repeated'),
    ] = None,
    seed: Seed = 0,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Find out what a step does, compare it with a contract, and shrink what breaks a law (never proved).

    Exit status 1 where a law is contradicted.
    """
    said = declared(preset, coefficients)
    found = ask(mt.conform_step, locals(), optimizer, said, argument=arguments_of(argument), during="laws")
    return answer(found, format, out)
