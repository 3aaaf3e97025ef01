"""constant-bound: what no odd polynomial of a degree, repeated, can beat."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
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
class Cover(Record):
    """A box of the values f(x)/x at the nodes, and a tree in preorder that cuts it into boxes without a good map.

    The tree's words, with numbers of points u, v, z: a letter (a, b, …) halves the box along an axis; a leaf is a chain
    `u,v,u,v…` (fᵏ takes all values between those of f at the k-th two) and then `=z`, where f ≤ 0 at z or f(x) ≥ x from
    z on, or several `?k,z,λ`: Σ λ·(f^(T-k)(z) - 1), for values z of fᵏ, is too large.
    """

    nodes: Several[Fraction]
    box: Several[Interval]
    points: Several[Fraction]
    tree: str


@dataclass(frozen=True, slots=True)
class Boxes(Witness):
    """The covers, by rising values of f(1)."""

    type = "boxes"
    growth: Growth
    covers: Several[Cover]


@dataclass(frozen=True, slots=True)
class ConstantBound(Claim[Boxes]):
    """max |1 - fᵀ| on [lower, 1] is ≥ error for every odd f of the degree with |f| ≤ 1 somewhere on [lower, 1].

    fᵀ is f repeated `steps` times.  With a `range`, only the f with |f(1)| in it are meant.
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

    def sentence(self, say: Words) -> str:
        over = f"[{say['lower']}, 1]"
        steps = superscript(self.steps) if self.steps > 1 else ""
        at_one = "" if self.range is None else f" and |f(1)| in {say['range']}"
        return (
            f"every odd polynomial f of degree at most {self.degree} with |f(x)| ≤ 1 for some x in {over}{at_one} has"
            f" |1 - f{steps}(x)| ≥ {say['error']} for some x in {over}"
        )

    def obligations(self, subject: Subject, witness: Boxes) -> Lines:
        top = witness.growth.top
        yield f"a map that reaches {short(top)} on [{short(self.lower)}, 1] grows: by interpolation at given points"
        for cover in witness.covers:
            leaves = sum(not word.isalpha() for word in cover.tree.split())
            nodes = ", ".join(map(short, cover.nodes))
            at_one = interval(cover.box[cover.nodes.index(Fraction(1))])
            yield (
                f"|f(1)| in {at_one}: {leaves} boxes of the values f(x)/x at {nodes}, each"
                " refuted at points of [l, 1] or of an image of it, by Taylor's formula in exact arithmetic"
            )
