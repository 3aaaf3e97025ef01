"""The printer of statements, by itself: what it writes of a number follows from the number, in the role it is given."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muon_theory.claims import words
from muon_theory.claims.words import Printer, Role
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import QUINTIC, Family, Members
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

F = Fraction
LONG = F(10**60 + 1, 10**60)
NUMBERS = st.fractions(max_denominator=10**30).filter(bool)
ENDS = st.tuples(NUMBERS, NUMBERS).filter(lambda p: p[0] != p[1]).map(sorted)
OUTWARD, INWARD = (Role.ENCLOSES, Role.SOME), (Role.REACHED, Role.EVERY, Role.AT_LEAST)


def read(text: str) -> tuple[Fraction, Fraction]:
    lo, hi = text.strip("[]()").split(", ")
    return F(lo), F(hi)


@given(NUMBERS, st.integers(1, 40), st.sampled_from((-1, 1)))
def test_a_rounded_number_lies_on_its_side_and_near(q: Fraction, digits: int, toward: int) -> None:
    written = F(words.rounded(q, digits, toward))
    assert toward * (written - q) >= 0
    assert abs(written - q) <= abs(q) / 10 ** (digits - 1)
    assert "e" not in words.plain(q, digits, toward) or abs(q) < F(1, 10**39) or abs(q) > 10**39


@given(NUMBERS)
def test_an_exact_number_is_the_number(q: Fraction) -> None:
    assert F(words.exact(q)) == q
    assert Printer(exactly=True).number(q, Role.AT_LEAST) == Printer().number(q, Role.EXACT) == words.exact(q)


@pytest.mark.parametrize("role", [Role.AT_LEAST, Role.EVERY])
@given(q=NUMBERS.map(abs))
def test_a_bound_of_one_side_falls(role: Role, q: Fraction) -> None:
    assert 0 <= q - F(Printer().number(q, role)) <= q / 10**11


def test_a_single_number_has_a_side() -> None:
    for role in (Role.ENCLOSES, Role.REACHED, Role.SOME, Role.VALUE):
        with pytest.raises(TypeError, match="no side"):
            Printer().number(F(1, 3), role)


@pytest.mark.parametrize("role", OUTWARD)
@given(ends=ENDS)
@example(ends=(LONG, LONG + F(1, 10**45)))
def test_what_encloses_grows_by_little(role: Role, ends: tuple[Fraction, Fraction]) -> None:
    lo, hi = read(Printer().interval(Interval(*ends), role))
    assert lo <= ends[0] < ends[1] <= hi
    assert hi - lo <= (ends[1] - ends[0]) * F(11, 10) or hi - lo <= max(map(abs, ends)) / 10**10


@pytest.mark.parametrize("role", INWARD)
@given(ends=ENDS)
@example(ends=(LONG, LONG + F(1, 10**45)))
def test_what_is_reached_shrinks_by_little(role: Role, ends: tuple[Fraction, Fraction]) -> None:
    lo, hi = read(Printer().interval(Interval(*ends), role))
    assert ends[0] <= lo < hi <= ends[1]
    assert hi - lo >= (ends[1] - ends[0]) * F(9, 10)


def test_more_digits_where_the_width_asks_for_them_or_the_caller() -> None:
    third = Interval(F(1, 3), F(1, 3) + F(1, 10**20))
    assert Printer().interval(third, Role.ENCLOSES) == "[0.3333333333333333333333, 0.3333333333333333333434]"
    wide = Interval(F(1, 3), F(4, 3))
    assert Printer().interval(wide, Role.ENCLOSES) == "[0.333333333333, 1.33333333334]"
    assert Printer(least=20).interval(wide, Role.ENCLOSES) == "[0.33333333333333333333, 1.3333333333333333334]"
    assert Printer(least=20).interval(wide, Role.REACHED) == "[0.33333333333333333334, 1.3333333333333333333]"
    assert Printer(least=20).number(F(1, 3), Role.AT_LEAST) == "0.33333333333333333333"
    assert Printer(exactly=True).interval(wide, Role.REACHED) == "[1/3, 4/3]"
    assert Printer().interval(wide, Role.EXACT, "(]") == "(1/3, 4/3]"
    point = Interval(F(1, 3), F(1, 3))
    assert Printer().interval(point, Role.ENCLOSES) == "[0.333333333333, 0.333333333334]"
    assert Printer().interval(point, Role.REACHED) == "[1/3, 1/3]"
    tight = Interval(F(1, 3), F(1, 3) + F(1, 10**70))
    assert Printer().interval(tight, Role.REACHED) == f"[1/3, {words.exact(tight.hi)}]"
    assert len(Printer().interval(tight, Role.ENCLOSES)) == 108
    assert Printer().interval(Interval(F(0), F(1, 3)), Role.EVERY) == "[0, 0.333333333333]"
    assert Printer().interval(Interval(F(-1, 3), F(0)), Role.ENCLOSES) == "[-0.333333333334, 0]"
    assert Printer().interval(Interval(F(-4, 3), F(1, 9)), Role.SOME) == "[-1.33333333334, 0.111111111112]"


@pytest.mark.parametrize(
    ("q", "text"),
    [
        (F(6), "6"), (F(-1, 3), "-1/3"), (F(1, 1000), "0.001"), (F(10**39), "1" + "0" * 39),
        (F("1e-38"), "0." + "0" * 37 + "1"),
        (F("1.2023686051632126"), "1.2023686051632126"), (F(1, 2**60), f"1/{2**60}"), (F(-7, 4), "-1.75"), (F(0), "0"),
        (F(12300), "12300"), (F("1e-36") + 2, "2." + "0" * 35 + "1"),
    ],
)  # fmt: skip
def test_exact_numbers_as_they_are_written(q: Fraction, text: str) -> None:
    assert words.exact(q) == text


@pytest.mark.parametrize(
    ("q", "digits", "toward", "text"),
    [
        (F(1, 3 * 10**9), 4, -1, "0.0000000003333"), (F(-1, 3 * 10**9), 4, -1, "-0.0000000003334"),
        (F(10**25, 3), 27, -1, "3333333333333333333333333.33"), (F(10**25, 3), 4, +1, "3334" + "0" * 21),
        (F(1, 3 * 10**40), 3, 0, "3.33e-41"), (F(10**41, 3), 2, 0, "33" + "0" * 39), (F(10**42, 3), 2, 0, "3.3e41"),
        (F(1, 3 * 10**39), 2, 0, f"0.{'0' * 39}33"),
        (F(-12345678), 3, 0, "-12300000"), (F(99999), 2, +1, "100000"),
    ],
)  # fmt: skip
def test_decimals_as_they_are_written(q: Fraction, digits: int, toward: int, text: str) -> None:
    assert words.plain(q, digits, toward) == text


def test_short_decimals_are_not_rounded() -> None:
    assert words.rounded(F("1.00012245786957"), 5, -1) == "1.00012245786957"
    assert words.rounded(F("1.234567890123456789"), 5, -1) == "1.234567890123456789"  # 20 characters
    assert words.rounded(F("1.2345678901234567891"), 5, -1) == "1.2345"
    assert words.rounded(F(1, 3), 5, +1) == "0.33334"


def test_a_value_is_said_or_enclosed() -> None:
    assert Printer().value(F(6)) == "= 6"
    assert Printer().value(F(10**18, 10**19 + 1)) == f"= {10**18}/{10**19 + 1}"
    assert Printer().value(F(10**18, 10**20 + 1)) == "∈ [0.00999999999999, 0.01]"  # 41 characters are too many
    assert Printer().value(F(10**21, 10**20 + 1)) == "∈ [9.99999999999, 10]"
    assert Printer(exactly=True).value(F(10**21, 10**20 + 1)) == f"= {10**21}/{10**20 + 1}"


def test_points_ranges_and_boxes() -> None:
    unit, point = Interval(F(0), F(1)), Interval(F(1, 3), F(1, 3))
    assert Printer().within("x", unit, Role.EVERY) == "x in [0, 1]"
    assert Printer().within("x", point, Role.EVERY) == "x = 1/3"
    assert Printer().box(["a", "s"], [unit, point], Role.EVERY, "(]") == "a in (0, 1], s = 1/3"
    with pytest.raises(ValueError, match="zip"):
        Printer().box(["a"], [unit, point], Role.EVERY)


def test_polynomials_of_parameters() -> None:
    p = ParameterPolynomial.of({(0, 0): F(5, 2), (1, 0): F(-2), (2, 1): F(1)})
    assert words.polynomial(p, ["a", "s"]) == "5/2 - 2·a + a²·s"
    negative = ParameterPolynomial.of({exponents: -q for exponents, q in p.terms})
    assert words.polynomial(negative, ["a", "s"]) == "-5/2 + 2·a - a²·s"
    assert words.polynomial(ParameterPolynomial.of({}), ["a", "s"]) == "0"
    for sign in (1, -1):  # less than 1 in size
        halves = ParameterPolynomial.of({(0,): Fraction(sign, 3), (1,): Fraction(-sign, 2)})
        assert words.polynomial(halves, ["a"]) == ("1/3 - 1/2·a" if sign > 0 else "-1/3 + 1/2·a")
    assert Printer().polynomial(p, ["a", "s"]) == "2.5 - 2·a + a²·s"
    name = "a" * 155  # 1 + 3 + 155 characters, and one more
    edge = [ParameterPolynomial.of({(0,): F(q), (1,): F(1)}) for q in (12, 123)]
    assert Printer().polynomial(edge[0], [name]) == f"12 + {name}"
    assert Printer().polynomial(edge[1], [name]) == "the certificate's polynomial of 2 terms"
    assert Printer(exactly=True).polynomial(edge[1], [name]) == f"123 + {name}"


def test_numbers_that_no_statement_rests_on() -> None:
    assert words.short(F(1, 3)) == "1/3"
    assert words.short(F(10**39)) == str(10**39)
    assert words.short(F(10**40)).startswith("≈ ")
    assert words.short(F(10**20, 10**20 - 1)) == "≈ 1"
    assert words.about(F(1, 3)) == "≈ 0.333333333333"
    assert words.about(F(1, 4)) == words.near(F(1, 4)) == "0.25"
    assert words.near(F(2, 3)) == "≈ 0.666667"


def test_long_lists_are_cut_in_the_middle() -> None:
    assert words.several(map(str, range(40))) == ", ".join(map(str, range(40)))
    cut = words.several(map(str, range(42)), "; ").split("; ")
    assert cut == [*map(str, range(20)), "… (2 more) …", *map(str, range(22, 42))]


def test_maps_have_their_names() -> None:
    cubic = Schedule.parse("3/2,-1/2", steps=1)
    assert [words.composed(cubic.repeated(n)) for n in (1, 2, 4, 5, 6, 12)] == ["f", "f²", "f⁴", "φ", "f⁶", "f¹²"]
    assert words.composed(Schedule.parse("3/2,-1/2;2,-1")) == "φ"
    assert words.composed(QUINTIC) == "f"
    box = (Interval(F(1), F(2)), Interval(F(0), F(1)))
    members = Members("q", QUINTIC.parameters, (QUINTIC.coefficients,) * 3, box)
    assert words.composed(members) == "f³"
    assert words.steps_of(cubic) == cubic.steps
    with pytest.raises(TypeError, match="depend on parameters"):
        words.steps_of(QUINTIC)


def test_parameters_have_plain_names() -> None:
    assert words.parameters(Schedule.parse("3/2,-1/2")) == []
    assert words.parameters(QUINTIC) == list(QUINTIC.parameters)
    assert words.parameters(Family("q", ("a" * 40,), QUINTIC.coefficients[:1])) == ["a" * 40]
    assert words.parameters(Family("q", ("a" * 41,), QUINTIC.coefficients[:1])) == ["t1"]
    assert words.parameters(Family("q", ("a", "b c"), QUINTIC.coefficients[:1])) == ["t1", "t2"]
