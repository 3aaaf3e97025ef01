"""The Gram form: errors of its segments, and where it restarts, with what the checker proves of that."""

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Tier, chain, conjugate, gram_errors, gram_placement
from muon_theory.precision.restarts import TOLERANCE
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")
SEPTIC = Schedule.parse("35/16,-35/16,21/16,-5/16")
CUBIC = Schedule.parse("3/2,-1/2")
LINE = Schedule.parse("5/4", 2)
POLAR = Schedule.of(  # the first rows of Algorithm 2 of arXiv 2505.16932, to four digits
    [["8.2872", "-23.5959", "17.3004"], ["4.1071", "-2.9478", "0.5448"], ["3.9487", "-2.9089", "0.5518"],
     ["3.3184", "-2.4885", "0.51"]]
)  # fmt: skip
LAST = OddPolynomial.of("2.3007", "-1.6689", "0.4188")
STEEP = Schedule((*(f.scaled(Fraction(100, 101)) for f in POLAR.steps), LAST), "steep")  # with its safety factor
START = Interval.of("1/100", 1)
SCHEDULES = {"jordan": JORDAN, "article": ARTICLE, "septic": SEPTIC, "cubic": CUBIC, "line": LINE, "steep": STEEP}

small = st.fractions(min_value=-4, max_value=4, max_denominator=100)


@pytest.mark.parametrize("schedule", [JORDAN, SEPTIC, CUBIC, LINE], ids=["jordan", "septic", "cubic", "line"])
def test_restarting_lowers_the_gram_forms_error(schedule):
    last = len(schedule.steps) - 1
    none = gram_errors(schedule, "fp64", (32, 128), START)
    every = gram_errors(schedule, "fp64", (32, 128), START, restarts=tuple(range(1, last + 1)))
    assert [e.error > 0 for e in none] == [False] * last + [True]
    assert max(e.error for e in every) <= none[-1].error
    assert chain(schedule, START, [e.error for e in none])[-1] == none[-1].after


# The conjugate step ---------------------------------------------------------------------------------------------------


@given(st.lists(small, min_size=1, max_size=5).filter(any), small)
def test_the_conjugate_moves_the_root_of_a_negative_eigenvalue(coefficients, w):
    """h(-w²) = -f̃(w)², h(z) = z·g(z)²; and the conjugate of the conjugate is the step."""
    f = OddPolynomial(tuple(coefficients))
    assert -(conjugate(f)(w) ** 2) == -(w**2) * f.g(-(w**2)) ** 2
    assert conjugate(conjugate(f)) == f


def test_a_spurious_eigenvalue_of_half_precision_grows_by_the_square_of_the_slope():
    """About -4e-4 in fp16, times a² a step while it is small (Jordan's map: 11.9)."""
    first = gram_placement(JORDAN, "fp16").segments[0]
    assert float(first[0].w ** 2) == pytest.approx(4e-4, rel=0.1)
    for at in first:
        assert 1 <= at.v**2 / (at.w**2 * JORDAN.steps[0].slope ** 2) < Fraction("1.4")


# Placement ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dtype", "restarts"),
    [
        ("jordan", "bf16", (2, 4)),
        ("jordan", "fp16", (3,)),
        ("jordan", "fp32", ()),
        ("article", "bf16", (2, 4)),
        ("article", "fp16", (3,)),
        ("cubic", "bf16", ()),
        ("steep", "fp16", (2,)),
        ("steep", "fp32", ()),
        ("line", "bf16", ()),
    ],
)
def test_where_the_model_restarts(name, dtype, restarts):
    assert gram_placement(SCHEDULES[name], dtype).restarts == restarts


@pytest.mark.parametrize("dtype", ["bf16", "fp16", "fp32", "fp64"])
@pytest.mark.parametrize("name", list(SCHEDULES))
@pytest.mark.parametrize(("tier", "shape"), [("P", None), ("W", (60, 250))])
def test_the_certificate_of_every_placement_is_proved(name, dtype, tier, shape):
    try:
        found = gram_placement(SCHEDULES[name], dtype, shape, tier=tier)
    except UndecidedError:
        assert (dtype, tier) == ("bf16", "W") or (name, dtype) in {("steep", "bf16"), ("steep", "fp16")}
        return
    verdict = found.verification()
    assert verdict.proved
    assert verdict == verify(found.data)
    claims = json.loads(found.data)["certificates"]
    assert len(claims) == 2 * len(SCHEDULES[name].steps) == len(verdict.claims)
    assert [c["claim"]["type"] for c in claims] == ["maps-into"] * len(claims)
    assert all(at.w**2 <= TOLERANCE for segment in found.segments for at in segment)
    assert [at.step for segment in found.segments for at in segment] == list(range(1, len(found.schedule.steps) + 1))


@pytest.mark.parametrize("name", ["jordan", "article", "steep"])
@pytest.mark.parametrize("dtype", ["bf16", "fp16"])
def test_no_placement_with_fewer_restarts_keeps_the_tolerance(name, dtype):
    """Against every other placement: one with fewer passes the tolerance, and none with as many is better."""
    from muon_theory.precision.restarts import _extended, _input
    from muon_theory.precision.spurious import GramRounding
    from muon_theory.precision.steps import arithmetic_named

    schedule, rounding = SCHEDULES[name], GramRounding(arithmetic_named(dtype), Tier.P, 1, 1)

    def lowest(cuts):
        path = _input(schedule.normalisation, rounding, None)
        for j in (*cuts, len(schedule.steps)):
            path = path and _extended(path, schedule, j, rounding, TOLERANCE)
        return path.lowest if path else math.inf

    every = {cuts: lowest(cuts) for k in range(5) for cuts in combinations(range(1, 5), k)}
    possible = [(len(cuts), w) for cuts, w in every.items() if w < math.inf]
    if not possible:
        with pytest.raises(UndecidedError):
            gram_placement(schedule, dtype)
        return
    found = gram_placement(schedule, dtype)
    assert min(possible) == (len(found.restarts), every[found.restarts])


def test_many_steps_are_placed_soon():
    """By one segment more at a time: trying all placements of 24 steps would take days."""
    assert len(gram_placement(JORDAN.repeated(24), "bf16").restarts) == 11


@given(st.sampled_from(list(SCHEDULES)), st.integers(1, 60), st.integers(1, 60))
def test_a_larger_tolerance_and_a_wider_format_never_restart_more(name, i, j):
    def count(dtype, tolerance):
        try:
            return len(gram_placement(SCHEDULES[name], dtype, tolerance=tolerance).restarts)
        except UndecidedError:
            return math.inf

    low, high = sorted((Fraction(i, 60), Fraction(j, 60)))
    assert count("fp16", high) <= count("fp16", low)
    assert count("fp32", low) <= count("fp16", low) <= count("bf16", low)


def test_placement_is_a_function_of_schedule_format_and_shape_class():
    again = Schedule(JORDAN.steps, name="another name")
    assert gram_placement(again, "fp16").segments == gram_placement(JORDAN, "fp16", (7, 9)).segments
    pair = [gram_placement(JORDAN, "fp32", shape, tier="W") for shape in ((33, 200), (256, 64))]
    assert pair[0].segments == pair[1].segments
    assert "up to 64×256" in str(pair[0])


def test_the_worst_case_restarts_at_least_as_often_as_the_model():
    for name in ("jordan", "article", "septic"):
        worst = gram_placement(SCHEDULES[name], "fp32", (64, 256), tier="W")
        assert len(worst.restarts) >= len(gram_placement(SCHEDULES[name], "fp32").restarts)
    assert gram_placement(JORDAN, "fp64", (1024, 4096), tier="W").restarts == ()


def test_a_placement_prints_what_it_rests_on():
    text = str(gram_placement(JORDAN, "fp16"))
    for words in (
        "restart after step 3",
        "not checked by the certificate",
        "MODEL, NOT A BOUND",
        "mirrored",
        "‖X‖₂ ≤ 1.",
    ):
        assert words in text
    worst = str(gram_placement(CUBIC, "fp32", (64, 256), tier="W"))
    for words in ("restart nowhere", "tier W", "sums are formed in fp32", "Strassen", "no overflow"):
        assert words in worst
    assert "MODEL" not in worst


def test_the_input_bound_is_that_of_the_normalisation():
    """Dividing by 1.01 × the Frobenius norm leaves room; with no normalisation, ‖X‖₂ ≤ 1 is assumed and printed."""
    divided = Schedule(JORDAN.steps, normalisation=Normalisation.FROBENIUS_101)
    free = Schedule(JORDAN.steps, normalisation=Normalisation.NONE)
    tops = [gram_placement(s, "fp16").segments[0][0].s for s in (divided, JORDAN, free)]
    assert tops[0] < 1 < tops[1] == tops[2]
    assert gram_placement(JORDAN, "fp16", upper=Fraction(1, 2)).segments[0][0].s < Fraction(51, 100)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"dtype": "tf32"}, UsageError, "one rounding per stored result"),
        ({"dtype": "e4m3"}, UsageError, "one rounding per stored result"),
        ({"tier": "W"}, UsageError, "shape="),
        ({"tier": "A"}, UsageError, "before there is an input"),
        ({"dtype": "bf16", "tier": "W", "shape": (64, 64)}, UndecidedError, "use the direct form"),
        ({"tolerance": Fraction(1, 10**5)}, UndecidedError, "a larger tolerance"),
    ],
)
def test_what_cannot_be_placed_is_refused_with_a_reason(arguments, error, message):
    with pytest.raises(error, match=message):
        gram_placement(JORDAN, **{"dtype": "fp16", **arguments})


# Tampering ------------------------------------------------------------------------------------------------------------


def tampered(found, step, **change):
    segments = tuple(
        tuple(replace(at, **change) if at.step == step else at for at in segment) for segment in found.segments
    )
    return replace(found, segments=segments)


@pytest.mark.parametrize("step", [1, 2, 4])
def test_a_range_that_is_stated_too_small_is_refused_by_the_checker(step):
    found = gram_placement(JORDAN, "fp16")
    at = next(at for segment in found.segments for at in segment if at.step == step)
    data = json.loads(found.data)
    for position, value in ((2 * step - 2, at.v), (2 * step - 1, at.M)):
        changed = json.loads(found.data)
        certificate, less = changed["certificates"][position], str(value * Fraction(99, 100))
        certificate["claim"]["target"][1] = less
        certificate["witness"]["steps"][0]["outer"][1] = less
        assert changed != data
        assert not verify(json.dumps(changed).encode()).proved


@pytest.mark.parametrize("change", [{"w": Fraction(1, 1000)}, {"s": Fraction(1, 2)}, {"error": Fraction(1)}])
@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_a_broken_link_is_refused_before_the_checker_is_asked(step, change):
    with pytest.raises(UndecidedError, match=f"breaks at step {step}"):
        tampered(gram_placement(JORDAN, "fp16"), step, **change).verification()


def test_a_chain_above_the_tolerance_is_refused():
    with pytest.raises(UndecidedError, match="breaks at step 3"):
        replace(gram_placement(JORDAN, "fp16"), tolerance=Fraction(1, 20)).verification()


def test_the_schedule_of_the_certificate_is_the_conjugate():
    """The conjugate's signs are what makes the claim: with the step's own signs another claim is proved, of less."""
    found = gram_placement(JORDAN, "fp16")
    first, second = json.loads(found.data)["certificates"][:2]
    assert first["schedule"] == [conjugate(JORDAN.steps[0]).row()]
    assert second["schedule"] == [JORDAN.steps[0].row()]
    w, v = (Fraction(first["claim"][key][1]) for key in ("start", "target"))
    assert conjugate(JORDAN.steps[0])(w) <= v
    assert JORDAN.steps[0](w) < conjugate(JORDAN.steps[0])(w)
