"""`atlas quintic`, `atlas --family F --plane a,s`: a certified phase diagram, as certificates and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.certificate import AnyCertificate, bundle, write
from muon_theory.cli.output import (
    CertificatesOut,
    Format,
    answer,
    ask,
    can_make_folder,
    checking,
    columns,
    emit,
    note,
)
from muon_theory.cli.subjects import Number, settings, whole
from muon_theory.errors import UsageError
from muon_theory.verification import verify


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
    jobs: Annotated[int, whole("worker processes; -1 for one on each core, where joblib is installed")] = -1,
    scheduler: Annotated[str | None, Parameter(help="a Dask scheduler to run on instead: tcp://host:8786")] = None,
    resume: Annotated[Path | None, Parameter(help="a journal to write, and to go on from if it is there")] = None,
    certificates: Annotated[CertificatesOut, Parameter(help="write all certificates to this one file")] = None,
    out: Annotated[
        Path | None, Parameter(help="the folder for the picture, and the certificates, a file for each property")
    ] = None,
    format: Format = "text",
) -> int:
    """Cut a plane of parameters into boxes that are proved to have a property, and draw them."""
    if preset == "list":
        return _list(format)
    if out is None and certificates is None:
        raise UsageError("--out is missing: name a folder for the certificates, or ask for `atlas list`")
    if out is not None:
        can_make_folder(out)
    values, ranges = settings("--set", set), settings("--window", window)
    found = ask(mt.atlas, locals(), preset, set=values, window=ranges, during="sweep")
    if out is not None:
        found.save(out)
        note(f"wrote {len(found.files)} certificate files to {out}: check them with `muon-theory check {out}/*.json`")
    if certificates is not None:
        _write(found.certificates, certificates)
    return answer(found, format)


def _write(every: Sequence[AnyCertificate], file: Path) -> None:
    """All of them into one file, as far as a file goes."""
    if not every:
        note(f"no box is proved to have a property: {file} is not written; take a larger --depth")
        return
    together = bundle(every)
    if not (seen := verify(together)).proved:  # each is, so together they are beyond what a file may ask for
        raise UsageError(f"the certificates do not go into one file ({seen.reason}): take --out FOLDER")
    write(file, together)
    note(f"wrote {file}: check it with `{checking(file)}`")


def _list(form: str) -> int:
    from muon_theory.atlases import PRESETS

    data: dict[str, object] = {"atlases": [{"name": name, "plane": words} for name, (words, _) in PRESETS.items()]}
    emit(data, lambda: columns([(name, words) for name, (words, _) in PRESETS.items()]), form)
    return 0
