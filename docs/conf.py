"""Sphinx configuration: furo, Markdown by MyST, API pages from the docstrings, generated pages and pictures."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "muon_theory"
author = "The muon_theory authors"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "docstrings",  # the rest are ours, in _ext
    "mathematics",
    "generated",
]
html_theme = "furo"
html_title = "muon_theory"
html_static_path = ["_static", "../muon_theory/reports/fonts"]
html_css_files = ["muon.css"]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence", "attrs_inline"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
exclude_patterns = ["_build", "paper"]
suppress_warnings = [
    "myst.xref_missing",
    "ref.python",
]  # two rooms may name a thing alike; links to files outside docs/, which tests/docs/test_docs.py follows
set_as_mathematics = ["trust", "statements", "dynamics", "theory-notes", "constants", "notation"]
