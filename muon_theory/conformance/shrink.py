"""Counterexamples made small: rows, columns and entries are taken away while the law stays broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from muon_theory.conformance.case import Case, Matrix

BUDGET = 600


def reduced(case: Case, breaks: Callable[[Case], bool]) -> Case:
    """The case after greedy reduction: blocks of rows, of columns, and then entries to 0, each of half the size before.

    At most `BUDGET` cases are tried.  What is left need not be the smallest counterexample, but it is one.  Rows and
    columns stay where Q and P are given.
    """
    budget = BUDGET
    turned = case.left is not None or case.right is not None
    cuts = [_zeroed] if turned else [_without_rows, _without_columns, _zeroed]
    progress = True
    while progress:
        before = case
        for cut in cuts:
            width = _size(case, cut) // 2
            while width >= 1:
                hi = _size(case, cut)
                while hi > 0:
                    lo = max(0, hi - width)
                    smaller = cut(case, lo, hi)
                    if smaller is not None and budget > 0:
                        budget -= 1
                        case = smaller if breaks(smaller) else case
                    hi = lo
                width //= 2
        progress = case != before and budget > 0
    return case


Cut = Callable[[Case, int, int], "Case | None"]


def _size(case: Case, cut: Cut) -> int:
    rows, columns = len(case.matrices[0]), len(case.matrices[0][0])
    return rows if cut is _without_rows else columns if cut is _without_columns else rows * columns


def _without_rows(case: Case, lo: int, hi: int) -> Case | None:
    return _without(case, lo, hi, 0, tuple(M[:lo] + M[hi:] for M in case.matrices))


def _without_columns(case: Case, lo: int, hi: int) -> Case | None:
    return _without(case, lo, hi, 1, tuple(tuple(row[:lo] + row[hi:] for row in M) for M in case.matrices))


def _without(case: Case, lo: int, hi: int, axis: int, matrices: tuple[Matrix, ...]) -> Case | None:
    """The case of the smaller matrices; None where a poisoned entry or all that is not zero would go."""
    if not all(any(map(any, M)) for M in matrices):
        return None
    if case.poison is None:
        return replace(case, matrices=matrices)
    row, column, what = case.poison
    place = column if axis else row
    if lo <= place < hi:
        return None
    moved = place - (hi - lo) * (place >= hi)
    return replace(case, matrices=matrices, poison=(row, moved, what) if axis else (moved, column, what))


def _zeroed(case: Case, lo: int, hi: int) -> Case | None:
    """The entries lo, …, hi - 1, counted row by row, made 0; None where nothing changes or a zero matrix is left."""
    columns = len(case.matrices[0][0])
    matrices = tuple(
        tuple(
            tuple(Fraction(0) if lo <= i * columns + j < hi else x for j, x in enumerate(row))
            for i, row in enumerate(M)
        )
        for M in case.matrices
    )
    if matrices == case.matrices or not all(any(map(any, M)) for M in matrices):
        return None
    return replace(case, matrices=matrices)
