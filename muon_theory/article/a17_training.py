"""A17: what training runs say, read from a record; and why the learning rate has to move.

The record (`article/records/training.json`, format `muon-theory/training/1`) is what `python -m analysis.training`
writes; that study's README says what its parts mean and how its intervals are made.  Numbers are taken from it as they
stand; the tests compute them anew from its runs.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from muon_theory.article.a14_jordan import LEAST, MOMENTS, moment, rms
from muon_theory.article.kit import down, settle, span, up
from muon_theory.article.sets import ARTICLE, JORDAN
from muon_theory.claims.moments import UNIFORM
from muon_theory.document import Badge, Section, Table
from muon_theory.errors import UsageError
from muon_theory.evidence import Evidence, Standing
from muon_theory.number import decimal, rational

FORMAT = "muon-theory/training/1"
COMMAND = "muon-theory report"
PARTS = frozenset({"task", "command", "confidence", "seeds", "arms", "claim", "differences", "rates", "rescaled_rates",
                   "spectra", "runs"})  # fmt: skip
TITLES = {
    "newton_schulz_cubic": "(3/2, −1/2)",
    "article_cubic": "(1.99, −0.99)",
    "article": "(3.25, −3.51, 1.26)",
    "jordan": "Jordan's",
    "polar_express_101": "Polar Express",
    "exact": "exact polar factor",
}
PLACES = {"yes": "lies below", "no": "lies above", "unresolved": "contains"}
"""Where the paired interval lies, by whether the claim holds."""
KNOWN = {"yes": "coincide", "no": "do not coincide", "unresolved": "may or may not coincide"}
Record = dict[str, Any]


def read(path: Path | None = None) -> Record | None:
    """The record, or None where there is none yet.

    Raises UsageError if the file is no such record.
    """
    place = path or resources.files("muon_theory.article").joinpath("records", "training.json")
    if not place.is_file():
        return None
    record: Record = json.loads(place.read_text(encoding="utf-8"))
    if record.get("format") != FORMAT:
        raise UsageError(f"{place}: the format is {record.get('format')!r}, not {FORMAT!r}")
    if missing := sorted(PARTS - record.keys()):
        raise UsageError(
            f"{place}: the training record has no {missing[0]!r}: make it with `python -m analysis.training`"
        )
    return record


def why() -> str:
    """The remark on learning rates, with the certified means."""
    his, ours = (rms(word) for word in ("jordan", "article"))
    mine, other = (moment(word, UNIFORM, LEAST).mean for word in ("article", "jordan"))
    least, most = ((low / high - 1) * 100 for low, high in ((ours.lo, his.hi), (ours.hi, his.lo)))
    return (
        "Why the learning rate has to move: the update is U φ(Σ) Vᵀ, and its Frobenius norm is the root of the sum of "
        f"φ(σ)². Over a spectrum spread evenly on [{decimal(LEAST)}, 1] the root mean square of Jordan's φ lies in "
        f"{span(his, 4)}, of the article's in {span(ours, 4)} (the means in {span(other, 4)} and {span(mine, 4)}); "
        f"so the same learning rate takes steps that are larger by {down(least, 3)} to {up(most, 3)} % with the "
        "article's set. The momentum's spectrum is not spread evenly, and for singular values near 0 it is the other "
        "way round, by up to the ratio of the slopes (A15)."
    )


def section(path: Path | None = None) -> Section:
    """A17: the training record, or that there is none yet.

    CONFIRMED only if the whole paired interval lies below the margin, CONTRADICTED if it lies above, else UNRESOLVED.
    """
    record = read(path)
    head = (
        "A17",
        "Training",
        "With a slightly tuned learning rate the article's set trains as well as Jordan's.",
        "Over a sweep of learning rates and several seeds, paired, the loss of the article's set at its best learning "
        "rate exceeds that of Jordan's at its own by no more than a margin that was fixed before.",
    )
    files = tuple(MOMENTS[word, UNIFORM, LEAST] for word in ("article", "jordan"))
    if record is None:
        return settle(
            *head,
            Badge.OPEN,
            "Experiment not yet run: no training record is part of this report.",
            files,
            remarks=(why(),),
            command=COMMAND,
        )
    holds = record["claim"]["holds"]
    standing = {"yes": Standing.CONFIRMED, "no": Standing.CONTRADICTED}.get(holds)
    word = {"yes": "Confirmed", "no": "Contradicted"}.get(holds, "Not resolved")
    return settle(
        *head,
        {"yes": Badge.CONFIRMED, "no": Badge.CONTRADICTED}.get(holds, Badge.UNRESOLVED),
        f"{word} on {record['task']}: {said(record)}.",
        files,
        tables=(losses(record), shifts(record), spectra()),
        evidence=() if standing is None else (Evidence(found(record), standing, evidence(record), record["command"]),),
        remarks=(why(), learning_rates(record), momentum(record), limits(record)),
        command=COMMAND,
    )


def interval(e: dict[str, str] | None, digits: int = 2) -> str:
    """A value and its interval, rounded outward."""
    if e is None:
        return "not bracketed by the grid"
    low, high = down(rational(e["low"]), digits), up(rational(e["high"]), digits)
    return f"{decimal(rational(e['value']), digits)} [{low}, {high}]"


def said(record: Record) -> str:
    """The paired difference against the margin, in words."""
    c, best = record["claim"], {arm["set"]: arm for arm in record["arms"] if not arm["rescaled"]}
    e = c["difference"]
    sign = "with 0 inside" if rational(e["low"]) <= 0 <= rational(e["high"]) else "without 0"
    ours, his = (best[word]["best_rate"] for word in ("article", "jordan"))
    same, lowest = (interval(c[key]) for key in ("same_rate", "at_optimum"))
    if ours == his:
        at, other = f"at the learning rate {ours}, the best for both,", "With"
    else:
        at, other = f"at their best learning rates ({ours} and {his})", f"With both at {his} it is {same}; with"
    return (
        f"{at} the loss of the article's set less that of Jordan's is {interval(e)}, {sign}; the paired "
        f"{decimal(rational(record['confidence']) * 100)} % interval over {len(record['seeds'])} seeds "
        f"{PLACES[c['holds']]} the margin {decimal(rational(c['margin']), 2)}. {other} each at the lowest point of a "
        f"parabola through its curve it is {lowest}"
    )


def found(record: Record) -> str:
    """What was run, and where its interval lies."""
    return (
        f"{len(record['runs'])} runs with {len(record['seeds'])} seeds; the paired interval "
        f"{PLACES[record['claim']['holds']]} the margin."
    )


def evidence(record: Record) -> dict[str, object]:
    """What the finding rests on."""
    return {
        "runs": len(record["runs"]),
        "seeds": record["seeds"],
        **{k: record["claim"][k] for k in ("difference", "margin")},
    }


def losses(record: Record) -> Table:
    """Each map at its best learning rate."""
    against = {d["set"]: d["loss"] for d in record["differences"] if not d["rescaled"]}
    rows = tuple(
        (
            TITLES[arm["set"]],
            arm["best_rate"],
            decimal(rational(arm["mean"]), 5),
            decimal(rational(arm["deviation"]), 2),
            interval(against[arm["set"]]) if arm["set"] in against else "–",
        )
        for arm in record["arms"]
        if not arm["rescaled"]
    )
    header = ("map", "learning rate", "mean loss", "deviation of seeds", "less Jordan's, paired")
    return Table("Each map at its best learning rate", header, rows)


def shifts(record: Record) -> Table:
    """The best learning rates against the sizes of the updates."""
    rows = tuple(
        (TITLES[r["set"]], interval(r["shift"]),
         *(decimal(rational(r["sizes"][size]["predicted"]), 2) for size in ("rms", "gain", "norm")))
        for r in record["rates"]
    )  # fmt: skip
    header = ("map", "seen", "by Frobenius norm", "by Σ σ·φ(σ)/Σ σ", "by spectral norm")
    return Table(
        "Doublings of the best learning rate above Jordan's, seen and as the update's size predicts", header, rows
    )


def learning_rates(record: Record) -> str:
    """Do the best learning rates coincide when they are rescaled by the size of the update?"""
    cubic = next(r for r in record["rates"] if r["set"] == "newton_schulz_cubic")
    ours = next(r for r in record["rates"] if r["set"] == "article")
    rms, gain, norm = (KNOWN[cubic["sizes"][size]["left"]["coincide"]] for size in ("rms", "gain", "norm"))
    redone = next(r for r in record["rescaled_rates"] if r["set"] == "newton_schulz_cubic")
    predicted = {r["set"]: decimal(rational(r["sizes"]["rms"]["predicted"]), 2) for r in (ours, cubic)}
    return (
        "Measured, in doublings (log₂ of the ratio to Jordan's): the best rate of the article's set differs by "
        f"{interval(ours['shift'])}; if rates went as one over the update's Frobenius norm, it would be "
        f"{predicted['article']}. The test is the map with the smallest updates, (3/2, −1/2): that rule says "
        f"{predicted['newton_schulz_cubic']}, seen is {interval(cubic['shift'])}. To within half a step of the grid, "
        f"its optimum and Jordan's {rms} after rescaling by that norm; by the decrease to first order, Σ σ·φ(σ)/Σ σ, "
        f"they {gain}; by the spectral norm they {norm}. Trained with every update rescaled to one Frobenius norm, the "
        f"best rates differ by {interval(redone['shift'])}."
    )


def momentum(record: Record) -> str:
    """The spectra that the momentum has."""
    seen = [s for s in record["spectra"] if s["set"] == "jordan"]
    first, last = (
        f"at step {s['step']}, {decimal(rational(s['below']['0.001']) * 100, 2)} % of the singular values lie below "
        f"0.001 and the largest, σ₁, reaches {decimal(rational(s['largest']), 4)} (median "
        f"{decimal(rational(s['largest_median']), 3)})"
        for s in (seen[0], seen[-1])
    )
    return f"The momentum matrices X of these runs, divided by their Frobenius norm: {first}; {last}."


def spectra() -> Table:
    """One run's singular values, as shipped, and what φ makes of spectra that a model really has."""
    from muon_theory.spectra.recorded import STEPS, pooled

    def row(step: int) -> tuple[str, ...]:
        found = pooled(step)
        shares = (f"{100 * found.below(edge):.1f} %" for edge in (0.001, 0.01))
        made = (f"{f(JORDAN):.3f}; {f(ARTICLE):.3f}" for f in (found.root_mean_square, found.variance))
        return str(step), f"{found.median:.4f}", *shares, f"{found.largest:.3f}", *made

    return Table(
        "One run with Jordan's map: the momentum's σ over its Frobenius norm, and over them the root mean square and "
        "the variance of φ for Jordan's set; for the article's (all ≈)",
        ("step", "median σ", "σ < 0.001", "σ < 0.01", "largest σ", "root mean square", "variance"),
        tuple(map(row, STEPS)),
    )


def limits(record: Record) -> str:
    """What this cannot tell."""
    e = record["claim"]["difference"]
    width = decimal(rational(e["high"]) - rational(e["low"]), 2, +1)
    return (
        f"What this cannot tell: a difference smaller than the interval's width, {width}; what happens in larger "
        "models and longer training, on other text, or in bf16; learning rates finer than the parabola through three "
        "points of the grid. The rate of AdamW, which trains the embeddings, was not swept."
    )
