"""`--to LANGUAGE` of the verbs that make schedules: their coefficients for another program, in place of the report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import answer, note
from muon_theory.display import Shown
from muon_theory.errors import UsageError

Language = Annotated[
    Literal["json", "python", "c", "latex", "torch", "optax"] | None,
    Parameter(help="print the coefficients alone, in this language or as this optimizer's arguments"),
]


def alone(to: Language, form: str, *files: Path | None) -> None:
    """Refuse what belongs to a report, where the coefficients alone are printed."""
    if to is not None and (form != "text" or any(file is not None for file in files)):
        raise UsageError("--to prints the coefficients alone: leave out --certificates, --out and --format")


def answer_in(
    to: Language, found: Shown, form: str, out: Path | None = None, *, certificates: Path | None, plot: Path | None
) -> int:
    """The report, or the coefficients alone; returns the exit status."""
    if to is None:
        return answer(found, form, out, certificates=certificates, plot=plot)
    if plot is not None:
        found.draw(plot)
        note(f"wrote {plot}")
    say_in(to, found if isinstance(found, Iterable) else [found])
    return found.exit_status


def say_in(to: str, found: Iterable[Shown]) -> None:
    """Print the first schedule that the language can hold, the best one first."""
    refused = None
    for one in found:
        try:
            print(mt.export(one, to=to).text())  # type: ignore[arg-type]
        except UsageError as error:
            refused = refused or error
        else:
            return
    raise refused or UsageError("there is no schedule to write: allow more steps, or a larger --lower")
