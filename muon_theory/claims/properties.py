"""The one table of the properties of families with f(1) = 1: what each says of a member, and what shows it.

With y = x², Z = y·g(y)² = f(x)² and w = (g - 1)/(1 - y), two identities decide about every orbit from (0, 1]:
w(Z) = w·R and f∘f - x = (f - x)·(g + 1)·N (docs/trust.md, "Families").  The checker has a table of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar


class Polynomial(Protocol):
    """A polynomial in parameters and y, in whatever algebra."""

    def __add__(self, other: Any, /) -> Polynomial: ...
    def __radd__(self, other: int, /) -> Polynomial: ...
    def __sub__(self, other: Any, /) -> Polynomial: ...
    def __mul__(self, other: Any, /) -> Polynomial: ...
    def __neg__(self) -> Polynomial: ...
    def __rsub__(self, other: int, /) -> Polynomial: ...


P = TypeVar("P", bound=Polynomial, covariant=True)


class Unit(Protocol[P]):
    """The polynomials of a family that decide about (0, 1], in some algebra: parameters, and y last."""

    @property
    def g(self) -> P: ...
    @property
    def z(self) -> P: ...
    @property
    def w(self) -> P: ...
    @property
    def r(self) -> P: ...
    @property
    def gz(self) -> P: ...
    @property
    def n(self) -> P: ...
    @property
    def at_one(self) -> P:
        """f'(1)."""

    def beyond_one(self, p: object) -> P:
        """t^deg·p(1/t) for t = 1/y: on (0, 1) it has the sign of p for y > 1."""

    def slope(self, p: object) -> P:
        """∂p/∂y."""

    def at(self, p: object, y: int) -> P:
        """p at that y."""


class Place(enum.Enum):
    """For which y a condition is shown."""

    INSIDE = "y in (0, 1)"
    POINT = "y = x₀²"
    BEYOND = "y > 1, with the variable t = 1/y in (0, 1)"
    NOWHERE = ""  # it does not contain y


@dataclass(frozen=True, slots=True)
class Condition:
    """A polynomial that is > 0 where the property holds: for all y of its place, and all parameters."""

    says: str
    place: Place
    polynomial: Callable[[Unit[Polynomial]], object]

    @property
    def name(self) -> str:
        """As docs/trust.md writes it."""
        return self.says + {Place.POINT: " at x₀", Place.BEYOND: " beyond 1"}.get(self.place, "")

    @property
    def at_point(self) -> bool:
        """Is it about one x₀, the same for all parameters?"""
        return self.place is Place.POINT


W = Condition("w", Place.INSIDE, lambda f: f.w)
R = Condition("R", Place.INSIDE, lambda f: f.r)
GZ = Condition("g(Z)", Place.INSIDE, lambda f: f.gz)
ANTIPODE = Condition("g(Z) + 1", Place.INSIDE, lambda f: f.gz + 1)
N = Condition("N", Place.INSIDE, lambda f: f.n)


@dataclass(frozen=True, slots=True)
class Property:
    """What holds of a member, and the conditions that show it."""

    says: str
    gallina: str  # the same of a function {f}, in the language of Coq
    conditions: tuple[Condition, ...]


_ORBIT = "Nat.iter n ({f}) x0"
_FAR = f"exists x0, 0 < x0 < 1 /\\ is_lim_seq (fun n => Rabs ({_ORBIT})) p_infty"
_SIGNS = f"forall n, (0 < n)%nat -> {_ORBIT} * {_ORBIT.replace('iter n', 'iter (S n)')} < 0"
_LAND = "exists x0, 0 < x0 < 1 /\\ {f} ({f} x0) = {f} x0 /\\ {f} x0 <> 1"
_SLOPE = "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ "

_W_AT_0 = Condition("w at 0", Place.NOWHERE, lambda f: f.at(f.w, 0))
_PAST_ONE = Condition("Z - 1", Place.POINT, lambda f: f.z - 1)

PROPERTIES: Mapping[str, Property] = {
    "converges": Property(
        "every orbit of f from (0, 1] tends to 1",
        f"forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => {_ORBIT}) 1",
        (W, R, GZ, N),
    ),
    "sign-safe": Property(
        "every iterate under f of every x in (0, 1] is > 0",
        f"forall x0, 0 < x0 <= 1 -> forall n, 0 < {_ORBIT}",
        (W, R, GZ),
    ),
    "bounded": Property(
        "every orbit of f from (0, 1] is bounded",
        f"forall x0, 0 < x0 <= 1 -> exists B, forall n, Rabs ({_ORBIT}) <= B",
        (W, R, ANTIPODE),
    ),
    "attracting": Property("|f'(1)| < 1", _SLOPE + "Rabs d < 1", (
        Condition("1 - f'(1)", Place.NOWHERE, lambda f: 1 - f.at_one),
        Condition("1 + f'(1)", Place.NOWHERE, lambda f: 1 + f.at_one),
    )),
    "multiplier-above-1": Property("f'(1) > 1", _SLOPE + "1 < d", (
        Condition("f'(1) - 1", Place.NOWHERE, lambda f: f.at_one - 1),
    )),
    "multiplier-below-minus-1": Property("f'(1) < -1", _SLOPE + "d < -1", (
        Condition("-1 - f'(1)", Place.NOWHERE, lambda f: -1 - f.at_one),
    )),
    "positive": Property("f(x) > 0 for every x > 0", "forall x, 0 < x -> 0 < {f} x", (
        Condition("g", Place.INSIDE, lambda f: f.g),
        Condition("g", Place.BEYOND, lambda f: f.beyond_one(f.g)),
    )),
    "flips": Property("f(f(x₀)) < 0 for some x₀ in (0, 1)", "exists x0, 0 < x0 < 1 /\\ {f} ({f} x0) < 0", (
        Condition("-f∘f", Place.POINT, lambda f: -(f.g * f.gz)),
    )),
    "escapes": Property("the orbit of some x₀ in (0, 1) under f leaves every bound", _FAR, (
        _PAST_ONE,
        Condition("-w(Z)", Place.POINT, lambda f: -(f.w * f.r)),
        Condition("-w'", Place.BEYOND, lambda f: f.beyond_one(-f.slope(f.w))),
    )),
    "escapes-alternating": Property(
        "the orbit of some x₀ in (0, 1) under f leaves every bound, with alternating signs",
        f"{_FAR} /\\\n    {_SIGNS}",
        (
            _PAST_ONE,
            Condition("-1 - g(Z)", Place.POINT, lambda f: -f.gz - 1),
            Condition("-g'", Place.BEYOND, lambda f: f.beyond_one(-f.slope(f.g))),
        ),
    ),
    "lands": Property("f(f(x)) = f(x) ≠ 1 for some x in (0, 1)", _LAND, (
        Condition("-w(Z)", Place.POINT, lambda f: -(f.w * f.r)),
        _W_AT_0,
        Condition("w at 1", Place.NOWHERE, lambda f: f.at(f.w, 1)),
    )),
    "returns": Property("f(f(x)) = x for some x in (0, 1)", "exists x0, 0 < x0 < 1 /\\ {f} ({f} x0) = x0", (
        Condition("1 - g·g(Z)", Place.POINT, lambda f: 1 - f.g * f.gz), _W_AT_0,
    )),
}  # fmt: skip
"""By name, in the order of docs/trust.md."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How a property ends along a parameter: its critical condition becomes negative, and this happens."""

    condition: Condition
    says: str
    ends: tuple[str, ...]  # the properties that it ends
    falling: Condition | None  # must fall beyond 1, for the orbit to escape
    gallina: str  # what happens to a function {f}, in the language of Coq
    closed: Condition | None = None  # must be > 0 at y = 0 and 1 too, for the orbit to land elsewhere


_ESCAPES, _FLIPS, _LANDS = (PROPERTIES[name] for name in ("escapes", "flips", "lands"))
FAILURES: Mapping[str, Failure] = {
    "fixed-point": Failure(R, _ESCAPES.says, ("converges", "bounded"), W, _ESCAPES.gallina),
    "landing": Failure(R, _LANDS.says, ("converges",), None, _LANDS.gallina, W),
    "antipode": Failure(
        ANTIPODE, _ESCAPES.says, ("bounded",), Condition("g", Place.INSIDE, lambda f: f.g), _ESCAPES.gallina
    ),
    "zero": Failure(GZ, _FLIPS.says, ("sign-safe",), None, _FLIPS.gallina),
}
"""By the name of the critical condition in a `threshold`: what the value of an orbit meets."""
