"""The best cubic to 1 on [l, u] and its error, by formula (CANS, arXiv 2506.10935, Prop. 2).

e² = (l² + l·u + u²)/3, s = l²·u + l·u²:   p(x) = 2(3e²x - x³)/(2e³ + s),   E = (2e³ - s)/(2e³ + s).
"""

from fractions import Fraction

from mpmath import mp, mpf


def minimax_cubic(l: Fraction, u: Fraction, digits: int) -> tuple[tuple[Fraction, Fraction], Fraction]:
    """The two coefficients and the error, to so many decimals."""
    square, s = (l * l + l * u + u * u) / 3, l * u * (l + u)
    bits = sum(q.numerator.bit_length() + q.denominator.bit_length() for q in (l, u))
    with mp.workprec(64 + 4 * digits + 4 * bits):
        exact = [mpf(q.numerator) / q.denominator for q in (square, s)]
        cube = 2 * exact[0] * mp.sqrt(exact[0])
        below = cube + exact[1]
        a, b, error = (
            Fraction(int(mp.nint(v * mpf(10) ** digits)), 10**digits)
            for v in (6 * exact[0] / below, -2 / below, (cube - exact[1]) / below)
        )
    return (a, b), error
