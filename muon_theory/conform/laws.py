"""The list of laws."""

from __future__ import annotations

from muon_theory.conform import edges, symmetry, values
from muon_theory.conform.law import Law
from muon_theory.conform.subject import Subject
from muon_theory.schedule import Normalisation


def _normalises(subject: Subject) -> str:
    return "" if subject.normalisation is not Normalisation.NONE else "the function does not normalise"


def _counts(subject: Subject) -> str:
    return "" if len(subject.counts) > 1 else "the function has no parameter for the number of steps"


def _stepwise(subject: Subject) -> str:
    if subject.count == 1 or any(subject.continues(k) for k in subject.counts) or 1 in subject.counts:
        return ""
    return "steps cannot be asked for one by one, so that no single step is seen; the law `polar` compares φ itself"


LAWS: tuple[Law, ...] = (
    Law("polar", "f(X) = U φ(S) Vᵀ for X/ν = U S Vᵀ, within rounding", values.polar, draws=()),
    Law("coefficients", "every step runs the declared coefficients", values.coefficients, "diagonal", reason=_stepwise),
    Law("steps", "k steps are asked for, k steps run", values.polar, reason=_counts),
    Law("normalisation", "X is divided by the declared norm, once", values.normalisation, "entry", reason=_normalises),
    Law("sign", "the update points along X: ⟨X, f(X)⟩ > 0", values.sign),
    Law("equivariance", "f(QXP) = Q f(X) P for orthogonal Q, P", symmetry.equivariance, draws=("steps", "rotation")),
    Law("transpose", "f(Xᵀ) = f(X)ᵀ", symmetry.transpose),
    Law("odd", "f(-X) = -f(X)", symmetry.odd),
    Law("scale", "f(2^k X) = f(X)", symmetry.scale, draws=("steps", "exponent"), reason=_normalises),
    Law("batch", "a batch gives what its matrices give one by one", symmetry.batch, "batch", reason=lambda s: s.batch),
    Law("layout", "the result does not depend on how X lies in memory", symmetry.layout, draws=("steps", "layout")),
    Law("rank-one", "f(uvᵀ) = φ(1/factor) uvᵀ/(|u||v|), within rounding", values.polar, "rank-one"),
    Law("zero", "f(0) = 0", edges.zero, "zero"),
    Law("tiny", "a matrix far below eps gives a finite result, σ₁ ≤ max φ + 1/2", edges.tiny, draws=("steps", "tiny")),
    Law(
        "huge",
        "a large finite matrix gives f of its direction, or an error",
        edges.huge,
        "matrix",
        ("steps", "huge"),
        _normalises,
    ),
    Law(
        "not-finite",
        "NaN and infinity are not hidden: the result is not finite, or an error",
        edges.not_finite,
        "not-finite",
    ),
    Law("untouched", "the caller's tensor is unchanged", edges.untouched, draws=("steps", "dtype", "either-layout")),
    Law(
        "dtype",
        "the result has the declared dtype (that of X unless said) and X's device",
        edges.kept,
        draws=("dtype",),
    ),
)
