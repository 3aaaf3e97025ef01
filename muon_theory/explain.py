"""A certificate shown to a person as a proof: statement, lemma, obligations with their numbers, what was not checked.

The lemmas are those of `docs/trust.md`.  The renderer proves nothing: it asks `verify` for the verdict and prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, get_type_hints

from muon_theory.certificate import BUNDLE, canonical
from muon_theory.claim import CLAIMS, Claim
from muon_theory.errors import UsageError
from muon_theory.family import Family, ParameterPolynomial
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.verify import verify

Json = dict[str, Any]
Lines = Iterator[str]

LEMMAS = {
    "maps-into": "Images",
    "attains": "Attained values",
    "robust-band": "Robust bands",
    "sign-safe": "Sign safety",
    "slope": "Slope",
    "fixes": "Fixed points",
    "attracts": "Multipliers",
    "repels": "Multipliers",
    "converges": "Convergence",
    "escapes": "Escape",
    "flips": "Flips",
    "cycles": "Cycles",
    "mean-square": "Mean square",
    "minimax": "Alternation",
    "composition-bound": "Composition",
    "region": "Families",
    "threshold": "Thresholds",
}
"""For each claim the lemma of docs/trust.md that turns its obligations into its statement."""

CONDITIONS = {
    "converges": ("w", "R", "g(Z)", "N"),
    "sign-safe": ("w", "R", "g(Z)"),
    "bounded": ("w", "R", "g(Z) + 1"),
    "attracting": ("1 - f'(1)", "1 + f'(1)"),
    "multiplier-above-1": ("f'(1) - 1",),
    "multiplier-below-minus-1": ("-1 - f'(1)",),
    "positive": ("g", "g beyond 1"),
    "flips": ("-f∘f at x₀",),
    "escapes": ("Z - 1 at x₀", "-w(Z) at x₀", "-w' beyond 1"),
    "escapes-alternating": ("Z - 1 at x₀", "-1 - g(Z) at x₀", "-g' beyond 1"),
}
NOT_CHECKED = (
    "where the coefficients come from, and whether a program runs them",
    "rounding in a computation, except where the statement allows for it (robust-band)",
    "that intermediate matrices are what the formula says: the statement is about exact arithmetic on singular values",
    "provenance",
)


def explain(certificate_json: Json) -> str:
    """The certificate, or each certificate of a bundle, as a proof in plain text.

    Raises UsageError if it lacks the shape of a certificate so far that there is nothing to explain.

    >>> from muon_theory.certify.band import slope
    >>> from muon_theory.schedule import Schedule
    >>> print(explain(slope(Schedule.parse("3,-3,1;2,-1")).to_json()).splitlines()[3])
    STATEMENT   φ'(0) = 6
    """
    if isinstance(certificate_json, dict) and certificate_json.get("format") == BUNDLE:
        parts = certificate_json.get("certificates")
        if not isinstance(parts, list) or not parts:
            raise UsageError("this bundle holds no certificates: there is nothing to explain")
        if any(isinstance(part, dict) and part.get("format") == BUNDLE for part in parts):
            raise UsageError("this bundle holds a bundle: there is nothing to explain, as the checker refuses it")
        return "\n\n".join(f"CERTIFICATE {i} OF {len(parts)}\n\n{explain(part)}" for i, part in enumerate(parts, 1))
    try:
        return "\n".join(_proof(certificate_json))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        reason = verify(canonical(certificate_json)).reason or repr(error)
        raise UsageError(f"this is no certificate that could be explained: {reason}") from None


def claim_of(claim_json: Json) -> Claim:
    """The claim as an object of `muon_theory.claim`, from a certificate's JSON."""
    kind = CLAIMS[claim_json["type"]]
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in claim_json and name != "type"}
    return kind(**{name: _read(hint, claim_json[name]) for name, hint in hints.items()})


def _read(hint: Any, value: Any) -> Any:
    if hint == Fraction:
        return Fraction(value)
    if hint == Interval or (hint == Interval | None and value is not None):
        return _interval(value)
    if hint == tuple[Interval, ...]:
        return tuple(map(_interval, value))
    if hint == tuple[tuple[Interval, ...], ...]:
        return tuple(tuple(map(_interval, box)) for box in value)
    if hint == tuple[Fraction, ...]:
        return tuple(map(Fraction, value))
    if hint == ParameterPolynomial:
        return _polynomial(value)
    return tuple(value) if isinstance(value, list) else value


def _interval(value: Sequence[str]) -> Interval:
    return Interval(Fraction(value[0]), Fraction(value[1]))


def _polynomial(value: Sequence[Any]) -> ParameterPolynomial:
    return ParameterPolynomial.of({tuple(e): c for c, e in value})


# ---------------------------------------------------------------------------------------------------------- one proof


def _proof(certificate: Json) -> Lines:
    claim, witness = claim_of(certificate["claim"]), certificate["witness"]
    verdict = verify(canonical(certificate))
    yield "\n            ".join(_subject(certificate))
    yield ""
    yield f"STATEMENT   {claim.statement()}"
    yield f"            in full: {claim.formula}"
    yield f"BY          the lemma “{LEMMAS[claim.type]}” of docs/trust.md, whose premises are the obligations below"
    yield ""
    yield "OBLIGATIONS"
    for i, line in enumerate(_obligations(certificate, claim, witness), 1):
        yield f"  {i:3}. {line}"
    yield ""
    counts = f"{verdict.obligations} obligations in {verdict.leaves} cells"
    yield (
        f"VERDICT     proved: the checker verified {counts}"
        if verdict.proved
        else f"VERDICT     refused: {verdict.reason}"
    )
    if verdict.digest:
        yield f"            subject {verdict.digest}"
    yield "NOT CHECKED " + "\n            ".join(NOT_CHECKED)


def _subject(certificate: Json) -> Lines:
    if "family" in certificate:
        family = certificate["family"]
        if "box" in family:
            yield from _members(family)
            return
        coefficients = tuple(map(_polynomial, family["coefficients"]))
        names = Family("", tuple(family["parameters"]), coefficients).parameters
        yield f"FAMILY      f(x) = x·g(x²), g(y) = Σ c_i·y^i, with parameters {', '.join(names)}"
        for i, c in enumerate(coefficients):
            yield f"c_{i} = {_written(c, names)}"
        yield "with Z = y·g(y)², g = 1 + (1 - y)·w, w(Z) = w·R, f∘f - x = (f - x)·(g + 1)·N"
        return
    rows = [OddPolynomial(tuple(map(Fraction, row))) for row in certificate["schedule"]]
    if all(row == rows[0] for row in rows):
        yield f"SCHEDULE    f(x) = {rows[0]}" + (f", {len(rows)} times" if len(rows) > 1 else "")
    else:
        yield "SCHEDULE    " + "\n            ".join(f"f_{t}(x) = {row}" for t, row in enumerate(rows, 1))


def _members(family: Json) -> Lines:
    names, rows = family["parameters"], family["rows"]
    where = ", ".join(f"{n} in {_range(i)}" for n, i in zip(names, family["box"], strict=True))
    same = all(row == rows[0] for row in rows)
    times = f", {len(rows)} times" if same and len(rows) > 1 else ""
    yield f"SUBJECT     every f(x) = Σ c_i·x^(2i+1) with {where}{times}"
    for t, row in enumerate(rows[:1] if same else rows, 1):
        for i, c in enumerate(row):
            yield f"{'' if same else f'step {t}: '}c_{i} = {_written(_polynomial(c), names)}"


def _written(p: ParameterPolynomial, names: Sequence[str]) -> str:
    def monomial(exponents: Sequence[int]) -> str:
        return "·".join(n if k == 1 else f"{n}^{k}" for n, k in zip(names, exponents, strict=False) if k)

    return " + ".join(f"({c})" + ("·" if any(e) else "") + monomial(e) for e, c in p.terms) or "0"


def _number(text: str) -> str:
    return text if len(text) <= 40 else f"≈ {decimal(Fraction(text))}"


def _range(value: Sequence[str]) -> str:
    return f"[{_number(value[0])}, {_number(value[1])}]" if value[0] != value[1] else f"the point {_number(value[0])}"


def _rule(what: str, where: str, cuts: Sequence[Any]) -> str:
    if cuts and isinstance(cuts[0], list):
        return _grid(what, f"the parameters' box × {where}", cuts)
    cells = "Bernstein coefficients on the whole" if not cuts else "Bernstein coefficients on the pieces cut at "
    return f"{what} on {where}: {cells}{', '.join(map(_number, cuts))}"


def _grid(what: str, where: str, cuts: Sequence[Sequence[str]]) -> str:
    cells = 1
    for axis in cuts:
        cells *= len(axis) + 1
    lists = "; ".join(f"axis {i}: {', '.join(map(_number, axis))}" for i, axis in enumerate(cuts, 1) if axis)
    return (
        f"{what} on {where}: tensor Bernstein coefficients on {cells} cell{'s' * (cells > 1)}"
        + f" ({lists})" * bool(lists)
    )


# ------------------------------------------------------------------------------------------------ each claim's premises


def _obligations(certificate: Json, claim: Claim, witness: Json) -> Lines:
    c = certificate["claim"]
    match claim.type:
        case "maps-into" | "attains" | "flips" | "robust-band":
            yield from _chain(c["start"], witness["steps"], c.get("errors", ()))
            yield from _ending(c)
        case "sign-safe":
            yield from _uppers(c["upper"], witness["steps"])
        case "slope":
            yield f"the product of the first coefficients is {_number(c['value'])}, by exact multiplication"
        case "fixes" | "attracts" | "repels" | "converges":
            yield from _fixed_point(claim.type, c, witness["splits"])
        case "escapes":
            yield from _chain(c["start"], witness["steps"], ())
            yield f"the last interval lies in |x| ≥ {_number(witness['radius'])}"
            growth = f"|f(x)| ≥ {_number(witness['ratio'])}·|x|"
            yield _rule(growth, f"|x| ≥ {_number(witness['radius'])}, in t = R²/x² in (0, 1]", witness["splits"])
        case "cycles":
            yield from _cycle(c["intervals"], witness)
        case "mean-square":
            yield from _cells(c, witness)
        case "minimax":
            yield from _alternation(c["degree"], c["interval"], c["error"], witness["points"])
        case "composition-bound":
            for t, (degree, step) in enumerate(zip(c["degrees"], witness["steps"], strict=True), 1):
                yield f"step {t}: r = {_number(step['interval'][0])} is at least the largest ratio the image can have"
                yield from _alternation(degree, step["interval"], step["error"], step["points"])
            reached = _number(witness["steps"][-1]["error"])
            yield f"the claimed {_number(c['error'])} is at most the last step's {reached}"
        case "region":
            yield "f(1) = 1 identically in the parameters, by exact arithmetic"
            inside = " (its interior)" if c["open"] else ""
            for what, cells in zip(CONDITIONS[c["property"]], witness["covers"], strict=True):
                for box, cuts, y in cells:
                    at = f" with x₀² = {y}" if y else " × (0, 1)"
                    yield _grid(f"{what} > 0", " × ".join(map(_range, box)) + inside + at, cuts)
            yield f"each of the {len(c['boxes'])} boxes lies in one cell of each condition; one x₀ a box"
        case "threshold":
            yield from _threshold(c, witness)


def _chain(start: Sequence[str], steps: Sequence[Json], errors: Sequence[str]) -> Lines:
    outer, inner = start, start
    for t, step in enumerate(steps, 1):
        if "outer" in step:
            (lo, hi), (below, above) = step["outer"], step["splits"]
            e = f" + {_number(errors[t - 1])}" if errors else ""
            yield _rule(f"step {t}: f_{t}(x) ≥ {_number(lo)}{e}", _range(outer), below)
            yield _rule(f"step {t}: f_{t}(x){e} ≤ {_number(hi)}", _range(outer), above)
            outer = step["outer"]
        if "inner" in step:
            p, q = map(_number, step["points"])
            lo, hi = map(_number, step["inner"])
            yield f"step {t}: f_{t}({p}) ≤ {lo} and f_{t}({q}) ≥ {hi} at points of {_range(inner)}, by evaluation"
            inner = step["inner"]


def _ending(c: Json) -> Lines:
    if "errors" in c:
        yield "every lower end of the chain, the start's included, is > 0"
    if "target" in c:
        yield f"the last interval lies inside {_range(c['target'])}"
    if "contains" in c:
        yield f"the last interval contains {_range(c['contains'])}"
    if "step" in c:
        yield f"the intervals before step {c['step']} lie right of 0, the one after it left of 0"


def _uppers(upper: str, steps: Sequence[Json]) -> Lines:
    for t, step in enumerate(steps, 1):
        positive, below = step["splits"]
        yield _rule(f"step {t}: g_{t}(y) > 0", f"[0, ({_number(upper)})²]", positive)
        yield _rule(f"step {t}: f_{t}(x) ≤ {_number(step['upper'])}", f"[0, {_number(upper)}]", below)
        upper = step["upper"]


def _fixed_point(kind: str, c: Json, splits: Sequence[Sequence[str]]) -> Lines:
    lo, hi = map(_number, c["point"])
    if c["point"][0] == c["point"][1]:
        yield f"f({lo}) = {lo}, by exact evaluation"
    else:
        yield f"g - 1 has opposite signs at ({lo})² and ({hi})², by exact evaluation"
        yield _rule("g' has one sign, so the root p² is the only one,", f"[({lo})², ({hi})²]", splits[0])
    q = f"y in [({lo})², ({hi})²]"
    if kind == "attracts":
        yield _rule("f' = d(y) < 1", q, splits[1])
        yield _rule("f' = d(y) > -1", q, splits[2])
    elif kind == "repels":
        yield _rule("|f'| = |d(y)| > 1", q, splits[1])
    elif kind == "converges":
        u = _number(c["upper"])
        yield _rule("g(y) > 0, so f > 0,", f"y in [0, ({u})²]", splits[1])
        yield _rule(f"f(x) ≤ {u}", f"[0, {u}]", splits[2])
        yield _rule("g(y) > 1, so f(x) > x,", f"y in [0, ({lo})²), below p²", splits[3])
        yield _rule("(g + 1)·N > 0, so f(f(x)) > x,", f"y in [0, ({hi})²), below p²", splits[5])
        if c["upper"] != c["point"][1]:
            yield _rule("g(y) < 1, so f(x) < x,", f"y in (({hi})², ({u})²], above p²", splits[4])


def _cycle(through: Sequence[Sequence[str]], witness: Json) -> Lines:
    yield "the intervals are disjoint"
    for i, (here, cuts, d) in enumerate(zip(through, witness["splits"], witness["bounds"], strict=True)):
        there = through[(i + 1) % len(through)]
        yield _rule(f"f ≥ {_number(there[0])}", _range(here), cuts[0])
        yield _rule(f"f ≤ {_number(there[1])}", _range(here), cuts[1])
        yield _rule(f"f' ≥ -({_number(d)})", _range(here), cuts[2])
        yield _rule(f"f' ≤ {_number(d)}", _range(here), cuts[3])
    yield f"the product of the bounds {', '.join(map(_number, witness['bounds']))} is < 1"


def _cells(c: Json, witness: Json) -> Lines:
    ends = [c["interval"][0], *witness["points"], c["interval"][1]]
    for cell, chain in zip(pairwise(ends), witness["chains"], strict=True):
        yield f"φ({_range(cell)}) ⊆ {_range(chain[-1]['outer'])}, by {2 * len(chain)} uses of the rule"
    yield f"the sums of the parts' bounds give a mean in {_range(c['bounds'])}"


def _alternation(degree: int, over: Sequence[str], error: str, points: Sequence[str]) -> Lines:
    yield f"the {len(points)} points {', '.join(map(_number, points))} increase in {_range(over)}, right of 0"
    yield (
        f"the reference p has 1 - p of alternating sign and at least {_number(error)} at them, by exact evaluation;"
        f" an odd polynomial of degree {degree} has {len(points) - 1} coefficients"
    )


def _threshold(c: Json, w: Json) -> Lines:
    others = "".join(f" × {_range(i)}" for i in c["others"])
    names = {"fixed-point": "R", "antipode": "g(Z) + 1", "zero": "g(Z)"}
    a, window, (a0, a1) = names[c["critical"]], _range(w["window"]), map(_number, c["range"])
    yield "f(1) = 1 identically in the parameters, by exact arithmetic"
    tops = {a: w["window"][0], "w": c["range"][1]}
    for what, cuts in zip(CONDITIONS[c["property"]], w["below"], strict=True):
        top = _number(tops.get(what, w["window"][1]))
        parameter = f"({a0}, {top}]" if a0 != top else f"the point {top}"
        yield _grid(f"{what} > 0", f"{parameter}{others} × (0, 1)", cuts)
    sides = ("0", w["core"][0]), (w["core"][1], "1")
    for side, cuts in zip(sides, w["edges"], strict=True):
        yield _grid(f"A = {a} > 0", f"{window}{others}, y in {_range(side)}", cuts)
    yield _grid("∂A/∂a < 0", f"{window}{others}, y inside {_range(w['core'])}", w["falling"])
    if w["tail"]:
        falling = "w" if c["critical"] == "fixed-point" else "g"
        yield _grid(f"{falling} falls in y", f"[{_number(w['window'][0])}, {a1}]{others}, y ≥ 1", w["tail"])
    for y in w["points"]:
        yield f"A < 0 at y = {_number(y)}, on a cell of [{_number(w['window'][1])}, {a1}]{others}"
    yield "U·A + V·∂A/∂y = m·n identically, for the polynomials U, V, n of the witness and m of the claim"
    yield _grid("n > 0", f"{window}{others}", w["nonzero"])
    if c["isolating"]:
        yield f"m changes sign on {window}, with a root in {_range(c['isolating'])}, by exact evaluation"
        yield _grid("m' has one sign, so the root is the only one,", window, w["alone"])
