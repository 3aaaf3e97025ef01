"""A reader of printed sentences, by the grammar of docs/statements.md; it shares nothing with the printer.

`read(sentence)` is the statement as data: for which parameters (`boxes`), and what then holds (`Says`).  A sentence of
no form of the grammar raises `Unreadable`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction as Q
from typing import Any

Interval = tuple[Q, Q]


class Unreadable(Exception):
    """The sentence has no form of the grammar."""


@dataclass(frozen=True)
class Says:
    """What holds, by the name of the form, with its numbers as printed."""

    form: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """For every parameter of the boxes (all of them where there is none to speak of) it holds."""

    says: Says
    names: tuple[str, ...] = ()
    boxes: tuple[tuple[Interval, ...], ...] = ()
    open: bool = False
    elsewhere: int = 0  # so many boxes, which stand in the certificate


N = r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?(?:/[0-9]+)?"
I = rf"\[{N}, {N}\]"
MAP = r"(?:φ|f[⁰¹²³⁴⁵⁶⁷⁸⁹]*)"
IN = "(?:in|∈)"
NAME = r'(?:[^\W\d]\w*|"[^"]*")'
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def number(text: str) -> Q:
    """A fraction or a decimal, exactly."""
    return Q(text)


def interval(text: str) -> Interval:
    lo, hi = map(number, text[1:-1].split(", "))
    if lo > hi:
        raise Unreadable(f"an interval that is none: {text}")
    return lo, hi


def steps(text: str) -> int | None:
    """n of fⁿ; φ is all steps."""
    return None if text == "φ" else int(text[1:].translate(SUPERSCRIPTS) or 1)


def point(text: str) -> Interval:
    return number(text), number(text)


def start(text: str) -> Interval:
    """Every x in [l, u], x ∈ [l, u], or x = q."""
    found = re.fullmatch(rf"(?:every )?x(?:_0)? (?:{IN} (?P<i>{I})|= (?P<n>{N}))", text)
    if not found:
        raise Unreadable(text)
    return interval(found["i"]) if found["i"] else point(found["n"])


def numbers(text: str) -> list[Q]:
    return [number(n) for n in text.split(", ")]


def perhaps(text: str) -> list[Q]:
    return numbers(text) if text else []


def errors(text: str) -> list[Q]:
    """ε_1 ≤ q, ε_2 ≤ r, …, every one of them in its place; or q, r, …."""
    named = re.findall(rf"ε_([0-9]+) ≤ ({N})", text)
    if [int(t) for t, _ in named] != list(range(1, len(named) + 1)):
        raise Unreadable(text)
    return [number(n) for _, n in named] or numbers(text)


def allowed(text: str) -> list[dict[str, Q]]:
    """ε_1 ≤ q, ρ_1 ≤ r, τ_1 ≤ s, σ_1 ≤ t; ε_2 ≤ …: what each step is allowed, by its letter."""
    found = []
    for t, step in enumerate(text.split("; "), 1):
        named = re.findall(rf"([ρετσ])_([0-9]+) ≤ ({N})", step)
        if {int(at) for _, at, _ in named} != {t}:
            raise Unreadable(text)
        found.append({letter: number(n) for letter, _, n in named})
    return found


def intervals(text: str) -> list[Interval]:
    return [interval(i) for i in re.findall(I, text)]


START = rf"(?:every )?x(?:_0)? (?:{IN} {I}|= {N})"
READ: dict[str, Any] = {
    "i": interval, "j": interval, "n": number, "k": int, "map": steps, "start": start, "errors": errors, "p": number,
    "intervals": intervals, "degrees": lambda text: [int(d) for d in text.split(", ")], "relation": str, "value": str,
    "degree": int, "range": interval, "slope": interval, "multiplier": interval, "again": interval,
    "power": lambda text: int(text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")) or 1),
    "shares": perhaps, "rests": perhaps, "norms": perhaps, "allowed": allowed,
    "measure": str, "mean": interval, "square": interval, "variance": interval,
}  # fmt: skip
NS = rf"{N}(?:, {N})*"
STEP = rf"ε_[0-9]+ ≤ {N}(?:, ρ_[0-9]+ ≤ {N}, τ_[0-9]+ ≤ {N})?(?:, σ_[0-9]+ ≤ {N})?"
FIXED = rf"(?:f\(p\) = p for|f has) exactly one (?:fixed point )?p {IN} (?P<i>{I})"
MULTIPLIER = r"\|f'\(p\)\| (?P<relation>[<>]) 1"
EVERY_ORBIT = r"every orbit (?:of f )?from"
FORMS: list[tuple[str, str]] = [
    ("inside", rf"(?P<map>{MAP})\((?P<i>{I})\) ⊆ (?P<j>{I})"),
    ("inside at", rf"(?P<map>{MAP})\((?P<p>{N})\) ∈ (?P<j>{I})"),
    ("attained", rf"(?P<map>{MAP})\((?P<i>{I})\) ⊇ (?P<j>{I})"),
    ("slope", rf"(?P<map>{MAP})'\(0\) = (?P<n>{N})"),
    ("slope in", rf"(?P<map>{MAP})'\(0\) ∈ (?P<j>{I})"),
    ("positive", rf"every step is > 0 on the orbits of \(0, (?P<n>{N})\]"),
    ("positive", rf"f_t\(… f_1\(x\)\) > 0 for every t and every x ∈ \(0, (?P<n>{N})\]"),
    ("flips", rf"step (?P<k>[0-9]+) makes the iterate of (?P<start>{START}) negative"),
    (
        "flips",
        r"of x, f_1\(x\), f_2\(f_1\(x\)\), … the first (?P<k>[0-9]+) are > 0 and the next is < 0,"
        rf" for (?P<start>{START})",
    ),
    ("robust", rf"(?P<i>{I}) → (?P<j>{I}) if (?P<errors>ε_1 ≤ {N}(?:, ε_[0-9]+ ≤ {N})*)"),
    (
        "all but",
        rf"(?P<i>{I}) → (?P<j>{I})(?: for all but (?P<k>[0-9]+) of the values)? if (?P<allowed>{STEP}(?:; {STEP})*)",
    ),
    (
        "all but",
        rf"if x_i ∈ (?P<i>{I}) and x_i ← \|f_t\(x_i\)\| \+ d_i with \|d_i\| ≤ ε_t and, where they are given, \|d_i\| ≤"
        rf" ρ_t·\|f_t\(x_i\)\| \+ τ_t and Σ d_i² ≤ σ_t², for t = 1, …, T and every i, then x_i ∈ (?P<j>{I}) for all i"
        rf" but at most (?P<k>[0-9]+); ε_1, … = (?P<errors>{NS}); ρ_1, … = (?P<shares>{NS}|);"
        rf" τ_1, … = (?P<rests>{NS}|); σ_1, … = (?P<norms>{NS}|)",
    ),
    (
        "robust",
        rf"x_0 ∈ (?P<i>{I}) and \|x_t - f_t\(x_\(t-1\)\)\| ≤ ε_t for every t imply x_T ∈ (?P<j>{I});"
        rf" ε_1, … = (?P<errors>{N}(?:, {N})*)",
    ),
    ("mean square", rf"the mean of \((?P<map>{MAP}) - 1\)² over (?P<i>{I}) lies in (?P<j>{I})"),
    ("mean square", rf"the mean of \((?P<map>{MAP})\(x\) - 1\)² over x ∈ (?P<i>{I}) lies in (?P<j>{I})"),
    ("ratio", rf"(?P<map>{MAP})\(x\)/x ∈ (?P<j>{I}) for every x(?: > 0)? in (?P<i>{I})"),
    (
        "moments",
        rf"for x (?P<measure>uniform|log-uniform) on (?P<i>{I}) the mean of (?P<map>{MAP}) lies in (?P<mean>{I}),"
        rf" the mean of \((?P=map) - 1\)² in (?P<square>{I}), the variance of (?P=map) in (?P<variance>{I})",
    ),
    (
        "moments",
        rf"for x of (?P<measure>uniform|log-uniform) measure on (?P<i>{I}): the mean of (?P<map>{MAP})\(x\) lies in"
        rf" (?P<mean>{I}), that of \((?P=map)\(x\) - 1\)² in (?P<square>{I}), the variance of (?P=map)\(x\) in"
        rf" (?P<variance>{I})",
    ),
    ("fixed", rf"f\(p\) = p for p = (?P<p>{N})"),
    ("fixed", rf"f\(p\) = p and {MULTIPLIER} for p = (?P<p>{N})"),
    ("only fixed", FIXED),
    ("only fixed", rf"{FIXED}, and {MULTIPLIER}(?: for it)?"),
    ("tends", rf"{EVERY_ORBIT} \(0, (?P<n>{N})\] tends to (?P<p>{N})"),
    ("tends", rf"{FIXED}, and {EVERY_ORBIT} \(0, (?P<n>{N})\] tends to (?:it|p)"),
    ("escapes", rf"the orbit of (?P<start>{START})(?: under f)? leaves every bound"),
    (
        "cycle",
        rf"f has an attracting cycle of least period (?P<k>[0-9]+) with (?:one point in each of|its point in)"
        rf" (?P<intervals>{I}(?:, {I})*)(?:, in this order)?",
    ),
    (
        "cycle",
        rf"f has an attracting cycle, of one point in each of (?P<intervals>{I}(?:, {I})*), visited in this order",
    ),
    (
        "best",
        r"every odd polynomial p of degree at most (?P<k>[0-9]+) has"
        rf" \|1 - p\(x\)\| ≥ (?P<n>{N}) for some x in (?P<i>{I})",
    ),
    (
        "best",
        rf"max \|1 - p\(x\)\| over x ∈ (?P<i>{I}) is ≥ (?P<n>{N}) for every odd polynomial p of degree ≤ (?P<k>[0-9]+)",
    ),
    (
        "best repeated",
        rf"every odd polynomial f of degree at most (?P<degree>[0-9]+) with \|f\(x\)\| ≤ 1 for some x in (?P<i>{I})"
        rf"(?: and \|f\(1\)\| in (?P<range>{I}))?(?: and f\(1\) ≥ 0)?(?: and f'\(0\) in (?P<slope>{I}))?"
        rf"(?: and f'\(1\) in (?P<multiplier>{I}))? has \|1 - f(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]*)\(x\)\| ≥ (?P<n>{N})"
        rf" for some x in (?P<again>{I})",
    ),
    (
        "best repeated",
        rf"max \|1 - f\^(?P<power>[0-9]+)\(x\)\| over x ∈ (?P<i>{I}) is ≥ (?P<n>{N}) for every odd polynomial f of"
        rf" degree ≤ (?P<degree>[0-9]+) with \|f\(x\)\| ≤ 1 for some x ∈ (?P<again>{I})"
        rf"(?: and \|f\(1\)\| ∈ (?P<range>{I}))?(?: and f\(1\) ≥ 0)?(?: and f'\(0\) ∈ (?P<slope>{I}))?"
        rf"(?: and f'\(1\) ∈ (?P<multiplier>{I}))?",
    ),
    (
        "best composed",
        r"every composition p of odd polynomials, first to last of degrees at most \((?P<degrees>[0-9, ]+)\), has"
        rf" \|1 - p\(x\)\| ≥ (?P<n>{N}) for some x in (?P<i>{I})",
    ),
    (
        "best composed",
        rf"max \|1 - p_T\(… p_1\(x\)\)\| over x ∈ (?P<i>{I}) is ≥ (?P<n>{N}) for all odd polynomials p_t of degrees ≤"
        r" (?P<degrees>[0-9, ]+)",
    ),
    (
        "best disturbed",
        r"every composition of odd polynomials, first to last of degrees at most \((?P<degrees>[0-9, ]+)\), whose steps"
        rf" may err by \((?P<shares>{NS})\) times their largest moduli, can take some x in (?P<i>{I}) to a z with"
        rf" \|1 - z\| ≥ (?P<n>{N})",
    ),
    (
        "best disturbed",
        rf"max \|1 - z\| over z ∈ K_T is ≥ (?P<n>{N}) for all odd polynomials p_t of degrees ≤ (?P<degrees>[0-9, ]+)"
        rf", where K_0 = (?P<i>{I}) and K_t = \{{p_t\(x\) \+ d: x ∈ K_\(t-1\), \|d\| ≤ ε_t·max \|p_t\| over"
        rf" K_\(t-1\)\}}; ε_1, … = (?P<shares>{NS})",
    ),
    # of a member of a family with f(1) = 1
    ("iterates positive", rf"every iterate (?:under f )?of every x {IN} \(0, 1\] is > 0"),
    ("bounded", rf"{EVERY_ORBIT} \(0, 1\] is bounded"),
    ("multiplier", r"\|f'\(1\)\| (?P<relation><) 1"),
    ("multiplier", r"f'\(1\) (?P<relation>>) 1"),
    ("multiplier", r"f'\(1\) (?P<relation><) (?P<value>-1)"),
    ("positive everywhere", r"f\(x\) > 0 for every x > 0"),
    ("flips somewhere", rf"f\(f\((?P<x>x₀?)\)\) < 0 for some (?P=x) {IN} \(0, 1\)"),
    ("lands elsewhere", rf"f\(f\(x\)\) = f\(x\) ≠ 1 for some x {IN} \(0, 1\)"),
    ("comes back", rf"f\(f\(x\)\) = x for some x {IN} \(0, 1\)"),
    (
        "escapes somewhere",
        r"the orbit of some x₀? in \(0, 1\) under f leaves every bound(?P<signs>, with alternating signs)?",
    ),
    ("escapes somewhere", r"some orbit from \(0, 1\) leaves every bound(?P<signs> with alternating signs)?"),
]
COMPILED = [(form, re.compile(pattern)) for form, pattern in FORMS]
OPEN_I = rf"[\[(]{N}, {N}[\])]"
PLACE = rf"{NAME} (?:in {OPEN_I}|= {N})"
THRESHOLD = re.compile(
    rf"(?:for every (?P<others>.*?) )?there is α (?:in (?P<where>[\[(]{N}, {N}[\])])|= (?P<exact>{N}))"
    rf" with m\(α(?:, [^)]*)?\) = 0"
    rf"(?:, the only root of m in (?P<root>{I}))?, m = (?P<m>.*?),? such that:? for every (?P<a>{NAME}) {IN}"
    rf" \((?P<low>{N}), α\): (?P<before>.*?);(?: and)? for every (?P=a) {IN} \(α, (?P<high>{N})\]: (?P<after>.*)"
)


def says(text: str) -> Says:
    """One of the forms."""
    for form, pattern in COMPILED:
        if found := pattern.fullmatch(text):
            given = {k: READ[k](v) if k in READ else v for k, v in found.groupdict().items() if v is not None}
            return Says(form, given)
    raise Unreadable(text)


def places(text: str) -> tuple[tuple[str, ...], tuple[Interval, ...], bool]:
    """a in [1, 2], s = 0; or (a, s) in [1, 2] × [0, 1]."""
    if found := re.fullmatch(rf"\(({NAME}(?:, {NAME})*)\) in ({OPEN_I}(?: × {OPEN_I})*)", text):
        names, parts = found[1].split(", "), found[2].split(" × ")
    else:
        if not re.fullmatch(rf"{PLACE}(?:, {PLACE})*", text):
            raise Unreadable(text)
        found_places = re.findall(rf"({NAME}) (?:in ({OPEN_I})|= ({N}))", text)
        names = [name for name, *_ in found_places]
        parts = [i or f"[{n}, {n}]" for _, i, n in found_places]
    ends = {part[0] + part[-1] for part in parts}
    if not ends <= {"[]"} and not ends <= {"()"}:
        raise Unreadable(f"an interval open at one end: {text}")
    box = tuple(interval("[" + part[1:-1] + "]") for part in parts)
    return tuple(names), box, ends == {"()"}


def read(text: str) -> Statement:
    """A sentence, with the parameters for which it is said."""
    if found := THRESHOLD.fullmatch(text):
        names, boxes, _ = places(found["others"]) if found["others"] else ((), (), False)
        root = found["root"] or found["where"] or f"[{found['exact']}, {found['exact']}]"
        after = None if found["after"] == "not so" else says(found["after"])
        return Statement(Says("threshold", {
            "where": interval("[" + root[1:-1] + "]"), "a": found["a"], "m": found["m"],
            "range": (number(found["low"]), number(found["high"])), "before": says(found["before"]), "after": after,
        }), names, (boxes,) if boxes else ())  # fmt: skip
    if not text.startswith("for every ") or ": " not in text:
        return Statement(says(text))
    head, _, rest = text.removeprefix("for every ").partition(": ")
    many = re.fullmatch(rf"\(({NAME}(?:, {NAME})*)\) in (the inside of )?one of the certificate's ([0-9]+) boxes", head)
    if many:
        return Statement(says(rest), tuple(many[1].split(", ")), (), bool(many[2]), int(many[3]))
    if " ∪ " in head:
        names, _, union = head.partition(" in ")
        every = [places(f"{names} in {part}") for part in union.split(" ∪ ")]
    elif head.startswith("(") and ") or (" in head:
        every = [places(part) for part in head[1:-1].split(") or (")]
    else:
        every = [places(head[1:-1] if re.fullmatch(rf"\({PLACE}(?:, {PLACE})*\)", head) else head)]
    (names, _, interior), *_ = every
    return Statement(says(rest), names, tuple(box for _, box, _ in every), interior)
