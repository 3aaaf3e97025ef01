"""Cases at the edge of families: the properties of one member, f = a·x + (1 - a - c)·x³ + c·x⁵, by hand; thresholds.

Its w is (a - 1) - c·y: w at 0 is a - 1, and w at 1 is a - 1 - c.
"""

import json
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

from muon_theory.family import Family
from muon_theory.finders import families
from muon_theory.interval import Interval
from muon_theory.number import lowest_terms

Case = tuple[dict[str, Any], bool]


def member(name: str, a: str, c: str, *points: str | None) -> dict[str, Any]:
    """The property of the member, with the point y₀ of each condition."""
    box = [[a, a]]
    cells = [[[box, [[], []], y]] for y in points]
    rows = [[["1", [1]]], [[lowest_terms(1 - Q(c)), [0]], ["-1", [1]]], [[c, [0]]]]
    return {
        "format": "muon-theory/certificate/1",
        "family": {"parameters": ["a"], "coefficients": rows},
        "claim": {"type": "region", "property": name, "boxes": [box], "open": False},
        "witness": {"type": "covers", "covers": cells, "uses": [[0] * len(points)]},
    }


def of_lower_degree_at_the_end() -> dict[str, Any]:
    """A quintic that is a cubic for a = 4: there the leading coefficient of -g' is 0, and g falls all the same."""
    family = Family.parse("a; 7/5-11/10*a; 1/10*a-2/5")
    return families.threshold(family, "bounded", "antipode", Interval.of(1, 4), digits=3).to_json()


def landing_at_one() -> dict[str, Any]:
    """For f'(1) = 1, w(1) is 0: some orbit may land at 1 itself."""
    folder = Path(__file__).parents[2] / "analysis" / "certificates"
    case: dict[str, Any] = json.loads((folder / "a11-threshold-for-slope-at-one-1.json").read_bytes())
    case["claim"]["critical"], case["witness"]["tail"] = "landing", [[], []]
    return case


EDGES: dict[str, Case] = {
    "returns, as f(f(x)) < x at the point": (member("returns", "5/2", "0", "9/10", None), True),
    "returns, f(f(x)) = 1.39·x at the point": (member("returns", "3/2", "0", "1/2", None), False),
    "returns, not repelled from 0, though from 1": (member("returns", "1/2", "-1", "1/10", None), False),
    "threshold, a degree less at the range's end": (of_lower_degree_at_the_end(), True),
    "threshold, landing where w(1) = 0": (landing_at_one(), False),
    "lands, w < 0 at 1, though > 0 at 0": (member("lands", "3/2", "1", "3/4", None, None), False),
}
