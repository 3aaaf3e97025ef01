"""The form of a report: pages (`html`, `paper`), pictures (`figures`), folder (`write`).  `article` has the content.

Importing this loads neither jinja2 nor matplotlib nor typst: the functions load what they need when first used.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from muon_theory.errors import MissingDependencyError

if TYPE_CHECKING:
    from muon_theory.reports.write import write_report

__all__ = ["needs_typst", "write_report"]


def needs_typst() -> None:
    """Return if the report can be written as PDF here.

    Raises MissingDependencyError, which says what to install, if typst is absent.
    """
    if find_spec("typst") is None:
        raise MissingDependencyError.of("typst", "a report as PDF", "leave out --pdf")


def __getattr__(name: str) -> object:
    if name == "write_report":
        from muon_theory.reports.write import write_report

        return write_report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
