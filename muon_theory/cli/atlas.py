"""`atlas quintic`, `atlas --family F --plane a,s`: a certified phase diagram, as certificates and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from muon_theory.cli.output import Format, columns, emit, make_folder, note, progress
from muon_theory.cli.subjects import Number, number, pair, whole
from muon_theory.errors import UsageError
from muon_theory.family import FAMILIES, QUINTIC, QUINTIC_AB, Family, family_named
from muon_theory.interval import Interval

if TYPE_CHECKING:
    from muon_theory.atlases import Atlas, Band, Survey

NAMED: dict[str, dict[str, Family]] = {
    "cubic": {"a,b": Family.parse("a; b"), "a,s": Family.parse("a; (s-a)/3")},
    "quintic": {"a,b": QUINTIC_AB},
}
"""Families whose coordinates depend on the plane."""


def atlas(
    preset: Annotated[str | None, Parameter(help="a plane by its name; `list` shows them")] = None,
    /,
    *,
    family: Annotated[
        str | None,
        Parameter(help='cubic, quintic, septic, or coefficients such as "a; b; c" or "a; (5-s)/2-2a; a-(3-s)/2"'),
    ] = None,
    schedule: Annotated[
        str | None, Parameter(help="a schedule instead, with some coefficients of one --step free")
    ] = None,
    step: Annotated[int | None, whole("which, for --schedule: 1 unless said")] = None,
    plane: Annotated[
        str | None,
        Parameter(help="the parameters to vary, such as a,s (the default) or a,b or a,b,c; l,a for the band"),
    ] = None,
    set: Annotated[list[str] | None, Parameter(help="s=-49/50: fix a parameter that is no axis")] = None,
    window: Annotated[list[str] | None, Parameter(help="a=1,4: the range of an axis")] = None,
    band: Annotated[Number | None, Parameter(help="m,M: show where φ([l, 1]) lies in [m, M], and where not")] = None,
    lower: Annotated[Number | None, Parameter(help="l, for --band: 1/100 unless said")] = None,
    steps: Annotated[int | None, whole("how many, for --band: 5 unless said")] = None,
    depth: Annotated[int | None, whole("how often a box is halved, at most")] = None,
    jobs: Annotated[int, whole("worker processes; -1 for one on each core")] = -1,
    scheduler: Annotated[str | None, Parameter(help="a Dask scheduler to run on instead: tcp://host:8786")] = None,
    resume: Annotated[Path | None, Parameter(help="a journal to write, and to go on from if it is there")] = None,
    out: Annotated[Path | None, Parameter(help="the folder for certificates and the picture")] = None,
    format: Format = "text",
) -> int:
    """Cut a plane of parameters into boxes that are proved to have a property, and draw them."""
    if preset == "list":
        return _list(format)
    if out is None:
        raise UsageError("--out is missing: name a folder for the certificates, or ask for `atlas list`")
    asked = {"--family": family, "--schedule": schedule, "--plane": plane, "--set": set, "--band": band}
    for option, needs, lacks in (
        ("--step", "--schedule", step is not None and schedule is None),
        ("--lower", "--band", lower is not None and band is None),
        ("--steps", "--band", steps is not None and band is None),
    ):
        if lacks:
            raise UsageError(f"{option} belongs to {needs}, which is missing")
    step = 1 if step is None else step
    least, many = "1/100" if lower is None else lower, 5 if steps is None else steps
    if preset is not None:
        if both := [option for option, value in asked.items() if value]:
            raise UsageError(f"{preset} is a whole plane: leave out {both[0]}, or the name")
        of = _of_preset(preset, window or [])
    elif schedule is not None:
        if family is not None or set:
            raise UsageError("--schedule takes no --family and no --set: its other coefficients are its own")
        of = _of_schedule(schedule, step, plane or "a,b", window or [], _band(band, least, many))
    else:
        of = _of_family(family or "quintic", plane or "a,s", set or [], window or [], _band(band, least, many))
    if depth is not None:
        of = of.at_depth(depth)
    make_folder(out)
    from muon_theory.atlases import atlas as sweep_atlas

    with progress("sweep") as bar:
        found = sweep_atlas(of, jobs, scheduler, resume, bar)
    named = {"preset": preset} if preset else {"schedule": schedule, "step": step} if schedule else {}
    data: dict[str, Any] = {
        **named,
        "family": found.prover.family.name if named else family or "quintic",
        "plane": ",".join(of.plane.axes),
    }
    data |= _written(found, out)
    emit(data, lambda: _text(data, found), format)
    return 0


def _list(form: str) -> int:
    from muon_theory.atlases import PRESETS

    data = {"atlases": [{"name": name, "plane": words} for name, (words, _) in PRESETS.items()]}
    emit(data, lambda: columns([(name, words) for name, (words, _) in PRESETS.items()]), form)
    return 0


def _written(found: Atlas, out: Path) -> dict[str, Any]:
    """Write certificates and picture; what the answer says of them."""
    from muon_theory.atlases import strip_theorem
    from muon_theory.certificate import write

    files = found.write(out)
    data = {**found.to_json(files), "verified": [f.name for f in files]}
    if found.prover.family in (QUINTIC, QUINTIC_AB):
        theorem = strip_theorem()
        write(out / "strip-theorem.json", theorem.data)
        data["theorem"] = {"file": "strip-theorem.json", "statement": theorem.statement}
    if len(found.plane.axes) == 2:
        from muon_theory.reports.atlas_figure import draw_atlas

        write(out / "atlas.svg", draw_atlas(found, "svg"))
        write(out / "atlas.png", draw_atlas(found, "png"))
        data["picture"] = "atlas.svg"
    note(f"wrote {len(files)} certificate files to {out}: check them with `muon-theory check {out}/*.json`")
    return data


def maps_of(family: str, plane: str) -> Family:
    """The family that a name means on a plane, or that expressions give."""
    named = {**FAMILIES, **NAMED.get(family, {})}
    return named.get(plane.replace(" ", "")) or named.get(family) or family_named(family)


def _of_preset(name: str, windows: list[str]) -> Survey:
    from muon_theory.atlases import preset

    return preset(name).over(_windows(windows))


def _of_schedule(subject: str, step: int, plane: str, windows: list[str], band: Band | None) -> Survey:
    from muon_theory.atlases import schedule_survey
    from muon_theory.subject import parse_subject

    return schedule_survey(parse_subject(subject), step, _axes(plane), _windows(windows), band)


def _of_family(family: str, plane: str, settings: list[str], windows: list[str], band: Band | None) -> Survey:
    from muon_theory.atlases import survey

    maps = maps_of(family, plane)
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(f"--set {setting!r}: write name=value, such as s=-49/50")
        maps = maps.fix(**{name.strip(): number("--set", value)})
    return survey(maps, _axes(plane), _windows(windows), band)


def _axes(plane: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in plane.split(","))


def _windows(texts: list[str]) -> dict[str, Interval]:
    ranges = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--window {text!r}: write name=lo,hi, such as a=1,4")
        ranges[name.strip()] = pair("--window", value)
    return ranges


def _band(target: str | None, lower: str, steps: int) -> Band | None:
    from muon_theory.atlases import Band

    return None if target is None else Band(pair("--band", target), number("--lower", lower), steps)


def _text(data: dict[str, Any], found: Atlas) -> str:
    rows: list[tuple[str, ...]] = [("property", "boxes", "share of the window", "certificates")]
    rows += [
        (x["property"], str(x["boxes"]), x["certified_share"], ", ".join(x["files"]) or "-") for x in data["layers"]
    ]
    over = " × ".join(f"{axis} in {side}" for axis, side in zip(found.plane.axes, found.plane.window, strict=True))
    head = f"{found.prover.family.name} over {over}: every box below is proved"
    return f"{head}\n\n{columns(rows)}\n\nopen: {data['open_share']} of the {data['open_share_of']}"
