"""The decision: nothing, a line or a block, and what ends the block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.completion.shape.blank_line import extent_on_blank_line
from fimls.completion.shape.comments import begun
from fimls.completion.shape.fences import FENCE, fenced_language
from fimls.completion.shape.openers import open_tag, opens_below, opens_body, opens_here
from fimls.completion.shape.place import Place
from fimls.completion.shape.rest_of_line import only_closes, splits
from fimls.completion.values import Extent, Reason, Shape, Skip
from fimls.syntax.scopes import Kind

if TYPE_CHECKING:
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole

LINE: Final = Shape(Extent.LINE)
SINGLE: Final = Shape(Extent.LINE, is_single=True)
BLOCK: Final = Shape(Extent.BLOCK)


def decide(
    hole: Hole, tree: Tree | None, *, explicit: bool, multiline: str, single_line: bool
) -> Shape | Skip:
    """The shape of a completion at a hole, or why there should be none.

    A user who asks by a key (`explicit`) always gets a try.  `multiline` is the setting of that
    name: `auto`, `always` or `never`.  `single_line`: the model is too small for blocks.
    """
    place = Place(hole, tree)
    reason = None if explicit else _reason_against(place)
    if reason is not None:
        return Skip(reason)
    if single_line or multiline == "never":
        return SINGLE
    return _shape(place, explicit=explicit, always=multiline == "always")


def _reason_against(place: Place) -> Reason | None:
    """Why nobody who has not asked wants a completion here."""
    hole = place.hole
    if all(not text or text.isspace() for text in (hole.text, hole.preamble)):
        return Reason.NOTHING_TYPED
    if _is_word(hole.line_before[-1:]) and _is_word(hole.line_after[:1]):
        return Reason.INSIDE_WORD
    return Reason.MID_LINE if splits(place) else None


def _shape(place: Place, *, explicit: bool, always: bool) -> Shape:
    if place.kind is not Kind.CODE:
        # A comment or a string is gone on with, a line at a time.
        closer = begun(place)
        return Shape(Extent.BLOCK, closer) if closer else LINE
    if place.is_mid_line:
        return BLOCK if _is_body_within_line(place) else LINE
    if place.language.prose and not always:
        return Shape(Extent.BLOCK, FENCE) if _is_opened_in_fence(place) else LINE
    if not place.starts_line:
        return _block(place) if always or opens_here(_before(place), place.language) else LINE
    # Who asks by a key waits for the whole, and has the model tell how much that is.
    if explicit or always or extent_on_blank_line(place) is Extent.BLOCK:
        return _block(place)
    return LINE


def _block(place: Place) -> Shape:
    """A block, with what ends it where neither brackets nor indentation tell."""
    if place.language.id == "sql":
        return Shape(Extent.BLOCK, ";")
    tag = None if place.starts_line else open_tag(_before(place))
    if tag is None or opens_body(_before(place), place.language):
        return BLOCK
    return Shape(Extent.BLOCK, f"</{tag}>")


def _is_body_within_line(place: Place) -> bool:
    """Whether the cursor is between a brace and what the editor has closed it with.

    Within a string such a brace holds an expression.
    """
    before = _before(place).rstrip()
    if not opens_body(before, place.language) or not only_closes(place.hole.line_after):
        return False
    return place.kind_at(place.hole.line_start + len(before) - 1) is not Kind.STRING


def _is_opened_in_fence(place: Place) -> bool:
    """Whether a body is due in code within prose; prose itself is gone on with line by line."""
    language = fenced_language(place.hole)
    if language is None or language.prose:
        return False
    if place.starts_line:
        return opens_below(place.previous, language)
    return opens_here(_before(place), language)


def _before(place: Place) -> str:
    return place.hole.line_before


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
