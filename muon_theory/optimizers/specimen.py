"""The optimizer under examination: how it is made, stepped and looked into."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from muon_theory.conformance.adapter import load, summary
from muon_theory.conformance.arrays import quiet
from muon_theory.errors import UsageError
from muon_theory.optimizers.functional import Functional

Tensor = torch.Tensor
RATE = 2.0**-4
"""The learning rate that is passed: a power of two, so that its products are exact."""
BETAS = ("momentum", "beta", "mu", "momentum_beta", "muon_beta", "beta1")
DECAYS = ("weight_decay", "wd", "decay")
RATES = ("lr", "learning_rate", "muon_lr")


class StepError(Exception):
    """The optimizer raised, or is none."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What a run left: the parameters after each step, the state tensors of each parameter at the end."""

    parameters: tuple[dict[str, Tensor], ...]
    state: dict[str, dict[str, Tensor]]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A class or function that makes an optimizer of a list of parameters, and what it is told.

    `arguments` are passed by name; a learning rate and no weight decay are passed where the signature knows them.
    """

    make: Callable[..., object]
    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    _pairs: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def named(cls, text: str, arguments: Mapping[str, object] | None = None) -> Specimen:
        """From 'module:Class' or 'file.py:factory'.  Raises UsageError."""
        found, name = load(text)
        return cls.of(found, name, arguments)

    @classmethod
    def of(cls, make: Callable[..., object], name: str = "", arguments: Mapping[str, object] | None = None) -> Specimen:
        """From the class or the function itself."""
        given = dict(arguments or {})
        specimen = cls(make, name or getattr(make, "__name__", repr(make)), given)
        takes = specimen.takes()
        if takes and (unknown := [a for a in given if a not in takes and "**" not in takes]):
            raise UsageError(f"{specimen.name} has no parameter {unknown[0]!r}: it has {', '.join(sorted(takes))}")
        return specimen

    def takes(self) -> set[str]:
        """The names of its parameters; "**" where it takes any; empty where it does not say."""
        parameters = list(self._signature().values())[0 if self.functional else 1 :]
        return {"**" if p.kind is p.VAR_KEYWORD else p.name for p in parameters}

    def _signature(self) -> Mapping[str, inspect.Parameter]:
        try:
            return inspect.signature(self.make).parameters
        except (TypeError, ValueError):
            return {}

    @property
    def functional(self) -> bool:
        """Does it make a pair of functions, of a learning rate instead of parameters?"""
        return next(iter(self._signature()), "") in RATES

    def told(self, **options: Any) -> dict[str, Any]:
        """The arguments of a run: the user's, the rate, no decay, and those options that the signature knows."""
        takes, values = self.takes(), dict(self.arguments)
        for names, value in ((RATES, options.pop("rate", RATE)), (DECAYS, options.pop("decay", 0.0))):
            known = next((n for n in names if n in takes), None)
            if known is not None and (known not in values or names is DECAYS):
                values[known] = value
        return values | {name: value for name, value in options.items() if name in takes}

    def build(self, parameters: Sequence[Tensor], **options: Any) -> Any:
        """The optimizer of these parameters; groups with use_muon=True are tried where a plain list is refused."""
        told = self.told(**options)
        if self.functional:
            return self._functional(parameters, told, bool(options.get("plain")))
        try:
            with quiet():
                made = self.make(list(parameters), **told)
        except (Exception, SystemExit) as error:  # whatever the class raises is what it says
            try:
                with quiet():
                    made = self.make([{"params": list(parameters), "use_muon": True, **told}])
            except (Exception, SystemExit):
                raise StepError(f"it raises {summary(error)}") from error
        if not callable(getattr(made, "step", None)):
            raise StepError(f"it makes a {type(made).__name__}, which has no step(): name an optimizer's class")
        return made

    def _functional(self, parameters: Sequence[Tensor], told: Mapping[str, Any], plain: bool) -> Functional:
        """`plain`: without JAX's compiler.  A pair is made once for each way to call it, and compiled once."""
        defaults = {p.name: p.default for p in self._signature().values() if p.default is not p.empty}
        try:
            with quiet():
                if (key := repr(sorted(told.items()))) not in self._pairs:
                    self._pairs[key] = self.make(**told)
                return Functional(self._pairs[key], parameters, {**defaults, **told}, plain)
        except (Exception, SystemExit) as error:
            raise StepError(f"it raises {summary(error)}") from error

    def setting(self, *names: str) -> Any:
        """What the first group of parameters of an optimizer of a 4×4 one says under the first name that it has."""
        optimizer = self.build([torch.nn.Parameter(torch.zeros(4, 4))])
        group = (getattr(optimizer, "param_groups", None) or [{}])[0]
        return next((group[name] for name in names if group.get(name) is not None), None)

    def rate(self) -> float:
        """η."""
        value = self.setting(*RATES)
        return RATE if value is None else float(value)

    def beta(self) -> float | None:
        """β, where it is said."""
        value = self.setting(*BETAS)
        if value is None and (pair := self.setting("betas")):
            value = pair[0]
        return float(value) if isinstance(value, int | float) else None

    def run(
        self, parameters: Mapping[str, Tensor], gradients: Sequence[Mapping[str, Tensor]], **options: object
    ) -> Trace:
        """A step for each element of `gradients`, from these values; a gradient that is missing stays None.

        Raises StepError.
        """
        held = {name: torch.nn.Parameter(value.clone()) for name, value in parameters.items()}
        optimizer = self.build(list(held.values()), **options)
        after = []
        for given in gradients:
            step(optimizer, held, given)
            after.append({name: p.detach().clone() for name, p in held.items()})
        return Trace(tuple(after), states(optimizer, held))


def step(optimizer: object, held: Mapping[str, Tensor], gradients: Mapping[str, Tensor]) -> None:
    """One step with these gradients.  Raises StepError."""
    for name, p in held.items():
        p.grad = gradients[name].clone().to(p.dtype) if name in gradients else None
    stepped(optimizer)


def stepped(optimizer: Any, *arguments: Any) -> Any:
    """What optimizer.step(…) returns.  Raises StepError."""
    try:
        with quiet():
            return optimizer.step(*arguments)
    except (Exception, SystemExit) as error:
        raise StepError(f"step() raises {summary(error)}") from error


def states(optimizer: object, held: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """The floating-point tensors of each parameter's state that are as large as the parameter, by their keys."""
    state = getattr(optimizer, "state", {})
    return {
        name: {
            str(key): value.detach().clone().reshape(p.shape)
            for key, value in (state.get(p, {}) or {}).items()
            if isinstance(value, Tensor) and value.is_floating_point() and value.numel() == p.numel()
        }
        for name, p in held.items()
    }
