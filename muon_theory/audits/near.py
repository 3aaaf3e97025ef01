"""Near misses: rows that are a published row but for one slip of the pen."""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import zip_longest

from muon_theory.audits.published import Known, known_row, known_rows
from muon_theory.number import rational

PLACES = 40
"""Longest decimal expansion that is compared digit by digit; nobody types more."""

TYPED = Fraction(1, 10**4)
"""Relative change below which a slip is taken for another rounding rather than a mistake that matters."""


COMPUTED = Fraction(1, 10**10)
"""Relative change below which the digits were computed otherwise: nobody mistypes the eleventh."""


class Slip(enum.Enum):
    """What happened to the row; the value completes 'this row is that one with …'."""

    SIGN = "the sign of one coefficient changed"
    TRANSPOSED = "two digits swapped"
    DIGIT = "one digit changed"
    DROPPED = "one digit left out or added"
    POINT = "the decimal point moved"
    PERMUTED = "its coefficients in another order"
    MISSING = "its last coefficient missing"
    ROUNDED = "other last digits"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """`row` is `known` but for `slip`; `size` is the largest relative change of a coefficient."""

    row: tuple[Fraction, ...]
    known: Known
    slip: Slip
    size: Fraction

    @property
    def matters(self) -> bool:
        return self.size > TYPED


def near_miss(row: tuple[Fraction, ...], position: int = 0, length: int = 1) -> NearMiss | None:
    """The published row that row `position` (from 0) of a list of `length` rows most likely was meant to be.

    None if it is a published row, or is like none.  Preferred: a mistake over another rounding, then the same position,
    then a list of about that length.

    >>> miss = near_miss((Fraction("3.4445"), Fraction("-4.7750"), Fraction("2.3015")))
    >>> miss.known.entry, miss.slip
    ('jordan', <Slip.TRANSPOSED: 'two digits swapped'>)
    """
    if known_row(row):
        return None
    slips = ((known, row_slip(row, known)) for known in _like(row))
    found = [_miss(row, known, slip) for known, slip in slips if slip]
    order = list(Slip)

    def far(m: NearMiss) -> tuple[bool, bool, int, int]:
        known = m.known
        return (
            m.slip is Slip.ROUNDED,
            known.position != position,
            abs(known.length - length),
            order.index(m.slip),
        )

    return min(found, key=far, default=None)


def _miss(row: tuple[Fraction, ...], known: Known, slip: Slip) -> NearMiss:
    size = _size(row, known.row)
    return NearMiss(row, known, slip if size > COMPUTED else Slip.ROUNDED, size)


def _like(row: tuple[Fraction, ...]) -> Iterator[Known]:
    """The known rows that share a coefficient with `row`, up to sign, or whose first one is its own but for rounding.

    Every slip leaves one of these: of the rows that it can come from none is missed.
    """
    by_value, by_slope = _index()
    ids = {i for c in row for i in by_value.get(abs(c), ())}
    if len(row) == 1:
        ids = set(range(len(known_rows())))
    slope = row[0]
    start = bisect_left(by_slope, (slope * (1 - 2 * TYPED), -1))
    for value, i in by_slope[start:]:
        if value > slope * (1 + 2 * TYPED):
            break
        ids.add(i)
    return (known_rows()[i] for i in sorted(ids))


@cache
def _index() -> tuple[dict[Fraction, tuple[int, ...]], list[tuple[Fraction, int]]]:
    values: dict[Fraction, tuple[int, ...]] = {}
    for i, known in enumerate(known_rows()):
        for c in {abs(c) for c in known.row}:
            values[c] = (*values.get(c, ()), i)
    return values, sorted((known.row[0], i) for i, known in enumerate(known_rows()))


def row_slip(row: tuple[Fraction, ...], known: Known) -> Slip | None:
    """What turns the known row into `row`, if it is one slip."""
    if row == known.row:
        return None
    if len(known.row) > 2 and row == known.row[:-1]:
        return Slip.MISSING
    row, published = _padded(row, known)
    if len(row) != len(published):
        return None
    wrong = [i for i, (p, q) in enumerate(zip(row, published, strict=True)) if p != q]
    if len(wrong) == 1 and len(row) > 1 and (slip := number_slip(row[wrong[0]], known.texts[wrong[0]])):
        return slip
    if all(p in published for p in row) and sorted(row) == sorted(published):
        return Slip.PERMUTED
    close = all(abs(p - q) <= TYPED * abs(q) for p, q in zip(row, published, strict=True))
    return Slip.ROUNDED if close else None


def _padded(row: tuple[Fraction, ...], known: Known) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Both with the trailing zeros that were published."""
    zeros = (Fraction(0),) * len(known.texts)
    return row + zeros[len(row) :], known.row + zeros[len(known.row) :]


def number_slip(p: Fraction, text: str) -> Slip | None:
    """What turns the published text into the number p, if it is one slip."""
    q = rational(text)
    if p == -q:
        return Slip.SIGN
    if p * q < 0:
        return None
    found = {slip for m, n in _scaled(p, q, text) if (slip := _digits_slip(str(abs(m)), str(abs(n))))}
    if not found and p and q and any(p / q == Fraction(10) ** k for k in (-3, -2, -1, 1, 2, 3)):
        return Slip.POINT
    return next((slip for slip in Slip if slip in found), None)


def _scaled(p: Fraction, q: Fraction, text: str) -> Iterator[tuple[int, int]]:
    """Pairs of integers whose digits are those a person typed: over the denominator of the text, and as decimals."""
    if "/" in text:
        denominator = int(text.split("/")[1])
        if (p * denominator).denominator == 1:
            yield int(p * denominator), int(q * denominator)
    places = next((k for k in range(PLACES) if all((x * 10**k).denominator == 1 for x in (p, q))), None)
    if places is not None:
        yield int(p * 10**places), int(q * 10**places)


def _digits_slip(s: str, t: str) -> Slip | None:
    """Of two numerals: one digit changed, two neighbours swapped, or one digit more."""
    width = max(len(s), len(t))
    a, b = s.rjust(width, "0"), t.rjust(width, "0")
    wrong = [i for i in range(width) if a[i] != b[i]]
    if len(wrong) == 1:
        return Slip.DIGIT
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]:
        return Slip.TRANSPOSED
    s, t = s.rstrip("0"), t.rstrip("0")
    long, short = (s, t) if len(s) > len(t) else (t, s)
    dropped = len(short) > 1 and any(long[:i] + long[i + 1 :] == short for i in range(1, len(long)))
    return Slip.DROPPED if dropped else None


def _size(row: tuple[Fraction, ...], known: tuple[Fraction, ...]) -> Fraction:
    """max |p - q|/|q| over the coefficients; 1 where one is missing or should be zero."""
    pairs = zip_longest(row, known, fillvalue=Fraction(0))
    return max(abs(p - q) / abs(q) if q else Fraction(p != q) for p, q in pairs)
