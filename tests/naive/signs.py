"""Signs, roots and images of rational polynomials by real-root counting (Sturm, Vincent–Collins–Akritas, in sympy).

A polynomial is the list of its coefficients, lowest power first.  Nothing here knows Bernstein polynomials.
"""

from fractions import Fraction as Q
from math import ceil, floor, lcm

from sympy import QQ, Poly, Symbol, gcd

X = Symbol("x")
TINY = Q(1, 2**120)


def evaluate(p: list[Q], x: Q) -> Q:
    """p(x), in integers until the end."""
    den = lcm(*(c.denominator for c in p))
    total, power = 0, 1
    for c in reversed(p):
        total, power = total * x.numerator + c.numerator * (den // c.denominator) * power, power * x.denominator
    return Q(total * x.denominator, den * power)


def add(p: list[Q], q: list[Q]) -> list[Q]:
    n = max(len(p), len(q))
    return [(p[i] if i < len(p) else Q(0)) + (q[i] if i < len(q) else Q(0)) for i in range(n)]


def multiply(p: list[Q], q: list[Q]) -> list[Q]:
    product = [Q(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            product[i + j] += a * b
    return product


def compose(p: list[Q], q: list[Q]) -> list[Q]:
    """p(q(x)), a power at a time."""
    total, power = [Q(0)], [Q(1)]
    for c in p:
        total, power = add(total, [c * b for b in power]), multiply(power, q)
    return total


def odd(row: list[Q]) -> list[Q]:
    """c_1 x + c_3 x³ + … as a list in x."""
    return [c for pair in row for c in (Q(0), pair)]


def derivative(p: list[Q]) -> list[Q]:
    return [i * c for i, c in enumerate(p)][1:] or [Q(0)]


def sympy_poly(p: list[Q]) -> Poly:
    return Poly([QQ(c.numerator, c.denominator) for c in reversed(p)], X, domain=QQ)


def count_roots(p: list[Q], lo: Q, hi: Q) -> int:
    """Different real roots in [lo, hi]; p is not 0."""
    poly = sympy_poly(p)
    return int(poly.count_roots(QQ(lo.numerator, lo.denominator), QQ(hi.numerator, hi.denominator)))


def without_root(p: list[Q], at: Q) -> list[Q]:
    """p(x)/(x - at) as often as `at` is a root; p is not 0."""
    while len(p) > 1 and evaluate(p, at) == 0:
        quotient, carry = [], Q(0)
        for c in reversed(p):
            carry = carry * at + c
            quotient.append(carry)
        p = quotient[-2::-1]
    return p


def without_common(p: list[Q], q: list[Q]) -> list[Q]:
    """p without its roots that are roots of q."""
    while True:
        common = gcd(sympy_poly(p), sympy_poly(q))
        if common.degree() < 1:
            return p
        p = [Q(int(c.p), int(c.q)) for c in reversed(sympy_poly(p).quo(common).all_coeffs())]


def positive(p: list[Q], lo: Q, hi: Q, left: bool = True, right: bool = True) -> bool:
    """p > 0 on the interval, whose ends belong to it as said."""
    if (left and evaluate(p, lo) <= 0) or (right and evaluate(p, hi) <= 0):
        return False
    if lo == hi:
        return True
    if not any(p) or evaluate(p, (lo + hi) / 2) <= 0:
        return False
    return count_roots(without_root(without_root(p, lo), hi), lo, hi) == 0


def isolated(p: list[Q], lo: Q, hi: Q) -> list[tuple[Q, Q]]:
    """Each root of p in [lo, hi] in an interval of at most 2^-120; a rational root may be given as a point."""
    if not any(p) or len(p) == 1:
        return []
    square_free = sympy_poly(p).sqf_part()
    listed = [Q(int(c.numerator), int(c.denominator)) for c in reversed(square_free.rep.to_list())]
    found = []
    for (a, b), _ in square_free.intervals():
        left, right = Q(int(a.numerator), int(a.denominator)), Q(int(b.numerator), int(b.denominator))
        inner = listed if left == right else without_root(without_root(listed, left), right)  # ends may be other roots
        while right - left > TINY:
            middle = (left + right) / 2
            value = evaluate(inner, middle)
            if value == 0:
                left = right = middle
            elif value * evaluate(inner, left) < 0:
                right = middle
            else:
                left = middle
        if left <= hi and lo <= right:
            found.append((max(left, lo), min(right, hi)))
    return found


def image(p: list[Q], lo: Q, hi: Q) -> tuple[tuple[Q, Q], tuple[Q, Q]]:
    """(outer, inner): p([lo, hi]) lies in the first interval and contains the second; they differ by about 2^-110."""
    slope = derivative(p)
    steepest = sum((abs(c) * max(abs(lo), abs(hi)) ** i for i, c in enumerate(slope)), Q(0))
    attained, lowest, highest = [evaluate(p, lo), evaluate(p, hi)], [], []
    for a, b in isolated(slope, lo, hi):
        values = evaluate(p, a), evaluate(p, b)
        attained += values
        lowest.append(min(values) - (b - a) * steepest)
        highest.append(max(values) + (b - a) * steepest)
    inner = min(attained), max(attained)
    return (min(inner[0], *lowest, inner[0]), max(inner[1], *highest, inner[1])), inner


def rounded(interval: tuple[Q, Q], outward: bool) -> tuple[Q, Q]:
    """Long ends to multiples of 2^-200, outward or inward."""

    def end(q: Q, up: bool) -> Q:
        if q.denominator.bit_length() < 400:
            return q
        return Q(ceil(q * 2**200) if up else floor(q * 2**200), 2**200)

    return end(interval[0], not outward), end(interval[1], outward)
