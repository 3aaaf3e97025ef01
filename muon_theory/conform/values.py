"""Laws about values: φ itself, the coefficients, the number of steps, the normalisation, the sign."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from fractions import Fraction

import torch

from muon_theory.conform.case import Case
from muon_theory.conform.expected import divisor, evaluate, one_step
from muon_theory.conform.law import Broken, Silent, compare, number
from muon_theory.conform.subject import Subject, recovered

Tensor = torch.Tensor


def polar(subject: Subject, case: Case) -> Fraction:
    """f_k(… f_1(X/ν)) within the bound, and the last step alone from the observed result of the steps before it."""
    X, k = subject.place(case), case.steps or subject.count
    seen, want = subject.run(X, k), subject.expected(X, k)
    used = []
    with contextlib.suppress(Silent):
        used.append(compare(seen, want.value, want.bound, f"{k} steps"))
    if subject.continues(k):
        before = subject.run(X, k - 1)
        if before.shape == seen.shape and bool(torch.isfinite(before).all()):
            want = one_step(before, subject.steps(k)[-1], subject.arithmetic_of(X))
            with contextlib.suppress(Silent):
                used.append(compare(seen, want.value, want.bound, f"step {k}, from the result of {k - 1}"))
    if not used:
        raise Silent
    return max(used)


def normalisation(subject: Subject, case: Case) -> Fraction:
    """A matrix of one entry c goes to ±φ(1/factor), whatever c is."""
    X = subject.place(case)
    seen, want = subject.run(X, case.steps), subject.expected(X, case.steps)
    try:
        return compare(seen, want.value, want.bound, "one entry")
    except Broken as error:
        raise Broken(f"{error}{_size_seen(subject, case, X, seen)}") from None


def _size_seen(subject: Subject, case: Case, X: Tensor, seen: Tensor) -> str:
    """Which σ₁ explains the result: the solution of |φ(σ)| = |entry| on a grid of 1e-4, nearest to the declared one."""
    size = float(X.double().norm()) / divisor(X.double(), subject.normalisation)
    grid = torch.linspace(0, 1.25, 12501, dtype=torch.float64)
    value = grid
    for f in subject.steps(case.steps):
        value = evaluate(f, value)
    close = grid[(value.abs() - seen.abs().max()).abs() <= 2e-3]
    if len(close) == 0:
        return ""
    best = float(close[(close - size).abs().argmin()])
    return f"; it would be right for σ₁ ≈ {best:.4f} after normalisation, and {size:.4f} is declared"


def coefficients(subject: Subject, case: Case) -> Fraction:
    """One step on a diagonal matrix; where it is wrong, the polynomial that ran is solved for."""
    X = subject.place(case)
    k = case.steps or subject.count
    if k > 1 and not subject.continues(k):
        raise Silent
    seen = subject.run(X, k)
    f = subject.steps(k)[-1]
    if k == 1:
        before = X.double() / (divisor(X.double(), subject.normalisation) or 1.0)
        want = subject.expected(X, 1)
    else:
        before = subject.run(X, k - 1)
        want = one_step(before, f, subject.arithmetic_of(X))
    try:
        return compare(seen, want.value, want.bound, f"step {k}")
    except Broken:
        raise Broken(_recovery(subject, k)) from None


def _recovery(subject: Subject, k: int) -> str:
    """What step k runs, solved for from the outputs for diag(4^n, …, 4, 1), whose entries stay apart for long."""
    f = subject.steps(k)[-1]
    declared = [float(c) for c in f.coefficients]
    text = f"step {k} runs another polynomial than the declared ({_row(declared)})"
    n = len(declared) + 3
    D = tuple(tuple(Fraction(4 ** (n - 1 - i) * (i == j)) for j in range(n)) for i in range(n))
    X = subject.cast(D)
    before = subject.run(X, k - 1) if k > 1 else X.double() / divisor(X.double(), subject.normalisation)
    seen = subject.run(X, k)
    if before.shape != seen.shape or not bool(torch.isfinite(seen).all()):
        return text
    found = recovered(torch.diagonal(before), torch.diagonal(seen), len(declared))
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
    seen, want = subject.run(X, case.steps), subject.expected(X, case.steps)
    if seen.shape != want.value.shape:
        raise Broken(f"the result has shape {tuple(seen.shape)}")
    if want.bound is None:
        raise Silent
    inner, margin = float((X.double() * want.value).sum()), float(X.double().norm()) * float(want.bound)
    got = float((X.double() * seen).sum())
    if inner <= margin:
        raise Silent
    if not got > 0:
        raise Broken(f"⟨X, f(X)⟩ = {number(got)}, not positive: the update points the other way")
    return want.bound
