"""What a function does not say of itself, found out from its results for a few plain matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from muon_theory import catalogue
from muon_theory.conformance.emulated import Array, rounded
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.conformance.scale import Scale, rule_of
from muon_theory.conformance.subject import ASSUMED, FOUND, PLAIN, PROBE, FunctionError, Subject
from muon_theory.errors import UsageError
from muon_theory.schedule import Schedule

SURE = 1 / 8
CLOSE = np.array([[64.0, 0.0], [0.0, 63.0]])


def probes(subject: Subject) -> list[Array]:
    """Plain matrices of three shapes."""
    generator, found = np.random.default_rng(0), []
    for shape in ((3, 5), (4, 4), (5, 3)):
        X = generator.integers(-9, 10, shape).astype(np.float64)
        found.append(np.ldexp(X, -int(np.frexp(np.linalg.norm(X))[1]) - 1))
    return [rounded(X, subject.dtype) for X in found]


def scaled(subject: Subject) -> Subject:
    """With the rule of its scale, where results are φ times a number that depends on the shape alone.

    After one step and after all of them it must be the same number, and not nearly 1: that would be another defect.
    """
    normalisers = dict.fromkeys((subject.normaliser, *(CANDIDATES if subject.origin == ASSUMED else ())))
    for normaliser in normalisers:
        rules = [_rule(replace(subject, normaliser=normaliser), k) for k in {min(subject.counts), subject.count}]
        first = rules[0]
        if first is not None and all(rule == first for rule in rules):
            off = first.shape != PLAIN.shape or abs(first.factor - 1) > 0.02
            return replace(subject, normaliser=normaliser, scale=first, origin=FOUND) if off else subject
    return subject


def _rule(subject: Subject, k: int) -> Scale | None:
    """The rule of the sizes after k steps on plain matrices; None where the directions are not those of φ."""
    tolerance, sizes = 0.15 if subject.arithmetic in ("bf16", "fp16") else 1e-3, {}
    for X in probes(subject):
        try:
            seen = subject.run(X, k)
        except FunctionError:
            return None
        value = subject.value(X, k, seen)
        size = float((seen * value).sum() / (value * value).sum())
        if not float(np.linalg.norm(seen - size * value)) <= tolerance * float(np.linalg.norm(seen)):
            return None
        sizes[X.shape[-2], X.shape[-1]] = size
    return rule_of(sizes, tolerance / 3)


def repeatable(subject: Subject) -> bool:
    """Do calls on a plain matrix and on one with two singular values close together give the same, bit for bit?"""
    for X in (PROBE, CLOSE):
        try:
            first, *others = (subject.run(X) for _ in range(4))
        except FunctionError:
            continue
        if any(not np.array_equal(first, other, equal_nan=True) for other in others):
            return False
    return True


CANDIDATES = tuple(
    Normaliser.named(name)
    for base in ("frobenius", "schatten-4", "aol", "aol-rows", "aol-columns", "spectral-estimate", "none")
    for name in ([base, f"{base}*1.01", f"{base}*1.02"] if base == "frobenius" else [base])
)


def detected(subject: Subject) -> Subject:
    """With the first candidate that explains the outputs for three plain matrices; the given one where none does.

    The given one has the benefit of the whole bound; another must come much nearer, as roundings do, so that a defect
    is not taken for a rescaling.
    """
    plain = probes(subject)
    k = 1 if 1 in subject.counts else subject.count
    try:
        answers = [subject.run(X, k) for X in plain]
    except FunctionError:
        return replace(subject, origin=ASSUMED)
    for candidate in (subject.normaliser, *CANDIDATES):
        most = 1 if candidate == subject.normaliser else SURE
        if all(misfit(subject, candidate, X, seen, k) <= most for X, seen in zip(plain, answers, strict=True)):
            return replace(subject, normaliser=candidate, origin=FOUND)
    return replace(subject, origin=ASSUMED)


def misfit(subject: Subject, normaliser: Normaliser, X: Array, seen: Array, k: int | None) -> float:
    """The distance from what this normalisation gives, as a share of the bound; infinite where that says nothing."""
    want = replace(subject, normaliser=normaliser).expected(X, k, seen)
    if want.bound is None or want.value.shape != seen.shape or not np.isfinite(seen).all():
        return math.inf
    return float(np.linalg.norm(seen - want.value)) / float(want.bound)


def published(subject: Subject, steps: int | None) -> Schedule | None:
    """The published schedule that explains the results for three plain matrices; None if none does."""
    for name in dict.fromkeys(("jordan", *catalogue.ids())):
        try:
            schedule = catalogue.get(name, steps or subject.adapter.default_steps())
            trial = replace(subject, schedule=schedule)
            pairs = [(X, trial.run(X)) for X in probes(trial)]
        except (FunctionError, UsageError):
            continue
        for normaliser in CANDIDATES[:-1]:  # but for none at all: a linear map looks like the start of any φ
            if _explains(replace(trial, normaliser=normaliser), pairs):
                return replace(schedule, name=f"{name} (found in the outputs)")
    return None


def _explains(subject: Subject, pairs: Sequence[tuple[Array, Array]]) -> bool:
    """Are the results φ up to a rule of scale, as near as 16 bits?"""
    sizes = {}
    for X, seen in pairs:
        wanted = subject.value(X)
        size = float((seen * wanted).sum() / (wanted * wanted).sum())
        if not float(np.linalg.norm(seen - size * wanted)) <= 0.05 * float(np.linalg.norm(seen)):
            return False
        sizes[X.shape[-2], X.shape[-1]] = size
    return rule_of(sizes, 0.05) is not None


def recovered(x: Array, y: Array, terms: int) -> tuple[float, ...]:
    """The least-squares coefficients of an odd polynomial with y = a·x + b·x³ + …, entry by entry."""
    A = np.stack([x ** (2 * i + 1) for i in range(terms)], axis=1)
    return tuple(np.linalg.lstsq(A, y)[0].tolist())


def representable(X: Array, dtype: str) -> bool:
    """Is every entry of X a number of this format?"""
    return bool(np.array_equal(rounded(X, dtype), X))
