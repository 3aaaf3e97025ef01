"""`atlas --family F --plane a,s`: a certified phase diagram, as certificates and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from muon_theory.cli.output import Format, columns, emit, note, progress
from muon_theory.cli.subjects import Number, number, pair
from muon_theory.errors import UsageError
from muon_theory.family import FAMILIES, QUINTIC, QUINTIC_AB, Family

if TYPE_CHECKING:
    from muon_theory.atlas import Band, Survey

NAMED = {"cubic": {"a,b": Family.parse("a; b"), "a,s": Family.parse("a; (s-a)/3")}, "quintic": {"a,b": QUINTIC_AB}}


def atlas(
    *,
    family: Annotated[
        str, Parameter(help='cubic, quintic, or coefficients such as "a; b; c" or "a; (5-s)/2-2a; a-(3-s)/2"')
    ] = "quintic",
    plane: Annotated[
        str, Parameter(help="the parameters to vary, such as a,s or a,b or a,b,c; l,a for the band")
    ] = "a,s",
    set: Annotated[list[str] | None, Parameter(help="s=-49/50: fix a parameter that is no axis")] = None,
    window: Annotated[list[str] | None, Parameter(help="a=1,4: the range of an axis")] = None,
    band: Annotated[str | None, Parameter(help="m,M: show where φ([l, 1]) lies in [m, M], and where not")] = None,
    lower: Annotated[Number, Parameter(help="l, for --band")] = "1/100",
    steps: Annotated[int, Parameter(help="how many, for --band")] = 5,
    depth: Annotated[int | None, Parameter(help="how often a box is halved, at most")] = None,
    jobs: Annotated[int, Parameter(help="worker processes; -1 for one on each core")] = -1,
    scheduler: Annotated[str | None, Parameter(help="a Dask scheduler to run on instead: tcp://host:8786")] = None,
    resume: Annotated[Path | None, Parameter(help="a journal to write, and to go on from if it is there")] = None,
    out: Annotated[Path, Parameter(help="the folder for certificates and the picture")],
    format: Format = "text",
) -> int:
    """Cut a plane of parameters into boxes that are proved to have a property, and draw them."""
    from muon_theory.atlas import atlas as sweep_atlas
    from muon_theory.atlas import strip_theorem
    from muon_theory.certificate import write

    of = _survey(family, plane, set or [], window or [], _band(band, lower, steps))
    if depth is not None:
        of = of.at_depth(depth)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {out}: {error.strerror}: name another one") from None
    with progress("sweep") as step:
        found = sweep_atlas(of, jobs, scheduler, resume, step)
    files = found.write(out)
    data: dict[str, Any] = {
        "family": family,
        "plane": plane,
        **found.to_json(files),
        "verified": [f.name for f in files],
    }
    if maps_of(family, plane) in (QUINTIC, QUINTIC_AB):
        theorem = strip_theorem()
        write(out / "strip-theorem.json", theorem.data)
        data["theorem"] = {"file": "strip-theorem.json", "statement": theorem.claim.statement()}
    if len(of.plane.axes) == 2:
        from muon_theory.report.atlas_figure import draw_atlas

        write(out / "atlas.svg", draw_atlas(found, "svg"))
        write(out / "atlas.png", draw_atlas(found, "png"))
        data["picture"] = "atlas.svg"
    emit(data, lambda: _text(data), format)
    note(f"wrote {len(files)} certificate files to {out}: check them with `muon-theory check {out}/*.json`")
    return 0


def maps_of(family: str, plane: str) -> Family:
    """The family that a name means on a plane, or that expressions give."""
    return NAMED.get(family, {}).get(plane.replace(" ", "")) or FAMILIES.get(family) or Family.parse(family)


def _band(target: str | None, lower: str, steps: int) -> Band | None:
    from muon_theory.atlas import Band

    if steps < 1:
        raise UsageError(f"--steps {steps}: ask for 1 step or more")
    return None if target is None else Band(pair("--band", target), number("--lower", lower), steps)


def _survey(family: str, plane: str, settings: list[str], windows: list[str], band: Band | None) -> Survey:
    from muon_theory.atlas import survey

    axes, maps = tuple(name.strip() for name in plane.split(",")), maps_of(family, plane)
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(f"--set {setting!r}: write name=value, such as s=-49/50")
        maps = maps.fix(**{name.strip(): number("--set", value)})
    ranges = {}
    for text in windows:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--window {text!r}: write name=lo,hi, such as a=1,4")
        ranges[name.strip()] = pair("--window", value)
    return survey(maps, axes, ranges, band)


def _text(data: dict[str, object]) -> str:
    layers = data["layers"]
    assert isinstance(layers, list)
    rows: list[tuple[str, ...]] = [("property", "boxes", "share of the window", "certificates")]
    rows += [(x["property"], str(x["boxes"]), str(x["certified_share"]), ", ".join(x["files"]) or "-") for x in layers]
    head = f"{data['family']} over ({data['plane']}): every box below is proved"
    return f"{head}\n\n{columns(rows)}\n\nopen: {data['open_share']} of the {data['open_share_of']}"
