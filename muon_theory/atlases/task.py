"""A task of a sweep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A box and the layers that are open there, each with the depth to which this task goes."""

    path: str
    depths: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        """Its name in the journal: the coarse exploration is no other task's."""
        return self.path or "coarse"
