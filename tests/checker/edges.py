"""Cases at the edge of each obligation: exactly enough, or a little too little; by hand, with the verdict deserved."""

import json
from typing import Any

from tests.checker import edges_families, edges_models, edges_repeated
from tests.checker.accepted import FOLDER

Case = tuple[dict[str, Any], bool]
Cuts = list[str]
NONE: list[Cuts] = [[], []]


def certificate(rows: list[str], claim: dict[str, Any], witness: dict[str, Any]) -> dict[str, Any]:
    schedule = [row.split(",") for row in rows]
    return {"format": "muon-theory/certificate/1", "schedule": schedule, "claim": claim, "witness": witness}


def outer(*intervals: list[str]) -> list[dict[str, Any]]:
    return [{"outer": i, "splits": NONE} for i in intervals]


def band(rows: list[str], start: list[str], target: list[str], steps: list[Any]) -> dict[str, Any]:
    return certificate(rows, {"type": "maps-into", "start": start, "target": target}, {"type": "chain", "steps": steps})


def reach(rows: list[str], start: list[str], contains: list[str], steps: list[Any]) -> dict[str, Any]:
    return certificate(
        rows, {"type": "attains", "start": start, "contains": contains}, {"type": "chain", "steps": steps}
    )


def robust(start: list[str], target: list[str], errors: list[str], *outers: list[str]) -> dict[str, Any]:
    claim = {"type": "robust-band", "start": start, "target": target, "errors": errors}
    return certificate(["1"] * len(errors), claim, {"type": "chain", "steps": outer(*outers)})


def but(
    target: list[str], share: str, norm: str | None, k: int, width: str, count: int, outers: list[str]
) -> dict[str, Any]:
    """One step x ← x from [1/2, 1] with errors ≤ 1/2; a share that is not 0 is all that is used."""
    shared = share != "0"
    lists = {"shares": [share] if shared else [], "rests": ["0"] if shared else [], "norms": [norm] if norm else []}
    claim = {"type": "all-but", "start": HALF, "target": target, "errors": ["1/2"], **lists, "exceptions": k}
    witness = {"widths": [width], "counts": [count], "relative": [[True, True]] if shared else []}
    return certificate(["1"], claim, {"type": "widened", **witness, "steps": outer(outers)})


def and_so(case: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The same with other numbers in the claim."""
    return {**case, "claim": {**case["claim"], **changes}}


def twice_but(first: list[str], last: list[str], error: str = "1/4") -> dict[str, Any]:
    """Two steps x ← x from [1/2, 1] with errors ≤ 1/4 and another."""
    lists = {"errors": ["1/4", error], "shares": [], "rests": [], "norms": [], "exceptions": 0}
    claim = {"type": "all-but", "start": HALF, "target": last, **lists}
    witness = {"type": "widened", "widths": ["1/4", error], "counts": [0, 0], "relative": []}
    return certificate(["1", "1"], claim, {**witness, "steps": outer(first, last)})


def flip(rows: list[str], start: list[str], step: int, *outers: list[str]) -> dict[str, Any]:
    claim = {"type": "flips", "start": start, "step": step}
    return certificate(rows, claim, {"type": "chain", "steps": outer(*outers)})


def escape(row: str, start: list[str], radius: str, ratio: str) -> dict[str, Any]:
    witness = {"type": "escape", "steps": [], "radius": radius, "ratio": ratio, "splits": []}
    return certificate([row], {"type": "escapes", "start": start}, witness)


def cycle(row: str, bound: str, *intervals: list[str]) -> dict[str, Any]:
    witness = {"type": "cycle", "splits": [[[]] * 4] * len(intervals), "bounds": [bound] * len(intervals)}
    return certificate([row], {"type": "cycles", "intervals": list(intervals)}, witness)


def mean(row: str, over: list[str], bounds: list[str], points: list[str], *outers: list[str]) -> dict[str, Any]:
    witness = {"type": "cells", "points": points, "chains": [outer(i) for i in outers]}
    return certificate([row], {"type": "mean-square", "interval": over, "bounds": bounds}, witness)


def fixed(kind: str, row: str, point: list[str], *more: Any) -> dict[str, Any]:
    return certificate([row], {"type": kind, "point": point}, {"type": "splits", "splits": [[], *more]})


def tends(row: str, point: list[str], upper: str, splits: list[Cuts]) -> dict[str, Any]:
    claim = {"type": "converges", "point": point, "upper": upper}
    return certificate([row], claim, {"type": "splits", "splits": splits})


def best(row: str, degree: int, interval: list[str], error: str, points: list[str]) -> dict[str, Any]:
    claim = {"type": "minimax", "degree": degree, "interval": interval, "error": error}
    return certificate([row], claim, {"type": "alternation", "points": points})


def composed(rows: list[str], degrees: list[int], over: list[str], error: str, *steps: Any) -> dict[str, Any]:
    claim = {"type": "composition-bound", "degrees": degrees, "interval": over, "error": error}
    named = [{"interval": i, "error": e, "points": p} for i, e, p in steps]
    return certificate(rows, claim, {"type": "alternations", "steps": named})


def noisy(rows: list[str], errors: list[str], error: str, *steps: Any) -> dict[str, Any]:
    """Linear steps on [1/2, 1]."""
    exact = composed(rows, [1] * len(rows), HALF, error, *steps)
    return {**exact, "claim": {**exact["claim"], "type": "noisy-composition-bound", "errors": errors}}


def product(value: str, *rows: str) -> dict[str, Any]:
    return certificate(list(rows), {"type": "slope", "value": value}, {"type": "none"})


def safe(row: str, upper: str, following: str) -> dict[str, Any]:
    steps = [{"upper": following, "splits": NONE}]
    return certificate([row], {"type": "sign-safe", "upper": upper}, {"type": "uppers", "steps": steps})


def cubic(name: str, box: list[str], interior: bool, conditions: int) -> dict[str, Any]:
    """A region of f = a·x + (1 - a)·x³, where f'(1) = 3 - 2a."""
    return {
        "format": "muon-theory/certificate/1",
        "family": {"parameters": ["a"], "coefficients": [[["1", [1]]], [["1", [0]], ["-1", [1]]]]},
        "claim": {"type": "region", "property": name, "boxes": [[box]], "open": interior},
        "witness": covers([box], conditions),
    }


def covers(box: list[list[str]], conditions: int) -> dict[str, Any]:
    cell = [box, [[]] * (len(box) + 1), None]
    return {"type": "covers", "covers": [[cell]] * conditions, "uses": [[0] * conditions]}


def of_three_parameters() -> dict[str, Any]:
    units = [[["1", [int(i == j) for j in range(3)]]] for i in range(3)]
    last = [["1", [0, 0, 0]], *(["-1", row[0][1]] for row in units)]
    case = cubic("multiplier-above-1", ["0", "1/20"], False, 0)
    case["family"] = {"parameters": ["a", "b", "c"], "coefficients": [*units, last]}
    case["claim"]["boxes"] = [[["0", "1/20"]] * 3]
    return {**case, "witness": covers([["0", "1/20"]] * 3, 1)}


def region_of(**changes: Any) -> dict[str, Any]:
    """An accepted region of two boxes with a key of its witness changed."""
    case = cubic("multiplier-above-1", ["0", "1/2"], False, 1)
    case["claim"]["boxes"] = [[["0", "1/4"]], [["1/4", "1/2"]]]
    case["witness"]["uses"] = [[0], [0]]
    case["witness"].update(changes)
    return case


def threshold(name: str, **changes: Any) -> dict[str, Any]:
    """An accepted threshold with keys of its witness, or `range` or `isolating` of its claim, changed."""
    case = json.loads((FOLDER / f"{name}.json").read_bytes())
    for key, value in changes.items():
        case["claim" if key in case["claim"] else "witness"][key] = value
    return {k: v for k, v in case.items() if k != "provenance"}


def members_safe() -> dict[str, Any]:
    """f = a·x for a in [0, 1]: not > 0 at a = 0."""
    case = safe("1", "1", "1")
    del case["schedule"]
    case["family"] = {"parameters": ["a"], "rows": [[[["1", [1]]]]], "box": [["0", "1"]]}
    case["witness"]["steps"][0]["splits"] = [[[], []], [[], []]]
    return case


def starting(name: str, a: str, b: str, square: str, conditions: int) -> dict[str, Any]:
    """A region of one member of f = a·x + b·x³ + (1-a-b)·x⁵, about the orbit of one x₀."""
    case = cubic(name, ["0", "1"], False, 0)
    last = [["1", [0, 0]], ["-1", [1, 0]], ["-1", [0, 1]]]
    case["family"] = {"parameters": ["a", "b"], "coefficients": [[["1", [1, 0]]], [["1", [0, 1]]], last]}
    box = case["claim"]["boxes"] = [[[a, a], [b, b]]]
    at, beyond = [box[0], [[], [], []], square], [box[0], [[], [], []], None]
    cells = [[at]] * min(conditions, 2) + [[beyond]] * (conditions - min(conditions, 2))
    case["witness"] = {"type": "covers", "covers": cells, "uses": [[0] * conditions]}
    return case


def rising_again() -> dict[str, Any]:
    """w = 6 - y + y²/40 is negative at Z(1/3) = 7.6…, but rises from y = 20 on."""
    case = starting("escapes", "7", "-7", "1/3", 3)
    case["family"]["coefficients"] = [[[c, [0, 0]]] for c in ("7", "-7", "41/40", "-1/40")]
    return case


def subject(kind: str, value: Any, case: dict[str, Any]) -> dict[str, Any]:
    return {**case, kind: value}


HALF, ONE, TENTH = ["1/2", "1"], ["1", "1"], ["2/5", "11/10"]
SPLITS = {"type": "splits", "splits": [[]]}
IN = {"inner": HALF, "points": HALF}
# 1 - (1-y)²/4: below 1 the orbits fall to 0.  1 + (1-y)²(4-y)/100: above 1 they rise to 2.
# 1 + (1/2-y)(4-y)/10: p = √½, and 2 is fixed.
SEMISTABLE, RISING, TWO_FIXED = "3/4,1/2,-1/4", "26/25,-9/100,3/50,-1/100", "6/5,-9/20,1/10"
THIRD = ["1/3", "1/3"]

EDGES: dict[str, Case] = {
    "identity is exact": (band(["1"], HALF, HALF, outer(HALF)), True),
    "inner chain in one step of two": (
        band(["1", "1"], HALF, HALF, [{**outer(HALF)[0], **IN}, outer(HALF)[0]]), False,
    ),
    "points without inner": (band(["1"], HALF, HALF, [{**outer(HALF)[0], "points": HALF}]), False),
    "attains is exact": (reach(["1"], HALF, HALF, [IN]), True),
    "attains, falling": (
        reach(["-1"], HALF, ["-1", "-1/2"], [{"inner": ["-1", "-1/2"], "points": ["1", "1/2"]}]), True,
    ),
    "attains, low point too high": (
        reach(["1"], HALF, HALF, [{"inner": HALF, "points": ["3/4", "1"]}]), False,
    ),
    "attains, high point too low": (
        reach(["1"], HALF, HALF, [{"inner": HALF, "points": ["1/2", "3/4"]}]), False,
    ),
    "attains, low point outside": (
        reach(["1"], HALF, ["1/4", "1"], [{"inner": ["1/4", "1"], "points": ["1/4", "1"]}]), False,
    ),
    "attains beside a false outer chain": (reach(["1"], HALF, HALF, [{**IN, **outer(ONE)[0]}]), False),
    "attains with splits alone": (reach(["1"], HALF, HALF, [{**IN, "splits": NONE}]), False),
    "attains with outer in one step of two": (reach(["1", "1"], HALF, HALF, [{**IN, **outer(HALF)[0]}, IN]), False),
    "all but, relative": (but(["9/20", "11/10"], "1/10", None, 0, "1/2", 0, ["9/20", "11/10"]), True),
    "all but, relative, lower": (but(HALF, "1/10", None, 0, "1/2", 0, ["1/2", "11/10"]), False),
    "all but, relative, upper": (but(["9/20", "1"], "1/10", None, 0, "1/2", 0, ["9/20", "1"]), False),
    "all but, 4·(1/10)² = (1/5)²": (but(["2/5", "11/10"], "0", "1/5", 3, "1/10", 3, ["2/5", "11/10"]), True),
    "all but, 3·(1/10)² < (1/5)²": (but(["2/5", "11/10"], "0", "1/5", 3, "1/10", 2, ["2/5", "11/10"]), False),
    "all but, one too many": (but(["2/5", "11/10"], "0", "1/5", 2, "1/10", 3, ["2/5", "11/10"]), False),
    "all but, share of 1": (but(["-1", "2"], "1", None, 0, "1/2", 0, ["-1", "2"]), False),
    "all but, share of 0": (and_so(but(TENTH, "1/10", None, 0, "1/2", 0, TENTH), shares=["0"], rests=["1/10"]), True),
    "all but, nothing moves": (but(HALF, "0", "0", 0, "0", 0, HALF), True),
    "all but, 10^9 exceptions": (and_so(but(HALF, "0", "0", 0, "0", 0, HALF), exceptions=10**9), True),
    "all but, more exceptions than 10^9": (and_so(but(HALF, "0", "0", 0, "0", 0, HALF), exceptions=10**9 + 1), False),
    "all but, past the target": (but(["3/5", "1"], "0", "0", 0, "0", 0, HALF), False),
    "all but, lower end of 0": (but(["0", "3/2"], "0", None, 0, "1/2", 0, ["0", "3/2"]), False),
    "all but, last lower end of 0": (twice_but(["1/4", "5/4"], ["0", "3/2"]), False),
    "all but, lower ends above 0": (twice_but(["1/4", "5/4"], ["1/8", "3/2"], "1/8"), True),
    "all but, width below 0": (but(["3/5", "9/10"], "0", "1/10", 0, "-1/10", 0, ["3/5", "9/10"]), False),
    "robust is exact": (robust(HALF, ["2/5", "11/10"], ["1/10"], ["2/5", "11/10"]), True),
    "robust without error": (robust(HALF, HALF, ["0"], HALF), True),
    "robust, lower end not widened": (robust(HALF, ["2/5", "11/10"], ["1/10"], ["1/2", "11/10"]), False),
    "robust, upper end not widened": (robust(HALF, ["2/5", "11/10"], ["1/10"], ["2/5", "1"]), False),
    "robust, not in the target": (robust(HALF, HALF, ["1/10"], ["2/5", "11/10"]), False),
    "robust, lower end zero": (robust(["1/10", "1"], ["0", "2"], ["1/10"], ["0", "11/10"]), False),
    "robust, start at zero": (robust(["0", "1"], ["0", "1"], ["0"], ["0", "1"]), False),
    "safe is exact": (safe("1", "1", "1"), True),
    "safe but for the end": (safe("1,-1", "1", "1"), False),
    "slope of zero": (product("0", "0"), True),
    "slope of 64 rows": (product("1", *["1"] * 64), True),
    "slope of 33 coefficients": (product("2", ",".join(["2"] + ["0"] * 31 + ["1"])), True),
    "slope with trailing zeros": (product("2", "2,0,0"), True),
    "a number of 2000 digits": (product("1" * 2000, "1" * 2000), True),
    "flip": (flip(["-1"], ONE, 1, ["-1", "-1"]), True),
    "flip to zero": (flip(["1,-1"], ONE, 1, ["0", "0"]), False),
    "flip that stays": (flip(["1/2"], ONE, 1, HALF), False),
    "flip from below": (flip(["1"], ["-1", "-1"], 1, ["-1", "-1"]), False),
    "flip a step too late": (flip(["-1", "1"], ONE, 2, ["-1", "-1"], ["-1", "-1"]), False),
    "flip at step 64 of too few": (flip(["1"], ONE, 64, ONE), False),
    "escape from the radius": (escape("2", ["1/2", "1/2"], "1/2", "2"), True),
    "escape from minus the radius": (escape("2", ["-1/2", "-1/2"], "1/2", "2"), True),
    "escape with a small leading coefficient": (escape("2,1/2", ONE, "1", "2"), True),
    "escape of zero": (escape("2", ["0", "0"], "0", "2"), False),
    "escape of an interval around 0": (escape("2", ["-1", "1/2"], "1/2", "2"), False),
    "escape of an interval up to 0": (escape("2", ["-1", "0"], "1/2", "2"), False),
    "escape, ratio exact": (escape("0,4", ["3/4", "3/4"], "3/4", "9/4"), True),
    "escape, slower further out": (escape("4,-1,1/16", ONE, "1", "2"), False),
    "escape, ratio too large": (escape("0,4", ["3/4", "3/4"], "3/4", "3"), False),
    "cycle of period one": (cycle("3/2,-1/2", "1/3", ["9/10", "11/10"]), True),
    "cycle, below the next": (cycle("3/2,-1/2", "1/3", ["99/100", "11/10"]), False),
    "cycle, above the next": (cycle("3/2,-1/2", "1/3", ["9/10", "999/1000"]), False),
    "cycle, slope too large": (cycle("3/2,-1/2", "1/4", ["9/10", "21/20"]), False),
    "cycle, slope too small": (cycle("3/2,-1/2", "1/4", ["19/20", "11/10"]), False),
    "cycle of the identity": (cycle("1", "1", ["1", "2"]), False),
    "cycle through intervals that touch": (cycle("-1/2", "1/2", ["-1", "0"], ["0", "1"]), False),
    "mean around 1": (mean("1", HALF, ["0", "1/4"], [], HALF), True),
    "mean around 1, too small": (mean("1", HALF, ["0", "1/5"], [], HALF), False),
    "mean above 1": (mean("2", ["1", "3"], ["1", "25"], [], ["2", "6"]), True),
    "mean above 1, lower bound too high": (mean("2", ["1", "3"], ["11/10", "25"], [], ["2", "6"]), False),
    "mean above 1, lower bound twice": (mean("2", ["1", "3"], ["2", "25"], [], ["2", "6"]), False),
    "mean above 1, upper bound too low": (mean("2", ["1", "3"], ["1", "24"], [], ["2", "6"]), False),
    "mean below 1": (mean("1/4", ["1", "2"], ["1/4", "9/16"], [], ["1/4", "1/2"]), True),
    "mean below 1, lower bound too high": (mean("1/4", ["1", "2"], ["3/10", "9/16"], [], ["1/4", "1/2"]), False),
    "mean below 1, upper bound too low": (mean("1/4", ["1", "2"], ["1/4", "1/2"], [], ["1/4", "1/2"]), False),
    "mean of two parts": (mean("1", ["0", "3"], ["0", "3"], ["1"], ["0", "1"], ["1", "3"]), True),
    "mean of two parts, too small": (mean("1", ["0", "3"], ["0", "29/10"], ["1"], ["0", "1"], ["1", "3"]), False),
    "fixes, rising": (fixed("fixes", "1/2,1", ["7/10", "3/4"]), True),
    "fixes, root at the lower end": (fixed("fixes", "2,-1", ["1", "3/2"]), False),
    "fixes, from zero": (fixed("fixes", "2,-1", ["0", "3/2"]), False),
    "fixes, with trailing zeros": (
        certificate(["3/2,-1/2,0", "3/2,-1/2"], {"type": "fixes", "point": ONE}, SPLITS), True,
    ),
    "repels, falling steeply": (fixed("repels", "4,-9/2,3/2", ONE, []), True),
    "repels by a slope just above 1": (fixed("repels", "3/4,1/4", ONE, []), True),
    "repels by a slope just below -1": (fixed("repels", "21/10,-11/10", ONE, []), True),
    "attracts at zero": (fixed("attracts", "1/2", ["0", "0"], [], []), True),
    "converges, positive but for the end": (tends("4/3,-1/3", ONE, "2", [[], [], ["1"], [], [], []]), False),
    "converges, from above only": (tends(SEMISTABLE, ONE, "3/2", [[], [], ["1"], [], [], ["1/2"]]), False),
    "converges, from below only": (tends(RISING, ONE, "2", [[], [], ["1", "3/2"], [], [], []]), False),
    "converges, p < 1": (tends(TWO_FIXED, ["7/10", "71/100"], "1", [[], [], [], [], [], []]), True),
    "converges, up to a second fixed point": (
        tends(TWO_FIXED, ["7/10", "71/100"], "2", [[], [], ["1"], [], ["1"], []]), False,
    ),
    "converges, cuts of nothing": (tends("3/2,-1/2", ONE, "1", [[], [], [], [], ["1/2"], []]), False),
    "best of degree 1": (best("4/3", 1, HALF, "1/3", ["1/2", "1"]), True),
    "best of degree 1, a little more": (best("4/3", 1, HALF, "334/1000", ["1/2", "1"]), False),
    "best, two signs alike": (best("1", 3, ["1/2", "2"], "1/4", ["1/2", "3/4", "2"]), False),
    "best, points alike": (best("4/3", 1, HALF, "1/3", ["1", "1"]), False),
    "best, reference of degree 7": (best("1,0,0,1", 5, HALF, "1/4", ["1/2", "3/4", "1"]), False),
    "composed, exact": (
        composed(["4/3", "4/3"], [1, 1], HALF, "1/3", (HALF, "1/3", HALF), (HALF, "1/3", HALF)), True,
    ),
    "composed, ratio below the image's": (
        composed(["4/3", "10/7"], [1, 1], HALF, "1/3", (HALF, "1/3", HALF), (["2/5", "1"], "3/7", ["2/5", "1"])), False,
    ),
    "composed, ratio below the start's": (
        composed(["10/7"], [1], HALF, "1/3", (["2/5", "1"], "3/7", ["2/5", "1"])), False,
    ),
    "composed, on a point": (composed(["1"], [1], ONE, "0", (ONE, "0", ONE)), False),
    "noisy, exact": (
        noisy(["4/3", "5/3"], ["1/4", "0"], "2/3", (HALF, "1/3", HALF), (["1/5", "1"], "2/3", ["1/5", "1"])), True,
    ),
    "noisy, ratio below the disturbed image's": (
        noisy(["4/3", "12/7"], ["1/4", "0"], "2/3", (HALF, "1/3", HALF), (["1/6", "1"], "5/7", ["1/6", "1"])), False,
    ),
    "noisy, 0 is reached": (
        noisy(["4/3", "3/2"], ["1/2", "1/3"], "1", (HALF, "1/3", HALF), (["1/3", "1"], "1/2", ["1/3", "1"])), True,
    ),
    "noisy, 0 is not worse than 1": (
        noisy(["4/3", "3/2"], ["1/2", "1/2"], "5/4", (HALF, "1/3", HALF), (["1/3", "1"], "1/2", ["1/3", "1"])), False,
    ),
    "composed, start scaled": (composed(["4/3"], [1], ["1", "2"], "1/3", (HALF, "1/3", HALF)), True),
    "region, attracting, open": (cubic("attracting", ["1", "2"], True, 2), True),
    "region, attracting, one end too far": (cubic("attracting", ["1", "201/100"], True, 2), False),
    "region, attracting, other end too far": (cubic("attracting", ["99/100", "2"], True, 2), False),
    "region, attracting, closed inside": (cubic("attracting", ["11/10", "19/10"], False, 2), True),
    "region, above 1": (cubic("multiplier-above-1", ["0", "1"], True, 1), True),
    "region, above 1, too far": (cubic("multiplier-above-1", ["0", "101/100"], True, 1), False),
    "region, below -1": (cubic("multiplier-below-minus-1", ["2", "3"], True, 1), True),
    "region, below -1, too far": (cubic("multiplier-below-minus-1", ["199/100", "3"], True, 1), False),
    "region of two boxes in one cell": (region_of(), True),
    "region, a use of no cell": (region_of(uses=[[0], [1]]), False),
    "region, a box outside its cell": (region_of(covers=[[[[["0", "1/4"]], [[], []], None]]]), False),
    "region, a point where none belongs": (region_of(covers=[[[[["0", "1/2"]], [[], []], "1/2"]]]), False),
    "region of no box": (
        {**(none := region_of(uses=[])), "claim": {**none["claim"], "boxes": []}}, False,
    ),
    "members, closed box": (members_safe(), False),
    "starts, escape of the square of 2": (starting("escapes", "4", "-11/2", "1/4", 3), True),
    "starts, an orbit that falls to 0": (starting("escapes", "1/2", "0", "1/2", 3), False),
    "starts, not past 1": (starting("escapes-alternating", "-79", "180", "7/9", 3), False),
    "starts, past 1 and back": (starting("escapes-alternating", "5/2", "-3/2", "1/2", 3), False),
    "attracts, multiplier 3/2": (fixed("attracts", "3/4,1/4", ONE, [], []), False),
    "cuts that are a text": (fixed("attracts", "3/2,-1/2", ONE, "", []), False),
    "a parameter that is a number": (
        subject("family", {"parameters": [7], "coefficients": [[["1", [0]]]]}, cubic("positive", ["0", "1"], False, 2)),
        False,
    ),
    "no parameters": (
        subject("family", {"parameters": [], "coefficients": [[["1", []]]]}, cubic("positive", ["0", "1"], False, 2)),
        False,
    ),
    "one row empty": (subject("schedule", [["1"], []], product("1", "1", "1")), False),
    "a monomial with coefficient 0": (
        subject(
            "family",
            {"parameters": ["a"], "coefficients": [[["1", [1]], ["0", [0]]], [["1", [0]], ["-1", [1]]]]},
            cubic("multiplier-above-1", ["0", "1/2"], False, 1),
        ),
        True,
    ),
    "exponents of 64": (
        subject(
            "family",
            {"parameters": ["a"], "coefficients": [[["1", [64]]], [["1", [0]], ["-1", [64]]]]},
            cubic("multiplier-above-1", ["0", "1/2"], False, 1),
        ),
        True,
    ),
    "best of degree 0": (best("4/3", 0, HALF, "1/3", ["1/2"]), False),
    "best, one deviation smaller": (best("7/5", 1, HALF, "2/5", ["1/2", "1"]), False),
    "best, last point outside": (
        {**(c := threshold("minimax-cubic")), "claim": {**c["claim"], "interval": ["1/2", "9/10"]}}, False,
    ),
    "region, open without an inside": (
        {**(c := cubic("attracting", ["1", "2"], True, 2)), "claim": {**c["claim"], "boxes": [[["2", "2"]]]}}, False,
    ),
    "region, closed box whose lower end is at the boundary": (
        cubic("multiplier-below-minus-1", ["2", "3"], False, 1), False,
    ),
    "converges, slope 1 at 0: stricter than needed": (tends("1,1/2,-1/2", ONE, "1", [[], [], [], [], [], []]), False),
    "converges, up to a second fixed point, p rational": (
        tends("7/5,-1/2,1/10", ONE, "2", [[], [], ["1"], [], [], []]), False,
    ),
    "region of three parameters": (of_three_parameters(), True),
    "region that is neither open nor closed": (
        {**(case := cubic("attracting", ["1", "2"], True, 2)), "claim": {**case["claim"], "open": "yes"}}, False,
    ),
    "threshold, core too wide": (threshold("threshold-antipode", core=["-1/10", "11/10"]), False),
    "threshold, core a point": (threshold("threshold-antipode", core=["1/2", "1/2"]), False),
    "threshold, window a point": (threshold("threshold-antipode", window=["3", "3"]), False),
    "threshold, a cell too many": (threshold("threshold-antipode", points=["1/3", "1/3"]), False),
    "threshold, second point outside": (threshold("threshold-antipode", grid=[["49/10"]], points=["1/3", "2"]), False),
    "threshold, isolating the window": (threshold("threshold-antipode", isolating=["11/4", "13/4"]), True),
    "threshold, isolating past the window": (threshold("threshold-antipode", isolating=["11/4", "7/2"]), False),
    "threshold, isolating before the window": (threshold("threshold-antipode", isolating=["5/2", "13/4"]), False),
    "threshold, zero at a point above, at the window's end": (
        threshold("threshold-antipode", window=["11/4", "7/2"], core=["3/40", "33/40"], points=["1/5"]), False,
    ),
    "threshold, negative at a point above, from the window's end": (
        threshold("threshold-antipode", window=["11/4", "7/2"], core=["3/40", "33/40"], points=["1/4"]), True,
    ),
    "threshold, at a corner of window and box": (threshold("threshold-shifted", window=["47/16", "16/5"]), False),
    "threshold, inside that corner": (threshold("threshold-shifted", window=["23/8", "16/5"]), True),
    "threshold, w' zero at the range's end": (threshold("threshold-septic", range=["2", "4"]), False),
    "region, the identity does not converge": (
        subject(
            "family", {"parameters": ["a"], "coefficients": [[["1", [0]]]]}, cubic("converges", ["0", "1"], True, 4)
        ),
        False,
    ),
    "region, positive up to 1 alone": (cubic("positive", ["3/2", "2"], False, 2), False),
    "starts, beyond the other fixed point, where w rises again": (rising_again(), False),
    "composed, error one": (composed(["2"], [1], ["1/9", "1"], "1", (THIRD, "1", ["1/3", "1"])), False),
    **edges_families.EDGES,
    **edges_models.EDGES,
    **edges_repeated.EDGES,
}  # fmt: skip
