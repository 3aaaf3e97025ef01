"""One map repeated T times: how close to 1 on [l, 1] can fᵀ be, from both sides.

*From above* a map is searched for (simplex search in floats, from maps that were found before), rounded to a few
decimals, and certified (`maps-into`).

*From below* two bounds hold for every odd polynomial of the degree, whatever its intermediate iterates do:

- T different steps can do no worse, so the `composition-bound` of T steps of that degree is one.  It is small.
- `constant-bound`: boxes of coefficients that make up all that can matter, each refuted by the checker, for nine tenths
  of the error above.  It is about the maps with |f| ≤ 1 somewhere on [l, 1].

Lemma (maps that lift all of [l, 1] above 1).  Let |f| > 1 on J_0 = [l, 1], |fᵀ - 1| < E there, J_{k+1} = f(J_k), and
M_k = max |J_k|.  No J_k holds 0, so by the bound on one step (composition-bound) the ends of |J_k| have a ratio of at
most ρ_k, where ρ_{k+1} = (1-E_k)/(1+E_k), E_k the error of the best polynomial of the degree on [ρ_k, 1].  So
M_1 ≥ 1/ρ_1.  Let A_k be the sum of the moduli of the first coefficients of the polynomials that interpolate at points
of [ρ_k, 1].  As |f| ≤ M_{k+1} on [ρ_k·M_k, M_k] (or its mirror image), interpolation gives |f(l)| ≤ M_{k+1}·A_k·l/M_k
where l/M_k ≤ ρ_k, and |f(l)| > 1: M_{k+1} ≥ M_k/(l·A_k).  If all M_k so bounded are ≥ 1 and M_T ≥ 1 + E, there is no
such map.  The lemma is DERIVED, with the E_k of the certificate; where it says nothing, the bound says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.answer import Answer, attempt
from muon_theory.certificate import AnyCertificate, Certificate
from muon_theory.claims import AnyClaim, Boxes, CompositionBound, ConstantBound, Levels
from muon_theory.designs.greedy import reach
from muon_theory.designs.making import Number
from muon_theory.designs.result import Band, band
from muon_theory.display import Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import images
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import composition_bound
from muon_theory.finders.constant_bound import constant_bound, lagrange
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure

SHARE = Fraction(9, 10)
"""Of the error above, that boxes show to be out of reach."""

MOST_STEPS = {3: 8, 5: 6}
"""Up to so many steps boxes are cut unless said: seconds, or a few minutes for the last."""

RANGES = (None, Interval(Fraction(0), Fraction(7, 2)), Interval(Fraction(0), Fraction(3, 2)))
"""Of |f(1)|: all values, or those for which boxes are shown where all of them would take too long."""

Progress = Callable[[int, int, str], None]


SEEDS: dict[int, tuple[tuple[float, ...], ...]] = {
    3: ((2.5516, -0.7316), (2.3187, -1.0003), (2.1274, -1.0318), (1.8378, -0.8458), (2.5213, -0.7813)),
    5: (
        (3.847, -4.5388, 1.5193),
        (4.2113, -8.957, 4.8497),
        (3.1873, -4.4568, 2.1609),
        (2.6734, -3.2368, 1.5641),
        (2.6447, -2.6207, 0.9802),
        (2.575, -2.6487, 1.0736),
    ),
    7: (
        (4.5657, -12.6361, 14.6996, -5.5203),
        (5.1281, -13.0355, 12.3413, -3.6294),
        (3.4596, -7.6595, 8.8687, -3.6664),
        (3.3459, -5.1223, 3.7695, -0.9919),
        (3.2346, -5.3614, 4.5191, -1.3923),
    ),
}
"""Where the search begins: maps that differential evolution found for T = 3 … 8, l = 1/100 and 1/1000."""


@dataclass(frozen=True, slots=True, repr=False)
class Constant(Shown):
    """The best map that was found, its certified band, and what no map of its degree can beat.

    different : the least error of T different steps of the degree, certified from below: one map does no better.
    boxes : the lower bound by boxes of coefficients, where they were cut.
    lifting : is it DERIVED that no map does better that lifts all of [l, 1] above 1, which `boxes` leaves out?
    """

    schedule: Schedule
    degree: int
    interval: Interval
    band: Band
    different: Answer[CompositionBound]
    boxes: Answer[ConstantBound] | None = None
    lifting: bool = False

    @property
    def error(self) -> Fraction | None:
        """max |1 - fᵀ| on [l, 1] is at most this."""
        return None if self.band.interval is None else reach(self.band.interval)

    @property
    def proofs(self) -> tuple[Answer[AnyClaim], ...]:
        return self.band.proof, self.different, *([] if self.boxes is None else [self.boxes])

    @property
    def lower_bound(self) -> Fraction | None:
        """max |1 - fᵀ| on [l, 1] is at least this, for the maps that `how` names."""
        if self.boxes is not None and self.boxes.proved:
            return self.boxes.claim.error
        return self.different.claim.error if self.different.proved else None

    @property
    def how(self) -> str:
        """What the lower bound rests on, and for which maps it stands."""
        if self.boxes is None or not self.boxes.proved:
            return "T different steps of this degree do no worse (composition-bound, checked)"
        within = self.boxes.claim.range
        which = "|f| ≤ 1 somewhere on it" if within is None else f"|f(1)| ≤ {within.hi} and |f| ≤ 1 somewhere on it"
        rest = "that no map above 1 on all of it does better is a lemma (DERIVED)" if self.lifting else "no others"
        return f"for every map with {which}: boxes of coefficients, each refuted (constant-bound, checked); {rest}"

    @property
    def verdict(self) -> Verdict:
        """Of the band and of the lower bounds."""
        return Verdict.worst(*(p.verdict for p in self.proofs))

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Those of the claims."""
        return tuple(p.certificate for p in self.proofs if p.certificate is not None)

    @property
    def least_of_different(self) -> str | None:
        """What so many different steps cannot beat, rounded down."""
        return decimal(self.different.claim.error, 15, -1) if self.different.proved else None

    def to_json(self) -> dict[str, object]:
        step, image = self.schedule.steps[0], self.band.interval
        return {
            "verdict": self.verdict.value,
            "steps": [[exact_decimal(c) for c in step.coefficients] for step in self.schedule.steps],
            "degree": self.degree,
            "interval": [exact_decimal(self.interval.lo), exact_decimal(self.interval.hi)],
            "image": image and [decimal(image.lo, 15, -1), decimal(image.hi, 15, +1)],
            "error": self.error and decimal(self.error, 15, +1),
            "lower_bound": self.lower_bound and decimal(self.lower_bound, 15, -1),
            "lower_bound_rests_on": self.how,
            "boxes": 0 if self.boxes is None or not self.boxes.proved else _leaves(self.boxes),
            "different_steps": self.least_of_different,
            "slope": decimal(self.schedule.slope, 15),
            "slope_at_zero": exact_decimal(step.slope),
            "f_at_one": exact_decimal(step(1)),
            "slope_at_one": exact_decimal(step.derivative(1)),
            "digest": self.schedule.digest,
            "claims": [{**p.to_json(), "reason": p.note} for p in self.proofs],
        }

    def page(self) -> Page:
        none, step = "not certified", self.schedule.steps[0]
        facts = (
            ("image", str(self.band.interval) if self.band.interval else none),
            ("error", decimal(self.error, 15, +1) if self.error else none),
            ("no map of this degree beats", decimal(self.lower_bound, 15, -1) if self.lower_bound else none),
            ("", self.how),
            (f"{len(self.schedule.steps)} different steps: no less than", self.least_of_different or none),
            ("slope φ'(0)", decimal(self.schedule.slope, 15)),
            ("f(1), f'(1)", f"{exact_decimal(step(1))}, {exact_decimal(step.derivative(1))}"),
        )
        row = ", ".join(map(exact_decimal, step.coefficients))
        claims = tuple((p.verdict.value, p.statement) for p in self.proofs)
        title = f"{self.verdict.value.upper()} in exact arithmetic: one map, {len(self.schedule.steps)} times"
        return Page(title, (Lines((row,)), Facts(facts), Table(claims)))

    def plot(self) -> Figure:
        """fᵀ on (lower/10, 1], and the certified band."""
        levels = {"band": self.band.interval.lo, "": self.band.interval.hi} if self.band.interval else {}
        return images({self.schedule.name: self.schedule}, self.interval, levels)


def constant(
    degree: int = 5,
    steps: int = 5,
    lower: Number = "1/1000",
    decimals: int = 6,
    boxes: bool | None = None,
    progress: Progress | None = None,
) -> Constant:
    """The best odd polynomial of a degree to repeat `steps` times on [lower, 1], and what none can beat.

    Parameters
    ----------
    degree : 3, 5 or 7.
    decimals : of the coefficients.
    boxes : show that none does better than nine tenths of it, by boxes of coefficients; unless said, where that takes
        seconds: cubics up to 8 steps, quintics up to 6 (the last takes minutes).

    Raises
    ------
    UsageError
        The degree is another one, or 0 < lower < 1 does not hold.
    UndecidedError
        `boxes` was asked for, and too many stay open.

    >>> best = constant(3, 4, "1/100")
    >>> best.verdict.value, decimal(best.error, 4, +1), decimal(best.lower_bound, 4, -1)
    ('proved', '0.6282', '0.5653')
    """
    l = rational(lower)
    if degree not in SEEDS:
        raise UsageError(f"one map of degree {degree}: degrees {', '.join(map(str, SEEDS))} are searched")
    if not 0 < l < 1 or steps < 1:
        raise UsageError(f"a map to repeat needs 0 < lower < 1 and a step, not lower = {l} and {steps} steps")
    interval = Interval(l, Fraction(1))
    unit = 10**decimals
    step = OddPolynomial(tuple(Fraction(round(c * unit), unit) for c in _search(degree, steps, float(l))))
    schedule = Schedule((step,), f"best map of degree {degree}, {steps} times").repeated(steps)
    degrees = (degree,) * steps
    asked = CompositionBound(degrees, interval, Fraction(1, 10**300))
    different = attempt(schedule, asked, lambda: composition_bound(degrees, interval)).needed()
    made = Constant(schedule, degree, interval, band(schedule, interval), different)
    wanted = steps <= MOST_STEPS.get(degree, 0) if boxes is None else boxes
    return _with_boxes(made, bool(boxes), progress) if wanted and made.error is not None and made.error < 1 else made


# ----------------------------------------------------------------------------------------------------------- from above


def _search(degree: int, steps: int, l: float) -> Sequence[float]:
    """About the best coefficients: the simplex search of Nelder and Mead, from every seed, then again from the best."""
    points = _places(l, 60)

    def error(c: Sequence[float]) -> float:
        return max(abs(_orbit(c, x, steps) - 1) for x in points)

    tried = [_simplex(error, seed, 0.05, 150) for seed in SEEDS[degree]]
    best = min(tried, key=lambda t: t[0])[1]
    points = _places(l, 300)
    for width in (0.02, 0.002, 0.0002, 0.00002):
        best = _simplex(error, best, width, 250)[1]
    return best


def _places(l: float, count: int) -> list[float]:
    return sorted({*(l ** (k / count) for k in range(count + 1)), *(l + (1 - l) * k / count for k in range(count + 1))})


def _orbit(c: Sequence[float], x: float, steps: int) -> float:
    for _ in range(steps):
        y, g = x * x, 0.0
        for value in reversed(c):
            g = g * y + value
        x *= g
        if abs(x) > 1e6:
            return x
    return x


def _simplex(
    f: Callable[[Sequence[float]], float], start: Sequence[float], width: float, rounds: int
) -> tuple[float, Sequence[float]]:
    """(least value, where) by Nelder and Mead's search (Comput. J. 7, 1965) from a simplex of that relative width."""
    n = len(start)
    points = [list(start), *([*start[:i], start[i] * (1 + width), *start[i + 1 :]] for i in range(n))]
    simplex = sorted((f(p), p) for p in points)
    for _ in range(rounds):
        centre = [sum(p[i] for _, p in simplex[:-1]) / n for i in range(n)]
        worst = simplex[-1][1]

        def along(t: float, centre: list[float] = centre, worst: list[float] = worst) -> tuple[float, list[float]]:
            p = [c + t * (w - c) for c, w in zip(centre, worst, strict=True)]
            return f(p), p

        reflected = along(-1.0)
        if reflected[0] < simplex[0][0]:
            following_ = min(reflected, along(-2.0))
        elif reflected[0] < simplex[-2][0]:
            following_ = reflected
        else:
            following_ = min(along(-0.5), along(0.5))
            if following_[0] >= simplex[-1][0]:
                least = simplex[0][1]
                shrunk = [[(a + b) / 2 for a, b in zip(p, least, strict=True)] for _, p in simplex[1:]]
                simplex = sorted([simplex[0], *((f(p), p) for p in shrunk)])
                continue
        simplex = sorted([*simplex[:-1], following_])
    return simplex[0]


# ----------------------------------------------------------------------------------------------------------- from below


def _with_boxes(made: Constant, needed: bool, progress: Progress | None) -> Constant:
    """With the bound that boxes give, for all values of f(1) or for as many as can be shown."""
    assert made.error is not None  # a map that was searched for has a band
    within, l = _short(made.error * SHARE), made.interval.lo
    told = None if progress is None else lambda done, left: progress(done, done + left, f"{left} boxes are open")
    stopped = None
    for values in RANGES:
        claim = ConstantBound(made.degree, len(made.schedule.steps), l, within, values)
        try:
            found = constant_bound(made.schedule, made.degree, l, within, values, told)
        except UndecidedError as error:
            stopped = error
            continue
        return replace(made, boxes=_checked(claim, found), lifting=_lifts(made, within))
    if needed and stopped is not None:
        raise stopped
    return made


def _checked(claim: ConstantBound, found: Certificate[ConstantBound]) -> Answer[ConstantBound]:
    return attempt(found.subject, claim, lambda: found).needed()


def _short(q: Fraction) -> Fraction:
    """Four digits of q, rounded down: the boxes' numbers are short."""
    return Fraction(decimal(q, 4, -1))


def _leaves(answer: Answer[ConstantBound]) -> int:
    assert answer.certificate is not None
    witness = answer.certificate.witness
    assert isinstance(witness, Boxes)
    return sum(not word.isalpha() for cover in witness.covers for word in cover.tree.split())


def _lifts(made: Constant, error: Fraction) -> bool:
    """The lemma above: does a map with |f| > 1 on all of [l, 1] end above 1 + E?"""
    if made.different.certificate is None:
        return False
    witness = made.different.certificate.witness
    assert isinstance(witness, Levels)
    l, levels = made.interval.lo, witness.steps
    reached = Fraction(1)
    for k, level in enumerate(levels):
        if k == 0:
            reached /= (1 - level.error) / (1 + level.error)  # 1/ρ_1
            continue
        inner = level.points[:-2] + level.points[-1:]  # degree 2q + 1 alternates at q + 2 points; q + 1 interpolate
        size = sum((abs(row[0]) / t for t, row in zip(inner, lagrange(inner), strict=True)), Fraction(0))
        reached = _short(min(reached / (l * size), Fraction(10**9)))
        if reached < 1:
            return False
    return reached >= 1 + error
