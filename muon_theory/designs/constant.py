"""One map repeated T times: how close to 1 on [l, 1] can fᵀ be, from both sides.

*From above* a map is searched for (simplex search in floats, from maps that were found before), rounded to a few
decimals, and certified (`maps-into`).

*From below* two bounds hold for every odd polynomial of the degree, whatever its intermediate iterates do:

- T different steps can do no worse, so the `composition-bound` of T steps of that degree is one.  It is small.
- For cubics, with `boxes`: let E' be nine tenths of the error above.  Every f whose fᵀ is within E' of 1 has its
  coefficients in a square (the lemma), the square is cut into boxes, and each box has a certificate that some x of
  [l, 1] leaves [1-E', 1+E'] for all its members (`maps-into`, members in a box).

Lemma.  Let |fᵀ - 1| < E' ≤ 1 on [l, 1], J_0 = [l, 1], J_{k+1} = f(J_k), β_k = max |J_k|, C = max(|a|, |b|).  No J_k
holds 0, so by the bound on one step (Polar Express, Theorem 3.1) the ratio of the ends of |J_k| is at most ρ_k, where
ρ_0 = l, ρ_{k+1} = (1-E)/(1+E), E the error of the best cubic on [ρ_k, 1].  A cubic with |ax + bx³| ≤ 1 on [ρ, 1] has
max(|a|, |b|) ≤ 1/κ(ρ) = max(1, 1 - x + x²)/(x(1-x)), x = max(ρ, 1/2), by interpolation at x and 1.  So
β_{k+1} ≥ κ_k·C·β_k wherever β_k ≥ 1.  If C > 1/κ_0 and C^T·∏κ_k ≥ 1 + E', then, since the κ_k fall, all partial
products of the κ_k·C are ≥ 1, hence β_T ≥ 1 + E': a contradiction.  Hence C ≤ max(1/κ_0, ((1 + E')/∏κ_k)^(1/T)).
The lemma is DERIVED, not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muon_theory.answer import Answer, attempt
from muon_theory.atlases.members import Layers
from muon_theory.atlases.plane import Plane, volume
from muon_theory.atlases.sweep import Progress, sweep
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, CompositionBound
from muon_theory.designs.greedy import reach
from muon_theory.designs.making import Number
from muon_theory.designs.result import Band, band
from muon_theory.designs.search import following
from muon_theory.display import Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import images
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.family import Family
from muon_theory.finders.alternation import composition_bound
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure

SHARE = Fraction(9, 10)
"""Of the error above, that boxes show to be out of reach."""

DEPTH = 44
"""Halvings of the square, at most."""

AT_ONCE = 250
"""Boxes in one file for the checker, whose work on a file is bounded."""

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

    lower_bound : max |1 - fᵀ| ≥ this for every odd polynomial of the degree (None if none was proved).
    how : what the lower bound rests on.
    different : the least error of T different steps of the degree, certified from below.
    """

    schedule: Schedule
    degree: int
    interval: Interval
    band: Band
    different: Answer[CompositionBound]
    lower_bound: Fraction | None
    how: str
    boxes: int = 0

    @property
    def error(self) -> Fraction | None:
        """max |1 - fᵀ| on [l, 1] is at most this."""
        return None if self.band.interval is None else reach(self.band.interval)

    @property
    def proofs(self) -> tuple[Answer[AnyClaim], ...]:
        return self.band.proof, self.different

    @property
    def verdict(self) -> Verdict:
        """Of the band, and of the bound that T different steps give."""
        return Verdict.worst(*(p.verdict for p in self.proofs))

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Those of the two claims; the boxes' stand in files of their own."""
        return tuple(p.certificate for p in self.proofs if p.certificate is not None)

    def to_json(self) -> dict[str, Any]:
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
            "boxes": self.boxes,
            "different_steps": (self.different.proved and decimal(self.different.claim.error, 15, -1)) or None,
            "slope": decimal(self.schedule.slope, 15),
            "slope_at_zero": exact_decimal(step.slope),
            "f_at_one": exact_decimal(step(1)),
            "slope_at_one": exact_decimal(step.derivative(1)),
            "digest": self.schedule.digest,
            "claims": [{**p.to_json(), "reason": p.note} for p in self.proofs],
        }

    def page(self) -> Page:
        data, none = self.to_json(), "not certified"
        facts = (
            ("image", str(self.band.interval) if self.band.interval else none),
            ("error", data["error"] or none),
            ("no map of this degree beats", data["lower_bound"] or none),
            ("", self.how),
            (f"{len(self.schedule.steps)} different steps: no less than", data["different_steps"] or none),
            ("slope φ'(0)", data["slope"]),
            ("f(1), f'(1)", f"{data['f_at_one']}, {data['slope_at_one']}"),
        )
        row = ", ".join(data["steps"][0])
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
    jobs: int = 1,
    journal: Path | None = None,
    progress: Progress | None = None,
) -> Constant:
    """The best odd polynomial of a degree to repeat `steps` times on [lower, 1], and what none can beat.

    Parameters
    ----------
    degree : 3, 5 or 7.
    decimals : of the coefficients.
    boxes : for cubics, show that none does better than nine tenths of it, as is done unless said: minutes of work;
        `jobs` processes share it, and a `journal` lets a run that was stopped go on.

    Raises
    ------
    UsageError
        The degree is another one, 0 < lower < 1 does not hold, or `boxes` with a degree above 3.

    >>> best = constant(3, 4, "1/100", boxes=False)
    >>> best.verdict.value, decimal(best.error, 4, +1), best.lower_bound < best.error
    ('proved', '0.6282', True)
    """
    l = rational(lower)
    if degree not in SEEDS:
        raise UsageError(f"one map of degree {degree}: degrees {', '.join(map(str, SEEDS))} are searched")
    if not 0 < l < 1 or steps < 1:
        raise UsageError(f"a map to repeat needs 0 < lower < 1 and a step, not lower = {l} and {steps} steps")
    if boxes and degree != 3:
        raise UsageError("boxes of coefficients are cut for cubics: leave out --boxes for other degrees")
    interval = Interval(l, Fraction(1))
    unit = 10**decimals
    step = OddPolynomial(tuple(Fraction(round(c * unit), unit) for c in _search(degree, steps, float(l))))
    schedule = Schedule((step,), f"best map of degree {degree}, {steps} times").repeated(steps)
    found = band(schedule, interval)
    degrees = (degree,) * steps
    asked = CompositionBound(degrees, interval, Fraction(1, 10**300))
    different = attempt(schedule, asked, lambda: composition_bound(degrees, interval)).needed()
    least = different.claim.error if different.proved else None
    how = "T different steps of this degree do no worse (composition-bound, checked)"
    made = Constant(schedule, degree, interval, found, different, least, how)
    wanted = degree == 3 if boxes is None else boxes
    return _by_boxes(made, jobs, journal, progress) if wanted and made.error is not None and made.error < 1 else made


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


def coefficient_bound(steps: int, lower: Fraction, error: Fraction) -> Fraction:
    """C of the lemma, rounded up: max(|a|, |b|) ≤ C for every cubic with |fᵀ - 1| < error on [lower, 1]."""
    ratio, kappas = lower, []
    for _ in range(steps):
        x = max(ratio, Fraction(1, 2))
        kappas.append(x * (1 - x) / max(Fraction(1), 1 - x + x * x))
        ratio = following(3, ratio) + Fraction(1, 10**12) * min(ratio, 1 - ratio)  # `following` rounds down
    power = (1 + error) / prod(kappas, start=Fraction(1))
    C = 1 / kappas[0]
    while C**steps < power:
        C += Fraction(1, 16)
    return C


def _by_boxes(made: Constant, jobs: int, journal: Path | None, progress: Progress | None) -> Constant:
    """With the bound that boxes of coefficients give, where all of them are shown."""
    assert made.error is not None  # a band of a cubic that was searched for
    steps, within = len(made.schedule.steps), made.error * SHARE
    C = coefficient_bound(steps, made.interval.lo, within)
    plane = Plane(("a", "b"), (Interval(-C, C), Interval(-C, C)))
    family = Family.parse("a; b")
    layers = Layers(family, ("leaves-band",), steps, made.interval.lo, Interval(1 - within, 1 + within))
    found = sweep(layers, plane, {"leaves-band": DEPTH}, jobs, journal=journal, progress=progress)
    if found.pending:
        raise UndecidedError(
            f"{len(found.pending)} boxes of coefficients stay open: {plane.box(found.pending[0].path)}"
        )
    leaves = found.leaves
    whole = sum((volume(plane.box(leaf.path)) for leaf in leaves), start=Fraction(0)) == plane.area
    if not whole or not all(layers.tied(plane, leaf) for leaf in leaves):
        raise UndecidedError("the boxes do not make up the square: a journal of another run? leave it out")
    for k in range(0, len(leaves), AT_ONCE):
        seen = verify(layers.files(plane, "leaves-band", leaves[k : k + AT_ONCE]))
        if not seen.proved:
            raise UndecidedError(f"the checker refused a box: {seen.reason}")
    how = (
        f"{len(leaves)} boxes of coefficients, |a|, |b| ≤ {exact_decimal(C)}, each refuted at a point (maps-into of "
        "its members, checked); that no other coefficients matter is a lemma (DERIVED)"
    )
    return Constant(made.schedule, made.degree, made.interval, made.band, made.different, within, how, len(leaves))
