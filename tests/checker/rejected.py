"""The reject corpus: certificates with one defect each, and the edits of the accept corpus that make them again.

`python -m tests.checker.rejected` writes the files and `index.json`: for each file the reason in the checker's words
(a part of its message) and whether the JSON Schema sees the defect too.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.checker.accepted import FOLDER as ACCEPT

FOLDER = Path(__file__).parent / "reject"
Edit = Callable[[dict[str, Any]], Any]


def put(value: Any, *path: str | int) -> Edit:
    """Replace what stands at the path (or add a key)."""

    def edit(certificate: dict[str, Any]) -> dict[str, Any]:
        place: Any = certificate
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        return certificate

    return edit


def drop(*path: str | int) -> Edit:
    def edit(certificate: dict[str, Any]) -> dict[str, Any]:
        place: Any = certificate
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
        return certificate

    return edit


def text(old: str, new: str) -> Edit:
    """Replace once in the file's text."""

    def edit(certificate: dict[str, Any]) -> bytes:
        data = dumped(certificate)
        assert data.count(old.encode()) >= 1, old
        return data.replace(old.encode(), new.encode("utf-8", "surrogateescape"), 1)

    return edit


def raw(data: bytes) -> Edit:
    return lambda _: data


def bundled(edit: Edit) -> Edit:
    return lambda certificate: {
        "format": "muon-theory/bundle/1", "certificates": [certificate, edit(copy.deepcopy(certificate))],
    }  # fmt: skip


def dumped(value: Any) -> bytes:
    return value if isinstance(value, bytes) else (json.dumps(value, separators=(",", ":")) + "\n").encode()


def as_one_step(c: dict[str, Any]) -> dict[str, Any]:
    """False: 3.945 x - 2.745 x^3 errs by less, has f(1) = 6/5, and is < 0 at 6/5, where f(f(1)) would be."""
    c["claim"] |= {"steps": 1, "lower": "27/625", "error": "83/100", "range": ["6/5", "6/5"]}
    c["witness"] = {
        "type": "boxes", "growth": {"top": "4", "points": ["1", "1/2"]}, "nodes": ["1", "6/5"],
        "box": [["6/5", "6/5"], ["0", "200"]], "points": ["27/625"], "tree": "?0,0,-1",
    }  # fmt: skip
    return c


EMPTY_BUNDLE = b'{"format":"muon-theory/bundle/1","certificates":[]}'
TOP, LOW, BERNSTEIN = "expected", "lowest terms", "a Bernstein coefficient is negative"
ZERO_SIDE, WORD, OUTSIDE = "zero on a side", "unknown key", "does not lie inside"
BAND, EXACT, ROBUST = "maps-into-five-steps", "maps-into-exact-end", "robust-band-two-steps"
ALL_BUT = "all-but-three"
RATIO, UNIFORM, LOG_UNIFORM = "ratio-from-zero", "moments-uniform", "moments-log-uniform"
CONVERGES, MINUS_ONE, SIGN_FLIP = "converges-rational", "converges-multiplier-minus-one", "threshold-sign-flip"
NOISY = "noisy-composition-bound-two-steps"
STEP0 = ("witness", "steps", 0)

# name: (the accepted certificate, the edit, the reason, does the schema see it)
DEFECTS: dict[str, tuple[str, Edit, str, bool]] = {
    # text that is no certificate
    "empty-file": (BAND, raw(b""), "unreadable: not JSON text", True),
    "not-json": (BAND, raw(b"maps-into [0, 1]\n"), "unreadable: not JSON text", True),
    "truncated": (BAND, lambda c: dumped(c)[:-40], "unreadable: not JSON text", True),
    "invalid-utf-8": (BAND, text("certificate/1", "certificate/1\udcff"), "unreadable: not JSON text", True),
    "two-documents": (BAND, lambda c: dumped(c) * 2, "unreadable: not JSON text", True),
    "nested-too-deep": (BAND, raw(b"[" * 100_000), "unreadable: not JSON text", True),
    "duplicate-key": (BAND, text('"start":', '"start":["0","0"],"start":'), "the same key twice", False),
    "top-level-list": (BAND, lambda c: [c], "expected an object, found a list", True),
    "not-a-number": (EXACT, text('"3/2"', "NaN"), "is a float", True),
    "infinity": (EXACT, text('"3/2"', "-Infinity"), "is a float", True),
    "float-in-schedule": (EXACT, text('"3/2"', "1.5"), "is a float", True),
    "float-in-provenance": (EXACT, put({"seconds": 1.5}, "provenance"), "is a float", False),
    "long-integer": ("minimax-cubic", text('"degree":3', '"degree":' + "3" * 40), "an integer from 1 to 64", True),
    # keys
    "unknown-key": (EXACT, put(True, "proved"), WORD, True),
    "key-with-a-question-mark": (BAND, put(["0", "2"], "witness", "steps", 0, "inner?"), WORD, True),
    "provenance-with-a-question-mark": (EXACT, put({}, "provenance?"), WORD, True),
    "unknown-key-in-claim": (EXACT, put("0", "claim", "margin"), WORD, True),
    "unknown-key-in-witness": (EXACT, put([], "witness", "hints"), WORD, True),
    "unknown-key-in-step": (EXACT, put([], *STEP0, "hint"), WORD, True),
    "inner-chain-where-none-is-read": (ROBUST, put(["3/4", "1"], *STEP0, "inner"), WORD, True),
    "missing-witness": (EXACT, drop("witness"), "'witness' is missing", True),
    "missing-subject": (EXACT, drop("schedule"), "'schedule' is missing", True),
    "two-subjects": (EXACT, put({"parameters": ["a"], "coefficients": [[["1", [0]]]]}, "family"), WORD, True),
    "wrong-format": (EXACT, put("muon-theory/certificate/2", "format"), "the format is", True),
    "unknown-claim": (EXACT, put("maps-onto", "claim", "type"), "a claim whose type is one of", True),
    "claim-without-type": (EXACT, drop("claim", "type"), "a claim whose type is one of", True),
    "wrong-witness-type": (EXACT, put("uppers", "witness", "type"), "a witness of type 'chain'", True),
    # numbers
    "number-instead-of-string": (EXACT, put(1, "claim", "start", 1), TOP, True),
    "not-lowest-terms": (EXACT, put("6/4", "schedule", 0, 0), LOW, False),
    "denominator-one": (EXACT, put("1/1", "claim", "start", 1), LOW, False),
    "zero-denominator": (EXACT, put("1/0", "claim", "start", 1), TOP, True),
    "negative-denominator": (EXACT, put("-3/-2", "schedule", 0, 0), TOP, True),
    "leading-zero": (EXACT, put("03/2", "schedule", 0, 0), TOP, True),
    "leading-plus": (EXACT, put("+3/2", "schedule", 0, 0), TOP, True),
    "minus-zero": (EXACT, put("-0", "claim", "start", 0), LOW, False),
    "decimal-text": (EXACT, put("1.5", "schedule", 0, 0), TOP, True),
    "exponent-text": (EXACT, put("15e-1", "schedule", 0, 0), TOP, True),
    "other-digits": (EXACT, put("٣/2", "schedule", 0, 0), TOP, True),
    "underscore-in-number": (EXACT, put("1_0", "schedule", 0, 0), TOP, True),
    "space-in-number": (EXACT, put("3/2 ", "schedule", 0, 0), TOP, True),
    "newline-after-number": (EXACT, put("3/2\n", "schedule", 0, 0), TOP, True),
    "too-many-digits": (EXACT, put("1" * 2001, "schedule", 0, 0), TOP, True),
    "reversed-interval": (EXACT, put(["1", "1/10"], "claim", "start"), "is above its upper end", False),
    "interval-of-three": (EXACT, put(["0", "1", "2"], "claim", "start"), "a list of 2", True),
    "boolean-degree": ("minimax-cubic", put(True, "claim", "degree"), "an integer from 1 to", True),
    "number-for-boolean": ("region-converges", put(0, "claim", "open"), "true or false", True),
    # subjects
    "no-rows": (EXACT, put([], "schedule"), "limit: from 1 to", True),
    "empty-row": (EXACT, put([[]], "schedule"), "limit: from 1 to", True),
    "too-many-rows": (EXACT, put([["1"]] * 65, "schedule"), "limit: from 1 to", True),
    "too-many-coefficients": (EXACT, put([["1"] * 34], "schedule"), "limit: from 1 to", True),
    "family-for-a-schedule-claim": (
        EXACT, lambda c: {**{k: v for k, v in c.items() if k != "schedule"},
                          "family": {"parameters": ["a"], "coefficients": [[["1", [0]]]]}},
        "is a claim about a schedule", True,
    ),
    "schedule-for-a-family-claim": (
        SIGN_FLIP, lambda c: {**{k: v for k, v in c.items() if k != "family"}, "schedule": [["2", "-1"]]},
        "is a claim about a family", True,
    ),
    "repetition-of-different-rows": (CONVERGES, put([["2"], ["1"]], "schedule"), "one map repeated without end", False),
    "parameters-of-one-name": ("region-converges", put(["a", "a"], "family", "parameters"), "different names", True),
    "four-parameters": ("region-converges", put(list("abcd"), "family", "parameters"), "different names", True),
    "coefficient-that-depends-on-y": (SIGN_FLIP, put([["1", [1, 1]]], "family", "coefficients", 0), "list of 1", False),
    "monomial-twice": (SIGN_FLIP, put([["1", [1]], ["1", [1]]], "family", "coefficients", 0), "exponents", False),
    "negative-exponent": (SIGN_FLIP, put([["1", [-1]]], "family", "coefficients", 0), "an integer from 0 to 64", True),
    "exponent-too-large": (SIGN_FLIP, put([["1", [65]]], "family", "coefficients", 0), "an integer from 0 to 64", True),
    "family-that-does-not-fix-one": (SIGN_FLIP, put([["2", [1]]], "family", "coefficients", 0), "f(1) = 1", False),
    # bands
    "maps-into-lower-end-too-high": (EXACT, put("3/20", "claim", "target", 0), OUTSIDE, False),
    "maps-into-upper-end-too-low": (EXACT, put("999/1000", "claim", "target", 1), OUTSIDE, False),
    "outer-interval-too-small": (EXACT, put("3/20", *STEP0, "outer", 0), "f ≥ the lower end", False),
    "step-missing": (BAND, drop("witness", "steps", 4), "a list of 5, found one of 4", False),
    "step-too-many": (EXACT, lambda c: put(c["witness"]["steps"] * 2, "witness", "steps")(c), "a list of 1", False),
    "split-outside": (EXACT, put([["2"], []], *STEP0, "splits"), "do not increase inside", False),
    "split-at-the-end": (EXACT, put([["1"], []], *STEP0, "splits"), "do not increase inside", False),
    "splits-out-of-order": (EXACT, put([["1/2", "1/3"], []], *STEP0, "splits"), "do not increase inside", False),
    "splits-taken-away": (BAND, put([[], []], *STEP0, "splits"), BERNSTEIN, False),
    "inner-point-outside": ("attains-two-steps", put("2", *STEP0, "points", 1), OUTSIDE, False),
    "inner-interval-not-reached": ("attains-two-steps", put("2", *STEP0, "inner", 1), "not reach both ends", False),
    "attains-more-than-the-image": ("attains-two-steps", put("0", "claim", "contains", 0), OUTSIDE, False),
    "inner-chain-half-there": ("maps-into-two-sided", drop(*STEP0, "inner"), "'inner' is missing", False),
    "robust-band-negative-error": (ROBUST, put("-1/100", "claim", "errors", 0), "one error bound ≥ 0", False),
    "robust-band-error-missing": (ROBUST, drop("claim", "errors", 1), "one error bound ≥ 0", False),
    "robust-band-larger-error": (ROBUST, put("1/10", "claim", "errors", 0), BERNSTEIN, False),
    "robust-band-from-zero": (ROBUST, put("0", "claim", "start", 0), BERNSTEIN, False),
    "robust-band-lower-end-zero": (
        ROBUST, lambda c: put("0", *STEP0, "outer", 0)(put("0", "witness", "steps", 1, "outer", 0)(c)),
        BERNSTEIN, False,
    ),
    "all-but-share-of-one": (ALL_BUT, put("1", "claim", "shares", 0), "not in [0, 1)", False),
    "all-but-negative-share": (ALL_BUT, put("-1/50", "claim", "shares", 0), "not in [0, 1)", False),
    "all-but-negative-error": (ALL_BUT, put("-1/100", "claim", "errors", 0), "error or a rest is < 0", False),
    "all-but-larger-share": ("all-but-none-relative", put("1/4", "claim", "shares", 0), BERNSTEIN, False),
    "all-but-larger-rest": ("all-but-none-relative", put("1/4", "claim", "rests", 0), BERNSTEIN, False),
    "all-but-negative-rest": ("all-but-none-relative", put("-1/4", "claim", "rests", 0), "rest is < 0", False),
    "all-but-rests-missing": ("all-but-none-relative", put([], "claim", "rests"), "one entry for each step", False),
    "all-but-relative-half-there": (ALL_BUT, drop("witness", "relative", 0), "one entry for each step", False),
    "all-but-larger-norm": (ALL_BUT, put("1", "claim", "norms", 0), "more than 2 values may move", False),
    "all-but-norms-missing": (ALL_BUT, drop("claim", "norms", 0), "one entry for each step", False),
    "all-but-no-norms": (ALL_BUT, put([], "claim", "norms"), "more than 2 values may move", False),
    "all-but-fewer-exceptions": (ALL_BUT, put(2, "claim", "exceptions"), "more than the exceptions", False),
    "all-but-smaller-count": (ALL_BUT, put(0, "witness", "counts", 1), "more than 0 values may move", False),
    "all-but-negative-count": (ALL_BUT, put(-1, "witness", "counts", 0), "an integer from 0", True),
    "all-but-smaller-width": (ALL_BUT, put("1/100", "witness", "widths", 0), "may move by more", False),
    "all-but-negative-width": (ALL_BUT, put("-1/5", "witness", "widths", 0), "may move by more", False),
    "all-but-larger-width": (ALL_BUT, put("1/4", "witness", "widths", 0), BERNSTEIN, False),
    "all-but-from-zero": (ALL_BUT, put("0", "claim", "start", 0), BERNSTEIN, False),
    # signs
    "two-flips-that-cancel": (
        "sign-safe-two-steps", put([["-3", "0"], ["-2", "1"]], "schedule"), "g > 0: a Bernstein", False,
    ),
    "sign-safe-next-upper-too-low": ("sign-safe-two-steps", put("1", *STEP0, "upper"), "f ≤ the upper end", False),
    "sign-safe-nowhere": ("sign-safe-two-steps", put("0", "claim", "upper"), "is not > 0", False),
    "sign-safe-zero-inside": ("sign-safe-two-steps", put([["1/4", "-1", "1"], ["1"]], "schedule"), "g > 0", False),
    "slope-of-one-step-only": ("slope-two-steps", put("3", "claim", "value"), "the product of the first", False),
    "flip-that-is-none": ("flips-second-step", put([["2"], ["1"]], "schedule"), BERNSTEIN, False),
    "flips-already-before": ("flips-second-step", put("-3/2", "claim", "start", 0), BERNSTEIN, False),
    "flips-in-a-step-that-is-none": ("flips-second-step", put(3, "claim", "step"), "no such step", False),
    # one map repeated
    "fixes-not-fixed": ("fixes-rational", put(["1/2", "1/2"], "claim", "point"), "f(1/2) = ", False),
    "fixes-no-sign-change": ("fixes-irrational", put(["9/10", "1"], "claim", "point"), "no sign change", False),
    "fixes-two-points-of-three": ("fixes-irrational", put(["1/10", "2"], "claim", "point"), "g - 1 has no sign", False),
    "fixes-interval-with-zero": ("fixes-irrational", put("-1/2", "claim", "point", 0), "right of 0", False),
    "fixes-splits-at-a-point": ("fixes-rational", put([["1"]], "witness", "splits"), "takes no split points", False),
    "attracts-although-neutral": ("attracts-rational", put([["2", "-1"]], "schedule"), ZERO_SIDE, False),
    "attracts-although-it-repels": ("attracts-rational", put([["3", "-2"]], "schedule"), BERNSTEIN, False),
    "repels-although-it-attracts": ("repels-rational", put([["3/2", "-1/2"]], "schedule"), BERNSTEIN, False),
    "converges-although-two-cycle": (
        "converges-cubic-minus-one",
        lambda c: put([["21/10", "-11/10"]], "schedule")(put("6/5", "claim", "upper")(c)),
        "f∘f > x below p: a Bernstein", False,
    ),
    "converges-past-the-next-fixed-point": (CONVERGES, put("3/2", "claim", "upper"), BERNSTEIN, False),
    "converges-limit-beyond-the-end": (CONVERGES, put("1/2", "claim", "upper"), "must lie in (0, upper]", False),
    "converges-to-zero": (CONVERGES, put(["0", "0"], "claim", "point"), "must lie in (0, upper]", False),
    "converges-to-the-wrong-point": (CONVERGES, put(["9/10", "9/10"], "claim", "point"), "f(9/10) = ", False),
    "converges-not-into-itself": (MINUS_ONE, put("11/10", "claim", "upper"), "f ≤ upper", False),
    "converges-although-zero-attracts": (CONVERGES, put([["1/2", "1/2"]], "schedule"), BERNSTEIN, False),
    "escapes-not-past-the-radius": ("escapes-upward", put("2", "witness", "radius"), "not past the radius", False),
    "escapes-ratio-one": ("escapes-upward", put("1", "witness", "ratio"), "the ratio > 1", False),
    "escapes-ratio-too-large": ("escapes-upward", put("9", "witness", "ratio"), BERNSTEIN, False),
    "escapes-although-bounded": ("escapes-upward", put([["3/2", "-1/2", "0"]], "schedule"), BERNSTEIN, False),
    "cycles-not-mapped-on": (
        "cycles-period-two", lambda c: put(c["claim"]["intervals"][::-1], "claim", "intervals")(c), BERNSTEIN, False,
    ),
    "cycles-that-overlap": (
        "cycles-period-two", lambda c: put(c["claim"]["intervals"][:1] * 2, "claim", "intervals")(c), "disjoint", False,
    ),
    "cycles-slope-bound-too-small": ("cycles-period-two", put("1/1000", "witness", "bounds", 0), BERNSTEIN, False),
    "cycles-that-repel": ("cycles-period-two", put(["3", "3"], "witness", "bounds"), "product of the slope", False),
    "cycles-of-no-interval": (
        "cycles-period-two",
        lambda c: {**c, "claim": {"type": "cycles", "intervals": []},
                   "witness": {"type": "cycle", "splits": [], "bounds": []}},
        "one slope bound for each", True,
    ),
    # averages and best approximation
    "mean-square-bound-too-tight": ("mean-square-one-step", put("1/10000", "claim", "bounds", 1), "lower end", False),
    "mean-square-upper-bound-too-low": (
        "mean-square-one-step", put(["0", "1/10000"], "claim", "bounds"), OUTSIDE, False,
    ),
    "mean-square-over-a-point": ("mean-square-one-step", put(["1", "1"], "claim", "interval"), "is a point", False),
    "mean-square-cell-missing": ("mean-square-one-step", drop("witness", "chains", 0), "a list of", False),
    # models of φ(x)/x
    "ratio-lower-bound-too-high": (RATIO, put("11/10", "claim", "bounds", 0), BERNSTEIN, False),
    "ratio-upper-bound-too-low": (RATIO, put("2", "claim", "bounds", 1), BERNSTEIN, False),
    "ratio-on-a-longer-interval": (RATIO, put("3/2", "claim", "interval", 1), BERNSTEIN, False),
    "ratio-left-of-zero": (RATIO, put("-1/10", "claim", "interval", 0), "must lie in [0, ∞)", False),
    "ratio-over-a-point": (RATIO, put("0", "claim", "interval", 1), "must lie in [0, ∞)", False),
    "ratio-of-another-map": (RATIO, put([["8/5", "-3/5"]] * 2, "schedule"), BERNSTEIN, False),
    "ratio-model-off": (RATIO, put("7/5", "witness", "cells", -1, 0, "model", 0), BERNSTEIN, False),
    "ratio-error-too-small": (RATIO, put(["0"], "witness", "cells", -1, 1, "error"), BERNSTEIN, False),
    "ratio-error-below-zero": (RATIO, put(["-1/100"], "witness", "cells", -1, 1, "error"), BERNSTEIN, False),
    "ratio-step-missing": (RATIO, drop("witness", "cells", 0, 1), "a list of 2", False),
    "ratio-cell-missing": (RATIO, drop("witness", "cells", 0), "a list of", False),
    "ratio-model-of-nothing": (RATIO, put([], "witness", "cells", 0, 0, "model"), "from 1 to 33", True),
    "ratio-for-members": (
        "members-maps-into",
        lambda c: {**c, "claim": {"type": "ratio", "interval": ["0", "1"], "bounds": ["0", "9"]},
                   "witness": {"type": "models", "points": [], "cells": [[{"model": ["1"], "error": ["9"]}] * 3]}},
        "not checked for the members", True,
    ),
    "moments-mean-too-low": (UNIFORM, put(["0", "1/2"], "claim", "mean"), OUTSIDE, False),
    "moments-mean-too-high": (UNIFORM, put(["9/10", "1"], "claim", "mean"), OUTSIDE, False),
    "moments-square-too-low": (UNIFORM, put(["0", "1/100"], "claim", "square"), OUTSIDE, False),
    "moments-square-too-high": (UNIFORM, put(["1/2", "1"], "claim", "square"), OUTSIDE, False),
    "moments-variance-too-low": (UNIFORM, put(["0", "1/100"], "claim", "variance"), OUTSIDE, False),
    "moments-variance-too-high": (UNIFORM, put(["1/2", "1"], "claim", "variance"), OUTSIDE, False),
    "moments-of-the-other-measure": (LOG_UNIFORM, put("uniform", "claim", "measure"), OUTSIDE, False),
    "moments-of-no-measure": (LOG_UNIFORM, put("normal", "claim", "measure"), "neither uniform", True),
    "moments-log-uniform-from-zero": (UNIFORM, put("log-uniform", "claim", "measure"), "beyond twice", False),
    "moments-error-too-small": (LOG_UNIFORM, put(["0"], "witness", "cells", 0, 1, "error"), BERNSTEIN, False),
    "minimax-error-too-large": ("minimax-cubic", put("1/10", "claim", "error"), "smaller than the error", False),
    "minimax-error-zero": ("minimax-cubic", put("0", "claim", "error"), "smaller than the error", False),
    "minimax-even-degree": ("minimax-cubic", put(4, "claim", "degree"), "must be odd", False),
    "minimax-degree-of-a-larger-space": ("minimax-cubic", put(5, "claim", "degree"), "4 points are needed", False),
    "minimax-reference-of-higher-degree": (
        "minimax-cubic", lambda c: put(c["schedule"][0] + ["1"], "schedule", 0)(c), "the reference's not above", False,
    ),
    "minimax-points-out-of-order": ("minimax-cubic", put(["1/2", "1", "3/4"], "witness", "points"), "increase", False),
    "minimax-point-outside": ("minimax-cubic", put("1/4", "witness", "points", 0), "lie in the interval", False),
    "minimax-from-zero": ("minimax-cubic", put("0", "claim", "interval", 0), "lie in the interval", False),
    "minimax-no-alternation": ("minimax-cubic", put([["1", "0"]], "schedule"), "do not alternate", False),
    "minimax-of-two-rows": (
        "minimax-cubic", lambda c: put(c["schedule"] * 2, "schedule")(c), "one reference polynomial", False,
    ),
    "composition-bound-ratio-too-small": (
        "composition-bound-two-steps", put("1/100", "witness", "steps", 1, "interval", 0), "is not [r, 1]", False,
    ),
    "composition-bound-not-up-to-one": (
        "composition-bound-two-steps", put("9/10", *STEP0, "interval", 1), "is not [r, 1]", False,
    ),
    "composition-bound-more-than-the-last-step": (
        "composition-bound-two-steps", put("1/2", "claim", "error"), "only gives", False,
    ),
    "composition-bound-degree-missing": (
        "composition-bound-two-steps", drop("claim", "degrees", 1), "one degree a row", False,
    ),
    "composition-bound-with-errors": (
        "composition-bound-two-steps", put(["1/50", "1/100"], "claim", "errors"), "malformed", True,
    ),
    "noisy-composition-bound-negative-error": (NOISY, put("-1/50", "claim", "errors", 0), "one error ≥ 0", False),
    "noisy-composition-bound-error-missing": (NOISY, drop("claim", "errors", 1), "one error ≥ 0", False),
    "noisy-composition-bound-smaller-errors": (NOISY, put("0", "claim", "errors", 1), "only gives", False),
    "noisy-composition-bound-ratio-too-small": (NOISY, put("0", "claim", "errors", 0), "is not [r, 1]", False),
    "noisy-composition-bound-more-than-one": (
        "noisy-composition-bound-lost", put("101/100", "claim", "error"), "only gives 1", False,
    ),
    # one map repeated
    "constant-bound-more-than-possible": (
        "constant-bound-two-cubics", put("9/20", "claim", "error"), "is not refuted", False,
    ),
    "constant-bound-top-too-small": (
        "constant-bound-two-cubics", put("3/2", "witness", "growth", "top"), "need not grow", False,
    ),
    "constant-bound-box-too-small": (
        "constant-bound-two-cubics", put(["0", "1"], "witness", "box", 0), "does not lie inside", False,
    ),
    "constant-bound-tree-ends": (
        "constant-bound-two-cubics", put("a", "witness", "tree"), "ends before all", False,
    ),
    "constant-bound-tree-goes-on": (
        "constant-bound-slope", lambda c: put(c["witness"]["tree"] + " =0", "witness", "tree")(c), "goes on", False,
    ),
    "constant-bound-not-led-away": (
        "constant-bound-two-cubics", put("=0", "witness", "tree"), "on the side that leads away", False,
    ),
    "constant-bound-no-leaf": (
        "constant-bound-two-cubics", put("z", "witness", "tree"), "a leaf of the tree", False,
    ),
    "constant-bound-multiplier-not-asked": (
        "constant-bound-two-cubics", put("!", "witness", "tree"), "may be what is asked", False,
    ),
    "constant-bound-multiplier-possible": (
        "constant-bound-attracting", put("!", "witness", "tree"), "may be what is asked", False,
    ),
    "constant-bound-another-slope": (
        "constant-bound-slope", put(["1", "3"], "claim", "slope"), "does not lie inside", False,
    ),
    "constant-bound-no-slope": (
        "constant-bound-slope", put(None, "claim", "slope"), "does not lie inside", False,
    ),
    "constant-bound-node-below-0": (
        "constant-bound-slope", put("-1", "witness", "nodes", 0), "must differ and be ≥ 0", False,
    ),
    "constant-bound-point-too-far": (
        "constant-bound-two-cubics", put("?0,0,0", "witness", "tree"), "not refuted by", False,
    ),
    "constant-bound-from-zero": ("constant-bound-two-cubics", put("0", "claim", "lower"), "must be > 0", False),
    "constant-bound-no-error": ("constant-bound-two-cubics", put("0", "claim", "error"), "must be > 0", False),
    "constant-bound-error-of-all": ("constant-bound-two-cubics", put("1", "claim", "error"), "their sum", False),
    "constant-bound-growth-beyond-one": (
        "constant-bound-two-cubics", put("2", "witness", "growth", "points", 0), "must lie in [lower, 1]", False,
    ),
    "constant-bound-growth-below-lower": (
        "constant-bound-two-cubics", put("1/1000", "witness", "growth", "points", 1), "must lie in [lower, 1]", False,
    ),
    "constant-bound-growth-of-near-points": (
        "constant-bound-two-cubics", put("99/100", "witness", "growth", "points", 1), "may come back", False,
    ),
    "constant-bound-no-such-point": (
        "constant-bound-fixing-one", put("=6", "witness", "tree"), "no such point", False,
    ),
    "constant-bound-point-past-the-values": (
        "constant-bound-fixing-one", put("=3", "witness", "tree"), "among the values", False,
    ),
    "constant-bound-chain-begins-past-the-values": (
        "constant-bound-fixing-one", put("3,0=1", "witness", "tree"), "among the values", False,
    ),
    "constant-bound-chain-ends-past-the-values": (
        "constant-bound-fixing-one", put("0,3=1", "witness", "tree"), "among the values", False,
    ),
    "constant-bound-chain-of-the-last-step": (
        "constant-bound-fixing-one", put("0,0,0,0=0", "witness", "tree"), "and no last step", False,
    ),
    "constant-bound-half-a-chain": (
        "constant-bound-fixing-one", put("0=0", "witness", "tree"), "and no last step", False,
    ),
    "constant-bound-point-below-lower": (
        "constant-bound-fixing-one", put("1/1000", "witness", "points", 0), "left of the lower end, or long", False,
    ),
    "constant-bound-long-point": (
        "constant-bound-fixing-one", put(f"{2**48 - 1}/{2**48}", "witness", "points", 1), "lower end, or long", False,
    ),
    "constant-bound-huge-point": (
        "constant-bound-fixing-one", put(str(2**48), "witness", "points", 1), "lower end, or long", False,
    ),
    "constant-bound-negative-range": (
        "constant-bound-fixing-one", put(["-1", "1"], "claim", "range"), "one of |f(1)|", False,
    ),
    "constant-bound-long-node": (
        "constant-bound-two-cubics", put(f"1/{2**48}", "witness", "nodes", 0), "a long rational", False,
    ),
    "constant-bound-without-nodes": (
        "constant-bound-two-cubics", put([], "witness", "nodes"), "expected a list of 2, found one of 0", True,
    ),
    "constant-bound-box-of-one-interval": (
        "constant-bound-two-cubics", drop("witness", "box", 0), "expected a list of 2, found one of 1", False,
    ),
    "constant-bound-growth-of-no-points": (
        "constant-bound-two-cubics", put([], "witness", "growth", "points"), "found one of 0", True,
    ),
    "constant-bound-of-no-points": (
        "constant-bound-two-cubics", put([], "witness", "points"), "no such point", False,
    ),
    "constant-bound-one-node-twice": (
        "constant-bound-two-cubics", put(["1", "1"], "witness", "nodes"), "must differ", False,
    ),
    "constant-bound-even-degree": (
        "constant-bound-two-cubics", put(4, "claim", "degree"), "must be odd", False,
    ),
    "constant-bound-one-step-is-not-two": ("constant-bound-two-cubics", as_one_step, "does not lie inside", False),
    "constant-bound-another-range": (
        "constant-bound-fixing-one", put(["1", "3"], "claim", "range"), "does not lie inside", False,
    ),
    # families
    "region-unknown-property": ("region-converges", put("convergent", "claim", "property"), "the properties", True),
    "region-box-of-one-interval": ("region-converges", drop("claim", "boxes", 0, 1), "expected a list of 2", False),
    "region-box-too-large": ("region-converges", put("3", "claim", "boxes", 0, 0, 1), OUTSIDE, False),
    "region-cell-too-large": ("region-converges", put("3", "witness", "covers", 3, 0, 0, 0, 1), BERNSTEIN, False),
    "region-of-no-box": (
        "region-converges", lambda c: put([], "witness", "uses")(put([], "claim", "boxes")(c)), "there is no box", True,
    ),
    "region-cell-that-is-not-there": ("region-converges", put(1, "witness", "uses", 0, 0), "from 0 to 0", False),
    "region-point-for-all-y": (
        "region-converges", put("1/2", "witness", "covers", 0, 0, 2), "expected null", False,
    ),
    "region-point-at-one": ("region-flips", put("1", "witness", "covers", 0, 0, 2), "lie in (0, 1)", False),
    "region-point-that-does-not-flip": ("region-flips", put("1/64", "witness", "covers", 0, 0, 2), BERNSTEIN, False),
    "region-without-a-point": ("region-flips", put(None, "witness", "covers", 0, 0, 2), "expected a rational", False),
    "region-of-two-points": (
        "region-escapes-alternating", put("1/4", "witness", "covers", 0, 0, 2), "need one x₀", False,
    ),
    "members-box-too-large": ("members-maps-into", put("4", "family", "box", 0, 1), BERNSTEIN, False),
    "members-box-of-one-interval-too-many": (
        "members-maps-into", put([["0", "1"]] * 3, "family", "box"), "a list of", False,
    ),
    "members-of-an-empty-box": ("members-maps-into", put([], "family", "box"), "a list of", True),
    "members-with-an-inner-chain": (
        "members-maps-into",
        lambda c: put({**c["witness"]["steps"][0], "inner": ["1/2", "1"], "points": ["1/2", "1"]}, *STEP0)(c),
        "unknown key", False,
    ),
    "members-without-a-grid": ("members-maps-into", put([], *STEP0, "splits", 0), "a list of 2, found", False),
    "members-of-a-claim-about-one": (
        "members-maps-into",
        lambda c: {**c, "claim": {"type": "slope", "value": "3/2"}, "witness": {"type": "none"}},
        "not checked for the members", True,
    ),
    "members-that-differ-repeated": (
        "members-cycles", lambda c: put([c["family"]["rows"][0], [[["1", [0]]]]], "family", "rows")(c),
        "its rows must be equal", False,
    ),
    "region-closed-at-the-boundary": ("region-attracting-open", put(False, "claim", "open"), ZERO_SIDE, False),
    "region-condition-missing": ("region-converges", drop("witness", "covers", 3), "a list of 4", False),
    "threshold-of-convergence-by-a-sign-flip": (
        SIGN_FLIP, put("converges", "claim", "property"), "no critical polynomial", False,
    ),
    "threshold-spurious-root": (SIGN_FLIP, put(["2", "2"], "claim", "isolating"), "no sign change", False),
    "threshold-root-not-in-the-interval": (
        "threshold-fixed-point", put(["3", "301/100"], "claim", "isolating"), "no root in the isolating", False,
    ),
    "threshold-of-another-polynomial": (
        "threshold-fixed-point", put([["-3", [0]], ["1", [1]]], "claim", "polynomial"), "is not m·cofactor", False,
    ),
    "threshold-polynomial-zero": ("threshold-curve", put([], "claim", "polynomial"), "m is 0", True),
    "threshold-cofactor-with-a-root": (
        SIGN_FLIP,
        lambda c: {**c, "claim": {**c["claim"], "polynomial": [["1", [0]]]},
                   "witness": {**c["witness"], "u": [], "v": [], "cofactor": []}},
        "the cofactor is not 0", False,
    ),
    "threshold-window-below-the-root": (
        "threshold-fixed-point", put(["13/5", "27/10"], "witness", "window"), BERNSTEIN, False,
    ),
    "threshold-window-outside-the-range": (
        "threshold-fixed-point", put("2", "witness", "window", 0), "must lie in the range", False,
    ),
    "threshold-of-no-critical-polynomial": (SIGN_FLIP, put("w", "claim", "critical"), "no critical polynomial", True),
    "threshold-escape-is-no-sign-flip": (
        "threshold-fixed-point", put("sign-safe", "claim", "property"), "no critical polynomial", False,
    ),
    "threshold-point-not-failing": ("threshold-fixed-point", put("1/1000", "witness", "points", 0), "A < 0 at", False),
    "threshold-point-at-one": ("threshold-fixed-point", put("1", "witness", "points", 0), "lie in (0, 1)", False),
    "threshold-curve-with-isolating": ("threshold-curve", put(["0", "1"], "claim", "isolating"), "is null", False),
    "threshold-tail-for-a-sign-flip": (SIGN_FLIP, put([[], []], "witness", "tail"), "nothing beyond 1", False),
    # bundles
    "bundle-of-nothing": (EXACT, raw(EMPTY_BUNDLE), "without certificates", True),
    "bundle-with-one-bad": (EXACT, bundled(put("3/20", "claim", "target", 0)), OUTSIDE, False),
    "bundle-in-a-bundle": (
        EXACT, lambda c: {"format": "muon-theory/bundle/1", "certificates": [bundled(lambda d: d)(c)]},
        "'schedule' is missing", True,
    ),
}  # fmt: skip


def make() -> dict[str, bytes]:
    """Every file of the corpus by name."""
    files = {}
    for name, (base, edit, _, _) in DEFECTS.items():
        certificate = json.loads((ACCEPT / f"{base}.json").read_bytes())
        del certificate["provenance"]
        files[f"{name}.json"] = dumped(edit(certificate))
    index = {name: {"reason": reason, "schema": seen} for name, (_, _, reason, seen) in DEFECTS.items()}
    return files | {"index.json": (json.dumps(index, indent=1, ensure_ascii=False) + "\n").encode()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, data in make().items():
        (FOLDER / file).write_bytes(data)
