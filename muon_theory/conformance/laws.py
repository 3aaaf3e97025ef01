"""The list of laws."""

from __future__ import annotations

from muon_theory.conformance import edges, symmetry, values
from muon_theory.conformance.law import Law
from muon_theory.conformance.subject import Subject

FIXED = ("fixed",)


def _normalises(subject: Subject) -> str:
    return "" if subject.normalises else "the function does not normalise"


def _transposes(subject: Subject) -> str:
    if subject.normaliser.transposes(2, 3):
        return ""
    return f"{subject.normaliser.name} rescales the same side whatever the shape, so that f(Xᵀ) is not f(X)ᵀ"


def _counts(subject: Subject) -> str:
    return "" if len(subject.counts) > 1 else "the function has no parameter for the number of steps"


def _stepwise(subject: Subject) -> str:
    if subject.count == 1 or any(subject.continues(k) for k in subject.counts) or 1 in subject.counts:
        return ""
    return "steps cannot be asked for one by one, so that no single step is seen; the law `polar` compares φ itself"


def _layouts(subject: Subject) -> str:
    return "" if subject.library.layouts else f"arrays of {subject.library.name} lie in memory as it chooses"


def _sixteen(subject: Subject) -> str:
    if subject.narrowest in ("bf16", "fp16"):
        return ""
    return f"in {subject.narrowest} the law `polar` sees as much"


LAWS: tuple[Law, ...] = (
    Law("polar", "f(X) = U φ(S) Vᵀ for the normalised X_0 = U S Vᵀ, within rounding", values.polar, draws=()),
    Law("coefficients", "every step runs the declared coefficients", values.coefficients, "diagonal", reason=_stepwise),
    Law("steps", "k steps are asked for, k steps run", values.polar, reason=_counts),
    Law("normalisation", "X is normalised as declared, once", values.normalisation, reason=_normalises),
    Law("bias", "over many singular values 16-bit results lie to no side", values.unbiased, "spread", FIXED, _sixteen),
    Law("sums", "sums of products are kept in more than 16 bits", values.sums, "long", FIXED, _sixteen),
    Law("sign", "the update points along X: ⟨X, f(X)⟩ > 0", values.sign),
    Law("equivariance", "f(QXP) = Q f(X) P for orthogonal Q, P", symmetry.equivariance, draws=("steps", "rotation")),
    Law("transpose", "f(Xᵀ) = f(X)ᵀ", symmetry.transpose, reason=_transposes),
    Law("odd", "f(-X) = -f(X)", symmetry.odd),
    Law("scale", "f(2^k X) = f(X)", symmetry.scale, draws=("steps", "exponent"), reason=_normalises),
    Law("batch", "a batch gives what its matrices give one by one", symmetry.batch, "batch", reason=lambda s: s.batch),
    Law(
        "layout",
        "the result does not depend on how X lies in memory",
        symmetry.layout,
        draws=("steps", "layout"),
        reason=_layouts,
    ),
    Law(
        "rank-one",
        "on a matrix of rank one: f(X) = φ(σ₁) U Vᵀ, σ₁ = 1/factor, within rounding",
        values.polar,
        "rank-one",
    ),
    Law("zero", "f(0) = 0", edges.zero, "zero"),
    Law("tiny", "a matrix far below eps gives a finite result, σ₁ ≤ max φ + 1/2", edges.tiny, draws=("steps", "tiny")),
    Law(
        "floor",
        "f(2^-k X) stays in the band of f(X) down to ‖X‖_F = 2^-14; where it ends is noted",
        edges.floor,
        draws=FIXED,
        reason=_normalises,
    ),
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
    Law("untouched", "the caller's array is unchanged", edges.untouched, draws=("steps", "dtype", "either-layout")),
    Law(
        "dtype",
        "the result has the declared dtype (that of X unless said) and X's device",
        edges.kept,
        draws=("dtype",),
    ),
)
