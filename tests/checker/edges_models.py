"""Cases at the edge for the claims by polynomial models of φ(x)/x, by hand: exactly enough, or a little too little."""

from fractions import Fraction as Q
from typing import Any

from muon_theory.number import lowest_terms

Case = tuple[dict[str, Any], bool]
Step = tuple[list[str], list[str]]  # a model and its error, coefficients of 1, u, u², …


def certificate(rows: list[str], claim: dict[str, Any], points: list[str], cells: list[list[Step]]) -> dict[str, Any]:
    given = [[{"model": model, "error": error} for model, error in steps] for steps in cells]
    return {
        "format": "muon-theory/certificate/1", "schedule": [row.split(",") for row in rows], "claim": claim,
        "witness": {"type": "models", "points": points, "cells": given},
    }  # fmt: skip


def ratio(rows: list[str], over: list[str], bounds: list[str], *steps: Step) -> dict[str, Any]:
    return certificate(rows, {"type": "ratio", "interval": over, "bounds": bounds}, [], [list(steps)])


def moments(row: str, measure: str, over: list[str], bounds: list[list[str]], *cells: Step, cuts: Any = ()) -> Any:
    mean, square, variance = bounds
    claim = {"type": "moments", "interval": over, "measure": measure, "mean": mean, "square": square}
    return certificate([row], {**claim, "variance": variance}, list(cuts), [[cell] for cell in cells])


ONE: Step = (["1"], ["1/8"])  # of f(x) = x, with more error than there is
MINUS: Step = (["-1"], ["1/8"])
NONE: Step = (["0"], ["1/8"])
THREE = ["0", "3"]
# ∫ w·p, ∫ w·e, … over [0, 3] give these exactly: see docs/trust.md, Moments
OF_X = [["21/16", "27/16"], ["-11/64", "139/64"], ["-165/256", "531/256"]]
OF_MINUS_X = [["-27/16", "-21/16"], ["373/64", "523/64"], ["-165/256", "531/256"]]
OF_0 = [["-3/16", "3/16"], ["13/64", "115/64"], ["-117/256", "27/64"]]
EXACT = [["3/2", "3/2"], ["1", "1"], ["3/4", "3/4"]]


def narrower(bounds: list[list[str]]) -> dict[str, list[list[str]]]:
    """Each of the six ends moved inward by a thousandth."""
    found = {}
    for i, name in enumerate(("mean", "square", "variance")):
        for end, move in ((0, Q(1, 1000)), (1, Q(-1, 1000))):
            moved = [list(b) for b in bounds]
            moved[i][end] = lowest_terms(Q(moved[i][end]) + move)
            found[f"{name}, {'upper' if end else 'lower'} end"] = moved
    return found


def uniform(row: str, bounds: list[list[str]], step: Step) -> dict[str, Any]:
    return moments(row, "uniform", THREE, bounds, step)


WIDE = [["-9", "9"], ["-9", "9"], ["-9", "9"]]
LN_2 = Q("0.69314718055994530941723212145817656807550013436025525412068000949339362196969471560586332699641868754")
MEAN = 1 / LN_2  # of x on [1, 2], log-uniform


def near(value: Q, below: Q, above: Q) -> list[str]:
    return [lowest_terms(value - below), lowest_terms(value + above)]


TINY, ROOM = Q(1, 10**60), Q(1, 10**36)


def slowly(upper: list[str]) -> dict[str, Any]:
    """x log-uniform where t = 2^-100: every term of the series is one unit of 2^-200, or none."""
    mean = [lowest_terms(Q(2**201, 2**101 + 80)), *upper]
    return moments("1", "log-uniform", [str(2**100 - 1), str(2**100 + 1)], [mean, HUGE, HUGE], (["1"], ["0"]))


WIDER = [near(Q(lo), Q(1, 10**50), Q(hi) - Q(lo) + Q(1, 10**50)) for lo, hi in OF_X]
HUGE = [str(-(10**70)), str(10**70)]

EDGES: dict[str, Case] = {
    "ratio, the error as it is": (ratio(["1"], ["0", "1"], ["7/8", "9/8"], ONE), True),
    "ratio, lower bound too high": (ratio(["1"], ["0", "1"], ["8/9", "9/8"], ONE), False),
    "ratio, upper bound too low": (ratio(["1"], ["0", "1"], ["7/8", "10/9"], ONE), False),
    "ratio, an exact model": (ratio(["2,-1"], ["0", "1"], ["1", "2"], (["2", "0", "-1"], ["0"])), True),
    "ratio, an exact model that is too low": (
        ratio(["2,-1"], ["0", "1"], ["0", "2"], (["199/100", "0", "-1"], ["0"])), False,
    ),
    "ratio, an exact model that is too high": (
        ratio(["2,-1"], ["0", "1"], ["0", "3"], (["201/100", "0", "-1"], ["0"])), False,
    ),
    "ratio, on [1, 2] in u": (ratio(["2,-1"], ["1", "2"], ["-2", "1"], (["1", "-2", "-1"], ["0"])), True),
    "ratio, an error below 0": (ratio(["1"], ["0", "1"], ["0", "2"], (["1"], ["-1/8"])), False),
    "ratio, two steps, the first's error carried": (ratio(["1", "1"], ["0", "1"], ["7/8", "9/8"], ONE, ONE), True),
    "ratio, two steps, the first's error forgotten": (
        ratio(["1", "1"], ["0", "1"], ["7/8", "9/8"], ONE, (["1"], ["1/9"])), False,
    ),
    "ratio, a step without a model": (ratio(["1", "1"], ["0", "1"], ["7/8", "9/8"], ONE), False),
    "ratio, left of 0": (ratio(["1"], ["-1", "1"], ["7/8", "9/8"], ONE), False),
    "ratio, at a point": (ratio(["1"], ["1", "1"], ["7/8", "9/8"], ONE), False),
    "ratio, no coefficients": (ratio(["1"], ["0", "1"], ["-1", "1"], ([], ["1"])), False),
    "ratio, two cells for one": (
        certificate(["1"], {"type": "ratio", "interval": THREE, "bounds": ["0", "2"]}, [], [[ONE], [ONE]]), False,
    ),
    "moments, x exactly": (uniform("1", EXACT, (["1"], ["0"])), True),
    "moments, x with an error": (uniform("1", OF_X, ONE), True),
    "moments, -x with an error": (uniform("-1", OF_MINUS_X, MINUS), True),
    "moments, 0 with an error": (uniform("0", OF_0, NONE), True),
    **{f"moments, x with an error, {name}": (uniform("1", b, ONE), False) for name, b in narrower(OF_X).items()},
    **{f"moments, -x with an error, {n}": (uniform("-1", b, MINUS), False) for n, b in narrower(OF_MINUS_X).items()},
    **{f"moments, 0 with an error, {name}": (uniform("0", b, NONE), False) for name, b in narrower(OF_0).items()},
    "moments, no measure": (moments("1", "even", THREE, WIDE, ONE), False),
    "moments, log-uniform from 0": (moments("1", "log-uniform", ["0", "1"], WIDE, ONE), False),
    "moments, log-uniform, to twice the lower end": (moments("1", "log-uniform", ["1", "2"], WIDE, ONE), True),
    "moments, log-uniform, beyond": (moments("1", "log-uniform", ["1", "201/100"], WIDE, ONE), False),
    "moments, log-uniform, in two cells": (
        moments("1", "log-uniform", ["1", "3"], WIDE, ONE, ONE, cuts=["3/2"]), True,
    ),
    "moments, log-uniform, the mean": (
        moments("1", "log-uniform", ["1", "2"], [near(MEAN, ROOM, ROOM), *WIDE[1:]], (["1"], ["0"])), True,
    ),
    "moments, log-uniform, a mean above": (
        moments("1", "log-uniform", ["1", "2"], [near(MEAN, -TINY, Q(1)), *WIDE[1:]], (["1"], ["0"])), False,
    ),
    "moments, log-uniform, a mean below": (
        moments("1", "log-uniform", ["1", "2"], [near(MEAN, Q(1), -TINY), *WIDE[1:]], (["1"], ["0"])), False,
    ),
    "ratio, wrong where the earlier error is lowest and u is 1": (
        ratio(["1", "1"], ["0", "1"], ["0", "2"], (["1"], ["0", "1/8"]), (["1", "1/64"], ["7/64"])), False,
    ),
    "ratio, wrong where the earlier error is highest and u is 0": (
        ratio(["1", "1"], ["0", "1"], ["0", "2"], ONE, (["63/64", "1/64"], ["7/64", "1/64"])), False,
    ),
    "moments, in two cells": (moments("1", "uniform", THREE, WIDER, ONE, ONE, cuts=["1"]), True),
    **{
        f"moments, in two cells, {name}": (moments("1", "uniform", THREE, b, ONE, ONE, cuts=["1"]), False)
        for name, b in narrower(OF_X).items()
    },
    "moments, the logarithm's units": (slowly([str(2**100)]), True),
    "moments, the logarithm's units, an upper end too low": (slowly([lowest_terms(Q(2**201, 2**101 + 1))]), False),
    "moments, an interval too short": (
        moments("1", "uniform", ["0", lowest_terms(Q(1, 2**210))], WIDE, ONE), False,
    ),
}  # fmt: skip
