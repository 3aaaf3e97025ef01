"""`design`: a schedule for what was asked, with everything that can be proved about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import TypeVar

from muon_theory.answer import Answer, attempt, refuted, undecided
from muon_theory.claims import AnyClaim, CompositionBound, MapsInto
from muon_theory.designs.ends import PUBLISHED
from muon_theory.designs.formats import CAP, Setting, in_format
from muon_theory.designs.greedy import Composition, Recipe, SafetyOn, compose, reach
from muon_theory.designs.noise import under_noise
from muon_theory.designs.orthogonalise import least_lower_end
from muon_theory.designs.result import Band, Design, band, leading_zeros, safe
from muon_theory.designs.rounding import Rounding, magnitude
from muon_theory.designs.search import Fewest, enough_for
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import MOST_DIGITS, BelowReach, composition_bound
from muon_theory.finders.band import attains
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading, decimal, exact_decimal, rational
from muon_theory.precision import format_named
from muon_theory.precision.upper import upper_ends
from muon_theory.schedule import Schedule

Number = str | int | Fraction
E = TypeVar("E", bound=Enum)
BUT_LAST = SafetyOn.ALL_BUT_LAST

LOWER = Fraction(1, 1000)
"""The least singular value that matters, unless said."""

SAFETY = (0, 2, 3, 5, 8, 13, 20, 32)
"""Safety factors that are tried for a format: 1 + k·(its roundoff), the first that is safe in it."""

INWARD = 12, 30, 60
"""Digits with which values are sought that a useless schedule attains."""

TRIES = 4
"""Lists that are tried for a band, each longer than the last, or for a δ: rounding may spoil the first."""

NEARER = Fraction(999, 1000)
"""A share of the δ that the next list is made for, where one ended further from 1."""


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

    Parameters
    ----------
    degree, steps : one odd degree for all steps and their number (5 unless said); or the degrees themselves.
    lower, upper : exact texts, integers or fractions, 0 < lower < upper; 1/1000, and 1 or what `dtype` asks for.
    digits : so many correct significant digits of each ideal coefficient; None keeps about 12 of the final level.
    safety : s ≥ 1; p_t(x/s) in the steps that `safety_on` names: all-but-last, all, or none but the norm.
    cushion : 0 ≤ κ < 1, step t is best on [max(l, κu), u], recentred; or "published" (`published_cushion`).
    reading, decimals, denominator : numbers of a binary format, so many decimals, multiples of 1/denominator: the best
        roundings of that kind that were found, each step going on from the rounded one before.
    recentre : scale each step so that its image is centred on 1; where a cushion is at work unless said.
    relax_last : δ; the last step is the steepest at 0 whose band is [1-δ, 1+δ], in place of the closest to 1.
    delta : δ-orthogonalisation: `lower` is the least from which steps of these degrees come within δ of 1, or a little
        more where they are rounded or more is asked of them.
    noise : 0 ≤ ε < 1 of a model in which each step may err by ε times its largest value: the schedule allows for it,
        and `.noise` says what it reaches there, beside the error that no schedule of its degrees beats.
    target, fewest : the band to end in, with the fewest steps of that degree, or matrix products of any degrees.
    dtype, normalisation : the format that it will run in: upper end, safety factor and cushion are chosen for it where
        they are not given (the first safety factor of a ladder with which `in_format` calls it safe).

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
        "--safety-on belongs to --safety": safety is None and dtype is None and recipe.safety_on is not BUT_LAST,
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


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, as numbers."""

    degree: int | tuple[int, ...]
    steps: int | None
    lower: Fraction | None
    upper: Fraction
    recipe: Recipe
    delta: Fraction | None = None
    target: Interval | None = None
    fewest: Fewest = Fewest.STEPS

    def made(self) -> Design:
        """The first design that does what is asked."""
        if self.delta is not None and self.target is None:
            return self._within(self.delta)
        if self.target is None:
            return self._made(*self._fixed())
        if self.steps is not None or self.delta is not None or not isinstance(self.degree, int):
            raise UsageError("--target finds how many steps: leave out --steps, --degrees and --delta")
        last = None
        for degrees in islice(self._enough(self.target), TRIES):
            last = self._made(degrees, LOWER if self.lower is None else self.lower)
            if last.image is not None and last.image <= self.target:
                return last
        assert last is not None  # `enough_for` yields or raises
        raise UndecidedError(
            f"{len(last.schedule.steps)} steps end in {last.image}, not inside {self.target}: keep more digits, take a "
            "smaller safety factor, or widen the target"
        )

    def _within(self, delta: Fraction) -> Design:
        """Within δ of 1; where rounding or what else is asked for costs some of it, by aiming nearer."""
        aim, found = delta, Fraction(1)
        for _ in range(TRIES):
            made = self._made(*replace(self, delta=aim)._fixed())
            found = made.achieved or Fraction(1)
            if found <= delta:
                return made
            aim *= NEARER * delta / found
        raise UndecidedError(
            f"the steps end {decimal(found, 6, +1)} from 1, not within {decimal(delta, 6)}: keep more digits, take a "
            "smaller safety factor or cushion, or a larger --delta"
        )

    def allows(self, setting: Setting) -> bool:
        """Does the model of rounding let the schedule stand?  A look before anything is certified."""
        if self.target is not None:
            return in_format(self.made().schedule, setting).safe
        degrees, lower = self._fixed()
        try:
            trial = compose(degrees, lower, self.upper, self.recipe)
            return upper_ends(trial.schedule, setting.dtype, setting.largest)[-1] <= CAP
        except UndecidedError:
            return False

    def _fixed(self) -> tuple[tuple[int, ...], Fraction]:
        """Degrees and lower end, where no band has to be reached."""
        degrees = _degrees(self.degree, self.steps)
        lower = LOWER if self.lower is None else self.lower
        if self.delta is not None:
            if self.lower is not None:
                raise UsageError("--delta finds the lower end: leave out --lower")
            lower = least_lower_end(degrees, self.delta, noise=self.recipe.noise) * self.upper
        return degrees, lower

    def _enough(self, target: Interval) -> Iterator[tuple[int, ...]]:
        if not 0 < target.lo < target.hi:
            raise UsageError(f"a band to end in needs 0 < m < M, not {target}: write such as --target 0.9,1.1")
        assert isinstance(self.degree, int)  # `made` refuses others
        lower = LOWER if self.lower is None else self.lower
        delta = (target.hi - target.lo) / (target.hi + target.lo)
        return enough_for(delta, lower / self.upper, self.fewest, self.degree)

    def _made(self, degrees: tuple[int, ...], lower: Fraction) -> Design:
        l, u, recipe = lower, self.upper, self.recipe
        if not 0 < l < u:
            raise UsageError(f"a design needs 0 < lower < upper, not [{l}, {u}]: write such as --lower 1/1000")
        if self.target is not None:
            recipe = replace(recipe, centre=self.target.midpoint)
        self._kept(degrees, l)
        composition = compose(degrees, l, u, recipe)
        rows = len(composition.schedule.steps)
        shape = f"{rows} steps" if rows > 1 else "1 step"
        schedule = replace(
            composition.schedule,
            name=f"greedy, {shape} on [{_short(l)}, {_short(u)}]",
            sources=(self._call(degrees, l), "arXiv 2505.16932, Theorem 3.1"),
        )
        return certified(schedule, degrees, composition, recipe)

    def _kept(self, degrees: tuple[int, ...], l: Fraction) -> None:
        """Refuse what no schedule of these degrees does."""
        if not self.recipe.noise:
            return
        least = least_lower_end(degrees, Fraction(1), noise=self.recipe.noise) * self.upper
        if l < least:
            raise UndecidedError(
                f"steps that err by {_short(self.recipe.noise)} times their largest value may take {_short(l)} to 0, "
                f"in every schedule of these degrees: take a lower end above {decimal(least, 4, +1)}, or less noise"
            )

    def _call(self, degrees: tuple[int, ...], l: Fraction) -> str:
        """The call that makes the schedule again."""
        recipe, same = self.recipe, len(set(degrees)) == 1
        words = [f"{degrees[0]}, {len(degrees)}" if same else f"{degrees}, None"]
        if self.target is not None:
            words = [f"{self.degree}, None"]
        words += [f"{str(l)!r}", f"{str(self.upper)!r}", *recipe.rounding.words()]
        if recipe.safety != 1:
            words.append(f"safety={str(recipe.safety)!r}")
        if recipe.safety_on is not SafetyOn.ALL_BUT_LAST:
            words.append(f"safety_on={recipe.safety_on.value!r}")
        if recipe.cushion:
            words.append(f"cushion={str(recipe.cushion)!r}")
        if recipe.recentre is not None:
            words.append(f"recentre={recipe.recentre}")
        if recipe.relaxed_last is not None:
            words.append(f"relax_last={str(recipe.relaxed_last)!r}")
        if recipe.noise:
            words.append(f"noise={str(recipe.noise)!r}")
        if self.target is not None:
            words.append(f"target=({str(self.target.lo)!r}, {str(self.target.hi)!r}), fewest={self.fewest.value!r}")
        return f"muon_theory.designs.design({', '.join(words)})"


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
            request = replace(request, recipe=replace(request.recipe, safety=1 + _two_digits(k * unit)))
            setting = replace(setting, factor=request.recipe.norm_factor)
            if request.allows(setting):
                why = "the least of a ladder that is safe under the model of rounding"
                break
        chosen.append(("safety", exact_decimal(request.recipe.safety), why))
    return replace(request.made(), setting=setting, chosen=tuple(chosen))


def _two_digits(q: Fraction) -> Fraction:
    """Up to two significant digits."""
    if q == 0:
        return q
    unit = Fraction(10) ** (magnitude(q) - 2)
    return (q / unit).__ceil__() * unit


def _short(q: Fraction) -> str:
    return str(q) if len(str(q)) <= 12 else decimal(q, 6)


def certified(schedule: Schedule, asked: tuple[int, ...], composition: Composition, recipe: Recipe) -> Design:
    """The design with every claim that could be proved about it."""
    interval, degrees = composition.intervals[0], asked[: len(schedule.steps)]
    depth = max(leading_zeros(min(reach(i), i.lo)) for i in composition.intervals[1:])
    image = band(schedule, interval, 12 + min(depth, MOST_DIGITS))
    bound = _bound(schedule, degrees, interval)
    noise = under_noise(schedule, degrees, interval, recipe.noise) if recipe.noise else None
    disturbed = () if noise is None else (noise.band, noise.bound)
    return Design(
        schedule,
        asked,
        interval,
        recipe,
        image.interval,
        image.levels or composition.levels,
        bound.claim.error if bound.proved else None,
        (
            image.proof,
            bound,
            safe(schedule, interval.hi),
            *disturbed,
            *_useless(schedule, degrees, interval, image, recipe),
        ),
        composition.limit,
        noise=noise,
    )


def _bound(schedule: Schedule, degrees: tuple[int, ...], interval: Interval) -> Answer[CompositionBound]:
    """`composition-bound`; nothing depends on one that no arithmetic shows."""
    asked = CompositionBound(degrees, interval, Fraction(1, 10**MOST_DIGITS))
    try:
        composition_bound(degrees, interval)
    except BelowReach as error:
        return undecided(schedule, asked, str(error))
    return attempt(schedule, asked, partial(composition_bound, degrees, interval)).needed()


def _useless(
    schedule: Schedule, degrees: tuple[int, ...], interval: Interval, image: Band, recipe: Recipe
) -> list[Answer[AnyClaim]]:
    """Nothing where the band is closer to 1 than the interval is; else that it is not, shown by values it attains."""
    if image.interval is None or reach(image.interval) < reach(interval):
        return []
    away = reach(interval)
    closer = MapsInto(interval, Interval(1 - away, 1 + away))
    note = f"the schedule leaves {interval} no closer to 1 than it is: {_more(degrees, interval, recipe)}"
    for digits in INWARD:  # what the first steps lose to rounding, the later ones enlarge
        try:
            contrary = attains(schedule, interval, digits)
        except UndecidedError:
            break
        if reach(contrary.claim.contains) > away:
            return [refuted(closer, contrary, note).needed()]
    return [undecided(schedule, closer, note).needed()]


def _more(degrees: tuple[int, ...], interval: Interval, recipe: Recipe) -> str:
    """How many digits or decimals would do, of those that were tried."""
    lower, what = interval.lo * recipe.norm_factor, "digits" if recipe.rounding.decimals is None else "decimals"
    for by in (1, 2, 4, 8, 16, 32):
        finer = recipe.rounding.finer(by)
        if finer is None:
            break
        try:
            made = compose(degrees, lower, interval.hi, replace(recipe, rounding=finer))
        except UndecidedError:
            continue
        found = band(made.schedule, interval).interval
        if found is not None and reach(found) < reach(interval):
            kept = getattr(finer, what)
            return f"keep {kept} {what} in place of {kept - by}"
    return "keep more digits"


def _degrees(degree: int | Sequence[int], steps: int | None) -> tuple[int, ...]:
    if isinstance(degree, int):
        count = 5 if steps is None else steps
        if count < 1:
            raise UsageError(f"{count} steps make no schedule: ask for 1 or more")
        return (degree,) * count
    if steps is not None and steps != len(degree):
        raise UsageError(f"{len(degree)} degrees are no schedule of {steps} steps: leave out the number of steps")
    return tuple(degree)


def _named(kind: type[E], name: str | E, what: str) -> E:
    try:
        return kind(name)
    except ValueError:
        raise UsageError(f"{what} cannot be {name!r}: use {', '.join(member.value for member in kind)}") from None
