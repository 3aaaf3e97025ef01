"""Finders for the claims about families with f(1) = 1: region and threshold.

With y = x², Z = y·g(y)² and w = (g - 1)/(1 - y), two identities decide about every orbit from (0, 1]:
w(Z) = w·R and f∘f - x = (f - x)·(g + 1)·N  (docs/trust.md, "Families").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from muon_theory.certificate import Certificate
from muon_theory.claims import Region, Threshold
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.bernstein import Box
from muon_theory.exact.elimination import eliminate, isolate, sign_at, threshold_factor
from muon_theory.exact.grids import Sides, grid
from muon_theory.exact.rationals import exact, fraction, simplest
from muon_theory.family import Family, ParameterPolynomial
from muon_theory.interval import Interval

CLOSED, OPEN, LEFT_OPEN = (True, True), (False, False), (False, True)
UNIT = (fmpq(0), fmpq(1))
AT, PLACES = "at x₀", 64
FAILURES = {"converges": ("fixed-point",), "sign-safe": ("zero",), "bounded": ("fixed-point", "antipode")}
"""The conditions by which a property can end along the first parameter."""


@dataclass(frozen=True)
class Unit:
    """The polynomials of a family that decide about (0, 1], in the variables (parameters…, y)."""

    context: fmpq_mpoly_ctx
    g: list[fmpq_mpoly]
    z: fmpq_mpoly
    w: fmpq_mpoly
    r: fmpq_mpoly
    gz: fmpq_mpoly
    n: fmpq_mpoly
    at_one: fmpq_mpoly

    @classmethod
    def of(cls, family: Family) -> Unit:
        context = fmpq_mpoly_ctx.get((*family.parameters, "y"), Ordering.lex)
        y = context.gens()[-1]
        g = [context.from_dict({(*e, 0): exact(c) for e, c in p.terms}) for p in family.coefficients]
        zero = context.from_dict({})
        if sum(g, zero) != 1:
            raise UsageError(f"family {family.name!r} does not fix 1: f(1) = {sum(g, zero)}")
        now = _horner(g, y)
        z = y * now * now
        tails = [-sum(g[i + 1 :], zero) for i in range(len(g) - 1)] or [zero]
        return cls(
            context,
            g,
            z,
            w=_horner(tails, y),
            r=y * (1 - y) * (now + 1) * _divided_difference(tails, y, z) + 1,
            gz=_horner(g, z),
            n=y * now * _divided_difference(g, y, z) + 1,
            at_one=sum((c * (2 * i + 1) for i, c in enumerate(g)), zero),
        )

    @property
    def value(self) -> fmpq_mpoly:
        """g as one polynomial."""
        return _horner(self.g, self.context.gens()[-1])

    def composed(self, critical: str) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
        """P and h for which the critical condition is P(Z)/h; g and f'."""
        g = self.value
        slope = _horner([c * (2 * i + 1) for i, c in enumerate(self.g)], self.context.gens()[-1])
        one = self.context.from_dict({}) + 1
        p, h = {"fixed-point": (self.w, self.w), "antipode": (g + 1, one), "zero": (g, one)}[critical]
        return p, h, g, slope

    def conditions(self, name: str) -> dict[str, fmpq_mpoly]:
        """What must be > 0 for y in (0, 1), or at one y of it where it says so, in the order of the certificate."""
        first = {"w": self.w, "fixed-point": self.r}
        beyond_one = {"Z - 1 at x₀": self.z - 1}
        table: dict[str, dict[str, fmpq_mpoly]] = {
            "converges": {**first, "zero": self.gz, "N": self.n},
            "sign-safe": {**first, "zero": self.gz},
            "bounded": {**first, "antipode": self.gz + 1},
            "positive": {"g": self.value, "g beyond 1": _from_infinity(self.value)},
            "attracting": {"1 - f'(1)": 1 - self.at_one, "1 + f'(1)": 1 + self.at_one},
            "multiplier-above-1": {"f'(1) - 1": self.at_one - 1},
            "multiplier-below-minus-1": {"-1 - f'(1)": -1 - self.at_one},
            "flips": {"-f∘f at x₀": -(self.value * self.gz)},
            "escapes": {**beyond_one, "-w(Z) at x₀": -(self.w * self.r), "-w' beyond 1": _falling_beyond(self.w)},
            "escapes-alternating": {
                **beyond_one,
                "-1 - g(Z) at x₀": -self.gz - 1,
                "-g' beyond 1": _falling_beyond(self.value),
            },
        }
        if name not in table:
            raise UsageError(f"there is no property {name!r}: the list is {', '.join(table)}")
        return table[name]


def _falling_beyond(p: fmpq_mpoly) -> fmpq_mpoly:
    """-∂p/∂y beyond 1, as a polynomial on (0, 1)."""
    return _from_infinity(-p.derivative(p.context().nvars() - 1))


def _horner(coefficients: Sequence[fmpq_mpoly], x: fmpq_mpoly) -> fmpq_mpoly:
    value = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        value = value * x + c
    return value


def _divided_difference(coefficients: Sequence[fmpq_mpoly], x: fmpq_mpoly, z: fmpq_mpoly) -> fmpq_mpoly:
    difference = value = x * 0
    for c in reversed(coefficients):
        difference, value = difference * z + value, value * x + c
    return difference


def region(family: Family, name: str, box: Sequence[Interval], interior: bool = False) -> Certificate:
    """The property holds for every member of the closed box (of its interior, which may touch a boundary).

    Raises UndecidedError where it is not shown.
    """
    if len(box) != len(family.parameters):
        raise UsageError(f"{family.name!r} has parameters {', '.join(family.parameters)}: give one interval for each")
    ranges = [*((exact(i.lo), exact(i.hi)) for i in box), UNIT]
    sides = [*[OPEN if interior else CLOSED] * len(box), OPEN]
    conditions = Unit.of(family).conditions(name)
    failure = UndecidedError(f"{name} was not shown at any of {PLACES - 1} starting points: shrink the box")
    somewhere = any(what.endswith(AT) for what in conditions)
    for y in range(1, PLACES) if somewhere else (None,):
        try:
            cells = [_cell(what, p, ranges, sides, y) for what, p in conditions.items()]
        except UndecidedError as error:
            failure = failure if somewhere else error
        else:
            covers = {"type": "covers", "covers": [[[list(box), *cell]] for cell in cells], "uses": [[0] * len(cells)]}
            return Certificate(family, Region(name, (tuple(box),), interior), covers)
    raise failure


def _cell(what: str, p: fmpq_mpoly, ranges: Box, sides: Sides, y: int | None) -> tuple[list[list[str]], str | None]:
    """The cuts that show a condition on the box, and the point for a condition about one point."""
    if y is None or not what.endswith(AT):
        return grid(p, ranges, sides, what), None
    point = fmpq(y, PLACES)
    return grid(_at_y(p, point), ranges, sides, what), str(point)


def threshold(
    family: Family,
    name: str,
    critical: str,
    extent: Interval,
    others: Sequence[Interval] = (),
    window: Interval | None = None,
    digits: int = 50,
) -> Certificate:
    """The threshold α of the first parameter: the property holds for a in (extent.lo, α) and fails on (α, extent.hi].

    `critical` names the condition that fails first: fixed-point or antipode (then some orbit escapes) or zero (then
    some orbit flips sign).  The critical polynomial A must decrease in a on the window, which is sought around α where
    it is not given.  With one parameter, α is isolated to `digits` digits.
    """
    unit = Unit.of(family)
    conditions = unit.conditions(name)
    if critical not in FAILURES.get(name, ()):
        known = "; ".join(f"{p}: {' or '.join(all_)}" for p, all_ in FAILURES.items())
        raise UsageError(f"{critical!r} is no critical condition of {name!r}: there are {known}")
    if window is not None:
        return _on_window(family, unit, name, critical, extent, others, window, digits)
    failure = UndecidedError("no window was tried")
    for candidate in _windows(conditions[critical], extent, others):
        try:
            return _on_window(family, unit, name, critical, extent, others, candidate, digits)
        except UndecidedError as error:
            failure = error
    raise failure


def _windows(a: fmpq_mpoly, extent: Interval, others: Sequence[Interval]) -> Iterator[Interval]:
    """Ever narrower windows around a numerical α (for the middle of the other parameters)."""
    rest = [exact(i.midpoint) for i in others]
    lo, hi = exact(extent.lo), exact(extent.hi)

    def least(parameter: fmpq) -> fmpq:
        return min(a(parameter, *rest, fmpq(i, 128)) for i in range(129))

    if least(hi) >= 0:
        raise UndecidedError(f"the condition does not fail up to {extent.hi}: raise the upper end")
    while hi - lo > fmpq(1, 1000):
        middle = (lo + hi) / 2
        lo, hi = (lo, middle) if least(middle) < 0 else (middle, hi)
    for k in range(8):
        h = exact(extent.width) / 2**k
        left = simplest(max(exact(extent.lo), lo - h), max(exact(extent.lo), lo - h / 2))
        yield Interval(
            fraction(left), fraction(simplest(min(exact(extent.hi), hi + h / 2), min(exact(extent.hi), hi + h)))
        )


def _on_window(
    family: Family,
    unit: Unit,
    name: str,
    critical: str,
    extent: Interval,
    others: Sequence[Interval],
    window: Interval,
    digits: int,
) -> Certificate:
    k, conditions = len(family.parameters), unit.conditions(name)
    a = conditions[critical]
    rest = [(exact(i.lo), exact(i.hi)) for i in others]
    a0, a1, w0, w1 = exact(extent.lo), exact(extent.hi), exact(window.lo), exact(window.hi)
    free = [CLOSED] * (k - 1)
    below = []
    for what, p in conditions.items():
        top = w0 if what == critical else a1 if what == "w" else w1
        sides = [CLOSED if a0 == top else LEFT_OPEN, *free, CLOSED if what == critical else OPEN]
        below.append(grid(p, [(a0, top), *rest, UNIT], sides, f"{what} below"))
    core, edges, falling = _core(a, [(w0, w1), *rest])
    box = [(w0, w1), *rest, UNIT]
    tail: list[Any] = []
    if critical in ("fixed-point", "antipode"):
        beyond = -(unit.w if critical == "fixed-point" else unit.value).derivative(k)
        tail = grid(_from_infinity(beyond), [(w0, a1), *rest, UNIT], [CLOSED, *free, LEFT_OPEN], "the fall beyond 1")
    cuts, points = _failing_points(a, [(w1, a1), *rest])
    u, v, last = eliminate(*unit.composed(critical))
    m, cofactor = threshold_factor(last, [(w0, w1), *rest])
    if sign_at(cofactor, [w0, *(lo for lo, _ in rest), fmpq(0)]) < 0:
        m, cofactor = -m, -cofactor
    nonzero = grid(cofactor, box, [CLOSED] * (k + 1), "the cofactor")
    isolating, alone = None, []
    if k == 1:
        isolating, rising = isolate(m, w0, w1, digits)
        alone = grid(m.derivative(0) * rising, box, [CLOSED, CLOSED], "the slope of m")
    names = range(k)
    claim = Threshold(
        name,
        critical,
        extent,
        tuple(others),
        ParameterPolynomial.of({tuple(int(e[i]) for i in names): fraction(c) for e, c in m.to_dict().items()}),
        isolating,
    )
    witness: dict[str, Any] = {
        "type": "threshold",
        "window": Interval(fraction(w0), fraction(w1)),
        "core": Interval(fraction(core[0]), fraction(core[1])),
        "below": below,
        "edges": edges,
        "falling": falling,
        "tail": tail,
        "grid": cuts,
        "points": points,
        "u": _terms(u),
        "v": _terms(v),
        "cofactor": _terms(cofactor),
        "nonzero": nonzero,
        "alone": alone,
    }
    return Certificate(family, claim, witness)


def _core(a: fmpq_mpoly, plane: Sequence[tuple[fmpq, fmpq]]) -> tuple[tuple[fmpq, fmpq], list[Any], list[list[str]]]:
    """The part of [0, 1], around the minimum of A in y, where A falls in the first parameter, and what shows it.

    Outside it A is shown > 0.  All of [0, 1] is tried first, then ever narrower neighbourhoods of the minimum.
    """
    middle = [(lo + hi) / 2 for lo, hi in plane]
    lowest = min((fmpq(i, 256) for i in range(1, 256)), key=lambda y: a(*middle, y))
    free, failure = [CLOSED] * len(plane), UndecidedError("no part of (0, 1) was tried")
    for width in (fmpq(1), fmpq(1, 2), fmpq(1, 4), fmpq(1, 8), fmpq(1, 16), fmpq(1, 32)):
        nudge = width / 8 if width < 1 else fmpq(0)
        lo, hi = max(fmpq(0), lowest - width), min(fmpq(1), lowest + width)
        core = simplest(max(fmpq(0), lo - nudge), lo), simplest(hi, min(fmpq(1), hi + nudge))
        try:
            falling = grid(-a.derivative(0), [*plane, core], [*free, OPEN], "the decrease of A")
            sides = (fmpq(0), core[0]), (core[1], fmpq(1))
            edges = [grid(a, [*plane, side], [*free, CLOSED], "A beside its minimum") for side in sides]
        except UndecidedError as error:
            failure = error
        else:
            return core, edges, falling
    raise failure


def _at_y(p: fmpq_mpoly, y: fmpq) -> fmpq_mpoly:
    return p.subs({"y": y})


def _from_infinity(p: fmpq_mpoly) -> fmpq_mpoly:
    degree = p.degrees()[-1]
    return p.context().from_dict({(*e[:-1], degree - e[-1]): c for e, c in p.to_dict().items()})


def _terms(p: fmpq_mpoly) -> list[list[Any]]:
    return [[str(c), list(map(int, e))] for e, c in p.to_dict().items()]


def _failing_points(a: fmpq_mpoly, plane: Sequence[tuple[fmpq, fmpq]]) -> tuple[list[list[str]], list[Fraction]]:
    """A grid of the parameters above the window, and in each cell one y with A < 0 throughout the cell."""
    from itertools import pairwise, product

    cuts: list[list[fmpq]] = [[] for _ in plane]
    for _ in range(64):
        axes = [[lo, *points, hi] for (lo, hi), points in zip(plane, cuts, strict=True)]
        points, worst = [], None
        for cell in product(*(list(pairwise(axis)) for axis in axes)):
            y = _negative_point(a, cell)
            if y is None:
                worst = cell
                break
            points.append(fraction(y))
        if worst is None:
            return [[str(q) for q in axis] for axis in cuts], points
        axis = max(
            range(len(plane)),
            key=lambda i: float(worst[i][1] - worst[i][0]) / (float(plane[i][1] - plane[i][0]) or 1),
        )
        lo, hi = worst[axis]
        if lo == hi:
            break
        cuts[axis] = sorted([*cuts[axis], simplest(lo + (hi - lo) / 3, hi - (hi - lo) / 3)])
    raise UndecidedError("the critical polynomial is not negative anywhere above the window: raise its upper end")


def _negative_point(a: fmpq_mpoly, cell: Sequence[tuple[fmpq, fmpq]]) -> fmpq | None:
    """A simple y in (0, 1) with A < 0 on the whole cell, if its Bernstein coefficients show one."""
    from muon_theory.exact.bernstein import bernstein_tensor

    corner = [lo for lo, _ in cell]
    best = min((fmpq(i, 64) for i in range(1, 64)), key=lambda y: a(*corner, y))
    for width in (fmpq(1, 16), fmpq(1, 64), fmpq(0)):
        y = simplest(max(best - width, fmpq(1, 64)), min(best + width, fmpq(63, 64)))
        _, b = bernstein_tensor(-_at_y(a, y), [*cell, UNIT])
        if min(b) > 0:
            return y
    return None
