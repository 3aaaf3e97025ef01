"""The boxes of a layer as certificate files that the checker proves, as few as its limits allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muon_theory.atlases.explore import Leaf, Prover
from muon_theory.atlases.plane import Plane
from muon_theory.errors import UndecidedError
from muon_theory.verification import Verification, verify

MAX_BOXES = 1000
"""In one file; fewer where the checker's limits ask for it."""


def verified(
    prover: Prover, plane: Plane, layer: str, leaves: Sequence[Leaf]
) -> Iterator[tuple[bytes, int, Verification]]:
    """Each file's bytes, how many boxes it is about, and what the checker said of it.

    Raises UndecidedError if the checker refuses one for another reason than its limits.
    """
    if not leaves:
        return
    if len(leaves) > MAX_BOXES:
        for first in range(0, len(leaves), MAX_BOXES):
            yield from verified(prover, plane, layer, leaves[first : first + MAX_BOXES])
        return
    data = prover.files(plane, layer, leaves)
    verification = verify(data)
    if verification.proved:
        yield data, len(leaves), verification
    elif len(leaves) > 1 and verification.reason.startswith("limit"):
        middle = len(leaves) // 2
        yield from verified(prover, plane, layer, leaves[:middle])
        yield from verified(prover, plane, layer, leaves[middle:])
    else:
        raise UndecidedError(f"the checker refuses the layer {layer!r}: {verification.reason}: report this")
