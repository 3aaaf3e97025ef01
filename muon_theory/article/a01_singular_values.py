"""A1: an odd polynomial acts on the singular values; and what real matrices show, where torch is installed."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from muon_theory.article.kit import settle
from muon_theory.article.sets import ARTICLE, NAMES
from muon_theory.derivations import Notebook
from muon_theory.document import Badge, Section
from muon_theory.errors import MissingDependencyError
from muon_theory.evidence import Derivation
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

Matrix = list[list[Fraction]]


def derivation() -> Derivation:
    """A1: an odd polynomial acts on the singular values alone."""
    book = Notebook("A1: f(X) = U f(Σ) Vᵀ")
    book.step("f of a matrix.", "the products that Newton-Schulz computes", "f(X) = aX + bX(XᵀX) + cX(XᵀX)² + …")
    book.step("The Gram matrix.", "X = UΣVᵀ with UᵀU = VᵀV = I", "XᵀX = VΣ²Vᵀ")
    book.step("Its powers, by induction.", "VᵀV = I between the factors", "X(XᵀX)^i = UΣ^{2i+1}Vᵀ")
    book.step("The sum.", "linearity; Σ is diagonal, so f acts on each σ by itself", "f(X) = U f(Σ) Vᵀ")
    source = Random("A1")
    for rows, columns in ((2, 2), (3, 2), (2, 3), (4, 3)):
        book.check(f"{rows} × {columns}", lambda r=rows, c=columns: _acts_on_singular_values(source, r, c), 6)
    return book.conclude("the singular vectors stay, each singular value σ becomes f(σ); a composition acts as φ(σ)")


DERIVATIONS = {"a1": derivation}


def section() -> Section:
    """A1: an odd polynomial acts on the singular values."""
    return settle(
        "A1",
        "An odd polynomial acts on the singular values",
        "Muon computes −UVᵀ by iterating an odd polynomial f, so it is enough to look at f on numbers in (0, 1].",
        "For X = U Σ Vᵀ and f(X) = aX + bX(XᵀX) + cX(XᵀX)² + …, f(X) = U f(Σ) Vᵀ; hence φ(X) = U φ(Σ) Vᵀ for every "
        "composition φ of such steps.",
        Badge.DERIVED,
        "True, exactly, for every matrix (tall, wide or square), every odd polynomial and every schedule of them. "
        "The whole question is one-dimensional.",
        derivations=(derivation(),),
        remarks=(
            "Normalising X puts its singular values into [0, 1] (Frobenius norm: σ₁ ≤ 1, with equality for rank one). "
            "Singular values equal to 0 stay 0: UVᵀ then means the partial isometry on the row and column spaces.",
            "The same identity on real matrices, in several shapes and precisions, is measured in the report's own "
            "data (`report.json`, part `measured`): such runs confirm, they do not prove.",
        ),
        command=f"muon-theory confirm --coefficients {ARTICLE.name}",
    )


SHAPES = ((12, 12), (16, 8), (2, 8, 12))
DTYPES = ("fp32",)
SPECTRA = ("log-uniform", "critical")
"""A few of the spectra of `confirm`, whose own command runs them all."""
START = Interval.of("1/100", 1)


def measured() -> dict[str, object]:
    """For every coefficient set: the verdict and the cases of `confirm`; or why there are none."""
    try:
        from muon_theory.confirmation import confirm
    except MissingDependencyError as error:
        return {"matrices": {"absent": str(error)}}
    found = {}
    for word, (_, schedule) in NAMES.items():
        found[word] = confirm(schedule, start=START, shapes=SHAPES, dtypes=DTYPES, spectra=SPECTRA).to_json()
    return {"matrices": found}


def _acts_on_singular_values(source: Random, rows: int, columns: int) -> bool:
    """f(X) = U f(Σ) Vᵀ, exactly, for random rational orthogonal U, V, singular values and coefficients."""
    u, v = _orthogonal(source, rows), _orthogonal(source, columns)
    sigma = [Fraction(source.randint(0, 99), 99) for _ in range(min(rows, columns))]
    f = OddPolynomial(tuple(Fraction(source.randint(-20, 20), 7) for _ in range(3)))
    matrix, power, total = _from_svd(u, sigma, v), _from_svd(u, sigma, v), _from_svd(u, [Fraction(0)] * len(sigma), v)
    for coefficient in f.coefficients:
        total = [[t + coefficient * p for t, p in zip(*pair, strict=True)] for pair in zip(total, power, strict=True)]
        power = _times(power, _times(_transposed(matrix), matrix))
    return total == _from_svd(u, [f(value) for value in sigma], v)


def _orthogonal(source: Random, n: int) -> Matrix:
    """The Householder reflection of a random integer vector."""
    v = [source.randint(1, 9) for _ in range(n)]
    return [[int(i == j) - Fraction(2 * v[i] * v[j], sum(k * k for k in v)) for j in range(n)] for i in range(n)]


def _from_svd(u: Matrix, sigma: list[Fraction], v: Matrix) -> Matrix:
    diagonal = [[sigma[i] if i == j else Fraction(0) for j in range(len(v))] for i in range(len(u))]
    return _times(_times(u, diagonal), _transposed(v))


def _times(p: Matrix, q: Matrix) -> Matrix:
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in zip(*q, strict=True)]
        for row in p
    ]


def _transposed(p: Matrix) -> Matrix:
    return [list(column) for column in zip(*p, strict=True)]
