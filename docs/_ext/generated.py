"""What pages are given by the package itself: help texts, public names, the catalogue, pictures, the explorer."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import muon_theory as mt
from muon_theory import catalogue
from muon_theory.atlases import Atlas, atlas, quintic_plane
from muon_theory.document import Bundle
from muon_theory.number import decimal
from muon_theory.reports import explorer
from muon_theory.reports.atlas_figure import draw_atlas

DEPTH = 13
"""Of the phase plane that is drawn here; the report's is finer."""


@cache
def plane() -> Atlas:
    """The quintics that fix 1, swept coarsely."""
    return atlas(quintic_plane().at_depth(DEPTH), jobs=1)


class Verbs(SphinxDirective):
    """The help text of every verb, as a section each."""

    def run(self) -> list[nodes.Node]:
        """Called by docutils."""
        from muon_theory.cli import VERBS

        made: list[nodes.Node] = []
        for verb in VERBS:
            section = nodes.section(ids=[f"verb-{verb}"], names=[verb])
            section += nodes.title(verb, verb)
            section += nodes.literal_block("", _help(verb), language="text")
            made.append(section)
        return made


def _help(verb: str) -> str:
    from muon_theory.cli import main

    out, columns = io.StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "88"
    try:
        with contextlib.redirect_stdout(out):
            main([verb, "--help"])
    finally:
        os.environ.pop("COLUMNS") if columns is None else os.environ.update(COLUMNS=columns)
    return out.getvalue().strip()


class Names(SphinxDirective):
    """Every public name with the first line of its docstring."""

    def run(self) -> list[nodes.Node]:
        """Called by docutils."""
        rows = []
        for name in mt.__all__:
            value = getattr(mt, name)
            first = (inspect.getdoc(value if callable(value) else type(value)) or "").partition("\n")[0]
            said = first.replace("|", "\\|").replace("*", "\\*")
            rows.append(f"   * - ``mt.{name}``\n     - {said}")
        return _parsed(self, [".. list-table::", "   :widths: 24 76", "", *"\n".join(rows).split("\n")])


class Catalogue(SphinxDirective):
    """The published schedules with what is certified of each on [1/1000, 1]."""

    def run(self) -> list[nodes.Node]:
        """Called by docutils."""
        from muon_theory.finders import certify

        rows = []
        for entry in catalogue.entries():
            found = certify(entry.schedule())
            safe, image = found.safe_sigma_max, found.image
            cells = (
                f"``{entry.id}``",
                entry.title,
                str(len(entry.schedule().steps)),
                decimal(found.slope, 6),
                decimal(safe.lo, 7, -1) if safe else "none",
                f"[{decimal(image.lo, 5, -1)}, {decimal(image.hi, 5, +1)}]" if image else "—",
                found.verdict.value,
            )
            rows.append("   * - " + "\n     - ".join(cell.replace("|", "\\|") for cell in cells))
        head = "   * - " + "\n     - ".join(
            ("id", "what", "steps", "slope φ'(0)", "safe σ_max", "φ([0.001, 1])", "safe on (0, 1]")
        )
        lines = [".. list-table::", "   :header-rows: 1", "", *head.split("\n"), *"\n".join(rows).split("\n")]
        return _parsed(self, lines)


def _parsed(directive: SphinxDirective, lines: list[str]) -> list[nodes.Node]:
    from docutils.parsers.rst import Parser
    from docutils.utils import new_document

    document = new_document("generated", directive.state.document.settings)
    Parser().parse("\n".join(lines), document)
    return list(document.children)


class Picture(SphinxDirective):
    """A picture by name: `plane`, or one that a schedule's result plots."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Called by docutils."""
        drawn = _pictures()[self.arguments[0]]()
        label = f'<div class="picture" role="img">{drawn[drawn.index("<svg") :]}</div>'
        return [nodes.raw("", label, format="html")]


def _pictures() -> dict[str, Any]:
    return {"plane": lambda: draw_atlas(plane()).decode()} | {
        name: lambda name=name: _drawn(name) for name in ("t7", "a7", "a12", "a5", "cobweb")
    }


def _drawn(name: str) -> str:
    from muon_theory.reports.figures import draw

    return draw(_figures(name), paper=True)


@cache
def _figures(name: str) -> Any:
    from importlib import import_module

    if name == "cobweb":
        from muon_theory.api.contents.figures import cobweb
        from muon_theory.interval import Interval

        return cobweb(catalogue.get("jordan"), Interval.of("1/1000", 1))
    module = {
        "t7": "extensions.t7_same_slopes", "a7": "a07_bernstein", "a12": "a12_mechanism", "a5": "a05_neighbourhood",
    }[name]  # fmt: skip
    return import_module(f"muon_theory.article.{module}").section().figures[0]


def pages(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    """No pages of Sphinx's own; the explorer is written beside them."""
    if app.builder.format != "html":
        return
    found, folder = plane(), Path(app.outdir)
    bundles = [Bundle(f"phase-{f.name}", f.layer, f.boxes, f.data, f.verification) for f in found.files()]
    files = explorer.files(explorer.presets(), explorer.plane(found, bundles), ("index.html", "Documentation"))
    files |= {f"certificates/{b.file}": b.data for b in bundles}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    yield from ()


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    for name, directive in {"verbs": Verbs, "names": Names, "catalogue": Catalogue, "picture": Picture}.items():
        app.add_directive(name, directive)
    app.connect("html-collect-pages", pages)
    return {"parallel_read_safe": True}
