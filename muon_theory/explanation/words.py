"""Numbers, intervals, polynomials and uses of the rule as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from muon_theory.errors import UsageError
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial

_RATIONAL = re.compile(r"-?[0-9]{1,2000}(/[0-9]{1,2000})?")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SHOWN = 40  # characters of a number, or numbers of a list, that are written out


def fraction(text: Any) -> Fraction:
    """The number of a certificate's text; nothing but p or p/q is read."""
    if not isinstance(text, str) or not _RATIONAL.fullmatch(text):
        raise UsageError(f"a rational such as '-17/25' is expected, found {str(text)[:40]!r}")
    return Fraction(text)


def number(value: str | Fraction) -> str:
    """Exactly, or, if that is long, to 12 digits behind an ≈."""
    q = value if isinstance(value, Fraction) else fraction(value)
    text = str(q) if max(abs(q.numerator), q.denominator) < 10**SHOWN else ""
    return text if text and len(text) <= SHOWN else f"≈ {decimal(q)}"


def near(q: Fraction) -> str:
    """To 6 digits, behind an ≈ unless that is exact."""
    text = decimal(q, 6)
    return text if fraction_of(text) == q else f"≈ {text}"


def fraction_of(decimal_text: str) -> Fraction | None:
    """The number of a short decimal; None for one in scientific notation."""
    return None if "e" in decimal_text else Fraction(decimal_text)


def parameters(family: Mapping[str, Any]) -> list[str]:
    """The names of a family's parameters; t1, t2, … where they are not plain words."""
    names = family.get("parameters", [])
    plain = all(isinstance(n, str) and n.isidentifier() and len(n) <= SHOWN for n in names)
    return list(names) if plain else [f"t{i}" for i in range(1, len(names) + 1)]


def several(texts: Iterable[str], between: str = ", ") -> str:
    """A list, cut off in the middle if it is long."""
    every = list(texts)
    if len(every) > SHOWN:
        every = [*every[: SHOWN // 2], f"… ({len(every) - SHOWN} more) …", *every[-SHOWN // 2 :]]
    return between.join(every)


def interval(value: Sequence[str], left: str = "[", right: str = "]") -> str:
    """[1/100, 1]."""
    lo, hi = value
    return f"{left}{number(lo)}, {number(hi)}{right}"


def within(name: str, value: Sequence[str], left: str = "[", right: str = "]") -> str:
    """x in [1/100, 1], or x = 1."""
    if value[0] == value[1]:
        return f"{name} = {number(value[0])}"
    return f"{name} in {interval(value, left, right)}"


def square(text: str) -> str:
    """(4/3)², 2²."""
    shown = number(text)
    return f"{shown}²" if shown.isdigit() else f"({shown})²"


def polynomial(value: Sequence[Any], names: Sequence[str]) -> str:
    """A polynomial in the parameters: 5/2 - 2·a + a²·s."""
    text = ""
    for c, exponents in value:
        q = fraction(c)
        if not q:
            continue
        powers = [
            n if k == 1 else n + str(k).translate(_SUPERSCRIPT) for n, k in zip(names, exponents, strict=True) if k
        ]
        term = "·".join(powers if abs(q) == 1 and powers else [number(abs(q)), *powers])
        text += (" - " if q < 0 else " + ") + term if text else ("-" if q < 0 else "") + term
    return text or "0"


def step(row: Sequence[Any], names: Sequence[str] = ()) -> str:
    """A step written out: 3/2 x - 1/2 x³, or, in a family, (a)·x + (1 - a)·x³."""
    if not names:
        return str(OddPolynomial(tuple(map(fraction, row))))
    powers = ("x" + (str(2 * i + 1).translate(_SUPERSCRIPT) if i else "") for i in range(len(row)))
    terms = ((polynomial(c, names), power) for c, power in zip(row, powers, strict=True))
    return " + ".join(f"{c}·{x}" if c.isalnum() else f"({c})·{x}" for c, x in terms if c != "0") or "0"


def steps(rows: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> list[str]:
    """The steps of a schedule and what φ is."""
    count = len(rows)
    if all(row == rows[0] for row in rows):
        times = f" repeated {count} times" if count > 1 else ""
        return [f"f(x) = {step(rows[0], names)}", f"φ = f{times}, f_t = f for every t"]
    composed = " ∘ ".join(f"f_{t}" for t in range(count, 0, -1)) if count < 6 else f"f_{count} ∘ … ∘ f_1"
    return [*(f"f_{t}(x) = {step(row, names)}" for t, row in enumerate(rows, 1)), f"φ = {composed}"]


def rule(what: str, where: Sequence[str], cuts: Sequence[Any], axes: Sequence[str]) -> str:
    """One use of the rule: what is shown, for which values, and the cells it was cut into."""
    grid = cuts if cuts and isinstance(cuts[0], list) else [cuts]
    count = 1
    for axis in grid:
        count *= len(axis) + 1
    cut = "; ".join(f"{n} cut at {several(map(number, axis))}" for n, axis in zip(axes, grid, strict=True) if axis)
    cells = f"by the rule on {count} cells: {cut}" if cut else "by the rule"
    return f"{what} for {', '.join(filter(None, where))}, {cells}"


def cells(axes: Sequence[Sequence[str]]) -> list[tuple[tuple[str, str], ...]]:
    """The cells of a grid, in the checker's order."""
    return list(product(*(list(pairwise(axis)) for axis in axes)))
