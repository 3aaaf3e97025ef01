"""Certificates of every claim about a schedule, true and false, from a naive finder: bisection."""

import json
import re
from fractions import Fraction as Q
from itertools import pairwise
from math import ceil, comb, floor

# A naive finder ------------------------------------------------------------------------------------------------------
# A polynomial is the list of its coefficients, lowest power first.


def value(p, x):
    return sum(c * x**i for i, c in enumerate(p))


def add(p, q):
    n = max(len(p), len(q))
    return [a + b for a, b in zip([*p, *[Q(0)] * (n - len(p))], [*q, *[Q(0)] * (n - len(q))], strict=True)]


def mul(p, q):
    r = [Q(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            r[i + j] += a * b
    return r


def scaled(k, p):
    return [k * c for c in p]


def odd(row):
    return [c for pair in row for c in (Q(0), pair)]


def derivative(p):
    return [i * c for i, c in enumerate(p)][1:] or [Q(0)]


def bernstein(p, lo, hi):
    n = len(p) - 1
    shifted = [sum(p[i] * comb(i, j) * lo ** (i - j) for i in range(j, n + 1)) * (hi - lo) ** j for j in range(n + 1)]
    return [sum(Q(comb(k, j), comb(n, j)) * shifted[j] for j in range(k + 1)) for k in range(n + 1)]


def cuts(p, lo, hi, depth=12):
    """Split points between which all Bernstein coefficients of p are ≥ 0, and p > 0 at each of them."""
    if min(bernstein(p, lo, hi)) >= 0:
        return []
    mid = (lo + hi) / 2
    assert depth > 0, "bisection found none"
    assert value(p, mid) > 0, "the polynomial is not positive"
    return [*cuts(p, lo, mid, depth - 1), mid, *cuts(p, mid, hi, depth - 1)]


def hull(p, lo, hi, unit):
    """An interval that contains p([lo, hi]), rounded outward to the unit."""
    ends = [lo + (hi - lo) * i / 64 for i in range(65)]
    every = [b for a, c in pairwise(ends) for b in bernstein(p, a, c)]
    return floor(min(every) / unit - 1) * unit, ceil(max(every) / unit + 1) * unit


def chain(rows, start, unit=Q(1, 1000), errors=None):
    steps, (lo, hi) = [], start
    for row, e in zip(rows, errors or [Q(0)] * len(rows), strict=True):
        f = odd(row)
        low, high = hull(f, lo, hi, unit)
        low, high = low - e, high + e
        splits = [cuts(add(f, [-low - e]), lo, hi), cuts(add(scaled(-1, f), [high - e]), lo, hi)]
        steps.append({"outer": [low, high], "splits": splits})
        lo, hi = low, high
    return steps, (lo, hi)


def inner_chain(rows, start, unit=Q(1, 1000)):
    steps, (lo, hi) = [], start
    for row in rows:
        f = odd(row)
        at = sorted((lo + (hi - lo) * i / 64 for i in range(65)), key=lambda x: value(f, x))
        p, q = at[0], at[-1]
        lo, hi = ceil(value(f, p) / unit) * unit, floor(value(f, q) / unit) * unit
        steps.append({"inner": [lo, hi], "points": [p, q]})
    return steps, (lo, hi)


def two_step(g):
    """H = (g + 1)(1 + y g D), D the divided difference of g at y and y g²."""
    y = [Q(0), Q(1)]
    z, d, v = mul(y, mul(g, g)), [Q(0)], [Q(0)]
    for c in reversed(g):
        d, v = add(mul(d, z), v), add(mul(v, y), [c])
    h = mul(add(g, [Q(1)]), add([Q(1)], mul(mul(y, g), d)))
    return h[: max(i for i, c in enumerate(h) if c) + 1]


# Certificates --------------------------------------------------------------------------------------------------------

JORDAN = [Q("3.4445"), Q("-4.7750"), Q("2.0315")]
GENTLE = [Q("3.25"), Q("-3.51"), Q("1.26")]
CUBIC = [Q("1.99"), Q("-0.99")]
IRRATIONAL, BRACKET = [Q("3.2"), Q("-3.2"), Q("1.1")], (Q(105, 100), Q(106, 100))  # 11 p^4 - 32 p^2 + 22 = 0


def certificate(rows, claim, witness):
    def plain(v):
        if isinstance(v, Q):
            return str(v)
        if isinstance(v, dict):
            return {k: plain(w) for k, w in v.items()}
        return [plain(w) for w in v] if isinstance(v, (list, tuple)) else v

    parts = {"schedule": rows, "claim": claim, "witness": witness}
    return plain({"format": "muon-theory/certificate/1", **parts})


def maps_into():
    rows = [JORDAN, GENTLE, CUBIC]
    steps, last = chain(rows, (Q(1, 100), Q(1)))
    return certificate(
        rows, {"type": "maps-into", "start": [Q(1, 100), Q(1)], "target": last}, {"type": "chain", "steps": steps}
    )


def attains():
    rows = [JORDAN, GENTLE]
    steps, last = inner_chain(rows, (Q(1, 100), Q(1)))
    return certificate(
        rows, {"type": "attains", "start": [Q(1, 100), Q(1)], "contains": last}, {"type": "chain", "steps": steps}
    )


def robust_band():
    rows, errors = [JORDAN, GENTLE], [Q(1, 128), Q(1, 256)]
    steps, last = chain(rows, (Q(1, 10), Q(1)), errors=errors)
    claim = {"type": "robust-band", "start": [Q(1, 10), Q(1)], "target": last, "errors": errors}
    return certificate(rows, claim, {"type": "chain", "steps": steps})


def sign_safe():
    rows, u, steps = [JORDAN, GENTLE, CUBIC], Q(1), []
    for row in rows:
        _, top = hull(odd(row), Q(0), u, Q(1, 100))
        steps.append(
            {"upper": top, "splits": [cuts(row, Q(0), u * u), cuts(add(scaled(-1, odd(row)), [top]), Q(0), u)]}
        )
        u = top
    return certificate(rows, {"type": "sign-safe", "upper": Q(1)}, {"type": "uppers", "steps": steps})


def flips():
    rows = [[Q(2), Q(-1)]] * 3  # 2x - x³ is negative beyond √2
    steps, _ = chain(rows[:1], (Q(3, 2), Q(8, 5)))
    return certificate(
        rows, {"type": "flips", "start": [Q(3, 2), Q(8, 5)], "step": 1}, {"type": "chain", "steps": steps}
    )


def flips_later():
    rows = [[Q(4), Q(-2)]]  # the one row is repeated: 1 → 2 → -8
    steps, _ = chain(rows * 2, (Q(1), Q(101, 100)))
    return certificate(
        rows, {"type": "flips", "start": [Q(1), Q(101, 100)], "step": 2}, {"type": "chain", "steps": steps}
    )


def slope():
    return certificate([JORDAN, GENTLE], {"type": "slope", "value": JORDAN[0] * GENTLE[0]}, {"type": "none"})


def at_point(kind, row, point, *signs):
    lo, hi = point
    g, q = row, (lo * lo, hi * hi)
    alone = [] if lo == hi else cuts(derivative(scaled(1 if value(g, q[1]) > 1 else -1, g)), *q)
    d = [c * (2 * i + 1) for i, c in enumerate(row)]
    splits = [alone, *(cuts(add(scaled(s, d), [k]), *q) for s, k in signs)]
    return certificate([row], {"type": kind, "point": point}, {"type": "splits", "splits": splits})


def fixes():
    return at_point("fixes", GENTLE, (Q(1), Q(1)))


def fixes_between():
    return at_point("fixes", IRRATIONAL, BRACKET)


def attracts():
    return at_point("attracts", CUBIC, (Q(1), Q(1)), (-1, 1), (1, 1))


def attracts_between():
    return at_point("attracts", IRRATIONAL, BRACKET, (-1, 1), (1, 1))


def repels():
    return at_point("repels", CUBIC, (Q(0), Q(0)), (1, -1))


def repels_between():
    return at_point("repels", [Q(4), Q(-2)], (Q(122, 100), Q(123, 100)), (-1, -1))  # p² = 3/2, f'(p) = -5


def converging(row, lo, hi, upper):
    g, q, u, one = row, (lo * lo, hi * hi), upper * upper, [Q(1)]
    splits = [
        [] if lo == hi else cuts(scaled(-1, derivative(g)), *q),
        cuts(g, Q(0), u),
        cuts(add(scaled(-1, odd(row)), [upper]), Q(0), upper),
        cuts(add(g, [Q(-1)]), Q(0), q[0]),
        cuts(add(one, scaled(-1, g)), q[1], u),
        cuts(two_step(g), Q(0), q[1]),
    ]
    return certificate(
        [row] * 5, {"type": "converges", "point": [lo, hi], "upper": upper}, {"type": "splits", "splits": splits}
    )


def converges():
    return converging(GENTLE, Q(1), Q(1), Q(13, 10))


def converges_at_the_boundary():
    return converging([Q(2), Q(-1)], Q(1), Q(1), Q(11, 10))  # f'(1) = -1


def converges_between():
    return converging(IRRATIONAL, *BRACKET, Q(4, 3))


def escapes():
    row = [Q(2), Q(-1)]
    steps, _ = chain([row] * 2, (Q(5, 2), Q(13, 5)))
    assert steps[-1]["outer"][0] >= 2  # R = κ = 2: -g(y) ≥ κ is y ≥ 4
    witness = {"type": "escape", "steps": steps, "radius": Q(2), "ratio": Q(2), "splits": []}
    return certificate([row], {"type": "escapes", "start": [Q(5, 2), Q(13, 5)]}, witness)


def cycles():
    row, c = [Q("2.1"), Q("-1.1")], 0.8  # f'(1) = -1.2: the orbits tend to a 2-cycle
    for _ in range(1000):
        c = 2.1 * c - 1.1 * c**3
    first = (Q(round(1000 * c) - 10, 1000), Q(round(1000 * c) + 10, 1000))
    f, slopes = odd(row), derivative(odd(row))
    places, splits, bounds = [first, hull(f, *first, Q(1, 1000))], [], []
    for here, there in [places, places[::-1]]:
        low, high = hull(slopes, *here, Q(1, 1000))
        bound = max(high, -low)
        conditions = (
            add(f, [-there[0]]),
            add(scaled(-1, f), [there[1]]),
            add(slopes, [bound]),
            add(scaled(-1, slopes), [bound]),
        )
        splits.append([cuts(p, *here) for p in conditions])
        bounds.append(bound)
    return certificate(
        [row], {"type": "cycles", "intervals": places}, {"type": "cycle", "splits": splits, "bounds": bounds}
    )


ALTERNATING = [Q(1, 10), Q(2, 3), Q(1)]  # where 1 - (13/5 x - 2x³) is > 0, < 0, > 0


def minimax():
    claim = {"type": "minimax", "degree": 3, "interval": [Q(1, 10), Q(1)], "error": Q(14, 100)}
    return certificate([[Q(13, 5), Q(-2)]], claim, {"type": "alternation", "points": ALTERNATING})


def composition_bound():
    rows = [[Q(13, 5), Q(-2)], [Q(17, 10), Q(-71, 100)]]
    levels = [
        {"interval": [Q(1, 10), Q(1)], "error": Q(14, 100), "points": ALTERNATING},
        {"interval": [Q(76, 100), Q(1)], "error": Q(9, 1000), "points": [Q(76, 100), Q(88, 100), Q(1)]},
    ]
    claim = {"type": "composition-bound", "degrees": [3, 3], "interval": [Q(1, 20), Q(1, 2)], "error": Q(9, 1000)}
    return certificate(rows, claim, {"type": "alternations", "steps": levels})


def noisy_composition_bound():
    exact = composition_bound()
    claim = {**exact["claim"], "type": "noisy-composition-bound", "errors": ["1/100", "1/100"], "error": "19/1000"}
    return {**exact, "claim": claim}


def mean_square():
    rows, points = [JORDAN, GENTLE], [Q(1, 4), Q(1, 2), Q(3, 4)]
    chains, low, high = [], Q(0), Q(0)
    for a, b in pairwise([Q(1, 10), *points, Q(1)]):
        steps, (lo, hi) = chain(rows, (a, b))
        chains.append(steps)
        low += (b - a) * max(lo - 1, 1 - hi, Q(0)) ** 2
        high += (b - a) * max(1 - lo, hi - 1) ** 2
    claim = {"type": "mean-square", "interval": [Q(1, 10), Q(1)], "bounds": [low, high * 2]}  # the length is 9/10
    return certificate(rows, claim, {"type": "cells", "points": points, "chains": chains})


EVERY = [
    maps_into, attains, robust_band, sign_safe, flips, flips_later, slope, fixes, fixes_between, attracts,
    attracts_between, repels, repels_between, converges, converges_at_the_boundary, converges_between, escapes, cycles,
    minimax, composition_bound, noisy_composition_bound, mean_square,
]  # fmt: skip

# What each claim says too much after one change.  The path leads to the value that is replaced.
FALSE = [
    ("the band is cut off", maps_into, ["claim", "target", 1], "9/10"),
    ("no such large values", attains, ["claim", "contains", 1], "2"),
    ("the steps err more", robust_band, ["claim", "errors", 0], "1/4"),
    ("sent below 0 from 3/2", sign_safe, ["claim", "upper"], "3/2"),
    ("1 is fixed", flips, ["claim", "start", 0], "1"),
    ("positive until the second step", flips_later, ["claim", "step"], 1),
    ("another product", slope, ["claim", "value"], "11"),
    ("1/2 is not fixed", fixes, ["claim", "point"], ["1/2", "1/2"]),
    ("no fixed point so far left", fixes_between, ["claim", "point", 1], "211/200"),
    ("0 repels", attracts, ["claim", "point"], ["0", "0"]),
    ("two fixed points, one repelling", attracts_between, ["claim", "point", 1], "27/20"),
    ("1 attracts", repels, ["claim", "point"], ["1", "1"]),
    ("g' changes its sign", repels_between, ["schedule", 0], ["4", "-2", "0", "10"]),
    ("5/4 is beyond another fixed point", converges, ["claim", "upper"], "27/20"),
    ("f'(1) < -1", converges_at_the_boundary, ["schedule"], [["21/10", "-11/10"]]),
    ("the fixed point is beyond 211/200", converges_between, ["claim", "point", 1], "211/200"),
    ("1/2 is drawn to 1", escapes, ["claim", "start"], ["1/2", "1/2"]),
    ("the points are one", cycles, ["claim", "intervals", 1], ["161/200", "33/40"]),
    ("some cubic is closer", minimax, ["claim", "error"], "9/10"),
    ("a mean so small is not shown", mean_square, ["claim", "bounds", 1], "1/1000"),
    ("some composition is closer", composition_bound, ["claim", "error"], "1/10"),
    ("without an error the last step is closer", noisy_composition_bound, ["claim", "errors", 1], "0"),
]


def changed(certificate, path, new):
    """The certificate with one value replaced."""
    *way, last = path
    copy = json.loads(json.dumps(certificate))
    place = copy
    for key in way:
        place = place[key]
    place[last] = new
    return copy


def bundle(certificates):
    return {"format": "muon-theory/bundle/1", "certificates": list(certificates)}


def mutants(certificate, keys=("schedule", "claim", "witness"), factors=(Q(99, 100), Q(101, 100), Q(-1), Q(0))):
    """Every certificate in which one number is a little less, a little more, the opposite, or 0."""
    for path in paths({key: certificate[key] for key in keys}):
        old = certificate
        for key in path:
            old = old[key]
        if isinstance(old, str) and re.fullmatch(r"-?\d+(/\d+)?", old):
            for new in {Q(old) * factor for factor in factors} - {Q(old)}:
                yield changed(certificate, path, str(new))


def paths(value, path=()):
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield list(path)
    else:
        for key, v in inner:
            yield from paths(v, (*path, key))
