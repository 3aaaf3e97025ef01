"""The sections of the report on one schedule, each with its badge, its certificates and its drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from muon_theory import catalogue
from muon_theory.answer import Answer, attempt
from muon_theory.api.certification import Certification
from muon_theory.api.contents.figures import cobweb, image, partial
from muon_theory.audits import Severity, audit
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, Bands, CompositionBound, MapsInto
from muon_theory.claims.words import exact as shortest
from muon_theory.designs.formats import USUAL, Setting, in_format
from muon_theory.designs.greedy import compose, reach
from muon_theory.designs.products import cost
from muon_theory.document import Badge, Proof, Section, Table
from muon_theory.errors import MuonTheoryError
from muon_theory.evidence import Derivation, Standing, Step
from muon_theory.exact import dynamics
from muon_theory.finders import CAP
from muon_theory.finders.alternation import composition_bound
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify

Answers = Sequence[Answer[AnyClaim]]

BADGES = {Verdict.PROVED: Badge.PROVED, Verdict.REFUTED: Badge.REFUTED, Verdict.UNDECIDED: Badge.UNDECIDED}


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


def said(answers: Answers) -> str:
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


def entry_of(schedule: Schedule) -> catalogue.Entry | None:
    """Its entry in the catalogue, if it has one."""
    return next((e for e in catalogue.entries() if e.id == schedule.name), None)


def safety(found: Certification, answers: Answers) -> Section:
    """The verdict, and the numbers beside it."""
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
        said([a for a in answers if a.required]),
        tables=(Table("", ("", ""), facts),),
        proofs=proofs(answers, "safe"),
    )  # fmt: skip


def behaviour(found: Certification, answers: Answers) -> Section:
    """φ on the interval, and what becomes of small singular values."""
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


def step_by_step(found: Certification) -> Section:
    """Each step's coefficients, and the chain of intervals."""
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


def long_run(schedule: Schedule, answers: Answers, interval: Interval) -> Section:
    """Fixed points, and what is certified of infinite repetition."""
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
        said(answers) or "Nothing was shown.",
        figures=(cobweb(schedule, interval),),
        tables=(Table("Fixed points from 0 on, and the multiplier f' there (derived, correct to the digits printed)",
                      ("x", "f'(x)", ""), rows),),
        proofs=proofs(certified, "long-run"),
    )  # fmt: skip


def formats(found: Certification) -> Section:
    """In which formats it is safe, and what was asked of one."""
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


def optimum(schedule: Schedule, interval: Interval, reached: Interval | None) -> Iterator[Section]:
    """The distance from the best composition of these degrees, where that is certified."""
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


def audited(schedule: Schedule) -> Section:
    """The findings of `audit`."""
    found = audit(schedule).findings
    rows = tuple(f.cells for f in found)
    grave = [f for f in found if f.severity in (Severity.ERROR, Severity.WARNING)]
    return Section(
        "audit", "What an audit says", "", "",
        Badge.FINDINGS if grave else Badge.CLEAN,
        f"{len(found)} finding{'s' * (len(found) != 1)}, of which {len(grave)} should be looked at."
        if found else "Nothing to report: the rows are what they claim to be, and safe as they are used.",
        tables=(Table("", ("", "rule", "finding", "witness and remedy"), rows),) if rows else (),
        command=f"muon-theory audit {schedule.name}" if entry_of(schedule) else "",
    )  # fmt: skip
