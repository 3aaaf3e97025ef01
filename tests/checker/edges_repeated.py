"""Cases at the edge for `constant-bound`, by hand: lines f(x) = w·x, cubics f(x) = s·(x - x³) + r·x³.

Here s is f'(0) and r is f(1).  What a combination of models shows is computed here a second time, in fractions, as
docs/trust.md has it (Lemma D.3): the error claimed is exactly that, which is enough, or 2^-48 more, which is too much.
"""

import math
from fractions import Fraction as Q
from typing import Any

from muon_theory.number import lowest_terms

Case = tuple[dict[str, Any], bool]
Pair = tuple[Q, Q]
Term = tuple[int, Q, int]  # k, z among the values of f^k, and its factor
ULP = Q(1, 2**48)


def repeated(
    degree: int, steps: int, lower: str, error: str, tree: str, points: list[str], nodes: list[str],
    box: list[list[str]], growth: tuple[str, list[str]], **asked: Any,
) -> dict[str, Any]:  # fmt: skip
    claim = {"type": "constant-bound", "degree": degree, "steps": steps, "lower": lower, "error": error}
    witness = {"growth": {"top": growth[0], "points": growth[1]}, "nodes": nodes, "box": box, "points": points}
    return {
        "format": "muon-theory/certificate/1", "schedule": [["1"]],
        "claim": {**claim, "range": None, "slope": None, "multiplier": None, **asked},
        "witness": {"type": "boxes", **witness, "tree": tree},
    }  # fmt: skip


def line(
    w: str, error: str, tree: str, points: list[str], *, steps: int = 1, lower: str = "1/2", top: str = "4",
    to: str = "", t: str = "1", box: list[str] | None = None, **asked: Any,
) -> dict[str, Any]:  # fmt: skip
    """Of the lines with |f(1)| = w, or between w and another value."""
    value = [w, to or w]
    given = {"range": value, **asked}
    return repeated(1, steps, lower, error, tree, points, ["1"], [box or value], (top, [t]), **given)


def cubic(
    at_0: list[str], at_1: list[str], error: str, tree: str, points: list[str], *, steps: int = 2, lower: str = "1/10",
    **asked: Any,
) -> dict[str, Any]:  # fmt: skip
    """Of the cubics with f'(0) and f(1) in these intervals; they grow below 3, by 8/3 - 8/3·y and -1/3 + 4/3·y."""
    given = {"slope": at_0, "range": at_1, **asked}
    return repeated(3, steps, lower, error, tree, points, ["0", "1"], [at_0, at_1], ("3", ["1", "1/2"]), **given)


def down(q: Q) -> Q:
    return math.floor(q / ULP) * ULP


def up(q: Q) -> Q:
    return math.ceil(q / ULP) * ULP


def model(z: Q, steps: int, box: list[Pair]) -> tuple[Q, list[Q], Q]:
    """f^steps(z) = c + Σ d_i·u_i ± e on a box of (s, r)."""
    ends = [(down(lo), up(hi)) for lo, hi in box]
    centre = [down((lo + hi) / 2) for lo, hi in ends]
    radius = [hi - m for m, (_, hi) in zip(centre, ends, strict=True)]
    c, d, e = down(z), [Q(0), Q(0)], up(z) - down(z)
    for _ in range(steps):
        reach = abs(d[0]) + abs(d[1]) + e
        of_s, of_r = [c - c**3, 1 - 3 * c**2, -3 * c, Q(-1)], [c**3, 3 * c**2, 3 * c, Q(1)]
        f = [centre[0] * a + centre[1] * b for a, b in zip(of_s, of_r, strict=True)]
        cross = [radius[0] * abs(a) + radius[1] * abs(b) for a, b in zip(of_s, of_r, strict=True)]
        rest = abs(f[1]) * e + cross[1] * reach + sum((abs(f[j]) + cross[j]) * reach**j for j in (2, 3))
        d = [down(f[1] * d[0] + radius[0] * of_s[0]), down(f[1] * d[1] + radius[1] * of_r[0])]
        c, e = down(f[0]), up(rest) + 3 * ULP  # of the two d_i and of c
    return c, d, e


def shown(terms: list[Term], steps: int, box: list[Pair]) -> Q:
    """The largest error, a multiple of 2^-48, that these terms refute the box with."""
    total, slopes, slack = Q(0), [Q(0), Q(0)], Q(0)
    for k, z, factor in terms:
        c, d, e = model(z, steps - k, box)
        total, slack = total + factor * (c - 1), slack + abs(factor) * e
        slopes = [a + factor * b for a, b in zip(slopes, d, strict=True)]
    return down((abs(total) - abs(slopes[0]) - abs(slopes[1]) - slack) / sum(abs(factor) for *_, factor in terms))


def combined(
    slope: list[str], at_1: list[str], terms: list[Term], steps: int, chain: list[str], more: Q = Q(0)
) -> dict[str, Any]:
    """A box refuted by terms, with exactly the error that they show, and some more."""
    points = [*chain, *(lowest_terms(z) for _, z, _ in terms)]
    words = [f"?{k},{len(chain) + i},{factor}" for i, (k, _, factor) in enumerate(terms)]
    tree = ",".join(str(i) for i in range(len(chain))) + "".join(words)
    box = [(Q(slope[0]), Q(slope[1])), (Q(at_1[0]), Q(at_1[1]))]
    return cubic(slope, at_1, lowest_terms(shown(terms, steps, box) + more), tree, points, steps=steps)


COMBINED: dict[str, tuple[list[str], list[str], list[Term], int, list[str]]] = {
    "one step, above": (["2", "2"], ["7/4", "9/5"], [(0, Q(1), 1)], 1, []),
    "one step, below": (["1/2", "5/9"], ["1/3", "2/5"], [(0, Q(3, 7), -1)], 1, []),
    "two steps": (["1", "11/10"], ["1/4", "1/3"], [(0, Q(3, 7), 1)], 2, []),
    "three steps": (["5/2", "63/25"], ["1/3", "25/73"], [(0, Q(1, 7), 1)], 3, []),
    "four steps, of an exact map": (["21/8", "21/8"], ["1/3", "1/3"], [(0, Q(1, 7), -1)], 4, []),
    "three steps, where f falls": (["5/2", "251/100"], ["1/3", "17/50"], [(0, Q(6, 7), 1)], 3, []),
    "two points of one step": (["2", "21/10"], ["2", "41/20"], [(0, Q(1), 2), (0, Q(4, 5), 1)], 1, []),
    "two points against each other": (["5/2", "63/25"], ["1/3", "25/73"], [(0, Q(1, 7), -3), (0, Q(1), 1)], 2, []),
    "a value of the first image": (["2", "21/10"], ["1/3", "2/5"], [(1, Q(3, 5), -1)], 2, ["1", "1/2"]),
    "values before and after a step": (
        ["2", "21/10"], ["1/3", "2/5"], [(1, Q(3, 5), -2), (0, Q(1, 9), -1)], 3, ["1", "1/2"],
    ),
}  # fmt: skip


def of_any_slope(least: str, most: str, lower: str = "1/10") -> dict[str, Any]:
    """f(1) = 3 refutes all of them."""
    return cubic([least, most], ["3", "3"], "1/2", "?0,0,1", ["1"], lower=lower, steps=1, slope=None)


def quintic(error: Q) -> dict[str, Any]:
    """f(1) = 7/4 of any quintic with f'(0) = 2: its model is 7/4 ± 4·2^-48 (three values, one centre)."""
    growth, box = ("303/64", ["1", "809/1000", "309/1000"]), [["2", "2"], ["0", "8"], ["7/4", "7/4"]]
    asked = {"slope": box[0], "range": box[2]}
    return repeated(5, 1, "1/100", lowest_terms(error), "?0,0,1", ["1"], ["0", "3/5", "1"], box, growth, **asked)


def after_one(z: str) -> dict[str, Any]:
    """f(1) is from 2 to 9/4, f(1/2) from 29/32 to 63/64: a term at z is refused unless z lies between for all maps."""
    return cubic(["7/4", "15/8"], ["2", "9/4"], "1/100", f"0,1?1,2,{1 if Q(z) > 1 else -1}", ["1/2", "1", z], steps=2)


IDENTITY = line("1", "1/2", "=0", ["1/2"])
FIXED = ["1/10", "1", "3/2"]  # s = 17/8, r = 13/8: f(3/2) = 3/2
SLOW = cubic(["3/2", "3/2"], ["1", "1"], "1/2", "!", [], multiplier=["1/8", "1"])  # f'(1) = 3r - 2s = 0

EDGES: dict[str, Case] = {
    **{f"repeated, {name}": (combined(*case), True) for name, case in COMBINED.items()},
    **{f"repeated, {name}, and a little more": (combined(*case, more=ULP), False) for name, case in COMBINED.items()},
    "repeated, a quintic at 1": (quintic(Q(3, 4) - 4 * ULP), True),
    "repeated, a quintic at 1, and a little more": (quintic(Q(3, 4) - 3 * ULP), False),
    # what is claimed, and the growth
    "repeated, lower and error are 1 together": (line("3", "1/2", "?0,0,1", ["1"]), True),
    "repeated, f(1) = 0": (line("0", "1/2", "=0", ["1"]), True),
    "repeated, growth from the lower end": (line("3", "1/2", "?0,0,1", ["1"], t="1/2"), True),
    "repeated, top exactly 1 + E": (line("3", "1/2", "?0,0,1", ["1"], top="3/2"), True),
    "repeated, cubics may not come back, by 4l³ + 3l ≤ 1": (of_any_slope("-1", "8", lower="29/100"), True),
    "repeated, cubics may come back": (of_any_slope("-1", "8", lower="3/10"), False),
    "repeated, slopes from -3/3 not held": (of_any_slope("-9/10", "8"), False),
    "repeated, slopes to 3·8/3 not held": (of_any_slope("-1", "79/10"), False),
    "repeated, top between 1 - E and 1 + E": (line("3", "1/2", "?0,0,1", ["1"], top="5/4"), False),
    "repeated, top not above the growth": (line("3", "1/2", "?0,0,1", ["1"], top="2", t="1/2"), False),
    "repeated, no such values below the top": (line("3", "1/2", "?0,0,1", ["1"], top="3/2", box=["4", "4"]), True),
    "repeated, a box beside the one value": (line("3", "1/2", "?0,0,1", ["1"], box=["4", "4"]), False),
    "repeated, values at 1 up to the top": (
        line("0", "1/5", "a ?0,1,1 ?0,0,1", ["1", "1/4"], lower="1/4", top="5/2", t="1/2", range=None, to="5/2"), True,
    ),
    "repeated, values at 1 not up to the top": (
        line("0", "1/5", "a ?0,1,1 ?0,0,1", ["1", "1/4"], lower="1/4", top="5/2", t="1/2", range=None, to="9/4"), False,
    ),
    "repeated, values at 1 beyond the top": (
        line("2", "1/4", "?0,0,1", ["1"], lower="1/4", top="5/2", t="1/2", range=["2", "4"], box=["2", "5/2"]), True,
    ),
    "repeated, values above 0 not held": (
        line("1", "1/2", "?0,0,1", ["1"], lower="1/4", range=None, box=["2", "4"]), False,
    ),
    # f(z) on the side that leads away
    "repeated, f(z) = z = 1 - E": (IDENTITY, True),
    "repeated, f(z) = z above 1 - E": (line("1", "1/2", "=0", ["3/4"]), False),
    "repeated, f(z) = z = 1": (line("1", "1/2", "=0", ["1"]), False),
    "repeated, f(z) as little above 0 as can be": (line(lowest_terms(ULP), "1/2", "=0", ["1"]), False),
    "repeated, f(z) = z, rounded": (line("1", "1/2", "=0", ["1/3"], lower="1/3"), False),
    "repeated, f(z) > z below 1 - E": (line("9/8", "1/4", "=0", ["1/2"]), False),
    "repeated, f(z) = z = 1 + E": (cubic(["17/8", "17/8"], ["13/8", "13/8"], "1/2", "0,1=2", FIXED), True),
    "repeated, f(z) = z below 1 + E": (cubic(["17/8", "17/8"], ["13/8", "13/8"], "5/9", "0,1=2", FIXED), False),
    "repeated, f(z) < z above 1 + E": (cubic(["1", "1"], ["3/2", "3/2"], "1/4", "0,1=2", ["1/10", "1", "4/3"]), True),
    "repeated, f(z) > 0 above 1 + E": (cubic(["3", "3"], ["3/2", "3/2"], "1/4", "0,1=2", ["1/10", "1", "4/3"]), False),
    # the multiplier
    "repeated, multiplier above f'(1)": (line("1", "1/2", "!", [], multiplier=["5/4", "2"]), True),
    "repeated, multiplier from f'(1) on": (line("1", "1/2", "!", [], multiplier=["1", "2"]), False),
    "repeated, multiplier around f'(1)": (line("1", "1/2", "!", [], multiplier=["3/4", "2"]), False),
    "repeated, multiplier up to f'(1)": (line("1", "1/2", "!", [], multiplier=["0", "1"]), False),
    "repeated, multiplier below f'(1)": (line("1", "1/2", "!", [], multiplier=["0", "3/4"]), True),
    "repeated, a cubic with f'(1) = 0 below": (SLOW, True),
    "repeated, a cubic with f'(1) = 0 above": (
        cubic(["3/2", "3/2"], ["1", "1"], "1/2", "!", [], multiplier=["-1", "-1/8"]), True,
    ),
    "repeated, a cubic with f'(1) = 0 at the end": (
        cubic(["3/2", "3/2"], ["1", "1"], "1/2", "!", [], multiplier=["0", "1"]), False,
    ),
    # chains
    "repeated, one step has no chain": (line("1/2", "1/2", "0,0=0", ["1/2"]), False),
    "repeated, a chain of three steps of four": (line("1", "1/2", "0,1,0,1,0,1=0", ["1/2", "1"], steps=4), True),
    "repeated, a chain of four steps of four": (line("1", "1/2", "0,1,0,1,0,1,0,1=0", ["1/2", "1"], steps=4), False),
    "repeated, a value just above all f(1/2)": (after_one("63/64"), True),
    "repeated, a value above some f(1/2)": (after_one("15/16"), False),
    "repeated, the least f(1)": (after_one("2"), True),
    "repeated, a value below some f(1)": (after_one("65/32"), False),
    "repeated, a term after the chain": (line("2", "1/2", "0,1?2,1,1", ["1/2", "1"], steps=3), False),
    "repeated, a term before the image": (line("2", "1/2", "0,1?1,0,1", ["1/2", "1"], steps=3), False),
    "repeated, an orbit up to 2^30": (line(str(2**30 - 1), "1/2", "?0,0,1", ["1"], steps=2, top=str(2**31)), True),
    "repeated, an orbit to 2^30": (line(str(2**30), "1/2", "?0,0,1", ["1"], steps=2, top=str(2**31)), False),
    "repeated, orbits around 2^30": (
        line(str(2**30 - 2), "1/2", "?0,0,1", ["1"], steps=2, top=str(2**31), to=str(2**30 + 1)), False,
    ),
}  # fmt: skip
