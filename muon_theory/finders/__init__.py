"""Finders: they search, in balls and floats, for witnesses; only the checker (through `verify`) says that one proves.

One file a kind of claim: `band` (finite schedules), `limits` (one map repeated), `families` (regions and thresholds),
`average` (mean square), `ratio` and `moments` (by the polynomial `models`), `alternation` and `constant_bound` (what no
schedule beats); `result` puts them together.
"""

from muon_theory.finders.result import CAP, Result, certify, safe_sigma_max, safety, stays_below

__all__ = ["CAP", "Result", "certify", "safe_sigma_max", "safety", "stays_below"]
