"""Laws about what a step computes."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import torch

from muon_theory.conformance.case import sides
from muon_theory.conformance.law import Broken, Noted, Silent, number, shown
from muon_theory.optimizers.case import Case
from muon_theory.optimizers.contract import Momentum, Reading
from muon_theory.optimizers.iteration import fit
from muon_theory.optimizers.recover import ALIKE
from muon_theory.optimizers.reference import coarser, matrix_shape, misread, wanted
from muon_theory.optimizers.subject import Subject
from muon_theory.precision import format_named

Tensor = torch.Tensor
DECAY = 0.25
LEAST, MOST = 120, 120
"""Exponents of fp32 that are tried: beyond, G itself is 0 or infinite."""


def distance(seen: Tensor, right: Tensor, tolerance: float, what: str) -> None:
    """‖seen - right‖_F ≤ tolerance."""
    if not bool(torch.isfinite(seen).all()):
        raise Broken(f"{what} is {shown(seen)}")
    off = float((seen - right).norm())
    if off > tolerance:
        raise Broken(
            f"{what} is {shown(seen)}, not {shown(right)}: they differ by {number(off)}, "
            f"and rounding explains at most {number(tolerance)}"
        )


def reading_of(subject: Subject, case: Case) -> Reading:
    """How the parameter of the case is read."""
    known = subject.found.readings
    if case.layer in known:
        return known[case.layer]
    return Reading.ROWS if len(case.shape) == 2 else Reading.SKIPPED


def update(subject: Subject, case: Case) -> None:
    """Each step from the observed parameter before it, with the momentum of the exact gradients."""
    reading = reading_of(subject, case)
    if reading in (Reading.SKIPPED, Reading.REFUSED):
        raise Silent
    step = subject.found.step(DECAY if case.decay else 0.0)
    step = replace(step, contract=replace(step.contract, reading=reading))
    if step.contract.scale is None:
        raise Silent
    P, M, spoken = case.parameter(), None, False
    known = case.gradients if step.contract.momentum is not None else case.gradients[:1]
    for t, after in enumerate(subject.run(replace(case, gradients=known)).parameters):
        right = wanted(step, case.layer, P, M, case.gradient(t), t + 1)
        moved = float((right.parameter - P.double()).norm())
        tolerance = right.tolerance + subject.noise * moved
        if tolerance < moved / 2:
            spoken = True
            distance(after["P"].double(), right.parameter, tolerance, f"P after step {t + 1}")
        P, M = after["P"], right.momentum
    if not spoken:
        raise Silent


def scaled(subject: Subject, case: Case) -> None:
    """The size of the first update, whatever its direction, against s(m, n)."""
    if subject.found.iteration is None:
        _scaled_by_norm(subject, case)
        return
    reading = reading_of(subject, case)
    contract = subject.found.contract
    if reading in (Reading.SKIPPED, Reading.REFUSED) or contract.scale is None:
        raise Silent
    D, step = subject.moves(replace(case, gradients=case.gradients[:1]))[0], subject.found.step()
    G, blocks = case.gradient(0).double(), contract.blocks.get(case.layer, ())
    step = replace(step, contract=replace(contract, reading=reading))
    right = wanted(step, case.layer, torch.zeros(case.shape), None, G)
    size, whole = float((D * -right.parameter).sum()), float(right.parameter.norm()) ** 2
    if not whole or right.tolerance > whole**0.5 / 2:
        raise Silent
    share, m_n = size / whole, matrix_shape(case.shape, reading, blocks)
    if abs(share - 1) > max(right.tolerance / whole**0.5, 0.02) + subject.noise:
        s = contract.scale.of(*m_n)
        raise Broken(
            f"shape {sides(case.shape)} is orthogonalised as {m_n[0]}×{m_n[1]}, where {contract.scale} is "
            f"{number(s)}, and moves by {number(share * s)}·ηφ{_as_if(subject, case, share * s)}"
        )


def _scaled_by_norm(subject: Subject, case: Case) -> None:
    """Of a method that is not known: is ‖D‖_F that of the kernel's shape, though no way to read matrices says so?

    A stack of k matrices, each with the norm of its shape, has √k times that.
    """
    rule = subject.found.norms
    if rule is None or len(case.shape) < 3:
        raise Silent
    D = subject.moves(replace(case, gradients=case.gradients[:1]))[0]
    size = float(D.norm()) / subject.found.rate
    right = {}
    for reading in (Reading.ROWS, Reading.COLUMNS, Reading.LAST):
        m, n = matrix_shape(case.shape, reading)
        right[m, n] = rule.of(m, n) * (D.numel() / (m * n)) ** 0.5
    if any(abs(size - r) <= 4 * ALIKE * size for r in right.values()):
        return
    (rows, columns), wrong = case.shape[-2:], rule.of(case.shape[-2], case.shape[-1])
    if abs(size - wrong) > ALIKE * size:
        raise Silent  # another rule moves this parameter
    (m, n), norm = next(iter(right.items()))
    raise Broken(
        f"shape {sides(case.shape)}: the update's norm is {number(size)}·η, the size for "
        f"{rows}×{columns}; flattened to {m}×{n} it would be {number(norm)}·η, by {rule}"
    )


def _as_if(subject: Subject, case: Case, size: float) -> str:
    scale, shape = subject.found.contract.scale, case.shape
    if scale is None:
        return ""
    for pair in misread(shape):
        if abs(scale.of(*pair) - size) < 0.02 * size:
            return f": the size for {pair[0]}×{pair[1]}"
    return ""


def state(subject: Subject, case: Case) -> None:
    """The buffer that is kept, against the momentum of the gradients as they were handed over."""
    contract = subject.found.contract
    if contract.momentum in (None, Momentum.NONE):
        raise Silent
    kept = subject.run(case).state["P"]
    if not kept:
        raise Silent
    M, size, beta = None, 0.0, contract.beta or 0.0
    for t in range(len(case.gradients)):
        G = case.gradient(t).double()
        part = G if contract.momentum is Momentum.SUM else (1 - beta) * G
        M = part if M is None else beta * M + part
        size = beta * size + float(part.norm())
    assert M is not None
    unit = float(format_named(coarser(case.dtype, contract.kept)).roundoff)
    tolerance = 8 * len(case.gradients) * unit * size
    # a buffer that is the gradient's own, or anything else that is kept, is none of our business if one is right
    off = {key: float((value.double() - M).norm()) for key, value in kept.items()}
    if min(off.values()) > tolerance:
        key = min(off, key=lambda k: off[k])
        seen = fit(kept[key].double(), M)
        share = f", {number(seen.size)} times that" if seen.misfit < 0.01 and abs(seen.size - 1) > 0.01 else ""
        raise Broken(f"state[{key!r}] is {shown(kept[key].double())}, not {shown(M)}{share}")


def _nonzero(subject: Subject, case: Case) -> Tensor:
    """The first move, refused where it has no direction."""
    D = subject.moves(case, 0)[0]
    if not bool(torch.isfinite(D).all()) or float(D.norm()) == 0:
        raise Broken(f"G = the same without the factor moves P by {shown(D)}")
    return D


def scale(subject: Subject, case: Case) -> None:
    """The update of 2^k·G against that of G."""
    plain, big = _nonzero(subject, case), subject.moves(case)[0]
    distance(big, plain, rounding(subject, case, plain), "the move")


def rounding(subject: Subject, case: Case, move: Tensor) -> float:
    """What rounding may change between two steps that must be equal: by the reference, or a share of the move."""
    if subject.found.iteration is None or subject.found.contract.scale is None or len(case.shape) != 2:
        return (0.05 + subject.noise) * float(move.norm())
    right = wanted(subject.found.step(), case.layer, torch.zeros(case.shape), None, case.gradient(0, 0))
    if right.tolerance > float(move.norm()) / 2:
        raise Silent
    return 2 * right.tolerance + subject.noise * float(move.norm())


def extent(subject: Subject, case: Case) -> None:
    """From which exponents on, downward and upward, 2^k·G no longer moves P as G does: a note, within fp32's range."""
    ends = []
    for sign, most in ((-1, LEAST), (1, MOST)):
        tried = (k for k in range(1, most + 1) if not _holds(subject, replace(case, exponent=sign * k)))
        ends.append(next(tried, most + 1) - 1)
    low, high = ends
    if low < LEAST or high < MOST:
        size = round(log2(float(case.gradient(0, 0).double().norm())))
        parts = [f"‖G‖ ≥ 2^{size - low}"] * (low < LEAST) + [f"‖G‖ ≤ 2^{size + high}"] * (high < MOST)
        why = [" below, eps rules"] * (low < LEAST) + [" above, squares overflow"] * (high < MOST)
        raise Noted(f"the size of G does not matter for about {' and '.join(parts)};{','.join(why)}")


def _holds(subject: Subject, case: Case) -> bool:
    try:
        scale(subject, case)
    except Broken:
        return False
    return True


def rows(subject: Subject, case: Case) -> None:
    """The first row moved to the end."""
    if len(case.shape) != 2:
        raise Silent
    D = _nonzero(subject, case)
    turned = tuple(case.gradients[0][case.shape[1] :] + case.gradients[0][: case.shape[1]])
    seen = subject.moves(replace(case, gradients=(turned,)))[0]
    distance(seen, D.roll(-1, 0), rounding(subject, case, D), "the move")


def transpose(subject: Subject, case: Case) -> None:
    """The move of Gᵀ, divided by its own s, against that of G divided by its own."""
    if len(case.shape) != 2 or subject.found.contract.scale is None:
        raise Silent
    m, n = case.shape
    G = torch.tensor(case.gradients[0]).reshape(m, n)
    other = replace(case, shape=(n, m), gradients=(tuple(G.mT.flatten().tolist()),))
    s, D = subject.found.contract.scale, _nonzero(subject, case)
    seen = subject.moves(other)[0] * (s.of(m, n) / s.of(n, m))
    distance(seen.mT, D, rounding(subject, case, D), "the move for Gᵀ, transposed,")
