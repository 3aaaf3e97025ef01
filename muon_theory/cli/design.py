"""`design`: optimal schedules, with a bound that none of their degrees can beat."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from muon_theory.cli.languages import Language, say_in
from muon_theory.cli.output import CertificatesOut, Format, Plot, SameOut, answer, note, one_of, progress
from muon_theory.cli.subjects import MOST_STEPS, Number, whole
from muon_theory.display import Shown
from muon_theory.errors import UsageError

if TYPE_CHECKING:
    from muon_theory.designs import Design
    from muon_theory.designs.constant import Constant


def design(
    *,
    degree: Annotated[int | None, whole("the odd degree of every step: 5 unless said", 1, 63)] = None,
    degrees: Annotated[str | None, Parameter(help="of each step, first step first, such as 5,7,9")] = None,
    steps: Annotated[int | None, whole("how many steps: 5 unless said", 1, MOST_STEPS)] = None,
    lower: Annotated[Number | None, Parameter(help="the least singular value that matters: 1/1000 unless said")] = None,
    upper: Annotated[Number | None, Parameter(help="the largest one: 1, or what the norm leaves in --dtype")] = None,
    dtype: Annotated[
        str | None, Parameter(help="choose upper end, safety and cushion for this format, and say so")
    ] = None,
    normalisation: Annotated[str, Parameter(help="the norm that is divided by, for --dtype")] = "frobenius",
    safety: Annotated[Number | None, Parameter(help="use p(x/s) in the steps that --safety-on names")] = None,
    safety_on: Annotated[
        Literal["all", "all-but-last", "norm"], Parameter(help="which steps, or the norm in their place")
    ] = "all-but-last",
    cushion: Annotated[
        Number | None, Parameter(help="l <- max(l, k u) in every step; 'published' for the Polar Express value")
    ] = None,
    recentre: Annotated[
        bool | None,
        Parameter(help="scale images to lie around 1: with a cushion unless said", negative="--no-recentre"),
    ] = None,
    relax_last: Annotated[Number | None, Parameter(help="the last step is the steepest whose band is 1 ± this")] = None,
    delta: Annotated[
        Number | None, Parameter(help="find the least --lower from which steps end within this of 1")
    ] = None,
    noise: Annotated[
        Number | None, Parameter(help="each step may err by this times its largest value (a model), such as 1/256")
    ] = None,
    target: Annotated[str | None, Parameter(help="m,M: a band to end in, with the --fewest steps or products")] = None,
    fewest: Annotated[Literal["steps", "products"], Parameter(help="what is to be few, for --target")] = "steps",
    digits: Annotated[int | None, whole("so many correct digits of every coefficient", 1, 1000)] = None,
    decimals: Annotated[int | None, whole("the best coefficients of so many decimals", 0, 1000)] = None,
    denominator: Annotated[int | None, whole("the best multiples of 1/this", 1, 10**18)] = None,
    coefficients_in: Annotated[
        Literal["decimal", "binary64", "binary32", "binary16", "bfloat16"],
        Parameter(name=("--coefficients-in", "--reading"), help="the best coefficients that this format holds"),
    ] = "decimal",
    constant: Annotated[
        bool, Parameter(help="one map repeated, of --degree 3, 5 or 7, in place of different steps", negative="")
    ] = False,
    boxes: Annotated[
        bool | None,
        Parameter(help="with --constant: show that no map is better by a thousandth, or do not", negative="--no-boxes"),
    ] = None,
    slope: Annotated[Number | None, Parameter(help="with --constant: of the maps with this f'(0) alone")] = None,
    fixes_one: Annotated[bool, Parameter(help="with --constant: of the maps with f(1) = 1 alone", negative="")] = False,
    convergent: Annotated[
        bool,
        Parameter(help="with --constant: of the maps alone whose orbits from (0, 1] all tend to 1", negative=""),
    ] = False,
    front: Annotated[
        bool, Parameter(help="with --constant: the least error against the slope f'(0), up to useless", negative="")
    ] = False,
    plot: Plot = None,
    to: Language = None,
    certificates: CertificatesOut = None,
    out: SameOut = None,
    format: Format = "text",
) -> int:
    """The schedule that minimises max |1 - φ| on [lower, upper], certified, beside the least error possible.

    The verdict is about exact arithmetic, and says in which format the schedule is not safe; with --dtype it is
    undecided where the schedule is not safe in that format. Exit status 0 proved, 1 refuted, 3 undecided.

    --constant answers for one map repeated: the best one, and a proof that none with |f| ≤ 1 somewhere on
    [lower, 1] is better by a thousandth. The first of these finds it for five steps from 1/100, the second at the slope
    13/4 at 0, the third among the maps for which every x of (0, 1] tends to 1:

        design --constant --degree 5 --steps 5 --lower 1/100
        design --constant --degree 5 --steps 5 --lower 1/100 --slope 13/4
        design --constant --degree 5 --steps 5 --lower 1/100 --convergent

    --front gives the least error for each slope in a few minutes, with the published maps beside it:

        design --constant --degree 5 --steps 5 --lower 1/100 --front --plot front.svg
    """
    from muon_theory.api.schedules import constant_front, design_constant
    from muon_theory.api.schedules import design as make

    written = one_of(certificates, out)
    if to is not None and (written is not None or format != "text"):
        raise UsageError("--to prints the coefficients alone: leave out --certificates, --out and --format")
    if constant:
        others = {
            "--degrees": degrees, "--upper": upper, "--dtype": dtype, "--safety": safety, "--cushion": cushion,
            "--recentre": recentre, "--relax-last": relax_last, "--delta": delta, "--noise": noise, "--target": target,
            "--digits": digits, "--denominator": denominator,
        }  # fmt: skip
        if given := [option for option, value in others.items() if value is not None]:
            raise UsageError(f"{given[0]} does not go with --constant: leave it out")
        asked: dict[str, Any] = {
            "degree": 5 if degree is None else degree,
            "steps": 5 if steps is None else steps,
            "lower": "1/1000" if lower is None else lower,
        }
        finer: dict[str, object] = {
            "--decimals": decimals, "--boxes": boxes, "--slope": slope, "--fixes-one": fixes_one or None,
            "--convergent": convergent or None, "--to": to,
        }  # fmt: skip
        if front and (other := [option for option, value in finer.items() if value is not None]):
            raise UsageError(f"{other[0]} does not go with --front: leave one out")
        if front:
            with progress("boxes of coefficients") as step:
                line = constant_front(**asked, progress=step)
            return _drawn(line, plot, answer(line, format, certificates=written))
        with progress("boxes of coefficients") as step:
            best = design_constant(
                **asked,
                decimals=decimals,
                boxes=boxes,
                slope=slope,
                fixes_one=fixes_one,
                convergent=convergent,
                progress=step,
            )
        return _drawn(best, plot, _said(best, to, format, written))
    alone = {
        "--boxes": boxes is not None,
        "--slope": slope is not None,
        "--fixes-one": fixes_one,
        "--convergent": convergent,
        "--front": front,
    }
    if given := [option for option, there in alone.items() if there]:
        raise UsageError(f"{given[0]} belongs to --constant")
    if degree is not None and degrees is not None:
        raise UsageError("--degree and --degrees say the same thing: leave one out")
    found = make(
        degree=degrees_of(degrees) if degrees is not None else 5 if degree is None else degree,
        steps=steps,
        lower=lower,
        upper=upper,
        digits=digits,
        decimals=decimals,
        denominator=denominator,
        reading=coefficients_in,
        safety=safety,
        safety_on=safety_on,
        cushion=cushion,
        recentre=recentre,
        relax_last=relax_last,
        delta=delta,
        noise=noise,
        target=target,
        fewest=fewest,
        dtype=dtype,
        normalisation=normalisation,
    )
    return _drawn(found, plot, _said(found, to, format, written))


def _said(found: Design | Constant, to: Language, format: Format, certificates: Path | None) -> int:
    """The exit status, after the report or the coefficients alone."""
    if to is None:
        return answer(found, format, certificates=certificates)
    say_in(to, [found])
    return found.exit_status


def _drawn(found: Shown, plot: Path | None, status: int) -> int:
    """The exit status, after the picture that was asked for."""
    if plot is not None:
        found.draw(plot)
        note(f"wrote {plot}")
    return status


def degrees_of(text: str) -> tuple[int, ...]:
    """'5,7,9' as numbers."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 3 for part in parts) or len(parts) > MOST_STEPS:
        raise UsageError(f"--degrees {text!r}: write odd numbers up to 63 with commas between, such as 5,7,9")
    return tuple(map(int, parts))
