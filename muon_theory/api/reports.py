"""What stands beside the article's report: the explorer, with the phase plane of A11 and the published schedules."""

from __future__ import annotations


def article_explorer() -> dict[str, bytes]:
    """`explorer.html` and the certificates of the published schedules; those of the plane are the report's own."""
    from muon_theory.article import phase, proof
    from muon_theory.article.a11_threshold import STRIP
    from muon_theory.reports import explorer

    plane = explorer.plane(phase.swept("strip"), phase.bundles("strip"), proof(STRIP))
    return explorer.files(explorer.presets(), plane)
