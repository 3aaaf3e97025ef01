"""What a claim says, in full: the quantifiers and the exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from muon_theory.explanation.words import interval, number, parameters, polynomial, several, within

Json = dict[str, Any]

PROPERTIES = {
    "converges": "every orbit from (0, 1] tends to 1",
    "sign-safe": "every iterate of every x in (0, 1] is > 0",
    "bounded": "every orbit from (0, 1] is bounded",
    "attracting": "|f'(1)| < 1",
    "multiplier-above-1": "f'(1) > 1",
    "multiplier-below-minus-1": "f'(1) < -1",
    "positive": "f(x) > 0 for every x > 0",
    "flips": "f(f(x₀)) < 0 for some x₀ in (0, 1)",
    "escapes": "the orbit of some x₀ in (0, 1) leaves every bound",
    "escapes-alternating": "the orbit of some x₀ in (0, 1) leaves every bound, with alternating signs",
}
"""What each property of a region says of a member."""

FAILURES = {
    "fixed-point": "the orbit of some x₀ in (0, 1) leaves every bound",
    "antipode": "the orbit of some x₀ in (0, 1) leaves every bound",
    "zero": "f(f(x₀)) < 0 for some x₀ in (0, 1)",
}
"""What happens past a threshold."""


def in_full(certificate: Json) -> str:
    """The statement of a certificate in one sentence."""
    claim, family = certificate["claim"], certificate.get("family", {})
    names = parameters(family)
    if claim["type"] == "region":
        one, *more = [box(names, b, claim["open"]) for b in claim["boxes"]]
        boxes = several((f"({b})" for b in [one, *more]), " or ") if more else one
        return f"for every {boxes}: {PROPERTIES[claim['property']]}"
    if claim["type"] == "threshold":
        return _threshold(certificate, names)
    says = _SAYS[claim["type"]](claim)
    return f"for every {box(names, family['box'])}: {says}" if "box" in family else says


def box(names: Sequence[str], intervals: Sequence[Sequence[str]], interior: bool = False) -> str:
    """a in [1, 2], s in [0, 1]; without the ends for the interior."""
    ends = "()" if interior else "[]"
    return ", ".join(within(n, i, *ends) for n, i in zip(names, intervals, strict=True))


def _threshold(certificate: Json, names: Sequence[str]) -> str:
    c, window = certificate["claim"], interval(certificate["witness"]["window"])
    a, *others = names
    low, high = map(number, c["range"])
    m = polynomial(c["polynomial"], names)
    if others:
        root = (
            f"for every {box(others, c['others'])} there is α in {window} with m(α, {', '.join(others)}) = 0, m = {m}"
        )
    else:
        root = f"m = {m} has one root α in {window}, and it lies in {interval(c['isolating'])}"
    before, after = PROPERTIES[c["property"]], FAILURES[c["critical"]]
    return f"{root}; for {a} in ({low}, α): {before}; for {a} in (α, {high}]: {after}"


def _every(start: Sequence[str]) -> str:
    """Every x in [1/100, 1], or x = 1."""
    return ("" if start[0] == start[1] else "every ") + within("x", start)


def _point(c: Json) -> str:
    lo, hi = c["point"]
    return f"p = {number(lo)}" if lo == hi else f"exactly one p in {interval(c['point'])}"


def _fixed(relation: str) -> Any:
    return lambda c: f"f(p) = p{relation} for {_point(c)}"


def _cycle(c: Json) -> str:
    k, places = len(c["intervals"]), [interval(i) for i in c["intervals"]]
    visits = ", ".join(f"f^{i}(p) in {place}" if i > 1 else f"f(p) in {place}" for i, place in enumerate(places) if i)
    first = f"some p in {places[0]} has {visits}" if visits else f"some p in {places[0]} has"
    return f"{first}{',' if visits else ''} f^{k}(p) = p, not so for fewer steps, and |(f^{k})'(p)| < 1"


def _flips(c: Json) -> str:
    t = c["step"]
    before = "x > 0" if t == 1 else "x > 0, f_1(x) > 0" if t == 2 else f"x > 0, …, f_{t - 1}(… f_1(x)) > 0"
    return f"{before}, but f_{t}({'x' if t == 1 else '… f_1(x)'}) < 0, for {_every(c['start'])}"


_SAYS: dict[str, Any] = {
    "maps-into": lambda c: f"φ(x) lies in {interval(c['target'])} for {_every(c['start'])}",
    "attains": lambda c: f"every number in {interval(c['contains'])} is φ(x) for some {within('x', c['start'])}",
    "robust-band": lambda c: (
        f"{within('x_0', c['start'])} and |x_t - f_t(x_(t-1))| ≤ ε_t for every t, where"
        f" ε = ({several(map(number, c['errors']))}), imply {within('x_T', c['target'])}"
    ),
    "sign-safe": lambda c: f"f_1(x) > 0, f_2(f_1(x)) > 0, … up to φ(x) > 0, for every x in (0, {number(c['upper'])}]",
    "slope": lambda c: f"φ'(0) = {number(c['value'])}",
    "fixes": _fixed(""),
    "attracts": _fixed(" and |f'(p)| < 1"),
    "repels": _fixed(" and |f'(p)| > 1"),
    "converges": lambda c: (
        f"f(p) = p for {_point(c)}, and f^n(x) → p as n → ∞ for every x in (0, {number(c['upper'])}]"
    ),
    "escapes": lambda c: f"|f^n(x)| → ∞ as n → ∞, for {_every(c['start'])}",
    "flips": _flips,
    "cycles": _cycle,
    "mean-square": lambda c: (
        f"the mean of (φ(x) - 1)² over x in {interval(c['interval'])} lies in {interval(c['bounds'])}"
    ),
    "minimax": lambda c: (
        f"max |1 - q(x)| over x in {interval(c['interval'])} is ≥ {number(c['error'])} for every odd polynomial q of"
        f" degree ≤ {c['degree']}"
    ),
    "composition-bound": lambda c: (
        f"max |1 - q_T(… q_1(x))| over x in {interval(c['interval'])} is ≥ {number(c['error'])} for all odd polynomials"
        f" q_t of degrees ≤ {several(map(str, c['degrees']))}"
    ),
}
