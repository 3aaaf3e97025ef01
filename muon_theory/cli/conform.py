"""`conform module:function`: somebody's Newton-Schulz function against the laws that such a function obeys."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, answer, progress
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps, subject_of, whole
from muon_theory.errors import UsageError


def conform(
    function: Annotated[str, Parameter(help="module:function or file.py:function; it is imported and called")],
    /,
    *,
    coefficients: Coefficients = None,
    preset: Annotated[str | None, Parameter(help="the declared coefficients, by the name of a subject")] = None,
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
        float, Parameter(help="passed as eps, or known to be added to the norm or to bound it below")
    ] = 1e-7,
    gram: Annotated[
        str | None, Parameter(help="it runs in the Gram form; after which steps XXᵀ is formed anew: 2 or 2,4 or never")
    ] = None,
    argument: Annotated[list[str] | None, Parameter(help="NAME=VALUE, passed to every call; may be repeated")] = None,
    law: Annotated[list[str] | None, Parameter(help="only this law; may be repeated")] = None,
    xfails: Annotated[Path | None, Parameter(help="a TOML file of failures that are known")] = None,
    examples: Annotated[int, whole("inputs a law")] = 50,
    device: Annotated[str, Parameter(help="cpu or cuda")] = "cpu",
    seed: Annotated[int, whole("of the random inputs", 0, 2**32 - 1)] = 0,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Try the laws on small matrices and shrink what breaks them (CONFIRMED or CONTRADICTED, never proved).

    Exit status 1 where a law is contradicted.
    """
    from muon_theory.api.matrices import conform as examine

    if preset is not None and coefficients is not None:
        raise UsageError("--preset and --coefficients both name the coefficients: give one of them")
    with progress("laws") as step:
        found = examine(
            function,
            None if preset is None and coefficients is None else subject_of(preset, coefficients),
            steps=steps,
            dtype=dtype,
            computes=computes,
            returns=returns,
            normalisation=normalisation,
            within=within,
            eps=eps,
            gram=gram,
            argument=arguments_of(argument or []),
            law=law,
            xfails=xfails,
            examples=examples,
            device=device,
            seed=seed,
            reading=reading,
            progress=step,
        )
    return answer(found, format, out)


def arguments_of(texts: list[str]) -> dict[str, Any]:
    """NAME=VALUE pairs, their values as Python literals where they are ones."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--argument {text!r}: write NAME=VALUE, such as --argument transpose=True")
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            found[name] = value
    return found
