"""Polynomial models of φ(x)/x, which the finders of `ratio` and of `moments` look for.

On a cell [a, b], x = a + (b - a)·u, a model after t steps is a polynomial p_t(u) and an error e_t with
|φ_t(x)/x - p_t(u)| ≤ e_t.  With r = p_{t-1} + e_{t-1}·w, |w| ≤ 1, the next one approximates r·g_t(x²r²): its part
without w by interpolation; what that leaves, and every power of w, goes into the error, by the largest Bernstein
coefficients.  These are what the checker looks at, so that what is found here passes there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import cos, pi

from flint import fmpq, fmpq_mat, fmpq_mpoly_ctx, fmpq_poly

from muon_theory.claims import Model as Stated
from muon_theory.claims import Models
from muon_theory.exact.bernstein import bernstein, bernstein_tensor
from muon_theory.exact.rationals import exact, fraction
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

MAX_CELLS = 1500
LEAST_WIDTH = 1e-12


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of φ(x)/x on the cell: the polynomials p_t and e_t, step by step."""

    cell: Interval
    steps: tuple[tuple[fmpq_poly, fmpq_poly], ...]

    @property
    def last(self) -> tuple[fmpq_poly, fmpq_poly]:
        return self.steps[-1]

    def between(self, least: fmpq, most: fmpq) -> bool:
        """Do Bernstein coefficients show least ≤ φ(x)/x ≤ most?"""
        p, e = self.last
        return all(min(bernstein(gap, fmpq(0), fmpq(1))[0]) >= 0 for gap in (p - e - least, most - p - e))


def _size(p: fmpq_poly) -> fmpq:
    """The largest Bernstein coefficient on [0, 1], in modulus."""
    b, common = bernstein(p, fmpq(0), fmpq(1))
    return fmpq(max(map(abs, b)), common)


@cache
def interpolation(degree: int, at_end: bool) -> tuple[list[fmpq], fmpq_mat]:
    """Nodes close to Chebyshev's on [0, 1], on request one at 1, and the matrix from values there to coefficients."""
    angles = (pi * (2 * k + 1) / (2 * degree + 2) for k in range(degree + 1))
    nodes = [fmpq(round((1 - cos(angle)) * 5000), 10**4) for angle in angles]
    if at_end:
        nodes[-1] = fmpq(1)
    return nodes, fmpq_mat(degree + 1, degree + 1, [x**i for x in nodes for i in range(degree + 1)]).inv()


def rounded(q: fmpq, digits: int, up: bool = False) -> fmpq:
    """To so many decimals, to nearest or up."""
    scale = 10**digits
    return fmpq(-((-q.p * scale) // q.q) if up else (2 * q.p * scale + q.q) // (2 * q.q), scale)


def places(size: fmpq, digits: int) -> int:
    """Decimal places that show about so many digits of a number of this size, which may be too large for a float."""
    binary = int(size.p).bit_length() - int(size.q).bit_length()
    return max(0, digits - 1 - binary * 301 // 1000) if size else 0


def _times(p: list[fmpq_poly], q: list[fmpq_poly]) -> list[fmpq_poly]:
    """The product of two polynomials in w, by their coefficients."""
    product = [fmpq_poly([0])] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            product[i + j] = product[i + j] + a * b
    return product


def _image(f: OddPolynomial, x: fmpq_poly, p: fmpq_poly, e: fmpq_poly) -> list[fmpq_poly]:
    """r·g(x²r²) for r = p + e·w, as a polynomial in w."""
    r = [p, e] if e else [p]
    y = _times([x * part for part in r], [x * part for part in r])
    g = [fmpq_poly([exact(f.coefficients[-1])])]
    for c in reversed(f.coefficients[:-1]):
        g = _times(g, y)
        g[0] = g[0] + exact(c)
    return _times(r, g)


def model(schedule: Schedule, cell: Interval, degree: int, finest: Fraction, exact_end: bool = False) -> Model:
    """A model by polynomials of this degree; the errors need not be smaller than `finest`.

    With `exact_end` every step must fix the upper end 1 of the cell: there p = 1, and the error e·(1 - u) vanishes.
    """
    shape = fmpq_poly([1, -1]) if exact_end else fmpq_poly([1])
    x, p, e, steps = fmpq_poly([exact(cell.lo), exact(cell.width)]), fmpq_poly([1]), fmpq_poly([0]), []
    for f in schedule.steps:
        about, *rest = _image(f, x, p, e)
        spread = sum((_size(q // shape) for q in rest), fmpq(0))
        nodes, to_coefficients = interpolation(min(degree, max(about.degree(), 0)), exact_end)
        found = (to_coefficients * fmpq_mat(len(nodes), 1, [about(node) for node in nodes])).entries()
        off = max(_size(about - fmpq_poly(found)) + spread, exact(finest))
        found = [rounded(c, places(off, 2)) for c in found]
        if exact_end:
            found[0] = 1 - sum(found[1:], fmpq(0))
        p = fmpq_poly(found)
        size = _size((about - p) // shape) + spread
        e = rounded(size, places(size, 3), up=True) * shape
        steps.append((p, e))
    return Model(cell, tuple(steps))


def near_zero(schedule: Schedule, cell: Interval) -> Model:
    """Constants on [0, b]: φ_t(x)/x lies between a rational and ∏ a_s, or more than that if the coefficients say so."""
    ring = fmpq_mpoly_ctx.get(("u", "w"))
    u, w = ring.gens()
    low, high, steps = fmpq(1), fmpq(1), []
    for f in schedule.steps:
        r = w * ((high - low) / 2) + (low + high) / 2
        y, g = (u * exact(cell.hi) * r) ** 2, ring.constant(exact(f.coefficients[-1]))
        for c in reversed(f.coefficients[:-1]):
            g = g * y + exact(c)
        _, seen, unit = bernstein_tensor(r * g, ((fmpq(0), fmpq(1)), (fmpq(-1), fmpq(1))))
        least, greatest, most = fmpq(min(seen), unit), fmpq(max(seen), unit), high * exact(f.slope)
        high = most if greatest <= most else rounded(greatest, 12, up=True)
        low = -rounded(-least, places(least, 3), up=True)
        steps.append((fmpq_poly([(low + high) / 2]), fmpq_poly([(high - low) / 2])))
    return Model(cell, tuple(steps))


def _halved(cell: Interval) -> tuple[Interval, Interval]:
    """At a short decimal near the middle."""
    middle = fraction(rounded(exact(cell.midpoint), places(exact(cell.width), 2)))
    return Interval(cell.lo, middle), Interval(middle, cell.hi)


def cells(
    start: Sequence[Interval], attempt: Callable[[Interval], Model | None], refuse: Callable[[Interval], None]
) -> list[Model]:
    """Models on the cells, halved until an attempt succeeds; `refuse` hears of a cell that is as small as can be."""
    found, todo = [], list(reversed(start))
    while todo:
        cell = todo.pop()
        made = attempt(cell)
        if made is not None:
            found.append(made)
            continue
        if float(cell.width) < LEAST_WIDTH * max(float(cell.hi), 1e-6) or len(found) + len(todo) > MAX_CELLS:
            refuse(cell)
        todo += reversed(_halved(cell))
    return found


def witness(found: Sequence[Model]) -> Models:
    """The cells and their models, as certificates carry them."""
    points = tuple(m.cell.lo for m in found[1:])
    return Models(points, tuple(tuple(Stated(_numbers(p), _numbers(e)) for p, e in m.steps) for m in found))


def _numbers(p: fmpq_poly) -> tuple[Fraction, ...]:
    return tuple(fraction(p[i]) for i in range(max(p.degree(), 0) + 1))
