"""T6: how fast greedy steps of one degree converge in the end: E_{t+1}/E_t^{q+1} → C(2q+1, q)/4^q."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from muon_theory.article.kit import span, theorem
from muon_theory.designs.rate import asymptotic_constant, asymptotic_derivation, next_level
from muon_theory.document import Badge, Section, Table
from muon_theory.evidence import Derivation

DEGREES = (3, 5, 7, 9)
LEVEL = Fraction(1, 1000)

DERIVATIONS: dict[str, Callable[[], Derivation]] = {
    f"t6-{degree}": partial(asymptotic_derivation, degree) for degree in DEGREES
}


def section() -> Section:
    """T6: the limit constants of greedy steps."""
    rows = tuple(
        (str(d), str(asymptotic_constant(d)), str((d + 1) // 2), span(next_level(d, LEVEL), 3)) for d in DEGREES
    )
    return theorem(
        "T6",
        "The limit constants of greedy steps",
        "Different steps do better than one repeated (A8). How fast do the best ones converge in the end?",
        "Let E_t be the error after t greedy steps of degree 2q + 1: each step is the best approximation of 1 on "
        "what the "
        "one before left. Then E_(t+1)/E_t^(q+1) tends to C(2q + 1, q)/4^q, with explicit bounds at every level.",
        Badge.DERIVED,
        "3/4 in degree 3, 5/8 in degree 5, 35/64 in degree 7: each step raises the error to the power q + 1 and "
        "multiplies "
        "it by less than 1.",
        derivations=(asymptotic_derivation(5),),
        tables=(
            Table(
                f"The limit constant, the order, and the error after {LEVEL}, by degree",
                ("degree", "C(2q + 1, q)/4^q", "q + 1", f"next error after {LEVEL} lies in"),
                rows,
            ),
        ),
        remarks=(
            "The constant for cubics is known (CANS, Proposition 3); for the others we found no statement in print. "
            "The proof "
            "is in docs/theory-notes.md.",
        ),
        command="muon-theory derive t6-5",
    )
