"""Laws about the edges of the domain, and about what a function does beside computing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import log2

import numpy as np

from muon_theory.conformance.arrays import dtype_of
from muon_theory.conformance.case import Case
from muon_theory.conformance.emulated import Array
from muon_theory.conformance.expected import applied
from muon_theory.conformance.law import Broken, Noted, Silent, agree, number, shown
from muon_theory.conformance.subject import FunctionError, NoAnswer, Subject, largest_exponent
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.precision import chain
from muon_theory.schedule import Schedule


def zero(subject: Subject, case: Case) -> Fraction:
    """Exactly zero: 0/0 is not."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    if seen.any() or np.isnan(seen).any():
        raise Broken(f"the result is {shown(seen)}, not zero")
    return Fraction(0)


def tiny(subject: Subject, case: Case) -> Fraction:
    """Squares may underflow and eps may rule: only a finite, bounded result is asked for."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    if not np.isfinite(seen).all():
        raise Broken(f"the result is {shown(seen)}")
    grid = applied(subject.steps(case.steps), np.linspace(0, 1, 4097))
    top, limit = float(np.linalg.norm(seen, 2)), float(np.abs(grid).max()) + 0.5
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
        size = float(np.linalg.norm(subject.place(case)))
        if size < 2.0 ** (largest_exponent(subject.arithmetic) // 2):
            raise
        first = next(k for k in range(1, case.exponents[0] + 1) if not _holds(subject, case, k))
        norm = log2(float(np.linalg.norm(subject.place(replace(case, exponents=(0,)))))) + first
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
    if not np.isfinite(fA).all() or (not fA.any() and fB.any()):
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


def _outside(seen: Array, band: Interval) -> bool:
    """Has the result a singular value, of as many as X has, outside the band?"""
    if not np.isfinite(seen).all():
        return True
    s = np.linalg.svd(seen, compute_uv=False)
    return bool(s[-1] < band.lo or s[0] > band.hi)


def floor(subject: Subject, case: Case) -> Fraction:
    """Down from ‖X‖_F ≈ 1, by powers of two: from where on does f(2^-k X) leave the band in which f(X) lies?

    The band is the certified image of the hull of X_0's singular values, widened by what rounding explains; X has full
    rank.  That eps rules somewhere is no fault, so the end is a note; above 2^-14, where gradients are, it is a fault.
    """
    X = subject.cast(case.matrices[0])
    size = round(log2(float(np.linalg.norm(X))))
    last = largest_exponent(subject.dtype) - 3
    want = subject.reference(X, None, subject.run(X))
    if want.bound is None:
        raise Silent
    s = np.linalg.svd(want.start, compute_uv=False)
    try:
        image = chain(Schedule(subject.steps(None)), Interval(Fraction(float(s[-1])), Fraction(float(s[0]))))[-1]
    except UndecidedError:
        raise Silent from None
    band = Interval(image.lo - want.bound, image.hi + want.bound)
    far = (k for k in range(1, last + size) if _outside(subject.run(subject.cast(case.matrices[0], -k)), band))
    worst = next(far, None)
    if worst is None:
        return Fraction(0)
    end = size - worst + 1
    what = f"for ‖X‖_F below about 2^{end} singular values leave the band {image.text(3)} of f(X): eps rules"
    if end > -14 and subject.dtype != "fp16":
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
    if np.isfinite(seen).all():
        raise Broken(f"the result is {shown(seen)}: finite, so that nobody notices")
    return Fraction(0)


def untouched(subject: Subject, case: Case) -> Fraction:
    """In every dtype the function takes: a cast that is none leaves the caller's own array to be written into."""
    X = subject.hand(subject.place(case), case.dtype, case.layout)
    before = subject.library.values(X)
    subject.answer(X, case.steps)
    now = subject.library.values(X)
    if not np.array_equal(now, before):
        change = float(np.abs(now - before).max())
        raise Broken(f"after the call the caller's array is {shown(now)}, changed by up to {number(change)}")
    return Fraction(0)


def kept(subject: Subject, case: Case) -> Fraction:
    """Compared with the declaration."""
    X = subject.hand(subject.place(case), case.dtype)
    answer = subject.answer(X, case.steps)
    wanted = dtype_of(X) if subject.returns == "input" else subject.returns
    if dtype_of(answer) != wanted:
        raise Broken(f"the result is {dtype_of(answer)}, not {wanted}")
    if (where := getattr(answer, "device", None)) != (own := getattr(X, "device", None)):
        raise Broken(f"the result is on {where}, not on {own}")
    return Fraction(0)
