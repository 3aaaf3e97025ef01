"""T5: what Jordan's map does when it is repeated without end: certificates (for A14 and A16 too), and the theorem."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, span, theorem, up
from muon_theory.article.sets import JORDAN, LOWER_ENDS
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations import Notebook
from muon_theory.derivations.almost_every import Decay, decay
from muon_theory.document import Badge, Section
from muon_theory.evidence import Derivation
from muon_theory.exact.roots import fixed_points
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

MAP = JORDAN.steps[0]
ONE_STEP = Schedule((MAP,), "one step of Jordan's map")
PERIOD = 4
NEAR = Fraction("0.7529")
"""Close to a point of the cycle."""
TRAPPED = Interval.of("18/25", "39/50")
TURNS = 8
BAND = Interval.of("17/25", "1203/1000")
"""Mapped into itself; every orbit from (0, 1] enters it."""
ENTRY = 6


CRITICAL = {"lower": (Interval.of("0.554528", "0.55453"), 19), "upper": (Interval.of("1.050135", "1.050137"), 15)}
"""Around the two positive critical points, and the steps after which their orbits are in the first interval."""


CYCLE = add("a14-jordan-attracting-four-cycle", limits.cycles, JORDAN, PERIOD, NEAR)


def _falls_in(around: Interval, steps: int) -> AnyCertificate:
    """f^steps maps it into the first interval of the cycle, whose orbits all tend to the cycle."""
    return band.maps_into(JORDAN.repeated(steps), around, cycle()[0])


LONG_RUN = (
    add("a14-jordan-lower-fixed-point-repels", lambda: limits.multiplier_kind(JORDAN, fixed_points(MAP)[0])),
    add("a14-jordan-upper-fixed-point-repels", lambda: limits.multiplier_kind(JORDAN, fixed_points(MAP)[1])),
    CYCLE,
    add("a14-jordan-an-interval-of-starts-is-trapped", _falls_in, TRAPPED, PERIOD * TURNS),
    add("a14-jordan-keeps-a-band", band.maps_into, ONE_STEP, BAND, BAND),
    add(
        "a14-jordan-enters-the-band", band.maps_into, JORDAN.repeated(ENTRY), Interval(LOWER_ENDS[0], Fraction(1)), BAND
    ),
    *(add(f"a14-jordan-{word}-critical-orbit-is-trapped", _falls_in, *at) for word, at in CRITICAL.items()),
)


def cycle() -> tuple[Interval, ...]:
    """Intervals around the four points of the cycle, in the order of iteration."""
    found: tuple[Interval, ...] = claim(CYCLE).intervals
    return found


CELLS, RATE = 100, Fraction(99, 100)


@cache
def trapping() -> Decay:
    """Cells of the band, nearly all of whose points come into the trapped interval."""
    return decay(MAP, BAND, TRAPPED, CELLS, RATE)


def derivation() -> Derivation:
    """Almost every orbit of Jordan's map tends to its 4-cycle."""
    found = trapping()
    free = sum(o is None for o in found.order)
    book = Notebook("T5: almost every orbit of Jordan's map tends to its 4-cycle")
    book.step(
        f"Every orbit from (0, 1] enters {span(BAND, 4)}, which f maps into itself.",
        f"{ENTRY} steps from [{decimal(LOWER_ENDS[0])}, 1] (certified); below {decimal(LOWER_ENDS[0])} f(x) ≥ 3x, and "
        "f(x) ≤ 4x keeps the first x past it in [1/1000, 1]",
        "3x ≤ f(x) ≤ 4x",
    )
    book.check("3x ≤ f(x) ≤ 4x", lambda x: 3 * x <= MAP(x) <= 4 * x, x=(0, LOWER_ENDS[0]))
    book.step(
        f"All of {span(TRAPPED, 3)} tends to the cycle; call a point trapped if it comes there.",
        f"f^{PERIOD * TURNS} maps it into the first interval of the cycle, where f⁴ contracts (certified)",
        "x_{4n} → p_1",
    )
    book.step(
        f"Cut the band into {CELLS} equal cells; {CELLS - free} of them are trapped.",
        "the image of a cell lies in the trapped interval, or in cells trapped before it; f is monotone on the other "
        f"{free}, with |f'| bounded below on each: exact arithmetic",
    )
    book.check("every cell is as said", found.holds, 1)
    book.step(
        "There are weights w > 0 on the other cells for which every sum over the branches of f is at most θ·w, "
        f"θ = {RATE}.",
        "for each cell J: over the two branches, the greatest w(I)/min|f'| of the cells I whose image meets J",
        "∑ max w/|f'| ≤ θ w",
    )
    book.step(
        "So the x that are not trapped within n steps have measure at most C·θⁿ.",
        "let K_n be those of the untrapped cells whose next n - 1 points lie in untrapped cells; K_{n+1} is the part "
        "of them that f maps into K_n, so by the change of variables on each branch the integral of w over K_{n+1} is "
        f"at most θ times that over K_n; C = {up(found.factor, 3)} by the least weight",
        "m(K_n) ≤ C θ^n",
    )
    book.step(
        "Hence almost every x of the band is trapped, and almost every x of (0, 1] comes into it.",
        "C·θⁿ → 0; and a polynomial takes sets of positive measure to sets of positive measure, so the x that enter "
        "the band at an exceptional point after n steps have measure 0, for each n",
    )
    return book.conclude(
        "the orbit of almost every x in (0, 1] tends to the attracting 4-cycle; of [0.68, 1.203], all but a set of "
        f"measure at most {up(found.factor, 3)}·(99/100)ⁿ is trapped within n steps"
    )


DERIVATIONS = {"t5": derivation}


def section() -> Section:
    """T5: almost every orbit of Jordan's map."""
    found = trapping()
    points = ", ".join(decimal(i.midpoint, 5) for i in cycle())
    return theorem(
        "T5",
        "Jordan's map for almost every x",
        "Jordan's set is made for five steps. Repeated without end it does not tend to 1 (A16). What does it do? It "
        "has been called bounded and chaotic.",
        "For almost every x in (0, 1] (Lebesgue) the orbit of Jordan's map tends to its attracting cycle of period 4.",
        Badge.PARTLY,
        f"Bounded, yes; chaotic, for almost no start: almost every orbit becomes periodic with period {PERIOD} in the "
        f"limit, at {points}. The exceptions have measure 0: both positive fixed points, every other repelling cycle, "
        "what never leaves the cells around them, and all that lands there. They exist, and rounding drives a computed "
        "orbit away from them.",
        LONG_RUN,
        clauses=(
            (f"a {PERIOD}-cycle attracts; all of {span(TRAPPED, 3)} tends to it; both positive fixed points repel",
             CERTIFICATES),
            (f"f maps {span(BAND, 4)} into itself, and {ENTRY} steps take [{decimal(LOWER_ENDS[0])}, 1] into it",
             CERTIFICATES),
            ("intervals around both positive critical points are mapped into the cycle's first interval after "
             f"{' and '.join(str(n) for _, n in CRITICAL.values())} steps", CERTIFICATES),
            (f"all of {span(BAND, 4)} but a set of measure at most {up(found.factor, 3)}·(99/100)ⁿ is trapped within n "
             "steps, hence almost every x: by cells, weights and exact arithmetic", DERIVED),
        ),
        derivations=(derivation(),),
        remarks=(
            "The same follows from theorems on interval maps: f' has real zeros only, so the Schwarzian derivative of "
            "f is negative; by Singer (1978) every attracting or neutral cycle attracts a critical orbit, and both "
            "positive ones fall to this cycle (certified); by Mañé (1985) what stays away is then an expanding set, of "
            "measure 0. The cells show it without these theorems, and with a rate.",
            "Attraction to a cycle is no merit: the cycle's points lie within "
            f"{up(max(abs(1 - i.lo) for i in cycle()), 2)} of 1, as five steps do (A14).",
        ),
        command="muon-theory derive t5",
    )  # fmt: skip
