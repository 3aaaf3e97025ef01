"""Whole steps: an honest optimizer keeps every law, what is recovered is what was written, each defect is caught."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from muon_theory.conformance.scale import SHAPES  # noqa: E402
from muon_theory.errors import UsageError  # noqa: E402
from muon_theory.evidence import Standing  # noqa: E402
from muon_theory.optimizers import Contract, Scale, conform_step  # noqa: E402
from muon_theory.optimizers.contract import Decay, Momentum, Reading  # noqa: E402
from muon_theory.optimizers.examine import assert_conforms_step  # noqa: E402
from muon_theory.optimizers.recover import recover  # noqa: E402
from muon_theory.optimizers.specimen import Specimen  # noqa: E402
from tests.optimizers import packages, threads  # noqa: E402
from tests.optimizers import transcriptions as toys  # noqa: E402
from tests.sampled import sampled  # noqa: E402

TORCH = "torch.optim:Muon"
PAGE = threads.PAGE.read_text(encoding="utf-8")
EVERY = (*toys.THREADS, *toys.OTHERS)
MATCHED = {"adjust_lr_fn": "match_rms_adamw"}


@pytest.mark.parametrize(
    "optimizer",
    sampled([toys.Muon, toys.Moonlight, toys.ThreeProjections, toys.Coupled], lambda optimizer: optimizer is toys.Muon),
)
def test_an_honest_optimizer_keeps_every_law(optimizer):
    found = conform_step(optimizer, examples=4)
    assert found.contradicted == ()
    assert {law.verdict for law in found.laws} <= {"confirmed", "skipped"}


@pytest.mark.parametrize(
    ("optimizer", "arguments", "right"),
    [
        (toys.Muon, {}, (Momentum.EMA, 0.95, True, Decay.DECOUPLED, "√max(1, m/n)")),
        (toys.Muon, {"nesterov": False, "momentum": 0.8}, (Momentum.EMA, 0.8, False, Decay.DECOUPLED, "√max(1, m/n)")),
        (toys.Moonlight, {}, (Momentum.SUM, 0.95, True, Decay.DECOUPLED, "0.2·√max(m, n)")),
        (toys.Coupled, {}, (Momentum.EMA, 0.95, True, Decay.COUPLED, "√max(1, m/n)")),
        (torch.optim.Muon, MATCHED, (Momentum.EMA, 0.95, True, Decay.DECOUPLED, "0.2·√max(m, n)")),
    ],
)  # fmt: skip
def test_what_is_not_said_is_found_out(optimizer, arguments, right):
    contract = recover(Specimen.of(optimizer, "", arguments)).contract
    assert (contract.momentum, contract.beta, contract.nesterov, contract.decay, str(contract.scale)) == right


def test_readings_are_found_out():
    found = recover(Specimen.of(toys.ThreeProjections))
    assert found.contract.blocks == {"fused": (4, 4, 4)}
    assert found.readings["convolution"] is Reading.ROWS
    assert found.readings["bias"] is Reading.SKIPPED
    assert recover(Specimen.named(TORCH)).readings["convolution"] is Reading.REFUSED


@pytest.mark.parametrize(
    "thread",
    sampled(EVERY, lambda thread: thread == next((t for t in EVERY if t.law == thread.law and not t.split), None)),
    ids=lambda thread: thread.name,
)
def test_each_defect_of_a_public_thread_breaks_its_law_on_a_small_input_and_the_mended_code_is_not_accused(thread):
    found = threads.examined(thread)
    assert found[thread.law].verdict == thread.verdict
    assert set(found.contradicted) <= {thread.law}
    assert len(found[thread.law].counterexample) < 130
    mended = threads.examined(thread, thread.mended)
    assert mended.contradicted == ()
    assert mended[thread.law].verdict in ("confirmed", "skipped")
    if thread in toys.THREADS:
        where, what = thread.told()
        assert f"| {where} | {what} |" in PAGE
        assert f"| `{found[thread.law].counterexample}` |" in PAGE


def test_a_scale_that_is_read_off_the_kernel_is_named():
    found = conform_step(toys.ScaleOfTheKernel, laws=["scale rule"], examples=12)
    assert "the size for 3×2" in found["scale rule"].seen or "the size for 2×2" in found["scale rule"].seen


@pytest.mark.long
def test_an_eps_floor_is_a_note_with_its_end():
    found = conform_step(toys.EpsFloor, laws=["range"], examples=1)
    assert (found.verdict, found["range"].verdict) == (Standing.CONFIRMED, "note")
    assert "below, eps rules" in found["range"].seen
    assert conform_step(toys.Muon, laws=["range"], examples=1)["range"].verdict == "confirmed"


def test_a_gradient_that_is_written_into_is_a_note():
    found = conform_step(toys.WritesIntoTheGradient, laws=["gradient"], examples=5)
    assert (found.verdict, found["gradient"].verdict) == (Standing.CONFIRMED, "note")
    assert found["gradient"].seen.startswith("after the step P.grad is")


@pytest.mark.long
def test_small_matrices_left_to_another_rule_are_not_accused():
    found = conform_step(toys.LargeOnly, examples=4)
    assert found.contradicted == ()
    assert found.recovered.least == 4


def test_another_method_is_undecided_and_not_accused():
    found = conform_step(toys.Adaptive, examples=3)
    assert found.contradicted == ()
    assert found["orthogonal"].verdict == "undecided"


def test_an_update_that_is_only_the_gradient_is_named():
    found = conform_step(toys.NothingOrthogonalised, laws=["update"])
    assert found.contradicted == ("orthogonal",)
    assert "nothing is orthogonalised" in found["orthogonal"].seen


@pytest.mark.long
def test_a_fused_projection_taken_whole_contradicts_a_contract_of_three():
    found = conform_step(toys.Muon, contract={"blocks": {"fused": [4, 4, 4]}}, laws=["update"], examples=30)
    assert found["contract"].seen.startswith("blocks is none, and fused [4, 4, 4] is declared: P after step 1 is")
    kept = conform_step(toys.ThreeProjections, contract={"blocks": {"fused": [4, 4, 4]}}, laws=["update"], examples=5)
    assert kept.contradicted == ()


def test_declared_and_found_are_compared():
    found = conform_step(TORCH, contract={"momentum": "sum", "nesterov": True}, laws=["zero"], examples=2)
    assert found["contract"].seen.startswith("momentum is ema, and sum is declared: state")
    data = json.loads(json.dumps(found.to_json()))
    assert data["declared"] == {"momentum": "sum", "nesterov": True}
    assert data["recovered"]["scale"] == "√max(1, m/n)"


@pytest.mark.parametrize(
    ("optimizer", "contract", "seen"),
    sampled(
        [
            (toys.OtherCoefficients, {"coefficients": "jordan"}, "coefficients are not those of jordan"),
            (toys.FewerSteps, {"steps": 5}, "steps are 4, and 5 is declared: P after step 1 is"),
            (toys.FewerSteps, {"coefficients": [3.4445, -4.775, 2.0315]}, "steps are 4, and 5 is declared: P after"),
            (toys.Narrow, {"computes": "float32"}, "computes is bf16, and fp32 is declared: P after step 1 is"),
            (toys.CoarseState, {"state": "fp32"}, "state is bf16, and fp32 is declared: state['momentum_buffer'] is"),
        ],
        lambda case: case[0] in (toys.OtherCoefficients, toys.Narrow),
    ),
)
def test_each_key_about_the_iteration_has_its_defect_and_honest_code_is_not_accused(optimizer, contract, seen):
    found = conform_step(optimizer, contract=contract, laws=["zero"], examples=6)
    assert found.contradicted == ("contract",)
    assert found["contract"].seen.startswith(seen)
    assert len(found["contract"].counterexample) < 60
    follows = {"state": "parameter"} if "state" in contract else contract
    assert conform_step(toys.Muon, contract=follows, laws=["zero"], examples=2).contradicted == ()


def test_a_momentum_in_another_format_than_its_parameter_is_found_out_and_not_accused():
    found = conform_step(toys.CoarseState, laws=["update", "state", "saved"], examples=6)
    assert (found.contradicted, found.recovered.contract.state) == ((), "bf16")
    assert "momentum: ema, β = 0.95, Nesterov, kept in bf16" in str(found)
    assert recover(Specimen.of(toys.Muon)).contract.state == "parameter"


@pytest.mark.long
def test_torchs_own_optimizer_keeps_the_laws_but_for_an_alias_in_bf16():
    assert conform_step(TORCH, examples=4).contradicted == ()
    found = conform_step(TORCH, arguments={"nesterov": False}, laws=["state"], examples=12)
    assert found.contradicted == ("state",)
    assert "dtype = bf16" in found["state"].counterexample


def test_the_assertion_says_what_broke():
    with pytest.raises(AssertionError, match=r"zero: P = zeros\(1, 1\), G = \[\[1\]\]: after a zero gradient P is"):
        assert_conforms_step(toys.NaNAfterZero, laws=["zero"], examples=5)


@pytest.mark.parametrize("text", ["1", "√max(1, m/n)", "0.2·√max(m, n)", "0.2*sqrt(max(m, n))", "3"])
def test_scales_are_read_as_they_print(text):
    scale = Scale.parse(text)
    assert Scale.parse(str(scale)) == scale
    assert scale.shape in SHAPES


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"momentun": "ema"}, "there is no 'momentun' in a contract"),
        ({"momentum": "exponential"}, "write one of ema, sum, added, corrected, none"),
        ({"beta": 2}, "write a number from 0 to below 1"),
        ({"nesterov": 1}, "write true or false"),
        ({"scale": "max"}, "scale 'max' is unknown"),
        ({"blocks": {"fused": []}}, "write a list of whole numbers"),
        ({"coefficients": "jordam"}, "coefficients: there is no"),
        ({"coefficients": [[1.5], 2]}, "rows of numbers, or a published name"),
        ({"coefficients": "1.5,-0.5;1,0.2x"}, "coefficients: "),
        ({"steps": 0}, "write a whole number from 1 to 99"),
        ({"computes": "int8"}, "write one of fp32, bf16"),
        ({"state": "wide"}, "write one of parameter, fp32"),
    ],
)
def test_a_contract_with_a_fault_says_where(data, message):
    with pytest.raises(UsageError, match=message):
        Contract.of(data)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("torch.optim:Mouon", "did you mean Muon"),
        ("no_such_module:Muon", "there is no module"),
        ("math:hypot", "cannot be stepped"),
        ("torch.optim:Muon.step", "cannot be stepped"),
    ],
)
def test_what_is_no_optimizer_is_refused_in_one_line(name, message):
    with pytest.raises(UsageError, match=message) as caught:
        conform_step(name)
    assert "\n" not in str(caught.value)


@pytest.mark.long
def test_sharded_steps_are_those_of_the_whole():
    found = conform_step(TORCH, laws=["zero"], examples=1, sharded=(2,), splits=("rows", "columns", "rows by hand"))
    assert found["sharded rows ×2"].verdict == "confirmed"
    assert found["sharded columns ×2"].verdict == "confirmed"
    alone = found["sharded rows by hand ×2"]
    assert alone.verdict == "contradicted"
    assert "each process orthogonalises its own part alone" in alone.seen
    assert alone.counterexample.startswith("P = zeros(2, 2)")


@pytest.mark.parametrize("name", ["torch", "torch, no Nesterov"])
def test_the_table_of_packages_says_what_is_found_out(name):
    if packages.version("torch").partition("+")[0] != "2.13.0":
        pytest.skip("the page is about torch 2.13.0")
    _, optimizer, arguments = packages.SUBJECTS[name]
    found = conform_step(optimizer, arguments=arguments, laws=["zero"], examples=1)
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {packages.named(name)} |"))
    assert f"| {packages.found_out(found)} |" in row


@pytest.mark.long
@pytest.mark.parametrize("name", packages.SUBJECTS)
def test_the_rows_of_the_table_of_packages_are_those_that_are_made_here(name):
    package, _, _ = packages.SUBJECTS[name]
    try:
        packages.version(package)
    except packages.PackageNotFoundError:
        pytest.skip(f"{package} is no dependency: tried where it is installed")
    row = packages.row(name)
    if row.split(" | ")[1] in PAGE:  # the page is about this version
        assert row in PAGE


@pytest.mark.long
def test_a_compiled_step_is_the_eager_one_and_what_asks_whether_it_is_compiled_is_caught():
    for honest in (toys.Muon, TORCH):
        assert conform_step(honest, laws=["compiled"], compiled=True)["compiled"].verdict == "confirmed"
    found = conform_step(toys.Compiled, laws=["compiled"], compiled=True)["compiled"]
    assert (found.verdict, found.counterexample) == ("contradicted", "P = zeros(2, 2), G = [[1, 0], [0, 2]]")
    assert found.seen.startswith("the compiled move is")


@pytest.mark.long
def test_an_optimizer_that_rounds_at_random_is_not_accused():
    found = conform_step(toys.AtRandom, laws=["update", "independent", "micro-batches", "saved"], examples=6)
    assert found.contradicted == ()
    assert any("two runs of one step differ" in remark for remark in found.recovered.remarks)


@pytest.mark.long
def test_momentum_with_its_bias_corrected_is_found_out():
    """As optax has it: Nesterov's mean of a corrected momentum and a corrected gradient."""
    found = conform_step(toys.Corrected, laws=["update", "state"], examples=6)
    assert (found.contradicted, found.recovered.contract.momentum) == ((), Momentum.CORRECTED)
    wrong = conform_step(toys.Corrected, contract={"momentum": "ema", "nesterov": True}, laws=["zero"], examples=6)
    assert wrong["contract"].seen.startswith("momentum is corrected, and ema is declared: P after step ")


def test_momentum_that_is_added_to_the_gradient_is_found_out():
    contract = recover(Specimen.of(toys.Added)).contract
    assert (contract.momentum, contract.beta) == (Momentum.ADDED, 0.95)
