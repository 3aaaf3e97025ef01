"""What is asked of a design, as numbers, and the first schedule that does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from muon_theory.designs.certified import certified
from muon_theory.designs.ends import least_lower_end
from muon_theory.designs.formats import Setting, in_format
from muon_theory.designs.greedy import Recipe, SafetyOn, compose
from muon_theory.designs.result import Design
from muon_theory.designs.search import Fewest, enough_for
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders import CAP
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.precision.upper import upper_ends

LOWER = Fraction(1, 1000)
"""The least singular value that matters, unless said."""

TRIES = 4
"""Lists that are tried for a band, each longer than the last, or for a δ: rounding may spoil the first."""

NEARER = Fraction(999, 1000)
"""A share of the δ that the next list is made for, where one ended further from 1."""


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
            raise UsageError(f"a band to end in needs 0 < m < M, not {target}: write such as --target=0.9,1.1")
        assert isinstance(self.degree, int)  # `made` refuses others
        lower = LOWER if self.lower is None else self.lower
        delta = (target.hi - target.lo) / (target.hi + target.lo)
        return enough_for(delta, lower / self.upper, self.fewest, self.degree)

    def _made(self, degrees: tuple[int, ...], lower: Fraction) -> Design:
        l, u, recipe = lower, self.upper, self.recipe
        if not 0 < l < u:
            raise UsageError(f"a design needs 0 < lower < upper, not [{l}, {u}]: write such as --lower=1/1000")
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


def _degrees(degree: int | Sequence[int], steps: int | None) -> tuple[int, ...]:
    if isinstance(degree, int):
        count = 5 if steps is None else steps
        if count < 1:
            raise UsageError(f"{count} steps make no schedule: ask for 1 or more")
        return (degree,) * count
    if steps is not None and steps != len(degree):
        raise UsageError(f"{len(degree)} degrees are no schedule of {steps} steps: leave out the number of steps")
    return tuple(degree)


def _short(q: Fraction) -> str:
    return str(q) if len(str(q)) <= 12 else decimal(q, 6)
