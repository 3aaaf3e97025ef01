"""How somebody's function is found and called: `module:function`, and what its parameters mean."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from muon_theory.errors import UsageError
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

STEPS: tuple[str, ...] = (
    "steps", "ns_steps", "num_steps", "n_steps", "nsteps", "iters", "iterations", "num_iters", "ns_iters", "n_iter",
    "num_iterations", "ns_iterations", "num_ns_steps", "backend_steps", "newton_schulz_steps",
)  # fmt: skip
COEFFICIENTS: tuple[str, ...] = (
    "coefficients", "ns_coefficients", "coeffs", "ns_coeffs", "coefs", "abc", "abcs", "coefficient_sets",
    "coefficients_list", "coeffs_list", "newton_schulz_coefficients", "weights", "ns_weights",
)  # fmt: skip
EPS = ("eps", "epsilon", "ns_eps")


@dataclass(frozen=True, slots=True)
class Adapter:
    """A function of a matrix and the names of the parameters that a law may set.

    `rows`: the coefficients are passed as a list of rows; otherwise as one row, which only a constant schedule has.
    `packed` makes an array of them, for a function that takes no tuple.  `arguments` are passed as they are.
    """

    function: Callable[..., object]
    name: str
    signature: inspect.Signature | None = None
    steps: str | None = None
    coefficients: str | None = None
    rows: bool = False
    eps: str | None = None
    packed: Callable[[object], object] | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls, function: Callable[..., object], name: str = "", arguments: Mapping[str, object] | None = None
    ) -> Adapter:
        """Read the signature: fn(X), fn(X, steps), fn(grad, ns_coefficients, ns_steps, eps), and other names for these.

        Raises UsageError where a parameter has no default and no meaning that is known.

        >>> Adapter.of(lambda G, steps=5: G, "mine").steps
        'steps'
        """
        name = name or getattr(function, "__name__", repr(function))
        given = dict(arguments or {})
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            return cls(function, name, arguments=given)
        parameters = list(signature.parameters.values())
        if not parameters:
            raise UsageError(f"{name} takes no arguments: a function of a matrix is needed")
        rest = {p.name: p for p in parameters[1:]}
        if extra := [a for a in given if a not in rest]:
            raise UsageError(f"{name} has no parameter {extra[0]!r}: it has {', '.join(rest) or 'the matrix alone'}")
        steps, coefficients, eps = (
            next((p for p in rest if p in names and p not in given), None) for names in (STEPS, COEFFICIENTS, EPS)
        )
        known = {steps, coefficients, eps, *given}
        for p in rest.values():
            plain = p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
            if plain and p.default is p.empty and p.name not in known:
                raise UsageError(f"{name} needs {p.name!r}, and what it means is not known: say --argument={p.name}=…")
        nested = coefficients is not None and _nested(rest[coefficients].default)
        return cls(function, name, signature, steps, coefficients, nested, eps, arguments=given)

    def declared(self) -> list[list[str]] | None:
        """The default of the coefficients' parameter, as rows of decimal texts."""
        if self.signature is None or self.coefficients is None:
            return None
        default = self.signature.parameters[self.coefficients].default
        if not isinstance(default, Sequence) or isinstance(default, str) or not default:
            return None
        rows = default if _nested(default) else [default]
        numbers = all(isinstance(c, (int, float)) for row in rows for c in row)
        return [[repr(c) for c in row] for row in rows] if numbers else None

    def borrowed(self) -> tuple[list[list[str]], int | None, str] | None:
        """Coefficients and steps that something else in the function's module has as defaults, and what that is called.

        torch's function has none of its own: its optimizer class hands them over.
        """
        module = sys.modules.get(getattr(self.function, "__module__", ""))
        if module is None:
            return None
        for name, other in vars(module).items():
            package = str(getattr(other, "__module__", "")).partition(".")[0]
            if package != module.__name__.partition(".")[0] or not callable(other):
                continue
            try:
                parameters = inspect.signature(other).parameters
            except (TypeError, ValueError):
                continue
            own = Adapter(other, name, inspect.signature(other))
            key = next((p for p in parameters if p in COEFFICIENTS), None)
            if key is not None and (rows := replace(own, coefficients=key).declared()):
                steps = next((p for p in parameters if p in STEPS), None)
                return rows, replace(own, steps=steps).default_steps(), f"the default of {module.__name__}.{name}"
        return None

    def default_steps(self) -> int | None:
        """The default of the steps' parameter."""
        default = self.signature.parameters[self.steps].default if self.signature and self.steps else None
        return default if isinstance(default, int) else None

    def default_eps(self) -> float | None:
        """The default of eps."""
        default = self.signature.parameters[self.eps].default if self.signature and self.eps else None
        return default if isinstance(default, float) else None

    def call(self, X: object, schedule: Schedule, steps: int, eps: float) -> object:
        """The function's answer; what it cannot be told is left out."""
        values: dict[str, object] = dict(self.arguments)
        if self.steps:
            values[self.steps] = steps
        if self.eps:
            values[self.eps] = eps
        if self.coefficients:
            rows = [padded(f) for f in schedule.steps]
            given = rows if self.rows else rows[0]
            values[self.coefficients] = self.packed(given) if self.packed else given
        if self.signature is None:
            return self.function(X)
        bound = self.signature.bind_partial(X)
        order = list(self.signature.parameters)
        bound.arguments.update(values)
        bound.arguments = dict(sorted(bound.arguments.items(), key=lambda item: order.index(item[0])))
        return self.function(*bound.args, **bound.kwargs)


def padded(f: OddPolynomial) -> tuple[float, ...]:
    """The coefficients as Python holds them, at least three."""
    values = tuple(map(float, f.coefficients))
    return values + (0.0,) * (3 - len(values))


def _nested(value: object) -> bool:
    return isinstance(value, Sequence) and bool(value) and isinstance(value[0], Sequence)


def load(text: str) -> tuple[Callable[..., object], str]:
    """The function that `module:function` or `file.py:function` names, and that text.

    Attributes may be dotted, `module:Class.method`.  The module is imported, which runs it.

    Raises UsageError in one line: no such module or file, an import that fails, no such name, or no function.

    >>> load("math:hypott")
    Traceback (most recent call last):
    ...
    muon_theory.errors.UsageError: module 'math' has no 'hypott': did you mean hypot?
    """
    module_name, _, path = text.rpartition(":")
    if not module_name or not path:
        raise UsageError(f"{text!r} names no function: write module:function or file.py:function")
    found: object = _module(module_name)
    for part in path.split("."):
        if not hasattr(found, part):
            close = get_close_matches(part, dir(found), n=2)
            hint = f"did you mean {' or '.join(close)}?" if close else "write the name as the module spells it"
            raise UsageError(f"module {module_name!r} has no {path!r}: {hint}")
        found = getattr(found, part)
    if not callable(found):
        raise UsageError(f"{text} is of type {type(found).__name__}, not a function: name a function of a matrix")
    return found, text


def _module(name: str) -> ModuleType:
    if name.endswith(".py"):
        return _file(Path(name))
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # as `python -m` does: the project that is tested is where one stands
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(error.name + ".")):
            raise UsageError(f"there is no module {error.name!r}: install it, or run this where it lies") from None
        raise UsageError(f"importing {name!r} fails, because it needs {error.name!r}: install that first") from None
    except (Exception, SystemExit) as error:  # whatever the module's own code raises
        raise UsageError(f"importing {name!r} fails: {summary(error)}") from None


def _file(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"there is no file {str(path)!r}: write the path of a Python file, then :function")
    name = path.stem if path.stem not in sys.modules else f"{path.stem} of {path.resolve().parent}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{str(path)!r} cannot be imported: give a Python file")
    module = importlib.util.module_from_spec(spec)
    if str(path.resolve().parent) not in sys.path:
        sys.path.insert(0, str(path.resolve().parent))  # as `python file.py` does
    sys.modules[name] = module  # where dataclasses and pickles of the file look for it
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever the file's own code raises
        del sys.modules[name]
        raise UsageError(f"importing {str(path)!r} fails: {summary(error)}") from None
    return module


def summary(error: BaseException) -> str:
    """The error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
