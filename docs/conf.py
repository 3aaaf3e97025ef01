"""Sphinx configuration: furo, Markdown by MyST, API pages from the docstrings."""

project = "muon_theory"
author = "The muon_theory authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
html_theme = "furo"
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing"]  # links to files outside docs/, which tests/docs/test_docs.py follows


def escape_bars(app, what, name, obj, options, lines):
    """|x| is an absolute value in our docstrings, not a substitution."""
    lines[:] = [line.replace("|", "\\|") for line in lines]


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", escape_bars)
