"""Uses of the rule by hand: terms, box, cuts, sides, and whether it must succeed."""

import types
from fractions import Fraction as Q
from typing import Any

CLOSED, OPEN, RIGHT_OPEN, LEFT_OPEN = (True, True), (False, False), (True, False), (False, True)
X, ONE_MINUS_X, TOUCH = {(1,): 1}, {(0,): 1, (1,): -1}, {(0,): 1, (1,): -4, (2,): 4}  # (2x - 1)²
XY, X_PLUS_Y, TOUCH_2 = {(1, 1): 1}, {(1, 0): 1, (0, 1): 1}, {(0, 0): 1, (1, 0): -4, (2, 0): 4}
BELOW = {(0,): -1, (1,): 1}
UNIT, AT_0, AT_HALF = ("0", "1"), ("0", "0"), ("1/2", "1/2")

PROBES: dict[str, tuple[Any, ...]] = {
    "x": (X, [UNIT], [[]], [], True),
    "x, open": (X, [UNIT], [[]], [OPEN], True),
    "x, closed": (X, [UNIT], [[]], [CLOSED], False),
    "x, left open": (X, [UNIT], [[]], [LEFT_OPEN], True),
    "x, right open": (X, [UNIT], [[]], [RIGHT_OPEN], False),
    "x cut, left open": (X, [UNIT], [["1/2"]], [LEFT_OPEN], True),
    "1 - x, right open": (ONE_MINUS_X, [UNIT], [[]], [RIGHT_OPEN], True),
    "1 - x, left open": (ONE_MINUS_X, [UNIT], [[]], [LEFT_OPEN], False),
    "1 - x, closed": (ONE_MINUS_X, [UNIT], [[]], [CLOSED], False),
    "1 - x cut, right open": (ONE_MINUS_X, [UNIT], [["1/2"]], [RIGHT_OPEN], True),
    "x - 1": (BELOW, [UNIT], [[]], [], False),
    "touching, uncut": (TOUCH, [UNIT], [[]], [], False),
    "touching, cut there": (TOUCH, [UNIT], [["1/2"]], [], True),
    "touching, cut there, strictly": (TOUCH, [UNIT], [["1/2"]], [OPEN], False),
    "touching, cut there, strictly, closed": (TOUCH, [UNIT], [["1/2"]], [CLOSED], False),
    "touching, cut elsewhere": (TOUCH, [UNIT], [["1/3"]], [], False),
    "zero": ({}, [UNIT], [[]], [], True),
    "zero, strictly": ({}, [UNIT], [[]], [OPEN], False),
    "one": ({(0,): 1}, [UNIT], [[]], [CLOSED], True),
    "x on the point 0": (X, [AT_0], [[]], [], True),
    "x on the point 0, strictly": (X, [AT_0], [[]], [CLOSED], False),
    "2x - 1 on the point 1/2": ({(0,): -1, (1,): 2}, [AT_HALF], [[]], [], True),
    "x - 1 on the point 1/2": (BELOW, [AT_HALF], [[]], [], False),
    "x on the point 1/2, strictly": (X, [AT_HALF], [[]], [CLOSED], True),
    "equal cuts": (X, [UNIT], [["1/2", "1/2"]], [], False),
    "cut at the end": (X, [UNIT], [["1"]], [], False),
    "cut of a point": (X, [AT_HALF], [["1/2"]], [], False),
    "xy, open": (XY, [UNIT, UNIT], [[], []], [OPEN, OPEN], True),
    "xy, half open": (XY, [UNIT, UNIT], [[], []], [LEFT_OPEN, LEFT_OPEN], True),
    "xy, one side closed": (XY, [UNIT, UNIT], [[], []], [OPEN, CLOSED], False),
    "xy, other side closed": (XY, [UNIT, UNIT], [[], []], [CLOSED, OPEN], False),
    "x + y, closed": (X_PLUS_Y, [UNIT, UNIT], [[], []], [CLOSED, CLOSED], False),
    "x + y, without x = 0": (X_PLUS_Y, [UNIT, UNIT], [[], []], [LEFT_OPEN, CLOSED], True),
    "x + y, without y = 0": (X_PLUS_Y, [UNIT, UNIT], [[], []], [CLOSED, LEFT_OPEN], True),
    "touching a line, cut there, strictly": (TOUCH_2, [UNIT, UNIT], [["1/2"], []], [OPEN, OPEN], False),
    "touching a line, cut there": (TOUCH_2, [UNIT, UNIT], [["1/2"], ["1/3"]], [], True),
}


def run(check: types.ModuleType, name: str) -> bool:
    terms, box, cuts, sides, _ = PROBES[name]
    work = check.Work()
    p = check.Poly(terms, 1, len(box), work)
    try:
        work.sign(name, p, [(Q(lo), Q(hi)) for lo, hi in box], cuts, sides)
    except check.Refused:
        return False
    return True
