"""The product XXᵀ that bounds are formed with, and a probe that it is what its format computes."""

from __future__ import annotations

from functools import lru_cache

import torch

from muon_theory.errors import UndecidedError

Tensor = torch.Tensor
BLOCKED = 512  # short side from which a symmetric product by blocks is faster


def symmetric_product(X: Tensor) -> Tensor:
    """fl(XXᵀ), exactly symmetric: the lower triangle mirrored; from 512 on the short side by blocks, formed once.

    3/4 of the work, and less by recursion; every entry is a sum of the same products.
    """
    m = X.shape[-2]
    if m < BLOCKED:
        return mirrored(X @ X.mT)
    out = X.new_empty(*X.shape[:-1], m)
    _fill(X, out)
    return out


def _fill(X: Tensor, out: Tensor) -> None:
    m = X.shape[-2]
    if m < BLOCKED // 2:
        out.copy_(mirrored(X @ X.mT))
        return
    h = m // 2
    upper, lower = X[..., :h, :], X[..., h:, :]
    _fill(upper, out[..., :h, :h])
    _fill(lower, out[..., h:, h:])
    torch.matmul(lower, upper.mT, out=out[..., h:, :h])
    out[..., :h, h:] = out[..., h:, :h].mT


def mirrored(G: Tensor) -> Tensor:
    """The symmetric matrix with G's lower triangle: every entry is a rounded value of that entry's true one."""
    lower = G.tril()
    return lower + lower.tril(-1).mT


@lru_cache(maxsize=256)
def probe(dtype: torch.dtype, device: str, m: int, n: int) -> None:
    """Form XXᵀ for an m×n matrix of integers whose every partial sum is exact in any order, and compare four columns.

    Each row holds an odd number of half the format's bits, whose square needs all of them, among -1, 0 and 1; by
    Cauchy's inequality no sum of absolute products passes 2^24 (fp32) or 2^53 (fp64).  Operands that are cut, products
    that are split, and sums in fewer bits change the result.

    Raises UndecidedError where one entry differs.
    """
    half = {torch.float32: 12, torch.float64: 26}[dtype]
    make = torch.Generator(device="cpu").manual_seed(m * 2**20 + n)
    X = torch.randint(-1, 2, (m, n), generator=make, dtype=torch.int64, device="cpu")
    odd = 2 ** (half - 1) + 2 * torch.randint(0, 2 ** (half - 4), (m,), generator=make, device="cpu") + 1
    at = torch.arange(m, device="cpu") % n
    X[torch.arange(m, device="cpu"), at] = odd
    X = X.to(device)
    got, columns = symmetric_product(X.to(dtype)), [0, m // 3, m // 2, m - 1]
    wanted = torch.stack([(X * X[j]).sum(-1) for j in columns], -1)
    if not torch.equal(got[:, columns], wanted.to(dtype)):
        raise UndecidedError(
            f"{m}×{n} products in {str(dtype).removeprefix('torch.')} on {device} are not what that format computes: "
            "something outside torch's flags reduces their precision; unset it (such as ONEDNN_DEFAULT_FPMATH_MODE)"
        )
