"""Derivations that check themselves: every identity and inequality is evaluated again at random rational points."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Rational, Symbol

from muon_theory.derivations.formula import formula
from muon_theory.errors import MuonTheoryError
from muon_theory.evidence import Derivation, Step

POINTS = 24


class RecheckError(MuonTheoryError):
    """A derived statement is false at a point: a defect of this package, with the point that shows it."""

    exit_status = 101


class Notebook:
    """Collects the steps of one derivation; each `check` runs at seeded random rational points and is counted.

    >>> book = Notebook("twice")
    >>> book.step("Doubling is addition.", "a + a = 2a", "2a = a + a")
    >>> book.check("2a = a + a", lambda a: 2 * a == a + a, a=(-3, 3))
    >>> book.conclude("2a = a + a").checks
    24
    """

    def __init__(self, title: str, seed: int = 0) -> None:
        self.title = title
        self.steps: list[Step] = []
        self.checks = 0
        self._random = random.Random(f"{title}/{seed}")

    def step(self, statement: str, reason: str, *parts: object) -> None:
        """A step, with the formula made of `parts` where there are any."""
        self.steps.append(Step(statement, reason, formula(*parts) if parts else None))

    def check(self, statement: str, holds: Callable[..., bool], points: int = POINTS, **ranges: Any) -> None:
        """`holds` at random points of the open ranges (lo, hi), given by name.

        Raises RecheckError, with the point, where it does not.
        """
        for _ in range(points):
            point = {name: self.rational(Fraction(lo), Fraction(hi)) for name, (lo, hi) in ranges.items()}
            if not holds(**point):
                at = ", ".join(f"{name} = {value}" for name, value in point.items())
                raise RecheckError(f"{self.title}: {statement} fails at {at or 'its only point'}; please report this")
            self.checks += 1

    def identity(self, statement: str, expression: Any, value: Callable[..., Fraction], **ranges: Any) -> None:
        """The sympy `expression` equals the independently computed `value` at random points."""

        def equal(**point: Fraction) -> bool:
            return evaluate(expression, **point) == value(**point)

        self.check(statement, equal, **ranges)

    def rational(self, lo: Fraction, hi: Fraction) -> Fraction:
        """A random rational strictly between lo and hi."""
        denominator = self._random.randint(2, 997)
        return lo + (hi - lo) * Fraction(self._random.randint(1, denominator - 1), denominator)

    def conclude(self, conclusion: str) -> Derivation:
        return Derivation(self.title, tuple(self.steps), conclusion, self.checks)


def evaluate(expression: Any, **point: Fraction) -> Fraction:
    """The exact value of a rational sympy expression at rational values of its symbols."""
    values = {Symbol(k, real=True): Rational(v.numerator, v.denominator) for k, v in point.items()}
    q = expression.subs(values)
    return Fraction(int(q.p), int(q.q))
