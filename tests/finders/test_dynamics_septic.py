"""Degree seven, curves of thresholds, basins: against Newton's method, Euclid's algorithm and exact iteration."""

from __future__ import annotations

import json
from fractions import Fraction

import mpmath
import pytest
from flint import fmpq_mpoly

from muon_theory.bifurcations import basin, expression_thresholds
from muon_theory.claims import Threshold
from muon_theory.cli import main
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.elimination import eliminate
from muon_theory.family import CUBIC, QUINTIC, SEPTIC, Family
from muon_theory.finders.families import Unit, threshold
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

SHEARED = Family.parse("1 + p + t; d - 2t - p; t - 2d; d", ("t", "p", "d"))
"""The septic with p = (1 - s)/2 and t = a - 1 - p, in which its elimination has fewest terms."""


def escape_threshold(s: Fraction, d: Fraction, start: tuple[str, str], digits: int) -> str:
    """a and y with f'(√y) = 0 and w(f(√y)²) = 0, by Newton's method."""
    with mpmath.workdps(digits + 20):
        slope, top = (mpmath.mpf(q.numerator) / q.denominator for q in (s, d))

        def equations(a: mpmath.mpf, y: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            c = [a, (5 - slope) / 2 - 2 * a + top, a - (3 - slope) / 2 - 2 * top, top]
            z = y * sum(k * y**i for i, k in enumerate(c)) ** 2
            critical = sum((2 * i + 1) * k * y**i for i, k in enumerate(c))
            return critical, (a - 1) * (1 - z) + (1 - slope) / 2 * z + top * z * (1 - z)

        point = mpmath.findroot(equations, tuple(map(mpmath.mpf, start)), tol=mpmath.mpf(10) ** (-2 * digits))
        return str(mpmath.nstr(point[0], digits, strip_zeros=False))


def test_the_septic_is_the_quintic_for_d_0_and_has_the_slope_s_at_1() -> None:
    assert SEPTIC.fix(d=0).at(a=3, s=0) == QUINTIC.at(a=3, s=0)
    f = SEPTIC.at(a=3, s="1/3", d="2/7")
    assert (f(1), f.derivative(1), f.coefficients[3]) == (1, Fraction(1, 3), Fraction(2, 7))
    assert SHEARED.at(t=Fraction(5, 3), p=Fraction(1, 3), d="2/7") == f


def test_septic_thresholds_at_one_slope() -> None:
    found = expression_thresholds(SEPTIC.fix(s=0, d="1/4"), Interval.of(1, 4), 1000)
    entries = {t.kind: t for t in found.thresholds}
    assert {k: t.verdict.value for k, t in entries.items()} == dict.fromkeys(entries, "proved")
    value = entries["divergence"].value
    assert value[:1001] == escape_threshold(Fraction(0), Fraction(1, 4), ("2.8", "0.4"), 1000)[:1001]
    assert all(verify(c).proved for c in found.certificates)


def test_the_curve_of_thresholds_passes_through_the_single_ones() -> None:
    certificate = threshold(SEPTIC.fix(d=1), "converges", "fixed-point", Interval.of(1, 4), (Interval.of(-1, 1),),
                            Interval.of("5/3", 3))  # fmt: skip
    assert verify(certificate).proved
    assert isinstance(certificate.claim, Threshold)
    near = Fraction(1, 10**25)
    for slope in map(Fraction, ("-1", "-49/50", "1/3", "1")):
        value = Fraction(escape_threshold(slope, Fraction(1), ("2.3", "0.5"), 30))
        low, high = (certificate.claim.polynomial.at((value + e, slope)) for e in (-near, near))
        assert low * high < 0


@pytest.mark.long
def test_a_curve_through_an_interval_of_slopes_has_a_polynomial_and_no_value() -> None:
    found = expression_thresholds(QUINTIC, Interval.of(1, 4), 12, {"s": Interval.of(-1, 1)})
    data = found.thresholds[-1].to_json()
    assert (data["value"], data["verdict"], len(data["polynomial"])) == (None, "proved", 12)
    with pytest.raises(UsageError, match="to an interval"):
        expression_thresholds(SEPTIC.fix(d=0), Interval.of(1, 4))


@pytest.mark.long
def test_the_sheared_coordinates_save_half_of_the_products() -> None:
    """U·A + V·∂A/∂y = m·n is what costs, for the finder and for the checker."""
    cost = []
    for family in (SEPTIC, SHEARED):
        unit = Unit.of(family)
        u, v, _ = eliminate(*unit.composed("fixed-point"))
        cost.append(len(u) * len(unit.r) + len(v) * len(unit.r.derivative(len(family.parameters))))
    assert cost[0] > 2 * cost[1]


def euclid(a: fmpq_mpoly) -> fmpq_mpoly:
    """The last remainder of A and ∂A/∂y up to a factor free of y: their resultant, by flint."""
    axis = a.context().nvars() - 1
    return a.resultant(a.derivative(axis), "y")


@pytest.mark.parametrize(
    ("family", "critical"),
    [(CUBIC, "zero"), (CUBIC, "antipode"), (QUINTIC, "fixed-point"), (QUINTIC.fix(s="-5/2"), "zero"),
     (SEPTIC.fix(s=0, d="1/4"), "fixed-point")],
    ids=["cubic-zero", "cubic-antipode", "quintic", "quintic-zero", "septic"],
)  # fmt: skip
def test_the_elimination_is_an_identity_and_its_roots_are_those_of_the_discriminant(
    family: Family, critical: str
) -> None:
    unit = Unit.of(family)
    a = {"fixed-point": unit.r, "zero": unit.gz, "antipode": unit.gz + 1}[critical]
    axis = a.context().nvars() - 1
    u, v, last = eliminate(*unit.composed(critical))
    assert u * a + v * a.derivative(axis) == last
    assert last.degrees()[axis] == 0
    assert v.degrees()[axis] < a.degrees()[axis]
    whole = euclid(a)
    assert all(whole % factor == 0 for factor, _ in last.factor()[1])


# Basins


@pytest.mark.parametrize(
    ("text", "kind", "square"),
    [("3.25,-3.51,1.26", "fixed point", Fraction(225, 126)), ("1.99,-0.99", "zero of f", Fraction(199, 99)),
     ("2,-1", "zero of f", Fraction(2)), ("3/2,-1/2", "zero of f", Fraction(3))],
)  # fmt: skip
def test_the_end_of_a_basin_is_certified_from_both_sides(text: str, kind: str, square: Fraction) -> None:
    found = basin(Schedule.parse(text), 30)
    near = found.end.enclose(40)
    assert found.kind == kind
    assert near.lo**2 <= square <= near.hi**2
    assert 0 < near.lo - found.reached < Fraction(1, 10**29)
    assert all(verify(c).proved for c in (found.inside, found.beyond))
    f, x = Schedule.parse(text).steps[0], found.reached - Fraction(1, 10**6)
    for _ in range(4000):
        x = Fraction(round(f(x) * 10**12), 10**12)
        assert x > 0
    assert abs(x - 1) < Fraction(1, 10)
    assert found.to_json(30)["verdict"] == "proved"


def test_maps_without_such_a_basin_say_so() -> None:
    with pytest.raises(UndecidedError, match="does not attract"):
        basin(Schedule.parse("3.4445,-4.7750,2.0315"))
    with pytest.raises(UsageError, match="different steps"):
        basin(Schedule.parse("2,-1;3/2,-1/2"))


# The command line


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("thresholds --family septic --slope-at-one 0", 2, "--set d=0"),
        ("thresholds --family septic --slope-at-one 0 --set s=1", 2, "s is set twice"),
        ("thresholds --family septic --set e=1", 2, "no parameter 'e'"),
        ("thresholds --family nope", 2, "there is no family 'nope'"),
        ("thresholds --family quintic --slope-at-one=1,-1", 2, "swap them"),
        ("thresholds --family quintic --slope-at-one=-1,1 --horizon 2", 2, "one line"),
        ("thresholds --family quintic --slope-at-one=0 --horizon 65", 2, "from 1 to 64"),
        ("thresholds --family quintic --slope-at-one 0 --digits 5000", 2, "from 1 to 4000"),
        ("thresholds --family quintic --slope-at-one=-5", 3, ""),
        ("derive --family cubic --property nope", 2, "there is no property 'nope'"),
        ("derive --property escape", 2, "belongs to --family"),
        ("derive a4 --family cubic", 2, "not both"),
        ("derive --format latex", 2, "is for one derivation"),
        ("derive --family cubic --set a=1", 2, "no parameter left"),
        ("orbits --coefficients=2,-1", 2, "--x0 1/2, or --basin"),
        ("orbits --coefficients=2,-1 --basin --x0 1", 2, "not both"),
        ("orbits --coefficients=2,-1 --basin --digits 300", 2, "1 to 200 digits"),
        ("orbits --coefficients=2,-1 --x0 1 --certificates f.json", 2, "belongs to --basin"),
        ("orbits --coefficients=3.4445,-4.7750,2.0315 --basin", 3, "does not attract"),
    ],
)
def test_bad_input_gives_one_line_and_its_status(
    arguments: str, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments.split()) == status
    message = capsys.readouterr().err
    assert words in message
    assert message.count("\n") == (1 if words else 0)


def test_the_basin_and_the_curves_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["orbits", "--coefficients=2,-1", "--basin", "--digits", "20", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["kind"], data["end"]["minimal_polynomial"]) == ("zero of f", [-2, 0, 1])
    assert main(["derive", "--family", "cubic", "--format", "json"]) == 0
    curves = json.loads(capsys.readouterr().out)["boundaries"]
    assert curves["second-period-doubling"] == ["a² - 5"]
    assert main(["derive", "--family", "cubic", "--property", "escape"]) == 0
    assert "boundary: a - 3 = 0" in capsys.readouterr().out
