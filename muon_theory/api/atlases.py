"""The verb `atlas`: certified phase diagrams of families and of steps of schedules."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muon_theory.certificate import AnyCertificate, load, write
from muon_theory.display import Lines, Page, Shown, Table
from muon_theory.display.plots import Figure
from muon_theory.errors import UsageError
from muon_theory.family import FAMILIES, QUINTIC, QUINTIC_AB, Family, family_named
from muon_theory.interval import Interval
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, Pair, number, pair
from muon_theory.verification import Verdict, verdict_on

if TYPE_CHECKING:
    from muon_theory.atlases import Atlas, Band, File, Survey

NAMED: dict[str, dict[str, Family]] = {
    "cubic": {"a,b": Family.parse("a; b"), "a,s": Family.parse("a; (s-a)/3")},
    "quintic": {"a,b": QUINTIC_AB},
}
"""Families whose coordinates depend on the plane."""


@dataclass(frozen=True, slots=True, repr=False)
class PhaseDiagram(Shown):
    """A plane cut into boxes, each proved to have a property: `atlas` has them, `files` their certificates."""

    atlas: Atlas
    files: tuple[File, ...]
    named: Mapping[str, object]
    """How it was asked for: the preset, the schedule and its step, or the family."""

    @property
    def verdict(self) -> Verdict:
        return verdict_on(file.verification for file in self.files)

    @property
    def exit_status(self) -> int:
        return 0

    @property
    def theorem(self) -> str | None:
        """What is proved of the whole strip of quintics, where the plane is one of theirs."""
        from muon_theory.atlases import strip_theorem

        return strip_theorem().statement if self._quintics else None

    @property
    def _quintics(self) -> bool:
        return self.atlas.prover.family in (QUINTIC, QUINTIC_AB)

    @property
    def drawn(self) -> bool:
        """Whether there is a picture: of planes, not of spaces."""
        return len(self.atlas.plane.axes) == 2

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Those of all files."""
        return tuple(certificate for file in self.files for certificate in load(file.data))

    def to_json(self) -> dict[str, object]:
        data = {
            **self.named,
            "plane": ",".join(self.atlas.plane.axes),
            **self.atlas.to_json(self.files),
            "verified": [file.name for file in self.files],
        }
        if (theorem := self.theorem) is not None:
            data["theorem"] = {"file": "strip-theorem.json", "statement": theorem}
        return data | ({"picture": "atlas.svg"} if self.drawn else {})

    def _names(self, layer: str) -> str:
        return ", ".join(file.name for file in self.files if file.layer == layer)

    def page(self) -> Page:
        atlas = self.atlas
        rows = tuple(
            (layer, str(len(atlas.boxes(layer))), atlas.share_text(layer), self._names(layer) or "-")
            for layer in atlas.prover.layers
        )
        plane = atlas.plane
        over = " × ".join(f"{axis} in {side}" for axis, side in zip(plane.axes, plane.window, strict=True))
        head = f"{atlas.prover.family.name} over {over}: every box below is {self.verdict.value}"
        share = f"open: {atlas.open_text} of the {atlas.open_of}"
        table = Table(rows, ("property", "boxes", "share of the window", "certificates"))
        return Page("", (Lines((head,)), table, Lines((share,))))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the certificate files and the picture to a folder, each file whole or not at all."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.files:
            write(folder / file.name, file.data)
        if self._quintics:
            from muon_theory.atlases import strip_theorem

            write(folder / "strip-theorem.json", strip_theorem().data)
        if self.drawn:
            from muon_theory.reports.atlas_figure import draw_atlas

            write(folder / "atlas.svg", draw_atlas(self.atlas, "svg"))
            write(folder / "atlas.png", draw_atlas(self.atlas, "png"))

    def plot(self) -> Figure:
        """The picture; UsageError where the diagram has more than two axes."""
        from muon_theory.reports.atlas_figure import plot_atlas

        return plot_atlas(self.atlas)


def atlas(
    preset: str | None = None,
    *,
    family: str | Family | None = None,
    schedule: Subject | None = None,
    step: int | None = None,
    plane: str | Sequence[str] | None = None,
    set: Mapping[str, Number] | None = None,
    window: Mapping[str, Pair] | None = None,
    band: Pair | None = None,
    lower: Number | None = None,
    steps: int | None = None,
    depth: int | None = None,
    jobs: int = -1,
    scheduler: str | None = None,
    resume: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> PhaseDiagram:
    """Cut a plane of parameters into boxes that are proved to have a property.

    Parameters
    ----------
    preset
        A plane by its name (`muon_theory.atlases.PRESETS`).
    family, set
        Else a family, quintic unless said: cubic, quintic, septic or coefficients; with parameters that are fixed.
    schedule, step
        Else a schedule, with some coefficients of one step free (the first unless said).
    plane, window
        The parameters that vary, such as "a,s" (a,b for a schedule; l,a for a band), and their ranges {"a": (1, 4)}.
    band, lower, steps
        Show where φ([l, 1]) lies in [m, M], and where it does not: l is 1/100 and there are 5 steps unless said.
    depth
        How often a box is halved, at most.
    jobs, scheduler, resume, progress
        Worker processes, -1 for one on each core where joblib is installed; a Dask scheduler instead; a journal to
        write and to go on from; and what is called with (done, known, text).

    Raises
    ------
    UsageError
        What is asked for does not fit together, or cannot be read.

    >>> found = atlas("quintic", depth=8, jobs=1)
    >>> found.verdict.value, found.files[0].layer
    ('proved', 'converges')
    """
    from muon_theory.atlases import atlas as sweep
    from muon_theory.atlases import preset as named_preset
    from muon_theory.atlases import schedule_survey

    asked = {"--family": family, "--schedule": schedule, "--plane": plane, "--set": set, "--band": band}
    for option, needs, lacks in (
        ("--step", "--schedule", step is not None and schedule is None),
        ("--lower", "--band", lower is not None and band is None),
        ("--steps", "--band", steps is not None and band is None),
    ):
        if lacks:
            raise UsageError(f"{option} belongs to {needs}, which is missing")
    ranges = {axis: pair("--window", value) for axis, value in (window or {}).items()}
    shown = _band(band, "1/100" if lower is None else lower, 5 if steps is None else steps)
    if preset is not None:
        if both := [option for option, value in asked.items() if value]:
            raise UsageError(f"{preset} is a whole plane: leave out {both[0]}, or the name")
        of = named_preset(preset).over(ranges)
        named: dict[str, object] = {"preset": preset, "family": of.prover.family.name}
    elif schedule is not None:
        if family is not None or set:
            raise UsageError("--schedule takes no --family and no --set: its other coefficients are its own")
        which = 1 if step is None else step
        of = schedule_survey(schedule_of(schedule), which, _axes(plane or "a,b"), ranges, shown)
        named = {"schedule": _name(schedule), "step": which, "family": of.prover.family.name}
    else:
        of = _of_family(family or "quintic", _axes(plane or "a,s"), set or {}, ranges, shown)
        named = {"family": _name(family or "quintic")}
    if depth is not None:
        of = of.at_depth(depth)
    found = sweep(of, jobs, scheduler, None if resume is None else Path(resume), progress)
    return PhaseDiagram(found, tuple(found.files()), named)


def maps_of(family: str, axes: tuple[str, ...]) -> Family:
    """The family that a name means on a plane, or that expressions give."""
    named = {**FAMILIES, **NAMED.get(family, {})}
    return named.get(",".join(axes)) or named.get(family) or family_named(family)


def _of_family(
    family: str | Family,
    axes: tuple[str, ...],
    values: Mapping[str, Number],
    ranges: dict[str, Interval],
    band: Band | None,
) -> Survey:
    from muon_theory.atlases import survey

    maps = maps_of(family, axes) if isinstance(family, str) else family
    for name, value in values.items():
        maps = maps.fix(**{name: number("--set", value)})
    return survey(maps, axes, ranges, band)


def _axes(plane: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in (plane.split(",") if isinstance(plane, str) else plane))


def _band(target: Pair | None, lower: Number, steps: int) -> Band | None:
    from muon_theory.atlases import Band

    return None if target is None else Band(pair("--band", target), number("--lower", lower), steps)


def _name(of: object) -> str:
    return of if isinstance(of, str) else str(getattr(of, "name", of))
