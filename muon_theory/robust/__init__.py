"""Bands in finite precision: what a certificate proves of them, and where their errors come from.

What the checker proves is "if step t errs by at most ε_t, then …" (`robust-band`), or "if it multiplies by 1 ± ρ_t and
adds ± ε_t, then …, for all values but k" (`all-but`), by which small singular values are not drowned.  Where these
numbers come from is another matter, in tiers: W, a worst case that is rigorous under printed assumptions; S, bounds
with a stated confidence; A, bounds of one input's errors, rigorous under printed assumptions too
(`muon_theory.confirmation`); P, a model and no bound.  Tier and assumptions stand beside the claim.
"""

from muon_theory.robust.bands import MEANING, RobustBand, all_but, robust_band, stretches
from muon_theory.robust.tiers import Attempt, attempts, in_format, stored_upper

__all__ = [
    "MEANING",
    "Attempt",
    "RobustBand",
    "all_but",
    "attempts",
    "in_format",
    "robust_band",
    "stored_upper",
    "stretches",
]
