"""The obligations of a certificate, one line each, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any

from muon_theory.explanation.statements import box
from muon_theory.explanation.words import (
    cells,
    fraction,
    interval,
    near,
    number,
    parameters,
    polynomial,
    rule,
    several,
    square,
    within,
)
from muon_theory.polynomial import OddPolynomial

Json = dict[str, Any]
Lines = Iterator[str]

CONDITIONS = {
    "converges": ("w", "R", "g(Z)", "N"),
    "sign-safe": ("w", "R", "g(Z)"),
    "bounded": ("w", "R", "g(Z) + 1"),
    "attracting": ("1 - f'(1)", "1 + f'(1)"),
    "multiplier-above-1": ("f'(1) - 1",),
    "multiplier-below-minus-1": ("-1 - f'(1)",),
    "positive": ("g", "g beyond 1"),
    "flips": ("-f∘f at x₀",),
    "escapes": ("Z - 1 at x₀", "-w(Z) at x₀", "-w' beyond 1"),
    "escapes-alternating": ("Z - 1 at x₀", "-1 - g(Z) at x₀", "-g' beyond 1"),
}
"""The conditions of each property, as docs/trust.md writes them."""
CRITICAL = {"fixed-point": "R", "antipode": "g(Z) + 1", "zero": "g(Z)"}


def obligations(certificate: Json) -> Lines:
    """What the checker is asked to verify, in the order of the certificate."""
    c, witness = certificate["claim"], certificate["witness"]
    family = certificate.get("family", {})
    match c["type"]:
        case "region":
            return _region(c, witness, parameters(family))
        case "threshold":
            return _threshold(c, witness, parameters(family))
    members = Over(parameters(family), family["box"]) if "box" in family else Over([], [])
    return members.obligations(c, witness, certificate.get("schedule", ()))


class Over:
    """The obligations of a claim about a schedule, for every member of a family in a box if there is one."""

    def __init__(self, names: Sequence[str], intervals: Sequence[Sequence[str]]) -> None:
        self.names, self.where = list(names), box(names, intervals)

    def rule(self, what: str, variable: str, where: str, cuts: Sequence[Any]) -> str:
        return rule(what, [self.where, where], cuts, [*self.names, variable])

    def obligations(self, c: Json, witness: Json, rows: Sequence[Sequence[str]]) -> Lines:
        match c["type"]:
            case "maps-into" | "attains" | "flips" | "robust-band":
                yield from self.chain(c["start"], witness["steps"], c.get("errors", ()))
                yield from _ending(c)
            case "sign-safe":
                yield from self.uppers(c["upper"], witness["steps"])
            case "slope":
                product = "·".join(f"({number(row[0])})" for row in rows) if len(rows) <= 12 else "∏ f_t'(0)"
                yield f"φ'(0) = {product} = {number(c['value'])}, by exact multiplication"
            case "fixes" | "attracts" | "repels" | "converges":
                yield from self.fixed_point(c, witness["splits"])
            case "escapes":
                yield from self.chain(c["start"], witness["steps"], ())
                radius, ratio = number(witness["radius"]), number(witness["ratio"])
                yield f"the last interval lies in |x| ≥ {radius}"
                far = f"|x| ≥ {radius}, with the variable t = ({radius}/x)² in (0, 1]"
                yield self.rule(f"|f(x)| ≥ {ratio}·|x|", "t", far, witness["splits"])
            case "cycles":
                yield from self.cycle(c["intervals"], witness)
            case "mean-square":
                yield from _parts(c, witness)
            case "minimax":
                yield from _alternation("p", rows[0], c["degree"], c["interval"], c["error"], witness["points"])
            case "composition-bound":
                yield from _levels(c, witness, rows)

    def chain(self, start: Sequence[str], steps: Sequence[Json], errors: Sequence[str]) -> Lines:
        outer, inner = start, start
        for t, step in enumerate(steps, 1):
            if "outer" in step:
                (lo, hi), (below, above) = step["outer"], step["splits"]
                plus, minus = (f" {sign} {number(errors[t - 1])}" if errors else "" for sign in "+-")
                place = within("x", outer)
                yield self.rule(f"step {t}: f_{t}(x) ≥ {number(lo)}{plus}", "x", place, below)
                yield self.rule(f"step {t}: f_{t}(x) ≤ {number(hi)}{minus}", "x", place, above)
                outer = step["outer"]
            if "inner" in step:
                p, q = map(number, step["points"])
                lo, hi = map(number, step["inner"])
                yield f"step {t}: f_{t}({p}) ≤ {lo} and f_{t}({q}) ≥ {hi} at points of {interval(inner)}, by evaluation"
                inner = step["inner"]

    def uppers(self, upper: str, steps: Sequence[Json]) -> Lines:
        for t, step in enumerate(steps, 1):
            positive, below = step["splits"]
            yield self.rule(f"step {t}: g_{t}(y) > 0", "y", f"y in [0, {square(upper)}]", positive)
            top = number(step["upper"])
            yield self.rule(f"step {t}: f_{t}(x) ≤ {top}", "x", f"x in [0, {number(upper)}]", below)
            upper = step["upper"]

    def fixed_point(self, c: Json, splits: Sequence[Sequence[str]]) -> Lines:
        lo, hi = c["point"]
        q, exact = f"[{square(lo)}, {square(hi)}]", lo == hi
        at = f"y = p² = {square(lo)}" if exact else f"y in {q}"
        if exact:
            yield f"f({number(lo)}) = {number(lo)}, by exact evaluation"
        else:
            yield f"g(y) - 1 has opposite signs at y = {square(lo)} and y = {square(hi)}, by exact evaluation"
            yield self.rule("g' has one sign, so that p² is the only root of g - 1,", "y", at, splits[0])
        if c["type"] == "attracts":
            yield self.rule("f' = d(y) < 1", "y", at, splits[1])
            yield self.rule("f' = d(y) > -1", "y", at, splits[2])
        elif c["type"] == "repels":
            yield self.rule("|f'| = |d(y)| > 1", "y", at, splits[1])
        elif c["type"] == "converges":
            u, end = c["upper"], ")" if exact else "]"
            yield self.rule("g(y) > 0, so that f(x) > 0,", "y", f"y in [0, {square(u)}]", splits[1])
            yield self.rule(f"f(x) ≤ {number(u)}", "x", f"x in [0, {number(u)}]", splits[2])
            yield self.rule("g(y) > 1, so that f(x) > x,", "y", f"y in [0, {square(lo)}{end}", splits[3])
            yield self.rule("(g + 1)·N > 0, so that f(f(x)) > x,", "y", f"y in [0, {square(hi)}{end}", splits[5])
            if u != hi:
                beyond = f"y in {'(' if exact else '['}{square(hi)}, {square(u)}]"
                yield self.rule("g(y) < 1, so that f(x) < x,", "y", beyond, splits[4])

    def cycle(self, through: Sequence[Sequence[str]], witness: Json) -> Lines:
        yield "the intervals are disjoint"
        bounds = [fraction(d) for d in witness["bounds"]]
        for i, (here, cuts, d) in enumerate(zip(through, witness["splits"], witness["bounds"], strict=True)):
            there, x = through[(i + 1) % len(through)], within("x", here)
            yield self.rule(f"f(x) ≥ {number(there[0])}", "x", x, cuts[0])
            yield self.rule(f"f(x) ≤ {number(there[1])}", "x", x, cuts[1])
            yield self.rule(f"f'(x) ≥ -{number(d)}", "x", x, cuts[2])
            yield self.rule(f"f'(x) ≤ {number(d)}", "x", x, cuts[3])
        product = prod(bounds, start=Fraction(1))
        yield f"the product of the bounds {several(map(number, bounds))} is {number(product)} < 1"


def _ending(c: Json) -> Lines:
    if "errors" in c:
        yield "every lower end of the chain, the start's included, is > 0"
    if "target" in c:
        yield f"the last interval lies inside {interval(c['target'])}"
    if "contains" in c:
        yield f"the last interval contains {interval(c['contains'])}"
    if "step" in c:
        yield f"the intervals before step {c['step']} lie right of 0, the one after it left of 0"


def _parts(c: Json, witness: Json) -> Lines:
    ends = [c["interval"][0], *witness["points"], c["interval"][1]]
    low, high = Fraction(0), Fraction(0)
    for part, chain in zip(pairwise(ends), witness["chains"], strict=True):
        lo, hi = (fraction(end) for end in chain[-1]["outer"])
        width = fraction(part[1]) - fraction(part[0])
        low += width * max(lo - 1, 1 - hi, Fraction(0)) ** 2
        high += width * max(1 - lo, hi - 1) ** 2
        uses = f"{2 * len(chain)} uses of the rule, two a step"
        yield f"φ(x) lies in {interval(chain[-1]['outer'])} for {within('x', part)}, by {uses}"
    length = fraction(ends[-1]) - fraction(ends[0])
    sums = f"{near(low / length)} and {near(high / length)}"
    yield f"so the mean lies between {sums}, sums over the parts, and these lie in {interval(c['bounds'])}"


def _alternation(
    name: str, row: Sequence[str], degree: int, over: Sequence[str], error: str, points: Sequence[str]
) -> Lines:
    reference, at = OddPolynomial(tuple(map(fraction, row))), [fraction(p) for p in points]
    deviations = several(near(1 - reference(x)) for x in at)
    yield f"the {len(points)} points {several(map(number, points))} increase in {interval(over)}, right of 0"
    yield (
        f"there 1 - {name} is {deviations}: of alternating sign and at least {number(error)} in modulus, by exact"
        f" evaluation; {len(points)} points for the {len(points) - 1} coefficients of degree {degree}"
    )


def _levels(c: Json, witness: Json, rows: Sequence[Sequence[str]]) -> Lines:
    least = fraction(c["interval"][0]) / fraction(c["interval"][1])
    why = "l/u"
    for t, (degree, row, step) in enumerate(zip(c["degrees"], rows, witness["steps"], strict=True), 1):
        yield f"step {t}: r_{t} = {number(step['interval'][0])} ≥ {why} = {number(least)}"
        for line in _alternation(f"p_{t}", row, degree, step["interval"], step["error"], step["points"]):
            yield f"step {t}: {line}"
        e = fraction(step["error"])
        least, why = (1 - e) / (1 + e), f"(1 - E_{t})/(1 + E_{t})"
    yield f"the claimed {number(c['error'])} is at most the last step's {number(witness['steps'][-1]['error'])}"


def _region(c: Json, witness: Json, names: Sequence[str]) -> Lines:
    yield "f(1) = 1 identically in the parameters, by exact arithmetic"
    somewhere = False
    for condition, shown in zip(CONDITIONS[c["property"]], witness["covers"], strict=True):
        for place, cuts, point in shown:
            what, at, y = condition, "y in (0, 1)", "y"
            if condition.endswith(" at x₀"):
                what, at, somewhere = condition.removesuffix(" at x₀"), f"y = x₀² = {number(point)}", True
            elif condition.endswith(" beyond 1"):
                what, at, y = condition.removesuffix(" beyond 1"), "y > 1, with the variable t = 1/y in (0, 1)", "t"
            elif "f'(1)" in condition:
                at = ""
            yield rule(f"{what} > 0", [box(names, place, c["open"]), at], cuts, [*names, y])
    count = len(c["boxes"])
    boxes = "the box lies" if count == 1 else f"each of the {count} boxes lies"
    yield f"{boxes} in a cell of each condition" + ", with one x₀ for them" * somewhere


def _threshold(c: Json, w: Json, names: Sequence[str]) -> Lines:
    a, *rest = names
    others, axes = box(rest, c["others"]), [*names, "y"]
    critical, (w0, w1), (a0, a1) = CRITICAL[c["critical"]], w["window"], c["range"]
    window = within(a, w["window"])

    def shown(what: str, first: str, y: str, cuts: Sequence[Any], variable: str = "y") -> str:
        return rule(what, [first, others, y], cuts, [*names, variable])

    yield "f(1) = 1 identically in the parameters, by exact arithmetic"
    yield f"the window {interval(w['window'])} lies in the range {interval(c['range'])}"
    yield f"the core {interval(w['core'])} lies in [0, 1]"
    for what, cuts in zip(CONDITIONS[c["property"]], w["below"], strict=True):
        top = w0 if what == critical else a1 if what == "w" else w1
        name, y = (f"A = {what}", "y in [0, 1]") if what == critical else (what, "y in (0, 1)")
        yield shown(f"{name} > 0", within(a, (a0, top), "(", "]"), y, cuts)
    for side, cuts in zip((("0", w["core"][0]), (w["core"][1], "1")), w["edges"], strict=True):
        yield shown("A > 0", window, within("y", side), cuts)
    yield shown(f"∂A/∂{a} < 0", window, within("y", w["core"], "(", ")"), w["falling"])
    if w["tail"]:
        falling = "w" if c["critical"] == "fixed-point" else "g"
        far = "y ≥ 1, with the variable t = 1/y in (0, 1]"
        yield shown(f"∂{falling}/∂y < 0", within(a, (w0, a1)), far, w["tail"], "t")
    ends = [(w1, a1), *c["others"]]
    grid = cells([[i[0], *cuts, i[1]] for i, cuts in zip(ends, w["grid"], strict=True)])
    for cell, y in zip(grid, w["points"], strict=True):
        yield rule("A < 0", [box(names, cell), f"y = {number(y)}"], [[] for _ in axes], axes)
    m, n = polynomial(c["polynomial"], names), polynomial(w["cofactor"], axes)
    u, v = (f"{len(w[key])} term{'s' * (len(w[key]) != 1)}" for key in "uv")
    yield f"U·A + V·∂A/∂y = m·n identically, U of {u} and V of {v} in the witness, m = {m}, n = {n}"
    yield shown("n > 0", window, "", w["nonzero"])
    if c["isolating"]:
        where = interval(c["isolating"])
        yield f"m has opposite signs at {number(w0)} and {number(w1)}, and at the ends of {where}, by exact evaluation"
        yield shown("m' has one sign, so that m has one root,", window, "", w["alone"])
