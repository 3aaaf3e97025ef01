"""Where a property of a family with f(1) = 1 can change: polynomial curves in the parameters, spurious factors marked.

With y = x², d(y) = f'(x), Z = y·g(y)² = f(x)² and g - 1 = (1 - y)·w, a property is: a polynomial A(θ, y) has no zero
for y in (0, 1).  The number of its zeros there changes only where A has a double zero, or one at an end.  Three of the
A are P(Z) for a P of low degree (g, g + 1, w), and Z' = g·d, so by the chain rule a double zero needs

    d(y) = 0: a critical value is a zero of P,   g(y) = 0: P(0) = 0,   or P'(Z) = 0: disc P = 0.

The first is Res_v(P(v), K(v)) with K(v) = Res_y(d(y), v - Z(y)), whose zeros are the squares of the critical values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from sympy import Expr, Symbol, expand, factor_list

from muon_theory.derivations.conditions import Condition, Slice, Symbols, conditions, univariate
from muon_theory.derivations.formula import plain, y
from muon_theory.derivations.plane import between
from muon_theory.derivations.recheck import Notebook
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation
from muon_theory.exact.algebraic import AlgebraicNumber, real_roots
from muon_theory.family import Family
from muon_theory.interval import Interval
from muon_theory.polynomial import horner

SAMPLES = (Fraction(-1, 2), Fraction(1, 7), Fraction(3, 4))
ACROSS = Interval(Fraction(-2), Fraction(2))  # where other parameters than the first vary, for factors without it
BOUNDARY, BEYOND, SPURIOUS, ELSEWHERE = "boundary", "beyond", "spurious", "elsewhere"


@dataclass(frozen=True, slots=True)
class Branch:
    """One root of a factor on a slice, and the number of zeros of A in (0, 1) just below and just above it.

    `elsewhere` are the numbers of real zeros of A outside (0, 1), on both sides.
    """

    at: tuple[tuple[str, Fraction], ...]
    root: AlgebraicNumber
    below: int
    above: int
    elsewhere: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Factor:
    """An irreducible factor of the elimination (a sympy expression), and what it is on the sampled slices.

    `kind` is "boundary" (on some branch A begins to vanish on (0, 1), or ceases to), "beyond" (only the number of its
    zeros changes, where the property fails already), "spurious" (nothing changes in (0, 1)) or "elsewhere" (no root in
    the extent on the slices).
    """

    polynomial: object
    source: str
    multiplicity: int
    kind: str
    explanation: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Boundary:
    """Of one property: the condition that must have no zero in (0, 1), the factors, and the elimination."""

    name: str
    condition: str
    factors: tuple[Factor, ...]
    derivation: Derivation

    @property
    def curves(self) -> tuple[Expr, ...]:
        """The polynomials whose zero sets are the boundary."""
        return tuple(f.polynomial for f in self.factors if f.kind == BOUNDARY)


def boundaries(
    family: Family, extent: Interval | None = None, slices: Sequence[Slice] | None = None
) -> dict[str, Boundary]:
    """The boundary curves of each property, in the family's parameters; the first one varies over `extent`, (1, 4].

    attracting: f'(1) = ±1.  sign-safe: g(Z) has no zero in (0, 1).  bounded: g(Z) + 1 has none.  converges: R = w(Z)/w
    has none (no value is the repelling fixed point).  escape: neither has (see docs/dynamics.md); escape-point: where
    the fixed point x_r > 1 appears.  first-2-cycle: N has none.  period-doubling: a fixed point gets f' = -1;
    second-period-doubling (degree 3 and 5): a 2-cycle gets multiplier -1.  What a factor is, is decided exactly on
    `slices` (values of the other parameters).

    Raises UsageError if the family does not fix 1, or has more free parameters than are eliminated in about a minute:
    two up to degree 7, one beyond.

    >>> from muon_theory.family import CUBIC
    >>> found = boundaries(CUBIC)
    >>> {name: [plain(p) for p in found[name].curves] for name in ("sign-safe", "bounded", "first-2-cycle")}
    {'sign-safe': ['4·a² - 27'], 'bounded': ['a - 3'], 'first-2-cycle': ['a - 2']}
    """
    _bounded(family)
    symbols = Symbols.of(family)
    where, others = extent or Interval(Fraction(1), Fraction(4)), family.parameters[1:]
    sampled = [dict(zip(others, values, strict=True)) for values in product(SAMPLES, repeat=len(others))]
    chosen: Sequence[Slice] = sampled if slices is None else slices
    for at in chosen:
        if set(at) != set(others):
            raise UsageError(f"the slice {dict(at)} must give a value to each of {', '.join(others)}, and no other")
    return {c.name: _boundary(symbols, c, where, chosen) for c in conditions(symbols)}


def _bounded(family: Family) -> None:
    """Two parameters of degree 7 take half a minute; three were still at it after half an hour."""
    degree, free = 2 * len(family.coefficients) - 1, len(family.parameters)
    most = 2 if degree <= 7 else 1
    if free > most:
        settings = [f"{name}=1/4" for name in family.parameters[most:]]
        raise UsageError(
            f"the eliminations of degree {degree} end within minutes for {most} free parameter{'s' * (most > 1)}, and "
            f"{family.name!r} has {free} ({', '.join(family.parameters)}): set {' and '.join(settings)}, say "
            f"({' '.join(f'--set={setting}' for setting in settings)})"
        )


def _boundary(f: Symbols, condition: Condition, extent: Interval, slices: Sequence[Slice]) -> Boundary:
    names = [Symbol(n, real=True) for n in f.family.parameters]
    found: dict[object, tuple[str, int]] = {}
    for source, polynomial in condition.sources:
        for p, k in factor_list(expand(polynomial), *names)[1]:
            found.setdefault(p, (source, k))
    branches: dict[object, list[Branch]] = {p: [] for p in found}
    first = f.family.parameters[0]
    for axis in {_axis(p, f.family): None for p in found}:
        mine = {p for p in found if _axis(p, f.family) == axis}
        for at in slices if axis == first else _across(f.family, axis, extent):
            _walk(condition, found, mine, axis, at, extent if axis == first else ACROSS, branches)
    factors = tuple(_judge(p, *found[p], branches[p], extent) for p in found)
    return Boundary(condition.name, condition.text, factors, _derivation(f, condition, factors, extent))


def _axis(p: Expr, family: Family) -> str:
    """The first parameter that a factor contains: the one to vary."""
    return next(n for n in family.parameters if p.has(Symbol(n, real=True)))


def _across(family: Family, axis: str, extent: Interval) -> list[Slice]:
    """Slices along another parameter than the first: values of the first inside the extent, samples of the rest."""
    inside = [extent.lo + extent.width * Fraction(k, 7) for k in (2, 4)]
    others = [n for n in family.parameters if n != axis]
    values = [inside if n == family.parameters[0] else SAMPLES for n in others]
    return [dict(zip(others, point, strict=True)) for point in product(*values)]


def _walk(
    condition: Condition, found: Mapping[object, object], mine: set[object], first: str, at: Slice, extent: Interval,
    branches: dict[object, list[Branch]],
) -> None:  # fmt: skip
    """Along one slice: all roots of all factors in order, with the zeros of A between them."""
    roots: dict[AlgebraicNumber, list[object]] = {}
    for p in found:
        coefficients = univariate(p, Symbol(first, real=True), at)
        for root, _ in real_roots(coefficients) if any(coefficients) else ():
            roots.setdefault(root, []).append(p)
    ordered = sorted(roots)
    if not ordered:
        return
    start = ordered[0].enclose(3).lo - 1
    between_roots = [start, *(between(u, v) for u, v in pairwise(ordered)), between(ordered[-1], None)]
    near = [extent.lo <= r <= extent.hi for r in ordered]
    wanted = {i for i, inside in enumerate(near) if inside} | {i + 1 for i, inside in enumerate(near) if inside}
    seen = {i: condition.zeros({**at, first: between_roots[i]}) for i in wanted}
    place = tuple((name, Fraction(v)) for name, v in at.items())
    for i, root in enumerate(ordered):
        if near[i]:
            (below, out_below), (above, out_above) = seen[i], seen[i + 1]
            for p in mine.intersection(roots[root]):
                branches[p].append(Branch(place, root, below, above, (out_below, out_above)))


def _judge(p: object, source: str, power: int, branches: list[Branch], extent: Interval) -> Factor:
    if not branches:
        return Factor(p, source, power, ELSEWHERE, f"no root in {extent} on the slices", ())
    changed = [b for b in branches if b.below != b.above]
    if any(0 in (b.below, b.above) for b in changed):
        kind, why = BOUNDARY, "zeros appear in (0, 1), or vanish from it"
    elif changed:
        kind, why = BEYOND, "the number of zeros in (0, 1) changes where there are some on both sides"
    elif any(b.elsewhere[0] != b.elsewhere[1] for b in branches):
        kind, why = SPURIOUS, "zeros appear or vanish outside (0, 1), or pass through infinity"
    else:
        kind, why = SPURIOUS, "no real zero appears or vanishes: complex ones meet, or the degree drops"
    return Factor(p, source, power, kind, f"{source}; {why}", tuple(branches))


def _derivation(f: Symbols, condition: Condition, factors: Sequence[Factor], extent: Interval) -> Derivation:
    book = Notebook(f"{f.family.name}: where '{condition.name}' can change")
    book.step("The condition.", condition.says, condition.text, "has no zero for 0 < y < 1")
    book.step(
        "Its zeros in (0, 1) change only at a double zero or at an end.",
        "real zeros are continuous in the parameters; Z' = g·d gives the double zeros of P(Z); at y = 0 and y = 1 "
        "A is P(0) and P(1) = 1, 2 or f'(1) - 1; R and N are 1 at y = 0, and N(1) = (f'(1) + 1)/2. " + condition.why,
        "; ".join(source for source, _ in condition.sources),
    )
    for factor in factors:
        seen = ", ".join(f"{b.root.decimal(6)}: {b.below} → {b.above}" for b in factor.branches)
        book.step(f"{factor.kind}", factor.explanation + (f" ({seen})" if seen else ""), factor.polynomial, "= 0")
    ranges = {name: (extent.lo, extent.hi) if i == 0 else (-1, 1) for i, name in enumerate(f.family.parameters)}
    book.check("f(1) = 1", lambda **at: f.family.at(**at)(1) == 1, 6, **ranges)
    book.check("w(Z) = w·R and f∘f - x = (f - x)(g + 1)N", lambda **at: _identities(f, at), 6, **ranges)
    curves = [plain(x.polynomial) for x in factors if x.kind == BOUNDARY]
    return book.conclude("boundary: " + (" = 0, ".join(curves) + " = 0" if curves else "none in the extent"))


def _identities(f: Symbols, at: Slice) -> bool:
    """At one member, and y = 1/3 and 2."""
    member = f.family.at(**{n: Fraction(v) for n, v in at.items()})
    r, cycles, w = (univariate(e, y, at) for e in (f.r, f.cycles, f.w()))
    for point in (Fraction(1, 3), Fraction(2)):
        g = member.g(point)
        z = point * g * g
        if horner(w, z) != horner(w, point) * horner(r, point):
            return False
        if g * member.g(z) - 1 != (g - 1) * (g + 1) * horner(cycles, point):
            return False
    return True
