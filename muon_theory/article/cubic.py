"""A4-A7: the cubic f = a·x + (1 - a)·x³."""

from __future__ import annotations

from fractions import Fraction
from math import log, sqrt

from muon_theory.article import neighbourhood as near
from muon_theory.article.curves import phi_curve
from muon_theory.article.kit import add, add_band, certified, claim, down, outside, section, span, up
from muon_theory.article.sets import ARTICLE_CUBIC, BERNSTEIN, LOWER_ENDS, ONE, STEPS, repeated
from muon_theory.certificate import Certificate
from muon_theory.derive import Notebook, article, cubic_thresholds
from muon_theory.evidence import Derivation
from muon_theory.family import CUBIC
from muon_theory.finders import band, families, limits
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.report.model import Badge, Figure, Section, Table

FAR = 1000
"""How far the certified boxes of the parameter plane reach; f'(1) is affine, so nothing new happens beyond."""


@certified("a4-attracting-for-a-in-1-2")
def _() -> Certificate:
    return families.region(CUBIC, "attracting", [Interval.of(1, 2)], True)


@certified("a4-multiplier-above-1-for-a-below-1")
def _() -> Certificate:
    return families.region(CUBIC, "multiplier-above-1", [Interval.of(-FAR, 1)], True)


@certified("a4-multiplier-below-minus-1-for-a-above-2")
def _() -> Certificate:
    return families.region(CUBIC, "multiplier-below-minus-1", [Interval.of(2, FAR)], True)


@certified("a4-sign-flip-threshold")
def _() -> Certificate:
    return families.threshold(CUBIC, "sign-safe", "zero", Interval.of(1, 4))


@certified("a4-divergence-threshold")
def _() -> Certificate:
    return families.threshold(CUBIC, "bounded", "antipode", Interval.of(1, 4))


A4 = (
    "a4-attracting-for-a-in-1-2",
    "a4-multiplier-above-1-for-a-below-1",
    "a4-multiplier-below-minus-1-for-a-above-2",
    "a4-sign-flip-threshold",
    "a4-divergence-threshold",
)


def a4() -> Section:
    """A4: the feasible cubics, and what happens outside."""
    flip, divergence = claim(A4[3]).isolating, claim(A4[4]).isolating
    return section(
        "A4",
        "The feasible cubics",
        "For the cubic, b = 1 − a, and the parameters are feasible when 1 < a < 2.",
        "Let f(1) = 1. Then f'(1) = 3 − 2a, and |f'(1)| < 1 if and only if 1 < a < 2.",
        Badge.PROVED,
        "True. What happens outside: at a = 2 the point 1 still attracts (A3); every orbit from (0, 1] stays "
        f"positive up to a = 3√3/2 = {down(flip.lo, 12)}…, and stays bounded up to a = {down(divergence.lo)} exactly.",
        A4,
        derivations=(article.a4(), cubic_thresholds()),
        remarks=(
            f"The two outer certificates reach to |a| = {FAR}; f'(1) = 3 − 2a is affine, so the derivation covers all "
            "a.",
            "Feasible is not the same as useful: at a = 2.3 the point 1 repels, and yet five steps bring [1/100, 1] "
            "closer to 1 than with a = 1.99 (A8 has both numbers).",
        ),
        command="muon-theory thresholds --family cubic --digits 50",
    )


DELTA = Fraction(1, 10)
DELTAS = (Fraction(1, 5), Fraction(1, 10), Fraction(1, 20))
SAMPLES = tuple(near.sample("a5", CUBIC, a, DELTA) for a in ("1.1", "1.25", "1.5", "1.75", "1.9", "1.97", "1.99"))
SHOWN = ("1.05", "1.1", "1.25", "1.5", "1.75", "1.9", "1.99")


def critical_value(a: float) -> float:
    """max f over [0, 1]: (2a/3)·√(a/(3(a - 1))) for a > 3/2, else f(1) = 1."""
    return 2 * a / 3 * sqrt(a / (3 * (a - 1))) if a > 1.5 else 1.0


def a5() -> Section:
    """A5: five iterations of the cubic as a varies."""
    first, widest, jitter = near.bracket(SAMPLES[0]), near.bracket(SAMPLES[-2]), near.bracket(SAMPLES[-1])
    values = [1.02 + 0.98 * i / 98 for i in range(99)]
    curves = [phi_curve(repeated(CUBIC.at(a=a), a), f"a = {a}") for a in SHOWN]
    growth = near.widening(
        "A5: the neighbourhood of 1 that φ reaches widens with a",
        CUBIC,
        Fraction(1),
        Fraction(2),
        "∂f/∂a = x - x³ > 0",
        "for 1 < a",
    )
    return section(
        "A5",
        "Five iterations of the cubic, as a varies",
        "With a near 1 only a narrow neighbourhood of 1 is brought to 1 by five iterations; it widens as a → 2, "
        "where the curve begins to jitter.",
        "Let x_δ(a) be the least x with |φ − 1| ≤ δ on [x, 1]. The x at which φ first comes within δ falls strictly "
        "in a; x_δ follows it until the oscillation after the overshoot is larger than δ, and then jumps up.",
        Badge.CORRECTED,
        f"It widens, but for a fixed tolerance not all the way to 2. For δ = {DELTA}, x_δ falls from {span(first, 4)} "
        f"at a = {SAMPLES[0].a} to {span(widest, 4)} at a = {SAMPLES[-2].a}, and is back at {span(jitter, 4)} at a = "
        f"{SAMPLES[-1].a}, because φ dips below {1 - DELTA} again.",
        near.certificates(SAMPLES),
        derivations=(growth,),
        tables=(near.table(SAMPLES, DELTA, f"Certified brackets for δ = {DELTA} and five steps"),),
        figures=(
            Figure(
                "a5-iterates",
                "iterates",
                "φ = f⁵ for the cubic f = ax + (1 − a)x³ and several a, as in the article: the neighbourhood of 1 "
                "widens with a, and near a = 2 the curve oscillates about 1.",
                {"curves": curves, "near_zero": [0, 0.2], "ylim": [0, 1.2]},
            ),
            Figure(
                "a5-neighbourhood",
                "neighbourhood",
                "Left: the least x from which φ stays within δ of 1; each curve jumps up where the oscillation "
                "exceeds δ. Right: the overshoot, which begins at a = 3/2.",
                near.figure_data(lambda a: (a, 1 - a), values, DELTAS, lambda a: critical_value(a) - 1),
            ),
        ),
        remarks=(
            "Correction: monotone widening holds for the first passage, not for the neighbourhood in which φ stays "
            "near 1.",
            "The overshoot is the critical value of f less 1, (2a/3)·√(a/(3(a − 1))) − 1 for a > 3/2: zero at a = "
            f"3/2, and at most {up(near.overshoot(SAMPLES[-1]).hi, 4)} at a = {SAMPLES[-1].a}.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE_CUBIC.name} --lower 1/10",
    )


@certified("a6-article-cubic-converges")
def _() -> Certificate:
    return limits.basin(ARTICLE_CUBIC, ONE)


HORIZONS = (5, 10, 20)
A6_BANDS = {
    (l, t): f"a6-band-{decimal(l)}-after-{t}" for l in LOWER_ENDS for t in HORIZONS
}  # fmt: skip
for (_l, _t), _name in A6_BANDS.items():
    add_band(_name, ARTICLE_CUBIC.repeated(_t), Interval(_l, Fraction(1)))
A6 = ("a6-article-cubic-converges", *(n for name in A6_BANDS.values() for n in (name, f"{name}-attained")))


def a6() -> Section:
    """A6: the choice (1.99, -0.99)."""
    limit, multiplier = claim(A6[0]), ARTICLE_CUBIC.steps[0].derivative(1)
    rows = tuple((decimal(l), *(span(outside(A6_BANDS[l, t]), 5) for t in HORIZONS)) for l in LOWER_ENDS)
    header, hundredth = ("l", *(f"after {t} steps" for t in HORIZONS)), outside(A6_BANDS[LOWER_ENDS[1], STEPS])
    return section(
        "A6",
        "The choice a = 1.99, b = −0.99",
        "A little jitter does no harm to an optimizer, so choose a close to 2: a = 1.99, b = −0.99.",
        f"Every orbit of (1.99, −0.99) from (0, {limit.upper}] tends to 1; f'(1) = {decimal(multiplier)}.",
        Badge.PROVED,
        f"Every x in (0, 1], and up to {down(limit.upper)}, converges to 1. The jitter is slow to die: near 1 each "
        f"step shrinks the distance by only {decimal(1 - abs(multiplier))} of it. Five steps take "
        f"[{decimal(LOWER_ENDS[1])}, 1] to {span(hundredth, 5)}.",
        A6,
        tables=(Table("φ([l, 1]), certified from both sides to 12 digits", header, rows),),
        remarks=(
            f"Halving the distance to 1 takes about {log(2) / -log(float(abs(multiplier))):.0f} steps near 1: in five "
            "steps the map brings points near 1, it does not make them converge.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE_CUBIC.name} --lower 1/100",
    )


@certified("a7-bernstein-never-overshoots")
def _() -> Certificate:
    return band.maps_into(BERNSTEIN, Interval.of(0, 1), Interval.of(0, 1))


@certified("a7-bernstein-converges")
def _() -> Certificate:
    return limits.basin(BERNSTEIN, ONE)


A7_SMALL = {l: f"a7-bernstein-stays-small-below-{decimal(l)}" for l in LOWER_ENDS}
A7_OURS = {l: f"a7-article-cubic-at-{decimal(l)}" for l in LOWER_ENDS}
for _l in LOWER_ENDS:
    add(A7_SMALL[_l], lambda l=_l: band.maps_into(BERNSTEIN, Interval(Fraction(0), l)))  # type: ignore[misc]
    add(A7_OURS[_l], lambda l=_l: band.reaches(ARTICLE_CUBIC, l))  # type: ignore[misc]
A7 = ("a7-bernstein-never-overshoots", "a7-bernstein-converges", *A7_SMALL.values(), *A7_OURS.values())


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


def a7() -> Section:
    """A7: Bernstein & Newhouse, smooth and slow near 0."""
    small = LOWER_ENDS[1]
    reach = near.bracket(next(s for s in SAMPLES if s.a == "1.5"))
    rows = tuple(
        (
            decimal(l),
            up(claim(A7_SMALL[l]).target.hi, 5),
            up(BERNSTEIN.slope * l, 5),
            down(claim(A7_OURS[l]).target.lo, 5),
        )
        for l in LOWER_ENDS
    )
    return section(
        "A7",
        "Bernstein & Newhouse: a = 3/2, b = −1/2",
        "Their parameters approach 1 more smoothly, but x near 0 do not reach 1 in five steps, so the directions of "
        "small singular values are neglected in the update.",
        "For (3/2, −1/2), φ = f⁵ increases on [0, 1] from 0 to 1 without overshoot, and φ(x) ≤ (3/2)⁵·x = (243/32)·x.",
        Badge.PROVED,
        f"True, both halves: φ is monotone and never above 1, and φ ≤ {up(claim(A7_SMALL[small]).target.hi, 5)} on "
        f"[0, {decimal(small)}]; φ comes within 1/10 of 1 only from x ≈ {up(reach.hi, 4)} on.",
        (*A7, next(s for s in SAMPLES if s.a == "1.5").inside),
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
            "“Do not reach 1” is about five steps: repeated without end, (3/2, −1/2) too sends every x in (0, "
            f"{down(claim('a7-bernstein-converges').upper)}] to 1.",
        ),
        command="muon-theory certify bernstein_newhouse --lower 1/100",
    )
