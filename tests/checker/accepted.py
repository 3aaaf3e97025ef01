"""The accept corpus: small certificates of every kind of claim, and the calls that make them again.

`python -m tests.checker.accepted` writes the files; a test makes them again and compares.
"""

import json
from collections.abc import Callable
from fractions import Fraction as Q
from pathlib import Path

from muon_theory.atlases.members import Layers
from muon_theory.certificate import Certificate, bundle
from muon_theory.claims import Band, Bands, Covers, Region
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import CUBIC, QUINTIC, QUINTIC_AB, Family
from muon_theory.finders import alternation, average, band, constant_bound, families, limits
from muon_theory.finders.moments import moments
from muon_theory.finders.ratio import ratio
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

FOLDER = Path(__file__).parent / "accept"
SEPTIC = Family(
    "septic",
    ("a",),
    tuple(ParameterPolynomial.of(t) for t in ({(1,): 1}, {(0,): "7/2", (1,): -2}, {(0,): "-7/2", (1,): 1}, {(0,): 1})),
)
DEGREE_17 = "5/2,-3,5/2,-5/4,1/2,-1/4,1/8,-1/16,1/80"


def one(row: str) -> Schedule:
    return Schedule.parse(row, steps=1)


def on(lo: str | int, hi: str | int) -> Interval:
    return Interval.of(lo, hi)


def at(x: str | int) -> Interval:
    return Interval.of(x, x)


def both_chains(schedule: Schedule, start: Interval, digits: int) -> Certificate:
    """maps-into with the inner chain beside the outer one: a two-sided band in one certificate."""
    outer, inner = band.maps_into(schedule, start, digits=digits), band.attains(schedule, start, digits)
    steps = (
        Band(o.outer, o.splits, i.inner, i.points)
        for o, i in zip(outer.witness.steps, inner.witness.steps, strict=True)
    )
    return Certificate(schedule, outer.claim, Bands(tuple(steps)))


def two_boxes() -> Certificate:
    """The halves of a box: each lies in one cell of w and R that covers both, and in its own cell of the others."""
    whole = families.region(QUINTIC_AB, "converges", [on(2, "21/10"), on("-8/5", "-3/2")])
    a, b = whole.claim.boxes[0]
    halves = [(Interval(a.lo, a.midpoint), b), (Interval(a.midpoint, a.hi), b)]
    covers = whole.witness.covers
    own = [tuple((box, *cells[0][1:]) for box in halves) for cells in covers[2:]]
    witness = Covers((*covers[:2], *own), ((0, 0, 0, 0), (0, 0, 1, 1)))
    return Certificate(QUINTIC_AB, Region("converges", tuple(halves)), witness)


def members(layer: str, family: Family, box: list[Interval], which: int = 0) -> Certificate:
    """One claim about all members of a family in a box, of three steps where it is about a band."""
    layers = Layers(family, (layer,), steps=3, lower=Q(1, 4), target=on("1/4", "5/4"))
    return layers.certificates(tuple(box), layers.proofs(layer, tuple(box)))[which]


BERNSTEIN = one("3/2,-1/2").repeated(2)
JORDAN = one("3.4445,-4.7750,2.0315")
FIXED = limits.fixed_points(JORDAN.steps[0], 6)  # irrational: 0.868… repels, 1.263… repels

MAKE: dict[str, Callable[[], Certificate]] = {
    "maps-into-five-steps": lambda: band.maps_into(JORDAN.repeated(5), on("1/100", 1), digits=3),
    "maps-into-exact-end": lambda: band.maps_into(one("3/2,-1/2"), on("1/10", 1), on("149/1000", 1), digits=3),
    "maps-into-negative-start": lambda: band.maps_into(one("2,-1"), on("-1/2", "3/2"), digits=2),
    "maps-into-two-sided": lambda: both_chains(Schedule.parse("3,-3,1;2,-1"), on("1/5", 1), 3),
    "maps-into-degree-17": lambda: band.maps_into(one(DEGREE_17), on("1/4", 1), digits=3),
    "attains-two-steps": lambda: band.attains(JORDAN.repeated(2), on("1/100", 1), digits=3),
    "sign-safe-two-steps": lambda: band.sign_safe(JORDAN.repeated(2), Q(1), digits=3),
    "slope-two-steps": lambda: band.slope(Schedule.parse("3,-3,1;2,-1")),
    "fixes-rational": lambda: limits.fixes(one("3,-3,1"), at(1)),
    "fixes-zero": lambda: limits.fixes(one("1/2,-1"), at(0)),
    "fixes-irrational": lambda: limits.fixes(JORDAN, FIXED[0]),
    "attracts-rational": lambda: limits.multiplier_kind(one("3/2,-1/2"), at(1)),
    "attracts-irrational": lambda: limits.multiplier_kind(one("16/5,-16/5,11/10"), on("19/18", "56/53")),
    "repels-rational": lambda: limits.multiplier_kind(one("3,-2"), at(1)),
    "repels-irrational": lambda: limits.multiplier_kind(JORDAN, FIXED[0]),
    "converges-rational": lambda: limits.converges(one("13/4,-351/100,63/50"), at(1), Q("13/10")),
    "converges-multiplier-minus-one": lambda: limits.converges(one("3,-3,1"), at(1), Q("7/5")),
    "converges-cubic-minus-one": lambda: limits.converges(one("2,-1"), at(1), Q("11/10")),
    "converges-irrational": lambda: limits.converges(one("16/5,-16/5,11/10"), on("19/18", "56/53"), Q("4/3")),
    "converges-up-to-the-limit": lambda: limits.converges(one("3/2,-1/2"), at(1), Q(1)),
    "escapes-upward": lambda: limits.escapes(one("4,-11/2,5/2"), Q("3/20"), digits=6),
    "escapes-alternating": lambda: limits.escapes(one("4,-3"), Q("1/5"), digits=4),
    "flips-second-step": lambda: band.flips(Schedule.parse("2,-1/2;2,-3/2"), Q("3/2"), 2, digits=3),
    "flips-third-repetition": lambda: band.flips(one("27/10,-17/10"), Q("29/100"), 3, digits=3),
    "cycles-period-two": lambda: limits.cycles(one("21/10,-11/10"), 2, Q("9/10"), digits=6),
    "mean-square-one-step": lambda: average.mean_square(one("3/2,-1/2"), on("1/2", 1), Q("1/100")),
    "ratio-from-zero": lambda: ratio(BERNSTEIN, digits=4),
    "ratio-touched-at-one": lambda: ratio(one("15/8,-5/4,3/8").repeated(2), on("1/2", 1), digits=4),
    "ratio-two-maps": lambda: ratio(Schedule.parse("3,-3,1;2,-1"), on("1/5", 1), digits=3),
    "moments-uniform": lambda: moments(one("2,-1").repeated(2), on(0, 1), "uniform", Q("1/100")),
    "moments-log-uniform": lambda: moments(one("3/2,-1/2").repeated(2), on("1/3", 1), "log-uniform", Q("1/1000")),
    "mean-square-two-steps": lambda: average.mean_square(one("2,-1").repeated(2), on("3/4", 1), Q("1/200")),
    "robust-band-two-steps": lambda: band.robust_band(
        one("3,-3,1").repeated(2), on("1/2", 1), [Q("1/100"), Q("1/50")], digits=3
    ),
    "all-but-none-relative": lambda: band.all_but(
        one("3,-3,1").repeated(2),
        on("1/2", 1),
        [Q("1/20"), Q("1/50")],
        [(Q("1/50"), Q("1/1000")), (Q("1/50"), Q("1/200"))],
        digits=3,
    ),
    "all-but-three": lambda: band.all_but(
        one("3,-3,1").repeated(2),
        on("1/2", 1),
        [Q("1/10"), Q("1/20")],
        [(Q("1/50"), Q("1/10")), (Q("1/40"), Q("1/100"))],
        [Q("1/10"), Q("3/50")],
        [2, 1],
        digits=3,
    ),
    "minimax-cubic": lambda: alternation.minimax(3, on("1/2", 1), digits=3),
    "minimax-quintic": lambda: alternation.minimax(5, on("1/10", 2), digits=3),
    "constant-bound-two-cubics": lambda: constant_bound.constant_bound(BERNSTEIN, 3, Q("1/10"), Q("2/5")),
    "constant-bound-fixing-one": lambda: constant_bound.constant_bound(BERNSTEIN, 3, Q("1/10"), Q("2/5"), at(1)),
    "constant-bound-slope": lambda: constant_bound.constant_bound(BERNSTEIN, 3, Q("1/10"), Q("1/2"), slope=at("3/2")),
    "constant-bound-attracting": lambda: constant_bound.constant_bound(
        BERNSTEIN, 3, Q("1/10"), Q("2/5"), at(1), multiplier=on(-1, 1)
    ),
    "composition-bound-two-steps": lambda: alternation.composition_bound((3, 5), on("1/10", 1), digits=2),
    "noisy-composition-bound-two-steps": lambda: alternation.noisy_composition_bound(
        (3, 5), on("1/10", 1), [Q("1/50"), Q("1/100")], digits=2
    ),
    "noisy-composition-bound-lost": lambda: alternation.noisy_composition_bound(
        (3, 3), on("1/100", 1), [Q("1/20"), Q("1/20")], digits=2
    ),
    "region-converges": lambda: families.region(QUINTIC_AB, "converges", [on(2, "21/10"), on("-8/5", "-3/2")]),
    "region-sign-safe": lambda: families.region(QUINTIC_AB, "sign-safe", [on(3, "61/20"), on("-31/10", -3)]),
    "region-bounded": lambda: families.region(QUINTIC_AB, "bounded", [on(3, "61/20"), on("-31/10", -3)]),
    "region-attracting-open": lambda: families.region(CUBIC, "attracting", [on(1, 2)], True),
    "region-above-one": lambda: families.region(QUINTIC_AB, "multiplier-above-1", [on(1, "21/20"), on(-1, "-1/2")]),
    "region-below-minus-one": lambda: families.region(CUBIC, "multiplier-below-minus-1", [on("11/5", "5/2")]),
    "region-flips": lambda: families.region(CUBIC, "flips", [on("29/10", 3)]),
    "region-escapes": lambda: families.region(QUINTIC, "escapes", [on("17/5", "7/2"), on(0, "1/2")]),
    "region-escapes-alternating": lambda: families.region(CUBIC, "escapes-alternating", [on(4, "41/10")]),
    "region-lands": lambda: families.region(QUINTIC, "lands", [on("7/2", "18/5"), on(0, "1/2")]),
    "region-returns": lambda: families.region(CUBIC, "returns", [on("21/10", "11/5")]),
    "region-two-boxes": two_boxes,
    "members-maps-into": lambda: members("band", CUBIC, [on("3/2", "8/5")]),
    "members-sign-safe": lambda: members("bounded-positive", CUBIC, [on("3/2", "8/5")], 1),
    "members-flips": lambda: members("flips", CUBIC, [on("29/10", 3)]),
    "members-escapes": lambda: members("escapes", QUINTIC.fix(s=0), [on("7/2", "18/5")]),
    "members-cycles": lambda: members("attracting-cycle", CUBIC, [on("21/10", "211/100")]),
    "threshold-sign-flip": lambda: families.threshold(CUBIC, "sign-safe", "zero", on(1, 3), digits=6),
    "threshold-antipode": lambda: families.threshold(CUBIC, "bounded", "antipode", on(1, 5), digits=6),
    "threshold-fixed-point": lambda: families.threshold(
        QUINTIC.fix(s=0), "bounded", "fixed-point", on("5/2", 4), digits=6
    ),
    "threshold-landing": lambda: families.threshold(QUINTIC.fix(s=0), "converges", "landing", on("5/2", 4), digits=6),
    "threshold-converges": lambda: families.threshold(
        QUINTIC.fix(s="-1/2"), "converges", "fixed-point", on("5/2", 4), digits=6
    ),
    "threshold-curve": lambda: families.threshold(
        QUINTIC, "bounded", "fixed-point", on("14/5", "7/2"), [on("-1/10", 0)], digits=6
    ),
    "threshold-multiplier-minus-one": lambda: families.threshold(
        QUINTIC, "converges", "fixed-point", on(1, 4), [on(-1, "-4/5")], on("5/2", 4)
    ),
    "threshold-sign-flip-before-escape": lambda: families.threshold(
        Family.parse("a; 1/2-a; 1/2"), "sign-safe", "zero", on("3/2", 16), digits=6
    ),
    "threshold-septic": lambda: families.threshold(
        Family.parse("a; -1; 1-a; 1"), "bounded", "fixed-point", on(2, "39/10"), digits=6
    ),
    "threshold-shifted": lambda: families.threshold(
        Family.parse("a+b; 1-a-b"), "bounded", "antipode", on(1, 5), [on(0, "1/16")], on("14/5", "16/5")
    ),
}


def make() -> dict[str, bytes]:
    """Every file of the corpus by name; the bundle holds the three smallest certificates."""
    made = {name: certificate() for name, certificate in MAKE.items()}
    smallest = sorted(made.values(), key=lambda c: len(c.data))[:3]
    return {f"{name}.json": certificate.data for name, certificate in made.items()} | {"bundle.json": bundle(smallest)}


def stored() -> dict[str, dict]:
    """The parsed certificates of the corpus, without the bundle, by the names of their files."""
    files = sorted(FOLDER.glob("*.json"))
    return {f.stem: json.loads(f.read_bytes()) for f in files if f.stem != "bundle"}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, data in make().items():
        (FOLDER / file).write_bytes(data)
