"""Claims about families with f(1) = 1: the statement over the reals for all parameters in a box, and its proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from muon_theory.claims.properties import FAILURES, PROPERTIES, W
from muon_theory.errors import UsageError
from muon_theory.exports.coq_claims import Theorem
from muon_theory.exports.coq_parameters import Family, as_data, as_text, axis, cuts, first_y, monomials, turned, within
from muon_theory.exports.coq_parts import (
    Part,
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

ORBIT = "Nat.iter n ({f}) x0"
FAR = f"exists x0, 0 < x0 < 1 /\\ is_lim_seq (fun n => Rabs ({ORBIT})) p_infty"
FLIPS = "exists x0, 0 < x0 < 1 /\\ {f} ({f} x0) < 0"
LANDS = "exists x0, 0 < x0 < 1 /\\ {f} ({f} x0) = {f} x0 /\\ {f} x0 <> 1"
FOLLOWS = {
    "converges": ("Convergent", f"forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => {ORBIT}) 1"),
    "sign-safe": ("SignSafe", f"forall x0, 0 < x0 <= 1 -> forall n, 0 < {ORBIT}"),
    "bounded": ("Bounded", f"forall x0, 0 < x0 <= 1 -> exists B, forall n, Rabs ({ORBIT}) <= B"),
    "positive": ("Positive", "forall x, 0 < x -> 0 < {f} x"),
    "attracting": ("Attracting", "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ Rabs d < 1"),
    "multiplier-above-1": ("MultiplierAbove", "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ 1 < d"),
    "multiplier-below-minus-1": ("MultiplierBelow", "{f} 1 = 1 /\\ exists d, derivable_pt_lim ({f}) 1 d /\\ d < -1"),
    "flips": ("Flips", FLIPS),
    "escapes": ("Escapes", FAR),
    "escapes-alternating": (
        "EscapesAlternating",
        f"{FAR} /\\\n    forall n, (0 < n)%nat -> {ORBIT} * {ORBIT.replace('iter n', 'iter (S n)')} < 0",
    ),
    "lands": ("Lands", LANDS),
    "returns": ("Returns", "exists x0, 0 < x0 < 1 /\\ {f} ({f} x0) = x0"),
}
"""For each property its name in the library and what it says of a step."""

FAILS = {
    ("converges", "fixed-point"): ("FixedPoint", FAR),
    ("converges", "landing"): ("Landing", LANDS),
    ("bounded", "fixed-point"): ("FixedPoint", FAR),
    ("bounded", "antipode"): ("Antipode", FAR),
    ("sign-safe", "zero"): ("Zero", FLIPS),
}
"""For each property and critical condition its name in the library and what some orbit does past the threshold.

Not ("converges", "zero"): g·g(Z) - 1 = (g² - 1)·N, so where w > 0 and N > 0 also g(Z) > 1/g > 0.  Convergence ends
before a sign flips, and no certificate can show the contrary.
"""


# The claims ----------------------------------------------------------------------------------------------------------


def _property(kind: Any) -> tuple[str, str]:
    if not isinstance(kind, str) or kind not in FOLLOWS:
        raise UsageError(f"not a certificate: {str(kind)[:60]!r} is none of the properties {', '.join(FOLLOWS)}")
    return FOLLOWS[kind]


def _failure(kind: Any, critical: Any) -> tuple[str, str]:
    if not isinstance(critical, str) or (kind, critical) not in FAILS:
        every = ", ".join(f"{k} by {c}" for k, c in FAILS)
        raise UsageError(f"not a certificate: {kind} does not end by {str(critical)[:40]}; what ends: {every}")
    return FAILS[kind, critical]


def _cell(cell: Any, parameters: int, closed: bool) -> tuple[str, str, Any]:
    """A cell of a cover: its split points for y, its box, and its x₀², if it has one."""
    place, cut_at, point = items(cell, 3)
    y, *others = turned([points(rationals(v)) for v in items(cut_at, parameters + 1)])
    ranges = map(interval, items(place, parameters))
    return y, listed(axis(i, closed, c) for i, c in zip(ranges, others, strict=True)), point


def region(family: Family, claim: Part, witness: Part) -> Theorem:
    """A property of all members in some boxes."""
    kind, closed, names = claim.raw("property"), claim.raw("open") is False, family.names
    name, says = _property(kind)
    k, raw = len(names), items(claim.raw("boxes"))
    if not raw:
        raise UsageError("not a certificate: a region has at least one box")
    boxes = [[interval(i) for i in items(box, k)] for box in raw]
    covers = [[_cell(cell, k, closed) for cell in items(cells)] for cells in items(witness.raw("covers"))]
    first = sum(c.at_point for c in PROPERTIES[kind].conditions)  # the first ones are about one x₀
    at_point = [listed(f"({ratio(rational(y))}, {box})" for _, box, y in cells) for cells in covers[:first]]
    everywhere = [listed(f"({cut_at}, {box})" for cut_at, box, _ in cells) for cells in covers[first:]]
    inside = [within(names, box, closed) for box in boxes]
    where = inside[0] if len(inside) == 1 else " \\/\n  ".join(f"({one})" if k > 1 else one for one in inside)
    witnesses = {
        "the_family": family.as_data(),
        "the_boxes": "list (list axis) :=" + lines(listed(axis(i, closed) for i in box) for box in boxes),
        "the_covers": "list cover :=" + lines(everywhere),
    }
    if first:
        witnesses["the_points"] = "list cover_at :=" + lines(at_point)
    every = " ".join(names)
    return Theorem(
        f"For all these parameters {'some orbit' if first else 'the step is'} {kind}.",
        witnesses,
        f"forall {every} : R,\n  {where} ->\n  {says.format(f=family.applied())}",
        f"fun {every} here =>\n    Region.region {k} the_family the_boxes {name} the_covers"
        f" {'the_points' if first else '[]'} {listed(names)} ({family.applied()}) here _ _",
        "Region",
        limits="is_lim_seq" in says,
    )


def _contact(family: Family, kind: str, critical: str, witness: Part) -> str:
    """The data that the library's `threshold_test` computes with."""
    axes = len(family.names) + 1
    conditions, met = PROPERTIES[kind].conditions, FAILURES[critical].condition
    below = dict(zip(conditions, items(witness.raw("below"), len(conditions)), strict=True))
    rest = [cuts(at, axes) for what, at in below.items() if what not in (W, met)]
    edges = [cuts(at, axes) for at in items(witness.raw("edges"), 2)]
    tail = witness.raw("tail")
    return "contact_data := Contact" + "".join(
        f"\n  {argument}"
        for argument in (
            f"{pair(witness.interval('window'))} {pair(witness.interval('core'))}",
            cuts(below[W], axes),
            cuts(below[met], axes),
            listed(rest),
            *edges,
            cuts(witness.raw("falling"), axes),
            cuts(tail, axes) if FAILURES[critical].falling or FAILURES[critical].closed else "[]",
            listed(points(rationals(v)) for v in items(witness.raw("grid"), axes - 1)),
            points(witness.rationals("points")),
            *(first_y(witness.raw(key), axes) for key in ("u", "v", "cofactor")),
            cuts(witness.raw("nonzero"), axes),
        )
    )


def threshold(family: Family, claim: Part, witness: Part) -> Theorem:
    """The parameter from which on a property fails, a root of m."""
    kind, critical = claim.raw("property"), claim.raw("critical")
    (follows, before), (fails, after) = _property(kind), _failure(kind, critical)
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
        given["the_others"] = "list axis :=" + lines(axis(i) for i in others)
        statement = (
            f"forall {' '.join(rest)} : R,\n  {within(rest, others)} ->\n"
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
