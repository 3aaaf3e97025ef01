"""Orbits against exact rational iteration: digits, classification, and bad input."""

from fractions import Fraction

import mpmath
import pytest
from flint import ctx
from hypothesis import assume, given
from hypothesis import strategies as st

from muon_theory.errors import ParseError, UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.roots import escape_radius
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Extension, Schedule
from muon_theory.trajectories import (
    Kind,
    classify,
    locate_threshold,
    orbit,
    orbit_report,
)

JORDAN = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
ARTICLE = OddPolynomial.of("3.25", "-3.51", "1.26")
MISPRINT = OddPolynomial.of("3.25", "3.51", "1.26")
TRANSPOSED = OddPolynomial.of("3.4445", "-4.7750", "2.3015")

coefficients = st.fractions(min_value=-6, max_value=6, max_denominator=200)
maps = st.lists(coefficients, min_size=1, max_size=3).filter(any).map(lambda c: OddPolynomial(tuple(c)))
starts = st.fractions(min_value=-2, max_value=2, max_denominator=50)


def unit(text: str, digits: int) -> Fraction:
    """One unit in the last of `digits` significant digits of a printed number."""
    size, exponent = abs(Fraction(text)), 0
    if not size:
        return Fraction(0)
    while size >= 10:
        size, exponent = size / 10, exponent + 1
    while size < 1:
        size, exponent = size * 10, exponent - 1
    return Fraction(10) ** (exponent - digits + 1)


# Orbits ---------------------------------------------------------------------------------------------------------------


def test_the_global_precision_is_neither_read_nor_changed():
    with ctx.workprec(7):
        assert orbit(JORDAN, "1/3", 3, 40).points[3].startswith("1.0933014218")
        assert classify(ARTICLE, "1/3").limit == "1"
        assert locate_threshold(CUBIC, 12).value == "3"
        assert ctx.prec == 7
        few = orbit(JORDAN, "1/3", 50, 40)
    assert few == orbit(JORDAN, "1/3", 50, 40)


# Orbits ---------------------------------------------------------------------------------------------------------------


@given(maps, starts, st.integers(1, 60))
def test_orbit_is_the_exact_orbit_to_one_unit(f, x, digits):
    found = orbit(f, x, 5, digits)
    exact = x
    assert len(found.points) == 6
    for text in found.points:
        assert abs(Fraction(text) - exact) <= unit(text, digits)
        exact = f(exact)


def test_long_exact_orbits_agree_with_the_enclosures():
    exact, points = Fraction(1, 3), orbit(JORDAN, "1/3", 6, 50).points  # 5^6 times the digits of 1/3
    for text in points:
        assert abs(Fraction(text) - exact) <= unit(text, 50)
        exact = JORDAN(exact)


def test_precision_follows_the_expansion():
    chaotic, calm = CUBIC.at(a="2.9"), CUBIC.at(a="1.5")
    short, long = orbit(chaotic, "1/3", 100, 20), orbit(chaotic, "1/3", 400, 20)
    assert orbit(calm, "1/3", 400, 20).working_digits < short.working_digits < long.working_digits
    # Differential: plain mpmath at a fixed, far higher precision.
    context = mpmath.MPContext()
    context.prec = 3000
    x = context.mpf(1) / 3
    for _ in range(400):
        x = (29 * x - 19 * x**3) / 10
    assert abs(context.mpf(long.points[400]) - x) < context.mpf(10) ** -18
    assert short.points == long.points[:101]


def test_too_little_precision_is_said_not_guessed():
    with pytest.raises(UndecidedError, match="larger max_bits"):
        orbit(CUBIC.at(a="2.9"), "1/3", 2000, 20, max_bits=300)


def test_orbits_that_explode_or_vanish_end_early():
    up, down = orbit(MISPRINT, "1/3", 100, 12), orbit(OddPolynomial.of(0, 1), "1/2", 1000, 12)
    assert "above" in up.ended
    assert "below" in down.ended
    assert 5 < len(up.points) < 12
    assert orbit(JORDAN, "1e9999", 3, 12).points == ("1e9999",)
    assert orbit(JORDAN, 0, 3, 12).points == ("0",) * 4


def test_a_schedule_is_followed_step_by_step():
    schedule = Schedule.of([["2", "-1"], ["3/2", "-1/2"]], name="two")
    assert Fraction(orbit(schedule, "1/2", digits=40).points[2]) == schedule(Fraction(1, 2))
    with pytest.raises(UsageError, match="cannot run 3 steps"):
        orbit(schedule, "1/2", 3)
    repeating = Schedule(schedule.steps, "two", schedule.reading, Extension.REPEAT_LAST)
    assert len(orbit(repeating, "1/2", 4).points) == 5
    assert orbit(Schedule.parse("2,-1"), "1/2", 9).points == orbit(OddPolynomial.of(2, -1), "1/2", 9).points


# Classification -------------------------------------------------------------------------------------------------------


@given(maps, starts)
def test_classification_agrees_with_brute_force(f, x0):
    found = classify(f, x0, digits=15, horizon=300)
    if found.kind is Kind.ESCAPES:
        x, radius = x0, escape_radius(f)
        assume(found.steps <= 3)  # exact orbits grow like degree^steps
        for _ in range(found.steps):
            x = f(x)
        for _ in range(2):
            assert abs(x) > radius
            assert abs(f(x)) > abs(x)
            x = f(x)
    elif found.kind in (Kind.CONVERGES, Kind.CYCLE):
        slow = 0.9 < abs(float(found.multiplier)) <= 1
        last = orbit(f, x0, found.steps + 400 * found.period, 15)
        tail = [Fraction(p) for p in last.points[-found.period :]]
        target = [Fraction(p) for p in found.points]
        if not slow:
            near = Fraction(1, 10**6)
            assert all(min(abs(t - p) for p in target) <= near * max(1, abs(t)) for t in tail)
            assert all(min(abs(t - p) for t in tail) <= near * max(1, abs(p)) for p in target)
        for here, there in zip(target, target[1:] + target[:1], strict=True):
            assert abs(f(here) - there) <= Fraction(1, 10**11) * (1 + abs(there))


def test_what_becomes_of_jordans_map():
    for x0 in ("1", "1/3", "1e-3", "1e-9", "0.9", "-1/3"):
        found = classify(JORDAN, x0)
        assert (found.kind, found.period) == (Kind.CYCLE, 4)
    # An independent root of f(f(f(f(x)))) = x, from floats and Newton's method in plain mpmath.
    context = mpmath.MPContext()
    context.dps = 60

    def f(x):
        return (context.mpf("3.4445") - context.mpf("4.775") * x**2 + context.mpf("2.0315") * x**4) * x

    root = context.findroot(lambda x: f(f(f(f(x)))) - x, context.mpf("0.682"))
    cycle = classify(JORDAN, "1/3", 40)
    assert abs(context.mpf(cycle.points[0]) - root) < context.mpf(10) ** -39
    assert abs(context.mpf(cycle.multiplier) - context.diff(lambda x: f(f(f(f(x)))), root)) < context.mpf(10) ** -20
    assert Fraction(cycle.points[0]) == min(Fraction(p) for p in cycle.points)


@pytest.mark.parametrize(
    ("f", "x0", "kind", "limit", "multiplier"),
    [
        (ARTICLE, "1/3", "converges", "1", "-0.98"),
        (ARTICLE, "-1e-4", "converges", "-1", "-0.98"),
        (ARTICLE, "1", "converges", "1", "-0.98"),
        (CUBIC.at(a="1.99"), "0.01", "converges", "1", "-0.98"),
        (CUBIC.at(a="3/2"), "0.01", "converges", "1", "0"),
        (OddPolynomial.of("1/2", "-1.9"), "1/3", "converges", "0", "0.5"),
        (OddPolynomial.of("0", "1"), "1/3", "converges", "0", "0"),
        (OddPolynomial.of("0"), "7", "converges", "0", "0"),
        (CUBIC.at(a=3), "1", "converges", "1", "-3"),  # exactly on a repelling fixed point
        (CUBIC.at(a=4), "0", "converges", "0", "4"),
        (OddPolynomial.of("4", "-4"), "-1", "converges", "0", "4"),  # a preimage of 0
        (CUBIC.at(a=2), "1", "converges", "1", "-1"),
        (OddPolynomial.of("1"), "5/7", "converges", "0.714285714285714285714285714286", "1"),
        (MISPRINT, "1/1000", "escapes", None, None),
        (TRANSPOSED, "1/2", "escapes", None, None),
        (JORDAN, "2", "escapes", None, None),
        (JORDAN, "-1e300", "escapes", None, None),
        (OddPolynomial.of("-2"), "1e-5", "escapes", None, None),
        (OddPolynomial.of("-1"), "1/4", "cycle", None, "1"),
    ],
)
def test_known_orbits(f, x0, kind, limit, multiplier):
    found = classify(f, x0)
    assert (found.kind.value, found.limit, found.multiplier) == (kind, limit, multiplier)
    assert found.standing is Standing.OBSERVED


def test_some_orbits_of_the_transposed_map_converge():
    """Escape is a matter of the starting point: (3.4445, -4.7750, 2.3015) sends 1/3 to its other fixed point."""
    found = classify(TRANSPOSED, "1/3")
    g = [Fraction(c) for c in ("2.3015", "-4.7750", "2.4445")]
    y = Fraction(found.limit) ** 2
    assert found.kind is Kind.CONVERGES
    assert abs(g[0] * y**2 + g[1] * y + g[2]) < Fraction(1, 10**25)


@pytest.mark.parametrize(
    ("f", "x0", "options", "advice"),
    [
        (
            CUBIC.at(a=2),
            "1/3",
            {"horizon": 300},
            "multiplier -1 to 6 digits; prove the limit with the claim `converges`",
        ),
        (CUBIC.at(a="2.9"), "1/3", {"horizon": 200}, "chaotic orbit; raise horizon or max_period"),
        (CUBIC.at(a="2.9"), "1/3", {"max_bits": 300}, "raise max_bits"),
    ],
)
def test_undecided_says_what_to_do_next(f, x0, options, advice):
    found = classify(f, x0, **options)
    assert found.kind is Kind.UNDECIDED
    assert found.reason.startswith("undecided at this precision and horizon")
    assert advice in found.reason
    assert "\n" not in found.reason


def test_digits_raise_the_precision_of_a_classification():
    few, many = classify(TRANSPOSED, "1/3", 20), classify(TRANSPOSED, "1/3", 300)
    assert many.working_digits > 300 > few.working_digits
    assert abs(Fraction(few.limit) - Fraction(many.limit)) <= unit(few.limit, 20)


# The machine interface, and bad input ---------------------------------------------------------------------------------


def test_report_has_the_keys_of_the_machine_interface():
    data = orbit_report(JORDAN, "1/3", 4, digits=3, name="jordan").to_json()
    assert {"subject", "x0", "classification", "orbit", "working_digits"} <= data.keys()
    assert {"kind", "limit", "period", "points", "multiplier"} <= data["classification"].keys()
    assert data["classification"]["kind"] == "cycle"
    assert data["orbit"][0] == "0.333333333333"  # never fewer than 12 digits
    assert data["x0"] == "1/3"
    two = orbit_report(Schedule.of([["2", "-1"], ["3/2", "-1/2"]], name="two"), "1/2").to_json()
    assert two["classification"] is None
    assert len(two["orbit"]) == 3


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: orbit(JORDAN, "o.5"), ParseError, "x0: 'o.5' is not a number"),
        (lambda: orbit(JORDAN, 0.5), UsageError, "x0: 0.5 is not exact"),
        (lambda: classify(JORDAN, ""), ParseError, "x0"),
        (lambda: orbit(JORDAN, 1, digits=0), UsageError, "digits = 0"),
        (lambda: classify(JORDAN, 1, digits=-3), UsageError, "digits = -3"),
        (lambda: orbit(JORDAN, 1, -1), UsageError, "steps = -1"),
        (lambda: classify(JORDAN, 1, horizon=0), UsageError, "horizon = 0"),
        (lambda: classify(Schedule.of([["2", "-1"], ["3/2", "-1/2"]]), 1), UsageError, "different rows"),
        (lambda: locate_threshold(QUINTIC), UsageError, "2 free parameters"),
        (lambda: locate_threshold(CUBIC, 0), UsageError, "digits = 0"),
        (lambda: locate_threshold(CUBIC, 10, between=(1, 2)), UndecidedError, "give `between`"),
    ],
)
def test_bad_input_gives_one_clear_line(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
