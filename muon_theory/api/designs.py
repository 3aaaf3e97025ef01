"""Verbs that make and choose schedules: `design`, `design_constant`, `constant_front`, `recommend`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.api.rounding import size_of
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading
from muon_theory.subject.arguments import Number, Pair, number, pair, reading_named

if TYPE_CHECKING:
    from muon_theory.designs import Design, Recommendations
    from muon_theory.designs.constant import Constant
    from muon_theory.designs.front import Front


def design(
    *,
    degree: int | Sequence[int] = 5,
    steps: int | None = None,
    lower: Number | None = None,
    upper: Number | None = None,
    digits: int | None = None,
    decimals: int | None = None,
    denominator: int | None = None,
    reading: str | Reading = "decimal",
    safety: Number | None = None,
    safety_on: str = "all-but-last",
    cushion: Number | None = None,
    recentre: bool | None = None,
    relax_last: Number | None = None,
    delta: Number | None = None,
    noise: Number | None = None,
    target: Pair | None = None,
    fewest: str = "steps",
    dtype: str | None = None,
    normalisation: str | Normalisation = "frobenius",
) -> Design:
    """The schedule that minimises max |1 - φ| on [lower, upper], certified, beside the least error possible.

    Parameters
    ----------
    degree, steps
        One odd degree for all steps and their number (5 unless said); or the degrees themselves.
    lower, upper
        0 < lower < upper: 1/1000, and 1 or the largest that `normalisation` leaves in `dtype`.
    digits
        Correct significant digits of each ideal coefficient; about 12 of the final level unless said.
    decimals, denominator, reading
        The best coefficients of so many decimals, over a common denominator, or in a binary format, instead.
    safety, safety_on
        s ≥ 1: p_t(x/s) in every step (all), every step but the last (all-but-last), or the norm times s (norm).
    cushion, recentre
        κ, or "published": step t is best on [max(l, κu), u]; `recentre` scales images to lie around 1, as a cushion
        does.
    relax_last
        δ: the last step is the steepest at 0 whose band is [1-δ, 1+δ].
    delta
        δ-orthogonalisation: the least `lower` from which steps of these degrees come within δ of 1.
    noise
        ε of a model in which each step may err by ε times its largest value: the schedule allows for it, beside the
        error that no schedule of its degrees beats there. A number format's rounding is another matter.
    target, fewest
        The band (m, M) to end in, with the fewest "steps" of that degree, or matrix "products" of any degrees.
    dtype, normalisation
        The format it will run in: upper end, safety factor and cushion are chosen for it where they are not given.

    >>> design(degree=5, steps=3, lower="1/100", decimals=4).steps[0].row()
    ['40467/5000', '-47241/2000', '87231/5000']
    """
    from muon_theory.designs import design as make

    def given(option: str, value: Number | None) -> Fraction | None:
        return None if value is None else number(option, value)

    return make(
        degree,
        steps,
        given("--lower", lower),
        given("--upper", upper),
        digits,
        given("--safety", safety),
        "published" if cushion == "published" else given("--cushion", cushion),
        reading_named(reading),
        decimals=decimals,
        denominator=denominator,
        safety_on=safety_on,
        recentre=recentre,
        relax_last=given("--relax-last", relax_last),
        delta=given("--delta", delta),
        noise=given("--noise", noise),
        target=None if target is None else pair("--target", target),
        fewest=fewest,
        dtype=dtype,
        normalisation=Normalisation.named(normalisation),
    )


def design_constant(
    *,
    degree: int = 5,
    steps: int = 5,
    lower: Number = "1/1000",
    decimals: int | None = None,
    boxes: bool | None = None,
    slope: Number | None = None,
    fixes_one: bool = False,
    convergent: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Constant:
    """The best odd polynomial of a degree to repeat `steps` times on [lower, 1], and what none can beat.

    Parameters
    ----------
    degree
        3, 5 or 7.
    decimals
        Of the coefficients: as few as cost less than a part in two thousand unless said.
    boxes
        Show that none is better by a thousandth (or else by a tenth), by boxes of coefficients: yes, unless False.
    slope
        Of the maps with this f'(0) alone: φ'(0) = f'(0)ᵀ says how fast small singular values grow.
    fixes_one
        Of the maps with f(1) = 1 alone.
    convergent
        Of the maps alone for which every orbit of (0, 1] tends to 1.
    progress
        Called with (boxes refuted, boxes known, text).

    >>> design_constant(degree=3, steps=3, lower="1/10").verdict.value
    'proved'
    """
    from muon_theory.designs.constant import constant as find

    l, at_zero = number("--lower", lower), None if slope is None else number("--slope", slope)
    return find(degree, steps, l, decimals, boxes is not False, at_zero, fixes_one, convergent, progress)


def constant_front(
    *,
    degree: int = 5,
    steps: int = 5,
    lower: Number = "1/1000",
    progress: Callable[[int, int, str], None] | None = None,
) -> Front:
    """The least error of one map repeated against its slope f'(0), and where published maps lie: minutes.

    The points are the best map and the best ones at least as steep as given slopes, (degree - 1)/16 apart and those of
    published maps; each comes with a proof that no map as steep is better by a thousandth (or else by a tenth).

    Parameters
    ----------
    degree
        3, 5 or 7.
    steps, lower
        fᵀ on [lower, 1], T the steps.
    progress
        Called with (boxes refuted, boxes known, text).

    >>> front = constant_front(degree=3, steps=2, lower="1/4")
    >>> front.verdict.value, [float(point.schedule.steps[0].slope) for point in front.points[1:]]
    ('proved', [2.125, 2.25, 2.375, 2.5])
    """
    from muon_theory.designs.front import constant_front as find

    return find(degree, steps, number("--lower", lower), progress)


def recommend(
    *,
    lower: Number = "1/1000",
    dtype: str | None = None,
    steps: int | None = None,
    budget: int | None = None,
    normalisation: str | Normalisation = "frobenius",
    shape: str | Sequence[int] | None = None,
    margin: Number = 0,
    decimals: int = 4,
    constants: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> Recommendations:
    """Published and designed schedules that are safe in the format, best certified error first, and those that are not.

    Parameters
    ----------
    lower
        The least singular value that matters.
    dtype, normalisation
        The format they run in, and the norm that is divided by.
    steps, budget
        At most so many steps, and matrix products (a quintic step takes 3): 15 unless said, or as `steps` need.
    shape
        Rows and columns of the matrices, for what rounding in the dtype does to all singular values: 1024,1024 unless
        said.
    margin
        How far above 1 σ₁ may lie, where no dtype says so.
    decimals
        Of designed coefficients.
    constants
        Bound φ(x)/x for each: about two seconds a schedule.
    progress
        Called with (schedules examined, schedules to examine, name).

    Returns
    -------
    Recommendations
        A sequence: each has `.schedule`, `.image`, `.error`, `.safe_sigma_max`, `.constants`; `.dropped` says what is
        not offered, and why.

    >>> found = recommend(dtype="bf16", steps=3, lower="1/10", constants=False)
    >>> found[0].schedule.name, str(found[0].image)
    ('greedy 5,9,9', '[0.999999999827, 1.00000000014]')
    """
    from muon_theory.designs import recommend as find

    sides = size_of(dtype, shape)[-2:]
    return find(
        number("--lower", lower),
        budget,
        number("--margin", margin),
        decimals,
        dtype=dtype,
        steps=steps,
        normalisation=Normalisation.named(normalisation),
        shape=(sides[0], sides[1]),
        constants=constants,
        progress=progress,
    )
