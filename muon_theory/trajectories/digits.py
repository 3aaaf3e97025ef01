"""Numbers in and digits out: exact arguments, the bits that digits need, and how many a ball has."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from muon_theory.errors import ParseError, UsageError
from muon_theory.exact.rationals import fraction, midpoint
from muon_theory.number import rational

MOST_DIGITS = 4000


def exact_number(name: str, value: str | int | Fraction) -> Fraction:
    """`value` as a rational; the error names the argument."""
    try:
        return rational(value)
    except ParseError as error:
        raise ParseError(f"{name}: {error}", error.text, error.position) from None
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None


def bits_of(digits: int) -> int:
    """Relative bits that make `digits` printed digits right to one unit in the last place."""
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MOST_DIGITS:
        raise UsageError(f"digits = {digits!r}: ask for a whole number of digits from 1 to {MOST_DIGITS}")
    return digits * 3322 // 1000 + 3  # 3.322 > log₂ 10, and the enclosure is then narrower than 10^-digits/4


def relative_bits(x: arb) -> float:
    """b with width(x) ≤ 2^-b · |t| for every t in x: +∞ for a point, -∞ where 0 lies in a wider x."""
    width, least = x.rad(), x.abs_lower()
    if width.is_zero():
        return float("inf")
    return magnitude(least) - 2 - magnitude(width) if least > 0 else float("-inf")


def magnitude(exactly: arb) -> int:
    """e with 2^(e-1) ≤ |x| < 2^e, for a ball that is a number and not 0."""
    mantissa, exponent = exactly.man_exp()
    return int(exponent) + int(mantissa).bit_length()


def middle(ball: arb) -> Fraction:
    """The midpoint, exactly."""
    return fraction(midpoint(ball))


def digits_of(bits: int) -> int:
    """Decimal digits that so many bits make."""
    return bits * 301 // 1000
