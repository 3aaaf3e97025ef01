"""Finders for the claims by polynomial models of φ(x)/x: ratio and moments.

On a cell [a, b], x = a + (b - a)·u, a model after t steps is a polynomial p_t(u) and an error e_t with
|φ_t(x)/x - p_t(u)| ≤ e_t.  With r = p_{t-1} + e_{t-1}·w, |w| ≤ 1, the next one approximates r·g_t(x²r²): its part
without w by interpolation; what that leaves, and every power of w, goes into the error, by the largest Bernstein
coefficients.  These are what the checker looks at, so that what is found here passes there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import cos, pi, prod

from flint import arb, ctx, fmpq, fmpq_mat, fmpq_mpoly_ctx, fmpq_poly

from muon_theory.certificate import Certificate
from muon_theory.claims import Model as Stated
from muon_theory.claims import Models, Moments, Ratio
from muon_theory.errors import UndecidedError
from muon_theory.exact.bernstein import bernstein, bernstein_tensor
from muon_theory.exact.rationals import exact, fraction
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.polynomial import OddPolynomial, horner
from muon_theory.schedule import Schedule

DEGREES = (2, 4, 7)
"""Tried in turn on each cell, before it is halved."""
MAX_CELLS = 1500
LEAST_WIDTH = 1e-12
UNIT = Interval.of(0, 1)


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
def _interpolation(degree: int, at_end: bool) -> tuple[list[fmpq], fmpq_mat]:
    """Nodes close to Chebyshev's on [0, 1], on request one at 1, and the matrix from values there to coefficients."""
    angles = (pi * (2 * k + 1) / (2 * degree + 2) for k in range(degree + 1))
    nodes = [fmpq(round((1 - cos(angle)) * 5000), 10**4) for angle in angles]
    if at_end:
        nodes[-1] = fmpq(1)
    return nodes, fmpq_mat(degree + 1, degree + 1, [x**i for x in nodes for i in range(degree + 1)]).inv()


def _rounded(q: fmpq, places: int, up: bool = False) -> fmpq:
    scale = 10**places
    return fmpq(-((-q.p * scale) // q.q) if up else (2 * q.p * scale + q.q) // (2 * q.q), scale)


def _places(size: fmpq, digits: int) -> int:
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
        nodes, to_coefficients = _interpolation(min(degree, max(about.degree(), 0)), exact_end)
        found = (to_coefficients * fmpq_mat(len(nodes), 1, [about(node) for node in nodes])).entries()
        off = max(_size(about - fmpq_poly(found)) + spread, exact(finest))
        found = [_rounded(c, _places(off, 2)) for c in found]
        if exact_end:
            found[0] = 1 - sum(found[1:], fmpq(0))
        p = fmpq_poly(found)
        size = _size((about - p) // shape) + spread
        e = _rounded(size, _places(size, 3), up=True) * shape
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
        _, seen = bernstein_tensor(r * g, ((fmpq(0), fmpq(1)), (fmpq(-1), fmpq(1))))
        most = high * exact(f.slope)
        high = most if max(seen) <= most else _rounded(max(seen), 12, up=True)
        low = -_rounded(-min(seen), _places(min(seen), 3), up=True)
        steps.append((fmpq_poly([(low + high) / 2]), fmpq_poly([(high - low) / 2])))
    return Model(cell, tuple(steps))


def _halved(cell: Interval) -> tuple[Interval, Interval]:
    """At a short decimal near the middle."""
    places = _places(exact(cell.width), 2)
    middle = fraction(_rounded(exact(cell.midpoint), places))
    return Interval(cell.lo, middle), Interval(middle, cell.hi)


def _cells(
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


def _witness(found: Sequence[Model]) -> Models:
    points = tuple(m.cell.lo for m in found[1:])
    return Models(points, tuple(tuple(Stated(_numbers(p), _numbers(e)) for p, e in m.steps) for m in found))


def _numbers(p: fmpq_poly) -> tuple[Fraction, ...]:
    return tuple(fraction(p[i]) for i in range(max(p.degree(), 0) + 1))


def value(schedule: Schedule, x: Fraction) -> Fraction:
    """φ(x)/x, to about 50 digits."""
    with ctx.workprec(400):
        start = arb(exact(x))
        y = start
        for f in schedule.steps:
            y = y * horner([arb(exact(c)) for c in f.coefficients], y * y)
        found = y / start
        if not found.is_finite():
            raise UndecidedError(f"φ({x}) is too large to be followed")
        return rational(found.mid().str(50, radius=False))


POINTS, CANDIDATES, DEEPEST = 4000, 40, 5
"""Of a scan; how many of its least values are zoomed in on; and how many of those to all digits."""


@cache
def _cardinal(degree: int) -> tuple[list[float], list[tuple[float, list[float]]]]:
    """The nodes in floats; points between them, each with the weights that interpolation gives the nodes there."""
    nodes = [float(fraction(u)) for u in _interpolation(degree, at_end=False)[0]]
    points = [(2 * k + 1) / (6 * degree + 6) for k in range(3 * degree + 3)]
    return nodes, [(u, [prod((u - b) / (a - b) for b in nodes if b != a) for a in nodes]) for u in points]


@dataclass(frozen=True, slots=True)
class Landscape:
    """φ(x)/x over an interval: in floats and, where it matters, to 50 digits."""

    schedule: Schedule
    over: Interval
    rows: tuple[tuple[float, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        rows = tuple(tuple(map(float, f.coefficients)) for f in self.schedule.steps)
        object.__setattr__(self, "rows", rows)

    def rough(self, x: float) -> float:
        """φ(x)/x in floats."""
        r = 1.0
        for row in self.rows:
            r *= horner(row, (x * r) ** 2)
            if abs(r) > 1e100:
                raise UndecidedError("the orbits leave every bound: φ(x)/x has none that is of use")
        return r

    def least(self, sign: int = 1) -> Fraction:
        """About where sign·φ(x)/x is least: from a scan of x and of log x."""
        low, high = self._ends
        even, odd = range(POINTS + 1), (high / low) ** (1 / POINTS)
        xs = sorted({*(low + (high - low) * i / POINTS for i in even), *(min(low * odd**i, high) for i in even), high})
        values = [sign * self.rough(x) for x in xs]
        turns = [i for i, v in enumerate(values) if v <= min(values[max(i - 1, 0)], values[min(i + 1, len(xs) - 1)])]
        wells = sorted(turns, key=lambda i: values[i])[:CANDIDATES]
        found = [self._zoomed(xs[i], max(xs[min(i + 1, len(xs) - 1)] - xs[i], xs[i] - xs[i - 1]), sign) for i in wells]
        lowest = sorted(found, key=lambda at: sign * self.rough(at[0]))[:DEEPEST]
        return min((self._bottom(*at, sign) for at in lowest), key=lambda x: sign * value(self.schedule, x))

    def near(self, x: Fraction, sign: int = 1) -> Fraction:
        """The same, close to x."""
        return self._bottom(*self._zoomed(float(x), 1e-3 * float(x), sign), sign)

    def forbids(self, cell: Interval, degree: int, least: float, most: float) -> bool:
        """Do floats show that no model of this degree stays between the bounds on the cell?  What they leave is tried.

        A model's error is at least what interpolation leaves at points between the nodes.
        """
        nodes, between = _cardinal(degree)
        low, width = float(cell.lo), float(cell.width)
        known = [self.rough(low + width * u) for u in nodes]
        model = [sum(w * v for w, v in zip(weights, known, strict=True)) for _, weights in between]
        error = max(abs(p - self.rough(low + width * u)) for p, (u, _) in zip(model, between, strict=True))
        slack = 1e-10 * max(map(abs, known))
        return min(model) - error < least - slack or max(model) + error > most + slack

    @property
    def _ends(self) -> tuple[float, float]:
        return float(self.over.lo) or 1e-9 * float(self.over.hi), float(self.over.hi)

    def _zoomed(self, x: float, width: float, sign: int) -> tuple[float, float]:
        """To the least value among 40 points, as long as floats tell the points apart; and how far away it may be."""
        low, high = self._ends
        while width > 1e-9 * x:
            around = (min(max(x + width * k / 20, low), high) for k in range(-20, 21))
            x, width = min(around, key=lambda x: sign * self.rough(x)), width / 10
        return x, width

    def _bottom(self, x: float, width: float, sign: int) -> Fraction:
        """Where the value near x is least, to 50 digits of the value."""
        ends = Interval(self.over.lo or rational(repr(self._ends[0])), self.over.hi)
        best, step = rational(repr(x)), rational(decimal(rational(repr(width)), 1))
        while step > ends.hi / 10**14:
            places = (min(max(best + step * k, ends.lo), ends.hi) for k in range(-4, 5))
            best, step = min(places, key=lambda x: sign * value(self.schedule, x)), step / 4
            best = min(max(rational(decimal(best, 16)), ends.lo), ends.hi)
        return best


@dataclass(frozen=True, slots=True)
class Found:
    """The certificate of ℓ ≤ φ(x)/x ≤ u, and where φ(x)/x is about ℓ and about u: 0 stands for the limit there."""

    certificate: Certificate[Ratio]
    least: Fraction
    greatest: Fraction


def ratio(schedule: Schedule, over: Interval = UNIT, digits: int = 12) -> Certificate[Ratio]:
    """The tightest ℓ ≤ φ(x)/x ≤ u over the interval (without 0), rounded outward to so many digits.

    Where φ(x)/x is largest in the limit at 0, u is φ'(0) exactly if constants near 0 show it.
    Raises UndecidedError if too many cells are needed.
    """
    return sharp_ratio(schedule, over, digits).certificate


def sharp_ratio(schedule: Schedule, over: Interval = UNIT, digits: int = 12) -> Found:
    """The same, and where the bounds are nearly reached."""
    land = Landscape(schedule, over)
    least, greatest = land.least(1), land.least(-1)
    lower, most = value(schedule, least), value(schedule, greatest)
    lower, upper = _below(lower, digits), -_below(-most, digits)
    if not over.lo and schedule.slope >= most:
        upper, greatest = schedule.slope, Fraction(0)
    if not over.lo and schedule.slope == 0 <= value(schedule, least):
        lower, least = Fraction(0), Fraction(0)  # 0 is no number to round digits of
    if not over.lo and schedule.slope == 0 >= value(schedule, greatest):
        upper, greatest = Fraction(0), Fraction(0)
    for _ in range(12):
        try:
            return Found(_ratio(schedule, over, Interval(lower, upper), digits), least, greatest)
        except _OutOfBounds as error:
            low, high = land.near(error.at, 1), land.near(error.at, -1)
            below, above = value(schedule, low), value(schedule, high)
            inside = lower <= below and above <= upper  # so a bound itself is touched there: give way by a digit
            slack = abs(below) / 10 ** (digits + 1) if inside else Fraction(0)
            if below - slack < lower:
                lower, least = _below(below - slack, digits), least if inside else low
            if above + slack > upper:
                upper, greatest = -_below(-above - slack, digits), greatest if inside else high
    raise UndecidedError("no bounds of φ(x)/x were found: ask for fewer digits")


def _below(q: Fraction, digits: int) -> Fraction:
    return rational(decimal(q, digits, -1))


class _OutOfBounds(Exception):
    def __init__(self, at: Fraction) -> None:
        self.at = at


def _ratio(schedule: Schedule, over: Interval, bounds: Interval, digits: int) -> Certificate[Ratio]:
    least, most = exact(bounds.lo), exact(bounds.hi)
    finest = max(abs(bounds.lo), Fraction(1, 1000)) / 10 ** (digits + 4)
    touches = over.hi == bounds.lo == 1 and all(f(1) == 1 for f in schedule.steps)
    land, ends = Landscape(schedule, over), (float(bounds.lo), float(bounds.hi))

    def attempts(cell: Interval) -> Iterator[Model]:
        if not cell.lo:
            yield near_zero(schedule, cell)
        for degree in DEGREES:
            if not land.forbids(cell, degree, *ends):
                yield model(schedule, cell, degree, finest, exact_end=touches and cell.hi == 1)

    def refuse(cell: Interval) -> None:
        raise _OutOfBounds(cell.midpoint)

    found = _cells([over], lambda cell: next((m for m in attempts(cell) if m.between(least, most)), None), refuse)
    return Certificate(schedule, Ratio(over, bounds), _witness(found))


def moments(schedule: Schedule, over: Interval, measure: str, tolerance: Fraction) -> Certificate[Moments]:
    """Bounds on the mean of φ, the mean of (φ - 1)² and the variance of φ, each to about the tolerance.

    Raises UndecidedError if too many cells are needed.
    """
    if over.is_point:
        raise UndecidedError("the mean over a point is no mean: give an interval with l < u")
    uniform = measure == "uniform"
    if not uniform and not over.lo > 0:
        raise UndecidedError("there is no log-uniform measure down to 0: give a lower end > 0")

    def attempt(cell: Interval) -> Model | None:
        made = model(schedule, cell, 4, tolerance / 100)
        weight = cell.hi if uniform else Fraction(1)
        return made if made.last[1][0] * exact(weight) <= exact(tolerance / 4) else None

    def refuse(cell: Interval) -> None:
        raise UndecidedError(f"{MAX_CELLS} cells do not reach {float(tolerance):.3g}: allow a larger tolerance")

    ends = [over.lo]
    while not uniform and 2 * ends[-1] < over.hi:
        ends.append(2 * ends[-1])
    found = _cells([Interval(a, b) for a, b in zip(ends, [*ends[1:], over.hi], strict=True)], attempt, refuse)
    means = _means(found, uniform)
    return Certificate(schedule, Moments(over, measure, *means), _witness(found))


def _means(found: Sequence[Model], uniform: bool) -> tuple[Interval, Interval, Interval]:
    """The mean of φ, the mean of (φ - 1)² and the variance: as the checker has them, rounded outward a little more."""
    k = int(uniform)
    first = second = off = more = fmpq(0)
    for m in found:
        a, h = exact(m.cell.lo), exact(m.cell.width)
        x, (p, e) = fmpq_poly([a, h]), m.last
        first, second = first + h * _integral(x**k * p), second + h * _integral(x ** (k + 1) * p * p)
        off, more = off + h * _integral(x**k * e), more + h * _integral(x ** (k + 1) * e * (p * p + e + 1))
    lo, hi = found[0].cell.lo, found[-1].cell.hi
    length = exact(hi - lo) if uniform else exact(_logarithm(hi / lo))
    m0, m1, q0, q1 = (fraction(q / length) for q in (first - off, first + off, second - more, second + more))
    mean, square = Interval(m0, m1), Interval(q0 - 2 * m1 + 1, q1 - 2 * m0 + 1)
    variance = Interval(q0 - max(m0 * m0, m1 * m1), q1 - max(m0, -m1, Fraction(0)) ** 2)
    return _wider(mean), _wider(square), _wider(variance)


def _integral(p: fmpq_poly) -> fmpq:
    return p.integral()(1)


def _logarithm(q: Fraction) -> Fraction:
    ctx.prec = 400
    return rational(arb(exact(q)).log().mid().str(60, radius=False))


def _wider(i: Interval) -> Interval:
    places = _places(exact(i.width), 2)
    unit = Fraction(1, 10**places)
    return Interval(fraction(_rounded(exact(i.lo), places)) - unit, fraction(_rounded(exact(i.hi), places)) + unit)
