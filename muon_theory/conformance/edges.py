"""Laws about the edges of the domain, and about what a function does beside computing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import log2

import torch

from muon_theory.conformance.case import Case, laid_out
from muon_theory.conformance.expected import evaluate
from muon_theory.conformance.law import Broken, Noted, Silent, agree, number, shown
from muon_theory.conformance.subject import DTYPES, NAMES, FunctionError, NoAnswer, Subject, largest_exponent


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
    """The sum of squares may overflow; zeros, NaN and infinity are wrong answers, an error is a right one.

    Where the squares of the format overflow, the end is a note; before, the law is broken.
    """
    try:
        return _large(subject, case, case.exponents[0])
    except NoAnswer:
        raise
    except Broken as error:
        size = float(subject.place(case).double().norm())
        if size < 2.0 ** (largest_exponent(subject.arithmetic) // 2):
            raise
        first = next(k for k in range(1, case.exponents[0] + 1) if not _holds(subject, case, k))
        norm = log2(float(subject.place(replace(case, exponents=(0,))).double().norm())) + first
        raise Noted(f"from about ‖X‖_F = 2^{norm:.0f} on {error}: the sum of squares overflows") from None


def _large(subject: Subject, case: Case, exponent: int) -> Fraction:
    B, A = subject.cast(case.matrices[0]), subject.cast(case.matrices[0], exponent)
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


def _holds(subject: Subject, case: Case, exponent: int) -> bool:
    try:
        _large(subject, case, exponent)
    except Silent:
        return True
    except (Broken, FunctionError):
        return False
    return True


def _away(seen: torch.Tensor, right: torch.Tensor, bound: Fraction) -> bool:
    return not bool(torch.isfinite(seen).all()) or float((seen - right).norm()) > 2 * bound


def floor(subject: Subject, case: Case) -> Fraction:
    """Down from ‖X‖_F ≈ 1, by powers of two: from where on is f(2^-k X) not f(X)?  Above 2^-14 that is a fault."""
    X = subject.cast(case.matrices[0])
    size = round(log2(float(X.double().norm())))
    last, plain = largest_exponent(subject.dtype) - 3, subject.run(X)
    if (bound := subject.reference(X, None, plain).bound) is None:
        raise Silent
    far = (k for k in range(1, last + size) if _away(subject.run(subject.cast(case.matrices[0], -k)), plain, bound))
    worst = next(far, None)
    if worst is None:
        return Fraction(0)
    what = f"for ‖X‖_F below about 2^{size - worst + 1} the result is no longer f of the direction: eps rules"
    if size - worst + 1 > -14 and subject.dtype != "fp16":
        raise Broken(what)
    raise Noted(what)


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
