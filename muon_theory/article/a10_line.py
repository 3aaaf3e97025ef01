"""A10: five iterations on the article's line b = 2.99 - 2a."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from muon_theory.article import neighbourhood as near
from muon_theory.article.curves import critical_square, iterate, phi_curve
from muon_theory.article.kit import CERTIFICATES, coq, settle, span
from muon_theory.article.sets import LINE, SLOPE, STEPS, repeated
from muon_theory.document import Badge, Figure, Section
from muon_theory.number import decimal

DELTA = Fraction(1, 5)
DELTAS = (Fraction(1, 5), Fraction(3, 20), Fraction(1, 10))
SAMPLES = tuple(near.sample("a10", LINE, a, DELTA) for a in ("2", "2.25", "2.5", "2.75", "3", "3.25", "3.3", "3.34"))
SHOWN = ("1.5", "2", "2.5", "3", "3.25", "3.36")


def member(a: float) -> tuple[float, float, float]:
    """The coefficients of the article's line at a."""
    s = float(SLOPE)
    return a, (5 - s) / 2 - 2 * a, a - (3 - s) / 2


def critical_value(a: float) -> float:
    """max f over [0, 1]: at the first critical point, as f'(0) > 0 > f'(1)."""
    c1, c3, c5 = f = member(a)
    y = critical_square(f)
    return y**0.5 * (c1 + c3 * y + c5 * y * y)


@cache
def best_on_line(values: tuple[str, ...] = tuple(str(2 + i / 200) for i in range(268))) -> tuple[float, float]:
    """The a among these for which five steps bring [1/100, 1] closest to 1, and the error seen."""
    points = [0.01 ** (i / 300) for i in range(301)]
    errors = [(max(abs(iterate(member(float(a)), x, STEPS) - 1) for x in points), float(a)) for a in values]
    error, a = min(errors)
    return a, error


def section() -> Section:
    """A10: five iterations on the article's line as a varies."""
    by_a = {s.a: near.bracket(s) for s in SAMPLES}
    values = [1.8 + 1.54 * i / 110 for i in range(111)]
    curves = [phi_curve(repeated(LINE.at(a=a), a), f"a = {a}") for a in SHOWN]
    growth = near.widening(
        "A10: the neighbourhood of 1 that φ reaches widens with a, on the line b = 2.99 − 2a",
        LINE,
        Fraction(2),
        Fraction(3),
        "∂f/∂a = x(1 - x²)² > 0",
        "on the line",
    )
    (best_a, error), (_, ours) = best_on_line(), best_on_line(("3.25",))
    last, best = SAMPLES[-1], min(SAMPLES, key=lambda s: near.bracket(s).hi)
    return settle(
        "A10",
        "Five iterations on the article's line, as a varies",
        "Fix b = 2.99 − 2a, so c = a − 1.99; as a grows, the neighbourhood that converges to 1 widens.",
        f"On this line f'(1) = {SLOPE} for every a. The x at which φ first comes within δ of 1 falls strictly in a; "
        "the least x from which φ stays within δ does not.",
        Badge.CORRECTED_PARTLY,
        f"It widens, until the overshoot spoils it, before any orbit diverges: for δ = {DELTA}, x_δ falls to "
        f"{span(by_a[best.a], 4)} at a = {best.a}, and is {span(by_a[last.a], 4)} at a = {last.a}, still below the "
        "threshold of A11.",
        near.certificates(SAMPLES),
        clauses=(
            ("the brackets of x_δ at the a of the table", CERTIFICATES),
            (
                "the x at which φ first comes within δ of 1 falls strictly in a ≥ 1, on every line f'(1) = s ≤ 1",
                coq("quintic_first_passage"),
            ),
            ("x_δ between the a of the table, as in the figure", "a scan in floats"),
        ),
        derivations=(growth,),
        tables=(near.table(SAMPLES, DELTA, f"Certified brackets for δ = {DELTA} and five steps, on b = 2.99 − 2a"),),
        figures=(
            Figure(
                "a10-iterates",
                "iterates",
                "φ = f⁵ on the line b = 2.99 − 2a, as in the article; at a = 3.36, past the threshold, the curve "
                "leaves the page.",
                {"curves": curves, "near_zero": [0, 0.1], "ylim": [0, 1.6]},
            ),
            Figure(
                "a10-neighbourhood",
                "neighbourhood",
                "Left: the least x from which φ stays within δ of 1, on the line b = 2.99 − 2a. Right: the overshoot "
                "of f.",
                near.figure_data(member, values, DELTAS, lambda a: critical_value(a) - 1),
            ),
        ),
        remarks=(
            f"Why 2.99: it gives f'(1) = {decimal(SLOPE)}, the multiplier of the article's cubic with a = 1.99. "
            "Closer to −1 the threshold of A11 comes later, and the approach to 1 is slower.",
            f"The best a on this line, for five steps over [1/100, 1], is about {best_a:.2f}, with max |φ − 1| ≈ "
            f"{error:.2g}; at the article's a = 3.25 it is {ours:.2g} (scans in floats).",
            f"The multiplier on the line: b = 2.99 − 2a gives f'(1) = 5 − 4a − 2b = {decimal(SLOPE)}.",
            "Correction: widening is monotone for the first passage only. Just below the divergence threshold φ "
            "swings widest.",
        ),
        command="muon-theory certify --coefficients 3.34,-3.69,1.35 --lower 1/10",
    )
