"""Bands in finite precision: what is proved of them, where their errors come from, and what the commands print."""

import json
import random
import re
from dataclasses import replace
from fractions import Fraction as Q

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muon_theory import catalogue
from muon_theory.certificate import canonical, dump
from muon_theory.claims import AllBut, RobustBand
from muon_theory.cli import main
from muon_theory.errors import UndecidedError
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.precision import Tier, step_errors
from muon_theory.robust import attempts, in_format, robust_band, stretches
from muon_theory.verification import verify

JORDAN, HUNDREDTH = catalogue.get("jordan"), Q(1, 100)


def test_the_worst_case_in_fp64_adds_next_to_nothing() -> None:
    exact = band.maps_into(JORDAN, Interval(HUNDREDTH, Q(1))).claim.target
    robust = in_format(JORDAN, "fp64", (1024, 1024), HUNDREDTH)
    assert verify(robust.certificate).proved
    assert exact <= robust.image
    assert robust.image.width - exact.width < Q(1, 10**6)


def test_the_tiers_are_ordered_and_the_formats_too() -> None:
    widths = [in_format(JORDAN, f, (64, 64), HUNDREDTH, tier=t).image.width for f in ("fp64", "fp32") for t in "PW"]
    assert widths == sorted(widths)


def test_a_certificate_says_where_its_errors_come_from_and_what_is_not_checked() -> None:
    certificate = in_format(JORDAN, "fp32", (64, 64), HUNDREDTH).certificate
    origin = certificate.to_json()["provenance"]["errors"]
    assert origin["tier"].startswith("W, worst case")
    assert (origin["format"], origin["shape"], origin["order"]) == ("fp32", "64×64", "fused")
    assert any("no overflow" in line for line in origin["notChecked"])


@pytest.mark.parametrize("step", range(5))
def test_with_a_larger_error_in_one_step_the_witness_proves_nothing(step: int) -> None:
    certificate = in_format(JORDAN, "fp32", (64, 64), HUNDREDTH).certificate.to_json()
    certificate["claim"]["errors"][step] = str(Q(certificate["claim"]["errors"][step]) + Q(1, 1000))
    assert not verify(canonical(certificate)).proved


def test_where_the_worst_case_says_nothing_the_reason_stands() -> None:
    worst, chance, model = attempts(JORDAN, "bf16", (64, 64), HUNDREDTH)
    assert (worst.tier, worst.band) == (Tier.W, None)
    assert (chance.tier, chance.band) == (Tier.S, None)
    assert "tier W says nothing" in worst.reason
    assert model.band is not None
    assert model.band.start.lo == HUNDREDTH
    steep, _, _ = attempts(JORDAN, "fp16", (16, 16), Q(1, 100_000))
    assert steep.band is not None
    assert steep.band.start.lo > Q(1, 100_000)  # only from a larger lower end on, and it says so
    assert "not > 0" in steep.reason


def test_an_upper_end_beyond_the_cap_is_no_statement() -> None:
    worst, *_ = attempts(JORDAN, "fp32", (1024, 1024), HUNDREDTH)
    assert worst.band is None
    with pytest.raises(UndecidedError, match=r"beyond the cap|not > 0"):
        in_format(JORDAN, "fp32", (1024, 1024), HUNDREDTH)


def test_relative_errors_say_more_than_the_additive_chain_and_are_proved() -> None:
    worst = in_format(JORDAN, "fp16", (16, 16), Q(1, 500))
    with pytest.raises(UndecidedError, match="not > 0"):
        band.robust_band(JORDAN, worst.start, worst.allowed)
    assert isinstance(worst.certificate.claim, AllBut)
    assert worst.certificate.claim.exceptions == 0
    assert worst.image.lo > Q(1, 2)
    data = worst.to_json()
    assert data["verdict"] == "proved"
    assert "1 ± ρ_t" in data["if"]
    assert len(data["relative"]) == 5
    assert all(0 < Q(share) < 1 and 0 <= Q(rest) < 1 for share, rest in data["relative"])
    fine = in_format(JORDAN, "fp32", (64, 64), HUNDREDTH)
    assert isinstance(fine.certificate.claim, RobustBand)  # simpler, and as good
    assert fine.derived.width <= fine.image.width < fine.derived.width * Q(101, 100)
    x, errors = HUNDREDTH, [e.relative for e in fine.errors]
    for f, apart in zip(JORDAN.steps, errors, strict=True):  # the worst that a share and a rest can do to the least one
        x = f(x) * (1 - apart.share) - apart.rest
    assert x >= 0


def test_all_but_a_few_values_are_proved_to_end_nearer() -> None:
    """By Mirsky's inequality; what is asked beside it changes nothing, and where nothing is left it is not said."""
    plain = in_format(JORDAN, "fp32", (256, 256), HUNDREDTH)
    found = in_format(JORDAN, "fp32", (256, 256), HUNDREDTH, exceptions=13)
    assert found.certificate == plain.certificate
    assert found.most.claim.exceptions <= 13
    assert found.most.claim.target <= found.certificate.claim.target
    assert found.most.claim.target.width < found.certificate.claim.target.width * Q(9, 10)
    assert verify(dump(found.certificates)).proved
    assert "for all but 13 of the values if" in found.to_json()["all_but"]["statement"]
    steep = step_errors(JORDAN, "fp32", (128, 128), Interval(Q(1, 2000), Q(1)), frobenius=Q(1))
    steep = tuple(replace(e, relative=None, after=Interval(Q(0), e.after.hi)) for e in steep)
    only = robust_band(JORDAN, steep, exceptions=100)
    assert only.certificate is None
    assert only.best is only.most
    assert only.image.lo > 0
    assert "for all but 100" in only.statement
    with pytest.raises(UndecidedError, match="not > 0"):
        robust_band(JORDAN, steep)


def test_a_stated_confidence_is_stated() -> None:
    chance = in_format(JORDAN, "fp16", (1024, 1024), HUNDREDTH, tier="S", failure=Q(1, 10**6))
    data = chance.to_json()
    assert (data["verdict"], data["confidence"], chance.certificate) == ("derived", "0.999999", None)
    assert "with probability ≥ 0.999999" in chance.statement
    assert any("theorem under stochastic rounding" in line for line in data["assumptions"])
    assert any("in 8 lanes" in line for line in data["assumptions"])
    looser = in_format(JORDAN, "fp16", (1024, 1024), HUNDREDTH, tier="S", failure=Q(1, 10))
    assert looser.image.width < chance.image.width


def test_the_norm_of_a_large_matrix_needs_an_order_of_additions() -> None:
    with pytest.raises(UndecidedError, match='additions="torch"'):
        in_format(JORDAN, "fp32", (4096, 4096), HUNDREDTH, additions="any")
    lanes, pairs = (in_format(JORDAN, "fp32", (4096, 4096), HUNDREDTH, tier="S", additions=a)
                    for a in ("torch", "pairwise"))  # fmt: skip
    assert lanes.start.hi > Q("1.07")
    assert pairs.start.hi < Q("1.00001")
    assert pairs.image.width < lanes.image.width


def test_the_gram_form_has_no_model() -> None:
    assert [a.tier for a in attempts(JORDAN, "fp64", (64, 256), HUNDREDTH, order="gram")] == [Tier.W]
    with pytest.raises(UndecidedError, match="tier W"):
        in_format(JORDAN, "fp64", (64, 256), HUNDREDTH, tier="P", order="gram")


@given(st.sampled_from(["jordan", "article", "pade_quintic"]), st.integers(1, 12), st.integers(3, 9))
@settings(max_examples=15, deadline=None)
def test_matrices_end_inside_the_worst_case(name: str, seed: int, side: int) -> None:
    """fp32, emulated nowhere: torch's own arithmetic."""
    torch = pytest.importorskip("torch")
    from muon_theory.confirmation import kernel_for, run_steps

    schedule, kernel = catalogue.get(name), kernel_for("fp32")
    robust = in_format(schedule, "fp32", (side, side), Q(1, 10))
    generator = torch.Generator().manual_seed(seed)
    u, _, v = torch.linalg.svd(torch.randn(side, side, dtype=torch.float64, generator=generator))
    s = torch.rand(side, dtype=torch.float64, generator=generator) * 0.89 + 0.105
    out = run_steps(kernel, (u * s @ v).float(), schedule)
    values = torch.linalg.svdvals(out.double())
    assert float(robust.image.lo) <= float(values.min())
    assert float(values.max()) <= float(robust.image.hi)


def test_the_command_answers_for_a_format(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    file = tmp_path / "robust.json"
    command = ["certify", "jordan", "--lower", "1/100", "--dtype", "fp32", "--shape", "64,64", "--out", str(file)]
    assert main([*command, "--format", "json"]) == 0
    rounding = json.loads(capsys.readouterr().out)["rounding"]
    assert [t["tier"] for t in rounding["tiers"]] == ["W", "S", "P"]
    assert rounding["tiers"][0]["verdict"] == "proved"
    assert verify(file.read_bytes()).claims.count("robust-band") == 1  # the model's is not among the proofs
    assert main(command) == 0
    text = capsys.readouterr().out
    assert "worst case" in text
    said = rounding["tiers"][0]
    assert f"proved: {said['statement']} not checked:" in " ".join(text.split())  # however the lines are broken
    assert certified_sentence(said["statement"])[2] == [Q(e) for e in said["errors"]]


def certified_sentence(line: str) -> tuple[Interval, Interval, list[Q]]:
    """(start, image, ε) of a printed line `[l, u] → [m, M] if ε_1 ≤ …, ε_2 ≤ …`."""
    found = re.fullmatch(r"\[(\S+), (\S+)\] → \[(\S+), (\S+)\] if (ε_1 ≤ .*)", line)
    assert found is not None, line
    parts = found.group(5).split(", ")
    assert [p.split(" ≤ ")[0] for p in parts] == [f"ε_{t}" for t in range(1, len(parts) + 1)]
    return Interval.of(*found.groups()[:2]), Interval.of(*found.groups()[2:4]), [Q(p.split(" ≤ ")[1]) for p in parts]


@pytest.mark.parametrize("name", ["jordan", "article", "pade_quintic"])
@pytest.mark.parametrize("dtype", ["fp64", "fp32", "fp16"])
def test_the_printed_sentence_is_the_certificate_and_no_perturbation_refutes_it(name: str, dtype: str) -> None:
    """Every ε_t stands in the sentence; orbits pushed by ±ε_t in every step, from all over the start, end inside."""
    made = next(
        (b for a in attempts(catalogue.get(name), dtype, (32, 32), Q(1, 10)) if (b := a.band) and b.certificate), None
    )
    assert made is not None
    if isinstance(made.certificate.claim, AllBut):  # relative errors say more; here those of one number are tried
        made = replace(made, certificate=band.robust_band(catalogue.get(name), made.start, made.allowed))
    start, image, errors = certified_sentence(made.statement)
    claim = made.certificate.to_json()["claim"]
    assert [str(e) for e in errors] == claim["errors"]
    assert [str(start.lo), str(start.hi)] == claim["start"]
    assert Interval.of(*claim["target"]) <= image
    assert all(e.error <= a for e, a in zip(made.errors, errors, strict=True))
    rng = random.Random(name + dtype)
    for k in range(60):
        x = start.lo + start.width * k / 59
        for f, e in zip(catalogue.get(name).steps, errors, strict=True):
            x = Q(float(f(x))) + rng.choice((-1, 1)) * e * Q(999, 1000)
        assert x in image
    least = min(errors)
    assert [e > least for e in errors].count(True) > 0  # so that one common number would say something else


def test_the_model_never_says_proved() -> None:
    for dtype in ("fp32", "bf16"):
        *_, model = attempts(JORDAN, dtype, (64, 64), HUNDREDTH)
        assert model.tier is Tier.P
        data = json.dumps(model.to_json(), ensure_ascii=False)
        assert "proved" not in data.lower()
        assert model.to_json()["verdict"] == "model"


def test_the_upper_end_is_what_normalising_in_the_format_can_produce(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["certify", "polar_express_raw", "--dtype", "bf16", "--shape", "8,8", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["interval"][1].startswith("1.0198")
    assert data["verdict"] == "refuted"


def test_confirm_writes_what_its_measured_errors_prove(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    pytest.importorskip("torch")
    file = tmp_path / "measured.json"
    assert main(["confirm", "article", "--dtype", "bf16", "--shape", "16,16", "--certificates", str(file)]) == 0
    assert verify(file.read_bytes()).proved
    every = json.loads(file.read_bytes())["certificates"]
    assert len(every) > 5
    assert all("SHA-256" in c["provenance"]["errors"]["notChecked"][-1] for c in every)
    assert "robust bands" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--dtype", "bf17"], "there is no number format 'bf17'"),
        (["--dtype", "bf16", "--shape", "64"], "--shape '64': write rows,columns"),
        (["--dtype", "bf16", "--order", "sorted"], "there is no order of operations 'sorted'"),
        (["--dtype", "bf16", "--additions", "sorted"], "there is no order of additions 'sorted'"),
        (["--dtype", "bf16", "--failure", "2"], "--failure: a probability between 0 and 1"),
        (["--sums", "pairwise"], "--sums belongs to --dtype"),
    ],
)
def test_bad_input_gets_one_line(options: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["certify", "jordan", *options]) == 2
    captured = capsys.readouterr()
    assert line in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_chain_that_was_cut_is_certified_in_stretches_that_join() -> None:
    errors = list(step_errors(JORDAN, "fp32", (64, 64), Interval.of("1/100", 1)))
    cut = Interval(errors[1].after.lo * Q(3, 2), errors[1].after.hi * Q(9, 10))
    errors[1] = replace(errors[1], after=cut, measured=True)
    errors[2] = replace(errors[2], before=cut)
    first, second = stretches(JORDAN, errors, shape="64×64")
    assert verify(first.certificate).proved
    assert verify(second.certificate).proved
    assert (len(first.allowed), len(second.allowed)) == (2, 3)
    assert cut <= second.start
    assert first.certificate is not None
    assert cut.width < first.certificate.claim.target.width
    assert second.image <= robust_band(JORDAN, errors).image
    assert "after step 2" in second.certificate.to_json()["provenance"]["errors"]["from"]
    assert stretches(JORDAN, step_errors(JORDAN, "fp32", (8, 8), Interval.of("1/100", 1)))[1:] == ()
