"""A certificate shown to a person as a proof: statement, lemma, obligations with their numbers, what was not checked.

The lemmas are those of `docs/trust.md`.  The renderer proves nothing: it asks `verify` for the verdict and prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, get_type_hints

from muon_theory.certificate import BUNDLE, canonical
from muon_theory.claims import CLAIMS, Claim
from muon_theory.errors import UsageError
from muon_theory.explanation.obligations import CONDITIONS, obligations
from muon_theory.explanation.statements import in_full
from muon_theory.explanation.words import fraction, parameters, step, steps, within
from muon_theory.family import ParameterPolynomial
from muon_theory.interval import Interval
from muon_theory.verification import Verification, verify

__all__ = ["CONDITIONS", "LEMMAS", "claim_of", "explain"]

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

NOT_CHECKED = (
    "where the coefficients come from, and whether a program runs them",
    "rounding in a computation, except where the statement allows for it (robust-band)",
    "that intermediate matrices are what the formula says: the statement is about exact arithmetic on singular values",
    "provenance",
)
NOTATION = {
    "sign-safe": "f_t(x) = x·g_t(y), y = x²",
    "converges": "f(x) = x·g(y), y = x², f(f(x)) - x = (f(x) - x)·(g + 1)·N",
    **dict.fromkeys(("fixes", "attracts", "repels"), "f(x) = x·g(y), y = x², f'(x) = d(y)"),
    **dict.fromkeys(
        ("region", "threshold"),
        "f(x) = x·g(y), y = x², Z = y·g² = f(x)², g = 1 + (1 - y)·w, w(Z) = w·R, f∘f - x = (f - x)·(g + 1)·N",
    ),
}
"""The letters in a claim's obligations."""
RULE = "“by the rule”: on each cell no Bernstein coefficient is < 0; where < or > is shown, not all of them are 0"


def explain(certificate_json: Json) -> str:
    """The certificate, or each certificate of a bundle, as a proof in plain text.

    One that the checker refuses for an obligation is shown with that verdict.  Raises UsageError for what is no
    certificate, or one beyond the checker's limits: there is nothing to explain.

    >>> from muon_theory.finders.band import slope
    >>> from muon_theory.schedule import Schedule
    >>> print(explain(slope(Schedule.parse("3,-3,1;2,-1")).to_json()).splitlines()[4])
    STATEMENT   φ'(0) = 6
    """
    shown = "\nNOT CHECKED " + "\n            ".join(NOT_CHECKED)
    if isinstance(certificate_json, dict) and certificate_json.get("format") == BUNDLE:
        parts = certificate_json.get("certificates")
        if not isinstance(parts, list) or not parts:
            raise UsageError("this bundle holds no certificates: there is nothing to explain")
        if any(isinstance(part, dict) and part.get("format") == BUNDLE for part in parts):
            raise UsageError("this bundle holds a bundle: there is nothing to explain, as the checker refuses it")
        titles = (f"CERTIFICATE {i} OF {len(parts)}" for i in range(1, len(parts) + 1))
        return "\n\n".join(f"{title}\n\n{_one(part)}" for title, part in zip(titles, parts, strict=True)) + "\n" + shown
    return _one(certificate_json) + shown


def _one(certificate: Any) -> str:
    verdict = verify(canonical(certificate))
    reason = verdict.reason
    if reason and not reason.startswith("obligation"):
        raise UsageError(f"this is no certificate that could be explained: {reason}")
    try:
        return "\n".join(_proof(certificate, verdict))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise UsageError(f"this is no certificate that could be explained: {reason or repr(error)}") from None


def _proof(certificate: Json, verdict: Verification) -> Lines:
    claim = claim_of(certificate["claim"])
    yield from _titled(_subject(certificate))
    yield ""
    yield f"STATEMENT   {claim.statement()}"
    yield f"            in full: {in_full(certificate)}"
    yield f"BY          the lemma “{LEMMAS[claim.type]}” of docs/trust.md, whose premises are the obligations below"
    yield ""
    yield "OBLIGATIONS"
    every = list(obligations(certificate))
    if any("by the rule" in line for line in every):
        yield f"            {RULE}"
    if claim.type in NOTATION:
        yield f"            {NOTATION[claim.type]}"
    for i, line in enumerate(every, 1):
        yield f"  {i:3}. {line}"
    yield ""
    if verdict.proved:
        counts = f"inequalities and evaluations: {verdict.obligations}; cells: {verdict.leaves}"
        yield f"VERDICT     proved: the checker verified all of this ({counts})"
    else:
        yield f"VERDICT     refused: {verdict.reason}"
    if verdict.digest:
        yield f"            subject {verdict.digest}"


def _titled(lines: Sequence[str]) -> Lines:
    title, *rest = lines
    yield title
    for line in rest:
        yield f"            {line}"


def _subject(certificate: Json) -> list[str]:
    family = certificate.get("family", {})
    names = parameters(family)
    if "box" in family:
        where = ", ".join(within(n, i) for n, i in zip(names, family["box"], strict=True))
        first, *rest = steps(family["rows"], names)
        return [f"MEMBERS     {first}", *rest, f"for every {where}"]
    if family:
        several = f"with parameters {', '.join(names)}" if len(names) > 1 else f"with the parameter {names[0]}"
        return [f"FAMILY      f(x) = {step(family['coefficients'], names)}", several]
    if certificate["claim"]["type"] in ("minimax", "composition-bound"):
        named = [f"p_{t}(x) = {step(row)}" for t, row in enumerate(certificate["schedule"], 1)]
        one = [f"p(x) = {step(certificate['schedule'][0])}"]
        first, *rest = one if certificate["claim"]["type"] == "minimax" else named
        return [f"REFERENCE   {first}", *rest]
    first, *rest = steps(certificate["schedule"])
    return [f"SCHEDULE    {first}", *rest]


def claim_of(claim_json: Json) -> Claim:
    """The claim as an object of `muon_theory.claims`, from a certificate's JSON."""
    kind = CLAIMS[claim_json["type"]]
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in claim_json and name != "type"}
    return kind(**{name: _read(hint, claim_json[name]) for name, hint in hints.items()})


def _read(hint: Any, value: Any) -> Any:
    if hint == Fraction:
        return fraction(value)
    if hint == Interval or (hint == Interval | None and value is not None):
        return _interval(value)
    if hint == tuple[Interval, ...]:
        return tuple(map(_interval, value))
    if hint == tuple[tuple[Interval, ...], ...]:
        return tuple(tuple(map(_interval, box)) for box in value)
    if hint == tuple[Fraction, ...]:
        return tuple(map(fraction, value))
    if hint == ParameterPolynomial:
        return ParameterPolynomial.of({tuple(e): fraction(c) for c, e in value})
    return tuple(value) if isinstance(value, list) else value


def _interval(value: Sequence[str]) -> Interval:
    return Interval(fraction(value[0]), fraction(value[1]))
