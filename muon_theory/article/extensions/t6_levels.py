"""T6: how fast greedy steps of one degree converge in the end: E_{t+1}/E_t^{q+1} → C(2q+1, q)/4^q."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import comb, factorial, prod

from muon_theory.article.kit import span, theorem
from muon_theory.derivations import Notebook
from muon_theory.designs.rate import asymptotic_constant, asymptotic_derivation, next_level
from muon_theory.document import Badge, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.finders.alternation import alternation
from muon_theory.interval import Interval

DEGREES = (3, 5, 7, 9)
LEVEL = Fraction(1, 1000)


def derivation(degree: int) -> Derivation:
    """The proof, its identities checked, and its bounds against the best step itself at random levels."""
    made = asymptotic_derivation(degree)
    book = Notebook(made.title)
    n, q = (degree + 1) // 2, degree // 2
    leading = Fraction(comb(2 * n, n), 4**n)
    book.check(
        f"the binomial coefficient of -1/2 over {n}",
        lambda: prod((Fraction(-1, 2) - i for i in range(n)), start=Fraction(1)) / factorial(n) == (-1) ** n * leading,
        1,
    )
    book.check("the powers of 2", lambda: leading * 2**n / 2**q == asymptotic_constant(degree), 1)

    def between(level: Fraction) -> bool:
        best = alternation(degree, Interval(1 - level, 1 + level), digits=20).level
        bounds = next_level(degree, level)
        return bounds.lo < best < bounds.hi

    book.check("E' lies between the bounds", between, 4, level=("1/50", "1/4"))
    return replace(made, checks=book.checks)


DERIVATIONS = {f"t6-{degree}": partial(derivation, degree) for degree in DEGREES}


def section() -> Section:
    """T6: the limit constants of greedy steps."""
    rows = tuple(
        (str(d), str(asymptotic_constant(d)), str((d + 1) // 2), span(next_level(d, LEVEL), 3)) for d in DEGREES
    )
    return theorem(
        "T6",
        "The limit constants of greedy steps",
        "Different steps do better than one repeated (A8). How fast do the best ones converge in the end?",
        "Let E_t be the error after t greedy steps of degree 2q + 1: each step is the best approximation of 1 on what "
        "the one before left. Then E_(t+1)/E_t^(q+1) tends to C(2q + 1, q)/4^q, with explicit bounds at every level.",
        Badge.DERIVED,
        "3/4 in degree 3, 5/8 in degree 5, 35/64 in degree 7: each step raises the error to the power q + 1 and "
        "multiplies it by less than 1.",
        derivations=(derivation(5),),
        tables=(
            Table(
                f"The limit constant, the order, and the error after {LEVEL}, by degree",
                ("degree", "C(2q + 1, q)/4^q", "q + 1", f"next error after {LEVEL} lies in"),
                rows,
            ),
        ),
        remarks=(
            "The constant for cubics is known (CANS, Proposition 3); for the others we found no statement in print. "
            "The proof is in docs/theory-notes.md.",
        ),
        command="muon-theory derive t6-5",
    )
