"""Answers that were read from a file: nothing of them is believed that is not shown again.

An answer may leave boxes out, which then stay open.  It may not say more than what the checker proves, about the layer
and the box it names, and it may not ask for a task that was there before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from muon_theory.atlases.explore import Answer, Leaf, Prover, Task
from muon_theory.atlases.plane import Plane
from muon_theory.atlases.verified import verified
from muon_theory.errors import MuonTheoryError


def false_answer(prover: Prover, plane: Plane, tasks: Sequence[Task], answers: Mapping[str, Answer]) -> str | None:
    """What is wrong with the answers to these tasks, or None: each leaf is tied to its layer, and proved again."""
    leaves: dict[str, list[Leaf]] = {}
    for task in tasks:
        if task.key in answers:
            try:
                for leaf in _leaves(task, answers[task.key]):
                    if not prover.tied(plane, leaf):
                        return f"claims {leaf.layer!r} where it proves something else"
                    leaves.setdefault(leaf.layer, []).append(leaf)
            except (ValueError, TypeError, KeyError, AttributeError, MuonTheoryError):
                return f"has no answer for the task {task.key!r} that could be read"
    for layer, every in leaves.items():
        try:
            for _ in verified(prover, plane, layer, every):
                pass
        except (ValueError, TypeError, MuonTheoryError):
            return f"claims {layer!r} for a box, which the checker refuses"
    return None


def _leaves(task: Task, answer: Answer) -> list[Leaf]:
    """The leaves of an answer of the right shape.  Raises ValueError for another, or TypeError."""
    if set(answer) != {"leaves", "pending", "tests", "rest"} or type(answer["tests"]) is not int:
        raise ValueError("other keys")
    depths = dict(task.depths)
    for layer, path in [*answer["pending"], *answer["rest"], *((layer, path) for layer, path, _ in answer["leaves"])]:
        if layer not in depths or not path.startswith(task.path) or set(path) - {"0", "1"} or len(path) > depths[layer]:
            raise ValueError("a box that is not the task's")
    for _, path in answer["rest"]:
        if len(path) <= len(task.path):
            raise ValueError("a task that asks for itself")
    return [Leaf(layer, path, evidence) for layer, path, evidence in answer["leaves"]]
