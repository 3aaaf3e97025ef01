"""The published schedules: verbatim, sourced, executed exactly as their implementations do."""

from __future__ import annotations

import hashlib
import json
import math
import re
import subprocess
import sys
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import catalogue
from muon_theory.errors import UsageError
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Extension, Schedule

EVERY = [*catalogue.entries(), *catalogue.related()]
OWN = {"article", "article_cubic", "article_misprint"}
PUBLISHED_DIGEST = "a81a9d549ba43373bc510a04db54f9f1eebbf53c147514983068119698ef3739"
"""SHA-256 of the canonical JSON of {id: rows or scheme} as collected from the sources, before this format existed."""

SEEN = {"angular_muown", "timm_polar_express", "timm_polar_express_safer", "polora"}
"""Lists that were seen in public code later, and the same digest of theirs."""
SEEN_DIGEST = "c5769f1ba61cdfe6ea5650e0c553342b14c8588ccf520f49c1b267f09b52faee"

certifiable = pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda e: e.id)


def verbatim(entry: catalogue.Entry) -> object:
    schemes = [{"A": list(map(list, s.A)), "B": list(map(list, s.B)), "c": list(s.c)} for s in entry.evaluation]
    return schemes or [list(row) for row in entry.rows]


def test_the_published_texts_are_verbatim() -> None:
    data = {e.id: verbatim(e) for e in EVERY if e.id not in OWN | SEEN}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    assert len(data) == 46
    assert hashlib.sha256(text.encode()).hexdigest() == PUBLISHED_DIGEST
    seen = json.dumps({e.id: verbatim(e) for e in EVERY if e.id in SEEN}, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(seen.encode()).hexdigest() == SEEN_DIGEST


@pytest.mark.parametrize("entry", EVERY, ids=lambda e: e.id)
def test_every_entry_has_public_sources_and_a_claim(entry: catalogue.Entry) -> None:
    assert entry.sources
    assert all(s.strip() and not s.startswith("/") for s in entry.sources)
    assert entry.claim
    assert entry.title
    assert entry.normalisation_text
    assert bool(entry.rows) != bool(entry.evaluation)


@certifiable
def test_rational_round_trip(entry: catalogue.Entry) -> None:
    schedule = catalogue.get(entry.id)
    assert Schedule.of(schedule.rows()).digest == schedule.digest
    for row, polynomial in zip(entry.rows, entry.published(), strict=False):
        assert OddPolynomial(tuple(Fraction(text) for text in row)) == polynomial


@certifiable
def test_schedule_carries_the_entry(entry: catalogue.Entry) -> None:
    schedule = catalogue.get(entry.id)
    assert schedule.name == entry.id
    assert schedule.sources == entry.sources
    assert schedule.normalisation == entry.normalisation
    assert schedule.extension is entry.extension
    assert len(schedule.steps) == entry.steps


def test_digests_are_unique() -> None:
    named = defaultdict(list)
    for i in catalogue.ids():
        named[catalogue.get(i).digest].append(i)
    assert [same for same in named.values() if len(same) > 1] == []


def test_names_are_unique_and_do_not_hide_one_another() -> None:
    names = [name for e in EVERY for name in (e.id, *e.aliases)]
    assert len({n.lower() for n in names}) == len(names)
    for e in EVERY:
        for name in (e.id, *e.aliases, e.id.upper(), e.id.replace("_", "-")):
            assert catalogue.entry(name) is e


@certifiable
def test_one_row_is_repeated_as_often_as_said(entry: catalogue.Entry) -> None:
    if entry.length == 1:
        schedule = catalogue.get(entry.id)
        assert schedule.constant
        assert len(schedule.steps) == (entry.default_steps or 5)
        assert len(catalogue.get(entry.id, 9).steps) == 9


@certifiable
def test_extension(entry: catalogue.Entry) -> None:
    if entry.extension is Extension.EXACT:
        with pytest.raises(UsageError, match="cannot run"):
            catalogue.get(entry.id, entry.length + 2)
    else:
        longer = catalogue.get(entry.id, entry.length + 2)
        assert longer.steps[-3:] == longer.steps[-1:] * 3


@given(st.sampled_from(["polar_express_101", "nvidia_polar_express"]), st.integers(1, 12))
def test_repeat_last_takes_the_first_rows_then_the_last(name: str, steps: int) -> None:
    full, asked = catalogue.get(name, 12).steps, catalogue.get(name, steps).steps
    assert asked == full[:steps]


def naive_fold(row: tuple[str, ...], factor: str) -> OddPolynomial:
    """a/s, b/s³, c/s⁵, as the implementations write it."""
    s = Fraction(factor)
    return OddPolynomial(tuple(Fraction(c) / s ** (2 * i + 1) for i, c in enumerate(row)))


def test_safety_factor_of_polar_express_spares_the_last_row() -> None:
    rows = catalogue.entry("polar_express_101").rows
    steps = catalogue.get("polar_express_101", 10).steps
    assert steps[:7] == tuple(naive_fold(row, "1.01") for row in rows[:7])
    assert steps[7:] == (OddPolynomial.of(*rows[7]),) * 3


def test_safety_factor_of_dao_is_on_every_row() -> None:
    rows = catalogue.entry("dao_polar_express_105").rows
    assert catalogue.get("dao_polar_express_105").steps == tuple(naive_fold(row, "1.05") for row in rows)


@pytest.mark.parametrize(
    ("name", "origin", "factor"),
    [("nvidia_polar_express", "polar_express_raw", "1.01"), ("qwen_express", "nvidia_cans", "1.01")],
)
def test_embedded_safety_is_in_the_published_rows(name: str, origin: str, factor: str) -> None:
    """The rows agree with another list divided by the factor, up to their four printed decimals."""
    entry = catalogue.entry(name)
    assert entry.embedded_safety == Fraction(factor)
    for mine, theirs in list(zip(entry.rows, catalogue.entry(origin).rows, strict=False))[:2]:
        folded = naive_fold(theirs, factor).coefficients
        assert all(abs(rational(a) - b) < Fraction(2, 1000) for a, b in zip(mine, folded, strict=True))


def test_reading_rounds_after_the_division() -> None:
    exact, binary = (
        catalogue.get("dao_polar_express_105"),
        catalogue.get("dao_polar_express_105", None, Reading.BINARY64),
    )
    assert binary.reading is Reading.BINARY64
    assert exact.digest != binary.digest
    for f, g in zip(exact.steps, binary.steps, strict=True):
        assert tuple(map(Reading.BINARY64.round, f.coefficients)) == g.coefficients


def naive_scheme(scheme: catalogue.Evaluation, x: Fraction) -> Fraction:
    """The loop of the implementation, on a number."""
    outs = [Fraction(1), x * x]
    for i in range(len(scheme.A)):
        u = sum((Fraction(scheme.A[i][j]) * outs[j] for j in range(i + 2)), Fraction(0))
        v = sum((Fraction(scheme.B[i][j]) * outs[j] for j in range(i + 2)), Fraction(0))
        outs.append(u * v)
    return x * sum((Fraction(c) * out for c, out in zip(scheme.c, outs, strict=True)), Fraction(0))


@given(st.fractions(0, 1, max_denominator=1000), st.integers(0, 3))
def test_degree_17_rows_follow_from_the_scheme(x: Fraction, t: int) -> None:
    entry = catalogue.entry("degree17_polar_express")
    published, run = entry.published()[t], catalogue.get(entry.id).steps[t]
    expected = naive_scheme(entry.evaluation[t], x)
    assert published.degree == 17
    assert published(x) == expected
    assert run(x) == (expected if t == 3 else expected * 100 / 101)


def test_degree_17_reaches_one() -> None:
    """With the reconstructed rows the composition does what its author claims, so the scheme is read rightly."""
    steps = catalogue.get("degree17_polar_express").steps
    for x0 in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99):
        x = x0
        for f in steps:
            x *= math.fsum(float(c) * (x * x) ** i for i, c in enumerate(f.coefficients))
        assert abs(x - 1) < 0.01


def test_the_article_sets_are_members_of_the_families() -> None:
    article, cubic = catalogue.get("article"), catalogue.get("article-cubic")
    assert set(article.steps) == {QUINTIC.at(a="3.25", s="-0.98")}
    assert set(cubic.steps) == {CUBIC.at(a="1.99")}
    misprint, intended = catalogue.entry("article_misprint"), catalogue.entry("article")
    assert misprint.misprint_of == intended.id
    assert [rational(c) for c in misprint.rows[0]] == [abs(rational(c)) for c in intended.rows[0]]


@pytest.mark.parametrize(
    "call",
    [s for i in ("article", "article_cubic") for s in catalogue.entry(i).sources if s.startswith("muon_theory.")],
)
def test_sources_that_are_calls_regenerate_the_row(call: str) -> None:
    match = re.fullmatch(r"muon_theory\.family\.(\w+)\.at\((.*)\)", call)
    assert match
    arguments = dict(re.findall(r"(\w)='([^']*)'", match[2]))
    polynomial = {"CUBIC": CUBIC, "QUINTIC": QUINTIC}[match[1]].at(**arguments)
    assert polynomial in {catalogue.get(i).steps[0] for i in ("article", "article_cubic")}


def test_deepseek_is_eight_jordan_steps_and_two_of_the_stable_quintic() -> None:
    steps = catalogue.get("deepseekv4").steps
    assert steps == catalogue.get("jordan", 8).steps + catalogue.get("stable_quintic_2_15_05", 2).steps


def test_users_depart_from_their_entry() -> None:
    where = {u.where: u for e in EVERY for u in e.users}
    assert next(u for w, u in where.items() if "'quintic' (default)" in w).extension is Extension.CYCLE
    assert next(u for w, u in where.items() if "nanochat" in w).normalisation == Normalisation.FROBENIUS_101


def test_related_entries_say_why_and_give_no_schedule() -> None:
    assert len(catalogue.related()) == 6
    assert not {e.id for e in catalogue.related()} & set(catalogue.ids())
    for e in catalogue.related():
        with pytest.raises(UsageError, match="related, not certifiable: it"):
            catalogue.get(e.id)


@pytest.mark.parametrize(("typed", "meant"), [("jordon", "jordan"), ("polar_expres_101", "polar_express_101")])
def test_unknown_ids_name_close_ones(typed: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean .*{meant}"):
        catalogue.get(typed)
    with pytest.raises(UsageError, match="`presets` lists all"):
        catalogue.get("qqqqqqqq")


def test_the_data_is_read_on_first_use_only() -> None:
    code = (
        "import sys, muon_theory, muon_theory.catalogue as c; assert c._all.cache_info().currsize == 0; c.ids(); "
        "assert c._all.cache_info().currsize == 1; "
        "assert not {'sympy', 'mpmath', 'flint', 'numpy', 'torch'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stderr == ""
