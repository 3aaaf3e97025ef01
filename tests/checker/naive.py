"""A deliberately naive judge of what a certificate *states*, witness unseen: by root counting and exact evaluation.

`true(certificate)` is True where the statement is confirmed, False where it is refuted and None where neither came out.
For a region and a threshold True means: not falsified at any point of a grid of rational parameters.
"""

import builtins
from fractions import Fraction as Q
from itertools import pairwise, product
from math import ceil, floor, isqrt, log
from typing import Any

from tests.naive import best, repeated, signs
from tests.naive.signs import compose, derivative, evaluate, multiply, odd, positive

Interval = tuple[Q, Q]
Rows = list[list[Q]]


def true(certificate: dict[str, Any]) -> bool | None:
    claim = dict(certificate["claim"])
    judge = JUDGES[claim.pop("type")]
    if "box" in certificate.get("family", ()):
        rows, box = certificate["family"]["rows"], [pair(i) for i in certificate["family"]["box"]]
        verdicts = {judge([member(row, v) for row in rows], **claim) for v in grid(box, 3)}
        return False if False in verdicts else None if None in verdicts else True
    if "family" in certificate:
        return judge(certificate["family"]["coefficients"], **claim)
    return judge([[Q(c) for c in row] for row in certificate["schedule"]], **claim)


def pair(value: list[str]) -> Interval:
    return Q(value[0]), Q(value[1])


def inside(inner: Interval, outer: Interval) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


Way = tuple[Q, Q]  # a share of the value, and a number


def images(
    rows: Rows, start: Interval, errors: list[Q] | None = None, ways: list[list[Way]] | None = None
) -> tuple[list[Interval], list[Interval]]:
    """Outer and inner enclosures of the images of the start under the first 0, 1, 2, … rows, widened by the errors.

    By the least of the errors and, of values > 0, of each of the ways.
    """
    outers, inners = [start], [start]
    for t, row in enumerate(rows):
        every = [(Q(0), errors[t] if errors else Q(0)), *(ways[t] if ways else [])]
        (lo, hi), _ = signs.image(odd(row), *outers[-1])
        outers.append(signs.rounded(widened(lo, hi, every), True))
        _, (lo, hi) = signs.image(odd(row), *inners[-1])
        inners.append(signs.rounded(widened(lo, hi, every), False))
    return outers, inners


def widened(lo: Q, hi: Q, ways: list[Way]) -> Interval:
    return max(lo * (1 - r) - e for r, e in ways), min(hi * (1 + r) + e for r, e in ways)


def both_ways(sufficient: bool, necessary: bool) -> bool | None:
    return True if sufficient else None if necessary else False


def maps_into(rows: Rows, start: list[str], target: list[str], errors: list[str] | None = None) -> bool | None:
    outers, inners = images(rows, pair(start), [Q(e) for e in errors] if errors else None)
    return both_ways(inside(outers[-1], pair(target)), inside(inners[-1], pair(target)))


def attains(rows: Rows, start: list[str], contains: list[str]) -> bool | None:
    outers, inners = images(rows, pair(start))
    return both_ways(inside(pair(contains), inners[-1]), inside(pair(contains), outers[-1]))


def sign_safe(rows: Rows, upper: str) -> bool | None:
    u = Q(upper)
    outers, _ = images(rows, (Q(0), u))
    return u > 0 and all(positive(row, Q(0), hi * hi, False) for row, (_, hi) in zip(rows, outers, strict=False))


def slope(rows: Rows, value: str) -> bool:
    return evaluate(derivative(composition(rows)), Q(0)) == Q(value)


def composition(rows: Rows) -> list[Q]:
    phi = [Q(0), Q(1)]
    for row in rows:
        phi = compose(odd(row), phi)
    return phi


def fixed(row: list[Q], point: list[str]) -> Interval | None:
    """A tiny interval around the one fixed point in the interval given (a point, where that is rational)."""
    lo, hi = pair(point)
    roots = signs.isolated(signs.add(odd(row), [Q(0), Q(-1)]), lo, hi)
    if lo == hi:
        return (lo, lo) if evaluate(odd(row), lo) == lo else None
    return roots[0] if len(roots) == 1 and lo > 0 else None


def fixes(rows: Rows, point: list[str]) -> bool:
    return fixed(rows[0], point) is not None


def multiplier(rows: Rows, point: list[str]) -> Interval | None:
    p = fixed(rows[0], point)
    return p and signs.image(derivative(odd(rows[0])), *p)[0]


def attracts(rows: Rows, point: list[str]) -> bool | None:
    m = multiplier(rows, point)
    return m is not None and both_ways(m[0] > -1 and m[1] < 1, m[0] < 1 and m[1] > -1)


def repels(rows: Rows, point: list[str]) -> bool | None:
    m = multiplier(rows, point)
    return m is not None and both_ways(m[0] > 1 or m[1] < -1, m[1] > 1 or m[0] < -1)


def converges(rows: Rows, point: list[str], upper: str) -> bool | None:
    """f > 0 and f ≤ β; p the only fixed point, between f > x and f < x; f∘f > x below p, from f∘f written out."""
    f, u = odd(rows[0]), Q(upper)
    p = fixed(rows[0], point)
    if p is None or p[1] <= 0 or p[0] > u:
        return False
    rises, twice = signs.add(f, [Q(0), Q(-1)])[1:], signs.add(compose(f, f), [Q(0), Q(-1)])[1:]
    falls = [-c for c in rises]
    open_ended = p[0] == p[1]
    fine = (
        positive(f[1:], Q(0), u, False)
        and signs.image(f, Q(0), u)[0][1] <= u
        and positive(rises, Q(0), p[0], False, not open_ended)
        and positive(twice, Q(0), p[0], False, not open_ended)
        and (p[1] >= u or positive(falls, p[1], u, not open_ended))
    )
    return True if fine else None


def escapes(rows: Rows, start: list[str]) -> bool | None:
    """Follow the interval until |x| ≥ B, beyond which |f(x)| ≥ 2|x| because the leading term outweighs the others."""
    row = without_leading_zeros(rows[0])
    if len(row) == 1:
        return abs(row[0]) > 1 and not inside((Q(0), Q(0)), pair(start))
    others = sum(map(abs, row[:-1]), Q(0))
    far, here = max(Q(1), (others + 2) / abs(row[-1])), pair(start)
    for _ in range(60):
        if min(abs(here[0]), abs(here[1])) ** 2 >= far and here[0] * here[1] > 0:
            return True
        if here[1] - here[0] > 10**9 * far:
            return None
        here = coarse(signs.image(odd(row), *here)[0])
    return None


def coarse(interval: Interval) -> Interval:
    return Q(floor(interval[0] * 2**120), 2**120), Q(ceil(interval[1] * 2**120), 2**120)


def without_leading_zeros(row: list[Q]) -> list[Q]:
    last = max((i for i, c in enumerate(row) if c), default=0)
    return row[: last + 1]


def flips(rows: Rows, start: list[str], step: int) -> bool | None:
    run = [rows[t] if t < len(rows) else rows[0] for t in range(step)]
    (*before, last), (*inner_before, inner_last) = images(run, pair(start))
    holds = all(lo > 0 for lo, _ in before) and last[1] < 0
    return both_ways(holds, all(lo > 0 for lo, _ in inner_before) and inner_last[1] < 0)


def cycles(rows: Rows, intervals: list[list[str]]) -> bool | None:
    """Iterate from the middle of J_1, then enclose: f^k - x changes sign on a tiny interval with images in the J_i."""
    f, through = odd(rows[0]), [pair(i) for i in intervals]
    if any(a[1] >= b[0] for a, b in pairwise(sorted(through))):
        return False
    x, slope_of = sum(through[0], Q(0)) / 2, derivative(f)
    for _ in range(400 * len(through)):
        x = Q(round(evaluate(f, x) * 2**200), 2**200)
    small = Q(1, 2**60)
    here, product_of_slopes, ends = (max(x - small, through[0][0]), min(x + small, through[0][1])), Q(1), []
    for end in here:
        value = end
        for _ in through:
            value = evaluate(f, value)
        ends.append(value - end)
    for j in through:
        if not inside(here, j):
            return None
        product_of_slopes *= max(map(abs, signs.image(slope_of, *here)[0]))
        here = signs.rounded(signs.image(f, *here)[0], True)
    crosses = ends[0] * ends[1] <= 0
    return True if crosses and product_of_slopes < 1 else None


def mean_square(rows: Rows, interval: list[str], bounds: list[str]) -> bool:
    """By integrating the polynomial (φ - 1)²."""
    (l, u), error = pair(interval), signs.add(composition(rows), [Q(-1)])
    square = multiply(error, error)
    primitive = [Q(0), *(c / (i + 1) for i, c in enumerate(square))]
    mean = (evaluate(primitive, u) - evaluate(primitive, l)) / (u - l)
    return Q(bounds[0]) <= mean <= Q(bounds[1])


def ratio(rows: Rows, interval: list[str], bounds: list[str]) -> bool:
    """φ(x)/x less each bound has no sign change on the interval: a touch is allowed, as roots are counted."""
    (a, b), (lower, upper) = pair(interval), pair(bounds)
    quotient = composition(rows)[1:]
    between = (signs.add(quotient, [-lower]), signs.add([-c for c in quotient], [upper]))
    return all(not_negative(p, a, b) for p in between)


def not_negative(p: list[Q], lo: Q, hi: Q) -> bool:
    """p ≥ 0: without the roots at the ends, p does not vanish, and is > 0 at the midpoint."""
    if not any(p):
        return True
    inner = signs.without_root(signs.without_root(p, lo), hi)
    return evaluate(p, (lo + hi) / 2) >= 0 and signs.count_roots(inner, lo, hi) == 0


def moments(
    rows: Rows, interval: list[str], measure: str, mean: list[str], square: list[str], variance: list[str]
) -> bool:
    """By integrating φ and φ², or, for dx/x, these divided by x, and the logarithm in floats."""
    (l, u), phi = pair(interval), composition(rows)
    first, second = integral(phi, l, u, measure), integral(multiply(phi, phi), l, u, measure)
    length = float(u - l) if measure == "uniform" else log(u / l)
    m, q = float(first) / length, float(second) / length
    values = (m, q - 2 * m + 1, q - m * m)
    return all(float(a) <= v <= float(b) for v, (a, b) in zip(values, map(pair, (mean, square, variance)), strict=True))


def integral(p: list[Q], l: Q, u: Q, measure: str) -> Q:
    primitive = [Q(0), *(c / (i + 1) for i, c in enumerate(p if measure == "uniform" else p[1:]))]
    return evaluate(primitive, u) - evaluate(primitive, l)


def robust_band(rows: Rows, start: list[str], target: list[str], errors: list[str]) -> bool | None:
    return maps_into(rows, start, target, errors)


def all_but(rows: Rows, start: list[str], target: list[str], exceptions: int, **lists: list[str]) -> bool | None:
    """True where some way to share the exceptions among the steps keeps all others inside.

    False where k + 1 values that move together, as far as the norms let so many, leave the target on one side.
    """
    steps = len(rows)
    errors, shares, rests, norms = (list(map(Q, lists[key])) for key in ("errors", "shares", "rests", "norms"))
    if len(errors) != steps or len(shares) != len(rests) or not {len(shares), len(norms)} <= {0, steps}:
        return False
    ways = [[way] for way in zip(shares, rests, strict=True)] or None

    def widths(counts: tuple[int, ...]) -> list[Q]:
        roots = [root(s**2 / (k + 1)) for s, k in zip(norms, counts, strict=True)] if norms else errors
        return [min(e, w) for e, w in zip(errors, roots, strict=True)]

    if Q(start[0]) <= 0:
        return None
    tried = (k for k in product(_upto(exceptions), repeat=steps) if sum(k) == exceptions) if norms else [(0,) * steps]
    for counts in tried:
        outers, _ = images(rows, pair(start), widths(counts), ways)
        if lows_are_positive(outers) and inside(outers[-1], pair(target)):
            return True
    together = [w * (1 - Q(1, 2**40)) for w in widths((exceptions,) * steps)]
    _, inners = images(rows, pair(start), together, ways)
    return None if inside(inners[-1], pair(target)) or not lows_are_positive(inners) else False


def lows_are_positive(intervals: list[Interval]) -> bool:
    return all(lo > 0 for lo, _ in intervals)


def root(q: Q) -> Q:
    """√q, up, to 2^-60."""
    scale = 4**60
    return Q(isqrt(ceil(q * scale)) + 1, 2**60) if q else q


def minimax(rows: Rows, degree: int, interval: list[str], error: str) -> bool | None:
    least, most = best.error(degree, *pair(interval))
    return both_ways(Q(error) <= least, Q(error) <= most)


def composition_bound(rows: Rows, degrees: list[int], interval: list[str], error: str) -> bool | None:
    return noisy_composition_bound(rows, degrees, interval, ["0"] * len(degrees), error)


def noisy_composition_bound(
    rows: Rows, degrees: list[int], interval: list[str], errors: list[str], error: str
) -> bool | None:
    """From the ratio (1 - E)/(1 + E) of each best image an error takes (r - ε)/(1 + ε); at 0 nothing is left."""
    l, u = pair(interval)
    ratio, ratio_below = l / u, l / u
    for degree, e in zip(degrees, map(Q, errors), strict=True):
        low = best.error(degree, ratio, Q(1))[0] if ratio > 0 else Q(1)
        high = best.error(degree, ratio_below, Q(1))[1] if ratio_below > 0 else Q(1)
        least, most = (((1 - reach) / (1 + reach) - e) / (1 + e) for reach in (high, low))
        ratio_below, ratio = coarse((max(least, Q(0)), max(most, Q(0))))
    least, most = (1 - ratio) / (1 + ratio), (1 - ratio_below) / (1 + ratio_below)
    return both_ways(Q(error) <= least, Q(error) <= most)


def constant_bound(
    rows: Rows,
    degree: int,
    steps: int,
    lower: str,
    error: str,
    range: list[str] | None,
    slope: list[str] | None,
    multiplier: list[str] | None,
) -> bool | None:
    """False where a search finds a better map; true where what it finds is clearly worse; of cubics and linear maps."""
    if degree > 3:
        return None
    given = (None if values is None else pair(values) for values in (range, slope, multiplier))
    found = repeated.error(degree, steps, Q(lower), *given)
    return both_ways(float(Q(error)) <= found * 0.95, float(Q(error)) <= found)


# Families: the property of a member, and grids of members -------------------------------------------------------------


def member(coefficients: list[Any], values: tuple[Q, ...]) -> list[Q]:
    return [polynomial_at(c, values) for c in coefficients]


def polynomial_at(terms: list[Any], values: tuple[Q, ...]) -> Q:
    total = Q(0)
    for c, exponents in terms:
        term = Q(c)
        for v, k in zip(values, exponents, strict=True):
            term *= v**k
        total += term
    return total


def holds(name: str, row: list[Q]) -> bool:
    """The property of one map with f(1) = 1, on the orbits of (0, 1]: f > x below 1, and what it asks up to max f."""
    f, end = odd(row), evaluate(derivative(odd(row)), Q(1))
    if name == "attracting":
        return -1 < end < 1
    if name.startswith("multiplier"):
        return end > 1 if name == "multiplier-above-1" else end < -1
    if name in STARTS:
        return fails(STARTS[name], row)
    top = max(signs.image(f, Q(0), Q(1))[0][1], Q(1))
    rises = signs.add(f, [Q(0), Q(-1)])[1:]
    fine = positive(rises, Q(0), Q(1), False, False)
    fine = fine and (top == 1 or positive([-c for c in rises], Q(1), top, False))
    if name == "bounded":
        return fine and positive(signs.add(f, [Q(0), Q(1)])[1:], Q(0), top, False)
    fine = fine and positive(f[1:], Q(0), top, False)
    return fine and (
        name == "sign-safe" or positive(signs.add(compose(f, f), [Q(0), Q(-1)])[1:], Q(0), Q(1), False, False)
    )


STARTS = {"flips": "zero", "escapes": "fixed-point", "escapes-alternating": "antipode", "lands": "landing",
          "returns": "two-cycle"}  # fmt: skip


def fails(critical: str, row: list[Q]) -> bool:
    """Some orbit from (0, 1) flips sign, reaches a point from which |f| grows for ever (upward or alternating), comes
    to a fixed point other than 1, or comes back at its second step."""
    row = without_leading_zeros(row)
    f = odd(row)
    if critical in ("landing", "two-cycle"):
        twice = compose(f, f)  # f∘f - f, or f∘f - x, without the roots where f(x) is 0 or ±1
        equation = signs.add(twice, [-c for c in f] if critical == "landing" else [Q(0), Q(-1)])
        for trivial in (f, signs.add(multiply(f, f), [Q(-1)])) if critical == "landing" else ([Q(0), Q(1)],):
            equation = signs.without_common(equation, trivial)
        inner = signs.without_root(signs.without_root(equation, Q(0)), Q(1))
        return signs.count_roots(inner, Q(0), Q(1)) > 0
    if critical == "zero":
        return signs.image(compose(f, f), Q(0), Q(1))[1][0] < 0
    top = max(map(abs, signs.image(f, Q(0), Q(1))[1]))
    sign = 1 if critical == "fixed-point" else -1
    grows = signs.add([sign * c for c in f], [Q(0), Q(-1)])[1:]
    far = max(top, 1 + sum(map(abs, row), Q(1)) / abs(row[-1]))
    return top > 1 and row[-1] * sign > 0 and positive(grows, top, far)


def grid(box: list[Interval], per_axis: int, interior: bool = False) -> list[tuple[Q, ...]]:
    steps = [Q(2 * i + 1, 2 * per_axis) if interior else Q(i, max(per_axis - 1, 1)) for i in range(per_axis)]
    return list(product(*([lo + (hi - lo) * s for s in steps] for lo, hi in box)))


def region(coefficients: list[Any], property: str, boxes: list[list[list[str]]], open: bool) -> bool:
    members = (member(coefficients, v) for box in boxes for v in grid([pair(i) for i in box], 4, open))
    return all(holds(property, m) for m in members)


def threshold(
    coefficients: list[Any], property: str, critical: str, range: list[str], others: list[list[str]],
    polynomial: list[Any], isolating: list[str] | None,
) -> bool:  # fmt: skip
    """Along a few lines the property holds up to a root of the polynomial, and fails from it."""
    (a0, a1), lines = pair(range), grid([pair(i) for i in others], 2)
    for rest in lines:
        terms = max((e[0] for _, e in polynomial), default=0)
        m = [polynomial_at([[c, e[1:]] for c, e in polynomial if e[0] == k], rest) for k in _upto(terms)]
        if isolating is not None:
            lo, hi = pair(isolating)
            if not any(m) or signs.count_roots(m, lo, hi) != 1:
                return False
        else:
            lo, hi = switch(coefficients, property, rest, a0, a1)
            if not any(m) or signs.count_roots(m, lo, hi) == 0:
                return False
        near = Q(1, 2**40)
        below = [a0 + (a1 - a0) / 2**20, (a0 + lo) / 2, lo - near]
        above = [hi + near, (hi + a1) / 2, a1]
        if not all(holds(property, member(coefficients, (a, *rest))) for a in below if a0 < a < lo):
            return False
        if not all(fails(critical, member(coefficients, (a, *rest))) for a in above if hi < a <= a1):
            return False
    return True


def switch(coefficients: list[Any], name: str, rest: tuple[Q, ...], lo: Q, hi: Q) -> Interval:
    """Where the property is lost, by bisection to 2^-25 of the range."""
    for _ in _upto(24):
        middle = (lo + hi) / 2
        lo, hi = (middle, hi) if holds(name, member(coefficients, (middle, *rest))) else (lo, middle)
    return lo, hi


def _upto(n: int) -> list[int]:
    return list(builtins.range(n + 1))  # `range` is also a key of a threshold


JUDGES = {
    f.__name__.replace("_", "-"): f
    for f in (
        maps_into, attains, sign_safe, slope, fixes, attracts, repels, converges, escapes, flips, cycles, mean_square,
        ratio, moments, robust_band, all_but, minimax, composition_bound,
        noisy_composition_bound, constant_bound, region, threshold,
    )
}  # fmt: skip
