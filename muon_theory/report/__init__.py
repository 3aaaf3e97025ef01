"""The derivation report: its content (`ledger`), its form (`html`, `figures`), and its folder (`write`).

Importing this loads neither jinja2 nor matplotlib: both functions load what they need when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muon_theory.report.ledger import article_report
    from muon_theory.report.write import write_report

__all__ = ["article_report", "write_report"]


def __getattr__(name: str) -> Any:
    if name == "article_report":
        from muon_theory.report.ledger import article_report

        return article_report
    if name == "write_report":
        from muon_theory.report.write import write_report

        return write_report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
