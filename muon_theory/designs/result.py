"""A designed schedule with its proofs: its certified band, and the certified error that none of its shape beats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from muon_theory.certificate import AnyCertificate
from muon_theory.claims import Bands
from muon_theory.designs.greedy import Composition, Recipe, SafetyOn, compose, reach
from muon_theory.designs.products import count, products
from muon_theory.designs.rounding import Rounding, magnitude
from muon_theory.display import Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import images
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import MOST_DIGITS, BelowReach, composition_bound
from muon_theory.finders.band import attains, maps_into, sign_safe
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal, exact_decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure

Number = str | int | Fraction


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim about a design: its certificate, or why there is none, and what the checker said.

    `required` : the design's verdict depends on it.
    """

    claim: str
    verdict: Verdict
    reason: str = ""
    certificate: AnyCertificate | None = None
    required: bool = True

    def to_json(self) -> dict[str, Any]:
        """The machine interface's entry under `claims`."""
        said = {"statement": self.certificate.statement} if self.certificate else {}
        return {
            "type": self.claim,
            "verdict": self.verdict.value,
            "reason": self.reason,
            "required": self.required,
        } | said


@dataclass(frozen=True, slots=True, repr=False)
class Design(Shown):
    """A schedule for an interval, what it provably reaches, and what nothing of its shape can beat.

    asked : the degrees that were asked for; the schedule has fewer rows where it ends with its limit row.
    image : φ([l, u]) lies in it (`maps-into`; None if that was not proved).
    levels : how far from 1 each step's band reaches, rounded up; the last is `achieved`.
    lower_bound : max |1 - φ| ≥ this for every composition of these degrees (`composition-bound`; None if not proved).
    limit : the last row is Padé's polynomial, and further steps repeat it.
    """

    schedule: Schedule
    asked: tuple[int, ...]
    interval: Interval
    recipe: Recipe
    image: Interval | None
    levels: tuple[Fraction, ...]
    lower_bound: Fraction | None
    proofs: tuple[Proof, ...]
    limit: bool = False

    @property
    def degrees(self) -> tuple[int, ...]:
        """Of the rows."""
        return self.asked[: len(self.schedule.steps)]

    @property
    def verdict(self) -> Verdict:
        """The weakest of the required claims' verdicts."""
        return Verdict.worst(*(p.verdict for p in self.proofs if p.required))

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Those that the checker accepted."""
        return tuple(p.certificate for p in self.proofs if p.certificate and verify(p.certificate).proved)

    @property
    def achieved(self) -> Fraction | None:
        """max |1 - φ| on [l, u] is at most this."""
        return None if self.image is None else reach(self.image)

    @property
    def ratio(self) -> Fraction | None:
        """achieved/lower_bound ≥ 1: how near the schedule is to the best of its shape."""
        return self.achieved / self.lower_bound if self.achieved and self.lower_bound else None

    @property
    def products(self) -> int:
        """Matrix products in all, as `products` counts them."""
        return sum(map(products, self.degrees))

    @property
    def ending(self) -> str | None:
        """Why the list is shorter than asked for, and what further steps are."""
        if not self.limit:
            return None
        here, rows = self.levels[-2] if len(self.levels) > 1 else reach(self.interval), len(self.schedule.steps)
        digits = self.recipe.rounding.digits
        worth = f"to {digits} digits" if digits else "for any arithmetic in use"
        return (
            f"the list ends with row {rows}, the limit row: the interval that it starts from reaches only "
            f"{decimal(here, 3, +1)} from 1, so row {rows} and every later one are Padé's polynomial {worth}"
        ) + (f"; for {len(self.asked)} steps repeat it" if len(self.asked) > rows else "")

    @property
    def steps(self) -> tuple[OddPolynomial, ...]:
        """The designed steps."""
        return self.schedule.steps

    def page(self) -> Page:
        none = "not certified"
        rows = tuple(", ".join(map(exact_decimal, step.coefficients)) for step in self.steps)
        data = self.to_json()
        ending = (("ending", self.ending),) if self.ending else ()
        facts = (
            *ending,
            ("image", ", ".join(data["image"]) if self.image else none),
            ("error", data["achieved"] or none),
            ("no schedule beats", data["lower_bound"] or none),
            ("ratio", data["ratio"] or none),
            ("slope φ'(0)", data["slope"]),
            ("matrix products", str(self.products)),
        )
        claims = tuple((p.verdict.value, p.certificate.statement if p.certificate else p.claim) for p in self.proofs)
        return Page(self.verdict.value.upper(), (Lines(rows), Facts(facts), Table(claims)))

    def plot(self) -> Figure:
        """φ on (lower/10, upper], and the certified band."""
        levels = {"band": self.image.lo, "": self.image.hi} if self.image else {}
        return images({self.schedule.name: self.schedule}, self.interval, levels)

    def to_json(self) -> dict[str, Any]:
        """The machine interface's answer; decimals are strings, and bounds are rounded outward."""
        digits = 12 + max((_leading_zeros(level) for level in self.levels), default=0)
        return {
            "steps": [[exact_decimal(c) for c in step.coefficients] for step in self.schedule.steps],
            "degrees": list(self.degrees),
            "interval": [exact_decimal(self.interval.lo), exact_decimal(self.interval.hi)],
            "image": self.image and [decimal(self.image.lo, digits, -1), decimal(self.image.hi, digits, +1)],
            "levels": [decimal(level, 15, +1) for level in self.levels],
            "achieved": self.achieved and decimal(self.achieved, 15, +1),
            "lower_bound": self.lower_bound and decimal(self.lower_bound, 15, -1),
            "ratio": self.ratio and decimal(self.ratio, 15, +1),
            "slope": decimal(self.schedule.slope, 15),
            "products": self.products,
            "products_by_scheme": count(self.degrees),
            "digest": self.schedule.digest,
            "verdict": self.verdict.value,
            "claims": [p.to_json() for p in self.proofs],
            "ending": self.ending,
            "extension": self.schedule.extension.value,
            "norm_factor": exact_decimal(self.recipe.norm_factor),
            "rounding": self.recipe.rounding.to_json(),
            "call": self.schedule.sources[0],
        }


def _leading_zeros(q: Fraction) -> int:
    """How many zeros stand after the point, for 0 < q < 1."""
    return max(0, 1 - magnitude(q)) if q > 0 else 0


def design(
    degree: int | Sequence[int] = 5,
    steps: int | None = None,
    lower: Number = "1/1000",
    upper: Number = 1,
    digits: int | None = None,
    safety: Number = 1,
    cushion: Number | None = None,
    reading: Reading = Reading.DECIMAL,
    *,
    decimals: int | None = None,
    denominator: int | None = None,
    safety_on: str | SafetyOn = SafetyOn.ALL_BUT_LAST,
    recentre: bool | None = None,
    relax_last: Number | None = None,
) -> Design:
    """The greedy schedule for [lower, upper], certified: its band, and the bound that no schedule of its shape beats.

    Parameters
    ----------
    degree, steps : one odd degree for all steps and their number (5 unless said); or the degrees themselves.
    lower, upper : exact texts, integers or fractions, 0 < lower < upper.
    digits : so many correct significant digits of each ideal coefficient; None keeps about 12 of the final level.
    safety : s ≥ 1; p_t(x/s) in the steps that `safety_on` names: all-but-last, all, or none but the norm.
    cushion : 0 ≤ κ < 1, step t is best on [max(l, κu), u], recentred; or "published" (`published_cushion`).
    reading, decimals, denominator : numbers of a binary format, so many decimals, multiples of 1/denominator: the best
        roundings of that kind that were found, each step going on from the rounded one before.
    recentre : scale each step so that its image is centred on 1; where a cushion is at work unless said.
    relax_last : δ; the last step is the steepest at 0 whose band is [1-δ, 1+δ], in place of the closest to 1.

    Returns
    -------
    Design, PROVED if the checker accepted `maps-into`, `composition-bound` and `sign-safe` on (0, upper], and the band
    is closer to 1 than [lower, upper]; REFUTED if it proved that it is not.  A bound below 10^-300 is not asked for.

    Raises
    ------
    UsageError, UndecidedError
        As `compose`.

    >>> quintic = design(5, 3, "1/100", decimals=4)
    >>> print(quintic.verdict.value, quintic.image)
    proved [0.730482321015, 1.26953394039]
    """
    degrees = _degrees(degree, steps)
    l, u = rational(lower), rational(upper)
    recipe = Recipe(
        Rounding(digits, decimals, denominator, reading),
        rational(safety),
        _safety_on(safety_on),
        Fraction(0) if cushion is None else cushion if cushion == "published" else rational(cushion),
        recentre,
        None if relax_last is None else rational(relax_last),
    )
    if not 0 < l < u:
        raise UsageError(f"a design needs 0 < lower < upper, not [{l}, {u}]: write such as --lower 1/1000")
    composition = compose(degrees, l, u, recipe)
    rows = len(composition.schedule.steps)
    shape = f"{rows} steps" if rows > 1 else "1 step"
    schedule = replace(
        composition.schedule,
        name=f"greedy, {shape} on [{l}, {u}]",
        sources=(_call(degrees, l, u, recipe), "arXiv 2505.16932, Theorem 3.1"),
    )
    return certified(schedule, degrees, composition, recipe)


def certified(schedule: Schedule, asked: tuple[int, ...], composition: Composition, recipe: Recipe) -> Design:
    """The design with every claim that could be proved about it."""
    interval, degrees = composition.intervals[0], asked[: len(schedule.steps)]
    depth = max(_leading_zeros(min(reach(i), i.lo)) for i in composition.intervals[1:])
    image = band(schedule, interval, 12 + min(depth, MOST_DIGITS))
    bound = _prove("composition-bound", lambda: composition_bound(degrees, interval))
    least = bound.certificate.claim.error if bound.certificate else None  # type: ignore[attr-defined]
    proved = bound.verdict is Verdict.PROVED
    return Design(
        schedule,
        asked,
        interval,
        recipe,
        image.interval,
        image.levels or composition.levels,
        least if proved else None,
        (image.proof, bound, safe(schedule, interval.hi), *_useless(schedule, interval, image)),
        composition.limit,
    )


def _useless(schedule: Schedule, interval: Interval, image: Band) -> list[Proof]:
    """Nothing where the band is closer to 1 than the interval is; else the proof that it is not, as far as it goes."""
    if image.interval is None or reach(image.interval) < reach(interval):
        return []
    shown = _prove("attains", lambda: attains(schedule, interval))
    refuted = shown.verdict is Verdict.PROVED and reach(shown.certificate.claim.contains) >= reach(interval)  # type: ignore[union-attr]
    reason = f"the schedule leaves [{interval.lo}, {interval.hi}] no closer to 1 than it is: keep more digits"
    return [replace(shown, verdict=Verdict.REFUTED if refuted else Verdict.UNDECIDED, reason=reason)]


@dataclass(frozen=True, slots=True)
class Band:
    """The certified image, and how far from 1 each step's band reaches; None and () if it was not proved."""

    proof: Proof
    interval: Interval | None = None
    levels: tuple[Fraction, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return self.proof.verdict


def band(schedule: Schedule, interval: Interval, digits: int = 12) -> Band:
    """`maps-into` for the interval, checked."""
    proof = _prove("maps-into", lambda: maps_into(schedule, interval, digits=digits))
    if proof.certificate is None or proof.verdict is not Verdict.PROVED:
        return Band(proof)
    witness = proof.certificate.witness
    outer = [step.outer for step in witness.steps] if isinstance(witness, Bands) else []
    return Band(proof, outer[-1], tuple(map(reach, outer)))


def safe(schedule: Schedule, upper: Fraction) -> Proof:
    """`sign-safe` on (0, upper], checked."""
    for digits in (12, 6):  # where a step is flat at its maximum, a looser upper end is easier to show
        proof = _prove("sign-safe", partial(sign_safe, schedule, upper, digits))
        if proof.verdict is Verdict.PROVED:
            break
    return proof


def _prove(claim: str, find: Callable[[], AnyCertificate]) -> Proof:
    """Find a certificate and hand it to the checker."""
    try:
        certificate = find()
    except BelowReach as error:  # nothing depends on a bound that no arithmetic shows
        return Proof(claim, Verdict.UNDECIDED, str(error), required=False)
    except UndecidedError as error:
        return Proof(claim, Verdict.UNDECIDED, "; ".join([str(error), *getattr(error, "__notes__", [])]))
    found = verify(certificate)
    return Proof(claim, Verdict.PROVED if found.proved else Verdict.UNDECIDED, found.reason, certificate)


def _degrees(degree: int | Sequence[int], steps: int | None) -> tuple[int, ...]:
    if isinstance(degree, int):
        count = 5 if steps is None else steps
        if count < 1:
            raise UsageError(f"{count} steps make no schedule: ask for 1 or more")
        return (degree,) * count
    if steps is not None and steps != len(degree):
        raise UsageError(f"{len(degree)} degrees are no schedule of {steps} steps: leave out the number of steps")
    return tuple(degree)


def _safety_on(name: str | SafetyOn) -> SafetyOn:
    try:
        return SafetyOn(name)
    except ValueError:
        raise UsageError(
            f"the safety factor cannot be on {name!r}: use {', '.join(s.value for s in SafetyOn)}"
        ) from None


def _call(degrees: tuple[int, ...], l: Fraction, u: Fraction, recipe: Recipe) -> str:
    """The call that makes the schedule again."""
    same = len(set(degrees)) == 1
    words = [f"{degrees[0]}, {len(degrees)}" if same else f"{degrees}, None", f"{str(l)!r}", f"{str(u)!r}"]
    words += recipe.rounding.words()
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
    return f"muon_theory.designs.design({', '.join(words)})"
