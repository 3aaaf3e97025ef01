"""Try to refute a printed statement about given coefficients, with exact rationals; it shares nothing with the printer.

`refute(statement, rows)` is a line that says at which point the statement fails, or None.  What cannot be refuted at
points (a best approximation, the number of fixed points) is put to tests/checker/naive.py, which counts roots.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from fractions import Fraction as Q
from math import isqrt
from typing import Any

import numpy as np

from tests.checker import naive
from tests.naive import signs
from tests.statements import points
from tests.statements.points import last, orbit, value, worth_trying
from tests.statements.reader import Interval, Says, Statement

Row = Sequence[Q]
Rows = Sequence[Row]
Refutation = str | None
POLYNOMIAL = dict[tuple[int, ...], Q]


def refute(statement: Statement, subject: Any) -> Refutation:
    """`subject`: rows of rationals, or rows of polynomials {exponents: coefficient} with their parameters' number."""
    if statement.elsewhere:
        raise AssertionError("the boxes stand in the certificate: put them in their place first")
    if statement.says.form == "threshold":
        return threshold(statement, subject)
    if not statement.boxes:
        return attack(statement.says, subject)
    for box in statement.boxes if len(statement.boxes) < 6 else random.Random(1).sample(statement.boxes, 6):
        for theta in members(box, statement.open):
            if found := attack(statement.says, [[at(c, theta) for c in row] for row in subject]):
                return f"at {', '.join(map(str, theta))}: {found}"
    return None


def members(box: Sequence[Interval], interior: bool) -> list[tuple[Q, ...]]:
    """Corners and the middle of a box; just inside, where the box is open."""
    e = Q(1, 10**9) if interior else Q(0)
    axes = [{lo + (hi - lo) * s for s in (e, Q(1, 2), 1 - e)} for lo, hi in box]
    return list(itertools.product(*axes))


def at(c: Any, theta: Sequence[Q]) -> Q:
    if not isinstance(c, dict):
        return Q(c)
    total = Q(0)
    for exponents, q in c.items():
        for v, k in zip(theta, exponents, strict=True):
            q *= v**k
        total += q
    return total


def attack(says: Says, rows: Rows) -> Refutation:
    return ATTACKS[says.form](rows, **says.given)


def mapped(rows: Rows, map: int | None) -> Rows:
    """The rows of φ, or of fⁿ."""
    if map is None:
        return rows
    if any(list(row) != list(rows[0]) for row in rows):
        raise AssertionError("f stands for one map, and the rows differ")
    return [rows[0]] * map


def within(i: Interval, outer: Interval) -> bool:
    return outer[0] <= i[0] and i[1] <= outer[1]


def outside(i: Interval, outer: Interval) -> bool:
    return i[1] < outer[0] or outer[1] < i[0]


def inside(rows: Rows, map: int | None, i: Interval, j: Interval) -> Refutation:
    run = mapped(rows, map)
    for x in worth_trying(run, *i):
        image = last(run, x)
        if image is None or outside(image, j):
            return f"x = {x}: the value {'is huge' if image is None else shown(image[0])} is outside"
    return None


def inside_at(rows: Rows, map: int | None, p: Q, j: Interval) -> Refutation:
    return inside(rows, map, (p, p), j)


def attained(rows: Rows, map: int | None, i: Interval, j: Interval) -> Refutation:
    """The values between those at two points are attained; beyond the extremes of all points tried they are not."""
    run = mapped(rows, map)
    images = [image for x in worth_trying(run, *i) if (image := last(run, x))]
    low, high = min(image[0] for image in images), max(image[1] for image in images)
    last_bits = max(abs(low), abs(high), Q(1)) / 10**20  # an extreme value at an irrational point is never met
    met = within(j, (low - last_bits, high + last_bits))
    return None if met else f"nothing tried goes beyond [{shown(low)}, {shown(high)}]"


def shown(q: Q) -> str:
    return f"{float(q)}" if abs(q) < 10**300 else "a huge number"


def slope(rows: Rows, map: int | None, n: Q) -> Refutation:
    product = Q(1)
    for row in mapped(rows, map):
        product *= row[0]
    return None if product == n else f"it is {product}"


def slope_in(rows: Rows, map: int | None, j: Interval) -> Refutation:
    product = Q(1)
    for row in mapped(rows, map):
        product *= row[0]
    return None if within((product, product), j) else f"it is {product}"


def positive(rows: Rows, n: Q) -> Refutation:
    for x in worth_trying(rows, n / 10**15, n):
        for t, (_, high) in enumerate(orbit(rows, x)):
            if high <= 0:
                return f"x = {x}: step {t} gives {float(high)}"
    return None


def iterates_positive(rows: Rows) -> Refutation:
    return positive([rows[0]] * 6, Q(1))


def flips(rows: Rows, k: int, start: Interval) -> Refutation:
    run = [rows[t] if t < len(rows) else rows[0] for t in range(k)]
    for x in worth_trying(run, *start):
        *before, after = orbit(run, x)
        if any(low <= 0 for low, _ in before):
            return f"x = {x}: not positive before step {k}"
        if after[1] >= 0:
            return f"x = {x}: step {k} gives {float(after[0])}"
    return None


def robust(rows: Rows, errors: list[Q], i: Interval, j: Interval) -> Refutation:
    """Every step is pushed up, down, or not at all by all that is allowed."""
    if len(errors) != len(rows):
        return f"{len(errors)} errors for {len(rows)} steps"
    pushes = [*itertools.product((-1, 1), repeat=len(rows))] if len(rows) <= 3 else same_and_random(len(rows))
    for x in worth_trying(rows, *i, most=8):
        for push in pushes:
            if outside(pushed(rows, x, push, [[(Q(0), e)] for e in errors]), j):
                return f"x = {x} with errors of signs {push} ends outside"
    return None


def same_and_random(count: int) -> list[tuple[int, ...]]:
    draw = random.Random(1)
    alternating = tuple((-1) ** t for t in range(count))
    some = [tuple(draw.choice((-1, 1)) for _ in range(count)) for _ in range(8)]
    return [(1,) * count, (-1,) * count, alternating, tuple(-s for s in alternating), *some]


def all_but(
    rows: Rows, i: Interval, j: Interval, k: int = 0, allowed: Sequence[dict[str, Q]] = (), **lists: list[Q]
) -> Refutation:
    """k + 1 values at one place go together, as far up or down as the norms let so many."""
    letters = {"errors": "ε", "shares": "ρ", "rests": "τ", "norms": "σ"}
    if allowed:
        lists = {name: [step[letter] for step in allowed if letter in step] for name, letter in letters.items()}
    errors, shares, rests, norms = (lists[name] for name in letters)
    if len(rows) != len(errors) or len(shares) != len(rests) or not {len(shares), len(norms)} <= {0, len(rows)}:
        return f"{len(errors)} errors for {len(rows)} steps"
    together = [rounded(root(s * s / (k + 1)), -1) for s in norms] or errors
    ways = [[(Q(0), min(e, w))] for e, w in zip(errors, together, strict=True)]
    for way, relative in zip(ways, zip(shares, rests, strict=True), strict=False):
        way.append(relative)
    for x in worth_trying(rows, *i, most=8):
        for push in same_and_random(len(rows)):
            if outside(pushed(rows, x, push, ways), j):
                return f"{k + 1} values at x = {x}, pushed with signs {push}, end outside"
    return None


def root(q: Q) -> Q:
    return Q(isqrt(int(q * 4**80)), 2**80)


def pushed(rows: Rows, x: Q, push: Sequence[int], ways: Sequence[Sequence[tuple[Q, Q]]]) -> Interval:
    """Where x_t = f_t(x_{t-1}) ± (the least of the ways: a share of the value, and a number) ends."""
    low = high = x
    for row, sign, way in zip(rows, push, ways, strict=True):
        middle = (low + high) / 2
        (_, (a, b)), half = orbit([row], middle), (high - low) / 2
        spread = half * Q(
            sum(float(abs(c)) * (2 * i + 1) * 1.01 * float(abs(high)) ** (2 * i) for i, c in enumerate(row))
        )
        d = sign * min(r * abs(a) + e for r, e in way)
        spread = 2 * spread + (b - a)
        low, high = rounded(a + d - spread, -1), rounded(b + d + spread, 1)
    return low, high


def rounded(q: Q, toward: int) -> Q:
    n = q.numerator * points.ONE // q.denominator
    return Q(n + (toward > 0), points.ONE)


def mean_square(rows: Rows, map: int | None, i: Interval, j: Interval) -> Refutation:
    """Gauss's rule on many parts, in binary64."""
    run = mapped(rows, map)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(float(i[0]), float(i[1]), 4001)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    x = middle[:, None] + half[:, None] * nodes[None, :]
    integral = float(np.sum(half[:, None] * weights * (points.floats(run, x)[-1] - 1) ** 2))
    mean = integral / float(i[1] - i[0])
    slack = 1e-11 * max(mean, 1e-12)
    return None if float(j[0]) - slack <= mean <= float(j[1]) + slack else f"it is about {mean}"


def moments(
    rows: Rows, measure: str, map: int | None, i: Interval, mean: Interval, square: Interval, variance: Interval
) -> Refutation:
    """Gauss's rule again, in x or in its logarithm."""
    run, ends = mapped(rows, map), [float(end) for end in i]
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(*ends, 4001) if measure == "uniform" else np.log(np.geomspace(*ends, 4001))
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    places = middle[:, None] + half[:, None] * nodes[None, :]
    y = points.floats(run, places if measure == "uniform" else np.exp(places))[-1]
    share = half[:, None] * weights / (edges[-1] - edges[0])
    m, q = np.sum(share * y), np.sum(share * (y - 1) ** 2)
    found = {"mean": (m, mean), "square": (q, square), "variance": (np.sum(share * (y - m) ** 2), variance)}
    for name, (about, (lo, hi)) in found.items():
        slack = 1e-11 * max(abs(float(about)), 1e-9)
        if not float(lo) - slack <= float(about) <= float(hi) + slack:
            return f"the {name} is about {float(about)}"
    return None


def ratio(rows: Rows, map: int | None, i: Interval, j: Interval) -> Refutation:
    """At the ends, critical points of φ, and where φ(x)/x is extreme among thousands of points, and near there."""
    run, (lo, hi) = mapped(rows, map), i
    lo = max(lo, hi / 10**12)
    x = points.sample(lo, hi)
    for _ in range(6):  # closer and closer to the extremes
        order = np.argsort(points.floats(run, x)[-1] / x)
        close = np.concatenate([order[:3], order[-3:]])
        step = np.diff(x, append=2 * x[-1] - x[-2])
        x = np.unique(np.concatenate([x[close] + step[close] * s for s in np.linspace(-1, 1, 41)]))
        x = x[(x >= float(lo)) & (x <= float(hi))]
    for at in [*worth_trying(run, lo, hi), *(q for q in {Q(float(v)) for v in x} if lo <= q <= hi)]:
        image = last(run, at)
        if image is None or outside((image[0] / at, image[1] / at), j):
            return f"x = {at}: φ(x)/x is {'huge' if image is None else shown(image[0] / at)}"
    return None


def fixed(rows: Rows, p: Q, relation: str | None = None) -> Refutation:
    if value(rows[0], p) != p:
        return f"f({p}) = {value(rows[0], p)}"
    return related(slope_at(rows[0], p), relation)


def slope_at(row: Row, x: Q) -> Q:
    return sum((c * (2 * i + 1) * x ** (2 * i) for i, c in enumerate(row)), Q(0))


def related(d: Q, relation: str | None) -> Refutation:
    holds = relation is None or (abs(d) < 1 if relation == "<" else abs(d) > 1)
    return None if holds else f"f'(p) is about {float(d)}"


def only_fixed(rows: Rows, i: Interval, relation: str | None = None) -> Refutation:
    row = list(rows[0])
    roots = signs.count_roots(signs.add(signs.odd(row), [Q(0), Q(-1)]), *i)
    if roots != 1:
        return f"there are {roots} fixed points in it"
    return related(slope_at(row, near_fixed(row, i)), relation)


def near_fixed(row: Row, i: Interval) -> Q:
    """By bisection of f(x) - x; an end, where there is no change of sign."""
    lo, hi = i
    for end in i:
        if value(row, end) == end:
            return end
    rising = value(row, hi) > hi
    for _ in range(200):
        middle = (lo + hi) / 2
        lo, hi = (lo, middle) if (value(row, middle) > middle) == rising else (middle, hi)
    return lo


def tends(rows: Rows, n: Q, p: Q | None = None, i: Interval | None = None) -> Refutation:
    row = list(rows[0])
    if i is not None and (found := only_fixed(rows, i)):
        return found
    limit = p if p is not None else near_fixed(row, i or (Q(0), n))
    if value(row, limit) != limit and i is None:
        return f"{limit} is no fixed point"
    for x in worth_trying([row] * 4, n / 1000, n, most=24):
        here = float(x)
        for here in points.follow(row, x, 300):
            if not 0 < here < 1e30:
                return f"x = {x}: the orbit reaches {here}"
        if not nears(row, here, float(limit)):
            return f"x = {x}: after thousands of steps the orbit is not nearer to {float(limit)}"
    return None


def nears(row: Row, x: float, limit: float) -> bool:
    """Is the orbit at the limit, or nearer to it in each of three later windows?"""
    farthest = []
    for _ in range(4):
        window = []
        for _ in range(48):
            window.append(abs(x - limit))
            x = run_on(row, x, 1)
        farthest.append(max(window))
        x = run_on(row, x, 400)
    return farthest[-1] < 1e-6 or all(later < sooner * (1 - 1e-12) for sooner, later in itertools.pairwise(farthest))


def run_on(row: Row, x: float, count: int) -> float:
    coefficients = [float(c) for c in reversed(row)]
    for _ in range(count):
        y, total = x * x, 0.0
        for c in coefficients:
            total = total * y + c
        x = total * x
        if not abs(x) < 1e9:
            return x
    return x


def escapes(rows: Rows, start: Interval) -> Refutation:
    row = list(rows[0])
    far = 2 + sum(map(abs, row), Q(0)) / abs(next(c for c in reversed(row) if c))
    for x in worth_trying([row] * 2, *start, most=8):
        if not any(abs(at) > far for at in points.follow(row, x, 3000)):
            return f"x = {x}: the orbit stays within {float(far)}"
    return None


def cycle(rows: Rows, intervals: list[Interval], k: int | None = None) -> Refutation:
    row = list(rows[0])
    if k is not None and k != len(intervals):
        return f"period {k}, with {len(intervals)} intervals"
    if any(a[1] >= b[0] for a, b in itertools.pairwise(sorted(intervals))):
        return "the intervals are not disjoint"
    x, product = sum(intervals[0]) / 2, Q(1)
    for _ in range(600 * len(intervals)):
        x = Q(round(value(row, x) * 2**200), 2**200)
    first = x
    for t, place in enumerate(intervals, 1):
        if not within((x, x), place):
            return f"point {t} of the cycle is about {float(x)}"
        product *= slope_at(row, x)
        x = Q(round(value(row, x) * 2**200), 2**200)
    if abs(x - first) > Q(1, 10**20) or abs(product) >= 1:
        return f"the orbit of the middle does not settle there: {float(first)}, {float(x)}"
    return None


def best(rows: Rows, k: int, n: Q, i: Interval) -> Refutation:
    return None if naive.minimax([], k, [*map(str, i)], str(n)) is not False else "a polynomial is closer"


def best_composed(rows: Rows, degrees: list[int], n: Q, i: Interval) -> Refutation:
    verdict = naive.composition_bound([], degrees, [*map(str, i)], str(n))
    return None if verdict is not False else "a composition is closer"


def best_disturbed(rows: Rows, degrees: list[int], shares: list[Q], n: Q, i: Interval) -> Refutation:
    verdict = naive.noisy_composition_bound([], degrees, [*map(str, i)], [*map(str, shares)], str(n))
    return None if verdict is not False else "a composition is closer"


def best_repeated(
    rows: Rows,
    degree: int,
    power: int,
    n: Q,
    i: Interval,
    again: Interval,
    range: Interval | None = None,
    slope: Interval | None = None,
    multiplier: Interval | None = None,
) -> Refutation:
    assert i == again
    assert i[1] == 1
    given = (None if values is None else [*map(str, values)] for values in (range, slope, multiplier))
    verdict = naive.constant_bound([], degree, power, str(i[0]), str(n), *given)
    return None if verdict is not False else "a map is closer"


# Members of families --------------------------------------------------------------------------------------------------


def bounded(rows: Rows) -> Refutation:
    for x in worth_trying([rows[0]] * 4, Q(1, 10**6), Q(1)):
        if not abs(run_on(rows[0], float(x), 2000)) < 1e6:
            return f"x = {x}: the orbit runs away"
    return None


def multiplier(rows: Rows, relation: str, value: str | None = None) -> Refutation:
    d = slope_at(rows[0], Q(1))
    holds = d > 1 if relation == ">" else d < -1 if value else -1 < d < 1
    return None if holds else f"f'(1) = {d}"


def positive_everywhere(rows: Rows) -> Refutation:
    far = 2 + 2 * sum(map(abs, rows[0]), Q(0)) / abs(next(c for c in reversed(rows[0]) if c))
    for x in [*worth_trying([rows[0]], Q(1, 10**9), far), far * 10**6]:
        if value(rows[0], x) <= 0:
            return f"f({x}) = {float(value(rows[0], x))}"
    return None


def somewhere(test: Callable[[list[float]], bool], row: Row, steps: int) -> bool:
    x = points.sample(Q(0), Q(1), 4000)[1:-1]
    x = np.concatenate([x, points.critical([row] * 2, x)])
    runs = np.stack(points.floats([row] * steps, x))
    return any(test(list(runs[:, i])) for i in range(runs.shape[1]))


def flips_somewhere(rows: Rows, x: str) -> Refutation:
    return None if somewhere(lambda run: run[2] < 0, rows[0], 2) else "f(f(x)) is negative at no point tried"


def lands_elsewhere(rows: Rows) -> Refutation:
    """By a change of sign of w(f(x)²) on (0, 1), f(x) = x + x·(1 - x²)·w(x²): its zero is not where f(x) is 1, or 0.

    w and not f(f(x)) - f(x), for another fixed point may be so near to 1 that no two points tried lie between them.
    """
    row = rows[0]
    w = list(itertools.accumulate([row[0] - 1, *row[1:]]))[:-1]
    assert sum(row) == 1
    x = points.sample(Q(0), Q(1), 4000)[1:-1]
    x = np.concatenate([x, points.critical([row] * 2, x)])
    values = np.polynomial.polynomial.polyval(points.floats([row], x)[1] ** 2, [float(c) for c in w])
    elsewhere = sum(w) != 0 and w[0] != 0
    return None if elsewhere and values.min() < 0 < values.max() else "f(f(x)) = f(x) at no point tried, but at 0 or 1"


def comes_back(rows: Rows) -> Refutation:
    """f(f(x)) = x somewhere in (0, 1), by a change of sign between neighbouring points."""
    x = points.sample(Q(0), Q(1), 4000)[1:-1]
    x = np.sort(np.concatenate([x, points.critical([rows[0]] * 2, x)]))
    difference = points.floats([rows[0]] * 2, x)[2] - x
    return None if (difference[:-1] * difference[1:] < 0).any() else "f(f(x)) = x at no point tried"


def escapes_somewhere(rows: Rows, signs: str | None = None) -> Refutation:
    return None if somewhere(lambda run: abs(run[-1]) > 1e9, rows[0], 300) else "no point tried runs away"


ATTACKS: dict[str, Callable[..., Refutation]] = {
    "inside": inside, "inside at": inside_at, "attained": attained, "slope": slope, "slope in": slope_in,
    "positive": positive, "flips": flips, "robust": robust, "all but": all_but,
    "mean square": mean_square, "moments": moments,
    "ratio": ratio, "fixed": fixed,
    "only fixed": only_fixed, "tends": tends, "escapes": escapes, "cycle": cycle, "best": best,
    "best composed": best_composed, "best disturbed": best_disturbed, "best repeated": best_repeated,
    "iterates positive": iterates_positive, "bounded": bounded,
    "multiplier": multiplier, "positive everywhere": positive_everywhere, "flips somewhere": flips_somewhere,
    "escapes somewhere": escapes_somewhere, "lands elsewhere": lands_elsewhere, "comes back": comes_back,
}  # fmt: skip


def threshold(statement: Statement, rows: Any) -> Refutation:
    """Along a few lines: a root of m in the place given, the property before it, its failure behind it."""
    given = statement.says.given
    (low, high), where = given["range"], given["where"]
    before, after = given["before"], given["after"]
    box = statement.boxes[0] if statement.boxes else ()
    for rest in members(box, False) if box else [()]:
        if any(lo < hi and value in (lo, hi) for value, (lo, hi) in zip(rest, box, strict=True)):
            continue  # on an edge 1 may be neutral, and orbits come near it more slowly than any number of steps shows
        m = written(given["m"], [given["a"], *statement.names], rest)
        roots = roots_in(m, where) if m else [where]
        if not roots:
            return f"m has no root in {where} at {rest}"
        tried = []
        for lo, hi in roots:
            e = (high - low) / 10**3  # nearer to α what escapes is too little to be met by chance
            here = [(before, a) for a in (low + e, (low + lo) / 2, lo - e) if low < a < lo]
            there = [(after, a) for a in (hi + e, (hi + high) / 2, high) if hi < a <= high]
            wrong = [
                f"a = {a}: {found}" for says, a in here + there if (found := fails(says, before, rows, (a, *rest)))
            ]
            tried.append(wrong)
        if all(tried):
            return f"at every root of m: {tried[0][0]}"
    return None


def fails(says: Says | None, before: Says, rows: Any, theta: tuple[Q, ...]) -> Refutation:
    row = [[at(c, theta) for c in rows[0]]]
    if says is not None:
        return attack(says, row)
    return None if attack(before, row) else "the property still holds, as far as can be seen"


def written(text: str, names: Sequence[str], rest: Sequence[Q]) -> list[Q] | None:
    """The polynomial's coefficients in the first parameter; None where it is not written out."""
    if "polynomial of" in text:
        return None
    terms: dict[int, Q] = {}
    text = text.replace(" - ", " + -").removeprefix("+ ")
    for term in text.split(" + "):
        c, power = Q(-1 if term.startswith("-") else 1), 0
        for factor in term.removeprefix("-").split("·"):
            name, _, k = factor.partition("^")
            superscript = "".join(ch for ch in factor if ch in "⁰¹²³⁴⁵⁶⁷⁸⁹")
            name, k = (factor.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹"), superscript) if superscript else (name, k)
            exponent = int(k.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")) or 1)
            if name == names[0]:
                power += exponent
            elif name in names:
                c *= rest[names.index(name) - 1] ** exponent
            else:
                c *= Q(factor)
        terms[power] = terms.get(power, Q(0)) + c
    return [terms.get(k, Q(0)) for k in range(max(terms) + 1)]


def roots_in(m: list[Q], where: Interval) -> list[Interval]:
    if not any(m):
        return []
    if where[0] == where[1]:
        return [where] if sum(c * where[0] ** k for k, c in enumerate(m)) == 0 else []
    return signs.isolated(m, *where)
