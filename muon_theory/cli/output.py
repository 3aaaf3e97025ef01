"""How every verb answers: data on stdout, messages on stderr, one exit status."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from cyclopts import Parameter

from muon_theory.certificate import write
from muon_theory.cli.waiting import no_longer_waiting
from muon_theory.display import Page, Shown, Table, plain
from muon_theory.display.text import WIDTH, Paint
from muon_theory.errors import UsageError
from muon_theory.verification import Verdict

T = TypeVar("T")
Format = Annotated[Literal["text", "json"], Parameter(help="text for people, json for programs")]


def writable(_: object, out: Path | None) -> None:
    """Refuse a file that cannot be written before the work is done, not after."""
    if out is None:
        return
    if out.is_dir():
        why = "it is a folder"
    elif out.exists() and not out.is_file():
        why = "it is a device"  # writing beside it and moving would replace it
    elif not out.parent.is_dir():
        why = f"there is no folder {out.parent}"
    elif not os.access(out.parent, os.W_OK):
        why = f"the folder {out.parent} is not yours to write in"
    else:
        return
    raise UsageError(f"cannot write {out}: {why}: name a file in a folder that exists")


Out = Annotated[Path | None, Parameter(help="write the answer to this file instead of printing it", validator=writable)]
CertificatesOut = Annotated[Path | None, Parameter(help="write the certificates to this file", validator=writable)]
SameOut = Annotated[
    Path | None, Parameter(help="the same as --certificates: what is printed is printed", validator=writable)
]
"""--out of the verbs whose answer is its certificates."""


def drawable(_: object, plot: Path | None) -> None:
    """Refuse a picture that cannot be written, or of no kind that is drawn, before the work is done."""
    writable(_, plot)
    if plot is not None and plot.suffix.lower() not in PICTURES:
        raise UsageError(f"cannot draw into {plot}: name a file that ends in {', '.join(PICTURES)}")


PICTURES = (".svg", ".png", ".pdf")
Plot = Annotated[Path | None, Parameter(help="draw it into this file (.svg, .png or .pdf)", validator=drawable)]


def one_of(certificates: Path | None, out: Path | None) -> Path | None:
    """The certificates' file, by whichever of its two names it was given."""
    if certificates is not None and out is not None:
        raise UsageError("--out and --certificates both name the certificates' file: leave one out")
    return certificates if certificates is not None else out


def can_make_folder(out: Path) -> None:
    """Refuse a folder that cannot be made or written before the work is done, not after; make none yet."""
    there = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not there.is_dir():
        raise UsageError(f"cannot make the folder {out}: {there} is no folder: name another one")
    if not os.access(there, os.W_OK):
        raise UsageError(f"cannot write to the folder {there}: name another one")


def answer(
    found: Shown,
    form: str,
    out: Path | None = None,
    *,
    certificates: Path | None = None,
    plot: Path | None = None,
    **more: object,
) -> int:
    """Print a result in the form asked for (or write it to `out`); certificates and picture where they go to a file.

    `more` joins the JSON answer.  Returns the exit status.
    """
    if certificates is not None:
        found.save(certificates)
    if plot is not None:
        found.draw(plot)
    emit({**found.to_json(), **more}, lambda: found.text(width(), paint() if out is None else str), form, out)
    if certificates is not None:
        note(f"wrote {certificates}: check it with `{checking(certificates)}`")
    if plot is not None:
        note(f"wrote {plot}")
    return found.exit_status


def checking(file: Path) -> str:
    """A command that hands the file to the checker from where the user stands."""
    return shlex.join([sys.executable or "python3", "-m", "muon_theory.check", str(file)])


COLOURS = {
    32: (Verdict.PROVED.value, "confirmed", "accepted", "conforms"),
    31: ("refuted", "contradicted", "refused", "rejected", "error"),
    33: ("undecided", "unfinished", "warning", "vacuous"),
    36: ("derived", "observed", "note"),
}
"""Of verdicts, as ANSI codes."""


def paint() -> Paint:
    """Gives verdicts their colour on a terminal that has some; elsewhere nothing."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return str
    codes = {word: code for code, words in COLOURS.items() for word in words}

    def coloured(text: str) -> str:
        words = text.lower().lstrip("* ").split()
        code = codes.get(words[0].rstrip(":")) if words else None
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    return coloured


def width() -> int:
    """Columns of the terminal; 80 where there is none."""
    try:
        return max(os.get_terminal_size(sys.stdout.fileno()).columns, WIDTH // 2)
    except (OSError, ValueError):
        return WIDTH


def emit(data: dict[str, object], text: str | Callable[[], str], form: str, out: Path | None = None) -> None:
    """Print the answer in the form asked for, or write it to a file (whole, or not at all)."""
    body = (
        json.dumps(data, ensure_ascii=False, indent=1) if form == "json" else text if isinstance(text, str) else text()
    )
    no_longer_waiting()
    if out is None:
        print(body)
    else:
        write(out, (body + "\n").encode())
        note(f"wrote {out}")


def note(message: str) -> None:
    """A message for the person at the terminal."""
    no_longer_waiting()
    print(message, file=sys.stderr)


def columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as aligned columns, as wide as the terminal."""
    return plain(Page("", (Table(tuple(rows)),)), width())


def ask(verb: Callable[..., T], given: Mapping[str, object], *named: object, during: str = "", **changed: object) -> T:
    """What the verb says of `named`, with those of the options `given` that are arguments of it, under their names.

    `changed` are options that are no texts any more.  A verb that tells how far it is has a progress bar, with `during`
    beside it.
    """
    takes = signature(verb).parameters
    options = {name: given[name] for name, p in takes.items() if p.kind is p.KEYWORD_ONLY and name in given} | changed
    if "progress" not in takes or "progress" in changed:
        return verb(*named, **options)
    with progress(during) as step:
        return verb(*named, **options, progress=step)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """A progress bar on stderr for (done, total, text), on a terminal only."""
    no_longer_waiting()
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title)
        yield lambda done, total, text: bar.update(task, completed=done, total=total, description=text)


@contextmanager
def fraction_progress(title: str) -> Iterator[Callable[[str, float], None] | None]:
    """The same for (text, fraction)."""
    with progress(title) as step:
        yield None if step is None else lambda text, fraction: step(round(1000 * fraction), 1000, text)
