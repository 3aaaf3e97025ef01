"""What rounding in a number format adds: the part of an answer that `dtype` asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from muon_theory.certificate import AnyCertificate
from muon_theory.display import Block, Lines, Page, Shown
from muon_theory.errors import UsageError
from muon_theory.interval import Interval
from muon_theory.precision import Tier
from muon_theory.robust import Attempt
from muon_theory.subject.arguments import shape_of
from muon_theory.verification import Verdict, verdict_on

SHAPE = (1024, 1024)
"""Of the matrices, unless said."""


def size_of(dtype: str | None, shape: str | Sequence[int] | None, **others: object) -> tuple[int, ...]:
    """The shape, which belongs to a dtype as the others do.  Raises UsageError."""
    for name, given in {"shape": shape, **others}.items():
        if given is not None and dtype is None:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} belongs to --dtype: say which number format, such as --dtype=bf16")
    return SHAPE if shape is None else shape_of("--shape", shape)


class Exact(Protocol):
    """What exact arithmetic answers."""

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]: ...

    def to_json(self) -> dict[str, object]: ...


class Rounded(Shown):
    """Abstract.  A result of exact arithmetic, and beside it what rounding adds, where a format was named."""

    __slots__ = ()

    if TYPE_CHECKING:  # fields

        @property
        def exact(self) -> Exact: ...

        @property
        def rounding(self) -> Rounding | None: ...

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return (*self.exact.certificates, *(self.rounding.certificates if self.rounding else ()))

    def to_json(self) -> dict[str, object]:
        more = {"rounding": self.rounding.to_json()} if self.rounding else {}
        return self.exact.to_json() | {"verdict": self.verdict.value if self.verdict else None} | more

    def beside(self, head: str, *blocks: Block) -> Page:
        """The page, which ends with the rounding."""
        return Page(head, (*blocks, *([Lines(self.rounding.lines())] if self.rounding else ())))


@dataclass(frozen=True, slots=True)
class Rounding:
    """What the tiers say about one format, size and order of operations."""

    dtype: str
    shape: tuple[int, ...]
    order: str
    attempts: tuple[Attempt, ...]
    cap: Fraction = Fraction(3, 2)
    target: Interval | None = None

    @property
    def verdict(self) -> Verdict:
        """PROVED if the worst case keeps every singular value from `lower` on within cap and target, else UNDECIDED.

        A bound that is too wide refutes nothing.
        """
        worst = next(a for a in self.attempts if a.tier is Tier.W)
        found = None if worst.reason or worst.band is None else worst.band.certificate
        band = None if found is None else found.claim.target  # what is derived beside it is not proved
        inside = band is not None and band.hi <= self.cap and (self.target is None or band <= self.target)
        return verdict_on([found] if found is not None and inside else [])

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """The robust bands of the worst case; a model has none."""
        bands = (a.band for a in self.attempts if a.band is not None)
        return tuple(c for band in bands for c in band.certificates)

    def to_json(self) -> dict[str, object]:
        return {
            "dtype": self.dtype,
            "shape": ",".join(map(str, self.shape)),
            "order": self.order,
            "verdict": self.verdict.value,
            "tiers": [a.to_json() for a in self.attempts],
        }

    def lines(self) -> tuple[str, ...]:
        """For people; tier A is for given inputs, and `confirm` has it."""
        said = [f"Rounding in {self.dtype}, {'×'.join(map(str, self.shape))}, {self.order}:"]
        for attempt in self.attempts:
            said += [f"  {line}" for line in attempt.lines()]
        again = f"muon-theory confirm SUBJECT --dtype {self.dtype} --shape {','.join(map(str, self.shape))}"
        return (*said, f"  tier A  bounds the errors on given inputs: {again}")
