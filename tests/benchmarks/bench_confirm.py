# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""What real matrices cost: the reference iteration beside the common one, emulation beside native, and confirmation.

    python -m pytest tests/benchmarks/bench_confirm.py --benchmark-group-by=group

Ratios are taken side by side in one run, on one thread: its processor time, interleaved, the best of several, so that
they survive a busy machine.
`python tests/benchmarks/bench_confirm.py` prints all of them as JSON with the machine's description.
"""

import inspect
import json
import sys
import time
from fractions import Fraction
from math import prod

import pytest

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import SPECTRA, a_posteriori, build, gelfand, orthogonalize, phi
from muon_theory.confirmation.inputs import seeded
from muon_theory.confirmation.iteration import run_steps
from muon_theory.confirmation.kernel import Emulated, Native
from muon_theory.confirmation.orthogonal import usual_restarts
from muon_theory.confirmation.result import environment
from muon_theory.interval import Interval
from muon_theory.precision import Order
from muon_theory.schedule import Schedule

pytestmark = pytest.mark.benchmark
torch.set_num_threads(1)  # the best of several on one core says more than two contended ones
JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
START = Interval.of("1/100", 1)
SIZES = [(256, 256), (1024, 1024), (256, 1024), (1024, 4096)]
PEER = [(64, 64, 64), (256, 256), (256, 1024), (1024, 1024), (1024, 4096)]
LARGE = 2**19  # entries from which one step of torch's bf16 function takes half a minute here, and is all that is run
SIXTEEN = {"bf16": torch.bfloat16, "fp16": torch.float16}
COSTS = [(64, 64, 64), (8, 256, 256), (1024, 1024)]


def common(X, steps=5, eps=1e-7):
    """The iteration as most repositories write it, in the dtype of X."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = X.size(-2) > X.size(-1)
    X = X.mT if tall else X
    X = X / (X.norm(dim=(-2, -1), keepdim=True) + eps)
    for _ in range(steps):
        A = X @ X.mT
        B = b * A + c * A @ A
        X = a * X + B @ X
    return X.mT if tall else X


def best(*functions, repeats=9):
    """The least processor time of each, the calls interleaved."""
    times = [float("inf")] * len(functions)
    for _ in range(repeats):
        for i, f in enumerate(functions):
            start = time.process_time()
            f()
            times[i] = min(times[i], time.process_time() - start)
    return times


def gaussian(*shape):
    return torch.randn(*shape, generator=seeded("cpu", shape))


def reference_ratio(shape, form="direct"):
    """Time of `orthogonalize` in units of the common fp32 implementation."""
    X = gaussian(*shape)
    ours, theirs = best(lambda: orthogonalize(X, JORDAN, form=form), lambda: common(X))
    return ours / theirs


def torch_function(dtype):
    """torch.optim.Muon's own function; for fp32 its very text but for the cast to bf16, which is a copy there."""
    from torch.optim import _muon

    if dtype is torch.bfloat16:
        return _muon._zeropower_via_newtonschulz
    source = inspect.getsource(_muon._zeropower_via_newtonschulz)
    assert source.count("grad.bfloat16()") == 1
    made = dict(vars(_muon))
    exec(source.replace("grad.bfloat16()", "grad.clone()"), made)
    return made["_zeropower_via_newtonschulz"]


def torch_ratio(shape, dtype, emulate=None, form="direct"):
    """Time of `orthogonalize` in units of torch.optim.Muon's function in the same format, which takes one matrix."""
    theirs, long = torch_function(dtype), dtype is torch.bfloat16 and prod(shape) > LARGE
    X, count = gaussian(*shape), 1 if long else 5
    members, schedule = list(X) if X.dim() > 2 else [X], JORDAN.repeated(count)
    ours, muon = best(
        lambda: orthogonalize(X, schedule, dtype=dtype, emulate=emulate, form=form),
        lambda: [theirs(Y, (3.4445, -4.7750, 2.0315), count, 1e-7) for Y in members],
        repeats=2 if long else 9 if prod(shape) > LARGE else 25,
    )
    return ours / muon


def gram_ratio(shape, dtype):
    """Time of the Gram form with its usual restarts in units of the direct one."""
    X = gaussian(*shape)
    gram, direct = best(
        *(lambda f=f: orthogonalize(X, JORDAN, dtype=dtype, form=f) for f in ("gram", "direct")), repeats=3
    )
    return gram / direct


def emulation_ratio(name, n):
    """Time of native 16-bit steps in units of emulated ones."""
    X = gaussian(n, n) / n
    native, emulated = best(
        lambda: run_steps(Native(name), X, JORDAN), lambda: run_steps(Emulated(name), X, JORDAN), repeats=2
    )
    return native / emulated


def confirmation_costs(shape):
    """Times of building an input, the final residual and Gelfand's bound, in units of a five-step fp32 run.

    φ(s) is computed before: it depends on s alone, and one computation serves every dtype and shape.
    """
    matrix = build(SPECTRA["log-uniform"], shape, JORDAN, START)
    phi(JORDAN, matrix.spectrum)
    X, R = matrix.X.float(), matrix.X * 1e-3
    run, make, residual, bound = best(
        lambda: run_steps(Native("fp32"), X, JORDAN),
        lambda: build(SPECTRA["log-uniform"], shape, JORDAN, START),
        lambda: matrix.X - matrix.expected(JORDAN),
        lambda: gelfand(R),
        repeats=4,
    )
    return {"input": make / run, "residual": residual / run, "gelfand": bound / run}


def posterior_ratio(shape, name, order=Order.FUSED, repeats=5):
    """Time of a run with tier A in units of the same emulated run without, each on a new input."""
    kernel, start = Emulated(name), Interval(START.lo * Fraction(9, 10), START.hi * Fraction(101, 100))
    restarts = usual_restarts(JORDAN, name) if order is Order.GRAM else ()
    inputs = [build(SPECTRA["log-uniform"], shape, JORDAN, START, seed).X for seed in range(repeats + 1)]
    a_posteriori(kernel, inputs.pop(), JORDAN, start, order, restarts)
    first, second = iter(inputs), iter(inputs)
    bounded, plain = best(
        lambda: a_posteriori(kernel, next(first), JORDAN, start, order, restarts),
        lambda: run_steps(kernel, next(second), JORDAN, order, restarts),
        repeats=repeats,
    )
    return bounded / plain


def disagreement(name, m, k, trials):
    """Emulated against native products: the share of entries that differ, and the largest difference in units of the
    last place of |P||Q|."""
    native, emulated, differ, worst = Native(name), Emulated(name), 0, 0.0
    for t in range(trials):
        g = seeded("cpu", name, m, k, t)
        P, Q = (emulated.load(torch.randn(s, generator=g)) for s in ((m, k), (k, m)))
        ours = emulated.matmul(P, Q).double()
        theirs = native.matmul(native.load(P), native.load(Q)).double()
        size = P.abs().double() @ Q.abs().double()
        place = torch.exp2(torch.floor(torch.log2(size))) * 2 * float(native.format.roundoff)
        differ += int((ours != theirs).sum())
        worst = max(worst, float(((ours - theirs).abs() / place).max()))
    return {"differ": differ / (trials * m * m), "worst": worst}


@pytest.mark.parametrize("shape", SIZES, ids=str)
@pytest.mark.parametrize("which", ["orthogonalize", "gram", "common"])
def test_fp32(benchmark, shape, which):
    benchmark.group = f"fp32 {shape}"
    X = gaussian(*shape)
    form = "gram" if which == "gram" else "direct"
    benchmark(lambda: common(X) if which == "common" else orthogonalize(X, JORDAN, form=form))


TARGETS = {
    "reference / common fp32": 1.05,
    "gram / common fp32": 0.75,
    "reference / torch.optim.Muon": 1.0,
    "confirmation / five fp32 steps": dict(zip(map(str, COSTS), (1.8, 0.9, 0.6), strict=True)),
    "tier A run / emulated run": 5,
}
"""What to record against; nothing is asserted about a clock."""


def record():
    return {
        "environment": environment(),
        "threads": torch.get_num_threads(),
        "targets": TARGETS,
        "reference / common fp32": {str(s): reference_ratio(s) for s in SIZES},
        "gram / common fp32": {str(s): reference_ratio(s, "gram") for s in SIZES},
        "reference / torch.optim.Muon": {
            **{f"fp32 {s}": torch_ratio(s, torch.float32) for s in PEER},
            **{f"bf16 {s}": torch_ratio(s, torch.bfloat16) for s in PEER},
            **{f"bf16 {s}, native": torch_ratio(s, torch.bfloat16, False) for s in PEER},
        },
        "gram / direct": {f"{n} {s}": gram_ratio(s, d) for n, d in SIXTEEN.items() for s in [(256, 1024), (256, 256)]},
        "native / emulated": {f"{d} {n}": emulation_ratio(d, n) for d in ("bf16", "fp16") for n in (128, 512)},
        "confirmation / five fp32 steps": {str(s): confirmation_costs(s) for s in COSTS},
        "tier A run / emulated run": {
            "256": posterior_ratio((256, 256), "bf16", repeats=20),
            "1024": posterior_ratio((1024, 1024), "bf16"),
            "gram (256, 1024)": posterior_ratio((256, 1024), "fp16", Order.GRAM, 10),
        },
        "emulated against native": {
            f"{d} {k}": disagreement(d, 48, k, 20) for d in ("bf16", "fp16") for k in (16, 128, 1024)
        },
    }


if __name__ == "__main__":
    json.dump(record(), sys.stdout, indent=1)
