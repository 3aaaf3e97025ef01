"""What a step of an optimizer does, as data: said by the user in a file, or recovered from steps.

With G the gradient of a parameter P, M its momentum, η the learning rate and λ the weight decay,

    M ← βM + (1 - β)G  (ema)   or   M ← βM + G  (sum)
    X = M,  or  (1 - β)G + βM  (Nesterov, ema),  or  G + βM  (Nesterov, sum),  or  G + M  (added: M as in ema),
        or, in step t,  βM/(1 - β^(t+1)) + (1 - β)G/(1 - β^t)  (corrected: M as in ema)
    P ← (1 - ηλ)P - η·s(m, n)·φ(X/‖X‖)

where X is read as one or several matrices (`reading`, `blocks`), and m × n is the shape of each.  φ has `coefficients`,
so many `steps`, and `computes` in a format; M is kept in the format `state`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from muon_theory import catalogue
from muon_theory.conformance.arrays import NAMES
from muon_theory.conformance.scale import Scale
from muon_theory.errors import UsageError
from muon_theory.schedule import Schedule


class Momentum(enum.Enum):
    """How gradients are accumulated; `value` is the word of a contract."""

    EMA = "ema"
    SUM = "sum"
    ADDED = "added"
    CORRECTED = "corrected"
    NONE = "none"


class Decay(enum.Enum):
    """What weight decay multiplies: the parameter, (1 - ηλ)P; or it is added to the gradient, G + λP."""

    DECOUPLED = "decoupled"
    COUPLED = "coupled"
    NONE = "none"


class Reading(enum.Enum):
    """Which matrices a parameter of more than two dimensions is."""

    ROWS = "rows"
    """One of shape (first, product of the rest)."""
    COLUMNS = "columns"
    """One of shape (product of all but the last, last)."""
    LAST = "last two"
    """One for each index of the dimensions before the last two."""
    SKIPPED = "not orthogonalised"
    """None: another rule moves this parameter."""
    REFUSED = "refused"
    """None: the optimizer raises."""


FOLLOWS = "parameter"
"""The word for a momentum that is kept in the format of its parameter."""
STATES = (FOLLOWS, "fp32", "bf16", "fp16", "fp64")
COMPUTES = ("fp32", "bf16", "fp16", "fp64")


@dataclass(frozen=True, slots=True)
class Contract:
    """What a step does; None where it is not known, or left to be found out.

    `blocks` are, by the name of a layer of the small model, the numbers of rows that are orthogonalised each alone:
    (4, 4, 4) for a fused projection of three.  `steps` alone says how many there are, whatever their coefficients;
    with one row of `coefficients` how often it runs.
    """

    reading: Reading | None = None
    blocks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    momentum: Momentum | None = None
    beta: float | None = None
    nesterov: bool | None = None
    decay: Decay | None = None
    scale: Scale | None = None
    coefficients: Schedule | None = None
    steps: int | None = None
    computes: str | None = None
    state: str | None = None

    @property
    def kept(self) -> str:
        """The format of the momentum where it is one whatever the parameter's is, else ""."""
        return "" if self.state in (None, FOLLOWS) else str(self.state)

    @classmethod
    def read(cls, path: Path) -> Contract:
        """From a JSON file: {"reading": "rows", "momentum": "ema", "scale": "0.2·√max(m, n)", …}.

        Raises UsageError for what is no contract.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}: name a JSON file with a contract") from None
        except (UnicodeDecodeError, ValueError) as error:
            raise UsageError(f"{path} is no JSON: {error}") from None
        if not isinstance(data, dict):
            raise UsageError(f'{path} holds no contract: write an object such as {{"momentum": "ema"}}')
        return cls.of(data, str(path))

    @classmethod
    def of(cls, data: Mapping[str, object], where: str = "the contract") -> Contract:
        """From plain values, as a file holds them.  Raises UsageError."""
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise UsageError(f"{where}: there is no {unknown[0]!r} in a contract: it has {', '.join(sorted(known))}")
        readers: dict[str, Callable[[object], Any]] = {
            "reading": lambda v: _word(Reading, v, f"{where}: reading"),
            "momentum": lambda v: _word(Momentum, v, f"{where}: momentum"),
            "decay": lambda v: _word(Decay, v, f"{where}: decay"),
            "nesterov": lambda v: _boolean(v, where),
            "beta": lambda v: _share(v, where),
            "scale": lambda v: Scale.parse(str(v)),
            "blocks": lambda v: _blocks(v, where),
            "computes": lambda v: _format(v, COMPUTES, f"{where}: computes"),
            "state": lambda v: _format(v, STATES, f"{where}: state"),
            "steps": lambda v: _count(v, where),
            "coefficients": lambda v: _schedule(v, data.get("steps"), where),
        }
        ordered = sorted(data, reverse=True)  # `steps` is judged before `coefficients` takes it
        found = cls(**{key: readers[key](data[key]) for key in ordered})
        return found if found.coefficients is None else replace(found, steps=len(found.coefficients.steps))

    def to_json(self) -> dict[str, object]:
        """The words and numbers of a contract's file; what is None is left out."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: _plain(value) for name, value in values.items() if value is not None and (name != "blocks" or value)
        }


def _plain(value: object) -> object:
    if isinstance(value, Schedule):
        return value.rows()
    return value.value if isinstance(value, enum.Enum) else str(value) if isinstance(value, Scale) else value


def _word(kind: type[enum.Enum], value: object, where: str) -> enum.Enum:
    for member in kind:
        if member.value == value:
            return member
    raise UsageError(f"{where} {value!r}: write one of {', '.join(str(m.value) for m in kind)}")


def _boolean(value: object, where: str) -> bool:
    if isinstance(value, bool):
        return value
    raise UsageError(f"{where}: nesterov {value!r}: write true or false")


def _share(value: object, where: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
        return float(value)
    raise UsageError(f"{where}: beta {value!r}: write a number from 0 to below 1, such as 0.95")


def _format(value: object, words: tuple[str, ...], where: str) -> str:
    if (short := NAMES.get(str(value), str(value))) in words:
        return short
    raise UsageError(f"{where} {value!r}: write one of {', '.join(words)}")


def _count(value: object, where: str) -> int:
    if type(value) is int and 0 < value < 100:
        return value
    raise UsageError(f"{where}: steps {value!r}: write a whole number from 1 to 99")


def _schedule(value: object, steps: Any, where: str) -> Schedule:
    """From the name of a published set, "a,b,c;a,b,c", or rows of numbers; one row is repeated."""
    if isinstance(value, Schedule):
        return value if steps is None else value.with_steps(steps)
    try:
        if isinstance(value, str) and "," not in value:
            return catalogue.get(value, steps)
        if isinstance(value, list) and value and all(isinstance(x, list) == isinstance(value[0], list) for x in value):
            rows = value if isinstance(value[0], list) else [value]
            value = ";".join(",".join(str(x) for x in row) for row in rows)
        if isinstance(value, str):
            return Schedule.parse(value, steps)
    except UsageError as error:
        raise UsageError(f"{where}: coefficients: {error}") from None
    raise UsageError(f'{where}: coefficients {value!r}: write "a,b,c;a,b,c", rows of numbers, or a published name')


def _blocks(value: object, where: str) -> dict[str, tuple[int, ...]]:
    if not isinstance(value, dict):
        raise UsageError(f'{where}: blocks {value!r}: write rows by layer, such as {{"fused": [4, 4, 4]}}')
    for name, sizes in value.items():
        if not isinstance(sizes, list) or not sizes or not all(type(n) is int and n > 0 for n in sizes):
            raise UsageError(f"{where}: blocks of {name!r}: write a list of whole numbers > 0, such as [4, 4, 4]")
    return {str(name): tuple(sizes) for name, sizes in value.items()}
