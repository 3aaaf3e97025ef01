"""A certificate shown to a person as a proof: statement, lemma, obligations with their numbers, what was not checked.

What each kind of claim says, and what it asks for, stands in its file in `muon_theory.claims`.  The renderer proves
nothing: it asks `verify` for the verdict and prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muon_theory.certificate import BUNDLE, AnyCertificate, Certificate, canonical
from muon_theory.claims import AnyClaim, Json
from muon_theory.claims.proof import within
from muon_theory.claims.words import Subject, composed, parameters, polynomial, superscript
from muon_theory.errors import UsageError
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import Family, Members
from muon_theory.schedule import Schedule
from muon_theory.verification import Verification, verify

__all__ = ["explain"]

Lines = Iterator[str]

NOT_CHECKED = (
    "where the coefficients come from, and whether a program runs them",
    "rounding in a computation, except where the statement allows for it (each step errs by at most ε_t)",
    "that intermediate matrices are what the formula says: the statement is about exact arithmetic on singular values",
    "provenance",
)
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


def _one(value: Json) -> str:
    verdict = verify(canonical(value))
    reason = verdict.reason
    if reason and not reason.startswith("obligation"):
        raise UsageError(f"this is no certificate that could be explained: {reason}")
    try:
        return "\n".join(_proof(Certificate.from_json(value), verdict))
    except (LookupError, TypeError, ValueError, ArithmeticError, UsageError) as error:
        raise UsageError(f"this is no certificate that could be explained: {reason or error}") from None


def _proof(certificate: AnyCertificate, verdict: Verification) -> Lines:
    claim, subject = certificate.claim, certificate.subject
    yield from _titled(_subject(claim, subject))
    yield ""
    statement, exactly = claim.statement(subject), claim.statement(subject, exactly=True)
    yield f"STATEMENT   {statement}"
    if exactly != statement:
        yield f"            exactly: {exactly}"
    yield f"            that is: {claim.formula}"
    if letters := claim.here(subject):
        yield f"            with {letters}"
    yield f"BY          the lemma “{claim.lemma}” of docs/trust.md, whose premises are the obligations below"
    yield ""
    yield "OBLIGATIONS"
    every = list(claim.obligations(subject, certificate.witness))
    if any("by the rule" in line for line in every):
        yield f"            {RULE}"
    if claim.notation:
        yield f"            {claim.notation}"
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


def _subject(claim: AnyClaim, subject: Subject) -> list[str]:
    names = parameters(subject)
    if isinstance(subject, Members):
        where = ", ".join(within(n, i) for n, i in zip(names, subject.box, strict=True))
        first, *rest = _steps(subject, [_member(row, names) for row in subject.rows])
        return [f"MEMBERS     {first}", *rest, f"for every {where}"]
    if isinstance(subject, Family):
        several = f"with parameters {', '.join(names)}" if len(names) > 1 else f"with the parameter {names[0]}"
        return [f"FAMILY      f(x) = {_member(subject.coefficients, names)}", several]
    rows = [str(f) for f in subject.steps]
    if claim.reference:
        first, *rest = [f"p(x) = {rows[0]}"] if len(rows) == 1 else [f"p_{t}(x) = {r}" for t, r in enumerate(rows, 1)]
        return [f"REFERENCE   {first}", *rest]
    first, *rest = _steps(subject, rows)
    return [f"SCHEDULE    {first}", *rest]


def _member(row: Sequence[ParameterPolynomial], names: Sequence[str]) -> str:
    """A step of a family written out: (a)·x + (1 - a)·x³."""
    powers = ("x" + (superscript(2 * i + 1) if i else "") for i in range(len(row)))
    terms = ((polynomial(c, names), power) for c, power in zip(row, powers, strict=True))
    return " + ".join(f"{c}·{x}" if c.isalnum() else f"({c})·{x}" for c, x in terms if c != "0") or "0"


def _steps(subject: Schedule | Members, rows: list[str]) -> list[str]:
    """The steps of a schedule and what φ is."""
    count, name = len(rows), composed(subject)
    if all(row == rows[0] for row in rows):
        times = "" if name != "φ" else f"; φ = f{superscript(count)}"
        return [f"f(x) = {rows[0]}", f"f_t = f for every t, {count} step{'s' * (count > 1)}{times}"]
    composition = " ∘ ".join(f"f_{t}" for t in range(count, 0, -1)) if count < 6 else f"f_{count} ∘ … ∘ f_1"
    return [*(f"f_{t}(x) = {row}" for t, row in enumerate(rows, 1)), f"φ = {composition}"]
