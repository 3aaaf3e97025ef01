"""A walk through accepted certificates, from defect to defect: `python -m tests.fuzz.walk SECONDS [SEED [KIND…]]`.

Each step changes one field of a certificate that the checker accepts.  If it accepts the change as well, what is now
stated must be true in the eyes of the oracle, and the walk goes on from there: so it meets certificates that differ
from all that a finder makes in many fields, each of which is still just good enough.
"""

import copy
import json
import random
import sys
import time
from typing import Any

from muon_theory.verification import verify
from tests.checker import naive
from tests.checker.accepted import stored
from tests.checker.mutations import of_leaf, of_list

FAR = 200
"""Steps of one walk: then it begins again."""


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the numbers, the words and the lists stand, without the format and the subject's names."""
    if isinstance(value, dict):
        keys = [key for key in value if key not in ("format", "type", "parameters", "provenance", "property")]
        return [place for key in keys for place in leaves(value[key], (*path, key))]
    inner = [place for i, v in enumerate(value) for place in leaves(v, (*path, i))] if isinstance(value, list) else []
    return [path, *inner]


def changed(certificate: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """One field changed; numbers of the claim are changed most, for it must not become stronger."""
    places = leaves(certificate)
    claimed = [place for place in places if place[0] == "claim"]
    place = luck.choice(claimed if luck.random() < 0.4 else places)
    fresh = copy.deepcopy(certificate)
    holder: Any = fresh
    for key in place[:-1]:
        holder = holder[key]
    old = holder[place[-1]]
    others = list(of_list(old) if isinstance(old, list) else of_leaf(old, place[-1]))
    holder[place[-1]] = luck.choice(others)
    return fresh


def claimed(certificate: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in certificate.items() if k != "witness"}, sort_keys=True)


def walk(name: str, certificate: dict[str, Any], steps: int, luck: random.Random) -> tuple[int, int]:
    """How many changes were accepted, and how many statements were judged; it fails at a false one."""
    accepted, judged = 0, {claimed(certificate)}
    for _ in range(steps):
        next_one = changed(certificate, luck)
        if not verify(json.dumps(next_one).encode()).proved:
            continue
        accepted, certificate = accepted + 1, next_one
        if claimed(next_one) not in judged:
            judged.add(claimed(next_one))
            verdict = naive.true(next_one)
            assert verdict is not False, f"{name}: accepted, and false: {json.dumps(next_one)}"
    return accepted, len(judged) - 1


def main(seconds: float, seed: int, kinds: list[str]) -> None:
    luck, until = random.Random(seed), time.monotonic() + seconds
    certificates = {
        name: {k: v for k, v in c.items() if k != "provenance"}
        for name, c in stored().items()
        if not kinds or c["claim"]["type"] in kinds
    }
    totals = [0, 0, 0]
    while time.monotonic() < until:
        name = luck.choice(sorted(certificates))
        accepted, judged = walk(name, certificates[name], FAR, luck)
        totals = [totals[0] + FAR, totals[1] + accepted, totals[2] + judged]
    print(f"seed {seed}: {totals[0]} changes, {totals[1]} accepted, {totals[2]} statements judged, none false")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0, sys.argv[3:])
