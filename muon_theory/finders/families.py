"""Finders for the claims about families with f(1) = 1: region and threshold.

With y = x², Z = y·g(y)² and w = (g - 1)/(1 - y), two identities decide about every orbit from (0, 1]:
w(Z) = w·R and f∘f - x = (f - x)·(g + 1)·N  (docs/trust.md, "Families").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from muon_theory.certificate import Certificate
from muon_theory.claims import Contact, Covers, Grid, Line, Region, Threshold
from muon_theory.claims.properties import FAILURES, PROPERTIES, Condition, W
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.bernstein import Box, bernstein_tensor
from muon_theory.exact.elimination import eliminate, isolate, sign_at, threshold_factor
from muon_theory.exact.grids import Sides, cells, grid
from muon_theory.exact.rationals import exact, fraction, simplest
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import Family
from muon_theory.interval import Interval
from muon_theory.polynomial import divided_difference, horner

CLOSED, OPEN, LEFT_OPEN = (True, True), (False, False), (False, True)
UNIT = (fmpq(0), fmpq(1))
PLACES = 64
"""A condition at one point is tried at y = 1/64, …, 63/64."""


@dataclass(frozen=True)
class Unit:
    """The polynomials of a family that decide about (0, 1] (`claims.properties.Unit`), in (parameters…, y)."""

    context: fmpq_mpoly_ctx
    coefficients: list[fmpq_mpoly]
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
        now = horner(g, y)
        z = y * now * now
        tails = [-sum(g[i + 1 :], zero) for i in range(len(g) - 1)] or [zero]
        return cls(
            context,
            g,
            z,
            w=horner(tails, y),
            r=y * (1 - y) * (now + 1) * divided_difference(tails, y, z) + 1,
            gz=horner(g, z),
            n=y * now * divided_difference(g, y, z) + 1,
            at_one=sum((c * (2 * i + 1) for i, c in enumerate(g)), zero),
        )

    @cached_property
    def g(self) -> fmpq_mpoly:
        """f(x)/x."""
        return horner(self.coefficients, self.context.gens()[-1])

    def composed(self, critical: str) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
        """P and h for which the critical condition is P(Z)/h; g and f'."""
        g, one = self.g, self.context.from_dict({}) + 1
        slope = horner([c * (2 * i + 1) for i, c in enumerate(self.coefficients)], self.context.gens()[-1])
        p, h = {
            "fixed-point": (self.w, self.w),
            "landing": (self.w, self.w),
            "antipode": (g + 1, one),
            "zero": (g, one),
        }[critical]
        return p, h, g, slope

    def conditions(self, name: str) -> dict[Condition, fmpq_mpoly]:
        """What must be > 0 for y in (0, 1), or where it says, in the order of the certificate."""
        if name not in PROPERTIES:
            raise UsageError(f"there is no property {name!r}: the list is {', '.join(PROPERTIES)}")
        return {c: c.polynomial(self) for c in PROPERTIES[name].conditions}

    def beyond_one(self, p: fmpq_mpoly) -> fmpq_mpoly:
        """t^deg·p(1/t), t = 1/y."""
        degree = p.degrees()[-1]
        return self.context.from_dict({(*e[:-1], degree - e[-1]): c for e, c in p.to_dict().items()})

    def slope(self, p: fmpq_mpoly) -> fmpq_mpoly:
        """∂p/∂y."""
        return p.derivative(self.context.nvars() - 1)

    def at(self, p: fmpq_mpoly, y: int) -> fmpq_mpoly:
        """p at that y."""
        return p.subs({"y": fmpq(y)})


def region(family: Family, name: str, box: Sequence[Interval], interior: bool = False) -> Certificate[Region]:
    """The property holds for every member of the closed box (of its interior, which may touch a boundary).

    Raises UndecidedError where it is not shown.
    """
    if len(box) != len(family.parameters):
        raise UsageError(f"{family.name!r} has parameters {', '.join(family.parameters)}: give one interval for each")
    ranges = [*((exact(i.lo), exact(i.hi)) for i in box), UNIT]
    sides = [*[OPEN if interior else CLOSED] * len(box), OPEN]
    conditions = Unit.of(family).conditions(name)
    failure = UndecidedError(f"{name} was not shown at any of {PLACES - 1} starting points: shrink the box")
    somewhere = any(c.at_point for c in conditions)
    for y in range(1, PLACES) if somewhere else (None,):
        try:
            cells = [_cell(condition, p, ranges, sides, y) for condition, p in conditions.items()]
        except UndecidedError as error:
            failure = failure if somewhere else error
        else:
            covers = Covers(tuple(((tuple(box), *cell),) for cell in cells), ((0,) * len(cells),))
            return Certificate(family, Region(name, (tuple(box),), interior), covers)
    raise failure


def _cell(
    condition: Condition, p: fmpq_mpoly, ranges: Box, sides: Sides, y: int | None
) -> tuple[Grid, Fraction | None]:
    """The cuts that show a condition on the box, and the point for a condition about one point."""
    if y is None or not condition.at_point:
        return grid(p, ranges, sides, condition.name), None
    point = Fraction(y, PLACES)
    return grid(p.subs({"y": exact(point)}), ranges, sides, condition.name), point


def threshold(
    family: Family,
    name: str,
    critical: str,
    extent: Interval,
    others: Sequence[Interval] = (),
    window: Interval | None = None,
    digits: int = 50,
) -> Certificate[Threshold]:
    """The threshold α of the first parameter: the property holds for a in (extent.lo, α) and fails on (α, extent.hi].

    `critical` names the condition that fails first: fixed-point or antipode (then some orbit escapes), landing (then
    some orbit ends at another fixed point) or zero (then some orbit flips sign).  The critical polynomial A must
    decrease in a on the window, which is sought around α where it is not given.  With one parameter, α is isolated to
    `digits` digits.
    """
    unit = Unit.of(family)
    unit.conditions(name)  # is there such a property?
    if critical not in FAILURES or name not in FAILURES[critical].ends:
        known = "; ".join(f"{c}: {' or '.join(failure.ends)}" for c, failure in FAILURES.items())
        raise UsageError(f"{critical!r} is no critical condition of {name!r}: there are {known}")
    if window is not None:
        return _on_window(family, unit, name, critical, extent, others, window, digits)
    failure = UndecidedError("no window was tried")
    for candidate in _windows(FAILURES[critical].condition.polynomial(unit), extent, others):
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
) -> Certificate[Threshold]:
    k, failure = len(family.parameters), FAILURES[critical]
    a = failure.condition.polynomial(unit)
    rest = [(exact(i.lo), exact(i.hi)) for i in others]
    a0, a1, w0, w1 = exact(extent.lo), exact(extent.hi), exact(window.lo), exact(window.hi)
    free = [CLOSED] * (k - 1)
    below = []
    for condition, p in unit.conditions(name).items():
        met = condition is failure.condition
        top = w0 if met else a1 if condition is W else w1
        sides = [CLOSED if a0 == top else LEFT_OPEN, *free, CLOSED if met else OPEN]
        below.append(grid(p, [(a0, top), *rest, UNIT], sides, f"{condition.name} below"))
    core, edges, falling = _core(a, [(w0, w1), *rest])
    box = [(w0, w1), *rest, UNIT]
    tail: Grid = ()
    if failure.falling is not None:
        beyond = unit.beyond_one(-unit.slope(failure.falling.polynomial(unit)))
        tail = grid(beyond, [(w0, a1), *rest, UNIT], [CLOSED, *free, LEFT_OPEN], "the fall beyond 1")
    if failure.closed is not None:
        closed = failure.closed.polynomial(unit)
        tail = grid(closed, [(w0, a1), *rest, UNIT], [CLOSED, *free, CLOSED], f"{failure.closed.name} on [0, 1]")
    cuts, points = _failing_points(a, [(w1, a1), *rest])
    u, v, last = eliminate(*unit.composed(critical))
    m, cofactor = threshold_factor(last, [(w0, w1), *rest])
    if sign_at(cofactor, [w0, *(lo for lo, _ in rest), fmpq(0)]) < 0:
        m, cofactor = -m, -cofactor
    nonzero = grid(cofactor, box, [CLOSED] * (k + 1), "the cofactor")
    isolating: Interval | None = None
    alone: Grid = ()
    if k == 1:
        isolating, rising = isolate(m, w0, w1, digits)
        alone = grid(m.derivative(0) * rising, box, [CLOSED, CLOSED], "the slope of m")
    polynomial = ParameterPolynomial.of({tuple(map(int, e[:k])): fraction(c) for e, c in m.to_dict().items()})
    claim = Threshold(name, critical, extent, tuple(others), polynomial, isolating)
    witness = Contact(
        window=Interval(fraction(w0), fraction(w1)),
        core=Interval(fraction(core[0]), fraction(core[1])),
        below=tuple(below),
        edges=edges,
        falling=falling,
        tail=tail,
        grid=cuts,
        points=points,
        u=_polynomial(u),
        v=_polynomial(v),
        cofactor=_polynomial(cofactor),
        nonzero=nonzero,
        alone=alone,
    )
    return Certificate(family, claim, witness)


def _core(a: fmpq_mpoly, plane: Sequence[tuple[fmpq, fmpq]]) -> tuple[tuple[fmpq, fmpq], tuple[Grid, Grid], Grid]:
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
            below, above = (
                grid(a, [*plane, side], [*free, CLOSED], "A beside its minimum")
                for side in ((fmpq(0), core[0]), (core[1], fmpq(1)))
            )
        except UndecidedError as error:
            failure = error
        else:
            return core, (below, above), falling
    raise failure


def _polynomial(p: fmpq_mpoly) -> ParameterPolynomial:
    return ParameterPolynomial(tuple((tuple(map(int, e)), fraction(c)) for e, c in p.to_dict().items()))


def _failing_points(a: fmpq_mpoly, plane: Sequence[tuple[fmpq, fmpq]]) -> tuple[tuple[Line, ...], tuple[Fraction, ...]]:
    """A grid of the parameters above the window, and in each cell one y with A < 0 throughout the cell."""
    cuts: list[list[fmpq]] = [[] for _ in plane]
    for _ in range(64):
        points = []
        for worst in cells(plane, cuts):
            y = _negative_point(a, worst)
            if y is None:
                break
            points.append(fraction(y))
        else:
            return tuple(tuple(map(fraction, axis)) for axis in cuts), tuple(points)
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
    corner = [lo for lo, _ in cell]
    best = min((fmpq(i, 64) for i in range(1, 64)), key=lambda y: a(*corner, y))
    for width in (fmpq(1, 16), fmpq(1, 64), fmpq(0)):
        y = simplest(max(best - width, fmpq(1, 64)), min(best + width, fmpq(63, 64)))
        _, b, _ = bernstein_tensor(-a.subs({"y": y}), [*cell, UNIT])
        if min(b) > 0:
            return y
    return None
