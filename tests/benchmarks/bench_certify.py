"""What a proof costs: finding and checking a two-sided band, beside sympy's exact root isolation and Sollya's supnorm.

    python tests/benchmarks/bench_certify.py        prints the ratios as JSON, with the machine's description

All figures of a ratio come from one run, interleaved, the best of several.  Nothing is asserted about a clock.
"""

import json
import platform
import shutil
import subprocess
import sys
import time
from fractions import Fraction

import pytest

from muon_theory import Interval, Schedule, catalogue, verify
from muon_theory.finders import band, certify

pytestmark = pytest.mark.benchmark
JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
START = Interval.of("1/1000", 1)
DIGITS = 12


def ours():
    return band.maps_into(JORDAN, START, digits=DIGITS), band.attains(JORDAN, START, DIGITS)


def by_sympy():
    """The band by sympy: isolate each step's critical points exactly, take the hull of the values, round outward."""
    from sympy import Poly, Rational, Symbol, real_roots

    x, (lo, hi) = Symbol("x"), (Rational(1, 1000), Rational(1))
    for step in JORDAN.steps:
        f = Poly([Rational(c.numerator, c.denominator) for c in reversed(step.dense())], x)
        values = [f.eval(lo), f.eval(hi)]
        for root in real_roots(f.diff()):
            if lo < root < hi:
                q = root.eval_rational(n=2 * DIGITS)
                values.append(f.eval(q))
        margin = Rational(1, 10 ** (DIGITS + 3))
        lo, hi = (min(values) - margin).limit_denominator(10**16), (max(values) + margin).limit_denominator(10**16)
    return lo, hi


def by_sollya():
    """Certified supremum norms of the five steps, on the intervals of our chain, to 12 digits, by Sollya's supnorm."""
    chain = ours()[0].witness.steps
    here, lines = START, ["prec=165;"]
    for step, row in zip(chain, JORDAN.steps, strict=True):
        a, b, c = row.coefficients
        poly = (
            f"({a.numerator}/{a.denominator})*x+({b.numerator}/{b.denominator})*x^3+({c.numerator}/{c.denominator})*x^5"
        )
        ends = f"[{here.lo.numerator}/{here.lo.denominator};{here.hi.numerator}/{here.hi.denominator}]"
        lines.append(f"print(supnorm(0,{poly},{ends},absolute,2^(-40)));")
        here = step.outer
    done = subprocess.run(["sollya"], input="\n".join(lines) + "\nquit;\n", capture_output=True, text=True, check=True)
    return done.stdout


def nothing_by_sollya():
    subprocess.run(["sollya"], input="quit;\n", capture_output=True, text=True, check=True)


def best(*functions, repeats=7):
    """The least time of each in seconds, the calls interleaved."""
    times = [float("inf")] * len(functions)
    for _ in range(repeats):
        for i, f in enumerate(functions):
            start = time.perf_counter()
            f()
            times[i] = min(times[i], time.perf_counter() - start)
    return times


def whole_catalogue():
    for name in catalogue.ids():
        found = certify(catalogue.get(name))
        assert verify(found.certificate).proved


def measure():
    outer, inner = ours()
    find, check, sympy_seconds = best(ours, lambda: (verify(outer), verify(inner)), by_sympy)
    found = {
        "find_seconds": find,
        "check_seconds": check,
        "sympy_seconds": sympy_seconds,
        "sympy_over_find": sympy_seconds / find,
        "bytes": len(outer.data) + len(inner.data),
        "catalogue_seconds": best(whole_catalogue, repeats=2)[0],
    }
    if shutil.which("sollya"):
        with_work, start_up = best(by_sollya, nothing_by_sollya)
        found |= {"sollya_seconds_less_start": with_work - start_up, "sollya_over_find": (with_work - start_up) / find}
    machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    return {"machine": machine, "command": "python tests/benchmarks/bench_certify.py", **found}


def test_the_peers_agree_with_the_band():
    outer, inner = ours()
    assert verify(outer).proved
    assert verify(inner).proved
    lo, hi = (Fraction(int(q.p), int(q.q)) for q in by_sympy())
    for mine, theirs in ((outer.claim.target.lo, lo), (outer.claim.target.hi, hi)):
        assert abs(mine - theirs) < Fraction(1, 10 ** (DIGITS - 1))


def test_sollyas_supnorm_encloses_the_highest_value_of_each_step():
    if not shutil.which("sollya"):
        pytest.skip("sollya is absent (Debian package sollya)")
    chain = ours()[0].witness.steps
    norms = [line.strip("[]").split(";") for line in by_sollya().split() if line.startswith("[")]
    assert len(norms) == len(chain)
    for (lo, hi), step in zip(norms, chain, strict=True):
        assert float(lo) - 1e-9 <= float(step.outer.hi) <= float(hi) + 1e-9


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=1)
    print()
