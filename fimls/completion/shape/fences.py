"""Code within prose: the language of the fence that a place in a page is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.text.languages import language_of

if TYPE_CHECKING:
    from fimls.text.hole import Hole
    from fimls.text.language import Language

FENCE: Final = "```"
"""What code in a page begins and ends with."""


def fenced_language(hole: Hole) -> Language | None:
    """The language that the fence around a hole names; None outside of fences."""
    text, offset = hole.text, hole.line_start
    begins = text.startswith(FENCE)
    if (text.count(f"\n{FENCE}", 0, offset) + begins) % 2 == 0:
        return None
    start = text.rfind(f"\n{FENCE}", 0, offset) + 1
    info = text[start : text.find("\n", start)].strip("`~ \t{}").split()
    return language_of(info[0] if info else "")
