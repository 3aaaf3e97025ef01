"""A designed schedule with its proofs: its certified band, and the certified error that none of its shape beats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, log10
from typing import Any

from muon_theory.certificate import Certificate
from muon_theory.designs.greedy import Composition, compose, reach
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Verdict
from muon_theory.finders.alternation import composition_bound
from muon_theory.finders.band import maps_into, sign_safe
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal, rational
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

Number = str | int | Fraction


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim about a design: its certificate, or why there is none, and what the checker said."""

    claim: str
    verdict: Verdict
    reason: str = ""
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """A schedule for an interval, what it provably reaches, and what nothing of its shape can beat.

    image : φ([l, u]) lies in it (`maps-into`; None if that was not proved).
    levels : how far from 1 each step's band reaches, rounded up; the last is `achieved`.
    lower_bound : max |1 - φ| ≥ this for every composition of these degrees (`composition-bound`; None if not proved).
    """

    schedule: Schedule
    degrees: tuple[int, ...]
    interval: Interval
    image: Interval | None
    levels: tuple[Fraction, ...]
    lower_bound: Fraction | None
    proofs: tuple[Proof, ...]

    @property
    def verdict(self) -> Verdict:
        """The weakest of the claims' verdicts."""
        return Verdict.worst(*(p.verdict for p in self.proofs))

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Those that the checker accepted."""
        return tuple(p.certificate for p in self.proofs if p.certificate and p.verdict is Verdict.PROVED)

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
            "digest": self.schedule.digest,
            "verdict": self.verdict.value,
            "claims": [
                {"type": p.claim, "verdict": p.verdict.value, "reason": p.reason}
                | ({"statement": p.certificate.claim.statement()} if p.certificate else {})
                for p in self.proofs
            ],
            "call": self.schedule.sources[0],
        }


def exact_decimal(q: Fraction) -> str:
    """The rational as a finite decimal if it has one, else as a quotient.

    >>> exact_decimal(Fraction(1, 40)), exact_decimal(Fraction(1, 3))
    ('0.025', '1/3')
    """
    rest, places = q.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    return decimal(q, len(str(abs(q.numerator) * 10**places // q.denominator)) + 1) if rest == 1 else str(q)


def _leading_zeros(q: Fraction) -> int:
    """How many zeros stand after the point, for 0 < q < 1."""
    return max(0, ceil(log10(q.denominator) - log10(q.numerator))) if q > 0 else 0


def design(
    degree: int | Sequence[int],
    steps: int | None = None,
    lower: Number = "1/1000",
    upper: Number = 1,
    digits: int | None = None,
    safety: Number = 1,
    cushion: Number | None = None,
    reading: Reading = Reading.DECIMAL,
) -> Design:
    """The greedy schedule for [lower, upper], certified: its band, and the bound that no schedule of its shape beats.

    Parameters
    ----------
    degree, steps : one odd degree for all steps and their number (5 unless said); or the degrees themselves.
    lower, upper : exact texts, integers or fractions, 0 < lower < upper.
    digits : decimals kept of each coefficient; None keeps about 12 correct digits of the final level.
    safety : s ≥ 1; every step but the last is p_t(x/s).
    cushion : 0 ≤ κ < 1; step t is best on [max(l, κu), u], recentred.
    reading : the binary format that the coefficients are rounded to.

    Returns
    -------
    Design, PROVED if the checker accepted `maps-into`, `composition-bound` and `sign-safe` on (0, upper].

    Raises
    ------
    UsageError, UndecidedError
        As `compose`.

    >>> quintic = design(5, 3, "1/100", digits=4)
    >>> print(quintic.verdict.value, quintic.image)
    proved [0.730482321015, 1.26953394039]
    """
    degrees = _degrees(degree, steps)
    l, u, s = rational(lower), rational(upper), rational(safety)
    kappa = Fraction(0) if cushion is None else rational(cushion)
    if not 0 < l < u:
        raise UsageError(f"a design needs 0 < lower < upper, not [{l}, {u}]: write such as --lower 1/1000")
    composition = compose(degrees, l, u, digits, reading, s, kappa)
    call = _call(degrees, l, u, digits, s, kappa, reading)
    shape = f"{len(degrees)} steps" if len(degrees) > 1 else "1 step"
    schedule = replace(
        composition.schedule, name=f"greedy, {shape} on [{l}, {u}]", sources=(call, "arXiv 2505.16932, Theorem 3.1")
    )
    return certified(schedule, degrees, Interval(l, u), composition)


def certified(schedule: Schedule, degrees: tuple[int, ...], interval: Interval, composition: Composition) -> Design:
    """The design with every claim that could be proved about it."""
    depth = max(_leading_zeros(min(reach(i), i.lo)) for i in composition.intervals[1:])
    image = band(schedule, interval, 12 + depth)
    bound = _prove("composition-bound", lambda: composition_bound(degrees, interval))
    least = bound.certificate.claim.error if bound.certificate else None  # type: ignore[attr-defined]
    proved = bound.verdict is Verdict.PROVED
    return Design(
        schedule,
        degrees,
        interval,
        image.interval,
        image.levels or composition.levels,
        least if proved else None,
        (image.proof, bound, safe(schedule, interval.hi)),
    )


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
    outer = [step["outer"] for step in proof.certificate.witness["steps"]]
    return Band(proof, outer[-1], tuple(map(reach, outer)))


def safe(schedule: Schedule, upper: Fraction) -> Proof:
    """`sign-safe` on (0, upper], checked."""
    return _prove("sign-safe", lambda: sign_safe(schedule, upper))


def products(degree: int) -> int:
    """Matrix products for X ↦ X·g(XᵀX), deg g = q: XᵀX, the last one, and Paterson and Stockmeyer's for g.

    >>> [products(d) for d in (1, 3, 5, 7, 9, 13, 17)]
    [0, 2, 3, 4, 4, 5, 6]
    """
    q = degree // 2
    return 2 + min(s - 1 + -(-q // s) - 1 for s in range(1, q + 1)) if q else 0


def cost(schedule: Schedule) -> int:
    """Matrix products of all steps."""
    return sum(products(step.degree) for step in schedule.steps)


def _prove(claim: str, find: Callable[[], Certificate]) -> Proof:
    """Find a certificate and hand it to the checker."""
    try:
        certificate = find()
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


def _call(
    degrees: tuple[int, ...],
    l: Fraction,
    u: Fraction,
    digits: int | None,
    safety: Fraction,
    cushion: Fraction,
    reading: Reading,
) -> str:
    """The call that makes the schedule again."""
    same = len(set(degrees)) == 1
    words = [f"{degrees[0]}, {len(degrees)}" if same else f"{degrees}, None", f"{str(l)!r}", f"{str(u)!r}"]
    if digits is not None:
        words.append(f"digits={digits}")
    if safety != 1:
        words.append(f"safety={str(safety)!r}")
    if cushion:
        words.append(f"cushion={str(cushion)!r}")
    if reading is not Reading.DECIMAL:
        words.append(f"reading={reading}")
    return f"muon_theory.designs.design({', '.join(words)})"
