"""In which order a sum is formed: through how many additions a term of it passes, at most."""

from __future__ import annotations

from dataclasses import dataclass

from muon_theory.errors import UsageError

TORCH_LANES = 8
NAMES = "any, pairwise, lanes:L, blocked:B, torch, or a number of additions"


@dataclass(frozen=True, slots=True)
class Summation:
    """An order of additions, by its name.

    `any`: one after another in any order, n additions.  `pairwise`: halves of halves, ⌈log₂ n⌉.  `lanes:L`: L sums side
    by side, added at the end, ⌈n/L⌉ + L.  `blocked:B`: sums of B terms, added one after another, B + ⌈n/B⌉.  `torch`:
    the norm of a matrix on a CPU with vectors of 256 bits or more, `lanes:8`.  A number: that many, whatever n is.
    """

    name: str

    def __post_init__(self) -> None:
        kind, _, size = self.name.partition(":")
        plain = kind in ("any", "pairwise", "torch") or kind.isdecimal()
        if not (plain and not size) and not (
            kind in ("lanes", "blocked") and size.isdecimal() and 0 < int(size) < 10**9
        ):
            raise UsageError(f"there is no order of additions {self.name!r}: use {NAMES}")

    def additions(self, n: int) -> int:
        """How many additions a term of a sum of n terms passes through, at most.

        >>> [Summation(s).additions(4096) for s in ("any", "pairwise", "lanes:8", "blocked:64", "30")]
        [4096, 12, 520, 128, 30]
        """
        kind, _, size = self.name.partition(":")
        k = int(size) if size else TORCH_LANES
        match kind:
            case "any":
                return n
            case "pairwise":
                return min(n, (n - 1).bit_length())
            case "lanes" | "torch":
                return min(n, -(-n // k) + k)
            case "blocked":
                return min(n, k + -(-n // k))
        return int(kind)

    def roundings(self, k: int) -> int:
        """How many roundings a term meets, at most, where it meets k if the additions come one after another.

        Beside its additions those are its own product and, in αPQ + βD, the product with α and the sum with βD.

        >>> [Summation(s).roundings(4096) for s in ("any", "pairwise", "lanes:8", "blocked:64", "30")]
        [4096, 15, 523, 131, 33]
        """
        return min(k, self.additions(k) + 3)

    @property
    def assumption(self) -> str:
        """What is assumed, in words."""
        if self.name == "any":
            return "in any order"
        if self.name == "torch":
            return "in 8 lanes, as torch does on a CPU with vectors of 256 bits (more lanes only help)"
        return f"so that a term passes through as many additions as {self.name!r} says"


ANY, TORCH = Summation("any"), Summation("torch")


def summation_named(name: str | int | Summation | None, usual: Summation = ANY) -> Summation:
    """The order of that name, or so many additions.

    Raises UsageError for an unknown name.
    """
    if name is None or isinstance(name, Summation):
        return name or usual
    return Summation(str(name))
