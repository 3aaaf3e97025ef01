"""The article's claims A1-A17, settled, and the theorems that go on from them: one file each, found by this registry.

A file `aNN_….py` (a claim) or `extensions/….py` (a theorem) has everything about its statement in one place: the
derivation, the certificates, the figures' numbers and the section of the report.  It may define

    section()       the report's section
    DERIVATIONS     name -> function that makes a derivation, for `muon-theory derive NAME`

and registers certificates with `kit.add`.  Every number in a text comes from a certificate, an exact
computation or a derivation made there; nothing is typed in.  `article_report` puts the sections together for whoever
draws them, `proof` gives single certificates by file name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from muon_theory.article import extensions, phase, summary
from muon_theory.article.kit import claim, names, proof
from muon_theory.document import Badge, Report, Section
from muon_theory.evidence import Derivation

__all__ = ["DERIVATIONS", "SECTIONS", "article_report", "claim", "names", "proof"]

Progress = Callable[[str, float], None]


def _modules() -> Iterator[ModuleType]:
    """The claims in order, then the theorems beyond."""
    for package, prefix in ((__path__, f"{__name__}.a"), (extensions.__path__, f"{extensions.__name__}.")):
        for found in sorted(iter_modules(package, prefix.rpartition(".")[0] + "."), key=lambda m: m.name):
            if found.name.startswith(prefix) and (prefix.endswith(".") or found.name[len(prefix)].isdigit()):
                yield import_module(found.name)


FILES: tuple[ModuleType, ...] = tuple(_modules())

SECTIONS: tuple[Callable[[], Section], ...] = tuple(file.section for file in FILES if hasattr(file, "section"))
"""The sections in order; each builds itself, from certificates that are made once a process."""

DERIVATIONS: dict[str, Callable[[], Derivation]] = {
    name: make for file in FILES for name, make in getattr(file, "DERIVATIONS", {}).items()
}
"""The derivations by name; A11 also for the cubic, |s| ≤ 1, -3 ≤ s < -1 and 1 < s < 9."""

CERTIFICATES_SHARE, SWEEPS_SHARE = 0.4, 0.3
"""About the parts of the time that go into certificates, and into the phase diagram."""


def article_report(progress: Progress | None = None, with_measured: bool = True) -> Report:
    """Settle A1-A17, and the theorems T1-T8.

    Deterministic, but for `measured`: runs on real matrices where torch is installed, which stay out of the page.
    `progress(what, fraction)` is called as the work goes on, with fractions that rise from 0 to 1.
    """
    from muon_theory.article.a01_singular_values import measured

    tell = progress or (lambda what, fraction: None)
    every = names()
    for i, name in enumerate(every):
        tell(f"certificate {name}", CERTIFICATES_SHARE * i / len(every))
        proof(name)
    for i, name in enumerate(phase.SWEEPS):
        tell(f"phase diagram, {name}", CERTIFICATES_SHARE + SWEEPS_SHARE * i / len(phase.SWEEPS))
        phase.bundles(name)
    made, sections = CERTIFICATES_SHARE + SWEEPS_SHARE, []
    for i, build in enumerate(SECTIONS):
        tell(f"section {i + 1}", made + (0.95 - made) * i / len(SECTIONS))
        sections.append(build())
    tell("matrices", 0.95)
    figures = measured() if with_measured else {}
    tell("done", 1.0)
    return Report(
        "Newton–Schulz coefficients for Muon, as attracting fixed points",
        "Seventeen claims of an article, settled one by one, and eight theorems beyond them",
        (summary.INTRODUCTION[0], _tally(sections), summary.INTRODUCTION[1]),
        tuple(sections),
        "muon-theory report",
        figures,
        findings=summary.findings(),
        picture=phase.by_slope(),
        references=summary.REFERENCES,
    )


def _tally(sections: list[Section]) -> str:
    beyond = sum(not s.said for s in sections)
    count = {badge: sum(s.badge is badge for s in sections) for badge in Badge}
    tally = ", ".join(f"{n} {badge.value}" for badge, n in count.items() if n)
    certificates = {p.file: p.verification for s in sections for p in s.proofs}
    proved = sum(v.proved for v in certificates.values())
    whole = "all" if proved == len(certificates) else str(proved)
    return (
        f"Of {len(sections) - beyond} claims and {beyond} theorems: {tally}. They rest on {len(certificates)} "
        f"certificates, of which the checker proved {whole}."
    )
