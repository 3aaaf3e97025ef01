"""A11: the divergence threshold, on the article's line and on every line of the strip -1 ≤ f'(1) ≤ 1."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from muon_theory.article import phase
from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, coq, settle
from muon_theory.article.sets import LINE, SLOPE, STEPS
from muon_theory.atlases import strip_theorem
from muon_theory.bifurcations import horizon_threshold
from muon_theory.derivations import AlgebraicNumber, RecheckError, divergence_threshold, supremum_of_thresholds
from muon_theory.derivations.divergence import divergence, divergence_on_line
from muon_theory.derivations.outside import divergence_above, divergence_below
from muon_theory.document import Badge, Section, Table
from muon_theory.evidence import Evidence
from muon_theory.family import QUINTIC
from muon_theory.finders import families
from muon_theory.interval import Interval
from muon_theory.number import rational
from muon_theory.trajectories import locate_threshold

DERIVATIONS = {
    "a11": lambda: divergence_on_line(SLOPE),
    "a11-strip": divergence,
    "a11-below": divergence_below,
    "a11-above": divergence_above,
}
DIGITS = 50
RANGE = Interval.of(1, "7/2")
SLOPES = tuple(rational(s) for s in ("-1", str(SLOPE), "-1/2", "0", "1/2", "1"))


def file_of(s: Fraction) -> str:
    """The file name of the threshold's certificate on the line f'(1) = s."""
    word = str(s).replace("-", "minus-").replace("/", "-over-")
    return f"a11-threshold-for-slope-at-one-{word}"


STRIP = add("a11-one-threshold-on-every-line-of-the-strip", strip_theorem)
PROOFS = (
    STRIP,
    *(
        add(file_of(s), families.threshold, QUINTIC.fix(s=s), "converges", "fixed-point", RANGE, digits=DIGITS)
        for s in SLOPES
    ),
)


@cache
def observed(digits: int = DIGITS) -> Evidence:
    """The same threshold from orbits alone, and its counterpart at a finite horizon."""
    found = locate_threshold(LINE, digits, (3, Fraction(7, 2)))
    (horizon,) = horizon_threshold(LINE, STEPS, Fraction(2), Interval.of(3, "7/2"), 9).thresholds
    five = str(horizon.value)
    return Evidence(
        f"Bisection on high-precision orbits finds the threshold at {found.value}, without using the elimination. A "
        f"different question has a different answer: φ ≤ 2 on (0, 1] for five steps holds up to a ≈ {five}.",
        found.standing,
        {"threshold": found.value, "safe": str(found.safe), "unsafe": str(found.unsafe), "five steps": five},
        f"muon-theory thresholds --family quintic --slope-at-one={SLOPE} --digits {digits}",
    )


def agrees(s: Fraction) -> AlgebraicNumber:
    """The derived threshold, compared with the certificate's isolating interval and polynomial."""
    derived, stated = divergence_threshold(s), claim(file_of(s))
    isolating = stated.isolating
    if not isolating.lo <= derived <= isolating.hi:
        raise RecheckError(f"at s = {s} the derived threshold {derived} lies outside the certified {isolating}")
    return derived


def section() -> Section:
    """A11: the divergence threshold, on the line and in the strip."""
    rows = []
    for s in SLOPES:
        a = agrees(s)
        rows.append((str(s), a.decimal(DIGITS), f"{a.polynomial_text('a')} = 0"))
    ours, supremum = agrees(SLOPE), supremum_of_thresholds()
    return settle(
        "A11",
        "The divergence threshold",
        "Past some threshold of a the curve diverges.",
        f"On b = 2.99 − 2a (f'(1) = {SLOPE}): for 1 < a < a* every x in (0, 1] tends to 1, for a > a* some x in (0, "
        "1] has an unbounded orbit. On every line f'(1) = s with −1 ≤ s ≤ 1 there is exactly one such a*(s).",
        Badge.PARTLY,
        f"True, with a* ≈ {ours.decimal(DIGITS)}, the root of {ours.polynomial_text('a')} in {ours.isolating}. Over "
        f"all lines with −1 < s < 1 the supremum of a*(s) is {supremum.decimal(20)}, approached as s → −1 and not "
        "attained.",
        PROOFS,
        clauses=(
            (
                "for every s in [−1, 1] a threshold a*(s) in (5/2, 4]: for 1 < a < a*(s) every x in (0, 1] tends to 1, "
                "for a*(s) < a ≤ 4 some orbit escapes",
                CERTIFICATES,
            ),
            (f"its {DIGITS} digits on the lines of the table, for 1 < a ≤ 7/2", CERTIFICATES),
            ("for every a ≥ 4 and s in [−1, 1] the orbit of 1/2 leaves every bound", coq("steep_quintics_escape")),
            (
                "a*(s) falls strictly in s, so its supremum is a*(−1) and not attained; the polynomials are minimal",
                DERIVED,
            ),
        ),
        derivations=(divergence_on_line(SLOPE), divergence()),
        tables=(
            Table(
                "The threshold on lines f'(1) = s (the ends of the strip included), rounded to 50 digits",
                ("s", "a*(s)", "minimal polynomial"),
                tuple(rows),
            ),
        ),
        figures=(phase.by_coefficient(),),
        evidence=(observed(),),
        remarks=(
            "Above a* not every orbit escapes: just past the threshold only x near the critical point and its "
            "preimages do.",
        ),
        command=f"muon-theory thresholds --family quintic --slope-at-one={SLOPE} --digits {DIGITS}",
    )
