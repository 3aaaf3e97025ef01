"""`spectrum FILE`: where the singular values of real matrices lie, and what a schedule makes of them."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import CertificatesOut, Format, Out, Plot, answer, ask
from muon_theory.cli.subjects import Number, ReadingName, Steps


def spectrum(
    source: Annotated[str, Parameter(help="a .npy, .npz, .safetensors or .pt file; nothing in it is executed")],
    /,
    *,
    schedule: Annotated[str, Parameter(help="what is applied: any subject of certify")] = "jordan",
    key: Annotated[
        str | None, Parameter(help='only matrices whose names match this, such as "*.momentum_buffer"')
    ] = None,
    steps: Steps = None,
    dtype: Annotated[str | None, Parameter(help="certify each matrix's band in this format (tier A)")] = None,
    normalisation: Annotated[str | None, Parameter(help="before the first step; the schedule's unless said")] = None,
    lower: Annotated[Number | None, Parameter(help="one more edge below which the share is counted")] = None,
    share: Annotated[Number, Parameter(help="the advice brings this share of the singular values …")] = "0.99",
    band: Annotated[Number, Parameter(help="… into this band")] = "0.7,1.3",
    reading: ReadingName = "decimal",
    certificates: CertificatesOut = None,
    plot: Plot = None,
    format: Format = "text",
    out: Out = None,
) -> int:
    """Quantiles, the share below 10^-4 … 10^-1, σ₁/‖X‖_F, φ of it all, a certified band, and advice (OBSERVED)."""
    found = ask(mt.spectrum, locals(), source, schedule, during="spectrum")
    return answer(found, format, out, certificates=certificates, plot=plot)
