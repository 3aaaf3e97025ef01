"""Certified phase diagrams: adaptive boxes of parameters, each proved to have a property, or still open.

`survey` names a plane and its layers, `atlas` sweeps it, and the `Atlas` has the shares and the certificates.  Layers
overlap where two properties do; every box of every layer is part of a certificate that the checker proves.
"""

from __future__ import annotations

from pathlib import Path

from muon_theory.atlases.explore import Found, Leaf, Prover
from muon_theory.atlases.members import Layers
from muon_theory.atlases.plane import Plane, Strip
from muon_theory.atlases.presets import PRESETS, around_jordan, coefficient_plane, preset, quintic_plane, strip_theorem
from muon_theory.atlases.properties import Properties
from muon_theory.atlases.result import Atlas, File
from muon_theory.atlases.surveys import Band, Survey, schedule_survey, survey
from muon_theory.atlases.sweep import Progress, sweep

__all__ = [
    "PRESETS",
    "Atlas",
    "Band",
    "File",
    "Found",
    "Layers",
    "Leaf",
    "Plane",
    "Progress",
    "Properties",
    "Prover",
    "Strip",
    "Survey",
    "around_jordan",
    "atlas",
    "coefficient_plane",
    "preset",
    "quintic_plane",
    "schedule_survey",
    "strip_theorem",
    "survey",
    "sweep",
]


def atlas(
    of: Survey,
    jobs: int = -1,
    scheduler: str | None = None,
    journal: Path | None = None,
    progress: Progress | None = None,
) -> Atlas:
    """Sweep a survey's plane: see `sweep` for the arguments.

    >>> small = atlas(quintic_plane().at_depth(8), jobs=1)
    >>> [(f.layer, f.boxes, f.verification.proved) for f in small.files()][:2]
    [('converges', 14, True), ('escapes', 11, True)]
    """
    found = sweep(of.prover, of.plane, of.depths, jobs, scheduler, journal, progress)
    return Atlas(of.prover, of.plane, of.strip, found)
