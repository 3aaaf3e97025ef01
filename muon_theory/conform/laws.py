"""The laws: each a name, a statement, and a check of one concrete case.

A check returns the tolerance that it used, raises `Broken` with what was seen, or `Silent` where the bound says nothing.
Two results that must agree are compared with the sum of their bounds; bitwise equality always suffices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import torch

from muon_theory.conform.case import Case, Matrix, product
from muon_theory.conform.expected import FACTORS, divisor, evaluate, one_step
from muon_theory.conform.subject import DTYPES, NAMES, FunctionError, Subject, recovered
from muon_theory.number import decimal
from muon_theory.schedule import Normalisation

Tensor = torch.Tensor
Check = Callable[[Subject, Case], Fraction]


class Broken(Exception):
    """The law does not hold for this case; the text says what was seen."""


class Silent(Exception):
    """The error bound says nothing about this case."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law that a Newton-Schulz function obeys.

    `kind` is the sort of matrix it is tried on (matrix, rank-one, entry, diagonal, zero, batch, not-finite), `draws`
    what else varies (steps, exponent, tiny, huge, rotation, layout, dtype).  `reason` says why it does not apply, or "".
    """

    name: str
    statement: str
    check: Check
    kind: str = "matrix"
    draws: tuple[str, ...] = ("steps",)
    reason: Callable[[Subject], str] = lambda subject: ""


def number(x: float | Fraction) -> str:
    """Four digits, for people."""
    return decimal(Fraction(x), 4) if x == x and abs(x) < float("inf") else str(float(x))


def shown(X: Tensor) -> str:
    """A result as it prints, six digits."""
    return "[" + ", ".join("[" + ", ".join(f"{x:.6g}" for x in row) + "]" for row in X.tolist()) + "]"


def compare(seen: Tensor, wanted: Tensor, bound: Fraction | None, what: str) -> Fraction:
    """‖seen - wanted‖_F ≤ bound."""
    if seen.shape != wanted.shape:
        raise Broken(f"{what}: the result has shape {tuple(seen.shape)}, not {tuple(wanted.shape)}")
    if not bool(torch.isfinite(seen).all()):
        raise Broken(f"{what}: the result is {shown(seen)}")
    if bound is None:
        raise Silent
    distance = float((seen - wanted).norm())
    if distance > bound:
        raise Broken(
            f"{what}: the result is {shown(seen)}, not {shown(wanted)}; they differ by {number(distance)}, "
            f"and rounding explains at most {number(bound)}"
        )
    return bound


def agree(
    subject: Subject, A: Tensor, fA: Tensor, B: Tensor, fB: Tensor, move: Callable[[Tensor], Tensor], k: int | None
) -> Fraction:
    """f(A) = move(f(B)), where exactly A = move(B): within both bounds and what storing A and B changed."""
    wanted = move(fB)
    if fA.shape != wanted.shape:
        raise Broken(f"the result has shape {tuple(fA.shape)}, not {tuple(wanted.shape)}")
    if torch.equal(fA, wanted):
        return Fraction(0)
    a, b = subject.expected(A, k), subject.expected(B, k)
    stored = Fraction(float((a.value - move(b.value)).norm()))
    bound = None if a.bound is None or b.bound is None else a.bound + b.bound + stored
    return compare(fA, wanted, bound, "the two results differ")


# The polar law and its parts -----------------------------------------------------------------------------------------


def polar(subject: Subject, case: Case) -> Fraction:
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    want = subject.expected(X, case.steps)
    used = []
    try:
        used.append(compare(seen, want.value, want.bound, "f(X) against U φ(S) Vᵀ"))
    except Silent:
        pass
    k = case.steps or subject.count
    if subject.continues(k):
        used += _one_more(subject, X, k, seen)
    if not used:
        raise Silent
    return max(used)


def _one_more(subject: Subject, X: Tensor, k: int, seen: Tensor) -> list[Fraction]:
    """Step k alone, from the observed result of k - 1 steps."""
    before = subject.run(X, k - 1)
    if before.shape != seen.shape or not bool(torch.isfinite(before).all()):
        return []
    want = one_step(before, subject.steps(k)[-1], subject.arithmetic_of(X))
    try:
        return [compare(seen, want.value, want.bound, f"step {k}, from the result of {k - 1}")]
    except Silent:
        return []


def normalisation(subject: Subject, case: Case) -> Fraction:
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    want = subject.expected(X, case.steps)
    try:
        return compare(seen, want.value, want.bound, "one entry")
    except Broken as error:
        nu = divisor(X.double(), subject.normalisation)
        steps = subject.steps(case.steps)
        size = float(X.double().norm()) / nu
        entry = float(seen.abs().max()) if seen.numel() else float("nan")
        grid = torch.linspace(0, 1.25, 12501, dtype=torch.float64)
        value = grid
        for f in steps:
            value = evaluate(f, value)
        close = grid[(value.abs() - entry).abs() <= 2e-3]
        best = float(close[(close - size).abs().argmin()]) if len(close) else float("nan")
        hint = f"; it would be right for σ₁ ≈ {best:.4f} after normalisation, declared {size:.4f}" if best == best else ""
        raise Broken(f"{error}{hint}") from None


def coefficients(subject: Subject, case: Case) -> Fraction:
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
        raise Broken(_recovery(subject, k, before, seen)) from None


def _recovery(subject: Subject, k: int, before: Tensor, seen: Tensor) -> str:
    f = subject.steps(k)[-1]
    declared = [float(c) for c in f.coefficients]
    text = f"step {k} runs another polynomial than the declared ({', '.join(f'{c:.6g}' for c in declared)})"
    if before.shape != seen.shape:
        return text
    pairs = list(zip(torch.diagonal(before).tolist(), torch.diagonal(seen).tolist(), strict=True))
    if len({round(x, 6) for x, _ in pairs}) < len(declared):
        return text
    found = recovered(pairs, len(declared))
    text += f": solved from the outputs, ({', '.join(f'{c:.6g}' for c in found)})"
    distances = [
        (max(abs(a - float(b)) for a, b in zip(found, g.coefficients, strict=False)), t)
        for t, g in enumerate(subject.schedule.steps, 1)
        if len(g.coefficients) == len(found)
    ]
    near = min(distances, default=(1.0, 0))
    if near[0] < 1e-2 and not subject.schedule.constant and subject.schedule.steps[near[1] - 1] != f:
        text += f", which is row {near[1]} of {subject.count}: is the list read from the wrong end?"
    return text


def steps(subject: Subject, case: Case) -> Fraction:
    k = case.steps or subject.count
    X = subject.place(case)
    seen = subject.run(X, k)
    want = subject.expected(X, k)
    used = []
    try:
        used.append(compare(seen, want.value, want.bound, f"{k} steps"))
    except Silent:
        pass
    if subject.continues(k):
        used += _one_more(subject, X, k, seen)
    if not used:
        raise Silent
    return max(used)


def sign(subject: Subject, case: Case) -> Fraction:
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


# Symmetries ----------------------------------------------------------------------------------------------------------


def _moved(matrix: Matrix, case: Case) -> Matrix:
    assert case.left is not None and case.right is not None  # the search draws both
    return product(product(case.left, matrix), case.right)


def equivariance(subject: Subject, case: Case) -> Fraction:
    assert case.left is not None and case.right is not None
    B = subject.place(case)
    Q, P = (torch.tensor([[float(x) for x in row] for row in M], dtype=torch.float64) for M in (case.left, case.right))
    A = subject.cast(_moved(case.matrices[0], case))
    return agree(subject, A, subject.run(A, case.steps), B, subject.run(B, case.steps), lambda Y: Q @ Y @ P, case.steps)


def transpose(subject: Subject, case: Case) -> Fraction:
    B = subject.place(case)
    A = B.mT.contiguous()
    fB, fA = subject.run(B, case.steps), subject.run(A, case.steps)
    for X, fX in ((B, fB), (A, fA)):
        if fX.shape != X.shape:
            raise Broken(f"a matrix of shape {tuple(X.shape)} gives a result of shape {tuple(fX.shape)}")
    return agree(subject, A, fA, B, fB, lambda Y: Y.mT, case.steps)


def odd(subject: Subject, case: Case) -> Fraction:
    B = subject.place(case)
    return agree(
        subject, -B, subject.run(-B, case.steps), B, subject.run(B, case.steps), lambda Y: -Y, case.steps
    )


def scale(subject: Subject, case: Case) -> Fraction:
    B, A = subject.cast(case.matrices[0]), subject.place(case)
    return agree(subject, A, subject.run(A, case.steps), B, subject.run(B, case.steps), lambda Y: Y, case.steps)


def batch(subject: Subject, case: Case) -> Fraction:
    each = [subject.place(case, i) for i in range(len(case.matrices))]
    together = subject.run(torch.stack(each), case.steps)
    if together.shape != (len(each), *each[0].shape):
        raise Broken(f"a batch of shape {(len(each), *each[0].shape)} gives a result of shape {tuple(together.shape)}")
    used = [Fraction(0)]
    for i, X in enumerate(each):
        try:
            used.append(agree(subject, X, together[i], X, subject.run(X, case.steps), lambda Y: Y, case.steps))
        except Broken as error:
            raise Broken(f"matrix {i + 1} of the batch: {error}") from None
    return max(used)


def layout(subject: Subject, case: Case) -> Fraction:
    B = subject.place(case)
    A = subject.laid_out(B, case.layout)
    return agree(subject, A, subject.run(A, case.steps), B, subject.run(B, case.steps), lambda Y: Y, case.steps)


# Edges ---------------------------------------------------------------------------------------------------------------


def zero(subject: Subject, case: Case) -> Fraction:
    X = subject.place(case)
    seen = subject.run(X, case.steps)
    if seen.shape != X.shape or not bool((seen == 0).all()):
        raise Broken(f"the result is {shown(seen)}, not zero")
    return Fraction(0)


def tiny(subject: Subject, case: Case) -> Fraction:
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
    B, A = subject.cast(case.matrices[0]), subject.place(case)
    try:
        fA = subject.run(A, case.steps)
    except FunctionError:
        return Fraction(0)  # refusing is an answer
    return agree(subject, A, fA, B, subject.run(B, case.steps), lambda Y: Y, case.steps)


def not_finite(subject: Subject, case: Case) -> Fraction:
    X = subject.place(case)
    assert case.poison is not None
    i, j, what = case.poison
    X[i, j] = float(what)
    try:
        seen = subject.run(X, case.steps)
    except FunctionError:
        return Fraction(0)
    if bool(torch.isfinite(seen).all()):
        raise Broken(f"the result is {shown(seen)}: finite, so that nobody notices")
    return Fraction(0)


def untouched(subject: Subject, case: Case) -> Fraction:
    X = subject.laid_out(subject.place(case), case.layout)
    before = X.clone()
    subject.raw(X, case.steps)
    if not torch.equal(X, before):
        raise Broken(f"after the call the caller's tensor is {shown(X.double().cpu())}")
    return Fraction(0)


def kept(subject: Subject, case: Case) -> Fraction:
    X = subject.place(case)
    answer = subject.raw(X, case.steps)
    wanted = X.dtype if subject.returns == "input" else DTYPES[subject.returns]
    if answer.dtype != wanted:
        raise Broken(f"the result is {NAMES.get(answer.dtype, str(answer.dtype))}, not {NAMES[wanted]}")
    if answer.device != X.device:
        raise Broken(f"the result is on {answer.device}, not on {X.device}")
    return Fraction(0)


# The list ------------------------------------------------------------------------------------------------------------


def _normalises(subject: Subject) -> str:
    return "" if subject.normalisation is not Normalisation.NONE else "the function does not normalise"


def _counts(subject: Subject) -> str:
    return "" if len(subject.counts) > 1 else "the function has no parameter for the number of steps"


def _stepwise(subject: Subject) -> str:
    if subject.count == 1 or any(subject.continues(k) for k in subject.counts) or 1 in subject.counts:
        return ""
    return "steps cannot be asked for one by one, so that no single step is seen; the law `polar` compares φ itself"


LAWS: tuple[Law, ...] = (
    Law("polar", "f(X) = U φ(S) Vᵀ for X/ν = U S Vᵀ, within rounding", polar),
    Law("coefficients", "every step runs the declared coefficients", coefficients, "diagonal", reason=_stepwise),
    Law("steps", "k steps are asked for, k steps run", steps, reason=_counts),
    Law("normalisation", "X is divided by the declared norm, once", normalisation, "entry", reason=_normalises),
    Law("sign", "the update points along X: ⟨X, f(X)⟩ > 0", sign),
    Law("equivariance", "f(QXP) = Q f(X) P for orthogonal Q, P", equivariance, draws=("steps", "rotation")),
    Law("transpose", "f(Xᵀ) = f(X)ᵀ", transpose),
    Law("odd", "f(-X) = -f(X)", odd),
    Law("scale", "f(2^k X) = f(X)", scale, draws=("steps", "exponent"), reason=_normalises),
    Law("batch", "a batch gives what its matrices give one by one", batch, "batch", reason=lambda s: s.batch),
    Law("layout", "the result does not depend on how X lies in memory", layout, draws=("steps", "layout")),
    Law("rank-one", "f(uvᵀ) = φ(1/factor) uvᵀ/(|u||v|), within rounding", polar, "rank-one"),
    Law("zero", "f(0) = 0", zero, "zero"),
    Law("tiny", "a matrix far below eps gives a finite result, σ₁ ≤ max φ + 1/2", tiny, draws=("steps", "tiny")),
    Law("huge", "a large finite matrix gives f of its direction, or an error", huge, "matrix", ("huge",), _normalises),
    Law("not-finite", "NaN and infinity are not hidden: the result is not finite, or an error", not_finite, "not-finite"),
    Law("untouched", "the caller's tensor is unchanged", untouched, draws=("steps", "dtype", "either-layout")),
    Law("dtype", "the result has the declared dtype (that of X unless said) and X's device", kept, draws=("dtype",)),
)

assert set(FACTORS) >= {Normalisation.NONE}  # what `_normalises` asks about is a normalisation of the model
