"""Laws about symmetry: two calls that must agree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from muon_theory.conformance.case import Case, product
from muon_theory.conformance.law import Broken, agree
from muon_theory.conformance.subject import Subject


def equivariance(subject: Subject, case: Case) -> Fraction:
    """Q and P are signed permutations, some with a turn by the 3-4-5 triangle: exact rationals."""
    if case.left is None or case.right is None:
        raise ValueError("this law needs case.left and case.right")
    B, A = subject.place(case), subject.cast(product(product(case.left, case.matrices[0]), case.right))
    Q, P = (np.array([[float(x) for x in row] for row in M]) for M in (case.left, case.right))
    return agree(subject, A, subject.run(A, case.steps), B, subject.run(B, case.steps), lambda Y: Q @ Y @ P, case.steps)


def transpose(subject: Subject, case: Case) -> Fraction:
    """Xᵀ in plain memory of its own."""
    B = subject.place(case)
    A = B.T
    fB, fA = subject.run(B, case.steps), subject.run(A, case.steps)
    return agree(subject, A, fA, B, fB, lambda Y: Y.T, case.steps)


def odd(subject: Subject, case: Case) -> Fraction:
    """Rounding to nearest is symmetric, so the two are usually equal bit for bit."""
    B = subject.place(case)
    return agree(subject, -B, subject.run(-B, case.steps), B, subject.run(B, case.steps), lambda Y: -Y, case.steps)


def scale(subject: Subject, case: Case) -> Fraction:
    """A power of 2 changes no significand."""
    B, A = subject.cast(case.matrices[0]), subject.place(case)
    return agree(subject, A, subject.run(A, case.steps), B, subject.run(B, case.steps), lambda Y: Y, case.steps)


def batch(subject: Subject, case: Case) -> Fraction:
    """Matrices of different size in one batch, so that a norm over the whole batch shows."""
    each = [subject.place(case, i) for i in range(len(case.matrices))]
    stacked = np.stack(each).reshape(*(case.lead or (len(each),)), *each[0].shape)
    together = subject.run(stacked, case.steps).reshape(len(each), *each[0].shape)
    used = [Fraction(0)]
    for i, X in enumerate(each):
        try:
            used.append(agree(subject, X, together[i], X, subject.run(X, case.steps), lambda Y: Y, case.steps))
        except Broken as error:
            raise Broken(f"matrix {i + 1} of the batch: {error}") from None
    return max(used)


def layout(subject: Subject, case: Case) -> Fraction:
    """Columns first, every second column, or inside a larger tensor."""
    B = subject.place(case)
    fA = subject.run(B, case.steps, case.layout)
    return agree(subject, B, fA, B, subject.run(B, case.steps), lambda Y: Y, case.steps)
