"""Matrices as odd polynomials of the matrix a function was given: what a loop does to singular values, read from code.

A matrix is Σ c_i·X(XᵀX)^i over a base X (`Odd`), a Gram product Σ c_i·(XᵀX)^i (`Even`); where a Gram product of a
polynomial of higher degree is taken, that polynomial becomes a step and its value the next base.  So the chain of bases
behind a result is the schedule that ran, whatever names, kernels or order of evaluation the code uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from muon_theory.sources.values import Number, Place, Unknown

Coefficient = Number | Unknown
Flip = tuple[int, int]
"""Is the matrix transposed? (0, 0) no, (0, 1) yes; (k, ·) depends on the k-th condition."""

_symbols = count(1)
MOST_TERMS = 40


@dataclass(frozen=True, slots=True)
class Normal:
    """X divided by factor·norm + ε: the kind of norm, and how ε enters ('add' or 'clamp')."""

    kind: str
    factor: Fraction | None
    eps: Number | None
    how: str
    place: Place


@dataclass(eq=False, slots=True)
class Base:
    """A matrix that polynomials are written in: given (`parent` None), normalised, or the value of a step."""

    parent: Odd | None = None
    normal: Normal | None = None
    key: object = None
    scaled: dict[object, Base] = field(default_factory=dict)

    def same(self, other: Base) -> bool:
        if self is other:
            return True
        if self.key != other.key or self.normal != other.normal:
            return False
        if self.parent is None or other.parent is None:
            return self.parent is other.parent and self.key is not None
        return self.parent.same(other.parent)


@dataclass(eq=False, slots=True)
class Odd:
    """Σ c_i·X(XᵀX)^i."""

    base: Base
    terms: tuple[Coefficient, ...]
    flip: Flip = (0, 0)
    dtype: str | None = None

    @property
    def own(self) -> Base | None:
        """The base that this value is for what follows, if it has become one."""
        return self.base.scaled.get(_step_key(self.terms))

    @property
    def followed(self) -> bool:
        """Has anything been done to it: a norm divided out, or a step?"""
        return self.base.normal is not None or self.base.parent is not None or len(self.terms) > 1

    def same(self, other: Odd) -> bool:
        return (
            len(self.terms) == len(other.terms)
            and all(equal(p, q) for p, q in zip(self.terms, other.terms, strict=True))
            and self.base.same(other.base)
        )

    def rebased(self) -> Odd:
        """The same matrix, as its own base where it is of higher degree."""
        if len(self.terms) == 1:
            return self
        own = self.base.scaled.setdefault(_step_key(self.terms), Base(self))
        return Odd(own, (one(self.terms[0].place),), self.flip, self.dtype)

    def transposed(self) -> Odd:
        return replace(self, flip=(self.flip[0], 1 - self.flip[1]))

    def joined(self, other: Odd) -> Odd:
        """Of two equal matrices, up to transposition."""
        return self if self.flip == other.flip else replace(self, flip=(next(_symbols), 0))


@dataclass(eq=False, slots=True)
class Even:
    """Σ c_i·(XᵀX)^i, or X·Xᵀ: `side` is the flip of the left factor; the identity has no base.

    `pending` is a scale of which one half has been multiplied in.
    """

    base: Base | None
    terms: tuple[Coefficient, ...]
    side: Flip | None = None
    dtype: str | None = None
    pending: Scale | None = None

    def same(self, other: Even) -> bool:
        if len(self.terms) != len(other.terms) or self.pending or other.pending:
            return False
        bases = (self.base is None) == (other.base is None)
        if self.base is not None and other.base is not None:
            bases = self.base.same(other.base)
        return bases and all(equal(p, q) for p, q in zip(self.terms, other.terms, strict=True))


Matrix = Odd | Even


@dataclass(frozen=True, slots=True)
class Scale:
    """A power of a norm of a base: factor·norm^power, with ε."""

    base: Base
    kind: str
    power: Fraction
    factor: Fraction | None
    eps: Number | None
    how: str
    place: Place

    def same(self, other: Scale) -> bool:
        return self.base.same(other.base) and replace(self, base=other.base) == other


@dataclass(frozen=True, slots=True)
class Squares:
    """The squares of the entries of a matrix, or their absolute values: what norms are made of."""

    base: Base
    of: str


def one(place: Place) -> Number:
    return Number(Fraction(1), place)


def _step_key(terms: Sequence[Coefficient]) -> tuple[object, ...]:
    return ("step", *(c.value if isinstance(c, Number) else id(c) for c in terms))


def equal(p: Coefficient, q: Coefficient) -> bool:
    return p is q or (isinstance(p, Number) and isinstance(q, Number) and p.value == q.value)


def given(key: object, place: Place) -> Odd:
    """A matrix that the program is given."""
    return Odd(Base(key=key), (one(place),))


def add_terms(p: Sequence[Coefficient], q: Sequence[Coefficient]) -> tuple[Coefficient, ...]:
    longer, shorter = (p, q) if len(p) >= len(q) else (q, p)
    return tuple(_plus(c, shorter[i]) if i < len(shorter) else c for i, c in enumerate(longer))


def _plus(p: Coefficient, q: Coefficient) -> Coefficient:
    if isinstance(p, Number) and p.value == 0:
        return q
    if isinstance(q, Number) and q.value == 0:
        return p
    if isinstance(p, Unknown):
        return p
    return q if isinstance(q, Unknown) else Number(p.value + q.value, p.place)


def _times(p: Coefficient, q: Coefficient) -> Coefficient:
    for a, b in ((p, q), (q, p)):
        if isinstance(a, Number) and a.value in (0, 1):
            return b if a.value == 1 else a
    if isinstance(p, Unknown):
        return p
    return q if isinstance(q, Unknown) else Number(p.value * q.value, p.place)


def scale_terms(k: Coefficient, terms: Sequence[Coefficient]) -> tuple[Coefficient, ...]:
    return tuple(_times(k, c) for c in terms)


def product_terms(p: Sequence[Coefficient], q: Sequence[Coefficient], shift: int = 0) -> tuple[Coefficient, ...]:
    place = p[0].place
    out: list[Coefficient] = [Number(Fraction(0), place)] * (len(p) + len(q) - 1 + shift)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j + shift] = _plus(out[i + j + shift], _times(a, b))
    return tuple(out)


def current(u: Matrix) -> Matrix:
    """The matrix over its own base, where a Gram product has made it one."""
    return u.rebased() if isinstance(u, Odd) and len(u.terms) > 1 and u.own is not None else u


def aligned(u: Matrix, v: Matrix) -> tuple[Matrix, Matrix] | None:
    """Two matrices over one base, re-based where one is the base of the other; None where they have nothing to do."""
    u, v = current(u), current(v)
    if u.base is None or v.base is None or u.base is v.base:
        return u, v
    if isinstance(u, Odd) and (w := _over(u, v.base)):
        return w, v
    if isinstance(v, Odd) and (w := _over(v, u.base)):
        return u, w
    return None


def _over(u: Odd, base: Base) -> Odd | None:
    """u as a multiple of a base that is the value of a step from u's base."""
    parent = base.parent
    if parent is None or parent.base is not u.base or len(parent.terms) != len(u.terms):
        return None
    first, last = u.terms[-1], parent.terms[-1]
    if not isinstance(first, Number) or not isinstance(last, Number) or not last.value:
        return None
    k = Number(first.value / last.value, first.place)
    return replace(u, base=base, terms=(k,)) if all(map(equal, u.terms, scale_terms(k, parent.terms))) else None


def plus(u: Matrix, v: Matrix, sign: int = 1) -> Matrix | None:
    """u ± v, or None where that is not followed."""
    if type(u) is not type(v) or not (pair := aligned(u, v)):
        return None
    u, v = pair
    terms = v.terms if sign > 0 else scale_terms(Number(Fraction(-1), v.terms[0].place), v.terms)
    if isinstance(u, Odd) and isinstance(v, Odd):
        return replace(u, terms=add_terms(u.terms, terms)) if u.flip == v.flip else None
    if isinstance(u, Odd) or isinstance(v, Odd) or u.pending or v.pending:
        return None
    side = u.side or v.side
    if u.side and v.side and u.side != v.side:
        return None
    return Even(u.base or v.base, add_terms(u.terms, terms), side, u.dtype or v.dtype)


def times(k: Coefficient, u: Matrix) -> Matrix:
    """k·u for a number k."""
    u = current(u)
    if isinstance(k, Unknown) and isinstance(u, Odd):
        u = u.rebased()
    return replace(u, terms=scale_terms(k, u.terms))


def divided(u: Odd | Even, k: Unknown) -> Odd | Even:
    """u/k for a number that is not known: before the first step that is another matrix, of a norm that is not known."""
    if not isinstance(u, Odd) or u.base.parent is not None or len(u.terms) > 1:
        return times(k, u)
    key = ("unknown", k.place, k.why)
    if key not in u.base.scaled:
        known = u.base.normal
        normal = replace(known, factor=None) if known else Normal("unknown", None, None, "", k.place)
        u.base.scaled[key] = Base(None, normal, (u.base.key, *key))
    return replace(u, base=u.base.scaled[key], terms=(one(k.place),))


def matmul(u: Matrix, v: Matrix) -> Matrix | None:
    """u @ v, or None where that is no polynomial of the base."""
    if isinstance(u, Odd) and isinstance(v, Odd):
        u, v = _one_base(u, v)
        if u.base is not v.base or u.flip[0] != v.flip[0] or u.flip[1] == v.flip[1]:
            return None
        return Even(u.base, product_terms(u.terms, v.terms, 1), u.flip, u.dtype)
    if not (pair := aligned(u, v)):
        return None
    u, v = pair
    if len(u.terms) + len(v.terms) > MOST_TERMS or any(isinstance(w, Even) and w.pending for w in pair):
        return None
    if isinstance(u, Even) and isinstance(v, Even):
        if u.side and v.side and u.side != v.side:
            return None
        return Even(u.base or v.base, product_terms(u.terms, v.terms), u.side or v.side, u.dtype or v.dtype)
    even, odd = (u, v) if isinstance(u, Even) else (v, u)
    if not isinstance(even, Even) or not isinstance(odd, Odd):
        return None
    want = odd.flip if even is u else (odd.flip[0], 1 - odd.flip[1])
    if even.side and even.side != want:
        return None
    return Odd(odd.base, product_terms(odd.terms, even.terms), odd.flip, odd.dtype)


def _one_base(u: Odd, v: Odd) -> tuple[Odd, Odd]:
    """Two factors of a Gram product as multiples of one base, where they are."""
    match aligned(u, v):
        case Odd() as p, Odd() as q:
            u, v = p, q
    if len(v.terms) > 1:
        w = v.rebased()
        return (_over(u, w.base) or u.rebased(), w) if u.base is not w.base else (u, w)
    if len(u.terms) > 1:
        w = u.rebased()
        return w, (_over(v, w.base) or v) if v.base is not w.base else v
    return u, v


def normalised(u: Matrix, by: Scale) -> Matrix | None:
    """u·(norm^power): X/‖X‖ is a new base; a Gram product needs the square of that, in one or two factors."""
    if isinstance(u, Odd) and by.power == -1 and len(u.terms) == 1 and u.base is by.base:
        return Odd(_scaled(by), (one(by.place),), u.flip, u.dtype)
    if isinstance(u, Even) and u.base is by.base and u.base is not None:
        power = by.power + (u.pending.power if u.pending else 0)
        if power == -2:
            return Even(_scaled(by), u.terms, u.side, u.dtype)
        if power == -1:
            return replace(u, pending=by)
    return None


def _scaled(by: Scale) -> Base:
    """The base divided by its norm: the same one for X and for its Gram product."""
    factor = by.factor if by.power == -1 or by.factor is None else None if by.factor != 1 else by.factor
    inverse = None if factor is None or factor == 0 else 1 / factor
    key = (by.kind, inverse)
    if key not in by.base.scaled:
        normal = Normal(by.kind, inverse, by.eps, by.how, by.place)
        by.base.scaled[key] = Base(None, normal, (by.base.key, *key))
    return by.base.scaled[key]


@dataclass(frozen=True, slots=True)
class Run:
    """A chain of steps from one matrix: the coefficients of each step, the normalisation before the first."""

    steps: tuple[tuple[Coefficient, ...], ...]
    normal: Normal | None
    dtype: str | None
    root: Base = field(compare=False)

    @property
    def key(self) -> tuple[object, ...]:
        return tuple(tuple(c.value if isinstance(c, Number) else None for c in row) for row in self.steps)


def run_of(end: Odd) -> Run | None:
    """The schedule behind a matrix, None where it is no chain of odd polynomials with a linear term."""
    steps: list[tuple[Coefficient, ...]] = []
    at: Odd | None = end
    base, dtype = end.base, end.dtype
    while at is not None:
        if len(at.terms) > 1:
            steps.append(at.terms)
        base, dtype = at.base, at.dtype or dtype
        at = at.base.parent
    linear = all(not (isinstance(row[0], Number) and row[0].value == 0) for row in steps)
    return Run(tuple(reversed(steps)), base.normal, dtype, base) if steps and linear else None
