"""The JSON Schema (draft 2020-12) of certificates and bundles, generated from the types of the claims.

The schema sees the shape: keys, kinds of values, limits.  It does not see what shape cannot show (lowest terms, the
order of an interval's ends, equal keys), and it proves nothing: that is the checker's work.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from fractions import Fraction
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from muon_theory.claims import CLAIMS, About, AnyClaim
from muon_theory.claims.record import (
    MAX_COEFFICIENTS,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_PARAMETERS,
    MAX_ROWS,
    Json,
    OneOf,
    Record,
    Within,
    optional,
    to_json,
)
from muon_theory.expression import ParameterPolynomial
from muon_theory.interval import Interval

Schema = dict[str, Json]
FORMAT, BUNDLE = "muon-theory/certificate/1", "muon-theory/bundle/1"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema, least: int = 0, most: int | None = None) -> Schema:
    limits: Schema = {"minItems": least} if least else {}
    return {"type": "array", "items": items, **limits, **({} if most is None else {"maxItems": most})}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_SIMPLE: dict[object, Schema] = {
    Fraction: _ref("rational"),
    Interval: _ref("interval"),
    ParameterPolynomial: _ref("polynomial"),
    bool: {"type": "boolean"},
    str: {"type": "string"},
    type(None): {"type": "null"},
}


def of_type(hint: Any) -> Schema:
    """The schema of a field by its type, with what the type's annotations say of lengths and words."""
    marks = getattr(hint, "__metadata__", ())
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    within = next((m for m in marks if isinstance(m, Within)), None)
    words = next((m.words for m in marks if isinstance(m, OneOf)), None)
    if words is not None:
        return {"enum": list(words)}
    if hint is int:
        return {"type": "integer", "minimum": 1, "maximum": MAX_EXPONENT} if within is None else (
            {"type": "integer", "minimum": within.least}
        )  # fmt: skip
    if hint in _SIMPLE:
        return _SIMPLE[hint] if within is None else {**_SIMPLE[hint], "minItems": within.least}
    if get_origin(hint) in (Union, UnionType):
        options = get_args(hint)
        return {"oneOf" if type(None) in options else "anyOf": [of_type(option) for option in options]}
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), within)
    return record_schema(hint)


def _tuple(items: tuple[object, ...], within: Within | None) -> Schema:
    if len(items) == 2 and items[1] is Ellipsis:
        return _list(of_type(items[0]), within.least if within else 0, within.most if within else None)
    if len(set(items)) == 1:
        return _list(of_type(items[0]), len(items), len(items))
    return {
        "type": "array",
        "prefixItems": [of_type(item) for item in items],
        "minItems": len(items),
        "maxItems": len(items),
    }


def record_schema(record: type[Record]) -> Schema:
    """The schema of a record, from its fields."""
    hints = get_type_hints(record, include_extras=True)
    required: Schema = {"type": {"const": record.type}} if record.type else {}
    others: Schema = {}
    for field in fields(record):
        if optional(field):
            others[field.name] = of_type(_given(hints[field.name]))
        else:
            default: Schema = {} if field.default is MISSING else {"default": to_json(field.default)}
            required[field.name] = {**of_type(hints[field.name]), **default}
    return _object(required, others)


def _given(hint: object) -> object:
    """The type of an optional field where it is given."""
    return next(option for option in get_args(hint) if option is not type(None))


def _certificate(claim: type[AnyClaim]) -> Schema:
    subjects = {"family": "family"} if claim.about is About.FAMILY else {"schedule": "schedule"}
    if claim.members:
        subjects["family"] = "members"
    statement: Schema = {"claim": record_schema(claim), "witness": record_schema(claim.witness)}
    forms: list[Json] = [
        _object({"format": {"const": FORMAT}, key: _ref(kind), **statement}, {"provenance": {}})
        for key, kind in subjects.items()
    ]
    return {"oneOf": forms}


def schema() -> Schema:
    """The schema of a file: a certificate of one of the claims, or a bundle of certificates.

    >>> sorted(schema()["$defs"])[:4]
    ['certificate', 'exponents', 'family', 'interval']
    """
    monomial: Schema = {
        "type": "array",
        "prefixItems": [_ref("rational"), _ref("exponents")],
        "minItems": 2,
        "maxItems": 2,
    }
    name: Schema = {"type": "string"}
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
            "interval": _list(_ref("rational"), 2, 2),
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
