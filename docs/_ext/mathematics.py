"""Mathematics that pages write as plain text, such as f(x) = x·g(x^2), is set as such, by the rules of the report."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from muon_theory.reports.prose import Span, spans


class Mathematics(SphinxTransform):
    """On the pages of `set_as_mathematics`: variables in italics, exponents raised, indices lowered, displays apart."""

    default_priority = 900

    def apply(self, **kwargs: Any) -> None:
        """Called by Sphinx for each page."""
        if self.env.docname not in self.config.set_as_mathematics:
            return
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language", "none") in ("none", "default") and block.rawsource:
                block.replace_self(_display(block.astext()))
        for text in list(self.document.findall(nodes.Text)):
            if not _apart(text):
                text.parent.replace(text, [node for span in spans(_quiet(str(text))) for node in _nodes(span)])


def _apart(text: nodes.Text) -> bool:
    """Is it code, a heading, or in what was set already?"""
    node = text.parent
    while node is not None:
        if isinstance(node, nodes.literal | nodes.literal_block | nodes.title | nodes.raw | nodes.math | nodes.comment):
            return True
        if "set" in node.get("classes", []):
            return True
        node = node.parent
    return False


def _quiet(text: str) -> str:
    """Without the marks of the report's own markup, which stand for themselves here."""
    text = re.sub(r"(?<=[A-Z])_(?=[A-Z])", "\u2060_", text)  # a name, no index
    return text.replace("`", "ˋ").replace("$", "＄")


def _display(text: str) -> nodes.container:
    lines = nodes.line_block(classes=["display"])
    for line in text.split("\n"):
        made = nodes.line("", "", classes=["set"])
        wide = line.replace("   ", " \u2003")
        made += [node for span in spans(_quiet(wide)) for node in _nodes(span)]
        lines += made
    return nodes.container("", lines, classes=["mathematics"])


def _nodes(span: Span) -> list[nodes.Node]:
    inner = [node for one in span.inner for node in _nodes(one)] if span.inner else [nodes.Text(span.text)]
    if span.kind == "text":
        return inner
    if span.kind in ("raised", "lowered"):
        kind = nodes.superscript if span.kind == "raised" else nodes.subscript
        return [kind("", "", *inner)]
    return [nodes.inline("", "", *inner, classes=["set", span.kind])]


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_config_value("set_as_mathematics", [], "env", [list])
    app.add_transform(Mathematics)
    return {"parallel_read_safe": True}
