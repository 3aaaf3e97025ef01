"""T1: how large the slope at 0 can be when 1 need not attract: bounded orbits, and positive ones."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, theorem
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations.extremal import nodes, positive_extremal, sine_polynomial
from muon_theory.derivations.largest_slopes import bounded_slope, positive_slope
from muon_theory.document import Badge, Section, Table
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

MARGIN = Fraction(1, 10**6)
"""How far inside and outside the extremal polynomial the certificates are, relatively."""
BOUNDED, POSITIVE = (3, 5, 7, 9), (3, 5, 7)
UNIT = Interval.of(0, 1)

DERIVATIONS = {
    **{f"t1-bounded-{d}": partial(bounded_slope, d) for d in POSITIVE},
    **{f"t1-positive-{d}": partial(positive_slope, d) for d in POSITIVE},
}


def _once(f: OddPolynomial) -> Schedule:
    return Schedule((f,), f"slope {f.slope}")


def _twice(f: OddPolynomial) -> Schedule:
    return Schedule((f, f), f"slope {f.slope}")


def _stays(f: OddPolynomial, radius: int) -> AnyCertificate:
    symmetric = Interval.of(-radius, radius)
    return band.maps_into(_once(f), symmetric, symmetric)


def _escapes(f: OddPolynomial) -> AnyCertificate:
    return limits.escapes(_once(f), Fraction(1))


def fixing_one() -> OddPolynomial:
    """5x - 5x³ + x⁵ is S_5 scaled so that it fixes 1; a little less of it, and of x, fixes 1 too."""
    quintic = sine_polynomial(5).scaled(Fraction(1, 2), 2)
    return OddPolynomial(
        tuple((1 - MARGIN) * c + (MARGIN if i == 0 else 0) for i, c in enumerate(quintic.coefficients))
    )


def beyond(degree: int) -> OddPolynomial:
    """The extremal polynomial of positive orbits, times 1 + MARGIN."""
    return OddPolynomial(tuple((1 + MARGIN) * c for c in positive_extremal(degree).rounded(MARGIN**2 / 10**6)))


def _negative(degree: int) -> AnyCertificate:
    """Degree 5: 1 escapes.  Degrees 3 and 7, where f*(1) = 0: the critical point lands past 1, and then below 0."""
    f = beyond(degree)
    if degree == 5:
        return _escapes(f)
    return band.flips(_twice(f), nodes(degree, positive=True, digits=9)[0], 2, 40)


def _inside(degree: int) -> Schedule:
    return _twice(positive_extremal(degree).inside(MARGIN))


PROOFS = (
    *(
        name
        for d in BOUNDED
        for name in (
            add(f"d-slope-{d}-bounded-inside", _stays, sine_polynomial(d).scaled(outer=1 - MARGIN), 1),
            add(f"d-slope-{d}-bounded-outside", _escapes, sine_polynomial(d).scaled(outer=1 + MARGIN)),
        )
    ),
    add("d-slope-5-bounded-with-fixed-point-1", lambda: _stays(fixing_one(), 2)),
    *(
        name
        for d in POSITIVE
        for name in (
            add(f"d-slope-{d}-positive-inside", lambda d: band.sign_safe(_inside(d), Fraction(1)), d),
            add(f"d-slope-{d}-positive-invariant", lambda d: band.maps_into(_inside(d), UNIT, UNIT), d),
            add(f"d-slope-{d}-positive-outside", _negative, d),
        )
    ),
)


def section() -> Section:
    """T1: the largest slopes."""
    rows = []
    for d in POSITIVE:
        best = positive_extremal(d)
        rows.append((str(d), str(d), best.slope.decimal(20), f"{best.slope.polynomial_text('a')} = 0"))
    return theorem(
        "T1",
        "The largest slope at 0",
        "The article wants a as large as possible. How large can f'(0) be at all, if orbits from (0, 1] need only stay "
        "bounded, or bounded and positive?",
        "Let f be odd of degree at most d. If every orbit from (0, 1] is bounded, then f'(0) ≤ d, with equality only "
        "for Chebyshev's polynomial scaled. If they stay ≥ 0 too, then f'(0) ≤ f*'(0), where f* is the odd polynomial "
        "with 0 ≤ f* ≤ 1 on [0, 1] that takes the values 1, 0, 1, … in turn at (d + 1)/2 points.",
        Badge.PARTLY,
        "The degree bounds the slope of every map that keeps orbits bounded; keeping them positive costs between 13 "
        "and 16 % of it in degrees 3, 5 and 7. With f(1) = 1 the first bound is attained: 5x − 5x³ + x⁵ has slope 5.",
        PROOFS,
        clauses=(
            (f"slopes within {decimal(MARGIN)} of the bound, relatively, keep orbits bounded (degrees 3, 5, 7, 9) and "
             "positive (3, 5, 7)", CERTIFICATES),
            ("of the extremal polynomials that much enlarged some orbit escapes, or becomes negative", CERTIFICATES),
            ("no odd polynomial of the degree has a larger slope; equality for the extremal polynomials only", DERIVED),
        ),
        derivations=(bounded_slope(5), positive_slope(5)),
        tables=(
            Table(
                "The largest slope at 0, by degree",
                ("degree", "bounded orbits", "bounded and positive orbits (rounded)", "a root of"),
                tuple(rows),
            ),
        ),
        remarks=(
            "Nothing here asks that 1 attracts; what that costs is T2. The bound for positive orbits is attained by "
            "orbits that may become 0, and is a supremum where they must stay > 0.",
            "Greedy design (Polar Express and its like) begins with 2·f* in the limit of small l: its first slope is "
            "twice the bound for positive orbits, as its values reach 2 and the next step is made for that.",
        ),
        command="muon-theory derive t1-bounded-5",
    )  # fmt: skip
