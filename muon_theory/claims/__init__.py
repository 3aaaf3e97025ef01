"""The closed list of claims, as types.  A claim is a statement; the proof is the witness beside it in a certificate.

Each class carries its formula (`formula`), its obligations in words (`obligations`), and prints itself (`statement`).
`Subject` in the formulas: φ = f_T ∘ … ∘ f_1 of the certificate's schedule; claims about repetition take one map f.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, ClassVar

from muon_theory.family import ParameterPolynomial
from muon_theory.interval import Interval
from muon_theory.number import decimal, lowest_terms


def to_json(value: Any) -> Any:
    """Rationals as strings in lowest terms, intervals as pairs, tuples as lists: the certificate's JSON."""
    match value:
        case Fraction():
            return lowest_terms(value)
        case Interval():
            return [lowest_terms(value.lo), lowest_terms(value.hi)]
        case ParameterPolynomial():
            return value.to_json()
        case dict():
            return {k: to_json(v) for k, v in value.items()}
        case tuple() | list():
            return [to_json(v) for v in value]
        case None | str() | int():  # bool is an int
            return value
    raise TypeError(f"{value!r} has no place in a certificate")


def _d(q: Fraction, toward: int = 0) -> str:
    return str(q) if len(str(q)) <= 12 else decimal(q, 12, toward)


def _point(p: Interval) -> str:
    return _d(p.lo) if p.is_point else f"the one fixed point in {p}"


@dataclass(frozen=True, slots=True)
class Claim:
    """Abstract: one of the final classes below."""

    type: ClassVar[str]
    formula: ClassVar[str]
    obligations: ClassVar[tuple[str, ...]]

    def statement(self) -> str:
        raise TypeError(f"{type(self).__name__} is not a claim of the list")

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, **{f.name: to_json(getattr(self, f.name)) for f in fields(self)}}


@dataclass(frozen=True, slots=True)
class Fixes(Claim):
    """f(p) = p: p rational (a point), or the one positive fixed point inside an interval."""

    type = "fixes"
    formula = "f(p) = p"
    obligations = ("exact evaluation, or opposite signs of g - 1 at the ends", "g' of one sign on the interval")
    point: Interval

    def statement(self) -> str:
        return f"f(p) = p for p = {_point(self.point)}"


@dataclass(frozen=True, slots=True)
class Attracts(Claim):
    type = "attracts"
    formula = "f(p) = p and |f'(p)| < 1"
    obligations = (*Fixes.obligations, "1 - d > 0 on the interval", "1 + d > 0 on the interval")
    point: Interval

    def statement(self) -> str:
        return f"f(p) = p and |f'(p)| < 1 for p = {_point(self.point)}"


@dataclass(frozen=True, slots=True)
class Repels(Claim):
    type = "repels"
    formula = "f(p) = p and |f'(p)| > 1"
    obligations = (*Fixes.obligations, "d - 1 > 0, or -1 - d > 0, on the interval")
    point: Interval

    def statement(self) -> str:
        return f"f(p) = p and |f'(p)| > 1 for p = {_point(self.point)}"


@dataclass(frozen=True, slots=True)
class Slope(Claim):
    type = "slope"
    formula = "φ'(0) = ∏ a_t"
    obligations = ("exact product",)
    value: Fraction

    def statement(self) -> str:
        return f"φ'(0) = {_d(self.value)}"


@dataclass(frozen=True, slots=True)
class MapsInto(Claim):
    type = "maps-into"
    formula = "φ([l, u]) ⊆ [m, M]"
    obligations = ("a chain of intervals: f_t - lower ≥ 0 and upper - f_t ≥ 0 on the one before", "the last ⊆ [m, M]")
    start: Interval
    target: Interval

    def statement(self) -> str:
        return f"φ({_d(self.start.lo)}) ∈ {self.target}" if self.start.is_point else f"φ({self.start}) ⊆ {self.target}"


@dataclass(frozen=True, slots=True)
class Attains(Claim):
    type = "attains"
    formula = "φ([l, u]) ⊇ [m', M']"
    obligations = ("inner intervals, and two points a step whose values reach their ends", "the last ⊇ [m', M']")
    start: Interval
    contains: Interval

    def statement(self) -> str:
        inner = f"[{_d(self.contains.lo, +1)}, {_d(self.contains.hi, -1)}]"
        return f"φ({self.start}) ⊇ {inner}"


@dataclass(frozen=True, slots=True)
class SignSafe(Claim):
    type = "sign-safe"
    formula = "f_t > 0 on (0, u_t], u_0 = u, f_t((0, u_{t-1}]) ⊆ (0, u_t]"
    obligations = ("g_t > 0 on [0, u_{t-1}²]", "u_t - f_t ≥ 0 on [0, u_{t-1}]")
    upper: Fraction

    def statement(self) -> str:
        return f"every step is > 0 on the orbits of (0, {_d(self.upper, -1)}]"


@dataclass(frozen=True, slots=True)
class Converges(Claim):
    type = "converges"
    formula = "f^n(x) → p for every x in (0, β]"
    obligations = (
        "p is a fixed point (as in fixes)",
        "g > 0 on [0, β²]",
        "β - f ≥ 0 on [0, β]",
        "g - 1 > 0 on [0, p²)",
        "1 - g > 0 on (p², β²]",
        "H = (f∘f - x)/(f - x) > 0 on [0, p²), as a polynomial in x²",
    )
    point: Interval
    upper: Fraction

    def statement(self) -> str:
        return f"every orbit from (0, {_d(self.upper, -1)}] tends to {_point(self.point)}"


@dataclass(frozen=True, slots=True)
class Escapes(Claim):
    type = "escapes"
    formula = "|f^n(x)| → ∞ for every x in the start"
    obligations = ("a chain of intervals past R", "|g| ≥ κ > 1 on [R², ∞)")
    start: Interval

    def statement(self) -> str:
        where = f"x = {_d(self.start.lo)}" if self.start.is_point else f"every x in {self.start}"
        return f"the orbit of {where} leaves every bound"


@dataclass(frozen=True, slots=True)
class Flips(Claim):
    type = "flips"
    formula = "f_t(… f_1(x)) < 0 < the iterates before, for x in the start"
    obligations = ("a chain of intervals, positive before step t and negative after it",)
    start: Interval
    step: int

    def statement(self) -> str:
        where = f"x = {_d(self.start.lo)}" if self.start.is_point else f"every x in {self.start}"
        return f"step {self.step} makes the iterate of {where} negative"


@dataclass(frozen=True, slots=True)
class Cycles(Claim):
    type = "cycles"
    formula = "an attracting cycle of period k, one point in each J_i"
    obligations = ("f(J_i) ⊆ J_{i+1}", "the J_i are disjoint", "∏ sup |f'| < 1")
    intervals: tuple[Interval, ...]

    def statement(self) -> str:
        return f"an attracting cycle of period {len(self.intervals)} runs through " + ", ".join(
            map(str, self.intervals)
        )


@dataclass(frozen=True, slots=True)
class MeanSquare(Claim):
    type = "mean-square"
    formula = "m ≤ (1/(u-l)) ∫ (φ - 1)² ≤ M over [l, u]"
    obligations = ("a partition of [l, u] and maps-into on each part", "the sums of the bounds")
    interval: Interval
    bounds: Interval

    def statement(self) -> str:
        return f"the mean of (φ - 1)² over {self.interval} lies in {self.bounds}"


@dataclass(frozen=True, slots=True)
class RobustBand(Claim):
    type = "robust-band"
    formula = "|x_t - f_t(x_{t-1})| ≤ ε_t, x_0 ∈ [l, u] ⇒ x_T ∈ [m, M]"
    obligations = ("as maps-into, each step widened by ε_t", "every lower end > 0")
    start: Interval
    target: Interval
    errors: tuple[Fraction, ...]

    def statement(self) -> str:
        eps = ", ".join(_d(e, +1) for e in self.errors)
        return f"if step t errs by at most ε_t ({eps}), {self.start} ends in {self.target}"


@dataclass(frozen=True, slots=True)
class Minimax(Claim):
    type = "minimax"
    formula = "max over [l, u] of |1 - p| ≥ E for every odd polynomial p of that degree"
    obligations = ("q + 2 increasing points of [l, u], l > 0, where 1 - p alternates and |1 - p| ≥ E",)
    degree: int
    interval: Interval
    error: Fraction

    def statement(self) -> str:
        return f"no odd polynomial of degree {self.degree} is closer to 1 than {_d(self.error, -1)} on {self.interval}"


@dataclass(frozen=True, slots=True)
class CompositionBound(Claim):
    type = "composition-bound"
    formula = "max over [l, u] of |1 - p_T ∘ … ∘ p_1| ≥ E for all odd polynomials p_t of those degrees"
    obligations = ("minimax on [r_t, 1] for each step", "r_1 ≥ l/u, r_{t+1} ≥ (1 - E_t)/(1 + E_t)", "E ≤ E_T")
    degrees: tuple[int, ...]
    interval: Interval
    error: Fraction

    def statement(self) -> str:
        shape = "∘".join(map(str, self.degrees))
        return f"no composition of degrees {shape} is closer to 1 than {_d(self.error, -1)} on {self.interval}"


@dataclass(frozen=True, slots=True)
class Region(Claim):
    """For every member of the family in the boxes (their interiors, if `open`), with f(1) = 1, the property holds."""

    type = "region"
    formula = "property(θ) for every θ of the boxes"
    obligations = ("f(1) = 1 identically", "the property's polynomials > 0 on box × (0, 1), or on box × one point")
    property: str
    boxes: tuple[tuple[Interval, ...], ...]
    open: bool = False

    def statement(self) -> str:
        box, more = " × ".join(map(str, self.boxes[0])), len(self.boxes) - 1
        rest = f" and {more} other box{'es' * (more > 1)}" if more else ""
        return f"{self.property} {'inside' if self.open else 'on'} {box}{rest}"


@dataclass(frozen=True, slots=True)
class Threshold(Claim):
    """A threshold α of the family's first parameter, for all values of the others in their box.

    For every a in (range.lo, α) the property holds; for every a in (α, range.hi] it fails at some x in (0, 1), because
    the critical polynomial (see `docs/certificate-format.md`) is negative there.  `polynomial` has α as a root, and
    with one parameter α is its one root in `isolating`.
    """

    type = "threshold"
    formula = "property(a) for a in (a₀, α), failure for a in (α, a₁], m(α) = 0"
    obligations = (
        "the property's polynomials > 0 on (a₀, window] × (0, 1)",
        "the critical polynomial decreases in a on the window, is > 0 at its start and < 0 somewhere at its end",
        "U·A + V·∂A/∂y = m·n with n ≠ 0 on the window",
        "m has exactly one root in the window, inside the isolating interval",
    )
    property: str
    critical: str
    range: Interval
    others: tuple[Interval, ...]
    polynomial: ParameterPolynomial
    isolating: Interval | None

    def statement(self) -> str:
        where = f" = {self.isolating}" if self.isolating else ""
        return (
            f"for a in ({_d(self.range.lo)}, α): {self.property}; for a in (α, {_d(self.range.hi)}]: "
            f"not, through the {self.critical}; α{where}"
        )


CLAIMS: dict[str, type[Claim]] = {c.type: c for c in Claim.__subclasses__()}
"""The closed list, by type."""
