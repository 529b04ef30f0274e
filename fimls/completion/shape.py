"""Shape: whether a completion at a hole is wanted at all, and whether as a line or as a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import is_lead, opens
from fimls.completion.values import Extent, Reason, Shape, Skip
from fimls.syntax.scopes import Kind, kind_at

if TYPE_CHECKING:
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole

LINE: Final = Shape(Extent.LINE)
BLOCK: Final = Shape(Extent.BLOCK)

# What may stand after the cursor without a completion splitting code: what editors close by
# themselves, and the punctuation that ends or opens something.
_HARMLESS: Final = re.compile(r"\s*[)>}\]\"'`]*\s*(?:=>|->)?\s*[:{;,(]?\s*")

_CLOSING_BRACE: Final = re.compile(r"\s*[}\])]")


def decide(
    hole: Hole, tree: Tree | None, *, explicit: bool, multiline: str, single_line: bool
) -> Shape | Skip:
    """The shape of a completion at a hole, or why there should be none.

    A user who asks by a key (`explicit`) always gets a try.  `multiline` is the setting of that
    name: `auto`, `always` or `never`.  `single_line`: the model is too small for blocks.
    """
    reason = None if explicit else _reason_against(hole)
    if reason is not None:
        return Skip(reason)
    if single_line or multiline == "never" or _is_split(hole):
        return LINE
    if tree is not None and kind_at(tree, hole.offset) is not Kind.CODE:
        # A comment or a string is gone on with, a line at a time.
        return LINE
    return BLOCK if multiline == "always" or _wants_block(hole) else LINE


def _reason_against(hole: Hole) -> Reason | None:
    """Why nobody who has not asked wants a completion here."""
    before, after = hole.line_before[-1:], hole.line_after[:1]
    if not (hole.text.strip() or hole.preamble.strip()):
        return Reason.NOTHING_TYPED
    if _is_word(before) and _is_word(after):
        return Reason.INSIDE_WORD
    if not _HARMLESS.fullmatch(hole.line_after):
        return Reason.MID_LINE
    return None


def _is_split(hole: Hole) -> bool:
    """Whether code after the cursor, other than a closing brace, would come behind a block."""
    rest = hole.line_after.strip()
    if not rest:
        return False
    opened = hole.line_before.rstrip().endswith(("{", "["))
    return not (opened and _CLOSING_BRACE.match(rest) and _HARMLESS.fullmatch(rest))


def _wants_block(hole: Hole) -> bool:
    """Whether what belongs here is more than a line: a body, or a new paragraph."""
    line = hole.line_before
    if line.strip():
        return opens(line, hole.language)
    above = _line_above(hole)
    if not above.strip():
        # After a blank line, or at the very begin, something new begins.
        return True
    return opens(above, hole.language) or is_lead(above, hole.language)


def _line_above(hole: Hole) -> str:
    """The line above the hole's, without its end; "" where there is none."""
    if hole.line_start == 0:
        return ""
    start = hole.text.rfind("\n", 0, hole.line_start - 1) + 1
    return hole.text[start : hole.line_start - 1]


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
