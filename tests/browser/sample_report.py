"""A small report with every kind of content, from real derivations and certificates: what the tests render."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

from muon_theory.derivations.divergence import divergence_on_line
from muon_theory.derivations.regions import attraction, feasible_region
from muon_theory.document import Badge, Bundle, Figure, Proof, Report, Section, Table
from muon_theory.evidence import Evidence, Standing
from muon_theory.family import QUINTIC
from muon_theory.finders import certify, families
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

ARTICLE, JORDAN = "3.25,-3.51,1.26", "3.4445,-4.7750,2.0315"


def iterate(text: str, x: float, steps: int = 5) -> float | None:
    """φ(x) in floats, for the drawings; None once it is out of all bounds."""
    row = [float(c) for c in text.split(",")]
    for _ in range(steps):
        x *= sum(c * x ** (2 * i) for i, c in enumerate(row))
        if abs(x) > 1e6:
            return None
    return x


def curve(label: str, text: str, points: list[float]) -> dict:
    return {"label": label, "x": points, "y": [iterate(text, x) for x in points]}


def orbit(text: str, x: float, steps: int) -> list[float]:
    points = [x]
    while len(points) <= steps and points[-1] < 3:
        points.append(iterate(text, points[-1], 1))
    return points


LINEAR = [i / 300 for i in range(1, 301)]
BOTH = sorted({*LINEAR, *(10 ** (i / 50 - 4) for i in range(201))})


def cubic_curves(*values: float) -> list[dict]:
    return [curve(f"$a = {a}$", f"{a},{1 - a}", LINEAR) for a in values]


def cobweb_panel(a: float, critical: float, repelling: float) -> dict:
    text = f"{a},{2.99 - 2 * a},{a - 1.99}"
    xs = [i / 100 for i in range(181)]
    return {
        "title": f"$a = {a}$",
        "curve": {"x": xs, "y": [iterate(text, x, 1) for x in xs]},
        "orbits": [
            {"label": "$x_0 = 0.02$", "points": orbit(text, 0.02, 14)},
            {"label": "from the critical point", "points": orbit(text, critical, 14)},
        ],
        "critical": {"x": critical, "y": iterate(text, critical, 1)},
        "repelling": repelling,
        "limits": [0, 1.8],
    }


def region_panels() -> list[dict]:
    plane = {
        "title": "coefficients", "xlabel": "$a$", "ylabel": "$b$", "xlim": [1, 4], "ylim": [-6, 1],
        "fills": [{"label": "$|f'(1)| < 1$", "x": [1, 4], "lower": [0, -6], "upper": [1, -5]}],
        "lines": [{"label": "$b = 2.99 - 2a$", "x": [1, 4], "y": [0.99, -5.01], "dashed": True}],
        "points": [{"label": "article", "x": 3.25, "y": -3.51, "at": "left"}],
    }  # fmt: skip
    strip = {
        "title": "the strip", "xlabel": "$s = f'(1)$", "ylabel": "$a$", "xlim": [-1, 1], "ylim": [1, 4],
        "fills": [{"label": "an arbitrary region", "x": [-1, 0, 1], "lower": [1, 1, 1], "upper": [3.4, 3.3, 3.1]}],
        "points": [{"label": "article", "x": -0.98, "y": 3.25}],
    }  # fmt: skip
    return [plane, strip]


def every_figure() -> tuple[Figure, ...]:
    """One figure of each kind; the numbers of the last four are made up."""
    values = [1.1, 1.3, 1.5, 1.7, 1.9]
    return (
        Figure(
            "f-iterates",
            "iterates",
            "Five iterations of the cubic.",
            {"curves": cubic_curves(*values), "near_zero": [0, 0.1]},
        ),
        Figure(
            "f-compare",
            "compare",
            "The article's quintic and Jordan's: left over x, right over log x.",
            {"curves": [curve("article", ARTICLE, BOTH), curve("Jordan", JORDAN, BOTH)], "log_from": 1e-4},
        ),
        Figure("f-region", "region", "Where 1 attracts, in two planes.", {"panels": region_panels()}),
        Figure(
            "f-cobweb",
            "cobweb",
            "Below and above the threshold: the critical value meets the repelling fixed point.",
            {"panels": [cobweb_panel(3.25, 0.64, 1.3363), cobweb_panel(3.6, 0.612, 1.2708)]},
        ),
        Figure(
            "f-neighbourhood",
            "neighbourhood",
            "Smallest x from which φ stays within δ of 1.",
            {
                "curves": [{"label": r"$\delta = 0.1$", "x": values, "y": [0.9, 0.6, 0.3, 0.1, None]}],
                "overshoot": [{"label": "over 1", "x": values, "y": [0, 0, 0, 0.03, 0.07]}],
                "marks": [{"label": "article", "x": 1.7, "y": 0.1}],
            },
        ),
        Figure(
            "f-pareto",
            "pareto",
            "Slope against error.",
            {
                "fronts": [{"label": "cubic", "x": [2, 8, 25], "y": [0.9, 0.6, 0.1]}],
                "points": [{"label": "Jordan", "x": 480, "y": 0.3, "at": "left"}],
            },
        ),
        Figure(
            "f-bars",
            "bars",
            "Values in groups.",
            {
                "groups": ["A", "B"],
                "series": [{"label": "one", "values": [1, 2]}, {"label": "two", "values": [2, 1]}],
                "ylabel": "y",
            },
        ),
        Figure(
            "f-image",
            "image",
            "A map and its distance from 1.",
            {"x": [0.01, 0.1, 1], "y": [0.2, None, 1.1], "error": [0.8, None, 0.1], "lower": 0.1, "cap": 1.5},
        ),
        Figure(
            "f-growth",
            "growth",
            "More and more steps.",
            {"curves": [{"label": "one step", "x": [0.01, 1], "y": [0.03, 1]}]},
        ),
        Figure(
            "f-atlas",
            "atlas",
            "Two proved boxes, and a hatched one over them.",
            {
                "xlabel": "$a$",
                "ylabel": "$s$",
                "xlim": [1, 4],
                "ylim": [-1, 1],
                "layers": [
                    {"layer": "converges", "boxes": [[[1, -1], [2, -1], [2, 1], [1, 1]]]},
                    {"layer": "escapes", "boxes": [[[3, -1], [4, -1], [4, 1], [3, 1]]]},
                    {"layer": "flips", "boxes": [[[3, 0], [4, 0], [4, 1], [3, 1]]]},
                ],
                "curves": [
                    {"role": "threshold", "label": "where they part", "x": [2.5, None, 2.6], "y": [-1, None, 1]}
                ],
                "points": [{"label": "article", "x": 3.25, "y": 0, "at": "far above"}],
            },
        ),
    )


def boxes() -> Bundle:
    """A file of two proved boxes, of which the atlas figure shows neither."""
    attracting = families.region(QUINTIC, "attracting", [Interval.of(1, 2), Interval.of("-1/2", "1/2")])
    return Bundle("boxes.json", "attracting", 2, attracting.data, verify(attracting))


def proofs(prefix: str, coefficients: str) -> tuple[Proof, ...]:
    """All that `certify` proves of a schedule on [1/100, 1]."""
    result = certify(Schedule.parse(coefficients), lower=Fraction(1, 100))
    return tuple(
        Proof(f"{prefix}-{i:02}-{c.claim.type}.json", c, verify(c)) for i, c in enumerate(result.certificates, 1)
    )


@cache
def sample() -> Report:
    """Three claims in the manner of the article's."""
    drawn = {f.kind: f for f in every_figure()}
    boundary = Section(
        id="A3",
        title="Necessary conditions",
        said="For x = 1 to be an attracting fixed point, f(1) = 1 and |f'(1)| < 1 are *necessary conditions*.",
        precisely="Let $f$ be an odd polynomial of degree 3 or 5. If every orbit from near 1 tends to 1, then "
        "$f(1) = 1$ and $|f'(1)| ≤ 1$. The strict inequality is sufficient."
        "\n\nOn the boundary the second order decides.",
        badge=Badge.DERIVED,
        answer="f(1) = 1 is necessary; |f'(1)| < 1 is sufficient, *not* necessary: at f'(1) = -1 the point 1 attracts.",
        derivations=(attraction(), feasible_region(5).derivation),
        figures=(drawn["iterates"], drawn["region"], drawn["neighbourhood"]),
        remarks=("In degree 7 the case $f'(1) = 1$ can attract, so `degree` matters.",),
    )
    divergence = Section(
        id="A11",
        title="Past some threshold the curve diverges",
        said="When a exceeds a certain threshold, the curve diverges.",
        precisely="Find the threshold $a*(s)$ on the line f'(1) = s, for $-1 < s < 1$.",
        badge=Badge.CORRECTED,
        answer="The threshold is algebraic. Below it every orbit from (0, 1] tends to 1, above it some orbit escapes.",
        derivations=(divergence_on_line("-99/100"),),
        proofs=proofs("article", ARTICLE),
        figures=(drawn["cobweb"], replace(drawn["atlas"], bundles=(boxes(),))),
        command="muon-theory thresholds --family quintic --slope-at-one=-99/100 --digits 50",
    )
    comparison = Section(
        id="A14",
        title="Compared with Jordan's coefficients",
        said="About as fast to 1, and the variance is smaller.",
        precisely="Compare the bands and the mean squares of φ - 1 on [l, 1].",
        badge=Badge.REFUTED,
        answer="A sample verdict, to see how a refutation looks.",
        proofs=proofs("jordan", JORDAN)[:3],
        tables=(
            Table(
                "Bands after five steps, rounded outward.",
                ("schedule", "l", "lower end", "upper end"),
                (("article", "0.01", "0.80417", "1.21175"), ("Jordan", "0.01", "0.68095", "1.20235")),
            ),
        ),
        figures=(drawn["compare"], drawn["pareto"], drawn["bars"]),
        evidence=(
            Evidence(
                "Orbits from 100 points settle on a cycle of period 2.",
                Standing.OBSERVED,
                {"starts": 100},
                "muon-theory orbits jordan",
            ),
            Evidence("Matrices of four shapes stay in the certified band.", Standing.CONFIRMED, {"deviation": 1e-14}),
        ),
    )
    return Report(
        title="The fixed-point design of Muon’s coefficients, settled",
        subtitle="A short article’s claims one by one: stated precisely, derived, proved or refuted",
        introduction=(
            "Muon replaces a momentum matrix by an approximation of its polar factor: an odd polynomial "
            "$f(x) = ax + bx³ + cx⁵$ is applied five times to the singular values, $φ = f∘f∘f∘f∘f$.",
            "Every number on this page is computed by the command at its end.",
        ),
        sections=(boundary, divergence, comparison),
        command="python3 bootstrap.py report",
        measured={"seconds": 1.5},
        findings=("The threshold is algebraic, $a > 3$.", "Jordan's map ends in a cycle."),
        picture=drawn["growth"],
        references=("A. Author, *A title*, [arXiv 2505.16932](https://arxiv.org/abs/2505.16932).",),
    )
