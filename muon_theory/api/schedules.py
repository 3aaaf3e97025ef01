"""Verbs about schedules: `certify`, `audit`, `presets`, `design`, `recommend`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from muon_theory import catalogue
from muon_theory.catalogue import Entry
from muon_theory.display import Facts, Lines, Page, Shown, Table
from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.schedule import Schedule
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, Pair, number, pair, reading_named, shape_of

if TYPE_CHECKING:
    from muon_theory.api.certification import Certification
    from muon_theory.audits import Audits
    from muon_theory.designs import Design, Recommendations

SHAPE = (1024, 1024)


class CertifyOptions(TypedDict, total=False):
    """The options of `certify`, for those who pass them on."""

    steps: int | None
    lower: Number
    upper: Number | None
    cap: Number
    target: Pair | None
    digits: int
    reading: str | Reading
    dtype: str | None
    shape: str | Sequence[int] | None
    order: str | None


def certify(
    subject: Subject,
    *,
    steps: int | None = None,
    lower: Number = "1/1000",
    upper: Number | None = None,
    cap: Number = "3/2",
    target: Pair | None = None,
    digits: int = 12,
    reading: str | Reading = "decimal",
    dtype: str | None = None,
    shape: str | Sequence[int] | None = None,
    order: str | None = None,
) -> Certification:
    """Prove or refute that a schedule is safe: every step > 0 on (0, upper], output ≤ cap there, the target if given.

    Parameters
    ----------
    subject
        A preset, a file, `file.py::NAME`, coefficients as text, rows of numbers, or an object of this package.
    steps
        How many steps run; one row is repeated, 5 times unless said.
    lower, upper
        The singular values of the band, 0 < lower ≤ upper; `upper` is 1, or with a dtype 1 + 2u/(1 - u).
    cap
        The largest output that is allowed.
    target
        Require φ([lower, upper]) ⊆ [m, M].
    digits
        How tightly what is found is enclosed.
    reading
        Which numbers the decimals denote.
    dtype, shape, order
        Say what rounding adds, too; it does not change the verdict.

    Returns
    -------
    Certification
        `.verdict`, `.image`, `.slope`, `.safe_sigma_max`, `.answers`, `.certificates`.

    Raises
    ------
    UsageError
        The subject or an argument cannot be read.

    >>> found = certify([(3.25, -3.51, 1.26)] * 5, lower=0.01)
    >>> found.verdict, str(found.image)
    (<Verdict.PROVED: 'proved'>, '[0.92916572547, 1.17548959056]')
    """
    from muon_theory.api.certification import Certification, Rounding
    from muon_theory.audits import format_of, margin
    from muon_theory.finders import certify as find
    from muon_theory.robust import attempts

    for option, given in (("--shape", shape), ("--order", order)):
        if given is not None and dtype is None:
            raise UsageError(f"{option} belongs to --dtype: say which number format, such as --dtype bf16")
    schedule, least = schedule_of(subject, steps, reading_named(reading)), number("--lower", lower)
    most = 1 + margin(format_of(dtype)) if upper is None else number("--upper", upper)
    band = None if target is None else pair("--target", target)
    found = find(schedule, least, most, number("--cap", cap), band, digits)
    if dtype is None:
        return Certification(found)
    size, how = SHAPE if shape is None else shape_of("--shape", shape), "fused" if order is None else order
    rows, columns = size[-2:]
    return Certification(
        found, Rounding(dtype, size, how, attempts(schedule, dtype, (rows, columns), least, order=how))
    )


def audit(
    *subjects: Subject,
    all: bool = False,
    steps: int | None = None,
    dtype: str | None = None,
    reading: str | Reading = "decimal",
) -> Audits:
    """Is a list what it claims to be, and safe as it is used?  Findings with a witness and a fix.

    Parameters
    ----------
    subjects
        As for `certify`, any number of them.
    all
        The whole catalogue instead.
    steps, reading
        As for `certify`.
    dtype
        The number format it runs in.

    >>> audit("3.4445,-4.7750,2.3015").findings[0].message
    'row 1 is row 1 of jordan with two digits swapped'
    """
    from muon_theory import audits as rules

    if all and subjects:
        raise UsageError("--all and a subject both say what to audit: give one of them")
    if all and (steps is not None or dtype is not None):
        raise UsageError("--all audits the catalogue as it is run: leave out --steps and --dtype, or name a subject")
    if dtype is not None and rules.format_of(dtype) is None:
        raise UsageError(f"there is no number format {dtype!r}: use bf16, fp16, fp32, tf32 or fp64")
    if all:
        return rules.Audits(tuple(rules.audit_all()))
    if not subjects:
        raise UsageError("name a subject, such as `audit jordan` or `audit optimizer.py::COEFFS`, or say --all")
    read = reading_named(reading)
    return rules.Audits(tuple(rules.audit(schedule_of(s, steps, read), dtype, file=_file(s)) for s in subjects))


def _file(subject: Subject) -> str | None:
    """The file that a subject stands in."""
    name = str(subject) if isinstance(subject, (str, bytes)) or hasattr(subject, "__fspath__") else ""
    return name.partition("::")[0] if "::" in name or name.endswith(".json") else None


@dataclass(frozen=True, slots=True, repr=False)
class Preset(Shown):
    """One entry of the catalogue, which is a subject itself."""

    entry: Entry

    @property
    def schedule(self) -> Schedule:
        """The steps that run."""
        return self.entry.schedule()

    @property
    def exit_status(self) -> int:
        return 0

    def to_json(self) -> dict[str, Any]:
        return self.entry.to_json()

    def page(self) -> Page:
        return Page(self.entry.id, (Facts(tuple((k, _said(v)) for k, v in self.to_json().items() if v)),))


def _said(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(", ".join(map(str, v)) if isinstance(v, list) else str(v) for v in value)
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


@dataclass(frozen=True, slots=True, repr=False)
class Presets(Shown):
    """The published schedules, by id."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, name: str) -> Entry:
        return catalogue.entry(name)

    @property
    def exit_status(self) -> int:
        return 0

    def to_json(self) -> dict[str, Any]:
        return {"presets": [e.to_json() for e in self.entries]}

    def page(self) -> Page:
        rows = tuple((e.id, e.title) for e in self.entries)
        return Page(f"{len(rows)} published schedules", (Table(rows), Lines(("presets NAME shows one of them",))))


def presets(name: str | None = None) -> Presets | Preset:
    """The published schedules of the catalogue; or one with its rows, sources and conventions.

    >>> presets("jordan").entry.rows
    (('3.4445', '-4.7750', '2.0315'),)
    """
    return Presets(tuple(catalogue.entries())) if name is None else Preset(catalogue.entry(name))


def design(
    *,
    degree: int | Sequence[int] = 5,
    steps: int | None = None,
    lower: Number = "1/1000",
    upper: Number = 1,
    digits: int | None = None,
    decimals: int | None = None,
    safety: Number = 1,
    cushion: Number | None = None,
    reading: str | Reading = "decimal",
) -> Design:
    """The schedule that minimises max |1 - φ| on [lower, upper], certified, beside the least error possible.

    Parameters
    ----------
    degree, steps
        One odd degree for all steps and their number (5 unless said); or the degrees themselves.
    lower, upper
        0 < lower < upper.
    digits
        Correct significant digits of each ideal coefficient; about 12 of the final level unless said.
    decimals
        The best coefficients of so many decimals instead.
    safety
        s ≥ 1: every step but the last is p_t(x/s).
    cushion
        κ: step t is best on [max(l, κu), u].
    reading
        The format to which the coefficients are rounded.

    >>> design(degree=5, steps=3, lower="1/100", decimals=4).steps[0].row()
    ['40467/5000', '-47241/2000', '87231/5000']
    """
    from muon_theory.designs import design as make

    return make(
        degree,
        steps,
        number("--lower", lower),
        number("--upper", upper),
        digits=digits,
        decimals=decimals,
        safety=number("--safety", safety),
        cushion=None if cushion is None else number("--cushion", cushion),
        reading=reading_named(reading),
    )


def recommend(*, lower: Number = "1/1000", budget: int = 15, margin: Number = 0, digits: int = 4) -> Recommendations:
    """Published and designed schedules of at most `budget` matrix products, best certified error first.

    Parameters
    ----------
    lower
        The least singular value that matters.
    budget
        Matrix products in all; a quintic step takes 3.
    margin
        How far above 1 the format leaves σ₁.
    digits
        Decimals of designed coefficients.
    """
    from muon_theory.designs import recommend as find

    return find(number("--lower", lower), budget, number("--margin", margin), digits)
