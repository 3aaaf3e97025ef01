"""The checker: decide whether certificates prove what they claim, with the standard library alone.

    python3 -I muon_theory/check.py [--format json] FILE...     exit 0 all proved, 1 one refused, 2 one unreadable

A certificate names a subject (a schedule of odd polynomials with rational coefficients, or a family of them), a claim
and a witness.  Nothing is searched for: the witness holds every number that is needed, and the checker evaluates.

Notation.  f(x) = Σ c_i x^(2i+1) = x·g(y), y = x²;  d(y) = Σ (2i+1) c_i y^i = f'(x);  Z(y) = y·g(y)² = f(x)².

The one proof rule.  Write a polynomial in the tensor Bernstein basis of a box.  If all coefficients are ≥ 0 it is ≥ 0
on the box; if those of a face are moreover not all 0, it is > 0 inside that face.  The witness lists the points that
cut the box into a grid; the rule is applied to each cell.  Beside it there is only exact evaluation, polynomial
arithmetic and comparison of rationals.  Every claim's argument stands in docs/trust.md under the claim's name.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

FORMAT, BUNDLE = "muon-theory/certificate/1", "muon-theory/bundle/1"
MAX_BYTES, MAX_DIGITS = 4_000_000, 2_000  # of a file; of a rational's text
MAX_ROWS, MAX_COEFFICIENTS, MAX_PARAMETERS, MAX_EXPONENT = 64, 33, 3, 64
MAX_WORK = 10_000_000  # for a file, in units of about a third of a microsecond: seconds
RATIONAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:/[1-9][0-9]*)?")

Exponents = tuple[int, ...]
Interval = tuple[Fraction, Fraction]
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

    def constant(self, q: Fraction | int) -> Poly:
        return Poly({(0,) * self.n: q.numerator}, q.denominator, self.n, self.work)

    def __add__(self, other: Poly | Fraction | int) -> Poly:
        p = other if isinstance(other, Poly) else self.constant(other)
        self.work.spend(len(self.terms) + len(p.terms) + 1, self.bits(), p.bits())
        den = math.lcm(self.den, p.den)
        mine, its = den // self.den, den // p.den
        terms = {e: c * mine for e, c in self.terms.items()}
        for e, c in p.terms.items():
            terms[e] = terms.get(e, 0) + c * its
        return Poly(terms, den, self.n, self.work)

    def __mul__(self, other: Poly | Fraction | int) -> Poly:
        p = other if isinstance(other, Poly) else self.constant(other)
        self.work.spend(4 * len(self.terms) * len(p.terms) + 1, self.bits(), p.bits())
        terms: dict[Exponents, int] = {}
        for (e, c), (k, d) in product(self.terms.items(), p.terms.items()):
            s = tuple(map(int.__add__, e, k))
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


def value(p: Poly, *point: Fraction) -> Fraction:
    for axis, q in enumerate(point):
        p = p.at(axis, q)
    p.work.spend(2, p.bits(), p.bits())
    return Fraction(p.terms.get((0,) * p.n, 0), p.den)


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
        self, what: str, p: Poly, box: Sequence[Interval], cuts: Sequence[Any], sides: Sequence[tuple[bool, bool]] = ()
    ) -> None:
        """THE RULE: p ≥ 0 on the box; with sides given, p > 0 on the box without the sides that are not included."""
        axes = [cut(interval, points) for interval, points in zip(box, cuts, strict=True)]
        shape = [p.degree(axis) + 1 for axis in range(p.n)]
        size, cells = math.prod(shape), math.prod(len(axis) - 1 for axis in axes)
        long = 2 * max(q.numerator.bit_length() + q.denominator.bit_length() for axis in axes for q in axis)
        self.spend(cells * size * sum(shape), p.bits() + sum(shape) * long, sum(shape) + long)
        self.spend(cells * (20 + size * 2 ** len(sides)))
        self.obligations += 1
        dense = [p.terms.get(e, 0) for e in product(*map(range, shape))]
        for cell in product(*map(list, map(pairwise, axes))):
            self.leaves += 1
            b = dense[:]
            for axis, (lo, hi) in enumerate(cell):
                stride = math.prod(shape[axis + 1 :])
                for first in (i for i in range(size) if i // stride % shape[axis] == 0):
                    line = slice(first, first + stride * shape[axis], stride)
                    b[line] = bernstein(b[line], lo, hi)
            if min(b) < 0:
                raise Refused(f"obligation: {what}: a Bernstein coefficient is negative on {show(*cell)}")
            if sides:
                ends = [  # for each axis: its inside, None, and the index of each end that belongs to the set
                    [None, *[0] * (lo > axis[0] or left), *[n - 1] * (hi < axis[-1] or right)]
                    for (lo, hi), axis, (left, right), n in zip(cell, axes, sides, shape, strict=True)
                ]
                positive = (e for e, v in zip(product(*map(range, shape)), b, strict=True) if v)
                faces = {face for e in positive for face in product(*((None, i) for i in e))}
                if not faces.issuperset(product(*ends)):
                    raise Refused(f"obligation: {what}: zero on a side of {show(*cell)} where it must be positive")


def cut(interval: Interval, points: Any) -> list[Fraction]:
    ends = [interval[0], *map(rational, array(points)), interval[1]]
    if len(ends) > 2 and any(p >= q for p, q in pairwise(ends)):
        raise Refused(f"malformed: split points do not increase inside {show(interval)}")
    return ends


# ------------------------------------------------------------------------------------------------------------- reading


def expected(what: str, value: Any) -> Refused:
    found = "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else repr(value)[:40]
    return Refused(f"malformed: expected {what}, found {found}")


def array(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list):
        raise expected("a list", value)
    if length not in (None, len(value)):
        raise Refused(f"malformed: expected a list of {length}, found one of {len(value)}")
    return value


def rational(value: Any) -> Fraction:
    if not isinstance(value, str) or len(value) > MAX_DIGITS or not RATIONAL.fullmatch(value):
        raise expected("a rational as a string, such as '-17/25'", value)
    if str(q := Fraction(value)) != value:
        raise Refused(f"malformed: {value[:40]!r} is not in lowest terms")
    return q


def interval(value: Any) -> Interval:
    lo, hi = map(rational, array(value, 2))
    if lo > hi:
        raise Refused(f"malformed: the lower end of {show((lo, hi))} is above its upper end")
    return lo, hi


def integer(value: Any) -> int:
    if type(value) is not int or not 0 < value <= MAX_EXPONENT:
        raise expected(f"an integer from 1 to {MAX_EXPONENT}", value)
    return value


def index(value: Any, length: int) -> int:
    if type(value) is not int or not 0 <= value < length:
        raise expected(f"an integer from 0 to {length - 1}", value)
    return value


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise expected("true or false", value)
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise expected("a word", value)
    return value


def several(one: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [one(v) for v in array(value)]


READERS: dict[str, Callable[[Any], Any]] = {f.__name__: f for f in (array, rational, interval, integer, boolean, text)}
READERS |= {f"{name}s": several(one) for name, one in READERS.items()}
READERS["boxes"] = several(READERS["intervals"])


def fields(value: Any, required: str, optional: str = "") -> list[Any]:
    """The values of an object's keys; 'name:kind' reads the value by the function of that name; no other keys."""
    if not isinstance(value, dict):
        raise expected("an object", value)
    words = [word.partition(":")[::2] for word in required.split()]
    for name in [name for name, _ in words if name not in value]:
        raise Refused(f"malformed: the key {name!r} is missing")
    for name in [name for name in value if name not in {*dict(words), *optional.split()}]:
        raise Refused(f"malformed: unknown key {name[:40]!r}")
    return [READERS[kind](value[name]) if kind else value[name] for name, kind in words]


def polynomial(value: Any, variables: int, n: int, work: Work) -> Poly:
    """[["coefficient", [exponents]], …] in the first variables of n, with different exponents."""
    terms: dict[Exponents, Fraction] = {}
    for c, e in (array(monomial, 2) for monomial in array(value)):
        powers = (*array(e, variables), *[0] * (n - variables))
        if not all(type(k) is int and 0 <= k <= MAX_EXPONENT for k in powers) or powers in terms:
            raise Refused(f"malformed: exponents {powers} repeat or are not integers from 0 to {MAX_EXPONENT}"[:200])
        terms[powers] = rational(c)
    bits = max((c.denominator.bit_length() for c in terms.values()), default=1)
    work.spend(len(terms), bits * len(terms), bits)
    den = math.lcm(*(c.denominator for c in terms.values()))
    return Poly({e: c.numerator * (den // c.denominator) for e, c in terms.items()}, den, n, work)


@dataclass
class Subject:
    """Rows of coefficients c_1, c_3, …, polynomials in the parameters; the last variable stands for x or y.

    With a box of parameters, a claim about a schedule is one about every member of the family in the closed box.
    """

    rows: list[list[Poly]]
    parameters: int
    box: list[Interval]
    constant: bool
    digest: str
    work: Work
    y: Poly
    made: dict[int, Poly]

    def g(self, t: int = 0) -> Poly:
        return horner(self.rows[t], self.y)

    def f(self, t: int = 0) -> Poly:
        if t not in self.made:
            self.made[t] = horner(self.rows[t], self.y * self.y) * self.y
        return self.made[t]

    def d(self) -> Poly:
        return horner([c * (2 * i + 1) for i, c in enumerate(self.rows[0])], self.y)

    def sign(self, what: str, p: Poly, where: Interval, cuts: Any, *side: tuple[bool, bool]) -> None:
        """The rule on an interval, for every parameter of the box: then the cuts are a grid."""
        grid = array(cuts, self.parameters + 1) if self.box else [cuts]
        self.work.sign(what, p, [*self.box, where], grid, [CLOSED] * len(self.box) + [*side] if side else ())


def read_subject(certificate: dict[str, Any], work: Work) -> Subject:
    names: list[Any] = []
    box: list[Interval] = []
    given: Any = certificate.get("schedule")
    if "family" in certificate:
        if members := isinstance(certificate["family"], dict) and "box" in certificate["family"]:
            names, given, box = fields(certificate["family"], "parameters:array rows:array box:intervals")
        else:
            names, coefficients = fields(certificate["family"], "parameters:array coefficients:array")
            given = [coefficients]
        if not 0 < len({text(name) for name in names}) == len(names) <= MAX_PARAMETERS:
            raise Refused(f"limit: from 1 to {MAX_PARAMETERS} parameters of different names are checked")
        if members:
            array(box, len(names))
    if not 0 < len(array(given)) <= MAX_ROWS or not all(0 < len(array(row)) <= MAX_COEFFICIENTS for row in given):
        raise Refused(f"limit: from 1 to {MAX_ROWS} rows of 1 to {MAX_COEFFICIENTS} coefficients are checked")
    k = len(names)
    zero = Poly({}, 1, k + 1, work)
    rows = [[polynomial(c, k, k + 1, work) if k else zero.constant(rational(c)) for c in row] for row in given]
    for row in rows:
        while len(row) > 1 and not row[-1].terms:
            row.pop()
    canonical: Any = [texts[: len(row)] for texts, row in zip(given, rows, strict=True)]
    if k:
        terms = [[[[str(Fraction(c, p.den)), e[:k]] for e, c in sorted(p.terms.items())] for p in row] for row in rows]
        canonical = [*terms, [list(map(str, i)) for i in box]] if box else terms[0]
    digest = hashlib.sha256(json.dumps(canonical, separators=(",", ":")).encode()).hexdigest()
    y = Poly({(0,) * k + (1,): 1}, 1, k + 1, work)
    constant = all(row == canonical[0] for row in (terms if k else canonical))
    return Subject(rows, k, box, constant, digest, work, y, {})


# --------------------------------------------------------------------------------------- claims, one function for each

Check = Callable[..., None]
CLAIMS: dict[str, tuple[Check, str, str, str]] = {}


def claim(about: str, statement: str, witness: str) -> Callable[[Check], Check]:
    """Register a claim under its function's name: its subject, its claim's keys, its witness's type and keys."""

    def register(check: Check) -> Check:
        CLAIMS[check.__name__.replace("_", "-")] = check, about, statement, witness
        return check

    return register


def within(inner: Interval, outer: Interval) -> None:
    if not (outer[0] <= inner[0] and inner[1] <= outer[1]):
        raise Refused(f"obligation: {show(inner)} does not lie inside {show(outer)}")


def outer_chain(
    s: Subject, start: Interval, steps: list[Any], errors: Sequence[Fraction] = (), beside: str = ""
) -> list[Interval]:
    """O_0 = start and O_t ⊇ f_t(O_{t-1}), widened by the errors.  A repeated map goes on past its last row."""
    outers = [start]
    for t, step in enumerate(steps):
        (lo, hi), splits = fields(step, "outer:interval splits:array", beside)
        below, above = array(splits, 2)
        f, e = s.f(t if t < len(s.rows) else 0), errors[t] if errors else ZERO
        s.sign(f"step {t + 1}: f ≥ the lower end", f - (lo + e), outers[-1], below)
        s.sign(f"step {t + 1}: f ≤ the upper end", -f + (hi - e), outers[-1], above)
        outers.append((lo, hi))
    return outers


def inner_chain(s: Subject, start: Interval, steps: list[Any]) -> Interval:
    """I_0 = start and I_t ⊆ f_t(I_{t-1}): f_t reaches both ends of I_t at two points of I_{t-1}."""
    inner = start
    for t, step in enumerate(steps):
        (lo, hi), points = fields(step, "inner:interval points:rationals", "outer splits")
        p, q = array(points, 2)
        within((min(p, q), max(p, q)), inner)
        low, high = value(s.f(t), p), value(s.f(t), q)
        want(low <= lo and hi <= high, f"step {t + 1}: f does not reach both ends of {show((lo, hi))} at the points")
        s.work.obligations += 2
        inner = lo, hi
    return inner


@claim("schedule", "start:interval target:interval", "chain steps:array")
def maps_into(s: Subject, start: Interval, target: Interval, steps: list[Any]) -> None:
    beside = "" if s.box else "inner points"  # what is reached differs between the members of a family
    within(outer_chain(s, start, array(steps, len(s.rows)), beside=beside)[-1], target)
    if any("inner" in step or "points" in step for step in steps):
        inner_chain(s, start, steps)


@claim("schedule", "start:interval contains:interval", "chain steps:array")
def attains(s: Subject, start: Interval, contains: Interval, steps: list[Any]) -> None:
    within(contains, inner_chain(s, start, array(steps, len(s.rows))))
    if any("outer" in step or "splits" in step for step in steps):
        outer_chain(s, start, steps, beside="inner points")


@claim("schedule", "start:interval target:interval errors:rationals", "chain steps:array")
def robust_band(s: Subject, start: Interval, target: Interval, errors: list[Fraction], steps: list[Any]) -> None:
    want(len(errors) == len(s.rows) and min(errors) >= 0, "one error bound ≥ 0 for each step is needed")
    outers = outer_chain(s, start, array(steps, len(s.rows)), errors)
    want(all(lo > 0 for lo, _ in outers), "a lower end is not > 0, and singular values do not show a sign")
    within(outers[-1], target)


@claim("schedule", "upper:rational", "uppers steps:array")
def sign_safe(s: Subject, upper: Fraction, steps: list[Any]) -> None:
    want(upper > 0, "the upper end is not > 0")
    for t, step in enumerate(array(steps, len(s.rows))):
        following, splits = fields(step, "upper:rational splits:array")
        positive, below = array(splits, 2)
        s.sign(f"step {t + 1}: g > 0", s.g(t), (ZERO, upper * upper), positive, CLOSED)
        s.sign(f"step {t + 1}: f ≤ the upper end", -s.f(t) + following, (ZERO, upper), below)
        upper = following


@claim("schedule", "value:rational", "none")
def slope(s: Subject, claimed: Fraction) -> None:
    exact = value(math.prod((row[0] for row in s.rows), start=s.y.constant(1)), ZERO)
    s.work.obligations += 1
    want(exact == claimed, f"the product of the first coefficients is {short(exact)}, not {short(claimed)}")


def squared_fixed_point(s: Subject, point: Interval, splits: list[Any]) -> Interval:
    """p² exactly, for a rational p; else an interval with exactly one root of g - 1, and no other in it."""
    lo, hi = point
    g, q = s.g() - 1, (lo * lo, hi * hi)
    s.work.obligations += 1
    if lo == hi:
        want(value(s.f(), lo) == lo, f"f({short(lo)}) = {short(value(s.f(), lo))}")
        want(splits == [], "a rational point takes no split points")
        return q
    want(lo > 0, "an isolating interval must lie right of 0")
    left, right = value(g, q[0]), value(g, q[1])
    want(left * right < 0, "g - 1 has no sign change on the isolating interval")
    rising = g.derivative(0) if right > 0 else -g.derivative(0)
    s.work.sign("g is monotone around p", rising, [q], [splits], [CLOSED])
    return q


@claim("map", "point:interval", "splits splits:array")
def fixes(s: Subject, point: Interval, splits: list[Any]) -> None:
    squared_fixed_point(s, point, *array(splits, 1))


@claim("map", "point:interval", "splits splits:array")
def attracts(s: Subject, point: Interval, splits: list[Any]) -> None:
    alone, above, below = array(splits, 3)
    q = squared_fixed_point(s, point, alone)
    s.work.sign("f' < 1", -s.d() + 1, [q], [above], [CLOSED])
    s.work.sign("f' > -1", s.d() + 1, [q], [below], [CLOSED])


@claim("map", "point:interval", "splits splits:array")
def repels(s: Subject, point: Interval, splits: list[Any]) -> None:
    alone, beyond = array(splits, 2)
    q = squared_fixed_point(s, point, alone)
    s.work.sign("|f'| > 1", (s.d() if value(s.d(), q[0]) > 0 else -s.d()) - 1, [q], [beyond], [CLOSED])


def square_orbit(g: list[Poly], y: Poly) -> tuple[Poly, Poly, Poly]:
    """g, Z and N = 1 + y·g·(g(Z) - g(y))/(Z - y):  f(f(x)) - x = (f(x) - x)·(g + 1)·N."""
    now = horner(g, y)
    z = y * now * now
    return now, z, y * now * divided_difference(g, y, z) + 1


@claim("map", "point:interval upper:rational", "splits splits:array")
def converges(s: Subject, point: Interval, upper: Fraction, splits: list[Any]) -> None:
    alone, positive, below, rising, falling, no_cycle = array(splits, 6)
    want(point[0] > 0 and point[1] <= upper, "the limit must lie in (0, upper]")
    q, u = squared_fixed_point(s, point, alone), upper * upper
    g, _, n = square_orbit(s.rows[0], s.y)
    exact = q[0] == q[1]  # then the inequalities are equalities at p itself, which is left out
    s.work.sign("f > 0", g, [(ZERO, u)], [positive], [CLOSED])
    s.work.sign("f ≤ upper", -s.f() + upper, [(ZERO, upper)], [below])
    s.work.sign("f > x below p", g - 1, [(ZERO, q[0])], [rising], [RIGHT_OPEN if exact else CLOSED])
    s.work.sign("f∘f > x below p", (g + 1) * n, [(ZERO, q[1])], [no_cycle], [RIGHT_OPEN if exact else CLOSED])
    if q[1] < u:
        s.work.sign("f < x above p", -g + 1, [(q[1], u)], [falling], [LEFT_OPEN if exact else CLOSED])
    else:
        want(falling == [], "nothing lies above p, so nothing can be split there")


@claim("map", "start:interval", "escape steps:array radius:rational ratio:rational splits:array")
def escapes(s: Subject, start: Interval, steps: list[Any], radius: Fraction, ratio: Fraction, splits: Any) -> None:
    lo, hi = outer_chain(s, start, steps)[-1]
    want(radius > 0 and ratio > 1, "the radius must be > 0 and the ratio > 1")
    want(lo >= radius or hi <= -radius, f"the last interval {show((lo, hi))} is not past the radius {short(radius)}")
    leading = value(s.rows[0][-1], *(lo for lo, _ in s.box), ZERO)
    beyond = ((s.g() if leading > 0 else -s.g()) - ratio).from_infinity(radius * radius)
    s.sign("|f(x)| ≥ ratio·|x| past the radius", beyond, UNIT, splits)


@claim("schedule", "start:interval step:integer", "chain steps:array")
def flips(s: Subject, start: Interval, step: int, steps: list[Any]) -> None:
    want(s.constant or step <= len(s.rows), "the schedule has no such step")
    *before, last = outer_chain(s, start, array(steps, step))
    want(all(lo > 0 for lo, _ in before), "the iterate is not positive before the step")
    want(last[1] < 0, f"the interval {show(last)} after the step is not negative")


@claim("map", "intervals:intervals", "cycle splits:array bounds:rationals")
def cycles(s: Subject, through: list[Interval], splits: list[Any], bounds: list[Fraction]) -> None:
    want(all(a[1] < b[0] for a, b in pairwise(sorted(through))), "the intervals are not disjoint")
    want(len(through) == len(bounds) > 0, "one slope bound for each interval is needed")
    slope = horner([c * (2 * i + 1) for i, c in enumerate(s.rows[0])], s.y * s.y)
    following = [*through[1:], *through[:1]]
    for here, (lo, hi), d, cuts in zip(through, following, bounds, array(splits, len(through)), strict=True):
        conditions = {"f ≥ lo": s.f() - lo, "f ≤ hi": -s.f() + hi, "f' ≥ -d": slope + d, "f' ≤ d": -slope + d}
        for (what, p), points in zip(conditions.items(), array(cuts, 4), strict=True):
            s.sign(f"{what} on {show(here)}", p, here, points)
    want(math.prod(bounds) < 1, "the product of the slope bounds is not < 1")


@claim("schedule", "interval:interval bounds:interval", "cells points:array chains:array")
def mean_square(s: Subject, over: Interval, bounds: Interval, points: list[Any], chains: list[Any]) -> None:
    want(over[0] < over[1], "the interval is a point")
    ends, low, high = cut(over, points), 0, 0  # the sums in units of 2^-200, rounded outward
    for (a, b), steps in zip(pairwise(ends), array(chains, len(ends) - 1), strict=True):
        lo, hi = outer_chain(s, (a, b), array(steps, len(s.rows)))[-1]
        low += math.floor((b - a) * max(lo - 1, 1 - hi, ZERO) ** 2 * 2**200)
        high += math.ceil((b - a) * max(1 - lo, hi - 1) ** 2 * 2**200)
    length = (over[1] - over[0]) * 2**200
    within((low / length, high / length), bounds)


def alternation(s: Subject, t: int, degree: int, over: Interval, error: Fraction, points: Sequence[Fraction]) -> None:
    """q + 2 alternating deviations ≥ E from 1 leave no odd polynomial of degree 2q + 1 below E."""
    want(degree % 2 == 1 and 2 * len(s.rows[t]) - 1 <= degree, "the degree must be odd, the reference's not above it")
    want(len(points) == (degree + 3) // 2, f"{(degree + 3) // 2} points are needed for degree {degree}")
    want(0 < over[0] <= points[0] and points[-1] <= over[1], "the points must lie in the interval, right of 0")
    want(all(p < q for p, q in pairwise(points)), "the points must increase")
    deviations = [value(-s.f(t) + 1, p) for p in points]
    want(all(p * q < 0 for p, q in pairwise(deviations)), "the deviations do not alternate in sign")
    want(min(map(abs, deviations)) >= error > 0, "a deviation is smaller than the error claimed")
    s.work.obligations += len(points)


@claim("schedule", "degree:integer interval:interval error:rational", "alternation points:rationals")
def minimax(s: Subject, degree: int, over: Interval, error: Fraction, points: list[Fraction]) -> None:
    want(len(s.rows) == 1, "one reference polynomial is needed")
    alternation(s, 0, degree, over, error, points)


@claim("schedule", "degrees:integers interval:interval error:rational", "alternations steps:array")
def composition_bound(s: Subject, degrees: list[int], over: Interval, error: Fraction, steps: list[Any]) -> None:
    want(over[0] > 0 and len(degrees) == len(s.rows), "a positive interval and one degree a row are needed")
    least, reached = over[0] / over[1], ZERO  # no start offers a better ratio of its ends than `least`
    for t, step in enumerate(array(steps, len(s.rows))):
        (r, one), reached, points = fields(step, "interval:interval error:rational points:rationals")
        want(one == 1 and least <= r < 1, f"step {t + 1}: the interval is not [r, 1] with {short(least)} ≤ r < 1")
        alternation(s, t, degrees[t], (r, one), reached, points)
        want(reached < 1, f"step {t + 1}: the error is not < 1")
        least = (1 - reached) / (1 + reached)
    want(error <= reached, f"the last step only gives {short(reached)}")


# ------------------------------------------------------------------ claims about families with f(1) = 1, on x in (0, 1)

MEMBERS = ("maps-into", "sign-safe", "flips", "escapes", "cycles")  # checked for all members in a box, too
FAILURES = {"converges": ("fixed-point", "zero"), "sign-safe": ("zero",), "bounded": ("fixed-point", "antipode")}


def conditions(s: Subject, name: str) -> tuple[dict[str, Poly], dict[str, Poly]]:
    """What is > 0 on (0, 1), or at one point x₀ of it, if the property holds; what is to fall beyond 1 at a failure.

    g = 1 + (1-y)·w,  w(Z) = w·R,  f∘f - x = (f - x)·(g + 1)·N:  they decide about (0, 1], for all parameters.
    """
    g, y = s.rows[0], s.y
    want(not (horner(g, y.constant(1)) - 1).terms, "f(1) = 1 does not hold identically in the parameters")
    tails = [horner([-c for c in g[i + 1 :]], y.constant(1)) for i in range(len(g) - 1)] or [y.constant(0)]
    now, z, n = square_orbit(g, y)
    w, gz, end = horner(tails, y), horner(g, z), s.d().at(s.parameters, ONE)
    r = y * (-y + 1) * (now + 1) * divided_difference(tails, y, z) + 1
    properties: dict[str, dict[str, Poly]] = {
        "converges": {"w": w, "fixed-point": r, "zero": gz, "N": n},
        "sign-safe": {"w": w, "fixed-point": r, "zero": gz},
        "bounded": {"w": w, "fixed-point": r, "antipode": gz + 1},
        "positive": {"g": now, "g beyond 1": now.from_infinity(ONE)},
        "attracting": {"1 - f'(1)": -end + 1, "1 + f'(1)": end + 1},
        "multiplier-above-1": {"f'(1) - 1": end - 1},
        "multiplier-below-minus-1": {"-1 - f'(1)": -end - 1},
        "flips": {"-f∘f at x₀": -(now * gz)},
        "escapes": {"Z - 1 at x₀": z - 1, "-w(Z) at x₀": -(w * r), "-w' beyond 1": falling_beyond(w)},
        "escapes-alternating": {"Z - 1 at x₀": z - 1, "-1 - g(Z) at x₀": -gz - 1, "-g' beyond 1": falling_beyond(now)},
    }
    if name not in properties:
        raise expected(f"one of the properties {', '.join(properties)}", name)
    return properties[name], {"fixed-point": w, "antipode": now}


def falling_beyond(p: Poly) -> Poly:
    return (-p.derivative(p.n - 1)).from_infinity(ONE)


@claim("family", "property:text boxes:boxes open:boolean", "covers covers:array uses:array")
def region(s: Subject, name: str, boxes: list[Any], interior: bool, covers: list[Any], uses: list[Any]) -> None:
    """Each condition is shown on the cells of its cover, and each box lies in one cell of every cover."""
    (needed, _), n, made = conditions(s, name), s.parameters, {}
    sides = [*[OPEN if interior else CLOSED] * n, OPEN]
    shown: list[list[tuple[list[Interval], Any]]] = []
    for (what, p), cells in zip(needed.items(), array(covers, len(needed)), strict=True):
        shown.append([])
        for place, cuts, point in (array(cell, 3) for cell in array(cells)):
            cell = READERS["intervals"](array(place, n))
            at = rational(point) if what.endswith("at x₀") else None
            if at is None and point is not None:
                raise expected("null", point)
            want(at is None or ZERO < at < ONE, "the point must lie in (0, 1)")
            if (what, at) not in made:
                made[what, at] = p if at is None else p.at(n, at)
            s.work.sign(f"{what} > 0", made[what, at], [*cell, UNIT], array(cuts, n + 1), sides)
            shown[-1].append((cell, at))
    want(len(boxes) > 0, "there is no box")
    for box, use in zip(boxes, array(uses, len(boxes)), strict=True):
        s.work.spend(len(shown) * n)
        cells = [cover[index(i, len(cover))] for i, cover in zip(array(use, len(shown)), shown, strict=True)]
        for mine, its in ((i, j) for cell, _ in cells for i, j in zip(array(box, n), cell, strict=True)):
            within(mine, its)
            want(not interior or mine[0] < mine[1], "a box without an inside is not open")
        want(len({at for _, at in cells} - {None}) <= 1, "the conditions at x₀ need one x₀")


@claim(
    "family",
    "property:text critical:text range:interval others:intervals polynomial isolating",
    "threshold window:interval core:interval below:array edges:array falling:array tail:array grid:array"
    " points:rationals u v cofactor nonzero:array alone:array",
)
def threshold(
    s: Subject, name: str, critical: str, extent: Interval, others: list[Interval], polynomial_: Any, isolating: Any,
    window: Interval, core: Interval, below: list[Any], edges: list[Any], falling: list[Any], tail: list[Any],
    grid: list[Any], points: list[Fraction], u: Any, v: Any, cofactor: Any, nonzero: list[Any], alone: list[Any],
) -> None:  # fmt: skip
    """The first parameter a has a threshold α (for each value of the others): A > 0 on [0, 1] exactly below it."""
    (needed, falling_beyond_one), n, (a0, a1), (w0, w1) = conditions(s, name), s.parameters, extent, window
    want(critical in FAILURES.get(name, ()), "no critical polynomial whose sign makes the property fail")
    want(a0 <= w0 < w1 <= a1 and len(others) == n - 1, "the window must lie in the range, with the others' box")
    want(ZERO <= core[0] < core[1] <= ONE, "the core must lie in [0, 1]")

    def positive(what: str, p: Poly, first: Interval, y: Interval, cuts: Any, *sides: tuple[bool, bool]) -> None:
        left, right = sides or (CLOSED, CLOSED)
        s.work.sign(what, p, [first, *others, y], array(cuts, n + 1), [left, *[CLOSED] * (n - 1), right])

    a = needed[critical]
    for (what, p), cuts in zip(needed.items(), array(below, len(needed)), strict=True):
        top = w0 if p is a else a1 if what == "w" else w1  # w > 0 is needed for the failure as well
        left, right = CLOSED if a0 == top else LEFT_OPEN, CLOSED if p is a else OPEN
        positive(f"{what} > 0 below", p, (a0, top), UNIT, cuts, left, right)
    for side, cuts in zip(((ZERO, core[0]), (core[1], ONE)), array(edges, 2), strict=True):
        positive("A > 0 outside the core", a, window, side, cuts)
    positive("A falls in a", -a.derivative(0), window, core, falling, CLOSED, OPEN)
    if critical in falling_beyond_one:
        beyond = falling_beyond(falling_beyond_one[critical])
        positive("falls beyond 1", beyond, (w0, a1), UNIT, tail, CLOSED, LEFT_OPEN)
    else:
        want(tail == [], "a sign flip needs nothing beyond 1")
    axes = [cut(i, cuts) for i, cuts in zip([(w1, a1), *others], array(grid, n), strict=True)]
    want(len(points) == math.prod(len(axis) - 1 for axis in axes), "one point for each cell is needed")
    want(all(0 < y < 1 for y in points), "the points must lie in (0, 1)")
    for cell, y in zip(product(*map(list, map(pairwise, axes))), points, strict=True):
        s.work.sign("A < 0 at a point above", -a.at(n, y), [*cell, UNIT], [[]] * (n + 1), [CLOSED] * (n + 1))
    pu, pv, k = (polynomial(p, n + 1, n + 1, s.work) for p in (u, v, cofactor))
    m = polynomial(polynomial_, n, n + 1, s.work)
    want(bool(m.terms) and k.degree(n) == 0, "m is 0, or the cofactor depends on y")
    want(not (pu * a + pv * a.derivative(n) - m * k).terms, "U·A + V·∂A/∂y is not m·cofactor")
    positive("the cofactor is not 0", k, window, UNIT, nonzero)
    if n > 1:
        want(isolating is None and alone == [], "with several parameters the threshold is a curve: isolating is null")
        return
    i = interval(isolating)
    ends = [value(m, q) for q in (w0, w1, *i)]
    want(ends[0] * ends[1] < 0 and w0 <= i[0] and i[1] <= w1, "m has no sign change on the window around the interval")
    want(ends[2] * ends[0] >= 0 and ends[3] * ends[1] >= 0, "m has no root in the isolating interval")
    positive("m is monotone", m.derivative(0) if ends[1] > 0 else -m.derivative(0), window, UNIT, alone)


# ---------------------------------------------------------------------------------------------------------- whole files


def check_certificate(certificate: Any, work: Work) -> tuple[str, str]:
    """The claim's type and the subject's digest, if the certificate proves its claim."""
    where = "family" if isinstance(certificate, dict) and "family" in certificate else "schedule"
    form, _, statement, witness = fields(certificate, f"format:text {where} claim witness", "provenance")
    if form != FORMAT:
        raise Refused(f"malformed: the format is {form[:40]!r}, not {FORMAT!r}")
    kind = statement.get("type") if isinstance(statement, dict) else None
    if not isinstance(kind, str) or kind not in CLAIMS:
        raise expected(f"a claim whose type is one of {', '.join(CLAIMS)}", kind)
    check, about, keys, witness_keys = CLAIMS[kind]
    name, _, more = witness_keys.partition(" ")
    s = read_subject(certificate, work)
    want((about == "family") == (s.parameters > 0 and not s.box), f"{kind} is a claim about a {about}")
    want(not s.box or kind in MEMBERS, f"{kind} is not checked for the members of a family in a box")
    want(about != "map" or s.constant, f"{kind} is about one map repeated without end: its rows must be equal")
    _, *stated = fields(statement, f"type {keys}")
    given, *witnessed = fields(witness, f"type {more}")
    if given != name:
        raise expected(f"a witness of type {name!r} for {kind}", given)
    check(s, *stated, *witnessed)
    return kind, s.digest


def no_float(token: str) -> Any:
    raise Refused(f"malformed: the number {token[:40]} is a float; rationals are strings")


def short_integer(token: str) -> int:
    if len(token) > 18:
        raise Refused(f"malformed: the number {token[:40]} is too long; rationals are strings")
    return int(token)


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) != len(pairs):
        raise Refused("malformed: an object has the same key twice")
    return found


def read_json(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise Refused(f"limit: {len(data)} bytes or more are over {MAX_BYTES}")
    hooks: dict[str, Any] = {"parse_float": no_float, "parse_constant": no_float, "parse_int": short_integer}
    try:
        return json.loads(data.decode(), object_pairs_hook=no_repeats, **hooks)
    except (ValueError, RecursionError) as error:
        raise Refused(f"unreadable: not JSON text: {str(error)[:80]!r}") from None


def check_bytes(data: bytes) -> dict[str, Any]:
    """The verdict on one file's bytes: "proved" or "refused", with the reason and what was checked."""
    work, claims, digests, verdict, reason = Work(), [], [], "proved", ""
    try:
        top = read_json(data)
        work.spend(len(data))
        bundle = isinstance(top, dict) and top.get("format") == BUNDLE
        for certificate in fields(top, "format certificates:array", "provenance")[1] if bundle else [top]:
            kind, digest = check_certificate(certificate, work)
            claims.append(kind)
            digests.append(digest)
        if not claims:
            raise Refused("malformed: a bundle without certificates proves nothing")
    except Refused as error:
        verdict, reason = "refused", str(error)
    return {
        "verdict": verdict, "reason": reason, "claims": claims, "obligations": work.obligations, "leaves": work.leaves,
        "digest": digests[0] if len(set(digests)) == 1 else None,
    }  # fmt: skip


def check_file(name: str) -> dict[str, Any]:
    try:
        with open(name, "rb") as file:
            return {"file": name, **check_bytes(file.read(MAX_BYTES + 1))}
    except OSError as error:
        return {"file": name, **check_bytes(b""), "reason": f"unreadable: {error.strerror}"}


def describe(result: dict[str, Any]) -> str:
    """A verdict on a file for people: what was checked and how much, and what was not."""
    counts = f"{result['obligations']} obligations, {result['leaves']} leaves; subject {result['digest']}"
    last = result["reason"] or "not checked: provenance; whether a program runs this subject; rounding unless claimed"
    what = f"{result['verdict']:8} {result['file']}: {', '.join(result['claims']) or '-'}"
    return "\n         ".join((what, counts, last))


def exit_status(results: list[dict[str, Any]]) -> int:
    return max(0 if r["verdict"] == "proved" else 2 if r["reason"].startswith("unreadable") else 1 for r in results)


def main(arguments: list[str]) -> int:
    as_json = arguments[:2] == ["--format", "json"]
    names = arguments[2:] if as_json else arguments
    if not names or any(name.startswith("--") for name in names):
        print("usage: check.py [--format json] FILE...", file=sys.stderr)
        return 2
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    results = [check_file(name) for name in names]
    print(json.dumps({"files": results}, indent=1) if as_json else "\n".join(map(describe, results)))
    return exit_status(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
