"""A9: the feasible quintics."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.kit import CERTIFICATES, add, coq, settle
from muon_theory.article.sets import ARTICLE, LINE_SUM, ONE, repeated
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations import regions
from muon_theory.document import Badge, Figure, Section
from muon_theory.evidence import Derivation
from muon_theory.family import QUINTIC, QUINTIC_AB
from muon_theory.finders import families, limits
from muon_theory.finders.ratio import ratio
from muon_theory.interval import Interval


def derivation() -> Derivation:
    """A9: the quintic is feasible iff 2 - 2a < b < 3 - 2a."""
    return regions.feasible_region(5).derivation


DERIVATIONS = {"a9": derivation}
FAR = 1000
SIDE = Fraction(1, 400)
"""Half the side of the certified box around the article's set in the plane (a, b)."""


SLOW = repeated(QUINTIC.at(a="1/2", s=0), "a = 1/2, s = 0", 1)


def _region(name: str, a: Interval, s: Interval) -> AnyCertificate:
    return families.region(QUINTIC, name, [a, s], True)


def _around_the_set() -> AnyCertificate:
    a, b, _ = ARTICLE.steps[0].coefficients
    return families.region(QUINTIC_AB, "attracting", [Interval(a, a).widen(SIDE), Interval(b, b).widen(SIDE)])


WIDE = Interval.of(-FAR, FAR)
PROOFS = (
    add("a9-attracting-for-s-in-minus-1-1", _region, "attracting", WIDE, Interval.of(-1, 1)),
    add("a9-multiplier-above-1", _region, "multiplier-above-1", WIDE, Interval.of(1, FAR)),
    add("a9-multiplier-below-minus-1", _region, "multiplier-below-minus-1", WIDE, Interval.of(-FAR, -1)),
    add("a9-box-around-the-articles-set", _around_the_set),
    add("a9-at-slope-one-half-1-attracts", limits.multiplier_kind, SLOW, ONE),
    # f(x)/x < 1 on (0, 1/20], so that the iterates of such x fall to 0
    add("a9-at-slope-one-half-small-x-shrink", ratio, SLOW, Interval.of(0, "1/20"), digits=4),
)


def plane_panel() -> dict[str, object]:
    """The plane (a, b) with the feasible strip and the article's line."""
    ends, (a, b, _) = [0.0, 4.0], map(float, ARTICLE.steps[0].coefficients)
    return {
        "xlabel": "$a$",
        "ylabel": "$b$",
        "xlim": [0, 4],
        "ylim": [-6, 4],
        "fills": [
            {"label": "|f'(1)| < 1", "x": ends, "lower": [2 - 2 * x for x in ends], "upper": [3 - 2 * x for x in ends]}
        ],
        "lines": [
            {"label": "f'(1) = 1", "x": ends, "y": [2 - 2 * x for x in ends]},
            {"label": "f'(1) = −1", "x": ends, "y": [3 - 2 * x for x in ends]},
            {"label": "b = 2.99 − 2a", "x": ends, "y": [float(LINE_SUM) - 2 * x for x in ends], "dashed": True},
            {"label": "c = 0 (the cubics)", "x": ends, "y": [1 - x for x in ends], "dashed": True},
        ],
        "points": [
            {"label": "intended", "x": a, "y": b, "at": "right"},
            {"label": "as printed", "x": a, "y": -b, "at": "left"},
        ],
    }


def slope_panel() -> dict[str, object]:
    """The same in (a, s), where the strip is |s| < 1 and the article's line is seen to lie in it, near its edge."""
    ends, f = [0.0, 4.0], ARTICLE.steps[0]
    inside = float(f.derivative(1))
    return {
        "xlabel": "$a$",
        "ylabel": "$s = f'(1)$",
        "xlim": [0, 4],
        "ylim": [-1.6, 1.6],
        "fills": [{"label": "|f'(1)| < 1", "x": ends, "lower": [-1.0, -1.0], "upper": [1.0, 1.0]}],
        "lines": [
            {"label": "f'(1) = 1", "x": ends, "y": [1.0, 1.0]},
            {"label": "f'(1) = −1", "x": ends, "y": [-1.0, -1.0]},
            {"label": "the article's line, s = −0.98", "x": ends, "y": [inside, inside], "dashed": True},
            {"label": "the cubics, s = 3 − 2a", "x": ends, "y": [3 - 2 * x for x in ends], "dashed": True},
        ],
        "points": [{"label": "the article's set", "x": float(f.slope), "y": inside, "at": "above"}],
    }


def section() -> Section:
    """A9: the feasible quintics."""
    return settle(
        "A9",
        "The feasible quintics",
        "With c = 1 − a − b the quintic is feasible when 2 − 2a < b < 3 − 2a.",
        "Let f(1) = 1. Then f'(1) = 5 − 4a − 2b, and |f'(1)| < 1 if and only if 2 − 2a < b < 3 − 2a: a strip of the "
        "plane (a, b), on which s = f'(1) is the natural second coordinate, b = (5 − s)/2 − 2a.",
        Badge.PROVED,
        "True. The strip is unbounded: attraction of 1 alone does not keep a from being so large that orbits escape "
        "(A11), and for a < 1 the point 0 attracts as well, so that small x never come to 1.",
        PROOFS,
        clauses=(
            (
                f"|f'(1)| < 1 for |s| < 1, f'(1) > 1 for 1 < s, f'(1) < −1 for s < −1, where |a|, |s| < {FAR}",
                CERTIFICATES,
            ),
            ("f'(1) = 5 − 4a − 2b, and all of this for every a and b", coq("quintic_multiplier")),
            ("at (a, s) = (1/2, 0) the point 1 attracts, and every x in (0, 1/20] tends to 0", CERTIFICATES),
        ),
        derivations=(derivation(),),
        figures=(
            Figure(
                "a9-region",
                "region",
                "The feasible strip in the plane (a, b), with the article's set under the right and under the printed "
                "sign of b; and in (a, s), s = f'(1), where the strip is a rectangle and the article's line is seen "
                "to run just inside its lower edge.",
                {"panels": [plane_panel(), slope_panel()]},
            ),
        ),
        remarks=(
            "The article's condition leaves out a > 1, which is what brings small x up: f'(0) = a. At (a, b, c) = "
            "(1/2, 3/2, −1), f'(1) = 0, and f(x) ≤ 0.51·x for x in (0, 1/20].",
            "The certificates use the coordinates (a, s), where the strip is the box −1 < s < 1; the change of "
            "coordinates is part of the derivation. One is in the article's own coordinates: "
            f"every quintic within {SIDE} of (3.25, −3.51) in a and b makes 1 attract.",
        ),
        command="muon-theory derive a9",
    )
