"""A7: Bernstein & Newhouse's (3/2, -1/2), smooth and slow near 0."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article import a17_training as training
from muon_theory.article import neighbourhood as near
from muon_theory.article.a05_neighbourhood import SAMPLES
from muon_theory.article.curves import phi_curve
from muon_theory.article.kit import CERTIFICATES, add, claim, coq, down, settle, up
from muon_theory.article.sets import ARTICLE_CUBIC, BERNSTEIN, LOWER_ENDS, ONE
from muon_theory.derivations import Notebook
from muon_theory.document import Badge, Figure, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.finders import band, limits
from muon_theory.finders.ratio import ratio
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational

LIMIT = "a7-bernstein-converges"
_FIRST = (
    add("a7-bernstein-never-overshoots", band.maps_into, BERNSTEIN, Interval.of(0, 1), Interval.of(0, 1)),
    add("a7-bernstein-ratio", ratio, BERNSTEIN),  # 1 ≤ φ(x)/x ≤ (3/2)⁵ for every x in (0, 1]
    add(LIMIT, limits.basin, BERNSTEIN, ONE),
)
SMALL = {
    l: add(f"a7-bernstein-stays-small-below-{decimal(l)}", band.maps_into, BERNSTEIN, Interval(Fraction(0), l))
    for l in LOWER_ENDS
}
OURS = {l: add(f"a7-article-cubic-at-{decimal(l)}", band.reaches, ARTICLE_CUBIC, l) for l in LOWER_ENDS}
PROOFS = (*_FIRST, *SMALL.values(), *OURS.values())


def smooth() -> Derivation:
    """(3/2, -1/2): φ increases on [0, 1], stays below 1, and φ(x) ≤ (3/2)^T x."""
    f, book = BERNSTEIN.steps[0], Notebook("A7: (3/2, −1/2) is monotone, never overshoots, and neglects small x")
    book.step("f increases on [0, 1].", "differentiate", "f'(x) = (3/2)(1 - x²) ≥ 0")
    book.check("f' = 3/2 (1 - x²)", lambda x: f.derivative(x) == Fraction(3, 2) * (1 - x * x), x=(-2, 2))
    book.step("So does φ, from φ(0) = 0 to φ(1) = 1.", "f maps [0, 1] onto [0, 1]; compose", "0 ≤ φ ≤ 1")
    book.check("f maps (0, 1) into itself", lambda x: 0 < f(x) < 1, x=(0, 1))
    book.step("f(x) ≤ (3/2)x for x ≥ 0.", "the other term is -x³/2", "φ(x) ≤ (3/2)^5 x = (243/32)x")
    book.check("the bound on φ", lambda x: BERNSTEIN(x) <= BERNSTEIN.slope * x, 12, x=(0, 1))
    return book.conclude("φ is increasing on [0, 1] without overshoot, and φ(x) ≤ (243/32)x")


def neglected() -> tuple[str, ...]:
    """How many directions that is, in the training runs of A17."""
    record = training.read()
    if record is None:
        return ()
    seen = [s for s in record["spectra"] if s["set"] == "newton_schulz_cubic"][-1]
    shares = (f"{decimal(rational(seen['below'][l]) * 100, 2)} % lie below {l}" for l in ("0.01", "0.001"))
    return (
        f"What is neglected, measured: of the singular values of the normalised momentum after {seen['step']} steps of "
        f"the runs of A17 with this cubic, {' and '.join(shares)}.",
    )


def section() -> Section:
    """A7: Bernstein & Newhouse, smooth and slow near 0."""
    small = LOWER_ENDS[1]
    reach = near.bracket(next(s for s in SAMPLES if s.a == "1.5"))
    rows = tuple(
        (decimal(l), up(claim(SMALL[l]).target.hi, 5), up(BERNSTEIN.slope * l, 5), down(claim(OURS[l]).target.lo, 5))
        for l in LOWER_ENDS
    )
    return settle(
        "A7",
        "Bernstein & Newhouse: a = 3/2, b = −1/2",
        "Their parameters approach 1 more smoothly, but x near 0 do not reach 1 in five steps, so the directions of "
        "small singular values are neglected in the update.",
        "For (3/2, −1/2), φ = f⁵ increases on [0, 1] from 0 to 1 without overshoot, and φ(x) ≤ (3/2)⁵·x = (243/32)·x.",
        Badge.PROVED,
        f"True, both halves: φ is monotone and never above 1, and φ ≤ {up(claim(SMALL[small]).target.hi, 5)} on "
        f"[0, {decimal(small)}]; φ comes within 1/10 of 1 only from x ≈ {up(reach.hi, 4)} on.",
        (*PROOFS, next(s for s in SAMPLES if s.a == "1.5").inside),
        clauses=(
            ("0 ≤ φ ≤ 1 on [0, 1]; x ≤ φ(x) ≤ (243/32)·x on (0, 1]; every orbit tends to 1", CERTIFICATES),
            ("φ increases on [0, 1], and so does any number of steps", coq("smooth_steps_increase")),
        ),
        derivations=(smooth(),),
        tables=(
            Table(
                "Five steps at small x (upper bounds for Bernstein & Newhouse, a lower bound for the article)",
                ("x", "φ(x), (3/2, −1/2)", "(243/32)·x", "φ(x), (1.99, −0.99)"),
                rows,
            ),
        ),
        figures=(
            Figure(
                "a7-compare",
                "compare",
                "φ for (1.99, −0.99) and for (3/2, −1/2), as in the article; beside it over log x, where the larger "
                "slope at 0 shows.",
                {
                    "curves": [phi_curve(ARTICLE_CUBIC, "(1.99, −0.99)"), phi_curve(BERNSTEIN, "(3/2, −1/2)")],
                    "log_from": 0.001,
                    "ylim": [0, 1.2],
                },
            ),
        ),
        remarks=(
            *neglected(),
            "“Do not reach 1” is about five steps: repeated without end, (3/2, −1/2) too sends every x in (0, "
            f"{down(claim(LIMIT).upper)}] to 1.",
        ),
        command="muon-theory certify bernstein_newhouse --lower 1/100",
    )
