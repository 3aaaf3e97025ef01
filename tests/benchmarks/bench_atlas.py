"""What an atlas costs: boxes per second with one worker and two, growth with depth, and what its files cost to check.

    python tests/benchmarks/bench_atlas.py [PLANE ...]     prints the figures as JSON, with the machine's description

Growth is counted in boxes tried, which no clock disturbs; a curve through the plane doubles them every two levels.
Seconds of one worker are those of its processor, so that what else runs does not matter; of two, those of the clock.
"""

import json
import os
import platform
import sys
import time
from itertools import pairwise

import pytest

from muon_theory.atlases import Atlas, Properties, Survey, preset, quintic_plane, sweep
from muon_theory.check import MAX_BYTES
from muon_theory.verification import verify

pytestmark = pytest.mark.benchmark
DEPTHS = (10, 12, 14, 16)
LAYERS = ("converges", "escapes")
PLANES = ("quintic", "quintic-ab", "jordan", "jordan-band")


def boxes_at(depth: int) -> int:
    of = quintic_plane()
    prover = Properties(of.prover.family, LAYERS)
    return sweep(prover, of.plane, dict.fromkeys(LAYERS, depth), jobs=1).tests


@pytest.mark.parametrize("depth", DEPTHS)
def test_sweeping_the_strip(benchmark, depth: int) -> None:
    benchmark.extra_info["boxes"] = benchmark.pedantic(boxes_at, (depth,), rounds=1)


def test_the_work_grows_like_a_curve_s_length() -> None:
    counts = [boxes_at(depth) for depth in DEPTHS]
    assert all(q / p < 2.6 for p, q in pairwise(counts)), counts


def rate(tests: int, seconds: float) -> dict[str, float]:
    return {"boxes": tests, "seconds": round(seconds, 2), "boxes_per_second": round(tests / seconds)}


def two_workers(of: Survey) -> dict[str, float]:
    """By the clock; the workers are started before it."""
    sweep(of.prover, of.plane, of.at_depth(9).depths, jobs=2)
    began = time.perf_counter()
    return rate(sweep(of.prover, of.plane, of.depths, jobs=2).tests, time.perf_counter() - began)


def cost(of: Survey) -> dict[str, object]:
    """One plane: finding, shares, the largest file and the longest check."""
    began = time.process_time()
    found = sweep(of.prover, of.plane, of.depths, jobs=1)
    seconds = time.process_time() - began
    atlas = Atlas(of.prover, of.plane, of.strip, found)
    checks = []
    for file in atlas.files():
        began = time.process_time()
        assert verify(file.data).proved
        checks.append((round(time.process_time() - began, 2), len(file.data), file.boxes, file.name))
    return {
        "one worker": rate(found.tests, seconds),
        "leaves": len(found.leaves),
        "open share": float(atlas.open_share()),
        "shares": {layer: float(atlas.certified_share(layer)) for layer in of.prover.layers},
        "files": len(checks),
        "seconds of all checks": round(sum(check[0] for check in checks), 2),
        "longest check": max(checks),
        "largest file, of the checker's limit": max(check[1] for check in checks) / MAX_BYTES,
    }


def main() -> None:
    names = sys.argv[1:] or PLANES
    figures = {
        "machine": {
            "cpu": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
        },
        "planes": {name: cost(preset(name)) for name in names},
        "two workers": {name: two_workers(preset(name)) for name in names},
        "boxes by depth": {depth: boxes_at(depth) for depth in DEPTHS},
    }
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
