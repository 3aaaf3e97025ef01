"""Confirm a schedule on real matrices: what comes out, against φ of the singular values and against the bounds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import torch

from muon_theory.confirmation.enclosure import exact, singular_interval
from muon_theory.confirmation.inputs import Input, build
from muon_theory.confirmation.iteration import run_steps
from muon_theory.confirmation.kernel import Kernel, kernel_for
from muon_theory.confirmation.measure import gelfand, observed
from muon_theory.confirmation.orthogonal import usual_restarts
from muon_theory.confirmation.posteriori import a_posteriori
from muon_theory.confirmation.reference import orbit
from muon_theory.confirmation.result import DIVERGES, Case, Confirmation, Record
from muon_theory.confirmation.settings import defined, described
from muon_theory.confirmation.spectra import DEFAULT, Spectrum, spectrum_named
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.finders import CAP
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.precision import Order, StepError, Tier, all_but, chain, format_named, gram_errors, step_errors
from muon_theory.precision.steps import order_named
from muon_theory.schedule import Schedule

SHAPES = ((64, 64), (96, 48), (32, 128), (3, 24, 40))
DTYPES = ("fp32", "bf16", "fp16")
FULL_SHAPES = (*SHAPES, (64, 64, 64), (512, 512), (256, 1024), (1024, 1024), (1024, 4096))
FULL_DTYPES = ("fp64", "fp32", "tf32", "bf16", "fp16", "e4m3", "e5m2")
GRIDS = {"usual": (SHAPES, DTYPES), "full": (FULL_SHAPES, FULL_DTYPES)}
REFERENCE = ("jordan", "article", "polar_express")
EXCEPTIONS = 20  # all singular values but one in so many, at least one, are bounded apart (Mirsky)
CHOICE = ("bf16", "fp16", "tf32")  # of native or emulated operations; other formats have one way
CHUNK = 2**24  # entries of a batch that go through at once
SLACK = Fraction(1, 10**11)  # of the SVD that reads what came out, and of images rounded outward to 2^-40
USEFUL = Fraction(1, 100)  # a tier W band that is wider than this per end is replaced by tier A
DIVERGED = 1024.0  # an observed singular value above this is called divergence
ESCAPES = Fraction(2**20)
AGREE = Fraction(
    1, 10**6
)  # a given band and interval arithmetic; where they differ by more, the band is taken as given
PAST = Fraction(1, 100)  # how far past the escape edge the spectrum "past-escape" starts


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
    seconds: float | None = None,
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
    shapes, dtypes, device, order, emulate, seed, seconds, progress
        As `muon_theory.confirm` has them; what was left out for want of time stands in `left_out`.
    spectra : sequence of str
        Names of `SPECTRA`; all of them unless said.

    Returns
    -------
    Confirmation
        CONTRADICTED where an observed spectrum leaves its interval, or an orbit that must escape does not; else
        CONFIRMED where one case could have failed: a case whose certified upper end is beyond the cap 3/2, or whose
        lower end is 0 although the exact one is not, is VACUOUS and no evidence.

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
    kernels = [kernel_for(d, device, emulate if format_named(d).name in CHOICE else None) for d in dtypes]
    total, cases, late, begun = len(shapes) * len(named) * len(kernels), list[Case](), Counter[str](), time.monotonic()
    for shape in shapes:
        size = "×".join(map(str, shape))
        for spectrum in named:
            if seconds is not None and time.monotonic() - begun > seconds:
                late.update(f"{size} {kernel.format.name}" for kernel in kernels)
                continue
            matrix = build(spectrum, tuple(shape), schedule, start, seed, device)
            for kernel in kernels:
                cases.append(merged([_case(job, spectrum, part, kernel) for part in chunks(matrix)], tuple(shape)))
                if progress:
                    progress(len(cases), total, f"{size} {kernel.format.name} {spectrum.name}")
    left_out = (*_absent(device), *(f"{what}: {k} spectra, out of time" for what, k in late.items()))
    why = dict.fromkeys(a for c in cases for e in c.errors for a in e.assumptions if "SHA-256" not in a)
    return Confirmation(tuple(cases), schedule, start, seed, tuple(why), job.order, described(), left_out)


def _absent(device: str) -> tuple[str, ...]:
    """What a run on this device says nothing about."""
    return () if device != "cpu" else ("CUDA products and sums: this was run on a CPU",)


def chunks(matrix: Input, limit: int = CHUNK) -> Iterator[Input]:
    """The members of a batch in parts of at most so many entries, one member at least; a single matrix is one part."""
    if matrix.X.dim() == 2 or matrix.X.numel() <= limit:
        yield matrix
        return
    X = matrix.X.flatten(0, -3)
    shared = matrix.U.dim() == 2  # a tall batch differs in V
    factors = (matrix.V if shared else matrix.U).flatten(0, -3)
    count = max(1, limit // X[0].numel())
    for i in range(0, len(X), count):
        part = factors[i : i + count]
        U, V = (matrix.U, part) if shared else (part, matrix.V)
        yield Input(X[i : i + count], U, V, matrix.spectrum)


def merged(parts: Sequence[Case], shape: tuple[int, ...]) -> Case:
    """The case of a whole batch: every end the outermost of its parts, and the worst verdict."""
    order = (Standing.CONTRADICTED, Standing.VACUOUS, Standing.CONFIRMED)
    worst = min(parts, key=lambda c: order.index(c.verdict))
    ends = [c.certified for c in parts if c.certified is not None]
    tops = [hi for _, hi in ends if hi is not None]
    top = max(tops) if tops and len(tops) == len(ends) else None
    return replace(
        worst,
        shape=shape,
        observed=(min(c.observed[0] for c in parts), max(c.observed[1] for c in parts)),
        certified=(min(lo for lo, _ in ends), top) if ends else None,
        deviation=max(c.deviation for c in parts),
    )


def record(
    schedules: Sequence[Schedule],
    bands: Callable[[Schedule], Interval | None],
    *,
    start: Interval,
    grid: str = "full",
    device: str = "cpu",
    seconds: float | None = None,
    **options: Any,
) -> Record:
    """The schedules on a whole grid of shapes and formats, the time shared among them; further options as `confirm`."""
    shapes, dtypes = GRIDS[grid]
    begun, found = time.monotonic(), list[Confirmation]()
    for k, schedule in enumerate(schedules):
        left = None if seconds is None else (seconds - (time.monotonic() - begun)) / (len(schedules) - k)
        given = {"shapes": shapes, "dtypes": dtypes, **options}
        found.append(confirm(schedule, start=start, band=bands(schedule), device=device, seconds=left, **given))
    return Record(tuple(found), grid, device, time.monotonic() - begun)


def checked_device(device: str) -> str:
    """The device's name, if it is there."""
    if device.partition(":")[0] not in ("cpu", "cuda"):
        raise UsageError(f"there is no device {device!r}: use cpu or cuda")
    if device != "cpu" and not torch.cuda.is_available():
        raise UsageError(f"device {device!r} is absent: torch sees no CUDA device; use --device=cpu")
    number = device.partition(":")[2]
    if number and not (number.isdecimal() and int(number) < max(torch.cuda.device_count(), device[:3] == "cpu")):
        raise UsageError(
            f"device {device!r} is absent: torch sees {torch.cuda.device_count()} CUDA devices, from cuda:0"
        )
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
            nothing = (Fraction(0), None)
            return replace(case, observed=seen, certified=nothing, verdict=Standing.VACUOUS, remark=remark)
        remark = DIVERGES if diverges else "stays bounded, but the exact orbit escapes"
        standing = Standing.CONFIRMED if diverges else Standing.CONTRADICTED
        return replace(case, observed=seen, verdict=standing, remark=remark)
    hull = matrix.hull
    first = singular_interval(stored)
    out, errors, robust = _run(job, kernel, stored, first)
    seen = observed(out)
    deviation = gelfand(out.double() - matrix.expected(schedule)) if seen[1] < float("inf") else float("inf")
    case = replace(case, observed=seen, deviation=deviation, errors=errors)
    if robust is None:
        remark = "no bound: rounding may carry this input past escape"
        return replace(case, certified=(Fraction(0), None), verdict=Standing.VACUOUS, remark=remark)
    plain = chain(schedule, hull)[-1]
    base = job.band if job.band is not None and hull <= job.start else plain
    lo = max(robust.lo + _beyond(base.lo - plain.lo), Fraction(0))
    hi = robust.hi + _beyond(base.hi - plain.hi)
    standing, remark = judged((lo, hi), tuple(exact(min(x, 1e300)) for x in seen), plain)
    most = all_but(schedule, errors, k := -(-min(matrix.X.shape[-2:]) // EXCEPTIONS))
    narrower = (k, most) if most.width < errors[-1].after.width else None
    return replace(case, certified=(lo, hi), tier=errors[-1].tier, verdict=standing, remark=remark, all_but=narrower)


def _beyond(difference: Fraction) -> Fraction:
    """By how much a given band differs from interval arithmetic, 0 where the two agree."""
    return difference if abs(difference) > AGREE else Fraction(0)


def judged(certified: tuple[Fraction, Fraction], seen: tuple[Fraction, ...], plain: Interval) -> tuple[Standing, str]:
    """What a case is worth: the observed ends against the certified ones, in view of the exact image.

    >>> exact_image = Interval.of("2/3", "9/8")
    >>> judged((Fraction(0), Fraction(9, 8)), (Fraction(2, 3), Fraction(1)), exact_image)
    (<Standing.VACUOUS: 'vacuous'>, 'the certified lower end is 0')
    """
    (lo, hi), (low, high) = certified, seen
    if lo > low + SLACK or high > hi + SLACK:
        return Standing.CONTRADICTED, f"outside by {decimal(max(lo - low, high - hi), 3)}"
    if hi > max(CAP, plain.hi * Fraction(11, 10)):  # it excludes nothing that matters
        return Standing.VACUOUS, "the certified upper end is beyond the cap"
    if lo == 0 and plain.lo > 0:
        return Standing.VACUOUS, "the certified lower end is 0"
    return Standing.CONFIRMED, "upper end alone: some exact singular values are 0" if plain.lo == 0 else ""


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
