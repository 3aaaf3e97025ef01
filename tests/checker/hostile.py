"""Files that try to make the checker work for ever, or fall over: named, and made when asked for."""

import json
from collections.abc import Callable
from typing import Any

from tests.checker.accepted import FOLDER

BIG = "9" * 1999


def base(name: str) -> dict[str, Any]:
    certificate: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    certificate.pop("provenance")
    return certificate


def dumped(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def many_splits() -> Any:
    c = base("maps-into-exact-end")
    c["witness"]["steps"][0]["splits"][0] = [f"{i}/1000003" for i in range(200_000, 400_000)]
    return c


def long_coefficients(degree: int = 65) -> Any:
    c = base("maps-into-exact-end")
    c["schedule"] = [[long_rational(i) for i in range((degree + 1) // 2)]]
    return c


def long_rational(i: int) -> str:
    return f"{10**900 + 2 * i + 1}/{2 ** (2900 + i % 64)}"


def every_number_long() -> Any:
    c = long_coefficients()
    c["claim"]["start"] = [long_rational(1), long_rational(0)]
    c["witness"]["steps"][0]["outer"] = ["-" + BIG, BIG]
    return c


def converges_of_degree_65() -> Any:
    c = base("converges-rational")
    c["schedule"] = [[f"{i + 1}/{i + 2}" for i in range(32)] + ["1"]]
    c["claim"]["point"] = ["1/2", "3/4"]
    return c


def region_of_degree_65() -> Any:
    c = base("region-converges")
    names = c["family"]["parameters"] = ["a", "b", "c"]
    terms = [[[str(i + 1), [i % 3, (i + 1) % 3, (i + 2) % 3]], ["1", [i % 7, 0, 0]]] for i in range(32)]
    opposite = [["-" + t[0], t[1]] for row in terms for t in row]
    merged: dict[tuple[int, ...], int] = {}
    for q, e in opposite:
        merged[tuple(e)] = merged.get(tuple(e), 0) + int(q.replace("--", ""))
    last = [[str(q), list(e)] for e, q in merged.items()]
    last.append([str(1 + int(last.pop([e for _, e in last].index([0, 0, 0]))[0])), [0, 0, 0]] if [0, 0, 0] in [
        e for _, e in last
    ] else ["1", [0, 0, 0]])  # fmt: skip
    c["family"]["coefficients"] = [*terms, last]
    c["claim"]["boxes"] = [[["0", "1"]] * len(names)]
    c["witness"]["covers"] = [[[[["0", "1"]] * len(names), [[]] * (len(names) + 1), None]]] * 4
    return c


def alternation_of_degree_63() -> Any:
    c = base("minimax-cubic")
    c["schedule"] = [[long_rational(i) for i in range(32)]]
    c["claim"]["degree"] = 63
    c["claim"]["interval"] = ["1/3", "1"]
    c["witness"]["points"] = [f"{2**2999 * (34 + i) // 34 | 1}/{2**3000}" for i in range(33)]
    return c


def bundle_of(name: str, copies: int) -> Any:
    return {"format": "muon-theory/bundle/1", "certificates": [base(name)] * copies}


def wide_identity() -> Any:
    c = base("threshold-curve")
    c["witness"]["u"] = [["1", [i, j, k]] for i in range(40) for j in range(40) for k in range(60)]
    return c


def long_identity() -> Any:
    c = base("threshold-fixed-point")
    c["witness"]["u"] = [[long_rational(i), [i % 50, i // 50]] for i in range(1000)]
    return c


def mean_square_of_long_cells() -> Any:
    c = base("mean-square-one-step")
    cells = 3000
    c["witness"]["points"] = [f"{10**40 * (cells + i) // (2 * cells) * 10 + 1}/{10**41}" for i in range(1, cells)]
    step = {"outer": [f"-{10**60 + 7}/{10**59}", f"{10**60 + 9}/{10**59}"], "splits": [[], []]}
    c["witness"]["chains"] = [[step]] * cells
    return c


def long_escape() -> Any:
    c = base("escapes-upward")
    c["schedule"] = [["1"] * 32 + ["2"]]
    c["witness"]["radius"] = long_rational(0)
    c["witness"]["steps"] = [{"outer": ["-" + BIG, BIG], "splits": [[], []]}] * 500
    return c


def long_slope() -> Any:
    c = base("slope-two-steps")
    c["schedule"] = [[long_rational(i)] for i in range(64)]
    return c


def long_fixed_point() -> Any:
    c = base("fixes-rational")
    c["schedule"] = [["1"] * 33]
    c["claim"]["point"] = [long_rational(3)] * 2
    return c


def overflowing_mean() -> Any:
    c = base("mean-square-one-step")
    c["witness"]["points"] = []
    c["witness"]["chains"] = [[{"outer": ["-" + BIG, BIG], "splits": [[], []]}]]
    return c


HOSTILE: dict[str, Callable[[], bytes]] = {
    "ten-megabytes-of-splits": lambda: dumped(many_splits()) + b" " * 7_000_000,
    "ten-megabytes-of-brackets": lambda: b"[" * 10_000_000,
    "four-megabytes-of-brackets": lambda: b"[" * 3_999_999,
    "deep-objects": lambda: b'{"a":' * 600_000,
    "deep-provenance": lambda: dumped(base("fixes-rational"))[:-1] + b',"provenance":' + b"[" * 900 + b"]" * 900 + b"}",
    "deep-claim": lambda: b'{"format":"muon-theory/certificate/1","claim":' + b"[" * 900 + b"]" * 900 + b"}",
    "million-empty-lists": lambda: b"[" + b"[]," * 1_300_000 + b"[]]",
    "huge-integer": lambda: b'{"format":' + b"9" * 3_000_000 + b"}",
    "huge-exponent": lambda: b'{"format":1e999999999}',
    "not-a-number": lambda: b'{"format":NaN}',
    "lone-surrogate": lambda: b'{"\\ud800":"\\udfff"}',
    "surrogate-in-claim": lambda: dumped({**base("fixes-rational"), "claim": {"type": "\ud800"}}),
    "invalid-utf-8": lambda: b'{"format":"\xff\xfe"}',
    "byte-order-mark": lambda: b"\xef\xbb\xbf{}",
    "nul": lambda: b"\0",
    "many-splits": lambda: dumped(many_splits()),
    "long-coefficients": lambda: dumped(long_coefficients()),
    "every-number-long": lambda: dumped(every_number_long()),
    "converges-of-degree-65": lambda: dumped(converges_of_degree_65()),
    "region-of-degree-65": lambda: dumped(region_of_degree_65()),
    "alternation-of-degree-63": lambda: dumped(alternation_of_degree_63()),
    "bundle-of-slopes": lambda: dumped(bundle_of("slope-two-steps", 20_000)),
    "bundle-of-thresholds": lambda: dumped(bundle_of("threshold-curve", 1_300)),
    "wide-identity": lambda: dumped(wide_identity()),
    "long-identity": lambda: dumped(long_identity()),
    "mean-square-of-long-cells": lambda: dumped(mean_square_of_long_cells()),
    "long-escape": lambda: dumped(long_escape()),
    "long-slope": lambda: dumped(long_slope()),
    "long-fixed-point": lambda: dumped(long_fixed_point()),
    "overflowing-mean": lambda: dumped(overflowing_mean()),
}
