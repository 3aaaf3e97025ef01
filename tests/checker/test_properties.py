"""The checker's table of family properties against the package's, by algebra on random families."""

import random
from fractions import Fraction as Q
from typing import Any

import pytest

from muon_theory import check  # the tests of the checker itself go behind the door
from muon_theory.claims.properties import FAILURES, PROPERTIES
from muon_theory.family import Family
from muon_theory.finders.families import Unit


def test_the_tables_name_the_same() -> None:
    named = {name: [c.name for c in p.conditions] for name, p in PROPERTIES.items()}
    assert named == {name: conditions for name, (_, conditions) in check.PROPERTIES.items()}
    assert {name: failure.condition.name for name, failure in FAILURES.items()} == {
        name: critical for name, (critical, _) in check.CRITICAL.items()
    }
    needed = {
        name: f"-{f.falling.name}' beyond 1" if f.falling else f"{f.closed.name} closed" if f.closed else ""
        for name, f in FAILURES.items()
    }
    assert needed == {name: beyond for name, (_, beyond) in check.CRITICAL.items()}
    ends = {(name, failure) for failure, f in FAILURES.items() for name in f.ends}
    assert ends == {(name, failure) for name, failures in check.FAILURES.items() for failure in failures}


def random_family(draw: random.Random) -> Family:
    """Of two to four terms in one or two parameters, with f(1) = 1."""
    names = ["a", "b"][: draw.randint(1, 2)]

    def expression() -> str:
        terms = [str(Q(draw.randint(-9, 9), draw.randint(1, 4)))]
        terms += [f"{Q(draw.randint(-9, 9), draw.randint(1, 4))}*{draw.choice(names)}^{draw.randint(1, 2)}"]
        return "(" + " + ".join(terms) + ")"

    free = [*map("({})".format, names), *(expression() for _ in range(draw.randint(0, 2)))]
    return Family.parse("; ".join([*free, "1 - " + " - ".join(free)]))


def terms(p: Any) -> dict[tuple[int, ...], Q]:
    """Of the checker's polynomials, or of flint's."""
    if isinstance(p, check.Poly):
        return {e: Q(c, p.den) for e, c in p.terms.items()}
    return {tuple(map(int, e)): Q(int(c.p), int(c.q)) for e, c in p.to_dict().items()}


@pytest.mark.parametrize("seed", range(12))
def test_every_condition_is_the_same_polynomial(seed: int) -> None:
    family = random_family(random.Random(seed))
    known = check.conditions(check.read_subject({"family": family.to_json()}, check.Work()))
    unit = Unit.of(family)
    for name in PROPERTIES:
        for condition, polynomial in unit.conditions(name).items():
            assert terms(known[condition.name]) == terms(polynomial), f"{name}: {condition.name} of {family}"
    for failure, (_, beyond) in check.CRITICAL.items():
        if falling := FAILURES[failure].falling:
            assert terms(known[beyond]) == terms(unit.beyond_one(-unit.slope(falling.polynomial(unit))))
        if closed := FAILURES[failure].closed:
            assert terms(known[beyond]) == terms(closed.polynomial(unit))
