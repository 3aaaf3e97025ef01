# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""No flag of torch changes what a bound says, and every flag is put back."""

from fractions import Fraction

import pytest

from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import a_posteriori, confirm, kernel_for, norm_bound, products, run_steps
from muon_theory.confirmation.settings import FLAGS, defined, described

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
START = Interval.of("1/100", 1)
VALUES = {
    "fp32 products on the CPU": ["none", "ieee", "tf32", "bf16"],
    "fp32 products on CUDA": ["none", "ieee", "tf32"],
    "fp16 sums in reduced precision, split k": [(True, True), (False, True), (False, False)],
    "bf16 sums in reduced precision, split k": [(True, True), (False, True), (False, False)],
    "fp16 sums in fp16": [True, False],
    "fp16 sums in reduced precision on the CPU": [True, False],
    "flush subnormal numbers to zero": [True, False],
    "deterministic algorithms, warn only": [(True, False), (True, True), (False, False)],
    "autocast on the CPU": [True, False],
    "autocast on CUDA": [True, False],
    "default dtype": [torch.float16, torch.bfloat16, torch.float32, torch.float64],
}
EVERY = [(flag, value) for flag in FLAGS for value in VALUES[flag.name]]


@pytest.fixture
def restored():
    """Every flag back to what it was, whatever a test does."""
    before = [flag.read() for flag in FLAGS]
    yield
    for flag, value in zip(FLAGS, before, strict=True):
        flag.write(value)


def answer():
    """What small runs say: results, bounds and spectra of a few kernels, and a norm."""
    X = torch.linspace(-1, 1, 6 * 9, dtype=torch.float64, device="cpu").reshape(6, 9).sin_()
    X[0, 0] = 2.0**-140
    X, twice = X / X.norm(), Schedule(JORDAN.steps[:2])
    out = []
    for name in ("bf16", "fp16", "fp32"):
        done, errors = a_posteriori(kernel_for(name), X, twice, Interval.of(0, "1.01"))
        out += [done.double().tolist(), [e.error for e in errors]]
    runs = [run_steps(kernel_for(name), X, JORDAN).tolist() for name in ("fp32", "tf32")]
    small = confirm(twice, start=START, shapes=[(4, 6)], dtypes=["bf16"], spectra=["log-uniform"])
    return [*out, *runs, norm_bound(X), [c.observed for c in small.cases]]


@pytest.fixture(scope="module")
def plain():
    return answer()


@pytest.mark.parametrize(("flag", "value"), EVERY, ids=[f"{f.name}: {v}" for f, v in EVERY])
def test_no_flag_changes_an_answer_and_each_is_put_back(flag, value, plain, restored):
    try:
        flag.write(value)
    except RuntimeError as refused:  # fp16 arithmetic, on a processor that has none
        pytest.skip(f"this processor refuses the flag: {refused}")
    assert flag.read() == value
    assert answer() == plain
    assert flag.read() == value
    with defined():
        assert flag.read() == flag.wanted
        assert described()["default dtype"] == "float32"
    assert flag.read() == value


@pytest.mark.parametrize("level", ["highest", "high", "medium"])
def test_the_older_name_of_a_flag_is_guarded_too(level, plain, restored):
    torch.set_float32_matmul_precision(level)
    assert answer() == plain
    assert torch.get_float32_matmul_precision() == level
    with defined():
        assert FLAGS[0].read() == FLAGS[1].read() == "ieee"


def test_autocast_and_a_default_device_as_contexts_change_nothing(plain):
    with torch.autocast("cpu", dtype=torch.bfloat16), torch.device("meta"):
        assert answer() == plain
        assert torch.is_autocast_enabled("cpu")
        assert torch.empty(1).device.type == "meta"


def test_a_flag_is_put_back_after_an_error_too(restored):
    torch.set_default_dtype(torch.float64)
    with pytest.raises(ZeroDivisionError), defined():
        raise ZeroDivisionError
    assert torch.get_default_dtype() is torch.float64


def test_an_inherited_precision_stays_inherited(restored):
    """What `torch.backends.fp32_precision` says is followed again after a run, not fixed by it."""
    matmul = torch.backends.cuda.matmul
    matmul.fp32_precision = "none"
    try:
        torch.backends.fp32_precision = "tf32"
        with defined():
            assert matmul.fp32_precision == "ieee"
        torch.backends.fp32_precision = "none"
        assert matmul.fp32_precision == "none"
    finally:
        torch.backends.fp32_precision = "none"


def test_only_tf32_asks_for_tf32():
    for wanted in (False, True):
        with defined(tf32=wanted):
            assert FLAGS[1].read() == ("tf32" if wanted else "ieee")
            with defined():
                assert FLAGS[1].read() == "ieee"


# Products that no flag describes --------------------------------------------------------------------------------------


def cut(bits):
    """A product whose operands lose their last bits, as bf16 or tf32 units read them."""

    def matmul(X):
        mask = ~((1 << (24 - bits)) - 1)
        Y = (X.float().contiguous().view(torch.int32) & mask).view(torch.float32)
        return (Y @ Y.mT).to(X.dtype)

    return matmul


def split(X):
    """fp32 by three bf16 products: the product of the two low parts is left out."""
    high = X.to(torch.bfloat16).to(X.dtype)
    low = (X - high).to(torch.bfloat16).to(X.dtype)
    return high @ high.mT + high @ low.mT + low @ high.mT


def low_sums(X):
    return (X @ X.mT).to(torch.bfloat16).to(X.dtype)


@pytest.mark.parametrize("product", [cut(8), cut(11), split, low_sums], ids=["bf16", "tf32", "bf16×3", "bf16 sums"])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (24, 64)])
def test_reduced_products_are_refused(product, shape, monkeypatch):
    products.probe(torch.float32, "cpu", *shape)  # as it is: exact
    products.probe.cache_clear()
    monkeypatch.setattr(products, "symmetric_product", product)
    try:
        with pytest.raises(UndecidedError, match="something outside torch's flags"):
            norm_bound(torch.ones(shape, dtype=torch.float64))
    finally:
        products.probe.cache_clear()


@pytest.mark.parametrize("shape", [(3, 700), (90, 2), (520, 530)])
def test_the_probe_passes_where_products_are_whole(shape):
    for dtype in (torch.float32, torch.float64):
        products.probe(dtype, "cpu", *shape)


def test_the_settings_are_in_the_answer():
    found = confirm(JORDAN, start=START, shapes=[(4, 4)], dtypes=["bf16"], spectra=["constant"])
    settings = found.to_json()["settings"]
    assert settings["fp32 products on the CPU"] == "ieee"
    assert settings["autocast on the CPU"] == "off"
    assert {flag.name for flag in FLAGS} < set(settings)
    assert any("product of integers" in line for line in found.to_json()["assumptions"])


def test_a_matrix_beside_one_is_bounded_under_the_lowest_precision(restored):
    """The reported case: a norm of 1 + 2⁻⁹ must not come out smaller, whatever products are allowed to do."""
    torch.set_float32_matmul_precision("medium")
    for n in (1, 8, 64):
        X = torch.zeros(n, n, dtype=torch.float64)
        X[0, 0] = 1 + 2.0**-9
        assert norm_bound(X) >= Fraction(1) + Fraction(1, 512)
