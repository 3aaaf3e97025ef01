"""One function for each kind of claim: its certificate as a statement over the reals and a proof by the library.

The statement says what the claim says, in plain quantifiers.  The proof applies one theorem of the library to the data
of the certificate; what is left is computed by Coq.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from muon_theory.errors import UsageError
from muon_theory.exports.coq_parts import (
    Maps,
    Part,
    Steps,
    argument,
    between,
    data,
    items,
    lines,
    listed,
    nested,
    pair,
    points,
)


@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement, and the application of a library theorem that proves it up to its holes."""

    says: str  # in words
    witness: dict[str, str]  # the data the proof refers to: name, and "type := value"
    statement: str
    proof: str
    file: str  # of the library
    limits: bool = False  # does the statement speak of limits, so that Coquelicot is needed?
    about_functions: bool = True  # does it speak of the schedule's functions, rather than of all polynomials?
    more: str = ""  # definitions after those of the functions


def _parts(maps: Steps, kind: str, parts: Iterable[str]) -> str:
    """The parts of a proof, as a list of the library's type for them."""
    return f"list {kind}{maps.suffix} :=" + lines(parts)


def _step(maps: Steps, step: Part) -> str:
    return f"Step {pair(step.interval('outer'))} {' '.join(maps.all_cuts(step.raw('splits'), 2))}"


def _chain(maps: Steps, witness: Part) -> str:
    return _parts(maps, "step", (_step(maps, step) for step in witness.parts("steps")))


# Claims about a schedule ---------------------------------------------------------------------------------------------


def maps_into(maps: Steps, claim: Part, witness: Part) -> Theorem:
    """φ([l, u]) ⊆ [m, M]."""
    start, target = claim.interval("start"), claim.interval("target")
    return Theorem(
        "The composition sends the first interval into the second.",
        {"rows": maps.rows(), "chain": _chain(maps, witness)},
        maps.says(f"forall x, {between(start, 'x')} ->\n  {between(target, maps.applied())}"),
        maps.by("Bands", f"maps_into rows {listed(maps.names)} {pair(start)} {pair(target)} chain _ _"),
        maps.file("Bands"),
    )


def attains(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """φ([l, u]) ⊇ [m, M]."""
    start, contains = claim.interval("start"), claim.interval("contains")
    reaches = [
        f"Reach {pair(step.interval('inner'))} {' '.join(map(data, step.rationals('points', 2)))}"
        for step in witness.parts("steps")
    ]
    return Theorem(
        "Every value in the second interval is taken on the first.",
        {"rows": maps.rows(), "reaches": "list reach :=" + lines(reaches)},
        f"forall z, {between(contains, 'z')} ->\n  exists x, {between(start, 'x')} /\\ {maps.applied()} = z",
        f"Bands.attains rows {listed(maps.names)} {pair(start)} {pair(contains)} reaches _ _",
        "Bands",
    )


def robust_band(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """|x_t - f_t(x_{t-1})| ≤ ε_t and x_0 ∈ [l, u] give x_T ∈ [m, M]."""
    start, target = claim.interval("start"), claim.interval("target")
    errors = claim.rationals("errors", maps.count)
    premises = "".join(
        f"  forall x{t}, Rabs (x{t} - {name} x{t - 1}) <= {e} ->\n"
        for t, (name, e) in enumerate(zip(maps.names, errors, strict=True), 1)
    )
    return Theorem(
        "The composition sends the first interval into the second, even if each step errs by so much.",
        {"rows": maps.rows(), "chain": _chain(maps, witness)},
        f"forall x0, {between(start, 'x0')} ->\n{premises}  {between(target, f'x{len(errors)}')}",
        f"Bands.robust_band rows {listed(maps.names)} {points(errors)} {pair(start)} {pair(target)} chain _ _",
        "Bands",
    )


def sign_safe(maps: Steps, claim: Part, witness: Part) -> Theorem:
    """f_1(x) > 0, f_2(f_1(x)) > 0, … for x in (0, u]."""
    upper = claim.rational("upper")
    ceilings = (
        f"Ceiling {data(step.rational('upper'))} {' '.join(maps.all_cuts(step.raw('splits'), 2))}"
        for step in witness.parts("steps")
    )
    signs = " /\\\n  ".join(f"0 < {maps.applied(t)}" for t in range(1, maps.count + 1))
    return Theorem(
        "No step makes the iterate 0 or negative.",
        {"rows": maps.rows(), "ceilings": _parts(maps, "ceiling", ceilings)},
        maps.says(f"forall x, 0 < x <= {upper} ->\n  {signs}"),
        maps.by("Bands", f"sign_safe rows {listed(maps.names)} {data(upper)} ceilings _ _"),
        maps.file("Bands"),
    )


def flips(maps: Steps, claim: Part, witness: Part) -> Theorem:
    """x > 0, f_1(x) > 0, … and then f_t(…) < 0, for x in [l, u]."""
    start, step = claim.interval("start"), claim.whole("step")
    if step > maps.count and not maps.constant:
        raise UsageError(f"the schedule has {maps.count} steps: there is no step {step} to flip a sign")
    signs = [*(f"0 < {maps.applied(t)}" for t in range(step)), f"{maps.applied(step)} < 0"]
    return Theorem(
        f"Step {step} makes the iterate negative.",
        {"rows": maps.rows(step), "chain": _chain(maps, witness)},
        maps.says(f"forall x, {between(start, 'x')} ->\n  " + " /\\\n  ".join(signs)),
        maps.by("Bands", f"flips rows {listed(maps.name(t) for t in range(step))} {pair(start)} chain _ _"),
        maps.file("Bands"),
    )


def slope(maps: Maps, claim: Part, _witness: Part) -> Theorem:
    """φ'(0) = v."""
    value = claim.rational("value")
    return Theorem(
        "The derivative of the composition at 0.",
        {"rows": maps.rows()},
        f"derivable_pt_lim (fun x => {maps.applied()}) 0 {argument(value)}",
        f"FixedPoints.slope rows {listed(maps.names)} {data(value)} _ _",
        "FixedPoints",
    )


def mean_square(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """m ≤ (1/(u - l)) ∫ (φ - 1)² ≤ M over [l, u]."""
    over, (low, high), cells = claim.interval("interval"), claim.interval("bounds"), []
    ends = [*witness.rationals("points"), over[1]]
    for end, chain in zip(ends, items(witness.raw("chains"), len(ends)), strict=True):
        steps = [Part(step) for step in items(chain, maps.count)]
        cells.append(
            f"Cell {data(end)} {pair(steps[-1].interval('outer'))} {listed(_step(maps, step) for step in steps)}"
        )
    length = f"({over[1]} - {over[0]})"
    return Theorem(
        "The integral of the squared deviation from 1, by the length of the interval.",
        {"rows": maps.rows(), "cells": "list cell :=" + lines(cells)},
        f"{low} * {length}\n  <= RInt (fun x => ({maps.applied()} - 1)^2) {argument(over[0])} {argument(over[1])}\n"
        f"  <= {high} * {length}",
        f"MeanSquare.mean_square rows {listed(maps.names)} {pair(over)} {pair((low, high))} cells _ _",
        "MeanSquare",
        limits=True,
    )


# Claims about one map ------------------------------------------------------------------------------------------------


def _one_row(maps: Steps) -> dict[str, str]:
    if not maps.constant:
        raise UsageError("the claim is about one map repeated without end: all rows of the schedule must be equal")
    return {"the_row": f"{maps.row_type} := {maps.row(0)}"}


def _at_point(maps: Maps, claim: Part, splits: list[str], kind: str, says: str, relation: str) -> Theorem:
    """At a rational point, or at the one fixed point in a bracket: f(p) = p, and a relation for d = f'(p)."""
    lo, hi = claim.interval("point")
    slope_at = f"exists d, derivable_pt_lim f {{}} d /\\ {relation}"
    if lo == hi:
        p = argument(lo)
        statement = f"f {p} = {lo}" + (f" /\\ {slope_at.format(p)}" if relation else "")
        proof = f"FixedPoints.{kind} the_row f {data(lo)} _ _"
    else:
        says += ", the only fixed point in its bracket"
        inside = f"{lo} < p < {hi}"
        statement = f"exists! p, {inside} /\\ f p = p"
        if relation:
            statement = f"({statement}) /\\\n  forall p, {inside} -> f p = p ->\n    {slope_at.format('p')}"
        proof = f"FixedPoints.{kind}_between the_row f {data(lo)} {data(hi)} {' '.join(splits)} _ _"
    return Theorem(f"{says}.", _one_row(maps), statement, proof, "FixedPoints")


def fixes(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """f(p) = p."""
    return _at_point(maps, claim, maps.all_cuts(witness.raw("splits"), 1), "fixes", "A fixed point", "")


def attracts(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """f(p) = p and |f'(p)| < 1."""
    splits = maps.all_cuts(witness.raw("splits"), 3)
    return _at_point(maps, claim, splits, "attracts", "An attracting fixed point", "Rabs d < 1")


def repels(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """f(p) = p and |f'(p)| > 1."""
    splits = maps.all_cuts(witness.raw("splits"), 2)
    return _at_point(maps, claim, splits, "repels", "A repelling fixed point", "1 < Rabs d")


def converges(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """f^n(x) → p for x in (0, β]."""
    (lo, hi), upper = claim.interval("point"), claim.rational("upper")
    alone, *signs = maps.all_cuts(witness.raw("splits"), 6)
    orbits = f"forall x0, 0 < x0 <= {upper} -> is_lim_seq (fun n => Nat.iter n f x0)"
    if lo == hi:
        statement = f"{orbits} {argument(lo)}"
        proof = f"Converges.converges the_row f {data(lo)} {data(upper)} the_signs _ _"
    else:
        statement = f"exists p, {lo} < p < {hi} /\\ f p = p /\\\n  {orbits} p"
        proof = f"Converges.converges_between the_row f {data(lo)} {data(hi)} {data(upper)} {alone} the_signs _ _"
    witnesses = {**_one_row(maps), "the_signs": "signs := Signs " + " ".join(signs)}
    return Theorem("Every orbit tends to the fixed point.", witnesses, statement, proof, "Converges", limits=True)


def escapes(maps: Steps, claim: Part, witness: Part) -> Theorem:
    """|f^n(x)| → ∞ for x in [l, u]."""
    start, radius, growth = claim.interval("start"), witness.rational("radius"), witness.rational("ratio")
    negative, cuts, f = str(maps.negative_at_infinity()).lower(), maps.cuts(witness.raw("splits")), maps.applied_map
    return Theorem(
        "Every orbit from the interval leaves every bound.",
        {**_one_row(maps), "chain": _chain(maps, witness)},
        maps.says(f"forall x0, {between(start, 'x0')} ->\n  is_lim_seq (fun n => Rabs (Nat.iter n {f} x0)) p_infty"),
        maps.by(
            "Escapes", f"escapes the_row {f} {pair(start)} chain {data(radius)} {data(growth)} {negative} {cuts} _ _"
        ),
        maps.file("Escapes"),
        limits=True,
    )


def cycles(maps: Steps, claim: Part, witness: Part) -> Theorem:
    """An attracting cycle, one point in each interval."""
    places = claim.intervals("intervals")
    if not (k := len(places)):
        raise UsageError("not a certificate: a cycle needs at least one interval")
    splits, bounds, f = items(witness.raw("splits"), k), witness.rationals("bounds", k), maps.applied_map
    arcs = (
        f"Arc {pair(i)} {data(d)} {' '.join(maps.all_cuts(four, 4))}"
        for i, d, four in zip(places, bounds, splits, strict=True)
    )
    visits = " /\\ ".join(between(i, nested([maps.name(0)] * t, "p")) for t, i in enumerate(places))
    return Theorem(
        f"An attracting cycle of period {k}, one point in each interval; it draws the whole first interval.",
        {**_one_row(maps), "arcs": _parts(maps, "arc", arcs)},
        maps.says(
            f"exists p, ({visits}) /\\\n  Nat.iter {k} {f} p = p /\\\n"
            f"  (forall m, (0 < m < {k})%nat -> Nat.iter m {f} p <> p) /\\\n"
            f"  (exists d, derivable_pt_lim (Nat.iter {k} {f}) p d /\\ Rabs d < 1) /\\\n"
            f"  forall x, {between(places[0], 'x')} -> is_lim_seq (fun n => Nat.iter (n * {k}) {f} x) p"
        ),
        maps.by("Cycles", f"cycles the_row {f} {pair(places[0])} arcs _ _"),
        maps.file("Cycles"),
        limits=True,
    )


# Lower bounds --------------------------------------------------------------------------------------------------------


def _any_polynomial(degree: int, name: str) -> tuple[list[str], str]:
    """Every odd polynomial of at most that degree: the names of its coefficients, and its text."""
    if degree % 2 == 0:
        raise UsageError(f"the degree of an odd polynomial is odd, not {degree}")
    names = [f"{name}{i}" for i in range(1, degree + 1, 2)]
    return names, " + ".join([f"{names[0]} * x", *(f"{c} * x^{2 * i + 1}" for i, c in enumerate(names[1:], 1))])


def minimax(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """max |1 - q| ≥ E over [l, u] for every odd polynomial q of that degree."""
    (l, u), error = claim.interval("interval"), claim.rational("error")
    names, q = _any_polynomial(claim.whole("degree"), "a")
    if maps.count != 1:
        raise UsageError("minimax takes one reference polynomial: the schedule must have one row")
    every, m = " ".join(names), len(names)
    return Theorem(
        "No odd polynomial of this degree comes closer to 1 than this.",
        {
            "reference": "row := " + points(maps.numbers[0]),
            "alternating": "list Q := " + points(witness.rationals("points")),
        },
        f"forall {every} : R,\n  exists x, {between((l, u), 'x')} /\\ {error} <= Rabs (1 - ({q}))",
        f"fun {every} => Minimax.minimax reference {m} {data(l)} {data(u)} {data(error)} alternating _\n"
        f"    {listed(names)} (Nat.le_refl {m})",
        "Minimax",
        about_functions=False,
    )


def composition_bound(maps: Maps, claim: Part, witness: Part) -> Theorem:
    """max |1 - q_T ∘ … ∘ q_1| ≥ E over [l, u] for all odd polynomials q_t of those degrees."""
    (l, u), error, steps = claim.interval("interval"), claim.rational("error"), maps.count
    levels, lets, names, lengths = [], "", [], "I"
    degrees, reached = claim.wholes("degrees", steps), witness.parts("steps", steps)
    for t, (degree, row, step) in enumerate(zip(degrees, maps.numbers, reached, strict=True), 1):
        own, q = _any_polynomial(degree, f"a{t}_")
        least, one = step.interval("interval")
        if one != 1:
            raise UsageError(f"not a certificate: the interval of step {t} ends at {one}, not at 1")
        numbers = f"{data(least)} {data(step.rational('error'))} {points(step.rationals('points'))}"
        levels.append(f"Level {points(row)} {len(own)} {numbers}")
        lets += f"  let q{t} x := {q} in\n"
        names.append(own)
    for own in reversed(names):
        lengths = f"(conj (Nat.le_refl {len(own)}) {lengths})"
    every, composed = " ".join(c for own in names for c in own), nested((f"q{t}" for t in range(1, steps + 1)), "x")
    return Theorem(
        "No composition of odd polynomials of these degrees comes closer to 1 than this.",
        {"levels": "list level :=" + lines(levels)},
        f"forall {every} : R,\n{lets}  exists x, {between((l, u), 'x')} /\\ {error} <= Rabs (1 - {composed})",
        f"fun {every} => Composition.composition_bound {data(l)} {data(u)} {data(error)} levels _\n"
        f"    {listed(map(listed, names))} {lengths}",
        "Composition",
        about_functions=False,
    )


CLAIMS: dict[str, Callable[[Maps, Part, Part], Theorem]] = {
    claim.__name__.replace("_", "-"): claim
    for claim in (
        maps_into, attains, robust_band, sign_safe, flips, slope, fixes, attracts, repels, converges, escapes, cycles,
        minimax, composition_bound, mean_square,
    )
}  # fmt: skip
ABOUT_MEMBERS: dict[str, Callable[[Steps, Part, Part], Theorem]] = {
    claim.__name__.replace("_", "-"): claim for claim in (maps_into, sign_safe, flips, escapes, cycles)
}
"""Those that may be about every member of a family in a box."""
