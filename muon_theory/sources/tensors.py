"""Tensor operations by name, whatever the framework: products, transposes, norms, casts."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.sources import matrices
from muon_theory.sources.matrices import Base, Even, Matrix, Odd, Scale, Squares
from muon_theory.sources.values import Choice, Foreign, Items, Number, Place, Unknown, kind

if TYPE_CHECKING:
    from muon_theory.sources.interpreter import Interpreter

TRANSPOSED = {"T", "mT", "H", "mH"}
DTYPES = {
    "bfloat16": "bfloat16", "half": "float16", "float16": "float16", "float": "float32", "float32": "float32",
    "double": "float64", "float64": "float64", "bf16": "bfloat16", "fp16": "float16", "fp32": "float32",
    "tf32": "tf32",
}  # fmt: skip
SAME = {"contiguous", "clone", "detach", "copy", "cuda", "cpu", "view", "reshape", "view_as", "flatten", "squeeze",
        "unsqueeze", "expand", "expand_as", "requires_grad", "conj", "real", "block_until_ready", "full_tensor",
        "resolve_conj",
        "with_sharding_constraint", "stop_gradient", "expand_dims", "identity", "constant",
        "ascontiguousarray"}  # fmt: skip
TRANSPOSES = {"t", "transpose", "swapaxes", "permute", "matrix_transpose", "adjoint", "swapdims"}
CASTS = {"to", "astype", "type", "cast", "asarray", "array", "as_tensor", "type_as", "convert_element_type"} | {
    k for k in DTYPES if k not in ("bf16", "fp16", "fp32", "tf32")
}
PRODUCTS = {"matmul", "mm", "bmm", "dot"}
ADDED = {"addmm", "baddbmm", "addbmm"}
NORMS = {"norm", "matrix_norm", "vector_norm"}
KNOWN = (
    SAME | TRANSPOSES | CASTS | PRODUCTS | ADDED | NORMS | {"mul", "multiply", "div", "divide", "true_divide",
    "add",
    "sub", "subtract", "clamp", "clamp_min", "clip", "maximum", "max", "sqrt", "rsqrt", "square", "pow", "abs",
    "absolute",
    "sum", "normalize", "item", "eye", "reciprocal", "rcp", "neg", "negative", "einsum", "l2_normalize", "trace",
    "mul_", "sub_"}
)  # fmt: skip


def as_matrix(m: Interpreter, value: object) -> object:
    """The value as a matrix: an unknown becomes one that the program is given."""
    if isinstance(value, Unknown):
        if value.matrix is None:
            value.matrix = matrices.given((value.place, value.why, value.parameter), value.place)
        return value.matrix
    return value


def unit(base: Base, place: Place) -> Odd:
    return Odd(base, (matrices.one(place),))


def norm_base(u: Odd) -> Base:
    """The base that a norm of u belongs to: u's own where u is a multiple of its base or of higher degree."""
    first = u.terms[0]
    if len(u.terms) == 1 and isinstance(first, Number) and first.value == 1:
        return u.base
    if len(u.terms) > 1:
        return u.rebased().base
    key = ("times", first.value if isinstance(first, Number) else id(first))
    if key not in u.base.scaled:
        u.base.scaled[key] = Base(key=(u.base.key, *key))
    return u.base.scaled[key]


def attribute(m: Interpreter, value: object, attr: str, node: ast.AST) -> object:
    if attr in TRANSPOSED:
        return value.transposed() if isinstance(value, Odd) else value
    if attr in ("data", "grad", "real"):
        return value
    return m.unknown(f"the {attr} of a matrix", node)


def indexed(m: Interpreter, value: object, index: ast.expr, node: ast.AST) -> object:
    """x[..., None] and the like keep what is known of a scale; an item of a matrix is not followed."""
    key = value.base.key if isinstance(value, Odd) and value.base.parent is None else None
    if isinstance(key, tuple) and len(key) == 3:
        place, why, parameter = key  # an array that only looked like a matrix
        return Unknown(why, place, parameter)
    return value if isinstance(value, Scale) else m.unknown("an item of a matrix", node)


def operate(m: Interpreter, op: ast.operator, left: object, right: object, node: ast.AST) -> object:
    """left ∘ right, at least one of them a matrix or a norm."""
    result: object = None
    left, right = (v.matrix if isinstance(v, Unknown) and v.matrix is not None else v for v in (left, right))
    match op:
        case ast.MatMult():
            result = product(m, left, right)
        case ast.Add() | ast.Sub():
            result = _sum(left, right, 1 if isinstance(op, ast.Add) else -1)
        case ast.Mult():
            result = _times(m, left, right, node)
        case ast.Div():
            result = _quotient(m, left, right, node)
        case ast.Pow():
            result = power(left, right)
    return m.unknown(f"a matrix expression on line {getattr(node, 'lineno', 0)} that is no polynomial", node) if (
        result is None) else result  # fmt: skip


def product(m: Interpreter, left: object, right: object) -> Matrix | None:
    if (isinstance(left, (Odd, Unknown)) and isinstance(right, (Odd, Unknown, Even))) or isinstance(left, Even):
        u, v = as_matrix(m, left), as_matrix(m, right)
        if isinstance(u, (Odd, Even)) and isinstance(v, (Odd, Even)):
            return matrices.matmul(u, v)
    return None


def _sum(left: object, right: object, sign: int) -> object:
    if isinstance(left, (Odd, Even)) and isinstance(right, (Odd, Even)):
        return matrices.plus(left, right, sign)
    for scale, other in ((left, right), (right, left)):
        if isinstance(scale, Scale) and scale.power > 0 and sign > 0:
            if isinstance(other, Number):
                return replace(scale, eps=other, how="add")
            if isinstance(other, Unknown):
                return replace(scale, eps=None, how="add")
    return None


def _times(m: Interpreter, left: object, right: object, node: ast.AST) -> object:
    for u, k in ((left, right), (right, left)):
        if isinstance(u, (Odd, Even)):
            if isinstance(k, (Number, Unknown)):
                return matrices.times(k, u)
            if isinstance(k, Scale):
                return _scaled(u, k)
        if isinstance(u, Scale):
            if isinstance(k, Number):
                return replace(u, factor=None if u.factor is None else u.factor * k.value)
            if isinstance(k, Unknown):
                return replace(u, factor=None)
            if isinstance(k, Scale) and k.base is u.base and k.kind == u.kind:
                factor = None if u.factor is None or k.factor is None else u.factor * k.factor
                return replace(u, power=u.power + k.power, factor=factor)
    if isinstance(left, Odd) and isinstance(right, Odd) and left.base is right.base:
        return Squares(norm_base(left), "squares")
    return None


def _scaled(u: Matrix, k: Scale) -> Matrix | None:
    if isinstance(u, Odd) and u.base is not k.base and norm_base(u) is k.base:
        u = Odd(k.base, (matrices.one(k.place),), u.flip, u.dtype)
    return matrices.normalised(u, k)


def _quotient(m: Interpreter, left: object, right: object, node: ast.AST) -> object:
    if isinstance(right, Scale):
        inverse = power(right, Number(Fraction(-1), right.place))
        return inverse if isinstance(left, Number) and left.value == 1 else _times(m, left, inverse, node)
    if isinstance(right, Number) and right.value:
        return _times(m, left, Number(1 / right.value, right.place), node)
    if isinstance(right, Unknown) and isinstance(left, (Odd, Even)):
        return matrices.divided(left, right)
    if isinstance(right, Unknown) and isinstance(left, Scale):
        return replace(left, factor=None)
    return None


def power(left: object, right: object) -> object:
    if isinstance(left, Scale) and isinstance(right, Number):
        k = right.value
        factor = left.factor if left.factor == 1 or k == 1 else None
        if left.factor is not None and k == -1:
            factor = 1 / left.factor if left.factor else None
        return replace(left, power=left.power * k, factor=factor)
    if isinstance(left, Odd) and isinstance(right, Number) and right.value == 2:
        return Squares(norm_base(left), "squares")
    return None


def norm_of(m: Interpreter, base: Base, kind: str, power: int, node: ast.AST) -> Scale:
    """norm^power of a base."""
    return Scale(base, kind, Fraction(power), Fraction(1), None, "", m.place(node))


def gram_base(u: object) -> Base | None:
    """X of a Gram product c·XXᵀ."""
    return u.base if isinstance(u, Even) and len(u.terms) == 2 else None


def norm(
    m: Interpreter, u: object, name: str, path: str, rest: Sequence[object], named: Mapping[str, object], node: ast.AST
) -> object:
    """The norm of a matrix: Frobenius unless 2 (linalg), 'nuc' or an axis says otherwise."""
    order = named.get("ord", named.get("p", rest[0] if rest else None))
    axis = named.get("dim", named.get("axis", rest[1] if len(rest) > 1 else None))
    if isinstance(order, Items):
        order, axis = None, order
    whole = axis is None or (isinstance(axis, Items) and len(axis.items) == 2)
    two = isinstance(order, Number) and order.value == 2
    spectral = two and name != "vector_norm" and ("linalg" in path or name == "matrix_norm")
    frobenius = order is None or two or (isinstance(order, str) and str(order) == "fro")
    if not whole or not frobenius:
        return m.unknown("a norm along one axis" if not whole else f"a norm of order {kind(order)}", node)
    if isinstance(u, Odd):
        return norm_of(m, norm_base(u), "spectral" if spectral else "frobenius", 1, node)
    base = gram_base(u)
    return None if base is None or spectral else norm_of(m, base, "schatten-4", 2, node)


def function(
    m: Interpreter, name: str, path: str, arguments: Sequence[object], named: Mapping[str, object], node: ast.AST
) -> object:
    """name(arguments), or None where it is no operation that is known of these."""
    first = arguments[0] if arguments else named.get("input", named.get("x"))
    if isinstance(first, Unknown) and name in KNOWN:
        first = as_matrix(m, first)
    rest = list(arguments[1:])
    if name in PRODUCTS and len(arguments) == 2:
        u, v = (as_matrix(m, x) if named.get(flag) is True else x for x, flag in ((first, "At"), (rest[0], "Bt")))
        turned = (x.transposed() if named.get(flag) is True and isinstance(x, Odd) else x
                  for x, flag in ((u, "At"), (v, "Bt")))  # fmt: skip
        return product(m, *turned)
    if name == "fma" and len(arguments) == 3:
        scaled = operate(m, ast.Mult(), first, rest[0], node)
        return None if isinstance(scaled, Unknown) else operate(m, ast.Add(), scaled, rest[1], node)
    if name in ADDED and len(arguments) == 3:
        one = m.number(1, node)
        beta, alpha = named.get("beta", one), named.get("alpha", one)
        inner = product(m, rest[0], rest[1])
        if inner is None or not isinstance(beta, (Number, Unknown)) or not isinstance(alpha, (Number, Unknown)):
            return None
        inner = matrices.times(alpha, inner)
        if isinstance(beta, Number) and beta.value == 0:
            return inner
        return matrices.plus(matrices.times(beta, first), inner) if isinstance(first, (Odd, Even)) else None
    if not isinstance(first, (Odd, Even, Scale, Squares)):
        return None
    if name in SAME:
        return first
    if name in TRANSPOSES:
        return first.transposed() if isinstance(first, Odd) else first
    if name in CASTS:
        return cast(first, name, rest, named)
    if name in NORMS:
        return norm(m, first, name, path, rest, named, node)
    if name in ("normalize", "l2_normalize") and isinstance(first, Odd):
        own = {k: v for k, v in named.items() if k in ("p", "dim", "axis")}
        scale = norm(m, first, "vector_norm", path, [], own, node)
        if isinstance(scale, Scale):
            eps = named.get("eps", m.number(Fraction(1, 10**12), node))
            scale = replace(scale, power=Fraction(-1), eps=eps if isinstance(eps, Number) else None, how="clamp")
            return _scaled(first, scale)
        return scale
    if name in ("abs", "absolute") and isinstance(first, Even):
        return None if (base := gram_base(first)) is None else Squares(base, "rows")
    if name == "square" and isinstance(first, (Odd, Scale)):
        return power(first, m.number(2, node))
    if name == "pow" and rest:
        return power(first, rest[0])
    if name == "sum" and isinstance(first, Squares):
        axis = named.get("dim", named.get("axis", rest[0] if rest else None))
        if first.of == "rows" and isinstance(axis, Number):
            return norm_of(m, first.base, "aol", 2, node)
        if first.of == "squares" and (axis is None or isinstance(axis, Items)):
            return norm_of(m, first.base, "frobenius", 2, node)
        return None
    if name == "trace" and (base := gram_base(first)) is not None:
        return norm_of(m, base, "frobenius", 2, node)
    if isinstance(first, Scale):
        return _of_scale(name, first, rest, named)
    if rest:
        alpha = named.get("alpha")
        other = rest[0] if not isinstance(alpha, (Number, Unknown)) or not isinstance(rest[0], (Odd, Even)) else (
            matrices.times(alpha, rest[0]))  # fmt: skip
        if name in ("mul", "multiply"):
            return _times(m, first, other, node)
        if name in ("div", "divide", "true_divide"):
            return _quotient(m, first, other, node)
        if name in ("add", "sub", "subtract"):
            return _sum(first, other, 1 if name == "add" else -1)
    if name in ("neg", "negative") and isinstance(first, (Odd, Even)):
        return matrices.times(m.number(-1, node), first)
    return None


def _of_scale(name: str, scale: Scale, rest: Sequence[object], named: Mapping[str, object]) -> object:
    if name in ("clamp", "clamp_min", "clip", "maximum", "max"):
        least = named.get("min", named.get("a_min", rest[0] if rest else None))
        return replace(scale, eps=least if isinstance(least, Number) else None, how="clamp")
    if name in ("sqrt", "rsqrt", "reciprocal", "rcp"):
        k = {"sqrt": Fraction(1, 2), "rsqrt": Fraction(-1, 2)}.get(name, Fraction(-1))
        return power(scale, Number(k, scale.place))
    if name in ("mul", "multiply", "div", "divide") and rest:
        if scale.factor is None or not isinstance(rest[0], Number):
            return replace(scale, factor=None)
        return replace(scale, factor=scale.factor * (rest[0].value if name[0] == "m" else 1 / rest[0].value))
    if name == "add" and rest:
        return replace(scale, eps=rest[0] if isinstance(rest[0], Number) else None, how="add")
    if name in ("item", "mean"):
        return scale
    return None


def cast(value: object, name: str, rest: Sequence[object], named: Mapping[str, object]) -> object:
    """Another number format; which one is kept where it is named."""
    if not isinstance(value, (Odd, Even)):
        return value
    stated = map(dtype_of, (*rest, named.get("dtype")))
    target = DTYPES.get(name) or next(filter(None, stated), None)
    unnamed = target is None and name in ("to", "astype", "type", "cast", "type_as") and (rest or "dtype" in named)
    return replace(value, dtype=None if unnamed else target or value.dtype)


def dtype_of(value: object) -> str | None:
    if isinstance(value, (Foreign, str)):
        return DTYPES.get(value.last if isinstance(value, Foreign) else str(value))
    if isinstance(value, Choice):
        found = {dtype_of(v) for v in value.values}
        return found.pop() if len(found) == 1 else None
    return None
