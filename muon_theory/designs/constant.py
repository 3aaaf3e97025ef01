"""One map repeated T times: how close to 1 on [l, 1] can fᵀ be, from both sides.

*From above* a map is searched for (differential evolution and a simplex search in floats), rounded to a few decimals,
and certified (`maps-into`).

*From below* two bounds hold for every odd polynomial of the degree, whatever its intermediate iterates do:

- T different steps can do no worse, so the `composition-bound` of T steps of that degree is one.  It is small.
- `constant-bound`: boxes of coefficients that make up all that can matter, each refuted by the checker, for 0.999 of
  the error above.  It is about the maps with |f| ≤ 1 somewhere on [l, 1].  A box whose middle does better than the best
  map known starts the search again from there.

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

from muon_theory.answer import Answer, attempt
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, Boxes, CompositionBound, ConstantBound, Converges, Levels
from muon_theory.designs.making import Number
from muon_theory.designs.result import Band, band
from muon_theory.display import Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import Figure
from muon_theory.display.stepwise import stepwise
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import composition_bound
from muon_theory.finders.constant_bound import constant_bound, lagrange
from muon_theory.finders.constant_bound.best import Wanted, best, polished
from muon_theory.finders.constant_bound.search import BetterError
from muon_theory.finders.limits import basin
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

SHARES = (Fraction(999, 1000), Fraction(9, 10))
"""Of the error above, that boxes show to be out of reach: the first for which they do."""

DEGREES = (3, 5, 7)

CLOSE = Fraction(10_005, 10_000)
"""What rounding the coefficients may cost, where nothing is said of their decimals."""

RESTARTS = 6
"""From maps that the boxes hold and that do better than the best one known."""

ONE = Fraction(1)
ATTRACTS = Interval(-ONE, ONE)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, repr=False)
class Constant(Shown):
    """The best map that was found, its certified band, and what no map of its degree can beat.

    different : the least error of T different steps of the degree, certified from below: one map does no better.
    boxes : the lower bound by boxes of coefficients, where they were cut.
    limit : with `convergent`, that every orbit of (0, 1] tends to 1.
    lifting : is it DERIVED that no map does better that lifts all of [l, 1] above 1, which `boxes` leaves out?
    """

    schedule: Schedule
    degree: int
    interval: Interval
    band: Band
    different: Answer[CompositionBound]
    boxes: Answer[ConstantBound] | None = None
    lifting: bool = False
    limit: Answer[Converges] | None = None

    @property
    def error(self) -> Fraction | None:
        """max |1 - fᵀ| on [l, 1] is at most this."""
        return self.band.error

    @property
    def proofs(self) -> tuple[Answer[AnyClaim], ...]:
        return self.band.proof, self.different, *(p for p in (self.boxes, self.limit) if p is not None)

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
        claim = self.boxes.claim
        given = (("f'(0)", claim.slope), ("f(1)", claim.range), ("f'(1)", claim.multiplier))
        which = "".join(f"{name} {_said(values)}, " for name, values in given if values is not None)
        rest = "that no map above 1 on all of it does better is a lemma (DERIVED)" if self.lifting else "no others"
        return (
            f"for every map with {which}|f| ≤ 1 somewhere on it: boxes of coefficients, each refuted (constant-bound,"
            f" checked); {rest}"
        )

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
            "image": image and image.outward(15),
            "error": self.error and decimal(self.error, 15, +1),
            "lower_bound": self.lower_bound and decimal(self.lower_bound, 15, -1),
            "lower_bound_rests_on": self.how,
            "boxes": 0 if self.boxes is None or not self.boxes.proved else _leaves(self.boxes),
            "convergent": self.limit is not None and self.limit.proved,
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
        """fᵀ with the certified band, its error, and the error of each repetition."""
        levels = {"band": self.band.interval.lo, "": self.band.interval.hi} if self.band.interval else {}
        return stepwise(self.schedule, self.interval, levels)


def constant(
    degree: int = 5,
    steps: int = 5,
    lower: Number = "1/1000",
    decimals: int | None = None,
    boxes: bool = True,
    slope: Number | None = None,
    fixes_one: bool = False,
    convergent: bool = False,
    progress: Progress | None = None,
) -> Constant:
    """The best odd polynomial of a degree to repeat `steps` times on [lower, 1], and what none can beat.

    The arguments are those of `muon_theory.design_constant`; with `convergent` the lower bound is one of the maps with
    f(1) = 1 and |f'(1)| ≤ 1.

    Raises
    ------
    UsageError
        The degree is another one, or 0 < lower < 1 does not hold.
    UndecidedError
        The best map is not shown to be convergent.

    >>> best = constant(3, 4, "1/100")
    >>> best.verdict.value, decimal(best.error, 2, +1), decimal(best.lower_bound, 2, -1)
    ('proved', '0.63', '0.62')
    """
    l = rational(lower)
    if degree not in DEGREES:
        raise UsageError(f"one map of degree {degree}: degrees {', '.join(map(str, DEGREES))} are searched")
    if not 0 < l < 1 or steps < 1:
        raise UsageError(f"a map to repeat needs 0 < lower < 1 and a step, not lower = {l} and {steps} steps")
    at_zero = None if slope is None else rational(slope)
    if at_zero is not None and not 1 < at_zero <= degree:
        raise UsageError(
            f"the slope f'(0) is a number above 1 and at most {degree}, not {at_zero}: f must lift small x"
        )
    fixed = fixes_one or convergent
    if degree == 3 and at_zero is not None and fixed:
        raise UsageError("a cubic with f'(0) and f(1) given is one map: certify it")
    wanted = Wanted(degree, steps, l, at_zero, ONE if fixed else None, ATTRACTS if convergent else None)
    return found(wanted, decimals, boxes, at_zero, progress)


def found(
    wanted: Wanted, decimals: int | None, boxes: bool, most: Fraction | None, progress: Progress | None = None
) -> Constant:
    """The best map that is wanted; from below, of those with f'(0) from its slope to `most`."""
    row, slope = best(wanted), None if wanted.slope is None or most is None else Interval(wanted.slope, most)
    for _ in range(RESTARTS):
        made = _certified(wanted, row, decimals)
        try:
            return _with_boxes(made, wanted, slope, progress) if boxes else made
        except BetterError as better:
            if slope is not None:
                wanted = replace(wanted, slope=Fraction(round(better.row[0] * 10**4), 10**4))
            row = polished(wanted, better.row)
    raise UndecidedError("the search keeps finding better maps: ask without boxes")


def _certified(wanted: Wanted, row: Sequence[float], decimals: int | None) -> Constant:
    """The map with rounded coefficients, its band, and what different steps reach."""
    steps, interval = wanted.steps, Interval(wanted.lower, ONE)
    degrees = (wanted.degree,) * steps
    reference = _rounded(wanted, row, 12)
    asked = CompositionBound(degrees, interval, Fraction(1, 10**300))
    different = attempt(reference, asked, lambda: composition_bound(degrees, interval)).needed()
    least = band(reference, interval).error
    for places in (*range(3, 12), 12) if decimals is None else (decimals,):
        schedule = _rounded(wanted, row, places)
        made = Constant(schedule, wanted.degree, interval, band(schedule, interval), different)
        if decimals is not None or least is None or (made.error is not None and made.error <= CLOSE * least):
            break
    if wanted.multiplier is None:
        return made
    one = Schedule(made.schedule.steps[:1], made.schedule.name)
    limit = attempt(one, Converges(Interval(ONE, ONE), ONE), lambda: basin(one, Interval(ONE, ONE)))
    return replace(made, limit=limit)


def _rounded(wanted: Wanted, row: Sequence[float], decimals: int) -> Schedule:
    unit = 10**decimals
    coefficients = [Fraction(round(c * unit), unit) for c in row]
    if wanted.slope is not None:
        coefficients[0] = wanted.slope
    if wanted.at_one is not None:
        coefficients[-1] = wanted.at_one - sum(coefficients[:-1])
    name = f"best map of degree {wanted.degree}, {wanted.steps} times"
    return Schedule((OddPolynomial(tuple(coefficients)),), name).repeated(wanted.steps)


def _with_boxes(made: Constant, wanted: Wanted, slope: Interval | None, progress: Progress | None) -> Constant:
    """With the bound that boxes give; without one where too many stay open."""
    if made.error is None or made.error >= 1:
        return made
    told = None if progress is None else lambda done, left: progress(done, done + left, f"{left} boxes are open")
    at_one = None if wanted.at_one is None else Interval(wanted.at_one, wanted.at_one)
    for share in SHARES:
        within = Fraction(decimal(made.error * share, 6, -1))  # the boxes' numbers are short
        claim = ConstantBound(wanted.degree, wanted.steps, wanted.lower, within, at_one, slope, wanted.multiplier)
        try:
            bound = constant_bound(
                made.schedule, wanted.degree, wanted.lower, within, at_one, slope, wanted.multiplier, told
            )
        except BetterError:
            raise
        except UndecidedError:
            continue
        answer = attempt(bound.subject, claim, lambda bound=bound: bound).needed()  # type: ignore[misc]
        return replace(made, boxes=answer, lifting=_lifts(made, within))
    return made


def _said(values: Interval) -> str:
    return f"= {values.lo}" if values.is_point else f"in {values}"


def _leaves(answer: Answer[ConstantBound]) -> int:
    assert answer.certificate is not None
    witness = answer.certificate.witness
    assert isinstance(witness, Boxes)
    return witness.leaves


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
        reached = Fraction(decimal(min(reached / (l * size), Fraction(10**9)), 4, -1))
        if reached < 1:
            return False
    return reached >= 1 + error
