"""The training study (A17): its statistics, a tiny sweep, and the record that the report and docs/training.md quote."""

import json
import math
import re
from dataclasses import asdict, replace
from pathlib import Path

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.article import a17_training as training
from muon_theory.document import Badge
from muon_theory.errors import UsageError
from muon_theory.evidence import Standing

torch = pytest.importorskip("torch")

from analysis.training import __main__ as command  # noqa: E402
from analysis.training import data, muon, page, record, statistics, sweep  # noqa: E402
from analysis.training.model import Transformer  # noqa: E402
from analysis.training.statistics import Estimate, Sweep  # noqa: E402

PAGE = Path(__file__).parents[2] / "docs" / "training.md"
MARKED = re.compile(r"<!-- from the record -->\n(.*)\n<!-- to here -->", re.DOTALL)
TINY = sweep.SETTINGS["tiny"]
floats = st.floats(-10, 10).map(lambda x: round(x, 3))
samples = st.lists(floats, min_size=2, max_size=8)

# Statistics ----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.floats(0.01, 50))
def test_students_distribution_is_the_incomplete_beta_function(nu, t):
    expected = 1 - mpmath.betainc(nu / 2, 0.5, 0, nu / (nu + t * t), regularized=True)
    assert statistics.student(t, nu) == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.parametrize(("nu", "t"), [(1, 12.7062), (2, 4.30265), (4, 2.776445), (9, 2.262157), (30, 2.042272)])
def test_quantiles_are_those_of_the_tables(nu, t):
    assert statistics.quantile(nu, 0.95) == pytest.approx(t, rel=1e-5)


@given(samples)
def test_the_jackknife_of_a_mean_is_the_t_interval(values):
    e = statistics.mean_interval(values)
    n = len(values)
    mean = sum(values) / n
    half = statistics.quantile(n - 1) * math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n)
    assert [e.low, e.value, e.high] == pytest.approx([mean - half, mean, mean + half], abs=1e-8)


@given(samples, floats, st.floats(0.1, 10))
def test_intervals_move_and_stretch_with_the_data(values, offset, factor):
    e, moved = statistics.mean_interval(values), statistics.mean_interval([factor * v + offset for v in values])
    expected = [factor * x + offset for x in (e.low, e.value, e.high)]
    assert [moved.low, moved.value, moved.high] == pytest.approx(expected, abs=1e-6)


def test_intervals_cover_as_often_as_they_say():
    draw = torch.randn(4000, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64).tolist()
    covered = sum(e.low <= 0 <= e.high for e in map(statistics.mean_interval, draw))
    assert abs(covered / 4000 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 4000)


@given(floats, floats, st.floats(0.1, 10), st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)))
def test_the_vertex_of_a_parabola_is_found(at, start, curvature, gaps):
    x = [start, start + gaps[0], start + sum(gaps)]
    assert statistics.vertex(x, [curvature * (v - at) ** 2 + 1 for v in x]) == pytest.approx((at, 1), abs=1e-5)
    assert statistics.vertex(x, [-curvature * (v - at) ** 2 for v in x]) is None


def parabolas(*optima):
    """A sweep over six rates; seed s has its optimum at log₂ rate = optima[s]."""
    rates = tuple(2.0**k for k in range(-6, 0))
    return Sweep(rates, tuple(tuple((math.log2(r) - o) ** 2 for o in optima) for r in rates))


@given(st.lists(st.floats(-4.4, -2.6), min_size=3, max_size=6), st.floats(-0.5, 0.5))
def test_a_shift_of_all_optima_is_recovered_exactly(optima, by):
    theirs, ours = parabolas(*optima), parabolas(*(o + by for o in optima))
    found = statistics.shift(ours, theirs, 1.0)
    assert [found.low, found.value, found.high] == pytest.approx([by + 1] * 3, abs=1e-6)
    same_depth = statistics.at_optimum(ours, ours)
    assert [same_depth.low, same_depth.high] == [0, 0]


def test_an_optimum_at_the_end_of_the_grid_has_no_value():
    assert statistics.shift(parabolas(-9, -9.1), parabolas(-3, -3.1)) is None
    with_divergence = Sweep((1.0, 2.0, 4.0), ((2.0, 2.0), (1.0, 1.0), (math.inf, 3.0)))
    assert with_divergence.best() == 1
    assert with_divergence.optimum(range(2)) is None


@given(st.lists(floats, min_size=5, max_size=5), st.floats(0.001, 1))
def test_what_is_common_to_both_arms_does_not_widen_a_paired_interval(common, gap):
    theirs = Sweep((1.0, 2.0, 4.0), tuple(tuple(c + d for c in common) for d in (20, 0, 20)))
    ours = Sweep((1.0, 2.0, 4.0), tuple(tuple(c + d + gap for c in common) for d in (20, 0, 20)))
    for compare in (statistics.at_best, statistics.out_of_sample, statistics.at_same_rate):
        e = compare(ours, theirs)
        assert [e.low, e.value, e.high] == pytest.approx([gap] * 3, abs=1e-6)


@given(floats, st.floats(0, 5), st.floats(0, 5), st.floats(0.01, 5))
def test_verdicts_are_three_valued(value, below, above, margin):
    e = Estimate(value, value - below, value + above)
    assert (e.at_most(margin) == "yes") == (e.high <= margin)
    assert (e.at_most(margin) == "no") == (e.low > margin)
    assert (e.within(margin) == "yes") == (e.high <= margin and e.low >= -margin)
    assert e.within(margin) != "no" or margin < abs(e.value)


def test_one_seed_makes_no_interval():
    with pytest.raises(UsageError, match="two seeds or more"):
        statistics.mean_interval([1.0])


# Data, model, optimiser ----------------------------------------------------------------------------------------------


def test_training_and_validation_text_share_no_document_and_every_character_has_an_index():
    corpus = data.corpus("topics")
    documents = data.documents("topics")
    read = "".join(corpus.characters[i] for i in corpus.valid.tolist())
    assert read == "\n".join(documents[::10])
    assert len(corpus.train) + len(corpus.valid) == sum(map(len, documents)) + len(documents) - 2
    text, following = corpus.batch(torch.Generator().manual_seed(0), 3, 16)
    assert torch.equal(text[:, 1:], following[:, :-1])
    with pytest.raises(UsageError, match="'topics' or 'library'"):
        data.documents("novels")


def test_the_model_does_not_see_what_follows():
    torch.manual_seed(0)
    model = Transformer(20, 16, 2, 2, 8)
    text = torch.randint(20, (2, 8))
    changed = text.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % 20
    assert torch.equal(model(text)[:, :5], model(changed)[:, :5])
    assert not torch.equal(model(text)[:, 5:], model(changed)[:, 5:])
    assert all(p.dim() == 2 for p in model.hidden().values())


def test_muons_first_update_is_the_polar_factor_of_the_gradient():
    torch.manual_seed(0)
    W = torch.nn.Parameter(torch.randn(12, 5))
    before = W.detach().clone()
    W.grad = torch.randn(12, 5)
    optimiser = muon.Muon([W], muon.orthogonaliser(muon.EXACT))
    optimiser.step(0.1, watch=1)
    U, _, Vh = torch.linalg.svd(W.grad, full_matrices=False)
    assert torch.allclose(before - W.detach(), 0.1 * (12 / 5) ** 0.5 * U @ Vh, atol=1e-5)
    seen = optimiser.spectra[0]
    assert [seen.rms, seen.gain, seen.norm] == pytest.approx([1, 1, 1], abs=1e-5)
    assert seen.largest[0] == pytest.approx(float(torch.linalg.svdvals(W.grad)[0] / W.grad.norm()), abs=1e-4)


@pytest.mark.parametrize("name", list(muon.TITLES))
def test_rescaled_updates_have_size_1_and_stacking_changes_nothing(name):
    torch.manual_seed(1)
    apart, together = ([torch.nn.Parameter(torch.randn(6, 6)) for _ in range(3)] for _ in range(2))
    for p, q in zip(apart, together, strict=True):
        q.data.copy_(p.data)
        p.grad = torch.randn(6, 6)
        q.grad = p.grad.clone()
    before = [p.detach().clone() for p in apart]
    for p in apart:
        muon.Muon([p], muon.orthogonaliser(name), rescaled=True).step(1.0)
    muon.Muon(together, muon.orthogonaliser(name), rescaled=True).step(1.0)
    for p, q, start in zip(apart, together, before, strict=True):
        assert torch.allclose(p, q, atol=1e-4)
        assert float(muon.size((start - p.detach())[None])) == pytest.approx(1, abs=1e-4)


def test_a_map_that_is_not_in_the_study_is_refused():
    with pytest.raises(UsageError, match="write one of"):
        muon.orthogonaliser("jordn")


# A tiny sweep --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return sweep.sweep(TINY, tmp_path_factory.mktemp("study") / "runs.jsonl", workers=1)


def test_every_run_is_there_once_and_seeds_are_paired(runs):
    assert len(runs) == len(sweep.ARMS) * len(TINY.rates) * TINY.seeds == len({sweep.key(run) for run in runs})
    for seed in range(TINY.seeds):  # same weights and same first batch: the same first momentum, whatever the map
        first = {tuple(run["spectra"][0]["largest"]) for run in runs if run["seed"] == seed}
        assert len(first) == 1


def test_the_sweep_goes_on_where_it_was_interrupted(runs, tmp_path):
    log = tmp_path / "runs.jsonl"
    lines = [sweep.header(TINY, "cpu"), *runs[:-2]]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"seed": 0, "set": "jor')
    told = []
    found = sweep.sweep(TINY, log, workers=1, tell=lambda done, every: told.append((done, every)))
    assert told == [(len(runs) - 1, len(runs)), (len(runs), len(runs))]
    assert found == runs
    assert sweep.sweep(TINY, log, workers=1) == runs
    with pytest.raises(UsageError, match="runs of another study"):
        sweep.sweep(replace(TINY, steps=6), log, workers=1)


@pytest.mark.long
def test_two_processes_find_what_one_finds(runs, tmp_path):
    assert sweep.sweep(TINY, tmp_path / "runs.jsonl", workers=2) == runs


def test_the_record_of_a_tiny_sweep_fills_the_page_and_the_report(runs, tmp_path):
    made = record.record(runs, TINY, "cpu", "python -m analysis.training --size tiny")
    well_formed(made)
    assert page.page(made).count("| ---") > 5
    file = tmp_path / "training.json"
    file.write_text(json.dumps(made))
    assert training.section(file).tables[0].rows


def test_the_command_refuses_in_one_line(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for words, said in ((["--seeds", "1"], "2 seeds or more"), (["--device", "cuda"], "no CUDA device")):
        assert command.main(["--size", "tiny", *words]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert len(error.splitlines()) == 1


# The record ----------------------------------------------------------------------------------------------------------


def well_formed(made):
    assert made["format"] == training.FORMAT == record.FORMAT
    assert made.keys() >= training.PARTS
    assert not list(floats_in(made)), "decimals are strings"
    assert {(arm["set"], arm["rescaled"]) for arm in made["arms"]} == set(sweep.ARMS)
    of_each = len(made["seeds"]) * len(made["setting"]["rates"])
    assert len(made["runs"]) == of_each * len(made["arms"])
    for s in made["spectra"]:
        shares = [float(share) for share in s["below"].values()]
        assert shares == sorted(shares)
        assert 0 < float(s["largest_median"]) <= float(s["largest"]) <= 1


def floats_in(value):
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from floats_in(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from floats_in(part)


@pytest.fixture(scope="module")
def shipped():
    found = training.read()
    assert found is not None
    return found


def test_the_shipped_record_is_one_of_this_study(shipped):
    well_formed(shipped)
    small = json.loads(json.dumps(asdict(sweep.SETTINGS["small"])))
    assert shipped["setting"] == {k: v if isinstance(v, (str, int, list)) else repr(v) for k, v in small.items()}
    assert len(shipped["seeds"]) >= 5
    assert len(shipped["setting"]["rates"]) >= 5
    assert {"torch", "python", "muon_theory"} <= shipped["versions"].keys()


def test_what_the_shipped_record_says_follows_from_its_runs(shipped):
    sweeps = {arm: record.sweep_of(shipped["runs"], arm) for arm in sweep.ARMS}
    ours, theirs = sweeps["article", False], sweeps["jordan", False]
    assert shipped["claim"] == record.claim(ours, theirs)
    sizes = {(a["set"], a["rescaled"]): {k: float(v) for k, v in a["sizes"].items()} for a in shipped["arms"]}
    for arm in shipped["arms"]:
        which = arm["set"], arm["rescaled"]
        assert arm == record.described(which, sweeps[which], sizes[which])
    for found in shipped["differences"]:
        a, b = ((name, found["rescaled"]) for name in (found["set"], "jordan"))
        assert found["loss"] == record.interval(statistics.at_best(sweeps[a], sweeps[b]))
    for found in shipped["rates"]:
        assert close(found, record.rate(found["set"], sweeps, sizes))
    for found in shipped["rescaled_rates"]:
        again = record.moved(sweeps[found["set"], True], sweeps["jordan", True], 0.0)
        assert found == {"set": found["set"], **again}


def close(a, b):
    """Equal, but for the last places of decimals: the sizes were rounded when they were written."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, str) and re.fullmatch(r"-?\d+\.\d+", a):
        return float(a) == pytest.approx(float(b), abs=1e-5)
    return a == b


def test_the_page_quotes_the_shipped_record(shipped):
    found = MARKED.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[1] == page.page(shipped), "write what `python -m analysis.training --page` prints between the marks"


def test_what_the_page_says_in_words_is_what_the_record_says(shipped):
    arms = {(a["set"], a["rescaled"]): a for a in shipped["arms"]}
    claim, rates = shipped["claim"], {r["set"]: r for r in shipped["rates"]}
    ends = {
        d["set"]: (float(d["loss"]["low"]), float(d["loss"]["high"]))
        for d in shipped["differences"]
        if not d["rescaled"]
    }
    assert claim["holds"] == "yes"
    assert all(ends[name][1] < 0 for name in ("article", "polar_express_101", "exact"))
    assert float(claim["difference"]["value"]) < float(claim["at_optimum"]["value"]) < 0
    assert {a["best_rate"] for a in arms.values() if not a["rescaled"]} == {"0.02"}
    cubics = ("newton_schulz_cubic", "article_cubic")
    assert min(float(m) for c in cubics for m in arms[c, False]["mean_losses"]) > float(arms["jordan", False]["mean"])
    jordan = float(arms["jordan", False]["sizes"]["rms"])
    for name in ("article", "polar_express_101", "exact"):
        assert float(arms[name, False]["sizes"]["rms"]) > jordan
        assert float(rates[name]["shift"]["high"]) < 0
        left = rates[name]["sizes"]["rms"]["left"]
        assert left["coincide"] == "yes"
        assert float(left["shift"]["high"]) < 0
    redone = {r["set"]: r for r in shipped["rescaled_rates"]}
    assert float(rates["article"]["shift"]["high"]) < float(redone["article"]["shift"]["low"])
    cubic = rates["newton_schulz_cubic"]
    assert float(arms["newton_schulz_cubic", False]["sizes"]["rms"]) < jordan / 2
    assert float(cubic["shift"]["high"]) < 0.1
    assert {size: part["left"]["coincide"] for size, part in cubic["sizes"].items()} == {
        "rms": "no", "gain": "yes", "norm": "yes"
    }  # fmt: skip
    assert round(float(redone["newton_schulz_cubic"]["shift"]["value"])) == -1
    for size in record.SIZES:
        assert any(float(r["sizes"][size]["left"]["shift"]["high"]) < 0 for r in rates.values())
    for name in ("jordan", "article", "exact"):
        seen = [s for s in shipped["spectra"] if s["set"] == name]
        shares = [float(s["below"]["0.001"]) for s in seen]
        assert shares[0] == max(shares)
        assert min(shares) > 0
        assert float(seen[0]["largest"]) == max(float(s["largest"]) for s in seen) > 0.98


# The report's A17 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "holds", "badge", "standings"),
    [
        ((-0.01, 0.01), "yes", Badge.CONFIRMED, [Standing.CONFIRMED]),
        ((0.05, 0.07), "no", Badge.CONTRADICTED, [Standing.CONTRADICTED]),
        ((-0.01, 0.07), "unresolved", Badge.UNRESOLVED, []),
    ],
)
def test_the_badge_stands_only_if_the_interval_supports_it(shipped, tmp_path, ends, holds, badge, standings):
    e, margin = Estimate(sum(ends) / 2, *ends), 0.02
    changed = {**shipped["claim"], "difference": record.interval(e), "margin": str(margin), "holds": e.at_most(margin)}
    file = tmp_path / "training.json"
    file.write_text(json.dumps({**shipped, "claim": changed}))
    section = training.section(file)
    assert changed["holds"] == holds
    assert section.badge is badge
    assert [e.standing for e in section.evidence] == standings


def test_without_a_record_nothing_is_claimed(tmp_path):
    section = training.section(tmp_path / "none.json")
    assert section.badge is Badge.OPEN
    assert section.evidence == ()


@pytest.mark.parametrize(
    ("content", "said"), [({"format": "other/1"}, "the format is"), ({"format": training.FORMAT}, "has no 'arms'")]
)
def test_a_file_that_is_no_record_is_refused(tmp_path, content, said):
    file = tmp_path / "training.json"
    file.write_text(json.dumps(content))
    with pytest.raises(UsageError, match=said):
        training.read(file)
