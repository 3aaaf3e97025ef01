"""The explorer beside a report: which schedules it begins with, and whether it has the plane."""

from __future__ import annotations

from muon_theory.reports import explorer
from muon_theory.schedule import Schedule


def article_explorer() -> dict[str, bytes]:
    """`explorer.html` and the certificates of the published schedules; those of the plane are the report's own."""
    from muon_theory.article import phase, proof
    from muon_theory.article.a11_threshold import STRIP

    plane = explorer.plane(phase.swept("strip"), phase.bundles("strip"), proof(STRIP))
    return explorer.files(explorer.presets(), plane)


def subject_explorer(schedule: Schedule) -> dict[str, bytes]:
    """`explorer.html` that begins with this schedule, beside the best known ones."""
    others = [c for c in explorer.presets(("jordan", "article")) if c.schedule.digest != schedule.digest]
    return explorer.files([explorer.choice(schedule, "subject", schedule.name), *others])
