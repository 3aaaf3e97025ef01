"""What the claims of a box must say for the box to have a layer: a certificate alone could be about something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from muon_theory.atlases.part import Part, Proof
from muon_theory.claims import Bands, Cycles, Escapes, Flips, MapsInto, SignSafe
from muon_theory.interval import Interval


def band(part: Part, proofs: Sequence[Proof]) -> bool:
    """φ([l, 1]) ⊆ target for the least l of the part, after all steps."""
    match proofs:
        case [(MapsInto(start, target), Bands(steps))]:
            whole = Interval(part.lower.lo, Fraction(1))
            return len(steps) == len(part.rows) and whole <= start and target <= part.target
    return False


def leaves_band(part: Part, proofs: Sequence[Proof]) -> bool:
    """Some x of [l, 1], for every l, has φ(x) outside the target, after all steps."""
    match proofs:
        case [(MapsInto(place, end), Bands(steps))]:
            inside = part.lower.hi <= place.lo and place.hi <= 1
            return len(steps) == len(part.rows) and inside and part.target.disjoint(end)
    return False


def bounded_positive(part: Part, proofs: Sequence[Proof]) -> bool:
    """One map: f((0, M]) ⊆ (0, M] for one M ≥ 1.  A schedule: every step is > 0 on the orbits from (0, 1]."""
    match proofs:
        case [(MapsInto(start, target), Bands(steps)), (SignSafe(upper), _)] if len(part.rows) == len(steps) == 1:
            return start.lo == 0 and 1 <= start.hi <= upper and target <= start
        case [(SignSafe(upper), _)] if len(part.rows) > 1:
            return upper >= 1
    return False


def flips(part: Part, proofs: Sequence[Proof]) -> bool:
    """The orbit of some x in (0, 1) turns negative; of a schedule, within its steps."""
    match proofs:
        case [(Flips(start, step), _)]:
            return start.lo > 0 and start.hi < 1 and (len(part.rows) == 1 or step <= len(part.rows))
    return False


def escapes(part: Part, proofs: Sequence[Proof]) -> bool:
    """The orbit of some x in (0, 1) leaves every bound."""
    match proofs:
        case [(Escapes(start), _)]:
            return len(part.rows) == 1 and start.lo > 0 and start.hi < 1
    return False


def attracting_cycle(part: Part, proofs: Sequence[Proof]) -> bool:
    """A cycle right of 0 that attracts, other than the fixed point 1."""
    match proofs:
        case [(Cycles(intervals), _)]:
            at_one = part.fixes_one and len(intervals) == 1 and 1 in intervals[0]
            return len(part.rows) == 1 and all(i.lo > 0 for i in intervals) and not at_one
    return False


TIED: dict[str, Callable[[Part, Sequence[Proof]], bool]] = {
    "band": band,
    "leaves-band": leaves_band,
    "bounded-positive": bounded_positive,
    "flips": flips,
    "escapes": escapes,
    "attracting-cycle": attracting_cycle,
}
