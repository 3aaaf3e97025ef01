"""Random certificates, true and false: the checker proves only what the oracle does not refute.

The oracle (`naive.py`) counts real roots and never sees the witness; the checker sees Bernstein coefficients only.
Where values run away to 10^100 the oracle may leave a statement open: at most one in a hundred.
False ones are true ones whose statement was moved by a little more than the truth allows.
"""

import copy
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

import pytest

from muon_theory.certificate import Certificate, canonical
from muon_theory.errors import MuonTheoryError, UndecidedError
from muon_theory.finders import alternation, band, limits
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.verification import verify
from tests.checker import naive

Draw = random.Random


def a_map(draw: Draw) -> str:
    """An odd polynomial of degree 3 to 9 that is near 1 at 1, as rows of the field are."""
    slope, n = Q(draw.randint(110, 400), 100), draw.randint(1, 4)
    others = [Q(draw.randint(-300, 300), 100 * (i + 1)) for i in range(n - 1)]
    last = 1 - slope - sum(others, Q(0)) + Q(draw.randint(-15, 15), 100) * draw.randint(0, 1)
    return ",".join(map(str, (slope, *others, last)))


def a_schedule(draw: Draw) -> Schedule:
    return Schedule.parse(";".join(a_map(draw) for _ in range(draw.randint(1, 2))), steps=None)


def one(draw: Draw) -> Schedule:
    return Schedule.parse(a_map(draw), steps=1)


def start(draw: Draw) -> Interval:
    return Interval(Q(draw.randint(1, 40), 100), Q(draw.randint(50, 110), 100))


def a_fixed_point(schedule: Schedule, draw: Draw) -> Interval:
    found = limits.fixed_points(schedule.steps[0], 4)
    if not found:
        raise UndecidedError("no fixed point but 0")
    return draw.choice(found)


def a_limit(draw: Draw) -> Certificate:
    schedule = one(draw)
    return limits.basin(schedule, a_fixed_point(schedule, draw), 2)


def a_multiplier(draw: Draw) -> Certificate:
    schedule = one(draw)
    return limits.multiplier_kind(schedule, a_fixed_point(schedule, draw))


def a_fixed(draw: Draw) -> Certificate:
    schedule = one(draw)
    return limits.fixes(schedule, a_fixed_point(schedule, draw))


MAKE: dict[str, Callable[[Draw], Certificate]] = {
    "maps-into": lambda d: band.maps_into(a_schedule(d), start(d), digits=4),
    "attains": lambda d: band.attains(a_schedule(d), start(d), 4),
    "robust-band": lambda d: band.robust_band(
        s := a_schedule(d), start(d), [Q(d.randint(0, 20), 1000) for _ in s.steps], digits=4
    ),
    "all-but": lambda d: band.all_but(
        s := a_schedule(d),
        start(d),
        [Q(d.randint(0, 20), 1000) for _ in s.steps],
        [(Q(d.randint(0, 20), 1000), Q(d.randint(0, 9), 1000)) for _ in s.steps],
        [Q(d.randint(0, 20), 1000) for _ in s.steps],
        [d.randint(0, 1) for _ in s.steps],
        digits=4,
    ),
    "sign-safe": lambda d: band.sign_safe(a_schedule(d), Q(d.randint(20, 110), 100), 4),
    "converges": a_limit,
    "multiplier": a_multiplier,
    "fixes": a_fixed,
    "escapes": lambda d: limits.escapes(one(d), Q(d.randint(1, 200), 100), 60, 6),
    "flips": lambda d: band.flips(a_schedule(d), Q(d.randint(50, 250), 100), 1, 4),
    "minimax": lambda d: alternation.minimax(d.choice((1, 3, 5)), Interval(Q(d.randint(5, 60), 100), Q(1)), 3),
}
MOVE: dict[str, tuple[tuple[Any, ...], ...]] = {  # the fields whose moves make a statement stronger, and which way
    "maps-into": (("target", 0, 1), ("target", 1, -1)),
    "attains": (("contains", 0, -1), ("contains", 1, 1)),
    "robust-band": (("errors", 0, 1), ("target", 0, 1), ("target", 1, -1)),
    "all-but": (("errors", 0, 1), ("shares", 0, 1), ("norms", 0, 1), ("target", 0, 1), ("target", 1, -1)),
    "sign-safe": (("upper", 1),),
    "converges": (("upper", 1),),
    "fixes": (("point", 0, 1), ("point", 1, -1)),
    "escapes": (("start", 0, -1),),
    "flips": (("start", 0, -1),),
    "minimax": (("error", 1),),
}


def moved(certificate: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """The statement made stronger by an amount between 10^-9 and 1."""
    changed = copy.deepcopy(certificate)
    *path, way = draw.choice(MOVE.get(changed["claim"]["type"], MOVE["fixes"]))
    place: Any = changed["claim"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = str(Q(place[path[-1]]) + way * Q(draw.randint(1, 9), 10 ** draw.randint(1, 9)))
    return changed


def compare(seed: int) -> Counter[str]:
    """Counts of (checker, oracle) for one random certificate and four stronger statements."""
    draw, counts = Draw(seed), Counter[str]()
    kind = list(MAKE)[seed % len(MAKE)]
    try:
        certificate = MAKE[kind](draw).to_json()
    except MuonTheoryError:
        return Counter({"the finder says undecided": 1})
    for candidate in (certificate, *(moved(certificate, draw) for _ in range(4))):
        if any(Q(lo) > Q(hi) for lo, hi in (v for v in candidate["claim"].values() if _is_interval(v))):
            continue
        proved, truth = verify(canonical(candidate)).proved, naive.true(candidate)
        counts[f"{'proved' if proved else 'refused'}, {truth}"] += 1
        assert not proved or truth is not False, f"seed {seed}: {kind}: proved, but the oracle refutes {candidate}"
    return counts


def _is_interval(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def total(seeds: range, capsys: pytest.CaptureFixture[str]) -> Counter[str]:
    counts = sum((compare(seed) for seed in seeds), Counter())
    assert counts["proved, None"] <= counts["proved, True"] / 100, "the oracle leaves too much open"
    with capsys.disabled():
        print("\n(checker, oracle): " + "; ".join(f"{k}: {n}" for k, n in counts.most_common()))
    return counts


def test_checker_and_oracle_agree(capsys: pytest.CaptureFixture[str]) -> None:
    counts = total(range(20), capsys)
    assert counts["proved, True"] > 12
    assert counts["refused, False"] > 5


@pytest.mark.exhaustive
@pytest.mark.long
def test_checker_and_oracle_agree_on_thousands(capsys: pytest.CaptureFixture[str]) -> None:
    counts = total(range(1000, 2500), capsys)
    assert counts["proved, True"] > 1000
    assert counts["refused, False"] > 500
