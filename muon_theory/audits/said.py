"""The rule `contradiction`: names, comments, docstrings and constants that stand beside a list, compared with it.

Only what can be refuted is looked at, and each finding has its witness: a row, a value, the orbit of a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from muon_theory.audits.attribution import homes_of, spans
from muon_theory.audits.case import Case
from muon_theory.audits.finding import Finding, Severity, row_text
from muon_theory.audits.orbit import Orbit, grid, orbit
from muon_theory.audits.remarks import Remark
from muon_theory.claims.words import about
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

FAMILIES = {
    r"polar[ _-]?express": ("Polar Express", ("polar_express", "dao_polar", "nvidia_polar", "modded_polar", "su_mclip",
                                              "timm_polar", "polora", "degree17", "qwen")),
    r"\bcans\b|chebyshev": ("CANS", ("cans", "nvidia_cans")),
    r"\bdeepseek": ("DeepSeek-V4", ("deepseekv4", "jordan", "stable_quintic")),
    r"\bjordan\b|\bkeller\b": ("Keller Jordan", ("jordan",)),
    r"\bqwen": ("Qwen", ("qwen",)),
    r"\byou\s?jiacheng\b|\bjiacheng\b": ("You Jiacheng", ("you5", "you6")),
}  # fmt: skip
"""What a name or a key may promise, and the entries that keep the promise."""

_N = r"(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)"
_PAIR = rf"[\[(]\s*{_N}\s*,\s*{_N}\s*[\])]"
_BAND = re.compile(
    rf"(?:singular values?|range|band|image|interval|maps?|into|within|between|converge\w*)[^\[(\n]{{0,40}}{_PAIR}",
    re.I,
)
_MAPS = re.compile(
    rf"{_PAIR}[^\[(.;]{{0,40}}?(?:\b(?:in)?to\b|->|→|↦|⊂|⊆|\binside\b|\bwithin\b)[^\[(.;]{{0,20}}{_PAIR}"
)
_ERROR = re.compile(
    rf"(?:errors?|deviations?|distance)\b[^.;\n]{{0,40}}?(?:<=|≤|<|below|at most|of|=|is|:|\s)\s*~?{_N}[^.;\n]{{0,30}}?"
    rf"\b(?:on|over|for|in)\b[^.;\n\[(]{{0,20}}{_PAIR}",
    re.I,
)
_AT_ONE = re.compile(rf"\b(?:[fpφ]|phi)\(1(?:\.0*)?\)\s*(?:={{1,2}}|≈|~)\s*{_N}", re.I)
_SUM = re.compile(rf"\ba\s*\+\s*b\s*\+\s*c\s*(?:={{1,2}}|≈|~)\s*{_N}")
_SLOPE = re.compile(
    rf"(?:\bslope\b|\bf'\(0\)|φ'\(0\)|phi'\(0\))[^.;\n\d]{{0,30}}?(?:={{1,2}}|≈|~|\bof\b|\bis\b)\s*{_N}", re.I
)
_UP_TO = re.compile(
    rf"\b(?:safe|stable|converges?|bounded|valid)\b[^.;\d]{{0,50}}?(?:up\s+to|below|≤|<=|<|at most)\s*{_N}", re.I
)
_COUNT = re.compile(r"\bnum_(?:iters|steps)\s*=\s*(\d+)")
_IN_NAME = re.compile(r"(?:^|_)(\d{1,2})_?(?:steps?|iters?)(?:_|$)|(?:^|_)(?:steps?|iters?)_?(\d{1,2})(?:_|$)", re.I)
_FROM = r"(?:\bfrom|\bby|\bof|\bsee|\bare|\bthe)\s+(?:the\s+)?[\"'`@]?"
_NOT = re.compile(
    r"\bnot?\b|n't|\bnever\b|\bfails?\b|\bunlike\b|\binstead\b|\bexcept\b|\bdiffer|\bmust\b|\bshould\b|\bif\b|\bwhen\b"
    r"|\brequire|\bneed|\bsatisfy\b|\balternative",
    re.I,
)
"""What denies, asks for or supposes says nothing of the list."""
_MADE = {
    "lower": re.compile(rf"\b(?:l|lower(?:_bound)?|sigma_min|σ_min)\s*=\s*{_N}"),
    "safety": re.compile(rf"\bsafety(?:_factor)?(?:_eps)?\s*(?:=|of|factor)?\s*{_N}"),
    "cushion": re.compile(rf"\bcushion\s*=\s*{_N}"),
}
_DECIMAL = re.compile(r"(?<![\w.])(\d+\.\d+)(?![\w.])")


def contradiction(case: Case) -> Iterator[Finding]:
    """A name, a key, a comment, a docstring or a constant beside the list says of it what is not so."""
    yield from _named_otherwise(case)
    yield from _counts(case)
    rules = (_partly, _values, _slopes, _bands, _errors, _safe, _made)
    refuted = [f for remark in case.subject.said.remarks for find in rules for f in find(case, remark)]
    yield from refuted
    yield from (f for f in _rounded_inward(case) if f.line not in {g.line for g in refuted})


def _claims(pattern: re.Pattern[str], remark: Remark) -> Iterator[re.Match[str]]:
    """The matches in sentences that deny nothing."""
    return (m for m in pattern.finditer(remark.text) if not _NOT.search(remark.sentence(m.start())))


def _finding(
    remark: Remark, match: re.Match[str], said: str, witness: str, fix: str, severity: Severity = Severity.WARNING,
    row: int | None = None,
) -> Finding:  # fmt: skip
    quoted = " ".join(match[0].split())[:70]
    return Finding(
        severity, f"{quoted!r} is said beside the list, but {said}", witness, fix,
        line=remark.line_of(match.start()), row=row,
    )  # fmt: skip


# whose list it is


def _named_otherwise(case: Case) -> Iterator[Finding]:
    """A name of one published list over the rows of others, or over rows of which only some are its own."""
    homes = homes_of(case.schedule.steps)
    known = {entry for row in homes for entry, _ in row}
    name = " ".join(case.subject.said.names)
    for pattern, (title, keeps) in FAMILIES.items():
        match = re.search(pattern, name, re.I)
        if match and known and all(homes) and not any(entry.startswith(k) for entry in known for k in keeps):
            others = ", ".join(sorted(known)[:3])
            yield Finding(
                Severity.WARNING,
                f"the name {match[0]!r} stands over the rows of {others}, which are not of {title}",
                f"row 1: ({row_text(case.schedule.steps[0].coefficients)})",
                f"name the list {others.split(',')[0]}, or take the rows of the list that is named",
                row=0,
            )


def _partly(case: Case, remark: Remark) -> Iterator[Finding]:
    """'From X', where only some rows are of X."""
    steps = case.schedule.steps
    homes = homes_of(steps)
    for pattern, (title, keeps) in FAMILIES.items():
        for match in _claims(re.compile(_FROM + f"(?:{pattern})", re.I), remark):
            mine = [t for t, row in enumerate(homes) if any(e.startswith(k) for e, _ in row for k in keeps)]
            other = [t for t in range(len(steps)) if t not in mine]
            if other and len(mine) >= max(2, (len(steps) + 1) // 2) and not case.schedule.constant:
                many = len(other) > 1
                yield _finding(
                    remark,
                    match,
                    f"that is true of rows {spans(mine)} only: row{'s' * many} {spans(other)} "
                    f"{'are' if many else 'is'} in no list of {title}",
                    f"row {other[0] + 1}: ({row_text(steps[other[0]].coefficients)})",
                    "say where the other rows come from, or take the published ones",
                    row=other[0],
                )
            break


def _made(case: Case, remark: Remark) -> Iterator[Finding]:
    """Parameters of the generator: said, and found again from the rows."""
    claims = [(key, m) for key, pattern in _MADE.items() for m in _claims(pattern, remark)]
    if not claims or case.schedule.constant or not re.search(r"polar|minimax|composition|cushion", remark.text, re.I):
        return
    from muon_theory.audits.provenance import provenance

    found = provenance(case.schedule.steps)
    if found is None or found.parameters is None or not found.whole:
        return
    for key, match in claims:
        said = Fraction(match[1])
        is_ = getattr(found.parameters, key)
        said = 1 + said if key == "safety" and said < Fraction(1, 2) else said
        if abs(said - is_) > abs(is_) / 50:
            yield _finding(
                remark, match, f"with {key} {decimal(is_, 6)} the generator makes these rows",
                str(found), "correct the remark", Severity.NOTE,
            )  # fmt: skip


def _counts(case: Case) -> Iterator[Finding]:
    """A number of steps, in a comment or in the name, over another number of rows."""
    found = case.subject.found
    rows = len(found.rows) if found else 0
    if found is None or rows < 2 or len({tuple(n.value for n in row) for row in found.rows}) == 1:
        return
    fix = "correct the words, or the list"
    if found.kind == "table":
        for remark in case.subject.said.remarks:
            for match in _claims(_COUNT, remark):
                if int(match[1]) != rows:
                    yield _finding(remark, match, f"it has {rows} rows", f"len(rows) = {rows}", fix)
        for name in case.subject.said.names:
            number = _IN_NAME.search(name)
            if number and int(number[1] or number[2]) not in (rows, 0):
                yield Finding(
                    Severity.WARNING, f"the name {name!r} stands over {rows} rows",
                    f"len(rows) = {rows}", fix,
                )  # fmt: skip
                break


# what it does


def _values(case: Case, remark: Remark) -> Iterator[Finding]:
    """f(1) = v, of every row or of the whole; a + b + c = v."""
    sums = [sum(f.coefficients, Fraction(0)) for f in case.schedule.steps]
    for pattern in (_AT_ONE, _SUM):
        for match in _claims(pattern, remark):
            whole = match[0].lower().startswith(("φ", "phi"))
            values = [orbit(case.schedule, Fraction(1)).end.midpoint] if whole else sums
            wrong = next((t for t, v in enumerate(values) if not _reads(match[1], v)), None)
            if wrong is not None and (wrong == 0 or _reads(match[1], Fraction(1)) or whole):
                value = decimal(values[wrong], 12)
                yield _finding(
                    remark, match, f"{'the list' if whole else f'row {wrong + 1}'} takes 1 to {value}",
                    f"{'φ' if whole else f'f_{wrong + 1}'}(1) = {value}", "correct the words, or the row",
                    row=None if whole else wrong,
                )  # fmt: skip


def _slopes(case: Case, remark: Remark) -> Iterator[Finding]:
    """The slope at 0, of the first row or of the whole list."""
    for match in _claims(_SLOPE, remark):
        first, whole = case.schedule.steps[0].slope, case.schedule.slope
        if "." in match[1] and not _reads(match[1], first) and not _reads(match[1], whole):
            slopes = f"f_1'(0) is {about(first)}, φ'(0) is {about(whole)}"
            yield _finding(
                remark, match, "neither the first row nor the list has that slope", slopes, "correct the words"
            )


def _reads(text: str, value: Fraction) -> bool:
    """Is the text the value, rounded or cut off to the digits that it has?  A whole number is meant exactly."""
    said, unit = Fraction(text), _unit(text)
    if unit == 1:
        return said == value
    return abs(said - value) <= unit / 2 or 0 <= value - said < unit


def _unit(text: str) -> Fraction:
    """One in the last digit of a numeral."""
    mantissa, _, exponent = text.lower().partition("e")
    places = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(exponent or 0) - places)


def _bands(case: Case, remark: Remark) -> Iterator[Finding]:
    """[m, M] as the image of [l, u], or M as an upper end of the image of (0, 1]."""
    mapped = list(_claims(_MAPS, remark))
    for match in mapped:
        l, u, m, top = (Fraction(match[i]) for i in range(1, 5))
        if 0 < l < u <= 4 and 0 <= m < top <= 4 and m < 1 < top:
            yield from _outside(case, remark, match, Interval(l, u), (match[3], match[4]))
    for match in _claims(_BAND, remark):
        low, top = Fraction(match[1]), Fraction(match[2])
        if any(m.start() < match.end() and match.start() < m.end() for m in mapped):
            continue
        if 1 <= top <= 3 and low < top:
            yield from _outside(case, remark, match, Interval(case.bound / 10**4, case.bound), (None, match[2]))


def _errors(case: Case, remark: Remark) -> Iterator[Finding]:
    """A largest error on [l, u]."""
    for match in _claims(_ERROR, remark):
        error, l, u = (Fraction(match[i]) for i in range(1, 4))
        if 0 < l < u <= 4 and 0 < error < 1:
            yield from _outside(case, remark, match, Interval(l, u), (str(1 - error), str(1 + error)))


def _outside(
    case: Case, remark: Remark, match: re.Match[str], over: Interval, ends: tuple[str | None, str]
) -> Iterator[Finding]:
    """An orbit from `over` that ends below the lower end, or above the upper one."""
    low, top = (Fraction(e) if e is not None else None for e in ends)
    if top is not None and (o := _extreme(case.schedule, over, True)) and o.end.lo > top:
        fix = f"write an upper end of at least {decimal(o.end.hi, 6, +1)}"
        yield _finding(remark, match, f"some inputs end above {decimal(top, 9)}", o.story(), fix, Severity.NOTE)
    elif low is not None and (o := _extreme(case.schedule, over, False)) and o.end.hi < low:
        fix = f"write a lower end of at most {decimal(o.end.lo, 6, -1)}"
        yield _finding(remark, match, f"some inputs end below {decimal(low, 9)}", o.story(), fix, Severity.NOTE)


def _extreme(schedule: Schedule, over: Interval, highest: bool) -> Orbit | None:
    """The orbit of the point of `over` that ends highest, or lowest."""
    from muon_theory.finders.search import extreme_start

    points = [over.lo, over.hi, *(x for x in grid(over.hi) if x >= over.lo)]
    with suppress(UndecidedError):
        points.append(extreme_start(schedule, over, len(schedule.steps), highest))
    ends = [o for x in points if over.lo <= x <= over.hi and (o := orbit(schedule, x)).complete]
    return max(ends, key=lambda o: o.end.lo if highest else -o.end.hi, default=None)


def _safe(case: Case, remark: Remark) -> Iterator[Finding]:
    """Safe, stable or convergent up to some input that the list is not safe for."""
    for match in _claims(_UP_TO, remark):
        said = Fraction(match[1])
        if case.safe and Fraction(1, 2) <= said <= 3 and "." in match[1] and said > case.safe.hi:
            yield _finding(
                remark, match, "it is safe to less", f"safe σ_max ≤ {decimal(case.safe.hi, 12, +1)}",
                f"write at most {decimal(case.safe.lo, len(match[1]) - 1, -1)}",
            )  # fmt: skip


def _rounded_inward(case: Case) -> Iterator[Finding]:
    """A number of four digits or more that is a bound of this list, rounded the wrong way."""
    coefficients = {c for f in case.schedule.steps for c in f.coefficients}
    seen: set[Fraction] = set()
    for remark in (*case.subject.said.remarks, *case.subject.said.constants):
        for match in _DECIMAL.finditer(remark.text):
            number, digits = Fraction(match[1]), len(match[1].replace(".", "").lstrip("0"))
            if digits < 4 or number in seen or number in coefficients or not Fraction(1, 100) < number < 3:
                continue
            seen.add(number)
            if found := _wrong_side(case, number, _unit(match[1])):
                what, witness, right = found
                finding = _finding(remark, match, "", witness, f"write {right}", Severity.NOTE)
                yield replace(
                    finding, message=f"{match[1]} stands beside the list: that is {what}, rounded the wrong way"
                )


def _wrong_side(case: Case, number: Fraction, unit: Fraction) -> tuple[str, str, str] | None:
    """What the number is a rounding of, if it is one on the wrong side, by less than one in its last digit."""
    places = len(str(unit.denominator)) - 1
    up, down = (f"{{:.{places}f}}".format(float(number + k * unit)) for k in (1, -1))
    if case.safe and number > case.safe.hi and number - case.safe.lo < unit:
        return "its safe σ_max", f"safe σ_max ≤ {decimal(case.safe.hi, 12, +1)}", down
    if case.certified is None or case.certified.image is None:
        return None
    image = case.certified.image
    over = Interval(case.limits.lower, case.upper)
    of = f"end of its image of [{decimal(over.lo, 6)}, {decimal(over.hi, 6)}]"
    if 0 < image.hi - number < unit and (o := _extreme(case.schedule, over, True)) and o.end.lo > number:
        return f"the upper {of}", o.story(), up
    if 0 < number - image.lo < unit and (o := _extreme(case.schedule, over, False)) and o.end.hi < number:
        return f"the lower {of}", o.story(), down
    return None
