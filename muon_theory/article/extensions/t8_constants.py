"""T8: the constants of an inexact orthogonalisation, for the sets that the article names."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, down, theorem, up
from muon_theory.article.sets import NAMES
from muon_theory.certificate import AnyCertificate
from muon_theory.document import Badge, Section, Table
from muon_theory.inexactness import Inexactness, inexactness
from muon_theory.number import decimal

LOWER = Fraction(1, 100)
WORDS = ("article-cubic", "bernstein", "article", "jordan")
PARTS = ("ratio", "ratio-least", "ratio-greatest", "cap", "deviation", "cap-attained", "deviation-attained")
"""The certificates of `inexactness`, in its order: bounds of φ/x, points where they are nearly reached, and bands."""


@cache
def constants(word: str) -> Inexactness:
    """ℓ, u, c, ρ̄ and δ of one set, with their certificates."""
    return inexactness(NAMES[word].schedule, LOWER)


def _certificate(word: str, i: int) -> AnyCertificate:
    return constants(word).certificates[i]


PROOFS = tuple(add(f"t8-{word}-{part}", _certificate, word, i) for word in WORDS for i, part in enumerate(PARTS))


def section() -> Section:
    """T8: the constants."""
    rows = []
    for word in WORDS:
        found = constants(word)
        assert found.angular is not None
        rows.append((
            NAMES[word].text, down(found.ratio_lower.lo, 9), up(found.ratio_upper.hi, 9), up(found.cap.hi, 9),
            up(found.angular.hi, 7), up(found.deviation.hi, 6),
        ))  # fmt: skip
    jordan = constants("jordan")
    assert jordan.angular is not None
    return theorem(
        "T8",
        "Constants of an inexact orthogonalisation",
        "Convergence proofs of Muon bound by hand how far φ(X) is from the polar factor. What are the sharp numbers?",
        "For N = M/(κ‖M‖_F), κ ≥ 1, and O = φ(N): ⟨M, O⟩ ≥ (ℓ/κ)‖M‖_F, ‖O‖_F ≤ u‖N‖_F, ‖O‖₂ ≤ c, and ‖N‖_F‖O‖_F ≤ "
        "ρ̄⟨N, O⟩, where ℓ = inf φ(x)/x and u = sup φ(x)/x over (0, 1], c = max φ there, ρ̄ = (u + ℓ)/(2√(uℓ)); and δ "
        f"= max |1 − φ| over [{decimal(LOWER)}, 1].",
        Badge.PARTLY,
        f"For Jordan's five steps ℓ ≥ {down(jordan.ratio_lower.lo, 9)}, c ≤ {up(jordan.cap.hi, 9)} and ρ̄ ≤ "
        f"{up(jordan.angular.hi, 7)}, each sharp in all digits but the last. For the three named maps "
        "that fix 1, ℓ = 1: no singular value is made smaller.",
        PROOFS,
        clauses=(
            ("ℓ, u, c and δ of the table, and points where they are nearly reached", CERTIFICATES),
            ("the inequalities that they enter, for every matrix", DERIVED),
        ),
        tables=(
            Table(
                f"ℓ rounded down, the others up; δ over [{decimal(LOWER)}, 1]",
                ("set, five steps", "ℓ", "u", "c", "ρ̄", "δ"),
                tuple(rows),
            ),
        ),
        remarks=("The proofs of the inequalities, the references, and the whole catalogue: docs/constants.md.",),
        command=f"muon-theory constants jordan --lower {LOWER}",
    )
