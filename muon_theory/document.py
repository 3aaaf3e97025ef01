"""What a derivation report is made of: sections with a claim, what the mathematics says, and the evidence.

`article` builds these; the renderers in `report` only read them.  Nothing here computes.

Prose (`said`, `precisely`, `answer`, captions, remarks, the introduction, statements and reasons of steps) is plain
text in which `` `code` ``, `*emphasis*` and `$f'(1) = 3 - 2a$` are set as such; what stands between dollars is read by
`derivations.formula`, and `[text](address)` is a link.  An empty line ends a paragraph.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from muon_theory.certificate import AnyCertificate
from muon_theory.evidence import Derivation, Evidence
from muon_theory.verification import Verdict, Verification

Data: TypeAlias = dict[str, Any]
"""The numbers and labels of a figure, by the names that its kind reads; those who draw it say what they are."""


class Badge(enum.Enum):
    """The verdict on a claim; the value is the badge's text."""

    PROVED = Verdict.PROVED.value
    PARTLY = "proved in part"
    CORRECTED = "proved with a correction"
    CORRECTED_PARTLY = "corrected, and proved in part"
    REFUTED = Verdict.REFUTED.value
    DERIVED = "derived"
    CONFIRMED = "confirmed by experiment"
    CONTRADICTED = "contradicted by experiment"
    UNRESOLVED = "not resolved by experiment"
    OPEN = "experiment not yet run"
    MODELLED = "modelled"
    UNDECIDED = Verdict.UNDECIDED.value
    FINDINGS = "something to mend"
    CLEAN = "nothing to mend"


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate under the file name it is written to, with what the checker said of it."""

    file: str
    certificate: AnyCertificate
    verification: Verification

    @property
    def data(self) -> bytes:
        return self.certificate.data


@dataclass(frozen=True, slots=True)
class Bundle:
    """A certificate file behind a drawing: its layer, its boxes, its bytes and what the checker said of them."""

    file: str
    layer: str
    boxes: int
    data: bytes
    verification: Verification


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by name: `kind` names a drawing function of `figures`, whose docstring says what `data` holds.

    `caption` says what is seen; it is also the text for those who cannot see it.  A figure with `bundles` shows nothing
    but what these files prove, apart from lines and points.
    """

    name: str
    kind: str
    caption: str
    data: Data = field(default_factory=dict)
    bundles: tuple[Bundle, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; cells are plain text (numbers already rounded outward where they bound something)."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One claim: drawn, judged, stated precisely, derived and proved.  The first figure stands at its head.

    `said` is how somebody else put it, if anybody did.
    """

    id: str
    title: str
    said: str
    precisely: str
    badge: Badge
    answer: str
    """One or two sentences: what is true, with the numbers."""
    derivations: tuple[Derivation, ...] = ()
    proofs: tuple[Proof, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remarks: tuple[str, ...] = ()
    command: str = ""
    """The command line that reproduces the section's main number."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report.  `measured` holds timings and float figures, which are kept out of the page.

    `picture` and `findings` are its first screen and its summary: what somebody learns who reads no further.
    """

    title: str
    subtitle: str
    introduction: tuple[str, ...]
    sections: tuple[Section, ...]
    command: str
    measured: dict[str, object] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    picture: Figure | None = None
    references: tuple[str, ...] = ()
    language: str = "en"

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure in order, the picture first."""
        head = (self.picture,) if self.picture else ()
        return (*head, *(figure for section in self.sections for figure in section.figures))

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The proofs of all sections, each certificate file once, in order."""
        return tuple({proof.file: proof for section in self.sections for proof in section.proofs}.values())

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The files behind the figures, each once, in order."""
        return tuple({bundle.file: bundle for figure in self.figures for bundle in figure.bundles}.values())
