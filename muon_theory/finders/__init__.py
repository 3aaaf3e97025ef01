"""Finders: they search, in balls and floats, for witnesses; only the checker (through `verify`) says that one proves.

One file a kind of claim: `band` (finite schedules), `limits` (one map repeated), `families` (regions and thresholds),
`average` (mean square); `result` puts them together.  `positivity`, `grids` and `images` serve them all.
"""

from muon_theory.finders.result import Result, certify, safe_sigma_max, safety, stays_below

__all__ = ["Result", "certify", "safe_sigma_max", "safety", "stays_below"]
