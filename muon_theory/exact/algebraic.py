"""Real algebraic numbers: an irreducible integer polynomial and a rational interval with one of its roots.

Nothing here is decided by floating point: factors are exact, isolating intervals and refinements are shown by signs of
integers at rational points.  Two numbers are equal iff their minimal polynomials are and one root lies in both
intervals; unequal ones are refined until they separate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd

from flint import arb, arb_poly, ctx, fmpq_mat, fmpq_poly, fmpz_poly

from muon_theory.errors import UsageError
from muon_theory.exact.isolation import Integers, isolate, refine, sign_at
from muon_theory.exact.rationals import exact, fraction, poly
from muon_theory.interval import Interval
from muon_theory.number import decimal, lowest_terms, rational
from muon_theory.polynomial import format_terms

Exact = int | Fraction
MOST_DIGITS = 4000  # Python refuses to print integers of more than 4300


@dataclass(frozen=True, slots=True, eq=False)
class AlgebraicNumber:
    """The one real root of `polynomial` in `isolating`.

    `polynomial` is irreducible over ℚ, with integer coefficients, lowest degree first, primitive, leading coefficient
    positive: the minimal polynomial.  A rational number has degree 1 and a point as its interval; otherwise the
    polynomial has opposite signs at the ends.  Make one with `real_roots`, `AlgebraicNumber.of`, or from another.

    Laws: comparisons are those of the real numbers, also with `int` and `Fraction`; equal numbers have equal hashes;
    `enclose` and `decimal` enclose.

    >>> root = real_roots((-27, 0, 4))[1][0]
    >>> root.decimal(20), root.rational, root > Fraction(5, 2)
    ('2.5980762113533159403', None, True)
    """

    polynomial: tuple[int, ...]
    isolating: Interval

    def __post_init__(self) -> None:
        p, i = self.polynomial, self.isolating
        if len(p) < 2 or p[-1] <= 0 or gcd(*p) != 1:
            raise UsageError(f"{p} is no minimal polynomial: give coprime integers, lowest degree first, the last > 0")
        if sign_at(p, i.lo) * sign_at(p, i.hi) >= 0 and not (i.is_point and len(p) == 2 and sign_at(p, i.lo) == 0):
            raise UsageError(f"[{i.lo}, {i.hi}] does not isolate a root of {p}: give ends of opposite sign")

    @classmethod
    def of(cls, value: str | int | Fraction) -> AlgebraicNumber:
        """The rational number itself."""
        q = rational(value)
        return cls((-q.numerator, q.denominator), Interval(q, q))

    @property
    def degree(self) -> int:
        return len(self.polynomial) - 1

    @property
    def rational(self) -> Fraction | None:
        """The number, where it is rational."""
        return Fraction(-self.polynomial[0], self.polynomial[1]) if self.degree == 1 else None

    def refine(self, width: Fraction) -> Interval:
        """A rational interval of at most that width (> 0) around the number."""
        if width <= 0:
            raise UsageError(f"an enclosure of width {width} is no interval: ask for a positive width")
        if (q := self.rational) is not None:
            return Interval(q, q)
        return refine(self.polynomial, self.isolating.lo, self.isolating.hi, width)

    def enclose(self, digits: int) -> Interval:
        """[⌊10^d α⌋, ⌈10^d α⌉] / 10^d for d = digits; the point itself for a rational number.

        >>> real_roots((-2, 0, 1))[1][0].enclose(3)
        Interval(lo=Fraction(707, 500), hi=Fraction(283, 200))
        """
        if (q := self.rational) is not None:
            return Interval(q, q)
        unit = Fraction(1, 10**digits)
        width = unit / 16
        while True:  # ends: the number is irrational, so no multiple of 10^-d
            i = self.refine(width)
            below = (i.lo / unit).__floor__()
            if below == (i.hi / unit).__floor__():
                return Interval(below * unit, (below + 1) * unit)
            width /= 1024

    def decimal(self, digits: int = 12, toward: int = 0) -> str:
        """`digits` significant digits, correctly rounded: down (`toward` -1), up (+1), to nearest (0).

        An irrational number keeps its trailing zeros; a short rational one is printed as it is.
        """
        if not 0 < digits <= MOST_DIGITS:
            raise UsageError(f"{digits} digits cannot be printed: ask for 1 to {MOST_DIGITS}")
        if (q := self.rational) is not None:
            return decimal(q, digits, toward)
        width = abs(self.magnitude()) / 10 ** (digits + 2)
        while True:  # ends: an irrational number is no tie
            i = self.refine(width)
            low, high = decimal(i.lo, digits, toward), decimal(i.hi, digits, toward)
            if low == high:
                return _padded(low, digits)
            width /= 1024

    def magnitude(self) -> Fraction:
        """A rational lower bound of |α|, at least |α|/2; 0 for zero."""
        if (q := self.rational) is not None:
            return abs(q)
        width = Fraction(1)
        while True:  # ends: an irrational number is not 0
            i = self.refine(width)
            least = min(abs(i.lo), abs(i.hi))
            if (i.lo > 0 or i.hi < 0) and i.width <= least:
                return least
            width /= 16

    def sign(self) -> int:
        """-1, 0 or 1."""
        return self.compare(0)

    def compare(self, other: AlgebraicNumber | Exact) -> int:
        """-1, 0 or 1 as this number is below, equal to or above the other, exactly."""
        b = other if isinstance(other, AlgebraicNumber) else AlgebraicNumber.of(other)
        if self.polynomial == b.polynomial:
            lo, hi = max(self.isolating.lo, b.isolating.lo), min(self.isolating.hi, b.isolating.hi)
            if lo <= hi and (self.degree == 1 or sign_at(self.polynomial, lo) != sign_at(self.polynomial, hi)):
                return 0
        width = Fraction(1)
        while True:  # ends: the numbers differ
            i, j = self.refine(width), b.refine(width)
            if i.disjoint(j):
                return -1 if i.hi < j.lo else 1
            width /= 2**8

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (AlgebraicNumber, int, Fraction)):
            return NotImplemented
        return self.compare(other) == 0

    def __hash__(self) -> int:
        return hash(self.polynomial) if self.rational is None else hash(self.rational)

    def __lt__(self, other: AlgebraicNumber | Exact) -> bool:
        return self.compare(other) < 0

    def __le__(self, other: AlgebraicNumber | Exact) -> bool:
        return self.compare(other) <= 0

    def __gt__(self, other: AlgebraicNumber | Exact) -> bool:
        return self.compare(other) > 0

    def __ge__(self, other: AlgebraicNumber | Exact) -> bool:
        return self.compare(other) >= 0

    def __neg__(self) -> AlgebraicNumber:
        p = tuple(c if (self.degree - i) % 2 == 0 else -c for i, c in enumerate(self.polynomial))
        return AlgebraicNumber(p, Interval(-self.isolating.hi, -self.isolating.lo))

    def __abs__(self) -> AlgebraicNumber:
        return -self if self.sign() < 0 else self

    def __str__(self) -> str:
        if self.rational is not None:
            return str(self.rational)
        return f"{self.decimal(20)}, the root of {self.polynomial_text()} in {self.isolating}"

    def polynomial_text(self, variable: str = "x") -> str:
        """The minimal polynomial in reading order, such as '4 x² - 27'."""
        terms = [(Fraction(c), k) for k, c in enumerate(self.polynomial)]
        return format_terms(reversed(terms), variable)

    def sqrt(self) -> AlgebraicNumber:
        """√α for α ≥ 0.

        The positive roots of m(x²) are the square roots of the positive roots of m, in the same order.
        """
        if self.sign() < 0:
            raise UsageError(f"{self.decimal(8)} has no real square root")
        if self.sign() == 0:
            return self
        spread = [0] * (2 * self.degree + 1)
        spread[::2] = self.polynomial
        position = sum(root < self for root, _ in real_roots(self.polynomial) if root > 0)
        return [root for root, _ in real_roots(spread) if root > 0][position]

    def image(self, numerator: Sequence[Exact], denominator: Sequence[Exact] = (1,)) -> AlgebraicNumber:
        """numerator(α) / denominator(α), polynomials lowest degree first.

        Its minimal polynomial is that of multiplication by it in the field ℚ(α); which root it is, enclosures decide.
        """
        element = quotient(numerator, denominator, self.polynomial)
        if (q := self.rational) is not None:
            return AlgebraicNumber.of(fraction(element(exact(q))))
        candidates = [root for root, _ in real_roots(_minimal_polynomial(element, self.polynomial))]
        bits = 4
        while len(candidates) > 1:  # ends: the enclosure of the value shrinks to the one root it is
            value = self._enclosed(element, bits)
            candidates = [c for c in candidates if _ball(c.refine(Fraction(1, 2**bits))).overlaps(value)]
            bits += 8
        return candidates[0]

    def sign_of(self, coefficients: Sequence[Exact]) -> int:
        """-1, 0 or 1: the sign of Σ coefficients[i]·α^i, by enclosures, and in the field where they do not tell."""
        element = poly(coefficients)
        for bits in (32, 64, 128, 256):
            value = self._enclosed(element, bits)
            if value > 0 or value < 0:
                return 1 if value > 0 else -1
        return self.image(coefficients).sign()

    def _enclosed(self, element: fmpq_poly, bits: int) -> arb:
        """The value of a polynomial at α, from α to within 2^-bits."""
        at = self.refine(Fraction(1, 2**bits))
        with ctx.workprec(2 * bits + 64):
            return arb_poly(element)(_ball(at))

    def to_json(self, digits: int = 50) -> dict[str, object]:
        """Value, minimal polynomial and isolating interval, as the machine interface prints them."""
        return {
            "value": self.decimal(digits),
            "minimal_polynomial": list(self.polynomial),
            "isolating": [lowest_terms(self.isolating.lo), lowest_terms(self.isolating.hi)],
        }


def _ball(i: Interval) -> arb:
    return arb(exact(i.midpoint), exact(i.width / 2))


def quotient(numerator: Sequence[Exact], denominator: Sequence[Exact], modulus: Sequence[int]) -> fmpq_poly:
    """The element numerator/denominator of the field ℚ[x]/(modulus), reduced."""
    m = poly(modulus)
    below = poly(denominator) % m
    if below == 0:
        raise UsageError("the denominator vanishes at this algebraic number: nothing is left to divide by")
    _, inverse, _ = below.xgcd(m)
    return poly(numerator) % m * inverse % m


def _minimal_polynomial(element: fmpq_poly, modulus: Sequence[int]) -> list[Fraction]:
    """Of an element of the field ℚ[x]/(modulus): that of the matrix of multiplication by it."""
    m, n, x = poly(modulus), len(modulus) - 1, fmpq_poly([0, 1])
    columns, power = [], element % m
    for _ in range(n):
        columns.append([power[i] for i in range(n)])
        power = power * x % m
    return [fraction(c) for c in fmpq_mat(columns).minpoly().coeffs()]


def _padded(text: str, digits: int) -> str:
    """The decimal with zeros at its end up to `digits` significant digits."""
    mantissa, mark, exponent = text.partition("e")
    missing = digits - len(mantissa.lstrip("-0.").replace(".", ""))
    if missing <= 0:
        return text
    return mantissa + ("." if "." not in mantissa else "") + "0" * missing + mark + exponent


def integer_coefficients(coefficients: Sequence[Exact]) -> tuple[int, ...]:
    """The primitive integer polynomial with positive leading coefficient and the same roots; () for zero."""
    p = poly(coefficients).numer()
    if not p:
        return ()
    content = p.content() if p[p.degree()] > 0 else -p.content()
    return tuple(int(c) for c in (p / content).coeffs())


@lru_cache(maxsize=512)
def _roots(p: Integers) -> tuple[tuple[AlgebraicNumber, int], ...]:
    found: list[tuple[AlgebraicNumber, int]] = []
    for factor, multiplicity in fmpz_poly(list(p)).factor()[1]:
        minimal = integer_coefficients([int(c) for c in factor.coeffs()])
        if len(minimal) == 2:
            found.append((AlgebraicNumber.of(Fraction(-minimal[0], minimal[1])), multiplicity))
        else:
            found += [(AlgebraicNumber(minimal, cell), multiplicity) for cell in isolate(minimal)]
    return tuple(sorted(found, key=lambda item: item[0]))


def real_roots(coefficients: Sequence[Exact]) -> tuple[tuple[AlgebraicNumber, int], ...]:
    """All real roots of Σ coefficients[i]·x^i with their multiplicities, in increasing order.

    Raises
    ------
    UsageError
        The polynomial is zero: every number is a root.

    >>> [(str(root), k) for root, k in real_roots((0, 0, 3, -4, 1))]
    [('0', 2), ('1', 1), ('3', 1)]
    """
    p = integer_coefficients(coefficients)
    if not p:
        raise UsageError("the zero polynomial has every number as a root: give one that is not zero")
    return _roots(p) if len(p) > 1 else ()
