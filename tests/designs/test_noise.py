"""Steps that err by a share of their largest value: the floor, what is attained, and what a cushion costs."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from muon_theory.designs import compose, design, published_cushion
from muon_theory.designs.ends import least_lower_end
from muon_theory.designs.noise import under_noise
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import extremes
from muon_theory.exact.rationals import dense, exact, fraction
from muon_theory.finders.alternation import composition_bound, noisy_composition_bound
from muon_theory.finders.band import noisy_band
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify
from tests.line import run

HUNDREDTH, SHARE = Fraction(1, 100), Fraction(1, 256)


def reached(schedule: Schedule, interval: Interval, shares: list[Fraction]) -> Interval:
    """K_T of the model, by the extremes of each step, whatever their signs."""
    here = interval
    for step, share in zip(schedule.steps, shares, strict=True):
        with ctx.workprec(300):
            e = extremes(dense(step), (exact(here.lo), exact(here.hi)))
            lo, hi = fraction(e.low), fraction(e.high)
        moved = share * max(abs(lo), abs(hi))
        here = Interval(lo - moved, hi + moved)
    return here


degrees = st.lists(st.sampled_from((1, 3, 5, 7)), min_size=1, max_size=3)
shares = st.sampled_from((Fraction(0), Fraction(1, 2**24), SHARE, Fraction(1, 20), Fraction(1, 2)))


@given(degrees, st.data())
def test_no_composition_beats_the_floor(shape: list[int], data: st.DataObject) -> None:
    """The best steps, each as it would run, with coefficients off by up to a tenth, and of either sign."""
    errors = [data.draw(shares) for _ in shape]
    interval = Interval(data.draw(st.sampled_from((HUNDREDTH, Fraction(1, 3)))), Fraction(1))
    bound = noisy_composition_bound(shape, interval, errors)
    assert verify(bound).proved
    assert isinstance(bound.subject, Schedule)
    rows, top = [], Fraction(1)
    for reference in bound.subject.steps:
        best = reference.scaled(inner=1 / top, outer=Fraction(data.draw(st.sampled_from((1, 1, 1, -1)))))
        off = [Fraction(100 + data.draw(st.sampled_from((0, 0, 1, -10, 10))), 100) for _ in best.coefficients]
        rows.append(OddPolynomial(tuple(c * f for c, f in zip(best.coefficients, off, strict=True))))
        top = reached(Schedule(tuple(rows)), interval, errors[: len(rows)]).hi
        top = max(abs(top), Fraction(1, 10))
    end = reached(Schedule(tuple(rows)), interval, errors)
    assert max(1 - end.lo, end.hi - 1) >= bound.claim.error


@given(degrees, shares, shares)
@settings(max_examples=15)
def test_the_floor_rises_with_the_error_and_is_the_exact_one_without(
    shape: list[int], one: Fraction, other: Fraction
) -> None:
    interval = Interval(HUNDREDTH, Fraction(1))
    low, high = sorted((one, other))
    floors = [noisy_composition_bound(shape, interval, [e] * len(shape)).claim.error for e in (low, high)]
    assert floors[0] <= floors[1] * (1 + Fraction(1, 10**9))
    exactly = composition_bound(shape, interval).claim.error
    none = noisy_composition_bound(shape, interval, [Fraction(0)] * len(shape)).claim.error
    assert none == exactly <= floors[1] * (1 + Fraction(1, 10**9))


@pytest.mark.parametrize("share", [SHARE, Fraction(1, 2048), Fraction(1, 2**24)])
@pytest.mark.parametrize("shape", [(3,) * 6, (5,) * 4, (3, 5, 7)])
def test_the_floor_is_attained(shape: tuple[int, ...], share: Fraction) -> None:
    steps = compose(shape, HUNDREDTH, noise=share).schedule
    found = under_noise(steps, shape, Interval(HUNDREDTH, Fraction(1)), share)
    assert found.band.proved
    assert found.bound.proved
    assert found.ratio is not None
    assert 1 <= found.ratio < 1 + Fraction(1, 10**8)


def test_the_band_s_errors_are_the_share_of_what_its_chain_leaves() -> None:
    steps = compose((5, 5, 5), HUNDREDTH, noise=SHARE).schedule
    found = under_noise(steps, (5, 5, 5), Interval(HUNDREDTH, Fraction(1)), SHARE)
    proof = found.band.proof
    assert proof is not None
    for error, step in zip(proof.claim.errors, proof.witness.steps, strict=True):
        assert error == SHARE * (step.outer.hi - error)


@pytest.mark.parametrize("cushion", [Fraction(1, 20), published_cushion(5)])
def test_a_cushion_above_a_start_costs(cushion: Fraction) -> None:
    made = design(5, 4, HUNDREDTH, noise=SHARE, cushion=cushion)
    assert made.noise is not None
    assert made.noise.starts[0] < cushion
    assert made.noise.ratio is not None
    assert made.noise.ratio > Fraction(101, 100)
    below = design(5, 4, HUNDREDTH, noise=SHARE, cushion=min(made.noise.starts))
    assert below.noise is not None
    assert below.noise.ratio is not None
    assert below.noise.ratio < 1 + Fraction(1, 10**8)


def test_where_errors_reach_zero_nothing_helps() -> None:
    least = least_lower_end((5,) * 5, Fraction(1), noise=SHARE)
    kept, lost = (
        noisy_composition_bound((5,) * 5, Interval(least * by, Fraction(1)), [SHARE] * 5)
        for by in (Fraction(101, 100), Fraction(99, 100))
    )
    assert kept.claim.error < 1 == lost.claim.error
    assert verify(lost).proved
    with pytest.raises(UndecidedError, match=r"take a lower end above 0\.00120"):
        design(5, 5, least * Fraction(99, 100), noise=SHARE)


def test_delta_takes_the_errors_in() -> None:
    made = design(5, 4, delta="1/100", noise=SHARE)
    assert made.noise is not None
    assert made.noise.error is not None
    assert abs(made.noise.error * 100 - 1) < Fraction(1, 10**8)
    with pytest.raises(UsageError, match=r"errors of 0\.00391 times the largest value alone leave no 1 ± 0\.001"):
        design(5, 4, delta="1/1000", noise=SHARE)


def test_bad_noise_is_refused() -> None:
    for noise in ("1", "-1/10"):
        with pytest.raises(UsageError, match="0 ≤ ε < 1"):
            design(5, 2, HUNDREDTH, noise=noise)
    with pytest.raises(UsageError, match="take so many errors ≥ 0"):
        noisy_composition_bound((3, 3), Interval(HUNDREDTH, Fraction(1)), [SHARE])


def test_the_command_line_says_both_ends() -> None:
    answer = json.loads(
        run("design", "--noise", "1/256", "--lower", "1/100", "--steps", "4", "--format", "json").stdout
    )
    noise = answer["noise"]
    assert answer["verdict"] == Verdict.PROVED.value
    assert Fraction(noise["epsilon"]) == SHARE
    assert 1 <= Fraction(noise["ratio"]) < Fraction("1.0001")
    assert Fraction(noise["lower_bound"]) <= Fraction(noise["error"])
    assert len(noise["best_cushions"]) == 4
    text = run("design", "--noise", "1/256", "--lower", "1/100", "--steps", "4").stdout
    assert "(a model)" in " ".join(text.split())
    assert json.loads(run("design", "--lower", "1/100", "--steps", "2", "--format", "json").stdout)["noise"] is None


# The table of docs/theory-notes.md ------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "theory-notes.md"
ROWS = [line.strip("| \n").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| 2^-")]


def reaches(shape: tuple[int, ...], lower: Fraction, share: Fraction, **recipe: Fraction) -> str:
    """At most so far from 1, rounded up; a dash for 1 and more."""
    steps = compose(shape, lower, **recipe).schedule
    try:
        band = noisy_band(steps, Interval(lower, Fraction(1)), share).claim.target
    except UndecidedError:
        return "–"
    away = max(1 - band.lo, band.hi - 1)
    return decimal(away, 3, +1) if away < 1 else "–"


def recomputed(share: Fraction, shape: tuple[int, ...], lower: Fraction) -> list[str]:
    floor = noisy_composition_bound(shape, Interval(lower, Fraction(1)), [share] * len(shape)).claim.error
    recipe = {"cushion": published_cushion(shape[0]), "safety": Fraction("1.01")}
    return [decimal(floor, 3, -1), reaches(shape, lower, share, **recipe), reaches(shape, lower, share)]


def row_holds(row: list[str]) -> None:
    share, steps, lower, *said = row
    count, degree = map(int, steps.split(" of degree "))
    assert recomputed(Fraction(1, 2 ** int(share[3:])), (degree,) * count, Fraction(lower)) == said


@pytest.mark.parametrize("row", [row for row in ROWS if "degree 5" in row[1]], ids=str)
def test_the_page_s_quintics_are_what_is_found(row: list[str]) -> None:
    row_holds(row)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_page_s_table_is_what_is_found(row: list[str]) -> None:
    row_holds(row)


@pytest.mark.parametrize("dtype", ["bf16", "fp16"])
def test_a_format_may_do_better_than_the_model_s_floor(dtype: str) -> None:
    """It is a model: a matrix run in the emulated format ends closer to 1."""
    torch = pytest.importorskip("torch")
    from muon_theory.confirmation.iteration import step
    from muon_theory.confirmation.kernel import kernel_for

    lower, share = Fraction(1, 1000), {"bf16": SHARE, "fp16": Fraction(1, 2048)}[dtype]
    draw, kernel = torch.Generator().manual_seed(0), kernel_for(dtype, "cpu", True)
    u, v = (torch.linalg.qr(torch.randn(64, 64, generator=draw, dtype=torch.float64))[0] for _ in range(2))
    matrix = (u * torch.logspace(-3, 0, 64, dtype=torch.float64)) @ v.mT

    def away(schedule: Schedule) -> float:
        X = kernel.load(matrix)
        for f in schedule.steps:
            X = step(kernel, X, f)
        return float((torch.linalg.svdvals(kernel.unload(X).double()) - 1).abs().max())

    floor = noisy_composition_bound((5,) * 5, Interval(lower, Fraction(1)), [share] * 5).claim.error
    assert away(compose((5,) * 5, lower, safety=Fraction("1.01")).schedule) < floor
