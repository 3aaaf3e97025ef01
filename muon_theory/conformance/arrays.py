"""Array libraries: how numbers of ours (numpy, fp64) become somebody's array, and how answers come back.

torch has a home of its own below; every other library is met through its namespace, as the array-API standard has it:
`asarray` (or `array`), dtypes by their names, and answers that numpy can read.  So numpy, JAX, MLX, CuPy and what looks
like them need no wrapper, and none of them needs torch.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from types import CodeType, ModuleType
from typing import Any, Protocol

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.errors import MissingDependencyError, UsageError

NAMES = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16", "float64": "fp64"}
LONG = {short: long for long, short in NAMES.items()}
LAYOUTS = ("transposed", "strided", "offset")
KNOWN = {
    "torch": "torch",
    "jax": "jax.numpy",
    "jaxlib": "jax.numpy",
    "mlx": "mlx.core",
    "cupy": "cupy",
    "numpy": "numpy",
}
"""The namespace by the package that a function speaks of, in the order of preference: others import numpy too."""


class Unavailable(Exception):
    """The library has no such format or place."""


class Library(Protocol):
    """What `conform` asks of an array library.

    `layouts`: how arrays may lie in memory, beside plainly; () where a caller cannot choose.  `compiles`: each new
    shape takes it a while.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def layouts(self) -> tuple[str, ...]: ...

    @property
    def compiles(self) -> bool: ...

    def hand(self, X: Array, dtype: str, device: str = "cpu", layout: str = "contiguous") -> Any:
        """A new array of these numbers.  Raises Unavailable."""
        ...

    def owns(self, answer: object) -> bool:
        """Is it an array of this library?"""
        ...

    def values(self, answer: Any) -> Array:
        """The numbers in it."""
        ...

    def calm(self) -> contextlib.AbstractContextManager[None]:
        """While the laws are tried."""
        ...


def dtype_of(answer: Any) -> str:
    """fp32, …, or what the library calls it."""
    long = str(answer.dtype).rpartition(".")[2]
    return NAMES.get(long, long)


def laid_out(X: Any, layout: str, full: Callable[[tuple[int, ...]], Any]) -> Any:
    """The values in other memory: column by column, every second column of a wider one, or inside a larger one."""
    if layout == "contiguous":
        return X
    *lead, rows, columns = X.shape
    match layout:
        case "transposed":
            Y = full((*lead, columns, rows)).mT
        case "strided":
            Y = full((*lead, rows, 2 * columns))[..., ::2]
        case _:
            Y = full((*lead, rows + 2, columns + 2))[..., 1:-1, 1:-1]
    Y[...] = X
    return Y


@dataclass(frozen=True)
class Namespace:
    """A library that follows the array-API standard, near enough: numpy, jax.numpy, mlx.core."""

    xp: ModuleType

    @property
    def name(self) -> str:
        return str(self.xp.__name__)

    @property
    def version(self) -> str:
        package = sys.modules.get(self.name.partition(".")[0], self.xp)
        return str(getattr(package, "__version__", "of an unknown version"))

    @property
    def layouts(self) -> tuple[str, ...]:
        return LAYOUTS if self.xp is np else ()

    @property
    def compiles(self) -> bool:
        return self.name.startswith("jax")

    @cached_property
    def kind(self) -> type:
        return type(self.hand(np.zeros((1, 1)), "fp32"))

    def hand(self, X: Array, dtype: str, device: str = "cpu", layout: str = "contiguous") -> Any:
        if device != "cpu":
            raise Unavailable(f"arrays of {self.name} lie where it puts them: leave --device out")
        if (kind := getattr(self.xp, LONG[dtype], None)) is None:
            raise Unavailable(f"{self.name} has no {dtype}")
        make = getattr(self.xp, "asarray", None) or self.xp.array
        with quiet():
            plain = X.copy() if dtype == "fp64" else X.astype(np.float32)
            Y = make(plain, dtype=kind)
            if dtype_of(Y) != dtype:
                raise Unavailable(f"{self.name} answers {dtype_of(Y)} when asked for {dtype}")
            return laid_out(Y, layout, lambda shape: self.xp.full(shape, 7.0, dtype=kind))

    def owns(self, answer: object) -> bool:
        return isinstance(answer, self.kind)

    def values(self, answer: Any) -> Array:
        if dtype_of(answer) == "bf16":  # which numpy does not know
            answer = answer.astype(self.xp.float32)
        try:
            return np.array(answer, dtype=np.float64)
        except (TypeError, ValueError):
            return np.from_dlpack(answer).astype(np.float64)

    def calm(self) -> contextlib.AbstractContextManager[None]:
        return quiet()


@dataclass(frozen=True)
class Torch:
    """torch, on the CPU or a GPU."""

    name: str = "torch"
    layouts: tuple[str, ...] = LAYOUTS
    compiles: bool = False

    @cached_property
    def torch(self) -> Any:
        try:
            return importlib.import_module("torch")
        except ModuleNotFoundError as error:
            raise MissingDependencyError.of("torch", "conform") from error

    @property
    def version(self) -> str:
        return str(self.torch.__version__)

    def hand(self, X: Array, dtype: str, device: str = "cpu", layout: str = "contiguous") -> Any:
        torch = self.torch
        if device.partition(":")[0] not in ("cpu", "cuda"):
            raise Unavailable(f"there is no device {device!r}: use cpu or cuda")
        if device != "cpu" and not torch.cuda.is_available():
            raise Unavailable(f"device {device!r} is absent: torch sees no CUDA device; use --device=cpu")
        kind = getattr(torch, LONG[dtype])
        Y = torch.tensor(X).to(kind).to(device)
        return laid_out(Y, layout, lambda shape: torch.full(shape, 7.0, dtype=kind, device=device))

    def owns(self, answer: object) -> bool:
        return isinstance(answer, self.torch.Tensor)

    def values(self, answer: Any) -> Array:
        found: Array = answer.detach().to("cpu", self.torch.float64).numpy().copy()
        return found

    @contextlib.contextmanager
    def calm(self) -> Iterator[None]:
        """On one thread: for small matrices more of them only wait for each other."""
        before = self.torch.get_num_threads()
        self.torch.set_num_threads(1)
        try:
            with quiet():
                yield
        finally:
            self.torch.set_num_threads(before)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Somebody's warnings, and those of infinities that we ask for, are no news."""
    import warnings

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@lru_cache(maxsize=16)
def named(name: str) -> Library:
    """The library of that name: torch, or any module with an array namespace.

    Raises UsageError or MissingDependencyError.

    >>> named("numpy").values(named("numpy").hand(np.eye(2), "fp16")).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    name = KNOWN.get(name, name)
    if name == "torch":
        return Torch()
    try:
        xp = importlib.import_module(name)
    except ImportError as error:
        raise UsageError(f"--library={name}: it cannot be imported ({error}): install it, or name another") from None
    if not hasattr(xp, "float32") or not (hasattr(xp, "asarray") or hasattr(xp, "array")):
        raise UsageError(f"--library={name}: a namespace with asarray and float32 is needed, such as jax.numpy")
    return Namespace(xp)


def candidates(function: Callable[..., object]) -> list[str]:
    """The libraries that a function may be written for, the likeliest first.

    By what its first parameter is annotated with, by the names in its code (global, or of the function around it), by
    the modules that its own module imports; torch and numpy where nothing speaks.

    >>> candidates(np.linalg.norm)[0]
    'numpy'
    """
    plain = inspect.unwrap(function)
    plain = getattr(plain, "__func__", plain)
    if not hasattr(plain, "__globals__"):  # an object that is called
        plain = inspect.unwrap(type(plain).__call__)
    around = getattr(plain, "__globals__", {}) | _enclosed(plain)
    spoken = [_root(around.get(name)) for name in sorted(_names(getattr(plain, "__code__", None)))]
    first = next(iter(getattr(plain, "__annotations__", {}).values()), None)
    told = (
        [first.partition(".")[0], _root(around.get(first.partition(".")[0]))]
        if isinstance(first, str)
        else [_root(first)]
    )
    every = [*told, *_ordered(spoken), *_ordered([_root(value) for value in around.values()]), "torch", "numpy"]
    return [name for name in dict.fromkeys(KNOWN[n] for n in every if n in KNOWN) if find_spec(name.partition(".")[0])]


def _ordered(found: list[str]) -> list[str]:
    return [name for name in KNOWN if name in found]


def _root(value: object) -> str:
    """The package that a module, class or function comes from."""
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return str(name or "").partition(".")[0]


def _enclosed(function: Callable[..., object]) -> dict[str, object]:
    """What a function has from the function around it, as far as that is bound yet."""
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None) or ()
    bound: dict[str, object] = {}
    for name, cell in zip(code.co_freevars if code else (), cells, strict=True):
        with contextlib.suppress(ValueError):  # an empty cell
            bound[name] = cell.cell_contents
    return bound


def _names(code: CodeType | None) -> set[str]:
    """Names in a function that are not its own, and in the functions within it."""
    if code is None:
        return set()
    inner = [_names(c) for c in code.co_consts if isinstance(c, CodeType)]
    return set(code.co_names).union(code.co_freevars, *inner)
