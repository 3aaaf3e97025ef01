"""Number formats and how a machine adds: what is assumed of the arithmetic, and the constants that follow.

Everything here is an exact rational.  A result x of one operation is stored as x(1 + δ) + η with |δ| ≤ u (`roundoff`)
and |η| ≤ `underflow`; at most one of the two is needed, the bound allows both.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.precision.summation import ANY, Summation

BITS = 64  # significant bits kept of a bound; the rest is rounded away from what must be proved


def round_up(q: Fraction, bits: int = BITS) -> Fraction:
    """The least number ≥ q with `bits` significant bits, q ≥ 0 (so that the rationals of a bound stay short).

    >>> round_up(Fraction(1, 3), 4)
    Fraction(11, 32)
    """
    if q <= 0:
        return Fraction(0)
    shift = bits - (q.numerator.bit_length() - q.denominator.bit_length())
    scaled = q * (1 << shift) if shift >= 0 else q / (1 << -shift)
    return Fraction(scaled.__ceil__(), 1 << shift) if shift >= 0 else Fraction(scaled.__ceil__() << -shift)


def root_up(q: Fraction, k: int) -> Fraction:
    """A number ≥ q^(1/k), q ≥ 0, k ≥ 1, larger by at most a factor 1 + 2⁻⁶².

    The integer k-th root by Newton's method from above, on q·2^(k·shift).

    >>> root_up(Fraction(2), 2) ** 2 >= 2
    True
    """
    if q < 0 or k < 1:
        raise UsageError(f"a {k}-th root of {q} is not a bound: it takes q ≥ 0 and k ≥ 1")
    if q == 0:
        return Fraction(0)
    shift = max(0, BITS + 1 - (q.numerator.bit_length() - q.denominator.bit_length()) // k)
    n = (q * (1 << (k * shift))).__ceil__()
    x = 1 << -(-n.bit_length() // k)  # ≥ the root, where Newton's method descends
    while (y := ((k - 1) * x + n // x ** (k - 1)) // k) < x:
        x = y
    return round_up(Fraction(x + 1, 1 << shift), BITS + 1)


class Accumulation(enum.Enum):
    """How the sum inside a matrix product is formed; the value says it in words."""

    FP32 = "fp32"
    FP64 = "fp64"
    FP32_TRUNCATING = "fp32-truncating"
    STORAGE = "storage"

    @property
    def assumption(self) -> str:
        return {
            "fp32": "a product's sums are formed in fp32, rounded to nearest, in any order, fused or not",
            "fp64": "a product's sums are formed in fp64, rounded to nearest, in any order, fused or not",
            "fp32-truncating": "hardware model (not IEEE): blocks of any size are added with every term aligned to the "
            "largest and cut to 24 bits, and each block's result is cut to 24 bits",
            "storage": "a product's sums may be rounded to the storage format after every addition",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Format:
    """A storage format: its roundoff u = 2^-precision, and what its products do to their operands.

    `operand` is the relative error with which a product reads its operands (tf32 drops 13 bits of an fp32 number, by
    rounding or by cutting); `largest` is the largest finite number.  `scaled`: fp8, stored as 2^-k·fl(2^k·X), with one
    k a matrix, such that its largest entry lies in (largest/2, largest]: nothing saturates, and a small entry errs by
    at most `subnormal`·(the largest entry).  In the Frobenius norm that adds `excess` = `subnormal`·√entries to u.
    """

    name: str
    precision: int
    underflow: Fraction
    largest: Fraction
    accumulation: Accumulation
    coefficients: Reading  # the format in which a library holds a Python number that it multiplies with
    operand: Fraction = Fraction(0)
    subnormal: Fraction = Fraction(0)
    excess: Fraction = Fraction(0)

    @property
    def scaled(self) -> bool:
        return self.subnormal > 0

    @property
    def roundoff(self) -> Fraction:
        """u: ‖fl(M) - M‖_F ≤ u‖M‖_F, underflow apart."""
        return Fraction(1, 2**self.precision) + self.excess

    def of_size(self, entries: int) -> Format:
        """The format as it stores matrices of so many entries: itself, unless it is scaled."""
        return replace(self, excess=round_up(self.subnormal * root_up(Fraction(entries), 2))) if self.scaled else self

    @property
    def elementwise(self) -> Fraction:
        """Relative error of one stored elementwise operation: formed in fp32 where storage is narrower, then stored."""
        inner = Fraction(1, 2**24) if self.precision < 24 else Fraction(0)
        return (1 + self.roundoff) * (1 + inner) - 1


def _format(name: str, p: int, least: int, top: int, accumulation: Accumulation, reading: Reading) -> Format:
    largest = Fraction(2**p - 1, 2 ** (p - 1)) * 2**top
    return Format(name, p, Fraction(1, 2**least), largest, accumulation, reading)


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        _format("bf16", 8, 126, 127, Accumulation.FP32, Reading.BINARY32),
        _format("fp16", 11, 25, 15, Accumulation.FP32, Reading.BINARY32),
        _format("fp32", 24, 126, 127, Accumulation.FP32, Reading.BINARY32),
        _format("fp64", 53, 1022, 1023, Accumulation.FP64, Reading.BINARY64),
    )
}
"""By short name.  Underflow may flush to zero (error ≤ the least normal number) except in fp16, where it is gradual."""

_fp32 = FORMATS["fp32"]
FORMATS["tf32"] = Format(
    "tf32", 24, _fp32.underflow, _fp32.largest, Accumulation.FP32, Reading.BINARY32, Fraction(1, 2**10)
)

for _name, _precision, _least, _top in (("e4m3", 4, 10, 8), ("e5m2", 3, 17, 15)):
    FORMATS[_name] = replace(
        _fp32,
        name=_name,
        precision=_precision,
        subnormal=Fraction(1, 2**_least)
        / (Fraction(7, 4) * 2 ** (_top - 1)),  # half the least number by half the largest
    )
"""fp8: values of a scaled matrix live in fp32, so that overflow and flushing are fp32's."""

_ALIASES = {"bfloat16": "bf16", "float16": "fp16", "half": "fp16", "float32": "fp32", "float64": "fp64"}
_ALIASES["double"] = "fp64"
_ALIASES |= {"float8_e4m3fn": "e4m3", "fp8_e4m3": "e4m3", "float8_e5m2": "e5m2", "fp8_e5m2": "e5m2"}


def format_named(name: str | Format) -> Format:
    """The format of that name: bf16, fp16, fp32, tf32, fp64, e4m3, e5m2, or torch's name for one of them.

    Raises
    ------
    UsageError
        The name is unknown, or names more than one format.

    >>> format_named("bfloat16").roundoff
    Fraction(1, 256)
    """
    if isinstance(name, Format):
        return name
    short = name.removeprefix("torch.")
    short = _ALIASES.get(short, short)
    if short in ("fp8", "float8"):
        raise UsageError(f"{name!r} names several formats: use e4m3 or e5m2 (both with a power of two for each matrix)")
    if short not in FORMATS:
        raise UsageError(f"there is no number format {name!r}: use {', '.join(FORMATS)}")
    return FORMATS[short]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A format together with the way sums are formed: the constants of the error bounds."""

    format: Format
    accumulation: Accumulation
    sums: Summation = ANY

    def of_size(self, entries: int) -> Arithmetic:
        """The same for matrices of up to so many entries."""
        return replace(self, format=self.format.of_size(entries))

    @property
    def unit(self) -> Fraction:
        """v, the relative error of one addition inside a product."""
        match self.accumulation:
            case Accumulation.FP64:
                return Fraction(1, 2**53)
            case Accumulation.FP32:
                return Fraction(1, 2**24)
            case Accumulation.FP32_TRUNCATING:
                return Fraction(1, 2**23)
        return self.format.roundoff

    @property
    def tiny(self) -> Fraction:
        """What an addition, a product or a number that is read may lose to underflow, in the accumulator."""
        tiny = Fraction(1, 2**1022 if self.accumulation is Accumulation.FP64 else 2**126)
        return max(tiny, self.format.underflow) if self.accumulation is Accumulation.STORAGE else tiny

    @property
    def store(self) -> Fraction:
        """r, the relative error of storing a finished sum: 0 where the sum is formed in the storage format."""
        own = {"fp64": Accumulation.FP64, "fp32": Accumulation.FP32, "tf32": Accumulation.FP32}.get(self.format.name)
        wider = Accumulation.FP32_TRUNCATING if own is Accumulation.FP32 else own
        return Fraction(0) if self.accumulation in (own, wider) else self.format.roundoff

    def gamma(self, k: int) -> Fraction:
        """γ_k: a sum of k terms and factors errs by ≤ γ_k·Σ|terms|.  γ_k = (1 + v)^k' - 1, up.

        k' = k, or as many roundings as a term meets in the order `sums`, for roundings to nearest.  Truncating blocks:
        a block of b new terms and the sum so far loses ≤ v of the largest term for each of its b + 1 terms, and once
        more for its result, b + 2 ≤ 3b: k' = 3k.  (1 + v)^k - 1 is ≤ kv/(1 - kv), the usual γ_k, for every k.
        """
        k = self.sums.roundings(k)
        power = 3 * k if self.accumulation is Accumulation.FP32_TRUNCATING else k
        return _gamma(self.unit, power)

    def gamma_product(self, k: int) -> Fraction:
        """(1 + w)²(1 + γ_k) - 1: γ_k for the terms of a product, whose two operands were read with error ≤ w."""
        w = self.format.operand
        return round_up((1 + w) ** 2 * (1 + self.gamma(k)) - 1)

    def underflow(self, entries: int, k: int, factor: Fraction, size: Fraction) -> Fraction:
        """Absolute error, in the Frobenius norm, of underflow in a product of that many entries and inner length k.

        At most 2k + 6 operations an entry lose ≤ the accumulator's least normal number each; 2k + 1 operands may be
        subnormal and read as 0, which loses as much times the other factor, ≤ max(1, size); what follows multiplies
        that by ≤ 2·max(1, factor); storing loses the format's own `underflow`.
        """
        lost = (4 * k + 7) * max(Fraction(1), size) * self.tiny
        entry = lost * 2 * max(Fraction(1), factor) * (1 + self.gamma(k)) + self.format.underflow
        return round_up(entry * root_up(Fraction(entries), 2))

    def assumptions(self) -> tuple[str, ...]:
        f = self.format
        lines = [
            f"storing in {f.name} has relative error ≤ 2^-{f.precision}"
            + (" (round to nearest), plus 2^-25 below the normal range" if f.name == "fp16" else " (round to nearest)"),
            self.accumulation.assumption,
            *([] if self.sums == ANY else [f"a product's sums are formed {self.sums.assumption}"]),
            "matrix products are sums of products (no Strassen-like scheme)",
            f"coefficients are held in {f.coefficients.value}",
            "no overflow",
        ]
        if f.scaled:
            lines[1:1] = [
                "a matrix is stored times the power of two that takes its largest entry into (t/2, t], t the format's "
                "largest number: nothing saturates, and subnormal numbers are kept",
                "products are formed from the stored numbers; hardware that keeps fewer bits of a sum is not covered",
            ]
        if f.operand:
            lines.insert(1, "hardware model: a product reads its operands with relative error ≤ 2^-10 (tf32)")
        return tuple(lines)


@lru_cache(maxsize=4096)
def _gamma(unit: Fraction, k: int) -> Fraction:
    return round_up(_power_up(1 + unit, k) - 1)


def _power_up(q: Fraction, k: int) -> Fraction:
    """A number ≥ q^k, q ≥ 1, by repeated squaring rounded up (to 4 × BITS, so that q^k - 1 keeps its digits)."""
    result = Fraction(1)
    while k:
        if k & 1:
            result = round_up(result * q, 4 * BITS)
        q, k = round_up(q * q, 4 * BITS), k >> 1
    return result
