"""Every setting of torch that changes what a matrix operation computes: set to what a bound assumes, and put back.

A bound that says "fp32 products read their operands whole" is worth nothing under `set_float32_matmul_precision`.  So
whatever is bounded or measured runs inside `defined()`, which sets each flag below and restores it.  What no flag shows
(an environment variable, a library that replaces another) is caught by `products.probe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Flag:
    """A setting of torch: how it is read and set, and the value under which the bounds hold."""

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], Any]
    wanted: Any


def _fp32(backend: str, operation: str) -> tuple[Callable[[], str], Callable[[str], None]]:
    """The precision of fp32 operations of one backend.

    The older `set_float32_matmul_precision` and `allow_tf32` write the same state, but reading through them raises
    where the newer names have set it; so only the newer ones are used.
    """
    get, put = torch._C._get_fp32_precision_getter, torch._C._set_fp32_precision_setter

    def write(value: str) -> None:
        put(backend, operation, "none")  # as inherited from the settings above it, where that is the same
        if get(backend, operation) != value:
            put(backend, operation, value)

    return (lambda: str(get(backend, operation))), write


def _autocast(device: str) -> tuple[Callable[[], bool], Callable[[bool], None]]:
    return (lambda: torch.is_autocast_enabled(device)), (lambda on: torch.set_autocast_enabled(device, on))


def _named(name: str) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    """A pair (reduced precision allowed, split-k allowed), or a single bool."""
    get, put = getattr(torch._C, f"_get_{name}"), getattr(torch._C, f"_set_{name}")
    return get, (lambda value: put(*value) if isinstance(value, tuple) else put(value))


def flushes() -> bool:
    """True where subnormal fp32 numbers are flushed to zero on this thread; torch has no getter."""
    return bool((torch.full((1,), 2.0**-130, dtype=torch.float32, device="cpu") * 1.0 == 0).all())


def _deterministic() -> tuple[bool, bool]:
    return torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()


FLAGS = (
    Flag("fp32 products on the CPU", *_fp32("mkldnn", "matmul"), wanted="ieee"),
    Flag("fp32 products on CUDA", *_fp32("cuda", "matmul"), wanted="ieee"),
    Flag(
        "fp16 sums in reduced precision, split k",
        *_named("cublas_allow_fp16_reduced_precision_reduction"),
        wanted=(False, True),
    ),
    Flag(
        "bf16 sums in reduced precision, split k",
        *_named("cublas_allow_bf16_reduced_precision_reduction"),
        wanted=(False, True),
    ),
    Flag("fp16 sums in fp16", *_named("cublas_allow_fp16_accumulation"), wanted=False),
    Flag(
        "fp16 sums in reduced precision on the CPU",
        *_named("cpu_allow_fp16_reduced_precision_reduction"),
        wanted=False,
    ),
    Flag("flush subnormal numbers to zero", flushes, torch.set_flush_denormal, wanted=False),
    # An order of sums, which every bound covers; off because cuBLAS refuses to run under it unless told a workspace.
    Flag(
        "deterministic algorithms, warn only",
        _deterministic,
        lambda value: torch.use_deterministic_algorithms(value[0], warn_only=value[1]),
        wanted=(False, False),
    ),
    Flag("autocast on the CPU", *_autocast("cpu"), wanted=False),
    Flag("autocast on CUDA", *_autocast("cuda"), wanted=False),
    Flag("default dtype", torch.get_default_dtype, torch.set_default_dtype, wanted=torch.float32),
)
"""What is set.  Left as it is, because every bound covers it: threads, mkldnn, the preferred BLAS (orders of sums)."""

TF32 = {"fp32 products on CUDA": "tf32"}


@contextmanager
def defined(tf32: bool = False) -> Iterator[None]:
    """A context, or decorator, in which every flag has the value that the bounds assume; restored afterwards.

    `tf32`: fp32 products on CUDA may cut their operands to tf32, and nothing else changes.

    >>> torch.set_default_dtype(torch.float64)
    >>> with defined():
    ...     torch.get_default_dtype()
    torch.float32
    >>> torch.get_default_dtype()
    torch.float64
    >>> torch.set_default_dtype(torch.float32)
    """
    special = TF32 if tf32 else {}
    with ExitStack() as after:
        after.enter_context(torch.no_grad())
        if torch.get_default_device().type != "cpu":  # what names no device is made on the CPU
            after.enter_context(torch.device("cpu"))
        for flag in FLAGS:
            before, wanted = flag.read(), special.get(flag.name, flag.wanted)
            if before != wanted:
                after.callback(flag.write, before)
                flag.write(wanted)
        yield


def described() -> dict[str, str]:
    """Every flag as it is now, with what is left as it is."""
    return {
        **{flag.name: _said(flag.read()) for flag in FLAGS},
        "threads": str(torch.get_num_threads()),
        "mkldnn": _said(torch.backends.mkldnn.enabled),
    }


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value).removeprefix("torch.")
