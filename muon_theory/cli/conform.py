"""`conform module:function`: somebody's Newton-Schulz function against the laws that such a function obeys."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.examined import Arguments, Examples, Laws, Preset, Seed, Xfails, arguments_of, declared
from muon_theory.cli.output import Format, Out, answer, ask
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps


def conform(
    function: Annotated[str, Parameter(help="module:function or file.py:function; it is imported and called")],
    /,
    *,
    coefficients: Coefficients = None,
    preset: Preset = None,
    steps: Steps = None,
    dtype: Annotated[str, Parameter(help="of the inputs: fp32, bf16, fp16, fp64")] = "fp32",
    computes: Annotated[str | None, Parameter(help="the format in which it computes, if its results are wider")] = None,
    returns: Annotated[str, Parameter(help="the dtype of its results, if not that of its input")] = "input",
    normalisation: Annotated[
        str | None,
        Parameter(
            help="frobenius, schatten-4, spectral-estimate (each also as NAME*1.02), aol, aol-rows, aol-columns, none; "
            "detect: found out from the outputs. The preset's; without one, detect"
        ),
    ] = None,
    within: Annotated[
        float | None, Parameter(help="a spectral estimate lies between σ₁/within and within·σ₁; 1.25 unless said")
    ] = None,
    eps: Annotated[
        float | None,
        Parameter(
            help="passed as eps, or known to be added to the norm or to bound it below; its own default unless said"
        ),
    ] = None,
    gram: Annotated[
        str | None, Parameter(help="it runs in the Gram form; after which steps XXᵀ is formed anew: 2 or 2,4 or never")
    ] = None,
    argument: Arguments = None,
    law: Laws = None,
    xfails: Xfails = None,
    examples: Examples = 50,
    library: Annotated[
        str | None,
        Parameter(help="whose arrays it takes: torch, numpy, jax, mlx, or a module; found out unless said"),
    ] = None,
    device: Annotated[str, Parameter(help="cpu or cuda")] = "cpu",
    seed: Seed = 0,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Try the laws on small matrices and shrink what breaks them (CONFIRMED or CONTRADICTED, never proved).

    Exit status 1 where a law is contradicted.
    """
    said = declared(preset, coefficients)
    found = ask(mt.conform, locals(), function, said, argument=arguments_of(argument), during="laws")
    return answer(found, format, out)
