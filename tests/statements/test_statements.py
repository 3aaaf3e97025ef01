"""Nobody refutes a printed statement: not at its ends, the critical points, nor at thousands of others."""

from __future__ import annotations

import json
import random
from fractions import Fraction as Q
from typing import Any

import pytest

import muon_theory.claims.words as words
from muon_theory import catalogue, check
from muon_theory.bifurcations.basins import basin
from muon_theory.bifurcations.families import family_thresholds
from muon_theory.certificate import AnyCertificate, load
from muon_theory.errors import MuonTheoryError
from muon_theory.finders import band, certify
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from tests.checker import accepted
from tests.statements.oracle import quick, refutation

STORED = accepted.stored()
QUICK = [name for name, certificate in STORED.items() if quick(certificate)]


def unrefuted(certificate: AnyCertificate) -> None:
    """The statement as it is printed, and with its exact numbers."""
    value = json.loads(certificate.data)
    for sentence in {certificate.statement, certificate.claim.statement(certificate.subject, exactly=True)}:
        assert refutation(sentence, value) is None, sentence


def all_unrefuted(certificates: Any) -> None:
    for certificate in certificates:
        unrefuted(certificate)


def every_sentence(name: str) -> None:
    data = json.dumps(STORED[name]).encode()
    (certificate,) = load(data)
    unrefuted(certificate)
    (proved,) = check.check_bytes(data)["certificates"]
    assert refutation(proved["statement"], STORED[name]) is None, proved["statement"]


@pytest.mark.parametrize("name", QUICK)
def test_each_kind_of_claim_about_a_schedule(name: str) -> None:
    every_sentence(name)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in STORED if name not in QUICK])
def test_each_kind_of_claim_about_a_family_and_best_approximations(name: str) -> None:
    every_sentence(name)


@pytest.mark.parametrize("digits", [12, 2])
@pytest.mark.parametrize("name", ["jordan", "article"])
def test_published_schedules(name: str, digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """To two digits, too: whatever is rounded, the sentence follows."""
    monkeypatch.setattr(words, "DIGITS", digits)
    all_unrefuted(certify(catalogue.get(name)).certificates)


@pytest.mark.long
@pytest.mark.parametrize("digits", [12, pytest.param(3, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("name", catalogue.ids())
def test_the_whole_catalogue(name: str, digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "DIGITS", digits)
    all_unrefuted(certify(catalogue.get(name), upper=Q(101, 100)).certificates)


def random_schedule(draw: random.Random) -> Schedule:
    """Rows as those of the field: of degree 3 to 7, of slope 1.1 to 8 at 0, near 1 at 1; one map, or several."""

    def row() -> str:
        slope, n = Q(draw.randint(110, 800), 100), draw.randint(1, 3)
        middle = [Q(draw.randint(-400, 400), 100) for _ in range(n - 1)]
        return ",".join(map(str, (slope, *middle, 1 - slope - sum(middle, Q(0)) + Q(draw.randint(-15, 15), 100))))

    if draw.random() < 0.5:
        return Schedule.parse(row(), draw.randint(1, 6))
    return Schedule.parse(";".join(row() for _ in range(draw.randint(2, 4))))


def of_random_schedules(seed: int, count: int) -> int:
    draw, tried = random.Random(seed), 0
    for _ in range(count):
        schedule, lower = random_schedule(draw), Q(draw.randint(1, 400), draw.choice((997, 9973, 1000)))
        try:
            found = certify(schedule, lower=lower, cap=Q(draw.randint(110, 200), 100)).certificates
        except MuonTheoryError:
            continue
        all_unrefuted(found)
        tried += len(found)
    return tried


def test_a_few_random_schedules() -> None:
    assert of_random_schedules(3, 3) > 5


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(3, 61))])
def test_thousands_of_statements_about_random_schedules(seed: int) -> None:
    assert of_random_schedules(seed, 50) > 200


@pytest.mark.parametrize("errors", [["1/100", "1/1000"], ["0", "1/333"]])
def test_robust_bands(errors: list[str]) -> None:
    schedule = Schedule.parse("3,-3,1", 2)
    unrefuted(band.robust_band(schedule, Interval.of("1/3", "100/99"), list(map(Q, errors))))


@pytest.mark.long
@pytest.mark.parametrize("name", catalogue.ids())
def test_robust_bands_of_the_catalogue(name: str) -> None:
    """Five different errors, and perturbations of all signs within them."""
    schedule = catalogue.get(name)
    for scale in (Q(1, 10**6), Q(1, 3000), Q(1, 300)):
        try:
            errors = [scale * Q(7 * t + 3, 10) for t in range(len(schedule.steps))]
            unrefuted(band.robust_band(schedule, Interval.of("3/100", 1), errors))
        except MuonTheoryError:
            continue


@pytest.mark.long
@pytest.mark.parametrize("name", catalogue.ids())
@pytest.mark.parametrize("digits", [3, 12])
def test_basins(name: str, digits: int) -> None:
    schedule = catalogue.get(name)
    if schedule.constant:
        try:
            found = basin(schedule, digits)
        except MuonTheoryError:
            return
        all_unrefuted((found.inside, found.beyond))


@pytest.mark.long
@pytest.mark.parametrize(
    ("family", "slope"), [("cubic", None), ("quintic", "0"), ("quintic", "-49/50"), ("quintic", "1/3")]
)
def test_thresholds(family: str, slope: str | None) -> None:
    all_unrefuted(family_thresholds(family, slope, 20).certificates)
