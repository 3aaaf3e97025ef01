"""Matrices out of files that nobody has to trust: nothing in them is executed.

.npy, .npz       numpy, without pickles
.safetensors     the safetensors library
.pt, .pth        torch (which must be there), weights only: tensors in dictionaries and lists, such as a state_dict
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.errors import MissingDependencyError, UsageError

LARGEST = 4 * 2**30
"""Bytes of a file that is read."""
DEEPEST = 16
"""How deep dictionaries may lie in dictionaries."""


def read(path: str | Path, key: str | None = None) -> dict[str, Array]:
    """The matrices of a file by name, in fp64: those of two dimensions, others flattened to (first, rest).

    Parameters
    ----------
    path
        A .npy, .npz, .safetensors, .pt or .pth file.
    key
        Only names that match this pattern (``*.momentum_buffer``), or contain this text.

    Raises
    ------
    UsageError
        No such file, another format, a file that would have to be executed, or no matrix in it.
    """
    file = Path(path)
    readers: dict[str, Callable[[Path], Mapping[str, Any]]] = {
        ".npy": _numpy, ".npz": _numpy, ".safetensors": _safetensors, ".pt": _torch, ".pth": _torch,
    }  # fmt: skip
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise UsageError(f"{path}: matrices are read from {', '.join(readers)}: save them as one of these")
    try:
        if not file.is_file():
            raise UsageError(f"{path}: there is no such file")
        if (size := file.stat().st_size) > LARGEST:
            raise UsageError(f"{path}: {size / 2**30:.1f} GiB: save the matrices of interest in a file of up to 4 GiB")
        found = reader(file)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    matrices = {name: M for name, value in found.items() if (M := matrix(value)) is not None}
    if not matrices:
        raise UsageError(f"{path}: there is no matrix of real numbers in it")
    return chosen(matrices, key, str(path))


def chosen(matrices: dict[str, Array], key: str | None, where: str) -> dict[str, Array]:
    """Those whose name is, matches or contains the key; all for None."""
    if key is None:
        return matrices
    found = {n: M for n, M in matrices.items() if fnmatch.fnmatchcase(n, key)} or {
        n: M for n, M in matrices.items() if key in n
    }
    if not found:
        some = ", ".join(sorted(matrices)[:6])
        raise UsageError(f"{where}: no matrix is called {key!r}: there are {some}{' …' * (len(matrices) > 6)}")
    return found


def matrix(value: Any) -> Array | None:
    """The array as an fp64 matrix; None for what is none: less than two dimensions, no real numbers, nothing in it.

    Arrays of numpy, torch and of every library that numpy can read.
    """
    if hasattr(value, "detach"):  # a tensor of torch, of any dtype, on any device
        if value.is_complex() or value.is_sparse or str(value.dtype) == "torch.bool":
            return None
        value = value.detach().cpu().double().numpy()
    try:
        X = np.asarray(value)
        if X.ndim < 2 or not X.size or X.dtype.kind not in "fiuV" or (X.dtype.kind == "V" and X.dtype.names):
            return None
        return X.astype(np.float64).reshape(X.shape[0], -1)
    except (TypeError, ValueError, RuntimeError):
        return None


def _numpy(file: Path) -> Mapping[str, Any]:
    try:
        found = np.load(file, allow_pickle=False)
        return {file.stem: found} if file.suffix.lower() == ".npy" else {name: found[name] for name in found.files}
    except (ValueError, EOFError, KeyError, AttributeError) as error:
        raise UsageError(f"{file}: {_line(error)}: save plain arrays, with numpy.save") from None
    except Exception as error:  # zipfile.BadZipFile and what else a broken archive raises
        raise UsageError(f"{file}: no file of numpy's: {_line(error)}") from None


def _safetensors(file: Path) -> Mapping[str, Any]:
    if find_spec("safetensors") is None:
        raise MissingDependencyError.of("safetensors", f"reading {file}")
    from safetensors import SafetensorError, deserialize

    try:
        return {name: _decoded(**entry) for name, entry in deserialize(file.read_bytes())}
    except (SafetensorError, ValueError) as error:
        raise UsageError(f"{file}: no safetensors file: {_line(error)}") from None


def _decoded(dtype: str, shape: list[int], data: bytes) -> Any:
    """The numbers of one entry; what is no format of numbers stays a byte, and is no matrix."""
    if dtype == "BF16":
        wide = np.frombuffer(data, "<u2").astype("<u4") << 16
        return wide.view("<f4").reshape(shape)
    if dtype == "F8_E5M2":
        return (np.frombuffer(data, "u1").astype("<u2") << 8).view("<f2").reshape(shape)
    if dtype == "F8_E4M3":
        return E4M3[np.frombuffer(data, "u1")].reshape(shape)
    kinds = {
        "F64": "<f8",
        "F32": "<f4",
        "F16": "<f2",
        **{f"{k}{8 * n}": f"<{k.lower()}{n}" for k in "IU" for n in (1, 2, 4, 8)},
    }
    return np.frombuffer(data, kinds[dtype]).reshape(shape) if dtype in kinds else None


def _e4m3() -> Array:
    """The values of the 256 codes: sign, four bits of exponent (bias 7), three of fraction; 0x7f and 0xff are NaN."""
    code = np.arange(256)
    exponent, fraction = (code >> 3) & 15, code & 7
    size = np.where(exponent == 0, fraction / 8 * 2.0**-6, (1 + fraction / 8) * 2.0 ** (exponent - 7.0))
    return np.where(code & 127 == 127, np.nan, np.where(code < 128, size, -size))


E4M3 = _e4m3()


def _torch(file: Path) -> Mapping[str, Any]:
    try:
        import torch
    except ModuleNotFoundError as error:
        raise MissingDependencyError.of("torch", "spectrum") from error
    try:
        data = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # UnpicklingError, RuntimeError and others, all of which mean: not tensors alone
        raise UsageError(
            f"{file}: holds more than tensors, or is broken ({_line(error)[:80]}): save a state_dict, with torch.save"
        ) from None
    return dict(_flat(data, ""))


def _flat(value: object, name: str, depth: int = 0) -> list[tuple[str, object]]:
    """Tensors in dictionaries and lists, by names with dots."""
    if hasattr(value, "detach"):
        return [(name or "tensor", value)]
    if depth > DEEPEST:
        return []
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list | tuple) else ()
    return [pair for key, v in inner for pair in _flat(v, f"{name}.{key}" if name else str(key), depth + 1)]


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
