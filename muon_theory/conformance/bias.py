"""Do 16-bit results lie to one side?  What a worst case and a distance hide, a projection shows.

Roundings of an honest run go either way: in a direction of the space of matrices they cancel.  A wrong coefficient or
norm moves every result along one direction, D = U diag(∂φ/∂θ) Vᵀ, θ a coefficient or the norm.  Of a matrix with many
singular values the part of (result - exact result) along D is then compared with what honest runs of that matrix show:
u, three times their own part, and eight standard deviations.  A model, like `modelled`, and no bound.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muon_theory.conformance.emulated import Array, Machine, Row, floats, rounded
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import format_named

LEAST = 16  # singular values: with fewer, roundings do not cancel
SIGMAS, SEEN, NORM_ROUNDINGS = 8, 3, 3
EXPLAINED = 9  # times the squares that honest runs leave
Place = tuple[int, int | None]  # of a coefficient: half its power, and the step, or all of them
NORM: Place = (-1, None)
ALL: Place = (-2, None)  # every coefficient
CHANGES = np.linspace(-0.25, 0.25, 501)[:, None]
APART = 0.02  # a direction of which less than this is left beside the norm's is not told from it


def bias(
    start: Array,
    steps: Sequence[OddPolynomial],
    seen: Array,
    arithmetic: str,
    restarts: Sequence[int] | None = None,
    norm: bool = True,
) -> str | None:
    """What is wrong with a result for X_0 = `start`, where it lies to one side further than roundings do, or None.

    Coefficients may run as they are or rounded to the format: a bias is one only if it is there against both.  None,
    too, where the matrix has too few singular values, or a result is not finite.  `norm`: is the norm to be held to?
    """
    U, s, Vh = np.linalg.svd(start, full_matrices=False)
    if np.count_nonzero(s > 1e-9 * s[0]) < LEAST or not np.isfinite(seen).all():
        return None
    machine, exact = Machine(arithmetic), floats(steps)
    got, why = np.diagonal(U.T @ seen @ Vh.T), ""
    for rows in (exact, [tuple(rounded(row, arithmetic).tolist()) for row in exact]):
        runs = [machine.direct(start, rows, fused) for fused in (True, False)]
        runs += [machine.gram(start, rows, restarts)] if restarts is not None else []
        phi = _value(s, rows)
        honest = np.array([np.diagonal(U.T @ run @ Vh.T) - phi for run in runs])
        if not _lies_aside(got - phi, honest, _directions(s, rows), float(format_named(arithmetic).roundoff), norm):
            return None
        why = why or _explained(s, rows, got, honest)
    return f"the results lie to one side, which roundings do not{why}"


def _lies_aside(off: Array, honest: Array, directions: dict[Place, Array], u: float, norm: bool) -> bool:
    """Is the part of `off` along some direction more than u, what honest runs have of it, and eight deviations?"""
    noise = np.mean(honest**2, axis=0)
    noise = np.maximum(noise, noise.mean() / 4)
    along = directions[NORM] / np.linalg.norm(directions[NORM])
    for place, direction in directions.items():
        own = place == NORM
        beside = direction if own else direction - along * (along @ direction)  # what roundings of the norm cannot do
        size = float(np.linalg.norm(beside))
        if size < APART * np.linalg.norm(direction) or (own and not norm):
            continue
        unit = beside / size
        usual = SEEN * float(np.abs(honest @ unit).max()) + SIGMAS * float(np.sqrt(unit**2 @ noise))
        if abs(unit @ off) > (NORM_ROUNDINGS if own else 1) * u * size + usual:
            return True
    return False


def _explained(s: Array, rows: Sequence[Row], got: Array, honest: Array) -> str:
    """The one change of the norm or of a coefficient with which nothing but roundings is left, if there is one."""
    left = {}
    for place in (NORM, ALL, *_places(rows)):
        values = _value(s, rows, place)
        rests = np.sum((values - got) ** 2, axis=1)
        left[place] = (float(rests.min()), float(CHANGES[rests.argmin(), 0]))
    most = EXPLAINED * float(np.max(np.sum(honest**2, axis=1)))
    place = min(left, key=lambda p: left[p][0])
    rest, change = left[place]
    if rest > most or not change:
        return ""
    size = f"{abs(change):.1%} {'larger' if change > 0 else 'smaller'}"
    if place in (NORM, ALL):
        return f"; it is what {'a norm gives that is' if place == NORM else 'coefficients give that are all'} {size}"
    power, step = place
    where = "every step" if step is None else f"step {step + 1}"
    return f"; it is what a coefficient of x^{2 * power + 1} gives that is {size} in {where}"


def _places(rows: Sequence[Row]) -> list[Place]:
    """The coefficients: each in all steps, and in one."""
    every = [(i, None) for i in range(max(map(len, rows)))]
    return every + [(i, t) for t, row in enumerate(rows) for i, c in enumerate(row) if c and len(rows) > 1]


def _value(s: Array, rows: Sequence[Row], place: Place | None = None) -> Array:
    """φ(s); with a place, a row for each of its relative changes."""
    x = s if place is None else s / (1 + CHANGES) if place == NORM else s + 0 * CHANGES
    for t, row in enumerate(rows):
        changed = [place is not None and place in (ALL, (i, None), (i, t)) for i in range(len(row))]
        factors = [1 + CHANGES if change else 1.0 for change in changed]
        x = np.asarray(sum(c * f * x ** (2 * i + 1) for i, (c, f) in enumerate(zip(row, factors, strict=True))))
    return x


def _directions(s: Array, rows: Sequence[Row]) -> dict[Place, Array]:
    """∂φ/∂log θ at each s: of the norm, with its sign turned, and of coefficients in all steps and in one."""
    x, scaled = s, s.copy()
    each: dict[Place, Array] = {place: np.zeros_like(s) for place in _places(rows)}
    for t, row in enumerate(rows):
        slope = sum((2 * i + 1) * c * x ** (2 * i) for i, c in enumerate(row))
        scaled = slope * scaled
        for i, step in each:
            own = row[i] * x ** (2 * i + 1) if step in (None, t) and i < len(row) else 0
            each[i, step] = slope * each[i, step] + own
        x = np.asarray(sum(c * x ** (2 * i + 1) for i, c in enumerate(row)))
    return {NORM: scaled, **each}
