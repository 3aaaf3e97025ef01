"""`design`: optimal schedules, with a bound that none of their degrees can beat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import signature
from typing import Annotated, Literal

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.languages import Language, alone, answer_in
from muon_theory.cli.output import CertificatesOut, Format, Plot, SameOut, ask, one_of
from muon_theory.cli.subjects import MOST_STEPS, Number, whole
from muon_theory.display import Shown
from muon_theory.errors import UsageError


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
    given = locals()
    written = one_of(certificates, out)
    alone(to, format, written)
    if front and not constant:
        raise UsageError("--front belongs to --constant")
    verb = mt.constant_front if front else mt.design_constant if constant else mt.design
    if foreign := next(_foreign(verb, given), None):
        how = (
            f"does not go with --{'front' if front else 'constant'}: leave it out"
            if constant
            else "belongs to --constant"
        )
        raise UsageError(f"{foreign} {how}")
    if degree is not None and degrees is not None:
        raise UsageError("--degree and --degrees say the same thing: leave one out")
    given["degree"] = degrees_of(degrees) if degrees is not None else 5 if degree is None else degree
    if constant:
        usual = {"steps": 5 if steps is None else steps, "lower": "1/1000" if lower is None else lower}
        found: Shown = ask(verb, given | usual, during="boxes of coefficients")
    else:
        found = ask(verb, given, reading=coefficients_in)
    return answer_in(to, found, format, certificates=written, plot=plot)


PRINTED = {"constant", "front", "plot", "certificates", "out", "format"}
"""What says which answer is asked for, and where it goes."""


def _foreign(verb: Callable[..., object], given: Mapping[str, object]) -> Iterator[str]:
    """The options that were said, and that the verb has no argument for."""
    takes = {*signature(verb).parameters, *PRINTED}
    if verb is mt.design:
        takes |= {"degrees", "coefficients_in"}
    if verb is not mt.constant_front:
        takes |= {"to"}
    for name, option in signature(design).parameters.items():
        if name not in takes and given[name] != option.default:
            yield "--" + name.replace("_", "-")


def degrees_of(text: str) -> tuple[int, ...]:
    """'5,7,9' as numbers."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 3 for part in parts) or len(parts) > MOST_STEPS:
        raise UsageError(f"--degrees {text!r}: write odd numbers up to 63 with commas between, such as 5,7,9")
    return tuple(map(int, parts))
