"""`design`: a schedule for what was asked, with everything that can be proved about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from muon_theory.designs.ends import PUBLISHED
from muon_theory.designs.formats import Setting
from muon_theory.designs.greedy import Recipe, SafetyOn
from muon_theory.designs.request import Request
from muon_theory.designs.result import Design
from muon_theory.designs.rounding import Rounding, rounded_up
from muon_theory.designs.search import Fewest
from muon_theory.errors import UsageError
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading, exact_decimal, rational
from muon_theory.precision import format_named

Number = str | int | Fraction
E = TypeVar("E", bound=Enum)

SAFETY = (0, 2, 3, 5, 8, 13, 20, 32)
"""Safety factors that are tried for a format: 1 + k·(its roundoff), the first that is safe in it."""


def design(
    degree: int | Sequence[int] = 5,
    steps: int | None = None,
    lower: Number | None = None,
    upper: Number | None = None,
    digits: int | None = None,
    safety: Number | None = None,
    cushion: Number | None = None,
    reading: Reading = Reading.DECIMAL,
    *,
    decimals: int | None = None,
    denominator: int | None = None,
    safety_on: str | SafetyOn = SafetyOn.ALL_BUT_LAST,
    recentre: bool | None = None,
    relax_last: Number | None = None,
    delta: Number | None = None,
    noise: Number | None = None,
    target: Interval | tuple[Number, Number] | None = None,
    fewest: str | Fewest = Fewest.STEPS,
    dtype: str | None = None,
    normalisation: Normalisation = Normalisation.FROBENIUS,
) -> Design:
    """The greedy schedule for [lower, upper], certified: its band, and the bound that no schedule of its shape beats.

    The arguments are those of `muon_theory.design`, numbers as exact texts, integers or fractions.

    Returns
    -------
    Design, PROVED if the checker accepted `maps-into`, `composition-bound` and `sign-safe` on (0, upper], and the band
    is closer to 1 than [lower, upper]; REFUTED if it proved that it is not.  A bound below 10^-300 is not asked for.
    The verdict is about exact arithmetic; with `dtype` it is undecided where the schedule is not safe in the format.

    Raises
    ------
    UsageError, UndecidedError
        As `compose`.

    >>> quintic = design(5, 3, "1/100", decimals=4)
    >>> print(quintic.verdict.value, quintic.image)
    proved [0.730482321015, 1.26953394039]
    """
    recipe = Recipe(
        Rounding(digits, decimals, denominator, reading),
        Fraction(1) if safety is None else rational(safety),
        _named(SafetyOn, safety_on, "the safety factor"),
        Fraction(0) if cushion is None else PUBLISHED if cushion == PUBLISHED else rational(cushion),
        recentre,
        None if relax_last is None else rational(relax_last),
        Fraction(0) if noise is None else rational(noise),
    )
    request = Request(
        tuple(degree) if not isinstance(degree, int) else degree,
        steps,
        None if lower is None else rational(lower),
        Fraction(1) if upper is None else rational(upper),
        recipe,
        None if delta is None else rational(delta),
        target if target is None or isinstance(target, Interval) else Interval.of(*target),
        _named(Fewest, fewest, "the fewest"),
    )
    alone = {
        "--safety-on belongs to --safety": safety is None
        and dtype is None
        and recipe.safety_on is not SafetyOn.ALL_BUT_LAST,
        "--fewest belongs to --target": target is None and request.fewest is not Fewest.STEPS,
        "--normalisation belongs to --dtype": dtype is None and normalisation != Normalisation.FROBENIUS,
    }
    for option, given in alone.items():
        if given:
            raise UsageError(f"{option}: give both, or neither")
    if dtype is None:
        return request.made()
    setting = Setting(format_named(dtype).name, normalisation, recipe.norm_factor)
    return _for_format(request, setting, upper is None, safety is None, cushion is None)


def _for_format(request: Request, setting: Setting, upper: bool, safety: bool, cushion: bool) -> Design:
    """With what was left open chosen for the format."""
    chosen: list[tuple[str, str, str]] = []
    if upper:
        most = setting.largest * setting.factor
        request = replace(request, upper=most)
        chosen.append(
            ("upper", exact_decimal(most), f"the largest that {setting.normalisation.name} leaves in {setting.dtype}")
        )
    if cushion:
        request = replace(request, recipe=replace(request.recipe, cushion=PUBLISHED))
        chosen.append(("cushion", PUBLISHED, "one step's image has its ends as 1 to 10"))
    if safety:
        unit, why = format_named(setting.dtype).roundoff, "the largest tried: under the model of rounding none is safe"
        for k in SAFETY:
            request = replace(request, recipe=replace(request.recipe, safety=1 + rounded_up(k * unit, 2)))
            setting = replace(setting, factor=request.recipe.norm_factor)
            if request.allows(setting):
                why = "the least of a ladder that is safe under the model of rounding"
                break
        chosen.append(("safety", exact_decimal(request.recipe.safety), why))
    return replace(request.made(), setting=setting, chosen=tuple(chosen))


def _named(kind: type[E], name: str | E, what: str) -> E:
    try:
        return kind(name)
    except ValueError:
        raise UsageError(f"{what} cannot be {name!r}: use {', '.join(member.value for member in kind)}") from None
