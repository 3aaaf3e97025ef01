"""Laws about the edges of the domain, and about what a function does beside computing."""

from __future__ import annotations

from fractions import Fraction

import torch

from muon_theory.conformance.case import Case, laid_out
from muon_theory.conformance.expected import evaluate
from muon_theory.conformance.law import Broken, agree, number, shown
from muon_theory.conformance.subject import DTYPES, NAMES, FunctionError, NoAnswer, Subject


def zero(subject: Subject, case: Case) -> Fraction:
    """Exactly zero: 0/0 is not."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    if not bool((seen == 0).all()):
        raise Broken(f"the result is {shown(seen)}, not zero")
    return Fraction(0)


def tiny(subject: Subject, case: Case) -> Fraction:
    """Squares may underflow and eps may rule: only a finite, bounded result is asked for."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    if not bool(torch.isfinite(seen).all()):
        raise Broken(f"the result is {shown(seen)}")
    grid = torch.linspace(0, 1, 4097, dtype=torch.float64)
    for f in subject.steps(case.steps):
        grid = evaluate(f, grid)
    top, limit = float(torch.linalg.matrix_norm(seen, 2)), float(grid.abs().max()) + 0.5
    if top > limit:
        raise Broken(f"the result has σ₁ = {number(top)}, above max φ + 1/2 = {number(limit)}")
    return Fraction(1, 2)


def huge(subject: Subject, case: Case) -> Fraction:
    """The sum of squares may overflow; zeros, NaN and infinity are wrong answers, an error is a right one."""
    B, A = subject.cast(case.matrices[0]), subject.place(case)
    try:
        fA = subject.run(A, case.steps)
    except NoAnswer:
        raise
    except FunctionError:
        return Fraction(0)  # refusing is an answer
    fB = subject.run(B, case.steps)
    if not bool(torch.isfinite(fA).all()) or (not bool(fA.any()) and bool(fB.any())):
        raise Broken(f"the result is {shown(fA)}; without the factor it is {shown(fB)}")
    return agree(subject, A, fA, B, fB, lambda Y: Y, case.steps)


def not_finite(subject: Subject, case: Case) -> Fraction:
    """One entry is NaN or infinite."""
    X = subject.place(case)
    if case.poison is None:
        raise ValueError("this law needs case.poison")
    i, j, what = case.poison
    X[i, j] = float(what)
    try:
        seen = subject.run(X, case.steps)
    except NoAnswer:
        raise
    except FunctionError:
        return Fraction(0)
    if bool(torch.isfinite(seen).all()):
        raise Broken(f"the result is {shown(seen)}: finite, so that nobody notices")
    return Fraction(0)


def untouched(subject: Subject, case: Case) -> Fraction:
    """In every dtype the function takes: a cast that is none leaves the caller's own tensor to be written into."""
    X = laid_out(subject.place(case), case.layout)
    before = X.clone()
    subject.raw(X, case.steps)
    if not torch.equal(X, before):
        now, change = X.double().cpu(), float((X - before).abs().max())
        raise Broken(f"after the call the caller's tensor is {shown(now)}, changed by up to {number(change)}")
    return Fraction(0)


def kept(subject: Subject, case: Case) -> Fraction:
    """Compared with the declaration."""
    X = subject.place(case)
    answer = subject.raw(X, case.steps)
    wanted = X.dtype if subject.returns == "input" else DTYPES[subject.returns]
    if answer.dtype != wanted:
        raise Broken(f"the result is {NAMES.get(answer.dtype, str(answer.dtype))}, not {NAMES[wanted]}")
    if answer.device != X.device:
        raise Broken(f"the result is on {answer.device}, not on {X.device}")
    return Fraction(0)
