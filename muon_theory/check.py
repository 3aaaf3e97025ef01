"""The checker: decide whether certificates prove what they claim, with the standard library alone.

    python3 -I muon_theory/check.py [--expect DIGEST] FILE...     exit 0 all proved, 1 one refused, 2 one unreadable

It prints what was proved, with exact numbers, and of what; with --expect it refuses certificates about anything else.
A certificate names a subject (a schedule of odd polynomials with rational coefficients, or a family of them), a claim
and a witness.  Nothing is searched for: the witness holds every number that is needed, and the checker evaluates.

Notation.  f(x) = Σ c_i x^(2i+1) = x·g(y), y = x²;  d(y) = Σ (2i+1) c_i y^i = f'(x);  Z(y) = y·g(y)² = f(x)².

The one proof rule.  Write a polynomial in the tensor Bernstein basis of a box.  If all coefficients are ≥ 0 it is ≥ 0
on the box; if those of a face are moreover not all 0, it is > 0 inside that face.  The witness lists the points that
cut the box into a grid; the rule is applied to each cell.  Beside it there is only exact evaluation, polynomial
arithmetic and comparison of rationals.  Every claim's argument stands in docs/trust.md under the claim's name.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, partial
from itertools import groupby, pairwise, product
from operator import add, mul
from types import SimpleNamespace as Record
from typing import Any, NamedTuple, NoReturn, TypedDict, TypeVar

FORMAT, BUNDLE = "muon-theory/certificate/1", "muon-theory/bundle/1"
MAX_BYTES, MAX_DIGITS = 4_000_000, 2_000  # of a file; of a rational's text
MAX_ROWS, MAX_COEFFICIENTS, MAX_PARAMETERS, MAX_EXPONENT = 64, 33, 3, 64
MAX_WORK = 16_000_000  # for a file, in units of about a third of a microsecond: ten seconds or so
RATIONAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:/[1-9][0-9]*)?")

T = TypeVar("T")
Exponents = tuple[int, ...]
Interval = tuple[Fraction, Fraction]
Side = tuple[bool, bool]  # does the lower end belong to the set, does the upper
CLOSED, OPEN, RIGHT_OPEN, LEFT_OPEN = (True, True), (False, False), (True, False), (False, True)  # sides included
ZERO, ONE = Fraction(0), Fraction(1)
UNIT: Interval = (ZERO, ONE)


class Refused(Exception):
    """The certificate proves nothing; the text says why: malformed, limit, or the obligation that fails."""


def want(condition: bool, reason: str) -> None:
    if not condition:
        raise Refused(f"obligation: {reason}")


def show(*box: Interval) -> str:
    return " × ".join(f"[{short(lo)}, {short(hi)}]" for lo, hi in box)


def short(q: Fraction) -> str:
    if (length := max(q.numerator.bit_length(), q.denominator.bit_length())) < 64:
        return str(q)
    return f"about {float(q):.12g}" if length < 1000 else "a long rational"


# ------------------------------------------------------------------------------------------------------- polynomials


class Poly:
    """Σ terms[e]·v^e / den, a polynomial in n variables v: integers terms[e] ≠ 0 and den > 0."""

    __slots__ = ("den", "n", "terms", "work")

    def __init__(self, terms: Mapping[Exponents, int], den: int, n: int, work: Work) -> None:
        self.terms, self.den, self.n, self.work = {e: c for e, c in terms.items() if c}, den, n, work

    def constant(self, q: Poly | Fraction | int) -> Poly:
        return q if isinstance(q, Poly) else Poly({(0,) * self.n: q.numerator}, q.denominator, self.n, self.work)

    def __add__(self, other: Poly | Fraction | int) -> Poly:
        p = self.constant(other)
        self.work.spend(len(self.terms) + len(p.terms) + 10, self.bits(), p.bits())
        den = math.lcm(self.den, p.den)
        mine, its = den // self.den, den // p.den
        terms = {e: c * mine for e, c in self.terms.items()}
        for e, c in p.terms.items():
            terms[e] = terms.get(e, 0) + c * its
        return Poly(terms, den, self.n, self.work)

    def __mul__(self, other: Poly | Fraction | int) -> Poly:
        p = self.constant(other)
        self.work.spend(  # the second factor is for the memory of long results
            4 * len(self.terms) * len(p.terms) * (1 + (self.bits() + p.bits()) // 2**11) + 10, self.bits(), p.bits()
        )
        terms: dict[Exponents, int] = {}
        for (e, c), (k, d) in product(self.terms.items(), p.terms.items()):
            s = tuple(map(add, e, k))
            terms[s] = terms.get(s, 0) + c * d
        return Poly(terms, self.den * p.den, self.n, self.work)

    def __neg__(self) -> Poly:
        return Poly({e: -c for e, c in self.terms.items()}, self.den, self.n, self.work)

    def __sub__(self, other: Poly | Fraction | int) -> Poly:
        return self + -other

    def bits(self) -> int:
        return self.den.bit_length() + max((c.bit_length() for c in self.terms.values()), default=0)

    def degree(self, axis: int) -> int:
        return max((e[axis] for e in self.terms), default=0)

    def in_powers(self, axis: int) -> list[Poly]:
        """The coefficients of 1, v, v², … where v is one of the variables."""
        parts: list[dict[Exponents, int]] = [{} for _ in range(self.degree(axis) + 1)]
        for e, c in self.terms.items():
            parts[e[axis]][(*e[:axis], 0, *e[axis + 1 :])] = c
        return [Poly(p, self.den, self.n, self.work) for p in parts]

    def at(self, axis: int, q: Fraction) -> Poly:
        return horner(self.in_powers(axis), self.constant(q))

    def value(self, *point: Fraction) -> Fraction:
        p = self
        for axis, q in enumerate(point):
            p = p.at(axis, q)
        self.work.spend(2, p.bits(), p.bits())
        return Fraction(p.terms.get((0,) * self.n, 0), p.den)

    def derivative(self, axis: int) -> Poly:
        terms = {(*e[:axis], e[axis] - 1, *e[axis + 1 :]): c * e[axis] for e, c in self.terms.items() if e[axis]}
        return Poly(terms, self.den, self.n, self.work)

    def from_infinity(self, scale: Fraction) -> Poly:
        """t^deg · p(scale/t), t the last variable: on (0, 1] it has the sign of p on [scale, ∞)."""
        y = Poly({(0,) * (self.n - 1) + (1,): scale.numerator}, scale.denominator, self.n, self.work)
        p, last = horner(self.in_powers(self.n - 1), y), self.degree(self.n - 1)
        return Poly({(*e[:-1], last - e[-1]): c for e, c in p.terms.items()}, p.den, self.n, self.work)


def horner(coefficients: Sequence[Poly], x: Poly) -> Poly:
    value = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        value = value * x + c
    return value


def divided_difference(coefficients: Sequence[Poly], x: Poly, z: Poly) -> Poly:
    """(p(z) - p(x)) / (z - x) as a polynomial: Horner's scheme for the derivative, with two points."""
    difference, value = x.constant(0), x.constant(0)
    for c in reversed(coefficients):
        difference, value = difference * z + value, value * x + c
    return difference


# ------------------------------------------------------------------------------------------------------------ the rule


def bernstein(a: Sequence[int], lo: Fraction, hi: Fraction) -> list[int]:
    """The Bernstein coefficients b_j of Σ a_i x^i on [lo, hi], each times the positive number D^n·C(n, j)."""
    den, n = math.lcm(lo.denominator, hi.denominator), len(a) - 1
    p, q = int(lo * den), int(hi * den)
    b, power = [a[n]], 1
    for m in range(1, n + 1):  # with s = 1 - t:  b(s, t) ← b·(p s + q t) + a_{n-m}·D^m·(s + t)^m
        power *= den
        c, padded = a[n - m] * power, [0, *b, 0]
        b = [p * padded[j + 1] + q * padded[j] + c * math.comb(m, j) for j in range(m + 1)]
    return b


@dataclass
class Work:
    """What was checked so far, and a bound on the labour: work is paid for before it is done."""

    obligations: int = 0
    leaves: int = 0
    spent: int = 0

    def spend(self, operations: int, bits: int = 1, by_bits: int = 1) -> None:
        """So many operations on dictionaries or small integers, or products of integers of so many bits."""
        self.spent += operations * (1 + bits * by_bits // 2**18)
        if self.spent > MAX_WORK:
            raise Refused(f"limit: checking this would take more than {MAX_WORK} units of work")

    def sign(
        self,
        what: str,
        p: Poly,
        box: Sequence[Interval],
        cuts: object,
        sides: Sequence[Side] = (),
    ) -> None:
        """THE RULE: p ≥ 0 on the box; with sides given, p > 0 on the box without the sides that are not included."""
        axes = grid(box, cuts)
        shape = [p.degree(axis) + 1 for axis in range(p.n)]
        size, cells = math.prod(shape), math.prod(len(axis) - 1 for axis in axes)
        long = 2 * max(q.numerator.bit_length() + q.denominator.bit_length() for axis in axes for q in axis)
        self.spend(cells * size * sum(shape), p.bits() + sum(shape) * long, sum(shape) + long)
        self.spend(cells * (40 * len(axes) + size * 2 ** len(sides)))
        self.obligations += 1
        places = list(product(*map(range, shape)))
        for cell in cells_of(axes):
            self.leaves += 1
            b = [p.terms.get(e, 0) for e in places]
            for axis, (lo, hi) in enumerate(cell):
                stride = math.prod(shape[axis + 1 :])
                for first in (i for i in range(size) if i // stride % shape[axis] == 0):
                    line = slice(first, first + stride * shape[axis], stride)
                    b[line] = bernstein(b[line], lo, hi)
            if min(b) < 0:
                raise Refused(f"obligation: {what}: a Bernstein coefficient is negative on {show(*cell)}")
            if sides:  # a face of the cell: for each axis the index of an end, or None between the ends
                faces = [
                    [None, *[0] * (lo > axis[0] or left), *[n - 1] * (hi < axis[-1] or right)]
                    for (lo, hi), axis, (left, right), n in zip(cell, axes, sides, shape, strict=True)
                ]
                nonzero = (e for e, v in zip(places, b, strict=True) if v)
                positive = {face for e in nonzero for face in product(*((None, i) for i in e))}
                if not positive.issuperset(product(*faces)):
                    raise Refused(f"obligation: {what}: zero on a side of {show(*cell)} where it must be positive")


def cut(interval: Interval, points: object) -> list[Fraction]:
    ends = [interval[0], *map(rational, array(points)), interval[1]]
    if len(ends) > 2 and any(p >= q for p, q in pairwise(ends)):
        raise Refused(f"malformed: split points do not increase inside {show(interval)}")
    return ends


def grid(box: Sequence[Interval], cuts: object) -> list[list[Fraction]]:
    return [cut(interval, points) for interval, points in zip(box, array(cuts, len(box)), strict=True)]


def cells_of(axes: Sequence[Sequence[Fraction]]) -> Iterator[tuple[Interval, ...]]:
    """The cells of a grid, the last axis fastest."""
    return product(*(list(pairwise(axis)) for axis in axes))


# ------------------------------------------------------------------------------------------------------------- reading


def expected(what: str, value: object) -> Refused:
    found = "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else repr(value)[:40]
    return Refused(f"malformed: expected {what}, found {found}")


def an(kind: type[T], what: str, value: object) -> T:
    if not isinstance(value, kind):
        raise expected(what, value)
    return value


text, boolean, object_ = partial(an, str, "a word"), partial(an, bool, "true or false"), partial(an, dict, "an object")
nothing, anything = partial(an, type(None), "null"), partial(an, object, "a value")


def array(value: object, length: int | None = None) -> list[Any]:
    found: list[object] = an(list, "a list", value)
    if length not in (None, len(found)):
        raise Refused(f"malformed: expected a list of {length}, found one of {len(found)}")
    return found


def integer(value: object, least: int = 1, most: int = MAX_EXPONENT) -> int:
    if type(value) is not int or not least <= value <= most:
        raise expected(f"an integer from {least} to {most}", value)
    return value


def rational(value: object) -> Fraction:
    if not isinstance(value, str) or len(value) > MAX_DIGITS or not RATIONAL.fullmatch(value):
        raise expected("a rational as a string, such as '-17/25'", value)
    if str(q := Fraction(value)) != value:
        raise Refused(f"malformed: {value[:40]!r} is not in lowest terms")
    return q


def interval(value: object) -> Interval:
    lo, hi = map(rational, array(value, 2))
    if lo > hi:
        raise Refused(f"malformed: the lower end of {show((lo, hi))} is above its upper end")
    return lo, hi


def optional(shape: Any, value: object) -> Any:
    return None if value is None else read(shape, value)


def read(shape: Any, value: Any) -> Any:
    """By a function; [shape] each of a list; (shape, …) so many; {"key": shape, "key?": shape} an object's values."""
    if isinstance(shape, list):
        return [read(shape[0], v) for v in array(value)]
    if isinstance(shape, tuple):
        return [read(part, v) for part, v in zip(shape, array(value, len(shape)), strict=True)]
    if not isinstance(shape, dict):
        return shape(value)
    given = {key: key.rstrip("?") for key in shape}
    for key in [key for key in shape if key not in object_(value) and key == given[key]]:
        raise Refused(f"malformed: the key {key!r} is missing")
    for key in [key for key in value if key not in given.values()]:
        raise Refused(f"malformed: unknown key {key[:40]!r}")
    return [read(part, value[given[key]]) for key, part in shape.items() if given[key] in value]


def record(shape: Mapping[str, object], value: object) -> tuple[str, Record]:
    """The type of a claim or a witness, and its values by their keys."""
    kind, *values = read({"type": text, **shape}, value)
    return kind, Record(**dict(zip(shape, values, strict=True)))


def polynomial(value: object, variables: int, n: int, work: Work) -> Poly:
    """[["coefficient", [exponents]], …] in the first variables of n, with different exponents."""
    terms: dict[Exponents, Fraction] = {}
    for c, e in read([(rational, [partial(integer, least=0)])], value):
        powers = (*array(e, variables), *[0] * (n - variables))
        if powers in terms:
            raise Refused(f"malformed: the exponents {powers} occur twice")
        terms[powers] = c
    bits = max((c.denominator.bit_length() for c in terms.values()), default=1)
    work.spend(8 * len(terms), bits * len(terms), bits)
    den = math.lcm(*(c.denominator for c in terms.values()))
    return Poly({e: c.numerator * (den // c.denominator) for e, c in terms.items()}, den, n, work)


@dataclass
class Subject:
    """Rows of coefficients c_1, c_3, …, polynomials in the parameters; the last variable stands for x or y.

    With a box of parameters, a claim about a schedule is one about every member of the family in the closed box.
    """

    rows: list[list[Poly]]
    texts: list[list[Any]]  # the same coefficients in canonical JSON: "3/2", or [["-1", [0, 2]], …] by exponents
    names: list[str]  # of the parameters; in quotation marks if one could be taken for something else
    box: list[Interval]
    work: Work

    @property
    def parameters(self) -> int:
        return len(self.names)

    @property
    def constant(self) -> bool:
        return all(row == self.texts[0] for row in self.texts)

    @property
    def digest(self) -> str:
        boxes = [list(map(str, i)) for i in self.box]
        canonical: object = [*self.texts, boxes] if boxes else self.texts[0] if self.names else self.texts
        return hashlib.sha256(json.dumps(canonical, separators=(",", ":")).encode()).hexdigest()

    @cached_property
    def y(self) -> Poly:
        return Poly({(0,) * self.parameters + (1,): 1}, 1, self.parameters + 1, self.work)

    @cached_property
    def f(self) -> list[Poly]:
        return [horner(row, self.y * self.y) * self.y for row in self.rows]

    def g(self, t: int = 0) -> Poly:
        return horner(self.rows[t], self.y)

    def d(self) -> Poly:
        return horner([c * (2 * i + 1) for i, c in enumerate(self.rows[0])], self.y)

    def sign(self, what: str, p: Poly, where: Interval, cuts: object, *side: Side) -> None:
        """The rule on an interval, for every parameter of the box: then the cuts are those of a grid."""
        sides = [CLOSED] * len(self.box) + [*side] if side else ()
        self.work.sign(what, p, [*self.box, where], cuts if self.box else [cuts], sides)


def read_subject(certificate: dict[str, Any], work: Work) -> Subject:
    family = read_family(certificate["family"]) if "family" in certificate else None
    names, rows, box = family or ([], certificate["schedule"], [])
    if not 0 < len(array(rows)) <= MAX_ROWS or not all(0 < len(array(row)) <= MAX_COEFFICIENTS for row in rows):
        raise Refused(f"limit: from 1 to {MAX_ROWS} rows of 1 to {MAX_COEFFICIENTS} coefficients are checked")
    n, zero = len(names), Poly({}, 1, len(names) + 1, work)

    def coefficient(value: Any) -> tuple[Poly, object]:
        if not names:
            return zero.constant(rational(value)), value
        return polynomial(value, n, n + 1, work), sorted((m for m in value if m[0] != "0"), key=lambda m: m[1])

    pairs = [list(map(coefficient, row)) for row in rows]
    for row in pairs:
        while len(row) > 1 and not row[-1][0].terms:
            row.pop()
    return Subject([[p for p, _ in row] for row in pairs], [[t for _, t in row] for row in pairs], names, box, work)


def read_family(family: dict[str, object]) -> tuple[list[str], Any, list[Interval]]:
    """The names of the parameters, and one row of polynomials in them; or the rows and the box of the members."""
    members = "box" in object_(family)
    more = {"rows": anything, "box": [interval]} if members else {"coefficients": anything}
    names, rows, *box = read({"parameters": [text], **more}, family)
    box = array(box[0], len(names)) if members else []
    if not 0 < len(set(names)) == len(names) <= MAX_PARAMETERS:
        raise Refused(f"limit: from 1 to {MAX_PARAMETERS} parameters of different names are checked")
    plain = "[a-eh-lnq-wzA-Z][0-9]*"  # no letter that stands for something else in what is printed
    return [name if re.fullmatch(plain, name) else json.dumps(name) for name in names], rows if members else [rows], box


# ------------------------------------------------------------------------------------ what was proved: exact, in words

FIXED = "f has exactly one fixed point p in {point}"
SENTENCES = {
    "maps-into": "φ({start}) ⊆ {target}",
    "attains": "φ({start}) ⊇ {contains}",
    "robust-band": "x_0 ∈ {start} and |x_t - f_t(x_(t-1))| ≤ ε_t for every t imply x_T ∈ {target}; ε_1, … = {errors}",
    "all-but": (
        "if x_i ∈ {start} and x_i ← |f_t(x_i)| + d_i with |d_i| ≤ ε_t and, where they are given, |d_i| ≤"
        " ρ_t·|f_t(x_i)| + τ_t and Σ d_i² ≤ σ_t², for t = 1, …, T and every i, then x_i ∈ {target} for all i but"
        " at most {exceptions}; ε_1, … = {errors}; ρ_1, … = {shares}; τ_1, … = {rests}; σ_1, … = {norms}"
    ),
    "sign-safe": "f_t(… f_1(x)) > 0 for every t and every x ∈ (0, {upper}]",
    "slope": "φ'(0) = {value}",
    "fixes": FIXED,
    "attracts": FIXED + ", and |f'(p)| < 1",
    "repels": FIXED + ", and |f'(p)| > 1",
    "converges": FIXED + ", and every orbit from (0, {upper}] tends to p",
    "escapes": "the orbit of every x ∈ {start} leaves every bound",
    "flips": "of x, f_1(x), f_2(f_1(x)), … the first {step} are > 0 and the next is < 0, for every x ∈ {start}",
    "cycles": "f has an attracting cycle, of one point in each of {intervals}, visited in this order",
    "mean-square": "the mean of (φ(x) - 1)² over x ∈ {interval} lies in {bounds}",
    "ratio": "φ(x)/x ∈ {bounds} for every x > 0 in {interval}",
    "moments": (
        "for x of {measure} measure on {interval}: the mean of φ(x) lies in {mean}, that of (φ(x) - 1)² in {square},"
        " the variance of φ(x) in {variance}"
    ),
    "minimax": "max |1 - p(x)| over x ∈ {interval} is ≥ {error} for every odd polynomial p of degree ≤ {degree}",
    "composition-bound": (
        "max |1 - p_T(… p_1(x))| over x ∈ {interval} is ≥ {error} for all odd polynomials p_t of degrees ≤ {degrees}"
    ),
    "noisy-composition-bound": (
        "max |1 - z| over z ∈ K_T is ≥ {error} for all odd polynomials p_t of degrees ≤ {degrees},"
        " where K_0 = {interval} and K_t = {{p_t(x) + d: x ∈ K_(t-1), |d| ≤ ε_t·max |p_t| over K_(t-1)}};"
        " ε_1, … = {errors}"
    ),
}


def sentence(kind: str, c: Record, s: Subject) -> str:
    """What was proved: the claim with its exact numbers and every quantifier."""
    if kind in SENTENCES:
        says = SENTENCES[kind].format(**{key: said(value) for key, value in vars(c).items()})
        return f"{among(s.names, [s.box])}: {says}" if s.box else says
    if kind == "constant-bound":
        also = "" if c.range is None else f" and |f(1)| ∈ {said(c.range)}"
        also += "" if c.slope is c.multiplier is None else " and f(1) ≥ 0"
        also += "" if c.slope is None else f" and f'(0) ∈ {said(c.slope)}"
        also += "" if c.multiplier is None else f" and f'(1) ∈ {said(c.multiplier)}"
        return (
            f"max |1 - f^{c.steps}(x)| over x ∈ [{c.lower}, 1] is ≥ {c.error} for every odd polynomial f of degree"
            f" ≤ {c.degree} with |f(x)| ≤ 1 for some x ∈ [{c.lower}, 1]{also}"
        )
    holds = PROPERTIES[c.property][0]
    if kind == "region":
        return f"{among(s.names, c.boxes, '()' if c.open else '[]')}: {holds}"
    (a, *others), (low, high) = s.names, c.range
    each = f"{among(others, [c.others])} " if others else ""
    only = "" if others else f", the only root of m in {said(interval(c.isolating))}"
    return (
        f"{each}there is α in ({low}, {high}) with m(α) = 0{only}, m = {written(c.polynomial, s.names)}, such that:"
        f" for every {a} in ({low}, α): {holds}; for every {a} in (α, {high}]: not so"
    )


def said(value: object, between: str = ", ") -> str:
    """Exactly; of a long list the beginning and the end."""
    if isinstance(value, tuple):
        return f"[{value[0]}, {value[1]}]"
    if not isinstance(value, list):
        return str(value)
    if (more := len(value) - 20) > 0:
        value = [*value[:10], f"… {more} more …", *value[-10:]]
    return between.join(map(said, value))


def among(names: list[str], boxes: Sequence[list[Interval]], ends: str = "[]") -> str:
    point = said(names) if len(names) == 1 else f"({said(names)})"
    places = [" × ".join(f"{ends[0]}{lo}, {hi}{ends[1]}" for lo, hi in box) for box in boxes]
    return f"for every {point} in {said(places, ' ∪ ')}"


def written(monomials: Sequence[Any], names: Sequence[str]) -> str:
    """A polynomial, such as 3/2·a^2·b - 1."""
    powers = [[f"{v}^{k}" if k > 1 else v for v, k in zip(names, e, strict=True) if k] for _, e in monomials]
    terms = ["·".join([c, *power]) for (c, _), power in zip(monomials, powers, strict=True)]
    return said(terms, " + ").replace("+ -", "- ") or "0"


def maps(s: Subject) -> str:
    """The maps themselves, with all their coefficients."""
    texts = [[f"({written(c, s.names)})" if s.names else c for c in row] for row in s.texts]
    rows = [written([(c, [2 * i + 1]) for i, c in enumerate(row)], ["x"]) for row in texts]
    each = said([f"f_{t}(x) = {row}" for t, row in enumerate(rows, 1)], "; ")
    if len(rows) == 1:
        return f"φ(x) = f(x) = {rows[0]}"
    return f"φ = f_T ∘ … ∘ f_1, T = {len(rows)}, {f'f_t(x) = f(x) = {rows[0]}' if s.constant else each}"


# --------------------------------------------------------------------------------------- claims, one function for each

Shape = Mapping[str, object]
Check = Callable[[Subject, Record, Record], None]  # c and w: the values of the claim and of the witness, by their keys
CLAIMS: dict[str, tuple[Check, str, Shape, str, Shape]] = {}
OUTER, INNER = {"outer": interval, "splits": (array, array)}, {"inner": interval, "points": (rational, rational)}
CHAIN = {"steps": array}


def claim(about: str, statement: Shape, name: str, witness: Shape) -> Callable[[Check], Check]:
    """Register a claim under its function's name: its subject, its claim's keys, its witness's type and keys."""

    def register(check: Check) -> Check:
        CLAIMS[check.__name__.replace("_", "-")] = check, about, statement, name, witness
        return check

    return register


def within(inner: Interval, outer: Interval) -> None:
    if not (outer[0] <= inner[0] and inner[1] <= outer[1]):
        raise Refused(f"obligation: {show(inner)} does not lie inside {show(outer)}")


def outer_chain(
    s: Subject, start: Interval, steps: list[Any], margins: Sequence[Any] = (), beside: Any = ()
) -> list[Interval]:
    """O_0 = start and O_t ⊇ f_t(O_{t-1}), widened at each end by a share of f_t, if f_t > 0, and by a number.

    A repeated map goes on past its last row.
    """
    outers = [start]
    for t, step in enumerate(steps):
        (lo, hi), (below, above), *_ = read({**OUTER, **{f"{key}?": array for key in beside}}, step)
        f = s.f[t if t < len(s.rows) else 0]
        (r, e), (q, d) = margins[t] if margins else ((ZERO, ZERO), (ZERO, ZERO))
        s.sign(f"step {t + 1}: f ≥ the lower end", f * (1 - r) - (lo + e), outers[-1], below)
        s.sign(f"step {t + 1}: f ≤ the upper end", -f * (1 + q) + (hi - d), outers[-1], above)
        outers.append((lo, hi))
    return outers


def inner_chain(s: Subject, start: Interval, steps: list[object]) -> Interval:
    """I_0 = start and I_t ⊆ f_t(I_{t-1}): f_t reaches both ends of I_t at two points of I_{t-1}."""
    inner = start
    for t, step in enumerate(steps):
        (lo, hi), (p, q), *_ = read({**INNER, **{f"{key}?": array for key in OUTER}}, step)
        within((min(p, q), max(p, q)), inner)
        reached = s.f[t].value(p) <= lo and hi <= s.f[t].value(q)
        want(reached, f"step {t + 1}: f does not reach both ends of {show((lo, hi))} at the points")
        s.work.obligations += 2
        inner = lo, hi
    return inner


@claim("schedule", {"start": interval, "target": interval}, "chain", CHAIN)
def maps_into(s: Subject, c: Record, w: Record) -> None:
    beside = () if s.box else INNER  # what is reached differs between the members of a family
    within(outer_chain(s, c.start, array(w.steps, len(s.rows)), beside=beside)[-1], c.target)
    if any(key in step for step in w.steps for key in INNER):
        inner_chain(s, c.start, w.steps)


@claim("schedule", {"start": interval, "contains": interval}, "chain", CHAIN)
def attains(s: Subject, c: Record, w: Record) -> None:
    within(c.contains, inner_chain(s, c.start, array(w.steps, len(s.rows))))
    if any(key in step for step in w.steps for key in OUTER):
        outer_chain(s, c.start, w.steps, beside=INNER)


def positive_band(s: Subject, c: Record, w: Record, margins: Sequence[Any]) -> None:
    outers = outer_chain(s, c.start, array(w.steps, len(s.rows)), margins)
    want(all(lo > 0 for lo, _ in outers), "a lower end is not > 0, and singular values do not show a sign")
    within(outers[-1], c.target)


@claim("schedule", {"start": interval, "target": interval, "errors": [rational]}, "chain", CHAIN)
def robust_band(s: Subject, c: Record, w: Record) -> None:
    want(len(c.errors) == len(s.rows) and min(c.errors) >= 0, "one error bound ≥ 0 for each step is needed")
    positive_band(s, c, w, [[(ZERO, e)] * 2 for e in c.errors])


count = partial(integer, least=0, most=10**9)
LISTS = {"errors": [rational], "shares": [rational], "rests": [rational], "norms": [rational]}


@claim(
    "schedule",
    {"start": interval, "target": interval, **LISTS, "exceptions": count},
    "widened",
    {"widths": [rational], "counts": [count], "relative": [(boolean, boolean)], "steps": array},
)
def all_but(s: Subject, c: Record, w: Record) -> None:
    lists, margins = (c.errors, w.widths, w.counts, c.norms or c.errors), []
    given = (c.shares, c.rests, w.relative) if c.shares or c.rests or w.relative else (c.errors,)
    want(all(len(each) == len(s.rows) for each in (*lists, *given)), "one entry for each step is needed")
    want(all(0 <= r < 1 for r in c.shares), "a share is not in [0, 1)")
    want(min([*c.errors, *c.rests]) >= 0, "an error or a rest is < 0")
    for t, (width, k) in enumerate(zip(w.widths, w.counts, strict=True)):  # if k + 1 move by more, Σ d² > σ²
        few = c.norms and width >= 0 and (k + 1) * width * width >= c.norms[t] * c.norms[t]
        want(width >= c.errors[t] or few, f"step {t + 1}: more than {k} values may move by more than the width")
        ends = w.relative[t] if w.relative else (False, False)
        margins.append([(c.shares[t], c.rests[t]) if relative else (ZERO, width) for relative in ends])
    want(sum(w.counts) <= c.exceptions, "the counts add up to more than the exceptions")
    positive_band(s, c, w, margins)


@claim("schedule", {"upper": rational}, "uppers", {"steps": [{"upper": rational, "splits": (array, array)}]})
def sign_safe(s: Subject, c: Record, w: Record) -> None:
    want((upper := c.upper) > 0, "the upper end is not > 0")
    for t, (following, (positive, below)) in enumerate(array(w.steps, len(s.rows))):
        s.sign(f"step {t + 1}: g > 0", s.g(t), (ZERO, upper * upper), positive, CLOSED)
        s.sign(f"step {t + 1}: f ≤ the upper end", -s.f[t] + following, (ZERO, upper), below)
        upper = following


@claim("schedule", {"value": rational}, "none", {})
def slope(s: Subject, c: Record, w: Record) -> None:
    exact = math.prod((row[0] for row in s.rows), start=s.y.constant(1)).value(ZERO)
    s.work.obligations += 1
    want(exact == c.value, f"the product of the first coefficients is {short(exact)}, not {short(c.value)}")


def squared_fixed_point(s: Subject, point: Interval, splits: list[object]) -> Interval:
    """p² exactly, for a rational p; else an interval with exactly one root of g - 1, and no other in it."""
    lo, hi = point
    g, q = s.g() - 1, (lo * lo, hi * hi)
    s.work.obligations += 1
    if lo == hi:
        want((image := s.f[0].value(lo)) == lo, f"f({short(lo)}) = {short(image)}")
        want(splits == [], "a rational point takes no split points")
        return q
    want(lo > 0, "an isolating interval must lie right of 0")
    left, right = g.value(q[0]), g.value(q[1])
    want(left * right < 0, "g - 1 has no sign change on the isolating interval")
    s.sign("g is monotone around p", g.derivative(0) if right > 0 else -g.derivative(0), q, splits, CLOSED)
    return q


@claim("map", {"point": interval}, "splits", {"splits": (array,)})
def fixes(s: Subject, c: Record, w: Record) -> None:
    squared_fixed_point(s, c.point, *w.splits)


@claim("map", {"point": interval}, "splits", {"splits": (array, array, array)})
def attracts(s: Subject, c: Record, w: Record) -> None:
    alone, above, below = w.splits
    q = squared_fixed_point(s, c.point, alone)
    s.sign("f' < 1", -s.d() + 1, q, above, CLOSED)
    s.sign("f' > -1", s.d() + 1, q, below, CLOSED)


@claim("map", {"point": interval}, "splits", {"splits": (array, array)})
def repels(s: Subject, c: Record, w: Record) -> None:
    alone, beyond = w.splits
    q = squared_fixed_point(s, c.point, alone)
    s.sign("|f'| > 1", (s.d() if s.d().value(q[0]) > 0 else -s.d()) - 1, q, beyond, CLOSED)


def square_orbit(g: list[Poly], y: Poly) -> tuple[Poly, Poly, Poly]:
    """g, Z and N = 1 + y·g·(g(Z) - g(y))/(Z - y):  f(f(x)) - x = (f(x) - x)·(g + 1)·N."""
    now = horner(g, y)
    z = y * now * now
    return now, z, y * now * divided_difference(g, y, z) + 1


@claim("map", {"point": interval, "upper": rational}, "splits", {"splits": (array,) * 6})
def converges(s: Subject, c: Record, w: Record) -> None:
    alone, positive, below, rising, falling, no_cycle = w.splits
    want(c.point[0] > 0 and c.point[1] <= c.upper, "the limit must lie in (0, upper]")
    q, u = squared_fixed_point(s, c.point, alone), c.upper * c.upper
    g, _, n = square_orbit(s.rows[0], s.y)
    s.sign("f > 0", g, (ZERO, u), positive, CLOSED)
    s.sign("f ≤ upper", -s.f[0] + c.upper, (ZERO, c.upper), below)
    s.sign("f > x below p", g - 1, (ZERO, q[0]), rising, RIGHT_OPEN)
    s.sign("f∘f > x below p", (g + 1) * n, (ZERO, q[1]), no_cycle, RIGHT_OPEN)
    if q[1] < u:
        s.sign("f < x above p", -g + 1, (q[1], u), falling, LEFT_OPEN)
    else:
        want(falling == [], "nothing lies above p, so nothing can be split there")


PAST = {"steps": array, "radius": rational, "ratio": rational, "splits": array}


@claim("map", {"start": interval}, "escape", PAST)
def escapes(s: Subject, c: Record, w: Record) -> None:
    lo, hi = outer_chain(s, c.start, w.steps)[-1]
    want(w.radius > 0 and w.ratio > 1, "the radius must be > 0 and the ratio > 1")
    past = lo >= w.radius or hi <= -w.radius
    want(past, f"the last interval {show((lo, hi))} is not past the radius {short(w.radius)}")
    leading = s.rows[0][-1].value(*(lo for lo, _ in s.box), ZERO)
    beyond = ((s.g() if leading > 0 else -s.g()) - w.ratio).from_infinity(w.radius * w.radius)
    s.sign("|f(x)| ≥ ratio·|x| past the radius", beyond, UNIT, w.splits)


@claim("schedule", {"start": interval, "step": integer}, "chain", CHAIN)
def flips(s: Subject, c: Record, w: Record) -> None:
    want(s.constant or c.step <= len(s.rows), "the schedule has no such step")
    *before, last = outer_chain(s, c.start, array(w.steps, c.step))
    want(all(lo > 0 for lo, _ in before), "the iterate is not positive before the step")
    want(last[1] < 0, f"the interval {show(last)} after the step is not negative")


@claim("map", {"intervals": [interval]}, "cycle", {"splits": [(array,) * 4], "bounds": [rational]})
def cycles(s: Subject, c: Record, w: Record) -> None:
    through, bounds = c.intervals, w.bounds
    want(all(a[1] < b[0] for a, b in pairwise(sorted(through))), "the intervals are not disjoint")
    want(len(through) == len(bounds) > 0, "one slope bound for each interval is needed")
    slope = horner([c * (2 * i + 1) for i, c in enumerate(s.rows[0])], s.y * s.y)
    following = [*through[1:], *through[:1]]
    for here, (lo, hi), d, cuts in zip(through, following, bounds, array(w.splits, len(through)), strict=True):
        conditions = {"f ≥ lo": s.f[0] - lo, "f ≤ hi": -s.f[0] + hi, "f' ≥ -d": slope + d, "f' ≤ d": -slope + d}
        for (what, p), points in zip(conditions.items(), cuts, strict=True):
            s.sign(f"{what} on {show(here)}", p, here, points)
    sizes = [d.numerator.bit_length() + d.denominator.bit_length() for d in bounds]
    s.work.spend(len(sizes), sum(sizes), max(sizes))
    contraction = math.prod(d.numerator for d in bounds) < math.prod(d.denominator for d in bounds)  # unreduced
    want(contraction, "the product of the slope bounds is not < 1")


def outward(lo: Fraction, hi: Fraction) -> Interval:
    """To multiples of 2^-200, a bound on the labour of sums."""
    return Fraction(math.floor(lo * 2**200), 2**200), Fraction(math.ceil(hi * 2**200), 2**200)


def mean(parts: Sequence[Interval], total: Interval) -> Interval:
    """The sum of the parts, divided by a number > 0: the least and the largest that it may be."""
    return min(sum(lo for lo, _ in parts) / q for q in total), max(sum(hi for _, hi in parts) / q for q in total)


@claim("schedule", {"interval": interval, "bounds": interval}, "cells", {"points": array, "chains": [array]})
def mean_square(s: Subject, c: Record, w: Record) -> None:
    want((length := c.interval[1] - c.interval[0]) > 0, "the interval is a point")
    ends, parts = cut(c.interval, w.points), []
    for (a, b), steps in zip(pairwise(ends), array(w.chains, len(ends) - 1), strict=True):
        lo, hi = outer_chain(s, (a, b), array(steps, len(s.rows)))[-1]
        least, most = max(lo - 1, 1 - hi, ZERO), max(1 - lo, hi - 1)
        parts.append(outward((b - a) * least * least, (b - a) * most * most))
    within(mean(parts, (length, length)), c.bounds)


# ------------------------------------------------ claims by polynomial models of φ(x)/x: a cell, a polynomial, an error

MODELS = {"points": array, "cells": array}


def models(s: Subject, over: Interval, w: Record) -> Iterator[tuple[Interval, Poly, Poly, Poly]]:
    """For each cell [a, b]: x = a + (b - a)·u, p and e in u, with |φ(x)/x - p| ≤ e for 0 ≤ u ≤ 1 where x > 0."""
    want(ZERO <= over[0] < over[1], "the interval must lie in [0, ∞) and not be a point")
    u, v = (Poly({place: 1}, 1, 2, s.work) for place in ((1, 0), (0, 1)))
    ends = cut(over, w.points)
    for (a, b), steps in zip(pairwise(ends), array(w.cells, len(ends) - 1), strict=True):
        x, p, e = u * (b - a) + a, u.constant(1), u.constant(0)
        for t, step in enumerate(array(steps, len(s.rows))):
            given = read({"model": [rational], "error": [rational]}, step)
            if not all(0 < len(coefficients) <= MAX_COEFFICIENTS for coefficients in given):
                raise Refused(f"limit: a model and its error have from 1 to {MAX_COEFFICIENTS} coefficients")
            r = p + (v * 2 - 1) * e
            p, e = (horner([u.constant(c) for c in coefficients], u) for coefficients in given)
            off = r * horner([u.constant(c.value(ZERO)) for c in s.rows[t]], x * x * r * r) - p
            show_sign(s.work, f"step {t + 1}: φ(x)/x ≥ model - error on {show((a, b))}", off + e)
            show_sign(s.work, f"step {t + 1}: φ(x)/x ≤ model + error on {show((a, b))}", -off + e)
        yield (a, b), x, p, e


def show_sign(work: Work, what: str, p: Poly) -> None:
    work.sign(what, p, [UNIT, UNIT], [[], []])


@claim("schedule", {"interval": interval, "bounds": interval}, "models", MODELS)
def ratio(s: Subject, c: Record, w: Record) -> None:
    for cell, _, p, e in models(s, c.interval, w):
        show_sign(s.work, f"φ(x)/x ≥ the lower bound on {show(cell)}", p - e - c.bounds[0])
        show_sign(s.work, f"φ(x)/x ≤ the upper bound on {show(cell)}", -p - e + c.bounds[1])


def integral(p: Poly) -> Fraction:
    """∫ p over 0 ≤ u ≤ 1, where p does not depend on v."""
    common = math.lcm(*range(1, p.degree(0) + 2))
    p.work.spend(4 * len(p.terms), p.bits(), common.bit_length())
    return Fraction(sum(c * (common // (e[0] + 1)) for e, c in p.terms.items()), common * p.den)


def logarithm(a: Fraction, b: Fraction) -> Interval:
    """ln(b/a) for a ≤ b ≤ 2a: 2·(t + t³/3 + …) with t = (b - a)/(b + a) ≤ 1/3; what follows t^79/79 is below t^81."""
    one, t, bounds = 2**200, (b - a) / (b + a), []
    for toward in (1, -1):  # rounded down, and up
        power = toward * (toward * t * one // 1)
        square, total = toward * (toward * power * power // one), 0
        for i in range(1, 81, 2):
            total, power = total + toward * (toward * power // i), toward * (toward * power * square // one)
        bounds.append(Fraction(2 * (total + (power if toward < 0 else 0)), one))
    return bounds[0], bounds[1]


MEASURED = {"interval": interval, "measure": text, "mean": interval, "square": interval, "variance": interval}


@claim("schedule", MEASURED, "models", MODELS)
def moments(s: Subject, c: Record, w: Record) -> None:
    """E φ and E φ² from ∫ w·φ/x and ∫ w·x·(φ/x)², where the measure is w·dx/x: w = x is uniform, w = 1 log-uniform."""
    want(c.measure in ("uniform", "log-uniform"), "the measure is neither uniform nor log-uniform")
    lengths, firsts, seconds = [], [], []  # the parts of ∫ w/x, ∫ φ·w/x and ∫ φ²·w/x
    for (a, b), x, p, e in models(s, c.interval, w):
        want(c.measure == "uniform" or 0 < b <= 2 * a, f"{show((a, b))} reaches beyond twice its lower end")
        s.work.spend(10_000, a.numerator.bit_length() + b.numerator.bit_length() + a.denominator.bit_length())
        weight = x if c.measure == "uniform" else x.constant(1)
        h = b - a
        first, second = integral(weight * p) * h, integral(weight * x * p * p) * h
        off, more = integral(weight * e) * h, integral(weight * x * e * (p * p + e + 1)) * h  # 2|p| ≤ 1 + p²
        lengths.append(outward(*((h, h) if c.measure == "uniform" else logarithm(a, b))))
        firsts.append(outward(first - off, first + off))
        seconds.append(outward(second - more, second + more))
    length = mean(lengths, (ONE, ONE))
    want(length[0] > 0, "the interval is too short")
    (m0, m1), (q0, q1) = mean(firsts, length), mean(seconds, length)
    within((m0, m1), c.mean)
    within((q0 - 2 * m1 + 1, q1 - 2 * m0 + 1), c.square)
    within((q0 - max(m0 * m0, m1 * m1), q1 - max(m0, -m1, ZERO) ** 2), c.variance)


def alternation(s: Subject, t: int, degree: int, over: Interval, error: Fraction, points: Sequence[Fraction]) -> None:
    """q + 2 alternating deviations ≥ E from 1 leave no odd polynomial of degree 2q + 1 below E."""
    want(degree % 2 == 1 and 2 * len(s.rows[t]) - 1 <= degree, "the degree must be odd, the reference's not above it")
    want(len(points) == (degree + 3) // 2, f"{(degree + 3) // 2} points are needed for degree {degree}")
    want(0 < over[0] <= points[0] and points[-1] <= over[1], "the points must lie in the interval, right of 0")
    want(all(p < q for p, q in pairwise(points)), "the points must increase")
    deviations = [1 - s.f[t].value(p) for p in points]
    want(all(p * q < 0 for p, q in pairwise(deviations)), "the deviations do not alternate in sign")
    want(min(map(abs, deviations)) >= error > 0, "a deviation is smaller than the error claimed")
    s.work.obligations += len(points)


BEST = {"interval": interval, "error": rational}


@claim("schedule", {"degree": integer, **BEST}, "alternation", {"points": [rational]})
def minimax(s: Subject, c: Record, w: Record) -> None:
    want(len(s.rows) == 1, "one reference polynomial is needed")
    alternation(s, 0, c.degree, c.interval, c.error, w.points)


def compositions(s: Subject, c: Record, w: Record, errors: Sequence[Fraction]) -> None:
    """No steps of these degrees end closer to 1 where step t may err by errors[t] times its largest modulus."""
    (low, high), reached = c.interval, ZERO
    want(low > 0 and len(c.degrees) == len(s.rows), "a positive interval and one degree a row are needed")
    least = low / high  # no start offers a better ratio of its ends
    for t, ((r, one), best, points) in enumerate(array(w.steps, len(s.rows))):
        want(one == 1 and least <= r < 1, f"step {t + 1}: the interval is not [r, 1] with {short(least)} ≤ r < 1")
        alternation(s, t, c.degrees[t], (r, one), best, points)
        want(best < 1, f"step {t + 1}: the error is not < 1")
        reached = (1 + best) * (1 + errors[t]) - 1  # ≥ 1: 0 is reached, and stays
        least = (1 - reached) / (1 + reached)
    want(c.error <= min(reached, ONE), f"the last step only gives {short(min(reached, ONE))}")


ALTERNATIONS = {"steps": [{**BEST, "points": [rational]}]}


@claim("schedule", {"degrees": [integer], **BEST}, "alternations", ALTERNATIONS)
def composition_bound(s: Subject, c: Record, w: Record) -> None:
    compositions(s, c, w, [ZERO] * len(s.rows))


NOISY = {"degrees": [integer], "interval": interval, "errors": [rational], "error": rational}


@claim("schedule", NOISY, "alternations", ALTERNATIONS)
def noisy_composition_bound(s: Subject, c: Record, w: Record) -> None:
    want(len(c.errors) == len(s.rows) and min(c.errors) >= 0, "one error ≥ 0 for each step is needed")
    compositions(s, c, w, c.errors)


# ------------------------------------------------------------------ one map repeated: no coefficients do better than E

ULP = 2**48  # the numbers of boxes and models are integers over this, rounded outward
LEAF = re.compile(
    r"!|(\d{1,5}(?:,\d{1,5})*)?(?:=(\d{1,5})|((?:\?\d{1,2},\d{1,5},-?\d{1,8}){1,20}))",  # a chain, the last, terms
    re.ASCII,
)
Ends = tuple[int, int]


def lagrange(nodes: Sequence[Fraction]) -> list[list[Fraction]]:
    """The coefficients in y of the polynomials L_i with L_i(x_i²) = 1, which vanish at the other nodes' squares."""
    want(all(max(x.numerator, x.denominator) < ULP for x in nodes), "a node is a long rational")
    want(len(set(nodes)) == len(nodes) and min(nodes) >= 0, "the nodes must differ and be ≥ 0")
    found = []
    for x in nodes:
        row = [ONE]
        for z in nodes:
            if z != x:
                scale = 1 / (x * x - z * z)
                row = [(b - z * z * a) * scale for a, b in zip([*row, ZERO], [ZERO, *row], strict=True)]
        found.append(row)
    return found


def even(row: Sequence[Fraction], x: Fraction) -> Fraction:
    return sum((a * x ** (2 * k) for k, a in enumerate(row)), ZERO)


def negative(numbers: Iterable[Fraction]) -> Fraction:
    return sum((min(q, ZERO) for q in numbers), ZERO)


def positive(numbers: Iterable[Fraction]) -> Fraction:
    return sum((max(q, ZERO) for q in numbers), ZERO)


IF_ASKED = dict.fromkeys(("range", "slope", "multiplier"), partial(optional, interval))
BOUND = {"degree": integer, "steps": integer, "lower": rational, "error": rational, **IF_ASKED}
GROWTH = {"top": rational, "points": [rational]}
TREE = {"growth": GROWTH, "nodes": [rational], "box": [interval], "points": [rational], "tree": text}


@claim("schedule", BOUND, "boxes", TREE)
def constant_bound(s: Subject, c: Record, w: Record) -> None:
    n, (top, points) = (c.degree + 1) // 2, w.growth
    want(c.degree % 2 == 1 and c.degree < 16, "the degree must be odd, and at most 15")
    want(c.lower > ZERO and c.error > ZERO and c.lower + c.error <= 1, "lower and error must be > 0, their sum ≤ 1")
    want(c.range is None or c.range[0] >= 0, "the range is one of |f(1)|")
    nodes, box = array(w.nodes, n), array(w.box, n)
    maps = Maps(s.work, c, w)
    for possible, held in zip(ratios(c, top, points, nodes), box, strict=True):
        if possible[0] <= possible[1]:
            within(possible, held)
    for leaf, cell in leaves(s.work, w.tree, [(math.floor(a * ULP), math.ceil(b * ULP)) for a, b in box]):
        maps.refute(leaf, cell)


def ratios(c: Record, top: Fraction, points: list[Fraction], nodes: list[Fraction]) -> Iterator[Interval]:
    """Between which numbers f(x)/x lies at each node, for the maps claimed about: they stay below the top."""
    want(all(c.lower <= t <= 1 for t in array(points, len(nodes))), "the points of the growth must lie in [lower, 1]")
    parts = [[a / t for a in row] for t, row in zip(points, lagrange(points), strict=True)]  # f(x)/x = Σ f(t)·part
    down, up = ([part(column) for column in zip(*parts, strict=True)] for part in (negative, positive))
    comes_back = c.lower * (even(up, c.lower) - even(down, c.lower)) > 1
    want(not comes_back, "a map below the lower end on [lower, 1] may come back")
    grows = top >= 1 + c.error and even(up, 1 / top) < top
    want(grows, "a map that reaches the top need not grow")
    for x in nodes:
        at_x = [even(part, x) for part in parts]
        least, most = top * negative(at_x), top * positive(at_x)
        if c.lower <= x <= 1:  # f has values of iterates: above 0 and below the top
            least, most = ZERO, min(most, top / x)
        asked = {ZERO: c.slope, ONE: c.range}.get(x) or (least, most)
        yield max(least, asked[0]), min(most, asked[1])


class Linear:
    """Σ factors_i·w_i / den: a number that is linear in the values w_i = f(x_i)/x_i at the nodes."""

    def __init__(self, factors: Sequence[Fraction]) -> None:
        self.den = math.lcm(*(a.denominator for a in factors))
        self.factors = [int(a * self.den) for a in factors]


class Box(NamedTuple):
    """The values centre + (radius_i·u_i), |u_i| ≤ 1, at the nodes."""

    centre: list[int]
    radius: list[int]

    def range(self, number: Linear) -> Ends:
        """The least and the largest that the number is on the box, rounded outward."""
        middle = sum(map(mul, self.centre, number.factors))
        spread = sum(map(mul, self.radius, map(abs, number.factors)))
        return (middle - spread) // number.den, -((-middle - spread) // number.den)


def leaves(work: Work, tree: str, whole: list[Ends]) -> Iterator[tuple[re.Match[str], Box]]:
    """A tree in preorder: a letter halves a box along an axis, every other word is a leaf."""
    boxes, axes = [whole], [chr(97 + i) for i in range(len(whole))]
    for word in tree.split(" "):
        want(bool(boxes), "the tree goes on after its end")
        work.spend(20)
        ends = boxes.pop()
        centre = [(low + high) // 2 for low, high in ends]
        if word in axes:
            i = axes.index(word)
            boxes += [[*ends[:i], half, *ends[i + 1 :]] for half in ((centre[i], ends[i][1]), (ends[i][0], centre[i]))]
        elif leaf := LEAF.fullmatch(word):
            work.leaves += 1
            yield leaf, Box(centre, [high - c for c, (_, high) in zip(centre, ends, strict=True)])
        else:
            raise expected(f"one of {', '.join(axes)} or a leaf of the tree", word)
    want(not boxes, "the tree ends before all its boxes")
    work.obligations += 1


class Point(NamedTuple):
    """x, rounded down and up, and f(x)."""

    x: Fraction
    down: int
    up: int
    image: Linear


def taylor(a: Sequence[int], c: int) -> list[int]:
    """The coefficients in h of Σ a_i (c + h)^i, by Horner's scheme again and again."""
    b = list(a)
    for i in range(len(b)):
        for j in reversed(range(i, len(b) - 1)):
            b[j] += c * b[j + 1]
    return b


class Maps:
    """The maps f given by their values at nodes, and why none of those of a box has |1 - f^T| < E on [l, 1]."""

    def __init__(self, work: Work, c: Record, w: Record) -> None:
        self.work, self.claim, rows = work, c, lagrange(w.nodes)
        self.start, self.points = (math.floor(c.lower * ULP), ULP), []
        self.turn = Linear([sum(((2 * k + 1) * a for k, a in enumerate(row)), ZERO) for row in rows])  # f'(1)
        self.scale = math.lcm(*(a.denominator for row in rows for a in row)) * ULP ** (2 * len(rows) - 1)
        self.rows = [[int(m % 2 * row[m // 2] * self.scale / ULP**m) for m in range(2 * len(rows))] for row in rows]
        for x in w.points:
            work.spend(40 * len(rows))
            want(x >= c.lower and max(x.numerator, x.denominator) < ULP, "a point is left of the lower end, or long")
            image = Linear([x * even(row, x) for row in rows])
            self.points.append(Point(x, math.floor(x * ULP), math.ceil(x * ULP), image))

    def refute(self, leaf: re.Match[str], box: Box) -> None:
        """No map of the box has |1 - f^T| < E."""
        if leaf[0] == "!":
            want(self.turns_elsewhere(box), "f'(1) may be what is asked of it")
            return
        chain, last, terms = leaf.groups()
        reached = self.reached(list(map(int, chain.split(","))) if chain else [], box)
        if terms:
            self.combined([list(map(int, term.split(","))) for term in terms[1:].split("?")], reached, box)
        else:
            z = self.point(int(last), (self.start[0], max(high for _, high in reached)))
            want(self.strays(z, box), "f is not ≤ 0 at the point, nor past it on the side that leads away")

    def turns_elsewhere(self, box: Box) -> bool:
        """f'(1) is not in the claim's interval for any map."""
        (low, high), asked = box.range(self.turn), self.claim.multiplier
        return asked is not None and (high < asked[0] * ULP or low > asked[1] * ULP)

    def point(self, place: int, among: Ends) -> Point:
        want(place < len(self.points), "there is no such point")
        point = self.points[place]
        want(among[0] <= point.down and point.up <= among[1], "a point is not among the values that are reached")
        return point

    def reached(self, chain: list[int], box: Box) -> list[Ends]:
        """What f^k([l, 1]) contains for every map, k = 0, 1, …: all from the image of one point to that of another."""
        self.work.spend(20 * len(chain) + 20)
        fits = len(chain) % 2 == 0 and len(chain) < 2 * self.claim.steps
        want(fits, "a chain has two points a step, and no last step")
        reached = [self.start]
        for u, v in zip(chain[::2], chain[1::2], strict=True):
            low, high = self.point(u, reached[-1]), self.point(v, reached[-1])
            reached.append((box.range(low.image)[1], box.range(high.image)[0]))
        return reached

    def strays(self, z: Point, box: Box) -> bool:
        """f(z) ≤ 0, or f(z) ≥ z ≥ 1 + E, or f(z) ≤ z ≤ 1 - E, for every map: a fixed point lies within E of 1."""
        (low, high), error = box.range(z.image), self.claim.error
        return high <= 0 or (z.x >= 1 + error and low >= z.up) or (z.x <= 1 - error and high <= z.down)

    def combined(self, terms: list[list[int]], reached: list[Ends], box: Box) -> None:
        """Numbers λ and values z of f^k for which Σ λ·(f^(T-k)(z) - 1) is too large for all maps."""
        total, slopes, slack, weight = 0, [0] * len(self.rows), 0, 0
        for k, place, factor in terms:
            want(k < len(reached), "the chain is too short")
            centre, slope, error = self.model(self.point(place, reached[k]), self.claim.steps - k, box)
            total += factor * (centre - ULP)
            slopes = [a + factor * b for a, b in zip(slopes, slope, strict=True)]
            slack, weight = slack + abs(factor) * error, weight + abs(factor)
        enough = abs(total) - sum(map(abs, slopes)) - slack >= weight * math.ceil(self.claim.error * ULP)
        want(weight > 0 and enough, "a box is not refuted by the combination of its points")

    def model(self, x: Point, steps: int, box: Box) -> tuple[int, list[int], int]:
        """f^steps(x) = c + Σ slope_i·u_i ± error for the map centre + (radius_i·u_i), by Taylor's formula each step."""
        n = len(self.rows)
        c, slope, error = x.down, [0] * n, x.up - x.down
        for _ in range(steps):
            spread = sum(map(abs, slope)) + error
            want(abs(c) + spread < ULP << 30, "an orbit of the box leaves what models hold")
            self.work.spend(50 + 12 * n**3)
            parts = [taylor(row, c) for row in self.rows]
            whole = [sum(map(mul, box.centre, column)) for column in zip(*parts, strict=True)]
            cross = [sum(map(mul, box.radius, map(abs, column))) for column in zip(*parts, strict=True)]
            rest = abs(whole[1]) * error + cross[1] * spread
            rest += sum((abs(whole[j]) + cross[j]) * spread**j for j in range(2, 2 * n))
            slope = [
                (whole[1] * a + r * part[0]) // self.scale for a, r, part in zip(slope, box.radius, parts, strict=True)
            ]
            c, error = whole[0] // self.scale, -(-rest // self.scale) + n + 1
        return c, slope, error


# ------------------------------------------------------------------ claims about families with f(1) = 1, on x in (0, 1)

PROPERTIES = {  # what is said of a member, and what is > 0 for y in (0, 1), or at one point x₀ of it
    "converges": ("every orbit from (0, 1] tends to 1", ["w", "R", "g(Z)", "N"]),
    "sign-safe": ("every iterate of every x ∈ (0, 1] is > 0", ["w", "R", "g(Z)"]),
    "bounded": ("every orbit from (0, 1] is bounded", ["w", "R", "g(Z) + 1"]),
    "attracting": ("|f'(1)| < 1", ["1 - f'(1)", "1 + f'(1)"]),
    "multiplier-above-1": ("f'(1) > 1", ["f'(1) - 1"]),
    "multiplier-below-minus-1": ("f'(1) < -1", ["-1 - f'(1)"]),
    "positive": ("f(x) > 0 for every x > 0", ["g", "g beyond 1"]),
    "flips": ("f(f(x₀)) < 0 for some x₀ ∈ (0, 1)", ["-f∘f at x₀"]),
    "escapes": ("some orbit from (0, 1) leaves every bound", ["Z - 1 at x₀", "-w(Z) at x₀", "-w' beyond 1"]),
    "escapes-alternating": (
        "some orbit from (0, 1) leaves every bound with alternating signs",
        ["Z - 1 at x₀", "-1 - g(Z) at x₀", "-g' beyond 1"],
    ),
    "lands": ("f(f(x)) = f(x) ≠ 1 for some x ∈ (0, 1)", ["-w(Z) at x₀", "w at 0", "w at 1"]),
    "returns": ("f(f(x)) = x for some x ∈ (0, 1)", ["1 - g·g(Z) at x₀", "w at 0"]),
}
FAILURES = {
    "converges": ["fixed-point", "landing"], "sign-safe": ["zero"], "bounded": ["fixed-point", "antipode"],
}  # fmt: skip
CRITICAL = {  # A, and what else the failure needs: for y > 1, or (closed) for y in [0, 1]
    "fixed-point": ("R", "-w' beyond 1"), "landing": ("R", "w closed"),
    "antipode": ("g(Z) + 1", "-g' beyond 1"), "zero": ("g(Z)", ""),
}  # fmt: skip


def conditions(s: Subject) -> dict[str, Poly]:
    """The conditions by their names:  g = 1 + (1-y)·w,  w(Z) = w·R,  f∘f - x = (f - x)·(g + 1)·N."""
    row, y = s.rows[0], s.y
    want(not (horner(row, y.constant(1)) - 1).terms, "f(1) = 1 does not hold identically in the parameters")
    tails = [horner([-c for c in row[i + 1 :]], y.constant(1)) for i in range(len(row) - 1)] or [y.constant(0)]
    g, z, n = square_orbit(row, y)
    w, gz, slope_at_1 = horner(tails, y), horner(row, z), s.d().at(s.parameters, ONE)
    r = y * (-y + 1) * (g + 1) * divided_difference(tails, y, z) + 1
    return {
        "w": w, "R": r, "N": n, "g(Z)": gz, "g(Z) + 1": gz + 1, "g": g, "g beyond 1": g.from_infinity(ONE),
        "1 - f'(1)": -slope_at_1 + 1, "1 + f'(1)": slope_at_1 + 1,
        "f'(1) - 1": slope_at_1 - 1, "-1 - f'(1)": -slope_at_1 - 1,
        "-f∘f at x₀": -(g * gz), "1 - g·g(Z) at x₀": -(g * gz) + 1, "w closed": w,
        "w at 0": w.at(s.parameters, ZERO), "w at 1": w.at(s.parameters, ONE),
        "Z - 1 at x₀": z - 1, "-w(Z) at x₀": -(w * r), "-1 - g(Z) at x₀": -gz - 1,
        "-w' beyond 1": falling_beyond_1(w), "-g' beyond 1": falling_beyond_1(g),
    }  # fmt: skip


def falling_beyond_1(p: Poly) -> Poly:
    return (-p.derivative(p.n - 1)).from_infinity(ONE)


BOXES = {"property": text, "boxes": [[interval]], "open": boolean}


@claim("family", BOXES, "covers", {"covers": [[([interval], array, anything)]], "uses": [array]})
def region(s: Subject, c: Record, w: Record) -> None:
    """Each condition is shown on the cells of its cover, and each box lies in one cell of every cover."""
    if c.property not in PROPERTIES:
        raise expected(f"one of the properties {', '.join(PROPERTIES)}", c.property)
    known, needed, n = conditions(s), PROPERTIES[c.property][1], s.parameters

    @cache
    def condition(what: str, at: Fraction | None) -> Poly:
        want(at is None or ZERO < at < ONE, "the point must lie in (0, 1)")
        return known[what] if at is None else known[what].at(n, at)

    sides = [*[OPEN if c.open else CLOSED] * n, OPEN]
    for what, cells in zip(needed, array(w.covers, len(needed)), strict=True):
        point = rational if what.endswith("at x₀") else nothing
        for place, cuts, at in cells:
            s.work.sign(f"{what} > 0", condition(what, point(at)), [*array(place, n), UNIT], cuts, sides)
    want(len(c.boxes) > 0, "there is no box")
    for box, use in zip(c.boxes, array(w.uses, len(c.boxes)), strict=True):
        s.work.spend(len(needed) * n)
        of_each = zip(array(use, len(needed)), w.covers, strict=True)
        cells = [cover[integer(i, 0, len(cover) - 1)] for i, cover in of_each]
        for mine, its in ((i, j) for place, *_ in cells for i, j in zip(array(box, n), place, strict=True)):
            within(mine, its)
            want(not c.open or mine[0] < mine[1], "a box without an inside is not open")
        want(len({at for _, _, at in cells} - {None}) <= 1, "the conditions at x₀ need one x₀")


def negative_at_points(s: Subject, a: Poly, box: list[Interval], cuts: object, points: list[Fraction]) -> None:
    """In each cell of a grid of parameters a point y of (0, 1) with A < 0."""
    n, axes = s.parameters, grid(box, cuts)
    want(len(points) == math.prod(len(axis) - 1 for axis in axes), "one point for each cell is needed")
    want(all(0 < y < 1 for y in points), "the points must lie in (0, 1)")
    for cell, y in zip(cells_of(axes), points, strict=True):
        whole = [*cell, UNIT]
        s.work.sign("A < 0 at a point above", -a.at(n, y), whole, [[] for _ in whole], [CLOSED] * len(whole))


def slope_at_only_root(m: Poly, window: Interval, isolating: Interval) -> Poly:
    """m' or -m': if it is > 0 on the window, m has one root there, in the isolating interval."""
    ends = [m.value(q) for q in (*window, *isolating)]
    inside = window[0] <= isolating[0] and isolating[1] <= window[1]
    want(ends[0] * ends[1] < 0 and inside, "m has no sign change on the window around the interval")
    want(ends[2] * ends[0] >= 0 and ends[3] * ends[1] >= 0, "m has no root in the isolating interval")
    return m.derivative(0) if ends[1] > 0 else -m.derivative(0)


FIRST_FAILURE = {
    "property": text, "critical": text, "range": interval, "others": [interval],
    "polynomial": anything, "isolating": anything,
}  # fmt: skip
CONTACT = {
    "window": interval, "core": interval, "below": array, "edges": (array, array), "falling": array, "tail": array,
    "grid": array, "points": [rational], "u": array, "v": array, "cofactor": array, "nonzero": array, "alone": array,
}  # fmt: skip


@claim("family", FIRST_FAILURE, "threshold", CONTACT)
def threshold(s: Subject, c: Record, w: Record) -> None:
    """The first parameter a has a threshold α (for each value of the others): A > 0 on [0, 1] exactly below it."""
    want(c.critical in FAILURES.get(c.property, ()), "no critical polynomial whose sign makes the property fail")
    known, n, needed = conditions(s), s.parameters, PROPERTIES[c.property][1]
    (a0, a1), (w0, w1), (critical, beyond) = c.range, w.window, CRITICAL[c.critical]
    want(a0 <= w0 < w1 <= a1 and len(c.others) == n - 1, "the window must lie in the range, with the others' box")
    want(ZERO <= w.core[0] < w.core[1] <= ONE, "the core must lie in [0, 1]")
    a, m = known[critical], polynomial(c.polynomial, n, n + 1, s.work)

    def positive(
        what: str, p: Poly, first: Interval, y: Interval, cuts: object, left: Side = CLOSED, right: Side = CLOSED
    ) -> None:
        s.work.sign(what, p, [first, *c.others, y], cuts, [left, *[CLOSED] * len(c.others), right])

    for what, cuts in zip(needed, array(w.below, len(needed)), strict=True):
        top = w0 if what == critical else a1 if what == "w" else w1  # w > 0 is needed for the failure as well
        positive(f"{what} > 0 below", known[what], (a0, top), UNIT, cuts, LEFT_OPEN, OPEN)
    for y, cuts in zip(((ZERO, w.core[0]), (w.core[1], ONE)), w.edges, strict=True):
        positive("A > 0 outside the core", a, w.window, y, cuts)
    positive("A falls in a", -a.derivative(0), w.window, w.core, w.falling, CLOSED, OPEN)
    if beyond in known:
        y_sides = CLOSED if beyond == "w closed" else LEFT_OPEN
        positive(f"{beyond} > 0", known[beyond], (w0, a1), UNIT, w.tail, CLOSED, y_sides)
    else:
        want(w.tail == [], "a sign flip needs nothing beyond 1")
    negative_at_points(s, a, [(w1, a1), *c.others], w.grid, w.points)
    u, v, k = (polynomial(p, n + 1, n + 1, s.work) for p in (w.u, w.v, w.cofactor))
    want(bool(m.terms) and k.degree(n) == 0, "m is 0, or the cofactor depends on y")
    want(not (u * a + v * a.derivative(n) - m * k).terms, "U·A + V·∂A/∂y is not m·cofactor")
    positive("the cofactor is not 0", k, w.window, UNIT, w.nonzero)
    if n == 1:
        positive("m is monotone", slope_at_only_root(m, w.window, interval(c.isolating)), w.window, UNIT, w.alone)
    else:
        alone = c.isolating is None and w.alone == []
        want(alone, "with several parameters the threshold is a curve: isolating is null")


# ---------------------------------------------------------------------------------------------------------- whole files

MEMBERS = ("maps-into", "sign-safe", "flips", "escapes", "cycles")  # checked for all members in a box, too


class Proved(TypedDict):
    """What one certificate proves, and of what."""

    claim: str
    statement: str
    subject: str
    digest: str
    coefficients: list[list[Any]]


class Found(TypedDict):
    """The verdict on one file's bytes, "proved" or "refused", with the reason, what was checked and what it proves."""

    verdict: str
    reason: str
    claims: list[str]
    obligations: int
    leaves: int
    digest: str | None
    certificates: list[Proved]


class FoundInFile(Found):
    """The same, with the name of the file."""

    file: str


def check_certificate(certificate: object, work: Work) -> Proved:
    """What the certificate proves; it is refused if it does not."""
    where = "family" if "family" in object_(certificate) else "schedule"
    shape = {"format": text, where: anything, "claim": object_, "witness": anything, "provenance?": anything}
    form, _, statement, witness, *_ = read(shape, certificate)
    if form != FORMAT:
        raise Refused(f"malformed: the format is {form[:40]!r}, not {FORMAT!r}")
    if (kind := statement.get("type")) not in list(CLAIMS):
        raise expected(f"a claim whose type is one of {', '.join(CLAIMS)}", kind)
    check, about, statement_shape, name, witness_shape = CLAIMS[kind]
    s = read_subject(object_(certificate), work)
    want((about == "family") == (s.parameters > 0 and not s.box), f"{kind} is a claim about a {about}")
    want(not s.box or kind in MEMBERS, f"{kind} is not checked for the members of a family in a box")
    want(about != "map" or s.constant, f"{kind} is about one map repeated without end: its rows must be equal")
    _, c = record(statement_shape, statement)
    given, w = record(witness_shape, witness)
    if given != name:
        raise expected(f"a witness of type {name!r} for {kind}", given)
    check(s, c, w)
    return {
        "claim": kind,
        "statement": sentence(kind, c, s),
        "subject": maps(s),
        "digest": s.digest,
        "coefficients": s.texts,
    }


def no_float(token: str) -> NoReturn:
    raise Refused(f"malformed: the number {token[:40]} is a float; rationals are strings")


def no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(found := dict(pairs)) != len(pairs):
        raise Refused("malformed: an object has the same key twice")
    return found


def read_json(data: bytes) -> object:
    if len(data) > MAX_BYTES:
        raise Refused(f"limit: {len(data)} bytes or more are over {MAX_BYTES}")
    try:
        return json.loads(data.decode(), object_pairs_hook=no_repeats, parse_float=no_float, parse_constant=no_float)
    except (ValueError, RecursionError) as error:
        raise Refused(f"unreadable: not JSON text: {str(error)[:80]!r}") from None


def check_bytes(data: bytes, expect: str | None = None) -> Found:
    work, found, verdict, reason = Work(), list[Proved](), "proved", ""
    try:
        top = read_json(data)
        work.spend(len(data))
        bundle = isinstance(top, dict) and top.get("format") == BUNDLE
        shape = {"format": text, "certificates": array, "provenance?": anything}
        for certificate in read(shape, top)[1] if bundle else [top]:
            found.append(check_certificate(certificate, work))
            if expect not in (None, found[-1]["digest"]):
                raise Refused(f"subject: {found[-1]['claim']} is about the subject {found[-1]['digest']}, not {expect}")
        if not found:
            raise Refused("malformed: a bundle without certificates proves nothing")
    except Refused as error:
        verdict, reason = "refused", str(error)
    except MemoryError:
        verdict, reason = "refused", "limit: there is not memory enough to check this"
    digests = {f["digest"] for f in found}
    return {
        "verdict": verdict, "reason": reason, "claims": [f["claim"] for f in found], "obligations": work.obligations,
        "leaves": work.leaves, "digest": digests.pop() if len(digests) == 1 else None,
        "certificates": found if verdict == "proved" else [],
    }  # fmt: skip


def check_file(name: str, expect: str | None = None) -> FoundInFile:
    try:
        with open(name, "rb") as file:
            return {"file": name, **check_bytes(file.read(MAX_BYTES + 1), expect)}
    except FileNotFoundError:
        why = "there is no such file"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
    return {"file": name, **check_bytes(b""), "reason": f"unreadable: {why}"}


def one_line(line: str) -> str:
    """No name and no text can begin a line of its own, or hide what was printed."""
    return "".join(c if c.isprintable() else c.encode("unicode-escape", "surrogatepass").decode() for c in line)


def describe(result: FoundInFile) -> str:
    """A verdict on a file for people: what was proved, what was checked and how much, and what was not."""
    lines = [f"{result['verdict']:8} {result['file']}: {', '.join(result['claims']) or '-'}"]
    for (digest, subject), proved in groupby(result["certificates"], lambda c: (c["digest"], c["subject"])):
        lines += [f"subject {digest}: {subject}", *(f"  {c['claim']}: {c['statement']}" for c in proved)]
    lines += [f"{result['obligations']} obligations, {result['leaves']} leaves"]
    lines += [result["reason"] or "not checked: provenance; whether a program runs this; rounding unless claimed"]
    return "\n         ".join(map(one_line, lines))


def exit_status(results: Sequence[Found]) -> int:
    return max(0 if r["verdict"] == "proved" else 2 if r["reason"].startswith("unreadable") else 1 for r in results)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("check.py", description="Check certificates.", allow_abbrev=False)
    parser.add_argument("--expect", metavar="DIGEST", help="refuse certificates about another subject")
    parser.add_argument("files", metavar="FILE", nargs="+")
    given = parser.parse_args(arguments)
    if given.expect is not None and not re.fullmatch("[0-9a-f]{64}", given.expect):
        parser.error("--expect: a digest is 64 of the characters 0-9a-f, as is printed for a subject")
    results = [check_file(name, given.expect) for name in given.files]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print("\n".join(map(describe, results)), flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unprinted goes nowhere
        if not isinstance(error, BrokenPipeError):
            print(f"check.py: cannot print: {error.strerror}", file=sys.stderr)
            return 2
    return exit_status(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
