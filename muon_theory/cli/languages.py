"""`--to LANGUAGE` of the verbs that make schedules: their coefficients for another program, in place of the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from cyclopts import Parameter

from muon_theory.errors import UsageError
from muon_theory.subject import HasSchedule

Language = Annotated[
    Literal["json", "python", "c", "latex", "torch", "optax"] | None,
    Parameter(help="print the coefficients alone, in this language or as this optimizer's arguments"),
]


def say_in(to: str, found: Iterable[HasSchedule]) -> None:
    """Print the first schedule that the language can hold, the best one first."""
    from muon_theory.api.proofs import export

    refused = None
    for one in found:
        try:
            print(export(one, to=to).text())  # type: ignore[arg-type]
        except UsageError as error:
            refused = refused or error
        else:
            return
    raise refused or UsageError("there is no schedule to write: allow more steps, or a larger --lower")
