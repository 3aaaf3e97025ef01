"""The article's claims A1-A17, settled: each section with its derivations, certificates, figures and verdict.

`article_report` builds the report that the renderers draw.  Every number in a text comes from a certificate, an exact
computation or a derivation made here; nothing is typed in.  `proof` gives single certificates by file name.
"""

from __future__ import annotations

from collections.abc import Callable

from muon_theory.article import phase
from muon_theory.article.comparison import a14, a16
from muon_theory.article.cubic import a4, a5, a6, a7
from muon_theory.article.definitions import a1, a2, a3
from muon_theory.article.divergence import a12, a13
from muon_theory.article.growth import a8, a15
from muon_theory.article.kit import claim, names, proof
from muon_theory.article.measured import measured
from muon_theory.article.quintic import a9, a10
from muon_theory.article.threshold import a11
from muon_theory.article.training import a17
from muon_theory.report.model import Badge, Report, Section

__all__ = ["SECTIONS", "article_report", "claim", "names", "proof"]

Progress = Callable[[str, float], None]

SECTIONS: tuple[Callable[[], Section], ...] = (
    a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17
)  # fmt: skip
"""The sections in order; each builds itself, from certificates that are made once a process."""

CERTIFICATES_SHARE, SWEEPS_SHARE = 0.4, 0.3
"""About the parts of the time that go into certificates, and into the phase diagram."""


def article_report(progress: Progress | None = None, with_measured: bool = True) -> Report:
    """Settle A1-A17.

    Deterministic, but for `measured`: runs on real matrices where torch is installed, which stay out of the page.
    `progress(what, fraction)` is called as the work goes on, with fractions that rise from 0 to 1.
    """
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
        tell(f"section {build.__name__.upper()}", made + (0.95 - made) * i / len(SECTIONS))
        sections.append(build())
    tell("matrices", 0.95)
    figures = measured() if with_measured else {}
    tell("done", 1.0)
    return Report(
        "Newton–Schulz coefficients for Muon, as attracting fixed points",
        "The claims A1–A17 of an article on choosing them, one by one, with proofs",
        _introduction(sections),
        tuple(sections),
        "muon-theory report",
        figures,
    )


def _introduction(sections: list[Section]) -> tuple[str, ...]:
    count = {badge: sum(s.badge is badge for s in sections) for badge in Badge}
    tally = ", ".join(f"{n} {badge.value}" for badge, n in count.items() if n)
    certificates = {p.file: p.verification for s in sections for p in s.proofs}
    proved = sum(v.proved for v in certificates.values())
    whole = "all" if proved == len(certificates) else str(proved)
    return (
        "Muon replaces a matrix X = U Σ Vᵀ by an approximation of U Vᵀ, by applying an odd polynomial f several "
        "times. The article proposes to choose f so that x = 1 is an attracting fixed point, and derives a cubic and "
        "a quintic from that idea. This report takes its claims in order, states each precisely, and settles it.",
        f"Of {len(sections)} claims: {tally}. The word *proved* rests on {len(certificates)} certificates: an "
        f"independent checker, with one rule and exact arithmetic, proved {whole} of them. Derivations are symbolic "
        "work, re-checked at random rational points; they explain, and where a text says *derived* it rests on them.",
        "Throughout, φ is f applied five times, y = x², and f(x) = x·g(y). Printed bounds are rounded outward.",
    )
