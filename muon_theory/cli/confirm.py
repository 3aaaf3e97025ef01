"""`confirm SUBJECT`: run the iteration on real matrices and compare with the certified band."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.certificate import bundle, write
from muon_theory.cli.output import CertificatesOut, Format, Out, Plot, answer, ask, note
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, Subject, subject_of, whole
from muon_theory.errors import UndecidedError, UsageError

if TYPE_CHECKING:
    from muon_theory.confirmation import Confirmation
    from muon_theory.robust import RobustBand


def confirm(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    lower: Annotated[Number, Parameter(help="the least singular value of the inputs")] = "1/100",
    upper: Annotated[Number, Parameter(help="the largest one")] = "1",
    shape: Annotated[
        list[str] | None, Parameter(help="m,n of the matrices; may be repeated", allow_leading_hyphen=True)
    ] = None,
    dtype: Annotated[
        list[str] | None, Parameter(help="bf16, fp16, fp32, tf32, fp64, e4m3, e5m2; may be repeated")
    ] = None,
    order: Annotated[str, Parameter(help="of operations: fused, unfused, shifted or gram")] = "fused",
    arithmetic: Annotated[
        str, Parameter(help="of 16-bit formats: native, emulated, or auto: native where the device has instructions")
    ] = "auto",
    grid: Annotated[
        str, Parameter(help="the shapes and dtypes that are run where none are named: usual or full")
    ] = "usual",
    seconds: Annotated[float | None, Parameter(help="begin no case after so long, and say what was not run")] = None,
    record: Annotated[
        bool, Parameter(help="one JSON record of the subject, or of the reference schedules", negative="")
    ] = False,
    device: Annotated[str, Parameter(help="cpu or cuda")] = "cpu",
    seed: Annotated[int, whole("of the random inputs", 0, 2**32 - 1)] = 0,
    reading: ReadingName = "decimal",
    certificates: Annotated[
        CertificatesOut, Parameter(help="write the robust bands to this file: what the errors bounded here prove")
    ] = None,
    plot: Plot = None,
    format: Format = "text",
    out: Out = None,
) -> int:
    """Compare matrices after the real iteration with U diag(φ(s)) Vᵀ and the band (CONFIRMED, never proved)."""
    from muon_theory.api.matrices import record as make

    if record:
        if shape or dtype or certificates or plot or steps is not None or reading != "decimal":
            raise UsageError(
                "--record runs a whole --grid: leave out --shape, --dtype, --steps, --reading, --certificates, --plot"
            )
        subjects = [subject_of(subject, coefficients)] if subject or coefficients else []
        return answer(ask(make, locals(), subjects, during="matrices"), "json", out)
    found = ask(mt.confirm, locals(), subject_of(subject, coefficients), during="matrices")
    if certificates is not None:
        bands = _robust_bands(found)
        write(certificates, bundle(certificate for band in bands for certificate in band.certificates))
        note(f"wrote {len(bands)} robust bands to {certificates}: check them with `muon-theory check {certificates}`")
    return answer(found, format, out, plot=plot)


def _robust_bands(found: Confirmation) -> list[RobustBand]:
    """Those of the cases whose errors were bounded and leave every lower end > 0."""
    from muon_theory.robust import stretches

    bands: list[RobustBand] = []
    for case in found.cases:
        if not case.errors:
            continue
        what = {"spectrum": case.spectrum, "seed": str(found.seed), "format": case.dtype, "order": found.order.value}
        size = "×".join(map(str, case.shape))
        with suppress(UndecidedError):
            most = None if case.all_but is None else case.all_but[0]
            made = stretches(found.schedule, case.errors, most, shape=size, device=case.device, **what)
            if all(band.certificate is not None for band in made):  # stretches say something together, or nothing
                bands += made
    if not bands:
        raise UndecidedError("no case has a robust band: every lower end may reach 0; raise --lower")
    return bands
