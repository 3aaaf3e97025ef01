"""The oracle for sentences: read one, and try to refute it about the subject of its certificate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Q
from typing import Any

from tests.statements.reader import Statement, read
from tests.statements.refute import refute


def subject_of(certificate: dict[str, Any]) -> list[list[Any]]:
    """Rows of rationals, or of polynomials {exponents: coefficient}."""
    if "schedule" in certificate:
        return [[Q(c) for c in row] for row in certificate["schedule"]]
    family = certificate["family"]
    rows = family["rows"] if "rows" in family else [family["coefficients"]]
    return [[{tuple(e): Q(c) for c, e in p} for p in row] for row in rows]


def placed(statement: Statement, certificate: dict[str, Any]) -> Statement:
    """With the boxes of the certificate, where the sentence leaves them there."""
    if not statement.elsewhere:
        return statement
    boxes = [tuple((Q(lo), Q(hi)) for lo, hi in box) for box in certificate["claim"]["boxes"]]
    assert len(boxes) == statement.elsewhere
    assert statement.open == certificate["claim"]["open"]
    return replace(statement, boxes=tuple(boxes), elsewhere=0)


def refutation(sentence: str, certificate: dict[str, Any]) -> str | None:
    """Where the sentence fails, or None.  Raises Unreadable for one that has no form."""
    return refute(placed(read(sentence), certificate), subject_of(certificate))


def quick(certificate: dict[str, Any]) -> bool:
    """Not about a family, and not a best approximation, for which many must be tried."""
    return "schedule" in certificate and certificate["claim"]["type"] not in (
        "minimax",
        "composition-bound",
        "noisy-composition-bound",
        "constant-bound",
    )
