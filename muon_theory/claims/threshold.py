"""threshold: where along a parameter a property of a family ends, and how it fails past it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from muon_theory.claims import gallina
from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.proof import box, cells, interval, rule, within
from muon_theory.claims.properties import FAILURES, PROPERTIES, W
from muon_theory.claims.record import MAX_PARAMETERS, Grid, Line, OneOf, Within
from muon_theory.claims.region import NOTATION
from muon_theory.claims.words import Every, Exact, Role, Some, Subject, exact, parameters, polynomial, short
from muon_theory.errors import UsageError
from muon_theory.expression import ParameterPolynomial
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Contact(Witness):
    """What shows that the critical polynomial A leaves its sign once along the first parameter, at a root of m.

    `window` is around α, `core` around the minimum of A in y; the grids by obligation; at `points` A < 0 past the
    window; U·A + V·∂A/∂y = m·cofactor.
    """

    type = "threshold"
    window: Interval
    core: Interval
    below: tuple[Grid, ...]
    edges: tuple[Grid, Grid]
    falling: Grid
    tail: Annotated[tuple[Line, ...], Within(0, MAX_PARAMETERS + 1)]
    grid: Annotated[tuple[Line, ...], Within(1, MAX_PARAMETERS)]
    points: tuple[Fraction, ...]
    u: ParameterPolynomial
    v: ParameterPolynomial
    cofactor: ParameterPolynomial
    nonzero: Grid
    alone: Annotated[tuple[Line, ...], Within(0, 2)]


@dataclass(frozen=True, slots=True)
class Threshold(Claim[Contact]):
    """A threshold α of the family's first parameter, for all values of the others in their box.

    For every a in (range.lo, α) the property holds; for every a in (α, range.hi] it fails at some x in (0, 1), because
    the critical polynomial (`claims.properties.FAILURES`) is negative there.  `polynomial` has α as a root, and with
    one parameter α is its one root in `isolating`.
    """

    type = "threshold"
    formula = "for every θ there is α: property(a, θ) for every a ∈ (a₀, α), failure for every a ∈ (α, a₁], m(α, θ) = 0"
    letters = (("[a₀, a₁]", "range"),)
    lemma = "Thresholds"
    witness = Contact
    about = About.FAMILY
    notation = NOTATION
    property: Annotated[str, OneOf(tuple(dict.fromkeys(p for f in FAILURES.values() for p in f.ends)))]
    critical: Annotated[str, OneOf(tuple(FAILURES))]
    range: Exact[Interval]
    others: Every[tuple[Interval, ...]]
    polynomial: Annotated[ParameterPolynomial, Within(1)]
    isolating: Some[Interval | None]

    def sentence(self, say: Words) -> str:
        a, *others = say.names
        m = say.printer.polynomial(self.polynomial, say.names)
        lo, hi = exact(self.range.lo), exact(self.range.hi)  # ends of both ranges
        if self.isolating is None:
            where, point = f"in ({lo}, {hi})", f"α, {', '.join(others)}"
            start = f"for every {say.printer.box(others, self.others, Role.EVERY)} there is α"
        else:
            there = self.isolating
            where = f"= {exact(there.lo)}" if there.is_point else f"in {say.show(there, Role.SOME)}"
            point = "α"
            start = "there is α"
        before, after = PROPERTIES[self.property].says, FAILURES[self.critical].says
        return (
            f"{start} {where} with m({point}) = 0, m = {m}, such that for every {a} in ({lo}, α): {before};"
            f" and for every {a} in (α, {hi}]: {after}"
        )

    def theorem(self, f: gallina.Functions) -> str:
        if self.critical not in FAILURES:
            raise UsageError(f"threshold: no critical polynomial {self.critical!r}: write one of {', '.join(FAILURES)}")
        (a, *others), every, f_ = f.parameters, " ".join(f.parameters), f.names[0]
        before, after = PROPERTIES[self.property].gallina, FAILURES[self.critical].gallina
        lo, hi = self.range.lo, self.range.hi
        only = ""
        if self.isolating is not None:
            there, each = (gallina.between(self.isolating, name) for name in ("alpha", a))
            only = f"  {there} /\\ (forall {a}, {each} -> m {every} = 0 -> {a} = alpha) /\\\n"
        where = f"forall {' '.join(others)} : R,\n  {f.within(self.others, names=others)} ->\n  " if others else ""
        return (
            f"let m ({every} : R) := {gallina.polynomial(self.polynomial, f.parameters)} in\n  {where}"
            f"exists alpha, {lo} < alpha < {hi} /\\ m {' '.join(['alpha', *others])} = 0 /\\\n{only}"
            f"  (forall {a}, {lo} < {a} < alpha ->\n    {before.format(f=f_)}) /\\\n"
            f"  (forall {a}, alpha < {a} <= {hi} ->\n    {after.format(f=f_)})"
        )

    def obligations(self, subject: Subject, witness: Contact) -> Lines:
        names = parameters(subject)
        return _Plane(self, witness, names, [*names, "y"]).lines()


@dataclass(frozen=True, slots=True)
class _Plane:
    """The obligations of a threshold, with the names of its parameters."""

    claim: Threshold
    witness: Contact
    names: list[str]
    axes: list[str]

    def uses(self, what: str, first: Interval | str, y: str, cuts: Grid, variable: str = "y") -> str:
        place = first if isinstance(first, str) else within(self.names[0], first)
        return rule(what, [place, box(self.names[1:], self.claim.others), y], cuts, [*self.names, variable])

    def lines(self) -> Lines:
        c, w, a = self.claim, self.witness, self.names[0]
        yield "f(1) = 1 identically in the parameters, by exact arithmetic"
        yield f"the window {interval(w.window)} lies in the range {interval(c.range)}"
        yield f"the core {interval(w.core)} lies in [0, 1]"
        yield from self._below()
        for side, cuts in zip(
            (Interval(Fraction(0), w.core.lo), Interval(w.core.hi, Fraction(1))), w.edges, strict=True
        ):
            yield self.uses("A > 0", w.window, within("y", side), cuts)
        yield self.uses(f"∂A/∂{a} < 0", w.window, within("y", w.core, "(", ")"), w.falling)
        if (falling := FAILURES[c.critical].falling) is not None:
            far = "y ≥ 1, with the variable t = 1/y in (0, 1]"
            yield self.uses(f"∂{falling.says}/∂y < 0", Interval(w.window.lo, c.range.hi), far, w.tail, "t")
        if (closed := FAILURES[c.critical].closed) is not None:
            yield self.uses(f"{closed.says} > 0", Interval(w.window.lo, c.range.hi), "y in [0, 1]", w.tail)
        yield from self._beyond()
        yield from self._root()

    def _below(self) -> Lines:
        c, w, critical = self.claim, self.witness, FAILURES[self.claim.critical].condition
        for condition, cuts in zip(PROPERTIES[c.property].conditions, w.below, strict=True):
            top = w.window.lo if condition is critical else c.range.hi if condition is W else w.window.hi
            name, y = (
                (f"A = {condition.says}", "y in [0, 1]") if condition is critical else (condition.says, "y in (0, 1)")
            )
            yield self.uses(f"{name} > 0", within(self.names[0], Interval(c.range.lo, top), "(", "]"), y, cuts)

    def _beyond(self) -> Lines:
        w, ends = self.witness, [Interval(self.witness.window.hi, self.claim.range.hi), *self.claim.others]
        grid = cells([[i.lo, *cuts, i.hi] for i, cuts in zip(ends, w.grid, strict=True)])
        for cell, y in zip(grid, w.points, strict=True):
            yield rule("A < 0", [box(self.names, cell), f"y = {short(y)}"], tuple(() for _ in self.axes), self.axes)

    def _root(self) -> Lines:
        c, w = self.claim, self.witness
        m, n = polynomial(c.polynomial, self.names), polynomial(w.cofactor, self.axes)
        u, v = (f"{len(p.terms)} term{'s' * (len(p.terms) != 1)}" for p in (w.u, w.v))
        yield f"U·A + V·∂A/∂y = m·n identically, U of {u} and V of {v} in the witness, m = {m}, n = {n}"
        yield self.uses("n > 0", w.window, "", w.nonzero)
        if c.isolating is not None:
            ends, where = f"{short(w.window.lo)} and {short(w.window.hi)}", interval(c.isolating)
            yield f"m has opposite signs at {ends}, and at the ends of {where}, by exact evaluation"
            yield self.uses("m' has one sign, so that m has one root,", w.window, "", w.alone)
