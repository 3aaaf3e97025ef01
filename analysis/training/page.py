"""The record as tables in Markdown: what docs/training.md shows between its two marks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from analysis.training.muon import TITLES
from analysis.training.record import SIZES

Record = dict[str, Any]


def page(record: Record) -> str:
    parts = (under, claim, losses, rates, sizes, intervention, spectra)
    return "\n\n".join(part(record) for part in parts)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(text: str, digits: int = 3) -> str:
    return f"{float(text):.{digits}f}".replace("-", "−")


def span(e: dict[str, str] | None, digits: int = 3) -> str:
    """A value with its interval; a dash where there is none."""
    if e is None:
        return "not bracketed"
    return f"{number(e['value'], digits)} [{number(e['low'], digits)}, {number(e['high'], digits)}]"


def under(record: Record) -> str:
    """Under what it was measured."""
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return (
        f"{len(record['runs'])} runs of {record['task']}; seeds {', '.join(map(str, record['seeds']))}; learning rates "
        f"{', '.join(record['setting']['rates'])}; {record['device']['kind']} ({record['device']['name']}); "
        f"{versions}; `{record['command']}`. Intervals are {float(record['confidence']):.0%} each."
    )


def claim(record: Record) -> str:
    """The article's set against Jordan's."""
    c = record["claim"]
    one, *others = (("difference", "each at its best learning rate"), *CHOICES.items())
    same = [words for key, words in others if c[key] == c["difference"]]
    first = one[1] + "".join(f"; the same {words}" for words in same)
    rows = [(first, span(c["difference"], 4))]
    rows += [(words, span(c[key], 4)) for key, words in others if c[key] != c["difference"]]
    rows.append(("each at the lowest point of its parabola", span(c["at_optimum"], 4)))
    verdict = {"yes": "it does", "no": "it does not", "unresolved": "the interval does not tell"}[c["holds"]]
    return (
        table(("loss of the article's set less Jordan's, paired by seed", "nats a character"), rows)
        + f"\n\nIs it known to be at most {number(c['margin'], 4)} (the margin)? Answer: {verdict}."
        + share_of_the_grid(record)
    )


CHOICES = {
    "out_of_sample": "with learning rates chosen by the other seeds",
    "same_rate": "with both at Jordan's best learning rate",
}
"""Other ways to choose the learning rates; where one gives the very same number, it has no row of its own."""


def share_of_the_grid(record: Record) -> str:
    """How much of the difference is there because the grid has no point nearer to an optimum than half its step."""
    c, arms = record["claim"], {a["set"]: a for a in record["arms"] if not a["rescaled"]}
    if c["at_optimum"] is None or any(arms[name]["optimum"] is None for name in ("article", "jordan")):
        return ""
    seen, lowest = (float(c[key]["value"]) for key in ("difference", "at_optimum"))
    jordan, ours = (doublings_off(arms[name]) for name in ("jordan", "article"))
    share = f"{number(str(seen - lowest), 4)} of the {number(str(seen), 4)} ({(seen - lowest) / seen:.0%})"
    return (
        f" The grid has a step of {float(record['grid']):g} doubling, so an optimum may lie half a doubling from its "
        f"nearest point: Jordan's lies {jordan:.2f} doublings away, that of the article's set {ours:.2f}. By the "
        f"parabolas {share} is the grid's share."
    )


def doublings_off(arm: dict[str, str]) -> float:
    """From the best learning rate of the grid to the lowest point of the parabola."""
    return abs(math.log2(float(arm["optimum"]) / float(arm["best_rate"])))


def losses(record: Record) -> str:
    """Every arm at its best learning rate."""
    against = {(d["set"], d["rescaled"]): d["loss"] for d in record["differences"]}
    rows = [
        (
            TITLES[arm["set"]] + (", rescaled" if arm["rescaled"] else ""),
            arm["best_rate"],
            number(arm["mean"], 4),
            number(arm["deviation"], 4),
            span(against[arm["set"], arm["rescaled"]], 4) if (arm["set"], arm["rescaled"]) in against else "",
        )
        for arm in record["arms"]
    ]
    return table(("map", "best rate", "mean loss", "deviation of seeds", "less Jordan's, paired"), rows)


def rates(record: Record) -> str:
    """The best learning rates, by parabola, and their shifts."""
    optimum = {arm["set"]: arm["optimum"] for arm in record["arms"] if not arm["rescaled"]}
    rows = [
        (TITLES[r["set"]], "–" if optimum[r["set"]] is None else number(optimum[r["set"]], 4), span(r["shift"], 2))
        for r in record["rates"]
    ]
    jordan = "–" if optimum["jordan"] is None else number(optimum["jordan"], 4)
    return table(("map", "best learning rate", "doublings above Jordan's"), [(TITLES["jordan"], jordan, "0"), *rows])


def sizes(record: Record) -> str:
    """What would be left of the shifts, if learning rates went as one over each size."""
    at = {arm["set"]: arm["sizes"] for arm in record["arms"] if not arm["rescaled"]}
    header = ("map", *(word for size in SIZES.values() for word in (size, "left over")))
    words = {"yes": "coincide", "no": "apart", "unresolved": "unresolved"}
    rows = [(TITLES["jordan"], *(word for size in SIZES for word in (number(at["jordan"][size]), "0")))]
    for r in record["rates"]:
        cells = []
        for size in SIZES:
            left = r["sizes"][size]["left"]
            cells += [number(at[r["set"]][size]), f"{span(left['shift'], 2)} {words[left['coincide']]}"]
        rows.append((TITLES[r["set"]], *cells))
    return table(header, rows)


def intervention(record: Record) -> str:
    """The runs whose updates were rescaled to one size."""
    plain = {r["set"]: r["shift"] for r in record["rates"]}
    rows = [(TITLES[r["set"]], span(plain[r["set"]], 2), span(r["shift"], 2)) for r in record["rescaled_rates"]]
    return table(("map", "doublings above Jordan's, as they are", "both rescaled to ρ = 1"), rows)


def spectra(record: Record) -> str:
    """The singular values of the momentum matrices."""
    rows = [
        (
            TITLES[s["set"]],
            str(s["step"]),
            *(f"{float(share):.2%}" for share in s["below"].values()),
            number(s["largest_median"], 3),
            number(s["largest"], 4),
        )
        for s in record["spectra"]
        if s["set"] in ("jordan", "article", "exact")
    ]
    edges = (f"below {edge}" for edge in record["spectra"][0]["below"])
    return table(("map", "step", *edges, "σ₁/‖X‖_F, median", "largest"), rows)
