"""What an atlas costs: boxes per second with one worker and two, and how the work grows with the depth.

    python tests/benchmarks/bench_atlas.py        prints the figures as JSON, with the machine's description

Growth is counted in boxes tried, which no clock disturbs; a curve through the plane doubles them every two levels.
"""

import json
import os
import platform
import sys
import time
from itertools import pairwise

import pytest

from muon_theory.atlas import Properties, coefficient_plane, quintic_plane, sweep

pytestmark = pytest.mark.benchmark
DEPTHS = (10, 12, 14, 16)
LAYERS = ("converges", "escapes")


def boxes_at(depth: int) -> int:
    of = quintic_plane()
    prover = Properties(of.prover.parts[0].family, LAYERS)
    return sweep(prover, of.plane, dict.fromkeys(LAYERS, depth), jobs=1).tests


def speed(of, jobs: int) -> dict[str, float]:
    """Boxes tried, seconds, boxes per second; the workers are started before the clock."""
    sweep(of.prover, of.plane, of.at_depth(9).depths, jobs=jobs)
    began = time.perf_counter()
    found = sweep(of.prover, of.plane, of.depths, jobs=jobs)
    seconds = time.perf_counter() - began
    return {"boxes": found.tests, "seconds": round(seconds, 2), "boxes_per_second": round(found.tests / seconds)}


@pytest.mark.parametrize("depth", DEPTHS)
def test_sweeping_the_strip(benchmark, depth: int) -> None:
    benchmark.extra_info["boxes"] = benchmark.pedantic(boxes_at, (depth,), rounds=1)


def test_the_work_grows_like_a_curve_s_length() -> None:
    counts = [boxes_at(depth) for depth in DEPTHS]
    assert all(q / p < 2.6 for p, q in pairwise(counts)), counts


def main() -> None:
    planes = {"a,s": quintic_plane(), "a,b": coefficient_plane()}
    figures = {
        "machine": {
            "cpu": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
        },
        "speed": {name: {f"{jobs} workers": speed(of, jobs) for jobs in (1, 2)} for name, of in planes.items()},
        "boxes by depth": {depth: boxes_at(depth) for depth in DEPTHS},
    }
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
