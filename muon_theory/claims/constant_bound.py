"""constant-bound: what no odd polynomial of a degree, repeated, can beat."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions, between, every_odd
from muon_theory.claims.proof import interval
from muon_theory.claims.record import Record, Several
from muon_theory.claims.words import AtLeast, Exact, Subject, short, superscript
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Growth(Record):
    """A map that reaches `top` on [lower, 1] grows without end, by interpolation at the points."""

    top: Fraction
    points: Several[Fraction]


@dataclass(frozen=True, slots=True)
class Boxes(Witness):
    """A box of the values f(x)/x at the nodes (f'(0) at 0), and a tree in preorder that cuts it until no map is left.

    The tree's words, with numbers of points u, v, z: a letter (a, b, …) halves the box along an axis; a leaf is a chain
    `u,v,u,v…` (fᵏ takes all values between those of f at the k-th two) and then `=z`, where f leads away from 1 at z,
    or several `?k,z,λ`: Σ λ·(f^(T-k)(z) - 1), for values z of fᵏ, is too large; or the leaf is `!`: f'(1) is not in
    the multiplier.
    """

    type = "boxes"
    growth: Growth
    nodes: Several[Fraction]
    box: Several[Interval]
    points: tuple[Fraction, ...]
    tree: str

    @property
    def leaves(self) -> int:
        return sum(not word.isalpha() for word in self.tree.split())


@dataclass(frozen=True, slots=True)
class ConstantBound(Claim[Boxes]):
    """max |1 - fᵀ| on [lower, 1] is ≥ error for every odd f of the degree with |f| ≤ 1 somewhere on [lower, 1].

    fᵀ is f repeated `steps` times.  With a `range`, only the f with |f(1)| in it are meant; with a `slope`
    or a `multiplier`, only those with f(1) ≥ 0 and f'(0), or f'(1), in it (for even T, -f counts with f).
    """

    type = "constant-bound"
    formula = (
        "max over [l, 1] of |1 - f∘…∘f| ≥ E for every odd polynomial f of degree ≤ d with min over [l, 1] of |f| ≤ 1"
    )
    letters = (("l", "lower"), ("d", "degree"), ("E", "error"))
    lemma = "Repeated"
    witness = Boxes
    reference = True
    degree: int
    steps: int
    lower: Exact[Fraction]
    error: AtLeast[Fraction]
    range: Exact[Interval | None]
    slope: Exact[Interval | None]
    multiplier: Exact[Interval | None]

    def sentence(self, say: Words) -> str:
        over = f"[{say['lower']}, 1]"
        steps = superscript(self.steps) if self.steps > 1 else ""
        also = "" if self.range is None else f" and |f(1)| in {say['range']}"
        also += "" if self.slope is self.multiplier is None else " and f(1) ≥ 0"
        also += "" if self.slope is None else f" and f'(0) in {say['slope']}"
        also += "" if self.multiplier is None else f" and f'(1) in {say['multiplier']}"
        return (
            f"every odd polynomial f of degree at most {self.degree} with |f(x)| ≤ 1 for some x in {over}{also} has"
            f" |1 - f{steps}(x)| ≥ {say['error']} for some x in {over}"
        )

    def theorem(self, f: Functions) -> str:
        over = f"{self.lower} <= x <= 1"
        asked = [f"(exists x, {over} /\\ Rabs (f x) <= 1)"]
        if self.range is not None:
            asked.append(between(self.range, "Rabs (f 1)"))
        if not self.slope is self.multiplier is None:
            asked.append("0 <= f 1")
        for at, i in ((0, self.slope), (1, self.multiplier)):
            if i is not None:
                asked.append(f"(exists d, derivable_pt_lim f {at} d /\\ {between(i, 'd')})")
        given = "".join(f"  {text} ->\n" for text in asked)
        far = f"exists x, {over} /\\ {self.error} <= Rabs (1 - Nat.iter {self.steps} f x)"
        return f"{every_odd(self.degree, 'f')}\n{given}  {far}"

    def obligations(self, subject: Subject, witness: Boxes) -> Lines:
        top = witness.growth.top
        yield f"a map that reaches {short(top)} on [{short(self.lower)}, 1] grows: by interpolation at given points"
        box = " × ".join(f"{interval(side)} at {short(x)}" for x, side in zip(witness.nodes, witness.box, strict=True))
        left = "1 box" if witness.leaves == 1 else f"{witness.leaves} boxes"
        yield (
            f"the box of the values f(x)/x in {box} is cut into {left}, each refuted at points of [l, 1] or"
            " of an image of it, by Taylor's formula in exact arithmetic"
        )
