"""T7: at the article's slope, and at Jordan's, other maps repeated five times are closer to 1."""

from __future__ import annotations

from muon_theory.article.curves import phi_curve
from muon_theory.article.kit import add, add_band, both, deviation, down, theorem, up
from muon_theory.article.sets import NAMES, ONE, STEPS
from muon_theory.document import Badge, Figure, Section, Table
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

BETTER = {
    "article": Schedule.parse("3.25,-3.5605,1.2805", STEPS),
    "jordan": Schedule.parse("3.4445,-3.9228,1.4028", STEPS),
}
"""With the slope of the set of that name; found by a search in floats, which proves nothing about the best."""

START = Interval.of("1/100", 1)


SAFE = {word: add(f"t7-{word}-slope-sign-safe", band.sign_safe, schedule, ONE.hi) for word, schedule in BETTER.items()}
BANDS = {word: add_band(f"t7-{word}-slope-band", schedule, START) for word, schedule in BETTER.items()}
THEIRS = {word: f"a14-band-{word}-from-0.01" for word in BETTER}
PROOFS = (*(name for word in BETTER for name in (SAFE[word], *both([BANDS[word]]))), *both(THEIRS.values()))


def section() -> Section:
    """T7: better maps at the same slopes."""
    rows = []
    for word, schedule in BETTER.items():
        assert schedule.steps[0].slope == NAMES[word].schedule.steps[0].slope
        theirs, ours = deviation(THEIRS[word]), deviation(BANDS[word])
        assert ours.hi < theirs.lo
        rows.append((NAMES[word].schedule.name, down(theirs.lo, 4), schedule.name.replace(",", ", "), up(ours.hi, 4)))
    curves = [phi_curve(NAMES["article"].schedule, "article"), phi_curve(BETTER["article"], "same slope, closer to 1")]
    return theorem(
        "T7",
        "Closer to 1 at the same slope",
        "The article fixes f(1) = 1, Jordan fixes nothing. Is either set the best that five equal steps can do at its "
        "own slope?",
        "With φ'(0) unchanged, five equal steps of another quintic keep every step positive on (0, 1] and have a "
        "smaller max |1 − φ| over [1/100, 1].",
        Badge.PROVED,
        f"No. At the article's slope max |1 − φ| falls from above {rows[0][1]} to at most {rows[0][3]}, at Jordan's "
        f"from above {rows[1][1]} to at most {rows[1][3]}. Both maps give up f(1) = 1, and neither attracts 1.",
        PROOFS,
        figures=(
            Figure(
                "t7-same-slope",
                "compare",
                "Five steps of the article's set, and of a quintic with the same slope at 0.",
                {"curves": curves, "log_from": 0.001, "ylim": [0, 1.4]},
            ),
        ),
        tables=(
            Table(
                "max |1 − φ| over [1/100, 1] after five equal steps: more than, and at most",
                ("published", "more than", "same slope", "at most"),
                tuple(rows),
            ),
        ),
        remarks=("The maps were found by a search in floats. Nothing is said of the best of all; "
                 "`muon-theory design --constant` searches with a bound.",),
        command='muon-theory certify --coefficients "3.25,-3.5605,1.2805" --lower 1/100',
    )  # fmt: skip
