"""Comments and docstrings: which has just begun, and which describes what is due below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import is_lead
from fimls.completion.shape.openers import opens_below
from fimls.syntax.scopes import Kind

if TYPE_CHECKING:
    from fimls.completion.shape.place import Place

_DOCSTRING: Final = re.compile(r"\s*[rRuU]?(\"\"\"|''')\Z")

# Where a string below a header, or above everything, describes what it is in.
_WITH_DOCSTRINGS: Final = frozenset({"python"})

_DOC_COMMENT: Final = ("/**", "*/")


def begun(place: Place) -> str:
    """What ends the docstring or documentation comment that begins at the hole; "" for none.

    Its text is wanted as a whole then, as a body is below its header.  One that has begun already
    is gone on with line by line: its author has a form in mind that no line shows.
    """
    before, rest = place.hole.line_before, place.hole.line_after.strip()
    begin, end = _DOC_COMMENT
    if place.kind is Kind.COMMENT and before.strip() == begin and rest in ("", end):
        return end
    found = _DOCSTRING.match(before)
    if found is None or place.language.id not in _WITH_DOCSTRINGS:
        return ""
    quotes = found.group(1)
    is_first = not place.previous or opens_below(place.previous, place.language)
    return quotes if is_first and rest in ("", quotes) else ""


def describes(place: Place) -> bool:
    """Whether the line above is a comment, a decorator or the like, or the end of a docstring."""
    above = place.above
    if not above.strip():
        return False
    return is_lead(above, place.language) or _ends_comment(place) or _ends_docstring(place)


def _ends_comment(place: Place) -> bool:
    """Whether the line above is the last of a comment over several lines."""
    end = (place.language.block_comment or ("", ""))[1]
    line = place.above.rstrip()
    if not end or not line.endswith(end) or (place.language.block_comment or ("",))[0] in line:
        return False
    return place.kind_at(_end_of_above(place) - len(end)) is Kind.COMMENT


def _ends_docstring(place: Place) -> bool:
    quotes = place.above.rstrip()[-3:]
    if place.language.id not in _WITH_DOCSTRINGS or quotes not in ('"""', "'''"):
        return False
    text, end = place.hole.text, _end_of_above(place) - len(quotes)
    start = text.rfind(quotes, 0, end)
    # A string that is given a name has that before its quotes.
    line = text[text.rfind("\n", 0, max(start, 0)) + 1 : max(start, 0) + len(quotes)]
    return start >= 0 and _DOCSTRING.match(line) is not None


def _end_of_above(place: Place) -> int:
    """The offset at which what is visible of the line above ends."""
    above = place.above
    return place.hole.line_start - 1 - (len(above) - len(above.rstrip()))
