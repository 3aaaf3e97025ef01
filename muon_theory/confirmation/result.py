"""What `confirm` answers: the cases, what each is worth, and their conjunction."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import torch

from muon_theory.confirmation.enclosure import exact
from muon_theory.display import Block, Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import Figure, ranges
from muon_theory.evidence import Standing
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.precision import Order, StepError, Tier
from muon_theory.schedule import Schedule

DIVERGES = "diverges, as predicted"
TESTED = (Standing.CONFIRMED, Standing.CONTRADICTED, Standing.VACUOUS)


@dataclass(frozen=True, slots=True)
class Case:
    """One matrix (or batch) through the schedule.

    `observed`: least and largest singular value of the result (SVD in fp64).  `certified`: where theory puts them in
    this arithmetic, by the tier named; its upper end is None where the bound says nothing, and all of it where the
    exact orbit itself escapes.  `deviation`: ‖X_T - U diag(φ(s)) Vᵀ‖₂ by Gelfand's formula, which measures vectors too.
    `all_but`: (k, where all singular values but k are), by Mirsky's inequality, where that says more.
    `verdict`: vacuous where what is certified could not have been missed, or where nothing is.
    """

    shape: tuple[int, ...]
    dtype: str
    device: str
    spectrum: str
    observed: tuple[float, float]
    certified: tuple[Fraction, Fraction | None] | None
    deviation: float
    verdict: Standing
    tier: Tier | None
    arithmetic: str
    remark: str
    errors: tuple[StepError, ...] = field(default=(), repr=False)
    restarts: tuple[int, ...] = ()  # of the Gram form
    all_but: tuple[int, Interval] | None = None

    @property
    def row(self) -> tuple[str, ...]:
        """The case in a table of its size and format: four digits of what was seen, of what is certified outward."""
        certified = "-"
        if self.certified is not None:
            lo, hi = self.certified
            certified = f"{decimal(lo, 4, -1)}, {'inf' if hi is None else decimal(hi, 4, +1)}"
        seen = ", ".join(_float(x, 4) for x in self.observed)
        said = self.verdict.value + (f": {self.remark}" if self.remark else "")
        return (self.spectrum, seen, certified, said)

    @property
    def place(self) -> str:
        """Its size and format."""
        return f"{'×'.join(map(str, self.shape))}, {self.dtype}"

    def to_json(self) -> dict[str, object]:
        lo, hi = self.certified or (Fraction(0), None)
        return {
            "shape": list(self.shape),
            "dtype": self.dtype,
            "device": self.device,
            "spectrum": self.spectrum,
            "observed": [_float(x) for x in self.observed],
            "certified": None if self.certified is None else [decimal(lo, toward=-1), _above(hi)],
            "deviation": _float(self.deviation),
            "verdict": self.verdict.value,
            "tier": self.tier.value if self.tier else None,
            "arithmetic": self.arithmetic,
            "errors": [decimal(e.error, toward=1) for e in self.errors],
            "restarts": list(self.restarts),
            "all_but": None
            if self.all_but is None
            else {
                "count": self.all_but[0],
                "certified": self.all_but[1].outward(),
            },
            "remark": self.remark,
        }


def conjunction(found: Iterable[Standing]) -> Standing:
    """CONTRADICTED if one is, else CONFIRMED if one is, else VACUOUS."""
    seen = set(found)
    return next((v for v in (Standing.CONTRADICTED, Standing.CONFIRMED) if v in seen), Standing.VACUOUS)


@dataclass(frozen=True, slots=True, repr=False)
class Confirmation(Shown):
    """The cases and their conjunction, over those that could have failed.  Never PROVED.

    CONTRADICTED if one case is, else CONFIRMED if one case is, else VACUOUS.
    """

    cases: tuple[Case, ...]
    schedule: Schedule
    start: Interval
    seed: int
    assumptions: tuple[str, ...]
    order: Order = Order.FUSED
    settings: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many cases have each verdict."""
        found = Counter(c.verdict for c in self.cases)
        return {standing.value: found[standing] for standing in TESTED}

    @property
    def verdict(self) -> Standing:
        return conjunction(c.verdict for c in self.cases)

    @property
    def silent(self) -> int:
        """How many cases are vacuous: they confirm nothing beyond running."""
        return self.counts["vacuous"]

    @property
    def summary(self) -> tuple[str, ...]:
        """What was tested with power, what was not, and what a divergence means."""
        counts, total = self.counts, len(self.cases)
        lines = [f"{counts['confirmed']} of {total} cases confirmed, {counts['contradicted']} contradicted"]
        if counts["vacuous"]:
            lines.append(
                f"{counts['vacuous']} vacuous: what is certified there could hardly have been missed: no evidence"
            )
        if self.diverging:
            lines.append(
                f"{len(self.diverging)} diverge from singular values in {self.start} or below, as the exact orbits do: "
                "this agrees with the theory, and says that the schedule is not safe there (certify says where it is)"
            )
        return (*lines, *(f"not run: {line}" for line in self.left_out))

    def page(self) -> Page:
        header = ("spectrum", "observed", "certified", "verdict")
        tables: list[Block] = []
        for place in dict.fromkeys(c.place for c in self.cases):
            rows = tuple(c.row for c in self.cases if c.place == place)
            tables += [Lines((f"{place}:",)), Table(rows, header)]
        settings = Facts((("torch set to", "; ".join(f"{k}: {v}" for k, v in self.settings.items())),))
        return Page(self.heading, (Lines(self.summary), *tables, settings))

    @property
    def heading(self) -> str:
        """The verdict; of a schedule that diverges, what it is that was confirmed."""
        word = self.verdict.value.upper()
        if self.verdict is not Standing.CONFIRMED or not self.diverging:
            return word
        return f"{word}: agrees with the theory: diverges, in {len(self.diverging)} of {len(self.cases)} cases"

    @property
    def diverging(self) -> tuple[Case, ...]:
        """Those that leave every bound from singular values that the schedule was to serve."""
        return tuple(c for c in self.cases if c.remark == DIVERGES and c.spectrum != "past-escape")

    def plot(self) -> Figure:
        """What was seen, inside what theory allows; vacuous cases and those that diverge are left out."""
        rows = []
        for c in self.cases:
            if c.verdict is not Standing.VACUOUS and c.certified is not None and c.certified[1] is not None:
                bound = (float(c.certified[0]), float(c.certified[1]))
                rows.append((f"{c.place} {c.spectrum}", c.observed, bound))
        return ranges(rows, f"{self.schedule.name}: {self.verdict.value}")

    def to_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict.value,
            "summary": list(self.summary),
            "counts": self.counts,
            "schedule": self.schedule.to_json(),
            "interval": [str(self.start.lo), str(self.start.hi)],
            "seed": self.seed,
            "order": self.order.value,
            "cases": [c.to_json() for c in self.cases],
            "silent": self.silent,
            "not_run": list(self.left_out),
            "assumptions": list(self.assumptions),
            "environment": environment(),
            "settings": self.settings,
        }


@dataclass(frozen=True, slots=True, repr=False)
class Record(Shown):
    """Several confirmations made by one command: what a machine shows of the reference schedules."""

    confirmations: tuple[Confirmation, ...]
    grid: str
    device: str
    seconds: float

    @property
    def verdict(self) -> Standing:
        """As of one confirmation, over all of them."""
        return conjunction(c.verdict for c in self.confirmations)

    def page(self) -> Page:
        blocks = tuple(Lines((f"{c.schedule.name}:", *(f"  {line}" for line in c.summary))) for c in self.confirmations)
        facts = (("device", self.device), ("grid", self.grid), *environment().items())
        return Page(self.verdict.value.upper(), (Facts(facts), *blocks))

    def to_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict.value,
            "grid": self.grid,
            "device": self.device,
            "seconds": round(self.seconds),
            "environment": environment(),
            "confirmations": [c.to_json() for c in self.confirmations],
        }


def environment() -> dict[str, str]:
    """What ran: versions, processor, device."""
    cuda = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "cpu": f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
        "cuda": cuda,
    }


def _float(x: float, digits: int = 12) -> str:
    return decimal(exact(x), digits) if abs(x) < float("inf") else str(x)


def _above(q: Fraction | None) -> str:
    return "inf" if q is None else decimal(q, toward=1)
