"""A stand-in for MLX, with its manners: a namespace of its own, `array`, lazy dtypes, bf16 that numpy cannot read.

It is no array of numpy and cannot be mixed with one; what is written into is a new array, as there.
"""

from __future__ import annotations

import numpy as np

from muon_theory.conformance.emulated import rounded


class Dtype:
    def __init__(self, name, short):
        self.name, self.short = name, short

    def __repr__(self):
        return f"mlx.core.{self.name}"


float32, float16, bfloat16 = Dtype("float32", "fp32"), Dtype("float16", "fp16"), Dtype("bfloat16", "bf16")
"""There is no float64 on a GPU of theirs."""


class array:
    def __init__(self, values, dtype=float32):
        if isinstance(values, array):
            values = values._values
        self.dtype, self._values = dtype, rounded(np.array(values, dtype=np.float64), dtype.short)

    @property
    def shape(self):
        return self._values.shape

    @property
    def T(self):
        return array(np.swapaxes(self._values, -1, -2), self.dtype)

    def astype(self, dtype):
        return array(self._values, dtype)

    def __array__(self, dtype=None, copy=None):
        if self.dtype is bfloat16:
            raise ValueError("Item size 2 for PEP 3118 buffer format string B does not match the dtype V item size 1.")
        return self._values.astype(dtype or np.float64)

    def _with(self, other, operation):
        if isinstance(other, np.ndarray):
            raise TypeError("unsupported operand: numpy.ndarray")
        right = other._values if isinstance(other, array) else other
        return array(operation(self._values, right), self.dtype)

    def __matmul__(self, other):
        short = np.matmul(self._values.astype(np.float32), other._values.astype(np.float32))
        return array(short, self.dtype)

    def __add__(self, other):
        return self._with(other, np.add)

    def __mul__(self, other):
        return self._with(other, np.multiply)

    def __truediv__(self, other):
        return self._with(other, np.divide)

    __rmul__, __radd__ = __mul__, __add__


def norm(X):
    return array(np.sqrt((X._values.astype(np.float32) ** 2).sum(axis=(-2, -1), keepdims=True)), X.dtype)
