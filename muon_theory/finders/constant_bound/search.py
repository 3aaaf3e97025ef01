"""The tree of boxes: breadth first over batches of boxes, then in preorder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from muon_theory.errors import UndecidedError
from muon_theory.finders.constant_bound.best import errors, places
from muon_theory.finders.constant_bound.interpolation import lagrange
from muon_theory.finders.constant_bound.linear import MARGIN, Array, Mask, farkas
from muon_theory.finders.constant_bound.models import models
from muon_theory.interval import Interval

MOST_BOXES, MOST_HALVINGS = 12_000, 80
"""Open at once, and one after the other: more than that will not end in minutes."""

AT_ONCE = 300
"""Boxes in one batch: its arrays stay in the cache."""


class BetterError(UndecidedError):
    """A map does better than it was to be shown of all of them."""

    def __init__(self, row: tuple[float, ...]) -> None:
        super().__init__(f"a better map is {', '.join(f'{c:.6g}' for c in row)}")
        self.row = row


@dataclass
class Search:
    """One cover: breadth first over batches of boxes, then the tree in preorder."""

    steps: int
    error: float
    nodes: tuple[Fraction, ...]
    box: tuple[Interval, ...]
    places: tuple[Fraction, ...]
    multiplier: Interval | None = None
    progress: Callable[[int, int], None] | None = None
    words: dict[int, str] = field(default_factory=dict)
    children: dict[int, tuple[int, int]] = field(default_factory=dict)

    def tree(self) -> list[str]:
        """The words of the tree.  Raises UndecidedError."""
        self.rows: Array = np.array([[float(a) for a in row] for row in lagrange(self.nodes)])
        self.x: Array = np.array([float(x) for x in self.places])
        self.first: Mask = np.array([x <= 1 for x in self.places])
        self.fine: Array = places(float(self.places[0]), 2000)
        self.powers: Array = np.stack([self.x ** (2 * k) for k in range(len(self.nodes))])
        self.sizes: Array = np.abs(self.rows @ self.powers)
        lo, hi = (np.array([[float(getattr(i, end)) for i in self.box]]) for end in ("lo", "hi"))
        w, r, names = (lo + hi) / 2, (hi - lo) / 2, np.array([0])
        count = 1
        with np.errstate(all="ignore"):
            for _ in range(MOST_HALVINGS):
                w, r, names = self.refuted(w, r, names)
                self.compare(w)
                axis, at = self.axis(w, r), np.arange(len(w))
                r[at, axis] /= 2
                shift = np.zeros_like(r)
                shift[at, axis] = r[at, axis]
                new = count + np.arange(2 * len(w))
                count += 2 * len(w)
                for i, (name, k) in enumerate(zip(names.tolist(), axis.tolist(), strict=True)):
                    self.words[name] = chr(97 + k)
                    self.children[name] = int(new[i]), int(new[i + len(w)])
                w, r, names = np.concatenate([w - shift, w + shift]), np.concatenate([r, r]), new
                if self.progress is not None:
                    self.progress(len(self.words) - len(self.children), len(w))
                if not 0 < len(w) <= MOST_BOXES:
                    break
        if len(w):
            raise UndecidedError(f"{len(w)} boxes of coefficients stay open: claim a smaller error")
        order, todo = [], [0]
        while todo:
            name = todo.pop()
            order.append(self.words[name])
            todo += reversed(self.children.get(name, ()))
        return order

    def refuted(self, w: Array, r: Array, names: Any) -> tuple[Array, Array, Any]:
        """The boxes that stay open, a batch after the other."""
        kept = [self.batch(*(a[i : i + AT_ONCE] for a in (w, r, names))) for i in range(0, len(w), AT_ONCE)]
        return tuple(map(np.concatenate, zip(*kept, strict=True)))  # type: ignore[return-value]

    def compare(self, w: Array) -> None:
        """Raises BetterError where the middle of a box is a map that does better than what is to be shown."""
        rows = w[:2000] @ self.rows
        if self.multiplier is not None:
            at_one = rows @ (2 * np.arange(rows.shape[1]) + 1)
            rows = rows[(at_one >= float(self.multiplier.lo)) & (at_one <= float(self.multiplier.hi))]
        if len(rows):
            found = errors(rows, self.x[self.first], self.steps)
            i = found.argmin()
            if found[i] < self.error and errors(rows[i : i + 1], self.fine, self.steps)[0] < self.error:
                raise BetterError(tuple(rows[i].tolist()))

    def axis(self, w: Array, r: Array) -> Any:
        """Where to halve: the longest side, large values counted by their size; or what hides a sign of f."""
        axis = (r / (1 + np.abs(w) / 10)).argmax(1)
        values, parts = w @ self.rows @ self.powers, r[:, :, None] * self.sizes[None]
        top = np.where(self.first, values * self.x, -1).max(1)
        seen = (values < 0) & (self.x <= np.maximum(1, top)[:, None])
        ratio = np.where(seen, parts.sum(1) / np.maximum(-values, MARGIN), 1e9)
        best, at = ratio.argmin(1), np.arange(len(w))
        return np.where(ratio[at, best] < 10, parts[at, :, best].argmax(1), axis)

    def batch(self, w: Array, r: Array, names: Any) -> tuple[Array, Array, Any]:
        """The boxes that are not refuted; those that are have their leaf among the words."""
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
        elsewhere = self.elsewhere(w, r)
        rises = (low >= self.x + MARGIN) & (self.x >= 1 + self.error)
        falls = (high <= self.x - MARGIN) & (self.x <= 1 - self.error)
        refuting = inside & ((high < -MARGIN) | rises | falls)
        done = refuting.any(1)
        where = refuting.argmax(1)
        for i in np.nonzero(done)[0].tolist():
            z = self.x[where[i]]
            level = next(k for k in range(len(at_far)) if z <= at_far[k][i])
            self.words[int(names[i])] = f"{_pairs(chain, i, level)}={where[i]}"
        for i in np.nonzero(elsewhere)[0].tolist():
            self.words[int(names[i])] = "!"
        left = ~(done | elsewhere)
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

    def elsewhere(self, w: Array, r: Array) -> Mask:
        """Of which boxes f'(1) is not what is asked."""
        if self.multiplier is None:
            return np.zeros(len(w), bool)
        factors = self.rows @ (2 * np.arange(len(self.nodes)) + 1)
        middle, spread = w @ factors, r @ np.abs(factors) + MARGIN
        return (middle + spread < float(self.multiplier.lo)) | (middle - spread > float(self.multiplier.hi))

    def combinations(self, w: Array, r: Array, names: Any, levels: Any, chain: Any, mask: Mask) -> Mask:
        """Which boxes no combination of models refutes."""
        if not len(w):
            return np.zeros(0, bool)
        rows = np.nonzero(mask)[0]
        parts, places = [], []
        for k, some, reached in levels:
            c, d, e = models(self.rows, w, r, self.x[some], self.steps - k)
            if reached is not None:
                e = np.where(reached, e, 1e9)
            parts.append((c, d, e))
            places += [(k, int(p)) for p in some]
        c, d, e = (np.concatenate([part[i] for part in parts], axis=1) for i in range(3))
        done, factors, which = farkas(c, d, e, self.error)
        for i in np.nonzero(done)[0].tolist():
            terms = [(*places[p], int(f)) for f, p in zip(factors[i], which[i], strict=True) if f]
            level = max(k for k, _, _ in terms)
            said = "".join(f"?{k},{p},{f}" for k, p, f in terms)
            self.words[int(names[i])] = f"{_pairs(chain, rows[i], level)}{said}"
        return ~done


def _pairs(chain: Any, i: int, level: int) -> str:
    return ",".join(f"{u[i]},{v[i]}" for u, v in chain[:level])
