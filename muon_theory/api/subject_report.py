"""The report on one schedule: is it safe, what does it do, step by step, in the long run, in a format, near the best?

Content only; `report` draws it.  Every number comes from a certificate, but for what a section calls derived, modelled
or a drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from muon_theory import catalogue
from muon_theory.answer import Answer, attempt
from muon_theory.api.certification import Certification
from muon_theory.api.report_figures import cobweb, image, partial
from muon_theory.audits import Severity, audit
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, Attains, Bands, CompositionBound, MapsInto, SignSafe, Slope
from muon_theory.claims.words import about
from muon_theory.claims.words import exact as shortest
from muon_theory.designs.formats import CAP, USUAL, Setting, in_format
from muon_theory.designs.greedy import compose, reach
from muon_theory.designs.products import cost
from muon_theory.document import Badge, Proof, Report, Section, Table
from muon_theory.errors import MuonTheoryError
from muon_theory.evidence import Derivation, Standing, Step
from muon_theory.exact import dynamics
from muon_theory.finders.alternation import composition_bound
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify

Answers = Sequence[Answer[AnyClaim]]

BADGES = {Verdict.PROVED: Badge.PROVED, Verdict.REFUTED: Badge.REFUTED, Verdict.UNDECIDED: Badge.UNDECIDED}
SAFETY = (SignSafe, Slope)


def schedule_report(found: Certification, command: str) -> Report:
    """What `certify` found of a schedule, and what belongs beside it."""
    schedule, result = found.schedule, found.exact
    tight = [a for a in found.answers if isinstance(a.claim, MapsInto | Attains) and not a.required and not _safe(a)]
    safe = [a for a in found.answers if a.required or isinstance(a.claim, SAFETY) or _safe(a)]
    rest = [a for a in found.answers if a not in safe and a not in tight]
    sections = [
        _verdict(found, safe),
        _image(found, tight),
        _steps(found),
        *([_long_run(schedule, rest, result.interval)] if schedule.constant else []),
        _formats(found),
        *_optimum(schedule, result.interval, result.image),
        _audited(schedule),
    ]
    entry = _entry(schedule)
    return Report(
        title=f"{schedule.name}: {found.heading}",
        subtitle=entry.title if entry else f"{len(schedule.steps)} steps, digest {schedule.digest[:16]}",
        introduction=(
            f"φ is the composition of {_count(schedule)}, applied to the singular values of a normalised matrix. What "
            "is certified was handed to an independent checker, with exact arithmetic and one rule; its certificates "
            "lie beside this report. Printed bounds are rounded outward.",
        ),
        sections=tuple(_numbered(sections)),
        command=command,
        findings=tuple(_findings(found)),
        references=entry.sources if entry else schedule.sources,
    )


def _numbered(sections: Iterable[Section]) -> Iterator[Section]:
    from dataclasses import replace

    for n, section in enumerate(sections, 1):
        yield replace(section, id=str(n))


def _count(schedule: Schedule) -> str:
    f, many = schedule.steps[0], len(schedule.steps)
    if schedule.constant:
        return f"one odd polynomial with itself, {many} times: $f(x) = {f}$"
    degrees = sorted({step.degree for step in schedule.steps})
    return f"{many} odd polynomials of degree {' and '.join(map(str, degrees))}"


def _entry(schedule: Schedule) -> catalogue.Entry | None:
    return next((e for e in catalogue.entries() if e.id == schedule.name), None)


def _safe(answer: Answer[AnyClaim]) -> bool:
    """Is it about all of (0, u], or about the end of the safe inputs?"""
    return isinstance(answer.claim, MapsInto) and (answer.claim.start.lo == 0 or answer.claim.target.lo == 0)


def proofs(answers: Answers, prefix: str) -> tuple[Proof, ...]:
    """The certificates behind answers, each once, under names that tell them apart."""
    made: dict[bytes, Proof] = {}
    for a in answers:
        if a.certificate is not None and a.certificate.data not in made:
            name = f"{prefix}-{len(made) + 1:02}-{a.certificate.claim.type}.json"
            made[a.certificate.data] = Proof(name, a.certificate, verify(a.certificate))
    return tuple(made.values())


def badge_of(answers: Answers) -> Badge:
    """That of the weakest; DERIVED where there is nothing to check."""
    if not answers or not any(a.certificate is not None for a in answers):
        return Badge.UNDECIDED
    return BADGES[Verdict.worst(*(a.verdict for a in answers))]


def _said(answers: Answers) -> str:
    """Each answer in its words."""
    return " ".join(f"{_capital(a.statement)}: {_outcome(a)}." for a in answers)


def _capital(sentence: str) -> str:
    """Begins with a capital where it begins with a word; φ and f stay what they are."""
    return sentence[:1].upper() + sentence[1:] if sentence[:2].isascii() and sentence[:2].isalpha() else sentence


def _outcome(a: Answer[AnyClaim]) -> str:
    more = a.refuted_by or (a.note if a.verdict is Verdict.UNDECIDED else "")
    if a.refuted_by:
        return f"{a.verdict.value}, as {more}"
    return f"{a.verdict.value} ({more})" if more else a.verdict.value


def _findings(found: Certification) -> Iterator[str]:
    result = found.exact
    l, u = shortest(result.interval.lo), shortest(result.interval.hi)
    yield _said([a for a in found.answers if a.required])
    if (safe := result.safe_sigma_max) is not None:
        yield (
            f"Inputs up to σ_(max) = {decimal(safe.lo, 12, -1)} are safe: every step positive, the output at most "
            f"{shortest(result.cap)}. At {decimal(safe.hi, 12, +1)} they are not."
        )
    if result.image is not None:
        yield (
            f"Every singular value from {l} on ends within {decimal(reach(result.image), 6, +1)} of 1: "
            f"φ([{l}, {u}]) ⊆ {result.image}."
        )
    yield f"Small ones grow by φ'(0), which is {about(result.slope)}, in {cost(found.schedule)} matrix products."


def _verdict(found: Certification, answers: Answers) -> Section:
    result, schedule = found.exact, found.schedule
    safe = result.safe_sigma_max
    facts = (
        ("schedule", f"{schedule.name}, {len(schedule.steps)} steps"),
        ("digest", f"`{schedule.digest}`"),
        ("slope φ'(0)", decimal(result.slope, 15)),
        ("safe σ_(max)", str(safe) + " brackets it" if safe else "none was found"),
        ("cap", shortest(result.cap)),
        ("matrix products", str(cost(schedule))),
        ("normalisation", schedule.normalisation.name),
    )
    return Section(
        "safe", "Is it safe?", "", "A schedule is safe on (0, u] if every step stays positive on what reaches it, so "
        "that no singular direction changes its sign, and no output exceeds the cap. As f(X) = U f(Σ) Vᵀ for odd f, a "
        "statement about numbers in (0, u] is one about every matrix with such singular values.",
        badge_of([a for a in answers if a.required]),
        _said([a for a in answers if a.required]),
        tables=(Table("", ("", ""), facts),),
        proofs=proofs(answers, "safe"),
    )  # fmt: skip


def _image(found: Certification, answers: Answers) -> Section:
    result = found.exact
    l, u = shortest(result.interval.lo), shortest(result.interval.hi)
    rows = tuple((decimal(x), str(v)) for x, v in result.small.items() if v is not None)
    answer = (
        f"φ([{l}, {u}]) ⊆ {result.image}, so |1 − φ| ≤ {decimal(reach(result.image), 12, +1)} there."
        if result.image
        else f"The image of [{l}, {u}] could not be enclosed: an orbit grows beyond all bounds."
    )
    return Section(
        "image", "What it does to singular values", "", "",
        badge_of([a for a in answers if a.certificate is not None]) if result.image else Badge.UNDECIDED,
        answer,
        figures=(image(found.schedule, result.interval, result.cap),),
        tables=(Table("Small singular values", ("x", "φ(x) lies in"), rows),) if rows else (),
        proofs=proofs(answers, "image"),
    )  # fmt: skip


def _steps(found: Certification) -> Section:
    schedule, interval = found.schedule, found.exact.interval
    chain: list[Interval] = []
    certificate: AnyCertificate | None = None
    for a in found.answers:
        if isinstance(a.claim, MapsInto) and a.claim.start == interval and a.proof is not None:
            certificate = a.proof
            assert isinstance(certificate.witness, Bands)
            chain = [step.outer for step in certificate.witness.steps]
    slope, rows = Fraction(1), []
    for t, f in enumerate(schedule.steps):
        slope *= f.slope
        rows.append(
            (
                str(t + 1),
                ", ".join(_short(c) for c in f.coefficients),
                chain[t].text(8) if t < len(chain) else "—",
                decimal(slope, 6),
            )
        )
    return Section(
        "steps", "Step by step", "", "", Badge.DERIVED,
        f"The image of an interval is an interval, so [{shortest(interval.lo)}, {shortest(interval.hi)}] is followed "
        "exactly, but for outward rounding, one step at a time.",
        figures=(partial(schedule, interval),),
        tables=(Table("Each step: its coefficients, what the interval has become, and the slope at 0 so far.",
                      ("step", "coefficients", "lies in", "slope so far"), tuple(rows)),),
        derivations=(_chain(schedule, interval, chain, certificate),) if chain and certificate else (),
    )  # fmt: skip


def _short(q: Fraction) -> str:
    text = exact_decimal(q)
    return text if len(text) <= 12 else f"≈ {decimal(q, 8)}"


def _chain(schedule: Schedule, start: Interval, chain: Sequence[Interval], of: AnyCertificate) -> Derivation:
    """How the image follows, as the certificate has it."""
    before, steps = [start, *chain], []
    for t, (here, there) in enumerate(zip(before, chain, strict=False), 1):
        steps.append(
            Step(
                f"f_{t}({here.text(8)}) ⊆ {there.text(8)}",
                "on each cell of the certificate no Bernstein coefficient of f minus the lower end, or of the upper "
                "end minus f, is negative",
            )
        )
    return Derivation("how the image follows", tuple(steps), of.statement, standing=Standing.DERIVED)


def _long_run(schedule: Schedule, answers: Answers, interval: Interval) -> Section:
    f = schedule.steps[0]
    fixed = dynamics.fixed_points(f)
    rows = tuple((p.point.decimal(12), p.multiplier.decimal(12), p.stability.value) for p in fixed)
    certified = [a for a in answers if a.certificate is not None]
    open_ = [a for a in answers if a.certificate is None]
    return Section(
        "long-run", "If it were repeated without end", "",
        "A fixed point p attracts if |f'(p)| < 1, and repels if |f'(p)| > 1. Five steps need not come near a limit, "
        "and a map without an attracting fixed point may serve well: these are different questions.",
        Badge.PROVED if certified and not open_ else Badge.UNDECIDED,
        _said(answers) or "Nothing was shown.",
        figures=(cobweb(schedule, interval),),
        tables=(Table("Fixed points from 0 on, and the multiplier f' there (derived, correct to the digits printed)",
                      ("x", "f'(x)", ""), rows),),
        proofs=proofs(certified, "long-run"),
    )  # fmt: skip


def _formats(found: Certification) -> Section:
    schedule = found.schedule
    names = (found.rounding.dtype,) if found.rounding else USUAL
    rows = []
    for name in names:
        try:
            said = in_format(schedule, Setting(name, schedule.normalisation))
            rows.append((name, "safe" if said.safe else "not safe", said.sentence))
        except MuonTheoryError as error:
            rows.append((name, "not known", str(error)))
    certified = found.rounding is not None and found.rounding.verdict is Verdict.PROVED
    bands = tuple(
        Proof(f"rounding-{n:02}-{c.claim.type}.json", c, verify(c))
        for n, c in enumerate(found.rounding.certificates if found.rounding else (), 1)
    )
    lines = ("\n\n".join(line.strip() for line in found.rounding.lines()),) if found.rounding else ()
    good = [name for name, word, _ in rows if word == "safe"]
    return Section(
        "format", "In finite precision", "",
        "Normalising in a format may leave the largest singular value a little above 1; inside the steps every "
        "product is rounded. A format counts as safe if what the norm may leave lies below the certified safe σ_(max) "
        f"(cap {CAP}), and if under a model of typical rounding the output stays at most the cap. The second half is a "
        "model.",
        Badge.PROVED if certified and bands else Badge.MODELLED,
        f"Safe in {', '.join(good)}."
        if good
        else f"Not safe, or not known to be, in {', '.join(n for n, *_ in rows)}.",
        tables=(Table("", ("format", "", "why"), tuple(rows)),),
        proofs=bands,
        remarks=lines,
    )  # fmt: skip


def _optimum(schedule: Schedule, interval: Interval, reached: Interval | None) -> Iterator[Section]:
    degrees = [f.degree for f in schedule.steps]
    if reached is None or max(degrees) > 9 or min(degrees) < 3 or interval.hi <= interval.lo:
        return
    try:
        best = compose(degrees, interval.lo, interval.hi)
    except MuonTheoryError:
        return
    asked = CompositionBound(tuple(degrees), interval, Fraction(1, 10**300))
    bound = attempt(schedule, asked, lambda: composition_bound(degrees, interval))
    if not bound.proved:
        return
    error, least = reach(reached), bound.claim.error
    rows = tuple(
        (str(t), ", ".join(_short(c) for c in f.coefficients), decimal(level, 6, +1))
        for t, (f, level) in enumerate(zip(best.schedule.steps, best.levels, strict=True), 1)
    )
    yield Section(
        "optimum", "How far from the best", "", "",
        Badge.PROVED,
        f"No composition of these degrees comes closer to 1 on {interval.text(6)} than {decimal(least, 8, -1)}. "
        f"This one comes within {decimal(error, 8, +1)}, at most {decimal(error / least, 4, +1)} times that.",
        tables=(Table("The greedy composition, which attains the bound, and how far from 1 each of its steps leaves "
                      "the interval (derived)", ("step", "coefficients", "error"), rows),),
        proofs=proofs([bound], "optimum"),
        command=f"muon-theory design --degree {degrees[0]} --steps {len(degrees)} --lower {interval.lo}"
        if len(set(degrees)) == 1 else "",
    )  # fmt: skip


def _audited(schedule: Schedule) -> Section:
    found = audit(schedule).findings
    rows = tuple((f.severity.value, f.rule, f.message, "; ".join(filter(None, (f.witness, f.fix)))) for f in found)
    grave = [f for f in found if f.severity in (Severity.ERROR, Severity.WARNING)]
    return Section(
        "audit", "What an audit says", "", "",
        Badge.FINDINGS if grave else Badge.CLEAN,
        f"{len(found)} finding{'s' * (len(found) != 1)}, of which {len(grave)} should be looked at."
        if found else "Nothing to report: the rows are what they claim to be, and safe as they are used.",
        tables=(Table("", ("", "rule", "finding", "witness and remedy"), rows),) if rows else (),
        command=f"muon-theory audit {schedule.name}" if _entry(schedule) else "",
    )  # fmt: skip
