"""Finder for constant-bound: boxes of coefficients, each refuted at points that its maps reach.

The unknown map is f(x) = Σ w_i·ℓ_i(x), ℓ_i(x) = x·L_i(x²), by its values w_i = f(x_i)/x_i at nodes x_i.  A box of the w
is halved until each part is refuted, in the order of cost:

1. *sign or growth*: f ≤ 0, or f(x) ≥ x from there on, at a point of [l, X], where X is reached by an iterate;
2. *a combination*: with z a value of fᵏ for every map of the box, f^(T-k)(z) is a first-order Taylor model
   c + Σ d_i·u_i ± e over the box, |u_i| ≤ 1.  A linear program asks for u with all models within E of 1; where there is
   none its dual solution is the certificate: λ with |Σ λ(c - 1)| - Σ|Σ λ·d_i| - Σ|λ|·e ≥ E·Σ|λ|.

All of it is done for many boxes at once, in floats, and may be wrong: the checker repeats it in integers.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, cos, floor, pi
from typing import TYPE_CHECKING, Any, TypeAlias

from muon_theory.certificate import Certificate
from muon_theory.claims import Boxes, ConstantBound, Cover, Growth
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Mask: TypeAlias = NDArray[np.bool_]

MOST_BOXES, MOST_HALVINGS = 12_000, 60
"""Open at once, and one after the other: more than that will not end in minutes."""

AT_ONCE = 300
"""Boxes in one batch: its arrays stay in the cache."""

MARGIN = 1e-9
"""Of a float: what is refuted by less is cut further."""

CUTS = {1: (), 2: ("2",), 3: ("3/2", "5/2", "7/2"), 4: ("3/2", "5/2", "7/2", "5")}
"""Where the values of f(1) are cut, by the number of coefficients: each part has nodes of its own."""


def growing(degree: int, lower: Fraction) -> Growth:
    """A value that no good map reaches, by Chebyshev's points."""
    n = (degree + 1) // 2
    points = tuple(max(lower, Fraction(round(1000 * cos(pi * j / degree)), 1000)) for j in range(n))
    parts = [[a / t for a in row] for t, row in zip(points, lagrange(points), strict=True)]
    top = Fraction(2)
    while sum(max(a, Fraction(0)) / top ** (2 * i + 1) for part in parts for i, a in enumerate(part)) >= 1:
        top += Fraction(1, 64)
    return Growth(top, points)


def lagrange(nodes: Sequence[Fraction]) -> list[list[Fraction]]:
    """The coefficients in y of L_i, L_i(x_j²) = 1 for i = j and else 0."""
    found = []
    for x in nodes:
        row = [Fraction(1)]
        for z in nodes:
            if z != x:
                raised, same = [Fraction(0), *row], [*row, Fraction(0)]
                row = [(a - z * z * b) / (x * x - z * z) for a, b in zip(raised, same, strict=True)]
        found.append(row)
    return found


def constant_bound(
    reference: Schedule,
    degree: int,
    lower: Fraction,
    error: Fraction,
    at_one: Interval | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate[ConstantBound]:
    """No odd map of the degree, repeated as often as the reference, does better than `error` on [lower, 1].

    Parameters
    ----------
    at_one : of the maps with |f(1)| in it alone.
    progress : told (boxes refuted, boxes open) now and then.

    Raises UndecidedError where boxes stay open.
    """
    steps, growth = len(reference.steps), growing(degree, lower)
    n = (degree + 1) // 2
    within = at_one or Interval(Fraction(0), growth.top)
    cuts = [within.lo, *(c for c in map(Fraction, CUTS[n]) if within.lo < c < min(within.hi, growth.top)), within.hi]
    covers = []
    for lo, hi in itertools.pairwise(cuts):
        nodes, reached = _nodes(n, lower, lo), max(Fraction(1), lo) if steps > 1 else Fraction(1)
        box = tuple(Interval(lo, hi) if x == 1 else _values(x, reached, lower, growth) for x in nodes)
        search = _Search(steps, float(error), nodes, box, _places(lower, growth.top), progress)
        covers.append(Cover(nodes, box, *_renumbered(search.places, search.tree())))
    claim = ConstantBound(degree, steps, lower, error, at_one)
    return Certificate(reference, claim, Boxes(growth, tuple(covers)))


def _renumbered(places: tuple[Fraction, ...], words: list[str]) -> tuple[tuple[Fraction, ...], str]:
    """The points that the words use, and the words with their new numbers."""
    used: dict[int, int] = {}

    def new(number: str) -> str:
        return str(used.setdefault(int(number), len(used)))

    def renumbered(word: str) -> str:
        if word.isalpha():
            return word
        head, *terms = word.split("?")
        chain, equals, last = head.partition("=")
        pairs = ",".join(map(new, chain.split(","))) if chain else ""
        said = (term.split(",") for term in terms)
        return f"{pairs}{equals}{last and new(last)}" + "".join(f"?{k},{new(z)},{factor}" for k, z, factor in said)

    text = " ".join(map(renumbered, words))
    return tuple(places[i] for i in used), text


def _nodes(n: int, lower: Fraction, at_one: Fraction) -> tuple[Fraction, ...]:
    """One of them is 1.  Where f(1) is large f > 0 up to that value, and nodes up to it tell the maps apart."""
    one = Fraction(1)
    if n < 3:
        return (lower, one)[2 - n :]
    if at_one < Fraction(3, 2):
        return (lower, *(Fraction(k, 5) for k in range(6 - n, 4)), one)
    if at_one < Fraction(5, 2):
        return (lower, *(Fraction(k, 5) for k in range(7 - n, 4)), one, at_one)
    middle = Fraction(round(5 * float(at_one) ** 0.5), 5)
    return (*(lower, *(Fraction(3, 5) for _ in range(n - 4)))[: n - 3], one, middle, at_one)


def _values(x: Fraction, reached: Fraction, lower: Fraction, growth: Growth) -> Interval:
    """What f(x)/x can be: by interpolation at the growth's points, where 0 < f < top; f > 0 up to what is reached."""
    values = [
        sum((a * x ** (2 * i + 1) for i, a in enumerate(row)), Fraction(0)) / t
        for t, row in zip(growth.points, lagrange(growth.points), strict=True)
    ]
    most = growth.top * sum(max(v, Fraction(0)) for v in values) / x
    least = growth.top * sum(min(v, Fraction(0)) for v in values) / x
    if lower <= x <= reached:
        least = Fraction(0)
    if lower <= x <= 1:
        most = min(most, growth.top / x)
    return Interval(Fraction(floor(least * 16), 16), Fraction(floor(most * 16) + 1, 16))


def _places(lower: Fraction, top: Fraction) -> tuple[Fraction, ...]:
    """Points of [l, 1], and of the values beyond, of few digits."""
    l = float(lower)
    rough = [l ** (k / 39) for k in range(1, 39)] + [l + (1 - l) * k / 39 for k in range(1, 39, 2)]
    rough += [3 * l * (40 / (3 * l)) ** (k / 35) for k in range(36)] + [1 + k / 10 for k in range(1, 20)]
    rough += [1 + k / 8 for k in range(1, 40)] + [6 * 1.25**k for k in range(12)]
    found = {Fraction(f"{x:.3g}") for x in rough}
    return tuple(sorted({x for x in found if x > lower} | {lower, Fraction(1), top}))


@dataclass
class _Search:
    """One cover: breadth first over batches of boxes, then the tree in preorder."""

    steps: int
    error: float
    nodes: tuple[Fraction, ...]
    box: tuple[Interval, ...]
    places: tuple[Fraction, ...]
    progress: Callable[[int, int], None] | None = None
    words: dict[int, str] = field(default_factory=dict)
    children: dict[int, tuple[int, int]] = field(default_factory=dict)

    def tree(self) -> list[str]:
        """The words of the tree.  Raises UndecidedError."""
        import numpy as np

        self.rows: Array = np.array([[float(a) for a in row] for row in lagrange(self.nodes)])
        self.x: Array = np.array([float(x) for x in self.places])
        self.first: Mask = np.array([x <= 1 for x in self.places])
        self.powers: Array = np.stack([self.x ** (2 * k) for k in range(len(self.nodes))])
        self.sizes: Array = np.abs(self.rows @ self.powers)
        lo, hi = (np.array([[float(getattr(i, end)) for i in self.box]]) for end in ("lo", "hi"))
        w, r, names = (lo + hi) / 2, (hi - lo) / 2, np.array([0])
        count = 1
        with np.errstate(all="ignore"):
            for _ in range(MOST_HALVINGS):
                if not len(w):
                    break
                following: list[tuple[Any, Any, Any]] = []
                for i in range(0, len(w), AT_ONCE):
                    a, b, c = self.batch(w[i : i + AT_ONCE], r[i : i + AT_ONCE], names[i : i + AT_ONCE])
                    if not len(a):
                        continue
                    axis = self.axis(a, b)
                    at = np.arange(len(a))
                    b = b.copy()
                    b[at, axis] /= 2
                    shift = np.zeros_like(b)
                    shift[at, axis] = b[at, axis]
                    new = count + np.arange(2 * len(a))
                    count += 2 * len(a)
                    for name, k, left in zip(c.tolist(), axis.tolist(), range(len(a)), strict=True):
                        self.words[name] = chr(97 + k)
                        self.children[name] = int(new[left]), int(new[left + len(a)])
                    following.append((np.concatenate([a - shift, a + shift]), np.concatenate([b, b]), new))
                w, r, names = (
                    (np.concatenate(list(parts)) for parts in zip(*following, strict=True))
                    if following
                    else (w[:0], r[:0], names[:0])
                )
                if self.progress is not None:
                    self.progress(len(self.words) - len(self.children), len(w))
                if len(w) > MOST_BOXES:
                    break
        if len(w):
            raise UndecidedError(f"{len(w)} boxes of coefficients stay open: claim a smaller error")
        order, todo = [], [0]
        while todo:
            name = todo.pop()
            order.append(self.words[name])
            todo += reversed(self.children.get(name, ()))
        return order

    def axis(self, w: Array, r: Array) -> Any:
        """Where to halve: the longest side, large values counted by their size; or what hides a sign of f."""
        import numpy as np

        axis = (r / (1 + np.abs(w) / 10)).argmax(1)
        values, parts = w @ self.rows @ self.powers, r[:, :, None] * self.sizes[None]
        top = np.where(self.first, values * self.x, -1).max(1)
        seen = (values < 0) & (self.x <= np.maximum(1, top)[:, None])
        ratio = np.where(seen, parts.sum(1) / np.maximum(-values, MARGIN), 1e9)
        best, at = ratio.argmin(1), np.arange(len(w))
        return np.where(ratio[at, best] < 10, parts[at, :, best].argmax(1), axis)

    def batch(self, w: Array, r: Array, names: Any) -> tuple[Array, Array, Any]:
        """The boxes that are not refuted; those that are have their leaf among the words."""
        import numpy as np

        n, at = len(self.nodes), np.arange(len(w))
        values, spread = w @ self.rows @ self.powers, r @ self.sizes
        low, high = (values - spread) * self.x, (values + spread) * self.x
        use = np.broadcast_to(self.first, values.shape)
        chain: list[tuple[Any, Any]] = []
        reached, far, at_far = [use], np.ones(len(w)), [np.ones(len(w))]
        for _ in range(self.steps - 1):
            u, v = np.where(use, high, 1e9).argmin(1), np.where(use, low, -1e9).argmax(1)
            some = use.any(1)
            p, q = high[at, u] * (1 + MARGIN) + MARGIN, low[at, v] * (1 - MARGIN) - MARGIN
            p, q = np.where(some, p, 1e9), np.where(some, q, -1e9)
            chain.append((u, v))
            use = (self.x >= p[:, None]) & (self.x <= q[:, None])
            far = np.maximum(far, q)
            reached.append(use)
            at_far.append(far)
        inside = self.x <= far[:, None]
        least = w @ self.rows - r @ np.abs(self.rows)
        beyond = least[:, -1, None] * self.powers[-1] + np.minimum(least[:, :-1], 0) @ self.powers[:-1]
        grows = (beyond >= 1 + MARGIN) & (self.x >= 1 + self.error + MARGIN)
        refuting = inside & ((high < -MARGIN) | grows)
        done = refuting.any(1)
        where = refuting.argmax(1)
        for i in np.nonzero(done)[0].tolist():
            z = self.x[where[i]]
            level = next(k for k in range(len(at_far)) if z <= at_far[k][i])
            self.words[int(names[i])] = f"{_pairs(chain, i, level)}={where[i]}"
        left = ~done
        first = self.combinations(w[left], r[left], names[left], [(0, np.nonzero(self.first)[0], None)], chain, left)
        again = np.nonzero(left)[0][first]
        levels: list[tuple[int, Any, Any]] = [(0, np.nonzero(self.first)[0], None)]
        for k in range(1, self.steps):
            held: Any = reached[k][again]
            columns = np.nonzero(held.any(0))[0]
            if len(columns):
                levels.append((k, columns, held[:, columns]))
        if len(levels) > 1 and len(again):
            mask = np.zeros(len(w), bool)
            mask[again] = True
            open_ = self.combinations(w[again], r[again], names[again], levels, chain, mask)
            again = again[open_]
        assert n == w.shape[1]
        return w[again], r[again], names[again]

    def combinations(self, w: Array, r: Array, names: Any, levels: Any, chain: Any, mask: Mask) -> Mask:
        """Which boxes no combination of models refutes."""
        import numpy as np

        if not len(w):
            return np.zeros(0, bool)
        rows = np.nonzero(mask)[0]
        parts, places = [], []
        for k, some, reached in levels:
            c, d, e = self.models(w, r, self.x[some], self.steps - k)
            if reached is not None:
                e = np.where(reached, e, 1e9)
            parts.append((c, d, e))
            places += [(k, int(p)) for p in some]
        c, d, e = (np.concatenate([part[i] for part in parts], axis=1) for i in range(3))
        done, factors, which = _farkas(c, d, e, self.error)
        for i in np.nonzero(done)[0].tolist():
            terms = [(*places[p], int(f)) for f, p in zip(factors[i], which[i], strict=True) if f]
            level = max(k for k, _, _ in terms)
            said = "".join(f"?{k},{p},{f}" for k, p, f in terms)
            self.words[int(names[i])] = f"{_pairs(chain, rows[i], level)}{said}"
        return ~done

    def models(self, w: Array, r: Array, x: Array, steps: int) -> tuple[Array, Array, Array]:
        """f^steps at the points: centres (boxes, points), slopes (boxes, points, n), errors."""
        import numpy as np

        n, shape = len(self.nodes), (len(w), len(x))
        c, e, d = np.broadcast_to(x, shape).copy(), np.zeros(shape), np.zeros((*shape, n))
        whole = w @ self.rows
        for _ in range(steps):
            spread = np.abs(d).sum(2) + e
            powers = [np.ones_like(c)]
            for _ in range(2 * n - 1):
                powers.append(powers[-1] * c)

            def taylor(j: int, row: Any, powers: list[Array] = powers) -> Array:
                terms = (row[k] * comb(2 * k + 1, j) * powers[2 * k + 1 - j] for k in range(n) if 2 * k + 1 >= j)
                return sum(terms, start=np.zeros(shape))

            columns = [whole[:, k, None] for k in range(n)]
            first = taylor(1, columns)
            error, power = np.abs(first) * e, spread
            for j in range(1, 2 * n):
                size = sum((r[:, i, None] * np.abs(taylor(j, self.rows[i])) for i in range(n)), start=np.zeros(shape))
                error += (size + np.abs(taylor(j, columns)) * (j > 1)) * power
                power = power * spread
            d = first[:, :, None] * d
            for i in range(n):
                d[:, :, i] += r[:, i, None] * taylor(0, self.rows[i])
            c, e = taylor(0, columns), error
            wild = ~(np.abs(c) + np.abs(d).sum(2) + e < 1e8)
            c[wild], e[wild], d[wild] = 0, 1e9, 0
        return c, d, e


def _pairs(chain: Any, i: int, level: int) -> str:
    return ",".join(f"{u[i]},{v[i]}" for u, v in chain[:level])


def _farkas(c: Array, d: Array, e: Array, error: float, rounds: int = 40) -> tuple[Mask, Any, Any]:
    """Which boxes are refuted, by whole factors of which models: the dual simplex method for all boxes at once.

    min t over |u_i| ≤ 1 with (±(c - 1 + d·u) - e - E)/s ≤ t for every model of size s; a basis has n + 1 of these
    inequalities, and begins with the one model that is farthest from 1.  A box is refuted when t > 0.
    """
    import numpy as np

    boxes, count, n = d.shape
    at = np.arange(boxes)
    wild = e > 1e6
    size = 1 / (1 + np.abs(c) + np.abs(d).sum(2) + e)
    away, slope, slack = np.where(wild, 0, c - 1) * size, np.where(wild, 0, size)[..., None] * d, (e + error) * size
    slack = np.where(wild, 1e9, slack)
    normals = np.zeros((boxes, 2 * count + 2 * n, n + 1))
    normals[:, :count, :n], normals[:, count : 2 * count, :n], normals[:, : 2 * count, n] = slope, -slope, -1
    bounds = np.ones((boxes, 2 * count + 2 * n))
    bounds[:, :count], bounds[:, count : 2 * count] = slack - away, slack + away
    for j in range(n):
        normals[:, 2 * count + j, j], normals[:, 2 * count + n + j, j] = 1, -1
    start = (np.abs(away) - np.abs(slope).sum(2) - slack).argmax(1)
    basis = np.zeros((boxes, n + 1), int)
    basis[:, 0] = start + np.where(away[at, start] >= 0, 0, count)
    for j in range(n):
        basis[:, 1 + j] = np.where(normals[at, basis[:, 0], j] > 0, 2 * count + n + j, 2 * count + j)
    factors, goal = np.zeros((boxes, n + 1)), np.zeros(n + 1)
    goal[n] = -1
    ids, nudge = at, 1e-12 * np.random.default_rng(0).normal(size=(n + 1, n + 1))  # no matrix is exactly singular
    for _ in range(rounds):
        matrix = normals[ids[:, None], basis[ids]] + nudge
        x = np.linalg.solve(matrix, bounds[ids[:, None], basis[ids]][..., None])[..., 0]
        transposed = matrix.transpose(0, 2, 1)
        dual = np.linalg.solve(transposed, np.broadcast_to(goal, (len(ids), n + 1))[..., None])[..., 0]
        factors[ids] = dual
        broken = np.einsum("bmk,bk->bm", normals[ids], x) - bounds[ids]
        most = broken.argmax(1)
        going = (broken[np.arange(len(ids)), most] > MARGIN) & (x[:, n] <= 0)
        if not going.any():
            break
        chosen = ids[going]
        entering = normals[chosen, most[going]]
        change = np.linalg.solve(transposed[going], entering[..., None])[..., 0]
        ratio = np.where(change > 1e-12, np.maximum(dual[going], 0) / np.where(change > 1e-12, change, 1), 1e30)
        basis[chosen, ratio.argmin(1)] = most[going]
        ids = chosen
    sign = np.where(basis < count, 1, -1) * (basis < 2 * count)
    which = np.where(basis < 2 * count, basis % count, 0)
    weights = np.nan_to_num(np.maximum(factors, 0)) * np.take_along_axis(size, which, 1) * np.abs(sign)
    weights *= 1e7 / np.maximum(weights.max(1), 1e-300)[:, None]
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(weights, 1))) - 2, 0)  # three digits each
    whole = np.round(weights / unit) * unit * sign
    centres, errors = np.take_along_axis(c, which, 1), np.take_along_axis(e, which, 1)
    slopes = np.take_along_axis(d, np.repeat(which[..., None], n, 2), 1)
    total, weight = (whole * (centres - 1)).sum(1), np.abs(whole)
    slack = np.abs((whole[..., None] * slopes).sum(1)).sum(1) + (weight * (errors + error)).sum(1)
    return np.abs(total) - slack > MARGIN * weight.sum(1), whole.astype(int), which
