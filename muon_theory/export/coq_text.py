"""The text of a Coq file from a certificate's JSON: data first, then the functions, the theorem and its one-line proof.

A rational appears twice: as data, `-191#40`, and in the statement, `-191/40`, a real number.  The library's function
`written` turns the first into the second, so that Coq reads them as equal by computation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from muon_theory.errors import UsageError

FORMAT, BUNDLE = "muon-theory/certificate/1", "muon-theory/bundle/1"
_RATIONAL = re.compile(r"-?[0-9]+(?:/[0-9]*[1-9][0-9]*)?")

Row = list[Fraction]
Range = tuple[Fraction, Fraction]


# Reading -------------------------------------------------------------------------------------------------------------
# Every text that reaches a Coq file is built from numbers read here, never copied from the certificate.


def _get(value: Any, key: str) -> Any:
    if not isinstance(value, dict) or key not in value:
        raise UsageError(f"not a certificate: an object with the key {key!r} is expected, found {str(value)[:60]!r}")
    return value[key]


def _list(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        expected = "a list" if length is None else f"a list of {length}"
        raise UsageError(f"not a certificate: {expected} is expected, found {str(value)[:60]!r}")
    return value


def _rational(value: Any) -> Fraction:
    if not isinstance(value, str) or not _RATIONAL.fullmatch(value):
        raise UsageError(f"not a certificate: a rational such as '-17/25' is expected, found {str(value)[:60]!r}")
    return Fraction(value)


def _rationals(value: Any) -> list[Fraction]:
    return [_rational(v) for v in _list(value)]


def _interval(value: Any) -> Range:
    lo, hi = _list(value, 2)
    return _rational(lo), _rational(hi)


def _whole(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise UsageError(f"not a certificate: a positive integer is expected, found {str(value)[:60]!r}")
    return value


def _row(value: Any) -> Row:
    row = _rationals(value)
    while len(row) > 1 and not row[-1]:
        row.pop()
    if not row:
        raise UsageError("not a certificate: a row without coefficients")
    return row


# Writing -------------------------------------------------------------------------------------------------------------


def real(q: Fraction) -> str:
    """A rational in the statement: 17/25."""
    return str(q)


def atom(q: Fraction) -> str:
    """The same as an argument of a function."""
    return f"({q})"


def data(q: Fraction) -> str:
    """A rational in the data: 17#25."""
    return f"({q.numerator}#{q.denominator})"


def data_list(values: Sequence[str]) -> str:
    return f"[{'; '.join(values)}]"


def points(qs: Sequence[Fraction]) -> str:
    return data_list([data(q)[1:-1] for q in qs])


def pair(i: Range) -> str:
    return f"({data(i[0])[1:-1]}, {data(i[1])[1:-1]})"


def polynomial(row: Row) -> str:
    """c1 x + c3 x^3 + ..., without the terms that are 0: the text that the library's `written` computes."""
    text = f"{real(row[0])} * x"
    for i, c in enumerate(row[1:], 1):
        if c:
            text += f" {'-' if c < 0 else '+'} {real(abs(c))} * x^{2 * i + 1}"
    return text


def between(i: Range, what: str) -> str:
    return f"{real(i[0])} <= {what} <= {real(i[1])}"


@dataclass(frozen=True, slots=True)
class Maps:
    """The functions f_1, …, f_T of the statement: one name where all rows are equal, else one for each step."""

    rows: list[Row]

    @property
    def constant(self) -> bool:
        return all(row == self.rows[0] for row in self.rows)

    def name(self, t: int) -> str:
        return "f" if self.constant else f"f{t + 1}"

    def names(self, steps: int | None = None) -> list[str]:
        return [self.name(t) for t in range(len(self.rows) if steps is None else steps)]

    def applied(self, steps: int, x: str = "x") -> str:
        """f_steps ( … (f_1 x))."""
        text = x
        for name in self.names(steps):
            text = f"{name} {text}" if text == x else f"{name} ({text})"
        return text

    def definitions(self) -> str:
        shown = self.rows[:1] if self.constant else self.rows
        return "\n".join(
            f"Definition {self.name(t)} (x : R) : R := {polynomial(row)}." for t, row in enumerate(shown)
        )


@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement, and the application of a library theorem that proves it: its holes are filled in order by `tactics`."""

    says: str
    witness: dict[str, str]  # name: "type := value" of the data the proof refers to
    statement: str
    proof: str
    tactics: Sequence[str]
    file: str
    limits: bool = False  # the statement speaks of limits, so Coquelicot is loaded


WRITTEN, COMPUTED = "by_writing", "by_computing"


def _chain_step(step: Any) -> str:
    lower, upper = _list(_get(step, "splits"), 2)
    return f"Step {pair(_interval(_get(step, 'outer')))} {points(_rationals(lower))} {points(_rationals(upper))}"


def _lines(values: Sequence[str]) -> str:
    return "[" + ";\n   ".join(values) + "]"


def _rows_data(rows: Sequence[Row]) -> str:
    return "list row := " + _lines([points(row) for row in rows])


def _chain(witness: Any) -> str:
    return "list step := " + _lines([_chain_step(s) for s in _list(_get(witness, "steps"))])


# Claims about a schedule ---------------------------------------------------------------------------------------------


def maps_into(maps: Maps, claim: Any, witness: Any) -> Theorem:
    start, target, steps = _interval(_get(claim, "start")), _interval(_get(claim, "target")), len(maps.rows)
    return Theorem(
        "The composition sends the first interval into the second.",
        {"rows": _rows_data(maps.rows), "chain": _chain(witness)},
        f"forall x, {between(start, 'x')} ->\n  {between(target, maps.applied(steps))}",
        f"Bands.maps_into rows {data_list(maps.names())} {pair(start)} {pair(target)} chain _ _",
        (WRITTEN, COMPUTED),
        "Bands",
    )


def attains(maps: Maps, claim: Any, witness: Any) -> Theorem:
    start, contains, steps = _interval(_get(claim, "start")), _interval(_get(claim, "contains")), len(maps.rows)
    reaches = []
    for step in _list(_get(witness, "steps")):
        p, q = _list(_get(step, "points"), 2)
        reaches.append(f"Reach {pair(_interval(_get(step, 'inner')))} {data(_rational(p))} {data(_rational(q))}")
    return Theorem(
        "Every value in the second interval is taken on the first.",
        {"rows": _rows_data(maps.rows), "reaches": "list reach := " + _lines(reaches)},
        f"forall z, {between(contains, 'z')} ->\n  exists x, {between(start, 'x')} /\\ {maps.applied(steps)} = z",
        f"Bands.attains rows {data_list(maps.names())} {pair(start)} {pair(contains)} reaches _ _",
        (WRITTEN, COMPUTED),
        "Bands",
    )


def robust_band(maps: Maps, claim: Any, witness: Any) -> Theorem:
    start, target = _interval(_get(claim, "start")), _interval(_get(claim, "target"))
    errors = [_rational(e) for e in _list(_get(claim, "errors"), len(maps.rows))]
    premises = "".join(
        f"  forall x{t + 1}, Rabs (x{t + 1} - {maps.name(t)} x{t}) <= {real(e)} ->\n" for t, e in enumerate(errors)
    )
    return Theorem(
        "Each step may err by at most the bound beside it.",
        {"rows": _rows_data(maps.rows), "chain": _chain(witness)},
        f"forall x0, {between(start, 'x0')} ->\n{premises}  {between(target, f'x{len(errors)}')}",
        f"Bands.robust_band rows {data_list(maps.names())} {points(errors)} {pair(start)} {pair(target)} chain _ _",
        (WRITTEN, COMPUTED),
        "Bands",
    )


def sign_safe(maps: Maps, claim: Any, witness: Any) -> Theorem:
    upper, ceilings = _rational(_get(claim, "upper")), []
    for step in _list(_get(witness, "steps")):
        sign, bound = _list(_get(step, "splits"), 2)
        top = data(_rational(_get(step, "upper")))
        ceilings.append(f"Ceiling {top} {points(_rationals(sign))} {points(_rationals(bound))}")
    signs = " /\\\n  ".join(f"0 < {maps.applied(t + 1)}" for t in range(len(maps.rows)))
    return Theorem(
        "No step makes the iterate 0 or negative.",
        {"rows": _rows_data(maps.rows), "ceilings": "list ceiling := " + _lines(ceilings)},
        f"forall x, 0 < x <= {real(upper)} ->\n  {signs}",
        f"Bands.sign_safe rows {data_list(maps.names())} {data(upper)} ceilings _ _",
        (WRITTEN, COMPUTED),
        "Bands",
    )


def flips(maps: Maps, claim: Any, witness: Any) -> Theorem:
    start, step = _interval(_get(claim, "start")), _whole(_get(claim, "step"))
    if step > len(maps.rows) and not maps.constant:
        raise UsageError(f"the schedule has {len(maps.rows)} steps: there is no step {step} to flip a sign")
    rows = [maps.rows[t if t < len(maps.rows) else 0] for t in range(step)]
    signs = [f"0 < {maps.applied(t)}" for t in range(step)] + [f"{maps.applied(step)} < 0"]
    return Theorem(
        f"Step {step} makes the iterate negative.",
        {"rows": _rows_data(rows), "chain": _chain(witness)},
        f"forall x, {between(start, 'x')} ->\n  " + " /\\\n  ".join(signs),
        f"Bands.flips rows {data_list(maps.names(step))} {pair(start)} chain _ _",
        (WRITTEN, COMPUTED),
        "Bands",
    )


def slope(maps: Maps, claim: Any, _witness: Any) -> Theorem:
    value, steps = _rational(_get(claim, "value")), len(maps.rows)
    return Theorem(
        "The derivative of the composition at 0.",
        {"rows": _rows_data(maps.rows)},
        f"derivable_pt_lim (fun x => {maps.applied(steps)}) 0 {atom(value)}",
        f"FixedPoints.slope rows {data_list(maps.names())} {data(value)} _ _",
        (WRITTEN, COMPUTED),
        "FixedPoints",
    )


# Claims about one map ------------------------------------------------------------------------------------------------


def _one_map(maps: Maps, claim: str) -> str:
    """The row as data."""
    if not maps.constant:
        raise UsageError(f"{claim} is a claim about one map repeated: all rows of the schedule must be equal")
    return "row := " + points(maps.rows[0])


def _at_point(maps: Maps, claim: Any, witness: Any, kind: str) -> Theorem:
    """fixes, attracts, repels: at a rational point, or at the one fixed point in a bracket."""
    the_row, (lo, hi) = _one_map(maps, kind), _interval(_get(claim, "point"))
    count, relation = {"fixes": (1, ""), "attracts": (3, "Rabs d < 1"), "repels": (2, "1 < Rabs d")}[kind]
    splits = [points(_rationals(s)) for s in _list(_get(witness, "splits"), count)]
    if lo == hi:
        statement = f"f {atom(lo)} = {real(lo)}"
        if relation:
            statement += f" /\\ exists d, derivable_pt_lim f {atom(lo)} d /\\ {relation}"
        proof = f"FixedPoints.{kind} the_row f {data(lo)} _ _"
    else:
        inside = f"{real(lo)} < p < {real(hi)}"
        statement = f"exists! p, {inside} /\\ f p = p"
        if relation:
            statement = (
                f"({statement}) /\\\n  forall p, {inside} -> f p = p ->\n"
                f"    exists d, derivable_pt_lim f p d /\\ {relation}"
            )
        proof = f"FixedPoints.{kind}_between the_row f {data(lo)} {data(hi)} {' '.join(splits)} _ _"
    says = {"fixes": "A fixed point", "attracts": "An attracting fixed point", "repels": "A repelling fixed point"}
    return Theorem(
        f"{says[kind]}{'' if lo == hi else ', alone in its bracket'}.",
        {"the_row": the_row}, statement, proof, (WRITTEN, COMPUTED), "FixedPoints",
    )  # fmt: skip


def fixes(maps: Maps, claim: Any, witness: Any) -> Theorem:
    return _at_point(maps, claim, witness, "fixes")


def attracts(maps: Maps, claim: Any, witness: Any) -> Theorem:
    return _at_point(maps, claim, witness, "attracts")


def repels(maps: Maps, claim: Any, witness: Any) -> Theorem:
    return _at_point(maps, claim, witness, "repels")


def converges(maps: Maps, claim: Any, witness: Any) -> Theorem:
    the_row, (lo, hi), upper = _one_map(maps, "converges"), _interval(_get(claim, "point")), _rational(_get(claim, "upper"))
    alone, *signs = (points(_rationals(s)) for s in _list(_get(witness, "splits"), 6))
    orbits = f"forall x0, 0 < x0 <= {real(upper)} ->\n    is_lim_seq (fun n => Nat.iter n f x0)"
    if lo == hi:
        statement = f"{orbits} {atom(lo)}"
        proof = f"Converges.converges the_row f {data(lo)} {data(upper)} the_signs _ _"
    else:
        statement = f"exists p, {real(lo)} < p < {real(hi)} /\\ f p = p /\\\n  {orbits} p"
        proof = f"Converges.converges_between the_row f {data(lo)} {data(hi)} {data(upper)} {alone} the_signs _ _"
    return Theorem(
        "Every orbit tends to the fixed point.",
        {"the_row": the_row, "the_signs": "signs := Signs " + " ".join(signs)},
        statement, proof, (WRITTEN, COMPUTED), "Converges", limits=True,
    )  # fmt: skip


def escapes(maps: Maps, claim: Any, witness: Any) -> Theorem:
    the_row, start = _one_map(maps, "escapes"), _interval(_get(claim, "start"))
    radius, ratio = _rational(_get(witness, "radius")), _rational(_get(witness, "ratio"))
    negative = "true" if maps.rows[0][-1] < 0 else "false"
    splits = points(_rationals(_get(witness, "splits")))
    return Theorem(
        "Every orbit from the interval leaves every bound.",
        {"the_row": the_row, "chain": _chain(witness)},
        f"forall x0, {between(start, 'x0')} ->\n  is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty",
        f"Escapes.escapes the_row f {pair(start)} chain {data(radius)} {data(ratio)} {negative} {splits} _ _",
        (WRITTEN, COMPUTED),
        "Escapes",
        limits=True,
    )


def cycles(maps: Maps, claim: Any, witness: Any) -> Theorem:
    the_row, places = _one_map(maps, "cycles"), [_interval(i) for i in _list(_get(claim, "intervals"))]
    if not places:
        raise UsageError("not a certificate: a cycle needs at least one interval")
    k, arcs = len(places), []
    cuts, bounds = _list(_get(witness, "splits"), k), _rationals(_list(_get(witness, "bounds"), k))
    for place, bound, four in zip(places, bounds, cuts, strict=True):
        splits = " ".join(points(_rationals(s)) for s in _list(four, 4))
        arcs.append(f"Arc {pair(place)} {data(bound)} {splits}")
    visits = " /\\ ".join(between(i, maps_applied(t)) for t, i in enumerate(places))
    return Theorem(
        f"An attracting cycle of period {k}, one point in each interval; it draws the whole first interval.",
        {"the_row": the_row, "arcs": "list arc := " + _lines(arcs)},
        f"exists c, ({visits}) /\\\n  Nat.iter {k} f c = c /\\\n"
        f"  (forall j, (0 < j < {k})%nat -> Nat.iter j f c <> c) /\\\n"
        f"  (exists d, derivable_pt_lim (Nat.iter {k} f) c d /\\ Rabs d < 1) /\\\n"
        f"  forall x, {between(places[0], 'x')} -> is_lim_seq (fun n => Nat.iter (n * {k}) f x) c",
        f"Cycles.cycles the_row f {pair(places[0])} arcs _ _",
        (WRITTEN, COMPUTED),
        "Cycles",
        limits=True,
    )


def maps_applied(t: int) -> str:
    """f (f (… c))."""
    return "c" if t == 0 else "f c" if t == 1 else f"f ({maps_applied(t - 1)})"


# Lower bounds --------------------------------------------------------------------------------------------------------


def _coefficients(degree: int, name: str) -> list[str]:
    """The names of the coefficients of any odd polynomial of at most that degree: a1, a3, …."""
    if degree % 2 == 0:
        raise UsageError(f"the degree of an odd polynomial is odd, not {degree}")
    return [f"{name}{i}" for i in range(1, degree + 1, 2)]


def _any_polynomial(names: list[str]) -> str:
    first, *rest = names
    return " + ".join([f"{first} * x", *(f"{c} * x^{2 * i + 3}" for i, c in enumerate(rest))])


def minimax(maps: Maps, claim: Any, witness: Any) -> Theorem:
    (lo, hi), error = _interval(_get(claim, "interval")), _rational(_get(claim, "error"))
    names = _coefficients(_whole(_get(claim, "degree")), "a")
    if len(maps.rows) != 1:
        raise UsageError("minimax takes one reference polynomial: the schedule must have one row")
    return Theorem(
        "No odd polynomial of this degree comes closer to 1 than the error.",
        {"reference": "row := " + points(maps.rows[0]), "alternating": "list Q := " + points(_rationals(_get(witness, "points")))},
        f"forall {' '.join(names)} : R,\n  exists x, {between((lo, hi), 'x')} /\\\n"
        f"    {real(error)} <= Rabs (1 - ({_any_polynomial(names)}))",
        f"fun {' '.join(names)} => Minimax.minimax reference {len(names)} {data(lo)} {data(hi)} {data(error)} alternating _\n"
        f"    {data_list(names)} (Nat.le_refl {len(names)})",
        (COMPUTED,),
        "Minimax",
    )  # fmt: skip


def composition_bound(maps: Maps, claim: Any, witness: Any) -> Theorem:
    (lo, hi), error = _interval(_get(claim, "interval")), _rational(_get(claim, "error"))
    degrees = [_whole(d) for d in _list(_get(claim, "degrees"), len(maps.rows))]
    names = [_coefficients(d, f"a{t + 1}_") for t, d in enumerate(degrees)]
    levels = []
    for row, own, step in zip(maps.rows, names, _list(_get(witness, "steps"), len(maps.rows)), strict=True):
        least, one = _interval(_get(step, "interval"))
        if one != 1:
            raise UsageError(f"not a certificate: a level's interval ends at 1, not at {one}")
        numbers = f"{data(least)} {data(_rational(_get(step, 'error')))} {points(_rationals(_get(step, 'points')))}"
        levels.append(f"Level {points(row)} {len(own)} {numbers}")
    lets = "".join(f"  let q{t + 1} x := {_any_polynomial(own)} in\n" for t, own in enumerate(names))
    applied = "x"
    for t in range(len(names)):
        applied = f"q{t + 1} {applied}" if t == 0 else f"q{t + 1} ({applied})"
    lengths = "I"
    for own in reversed(names):
        lengths = f"(conj (Nat.le_refl {len(own)}) {lengths})"
    everything = " ".join(c for own in names for c in own)
    return Theorem(
        "No composition of odd polynomials of these degrees comes closer to 1 than the error.",
        {"levels": "list level := " + _lines(levels)},
        f"forall {everything} : R,\n{lets}  exists x, {between((lo, hi), 'x')} /\\ {real(error)} <= Rabs (1 - {applied})",
        f"fun {everything} => Composition.composition_bound {data(lo)} {data(hi)} {data(error)} levels _\n"
        f"    {data_list([data_list(own) for own in names])} {lengths}",
        (COMPUTED,),
        "Composition",
    )  # fmt: skip


# Whole files ---------------------------------------------------------------------------------------------------------

CLAIMS: dict[str, Callable[[Maps, Any, Any], Theorem]] = {
    claim.__name__.replace("_", "-"): claim
    for claim in (
        maps_into, attains, robust_band, sign_safe, flips, slope, fixes, attracts, repels, converges, escapes, cycles,
        minimax, composition_bound,
    )
}  # fmt: skip
REFERENCES = ("minimax", "composition-bound")  # their rows are references inside the proof, not part of the statement


def _theorem(certificate: Any) -> tuple[str, Theorem, Maps]:
    if _get(certificate, "format") != FORMAT:
        raise UsageError(f"not a certificate: its format must be {FORMAT!r}")
    claim, witness = _get(certificate, "claim"), _get(certificate, "witness")
    kind = _get(claim, "type")
    if not isinstance(kind, str) or kind not in CLAIMS:
        raise UsageError(f"the claim {str(kind)[:40]!r} has no Coq export; these have: {', '.join(CLAIMS)}")
    maps = Maps([_row(row) for row in _list(_get(certificate, "schedule"))])
    if not maps.rows:
        raise UsageError("not a certificate: a schedule without rows")
    return kind, CLAIMS[kind](maps, claim, witness), maps


def _body(kind: str, theorem: Theorem, maps: Maps) -> str:
    witness = "\n".join(
        f"Definition {name} : {text.replace(' := ', ' :=' + chr(10) + '  ', 1)}." for name, text in theorem.witness.items()
    )
    functions = "" if kind in REFERENCES else f"{maps.definitions()}\n\n"
    name = kind.replace("-", "_")
    return f"""(** The data of the proof. *)

Open Scope Q_scope.

{witness}

(** {theorem.says} *)

Open Scope R_scope.

{functions}Theorem {name} :
  {theorem.statement}.
Proof.
  refine ({theorem.proof}).
{chr(10).join(f"  - {tactic}." for tactic in theorem.tactics)}
Qed.

Print Assumptions {name}.
"""


def to_coq(certificate: dict[str, Any]) -> str:
    """The Coq file of a certificate, or of a bundle: one theorem for each, in a module of its own.

    Parameters
    ----------
    certificate
        The parsed JSON.  Its provenance is not read.

    Returns
    -------
    str
        The file's text, the same bytes for the same certificate.  It compiles against the library if and only if the
        obligations hold; whether they do is not looked at here.

    Raises
    ------
    UsageError
        The object is no certificate, or its claim (threshold, region, mean-square) has no export.

    >>> text = to_coq({"format": "muon-theory/certificate/1", "schedule": [["2", "-1"]],
    ...                "claim": {"type": "fixes", "point": ["1", "1"]},
    ...                "witness": {"type": "splits", "splits": [[]]}})
    >>> print(text[text.index("Definition f"):].split("Proof")[0])
    Definition f (x : R) : R := 2 * x - 1 * x^3.
    Theorem fixes :
      f (1) = 1.
    """
    many = isinstance(certificate, dict) and certificate.get("format") == BUNDLE
    found = [_theorem(c) for c in (_list(_get(certificate, "certificates")) if many else [certificate])]
    if not found:
        raise UsageError("a bundle without certificates holds nothing to prove")
    limits = any(theorem.limits for _, theorem, _ in found)
    imports = dict.fromkeys(["Schedule", "Bands", *(theorem.file for _, theorem, _ in found)])
    bodies = [_body(*one) for one in found]
    if many:
        bodies = [f"Module Part{i}.\n\n{body}\nEnd Part{i}.\n" for i, body in enumerate(bodies, 1)]
    return "\n".join([
        "(** Written by muon_theory from a certificate. Compile with: coqc -Q LIBRARY MuonTheory FILE *)",
        "",
        "From Coq Require Import Reals QArith List.",
        *(["From Coquelicot Require Import Coquelicot."] if limits else []),
        f"From MuonTheory Require Import {' '.join(imports)}.",
        "Import ListNotations.",
        "",
        *bodies,
    ])  # fmt: skip
