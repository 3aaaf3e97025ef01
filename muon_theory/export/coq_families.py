"""Claims about families with f(1) = 1: the statement over the reals for all parameters in a box, and its proof.

A certificate numbers its variables (parameters, y); the library reads y first.  `_turned` does nothing but that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from muon_theory.errors import UsageError
from muon_theory.export.coq_claims import Theorem
from muon_theory.export.coq_parts import (
    Part,
    Range,
    between,
    data,
    interval,
    items,
    lines,
    listed,
    pair,
    points,
    ratio,
    rational,
    rationals,
)

Monomial = tuple[Fraction, list[int]]

_NAME = re.compile(r"[abceghijklqrstuvw]")  # the others have a meaning in the statements: f, m, n, x, …

ORBIT = "Nat.iter n ({f}) x0"
FOLLOWS = {
    "converges": ("Convergent", f"forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => {ORBIT}) 1"),
    "sign-safe": ("SignSafe", f"forall x0, 0 < x0 <= 1 -> forall n, 0 < {ORBIT}"),
    "bounded": ("Bounded", f"forall x0, 0 < x0 <= 1 -> exists B, forall n, Rabs ({ORBIT}) <= B"),
    "positive": ("Positive", "forall x, 0 < x -> 0 < {f} x"),
    "attracting": ("Attracting", "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ Rabs d < 1"),
    "multiplier-above-1": ("MultiplierAbove", "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ 1 < d"),
    "multiplier-below-minus-1": ("MultiplierBelow", "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ d < -1"),
}
"""For each property its name in the library and what it says of a step."""

ONE_POINT = ("flips", "escapes", "escapes-alternating")
"""The properties that speak of one orbit; the library does not know them as regions."""

CONDITIONS = {
    "converges": ("w", "fixed-point", "zero", "N"),
    "sign-safe": ("w", "fixed-point", "zero"),
    "bounded": ("w", "fixed-point", "antipode"),
}
"""The conditions of the properties that have thresholds, in the order of the certificate."""

FAR = f"exists x0, 0 < x0 < 1 /\\ is_lim_seq (fun n => Rabs ({ORBIT})) p_infty"
FAILS = {
    ("converges", "fixed-point"): ("FixedPoint", FAR),
    ("bounded", "fixed-point"): ("FixedPoint", FAR),
    ("bounded", "antipode"): ("Antipode", FAR),
    ("sign-safe", "zero"): ("Zero", "exists x0, 0 < x0 < 1 /\\ Nat.iter 2 ({f}) x0 < 0"),
    ("converges", "zero"): ("Zero", f"exists x0, 0 < x0 < 1 /\\ is_lim_seq (fun n => {ORBIT}) 0"),
}
"""For each property and critical condition its name in the library and what some orbit does past the threshold."""


# Reading and writing polynomials in the parameters -------------------------------------------------------------------


def monomials(value: Any, variables: int) -> list[Monomial]:
    """[["coefficient", [exponents]], …]."""
    found = []
    for c, exponents in (items(monomial, 2) for monomial in items(value)):
        powers = items(exponents, variables)
        if not all(type(e) is int and 0 <= e <= 64 for e in powers):
            raise UsageError(f"not a certificate: exponents from 0 to 64 are expected, found {str(powers)[:60]!r}")
        found.append((rational(c), powers))
    return found


def as_data(ms: Iterable[Monomial]) -> str:
    """A polynomial as data: [(5#2, [0; 1]%nat); …]."""
    return listed(f"({ratio(c)}, {listed(map(str, es))}%nat)" for c, es in ms)


def as_text(ms: list[Monomial], names: list[str]) -> str:
    """The text that the library's `sum_text` computes: 5/2 - 1/2 * s - 2 * a.

    >>> as_text([(Fraction(5, 2), [0, 0]), (Fraction(-1, 2), [0, 1]), (Fraction(1), [2, 0])], ["a", "s"])
    '5/2 - 1/2 * s + a^2'
    """

    def monomial(c: Fraction, es: list[int]) -> str:
        powers = [name if e == 1 else f"{name}^{e}" for name, e in zip(names, es, strict=True) if e]
        return " * ".join([str(c), *powers] if c != 1 or not powers else powers)

    text = monomial(*ms[0]) if ms else "0"
    for c, es in ms[1:]:
        text += f" {'-' if c < 0 else '+'} {monomial(abs(c), es)}"
    return text


def _turned(values: list[Any]) -> list[Any]:
    """(parameters, y) in the order (y, parameters)."""
    return [*values[-1:], *values[:-1]]


def _first_y(value: Any, variables: int) -> str:
    return as_data((c, _turned(es)) for c, es in monomials(value, variables))


def _cuts(value: Any, axes: int) -> str:
    """Split points for each axis, those for y first."""
    return listed(points(rationals(v)) for v in _turned(items(value, axes)))


@dataclass(frozen=True, slots=True)
class Family:
    """The step f of a statement, with its parameters; the names are a certificate's only if they are one letter."""

    names: list[str]
    rows: list[list[Monomial]]

    def applied(self) -> str:
        return " ".join(["f", *self.names])

    def definitions(self) -> str:
        terms = []
        for i, ms in enumerate(self.rows):
            text = as_text(ms, self.names)
            power = "x" if i == 0 else f"x^{2 * i + 1}"
            terms.append(f"({text}) * {power}" if len(ms) > 1 else f"{text} * {power}")
        return f"Definition f ({' '.join([*self.names, 'x'])} : R) : R := {' + '.join(terms)}."

    def as_data(self) -> str:
        return "list (list monomial) :=" + lines(map(as_data, self.rows))


def read_family(part: Part) -> Family:
    """The family of a certificate."""
    names = items(part.raw("parameters"))
    if not 1 <= len(names) <= 3:
        raise UsageError(f"a family has one to three parameters, not {len(names)}")
    rows = [monomials(row, len(names)) for row in items(part.raw("coefficients"))]
    if not rows:
        raise UsageError("not a certificate: a family without coefficients")
    if len(set(map(str, names))) < len(names) or not all(isinstance(v, str) and _NAME.fullmatch(v) for v in names):
        names = [f"t{i}" for i in range(1, len(names) + 1)]
    return Family(names, rows)


# The claims ----------------------------------------------------------------------------------------------------------


def _axis(i: Range, closed: bool) -> str:
    inside = "true" if closed else "false"
    return f"Axis {data(i[0])} {inside} {data(i[1])} {inside} []"


def _axes(value: Any, length: int, closed: bool) -> str:
    return listed(_axis(i, closed) for i in map(interval, items(value, length)))


def _within(names: list[str], box: list[Range], closed: bool) -> str:
    """The bounds of each parameter, as a conjunction."""
    less = "<=" if closed else "<"
    return " /\\ ".join(f"{lo} {less} {name} {less} {hi}" for name, (lo, hi) in zip(names, box, strict=True))


def _known(table: dict[Any, tuple[str, str]], *words: Any) -> tuple[str, str]:
    key = words if len(words) > 1 else words[0]
    if not all(isinstance(word, str) for word in words) or key not in table:
        raise UsageError(f"not a certificate: {str(key)[:60]!r} is no property, or no property with its condition")
    return table[key]


def region(family: Family, claim: Part, witness: Part) -> Theorem:
    """A property of all members in some boxes."""
    kind, closed, names = claim.raw("property"), claim.raw("open") is False, family.names
    if kind in ONE_POINT:
        raise UsageError(f"a region with the property {kind!r} has no Coq export")
    name, says = _known(FOLLOWS, kind)
    k, raw = len(names), items(claim.raw("boxes"))
    if not raw:
        raise UsageError("not a certificate: a region has at least one box")
    boxes = [[interval(i) for i in items(box, k)] for box in raw]
    covers = []
    for cells in items(witness.raw("covers")):
        shown = []
        for place, cuts, _ in (items(cell, 3) for cell in items(cells)):
            y, *others = _turned([points(rationals(v)) for v in items(cuts, k + 1)])
            axes = [_axis(interval(i), closed)[:-2] + c for i, c in zip(items(place, k), others, strict=True)]
            shown.append(f"({y}, {listed(axes)})")
        covers.append(listed(shown))
    inside = [_within(names, box, closed) for box in boxes]
    where = inside[0] if len(inside) == 1 else " \\/\n  ".join(f"({one})" if k > 1 else one for one in inside)
    return Theorem(
        f"The step is {kind} for all these parameters.",
        {
            "the_family": family.as_data(),
            "the_boxes": "list (list axis) :=" + lines(_axes(box, k, closed) for box in raw),
            "the_covers": "list cover :=" + lines(covers),
        },
        f"forall {' '.join(names)} : R,\n  {where} ->\n  {says.format(f=family.applied())}",
        f"fun {' '.join(names)} here =>\n    Region.region {k} the_family the_boxes {name} the_covers {listed(names)}"
        f" ({family.applied()}) here _ _",
        "Region",
        limits="is_lim_seq" in says,
    )


def _contact(family: Family, kind: str, critical: str, witness: Part) -> str:
    """The data that the library's `threshold_test` computes with."""
    axes = len(family.names) + 1
    conditions = CONDITIONS[kind]
    below = dict(zip(conditions, items(witness.raw("below"), len(conditions)), strict=True))
    rest = [_cuts(cuts, axes) for what, cuts in below.items() if what not in ("w", critical)]
    edges = [_cuts(cuts, axes) for cuts in items(witness.raw("edges"), 2)]
    tail = witness.raw("tail")
    return "contact_data := Contact" + "".join(
        f"\n  {argument}"
        for argument in (
            f"{pair(witness.interval('window'))} {pair(witness.interval('core'))}",
            _cuts(below["w"], axes),
            _cuts(below[critical], axes),
            listed(rest),
            *edges,
            _cuts(witness.raw("falling"), axes),
            "[]" if critical == "zero" else _cuts(tail, axes),
            listed(points(rationals(v)) for v in items(witness.raw("grid"), axes - 1)),
            points(witness.rationals("points")),
            *(_first_y(witness.raw(key), axes) for key in ("u", "v", "cofactor")),
            _cuts(witness.raw("nonzero"), axes),
        )
    )


def threshold(family: Family, claim: Part, witness: Part) -> Theorem:
    """The parameter from which on a property fails, a root of m."""
    kind, critical = claim.raw("property"), claim.raw("critical")
    fails, after = _known(FAILS, kind, critical)
    follows, before = FOLLOWS[kind]
    (a0, a1), others = claim.interval("range"), claim.intervals("others")
    (a, *rest), names = family.names, family.names
    if len(others) != len(rest):
        raise UsageError(f"not a certificate: one interval for each of {len(rest)} other parameters is expected")
    m = monomials(claim.raw("polynomial"), len(names))
    (w0, w1), step = witness.interval("window"), family.applied()
    root = f"m {' '.join(['alpha', *rest])} = 0"
    ranges = (
        f"(forall {a}, {a0} < {a} < alpha ->\n    {before.format(f=step)}) /\\\n"
        f"  (forall {a}, alpha < {a} <= {a1} ->\n    {after.format(f=step)})"
    )
    given = {"the_family": family.as_data(), "the_m": "list monomial := " + as_data(m)}
    data_of_proof = {"the_contact": _contact(family, kind, critical, witness)}
    common = f"{follows} {fails} {data(a0)} {data(a1)}"
    if rest:
        if claim.raw("isolating") is not None:
            raise UsageError("not a certificate: with several parameters isolating is null")
        given["the_others"] = "list axis :=" + lines(_axis(i, True) for i in others)
        statement = (
            f"forall {' '.join(rest)} : R,\n  {_within(rest, others, True)} ->\n"
            f"  exists alpha, {w0} < alpha < {w1} /\\ {root} /\\\n  {ranges}"
        )
        proof = (
            f"fun {' '.join(rest)} here =>\n    Threshold.threshold the_family {common} the_others the_m the_contact\n"
            f"      {listed(rest)} (fun {a} => {step}) (fun {a} => m {' '.join(names)}) here _ _"
        )
    else:
        lo, hi = interval(claim.raw("isolating"))
        alone = points(rationals(items(witness.raw("alone"), 2)[0]))
        unique = f"(forall {a}, {between((w0, w1), a)} -> m {a} = 0 -> {a} = alpha)"
        statement = f"exists alpha, {between((lo, hi), 'alpha')} /\\ {root} /\\\n  {unique} /\\\n  {ranges}"
        proof = f"Isolated.threshold_alone the_family {common} the_m the_contact {data(lo)} {data(hi)} {alone} f m _ _"
    return Theorem(
        f"Up to alpha the step is {kind}, past it it is not.",
        given | data_of_proof,
        statement,
        proof,
        "Threshold" if rest else "Isolated",
        limits="is_lim_seq" in before + after,
        more=f"\nDefinition m ({' '.join(names)} : R) : R := {as_text(m, names)}.",
    )


CLAIMS: dict[str, Callable[[Family, Part, Part], Theorem]] = {"region": region, "threshold": threshold}
