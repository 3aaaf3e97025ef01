"""The error of one Newton-Schulz step in finite precision: tier W, the worst case.

X is the m×n matrix that the step reads (m ≤ n), s ≥ ‖X‖₂, F ≥ ‖X‖_F, f(x) = a·x + x·p(x²), p without constant term:

    A = fl(XXᵀ) = A₀ + E₁        P = fl(p(A)) = p(A) + E₂        X⁺ = fl(aX + PX) = aX + PX + E₃

Then, exactly, X⁺ - f(X) = (p(A₀ + E₁) - p(A₀) + E₂)X + E₃, and with e_i ≥ ‖E_i‖_F

    ‖X⁺ - f(X)‖_F ≤ ε = s·(D(e₁) + e₂) + e₃,    D(e) = k₁e + Σ_{j≥2} |p_j|·((s² + e)^j - s^{2j} - j·s^{2j-2}e),

k₁ = max |p'| on [0, s²]: the derivative of p at the symmetric A₀ multiplies entry (i, j) of E, in A₀'s eigenbasis, by
the divided difference p[λ_i, λ_j], a value of p'.  For degree 5, D(e₁) = k₁e₁ + |c|e₁².  Proof: docs/precision.md.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import maximum
from muon_theory.number import Reading, decimal, rational
from muon_theory.polynomial import OddPolynomial, horner
from muon_theory.precision.format import Accumulation, Arithmetic, root_up, round_up
from muon_theory.precision.image import largest_value


class Order(enum.Enum):
    """The order of operations of a step.

    `fused`: B = addmm(bA, cA, A) and X⁺ = addmm(aX, B, X), each stored once.  `unfused`: every product, scaling and sum
    is stored, as in `b*A + c*A @ A`.  `shifted`: B = aI + p(A), p(A) as in `fused`, is stored, and X⁺ = BX.
    `gram`: the iteration runs on R = XXᵀ and Q, and X⁺ = QX at the end of a segment.
    """

    FUSED = "fused"
    UNFUSED = "unfused"
    SHIFTED = "shifted"
    GRAM = "gram"


class Tier(enum.Enum):
    """What a rounding-error bound is worth.

    W: worst case, rigorous under the printed assumptions.  S: with a stated confidence, for roundings of mean zero,
    which is a theorem under stochastic rounding and a model else.  A: a posteriori, rigorous for one input under the
    same assumptions about fp64.  P: a model of typical rounding, not a bound (a Hadamard pattern breaks it).
    """

    W = "W"
    S = "S"
    P = "P"
    A = "A"


@dataclass(frozen=True, slots=True)
class Relative:
    """X⁺ = (I + K)f(X) + E with ‖K‖₂ ≤ `share` < 1, ‖E‖₂ ≤ `rest`: σ_i(X⁺) ∈ (1 ± share)σ_i(f(X)) ± rest."""

    share: Fraction
    rest: Fraction


@dataclass(frozen=True, slots=True)
class StepBound:
    """ε for one step and its parts.  `error` bounds ‖X⁺ - f(X)‖₂, `frobenius` the Frobenius norm of the same.

    `relative`: the same error with what multiplies f(X) apart from what is added to it, where every g_t is > 0.
    """

    error: Fraction
    frobenius: Fraction
    constants: dict[str, Fraction]
    relative: Relative | None = None


def executed(f: OddPolynomial, reading: Reading) -> OddPolynomial:
    """The polynomial with the coefficients that run: as Python holds them (binary64), then in the library's format."""
    return OddPolynomial(tuple(reading.round(Reading.BINARY64.round(c)) for c in f.coefficients))


def coefficients_of(f: OddPolynomial, reading: Reading) -> tuple[tuple[Fraction, ...], list[Fraction]]:
    """The coefficients that run, as many as f has, and by how much each differs from f's."""
    run = executed(f, reading).coefficients
    run += (Fraction(0),) * (len(f.coefficients) - len(run))
    return run, [abs(x - y) for x, y in zip(run, f.coefficients, strict=True)]


PIECES = 8  # of [0, s²], on each of which a quotient of polynomials is bounded by that of their bounds


@dataclass(frozen=True, slots=True)
class StepData:
    """One step's data: ĉ = (a, p_1, …, p_q) as executed, and bounds of the input.

    `below`: the eigenvalues of A lie in [-below, s²] (the Gram form, whose R may have some below 0).
    """

    arithmetic: Arithmetic
    coefficients: tuple[Fraction, ...]
    m: int
    n: int
    s: Fraction
    F: Fraction
    below: Fraction = Fraction(0)

    @property
    def p(self) -> tuple[Fraction, ...]:
        return (Fraction(0), *self.coefficients[1:])

    def on(self, coefficients: Sequence[Fraction]) -> Fraction:
        """max |Σ coefficients[i] t^i| on [-below, s²]."""
        return largest_value(coefficients, -self.below, self.s**2)

    def drift(self, p: Sequence[Fraction], e: Fraction) -> Fraction:
        """D(e) ≥ ‖p(A₀ + E) - p(A₀)‖_F for ‖E‖_F ≤ e, coefficients of p lowest first."""
        return round_up(self.slope(p) * e + _second(p, self.s**2, e))

    def slope(self, p: Sequence[Fraction]) -> Fraction:
        """k₁ ≥ |p'| on [-below, s²]."""
        return self.on([j * c for j, c in enumerate(p)][1:] or [Fraction(0)])

    def norm(self, p: Sequence[Fraction], e: Fraction) -> Fraction:
        """≥ ‖p(A)‖_F, A = A₀ + E, for p(0) = 0: min(max|p(t)/t|·‖A₀‖_F, √m·max|p|) + D(e)."""
        return round_up(min(self.on(p[1:]) * self.s * self.F, self.rank * self.on(p)) + self.drift(p, e))

    @property
    def rank(self) -> Fraction:
        """≥ √m."""
        return root_up(Fraction(self.m), 2)

    @property
    def image(self) -> Fraction:
        """≥ ‖f(X)‖_F: min(max|g|·F, √m·max|f|)."""
        c = self.coefficients
        f = [x for c_i in c for x in (Fraction(0), c_i)]
        return round_up(min(self.on(c) * self.F, self.rank * largest_value(f, Fraction(0), self.s)))

    def second(self, e: Fraction) -> Fraction:
        """What `drift` of p has beside its first-order part."""
        return round_up(_second(self.p, self.s**2, e))

    def carried(self, e: Fraction) -> Fraction:
        """≥ ‖(p(A₀ + E) - p(A₀))X‖_F for ‖E‖_F ≤ e: max|p[λ_i, λ_j]|σ_j·e + s·(second order).

        In X's singular bases entry (i, j) of the first-order part is p[λ_i, λ_j]·E_ij·σ_j.  For p = bt + ct² that is
        (b + cλ_i + cλ_j)σ_j, linear in λ_i, so λ_i is 0 or s²; else |p[λ_i, λ_j]|σ_j ≤ k₁s.
        """
        if len(self.p) != 3:
            return round_up(self.s * self.drift(self.p, e))
        _, b, c = self.p
        ends = (Fraction(0), self.s**2)
        weight = max(largest_value((Fraction(0), b + c * x, Fraction(0), c), Fraction(0), self.s) for x in ends)
        return round_up(weight * e + self.s * self.second(e))

    def least(self) -> Fraction:
        """≤ min g on [0, s²]."""
        return -maximum([-c for c in self.coefficients], Fraction(0), self.s**2)

    def apart(self, share: Fraction, rest: Fraction, deltas: Sequence[Fraction]) -> Relative | None:
        """`share` of f̂(X) as a share of f(X), with the rest, or None where it reaches 1.

        f̂ has the coefficients that run, which differ by `deltas`: σĝ(σ²) lies in (1 ± η)σg(σ²), η = max|ĝ - g|/min g,
        and min g ≥ min ĝ - max|ĝ - g|.
        """
        gap = horner(deltas, self.s**2)
        if (least := self.least() - gap) <= 0:
            return None
        whole = round_up((1 + share) * (1 + gap / least) - 1)
        return Relative(whole, round_up(rest)) if whole < 1 else None

    def quotient(self, b: Fraction, c: Fraction) -> Fraction:
        """≥ |b + cy|/g(y) on [0, s²] for a quadratic g > 0: piece by piece, the bounds of both."""
        g, worst = self.coefficients, Fraction(0)
        cuts = [round_up(self.s**2 * k / PIECES) for k in range(PIECES + 1)]
        vertex = -g[1] / (2 * g[2]) if g[2] > 0 else Fraction(-1)
        for lo, hi in pairwise(cuts):
            points = (lo, hi, vertex) if lo < vertex < hi else (lo, hi)
            least = min(g[0] + y * (g[1] + y * g[2]) for y in points)
            worst = max(worst, abs(b + c * lo) / least, abs(b + c * hi) / least)
        return round_up(worst)

    def shared(self, e: Fraction, e2: Fraction) -> Fraction | None:
        """≥ ‖(p(A₀ + E) - p(A₀) + E₂)·g(A₀)⁻¹‖_F, or None where g may reach 0: weights |p[λ_i, λ_j]|/g(λ_j)."""
        least, y = self.least(), self.s**2
        if least <= 0:
            return None
        weight = self.slope(self.p) / least
        if len(self.p) == 3:
            weight = max(self.quotient(self.p[1] + self.p[2] * x, self.p[2]) for x in (Fraction(0), y))
        return round_up(weight * e + (self.second(e) + e2) / least)

    def store(self, norm: Fraction, summed: Fraction) -> Fraction:
        """r·‖result‖ + (1 + r)·(error of the sum): one stored product."""
        r = self.arithmetic.store
        return round_up(r * (norm + summed) + summed)

    def gram(self) -> Fraction:
        """e₁ = r·sF + (1 + r)·γ_n·F²: A = fl(XXᵀ), ‖A₀‖_F ≤ sF and ‖|X||X|ᵀ‖_F ≤ F²."""
        u = self.arithmetic
        summed = u.gamma_product(self.n) * self.F**2
        return self.store(self.s * self.F, summed) + u.underflow(self.m**2, self.n, Fraction(1), self.s)


def _second(p: Sequence[Fraction], y: Fraction, e: Fraction) -> Fraction:
    """Σ_{j≥2} |p_j|·((y + e)^j - y^j - j·y^(j-1)·e)."""
    terms = (abs(c) * comb(j, i) * y ** (j - i) * e**i for j, c in enumerate(p) for i in range(2, j + 1))
    return sum(terms, Fraction(0))


def worst_step(
    f: OddPolynomial,
    arithmetic: Arithmetic,
    shape: tuple[int, int],
    s: Fraction,
    F: Fraction,
    order: Order = Order.FUSED,
    reading: Reading | None = None,
    apart: bool = True,
) -> StepBound:
    """Tier W: ε ≥ ‖fl(f(X)) - f(X)‖_F for every m×n matrix with ‖X‖₂ ≤ s and ‖X‖_F ≤ F.

    Degree 5: e₁ = r·sF + (1+r)γ_n F²;  e₂ = r·‖bA + cA²‖_F + (1+r)γ_{m+2}(|b|‖A‖_F + |c|‖A‖_F²);
    e₃ = r·‖aX + BX‖_F + (1+r)γ_{m+2}(|a|F + ‖B‖_F F), norms of the *computed* A and B; plus underflow, plus
    Σ|ĉ_i - c_i|s^{2i+1} for coefficients rounded to `reading`.  Higher degrees: Horner in A.

    `apart`: with `relative` as well, which takes as long as all the rest.  Raises UndecidedError where overflow cannot
    be excluded.
    """
    m, n = min(shape), max(shape)
    arithmetic = arithmetic.of_size(m * n)
    c, deltas = coefficients_of(f, reading or arithmetic.format.coefficients)
    a, q = c[0], len(c)
    F = min(F, round_up(root_up(Fraction(m), 2) * s))
    step = StepData(arithmetic, c, m, n, s, F)
    e1 = step.gram() if q > 1 else Fraction(0)
    A = round_up(s * F + e1)
    inside = inner_unfused if order is Order.UNFUSED else inner_fused
    e2, P = inside(step, e1, A) if q > 1 else (Fraction(0), Fraction(0))
    inner = step.carried(e1) + s * e2
    total = step.image + inner
    e3 = _last(step, order, q, a, A, P, inner, total)
    rounded = horner(deltas, s * s)
    error, frobenius = inner + e3 + rounded * s, inner + e3 + rounded * F
    if max(A, P, total + e3) > arithmetic.format.largest:
        raise UndecidedError(
            f"tier W cannot exclude overflow in {arithmetic.format.name} from singular values up to "
            f"{decimal(s, 4, +1)}: bound this input (tier A, confirm), or use a wider format or a smaller upper end"
        )
    constants = {"s": s, "F": F, "e1": e1, "e2": e2, "e3": e3, "k1": step.slope(step.p), "coefficients": max(deltas)}
    share = step.shared(e1, e2) if apart else None
    relative = None if share is None else step.apart(share, e3, deltas)
    return StepBound(round_up(error), round_up(frobenius), constants, relative)


def inner_fused(step: StepData, e1: Fraction, A: Fraction) -> tuple[Fraction, Fraction]:
    """(e₂, ≥ ‖P‖_F): Horner in A, each stage addmm(c·A, 1, A, H) stored once; the first is addmm(p_{q-1}A, p_q A, A).

    Degree 3 forms no P: fl(aX + b(AX)) takes b as the scale of its product, and e₂ = 0 with ‖P‖_F read as ‖A‖_F.
    """
    c, u = step.coefficients, step.arithmetic
    if len(c) == 2:
        return Fraction(0), A
    A_two = step.s**2 + e1
    tail: tuple[Fraction, ...] = (Fraction(0), c[-1])
    size, error, scaled = abs(c[-1]) * A, Fraction(0), abs(c[-1])
    for k, cj in enumerate(reversed(c[1:-1])):
        tail = (Fraction(0), cj, *tail[1:])
        product = scaled * A * A if k == 0 else A * size
        summed = u.gamma_product(step.m + 2) * product + u.gamma(step.m + 2) * abs(cj) * A
        summed += u.underflow(step.m**2, step.m, max(abs(cj), scaled), max(A, size))
        carried = A_two * error
        norm = step.norm(tail, e1)
        error = round_up(carried + step.store(norm + carried, summed))
        size = round_up(norm + error)
        scaled = Fraction(1)
    return error, size


def inner_unfused(step: StepData, e1: Fraction, A: Fraction) -> tuple[Fraction, Fraction]:
    """(e₂, ≥ ‖P‖_F) where c·A, (p_q A)·A, each product with A and each sum are stored."""
    c, u = step.coefficients, step.arithmetic
    point, tiny = u.format.elementwise, u.format.underflow * step.m
    A_two = step.s**2 + e1
    tail: tuple[Fraction, ...] = (Fraction(0), c[-1])
    error = point * abs(c[-1]) * A + tiny * (1 + abs(c[-1]))  # p_q·A, stored
    size = round_up(abs(c[-1]) * A + error)
    for cj in reversed(c[1:-1]):
        tail = (Fraction(0), cj, *tail[1:])
        summed = u.gamma_product(step.m) * A * size + u.underflow(step.m**2, step.m, Fraction(1), max(A, size))
        product = step.store(A_two * size, summed)  # ‖AH‖_F ≤ ‖A‖₂‖H‖_F
        carried = A_two * error + product + point * abs(cj) * A + tiny * (1 + abs(cj))
        norm = step.norm(tail, e1)
        error = round_up(carried + point * (norm + carried) + 3 * tiny)
        size = round_up(norm + error)
    return round_up(error), size


def _last(
    step: StepData, order: Order, q: int, a: Fraction, A: Fraction, P: Fraction, inner: Fraction, total: Fraction
) -> Fraction:
    """e₃: X⁺ = fl(aX + PX), fused or with fl(aX), fl(PX) and their sum stored."""
    u, F = step.arithmetic, step.F
    point, tiny = u.format.elementwise, u.format.underflow * root_up(Fraction(step.m * step.n), 2)
    if q == 1:
        return round_up(point * abs(a) * F + tiny * (1 + abs(a)))
    scale = abs(step.coefficients[1]) if q == 2 and order is Order.FUSED else Fraction(1)
    below = u.underflow(step.m * step.n, step.m, max(abs(a), scale), max(P, step.s))
    if order is Order.FUSED:
        summed = u.gamma_product(step.m + 2) * scale * P * F + u.gamma(step.m + 2) * abs(a) * F
        return step.store(total, summed + below)
    if order is Order.SHIFTED:
        return shifted(step, q, P, inner, total)
    product = step.store(step.on(step.p) * F + inner, u.gamma_product(step.m) * P * F + below)
    parts = product + point * abs(a) * F + tiny * (1 + abs(a))
    return round_up(parts + point * (total + parts) + 3 * tiny)


def shifted(step: StepData, q: int, P: Fraction, inner: Fraction, total: Fraction) -> Fraction:
    """e₃ of B = fl(aI + fl(p(A))) and fl(BX): the sum meets the diagonal alone; degree 3 stores fl(bA) before it."""
    u, m, F, a = step.arithmetic, step.m, step.F, abs(step.coefficients[0])
    point, tiny = u.format.elementwise, u.format.underflow * root_up(Fraction(m), 2)
    made, scaled = Fraction(0), P
    if q == 2:  # P is read as ‖A‖_F
        b = abs(step.coefficients[1])
        made = point * b * P + u.format.underflow * m * (1 + b)
        scaled = b * P + made
    made += point * (root_up(Fraction(m), 2) * a + scaled) + tiny
    B = root_up(Fraction(m), 2) * a + scaled + made
    summed = u.gamma_product(m) * B * F + u.underflow(m * step.n, m, Fraction(1), max(B, step.s))
    return round_up(made * step.s + step.store(total + made * step.s, summed))


def modelled_unit(arithmetic: Arithmetic) -> Fraction:
    """q = 0.849u of tier P.

    Raises UsageError where more than one rounding makes a result by design (tf32, sums kept in the storage format), and
    for fp8, whose rounding depends on a matrix's scale.
    """
    format = arithmetic.format
    if format.operand or format.scaled or arithmetic.accumulation is Accumulation.STORAGE:
        raise UsageError(
            f"tier P models one rounding per stored result that no scale moves, and {format.name} with sums in "
            f"{arithmetic.accumulation.value} is not so: use tier W, or A in confirm"
        )
    return format.roundoff * rational("0.849")
