"""The JSON Schema (draft 2020-12) of certificates and bundles, generated from the types of `muon_theory.claims`.

The schema sees the shape: keys, kinds of values, limits.  It does not see what shape cannot show (lowest terms, the
order of an interval's ends, equal keys), and it proves nothing: that is the checker's work.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from fractions import Fraction
from typing import Any, get_type_hints

from muon_theory.certificate import BUNDLE, FORMAT
from muon_theory.claims import CLAIMS, Claim
from muon_theory.family import ParameterPolynomial
from muon_theory.interval import Interval

Schema = dict[str, Any]
MAX_ROWS, MAX_COEFFICIENTS, MAX_PARAMETERS, MAX_EXPONENT, MAX_DIGITS = 64, 33, 3, 64, 2000
ABOUT_FAMILIES = ("region", "threshold")
ABOUT_MEMBERS = ("maps-into", "sign-safe", "flips", "escapes", "cycles")
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("region", "property"): (
        "converges", "sign-safe", "bounded", "attracting", "multiplier-above-1", "multiplier-below-minus-1",
        "positive", "flips", "escapes", "escapes-alternating",
    ),
    ("threshold", "property"): ("converges", "sign-safe", "bounded"),
    ("threshold", "critical"): ("fixed-point", "antipode", "zero"),
}  # fmt: skip


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema, least: int = 0, most: int | None = None) -> Schema:
    limits: Schema = {"minItems": least} if least else {}
    return {"type": "array", "items": items, **limits, **({} if most is None else {"maxItems": most})}


def _exactly(items: Schema, count: int) -> Schema:
    return _list(items, count, count)


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


RATIONALS, INTERVALS = _list(_ref("rational")), _list(_ref("interval"))
GRID = _list(RATIONALS, 2, MAX_PARAMETERS + 1)
CUTS: Schema = {"anyOf": [RATIONALS, GRID]}  # a grid where the subject is a family with a box
OUTER = {"outer": _ref("interval"), "splits": _exactly(CUTS, 2)}
INNER = {"inner": _ref("interval"), "points": _exactly(_ref("rational"), 2)}
BEST = {"interval": _ref("interval"), "error": _ref("rational"), "points": RATIONALS}
UPPER = {"upper": _ref("rational"), "splits": _exactly(CUTS, 2)}
CELL: Schema = {
    "type": "array",
    "prefixItems": [INTERVALS, GRID, {"oneOf": [_ref("rational"), {"type": "null"}]}],
    "minItems": 3,
    "maxItems": 3,
}

WITNESSES: dict[str, tuple[str, Schema]] = {
    "fixes": ("splits", {"splits": _exactly(RATIONALS, 1)}),
    "attracts": ("splits", {"splits": _exactly(RATIONALS, 3)}),
    "repels": ("splits", {"splits": _exactly(RATIONALS, 2)}),
    "slope": ("none", {}),
    "maps-into": ("chain", {"steps": _list(_object(OUTER, INNER), 1, MAX_ROWS)}),
    "attains": ("chain", {"steps": _list(_object(INNER, OUTER), 1, MAX_ROWS)}),
    "robust-band": ("chain", {"steps": _list(_object(OUTER), 1, MAX_ROWS)}),
    "sign-safe": ("uppers", {"steps": _list(_object(UPPER), 1, MAX_ROWS)}),
    "converges": ("splits", {"splits": _exactly(RATIONALS, 6)}),
    "escapes": (
        "escape",
        {"steps": _list(_object(OUTER)), "radius": _ref("rational"), "ratio": _ref("rational"), "splits": CUTS},
    ),
    "flips": ("chain", {"steps": _list(_object(OUTER), 1, MAX_EXPONENT)}),
    "cycles": ("cycle", {"splits": _list(_exactly(CUTS, 4), 1), "bounds": _list(_ref("rational"), 1)}),
    "mean-square": ("cells", {"points": RATIONALS, "chains": _list(_list(_object(OUTER), 1, MAX_ROWS), 1)}),
    "minimax": ("alternation", {"points": RATIONALS}),
    "composition-bound": ("alternations", {"steps": _list(_object(BEST), 1, MAX_ROWS)}),
    "region": (
        "covers",
        {
            "covers": _list(_list(CELL), 1),
            "uses": _list(_list({"type": "integer", "minimum": 0}, 1), 1),
        },
    ),
    "threshold": (
        "threshold",
        {
            "window": _ref("interval"),
            "core": _ref("interval"),
            "below": _list(GRID),
            "edges": _exactly(GRID, 2),
            "falling": GRID,
            "tail": _list(RATIONALS, 0, MAX_PARAMETERS + 1),
            "grid": _list(RATIONALS, 1, MAX_PARAMETERS),
            "points": RATIONALS,
            "u": _ref("polynomial"),
            "v": _ref("polynomial"),
            "cofactor": _ref("polynomial"),
            "nonzero": GRID,
            "alone": _list(RATIONALS, 0, 2),
        },
    ),
}
"""For each claim the type of its witness and the witness's other keys."""


def _of_type(hint: Any, words: tuple[str, ...]) -> Schema:
    """The schema of a claim's field by its Python type."""
    integer = {"type": "integer", "minimum": 1, "maximum": MAX_EXPONENT}
    table: dict[Any, Schema] = {
        Fraction: _ref("rational"),
        Interval: _ref("interval"),
        Interval | None: {"oneOf": [_ref("interval"), {"type": "null"}]},
        bool: {"type": "boolean"},
        int: integer,
        str: {"enum": list(words)},
        ParameterPolynomial: {**_ref("polynomial"), "minItems": 1},
        tuple[Interval, ...]: INTERVALS,
        tuple[tuple[Interval, ...], ...]: _list(_list(_ref("interval"), 1, MAX_PARAMETERS), 1),
        tuple[Fraction, ...]: RATIONALS,
        tuple[int, ...]: _list(integer),
    }
    return table[hint]


def claim_schema(claim: type[Claim]) -> Schema:
    """The schema of one claim, from its fields."""
    hints = get_type_hints(claim)
    properties: dict[str, Schema] = {"type": {"const": claim.type}}
    for field in fields(claim):
        properties[field.name] = _of_type(hints[field.name], WORDS.get((claim.type, field.name), ()))
        if field.default is not MISSING:
            properties[field.name] = {**properties[field.name], "default": field.default}
    if claim.type == "cycles":
        properties["intervals"] = {**INTERVALS, "minItems": 1}
    return _object(properties)


def _certificate(claim: type[Claim]) -> Schema:
    name, keys = WITNESSES[claim.type]
    subjects = {"family": "family"} if claim.type in ABOUT_FAMILIES else {"schedule": "schedule"}
    if claim.type in ABOUT_MEMBERS:
        subjects["family"] = "members"
    statement = {"claim": claim_schema(claim), "witness": _object({"type": {"const": name}, **keys})}
    forms = [
        _object({"format": {"const": FORMAT}, key: _ref(kind), **statement}, {"provenance": {}})
        for key, kind in subjects.items()
    ]
    return forms[0] if len(forms) == 1 else {"oneOf": forms}


def schema() -> Schema:
    """The schema of a file: a certificate of one of the claims, or a bundle of certificates.

    >>> sorted(schema()["$defs"])[:4]
    ['certificate', 'exponents', 'family', 'interval']
    """
    monomial = {"type": "array", "prefixItems": [_ref("rational"), _ref("exponents")], "minItems": 2, "maxItems": 2}
    name = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "oneOf": [
            _ref("certificate"),
            _object(
                {"format": {"const": BUNDLE}, "certificates": _list(_ref("certificate"), 1)},
                {"provenance": {}},
            ),
        ],
        "$defs": {
            "certificate": {"oneOf": [_certificate(claim) for claim in CLAIMS.values()]},
            "rational": {
                "type": "string",
                "maxLength": MAX_DIGITS,
                "pattern": r"^-?(?:0|[1-9][0-9]*)(?:/[1-9][0-9]*)?(?![\s\S])",
            },
            "interval": _exactly(_ref("rational"), 2),
            "schedule": _list(_list(_ref("rational"), 1, MAX_COEFFICIENTS), 1, MAX_ROWS),
            "family": _object(
                {
                    "parameters": {**_list(name, 1, MAX_PARAMETERS), "uniqueItems": True},
                    "coefficients": _list(_ref("polynomial"), 1, MAX_COEFFICIENTS),
                }
            ),
            "members": _object(
                {
                    "parameters": {**_list(name, 1, MAX_PARAMETERS), "uniqueItems": True},
                    "rows": _list(_list(_ref("polynomial"), 1, MAX_COEFFICIENTS), 1, MAX_ROWS),
                    "box": _list(_ref("interval"), 1, MAX_PARAMETERS),
                }
            ),
            "polynomial": _list(monomial),
            "exponents": _list({"type": "integer", "minimum": 0, "maximum": MAX_EXPONENT}, 1, MAX_PARAMETERS + 1),
        },
    }
