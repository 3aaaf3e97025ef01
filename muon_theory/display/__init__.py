"""How results show themselves: a page of facts, tables and lines, as text, HTML or LaTeX; a file; a picture.

A result of any room derives from `Shown` and says what stands on its page; how a page looks is said here alone.
"""

from muon_theory.display.page import Block, Facts, Lines, Page, Table
from muon_theory.display.shown import Shown, Unjudged
from muon_theory.display.text import plain

__all__ = ["Block", "Facts", "Lines", "Page", "Shown", "Table", "Unjudged", "plain"]
