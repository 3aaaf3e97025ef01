"""The oracle sees what it is there for: each number of each kind of claim rounded the wrong way is refuted."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

import pytest

import muon_theory.claims.base as base
import muon_theory.claims.words as words
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import CLAIMS, converges, fixes
from muon_theory.claims.words import Role
from muon_theory.finders import alternation, band, constant_bound, limits
from muon_theory.finders.ratio import ratio
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from tests.statements.oracle import refutation

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315", 5)
SETTLES, LIMIT = Schedule.parse("16/5,-16/5,11/10", 1), Interval.of("19/18", "56/53")
CUBIC = Schedule.parse("3/2,-1/2", 1)
START = Interval.of("1/937", "906/907")

MAKE: dict[str, Callable[[], AnyCertificate]] = {
    "maps-into": lambda: band.maps_into(JORDAN, START),
    "attains": lambda: band.attains(JORDAN, START),
    "robust-band": lambda: band.robust_band(CUBIC.repeated(2), Interval.of("1/937", "1"), [Q(1, 9371), Q(1, 93711)]),
    "all-but": lambda: band.all_but(
        CUBIC.repeated(2), Interval.of("1/937", 1), [Q(1, 9371), Q(1, 937)],
        [(Q(1, 937), Q(1, 93711))] * 2, [Q(1, 8111), Q(1, 811)],
    ),
    "ratio": lambda: ratio(CUBIC, START),
    "slope": lambda: band.slope(JORDAN),
    "sign-safe": lambda: band.sign_safe(Schedule.parse("2,-1", 1), Q(1414213562373, 10**12)),
    "fixes": lambda: limits.fixes(JORDAN, limits.fixed_points(JORDAN.steps[0], 12)[0]),
    "attracts": lambda: limits.multiplier_kind(SETTLES, LIMIT),
    "repels": lambda: limits.multiplier_kind(JORDAN, limits.fixed_points(JORDAN.steps[0], 12)[0]),
    "converges": lambda: limits.converges(SETTLES, LIMIT, Q(4, 3)),
    "cycles": lambda: limits.cycles(Schedule.parse("21/10,-11/10", 1), 2, Q(9, 10)),
    "minimax": lambda: alternation.minimax(3, Interval.of("1/937", 1)),
    "constant-bound": lambda: constant_bound.constant_bound(CUBIC.repeated(2), 3, Q(951, 10**4), Q(4641, 10**4)),
    "composition-bound": lambda: alternation.composition_bound((3, 3), Interval.of("1/937", 1)),
    "noisy-composition-bound": lambda: alternation.noisy_composition_bound(
        (3, 3), Interval.of("1/937", 1), [Q(1, 93711), Q(1, 9371)]
    ),
}  # fmt: skip
OPPOSITE = {
    Role.ENCLOSES: Role.REACHED, Role.REACHED: Role.ENCLOSES, Role.EVERY: Role.SOME, Role.SOME: Role.EVERY,
}  # fmt: skip


def sentence_refuted(certificate: AnyCertificate) -> bool:
    return refutation(certificate.statement, json.loads(certificate.data)) is not None


NULL = {"range", "slope", "multiplier"}  # what is null has no digits
ROLES = [(kind, field, role) for kind in MAKE for field, role in base.roles(CLAIMS[kind]).items() if field not in NULL]


def coarsely(monkeypatch: pytest.MonkeyPatch, value: Any, role: Role) -> None:
    """The intervals and numbers of this value are printed to two digits, all others as ever."""
    true_digits, true_exact = words._digits, words.exact
    values = [value] if isinstance(value, Interval | Q) else list(value)
    ends = [end for v in values for end in ((v.lo, v.hi) if isinstance(v, Interval) else (v,))]
    monkeypatch.setattr(words, "_digits", lambda i: 2 if any(i is v for v in values) else true_digits(i))
    if role is Role.EXACT:
        for module in (words, fixes, converges):
            monkeypatch.setattr(module, "exact", lambda q: f"{float(q):.2f}" if q in ends else true_exact(q))
    else:
        monkeypatch.setattr(words, "SHORT", 0)


@pytest.mark.parametrize(("kind", "field", "role"), ROLES)
def test_a_role_changed_is_seen(kind: str, field: str, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own role the sentence stands; with the opposite one, and two digits that show it, it falls."""
    certificate = MAKE[kind]()
    assert not sentence_refuted(certificate)
    value = getattr(certificate.claim, field)
    coarsely(monkeypatch, value, role)
    if role is not Role.EXACT and isinstance(value, Interval):
        true_roles = base.roles
        assert not sentence_refuted(certificate)
        changed = {**true_roles(CLAIMS[kind]), field: OPPOSITE[role]}
        monkeypatch.setattr(base, "roles", lambda k: changed if k is CLAIMS[kind] else true_roles(k))
    elif role is Role.VALUE:
        monkeypatch.setattr(words.Printer, "value", lambda self, q: f"= {words.plain(q, 2, +1)}")
    elif role is not Role.EXACT:
        monkeypatch.setattr(words.Printer, "number", lambda self, q, role: words.plain(q, 2, +1))
    assert sentence_refuted(certificate), certificate.statement


def test_every_kind_with_numbers_is_tried() -> None:
    """Of families and means the numbers are exact, or the oracle's own are not sharp enough to see a last digit."""
    numbered = {kind for kind, claim in CLAIMS.items() if base.roles(claim)}
    assert numbered - set(MAKE) <= {"escapes", "flips", "mean-square", "moments", "region", "threshold"}
