"""The few operations an iteration is made of, native or emulated.

Emulation: values of a 16-bit format live in fp32 tensors; a product of two of them is exact in fp32, sums are formed in
fp32, and a finished result is rounded once to the format.  tf32: operands are cut to 11 bits before an fp32 product.
fp8: each matrix is rounded times a power of two that brings its largest entry just below the format's largest number.
"""

from __future__ import annotations

import math

import torch

from muon_theory.confirmation.norms import power_of_two
from muon_theory.errors import UsageError
from muon_theory.precision import Format, format_named

Tensor = torch.Tensor
_TORCH = {
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
    "fp32": torch.float32,
    "tf32": torch.float32,
    "fp64": torch.float64,
    "e4m3": torch.float8_e4m3fn,
    "e5m2": torch.float8_e5m2,
}


class Kernel:
    """What an iteration needs; every method stores its result in the format.  Abstract: see `Native` and `Emulated`.

    Laws: `store(load(X)) == load(X)` (storing is idempotent); operations take and give loaded tensors of shape
    (…, rows, columns); `native` and emulated kernels of one format satisfy the same error bound.
    """

    def __init__(self, format: str | Format) -> None:
        self.format = format_named(format)
        self.dtype = _TORCH[self.format.name]

    def load(self, X: Tensor) -> Tensor:
        """X rounded to the format, as a tensor the other methods take."""
        raise NotImplementedError

    def unload(self, X: Tensor) -> Tensor:
        """The same values in the format's own dtype."""
        raise NotImplementedError

    def _read(self, P: Tensor) -> Tensor:
        """What a product reads of an operand."""
        return P

    def _store(self, X: Tensor) -> Tensor:
        """A finished result as the format holds it."""
        return X

    def matmul(self, P: Tensor, Q: Tensor) -> Tensor:
        """fl(PQ)."""
        return self._store(self._read(P) @ self._read(Q))

    def addmm(self, D: Tensor, P: Tensor, Q: Tensor, beta: float, alpha: float = 1.0) -> Tensor:
        """fl(βD + αPQ), stored once."""
        P, Q = self._read(P), self._read(Q)
        if D.dim() == 2:
            return self._store(torch.addmm(D, P, Q, beta=beta, alpha=alpha))
        flat = (x.flatten(0, -3) for x in (D, P, Q))
        return self._store(torch.baddbmm(*flat, beta=beta, alpha=alpha).unflatten(0, D.shape[:-2]))

    def scale(self, X: Tensor, c: float) -> Tensor:
        """fl(cX)."""
        return self._store(X * c)

    def add(self, X: Tensor, Y: Tensor) -> Tensor:
        """fl(X + Y)."""
        return self._store(X + Y)


class Native(Kernel):
    """The backend's own operations in the format's dtype."""

    def __init__(self, format: str | Format) -> None:
        super().__init__(format)
        if self.format.scaled:
            raise UsageError(f"{self.format.name} has no native operations here: emulate it")

    def load(self, X: Tensor) -> Tensor:
        return X.to(self.dtype)

    def unload(self, X: Tensor) -> Tensor:
        return X


class Emulated(Kernel):
    """16-bit formats, tf32 and fp8 by fp32 operations and one rounding a stored result."""

    def __init__(self, format: str | Format) -> None:
        super().__init__(format)
        if self.format.name in ("fp32", "fp64"):
            raise UsageError(f"{self.format.name} is not emulated: its native operations are fast")

    def load(self, X: Tensor) -> Tensor:
        return self._store(X if self.format.scaled else X.to(self.dtype).to(torch.float32))

    def unload(self, X: Tensor) -> Tensor:
        """In fp8 the values of X stay in fp32: they are numbers of the format only up to a power of two."""
        return X if self.format.scaled else X.to(self.dtype)

    def _read(self, P: Tensor) -> Tensor:
        if self.format.name != "tf32":
            return P
        return (P.contiguous().view(torch.int32) & ~0x1FFF).view(torch.float32)

    def _store(self, X: Tensor) -> Tensor:
        if self.format.name == "tf32":
            return X
        if self.format.scaled:
            k = scale_exponent(X, self.dtype)
            return (X * power_of_two(k)).to(self.dtype).to(torch.float32) * power_of_two(-k)
        return X.to(self.dtype).to(torch.float32)


def scale_exponent(X: Tensor, dtype: torch.dtype) -> Tensor:
    """The k of each matrix with the largest entry of 2^k·|X| in (t/2, t], t the dtype's largest number; 0 for X = 0.

    Between -100 and 100, so that 2^k and 2^-k are fp32 numbers; a matrix outside that range is not an iterate.

    >>> scale_exponent(torch.tensor([[3.0, 1.0]]), torch.float8_e4m3fn)
    tensor([[7]], dtype=torch.int32)
    """
    largest = X.abs().amax(dim=(-2, -1), keepdim=True)
    mantissa, exponent = torch.frexp(largest)
    top_mantissa, top_exponent = math.frexp(torch.finfo(dtype).max)
    k = top_exponent - exponent - (mantissa > top_mantissa).to(torch.int32)
    return torch.where(largest > 0, k, torch.zeros_like(k)).clamp(-100, 100)


def fast(format: Format, device: str) -> bool:
    """True where the device has instructions for the format's products: elsewhere fp32 ones and a rounding are faster.

    >>> fast(format_named("fp32"), "cpu")
    True
    """
    if format.scaled:
        return False
    if torch.device(device).type != "cpu":
        return True
    match format.name:
        case "bf16":
            return torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
        case "fp16":
            return torch.cpu._is_amx_fp16_supported()
    return format.name != "tf32"


def kernel_for(dtype: str | Format, device: str = "cpu", emulate: bool | None = None) -> Kernel:
    """The kernel of a format: native where the device has its arithmetic (`fast`), emulated elsewhere, unless said."""
    format = format_named(dtype)
    if emulate is None:
        emulate = not fast(format, device)
    if format.name == "tf32" and not emulate and torch.device(device).type == "cpu":
        raise UsageError("a CPU has no tf32: emulate it, or name a CUDA device")
    return Emulated(format) if emulate else Native(format)
