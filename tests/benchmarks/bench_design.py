"""What a schedule of so many correct digits costs: our greedy composition, Sollya's `remez`, and published generators.

    python tests/benchmarks/bench_design.py        prints the ratios as JSON, with the machine's description

Processor seconds of one run, interleaved, the best of several; Sollya's start is taken off.  Digits are counted against
a composition at twice the precision (which tests/designs/test_digits.py compares with mpmath), and Sollya is given the
least quality of three with which it has as many as we.  The generators run in binary64: their digits are counted row by
row.
"""

from __future__ import annotations

import json
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import inf, log10

import numpy as np
import pytest

from muon_theory.designs import Rounding, compose
from muon_theory.number import rational
from tests.naive import naive_remez

pytestmark = pytest.mark.benchmark
CASES = [
    (degree, lower, 5, digits)
    for degree in (3, 5, 7, 9, 11)
    for lower in ("1e-1", "1e-3", "1e-6")
    for digits in (15, 60)
]
REPEATS, ROUNDS = 20, 3
SECONDS = 6
"""Of a processor, after which Sollya is taken to give no answer."""

Rows = Sequence[Sequence[Fraction]]


def ours(degree: int, lower: str, steps: int, digits: int) -> Rows:
    made = compose((degree,) * steps, Fraction(lower), rounding=Rounding(digits))
    return [step.coefficients for step in made.schedule.steps]


def ideal(degree: int, lower: str, steps: int, digits: int) -> Rows:
    """At twice the digits."""
    return ours(degree, lower, steps, 2 * digits + 20)


def script(degree: int, lower: str, steps: int, digits: int, quality: int, repeats: int = 1) -> str:
    """Step by step, so many times; the precision is what the exchange needs for its digits, and some for l."""
    bits = 4 * (digits + quality) + 100
    powers = ", ".join(map(str, range(1, degree + 1, 2)))
    step = f"p = remez(1, [|{powers}|], [l; u], 1, 10^(-{quality})); l = p(l); u = 2 - l;"
    said = f"for k from 1 to {degree} by 2 do {{ print(coeff(p, k)); }};"
    body = f"l = {Fraction(lower)}; u = 1; for t from 1 to {steps} do {{ {step} {said if repeats == 1 else ''} }};"
    return f"prec = {bits}!; display = decimal!; for again from 1 to {repeats} do {{ {body} }};\nquit;\n"


def sollya(text: str) -> tuple[str, float]:
    """What it prints, and its processor seconds.  Raises TimeoutError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    limited = f"ulimit -t {SECONDS} && exec sollya"
    done = subprocess.run(["bash", "-c", limited], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TimeoutError(f"no answer in {SECONDS} s")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_sollya(degree: int, lower: str, steps: int, digits: int, quality: int) -> Rows:
    words = sollya(script(degree, lower, steps, digits, quality))[0].split()
    numbers = [rational(word) for word in words if word[-1].isdigit()]
    terms = degree // 2 + 1
    return [numbers[i : i + terms] for i in range(0, len(numbers), terms)]


def digits_of(rows: Rows, exact: Rows) -> float:
    """Correct digits of the worst coefficient."""
    if len(rows) != len(exact):
        return 0.0
    pairs = [(a, b) for row, best in zip(rows, exact, strict=True) for a, b in zip(row, best, strict=True)]
    worst = max(abs(a / b - 1) for a, b in pairs)
    return 999.0 if worst == 0 else log10(worst.denominator) - log10(worst.numerator)


def timed(run: Callable[[], object], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        run()
    return (time.process_time() - start) / repeats


def side_by_side(case: tuple[int, str, int, int]) -> dict[str, object]:
    """The least times of both, interleaved, and the digits of both."""
    degree, lower, _, digits = case
    exact = ideal(*case)
    rows = ours(*case)
    exact = exact[: len(rows)]  # where ours ends with its limit row, so many rows are compared and timed
    case = (degree, lower, len(rows), digits)
    found: dict[str, object] = {"case": case, "our_digits": round(digits_of(rows, exact), 1)}
    theirs, quality = 0.0, 0
    try:
        for quality in (digits // 2 + 2, digits + 3, 2 * digits + 10):
            theirs = digits_of(by_sollya(*case, quality), exact)
            if theirs >= digits - 1:
                break
    except TimeoutError as error:
        return found | {"sollya": str(error)}
    found["sollya_digits"] = round(theirs, 1)
    if theirs < digits - 1:
        return found | {"sollya": "fewer digits"}
    repeats = max(3, min(REPEATS, round(0.1 / timed(lambda: ours(*case), 1))))
    text, start = script(*case, quality, repeats), "quit;\n"
    we = they = empty = inf
    try:
        for _ in range(ROUNDS):
            we = min(we, timed(lambda: ours(*case), repeats))
            they = min(they, sollya(text)[1])
            empty = min(empty, sollya(start)[1])
    except TimeoutError as error:
        return found | {"sollya": f"{error} for {repeats} times"}
    seconds = (they - empty) / repeats
    return found | {"our_seconds": we, "sollya_seconds": seconds, "ratio": seconds / we}


# --------------------------------------------------------------------------------------- published generators, binary64


def polar_express_quintic(l: float, u: float) -> list[float]:
    """The quintic of the Polar Express code (arXiv 2505.16932, Appendix G), with a limit to its rounds."""
    if l / u >= 1 - 5e-6:
        return [15 / 8 / u, -10 / 8 / u**3, 3 / 8 / u**5]
    q, r, error, before = (3 * l + 1) / 4, (l + 3) / 4, inf, -inf
    row = np.zeros(3)
    for _ in range(1000):
        if abs(before - error) <= 1e-15:
            return [float(c) for c in row]
        before = error
        points, signs = np.array([l, q, r, u]), np.array([1.0, -1.0, 1.0, -1.0])
        *row, error = np.linalg.solve(np.stack([points, points**3, points**5, signs], axis=1), np.ones(4))
        a, b, c = row
        with np.errstate(invalid="ignore"):
            q, r = np.sqrt((-3 * b + np.array([-1, 1]) * np.sqrt(9 * b * b - 20 * a * c)) / (10 * c))
        if not np.isfinite([q, r]).all():
            raise ArithmeticError("the extrema are lost")
    raise ArithmeticError("the exchange does not end")


def polar_express(degree: int, lower: str, steps: int) -> list[list[float]]:
    """Its composition, without safety factor and cushion."""
    l, u, rows = float(lower), 1.0, []
    for _ in range(steps):
        row = polar_express_quintic(l, u)
        rows.append(row)
        l = sum(c * l ** (2 * i + 1) for i, c in enumerate(row))
        u = 2 - l
    return rows


def cans_cubic(degree: int, lower: str, steps: int) -> list[list[float]]:
    """The cubics of CANS by their formula (arXiv 2506.10935, Proposition 2)."""
    l, u, rows = float(lower), 1.0, []
    for _ in range(steps):
        e = ((l * l + l * u + u * u) / 3) ** 0.5
        below = 2 * e**3 + l * l * u + l * u * u
        rows.append([6 * e * e / below, -2 / below])
        error = (2 * e**3 - l * l * u - l * u * u) / below
        l, u = 1 - error, 1 + error
    return rows


def remez(degree: int, lower: str, steps: int) -> list[list[float]]:
    """The exchange of Remez on a grid, as generators for any degree have it."""
    l, u, rows = float(lower), 1.0, []
    for _ in range(steps):
        row, error = naive_remez.remez(degree, l, u)
        rows.append(list(row))
        l, u = 1 - abs(error), 1 + abs(error)
    return rows


GENERATORS = {"polar express": (polar_express, 5), "cans, cubics": (cans_cubic, 3), "remez on a grid": (remez, 7)}


def generator(name: str, lower: str, steps: int) -> dict[str, object]:
    """Its correct digits in each row, and its processor seconds over those of ours at 17 digits."""
    make, degree = GENERATORS[name]
    exact = ideal(degree, lower, steps, 20)
    found: dict[str, object] = {"generator": name, "lower": lower, "degree": degree}
    try:
        rows = make(degree, lower, steps)
    except (ArithmeticError, ValueError) as error:
        return found | {"fails": str(error)}
    pairs = [([Fraction(c) for c in row], best) for row, best in zip(rows, exact, strict=False)]
    digits = [min(round(digits_of([row], [best]), 1), 17.0) for row, best in pairs]
    we = they = inf
    for _ in range(ROUNDS):
        we = min(we, timed(lambda: ours(degree, lower, steps, 17), 2))
        they = min(they, timed(lambda: make(degree, lower, steps), 2))
    return found | {"digits": digits, "ratio": they / we}


def measure() -> dict[str, object]:
    machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    return {
        "machine": machine,
        "command": "python tests/benchmarks/bench_design.py",
        "generators": [generator(name, l, 8) for name in GENERATORS for l in ("1e-1", "1e-3", "1e-6", "1e-12")],
        "sollya": [side_by_side(case) for case in CASES] if shutil.which("sollya") else [],
    }


def test_sollyas_composition_is_ours() -> None:
    if not shutil.which("sollya"):
        pytest.skip("sollya is absent (Debian package sollya)")
    case = (5, "1e-3", 3, 15)
    assert digits_of(by_sollya(*case, 12), ours(*case)) > 14


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_a_generators_first_rows_are_ours(name: str) -> None:
    digits = generator(name, "1e-1", 2)["digits"]
    assert isinstance(digits, list)
    assert digits[0] > 8


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=1)
    print()
