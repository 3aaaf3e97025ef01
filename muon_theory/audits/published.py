"""What the catalogue publishes, as lists and as rows; entries that are misprints are left out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from muon_theory import catalogue
from muon_theory.catalogue import Entry
from muon_theory.polynomial import OddPolynomial

Row = tuple[Fraction, ...]
Home = tuple[str, int]
"""An entry's id, and a position in its list, from 0."""


@dataclass(frozen=True, slots=True)
class Known:
    """Row `position` (from 0) of an entry of `length` rows, as its decimal texts and exactly."""

    entry: str
    position: int
    length: int
    texts: tuple[str, ...]
    row: Row


@cache
def published_lists() -> tuple[tuple[Entry, tuple[OddPolynomial, ...]], ...]:
    """Every list as published, and as it runs where a safety factor is divided out."""
    sound = [e for e in catalogue.entries() if not e.misprint_of]
    folded = ((e, e.schedule(e.length).steps) for e in sound if e.safety)
    return (*((e, e.published()) for e in sound), *folded)


@cache
def row_homes() -> dict[Row, tuple[Home, ...]]:
    """Where each row that some entry publishes or runs stands."""
    found: dict[Row, tuple[Home, ...]] = {}
    for e, rows in sorted(published_lists(), key=lambda one: one[0].id):
        for t, f in enumerate(rows):
            found[f.coefficients] = (*found.get(f.coefficients, ()), (e.id, t))
    return found


def known_row(row: Row) -> bool:
    """Does some entry publish or run this row?"""
    return OddPolynomial(row).coefficients in row_homes()


@cache
def known_rows() -> tuple[Known, ...]:
    """The published rows as they were written."""
    return tuple(
        Known(e.id, t, e.length, texts, OddPolynomial.of(*texts).coefficients)
        for e in catalogue.entries()
        if not e.misprint_of
        for t, texts in enumerate(e.rows)
    )
