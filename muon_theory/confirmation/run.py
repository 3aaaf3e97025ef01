"""Confirm a schedule on real matrices: what comes out, against φ of the singular values and against the bounds."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import torch

from muon_theory.confirmation.enclosure import exact, singular_interval
from muon_theory.confirmation.inputs import Input, build
from muon_theory.confirmation.iteration import run_steps
from muon_theory.confirmation.kernel import Kernel, kernel_for
from muon_theory.confirmation.measure import gelfand, observed
from muon_theory.confirmation.orthogonal import usual_restarts
from muon_theory.confirmation.posteriori import a_posteriori
from muon_theory.confirmation.reference import orbit
from muon_theory.confirmation.settings import defined, described
from muon_theory.confirmation.spectra import DEFAULT, Spectrum, spectrum_named
from muon_theory.display import Page, Shown, Table
from muon_theory.display.plots import ranges
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.precision import Order, StepError, Tier, chain, gram_errors, step_errors
from muon_theory.precision.steps import order_named
from muon_theory.schedule import Schedule

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure

SHAPES = ((64, 64), (96, 48), (32, 128), (3, 24, 40))
DTYPES = ("fp32", "bf16", "fp16")
SLACK = Fraction(1, 10**11)  # of the SVD that reads what came out, and of images rounded outward to 2^-40
USEFUL = Fraction(1, 100)  # a tier W band that is wider than this per end is replaced by tier A
DIVERGED = 1024.0  # an observed singular value above this is called divergence
ESCAPES = Fraction(2**20)
PAST = Fraction(1, 100)  # how far past the escape edge the spectrum "past-escape" starts


@dataclass(frozen=True, slots=True)
class Case:
    """One matrix (or batch) through the schedule.

    `observed`: least and largest singular value of the result (SVD in fp64).  `certified`: where theory puts them in
    this arithmetic, by the tier named; its upper end is None where the bound says nothing, and all of it where the
    exact orbit itself escapes.  `deviation`: ‖X_T - U diag(φ(s)) Vᵀ‖₂ by Gelfand's bound, which measures vectors too.
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

    @property
    def row(self) -> tuple[str, ...]:
        """The case in a table."""
        data = self.to_json()
        certified = "-" if self.certified is None else ", ".join(data["certified"])
        size = "×".join(map(str, self.shape))
        seen = ", ".join(data["observed"])
        return (size, self.dtype, self.spectrum, seen, certified, data["deviation"], self.verdict.value)

    def to_json(self) -> dict[str, Any]:
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
            "remark": self.remark,
        }


@dataclass(frozen=True, slots=True, repr=False)
class Confirmation(Shown):
    """The cases and their conjunction: CONFIRMED if every case is, else CONTRADICTED.  Never PROVED."""

    verdict: Standing
    cases: tuple[Case, ...]
    schedule: Schedule
    start: Interval
    seed: int
    assumptions: tuple[str, ...]
    order: Order = Order.FUSED
    settings: dict[str, str] = field(default_factory=dict)

    def page(self) -> Page:
        header = ("shape", "dtype", "spectrum", "observed", "certified", "deviation", "verdict")
        return Page(self.verdict.value.upper(), (Table(tuple(c.row for c in self.cases), header),))

    def plot(self) -> Figure:
        """What was seen, inside what theory allows; cases without a finite bound are left out."""
        rows = []
        for c in self.cases:
            if c.certified is not None and c.certified[1] is not None and c.observed[1] < float("inf"):
                bound = (float(c.certified[0]), float(c.certified[1]))
                rows.append((" ".join(c.row[:3]), c.observed, bound))
        return ranges(rows, f"{self.schedule.name}: {self.verdict.value}")

    @property
    def silent(self) -> int:
        """How many cases had no finite bound: they confirm nothing beyond running."""
        return sum(c.certified is not None and c.certified[1] is None for c in self.cases)

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "schedule": {"name": self.schedule.name, "digest": self.schedule.digest, "steps": self.schedule.rows()},
            "interval": [str(self.start.lo), str(self.start.hi)],
            "seed": self.seed,
            "order": self.order.value,
            "cases": [c.to_json() for c in self.cases],
            "silent": self.silent,
            "assumptions": list(self.assumptions),
            "environment": environment(),
            "settings": self.settings,
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


def _float(x: float) -> str:
    return decimal(exact(x)) if abs(x) < float("inf") else str(x)


def _above(q: Fraction | None) -> str:
    return "inf" if q is None else decimal(q, toward=1)


@defined()
def confirm(
    schedule: Schedule,
    *,
    start: Interval,
    band: Interval | None = None,
    shapes: Sequence[tuple[int, ...]] = SHAPES,
    dtypes: Sequence[str] = DTYPES,
    device: str = "cpu",
    spectra: Sequence[str] = DEFAULT,
    order: str | Order = Order.FUSED,
    emulate: bool | None = None,
    seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> Confirmation:
    """Run the schedule on matrices with prescribed spectra and compare with theory.

    Parameters
    ----------
    start : Interval
        The singular values of the inputs, [l, u].
    band : Interval, optional
        The certified image of `start`; each case's interval is this band, widened by what its arithmetic can do.
        Without it the image is computed here, by interval arithmetic that no checker has seen.
    shapes : sequence of (…, rows, columns)
        Tall, wide, square; leading dimensions are a batch.
    dtypes : sequence of str
        bf16, fp16, fp32, tf32, fp64, e4m3, e5m2.  On a CPU the narrow ones are emulated unless `emulate=False`.
    spectra : sequence of str
        Names of `SPECTRA`; all of them unless said.
    order : {"fused", "unfused", "gram"}
        The order of operations; the Gram form restarts where `orthogonalize` would.
    progress : callable (done, total, text), optional
        Called after every case.

    Returns
    -------
    Confirmation
        CONFIRMED where every observed spectrum lies inside its interval, and every orbit that must escape did.

    Raises
    ------
    UsageError
        An unknown name, or a device that is absent.

    Notes
    -----
    The stored input differs from the prescribed one; the bounds start from an enclosure of its own singular values
    (`singular_interval`).  ε_t is tier W for fp32 and fp64 where that widens the band by ≤ 0.01 per end, and tier A
    (for this very input) otherwise.  `hull`: where a spectrum leaves [l, u], the exact image is that of its own hull.

    >>> c = confirm(Schedule.parse("15/8,-5/4,3/8"), start=Interval.of("1/100", 1), shapes=[(8, 6)], dtypes=["fp64"],
    ...             spectra=["log-uniform"])
    >>> c.verdict, c.cases[0].tier
    (<Standing.CONFIRMED: 'confirmed'>, <Tier.W: 'W'>)
    """
    job = _Job(schedule, order_named(order), start, band, checked_device(device))
    named = [spectrum_named(name) for name in spectra]
    kernels = [kernel_for(d, device, emulate) for d in dtypes]
    total, cases = len(shapes) * len(named) * len(kernels), []
    for shape in shapes:
        for spectrum in named:
            matrix = build(spectrum, tuple(shape), schedule, start, seed, device)
            for kernel in kernels:
                cases.append(_case(job, spectrum, matrix, kernel))
                if progress:
                    progress(len(cases), total, f"{'×'.join(map(str, shape))} {kernel.format.name} {spectrum.name}")
    good = all(c.verdict is Standing.CONFIRMED for c in cases)
    why = dict.fromkeys(a for c in cases for e in c.errors for a in e.assumptions if "SHA-256" not in a)
    verdict = Standing.CONFIRMED if good else Standing.CONTRADICTED
    return Confirmation(verdict, tuple(cases), schedule, start, seed, tuple(why), job.order, described())


def checked_device(device: str) -> str:
    """The device's name, if it is there."""
    if device.partition(":")[0] not in ("cpu", "cuda"):
        raise UsageError(f"there is no device {device!r}: use cpu or cuda")
    if device != "cpu" and not torch.cuda.is_available():
        raise UsageError(f"device {device!r} is absent: torch sees no CUDA device; use --device cpu")
    return device


@dataclass(frozen=True, slots=True)
class _Job:
    """What all cases share."""

    schedule: Schedule
    order: Order
    start: Interval
    band: Interval | None
    device: str

    def restarts(self, kernel: Kernel) -> tuple[int, ...]:
        return usual_restarts(self.schedule, kernel.format.name) if self.order is Order.GRAM else ()


def _case(job: _Job, spectrum: Spectrum, matrix: Input, kernel: Kernel) -> Case:
    schedule, restarts = job.schedule, job.restarts(kernel)
    stored = kernel.unload(kernel.load(matrix.X))
    case = Case(
        shape=tuple(matrix.X.shape),
        dtype=kernel.format.name,
        device=job.device,
        spectrum=spectrum.name,
        observed=(float("inf"), float("inf")),
        certified=None,
        deviation=float("inf"),
        verdict=Standing.CONFIRMED,
        tier=None,
        arithmetic=type(kernel).__name__.lower(),
        remark="",
        restarts=restarts,
    )
    if _escapes(schedule, matrix):
        out = run_steps(kernel, stored, schedule, job.order, restarts)
        seen = observed(out)
        diverges = not seen[1] <= DIVERGED
        if not diverges and kernel.format.roundoff >= PAST:
            remark = "no bound: rounding is coarser than the distance to the escape edge"
            return replace(case, observed=seen, certified=(Fraction(0), None), remark=remark)
        remark = "diverges, as predicted" if diverges else "stays bounded, but the exact orbit escapes"
        standing = Standing.CONFIRMED if diverges else Standing.CONTRADICTED
        return replace(case, observed=seen, verdict=standing, remark=remark)
    hull = matrix.hull
    first = singular_interval(stored)
    out, errors, robust = _run(job, kernel, stored, first)
    seen = observed(out)
    deviation = gelfand(out.double() - matrix.expected(schedule)) if seen[1] < float("inf") else float("inf")
    case = replace(case, observed=seen, deviation=deviation, errors=errors)
    if robust is None:
        return replace(
            case, certified=(Fraction(0), None), remark="no bound: rounding may carry this input past escape"
        )
    plain = chain(schedule, hull)[-1]
    base = job.band if job.band is not None and hull <= job.start else plain
    lo = max(base.lo - (plain.lo - robust.lo), Fraction(0))
    hi = base.hi + (robust.hi - plain.hi)
    inside = lo <= exact(seen[0]) + SLACK and exact(min(seen[1], 1e300)) <= hi + SLACK
    remark = "" if inside else f"outside by {decimal(max(lo - exact(seen[0]), exact(min(seen[1], 1e300)) - hi), 3)}"
    standing = Standing.CONFIRMED if inside else Standing.CONTRADICTED
    return replace(case, certified=(lo, hi), tier=errors[-1].tier, verdict=standing, remark=remark)


def _escapes(schedule: Schedule, matrix: Input) -> bool:
    values: Iterator[Fraction] = (abs(v) for v in orbit(schedule, max(matrix.spectrum)))
    return max(values) >= ESCAPES


def _run(
    job: _Job, kernel: Kernel, stored: torch.Tensor, first: Interval
) -> tuple[torch.Tensor, tuple[StepError, ...], Interval | None]:
    """The result, the errors of the tier that is worth having, and the widened image (None: no bound)."""
    schedule, order, restarts = job.schedule, job.order, job.restarts(kernel)
    if kernel.format.precision >= 24 and kernel.format.name != "tf32":  # in narrower formats W says next to nothing
        try:
            errors = _worst(job, kernel, (stored.shape[-2], stored.shape[-1]), first)
            robust, plain = errors[-1].after, chain(schedule, first)[-1]
            if max(plain.lo - robust.lo, robust.hi - plain.hi) <= USEFUL:
                return run_steps(kernel, stored, schedule, order, restarts), errors, robust
        except UndecidedError:
            pass  # the worst case says nothing: bound this input
    try:
        out, errors = a_posteriori(kernel, stored, schedule, first, order, restarts)
    except UndecidedError:
        return run_steps(kernel, stored, schedule, order, restarts), (), None
    return out, errors, errors[-1].after


def _worst(job: _Job, kernel: Kernel, shape: tuple[int, int], first: Interval) -> tuple[StepError, ...]:
    """Tier W of the order of operations that runs."""
    if job.order is Order.GRAM:
        return gram_errors(job.schedule, kernel.format, shape, first, job.restarts(kernel))
    return step_errors(job.schedule, kernel.format, shape, first, Tier.W, job.order)
