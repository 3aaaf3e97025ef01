"""What the report says before anything else: what the article is, the findings in a few sentences, the literature."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.a11_threshold import DIGITS, agrees
from muon_theory.article.extensions.t5_jordan import cycle
from muon_theory.article.extensions.t7_same_slopes import BANDS, THEIRS
from muon_theory.article.kit import deviation, down, up
from muon_theory.article.sets import JORDAN, SLOPE
from muon_theory.derivations import supremum_of_thresholds
from muon_theory.designs.greedy import compose
from muon_theory.number import decimal

LOWER = Fraction(1, 100)
FIVE = (5,) * 5

INTRODUCTION = (
    "Muon replaces a matrix X = U Σ Vᵀ by an approximation of U Vᵀ: it applies an odd polynomial f several times, and "
    "f acts on the singular values alone. So everything here is about what an odd polynomial, repeated, does to "
    "numbers in (0, 1]. What is settled are the claims A1–A17 of a short article, written in Chinese, that proposes to "
    "choose f so that x = 1 is an attracting fixed point. Each is quoted where it is settled, in our translation; the "
    "article's author and its address are not known to us, so it is not among the references. The theorems T1–T8 go on "
    "from it.",
    "Throughout, φ is f applied five times, y = x², and f(x) = x·g(y). Printed bounds are rounded outward. *Proved* "
    "means that an independent checker accepted a certificate, with exact arithmetic and one rule; *derived* is "
    "symbolic work, re-checked at random rational points.",
)

REFERENCES = (
    "K. Jordan et al. *Muon: an optimizer for hidden layers in neural networks*. 2024. "
    "[kellerjordan.github.io/posts/muon](https://kellerjordan.github.io/posts/muon/).",
    "J. Bernstein and L. Newhouse. *Old optimizer, new norm: an anthology*. [arXiv 2409.20325](https://arxiv.org/abs/2409.20325).",
    "N. Amsel, D. Persson, C. Musco and R. M. Gower. *The Polar Express: optimal matrix sign methods and their "
    "application to the Muon algorithm*. [arXiv 2505.16932](https://arxiv.org/abs/2505.16932).",
    "E. Grishina, M. Smirnov and M. Rakhuba. *Accelerating Newton–Schulz iteration for orthogonalization via "
    "Chebyshev-type polynomials*. [arXiv 2506.10935](https://arxiv.org/abs/2506.10935).",
    "W. A. Coppel. The solution of equations by iteration. *Mathematical Proceedings of the Cambridge Philosophical "
    "Society* 51 (1955), 41–43. Convergence without cycles of period two.",
    "R. T. Farouki. The Bernstein polynomial basis: a centennial retrospective. *Computer Aided Geometric Design* 29 "
    "(2012), 379–419. The basis of the one rule of proof.",
    "N. J. Higham. *Functions of Matrices: Theory and Computation*. SIAM, 2008. Chapters 5 and 8: sign function, polar "
    "decomposition, Newton–Schulz.",
)


def findings() -> tuple[str, ...]:
    """Six sentences, with numbers from the sections."""
    ours, top = agrees(SLOPE), supremum_of_thresholds()
    best = {word: (deviation(THEIRS[word]), deviation(BANDS[word])) for word in BANDS}
    five = compose(FIVE, LOWER).levels[-1]
    (a_old, a_new), (j_old, j_new) = best["article"], best["jordan"]
    return (
        f"**There is a threshold, and it is sharp.** On the article's line f'(1) = {decimal(SLOPE)} every orbit from "
        f"(0, 1] tends to 1 if 1 < a < a*, and some orbit escapes if a > a*, where a* ≈ {ours.decimal(DIGITS)} is an "
        "algebraic number.",
        f"**Jordan's slope is out of reach.** Over all lines −1 < f'(1) < 1 the thresholds stay below their supremum "
        f"{top.decimal(12)}…: no quintic with an attracting fixed point 1 and convergence on (0, 1] has the slope "
        f"{decimal(JORDAN.steps[0].slope)}.",
        f"**Jordan's map does not tend to 1.** Repeated without end, almost every orbit settles on a cycle of "
        f"{len(cycle())}, and both positive fixed points repel; it serves for five steps, not for a limit.",
        "**A sign was lost in print.** With the printed b = 3.51 every orbit escapes; the article's own line gives b = "
        "−3.51, and with it every orbit from (0, 1] tends to 1.",
        f"**Both sets can be beaten at their own slopes.** Over [1/100, 1], max |1 − φ| falls from above "
        f"{down(a_old.lo, 3)} to {up(a_new.hi, 3)} at the article's slope and from above {down(j_old.lo, 3)} to "
        f"{up(j_new.hi, 3)} at Jordan's, with five equal steps.",
        f"**Five different steps do far better:** the best five quintics come within {up(five, 2)} of 1 over the same "
        f"interval, and no five come within {down(five, 2)} (derived).",
    )
