"""Functions of other libraries: met through their own namespace, without a wrapper, and without torch."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.conformance import Adapter, declare
from muon_theory.conformance.arrays import candidates, named
from muon_theory.conformance.emulated import Machine, rounded
from muon_theory.conformance.engine import conform
from muon_theory.errors import UsageError
from muon_theory.schedule import Schedule
from tests.conformance import mlx_double as mx

JORDAN = (3.4445, -4.7750, 2.0315)
LAWS = ["polar", "coefficients", "transpose", "batch", "zero", "untouched", "dtype"]


def of_numpy(X, steps=5, coefficients=JORDAN):
    size = np.abs(X).max(axis=(-2, -1), keepdims=True)
    X = X / np.where(size > 0, size, 1).astype(X.dtype)
    X = X / np.maximum(np.linalg.norm(X, axis=(-2, -1), keepdims=True), X.dtype.type(1e-7))
    tall = X.shape[-2] > X.shape[-1]
    X = X.mT if tall else X
    a, b, c = (X.dtype.type(x) for x in coefficients)
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * (A @ A)) @ X
    return X.mT if tall else X


def of_numpy_in_place(X, steps=5, coefficients=JORDAN):
    X /= np.maximum(np.linalg.norm(X), X.dtype.type(1e-7))
    return of_numpy(X, steps, coefficients)


def of_mlx(X: mx.array, steps: int = 5, coefficients: tuple = JORDAN):
    X = X / (mx.norm(X) + 1e-7)
    a, b, c = coefficients
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * (A @ A)) @ X
    return X


def test_a_function_of_numpy_keeps_the_laws_and_one_that_writes_into_its_argument_does_not():
    found = conform(of_numpy, laws=LAWS, examples=6)
    assert (found.contradicted, found.subject.library.name) == ((), "numpy")
    broken = conform(of_numpy_in_place, laws=["untouched"], examples=20)
    assert broken.contradicted == ("untouched",)
    assert "the caller's array is [[1]]" in broken["untouched"].seen


@pytest.mark.parametrize("dtype", ["fp32", pytest.param("bf16", marks=pytest.mark.long)])
def test_a_function_of_an_mlx_like_namespace_needs_no_wrapper(dtype, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlx_double", mx)
    found = conform(of_mlx, library="mlx_double", laws=LAWS, dtype=dtype, examples=6)
    assert found.contradicted == ()
    assert found.subject.accepts == ("fp32", "bf16", "fp16")
    assert conform(of_mlx, library="mlx_double", laws=["layout"], dtype=dtype)["layout"].verdict == "skipped"


def test_a_defect_of_an_mlx_function_is_caught(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlx_double", mx)
    wrong = conform(lambda X: of_mlx(X) * -1, "3.4445,-4.7750,2.0315", steps=5, library="mlx_double", laws=["sign"])
    assert wrong["sign"].counterexample == "X = [[1]]"


def test_jax_needs_no_wrapper():
    jnp = pytest.importorskip("jax.numpy", reason="jax is no dependency: tried where it is installed")

    def of_jax(X, steps=5, coefficients=JORDAN, eps=1e-7):
        X = X / (jnp.linalg.norm(X, axis=(-2, -1), keepdims=True) + eps)
        a, b, c = coefficients
        for _ in range(steps):
            A = X @ X.mT
            X = a * X + (b * A + c * (A @ A)) @ X
        return X

    found = conform(of_jax, laws=["polar", "untouched", "dtype"], examples=4)
    assert (found.contradicted, found.subject.library.name) == ((), "jax.numpy")


def test_coefficients_are_packed_where_a_function_takes_no_tuple():
    def strict(X, coefficients, steps=5):
        if not isinstance(coefficients, np.ndarray) or coefficients.ndim != 1:
            raise TypeError("coefficients must be an array")
        return of_numpy(X, steps, coefficients)

    assert conform(strict, "3.4445,-4.7750,2.0315", laws=["polar", "coefficients"], examples=5).contradicted == ()


@pytest.mark.long
def test_no_torch_is_needed_for_functions_of_numpy(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import numpy as np\n\ndef polar(X, steps=5):\n    X = X / np.maximum(np.linalg.norm(X), X.dtype.type(1e-7))\n"
        "    for _ in range(steps):\n        A = X @ X.T\n        X = 1.5 * X - 0.5 * A @ X\n    return X\n"
    )
    code = "import sys; sys.modules['torch'] = None\nfrom muon_theory.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["conform", "mine.py:polar", "--coefficients", "3/2,-1/2", "--law", "polar", "--law", "sign"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--examples", "3"], capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, done.stdout[:9]) == (0, "CONFIRMED"), done.stderr
    np.save(tmp_path / "m.npy", np.diag([1.0, 0.5]))
    done = subprocess.run(
        [sys.executable, "-c", code, "spectrum", "m.npy"], capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, done.stdout[:8]) == (0, "OBSERVED"), done.stderr


def test_a_library_is_recognised_by_what_the_function_says():
    torch = pytest.importorskip("torch", reason="torch is an extra")

    def of_torch(X: torch.Tensor):
        return X

    assert candidates(of_torch)[0] == "torch"
    assert candidates(of_numpy)[0] == "numpy"
    alone = Adapter.of(lambda X: X / (X * X).sum() ** 0.5)
    assert declare(alone, Schedule.parse("1"), library="numpy").library is named("numpy")


def test_a_library_is_recognised_by_what_the_function_has_from_the_one_around_it():
    around: dict[str, object] = {"torch": ModuleType("torch")}
    exec("def outer():\n import numpy as xp\n def inner(x): return xp.asarray(x)\n return inner", around)
    inner = around["outer"]()  # type: ignore[operator]
    assert candidates(inner)[0] == "numpy"


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere_at_all", "it cannot be imported"), ("math", "a namespace with asarray and float32 is needed")],
)
def test_what_is_no_library_is_refused_in_one_line(name, message):
    with pytest.raises(UsageError, match=message) as caught:
        conform(of_numpy, library=name)
    assert "\n" not in str(caught.value)


def test_a_function_that_no_library_suits_says_what_it_raised():
    with pytest.raises(UsageError, match="cannot be examined: on a 2×3 fp32 matrix it raises ZeroDivisionError"):
        conform(lambda X: 1 / 0, "3/2,-1/2")
    with pytest.raises(UsageError, match="numpy has no bf16"):
        conform(of_numpy, library="numpy", dtype="bf16")


# The arithmetic -------------------------------------------------------------------------------------------------------


@given(st.floats(allow_nan=False, width=32), st.sampled_from(["fp32", "fp16", "bf16"]))
def test_rounding_is_that_of_torch(x, name):
    torch = pytest.importorskip("torch", reason="torch is an extra")
    kind = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[name]
    assert float(rounded(x, name)) == float(torch.tensor(x, dtype=torch.float32).to(kind).double())


@pytest.mark.parametrize("name", ["fp32", "bf16", "fp16"])
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("row", [JORDAN, (1.5, -0.5), (35 / 16, -35 / 16, 21 / 16, -5 / 16)])
def test_emulated_runs_are_those_of_the_other_engine(name, fused, row):
    torch = pytest.importorskip("torch", reason="torch is an extra")
    from muon_theory.confirmation import kernel_for, run_steps
    from muon_theory.precision import Order, format_named

    X = np.random.default_rng(0).standard_normal((7, 5))
    X /= np.linalg.norm(X)
    schedule = Schedule.of([[repr(c) for c in row]] * 3)
    kernel = kernel_for(name, emulate=name != "fp32")
    order = Order.FUSED if fused else Order.UNFUSED
    start = torch.from_numpy(X).to({"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[name])
    theirs = run_steps(kernel, start, schedule, order).double().numpy()
    ours = Machine(name).direct(X, [row] * 3, fused)
    assert float(np.abs(ours - theirs).max()) <= 64 * float(format_named(name).roundoff)
