"""`certify SUBJECT`: prove or refute that a schedule is safe, with certificates."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import CertificatesOut, Format, Plot, SameOut, answer, ask, one_of
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, Subject, subject_of, whole


def certify(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    lower: Annotated[Number, Parameter(help="the least singular value of the band")] = "1/1000",
    upper: Annotated[
        Number | None, Parameter(help="1 unless said; with --dtype, what normalising may leave in it")
    ] = None,
    cap: Annotated[Number, Parameter(help="the largest output that is allowed")] = "3/2",
    target: Annotated[
        str | None, Parameter(help="m,M: require φ([lower, upper]) ⊆ [m, M]", allow_leading_hyphen=True)
    ] = None,
    digits: Annotated[int, whole("how tightly what is found is enclosed", 1, 200)] = 12,
    reading: ReadingName = "decimal",
    dtype: Annotated[
        str | None, Parameter(help="say what rounding does, too: bf16, fp16, fp32, tf32, fp64, e4m3 or e5m2")
    ] = None,
    shape: Annotated[str | None, Parameter(help="m,n of the matrices, for --dtype: 1024,1024 unless said")] = None,
    order: Annotated[
        str | None, Parameter(help="of operations, for --dtype: fused (unless said), unfused, shifted or gram")
    ] = None,
    additions: Annotated[
        str | None,
        Parameter(
            help="for --dtype: in which order the norm's squares are added: torch (as on a CPU, unless said), any, "
            "pairwise, lanes:L, blocked:B, or so many additions"
        ),
    ] = None,
    sums: Annotated[str | None, Parameter(help="for --dtype: the same for a product's terms; any unless said")] = None,
    failure: Annotated[
        Number | None, Parameter(help="for --dtype: tier S holds with probability ≥ 1 - this; 1/1000 unless said")
    ] = None,
    exceptions: Annotated[
        int | None, whole("for --dtype: tier W says also where all singular values but so many end", 0)
    ] = None,
    require_dtype: Annotated[bool, Parameter(help="the verdict and the exit status follow --dtype, too")] = False,
    plot: Plot = None,
    certificates: CertificatesOut = None,
    out: SameOut = None,
    format: Format = "text",
) -> int:
    """Prove or refute: every step > 0 on (0, upper], output ≤ cap there, and the target band where one is given.

    Beside it: slope, band, safe σ_max, what happens to small singular values, and for one map repeated its limits.
    With --dtype and --shape: what rounding adds, in tiers whose worth is said; with --require-dtype the verdict
    follows the format as well.
    Exit status 0 proved, 1 refuted, 3 undecided.
    """
    written = one_of(certificates, out)
    found = ask(mt.certify, locals(), subject_of(subject, coefficients))
    return answer(found, format, certificates=written, plot=plot, certificate=str(written) if written else None)
