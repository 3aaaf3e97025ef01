"""A designed schedule with its proofs: its certified band, and the certified error that none of its shape beats."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from muon_theory.answer import Answer, attempt
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, Bands, MapsInto, SignSafe
from muon_theory.designs.formats import USUAL, InFormat, Setting, in_format
from muon_theory.designs.greedy import Recipe, reach
from muon_theory.designs.noise import UnderNoise
from muon_theory.designs.products import count, products
from muon_theory.designs.rounding import leading_zeros
from muon_theory.display import Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import Figure
from muon_theory.display.stepwise import stepwise
from muon_theory.finders.band import maps_into, sign_safe
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict


@dataclass(frozen=True, slots=True, repr=False)
class Design(Shown):
    """A schedule for an interval, what it provably reaches, and what nothing of its shape can beat.

    asked : the degrees that were asked for; the schedule has fewer rows where it ends with its limit row.
    image : φ([l, u]) lies in it (`maps-into`; None if that was not proved).
    levels : how far from 1 each step's band reaches, rounded up; the last is `achieved`.
    lower_bound : max |1 - φ| ≥ this for every composition of these degrees (`composition-bound`; None if not proved).
    limit : the last row is Padé's polynomial, and further steps repeat it.
    setting : the norm and the format that the schedule was made for, if one was named.
    chosen : what was chosen for the format, and why.
    noise : what is left where each step may err by a share of its largest value, if that was asked for.
    """

    schedule: Schedule
    asked: tuple[int, ...]
    interval: Interval
    recipe: Recipe
    image: Interval | None
    levels: tuple[Fraction, ...]
    lower_bound: Fraction | None
    proofs: tuple[Answer[AnyClaim], ...]
    limit: bool = False
    setting: Setting | None = None
    chosen: tuple[tuple[str, str, str], ...] = ()
    noise: UnderNoise | None = None

    @property
    def degrees(self) -> tuple[int, ...]:
        """Of the rows."""
        return self.asked[: len(self.schedule.steps)]

    @property
    def verdict(self) -> Verdict:
        """The weakest of the required claims' verdicts; at best undecided where it is not safe in the format named."""
        exact = Verdict.worst(*(p.verdict for p in self.proofs if p.required))
        unsafe = self.setting is not None and not all(f.safe for f in self.formats)
        return Verdict.worst(exact, Verdict.UNDECIDED) if unsafe else exact

    @property
    def formats(self) -> tuple[InFormat, ...]:
        """What becomes of the schedule in the format it was made for, or in the usual ones."""
        named = (self.setting,) if self.setting else tuple(Setting(f, factor=self.recipe.norm_factor) for f in USUAL)
        return tuple(in_format(self.schedule, setting) for setting in named)

    @property
    def arithmetic(self) -> str:
        """For which arithmetic the verdict stands, and in which format the schedule is not safe."""
        exact = Verdict.worst(*(p.verdict for p in self.proofs if p.required))
        words = [f.sentence for f in self.formats if self.setting is not None or not f.safe][:1]
        return "; ".join([f"{exact.value.upper()} in exact arithmetic", *words])

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Those that the checker accepted."""
        return tuple(p.certificate for p in self.proofs if p.certificate is not None)

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
        ending = (("ending", self.ending),) if self.ending else ()
        facts = (
            *ending,
            ("image", _image(self.image) if self.image else none),
            ("error", _bound(self.achieved, +1) or none),
            ("no schedule beats", _bound(self.lower_bound, -1) or none),
            ("ratio", _bound(self.ratio, +1) or none),
            *(self.noise.facts if self.noise else ()),
            ("slope φ'(0)", decimal(self.schedule.slope, 15)),
            ("matrix products", str(self.products)),
        )
        chosen = tuple((f"chosen: {what}", f"{value}, {why}") for what, value, why in self.chosen)
        claims = tuple((p.verdict.value, p.statement) for p in self.proofs)
        return Page(self.arithmetic, (Lines(rows), Facts((*facts, *chosen)), Table(claims)))

    def plot(self) -> Figure:
        """φ with the certified band, its error, and each step's error, with the points of alternation."""
        levels = {"band": self.image.lo, "": self.image.hi} if self.image else {}
        return stepwise(self.schedule, self.interval, levels)

    def to_json(self) -> dict[str, object]:
        """The machine interface's answer; decimals are strings, and bounds are rounded outward."""
        digits = 12 + max((leading_zeros(level) for level in self.levels), default=0)
        return {
            "steps": [[exact_decimal(c) for c in step.coefficients] for step in self.schedule.steps],
            "degrees": list(self.degrees),
            "interval": [exact_decimal(self.interval.lo), exact_decimal(self.interval.hi)],
            "image": self.image and self.image.outward(digits),
            "levels": [decimal(level, 15, +1) for level in self.levels],
            "achieved": _bound(self.achieved, +1),
            "lower_bound": _bound(self.lower_bound, -1),
            "ratio": _bound(self.ratio, +1),
            "slope": decimal(self.schedule.slope, 15),
            "products": self.products,
            "products_by_scheme": count(self.degrees),
            "digest": self.schedule.digest,
            "verdict": self.verdict.value,
            "arithmetic": self.arithmetic,
            "formats": [f.to_json() for f in self.formats],
            "noise": self.noise and self.noise.to_json(),
            "chosen": {what: {"value": value, "reason": why} for what, value, why in self.chosen},
            "claims": [{**p.to_json(), "reason": p.note} for p in self.proofs],
            "ending": self.ending,
            "extension": self.schedule.extension.value,
            "norm_factor": exact_decimal(self.recipe.norm_factor),
            "rounding": self.recipe.rounding.to_json(),
            "call": self.schedule.sources[0],
        }


def _bound(value: Fraction | None, toward: int) -> str | None:
    return decimal(value, 15, toward) if value else None


def _image(image: Interval) -> str:
    """For people: the ends, or how far from 1 they are where that is too little to read."""
    away = reach(image)
    return f"1 ± {decimal(away, 6, +1)}" if 0 < away < Fraction(1, 10**9) else str(image)


@dataclass(frozen=True, slots=True)
class Band:
    """The certified image, and how far from 1 each step's band reaches; None and () if it was not proved."""

    proof: Answer[MapsInto]
    interval: Interval | None = None
    levels: tuple[Fraction, ...] = ()

    @property
    def error(self) -> Fraction | None:
        """max |1 - φ| is at most this."""
        return None if self.interval is None else reach(self.interval)


def band(schedule: Schedule, interval: Interval, digits: int = 12, target: Interval | None = None) -> Band:
    """`maps-into` for the interval, checked; without a target, the tightest band that is found."""
    closer = Interval(1 - reach(interval), 1 + reach(interval))
    asked = MapsInto(interval, target or closer)
    proof = attempt(schedule, asked, partial(maps_into, schedule, interval, target, digits)).needed()
    if proof.certificate is None or not proof.proved:
        return Band(proof)
    witness = proof.certificate.witness
    outer = [step.outer for step in witness.steps] if isinstance(witness, Bands) else []
    return Band(proof, outer[-1], tuple(map(reach, outer)))


def safe(schedule: Schedule, upper: Fraction) -> Answer[SignSafe]:
    """`sign-safe` on (0, upper], checked."""
    for digits in (12, 6):  # where a step is flat at its maximum, a looser upper end is easier to show
        proof = attempt(schedule, SignSafe(upper), partial(sign_safe, schedule, upper, digits)).needed()
        if proof.proved:
            break
    return proof
