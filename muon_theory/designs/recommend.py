"""What to run: designed and published schedules that are safe in the format they run in, best certified error first.

A candidate is offered if its certified error on [lower, largest input] is below 1, every step is positive there, and it
is safe in the setting (`muon_theory.designs.formats`).  What is not offered is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction

from muon_theory import catalogue
from muon_theory.answer import Answer
from muon_theory.catalogue import Entry
from muon_theory.claims import AnyClaim
from muon_theory.designs.ends import least_lower_end
from muon_theory.designs.formats import Setting, certified_safe_sigma_max, in_format
from muon_theory.designs.making import Number, design
from muon_theory.designs.products import cost, products
from muon_theory.designs.recommendation import Dropped, Reason, Recommendation, Recommendations
from muon_theory.designs.result import band, safe
from muon_theory.designs.search import ENOUGH, best_degrees
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders import CAP
from muon_theory.inexactness import inexactness
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.number import decimal, exact_decimal, rational
from muon_theory.robust import attempts, stored_upper
from muon_theory.schedule import Schedule

ROWS = 10
"""So many are offered at most."""

BUDGET = 15
"""Matrix products, unless said: five quintic steps."""

REACH = CAP - 1 - Fraction(1, 20)
"""Designs that would end above the cap are made for a larger lower end, from which they come as near to 1 as this."""


def recommend(
    lower: Number = "1/1000",
    budget: int | None = None,
    margin: Number = 0,
    decimals: int = 4,
    names: Sequence[str] | None = None,
    *,
    dtype: str | None = None,
    steps: int | None = None,
    normalisation: Normalisation = Normalisation.FROBENIUS,
    shape: tuple[int, int] | None = None,
    constants: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> Recommendations:
    """Schedules that reach close to 1 from `lower` on and are safe in the format, best certified error first.

    The arguments are those of `muon_theory.recommend`; `names` : the presets to compare, the whole catalogue unless
    said.

    A preset runs as many steps as the budget and its extension allow, up to its authors' number.

    Raises UsageError if no step is affordable, the ends make no sense, or the norm guarantees nothing.

    >>> found = recommend("1/100", steps=3, dtype="bf16", names=["jordan"])
    >>> [(r.schedule.name, r.standing.safe) for r in found.every if r.schedule.name == "jordan"]
    [('jordan', True)]
    """
    setting = None if dtype is None else Setting(dtype, normalisation)
    l, u = rational(lower), setting.largest if setting else 1 + rational(margin)
    if not 0 < l < u:
        raise UsageError(
            f"lower must lie between 0 and {u}, the largest singular value, and is {l}: write such as 1/1000"
        )
    if budget is None:
        budget = BUDGET if steps is None else 4 * steps
    search = _Search(Interval(l, u), setting, steps, budget, decimals, shape)
    shapes, listed = search.shapes(), catalogue.ids() if names is None else names

    def say(done: int, text: str) -> None:
        if progress is not None:
            progress(done, len(shapes) + len(listed) + ROWS, text)

    for done, degrees in enumerate(shapes):
        say(done, search.name(degrees))
        search.designed(degrees)
    for done, name in enumerate(listed, len(shapes)):
        say(done, name)
        search.listed(catalogue.entry(name))
    best = search.best()
    offered = []
    for done, one in enumerate(best, len(shapes) + len(listed)):
        say(done, one.schedule.name)
        offered.append(search.examined(one, constants))
    return Recommendations(tuple(offered), tuple(search.dropped), search.interval, setting, shape if setting else None)


@dataclass
class _Search:
    """The candidates so far: offered, and dropped."""

    interval: Interval
    setting: Setting | None
    steps: int | None
    budget: int
    decimals: int
    shape: tuple[int, int] | None
    found: list[Recommendation] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, name: str, kind: Reason, why: str, number: str = "") -> None:
        """Not offered."""
        self.dropped.append(Dropped(name, kind, why, number))

    def shapes(self) -> list[tuple[int, ...]]:
        """Degree mixes: the best within the budget, and one degree throughout."""
        mixes = [best_degrees(self.budget, self.interval.lo, self.interval.hi, steps=self.steps)]
        mixes.append(best_degrees(self.budget, self.interval.lo, self.interval.hi, (3, 5), self.steps))
        for degree in (3, 5, 7):
            most = self.budget // products(degree)
            mixes.append((degree,) * min(most, self.steps if self.steps is not None else most))
        return [mix for mix in dict.fromkeys(mixes) if mix]

    @staticmethod
    def name(degrees: tuple[int, ...]) -> str:
        """Of the greedy schedule of these degrees."""
        return f"greedy {','.join(map(str, degrees))}"

    def designed(self, degrees: tuple[int, ...]) -> None:
        """The greedy schedule of these degrees; where it would end above the cap, one for a larger lower end."""
        u, name = self.interval.hi, self.name(degrees)
        lower = max(self.interval.lo, least_lower_end(degrees, REACH) * u)
        try:
            made = design(
                degrees,
                None,
                lower,
                u,
                decimals=self.decimals,
                dtype=self.setting.dtype if self.setting else None,
                normalisation=self.setting.normalisation if self.setting else Normalisation.FROBENIUS,
            )
        except UndecidedError as error:
            self.drop(name, Reason.UNMADE, error.typed)
            return
        why = "designed" if lower == self.interval.lo else f"designed from {decimal(lower, 3, +1)}, to end below {CAP}"
        why += "".join(
            f", {what} {value}" for what, value, _ in made.chosen if what != "upper" and value not in ("1", "0")
        )
        if made.ratio is not None and lower == self.interval.lo:
            why += f"; {decimal(made.ratio, 4, +1)} × the least error of these degrees"
        self._offer(replace(made.schedule, name=name), why, self._again(degrees, lower))

    def _again(self, degrees: tuple[int, ...], lower: Fraction) -> str:
        """The command that makes the schedule again."""
        words = ["muon-theory design", f"--degrees {','.join(map(str, degrees))}", f"--lower {exact_decimal(lower)}"]
        if self.setting is None:
            words += [f"--upper {self.interval.hi}"] if self.interval.hi != 1 else []
        else:
            words.append(f"--dtype {self.setting.dtype}")
            norm = self.setting.normalisation
            words += [f"--normalisation '{norm.name}'"] if norm != Normalisation.FROBENIUS else []
        return " ".join([*words, f"--decimals {self.decimals}"])

    def listed(self, entry: Entry) -> None:
        """As many steps of a preset as the budget allows."""
        schedule = self._affordable(entry)
        if schedule is None:
            why = "its extension allows no number of steps within the budget"
            self.drop(entry.id, Reason.LONG, why)
            return
        bound, steps = schedule.normalisation.bound, len(schedule.steps)
        why = "published" if steps == entry.steps else f"published, the first {steps} of its {entry.steps} steps"
        if bound is not None and bound < 1:
            why += f"; its own norm leaves σ ≤ {bound}, where it may do better"
        self._offer(schedule, why)

    def _affordable(self, entry: Entry) -> Schedule | None:
        for number in range(min(entry.steps, self.steps or entry.steps), 0, -1):
            try:
                schedule = entry.schedule(number)
            except UsageError:  # its extension allows no such number
                continue
            if cost(schedule) <= self.budget:
                return schedule
        return None

    def _offer(self, schedule: Schedule, why: str, again: str = "") -> None:
        """Put it into one of the two lists."""
        name = schedule.name
        image = band(schedule, self.interval)
        if image.interval is None or image.error is None or image.error >= 1:
            said = "not certified" if image.error is None else f"{decimal(image.error, 4, +1)}, which is not below 1"
            why = f"its error on {self.interval} is {said}"
            self.drop(name, Reason.FAR, why)
            return
        signs = safe(schedule, self.interval.hi)
        if not signs.proved:
            why = f"a step is not shown to be positive on (0, {decimal(self.interval.hi, 7, +1)}]"
            self.drop(name, Reason.SIGN, why)
            return
        least, proofs = certified_safe_sigma_max(schedule)
        standing = None
        if self.setting is not None:
            standing = in_format(schedule, self.setting, least)
            if not standing.safe:
                why = f"in {self.setting.dtype} {standing.reason}"
                self.drop(name, Reason.UNSAFE, why, standing.number)
                return
        answers: tuple[Answer[AnyClaim], ...] = (image.proof, signs, *proofs)
        found = Recommendation(schedule, self.interval, image.interval, answers, least, standing, why, again=again)
        self.found.append(found)

    def best(self) -> list[Recommendation]:
        """The best ten; lists of the same rows are one, under the name of which there is least to say: a whole list."""
        ranked = sorted(self.found, key=lambda r: (max(r.error, ENOUGH), r.products, r.error, len(r.reason)))
        alike: dict[str, list[Recommendation]] = {}
        for r in ranked:
            alike.setdefault(r.schedule.digest, []).append(r)
        every = [replace(r, same=tuple(o.schedule.name for o in others)) for r, *others in alike.values()]
        for r in every[ROWS:]:
            why = f"its error {decimal(r.error, 4, +1)} is not among the {ROWS} best"
            self.drop(r.schedule.name, Reason.BEYOND, why, decimal(r.error, 4, +1))
        return every[:ROWS]

    def examined(self, r: Recommendation, constants: bool) -> Recommendation:
        """With its ratio constants, and what rounding does to all its singular values."""
        if constants:
            with suppress(UndecidedError):
                r = replace(r, constants=inexactness(r.schedule, self.interval.lo, upper=self.interval.hi, digits=8))
        setting = self.setting
        if setting is None or self.shape is None or setting.normalisation != Normalisation.FROBENIUS:
            return r
        said = attempts(r.schedule, setting.dtype, self.shape, self.interval.lo)
        return replace(r, rounding=said, worst_input=stored_upper(setting.dtype, self.shape))
