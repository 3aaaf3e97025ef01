"""The options that `conform` and `conform-step` share: somebody's code is imported, and laws are tried on it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.subjects import subject_of, whole
from muon_theory.errors import UsageError
from muon_theory.subject import Written

Preset = Annotated[str | None, Parameter(help="the coefficients that it declares, by the name of a subject")]
Arguments = Annotated[
    list[str] | None, Parameter(name="--argument", help="NAME=VALUE, passed to it by name; may be repeated")
]
Laws = Annotated[list[str] | None, Parameter(name="--law", help="only this law; may be repeated")]
Xfails = Annotated[Path | None, Parameter(help="a TOML file of failures that are known, with reason and version")]
Examples = Annotated[int, whole("inputs a law")]
Seed = Annotated[int, whole("of the random inputs", 0, 2**32 - 1)]


def declared(preset: str | None, coefficients: str | None) -> str | Written | None:
    """The coefficients that are said, if any are."""
    if preset is not None and coefficients is not None:
        raise UsageError("--preset and --coefficients both name the coefficients: give one of them")
    return None if preset is None and coefficients is None else subject_of(preset, coefficients)


def arguments_of(texts: list[str] | None) -> dict[str, object]:
    """NAME=VALUE pairs, their values as Python literals where they are ones."""
    found: dict[str, object] = {}
    for text in texts or []:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--argument {text!r}: write NAME=VALUE, such as --argument transpose=True")
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            found[name] = value
    return found
