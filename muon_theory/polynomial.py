"""Odd polynomials over the rationals, in the field's notation: f(x) = a·x + b·x³ + c·x⁵ + … = x·g(y), y = x²."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from muon_theory.errors import UsageError
from muon_theory.number import Reading, exact_decimal, lowest_terms, rational

Ring = TypeVar("Ring")


def horner(coefficients: Sequence[Any], x: Ring) -> Ring:
    """Σ coefficients[i]·x^i, in the arithmetic of x: rationals, floats, balls, polynomials."""
    at: Any = x
    value = at * 0
    for c in reversed(coefficients):
        value = value * at + c
    return value  # type: ignore[no-any-return]


def divided_difference(coefficients: Sequence[Any], x: Ring, z: Ring) -> Ring:
    """(p(z) - p(x))/(z - x) for p = Σ coefficients[i]·x^i, in the arithmetic of x and z.

    >>> divided_difference([7, 0, 1], 2, 5)  # (z² - x²)/(z - x) = z + x
    7
    """
    at: Any = x
    difference = value = at * 0
    for c in reversed(coefficients):
        difference, value = difference * z + value, value * at + c
    return difference  # type: ignore[no-any-return]


def product(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    """The coefficients of a product of polynomials, lowest first.

    >>> [str(c) for c in product([Fraction(1), Fraction(1)], [Fraction(1), Fraction(-1)])]
    ['1', '0', '-1']
    """
    out = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] += a * b
    return out


@dataclass(frozen=True, slots=True, repr=False)
class OddPolynomial:
    """f(x) = Σ coefficients[i]·x^(2i+1), with exact rational coefficients and no trailing zeros (at least one term).

    Laws: f(-x) = -f(x); f(x) = x·g(x²); f'(x) = d(x²); two polynomials are equal iff they are equal as functions.

    >>> jordan = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
    >>> jordan(Fraction(1)), jordan.degree, jordan.slope
    (Fraction(701, 1000), 5, Fraction(6889, 2000))
    """

    coefficients: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not self.coefficients:
            raise UsageError("a polynomial needs at least one coefficient, such as 3.4445,-4.7750,2.0315")
        exact = tuple(self.coefficients)
        while len(exact) > 1 and exact[-1] == 0:
            exact = exact[:-1]
        object.__setattr__(self, "coefficients", exact)

    @classmethod
    def of(cls, *coefficients: str | int | Fraction, reading: Reading = Reading.DECIMAL) -> OddPolynomial:
        """From exact texts, lowest power first, under a reading."""
        return cls(tuple(reading.round(rational(c)) for c in coefficients))

    def __hash__(self) -> int:  # polynomials are keys of many caches, and hashing a Fraction inverts its denominator
        return hash(tuple((c.numerator, c.denominator) for c in self.coefficients))

    def __call__(self, x: Fraction | int) -> Fraction:
        x = Fraction(x)
        return x * horner(self.coefficients, x * x)

    @property
    def degree(self) -> int:
        return 2 * len(self.coefficients) - 1

    @property
    def slope(self) -> Fraction:
        """f'(0), the factor by which small singular values grow."""
        return self.coefficients[0]

    def g(self, y: Fraction | int) -> Fraction:
        """f(x)/x at y = x²."""
        return horner(self.coefficients, Fraction(y))

    @property
    def derivative_in_y(self) -> tuple[Fraction, ...]:
        """Coefficients of d, lowest first, with f'(x) = d(x²)."""
        return tuple((2 * i + 1) * c for i, c in enumerate(self.coefficients))

    def derivative(self, x: Fraction | int) -> Fraction:
        """f'(x)."""
        x = Fraction(x)
        return horner(self.derivative_in_y, x * x)

    def scaled(self, inner: Fraction | int = 1, outer: Fraction | int = 1) -> OddPolynomial:
        """outer · f(inner · x)."""
        t = Fraction(inner)
        return OddPolynomial(tuple(outer * c * t ** (2 * i + 1) for i, c in enumerate(self.coefficients)))

    def row(self) -> list[str]:
        """Coefficients as canonical texts, as certificates carry them."""
        return [lowest_terms(c) for c in self.coefficients]

    def dense(self) -> list[Fraction]:
        """Coefficients of 1, x, x², …, zeros included."""
        out = [Fraction(0)] * (self.degree + 1)
        out[1::2] = self.coefficients
        return out

    def __str__(self) -> str:
        return format_terms(((c, 2 * i + 1) for i, c in enumerate(self.coefficients)), "x")

    def __repr__(self) -> str:
        return f"OddPolynomial.of({', '.join(repr(exact_decimal(c)) for c in self.coefficients)})"

    def latex(self) -> str:
        r"""Its value at x, without dollars.

        >>> OddPolynomial.of("1.5", "-1/3").latex()
        '1.5\\,x - \\tfrac{1}{3}\\,x^{3}'
        """
        terms = ((c, 2 * i + 1) for i, c in enumerate(self.coefficients))
        return format_terms(terms, "x", _latex, r"\,", lambda k: f"^{{{k}}}")

    def _repr_latex_(self) -> str:
        return f"$f(x) = {self.latex()}$"


_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _latex(q: Fraction) -> str:
    text = exact_decimal(q)
    return rf"\tfrac{{{q.numerator}}}{{{q.denominator}}}" if "/" in text else text


def format_terms(
    terms: Iterable[tuple[Fraction, int]],
    variable: str,
    number: Callable[[Fraction], str] = str,
    between: str = " ",
    exponent: Callable[[int], str] = lambda k: str(k).translate(_SUPERSCRIPT),
) -> str:
    """A sum of c·variable^k in reading order, such as '3/2 x - 1/2 x³'."""
    out = ""
    for c, k in terms:
        if c == 0:
            continue
        power = "" if k == 0 else variable if k == 1 else variable + exponent(k)
        size = number(abs(c)) if abs(c) != 1 or not power else ""
        joined = between.join(filter(None, [size, power]))
        out += (" - " if c < 0 else " + ") + joined if out else ("-" if c < 0 else "") + joined
    return out or "0"
