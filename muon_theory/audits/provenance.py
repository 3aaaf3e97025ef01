"""Which generator makes a list: the published ones, tried with the parameters that people give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product

from muon_theory import catalogue
from muon_theory.designs.families import pade
from muon_theory.designs.greedy import Recipe, SafetyOn, compose
from muon_theory.errors import MuonTheoryError
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial

LOWER = tuple(map(Fraction, ("1/1000", "1/10000", "1/100", "1/100000", "1/1000000", "1/2000", "1/128", "7/1000")))
SAFETY = tuple(Fraction(100 + k, 100) for k in (1, 0, 2, 5, 10))
CUSHIONS: tuple[Fraction | str, ...] = ("published", Fraction(0), Fraction(1, 10))
DIGITS = 6
"""Significant digits in which a row must agree to be taken for the generator's."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The call that makes the list, how many rows it makes, and to how many significant digits."""

    call: str
    rows: int
    digits: int

    def __str__(self) -> str:
        return f"{self.call}: {self.rows} rows, to {self.digits} significant digits"


def provenance(steps: tuple[OddPolynomial, ...]) -> Provenance | None:
    """The generator and parameters that reproduce a list best, None where none that is known does.

    Tried are the catalogue, Padé's polynomials, and the greedy minimax composition with the lower ends, cushions and
    safety factors of published lists.

    >>> str(provenance(pade(2).steps * 3))
    'pade(2): 3 rows, to 40 significant digits'
    """
    for e in catalogue.entries():
        if not e.misprint_of and e.schedule(e.length).steps[: len(steps)] == steps:
            return Provenance(f"the published list {e.id}", len(steps), 40)
    for order in (1, 2, 3, 4):
        if all(f == pade(order).steps[0] for f in steps):
            return Provenance(f"pade({order})", len(steps), 40)
    degree = steps[0].degree
    best: Provenance | None = None
    for call, rows in _generated(degree, len(steps)):
        count = 0
        digits = 40
        for made, given in zip(rows, steps, strict=False):
            agreed = _agreed(made, given)
            if agreed < DIGITS and not (count and agreed >= 4):
                break
            count, digits = count + 1, min(digits, agreed)
        if count and (best is None or (count, digits) > (best.rows, best.digits)):
            best = Provenance(call, count, digits)
        if best and best.rows == len(steps) and best.digits >= 10:
            break
    return best if best and best.rows >= min(2, len(steps)) else None


def _agreed(p: OddPolynomial, q: OddPolynomial) -> int:
    """Significant digits in which all coefficients agree, up to a half in the last."""
    if len(p.coefficients) != len(q.coefficients):
        return 0
    least = 40
    for a, b in zip(p.coefficients, q.coefficients, strict=True):
        if a == b:
            continue
        if not b:
            return 0
        error = abs(a - b) / abs(b)
        digits = 0
        while error * 10 ** (digits + 1) < 5 and digits < 40:
            digits += 1
        least = min(least, digits)
    return least


def _generated(degree: int, count: int) -> Iterator[tuple[str, tuple[OddPolynomial, ...]]]:
    if degree not in (3, 5, 7, 9):
        return
    for lower, cushion, safety in product(LOWER, CUSHIONS, SAFETY):
        for where in (SafetyOn.ALL_BUT_LAST, SafetyOn.ALL) if safety > 1 else (SafetyOn.ALL_BUT_LAST,):
            rows = _composed(degree, count, lower, cushion, safety, where)
            if rows:
                words = [f"l = {decimal(lower)}", f"T = {count}"]
                words += [f"cushion {cushion}"] if cushion else []
                words += [f"safety {decimal(safety)} ({where.value})"] if safety > 1 else []
                yield f"the minimax composition of degree {degree} with {', '.join(words)}", rows


@cache
def _composed(
    degree: int, count: int, lower: Fraction, cushion: Fraction | str, safety: Fraction, where: SafetyOn
) -> tuple[OddPolynomial, ...]:
    try:
        recipe = Recipe(safety=safety, safety_on=where, cushion=cushion)
        return compose((degree,) * count, lower, recipe=recipe).schedule.steps
    except MuonTheoryError:
        return ()
