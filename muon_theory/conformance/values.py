"""Laws about values: φ itself, the coefficients, the number of steps, the normalisation, the sign."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from muon_theory.conformance.bias import bias
from muon_theory.conformance.case import Case
from muon_theory.conformance.detect import CANDIDATES, misfit, recovered
from muon_theory.conformance.emulated import Array
from muon_theory.conformance.expected import applied
from muon_theory.conformance.law import Broken, Silent, compare, number
from muon_theory.conformance.subject import FunctionError, Subject
from muon_theory.normalisation import Kind


def polar(subject: Subject, case: Case) -> Fraction:
    """f_k(… f_1(X_0)) within the bound, and the last step alone from the observed result of the steps before it."""
    X, k = subject.place(case), case.steps or subject.count
    seen = subject.run(X, k)
    want = subject.reference(X, k, seen)
    used = []
    with contextlib.suppress(Silent):
        used.append(compare(seen, want.value, want.bound, f"{k} steps"))
    if subject.continues(k):
        before = subject.run(X, k - 1)
        if np.isfinite(before).all():
            want = subject.next_step(before, subject.steps(k)[-1])
            with contextlib.suppress(Silent):
                used.append(compare(seen, want.value, want.bound, f"step {k}, from the result of {k - 1}"))
    if not used:
        raise Silent
    return max(used)


def unbiased(subject: Subject, case: Case) -> Fraction:
    """Over many singular values the roundings of 16 bits cancel; a wrong coefficient or norm does not."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    want = subject.expected(X, case.steps, seen)
    steps, u = subject.steps(case.steps), subject.narrowest
    if found := bias(want.start, steps, seen, u, subject.restarts, norm=not subject.normaliser.estimated):
        raise Broken(found)
    return Fraction(0)


def sums(subject: Subject, case: Case) -> Fraction:
    """A row of ones has the σ₁ of a single one, unless a sum of its squares is kept in 16 bits and stops growing."""
    sizes, bounds = list[float](), list[Fraction]()
    for X in (subject.cast(((Fraction(1),),)), subject.place(case)):
        try:
            result = subject.run(X, case.steps)
        except FunctionError:
            raise Silent from None
        sizes.append(float(np.linalg.norm(result)))
        bounds.append(subject.reference(X, case.steps, result).bound or Fraction(2))
    bound = sum(bounds, Fraction(0))
    if bound > 1:
        raise Silent
    if not abs(sizes[1] - sizes[0]) <= bound:
        raise Broken(
            f"σ₁ of the result is {number(sizes[1])}, and of [[1]] it is {number(sizes[0])}: sums of {X.shape[-1]} "
            "products are kept in 16 bits, and stop growing"
        )
    return bound


def normalisation(subject: Subject, case: Case) -> Fraction:
    """As `polar`, over few steps; where it is wrong, the normalisation that would explain the result is named."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    want = subject.reference(X, case.steps, seen)
    try:
        return compare(seen, want.value, want.bound, f"normalised by {subject.normaliser.name}")
    except Broken as error:
        raise Broken(f"{error}{_explanation(subject, case, X, seen)}") from None


def _explanation(subject: Subject, case: Case, X: Array, seen: Array) -> str:
    """The declared normalisation's rivals that explain the result, or the σ₁ that does where X has rank one."""
    s = np.linalg.svd(X, compute_uv=False)
    one = len(s) == 1 or float(s[1]) <= 1e-9 * float(s[0])
    rivals = [c for c in CANDIDATES if c != subject.normaliser and not (one and c.estimated)]
    if names := [c.name for c in rivals if misfit(subject, c, X, seen, case.steps) <= 1]:
        return f"; it is what {' or '.join(names)} gives"
    if not one:
        return ""
    size = float(np.linalg.svd(subject.normaliser.apply(X), compute_uv=False)[0])
    grid = np.linspace(0, 1.25, 12501)
    above = np.abs(applied(subject.steps(case.steps), grid)) >= np.linalg.norm(seen, 2)
    roots = grid[1:][above[1:] != above[:-1]].tolist()
    if not roots:
        return ""
    right = " or ".join(f"{x:.3f}" for x in roots)
    return f"; it would be right for σ₁ ≈ {right} after normalisation, and {size:.3f} is declared"


def coefficients(subject: Subject, case: Case) -> Fraction:
    """One step; where it is wrong, the polynomial that ran is solved for."""
    X = subject.place(case)
    k = case.steps or subject.count
    if k > 1 and not subject.continues(k):
        raise Silent
    seen = subject.run(X, k)
    f = subject.steps(k)[-1]
    want = subject.reference(X, 1, seen) if k == 1 else subject.next_step(subject.run(X, k - 1), f)
    try:
        return compare(seen, want.value, want.bound, f"step {k}")
    except Broken:
        raise Broken(_recovery(subject, k)) from None


def _recovery(subject: Subject, k: int) -> str:
    """What step k runs, solved for from the outputs in the basis of the singular vectors of what it reads.

    X has singular values that stay apart for long: diag(4^n, …, 4, 1), or for AOL, which would make that the identity,
    a matrix whose rows are nearly parallel.
    """
    f = subject.steps(k)[-1]
    declared = [float(c) for c in f.coefficients]
    text = f"step {k} runs another polynomial than the declared ({_row(declared)})"
    n = len(declared) + 3
    if subject.normaliser.kind is Kind.AOL:
        D = tuple(tuple(Fraction(min(i, j) + 1) for j in range(n)) for i in range(n))
    else:
        D = tuple(tuple(Fraction(4 ** (n - 1 - i) * (i == j)) for j in range(n)) for i in range(n))
    X = subject.cast(D)
    seen = subject.run(X, k)
    before = subject.run(X, k - 1) if k > 1 else subject.expected(X, 1, seen).start
    if not (np.isfinite(before).all() and np.isfinite(seen).all()):
        return text
    U, s, Vh = np.linalg.svd(before)
    found = recovered(s, np.diagonal(U.T @ seen @ Vh.T), len(declared))
    others = [
        (max(abs(a - float(b)) for a, b in zip(found, g.coefficients, strict=False)), t)
        for t, g in enumerate(subject.schedule.steps, 1)
        if g != f and len(g.coefficients) == len(found)
    ]
    distance, row = min(others, default=(1.0, 0))
    wrong_end = (
        f", which is row {row} of {subject.count}: is the list read from the wrong end?" if distance < 0.01 else ""
    )
    return f"{text}: solved from the outputs, ({_row(found)}){wrong_end}"


def _row(coefficients: Iterable[float]) -> str:
    return ", ".join(f"{c:.5g}" for c in coefficients)


def sign(subject: Subject, case: Case) -> Fraction:
    """⟨X, f(X)⟩ > 0, wherever ⟨X, U φ(S) Vᵀ⟩ exceeds what rounding can take away."""
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    want = subject.reference(X, case.steps, seen)
    if want.bound is None:
        raise Silent
    inner, margin = float((X * want.value).sum()), float(np.linalg.norm(X)) * float(want.bound)
    got = float((X * seen).sum())
    if inner <= margin:
        raise Silent
    if not got > 0:
        raise Broken(f"⟨X, f(X)⟩ = {number(got)}, not positive: the update points the other way")
    return want.bound
