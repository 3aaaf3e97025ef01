"""Optimizers that are a pair of functions (init, update), as optax has them, stepped as those of torch are."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch

from muon_theory.conformance.arrays import Library, dtype_of, named

Tensor = torch.Tensor


class Functional:
    """P ← P + update(G) for parameters of torch, with gradients and state in JAX.

    A parameter without a gradient is given a zero one, and stays.  What is kept for a parameter is the leaves of the
    state whose place in the tree ends with its number.
    """

    def __init__(self, pair: Any, parameters: Sequence[Tensor], settings: Mapping[str, Any], plain: bool) -> None:
        self.param_groups = [{"params": list(parameters), **settings}]
        self._library, self._tree = named("jax"), importlib.import_module("jax.tree_util")
        make, self._update = (pair.init, moved(pair)) if plain else _compiled(pair)
        self._kept = make([_array(p, self._library) for p in parameters])

    def step(self) -> None:
        """One update."""
        parameters = self.param_groups[0]["params"]
        before = [_array(p, self._library) for p in parameters]
        gradients = [_array(torch.zeros_like(p) if p.grad is None else p.grad, self._library) for p in parameters]
        after, self._kept = self._update(gradients, self._kept, before)
        with torch.no_grad():
            for p, a in zip(parameters, after, strict=True):
                if p.grad is not None:
                    p.copy_(torch.from_numpy(self._library.values(a)))

    @property
    def state(self) -> dict[Tensor, dict[str, Tensor]]:
        """The leaves of the state by parameter, as tensors."""
        found: dict[Tensor, dict[str, Tensor]] = {p: {} for p in self.param_groups[0]["params"]}
        for path, leaf in self._tree.tree_flatten_with_path(self._kept)[0]:
            index = getattr(path[-1], "idx", None) if path else None
            if index is not None and len(leaf.shape) > 0:
                p = self.param_groups[0]["params"][index]
                value = torch.from_numpy(self._library.values(leaf))
                found[p][self._tree.keystr(path)] = value.to(getattr(torch, str(leaf.dtype), value.dtype))
        return found


def moved(pair: Any) -> Callable[..., Any]:
    """(gradients, state, parameters) ↦ (the parameters after the update, the state)."""

    def step(gradients: list[Any], kept: Any, before: list[Any]) -> tuple[list[Any], Any]:
        updates, kept = pair.update(gradients, kept, before)
        return [(b + u).astype(b.dtype) for b, u in zip(before, updates, strict=True)], kept

    return step


@lru_cache(maxsize=64)
def _compiled(pair: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """init and the step, compiled once for every list of shapes."""
    jit = importlib.import_module("jax").jit
    return jit(pair.init), jit(moved(pair))


def _array(X: Tensor, library: Library) -> Any:
    return library.hand(X.detach().double().numpy(), dtype_of(X))
