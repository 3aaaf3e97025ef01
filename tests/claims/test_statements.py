"""What was once printed falsely: each sentence is now implied by what was proved, number by number."""

from __future__ import annotations

import re
from dataclasses import fields
from fractions import Fraction

import pytest

import muon_theory as mt
from muon_theory import Interval, Schedule, Verdict
from muon_theory.answer import Answer
from muon_theory.bifurcations import basin
from muon_theory.claims import CLAIMS, MapsInto, SignSafe
from muon_theory.claims.base import roles
from muon_theory.claims.words import Printer, Role, exact, plain, rounded
from muon_theory.finders import certify

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")


def test_the_safe_interval_ends_where_the_map_still_keeps_it() -> None:
    """φ([0, 1.3363801222]) ⊆ [0, 1.5] was printed, and φ(1.3363801222) = 1.5000000123."""
    assert ARTICLE(Fraction("1.3363801222")) > Fraction(3, 2)
    ends = [
        Fraction(found.group(1))
        for answer in certify(ARTICLE).answers
        if (found := re.fullmatch(r"φ\(\[0, (\S+)\]\) ⊆ \[0, 1\.5\]", answer.statement))
    ]
    assert len(ends) == 2
    assert all(0 <= ARTICLE(end) <= Fraction(3, 2) for end in ends)
    assert max(ends) > Fraction("1.336380122")


@pytest.mark.parametrize("schedule", [JORDAN, ARTICLE], ids=["jordan", "article"])
def test_no_two_rows_contradict_each_other(schedule: Schedule) -> None:
    """Up to one number every step was said to be > 0, or the output ≤ the cap, and at the same number not."""
    said = [a.statement for a in certify(schedule).answers if a.verdict is Verdict.PROVED]
    safe = [Fraction(m.group(1)) for s in said if (m := re.fullmatch(r"φ\(\[0, (\S+)\]\) ⊆ \[0, 1\.5\]", s))]
    points = [m.groups() for s in said if (m := re.match(r"φ\((\S+)\) ∈ \[(\S+),", s))]
    beyond = [Fraction(x) for x, least in points if Fraction(least) > Fraction(3, 2)]
    assert beyond
    assert max(safe) < min(beyond)


def test_a_basin_ends_before_the_start_that_escapes() -> None:
    found = basin(ARTICLE, 12)
    inside, beyond = found.to_json()["proves"]
    converging = Fraction(re.fullmatch(r"every orbit of f from \(0, (\S+)\] tends to 1", inside).group(1))  # type: ignore[union-attr]
    escaping = Fraction(re.fullmatch(r"the orbit of x = (\S+) under f leaves every bound", beyond).group(1))  # type: ignore[union-attr]
    assert converging < escaping
    assert escaping - converging < Fraction(1, 10**10)


def test_a_refuted_claim_is_false_as_it_is_printed() -> None:
    """The cap 1.2023686051632126 was rounded up, and the rounded statement is true."""
    result = certify(JORDAN, lower=Fraction(1, 3), cap=Fraction("1.2023686051632126"))
    (refuted,) = [a for a in result.answers if a.verdict is Verdict.REFUTED]
    assert refuted.statement == "φ([0, 1]) ⊆ [0, 1.2023686051632126]"
    x, least = re.match(r"φ\((\S+)\) ∈ \[(\S+),", refuted.refuted_by).groups()  # type: ignore[union-attr]
    assert JORDAN(Fraction(x)) >= Fraction(least) > Fraction("1.2023686051632126")
    band = next(a.statement for a in result.answers if a.statement.startswith("φ([0.33") and "⊆" in a.statement)
    assert Fraction(re.match(r"φ\(\[(\S+),", band).group(1)) >= Fraction(1, 3)  # type: ignore[union-attr]


def test_small_values_are_certified() -> None:
    result = certify(JORDAN)
    for x, value in result.small.items():
        assert value is not None
        assert JORDAN(x) in value
        assert any(a.claim == MapsInto(Interval.of(x), value) and a.verdict is Verdict.PROVED for a in result.answers)


def test_a_sentence_names_its_map() -> None:
    answers = certify(Schedule.parse("3.25,-3.51,1.26", steps=7)).answers
    assert any(a.statement == "f⁷([0, 1]) ⊆ [0, 1.5]" for a in answers)
    alone = SignSafe(Fraction(1)).statement(JORDAN)
    assert alone == "every step is > 0 on the orbits of (0, 1]"
    two = Schedule.parse("3/2,-1/2;2,-1")
    assert MapsInto(Interval.of(0, 1), Interval.of(0, 2)).statement(two) == "φ([0, 1]) ⊆ [0, 2]"


THIRDS, SEVENTHS = Fraction(1, 3), Fraction(6, 7)


@pytest.mark.parametrize("role", Role)
def test_a_role_moves_the_ends_to_one_side(role: Role) -> None:
    interval = Interval(THIRDS, SEVENTHS)
    text = Printer().interval(interval, role)
    lo, hi = (Fraction(end) for end in text.strip("[]").split(", "))
    if role in (Role.ENCLOSES, Role.SOME):
        assert lo < THIRDS < SEVENTHS < hi
    elif role in (Role.REACHED, Role.EVERY, Role.AT_LEAST):
        assert THIRDS < lo < hi < SEVENTHS
    else:
        assert (lo, hi) == (THIRDS, SEVENTHS)
    assert Printer(exactly=True).interval(interval, role) == "[1/3, 6/7]"


def test_an_interval_that_rounding_would_turn_is_printed_as_it_is() -> None:
    narrow = Interval(THIRDS, THIRDS + Fraction(1, 10**60))
    assert Printer().interval(narrow, Role.EVERY) == f"[{narrow.lo}, {narrow.hi}]"


@pytest.mark.parametrize("kind", CLAIMS.values(), ids=CLAIMS)
def test_every_number_of_every_claim_has_a_role(kind: type) -> None:
    """All fields but words, integers and polynomials, which are always exact."""
    exact_anyway = {
        "step",
        "steps",
        "degree",
        "degrees",
        "property",
        "critical",
        "open",
        "polynomial",
        "measure",
        "exceptions",
    }
    assert set(roles(kind)) == {f.name for f in fields(kind)} - exact_anyway


@pytest.mark.parametrize(("q", "text"), [("1e-30", "0." + "0" * 29 + "1"), ("1e30", "1" + "0" * 30), ("-7/4", "-1.75")])
def test_numbers_are_plain(q: str, text: str) -> None:
    assert exact(Fraction(q)) == text
    assert plain(Fraction(q), 12, -1) == text


def test_rounding_is_on_the_side_that_is_asked_for() -> None:
    for k in range(1, 60):
        q = Fraction(10**k + 1, 3 * 7**k)
        assert Fraction(rounded(q, 12, -1)) <= q <= Fraction(rounded(q, 12, +1))


def test_an_open_question_is_printed_as_it_was_asked() -> None:
    claim = MapsInto(Interval.of(0, "1/3"), Interval.of(0, "2/3"))
    assert Answer(JORDAN, claim, Verdict.UNDECIDED).statement == "φ([0, 1/3]) ⊆ [0, 2/3]"


def test_certificates_are_loaded_as_they_were_written(tmp_path) -> None:
    result = mt.certify("jordan")
    file = tmp_path / "jordan.json"
    result.save(file)
    loaded = mt.load(file)
    assert [c.data for c in loaded] == [c.data for c in result.certificates]
    assert [c.claim for c in loaded] == [c.claim for c in result.certificates]
