"""Thresholds, regions and the article's derivations against bisection, sampling and orbits."""

import xml.etree.ElementTree as ElementTree
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import article, derivations
from muon_theory.article.sets import SLOPE
from muon_theory.derivations import plane, thresholds
from muon_theory.derivations.formula import a as parameter
from muon_theory.derivations.recheck import Notebook, RecheckError
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.family import CUBIC, QUINTIC, QUINTIC_AB
from muon_theory.polynomial import OddPolynomial, horner
from tests.naive.reach import reach, sign_flip
from tests.naive.sturm import sturm_count


def margin(a: Fraction, s: Fraction) -> list[Fraction]:
    """R(a, s, ·), lowest first, from its definition 1 - c·y(1 - y)(2 + (1 - y)(a - 1 - c·y)), expanded by hand."""
    c = a - (3 - s) / 2
    inner = [a + 1, -(a - 1) - c, c]  # 2 + (1 - y)(a - 1 - cy)
    outer = [Fraction(0), -c, c]  # -c·y(1 - y)
    out = [Fraction(1)] + [Fraction(0)] * 4
    for i, u in enumerate(outer):
        for j, v in enumerate(inner):
            out[i + j] += u * v
    return out


def escapes_by_sturm(a: Fraction, s: Fraction) -> bool:
    return sturm_count(margin(a, s), Fraction(0), Fraction(1)) > 0


@pytest.mark.parametrize("s", ["-49/50", "-99/100", "-1", "0", "1/2", "1", "-2"])
def test_the_threshold_to_50_digits_by_bisection_on_min_r(s: str) -> None:
    low, high = Fraction(5, 2), Fraction(4)
    while high - low > Fraction(1, 10**51):
        middle = (low + high) / 2
        low, high = (low, middle) if escapes_by_sturm(middle, Fraction(s)) else (middle, high)
        middle = Fraction(round((low + high) / 2 * 2**180), 2**180)
    value = derivations.divergence_threshold(s)
    assert low <= value.enclose(60).hi
    assert value.enclose(60).lo <= high


def test_the_threshold_of_the_article_s_line_by_mpmath() -> None:
    """f' = 0 and f = x_r as two equations in (a, y), solved by Newton's method."""
    with mpmath.workdps(70):
        s = mpmath.mpf(-98) / 100

        def equations(a, y):
            b, c = (5 - s) / 2 - 2 * a, a - (3 - s) / 2
            return a + 3 * b * y + 5 * c * y**2, y * (a + b * y + c * y**2) ** 2 - (a - 1) / c

        a, _ = mpmath.findroot(equations, (mpmath.mpf("3.34"), mpmath.mpf("0.4")))
        assert mpmath.nstr(a, 50) == derivations.divergence_threshold(SLOPE).decimal(50)


def test_the_article_s_line_is_s_minus_98_hundredths() -> None:
    for a in map(Fraction, ("1.2", "3.25", "4")):
        assert (
            QUINTIC.at(a=a, s=SLOPE).row() == OddPolynomial.of(a, Fraction("2.99") - 2 * a, a - Fraction("1.99")).row()
        )


def unbounded(f: OddPolynomial, points: int = 300, steps: int = 50) -> bool:
    """Brute force in binary64: does an orbit from a grid of (0, 1), where 1 may repel, leave [-100, 100]?"""
    a, b, c = (float(v) for v in f.coefficients)
    for k in range(1, points):
        x = k / points
        for _ in range(steps):
            y = x * x
            x *= a + y * (b + y * c)
            if abs(x) > 100:
                return True
    return False


@given(
    st.fractions(-3, Fraction(17, 2), max_denominator=40),
    st.fractions(Fraction(1, 50), Fraction(3, 2), max_denominator=50),
)
def test_orbits_escape_above_the_threshold_and_not_below(s: Fraction, by: Fraction) -> None:
    value = derivations.divergence_threshold(s).enclose(12)
    assert unbounded(QUINTIC.at(a=value.hi + by, s=s))
    below = value.lo - by
    if below > 1:
        assert not unbounded(QUINTIC.at(a=below, s=s))


@given(st.fractions(-1, 1, max_denominator=30), st.fractions(1, 6, max_denominator=30))
def test_no_orbit_of_the_strip_flips_its_sign(s: Fraction, a: Fraction) -> None:
    f = QUINTIC.at(a=a, s=s)
    assert not sign_flip(f).flips
    beta = reach(f)
    bounded = beta is not None and (derivations.escape_radius(f) or beta) >= beta
    assert bounded == (derivations.divergence_threshold(s) >= a)


@given(st.fractions(1, 4, max_denominator=60).filter(lambda a: a > 1))
def test_the_cubic_s_flip_and_divergence(a: Fraction) -> None:
    f = CUBIC.at(a=a)
    flip, divergence = thresholds("cubic")[2:]
    assert sign_flip(f).flips == (flip.value < a)
    (cycle,) = derivations.antipodal_cycles(f)
    values = [c.value for c in derivations.critical_points(f)]
    assert any(v > cycle.points[0] for v in values) == (divergence.value < a)


def test_a_star_falls_in_s_and_its_supremum_is_at_minus_one() -> None:
    values = [derivations.divergence_threshold(Fraction(k, 10)) for k in range(-30, 11)]
    assert values == sorted(values, reverse=True)
    supremum = derivations.supremum_of_thresholds()
    assert supremum.polynomial == (859, -438, -53, 32)
    assert all(derivations.divergence_threshold(Fraction(-1) + Fraction(1, 10**k)) < supremum for k in range(1, 8))
    assert derivations.divergence_threshold(1).polynomial == (-331, 43, 32)


@pytest.mark.long
@given(st.fractions(-1, 1, max_denominator=50))
def test_every_root_of_the_discriminant_is_explained(s: Fraction) -> None:
    table = derivations.factor_table(s)
    assert sum(row.is_threshold for row in table) == 1
    for row in table:
        assert row.explanation
        if row.double_root is None:
            continue
        a, y = (v.refine(Fraction(1, 10**40)).midpoint for v in (row.root, row.double_root))
        p = margin(a, s)
        assert abs(horner(p, y)) < Fraction(1, 10**25)
        assert abs(horner([i * c for i, c in enumerate(p)][1:], y)) < Fraction(1, 10**25)
        assert (0 < y < 1 and a >= 1) == row.is_threshold


def test_the_escape_polynomial_vanishes_on_the_threshold_curve() -> None:
    for s in (Fraction(-1), Fraction(1, 3), Fraction(-49, 50)):
        coefficients = plane.univariate(plane.escape_factor(), parameter, s=s)
        assert derivations.divergence_threshold(s).image(coefficients) == 0


@given(st.fractions(-3, 5, max_denominator=30), st.fractions(-9, 9, max_denominator=30))
def test_the_feasible_regions_on_both_sides(a: Fraction, b: Fraction) -> None:
    assert (1 < a < 2) == (abs(CUBIC.at(a=a).derivative(1)) < 1)
    assert (2 - 2 * a < b < 3 - 2 * a) == (abs(QUINTIC_AB.at(a=a, b=b).derivative(1)) < 1)


def test_the_feasible_regions_are_derived() -> None:
    cubic, quintic = derivations.feasible_region(3), derivations.feasible_region(5)
    assert (str(cubic.lower), str(cubic.upper)) == ("1", "2")
    assert (str(quintic.lower), str(quintic.upper)) == ("2 - 2*a", "3 - 2*a")


@given(st.fractions(-3, 6, max_denominator=20))
def test_on_the_boundary_minus_one_every_quintic_attracts(a: Fraction) -> None:
    f = QUINTIC.at(a=a, s=-1)
    assert derivations.second_order(f) == 48 * (4 * a * a - 20 * a + 26) > 0
    for h in (Fraction(1, 10**4), Fraction(-1, 10**4)):
        assert 0 < (f(f(1 + h)) - 1) / h < 1


@pytest.mark.parametrize("third", [6, -6])
def test_the_sign_of_second_order_decides_in_both_directions(third: int) -> None:
    # degree 7 with f(1) = 1, slope -1 and f'' = 0 there, and the given third derivative
    d = Fraction(third - 30, 48)
    c = Fraction(3, 4) - 3 * d
    b = -(10 * c + 21 * d) / 3
    f = OddPolynomial((1 - b - c - d, b, c, d))
    assert (f(1), f.derivative(1), derivations.second_order(f)) == (1, -1, 2 * third)
    h = Fraction(1, 10**5)
    assert (abs(f(f(1 + h)) - 1) < h) == (third > 0)


@pytest.mark.parametrize("claim", article.DERIVATIONS)
def test_every_derivation_is_rechecked_and_renders(claim: str) -> None:
    derivation = article.DERIVATIONS[claim]()
    assert derivation.standing is Standing.DERIVED
    assert derivation.checks >= 3
    assert derivation == article.DERIVATIONS[claim]()  # seeded
    for step in derivation.steps:
        assert step.statement
        assert step.reason
        if step.formula:
            tree = ElementTree.fromstring(step.formula.mathml)
            assert tree.tag == "{http://www.w3.org/1998/Math/MathML}math"
            assert "mfenced" not in step.formula.mathml
            assert step.formula.latex.count("{") == step.formula.latex.count("}")
            assert "**" not in step.formula.text
    assert derivation.conclusion in derivation.text()


def test_a_false_statement_is_caught() -> None:
    book = Notebook("a false start")
    with pytest.raises(RecheckError, match=r"squares grow fails at x = "):
        book.check("squares grow", lambda x: x * x > x, x=(0, 2))
    with pytest.raises(RecheckError, match="R is 1"):
        book.identity("R is 1", plane.R, lambda a, s, y: Fraction(1), a=(1, 2), s=(0, 1), y=(0, 1))


def test_thresholds_and_their_reasons() -> None:
    by_kind = {t.kind: t for t in thresholds(QUINTIC, Fraction(-49, 50))}
    assert tuple(by_kind) == derivations.KINDS
    found = by_kind["divergence"]
    assert found.value is not None
    assert found.value.decimal(50) == "3.3424154208513963453649556388017248408744333513113"
    assert found.value.polynomial == (213093697, -109409201, -13080100, 8000000)
    assert (found.multiplicity, found.decided) == (1, True)
    for kind in ("stability-lower", "stability-upper", "sign-flip"):
        assert by_kind[kind].value is None
        assert by_kind[kind].decided
        assert by_kind[kind].reason
    undecided = [t for t in thresholds("quintic", -4) if not t.decided]
    assert [t.kind for t in undecided] == ["sign-flip", "divergence"]
    assert undecided[1].value is None


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: thresholds("septic"), UsageError, "cubic or quintic"),
        (lambda: thresholds("quintic"), UsageError, "slope at 1"),
        (lambda: thresholds("cubic", 0), UsageError, "no free slope"),
        (lambda: thresholds("quintic", "x"), UsageError, "not a number"),
        (lambda: derivations.divergence_threshold(9), UndecidedError, "ask for -3"),
        (lambda: derivations.factor_table(2), UndecidedError, "ask for such a slope"),
        (lambda: derivations.feasible_region(4), UsageError, "odd degree"),
    ],
)
def test_questions_without_an_answer_say_so(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
