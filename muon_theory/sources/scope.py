"""The names of a module, class or function, and how a block of statements ends."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, class or function; the scope it was written in."""

    names: dict[str, object]
    parent: Scope | None
    kind: str
    outer: dict[str, Scope] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    returns: list[object] = field(default_factory=list)
    yields: list[object] | None = None

    def find(self, name: str) -> object:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.outer:
                scope = scope.outer[name]
            if name in scope.names and (scope is self or scope.kind != "class"):
                return scope.names[name]
            scope = scope.parent
        raise KeyError(name)


# How a block ends.
ON, OUT, BREAK, CONTINUE, DEAD = "on", "out", "break", "continue", "dead"
