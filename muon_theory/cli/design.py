"""`design`: optimal schedules, with a bound that none of their degrees can beat."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import CertificatesOut, Format, columns, emit, note
from muon_theory.cli.subjects import MOST_STEPS, Number, ReadingName, number, reading_of, whole

EXIT = {"proved": 0, "refuted": 1, "undecided": 3}


def design(
    *,
    degree: Annotated[int, whole("the odd degree of every step", 1, 63)] = 5,
    steps: Annotated[int, whole("how many steps", 1, MOST_STEPS)] = 5,
    lower: Annotated[Number, Parameter(help="the least singular value that matters")] = "1/1000",
    upper: Annotated[Number, Parameter(help="the largest one")] = "1",
    digits: Annotated[int | None, whole("so many correct digits of every coefficient", 1, 1000)] = None,
    decimals: Annotated[int | None, whole("the best coefficients of so many decimals", 0, 1000)] = None,
    safety: Annotated[Number, Parameter(help="use p(x/s) in all steps but the last")] = "1",
    cushion: Annotated[Number | None, Parameter(help="l <- max(l, k u) in every step")] = None,
    reading: ReadingName = "decimal",
    out: CertificatesOut = None,
    format: Format = "text",
) -> int:
    """The schedule that minimises max |1 - φ| on [lower, upper], certified, beside the least error possible."""
    from muon_theory.certificate import bundle, write
    from muon_theory.designs import design as make

    found = make(
        degree,
        steps,
        number("--lower", lower),
        number("--upper", upper),
        digits=digits,
        decimals=decimals,
        safety=number("--safety", safety),
        cushion=None if cushion is None else number("--cushion", cushion),
        reading=reading_of(reading),
    )
    data = found.to_json()
    if out is not None:
        write(out, bundle(found.certificates))
        note(f"wrote {out}: check it with `python3 -I muon_theory/check.py {out}`")
    emit(data, lambda: _text(data), format)
    return EXIT[found.verdict.value]


def _text(data: dict[str, object]) -> str:
    steps, claims, image = data["steps"], data["claims"], data["image"]
    assert isinstance(steps, list)
    assert isinstance(claims, list)
    ending = [("ending", str(data["ending"]))] if data["ending"] else []
    facts = [
        *ending,
        ("image", ", ".join(image) if isinstance(image, list) else "not certified"),
        ("error", str(data["achieved"])),
        ("no schedule beats", str(data["lower_bound"] or "not certified")),
        ("ratio", str(data["ratio"] or "not certified")),
        ("slope φ'(0)", str(data["slope"])),
        ("matrix products", str(data["products"])),
    ]
    rows = [(str(c["verdict"]), str(c.get("statement") or c["type"])) for c in claims]
    table = "\n".join(", ".join(row) for row in steps)
    return f"{str(data['verdict']).upper()}\n\n{table}\n\n{columns(facts)}\n\n{columns(rows)}"
