"""Exact numbers: reading decimals, the readings of a coefficient, simple rationals, decimals rounded outward.

A coefficient is a decimal text.  What number it denotes is its *reading*: the decimal itself, or the nearest number of
a binary format, which is what an implementation may execute.  A float never becomes a `Fraction` here.
"""

from __future__ import annotations

import enum
import re
from fractions import Fraction

from muon_theory.errors import ParseError, UsageError

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?|[+-]?\d+/\d*[1-9]\d*", re.ASCII)
_PREFIX = re.compile(r"[+-]?(?:\d+/\d*|\d*\.?\d*(?:[eE][+-]?\d*)?)", re.ASCII)
_LONGEST = 4000  # characters of a number; twice what the checker reads


class Reading(enum.Enum):
    """Which number a decimal text denotes.  The value is the name; `precision` and `least_exponent` fix the format.

    `decimal`: the text's own value.  Otherwise the nearest number (ties to even) with `precision` significant bits
    and quantum at least 2**least_exponent (gradual underflow).
    """

    DECIMAL = "decimal"
    BINARY64 = "binary64"
    BINARY32 = "binary32"
    BINARY16 = "binary16"
    BFLOAT16 = "bfloat16"

    @property
    def precision(self) -> int | None:
        return {"binary64": 53, "binary32": 24, "binary16": 11, "bfloat16": 8}.get(self.value)

    @property
    def least_exponent(self) -> int:
        """Exponent of the quantum of subnormal numbers: the least positive number is 2**least_exponent."""
        return {"binary64": -1074, "binary32": -149, "binary16": -24, "bfloat16": -133}.get(self.value, 0)

    def read(self, text: str) -> Fraction:
        """The number that `text` denotes under this reading.

        >>> Reading.DECIMAL.read("3.4445")
        Fraction(6889, 2000)
        >>> Reading.BFLOAT16.read("3.4445")
        Fraction(55, 16)
        """
        return self.round(rational(text))

    def round(self, q: Fraction) -> Fraction:
        """The nearest number of the format, ties to even; `q` itself for `decimal`."""
        if self.precision is None or q == 0:
            return q
        exponent = max(_floor_log2(abs(q)) - self.precision + 1, self.least_exponent)
        quantum = Fraction(2) ** exponent
        return round(q / quantum) * quantum


def _floor_log2(q: Fraction) -> int:
    e = q.numerator.bit_length() - q.denominator.bit_length()
    return e if Fraction(2) ** e <= q else e - 1


def rational(value: str | int | Fraction) -> Fraction:
    """The exact rational that a decimal ('-4.7750', '1e-3') or a quotient ('-191/40') denotes.

    Raises
    ------
    ParseError
        The text is no number; the error points at the first wrong character.
    UsageError
        A float was given: its decimal digits are not what was written.

    >>> rational("1e-3"), rational("-191/40")
    (Fraction(1, 1000), Fraction(-191, 40))
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Fraction)):
        raise UsageError(f"{value!r} is not exact: write the coefficient as text, such as '3.4445' or '6889/2000'")
    if not isinstance(value, str):
        return Fraction(value)
    text = value.strip()
    if len(text) > _LONGEST:
        raise UsageError(f"a number of {len(text)} characters: at most {_LONGEST} are read")
    if not _NUMBER.fullmatch(text):
        match = _PREFIX.match(text)
        at = match.end() if match else 0
        raise ParseError(
            f"{text!r} is not a number: {_fault(text, at)}; write such as 3.4445, 1e-3 or -191/40", text, at
        )
    return Fraction(text)


def _fault(text: str, at: int) -> str:
    if at < len(text):
        return f"{text[at]!r} does not belong in a number"
    if not text:
        return "it is missing"
    if "/" in text[:-1]:
        return "the denominator is 0"
    return "the exponent has more than four digits" if text[-1].isdigit() else "it ends too early"


def lowest_terms(q: Fraction) -> str:
    """The canonical text of a rational, as certificates carry it: '-191/40', '2'."""
    return str(q)


def decimal(q: Fraction, digits: int = 12, toward: int = 0) -> str:
    """`q` to `digits` significant digits: rounded down (`toward` -1), up (+1), or to nearest (0).

    A bound is printed with the direction that keeps it a bound.  Exact short decimals stay exact.

    >>> decimal(Fraction(2, 3), 5, -1), decimal(Fraction(2, 3), 5, +1), decimal(Fraction(1, 1000))
    ('0.66666', '0.66667', '0.001')
    """
    if q == 0:
        return "0"
    magnitude = abs(q)
    exponent = _floor_log2(magnitude) * 30103 // 100000 + 1  # at least ⌊log₁₀⌋; numbers may be far too long for str
    while Fraction(10) ** exponent > magnitude:
        exponent -= 1
    quantum = Fraction(10) ** (exponent - digits + 1)
    ratio = q / quantum
    n = round(ratio) if toward == 0 else ratio.__floor__() if toward < 0 else ratio.__ceil__()
    return _place(n, exponent - digits + 1)


def exact_decimal(q: Fraction) -> str:
    """The rational as a finite decimal if it has one, else as a quotient.

    >>> exact_decimal(Fraction(1, 40)), exact_decimal(Fraction(1, 3))
    ('0.025', '1/3')
    """
    rest, places = q.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    return decimal(q, len(str(abs(q.numerator) * 10**places // q.denominator)) + 1) if rest == 1 else str(q)


def _place(n: int, exponent: int) -> str:
    """The decimal n·10^exponent without superfluous zeros."""
    sign, digits = "-" * (n < 0), str(abs(n))
    while digits.endswith("0") and len(digits) > 1 and exponent < 0:
        digits, exponent = digits[:-1], exponent + 1
    scientific = len(digits) - 1 + exponent
    if not -7 < scientific < 21:
        mantissa = digits.rstrip("0") or "0"
        return f"{sign}{mantissa[0]}{'.' + mantissa[1:] if mantissa[1:] else ''}e{scientific}"
    if exponent >= 0:
        return f"{sign}{digits}{'0' * exponent}"
    digits = digits.rjust(1 - exponent, "0")
    return f"{sign}{digits[:exponent]}.{digits[exponent:]}"


def simplest_between(lo: Fraction, hi: Fraction) -> Fraction:
    """The rational of least denominator (then least magnitude) in [lo, hi], by the Stern-Brocot descent.

    >>> simplest_between(Fraction(31, 100), Fraction(34, 100))
    Fraction(1, 3)
    """
    if lo > hi:
        raise UsageError(f"no number lies between {lo} and {hi}: give the lower end first")
    if lo <= 0 <= hi:
        return Fraction(0)
    if hi < 0:
        return -simplest_between(-hi, -lo)
    quotients: list[int] = []
    n, d, m, e = lo.numerator, lo.denominator, hi.numerator, hi.denominator
    while True:  # n/d ≤ m/e share the continued fraction in `quotients` so far
        whole = -(-n // d)
        if whole * e <= m:
            break
        quotients.append(whole - 1)
        n, d, m, e = e, m - (whole - 1) * e, d, n - (whole - 1) * d
    numerator, denominator = whole, 1
    for q in reversed(quotients):
        numerator, denominator = q * numerator + denominator, numerator
    return Fraction(numerator, denominator)
